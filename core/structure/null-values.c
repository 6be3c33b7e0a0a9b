/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-private.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/statistics.h"

#include <string.h>

/* What is said of a distribution, and what drawing sites at random makes of it. */

const char *const alloy_summary_names[ALLOY_N_SUMMARY] = {"mean", "sd", "min", "q25", "median", "q75", "max"};

uint64_t alloy_summarise(const double *value, const uint32_t *count, size_t n,
                         double summary[ALLOY_N_SUMMARY])
{
    for (unsigned s = 0; s < ALLOY_N_SUMMARY; s++)
        summary[s] = NAN;
    uint64_t numbers = 0;
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        numbers += count[k];
        sum += count[k] * value[k];
    }
    if (numbers == 0)
        return 0;
    const double mean = sum / (double)numbers;
    uint64_t rank[3], passed = 0;
    double fraction[3], low[3] = {NAN, NAN, NAN}, high[3] = {NAN, NAN, NAN}, squares = 0, rest = 0;
    for (int q = 0; q < 3; q++) {
        double place = 0.25 * (q + 1) * (double)(numbers - 1);
        rank[q] = (uint64_t)place;
        fraction[q] = place - (double)rank[q];
    }
    for (size_t k = 0; k < n; k++) {
        if (count[k] == 0)
            continue;
        const double d = value[k] - mean;
        squares += count[k] * (d * d);
        rest += count[k] * d;
        if (passed == 0)
            summary[ALLOY_SUMMARY_MIN] = value[k];
        summary[ALLOY_SUMMARY_MAX] = value[k];
        const uint64_t end = passed + count[k];
        for (int q = 0; q < 3; q++) {
            if (passed <= rank[q] && rank[q] < end)
                low[q] = value[k];
            if (passed <= rank[q] + 1 && rank[q] + 1 < end)
                high[q] = value[k];
        }
        passed = end;
    }
    /* As alloy_quantile_sorted has it. */
    for (int q = 0; q < 3; q++)
        summary[ALLOY_SUMMARY_Q25 + q] = fraction[q] > 0 && high[q] != low[q] && !isnan(high[q])
                                             ? low[q] + fraction[q] * (high[q] - low[q])
                                             : low[q];
    if (isfinite(mean))
        summary[ALLOY_SUMMARY_MEAN] = mean;
    squares = fmax(0, squares - rest * rest / (double)numbers);
    if (numbers > 1 && summary[ALLOY_SUMMARY_MIN] == summary[ALLOY_SUMMARY_MAX])
        summary[ALLOY_SUMMARY_SD] = 0; /* not the rounding of the mean */
    else if (numbers > 1 && isfinite(squares))
        summary[ALLOY_SUMMARY_SD] = sqrt(squares / (double)(numbers - 1));
    return numbers;
}

unsigned alloy_bin_of(const double *edges, unsigned n_bins, double value)
{
    unsigned low = 0, high = n_bins;
    if (!(edges[0] < edges[n_bins]))
        return 0;
    const double slack = 1e-12 * (edges[n_bins] - edges[0]);
    while (low + 1 < high) {
        unsigned middle = (low + high) / 2;
        if (value < edges[middle] - slack)
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* --- sites drawn at random --- */

typedef struct {
    size_t n;
    double *value; /* ascending */
    uint32_t *site;
} Sorted;

typedef struct {
    const Sorted *sorted;
    unsigned n_quantities;
    const uint8_t *selected;
    size_t n, draws; /* draws: the smaller of the selection and the rest */
    gboolean rest;   /* what is drawn is the rest */
    uint64_t seed;
    double *values;
    const AlloyProgress *progress; /* a block of a million sites takes longer than a cancel may wait */
} SelectionJob;

#define SELECTIONS_PER_BLOCK 16

static void draw_selections(size_t begin, size_t end, void *data)
{
    const SelectionJob *job = data;
    g_autofree uint8_t *mark = g_malloc(job->n + 1);
    g_autofree uint32_t *count = g_new(uint32_t, job->n + 1);
    for (size_t k = begin; k < end && !alloy_progress_is_cancelled(job->progress); k++) {
        if (k == 0) {
            for (size_t i = 0; i < job->n; i++)
                mark[i] = (job->selected[i] != 0) != job->rest;
        } else {
            /* Streams apart from those of the shuffles, which are counted from 0. */
            AlloyRandom random;
            alloy_random_init(&random, job->seed, (UINT64_C(1) << 63) | k);
            memset(mark, 0, job->n);
            for (size_t d = 0; d < job->draws; d++) {
                uint32_t site;
                do
                    site = alloy_random_below(&random, (uint32_t)job->n);
                while (mark[site]);
                mark[site] = 1;
            }
        }
        for (unsigned q = 0; q < job->n_quantities && !alloy_progress_is_cancelled(job->progress); q++) {
            const Sorted *sorted = &job->sorted[q];
            for (size_t i = 0; i < sorted->n; i++)
                count[i] = mark[sorted->site[i]] != job->rest;
            alloy_summarise(sorted->value, count, sorted->n,
                            job->values + (k * job->n_quantities + q) * ALLOY_N_SUMMARY);
        }
    }
}

static int compare_sites(const void *a, const void *b, void *data)
{
    const double *value = data, p = value[*(const uint32_t *)a], q = value[*(const uint32_t *)b];
    if (p != q)
        return p < q ? -1 : 1;
    return 0; /* g_qsort_with_data is stable */
}

static void sort_sites(const double *value, size_t n, Sorted *sorted)
{
    sorted->site = g_new(uint32_t, n + 1);
    sorted->value = g_new(double, n + 1);
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]))
            sorted->site[sorted->n++] = (uint32_t)i;
    /* sizes beyond gint are far beyond what is shuffled */
    g_return_if_fail(sorted->n <= G_MAXINT);
    g_qsort_with_data(sorted->site, (gint)sorted->n, sizeof *sorted->site, compare_sites, (gpointer)value);
    for (size_t k = 0; k < sorted->n; k++)
        sorted->value[k] = value[sorted->site[k]];
}

gboolean alloy_null_selections(const double *const *quantities, unsigned n_quantities,
                               const uint8_t *selected, size_t n, unsigned shuffles, uint64_t seed,
                               AlloyNull *results, AlloyProgress *progress, GError **error)
{
    g_return_val_if_fail(n < G_MAXUINT32, FALSE);
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += selected[i] != 0;
    g_autofree Sorted *sorted = g_new0(Sorted, n_quantities + 1u);
    for (unsigned q = 0; q < n_quantities && !alloy_progress_is_cancelled(progress); q++)
        sort_sites(quantities[q], n, &sorted[q]);
    const unsigned n_statistics = n_quantities * ALLOY_N_SUMMARY;
    g_autofree double *values = alloy_null_values_new(shuffles, n_statistics, error);
    SelectionJob job = {sorted,          n_quantities, selected, n,       MIN(size, n - size),
                        size > n - size, seed,         values,   progress};
    gboolean good = values != NULL &&
                    alloy_parallel_for((size_t)shuffles + 1, SELECTIONS_PER_BLOCK, draw_selections, &job,
                                       progress, error) &&
                    alloy_null_summarise_all(values, shuffles, n_statistics, results, progress, error);
    for (unsigned q = 0; q < n_quantities; q++) {
        g_free(sorted[q].site);
        g_free(sorted[q].value);
    }
    return good;
}
