/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/column.h"

G_BEGIN_DECLS

/* Counts of values in bins. */
typedef struct {
    size_t n; /* bins */
    double
        *edges; /* n + 1, rising; a value on an edge belongs to the bin above it, on the last to the last */
    double *counts;   /* n */
    size_t missing;   /* values that are not finite */
    size_t outside;   /* finite, but below the first or above the last edge (given edges or range only) */
    gboolean integer; /* each bin holds whole numbers only, edges at halves */
} AlloyBins;

/* Bins of the width of Freedman and Diaconis (1981), 2 IQR n^(-1/3), over all finite values; where the
 * quartiles are equal that of Scott (1979), 3.49 s n^(-1/3). At most 1000. Integer (and boolean) columns get
 * bins that hold whole numbers each, one where there are few. NULL: there is no finite number (or text). */
AlloyBins *alloy_bins_fit(const AlloyColumn *column);
/* With n equal bins from low to high, or given edges (n_edges >= 2, rising). */
AlloyBins *alloy_bins_equal(const AlloyColumn *column, double low, double high, size_t n);
AlloyBins *alloy_bins_edges(const AlloyColumn *column, const double *edges, size_t n_edges);
/* Counts the same bins for another column (a part of the first, another stage). */
AlloyBins *alloy_bins_like(const AlloyBins *like, const AlloyColumn *column);
void alloy_bins_free(AlloyBins *bins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyBins, alloy_bins_free)

/* The bin of a value, or SIZE_MAX. */
size_t alloy_bins_bin(const AlloyBins *bins, double value);
/* Columns for a mark of bars: edges in the column's unit, counts of unit 1. Unref. */
void alloy_bins_columns(const AlloyBins *bins, const char *name, const char *unit, const AlloyColumn **edges,
                        const AlloyColumn **counts);

G_END_DECLS
