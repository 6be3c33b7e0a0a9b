/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions in every shuffle, against lists of all numbers, by either way. */
#include "core/structure/null-private.h"

#include "core/base/parallel.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"
#include "tests/structure/summary-by-hand.h"

#include <math.h>

typedef struct {
    const AlloyShell *shell;
    const AlloyCounted *quantities;
    unsigned n_kinds, n_quantities, n_bins;
    const uint32_t *centres;
    size_t n_centres;
} SlowCounted;

static void slow_counted(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const SlowCounted *slow = data;
    const unsigned n_each = ALLOY_N_SUMMARY + slow->n_bins;
    g_autofree double *values = g_new(double, slow->n_centres + 1);
    for (unsigned lane = 0; lane < used; lane++)
        for (unsigned q = 0; q < slow->n_quantities; q++) {
            const AlloyCounted *quantity = &slow->quantities[q];
            double *out = statistics + ((size_t)lane * slow->n_quantities + q) * n_each;
            size_t n = 0;
            for (size_t k = 0; k < slow->n_centres; k++) {
                uint32_t i = slow->centres[k], c = slow->shell->count[i], near = 0;
                for (uint32_t r = 0; r < c; r++)
                    near += lanes[alloy_shell_row(slow->shell, i)[r]][lane] == quantity->kind;
                double value = c > 0 ? quantity->value(lanes[i][lane], near, c, quantity->data) : NAN;
                if (isnan(value))
                    continue;
                values[n++] = value;
                for (unsigned b = 0; b < slow->n_bins; b++) {
                    gboolean last = b + 1 == slow->n_bins;
                    out[ALLOY_N_SUMMARY + b] +=
                        (b == 0 || value >= quantity->edges[b]) && (last || value < quantity->edges[b + 1]);
                }
            }
            summary_by_hand(values, n, out);
        }
}

/* Something uneven of all three; none for label 1 of odd kinds. */
static double some_counted(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    const unsigned kind = *(const unsigned *)data;
    if (own == 1 && kind % 2 == 1)
        return NAN;
    return (double)k / c * (own == kind ? 1.7 : -0.6) + 0.01 * own;
}

static void check_counted(double cutoff, unsigned K, gboolean some)
{
    enum { BINS = 7, SHUFFLES = 40 };
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(13, &positions, 5);
    positions[7][0] += 100; /* one without neighbours */
    const size_t counts[5] = {n - 40 * (K - 1), 40, 40, 40, 40};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, K, 3, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, K, NULL);
    AlloyShellRule rule = {cutoff, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, NULL, NULL);
    g_autofree uint32_t *centres = g_new(uint32_t, n);
    size_t n_centres = 0;
    for (size_t i = 0; i < n; i++)
        if (!some || i % 3 != 0)
            centres[n_centres++] = (uint32_t)i;
    double edges[BINS + 1];
    for (int b = 0; b <= BINS; b++)
        edges[b] = -0.4137 + 0.2113 * b; /* no value stands on an edge */
    unsigned kinds[5];
    AlloyCounted quantities[5];
    for (unsigned q = 0; q < K; q++) {
        kinds[q] = K - 1 - q;
        quantities[q] = (AlloyCounted){kinds[q], some_counted, &kinds[q], edges};
    }
    const unsigned n_results = K * (ALLOY_N_SUMMARY + BINS);
    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, K, SHUFFLES, 7);
    SlowCounted slow = {shell, quantities, K, K, BINS, centres, n_centres};
    g_autofree AlloyNull *by_hand = g_new(AlloyNull, n_results), *counted = g_new(AlloyNull, n_results),
                         *again = g_new(AlloyNull, n_results);
    g_assert_true(alloy_shuffles_run(shuffles, n_results, slow_counted, &slow, by_hand, NULL, NULL));
    g_assert_true(alloy_shuffles_counted(shuffles, shell, some ? centres : NULL, n_centres, quantities, K,
                                         BINS, counted, NULL, NULL));
    for (unsigned s = 0; s < n_results; s++) {
        test_assert_near(counted[s].observed, by_hand[s].observed, 1e-12);
        test_assert_near(counted[s].mean, by_hand[s].mean, 1e-12);
        test_assert_near(counted[s].sd, by_hand[s].sd, 1e-10);
        test_assert_near(counted[s].p, by_hand[s].p, 0);
    }
    /* Either way and on any number of threads the same numbers to the last bit. */
    for (unsigned threads = 1; threads <= 8; threads = threads == 1 ? 2 : threads * 4) {
        alloy_parallel_set_threads(threads);
        for (AlloyCountedWay way = ALLOY_COUNTED_AUTO; way <= ALLOY_COUNTED_BY_SITE; way++) {
            g_assert_true(alloy_shuffles_counted_as(way, shuffles, shell, some ? centres : NULL, n_centres,
                                                    quantities, K, BINS, again, NULL, NULL));
            g_assert_cmpmem(again, n_results * sizeof *again, counted, n_results * sizeof *counted);
        }
    }
    alloy_parallel_set_threads(0);
}

static void test_counted(void)
{
    check_counted(3.4, 2, FALSE);
    check_counted(3.4, 2, TRUE);
    check_counted(3.4, 3, TRUE);
    check_counted(3.4, 5, FALSE);
    check_counted(20, 2, TRUE); /* rows of more than 255 */
    check_counted(20, 5, TRUE);
}

/* Values of either sign of zero, and equal ones of different k and c, are one value either way. */
static double zeros_counted(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    return own == 0 ? -0.0 * k : (double)(2 * k >= c);
}

static void test_counted_of_zeros(void)
{
    enum { BINS = 2, RESULTS = ALLOY_N_SUMMARY + BINS };
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(10, &positions, 5);
    const size_t counts[2] = {n - 40, 40};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, 2, 3, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    AlloyShellRule rule = {5, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, NULL, NULL);
    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, 2, 40, 7);
    const double edges[BINS + 1] = {0, 0.5, 1};
    const AlloyCounted quantity = {1, zeros_counted, NULL, edges};
    AlloyNull by_cell[RESULTS], by_site[RESULTS];
    g_assert_true(alloy_shuffles_counted_as(ALLOY_COUNTED_BY_CELL, shuffles, shell, NULL, 0, &quantity, 1,
                                            BINS, by_cell, NULL, NULL));
    g_assert_true(alloy_shuffles_counted_as(ALLOY_COUNTED_BY_SITE, shuffles, shell, NULL, 0, &quantity, 1,
                                            BINS, by_site, NULL, NULL));
    g_assert_cmpmem(by_cell, sizeof by_cell, by_site, sizeof by_site);
    test_assert_near(by_cell[ALLOY_SUMMARY_MIN].observed, 0, 0);
    g_assert_false(signbit(by_cell[ALLOY_SUMMARY_MIN].observed));
}

/* Cancelled while values are computed: what is left then is the rest of one quantity, in each thread. */
typedef struct {
    AlloyProgress *progress;
    gint left; /* calls until the cancel */
    gint after;
} Stopping;

static double stopping_counted(unsigned own, uint32_t k, uint32_t c, const void *data)
{
    Stopping *stopping = (Stopping *)data;
    gint left = g_atomic_int_add(&stopping->left, -1);
    if (left == 1)
        alloy_progress_cancel(stopping->progress);
    if (left <= 1)
        g_atomic_int_inc(&stopping->after);
    return (double)k / c;
}

static void test_cancel(void)
{
    enum { SHUFFLES = 400, THREADS = 2 };
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(13, &positions, 5);
    const size_t counts[2] = {n - 40, 40};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, 2, 3, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    AlloyShellRule rule = {15, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, NULL, NULL);
    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, 2, SHUFFLES, 7);
    alloy_parallel_set_threads(THREADS);
    for (AlloyCountedWay way = ALLOY_COUNTED_BY_CELL; way <= ALLOY_COUNTED_BY_SITE; way++) {
        g_autoptr(AlloyProgress) progress = alloy_progress_new();
        Stopping stopping = {progress, 1000, 0};
        const AlloyCounted quantities[2] = {{0, stopping_counted, &stopping, NULL},
                                            {1, stopping_counted, &stopping, NULL}};
        AlloyNull nulls[2 * ALLOY_N_SUMMARY];
        g_autoptr(GError) error = NULL;
        g_assert_false(alloy_shuffles_counted_as(way, shuffles, shell, NULL, 0, quantities, 2, 0, nulls,
                                                 progress, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_assert_cmpint(stopping.after, >, 0);
        g_assert_cmpuint((guint)stopping.after, <=, THREADS * n);
    }
    alloy_parallel_set_threads(0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/null/counted", test_counted);
    g_test_add_func("/structure/null/counted-of-zeros", test_counted_of_zeros);
    g_test_add_func("/structure/null/counted-cancel", test_cancel);
    return g_test_run();
}
