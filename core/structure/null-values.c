/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/statistics.h"

#include <string.h>

/* Nulls of whole distributions: what a shuffle or a draw makes of quartiles, spread and histogram. */

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

/* --- species labels shuffled --- */

typedef uint16_t Wide __attribute__((vector_size(2 * ALLOY_NULL_LANES)));

/* Counters of one arrangement: [own * cells + offset[c] + k]. */
#define MOST_COUNTERS (1u << 22)

/* The counters that make one quantity, by ascending value. */
typedef struct {
    size_t n;
    double *value;
    uint32_t *counter;
    uint32_t *bin;
} Plan;

typedef struct {
    const AlloyShell *shell;
    const uint32_t *centres;
    size_t n_centres;
    const AlloyCounted *quantities;
    unsigned n_kinds, n_quantities, n_bins;
    size_t cells;
    uint32_t *offset; /* of each number of neighbours that a centre has */
    Plan *plans;
} CountedJob;

static inline uint32_t centre_at(const CountedJob *job, size_t k)
{
    return job->centres != NULL ? job->centres[k] : (uint32_t)k;
}

typedef struct {
    double value;
    uint32_t counter;
} Cell;

static int compare_cells(const void *a, const void *b)
{
    const Cell *p = a, *q = b;
    if (p->value != q->value)
        return p->value < q->value ? -1 : 1;
    return (p->counter > q->counter) - (p->counter < q->counter);
}

static void make_plan(const CountedJob *job, const uint8_t *present, uint32_t most,
                      const AlloyCounted *quantity, Plan *plan)
{
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    for (unsigned own = 0; own < job->n_kinds; own++)
        for (uint32_t c = 1; c <= most; c++)
            for (uint32_t k = 0; present[c] && k <= c; k++) {
                Cell cell = {quantity->value(own, k, c, quantity->data),
                             (uint32_t)(own * job->cells + job->offset[c] + k)};
                if (!isnan(cell.value))
                    g_array_append_val(cells, cell);
            }
    g_array_sort(cells, compare_cells);
    plan->n = cells->len;
    plan->value = g_new(double, plan->n + 1);
    plan->counter = g_new(uint32_t, plan->n + 1);
    plan->bin = g_new(uint32_t, plan->n + 1);
    for (guint k = 0; k < cells->len; k++) {
        const Cell *cell = &g_array_index(cells, Cell, k);
        plan->value[k] = cell->value;
        plan->counter[k] = cell->counter;
        plan->bin[k] = job->n_bins > 0 ? alloy_bin_of(quantity->edges, job->n_bins, cell->value) : 0;
    }
}

static void make_plans(CountedJob *job)
{
    uint32_t most = 0;
    for (size_t k = 0; k < job->n_centres; k++)
        most = MAX(most, job->shell->count[centre_at(job, k)]);
    g_autofree uint8_t *present = g_malloc0((size_t)most + 1);
    for (size_t k = 0; k < job->n_centres; k++)
        present[job->shell->count[centre_at(job, k)]] = 1;
    job->offset = g_new0(uint32_t, (size_t)most + 1);
    for (uint32_t c = 1; c <= most; c++)
        if (present[c]) {
            job->offset[c] = (uint32_t)job->cells;
            job->cells += c + 1;
        }
    job->plans = g_new0(Plan, job->n_quantities + 1u);
    for (unsigned q = 0; q < job->n_quantities; q++)
        make_plan(job, present, most, &job->quantities[q], &job->plans[q]);
}

/* Neighbours of one kind, in all lanes. */
static inline void count_kind(const AlloyLanes *lanes, const uint32_t *row, uint32_t count, uint8_t kind,
                              Wide *near)
{
    *near = (Wide){0};
    for (uint32_t begin = 0; begin < count; begin += 255) {
        uint32_t end = MIN(count, begin + 255);
        AlloyLanes sum = {0};
        for (uint32_t j = begin; j < end; j++)
            sum -= (AlloyLanes)(lanes[row[j]] == kind);
        *near += __builtin_convertvector(sum, Wide);
    }
}

static void count_cells(const CountedJob *job, const AlloyLanes *lanes, unsigned kind, unsigned first,
                        unsigned end, uint32_t *counters)
{
    const size_t per_lane = job->n_kinds * job->cells;
    memset(counters, 0, (end - first) * per_lane * sizeof *counters);
    for (size_t k = 0; k < job->n_centres; k++) {
        const uint32_t site = centre_at(job, k), c = job->shell->count[site];
        if (c == 0)
            continue;
        Wide near;
        count_kind(lanes, alloy_shell_row(job->shell, site), c, (uint8_t)kind, &near);
        const AlloyLanes own = lanes[site];
        uint32_t *at = counters + job->offset[c];
        for (unsigned lane = first; lane < end; lane++, at += per_lane)
            at[own[lane] * job->cells + near[lane]]++;
    }
}

static void counted_lanes(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const CountedJob *job = data;
    const size_t per_lane = job->n_kinds * job->cells;
    const unsigned width = per_lane * ALLOY_NULL_LANES <= MOST_COUNTERS ? ALLOY_NULL_LANES : 1;
    const unsigned n_each = ALLOY_N_SUMMARY + job->n_bins;
    size_t most = 0;
    for (unsigned q = 0; q < job->n_quantities; q++)
        most = MAX(most, job->plans[q].n);
    g_autofree uint32_t *counters = g_new(uint32_t, width * per_lane + 1);
    g_autofree uint32_t *count = g_new(uint32_t, most + 1);
    for (unsigned kind = 0; kind < job->n_kinds; kind++) {
        gboolean wanted = FALSE;
        for (unsigned q = 0; q < job->n_quantities; q++)
            wanted |= job->quantities[q].kind == kind;
        for (unsigned first = 0; wanted && first < used; first += width) {
            const unsigned end = MIN(first + width, used);
            count_cells(job, lanes, kind, first, end, counters);
            for (unsigned lane = first; lane < end; lane++) {
                const uint32_t *of_lane = counters + (lane - first) * per_lane;
                for (unsigned q = 0; q < job->n_quantities; q++) {
                    if (job->quantities[q].kind != kind)
                        continue;
                    const Plan *plan = &job->plans[q];
                    double *out = statistics + ((size_t)lane * job->n_quantities + q) * n_each;
                    double *bins = out + ALLOY_N_SUMMARY;
                    for (unsigned b = 0; b < job->n_bins; b++)
                        bins[b] = 0;
                    for (size_t k = 0; k < plan->n; k++) {
                        count[k] = of_lane[plan->counter[k]];
                        if (job->n_bins > 0)
                            bins[plan->bin[k]] += count[k];
                    }
                    alloy_summarise(plan->value, count, plan->n, out);
                }
            }
        }
    }
}

gboolean alloy_shuffles_counted(const AlloyShuffles *shuffles, const AlloyShell *shell,
                                const uint32_t *centres, size_t n_centres, const AlloyCounted *quantities,
                                unsigned n_quantities, unsigned n_bins, AlloyNull *results,
                                AlloyProgress *progress, GError **error)
{
    CountedJob job = {.shell = shell,
                      .centres = centres,
                      .n_centres = centres != NULL ? n_centres : shell->n,
                      .quantities = quantities,
                      .n_kinds = alloy_shuffles_kinds(shuffles),
                      .n_quantities = n_quantities,
                      .n_bins = n_bins};
    make_plans(&job);
    gboolean good = alloy_shuffles_run(shuffles, n_quantities * (ALLOY_N_SUMMARY + n_bins), counted_lanes,
                                       &job, results, progress, error);
    for (unsigned q = 0; q < n_quantities; q++) {
        g_free(job.plans[q].value);
        g_free(job.plans[q].counter);
        g_free(job.plans[q].bin);
    }
    g_free(job.plans);
    g_free(job.offset);
    return good;
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
        for (unsigned q = 0; q < job->n_quantities; q++) {
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
    for (unsigned q = 0; q < n_quantities; q++)
        sort_sites(quantities[q], n, &sorted[q]);
    const unsigned n_statistics = n_quantities * ALLOY_N_SUMMARY;
    g_autofree double *values = g_new0(double, ((size_t)shuffles + 1) * n_statistics + 1);
    SelectionJob job = {sorted,          n_quantities, selected, n,       MIN(size, n - size),
                        size > n - size, seed,         values,   progress};
    gboolean good = alloy_parallel_for((size_t)shuffles + 1, SELECTIONS_PER_BLOCK, draw_selections, &job,
                                       progress, error);
    if (good)
        alloy_null_summarise_all(values, shuffles, n_statistics, results);
    for (unsigned q = 0; q < n_quantities; q++) {
        g_free(sorted[q].site);
        g_free(sorted[q].value);
    }
    return good;
}
