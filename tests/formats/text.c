/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/base/random.h"
#include "core/data/table.h"

#include <json-glib/json-glib.h>

/* Delimited text with and without header, CSV as RFC 4180 and the command line's contract have it (one row of
 * names, a second row "# unit,unit"), JSON. */

static const AlloyTable *read_table(const char *text, GPtrArray *warnings)
{
    AlloyData *data = reading_bytes("text", text, strlen(text), warnings);
    g_assert_true(ALLOY_IS_TABLE(data));
    return (const AlloyTable *)data;
}

static char *write_text(const char *format, gconstpointer data)
{
    g_autoptr(GBytes) bytes = reading_written(format, data);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static double value(const AlloyTable *table, const char *column, size_t i)
{
    const AlloyColumn *found = alloy_table_column(table, column);
    g_assert_nonnull(found);
    g_assert_cmpuint(i, <, found->n);
    return alloy_column_real_at(found, i);
}

static void test_separators(void)
{
    static const char *const same[] = {
        "r,g\n0.5,1\n1.5,-2e1\n",
        "r;g\n0.5;1\n1.5;-2e1\n",
        "r\tg\r\n0.5\t1\r\n1.5\t-2e1\r\n",
        "r g\n0.5   1\n  1.5 -2e1",
        "\xef\xbb\xbf# a remark\n\nr , g\n0.5 , 1\n% another\n\n1.5,-2e1\n\n",
        "\"r\",\"g\"\n\"0.5\",\"1\"\n1.5,-2D+01\n",
        "# r g\n0.5,1\n1.5,-20\n",
        "#r,g\n0.5 1\n1.5 -20\n",
        "% r(left edge of the bin, see text), g\n0.5,1\n1.5,-20\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_test_message("%s", same[i]);
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(AlloyTable) table = (AlloyTable *)read_table(same[i], warnings);
        g_assert_cmpuint(warnings->len, ==, 0);
        g_assert_cmpuint(table->n, ==, 2);
        g_assert_cmpuint(table->columns->len, ==, 2);
        g_assert_cmpfloat(value(table, "r", 1), ==, 1.5);
        g_assert_cmpfloat(value(table, "g", 1), ==, -20);
    }
}

static void test_types(void)
{
    g_autoptr(AlloyTable) table = (AlloyTable *)read_table(
        "i,r,t,late,gap,i\n1,1,1,1,1,7\n-2,,x,2,,8\n3,2.5,\"a,\"\"b\"\"\n c\",2.5,3,9\n", NULL);
    static const AlloyType types[] = {ALLOY_INTEGER, ALLOY_REAL, ALLOY_TEXT,
                                      ALLOY_REAL,    ALLOY_REAL, ALLOY_INTEGER};
    for (size_t c = 0; c < G_N_ELEMENTS(types); c++)
        g_assert_cmpint(((const AlloyColumn *)table->columns->pdata[c])->type, ==, types[c]);
    g_assert_true(isnan(value(table, "r", 1)));
    g_assert_true(isnan(value(table, "gap", 1)));
    g_assert_cmpstr(alloy_column_text_at(alloy_table_column(table, "t"), 2), ==, "a,\"b\"  c");
    g_assert_cmpfloat(value(table, "i_2", 2), ==, 9);
}

static void test_units(void)
{
    g_autoptr(AlloyTable) ours = (AlloyTable *)read_table("t,name,n\n# s,,1\n1,a,2\n", NULL);
    g_assert_cmpstr(alloy_table_column(ours, "t")->unit, ==, "s");
    g_assert_cmpstr(alloy_table_column(ours, "n")->unit, ==, "1");
    /* In names: known units only, for g(r) is a name. */
    g_autoptr(AlloyTable) names = (AlloyTable *)read_table("r (nm),g(r),q [1/A],T(K)\n1,2,3,4\n", NULL);
    g_assert_cmpstr(alloy_table_column(names, "r")->unit, ==, "nm");
    g_assert_cmpstr(alloy_table_column(names, "g(r)")->unit, ==, "1");
    g_assert_cmpstr(alloy_table_column(names, "q")->unit, ==, "1/A");
    g_assert_cmpstr(alloy_table_column(names, "T")->unit, ==, "K");
}

static void test_models(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    static const char *const same[] = {
        "species,x,y,z,cn\n# ,angstrom,angstrom,angstrom,1\nPd,1,2,3,12\nIr,4,5,6,9\n",
        "cn;z;Y;X;Element\n12;3;2;1;pd\n9;6;5;4;77\n", "x(A) y(A) z(A) symbol cn\n1 2 3 46 12\n4 5 6 77 9\n",
        "x (nm)\ty (nm)\tz (pm)\tspecies\tcn\n0.1\t0.2\t300\tPd\t12\n0.4\t0.5\t600\tIr\t9\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_test_message("%s", same[i]);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms("text", same[i], warnings);
        /* 0.2 nm is 2 angstrom to the last bit or the one before. */
        reading_position(atoms, 0, 1, 2, 3, 1e-15);
        reading_position(atoms, 1, 4, 5, 6, 1e-15);
        g_assert_cmpstr(atoms->kinds[atoms->species[1]].name, ==, "Ir");
        g_assert_cmpfloat(reading_number(atoms, "cn", 1), ==, 9);
        g_assert_cmpuint(atoms->columns->len, ==, 1);
        g_assert_cmpint(reading_warning(warnings, "unit") != NULL, ==, i == 3);
    }
    g_autoptr(AlloyAtoms) types = (AlloyAtoms *)reading_atoms("text", "type,x,y,z\n2,0,0,0\n1,1,1,1\n", NULL);
    g_assert_cmpuint(reading_count(types, "Type 2"), ==, 1);
    g_assert_cmpfloat(reading_number(types, "type", 0), ==, 2);
    g_ptr_array_set_size(warnings, 0);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)reading_atoms("text", "x,y,z\n1,2,3\n", warnings);
    g_assert_cmpuint(reading_count(bare, "X"), ==, 1);
    g_assert_nonnull(reading_warning(warnings, "species"));
}

/* No header: what is taken for what (delimited.c says the rules), and that it is told. */
static void test_guesses(void)
{
    static const struct {
        const char *text, *kind; /* NULL: a table */
    } cases[] = {
        {"1 2 3\n4 5 6\n", "X"},
        {"Pd 0.5 1 2\nIr 1 2 3\n", "Pd"},
        {"0.5,1,2,Pd\n1,2,3,Ir\n", "Pd"},
        {"14\t0.5\t1\t2\t1\t0\n14\t1\t2\t3\t1\t0\n14\t2\t2\t3\t1\t0\n14\t2\t4\t3\t1\t0\n", "Si"},
        {"1 0.5 1 2\n2 1 2 3\n1 3 3 3\n2 4 4 4\n", "Type 1"},
        {"0.5 1 2 46\n1 2 3 46\n3 3 3 77\n4 4 4 77\n", "Pd"},
        {"Pd 0.5 1 2 7 8 9\n", "Pd"},
        {"1 0.5 1 2\n2 1 2 3\n3 1 1 1\n4 2 2 2\n", NULL}, /* a counter */
        {"0.5 1 2 0.5\n1 2 3 0.25\n", NULL},
        {"1 0.5 1 2 3 4 5\n1 1 2 3 4 5 6\n1 1 1 1 1 1 1\n1 0 0 0 0 0 0\n", NULL},
        {"1 2\n3 4\n", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(AlloyData) data = reading_bytes("text", cases[i].text, strlen(cases[i].text), warnings);
        g_assert_nonnull(reading_warning(warnings, "columns"));
        if (cases[i].kind == NULL) {
            g_assert_true(ALLOY_IS_TABLE(data));
            continue;
        }
        g_assert_true(ALLOY_IS_ATOMS(data));
        g_assert_cmpuint(reading_count((const AlloyAtoms *)data, cases[i].kind), >, 0);
    }
    g_autoptr(AlloyAtoms) more = (AlloyAtoms *)reading_atoms("text", "Pd 0.5 1 2 7 8\nPd 1 2 3 9 8\n", NULL);
    reading_position(more, 1, 1, 2, 3, 0);
    g_assert_cmpfloat(reading_number(more, "column_5", 1), ==, 9);
}

static void test_refused(void)
{
    reading_fails("text", "# only\n\n%comments\n", "nothing but comments");
    reading_fails("text", "a,b\n1,2\n3\n", "line 3: 2 columns expected, 1 found");
    reading_fails("text", "a,b\n1,2\n# remark\n\n3,4,5\n", "line 5: 2 columns expected, 3 found");
    reading_fails("text", "a,b\n\"x\ny\",2\n3,4,5\n", "line 4: 2 columns expected, 3 found");
    reading_fails("text", "species,x,y,z\nPd,1,2,3\nIr,1,,3\n",
                  "line 3: y: a number expected, nothing found");
    reading_fails("text", "species,x,y,z\nPd,1,2,3\nIr,1,nan,3\n", "line 3: y: a finite number expected");
    reading_fails("text", "species;x;y;z\nPd;1,5;2;3\n", "line 2: x: a number expected, \"1,5\" found");
    reading_fails("text", "species,x,y,z\n0.5,1,2,3\n", "species are names or whole numbers");
    reading_fails("text", "Pd 1 2 3\nIr 1 2 inf\n", "line 2: ");
}

static void same_table(const AlloyTable *a, const AlloyTable *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    g_assert_cmpuint(a->columns->len, ==, b->columns->len);
    for (unsigned c = 0; c < a->columns->len; c++) {
        const AlloyColumn *p = a->columns->pdata[c], *q = b->columns->pdata[c];
        g_assert_cmpstr(p->name, ==, q->name);
        g_assert_cmpstr(p->unit, ==, q->unit);
        for (size_t i = 0; i < a->n; i++) {
            char s[32], t[32];
            if (p->type == ALLOY_BOOLEAN) /* 1 and 0 come back as integers */
                g_assert_cmpfloat(alloy_column_real_at(p, i), ==, alloy_column_real_at(q, i));
            else
                g_assert_cmpstr(alloy_column_format_at(p, i, s), ==, alloy_column_format_at(q, i, t));
        }
    }
}

static const AlloyTable *rich_table(void)
{
    enum { N = 4 };
    double *real = alloy_array_new(double, N);
    int64_t *integer = alloy_array_new(int64_t, N);
    uint8_t *boolean = alloy_array_new(uint8_t, N);
    uint32_t *code = alloy_array_new(uint32_t, N);
    for (size_t i = 0; i < N; i++) {
        real[i] = i == 1 ? (double)NAN : i == 2 ? 1e-320 : 0.1 * (double)i + 1.0 / 3;
        integer[i] = i == 0 ? G_MININT64 : (int64_t)i;
        boolean[i] = i % 2;
        code[i] = (uint32_t)i;
    }
    static const char *const labels[N] = {"plain", "# no, \"comment\"", " blanks ", ""};
    AlloyColumns *columns = alloy_columns_new(), *scalars = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_text("#name", code, N, labels, N));
    alloy_columns_set(columns, alloy_column_new_real("g, \"r\"", "1", real, N));
    alloy_columns_set(columns, alloy_column_new_integer("count", "atoms, all", integer, N));
    alloy_columns_set(columns, alloy_column_new_boolean("kept", boolean, N));
    alloy_columns_set(scalars, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, 3.4));
    alloy_columns_set(scalars, alloy_scalar_real("p", "1", (double)NAN));
    alloy_columns_set(scalars, alloy_scalar_text("note", "a \"b\"\n\001\303\205"));
    return alloy_table_new("a \"title\"", columns, scalars);
}

static void test_round_trip(void)
{
    g_autoptr(AlloyTable) table = (AlloyTable *)rich_table();
    g_autoptr(AlloyTable) again = (AlloyTable *)reading_again("text", table, NULL);
    same_table(table, again);
    /* The contract, letter by letter. 17 digits: 1/3 is 0.33333333333333331, the smallest reals are exact
     * too. */
    g_autofree char *text = write_text("text", table);
    g_assert_cmpstr(text, ==,
                    "\"#name\",\"g, \"\"r\"\"\",count,kept\n"
                    "# ,1,\"atoms, all\",1\n"
                    "plain,0.33333333333333331,-9223372036854775808,0\n"
                    "\"# no, \"\"comment\"\"\",,1,1\n"
                    "\" blanks \",9.9998886718268301e-321,2,0\n"
                    ",0.6333333333333333,3,1\n");
    /* One column with nothing in a row is still a row. */
    double *gap = alloy_array_new(double, 3);
    gap[0] = 1;
    gap[1] = NAN;
    gap[2] = 3;
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_real("a", "1", gap, 3));
    g_autoptr(AlloyTable) single = (AlloyTable *)alloy_table_new("t", columns, NULL);
    g_autoptr(AlloyTable) single_again = (AlloyTable *)reading_again("text", single, NULL);
    same_table(single, single_again);
    /* No rows: names and units stay. */
    columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_real("a", "K", alloy_array_new(double, 0), 0));
    g_autoptr(AlloyTable) empty = (AlloyTable *)alloy_table_new("t", columns, NULL);
    g_autoptr(AlloyTable) empty_again = (AlloyTable *)reading_again("text", empty, NULL);
    same_table(empty, empty_again);
}

static const AlloyAtoms *some_atoms(size_t n, gboolean column)
{
    AlloyRandom random;
    alloy_random_init(&random, 3, 4);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int kinds[2] = {alloy_atoms_builder_kind(builder, "Pd", 2),
                    alloy_atoms_builder_named_kind(builder, "Type 2", 0)};
    double *values = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = alloy_random_uniform(&random);
        builder->y[i] = alloy_random_uniform(&random);
        builder->z[i] = -alloy_random_uniform(&random);
        values[i] = i % 3 == 0 ? (double)NAN : builder->x[i];
        builder->species[i] = (uint16_t)kinds[i % 2];
    }
    const AlloyColumn *csrop = alloy_column_new_real("csrop_Pd_Pd", "1", values, n);
    if (column)
        alloy_atoms_builder_set_column(builder, csrop);
    else
        alloy_data_unref(csrop);
    return alloy_atoms_builder_finish(builder);
}

static void test_atoms_round_trip(void)
{
    g_autoptr(AlloyAtoms) first = NULL;
    g_autoptr(GBytes) csv = NULL, json = NULL;
    for (unsigned threads = 1; threads <= 8; threads *= threads == 1 ? 2 : 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)some_atoms(20000, TRUE);
        g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("text", atoms, NULL);
        reading_same_positions(atoms, again);
        reading_same_species(atoms, again);
        const AlloyColumn *p = alloy_atoms_column(atoms, "csrop_Pd_Pd"),
                          *q = alloy_atoms_column(again, "csrop_Pd_Pd");
        for (size_t i = 0; i < atoms->n; i++)
            g_assert_true(p->real[i] == q->real[i] || (isnan(p->real[i]) && isnan(q->real[i])));
        g_autoptr(GBytes) bytes = reading_written("text", atoms), json_bytes = reading_written("json", atoms);
        if (first == NULL) {
            first = g_steal_pointer(&again);
            csv = g_steal_pointer(&bytes);
            json = g_steal_pointer(&json_bytes);
            continue;
        }
        reading_same_positions(first, again);
        g_assert_true(g_bytes_equal(csv, bytes) && g_bytes_equal(json, json_bytes));
    }
    alloy_parallel_set_threads(0);
}

static void test_series_round_trip(void)
{
    g_autoptr(AlloyAtoms) a = (AlloyAtoms *)some_atoms(3, FALSE), b = (AlloyAtoms *)some_atoms(2, TRUE);
    AlloyStage stages[] = {{a, 0, NAN, "0 min"}, {b, 1800, NAN, "30 min"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("x", stages, 2);
    g_autofree char *text = write_text("text", series);
    g_assert_true(g_str_has_prefix(
        text,
        "stage,stage_label,species,x,y,z,csrop_Pd_Pd\n# 1,,,angstrom,angstrom,angstrom,1\n0,0 min,Pd,"));
    g_assert_nonnull(strstr(text, "\n1,30 min,"));
    g_autoptr(AlloySeries) again = (AlloySeries *)reading_again("text", series, NULL);
    g_assert_cmpuint(again->n, ==, 2);
    g_assert_cmpstr(again->stages[1].label, ==, "30 min");
    reading_same_positions(a, again->stages[0].atoms);
    reading_same_positions(b, again->stages[1].atoms);
    g_assert_null(alloy_atoms_column(again->stages[0].atoms, "stage"));
    g_assert_null(alloy_atoms_column(again->stages[0].atoms, "stage_label"));

    /* One label twice: still two stages. */
    stages[1].label = "0 min";
    g_autoptr(AlloySeries) twins = (AlloySeries *)alloy_series_new("x", stages, 2);
    g_autoptr(AlloySeries) both = (AlloySeries *)reading_again("text", twins, NULL);
    g_assert_cmpuint(both->n, ==, 2);
    g_assert_cmpstr(both->stages[1].label, ==, "0 min");
}

/* Files of versions that had only the label, in the column stage; labels that are numbers; a column that only
 * has the name. */
static void test_series_of_labels(void)
{
    g_autoptr(AlloySeries) old = (AlloySeries *)reading_series(
        "text", "stage,species,x,y,z\n0 min,Pd,0,0,0\n0 min,Pd,0,0,3\n30 min,Pd,0,0,0\n", NULL);
    g_assert_cmpuint(old->n, ==, 2);
    g_assert_cmpstr(old->stages[1].label, ==, "30 min");
    g_autoptr(AlloySeries) numbers = (AlloySeries *)reading_series(
        "text", "stage,stage_label,species,x,y,z\n0,300,Pd,0,0,0\n1,400,Pd,0,0,3\n", NULL);
    g_assert_cmpuint(numbers->n, ==, 2);
    g_assert_cmpstr(numbers->stages[1].label, ==, "400");
    g_autoptr(AlloyAtoms) one =
        (AlloyAtoms *)reading_atoms("text", "species,x,y,z,stage_label\nPd,0,0,0,a\nPd,0,0,3,b\n", NULL);
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(one, "stage_label"), 1), ==, "b");
}

/* The unit of one stage is not that of the other. */
static void test_series_units(void)
{
    g_autoptr(AlloyAtoms) a = (AlloyAtoms *)reading_atoms(
        "text", "species,x,y,z,dist,heat,stage\n# ,angstrom,angstrom,angstrom,nm,eV,1\nPd,0,0,0,0.3,7,5\n",
        NULL);
    g_autoptr(AlloyAtoms) b = (AlloyAtoms *)reading_atoms(
        "text", "species,x,y,z,dist,heat\n# ,angstrom,angstrom,angstrom,angstrom,K\nPd,0,0,0,3,8\n", NULL);
    AlloyStage stages[] = {{a, NAN, NAN, "a"}, {b, NAN, NAN, "b"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("x", stages, 2);
    g_autofree char *text = write_text("text", series);
    g_assert_cmpstr(text, ==,
                    "stage,stage_label,species,x,y,z,dist,heat,stage_2,heat_in_K\n"
                    "# 1,,,angstrom,angstrom,angstrom,nm,eV,1,K\n"
                    "0,a,Pd,0,0,0,0.29999999999999999,7,5,\n1,b,Pd,0,0,0,0.29999999999999999,,,8\n");
}

/* By another implementation of JSON. */
static JsonNode *parse_json(gconstpointer data)
{
    g_autofree char *text = write_text("json", data);
    g_autoptr(GError) error = NULL;
    JsonNode *node = json_from_string(text, &error);
    g_assert_no_error(error);
    return node;
}

static void test_json_table(void)
{
    g_autoptr(AlloyTable) table = (AlloyTable *)rich_table();
    g_autoptr(JsonNode) node = parse_json(table);
    JsonObject *root = json_node_get_object(node);
    g_assert_cmpstr(json_object_get_string_member(root, "title"), ==, "a \"title\"");
    JsonObject *scalars = json_object_get_object_member(root, "scalars");
    g_assert_cmpfloat(json_object_get_double_member(scalars, "cutoff"), ==, 3.4);
    g_assert_true(json_object_get_null_member(scalars, "p"));
    g_assert_cmpstr(json_object_get_string_member(scalars, "note"), ==, "a \"b\"\n\001\303\205");
    JsonObject *units = json_object_get_object_member(root, "units");
    g_assert_cmpstr(json_object_get_string_member(units, "cutoff"), ==, "angstrom");
    g_assert_cmpstr(json_object_get_string_member(units, "count"), ==, "atoms, all");
    JsonObject *columns = json_object_get_object_member(root, "columns");
    JsonArray *real = json_object_get_array_member(columns, "g, \"r\"");
    g_assert_cmpuint(json_array_get_length(real), ==, 4);
    g_assert_cmpfloat(json_array_get_double_element(real, 0), ==, 1.0 / 3);
    g_assert_true(json_array_get_null_element(real, 1));
    g_assert_cmpstr(json_array_get_string_element(json_object_get_array_member(columns, "#name"), 1), ==,
                    "# no, \"comment\"");
    g_assert_true(json_array_get_boolean_element(json_object_get_array_member(columns, "kept"), 3));
    g_assert_cmpint(json_array_get_int_element(json_object_get_array_member(columns, "count"), 0), ==,
                    G_MININT64);
}

static void test_json_atoms(void)
{
    g_autoptr(AlloyAtoms) atoms =
        (AlloyAtoms *)reading_atoms("xyz",
                                    "1\nLattice=\"1 2 3 0 4 5 0 0 6\" Origin=\"7 8 9\" pbc=\"T F T\" "
                                    "Properties=species:S:1:pos:R:3:q:R:1 E=-1.5 "
                                    "v=[1,2] column_units=\"q:e\" info_units=\"E:eV\"\nPd 0.5 1 2 3\n",
                                    NULL);
    g_autoptr(JsonNode) node = parse_json(atoms);
    JsonObject *root = json_node_get_object(node), *cell = json_object_get_object_member(root, "cell");
    g_assert_cmpint(json_object_get_int_member(root, "n"), ==, 1);
    JsonArray *row = json_array_get_array_element(json_object_get_array_member(cell, "vectors"), 1);
    g_assert_cmpfloat(json_array_get_double_element(row, 2), ==, 5);
    g_assert_cmpfloat(json_array_get_double_element(json_object_get_array_member(cell, "origin"), 2), ==, 9);
    g_assert_false(json_array_get_boolean_element(json_object_get_array_member(cell, "periodic"), 1));
    JsonObject *info = json_object_get_object_member(root, "info");
    g_assert_cmpfloat(json_object_get_double_member(info, "E"), ==, -1.5);
    g_assert_cmpint(json_array_get_int_element(json_object_get_array_member(info, "v"), 1), ==, 2);
    g_assert_cmpstr(json_object_get_string_member(json_object_get_object_member(root, "units"), "q"), ==,
                    "e");
    g_assert_cmpstr(json_object_get_string_member(json_object_get_object_member(root, "info_units"), "E"), ==,
                    "eV");
    JsonObject *columns = json_object_get_object_member(root, "columns");
    g_assert_cmpstr(json_array_get_string_element(json_object_get_array_member(columns, "species"), 0), ==,
                    "Pd");
    g_assert_cmpfloat(json_array_get_double_element(json_object_get_array_member(columns, "x"), 0), ==, 0.5);
    AlloyStage stages[] = {{atoms, 60, NAN, "1 min"}, {atoms, NAN, 300, NULL}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("s", stages, 2);
    g_autoptr(JsonNode) series_node = parse_json(series);
    JsonArray *list = json_object_get_array_member(json_node_get_object(series_node), "stages");
    g_assert_cmpuint(json_array_get_length(list), ==, 2);
    JsonObject *stage = json_array_get_object_element(list, 0);
    g_assert_cmpstr(json_object_get_string_member(stage, "label"), ==, "1 min");
    g_assert_true(json_object_get_null_member(stage, "temperature"));
    g_assert_cmpint(json_object_get_int_member(json_object_get_object_member(stage, "atoms"), "n"), ==, 1);
}

/* Found by content: what lines up in columns is a table, prose is not. */
static void test_detection(void)
{
    g_autoptr(GError) error = NULL;
    static const char *const tables[] = {"r,g\n1,2\n", "1 2\n3 4\n", "# r g\n1 2\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autoptr(AlloyData) data =
            alloy_read_memory("x", tables[i], strlen(tables[i]), NULL, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(ALLOY_IS_TABLE(data));
    }
    static const char *const others[] = {"Some prose that\nhas lines of\n", "{\"a\": 1}\n", "\1\2\3",
                                         "one line"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_assert_null(alloy_read_memory("x", others[i], strlen(others[i]), NULL, NULL, NULL, &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT);
        g_clear_error(&error);
    }
}

static void test_real(void)
{
    /* 1501 atoms, 224 of the first group (README and HEA_summary.json beside the file); the header is a
     * comment. */
    g_autoptr(AlloyAtoms) hea = (AlloyAtoms *)reading_file("atoms/aet_reference/HEA_4_peratom.txt.gz", NULL);
    if (hea == NULL)
        return;
    g_assert_cmpuint(hea->n, ==, 1501);
    g_assert_cmpuint(reading_count(hea, "Type 1"), ==, 224);
    g_assert_cmpfloat(reading_number(hea, "a11", 0), ==, 0.0);
    g_assert_cmpfloat(reading_number(hea, "a12", 0), ==, 0.377047837484);
    g_autoptr(AlloyTable) pdf = (AlloyTable *)reading_file("atoms/aet_reference/HEA_4_pdf.csv", NULL);
    g_assert_cmpuint(pdf->n, ==, 399);
    g_assert_cmpfloat(value(pdf, "r_A", 1), ==, 0.125);
    g_autoptr(AlloyAtoms) silicon =
        (AlloyAtoms *)reading_file("aet/si_simulated/aSi19993_ground_truth.txt", NULL);
    g_assert_cmpuint(reading_count(silicon, "Si"), ==, 19993);
}

/* The line is that of the quote, not of the row, nor of what was read to the end because of it. */
static void test_open_quotes(void)
{
    reading_fails("text", "a,b\n1,\"x\"\n2,\"y\n3,z\n4,w\n",
                  "line 3: the quote that opens here is never closed");
    reading_fails("text", "a,b\n1,\"x\n y\"\n2,\"z", "line 4: the quote that opens here is never closed");
    reading_fails("text", "a,b\n1,\"x\ny\" , \"\n", "line 3: the quote that opens here is never closed");
    reading_fails("text", "name value\n\"a b\" 1\n\"c d 2\n",
                  "line 3: the quote that opens here is never closed");
    g_autoptr(AlloyTable) table =
        (AlloyTable *)reading_bytes("text", "a,b\n1,\"x\"\n2,\"y\"", strlen("a,b\n1,\"x\"\n2,\"y\""), NULL);
    g_assert_cmpuint(table->n, ==, 2);
}

/* Every row a stage of its own, with its own species and label: what a stage holds does not grow with their
 * number (quadratic: 40 GB). */
static void test_many_stages(void)
{
    enum { N = 20000 };
    g_autoptr(GString) text = g_string_new("stage,species,x,y,z,site\n");
    for (int i = 0; i < N; i++)
        g_string_append_printf(text, "s%d,K%d,%d,0,1,site %d\n", i, i, i, i);
    g_autoptr(AlloySeries) series = (AlloySeries *)reading_series("text", text->str, NULL);
    g_assert_cmpuint(series->n, ==, N);
    size_t kinds = 0, labels = 0;
    for (size_t s = 0; s < N; s++) {
        const AlloyAtoms *atoms = series->stages[s].atoms;
        g_assert_cmpuint(atoms->n, ==, 1);
        kinds += atoms->n_kinds;
        labels += alloy_atoms_column(atoms, "site")->n_labels;
    }
    g_assert_cmpuint(kinds, ==, N);
    g_assert_cmpuint(labels, ==, N);
    g_assert_cmpstr(series->stages[777].label, ==, "s777");
    g_assert_cmpstr(series->stages[777].atoms->kinds[0].name, ==, "K777");
    g_assert_cmpstr(alloy_column_text_at(alloy_atoms_column(series->stages[777].atoms, "site"), 0), ==,
                    "site 777");
}

/* Quadratic in the names: minutes. */
static void test_equal_names(void)
{
    g_autoptr(GString) text = g_string_new("a");
    for (int i = 1; i < 4096; i++)
        g_string_append(text, ",a");
    g_string_append(text, "\n1");
    for (int i = 1; i < 4096; i++)
        g_string_append(text, ",1");
    g_autoptr(AlloyTable) table = (AlloyTable *)reading_bytes("text", text->str, text->len, NULL);
    g_assert_cmpstr(((const AlloyColumn *)table->columns->pdata[4095])->name, ==, "a_4096");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/separators", test_separators);
    g_test_add_func("/text/types", test_types);
    g_test_add_func("/text/units", test_units);
    g_test_add_func("/text/models", test_models);
    g_test_add_func("/text/guesses", test_guesses);
    g_test_add_func("/text/refused", test_refused);
    g_test_add_func("/text/round-trip", test_round_trip);
    g_test_add_func("/text/atoms-round-trip", test_atoms_round_trip);
    g_test_add_func("/text/series-round-trip", test_series_round_trip);
    g_test_add_func("/text/series-of-labels", test_series_of_labels);
    g_test_add_func("/text/series-units", test_series_units);
    g_test_add_func("/text/json-table", test_json_table);
    g_test_add_func("/text/json-atoms", test_json_atoms);
    g_test_add_func("/text/open-quotes", test_open_quotes);
    g_test_add_func("/text/many-stages", test_many_stages);
    g_test_add_func("/text/equal-names", test_equal_names);
    g_test_add_func("/text/detection", test_detection);
    g_test_add_func("/text/real", test_real);
    return g_test_run();
}
