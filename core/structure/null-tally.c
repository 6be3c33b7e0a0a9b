/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-private.h"

#include <string.h>

/* Counting the neighbours of every centre in 16 arrangements at once: the labels of a site are one vector
 * register, and adding up a row of neighbours takes as many additions as it has neighbours. Centres of the
 * same number of neighbours are taken together, so that fractions are exact counts until the last division.
 */

typedef AlloyWide Wide;
typedef int8_t Mask __attribute__((vector_size(ALLOY_NULL_LANES)));
typedef int16_t WideMask __attribute__((vector_size(2 * ALLOY_NULL_LANES)));

typedef struct {
    uint32_t neighbours; /* of each of these centres */
    size_t begin, end;   /* their places in order */
} Class;

typedef struct {
    const AlloyShell *shell;
    unsigned n_kinds, n_statistics;
    gboolean with_squares;
    uint32_t *order; /* the centres, by number of neighbours */
    GArray *classes;
    AlloyTallyFunc function;
    void *data;
    const AlloyProgress *progress; /* asked in the middle of a batch; what is left out then is never used */
} TallyJob;

/* What the lanes of a batch have; every array is [lane] times what stands in AlloyTally. */
typedef struct {
    uint64_t *pairs, *with, *without;
    double *share, *square;
    uint64_t *class_pairs, *class_centres, *class_squares;
    Wide *near; /* [a*K + b], of one block of centres */
} Sums;

/* Neighbours of kinds 1 .. K-1 of one centre. */
static inline void count_row(const AlloyLanes *lanes, const uint32_t *row, uint32_t count, unsigned n_kinds,
                             Wide *near)
{
    if (n_kinds == 2)
        alloy_lanes_count(lanes, row, count, 1, TRUE, &near[1]);
    for (unsigned b = 1; n_kinds > 2 && b < n_kinds; b++)
        alloy_lanes_count(lanes, row, count, (uint8_t)b, FALSE, &near[b]);
}

static void add_squares(const Wide *near, uint32_t neighbours, unsigned n_kinds, uint64_t *squares)
{
    for (unsigned lane = 0; lane < ALLOY_NULL_LANES; lane++) {
        uint64_t first = neighbours;
        for (unsigned b = 1; b < n_kinds; b++) {
            uint64_t k = near[b][lane];
            first -= k;
            squares[lane * n_kinds + b] += k * k;
        }
        squares[lane * n_kinds] += first * first;
    }
}

/* Centres begin..end of one class, few enough for 16 bits. */
static void count_block(const TallyJob *job, const AlloyLanes *lanes, uint32_t neighbours, size_t begin,
                        size_t end, Sums *sums)
{
    const unsigned K = job->n_kinds;
    Wide centres[ALLOY_MOST_SPECIES], near[ALLOY_MOST_SPECIES];
    memset(centres, 0, sizeof centres);
    memset(sums->near, 0, (size_t)K * K * sizeof *sums->near);
    for (size_t k = begin; k < end; k++) {
        uint32_t site = job->order[k];
        AlloyLanes own = lanes[site];
        count_row(lanes, alloy_shell_row(job->shell, site), neighbours, K, near);
        for (unsigned a = 0; a < K; a++) {
            Mask is_a = (Mask)(own == (uint8_t)a);
            Wide mask = (Wide) __builtin_convertvector(is_a, WideMask);
            centres[a] -= mask;
            for (unsigned b = 1; b < K; b++)
                sums->near[a * K + b] += mask & near[b];
        }
        if (job->with_squares)
            add_squares(near, neighbours, K, sums->class_squares);
    }
    for (unsigned lane = 0; lane < ALLOY_NULL_LANES; lane++)
        for (unsigned a = 0; a < K; a++) {
            sums->class_centres[lane * K + a] += centres[a][lane];
            for (unsigned b = 1; b < K; b++)
                sums->class_pairs[(lane * K + a) * K + b] += sums->near[a * K + b][lane];
        }
}

static void count_class(const TallyJob *job, const AlloyLanes *lanes, const Class *klass, Sums *sums)
{
    const unsigned K = job->n_kinds;
    memset(sums->class_pairs, 0, sizeof(uint64_t) * ALLOY_NULL_LANES * K * K);
    memset(sums->class_centres, 0, sizeof(uint64_t) * ALLOY_NULL_LANES * K);
    memset(sums->class_squares, 0, sizeof(uint64_t) * ALLOY_NULL_LANES * K);
    const uint32_t c = klass->neighbours;
    const size_t step = 65535 / MAX(c, 1);
    for (size_t begin = klass->begin; begin < klass->end && !alloy_progress_is_cancelled(job->progress);
         begin += step)
        count_block(job, lanes, c, begin, MIN(klass->end, begin + step), sums);

    for (size_t la = 0; la < ALLOY_NULL_LANES * (size_t)K; la++) {
        if (c == 0) {
            sums->without[la] += sums->class_centres[la];
            continue;
        }
        sums->with[la] += sums->class_centres[la];
        uint64_t rest = sums->class_centres[la] * c;
        for (unsigned b = 1; b < K; b++)
            rest -= sums->class_pairs[la * K + b];
        sums->class_pairs[la * K] = rest;
        for (unsigned b = 0; b < K; b++) {
            sums->pairs[la * K + b] += sums->class_pairs[la * K + b];
            sums->share[la * K + b] += (double)sums->class_pairs[la * K + b] / c;
        }
        if (job->with_squares) /* la runs over lane and b here */
            sums->square[la] += (double)sums->class_squares[la] / ((double)c * c);
    }
}

static void tally_lanes(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const TallyJob *job = data;
    const size_t K = job->n_kinds, LK = ALLOY_NULL_LANES * K;
    g_autofree uint64_t *counts = g_new0(uint64_t, 2 * LK * K + 4 * LK);
    g_autofree double *fractions = g_new0(double, LK *K + LK);
    Sums sums = {
        .pairs = counts,
        .class_pairs = counts + LK * K,
        .with = counts + 2 * LK * K,
        .without = counts + 2 * LK * K + LK,
        .class_centres = counts + 2 * LK * K + 2 * LK,
        .class_squares = counts + 2 * LK * K + 3 * LK,
        .share = fractions,
        .square = fractions + LK * K,
        .near = g_aligned_alloc(K * K, sizeof(Wide), 64),
    };
    for (guint k = 0; k < job->classes->len; k++)
        count_class(job, lanes, &g_array_index(job->classes, Class, k), &sums);
    g_aligned_free(sums.near);
    for (size_t lane = 0; lane < used && !alloy_progress_is_cancelled(job->progress); lane++) {
        AlloyTally tally = {job->n_kinds,
                            sums.pairs + lane * K * K,
                            sums.share + lane * K * K,
                            sums.with + lane * K,
                            sums.without + lane * K,
                            job->with_squares ? sums.square + lane * K : NULL};
        job->function(&tally, statistics + lane * job->n_statistics, job->data);
    }
}

/* Counting sort by number of neighbours; sites stay ascending within a class. */
static void sort_centres(TallyJob *job, const uint32_t *centres, size_t n_centres)
{
    uint32_t most = 0;
    for (size_t k = 0; k < n_centres; k++)
        most = MAX(most, job->shell->count[centres != NULL ? centres[k] : k]);
    g_autofree size_t *place = g_new0(size_t, (size_t)most + 2);
    for (size_t k = 0; k < n_centres; k++)
        place[job->shell->count[centres != NULL ? centres[k] : k] + 1]++;
    for (uint32_t c = 0; c <= most; c++) {
        Class klass = {c, place[c], place[c] + place[c + 1]};
        place[c + 1] += place[c];
        if (klass.end > klass.begin)
            g_array_append_val(job->classes, klass);
    }
    job->order = g_new(uint32_t, n_centres + 1);
    for (size_t k = 0; k < n_centres; k++) {
        uint32_t site = centres != NULL ? centres[k] : (uint32_t)k;
        job->order[place[job->shell->count[site]]++] = site;
    }
}

gboolean alloy_shuffles_tally(const AlloyShuffles *shuffles, const AlloyShell *shell, const uint32_t *centres,
                              size_t n_centres, gboolean with_squares, unsigned n_statistics,
                              AlloyTallyFunc function, void *data, AlloyNull *results,
                              AlloyProgress *progress, GError **error)
{
    unsigned n_kinds = alloy_shuffles_kinds(shuffles);
    g_return_val_if_fail(n_kinds <= ALLOY_MOST_SPECIES, FALSE);
    TallyJob job = {shell,        n_kinds, n_statistics,
                    with_squares, NULL,    g_array_new(FALSE, FALSE, sizeof(Class)),
                    function,     data,    progress};
    sort_centres(&job, centres, centres != NULL ? n_centres : shell->n);
    gboolean good = alloy_shuffles_run(shuffles, n_statistics, tally_lanes, &job, results, progress, error);
    g_free(job.order);
    g_array_unref(job.classes);
    return good;
}
