/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values out of the project file. Nothing in it is believed: what the file holds is held against what a value
 * must be, before a value is made of it. */
#include "core/base/error.h"
#include "core/data/atoms.h"
#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/project/store-private.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define wrong(reader, error, ...) alloy_hdf_wrong(&(reader)->file, error, __VA_ARGS__)

typedef gpointer ArrayRef;
static void array_clear(ArrayRef array)
{
    alloy_array_unref(array);
}
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ArrayRef, array_clear, NULL)

AlloyHdfObject *alloy_store_open_place(AlloyStoreReader *reader, const AlloyHdfObject *list, size_t k,
                                       size_t n, GError **error)
{
    char place[ALLOY_STORE_PLACE];
    alloy_store_place(k, n, place);
    g_auto(GStrv) steps = g_strsplit(place, "/", -1);
    g_autoptr(AlloyHdfObject) object = NULL;
    for (char **step = steps; *step != NULL; step++) {
        g_autoptr(AlloyHdfObject) outer = g_steal_pointer(&object);
        object = alloy_hdf_child(&reader->file, outer != NULL ? outer : list, *step, error);
        if (object == NULL)
            return NULL;
    }
    return g_steal_pointer(&object);
}

/* --- attributes --- */

gboolean alloy_store_take_numbers(AlloyStoreReader *reader, const AlloyHdfObject *object, const char *name,
                                  AlloyHdfType type, void *values, size_t n, GError **error)
{
    AlloyHdfAttribute attribute;
    if (!alloy_hdf_attribute(object, name, &attribute) || attribute.type != type || attribute.n != n)
        return wrong(reader, error, "the attribute \"%s\" is missing or not %zu values of its type", name, n);
    uint8_t *bytes = values;
    size_t size = alloy_hdf_size(type);
    for (size_t i = 0; i < n; i++) {
        uint64_t value = 0;
        for (size_t b = 0; b < size; b++)
            value |= (uint64_t)attribute.data[i * size + b] << (8 * b);
        switch (size) {
        case 8:
            memcpy(bytes + 8 * i, &value, 8);
            break;
        case 4:
            memcpy(bytes + 4 * i, &(uint32_t){(uint32_t)value}, 4);
            break;
        case 2:
            memcpy(bytes + 2 * i, &(uint16_t){(uint16_t)value}, 2);
            break;
        default:
            bytes[i] = (uint8_t)value;
        }
    }
    return TRUE;
}

/* --- arrays --- */

/* More than the machine has cannot be held, however well it was packed: neither one array nor all of them
 * together. */
static gboolean fits_memory(const AlloyStoreReader *reader, uint64_t bytes)
{
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    if (bytes > memory || reader->held > memory - bytes)
        return FALSE;
    gpointer probe = g_try_malloc(bytes);
    gboolean fits = probe != NULL || bytes == 0;
    g_free(probe);
    return fits;
}

/* What one file may make the program handle, shared arrays each time: small files cannot ask for hours. */
static gboolean account(AlloyStoreReader *reader, uint64_t bytes, GError **error)
{
    reader->done += bytes;
    if (reader->done / 2048 > reader->file.size + (1 << 18))
        return wrong(reader, error, "it claims far more than %zu bytes can hold", reader->file.size);
    return alloy_progress_check(reader->progress, error);
}

/* An array that is there already is looked through, not unpacked: many results of one large model of few
 * bytes (a perfect lattice) share its positions, and shall be read. */
#define SHARED_COST 16

/* The values of a dataset, new or shared with what was read before: a new reference. */
static gpointer take_values(AlloyStoreReader *reader, const AlloyHdfObject *set, const char *name,
                            AlloyHdfType expected, size_t *n, GError **error)
{
    AlloyHdfType type;
    uint64_t count = 0;
    if (!alloy_hdf_dataset(set, &type, &count) || type != expected) {
        wrong(reader, error, "\"%s\" is not an array of the expected type", name);
        return NULL;
    }
    *n = (size_t)count;
    uint64_t bytes = count * alloy_hdf_size(expected);
    g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT, alloy_hdf_address(set));
    gpointer known = g_hash_table_lookup(reader->arrays, key);
    if (!account(reader, known != NULL ? bytes / SHARED_COST : bytes, error))
        return NULL;
    if (known != NULL)
        return alloy_array_ref(known);
    if (!alloy_hdf_is_plausible(&reader->file, set)) {
        wrong(reader, error,
              "the array \"%s\" claims %" G_GUINT64_FORMAT " bytes, which is not what it stores", name,
              bytes);
        return NULL;
    }
    if (!fits_memory(reader, bytes)) {
        alloy_input_error(error, "%s: the array \"%s\" needs %" G_GUINT64_FORMAT " MB of memory",
                          reader->file.name, name, bytes >> 20);
        return NULL;
    }
    g_auto(ArrayRef) values = alloy_array_alloc(*n, alloy_hdf_size(expected));
    /* Cancelled with the whole, but the fraction goes by items. */
    double at = alloy_progress_fraction(reader->progress);
    g_autoptr(AlloyProgress) part = alloy_progress_part(reader->progress, at, at);
    if (!alloy_hdf_read(&reader->file, set, values, part, error))
        return NULL;
    reader->held += bytes;
    g_hash_table_insert(reader->arrays, g_steal_pointer(&key), alloy_array_ref(values));
    return g_steal_pointer(&values);
}

static gpointer take_array(AlloyStoreReader *reader, const AlloyHdfObject *group, const char *name,
                           AlloyHdfType type, size_t *n, GError **error)
{
    g_autoptr(AlloyHdfObject) set = alloy_hdf_child(&reader->file, group, name, error);
    return set != NULL ? take_values(reader, set, name, type, n, error) : NULL;
}

static gpointer take_array_of(AlloyStoreReader *reader, const AlloyHdfObject *group, const char *name,
                              AlloyHdfType type, size_t n, GError **error)
{
    size_t found = 0;
    gpointer values = take_array(reader, group, name, type, &found, error);
    if (values != NULL && found != n) {
        wrong(reader, error, "the array \"%s\" has %zu values, expected are %zu", name, found, n);
        g_clear_pointer(&values, alloy_array_unref);
    }
    return values;
}

/* --- texts --- */

/* length bytes that should be one text with its NUL. */
static char *checked_text(AlloyStoreReader *reader, const char *name, const void *bytes, size_t length,
                          GError **error)
{
    const char *text = bytes;
    if (length == 0 || strnlen(text, length) != length - 1 ||
        !g_utf8_validate(text, (gssize)length - 1, NULL)) {
        wrong(reader, error, "\"%s\" is no text", name);
        return NULL;
    }
    return g_strdup(text);
}

/* The text called name of holder, or the dataset of that name (`inside`) of group. */
static char *take_text(AlloyStoreReader *reader, const AlloyHdfObject *holder, const AlloyHdfObject *group,
                       const char *name, const char *inside, GError **error)
{
    AlloyHdfAttribute attribute;
    if (alloy_hdf_attribute(holder, name, &attribute)) {
        if (attribute.type == ALLOY_HDF_TEXT)
            return checked_text(reader, name, attribute.data, attribute.size, error);
        wrong(reader, error, "\"%s\" is no text", name);
        return NULL;
    }
    size_t length = 0;
    g_auto(ArrayRef) bytes = take_array(reader, group, inside, ALLOY_HDF_U8, &length, error);
    return bytes != NULL ? checked_text(reader, name, bytes, length, error) : NULL;
}

char *alloy_store_take_text(AlloyStoreReader *reader, const AlloyHdfObject *group, const char *name,
                            GError **error)
{
    return take_text(reader, group, group, name, name, error);
}

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

/* A column's dataset, and the group in which what lies beside it is found. */
typedef struct {
    const AlloyHdfObject *set, *parent;
    const char *place; /* name of the dataset in parent */
} ColumnPlace;

static char *take_column_text(AlloyStoreReader *reader, const ColumnPlace *at, const char *name,
                              GError **error)
{
    g_autofree char *beside = g_strdup_printf("%s %s", at->place, name);
    return take_text(reader, at->set, at->parent, name, beside, error);
}

static const AlloyColumn *text_column(AlloyStoreReader *reader, const ColumnPlace *at, const char *name,
                                      const uint32_t *codes, size_t n, GError **error)
{
    size_t length = 0;
    g_autofree char *beside = g_strdup_printf("%s labels", at->place);
    g_auto(ArrayRef) bytes = take_array(reader, at->parent, beside, ALLOY_HDF_U8, &length, error);
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

static gboolean type_of_name(const char *name, AlloyType *type, AlloyHdfType *stored)
{
    static const struct {
        AlloyType type;
        AlloyHdfType stored;
    } types[] = {{ALLOY_REAL, ALLOY_HDF_F64},
                 {ALLOY_INTEGER, ALLOY_HDF_I64},
                 {ALLOY_BOOLEAN, ALLOY_HDF_U8},
                 {ALLOY_TEXT, ALLOY_HDF_U32}};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(name, alloy_type_name(types[i].type)) == 0) {
            *type = types[i].type;
            *stored = types[i].stored;
            return TRUE;
        }
    return FALSE;
}

static const AlloyColumn *new_column(AlloyStoreReader *reader, const ColumnPlace *at, GError **error)
{
    g_autofree char *name = take_column_text(reader, at, "name", error);
    g_autofree char *unit = name != NULL ? take_column_text(reader, at, "unit", error) : NULL;
    g_autofree char *type_name = unit != NULL ? take_column_text(reader, at, "type", error) : NULL;
    AlloyType type = ALLOY_REAL;
    AlloyHdfType stored = ALLOY_HDF_F64;
    if (type_name == NULL)
        return NULL;
    if (!type_of_name(type_name, &type, &stored)) {
        wrong(reader, error, "a column is of the unknown type \"%.40s\"", type_name);
        return NULL;
    }
    size_t n = 0;
    g_auto(ArrayRef) values = take_values(reader, at->set, name, stored, &n, error);
    if (values == NULL)
        return NULL;
    switch (type) {
    case ALLOY_REAL: {
        AlloyHdfAttribute attribute;
        double floor = NAN;
        if (alloy_hdf_attribute(at->set, "floor", &attribute) &&
            !alloy_store_take_numbers(reader, at->set, "floor", ALLOY_HDF_F64, &floor, 1, error))
            return NULL;
        return alloy_column_with_floor(alloy_column_new_real(name, unit, alloy_array_ref(values), n), floor);
    }
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
        return text_column(reader, at, name, values, n, error);
    }
    g_assert_not_reached();
}

/* The k-th of a list of n columns. */
static const AlloyColumn *take_column(AlloyStoreReader *reader, const AlloyHdfObject *list, size_t k,
                                      size_t n, GError **error)
{
    char place[ALLOY_STORE_PLACE];
    alloy_store_place(k, n, place);
    char *last = strrchr(place, '/');
    g_auto(GStrv) steps = g_strsplit(place, "/", -1);
    /* The group that holds it: list itself, or the one before the last step. */
    g_autoptr(AlloyHdfObject) holder = NULL;
    for (char **step = steps; step[0] != NULL && step[1] != NULL; step++) {
        g_autoptr(AlloyHdfObject) outer = g_steal_pointer(&holder);
        holder = alloy_hdf_child(&reader->file, outer != NULL ? outer : list, *step, error);
        if (holder == NULL)
            return NULL;
    }
    const AlloyHdfObject *parent = holder != NULL ? holder : list;
    ColumnPlace at = {.parent = parent, .place = last != NULL ? last + 1 : place};
    g_autoptr(AlloyHdfObject) set = alloy_hdf_child(&reader->file, parent, at.place, error);
    if (set == NULL)
        return NULL;
    at.set = set;
    g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT, alloy_hdf_address(set));
    const AlloyColumn *column = g_hash_table_lookup(reader->columns, key);
    if (column != NULL)
        return account(reader, column->n / SHARED_COST, error) ? alloy_ref(column) : NULL;
    column = new_column(reader, &at, error);
    if (column != NULL)
        g_hash_table_insert(reader->columns, g_steal_pointer(&key), (gpointer)alloy_ref(column));
    return column;
}

static AlloyColumns *take_columns(AlloyStoreReader *reader, const AlloyHdfObject *group, const char *name,
                                  GError **error)
{
    g_autoptr(AlloyHdfObject) list = alloy_hdf_child(&reader->file, group, name, error);
    uint32_t count = 0;
    if (list == NULL || !alloy_store_take_numbers(reader, list, "count", ALLOY_HDF_U32, &count, 1, error))
        return NULL;
    if (count > ALLOY_STORE_MOST_COLUMNS) {
        wrong(reader, error, "%u columns, up to %d are allowed", count, ALLOY_STORE_MOST_COLUMNS);
        return NULL;
    }
    g_autoptr(GPtrArray) columns = alloy_columns_new();
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < count; i++) {
        const AlloyColumn *column = take_column(reader, list, i, count, error);
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

static gboolean columns_have_length(AlloyStoreReader *reader, const AlloyColumns *columns, size_t n,
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

static gboolean take_kinds(AlloyStoreReader *reader, const AlloyHdfObject *group, AlloyAtomsBuilder *builder,
                           GError **error)
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

static gboolean take_cell(AlloyStoreReader *reader, const AlloyHdfObject *group, AlloyAtomsBuilder *builder,
                          GError **error)
{
    AlloyHdfAttribute attribute;
    if (!alloy_hdf_attribute(group, "cell", &attribute))
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

static gboolean take_sites(AlloyStoreReader *reader, const AlloyHdfObject *group, AlloyAtomsBuilder *builder,
                           size_t n, GError **error)
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

static const AlloyAtoms *take_atoms(AlloyStoreReader *reader, const AlloyHdfObject *group, GError **error)
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

static const AlloySeries *take_series(AlloyStoreReader *reader, const AlloyHdfObject *group, GError **error)
{
    uint64_t n = 0;
    size_t length = 0;
    if (!alloy_store_take_numbers(reader, group, "n", ALLOY_HDF_U64, &n, 1, error))
        return NULL;
    g_autofree char *title = alloy_store_take_text(reader, group, "title", error);
    g_autoptr(AlloyHdfObject) list =
        title != NULL ? alloy_hdf_child(&reader->file, group, "stages", error) : NULL;
    if (list == NULL)
        return NULL;
    g_auto(ArrayRef) times = take_array_of(reader, group, "times", ALLOY_HDF_F64, n, error);
    g_auto(ArrayRef) temperatures =
        times != NULL ? take_array_of(reader, group, "temperatures", ALLOY_HDF_F64, n, error) : NULL;
    g_auto(ArrayRef) packed =
        temperatures != NULL ? take_array(reader, group, "labels", ALLOY_HDF_U8, &length, error) : NULL;
    if (packed == NULL)
        return NULL;
    g_autofree const char **labels = split_labels(packed, length, n);
    if (labels == NULL) {
        wrong(reader, error, "the labels of the stages are not %" G_GUINT64_FORMAT " texts", (guint64)n);
        return NULL;
    }
    g_auto(StageArray) stages = g_array_new(FALSE, TRUE, sizeof(AlloyStage));
    for (size_t i = 0; i < n; i++) {
        g_autoptr(AlloyHdfObject) stage_group = alloy_store_open_place(reader, list, i, n, error);
        const AlloyAtoms *atoms = stage_group != NULL ? take_atoms(reader, stage_group, error) : NULL;
        if (atoms == NULL)
            return NULL;
        AlloyStage stage = {atoms, ((const double *)times)[i], ((const double *)temperatures)[i], labels[i]};
        g_array_append_val(stages, stage);
    }
    return alloy_series_new(title, (const AlloyStage *)(const void *)stages->data, n);
}

static const AlloyTable *take_table(AlloyStoreReader *reader, const AlloyHdfObject *group, GError **error)
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

static const AlloySelection *take_selection(AlloyStoreReader *reader, const AlloyHdfObject *group,
                                            GError **error)
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
    if (!fits_memory(reader, n))
        return alloy_input_error(error, "%s: not enough memory for a selection", reader->file.name), NULL;
    g_autofree uint8_t *mask = g_malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        mask[i] = bits[i / 64] >> (i % 64) & 1;
    return alloy_selection_from_mask(mask, n);
}

const AlloyData *alloy_store_take_data(AlloyStoreReader *reader, const AlloyHdfObject *group,
                                       const char *kind, GError **error)
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
