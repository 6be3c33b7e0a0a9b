/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/linalg.h"

#include "core/base/error.h"

#include <lapacke.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#define SINGULAR 1e-12 /* of the determinant of a matrix with rows of length 1 */
#define RANK_CONDITION 1e-12

/* OpenBLAS has it beside the BLAS. */
extern void openblas_set_num_threads(int threads);

/* With one thread the order of its sums, and so their last bits, is always the same; the threads are ours to
 * share out. */
static void use_one_thread(void)
{
    openblas_set_num_threads(1);
}

static void prepare_lapack(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, use_one_thread);
}

double alloy_det3(const double m[3][3])
{
    double normal[3];
    alloy_cross3(m[1], m[2], normal);
    return alloy_dot3(m[0], normal);
}

gboolean alloy_invert3(const double m[3][3], double out[3][3])
{
    double cofactors[3][3];
    alloy_cross3(m[1], m[2], cofactors[0]);
    alloy_cross3(m[2], m[0], cofactors[1]);
    alloy_cross3(m[0], m[1], cofactors[2]);
    double det = alloy_dot3(m[0], cofactors[0]);
    double scale = alloy_norm3(m[0]) * alloy_norm3(m[1]) * alloy_norm3(m[2]);
    if (!(fabs(det) > SINGULAR * scale) || !isfinite(det))
        return FALSE;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] = cofactors[j][i] / det;
    return TRUE;
}

void alloy_row_times3(const double v[3], const double m[3][3], double out[3])
{
    double x = v[0], y = v[1], z = v[2]; /* v may be out */
    for (int j = 0; j < 3; j++)
        out[j] = x * m[0][j] + y * m[1][j] + z * m[2][j];
}

void alloy_rotation3(const double axis[3], double angle, double out[3][3])
{
    double c = cos(angle), s = sin(angle), x = axis[0], y = axis[1], z = axis[2];
    double t = 1 - c;
    out[0][0] = t * x * x + c;
    out[0][1] = t * x * y - s * z;
    out[0][2] = t * x * z + s * y;
    out[1][0] = t * x * y + s * z;
    out[1][1] = t * y * y + c;
    out[1][2] = t * y * z - s * x;
    out[2][0] = t * x * z - s * y;
    out[2][1] = t * y * z + s * x;
    out[2][2] = t * z * z + c;
}

static gboolean all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return FALSE;
    return TRUE;
}

static gboolean library_error(GError **error, const char *routine, lapack_int info)
{
    g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "LAPACK's %s ended with info %d", routine,
                (int)info);
    return FALSE;
}

/* Which of two opposite vectors LAPACK gives is chance: the first component that is (almost) the longest
 * shall be positive. */
static void settle_sign(double *vector, size_t n)
{
    double longest = 0;
    for (size_t i = 0; i < n; i++)
        longest = MAX(longest, fabs(vector[i]));
    size_t first = 0;
    while (fabs(vector[first]) < longest * (1 - 1e-9))
        first++;
    if (vector[first] < 0)
        for (size_t i = 0; i < n; i++)
            vector[i] = -vector[i];
}

gboolean alloy_eigen_symmetric(const double *matrix, size_t n, double *values, double *vectors,
                               GError **error)
{
    if (n == 0)
        return TRUE;
    if (n > INT_MAX / n)
        return alloy_input_error(error, "a matrix of %zu x %zu is too large for LAPACK", n, n);
    if (!all_finite(matrix, n * n))
        return alloy_input_error(error, "a matrix whose eigenvalues are asked holds NaN or infinity");
    prepare_lapack();
    double small[16];
    g_autofree double *large = n > 4 && vectors == NULL ? g_new(double, n *n) : NULL;
    double *work = vectors != NULL ? vectors : large != NULL ? large : small;
    memmove(work, matrix, n * n * sizeof *work);
    /* By columns a symmetric matrix is the same; the vectors then come as columns, which are our rows. */
    lapack_int info = LAPACKE_dsyev(LAPACK_COL_MAJOR, vectors != NULL ? 'V' : 'N', 'U', (lapack_int)n, work,
                                    (lapack_int)n, values);
    if (info != 0)
        return library_error(error, "dsyev", info);
    if (vectors != NULL)
        for (size_t k = 0; k < n; k++)
            settle_sign(vectors + k * n, n);
    return TRUE;
}

gboolean alloy_least_squares(const double *a, size_t rows, size_t cols, const double *b, double *x,
                             GError **error)
{
    if (cols == 0)
        return TRUE;
    if (rows == 0) {
        memset(x, 0, cols * sizeof *x);
        return TRUE;
    }
    if (rows > INT_MAX / cols)
        return alloy_input_error(
            error, "least squares of %zu equations for %zu unknowns are too large for LAPACK", rows, cols);
    if (!all_finite(a, rows * cols) || !all_finite(b, rows))
        return alloy_input_error(error, "the equations of a least-squares fit hold NaN or infinity");
    prepare_lapack();
    size_t longer = MAX(rows, cols);
    g_autofree double *columns = g_new(double, rows *cols);
    g_autofree double *solution = g_new0(double, longer);
    g_autofree double *singular = g_new(double, MIN(rows, cols));
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            columns[j * rows + i] = a[i * cols + j];
    memcpy(solution, b, rows * sizeof *b);
    lapack_int rank = 0;
    lapack_int info =
        LAPACKE_dgelsd(LAPACK_COL_MAJOR, (lapack_int)rows, (lapack_int)cols, 1, columns, (lapack_int)rows,
                       solution, (lapack_int)longer, singular, RANK_CONDITION, &rank);
    if (info != 0)
        return library_error(error, "dgelsd", info);
    memcpy(x, solution, cols * sizeof *x);
    return TRUE;
}
