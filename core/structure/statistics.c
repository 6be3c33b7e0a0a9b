/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/statistics.h"

#include "core/base/error.h"
#include "core/base/hypergeometric.h"
#include "core/base/statistics.h"
#include "core/structure/csrop.h"
#include "core/structure/local-concentration.h"
#include "core/structure/order.h"
#include "core/structure/rdf.h"
#include "core/structure/select.h"
#include "core/structure/sites.h"

#include <math.h>
#include <string.h>

#define BINS 20
#define WILSON_Z 1.959963984540054 /* 95 % */

/* --- quantities --- */

typedef enum { NULL_LABELS, NULL_SITES } NullKind;

typedef struct {
    char *name;
    const char *unit;
    const double *values; /* of all atoms */
    gpointer owned;       /* array behind values, NULL: borrowed from the model */
    NullKind kind;
    AlloyNull null;
} Quantity;

typedef struct {
    AlloyRun *run;
    const AlloyAtoms *atoms;
    double cutoff;
    const AlloySelection *selection;
    uint8_t *mask;
    AlloySites *sites;
    AlloyShell *shell;
    double concentration[ALLOY_MOST_SPECIES];
    int target;
    GArray *quantities; /* of Quantity: K*K pairs, then K concentrations, the indicator if there is one, the
                           rest */
} Work;

static void clear_quantity(gpointer data)
{
    Quantity *quantity = data;
    g_free(quantity->name);
    alloy_array_unref(quantity->owned);
}

static void clear_work(Work *work)
{
    alloy_data_unref(work->selection);
    g_free(work->mask);
    alloy_sites_free(work->sites);
    alloy_shell_free(work->shell);
    g_clear_pointer(&work->quantities, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

/* Returns the array to be filled. */
static double *add_quantity(Work *work, char *name, const char *unit, NullKind kind)
{
    double *values = alloy_array_new(double, work->atoms->n);
    Quantity quantity = {name, unit, values, values, kind, {NAN, NAN, NAN, NAN, NAN, 0}};
    g_array_append_val(work->quantities, quantity);
    return values;
}

static gboolean has_quantity(const Work *work, const char *name)
{
    for (guint q = 0; q < work->quantities->len; q++)
        if (strcmp(g_array_index(work->quantities, Quantity, q).name, name) == 0)
            return TRUE;
    return FALSE;
}

/* A selection by chemistry has been chosen for what is then tested: among shuffled labels the same sites are
 * nothing special, so z is large and p small in a random alloy too. */
static void warn_of_circularity(AlloyRun *run, const char *where)
{
    if (g_regex_match_simple("\\b(species|element|csrop|c[._][A-Za-z])", where, 0, 0))
        alloy_warn(run->warnings, "circular", NULL, NULL,
                   "the selection `%s` is made by species or chemical order: composition and order of these "
                   "atoms differ from "
                   "the null because they were chosen so; their z and p are no test",
                   where);
}

/* --where, else the column that --selection names, else the column `selected`, else everything. */
static gboolean find_selection(Work *work, GError **error)
{
    const AlloyAtoms *atoms = work->atoms;
    const char *where = alloy_run_text(work->run, "where"), *name = alloy_run_text(work->run, "selection");
    if (where != NULL && name != NULL)
        return alloy_parameter_error(error, "where and selection: give one of them");
    if (where != NULL) {
        warn_of_circularity(work->run, where);
        work->selection = alloy_select(atoms, where, work->cutoff, work->run->progress, error);
    } else {
        const AlloyColumn *column = alloy_atoms_column(atoms, name != NULL ? name : "selected");
        if (column == NULL && name != NULL)
            return alloy_parameter_error(error, "selection: the model has no column \"%s\"", name);
        work->selection =
            column != NULL ? alloy_selection_from_column(column, error) : alloy_selection_all(atoms->n);
    }
    if (work->selection == NULL)
        return FALSE;
    if (work->selection->count == 0)
        return alloy_input_error(error, "No atom is selected");
    work->mask = g_malloc(atoms->n + 1);
    alloy_selection_to_mask(work->selection, work->mask);
    return TRUE;
}

static gboolean find_chemistry(Work *work, GError **error)
{
    const AlloyAtoms *atoms = work->atoms;
    const AlloySites *sites = work->sites;
    const unsigned K = sites->n_kinds;
    AlloyProgress *progress = work->run->progress;
    g_autofree double **columns = g_new0(double *, (size_t)K *K);
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            const char *a = alloy_sites_name(sites, atoms, i), *b = alloy_sites_name(sites, atoms, j);
            columns[i * K + j] =
                add_quantity(work, g_strdup_printf("csrop_%s_%s", a, b), ALLOY_UNIT_NONE, NULL_LABELS);
        }
    double *concentrations[ALLOY_MOST_SPECIES], *indicator = NULL;
    for (unsigned j = 0; j < K; j++)
        concentrations[j] = add_quantity(work, g_strdup_printf("c_%s", alloy_sites_name(sites, atoms, j)),
                                         ALLOY_UNIT_NONE, NULL_LABELS);
    if (work->target >= 0)
        indicator = add_quantity(work, g_strdup("csrop"), ALLOY_UNIT_NONE, NULL_LABELS);
    AlloyOrder order = {.shell = work->shell,
                        .label = sites->label,
                        .n_kinds = K,
                        .concentration = work->concentration,
                        .form = ALLOY_ORDER_PAIRWISE};
    g_autoptr(AlloyOrderTotals) totals = alloy_order_totals_new(K);
    return alloy_order_columns(&order, NULL, atoms->n, columns, work->target, indicator, totals, progress,
                               error) &&
           alloy_local_concentrations(work->shell, sites->label, K, concentrations, progress, error);
}

/* The coordination number, and whatever the model brings along that is a number and has not been computed
 * here. */
static void find_other_quantities(Work *work)
{
    const AlloyAtoms *atoms = work->atoms;
    double *cn = add_quantity(work, g_strdup("cn"), ALLOY_UNIT_NONE, NULL_SITES);
    for (size_t i = 0; i < atoms->n; i++)
        cn[i] = work->shell->count[i];
    const char *selection = alloy_run_text(work->run, "selection");
    for (guint c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = g_ptr_array_index(atoms->columns, c);
        if (column->type == ALLOY_TEXT || strcmp(column->name, "selected") == 0 ||
            g_strcmp0(column->name, selection) == 0 || has_quantity(work, column->name))
            continue;
        if (column->type == ALLOY_REAL) {
            Quantity quantity = {g_strdup(column->name),      column->unit, column->real, NULL, NULL_SITES,
                                 {NAN, NAN, NAN, NAN, NAN, 0}};
            g_array_append_val(work->quantities, quantity);
            continue;
        }
        double *values = add_quantity(work, g_strdup(column->name), column->unit, NULL_SITES);
        for (size_t i = 0; i < atoms->n; i++)
            values[i] = alloy_column_real_at(column, i);
    }
}

/* --- the null --- */

/* The means over the selection, in the order of the quantities. */
static void selection_means(const AlloyTally *tally, double *statistics, void *data)
{
    const Work *work = data;
    const unsigned K = tally->n_kinds;
    double all = 0, indicator = 0;
    for (unsigned i = 0; i < K; i++)
        all += (double)tally->with[i];
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            double n = (double)tally->with[i], share = tally->share[i * K + j];
            double sum = alloy_order_sum(ALLOY_ORDER_PAIRWISE, share, n, work->concentration[j], i == j);
            statistics[i * K + j] = n > 0 ? sum / n : NAN;
            if ((int)j == work->target && n > 0)
                indicator += alloy_order_sign(ALLOY_ORDER_PAIRWISE, i == j) * sum;
        }
    for (unsigned j = 0; j < K; j++) {
        double share = 0;
        for (unsigned i = 0; i < K; i++)
            share += tally->share[i * K + j];
        statistics[K * K + j] = all > 0 ? share / all : NAN;
    }
    if (work->target >= 0)
        statistics[K * K + K] = all > 0 ? indicator / all : NAN;
}

static gboolean find_nulls(Work *work, GError **error)
{
    AlloyRun *run = work->run;
    const AlloySites *sites = work->sites;
    const unsigned K = sites->n_kinds, n_chemical = K * K + K + (work->target >= 0);
    const unsigned n_shuffles = (unsigned)alloy_run_integer(run, "shuffles");
    if (n_shuffles == 0)
        return TRUE;
    if (K > 1) {
        alloy_progress_stage(run->progress, 0.4, 0.7, "shuffling the species");
        g_autoptr(AlloyShuffles) shuffles =
            alloy_shuffles_new(sites->label, work->atoms->n, K, n_shuffles, run->seed);
        g_autofree uint32_t *centres = alloy_selection_ids(work->selection);
        g_autofree AlloyNull *nulls = g_new(AlloyNull, n_chemical);
        if (!alloy_shuffles_tally(shuffles, work->shell, centres, work->selection->count, FALSE, n_chemical,
                                  selection_means, work, nulls, run->progress, error))
            return FALSE;
        for (unsigned s = 0; s < n_chemical; s++)
            g_array_index(work->quantities, Quantity, s).null = nulls[s];
    }
    alloy_progress_stage(run->progress, 0.7, 1, "drawing sites");
    const unsigned n_other = work->quantities->len - n_chemical;
    g_autofree const double **values = g_new(const double *, n_other);
    g_autofree AlloyNull *nulls = g_new(AlloyNull, n_other);
    for (unsigned s = 0; s < n_other; s++)
        values[s] = g_array_index(work->quantities, Quantity, n_chemical + s).values;
    if (!alloy_null_selections(values, n_other, work->mask, work->atoms->n, n_shuffles, run->seed, nulls,
                               run->progress, error))
        return FALSE;
    for (unsigned s = 0; s < n_other; s++)
        g_array_index(work->quantities, Quantity, n_chemical + s).null = nulls[s];
    return TRUE;
}

/* --- tables --- */

typedef struct {
    const char *name;
    double *values;
} Figure;

static void add_figures(AlloyColumns *columns, const Figure *figures, size_t rows)
{
    for (; figures->name != NULL; figures++)
        alloy_columns_set(columns,
                          alloy_column_new_real(figures->name, ALLOY_UNIT_NONE, figures->values, rows));
}

static const AlloyTable *composition_table(const Work *work)
{
    const AlloySites *sites = work->sites;
    const unsigned K = sites->n_kinds;
    uint64_t counts[ALLOY_MOST_SPECIES] = {0};
    for (size_t i = 0; i < work->atoms->n; i++)
        counts[sites->label[i]] += work->mask[i];
    uint32_t *species = alloy_array_new(uint32_t, K);
    int64_t *count = alloy_array_new(int64_t, K), *whole = alloy_array_new(int64_t, K);
    const char *names[ALLOY_MOST_SPECIES];
    enum { FRACTION, ERROR, LOW, HIGH, WHOLE, EXPECTED, SD, Z, P, END };
    static const char *const figure_names[END] = {"fraction", "error",   "low", "high", "whole_fraction",
                                                  "expected", "null_sd", "z",   "p"};
    Figure figures[END + 1] = {0};
    for (unsigned f = 0; f < END; f++)
        figures[f] = (Figure){figure_names[f], alloy_array_new(double, K)};
    const uint64_t n = work->selection->count, N = work->atoms->n;
    for (unsigned j = 0; j < K; j++) {
        names[j] = alloy_sites_name(sites, work->atoms, j);
        species[j] = j;
        count[j] = (int64_t)counts[j];
        whole[j] = (int64_t)sites->whole[j];
        AlloyHypergeometric h = alloy_hypergeometric(counts[j], n, sites->whole[j], N);
        figures[FRACTION].values[j] = (double)counts[j] / (double)n;
        figures[ERROR].values[j] = alloy_binomial_error(counts[j], n);
        alloy_binomial_interval(counts[j], n, WILSON_Z, &figures[LOW].values[j], &figures[HIGH].values[j]);
        figures[WHOLE].values[j] = work->concentration[j];
        figures[EXPECTED].values[j] = h.expected;
        figures[SD].values[j] = h.sd;
        figures[Z].values[j] = h.z;
        figures[P].values[j] = h.p;
    }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_text("species", species, K, names, K));
    alloy_columns_set(columns, alloy_column_new_integer("count", ALLOY_UNIT_NONE, count, K));
    alloy_columns_set(columns, alloy_column_new_integer("whole_count", ALLOY_UNIT_NONE, whole, K));
    add_figures(columns, figures, K);
    return alloy_table_new("composition", columns, NULL);
}

/* The values of the selected atoms, numbers first in ascending order; returns how many numbers. */
static size_t selected_sorted(const Work *work, const double *values, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < work->atoms->n; i++)
        if (work->mask[i] && !isnan(values[i]))
            out[n++] = values[i];
    alloy_sort_doubles(out, n);
    return n;
}

static const AlloyColumn *quantity_names(const Work *work, size_t repeats)
{
    const guint Q = work->quantities->len;
    uint32_t *codes = alloy_array_new(uint32_t, Q * repeats);
    g_autofree const char **names = g_new(const char *, Q);
    for (guint q = 0; q < Q; q++) {
        names[q] = g_array_index(work->quantities, Quantity, q).name;
        for (size_t r = 0; r < repeats; r++)
            codes[q * repeats + r] = q;
    }
    return alloy_column_new_text("quantity", codes, Q * repeats, names, Q);
}

static const AlloyTable *quantities_table(const Work *work)
{
    static const char *const null_names[] = {
        [NULL_LABELS] = "species shuffled", [NULL_SITES] = "sites drawn"};
    const guint Q = work->quantities->len;
    AlloyLabels *units = alloy_labels_new();
    uint32_t *unit = alloy_array_new(uint32_t, Q), *kind = alloy_array_new(uint32_t, Q);
    int64_t *numbers = alloy_array_new(int64_t, Q), *missing = alloy_array_new(int64_t, Q);
    enum {
        MEAN,
        SD,
        SEM,
        MIN,
        QUARTER,
        MEDIAN,
        THREE_QUARTERS,
        MAX,
        WHOLE,
        DIFFERENCE,
        NULL_MEAN,
        NULL_SD,
        Z,
        P,
        END
    };
    static const char *const figure_names[END] = {"mean",      "sd",      "sem", "min",        "q25",
                                                  "median",    "q75",     "max", "whole_mean", "difference",
                                                  "null_mean", "null_sd", "z",   "p"};
    Figure figures[END + 1] = {0};
    for (unsigned f = 0; f < END; f++)
        figures[f] = (Figure){figure_names[f], alloy_array_new(double, Q)};
    g_autofree double *sorted = g_new(double, work->selection->count);
    for (guint q = 0; q < Q; q++) {
        const Quantity *quantity = &g_array_index(work->quantities, Quantity, q);
        size_t n = selected_sorted(work, quantity->values, sorted);
        AlloyMoments part = alloy_moments(sorted, n), whole = alloy_moments(quantity->values, work->atoms->n);
        unit[q] = alloy_labels_add(units, quantity->unit, strlen(quantity->unit));
        kind[q] = quantity->kind;
        numbers[q] = (int64_t)n;
        missing[q] = (int64_t)(work->selection->count - n);
        const double row[END] = {part.mean,
                                 part.sd,
                                 part.sem,
                                 part.min,
                                 alloy_quantile_sorted(sorted, n, 0.25),
                                 alloy_quantile_sorted(sorted, n, 0.5),
                                 alloy_quantile_sorted(sorted, n, 0.75),
                                 part.max,
                                 whole.mean,
                                 part.mean - whole.mean,
                                 quantity->null.mean,
                                 quantity->null.sd,
                                 quantity->null.z,
                                 quantity->null.p};
        for (unsigned f = 0; f < END; f++)
            figures[f].values[q] = row[f];
    }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, quantity_names(work, 1));
    alloy_columns_set(columns, alloy_labels_finish(units, "unit", unit, Q));
    alloy_columns_set(columns, alloy_column_new_integer("n", ALLOY_UNIT_NONE, numbers, Q));
    alloy_columns_set(columns, alloy_column_new_integer("missing", ALLOY_UNIT_NONE, missing, Q));
    alloy_columns_set(columns, alloy_column_new_text("null", kind, Q, null_names, G_N_ELEMENTS(null_names)));
    add_figures(columns, figures, Q);
    return alloy_table_new("statistics", columns, NULL);
}

/* Every quantity over its whole range in bins of equal width, the selection beside the whole. */
static const AlloyTable *distribution_table(const Work *work)
{
    const guint Q = work->quantities->len;
    const size_t rows = (size_t)Q * BINS;
    double *low = alloy_array_new(double, rows), *high = alloy_array_new(double, rows);
    int64_t *count = alloy_array_new(int64_t, rows), *whole = alloy_array_new(int64_t, rows);
    memset(count, 0, rows * sizeof *count);
    memset(whole, 0, rows * sizeof *whole);
    for (guint q = 0; q < Q; q++) {
        const double *values = g_array_index(work->quantities, Quantity, q).values;
        AlloyMoments moments = alloy_moments(values, work->atoms->n);
        double width = (moments.max - moments.min) / BINS;
        for (size_t b = 0; b < BINS; b++) {
            low[q * BINS + b] = moments.min + (double)b * width;
            high[q * BINS + b] = b + 1 < BINS ? moments.min + (double)(b + 1) * width : moments.max;
        }
        for (size_t i = 0; i < work->atoms->n; i++) {
            if (isnan(values[i]))
                continue;
            /* The last bin includes its upper end; infinite values stand at an end. */
            double at = width > 0 && isfinite(width) ? floor((values[i] - moments.min) / width) : 0;
            size_t bin = q * BINS + (size_t)CLAMP(at, 0.0, BINS - 1.0);
            whole[bin]++;
            count[bin] += work->mask[i];
        }
    }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, quantity_names(work, BINS));
    alloy_columns_set(columns, alloy_column_new_real("low", ALLOY_UNIT_NONE, low, rows));
    alloy_columns_set(columns, alloy_column_new_real("high", ALLOY_UNIT_NONE, high, rows));
    alloy_columns_set(columns, alloy_column_new_integer("count", ALLOY_UNIT_NONE, count, rows));
    alloy_columns_set(columns, alloy_column_new_integer("whole_count", ALLOY_UNIT_NONE, whole, rows));
    return alloy_table_new("distribution", columns, NULL);
}

static gboolean run_statistics(AlloyRun *run, GError **error)
{
    g_auto(Work) work = {.run = run, .atoms = alloy_run_atoms(run, 0), .target = -1};
    const AlloyAtoms *atoms = work.atoms;
    work.quantities = g_array_new(FALSE, FALSE, sizeof(Quantity));
    g_array_set_clear_func(work.quantities, clear_quantity);
    work.sites = alloy_sites_new(atoms, ALLOY_SURFACE_KEEP, NULL, error);
    if (work.sites == NULL)
        return FALSE;
    int kind = alloy_run_kind(run, "species", atoms, error);
    if (kind == -1)
        return FALSE;
    work.target = kind < 0 ? -1 : alloy_sites_label(work.sites, kind);
    alloy_sites_fractions(work.sites->whole, work.sites->n_kinds, work.concentration);
    alloy_progress_stage(run->progress, 0, 0.1, "pair distribution");
    if (!alloy_run_cutoff(run, atoms, &work.cutoff, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.1, 0.2, "selection");
    if (!find_selection(&work, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.2, 0.4, "neighbours");
    AlloyShellRule rule = {work.cutoff, NAN, 1, {0, 0}};
    work.shell = alloy_shell_new(atoms, &rule, run->progress, error);
    if (work.shell == NULL || !find_chemistry(&work, error))
        return FALSE;
    find_other_quantities(&work);
    if (!find_nulls(&work, error))
        return FALSE;

    alloy_run_add_table(run, quantities_table(&work));
    alloy_run_add_table(run, composition_table(&work));
    alloy_run_add_table(run, distribution_table(&work));
    alloy_run_add_scalar(run, alloy_scalar_integer("atoms", ALLOY_UNIT_NONE, (int64_t)atoms->n));
    alloy_run_add_scalar(run,
                         alloy_scalar_integer("selected", ALLOY_UNIT_NONE, (int64_t)work.selection->count));
    alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, work.cutoff));
    return TRUE;
}

/* --- descriptor --- */

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const AlloyParam params[] = {
    {.name = "where",
     .title = "Where",
     .type = ALLOY_PARAM_EXPRESSION,
     .automatic = "the column that selection names",
     .help = "The atoms for which this holds are the selection: species == Ir && cn < 12."},
    {.name = "selection",
     .title = "Selection",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "the column selected, or all atoms where there is none",
     .help = "Name of a column of the model: its atoms that are true, or not 0, are the selection."},
    {.name = "species",
     .title = "Species of the indicator",
     .type = ALLOY_PARAM_SPECIES,
     .automatic = "no indicator",
     .help = "Adds the segregation indicator csrop of this species: alpha_AA on atoms of A, -alpha_BA on the "
             "others."},
    ALLOY_CUTOFF_PARAM(ALLOY_CUTOFF_HELP),
    {.name = "shuffles",
     .title = "Shuffles",
     .type = ALLOY_PARAM_INTEGER,
     .min = 0,
     .max = ALLOY_MOST_SHUFFLES,
     .ui_min = 99,
     .ui_max = 9999,
     .fallback = ALLOY_SHUFFLES,
     .help = "Random exchanges that every mean is held against; 0: none."},
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_TABLE_COLUMN, "quantity", ALLOY_UNIT_TEXT, "name of the quantity per atom"},
    {ALLOY_OUT_TABLE_COLUMN, "unit", ALLOY_UNIT_TEXT, "its unit, also that of the figures of its row"},
    {ALLOY_OUT_TABLE_COLUMN, "n", ALLOY_UNIT_NONE, "selected atoms with a value"},
    {ALLOY_OUT_TABLE_COLUMN, "missing", ALLOY_UNIT_NONE, "selected atoms without"},
    {ALLOY_OUT_TABLE_COLUMN, "null", ALLOY_UNIT_TEXT,
     "what chance means here: species shuffled, or sites drawn"},
    {ALLOY_OUT_TABLE_COLUMN, "mean", ALLOY_UNIT_NONE, "mean over the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "sd", ALLOY_UNIT_NONE, "standard deviation in the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "sem", ALLOY_UNIT_NONE, "sd/sqrt(n), as if the atoms were independent"},
    {ALLOY_OUT_TABLE_COLUMN, "min", ALLOY_UNIT_NONE, "least"},
    {ALLOY_OUT_TABLE_COLUMN, "q25", ALLOY_UNIT_NONE, "lower quartile"},
    {ALLOY_OUT_TABLE_COLUMN, "median", ALLOY_UNIT_NONE, "median"},
    {ALLOY_OUT_TABLE_COLUMN, "q75", ALLOY_UNIT_NONE, "upper quartile"},
    {ALLOY_OUT_TABLE_COLUMN, "max", ALLOY_UNIT_NONE, "greatest"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_mean", ALLOY_UNIT_NONE, "mean over the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "difference", ALLOY_UNIT_NONE, "mean - whole_mean"},
    {ALLOY_OUT_TABLE_COLUMN, "null_mean", ALLOY_UNIT_NONE, "mean by chance"},
    {ALLOY_OUT_TABLE_COLUMN, "null_sd", ALLOY_UNIT_NONE, "its standard deviation by chance"},
    {ALLOY_OUT_TABLE_COLUMN, "z", ALLOY_UNIT_NONE, "(mean - null_mean)/null_sd"},
    {ALLOY_OUT_TABLE_COLUMN, "p", ALLOY_UNIT_NONE, "two-sided probability by chance"},
    {ALLOY_OUT_TABLE_COLUMN, "species", ALLOY_UNIT_TEXT, "species"},
    {ALLOY_OUT_TABLE_COLUMN, "count", ALLOY_UNIT_NONE, "selected atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_count", ALLOY_UNIT_NONE, "atoms of the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "fraction", ALLOY_UNIT_NONE, "fraction of the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "error", ALLOY_UNIT_NONE, "binomial standard error of the fraction"},
    {ALLOY_OUT_TABLE_COLUMN, "low", ALLOY_UNIT_NONE,
     "lower end: of the 95 % interval (Wilson), or of the bin"},
    {ALLOY_OUT_TABLE_COLUMN, "high", ALLOY_UNIT_NONE,
     "upper end: of the 95 % interval (Wilson), or of the bin"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_fraction", ALLOY_UNIT_NONE, "fraction of the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "expected", ALLOY_UNIT_NONE,
     "atoms of the species in a random selection of this size"},
    {ALLOY_OUT_SCALAR, "atoms", ALLOY_UNIT_NONE, "atoms of the model"},
    {ALLOY_OUT_SCALAR, "selected", ALLOY_UNIT_NONE, "atoms of the selection"},
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "end of the first shell"},
    {0},
};

const AlloyOperation alloy_op_statistics = {
    .name = "statistics",
    .version = 1,
    .title = "Statistics of a selection",
    .category = "Structure",
    .summary = "Composition, and mean and distribution of every quantity per atom, of the selected atoms "
               "against the whole "
               "particle and against chance.",
    .details = "Table statistics: one row per quantity. Computed here are the order parameters csrop_A_B of "
               "every pair (each atom "
               "by its own neighbours in the first shell, concentrations of the whole), the indicator csrop "
               "with species, the "
               "local concentrations c_A and the coordination number cn; whatever else the model holds as "
               "numbers per atom "
               "follows. The means are over the selected atoms; their neighbours may be any.\n"
               "Chance, for what depends on the species (csrop, c): the species are shuffled over all sites "
               "of the particle and the "
               "same sites stay selected, so that the surface and the sites' numbers of neighbours are those "
               "of the particle. "
               "Chance, for everything else: as many sites are drawn at random from the whole. There a "
               "connected region differs "
               "more easily than single atoms would, because neighbours are alike: read it as how unusual "
               "the region is, not as "
               "proof of a cause. A selection that was made by species (species == Ir) is compared with the "
               "same sites under "
               "other species.\n"
               "z and p as in csrop: p = (1 + number of exchanges as far from the middle or farther)/(1 + "
               "shuffles).\n"
               "Table composition: counts and fractions with their binomial error and the 95 % interval of "
               "Wilson; expected, z and p "
               "from the hypergeometric distribution, which is what a random selection of this size holds "
               "(p: the probability of "
               "a deviation as large to either side). Table distribution: every quantity in 20 bins of its "
               "whole range.",
    .source = "E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927); E. J. G. Pitman, J. R. Stat. Soc. Suppl. 4, "
              "119 (1937); "
              "B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9, 39 (2010)",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .run = run_statistics,
};
