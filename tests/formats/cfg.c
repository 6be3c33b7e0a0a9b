/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#define FORM "cfg"
#define H0(a, b, c)                                                                                          \
    "H0(1,1) = " a " A\nH0(1,2) = 0 A\nH0(1,3) = 0\nH0(2,1) = 0\nH0(2,2) = " b                               \
    "\nH0(2,3) = 0\nH0(3,1) = 1\n"                                                                           \
    "H0(3,2) = 0\nH0(3,3) = " c "\n"

/* Positions are s H, H = A H0 Transform sqrt(1 + 2 eta); velocities ds/dt H in units of R (AtomEye's manual).
 */
static void test_standard(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "# a comment first\nNumber of particles = 2\nA = 2.0 Angstrom (basic length-scale)\n" H0(
            "4", "5", "6") "Transform(1,1) = 0\nTransform(1,2) = 1\nTransform(2,1) = 1\nTransform(2,2) = "
                           "0\n# remark\nR = 3.0 [ns^-1]\n"
                           "106.42 Pd 0.5 .5 .5 1 0 0 # first\n192.217 Ir -.25 0 1.5\n",
        NULL);
    const double rows[3][3] = {{0, 8, 0}, {10, 0, 0}, {0, 2, 12}};
    reading_cell(atoms->cell, rows, 1e-14);
    reading_position(atoms, 0, 5, 5, 6, 1e-14);
    /* Beyond the cell they stay; nothing is centred. */
    reading_position(atoms, 1, 0, 1, 18, 1e-14);
    g_assert_cmpfloat(reading_number(atoms, "vy", 0), ==, 24);
    g_assert_cmpfloat(reading_number(atoms, "vy", 1), ==, 0);
    g_assert_cmpuint(reading_count(atoms, "Ir"), ==, 1);
    g_autoptr(AlloyAtoms) strained = (AlloyAtoms *)reading_atoms(
        FORM,
        "Number of particles = 1\n" H0("4", "5", "6") "eta(1,1) = 0.22\neta(3,3) = 0.625\n1 H 1 1 1 0 0 0\n",
        NULL);
    /* sqrt(1.44) = 1.2, sqrt(2.25) = 1.5. */
    const double stretched[3][3] = {{4.8, 0, 0}, {0, 5, 0}, {1.2, 0, 9}};
    reading_cell(strained->cell, stretched, 1e-14);
}

static void test_extended(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "Number of particles = 3\nA = 1 Angstrom\n" H0(
            "4", "5", "6") ".NO_VELOCITY.\nentry_count = 6\nauxiliary[0] = kine [reduced unit]\nauxiliary[1] "
                           "= type\nauxiliary[2] = x\n"
                           "106.42\nPd\n0 0 0 .5 1 7\n.5 .5 .5 1.5 2 8\n58.69\nbead\n0 .5 0 nan 3 9\n",
        warnings);
    reading_position(atoms, 1, 2.5, 2.5, 3, 0);
    g_assert_cmpuint(reading_count(atoms, "Pd"), ==, 2);
    g_assert_cmpuint(reading_count(atoms, "bead"), ==, 1);
    g_assert_cmpstr(alloy_atoms_column(atoms, "kine")->unit, ==, "reduced unit");
    g_assert_cmpint(alloy_atoms_column(atoms, "type")->type, ==, ALLOY_INTEGER);
    g_assert_cmpfloat(reading_number(atoms, "file_x", 2), ==, 9);
    g_assert_null(alloy_atoms_column(atoms, "vx"));
    const AlloyWarning *warning = warnings->pdata[0];
    g_assert_cmpstr(warning->fix, ==, "species=bead:Ni");
    g_autoptr(AlloyAtoms) moving = (AlloyAtoms *)reading_atoms(
        FORM, "Number of particles = 1\n" H0("4", "5", "6") "entry_count = 7\nR = 2\n1\nH\n0 0 0 1 1 1 42\n",
        NULL);
    g_assert_cmpfloat(reading_number(moving, "auxiliary_0", 0), ==, 42);
    g_assert_cmpfloat(reading_number(moving, "vx", 0), ==, 10);
}

static void test_refused(void)
{
    reading_fails(FORM, "A = 1\n", "\"Number of particles = N\" expected");
    reading_fails(FORM, "Number of particles = 99999999999\n" H0("4", "4", "4") "1 H 0 0 0\n",
                  "99999999999 atoms");
    reading_fails(FORM, "Number of particles = 1\n1 H 0 0 0 0 0 0\n", "H0: ");
    reading_fails(FORM, "Number of particles = 1\nH0(1,1) = big\n", "line 2: H0: a number expected, \"big\"");
    reading_fails(FORM,
                  "Number of particles = 2\n" H0("4", "4", "4") "1 H 0 0 0 0 0 0\n# that is all, folks\n",
                  "the file ends after 1 of 2");
    reading_fails(FORM, "Number of particles = 1\n" H0("4", "4", "4") "1 H 0 inf 0 0 0 0\n",
                  "line 11: position: a finite");
    reading_fails(FORM, "Number of particles = 1\n" H0("4", "4", "4") "1 H 0 0\n            \n",
                  "line 11: 8 columns expected, 4");
    reading_fails(FORM, "Number of particles = 1\n" H0("4", "4", "4") "entry_count = 3\n1\nH\n0 0 0\n",
                  "entry_count is 3");
    reading_fails(FORM,
                  "Number of particles = 1\n" H0(
                      "4", "4", "4") ".NO_VELOCITY.\nentry_count = 3\nauxiliary[0] = a\n1\nH\n0 0 0\n",
                  "1 auxiliary columns are named");
    reading_fails(
        FORM, "Number of particles = 1\n" H0("4", "4", "4") ".NO_VELOCITY.\nentry_count = 4\n0 0 0 1\n1\nH\n",
        "line 13: lines with mass and symbol");
    reading_fails(FORM, "Number of particles = 1\n" H0("4", "4", "4") "auxiliary[99999999] = a\n1 H 0 0 0\n",
                  "line 11: the number of an auxiliary column");
    reading_fails(FORM, "Number of particles = 1\n" H0("4", "4", "4") "eta(1,1) = -9\n1 H 0 0 0 0 0 0\n",
                  "inside out");
}

/* data/atoms/reference_numbers.json and ovito_tests/README.md. */
static void test_real(void)
{
    g_autoptr(AlloyAtoms) shear =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/CFG/shear.void.120.cfg", NULL);
    g_autoptr(AlloyAtoms) twin =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/CFG/fcc_coherent_twin.0.cfg", NULL);
    g_autoptr(AlloyAtoms) carbon =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/CFG/lammps_dumpi-42-1100-510000.cfg", NULL);
    g_autoptr(AlloyAtoms) silicon = (AlloyAtoms *)reading_file("atoms/ovito_tests/CFG/SiVacancy.cfg", NULL);
    if (shear == NULL || twin == NULL || carbon == NULL || silicon == NULL)
        return;
    g_assert_cmpuint(shear->n, ==, 1708);
    g_assert_cmpuint(reading_count(shear, "Type1"), ==, 1180);
    g_assert_cmpuint(reading_count(shear, "Type2"), ==, 264);
    g_assert_cmpuint(reading_count(shear, "Type3"), ==, 264);
    g_assert_cmpuint(shear->columns->len, ==, 7);
    test_assert_near(shear->cell->vector[0][0], 57.1987, 0);
    test_assert_near(shear->cell->vector[1][1], 34.8533, 0);
    test_assert_near(shear->cell->vector[2][2], 9.95606, 0);
    test_assert_near(shear->x[0], 0.0366091 * 57.1987, 1e-15);
    g_assert_cmpuint(twin->n, ==, 192);
    g_assert_cmpuint(carbon->n, ==, 7071);
    g_assert_cmpuint(reading_count(carbon, "C"), ==, 7071);
    g_assert_cmpuint(silicon->n, ==, 1727);
    g_assert_cmpuint(reading_count(silicon, "Si"), ==, 1727);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cfg/standard", test_standard);
    g_test_add_func("/cfg/extended", test_extended);
    g_test_add_func("/cfg/refused", test_refused);
    g_test_add_func("/cfg/real", test_real);
    return g_test_run();
}
