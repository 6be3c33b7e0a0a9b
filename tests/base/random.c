/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/random.h"

#include "core/base/statistics.h"

#include <math.h>
#include <string.h>

/* Bound that chi-square of k degrees of freedom passes with the probability of a normal deviate beyond z:
 * Wilson and Hilferty, PNAS 17, 684 (1931). z = 5: 3e-7. The seeds are fixed, so a test passes always or
 * never. */
static double chi_square_bound(double k, double z)
{
    return k * pow(1 - 2 / (9 * k) + z * sqrt(2 / (9 * k)), 3);
}

static void check_chi_square(const uint64_t *counts, size_t bins, double expected)
{
    double sum = 0;
    for (size_t i = 0; i < bins; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    double k = (double)bins - 1;
    g_test_message("chi-square %g with %g degrees of freedom", sum, k);
    g_assert_cmpfloat(sum, <, chi_square_bound(k, 5));
    g_assert_cmpfloat(sum, >, chi_square_bound(k, -5));
}

/* Known answers of the authors' Random123 1.14 (tests/kat_vectors, "philox4x32 10"). */
static void test_known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint32_t out[4];
        alloy_philox4x32(cases[i].counter, cases[i].key, out);
        g_assert_cmpmem(out, sizeof out, cases[i].out, sizeof out);
    }
}

/* The n-th word of a stream is that of philox of (n/4, stream) under the seed. */
static void test_words(void)
{
    AlloyRandom random, twin;
    alloy_random_init(&random, 0x299f31d0a4093822u, 0x0370734413198a2eu);
    random.counter = 0x85a308d3243f6a88u;
    twin = random;
    static const uint32_t expected[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
    for (size_t i = 0; i < 4; i++)
        g_assert_cmphex(alloy_random_u32(&random), ==, expected[i]);
    g_assert_cmphex(alloy_random_u64(&twin), ==, 0x94fdccebd16cfe09u);
    g_assert_cmpfloat(alloy_random_uniform(&twin), ==, (double)(0x24126ea15001e420u >> 11) * 0x1p-53);

    /* Far on in the stream, and past the counter's low word. */
    alloy_random_init(&random, 1, 2);
    random.counter = 0xffffffffu;
    alloy_random_u32(&random);
    for (int i = 0; i < 3; i++)
        alloy_random_u32(&random);
    const uint32_t counter[4] = {0, 1, 2, 0}, key[2] = {1, 0};
    uint32_t block[4];
    alloy_philox4x32(counter, key, block);
    for (int i = 0; i < 4; i++)
        g_assert_cmphex(alloy_random_u32(&random), ==, block[i]);
}

static void test_uniform(void)
{
    enum { N = 400000, BINS = 100 };
    uint64_t counts[BINS] = {0}, lags[BINS] = {0};
    AlloyRandom random;
    alloy_random_init(&random, 20240229, 7);
    double sum = 0, squares = 0, before = 0;
    for (int i = 0; i < N; i++) {
        double u = alloy_random_uniform(&random);
        g_assert_true(u >= 0 && u < 1);
        counts[(size_t)(u * BINS)]++;
        sum += u;
        squares += u * u;
        if (i % 2) /* pairs that do not overlap */
            lags[10 * (size_t)(before * 10) + (size_t)(u * 10)]++;
        before = u;
    }
    check_chi_square(counts, BINS, N / (double)BINS);
    check_chi_square(lags, BINS, N / 2 / (double)BINS);
    /* Mean 1/2 +- sqrt(1/12/N), mean square 1/3 +- sqrt(4/45/N); five standard errors. */
    g_assert_cmpfloat(fabs(sum / N - 0.5), <, 5 * sqrt(1 / 12.0 / N));
    g_assert_cmpfloat(fabs(squares / N - 1 / 3.0), <, 5 * sqrt(4 / 45.0 / N));
}

static void test_below(void)
{
    static const uint32_t sizes[] = {2, 3, 7, 10, 100, 1000};
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
        uint32_t n = sizes[s];
        g_autofree uint64_t *counts = g_new0(uint64_t, n);
        AlloyRandom random;
        alloy_random_init(&random, 11, n);
        for (uint32_t i = 0; i < 200 * n; i++) {
            uint32_t value = alloy_random_below(&random, n);
            g_assert_cmpuint(value, <, n);
            counts[value]++;
        }
        check_chi_square(counts, n, 200);
    }
    AlloyRandom random;
    alloy_random_init(&random, 1, 1);
    for (int i = 0; i < 10; i++)
        g_assert_cmpuint(alloy_random_below(&random, 1), ==, 0);
    /* For n = 3*2^30 the bare product (no rejection) gives every third number twice as often. */
    uint64_t thirds[3] = {0};
    for (int i = 0; i < 30000; i++)
        thirds[alloy_random_below(&random, 3u << 30) % 3]++;
    check_chi_square(thirds, 3, 10000);
    for (int i = 0; i < 1000; i++)
        g_assert_cmpuint(alloy_random_below(&random, UINT32_MAX), <, UINT32_MAX);
}

static void test_normal(void)
{
    enum { N = 200000, BINS = 50 };
    uint64_t counts[BINS] = {0};
    double power[5] = {0};
    AlloyRandom random;
    alloy_random_init(&random, 3, 1415926);
    for (int i = 0; i < N; i++) {
        double z = alloy_random_normal(&random), product = 1;
        for (int k = 1; k <= 4; k++)
            power[k] += product *= z;
        counts[MIN((size_t)(alloy_normal_cdf(z) * BINS), BINS - 1)]++;
    }
    check_chi_square(counts, BINS, N / (double)BINS);
    /* E z^k = 0, 1, 0, 3 with variances 1, 3-1, 15, 105-9; five standard errors. */
    g_assert_cmpfloat(fabs(power[1] / N), <, 5 * sqrt(1.0 / N));
    g_assert_cmpfloat(fabs(power[2] / N - 1), <, 5 * sqrt(2.0 / N));
    g_assert_cmpfloat(fabs(power[3] / N), <, 5 * sqrt(15.0 / N));
    g_assert_cmpfloat(fabs(power[4] / N - 3), <, 5 * sqrt(96.0 / N));

    /* The two of a pair do not hang together: their product has variance 1. */
    double pairs = 0;
    for (int i = 0; i < N / 2; i++) {
        double first = alloy_random_normal(&random);
        pairs += first * alloy_random_normal(&random);
    }
    g_assert_cmpfloat(fabs(pairs / (N / 2)), <, 5 * sqrt(2.0 / N));
}

static void test_streams(void)
{
    /* Correlation of neighbouring streams and seeds: sums of N products of variance 1/144. */
    enum { N = 100000 };
    for (unsigned k = 0; k < 4; k++) {
        AlloyRandom a, b;
        alloy_random_init(&a, 5, 9);
        alloy_random_init(&b, 5 + (k & 1), 9 + k / 2 + (k == 0));
        double sum = 0;
        for (int i = 0; i < N; i++) {
            double first = alloy_random_uniform(&a) - 0.5;
            sum += first * (alloy_random_uniform(&b) - 0.5);
        }
        g_assert_cmpfloat(fabs(sum / N), <, 5 * sqrt(1 / 144.0 / N));
    }
}

/* The shuffles draw ahead; items and the state they leave are those of the plain Fisher-Yates. */
static void test_shuffle_is_plain(void)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 16, 17, 63, 64, 65, 66, 67, 129, 1000, 60000};
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (unsigned drawn = 0; drawn < 5; drawn++) {
            size_t n = sizes[s];
            g_autofree uint16_t *short_items = g_new(uint16_t, n + 1);
            g_autofree uint32_t *items = g_new(uint32_t, n + 1), *plain = g_new(uint32_t, n + 1);
            for (size_t i = 0; i < n; i++)
                short_items[i] = (uint16_t)(plain[i] = items[i] = (uint32_t)i);
            AlloyRandom random;
            alloy_random_init(&random, 77, n);
            for (unsigned i = 0; i < drawn; i++)
                alloy_random_u32(&random);
            AlloyRandom shorts = random, twin = random;
            alloy_random_shuffle32(&random, items, n);
            alloy_random_shuffle16(&shorts, short_items, n);
            for (size_t i = n; i > 1; i--) {
                uint32_t j = alloy_random_below(&twin, (uint32_t)i), item = plain[i - 1];
                plain[i - 1] = plain[j];
                plain[j] = item;
            }
            g_assert_cmpmem(items, n * 4, plain, n * 4);
            for (size_t i = 0; i < n; i++)
                g_assert_cmpuint(short_items[i], ==, plain[i]);
            for (int i = 0; i < 9; i++) {
                uint32_t next = alloy_random_u32(&twin);
                g_assert_cmphex(alloy_random_u32(&random), ==, next);
                g_assert_cmphex(alloy_random_u32(&shorts), ==, next);
            }
        }
}

static void test_shuffle_uniform(void)
{
    /* All 24 orders of 4 items are as frequent. */
    uint64_t orders[256] = {0}, counts[24];
    for (uint64_t stream = 0; stream < 24000; stream++) {
        uint16_t items[4] = {0, 1, 2, 3};
        AlloyRandom random;
        alloy_random_init(&random, 123, stream);
        alloy_random_shuffle16(&random, items, 4);
        orders[items[0] | items[1] << 2 | items[2] << 4 | items[3] << 6]++;
    }
    size_t found = 0;
    for (size_t i = 0; i < 256; i++)
        if (orders[i] > 0) {
            g_assert_cmpuint(found, <, 24);
            counts[found++] = orders[i];
        }
    g_assert_cmpuint(found, ==, 24);
    check_chi_square(counts, 24, 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/random/known-answers", test_known_answers);
    g_test_add_func("/random/words", test_words);
    g_test_add_func("/random/uniform", test_uniform);
    g_test_add_func("/random/below", test_below);
    g_test_add_func("/random/normal", test_normal);
    g_test_add_func("/random/streams", test_streams);
    g_test_add_func("/random/shuffle/plain", test_shuffle_is_plain);
    g_test_add_func("/random/shuffle/uniform", test_shuffle_uniform);
    return g_test_run();
}
