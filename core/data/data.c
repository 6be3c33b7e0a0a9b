/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/data.h"

#include <stdatomic.h>

void alloy_data_init(AlloyData *data, const AlloyDataClass *klass)
{
    data->klass = klass;
    g_atomic_int_set(&data->refs, 1);
}

gpointer alloy_data_ref(gconstpointer data)
{
    AlloyData *value = (AlloyData *)data;
    if (value != NULL)
        g_atomic_int_inc(&value->refs);
    return value;
}

void alloy_data_unref(gconstpointer data)
{
    AlloyData *value = (AlloyData *)data;
    if (value != NULL && g_atomic_int_dec_and_test(&value->refs))
        value->klass->finalize(value);
}

void alloy_slot_put(AlloySlot *slot, AlloyData *value)
{
    alloy_data_unref(atomic_exchange(&slot->value, value));
}

AlloyData *alloy_slot_take(AlloySlot *slot)
{
    return atomic_exchange(&slot->value, NULL);
}

gpointer alloy_array_alloc(size_t n, size_t size)
{
    /* The box adds a header, hence the margin. Who allocates for a file has checked the count against its
     * size, so that this is a bug here. */
    if (size != 0 && n > (G_MAXSSIZE - 64) / size)
        g_error("an array of %zu items of %zu bytes does not fit in memory", n, size);
    return g_atomic_rc_box_alloc(MAX(n * size, 1));
}

gpointer alloy_array_ref(gconstpointer array)
{
    return array == NULL ? NULL : g_atomic_rc_box_acquire((gpointer)array);
}

void alloy_array_unref(gconstpointer array)
{
    if (array != NULL)
        g_atomic_rc_box_release((gpointer)array);
}
