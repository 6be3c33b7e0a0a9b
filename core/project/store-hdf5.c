/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading and writing the project file share: HDF5 with errors as GError, silent, one thread at a time.
 */
#include "core/project/store-private.h"

#include "core/base/error.h"

static GMutex lock;

void alloy_hid_close(AlloyHid id)
{
    if (id >= 0)
        H5Idec_ref(id);
}

void alloy_hdf_enter(AlloyHdfGuard *guard)
{
    g_mutex_lock(&lock);
    /* A project file never needs a filter that is not built in; a hostile one could ask for any. */
    H5PLset_loading_state(0);
    H5Eget_auto2(H5E_DEFAULT, &guard->func, &guard->data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void alloy_hdf_leave(AlloyHdfGuard *guard)
{
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, guard->func, guard->data);
    g_mutex_unlock(&lock);
}

/* The first entry of the walk is where it happened. */
static herr_t first_entry(unsigned n, const H5E_error2_t *entry, void *data)
{
    char **message = data;
    if (n == 0)
        *message =
            g_strdup_printf("%s (%s)", entry->desc != NULL ? entry->desc : "unknown", entry->func_name);
    return 0;
}

gboolean alloy_hdf_error(GError **error, const char *what)
{
    g_autofree char *message = NULL;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_entry, &message);
    g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "%s: HDF5: %s", what,
                message != NULL ? message : "no reason given");
    H5Eclear2(H5E_DEFAULT);
    return FALSE;
}

hid_t alloy_hdf_type(AlloyHdfType type)
{
    switch (type) {
    case ALLOY_HDF_F64:
        return H5T_IEEE_F64LE;
    case ALLOY_HDF_I64:
        return H5T_STD_I64LE;
    case ALLOY_HDF_U64:
        return H5T_STD_U64LE;
    case ALLOY_HDF_U32:
        return H5T_STD_U32LE;
    case ALLOY_HDF_I32:
        return H5T_STD_I32LE;
    case ALLOY_HDF_U16:
        return H5T_STD_U16LE;
    case ALLOY_HDF_U8:
        return H5T_STD_U8LE;
    }
    g_assert_not_reached();
}

size_t alloy_hdf_size(AlloyHdfType type)
{
    static const size_t sizes[] = {8, 8, 8, 4, 4, 2, 1};
    return sizes[type];
}

AlloyHdfType alloy_hdf_type_of_column(AlloyType type)
{
    static const AlloyHdfType types[] = {[ALLOY_REAL] = ALLOY_HDF_F64,
                                         [ALLOY_INTEGER] = ALLOY_HDF_I64,
                                         [ALLOY_BOOLEAN] = ALLOY_HDF_U8,
                                         [ALLOY_TEXT] = ALLOY_HDF_U32};
    return types[type];
}
