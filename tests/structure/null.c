/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-private.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/structure/order.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"
#include "tests/structure/summary-by-hand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_summary(void)
{
    /* By hand. T = 3 among 1 2 3 4: mean 2.5, sd sqrt(5/3); the middle of all five is 2.6 and T is the
     * nearest to it. */
    const double inside[] = {3, 1, 2, 3, 4};
    AlloyNull null = alloy_null_summarise(inside, 4);
    test_assert_near(null.mean, 2.5, 1e-15);
    test_assert_near(null.sd, sqrt(5.0 / 3), 1e-15);
    test_assert_near(null.z, 0.5 / sqrt(5.0 / 3), 1e-15);
    test_assert_near(null.p, 1, 0);
    /* T = 10: the farthest from the middle, 4. */
    const double outside[] = {10, 1, 2, 3, 4};
    test_assert_near(alloy_null_summarise(outside, 4).p, 0.2, 1e-15);
    /* A shuffle without a value is no evidence. */
    const double missing[] = {10, 1, NAN, 3, 4};
    null = alloy_null_summarise(missing, 4);
    test_assert_near(null.p, 0.4, 1e-15);
    g_assert_cmpuint(null.undefined, ==, 1);
    /* What differs by rounding is equal: no deviation, p = 1. */
    const double same[] = {1.0 / 3, 1.0 / 3 + 1e-16, 1.0 / 3, 1.0 / 3 - 1e-16, 1.0 / 3};
    null = alloy_null_summarise(same, 4);
    g_assert_true(isnan(null.z));
    test_assert_near(null.sd, 0, 0);
    test_assert_near(null.p, 1, 0);
    const double none[] = {5};
    null = alloy_null_summarise(none, 0);
    g_assert_true(isnan(null.p) && isnan(null.mean) && null.observed == 5);
    const double unobserved[] = {NAN, 1, 2};
    null = alloy_null_summarise(unobserved, 2);
    g_assert_true(isnan(null.p) && isnan(null.z));
    test_assert_near(null.mean, 1.5, 0);
}

#define SITES 5
typedef struct {
    gint seen[3 * 3 * 3 * 3 * 3];
} Arrangements;

static void note_arrangement(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    Arrangements *arrangements = data;
    for (unsigned lane = 0; lane < used; lane++) {
        unsigned code = 0;
        for (int i = 0; i < SITES; i++)
            code = code * 3 + lanes[i][lane];
        g_atomic_int_inc(&arrangements->seen[code]);
        statistics[lane] = code;
    }
}

/* All 5!/(2! 2! 1!) = 30 arrangements of two, two and one appear equally often: chi-square of 29 degrees of
 * freedom, which exceeds 80 with probability 1e-6. */
static void test_arrangements_are_uniform(void)
{
    const uint8_t labels[SITES] = {1, 0, 2, 1, 0};
    const unsigned shuffles = 30000;
    g_autoptr(AlloyShuffles) s = alloy_shuffles_new(labels, SITES, 3, shuffles, 20260612);
    Arrangements arrangements = {{0}};
    AlloyNull null;
    g_assert_true(alloy_shuffles_run(s, 1, note_arrangement, &arrangements, &null, NULL, NULL));
    /* Arrangement 0 is the observed one. */
    test_assert_near(null.observed, 1 * 81 + 0 * 27 + 2 * 9 + 1 * 3 + 0, 0);
    arrangements.seen[(int)null.observed]--;
    double chi2 = 0;
    int different = 0;
    for (unsigned code = 0; code < G_N_ELEMENTS(arrangements.seen); code++) {
        int count[3] = {0};
        for (unsigned k = 0, c = code; k < SITES; k++, c /= 3)
            count[c % 3]++;
        if (count[0] != 2 || count[1] != 2 || count[2] != 1) {
            g_assert_cmpint(arrangements.seen[code], ==, 0);
            continue;
        }
        different++;
        chi2 += pow(arrangements.seen[code] - shuffles / 30.0, 2) / (shuffles / 30.0);
    }
    g_assert_cmpint(different, ==, 30);
    g_assert_cmpfloat(chi2, <, 80);
}

/* --- the tally against counting by hand --- */

typedef struct {
    const AlloyShell *shell;
    unsigned n_kinds;
    const uint32_t *centres;
    size_t n_centres;
} Slow;

static unsigned n_raw(unsigned K)
{
    return 2 * K * K + 3 * K;
}

static void slow_kernel(const AlloyLanes *lanes, unsigned used, double *statistics, void *data)
{
    const Slow *slow = data;
    const unsigned K = slow->n_kinds;
    for (unsigned lane = 0; lane < used; lane++) {
        double *pairs = statistics + lane * n_raw(K), *share = pairs + K * K, *with = share + K * K,
               *without = with + K, *square = without + K;
        for (size_t k = 0; k < slow->n_centres; k++) {
            uint32_t i = slow->centres[k], n = slow->shell->count[i], near[5] = {0};
            unsigned own = lanes[i][lane];
            for (uint32_t r = 0; r < n; r++)
                near[lanes[alloy_shell_row(slow->shell, i)[r]][lane]]++;
            (n > 0 ? with : without)[own]++;
            for (unsigned b = 0; n > 0 && b < K; b++) {
                pairs[own * K + b] += near[b];
                share[own * K + b] += (double)near[b] / n;
                square[b] += (double)near[b] / n * near[b] / n;
            }
        }
    }
}

static void raw_tally(const AlloyTally *tally, double *statistics, void *data)
{
    const unsigned K = tally->n_kinds;
    double *pairs = statistics, *share = pairs + K * K, *with = share + K * K, *without = with + K,
           *square = without + K;
    for (unsigned ab = 0; ab < K * K; ab++) {
        pairs[ab] = (double)tally->pairs[ab];
        share[ab] = tally->share[ab];
    }
    for (unsigned a = 0; a < K; a++) {
        with[a] = (double)tally->with[a];
        without[a] = (double)tally->without[a];
        square[a] = tally->square[a];
    }
}

static void check_tally(double cutoff, unsigned K, gboolean some)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_blob(13, &positions, 5);
    g_assert_cmpuint(n, >, 300);
    positions[7][0] += 100; /* one without neighbours */
    const size_t counts[5] = {n - 40 * (K - 1), 40, 40, 40, 40};
    g_autofree uint8_t *labels = g_malloc(n);
    order_random_labels(labels, counts, K, 3, 1);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, K, NULL);
    AlloyShellRule rule = {cutoff, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, NULL, NULL);
    g_assert_nonnull(shell);
    g_autofree uint32_t *centres = g_new(uint32_t, n);
    size_t n_centres = 0;
    for (size_t i = 0; i < n; i++)
        if (!some || i % 3 != 0)
            centres[n_centres++] = (uint32_t)i;

    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, K, 40, 7);
    Slow slow = {shell, K, centres, n_centres};
    g_autofree AlloyNull *by_hand = g_new(AlloyNull, n_raw(K)), *tallied = g_new(AlloyNull, n_raw(K)),
                         *again = g_new(AlloyNull, n_raw(K));
    g_assert_true(alloy_shuffles_run(shuffles, n_raw(K), slow_kernel, &slow, by_hand, NULL, NULL));
    g_assert_true(alloy_shuffles_tally(shuffles, shell, some ? centres : NULL, n_centres, TRUE, n_raw(K),
                                       raw_tally, NULL, tallied, NULL, NULL));
    for (unsigned s = 0; s < n_raw(K); s++) {
        /* Sums of n fractions of order 1 in another order: n epsilon. */
        double tolerance = 1e-13 * (double)n;
        test_assert_near(tallied[s].observed, by_hand[s].observed, tolerance);
        test_assert_near(tallied[s].mean, by_hand[s].mean, tolerance);
        test_assert_near(tallied[s].sd, by_hand[s].sd, 1e-9);
    }
    for (unsigned threads = 1; threads <= 8; threads = threads == 1 ? 2 : threads * 4) {
        alloy_parallel_set_threads(threads);
        g_assert_true(alloy_shuffles_tally(shuffles, shell, some ? centres : NULL, n_centres, TRUE, n_raw(K),
                                           raw_tally, NULL, again, NULL, NULL));
        g_assert_cmpmem(again, n_raw(K) * sizeof *again, tallied, n_raw(K) * sizeof *tallied);
    }
    alloy_parallel_set_threads(0);
}

static void test_tally(void)
{
    check_tally(3.4, 2, FALSE);
    check_tally(3.4, 2, TRUE);
    check_tally(3.4, 3, FALSE);
    check_tally(3.4, 5, TRUE);
    check_tally(3.4, 1, FALSE);
}

/* Rows of more than 255 neighbours do not fit a byte. */
static void test_tally_of_long_rows(void)
{
    check_tally(20, 2, FALSE);
    check_tally(20, 3, TRUE);
}

static void test_cancel(void)
{
    const uint8_t labels[SITES] = {1, 0, 2, 1, 0};
    g_autoptr(AlloyShuffles) s = alloy_shuffles_new(labels, SITES, 3, 1000, 1);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    Arrangements arrangements = {{0}};
    AlloyNull null;
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_shuffles_run(s, 1, note_arrangement, &arrangements, &null, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- the null is a null --- */

/* On 1000 random alloys (a cuboctahedron of 309 atoms, 30 % of one species) p is uniform and z is centred. */
static void test_random_alloys(void)
{
    enum { ALLOYS = 1000, SHUFFLES = 199 };
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(4, 3.9, &positions, NULL);
    g_assert_cmpuint(n, ==, 309);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)order_model(positions, NULL, n, 1, NULL);
    AlloyShellRule rule = {3.3, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(bare, &rule, NULL, NULL);
    const size_t counts[2] = {n - 93, 93};
    const double concentration[2] = {(double)counts[0] / (double)n, (double)counts[1] / (double)n};
    g_autofree uint8_t *labels = g_malloc(n);
    AlloyOrder order = {.shell = shell, .label = labels, .n_kinds = 2, .concentration = concentration};

    enum { OF = 3 /* alpha_11, the one of the minority */, POOLED = 7 };
    int at_most[SHUFFLES + 2] = {0}, pooled_at_most[SHUFFLES + 2] = {0};
    double sum = 0, squares = 0;
    for (uint64_t k = 0; k < ALLOYS; k++) {
        order_random_labels(labels, counts, 2, 77, k);
        g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, 2, SHUFFLES, 1000 + k);
        AlloyNull nulls[8];
        g_assert_true(alloy_order_null(&order, shuffles, TRUE, -1, nulls, NULL, NULL));
        for (int r = (int)lrint(nulls[OF].p * (SHUFFLES + 1)); r <= SHUFFLES + 1; r++)
            at_most[r]++;
        for (int r = (int)lrint(nulls[POOLED].p * (SHUFFLES + 1)); r <= SHUFFLES + 1; r++)
            pooled_at_most[r]++;
        sum += nulls[OF].z;
        squares += nulls[OF].z * nulls[OF].z;
    }
    /* Dvoretzky-Kiefer-Wolfowitz: of 1000 draws the greatest distance from the true distribution exceeds
     * sqrt(ln(2/alpha)/2000) with probability alpha; alpha = 1e-4. The pooled value is a count with many
     * ties, which can only make p larger. */
    double bound = sqrt(log(2 / 1e-4) / (2.0 * ALLOYS)), greatest = 0;
    for (int r = 1; r <= SHUFFLES + 1; r++) {
        double expected = (double)r / (SHUFFLES + 1);
        greatest = fmax(greatest, fabs((double)at_most[r] / ALLOYS - expected));
        test_assert_near((double)at_most[r] / ALLOYS, expected, bound);
        g_assert_cmpfloat((double)pooled_at_most[r] / ALLOYS, <, expected + bound);
    }
    double mean = sum / ALLOYS, sd = sqrt(squares / ALLOYS - mean * mean);
    g_test_message("distance of p from uniform %.4f (bound %.4f), z %.3f +- %.3f", greatest, bound, mean, sd);
    /* Four standard errors of 1000 standard normal numbers: 4/sqrt(1000), 4/sqrt(2000). The sd of 199
     * shuffles is itself uncertain by 5 %, which widens z by 0.4 %. */
    test_assert_near(mean, 0, 4 / sqrt(1000.0));
    test_assert_near(sd, 1, 4 / sqrt(2000.0) + 0.004);
}

static void test_core_shell(void)
{
    g_autofree double(*positions)[3] = NULL;
    g_autofree int *shell_of = NULL;
    size_t n = order_cuboctahedron(6, 3.9, &positions, &shell_of);
    g_assert_cmpuint(n, ==, 923);
    g_autofree uint8_t *labels = g_malloc(n);
    for (size_t i = 0; i < n; i++)
        labels[i] = shell_of[i] == 6;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    AlloyShellRule rule = {3.3, NAN, 1, {0, 0}};
    g_autoptr(AlloyShell) shell = alloy_shell_new(atoms, &rule, NULL, NULL);
    const double concentration[2] = {561.0 / 923, 362.0 / 923};
    AlloyOrder order = {.shell = shell, .label = labels, .n_kinds = 2, .concentration = concentration};
    g_autoptr(AlloyShuffles) shuffles = alloy_shuffles_new(labels, n, 2, 999, 1);
    AlloyNull nulls[9];
    g_assert_true(alloy_order_null(&order, shuffles, TRUE, 0, nulls, NULL, NULL));
    /* The scatter of the mean of a random alloy is about sqrt(p(1-p)/pairs)/(1-C) = 0.02; alpha_PdPd is above
     * 0.5. */
    g_assert_cmpfloat(nulls[0].z, >, 25);
    g_assert_cmpfloat(nulls[1].z, >, 25);
    g_assert_cmpfloat(nulls[8].z, >, 25);
    test_assert_near(nulls[0].p, 1e-3, 1e-15);
    test_assert_near(nulls[8].p, 1e-3, 1e-15);
}

/* --- sites drawn at random --- */

static void check_selection(size_t n, size_t size, size_t missing)
{
    enum { DRAWS = 4000 };
    g_autofree double *value = g_new(double, n), *label = g_new(double, n);
    g_autofree uint8_t *selected = g_new0(uint8_t, n);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        value[i] = exp((double)((i * 37) % n) / (double)n);
        label[i] = i < missing ? NAN : value[i];
        selected[i] = i < size;
        sum += value[i];
        squares += value[i] * value[i];
    }
    const double *quantities[] = {value, label};
    AlloyNull nulls[2 * ALLOY_N_SUMMARY];
    g_assert_true(alloy_null_selections(quantities, 2, selected, n, DRAWS, 4, nulls, NULL, NULL));
    /* Without replacement the mean of m of N has the variance S^2/m (1 - m/N) (W. G. Cochran, Sampling
     * Techniques, eq. 2.8); five standard errors of 4000 draws. */
    double N = (double)n, m = (double)size, mean = sum / N, s2 = (squares - N * mean * mean) / (N - 1);
    double sd = sqrt(s2 / m * (1 - m / N));
    test_assert_near(nulls[0].mean, mean, 5 * sd / sqrt((double)DRAWS));
    test_assert_near(nulls[0].sd / sd, 1, 5 / sqrt(2.0 * DRAWS));
    double observed = 0;
    for (size_t i = 0; i < size; i++)
        observed += value[i];
    test_assert_near(nulls[0].observed, observed / m, 1e-13);
    observed = 0;
    for (size_t i = missing; i < size; i++)
        observed += value[i];
    test_assert_near(nulls[ALLOY_N_SUMMARY].observed, observed / (m - (double)missing), 1e-13);

    AlloyNull again[2 * ALLOY_N_SUMMARY];
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        alloy_parallel_set_threads(threads);
        g_assert_true(alloy_null_selections(quantities, 2, selected, n, DRAWS, 4, again, NULL, NULL));
        g_assert_cmpmem(again, sizeof again, nulls, sizeof nulls);
    }
    alloy_parallel_set_threads(0);
}

static void test_selections(void)
{
    check_selection(400, 30, 7);
    check_selection(400, 350, 7);
}

/* --- distributions --- */

static void test_summarise(void)
{
    const double value[] = {-3, -1, 0.1, 0.1, 2, 5};
    const uint32_t counts[][6] = {{0, 0, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}, {1, 0, 0, 0, 1, 0},
                                  {0, 0, 3, 4, 0, 0}, {2, 3, 1, 0, 4, 1}, {7, 0, 0, 2, 0, 1},
                                  {0, 1, 1, 1, 1, 1}};
    for (size_t k = 0; k < G_N_ELEMENTS(counts); k++) {
        double all[32], expected[ALLOY_N_SUMMARY], found[ALLOY_N_SUMMARY];
        size_t n = 0;
        for (int i = 0; i < 6; i++)
            for (uint32_t c = 0; c < counts[k][i]; c++)
                all[n++] = value[i];
        summary_by_hand(all, n, expected);
        g_assert_cmpuint(alloy_summarise(value, counts[k], 6, found), ==, n);
        for (int s = 0; s < ALLOY_N_SUMMARY; s++)
            if (isnan(expected[s]))
                g_assert_true(isnan(found[s]));
            else
                test_assert_near(found[s], expected[s], 4e-15);
    }
}

/* All 35 choices of 3 of 7: the null of every summary, whole. */
static void test_selections_exhaustive(void)
{
    enum { N = 7, M = 3, DRAWS = 40000 };
    const double value[N] = {0.3, -1.2, 4, 4, 0.9, 11, -7};
    const uint8_t selected[N] = {1, 0, 1, 0, 0, 1, 0};
    double sum[ALLOY_N_SUMMARY] = {0}, squares[ALLOY_N_SUMMARY] = {0}, observed[ALLOY_N_SUMMARY];
    int choices = 0;
    for (unsigned bits = 0; bits < 1 << N; bits++) {
        double chosen[N], summary[ALLOY_N_SUMMARY];
        size_t n = 0;
        for (int i = 0; i < N; i++)
            if (bits >> i & 1)
                chosen[n++] = value[i];
        if (n != M)
            continue;
        choices++;
        summary_by_hand(chosen, n, summary);
        for (int s = 0; s < ALLOY_N_SUMMARY; s++) {
            sum[s] += summary[s];
            squares[s] += summary[s] * summary[s];
        }
        if (bits == 0x25)
            memcpy(observed, summary, sizeof observed);
    }
    g_assert_cmpint(choices, ==, 35);
    const double *quantities[] = {value};
    AlloyNull nulls[ALLOY_N_SUMMARY];
    g_assert_true(alloy_null_selections(quantities, 1, selected, N, DRAWS, 11, nulls, NULL, NULL));
    for (int s = 0; s < ALLOY_N_SUMMARY; s++) {
        double mean = sum[s] / 35, sd = sqrt(squares[s] / 35 - mean * mean);
        test_assert_near(nulls[s].observed, observed[s], 1e-14);
        test_assert_near(nulls[s].mean, mean, 5 * sd / sqrt((double)DRAWS));
        test_assert_near(nulls[s].sd / sd, 1, 0.03); /* the standard error is below 0.5 % */
    }
}

/* Numbers of all shuffles that no machine has room for. */
static void test_too_much(void)
{
    const uint8_t labels[SITES] = {1, 0, 2, 1, 0};
    g_autoptr(AlloyShuffles) s = alloy_shuffles_new(labels, SITES, 3, 1u << 31, 1);
    g_autoptr(GError) error = NULL;
    Arrangements arrangements = {{0}};
    g_autofree AlloyNull *nulls = g_new(AlloyNull, 1 << 20);
    g_assert_false(alloy_shuffles_run(s, 1 << 20, note_arrangement, &arrangements, nulls, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "ask for fewer shuffles"));
}

static void test_bins(void)
{
    const double edges[] = {0, 0.1, 0.2, 0.30000000000000004, 0.4};
    g_assert_cmpuint(alloy_bin_of(edges, 4, -5), ==, 0);
    g_assert_cmpuint(alloy_bin_of(edges, 4, 0.1), ==, 1);
    g_assert_cmpuint(alloy_bin_of(edges, 4, 0.19), ==, 1);
    g_assert_cmpuint(alloy_bin_of(edges, 4, 0.3), ==, 3); /* on the edge but for rounding */
    g_assert_cmpuint(alloy_bin_of(edges, 4, 0.4), ==, 3);
    g_assert_cmpuint(alloy_bin_of(edges, 4, 7), ==, 3);
    const double none[] = {2, 2, 2};
    g_assert_cmpuint(alloy_bin_of(none, 2, 2), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/null/summary", test_summary);
    g_test_add_func("/structure/null/arrangements-are-uniform", test_arrangements_are_uniform);
    g_test_add_func("/structure/null/tally", test_tally);
    g_test_add_func("/structure/null/tally-of-long-rows", test_tally_of_long_rows);
    g_test_add_func("/structure/null/cancel", test_cancel);
    g_test_add_func("/structure/null/random-alloys", test_random_alloys);
    g_test_add_func("/structure/null/core-shell", test_core_shell);
    g_test_add_func("/structure/null/selections", test_selections);
    g_test_add_func("/structure/null/selections-exhaustive", test_selections_exhaustive);
    g_test_add_func("/structure/null/summarise", test_summarise);
    g_test_add_func("/structure/null/too-much", test_too_much);
    g_test_add_func("/structure/null/bins", test_bins);
    return g_test_run();
}
