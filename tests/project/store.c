/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file gives back every bit (what it refuses: hostile.c). */
#include "core/project/store.h"
#include "core/base/error.h"
#include "core/data/series.h"
#include "core/data/table.h"
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

static AlloyProject *save_and_load(const AlloyProject *project, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_project_save(project, path, NULL, &error));
    g_assert_no_error(error);
    AlloyProject *loaded = alloy_project_load(path, NULL, &error);
    g_assert_no_error(error);
    return loaded;
}

static void test_round_trip(Place *place, gconstpointer data)
{
    /* Empty, within one chunk of the file, and over several. */
    const size_t sizes[] = {0, 1, 1000, 150000};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(AlloyProject) project = values_project(sizes[i], 1);
        g_autoptr(AlloyProject) loaded = save_and_load(project, place->path);
        values_assert_same_project(project, loaded);
    }
}

static void test_empty_project(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) project = alloy_project_new();
    g_autoptr(AlloyProject) loaded = save_and_load(project, place->path);
    g_assert_cmpuint(alloy_project_size(loaded), ==, 0);
}

static void test_same_bytes(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) project = values_project(70000, 1);
    char *bytes[2];
    gsize length[2];
    for (int i = 0; i < 2; i++) {
        g_assert_true(alloy_project_save(project, place->path, NULL, NULL));
        g_assert_true(g_file_get_contents(place->path, &bytes[i], &length[i], NULL));
    }
    g_assert_cmpmem(bytes[0], length[0], bytes[1], length[1]);
    g_free(bytes[0]);
    g_free(bytes[1]);
}

/* A result holds the arrays of what it was made from: they are stored once, and are one array again. */
static void test_sharing(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) project = values_project(100000, 1);
    g_autoptr(AlloyProject) loaded = save_and_load(project, place->path);
    const AlloyAtoms *particle = (const AlloyAtoms *)alloy_project_find(loaded, 1)->data;
    const AlloyAtoms *result = (const AlloyAtoms *)alloy_project_find(loaded, 2)->data;
    g_assert_true(particle->x == result->x && particle->species == result->species);
    g_assert_true(alloy_atoms_column(particle, "site") == alloy_atoms_column(result, "site"));
    GStatBuf status;
    g_assert_cmpint(g_stat(place->path, &status), ==, 0);
    /* 100,000 atoms: random doubles x, y, z, force, csrop (40 bytes), an integer (8), text and boolean; twice
     * would be over 90 bytes an atom. */
    g_assert_cmpint(status.st_size, <, 60 * 100000);
}

/* Names beyond the 64 KB of an object header of HDF5, many labels, many columns, many stages. */
static void test_large_texts(Place *place, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "%d \xc3\xa9 ", i);
    size_t n = 10000;
    AlloyColumns *columns = alloy_columns_new(), *scalars = alloy_columns_new();
    AlloyLabels *labels = alloy_labels_new();
    uint32_t *codes = alloy_array_new(uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *label = g_strdup_printf("label number %zu", i);
        codes[i] = alloy_labels_add(labels, label, strlen(label));
    }
    alloy_columns_set(columns, alloy_labels_finish(labels, text->str, codes, n));
    alloy_columns_set(scalars, alloy_scalar_text("long", text->str));
    for (int i = 0; i < 300; i++) {
        g_autofree char *name = g_strdup_printf("column %d", i);
        alloy_columns_set(scalars, alloy_scalar_integer(name, text->str, i));
    }
    const AlloyTable *table = alloy_table_new(text->str, columns, scalars);
    const AlloyAtoms *atoms = values_atoms(3, 1);
    g_autofree AlloyStage *stages = g_new0(AlloyStage, 1000);
    for (int i = 0; i < 1000; i++)
        stages[i] = (AlloyStage){atoms, i, 300, i % 2 == 0 ? "a label that is long enough to sum up" : NULL};
    const AlloySeries *series = alloy_series_new("many", stages, 1000);
    g_autoptr(AlloyProject) project = alloy_project_new();
    const AlloyOrigin *origin = values_file_origin(1);
    alloy_project_add(project, "table", ALLOY_DATA(table), origin);
    alloy_project_add(project, "series", ALLOY_DATA(series), origin);
    alloy_origin_unref(origin);
    alloy_data_unref(table);
    alloy_data_unref(series);
    alloy_data_unref(atoms);
    g_autoptr(AlloyProject) loaded = save_and_load(project, place->path);
    values_assert_same_project(project, loaded);
}

static void test_is_hdf5(Place *place, gconstpointer data)
{
    /* Other programs read it: the library itself finds the file and its attribute. */
    g_autoptr(AlloyProject) project = values_project(10, 1);
    g_assert_true(alloy_project_save(project, place->path, NULL, NULL));
    hid_t file = H5Fopen(place->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    g_assert_cmpint(file, >=, 0);
    g_assert_cmpint(H5Aexists(file, "format_version"), >, 0);
    double x[10];
    hid_t set = H5Dopen2(file, "/items/0/x", H5P_DEFAULT);
    g_assert_cmpint(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x), >=, 0);
    g_assert_cmpmem(x, sizeof x, ((const AlloyAtoms *)alloy_project_at(project, 0)->data)->x, sizeof x);
    H5Dclose(set);
    H5Fclose(file);
}

/* Many results of one large model that packs well (a perfect lattice) share its positions: 300 times what few
 * bytes hold, and rightly so. */
static void test_much_shared(Place *place, gconstpointer data)
{
    size_t n = 200000;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    alloy_atoms_builder_kind(builder, "Pd", 2);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 2.0 * (double)(i % 64);
        builder->y[i] = 2.0 * (double)(i / 64 % 64);
        builder->z[i] = 2.0 * (double)(i / 4096);
        builder->species[i] = 0;
    }
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyProject) project = alloy_project_new();
    for (unsigned k = 0; k < 300; k++) {
        g_autofree char *name = g_strdup_printf("item %u", k);
        const AlloyOrigin *origin = values_file_origin(k);
        alloy_project_add(project, name, ALLOY_DATA(atoms), origin);
        alloy_origin_unref(origin);
    }
    g_autoptr(AlloyProject) loaded = save_and_load(project, place->path);
    g_assert_cmpuint(alloy_project_size(loaded), ==, 300);
    values_assert_same(ALLOY_DATA(atoms), alloy_project_at(loaded, 299)->data);
}

/* Too many columns are refused before they are saved: what is saved can be read. */
static void test_many_columns(Place *place, gconstpointer data)
{
    AlloyColumns *scalars = alloy_columns_new();
    for (int i = 0; i < 32769; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        g_ptr_array_add(scalars, (gpointer)alloy_scalar_integer(name, "1", i));
    }
    const AlloyTable *table = alloy_table_new("many", alloy_columns_new(), scalars);
    g_autoptr(AlloyProject) project = alloy_project_new();
    const AlloyOrigin *origin = values_file_origin(1);
    alloy_project_add(project, "table", ALLOY_DATA(table), origin);
    alloy_origin_unref(origin);
    alloy_data_unref(table);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_project_save(project, place->path, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "32769 columns"));
}

static void test_cancel(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) project = values_project(1000, 1);
    g_assert_true(alloy_project_save(project, place->path, NULL, NULL));
    g_autoptr(AlloyProject) other = values_project(1000, 2);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_project_save(other, place->path, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_clear_error(&error);
    g_assert_null(alloy_project_load(place->path, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_clear_error(&error);
    g_autoptr(AlloyProject) loaded = alloy_project_load(place->path, NULL, &error);
    values_assert_same_project(project, loaded);
}

static void test_not_there(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_project_load(place->path, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error(&error);
    g_assert_null(alloy_project_load(place->folder, NULL, &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
#define ADD(path, test) g_test_add("/project/store/" path, Place, NULL, set_up, test, tear_down)
    ADD("round-trip", test_round_trip);
    ADD("empty", test_empty_project);
    ADD("same-bytes", test_same_bytes);
    ADD("sharing", test_sharing);
    ADD("large-texts", test_large_texts);
    ADD("hdf5", test_is_hdf5);
    ADD("much-shared", test_much_shared);
    ADD("many-columns", test_many_columns);
    ADD("cancel", test_cancel);
    ADD("not-there", test_not_there);
    return g_test_run();
}
