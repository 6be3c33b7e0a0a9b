/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/particle.h"

#include "core/base/error.h"
#include "core/data/elements.h"
#include "core/simulation/lattice.h"
#include "core/simulation/particle-params.h"

#include <math.h>
#include <string.h>

const char *const alloy_particle_forms[] = {
    "truncated-cuboctahedron", "cuboctahedron", "truncated-octahedron", "octahedron", "cube", "ball", NULL,
};
const char *const alloy_particle_centres[] = {"random", "atom", "hole", NULL};
const char *const alloy_particle_orders[] = {"core-shell", "random", "inverted", "janus", NULL};

/* Numbers of sites are kept in 32 bits. */
#define MAX_ATOMS 5000000

AlloyParticleRecipe alloy_particle_recipe_default(void)
{
    return (AlloyParticleRecipe){
        .core = "Pd",
        .shell = "Ir",
        .n_core = 10639, /* arXiv:2606.12150, table S1, Pd@Ir 200_0 */
        .n_shell = 2852,
        .lattice = 3.89, /* Pd at room temperature: W. P. Davey, Phys. Rev. 25, 753 (1925) */
        .roughness = 0.5,
        .thickness = 4,
        .interface = 1,
        .patches = 8,
        .surface_core = 0.5, /* arXiv:2606.12150: 50 +- 4 % Pd at the surface of particle 1 */
        .noise = 0.1,
        .misassigned = 0.02,
    };
}

gboolean alloy_particle_recipe_check(const AlloyParticleRecipe *recipe, GError **error)
{
    const char *names[2] = {recipe->core, recipe->shell};
    for (int i = 0; i < 2; i++) {
        const AlloyElement *element = alloy_element_by_symbol(names[i], -1);
        if (element == NULL || strcmp(element->symbol, names[i]) != 0)
            return alloy_parameter_error(error, "%s = `%s` is not the symbol of an element",
                                         i == 0 ? "core" : "shell", names[i]);
    }
    if (strcmp(names[0], names[1]) == 0)
        return alloy_parameter_error(error, "core and shell are both %s; they must be two elements",
                                     names[0]);
    if (recipe->n_core > MAX_ATOMS || recipe->n_shell > MAX_ATOMS ||
        recipe->n_core + recipe->n_shell > MAX_ATOMS)
        return alloy_parameter_error(error, "%zu and %zu atoms are more than the %d that can be simulated",
                                     recipe->n_core, recipe->n_shell, MAX_ATOMS);
    if (recipe->n_core + recipe->n_shell == 0)
        return alloy_parameter_error(error, "a particle needs at least one atom");
    struct {
        const char *name;
        double value, min, max;
    } numbers[] = {
        {"lattice", recipe->lattice, 1, 20},
        {"roughness", recipe->roughness, 0, 10},
        {"shell-thickness", recipe->thickness, 0, 1000},
        {"interface", recipe->interface, 0, 100},
        {"patches", recipe->patches, 0, 1000},
        {"surface-core", recipe->surface_core, 0, 1},
        {"noise", recipe->noise, 0, 5},
        {"missing", recipe->missing, 0, 1},
        {"misassigned", recipe->misassigned, 0, 0.3},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (!(numbers[i].value >= numbers[i].min && numbers[i].value <= numbers[i].max))
            return alloy_parameter_error(error, "%s = %g is out of range; expected is %g to %g",
                                         numbers[i].name, numbers[i].value, numbers[i].min, numbers[i].max);
    return TRUE;
}

void alloy_particle_recipe_read(AlloyParticleRecipe *recipe, const AlloyRun *run)
{
    const AlloyElement *core = alloy_element_by_symbol(alloy_run_text(run, "core"), -1);
    const AlloyElement *shell = alloy_element_by_symbol(alloy_run_text(run, "shell"), -1);
    /* In their usual spelling; what is no element is refused by the check. */
    recipe->core = core != NULL ? core->symbol : alloy_run_text(run, "core");
    recipe->shell = shell != NULL ? shell->symbol : alloy_run_text(run, "shell");
    recipe->lattice = alloy_run_real(run, "lattice");
    recipe->form = (AlloyParticleForm)alloy_run_choice(run, "shape");
    recipe->centre = (AlloyParticleCentre)alloy_run_choice(run, "centre");
    recipe->order = (AlloyParticleOrder)alloy_run_choice(run, "order");
    recipe->thickness = alloy_run_real(run, "shell-thickness");
    recipe->interface = alloy_run_real(run, "interface");
    recipe->patches = alloy_run_real(run, "patches");
    recipe->noise = alloy_run_real(run, "noise");
    recipe->missing = alloy_run_real(run, "missing");
}

static const AlloyAtoms *simulate(const AlloyParticleRecipe *recipe, uint64_t seed, size_t *n_surface,
                                  size_t *surface_core, const AlloyProgress *progress, GError **error)
{
    if (!alloy_particle_recipe_check(recipe, error))
        return NULL;
    size_t n = recipe->n_core + recipe->n_shell;
    g_autoptr(AlloyLattice) lattice = alloy_lattice_new(recipe, seed, n);
    lattice->progress = progress;
    AlloyFlips flips = alloy_draw_flips(recipe->n_core, recipe->n_shell, recipe->misassigned, seed, 0);
    gboolean goes_on = alloy_progress_check(progress, error);
    if (goes_on)
        alloy_lattice_grow(lattice, recipe, seed, n);
    goes_on = goes_on && alloy_progress_check(progress, error);
    if (goes_on)
        alloy_lattice_order(lattice, recipe, seed, n - flips.true_core);
    if (!goes_on || !alloy_progress_check(progress, error))
        return NULL;
    g_autofree uint8_t *surface = g_new(uint8_t, n);
    *n_surface = alloy_lattice_surface(lattice, surface);
    *surface_core = 0;
    for (size_t i = 0; i < n; i++)
        *surface_core += surface[i] && lattice->species[i] == ALLOY_CORE;
    g_autofree char *title = g_strdup_printf("synthetic %s@%s, %s", recipe->core, recipe->shell,
                                             alloy_particle_orders[recipe->order]);
    AlloyObservation observation = {.title = title};
    return alloy_lattice_observe(lattice, recipe, seed, &flips, NULL, &observation);
}

const AlloyAtoms *alloy_simulate_particle(const AlloyParticleRecipe *recipe, uint64_t seed, GError **error)
{
    size_t n_surface, surface_core;
    return simulate(recipe, seed, &n_surface, &surface_core, NULL, error);
}

/* --- the operation --- */

static gboolean run_simulate_particle(AlloyRun *run, GError **error)
{
    AlloyParticleRecipe recipe = alloy_particle_recipe_default();
    alloy_particle_recipe_read(&recipe, run);
    recipe.n_core = (size_t)alloy_run_integer(run, "core-atoms");
    recipe.n_shell = (size_t)alloy_run_integer(run, "shell-atoms");
    recipe.roughness = alloy_run_real(run, "roughness");
    recipe.surface_core = alloy_run_real(run, "surface-core");
    recipe.misassigned = alloy_run_real(run, "misassigned");
    size_t n_surface, surface_core;
    const AlloyAtoms *atoms = simulate(&recipe, run->seed, &n_surface, &surface_core, run->progress, error);
    if (atoms == NULL)
        return FALSE;
    alloy_run_set_atoms(run, atoms);
    alloy_run_add_scalar(run, alloy_scalar_integer("surface_atoms", ALLOY_UNIT_NONE, (int64_t)n_surface));
    alloy_run_add_scalar(run,
                         alloy_scalar_real("true_surface_core", ALLOY_UNIT_NONE,
                                           n_surface > 0 ? (double)surface_core / (double)n_surface : NAN));
    return TRUE;
}

static const AlloyInput inputs[] = {{0}};

static const AlloyParam params[] = {
    {.name = "core-atoms",
     .title = "Atoms of the core's element",
     .type = ALLOY_PARAM_INTEGER,
     .min = 0,
     .max = MAX_ATOMS,
     .ui_max = 50000,
     .fallback = "10639",
     .help = "As many as the model shows. The default is particle 1 of the Pd@Ir study before annealing."},
    {.name = "shell-atoms",
     .title = "Atoms of the shell's element",
     .type = ALLOY_PARAM_INTEGER,
     .min = 0,
     .max = MAX_ATOMS,
     .ui_max = 20000,
     .fallback = "2852",
     .help = "As many as the model shows."},
    ALLOY_PARTICLE_PARAMS,
    {.name = "roughness",
     .title = "Roughness",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0,
     .max = 10,
     .ui_max = 3,
     .fallback = "0.5",
     .help =
         "Height of bumps and depth of hollows of the outline (standard deviation); 0 gives perfect facets."},
    {.name = "surface-core",
     .title = "Core's element at the surface",
     .type = ALLOY_PARAM_REAL,
     .min = 0,
     .max = 1,
     .fallback = "0.5",
     .help = "Fraction of the core's element among the surface atoms (fewer than 12 neighbours); for "
             "core-shell only."},
    {.name = "misassigned",
     .title = "Wrong species",
     .type = ALLOY_PARAM_REAL,
     .min = 0,
     .max = 0.3,
     .ui_max = 0.1,
     .fallback = "0.02",
     .help = "Probability that an atom shows the other species, the same for all. The model still shows "
             "exactly the "
             "counts asked for: the true ones differ by what was drawn."},
    {0},
};

static const AlloyOutput outputs[] = {
    ALLOY_PARTICLE_TRUTH,
    {ALLOY_OUT_SCALAR, "surface_atoms", ALLOY_UNIT_NONE, "atoms with fewer than 12 neighbours"},
    {ALLOY_OUT_SCALAR, "true_surface_core", ALLOY_UNIT_NONE, "fraction of the core's element among them"},
    {0},
};

const AlloyOperation alloy_op_simulate_particle = {
    .name = "simulate-particle",
    .version = 1,
    .title = "Simulate a particle",
    .category = "Simulation",
    .summary = "Makes a synthetic nanoparticle of two elements whose truth is known.",
    .details = "The sites of a face-centred cubic lattice are ranked by the support function of the shape, "
               "and exactly as "
               "many as there shall be atoms are occupied from the middle outwards. A core-shell particle "
               "gets its shell's "
               "element at the surface in the prescribed fraction and for the rest evenly down to the "
               "thickness of the shell. "
               "Then comes what a reconstruction does: noise of the positions, wrong species, missing atoms, "
               "and a random "
               "order. The truth stands beside in the columns true_*; the model says of itself that it is "
               "synthetic. Everything "
               "follows from the seed.",
    .source = "own construction; default counts: arXiv:2606.12150, table S1",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .run = run_simulate_particle,
};
