/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units by row, the least p, and stages of a series in which nothing is selected. */
#include "core/structure/statistics.h"

#include "core/base/error.h"
#include "core/base/hypergeometric.h"
#include "core/data/series.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"

#include <math.h>

/* A cuboctahedron of so many shells with random species, half of them Ir, a column `height` in nm and one
 * `upper`. */
static const AlloyAtoms *particle(int shells)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(shells, 3.9, &positions, NULL);
    g_autofree uint8_t *labels = g_malloc(n);
    const size_t counts[2] = {n - n / 2, n / 2};
    order_random_labels(labels, counts, 2, 12, 1);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    double *height = alloy_array_new(double, n);
    uint8_t *upper = alloy_array_new(uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        height[i] = positions[i][2] / 10;
        upper[i] = positions[i][2] > 1;
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(bare);
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("height", "nm", height, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("upper", upper, n));
    return alloy_atoms_builder_finish(builder);
}

static const AlloyTable *table_of(const AlloyRun *run, const char *title)
{
    for (guint t = 0; t < run->tables->len; t++) {
        const AlloyTable *table = g_ptr_array_index(run->tables, t);
        if (strcmp(table->title, title) == 0)
            return table;
    }
    g_assert_not_reached();
}

static double at(const AlloyTable *table, const char *column, size_t row)
{
    return alloy_column_real_at(alloy_table_column(table, column), row);
}

static const char *text_at(const AlloyTable *table, const char *column, size_t row)
{
    return alloy_column_text_at(alloy_table_column(table, column), row);
}

/* Where rows have different units, the column has none and the row says its own. */
static void test_units(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(4);
    const char *settings[] = {"where=z > 2", "cutoff=3.3", "shuffles=9", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    static const char *const titles[] = {"statistics", "tests", "distribution"};
    static const char *const mixed[] = {"mean",   "sd",    "sem", "min",        "q25",
                                        "median", "q75",   "max", "whole_mean", "difference",
                                        "value",  "whole", "low", "high"};
    for (unsigned t = 0; t < G_N_ELEMENTS(titles); t++) {
        const AlloyTable *table = table_of(run, titles[t]);
        unsigned heights = 0;
        for (size_t row = 0; row < table->n; row++) {
            gboolean of_height = strcmp(text_at(table, "quantity", row), "height") == 0;
            g_assert_cmpstr(text_at(table, "unit", row), ==, of_height ? "nm" : "1");
            heights += of_height;
        }
        g_assert_cmpuint(heights, ==, t == 0 ? 1 : t == 1 ? 7 : 20);
        for (unsigned m = 0; m < G_N_ELEMENTS(mixed); m++) {
            const AlloyColumn *column = alloy_table_column(table, mixed[m]);
            if (column != NULL)
                g_assert_cmpstr(column->unit, ==, "");
        }
        /* Of a count, which has the unit 1 whatever is counted. */
        g_assert_cmpstr(alloy_table_column(table, "null_mean")->unit, ==, t == 2 ? "1" : "");
        g_assert_cmpstr(alloy_table_column(table, "null_sd")->unit, ==, t == 2 ? "1" : "");
        g_assert_cmpstr(alloy_table_column(table, "z")->unit, ==, "1");
        g_assert_cmpstr(alloy_table_column(table, "p")->unit, ==, "1");
    }
    g_assert_cmpstr(alloy_table_column(table_of(run, "composition"), "low")->unit, ==, "1");
}

/* 3262 of 6525 atoms are Ir and all of them are selected: 1 in C(6525, 3262), about 1e-1962. */
static void test_least_p(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(12);
    g_assert_cmpuint(atoms->n, ==, 6525);
    static const char *const shuffles[] = {"shuffles=0", "shuffles=9"};
    for (int s = 0; s < 2; s++) {
        const char *settings[] = {"where=species == Ir", "cutoff=3.3", shuffles[s], NULL};
        g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
        const AlloyTable *table = table_of(run, "composition");
        for (size_t row = 0; row < table->n; row++) {
            test_assert_near(at(table, "p", row), ALLOY_LEAST_P, 0);
            test_assert_near(at(table, "p_adjusted", row) / ALLOY_LEAST_P, 1, 1e-12);
            g_assert_true(alloy_column_at_floor(alloy_table_column(table, "p"), row));
            g_assert_true(alloy_column_at_floor(alloy_table_column(table, "p_adjusted"), row));
            test_assert_near(fabs(at(table, "z", row)), sqrt(6524.0), 1e-9); /* of all: sqrt(N - 1) */
        }
        /* The upper half alone: the bins of `upper` hold all there are, or none. In one column with the p of
         * shuffles. */
        const char *upper[] = {"where=z > 1", "cutoff=3.3", shuffles[s], NULL};
        g_autoptr(AlloyRun) half = order_run(&alloy_op_statistics, atoms, upper);
        table = table_of(half, "distribution");
        unsigned least = 0, shuffled = 0;
        for (size_t row = 0; row < table->n; row++) {
            const double p = at(table, "p", row);
            const gboolean exact = strcmp(text_at(table, "null", row), "species shuffled") != 0;
            g_assert_true(isnan(p) || p >= ALLOY_LEAST_P);
            g_assert_cmpint(alloy_column_at_floor(alloy_table_column(table, "p"), row), ==,
                            exact ? p <= ALLOY_LEAST_P : p < 0.15);
            if (exact && p <= ALLOY_LEAST_P) {
                g_assert_true(alloy_column_at_floor(alloy_table_column(table, "p_adjusted"), row));
                least++;
            }
            shuffled += !exact && p < 0.15;
        }
        g_assert_cmpuint(least, ==, 2);
        if (s == 0)
            g_assert_cmpuint(shuffled, ==, 0);
    }
}

static gboolean run_series(AlloyRun *run, const AlloySeries *series, const char *where, GError **error)
{
    alloy_run_add_input(run, ALLOY_DATA(series));
    g_assert_true(alloy_run_set(run, "where", where, NULL) && alloy_run_set(run, "cutoff", "3.3", NULL) &&
                  alloy_run_set(run, "shuffles", "9", NULL));
    return alloy_run_execute(run, error);
}

/* Heights of the larger particle reach 9.75, those of the smaller 5.85. */
static void test_empty_stage(void)
{
    g_autoptr(AlloyAtoms) large = (AlloyAtoms *)particle(5);
    g_autoptr(AlloyAtoms) small = (AlloyAtoms *)particle(3);
    AlloyStage stages[] = {{large, NAN, NAN, "fresh"}, {small, NAN, NAN, "leached"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("", stages, 2);
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_statistics);
    run_series(run, series, "z > 8", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(run->warnings->len, ==, 1);
    const AlloyWarning *warning = run->warnings->pdata[0];
    g_assert_cmpstr(warning->code, ==, "empty");
    g_assert_cmpstr(warning->message, ==, "stage 1 (leached): no atom is selected: no values here");

    const char *settings[] = {"where=z > 8", "cutoff=3.3", "shuffles=9", NULL};
    g_autoptr(AlloyRun) alone = order_run(&alloy_op_statistics, large, settings);
    const AlloyTable *table = table_of(run, "statistics"), *first = table_of(alone, "statistics");
    g_assert_cmpuint(table->n, ==, 2 * first->n);
    for (size_t row = 0; row < table->n; row++) {
        const gboolean empty = row >= first->n;
        test_assert_near(at(table, "stage", row), empty, 0);
        g_assert_false(isnan(at(table, "whole_mean", row)));
        static const char *const figures[] = {"mean",    "sd", "min", "median",    "null_mean",
                                              "null_sd", "z",  "p",   "p_adjusted"};
        for (unsigned f = 0; f < G_N_ELEMENTS(figures); f++) {
            const double value = at(table, figures[f], row);
            if (empty)
                g_assert_true(isnan(value));
            else
                g_assert_true(value == at(first, figures[f], row) ||
                              (isnan(value) && isnan(at(first, figures[f], row))));
        }
        if (empty)
            test_assert_near(at(table, "n", row), 0, 0);
    }
    table = table_of(run, "composition");
    for (size_t row = 2; row < 4; row++) {
        test_assert_near(at(table, "count", row), 0, 0);
        g_assert_true(isnan(at(table, "fraction", row)) && isnan(at(table, "p", row)) &&
                      isnan(at(table, "z", row)));
    }
    table = table_of(run, "distribution");
    for (size_t row = 0; row < table->n; row++)
        if (at(table, "stage", row) > 0)
            g_assert_true(at(table, "count", row) == 0 && isnan(at(table, "p", row)));
    test_assert_near(at(table_of(run, "scalars"), "selected", 1), 0, 0);

    /* Nothing anywhere is a mistake, and so it is in one model alone. */
    g_autoptr(AlloyRun) none = alloy_run_new(&alloy_op_statistics);
    g_assert_false(run_series(none, series, "z > 1000", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, "no atom is selected in any of the 2 stages");
    g_assert_cmpuint(none->tables->len, ==, 0);
    g_clear_error(&error);
    g_autoptr(AlloyRun) single = alloy_run_new(&alloy_op_statistics);
    alloy_run_add_input(single, ALLOY_DATA(large));
    g_assert_true(alloy_run_set(single, "where", "z > 1000", NULL));
    g_assert_true(alloy_run_set(single, "cutoff", "3.3", NULL));
    g_assert_false(alloy_run_execute(single, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, "no atom is selected");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/statistics/units", test_units);
    g_test_add_func("/structure/statistics/least-p", test_least_p);
    g_test_add_func("/structure/statistics/empty-stage", test_empty_stage);
    return g_test_run();
}
