/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/base/random.h"

#define HEAD "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n2\n"
#define BOX "ITEM: BOX BOUNDS pp pp ff\n0 10\n-2 8\n1 5\n"

static void test_scaled(void)
{
    /* xs runs from 0 to 1 over the box of its own frame (docs.lammps.org/dump): lo + xs (hi - lo). */
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        "lammps-dump", HEAD BOX "ITEM: ATOMS type zs xs ys id\n2 0.5 0.25 1 9\n1 0 -0.1 0 4\n", NULL);
    reading_position(atoms, 0, 2.5, 8, 3, 1e-14);
    reading_position(atoms, 1, -1, -2, 1, 1e-14);
    g_assert_true(atoms->cell->periodic[0] && atoms->cell->periodic[1] && !atoms->cell->periodic[2]);
    test_assert_near(atoms->cell->origin[1], -2, 0);
    /* The file's order and its numbers are kept; kinds come in the order of the types. */
    g_assert_cmpfloat(reading_number(atoms, "id", 0), ==, 9);
    g_assert_cmpstr(atoms->kinds[0].name, ==, "Type 1");
    g_assert_cmpstr(atoms->kinds[atoms->species[0]].name, ==, "Type 2");
    g_assert_null(alloy_atoms_column(atoms, "type"));
    g_assert_cmpint(alloy_columns_get(atoms->info, "timestep")->integer[0], ==, 7);
}

static void test_triclinic(void)
{
    /* docs.lammps.org/Howto_triclinic: xlo = xlo_bound - min(0, xy, xz, xy + xz), ylo = ylo_bound - min(0,
     * yz), and with max for the high bounds. Here xy = -2, xz = 1, yz = -3, box 0..10, 0..10, 0..9. */
    g_autoptr(AlloyAtoms) atoms =
        (AlloyAtoms *)reading_atoms("lammps-dump",
                                    HEAD "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-2 11 -2\n-3 10 1\n0 9 -3\n"
                                         "ITEM: ATOMS id element xs ys zs\n1 Pd 0 0 0\n2 IR .5 .5 .5\n",
                                    NULL);
    const double rows[3][3] = {{10, 0, 0}, {-2, 10, 0}, {1, -3, 9}};
    reading_cell(atoms->cell, rows, 0);
    reading_position(atoms, 1, 4.5, 3.5, 4.5, 1e-14);
    g_assert_cmpuint(reading_count(atoms, "Pd"), ==, 1);
    g_assert_cmpuint(reading_count(atoms, "Ir"), ==, 1);
    /* A general cell: rows are the vectors, the last column the origin. */
    g_autoptr(AlloyAtoms) general =
        (AlloyAtoms *)reading_atoms("lammps-dump",
                                    HEAD "ITEM: BOX BOUNDS abc origin pp ff pp\n0 3 0 .5\n4 0 0 -1\n0 0 5 2\n"
                                         "ITEM: ATOMS id type x y z\n1 1 0 0 0\n2 1 1 2 3\n",
                                    NULL);
    const double vectors[3][3] = {{0, 3, 0}, {4, 0, 0}, {0, 0, 5}};
    reading_cell(general->cell, vectors, 0);
    test_assert_near(general->cell->origin[1], -1, 0);
    g_assert_false(general->cell->periodic[1]);
}

static void test_units(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    /* docs.lammps.org/units: nano has nanometre and nanosecond. */
    g_autoptr(AlloySeries) nano = (AlloySeries *)reading_series(
        "lammps-dump",
        "ITEM: UNITS\nnano\nITEM: TIME\n2\n" HEAD BOX
        "ITEM: ATOMS id type x y z vx\n1 1 1 2 3 4\n2 1 0 0 0 5\n"
        "ITEM: TIME\n2.5\n" HEAD BOX "ITEM: ATOMS id type x y z vx\n1 1 1 2 3 4\n2 1 0 0 0 5\n",
        warnings);
    reading_position(nano->stages[1].atoms, 0, 10, 20, 30, 0);
    test_assert_near(nano->stages[1].atoms->cell->vector[2][2], 40, 0);
    test_assert_near(nano->stages[0].time, 0, 0);
    test_assert_near(nano->stages[1].time, 0.5e-9, 1e-25);
    g_assert_cmpstr(alloy_atoms_column(nano->stages[0].atoms, "vx")->unit, ==, "nm/ns");
    g_assert_cmpfloat(alloy_columns_get(nano->stages[0].atoms->info, "time")->real[0], ==, 2);
    g_assert_cmpstr(nano->stages[0].label, ==, "step 7");
    g_assert_nonnull(reading_warning(warnings, "unit"));
}

static void test_columns(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        "lammps-dump",
        HEAD BOX "ITEM: ATOMS id type mass xu yu zu ix species c_q grain tag v_bad\n"
                 "5 1 106.42 1 2 3 -1 a 1 12 up nan\n7 2 192.22 4 5 6 2 b 2 13 down 6.69514e-204\n",
        warnings);
    /* Unwrapped positions stay where they are. */
    reading_position(atoms, 1, 4, 5, 6, 0);
    g_assert_cmpint(alloy_atoms_column(atoms, "ix")->type, ==, ALLOY_INTEGER);
    g_assert_cmpfloat(reading_number(atoms, "ix", 0), ==, -1);
    /* Computes are real whatever they hold; names of other programs go by their values. */
    g_assert_cmpint(alloy_atoms_column(atoms, "c_q")->type, ==, ALLOY_REAL);
    g_assert_cmpint(alloy_atoms_column(atoms, "grain")->type, ==, ALLOY_INTEGER);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(atoms, "tag"), 1), ==, "down");
    g_assert_true(isnan(reading_number(atoms, "v_bad", 0)));
    g_assert_cmpfloat(reading_number(atoms, "v_bad", 1), ==, 6.69514e-204);
    /* The name "species" is the model's own. */
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(atoms, "file_species"), 0), ==, "a");
    g_assert_nonnull(strstr(reading_warning(warnings, "species"), "mass of Pd"));
    const AlloyWarning *warning = warnings->pdata[0];
    g_assert_cmpstr(warning->fix, ==, "species=Type 1:Pd");
}

static void test_odd_heads(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyAtoms) old = (AlloyAtoms *)reading_atoms(
        "lammps-dump", HEAD "ITEM: BOX BOUNDS\n0 10\n0 10\n0 10\nITEM: ATOMS\n1 1 .1 .2 .3\n2 3 .5 .5 .5\n",
        warnings);
    reading_position(old, 0, 1, 2, 3, 1e-15);
    g_assert_cmpuint(reading_count(old, "Type 3"), ==, 1);
    g_assert_true(old->cell->periodic[2]);
    g_assert_nonnull(reading_warning(warnings, "cell"));
    g_assert_nonnull(reading_warning(warnings, "unit"));
    /* Unknown items are passed over, types may have names, a box of no extent is none. */
    g_autoptr(AlloyAtoms) odd = (AlloyAtoms *)reading_atoms(
        "lammps-dump",
        "ITEM: NEW THING\n1 2 3\nwhatever\n" HEAD
        "ITEM: BOX BOUNDS ff ff ff\n0 0\n0 0\n0 0\nITEM: ATOMS x y z type\n1 2 3 Pd\n4 5 6 core\n",
        NULL);
    g_assert_null(odd->cell);
    g_assert_cmpuint(reading_count(odd, "Pd"), ==, 1);
    g_assert_cmpuint(reading_count(odd, "core"), ==, 1);
}

static void test_damaged(void)
{
    const char *good = HEAD BOX "ITEM: ATOMS id type x y z\n1 1 0 0 0\n2 1 1 1 1\n";
    /* A run that was killed and went on in the same file: the frame that was cut is left out. */
    g_autofree char *again = g_strconcat(good, HEAD BOX "ITEM: ATOMS id type x y z\n1 1 0 0 0\n", good, NULL);
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series("lammps-dump", again, warnings);
    g_assert_cmpuint(series->n, ==, 2);
    g_assert_nonnull(strstr(reading_warning(warnings, "truncated"), "frame 1"));
    /* 11 lines of the first frame, 9 of the head of the second, its first atom: the next frame's head in
     * line 22. */
    g_assert_nonnull(strstr(reading_warning(warnings, "truncated"), "line 22"));
    g_autofree char *cut = g_strconcat(good, HEAD BOX, NULL);
    g_autoptr(AlloyAtoms) one = (AlloyAtoms *)reading_atoms("lammps-dump", cut, NULL);
    g_assert_cmpuint(one->n, ==, 2);
}

/* Frames that each claim the whole rest of the file must not make reading it quadratic: this would take
 * minutes. */
static void test_claims(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 50000; i++)
        g_string_append(
            text,
            "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n200000\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n"
            "ITEM: ATOMS id type x y z\n1 1 0 0 0\n");
    reading_fails("lammps-dump", text->str, "line 11: 5 columns expected, 2 found");
}

static void test_refused(void)
{
    const char *form = "lammps-dump";
    reading_fails(form, HEAD BOX "ITEM: ATOMS id type x y z\n1 1 0 0 0\n2 1 1 nan 1\n",
                  "line 11: y: a finite number");
    reading_fails(form, HEAD BOX "ITEM: ATOMS id type x y z\n1 1 0 0 0\n2 1 1 1\n",
                  "line 11: 5 columns expected, 4");
    reading_fails(form, HEAD BOX "ITEM: ATOMS id type x y\n1 1 0 0\n2 1 1 1\n", "line 9: no positions");
    reading_fails(form, HEAD "ITEM: ATOMS id type xs ys zs\n1 1 0 0 0\n2 1 1 1 1\n", "no ITEM: BOX BOUNDS");
    reading_fails(form, HEAD "ITEM: BOX BOUNDS pp pp pp\n10 0\n0 1\n0 1\n",
                  "line 8: the box goes from 10 down to 0");
    reading_fails(form,
                  "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n99999999999\n" BOX "ITEM: ATOMS x y z\n1 2 3\n",
                  "99999999999 atoms announced");
    reading_fails(form, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n-3\n" BOX "ITEM: ATOMS x y z\n1 2 3\n",
                  "number of atoms is -3");
    reading_fails(form, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ENTRIES\n3\n", "no atoms");
    reading_fails(form, "ITEM: TIMESTEP\n0\n", "ends in the header");
    reading_fails(form, HEAD BOX "ITEM: ATOMS id type x y z\n1 1.5 0 0 0\n2 1 1 1 1\n", "no integers");
    /* 1e308 box lengths times 10. */
    reading_fails(form,
                  HEAD "ITEM: BOX BOUNDS pp pp pp\n0 1e308\n0 1\n0 1\nITEM: ATOMS xs ys zs\n10 0 0\n0 0 0\n",
                  "beyond all numbers");
}

static const AlloyAtoms *sample(const AlloyCell *cell, gboolean named, size_t n)
{
    AlloyRandom random;
    alloy_random_init(&random, 1, 2);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    double *real = alloy_array_new(double, n);
    int64_t *whole = alloy_array_new(int64_t, n);
    uint32_t *code = alloy_array_new(uint32_t, n);
    static const char *const labels[] = {"core", "the shell"};
    for (int k = 0; k < 2; k++)
        alloy_atoms_builder_named_kind(builder, named ? (k ? "Ir" : "Pd") : (k ? "Type 4" : "Type 2"), 0);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 30 * alloy_random_normal(&random);
        builder->y[i] = alloy_random_normal(&random) * 1e-9;
        builder->z[i] = alloy_random_normal(&random) * 1e5;
        builder->species[i] = (uint16_t)alloy_random_below(&random, 2);
        real[i] = i % 5 == 0 ? (double)i : i % 7 == 0 ? (double)NAN : alloy_random_normal(&random);
        whole[i] = (int64_t)alloy_random_u64(&random);
        code[i] = alloy_random_below(&random, 2);
    }
    if (cell != NULL)
        alloy_atoms_builder_set_cell(builder, cell);
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("id", "1", whole, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("csrop", "1", real, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_text("region", code, n, labels, 2));
    alloy_atoms_builder_set_info(builder, alloy_scalar_integer("timestep", "1", 42));
    return alloy_atoms_builder_finish(builder);
}

static void assert_same(const AlloyAtoms *a, const AlloyAtoms *b)
{
    reading_same_positions(a, b);
    reading_same_species(a, b);
    g_assert_cmpmem(alloy_atoms_column(a, "id")->integer, a->n * 8, alloy_atoms_column(b, "id")->integer,
                    b->n * 8);
    const AlloyColumn *p = alloy_atoms_column(a, "csrop"), *q = alloy_atoms_column(b, "csrop");
    g_assert_cmpint(q->type, ==, ALLOY_REAL);
    for (size_t i = 0; i < a->n; i++)
        g_assert_true(p->real[i] == q->real[i] || (isnan(p->real[i]) && isnan(q->real[i])));
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(b, "region"), 0), ==,
                    alloy_atoms_column(a, "region")->code[0] == 0 ? "core" : "the_shell");
    g_assert_cmpint(alloy_columns_get(b->info, "timestep")->integer[0], ==, 42);
}

static void test_round_trip(void)
{
    const AlloyCell cells[] = {
        {{-1.25, 1.0 / 3, 7}, {{31.1, 0, 0}, {0, 29.7, 0}, {0, 0, 41.3}}, {TRUE, FALSE, TRUE}},
        {{0.1, 0.2, -0.3}, {{10.1, 0, 0}, {-2.3, 9.7, 0}, {1.1, 3.3, 8.9}}, {TRUE, TRUE, TRUE}},
        {{1e-3, 0, 4}, {{1, 2.2, 3}, {-3, 1, 0.7}, {0.1, 0.2, -7}}, {FALSE, TRUE, TRUE}},
    };
    for (size_t c = 0; c < G_N_ELEMENTS(cells); c++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)sample(&cells[c], c != 1, 300);
        g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("lammps-dump", atoms, NULL);
        assert_same(atoms, again);
        /* A box is stored by its bounds, so that its lengths are differences of rounded numbers: a few units
         * in the last place of the largest bound; general cells are stored as they are. */
        double tolerance = c == 2 ? 0 : 50 * 0x1p-52;
        for (int k = 0; k < 3; k++) {
            test_assert_near(again->cell->origin[k], cells[c].origin[k], tolerance);
            g_assert_cmpint(again->cell->periodic[k], ==, cells[c].periodic[k]);
            for (int j = 0; j < 3; j++)
                test_assert_near(again->cell->vector[k][j], cells[c].vector[k][j], tolerance);
        }
    }
    /* Without a cell the box encloses the atoms and is periodic nowhere. */
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)sample(NULL, TRUE, 50);
    g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("lammps-dump", bare, NULL);
    assert_same(bare, again);
    double low[3], high[3];
    alloy_atoms_bounds(bare, low, high);
    g_assert_false(alloy_cell_is_periodic(again->cell));
    test_assert_near(again->cell->origin[0], low[0], 0);
}

static void test_series(void)
{
    const AlloyStage stages[] = {
        {sample(NULL, TRUE, 20), 0, NAN, "0 min"},
        {sample(NULL, TRUE, 30), 1800, NAN, "30 min"},
        {sample(NULL, TRUE, 0), 7200, NAN, "2 h"},
    };
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("Particle", stages, G_N_ELEMENTS(stages));
    g_autoptr(AlloySeries) again = (AlloySeries *)reading_again("lammps-dump", series, NULL);
    g_assert_true(ALLOY_IS_SERIES(again));
    g_assert_cmpuint(again->n, ==, 3);
    for (size_t i = 0; i < 3; i++) {
        reading_same_positions(stages[i].atoms, again->stages[i].atoms);
        test_assert_near(again->stages[i].time, stages[i].time, 0);
        alloy_data_unref(stages[i].atoms);
    }
}

static void test_threads(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)sample(NULL, TRUE, 20000);
    g_autoptr(GBytes) first = NULL;
    g_autoptr(AlloyAtoms) first_read = NULL;
    for (unsigned threads = 1; threads <= 8; threads *= threads == 1 ? 2 : 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(GBytes) bytes = reading_written("lammps-dump", atoms);
        g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("lammps-dump", atoms, NULL);
        assert_same(atoms, again);
        if (first == NULL) {
            first = g_steal_pointer(&bytes);
            first_read = g_steal_pointer(&again);
            continue;
        }
        g_assert_true(g_bytes_equal(first, bytes));
        g_assert_cmpmem(first_read->species, first_read->n * 2, again->species, again->n * 2);
    }
    alloy_parallel_set_threads(0);
}

/* data/atoms/ovito_tests/README.md: 11 frames of 32 atoms; the Windows file is the same with CR LF. */
static void test_animation(void)
{
    g_autoptr(AlloySeries) plain =
        (AlloySeries *)reading_file("atoms/ovito_tests/LAMMPS/animation1.dump", NULL);
    g_autoptr(AlloySeries) windows =
        (AlloySeries *)reading_file("atoms/ovito_tests/LAMMPS/animation.windows_encoding.dump", NULL);
    g_autoptr(AlloySeries) packed =
        (AlloySeries *)reading_file("atoms/ovito_tests/LAMMPS/animation.dump.gz", NULL);
    if (plain == NULL || windows == NULL || packed == NULL)
        return;
    g_assert_cmpuint(plain->n, ==, 11);
    g_assert_cmpuint(windows->n, ==, 11);
    g_assert_cmpuint(packed->n, ==, 11);
    for (size_t i = 0; i < 11; i++) {
        g_assert_cmpuint(plain->stages[i].atoms->n, ==, 32);
        reading_same_positions(plain->stages[i].atoms, windows->stages[i].atoms);
    }
    /* Line "2 1 0.25 0.25 0" in a box of 3.35919. */
    reading_position(plain->stages[0].atoms, 1, 0.25 * 3.35919, 0.25 * 3.35919, 0, 1e-15);
    g_assert_cmpstr(plain->stages[10].label, ==, "step 10000");
    /* The corrupted one is cut in its tenth frame. */
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloySeries) cut =
        (AlloySeries *)reading_file("atoms/ovito_tests/LAMMPS/animation.corrupted.dump", warnings);
    g_assert_cmpuint(cut->n, ==, 9);
    g_assert_nonnull(strstr(reading_warning(warnings, "truncated"), "11 of 32"));
}

static void test_binary(void)
{
    static const char *const files[] = {"atoms/ovito_tests/LAMMPS/binary_dump.x86_64.bin",
                                        "atoms/ovito_tests/LAMMPS/binary_dump.bgq.bin"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = test_data_path(files[i]);
        if (path == NULL)
            return;
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_read_file(path, NULL, NULL, NULL, &error));
        g_assert_nonnull(strstr(error->message, "binary LAMMPS dump"));
    }
}

/* data/atoms/reference_numbers.json: large_periodic, and the tilted box of frank_read as its lines say. */
static void test_large(void)
{
    g_autoptr(AlloyAtoms) glass =
        (AlloyAtoms *)reading_file("atoms/ovito_examples/CuZr_metallic_glass.dump.gz", NULL);
    g_autoptr(AlloyAtoms) palladium =
        (AlloyAtoms *)reading_file("atoms/ovito_examples/NanocrystallinePd.dump.gz", NULL);
    g_autoptr(AlloyAtoms) tilted =
        (AlloyAtoms *)reading_file("atoms/ovito_tests/LAMMPS/frank_read.dump.gz", NULL);
    if (glass == NULL || palladium == NULL || tilted == NULL)
        return;
    g_assert_cmpuint(glass->n, ==, 108000);
    g_assert_cmpuint(reading_count(glass, "Type 1"), ==, 69120);
    g_assert_cmpuint(reading_count(glass, "Type 2"), ==, 38880);
    g_assert_cmpuint(glass->columns->len, ==, 0);
    test_assert_near(glass->cell->origin[1], -0.1155899987, 0);
    test_assert_near(glass->cell->vector[2][2], 119.7289963 + 0.1155899987, 1e-13);
    g_assert_cmpuint(palladium->n, ==, 218901);
    g_assert_cmpuint(palladium->columns->len, ==, 2);
    test_assert_near(palladium->cell->vector[1][1], 2 * 74.036, 0);
    test_assert_near(palladium->x[0], 73.7793, 0);
    g_assert_cmpuint(tilted->n, ==, 14120);
    const double rows[3][3] = {{31.563 + 31.449 - 0.114044, 0, 0}, {0, 122.024, 0}, {0.114044, 0, 55.8644}};
    reading_cell(tilted->cell, rows, 1e-13);
}

/* Names that become others as one word: "v x" must not become a variable, which holds numbers, and no two
 * columns one. */
static void test_names(void)
{
    static const char text[] = "speed,v x,v_x,x,y,z,type\nfast,slow,1.5,0,0,0,1\nb,c,2.5,1,0,0,1\n";
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("text", text, NULL);
    g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("lammps-dump", atoms, NULL);
    g_assert_cmpuint(again->columns->len, ==, 4); /* and id */
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(again, "text_v_x"), 0), ==, "slow");
    g_assert_cmpfloat(reading_number(again, "v_x", 1), ==, 2.5);
    g_autoptr(AlloyAtoms) twins =
        (AlloyAtoms *)reading_atoms("text", "a b,a_b,x,y,z,type\n1,2,0,0,0,1\n", NULL);
    g_autoptr(AlloyAtoms) both = (AlloyAtoms *)reading_again("lammps-dump", twins, NULL);
    g_assert_cmpfloat(reading_number(both, "a_b", 0), ==, 1);
    g_assert_cmpfloat(reading_number(both, "a_b_2", 0), ==, 2);
    g_autoptr(GString) many = g_string_new(HEAD BOX "ITEM: ATOMS x y z");
    for (int i = 0; i < 5000; i++)
        g_string_append(many, " c");
    g_string_append(many, "\n");
    reading_fails("lammps-dump", many->str, "line 9: 5003 columns, 4096 at most are read");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lammps-dump/scaled", test_scaled);
    g_test_add_func("/lammps-dump/triclinic", test_triclinic);
    g_test_add_func("/lammps-dump/units", test_units);
    g_test_add_func("/lammps-dump/columns", test_columns);
    g_test_add_func("/lammps-dump/odd-heads", test_odd_heads);
    g_test_add_func("/lammps-dump/damaged", test_damaged);
    g_test_add_func("/lammps-dump/claims", test_claims);
    g_test_add_func("/lammps-dump/refused", test_refused);
    g_test_add_func("/lammps-dump/round-trip", test_round_trip);
    g_test_add_func("/lammps-dump/names", test_names);
    g_test_add_func("/lammps-dump/series", test_series);
    g_test_add_func("/lammps-dump/threads", test_threads);
    g_test_add_func("/lammps-dump/animation", test_animation);
    g_test_add_func("/lammps-dump/binary", test_binary);
    g_test_add_func("/lammps-dump/large", test_large);
    return g_test_run();
}
