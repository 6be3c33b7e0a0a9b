/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>
#include <stddef.h>

G_BEGIN_DECLS

/* Vectors of 3 and matrices of 3x3 (rows), inline; anything larger goes to LAPACK. */

static inline double alloy_dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline void alloy_cross3(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static inline double alloy_norm3(const double a[3])
{
    return sqrt(alloy_dot3(a, a));
}

double alloy_det3(const double m[3][3]);
/* out = inverse of m; FALSE when |det| is not above 1e-12 times the product of the rows' lengths. in and out
 * may not overlap. */
gboolean alloy_invert3(const double m[3][3], double out[3][3]);
/* out = v m: a row vector times a matrix, so that fractional coordinates times the cell's rows give angstrom.
 */
void alloy_row_times3(const double v[3], const double m[3][3], double out[3]);
/* Right-handed rotation by angle (radian) about a unit axis; out * column vector rotates. */
void alloy_rotation3(const double axis[3], double angle, double out[3][3]);

/* Eigenvalues (ascending) and unit eigenvectors (row k belongs to value k) of a symmetric n x n matrix,
 * row-major, by LAPACK dsyev. Of the two opposite vectors the one whose first longest component is positive.
 * vectors may be NULL. */
gboolean alloy_eigen_symmetric(const double *matrix, size_t n, double *values, double *vectors,
                               GError **error);
/* x (cols) minimising |A x - b| for A rows x cols row-major, full rank or not, the shortest of all that do
 * (LAPACK dgelsd, rcond 1e-12). For the fits to come: planes, lattices, strain. */
gboolean alloy_least_squares(const double *a, size_t rows, size_t cols, const double *b, double *x,
                             GError **error);

G_END_DECLS
