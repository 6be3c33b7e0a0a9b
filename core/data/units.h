/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/series.h"

G_BEGIN_DECLS

/* One name, one unit: before the quantities of several models stand below one another in one column. */

/* The column in another unit of the same dimension. Only units that differ by a power of ten are converted,
 * for that is exact but for the rounding of one multiplication. NULL: not known to be the same dimension. */
const AlloyColumn *alloy_column_in_unit(const AlloyColumn *column, const char *unit);

/* The lists (NULL: no such list) with one unit for each name: that of the first list that has it. What is of
 * another dimension, or of a unit that is not known, stands under a name of its own, "dist_in_eV". n lists,
 * owned by the array; lists in which nothing changes share their columns. notes: a sentence for each name
 * that was converted or set apart is added to these (of char *, owned); may be NULL. */
GPtrArray *alloy_columns_in_one_unit(const AlloyColumns *const *lists, size_t n, GPtrArray *notes);

/* The series with the columns of its atoms so; itself where they are. */
const AlloySeries *alloy_series_in_one_unit(const AlloySeries *series, GPtrArray *notes);

G_END_DECLS
