/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"

#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* A reader of the part of HDF5 that the project file uses, and of nothing else. The library that writes the
 * file does not read it: it trusts what it finds, and a file that a hostile hand made crashes it within
 * seconds of fuzzing. Here every address, size and count is held against the bytes that are there.
 *
 * Known: superblock 2, object headers 2, compact groups with hard links, attributes of numbers and of
 * fixed-length text, datasets of rank 1, compact, contiguous or chunked with shuffle and deflate. What is not
 * known is refused. HDF5 File Format Specification 3.0, The HDF Group. */

typedef enum {
    ALLOY_HDF_F64,
    ALLOY_HDF_I64,
    ALLOY_HDF_U64,
    ALLOY_HDF_U32,
    ALLOY_HDF_I32,
    ALLOY_HDF_U16,
    ALLOY_HDF_U8,
    ALLOY_HDF_TEXT, /* of fixed length, NUL-terminated, UTF-8 */
} AlloyHdfType;
/* Bytes of a number; 0 for text. */
size_t alloy_hdf_size(AlloyHdfType type);

typedef struct {
    const char *name; /* for messages */
    const uint8_t *bytes;
    size_t size;
    uint64_t base; /* of all addresses */
    uint64_t root; /* address of the root group */
    uint64_t work; /* bytes of headers looked at so far */
} AlloyHdfFile;

/* The first superblock is looked for at offset base. bytes must outlive the file. */
gboolean alloy_hdf_file_init(AlloyHdfFile *file, const char *name, const void *bytes, size_t size,
                             uint64_t base, GError **error);

typedef struct {
    AlloyHdfType type;
    size_t n;            /* values; for text 1 */
    const uint8_t *data; /* n values, little endian, or the text's bytes; not aligned */
    size_t size;         /* bytes of data */
} AlloyHdfAttribute;

/* A group or a dataset. */
typedef struct _AlloyHdfObject AlloyHdfObject;
/* The object at an address, or of that name in a group; NULL with an error. */
AlloyHdfObject *alloy_hdf_open(AlloyHdfFile *file, uint64_t address, GError **error);
AlloyHdfObject *alloy_hdf_child(AlloyHdfFile *file, const AlloyHdfObject *group, const char *name,
                                GError **error);
void alloy_hdf_close(AlloyHdfObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyHdfObject, alloy_hdf_close)

uint64_t alloy_hdf_address(const AlloyHdfObject *object); /* what tells it from others of the file */
gboolean alloy_hdf_has_child(const AlloyHdfObject *group, const char *name);
/* FALSE: none of that name. */
gboolean alloy_hdf_attribute(const AlloyHdfObject *object, const char *name, AlloyHdfAttribute *attribute);

/* Type and length of a dataset; FALSE: it is none. */
gboolean alloy_hdf_dataset(const AlloyHdfObject *object, AlloyHdfType *type, uint64_t *n);
/* Whether the bytes of the file can hold what the dataset claims. */
gboolean alloy_hdf_is_plausible(const AlloyHdfFile *file, const AlloyHdfObject *object);
/* All of its values; values has room for them. The chunks of one dataset are unpacked by all threads. */
gboolean alloy_hdf_read(const AlloyHdfFile *file, const AlloyHdfObject *object, void *values,
                        AlloyProgress *progress, GError **error);

/* "NAME: damaged project: ..." with ALLOY_ERROR_FORMAT. Always FALSE. */
gboolean alloy_hdf_wrong(const AlloyHdfFile *file, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* --- between hdf5-object.c and hdf5-data.c --- */

/* A span of bytes that is being read: every take checks what is left, and once it fails all further ones do.
 */
typedef struct {
    const uint8_t *at;
    size_t left;
    gboolean failed;
} AlloyHdfSpan;
uint64_t alloy_hdf_take(AlloyHdfSpan *span, size_t width); /* 1..8 bytes, little endian; 0 when failed */
const uint8_t *alloy_hdf_take_bytes(AlloyHdfSpan *span, size_t n);
/* length bytes of the file from an address; failed when they are not all there. */
AlloyHdfSpan alloy_hdf_span(const AlloyHdfFile *file, uint64_t address, uint64_t length);
#define ALLOY_HDF_NOWHERE UINT64_MAX

typedef enum {
    ALLOY_HDF_NO_LAYOUT,
    ALLOY_HDF_COMPACT,
    ALLOY_HDF_CONTIGUOUS,
    ALLOY_HDF_CHUNKED
} AlloyHdfLayout;
struct _AlloyHdfObject {
    uint64_t address;
    GArray *links, *attributes;
    gboolean has_space, has_type, shuffled, deflated;
    uint64_t n;
    AlloyHdfType type;
    size_t text_size; /* of a text type */
    AlloyHdfLayout layout;
    const uint8_t *compact; /* COMPACT: length bytes */
    uint64_t where, length; /* CONTIGUOUS: address and bytes; CHUNKED: address of the tree */
    uint64_t chunk;         /* CHUNKED: values a chunk */
};

G_END_DECLS
