/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/data.h"
#include "core/project/hdf5-reader.h"

G_BEGIN_DECLS

/* What store.c, store-write.c and store-read.c share. */

/* --- places: where the k-th of a list of n lies ---
 *
 * Groups of HDF5 are searched from their beginning, so no group gets more than 64 members: 5 of 10 is "5", 70
 * of 100 is "1/70", 5000 of 6000 is "1/78/5000". */
#define ALLOY_STORE_FAN 64
#define ALLOY_STORE_PLACE 64 /* bytes of the text */
void alloy_store_place(size_t k, size_t n, char place[ALLOY_STORE_PLACE]);

/* Texts up to this are attributes, longer ones and lists of strings datasets of bytes. */
#define ALLOY_STORE_SHORT 8192

/* A project may have as many, and is neither saved nor read with more: names are found by looking through
 * them. */
#define ALLOY_STORE_MOST_COLUMNS 32768 /* of one value */
#define ALLOY_STORE_MOST_ITEMS 100000

/* --- writing: the library --- */

/* A value into the group of that path ("/items/3"), which is there. */
typedef struct _AlloyStoreWriter AlloyStoreWriter;
AlloyStoreWriter *alloy_store_writer_new(AlloyProgress *progress, GError **error);
void alloy_store_writer_free(AlloyStoreWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyStoreWriter, alloy_store_writer_free)
/* Bytes of arrays still to come, for the progress. */
void alloy_store_expect(AlloyStoreWriter *writer, const AlloyData *data);
gboolean alloy_store_group(AlloyStoreWriter *writer, const char *path, GError **error);
/* The path of the k-th of n under list, the groups on the way to it made. Free with g_free. */
char *alloy_store_place_path(AlloyStoreWriter *writer, const char *list, size_t k, size_t n, GError **error);
gboolean alloy_store_put_text(AlloyStoreWriter *writer, const char *path, const char *name, const char *text,
                              GError **error);
gboolean alloy_store_put_numbers(AlloyStoreWriter *writer, const char *path, const char *name,
                                 AlloyHdfType type, const void *values, size_t n, GError **error);
gboolean alloy_store_put_data(AlloyStoreWriter *writer, const char *path, const AlloyData *data,
                              GError **error);
/* The file as it shall lie on the disk, its first `block` bytes free; borrowed, until the writer goes. */
const guint8 *alloy_store_image(AlloyStoreWriter *writer, size_t *length, GError **error);
#define ALLOY_STORE_BLOCK 512 /* HDF5 looks for its signature at 0, 512, 1024, ... */

/* --- reading: hdf5-reader.h --- */
typedef struct {
    AlloyHdfFile file;
    GHashTable *arrays;  /* "ADDRESS TYPE" of a dataset -> array, owned */
    GHashTable *columns; /* "ADDRESS" of a dataset -> column, owned */
    AlloyProgress *progress;
    uint64_t done; /* bytes of arrays handled, shared ones each time, at less */
    uint64_t held; /* bytes of arrays in memory */
} AlloyStoreReader;

/* The k-th of a list of n. */
AlloyHdfObject *alloy_store_open_place(AlloyStoreReader *reader, const AlloyHdfObject *list, size_t k,
                                       size_t n, GError **error);
/* Free with g_free. */
char *alloy_store_take_text(AlloyStoreReader *reader, const AlloyHdfObject *group, const char *name,
                            GError **error);
/* Exactly n values of that type. */
gboolean alloy_store_take_numbers(AlloyStoreReader *reader, const AlloyHdfObject *object, const char *name,
                                  AlloyHdfType type, void *values, size_t n, GError **error);
/* kind: "atoms", ... */
const AlloyData *alloy_store_take_data(AlloyStoreReader *reader, const AlloyHdfObject *group,
                                       const char *kind, GError **error);

G_END_DECLS
