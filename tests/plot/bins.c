/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/bins.h"
#include "ui/plot/decimate.h"

#include "tests/common.h"

#include <math.h>

/* Bins of histograms, and thinning of points. */

static const AlloyColumn *reals(const double *values, size_t n)
{
    double *copy = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = values[i];
    return alloy_column_new_real("v", "angstrom", copy, n);
}

/* 0..99: quartiles 24.75 and 74.25, width 2 x 49.5 / 100^(1/3) = 21.329, so 5 bins of 19.8; this is also
 * numpy.histogram_bin_edges(range(100), bins="fd") of NumPy 1.24: [0, 19.8, 39.6, 59.4, 79.2, 99]. */
static void test_freedman_diaconis(void)
{
    double values[103];
    for (int i = 0; i < 100; i++)
        values[i] = i;
    values[100] = (double)NAN, values[101] = INFINITY, values[102] = -INFINITY;
    g_autoptr(AlloyColumn) column = (AlloyColumn *)reals(values, 103);
    g_autoptr(AlloyBins) bins = alloy_bins_fit(column);
    g_assert_cmpuint(bins->n, ==, 5);
    const double counts[] = {20, 20, 20, 20, 20};
    for (int i = 0; i < 5; i++) {
        test_assert_near(bins->edges[i], 19.8 * i, 1e-12);
        test_assert_near(bins->counts[i], counts[i], 0);
    }
    g_assert_cmpfloat(bins->edges[5], ==, 99);
    g_assert_cmpuint(bins->missing, ==, 3);
    g_assert_false(bins->integer);
}

static void test_integers(void)
{
    int64_t *values = alloy_array_new(int64_t, 1000);
    for (int i = 0; i < 1000; i++)
        values[i] = 3 + i % 10;
    g_autoptr(AlloyColumn) column = (AlloyColumn *)alloy_column_new_integer("cn", "1", values, 1000);
    g_autoptr(AlloyBins) bins = alloy_bins_fit(column);
    g_assert_true(bins->integer);
    g_assert_cmpuint(bins->n, ==, 10);
    for (int i = 0; i < 10; i++) {
        g_assert_cmpfloat(bins->edges[i], ==, 2.5 + i);
        g_assert_cmpfloat(bins->counts[i], ==, 100);
    }
    /* many different ones: whole widths, all the same, and nothing is lost */
    int64_t *wide = alloy_array_new(int64_t, 5000);
    for (int i = 0; i < 5000; i++)
        wide[i] = (int64_t)i * i % 99991;
    g_autoptr(AlloyColumn) many = (AlloyColumn *)alloy_column_new_integer("id", "1", wide, 5000);
    g_autoptr(AlloyBins) wider = alloy_bins_fit(many);
    double sum = 0, width = wider->edges[1] - wider->edges[0];
    for (size_t i = 0; i < wider->n; i++) {
        sum += wider->counts[i];
        g_assert_cmpfloat(wider->edges[i + 1] - wider->edges[i], ==, width);
    }
    g_assert_cmpfloat(sum, ==, 5000);
    g_assert_cmpfloat(width, ==, floor(width));
}

static void test_given(void)
{
    const double values[] = {0, 0.5, 1, 1.5, 2, 3, -1, (double)NAN, 2.0000001};
    const double edges[] = {0, 1, 2};
    g_autoptr(AlloyColumn) column = (AlloyColumn *)reals(values, 9);
    /* as numpy.bins: an edge belongs to the bin above, the last one to the last bin */
    g_autoptr(AlloyBins) bins = alloy_bins_edges(column, edges, 3);
    g_assert_cmpfloat(bins->counts[0], ==, 2);
    g_assert_cmpfloat(bins->counts[1], ==, 3);
    g_assert_cmpuint(bins->outside, ==, 3);
    g_assert_cmpuint(bins->missing, ==, 1);
    g_autoptr(AlloyBins) equal = alloy_bins_equal(column, 0, 2, 2);
    g_assert_cmpfloat(equal->counts[1], ==, 3);
    g_autoptr(AlloyBins) like = alloy_bins_like(equal, column);
    g_assert_cmpfloat(like->counts[0], ==, 2);
    /* a bin holds what its edges say, for even bins whose width is no double too */
    g_autoptr(AlloyBins) tenths = alloy_bins_equal(column, 0, 1, 10);
    for (size_t i = 0; i < 10; i++)
        g_assert_cmpuint(alloy_bins_bin(tenths, tenths->edges[i]), ==, i);
}

static void test_absurd(void)
{
    const double nothing[] = {(double)NAN, INFINITY};
    g_autoptr(AlloyColumn) none = (AlloyColumn *)reals(nothing, 2);
    g_assert_null(alloy_bins_fit(none));
    g_autoptr(AlloyColumn) empty = (AlloyColumn *)reals(nothing, 0);
    g_assert_null(alloy_bins_fit(empty));
    const double one[] = {7, 7, 7}, far[] = {-1e308, 1e308, 0, 1}, tail[] = {0, 0, 0, 0, 0, 1e9};
    const double *sets[] = {one, far, tail};
    const size_t sizes[] = {3, 4, 6};
    for (int k = 0; k < 3; k++) {
        g_autoptr(AlloyColumn) column = (AlloyColumn *)reals(sets[k], sizes[k]);
        g_autoptr(AlloyBins) bins = alloy_bins_fit(column);
        double sum = 0;
        for (size_t i = 0; i < bins->n; i++) {
            sum += bins->counts[i];
            g_assert_cmpfloat(bins->edges[i], <, bins->edges[i + 1]);
        }
        g_assert_cmpfloat(sum, ==, sizes[k]);
        g_assert_cmpuint(bins->n, <=, 1000);
    }
}

/* Of a million points every column keeps its lowest and highest, its first and its last. */
static void test_decimate(void)
{
    enum { N = 1000000, WIDTH = 300 };
    g_autofree double *x = g_new(double, N), *y = g_new(double, N);
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = g_rand_double(rand) + (i == 777777 ? 5 : 0);
    }
    AlloyAxisMap to_x = {0, N, FALSE, 10, 10 + WIDTH}, to_y = {0, 6, FALSE, 200, 0};
    g_autoptr(GArray) points = alloy_decimate(x, y, N, TRUE, &to_x, &to_y, 1);
    g_assert_cmpuint(points->len, <=, 4 * (WIDTH + 2));
    g_autofree double *low = g_new(double, WIDTH), *high = g_new(double, WIDTH);
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < WIDTH; k++)
            if (pass == 0)
                low[k] = INFINITY, high[k] = -INFINITY;
        for (int i = 0; pass == 0 && i < N; i++) {
            double py = alloy_axis_to_point(&to_y, y[i]);
            int k = CLAMP((int)(alloy_axis_to_point(&to_x, x[i]) - 10), 0, WIDTH - 1);
            low[k] = MIN(low[k], py);
            high[k] = MAX(high[k], py);
        }
    }
    unsigned matched = 0;
    for (unsigned i = 0; i < points->len; i++) {
        AlloyPoint p = g_array_index(points, AlloyPoint, i);
        int k = CLAMP((int)(p.x - 10), 0, WIDTH - 1);
        if (i > 0)
            g_assert_cmpfloat(p.x, >=, g_array_index(points, AlloyPoint, i - 1).x);
        matched += fabs(p.y - low[k]) < 1e-9;
        matched += fabs(p.y - high[k]) < 1e-9;
    }
    g_assert_cmpuint(matched, >=, 2 * WIDTH - 2); /* rounding at the edge of a column may move one */
    test_assert_near(g_array_index(points, AlloyPoint, 0).x, 10, 1e-9);
    test_assert_near(g_array_index(points, AlloyPoint, points->len - 1).x, alloy_axis_to_point(&to_x, N - 1),
                     1e-9);
}

static void test_gaps(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5, 6}, y[] = {1, (double)NAN, 2, 3, INFINITY, (double)NAN, 1};
    AlloyAxisMap map = {0, 6, FALSE, 0, 60};
    for (int sorted = 0; sorted < 2; sorted++)
        for (int column = 0; column < 2; column++) {
            g_autoptr(GArray) points = alloy_decimate(x, y, 7, sorted, &map, &map, column);
            unsigned gaps = 0;
            for (unsigned i = 0; i < points->len; i++)
                gaps += isnan(g_array_index(points, AlloyPoint, i).x);
            g_assert_cmpuint(gaps, ==, 2);
            g_assert_cmpuint(points->len, ==, 6);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bins/freedman-diaconis", test_freedman_diaconis);
    g_test_add_func("/bins/integers", test_integers);
    g_test_add_func("/bins/given", test_given);
    g_test_add_func("/bins/absurd", test_absurd);
    g_test_add_func("/decimate/extrema", test_decimate);
    g_test_add_func("/decimate/gaps", test_gaps);
    return g_test_run();
}
