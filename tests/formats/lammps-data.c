/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#define FORM "lammps-data"
#define BOX "0 10 xlo xhi\n0 12 ylo yhi\n-1 13 zlo zhi\n"

static void test_names(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    /* By a comment that is an element; by a label; a label that only looks like calcium; by the mass; by
     * nothing. */
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "title\n\n6 atoms\n6 atom types\n" BOX
        "\nMasses\n\n1 106.42 # Pd\n2 12.011 # CA\n3 192.2\n4 72.5 # ester bead\n5 106.4 # Pd atoms\n6 1.0\n"
        "\nAtoms # atomic\n\n1 1 1 2 3\n2 2 4 5 6 -1 0 2\n3 3 0 0 0\n4 4 0 0 0\n5 5 0 0 1\n6 6 1 1 1\n",
        warnings);
    static const char *const names[] = {"Pd", "CA", "Ir", "ester bead", "Pd", "Type 6"};
    static const int z[] = {46, 0, 77, 0, 46, 0};
    for (size_t i = 0; i < 6; i++) {
        g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, names[i]);
        g_assert_cmpint(atoms->kinds[atoms->species[i]].z, ==, z[i]);
        g_assert_cmpfloat(reading_number(atoms, "type", i), ==, (double)i + 1);
    }
    reading_position(atoms, 1, 4, 5, 6, 0);
    g_assert_cmpfloat(reading_number(atoms, "iz", 1), ==, 2);
    g_assert_cmpfloat(reading_number(atoms, "iz", 0), ==, 0);
    g_assert_nonnull(strstr(reading_warning(warnings, "species"), "Ir by its mass"));
    test_assert_near(atoms->cell->origin[2], -1, 0);
    test_assert_near(atoms->cell->vector[2][2], 14, 0);
}

static void test_labels(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "title, timestep = 300, units = nano\n2 atoms\n2 atom types\n" BOX "1 2 3 xy xz yz\n"
        "Atom Type Labels\n\n1 Pd\n2 Ir2\n\nAtoms # charge\n\n1 Ir2 -0.5 1 2 3\n2 Pd 0.5 0 0 "
        "0\n\nVelocities\n\n1 0 0 0\n2 1 1 1\n",
        NULL);
    g_assert_cmpuint(reading_count(atoms, "Pd"), ==, 1);
    g_assert_cmpuint(reading_count(atoms, "Ir2"), ==, 1);
    g_assert_cmpfloat(reading_number(atoms, "q", 0), ==, -0.5);
    g_assert_cmpint(alloy_columns_get(atoms->info, "timestep")->integer[0], ==, 300);
    /* nano: lengths in nm. */
    reading_position(atoms, 0, 10, 20, 30, 0);
    const double rows[3][3] = {{100, 0, 0}, {10, 120, 0}, {20, 30, 140}};
    reading_cell(atoms->cell, rows, 1e-13);
    /* A general box: vectors and origin as they are. */
    g_autoptr(AlloyAtoms) general =
        (AlloyAtoms *)reading_atoms(FORM,
                                    "title\n1 atoms\n1 atom types\n0 2 1 avec\n2 0 0 bvec\n0 0 3 cvec\n1 1 1 "
                                    "abc origin\n\nAtoms # atomic\n\n1 1 0 0 0\n",
                                    NULL);
    const double vectors[3][3] = {{0, 2, 1}, {2, 0, 0}, {0, 0, 3}};
    reading_cell(general->cell, vectors, 0);
}

static void assert_style(const char *head, const char *line, const char *column, double value, double x)
{
    g_autofree char *text =
        g_strconcat("title\n1 atoms\n4 atom types\n", head, BOX "\nAtoms\n\n", line, "\n", NULL);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(FORM, text, warnings);
    test_assert_near(atoms->x[0], x, 0);
    g_assert_cmpfloat(reading_number(atoms, column, 0), ==, value);
}

/* Columns of docs.lammps.org/read_data, where "Atoms" does not say the style. */
static void test_guess(void)
{
    assert_style("", "1 2 3.5 4 5", "type", 2, 3.5);
    assert_style("", "1 2 3.5 4 5 0 -1 0", "type", 2, 3.5);
    assert_style("", "1 7 2 3.5 4 5", "mol", 7, 3.5);
    assert_style("", "1 2 -0.25 3.5 4 5", "q", -0.25, 3.5);
    assert_style("", "1 9 2 -0.25 3.5 4 5", "q", -0.25, 3.5);
    assert_style("", "1 9 2 -0.25 3.5 4 5 1 1 -1", "mol", 9, 3.5);
    assert_style("", "1 2 0.5 1.9 3.5 4 5", "diameter", 0.5, 3.5);
    assert_style("3 bonds\n", "1 1 2 3.5 4 5", "mol", 1, 3.5);
    const char *head = "title\n1 atoms\n4 atom types\n" BOX "\nAtoms\n\n";
    g_autofree char *either = g_strconcat(head, "1 1 2 3.5 4.5 5.5\n", NULL);
    reading_fails(FORM, either, "line 10: 6 columns may be of atom style molecular or charge");
    g_autofree char *neither = g_strconcat(head, "1 1 2 3.5 4.5 5.5 .1 .2 .3 .4\n", NULL);
    reading_fails(FORM, neither, "10 columns do not tell the atom style");
}

static void test_refused(void)
{
    const char *head = "title\n2 atoms\n2 atom types\n" BOX "\n";
    const struct {
        const char *rest, *says;
    } cases[] = {
        {"Atoms # atomic\n\n1 1 0 0 0\n", "section Atoms has 1 lines, but 2 atoms"},
        {"Atoms # atomic\n\n1 1 0 0 0\n\nVelocities\n\n1 0 0 0\n", "section Atoms has 1 lines, but 2 atoms"},
        {"Atoms # atomic\n\n1 1 0 0 0\n2 1 0 0 0\n3 1 0 0 0\n",
         "line 12: more lines in section Atoms than the 2"},
        {"Atoms # atomic\n\n1 1 0 0 0\n2 3 0 0 0\n", "line 11: the atom type 3 is not one of the 2"},
        {"Atoms # atomic\n\n1 1 0 0 0\n2 Pd 0 0 0\n", "line 11: \"Pd\" is neither"},
        {"Atoms # atomic\n\n1 1 0 0 0\n2 1 0 inf 0\n", "line 11: position: a finite number"},
        {"Atoms # full\n\n1 1 0 0 0\n2 1 0 0 0\n",
         "line 10: 7 columns (10 with image flags) expected, 5 found"},
        {"Atoms # hybrid full nonsense\n\n1 1 0 0 0\n2 1 0 0 0\n", "line 8: the atom style \"nonsense\""},
        {"Masses\n\n1 1\n2 2\n", "no section Atoms"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(head, cases[i].rest, NULL);
        reading_fails(FORM, text, cases[i].says);
    }
    reading_fails(FORM, "title\n99999999999 atoms\n1 atom types\n" BOX "\nAtoms\n\n1 1 0 0 0\n",
                  "99999999999 atoms announced");
    reading_fails(
        FORM, "title\n1 atoms\n1 atom types\n5 5 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms\n\n1 1 0 0 0\n",
        "the box goes from 5 to 5 along x");
}

/* Atoms, columns and one line of each file as it stands there. */
static void test_real(void)
{
    g_autoptr(AlloyAtoms) sphere =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/LAMMPS/atom_style_sphere.data.gz", NULL);
    g_autoptr(AlloyAtoms) bonds = (AlloyAtoms *)reading_file("atoms/ovito_tests/LAMMPS/bonds.data.gz", NULL);
    g_autoptr(AlloyAtoms) hybrid =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/LAMMPS/system.hybrid_style.data", NULL);
    g_autoptr(AlloyAtoms) bond =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/LAMMPS/bond_types.0.data", NULL);
    if (sphere == NULL || bonds == NULL || hybrid == NULL || bond == NULL)
        return;
    g_assert_cmpuint(sphere->n, ==, 2708);
    reading_position(sphere, 0, 2.4776526514129316, 4.2793802338460196e-02, 0, 0);
    g_assert_cmpfloat(reading_number(sphere, "density", 0), ==, 1.9098593171027443);
    g_assert_cmpfloat(reading_number(sphere, "iy", 2), ==, -1);
    g_assert_cmpuint(bonds->n, ==, 3000);
    reading_position(bonds, 0, 2.27878151471, 9.8317575301, 2.55460686378, 0);
    g_assert_cmpuint(hybrid->n, ==, 6);
    reading_position(hybrid, 0, 0, 0, 20.295, 0);
    g_assert_cmpfloat(reading_number(hybrid, "muy", 0), ==, 0);
    g_assert_cmpfloat(reading_number(hybrid, "mux", 0), ==, 0.416);
    g_assert_cmpfloat(reading_number(hybrid, "density", 5), ==, 0.9);
    g_assert_cmpuint(reading_count(hybrid, "C-tail"), ==, 5);
    g_assert_cmpuint(bond->n, ==, 16);
    g_assert_cmpuint(reading_count(bond, "Type 2"), ==, 4);
    test_assert_near(bond->cell->vector[1][1], 6.7399998, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lammps-data/names", test_names);
    g_test_add_func("/lammps-data/labels", test_labels);
    g_test_add_func("/lammps-data/guess", test_guess);
    g_test_add_func("/lammps-data/refused", test_refused);
    g_test_add_func("/lammps-data/real", test_real);
    return g_test_run();
}
