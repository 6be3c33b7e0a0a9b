/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/statistics.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/statistics.h"
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
    g_test_add_func("/structure/statistics/whole-particle", test_whole_particle);
    g_test_add_func("/structure/statistics/core-shell", test_core_shell);
    g_test_add_func("/structure/statistics/selection-by-column", test_selection_by_column);
    g_test_add_func("/structure/statistics/threads", test_threads);
    g_test_add_func("/structure/statistics/refusals", test_refusals);
    return g_test_run();
}
