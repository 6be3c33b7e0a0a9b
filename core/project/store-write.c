/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values into the project file, by the HDF5 library, which works on memory only: a full disk or a vanished
 * folder meets a plain write later, not the inside of a library. Names are numbers, so that no name of a user
 * is ever a path. */
#include "core/base/error.h"
#include "core/data/atoms.h"
#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/project/store-private.h"

#include <math.h>
#include <string.h>

/* The calls below are those of HDF5 1.10, also where the library is newer. */
#define H5_USE_110_API 1
#include <hdf5.h>

#define CHUNK 65536 /* values: a chunk is what one cancel waits for */
#define SMALL 2048  /* bytes: below, the values lie in the dataset's header */

/* Closed when it goes out of scope. */
typedef hid_t AlloyHid;
static void hid_close(AlloyHid id)
{
    if (id >= 0)
        H5Idec_ref(id);
}
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(AlloyHid, hid_close, -1)

struct _AlloyStoreWriter {
    hid_t file;
    GHashTable *shared; /* array or column -> path of its dataset */
    AlloyProgress *progress;
    uint64_t done, total; /* bytes of arrays */
    H5E_auto2_t print;    /* what HDF5 did with its errors before */
    void *print_data;
};

/* One lock for all of HDF5: not every build of it is made for threads. Held by a writer for its life. */
static GMutex lock;

/* --- errors --- */

/* The first entry of the walk is where it happened. */
static herr_t first_entry(unsigned n, const H5E_error2_t *entry, void *data)
{
    char **message = data;
    if (n == 0)
        *message =
            g_strdup_printf("%s (%s)", entry->desc != NULL ? entry->desc : "unknown", entry->func_name);
    return 0;
}

static gboolean hdf_error(GError **error, const char *what)
{
    g_autofree char *message = NULL;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_entry, &message);
    g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "cannot save: %s: HDF5: %s", what,
                message != NULL ? message : "no reason given");
    H5Eclear2(H5E_DEFAULT);
    return FALSE;
}

/* --- the file --- */

AlloyStoreWriter *alloy_store_writer_new(AlloyProgress *progress, GError **error)
{
    AlloyStoreWriter *writer = g_new0(AlloyStoreWriter, 1);
    g_mutex_lock(&lock);
    H5Eget_auto2(H5E_DEFAULT, &writer->print, &writer->print_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    writer->shared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    writer->progress = alloy_progress_ref(progress);
    g_auto(AlloyHid) access = H5Pcreate(H5P_FILE_ACCESS);
    g_auto(AlloyHid) creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(creation, ALLOY_STORE_BLOCK);
    H5Pset_obj_track_times(creation, FALSE);
    H5Pset_link_phase_change(creation, 1024, 512);
    H5Pset_attr_phase_change(creation, 1024, 512);
    H5Pset_fapl_core(access, 8 << 20, FALSE);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    /* The layout that every HDF5 since 2008 reads, and this program itself. */
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
    writer->file = H5Fcreate("project", H5F_ACC_TRUNC, creation, access);
    if (writer->file < 0) {
        hdf_error(error, "no file in memory");
        alloy_store_writer_free(writer);
        return NULL;
    }
    return writer;
}

void alloy_store_writer_free(AlloyStoreWriter *writer)
{
    if (writer == NULL)
        return;
    if (writer->file >= 0)
        H5Fclose(writer->file);
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, writer->print, writer->print_data);
    g_mutex_unlock(&lock);
    g_hash_table_unref(writer->shared);
    alloy_progress_unref(writer->progress);
    g_free(writer);
}

/* Where the file ends, from its superblock: the size of the memory is rounded up to what it grows by. HDF5
 * File Format Specification 3.0, II.A, version 2: signature 8 bytes, version, sizes of offsets and lengths,
 * flags, base address, address of the extension, and the end of file, absolute. 0: it is not like that. */
static size_t end_of_image(const guint8 *image, size_t held)
{
    if (held < ALLOY_STORE_BLOCK + 48 || image[ALLOY_STORE_BLOCK + 8] != 2 ||
        image[ALLOY_STORE_BLOCK + 9] != 8)
        return 0;
    uint64_t end;
    memcpy(&end, image + ALLOY_STORE_BLOCK + 28, sizeof end);
    end = GUINT64_FROM_LE(end);
    return end > ALLOY_STORE_BLOCK && end <= held ? end : 0;
}

const guint8 *alloy_store_image(AlloyStoreWriter *writer, size_t *length, GError **error)
{
    void **image = NULL;
    hsize_t held = 0;
    if (H5Fflush(writer->file, H5F_SCOPE_GLOBAL) < 0 || H5Fget_filesize(writer->file, &held) < 0 ||
        H5Fget_vfd_handle(writer->file, H5P_DEFAULT, (void **)&image) < 0) {
        hdf_error(error, "the file in memory");
        return NULL;
    }
    *length = end_of_image(*image, held);
    if (*length == 0) {
        g_set_error_literal(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                            "cannot save: this HDF5 writes another kind of superblock than it was asked for");
        return NULL;
    }
    return *image;
}

/* --- groups and attributes --- */

void alloy_store_place(size_t k, size_t n, char place[ALLOY_STORE_PLACE])
{
    size_t step = 1;
    while (n > ALLOY_STORE_FAN * step)
        step *= ALLOY_STORE_FAN;
    size_t at = 0;
    for (; step >= 1; step /= ALLOY_STORE_FAN)
        at += (size_t)g_snprintf(place + at, (gulong)(ALLOY_STORE_PLACE - at), "%s%zu", at > 0 ? "/" : "",
                                 k / step);
}

/* No times, for equal projects are equal bytes; links and attributes in the header, where they are read. */
static hid_t creation_list(hid_t class)
{
    hid_t plist = H5Pcreate(class);
    H5Pset_obj_track_times(plist, FALSE);
    H5Pset_attr_phase_change(plist, 1024, 512);
    if (class == H5P_GROUP_CREATE)
        H5Pset_link_phase_change(plist, 1024, 512);
    return plist;
}

gboolean alloy_store_group(AlloyStoreWriter *writer, const char *path, GError **error)
{
    g_auto(AlloyHid) plist = creation_list(H5P_GROUP_CREATE);
    g_auto(AlloyHid) group = H5Gcreate2(writer->file, path, H5P_DEFAULT, plist, H5P_DEFAULT);
    return group >= 0 || hdf_error(error, path);
}

char *alloy_store_place_path(AlloyStoreWriter *writer, const char *list, size_t k, size_t n, GError **error)
{
    char place[ALLOY_STORE_PLACE];
    alloy_store_place(k, n, place);
    char *path = g_strdup_printf("%s/%s", list, place);
    for (char *slash = path + strlen(list) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        gboolean ok =
            H5Lexists(writer->file, path, H5P_DEFAULT) > 0 || alloy_store_group(writer, path, error);
        *slash = '/';
        if (!ok) {
            g_free(path);
            return NULL;
        }
    }
    return path;
}

static gboolean put_attribute(AlloyStoreWriter *writer, const char *path, const char *name, hid_t type,
                              hid_t space, const void *values, GError **error)
{
    g_auto(AlloyHid) object = H5Oopen(writer->file, path, H5P_DEFAULT);
    g_auto(AlloyHid) attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, values) < 0)
        return hdf_error(error, name);
    return TRUE;
}

static hid_t type_id(AlloyHdfType type)
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
    case ALLOY_HDF_TEXT:
        break;
    }
    g_assert_not_reached();
}

/* The same type in memory: HDF5 turns the bytes where the machine is not little endian. */
static hid_t native_id(AlloyHdfType type)
{
    switch (type) {
    case ALLOY_HDF_F64:
        return H5T_NATIVE_DOUBLE;
    case ALLOY_HDF_I64:
        return H5T_NATIVE_INT64;
    case ALLOY_HDF_U64:
        return H5T_NATIVE_UINT64;
    case ALLOY_HDF_U32:
        return H5T_NATIVE_UINT32;
    case ALLOY_HDF_I32:
        return H5T_NATIVE_INT32;
    case ALLOY_HDF_U16:
        return H5T_NATIVE_UINT16;
    case ALLOY_HDF_U8:
        return H5T_NATIVE_UINT8;
    case ALLOY_HDF_TEXT:
        break;
    }
    g_assert_not_reached();
}

gboolean alloy_store_put_numbers(AlloyStoreWriter *writer, const char *path, const char *name,
                                 AlloyHdfType type, const void *values, size_t n, GError **error)
{
    hsize_t dims = n;
    g_auto(AlloyHid) space = H5Screate_simple(1, &dims, NULL);
    g_auto(AlloyHid) object = H5Oopen(writer->file, path, H5P_DEFAULT);
    g_auto(AlloyHid) attribute = H5Acreate2(object, name, type_id(type), space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, native_id(type), values) < 0)
        return hdf_error(error, name);
    return TRUE;
}

/* --- arrays --- */

static hid_t create_dataset(AlloyStoreWriter *writer, const char *path, AlloyHdfType type, size_t n,
                            GError **error)
{
    hsize_t dims = n, chunk = MIN(n, CHUNK);
    g_auto(AlloyHid) plist = creation_list(H5P_DATASET_CREATE);
    H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER);
    if (n * alloy_hdf_size(type) <= SMALL) {
        H5Pset_layout(plist, H5D_COMPACT);
    } else {
        H5Pset_chunk(plist, 1, &chunk);
        H5Pset_shuffle(plist);
        H5Pset_deflate(plist, 3);
    }
    g_auto(AlloyHid) space = H5Screate_simple(1, &dims, NULL);
    hid_t set = H5Dcreate2(writer->file, path, type_id(type), space, H5P_DEFAULT, plist, H5P_DEFAULT);
    if (set < 0)
        hdf_error(error, path);
    return set;
}

/* An array of its own under path: nothing else shares it. */
static gboolean put_own_array(AlloyStoreWriter *writer, const char *path, AlloyHdfType type,
                              const void *values, size_t n, GError **error)
{
    g_auto(AlloyHid) set = create_dataset(writer, path, type, n, error);
    if (set < 0)
        return FALSE;
    size_t size = alloy_hdf_size(type);
    g_auto(AlloyHid) space = H5Dget_space(set);
    for (size_t i = 0; i < n; i += CHUNK) {
        if (!alloy_progress_check(writer->progress, error))
            return FALSE;
        hsize_t start = i, count = MIN(n - i, CHUNK);
        g_auto(AlloyHid) memory = H5Screate_simple(1, &count, NULL);
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) < 0 ||
            H5Dwrite(set, native_id(type), memory, space, H5P_DEFAULT, (const char *)values + i * size) < 0)
            return hdf_error(error, path);
        writer->done += count * size;
        alloy_progress_set(writer->progress, (double)writer->done / (double)MAX(writer->total, 1));
    }
    return TRUE;
}

/* TRUE in *linked when what key stands for was written before: then it is linked under path. */
static gboolean link_shared(AlloyStoreWriter *writer, const char *path, const char *key, gboolean *linked,
                            GError **error)
{
    const char *there = g_hash_table_lookup(writer->shared, key);
    *linked = there != NULL;
    if (there != NULL &&
        H5Lcreate_hard(writer->file, there, writer->file, path, H5P_DEFAULT, H5P_DEFAULT) < 0)
        return hdf_error(error, path);
    return TRUE;
}

/* An array that values may share. */
static gboolean put_array(AlloyStoreWriter *writer, const char *group, const char *name, AlloyHdfType type,
                          const void *values, size_t n, GError **error)
{
    g_autofree char *path = g_strdup_printf("%s/%s", group, name);
    g_autofree char *key = g_strdup_printf("%p %d %zu", values, (int)type, n);
    gboolean linked = FALSE;
    if (!link_shared(writer, path, key, &linked, error))
        return FALSE;
    if (linked)
        return TRUE;
    if (!put_own_array(writer, path, type, values, n, error))
        return FALSE;
    g_hash_table_insert(writer->shared, g_steal_pointer(&key), g_steal_pointer(&path));
    return TRUE;
}

/* --- texts --- */

static gboolean put_short_text(AlloyStoreWriter *writer, const char *path, const char *name, const char *text,
                               GError **error)
{
    g_auto(AlloyHid) type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text) + 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    g_auto(AlloyHid) space = H5Screate(H5S_SCALAR);
    return put_attribute(writer, path, name, type, space, text, error);
}

gboolean alloy_store_put_text(AlloyStoreWriter *writer, const char *path, const char *name, const char *text,
                              GError **error)
{
    if (strlen(text) < ALLOY_STORE_SHORT)
        return put_short_text(writer, path, name, text, error);
    g_autofree char *inside = g_strdup_printf("%s/%s", path, name);
    return put_own_array(writer, inside, ALLOY_HDF_U8, text, strlen(text) + 1, error);
}

/* A text of a column, whose dataset has no inside: a long one lies beside it, as "PATH NAME". */
static gboolean put_column_text(AlloyStoreWriter *writer, const char *path, const char *name,
                                const char *text, GError **error)
{
    if (strlen(text) < ALLOY_STORE_SHORT)
        return put_short_text(writer, path, name, text, error);
    g_autofree char *beside = g_strdup_printf("%s %s", path, name);
    return put_own_array(writer, beside, ALLOY_HDF_U8, text, strlen(text) + 1, error);
}

/* Each string with its NUL. */
static gboolean put_strings(AlloyStoreWriter *writer, const char *path, const char *const *strings, size_t n,
                            GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_len(bytes, strings[i], (gssize)strlen(strings[i]) + 1);
    return put_own_array(writer, path, ALLOY_HDF_U8, bytes->str, bytes->len, error);
}

/* --- columns --- */

static gboolean put_labels(AlloyStoreWriter *writer, const char *path, const AlloyColumn *column,
                           GError **error)
{
    g_autofree char *beside = g_strdup_printf("%s labels", path);
    return put_strings(writer, beside, column->labels, column->n_labels, error);
}

static AlloyHdfType type_of_column(AlloyType type)
{
    static const AlloyHdfType types[] = {[ALLOY_REAL] = ALLOY_HDF_F64,
                                         [ALLOY_INTEGER] = ALLOY_HDF_I64,
                                         [ALLOY_BOOLEAN] = ALLOY_HDF_U8,
                                         [ALLOY_TEXT] = ALLOY_HDF_U32};
    return types[type];
}

/* Links what lies beside a column that was written before: its labels and long texts. */
static gboolean link_beside(AlloyStoreWriter *writer, const char *there, const char *here, GError **error)
{
    const char *const names[] = {"labels", "name", "unit"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *from = g_strdup_printf("%s %s", there, names[i]);
        g_autofree char *to = g_strdup_printf("%s %s", here, names[i]);
        if (H5Lexists(writer->file, from, H5P_DEFAULT) > 0 &&
            H5Lcreate_hard(writer->file, from, writer->file, to, H5P_DEFAULT, H5P_DEFAULT) < 0)
            return hdf_error(error, to);
    }
    return TRUE;
}

static gboolean put_column(AlloyStoreWriter *writer, const char *path, const AlloyColumn *column,
                           GError **error)
{
    g_autofree char *key = g_strdup_printf("column %p", (const void *)column);
    gboolean linked = FALSE;
    if (!link_shared(writer, path, key, &linked, error))
        return FALSE;
    if (linked)
        return link_beside(writer, g_hash_table_lookup(writer->shared, key), path, error);
    if (!put_own_array(writer, path, type_of_column(column->type), column->values, column->n, error) ||
        !put_column_text(writer, path, "name", column->name, error) ||
        !put_column_text(writer, path, "unit", column->unit, error) ||
        !put_short_text(writer, path, "type", alloy_type_name(column->type), error) ||
        (isfinite(column->floor) &&
         !alloy_store_put_numbers(writer, path, "floor", ALLOY_HDF_F64, &column->floor, 1, error)) ||
        (column->type == ALLOY_TEXT && !put_labels(writer, path, column, error)))
        return FALSE;
    g_hash_table_insert(writer->shared, g_steal_pointer(&key), g_strdup(path));
    return TRUE;
}

static gboolean put_columns(AlloyStoreWriter *writer, const char *group, const char *name,
                            const AlloyColumns *columns, GError **error)
{
    g_autofree char *list = g_strdup_printf("%s/%s", group, name);
    uint32_t count = columns->len;
    if (count > ALLOY_STORE_MOST_COLUMNS)
        return alloy_input_error(error, "%u columns cannot be saved in a project, up to %d are allowed",
                                 count, ALLOY_STORE_MOST_COLUMNS);
    if (!alloy_store_group(writer, list, error) ||
        !alloy_store_put_numbers(writer, list, "count", ALLOY_HDF_U32, &count, 1, error))
        return FALSE;
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *path = alloy_store_place_path(writer, list, i, count, error);
        if (path == NULL || !put_column(writer, path, columns->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

/* --- kinds of data --- */

static gboolean put_kinds(AlloyStoreWriter *writer, const char *path, const AlloyAtoms *atoms, GError **error)
{
    g_autofree const char **kinds = g_new0(const char *, atoms->n_kinds + 1);
    g_autofree int32_t *kinds_z = g_new0(int32_t, atoms->n_kinds + 1);
    for (unsigned i = 0; i < atoms->n_kinds; i++) {
        kinds[i] = atoms->kinds[i].name;
        kinds_z[i] = atoms->kinds[i].z;
    }
    g_autofree char *names = g_strdup_printf("%s/kinds", path);
    g_autofree char *numbers = g_strdup_printf("%s/kinds_z", path);
    return put_strings(writer, names, kinds, atoms->n_kinds, error) &&
           put_own_array(writer, numbers, ALLOY_HDF_I32, kinds_z, atoms->n_kinds, error);
}

static gboolean put_cell(AlloyStoreWriter *writer, const char *path, const AlloyCell *cell, GError **error)
{
    double values[12];
    uint8_t periodic[3];
    memcpy(values, cell->origin, sizeof cell->origin);
    memcpy(values + 3, cell->vector, sizeof cell->vector);
    for (int k = 0; k < 3; k++)
        periodic[k] = cell->periodic[k] ? 1 : 0;
    return alloy_store_put_numbers(writer, path, "cell", ALLOY_HDF_F64, values, 12, error) &&
           alloy_store_put_numbers(writer, path, "periodic", ALLOY_HDF_U8, periodic, 3, error);
}

static gboolean put_atoms(AlloyStoreWriter *writer, const char *path, const AlloyAtoms *atoms, GError **error)
{
    uint64_t n = atoms->n;
    return alloy_store_put_numbers(writer, path, "n", ALLOY_HDF_U64, &n, 1, error) &&
           put_array(writer, path, "x", ALLOY_HDF_F64, atoms->x, atoms->n, error) &&
           put_array(writer, path, "y", ALLOY_HDF_F64, atoms->y, atoms->n, error) &&
           put_array(writer, path, "z", ALLOY_HDF_F64, atoms->z, atoms->n, error) &&
           put_array(writer, path, "species", ALLOY_HDF_U16, atoms->species, atoms->n, error) &&
           put_kinds(writer, path, atoms, error) &&
           (atoms->cell == NULL || put_cell(writer, path, atoms->cell, error)) &&
           put_columns(writer, path, "columns", atoms->columns, error) &&
           put_columns(writer, path, "info", atoms->info, error);
}

static gboolean put_series(AlloyStoreWriter *writer, const char *path, const AlloySeries *series,
                           GError **error)
{
    g_autofree const char **labels = g_new0(const char *, series->n + 1);
    g_autofree double *times = g_new0(double, series->n + 1), *temperatures = g_new0(double, series->n + 1);
    for (size_t i = 0; i < series->n; i++) {
        labels[i] = series->stages[i].label;
        times[i] = series->stages[i].time;
        temperatures[i] = series->stages[i].temperature;
    }
    uint64_t n = series->n;
    g_autofree char *labels_path = g_strdup_printf("%s/labels", path),
                    *times_path = g_strdup_printf("%s/times", path),
                    *temperatures_path = g_strdup_printf("%s/temperatures", path),
                    *list = g_strdup_printf("%s/stages", path);
    if (!alloy_store_put_numbers(writer, path, "n", ALLOY_HDF_U64, &n, 1, error) ||
        !alloy_store_put_text(writer, path, "title", series->title, error) ||
        !put_strings(writer, labels_path, labels, series->n, error) ||
        !put_own_array(writer, times_path, ALLOY_HDF_F64, times, series->n, error) ||
        !put_own_array(writer, temperatures_path, ALLOY_HDF_F64, temperatures, series->n, error) ||
        !alloy_store_group(writer, list, error))
        return FALSE;
    for (size_t i = 0; i < series->n; i++) {
        g_autofree char *stage = alloy_store_place_path(writer, list, i, series->n, error);
        if (stage == NULL || !alloy_store_group(writer, stage, error) ||
            !put_atoms(writer, stage, series->stages[i].atoms, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean put_selection(AlloyStoreWriter *writer, const char *path, const AlloySelection *selection,
                              GError **error)
{
    uint64_t n = selection->n;
    return alloy_store_put_numbers(writer, path, "n", ALLOY_HDF_U64, &n, 1, error) &&
           put_array(writer, path, "words", ALLOY_HDF_U64, selection->words, (selection->n + 63) / 64, error);
}

gboolean alloy_store_put_data(AlloyStoreWriter *writer, const char *path, const AlloyData *data,
                              GError **error)
{
    if (ALLOY_IS_ATOMS(data))
        return put_atoms(writer, path, (const AlloyAtoms *)data, error);
    if (ALLOY_IS_SERIES(data))
        return put_series(writer, path, (const AlloySeries *)data, error);
    if (ALLOY_IS_SELECTION(data))
        return put_selection(writer, path, (const AlloySelection *)data, error);
    if (!ALLOY_IS_TABLE(data))
        return alloy_input_error(error, "a %s cannot be saved in a project", data->klass->name);
    const AlloyTable *table = (const AlloyTable *)data;
    return alloy_store_put_text(writer, path, "title", table->title, error) &&
           put_columns(writer, path, "columns", table->columns, error) &&
           put_columns(writer, path, "scalars", table->scalars, error);
}

static uint64_t columns_weight(const AlloyColumns *columns)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        bytes += column->n * alloy_type_size(column->type);
    }
    return bytes;
}

static uint64_t weight_of(const AlloyData *data)
{
    uint64_t bytes = 0;
    if (ALLOY_IS_ATOMS(data)) {
        const AlloyAtoms *atoms = (const AlloyAtoms *)data;
        bytes = atoms->n * 26 + columns_weight(atoms->columns) + columns_weight(atoms->info);
    } else if (ALLOY_IS_SERIES(data)) {
        const AlloySeries *series = (const AlloySeries *)data;
        for (size_t i = 0; i < series->n; i++)
            bytes += weight_of(ALLOY_DATA(series->stages[i].atoms));
    } else if (ALLOY_IS_TABLE(data)) {
        bytes = columns_weight(((const AlloyTable *)data)->columns);
    } else if (ALLOY_IS_SELECTION(data)) {
        bytes = ((const AlloySelection *)data)->n / 8;
    }
    return bytes;
}

void alloy_store_expect(AlloyStoreWriter *writer, const AlloyData *data)
{
    writer->total += weight_of(data);
}
