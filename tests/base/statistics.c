/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/statistics.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/common.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_sum(void)
{
    /* Neumaier 1974: plain and Kahan's sums of these give 0. */
    AlloySum sum = {0, 0};
    static const double values[] = {1, 1e100, 1, -1e100};
    for (size_t i = 0; i < 4; i++)
        alloy_sum_add(&sum, values[i]);
    g_assert_cmpfloat(alloy_sum_value(&sum), ==, 2);
    /* Ten times 0.1 as real numbers: 10*fl(0.1) = 1 + 5.55e-17, which rounds to 1; the plain sum is 1
     * - 1.1e-16. */
    sum = (AlloySum){0, 0};
    for (int i = 0; i < 10; i++)
        alloy_sum_add(&sum, 0.1);
    g_assert_cmpfloat(alloy_sum_value(&sum), ==, 1);
    alloy_sum_add(&sum, (double)INFINITY);
    alloy_sum_add(&sum, 1);
    g_assert_cmpfloat(alloy_sum_value(&sum), ==, (double)INFINITY);
}

static void test_moments_small(void)
{
    AlloyMoments moments = alloy_moments(NULL, 0);
    g_assert_cmpuint(moments.n + moments.missing, ==, 0);
    g_assert_true(isnan(moments.mean) && isnan(moments.sd) && isnan(moments.sem));
    g_assert_true(isnan(moments.min) && isnan(moments.max));

    static const double nan_only[] = {(double)NAN, (double)NAN};
    moments = alloy_moments(nan_only, 2);
    g_assert_cmpuint(moments.n, ==, 0);
    g_assert_cmpuint(moments.missing, ==, 2);
    g_assert_true(isnan(moments.mean) && isnan(moments.min));

    static const double one[] = {(double)NAN, 7};
    moments = alloy_moments(one, 2);
    g_assert_cmpuint(moments.n, ==, 1);
    g_assert_cmpuint(moments.missing, ==, 1);
    g_assert_cmpfloat(moments.mean, ==, 7);
    g_assert_cmpfloat(moments.min, ==, 7);
    g_assert_cmpfloat(moments.max, ==, 7);
    g_assert_true(isnan(moments.sd) && isnan(moments.sem));

    /* 2 4 4 4 5 5 7 9: mean 5, squares 32, so sd = sqrt(32/7). */
    static const double eight[] = {2, 4, 4, 4, 5, 5, 7, 9};
    moments = alloy_moments(eight, 8);
    g_assert_cmpfloat(moments.mean, ==, 5);
    g_assert_cmpfloat(moments.sd, ==, sqrt(32.0 / 7));
    g_assert_cmpfloat(moments.sem, ==, sqrt(32.0 / 7) / sqrt(8));
    g_assert_cmpfloat(moments.min, ==, 2);
    g_assert_cmpfloat(moments.max, ==, 9);

    static const double infinite[] = {1, (double)INFINITY};
    moments = alloy_moments(infinite, 2);
    g_assert_cmpfloat(moments.mean, ==, (double)INFINITY);
    g_assert_true(isnan(moments.sd));
    g_assert_cmpfloat(moments.max, ==, (double)INFINITY);
}

/* 1..n in a scattered order with NaN between: mean (n+1)/2, variance n(n+1)/12. */
static void test_moments_arithmetic(void)
{
    static const size_t sizes[] = {4095, 4096, 4097, 100003};
    static const double offsets[] = {0, 1e9};
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (size_t o = 0; o < G_N_ELEMENTS(offsets); o++) {
            size_t n = sizes[s];
            g_autofree double *values = g_new(double, n + n / 3);
            for (size_t i = 0; i < n + n / 3; i++)
                values[i] = (double)NAN;
            size_t place = 0;
            for (size_t i = 0; i < n; i++) {
                /* 7919 is prime and divides none of the sizes. */
                values[place] = offsets[o] + (double)(i * 7919 % n + 1);
                place += 1 + (i % 3 == 0 && i / 3 < n / 3);
            }
            AlloyMoments moments = alloy_moments(values, n + n / 3);
            double count = (double)n, variance = count * (count + 1) / 12;
            g_assert_cmpuint(moments.n, ==, n);
            g_assert_cmpuint(moments.missing, ==, n / 3);
            g_assert_cmpfloat(moments.mean, ==, offsets[o] + (count + 1) / 2);
            /* All values and distances are exact: what remains is the rounding of squares, division and root.
             */
            test_assert_near(moments.sd, sqrt(variance), 2 * DBL_EPSILON * sqrt(variance));
            test_assert_near(moments.sem, sqrt((count + 1) / 12), 3 * DBL_EPSILON * sqrt(count));
            g_assert_cmpfloat(moments.min, ==, offsets[o] + 1);
            g_assert_cmpfloat(moments.max, ==, offsets[o] + count);
        }
}

static void test_moments_threads(void)
{
    size_t n = 300001;
    g_autofree double *values = g_new(double, n);
    AlloyRandom random;
    alloy_random_init(&random, 1, 1);
    for (size_t i = 0; i < n; i++)
        values[i] = i % 101 == 0 ? (double)NAN : exp(10 * alloy_random_normal(&random));
    alloy_parallel_set_threads(1);
    AlloyMoments serial = alloy_moments(values, n);
    g_assert_cmpuint(serial.n + serial.missing, ==, n);
    for (unsigned threads = 2; threads <= 8; threads *= 2)
        for (int again = 0; again < 5; again++) {
            alloy_parallel_set_threads(threads);
            AlloyMoments shared = alloy_moments(values, n);
            g_assert_cmpmem(&shared, sizeof shared, &serial, sizeof serial);
        }
    /* The mean is the correctly rounded one but for the last division: long double sums in 64 bits. */
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            sum += values[i];
    double mean = (double)(sum / serial.n);
    test_assert_near(serial.mean, mean, (double)n * (double)LDBL_EPSILON * mean + 2 * DBL_EPSILON * mean);
}

/* numpy.quantile (1.24), and the definition (n-1)q+1 of Hyndman and Fan, Am. Stat. 50, 361 (1996). */
static void test_quantile(void)
{
    static const double sorted[] = {1, 2, 3, 4};
    test_assert_near(alloy_quantile_sorted(sorted, 4, 0.4), 2.2, 1e-15);
    g_assert_cmpfloat(alloy_quantile_sorted(sorted, 4, 0.5), ==, 2.5);
    g_assert_cmpfloat(alloy_quantile_sorted(sorted, 4, 0.25), ==, 1.75);
    g_assert_cmpfloat(alloy_quantile_sorted(sorted, 4, 0), ==, 1);
    g_assert_cmpfloat(alloy_quantile_sorted(sorted, 4, 1), ==, 4);
    g_assert_cmpfloat(alloy_quantile_sorted(sorted, 1, 0.3), ==, 1);
    g_assert_true(isnan(alloy_quantile_sorted(sorted, 0, 0.5)));
    static const double infinite[] = {-(double)INFINITY, -(double)INFINITY, 0, (double)INFINITY};
    g_assert_cmpfloat(alloy_quantile_sorted(infinite, 4, 0.1), ==, -(double)INFINITY);
    g_assert_cmpfloat(alloy_quantile_sorted(infinite, 4, 0.9), ==, (double)INFINITY);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return x != y ? (x > y) - (x < y) : signbit(y) - signbit(x);
}

static void test_sort(void)
{
    static const size_t sizes[] = {0, 1, 2, 3, 47, 48, 49, 1000, 50000};
    AlloyRandom random;
    alloy_random_init(&random, 9, 9);
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (int kind = 0; kind < 4; kind++) {
            size_t n = sizes[s];
            g_autofree double *values = g_new(double, n + 1), *expected = g_new(double, n + 1);
            for (size_t i = 0; i < n; i++) {
                uint64_t pattern = alloy_random_u64(&random);
                double value;
                memcpy(&value, &pattern, sizeof value);
                if (kind == 1)
                    value = alloy_random_uniform(&random);
                else if (kind == 2)
                    value = (double)alloy_random_below(&random, 5) - 2;
                else if (kind == 3)
                    value = i % 4 == 0 ? (double)NAN : i % 4 == 1 ? -0.0 : i % 4 == 2 ? 0.0 : 1;
                expected[i] = values[i] = isnan(value) ? (double)NAN : value;
            }
            qsort(expected, n, sizeof *expected, compare);
            alloy_sort_doubles(values, n);
            g_assert_cmpmem(values, n * 8, expected, n * 8);
        }
}

static void test_normal(void)
{
    /* Abramowitz and Stegun, table 26.1 (15 digits), and for the tail table 26.2: -log10 Q(10) = 23.11805. */
    test_assert_near(alloy_normal_cdf(0), 0.5, 0);
    test_assert_near(alloy_normal_cdf(1), 0.841344746068543, 1e-15);
    test_assert_near(alloy_normal_cdf(2), 0.977249868051821, 1e-15);
    test_assert_near(alloy_normal_cdf(-1), 0.158655253931457, 1e-15);
    test_assert_near(-log10(alloy_normal_cdf(-10)), 23.11805, 5e-6);
    /* The quantile that everyone uses: P(|Z| > 1.959963984540054) = 0.05; slope 2 phi = 0.117. */
    test_assert_near(alloy_normal_two_sided(1.959963984540054), 0.05, 1e-15);
    test_assert_near(alloy_normal_two_sided(-1.959963984540054), 0.05, 1e-15);
    g_assert_cmpfloat(alloy_normal_two_sided(0), ==, 1);
    g_assert_cmpfloat(alloy_normal_two_sided((double)INFINITY), ==, 0);
    g_assert_true(isnan(alloy_normal_cdf((double)NAN)));
}

/* R. G. Newcombe, Stat. Med. 17, 857 (1998), table I, method 3 (95 %). */
static void test_binomial(void)
{
    static const struct {
        uint64_t k, n;
        double low, high;
    } cases[] = {
        {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        double low, high;
        alloy_binomial_interval(cases[i].k, cases[i].n, 1.959963984540054, &low, &high);
        test_assert_near(low, cases[i].low, 5e-5);
        test_assert_near(high, cases[i].high, 5e-5);
        double other_low, other_high;
        alloy_binomial_interval(cases[i].n - cases[i].k, cases[i].n, 1.959963984540054, &other_low,
                                &other_high);
        test_assert_near(other_low, 1 - high, 4 * DBL_EPSILON);
        test_assert_near(other_high, 1 - low, 4 * DBL_EPSILON);
    }
    double low, high;
    alloy_binomial_interval(0, 0, 1.96, &low, &high);
    g_assert_cmpfloat(low, ==, 0);
    g_assert_cmpfloat(high, ==, 1);
    /* k = 0: n -> z^2/(n+z^2), with z = 2 and n = 4 just a half. */
    alloy_binomial_interval(0, 4, 2, &low, &high);
    g_assert_cmpfloat(low, ==, 0);
    g_assert_cmpfloat(high, ==, 0.5);
    alloy_binomial_interval(4, 4, 2, &low, &high);
    g_assert_cmpfloat(low, ==, 0.5);
    g_assert_cmpfloat(high, ==, 1);
    g_assert_cmpfloat(alloy_binomial_error(1, 4), ==, sqrt(3.0 / 64));
    g_assert_cmpfloat(alloy_binomial_error(4, 4), ==, 0);
    g_assert_true(isnan(alloy_binomial_error(0, 0)));
}

/* The 15 p of the example of Benjamini and Hochberg (1995), section 3.2, against the definition, and some of
 * them by hand: 15 x 0.0001, 15/2 x 0.0004, 15/3 x 0.0019, 15/9 x 0.0459, 15/10 x 0.3240. Missing values
 * between. */
static void test_adjust(void)
{
    const double p[] = {0.0459, 0.0001, 0.0004, NAN,    0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
                        0.0344, 0.3240, 0.4262, 0.5719, 0.6528, NAN,    0.7590, 1};
    double adjusted[G_N_ELEMENTS(p)];
    alloy_adjust_p(p, G_N_ELEMENTS(p), adjusted);
    for (size_t i = 0; i < G_N_ELEMENTS(p); i++) {
        /* The definition, all against all. */
        double least = 1;
        for (size_t j = 0; j < G_N_ELEMENTS(p); j++) {
            double rank = 0;
            for (size_t k = 0; k < G_N_ELEMENTS(p); k++)
                rank += p[k] <= p[j];
            if (p[j] >= p[i])
                least = fmin(least, 15 * p[j] / rank);
        }
        if (isnan(p[i]))
            g_assert_true(isnan(adjusted[i]));
        else
            test_assert_near(adjusted[i], least, 1e-15);
    }
    test_assert_near(adjusted[1], 0.0015, 1e-15);
    test_assert_near(adjusted[2], 0.003, 1e-15);
    test_assert_near(adjusted[4], 0.0095, 1e-15);
    test_assert_near(adjusted[0], 0.0765, 1e-15);
    test_assert_near(adjusted[10], 0.486, 1e-15);
    const double same[] = {0.01, 0.01, 0.01, NAN};
    alloy_adjust_p(same, 4, adjusted);
    test_assert_near(adjusted[0], 0.01, 0);
    alloy_adjust_p(same + 3, 1, adjusted);
    g_assert_true(isnan(adjusted[0]));
    alloy_adjust_p(same, 0, adjusted);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/sum", test_sum);
    g_test_add_func("/statistics/moments/small", test_moments_small);
    g_test_add_func("/statistics/moments/arithmetic", test_moments_arithmetic);
    g_test_add_func("/statistics/moments/threads", test_moments_threads);
    g_test_add_func("/statistics/quantile", test_quantile);
    g_test_add_func("/statistics/sort", test_sort);
    g_test_add_func("/statistics/normal", test_normal);
    g_test_add_func("/statistics/binomial", test_binomial);
    g_test_add_func("/statistics/adjust", test_adjust);
    return g_test_run();
}
