/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#define MAX_THREADS 1024

/* One running loop. It lives on the stack of the thread that started it, which leaves only when no worker has
 * hold of it (`workers`, under the lock). */
typedef struct Loop {
    size_t n, grain, blocks;
    AlloyRangeFunc fn;
    void *data;
    AlloyProgress *progress;
    atomic_size_t next, done; /* blocks handed out, blocks ended */

    struct Loop *following;      /* in the queue */
    unsigned wanted, workers;    /* workers that may still join; that are in it now */
    pthread_cond_t left_by_last; /* signalled when `workers` falls to 0 */
} Loop;

static atomic_uint threads_asked; /* 0: as many as the machine has */

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t pool_wake = PTHREAD_COND_INITIALIZER;
static Loop *queue; /* loops that want workers, oldest first */
static unsigned workers_started;

static _Thread_local gboolean inside_loop;

static unsigned machine_threads(void)
{
    /* The set may hold more than the 1024 CPUs of cpu_set_t, then the call fails with EINVAL. */
    for (size_t cpus = 1024; cpus <= (size_t)1 << 20; cpus *= 4) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (set == NULL)
            break;
        size_t size = CPU_ALLOC_SIZE(cpus);
        CPU_ZERO_S(size, set);
        int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0)
            return (unsigned)count;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

void alloy_parallel_set_threads(unsigned threads)
{
    atomic_store_explicit(&threads_asked, MIN(threads, MAX_THREADS), memory_order_relaxed);
}

unsigned alloy_parallel_threads(void)
{
    unsigned threads = atomic_load_explicit(&threads_asked, memory_order_relaxed);
    if (threads > 0)
        return threads;
    static atomic_uint of_machine;
    unsigned found = atomic_load_explicit(&of_machine, memory_order_relaxed);
    if (found == 0) {
        found = MIN(machine_threads(), MAX_THREADS);
        atomic_store_explicit(&of_machine, found, memory_order_relaxed);
    }
    return found;
}

size_t alloy_parallel_blocks(size_t n, size_t grain)
{
    g_return_val_if_fail(grain > 0, 0);
    return n / grain + (n % grain != 0);
}

static void run_block(Loop *loop, size_t k)
{
    size_t begin = k * loop->grain;
    loop->fn(begin, begin + MIN(loop->grain, loop->n - begin), loop->data);
}

/* Takes blocks until none is left or the loop is cancelled. */
static void run_blocks(Loop *loop)
{
    gboolean outer = inside_loop;
    inside_loop = TRUE;
    while (!alloy_progress_is_cancelled(loop->progress)) {
        size_t k = atomic_fetch_add_explicit(&loop->next, 1, memory_order_relaxed);
        if (k >= loop->blocks)
            break;
        run_block(loop, k);
        size_t done = atomic_fetch_add_explicit(&loop->done, 1, memory_order_relaxed) + 1;
        alloy_progress_set(loop->progress, (double)done / (double)loop->blocks);
    }
    inside_loop = outer;
}

/* Takes the loop out of the queue; under the lock. */
static void leave_queue(Loop *loop)
{
    loop->wanted = 0;
    for (Loop **link = &queue; *link != NULL; link = &(*link)->following)
        if (*link == loop) {
            *link = loop->following;
            return;
        }
}

static void *work(void *unused)
{
    pthread_mutex_lock(&pool_lock);
    for (;;) {
        while (queue == NULL)
            pthread_cond_wait(&pool_wake, &pool_lock);
        Loop *loop = queue;
        loop->workers++;
        if (--loop->wanted == 0)
            leave_queue(loop);
        pthread_mutex_unlock(&pool_lock);
        run_blocks(loop);
        pthread_mutex_lock(&pool_lock);
        if (loop->wanted > 0) /* no block is left for another */
            leave_queue(loop);
        if (--loop->workers == 0)
            pthread_cond_signal(&loop->left_by_last);
    }
    return NULL;
}

/* Starts workers until there are `count`; under the lock. The system may refuse: then the loop has fewer.
 * Signals go to the program's own threads. */
static void start_workers(unsigned count)
{
    if (workers_started >= count)
        return;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    while (workers_started < count) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, work, NULL) != 0)
            break;
        workers_started++;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void run_shared(Loop *loop, unsigned threads)
{
    pthread_cond_init(&loop->left_by_last, NULL);
    pthread_mutex_lock(&pool_lock);
    start_workers(threads - 1);
    loop->wanted = MIN((size_t)threads - 1, loop->blocks - 1);
    Loop **last = &queue;
    while (*last != NULL)
        last = &(*last)->following;
    *last = loop;
    for (unsigned i = 0; i < loop->wanted; i++)
        pthread_cond_signal(&pool_wake);
    pthread_mutex_unlock(&pool_lock);

    run_blocks(loop);

    pthread_mutex_lock(&pool_lock);
    if (loop->wanted > 0)
        leave_queue(loop);
    while (loop->workers > 0)
        pthread_cond_wait(&loop->left_by_last, &pool_lock);
    pthread_mutex_unlock(&pool_lock);
    pthread_cond_destroy(&loop->left_by_last);
}

gboolean alloy_parallel_for(size_t n, size_t grain, AlloyRangeFunc fn, void *data, AlloyProgress *progress,
                            GError **error)
{
    g_return_val_if_fail(grain > 0 && fn != NULL, FALSE);
    Loop loop = {
        .n = n,
        .grain = grain,
        .blocks = alloy_parallel_blocks(n, grain),
        .fn = fn,
        .data = data,
        .progress = progress,
    };
    unsigned threads = alloy_parallel_threads();
    if (loop.blocks < 2 || threads < 2 || inside_loop)
        run_blocks(&loop);
    else
        run_shared(&loop, threads);
    if (!alloy_progress_check(progress, error))
        return FALSE;
    /* Two threads may have written their fractions in the other order. */
    alloy_progress_set(progress, 1);
    return TRUE;
}
