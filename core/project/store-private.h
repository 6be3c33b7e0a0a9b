/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"
#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/data/table.h"

/* The calls below are those of HDF5 1.10, also where the library is newer. */
#define H5_USE_110_API 1
#include <hdf5.h>

G_BEGIN_DECLS

/* What reading and writing the project file share: thin, checked calls of HDF5. */

/* Closed when it goes out of scope. */
typedef hid_t AlloyHid;
void alloy_hid_close(AlloyHid id);
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(AlloyHid, alloy_hid_close, -1)

/* One lock for all of HDF5 in this program, its messages silenced for this thread; leave restores them. */
typedef struct {
    H5E_auto2_t func;
    void *data;
} AlloyHdfGuard;
void alloy_hdf_enter(AlloyHdfGuard *guard);
void alloy_hdf_leave(AlloyHdfGuard *guard);

/* "WHAT: what HDF5 says". Always FALSE. */
gboolean alloy_hdf_error(GError **error, const char *what);

/* The type in the file of every type of value: little endian. */
typedef enum {
    ALLOY_HDF_F64,
    ALLOY_HDF_I64,
    ALLOY_HDF_U64,
    ALLOY_HDF_U32,
    ALLOY_HDF_I32,
    ALLOY_HDF_U16,
    ALLOY_HDF_U8
} AlloyHdfType;
hid_t alloy_hdf_type(AlloyHdfType type);
size_t alloy_hdf_size(AlloyHdfType type);
AlloyHdfType alloy_hdf_type_of_column(AlloyType type);

/* --- writing (store-write.c) --- */
typedef struct {
    hid_t file;
    GHashTable *shared; /* array or column -> path of its dataset */
    AlloyProgress *progress;
    uint64_t done, total; /* bytes of arrays */
} AlloyStoreWriter;

hid_t alloy_store_group(hid_t parent, const char *name, GError **error);
gboolean alloy_store_put_text(hid_t object, const char *name, const char *text, GError **error);
gboolean alloy_store_put_numbers(hid_t object, const char *name, AlloyHdfType type, const void *values,
                                 size_t n, GError **error);
/* A value of any kind into a group. */
gboolean alloy_store_write_data(AlloyStoreWriter *writer, hid_t group, const AlloyData *data, GError **error);
/* Bytes of its arrays, for the progress. */
uint64_t alloy_store_weight(const AlloyData *data);

/* --- reading (store-read.c) --- */
typedef struct {
    const char *name; /* of the file, for messages */
    hid_t file;
    GHashTable *arrays;  /* "ADDRESS TYPE" of a dataset -> array, owned */
    GHashTable *columns; /* "ADDRESS" of a dataset -> column, owned */
    AlloyProgress *progress;
    uint64_t file_size, done;
} AlloyStoreReader;

/* -1 with an error when there is none of that name, or it is a link elsewhere. */
hid_t alloy_store_open_group(const AlloyStoreReader *reader, hid_t parent, const char *name, GError **error);
gboolean alloy_store_has(hid_t parent, const char *name);
/* Free with g_free. */
char *alloy_store_take_text(const AlloyStoreReader *reader, hid_t object, const char *name, GError **error);
/* Exactly n values of that type into values. */
gboolean alloy_store_take_numbers(const AlloyStoreReader *reader, hid_t object, const char *name,
                                  AlloyHdfType type, void *values, size_t n, GError **error);
/* kind: "atoms", ... */
const AlloyData *alloy_store_read_data(AlloyStoreReader *reader, hid_t group, const char *kind,
                                       GError **error);

G_END_DECLS
