/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* Where the first coordination shell lies and ends, read off the pair distribution. Lengths in angstrom. */
typedef struct {
    double peak;
    double minimum;    /* the end of the shell */
    gboolean lone;     /* there is no minimum after the peak: it is taken where a close packing has its gap */
    double neighbours; /* mean number within the minimum */
    double other_minimum; /* another one that is nearly as good (bcc: behind 8 and behind 14); NaN: none */
    double other_neighbours;
} AlloyFirstShell;

/* Robust for a handful of atoms, for a perfect lattice (middle of the empty gap after the first shell,
 * whatever the number of cells) and for an experimental particle. FALSE for fewer than 2 atoms at different
 * places. */
gboolean alloy_first_shell(const AlloyAtoms *atoms, AlloyFirstShell *shell, AlloyProgress *progress,
                           GError **error);
/* Warns (code "cutoff") where the end of the shell may as well be another. */
void alloy_first_shell_warn(const AlloyFirstShell *shell, GPtrArray *warnings);

/* The cutoff that every analysis takes when none is given: the first minimum. first_peak nullable. */
gboolean alloy_first_minimum(const AlloyAtoms *atoms, double *first_minimum, double *first_peak,
                             AlloyProgress *progress, GError **error);

/* What the grid of the pair distribution (bins of 0.02 angstrom) explains of a difference: two bins. */
#define ALLOY_CUTOFF_GRAIN 0.045
/* The "cutoff" parameter of a run: as given, else the first minimum, recorded with alloy_run_resolve. */
#define ALLOY_CUTOFF_PARAM(help_text)                                                                        \
    {                                                                                                        \
        .name = "cutoff", .title = "Cutoff", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH,            \
        .min = 0.01, .max = 1000, .ui_min = 2, .ui_max = 10,                                                 \
        .automatic = "the first minimum of the pair distribution", .help = help_text,                        \
        .grain = ALLOY_CUTOFF_GRAIN,                                                                         \
    }
#define ALLOY_CUTOFF_HELP "Two atoms are neighbours when they are closer than this."
gboolean alloy_run_cutoff(AlloyRun *run, const AlloyAtoms *atoms, double *cutoff, GError **error);

G_END_DECLS
