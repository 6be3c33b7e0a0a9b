/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/local-concentration.h"

#include "core/base/parallel.h"
#include "core/base/statistics.h"
#include "core/structure/null-outputs.h"
#include "core/structure/sites.h"

#include <math.h>
#include <string.h>

#define GRAIN 8192
#define ASK_EVERY 256 /* sites, between two questions whether to stop */

typedef struct {
    const AlloyShell *shell;
    const uint8_t *label;
    unsigned n_kinds;
    double *const *columns;
    const AlloyProgress *progress; /* of a long cutoff one block has millions of neighbours */
} Job;

static void fill_rows(size_t begin, size_t end, void *data)
{
    const Job *job = data;
    uint32_t count[ALLOY_MOST_SPECIES];
    for (size_t i = begin; i < end; i++) {
        if (i % ASK_EVERY == 0 && alloy_progress_is_cancelled(job->progress))
            return; /* what is left out is never used */
        const uint32_t *row = alloy_shell_row(job->shell, i), n = job->shell->count[i];
        memset(count, 0, sizeof count);
        for (uint32_t k = 0; k < n; k++)
            count[job->label[row[k]]]++;
        for (unsigned j = 0; j < job->n_kinds; j++)
            job->columns[j][i] = n > 0 ? (double)count[j] / n : NAN;
    }
}

gboolean alloy_local_concentrations(const AlloyShell *shell, const uint8_t *label, unsigned n_kinds,
                                    double *const *columns, AlloyProgress *progress, GError **error)
{
    g_return_val_if_fail(n_kinds <= ALLOY_MOST_SPECIES, FALSE);
    Job job = {shell, label, n_kinds, columns, progress};
    return alloy_parallel_for(shell->n, GRAIN, fill_rows, &job, progress, error);
}

/* Mean of every species at [j], then the standard deviation among the atoms at [K + j]. */
static void moments_of(const AlloyTally *tally, double *statistics, void *data)
{
    const unsigned K = tally->n_kinds;
    double n = 0;
    for (unsigned a = 0; a < K; a++)
        n += (double)tally->with[a];
    for (unsigned j = 0; j < K; j++) {
        double sum = 0;
        for (unsigned a = 0; a < K; a++)
            sum += tally->share[a * K + j];
        statistics[j] = n > 0 ? sum / n : NAN;
        statistics[K + j] = n > 1 ? sqrt(fmax(0, tally->square[j] - sum * sum / n) / (n - 1)) : NAN;
    }
}

enum { CONCENTRATION, MEAN, SD, SEM, MIN, MAX, N_FIGURES };
static const char *const figure_names[N_FIGURES] = {"concentration", "mean", "sd", "sem", "min", "max"};

static const AlloyTable *make_table(const AlloyAtoms *atoms, const AlloySites *sites, double *const *columns,
                                    const double *concentration, const AlloyNull *nulls, unsigned shuffles)
{
    const unsigned K = sites->n_kinds;
    uint32_t *species = alloy_array_new(uint32_t, K);
    int64_t *count = alloy_array_new(int64_t, K), *n = alloy_array_new(int64_t, K);
    double *figures[N_FIGURES];
    const char *names[ALLOY_MOST_SPECIES];
    for (unsigned f = 0; f < N_FIGURES; f++)
        figures[f] = alloy_array_new(double, K);
    AlloyNullColumns means = alloy_null_columns(K, shuffles), sds = alloy_null_columns(K, shuffles);
    for (unsigned j = 0; j < K; j++) {
        AlloyMoments moments = alloy_moments(columns[j], atoms->n);
        names[j] = alloy_sites_name(sites, atoms, j);
        species[j] = j;
        count[j] = (int64_t)sites->whole[j];
        n[j] = (int64_t)moments.n;
        const double row[N_FIGURES] = {concentration[j], moments.mean, moments.sd,
                                       moments.sem,      moments.min,  moments.max};
        alloy_null_columns_set(&means, j, &nulls[j]);
        alloy_null_columns_set(&sds, j, &nulls[K + j]);
        for (unsigned f = 0; f < N_FIGURES; f++)
            figures[f][j] = row[f];
    }
    AlloyColumns *table = alloy_columns_new();
    alloy_columns_set(table, alloy_column_new_text("species", species, K, names, K));
    alloy_columns_set(table, alloy_column_new_integer("count", ALLOY_UNIT_NONE, count, K));
    alloy_columns_set(table, alloy_column_new_integer("n", ALLOY_UNIT_NONE, n, K));
    for (unsigned f = 0; f < N_FIGURES; f++)
        alloy_columns_set(table, alloy_column_new_real(figure_names[f], ALLOY_UNIT_NONE, figures[f], K));
    alloy_null_columns_finish(&means, table, "", FALSE);
    alloy_null_columns_finish(&sds, table, "sd_", FALSE);
    return alloy_table_new("local-concentration", table, NULL);
}

static gboolean find_null(AlloyRun *run, const AlloySites *sites, const AlloyShell *shell, AlloyNull *nulls,
                          GError **error)
{
    const unsigned K = sites->n_kinds, n = alloy_run_shuffles(run);
    for (unsigned s = 0; s < 2 * K; s++)
        nulls[s] = ALLOY_NULL_NONE;
    if (n == 0 || K < 2)
        return TRUE;
    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(sites->label, shell->n, K, n, run->seed);
    return alloy_shuffles_tally(shuffles, shell, NULL, 0, TRUE, 2 * K, moments_of, NULL, nulls, run->progress,
                                error);
}

static gboolean run_local_concentration(AlloyRun *run, GError **error)
{
    const AlloyAtoms *atoms = alloy_run_atoms(run, 0);
    g_autoptr(AlloySites) sites = alloy_sites_new(atoms, ALLOY_SURFACE_KEEP, NULL, error);
    if (sites == NULL)
        return FALSE;
    const unsigned K = sites->n_kinds;
    AlloyShellRule rule;
    alloy_progress_stage(run->progress, 0, 0.2, "pair distribution");
    if (!alloy_run_shell_rule(run, atoms, FALSE, &rule, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.2, 0.5, "neighbours");
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, run->progress, error);
    if (shell == NULL || !alloy_shell_warn_empty(run, shell, atoms, &rule, error))
        return FALSE;
    if (alloy_run_boolean(run, "include-centre")) {
        AlloyShell *with = alloy_shell_with_centre(shell);
        alloy_shell_free(shell);
        shell = with;
    }
    alloy_progress_stage(run->progress, 0.5, 0.9, "shuffling the species");
    AlloyNull nulls[2 * ALLOY_MOST_SPECIES];
    if (!find_null(run, sites, shell, nulls, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.9, 1, "concentrations");
    double *columns[ALLOY_MOST_SPECIES], concentration[ALLOY_MOST_SPECIES];
    alloy_sites_fractions(sites->whole, K, concentration);
    for (unsigned j = 0; j < K; j++)
        columns[j] = alloy_array_new(double, atoms->n);
    gboolean good = alloy_local_concentrations(shell, sites->label, K, columns, run->progress, error);
    if (good)
        alloy_run_add_table(run,
                            make_table(atoms, sites, columns, concentration, nulls, alloy_run_shuffles(run)));
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    for (unsigned j = 0; j < K; j++) {
        g_autofree char *name = g_strdup_printf("c_%s", alloy_sites_name(sites, atoms, j));
        alloy_atoms_builder_set_column(builder,
                                       alloy_column_new_real(name, ALLOY_UNIT_NONE, columns[j], atoms->n));
    }
    if (!good) {
        alloy_atoms_builder_discard(builder);
        return FALSE;
    }
    alloy_run_set_atoms(run, alloy_atoms_builder_finish(builder));
    if (!isnan(rule.cutoff))
        alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, rule.cutoff));
    if (!isnan(rule.outer_cutoff))
        alloy_run_add_scalar(run, alloy_scalar_real("outer_cutoff", ALLOY_UNIT_LENGTH, rule.outer_cutoff));
    alloy_run_add_shuffles(run, alloy_run_shuffles(run));
    for (unsigned j = 0; j < K; j++) {
        g_autofree char *name = g_strdup_printf("concentration_%s", alloy_sites_name(sites, atoms, j));
        alloy_run_add_scalar(run, alloy_scalar_real(name, ALLOY_UNIT_NONE, concentration[j]));
    }
    return TRUE;
}

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const AlloyParam params[] = {
    ALLOY_SHELL_PARAMS,
    {.name = "include-centre",
     .title = "Include the centre",
     .type = ALLOY_PARAM_BOOLEAN,
     .fallback = "false",
     .help =
         "Count the atom itself among its neighbours; then an atom without any has its own species alone."},
    ALLOY_SHUFFLES_PARAM(
        "Random alloys over the same sites that mean and scatter are held against; 0: none."),
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_ATOM_COLUMN, "c_{A}", ALLOY_UNIT_NONE, "fraction of A in the shell"},
    {ALLOY_OUT_TABLE_COLUMN, "species", ALLOY_UNIT_TEXT, "species A"},
    {ALLOY_OUT_TABLE_COLUMN, "count", ALLOY_UNIT_NONE, "atoms of A"},
    {ALLOY_OUT_TABLE_COLUMN, "n", ALLOY_UNIT_NONE, "atoms of any species with neighbours"},
    {ALLOY_OUT_TABLE_COLUMN, "concentration", ALLOY_UNIT_NONE, "concentration of A in the model"},
    {ALLOY_OUT_TABLE_COLUMN, "mean", ALLOY_UNIT_NONE, "mean of c_A over these atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "sd", ALLOY_UNIT_NONE,
     "standard deviation among them: how unevenly A is spread"},
    {ALLOY_OUT_TABLE_COLUMN, "sem", ALLOY_UNIT_NONE, "sd/sqrt(n), as if they were independent"},
    {ALLOY_OUT_TABLE_COLUMN, "min", ALLOY_UNIT_NONE, "least"},
    {ALLOY_OUT_TABLE_COLUMN, "max", ALLOY_UNIT_NONE, "greatest"},
    ALLOY_NULL_OUTPUTS("", "the mean"),
    ALLOY_NULL_OUTPUTS("sd_", "the sd (z positive: A is less evenly spread than in a random alloy)"),
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "end of the first shell"},
    {ALLOY_OUT_SCALAR, "outer_cutoff", ALLOY_UNIT_LENGTH, "end of the second shell"},
    {ALLOY_OUT_SCALAR, "concentration_{A}", ALLOY_UNIT_NONE, "concentration in the model"},
    ALLOY_SHUFFLES_OUTPUT,
    {0},
};

const AlloyOperation alloy_op_local_concentration = {
    .name = "local-concentration",
    .version = 1,
    .title = "Local concentration",
    .category = "Structure",
    .summary = "What fraction of the neighbours of every atom is of each species.",
    .details = "c_A = (neighbours of species A in the shell)/(all neighbours in the shell), for every atom "
               "of any species; empty for an atom without neighbours.\n"
               "Null: the species are shuffled over the same sites. Two statistics are held against it: "
               "the mean of c_A, which says whether A sits where there are many neighbours, and its "
               "standard deviation among the atoms, which in a random alloy comes from counting alone, "
               "about sqrt(C(1-C)/12) for 12 neighbours: more means that A gathers somewhere.",
    .source = "counting; null by permutation, E. J. G. Pitman, J. R. Stat. Soc. Suppl. 4, 119 (1937)",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"local-concentration", NULL},
    .run = run_local_concentration,
};
