/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* Work that takes a while, off the thread that waits for it. Each job has a thread of its own (GTask's pool
 * is small, and a few long analyses would block every other task of the program); the loops inside use the
 * one pool of core/base/parallel.h. */

/* Called on the job's thread. FALSE with error set: it failed or was cancelled, and left nothing half-made.
 */
typedef gboolean (*AlloyJobFunc)(gpointer data, AlloyProgress *progress, GError **error);

typedef struct {
    double fraction;   /* 0..1 */
    const char *stage; /* what is done now; "" before the first */
    double elapsed;    /* s */
    double remaining;  /* s, from the fraction so far; NaN while too early to say */
} AlloyJobStatus;
/* At most ten times a second, on the thread that waits; never after the end. */
typedef void (*AlloyJobWatch)(const AlloyJobStatus *status, gpointer data);

/* Starts work(data) and returns at once; done is called in the thread-default main context of the caller,
 * watch (nullable) there too, and only when something changed. data is freed with free_data (nullable) after
 * done. A cancelled job ends with G_IO_ERROR_CANCELLED even when its work was just finished. */
void alloy_job_start(AlloyJobFunc work, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                     AlloyJobWatch watch, gpointer watch_data, GAsyncReadyCallback done, gpointer done_data);
/* In done: TRUE when the work succeeded. */
gboolean alloy_job_finish(GAsyncResult *result, GError **error);
/* In done: the data of the job, borrowed. */
gpointer alloy_job_data(GAsyncResult *result);

/* The same for a caller that waits (the command line): watch is called every tenth of a second, also when
 * nothing changed, so that it may cancel the cancellable. */
gboolean alloy_job_wait(AlloyJobFunc work, gpointer data, GCancellable *cancellable, AlloyJobWatch watch,
                        gpointer watch_data, GError **error);

/* An AlloyJobFunc whose data is an AlloyRun: gives it the progress and executes it. */
gboolean alloy_job_execute(gpointer run, AlloyProgress *progress, GError **error);

G_END_DECLS
