/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-private.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* Two values of a statistic that differ by less than this, relative to their size, differ by rounding: sums
 * of a few hundred fractions carry some 1e-14. */
#define ROUNDING 1e-12

AlloyNull alloy_null_summarise(const double *values, unsigned shuffles)
{
    AlloyNull null = {values[0], NAN, NAN, NAN, NAN, 0};
    double sum = 0, size = fabs(values[0]);
    unsigned n = 0;
    for (unsigned k = 1; k <= shuffles; k++) {
        if (isnan(values[k])) {
            null.undefined++;
            continue;
        }
        sum += values[k];
        size = fmax(size, fabs(values[k]));
        n++;
    }
    if (n == 0)
        return null;
    null.mean = sum / n;
    if (n > 1) {
        double squares = 0;
        for (unsigned k = 1; k <= shuffles; k++)
            if (!isnan(values[k]))
                squares += (values[k] - null.mean) * (values[k] - null.mean);
        null.sd = sqrt(squares / (n - 1));
        if (null.sd <= ROUNDING * size)
            null.sd = 0;
    }
    if (isnan(null.observed))
        return null;
    if (null.sd > 0)
        null.z = (null.observed - null.mean) / null.sd;
    double middle = (sum + null.observed) / (n + 1);
    double distance = fabs(null.observed - middle) - ROUNDING * size;
    uint64_t extreme = null.undefined;
    for (unsigned k = 1; k <= shuffles; k++)
        if (!isnan(values[k]) && fabs(values[k] - middle) >= distance)
            extreme++;
    null.p = (1.0 + (double)extreme) / (1.0 + shuffles);
    return null;
}

double *alloy_null_values_new(unsigned shuffles, size_t n_statistics, GError **error)
{
    const double needed = ((double)shuffles + 1) * (double)n_statistics * sizeof(double);
    const double pages = (double)sysconf(_SC_PHYS_PAGES), page = (double)sysconf(_SC_PAGE_SIZE);
    const double room = pages > 0 && page > 0 ? pages * page / 2 : 4e9;
    double *values = needed <= room ? g_try_new0(double, ((size_t)shuffles + 1) * n_statistics + 1) : NULL;
    if (values == NULL)
        alloy_input_error(
            error,
            "%u shuffles of %zu statistics take %.3g GB of memory, more than there is room for: "
            "ask for fewer shuffles",
            shuffles, n_statistics, needed / 1e9);
    return values;
}

typedef struct {
    const double *values;
    unsigned shuffles, n_statistics;
    AlloyNull *results;
    const AlloyProgress *progress;
} SummariseJob;

#define STATISTICS_PER_BLOCK 16

static void summarise_block(size_t begin, size_t end, void *data)
{
    const SummariseJob *job = data;
    g_autofree double *one = g_new(double, (size_t)job->shuffles + 1);
    for (size_t s = begin; s < end && !alloy_progress_is_cancelled(job->progress); s++) {
        for (size_t k = 0; k <= job->shuffles; k++)
            one[k] = job->values[k * job->n_statistics + s];
        job->results[s] = alloy_null_summarise(one, job->shuffles);
    }
}

gboolean alloy_null_summarise_all(const double *values, unsigned shuffles, unsigned n_statistics,
                                  AlloyNull *results, const AlloyProgress *progress, GError **error)
{
    SummariseJob job = {values, shuffles, n_statistics, results, progress};
    return alloy_parallel_for(n_statistics, STATISTICS_PER_BLOCK, summarise_block, &job, NULL, error) &&
           alloy_progress_check(progress, error);
}

/* --- species labels shuffled over the same sites --- */

struct _AlloyShuffles {
    size_t n;
    unsigned n_kinds, shuffles;
    uint64_t seed;
    uint8_t *labels;
    size_t *counts; /* of each kind */
    unsigned major; /* the most frequent kind */
};

/* A batch of a million atoms takes longer than a cancel may wait, so it is seen within: what is left out then
 * is never used, for the loop as a whole fails. */
#define cancelled(progress) G_UNLIKELY(alloy_progress_is_cancelled(progress))

static AlloyLanes *new_lanes(size_t n)
{
    return g_aligned_alloc(n + 1, sizeof(AlloyLanes), 64);
}

AlloyShuffles *alloy_shuffles_new(const uint8_t *labels, size_t n, unsigned n_kinds, unsigned shuffles,
                                  uint64_t seed)
{
    g_return_val_if_fail(n < G_MAXUINT32 && n_kinds >= 1 && n_kinds <= 256, NULL);
    AlloyShuffles *s = g_new0(AlloyShuffles, 1);
    s->n = n;
    s->n_kinds = n_kinds;
    s->shuffles = shuffles;
    s->seed = seed;
    s->labels = g_malloc(n + 1);
    memcpy(s->labels, labels, n);
    s->counts = g_new0(size_t, n_kinds);
    for (size_t i = 0; i < n; i++) {
        g_assert(labels[i] < n_kinds);
        s->counts[labels[i]]++;
    }
    for (unsigned k = 1; k < n_kinds; k++)
        if (s->counts[k] > s->counts[s->major])
            s->major = k;
    return s;
}

void alloy_shuffles_free(AlloyShuffles *shuffles)
{
    if (shuffles == NULL)
        return;
    g_free(shuffles->labels);
    g_free(shuffles->counts);
    g_free(shuffles);
}

unsigned alloy_shuffles_kinds(const AlloyShuffles *shuffles)
{
    return shuffles->n_kinds;
}

/* All sites get the most frequent label, then every other atom picks a site among those that still have it.
 * That is drawing without replacement, so all arrangements are equally likely, at one draw per atom of the
 * minority (and a few misses) where exchanging all atoms takes one per atom. */
static void deal(const AlloyShuffles *s, unsigned arrangement, AlloyLanes *lanes, unsigned lane)
{
    uint8_t *label = (uint8_t *)lanes + lane;
    if (arrangement == 0) {
        for (size_t i = 0; i < s->n; i++)
            label[i * ALLOY_NULL_LANES] = s->labels[i];
        return;
    }
    AlloyRandom random;
    alloy_random_init(&random, s->seed, arrangement);
    uint8_t major = (uint8_t)s->major;
    for (unsigned kind = 0; kind < s->n_kinds; kind++) {
        if (kind == s->major)
            continue;
        for (size_t k = 0; k < s->counts[kind]; k++) {
            size_t site;
            do
                site = alloy_random_below(&random, (uint32_t)s->n);
            while (label[site * ALLOY_NULL_LANES] != major);
            label[site * ALLOY_NULL_LANES] = (uint8_t)kind;
        }
    }
}

/* Returns how many lanes of this batch are arrangements; the others hold the most frequent label everywhere.
 */
static unsigned deal_batch(const AlloyShuffles *s, size_t batch, AlloyLanes *lanes,
                           const AlloyProgress *progress)
{
    unsigned first = (unsigned)batch * ALLOY_NULL_LANES;
    unsigned used = MIN(ALLOY_NULL_LANES, s->shuffles + 1 - first);
    memset(lanes, (int)s->major, s->n * sizeof *lanes);
    for (unsigned lane = 0; lane < used && !cancelled(progress); lane++)
        deal(s, first + lane, lanes, lane);
    return used;
}

static size_t n_batches(const AlloyShuffles *s)
{
    return alloy_parallel_blocks((size_t)s->shuffles + 1, ALLOY_NULL_LANES);
}

typedef struct {
    const AlloyShuffles *shuffles;
    AlloyNullKernel kernel;
    void *data;
    unsigned n_statistics;
    double *values; /* [arrangement * n_statistics + s] */
    const AlloyProgress *progress;
    /* Lanes that no thread uses at the moment. Of a large particle they are tens of megabytes, which the C
     * library would take and return for every batch and scatter over its heaps. */
    pthread_mutex_t lock;
    GPtrArray *spare;
} ShuffleJob;

static AlloyLanes *borrow_lanes(ShuffleJob *job)
{
    pthread_mutex_lock(&job->lock);
    AlloyLanes *lanes = job->spare->len > 0 ? g_ptr_array_steal_index(job->spare, job->spare->len - 1) : NULL;
    pthread_mutex_unlock(&job->lock);
    return lanes != NULL ? lanes : new_lanes(job->shuffles->n);
}

static void return_lanes(ShuffleJob *job, AlloyLanes *lanes)
{
    pthread_mutex_lock(&job->lock);
    g_ptr_array_add(job->spare, lanes);
    pthread_mutex_unlock(&job->lock);
}

static void run_batches(size_t begin, size_t end, void *data)
{
    ShuffleJob *job = data;
    const AlloyShuffles *s = job->shuffles;
    AlloyLanes *lanes = borrow_lanes(job);
    for (size_t batch = begin; batch < end; batch++) {
        const size_t first = batch * ALLOY_NULL_LANES;
        const unsigned used = deal_batch(s, batch, lanes, job->progress);
        if (!cancelled(job->progress))
            job->kernel(lanes, used, job->values + first * job->n_statistics, job->data);
    }
    return_lanes(job, lanes);
}

gboolean alloy_shuffles_run(const AlloyShuffles *shuffles, unsigned n_statistics, AlloyNullKernel kernel,
                            void *data, AlloyNull *results, AlloyProgress *progress, GError **error)
{
    g_autofree double *values = alloy_null_values_new(shuffles->shuffles, n_statistics, error);
    if (values == NULL)
        return FALSE;
    ShuffleJob job = {shuffles, kernel, data, n_statistics, values, progress};
    pthread_mutex_init(&job.lock, NULL);
    job.spare = g_ptr_array_new_with_free_func(g_aligned_free);
    gboolean good = alloy_parallel_for(n_batches(shuffles), 1, run_batches, &job, progress, error);
    g_ptr_array_unref(job.spare);
    pthread_mutex_destroy(&job.lock);
    return good &&
           alloy_null_summarise_all(values, shuffles->shuffles, n_statistics, results, progress, error);
}
