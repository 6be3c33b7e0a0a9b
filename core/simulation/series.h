/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/series.h"
#include "core/simulation/particle.h"

G_BEGIN_DECLS

/* A synthetic particle through stages of annealing, with known truth. */

#define ALLOY_MAX_STAGES 64

typedef struct {
    double time;            /* s since the first stage, rising */
    size_t n_core, n_shell; /* atoms that the model shows */
    size_t common;          /* sites occupied in the stage before as well; of the first stage: not used */
    double surface_core; /* fraction of the core's species among the surface atoms after segregation; NaN: no
                            segregation. Of the first stage: as it was made */
} AlloyStageRecipe;

typedef struct {
    AlloyParticleRecipe particle; /* its counts and surface_core are not used */
    const char *title;            /* "Pd@Ir particle 1"; "synthetic " is put before it */
    size_t n;                     /* stages, 1..ALLOY_MAX_STAGES */
    AlloyStageRecipe stages[ALLOY_MAX_STAGES];
    double temperature; /* K, NaN: not known */
    double diffusion;   /* D of exchanges between neighbours, m^2/s */
    double flattening;  /* 0: surface atoms hop wherever they find neighbours; 1: they leave bumps and fill
                           hollows */
    double rotation;    /* degrees by which the frame of each later stage is turned, about a random axis */
    double shift;       /* angstrom by which it is moved, in a random direction */
} AlloySeriesRecipe;

/* Particle 1, 2 or 3 (200, 300, 400 C) of the Pd@Ir study: arXiv:2606.12150, tables S1-S3. What is not in the
 * tables (how many wrong species, the roughness) is chosen here: see pd-ir.c. */
AlloySeriesRecipe alloy_series_recipe_pd_ir(int particle);

/* From each stage to the next, in this order:
 *  - diffusion: each pair of occupied neighbouring sites exchanges its atoms at rate w, as independent
 * Poisson processes. An atom inside then makes a random walk of jumps a/sqrt 2 at rate 12 w, so that along
 * any axis <dx^2> = 2 D t with D = (1/6) (12 w) (a^2/2) = a^2 w, and the mean concentrations obey the
 * (discrete) diffusion equation with that D: w = D/a^2. Where there are no neighbours there are no jumps:
 * nothing leaves the surface.
 *  - hops: n(before) - common atoms leave the surface, those of few neighbours first, and n - common settle
 * at sites that were empty before. As far as species allow, those that settle are the ones that left
 * (true_id); the others are gone or arrived (evaporation, Ostwald ripening).
 *  - segregation: surface atoms exchange with inner neighbours of the other species until the surface has the
 *    prescribed composition; a warning where that cannot be reached.
 * Each stage is then observed as alloy_simulate_particle does, in an order of its own. Depends on recipe and
 * seed only. truth (nullable): a table with one row per stage of what happened. NULL and an error: cancelled,
 * or ALLOY_ERROR_PARAMETER for numbers that do not fit together. */
const AlloySeries *alloy_simulate_series(const AlloySeriesRecipe *recipe, uint64_t seed,
                                         const AlloyTable **truth, GPtrArray *warnings,
                                         AlloyProgress *progress, GError **error);

extern const AlloyOperation alloy_op_simulate_series;

G_END_DECLS
