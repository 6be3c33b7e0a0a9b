/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/operation.h"
#include "core/base/error.h"
#include "core/data/selection.h"
#include "core/data/series.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* A toy analysis: what an operation declares, what it is told when that does not fit, and its run on a
 * series. */

static const char *const shapes[] = {"sphere", "cube", NULL};

/* height: z plus offset; table "levels" with one row per atom; scalar top, and a scalar of the table. */
static gboolean toy_run(AlloyRun *run, GError **error)
{
    const AlloyAtoms *atoms = alloy_run_atoms(run, 0);
    alloy_progress_stage(run->progress, 0, 1, "toy");
    double offset = alloy_run_real(run, "offset");
    if (isnan(offset)) {
        offset = (double)atoms->n;
        alloy_run_resolve(run, "offset", offset);
    }
    alloy_run_resolve(run, "bins", 5);
    if (alloy_run_integer(run, "bins") != 5)
        return alloy_input_error(error, "resolved values are read back");
    if (alloy_run_boolean(run, "fail"))
        return alloy_input_error(error, "told to fail at %zu atoms", atoms->n);
    if (alloy_run_kind(run, "species", atoms, error) == -1)
        return FALSE;
    size_t n = atoms->n;
    double *height = alloy_array_new(double, n), top = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        height[i] = atoms->z[i] + offset;
        top = MAX(top, height[i]);
    }
    const AlloyColumn *column = alloy_column_new_real("height", ALLOY_UNIT_LENGTH, height, n);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_set_column(builder, column);
    alloy_run_set_atoms(run, alloy_atoms_builder_finish(builder));

    AlloyColumns *columns = alloy_columns_new(), *scalars = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_renamed(column, "level_Pd"));
    if (n == 3) { /* a column that only this stage has */
        int64_t *row = alloy_array_new(int64_t, n);
        for (size_t i = 0; i < n; i++)
            row[i] = (int64_t)i;
        alloy_columns_set(columns, alloy_column_new_integer("row", ALLOY_UNIT_NONE, row, n));
    }
    alloy_columns_set(scalars, alloy_scalar_integer("rows", ALLOY_UNIT_NONE, (int64_t)n));
    alloy_run_add_table(run, alloy_table_new("levels", columns, scalars));
    alloy_run_add_scalar(run, alloy_scalar_real("top", ALLOY_UNIT_LENGTH, top));
    if (n == 1)
        alloy_warn(run->warnings, "ignored", NULL, NULL, "only one atom");
    alloy_progress_set(run->progress, 1);
    return TRUE;
}

static const AlloyOperation toy = {
    .name = "toy",
    .version = 1,
    .title = "Toy",
    .category = "Structure",
    .summary = "For the test.",
    .source = "none",
    .inputs =
        (const AlloyInput[]){
            {"atoms", &alloy_atoms_class, FALSE, FALSE, "the model"},
            {"selection", &alloy_selection_class, TRUE, FALSE, "what to use"},
            {NULL},
        },
    .params =
        (const AlloyParam[]){
            {"offset", "Offset", ALLOY_PARAM_REAL, "angstrom", 0.5, 20, 0, 0, NULL, "the number of atoms",
             NULL, "h"},
            {"bins", "Bins", ALLOY_PARAM_INTEGER, NULL, 1, INFINITY, 0, 0, "100", NULL, NULL, "h"},
            {"weight", "Weight", ALLOY_PARAM_REAL, NULL, 0, 0, 0, 0, "-2.5", NULL, NULL, "h"},
            {"shape", "Shape", ALLOY_PARAM_CHOICE, NULL, 0, 0, 0, 0, "cube", NULL, shapes, "h"},
            {"fail", "Fail", ALLOY_PARAM_BOOLEAN, NULL, 0, 0, 0, 0, "false", NULL, NULL, "h"},
            {"species", "Species", ALLOY_PARAM_SPECIES, NULL, 0, 0, 0, 0, NULL, "every species", NULL, "h"},
            {"name", "Name", ALLOY_PARAM_TEXT, NULL, 0, 0, 0, 0, NULL, NULL, NULL, "What it is called."},
            {NULL},
        },
    .outputs =
        (const AlloyOutput[]){
            {ALLOY_OUT_ATOM_COLUMN, "height", "angstrom", "h"},
            {ALLOY_OUT_TABLE_COLUMN, "level_{A}", "angstrom", "h"},
            {ALLOY_OUT_TABLE_COLUMN, "row", "1", "h"},
            {ALLOY_OUT_SCALAR, "rows", "1", "h"},
            {ALLOY_OUT_SCALAR, "top", "angstrom", "h"},
            {0},
        },
    .run = toy_run,
};

static const AlloyAtoms *column_of(size_t n, double z)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int pd = alloy_atoms_builder_kind(builder, "Pd", 2);
    alloy_atoms_builder_kind(builder, "Ir", 2); /* none of it */
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = builder->y[i] = 0;
        builder->z[i] = z + (double)i;
        builder->species[i] = (uint16_t)pd;
    }
    return alloy_atoms_builder_finish(builder);
}

static AlloyRun *toy_with(const AlloyData *data)
{
    AlloyRun *run = alloy_run_new(&toy);
    alloy_run_add_input(run, data);
    g_assert_true(alloy_run_set(run, "name", "n", NULL));
    return run;
}

/* Setting fails, and the message has every one of the words (ended by NULL). */
static void refuses(const char *name, const char *value, const char *const *words)
{
    g_autoptr(AlloyRun) run = alloy_run_new(&toy);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_run_set(run, name, value, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_test_message("%s", error->message);
    for (; *words != NULL; words++)
        if (strstr(error->message, *words) == NULL)
            g_error("\"%s\" does not say \"%s\"", error->message, *words);
    g_assert_cmpuint(g_hash_table_size(run->params), ==, 0);
}
#define REFUSES(name, value, ...) refuses((name), (value), (const char *const[]){__VA_ARGS__, NULL})

static void test_messages(void)
{
    REFUSES("ofset", "1", "toy", "`ofset`", "did you mean `offset`", "bins, weight");
    REFUSES("of", "1", "did you mean `offset`");
    REFUSES("SHAPE", "cube", "did you mean `shape`");
    REFUSES("zzz", "1", "no parameter `zzz`", "offset, bins");
    REFUSES("offset", "x", "offset = `x`", "0.5 to 20 angstrom");
    REFUSES("offset", "3,5", "decimal sign is a point");
    REFUSES("offset", "nan", "not a number");
    REFUSES("offset", "", "0.5 to 20 angstrom");
    REFUSES("offset", "20.5", "out of range", "0.5 to 20 angstrom");
    REFUSES("offset", "0x10", "not a number");
    REFUSES("bins", "0", "out of range", "at least 1");
    REFUSES("bins", "2.5", "whole number");
    REFUSES("bins", "99999999999999999999", "whole number");
    REFUSES("shape", "cub", "did you mean `cube`", "sphere, cube");
    REFUSES("shape", "tetrahedron", "sphere, cube");
    REFUSES("fail", "maybe", "true, yes, on or 1");
    REFUSES("species", " ", "name of a species");
    REFUSES("name", "\xff", "UTF-8");
}

static void test_values(void)
{
    g_autoptr(AlloyRun) run = alloy_run_new(&toy);
    g_assert_true(isnan(alloy_run_real(run, "offset")));
    g_assert_false(alloy_run_is_set(run, "offset"));
    g_assert_cmpint(alloy_run_integer(run, "bins"), ==, 100);
    g_assert_cmpfloat(alloy_run_real(run, "bins"), ==, 100);
    g_assert_true(alloy_run_is_set(run, "bins"));
    g_assert_cmpfloat(alloy_run_real(run, "weight"), ==, -2.5);
    g_assert_cmpint(alloy_run_choice(run, "shape"), ==, 1);
    g_assert_false(alloy_run_boolean(run, "fail"));
    g_assert_null(alloy_run_text(run, "species"));

    static const char *const yes[] = {"true", "YES", "on", "1"}, *const no[] = {"False", "no", "OFF", "0"};
    for (int i = 0; i < 4; i++) {
        g_assert_true(alloy_run_set(run, "fail", yes[i], NULL));
        g_assert_true(alloy_run_boolean(run, "fail"));
        g_assert_cmpstr(g_hash_table_lookup(run->params, "fail"), ==, "true");
        g_assert_true(alloy_run_set(run, "fail", no[i], NULL));
        g_assert_false(alloy_run_boolean(run, "fail"));
    }
    g_assert_true(alloy_run_set(run, "shape", "Sphere", NULL));
    g_assert_cmpint(alloy_run_choice(run, "shape"), ==, 0);
    g_assert_cmpstr(g_hash_table_lookup(run->params, "shape"), ==, "sphere");
    g_assert_true(alloy_run_set(run, "offset", " 0.5 ", NULL)); /* the ends of the range are in it */
    g_assert_cmpfloat(alloy_run_real(run, "offset"), ==, 0.5);
    g_assert_true(alloy_run_set(run, "bins", "7", NULL));
    g_assert_cmpint(alloy_run_integer(run, "bins"), ==, 7);
}

static void fails(AlloyRun *run, AlloyErrorCode code, const char *pattern)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_error(error, ALLOY_ERROR, (int)code);
    g_test_message("%s", error->message);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("\"%s\" is not like %s", error->message, pattern);
    g_assert_null(run->atoms);
    g_assert_cmpuint(run->tables->len, ==, 0);
    g_assert_cmpuint(run->scalars->len, ==, 0);
}

static void test_execute(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)column_of(2, 10);
    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_table_new("t", NULL, NULL);
    g_autoptr(AlloySeries) nothing = (AlloySeries *)alloy_series_new("", NULL, 0);
    g_autoptr(AlloyRun) empty = alloy_run_new(&toy);
    fails(empty, ALLOY_ERROR_INPUT, "toy needs input 1 (`atoms`, *the model*missing");
    g_autoptr(AlloyRun) left_out = toy_with(NULL);
    fails(left_out, ALLOY_ERROR_INPUT, "*`atoms`*missing");
    g_autoptr(AlloyRun) wrong = toy_with(ALLOY_DATA(table));
    fails(wrong, ALLOY_ERROR_INPUT,
          "input 1 of toy (`atoms`): atomic model expected, table found; if these are the types of atoms "
          "whose positions are in another file, give that one with --fix types=FILE");
    g_autoptr(AlloyRun) no_stage = toy_with(ALLOY_DATA(nothing));
    fails(no_stage, ALLOY_ERROR_INPUT, "*no stages");
    g_autoptr(AlloyRun) many = toy_with(ALLOY_DATA(atoms));
    alloy_run_add_input(many, NULL);
    alloy_run_add_input(many, ALLOY_DATA(atoms));
    fails(many, ALLOY_ERROR_INPUT, "toy takes 2 inputs, 3 were given");
    g_autoptr(AlloyRun) nameless = alloy_run_new(&toy);
    alloy_run_add_input(nameless, ALLOY_DATA(atoms));
    fails(nameless, ALLOY_ERROR_PARAMETER, "toy needs the parameter `name`: What it is called.");

    g_autoptr(AlloyRun) run = toy_with(ALLOY_DATA(atoms));
    g_assert_true(alloy_run_set(run, "species", "Ir", NULL));
    fails(run, ALLOY_ERROR_PARAMETER, "species = `Ir`*its species are Pd (2)");
    g_assert_true(alloy_run_set(run, "species", "pd", NULL));
    run->progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    for (int again = 0; again < 2; again++) { /* the outputs of the first are dropped */
        g_assert_true(alloy_run_execute(run, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(run->tables->len, ==, 1);
        g_assert_cmpfloat(alloy_atoms_column((const AlloyAtoms *)run->atoms, "height")->real[1], ==, 13);
        g_assert_cmpstr(g_hash_table_lookup(run->resolved, "offset"), ==, "2");
        g_assert_cmpfloat(alloy_columns_get(run->scalars, "top")->real[0], ==, 13);
    }
    alloy_progress_cancel(run->progress);
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_assert_null(run->atoms);
}

static void test_series(void)
{
    static const size_t sizes[] = {2, 3, 1, 0};
    AlloyStage stages[4];
    for (int s = 0; s < 4; s++)
        stages[s] = (AlloyStage){column_of(sizes[s], 100 * s), s == 0 ? 0 : 60 * s, (double)NAN, NULL};
    stages[1].label = "hot";
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("S", stages, 4);
    for (int s = 0; s < 4; s++)
        alloy_data_unref(stages[s].atoms);
    g_assert_true(alloy_operation_maps_series(&toy));
    g_autoptr(AlloyRun) run = toy_with(ALLOY_DATA(series));
    run->progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_run_execute(run, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(alloy_progress_fraction(run->progress), ==, 1);

    const AlloySeries *result = (const AlloySeries *)run->atoms;
    g_assert_true(ALLOY_IS_SERIES(result));
    g_assert_cmpuint(result->n, ==, 4);
    g_assert_cmpstr(result->stages[1].label, ==, "hot");
    g_assert_cmpfloat(result->stages[2].time, ==, 120);
    /* z = 101 in stage 1 of 3 atoms: the offset is 3 there */
    g_assert_cmpfloat(alloy_atoms_column(result->stages[1].atoms, "height")->real[1], ==, 104);

    g_assert_cmpuint(run->tables->len, ==, 2);
    const AlloyTable *levels = run->tables->pdata[0];
    g_assert_cmpstr(levels->title, ==, "levels");
    g_assert_cmpuint(levels->n, ==, 6);
    g_assert_cmpstr(((const AlloyColumn *)levels->columns->pdata[0])->name, ==, "stage");
    static const int64_t stage_of_row[] = {0, 0, 1, 1, 1, 2};
    static const double level[] = {2, 3, 103, 104, 105, 201};
    static const double row[] = {NAN, NAN, 0, 1, 2, NAN}; /* missing but in stage 1: real now */
    for (int i = 0; i < 6; i++) {
        g_assert_cmpint(alloy_table_column(levels, "stage")->integer[i], ==, stage_of_row[i]);
        g_assert_cmpfloat(alloy_table_column(levels, "level_Pd")->real[i], ==, level[i]);
        double value = alloy_table_column(levels, "row")->real[i];
        g_assert_true(isnan(row[i]) ? isnan(value) : value == row[i]);
    }
    const AlloyTable *scalars = run->tables->pdata[1];
    g_assert_cmpstr(scalars->title, ==, "scalars");
    g_assert_cmpuint(scalars->n, ==, 4);
    g_assert_cmpint(alloy_table_column(scalars, "stage")->integer[3], ==, 3);
    g_assert_cmpstr(alloy_column_text_at(alloy_table_column(scalars, "stage_label"), 1), ==, "hot");
    g_assert_cmpfloat(alloy_table_column(scalars, "stage_time")->real[2], ==, 120);
    g_assert_null(alloy_table_column(scalars, "stage_temperature"));
    g_assert_cmpfloat(alloy_table_column(scalars, "top")->real[1], ==, 105);
    g_assert_cmpint(alloy_table_column(scalars, "rows")->integer[1], ==, 3);
    g_assert_cmpstr(g_hash_table_lookup(run->resolved, "offset"), ==, "2, 3, 1, 0");
    g_assert_cmpstr(g_hash_table_lookup(run->resolved, "bins"), ==, "5");
    g_assert_cmpuint(run->warnings->len, ==, 1);
    g_assert_cmpstr(((const AlloyWarning *)run->warnings->pdata[0])->message, ==,
                    "stage 2 (stage 2): only one atom");

    /* The error says where. */
    g_assert_true(alloy_run_set(run, "species", "Pd", NULL));
    fails(run, ALLOY_ERROR_PARAMETER, "stage 3 (stage 3): species = `Pd`*no atoms");
    g_assert_true(alloy_run_set(run, "fail", "yes", NULL));
    fails(run, ALLOY_ERROR_INPUT, "stage 0 (stage 0): told to fail at 2 atoms");
}

/* Gives a column that it did not declare. */
static gboolean liar_run(AlloyRun *run, GError **error)
{
    alloy_run_add_scalar(run, alloy_scalar_real("surprise", "1", 1));
    return TRUE;
}

static void test_outputs(void)
{
    AlloyOperation liar = toy;
    liar.inputs = (const AlloyInput[]){{NULL}};
    liar.params = (const AlloyParam[]){{NULL}};
    liar.run = liar_run;
    g_autoptr(AlloyRun) run = alloy_run_new(&liar);
    if (g_test_subprocess()) {
        alloy_run_execute(run, NULL);
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*scalar surprise, which it does not declare*");
    liar_run(run, NULL);
    liar.outputs = (const AlloyOutput[]){{ALLOY_OUT_SCALAR, "sur{A}", "angstrom", NULL}, {0}};
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_run_check_outputs(run, &error));
    g_assert_true(g_pattern_match_simple("*surprise in 1, declared is angstrom", error->message));
    liar.outputs = (const AlloyOutput[]){{ALLOY_OUT_SCALAR, "sur{A}", "1", NULL}, {0}};
    g_assert_true(alloy_run_check_outputs(run, NULL));
    liar.outputs = (const AlloyOutput[]){{ALLOY_OUT_SCALAR, "surprise{A}", "1", NULL}, {0}};
    g_assert_false(alloy_run_check_outputs(run, NULL));
    g_autoptr(GError) other = NULL;
    g_assert_false(alloy_run_set(run, "x", "1", &other));
    g_assert_true(g_pattern_match_simple("*none at all", other->message));
}

static void test_suggest(void)
{
    static const char *const names[] = {"csrop", "coordination", "rdf", NULL};
    g_assert_cmpstr(alloy_suggest("csorp", names), ==, "csrop");
    g_assert_cmpstr(alloy_suggest("coord", names), ==, "coordination");
    g_assert_cmpstr(alloy_suggest("cordinaton", names), ==, "coordination");
    g_assert_null(alloy_suggest("statistics", names));
    g_assert_null(alloy_suggest("", names));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/operation/messages", test_messages);
    g_test_add_func("/operation/values", test_values);
    g_test_add_func("/operation/execute", test_execute);
    g_test_add_func("/operation/series", test_series);
    g_test_add_func("/operation/outputs", test_outputs);
    g_test_add_func("/operation/suggest", test_suggest);
    return g_test_run();
}
