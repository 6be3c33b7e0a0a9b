/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/selection.h"

#include <string.h>

static void selection_finalize(AlloyData *data)
{
    AlloySelection *selection = (AlloySelection *)data;
    g_free((uint64_t *)selection->words);
    g_free(selection);
}

const AlloyDataClass alloy_selection_class = {"selection", "Selection", selection_finalize};

static size_t n_words(size_t n)
{
    return n / 64 + (n % 64 != 0);
}

/* Takes words over; bits past n are cleared here. */
static const AlloySelection *selection_new(uint64_t *words, size_t n)
{
    AlloySelection *selection = g_new0(AlloySelection, 1);
    alloy_data_init(&selection->base, &alloy_selection_class);
    if (n % 64 != 0)
        words[n / 64] &= (UINT64_C(1) << n % 64) - 1;
    for (size_t w = 0; w < n_words(n); w++)
        selection->count += (size_t)__builtin_popcountll(words[w]);
    selection->n = n;
    selection->words = words;
    return selection;
}

/* One word at least, so that words is never NULL. */
static uint64_t *words_new(size_t n)
{
    return g_new0(uint64_t, n_words(n) + (n == 0));
}

const AlloySelection *alloy_selection_none(size_t n)
{
    return selection_new(words_new(n), n);
}

const AlloySelection *alloy_selection_all(size_t n)
{
    uint64_t *words = words_new(n);
    memset(words, 0xff, n_words(n) * sizeof *words);
    return selection_new(words, n);
}

const AlloySelection *alloy_selection_from_mask(const uint8_t *mask, size_t n)
{
    uint64_t *words = words_new(n);
    for (size_t i = 0; i < n; i++)
        words[i >> 6] |= (uint64_t)(mask[i] != 0) << (i & 63);
    return selection_new(words, n);
}

const AlloySelection *alloy_selection_from_ids(const uint32_t *ids, size_t n_ids, size_t n)
{
    uint64_t *words = words_new(n);
    for (size_t k = 0; k < n_ids; k++) {
        g_assert(ids[k] < n);
        words[ids[k] >> 6] |= UINT64_C(1) << (ids[k] & 63);
    }
    return selection_new(words, n);
}

const AlloySelection *alloy_selection_combine(const AlloySelection *a, const AlloySelection *b,
                                              AlloySelectMode mode)
{
    g_assert(a->n == b->n);
    uint64_t *words = words_new(a->n);
    for (size_t w = 0; w < n_words(a->n); w++) {
        switch (mode) {
        case ALLOY_SELECT_REPLACE:
            words[w] = b->words[w];
            break;
        case ALLOY_SELECT_ADD:
            words[w] = a->words[w] | b->words[w];
            break;
        case ALLOY_SELECT_REMOVE:
            words[w] = a->words[w] & ~b->words[w];
            break;
        case ALLOY_SELECT_INTERSECT:
            words[w] = a->words[w] & b->words[w];
            break;
        case ALLOY_SELECT_TOGGLE:
            words[w] = a->words[w] ^ b->words[w];
            break;
        }
    }
    return selection_new(words, a->n);
}

const AlloySelection *alloy_selection_invert(const AlloySelection *selection)
{
    uint64_t *words = words_new(selection->n);
    for (size_t w = 0; w < n_words(selection->n); w++)
        words[w] = ~selection->words[w];
    return selection_new(words, selection->n);
}

uint32_t *alloy_selection_ids(const AlloySelection *selection)
{
    uint32_t *ids = g_new(uint32_t, MAX(selection->count, 1));
    size_t k = 0;
    for (size_t w = 0; w < n_words(selection->n); w++)
        for (uint64_t word = selection->words[w]; word != 0; word &= word - 1)
            ids[k++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(word));
    return ids;
}

void alloy_selection_to_mask(const AlloySelection *selection, uint8_t *mask)
{
    for (size_t i = 0; i < selection->n; i++)
        mask[i] = alloy_selection_has(selection, i);
}
