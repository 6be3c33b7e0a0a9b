/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Cancellables are only ever added in front, so that readers walk the list without a lock. */
typedef struct Followed {
    GCancellable *cancellable;
    struct Followed *next;
} Followed;

struct _AlloyProgress {
    atomic_uint references;
    atomic_bool cancelled;
    _Atomic(double) from, to, fraction;
    _Atomic(Followed *) followed;
    AlloyProgress *parent; /* of a part; NULL: none */
    double low, high;      /* span of the part in its parent */
    pthread_mutex_t lock;  /* of stage */
    char *stage;
};

AlloyProgress *alloy_progress_new(void)
{
    AlloyProgress *progress = g_new0(AlloyProgress, 1);
    atomic_init(&progress->references, 1);
    atomic_init(&progress->cancelled, false);
    atomic_init(&progress->from, 0.0);
    atomic_init(&progress->to, 1.0);
    atomic_init(&progress->fraction, 0.0);
    atomic_init(&progress->followed, NULL);
    pthread_mutex_init(&progress->lock, NULL);
    return progress;
}

static double clamp01(double value)
{
    return value > 0 ? MIN(value, 1.0) : 0.0; /* NaN gives 0 */
}

AlloyProgress *alloy_progress_part(AlloyProgress *parent, double from, double to)
{
    if (parent == NULL)
        return NULL;
    AlloyProgress *part = alloy_progress_new();
    part->parent = alloy_progress_ref(parent);
    part->low = clamp01(from);
    part->high = MAX(clamp01(to), part->low);
    return part;
}

AlloyProgress *alloy_progress_ref(AlloyProgress *progress)
{
    if (progress != NULL)
        atomic_fetch_add_explicit(&progress->references, 1, memory_order_relaxed);
    return progress;
}

void alloy_progress_unref(AlloyProgress *progress)
{
    if (progress == NULL || atomic_fetch_sub_explicit(&progress->references, 1, memory_order_acq_rel) != 1)
        return;
    Followed *followed = atomic_load(&progress->followed);
    while (followed != NULL) {
        Followed *next = followed->next;
        g_object_unref(followed->cancellable);
        g_free(followed);
        followed = next;
    }
    alloy_progress_unref(progress->parent);
    pthread_mutex_destroy(&progress->lock);
    g_free(progress->stage);
    g_free(progress);
}

void alloy_progress_follow(AlloyProgress *progress, GCancellable *cancellable)
{
    if (progress == NULL || cancellable == NULL)
        return;
    Followed *followed = g_new(Followed, 1);
    followed->cancellable = g_object_ref(cancellable);
    followed->next = atomic_load_explicit(&progress->followed, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&progress->followed, &followed->next, followed,
                                                  memory_order_release, memory_order_relaxed))
        ;
}

void alloy_progress_cancel(AlloyProgress *progress)
{
    if (progress != NULL)
        atomic_store_explicit(&progress->cancelled, true, memory_order_release);
}

gboolean alloy_progress_is_cancelled(const AlloyProgress *progress)
{
    if (progress == NULL)
        return FALSE;
    if (atomic_load_explicit(&progress->cancelled, memory_order_acquire))
        return TRUE;
    const Followed *followed = atomic_load_explicit(&progress->followed, memory_order_acquire);
    for (; followed != NULL; followed = followed->next)
        if (g_cancellable_is_cancelled(followed->cancellable))
            return TRUE;
    return alloy_progress_is_cancelled(progress->parent);
}

gboolean alloy_progress_check(const AlloyProgress *progress, GError **error)
{
    if (!alloy_progress_is_cancelled(progress))
        return TRUE;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    return FALSE;
}

/* Sets the fraction of the whole, here and in what this is a part of. */
static void set_whole(AlloyProgress *progress, double fraction)
{
    for (; progress != NULL; progress = progress->parent) {
        atomic_store_explicit(&progress->fraction, fraction, memory_order_relaxed);
        fraction = progress->low * (1 - fraction) + progress->high * fraction;
    }
}

static void set_name(AlloyProgress *progress, const char *name)
{
    for (; progress != NULL; progress = progress->parent) {
        char *copy = g_strdup(name);
        pthread_mutex_lock(&progress->lock);
        char *old = progress->stage;
        progress->stage = copy;
        pthread_mutex_unlock(&progress->lock);
        g_free(old);
    }
}

void alloy_progress_stage(AlloyProgress *progress, double from, double to, const char *name)
{
    if (progress == NULL)
        return;
    from = clamp01(from);
    to = MAX(clamp01(to), from);
    atomic_store_explicit(&progress->from, from, memory_order_relaxed);
    atomic_store_explicit(&progress->to, to, memory_order_relaxed);
    set_whole(progress, from);
    set_name(progress, name);
}

void alloy_progress_set(AlloyProgress *progress, double fraction)
{
    if (progress == NULL)
        return;
    double from = atomic_load_explicit(&progress->from, memory_order_relaxed);
    double to = atomic_load_explicit(&progress->to, memory_order_relaxed);
    fraction = clamp01(fraction);
    /* Weighted so that 1 gives `to` to the last bit. */
    set_whole(progress, from * (1 - fraction) + to * fraction);
}

double alloy_progress_fraction(const AlloyProgress *progress)
{
    return progress != NULL ? atomic_load_explicit(&progress->fraction, memory_order_relaxed) : 0.0;
}

char *alloy_progress_dup_stage(const AlloyProgress *progress)
{
    if (progress == NULL)
        return g_strdup("");
    AlloyProgress *self = (AlloyProgress *)progress; /* only to lock */
    pthread_mutex_lock(&self->lock);
    char *copy = g_strdup(self->stage != NULL ? self->stage : "");
    pthread_mutex_unlock(&self->lock);
    return copy;
}
