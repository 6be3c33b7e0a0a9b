/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/base/random.h"

#define FORM "poscar"
#define CUBE "2 0 0\n0 2 0\n0 0 2\n"

/* vasp.at/wiki/POSCAR: one factor; minus the volume; three factors for x, y, z. */
static void test_scales(void)
{
    static const struct {
        const char *scale;
        double length[3];
    } cases[] = {
        {"1.5", {3, 3, 3}},
        {"-27", {3, 3, 3}},
        {"1 2 3", {2, 4, 6}},
        {"1.5 2.5", {3, 3, 3}},
        {"1.5 comment 2", {3, 3, 3}},
        {"1.5 1 1 1", {3, 3, 3}},
        {" 1.5\t! angstrom", {3, 3, 3}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat("title\n", cases[i].scale, "\n" CUBE "Pd\n1\nCartesian\n1 1 0.5 Pd1\n", NULL);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(FORM, text, NULL);
        const double *l = cases[i].length;
        const double rows[3][3] = {{l[0], 0, 0}, {0, l[1], 0}, {0, 0, l[2]}};
        reading_cell(atoms->cell, rows, 1e-14);
        reading_position(atoms, 0, l[0] / 2, l[1] / 2, l[2] / 4, 1e-14);
    }
}

static void test_names(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) suffix = (AlloyAtoms *)reading_atoms(
        FORM, "x\n1\n" CUBE "Pd_pv/4a1c Ir/77 X_1 Pd\n1 1 1 1\nD\n0 0 0\n.1 0 0\n.2 0 0\n.3 0 0\n", warnings);
    g_assert_cmpuint(reading_count(suffix, "Pd"), ==, 2);
    g_assert_cmpuint(reading_count(suffix, "Ir"), ==, 1);
    g_assert_cmpuint(reading_count(suffix, "X_1"), ==, 1);
    g_assert_cmpuint(warnings->len, ==, 0);
    /* VASP 4: by the title, by the words behind the positions, or not at all. */
    g_autoptr(AlloyAtoms) title = (AlloyAtoms *)reading_atoms(
        FORM, "Pd Ir particle\n1\n" CUBE "1 2\nD\n0 0 0\n.1 0 0\n.2 0 0\n", warnings);
    g_assert_cmpuint(reading_count(title, "Ir"), ==, 2);
    g_assert_nonnull(strstr(reading_warning(warnings, "species"), "title: Pd Ir"));
    g_autoptr(AlloyAtoms) words =
        (AlloyAtoms *)reading_atoms(FORM, "Pd\n1\n" CUBE "1 2\nD\n0 0 0 Ir\n.1 0 0 Pt\n.2 0 0 Pt\n", NULL);
    g_assert_cmpuint(reading_count(words, "Pt"), ==, 2);
    g_autoptr(AlloyAtoms) none =
        (AlloyAtoms *)reading_atoms(FORM, "particle\n1\n" CUBE "1 2\nD\n0 0 0\n.1 0 0\n.2 0 0\n", NULL);
    g_assert_cmpuint(reading_count(none, "Type 2"), ==, 2);
}

static void test_rest(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "t\n1\n" CUBE "\nPd\n\n2\nSelective\n\nkartesisch\n0 0 0 T F .TRUE.\n1 1 1 .F. T F\n"
        "Lattice velocities and vectors\n1\n0 0 0\n0 0 0\n0 0 0\n2 0 0\n0 2 0\n0 0 2\n\n.1 .2 .3\n4 5 "
        "6\n\n1\n2\n",
        NULL);
    g_assert_cmpfloat(reading_number(atoms, "selective_y", 0), ==, 0);
    g_assert_cmpfloat(reading_number(atoms, "selective_z", 0), ==, 1);
    g_assert_cmpfloat(reading_number(atoms, "vy", 1), ==, 5);
    g_assert_cmpstr(alloy_atoms_column(atoms, "vx")->unit, ==, "angstrom/fs");
    reading_position(atoms, 1, 1, 1, 1, 0);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) trailing = (AlloyAtoms *)reading_atoms(
        FORM, "t\n1\n" CUBE "Pd\n2\nDirect\n0 0 0\n.5 .5 .5\nwritten by hand\n", warnings);
    g_assert_null(alloy_atoms_column(trailing, "vx"));
    g_assert_nonnull(reading_warning(warnings, "ignored"));
    /* A grid follows: CHGCAR. */
    g_autoptr(AlloyAtoms) grid = (AlloyAtoms *)reading_atoms(
        FORM, "t\n1\n" CUBE "Pd\n1\nDirect\n0 0 0\n\n 2 2 2\n 1 2 3 4 5\n 6 7 8\n", warnings);
    g_assert_null(alloy_atoms_column(grid, "vx"));
    g_assert_nonnull(strstr(((AlloyWarning *)warnings->pdata[1])->message, "2 x 2 x 2"));
}

static void test_trajectory(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series(
        FORM,
        "t\n1\n" CUBE "Pd\n1\nDirect configuration=     1\n.25 0 0\nDirect configuration=     2\n.5 0 0\n"
        "t\n2\n" CUBE "Pd\n1\nDirect configuration=     3\n.5 0 0\nDirect configuration= 4\n",
        warnings);
    g_assert_cmpuint(series->n, ==, 3);
    const double x[] = {0.5, 1, 2};
    for (size_t i = 0; i < 3; i++)
        test_assert_near(series->stages[i].atoms->x[0], x[i], 0);
    g_assert_cmpstr(series->stages[2].label, ==, "step 3");
    g_assert_nonnull(reading_warning(warnings, "truncated"));
}

static void test_refused(void)
{
    reading_fails(FORM, "t\n0\n" CUBE "Pd\n1\nD\n0 0 0\n", "line 2: scale");
    reading_fails(FORM, "t\n1 -1 1\n" CUBE "Pd\n1\nD\n0 0 0\n", "line 2: scale");
    reading_fails(FORM, "t\n1\n1 0 0\n2 0 0\n0 0 1\nPd\n1\nD\n0 0 0\n", "line 2: ");
    reading_fails(FORM, "t\n1\n" CUBE "Pd Ir\n1\nD\n0 0 0\n", "line 7: 2 species are named, but 1 numbers");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n3\nD\n0 0 0\n.5 0 0\n", "the file ends after 2 of 3 atoms");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n2\nD\n0 0 0\n.5 x 0\n",
                  "line 10: position: a number expected, \"x\"");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n2\nD\n0 0 0\n.5 nan 0\n", "line 10: position: a finite number");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n1\n0 0 0\n", "line 8: Direct or Cartesian expected");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n1\nS\nD\n0 0 0 T T maybe\n", "line 10: T or F expected");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n2000000000\nD\n0 0 0\n", "2000000000 atoms announced");
    reading_fails(FORM, "t\n1\n" CUBE "Pd\n-2\nD\n0 0 0\n", "line 7: a number of atoms is -2");
    reading_fails(FORM, "t\n1\n2 0 0\n", "the file ends where a lattice vector");
}

static void test_round_trip(void)
{
    enum { N = 500 };
    AlloyRandom random;
    alloy_random_init(&random, 3, 4);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(N);
    static const char *const kinds[] = {"Ir", "Type 1", "Pd", "!2nd"}, *const written[] = {"Ir", "Type_1",
                                                                                           "Pd", "Type_!2nd"};
    for (size_t k = 0; k < 4; k++)
        alloy_atoms_builder_named_kind(builder, kinds[k], 0);
    double *v[3];
    uint8_t *fixed[3];
    for (int k = 0; k < 3; k++) {
        v[k] = alloy_array_new(double, N);
        fixed[k] = alloy_array_new(uint8_t, N);
    }
    for (size_t i = 0; i < N; i++) {
        builder->x[i] = alloy_random_normal(&random);
        builder->y[i] = alloy_random_normal(&random) * 1e4;
        builder->z[i] = alloy_random_normal(&random) * 1e-7;
        builder->species[i] = (uint16_t)alloy_random_below(&random, 4);
        for (int k = 0; k < 3; k++) {
            v[k][i] = alloy_random_normal(&random);
            fixed[k][i] = (uint8_t)alloy_random_below(&random, 2);
        }
    }
    const AlloyCell cell = {{0}, {{1.0 / 3, 2.7, 3}, {-3.1, 1, 0.7}, {0.1, 0.2, -7}}, {TRUE, TRUE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    for (int k = 0; k < 3; k++) {
        static const char *const a[] = {"vx", "vy", "vz"}, *const b[] = {"selective_x", "selective_y",
                                                                         "selective_z"};
        alloy_atoms_builder_set_column(builder, alloy_column_new_real(a[k], "angstrom/fs", v[k], N));
        alloy_atoms_builder_set_column(builder, alloy_column_new_boolean(b[k], fixed[k], N));
    }
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("title", "three\nlines\r"));
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again(FORM, atoms, NULL);
    g_assert_cmpuint(again->n, ==, N);
    g_assert_cmpmem(again->cell->vector, sizeof cell.vector, cell.vector, sizeof cell.vector);
    g_assert_cmpstr(alloy_column_text_at(alloy_columns_get(again->info, "title"), 0), ==, "three lines");
    /* Gathered by species, in order. */
    size_t j = 0;
    for (unsigned k = 0; k < 4; k++)
        for (size_t i = 0; i < N; i++) {
            if (atoms->species[i] != k)
                continue;
            g_assert_cmpstr(again->kinds[again->species[j]].name, ==, written[k]);
            g_assert_true(again->x[j] == atoms->x[i] && again->y[j] == atoms->y[i] &&
                          again->z[j] == atoms->z[i]);
            g_assert_true(reading_number(again, "vz", j) == reading_number(atoms, "vz", i));
            g_assert_true(reading_number(again, "selective_x", j) == reading_number(atoms, "selective_x", i));
            j++;
        }
    g_assert_cmpuint(j, ==, N);
}

static void test_unwritable(void)
{
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)reading_atoms("xyz", "1\n\nPd 1 2 3\n", NULL);
    g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable();
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_format_poscar.write(ALLOY_DATA(bare), sink, NULL, &error));
    g_assert_nonnull(strstr(error->message, "needs a cell"));
}

/* data/atoms/reference_numbers.json (Ti_n1.poscar) and ovito_tests/README.md. */
static void test_real(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) tungsten =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/POSCAR/Ti_n1_PBE.n54_G7_V15.000.poscar.000", NULL);
    g_autoptr(AlloyAtoms) charge =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/POSCAR/CHGCAR.nospin.gz", warnings);
    g_autoptr(AlloySeries) methane =
        (AlloySeries *)reading_file("atoms/ovito_tests/POSCAR/XDATCAR.dms", NULL);
    g_autoptr(AlloySeries) changing =
        (AlloySeries *)reading_file("atoms/ovito_tests/POSCAR/XDATCAR_ISIF3.txt", NULL);
    if (tungsten == NULL || charge == NULL || methane == NULL || changing == NULL)
        return;
    g_assert_cmpuint(reading_count(tungsten, "W"), ==, 53);
    g_assert_cmpuint(reading_count(tungsten, "Ti"), ==, 1);
    const double rows[3][3] = {{3 * 3.1242, 0, 0}, {0, 3 * 3.1242, 0}, {0, 0, 3 * 3.1242}};
    reading_cell(tungsten->cell, rows, 1e-14);
    g_assert_cmpuint(charge->n, ==, 1);
    g_assert_nonnull(strstr(reading_warning(warnings, "ignored"), "32 x 32 x 32"));
    g_assert_cmpuint(methane->n, ==, 10);
    g_assert_cmpuint(methane->stages[9].atoms->n, ==, 200);
    g_assert_cmpuint(changing->n, ==, 18);
    /* The second head is the one of the first frame. */
    test_assert_near(changing->stages[0].atoms->cell->vector[0][0], 7.865954, 0);
    test_assert_near(changing->stages[17].atoms->cell->vector[2][2], 6.975602, 0);
    g_assert_cmpuint(reading_count(changing->stages[5].atoms, "Sn"), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/poscar/scales", test_scales);
    g_test_add_func("/poscar/names", test_names);
    g_test_add_func("/poscar/rest", test_rest);
    g_test_add_func("/poscar/trajectory", test_trajectory);
    g_test_add_func("/poscar/refused", test_refused);
    g_test_add_func("/poscar/round-trip", test_round_trip);
    g_test_add_func("/poscar/unwritable", test_unwritable);
    g_test_add_func("/poscar/real", test_real);
    return g_test_run();
}
