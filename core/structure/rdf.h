/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/first-shell.h"
#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* The pair distribution function and what is read off it. */
typedef struct {
    size_t bins;
    double bin_width; /* angstrom; bin k spans k*bin_width .. (k+1)*bin_width */
    unsigned n_kinds;
    uint64_t *counts;      /* ordered pairs i != j: counts[(a*n_kinds + b)*bins + k], a the centre's kind */
    AlloyFirstShell first; /* of alloy_pair_counts only */
} AlloyPairCounts;
void alloy_pair_counts_free(AlloyPairCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyPairCounts, alloy_pair_counts_free)

/* Ordered pairs by distance up to maximum. by_kind FALSE: all atoms count as one kind. */
AlloyPairCounts *alloy_count_pairs(const AlloyAtoms *atoms, double maximum, double bin_width,
                                   gboolean by_kind, AlloyProgress *progress, GError **error);
/* The same by kind, and the first peak and minimum of their smoothed density. */
AlloyPairCounts *alloy_pair_counts(const AlloyAtoms *atoms, double maximum, double bin_width,
                                   AlloyProgress *progress, GError **error);

extern const AlloyOperation alloy_op_rdf;

G_END_DECLS
