/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/table.h"
#include "tests/formats/reading.h"

#include <stdio.h>

/* What a format cannot hold is said when it is written, and nothing where all is held. */

/* The messages of one code, one a line. */
static char *said(const char *format, gconstpointer data, const char *code)
{
    g_autofree char *folder = g_dir_make_tmp("alloyscope-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "out", NULL);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(GError) error = NULL;
    alloy_write_file(path, format, data, warnings, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(remove(path), ==, 0);
    g_assert_cmpint(remove(folder), ==, 0);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < warnings->len; i++) {
        const AlloyWarning *warning = warnings->pdata[i];
        g_assert_true(strcmp(warning->code, "not-written") == 0 || strcmp(warning->code, "changed") == 0);
        g_assert_true(g_str_has_prefix(warning->message, path));
        if (strcmp(warning->code, code) == 0)
            g_string_append_printf(text, "%s\n", warning->message + strlen(path) + 2);
    }
    return g_string_free(text, FALSE);
}

static void expect(const char *format, gconstpointer data, const char *code, const char *words)
{
    g_autofree char *text = said(format, data, code);
    if (words == NULL ? *text != '\0' : strstr(text, words) == NULL) {
        g_test_message("%s as %s: %s expected, said: %s", code, format, words != NULL ? words : "nothing",
                       text);
        g_test_fail();
    }
}

static const char model[] =
    "3\nLattice=\"9 0 0 0 9 0 0 0 9\" pbc=\"T T F\" Origin=\"1 0 0\" energy=2 title=t "
    "Properties=species:S:1:pos:R:3:cn:I:1:charge:R:1:label:S:1 column_units=charge:e\n"
    "Pd 1 1 1 4 inf a\nIr 2 2 2 5 0 b\nPd 3 3 3 6 0 c\n";
/* Nothing in it that any format of models cannot hold. */
static const char plain[] =
    "2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\nPd 1 1 1\nPd 2 2 2\n";

static void test_poscar(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", model, NULL);
    expect("poscar", atoms, "not-written", "the columns cn, charge, label; about the whole: energy; ");
    expect("poscar", atoms, "changed", "number 2 of the file is atom 3 of the model");
    expect("poscar", atoms, "changed", "periodic in all directions, that of the model is not");
    expect("poscar", atoms, "changed", "moved by the origin");
    g_autoptr(AlloyAtoms) all = (AlloyAtoms *)reading_atoms("xyz", plain, NULL);
    expect("poscar", all, "not-written", NULL);
    expect("poscar", all, "changed", NULL);
    g_autoptr(AlloyAtoms) moving = (AlloyAtoms *)reading_atoms(
        "poscar", "t\n1\n9 0 0\n0 9 0\n0 0 9\nPd\n1\nSelective\nC\n1 1 1 T F T\n\n1 2 3\n", NULL);
    g_assert_cmpuint(moving->columns->len, ==, 6);
    expect("poscar", moving, "not-written", NULL);
    g_autoptr(AlloyAtoms) typed = (AlloyAtoms *)reading_atoms(
        "lammps-dump",
        "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
        "ITEM: ATOMS type x y z\n1 0 0 0\n",
        NULL);
    expect("poscar", typed, "changed", "the species `Type 1` is written as Type_1");
}

static void test_dump(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", model, NULL);
    expect("lammps-dump", atoms, "not-written", "about the whole: energy, title; ");
    expect("lammps-dump", atoms, "changed", "that of `charge`, e, is not written");
    g_autoptr(AlloyAtoms) all = (AlloyAtoms *)reading_atoms("xyz", plain, NULL);
    expect("lammps-dump", all, "not-written", NULL);
    expect("lammps-dump", all, "changed", NULL);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)reading_atoms(
        "xyz", "1\nProperties=species:S:1:pos:R:3:element:S:1:id:R:1\nPd 0 0 0 a 0.5\n", NULL);
    expect("lammps-dump", bare, "not-written", "the columns element, id; ");
    expect("lammps-dump", bare, "changed", "a box around the atoms is written, not periodic");
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series(
        "xyz", "1\nstage_label=hot stage_temperature=500\nPd 0 0 0\n1\nstage_label=cold\nPd 0 0 0\n", NULL);
    expect("lammps-dump", series, "not-written", "about the whole: stage_temperature, stage_label; ");
}

static void test_xyz(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", model, NULL);
    expect("xyz", atoms, "not-written", NULL);
    expect("xyz", atoms, "changed", NULL);
    g_autoptr(AlloyAtoms) odd =
        (AlloyAtoms *)reading_atoms("text", "species,x,y,z,a:b\nType 2,0,0,0,1\n", NULL);
    expect("xyz", odd, "changed", "`Type 2` is written as Type_2");
    expect("xyz", odd, "changed", "the column `a:b` is written as a_b");
}

static void test_csv(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", model, NULL);
    expect("text", atoms, "not-written", "not written: about the whole: the cell, energy, title; ");
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series(
        "xyz", "1\nstage_label=hot stage_temperature=500\nPd 0 0 0\n1\nstage_label=cold\nPd 0 0 0\n", NULL);
    expect("text", series, "not-written", "about the whole: stage_temperature; ");
    AlloyColumns *columns = alloy_columns_new(), *scalars = alloy_columns_new();
    double *values = alloy_array_new(double, 1);
    values[0] = INFINITY;
    alloy_columns_set(columns, alloy_column_new_real("a", ALLOY_UNIT_NONE, values, 1));
    alloy_columns_set(scalars, alloy_scalar_real("peak", ALLOY_UNIT_LENGTH, 2.5));
    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_table_new("t", columns, scalars);
    expect("text", table, "not-written", "about the whole: peak; ");
    expect("json", table, "not-written", NULL);
    expect("json", table, "changed", "infinite values of `a` are written as null");
}

static void test_json(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", model, NULL);
    expect("json", atoms, "not-written", NULL);
    expect("json", atoms, "changed", "infinite values of `charge`");
    g_autoptr(AlloyAtoms) all = (AlloyAtoms *)reading_atoms("xyz", plain, NULL);
    expect("json", all, "changed", NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/losses/poscar", test_poscar);
    g_test_add_func("/losses/dump", test_dump);
    g_test_add_func("/losses/xyz", test_xyz);
    g_test_add_func("/losses/csv", test_csv);
    g_test_add_func("/losses/json", test_json);
    return g_test_run();
}
