/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/csrop.h"

#include "core/base/error.h"
#include "core/base/statistics.h"
#include "core/structure/null-outputs.h"
#include "core/structure/order.h"
#include "core/structure/rdf.h"
#include "core/structure/sites.h"

#include <math.h>

enum { AVERAGE_CENTRE, AVERAGE_SHELL };
enum { BY_MESH, BY_CN };
enum { CONCENTRATION_WHOLE, CONCENTRATION_KEPT };
enum { UNDEFINED_EMPTY, UNDEFINED_ZERO };

/* Everything that one run holds on the way. */
typedef struct {
    AlloyRun *run;
    const AlloyAtoms *atoms;
    AlloyShellRule rule;
    AlloySites *sites;
    AlloyShell *shell, *ball;
    AlloyOrder order;
    double concentration[ALLOY_MOST_SPECIES];
    gboolean fixed_concentration;
    int target;      /* label of --species, -1: none */
    gboolean absent; /* --species is none of this stage */
    unsigned shuffles;
    AlloyNull *nulls;
    double **columns, *indicator;
    AlloyOrderTotals *totals;
} Work;

static void clear_work(Work *work)
{
    alloy_sites_free(work->sites);
    alloy_shell_free(work->shell);
    alloy_shell_free(work->ball);
    g_free(work->nulls);
    if (work->columns != NULL)
        for (size_t pair = 0; work->columns[pair] != NULL; pair++)
            alloy_array_unref(work->columns[pair]);
    g_free(work->columns);
    alloy_array_unref(work->indicator);
    alloy_order_totals_free(work->totals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

/* An option that changes nothing was meant to change something. */
static void warn_of_no_effect(AlloyRun *run, gboolean drops, gboolean by_cn)
{
    static const char *const kept = "it tells which atoms are dropped as surface, and surface is keep";
    if (!drops) {
        alloy_run_warn_no_effect(run, "surface-by", kept);
        alloy_run_warn_no_effect(run, "surface-cn", kept);
        alloy_run_warn_no_effect(run, "probe-radius", kept);
        alloy_run_warn_no_effect(run, "concentration", "with surface keep all atoms are kept");
    } else if (by_cn) {
        alloy_run_warn_no_effect(run, "probe-radius", "it belongs to surface-by mesh, and surface-by is cn");
    } else {
        alloy_run_warn_no_effect(run, "surface-cn", "it belongs to surface-by cn, and surface-by is mesh");
    }
}

static gboolean find_sites(Work *work, GError **error)
{
    AlloyRun *run = work->run;
    const AlloyAtoms *atoms = work->atoms;
    AlloySurfaceRule rule = (AlloySurfaceRule)alloy_run_choice(run, "surface");
    gboolean by_cn = alloy_run_choice(run, "surface-by") == BY_CN;
    double probe_radius = alloy_run_real(run, "probe-radius");
    gboolean drops = rule != ALLOY_SURFACE_KEEP;

    if (atoms->n == 0)
        return alloy_input_error(error, "The model has no atoms");
    warn_of_no_effect(run, drops, by_cn);
    alloy_progress_stage(run->progress, 0, 0.1, "pair distribution");
    gboolean need_cutoff = drops && (by_cn || isnan(probe_radius));
    if (!alloy_run_shell_rule(run, atoms, need_cutoff, &work->rule, error))
        return FALSE;
    g_autofree uint8_t *surface = NULL;
    if (drops) {
        alloy_progress_stage(run->progress, 0.1, 0.25, "surface");
        if (!by_cn && isnan(probe_radius)) {
            probe_radius = work->rule.cutoff;
            alloy_run_resolve(run, "probe-radius", probe_radius);
        }
        surface = g_malloc(atoms->n);
        if (!alloy_surface_atoms(atoms, by_cn, work->rule.cutoff,
                                 (unsigned)alloy_run_integer(run, "surface-cn"), probe_radius, surface,
                                 run->progress, error))
            return FALSE;
    }
    work->sites = alloy_sites_new(atoms, rule, surface, error);
    if (work->sites == NULL)
        return FALSE;
    int kind = alloy_run_kind(run, "species", atoms, error);
    if (kind == -1)
        return FALSE;
    work->absent = kind == ALLOY_KIND_ABSENT;
    work->target = kind < 0 ? -1 : alloy_sites_label(work->sites, kind);
    return TRUE;
}

static gboolean find_shells(Work *work, GError **error)
{
    AlloyRun *run = work->run;
    const AlloyAtoms *model = work->sites->model;
    gboolean pools = alloy_run_choice(run, "average") == AVERAGE_SHELL;
    if (alloy_run_boolean(run, "symmetrise") && !pools)
        return alloy_parameter_error(
            error, "symmetrise: a single centre has only one of the two parameters of a pair; "
                   "use it with average = shell");
    alloy_progress_stage(run->progress, 0.25, 0.5, "neighbours");
    work->shell = alloy_shell_new(model, &work->rule, run->progress, error);
    if (work->shell == NULL || !alloy_shell_warn_empty(run, work->shell, model, &work->rule, error))
        return FALSE;
    if (pools) {
        AlloyShellRule first = work->rule;
        first.shell = 1;
        work->ball = alloy_shell_new(model, &first, run->progress, error);
        if (work->ball == NULL)
            return FALSE;
    }
    const AlloySites *sites = work->sites;
    gboolean kept = alloy_run_choice(run, "concentration") == CONCENTRATION_KEPT;
    alloy_sites_fractions(kept ? sites->kept : sites->whole, sites->n_kinds, work->concentration);
    /* Where the atoms that are shuffled are those that are counted, shuffling leaves the concentrations. */
    work->fixed_concentration = !kept || sites->is_centre == NULL;
    work->order = (AlloyOrder){
        .shell = work->shell,
        .ball = work->ball,
        .label = sites->label,
        .n_kinds = sites->n_kinds,
        .is_centre = sites->is_centre,
        .concentration = work->concentration,
        .form = (AlloyOrderForm)alloy_run_choice(run, "form"),
        .symmetrise = alloy_run_boolean(run, "symmetrise"),
        .undefined_zero = alloy_run_choice(run, "undefined") == UNDEFINED_ZERO,
    };
    return TRUE;
}

static gboolean find_null(Work *work, GError **error)
{
    const AlloySites *sites = work->sites;
    unsigned n = alloy_order_statistics(sites->n_kinds, work->target);
    work->nulls = g_new(AlloyNull, n);
    for (unsigned s = 0; s < n; s++)
        work->nulls[s] = ALLOY_NULL_NONE;
    work->shuffles = alloy_run_shuffles(work->run);
    if (work->shuffles == 0 || sites->n_kinds < 2)
        return TRUE;
    alloy_progress_stage(work->run->progress, 0.5, 0.9, "shuffling the species");
    g_autoptr(AlloyShuffles) shuffles =
        alloy_shuffles_new(sites->label, sites->model->n, sites->n_kinds, work->shuffles, work->run->seed);
    return alloy_order_null(&work->order, shuffles, work->fixed_concentration, work->target, work->nulls,
                            work->run->progress, error);
}

static gboolean find_columns(Work *work, GError **error)
{
    const size_t n = work->atoms->n, pairs = (size_t)work->sites->n_kinds * work->sites->n_kinds;
    if (pairs * n > G_MAXSIZE / 64)
        return alloy_input_error(error, "%zu pairs of species of %zu atoms do not fit in memory", pairs, n);
    alloy_progress_stage(work->run->progress, 0.9, 1, "order parameters");
    work->columns = g_new0(double *, pairs + 1);
    for (size_t pair = 0; pair < pairs; pair++)
        work->columns[pair] = alloy_array_new(double, n);
    if (work->target >= 0 || work->absent)
        work->indicator = alloy_array_new(double, n);
    for (size_t i = 0; work->absent && i < n; i++)
        work->indicator[i] = NAN;
    work->totals = alloy_order_totals_new(work->sites->n_kinds);
    return alloy_order_columns(&work->order, work->sites->site, n, work->columns, work->target,
                               work->indicator, work->totals, work->run->progress, error);
}

/* --- what comes out --- */

static void add_real(AlloyColumns *columns, const char *name, const double *values, size_t n)
{
    double *copy = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = values[i];
    alloy_columns_set(columns, alloy_column_new_real(name, ALLOY_UNIT_NONE, copy, n));
}

enum { MEAN, SD, SEM, POOLED, UNDEFINED, LOWEST, HIGHEST, N_FIGURES };
static const char *const figure_names[N_FIGURES] = {"mean",      "sd",     "sem",    "pooled",
                                                    "undefined", "lowest", "highest"};

static void pair_figures(const Work *work, unsigned i, unsigned j, double *figures, int64_t *n)
{
    const unsigned pair = i * work->sites->n_kinds + j;
    const AlloyOrderTotals *totals = work->totals;
    AlloyMoments moments = alloy_moments(work->columns[pair], work->atoms->n);
    double concentration = work->concentration[j];
    double p = totals->neighbours[i] > 0 ? (double)totals->pairs[pair] / (double)totals->neighbours[i] : NAN;
    *n = (int64_t)moments.n;
    figures[MEAN] = moments.mean;
    figures[SD] = moments.sd;
    figures[SEM] = moments.sem;
    figures[POOLED] = alloy_order_parameter(work->order.form, p, concentration, i == j);
    figures[UNDEFINED] =
        totals->evaluated[pair] > 0 ? (double)totals->undefined[pair] / (double)totals->evaluated[pair] : NAN;
    alloy_order_range(work->order.form, concentration, i == j, &figures[LOWEST], &figures[HIGHEST]);
}

static const char *species_name(const Work *work, unsigned label)
{
    return alloy_sites_name(work->sites, work->atoms, label);
}

static char *pair_name(Work *work, unsigned i, unsigned j)
{
    return alloy_run_pair_name(work->run, work->atoms, species_name(work, i), species_name(work, j));
}

static void add_table(Work *work)
{
    const unsigned K = work->sites->n_kinds, rows = K * K;
    uint32_t *centre = alloy_array_new(uint32_t, rows), *neighbour = alloy_array_new(uint32_t, rows);
    int64_t *n = alloy_array_new(int64_t, rows);
    const char *names[ALLOY_MOST_SPECIES];
    g_autofree double *figures = g_new(double, (size_t)rows *N_FIGURES);
    AlloyNullColumns means = alloy_null_columns(rows, work->shuffles),
                     pooled = alloy_null_columns(rows, work->shuffles);
    for (unsigned i = 0; i < K; i++) {
        names[i] = species_name(work, i);
        for (unsigned j = 0; j < K; j++) {
            unsigned row = i * K + j;
            double of_pair[N_FIGURES];
            centre[row] = i;
            neighbour[row] = j;
            pair_figures(work, i, j, of_pair, &n[row]);
            for (unsigned f = 0; f < N_FIGURES; f++)
                figures[(size_t)f * rows + row] = of_pair[f];
            alloy_null_columns_set(&means, row, &work->nulls[row]);
            alloy_null_columns_set(&pooled, row, &work->nulls[rows + row]);
        }
    }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_text("centre", centre, rows, names, K));
    alloy_columns_set(columns, alloy_column_new_text("neighbour", neighbour, rows, names, K));
    alloy_columns_set(columns, alloy_column_new_integer("n", ALLOY_UNIT_NONE, n, rows));
    for (unsigned f = 0; f < N_FIGURES; f++)
        add_real(columns, figure_names[f], figures + (size_t)f * rows, rows);
    alloy_null_columns_finish(&means, columns, "", FALSE);
    alloy_null_columns_finish(&pooled, columns, "pooled_", FALSE);
    alloy_run_add_table(work->run, alloy_table_new("csrop", columns, NULL));
}

static void add_scalar(AlloyRun *run, const char *name, double value)
{
    alloy_run_add_scalar(run, alloy_scalar_real(name, ALLOY_UNIT_NONE, value));
}

static void add_scalars(Work *work)
{
    AlloyRun *run = work->run;
    const unsigned K = work->sites->n_kinds;
    if (!isnan(work->rule.cutoff))
        alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, work->rule.cutoff));
    if (!isnan(work->rule.outer_cutoff))
        alloy_run_add_scalar(run,
                             alloy_scalar_real("outer_cutoff", ALLOY_UNIT_LENGTH, work->rule.outer_cutoff));
    alloy_run_add_scalar(run,
                         alloy_scalar_integer("centres", ALLOY_UNIT_NONE, (int64_t)work->sites->n_centres));
    alloy_run_add_scalar(run, alloy_scalar_integer("dropped", ALLOY_UNIT_NONE,
                                                   (int64_t)(work->atoms->n - work->sites->n_centres)));
    for (unsigned j = 0; j < K; j++) {
        g_autofree char *name = g_strdup_printf("concentration_%s", species_name(work, j));
        add_scalar(run, name, work->concentration[j]);
    }
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            g_autofree char *pair = pair_name(work, i, j);
            g_autofree char *z = g_strconcat("z_", pair, NULL), *p = g_strconcat("p_", pair, NULL);
            add_scalar(run, z, work->nulls[i * K + j].z);
            alloy_run_add_scalar(run, alloy_scalar_p(p, work->nulls[i * K + j].p, work->shuffles));
        }
    alloy_run_add_shuffles(run, work->shuffles);
    if (work->indicator == NULL)
        return;
    AlloyMoments moments = alloy_moments(work->indicator, work->atoms->n);
    const AlloyNull none = ALLOY_NULL_NONE, *null = work->target < 0 ? &none : &work->nulls[2 * K * K];
    add_scalar(run, "csrop_mean", moments.mean);
    add_scalar(run, "csrop_sd", moments.sd);
    add_scalar(run, "csrop_sem", moments.sem);
    add_scalar(run, "csrop_null_mean", null->mean);
    add_scalar(run, "csrop_null_sd", null->sd);
    add_scalar(run, "csrop_z", null->z);
    alloy_run_add_scalar(run, alloy_scalar_p("csrop_p", null->p, work->shuffles));
}

static void add_atoms(Work *work)
{
    const unsigned K = work->sites->n_kinds;
    const size_t n = work->atoms->n;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(work->atoms);
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            g_autofree char *pair = pair_name(work, i, j), *name = g_strconcat("csrop_", pair, NULL);
            double *values = alloy_array_ref(work->columns[i * K + j]);
            alloy_atoms_builder_set_column(builder, alloy_column_new_real(name, ALLOY_UNIT_NONE, values, n));
        }
    if (work->indicator != NULL)
        alloy_atoms_builder_set_column(
            builder, alloy_column_new_real("csrop", ALLOY_UNIT_NONE, g_steal_pointer(&work->indicator), n));
    alloy_run_set_atoms(work->run, alloy_atoms_builder_finish(builder));
}

/* C = 1 leaves nothing to compare with: 0/0 for every atom. */
static void warn_of_one_species(const Work *work)
{
    const AlloySites *sites = work->sites;
    unsigned present = 0, last = 0;
    for (unsigned k = 0; k < sites->n_kinds; k++)
        if (sites->kept[k] > 0) {
            present++;
            last = k;
        }
    if (present != 1)
        return;
    if (sites->kept[last] == 1)
        alloy_warn(work->run->warnings, "one-species", NULL, NULL,
                   "the only atom%s is %s: chemical order is undefined, it needs two species",
                   sites->n_centres < work->atoms->n ? " that is kept" : "", species_name(work, last));
    else
        alloy_warn(work->run->warnings, "one-species", NULL, NULL,
                   "all %" G_GUINT64_FORMAT
                   " atoms%s are %s: chemical order is undefined, it needs two species",
                   sites->kept[last], sites->n_centres < work->atoms->n ? " that are kept" : "",
                   species_name(work, last));
}

/* What is kept may have another composition than the whole that it is held against. */
static void warn_of_dropped_atoms(const Work *work)
{
    const AlloySites *sites = work->sites;
    AlloyRun *run = work->run;
    if ((AlloySurfaceRule)alloy_run_choice(run, "surface") != ALLOY_SURFACE_DROP_ATOMS ||
        alloy_run_is_given(run, "concentration"))
        return;
    double whole[ALLOY_MOST_SPECIES], kept[ALLOY_MOST_SPECIES], most = 0;
    unsigned at = 0;
    alloy_sites_fractions(sites->whole, sites->n_kinds, whole);
    alloy_sites_fractions(sites->kept, sites->n_kinds, kept);
    for (unsigned k = 0; k < sites->n_kinds; k++)
        if (fabs(kept[k] - whole[k]) > most + 1e-12) { /* of two, the first */
            most = fabs(kept[k] - whole[k]);
            at = k;
        }
    if (most > 0)
        alloy_warn(run->warnings, "concentration", NULL, NULL,
                   "surface = drop-atoms leaves %.4g %s of %.4g in the whole, and C is that of the whole: a "
                   "random alloy of what is left does not average to 0 (see null_mean); concentration = kept "
                   "takes C of what is left",
                   kept[at], species_name(work, at), whole[at]);
}

static gboolean run_csrop(AlloyRun *run, GError **error)
{
    g_auto(Work) work = {.run = run, .atoms = alloy_run_atoms(run, 0), .target = -1};
    /* The null first: it needs the most memory, and before the columns are there. */
    if (!find_sites(&work, error) || !find_shells(&work, error) || !find_null(&work, error) ||
        !find_columns(&work, error))
        return FALSE;
    warn_of_one_species(&work);
    warn_of_dropped_atoms(&work);
    add_table(&work);
    add_scalars(&work);
    add_atoms(&work);
    return TRUE;
}

/* --- descriptor --- */

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const char *const averages[] = {"centre", "shell", NULL};
static const char *const forms[] = {"pairwise", "warren-cowley", NULL};
static const char *const surfaces[] = {"keep", "drop-centres", "drop-atoms", NULL};
static const char *const surfaces_by[] = {"mesh", "cn", NULL};
static const char *const concentrations[] = {"whole", "kept", NULL};
static const char *const undefineds[] = {"empty", "zero", NULL};

static const AlloyParam params[] = {
    {.name = "species",
     .title = "Species of the indicator",
     .type = ALLOY_PARAM_SPECIES,
     .automatic = "no indicator",
     .help = "Adds the segregation indicator of this species, positive where an atom has more of it around "
             "than a random alloy would give: alpha_AA on atoms of the species A, -alpha_BA on the others."},
    ALLOY_SHELL_PARAMS,
    {.name = "average",
     .title = "Average",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "centre",
     .choices = averages,
     .help = "centre: each atom by its own neighbours. shell: the neighbours of all atoms of one species "
             "among the atom and its first shell are pooled, so that every atom has a value for every pair."},
    {.name = "form",
     .title = "Form",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "pairwise",
     .choices = forms,
     .help = "pairwise: (p - C_B)/(delta_AB - C_B). warren-cowley: 1 - p/C_B, of opposite sign for A = B."},
    {.name = "surface",
     .title = "Surface atoms",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "keep",
     .choices = surfaces,
     .help = "keep: nothing is left out. drop-centres: surface atoms count as neighbours but get no value. "
             "drop-atoms: "
             "surface atoms are taken off before anything is counted."},
    {.name = "surface-by",
     .title = "Surface by",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "mesh",
     .choices = surfaces_by,
     .help =
         "mesh: the surface is the boundary atoms of the alpha shape. cn: the atoms with few neighbours."},
    {.name = "surface-cn",
     .title = "Neighbours in the bulk",
     .type = ALLOY_PARAM_INTEGER,
     .min = 1,
     .max = 100,
     .ui_min = 6,
     .ui_max = 16,
     .fallback = "12",
     .help = "With surface-by cn: an atom with fewer neighbours within the cutoff lies on the surface."},
    {.name = "probe-radius",
     .title = "Probe radius",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0.01,
     .max = 1000,
     .ui_min = 2,
     .ui_max = 8,
     .automatic = "the cutoff",
     .help = "With surface-by mesh: largest circumradius of the tetrahedra that make the solid."},
    {.name = "concentration",
     .title = "Concentrations",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "whole",
     .choices = concentrations,
     .help = "C of the whole model, or of the atoms that are kept when the surface is dropped. With "
             "drop-atoms and whole the mean of a random alloy is not 0 where the surface has a composition "
             "of its own; with kept it is about 0."},
    {.name = "undefined",
     .title = "Undefined values",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "empty",
     .choices = undefineds,
     .help =
         "What an atom gets where nothing can be counted: no value, or 0 (which then counts in the means)."},
    {.name = "symmetrise",
     .title = "Symmetrise",
     .type = ALLOY_PARAM_BOOLEAN,
     .fallback = "false",
     .help =
         "(alpha_AB + alpha_BA)/2 for both; with average shell only. In a finite particle the two differ."},
    ALLOY_SHUFFLES_PARAM("Random alloys over the same sites that every mean is held against; 0: none."),
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_ATOM_COLUMN, "csrop_{A}_{B}", ALLOY_UNIT_NONE, "order parameter of B around A"},
    {ALLOY_OUT_ATOM_COLUMN, "csrop", ALLOY_UNIT_NONE, "segregation indicator of the chosen species"},
    {ALLOY_OUT_TABLE_COLUMN, "centre", ALLOY_UNIT_TEXT, "species A of the centres"},
    {ALLOY_OUT_TABLE_COLUMN, "neighbour", ALLOY_UNIT_TEXT, "species B of the neighbours"},
    {ALLOY_OUT_TABLE_COLUMN, "n", ALLOY_UNIT_NONE, "atoms with a value"},
    {ALLOY_OUT_TABLE_COLUMN, "mean", ALLOY_UNIT_NONE, "mean over these atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "sd", ALLOY_UNIT_NONE, "standard deviation among them"},
    {ALLOY_OUT_TABLE_COLUMN, "sem", ALLOY_UNIT_NONE, "sd/sqrt(n), as if they were independent"},
    {ALLOY_OUT_TABLE_COLUMN, "pooled", ALLOY_UNIT_NONE,
     "from the neighbours of all centres counted together"},
    {ALLOY_OUT_TABLE_COLUMN, "undefined", ALLOY_UNIT_NONE, "fraction of the centres without neighbours"},
    {ALLOY_OUT_TABLE_COLUMN, "lowest", ALLOY_UNIT_NONE, "lowest value that these concentrations allow"},
    {ALLOY_OUT_TABLE_COLUMN, "highest", ALLOY_UNIT_NONE, "highest value that these concentrations allow"},
    ALLOY_NULL_OUTPUTS("", "the mean"),
    ALLOY_NULL_OUTPUTS("pooled_", "the pooled value"),
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "end of the first shell"},
    {ALLOY_OUT_SCALAR, "outer_cutoff", ALLOY_UNIT_LENGTH, "end of the second shell"},
    {ALLOY_OUT_SCALAR, "centres", ALLOY_UNIT_NONE, "atoms that were centres"},
    {ALLOY_OUT_SCALAR, "dropped", ALLOY_UNIT_NONE, "surface atoms left out"},
    {ALLOY_OUT_SCALAR, "concentration_{A}", ALLOY_UNIT_NONE, "concentration C used"},
    {ALLOY_OUT_SCALAR, "z_{A}_{B}", ALLOY_UNIT_NONE, "z of the mean of the pair"},
    {ALLOY_OUT_SCALAR, "p_{A}_{B}", ALLOY_UNIT_NONE, "p of the mean of the pair"},
    ALLOY_SHUFFLES_OUTPUT,
    {ALLOY_OUT_SCALAR, "csrop_mean", ALLOY_UNIT_NONE,
     "mean of the indicator of A over all centres, which mixes two scales (-C/(1-C) to 1 on A, -1 to "
     "1/C-1 on the others): about 2C-1 where the species are apart, whatever its sign; read the pairs"},
    {ALLOY_OUT_SCALAR, "csrop_sd", ALLOY_UNIT_NONE, "its standard deviation among the atoms"},
    {ALLOY_OUT_SCALAR, "csrop_sem", ALLOY_UNIT_NONE, "csrop_sd/sqrt(n), as if the atoms were independent"},
    {ALLOY_OUT_SCALAR, "csrop_null_mean", ALLOY_UNIT_NONE, "its mean over random alloys"},
    {ALLOY_OUT_SCALAR, "csrop_null_sd", ALLOY_UNIT_NONE, "its standard deviation among random alloys"},
    {ALLOY_OUT_SCALAR, "csrop_z", ALLOY_UNIT_NONE,
     "z of the mean indicator; near 0 for C = 1/2 and negative below, in a separated alloy: read z of the "
     "pairs"},
    {ALLOY_OUT_SCALAR, "csrop_p", ALLOY_UNIT_NONE, "p of the mean indicator"},
    {0},
};

const AlloyOperation alloy_op_csrop = {
    .name = "csrop",
    .version = 1,
    .title = "Chemical short-range order",
    .category = "Structure",
    .summary = "Whether atoms of A have more or fewer neighbours B than in a random alloy, for every atom "
               "and every pair of species.",
    .details =
        "alpha_AB = (p - C_B)/(delta_AB - C_B), where p is the fraction of B among the neighbours of an "
        "atom A in its actual shell, C_B the concentration of B, and delta_AB is 1 for A = B and 0 else. "
        "For A = B positive is like with like, 1 only like neighbours, -C/(1-C) none; for A and B "
        "different negative is B around A (down to 1 - 1/C_B), positive its absence (up to 1). The form "
        "warren-cowley is 1 - p/C_B for every pair: the same for A and B different, of opposite sign for "
        "A = B.\n"
        "Definitions in use: (a) per atom over its own neighbours, surface included, concentrations of "
        "the whole particle (arXiv:2606.12150): the defaults. (b) Moniri et al. 2023: average shell, "
        "surface drop-atoms, surface-by mesh, concentration kept, undefined zero, symmetrise. (c) "
        "Warren-Cowley with a fixed number of neighbours: nearest 12 (and shell 2 with nearest 12,6), "
        "form warren-cowley.\n"
        "In a finite particle alpha_AB and alpha_BA differ, because A and B have different numbers of "
        "neighbours. An atom without neighbours has no value.\n"
        "Null: the species are shuffled over the sites of the atoms that take part, which keeps the "
        "sites, the surface and the composition and destroys all chemical order. z = (T - mean)/sd over "
        "the shuffles. p is two-sided: (1 + number of shuffles whose T* lies as far from the middle as T "
        "or farther)/(1 + shuffles), the middle being the mean of T and all T*; its least value is 1/(1 + "
        "shuffles). The pooled value counts the neighbours of all centres together, each by itself, and "
        "is not symmetrised.\n"
        "The indicator of A is for maps: its mean over a particle adds alpha_AA of the A atoms, -C/(1-C) "
        "to 1, and -alpha_BA of the others, -1 to 1/C - 1. Where A and the others are apart the mean is C "
        "x 1 + (1 - C) x (-1) = 2C - 1: positive, zero or negative by the composition alone. Whether a "
        "particle is mixed is said by the pairs: csrop_A_A, and their z.\n"
        "surface drop-atoms with concentration whole: the shuffles keep the atoms that are left, whose "
        "concentrations C' differ from C where the surface differs; then null_mean is about (C' - "
        "C)/(delta_AB - C), and not 0. z and p take that into account; the values themselves do with "
        "concentration kept.\n"
        "In a series, a stage without the species of the indicator has no values of it.",
    .source = "arXiv:2606.12150, methods, section Quantification of chemical short-range-order parameter; "
              "Li, Sheng, Ma, Nat. Commun. 10, 3563 (2019); Moniri et al., Nature 624, 564 (2023); J. M. "
              "Cowley, Phys. Rev. 77, 669 (1950)",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"csrop", NULL},
    .run = run_csrop,
};
