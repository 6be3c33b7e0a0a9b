/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/statistics.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/statistics.h"
#include "core/data/series.h"
#include "core/structure/csrop.h"
#include "core/structure/local-concentration.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"

#include <math.h>

/* A cuboctahedron of 561 atoms with a column `height` (z), a column `half` (true where x > 0), random
 * species; or with Ir in the two outermost shells. */
static const AlloyAtoms *particle(gboolean core_shell)
{
    g_autofree double(*positions)[3] = NULL;
    g_autofree int *shell = NULL;
    size_t n = order_cuboctahedron(5, 3.9, &positions, &shell);
    g_autofree uint8_t *labels = g_malloc(n);
    const size_t counts[2] = {n - 160, 160};
    order_random_labels(labels, counts, 2, 12, 1);
    for (size_t i = 0; i < n && core_shell; i++)
        labels[i] = shell[i] >= 4;
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    double *height = alloy_array_new(double, n);
    uint8_t *half = alloy_array_new(uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        height[i] = i % 50 == 0 ? NAN : positions[i][2];
        half[i] = positions[i][0] > 0.1;
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(bare);
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("height", ALLOY_UNIT_LENGTH, height, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("half", half, n));
    return alloy_atoms_builder_finish(builder);
}

/* Figure of the row of a quantity. */
static double figure(const AlloyRun *run, const char *quantity, const char *name)
{
    return order_figure(run, "statistics", quantity, NULL, name);
}

static void check_mean(const AlloyRun *run, const char *quantity, const double *values, const uint8_t *mask,
                       size_t n)
{
    double sum = 0, whole = 0, numbers = 0, whole_numbers = 0;
    g_autofree double *sorted = g_new(double, n);
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]))
            continue;
        whole += values[i];
        whole_numbers++;
        if (mask[i]) {
            sorted[(size_t)numbers] = values[i];
            sum += values[i];
            numbers++;
        }
    }
    alloy_sort_doubles(sorted, (size_t)numbers);
    test_assert_near(figure(run, quantity, "n"), numbers, 0);
    test_assert_near(figure(run, quantity, "mean"), sum / numbers, 1e-12);
    test_assert_near(figure(run, quantity, "whole_mean"), whole / whole_numbers, 1e-12);
    test_assert_near(figure(run, quantity, "difference"), sum / numbers - whole / whole_numbers, 1e-12);
    test_assert_near(figure(run, quantity, "median"), alloy_quantile_sorted(sorted, (size_t)numbers, 0.5),
                     1e-12);
    /* What chance is held against is the same mean. */
    test_assert_near(figure(run, quantity, "z") * figure(run, quantity, "null_sd") +
                         figure(run, quantity, "null_mean"),
                     sum / numbers, 1e-11);
}

static void test_by_hand(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    const char *settings[] = {"where=z > 2 && half", "cutoff=3.3", "species=Ir", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    const char *order[] = {"cutoff=3.3", "species=Ir", "shuffles=0", NULL};
    g_autoptr(AlloyRun) csrop = order_run(&alloy_op_csrop, atoms, order);
    const char *local[] = {"cutoff=3.3", "shuffles=0", NULL};
    g_autoptr(AlloyRun) concentrations = order_run(&alloy_op_local_concentration, atoms, local);

    const size_t n = atoms->n;
    const AlloyColumn *half = alloy_atoms_column(atoms, "half");
    g_autofree uint8_t *mask = g_malloc(n);
    double selected = 0, iridium = 0;
    for (size_t i = 0; i < n; i++) {
        mask[i] = atoms->z[i] > 2 && half->boolean[i];
        selected += mask[i];
        iridium += mask[i] && atoms->species[i] == 1;
    }
    static const char *const ordered[] = {"csrop_Pd_Pd", "csrop_Pd_Ir", "csrop_Ir_Pd", "csrop_Ir_Ir",
                                          "csrop"};
    for (unsigned k = 0; k < G_N_ELEMENTS(ordered); k++)
        check_mean(run, ordered[k], order_column(csrop, ordered[k]), mask, n);
    check_mean(run, "c_Pd", order_column(concentrations, "c_Pd"), mask, n);
    check_mean(run, "c_Ir", order_column(concentrations, "c_Ir"), mask, n);
    check_mean(run, "height", alloy_atoms_column(atoms, "height")->real, mask, n);
    /* z > 2 in half of the particle: heights far above those of sites drawn at random. */
    g_assert_cmpfloat(figure(run, "height", "z"), >, 5);
    test_assert_near(figure(run, "height", "p"), 1e-3, 1e-15);
    /* The species are random: nothing to be seen. */
    for (unsigned k = 0; k < G_N_ELEMENTS(ordered); k++)
        g_assert_cmpfloat(fabs(figure(run, ordered[k], "z")), <, 4);

    test_assert_near(order_scalar(run, "selected"), selected, 0);
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "count"), iridium, 0);
    double fraction = iridium / selected;
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "fraction"), fraction, 1e-15);
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "error"),
                     sqrt(fraction * (1 - fraction) / selected), 1e-15);
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "expected"), selected * 160 / (double)n,
                     1e-12);
    g_assert_cmpfloat(order_figure(run, "composition", "Ir", NULL, "low"), <, fraction);
    g_assert_cmpfloat(order_figure(run, "composition", "Ir", NULL, "high"), >, fraction);

    /* Every bin count of a quantity adds up to its numbers. */
    const AlloyTable *bins = g_ptr_array_index(run->tables, 2);
    g_assert_cmpstr(bins->title, ==, "distribution");
    const AlloyColumn *quantity = alloy_table_column(bins, "quantity"),
                      *count = alloy_table_column(bins, "count"),
                      *whole = alloy_table_column(bins, "whole_count");
    double heights = 0, all_heights = 0;
    for (size_t row = 0; row < bins->n; row++)
        if (strcmp(alloy_column_text_at(quantity, row), "height") == 0) {
            heights += alloy_column_real_at(count, row);
            all_heights += alloy_column_real_at(whole, row);
        }
    test_assert_near(heights, figure(run, "height", "n"), 0);
    test_assert_near(all_heights, (double)n - 12, 0); /* every 50th of 561 is missing */
}

/* --- every statistic and its null --- */

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
    const AlloyColumn *found = alloy_table_column(table, column);
    g_assert_nonnull(found);
    return alloy_column_real_at(found, row);
}

static const char *text_at(const AlloyTable *table, const char *column, size_t row)
{
    return alloy_column_text_at(alloy_table_column(table, column), row);
}

/* P(X = k) of n draws of N with K marked, from the products of the definition. */
static double chance_of(int k, int n, int K, int N)
{
    double p = 1;
    for (int i = 0; i < k; i++)
        p *= (double)(K - i) / (N - i) * (n - i) / (i + 1);
    for (int i = 0; i < n - k; i++)
        p *= (double)(N - K - i) / (N - k - i);
    return p;
}

/* Mean, sd and p of a count, by adding up all that can be counted. */
static void count_by_hand(int k, int n, int K, int N, double *mean, double *sd, double *p)
{
    double sum = 0, squares = 0, all = 0;
    *p = 0;
    for (int j = MAX(0, n + K - N); j <= MIN(n, K); j++) {
        double chance = chance_of(j, n, K, N);
        all += chance;
        sum += j * chance;
        squares += (double)j * j * chance;
    }
    test_assert_near(all, 1, 1e-10);
    *mean = sum;
    *sd = sqrt(fmax(0, squares - sum * sum));
    double expected = (double)n * K / N;
    for (int j = MAX(0, n + K - N); j <= MIN(n, K); j++)
        if (fabs(j - expected) >= fabs(k - expected) - 1e-9)
            *p += chance_of(j, n, K, N);
}

static void check_count(const AlloyTable *table, size_t row, const char *mean_name, int selected, int n)
{
    int k = (int)at(table, "count", row), K = (int)at(table, "whole_count", row);
    double mean, sd, p;
    count_by_hand(k, selected, K, n, &mean, &sd, &p);
    test_assert_near(at(table, mean_name, row), mean, 1e-9);
    test_assert_near(at(table, "null_sd", row), sd, 1e-6);
    test_assert_near(at(table, "p", row), p, 1e-9);
    if (sd > 1e-3)
        test_assert_near(at(table, "z", row), (k - mean) / sd, 1e-6);
}

/* The definition of alloy_adjust_p over the rows that are tests. */
static void check_adjusted(const AlloyTable *table)
{
    double tests = 0;
    for (size_t i = 0; i < table->n; i++)
        tests += at(table, "null_sd", i) > 0 || at(table, "p", i) < 1;
    for (size_t i = 0; i < table->n; i++) {
        double p = at(table, "p", i), least = 1, found = at(table, "p_adjusted", i);
        if (!(at(table, "null_sd", i) > 0 || p < 1)) {
            g_assert_true(isnan(found));
            continue;
        }
        for (size_t j = 0; j < table->n; j++) {
            double rank = 0;
            if (!(at(table, "p", j) >= p) || !(at(table, "null_sd", j) > 0 || at(table, "p", j) < 1))
                continue;
            for (size_t k = 0; k < table->n; k++)
                rank += at(table, "p", k) <= at(table, "p", j) &&
                        (at(table, "null_sd", k) > 0 || at(table, "p", k) < 1);
            least = fmin(least, tests * at(table, "p", j) / rank);
        }
        test_assert_near(found, least, 1e-14);
    }
}

static void test_every_statistic(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    const char *settings[] = {"where=z > 2 && half", "cutoff=3.3", "species=Ir", "shuffles=199", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    const int n = (int)atoms->n, selected = (int)order_scalar(run, "selected");
    test_assert_near(order_scalar(run, "shuffles"), 199, 0);
    static const char *const labels[] = {"csrop_Pd_Pd", "csrop_Pd_Ir", "csrop_Ir_Pd", "csrop_Ir_Ir",
                                         "c_Pd",        "c_Ir",        "csrop",       NULL};

    /* One row per quantity and statistic, each with its null; the observation of the null, which counts in
     * its own way, is the statistic that is shown. */
    const AlloyTable *tests = table_of(run, "tests"), *statistics = table_of(run, "statistics");
    g_assert_cmpuint(tests->n, ==, 7 * statistics->n);
    static const char *const names[] = {"mean", "sd", "min", "q25", "median", "q75", "max"};
    unsigned varying = 0;
    for (size_t row = 0; row < tests->n; row++) {
        const char *quantity = text_at(tests, "quantity", row), *name = text_at(tests, "statistic", row);
        g_assert_cmpstr(quantity, ==, text_at(statistics, "quantity", row / 7));
        g_assert_cmpstr(name, ==, names[row % 7]);
        g_assert_cmpstr(text_at(tests, "null", row), ==,
                        g_strv_contains(labels, quantity) ? "species shuffled" : "sites drawn");
        test_assert_near(at(tests, "value", row), figure(run, quantity, name), 0);
        double p = at(tests, "p", row);
        g_assert_true(p >= 1.0 / 200 && p <= 1);
        test_assert_near(p * 200, rint(p * 200), 1e-9);
        if (!(at(tests, "null_sd", row) > 0))
            continue;
        varying++;
        test_assert_near(at(tests, "z", row) * at(tests, "null_sd", row) + at(tests, "null_mean", row),
                         at(tests, "value", row), 1e-11);
    }
    g_assert_cmpuint(varying, >, 40);
    for (size_t row = 0; row < statistics->n; row++)
        test_assert_near(at(statistics, "p", row), at(tests, "p", 7 * row), 0);

    /* Composition and bins of what stays with its atom are exact; the bins of the rest add up to the same. */
    const AlloyTable *composition = table_of(run, "composition"), *bins = table_of(run, "distribution");
    for (size_t row = 0; row < composition->n; row++) {
        g_assert_cmpstr(text_at(composition, "null", row), ==, "species shuffled (exact)");
        check_count(composition, row, "expected", selected, n);
    }
    g_assert_cmpuint(bins->n, ==, 20 * statistics->n);
    double concentration_bins = 0;
    for (size_t row = 0; row < bins->n; row++) {
        gboolean by_label = g_strv_contains(labels, text_at(bins, "quantity", row));
        g_assert_cmpstr(text_at(bins, "null", row), ==,
                        by_label ? "species shuffled" : "sites drawn (exact)");
        if (!by_label)
            check_count(bins, row, "null_mean", selected, n);
        if (strcmp(text_at(bins, "quantity", row), "c_Ir") == 0) {
            test_assert_near(at(bins, "low", row), 0.05 * (double)(row % 20), 1e-15);
            concentration_bins += at(bins, "null_mean", row);
        }
        if (at(bins, "null_sd", row) > 0)
            test_assert_near(at(bins, "z", row) * at(bins, "null_sd", row) + at(bins, "null_mean", row),
                             at(bins, "count", row), 1e-9);
    }
    test_assert_near(concentration_bins, selected,
                     1e-9); /* every atom has neighbours, in every arrangement */
    check_adjusted(composition);
    check_adjusted(statistics);
    check_adjusted(tests);
    check_adjusted(bins);

    /* Text for people knows the least p that there can be. */
    const AlloyColumn *p = alloy_table_column(tests, "p");
    for (size_t row = 0; row < tests->n; row++)
        g_assert_cmpint(alloy_column_at_floor(p, row), ==, p->real[row] < 1.5 / 200);
    g_assert_false(alloy_column_at_floor(alloy_table_column(composition, "p"), 0));
}

/* In a binary alloy alpha_AA and alpha_AB are one number: so are their bins and nulls. */
static void test_bins_of_a_pair(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    const char *settings[] = {"where=x > 1", "cutoff=3.3", "shuffles=49", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    const AlloyTable *bins = table_of(run, "distribution");
    for (size_t row = 0; row < 20; row++) {
        g_assert_cmpstr(text_at(bins, "quantity", row), ==, "csrop_Pd_Pd");
        g_assert_cmpstr(text_at(bins, "quantity", 20 + row), ==, "csrop_Pd_Ir");
        test_assert_near(at(bins, "count", row), at(bins, "count", 20 + row), 0);
        test_assert_near(at(bins, "null_mean", row), at(bins, "null_mean", 20 + row), 1e-12);
        test_assert_near(at(bins, "p", row), at(bins, "p", 20 + row), 0);
    }
}

/* --- names --- */

static const AlloyAtoms *with_columns(const AlloyAtoms *atoms, const double *order, double cn)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    double *values = alloy_array_new(double, atoms->n);
    int64_t *numbers = cn > 0 ? alloy_array_new(int64_t, atoms->n) : NULL;
    for (size_t i = 0; i < atoms->n; i++) {
        values[i] = order[i];
        if (numbers != NULL)
            numbers[i] = (int64_t)cn;
    }
    alloy_atoms_builder_set_column(builder,
                                   alloy_column_new_real("csrop_Pd_Ir", ALLOY_UNIT_NONE, values, atoms->n));
    if (numbers != NULL)
        alloy_atoms_builder_set_column(builder,
                                       alloy_column_new_integer("cn", ALLOY_UNIT_NONE, numbers, atoms->n));
    return alloy_atoms_builder_finish(builder);
}

static void test_own_columns(void)
{
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)particle(FALSE);
    const char *settings[] = {"where=z > 2", "cutoff=3.3", "shuffles=9", NULL};
    g_autoptr(AlloyRun) plain = order_run(&alloy_op_statistics, bare, settings);
    const char *order[] = {"cutoff=3.3", "shuffles=0", NULL};
    g_autoptr(AlloyRun) csrop = order_run(&alloy_op_csrop, bare, order);
    const double *computed = order_column(csrop, "csrop_Pd_Ir");

    /* What csrop wrote is what is computed: one row, no word. */
    g_autoptr(AlloyAtoms) same = (AlloyAtoms *)with_columns(bare, computed, 0);
    g_autoptr(AlloyRun) one = order_run(&alloy_op_statistics, same, settings);
    g_assert_cmpuint(one->warnings->len, ==, 0);
    order_assert_same_tables(one, plain);

    /* Something else: both, each under its name, and said so. */
    g_autofree double *other = g_new(double, bare->n);
    for (size_t i = 0; i < bare->n; i++)
        other[i] = (double)(i % 10) / 10;
    g_autoptr(AlloyAtoms) clash = (AlloyAtoms *)with_columns(bare, other, 4);
    g_autoptr(AlloyRun) two = order_run(&alloy_op_statistics, clash, settings);
    g_assert_cmpuint(two->warnings->len, ==, 1);
    const AlloyWarning *warning = two->warnings->pdata[0];
    g_assert_cmpstr(warning->code, ==, "name-clash");
    g_assert_nonnull(strstr(warning->message, "(csrop_Pd_Ir, cn)"));
    double sum = 0, n = 0;
    for (size_t i = 0; i < bare->n; i++)
        if (bare->z[i] > 2) {
            sum += other[i];
            n++;
        }
    test_assert_near(figure(two, "csrop_Pd_Ir", "mean"), sum / n, 1e-13);
    test_assert_near(figure(two, "cn", "mean"), 4, 0);
    const char *const both[] = {"csrop_Pd_Ir", "cn"};
    for (int k = 0; k < 2; k++) {
        g_autofree char *recomputed = g_strconcat(both[k], " (recomputed)", NULL);
        test_assert_near(figure(two, recomputed, "mean"), figure(plain, both[k], "mean"), 0);
        test_assert_near(figure(two, recomputed, "z"), figure(plain, both[k], "z"), 0);
    }
    test_assert_near(figure(two, "csrop_Pd_Pd", "z"), figure(plain, "csrop_Pd_Pd", "z"), 0);
    /* A name stands once. */
    const AlloyTable *table = table_of(two, "statistics");
    for (size_t i = 0; i < table->n; i++)
        for (size_t j = 0; j < i; j++)
            g_assert_cmpstr(text_at(table, "quantity", i), !=, text_at(table, "quantity", j));
}

/* A stage without the species of the indicator has none of it, the others have. */
static void test_absent_species(void)
{
    g_autoptr(AlloyAtoms) mixed = (AlloyAtoms *)particle(FALSE);
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(3, 3.9, &positions, NULL);
    g_autoptr(AlloyAtoms) pure = (AlloyAtoms *)order_model(positions, NULL, n, 1, NULL);
    AlloyStage stages[] = {{mixed, NAN, NAN, "fresh"}, {pure, NAN, NAN, "leached"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("", stages, 2);
    const AlloyOperation *const operations[] = {&alloy_op_statistics, &alloy_op_csrop};
    for (int k = 0; k < 2; k++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyRun) run = alloy_run_new(operations[k]);
        alloy_run_add_input(run, ALLOY_DATA(series));
        g_assert_true(alloy_run_set(run, "species", "Ir", NULL) &&
                      alloy_run_set(run, "cutoff", "3.3", NULL) &&
                      alloy_run_set(run, "shuffles", "19", NULL));
        alloy_run_execute(run, &error);
        g_assert_no_error(error);
        const char *said = NULL;
        for (guint w = 0; w < run->warnings->len; w++)
            if (strcmp(((const AlloyWarning *)run->warnings->pdata[w])->code, "absent-species") == 0)
                said = ((const AlloyWarning *)run->warnings->pdata[w])->message;
        g_assert_cmpstr(
            said, ==, "stage 1 (leached): no atoms of Ir here: what is asked of this species has no values");
        if (k == 1) {
            const AlloySeries *result = (const AlloySeries *)run->atoms;
            for (int s = 0; s < 2; s++) {
                const AlloyColumn *column = alloy_atoms_column(result->stages[s].atoms, "csrop");
                g_assert_nonnull(column);
                for (size_t i = 0; i < column->n; i++)
                    g_assert_true(isnan(column->real[i]) == (s == 1));
            }
            const AlloyTable *scalars = table_of(run, "scalars");
            g_assert_true(!isnan(at(scalars, "csrop_mean", 0)) && isnan(at(scalars, "csrop_mean", 1)));
            g_assert_true(isnan(at(scalars, "csrop_p", 1)));
            /* The floor of p outlives the gathering. */
            g_assert_cmpfloat(fabs(alloy_table_column(scalars, "csrop_p")->floor - 0.05), <, 1e-15);
        }
        /* In none of them: a mistake. */
        g_assert_true(alloy_run_set(run, "species", "Au", NULL));
        g_assert_false(alloy_run_execute(run, &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    }
}

/* With everything selected the shuffles are those of csrop, number by number. */
static void test_whole_particle(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(TRUE);
    const char *settings[] = {"cutoff=3.3", "species=Pd", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    g_autoptr(AlloyRun) csrop = order_run(&alloy_op_csrop, atoms, settings);
    test_assert_near(order_scalar(run, "selected"), (double)atoms->n, 0);
    static const char *const figures[] = {"null_mean", "null_sd", "z", "p"};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            for (unsigned f = 0; f < G_N_ELEMENTS(figures); f++) {
                g_autofree char *name = g_strdup_printf("csrop_%s_%s", order_names[i], order_names[j]);
                double theirs = order_figure(csrop, "csrop", order_names[i], order_names[j], figures[f]);
                test_assert_near(figure(run, name, figures[f]), theirs, 1e-9 * fabs(theirs));
            }
    test_assert_near(figure(run, "csrop", "null_mean"), order_scalar(csrop, "csrop_null_mean"), 1e-12);
    g_assert_cmpfloat(fabs(figure(run, "csrop", "z")), >, 20);
    /* Drawing all of them leaves nothing to chance. */
    g_assert_true(isnan(figure(run, "cn", "z")));
    test_assert_near(figure(run, "cn", "p"), 1, 0);
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "p"), 1, 0);
}

/* The outer shells of a core-shell particle: few neighbours, all Ir. */
static void test_core_shell(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(TRUE);
    const char *settings[] = {"where=cn < 12", "cutoff=3.3", "species=Pd", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_statistics, atoms, settings);
    test_assert_near(order_scalar(run, "selected"), 252, 0); /* 10 n^2 + 2 */
    test_assert_near(order_figure(run, "composition", "Ir", NULL, "fraction"), 1, 0);
    /* 414 of 561 are Ir: 252 draws that all find one, and counts as far below the mean, which are less likely
     * still. */
    double all_iridium = 1;
    for (int i = 0; i < 252; i++)
        all_iridium *= (414.0 - i) / (561.0 - i);
    double p = order_figure(run, "composition", "Ir", NULL, "p");
    g_assert_cmpfloat(p, >=, all_iridium * (1 - 1e-10));
    g_assert_cmpfloat(p, <, 1e-40);
    g_assert_cmpfloat(figure(run, "c_Ir", "z"), >, 10);
    g_assert_cmpfloat(figure(run, "cn", "z"), <, -10);
    /* (12 x 5 + 96 x 7 + 96 x 8 + 48 x 9)/252, the coordinations of the cuboctahedron. */
    test_assert_near(figure(run, "cn", "mean"), 1932.0 / 252, 1e-13);
    /* No Pd among them: its order parameters have no value, in no arrangement a reason for one. */
    test_assert_near(figure(run, "csrop_Pd_Pd", "n"), 0, 0);
    g_assert_true(isnan(figure(run, "csrop_Pd_Pd", "p")));
}

static void test_selection_by_column(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    const char *by_name[] = {"selection=half", "cutoff=3.3", "shuffles=9", NULL};
    const char *where[] = {"where=half", "cutoff=3.3", "shuffles=9", NULL};
    g_autoptr(AlloyRun) one = order_run(&alloy_op_statistics, atoms, by_name);
    g_autoptr(AlloyRun) two = order_run(&alloy_op_statistics, atoms, where);
    test_assert_near(order_scalar(one, "selected"), order_scalar(two, "selected"), 0);
    test_assert_near(figure(one, "csrop_Ir_Ir", "z"), figure(two, "csrop_Ir_Ir", "z"), 0);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_set_column(builder,
                                   alloy_column_renamed(alloy_atoms_column(atoms, "half"), "selected"));
    g_autoptr(AlloyAtoms) marked = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    const char *neither[] = {"cutoff=3.3", "shuffles=9", NULL};
    g_autoptr(AlloyRun) three = order_run(&alloy_op_statistics, marked, neither);
    test_assert_near(order_scalar(three, "selected"), order_scalar(one, "selected"), 0);
}

static void test_threads(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    const char *settings[] = {"where=z > 2", "cutoff=3.3", "species=Ir", "shuffles=199", NULL};
    alloy_parallel_set_threads(1);
    g_autoptr(AlloyRun) one = order_run(&alloy_op_statistics, atoms, settings);
    for (unsigned threads = 2; threads <= 8; threads *= 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyRun) many = order_run(&alloy_op_statistics, atoms, settings);
        order_assert_same_tables(one, many);
    }
    alloy_parallel_set_threads(0);
}

static void assert_fails(const AlloyAtoms *atoms, const char *name, const char *value, int code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_statistics);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    g_assert_true(alloy_run_set(run, name, value, NULL));
    g_assert_true(alloy_run_set(run, "cutoff", "3.3", NULL));
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_error(error, ALLOY_ERROR, code);
}

static void test_refusals(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(FALSE);
    assert_fails(atoms, "where", "z > 1000", ALLOY_ERROR_INPUT);
    assert_fails(atoms, "selection", "nobody", ALLOY_ERROR_PARAMETER);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/statistics/by-hand", test_by_hand);
    g_test_add_func("/structure/statistics/every-statistic", test_every_statistic);
    g_test_add_func("/structure/statistics/bins-of-a-pair", test_bins_of_a_pair);
    g_test_add_func("/structure/statistics/own-columns", test_own_columns);
    g_test_add_func("/structure/statistics/absent-species", test_absent_species);
    g_test_add_func("/structure/statistics/whole-particle", test_whole_particle);
    g_test_add_func("/structure/statistics/core-shell", test_core_shell);
    g_test_add_func("/structure/statistics/selection-by-column", test_selection_by_column);
    g_test_add_func("/structure/statistics/threads", test_threads);
    g_test_add_func("/structure/statistics/refusals", test_refusals);
    return g_test_run();
}
