/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/csrop.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/parallel.h"
#include "core/data/series.h"
#include "core/structure/order.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"

#include <math.h>
#include <stdlib.h>

static void test_forms(void)
{
    double low, high;
    /* Pd in Pd@Ir, particle 1 at 0 min, 10639 of 13491 (arXiv:2606.12150, table S1): the paper's histograms
     * of alpha_PdPd begin at -4 because -C/(1-C) is -3.73. */
    double C = 10639.0 / 13491;
    alloy_order_range(ALLOY_ORDER_PAIRWISE, C, TRUE, &low, &high);
    test_assert_near(low, -10639.0 / 2852, 1e-14);
    test_assert_near(low, -3.7304, 5e-5);
    test_assert_near(high, 1, 1e-15);
    alloy_order_range(ALLOY_ORDER_PAIRWISE, C, FALSE, &low, &high);
    test_assert_near(low, 1 - 1 / C, 1e-15);
    test_assert_near(high, 1, 1e-15);
    alloy_order_range(ALLOY_ORDER_WARREN_COWLEY, C, TRUE, &low, &high);
    test_assert_near(low, 1 - 1 / C, 1e-15);
    test_assert_near(high, 1, 1e-15);
    /* Off the diagonal both forms are one; at p = C both are 0. */
    test_assert_near(alloy_order_parameter(ALLOY_ORDER_PAIRWISE, 0.3, C, FALSE),
                     alloy_order_parameter(ALLOY_ORDER_WARREN_COWLEY, 0.3, C, FALSE), 1e-15);
    test_assert_near(alloy_order_parameter(ALLOY_ORDER_PAIRWISE, C, C, TRUE), 0, 0);
    test_assert_near(alloy_order_sum(ALLOY_ORDER_PAIRWISE, 0.3 + 0.5, 2, C, TRUE),
                     alloy_order_parameter(ALLOY_ORDER_PAIRWISE, 0.3, C, TRUE) +
                         alloy_order_parameter(ALLOY_ORDER_PAIRWISE, 0.5, C, TRUE),
                     1e-14);
    g_assert_true(isnan(alloy_order_parameter(ALLOY_ORDER_PAIRWISE, 1, 1, TRUE)));
    g_assert_true(isnan(alloy_order_parameter(ALLOY_ORDER_PAIRWISE, 0, 0, FALSE)));
}

/* --- ordered lattices --- */

static const AlloyAtoms *lattice(const double (*basis)[3], const uint8_t *label, int n_basis, double a,
                                 int cells)
{
    size_t n = (size_t)(cells * cells * cells * n_basis), at = 0;
    g_autofree double(*positions)[3] = g_malloc(n * sizeof *positions);
    g_autofree uint8_t *labels = g_malloc(n);
    for (int i = 0; i < cells; i++)
        for (int j = 0; j < cells; j++)
            for (int k = 0; k < cells; k++)
                for (int b = 0; b < n_basis; b++, at++) {
                    positions[at][0] = a * (i + basis[b][0]);
                    positions[at][1] = a * (j + basis[b][1]);
                    positions[at][2] = a * (k + basis[b][2]);
                    labels[at] = label[b];
                }
    double edge = a * cells;
    AlloyCell cell = {{0, 0, 0}, {{edge, 0, 0}, {0, edge, 0}, {0, 0, edge}}, {TRUE, TRUE, TRUE}};
    return order_model(positions, labels, n, 2, &cell);
}

static void check_all_pairs(const AlloyAtoms *atoms, const char *const *settings, double expected)
{
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            g_autofree char *name = g_strdup_printf("csrop_%s_%s", order_names[i], order_names[j]);
            const double *column = order_column(run, name);
            for (size_t atom = 0; atom < atoms->n; atom++) {
                if (atoms->species[atom] == i)
                    test_assert_near(column[atom], expected, 4e-16);
                else
                    g_assert_true(isnan(column[atom]));
            }
            test_assert_near(order_figure(run, "csrop", order_names[i], order_names[j], "pooled"), expected,
                             4e-16);
        }
}

static const double fcc[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
static const uint8_t one_of_four[4] = {1, 0, 0, 0}, layers[4] = {0, 0, 1, 1}, one_of_two[2] = {0, 1};

static void test_ordered_lattices(void)
{
    /* Closed form. L1_2 A3B: around A 8 A and 4 B of 12, around B 12 A: (2/3 - 3/4)/(1/4) = -1/3, and so are
     * the other three. L1_0: around A 4 A and 8 B: (1/3 - 1/2)/(1/2) = -1/3. B2: no like neighbour of 8: -1.
     * The second shell of all three lies on the same sublattice: +1. */
    g_autoptr(AlloyAtoms) l12 = (AlloyAtoms *)lattice(fcc, one_of_four, 4, 3.8, 4);
    g_autoptr(AlloyAtoms) l10 = (AlloyAtoms *)lattice(fcc, layers, 4, 3.9, 4);
    g_autoptr(AlloyAtoms) b2 = (AlloyAtoms *)lattice(bcc, one_of_two, 2, 3.0, 5);
    const char *first[] = {"shuffles=0", NULL};
    check_all_pairs(l12, first, -1.0 / 3);
    check_all_pairs(l10, first, -1.0 / 3);
    const char *second[] = {"shuffles=0", "shell=2", NULL};
    check_all_pairs(l12, second, 1);
    check_all_pairs(l10, second, 1);
    const char *first_b2[] = {"shuffles=0", "cutoff=2.8", NULL};
    check_all_pairs(b2, first_b2, -1);
    const char *second_b2[] = {"shuffles=0", "shell=2", "cutoff=2.8", "outer-cutoff=3.6", NULL};
    check_all_pairs(b2, second_b2, 1);
    /* By number of neighbours. */
    const char *twelve[] = {"shuffles=0", "nearest=12", NULL};
    check_all_pairs(l12, twelve, -1.0 / 3);
    const char *six_more[] = {"shuffles=0", "nearest=12,6", "shell=2", NULL};
    check_all_pairs(l10, six_more, 1);
}

static void test_second_minimum(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(fcc, layers, 4, 4.0, 4);
    double second, bond = 4.0 / sqrt(2.0);
    g_assert_true(alloy_second_minimum(atoms, 1.2 * bond, &second, NULL, NULL));
    /* The middle of the gap between the shells at sqrt(2) and sqrt(3) bonds; what the smoothing leaves at
     * both ends is alike to a few bins of 0.003 bonds. */
    test_assert_near(second / bond, (sqrt(2.0) + sqrt(3.0)) / 2, 0.02);
}

/* --- against counting by hand --- */

typedef struct {
    double cutoff, outer;
    int shell;
    unsigned nearest[2];
    gboolean pool, zero, symmetrise, kept, cowley;
    int surface; /* 0 keep, 1 drop centres, 2 drop atoms */
    int surface_cn;
} Rules;

static double distance(const AlloyAtoms *atoms, size_t i, size_t j)
{
    double d[3] = {atoms->x[i] - atoms->x[j], atoms->y[i] - atoms->y[j], atoms->z[i] - atoms->z[j]};
    return alloy_norm3(d);
}

/* Whether j is a neighbour of i in that shell; there[] says which atoms exist. */
static gboolean is_neighbour(const AlloyAtoms *atoms, const Rules *rules, int shell, const gboolean *there,
                             size_t i, size_t j)
{
    if (i == j || !there[j])
        return FALSE;
    double d = distance(atoms, i, j);
    if (rules->nearest[0] > 0) {
        unsigned rank = 0;
        for (size_t k = 0; k < atoms->n; k++)
            rank += k != i && there[k] && distance(atoms, i, k) < d;
        return shell == 1 ? rank < rules->nearest[0]
                          : rank >= rules->nearest[0] && rank < rules->nearest[0] + rules->nearest[1];
    }
    return shell == 1 ? d < rules->cutoff : d >= rules->cutoff && d < rules->outer;
}

/* values[(i*K + j)*n + atom] */
static double *by_hand(const AlloyAtoms *atoms, const Rules *rules)
{
    const unsigned K = atoms->n_kinds;
    const size_t n = atoms->n;
    g_autofree gboolean *there = g_new(gboolean, n), *centre = g_new(gboolean, n);
    for (size_t i = 0; i < n; i++) {
        int cn = 0;
        for (size_t j = 0; j < n; j++)
            cn += i != j && distance(atoms, i, j) < rules->cutoff;
        gboolean surface = cn < rules->surface_cn;
        there[i] = !(surface && rules->surface == 2);
        centre[i] = !(surface && rules->surface > 0);
    }
    double C[5] = {0}, all = 0;
    for (size_t i = 0; i < n; i++)
        if (!rules->kept || centre[i]) {
            C[atoms->species[i]]++;
            all++;
        }
    for (unsigned k = 0; k < K; k++)
        C[k] /= all;
    g_autofree double *count = g_new0(double, n *K);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            count[i * K + atoms->species[j]] += is_neighbour(atoms, rules, rules->shell, there, i, j);
    double *values = g_new(double, n *K *K);
    for (size_t atom = 0; atom < n; atom++)
        for (unsigned i = 0; i < K; i++) {
            double pooled[5] = {0}, sum = 0;
            for (size_t k = 0; k < n; k++) {
                gboolean in = k == atom || (rules->pool && is_neighbour(atoms, rules, 1, there, atom, k));
                if (!in || !centre[k] || atoms->species[k] != i)
                    continue;
                for (unsigned j = 0; j < K; j++) {
                    pooled[j] += count[k * K + j];
                    sum += count[k * K + j];
                }
            }
            for (unsigned j = 0; j < K; j++) {
                double p = pooled[j] / sum, value;
                if (rules->cowley)
                    value = 1 - p / C[j];
                else
                    value = (p - C[j]) / ((i == j ? 1 : 0) - C[j]);
                if (isnan(value) && rules->zero && (rules->pool || atoms->species[atom] == i))
                    value = 0;
                values[(i * K + j) * n + atom] = centre[atom] ? value : NAN;
            }
        }
    if (rules->symmetrise)
        for (unsigned i = 0; i < K; i++)
            for (unsigned j = 0; j < i; j++)
                for (size_t atom = 0; atom < n; atom++) {
                    double *a = &values[(i * K + j) * n + atom], *b = &values[(j * K + i) * n + atom];
                    *a = *b = (*a + *b) / 2;
                }
    return values;
}

static void check_rules(const AlloyAtoms *atoms, const Rules *rules)
{
    g_autofree double *expected = by_hand(atoms, rules);
    const unsigned K = atoms->n_kinds;
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    static const char *const surfaces[] = {"keep", "drop-centres", "drop-atoms"};
    g_ptr_array_add(settings, g_strdup("shuffles=5"));
    g_ptr_array_add(settings, g_strdup("species=Ir"));
    g_ptr_array_add(settings, g_strdup_printf("cutoff=%g", rules->cutoff));
    g_ptr_array_add(settings, g_strdup_printf("shell=%d", rules->shell));
    if (rules->nearest[0] > 0)
        g_ptr_array_add(settings, g_strdup_printf("nearest=%u, %u", rules->nearest[0], rules->nearest[1]));
    else
        g_ptr_array_add(settings, g_strdup_printf("outer-cutoff=%g", rules->outer));
    g_ptr_array_add(settings, g_strdup_printf("average=%s", rules->pool ? "shell" : "centre"));
    g_ptr_array_add(settings, g_strdup_printf("surface=%s", surfaces[rules->surface]));
    g_ptr_array_add(settings, g_strdup("surface-by=cn"));
    g_ptr_array_add(settings, g_strdup_printf("surface-cn=%d", rules->surface_cn));
    g_ptr_array_add(settings, g_strdup_printf("concentration=%s", rules->kept ? "kept" : "whole"));
    g_ptr_array_add(settings, g_strdup_printf("form=%s", rules->cowley ? "warren-cowley" : "pairwise"));
    g_ptr_array_add(settings, g_strdup_printf("undefined=%s", rules->zero ? "zero" : "empty"));
    g_ptr_array_add(settings, g_strdup_printf("symmetrise=%s", rules->symmetrise ? "true" : "false"));
    g_ptr_array_add(settings, NULL);
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, (const char *const *)settings->pdata);

    const double *indicator = order_column(run, "csrop");
    for (unsigned i = 0; i < K; i++)
        for (unsigned j = 0; j < K; j++) {
            g_autofree char *name = g_strdup_printf("csrop_%s_%s", order_names[i], order_names[j]);
            const double *column = order_column(run, name);
            const double *hand = expected + (i * K + j) * atoms->n;
            double sum = 0, n = 0;
            for (size_t atom = 0; atom < atoms->n; atom++) {
                if (isnan(hand[atom]) || isnan(column[atom])) {
                    g_assert_true(isnan(hand[atom]) && isnan(column[atom]));
                    continue;
                }
                test_assert_near(column[atom], hand[atom], 1e-14);
                sum += column[atom];
                n++;
                /* Ir is kind 1. */
                if (j == 1 && i == atoms->species[atom])
                    test_assert_near(indicator[atom], i == 1 && !rules->cowley ? hand[atom] : -hand[atom],
                                     1e-14);
            }
            const char *a = order_names[i], *b = order_names[j];
            test_assert_near(order_figure(run, "csrop", a, b, "n"), n, 0);
            test_assert_near(order_figure(run, "csrop", a, b, "mean"), sum / n, 1e-13);
            /* The null counts in its own way: its observation is the same mean. */
            test_assert_near(order_figure(run, "csrop", a, b, "z") *
                                     order_figure(run, "csrop", a, b, "null_sd") +
                                 order_figure(run, "csrop", a, b, "null_mean"),
                             sum / n, 1e-13);
            test_assert_near(order_figure(run, "csrop", a, b, "pooled_z") *
                                     order_figure(run, "csrop", a, b, "pooled_null_sd") +
                                 order_figure(run, "csrop", a, b, "pooled_null_mean"),
                             order_figure(run, "csrop", a, b, "pooled"), 1e-13);
        }
    test_assert_near(order_scalar(run, "csrop_z") * order_scalar(run, "csrop_null_sd") +
                         order_scalar(run, "csrop_null_mean"),
                     order_scalar(run, "csrop_mean"), 1e-13);
}

static const AlloyAtoms *blob(unsigned K)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(7, &positions, 11);
    g_assert_cmpuint(n, >, 60);
    positions[3][0] += 50; /* two without neighbours */
    positions[4][1] += 80;
    const size_t counts[3] = {n - 15 * (K - 1), 15, 15};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, K, 2, 9);
    return order_model(positions, labels, n, K, NULL);
}

static void test_every_definition(void)
{
    for (unsigned K = 2; K <= 3; K++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(K);
        for (unsigned bits = 0; bits < 192; bits++) {
            Rules rules = {.cutoff = 3.4, .outer = 4.6, .surface_cn = 6};
            rules.shell = bits & 1 ? 2 : 1;
            rules.pool = bits >> 1 & 1;
            rules.zero = bits >> 2 & 1;
            rules.kept = bits >> 3 & 1;
            rules.cowley = bits >> 4 & 1;
            rules.symmetrise = rules.pool && (bits >> 5 & 1);
            if (!rules.pool && (bits >> 5 & 1)) {
                rules.nearest[0] = 5;
                rules.nearest[1] = 3;
            }
            rules.surface = (int)(bits / 64);
            check_rules(atoms, &rules);
        }
    }
}

/* --- what must not matter --- */

static void assert_same_columns(const AlloyRun *a, const AlloyRun *b, const uint32_t *permutation)
{
    static const char *const names[] = {"csrop_Pd_Pd", "csrop_Pd_Ir", "csrop_Ir_Pd", "csrop_Ir_Ir", "csrop"};
    for (unsigned k = 0; k < G_N_ELEMENTS(names); k++) {
        const double *p = order_column(a, names[k]), *q = order_column(b, names[k]);
        size_t n = ((const AlloyAtoms *)a->atoms)->n;
        for (size_t i = 0; i < n; i++) {
            double other = q[permutation != NULL ? permutation[i] : i];
            g_assert_true(p[i] == other || (isnan(p[i]) && isnan(other)));
        }
    }
}

static void test_invariance(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(2);
    const size_t n = atoms->n;
    const char *settings[] = {"species=Pd", "cutoff=3.4", "shuffles=0", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);

    const double axis[3] = {2 / 7.0, 3 / 7.0, 6 / 7.0};
    double turn[3][3];
    alloy_rotation3(axis, 1.234, turn);
    g_autofree double(*moved)[3] = g_malloc(n * sizeof *moved);
    g_autofree uint8_t *labels = g_malloc(n);
    g_autofree uint32_t *place = g_new(uint32_t, n);
    for (size_t i = 0; i < n; i++)
        place[i] = (uint32_t)((i * 31 + 5) % n); /* a permutation: 31 is prime to n */
    g_assert_cmpuint(n % 31, !=, 0);
    for (size_t i = 0; i < n; i++) {
        double from[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
        for (int k = 0; k < 3; k++)
            moved[place[i]][k] = alloy_dot3(turn[k], from) + 17.3 * (k + 1);
        labels[place[i]] = (uint8_t)atoms->species[i];
    }
    g_autoptr(AlloyAtoms) other = (AlloyAtoms *)order_model(moved, labels, n, 2, NULL);
    g_autoptr(AlloyRun) again = order_run(&alloy_op_csrop, other, settings);
    assert_same_columns(run, again, place);
}

static void test_threads(void)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(12, 3.9, &positions, NULL);
    g_autofree uint8_t *labels = g_malloc(n);
    const size_t counts[2] = {n - 2000, 2000};
    order_random_labels(labels, counts, 2, 1, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    for (int pool = 0; pool < 2; pool++) {
        const char *settings[] = {"species=Ir", "cutoff=3.3", pool ? "shuffles=31" : "shuffles=199",
                                  pool ? "average=shell" : "average=centre", NULL};
        alloy_parallel_set_threads(1);
        g_autoptr(AlloyRun) one = order_run(&alloy_op_csrop, atoms, settings);
        for (unsigned threads = 2; threads <= 8; threads *= 4) {
            alloy_parallel_set_threads(threads);
            g_autoptr(AlloyRun) many = order_run(&alloy_op_csrop, atoms, settings);
            assert_same_columns(one, many, NULL);
            order_assert_same_tables(one, many);
        }
        alloy_parallel_set_threads(0);
    }
}

/* --- edges --- */

static void test_one_species(void)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(2, 3.9, &positions, NULL);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, NULL, n, 1, NULL);
    const char *empty[] = {"species=Pd", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, empty);
    /* C = 1: (1 - 1)/(1 - 1). */
    for (size_t i = 0; i < n; i++) {
        g_assert_true(isnan(order_column(run, "csrop_Pd_Pd")[i]));
        g_assert_true(isnan(order_column(run, "csrop")[i]));
    }
    test_assert_near(order_figure(run, "csrop", "Pd", "Pd", "undefined"), 1, 0);
    g_assert_true(isnan(order_scalar(run, "p_Pd_Pd")));
    const char *zero[] = {"undefined=zero", NULL};
    g_autoptr(AlloyRun) zeros = order_run(&alloy_op_csrop, atoms, zero);
    for (size_t i = 0; i < n; i++)
        test_assert_near(order_column(zeros, "csrop_Pd_Pd")[i], 0, 0);
    /* It says why. */
    g_assert_cmpuint(run->warnings->len, ==, 1);
    g_assert_cmpstr(((const AlloyWarning *)run->warnings->pdata[0])->message, ==,
                    "all 55 atoms are Pd: chemical order is undefined, it needs two species");
    /* In all stages but one: once for all of them. */
    g_autoptr(AlloyAtoms) alloy = (AlloyAtoms *)blob(2);
    AlloyStage stages[] = {
        {atoms, NAN, NAN, "a"}, {atoms, NAN, NAN, "b"}, {alloy, NAN, NAN, "c"}, {atoms, NAN, NAN, "d"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("", stages, 4);
    g_autoptr(AlloyRun) all = alloy_run_new(&alloy_op_csrop);
    alloy_run_add_input(all, ALLOY_DATA(series));
    g_assert_true(alloy_run_set(all, "shuffles", "0", NULL));
    g_assert_true(alloy_run_set(all, "cutoff", "3.3", NULL)); /* where each stage has its own is said too */
    g_assert_true(alloy_run_execute(all, NULL));
    g_assert_cmpuint(all->warnings->len, ==, 1);
    g_assert_true(g_str_has_prefix(((const AlloyWarning *)all->warnings->pdata[0])->message,
                                   "stages 0-1, 3: all 55 atoms"));
}

static void test_no_neighbours(void)
{
    const double positions[3][3] = {{0, 0, 0}, {50, 0, 0}, {0, 50, 0}};
    const uint8_t labels[3] = {0, 1, 1};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, 3, 2, NULL);
    const char *settings[] = {"cutoff=3", "species=Pd", "average=shell", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
    for (int i = 0; i < 3; i++)
        g_assert_true(isnan(order_column(run, "csrop_Ir_Pd")[i]) && isnan(order_column(run, "csrop")[i]));
    test_assert_near(order_figure(run, "csrop", "Ir", "Pd", "undefined"), 1, 0);
    g_assert_cmpuint(run->warnings->len, ==, 1);
    const AlloyWarning *warning = run->warnings->pdata[0];
    g_assert_cmpstr(warning->code, ==, "no-neighbours");
    g_assert_cmpstr(warning->message, ==,
                    "none of the 3 atoms has a neighbour within 3 angstrom, the nearest two are 50 angstrom "
                    "apart: there is nothing to count");
}

/* The messages of that code, in their order, joined by newlines. */
static char *messages(const AlloyRun *run, const char *code)
{
    GString *text = g_string_new(NULL);
    for (guint w = 0; w < run->warnings->len; w++) {
        const AlloyWarning *warning = run->warnings->pdata[w];
        if (strcmp(warning->code, code) == 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", warning->message);
    }
    return g_string_free(text, FALSE);
}

/* Names of the options that are said to have no effect with these settings. */
static void check_no_effect(const AlloyAtoms *atoms, const char *options, const char *const *settings)
{
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
    g_autofree char *said = messages(run, "no-effect");
    g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
    g_autoptr(GString) found = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *name = g_strndup(*line, strcspn(*line, " "));
        g_string_append_printf(found, "%s%s", found->len > 0 ? " " : "", name);
        g_assert_nonnull(strstr(*line, " has no effect: "));
    }
    g_assert_cmpstr(found->str, ==, options);
}
#define NO_EFFECT(options, ...)                                                                              \
    check_no_effect(atoms, options, (const char *const[]){"cutoff=3.4", "shuffles=0", __VA_ARGS__, NULL})

static void test_no_effect(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(2);
    NO_EFFECT("", "species=Pd");
    NO_EFFECT("probe-radius", "probe-radius=3");
    NO_EFFECT("surface-by surface-cn", "surface-by=cn", "surface-cn=5");
    NO_EFFECT("concentration", "concentration=kept");
    NO_EFFECT("", "surface=drop-atoms", "surface-by=cn", "surface-cn=5", "concentration=kept");
    NO_EFFECT("probe-radius", "surface=drop-centres", "surface-by=cn", "surface-cn=5", "probe-radius=3");
    NO_EFFECT("surface-cn", "surface=drop-centres", "surface-cn=5", "probe-radius=30");
    NO_EFFECT("outer-cutoff", "outer-cutoff=5");
    NO_EFFECT("", "shell=2", "outer-cutoff=5");
    NO_EFFECT("outer-cutoff cutoff", "shell=2", "outer-cutoff=5", "nearest=5,3");
    NO_EFFECT("cutoff the", "nearest=5,3");
    NO_EFFECT("", "nearest=5", "surface=drop-centres", "surface-by=cn", "surface-cn=5");
}

/* drop-atoms against C of the whole, as it is by default. */
static void test_dropped_atoms(void)
{
    /* Ir at the surface of 147 atoms: 92 of them; 55 Pd are left. One Pd at the surface, so that both are. */
    g_autofree double(*positions)[3] = NULL;
    g_autofree int *shell = NULL;
    size_t n = order_cuboctahedron(3, 3.9, &positions, &shell);
    g_autofree uint8_t *labels = g_malloc(n);
    for (size_t i = 0; i < n; i++)
        labels[i] = shell[i] == 3 || shell[i] == 0;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    const char *by_default[] = {"cutoff=3.3", "surface=drop-atoms", "surface-by=cn", NULL};
    g_autoptr(AlloyRun) whole = order_run(&alloy_op_csrop, atoms, by_default);
    g_autofree char *said = messages(whole, "concentration");
    /* 54 Pd of 147, 54 of 55 */
    g_assert_nonnull(strstr(said, "0.9818 Pd of 0.3673 in the whole"));
    g_assert_nonnull(strstr(said, "concentration = kept"));
    /* As the help has it: (C' - C)/(1 - C), but that an atom is not its own neighbour. */
    double C = 54.0 / 147, others = 53.0 / 54;
    test_assert_near(order_figure(whole, "csrop", "Pd", "Pd", "null_mean"), (others - C) / (1 - C), 0.003);
    const char *chosen[] = {"cutoff=3.3", "surface=drop-atoms", "surface-by=cn", "concentration=whole", NULL};
    g_autoptr(AlloyRun) silent = order_run(&alloy_op_csrop, atoms, chosen);
    g_assert_cmpuint(silent->warnings->len, ==, 0);
}

/* Two halves apart: the indicator's mean is 2C - 1 by the composition alone, whatever is said of order. */
static void test_mean_of_indicator(void)
{
    enum { N = 60 };
    double positions[N][3] = {{0}};
    uint8_t labels[N];
    for (int i = 0; i < N; i++) {
        positions[i][0] = 2.7 * (i % 6) + (i < 18 ? 0 : 100);
        positions[i][1] = 2.7 * (i / 6 % 5);
        positions[i][2] = 2.7 * (i / 30);
        labels[i] = i >= 18;
    }
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, N, 2, NULL);
    const char *settings[] = {"cutoff=3", "species=Pd", NULL};
    g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
    test_assert_near(order_scalar(run, "csrop_mean"), 2 * 18.0 / N - 1, 1e-14);
    g_assert_cmpfloat(order_scalar(run, "csrop_z"), <, 0);
    test_assert_near(order_figure(run, "csrop", "Pd", "Pd", "mean"), 1, 0);
    g_assert_cmpfloat(order_figure(run, "csrop", "Pd", "Pd", "z"), >, 5);
    /* The least p that 999 shuffles give, with its floor. */
    const AlloyColumn *p = alloy_columns_get(run->scalars, "p_Pd_Pd");
    test_assert_near(p->real[0], 1e-3, 1e-15);
    g_assert_true(alloy_column_at_floor(p, 0));
}

static void assert_fails(const AlloyAtoms *atoms, const char *const *settings, int code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_csrop);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    for (; *settings != NULL; settings++) {
        g_auto(GStrv) pair = g_strsplit(*settings, "=", 2);
        g_assert_true(alloy_run_set(run, pair[0], pair[1], NULL));
    }
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_error(error, ALLOY_ERROR, code);
    if (strstr(error->message, message) == NULL) {
        g_test_message("\"%s\" does not say \"%s\"", error->message, message);
        g_test_fail();
    }
}

static void test_refusals(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)blob(2);
    const char *single[] = {"cutoff=3.4", "symmetrise=true", NULL};
    assert_fails(atoms, single, ALLOY_ERROR_PARAMETER, "average = shell");
    const char *words[] = {"nearest=twelve", NULL};
    assert_fails(atoms, words, ALLOY_ERROR_PARAMETER, "twelve");
    const char *half[] = {"nearest=12", "shell=2", NULL};
    assert_fails(atoms, half, ALLOY_ERROR_PARAMETER, "12,6");
    const char *inverted[] = {"cutoff=3.4", "outer-cutoff=3.0", "shell=2", NULL};
    assert_fails(atoms, inverted, ALLOY_ERROR_PARAMETER, "outer-cutoff");
    const char *all_surface[] = {"cutoff=3.4", "surface=drop-atoms", "surface-by=cn", "surface-cn=100", NULL};
    assert_fails(atoms, all_surface, ALLOY_ERROR_INPUT, "surface");
    AlloyAtomsBuilder *none = alloy_atoms_builder_new(0);
    g_autoptr(AlloyAtoms) empty = (AlloyAtoms *)alloy_atoms_builder_finish(none);
    const char *given[] = {"cutoff=3.4", NULL};
    assert_fails(empty, given, ALLOY_ERROR_INPUT, "no atoms");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/csrop/forms", test_forms);
    g_test_add_func("/structure/csrop/ordered-lattices", test_ordered_lattices);
    g_test_add_func("/structure/csrop/second-minimum", test_second_minimum);
    g_test_add_func("/structure/csrop/every-definition", test_every_definition);
    g_test_add_func("/structure/csrop/invariance", test_invariance);
    g_test_add_func("/structure/csrop/threads", test_threads);
    g_test_add_func("/structure/csrop/one-species", test_one_species);
    g_test_add_func("/structure/csrop/no-neighbours", test_no_neighbours);
    g_test_add_func("/structure/csrop/no-effect", test_no_effect);
    g_test_add_func("/structure/csrop/dropped-atoms", test_dropped_atoms);
    g_test_add_func("/structure/csrop/mean-of-indicator", test_mean_of_indicator);
    g_test_add_func("/structure/csrop/refusals", test_refusals);
    return g_test_run();
}
