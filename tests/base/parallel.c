/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/parallel.h"

#include "core/base/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    size_t n, grain;
    atomic_uint *times; /* per item */
    atomic_size_t blocks;
} Count;

static void count_items(size_t begin, size_t end, void *data)
{
    Count *count = data;
    g_assert_cmpuint(begin % count->grain, ==, 0);
    g_assert_cmpuint(end, ==, MIN(begin + count->grain, count->n));
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add(&count->times[i], 1);
    atomic_fetch_add(&count->blocks, 1);
}

static void test_every_item_once(void)
{
    static const size_t sizes[][2] = {{0, 1},   {1, 1},    {1, 10},    {10, 10},     {11, 10},
                                      {999, 7}, {1000, 1}, {4096, 64}, {5, SIZE_MAX}};
    static const unsigned threads[] = {1, 2, 8, 0};
    for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
        alloy_parallel_set_threads(threads[t]);
        for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
            Count count = {sizes[s][0], sizes[s][1], NULL, 0};
            count.times = g_new0(atomic_uint, count.n + 1);
            g_autoptr(GError) error = NULL;
            g_assert_true(alloy_parallel_for(count.n, count.grain, count_items, &count, NULL, &error));
            g_assert_no_error(error);
            for (size_t i = 0; i < count.n; i++)
                g_assert_cmpuint(atomic_load(&count.times[i]), ==, 1);
            g_assert_cmpuint(atomic_load(&count.blocks), ==, alloy_parallel_blocks(count.n, count.grain));
            g_free(count.times);
        }
    }
}

static void test_blocks(void)
{
    g_assert_cmpuint(alloy_parallel_blocks(0, 5), ==, 0);
    g_assert_cmpuint(alloy_parallel_blocks(5, 5), ==, 1);
    g_assert_cmpuint(alloy_parallel_blocks(6, 5), ==, 2);
    g_assert_cmpuint(alloy_parallel_blocks(SIZE_MAX, 1), ==, SIZE_MAX);
    g_assert_cmpuint(alloy_parallel_blocks(SIZE_MAX, SIZE_MAX - 1), ==, 2);
}

static void test_threads(void)
{
    alloy_parallel_set_threads(3);
    g_assert_cmpuint(alloy_parallel_threads(), ==, 3);
    alloy_parallel_set_threads(0);
    unsigned machine = alloy_parallel_threads();
    g_assert_cmpuint(machine, >=, 1);
    g_assert_cmpuint(machine, <=, (unsigned)sysconf(_SC_NPROCESSORS_CONF));
}

/* All blocks wait for each other: they can only end when as many threads as blocks work on them. */
static void meet(size_t begin, size_t end, void *data)
{
    pthread_barrier_wait(data);
}

static void test_threads_work_together(void)
{
    for (unsigned threads = 2; threads <= 6; threads += 2) {
        alloy_parallel_set_threads(threads);
        pthread_barrier_t barrier;
        pthread_barrier_init(&barrier, NULL, threads);
        g_assert_true(alloy_parallel_for(threads, 1, meet, &barrier, NULL, NULL));
        pthread_barrier_destroy(&barrier);
    }
}

static void note_thread(size_t begin, size_t end, void *data)
{
    ((pthread_t *)data)[begin] = pthread_self();
}

static void test_inline(void)
{
    pthread_t seen[4];
    alloy_parallel_set_threads(1);
    g_assert_true(alloy_parallel_for(4, 1, note_thread, seen, NULL, NULL));
    for (int i = 0; i < 4; i++)
        g_assert_true(pthread_equal(seen[i], pthread_self()));
    alloy_parallel_set_threads(8);
    g_assert_true(alloy_parallel_for(4, 4, note_thread, seen, NULL, NULL));
    g_assert_true(pthread_equal(seen[0], pthread_self()));
}

typedef struct {
    pthread_t thread;
    size_t expected; /* next begin */
    gboolean in_order;
} Inner;

static void inner_block(size_t begin, size_t end, void *data)
{
    Inner *inner = data;
    inner->in_order =
        inner->in_order && begin == inner->expected && pthread_equal(inner->thread, pthread_self());
    inner->expected = end;
}

static void outer_block(size_t begin, size_t end, void *data)
{
    for (size_t i = begin; i < end; i++) {
        Inner inner = {pthread_self(), 0, TRUE};
        g_assert_true(alloy_parallel_for(100, 3, inner_block, &inner, NULL, NULL));
        ((gboolean *)data)[i] = inner.in_order && inner.expected == 100;
    }
}

static void test_nested(void)
{
    gboolean good[50] = {FALSE};
    alloy_parallel_set_threads(4);
    g_assert_true(alloy_parallel_for(50, 2, outer_block, good, NULL, NULL));
    for (size_t i = 0; i < 50; i++)
        g_assert_true(good[i]);
    /* After a loop the same thread shares its loops again. */
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, 4);
    g_assert_true(alloy_parallel_for(4, 1, meet, &barrier, NULL, NULL));
    pthread_barrier_destroy(&barrier);
}

static void square(size_t begin, size_t end, void *data)
{
    uint64_t *out = data;
    for (size_t i = begin; i < end; i++)
        out[i] = (uint64_t)i * i;
}

static void *many_loops(void *data)
{
    uint64_t out[257];
    for (int round = 0; round < 200; round++) {
        memset(out, 0, sizeof out);
        if (!alloy_parallel_for(257, 5, square, out, NULL, NULL))
            return NULL;
        for (size_t i = 0; i < 257; i++)
            if (out[i] != (uint64_t)i * i)
                return NULL;
    }
    return data;
}

static void test_loops_at_once(void)
{
    alloy_parallel_set_threads(3);
    pthread_t starters[5];
    int good;
    for (int i = 0; i < 5; i++)
        g_assert_cmpint(pthread_create(&starters[i], NULL, many_loops, &good), ==, 0);
    g_assert_true(many_loops(&good) == &good);
    for (int i = 0; i < 5; i++) {
        void *result = NULL;
        pthread_join(starters[i], &result);
        g_assert_true(result == &good);
    }
}

typedef struct {
    AlloyProgress *progress;
    atomic_size_t ran, late; /* blocks, and those of them that began after the cancelling */
    atomic_bool cancelled;
} Cancelled;

static void cancel_at_ten(size_t begin, size_t end, void *data)
{
    Cancelled *cancelled = data;
    if (atomic_load(&cancelled->cancelled))
        atomic_fetch_add(&cancelled->late, 1);
    if (atomic_fetch_add(&cancelled->ran, 1) + 1 == 10) {
        alloy_progress_cancel(cancelled->progress);
        atomic_store(&cancelled->cancelled, true);
    }
}

static void test_cancel(void)
{
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyProgress) progress = alloy_progress_new();
        Cancelled cancelled = {progress, 0, 0, false};
        g_autoptr(GError) error = NULL;
        g_assert_false(alloy_parallel_for(100000, 1, cancel_at_ten, &cancelled, progress, &error));
        g_assert_true(alloy_is_cancelled(error));
        g_assert_cmpuint(atomic_load(&cancelled.ran), >=, 10);
        g_assert_cmpuint(atomic_load(&cancelled.ran), <, 100000);
        /* Another thread may have asked just before, and then runs its block. */
        g_assert_cmpuint(atomic_load(&cancelled.late), <, threads);

        /* Cancelled before: nothing runs. */
        size_t before = atomic_load(&cancelled.ran);
        g_clear_error(&error);
        g_assert_false(alloy_parallel_for(1, 1, cancel_at_ten, &cancelled, progress, &error));
        g_assert_true(alloy_is_cancelled(error));
        g_assert_cmpuint(atomic_load(&cancelled.ran), ==, before);
    }
}

static void nothing(size_t begin, size_t end, void *data)
{
}

static void test_progress(void)
{
    for (unsigned threads = 1; threads <= 4; threads *= 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyProgress) progress = alloy_progress_new();
        alloy_progress_stage(progress, 0.125, 0.5, "loop");
        g_assert_true(alloy_parallel_for(1000, 3, nothing, NULL, progress, NULL));
        g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.5);
    }
}

static void cancel_first(size_t begin, size_t end, void *data)
{
    alloy_progress_cancel(data);
}

/* A block that stops early because of cancelling must not look like one that ended. */
static void test_cancelled_in_last_block(void)
{
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_parallel_for(1, 1, cancel_first, progress, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parallel/every-item-once", test_every_item_once);
    g_test_add_func("/parallel/blocks", test_blocks);
    g_test_add_func("/parallel/threads", test_threads);
    g_test_add_func("/parallel/work-together", test_threads_work_together);
    g_test_add_func("/parallel/inline", test_inline);
    g_test_add_func("/parallel/nested", test_nested);
    g_test_add_func("/parallel/loops-at-once", test_loops_at_once);
    g_test_add_func("/parallel/cancel", test_cancel);
    g_test_add_func("/parallel/cancelled-in-last-block", test_cancelled_in_last_block);
    g_test_add_func("/parallel/progress", test_progress);
    return g_test_run();
}
