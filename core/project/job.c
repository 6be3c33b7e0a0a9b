/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/job.h"

#include <math.h>
#include <string.h>

#define TICK_MS 100

/* Shared by the job's thread, the watch and the task; the last one frees it. */
typedef struct {
    AlloyJobFunc work;
    gpointer data;
    GDestroyNotify free_data;
    AlloyProgress *progress;
    AlloyJobWatch watch;
    gpointer watch_data;
    gint64 began; /* us */
    double told;  /* fraction of the last notification */
    char *told_stage;
    int ended; /* g_atomic_int: the work has returned */
    /* of alloy_job_wait */
    GMutex lock;
    GCond end;
    gboolean ok;
    GError *error;
} Job;

static Job *job_new(AlloyJobFunc work, gpointer data, GCancellable *cancellable, AlloyJobWatch watch,
                    gpointer watch_data)
{
    Job *job = g_atomic_rc_box_new0(Job);
    job->work = work;
    job->data = data;
    job->progress = alloy_progress_new();
    if (cancellable != NULL)
        alloy_progress_follow(job->progress, cancellable);
    job->watch = watch;
    job->watch_data = watch_data;
    job->began = g_get_monotonic_time();
    job->told = -1;
    g_mutex_init(&job->lock);
    g_cond_init(&job->end);
    return job;
}

static void job_clear(gpointer data)
{
    Job *job = data;
    if (job->free_data != NULL)
        job->free_data(job->data);
    alloy_progress_unref(job->progress);
    g_free(job->told_stage);
    g_clear_error(&job->error);
    g_mutex_clear(&job->lock);
    g_cond_clear(&job->end);
}

static void job_unref(gpointer job)
{
    g_atomic_rc_box_release_full(job, job_clear);
}

/* Calls the watch; always: also when nothing changed since the last time. */
static void tell(Job *job, gboolean always)
{
    if (job->watch == NULL)
        return;
    double fraction = alloy_progress_fraction(job->progress);
    g_autofree char *stage = alloy_progress_dup_stage(job->progress);
    if (!always && fraction == job->told && g_strcmp0(stage, job->told_stage) == 0)
        return;
    double elapsed = (double)(g_get_monotonic_time() - job->began) * 1e-6;
    AlloyJobStatus status = {
        .fraction = fraction,
        .stage = stage,
        .elapsed = elapsed,
        .remaining = fraction > 0.02 && elapsed > 0.5 ? elapsed * (1 - fraction) / fraction : (double)NAN,
    };
    job->watch(&status, job->watch_data);
    job->told = fraction;
    g_free(job->told_stage);
    job->told_stage = g_steal_pointer(&stage);
}

static gpointer work_for_task(gpointer data)
{
    g_autoptr(GTask) task = data;
    Job *job = g_task_get_task_data(task);
    GError *error = NULL;
    gboolean ok = job->work(job->data, job->progress, &error);
    /* Before the task returns, so that no watch comes after done. */
    g_atomic_int_set(&job->ended, 1);
    if (ok)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
    return NULL;
}

static gboolean tick(gpointer data)
{
    Job *job = data;
    if (g_atomic_int_get(&job->ended))
        return G_SOURCE_REMOVE;
    tell(job, FALSE);
    return G_SOURCE_CONTINUE;
}

void alloy_job_start(AlloyJobFunc work, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                     AlloyJobWatch watch, gpointer watch_data, GAsyncReadyCallback done, gpointer done_data)
{
    Job *job = job_new(work, data, cancellable, watch, watch_data);
    job->free_data = free_data;
    GTask *task = g_task_new(NULL, cancellable, done, done_data);
    g_task_set_source_tag(task, alloy_job_start);
    g_task_set_task_data(task, job, job_unref);
    if (watch != NULL) {
        g_autoptr(GSource) source = g_timeout_source_new(TICK_MS);
        g_source_set_callback(source, tick, g_atomic_rc_box_acquire(job), job_unref);
        g_source_attach(source, g_task_get_context(task));
    }
    g_thread_unref(g_thread_new("job", work_for_task, task));
}

gboolean alloy_job_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, alloy_job_start), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

gpointer alloy_job_data(GAsyncResult *result)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, alloy_job_start), NULL);
    return ((Job *)g_task_get_task_data(G_TASK(result)))->data;
}

static gpointer work_for_wait(gpointer data)
{
    Job *job = data;
    GError *error = NULL;
    gboolean ok = job->work(job->data, job->progress, &error);
    g_mutex_lock(&job->lock);
    job->ok = ok;
    job->error = error;
    job->ended = 1;
    g_cond_signal(&job->end);
    g_mutex_unlock(&job->lock);
    return NULL;
}

gboolean alloy_job_wait(AlloyJobFunc work, gpointer data, GCancellable *cancellable, AlloyJobWatch watch,
                        gpointer watch_data, GError **error)
{
    Job *job = job_new(work, data, cancellable, watch, watch_data);
    GThread *thread = g_thread_new("job", work_for_wait, job);
    g_mutex_lock(&job->lock);
    while (!job->ended) {
        gint64 until = g_get_monotonic_time() + TICK_MS * 1000;
        if (!g_cond_wait_until(&job->end, &job->lock, until) && !job->ended) {
            g_mutex_unlock(&job->lock);
            tell(job, TRUE);
            g_mutex_lock(&job->lock);
        }
    }
    g_mutex_unlock(&job->lock);
    g_thread_join(thread);
    gboolean ok = job->ok;
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&job->error));
    job_unref(job);
    return ok;
}

gboolean alloy_job_execute(gpointer data, AlloyProgress *progress, GError **error)
{
    AlloyRun *run = data;
    run->progress = alloy_progress_ref(progress);
    gboolean ok = alloy_run_execute(run, error);
    /* The progress ends with the job, the run may live on. */
    g_clear_pointer(&run->progress, alloy_progress_unref);
    return ok;
}
