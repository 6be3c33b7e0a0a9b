/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"
#include "core/data/operation.h"

G_BEGIN_DECLS

/* Synthetic nanoparticles whose truth is known: fcc, of any two elements, a prescribed number of atoms of
 * each. */

typedef enum {
    ALLOY_FORM_TRUNCATED_CUBOCTAHEDRON, /* the Archimedean solid: 6 octagons {100}, 12 squares {110}, 8
                                           hexagons {111} */
    ALLOY_FORM_CUBOCTAHEDRON,           /* 6 {100}, 8 {111} */
    ALLOY_FORM_TRUNCATED_OCTAHEDRON,    /* 6 {100}, 8 {111}, all edges equal */
    ALLOY_FORM_OCTAHEDRON,
    ALLOY_FORM_CUBE,
    ALLOY_FORM_BALL,
} AlloyParticleForm;

typedef enum {
    ALLOY_CENTRE_RANDOM, /* drawn from the seed: facets of unlike size, as in real particles */
    ALLOY_CENTRE_ATOM,
    ALLOY_CENTRE_HOLE, /* the octahedral hole */
} AlloyParticleCentre;

typedef enum {
    ALLOY_ORDER_CORE_SHELL,
    ALLOY_ORDER_RANDOM,   /* the null: the same sites, species drawn without regard to place */
    ALLOY_ORDER_INVERTED, /* the shell's species inside */
    ALLOY_ORDER_JANUS,    /* two halves, along a random direction */
} AlloyParticleOrder;

typedef struct {
    const char *core, *shell; /* symbols of elements */
    size_t n_core, n_shell;   /* atoms that the model shows of each */
    double lattice;           /* lattice constant, angstrom */
    AlloyParticleForm form;
    AlloyParticleCentre centre;
    AlloyParticleOrder order;
    double roughness; /* standard deviation of the outline, angstrom; bumps are some 8 angstrom wide */
    double thickness; /* of the shell, angstrom */
    double interface; /* standard deviation of its inner edge, angstrom */
    double patches;   /* size of regions along the shell that are rich or poor in it, angstrom; 0: none */
    double
        surface_core; /* fraction of the core's species among the surface atoms (fewer than 12 neighbours) */
    double noise;     /* standard deviation of each coordinate, angstrom */
    double missing;   /* probability that an atom is not found */
    double misassigned; /* probability that an atom shows the wrong species; at most 0.3 */
} AlloyParticleRecipe;

/* Particle 1 of the Pd@Ir study before annealing: 10639 Pd, 2852 Ir (table S1 of arXiv:2606.12150). */
AlloyParticleRecipe alloy_particle_recipe_default(void);

/* The model, centred on the origin, in random order. The support function of the form (with the roughness)
 * ranks the sites of the lattice, and the n_core + n_shell first are occupied; equals are taken nearest to
 * the middle of their facet first, then at random.
 *
 * Columns of the truth: true_species, true_id (identity of the atom), true_site (the same number for the same
 * lattice site in every stage of a series), true_x, true_y, true_z (angstrom, without noise and in the frame
 * of the first stage), true_moved (was elsewhere, or not there, at the stage before), true_changed (its site
 * was occupied at the stage before by the other species), true_event (what moved it), true_misassigned. Info:
 * synthetic (true), title, seed, true_diffusion (m^2/s).
 *
 * Misassignment strikes every atom with the same probability, but the model still shows exactly n_core and
 * n_shell: the true counts differ from them by what was drawn. Missing atoms are taken away after that.
 * Depends on the recipe and the seed only. NULL with ALLOY_ERROR_PARAMETER for an unusable recipe. */
const AlloyAtoms *alloy_simulate_particle(const AlloyParticleRecipe *recipe, uint64_t seed, GError **error);

/* FALSE and an error that names what is wrong. */
gboolean alloy_particle_recipe_check(const AlloyParticleRecipe *recipe, GError **error);
/* Fills the recipe from the parameters of a run that has them (alloy_particle_params). */
void alloy_particle_recipe_read(AlloyParticleRecipe *recipe, const AlloyRun *run);

extern const char *const alloy_particle_forms[], *const alloy_particle_centres[],
                                                     *const alloy_particle_orders[];

extern const AlloyOperation alloy_op_simulate_particle;

G_END_DECLS
