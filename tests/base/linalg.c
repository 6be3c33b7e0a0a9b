/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/linalg.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/common.h"

#include <float.h>
#include <math.h>
#include <string.h>

extern int openblas_get_num_threads(void);

static void test_3x3(void)
{
    static const double m[3][3] = {{2, 0, 1}, {1, 3, 2}, {1, 1, 4}};
    /* By hand: det = 2(12-2) - 0 + 1(1-3) = 18. */
    g_assert_cmpfloat(alloy_det3(m), ==, 18);
    static const double adjugate[3][3] = {{10, 1, -3}, {-2, 7, -3}, {-2, -2, 6}};
    double inverse[3][3];
    g_assert_true(alloy_invert3(m, inverse));
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            g_assert_cmpfloat(inverse[i][j], ==, adjugate[i][j] / 18);

    /* A row times the cell and back. */
    static const double v[3] = {0.25, 0.5, -1};
    double w[3];
    alloy_row_times3(v, m, w);
    g_assert_cmpfloat(w[0], ==, 0.25 * 2 + 0.5 * 1 - 1);
    g_assert_cmpfloat(w[1], ==, 0.5 * 3 - 1);
    g_assert_cmpfloat(w[2], ==, 0.25 + 0.5 * 2 - 4);
    alloy_row_times3(w, (const double(*)[3])inverse, w); /* in place */
    for (int i = 0; i < 3; i++)
        test_assert_near(w[i], v[i], 8 * DBL_EPSILON);

    double cross[3];
    alloy_cross3(m[0], m[1], cross);
    g_assert_cmpfloat(alloy_dot3(cross, m[0]), ==, 0);
    g_assert_cmpfloat(alloy_dot3(cross, m[1]), ==, 0);
    g_assert_cmpfloat(alloy_dot3(cross, m[2]), ==, 18);
    static const double pythagoras[3] = {3, 4, 12};
    g_assert_cmpfloat(alloy_norm3(pythagoras), ==, 13);
}

static void test_singular(void)
{
    double inverse[3][3];
    static const double flat[3][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, zero[3][3] = {{0}};
    static const double unknown[3][3] = {{(double)NAN, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    g_assert_false(alloy_invert3(flat, inverse));
    g_assert_false(alloy_invert3(zero, inverse));
    g_assert_false(alloy_invert3(unknown, inverse));
    /* A small cell is not a singular one. */
    static const double small[3][3] = {{1e-30, 0, 0}, {0, 1e-30, 0}, {0, 0, 2e-30}};
    g_assert_true(alloy_invert3(small, inverse));
    test_assert_near(inverse[2][2], 5e29, 5e29 * 4 * DBL_EPSILON);
}

static void test_rotation(void)
{
    /* A quarter turn about z takes x to y. */
    static const double z[3] = {0, 0, 1},
                        diagonal[3] = {0.57735026918962576, 0.57735026918962576, 0.57735026918962576};
    double r[3][3];
    alloy_rotation3(z, G_PI / 2, r);
    test_assert_near(r[0][0], 0, DBL_EPSILON);
    test_assert_near(r[1][0], 1, DBL_EPSILON);
    test_assert_near(r[0][1], -1, DBL_EPSILON);
    /* A third of a turn about (111) takes x to y, y to z, z to x. */
    alloy_rotation3(diagonal, 2 * G_PI / 3, r);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            test_assert_near(r[i][j], i == (j + 1) % 3, 4 * DBL_EPSILON);
    /* Any rotation: orthogonal, determinant 1, trace 1 + 2 cos. */
    static const double axis[3] = {2.0 / 7, -3.0 / 7, 6.0 / 7};
    alloy_rotation3(axis, 1.1, r);
    test_assert_near(alloy_det3((const double(*)[3])r), 1, 8 * DBL_EPSILON);
    test_assert_near(r[0][0] + r[1][1] + r[2][2], 1 + 2 * cos(1.1), 8 * DBL_EPSILON);
    for (int i = 0; i < 3; i++) {
        test_assert_near(alloy_dot3(r[i], axis), axis[i], 8 * DBL_EPSILON);
        for (int j = 0; j < 3; j++)
            test_assert_near(alloy_dot3(r[i], r[j]), i == j, 8 * DBL_EPSILON);
    }
}

/* Second differences: values 2 - 2 cos(k pi/(n+1)), vectors sqrt(2/(n+1)) sin(j k pi/(n+1)). */
static void test_eigen(void)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 12};
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
        size_t n = sizes[s];
        double matrix[144] = {0}, values[12], alone[12], vectors[144];
        for (size_t i = 0; i < n; i++) {
            matrix[i * n + i] = 2;
            if (i > 0)
                matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
        }
        g_autoptr(GError) error = NULL;
        g_assert_true(alloy_eigen_symmetric(matrix, n, values, vectors, &error));
        g_assert_no_error(error);
        g_assert_true(alloy_eigen_symmetric(matrix, n, alone, NULL, &error));
        double tolerance = 16 * (double)n * DBL_EPSILON;
        for (size_t k = 0; k < n; k++) {
            double angle = (double)(k + 1) * G_PI / (double)(n + 1);
            test_assert_near(values[k], 2 - 2 * cos(angle), tolerance);
            test_assert_near(alone[k], values[k], tolerance);
            double sign = 0, longest = 0;
            for (size_t j = 0; j < n; j++) {
                double expected = sqrt(2 / (double)(n + 1)) * sin((double)(j + 1) * angle);
                if (fabs(expected) > longest + 1e-6) {
                    longest = fabs(expected);
                    sign = expected > 0 ? 1 : -1;
                }
            }
            /* An error in a vector is one of the matrix over the distance to the next value. */
            double gap = 2 - 2 * cos(G_PI / (double)(n + 1));
            for (size_t j = 0; j < n; j++)
                test_assert_near(vectors[k * n + j],
                                 sign * sqrt(2 / (double)(n + 1)) * sin((double)(j + 1) * angle),
                                 tolerance / MIN(gap, 1));
        }
    }
    g_assert_cmpint(openblas_get_num_threads(), ==, 1);

    double bad[4] = {1, (double)NAN, (double)NAN, 1}, values[2];
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_eigen_symmetric(bad, 2, values, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_true(alloy_eigen_symmetric(NULL, 0, NULL, NULL, NULL));
    /* More than LAPACK's 32-bit integers count is refused before anything is read. */
    g_clear_error(&error);
    g_assert_false(alloy_eigen_symmetric(bad, 50000, values, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_false(alloy_least_squares(bad, 1 << 20, 1 << 12, bad, values, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
}

static void test_least_squares(void)
{
    g_autoptr(GError) error = NULL;
    /* A line through (0,1), (1,3), (2,4), (3,4): by the normal equations slope 1, intercept 3/2. */
    static const double line[] = {1, 0, 1, 1, 1, 2, 1, 3}, heights[] = {1, 3, 4, 4};
    double x[3];
    g_assert_true(alloy_least_squares(line, 4, 2, heights, x, &error));
    g_assert_no_error(error);
    test_assert_near(x[0], 1.5, 32 * DBL_EPSILON);
    test_assert_near(x[1], 1, 32 * DBL_EPSILON);

    /* Not of full rank: x + y = 2 on the mean of 1 and 3; the shortest is (1, 1). */
    static const double twice[] = {1, 1, 1, 1}, sums[] = {1, 3};
    g_assert_true(alloy_least_squares(twice, 2, 2, sums, x, &error));
    test_assert_near(x[0], 1, 32 * DBL_EPSILON);
    test_assert_near(x[1], 1, 32 * DBL_EPSILON);

    /* Fewer equations than unknowns: the shortest with x + 2y + 2z = 9 is (1, 2, 2). */
    static const double single[] = {1, 2, 2}, nine[] = {9};
    g_assert_true(alloy_least_squares(single, 1, 3, nine, x, &error));
    for (int i = 0; i < 3; i++)
        test_assert_near(x[i], single[i], 32 * DBL_EPSILON);

    g_assert_true(alloy_least_squares(NULL, 0, 3, NULL, x, &error));
    g_assert_cmpfloat(x[0], ==, 0);
    static const double infinite[] = {(double)INFINITY};
    g_assert_false(alloy_least_squares(infinite, 1, 1, nine, x, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
}

typedef struct {
    double values[64][6], vectors[64][36], solution[64][6];
} Many;

static void solve_block(size_t begin, size_t end, void *data)
{
    Many *many = data;
    for (size_t i = begin; i < end; i++) {
        AlloyRandom random;
        alloy_random_init(&random, 4, i);
        double matrix[36], right[6];
        for (size_t j = 0; j < 6; j++) {
            right[j] = alloy_random_normal(&random);
            for (size_t k = 0; k <= j; k++)
                matrix[6 * j + k] = matrix[6 * k + j] = alloy_random_normal(&random);
        }
        g_assert_true(alloy_eigen_symmetric(matrix, 6, many->values[i], many->vectors[i], NULL));
        g_assert_true(alloy_least_squares(matrix, 6, 6, right, many->solution[i], NULL));
    }
}

static void test_threads(void)
{
    g_autofree Many *serial = g_new0(Many, 1), *shared = g_new0(Many, 1);
    alloy_parallel_set_threads(1);
    g_assert_true(alloy_parallel_for(64, 1, solve_block, serial, NULL, NULL));
    for (unsigned threads = 2; threads <= 8; threads *= 4) {
        alloy_parallel_set_threads(threads);
        memset(shared, 0, sizeof *shared);
        g_assert_true(alloy_parallel_for(64, 1, solve_block, shared, NULL, NULL));
        g_assert_cmpmem(shared, sizeof *shared, serial, sizeof *serial);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/linalg/3x3", test_3x3);
    g_test_add_func("/linalg/singular", test_singular);
    g_test_add_func("/linalg/rotation", test_rotation);
    g_test_add_func("/linalg/eigen", test_eigen);
    g_test_add_func("/linalg/least-squares", test_least_squares);
    g_test_add_func("/linalg/threads", test_threads);
    return g_test_run();
}
