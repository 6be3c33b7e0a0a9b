/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/progress.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

static void test_messages(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_format_error(&error, "a.xyz", 12, "expected %d columns, found %d", 4, 3));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    g_assert_cmpstr(error->message, ==, "a.xyz, line 12: expected 4 columns, found 3");
    g_clear_error(&error);
    g_assert_false(alloy_format_error(&error, "a.h5", 0, "%s", "100 % wrong"));
    g_assert_cmpstr(error->message, ==, "a.h5: 100 % wrong");
    g_clear_error(&error);
    g_assert_false(alloy_format_error(&error, NULL, 3, "cut short"));
    g_assert_cmpstr(error->message, ==, "input, line 3: cut short");
    g_clear_error(&error);
    g_assert_false(alloy_input_error(&error, "no atoms of %s", "Pd"));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, "no atoms of Pd");
    g_clear_error(&error);
    g_assert_false(alloy_parameter_error(&error, "cutoff is %g", -1.0));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_assert_cmpstr(error->message, ==, "cutoff is -1");
    g_assert_false(alloy_is_cancelled(error));
    g_assert_false(alloy_is_cancelled(NULL));
    /* Nobody asks for the message. */
    g_assert_false(alloy_format_error(NULL, "a", 1, "x"));
    g_assert_false(alloy_input_error(NULL, "x"));
    g_assert_false(alloy_parameter_error(NULL, "x"));
}

static void test_stages(void)
{
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autofree char *none = alloy_progress_dup_stage(progress);
    g_assert_cmpstr(none, ==, "");
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0);
    alloy_progress_set(progress, 0.5);
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.5);
    alloy_progress_stage(progress, 0.25, 0.75, "neighbours");
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.25);
    alloy_progress_set(progress, 0.5);
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.5);
    alloy_progress_set(progress, 7);
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.75);
    alloy_progress_set(progress, (double)NAN);
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.25);
    g_autofree char *name = alloy_progress_dup_stage(progress);
    g_assert_cmpstr(name, ==, "neighbours");
    /* 0.1*(1-1) + 0.7*1 is 0.7 itself, 0.1 + (0.7-0.1)*1 is not. */
    alloy_progress_stage(progress, 0.1, 0.7, "bonds");
    alloy_progress_set(progress, 1);
    g_assert_cmpfloat(alloy_progress_fraction(progress), ==, 0.7);
}

/* A part's whole is a span of its parent's whole; names, fractions and cancelling go through. */
static void test_parts(void)
{
    g_autoptr(AlloyProgress) whole = alloy_progress_new();
    AlloyProgress *half = alloy_progress_part(whole, 0.5, 1);
    AlloyProgress *quarter = alloy_progress_part(half, 0, 0.5);
    alloy_progress_stage(quarter, 0, 0.5, "bonds");
    g_assert_cmpfloat(alloy_progress_fraction(whole), ==, 0.5);
    alloy_progress_set(quarter, 1);
    g_assert_cmpfloat(alloy_progress_fraction(quarter), ==, 0.5);
    g_assert_cmpfloat(alloy_progress_fraction(half), ==, 0.25);
    g_assert_cmpfloat(alloy_progress_fraction(whole), ==, 0.625);
    g_autofree char *name = alloy_progress_dup_stage(whole);
    g_assert_cmpstr(name, ==, "bonds");
    alloy_progress_unref(half); /* the quarter holds it */
    g_assert_false(alloy_progress_is_cancelled(quarter));
    alloy_progress_cancel(whole);
    g_assert_true(alloy_progress_is_cancelled(quarter));
    alloy_progress_unref(quarter);
    g_assert_null(alloy_progress_part(NULL, 0, 1));

    /* A part that is cancelled leaves the whole alone. */
    g_autoptr(AlloyProgress) other = alloy_progress_new();
    g_autoptr(AlloyProgress) part = alloy_progress_part(other, 0, 1);
    alloy_progress_cancel(part);
    g_assert_true(alloy_progress_is_cancelled(part));
    g_assert_false(alloy_progress_is_cancelled(other));
}

static void test_nobody_watches(void)
{
    alloy_progress_set(NULL, 0.5);
    alloy_progress_stage(NULL, 0, 1, "x");
    alloy_progress_cancel(NULL);
    alloy_progress_follow(NULL, NULL);
    alloy_progress_unref(NULL);
    g_assert_null(alloy_progress_ref(NULL));
    g_assert_false(alloy_progress_is_cancelled(NULL));
    g_assert_true(alloy_progress_check(NULL, NULL));
    g_assert_cmpfloat(alloy_progress_fraction(NULL), ==, 0);
    g_autofree char *stage = alloy_progress_dup_stage(NULL);
    g_assert_cmpstr(stage, ==, "");
}

static void test_cancel(void)
{
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_progress_check(progress, &error));
    g_assert_no_error(error);
    alloy_progress_cancel(progress);
    g_assert_true(alloy_progress_is_cancelled(progress));
    g_assert_false(alloy_progress_check(progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

static void test_follow(void)
{
    GCancellable *first = g_cancellable_new();
    g_autoptr(GCancellable) second = g_cancellable_new();
    gpointer watched = first;
    g_object_add_weak_pointer(G_OBJECT(first), &watched);
    AlloyProgress *progress = alloy_progress_new();
    alloy_progress_follow(progress, first);
    alloy_progress_follow(progress, second);
    g_object_unref(first);
    g_assert_nonnull(watched);
    g_assert_false(alloy_progress_is_cancelled(progress));
    g_cancellable_cancel(first);
    g_assert_true(alloy_progress_is_cancelled(progress));
    alloy_progress_ref(progress);
    alloy_progress_unref(progress);
    g_assert_nonnull(watched);
    alloy_progress_unref(progress);
    g_assert_null(watched);

    /* One that was cancelled before. */
    g_cancellable_cancel(second);
    progress = alloy_progress_new();
    alloy_progress_follow(progress, second);
    g_assert_true(alloy_progress_is_cancelled(progress));
    alloy_progress_unref(progress);
}

static void *write_progress(void *data)
{
    for (int i = 0; i < 2000 && !alloy_progress_is_cancelled(data); i++) {
        alloy_progress_stage(data, 0.25, 0.5, i % 2 ? "neighbours" : "bonds");
        alloy_progress_set(data, i / 2000.0);
    }
    alloy_progress_unref(data);
    return NULL;
}

/* Readers at any time see one of the names and a fraction of the stage. */
static void test_watched_from_threads(void)
{
    AlloyProgress *progress = alloy_progress_new();
    pthread_t writer;
    g_assert_cmpint(pthread_create(&writer, NULL, write_progress, alloy_progress_ref(progress)), ==, 0);
    for (int i = 0; i < 2000; i++) {
        g_autofree char *stage = alloy_progress_dup_stage(progress);
        g_assert_true(g_str_equal(stage, "") || g_str_equal(stage, "bonds") ||
                      g_str_equal(stage, "neighbours"));
        double fraction = alloy_progress_fraction(progress);
        g_assert_true(fraction >= 0 && fraction <= 0.5);
    }
    alloy_progress_cancel(progress);
    alloy_progress_unref(progress);
    pthread_join(writer, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/messages", test_messages);
    g_test_add_func("/progress/stages", test_stages);
    g_test_add_func("/progress/parts", test_parts);
    g_test_add_func("/progress/nobody-watches", test_nobody_watches);
    g_test_add_func("/progress/cancel", test_cancel);
    g_test_add_func("/progress/follow", test_follow);
    g_test_add_func("/progress/threads", test_watched_from_threads);
    return g_test_run();
}
