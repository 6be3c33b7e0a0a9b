/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/atoms.h"
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Atomic models: kinds, sharing, subsets, cells. */

static const AlloyAtoms *three(void)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(3);
    for (int i = 0; i < 3; i++)
        builder->x[i] = i, builder->y[i] = -i, builder->z[i] = 2 * i;
    builder->species[0] = (uint16_t)alloy_atoms_builder_kind(builder, "pd", 2);
    builder->species[1] = (uint16_t)alloy_atoms_builder_kind(builder, "77", 2);
    builder->species[2] = builder->species[0];
    double *charge = alloy_array_new(double, 3);
    uint32_t *codes = alloy_array_new(uint32_t, 3);
    int64_t *id = alloy_array_new(int64_t, 3);
    uint8_t *flag = alloy_array_new(uint8_t, 3);
    for (int i = 0; i < 3; i++)
        charge[i] = 0.5 * i, codes[i] = (uint32_t)(i % 2), id[i] = 10 + i, flag[i] = i == 2;
    const char *labels[] = {"core", "shell"};
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("charge", "e", charge, 3));
    alloy_atoms_builder_set_column(builder, alloy_column_new_text("part", codes, 3, labels, 2));
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("id", "1", id, 3));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("flag", flag, 3));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("title", "three"));
    AlloyCell cell = {{1, 2, 3}, {{10, 0, 0}, {0, 10, 0}, {0, 0, 10}}, {TRUE, FALSE, FALSE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    return alloy_atoms_builder_finish(builder);
}

static void test_kinds(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)three();
    g_assert_cmpuint(atoms->n_kinds, ==, 2);
    g_assert_cmpstr(atoms->kinds[0].name, ==, "Pd");
    g_assert_cmpint(atoms->kinds[0].z, ==, 46);
    g_assert_cmpuint(atoms->kinds[0].count, ==, 2);
    g_assert_cmpstr(atoms->kinds[1].name, ==, "Ir"); /* 77 */
    g_assert_cmpuint(atoms->kinds[1].count, ==, 1);
    g_assert_cmpint(alloy_atoms_find_kind(atoms, "Ir"), ==, 1);
    g_assert_cmpint(alloy_atoms_find_kind(atoms, "ir"), ==, -1);

    static const struct {
        const char *label, *name;
        int z;
    } labels[] = {
        {"PD", "Pd", 46},
        {"Pd", "Pd", 46},
        {"46", "Pd", 46},
        {"Pt1", "Pt1", 78},
        {"Fe3+", "Fe3+", 26},
        {"O2-", "O2-", 8},
        {"118", "Og", 118},
        {"119", "119", 0},
        {"0", "0", 0},
        {"-1", "-1", 0},
        {"200", "200", 0},
        {"HEA", "HEA", 0},
        {"Ptx", "Ptx", 0},
        {"Type 2", "Type 2", 0},
        {"", "", 0},
        {"001", "H", 1},
        {"X", "X", 0},
        {"\xe9", "\xc3\xa9", 0},
        {"a long label", "a long label", 0},
        {"a long label!", "a long label!", 0},
    };
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(0);
    int kinds[G_N_ELEMENTS(labels)];
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
            int kind = alloy_atoms_builder_kind(builder, labels[i].label, strlen(labels[i].label));
            const AlloySpecies *species = &g_array_index(builder->kinds, AlloySpecies, kind);
            g_assert_cmpstr(species->name, ==, labels[i].name);
            g_assert_cmpint(species->z, ==, labels[i].z);
            g_assert_true(round == 0 || kinds[i] == kind);
            kinds[i] = kind;
        }
    g_assert_cmpint(kinds[0], ==, kinds[1]);
    g_assert_cmpint(kinds[0], ==, kinds[2]);
    g_assert_cmpint(alloy_atoms_builder_named_kind(builder, "Pd", 46), ==, kinds[0]);
    g_assert_cmpint(alloy_atoms_builder_named_kind(builder, "PD", 0), ==, (int)builder->kinds->len - 1);
}

static void test_too_many_kinds(void)
{
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(0);
    char label[16];
    for (int i = 0; i < 65535; i++) {
        int length = g_snprintf(label, sizeof label, "k%d", i);
        g_assert_cmpint(alloy_atoms_builder_kind(builder, label, (size_t)length), ==, i);
    }
    g_assert_cmpint(alloy_atoms_builder_kind(builder, "one more", 8), ==, -1);
    g_assert_cmpint(alloy_atoms_builder_kind(builder, "k65534", 6), ==, 65534);
}

static void test_sharing(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)three();
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    g_assert_null(builder->x);
    double *charge = alloy_array_new(double, 3);
    memset(charge, 0, 3 * sizeof *charge);
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("charge", "e", charge, 3));
    g_autoptr(AlloyAtoms) other = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_true(other->x == atoms->x && other->y == atoms->y && other->z == atoms->z);
    g_assert_true(other->species == atoms->species);
    g_assert_true(alloy_atoms_column(other, "id") == alloy_atoms_column(atoms, "id"));
    g_assert_cmpfloat(alloy_atoms_column(other, "charge")->real[2], ==, 0);
    g_assert_cmpfloat(alloy_atoms_column(atoms, "charge")->real[2], ==, 1);
    g_assert_cmpuint(other->columns->len, ==, 4);
    g_assert_cmpstr(((const AlloyColumn *)other->columns->pdata[0])->name, ==, "charge"); /* in its place */
    g_assert_cmpuint(other->kinds[0].count, ==, 2);
    g_assert_cmpfloat(other->cell->origin[2], ==, 3);
    g_assert_true(other->cell != atoms->cell);
    g_assert_null(alloy_atoms_column(atoms, "x"));

    builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_positions(builder);
    builder->x[0] = 99;
    alloy_atoms_builder_set_cell(builder, NULL);
    g_autoptr(AlloyAtoms) moved = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_cmpfloat(moved->x[0], ==, 99);
    g_assert_cmpfloat(moved->x[1], ==, 1);
    g_assert_cmpfloat(atoms->x[0], ==, 0);
    g_assert_true(moved->species == atoms->species);
    g_assert_null(moved->cell);

    builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_species(builder);
    builder->species[1] = (uint16_t)alloy_atoms_builder_kind(builder, "Pt", 2);
    g_autoptr(AlloyAtoms) changed = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_cmpuint(changed->n_kinds, ==, 3);
    g_assert_cmpuint(changed->kinds[1].count, ==, 0);
    g_assert_cmpuint(changed->kinds[2].count, ==, 1);
    g_assert_true(changed->x == atoms->x);

    /* The arrays outlive the model they were made for. */
    g_autoptr(AlloyAtoms) heir = (AlloyAtoms *)alloy_atoms_builder_finish(alloy_atoms_builder_from(atoms));
    alloy_clear(&atoms);
    g_assert_cmpfloat(heir->z[2], ==, 4);
}

static void test_subset(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)three();
    g_autoptr(AlloyAtoms) part = (AlloyAtoms *)alloy_atoms_subset(atoms, (const uint8_t[]){0, 1, 1});
    g_assert_cmpuint(part->n, ==, 2);
    g_assert_cmpfloat(part->x[0], ==, 1);
    g_assert_cmpfloat(part->z[1], ==, 4);
    g_assert_cmpuint(part->n_kinds, ==, 2);
    g_assert_cmpuint(part->kinds[0].count, ==, 1);
    g_assert_cmpuint(part->kinds[1].count, ==, 1);
    g_assert_cmpfloat(alloy_atoms_column(part, "charge")->real[1], ==, 1);
    g_assert_cmpint(alloy_atoms_column(part, "id")->integer[0], ==, 11);
    g_assert_cmpint(alloy_atoms_column(part, "flag")->boolean[1], ==, 1);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(part, "part"), 0), ==, "shell");
    g_assert_cmpstr(alloy_column_text_at(alloy_columns_get(part->info, "title"), 0), ==, "three");
    g_assert_true(part->cell->periodic[0]);
    g_autoptr(AlloyAtoms) none = (AlloyAtoms *)alloy_atoms_subset(atoms, (const uint8_t[]){0, 0, 0});
    g_assert_cmpuint(none->n, ==, 0);
    double low[3], high[3];
    g_assert_false(alloy_atoms_bounds(none, low, high));
    g_assert_true(alloy_atoms_bounds(atoms, low, high));
    g_assert_cmpfloat(low[1], ==, -2);
    g_assert_cmpfloat(high[2], ==, 4);
}

static void test_counts_of_many(void)
{
    /* More atoms than one block of the count, and the same result for any number of threads. */
    const size_t n = 200001;
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        alloy_parallel_set_threads(threads);
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
        for (int k = 0; k < 3; k++)
            alloy_atoms_builder_named_kind(builder, (const char *[]){"A", "B", "C"}[k], 0);
        for (size_t i = 0; i < n; i++) {
            builder->x[i] = builder->y[i] = builder->z[i] = (double)i;
            builder->species[i] = (uint16_t)(i % 3 == 0 ? 2 : 0);
        }
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_assert_cmpuint(atoms->kinds[0].count, ==, 133334);
        g_assert_cmpuint(atoms->kinds[1].count, ==, 0);
        g_assert_cmpuint(atoms->kinds[2].count, ==, 66667);
    }
    alloy_parallel_set_threads(0);
}

static void test_reserved_names(void)
{
    if (g_test_subprocess()) {
        g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(0);
        alloy_atoms_builder_set_column(builder,
                                       alloy_column_new_real("species", "1", alloy_array_new(double, 0), 0));
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*cannot be called species*");
}

static void test_not_finite(void)
{
    if (g_test_subprocess()) {
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(1);
        builder->x[0] = builder->y[0] = 0;
        builder->z[0] = (double)NAN;
        builder->species[0] = (uint16_t)alloy_atoms_builder_kind(builder, "Pd", 2);
        alloy_data_unref(alloy_atoms_builder_finish(builder));
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
}

static void test_cell(void)
{
    /* Triclinic: det of {{2,0,0},{1,3,0},{5,7,-4}} = -24, left-handed. */
    AlloyCell cell = {{0, 0, 0}, {{2, 0, 0}, {1, 3, 0}, {5, 7, -4}}, {FALSE, FALSE, TRUE}};
    test_assert_near(alloy_cell_volume(&cell), 24, 1e-13);
    g_assert_true(alloy_cell_is_periodic(&cell));
    g_assert_false(alloy_cell_is_periodic(NULL));
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_cell_check(&cell, &error));
    g_assert_no_error(error);
    AlloyCell bad[] = {
        {{0, 0, 0}, {{1, 0, 0}, {2, 0, 0}, {0, 0, 1}}, {FALSE}},
        {{0, 0, 0}, {{1, 0, 0}, {0, 0, 0}, {0, 0, 1}}, {FALSE}},
        {{0, 0, 0}, {{1, 0, 0}, {0, (double)NAN, 0}, {0, 0, 1}}, {FALSE}},
        {{(double)INFINITY, 0, 0}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {FALSE}},
        {{0, 0, 0}, {{1e200, 0, 0}, {0, 1e200, 0}, {0, 0, 1}}, {FALSE}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(alloy_cell_check(&bad[i], &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
        g_clear_error(&error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/atoms/kinds", test_kinds);
    g_test_add_func("/atoms/kinds/too-many", test_too_many_kinds);
    g_test_add_func("/atoms/sharing", test_sharing);
    g_test_add_func("/atoms/subset", test_subset);
    g_test_add_func("/atoms/counts", test_counts_of_many);
    g_test_add_func("/atoms/reserved-names", test_reserved_names);
    g_test_add_func("/atoms/not-finite", test_not_finite);
    g_test_add_func("/atoms/cell", test_cell);
    return g_test_run();
}
