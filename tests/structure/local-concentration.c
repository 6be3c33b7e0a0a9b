/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/local-concentration.h"

#include "core/base/parallel.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"

#include <math.h>

static const AlloyAtoms *blob(unsigned K)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(9, &positions, 21);
    positions[5][0] += 60; /* no neighbours */
    const size_t counts[3] = {n - 20 * (K - 1), 20, 20};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, K, 4, 4);
    return order_model(positions, labels, n, K, NULL);
}

static double apart(const AlloyAtoms *atoms, size_t i, size_t j)
{
    return sqrt(pow(atoms->x[i] - atoms->x[j], 2) + pow(atoms->y[i] - atoms->y[j], 2) +
                pow(atoms->z[i] - atoms->z[j], 2));
}

static void check_by_hand(unsigned K, gboolean include)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(K);
    const char *settings[] = {"cutoff=3.5", include ? "include-centre=true" : "include-centre=false",
                              "shuffles=19", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_local_concentration, atoms, settings);
    for (unsigned k = 0; k < K; k++) {
        g_autofree char *name = g_strdup_printf("c_%s", order_names[k]);
        const double *column = order_column(run, name);
        double sum = 0, squares = 0, numbers = 0;
        for (size_t i = 0; i < atoms->n; i++) {
            double all = 0, of = 0;
            for (size_t j = 0; j < atoms->n; j++)
                if ((i != j || include) && apart(atoms, i, j) < 3.5) {
                    all++;
                    of += atoms->species[j] == k;
                }
            if (all == 0) {
                g_assert_true(isnan(column[i]));
                continue;
            }
            test_assert_near(column[i], of / all, 0);
            sum += of / all;
            squares += of / all * of / all;
            numbers++;
        }
        double mean = sum / numbers, sd = sqrt((squares - sum * mean) / (numbers - 1));
        test_assert_near(order_figure(run, "local-concentration", order_names[k], NULL, "mean"), mean, 1e-13);
        test_assert_near(order_figure(run, "local-concentration", order_names[k], NULL, "sd"), sd, 1e-12);
        test_assert_near(order_figure(run, "local-concentration", order_names[k], NULL, "n"), numbers, 0);
        /* What the null observed is what the columns hold. */
        test_assert_near(order_figure(run, "local-concentration", order_names[k], NULL, "z") *
                                 order_figure(run, "local-concentration", order_names[k], NULL, "null_sd") +
                             order_figure(run, "local-concentration", order_names[k], NULL, "null_mean"),
                         mean, 1e-13);
        test_assert_near(
            order_figure(run, "local-concentration", order_names[k], NULL, "sd_z") *
                    order_figure(run, "local-concentration", order_names[k], NULL, "sd_null_sd") +
                order_figure(run, "local-concentration", order_names[k], NULL, "sd_null_mean"),
            sd, 1e-12);
    }
}

static void test_by_hand(void)
{
    check_by_hand(2, FALSE);
    check_by_hand(3, FALSE);
    check_by_hand(3, TRUE);
}

/* In a random alloy on a periodic fcc lattice c of an atom is hypergeometric among the other N - 1: its
 * variance is C(1-C)/12 to order 1/N, and the null finds it. */
static void test_scatter_of_a_random_alloy(void)
{
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)test_fcc(4.0, 6, 6, 6, "Pd");
    const size_t n = bare->n, counts[2] = {n - 200, 200};
    g_autofree double(*positions)[3] = g_malloc(n * sizeof *positions);
    g_autofree uint8_t *labels = g_malloc(n);
    for (size_t i = 0; i < n; i++) {
        positions[i][0] = bare->x[i];
        positions[i][1] = bare->y[i];
        positions[i][2] = bare->z[i];
    }
    order_random_labels(labels, counts, 2, 8, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, bare->cell);
    const char *settings[] = {NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_local_concentration, atoms, settings);
    double C = 200.0 / (double)n;
    test_assert_near(order_figure(run, "local-concentration", "Ir", NULL, "sd_null_mean"),
                     sqrt(C * (1 - C) / 12), 0.01 * sqrt(C * (1 - C) / 12));
    g_assert_cmpfloat(fabs(order_figure(run, "local-concentration", "Ir", NULL, "sd_z")), <, 4);
    /* Every site has 12 neighbours: the mean of c is C, whatever the arrangement. */
    test_assert_near(order_figure(run, "local-concentration", "Ir", NULL, "mean"), C, 1e-14);
    g_assert_true(isnan(order_figure(run, "local-concentration", "Ir", NULL, "z")));
    test_assert_near(order_figure(run, "local-concentration", "Ir", NULL, "p"), 1, 0);
}

static void test_threads(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(3);
    const char *settings[] = {"cutoff=3.5", "shuffles=99", NULL};
    alloy_parallel_set_threads(1);
    g_autoptr(AlloyRun) one = order_run(&alloy_op_local_concentration, atoms, settings);
    for (unsigned threads = 2; threads <= 8; threads *= 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyRun) many = order_run(&alloy_op_local_concentration, atoms, settings);
        order_assert_same_tables(one, many);
        g_assert_cmpmem(order_column(one, "c_Ir"), atoms->n * sizeof(double), order_column(many, "c_Ir"),
                        atoms->n * sizeof(double));
    }
    alloy_parallel_set_threads(0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/local-concentration/by-hand", test_by_hand);
    g_test_add_func("/structure/local-concentration/random-alloy", test_scatter_of_a_random_alloy);
    g_test_add_func("/structure/local-concentration/threads", test_threads);
    return g_test_run();
}
