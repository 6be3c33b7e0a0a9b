/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/formats/cif-symmetry.h"

#define FORM "cif"
#define CELL(a) "_cell_length_a " a "\n_cell_length_b " a "\n_cell_length_c " a "\n"
#define SITES "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"

static gboolean parse(const char *text, AlloySymmetryOperation *operation)
{
    return alloy_symmetry_parse((AlloySpan){text, text + strlen(text)}, operation);
}

static void test_operations(void)
{
    AlloySymmetryOperation o;
    g_assert_true(parse("x,-y+1/2,z", &o));
    g_assert_cmpfloat(o.rotation[1][1], ==, -1);
    g_assert_cmpfloat(o.shift[1], ==, 0.5);
    g_assert_true(parse(" 1/2+X , x - y,\t-Z+0.25", &o));
    g_assert_cmpfloat(o.shift[0], ==, 0.5);
    g_assert_cmpfloat(o.rotation[1][0], ==, 1);
    g_assert_cmpfloat(o.rotation[1][1], ==, -1);
    g_assert_cmpfloat(o.rotation[2][2], ==, -1);
    g_assert_cmpfloat(o.shift[2], ==, 0.25);
    g_assert_true(parse("-x+1/3,-1*y,z+2/3-1/6", &o));
    test_assert_near(o.shift[2], 0.5, 1e-15);
    static const char *const wrong[] = {
        "",          "x,y",          "x,y,z,x",    "x,y,w",        "x,y,zz",
        "x,x,z",     "x,y,2z",       "x y,y,z",    "x,y,z/0",      "x,y,1/0+z",
        "x,y,z+1e9", "x,,z",         "x,y,+",      "x,y,--z",      "1000000x,y,z",
        "x,y,9999z", "x,y,z+99999.", "x,y,z+.1.2", "x,y,0.000001z"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        if (parse(wrong[i], &o)) {
            g_test_message("\"%s\" was taken for an operation", wrong[i]);
            g_test_fail();
        }
}

/* L1_2: one atom on the corner, three on the faces, each once though three operations make nine; the same
 * with all 48 of m-3m written as products would give no more. */
static void test_expand(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "data_L12\n" CELL(
            "3.748(2)") "_symmetry_equiv_pos_as_xyz 'x,y,z'\nloop_\n_symmetry_equiv_pos_site_id\n"
                        "_symmetry_equiv_pos_as_xyz\n1 z,x,y\n2 \"y, z, x\"\n3 '-x,-y,-z'\n" SITES
                        "Au1 0 0 0\nCu1 1/2 0.5 0\n",
        NULL);
    g_assert_cmpuint(reading_count(atoms, "Au"), ==, 1);
    g_assert_cmpuint(reading_count(atoms, "Cu"), ==, 3);
    const double a = 3.748;
    reading_position(atoms, 0, 0, 0, 0, 0);
    reading_position(atoms, 1, a / 2, a / 2, 0, 1e-15);
    reading_position(atoms, 2, 0, a / 2, a / 2, 1e-15);
    reading_position(atoms, 3, a / 2, 0, a / 2, 1e-15);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(atoms, "label"), 3), ==, "Cu1");
    /* hcp (P6_3/mmc, 2c at 1/3 2/3 1/4): the digits of the file meet within the tolerance. */
    g_autoptr(AlloyAtoms) hcp = (AlloyAtoms *)reading_atoms(
        FORM,
        "data_Co\n_cell_length_a 2.507\n_cell_length_b 2.507\n_cell_length_c 4.069\n_cell_angle_gamma 120.0\n"
        "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-y,x-y,z\n-x+y,-x,z\n-x,-y,z+1/2\ny,-x+y,z+1/"
        "2\nx-y,x,z+1/2\n" SITES "Co 0.333 0.667 0.25\n",
        NULL);
    g_assert_cmpuint(hcp->n, ==, 2);
    const double rows[3][3] = {{2.507, 0, 0}, {-2.507 / 2, 2.507 * sqrt(0.75), 0}, {0, 0, 4.069}};
    reading_cell(hcp->cell, rows, 1e-15);
}

static void test_words(void)
{
    /* Quotes, text fields, remarks, unknown values, capitals, points in names, charges, single values. */
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "#\\#CIF_2.0\nDATA_one # remark\n_title\n;loop_\n data_no ; \n;\n_quoted 'it's one' _other \"a 'b' # "
        "c\"\n"
        "_cell.length_a 4\n_CELL_LENGTH_B 5.0(1)\n_cell_length_c 6\n_cell_angle_alpha ?\n"
        "_space_group_name_H-M_alt 'P 1'\nloop_\n_x\n_y\n1 2\n;3\n; 4\n"
        "loop_\n_atom_site.fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_type_symbol\n_atom_"
        "site_label\n"
        "_atom_site_calc_flag\n_atom_site_occupancy\n"
        ".25 0.5(3) 0 Fe3+ Fe1 . ?\n? ? ? Fe Fe2 . 1\n0 0 0 Fe X1 dum 1\n-0.1 0 0 D D1 . 1\n0.5 0.5 0.5 ? "
        "OW2 . 1.\n",
        warnings);
    g_assert_cmpuint(atoms->n, ==, 3);
    reading_position(atoms, 0, 1, 2.5, 0, 0);
    reading_position(atoms, 1, -0.4, 0, 0, 1e-16);
    g_assert_cmpuint(reading_count(atoms, "Fe"), ==, 1);
    g_assert_cmpuint(reading_count(atoms, "O"), ==, 1);
    g_assert_cmpint(atoms->kinds[atoms->species[1]].z, ==, 1);
    g_assert_nonnull(strstr(reading_warning(warnings, "ignored"), "1 sites without a position, 1 dummy"));
    g_assert_null(alloy_atoms_column(atoms, "occupancy"));
}

static void test_occupancy(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        FORM,
        "data_x\n" CELL(
            "4") "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
                 "_atom_site_occupancy\nPd1 0 0 0 0.7(1)\nIr1 0 0 0 0.3\nPd2 .5 .5 .5 1\nPd3 .5 .5 .5 1\n",
        warnings);
    /* Two species on one site stay; a site that is full and listed again does not. */
    g_assert_cmpuint(atoms->n, ==, 3);
    g_assert_cmpfloat(reading_number(atoms, "occupancy", 1), ==, 0.3);
    g_assert_cmpfloat(reading_number(atoms, "occupancy", 2), ==, 1);
    g_assert_nonnull(reading_warning(warnings, "duplicates"));
}

static void test_blocks(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms =
        (AlloyAtoms *)reading_atoms(FORM,
                                    "data_global\n_publ_author_name 'A. B.'\ndata_one\n" CELL(
                                        "4") "_symmetry_space_group_name_H-M 'F m -3 m'\n" SITES
                                             "Au1 0 0 0\ndata_two\n" CELL("5") SITES "Au1 0 0 0\n",
                                    warnings);
    g_assert_cmpuint(atoms->n, ==, 1);
    test_assert_near(atoms->cell->vector[0][0], 4, 0);
    g_assert_cmpuint(warnings->len, ==, 2);
    g_assert_nonnull(strstr(reading_warning(warnings, "ignored"), "F m -3 m"));
    g_assert_nonnull(strstr(((AlloyWarning *)warnings->pdata[1])->message, "1 further blocks"));
    /* Cartesian positions, as in mmCIF; of two models the first. */
    g_autoptr(AlloyAtoms) cartesian = (AlloyAtoms *)reading_atoms(
        FORM,
        "data_1abc\nloop_\n_atom_site.type_symbol\n_atom_site.label_atom_id\n_atom_site.Cartn_x\n_atom_site."
        "Cartn_y\n"
        "_atom_site.Cartn_z\n_atom_site.pdbx_PDB_model_num\nC CA 1.5 2 3 1\nN N 4 5 6 1\nC CA 0 0 0 2\n",
        NULL);
    g_assert_cmpuint(cartesian->n, ==, 2);
    reading_position(cartesian, 0, 1.5, 2, 3, 0);
    g_assert_null(cartesian->cell);
}

static void test_refused(void)
{
    reading_fails(FORM, "data_x\n_a b\n", "no atom sites");
    reading_fails(FORM, "data_x\n" SITES "Au 0 0 0\n", "no cell lengths");
    reading_fails(FORM, "data_x\n" CELL("4") SITES "Au 0 0\n",
                  "the list that begins in line 5 has rows of 4 values");
    reading_fails(FORM, "data_x\n" CELL("4") SITES "Au 0 zero 0\n",
                  "line 10: position: a number expected, \"zero\"");
    reading_fails(FORM, "data_x\n" CELL("4") SITES "Au 0 inf 0\n",
                  "line 10: position: a number expected, \"inf\"");
    reading_fails(FORM, "data_x\n" CELL("4") SITES "Au 0 1e9 0\n", "line 10: the fractional position 1e+09");
    reading_fails(FORM, "data_x\n" CELL("-4") SITES "Au 0 0 0\n", "line 2: the cell length a is -4");
    reading_fails(FORM, "data_x\n" CELL("4") "_cell_angle_gamma 180\n" SITES "Au 0 0 0\n",
                  "cell angle gamma is 180");
    reading_fails(FORM, "data_x\n" CELL("4") "_symmetry_equiv_pos_as_xyz x,y\n" SITES "Au 0 0 0\n",
                  "line 5: a symmetry operation such as");
    reading_fails(FORM, "data_x\n_a\n;\n" CELL("4") SITES "Au 0 0 0\n", "line 3: the text that begins here");
    reading_fails(FORM, "data_x\nloop_\nAu 0 0 0\n", "line 2: loop_ without names");
    /* More images than memory should be spent on. */
    g_autoptr(GString) many = g_string_new("data_x\n" CELL("4") "loop_\n_symmetry_equiv_pos_as_xyz\n");
    for (int i = 0; i < 2000; i++)
        g_string_append(many, "x,y,z\n");
    g_string_append(many, SITES "Au 0 0 0\n");
    reading_fails(FORM, many->str, "2000 symmetry operations on 1 sites are more");
    /* Ten thousand atoms of occupancy 0 at one place. */
    g_string_assign(many, "data_x\n" CELL("4") SITES "_atom_site_occupancy\n");
    for (int i = 0; i < 10000; i++)
        g_string_append(many, "Au 0 0 0 0\n");
    reading_fails(FORM, many->str, "too many sites stand at one place");
}

/* Sr 4c, Ti 4a or 4b, O 4c and 8d of Pbnm: 20 atoms; with Ca on the place of Sr 24. Formula and volume as the
 * files state them. */
static void test_real(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) tausonite = (AlloyAtoms *)reading_file("atoms/ovito_tests/CIF/9002806.cif", NULL);
    g_autoptr(AlloyAtoms) mixed =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/CIF/9002807_occupancies.cif", warnings);
    if (tausonite == NULL || mixed == NULL)
        return;
    g_assert_cmpuint(tausonite->n, ==, 20);
    g_assert_cmpuint(reading_count(tausonite, "O"), ==, 12);
    g_assert_cmpuint(reading_count(tausonite, "Sr"), ==, 4);
    test_assert_near(alloy_cell_volume(tausonite->cell), 237.891, 0.0006);
    g_assert_cmpuint(mixed->n, ==, 24);
    g_assert_cmpuint(reading_count(mixed, "Ca"), ==, 4);
    double oxygen = 0, strontium = 0;
    for (size_t i = 0; i < mixed->n; i++) {
        const char *name = mixed->kinds[mixed->species[i]].name;
        oxygen += strcmp(name, "O") == 0 ? reading_number(mixed, "occupancy", i) : 0;
        strontium += strcmp(name, "Sr") == 0 ? reading_number(mixed, "occupancy", i) : 0;
    }
    test_assert_near(oxygen / strontium, 3 / 0.65, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cif/operations", test_operations);
    g_test_add_func("/cif/expand", test_expand);
    g_test_add_func("/cif/words", test_words);
    g_test_add_func("/cif/occupancy", test_occupancy);
    g_test_add_func("/cif/blocks", test_blocks);
    g_test_add_func("/cif/refused", test_refused);
    g_test_add_func("/cif/real", test_real);
    return g_test_run();
}
