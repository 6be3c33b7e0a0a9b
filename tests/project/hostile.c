/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file tells every file that is not one: damaged, of another program, or made by a hostile hand.
 */
#include "core/base/error.h"
#include "core/project/store.h"
#include "tests/project/values.h"

#include <glib/gstdio.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    place->folder = g_dir_make_tmp("store-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "my project.alloy", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    g_remove(place->path);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0); /* nothing else was left there */
    g_free(place->folder);
    g_free(place->path);
}

static void assert_refused(const void *bytes, size_t length, int code, const char *saying)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_project_load_memory("file.alloy", bytes, length, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, code);
    if (strstr(error->message, saying) == NULL || !g_str_has_prefix(error->message, "file.alloy"))
        g_error("the message is: %s", error->message);
}

static char *project_bytes(Place *place, size_t n, gsize *length)
{
    g_autoptr(AlloyProject) project = values_project(n, 1);
    char *bytes = NULL;
    g_assert_true(alloy_project_save(project, place->path, NULL, NULL));
    g_assert_true(g_file_get_contents(place->path, &bytes, length, NULL));
    return bytes;
}

static void test_newer_version(Place *place, gconstpointer data)
{
    gsize length = 0;
    g_autofree char *bytes = project_bytes(place, 10, &length);
    char *at = strstr(bytes, "format 1\n");
    g_assert_nonnull(at);
    at[7] = '2';
    assert_refused(bytes, length, ALLOY_ERROR_VERSION, "format 2");
}

static void test_damage(Place *place, gconstpointer data)
{
    gsize length = 0;
    g_autofree char *bytes = project_bytes(place, 10, &length);
    for (gsize cut = 0; cut < length; cut += 1 + length / 300)
        assert_refused(bytes, cut, ALLOY_ERROR_FORMAT, "project");
    for (gsize i = 512; i < length; i += 1 + length / 300) {
        bytes[i] ^= 0x10;
        assert_refused(bytes, length, ALLOY_ERROR_FORMAT, "checksum");
        bytes[i] ^= 0x10;
    }
    assert_refused("3\n\nAu 0 0 0\n", 11, ALLOY_ERROR_FORMAT, "no project");
    assert_refused("", 0, ALLOY_ERROR_FORMAT, "no project");
}

/* --- files that a hostile hand made: right checksum, wrong content --- */

static void edit(Place *place, void (*change)(hid_t file), const char *saying)
{
    g_autoptr(AlloyProject) project = values_project(100, 1);
    g_assert_true(alloy_project_save(project, place->path, NULL, NULL));
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
    hid_t file = H5Fopen(place->path, H5F_ACC_RDWR, access);
    g_assert_cmpint(file, >=, 0);
    change(file);
    H5Pclose(access);
    g_assert_cmpint(H5Fclose(file), >=, 0);
    gsize length = 0;
    g_autofree char *bytes = NULL;
    g_assert_true(g_file_get_contents(place->path, &bytes, &length, NULL));
    alloy_project_seal(bytes, length);
    g_autoptr(GError) error = NULL;
    AlloyProject *loaded = alloy_project_load_memory("file.alloy", bytes, length, NULL, &error);
    if (saying == NULL) {
        g_assert_no_error(error);
        alloy_project_free(loaded);
        return;
    }
    g_assert_null(loaded);
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    if (strstr(error->message, saying) == NULL)
        g_error("the message is: %s", error->message);
}

static void change_nothing(hid_t file)
{
}

static void remove_x(hid_t file)
{
    H5Ldelete(file, "/items/0/x", H5P_DEFAULT);
}

static void link_x_softly(hid_t file)
{
    remove_x(file);
    H5Lcreate_soft("/items/0/y", file, "/items/0/x", H5P_DEFAULT, H5P_DEFAULT);
}

static void link_x_elsewhere(hid_t file)
{
    remove_x(file);
    H5Lcreate_external("/etc/passwd", "/", file, "/items/0/x", H5P_DEFAULT, H5P_DEFAULT);
}

static void new_x(hid_t file, hid_t type, int rank, const hsize_t *dims, hid_t plist)
{
    remove_x(file);
    hid_t space = H5Screate_simple(rank, dims, NULL);
    hid_t set = H5Dcreate2(file, "/items/0/x", type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    g_assert_cmpint(set, >=, 0);
    H5Dclose(set);
    H5Sclose(space);
}

static void float_x(hid_t file)
{
    hsize_t n = 100;
    new_x(file, H5T_IEEE_F32LE, 1, &n, H5P_DEFAULT);
}

static void big_endian_x(hid_t file)
{
    hsize_t n = 100;
    new_x(file, H5T_IEEE_F64BE, 1, &n, H5P_DEFAULT);
}

static void square_x(hid_t file)
{
    hsize_t n[2] = {10, 10};
    new_x(file, H5T_IEEE_F64LE, 2, n, H5P_DEFAULT);
}

static void text_x(hid_t file)
{
    hsize_t n = 100;
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    new_x(file, type, 1, &n, H5P_DEFAULT);
    H5Tclose(type);
}

/* 8e12 bytes that the file does not hold. */
static void huge_x(hid_t file)
{
    hsize_t n = 1000000000000, chunk = 65536;
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    H5Pset_deflate(plist, 9);
    new_x(file, H5T_IEEE_F64LE, 1, &n, plist);
    H5Pclose(plist);
}

static void large_chunk_x(hid_t file)
{
    hsize_t n = 100, chunk = 400000000;
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    remove_x(file);
    hsize_t most = H5S_UNLIMITED;
    hid_t space = H5Screate_simple(1, &n, &most);
    hid_t set = H5Dcreate2(file, "/items/0/x", H5T_IEEE_F64LE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    g_assert_cmpint(set, >=, 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(plist);
}

/* The bytes of another file as if they were positions. */
static void external_x(hid_t file)
{
    hsize_t n = 100;
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(plist, "/etc/passwd", 0, 800);
    new_x(file, H5T_IEEE_F64LE, 1, &n, plist);
    H5Pclose(plist);
}

static void checksummed_x(hid_t file)
{
    hsize_t n = 100, chunk = 100;
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    H5Pset_fletcher32(plist);
    new_x(file, H5T_IEEE_F64LE, 1, &n, plist);
    H5Pclose(plist);
}

static void wide_chunk_x(hid_t file)
{
    hsize_t n = 70000, chunk = 70000;
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    new_x(file, H5T_IEEE_F64LE, 1, &n, plist);
    H5Pclose(plist);
}

static void short_y(hid_t file)
{
    H5Ldelete(file, "/items/0/y", H5P_DEFAULT);
    hsize_t n = 99;
    double values[99] = {0};
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t set = H5Dcreate2(file, "/items/0/y", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(set);
    H5Sclose(space);
}

static void overwrite(hid_t file, const char *path, hid_t type, const void *values)
{
    hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
    g_assert_cmpint(set, >=, 0);
    g_assert_cmpint(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
    H5Dclose(set);
}

static void infinite_x(hid_t file)
{
    double values[100] = {[50] = INFINITY};
    overwrite(file, "/items/0/x", H5T_NATIVE_DOUBLE, values);
}

static void unknown_species(hid_t file)
{
    uint16_t values[100] = {[7] = 3};
    overwrite(file, "/items/0/species", H5T_NATIVE_UINT16, values);
}

static void unknown_label(hid_t file)
{
    uint32_t values[100] = {[3] = 4000000000};
    overwrite(file, "/items/0/columns/3", H5T_NATIVE_UINT32, values);
}

static void two_is_no_boolean(hid_t file)
{
    uint8_t values[100] = {[99] = 2};
    overwrite(file, "/items/0/columns/2", H5T_NATIVE_UINT8, values);
}

static void selects_beyond(hid_t file)
{
    uint64_t values[2] = {0, G_MAXUINT64};
    overwrite(file, "/items/3/words", H5T_NATIVE_UINT64, values);
}

static void set_attribute(hid_t file, const char *object, const char *name, hid_t type, const void *values)
{
    /* Not H5Aopen_by_name: in HDF5 1.10.8 what is written through it lands in the root's attribute. */
    hid_t holder = H5Oopen(file, object, H5P_DEFAULT);
    hid_t attribute = H5Aopen(holder, name, H5P_DEFAULT);
    g_assert_cmpint(attribute, >=, 0);
    g_assert_cmpint(H5Awrite(attribute, type, values), >=, 0);
    H5Aclose(attribute);
    H5Oclose(holder);
}

static void many_items(hid_t file)
{
    uint32_t count = G_MAXUINT32;
    set_attribute(file, "/", "count", H5T_NATIVE_UINT32, &count);
}

static void one_item_more(hid_t file)
{
    uint32_t count = 7;
    set_attribute(file, "/", "count", H5T_NATIVE_UINT32, &count);
}

static void many_columns(hid_t file)
{
    uint32_t count = G_MAXUINT32;
    set_attribute(file, "/items/0/columns", "count", H5T_NATIVE_UINT32, &count);
}

static void many_atoms(hid_t file)
{
    uint64_t n = G_MAXUINT64 / 8;
    set_attribute(file, "/items/0", "n", H5T_NATIVE_UINT64, &n);
}

static void flat_cell(hid_t file)
{
    double cell[12] = {0};
    set_attribute(file, "/items/0", "cell", H5T_NATIVE_DOUBLE, cell);
}

static void same_id(hid_t file)
{
    uint32_t id = 1;
    set_attribute(file, "/items/1", "id", H5T_NATIVE_UINT32, &id);
}

static void id_zero(hid_t file)
{
    uint32_t id = 0;
    set_attribute(file, "/items/0", "id", H5T_NATIVE_UINT32, &id);
}

static void new_text(hid_t file, const char *object, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(text) + 1);
    hid_t holder = H5Oopen(file, object, H5P_DEFAULT);
    H5Adelete(holder, name);
    hid_t attribute = H5Acreate2(holder, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    g_assert_cmpint(H5Awrite(attribute, type, text), >=, 0);
    H5Aclose(attribute);
    H5Oclose(holder);
    H5Sclose(space);
    H5Tclose(type);
}

static void same_name(hid_t file)
{
    new_text(file, "/items/1", "name", "particle");
}

static void name_of_two_lines(hid_t file)
{
    new_text(file, "/items/1", "name", "parti\ncle");
}

static void name_not_utf8(hid_t file)
{
    new_text(file, "/items/1", "name",
             "parti\xff"
             "cle");
}

static void unknown_kind(hid_t file)
{
    new_text(file, "/items/1", "kind", "neighbours");
}

static void column_called_x(hid_t file)
{
    new_text(file, "/items/0/columns/0", "name", "x");
}

static void same_columns(hid_t file)
{
    new_text(file, "/items/0/columns/0", "name", "selected");
}

static void origin_of_nothing(hid_t file)
{
    new_text(file, "/items/0", "origin", "");
}

static void origin_deep(hid_t file)
{
    g_autofree char *deep = g_strnfill(60000, '[');
    new_text(file, "/items/0", "origin", deep);
}

static void origin_of_itself(hid_t file)
{
    new_text(file, "/items/0", "origin",
             "{\"kind\":\"convert\",\"program\":\"0\",\"labels\":[],\"inputs\":[1]}");
}

static const struct {
    const char *name;
    void (*change)(hid_t file);
    const char *saying;
} edits[] = {
    {"nothing", change_nothing, NULL},
    {"x is missing", remove_x, "\"x\" is missing"},
    {"soft link", link_x_softly, "hard"},
    {"external link", link_x_elsewhere, "hard"},
    {"float", float_x, "type"},
    {"big endian", big_endian_x, "type"},
    {"rank 2", square_x, "rank"},
    {"text for numbers", text_x, "type"},
    {"8 TB", huge_x, "claims"},
    {"a chunk of 3 GB", large_chunk_x, "may grow"},
    {"external bytes", external_x, "another file"},
    {"another filter", checksummed_x, "filters"},
    {"a wide chunk", wide_chunk_x, "65536"},
    {"one y too few", short_y, "99 values"},
    {"infinite x", infinite_x, "finite"},
    {"species beyond", unknown_species, "species"},
    {"label beyond", unknown_label, "labels"},
    {"boolean 2", two_is_no_boolean, "boolean"},
    {"selection beyond", selects_beyond, "selects beyond"},
    {"4e9 items", many_items, "items"},
    {"one item more", one_item_more, "missing"},
    {"4e9 columns", many_columns, "32768"},
    {"2e18 atoms", many_atoms, "values"},
    {"flat cell", flat_cell, "cell"},
    {"id twice", same_id, "id 1"},
    {"id 0", id_zero, "id 0"},
    {"name twice", same_name, "name"},
    {"name of two lines", name_of_two_lines, "name"},
    {"name not UTF-8", name_not_utf8, "name"},
    {"unknown kind", unknown_kind, "neighbours"},
    {"column x", column_called_x, "\"x\""},
    {"column twice", same_columns, "two columns"},
    {"no origin", origin_of_nothing, "item 0"},
    {"deep origin", origin_deep, "item 0"},
    {"origin in itself", origin_of_itself, "before it"},
};

static void test_hostile(Place *place, gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_test_message("%s", edits[i].name);
        edit(place, edits[i].change, edits[i].saying);
    }
}

/* Headers that go on in themselves: their links would fill any memory. */
static void test_circle(Place *place, gconstpointer data)
{
    gsize length = 0;
    g_autofree char *bytes = project_bytes(place, 10, &length);
    /* The first header that is continued: what comes after the first "OCHK" and leads there. */
    const char *next = NULL;
    for (gsize i = 0; i + 4 < length && next == NULL; i++)
        if (memcmp(bytes + i, "OCHK", 4) == 0)
            next = bytes + i;
    g_assert_nonnull(next);
    uint64_t address = GUINT64_TO_LE((uint64_t)(next - bytes) - 512);
    char *message = NULL;
    for (gsize i = 0; i + 8 < length && message == NULL; i++)
        if (memcmp(bytes + i, &address, 8) == 0)
            message = bytes + i - 4;
    g_assert_nonnull(message);
    g_assert_cmpint(message[0], ==, 0x10);
    /* The same continuation as the only message of what it leads to, which has a signature before and a
     * checksum behind. */
    char *inside = bytes + (next - bytes) + 4;
    uint16_t part = (uint16_t)((guint8)message[12] | (guint8)message[13] << 8);
    uint16_t rest = GUINT16_TO_LE((uint16_t)(part - 8 - 4));
    memcpy(inside, message, 20);
    memcpy(inside + 1, &rest, sizeof rest);
    alloy_project_seal(bytes, length);
    assert_refused(bytes, length, ALLOY_ERROR_FORMAT, "more than there is");
}

/* What other programs make of a project is refused by what it lacks, never called plain "damaged". */
static void test_other_programs(Place *place, gconstpointer data)
{
    gsize length = 0;
    g_autofree char *bytes = project_bytes(place, 10, &length);
    assert_refused(bytes + 512, length - 512, ALLOY_ERROR_FORMAT, "512 bytes before");
    hid_t file = H5Fopen(place->path, H5F_ACC_RDWR, H5P_DEFAULT);
    uint32_t count = 3;
    set_attribute(file, "/", "count", H5T_NATIVE_UINT32, &count);
    g_assert_cmpint(H5Fclose(file), >=, 0);
    g_autofree char *changed = NULL;
    g_assert_true(g_file_get_contents(place->path, &changed, &length, NULL));
    assert_refused(changed, length, ALLOY_ERROR_FORMAT, "another program");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
#define ADD(path, test) g_test_add("/project/hostile/" path, Place, NULL, set_up, test, tear_down)
    ADD("newer", test_newer_version);
    ADD("damage", test_damage);
    ADD("edits", test_hostile);
    ADD("circle", test_circle);
    ADD("other-programs", test_other_programs);
    return g_test_run();
}
