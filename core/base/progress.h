/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How far a job is, and whether it shall stop. Made by who waits, written by who works, read by anyone at any
 * time: fraction and the cancel flag are atomics, so workers may ask in inner blocks. Every function takes
 * NULL for "nobody watches". Reference-counted. */
typedef struct _AlloyProgress AlloyProgress;

AlloyProgress *alloy_progress_new(void);
AlloyProgress *alloy_progress_ref(AlloyProgress *progress);
void alloy_progress_unref(AlloyProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyProgress, alloy_progress_unref)

/* Stops when the cancellable does (the reference is held until the progress goes). */
void alloy_progress_follow(AlloyProgress *progress, GCancellable *cancellable);
void alloy_progress_cancel(AlloyProgress *progress);
gboolean alloy_progress_is_cancelled(const AlloyProgress *progress);
/* FALSE and G_IO_ERROR_CANCELLED once cancelled; TRUE else. */
gboolean alloy_progress_check(const AlloyProgress *progress, GError **error);

/* A progress for one step of a larger job: its own fraction and stages are those of the whole from..to of
 * parent, and it is cancelled when the parent is. What sets stages of its own is given one. NULL for parent
 * NULL. Free with alloy_progress_unref. */
AlloyProgress *alloy_progress_part(AlloyProgress *parent, double from, double to);

/* A stage maps the fractions 0..1 set from now on to the span from..to of the whole and names what is done
 * ("neighbours"). Stages do not nest: the operation that strings steps together sets them, and gives a step
 * that has stages of its own a part. */
void alloy_progress_stage(AlloyProgress *progress, double from, double to, const char *name);
/* Fraction of the current stage, 0..1. */
void alloy_progress_set(AlloyProgress *progress, double fraction);
/* Fraction of the whole, 0..1. */
double alloy_progress_fraction(const AlloyProgress *progress);
/* The name of the current stage, "" before the first. Free with g_free. */
char *alloy_progress_dup_stage(const AlloyProgress *progress);

G_END_DECLS
