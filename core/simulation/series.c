/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/series.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/simulation/evolve.h"
#include "core/simulation/particle-params.h"

#include <math.h>
#include <string.h>

static gboolean check_recipe(const AlloySeriesRecipe *recipe, GError **error)
{
    if (recipe->n < 1 || recipe->n > ALLOY_MAX_STAGES)
        return alloy_parameter_error(error, "a series has 1 to %d stages, not %zu", ALLOY_MAX_STAGES,
                                     recipe->n);
    for (size_t s = 0; s < recipe->n; s++) {
        const AlloyStageRecipe *stage = &recipe->stages[s];
        AlloyParticleRecipe one = recipe->particle;
        one.n_core = stage->n_core;
        one.n_shell = stage->n_shell;
        one.surface_core = isnan(stage->surface_core) ? 0.5 : stage->surface_core;
        if (!alloy_particle_recipe_check(&one, error)) {
            g_prefix_error(error, "stage %zu: ", s);
            return FALSE;
        }
        if (!isfinite(stage->time) || (s > 0 && !(stage->time > recipe->stages[s - 1].time)))
            return alloy_parameter_error(
                error, "the time of stage %zu, %g s, does not come after the one before", s, stage->time);
    }
    if (!(recipe->diffusion >= 0 && recipe->diffusion < INFINITY))
        return alloy_parameter_error(error, "diffusion = %g m^2/s is out of range; expected is 0 or more",
                                     recipe->diffusion);
    return TRUE;
}

/* The columns of the table of what happened. */
enum {
    ATOMS,
    TRUE_CORE,
    TRUE_SHELL,
    MISASSIGNED,
    COMMON,
    LEFT,
    HOPPED,
    ARRIVED,
    EXCHANGES,
    SEGREGATED,
    CHANGED,
    SURFACE,
    N_COUNTS,
};
static const char *const count_names[N_COUNTS] = {
    "atoms",  "true_core", "true_shell", "misassigned", "common",  "left",
    "hopped", "arrived",   "exchanges",  "segregated",  "changed", "surface_atoms",
};

typedef struct {
    int64_t *stage, *counts[N_COUNTS];
    double *time, *surface_core;
} Truth;

static void truth_row(Truth *truth, size_t s, const AlloySeriesRecipe *recipe, const AlloyFlips *flips,
                      const AlloyChanges *changes)
{
    const AlloyStageRecipe *stage = &recipe->stages[s];
    size_t n = stage->n_core + stage->n_shell;
    const size_t row[N_COUNTS] = {
        [ATOMS] = n,
        [TRUE_CORE] = flips->true_core,
        [TRUE_SHELL] = n - flips->true_core,
        [MISASSIGNED] = flips->core_to_shell + flips->shell_to_core,
        [COMMON] = s > 0 ? stage->common : 0,
        [LEFT] = changes->left,
        [HOPPED] = changes->hopped,
        [ARRIVED] = changes->arrived,
        [EXCHANGES] = changes->exchanges,
        [SEGREGATED] = changes->segregated,
        [CHANGED] = changes->changed,
        [SURFACE] = changes->surface,
    };
    for (int c = 0; c < N_COUNTS; c++)
        truth->counts[c][s] = (int64_t)row[c];
    truth->stage[s] = (int64_t)s;
    truth->time[s] = stage->time;
    truth->surface_core[s] =
        changes->surface > 0 ? (double)changes->surface_core / (double)changes->surface : (double)NAN;
}

static const AlloyTable *truth_table(const Truth *truth, size_t n)
{
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_integer("stage", ALLOY_UNIT_NONE, truth->stage, n));
    alloy_columns_set(columns, alloy_column_new_real("time", ALLOY_UNIT_TIME, truth->time, n));
    for (int c = 0; c < N_COUNTS; c++)
        alloy_columns_set(columns,
                          alloy_column_new_integer(count_names[c], ALLOY_UNIT_NONE, truth->counts[c], n));
    alloy_columns_set(columns,
                      alloy_column_new_real("true_surface_core", ALLOY_UNIT_NONE, truth->surface_core, n));
    return alloy_table_new("truth (synthetic)", columns, NULL);
}

/* The surface as it is, before anything has happened. */
static void count_surface(const AlloyLattice *lattice, AlloyChanges *changes)
{
    g_autofree uint8_t *surface = g_new(uint8_t, lattice->n + 1);
    changes->surface = alloy_lattice_surface(lattice, surface);
    for (size_t i = 0; i < lattice->n; i++)
        changes->surface_core += surface[i] && lattice->species[i] == ALLOY_CORE;
}

static void make_first(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, uint64_t seed,
                       const AlloyFlips *flips)
{
    AlloyParticleRecipe first = recipe->particle;
    first.n_core = recipe->stages[0].n_core;
    first.n_shell = recipe->stages[0].n_shell;
    if (!isnan(recipe->stages[0].surface_core))
        first.surface_core = recipe->stages[0].surface_core;
    size_t n = first.n_core + first.n_shell;
    alloy_lattice_grow(lattice, &first, seed, n);
    alloy_lattice_order(lattice, &first, seed, n - flips->true_core);
}

/* Makes stage s out of the one before and observes it; NULL: error set. */
static const AlloyAtoms *make_stage(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned s,
                                    uint64_t seed, Truth *truth, GPtrArray *warnings, AlloyProgress *progress,
                                    GError **error)
{
    const AlloyStageRecipe *stage = &recipe->stages[s];
    double wanted = stage->surface_core;
    AlloyFlips flips = alloy_draw_flips(stage->n_core, stage->n_shell, recipe->particle.misassigned, seed, s);
    AlloyChanges changes = {0};
    g_autofree uint8_t *changed = NULL;
    if (s == 0) {
        make_first(lattice, recipe, seed, &flips);
        if (!alloy_progress_check(progress, error))
            return NULL;
        count_surface(lattice, &changes);
    } else if (!alloy_lattice_evolve(lattice, recipe, s, seed, stage->n_core + stage->n_shell,
                                     flips.true_core, &changes, &changed, progress, error)) {
        return NULL;
    }
    truth_row(truth, s, recipe, &flips, &changes);
    if (recipe->particle.order == ALLOY_ORDER_CORE_SHELL && !isnan(wanted) &&
        fabs(wanted * (double)changes.surface - (double)changes.surface_core) > 1)
        alloy_warn(warnings, "counts", NULL, NULL,
                   "the surface of stage %u has %.1f %% %s instead of %.1f %%: there are not enough atoms to "
                   "exchange",
                   s, 100 * truth->surface_core[s], recipe->particle.core, 100 * wanted);
    g_autofree char *title = g_strdup_printf("synthetic %s, %.10g min", recipe->title, stage->time / 60);
    AlloyObservation observation = {
        .stage = s,
        .title = title,
        .diffusion = recipe->diffusion,
        .angle = s > 0 ? recipe->rotation : 0,
        .shift = s > 0 ? recipe->shift : 0,
    };
    return alloy_lattice_observe(lattice, &recipe->particle, seed, &flips, changed, &observation);
}

const AlloySeries *alloy_simulate_series(const AlloySeriesRecipe *recipe, uint64_t seed,
                                         const AlloyTable **truth_out, GPtrArray *warnings,
                                         AlloyProgress *progress, GError **error)
{
    if (!check_recipe(recipe, error))
        return NULL;
    size_t most = 0, n = recipe->n, made = 0;
    for (size_t s = 0; s < n; s++)
        most = MAX(most, recipe->stages[s].n_core + recipe->stages[s].n_shell);
    g_autoptr(AlloyLattice) lattice = alloy_lattice_new(&recipe->particle, seed, most);
    lattice->progress = progress;
    Truth truth = {.stage = alloy_array_new(int64_t, n),
                   .time = alloy_array_new(double, n),
                   .surface_core = alloy_array_new(double, n)};
    for (int c = 0; c < N_COUNTS; c++)
        truth.counts[c] = alloy_array_new(int64_t, n);
    AlloyStage stages[ALLOY_MAX_STAGES] = {0};
    g_autofree char *title = g_strdup_printf("synthetic %s", recipe->title);
    for (; made < n; made++) {
        alloy_progress_stage(progress, (double)made / (double)n, (double)(made + 1) / (double)n,
                             "simulating");
        const AlloyAtoms *atoms =
            make_stage(lattice, recipe, (unsigned)made, seed, &truth, warnings, progress, error);
        if (atoms == NULL)
            break;
        stages[made] = (AlloyStage){atoms, recipe->stages[made].time, recipe->temperature, NULL};
        stages[made].label = g_strdup_printf("%.10g min", recipe->stages[made].time / 60);
    }
    const AlloySeries *series = made == n ? alloy_series_new(title, stages, n) : NULL;
    for (size_t s = 0; s < made; s++) {
        alloy_data_unref(stages[s].atoms);
        g_free((char *)stages[s].label);
    }
    g_autoptr(AlloyTable) table = (AlloyTable *)truth_table(&truth, n); /* owns the arrays */
    if (series != NULL && truth_out != NULL)
        *truth_out = alloy_ref(table);
    return series;
}

/* --- the operation --- */

/* "0, 30, 60": numbers into values, at most ALLOY_MAX_STAGES. */
static gboolean read_list(const AlloyRun *run, const char *name, double min, gboolean whole, double *values,
                          size_t *n, GError **error)
{
    const char *text = alloy_run_text(run, name);
    g_auto(GStrv) parts = g_strsplit_set(text, ", ;\t", -1);
    *n = 0;
    for (char **part = parts; *part != NULL; part++) {
        if (**part == '\0')
            continue;
        double value;
        if (!alloy_parse_double(*part, *part + strlen(*part), &value) || !(value >= min && value <= 1e15) ||
            (whole && value != floor(value)))
            return alloy_parameter_error(error,
                                         "%s: `%s` in `%s` is not a %s; expected is a list like 0,30,60",
                                         name, *part, text, whole ? "count" : "number that fits here");
        if (*n == ALLOY_MAX_STAGES)
            return alloy_parameter_error(error, "%s has more than %d numbers", name, ALLOY_MAX_STAGES);
        values[(*n)++] = value;
    }
    return TRUE;
}

/* Overwrites one quantity of the stages from `first` on, where the parameter was given. The first list given
 * sets the number of stages; every other must fit. */
static gboolean read_stages(const AlloyRun *run, const char *name, double min, gboolean whole, size_t first,
                            AlloySeriesRecipe *recipe, void (*set)(AlloyStageRecipe *stage, double value),
                            gboolean *any, GError **error)
{
    double values[ALLOY_MAX_STAGES];
    size_t n;
    if (alloy_run_text(run, name) == NULL)
        return TRUE;
    if (!read_list(run, name, min, whole, values, &n, error))
        return FALSE;
    if (!*any && n > 0)
        recipe->n = n + first;
    *any = TRUE;
    if (n + first != recipe->n)
        return alloy_parameter_error(error, "%s has %zu numbers, and the series %zu stages%s", name, n,
                                     recipe->n, first > 0 ? " (one number for each but the first)" : "");
    for (size_t s = 0; s < n; s++)
        set(&recipe->stages[s + first], values[s]);
    return TRUE;
}

static void set_minutes(AlloyStageRecipe *stage, double value)
{
    stage->time = value * 60;
}
static void set_core(AlloyStageRecipe *stage, double value)
{
    stage->n_core = (size_t)value;
}
static void set_shell(AlloyStageRecipe *stage, double value)
{
    stage->n_shell = (size_t)value;
}
static void set_common(AlloyStageRecipe *stage, double value)
{
    stage->common = (size_t)value;
}
static void set_surface(AlloyStageRecipe *stage, double value)
{
    stage->surface_core = value;
}

/* The given value, or the one of the study's particle, which is recorded. */
static double real_or(AlloyRun *run, const char *name, double value)
{
    if (alloy_run_is_set(run, name))
        return alloy_run_real(run, name);
    alloy_run_resolve(run, name, value);
    return value;
}

static gboolean read_recipe(AlloyRun *run, AlloySeriesRecipe *recipe, GError **error)
{
    *recipe = alloy_series_recipe_pd_ir(alloy_run_choice(run, "particle") + 1);
    const size_t known = recipe->n;
    alloy_particle_recipe_read(&recipe->particle, run);
    gboolean any = FALSE;
    if (!read_stages(run, "times", 0, FALSE, 0, recipe, set_minutes, &any, error) ||
        !read_stages(run, "core-atoms", 0, TRUE, 0, recipe, set_core, &any, error) ||
        !read_stages(run, "shell-atoms", 0, TRUE, 0, recipe, set_shell, &any, error) ||
        !read_stages(run, "common", 0, TRUE, 1, recipe, set_common, &any, error) ||
        !read_stages(run, "surface-core", 0, FALSE, 0, recipe, set_surface, &any, error))
        return FALSE;
    static const char *const lists[] = {"times", "core-atoms", "shell-atoms", "common", "surface-core"};
    for (size_t i = 0; recipe->n > known && i < G_N_ELEMENTS(lists); i++)
        if (alloy_run_text(run, lists[i]) == NULL)
            return alloy_parameter_error(error,
                                         "%zu stages are more than the study's %zu: %s must be given too",
                                         recipe->n, known, lists[i]);
    recipe->temperature = real_or(run, "temperature", recipe->temperature);
    recipe->diffusion = real_or(run, "diffusion", recipe->diffusion);
    recipe->flattening = real_or(run, "flattening", recipe->flattening);
    recipe->particle.misassigned = real_or(run, "misassigned", recipe->particle.misassigned);
    recipe->particle.roughness = real_or(run, "roughness", recipe->particle.roughness);
    recipe->rotation = alloy_run_real(run, "rotation");
    recipe->shift = alloy_run_real(run, "shift");
    return TRUE;
}

static gboolean run_simulate_series(AlloyRun *run, GError **error)
{
    AlloySeriesRecipe recipe;
    if (!read_recipe(run, &recipe, error))
        return FALSE;
    g_autofree char *title = NULL;
    if (strcmp(recipe.particle.core, "Pd") != 0 || strcmp(recipe.particle.shell, "Ir") != 0)
        recipe.title = title = g_strdup_printf("%s@%s", recipe.particle.core, recipe.particle.shell);
    const AlloyTable *truth = NULL;
    const AlloySeries *series =
        alloy_simulate_series(&recipe, run->seed, &truth, run->warnings, run->progress, error);
    if (series == NULL)
        return FALSE;
    alloy_run_set_series(run, series);
    alloy_run_add_table(run, truth);
    alloy_run_add_scalar(run, alloy_scalar_real("true_diffusion", "m^2/s", recipe.diffusion));
    return TRUE;
}

static const char *const particle_choices[] = {"1", "2", "3", NULL};
static const AlloyInput inputs[] = {{0}};

static const AlloyParam params[] = {
    {.name = "particle",
     .title = "Particle of the study",
     .type = ALLOY_PARAM_CHOICE,
     .choices = particle_choices,
     .fallback = "1",
     .help =
         "1: 200, 2: 300, 3: 400 degrees Celsius. Sets everything that is not given: the atom counts, common "
         "positions, surface composition, diffusion."},
    {.name = "times",
     .title = "Times (min)",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "0,30,60,120",
     .help = "Minutes of annealing at each stage."},
    {.name = "core-atoms",
     .title = "Atoms of the core's element",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "Pd of tables S1-S3",
     .help = "As many as each stage shows."},
    {.name = "shell-atoms",
     .title = "Atoms of the shell's element",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "Ir of tables S1-S3",
     .help = "As many as each stage shows."},
    {.name = "common",
     .title = "Common positions",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "common positions of tables S1-S3",
     .help = "For each stage but the first: sites that were occupied at the stage before too. The other "
             "atoms have "
             "hopped over the surface, are gone, or arrived."},
    {.name = "surface-core",
     .title = "Core's element at the surface",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "what the study says of Pd: 0.5; 0.5 to 0.63; 0.58 to 0.78",
     .help = "Fraction of the core's element among the surface atoms (fewer than 12 neighbours) at each "
             "stage; reached "
             "by exchange with the layer below."},
    {.name = "diffusion",
     .title = "Diffusion coefficient",
     .type = ALLOY_PARAM_REAL,
     .unit = "m^2/s",
     .min = 0,
     .max = 1e-18,
     .ui_max = 1e-22,
     .automatic = "0 for particles 1 and 2, 8.0e-24 for particle 3",
     .help = "Of the exchange of neighbouring atoms, everywhere in the particle."},
    {.name = "flattening",
     .title = "Flattening of the surface",
     .type = ALLOY_PARAM_REAL,
     .min = 0,
     .max = 1,
     .automatic = "0 for particle 1, 1 for particles 2 and 3",
     .help = "0: surface atoms hop wherever they find neighbours; 1: they leave bumps and fill hollows."},
    {.name = "roughness",
     .title = "Roughness",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0,
     .max = 10,
     .ui_max = 3,
     .automatic = "1, 1.5, 1 for particles 1, 2, 3",
     .help = "Height of bumps and depth of hollows of the first stage's outline (standard deviation)."},
    {.name = "temperature",
     .title = "Temperature",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_TEMPERATURE,
     .min = 0,
     .max = 1e4,
     .ui_min = 273.15,
     .ui_max = 1300,
     .automatic = "the study's: 473.15, 573.15, 673.15 K",
     .help = "Stands in the stages; it does not act on the simulation."},
    ALLOY_PARTICLE_PARAMS,
    {.name = "misassigned",
     .title = "Wrong species",
     .type = ALLOY_PARAM_REAL,
     .min = 0,
     .max = 0.3,
     .ui_max = 0.1,
     .automatic = "0.035, 0.02, 0.01 for particles 1, 2, 3",
     .help = "Probability that an atom shows the other species, the same for all and drawn anew at each "
             "stage. The "
             "models still show exactly the counts asked for: the true ones differ by what was drawn."},
    {.name = "rotation",
     .title = "Rotation of the frame",
     .type = ALLOY_PARAM_REAL,
     .unit = "degree",
     .min = 0,
     .max = 180,
     .ui_max = 10,
     .fallback = "0",
     .help = "Each later stage is turned by this about a random axis, as independent reconstructions are."},
    {.name = "shift",
     .title = "Shift of the frame",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0,
     .max = 1000,
     .ui_max = 5,
     .fallback = "0",
     .help = "Each later stage is moved by this in a random direction."},
    {0},
};

static const AlloyOutput outputs[] = {
    ALLOY_PARTICLE_TRUTH,
    {ALLOY_OUT_TABLE_COLUMN, "stage", ALLOY_UNIT_NONE, "counted from 0"},
    {ALLOY_OUT_TABLE_COLUMN, "time", ALLOY_UNIT_TIME, "of annealing"},
    {ALLOY_OUT_TABLE_COLUMN, "atoms", ALLOY_UNIT_NONE, "of the particle, missing ones included"},
    {ALLOY_OUT_TABLE_COLUMN, "true_core", ALLOY_UNIT_NONE, "atoms that truly are the core's element"},
    {ALLOY_OUT_TABLE_COLUMN, "true_shell", ALLOY_UNIT_NONE, "atoms that truly are the shell's element"},
    {ALLOY_OUT_TABLE_COLUMN, "misassigned", ALLOY_UNIT_NONE, "atoms that show the wrong species"},
    {ALLOY_OUT_TABLE_COLUMN, "common", ALLOY_UNIT_NONE, "sites occupied at the stage before too"},
    {ALLOY_OUT_TABLE_COLUMN, "left", ALLOY_UNIT_NONE, "atoms that left their site of the surface"},
    {ALLOY_OUT_TABLE_COLUMN, "hopped", ALLOY_UNIT_NONE, "of these, atoms that settled elsewhere"},
    {ALLOY_OUT_TABLE_COLUMN, "arrived", ALLOY_UNIT_NONE, "atoms that were not there before"},
    {ALLOY_OUT_TABLE_COLUMN, "exchanges", ALLOY_UNIT_NONE, "of neighbours, by diffusion"},
    {ALLOY_OUT_TABLE_COLUMN, "segregated", ALLOY_UNIT_NONE, "exchanges between surface and inside"},
    {ALLOY_OUT_TABLE_COLUMN, "changed", ALLOY_UNIT_NONE, "common sites that now hold the other species"},
    {ALLOY_OUT_TABLE_COLUMN, "surface_atoms", ALLOY_UNIT_NONE, "atoms with fewer than 12 neighbours"},
    {ALLOY_OUT_TABLE_COLUMN, "true_surface_core", ALLOY_UNIT_NONE,
     "fraction of the core's element among them"},
    {ALLOY_OUT_SCALAR, "true_diffusion", "m^2/s", "the diffusion coefficient put in"},
    {0},
};

const AlloyOperation alloy_op_simulate_series = {
    .name = "simulate-series",
    .version = 1,
    .title = "Simulate a series",
    .category = "Simulation",
    .summary = "Makes a synthetic particle through stages of annealing, whose truth is known.",
    .details = "The default is the Pd@Ir study: three particles, four stages, with exactly the atom counts "
               "and common positions "
               "of its tables. The first stage is made as by simulate-particle. From each stage to the next: "
               "every pair of "
               "neighbours exchanges its atoms at the rate w = D/a^2, so that each atom inside makes a "
               "random walk of jumps "
               "a/sqrt(2) at the rate 12 w, with <dx^2> = 2 D t along every axis; then as many atoms leave "
               "the surface and "
               "settle elsewhere as the counts and the common positions say; then surface atoms exchange "
               "with the layer below "
               "until the surface has its composition. Every stage is observed with noise, wrong species and "
               "an order of its "
               "own. The truth stands in the columns true_* and in the table.",
    .source =
        "arXiv:2606.12150, tables S1-S3 and text to figures 2E and 4B; exchange at rate w on a lattice: "
        "D = (1/6) (jump rate) (jump length)^2",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .run = run_simulate_series,
};
