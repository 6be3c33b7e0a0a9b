/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of datasets: section III.A.1 (chunk trees) and IV.A.2.i (layouts) of the HDF5 File Format
 * Specification 3.0. */
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/project/hdf5-reader.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

/* Deflate makes at most 1032 bytes of one. */
#define MOST_RATIO 1040
#define DEEPEST 8

gboolean alloy_hdf_dataset(const AlloyHdfObject *object, AlloyHdfType *type, uint64_t *n)
{
    if (!object->has_space || !object->has_type || object->layout == ALLOY_HDF_NO_LAYOUT ||
        object->type == ALLOY_HDF_TEXT)
        return FALSE;
    *type = object->type;
    *n = object->n;
    return TRUE;
}

gboolean alloy_hdf_is_plausible(const AlloyHdfFile *file, const AlloyHdfObject *object)
{
    uint64_t bytes = object->n * alloy_hdf_size(object->type);
    switch (object->layout) {
    case ALLOY_HDF_COMPACT:
        return !object->shuffled && !object->deflated && object->length == bytes;
    case ALLOY_HDF_CONTIGUOUS:
        return !object->shuffled && !object->deflated && object->length == bytes &&
               (bytes == 0 || !alloy_hdf_span(file, object->where, bytes).failed);
    case ALLOY_HDF_CHUNKED:
        return object->n > 0 && object->length == alloy_hdf_size(object->type) &&
               bytes / MOST_RATIO <= file->size;
    case ALLOY_HDF_NO_LAYOUT:
        break;
    }
    return FALSE;
}

/* --- chunks --- */

typedef struct {
    uint64_t address;
    uint32_t size;     /* as it lies in the file */
    gboolean deflated; /* what does not become smaller may be left as it is */
} Chunk;

/* The chunks of a tree in their order: each begins where the one before it ends. */
static gboolean collect_chunks(const AlloyHdfFile *file, const AlloyHdfObject *object, uint64_t address,
                               int level, GArray *chunks)
{
    AlloyHdfSpan span = alloy_hdf_span(file, address, 24);
    const uint8_t *signature = alloy_hdf_take_bytes(&span, 4);
    uint64_t kind = alloy_hdf_take(&span, 1), stored_level = alloy_hdf_take(&span, 1),
             entries = alloy_hdf_take(&span, 2);
    if (span.failed || memcmp(signature, "TREE", 4) != 0 || kind != 1 || stored_level > DEEPEST ||
        (level >= 0 && stored_level != (uint64_t)level))
        return FALSE;
    /* A key of 24 bytes and an address each: size and filters of the chunk, its offset in values and in
     * bytes. */
    span = alloy_hdf_span(file, address + 24, entries * 32);
    for (uint64_t i = 0; i < entries; i++) {
        Chunk chunk = {.size = (uint32_t)alloy_hdf_take(&span, 4)};
        uint64_t left_out = alloy_hdf_take(&span, 4), offset = alloy_hdf_take(&span, 8),
                 within = alloy_hdf_take(&span, 8);
        /* Deflate is the last filter. */
        uint64_t deflate = object->deflated ? (object->shuffled ? 2 : 1) : 0;
        chunk.deflated = deflate != 0 && left_out == 0;
        chunk.address = alloy_hdf_take(&span, 8);
        if (span.failed)
            return FALSE;
        if (stored_level > 0) {
            if (!collect_chunks(file, object, chunk.address, (int)stored_level - 1, chunks))
                return FALSE;
            continue;
        }
        if ((left_out != 0 && left_out != deflate) || within != 0 || offset != chunks->len * object->chunk ||
            offset >= object->n || alloy_hdf_span(file, chunk.address, chunk.size).failed)
            return FALSE;
        g_array_append_val(chunks, chunk);
    }
    /* Nodes without entries would let a tree of nothing be walked for ever. */
    return entries > 0;
}

typedef struct {
    const AlloyHdfFile *file;
    const AlloyHdfObject *object;
    const GArray *chunks;
    uint8_t *values;
    atomic_bool failed;
} Unpacking;

static void unshuffle(const uint8_t *from, uint8_t *to, size_t n, size_t size, size_t stride)
{
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < size; b++)
            to[i * size + b] = from[b * stride + i];
}

/* A chunk is always whole in the file, the last one too. */
static gboolean unpack(const Unpacking *job, size_t place, uint8_t *buffer)
{
    const AlloyHdfObject *object = job->object;
    const Chunk *chunk = &g_array_index(job->chunks, Chunk, place);
    size_t size = alloy_hdf_size(object->type), whole = object->chunk * size;
    uint64_t first = place * object->chunk;
    size_t n = (size_t)MIN(object->chunk, object->n - first);
    const uint8_t *bytes = alloy_hdf_span(job->file, chunk->address, chunk->size).at;
    if (chunk->deflated) {
        uLongf length = whole;
        if (uncompress(buffer, &length, bytes, chunk->size) != Z_OK || length != whole)
            return FALSE;
        bytes = buffer;
    } else if (chunk->size != whole) {
        return FALSE;
    }
    uint8_t *to = job->values + first * size;
    if (object->shuffled)
        unshuffle(bytes, to, n, size, object->chunk);
    else
        memcpy(to, bytes, n * size);
    return TRUE;
}

static void unpack_chunks(size_t begin, size_t end, void *data)
{
    Unpacking *job = data;
    g_autofree uint8_t *buffer = g_malloc(job->object->chunk * 8);
    for (size_t i = begin; i < end && !atomic_load_explicit(&job->failed, memory_order_relaxed); i++)
        if (!unpack(job, i, buffer))
            atomic_store(&job->failed, true);
}

static gboolean read_chunks(const AlloyHdfFile *file, const AlloyHdfObject *object, void *values,
                            AlloyProgress *progress, GError **error)
{
    g_autoptr(GArray) chunks = g_array_new(FALSE, FALSE, sizeof(Chunk));
    if (!collect_chunks(file, object, object->where, -1, chunks) ||
        chunks->len != (object->n + object->chunk - 1) / object->chunk)
        return alloy_hdf_wrong(file, error, "the chunks of an array do not make it up");
    Unpacking job = {.file = file, .object = object, .chunks = chunks, .values = values};
    atomic_init(&job.failed, false);
    if (!alloy_parallel_for(chunks->len, 4, unpack_chunks, &job, progress, error))
        return FALSE;
    if (atomic_load(&job.failed))
        return alloy_hdf_wrong(file, error, "a chunk of an array cannot be unpacked");
    return TRUE;
}

/* Little endian in the file; elsewhere the bytes of each value are turned. */
static void to_native(uint8_t *values, uint64_t n, size_t size)
{
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
    for (uint64_t i = 0; i < n; i++)
        for (size_t b = 0; b < size / 2; b++) {
            uint8_t byte = values[i * size + b];
            values[i * size + b] = values[i * size + size - 1 - b];
            values[i * size + size - 1 - b] = byte;
        }
#endif
}

gboolean alloy_hdf_read(const AlloyHdfFile *file, const AlloyHdfObject *object, void *values,
                        AlloyProgress *progress, GError **error)
{
    size_t size = alloy_hdf_size(object->type);
    if (!alloy_progress_check(progress, error))
        return FALSE;
    if (!alloy_hdf_is_plausible(file, object))
        return alloy_hdf_wrong(file, error, "an array claims what it does not store");
    if (object->layout == ALLOY_HDF_CHUNKED) {
        if (!read_chunks(file, object, values, progress, error))
            return FALSE;
    } else if (object->length > 0) {
        const uint8_t *bytes = object->layout == ALLOY_HDF_COMPACT
                                   ? object->compact
                                   : alloy_hdf_span(file, object->where, object->length).at;
        memcpy(values, bytes, object->length);
    }
    to_native(values, object->n, size);
    return TRUE;
}
