/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/simulation/lattice.h"
#include "core/simulation/series.h"

G_BEGIN_DECLS

/* What happens to a particle between two stages. Private to core/simulation. */

typedef struct {
    size_t exchanges; /* of neighbours, diffusion */
    size_t left, hopped, arrived;
    size_t segregated; /* exchanges between surface and inside */
    size_t changed;    /* sites occupied before and after, by different species */
    size_t surface, surface_core;
} AlloyChanges;

/* to n atoms of which true_core are core's. changed: flag per atom, freed with g_free. */
gboolean alloy_lattice_evolve(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage,
                              uint64_t seed, size_t n, size_t true_core, AlloyChanges *changes,
                              uint8_t **changed, AlloyProgress *progress, GError **error);

G_END_DECLS
