/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/hypergeometric.h"
#include "core/base/statistics.h"
#include "core/structure/local-concentration.h"
#include "core/structure/order.h"
#include "core/structure/statistics-private.h"

#include <string.h>

#define BINS ALLOY_STATISTICS_BINS
/* A column of the file is what is computed here if it differs by no more than the digits of a file do. */
#define SAME 1e-6

void alloy_quantity_clear(gpointer data)
{
    AlloyQuantity *quantity = data;
    g_free(quantity->name);
    alloy_array_unref(quantity->owned);
}

static AlloyQuantity *append(AlloyStatisticsWork *work, char *name, const char *unit, AlloyChance chance)
{
    AlloyQuantity quantity = {.name = name, .unit = unit, .chance = chance};
    for (guint s = 0; s < G_N_ELEMENTS(quantity.nulls); s++)
        quantity.nulls[s] = ALLOY_NULL_NONE;
    for (guint b = 0; b <= BINS; b++)
        quantity.edges[b] = NAN;
    g_array_append_val(work->quantities, quantity);
    return alloy_quantity_at(work, work->quantities->len - 1);
}

/* Returns the array to be filled. */
static double *add_quantity(AlloyStatisticsWork *work, char *name, const char *unit, AlloyChance chance)
{
    double *values = alloy_array_new(double, work->atoms->n);
    AlloyQuantity *quantity = append(work, name, unit, chance);
    quantity->values = quantity->owned = values;
    return values;
}

/* --- what is computed --- */

static unsigned n_counted(const AlloyStatisticsWork *work)
{
    const unsigned K = work->sites->n_kinds;
    return K * K + K + (work->target >= 0);
}

static gboolean find_chemistry(AlloyStatisticsWork *work, GError **error)
{
    const AlloyAtoms *atoms = work->atoms;
    const AlloySites *sites = work->sites;
    const unsigned K = sites->n_kinds;
    AlloyProgress *progress = work->run->progress;
    g_autofree double **columns = g_new0(double *, (size_t)K *K);
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            const char *a = alloy_sites_name(sites, atoms, i), *b = alloy_sites_name(sites, atoms, j);
            g_autofree char *pair = alloy_run_pair_name(work->run, atoms, a, b);
            columns[i * K + j] =
                add_quantity(work, g_strconcat("csrop_", pair, NULL), ALLOY_UNIT_NONE, ALLOY_BY_LABELS);
        }
    double *concentrations[ALLOY_MOST_SPECIES], *indicator = NULL;
    for (unsigned j = 0; j < K; j++)
        concentrations[j] = add_quantity(work, g_strdup_printf("c_%s", alloy_sites_name(sites, atoms, j)),
                                         ALLOY_UNIT_NONE, ALLOY_BY_LABELS);
    if (work->target >= 0 || work->absent)
        indicator = add_quantity(work, g_strdup("csrop"), ALLOY_UNIT_NONE, ALLOY_BY_LABELS);
    for (size_t i = 0; work->absent && i < atoms->n; i++)
        indicator[i] = NAN;
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

/* --- the columns of the model --- */

static gboolean same_values(const double *computed, const AlloyColumn *column)
{
    for (size_t i = 0; i < column->n; i++) {
        double own = alloy_column_real_at(column, i);
        if (isnan(own) != isnan(computed[i]) || fabs(own - computed[i]) > SAME * (1 + fabs(own)))
            return FALSE;
    }
    return TRUE;
}

static AlloyQuantity *find_quantity(const AlloyStatisticsWork *work, const char *name)
{
    for (guint q = 0; q < work->quantities->len; q++)
        if (strcmp(alloy_quantity_at(work, q)->name, name) == 0)
            return alloy_quantity_at(work, q);
    return NULL;
}

/* Infinities are no numbers that a mean could be taken of: missing. */
static void add_column(AlloyStatisticsWork *work, const AlloyColumn *column)
{
    gboolean finite = column->type == ALLOY_REAL;
    for (size_t i = 0; finite && i < column->n; i++)
        finite = !isinf(column->real[i]);
    if (finite) {
        append(work, g_strdup(column->name), column->unit, ALLOY_BY_SITES)->values = column->real;
        return;
    }
    double *values = add_quantity(work, g_strdup(column->name), column->unit, ALLOY_BY_SITES);
    for (size_t i = 0; i < column->n; i++) {
        values[i] = alloy_column_real_at(column, i);
        if (isinf(values[i]))
            values[i] = NAN;
    }
}

/* Whatever the model brings along that is a number and no index of its atoms. One name is one quantity: a
 * column that holds what is computed here anyway is that; one that holds something else keeps its name, as in
 * conditions, and what is computed stands under another. */
static void find_columns(AlloyStatisticsWork *work)
{
    const AlloyAtoms *atoms = work->atoms;
    const char *selection = alloy_run_text(work->run, "selection");
    g_autoptr(GString) clashes = g_string_new(NULL);
    for (guint c = 0; c < atoms->columns->len && !alloy_progress_is_cancelled(work->run->progress); c++) {
        const AlloyColumn *column = g_ptr_array_index(atoms->columns, c);
        if (column->type == ALLOY_TEXT || strcmp(column->name, "selected") == 0 ||
            g_strcmp0(column->name, selection) == 0 || alloy_column_is_index(column))
            continue;
        AlloyQuantity *computed = find_quantity(work, column->name);
        if (computed != NULL && same_values(computed->values, column))
            continue;
        if (computed != NULL) {
            char *name = g_strconcat(computed->name, " (recomputed)", NULL);
            g_string_append_printf(clashes, "%s%s", clashes->len > 0 ? ", " : "", column->name);
            g_free(computed->name);
            computed->name = name;
        }
        add_column(work, column);
    }
    if (clashes->len > 0)
        alloy_warn(work->run->warnings, "name-clash", NULL, NULL,
                   "the model has columns of its own that differ from what is computed here under the same "
                   "names with the cutoff %.4g angstrom (%s): NAME is the model's column, which stays with "
                   "its atom when chance is tried; `NAME (recomputed)` is what was computed",
                   work->cutoff, clashes->str);
}

/* --- bins --- */

static void set_edges(AlloyQuantity *quantity, double low, double high)
{
    const double width = high - low;
    for (guint b = 0; b < BINS; b++) {
        double t = (double)b / BINS;
        quantity->edges[b] = isfinite(width) ? low + width * t : low * (1 - t) + high * t;
    }
    quantity->edges[BINS] = high;
}

/* Shuffled labels reach values that the particle does not have: there the bins span all that is possible,
 * which does not depend on the arrangement. What stays with its atom spans what there is. */
static void find_edges(AlloyStatisticsWork *work)
{
    const unsigned K = work->sites->n_kinds;
    for (guint q = 0; q < work->quantities->len; q++) {
        AlloyQuantity *quantity = alloy_quantity_at(work, q);
        double low = 0, high = 1;
        if (q < K * K) {
            alloy_order_range(ALLOY_ORDER_PAIRWISE, work->concentration[q % K], q / K == q % K, &low, &high);
        } else if (q < K * K + K) {
            low = 0, high = 1;
        } else if (q < n_counted(work)) {
            const double C = work->concentration[work->target];
            double lowest, highest;
            alloy_order_range(ALLOY_ORDER_PAIRWISE, C, TRUE, &low, &high);
            alloy_order_range(ALLOY_ORDER_PAIRWISE, C, FALSE, &lowest, &highest);
            low = fmin(low, -highest);
            high = fmax(high, -lowest);
        } else {
            AlloyMoments moments = alloy_moments(quantity->values, work->atoms->n);
            low = moments.min;
            high = moments.max;
        }
        set_edges(quantity, low, high);
    }
}

gboolean alloy_statistics_quantities(AlloyStatisticsWork *work, GError **error)
{
    if (!find_chemistry(work, error))
        return FALSE;
    double *cn = add_quantity(work, g_strdup("cn"), ALLOY_UNIT_NONE, ALLOY_BY_SITES);
    for (size_t i = 0; i < work->atoms->n; i++)
        cn[i] = work->shell->count[i];
    find_columns(work);
    find_edges(work);
    return alloy_progress_check(work->run->progress, error);
}

/* --- the null --- */

/* What a site's value of a computed quantity is, as alloy_order_columns has it. */
typedef struct {
    int own; /* the only label that has a value; -1: all */
    unsigned kind;
    double concentration;
} Rule;

static double pair_value(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    const Rule *rule = data;
    if ((int)own != rule->own)
        return NAN;
    return alloy_order_parameter(ALLOY_ORDER_PAIRWISE, (double)k / (double)c, rule->concentration,
                                 own == rule->kind);
}

static double concentration_value(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    return (double)k / c;
}

static double indicator_value(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    const Rule *rule = data;
    double value = alloy_order_parameter(ALLOY_ORDER_PAIRWISE, (double)k / (double)c, rule->concentration,
                                         own == rule->kind);
    return alloy_order_sign(ALLOY_ORDER_PAIRWISE, own == rule->kind) > 0 ? value : 0 - value;
}

static gboolean shuffle_labels(AlloyStatisticsWork *work, GError **error)
{
    const unsigned K = work->sites->n_kinds, n = n_counted(work), n_each = ALLOY_N_SUMMARY + BINS;
    g_autofree AlloyCounted *counted = g_new(AlloyCounted, n);
    g_autofree Rule *rules = g_new(Rule, n);
    for (unsigned q = 0; q < n; q++) {
        unsigned kind = q < K * K + K ? q % K : (unsigned)work->target;
        rules[q] = (Rule){q < K * K ? (int)(q / K) : -1, kind, work->concentration[kind]};
        counted[q] = (AlloyCounted){kind,
                                    q < K * K       ? pair_value
                                    : q < K * K + K ? concentration_value
                                                    : indicator_value,
                                    &rules[q], alloy_quantity_at(work, q)->edges};
    }
    g_autoptr(AlloyShuffles) shuffles =
        alloy_shuffles_new(work->sites->label, work->atoms->n, K, work->shuffles, work->run->seed);
    g_autofree uint32_t *centres = alloy_selection_ids(work->selection);
    g_autofree AlloyNull *nulls = g_new(AlloyNull, (size_t)n * n_each);
    if (!alloy_shuffles_counted(shuffles, work->shell, centres, work->selection->count, counted, n, BINS,
                                nulls, work->run->progress, error))
        return FALSE;
    for (unsigned q = 0; q < n; q++)
        memcpy(alloy_quantity_at(work, q)->nulls, nulls + (size_t)q * n_each, n_each * sizeof *nulls);
    return TRUE;
}

/* How many of the selected atoms lie in a bin is hypergeometric: no draw is needed. */
static void count_bins(const AlloyStatisticsWork *work, AlloyQuantity *quantity)
{
    uint64_t count[BINS] = {0}, whole[BINS] = {0};
    for (size_t i = 0; i < work->atoms->n; i++) {
        if (isnan(quantity->values[i]))
            continue;
        unsigned bin = alloy_bin_of(quantity->edges, BINS, quantity->values[i]);
        whole[bin]++;
        count[bin] += work->mask[i];
    }
    for (unsigned b = 0; b < BINS; b++) {
        AlloyHypergeometric h =
            alloy_hypergeometric(count[b], work->selection->count, whole[b], work->atoms->n);
        quantity->nulls[ALLOY_N_SUMMARY + b] = (AlloyNull){(double)count[b], h.expected, h.sd, h.z, h.p, 0};
    }
}

static gboolean draw_sites(AlloyStatisticsWork *work, guint first, GError **error)
{
    const unsigned n = work->quantities->len - first;
    g_autofree const double **values = g_new(const double *, n + 1);
    g_autofree AlloyNull *nulls = g_new(AlloyNull, (size_t)n * ALLOY_N_SUMMARY + 1);
    for (unsigned q = 0; q < n; q++)
        values[q] = alloy_quantity_at(work, first + q)->values;
    if (!alloy_null_selections(values, n, work->mask, work->atoms->n, work->shuffles, work->run->seed, nulls,
                               work->run->progress, error))
        return FALSE;
    for (unsigned q = 0; q < n; q++)
        memcpy(alloy_quantity_at(work, first + q)->nulls, nulls + (size_t)q * ALLOY_N_SUMMARY,
               ALLOY_N_SUMMARY * sizeof *nulls);
    return TRUE;
}

gboolean alloy_statistics_nulls(AlloyStatisticsWork *work, GError **error)
{
    const guint first = n_counted(work) + (work->absent ? 1 : 0);
    if (work->selection->count == 0)
        return TRUE; /* nothing that chance could be held against */
    for (guint q = first; q < work->quantities->len; q++)
        count_bins(work, alloy_quantity_at(work, q));
    if (work->shuffles == 0)
        return TRUE;
    alloy_progress_stage(work->run->progress, 0.4, 0.7, "shuffling the species");
    if (work->sites->n_kinds > 1 && !shuffle_labels(work, error))
        return FALSE;
    alloy_progress_stage(work->run->progress, 0.7, 1, "drawing sites");
    return draw_sites(work, first, error);
}
