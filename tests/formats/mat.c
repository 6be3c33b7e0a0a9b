/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MATLAB files: written here byte by byte after "MAT-File Format" (The MathWorks, level 5), and as published.
 */
#include "core/base/error.h"
#include "core/data/table.h"
#include "core/formats/format.h"
#include "core/formats/source.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

enum { INT8 = 1, UINT8 = 2, INT16 = 3, UINT16 = 4, INT32 = 5, UINT32 = 6, SINGLE = 7, DOUBLE = 9 };
enum { INT64 = 12, UINT64 = 13, MATRIX = 14, COMPRESSED = 15, UTF8 = 16, UTF16 = 17, UTF32 = 18 };
enum { MX_CELL = 1, MX_STRUCT = 2, MX_CHAR = 4, MX_SPARSE = 5, MX_DOUBLE = 6, MX_SINGLE = 7, MX_INT8 = 8 };
enum {
    MX_UINT8 = 9,
    MX_INT16 = 10,
    MX_UINT16 = 11,
    MX_INT32 = 12,
    MX_UINT32 = 13,
    MX_INT64 = 14,
    MX_UINT64 = 15
};
enum { LOGICAL = 0x200, COMPLEX = 0x800 };

/* A file that is being written. */
typedef struct {
    GByteArray *bytes;
    gboolean big;
} Writer;

static void put(GByteArray *bytes, gboolean big, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        guint8 byte = (guint8)(value >> 8 * (big ? size - 1 - i : i));
        g_byte_array_append(bytes, &byte, 1);
    }
}

static void pad(GByteArray *bytes)
{
    while (bytes->len % 8 != 0)
        g_byte_array_append(bytes, (const guint8 *)"", 1);
}

static Writer writer_new(gboolean big)
{
    Writer w = {g_byte_array_new(), big};
    char header[125];
    memset(header, ' ', sizeof header);
    memcpy(header, "MATLAB 5.0 MAT-file, made by hand", 33);
    g_byte_array_append(w.bytes, (const guint8 *)header, 116);
    put(w.bytes, big, 0, 8); /* no subsystem data */
    put(w.bytes, big, 0x0100, 2);
    put(w.bytes, big, 'M' << 8 | 'I', 2);
    return w;
}

static unsigned size_of(int type)
{
    switch (type) {
    case INT8:
    case UINT8:
    case UTF8:
        return 1;
    case INT16:
    case UINT16:
    case UTF16:
        return 2;
    case INT32:
    case UINT32:
    case SINGLE:
    case UTF32:
        return 4;
    default:
        return 8;
    }
}

static void put_number(GByteArray *bytes, gboolean big, int type, double value)
{
    uint64_t bits;
    if (type == DOUBLE) {
        memcpy(&bits, &value, 8);
    } else if (type == SINGLE) {
        float single = (float)value;
        uint32_t half;
        memcpy(&half, &single, 4);
        bits = half;
    } else {
        bits = (uint64_t)(int64_t)value;
    }
    put(bytes, big, bits, size_of(type));
}

/* Values as a data element; a short one goes into its tag, as MATLAB does it. */
static void put_element(GByteArray *bytes, gboolean big, int type, const double *values, size_t n)
{
    size_t length = n * size_of(type);
    if (length > 0 && length <= 4) {
        put(bytes, big, (uint64_t)length << 16 | (uint64_t)type, 4);
    } else {
        put(bytes, big, (uint64_t)type, 4);
        put(bytes, big, length, 4);
    }
    for (size_t i = 0; i < n; i++)
        put_number(bytes, big, type, values[i]);
    pad(bytes);
}

static void put_name(GByteArray *bytes, gboolean big, const char *name)
{
    double letters[64];
    for (size_t i = 0; name[i] != '\0'; i++)
        letters[i] = name[i];
    put_element(bytes, big, INT8, letters, strlen(name));
}

/* The content of a variable behind its tag. */
static GByteArray *matrix(gboolean big, const char *name, unsigned class, const double *dims, size_t n_dims,
                          int type, const double *values, size_t n)
{
    GByteArray *bytes = g_byte_array_new();
    put(bytes, big, UINT32, 4);
    put(bytes, big, 8, 4);
    put(bytes, big, class, 4);
    put(bytes, big, 0, 4);
    put_element(bytes, big, INT32, dims, n_dims);
    put_name(bytes, big, name);
    if (values != NULL)
        put_element(bytes, big, type, values, n);
    return bytes;
}

static void put_matrix(Writer *w, GByteArray *content, gboolean deflated)
{
    g_autoptr(GByteArray) variable = g_byte_array_new();
    put(variable, w->big, MATRIX, 4);
    put(variable, w->big, content->len, 4);
    g_byte_array_append(variable, content->data, content->len);
    g_byte_array_unref(content);
    if (!deflated) {
        g_byte_array_append(w->bytes, variable->data, variable->len);
        return;
    }
    uLongf length = compressBound(variable->len);
    g_autofree guint8 *packed = g_malloc(length);
    g_assert_cmpint(compress2(packed, &length, variable->data, variable->len, 9), ==, Z_OK);
    put(w->bytes, w->big, COMPRESSED, 4);
    put(w->bytes, w->big, length, 4);
    g_byte_array_append(w->bytes, packed, (guint)length); /* not padded */
}

static void put_array(Writer *w, const char *name, unsigned class, size_t rows, size_t columns, int type,
                      const double *values, gboolean deflated)
{
    double dims[2] = {(double)rows, (double)columns};
    put_matrix(w, matrix(w->big, name, class, dims, 2, type, values, rows * columns), deflated);
}

static AlloyData *read_bytes(GByteArray *bytes, GPtrArray *warnings, GError **error)
{
    return alloy_read_memory("a.mat", (const char *)bytes->data, bytes->len, NULL, warnings, NULL, error);
}

/* Ends the writer. */
static AlloyData *read_writer(Writer *w, GPtrArray *warnings, GError **error)
{
    AlloyData *data = read_bytes(w->bytes, warnings, error);
    g_byte_array_unref(w->bytes);
    return data;
}

static const AlloyAtoms *read_atoms(Writer *w, GPtrArray *warnings)
{
    g_autoptr(GError) error = NULL;
    AlloyData *data = read_writer(w, warnings, &error);
    g_assert_no_error(error);
    g_assert_true(ALLOY_IS_ATOMS(data));
    return (const AlloyAtoms *)data;
}

static void expect_error(Writer *w, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(read_writer(w, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    g_assert_cmpstr(error->message, ==, message);
}

static const AlloyWarning *find_warning(const GPtrArray *warnings, const char *code)
{
    for (unsigned i = 0; i < warnings->len; i++)
        if (strcmp(((const AlloyWarning *)warnings->pdata[i])->code, code) == 0)
            return warnings->pdata[i];
    return NULL;
}

static void expect_warning(const GPtrArray *warnings, const char *code, const char *message)
{
    const AlloyWarning *warning = find_warning(warnings, code);
    g_assert_nonnull(warning);
    g_assert_cmpstr(warning->message, ==, message);
}

/* Four atoms, as 3xN and as Nx3. */
static const double across[12] = {0, 0.5, -1, 2.75, 0.5, -1, 0, 3.25, -1, 0, 0.5, 1.75};
static const double down[12] = {0, 2.75, 0, 0, 0.5, 0.5, 3.25, 0.5, -1, -1, -1, 1.75};
static const double types[4] = {2, 1, 2, 2};

static void expect_positions(const AlloyAtoms *atoms)
{
    g_assert_cmpuint(atoms->n, ==, 4);
    for (size_t i = 0; i < 4; i++) {
        g_assert_true(atoms->x[i] == across[3 * i]);
        g_assert_true(atoms->y[i] == across[3 * i + 1]);
        g_assert_true(atoms->z[i] == across[3 * i + 2]);
    }
}

static void expect_model(const AlloyAtoms *atoms)
{
    expect_positions(atoms);
    for (size_t i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("Type %d", (int)types[i]);
        g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, name);
        g_assert_cmpint(atoms->kinds[atoms->species[i]].z, ==, 0);
    }
}

/* Both byte orders, plain and compressed, both shapes, row and column of types. */
static void test_model(void)
{
    for (int variant = 0; variant < 16; variant++) {
        Writer w = writer_new(variant & 1);
        gboolean deflated = (variant & 2) != 0, is_down = (variant & 4) != 0, column = (variant & 8) != 0;
        put_array(&w, "pos", MX_DOUBLE, is_down ? 4 : 3, is_down ? 3 : 4, DOUBLE, is_down ? down : across,
                  deflated);
        put_array(&w, "type", MX_DOUBLE, column ? 4 : 1, column ? 1 : 4, UINT8, types, deflated);
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)read_atoms(&w, warnings);
        g_assert_cmpuint(warnings->len, ==, 0);
        expect_model(atoms);
        g_assert_cmpuint(atoms->columns->len, ==, 0);
    }
}

/* Every way in which numbers are stored; -7, 3, 100, 55 fit all signed ones. Four bytes stand in the tag. */
static void test_storage(void)
{
    static const struct {
        unsigned class;
        int type;
        gboolean is_signed;
    } ways[] = {
        {MX_DOUBLE, INT8, TRUE},    {MX_DOUBLE, UINT8, FALSE},  {MX_DOUBLE, INT16, TRUE},
        {MX_DOUBLE, UINT16, FALSE}, {MX_DOUBLE, INT32, TRUE},   {MX_DOUBLE, UINT32, FALSE},
        {MX_DOUBLE, SINGLE, TRUE},  {MX_DOUBLE, DOUBLE, TRUE},  {MX_SINGLE, SINGLE, TRUE},
        {MX_SINGLE, INT16, TRUE},   {MX_INT8, INT8, TRUE},      {MX_UINT8, UINT8, FALSE},
        {MX_INT16, INT16, TRUE},    {MX_UINT16, UINT16, FALSE}, {MX_INT32, INT32, TRUE},
        {MX_UINT32, UINT32, FALSE}, {MX_INT64, INT64, TRUE},    {MX_UINT64, UINT64, FALSE},
        {MX_INT64, INT8, TRUE},
    };
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(ways); i++) {
        double values[4] = {ways[i / 2].is_signed ? -7 : 7, 3, 100, 55};
        Writer w = writer_new(i & 1);
        put_array(&w, "v", ways[i / 2].class, 1, 4, ways[i / 2].type, values, FALSE);
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyData) data = read_writer(&w, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(ALLOY_IS_TABLE(data));
        const AlloyColumn *column = alloy_table_column((const AlloyTable *)data, "v");
        g_assert_nonnull(column);
        g_assert_cmpint(column->type, ==, ALLOY_INTEGER);
        for (size_t k = 0; k < 4; k++)
            g_assert_cmpint(column->integer[k], ==, (int64_t)values[k]);
    }
}

/* Whole numbers too large for double to be exact are reals, and NaN is a missing value. */
static void test_reals(void)
{
    Writer w = writer_new(FALSE);
    double large[3] = {1, 2, 1e17}, missing[3] = {1, NAN, 3};
    put_array(&w, "large", MX_INT64, 3, 1, INT64, large, FALSE);
    put_array(&w, "missing", MX_DOUBLE, 1, 3, DOUBLE, missing, TRUE);
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = read_writer(&w, NULL, &error);
    g_assert_no_error(error);
    const AlloyTable *table = (const AlloyTable *)data;
    g_assert_cmpint(alloy_table_column(table, "large")->type, ==, ALLOY_REAL);
    g_assert_true(alloy_table_column(table, "large")->real[2] == 1e17);
    g_assert_true(isnan(alloy_table_column(table, "missing")->real[1]));
}

static void test_other_variables(void)
{
    Writer w = writer_new(FALSE);
    double charge[4] = {0.25, 0.5, -0.75, 1}, kept[4] = {1, 0, 0, 1}, voxel = 0.3434,
           text[3] = {'P', 'd', '@'};
    double two[8] = {1, 2, 3, 4, 5, 6, 7, 8}, long_vector[101] = {0}, cube[8] = {0}, dims[3] = {2, 2, 2};
    put_array(&w, "energy", MX_DOUBLE, 4, 1, DOUBLE, charge, FALSE);
    put_array(&w, "kept", MX_UINT8 | LOGICAL, 1, 4, UINT8, kept, FALSE);
    put_array(&w, "pos", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "voxel", MX_DOUBLE, 1, 1, DOUBLE, &voxel, TRUE);
    put_array(&w, "note", MX_CHAR, 1, 3, UINT16, text, FALSE);
    put_array(&w, "pair", MX_DOUBLE, 2, 4, DOUBLE, two, FALSE);
    put_array(&w, "z", MX_DOUBLE, 1, 4, DOUBLE, charge, FALSE);
    put_array(&w, "histogram", MX_DOUBLE, 1, 101, DOUBLE, long_vector, FALSE);
    put_matrix(&w, matrix(FALSE, "cube", MX_DOUBLE, dims, 3, DOUBLE, cube, 8), FALSE);
    put_array(&w, "wave", MX_DOUBLE | COMPLEX, 1, 4, DOUBLE, charge, FALSE);
    put_array(&w, "s", MX_STRUCT, 1, 1, DOUBLE, NULL, FALSE);
    put_array(&w, "c", MX_CELL, 1, 0, DOUBLE, NULL, TRUE);
    put_array(&w, "sp", MX_SPARSE, 4, 4, DOUBLE, NULL, FALSE);
    put_array(&w, "type", MX_DOUBLE, 1, 4, UINT8, types, FALSE);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)read_atoms(&w, warnings);
    expect_model(atoms);
    g_assert_cmpuint(atoms->columns->len, ==, 5);
    g_assert_true(alloy_atoms_column(atoms, "energy")->real[2] == -0.75);
    g_assert_cmpint(alloy_atoms_column(atoms, "kept")->type, ==, ALLOY_BOOLEAN);
    g_assert_cmpint(alloy_atoms_column(atoms, "kept")->boolean[3], ==, 1);
    g_assert_cmpint(alloy_atoms_column(atoms, "pair_1")->integer[1], ==, 3); /* columns one after the other */
    g_assert_cmpint(alloy_atoms_column(atoms, "pair_2")->integer[1], ==, 4);
    g_assert_true(alloy_atoms_column(atoms, "z_2")->real[0] == 0.25);
    g_assert_true(alloy_columns_get(atoms->info, "voxel")->real[0] == 0.3434);
    g_assert_cmpstr(alloy_column_text_at(alloy_columns_get(atoms->info, "note"), 0), ==, "Pd@");
    g_assert_cmpuint(warnings->len, ==, 1);
    expect_warning(
        warnings, "ignored",
        "a.mat: not read: histogram 1x101 double, cube 2x2x2 double, wave 1x4 complex double, s 1x1 "
        "struct, c 1x0 cell, sp 4x4 sparse");
}

static void expect_kind(const AlloyAtoms *atoms, size_t i, const char *name, int z)
{
    g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, name);
    g_assert_cmpint(atoms->kinds[atoms->species[i]].z, ==, z);
}

static void test_species(void)
{
    /* Atomic numbers are told by the name. */
    Writer w = writer_new(FALSE);
    double numbers[4] = {46, 77, 46, 78};
    put_array(&w, "atom_xyz", MX_SINGLE, 3, 4, SINGLE, across, FALSE);
    put_array(&w, "Z", MX_DOUBLE, 1, 4, UINT8, numbers, FALSE);
    const AlloyAtoms *atoms = read_atoms(&w, NULL);
    expect_kind(atoms, 1, "Ir", 77);
    expect_kind(atoms, 3, "Pt", 78);
    alloy_data_unref(atoms);
    /* A matrix of characters, one row per atom. */
    w = writer_new(TRUE);
    double letters[8] = {'P', 'I', ' ', 'P', 'd', 'r', 'C', 't'};
    put_array(&w, "elements", MX_CHAR, 4, 2, UINT16, letters, TRUE);
    put_array(&w, "coords", MX_DOUBLE, 4, 3, DOUBLE, down, TRUE);
    atoms = read_atoms(&w, NULL);
    expect_kind(atoms, 0, "Pd", 46);
    expect_kind(atoms, 1, "Ir", 77);
    expect_kind(atoms, 2, "C", 6);
    expect_kind(atoms, 3, "Pt", 78);
    alloy_data_unref(atoms);
    /* Of several the surest name; the others stay as columns. */
    w = writer_new(FALSE);
    put_array(&w, "labels", MX_DOUBLE, 1, 4, UINT8, numbers, FALSE);
    put_array(&w, "atomtype", MX_DOUBLE, 1, 4, UINT8, types, FALSE);
    put_array(&w, "final_atom_coord", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    atoms = read_atoms(&w, NULL);
    expect_model(atoms);
    g_assert_cmpint(alloy_atoms_column(atoms, "labels")->integer[1], ==, 77);
    alloy_data_unref(atoms);
}

static void test_no_species(void)
{
    Writer w = writer_new(FALSE);
    double flags[4] = {0, -1, -3, 0}, five[5] = {1, 1, 2, 2, 1}, broken[4] = {1, 1.5, 2, 2};
    put_array(&w, "model", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "exitFlagArr", MX_DOUBLE, 1, 4, INT8, flags, FALSE);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    const AlloyAtoms *atoms = read_atoms(&w, warnings);
    expect_kind(atoms, 0, "X", 0);
    g_assert_cmpint(alloy_atoms_column(atoms, "exitFlagArr")->integer[2], ==, -3);
    g_assert_cmpuint(warnings->len, ==, 1);
    expect_warning(warnings, "species", "a.mat: no variable tells the species: all 4 atoms are X");
    g_assert_cmpstr(find_warning(warnings, "species")->fix, ==, "types=FILE");
    alloy_data_unref(atoms);
    /* Types of other length belong to nobody. */
    w = writer_new(FALSE);
    put_array(&w, "model", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "atoms", MX_DOUBLE, 1, 5, UINT8, five, FALSE);
    g_ptr_array_set_size(warnings, 0);
    atoms = read_atoms(&w, warnings);
    expect_kind(atoms, 3, "X", 0);
    expect_warning(
        warnings, "counts",
        "a.mat: \"atoms\" holds 5 types for the 4 atoms of \"model\": which belongs to which is not "
        "known, so they are not used");
    alloy_data_unref(atoms);
    w = writer_new(FALSE);
    put_array(&w, "model", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "atoms", MX_DOUBLE, 1, 4, DOUBLE, broken, FALSE);
    g_ptr_array_set_size(warnings, 0);
    atoms = read_atoms(&w, warnings);
    expect_kind(atoms, 0, "X", 0);
    expect_warning(warnings, "species",
                   "a.mat: \"atoms\" holds no types, but 1.5 for atom 2: all 4 atoms are X");
    g_assert_true(alloy_atoms_column(atoms, "atoms")->real[1] == 1.5);
    alloy_data_unref(atoms);
}

static void test_choice(void)
{
    /* Peaks of a search: offsets, places, and coefficients that look like places. */
    Writer w = writer_new(FALSE);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    put_array(&w, "Orders", MX_DOUBLE, 4, 3, UINT8, down, FALSE);
    put_array(&w, "PosArr", MX_DOUBLE, 4, 3, DOUBLE, down, FALSE);
    put_array(&w, "TotPosArr", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "type", MX_DOUBLE, 1, 4, UINT8, types, FALSE);
    const AlloyAtoms *atoms = read_atoms(&w, warnings);
    expect_model(atoms);
    g_assert_true(alloy_atoms_column(atoms, "PosArr_3")->real[3] == 1.75);
    expect_warning(
        warnings, "variables",
        "a.mat: several variables could hold positions: TotPosArr 3x4 double is taken, not PosArr 4x3 "
        "double");
    alloy_data_unref(atoms);
    /* One of unknown name is taken, and it is said. */
    w = writer_new(FALSE);
    g_ptr_array_set_size(warnings, 0);
    put_array(&w, "A", MX_DOUBLE, 3, 4, DOUBLE, across, FALSE);
    put_array(&w, "type", MX_DOUBLE, 1, 4, UINT8, types, FALSE);
    atoms = read_atoms(&w, warnings);
    expect_model(atoms);
    expect_warning(warnings, "variables",
                   "a.mat: A 3x4 double is taken for positions, which its name does not say");
    alloy_data_unref(atoms);
    /* Vectors x, y, z. */
    w = writer_new(FALSE);
    put_array(&w, "x", MX_DOUBLE, 1, 4, DOUBLE, down, FALSE);
    put_array(&w, "y", MX_DOUBLE, 4, 1, DOUBLE, down + 4, FALSE);
    put_array(&w, "z", MX_DOUBLE, 1, 4, DOUBLE, down + 8, FALSE);
    put_array(&w, "type", MX_DOUBLE, 1, 4, UINT8, types, FALSE);
    atoms = read_atoms(&w, NULL);
    expect_model(atoms);
    alloy_data_unref(atoms);
}

/* Angles and deviations have the shape of positions. */
static void test_no_positions(void)
{
    static const char *const names[] = {"refined_angles", "AnglesNew", "dif", "velocity"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        Writer w = writer_new(FALSE);
        put_array(&w, names[i], MX_DOUBLE, 4, 3, DOUBLE, down, FALSE);
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyData) data = read_writer(&w, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(ALLOY_IS_TABLE(data));
        const AlloyTable *table = (const AlloyTable *)data;
        g_assert_cmpuint(table->n, ==, 4);
        g_autofree char *second = g_strdup_printf("%s_2", names[i]);
        g_assert_true(alloy_table_column(table, second)->real[2] == 3.25);
    }
    Writer w = writer_new(FALSE);
    double cube[8] = {0}, dims[3] = {2, 2, 2};
    put_matrix(&w, matrix(FALSE, "Vol", MX_SINGLE, dims, 3, SINGLE, cube, 8), TRUE);
    put_array(&w, "bf", MX_DOUBLE, 4, 1, DOUBLE, down, FALSE);
    put_array(&w, "concentration", MX_DOUBLE, 3, 1, DOUBLE, down, FALSE);
    expect_error(
        &w, "a.mat: it holds no atomic model and no table: a matrix of positions (3xN or Nx3) or vectors of "
            "one length expected, found Vol 2x2x2 single, bf 4x1 double, concentration 3x1 double");
    w = writer_new(FALSE);
    expect_error(
        &w, "a.mat: it holds no atomic model and no table: a matrix of positions (3xN or Nx3) or vectors of "
            "one length expected, found no variables");
}

static void test_not_finite(void)
{
    double values[12];
    memcpy(values, across, sizeof values);
    values[7] = NAN;
    Writer w = writer_new(FALSE);
    put_array(&w, "pos", MX_DOUBLE, 3, 4, DOUBLE, values, FALSE);
    expect_error(&w, "a.mat: variable \"pos\", atom 3: a finite y expected, NaN found");
    values[7] = -INFINITY;
    w = writer_new(TRUE);
    put_array(&w, "pos", MX_DOUBLE, 4, 3, SINGLE, values, TRUE);
    expect_error(&w, "a.mat: variable \"pos\", atom 4: a finite y expected, -Inf found");
}

/* The bytes of a good file with some of them changed. */
static void expect_damage(gboolean deflated, size_t at, const char *bytes, size_t length, const char *message)
{
    Writer w = writer_new(FALSE);
    put_array(&w, "pos", MX_DOUBLE, 3, 4, DOUBLE, across, deflated);
    g_assert_cmpuint(at + length, <=, w.bytes->len);
    memcpy(w.bytes->data + at, bytes, length);
    expect_error(&w, message);
}

static void test_damage(void)
{
    /* Header 128; tag 128, flags 136, sizes 152 (values from 160), name in its tag 168, values 176. */
    expect_damage(FALSE, 126, "XY", 2,
                  "a.mat: at byte 126: the byte order of a MATLAB file (IM or MI) expected");
    expect_damage(FALSE, 124, "\0\2", 2,
                  "a.mat: at byte 124: version 0x0100 of a MATLAB file expected, 0x0200 found");
    expect_damage(FALSE, 128, "\1", 1,
                  "a.mat: at byte 128: a variable (data of type 14 or 15) expected, type 1 found");
    expect_damage(
        FALSE, 132, "\377\377\377\377", 4,
        "a.mat: at byte 128: the file is cut short: 4294967303 bytes of a variable expected, 152 left");
    expect_damage(FALSE, 136, "\5", 1, "a.mat: at byte 128: the flags of a variable expected");
    expect_damage(FALSE, 144, "\77", 1, "a.mat: at byte 128: a variable of unknown class 63");
    expect_damage(FALSE, 163, "\200", 1, "a.mat: at byte 128: the size of a variable is negative");
    expect_damage(FALSE, 156, "\4\0\0\0", 4,
                  "a.mat: at byte 128: the sizes of a variable expected, data of type 5 found");
    /* 3 x 2^24 atoms in 144 bytes. */
    expect_damage(FALSE, 164, "\0\0\0\1", 4,
                  "a.mat: at byte 128: pos 3x16777216 double, which its 144 bytes cannot hold");
    expect_damage(
        FALSE, 164, "\5", 1,
        "a.mat: at byte 128: variable pos 3x5 double: 15 values expected, 96 bytes of type 9 found");
    expect_damage(FALSE, 176, "\16", 1,
                  "a.mat: at byte 128: variable \"pos\": its values are data of type 14, not numbers");
    expect_damage(FALSE, 180, "\200", 1, "a.mat: at byte 128: variable \"pos\" ends before its values");
    expect_damage(TRUE, 140, "\377\377\377", 3, "a.mat: at byte 128: the compressed data are damaged");
}

/* A deflated variable whose tag says `announced` bytes; filled up within and behind what is deflated. */
static void put_filled(Writer *w, uint32_t announced, const char *within, size_t n_within, const char *behind,
                       size_t n_behind)
{
    double dims[2] = {3, 4};
    GByteArray *content = matrix(FALSE, "pos", MX_DOUBLE, dims, 2, DOUBLE, across, 12);
    g_autoptr(GByteArray) variable = g_byte_array_new();
    put(variable, FALSE, MATRIX, 4);
    put(variable, FALSE, announced, 4);
    g_byte_array_append(variable, content->data, content->len);
    g_byte_array_unref(content);
    g_byte_array_append(variable, (const guint8 *)within, (guint)n_within);
    uLongf length = compressBound(variable->len);
    g_autofree guint8 *packed = g_malloc(length);
    g_assert_cmpint(compress(packed, &length, variable->data, variable->len), ==, Z_OK);
    put(w->bytes, FALSE, COMPRESSED, 4);
    put(w->bytes, FALSE, length + n_behind, 4);
    g_byte_array_append(w->bytes, packed, (guint)length);
    g_byte_array_append(w->bytes, (const guint8 *)behind, (guint)n_behind);
}

static void put_announced(Writer *w, uint32_t announced)
{
    put_filled(w, announced, "", 0, "", 0);
}

/* Zeros that fill up are no data; anything else there is damage. */
static void test_padding(void)
{
    static const char zeros[8192] = {0}, one[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    static const struct {
        size_t within, behind, end;
    } good[] = {{8, 0, 0}, {4096, 0, 0}, {0, 1, 0}, {0, 4096, 0}, {5, 3, 0}, {0, 0, 3}, {0, 0, 64}};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        Writer w = writer_new(FALSE);
        put_filled(&w, 144, zeros, good[i].within, zeros, good[i].behind);
        g_byte_array_append(w.bytes, (const guint8 *)zeros, (guint)good[i].end);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)read_atoms(&w, NULL);
        expect_positions(atoms);
    }
    Writer w = writer_new(FALSE);
    put_filled(&w, 144, one, 8, "", 0);
    expect_error(&w, "a.mat: at byte 128: the compressed data hold more than the 152 bytes they announce");
    w = writer_new(FALSE);
    put_filled(&w, 144, zeros, 4097, "", 0);
    expect_error(&w, "a.mat: at byte 128: the compressed data hold more than the 152 bytes they announce");
    w = writer_new(FALSE);
    put_filled(&w, 144, zeros, 4000, one, 8);
    expect_error(&w, "a.mat: at byte 128: 8 bytes that are no zeros behind the end of the compressed data");
}

static void test_announced(void)
{
    Writer w = writer_new(FALSE); /* 144 bytes are there */
    put_announced(&w, 144);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)read_atoms(&w, NULL);
    g_assert_cmpuint(atoms->n, ==, 4);
    w = writer_new(FALSE);
    put_announced(&w, 145);
    expect_error(&w, "a.mat: at byte 128: the compressed data end after 152 of 153 bytes");
    w = writer_new(FALSE);
    put_announced(&w, 143);
    expect_error(&w, "a.mat: at byte 128: the compressed data hold more than the 151 bytes they announce");
    w = writer_new(FALSE);
    put_announced(&w, 0xfffffff0);
    g_autoptr(GError) error = NULL;
    g_assert_null(read_writer(&w, NULL, &error));
    g_assert_nonnull(strstr(error->message, "4294967280 bytes announced, which cannot be in"));
}

/* Every beginning of a file, and every one with one byte changed, is read or refused with one line. */
static void test_every_cut(void)
{
    for (int deflated = 0; deflated < 2; deflated++) {
        Writer w = writer_new(FALSE);
        put_array(&w, "pos", MX_DOUBLE, 3, 4, DOUBLE, across, deflated);
        put_array(&w, "type", MX_DOUBLE, 1, 4, UINT8, types, deflated);
        for (unsigned n = 0; n < w.bytes->len; n++) {
            g_autoptr(GByteArray) cut = g_byte_array_new();
            g_byte_array_append(cut, w.bytes->data, n);
            g_autoptr(GError) error = NULL;
            g_autoptr(AlloyData) data =
                alloy_read_memory("a.mat", (const char *)cut->data, cut->len, "mat", NULL, NULL, &error);
            g_assert_true((data == NULL) == (error != NULL));
            g_assert_true(error == NULL || strchr(error->message, '\n') == NULL);
            if (data != NULL) /* cut between the two */
                g_assert_cmpuint(((const AlloyAtoms *)data)->n, ==, 4);
        }
        for (unsigned n = 0; n < w.bytes->len; n++)
            for (int bit = 0; bit < 8; bit++) {
                w.bytes->data[n] ^= (guint8)(1 << bit);
                g_autoptr(GError) error = NULL;
                g_autoptr(AlloyData) data = alloy_read_memory("a.mat", (const char *)w.bytes->data,
                                                              w.bytes->len, "mat", NULL, NULL, &error);
                g_assert_true((data == NULL) == (error != NULL));
                w.bytes->data[n] ^= (guint8)(1 << bit);
            }
        g_byte_array_unref(w.bytes);
    }
}

/* A variable that would take more memory than there is leave for. */
static void test_limit(void)
{
    Writer w = writer_new(FALSE);
    g_autofree double *zeros = g_new0(double, 3 * 4000);
    put_array(&w, "pos", MX_DOUBLE, 3, 4000, UINT8, zeros, TRUE);
    alloy_source_set_limit(50000);
    g_autoptr(GError) error = NULL;
    AlloyData *data = read_writer(&w, NULL, &error);
    alloy_source_set_limit(0);
    g_assert_null(data);
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    g_assert_cmpstr(error->message, ==, "a.mat: there is no memory for variable pos 3x4000 double");
}

static void test_version_7_3(void)
{
    char bytes[600] =
        "MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema 1.00 .";
    memcpy(bytes + 124, "\0\2IM", 4);
    memcpy(bytes + 512, "\211HDF\r\n\032\n", 8);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_read_memory("a.mat", bytes, sizeof bytes, NULL, NULL, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    g_assert_cmpstr(
        error->message, ==,
        "a.mat: a MATLAB file of version 7.3 (HDF5), which is not read: save it with save(..., '-v7')");
}

/* A carriage return and no line feed among the bytes: nothing for an old line end. */
static void test_bytes_kept(void)
{
    Writer w = writer_new(FALSE);
    double values[4] = {13, 1, 13, 2};
    put_array(&w, "v", MX_DOUBLE, 1, 4, UINT8, values, FALSE);
    g_assert_null(memchr(w.bytes->data, '\n', w.bytes->len));
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = read_writer(&w, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(alloy_table_column((const AlloyTable *)data, "v")->integer[0], ==, 13);
}

/* --- as published (counts: README of the data) --- */

/* The largest difference to the positions of another file, from which digits were cut. */
static double largest_difference(const AlloyAtoms *a, const AlloyAtoms *b)
{
    double most = 0;
    for (size_t i = 0; i < a->n; i++)
        most =
            fmax(most, fmax(fabs(a->x[i] - b->x[i]), fmax(fabs(a->y[i] - b->y[i]), fabs(a->z[i] - b->z[i]))));
    return most;
}

static double step(const AlloyAtoms *a, size_t i)
{
    double x = a->x[i + 1] - a->x[i], y = a->y[i + 1] - a->y[i], z = a->z[i + 1] - a->z[i];
    return sqrt(x * x + y * y + z * z);
}

/* Of the distances from each atom to the next, where the other file has other axes. */
static double largest_difference_of_steps(const AlloyAtoms *a, const AlloyAtoms *b, double scale)
{
    double most = 0;
    for (size_t i = 0; i + 1 < a->n; i++)
        most = fmax(most, fabs(step(a, i) * scale - step(b, i)));
    return most;
}

typedef struct {
    const char *mat, *xyz;
    size_t n;
    double scale; /* angstrom per voxel; 0: the positions are the same ones */
} Published;

static void test_published(gconstpointer data)
{
    const Published *published = data;
    g_autofree char *path = test_data_path(published->mat);
    if (path == NULL)
        return;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(published->mat);
    g_assert_cmpuint(atoms->n, ==, published->n);
    if (published->xyz == NULL)
        return;
    g_autoptr(AlloyAtoms) same = (AlloyAtoms *)test_data_atoms(published->xyz);
    g_assert_cmpuint(same->n, ==, atoms->n);
    /* Five decimals there; six digits in the files of Pd@Pt, of lengths up to 100: 4 decimals, twice in 3
     * axes. */
    if (published->scale == 0)
        g_assert_cmpfloat(largest_difference(atoms, same), <=, 5.0001e-6);
    else
        g_assert_cmpfloat(largest_difference_of_steps(atoms, same, published->scale), <=,
                          2 * sqrt(3) * 5.0001e-5);
}

/* The types of a file against the species of its conversion: the same partition of the atoms. */
static void test_published_types(void)
{
    g_autofree char *path = test_data_path("aet/pdpt_pku/coordinates_PB.mat");
    if (path == NULL)
        return;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms("aet/pdpt_pku/coordinates_PB.mat");
    g_autoptr(AlloyAtoms) same = (AlloyAtoms *)test_data_atoms("aet/pdpt_pku/PB.xyz");
    for (size_t i = 0; i < atoms->n; i++) /* 1 = Pd, 2 = Pt */
        g_assert_cmpint(strcmp(atoms->kinds[atoms->species[i]].name, "Type 1") == 0, ==,
                        strcmp(same->kinds[same->species[i]].name, "Pd") == 0);
}

static void test_published_table(void)
{
    g_autofree char *path = test_data_path("aet/pt_alloy/atoms_p1.mat");
    if (path == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = alloy_read_file(path, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ALLOY_IS_TABLE(data));
    const AlloyTable *table = (const AlloyTable *)data;
    g_assert_cmpuint(table->n, ==, 11561); /* two more than positions: a defect of the source */
    g_assert_cmpint(alloy_table_column(table, "atoms_ori_core")->type, ==, ALLOY_INTEGER);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mat/model", test_model);
    g_test_add_func("/mat/storage", test_storage);
    g_test_add_func("/mat/reals", test_reals);
    g_test_add_func("/mat/other-variables", test_other_variables);
    g_test_add_func("/mat/species", test_species);
    g_test_add_func("/mat/no-species", test_no_species);
    g_test_add_func("/mat/choice", test_choice);
    g_test_add_func("/mat/no-positions", test_no_positions);
    g_test_add_func("/mat/not-finite", test_not_finite);
    g_test_add_func("/mat/damage", test_damage);
    g_test_add_func("/mat/announced", test_announced);
    g_test_add_func("/mat/padding", test_padding);
    g_test_add_func("/mat/every-cut", test_every_cut);
    g_test_add_func("/mat/limit", test_limit);
    g_test_add_func("/mat/version-7.3", test_version_7_3);
    g_test_add_func("/mat/bytes-kept", test_bytes_kept);
    static const Published published[] = {
        {"aet/pdpt_pku/coordinates_PB.mat", "aet/pdpt_pku/PB.xyz", 12038, 1},
        {"aet/pdpt_pku/coordinates_EPB.mat", "aet/pdpt_pku/EPB.xyz", 5377, 0.3434},
        {"aet/pdpt_pku/coordinates_TO.mat", "aet/pdpt_pku/TO.xyz", 8468, 0.3434},
        {"aet/metallic_glass/final_atom_coord_inA.mat", "aet/metallic_glass/metallic_glass.xyz", 18356, 0},
        {"aet/pd_amorphous/Final_atomic_model_Pd1_nanoparticle.mat", "aet/pd_amorphous/Pd1.xyz", 52308, 0},
        {"aet/pt_alloy/model_p1.mat", "aet/pt_alloy/p1.xyz", 11559, 0},
        {"aet/pt_alloy/model_p3.mat", "aet/pt_alloy/p3.xyz", 14172, 0},
        {"aet/pt_alloy/model_p5.mat", "aet/pt_alloy/p5.xyz", 4281, 0},
        {"aet/pt_alloy/model_S3.mat", "aet/pt_alloy/S3.xyz", 13618, 0},
        {"aet/pt_alloy/model_S6.mat", "aet/pt_alloy/S6.xyz", 7220, 0},
        {"aet/mea_hea/model_MEA1.mat", "aet/mea_hea/MEA1.xyz", 2436, 0},
        {"aet/mea_hea/model_MEA2.mat", "aet/mea_hea/MEA2.xyz", 8349, 0},
        {"aet/mea_hea/model_MEA3.mat", "aet/mea_hea/MEA3.xyz", 8141, 0},
        {"aet/mea_hea/model_MEA4.mat", "aet/mea_hea/MEA4.xyz", 1794, 0},
        {"aet/mea_hea/model_MEA5.mat", "aet/mea_hea/MEA5.xyz", 5099, 0},
        {"aet/mea_hea/model_MEA6.mat", "aet/mea_hea/MEA6.xyz", 5323, 0},
        {"aet/mea_hea/model_HEA1.mat", "aet/mea_hea/HEA1.xyz", 5672, 0},
        {"aet/mea_hea/model_HEA2.mat", "aet/mea_hea/HEA2.xyz", 10053, 0},
        {"aet/mea_hea/model_HEA3.mat", "aet/mea_hea/HEA3.xyz", 3696, 0},
        {"aet/mea_hea/model_HEA4.mat", "aet/mea_hea/HEA4.xyz", 6037, 0},
        {"aet/hea_nucleation/Final_atomic_model_HEA_4_nanoparticle.mat", "aet/hea_nucleation/HEA_4.xyz", 1501,
         0},
        {"aet/hea_nucleation/Final_atomic_model_HEA_9_nanoparticle.mat", "aet/hea_nucleation/HEA_9.xyz",
         27937, 0},
        {"aet/hea_nucleation/Final_atomic_model_HEA_17_nanoparticle.mat", "aet/hea_nucleation/HEA_17.xyz",
         6367, 0},
        {"aet/hea_nucleation/Final_atomic_model_HEA_18_nanoparticle.mat", "aet/hea_nucleation/HEA_18.xyz",
         2904, 0},
        {"aet/sigesn_simulated/aSiGeSn_8nm_GT.mat", NULL, 13982, 0},
        {"aet/sigesn_simulated/Model_Dose1p6e4.mat", NULL, 13948, 0},
        {"aet/sigesn_simulated/Model_Dose1p6e5.mat", NULL, 14001, 0},
        {"aet/si_simulated/aSi208_Model_Dose8p0e3.mat", NULL, 199, 0},
        {"aet/si_simulated/aSi208_Model_Dose1p6e5.mat", NULL, 208, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        g_autofree char *name = g_strdup_printf("/mat/%s", published[i].mat);
        g_test_add_data_func(name, &published[i], test_published);
    }
    g_test_add_func("/mat/published-types", test_published_types);
    g_test_add_func("/mat/published-table", test_published_table);
    return g_test_run();
}
