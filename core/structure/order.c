/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/order.h"

#include "core/base/parallel.h"

#include <math.h>
#include <string.h>

#define GRAIN 8192
#define AHEAD 8
#define ASK_EVERY 256 /* sites, between two questions whether to stop */
#define MOST_PAIRS (ALLOY_MOST_SPECIES * ALLOY_MOST_SPECIES)

double alloy_order_parameter(AlloyOrderForm form, double p, double concentration, gboolean same)
{
    if (form == ALLOY_ORDER_WARREN_COWLEY)
        return concentration > 0 ? 1 - p / concentration : NAN;
    double scale = (same ? 1 : 0) - concentration;
    return scale != 0 ? (p - concentration) / scale : NAN;
}

void alloy_order_range(AlloyOrderForm form, double concentration, gboolean same, double *lowest,
                       double *highest)
{
    double none = alloy_order_parameter(form, 0, concentration, same);
    double only = alloy_order_parameter(form, 1, concentration, same);
    *lowest = fmin(none, only);
    *highest = fmax(none, only);
}

double alloy_order_sum(AlloyOrderForm form, double share, double n, double concentration, gboolean same)
{
    if (form == ALLOY_ORDER_WARREN_COWLEY)
        return concentration > 0 ? n - share / concentration : NAN;
    double scale = (same ? 1 : 0) - concentration;
    return scale != 0 ? (share - n * concentration) / scale : NAN;
}

double alloy_order_sign(AlloyOrderForm form, gboolean same)
{
    return same && form == ALLOY_ORDER_PAIRWISE ? 1 : -1;
}

/* One block: pairs, evaluated, undefined [K*K] each, then neighbours [K]. */
static size_t totals_length(unsigned n_kinds)
{
    return 3 * (size_t)n_kinds * n_kinds + n_kinds;
}

static AlloyOrderTotals totals_at(uint64_t *numbers, unsigned n_kinds)
{
    size_t pairs = (size_t)n_kinds * n_kinds;
    return (AlloyOrderTotals){numbers, numbers + 3 * pairs, numbers + pairs, numbers + 2 * pairs};
}

AlloyOrderTotals *alloy_order_totals_new(unsigned n_kinds)
{
    AlloyOrderTotals *totals = g_new(AlloyOrderTotals, 1);
    *totals = totals_at(g_new0(uint64_t, totals_length(n_kinds)), n_kinds);
    return totals;
}

void alloy_order_totals_free(AlloyOrderTotals *totals)
{
    if (totals == NULL)
        return;
    g_free(totals->pairs);
    g_free(totals);
}

static inline void count_site(const AlloyOrder *order, size_t site, uint32_t *count)
{
    const uint32_t *row = alloy_shell_row(order->shell, site);
    const uint32_t n = order->shell->count[site];
    if (order->n_kinds == 2) {
        uint32_t ones = 0;
        for (uint32_t k = 0; k < n; k++)
            ones += order->label[row[k]];
        count[0] = n - ones;
        count[1] = ones;
        return;
    }
    memset(count, 0, order->n_kinds * sizeof *count);
    for (uint32_t k = 0; k < n; k++)
        count[order->label[row[k]]]++;
}

/* Atoms of a measured model stand in no order, so the rows of a list and the labels they point at are
 * anywhere in memory: both are asked for some sites before they are read. end: sites there are. */
static inline void look_ahead(const AlloyOrder *order, size_t site, size_t end)
{
    const AlloyShell *shell = order->shell;
    if (site + 2 * AHEAD >= end)
        return;
    const uint32_t *row = alloy_shell_row(shell, site + 2 * AHEAD);
    __builtin_prefetch(row);
    __builtin_prefetch(row + 16);
    row = alloy_shell_row(shell, site + AHEAD);
    const uint32_t n = MIN(shell->count[site + AHEAD], 16);
    for (uint32_t k = 0; k < n; k++)
        __builtin_prefetch(&order->label[row[k]]);
}

static inline gboolean is_centre(const AlloyOrder *order, size_t site)
{
    return order->is_centre == NULL || order->is_centre[site];
}

static inline double ratio(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

/* counts[site*K + j]: neighbours of kind j; what is pooled is read a dozen times. */
static void add_pooled(const AlloyOrder *order, const uint16_t *counts, size_t centre, uint64_t *pairs)
{
    if (!is_centre(order, centre))
        return;
    const unsigned K = order->n_kinds;
    uint64_t *row = pairs + (size_t)order->label[centre] * K;
    for (unsigned j = 0; j < K; j++)
        row[j] += counts[centre * K + j];
}

/* The parameters of all pairs in the neighbourhood of a site, NaN where undefined. */
static void pooled_at(const AlloyOrder *order, const uint16_t *counts, size_t site, double *values)
{
    const unsigned K = order->n_kinds;
    uint64_t pairs[MOST_PAIRS];
    memset(pairs, 0, sizeof *pairs * K * K);
    add_pooled(order, counts, site, pairs);
    const uint32_t *row = alloy_shell_row(order->ball, site);
    for (uint32_t k = 0; k < order->ball->count[site]; k++)
        add_pooled(order, counts, row[k], pairs);
    for (unsigned i = 0; i < K; i++) {
        uint64_t all = 0;
        for (unsigned j = 0; j < K; j++)
            all += pairs[i * K + j];
        for (unsigned j = 0; j < K; j++)
            values[i * K + j] = alloy_order_parameter(order->form, ratio(pairs[i * K + j], all),
                                                      order->concentration[j], i == j);
    }
}

/* Counts what is undefined, then puts 0 there and symmetrises where that is asked for. */
static void settle_pooled(const AlloyOrder *order, double *values, const AlloyOrderTotals *totals)
{
    const unsigned K = order->n_kinds;
    for (unsigned pair = 0; pair < K * K; pair++) {
        totals->evaluated[pair]++;
        if (isnan(values[pair])) {
            totals->undefined[pair]++;
            if (order->undefined_zero)
                values[pair] = 0;
        }
    }
    if (order->symmetrise)
        for (unsigned i = 0; i < K; i++)
            for (unsigned j = 0; j < i; j++)
                values[i * K + j] = values[j * K + i] = (values[i * K + j] + values[j * K + i]) / 2;
}

typedef struct {
    const AlloyOrder *order;
    const uint32_t *site;
    const uint16_t *counts; /* with ball only */
    double *const *columns;
    double *indicator;
    int target;
    uint64_t *blocks;
    const AlloyProgress *progress; /* of a long cutoff one block has millions of neighbours */
} ColumnsJob;

static void fill_rows(size_t begin, size_t end, void *data)
{
    const ColumnsJob *job = data;
    const AlloyOrder *order = job->order;
    const unsigned K = order->n_kinds;
    AlloyOrderTotals totals = totals_at(job->blocks + begin / GRAIN * totals_length(K), K);
    double values[MOST_PAIRS];
    uint32_t count[ALLOY_MOST_SPECIES];
    for (size_t row = begin; row < end; row++) {
        if (row % ASK_EVERY == 0 && alloy_progress_is_cancelled(job->progress))
            return; /* what is left out is never used */
        size_t site = job->site != NULL ? job->site[row] : row;
        if (site == G_MAXUINT32 || !is_centre(order, site)) {
            for (unsigned pair = 0; pair < K * K; pair++)
                job->columns[pair][row] = NAN;
            if (job->target >= 0)
                job->indicator[row] = NAN;
            continue;
        }
        const unsigned own = order->label[site];
        look_ahead(order, site, order->shell->n);
        count_site(order, site, count);
        for (unsigned j = 0; j < K; j++)
            totals.pairs[own * K + j] += count[j];
        totals.neighbours[own] += order->shell->count[site];
        if (order->ball != NULL) {
            pooled_at(order, job->counts, site, values);
            settle_pooled(order, values, &totals);
            for (unsigned pair = 0; pair < K * K; pair++)
                job->columns[pair][row] = values[pair];
        } else {
            const uint32_t all = order->shell->count[site];
            for (unsigned i = 0; i < K; i++)
                for (unsigned j = 0; i != own && j < K; j++)
                    job->columns[i * K + j][row] = NAN;
            for (unsigned j = 0; j < K; j++) {
                double value = alloy_order_parameter(order->form, ratio(count[j], all),
                                                     order->concentration[j], own == j);
                totals.evaluated[own * K + j]++;
                if (isnan(value)) {
                    totals.undefined[own * K + j]++;
                    value = order->undefined_zero ? 0 : NAN;
                }
                job->columns[own * K + j][row] = value;
            }
        }
        if (job->target >= 0) {
            unsigned target = (unsigned)job->target;
            double value = job->columns[own * K + target][row];
            job->indicator[row] = alloy_order_sign(order->form, own == target) > 0 ? value : 0 - value;
        }
    }
}

typedef struct {
    const AlloyOrder *order;
    uint16_t *counts;
} CountJob;

static void count_sites(size_t begin, size_t end, void *data)
{
    const CountJob *job = data;
    const unsigned K = job->order->n_kinds;
    uint32_t count[ALLOY_MOST_SPECIES];
    for (size_t site = begin; site < end; site++) {
        count_site(job->order, site, count);
        for (unsigned j = 0; j < K; j++)
            job->counts[site * K + j] = (uint16_t)count[j];
    }
}

gboolean alloy_order_columns(const AlloyOrder *order, const uint32_t *site, size_t n, double *const *columns,
                             int target, double *indicator, AlloyOrderTotals *totals, AlloyProgress *progress,
                             GError **error)
{
    const unsigned K = order->n_kinds;
    g_return_val_if_fail(K >= 1 && K <= ALLOY_MOST_SPECIES, FALSE);
    g_return_val_if_fail(order->ball != NULL || !order->symmetrise, FALSE);
    g_autofree uint16_t *counts = NULL;
    if (order->ball != NULL) {
        counts = g_new(uint16_t, order->shell->n * K + 1);
        CountJob job = {order, counts};
        if (!alloy_parallel_for(order->shell->n, GRAIN, count_sites, &job, NULL, error))
            return FALSE;
    }
    size_t blocks = alloy_parallel_blocks(n, GRAIN), length = totals_length(K);
    g_autofree uint64_t *numbers = g_new0(uint64_t, blocks * length + 1);
    ColumnsJob job = {order, site, counts, columns, indicator, target, numbers, progress};
    if (!alloy_parallel_for(n, GRAIN, fill_rows, &job, progress, error))
        return FALSE;
    for (size_t k = 0; k < blocks * length; k++)
        totals->pairs[k % length] += numbers[k];
    return TRUE;
}

/* --- the null --- */

unsigned alloy_order_statistics(unsigned n_kinds, int target)
{
    return 2 * n_kinds * n_kinds + (target >= 0);
}

typedef struct {
    const AlloyOrder *order;
    gboolean fixed_concentration;
    int target;
    unsigned n_statistics;
    const AlloyProgress *progress; /* asked in the middle of a batch; what is left out then is never used */
} NullJob;

/* What has no neighbours counts as 0 where that is asked for. */
static double mean_of(const AlloyOrder *order, double sum, double defined, double undefined)
{
    if (!order->undefined_zero)
        return defined > 0 ? sum / defined : NAN;
    double n = defined + undefined;
    return n > 0 ? (defined > 0 && !isnan(sum) ? sum / n : 0) : NAN;
}

static void centre_statistics(const AlloyTally *tally, double *statistics, void *data)
{
    const NullJob *job = data;
    const AlloyOrder *order = job->order;
    const unsigned K = tally->n_kinds;
    double concentration[ALLOY_MOST_SPECIES];
    double centres = 0;
    for (unsigned j = 0; j < K; j++)
        centres += (double)(tally->with[j] + tally->without[j]);
    for (unsigned j = 0; j < K; j++)
        concentration[j] = job->fixed_concentration ? order->concentration[j]
                                                    : (double)(tally->with[j] + tally->without[j]) / centres;
    double sum_target = 0, with = 0, without = 0;
    for (unsigned i = 0; i < K; i++) {
        uint64_t neighbours = 0;
        for (unsigned j = 0; j < K; j++)
            neighbours += tally->pairs[i * K + j];
        for (unsigned j = 0; j < K; j++) {
            double sum = alloy_order_sum(order->form, tally->share[i * K + j], (double)tally->with[i],
                                         concentration[j], i == j);
            statistics[i * K + j] = mean_of(order, sum, (double)tally->with[i], (double)tally->without[i]);
            statistics[K * K + i * K + j] = alloy_order_parameter(
                order->form, ratio(tally->pairs[i * K + j], neighbours), concentration[j], i == j);
            if ((int)j == job->target && tally->with[i] > 0)
                sum_target += alloy_order_sign(order->form, i == j) * sum;
        }
        with += (double)tally->with[i];
        without += (double)tally->without[i];
    }
    if (job->target >= 0)
        statistics[2 * K * K] = mean_of(order, sum_target, with, without);
}

/* The same for one arrangement of pooled neighbourhoods, site by site. */
static void shell_statistics(const AlloyOrder *order, const uint16_t *counts, int target, double *statistics)
{
    const unsigned K = order->n_kinds;
    g_autoptr(AlloyOrderTotals) totals = alloy_order_totals_new(K);
    double values[MOST_PAIRS], sum_target = 0;
    uint64_t n[MOST_PAIRS], n_target = 0;
    memset(n, 0, sizeof *n * K * K);
    memset(statistics, 0, sizeof *statistics * alloy_order_statistics(K, target));
    for (size_t site = 0; site < order->shell->n; site++) {
        if (!is_centre(order, site))
            continue;
        const unsigned own = order->label[site];
        pooled_at(order, counts, site, values);
        settle_pooled(order, values, totals);
        for (unsigned pair = 0; pair < K * K; pair++)
            if (!isnan(values[pair])) {
                statistics[pair] += values[pair];
                n[pair]++;
            }
        add_pooled(order, counts, site, totals->pairs);
        totals->neighbours[own] += order->shell->count[site];
        if (target >= 0 && !isnan(values[own * K + (unsigned)target])) {
            sum_target +=
                alloy_order_sign(order->form, (int)own == target) * values[own * K + (unsigned)target];
            n_target++;
        }
    }
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            unsigned pair = i * K + j;
            statistics[pair] = n[pair] > 0 ? statistics[pair] / (double)n[pair] : NAN;
            statistics[K * K + pair] =
                alloy_order_parameter(order->form, ratio(totals->pairs[pair], totals->neighbours[i]),
                                      order->concentration[j], i == j);
        }
    if (target >= 0)
        statistics[2 * K * K] = n_target > 0 ? sum_target / (double)n_target : NAN;
}

static void shell_kernel(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const NullJob *job = data;
    const size_t n = job->order->shell->n;
    const unsigned K = job->order->n_kinds;
    g_autofree uint8_t *label = g_malloc(n + 1);
    g_autofree uint16_t *counts = g_new(uint16_t, n * K + 1);
    for (unsigned lane = 0; lane < used && !alloy_progress_is_cancelled(job->progress); lane++) {
        AlloyOrder order = *job->order;
        order.label = label;
        double concentration[ALLOY_MOST_SPECIES];
        uint64_t centres[ALLOY_MOST_SPECIES] = {0}, all = 0;
        for (size_t i = 0; i < n; i++) {
            label[i] = lanes[i][lane];
            centres[label[i]] += is_centre(&order, i);
            all += is_centre(&order, i);
        }
        if (!job->fixed_concentration) {
            for (unsigned j = 0; j < K; j++)
                concentration[j] = ratio(centres[j], all);
            order.concentration = concentration;
        }
        CountJob count = {&order, counts};
        count_sites(0, n, &count);
        shell_statistics(&order, counts, job->target, statistics + (size_t)lane * job->n_statistics);
    }
}

gboolean alloy_order_null(const AlloyOrder *order, const AlloyShuffles *shuffles,
                          gboolean fixed_concentration, int target, AlloyNull *results,
                          AlloyProgress *progress, GError **error)
{
    const unsigned n_statistics = alloy_order_statistics(order->n_kinds, target);
    NullJob job = {order, fixed_concentration, target, n_statistics, progress};
    if (order->ball != NULL)
        return alloy_shuffles_run(shuffles, n_statistics, shell_kernel, &job, results, progress, error);
    g_autofree uint32_t *centres = NULL;
    size_t n_centres = order->shell->n;
    if (order->is_centre != NULL) {
        centres = g_new(uint32_t, order->shell->n + 1);
        n_centres = 0;
        for (size_t i = 0; i < order->shell->n; i++)
            if (order->is_centre[i])
                centres[n_centres++] = (uint32_t)i;
    }
    return alloy_shuffles_tally(shuffles, order->shell, centres, n_centres, FALSE, n_statistics,
                                centre_statistics, &job, results, progress, error);
}
