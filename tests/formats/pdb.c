/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#define FORM "pdb"

/* Columns of wwpdb.org's format 3.3: serial 7-11, name 13-16, residue name 18-20, chain 22, residue 23-26, x
 * 31-38, y 39-46, z 47-54, occupancy 55-60, B 61-66, element 77-78. */
static void test_columns(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "TITLE     Particle in a box\nCRYST1   10.000   20.000   30.000  90.00  90.00 120.00 P 1           "
        "1\n"
        "ATOM      1  CA  GLY A   1       1.000   2.000   3.000  1.00 10.50\n"
        "HETATM    2 CA    CA B   2      -1.500-100.250  33.125  0.50 20.00          CA\n"
        "ATOM      3 HG11 VAL B   3       0.000   0.000   0.000\n"
        "HETATM    4 PT   UNK B   4       0.000   0.000   1.000  1.00  0.00\n"
        "ATOM      5 1HB  ALA B   5       0.000   0.000   2.000\n"
        "ATOM      6  X   UNK B   6       0.000   0.000   4.000\nTER\nEND\n",
        warnings);
    static const char *const names[] = {"C", "Ca", "H", "Pt", "H", "X"};
    for (size_t i = 0; i < 6; i++)
        g_assert_cmpstr(atoms->kinds[atoms->species[i]].name, ==, names[i]);
    reading_position(atoms, 1, -1.5, -100.25, 33.125, 0);
    const double rows[3][3] = {{10, 0, 0}, {-10, 20 * sqrt(0.75), 0}, {0, 0, 30}};
    reading_cell(atoms->cell, rows, 1e-14);
    g_assert_cmpfloat(reading_number(atoms, "id", 5), ==, 6);
    g_assert_cmpfloat(reading_number(atoms, "residue", 4), ==, 5);
    g_assert_cmpfloat(reading_number(atoms, "occupancy", 1), ==, 0.5);
    g_assert_cmpfloat(reading_number(atoms, "b_factor", 0), ==, 10.5);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(atoms, "residue_name"), 2), ==, "VAL");
    g_assert_cmpstr(alloy_column_text_at(alloy_columns_get(atoms->info, "title"), 0), ==,
                    "Particle in a box");
}

static void test_models(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series(
        FORM,
        "CRYST1    1.000    1.000    1.000  90.00  90.00  90.00 P 1           1\nMODEL        1\n"
        "ATOM      1  C   UNK     1       1.000   2.000   3.000\nENDMDL\nMODEL        2\n"
        "ATOM      1  C   UNK     1       1.500   2.000   3.000\nATOM      2  C   UNK     1       4.000   "
        "2.000   3.000\n"
        "ENDMDL\nEND\n",
        warnings);
    g_assert_cmpuint(series->n, ==, 2);
    g_assert_cmpuint(series->stages[1].atoms->n, ==, 2);
    /* A cell of 1 x 1 x 1 stands for none. */
    g_assert_null(series->stages[0].atoms->cell);
    g_autoptr(AlloyAtoms) crystal =
        (AlloyAtoms *)reading_atoms(FORM,
                                    "CRYST1    4.000    4.000    4.000  90.00  90.00  90.00 F m -3 m    192\n"
                                    "ATOM      1 Au   UNK     1       0.000   0.000   0.000\n",
                                    warnings);
    g_assert_cmpuint(crystal->n, ==, 1);
    g_assert_nonnull(strstr(reading_warning(warnings, "ignored"), "F m -3 m"));
}

static void test_refused(void)
{
    reading_fails(FORM, "HEADER    nothing\nEND\n", "no ATOM or HETATM");
    reading_fails(FORM, "ATOM      1  C   UNK     1       1.000   2.000   3.x00\n",
                  "line 1: z (columns 47 to 54): a number");
    reading_fails(FORM, "ATOM      1  C   UNK     1       1.000     nan   3.000\n",
                  "line 1: y (columns 39 to 46): a finite");
    reading_fails(FORM, "ATOM      1  C   UNK     1       1.000\n",
                  "line 1: y (columns 39 to 46): a number expected, nothing");
    reading_fails(FORM,
                  "CRYST1   10.000   20.000   30.000  90.00  90.00 190.00\nATOM      1  C   UNK     1       "
                  "1.000   2.000   3.000\n",
                  "line 1: the cell angle gamma is 190");
    reading_fails(FORM,
                  "CRYST1   10.000   20.000   30.000  10.00  10.00  90.00\nATOM      1  C   UNK     1       "
                  "1.000   2.000   3.000\n",
                  "line 1: no cell has the angles 10, 10 and 90");
}

/* ovito_tests/README.md and the first lines of the files. */
static void test_real(void)
{
    g_autoptr(AlloyAtoms) tube = (AlloyAtoms *)reading_file("atoms/ovito_tests/PDB/Nanotube8x3x1.pdb", NULL);
    g_autoptr(AlloyAtoms) silicon = (AlloyAtoms *)reading_file("atoms/ovito_tests/PDB/SiShuffle.pdb", NULL);
    if (tube == NULL || silicon == NULL)
        return;
    g_assert_cmpuint(reading_count(tube, "C"), ==, 388);
    reading_position(tube, 1, 11.483, 9.183, 42.182, 0);
    test_assert_near(tube->cell->vector[2][2], 42.547, 0);
    g_assert_cmpuint(reading_count(silicon, "Si"), ==, 192);
    reading_position(silicon, 0, -0.011, 18.811, -3.821, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pdb/columns", test_columns);
    g_test_add_func("/pdb/models", test_models);
    g_test_add_func("/pdb/refused", test_refused);
    g_test_add_func("/pdb/real", test_real);
    return g_test_run();
}
