/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/statistics.h"

#include "core/base/parallel.h"

#include <math.h>
#include <string.h>

#define BLOCK 4096        /* values per block of a sum */
#define BLOCKS_PER_TASK 8 /* of the sums: enough work to be worth a wake-up */
#define INSERTION_SORT 48 /* up to here the simple sort is the faster one */
#define DIGIT_BITS 11     /* of the radix sort: 6 digits are 64 bits, and the counts fit the L1 cache */
#define DIGITS 6

void alloy_sum_add(AlloySum *sum, double value)
{
    double total = sum->sum + value;
    if (fabs(sum->sum) >= fabs(value))
        sum->correction += (sum->sum - total) + value;
    else
        sum->correction += (value - total) + sum->sum;
    sum->sum = total;
}

double alloy_sum_value(const AlloySum *sum)
{
    /* The correction of an infinite sum is NaN. */
    return isfinite(sum->sum) ? sum->sum + sum->correction : sum->sum;
}

static void sum_join(AlloySum *sum, const AlloySum *part)
{
    alloy_sum_add(sum, part->sum);
    if (isfinite(part->sum))
        alloy_sum_add(sum, part->correction);
}

typedef struct {
    AlloySum sum;
    size_t n;
    double min, max;
} FirstPass;

typedef struct {
    AlloySum sum, square; /* of the distances from the mean */
} SecondPass;

typedef struct {
    const double *values;
    size_t n;
    double mean;
    FirstPass *first;
    SecondPass *second;
} Moments;

static void first_pass(size_t begin, size_t end, void *data)
{
    Moments *moments = data;
    for (size_t block = begin; block < end; block++) {
        FirstPass pass = {.min = INFINITY, .max = -INFINITY};
        size_t stop = MIN((block + 1) * BLOCK, moments->n);
        for (size_t i = block * BLOCK; i < stop; i++) {
            double value = moments->values[i];
            if (isnan(value))
                continue;
            alloy_sum_add(&pass.sum, value);
            pass.n++;
            pass.min = value < pass.min ? value : pass.min;
            pass.max = value > pass.max ? value : pass.max;
        }
        moments->first[block] = pass;
    }
}

static void second_pass(size_t begin, size_t end, void *data)
{
    Moments *moments = data;
    for (size_t block = begin; block < end; block++) {
        SecondPass pass = {0};
        size_t stop = MIN((block + 1) * BLOCK, moments->n);
        for (size_t i = block * BLOCK; i < stop; i++) {
            double distance = moments->values[i] - moments->mean;
            if (isnan(distance) && isnan(moments->values[i]))
                continue;
            alloy_sum_add(&pass.sum, distance);
            alloy_sum_add(&pass.square, distance * distance);
        }
        moments->second[block] = pass;
    }
}

AlloyMoments alloy_moments(const double *values, size_t n)
{
    AlloyMoments result = {.mean = NAN, .sd = NAN, .sem = NAN, .min = NAN, .max = NAN};
    size_t blocks = alloy_parallel_blocks(n, BLOCK);
    FirstPass one_first;
    SecondPass one_second;
    g_autofree FirstPass *many_first = blocks > 1 ? g_new(FirstPass, blocks) : NULL;
    g_autofree SecondPass *many_second = blocks > 1 ? g_new(SecondPass, blocks) : NULL;
    Moments moments = {
        .values = values,
        .n = n,
        .first = blocks > 1 ? many_first : &one_first,
        .second = blocks > 1 ? many_second : &one_second,
    };

    alloy_parallel_for(blocks, BLOCKS_PER_TASK, first_pass, &moments, NULL, NULL);
    AlloySum sum = {0, 0};
    double min = INFINITY, max = -INFINITY;
    for (size_t block = 0; block < blocks; block++) {
        const FirstPass *pass = &moments.first[block];
        result.n += pass->n;
        sum_join(&sum, &pass->sum);
        min = MIN(min, pass->min);
        max = MAX(max, pass->max);
    }
    result.missing = n - result.n;
    if (result.n == 0)
        return result;
    result.min = min;
    result.max = max;
    result.mean = alloy_sum_value(&sum) / (double)result.n;
    if (result.n < 2)
        return result;

    moments.mean = result.mean;
    alloy_parallel_for(blocks, BLOCKS_PER_TASK, second_pass, &moments, NULL, NULL);
    AlloySum distance = {0, 0}, square = {0, 0};
    for (size_t block = 0; block < blocks; block++) {
        sum_join(&distance, &moments.second[block].sum);
        sum_join(&square, &moments.second[block].square);
    }
    /* The mean is rounded; its error leaves n*error^2 in the squares (Chan, Golub, LeVeque 1983, eq. 1.7). */
    double rest = alloy_sum_value(&distance);
    double squares = alloy_sum_value(&square) - rest * rest / (double)result.n;
    result.sd = sqrt(MAX(squares, 0.0) / (double)(result.n - 1));
    if (!isfinite(result.mean))
        result.sd = NAN;
    result.sem = result.sd / sqrt((double)result.n);
    return result;
}

double alloy_quantile_sorted(const double *sorted, size_t n, double q)
{
    if (n == 0 || isnan(q))
        return NAN;
    double position = CLAMP(q, 0.0, 1.0) * (double)(n - 1);
    size_t below = MIN((size_t)position, n - 1);
    double fraction = position - (double)below;
    if (fraction <= 0 || below + 1 >= n || sorted[below] == sorted[below + 1])
        return sorted[below];
    return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

/* Unsigned integers in the order of the doubles: -inf .. -0, 0 .. inf, then every NaN. */
static uint64_t order_key(double value)
{
    if (isnan(value))
        value = NAN;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double key_value(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void insertion_sort(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double value = values[i];
        uint64_t key = order_key(value);
        size_t j = i;
        for (; j > 0 && order_key(values[j - 1]) > key; j--)
            values[j] = values[j - 1];
        values[j] = value;
    }
}

void alloy_sort_doubles(double *values, size_t n)
{
    if (n <= INSERTION_SORT) {
        insertion_sort(values, n);
        return;
    }
    const size_t mask = ((size_t)1 << DIGIT_BITS) - 1;
    g_autofree uint64_t *memory = g_new(uint64_t, 2 * n);
    uint64_t *from = memory, *to = memory + n;
    g_autofree size_t *counts = g_new0(size_t, DIGITS << DIGIT_BITS);
    for (size_t i = 0; i < n; i++) {
        uint64_t key = from[i] = order_key(values[i]);
        for (unsigned d = 0; d < DIGITS; d++)
            counts[((size_t)d << DIGIT_BITS) + ((key >> (d * DIGIT_BITS)) & mask)]++;
    }
    for (unsigned d = 0; d < DIGITS; d++) {
        size_t *place = counts + ((size_t)d << DIGIT_BITS);
        unsigned shift = d * DIGIT_BITS;
        if (place[(from[0] >> shift) & mask] == n)
            continue; /* all share this digit */
        size_t before = 0;
        for (size_t k = 0; k <= mask; k++) {
            size_t count = place[k];
            place[k] = before;
            before += count;
        }
        for (size_t i = 0; i < n; i++)
            to[place[(from[i] >> shift) & mask]++] = from[i];
        uint64_t *other = from;
        from = to;
        to = other;
    }
    for (size_t i = 0; i < n; i++)
        values[i] = key_value(from[i]);
}

double alloy_normal_cdf(double z)
{
    return 0.5 * erfc(-z * G_SQRT2 / 2);
}

double alloy_normal_two_sided(double z)
{
    return erfc(fabs(z) * G_SQRT2 / 2);
}

void alloy_adjust_p(const double *p, size_t n, double *adjusted)
{
    g_autofree double *sorted = g_memdup2(p, n * sizeof *p);
    if (n == 0)
        return;
    alloy_sort_doubles(sorted, n);
    size_t tests = n;
    while (tests > 0 && isnan(sorted[tests - 1]))
        tests--;
    /* least[k]: of the k-th p and those above it. */
    g_autofree double *least = g_new(double, n);
    double smallest = 1;
    for (size_t k = tests; k-- > 0;) {
        smallest = fmin(smallest, sorted[k] * (double)tests / (double)(k + 1));
        least[k] = smallest;
    }
    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = tests;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (sorted[middle] < p[i])
                low = middle + 1;
            else
                high = middle;
        }
        adjusted[i] = isnan(p[i]) ? NAN : least[low];
    }
}

void alloy_binomial_interval(uint64_t k, uint64_t n, double z, double *low, double *high)
{
    g_return_if_fail(k <= n);
    *low = 0;
    *high = 1;
    if (n == 0)
        return;
    double count = (double)n, p = (double)k / count, z2 = z * z / count;
    double centre = p + z2 / 2;
    double half = fabs(z) * sqrt((p * (1 - p) + z2 / 4) / count);
    if (k > 0)
        *low = CLAMP((centre - half) / (1 + z2), 0.0, p);
    if (k < n)
        *high = CLAMP((centre + half) / (1 + z2), p, 1.0);
}

double alloy_binomial_error(uint64_t k, uint64_t n)
{
    g_return_val_if_fail(k <= n, NAN);
    if (n == 0)
        return NAN;
    double count = (double)n, p = (double)k / count;
    return sqrt(p * (1 - p) / count);
}
