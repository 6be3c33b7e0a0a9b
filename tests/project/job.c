/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/job.h"

#include "core/base/error.h"
#include "core/project/registry.h"

#include <math.h>
#include <string.h>

/* Work in steps of a millisecond, until cancelled or done. */
typedef struct {
    int steps;
    GError *error; /* to fail with at the end; NULL: succeeds */
    GThread *thread;
    int done;
    gboolean freed;
} Steps;

static gboolean step(gpointer data, AlloyProgress *progress, GError **error)
{
    Steps *steps = data;
    steps->thread = g_thread_self();
    alloy_progress_stage(progress, 0, 1, "stepping");
    for (steps->done = 0; steps->done < steps->steps; steps->done++) {
        if (!alloy_progress_check(progress, error))
            return FALSE;
        alloy_progress_set(progress, (double)steps->done / steps->steps);
        g_usleep(1000);
    }
    if (steps->error != NULL)
        g_propagate_error(error, g_steal_pointer(&steps->error));
    return steps->error == NULL && (error == NULL || *error == NULL);
}

typedef struct {
    GMainLoop *loop;
    GCancellable *cancellable;
    int cancel_at; /* notification; 0: never */
    int notifications;
    double last;
    gint64 when, shortest; /* us between notifications */
    gboolean ended, ok;
    GError *error;
    gpointer data;
} Watcher;

static void watch(const AlloyJobStatus *status, gpointer data)
{
    Watcher *watcher = data;
    g_assert_false(watcher->ended); /* none after the end */
    g_assert_cmpfloat(status->fraction, >=, watcher->last);
    g_assert_cmpfloat(status->fraction, <=, 1);
    g_assert_true(*status->stage == '\0' || strcmp(status->stage, "stepping") == 0);
    gint64 now = g_get_monotonic_time();
    if (watcher->notifications > 0)
        watcher->shortest = MIN(watcher->shortest, now - watcher->when);
    watcher->when = now;
    watcher->last = status->fraction;
    if (++watcher->notifications == watcher->cancel_at)
        g_cancellable_cancel(watcher->cancellable);
}

static void done(GObject *source, GAsyncResult *result, gpointer data)
{
    Watcher *watcher = data;
    watcher->ok = alloy_job_finish(result, &watcher->error);
    watcher->data = alloy_job_data(result);
    watcher->ended = TRUE;
    g_main_loop_quit(watcher->loop);
}

static void freed(gpointer data)
{
    ((Steps *)data)->freed = TRUE;
}

static void run_job(Steps *steps, Watcher *watcher)
{
    watcher->loop = g_main_loop_new(NULL, FALSE);
    watcher->shortest = G_MAXINT64;
    alloy_job_start(step, steps, freed, watcher->cancellable, watch, watcher, done, watcher);
    g_main_loop_run(watcher->loop);
    g_assert_true(watcher->data == steps);
    /* Whatever was still to come of the watch. */
    for (int i = 0; i < 30; i++) {
        g_usleep(10000);
        while (g_main_context_iteration(NULL, FALSE))
            ;
    }
    g_assert_true(steps->freed);
    g_assert_true(steps->thread != NULL && steps->thread != g_thread_self());
    g_main_loop_unref(watcher->loop);
}

static void test_success(void)
{
    Steps steps = {.steps = 700};
    Watcher watcher = {0};
    run_job(&steps, &watcher);
    g_assert_true(watcher.ok);
    g_assert_no_error(watcher.error);
    g_assert_cmpint(steps.done, ==, 700);
    g_assert_cmpint(watcher.notifications, >=, 1);
    /* At most ten a second; a late timer may be followed by one that comes a little early. */
    g_assert_cmpint(watcher.shortest, >, 50000);
}

static void test_failure(void)
{
    Steps steps = {.steps = 1, .error = g_error_new_literal(ALLOY_ERROR, ALLOY_ERROR_INPUT, "no")};
    Watcher watcher = {0};
    run_job(&steps, &watcher);
    g_assert_false(watcher.ok);
    g_assert_error(watcher.error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_clear_error(&watcher.error);
}

static void test_cancel(void)
{
    Steps steps = {.steps = 60000};
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Watcher watcher = {.cancellable = cancellable, .cancel_at = 2};
    run_job(&steps, &watcher);
    g_assert_false(watcher.ok);
    g_assert_true(alloy_is_cancelled(watcher.error));
    g_assert_cmpint(steps.done, <, 60000);
    g_clear_error(&watcher.error);
}

/* More jobs at a time than GTask's own pool has threads, all of them waiting for the last: none is held up.
 */
#define MANY 40
typedef struct {
    GMutex lock;
    GCond met;
    int here, ended;
    GMainLoop *loop;
} Meeting;

static gboolean meet(gpointer data, AlloyProgress *progress, GError **error)
{
    Meeting *meeting = data;
    g_mutex_lock(&meeting->lock);
    if (++meeting->here == MANY)
        g_cond_broadcast(&meeting->met);
    while (meeting->here < MANY)
        g_cond_wait(&meeting->met, &meeting->lock);
    g_mutex_unlock(&meeting->lock);
    return TRUE;
}

static void met(GObject *source, GAsyncResult *result, gpointer data)
{
    Meeting *meeting = data;
    g_assert_true(alloy_job_finish(result, NULL));
    if (++meeting->ended == MANY)
        g_main_loop_quit(meeting->loop);
}

static void test_many(void)
{
    Meeting meeting = {.loop = g_main_loop_new(NULL, FALSE)};
    g_mutex_init(&meeting.lock);
    g_cond_init(&meeting.met);
    for (int i = 0; i < MANY; i++)
        alloy_job_start(meet, &meeting, NULL, NULL, NULL, NULL, met, &meeting);
    g_main_loop_run(meeting.loop);
    g_main_loop_unref(meeting.loop);
    g_mutex_clear(&meeting.lock);
    g_cond_clear(&meeting.met);
}

static void test_wait(void)
{
    Steps steps = {.steps = 350};
    Watcher watcher = {.shortest = G_MAXINT64};
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_job_wait(step, &steps, NULL, watch, &watcher, &error));
    g_assert_no_error(error);
    g_assert_cmpint(watcher.notifications, >=, 1);

    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Steps endless = {.steps = 60000};
    Watcher stopper = {.cancellable = cancellable, .cancel_at = 1, .shortest = G_MAXINT64};
    g_assert_false(alloy_job_wait(step, &endless, cancellable, watch, &stopper, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_assert_cmpint(endless.done, <, 60000);
}

/* An operation as a job: its stages are seen, its outputs are there. */
static void test_operation(void)
{
    const AlloyOperation *operation = alloy_operation_by_name("simulate-particle", NULL);
    g_autoptr(AlloyRun) run = alloy_run_new(operation);
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_job_wait(alloy_job_execute, run, NULL, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_nonnull(run->atoms);
    g_assert_null(run->progress);
}

/* A part keeps its fractions and stages within its span of the whole, parts of parts too. */
static void test_parts(void)
{
    g_autoptr(AlloyProgress) whole = alloy_progress_new();
    g_autoptr(AlloyProgress) part = alloy_progress_part(whole, 0.5, 1);
    alloy_progress_stage(part, 0, 0.5, "first");
    alloy_progress_set(part, 0.5);
    g_assert_cmpfloat(alloy_progress_fraction(whole), ==, 0.625);
    g_autofree char *stage = alloy_progress_dup_stage(whole);
    g_assert_cmpstr(stage, ==, "first");
    g_autoptr(AlloyProgress) inner = alloy_progress_part(part, 0.5, 1);
    alloy_progress_set(inner, 1);
    g_assert_cmpfloat(alloy_progress_fraction(whole), ==, 1);
    alloy_progress_cancel(whole);
    g_assert_true(alloy_progress_is_cancelled(inner));
    g_assert_null(alloy_progress_part(NULL, 0, 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/project/job/success", test_success);
    g_test_add_func("/project/job/failure", test_failure);
    g_test_add_func("/project/job/cancel", test_cancel);
    g_test_add_func("/project/job/many", test_many);
    g_test_add_func("/project/job/wait", test_wait);
    g_test_add_func("/project/job/operation", test_operation);
    g_test_add_func("/project/job/parts", test_parts);
    return g_test_run();
}
