/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fix types=FILE: species of a model from another file. */
#include "core/base/error.h"
#include "core/structure/import.h"
#include "tests/common.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static char *write_file(const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    return path;
}

static void remove_file(char *path)
{
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_free(path);
}

/* Four atoms of unknown species, with a cell and a column. */
static const AlloyAtoms *unknown(void)
{
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(4, 1, 1, 1, "X");
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    int64_t *flags = alloy_array_new(int64_t, 4);
    for (int i = 0; i < 4; i++)
        flags[i] = i < 2 ? -3 : 0;
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("flag", ALLOY_UNIT_NONE, flags, 4));
    return alloy_atoms_builder_finish(builder);
}

static void expect(const AlloyAtoms *atoms, size_t i, const char *name, int z)
{
    g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, name);
    g_assert_cmpint(atoms->kinds[atoms->species[i]].z, ==, z);
}

static const AlloyAtoms *fixed(const char *value)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)unknown();
    g_autoptr(GError) error = NULL;
    const AlloyAtoms *done = alloy_apply_fix(atoms, "types", value, &error);
    g_assert_no_error(error);
    /* All but the species is as it was. */
    g_assert_true(done->x == atoms->x && done->y == atoms->y && done->z == atoms->z);
    g_assert_true(alloy_atoms_column(done, "flag") == alloy_atoms_column(atoms, "flag"));
    g_assert_nonnull(done->cell);
    size_t counted = 0;
    for (unsigned k = 0; k < done->n_kinds; k++)
        counted += done->kinds[k].count;
    g_assert_cmpuint(counted, ==, 4);
    return done;
}

static void expect_error(const char *value, const char *message)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)unknown();
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_apply_fix(atoms, "types", value, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, message);
}

static void test_numbers(void)
{
    char *path = write_file("types.txt", "2\n1\n2\n10\n");
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)fixed(path);
    g_assert_cmpuint(atoms->n_kinds, ==, 3); /* X is gone; in the order of the numbers */
    g_assert_cmpstr(atoms->kinds[0].name, ==, "Type 1");
    g_assert_cmpstr(atoms->kinds[1].name, ==, "Type 2");
    g_assert_cmpstr(atoms->kinds[2].name, ==, "Type 10");
    expect(atoms, 0, "Type 2", 0);
    expect(atoms, 1, "Type 1", 0);
    expect(atoms, 3, "Type 10", 0);
    remove_file(path);
}

static void test_labels(void)
{
    char *path = write_file("labels.csv", "element\nPd\nIr\nPd\nshell\n");
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)fixed(path);
    expect(atoms, 0, "Pd", 46);
    expect(atoms, 1, "Ir", 77);
    expect(atoms, 3, "shell", 0);
    remove_file(path);
}

/* A list without a name above it: the first label is a label. */
static void test_list(void)
{
    static const char *const lists[] = {"Pd\nIr\nPd\nIr\n", "# of 2020\nPd\r\nIr\r\nPd\r\nIr",
                                        "species\nPd\nIr\nPd\nIr\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        char *path = write_file("labels.txt", lists[i]);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)fixed(path);
        expect(atoms, 0, "Pd", 46);
        expect(atoms, 3, "Ir", 77);
        remove_file(path);
    }
    char *path = write_file("types.txt", "kind\n1\n1\n2\n1\n");
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)fixed(path);
    expect(atoms, 2, "Type 2", 0);
    remove_file(path);
    path = write_file("labels.txt", "Pd\nIr\nPd\n");
    g_autofree char *message = g_strdup_printf("%s holds 3 labels for the 4 atoms", path);
    expect_error(path, message);
    remove_file(path);
}

static void test_columns(void)
{
    char *path = write_file("table.csv", "id,type,energy\n1,2,0.5\n2,1,0.5\n3,1,0.5\n4,2,0.25\n");
    const AlloyAtoms *atoms = fixed(path);
    expect(atoms, 0, "Type 2", 0);
    expect(atoms, 2, "Type 1", 0);
    alloy_data_unref(atoms);
    remove_file(path);
    /* Of its own. */
    atoms = fixed("flag");
    expect(atoms, 0, "Type -3", 0);
    expect(atoms, 3, "Type 0", 0);
    alloy_data_unref(atoms);
}

static void test_model(void)
{
    char *path = write_file("other.xyz", "4\n\nPt 0 0 0\nPd 1 0 0\nPd 9 0 0\nPt 5 0 0\n");
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)fixed(path);
    expect(atoms, 0, "Pt", 78);
    expect(atoms, 2, "Pd", 46);
    remove_file(path);
}

static void test_wrong(void)
{
    char *path = write_file("five.txt", "2\n1\n2\n1\n1\n");
    g_autofree char *count = g_strdup_printf("%s holds 5 types for the 4 atoms", path);
    expect_error(path, count);
    remove_file(path);
    path = write_file("energy.csv", "energy,size\n0.5,1.5\n0.5,1.5\n0.5,1.5\n0.25,2.5\n");
    g_autofree char *real =
        g_strdup_printf("%s: one column of types (whole numbers) or labels expected, none "
                        "found among energy, size",
                        path);
    expect_error(path, real);
    remove_file(path);
    path = write_file("two.csv", "a,b\n1,1\n2,1\n1,2\n1,1\n");
    g_autofree char *two = g_strdup_printf("%s: one column of types (whole numbers) or labels expected, 2 "
                                           "found among a, b",
                                           path);
    expect_error(path, two);
    remove_file(path);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)unknown();
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_apply_fix(atoms, "types", "/nowhere/types.mat", &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* As published: 11561 types for 11559 positions (README of the data), and a pair of files that agree. */
static void test_published(void)
{
    g_autofree char *model = test_data_path("aet/pt_alloy/model_p1.mat");
    if (model == NULL)
        return;
    g_autofree char *types = test_data_path("aet/pt_alloy/atoms_p1.mat");
    g_autofree char *fix = g_strconcat("types=", types, NULL);
    char *fixes[] = {fix, (char *)"species=Type 1:Ni", (char *)"species=Type 2:Pt", NULL};
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_import(model, NULL, fixes, NULL, NULL, &error));
    g_autofree char *message = g_strdup_printf("%s: %s holds 11561 types for the 11559 atoms", model, types);
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, message);
    g_clear_error(&error);

    g_autofree char *good_model = test_data_path("aet/pt_alloy/model_p3.mat");
    g_autofree char *good_types = test_data_path("aet/pt_alloy/atoms_p3.mat");
    g_autofree char *good_fix = g_strconcat("types=", good_types, NULL);
    fixes[0] = good_fix;
    g_autoptr(AlloyData) data = alloy_import(good_model, NULL, fixes, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(AlloyAtoms) same = (AlloyAtoms *)test_data_atoms("aet/pt_alloy/p3.xyz");
    const AlloyAtoms *atoms = (const AlloyAtoms *)data;
    g_assert_cmpuint(atoms->n, ==, same->n);
    for (size_t i = 0; i < same->n; i++)
        g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, same->kinds[same->species[i]].name);
}

static unsigned count_code(const GPtrArray *warnings, const char *code)
{
    unsigned n = 0;
    for (unsigned i = 0; i < warnings->len; i++)
        n += strcmp(((const AlloyWarning *)warnings->pdata[i])->code, code) == 0;
    return n;
}

/* That species are unknown is said once, and not any more when a fix tells them. */
static void test_warnings(void)
{
    char *model = write_file("model.csv", "x,y,z\n0,0,0\n2.7,0,0\n0,2.7,0\n0,0,2.7\n");
    char *types = write_file("types.txt", "1\n1\n2\n1\n");
    g_autofree char *fix = g_strconcat("types=", types, NULL);
    static const struct {
        gboolean types;
        const char *species;
        unsigned said;
        const char *words;
    } cases[] = {
        {FALSE, NULL, 1, "all atoms are X"},
        {TRUE, NULL, 1, "`Type 1` (3 atoms), `Type 2` (1 atom)"},
        {TRUE, "species=Type 1:Pd", 1, "`Type 2` (1 atom)"},
        {TRUE, "species=Type 1:Pd,Type 2:Ir", 0, NULL},
        {FALSE, "species=X:Pd", 0, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *fixes[] = {cases[i].types ? fix : (char *)cases[i].species, (char *)cases[i].species, NULL};
        if (!cases[i].types && fixes[0] != NULL)
            fixes[1] = NULL;
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyData) data = alloy_import(model, NULL, fixes, warnings, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(count_code(warnings, "species"), ==, cases[i].said);
        for (unsigned w = 0; w < warnings->len; w++) {
            const AlloyWarning *warning = warnings->pdata[w];
            if (strcmp(warning->code, "species") == 0)
                g_assert_nonnull(strstr(warning->message, cases[i].words));
        }
    }
    remove_file(model);
    remove_file(types);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    folder = g_dir_make_tmp("alloyscope-types-XXXXXX", &error);
    g_assert_no_error(error);
    g_test_add_func("/structure/import-types/numbers", test_numbers);
    g_test_add_func("/structure/import-types/labels", test_labels);
    g_test_add_func("/structure/import-types/list", test_list);
    g_test_add_func("/structure/import-types/columns", test_columns);
    g_test_add_func("/structure/import-types/model", test_model);
    g_test_add_func("/structure/import-types/wrong", test_wrong);
    g_test_add_func("/structure/import-types/warnings", test_warnings);
    g_test_add_func("/structure/import-types/published", test_published);
    int status = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return status;
}
