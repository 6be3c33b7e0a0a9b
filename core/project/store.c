/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file as a whole: the block before HDF5, the list of items, saving and loading. HDF5 works on
 * memory only: a full disk or a vanished folder meets a plain write, not the inside of a library. */
#include "core/project/store.h"

#include "core/base/error.h"
#include "core/base/replace.h"
#include "core/project/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK 512 /* HDF5 looks for its signature at 0, 512, 1024, ... */
#define MAGIC "alloyscope project\n"
#define MOST_ITEMS 1000000

/* --- the block --- */

static uint32_t checksum_of(const guchar *bytes, size_t length)
{
    uLong crc = crc32_z(0, NULL, 0);
    return (uint32_t)crc32_z(crc, bytes, length);
}

static void make_block(char block[BLOCK], size_t length, uint32_t checksum)
{
    memset(block, 0, BLOCK);
    g_snprintf(block, BLOCK, MAGIC "format %d\nprogram %s\nlength %zu\ncrc32 %08x\n", ALLOY_STORE_VERSION,
               ALLOY_VERSION, length, checksum);
}

void alloy_project_seal(void *bytes, size_t length)
{
    if (length >= BLOCK)
        make_block(bytes, length - BLOCK, checksum_of((const guchar *)bytes + BLOCK, length - BLOCK));
}

/* The rest of the line that begins with key, up to 40 characters; FALSE: there is none. */
static gboolean line_of(const char *text, const char *key, char value[41])
{
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t n = strlen(key);
        if (strncmp(line, key, n) == 0 && line[n] == ' ') {
            size_t length = MIN(strcspn(line + n + 1, "\n"), 40);
            memcpy(value, line + n + 1, length);
            value[length] = '\0';
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean check_block(const char *name, const guchar *bytes, size_t length, GError **error)
{
    if (length < BLOCK || memcmp(bytes, MAGIC, strlen(MAGIC)) != 0)
        return alloy_format_error(error, name, 0, "this is no project file");
    char text[BLOCK + 1], value[41], program[41];
    memcpy(text, bytes, BLOCK);
    text[BLOCK] = '\0';
    guint64 version = 0, stored = 0, checksum = 0;
    if (!line_of(text, "format", value) ||
        !g_ascii_string_to_unsigned(value, 10, 1, G_MAXINT, &version, NULL) ||
        !line_of(text, "program", program))
        return alloy_format_error(error, name, 0, "damaged project: its first lines cannot be read");
    if (version > ALLOY_STORE_VERSION) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_VERSION,
                    "%s: a project of format %" G_GUINT64_FORMAT
                    ", written by version %s; this program, version %s, "
                    "reads up to format %d",
                    name, version, program, ALLOY_VERSION, ALLOY_STORE_VERSION);
        return FALSE;
    }
    if (!line_of(text, "length", value) ||
        !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &stored, NULL) ||
        !line_of(text, "crc32", value) ||
        !g_ascii_string_to_unsigned(value, 16, 0, G_MAXUINT32, &checksum, NULL))
        return alloy_format_error(error, name, 0, "damaged project: its first lines cannot be read");
    if (stored != length - BLOCK)
        return alloy_format_error(error, name, 0,
                                  "damaged project: %" G_GUINT64_FORMAT " bytes expected, %zu found",
                                  stored + BLOCK, length);
    if (checksum != checksum_of(bytes + BLOCK, length - BLOCK))
        return alloy_format_error(error, name, 0, "damaged project: the checksum does not match");
    return TRUE;
}

/* --- saving --- */

static gboolean write_item(AlloyStoreWriter *writer, hid_t items, unsigned place, const AlloyItem *item,
                           GError **error)
{
    char name[16];
    g_snprintf(name, sizeof name, "%u", place);
    g_autofree char *origin = alloy_origin_to_json(item->origin);
    g_auto(AlloyHid) group = alloy_store_group(items, name, error);
    return group >= 0 && alloy_store_put_numbers(group, "id", ALLOY_HDF_U32, &item->id, 1, error) &&
           alloy_store_put_text(group, "name", item->name, error) &&
           alloy_store_put_text(group, "kind", item->data->klass->name, error) &&
           alloy_store_put_text(group, "origin", origin, error) &&
           alloy_store_write_data(writer, group, item->data, error);
}

static gboolean write_items(AlloyStoreWriter *writer, const AlloyProject *project, GError **error)
{
    int32_t version = ALLOY_STORE_VERSION;
    uint32_t count = alloy_project_size(project);
    if (!alloy_store_put_numbers(writer->file, "format_version", ALLOY_HDF_I32, &version, 1, error) ||
        !alloy_store_put_text(writer->file, "program_version", ALLOY_VERSION, error) ||
        !alloy_store_put_numbers(writer->file, "count", ALLOY_HDF_U32, &count, 1, error))
        return FALSE;
    g_auto(AlloyHid) items = alloy_store_group(writer->file, "items", error);
    if (items < 0)
        return FALSE;
    for (unsigned i = 0; i < count; i++)
        writer->total += alloy_store_weight(alloy_project_at(project, i)->data);
    for (unsigned i = 0; i < count; i++)
        if (!write_item(writer, items, i, alloy_project_at(project, i), error))
            return FALSE;
    return TRUE;
}

/* A file that lives in memory. */
static hid_t create_in_memory(GError **error)
{
    g_auto(AlloyHid) access = H5Pcreate(H5P_FILE_ACCESS);
    g_auto(AlloyHid) creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(creation, BLOCK);
    H5Pset_obj_track_times(creation, FALSE);
    H5Pset_fapl_core(access, 8 << 20, FALSE);
    /* Compact groups and attributes of any size; read by every HDF5 since 2008. */
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
    hid_t file = H5Fcreate("project", H5F_ACC_TRUNC, creation, access);
    if (file < 0)
        alloy_hdf_error(error, "cannot begin a project");
    return file;
}

/* In parts, so that a cancel is seen in the middle of a large one. */
static gboolean write_all(GOutputStream *stream, const guchar *bytes, size_t length, AlloyProgress *progress,
                          GError **error)
{
    for (size_t at = 0; at < length; at += 4 << 20)
        if (!alloy_progress_check(progress, error) ||
            !g_output_stream_write_all(stream, bytes + at, MIN(length - at, 4 << 20), NULL, NULL, error))
            return FALSE;
    return TRUE;
}

/* Where the file ends, from its superblock: the size of the memory is rounded up to what it grows by. HDF5
 * file format 3.0, II.A, version 2: signature 8 bytes, version, sizes of offsets and lengths, flags, base
 * address, address of the extension, and the end of file, absolute. 0: it is not like that. */
static size_t end_of_image(const guchar *image, size_t held)
{
    if (held < BLOCK + 48 || image[BLOCK + 8] != 2 || image[BLOCK + 9] != 8)
        return 0;
    uint64_t end;
    memcpy(&end, image + BLOCK + 28, sizeof end);
    end = GUINT64_FROM_LE(end);
    return end > BLOCK && end <= held ? end : 0;
}

static gboolean write_image(hid_t file, const char *path, AlloyProgress *progress, GError **error)
{
    void **image = NULL;
    hsize_t held = 0;
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 || H5Fget_filesize(file, &held) < 0 ||
        H5Fget_vfd_handle(file, H5P_DEFAULT, (void **)&image) < 0)
        return alloy_hdf_error(error, path);
    size_t length = end_of_image(*image, held);
    if (length == 0) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "%s: HDF5 does not tell how long the file is",
                    path);
        return FALSE;
    }
    const guchar *bytes = *image;
    char block[BLOCK];
    make_block(block, length - BLOCK, checksum_of(bytes + BLOCK, length - BLOCK));
    g_autoptr(AlloyReplacement) replacement = alloy_replace_begin(path, error);
    if (replacement == NULL)
        return FALSE;
    GOutputStream *stream = alloy_replace_stream(replacement);
    if (!g_output_stream_write_all(stream, block, BLOCK, NULL, NULL, error) ||
        !write_all(stream, bytes + BLOCK, length - BLOCK, progress, error)) {
        if (error != NULL && !alloy_is_cancelled(*error))
            g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    return alloy_replace_commit(g_steal_pointer(&replacement), error);
}

gboolean alloy_project_save(const AlloyProject *project, const char *path, AlloyProgress *progress,
                            GError **error)
{
    AlloyHdfGuard guard;
    alloy_hdf_enter(&guard);
    g_autoptr(AlloyProgress) packing = alloy_progress_part(progress, 0, 0.95);
    g_autoptr(GHashTable) shared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    hid_t file = create_in_memory(error);
    gboolean ok = file >= 0;
    if (ok) {
        AlloyStoreWriter writer = {.file = file, .shared = shared, .progress = packing};
        ok = write_items(&writer, project, error) && write_image(file, path, progress, error);
        H5Fclose(file);
    }
    alloy_hdf_leave(&guard);
    if (ok)
        alloy_progress_set(progress, 1);
    return ok;
}

/* --- loading --- */

static gboolean read_item(AlloyStoreReader *reader, hid_t items, unsigned place, AlloyProject *project,
                          GError **error)
{
    char number[16];
    g_snprintf(number, sizeof number, "%u", place);
    g_auto(AlloyHid) group = alloy_store_open_group(reader, items, number, error);
    uint32_t id = 0;
    if (group < 0 || !alloy_store_take_numbers(reader, group, "id", ALLOY_HDF_U32, &id, 1, error))
        return FALSE;
    g_autofree char *name = alloy_store_take_text(reader, group, "name", error);
    g_autofree char *kind = name != NULL ? alloy_store_take_text(reader, group, "kind", error) : NULL;
    g_autofree char *json = kind != NULL ? alloy_store_take_text(reader, group, "origin", error) : NULL;
    if (json == NULL)
        return FALSE;
    g_autoptr(GError) refused = NULL;
    g_auto(AlloyOriginRef) origin = alloy_origin_from_json(json, strlen(json), &refused);
    if (origin == NULL)
        return alloy_format_error(error, reader->name, 0, "damaged project: item %u: %s", place,
                                  refused->message);
    g_autoptr(AlloyData) data = (AlloyData *)alloy_store_read_data(reader, group, kind, error);
    if (data == NULL)
        return FALSE;
    const AlloyItem *item = alloy_item_new(id, name, data, origin);
    gboolean ok = alloy_project_restore(project, item, error);
    alloy_item_unref(item);
    if (!ok)
        g_prefix_error(error, "%s: ", reader->name);
    return ok;
}

static gboolean read_items(AlloyStoreReader *reader, AlloyProject *project, GError **error)
{
    int32_t version = 0;
    uint32_t count = 0;
    if (!alloy_store_take_numbers(reader, reader->file, "format_version", ALLOY_HDF_I32, &version, 1,
                                  error) ||
        !alloy_store_take_numbers(reader, reader->file, "count", ALLOY_HDF_U32, &count, 1, error))
        return FALSE;
    if (version < 1 || version > ALLOY_STORE_VERSION || count > MOST_ITEMS)
        return alloy_format_error(error, reader->name, 0, "damaged project: format %d with %u items", version,
                                  count);
    g_auto(AlloyHid) items = alloy_store_open_group(reader, reader->file, "items", error);
    if (items < 0)
        return FALSE;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_item(reader, items, i, project, error))
            return FALSE;
        alloy_progress_set(reader->progress, (double)(i + 1) / count);
    }
    return TRUE;
}

/* HDF5 takes the caller's bytes as a file in memory, without copying them: these stand in for its
 * allocations. */
typedef struct {
    const void *bytes;
    size_t length;
} Image;

static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *data)
{
    Image *image = data;
    return size == image->length ? (void *)image->bytes : NULL;
}

static void *image_memcpy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *data)
{
    return to;
}

static void *image_realloc(void *bytes, size_t size, H5FD_file_image_op_t op, void *data)
{
    return NULL; /* it is opened to be read */
}

static herr_t image_free(void *bytes, H5FD_file_image_op_t op, void *data)
{
    return 0;
}

static void *image_keep(void *data)
{
    return data;
}

static herr_t image_forget(void *data)
{
    return 0;
}

static hid_t open_image(Image *image, const char *name, GError **error)
{
    g_auto(AlloyHid) access = H5Pcreate(H5P_FILE_ACCESS);
    H5FD_file_image_callbacks_t callbacks = {image_malloc, image_memcpy, image_realloc, image_free,
                                             image_keep,   image_forget, image};
    H5Pset_fapl_core(access, 1 << 16, FALSE);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG); /* the bytes go after closing: nothing may be left open */
    hid_t file = -1;
    if (H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
        H5Pset_file_image(access, (void *)image->bytes, image->length) >= 0)
        file = H5Fopen("project", H5F_ACC_RDONLY, access);
    if (file < 0) { /* before the list is closed, which drops what HDF5 has to say */
        g_autoptr(GError) said = NULL;
        alloy_hdf_error(&said, "cannot be opened");
        alloy_format_error(error, name, 0, "damaged project: %s", said->message);
    }
    return file;
}

static AlloyProject *load(const char *name, const void *bytes, size_t length, AlloyProgress *progress,
                          GError **error)
{
    Image image = {bytes, length};
    g_autoptr(AlloyProject) project = alloy_project_new();
    AlloyHdfGuard guard;
    alloy_hdf_enter(&guard);
    gboolean ok = FALSE;
    hid_t file = open_image(&image, name, error);
    if (file >= 0) {
        AlloyStoreReader reader = {
            .name = name,
            .file = file,
            .arrays =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)alloy_array_unref),
            .columns =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)alloy_data_unref),
            .progress = progress,
            .file_size = length,
        };
        ok = read_items(&reader, project, error);
        g_hash_table_unref(reader.columns);
        g_hash_table_unref(reader.arrays);
        H5Fclose(file);
    }
    alloy_hdf_leave(&guard);
    return ok ? g_steal_pointer(&project) : NULL;
}

AlloyProject *alloy_project_load_memory(const char *name, const void *bytes, size_t length,
                                        AlloyProgress *progress, GError **error)
{
    return check_block(name, bytes, length, error) ? load(name, bytes, length, progress, error) : NULL;
}

static guchar *read_whole(const char *path, size_t *length, AlloyProgress *progress, GError **error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    g_autofree guchar *bytes = NULL;
    if (file < 0 || fstat(file, &status) != 0)
        goto refused;
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: it is not a regular file", path);
        close(file);
        return NULL;
    }
    bytes = g_try_malloc((gsize)status.st_size + 1);
    if (bytes == NULL) {
        errno = ENOMEM;
        goto refused;
    }
    *length = 0;
    while (*length < (size_t)status.st_size) {
        ssize_t n = read(file, bytes + *length, MIN((size_t)status.st_size - *length, 4 << 20));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            goto refused;
        if (n == 0)
            break; /* became shorter: the block will tell */
        *length += (size_t)n;
        if (!alloy_progress_check(progress, error)) {
            close(file);
            return NULL;
        }
    }
    close(file);
    return g_steal_pointer(&bytes);

refused:;
    int code = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
    if (file >= 0)
        close(file);
    return NULL;
}

AlloyProject *alloy_project_load(const char *path, AlloyProgress *progress, GError **error)
{
    size_t length = 0;
    g_autofree guchar *bytes = read_whole(path, &length, progress, error);
    return bytes != NULL ? alloy_project_load_memory(path, bytes, length, progress, error) : NULL;
}
