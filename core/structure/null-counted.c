/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-private.h"

#include "core/base/statistics.h"

#include <string.h>

/* Whole distributions of what a site has by its own label and its neighbours, in every shuffle of the labels.
 *
 * Within a first shell there are few numbers of neighbours c, so few different (own label, c, k): one counter
 * for each, whose value was computed and sorted beforehand. Within a long cutoff c differs from site to site
 * and the counters are quadratic in it, far more than there are sites: then every site has its value
 * computed, and they are sorted. Both ways end with the same list of different values and how often each
 * comes, and so with the same numbers. */

/* Counters of one arrangement; 16 arrangements are counted at a time, in each thread. */
#define MOST_COUNTERS ((size_t)1 << 18)
/* A site takes as long to compute and sort as this many counters to clear, add up and summarise. */
#define COUNTERS_PER_SITE 8
#define ENOUGH 4096 /* counters that are nothing to speak of, however few sites there are */
/* Neighbours that are looked at between two questions whether to stop. */
#define ASK_EVERY 65536

/* The counters that make one quantity, by ascending value, and the different values. */
typedef struct {
    size_t n, n_values;
    uint32_t *counter;
    uint32_t *place; /* of the counter's value among the different ones */
    double *value;
    uint32_t *bin;
} Plan;

typedef struct {
    const AlloyShell *shell;
    const uint32_t *centres;
    size_t n_centres;
    const AlloyCounted *quantities;
    unsigned n_kinds, n_quantities, n_bins;
    const AlloyProgress *progress; /* asked in the middle of a batch; what is left out then is never used */
    /* by cell: the counter of own, c, k is own * cells + offset[c] + k */
    gboolean by_cell;
    size_t cells;
    uint32_t *offset; /* of each number of neighbours that a centre has */
    Plan *plans;
} CountedJob;

static inline uint32_t centre_at(const CountedJob *job, size_t k)
{
    return job->centres != NULL ? job->centres[k] : (uint32_t)k;
}

static inline gboolean cancelled(const CountedJob *job)
{
    return G_UNLIKELY(alloy_progress_is_cancelled(job->progress));
}

/* -0 becomes 0, so that equal values are the same values. */
static inline double value_of(const AlloyCounted *quantity, unsigned own, uint32_t k, uint32_t c)
{
    return quantity->value(own, k, c, quantity->data) + 0.0;
}

/* --- by cell --- */

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
        for (uint32_t c = 1; c <= most && !cancelled(job); c++)
            for (uint32_t k = 0; present[c] && k <= c; k++) {
                Cell cell = {value_of(quantity, own, k, c),
                             (uint32_t)(own * job->cells + job->offset[c] + k)};
                if (!isnan(cell.value))
                    g_array_append_val(cells, cell);
            }
    g_array_sort(cells, compare_cells);
    plan->n = cells->len;
    plan->counter = g_new(uint32_t, plan->n + 1);
    plan->place = g_new(uint32_t, plan->n + 1);
    plan->value = g_new(double, plan->n + 1);
    plan->bin = g_new0(uint32_t, plan->n + 1);
    for (guint k = 0; k < cells->len; k++) {
        const Cell *cell = &g_array_index(cells, Cell, k);
        if (plan->n_values == 0 || plan->value[plan->n_values - 1] != cell->value) {
            if (job->n_bins > 0)
                plan->bin[plan->n_values] = alloy_bin_of(quantity->edges, job->n_bins, cell->value);
            plan->value[plan->n_values++] = cell->value;
        }
        plan->counter[k] = cell->counter;
        plan->place[k] = (uint32_t)plan->n_values - 1;
    }
}

/* Chooses the way, and prepares the one that needs it. */
static void prepare(CountedJob *job, AlloyCountedWay way)
{
    uint32_t most = 0;
    for (size_t k = 0; k < job->n_centres; k++)
        most = MAX(most, job->shell->count[centre_at(job, k)]);
    g_autofree uint8_t *present = g_malloc0((size_t)most + 1);
    for (size_t k = 0; k < job->n_centres; k++)
        present[job->shell->count[centre_at(job, k)]] = 1;
    for (uint32_t c = 1; c <= most; c++)
        job->cells += present[c] ? (size_t)c + 1 : 0;
    const size_t counters = job->n_kinds * job->cells;
    if (way == ALLOY_COUNTED_AUTO)
        way = counters <= ENOUGH ||
                      (counters <= MOST_COUNTERS && counters / COUNTERS_PER_SITE <= job->n_centres)
                  ? ALLOY_COUNTED_BY_CELL
                  : ALLOY_COUNTED_BY_SITE;
    job->by_cell = way == ALLOY_COUNTED_BY_CELL;
    if (!job->by_cell)
        return;
    g_return_if_fail(counters < G_MAXUINT32);
    job->offset = g_new0(uint32_t, (size_t)most + 1);
    uint32_t offset = 0;
    for (uint32_t c = 1; c <= most; c++)
        if (present[c]) {
            job->offset[c] = offset;
            offset += c + 1;
        }
    job->plans = g_new0(Plan, job->n_quantities + 1u);
    for (unsigned q = 0; q < job->n_quantities && !cancelled(job); q++)
        make_plan(job, present, most, &job->quantities[q], &job->plans[q]);
}

static void clear_job(CountedJob *job)
{
    for (unsigned q = 0; job->plans != NULL && q < job->n_quantities; q++) {
        g_free(job->plans[q].counter);
        g_free(job->plans[q].place);
        g_free(job->plans[q].value);
        g_free(job->plans[q].bin);
    }
    g_free(job->plans);
    g_free(job->offset);
}

/* --- one batch --- */

/* What a thread has for the lanes of a batch. */
typedef struct {
    AlloyWide *near;    /* neighbours of one kind, of each centre */
    uint32_t *counters; /* by cell: of each lane */
    double *value;      /* by site: of the centres */
    uint32_t *count;    /* of each different value */
} Room;

static void count_near(const CountedJob *job, const AlloyLanes *lanes, unsigned kind, AlloyWide *near)
{
    const gboolean ones = job->n_kinds == 2 && kind == 1;
    size_t looked_at = 0;
    for (size_t k = 0; k < job->n_centres; k++) {
        const uint32_t site = centre_at(job, k), c = job->shell->count[site];
        const uint32_t *row = alloy_shell_row(job->shell, site);
        if (ones)
            alloy_lanes_count(lanes, row, c, 1, TRUE, &near[k]);
        else
            alloy_lanes_count(lanes, row, c, (uint8_t)kind, FALSE, &near[k]);
        looked_at += c;
        if (looked_at > ASK_EVERY) {
            if (cancelled(job))
                return;
            looked_at = 0;
        }
    }
}

/* Of two kinds, what is not the one is the other. */
static void count_others(const CountedJob *job, AlloyWide *near)
{
    for (size_t k = 0; k < job->n_centres; k++)
        near[k] = (uint16_t)job->shell->count[centre_at(job, k)] - near[k];
}

static void count_cells(const CountedJob *job, const AlloyLanes *lanes, unsigned used, Room *room)
{
    const size_t per_lane = job->n_kinds * job->cells;
    memset(room->counters, 0, used * per_lane * sizeof *room->counters);
    for (size_t k = 0; k < job->n_centres; k++) {
        const uint32_t site = centre_at(job, k), c = job->shell->count[site];
        if (c == 0)
            continue;
        const AlloyLanes own = lanes[site];
        const AlloyWide near = room->near[k];
        uint32_t *at = room->counters + job->offset[c];
        for (unsigned lane = 0; lane < used; lane++, at += per_lane)
            at[own[lane] * job->cells + near[lane]]++;
    }
}

/* Summary and bins of a quantity in one lane. */
static void summarise_cells(const CountedJob *job, const Plan *plan, unsigned lane, Room *room, double *out)
{
    const uint32_t *of_lane = room->counters + lane * job->n_kinds * job->cells;
    double *bins = out + ALLOY_N_SUMMARY;
    memset(room->count, 0, plan->n_values * sizeof *room->count);
    for (size_t k = 0; k < plan->n; k++)
        room->count[plan->place[k]] += of_lane[plan->counter[k]];
    for (size_t v = 0; job->n_bins > 0 && v < plan->n_values; v++)
        bins[plan->bin[v]] += room->count[v];
    alloy_summarise(plan->value, room->count, plan->n_values, out);
}

static void summarise_sites(const CountedJob *job, const AlloyLanes *lanes, const AlloyCounted *quantity,
                            unsigned lane, Room *room, double *out)
{
    double *value = room->value, *bins = out + ALLOY_N_SUMMARY;
    size_t n = 0, different = 0;
    for (size_t k = 0; k < job->n_centres; k++) {
        const uint32_t site = centre_at(job, k), c = job->shell->count[site];
        value[n] = c > 0 ? value_of(quantity, lanes[site][lane], room->near[k][lane], c) : (double)NAN;
        n += !isnan(value[n]);
    }
    if (cancelled(job))
        return;
    alloy_sort_doubles(value, n);
    for (size_t k = 0; k < n; k++) {
        if (different == 0 || value[different - 1] != value[k]) {
            value[different] = value[k];
            room->count[different++] = 0;
        }
        room->count[different - 1]++;
    }
    for (size_t v = 0; job->n_bins > 0 && v < different; v++)
        bins[alloy_bin_of(quantity->edges, job->n_bins, value[v])] += room->count[v];
    alloy_summarise(value, room->count, different, out);
}

/* All quantities that count this kind. */
static void summarise_kind(const CountedJob *job, const AlloyLanes *lanes, unsigned used, unsigned kind,
                           Room *room, double *statistics)
{
    const unsigned n_each = ALLOY_N_SUMMARY + job->n_bins;
    if (job->by_cell)
        count_cells(job, lanes, used, room);
    for (unsigned q = 0; q < job->n_quantities; q++)
        for (unsigned lane = 0; job->quantities[q].kind == kind && lane < used && !cancelled(job); lane++) {
            double *out = statistics + ((size_t)lane * job->n_quantities + q) * n_each;
            memset(out + ALLOY_N_SUMMARY, 0, job->n_bins * sizeof *out);
            if (job->by_cell)
                summarise_cells(job, &job->plans[q], lane, room, out);
            else
                summarise_sites(job, lanes, &job->quantities[q], lane, room, out);
        }
}

static gboolean is_wanted(const CountedJob *job, unsigned kind)
{
    for (unsigned q = 0; q < job->n_quantities; q++)
        if (job->quantities[q].kind == kind)
            return TRUE;
    return FALSE;
}

static void counted_lanes(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const CountedJob *job = data;
    size_t most = job->by_cell ? 0 : job->n_centres;
    for (unsigned q = 0; job->by_cell && q < job->n_quantities; q++)
        most = MAX(most, job->plans[q].n_values);
    Room room = {.near = g_aligned_alloc(job->n_centres + 1, sizeof(AlloyWide), 64),
                 .counters = job->by_cell ? g_new(uint32_t, used * job->n_kinds * job->cells + 1) : NULL,
                 .value = job->by_cell ? NULL : g_new(double, job->n_centres + 1),
                 .count = g_new(uint32_t, most + 1)};
    gboolean known = FALSE; /* the neighbours of the other of two kinds */
    for (unsigned kind = job->n_kinds; kind-- > 0 && !cancelled(job);) {
        if (!is_wanted(job, kind))
            continue;
        if (known && job->n_kinds == 2)
            count_others(job, room.near);
        else
            count_near(job, lanes, kind, room.near);
        known = TRUE;
        if (!cancelled(job)) /* else some of near was never filled */
            summarise_kind(job, lanes, used, kind, &room, statistics);
    }
    g_aligned_free(room.near);
    g_free(room.counters);
    g_free(room.value);
    g_free(room.count);
}

gboolean alloy_shuffles_counted_as(AlloyCountedWay way, const AlloyShuffles *shuffles,
                                   const AlloyShell *shell, const uint32_t *centres, size_t n_centres,
                                   const AlloyCounted *quantities, unsigned n_quantities, unsigned n_bins,
                                   AlloyNull *results, AlloyProgress *progress, GError **error)
{
    CountedJob job = {.shell = shell,
                      .centres = centres,
                      .n_centres = centres != NULL ? n_centres : shell->n,
                      .quantities = quantities,
                      .n_kinds = alloy_shuffles_kinds(shuffles),
                      .n_quantities = n_quantities,
                      .n_bins = n_bins,
                      .progress = progress};
    prepare(&job, way);
    gboolean good = alloy_progress_check(progress, error) &&
                    alloy_shuffles_run(shuffles, n_quantities * (ALLOY_N_SUMMARY + n_bins), counted_lanes,
                                       &job, results, progress, error);
    clear_job(&job);
    return good;
}

gboolean alloy_shuffles_counted(const AlloyShuffles *shuffles, const AlloyShell *shell,
                                const uint32_t *centres, size_t n_centres, const AlloyCounted *quantities,
                                unsigned n_quantities, unsigned n_bins, AlloyNull *results,
                                AlloyProgress *progress, GError **error)
{
    return alloy_shuffles_counted_as(ALLOY_COUNTED_AUTO, shuffles, shell, centres, n_centres, quantities,
                                     n_quantities, n_bins, results, progress, error);
}
