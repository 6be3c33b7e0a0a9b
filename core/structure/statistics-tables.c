/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/hypergeometric.h"
#include "core/base/statistics.h"
#include "core/structure/null-outputs.h"
#include "core/structure/statistics-private.h"

#include <string.h>

#define BINS ALLOY_STATISTICS_BINS
#define WILSON_Z 1.959963984540054 /* 95 % */

/* What the column `null` reads. Exact: from the hypergeometric distribution, which is what infinitely many
 * shuffles or draws would give. */
typedef enum { SHUFFLED, DRAWN, SHUFFLED_EXACT, DRAWN_EXACT, N_NULLS } NullName;
static const char *const null_names[N_NULLS] = {"species shuffled", "sites drawn", "species shuffled (exact)",
                                                "sites drawn (exact)"};

static NullName null_of(const AlloyQuantity *quantity)
{
    return quantity->chance == ALLOY_BY_LABELS ? SHUFFLED : DRAWN;
}

static void add_nulls(AlloyColumns *columns, uint32_t *codes, size_t n)
{
    alloy_columns_set(columns, alloy_column_new_text("null", codes, n, null_names, N_NULLS));
}

typedef struct {
    const char *name;
    double *values;
} Figure;

static void add_figures(AlloyColumns *columns, const char *unit, const Figure *figures, size_t rows)
{
    for (; figures->name != NULL; figures++)
        alloy_columns_set(columns, alloy_column_new_real(figures->name, unit, figures->values, rows));
}

/* The name of each quantity and its unit, each `repeats` times. */
static void add_names(AlloyColumns *columns, const AlloyStatisticsWork *work, size_t repeats)
{
    const guint Q = work->quantities->len;
    uint32_t *codes = alloy_array_new(uint32_t, Q * repeats);
    g_autofree const char **names = g_new(const char *, Q);
    for (guint q = 0; q < Q; q++) {
        names[q] = alloy_quantity_at(work, q)->name;
        for (size_t r = 0; r < repeats; r++)
            codes[q * repeats + r] = q;
    }
    alloy_columns_set(columns, alloy_column_new_text("quantity", codes, Q * repeats, names, Q));
}

static void add_units(AlloyColumns *columns, const AlloyStatisticsWork *work, size_t repeats)
{
    const guint Q = work->quantities->len;
    AlloyLabels *units = alloy_labels_new();
    uint32_t *codes = alloy_array_new(uint32_t, Q * repeats);
    for (guint q = 0; q < Q; q++) {
        const char *unit = alloy_quantity_at(work, q)->unit;
        for (size_t r = 0; r < repeats; r++)
            codes[q * repeats + r] = alloy_labels_add(units, unit, strlen(unit));
    }
    alloy_columns_set(columns, alloy_labels_finish(units, "unit", codes, Q * repeats));
}

static const AlloyTable *composition_table(const AlloyStatisticsWork *work)
{
    const AlloySites *sites = work->sites;
    const unsigned K = sites->n_kinds;
    uint64_t counts[ALLOY_MOST_SPECIES] = {0};
    for (size_t i = 0; i < work->atoms->n; i++)
        counts[sites->label[i]] += work->mask[i];
    uint32_t *species = alloy_array_new(uint32_t, K), *null = alloy_array_new(uint32_t, K);
    int64_t *count = alloy_array_new(int64_t, K), *whole = alloy_array_new(int64_t, K);
    const char *names[ALLOY_MOST_SPECIES];
    enum { FRACTION, ERROR, LOW, HIGH, WHOLE, EXPECTED, SD, END };
    static const char *const figure_names[END] = {"fraction",       "error",    "low",    "high",
                                                  "whole_fraction", "expected", "null_sd"};
    Figure figures[END + 1] = {0};
    for (unsigned f = 0; f < END; f++)
        figures[f] = (Figure){figure_names[f], alloy_array_new(double, K)};
    double *z = alloy_array_new(double, K), *p = alloy_array_new(double, K),
           *adjusted = alloy_array_new(double, K);
    double tested[ALLOY_MOST_SPECIES];
    const uint64_t n = work->selection->count, N = work->atoms->n;
    for (unsigned j = 0; j < K; j++) {
        names[j] = alloy_sites_name(sites, work->atoms, j);
        species[j] = j;
        null[j] = SHUFFLED_EXACT;
        count[j] = (int64_t)counts[j];
        whole[j] = (int64_t)sites->whole[j];
        AlloyHypergeometric h = alloy_hypergeometric(counts[j], n, sites->whole[j], N);
        figures[FRACTION].values[j] = (double)counts[j] / (double)n;
        figures[ERROR].values[j] = alloy_binomial_error(counts[j], n);
        alloy_binomial_interval(counts[j], n, WILSON_Z, &figures[LOW].values[j], &figures[HIGH].values[j]);
        figures[WHOLE].values[j] = work->concentration[j];
        figures[EXPECTED].values[j] = h.expected;
        figures[SD].values[j] = h.sd;
        z[j] = h.z;
        p[j] = n > 0 ? h.p : (double)NAN;
        tested[j] = h.sd > 0 ? h.p : (double)NAN;
    }
    alloy_adjust_p(tested, K, adjusted);
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_text("species", species, K, names, K));
    alloy_columns_set(columns, alloy_column_new_integer("count", ALLOY_UNIT_NONE, count, K));
    alloy_columns_set(columns, alloy_column_new_integer("whole_count", ALLOY_UNIT_NONE, whole, K));
    add_nulls(columns, null, K);
    add_figures(columns, ALLOY_UNIT_NONE, figures, K);
    const double adjusted_floor = alloy_adjusted_floor(tested, adjusted, K, ALLOY_LEAST_P);
    alloy_columns_set(columns, alloy_column_new_real("z", ALLOY_UNIT_NONE, z, K));
    alloy_columns_set(
        columns, alloy_column_with_floor(alloy_column_new_real("p", ALLOY_UNIT_NONE, p, K), ALLOY_LEAST_P));
    alloy_columns_set(
        columns, alloy_column_with_floor(alloy_column_new_real("p_adjusted", ALLOY_UNIT_NONE, adjusted, K),
                                         adjusted_floor));
    return alloy_table_new("composition", columns, NULL);
}

/* The numbers among the values, of the selected atoms or of all, in ascending order. */
static size_t sorted_numbers(const AlloyStatisticsWork *work, const double *values, gboolean all, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < work->atoms->n; i++)
        if ((all || work->mask[i]) && !isnan(values[i]))
            out[n++] = values[i];
    alloy_sort_doubles(out, n);
    return n;
}

static AlloyMoments summary_of(const AlloyStatisticsWork *work, const double *values, gboolean all,
                               double *sorted, double summary[ALLOY_N_SUMMARY])
{
    size_t n = sorted_numbers(work, values, all, sorted);
    AlloyMoments moments = alloy_moments(sorted, n);
    const double figures[ALLOY_N_SUMMARY] = {
        [ALLOY_SUMMARY_MEAN] = moments.mean,
        [ALLOY_SUMMARY_SD] = moments.sd,
        [ALLOY_SUMMARY_MIN] = moments.min,
        [ALLOY_SUMMARY_Q25] = alloy_quantile_sorted(sorted, n, 0.25),
        [ALLOY_SUMMARY_MEDIAN] = alloy_quantile_sorted(sorted, n, 0.5),
        [ALLOY_SUMMARY_Q75] = alloy_quantile_sorted(sorted, n, 0.75),
        [ALLOY_SUMMARY_MAX] = moments.max,
    };
    memcpy(summary, figures, sizeof figures);
    return moments;
}

static const AlloyTable *statistics_table(const AlloyStatisticsWork *work, const double *part,
                                          const double *whole, const AlloyMoments *moments)
{
    const guint Q = work->quantities->len;
    uint32_t *null = alloy_array_new(uint32_t, Q);
    int64_t *numbers = alloy_array_new(int64_t, Q), *missing = alloy_array_new(int64_t, Q);
    enum { MEAN, SD, SEM, MIN, QUARTER, MEDIAN, THREE_QUARTERS, MAX, WHOLE, DIFFERENCE, END };
    static const char *const figure_names[END] = {"mean",   "sd",  "sem", "min",        "q25",
                                                  "median", "q75", "max", "whole_mean", "difference"};
    Figure figures[END + 1] = {0};
    for (unsigned f = 0; f < END; f++)
        figures[f] = (Figure){figure_names[f], alloy_array_new(double, Q)};
    AlloyNullColumns chance = alloy_null_columns(Q, work->shuffles);
    chance.unit = ALLOY_UNIT_OF_ROW;
    for (guint q = 0; q < Q; q++) {
        const AlloyQuantity *quantity = alloy_quantity_at(work, q);
        const double *of_part = part + (size_t)q * ALLOY_N_SUMMARY;
        const double whole_mean = whole[(size_t)q * ALLOY_N_SUMMARY + ALLOY_SUMMARY_MEAN];
        null[q] = null_of(quantity);
        numbers[q] = (int64_t)moments[q].n;
        missing[q] = (int64_t)(work->selection->count - moments[q].n);
        const double row[END] = {[MEAN] = of_part[ALLOY_SUMMARY_MEAN],
                                 [SD] = of_part[ALLOY_SUMMARY_SD],
                                 [SEM] = moments[q].sem,
                                 [MIN] = of_part[ALLOY_SUMMARY_MIN],
                                 [QUARTER] = of_part[ALLOY_SUMMARY_Q25],
                                 [MEDIAN] = of_part[ALLOY_SUMMARY_MEDIAN],
                                 [THREE_QUARTERS] = of_part[ALLOY_SUMMARY_Q75],
                                 [MAX] = of_part[ALLOY_SUMMARY_MAX],
                                 [WHOLE] = whole_mean,
                                 [DIFFERENCE] = of_part[ALLOY_SUMMARY_MEAN] - whole_mean};
        for (unsigned f = 0; f < END; f++)
            figures[f].values[q] = row[f];
        alloy_null_columns_set(&chance, q, &quantity->nulls[ALLOY_SUMMARY_MEAN]);
    }
    AlloyColumns *columns = alloy_columns_new();
    add_names(columns, work, 1);
    add_units(columns, work, 1);
    alloy_columns_set(columns, alloy_column_new_integer("n", ALLOY_UNIT_NONE, numbers, Q));
    alloy_columns_set(columns, alloy_column_new_integer("missing", ALLOY_UNIT_NONE, missing, Q));
    add_nulls(columns, null, Q);
    add_figures(columns, ALLOY_UNIT_OF_ROW, figures, Q);
    alloy_null_columns_finish(&chance, columns, "", TRUE);
    return alloy_table_new("statistics", columns, NULL);
}

/* Every statistic of every quantity beside its null, one a row. */
static const AlloyTable *tests_table(const AlloyStatisticsWork *work, const double *part, const double *whole)
{
    const size_t rows = (size_t)work->quantities->len * ALLOY_N_SUMMARY;
    uint32_t *statistic = alloy_array_new(uint32_t, rows), *null = alloy_array_new(uint32_t, rows);
    double *value = alloy_array_new(double, rows), *of_whole = alloy_array_new(double, rows);
    AlloyNullColumns chance = alloy_null_columns(rows, work->shuffles);
    chance.unit = ALLOY_UNIT_OF_ROW;
    for (size_t row = 0; row < rows; row++) {
        const AlloyQuantity *quantity = alloy_quantity_at(work, (guint)(row / ALLOY_N_SUMMARY));
        statistic[row] = (uint32_t)(row % ALLOY_N_SUMMARY);
        null[row] = null_of(quantity);
        value[row] = part[row];
        of_whole[row] = whole[row];
        alloy_null_columns_set(&chance, row, &quantity->nulls[statistic[row]]);
    }
    AlloyColumns *columns = alloy_columns_new();
    add_names(columns, work, ALLOY_N_SUMMARY);
    alloy_columns_set(
        columns, alloy_column_new_text("statistic", statistic, rows, alloy_summary_names, ALLOY_N_SUMMARY));
    add_units(columns, work, ALLOY_N_SUMMARY);
    add_nulls(columns, null, rows);
    const Figure figures[] = {{"value", value}, {"whole", of_whole}, {NULL, NULL}};
    add_figures(columns, ALLOY_UNIT_OF_ROW, figures, rows);
    alloy_null_columns_finish(&chance, columns, "", TRUE);
    return alloy_table_new("tests", columns, NULL);
}

/* Every quantity over its range in bins of equal width, the selection beside the whole and beside chance. */
static const AlloyTable *distribution_table(const AlloyStatisticsWork *work)
{
    const guint Q = work->quantities->len;
    const size_t rows = (size_t)Q * BINS;
    uint32_t *null = alloy_array_new(uint32_t, rows);
    double *low = alloy_array_new(double, rows), *high = alloy_array_new(double, rows);
    int64_t *count = alloy_array_new(int64_t, rows), *whole = alloy_array_new(int64_t, rows);
    memset(count, 0, rows * sizeof *count);
    memset(whole, 0, rows * sizeof *whole);
    AlloyNullColumns chance = alloy_null_columns(rows, work->shuffles);
    chance.exact = TRUE;
    for (guint q = 0; q < Q; q++) {
        const AlloyQuantity *quantity = alloy_quantity_at(work, q);
        const size_t first = (size_t)q * BINS;
        for (unsigned b = 0; b < BINS; b++) {
            null[first + b] = quantity->chance == ALLOY_BY_LABELS ? SHUFFLED : DRAWN_EXACT;
            low[first + b] = quantity->edges[b];
            high[first + b] = quantity->edges[b + 1];
            alloy_null_columns_set(&chance, first + b, &quantity->nulls[ALLOY_N_SUMMARY + b]);
        }
        for (size_t i = 0; i < work->atoms->n; i++) {
            if (isnan(quantity->values[i]))
                continue;
            unsigned bin = alloy_bin_of(quantity->edges, BINS, quantity->values[i]);
            whole[first + bin]++;
            count[first + bin] += work->mask[i];
        }
    }
    AlloyColumns *columns = alloy_columns_new();
    add_names(columns, work, BINS);
    add_units(columns, work, BINS);
    add_nulls(columns, null, rows);
    const Figure edges[] = {{"low", low}, {"high", high}, {NULL, NULL}};
    add_figures(columns, ALLOY_UNIT_OF_ROW, edges, rows);
    alloy_columns_set(columns, alloy_column_new_integer("count", ALLOY_UNIT_NONE, count, rows));
    alloy_columns_set(columns, alloy_column_new_integer("whole_count", ALLOY_UNIT_NONE, whole, rows));
    alloy_null_columns_finish(&chance, columns, "", TRUE);
    return alloy_table_new("distribution", columns, NULL);
}

gboolean alloy_statistics_tables(const AlloyStatisticsWork *work, GError **error)
{
    const size_t Q = work->quantities->len;
    g_autofree double *part = g_new(double, Q *ALLOY_N_SUMMARY + 1), *sorted = g_new(double, work->atoms->n);
    g_autofree double *whole = g_new(double, Q *ALLOY_N_SUMMARY + 1);
    g_autofree AlloyMoments *moments = g_new(AlloyMoments, Q + 1);
    for (guint q = 0; q < Q; q++) {
        const double *values = alloy_quantity_at(work, q)->values;
        if (!alloy_progress_check(work->run->progress, error))
            return FALSE;
        moments[q] = summary_of(work, values, FALSE, sorted, part + (size_t)q * ALLOY_N_SUMMARY);
        summary_of(work, values, TRUE, sorted, whole + (size_t)q * ALLOY_N_SUMMARY);
    }
    alloy_run_add_table(work->run, statistics_table(work, part, whole, moments));
    alloy_run_add_table(work->run, composition_table(work));
    alloy_run_add_table(work->run, distribution_table(work));
    alloy_run_add_table(work->run, tests_table(work, part, whole));
    return TRUE;
}
