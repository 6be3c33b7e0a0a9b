/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/data.h"

#include <glib.h>

/* Reference counts, shared arrays and the hand-over between threads. */

static int alive;

typedef struct {
    AlloyData base;
    int number;
} Toy;

static void toy_finalize(AlloyData *data)
{
    g_atomic_int_add(&alive, -1);
    g_free(data);
}

static const AlloyDataClass toy_class = {"toy", "Toy", toy_finalize};

static Toy *toy_new(int number)
{
    Toy *toy = g_new0(Toy, 1);
    alloy_data_init(&toy->base, &toy_class);
    toy->number = number;
    g_atomic_int_inc(&alive);
    return toy;
}

static void test_refs(void)
{
    const Toy *toy = toy_new(3);
    g_assert_cmpint(alive, ==, 1);
    const Toy *again = alloy_ref(toy);
    g_assert_true(again == toy);
    alloy_data_unref(toy);
    g_assert_cmpint(alive, ==, 1);
    g_assert_cmpint(again->number, ==, 3);
    alloy_clear(&again);
    g_assert_null(again);
    g_assert_cmpint(alive, ==, 0);
    g_assert_null(alloy_data_ref(NULL));
    alloy_data_unref(NULL);
}

static void test_arrays(void)
{
    double *values = alloy_array_new(double, 5);
    values[4] = 7;
    double *shared = alloy_array_ref(values);
    g_assert_true(shared == values);
    alloy_array_unref(values);
    g_assert_cmpfloat(shared[4], ==, 7);
    alloy_array_unref(shared);
    double *empty = alloy_array_new(double, 0);
    g_assert_nonnull(empty);
    alloy_array_unref(empty);
    g_assert_null(alloy_array_ref(NULL));
    alloy_array_unref(NULL);
}

static void test_array_overflow(void)
{
    if (g_test_subprocess()) {
        /* A sanitizer makes a file of the core otherwise. */
        alloy_array_unref(alloy_array_alloc(G_MAXSIZE / 4, 8));
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*does not fit in memory*");
}

static void test_slot(void)
{
    AlloySlot slot = {NULL};
    g_assert_null(alloy_slot_take(&slot));
    alloy_slot_put(&slot, &toy_new(1)->base);
    alloy_slot_put(&slot, &toy_new(2)->base); /* the first is dropped */
    g_assert_cmpint(alive, ==, 1);
    Toy *toy = (Toy *)alloy_slot_take(&slot);
    g_assert_cmpint(toy->number, ==, 2);
    g_assert_null(alloy_slot_take(&slot));
    alloy_data_unref(toy);
    g_assert_cmpint(alive, ==, 0);
}

#define PUTS 20000

typedef struct {
    AlloySlot *slot;
    int first; /* of the numbers that this thread puts; < 0: it takes */
    int *done;
} Job;

/* Puts numbers in rising order, or takes what comes: of one putter they must come in rising order. */
static gpointer slot_thread(gpointer data)
{
    const Job *job = data;
    if (job->first >= 0) {
        for (int i = 0; i < PUTS; i++)
            alloy_slot_put(job->slot, &toy_new(job->first + i)->base);
        g_atomic_int_inc(job->done);
        return GINT_TO_POINTER(TRUE);
    }
    int last[2] = {-1, -1};
    gboolean rising = TRUE;
    for (;;) {
        gboolean done = g_atomic_int_get(job->done) == 2; /* before the last look */
        Toy *toy = (Toy *)alloy_slot_take(job->slot);
        if (toy != NULL) {
            rising &= toy->number > last[toy->number / PUTS];
            last[toy->number / PUTS] = toy->number;
            alloy_data_unref(toy);
        } else if (done) {
            return GINT_TO_POINTER(rising);
        }
    }
}

static void test_slot_threads(void)
{
    AlloySlot slot = {NULL};
    int done = 0;
    Job jobs[4] = {{&slot, 0, &done}, {&slot, PUTS, &done}, {&slot, -1, &done}, {&slot, -1, &done}};
    GThread *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("slot", slot_thread, &jobs[i]);
    for (int i = 0; i < 4; i++)
        g_assert_true(GPOINTER_TO_INT(g_thread_join(threads[i])));
    g_assert_null(alloy_slot_take(&slot));
    g_assert_cmpint(alive, ==, 0); /* each was freed once, by a taker or by the next put */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/data/refs", test_refs);
    g_test_add_func("/data/arrays", test_arrays);
    g_test_add_func("/data/arrays/overflow", test_array_overflow);
    g_test_add_func("/data/slot", test_slot);
    g_test_add_func("/data/slot/threads", test_slot_threads);
    return g_test_run();
}
