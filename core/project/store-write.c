/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values into the project file. Names are numbers, so that no name of a user is ever a path. */
#include "core/project/store-private.h"

#include "core/base/error.h"

#include <string.h>

#define CHUNK 65536 /* values: a chunk is what one cancel waits for */
#define SMALL 2048  /* bytes: below, the values lie in the dataset's header */
#define LARGE_LABELS 8192

hid_t alloy_store_group(hid_t parent, const char *name, GError **error)
{
    g_auto(AlloyHid) plist = H5Pcreate(H5P_GROUP_CREATE);
    /* Few links in the group's header are found faster than in a heap; times would make equal projects
     * differ. */
    H5Pset_link_phase_change(plist, 64, 32);
    H5Pset_obj_track_times(plist, FALSE);
    hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, plist, H5P_DEFAULT);
    if (group < 0)
        alloy_hdf_error(error, "cannot make a group");
    return group;
}

static gboolean put_attribute(hid_t object, const char *name, hid_t file_type, hid_t space,
                              const void *values, GError **error)
{
    g_auto(AlloyHid) attribute = H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, file_type, values) < 0)
        return alloy_hdf_error(error, name);
    return TRUE;
}

gboolean alloy_store_put_text(hid_t object, const char *name, const char *text, GError **error)
{
    g_auto(AlloyHid) type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text) + 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    g_auto(AlloyHid) space = H5Screate(H5S_SCALAR);
    return put_attribute(object, name, type, space, text, error);
}

gboolean alloy_store_put_numbers(hid_t object, const char *name, AlloyHdfType type, const void *values,
                                 size_t n, GError **error)
{
    hsize_t dims = n;
    g_auto(AlloyHid) space = H5Screate_simple(1, &dims, NULL);
    return put_attribute(object, name, alloy_hdf_type(type), space, values, error);
}

/* --- arrays --- */

/* What stands for an array that was written: two values may share memory only if they are the same. */
static char *sharing_key(const void *array, AlloyHdfType type, size_t n)
{
    return g_strdup_printf("%p %d %zu", array, (int)type, n);
}

static hid_t create_dataset(hid_t parent, const char *name, AlloyHdfType type, size_t n, GError **error)
{
    hsize_t dims = n, chunk = CHUNK;
    g_auto(AlloyHid) plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(plist, FALSE);
    H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER);
    if (n * alloy_hdf_size(type) <= SMALL) {
        H5Pset_layout(plist, H5D_COMPACT);
    } else {
        chunk = MIN(chunk, dims);
        H5Pset_chunk(plist, 1, &chunk);
        H5Pset_shuffle(plist);
        H5Pset_deflate(plist, 3);
    }
    g_auto(AlloyHid) space = H5Screate_simple(1, &dims, NULL);
    hid_t set = H5Dcreate2(parent, name, alloy_hdf_type(type), space, H5P_DEFAULT, plist, H5P_DEFAULT);
    if (set < 0)
        alloy_hdf_error(error, name);
    return set;
}

static gboolean write_values(AlloyStoreWriter *writer, hid_t set, AlloyHdfType type, const void *values,
                             size_t n, GError **error)
{
    hid_t file_type = alloy_hdf_type(type);
    size_t size = alloy_hdf_size(type);
    g_auto(AlloyHid) space = H5Dget_space(set);
    for (size_t i = 0; i < n; i += CHUNK) {
        if (!alloy_progress_check(writer->progress, error))
            return FALSE;
        hsize_t start = i, count = MIN(n - i, CHUNK);
        g_auto(AlloyHid) memory = H5Screate_simple(1, &count, NULL);
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) < 0 ||
            H5Dwrite(set, file_type, memory, space, H5P_DEFAULT, (const char *)values + i * size) < 0)
            return alloy_hdf_error(error, "cannot write an array");
        writer->done += count * size;
        alloy_progress_set(writer->progress, (double)writer->done / (double)MAX(writer->total, 1));
    }
    return TRUE;
}

/* Path of an object in the file, for links to it. */
static char *path_of(hid_t object)
{
    ssize_t length = H5Iget_name(object, NULL, 0);
    char *path = g_malloc0((gsize)MAX(length, 0) + 1);
    if (length > 0)
        H5Iget_name(object, path, (size_t)length + 1);
    return path;
}

/* TRUE when key was written before: then it is linked under name. */
static gboolean link_shared(AlloyStoreWriter *writer, hid_t parent, const char *name, const char *key,
                            gboolean *linked, GError **error)
{
    const char *path = g_hash_table_lookup(writer->shared, key);
    *linked = path != NULL;
    if (path != NULL && H5Lcreate_hard(writer->file, path, parent, name, H5P_DEFAULT, H5P_DEFAULT) < 0)
        return alloy_hdf_error(error, "cannot link an array");
    return TRUE;
}

static gboolean put_array(AlloyStoreWriter *writer, hid_t parent, const char *name, AlloyHdfType type,
                          const void *values, size_t n, GError **error)
{
    g_autofree char *key = sharing_key(values, type, n);
    gboolean linked = FALSE;
    if (!link_shared(writer, parent, name, key, &linked, error) || linked)
        return linked;
    g_auto(AlloyHid) set = create_dataset(parent, name, type, n, error);
    if (set < 0 || !write_values(writer, set, type, values, n, error))
        return FALSE;
    g_hash_table_insert(writer->shared, g_steal_pointer(&key), path_of(set));
    return TRUE;
}

/* An array that lives only for this call, so that its address stands for nothing. */
static gboolean put_own_array(AlloyStoreWriter *writer, hid_t parent, const char *name, AlloyHdfType type,
                              const void *values, size_t n, GError **error)
{
    g_auto(AlloyHid) set = create_dataset(parent, name, type, n, error);
    return set >= 0 && write_values(writer, set, type, values, n, error);
}

/* --- columns --- */

/* Each string with its NUL. */
static GByteArray *pack(const char *const *strings, size_t n)
{
    GByteArray *bytes = g_byte_array_new();
    for (size_t i = 0; i < n; i++)
        g_byte_array_append(bytes, (const guint8 *)strings[i], (guint)strlen(strings[i]) + 1);
    return bytes;
}

static gboolean put_strings(AlloyStoreWriter *writer, hid_t parent, const char *name,
                            const char *const *strings, size_t n, GError **error)
{
    g_autoptr(GByteArray) bytes = pack(strings, n);
    return put_own_array(writer, parent, name, ALLOY_HDF_U8, bytes->data, bytes->len, error);
}

/* Few labels are an attribute, many a dataset beside the column's, called "K labels". */
static gboolean put_labels(AlloyStoreWriter *writer, hid_t parent, const char *name, hid_t set,
                           const AlloyColumn *column, GError **error)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < column->n_labels; i++)
        bytes += strlen(column->labels[i]) + 1;
    if (bytes > G_MAXUINT)
        return alloy_input_error(error, "the labels of column \"%.100s\" are larger than 4 GB", column->name);
    if (bytes > LARGE_LABELS) {
        g_autofree char *beside = g_strdup_printf("%s labels", name);
        return put_strings(writer, parent, beside, column->labels, column->n_labels, error);
    }
    g_autoptr(GByteArray) packed = pack(column->labels, column->n_labels);
    return alloy_store_put_numbers(set, "labels", ALLOY_HDF_U8, packed->data, packed->len, error);
}

static gboolean put_column(AlloyStoreWriter *writer, hid_t parent, const char *name,
                           const AlloyColumn *column, GError **error)
{
    AlloyHdfType type = alloy_hdf_type_of_column(column->type);
    g_autofree char *key = g_strdup_printf("column %p", (const void *)column);
    gboolean linked = FALSE;
    if (!link_shared(writer, parent, name, key, &linked, error))
        return FALSE;
    if (linked) {
        /* With its labels, where they lie beside it. */
        g_autofree char *there =
            g_strdup_printf("%s labels", (const char *)g_hash_table_lookup(writer->shared, key));
        g_autofree char *here = g_strdup_printf("%s labels", name);
        if (column->type == ALLOY_TEXT && H5Lexists(writer->file, there, H5P_DEFAULT) > 0 &&
            H5Lcreate_hard(writer->file, there, parent, here, H5P_DEFAULT, H5P_DEFAULT) < 0)
            return alloy_hdf_error(error, "cannot link labels");
        return TRUE;
    }
    g_auto(AlloyHid) set = create_dataset(parent, name, type, column->n, error);
    if (set < 0 || !write_values(writer, set, type, column->values, column->n, error) ||
        !alloy_store_put_text(set, "name", column->name, error) ||
        !alloy_store_put_text(set, "unit", column->unit, error) ||
        !alloy_store_put_text(set, "type", alloy_type_name(column->type), error) ||
        (column->type == ALLOY_TEXT && !put_labels(writer, parent, name, set, column, error)))
        return FALSE;
    g_hash_table_insert(writer->shared, g_steal_pointer(&key), path_of(set));
    return TRUE;
}

static gboolean put_columns(AlloyStoreWriter *writer, hid_t group, const char *name,
                            const AlloyColumns *columns, GError **error)
{
    uint32_t count = columns->len;
    g_auto(AlloyHid) list = alloy_store_group(group, name, error);
    if (list < 0 || !alloy_store_put_numbers(list, "count", ALLOY_HDF_U32, &count, 1, error))
        return FALSE;
    for (unsigned i = 0; i < columns->len; i++) {
        char place[16];
        g_snprintf(place, sizeof place, "%u", i);
        if (!put_column(writer, list, place, columns->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

/* --- kinds of data --- */

static gboolean put_atoms(AlloyStoreWriter *writer, hid_t group, const AlloyAtoms *atoms, GError **error)
{
    g_autofree const char **kinds = g_new0(const char *, atoms->n_kinds + 1);
    g_autofree int32_t *kinds_z = g_new0(int32_t, atoms->n_kinds + 1);
    for (unsigned i = 0; i < atoms->n_kinds; i++) {
        kinds[i] = atoms->kinds[i].name;
        kinds_z[i] = atoms->kinds[i].z;
    }
    uint64_t n = atoms->n;
    if (!alloy_store_put_numbers(group, "n", ALLOY_HDF_U64, &n, 1, error) ||
        !put_array(writer, group, "x", ALLOY_HDF_F64, atoms->x, atoms->n, error) ||
        !put_array(writer, group, "y", ALLOY_HDF_F64, atoms->y, atoms->n, error) ||
        !put_array(writer, group, "z", ALLOY_HDF_F64, atoms->z, atoms->n, error) ||
        !put_array(writer, group, "species", ALLOY_HDF_U16, atoms->species, atoms->n, error) ||
        !put_strings(writer, group, "kinds", kinds, atoms->n_kinds, error) ||
        !put_own_array(writer, group, "kinds_z", ALLOY_HDF_I32, kinds_z, atoms->n_kinds, error))
        return FALSE;
    if (atoms->cell != NULL) {
        double cell[12];
        uint8_t periodic[3];
        memcpy(cell, atoms->cell->origin, 3 * sizeof *cell);
        memcpy(cell + 3, atoms->cell->vector, 9 * sizeof *cell);
        for (int k = 0; k < 3; k++)
            periodic[k] = atoms->cell->periodic[k] ? 1 : 0;
        if (!alloy_store_put_numbers(group, "cell", ALLOY_HDF_F64, cell, 12, error) ||
            !alloy_store_put_numbers(group, "periodic", ALLOY_HDF_U8, periodic, 3, error))
            return FALSE;
    }
    return put_columns(writer, group, "columns", atoms->columns, error) &&
           put_columns(writer, group, "info", atoms->info, error);
}

static gboolean put_series(AlloyStoreWriter *writer, hid_t group, const AlloySeries *series, GError **error)
{
    g_autofree const char **labels = g_new0(const char *, series->n + 1);
    g_autofree double *times = g_new0(double, series->n + 1), *temperatures = g_new0(double, series->n + 1);
    for (size_t i = 0; i < series->n; i++) {
        labels[i] = series->stages[i].label;
        times[i] = series->stages[i].time;
        temperatures[i] = series->stages[i].temperature;
    }
    uint64_t n = series->n;
    if (!alloy_store_put_numbers(group, "n", ALLOY_HDF_U64, &n, 1, error) ||
        !alloy_store_put_text(group, "title", series->title, error))
        return FALSE;
    g_auto(AlloyHid) stages = alloy_store_group(group, "stages", error);
    if (stages < 0 || !put_own_array(writer, stages, "times", ALLOY_HDF_F64, times, series->n, error) ||
        !put_own_array(writer, stages, "temperatures", ALLOY_HDF_F64, temperatures, series->n, error) ||
        !put_strings(writer, stages, "labels", labels, series->n, error))
        return FALSE;
    for (size_t i = 0; i < series->n; i++) {
        char place[24];
        g_snprintf(place, sizeof place, "%zu", i);
        g_auto(AlloyHid) stage = alloy_store_group(stages, place, error);
        if (stage < 0 || !put_atoms(writer, stage, series->stages[i].atoms, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean put_table(AlloyStoreWriter *writer, hid_t group, const AlloyTable *table, GError **error)
{
    return alloy_store_put_text(group, "title", table->title, error) &&
           put_columns(writer, group, "columns", table->columns, error) &&
           put_columns(writer, group, "scalars", table->scalars, error);
}

static gboolean put_selection(AlloyStoreWriter *writer, hid_t group, const AlloySelection *selection,
                              GError **error)
{
    uint64_t n = selection->n;
    return alloy_store_put_numbers(group, "n", ALLOY_HDF_U64, &n, 1, error) &&
           put_array(writer, group, "words", ALLOY_HDF_U64, selection->words, (selection->n + 63) / 64,
                     error);
}

gboolean alloy_store_write_data(AlloyStoreWriter *writer, hid_t group, const AlloyData *data, GError **error)
{
    if (ALLOY_IS_ATOMS(data))
        return put_atoms(writer, group, (const AlloyAtoms *)data, error);
    if (ALLOY_IS_SERIES(data))
        return put_series(writer, group, (const AlloySeries *)data, error);
    if (ALLOY_IS_TABLE(data))
        return put_table(writer, group, (const AlloyTable *)data, error);
    if (ALLOY_IS_SELECTION(data))
        return put_selection(writer, group, (const AlloySelection *)data, error);
    return alloy_input_error(error, "a %s cannot be saved in a project", data->klass->name);
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

uint64_t alloy_store_weight(const AlloyData *data)
{
    uint64_t bytes = 0;
    if (ALLOY_IS_ATOMS(data)) {
        const AlloyAtoms *atoms = (const AlloyAtoms *)data;
        bytes = atoms->n * 26 + columns_weight(atoms->columns) + columns_weight(atoms->info);
    } else if (ALLOY_IS_SERIES(data)) {
        const AlloySeries *series = (const AlloySeries *)data;
        for (size_t i = 0; i < series->n; i++)
            bytes += alloy_store_weight(ALLOY_DATA(series->stages[i].atoms));
    } else if (ALLOY_IS_TABLE(data)) {
        bytes = columns_weight(((const AlloyTable *)data)->columns);
    } else if (ALLOY_IS_SELECTION(data)) {
        bytes = ((const AlloySelection *)data)->n / 8;
    }
    return bytes;
}
