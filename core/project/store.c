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

#define BLOCK ALLOY_STORE_BLOCK
#define MAGIC "alloyscope project\n"

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
    if (length >= 8 && memcmp(bytes, "\x89HDF\r\n\x1a\n", 8) == 0)
        return alloy_format_error(error, name, 0,
                                  "this is no project file: it is HDF5, but the 512 bytes before that are "
                                  "missing (h5repack and h5copy leave them out)");
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
                                  "damaged project: %" G_GUINT64_FORMAT
                                  " bytes expected, %zu found (cut short, or changed by another program)",
                                  stored + BLOCK, length);
    if (checksum != checksum_of(bytes + BLOCK, length - BLOCK))
        return alloy_format_error(error, name, 0,
                                  "damaged project: the checksum does not match (or another program changed "
                                  "it: only this one does)");
    return TRUE;
}

/* --- saving --- */

static gboolean write_items(AlloyStoreWriter *writer, const AlloyProject *project, GError **error)
{
    int32_t version = ALLOY_STORE_VERSION;
    uint32_t count = alloy_project_size(project);
    if (count > ALLOY_STORE_MOST_ITEMS)
        return alloy_input_error(error, "a project of %u items cannot be saved, up to %d are allowed", count,
                                 ALLOY_STORE_MOST_ITEMS);
    if (!alloy_store_put_numbers(writer, "/", "format_version", ALLOY_HDF_I32, &version, 1, error) ||
        !alloy_store_put_text(writer, "/", "program_version", ALLOY_VERSION, error) ||
        !alloy_store_put_numbers(writer, "/", "count", ALLOY_HDF_U32, &count, 1, error) ||
        !alloy_store_group(writer, "/items", error))
        return FALSE;
    for (unsigned i = 0; i < count; i++)
        alloy_store_expect(writer, alloy_project_at(project, i)->data);
    for (unsigned i = 0; i < count; i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        g_autofree char *path = alloy_store_place_path(writer, "/items", i, count, error);
        g_autofree char *origin = alloy_origin_to_json(item->origin);
        if (path == NULL || !alloy_store_group(writer, path, error) ||
            !alloy_store_put_numbers(writer, path, "id", ALLOY_HDF_U32, &item->id, 1, error) ||
            !alloy_store_put_text(writer, path, "name", item->name, error) ||
            !alloy_store_put_text(writer, path, "kind", item->data->klass->name, error) ||
            !alloy_store_put_text(writer, path, "origin", origin, error) ||
            !alloy_store_put_data(writer, path, item->data, error))
            return FALSE;
    }
    return TRUE;
}

/* In parts, so that a cancel is seen in the middle of a large one. */
static gboolean write_all(GOutputStream *stream, const guint8 *bytes, size_t length, AlloyProgress *progress,
                          GError **error)
{
    for (size_t at = 0; at < length; at += 4 << 20)
        if (!alloy_progress_check(progress, error) ||
            !g_output_stream_write_all(stream, bytes + at, MIN(length - at, 4 << 20), NULL, NULL, error))
            return FALSE;
    return TRUE;
}

static gboolean write_image(const guint8 *image, size_t length, const char *path, AlloyProgress *progress,
                            GError **error)
{
    char block[BLOCK];
    make_block(block, length - BLOCK, checksum_of(image + BLOCK, length - BLOCK));
    alloy_replace_clean(path); /* a project may be large, and so what a killed saving left of it */
    g_autoptr(AlloyReplacement) replacement = alloy_replace_begin(path, error);
    if (replacement == NULL)
        return FALSE;
    GOutputStream *stream = alloy_replace_stream(replacement);
    if (!g_output_stream_write_all(stream, block, BLOCK, NULL, NULL, error) ||
        !write_all(stream, image + BLOCK, length - BLOCK, progress, error)) {
        if (error != NULL && !alloy_is_cancelled(*error))
            g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    return alloy_replace_commit(g_steal_pointer(&replacement), error);
}

gboolean alloy_project_save(const AlloyProject *project, const char *path, AlloyProgress *progress,
                            GError **error)
{
    g_autoptr(AlloyProgress) packing = alloy_progress_part(progress, 0, 0.95);
    g_autoptr(AlloyStoreWriter) writer = alloy_store_writer_new(packing, error);
    if (writer == NULL || !write_items(writer, project, error))
        return FALSE;
    size_t length = 0;
    const guint8 *image = alloy_store_image(writer, &length, error);
    if (image == NULL || !write_image(image, length, path, progress, error))
        return FALSE;
    alloy_progress_set(progress, 1);
    return TRUE;
}

/* --- loading --- */

static gboolean read_item(AlloyStoreReader *reader, const AlloyHdfObject *group, unsigned place,
                          AlloyProject *project, GError **error)
{
    uint32_t id = 0;
    if (!alloy_store_take_numbers(reader, group, "id", ALLOY_HDF_U32, &id, 1, error))
        return FALSE;
    g_autofree char *name = alloy_store_take_text(reader, group, "name", error);
    g_autofree char *kind = name != NULL ? alloy_store_take_text(reader, group, "kind", error) : NULL;
    g_autofree char *json = kind != NULL ? alloy_store_take_text(reader, group, "origin", error) : NULL;
    if (json == NULL)
        return FALSE;
    g_autoptr(GError) refused = NULL;
    g_auto(AlloyOriginRef) origin = alloy_origin_from_json(json, strlen(json), &refused);
    if (origin == NULL)
        return alloy_hdf_wrong(&reader->file, error, "item %u: %s", place, refused->message);
    g_autoptr(AlloyData) data = (AlloyData *)alloy_store_take_data(reader, group, kind, error);
    if (data == NULL)
        return FALSE;
    const AlloyItem *item = alloy_item_new(id, name, data, origin);
    gboolean ok = alloy_project_restore(project, item, error);
    alloy_item_unref(item);
    if (!ok)
        g_prefix_error(error, "%s: ", reader->file.name);
    return ok;
}

static gboolean read_items(AlloyStoreReader *reader, AlloyProject *project, GError **error)
{
    int32_t version = 0;
    uint32_t count = 0;
    g_autoptr(AlloyHdfObject) root = alloy_hdf_open(&reader->file, reader->file.root, error);
    if (root == NULL ||
        !alloy_store_take_numbers(reader, root, "format_version", ALLOY_HDF_I32, &version, 1, error) ||
        !alloy_store_take_numbers(reader, root, "count", ALLOY_HDF_U32, &count, 1, error))
        return FALSE;
    if (version < 1 || version > ALLOY_STORE_VERSION || count > ALLOY_STORE_MOST_ITEMS)
        return alloy_hdf_wrong(&reader->file, error, "format %d with %u items", version, count);
    g_autoptr(AlloyHdfObject) items = alloy_hdf_child(&reader->file, root, "items", error);
    if (items == NULL)
        return FALSE;
    for (uint32_t i = 0; i < count; i++) {
        g_autoptr(AlloyHdfObject) group = alloy_store_open_place(reader, items, i, count, error);
        if (group == NULL || !read_item(reader, group, i, project, error))
            return FALSE;
        alloy_progress_set(reader->progress, (double)(i + 1) / count);
    }
    return TRUE;
}

AlloyProject *alloy_project_load_memory(const char *name, const void *bytes, size_t length,
                                        AlloyProgress *progress, GError **error)
{
    AlloyStoreReader reader = {.progress = progress};
    if (!check_block(name, bytes, length, error) ||
        !alloy_hdf_file_init(&reader.file, name, bytes, length, BLOCK, error))
        return NULL;
    g_autoptr(GHashTable) arrays =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)alloy_array_unref);
    g_autoptr(GHashTable) columns =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)alloy_data_unref);
    reader.arrays = arrays;
    reader.columns = columns;
    g_autoptr(AlloyProject) project = alloy_project_new();
    return read_items(&reader, project, error) ? g_steal_pointer(&project) : NULL;
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
