/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* The pair distribution function and what is read off it. */
typedef struct {
    size_t bins;
    double bin_width; /* angstrom; bin k spans k*bin_width .. (k+1)*bin_width */
    unsigned n_kinds;
    uint64_t *counts;     /* ordered pairs i != j: counts[(a*n_kinds + b)*bins + k], a the centre's kind */
    double first_peak;    /* angstrom */
    double first_minimum; /* angstrom */
} AlloyPairCounts;
void alloy_pair_counts_free(AlloyPairCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyPairCounts, alloy_pair_counts_free)

/* Ordered pairs by distance up to maximum, and the first peak and minimum of their smoothed density. */
AlloyPairCounts *alloy_pair_counts(const AlloyAtoms *atoms, double maximum, double bin_width,
                                   AlloyProgress *progress, GError **error);

/* The cutoff that every analysis takes when none is given: the first minimum of the pair distribution. Robust
 * for a handful of atoms, for a perfect lattice (middle of the empty gap after the first shell; 1.2 first
 * peaks where there is one shell only) and for an experimental particle. FALSE for fewer than 2 atoms at
 * different places. first_peak, nullable, gets the first peak. */
gboolean alloy_first_minimum(const AlloyAtoms *atoms, double *first_minimum, double *first_peak,
                             AlloyProgress *progress, GError **error);

/* The "cutoff" parameter of a run: as given, else the first minimum, recorded with alloy_run_resolve. */
#define ALLOY_CUTOFF_PARAM(help_text)                                                                        \
    {                                                                                                        \
        .name = "cutoff", .title = "Cutoff", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH,            \
        .min = 0.01, .max = 1000, .ui_min = 2, .ui_max = 10,                                                 \
        .automatic = "the first minimum of the pair distribution", .help = help_text,                        \
    }
#define ALLOY_CUTOFF_HELP "Two atoms are neighbours when they are closer than this."
gboolean alloy_run_cutoff(AlloyRun *run, const AlloyAtoms *atoms, double *cutoff, GError **error);

extern const AlloyOperation alloy_op_rdf;

G_END_DECLS
