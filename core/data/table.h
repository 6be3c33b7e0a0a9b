/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/column.h"

G_BEGIN_DECLS

/* Columns of one length, and scalars that belong to them. */
typedef struct {
    AlloyData base;
    const char *title; /* never NULL */
    size_t n;          /* rows */
    const AlloyColumns *columns;
    const AlloyColumns *scalars; /* each of length 1 */
} AlloyTable;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyTable, alloy_data_unref)
extern const AlloyDataClass alloy_table_class;
#define ALLOY_IS_TABLE(value) (((const AlloyData *)(value))->klass == &alloy_table_class)

/* Takes over both lists (either may be NULL: none). Columns of different length are a bug of the caller. */
const AlloyTable *alloy_table_new(const char *title, AlloyColumns *columns, AlloyColumns *scalars);
const AlloyColumn *alloy_table_column(const AlloyTable *table, const char *name); /* borrowed; NULL: none */

G_END_DECLS
