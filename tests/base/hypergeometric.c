/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/hypergeometric.h"

#include "tests/common.h"

#include <math.h>

static void test_small(void)
{
    /* Fisher's lady tasting tea: 8 cups, 4 of a kind, all 4 found: 1/70 to one side and as much to the other.
     */
    AlloyHypergeometric h = alloy_hypergeometric(4, 4, 4, 8);
    test_assert_near(h.expected, 2, 0);
    test_assert_near(h.p, 2.0 / 70, 1e-14);
    /* Variance n K/N (1 - K/N) (N - n)/(N - 1) = 4/7. */
    test_assert_near(h.z, 2 / sqrt(4.0 / 7), 1e-14);
    /* 3 of 4: 16/70 at 3 and 1/70 at 4, and the same below. */
    test_assert_near(alloy_hypergeometric(3, 4, 4, 8).p, 34.0 / 70, 1e-14);
    test_assert_near(alloy_hypergeometric(2, 4, 4, 8).p, 1, 0);
    /* A mean that is no count, 1.2: both 1 and 2 lie nearer than 0 and 3. N = 5, K = 3, n = 2: 1 3 6 ways
     * of 10. */
    test_assert_near(alloy_hypergeometric(0, 2, 3, 5).p, 0.1, 1e-15);
    test_assert_near(alloy_hypergeometric(2, 2, 3, 5).p, 0.4, 1e-15);
    test_assert_near(alloy_hypergeometric(1, 2, 3, 5).p, 1, 1e-15);
}

/* Against the sum over all outcomes, in the order of their distance. */
static void test_all_outcomes(void)
{
    const uint64_t N = 40, n = 17, K = 11;
    double probability[12], total = 0;
    for (uint64_t k = 0; k <= K; k++) {
        double term = 1; /* C(K,k) C(N-K,n-k) / C(N,n), exact enough as a product of ratios */
        for (uint64_t i = 0; i < k; i++)
            term *= (double)(K - i) / (double)(i + 1);
        for (uint64_t i = 0; i < n - k; i++)
            term *= (double)(N - K - i) / (double)(i + 1);
        for (uint64_t i = 0; i < n; i++)
            term /= (double)(N - i) / (double)(i + 1);
        probability[k] = term;
        total += term;
    }
    test_assert_near(total, 1, 1e-13);
    double mean = (double)(n * K) / (double)N;
    for (uint64_t k = 0; k <= K; k++) {
        double p = 0;
        for (uint64_t j = 0; j <= K; j++)
            if (fabs((double)j - mean) >= fabs((double)k - mean) - 1e-9)
                p += probability[j];
        /* lgamma of 40 carries 1e-14. */
        test_assert_near(alloy_hypergeometric(k, n, K, N).p, p, 1e-12);
    }
}

static void test_edges(void)
{
    AlloyHypergeometric h = alloy_hypergeometric(7, 20, 7, 20); /* everything is drawn */
    g_assert_true(isnan(h.z));
    test_assert_near(h.p, 1, 0);
    test_assert_near(h.expected, 7, 1e-14);
    h = alloy_hypergeometric(0, 0, 0, 0);
    test_assert_near(h.p, 1, 0);
    /* Far out: 100 of 100 draws from a million, half of them marked: 2^-100 and a little less, on both sides.
     */
    h = alloy_hypergeometric(100, 100, 500000, 1000000);
    double expected = 2;
    for (int i = 0; i < 100; i++)
        expected *= (500000.0 - i) / (1000000.0 - i);
    test_assert_near(h.p / expected, 1, 1e-7); /* lgamma(1e6) is 1.3e7, whose last bit is 2e-9 */
    /* Farther than doubles reach: 2000 of 2000 draws, 2^-2000 = 1e-602, and from where they lose digits. The
     * farthest that is still told, 2^-990 = 1e-298, comes out as it is. */
    h = alloy_hypergeometric(2000, 2000, 500000, 1000000);
    g_assert_cmpfloat(h.p, ==, ALLOY_LEAST_P);
    test_assert_near(h.z, sqrt(2000.0 * 999999 / 998000), 1e-9); /* (n/2)/sqrt(n/4 (N - n)/(N - 1)) */
    h = alloy_hypergeometric(1050, 1050, 500000, 1000000);
    g_assert_cmpfloat(h.p, ==, ALLOY_LEAST_P);
    h = alloy_hypergeometric(990, 990, 500000, 1000000);
    expected = 2;
    for (int i = 0; i < 990; i++)
        expected *= (500000.0 - i) / (1000000.0 - i);
    g_assert_cmpfloat(expected, >, ALLOY_LEAST_P);
    test_assert_near(h.p / expected, 1, 1e-7);
    /* Near the middle of a large one the normal distribution: two-sided p of one sd with continuity
     * correction. */
    h = alloy_hypergeometric(250000 + 194, 500000, 500000, 1000000);
    test_assert_near(h.p, erfc((193.5 / h.sd) / sqrt(2.0)), 1e-4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/hypergeometric/small", test_small);
    g_test_add_func("/base/hypergeometric/all-outcomes", test_all_outcomes);
    g_test_add_func("/base/hypergeometric/edges", test_edges);
    return g_test_run();
}
