/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/data.h"

#include <stddef.h>

G_BEGIN_DECLS

/* A set of the atoms (pixels, ions) of one item: bit i of word i/64. Bits past n are 0. */
typedef struct {
    AlloyData base;
    size_t n;     /* size of what is selected from */
    size_t count; /* selected */
    const uint64_t *words;
} AlloySelection;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySelection, alloy_data_unref)
extern const AlloyDataClass alloy_selection_class;
#define ALLOY_IS_SELECTION(value) (((const AlloyData *)(value))->klass == &alloy_selection_class)

static inline gboolean alloy_selection_has(const AlloySelection *selection, size_t i)
{
    return (selection->words[i >> 6] >> (i & 63)) & 1;
}

typedef enum {
    ALLOY_SELECT_REPLACE,   /* b */
    ALLOY_SELECT_ADD,       /* a or b */
    ALLOY_SELECT_REMOVE,    /* a and not b */
    ALLOY_SELECT_INTERSECT, /* a and b */
    ALLOY_SELECT_TOGGLE,    /* a xor b */
} AlloySelectMode;

const AlloySelection *alloy_selection_none(size_t n);
const AlloySelection *alloy_selection_all(size_t n);
/* mask[i] != 0 selects i. */
const AlloySelection *alloy_selection_from_mask(const uint8_t *mask, size_t n);
/* Ids below n, in any order, repeated ones count once. */
const AlloySelection *alloy_selection_from_ids(const uint32_t *ids, size_t n_ids, size_t n);
/* Of two selections of the same n. */
const AlloySelection *alloy_selection_combine(const AlloySelection *a, const AlloySelection *b,
                                              AlloySelectMode mode);
const AlloySelection *alloy_selection_invert(const AlloySelection *selection);
/* The selected ids, ascending: count of them, to be freed with g_free. */
uint32_t *alloy_selection_ids(const AlloySelection *selection);
/* mask[i] = 0 or 1 for i < n. */
void alloy_selection_to_mask(const AlloySelection *selection, uint8_t *mask);

G_END_DECLS
