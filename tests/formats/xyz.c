/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/base/random.h"

/* XYZ and extended XYZ. The grammar of the comment line is the specification of libAtoms/extxyz (README,
 * "Extended XYZ specification"); what other programs write besides is said where it is tested. */

static const AlloyColumn *info(const AlloyAtoms *atoms, const char *name)
{
    const AlloyColumn *column = alloy_columns_get(atoms->info, name);
    if (column == NULL)
        g_test_message("no entry %s", name);
    g_assert_nonnull(column);
    return column;
}

static const AlloyAtoms *with_comment(const char *comment, GPtrArray *warnings)
{
    g_autofree char *text = g_strdup_printf("1\n%s\nPd 0.5 1.5 2.5\n", comment);
    return reading_atoms("xyz", text, warnings);
}

static void test_plain(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        "xyz", "  3 \r\n a comment \r\nPd\t1e0 -2.5D+00 .5 \r\n77 1 2 3\r\npt1 -0 1E-3 7", warnings);
    g_assert_cmpuint(warnings->len, ==, 0);
    g_assert_cmpuint(atoms->n, ==, 3);
    reading_position(atoms, 0, 1, -2.5, 0.5, 0);
    reading_position(atoms, 2, 0, 0.001, 7, 0);
    g_assert_cmpstr(atoms->kinds[atoms->species[1]].name, ==, "Ir"); /* 77 is its atomic number */
    g_assert_cmpstr(atoms->kinds[atoms->species[2]].name, ==, "pt1");
    g_assert_cmpint(atoms->kinds[atoms->species[2]].z, ==, 78);
    g_assert_null(atoms->cell);
    g_assert_cmpstr(alloy_column_text_at(info(atoms, "comment"), 0), ==, "a comment");
}

/* What stands for columns when nothing names them; every choice that could be another is told. */
static void test_without_properties(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) more =
        (AlloyAtoms *)reading_atoms("xyz", "2\n\nPd 0 0 0 7 0.5 a\nIr 1 0 0 8 1 b\n", warnings);
    g_assert_nonnull(reading_warning(warnings, "columns"));
    g_assert_cmpint(alloy_atoms_column(more, "column_5")->type, ==, ALLOY_INTEGER);
    g_assert_cmpint(alloy_atoms_column(more, "column_6")->type, ==, ALLOY_REAL);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(more, "column_7"), 1), ==, "b");
    g_ptr_array_set_size(warnings, 0);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)reading_atoms("xyz", "1\n\n0.5 1 2\n", warnings);
    g_assert_nonnull(reading_warning(warnings, "species"));
    g_assert_cmpuint(reading_count(bare, "X"), ==, 1);
    reading_position(bare, 0, 0.5, 1, 2, 0);
    g_autoptr(AlloyAtoms) numbered = (AlloyAtoms *)reading_atoms("xyz", "1\n\n12 Pd 0.5 1 2\n", NULL);
    g_assert_cmpfloat(reading_number(numbered, "id", 0), ==, 12);
    g_assert_cmpuint(reading_count(numbered, "Pd"), ==, 1);
    g_autoptr(AlloyAtoms) last = (AlloyAtoms *)reading_atoms("xyz", "1\n\n0.5 1 2 Pd\n", NULL);
    reading_position(last, 0, 0.5, 1, 2, 0);
    g_assert_cmpuint(reading_count(last, "Pd"), ==, 1);
    /* A Lattice without Properties is common. */
    g_autoptr(AlloyAtoms) cell =
        (AlloyAtoms *)with_comment("Lattice=\"3 0 0 0 3 0 0 0 3\" pbc=\"F F F\"", NULL);
    g_assert_nonnull(cell->cell);
    g_assert_false(alloy_cell_is_periodic(cell->cell));
}

static void test_properties(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        "xyz",
        "2\nProperties=id:I:1:force:R:3:pos:R:3:ok:L:1:tag:S:1:t:R:2:species:S:1:x:R:1:id:R:1\n"
        "7 1 2 3 4 5 6 T a 8 9 Pd 10 11\n-8 1 2 3 4 5 6 false b 8 nan Ir -inf 0\n",
        NULL);
    static const char *const names[] = {"id",  "force_x", "force_y", "force_z", "ok",
                                        "tag", "t_1",     "t_2",     "x_2",     "id_2"};
    static const double first[] = {7, 1, 2, 3, 1, NAN, 8, 9, 10, 11};
    g_assert_cmpuint(atoms->columns->len, ==, G_N_ELEMENTS(names));
    for (size_t c = 0; c < G_N_ELEMENTS(names); c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        g_assert_cmpstr(column->name, ==, names[c]);
        if (column->type != ALLOY_TEXT)
            g_assert_cmpfloat(alloy_column_real_at(column, 0), ==, first[c]);
    }
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(atoms, "tag"), 1), ==, "b");
    g_assert_true(isnan(reading_number(atoms, "t_2", 1)));
    g_assert_cmpfloat(reading_number(atoms, "x_2", 1), ==, -INFINITY);
    reading_position(atoms, 1, 4, 5, 6, 0);
    /* No species: from Z; else types, which are no atomic numbers. */
    g_autoptr(AlloyAtoms) z =
        (AlloyAtoms *)reading_atoms("xyz", "1\nProperties=pos:R:3:Z:I:1\n0 0 0 46\n", NULL);
    g_assert_cmpuint(reading_count(z, "Pd"), ==, 1);
    g_autoptr(AlloyAtoms) type =
        (AlloyAtoms *)reading_atoms("xyz", "2\nProperties=type:I:1:pos:R:3\n46 0 0 0\n-1 1 1 1\n", NULL);
    g_assert_cmpuint(reading_count(type, "Type 46"), ==, 1);
    g_assert_cmpuint(reading_count(type, "Type -1"), ==, 1);
    g_assert_cmpfloat(reading_number(type, "type", 0), ==, 46);
}

static void test_values(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)with_comment(
        "Properties=species:S:1:pos:R:3 i=-7 r=1.5 d=1.5D+03 t=T f=FALSE s=word q=\"two words\" n=\"30\" "
        "e=\"a \\\"b\\\" \\\\ \\n c\" old={1 2 3} oldq=\"1 2.5\" new=[1,2,3] mixed=[1, 2.5] l=[T, F] w=[a, "
        "\"b c\"] "
        "m=[[1,2],[3,4]] empty=\"\" none=[] single='x y' \"odd key\"=1 sp = 2 i=8",
        warnings);
    g_assert_cmpuint(warnings->len, ==, 0);
    static const struct {
        const char *name;
        AlloyType type;
        size_t n;
        double last;
    } numbers[] = {
        {"i", ALLOY_INTEGER, 1, 8},       {"r", ALLOY_REAL, 1, 1.5},    {"d", ALLOY_REAL, 1, 1500},
        {"t", ALLOY_BOOLEAN, 1, 1},       {"f", ALLOY_BOOLEAN, 1, 0},   {"n", ALLOY_INTEGER, 1, 30},
        {"old", ALLOY_INTEGER, 3, 3},     {"oldq", ALLOY_REAL, 2, 2.5}, {"new", ALLOY_INTEGER, 3, 3},
        {"mixed", ALLOY_REAL, 2, 2.5},    {"l", ALLOY_BOOLEAN, 2, 0},   {"m", ALLOY_INTEGER, 4, 4},
        {"odd key", ALLOY_INTEGER, 1, 1}, {"sp", ALLOY_INTEGER, 1, 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const AlloyColumn *column = info(atoms, numbers[i].name);
        g_test_message("%s", numbers[i].name);
        g_assert_cmpint(column->type, ==, numbers[i].type);
        g_assert_cmpuint(column->n, ==, numbers[i].n);
        g_assert_cmpfloat(alloy_column_real_at(column, column->n - 1), ==, numbers[i].last);
    }
    static const char *const texts[][2] = {
        {"s", "word"}, {"q", "two words"}, {"e", "a \"b\" \\ \n c"}, {"empty", ""}, {"single", "x y"}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_cmpstr(alloy_column_text_at(info(atoms, texts[i][0]), 0), ==, texts[i][1]);
    g_assert_cmpstr(alloy_column_text_at(info(atoms, "w"), 1), ==, "b c");
    g_assert_null(alloy_columns_get(atoms->info, "none"));
    g_assert_null(alloy_columns_get(atoms->info, "Properties"));
}

static void test_cells(void)
{
    static const double rows[3][3] = {{1, 2, 3}, {0, 4, 5}, {0, 0, 6}};
    static const char *const same[] = {"Lattice=\"1 2 3 0 4 5 0 0 6\"", "lattice={1 2 3 0 4 5 0 0 6}",
                                       "Lattice=[[1,2,3],[0,4,5],[0,0,6]]",
                                       "Lattice = '1 2 3 0 4 5 0 0 6' Properties = species:S:1:pos:R:3"};
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)with_comment(same[i], NULL);
        reading_cell(atoms->cell, rows, 0);
        /* Periodic unless pbc says otherwise. */
        g_assert_true(atoms->cell->periodic[0] && atoms->cell->periodic[1] && atoms->cell->periodic[2]);
    }
    static const double diagonal[3][3] = {{2, 0, 0}, {0, 3, 0}, {0, 0, 4}};
    g_autoptr(AlloyAtoms) three =
        (AlloyAtoms *)with_comment("Lattice=\"2 3 4\" pbc=[1, 0, 1] Origin=\"-1 -2 -3\"", NULL);
    reading_cell(three->cell, diagonal, 0);
    g_assert_true(three->cell->periodic[0] && !three->cell->periodic[1] && three->cell->periodic[2]);
    g_assert_cmpfloat(three->cell->origin[2], ==, -3);
    /* ASE writes zeros where there is no cell. */
    g_autoptr(AlloyAtoms) zeros = (AlloyAtoms *)with_comment(
        "Lattice=\"0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0\" Properties=species:S:1:pos:R:3 pbc=\"F F F\"", NULL);
    g_assert_null(zeros->cell);
    reading_fails("xyz", "1\nLattice=\"1 2 x\"\nPd 0 0 0\n", "line 2: Lattice: 9 finite numbers expected");
    reading_fails("xyz", "1\nLattice=\"1 0 0 0 1 0 0 0 nan\"\nPd 0 0 0\n", "line 2: Lattice");
    reading_fails("xyz", "1\nLattice=\"1 0 0 0 1 0 1 1 0\"\nPd 0 0 0\n", "line 2: Lattice: ");
    reading_fails("xyz", "1\nLattice=\"1 1 1\" pbc=\"T maybe F\"\nPd 0 0 0\n", "line 2: pbc");
}

/* A comment is free text unless it has Properties or Lattice. */
static void test_comments(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    static const char *const free_text[] = {"no Lattice => no cell", "Properties are listed below",
                                            "x=1 and so on", " i =  1, time = 0.5, E = -3.2"};
    for (size_t i = 0; i < G_N_ELEMENTS(free_text); i++) {
        g_autofree char *stripped = g_strstrip(g_strdup(free_text[i]));
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)with_comment(free_text[i], warnings);
        g_assert_cmpstr(alloy_column_text_at(info(atoms, "comment"), 0), ==, stripped);
    }
    g_autoptr(AlloyAtoms) pairs = (AlloyAtoms *)with_comment("frame=3 energy=-1.5", warnings);
    g_assert_cmpfloat(alloy_column_real_at(info(pairs, "energy"), 0), ==, -1.5);
    g_assert_cmpuint(warnings->len, ==, 0);
    g_autoptr(AlloyAtoms) latin = (AlloyAtoms *)with_comment("10 \305ngstr\366m", warnings);
    g_assert_cmpstr(alloy_column_text_at(info(latin, "comment"), 0), ==, "10 \303\205ngstr\303\266m");
    g_assert_nonnull(reading_warning(warnings, "encoding"));
    g_ptr_array_set_size(warnings, 0);
    g_autoptr(AlloyAtoms) words =
        (AlloyAtoms *)with_comment("Properties=species:S:1:pos:R:3 alone a=1", warnings);
    g_assert_nonnull(strstr(reading_warning(warnings, "ignored"), "\"alone\""));
    g_assert_cmpfloat(alloy_column_real_at(info(words, "a"), 0), ==, 1);
}

static void test_frames(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloySeries) series =
        (AlloySeries *)reading_series("xyz",
                                      "1\nProperties=species:S:1:pos:R:3 stage_time=1800 "
                                      "stage_temperature=573.0 stage_label=\"30 min\"\nPd 0 0 0\n"
                                      "\n0\n\n2\n\nPd 0 0 0\nIr 1 0 0\n\n",
                                      warnings);
    g_assert_cmpuint(series->n, ==, 3);
    g_assert_cmpfloat(series->stages[0].time, ==, 1800);
    g_assert_cmpfloat(series->stages[0].temperature, ==, 573);
    g_assert_cmpstr(series->stages[0].label, ==, "30 min");
    g_assert_true(isnan(series->stages[2].time));
    g_assert_cmpuint(series->stages[1].atoms->n, ==, 0);
    g_assert_cmpuint(series->stages[2].atoms->n, ==, 2);
    g_assert_cmpuint(warnings->len, ==, 0);
    /* The program that writes the file may still run. */
    static const char *const cut[][2] = {
        {"1\n\nPd 0 0 0\n2\n\nPd 1.0000 0.0000 0.0000\n", "line 6"},
        {"1\n\nPd 0 0 0\n2\n\nPd 1 0", "line 6"},
        {"1\n\nPd 0 0 0\n1\n\nPd 1 0", "line 6: 4 columns expected, 3 found"},
        {"1\n\nPd 0 0 0\n1\n", "line 5"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cut); i++) {
        g_ptr_array_set_size(warnings, 0);
        g_autoptr(AlloyAtoms) kept = (AlloyAtoms *)reading_atoms("xyz", cut[i][0], warnings);
        g_assert_cmpuint(kept->n, ==, 1);
        g_assert_nonnull(strstr(reading_warning(warnings, "truncated"), cut[i][1]));
    }
    reading_fails("xyz", "1\n\nPd 0 0\n1\n\nPd 1 0", "line 3: ");
    /* But wrong is wrong, and the first error counts. */
    reading_fails("xyz", "1\n\nPd 0 0 0\n1\n\nPd x 0 0\n1\n\nPd y 0 0\n",
                  "line 6: x: a number expected, \"x\" found");
    reading_fails("xyz", "1\n\nPd 0 0 0\nPd 1 0 0\n", "line 4: ");
}

static void test_refused(void)
{
    reading_fails("xyz", "two\n\nPd 0 0 0\n", "line 1: the number of atoms expected, \"two\" found");
    reading_fails("xyz", "1.5\n\nPd 0 0 0\n", "line 1: the number of atoms expected");
    reading_fails("xyz", "-3\n\n", "line 1: the number of atoms is -3");
    reading_fails("xyz", "99999999999\n\nPd 0 0 0\n",
                  "line 3: the file ends after 1 of the 99999999999 atoms that line 1 announces");
    reading_fails("xyz", "99999999999999999999999\n\nPd 0 0 0\n", "line 1: ");
    reading_fails("xyz", "2\n\nPd 0 0 0\n",
                  "line 3: the file ends after 1 of the 2 atoms that line 1 announces");
    reading_fails("xyz", "1\n\nPd 0 0\n", "line 3: ");
    reading_fails("xyz", "2\n\nPd 0 0 0\nPd 0 0 0 1\n", "line 4: 4 columns expected, 5 found");
    reading_fails("xyz", "2\n\nPd 0 0 0\n\n", "line 4: 4 columns expected, 0 found");
    reading_fails("xyz", "1\n\nPd 0 inf 0\n", "line 3: y: a finite number expected, \"inf\" found");
    reading_fails("xyz", "1\n\nPd 0 1e999 0\n", "line 3: y: a finite number expected");
    reading_fails("xyz", "1\n\nPd 0,5 1 2\n", "line 3: x: a number expected, \"0,5\" found");
    reading_fails("xyz", "1\nProperties=species:S:1:pos:R:3:n:I:1\nPd 0 0 0 1.5\n",
                  "line 3: n: an integer expected");
    reading_fails("xyz", "1\nProperties=species:S:1:pos:R:3:n:L:1\nPd 0 0 0 yes\n",
                  "line 3: n: T or F expected");
    reading_fails("xyz", "1\nProperties=species:S:1\nPd\n",
                  "line 2: Properties: a column pos:R:3 is expected");
    reading_fails("xyz", "1\nProperties=pos:R:3:species\nPd\n", "line 2: Properties: triplets");
    reading_fails("xyz", "1\nProperties=pos:Q:3\nPd\n", "line 2: Properties: a name and a type");
    reading_fails("xyz", "1\nProperties=pos:R:0\nPd\n", "line 2: Properties: a count of columns");
    reading_fails("xyz", "1\nProperties=pos:R:3:a:R:99999999999\nPd\n",
                  "line 2: Properties: a count of columns");
    reading_fails("xyz", "1\nProperties=species:S:1:pos:R:3 a=\"b\nPd 0 0 0\n", "line 2: the closing quote");
    reading_fails("xyz", "1\nProperties=species:S:1:pos:R:3 a=[1, 2\nPd 0 0 0\n", "line 2: the closing ]");
}

/* Everything that atoms can hold, with names and texts that need care. */
static const AlloyAtoms *rich_atoms(void)
{
    enum { N = 3 };
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(N);
    AlloyCell cell = {{-1, 0.1, 0}, {{10, 0, 0}, {1.0 / 3, 9, 0}, {0, 0, -8}}, {TRUE, FALSE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    static const char *const kinds[N] = {"Pd", "HEA", "Ir"};
    double *real = alloy_array_new(double, N);
    int64_t *integer = alloy_array_new(int64_t, N);
    uint8_t *boolean = alloy_array_new(uint8_t, N);
    uint32_t *code = alloy_array_new(uint32_t, N);
    for (size_t i = 0; i < N; i++) {
        builder->x[i] = 0.1 * (double)i;
        builder->y[i] = -1e-300 / (double)(i + 1);
        builder->z[i] = 123456789.0 / 7 * (double)i;
        builder->species[i] = (uint16_t)alloy_atoms_builder_named_kind(builder, kinds[i],
                                                                       i == 1   ? 0
                                                                       : i == 0 ? 46
                                                                                : 77);
        real[i] = i == 1 ? (double)NAN : M_PI * (double)i;
        integer[i] = i == 1 ? G_MININT64 : (int64_t)i;
        boolean[i] = i % 2;
        code[i] = (uint32_t)(i % 2);
    }
    static const char *const labels[] = {"a", "b,c\"d"};
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("csrop_Pd_Pd", "1", real, N));
    for (int k = 0; k < 3; k++) {
        g_autofree char *name = g_strdup_printf("force_%c", "xyz"[k]);
        double *force = alloy_array_new(double, N);
        for (size_t i = 0; i < N; i++)
            force[i] = (double)i + 0.25 * k;
        alloy_atoms_builder_set_column(builder, alloy_column_new_real(name, "eV/angstrom", force, N));
    }
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("id", "1", integer, N));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("selected", boolean, N));
    alloy_atoms_builder_set_column(builder, alloy_column_new_text("phase", code, N, labels, 2));
    alloy_atoms_builder_set_info(builder, alloy_scalar_real("stage_time", ALLOY_UNIT_TIME, 1800));
    alloy_atoms_builder_set_info(builder, alloy_scalar_integer("step", "1", -5));
    alloy_atoms_builder_set_info(builder, alloy_scalar_boolean("odd \"key\"=", TRUE));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("label", "30"));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("logic", "T F"));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("note", "a \"b\" \\ [c] \n d=e \303\205"));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("brackets", "[1 2]"));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("nothing", ""));
    double *virial = alloy_array_new(double, 2);
    virial[0] = 1;
    virial[1] = NAN;
    alloy_atoms_builder_set_info(builder, alloy_column_new_real("virial", "eV", virial, 2));
    return alloy_atoms_builder_finish(builder);
}

static void same_columns(const AlloyColumns *a, const AlloyColumns *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (unsigned c = 0; c < a->len; c++) {
        const AlloyColumn *p = a->pdata[c], *q = alloy_columns_get(b, p->name);
        g_test_message("%s", p->name);
        g_assert_nonnull(q);
        g_assert_cmpint(p->type, ==, q->type);
        g_assert_cmpstr(p->unit, ==, q->unit);
        g_assert_cmpuint(p->n, ==, q->n);
        for (size_t i = 0; i < p->n; i++) {
            if (p->type == ALLOY_TEXT)
                g_assert_cmpstr(alloy_column_text_at(p, i), ==, alloy_column_text_at(q, i));
            else if (p->type == ALLOY_REAL)
                g_assert_true(p->real[i] == q->real[i] || (isnan(p->real[i]) && isnan(q->real[i])));
            else if (p->type == ALLOY_INTEGER)
                g_assert_cmpint(p->integer[i], ==, q->integer[i]);
            else
                g_assert_cmpint(p->boolean[i], ==, q->boolean[i]);
        }
    }
}

static void test_round_trip(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)rich_atoms();
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("xyz", atoms, warnings);
    g_assert_cmpuint(warnings->len, ==, 0);
    reading_same_positions(atoms, again);
    reading_same_species(atoms, again);
    g_assert_nonnull(again->cell);
    g_assert_cmpmem(atoms->cell->origin, sizeof atoms->cell->origin, again->cell->origin,
                    sizeof again->cell->origin);
    g_assert_cmpmem(atoms->cell->vector, sizeof atoms->cell->vector, again->cell->vector,
                    sizeof again->cell->vector);
    g_assert_cmpmem(atoms->cell->periodic, sizeof atoms->cell->periodic, again->cell->periodic,
                    sizeof again->cell->periodic);
    same_columns(atoms->columns, again->columns);
    same_columns(atoms->info, again->info);
    /* Vectors are written as such, for other programs. */
    g_autoptr(GBytes) bytes = reading_written("xyz", atoms);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_assert_nonnull(strstr(
        text, "Properties=species:S:1:pos:R:3:csrop_Pd_Pd:R:1:force:R:3:id:I:1:selected:L:1:phase:S:1"));
    g_assert_nonnull(strstr(text, "column_units=\"force:eV/angstrom\""));
    /* And what cannot be written is at least written so that it reads. */
    g_autoptr(AlloyAtoms) types =
        (AlloyAtoms *)reading_atoms("xyz", "1\nProperties=type:I:1:pos:R:3\n2 0 0 0\n", NULL);
    g_autoptr(AlloyAtoms) types_again = (AlloyAtoms *)reading_again("xyz", types, NULL);
    g_assert_cmpuint(reading_count(types_again, "Type_2"), ==, 1);
}

static void test_series_round_trip(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)rich_atoms();
    AlloyStage stages[] = {{atoms, 0, 473.15, "0 min"}, {atoms, 1800, NAN, "30"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("x", stages, 2);
    g_autoptr(AlloySeries) again = (AlloySeries *)reading_again("xyz", series, NULL);
    g_assert_cmpuint(again->n, ==, 2);
    g_assert_cmpfloat(again->stages[0].temperature, ==, 473.15);
    g_assert_cmpfloat(again->stages[1].time, ==, 1800);
    g_assert_cmpstr(again->stages[0].label, ==, "0 min");
    g_assert_cmpstr(again->stages[1].label, ==, "30");
    reading_same_positions(atoms, again->stages[1].atoms);
}

/* Large enough for several blocks of bytes, with labels that come late, so that tables of blocks must be
 * merged. */
static char *large_file(size_t n, size_t bad)
{
    AlloyRandom random;
    alloy_random_init(&random, 1, 2);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%zu\nProperties=species:S:1:pos:R:3:tag:S:1:q:R:1\n", n);
    for (size_t i = 0; i < n; i++) {
        char numbers[4][G_ASCII_DTOSTR_BUF_SIZE];
        for (int k = 0; k < 4; k++)
            g_ascii_formatd(numbers[k], sizeof numbers[k], "%.6f", alloy_random_uniform(&random));
        g_string_append_printf(text, "%s %s %s %s t%zu %s%s\n",
                               i > n / 2 && i % 3 == 0 ? "Au"
                               : i % 2                 ? "Pd"
                                                       : "Ir",
                               numbers[0], numbers[1], numbers[2], i / 1000 * i % 97, numbers[3],
                               i >= bad ? "x" : "");
    }
    return g_string_free(text, FALSE);
}

static void test_threads(void)
{
    enum { N = 30000 };
    g_autofree char *good = large_file(N, N), *bad = large_file(N, N / 2);
    g_autoptr(AlloyAtoms) first = NULL;
    g_autoptr(GBytes) first_bytes = NULL;
    for (unsigned threads = 1; threads <= 8; threads *= threads == 1 ? 2 : 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("xyz", good, NULL);
        g_autoptr(GBytes) bytes = reading_written("xyz", atoms);
        /* Line N/2 + 3 is the first wrong one, in whatever order the blocks are read. */
        reading_fails("xyz", bad, "line 15003: q: a number expected");
        if (first == NULL) {
            first = g_steal_pointer(&atoms);
            first_bytes = g_steal_pointer(&bytes);
            continue;
        }
        reading_same_positions(first, atoms);
        g_assert_cmpmem(first->species, N * sizeof(uint16_t), atoms->species, N * sizeof(uint16_t));
        const AlloyColumn *p = alloy_atoms_column(first, "tag"), *q = alloy_atoms_column(atoms, "tag");
        g_assert_cmpmem(p->code, N * sizeof(uint32_t), q->code, N * sizeof(uint32_t));
        g_assert_cmpuint(p->n_labels, ==, q->n_labels);
        g_assert_true(g_bytes_equal(first_bytes, bytes));
    }
    alloy_parallel_set_threads(0);
    /* Line by line, as they stand in the file. */
    g_auto(GStrv) lines = g_strsplit(good, "\n", -1);
    for (size_t i = 0; i < N; i += 997) {
        g_auto(GStrv) words = g_strsplit(lines[i + 2], " ", -1);
        g_assert_cmpstr(first->kinds[first->species[i]].name, ==, words[0]);
        g_assert_cmpfloat(first->z[i], ==, g_ascii_strtod(words[3], NULL));
        g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(first, "tag"), i), ==, words[4]);
    }
}

/* Many small frames are read side by side. */
static void test_many_frames(void)
{
    enum { FRAMES = 500 };
    g_autoptr(GString) text = g_string_new(NULL);
    for (int f = 0; f < FRAMES; f++) {
        g_string_append_printf(text, "%d\nProperties=species:S:1:pos:R:3 alone\n", f % 5);
        for (int i = 0; i < f % 5; i++)
            g_string_append_printf(text, "Pd %d %d 0\n", f, i);
    }
    for (unsigned threads = 1; threads <= 8; threads *= 8) {
        alloy_parallel_set_threads(threads);
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(AlloySeries) series = (AlloySeries *)reading_series("xyz", text->str, warnings);
        g_assert_cmpuint(series->n, ==, FRAMES);
        for (size_t f = 0; f < FRAMES; f++) {
            g_assert_cmpuint(series->stages[f].atoms->n, ==, f % 5);
            if (f % 5 > 0)
                g_assert_cmpfloat(series->stages[f].atoms->x[0], ==, (double)f);
        }
        /* 500 times the same is said 20 times, and then that there is more. */
        g_assert_cmpuint(warnings->len, ==, 21);
    }
    alloy_parallel_set_threads(0);
}

static void test_cancel(void)
{
    g_autofree char *text = large_file(5000, 5000);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_read_memory("sample", text, strlen(text), "xyz", NULL, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_real(gconstpointer data)
{
    const char *const *expected = data; /* file, atoms, a kind, its count, a property or NULL */
    g_autoptr(AlloyData) read = reading_file(expected[0], NULL);
    if (read == NULL)
        return;
    const AlloyAtoms *atoms =
        ALLOY_IS_SERIES(read) ? ((const AlloySeries *)read)->stages[0].atoms : (const AlloyAtoms *)read;
    g_assert_cmpuint(atoms->n, ==, strtoul(expected[1], NULL, 10));
    g_assert_cmpuint(reading_count(atoms, expected[2]), ==, strtoul(expected[3], NULL, 10));
    if (expected[4] != NULL)
        g_assert_nonnull(alloy_atoms_column(atoms, expected[4]));
}

/* Frames without atoms and comment are one value, and there is an end to them: in 3 bytes each a file could
 * ask for any memory. */
static void test_empty_frames(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append(text, "0\n\n");
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series("xyz", text->str, NULL);
    g_assert_cmpuint(series->n, ==, 100000);
    for (size_t i = 0; i < series->n; i++)
        g_assert_true(series->stages[i].atoms == series->stages[0].atoms);
    g_string_append(text, "0\n\n");
    reading_fails("xyz", text->str, "line 200001: more than 100000 frames without atoms");
    /* One with a comment is not like the others. */
    g_autoptr(AlloySeries) three = (AlloySeries *)reading_series("xyz",
                                                                 "0\n\n0\na=1 Lattice=\"2 0 0 0 2 0 0 0 2\"\n"
                                                                 "1\n\nPd 0 0 0\n",
                                                                 NULL);
    g_assert_cmpuint(three->n, ==, 3);
    g_assert_null(three->stages[0].atoms->cell);
    g_assert_nonnull(three->stages[1].atoms->cell);
    g_assert_cmpuint(three->stages[2].atoms->n, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xyz/plain", test_plain);
    g_test_add_func("/xyz/without-properties", test_without_properties);
    g_test_add_func("/xyz/properties", test_properties);
    g_test_add_func("/xyz/values", test_values);
    g_test_add_func("/xyz/cells", test_cells);
    g_test_add_func("/xyz/comments", test_comments);
    g_test_add_func("/xyz/frames", test_frames);
    g_test_add_func("/xyz/refused", test_refused);
    g_test_add_func("/xyz/round-trip", test_round_trip);
    g_test_add_func("/xyz/series-round-trip", test_series_round_trip);
    g_test_add_func("/xyz/threads", test_threads);
    g_test_add_func("/xyz/many-frames", test_many_frames);
    g_test_add_func("/xyz/cancel", test_cancel);
    /* Counts from the README beside the files, and grep -c of the symbol. */
    static const char *const real[][5] = {
        {"aet/pdpt_pku/PB.xyz", "12038", "Pd", "2054", NULL},
        {"aet/pdpt_pku/EPB.xyz", "5377", "Pt", "4005", NULL},
        {"atoms/aet_large/HEA_11_94376_atoms.extxyz.gz", "94376", "X1", "17323", "boo"},
        {"atoms/freud_steinhardt/steinhardt_rc1.4_reference.extxyz.gz", "3288", "Ar", "3288", "avw6"},
        {"atoms/ovito_tests/XYZ/SiH.extended.xyz", "101", "Si", "41", "force_y"},
        {"atoms/ovito_tests/XYZ/LiH.xyz", "25", "Li", "9", "myprop"},
        {"atoms/ovito_tests/XYZ/pyridine_five.xyz", "11", "N", "1", "column_5"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(real); i++) {
        g_autofree char *path = g_strdup_printf("/xyz/real/%s", real[i][0]);
        g_test_add_data_func(path, real[i], test_real);
    }
    g_test_add_func("/xyz/empty-frames", test_empty_frames);
    return g_test_run();
}
