/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values out of the project file. Nothing in it is believed: type, rank and size of everything are held
 * against what the program writes and against the bytes that are there, before anything is allocated. */
#include "core/project/store-private.h"

#include "core/base/error.h"

#include <float.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MOST_CHUNK 65536    /* values; what the program writes */
#define MOST_TEXT (1 << 26) /* bytes of one text */
/* Deflate makes at most 1032 bytes of one. */
#define MOST_RATIO 1040

static gboolean wrong(const AlloyStoreReader *reader, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static gboolean wrong(const AlloyStoreReader *reader, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    H5Eclear2(H5E_DEFAULT);
    return alloy_format_error(error, reader->name, 0, "damaged project: %s", message);
}

/* There, and neither a soft link nor one into another file. */
static gboolean is_hard_link(hid_t parent, const char *name)
{
    H5L_info_t info;
    return H5Lexists(parent, name, H5P_DEFAULT) > 0 && H5Lget_info(parent, name, &info, H5P_DEFAULT) >= 0 &&
           info.type == H5L_TYPE_HARD;
}

gboolean alloy_store_has(hid_t parent, const char *name)
{
    return is_hard_link(parent, name);
}

hid_t alloy_store_open_group(const AlloyStoreReader *reader, hid_t parent, const char *name, GError **error)
{
    hid_t group = is_hard_link(parent, name) ? H5Gopen2(parent, name, H5P_DEFAULT) : -1;
    if (group < 0)
        wrong(reader, error, "the group \"%s\" is missing", name);
    return group;
}

/* --- attributes --- */

static hid_t open_attribute(const AlloyStoreReader *reader, hid_t object, const char *name, GError **error)
{
    hid_t attribute = H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : -1;
    if (attribute < 0)
        wrong(reader, error, "the attribute \"%s\" is missing", name);
    return attribute;
}

char *alloy_store_take_text(const AlloyStoreReader *reader, hid_t object, const char *name, GError **error)
{
    g_auto(AlloyHid) attribute = open_attribute(reader, object, name, error);
    if (attribute < 0)
        return NULL;
    g_auto(AlloyHid) type = H5Aget_type(attribute);
    g_auto(AlloyHid) space = H5Aget_space(attribute);
    size_t size = type >= 0 ? H5Tget_size(type) : 0;
    if (type < 0 || space < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 ||
        H5Sget_simple_extent_type(space) != H5S_SCALAR || size == 0 || size > MOST_TEXT ||
        size > reader->file_size) {
        wrong(reader, error, "the attribute \"%s\" is no text", name);
        return NULL;
    }
    g_autofree char *text = g_malloc0(size + 1);
    if (H5Aread(attribute, type, text) < 0 || !g_utf8_validate(text, -1, NULL)) {
        wrong(reader, error, "the text \"%s\" cannot be read", name);
        return NULL;
    }
    return g_steal_pointer(&text);
}

/* Opens an attribute that is a list of that type; its length in *n. */
static hid_t open_numbers(const AlloyStoreReader *reader, hid_t object, const char *name,
                          AlloyHdfType expected, size_t *n, GError **error)
{
    g_auto(AlloyHid) attribute = open_attribute(reader, object, name, error);
    if (attribute < 0)
        return -1;
    g_auto(AlloyHid) type = H5Aget_type(attribute);
    g_auto(AlloyHid) space = H5Aget_space(attribute);
    hsize_t dims = 0;
    if (type < 0 || space < 0 || H5Tequal(type, alloy_hdf_type(expected)) <= 0 ||
        H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &dims, NULL) != 1 ||
        dims > reader->file_size / alloy_hdf_size(expected)) {
        wrong(reader, error, "the attribute \"%s\" is not a list of the expected type", name);
        return -1;
    }
    *n = (size_t)dims;
    hid_t opened = attribute;
    attribute = -1;
    return opened;
}

gboolean alloy_store_take_numbers(const AlloyStoreReader *reader, hid_t object, const char *name,
                                  AlloyHdfType type, void *values, size_t n, GError **error)
{
    size_t found = 0;
    g_auto(AlloyHid) attribute = open_numbers(reader, object, name, type, &found, error);
    if (attribute < 0)
        return FALSE;
    if (found != n)
        return wrong(reader, error, "the attribute \"%s\" has %zu values, expected are %zu", name, found, n);
    if (H5Aread(attribute, alloy_hdf_type(type), values) < 0)
        return wrong(reader, error, "the attribute \"%s\" cannot be read", name);
    return TRUE;
}

/* --- arrays --- */

/* Compact, contiguous, or deflated in chunks of the program's size; nothing from other files. */
static gboolean storage_is_sound(const AlloyStoreReader *reader, hid_t set, uint64_t bytes)
{
    g_auto(AlloyHid) plist = H5Dget_create_plist(set);
    if (plist < 0 || H5Pget_external_count(plist) != 0)
        return FALSE;
    int filters = H5Pget_nfilters(plist);
    H5D_layout_t layout = H5Pget_layout(plist);
    uint64_t stored = H5Dget_storage_size(set);
    if (layout == H5D_COMPACT || layout == H5D_CONTIGUOUS)
        return filters == 0 && stored == bytes && bytes <= reader->file_size;
    hsize_t chunk = 0;
    if (layout != H5D_CHUNKED || H5Pget_chunk(plist, 1, &chunk) != 1 || chunk == 0 || chunk > MOST_CHUNK)
        return FALSE;
    gboolean seen[2] = {FALSE, FALSE};
    for (int i = 0; i < filters; i++) {
        unsigned flags = 0, config = 0;
        size_t elements = 0;
        H5Z_filter_t filter = H5Pget_filter2(plist, (unsigned)i, &flags, &elements, NULL, 0, NULL, &config);
        int which = filter == H5Z_FILTER_SHUFFLE ? 0 : filter == H5Z_FILTER_DEFLATE ? 1 : -1;
        if (which < 0 || seen[which])
            return FALSE;
        seen[which] = TRUE;
    }
    return stored <= reader->file_size && bytes <= stored * MOST_RATIO;
}

/* More than the machine has cannot be held, however well it was packed. */
static gboolean fits_memory(uint64_t bytes)
{
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    if (bytes > memory)
        return FALSE;
    gpointer probe = g_try_malloc(bytes);
    gboolean fits = probe != NULL || bytes == 0;
    g_free(probe);
    return fits;
}

static gboolean read_values(AlloyStoreReader *reader, hid_t set, hid_t space, AlloyHdfType type, char *values,
                            size_t n, GError **error)
{
    size_t size = alloy_hdf_size(type);
    for (size_t i = 0; i < n; i += MOST_CHUNK) {
        if (!alloy_progress_check(reader->progress, error))
            return FALSE;
        hsize_t start = i, count = MIN(n - i, MOST_CHUNK);
        g_auto(AlloyHid) memory = H5Screate_simple(1, &count, NULL);
        /* A chunk that was never written leaves the memory as it is. */
        memset(values + i * size, 0, count * size);
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) < 0 ||
            H5Dread(set, alloy_hdf_type(type), memory, space, H5P_DEFAULT, values + i * size) < 0)
            return wrong(reader, error, "an array cannot be read");
    }
    return TRUE;
}

static hid_t open_dataset(const AlloyStoreReader *reader, hid_t parent, const char *name, char **key,
                          GError **error)
{
    g_auto(AlloyHid) set = is_hard_link(parent, name) ? H5Dopen2(parent, name, H5P_DEFAULT) : -1;
    H5O_info_t info;
    if (set < 0 || H5Oget_info(set, &info) < 0) {
        wrong(reader, error, "the array \"%s\" is missing", name);
        return -1;
    }
    *key = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)info.addr);
    hid_t opened = set;
    set = -1;
    return opened;
}

/* What one file may make the program handle, shared arrays counted each time: small files cannot ask for
 * hours. */
static gboolean account(AlloyStoreReader *reader, uint64_t bytes, GError **error)
{
    reader->done += bytes;
    if (reader->done / 4096 > reader->file_size + (1 << 18))
        return wrong(reader, error, "it claims far more than %" G_GUINT64_FORMAT " bytes can hold",
                     (guint64)reader->file_size);
    return TRUE;
}

/* An array of the dataset, new or shared with what was read before: a new reference. */
static gpointer take_values(AlloyStoreReader *reader, hid_t set, const char *key, const char *name,
                            AlloyHdfType expected, size_t *n, GError **error)
{
    g_auto(AlloyHid) type = H5Dget_type(set);
    g_auto(AlloyHid) space = H5Dget_space(set);
    hsize_t dims = 0;
    if (type < 0 || space < 0 || H5Tequal(type, alloy_hdf_type(expected)) <= 0 ||
        H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &dims, NULL) != 1 ||
        dims > ((uint64_t)1 << 48)) {
        wrong(reader, error, "the array \"%s\" is not of the expected type", name);
        return NULL;
    }
    *n = (size_t)dims;
    uint64_t bytes = dims * alloy_hdf_size(expected);
    if (!account(reader, bytes, error))
        return NULL;
    g_autofree char *shared = g_strdup_printf("%s %d", key, (int)expected);
    gpointer known = g_hash_table_lookup(reader->arrays, shared);
    if (known != NULL)
        return alloy_array_ref(known);
    if (!storage_is_sound(reader, set, bytes)) {
        wrong(reader, error,
              "the array \"%s\" claims %" G_GUINT64_FORMAT " bytes, which is not what it stores", name,
              (guint64)bytes);
        return NULL;
    }
    if (!fits_memory(bytes)) {
        alloy_input_error(error, "%s: the array \"%s\" needs %" G_GUINT64_FORMAT " MB of memory",
                          reader->name, name, (guint64)(bytes >> 20));
        return NULL;
    }
    char *values = alloy_array_alloc(*n, alloy_hdf_size(expected));
    if (!read_values(reader, set, space, expected, values, *n, error)) {
        alloy_array_unref(values);
        return NULL;
    }
    g_hash_table_insert(reader->arrays, g_steal_pointer(&shared), values);
    return alloy_array_ref(values);
}

static gpointer take_array(AlloyStoreReader *reader, hid_t parent, const char *name, AlloyHdfType type,
                           size_t *n, GError **error)
{
    g_autofree char *key = NULL;
    g_auto(AlloyHid) set = open_dataset(reader, parent, name, &key, error);
    return set >= 0 ? take_values(reader, set, key, name, type, n, error) : NULL;
}

static gpointer take_array_of(AlloyStoreReader *reader, hid_t parent, const char *name, AlloyHdfType type,
                              size_t n, GError **error)
{
    size_t found = 0;
    gpointer values = take_array(reader, parent, name, type, &found, error);
    if (values != NULL && found != n) {
        wrong(reader, error, "the array \"%s\" has %zu values, expected are %zu", name, found, n);
        g_clear_pointer(&values, alloy_array_unref);
    }
    return values;
}

typedef gpointer ArrayRef;
static void array_clear(ArrayRef array)
{
    alloy_array_unref(array);
}
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ArrayRef, array_clear, NULL)

/* --- lists of strings --- */

/* Pointers into bytes, which ends with a NUL; NULL when they are not n distinct strings of UTF-8. */
static const char **split_strings(const char *bytes, size_t length, size_t n)
{
    if (length > 0 && bytes[length - 1] != '\0')
        return NULL;
    g_autoptr(GPtrArray) strings = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t at = 0; at < length; at += strlen(bytes + at) + 1) {
        if (!g_utf8_validate(bytes + at, -1, NULL) || !g_hash_table_add(seen, (gpointer)(bytes + at)))
            return NULL;
        g_ptr_array_add(strings, (gpointer)(bytes + at));
    }
    if (n != SIZE_MAX && strings->len != n)
        return NULL;
    g_ptr_array_add(strings, NULL);
    return (const char **)g_ptr_array_steal(strings, NULL);
}

/* --- columns --- */

/* The labels of a text column as bytes; free with g_free. */
static char *take_label_bytes(AlloyStoreReader *reader, hid_t parent, const char *name, hid_t set,
                              size_t *length, GError **error)
{
    if (H5Aexists(set, "labels") > 0) {
        g_auto(AlloyHid) attribute = open_numbers(reader, set, "labels", ALLOY_HDF_U8, length, error);
        if (attribute < 0)
            return NULL;
        g_autofree char *bytes = g_malloc0(*length + 1);
        if (H5Aread(attribute, alloy_hdf_type(ALLOY_HDF_U8), bytes) < 0) {
            wrong(reader, error, "labels cannot be read");
            return NULL;
        }
        return g_steal_pointer(&bytes);
    }
    g_autofree char *beside = g_strdup_printf("%s labels", name);
    g_auto(ArrayRef) packed = take_array(reader, parent, beside, ALLOY_HDF_U8, length, error);
    return packed != NULL ? g_memdup2(packed, MAX(*length, 1)) : NULL;
}

static const AlloyColumn *text_column(AlloyStoreReader *reader, hid_t parent, const char *place, hid_t set,
                                      const char *name, const uint32_t *codes, size_t n, GError **error)
{
    size_t length = 0;
    g_autofree char *bytes = take_label_bytes(reader, parent, place, set, &length, error);
    if (bytes == NULL)
        return NULL;
    g_autofree const char **labels = split_strings(bytes, length, SIZE_MAX);
    size_t n_labels = labels != NULL ? g_strv_length((char **)labels) : 0;
    gboolean good = labels != NULL && n_labels < G_MAXUINT32;
    for (size_t i = 0; good && i < n; i++)
        good = codes[i] < n_labels;
    if (!good) {
        wrong(reader, error, "the labels of column \"%s\" do not fit its values", name);
        return NULL;
    }
    return alloy_column_new_text(name, alloy_array_ref(codes), n, labels, (uint32_t)n_labels);
}

static gboolean type_of_name(const char *name, AlloyType *type)
{
    const AlloyType types[] = {ALLOY_REAL, ALLOY_INTEGER, ALLOY_BOOLEAN, ALLOY_TEXT};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(name, alloy_type_name(types[i])) == 0) {
            *type = types[i];
            return TRUE;
        }
    return FALSE;
}

static const AlloyColumn *new_column(AlloyStoreReader *reader, hid_t parent, const char *place, hid_t set,
                                     const char *key, GError **error)
{
    g_autofree char *name = alloy_store_take_text(reader, set, "name", error);
    g_autofree char *unit = name != NULL ? alloy_store_take_text(reader, set, "unit", error) : NULL;
    g_autofree char *type_name = unit != NULL ? alloy_store_take_text(reader, set, "type", error) : NULL;
    AlloyType type = ALLOY_REAL;
    if (type_name == NULL)
        return NULL;
    if (!type_of_name(type_name, &type)) {
        wrong(reader, error, "a column is of the unknown type \"%.40s\"", type_name);
        return NULL;
    }
    size_t n = 0;
    g_auto(ArrayRef) values = take_values(reader, set, key, name, alloy_hdf_type_of_column(type), &n, error);
    if (values == NULL)
        return NULL;
    switch (type) {
    case ALLOY_REAL:
        return alloy_column_new_real(name, unit, alloy_array_ref(values), n);
    case ALLOY_INTEGER:
        return alloy_column_new_integer(name, unit, alloy_array_ref(values), n);
    case ALLOY_BOOLEAN:
        for (size_t i = 0; i < n; i++)
            if (((const uint8_t *)values)[i] > 1) {
                wrong(reader, error, "column \"%s\" is boolean but holds %u", name,
                      ((const uint8_t *)values)[i]);
                return NULL;
            }
        return alloy_column_new_boolean(name, alloy_array_ref(values), n);
    case ALLOY_TEXT:
        return text_column(reader, parent, place, set, name, values, n, error);
    }
    g_assert_not_reached();
}

static const AlloyColumn *take_column(AlloyStoreReader *reader, hid_t parent, const char *place,
                                      GError **error)
{
    g_autofree char *key = NULL;
    g_auto(AlloyHid) set = open_dataset(reader, parent, place, &key, error);
    if (set < 0)
        return NULL;
    const AlloyColumn *column = g_hash_table_lookup(reader->columns, key);
    if (column != NULL)
        return account(reader, column->n, error) ? alloy_ref(column) : NULL;
    column = new_column(reader, parent, place, set, key, error);
    if (column != NULL)
        g_hash_table_insert(reader->columns, g_steal_pointer(&key), (gpointer)alloy_ref(column));
    return column;
}

static AlloyColumns *take_columns(AlloyStoreReader *reader, hid_t group, const char *name, GError **error)
{
    g_auto(AlloyHid) list = alloy_store_open_group(reader, group, name, error);
    uint32_t count = 0;
    if (list < 0 || !alloy_store_take_numbers(reader, list, "count", ALLOY_HDF_U32, &count, 1, error))
        return NULL;
    g_autoptr(GPtrArray) columns = alloy_columns_new();
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < count; i++) {
        char place[16];
        g_snprintf(place, sizeof place, "%u", i);
        const AlloyColumn *column = take_column(reader, list, place, error);
        if (column == NULL)
            return NULL;
        if (!g_hash_table_add(names, (gpointer)column->name)) {
            wrong(reader, error, "there are two columns \"%s\"", column->name);
            alloy_data_unref(column);
            return NULL;
        }
        g_ptr_array_add(columns, (gpointer)column);
    }
    return g_steal_pointer(&columns);
}

/* --- kinds of data --- */

static gboolean columns_have_length(const AlloyStoreReader *reader, const AlloyColumns *columns, size_t n,
                                    GError **error)
{
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        if (column->n != n)
            return wrong(reader, error, "column \"%s\" has %zu values, expected are %zu", column->name,
                         column->n, n);
    }
    return TRUE;
}

static gboolean take_kinds(AlloyStoreReader *reader, hid_t group, AlloyAtomsBuilder *builder, GError **error)
{
    size_t n = 0, length = 0;
    g_auto(ArrayRef) kinds_z = take_array(reader, group, "kinds_z", ALLOY_HDF_I32, &n, error);
    g_auto(ArrayRef) packed =
        kinds_z != NULL ? take_array(reader, group, "kinds", ALLOY_HDF_U8, &length, error) : NULL;
    if (packed == NULL)
        return FALSE;
    g_autofree const char **names = split_strings(packed, length, n);
    if (names == NULL)
        return wrong(reader, error, "the names of the species are not %zu different texts", n);
    for (size_t i = 0; i < n; i++) {
        int32_t z = ((const int32_t *)kinds_z)[i];
        if (z < 0 || z > 118 || alloy_atoms_builder_named_kind(builder, names[i], z) != (int)i)
            return wrong(reader, error, "species %zu is not one", i);
    }
    return TRUE;
}

static gboolean take_cell(AlloyStoreReader *reader, hid_t group, AlloyAtomsBuilder *builder, GError **error)
{
    if (H5Aexists(group, "cell") <= 0)
        return TRUE;
    double values[12];
    uint8_t periodic[3];
    if (!alloy_store_take_numbers(reader, group, "cell", ALLOY_HDF_F64, values, 12, error) ||
        !alloy_store_take_numbers(reader, group, "periodic", ALLOY_HDF_U8, periodic, 3, error))
        return FALSE;
    AlloyCell cell;
    memcpy(cell.origin, values, sizeof cell.origin);
    memcpy(cell.vector, values + 3, sizeof cell.vector);
    for (int k = 0; k < 3; k++)
        cell.periodic[k] = periodic[k] != 0;
    g_autoptr(GError) flat = NULL;
    if (!alloy_cell_check(&cell, &flat))
        return wrong(reader, error, "%s", flat->message);
    alloy_atoms_builder_set_cell(builder, &cell);
    return TRUE;
}

static gboolean take_sites(AlloyStoreReader *reader, hid_t group, AlloyAtomsBuilder *builder, size_t n,
                           GError **error)
{
    double **const axes[] = {&builder->x, &builder->y, &builder->z};
    const char *const names[] = {"x", "y", "z"};
    for (size_t k = 0; k < 3; k++) {
        double *values = take_array_of(reader, group, names[k], ALLOY_HDF_F64, n, error);
        if (values == NULL)
            return FALSE;
        alloy_array_unref(*axes[k]);
        *axes[k] = values;
        for (size_t i = 0; i < n; i++)
            if (!isfinite(values[i]))
                return wrong(reader, error, "atom %zu has no finite position", i);
    }
    uint16_t *species = take_array_of(reader, group, "species", ALLOY_HDF_U16, n, error);
    if (species == NULL)
        return FALSE;
    alloy_array_unref(builder->species);
    builder->species = species;
    for (size_t i = 0; i < n; i++)
        if (species[i] >= builder->kinds->len)
            return wrong(reader, error, "atom %zu is of species %u, there are %u", i, species[i],
                         builder->kinds->len);
    return TRUE;
}

static const AlloyAtoms *take_atoms(AlloyStoreReader *reader, hid_t group, GError **error)
{
    uint64_t n = 0;
    if (!alloy_store_take_numbers(reader, group, "n", ALLOY_HDF_U64, &n, 1, error))
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(0);
    builder->n = n; /* the arrays come below, with their lengths checked against it */
    if (!take_kinds(reader, group, builder, error) || !take_cell(reader, group, builder, error) ||
        !take_sites(reader, group, builder, n, error))
        return NULL;
    g_autoptr(GPtrArray) columns = take_columns(reader, group, "columns", error);
    if (columns == NULL || !columns_have_length(reader, columns, n, error))
        return NULL;
    g_autoptr(GPtrArray) info = take_columns(reader, group, "info", error);
    if (info == NULL)
        return NULL;
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        const char *const reserved[] = {"species", "x", "y", "z", NULL};
        if (g_strv_contains(reserved, column->name)) {
            wrong(reader, error, "a column is called \"%s\"", column->name);
            return NULL;
        }
        alloy_atoms_builder_set_column(builder, alloy_ref(column));
    }
    for (unsigned i = 0; i < info->len; i++)
        alloy_atoms_builder_set_info(builder, alloy_ref((const AlloyColumn *)info->pdata[i]));
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

/* Labels of stages may repeat: only their number counts. */
static const char **split_labels(const char *bytes, size_t length, size_t n)
{
    if (length == 0 ? n != 0 : bytes[length - 1] != '\0')
        return NULL;
    g_autofree const char **labels = g_new0(const char *, n + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++, at += strlen(bytes + at) + 1) {
        if (at >= length || !g_utf8_validate(bytes + at, -1, NULL))
            return NULL;
        labels[i] = bytes + at;
    }
    return at == length ? g_steal_pointer(&labels) : NULL;
}

static void clear_stages(GArray *stages)
{
    for (unsigned i = 0; i < stages->len; i++)
        alloy_data_unref(g_array_index(stages, AlloyStage, i).atoms);
    g_array_unref(stages);
}
typedef GArray *StageArray;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(StageArray, clear_stages, NULL)

static const AlloySeries *take_series(AlloyStoreReader *reader, hid_t group, GError **error)
{
    uint64_t n = 0;
    size_t length = 0;
    if (!alloy_store_take_numbers(reader, group, "n", ALLOY_HDF_U64, &n, 1, error))
        return NULL;
    g_autofree char *title = alloy_store_take_text(reader, group, "title", error);
    g_auto(AlloyHid) list = title != NULL ? alloy_store_open_group(reader, group, "stages", error) : -1;
    if (list < 0)
        return NULL;
    g_auto(ArrayRef) times = take_array_of(reader, list, "times", ALLOY_HDF_F64, n, error);
    g_auto(ArrayRef) temperatures =
        times != NULL ? take_array_of(reader, list, "temperatures", ALLOY_HDF_F64, n, error) : NULL;
    g_auto(ArrayRef) packed =
        temperatures != NULL ? take_array(reader, list, "labels", ALLOY_HDF_U8, &length, error) : NULL;
    if (packed == NULL)
        return NULL;
    g_autofree const char **labels = split_labels(packed, length, n);
    if (labels == NULL) {
        wrong(reader, error, "the labels of the stages are not %" G_GUINT64_FORMAT " texts", (guint64)n);
        return NULL;
    }
    g_auto(StageArray) stages = g_array_new(FALSE, TRUE, sizeof(AlloyStage));
    for (size_t i = 0; i < n; i++) {
        char place[24];
        g_snprintf(place, sizeof place, "%zu", i);
        g_auto(AlloyHid) stage_group = alloy_store_open_group(reader, list, place, error);
        const AlloyAtoms *atoms = stage_group >= 0 ? take_atoms(reader, stage_group, error) : NULL;
        if (atoms == NULL)
            return NULL;
        AlloyStage stage = {atoms, ((const double *)times)[i], ((const double *)temperatures)[i], labels[i]};
        g_array_append_val(stages, stage);
    }
    return alloy_series_new(title, (const AlloyStage *)(const void *)stages->data, n);
}

static const AlloyTable *take_table(AlloyStoreReader *reader, hid_t group, GError **error)
{
    g_autofree char *title = alloy_store_take_text(reader, group, "title", error);
    g_autoptr(GPtrArray) columns = title != NULL ? take_columns(reader, group, "columns", error) : NULL;
    g_autoptr(GPtrArray) scalars = columns != NULL ? take_columns(reader, group, "scalars", error) : NULL;
    if (scalars == NULL || !columns_have_length(reader, scalars, 1, error))
        return NULL;
    if (columns->len > 0 &&
        !columns_have_length(reader, columns, ((const AlloyColumn *)columns->pdata[0])->n, error))
        return NULL;
    return alloy_table_new(title, g_steal_pointer(&columns), g_steal_pointer(&scalars));
}

static const AlloySelection *take_selection(AlloyStoreReader *reader, hid_t group, GError **error)
{
    uint64_t n = 0;
    if (!alloy_store_take_numbers(reader, group, "n", ALLOY_HDF_U64, &n, 1, error))
        return NULL;
    if (n > ((uint64_t)1 << 48)) {
        wrong(reader, error, "a selection among %" G_GUINT64_FORMAT, (guint64)n);
        return NULL;
    }
    g_auto(ArrayRef) words = take_array_of(reader, group, "words", ALLOY_HDF_U64, (n + 63) / 64, error);
    if (words == NULL)
        return NULL;
    const uint64_t *bits = words;
    if (n % 64 != 0 && bits[n / 64] >> (n % 64) != 0) {
        wrong(reader, error, "a selection among %" G_GUINT64_FORMAT " selects beyond", (guint64)n);
        return NULL;
    }
    if (!fits_memory(n))
        return alloy_input_error(error, "%s: not enough memory for a selection", reader->name), NULL;
    g_autofree uint8_t *mask = g_malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        mask[i] = bits[i / 64] >> (i % 64) & 1;
    return alloy_selection_from_mask(mask, n);
}

const AlloyData *alloy_store_read_data(AlloyStoreReader *reader, hid_t group, const char *kind,
                                       GError **error)
{
    if (strcmp(kind, alloy_atoms_class.name) == 0)
        return ALLOY_DATA(take_atoms(reader, group, error));
    if (strcmp(kind, alloy_series_class.name) == 0)
        return ALLOY_DATA(take_series(reader, group, error));
    if (strcmp(kind, alloy_table_class.name) == 0)
        return ALLOY_DATA(take_table(reader, group, error));
    if (strcmp(kind, alloy_selection_class.name) == 0)
        return ALLOY_DATA(take_selection(reader, group, error));
    wrong(reader, error, "there is no kind of data \"%.40s\"", kind);
    return NULL;
}
