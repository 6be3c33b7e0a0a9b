/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every operation on empty, tiny and absurd input: it answers, or says why not. With every parameter at its
 * default, at the ends of its range, and (choices, booleans) at every value. New operations are in this test
 * by being listed. */
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/data/series.h"
#include "core/project/registry.h"

#include <math.h>
#include <string.h>

typedef const AlloyAtoms *(*MakeFunc)(void);

/* All of one kind unless kinds names more, given in turn. */
static const AlloyAtoms *make(size_t n, double (*place)(size_t i, int axis), const char *const *kinds,
                              const AlloyCell *cell)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    unsigned n_kinds = g_strv_length((char **)kinds);
    for (unsigned k = 0; k < n_kinds; k++)
        alloy_atoms_builder_kind(builder, kinds[k], strlen(kinds[k]));
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = place(i, 0);
        builder->y[i] = place(i, 1);
        builder->z[i] = place(i, 2);
        builder->species[i] = (uint16_t)(i % n_kinds);
    }
    alloy_atoms_builder_set_cell(builder, cell);
    return alloy_atoms_builder_finish(builder);
}

static const char *const pd_ir[] = {"Pd", "Ir", NULL}, *const pd[] = {"Pd", NULL},
                         *const unknown[] = {"Type 1", "Type 2", NULL};

static double in_a_row(size_t i, int axis)
{
    return axis == 0 ? 2.75 * (double)i : 0;
}

static double at_one_place(size_t i, int axis)
{
    return 1.5;
}

static double far_apart(size_t i, int axis)
{
    return 1e6 * (double)((i >> axis) & 1) + 1e6 * (double)(i / 8);
}

static double in_a_plane(size_t i, int axis)
{
    return axis == 2 ? 0 : 2.75 * (double)(axis == 0 ? i % 10 : i / 10);
}

static double anywhere(size_t i, int axis)
{
    AlloyRandom random;
    alloy_random_init(&random, i, (uint64_t)axis);
    return 10 * alloy_random_uniform(&random);
}

/* Simple cubic, 5 x 5 x 5. */
static double in_a_cube(size_t i, int axis)
{
    const size_t divisor[] = {1, 5, 25};
    return 2.75 * (double)(i / divisor[axis] % 5);
}

static double tiny(size_t i, int axis)
{
    return 1e-300 * in_a_cube(i, axis);
}

static double huge(size_t i, int axis)
{
    return 1e300 * in_a_cube(i, axis);
}

static double one_far_away(size_t i, int axis)
{
    return i == 0 ? 1e12 : in_a_cube(i, axis);
}

static const AlloyAtoms *no_atoms(void)
{
    return make(0, in_a_row, pd_ir, NULL);
}

static const AlloyAtoms *one_atom(void)
{
    return make(1, in_a_row, pd, NULL);
}

static const AlloyAtoms *two_atoms(void)
{
    return make(2, in_a_row, pd_ir, NULL);
}

static const AlloyAtoms *three_atoms(void)
{
    return make(3, in_a_row, pd_ir, NULL);
}

static const AlloyAtoms *all_identical(void)
{
    return make(100, at_one_place, pd_ir, NULL);
}

static const AlloyAtoms *all_far_apart(void)
{
    return make(100, far_apart, pd_ir, NULL);
}

static const AlloyAtoms *flat(void)
{
    return make(100, in_a_plane, pd_ir, NULL);
}

static const AlloyAtoms *one_species(void)
{
    return make(125, in_a_cube, pd, NULL);
}

static const AlloyAtoms *unknown_species(void)
{
    return make(125, anywhere, unknown, NULL);
}

static const AlloyAtoms *every_own_species(void)
{
    g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < 40; i++)
        g_ptr_array_add(kinds, g_strdup_printf("Type %d", i));
    g_ptr_array_add(kinds, NULL);
    return make(40, anywhere, (const char *const *)kinds->pdata, NULL);
}

static const AlloyAtoms *ordinary(void)
{
    return make(125, in_a_cube, pd_ir, NULL);
}

static const AlloyAtoms *atoms_tiny(void)
{
    return make(125, tiny, pd_ir, NULL);
}

static const AlloyAtoms *atoms_huge(void)
{
    return make(125, huge, pd_ir, NULL);
}

static const AlloyAtoms *stray(void)
{
    return make(125, one_far_away, pd_ir, NULL);
}

static const AlloyAtoms *periodic(void)
{
    AlloyCell cell = {{0, 0, 0}, {{13.75, 0, 0}, {0, 13.75, 0}, {0, 0, 13.75}}, {TRUE, TRUE, TRUE}};
    return make(125, in_a_cube, pd_ir, &cell);
}

static const AlloyAtoms *small_cell(void)
{
    AlloyCell cell = {{0, 0, 0}, {{0.5, 0, 0}, {0.1, 0.5, 0}, {0, 0.2, 0.5}}, {TRUE, TRUE, TRUE}};
    return make(3, anywhere, pd_ir, &cell);
}

static const AlloyAtoms *needle_cell(void)
{
    AlloyCell cell = {{0, 0, 0}, {{1e5, 0, 0}, {0, 0.01, 0}, {0, 0, 0.01}}, {TRUE, FALSE, TRUE}};
    return make(20, in_a_row, pd_ir, &cell);
}

static const struct {
    const char *name;
    MakeFunc make;
    gboolean every_parameter; /* not only the defaults */
} models[] = {
    {"no atoms", no_atoms, TRUE},
    {"one atom", one_atom},
    {"two atoms", two_atoms, TRUE},
    {"three atoms", three_atoms},
    {"all atoms identical", all_identical, TRUE},
    {"1e6 apart", all_far_apart},
    {"flat", flat},
    {"one species", one_species},
    {"unknown species", unknown_species, TRUE},
    {"every atom its own species", every_own_species},
    {"ordinary", ordinary, TRUE},
    {"1e-300 apart", atoms_tiny},
    {"1e300 apart", atoms_huge},
    {"one atom far away", stray},
    {"periodic", periodic, TRUE},
    {"cell smaller than an atom", small_cell},
    {"needle of a cell", needle_cell},
};

/* A text for a required parameter, and for those that have no end of a range. */
static const char *some_value(const AlloyParam *param)
{
    switch (param->type) {
    case ALLOY_PARAM_SPECIES:
        return "Pd";
    case ALLOY_PARAM_EXPRESSION:
        return "x > 0 && species == \"Pd\"";
    case ALLOY_PARAM_CHOICE:
        return param->choices[0];
    case ALLOY_PARAM_TEXT:
        return "Pd";
    default:
        return "1";
    }
}

static AlloyRun *new_run(const AlloyOperation *operation, const AlloyData *data)
{
    AlloyRun *run = alloy_run_new(operation);
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++)
        if (input->klass == data->klass || (input->klass == &alloy_atoms_class && ALLOY_IS_SERIES(data)))
            alloy_run_add_input(run, data);
        else
            alloy_run_add_input(run, NULL);
    for (const AlloyParam *param = operation->params; param->name != NULL; param++)
        if (param->fallback == NULL && param->automatic == NULL)
            g_assert_true(alloy_run_set(run, param->name, some_value(param), NULL));
    return run;
}

/* Runs it, and holds an answer to what an answer is: declared columns of the right length (checked inside),
 * no infinite numbers, no error beside it; and a refusal to what a refusal is. */
static void check(AlloyRun *run, const char *what)
{
    g_autoptr(GError) error = NULL;
    gint64 begin = g_get_monotonic_time();
    gboolean ok = alloy_run_execute(run, &error);
    double seconds = (double)(g_get_monotonic_time() - begin) * 1e-6;
    g_assert_true(ok == (error == NULL));
    if (seconds > 5)
        g_test_message("%s: %s took %.1f s", run->operation->name, what, seconds);
    if (!ok) {
        if (error->domain != ALLOY_ERROR || error->code == ALLOY_ERROR_FORMAT || *error->message == '\0' ||
            strchr(error->message, '\n') != NULL) {
            g_test_message("%s: %s: %s", run->operation->name, what, error->message);
            g_test_fail();
        }
        return;
    }
    g_autoptr(GError) wrong = NULL;
    if (!alloy_run_check_outputs(run, &wrong)) {
        g_test_message("%s: %s: %s", run->operation->name, what, wrong->message);
        g_test_fail();
    }
}

static void run_with(const AlloyOperation *operation, const AlloyData *data, const char *name,
                     const char *value, const char *what)
{
    g_autoptr(AlloyRun) run = new_run(operation, data);
    g_autoptr(GError) error = NULL;
    if (name != NULL && !alloy_run_set(run, name, value, &error)) {
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
        return;
    }
    g_autofree char *label =
        g_strdup_printf("%s, %s = %s", what, name != NULL ? name : "all", name != NULL ? value : "default");
    check(run, label);
}

static void add_number(GPtrArray *values, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ptr_array_add(values, g_strdup(g_ascii_formatd(text, sizeof text, "%.17g", number)));
}

/* Values of a parameter that are worth a run. The upper end is that of the useful range: a cutoff of 1000
 * angstrom or a million shuffles only take long. */
static GStrv values_of(const AlloyParam *param)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    gboolean number = param->type == ALLOY_PARAM_REAL || param->type == ALLOY_PARAM_INTEGER;
    double high = param->ui_max > param->ui_min ? param->ui_max : param->max;
    if (param->type == ALLOY_PARAM_BOOLEAN) {
        g_ptr_array_add(values, g_strdup("true"));
        g_ptr_array_add(values, g_strdup("false"));
    } else if (param->type == ALLOY_PARAM_CHOICE) {
        for (size_t i = 0; param->choices[i] != NULL; i++)
            g_ptr_array_add(values, g_strdup(param->choices[i]));
    } else if (number && (param->min != 0 || param->max != 0)) {
        if (isfinite(param->min))
            add_number(values, param->min);
        if (fabs(high) <= 10000)
            add_number(values, high);
    } else {
        g_ptr_array_add(values, g_strdup(some_value(param)));
        g_ptr_array_add(values, g_strdup(""));
    }
    g_ptr_array_add(values, NULL);
    return (GStrv)g_ptr_array_steal(values, NULL);
}

/* Small, so that an operation that makes data of its own does it quickly. */
static gboolean is_simulation(const AlloyOperation *operation)
{
    return operation->inputs->name == NULL;
}

static void test_operation(gconstpointer data)
{
    const AlloyOperation *operation = data;
    if (is_simulation(operation)) {
        const AlloyAtoms *none = no_atoms();
        run_with(operation, ALLOY_DATA(none), NULL, NULL, "by itself");
        for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
            g_auto(GStrv) values = values_of(param);
            for (char **value = values; *value != NULL; value++)
                run_with(operation, ALLOY_DATA(none), param->name, *value, "by itself");
        }
        alloy_data_unref(none);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
        const AlloyAtoms *atoms = models[i].make();
        run_with(operation, ALLOY_DATA(atoms), NULL, NULL, models[i].name);
        const AlloyParam *param = models[i].every_parameter ? operation->params : NULL;
        for (; param != NULL && param->name != NULL; param++) {
            g_auto(GStrv) values = values_of(param);
            for (char **value = values; *value != NULL; value++)
                run_with(operation, ALLOY_DATA(atoms), param->name, *value, models[i].name);
        }
        alloy_data_unref(atoms);
    }
}

static void test_series(gconstpointer data)
{
    const AlloyOperation *operation = data;
    if (!alloy_operation_maps_series(operation)) {
        g_test_skip("takes no atomic model");
        return;
    }
    const AlloyAtoms *good = ordinary(), *none = no_atoms();
    const AlloyStage stages[] = {{good, 0, 300, "a"}, {none, 1, 300, "b"}, {good, NAN, NAN, "b"}};
    for (size_t n = 0; n <= G_N_ELEMENTS(stages); n++) {
        const AlloySeries *series = alloy_series_new("stages", stages, n);
        run_with(operation, ALLOY_DATA(series), NULL, NULL, "a series");
        alloy_data_unref(series);
    }
    alloy_data_unref(good);
    alloy_data_unref(none);
}

/* Cancelled before it begins: no answer, and said so. */
static void test_cancelled(gconstpointer data)
{
    const AlloyOperation *operation = data;
    const AlloyAtoms *atoms = ordinary();
    g_autoptr(AlloyRun) run = new_run(operation, ALLOY_DATA(atoms));
    run->progress = alloy_progress_new();
    alloy_progress_cancel(run->progress);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_assert_null(run->atoms);
    g_assert_cmpuint(run->tables->len, ==, 0);
    alloy_data_unref(atoms);
}

/* What scripts and the command line build on. */
static void test_descriptor(gconstpointer data)
{
    const AlloyOperation *operation = data;
    g_assert_true(g_regex_match_simple("^[a-z][a-z0-9-]*$", operation->name, 0, 0));
    g_assert_cmpint(operation->version, >=, 1);
    g_assert_true(operation->title != NULL && operation->category != NULL);
    g_assert_true(operation->summary != NULL && g_str_has_suffix(operation->summary, "."));
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    static const char *const global[] = {"threads", "seed",  "fix",  "format", "stage",
                                         "json",    "quiet", "help", "output", NULL};
    for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
        g_test_message("%s", param->name);
        g_assert_true(g_regex_match_simple("^[a-z][a-z0-9-]*$", param->name, 0, 0));
        g_assert_true(g_hash_table_add(names, (gpointer)param->name));
        g_assert_false(g_strv_contains(global, param->name)); /* options of the program */
        g_assert_false(g_str_has_prefix(param->name, "no-"));
        g_assert_true(param->title != NULL && param->help != NULL && g_str_has_suffix(param->help, "."));
        g_assert_true((param->type == ALLOY_PARAM_CHOICE) == (param->choices != NULL));
        g_assert_false(param->min > param->max || param->ui_min > param->ui_max);
        if (param->fallback != NULL) {
            g_autoptr(AlloyRun) run = alloy_run_new(operation);
            g_autoptr(GError) error = NULL;
            alloy_run_set(run, param->name, param->fallback, &error);
            g_assert_no_error(error); /* a default is allowed */
        }
    }
    g_assert_nonnull(operation->outputs->name);
    for (const AlloyOutput *output = operation->outputs; output->name != NULL; output++)
        g_assert_nonnull(output->help);
}

static void test_names(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    const AlloyOperation *const *operations = alloy_operations();
    for (size_t i = 0; operations[i] != NULL; i++) {
        g_assert_true(g_hash_table_add(names, (gpointer)operations[i]->name));
        g_assert_true(alloy_operation_by_name(operations[i]->name, NULL) == operations[i]);
    }
    /* The contract of the command line. */
    const char *const contract[] = {"neighbours",          "rdf",    "coordination", "csrop",
                                    "local-concentration", "select", "statistics",   "simulate-particle",
                                    "simulate-series"};
    for (size_t i = 0; i < G_N_ELEMENTS(contract); i++)
        g_assert_true(g_hash_table_contains(names, contract[i]));
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_operation_by_name("scrop", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_assert_nonnull(strstr(error->message, "\"csrop\""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    alloy_parallel_set_threads(2);
    g_test_add_func("/project/registry/names", test_names);
    const AlloyOperation *const *operations = alloy_operations();
    for (size_t i = 0; operations[i] != NULL; i++) {
        const struct {
            const char *name;
            GTestDataFunc func;
        } tests[] = {{"descriptor", test_descriptor},
                     {"absurd", test_operation},
                     {"series", test_series},
                     {"cancelled", test_cancelled}};
        for (size_t k = 0; k < G_N_ELEMENTS(tests); k++) {
            g_autofree char *path =
                g_strdup_printf("/project/registry/%s/%s", operations[i]->name, tests[k].name);
            g_test_add_data_func(path, operations[i], tests[k].func);
        }
    }
    return g_test_run();
}
