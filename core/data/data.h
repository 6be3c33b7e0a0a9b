/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What a scientist holds. Every value of core/data begins with an AlloyData: filled once by its builder,
 * never changed after, shared by reference count among views, jobs and the project file with no lock.
 *
 * A new kind of data adds one AlloyDataClass in its own file; what must know all kinds (the project file, the
 * writers) looks the class up by name. */
typedef struct _AlloyData AlloyData;

typedef struct {
    const char *name;  /* "atoms", "series", "table", "selection": stands in project files, never changes */
    const char *title; /* "Atomic model" */
    void (*finalize)(AlloyData *data); /* frees the value and its struct */
} AlloyDataClass;

struct _AlloyData {
    const AlloyDataClass *klass;
    int refs; /* g_atomic_int */
};

/* For the builders: sets the class and one reference. */
void alloy_data_init(AlloyData *data, const AlloyDataClass *klass);

/* Take and return any value; NULL stays NULL. A value is const everywhere, the count is not part of the
 * value. */
#define alloy_ref(value) ((__typeof__(value))alloy_data_ref(value))
gpointer alloy_data_ref(gconstpointer data);
void alloy_data_unref(gconstpointer data);
/* Sets *pointer to NULL and drops its reference. */
#define alloy_clear(pointer) g_clear_pointer(pointer, alloy_data_unref)
#define ALLOY_DATA(value) ((const AlloyData *)(value))
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyData, alloy_data_unref)

/* The lock-free hand-over: a place for one value, where the newest wins. Any thread may put, any may take. */
typedef struct {
    AlloyData *_Atomic value;
} AlloySlot;
/* Takes over the caller's reference; what was there and not taken is dropped. */
void alloy_slot_put(AlloySlot *slot, AlloyData *value);
/* What is there, with its reference, or NULL; the slot is empty after. */
AlloyData *alloy_slot_take(AlloySlot *slot);

/* Contiguous arrays that several values share: g_atomic_rc_box memory, so a value that differs in one
 * quantity shares the others. n may be 0. Not cleared. */
#define alloy_array_new(type, n) ((type *)alloy_array_alloc((n), sizeof(type)))
gpointer alloy_array_alloc(size_t n, size_t size);
gpointer alloy_array_ref(gconstpointer array); /* NULL stays NULL */
void alloy_array_unref(gconstpointer array);   /* NULL is allowed */

G_END_DECLS
