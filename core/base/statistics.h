/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Sums whose value does not depend on the number of threads: Neumaier-compensated within fixed blocks, the
 * blocks added in their order. NaN counts as missing everywhere below. */

typedef struct {
    double sum, correction;
} AlloySum;
void alloy_sum_add(AlloySum *sum, double value);
double alloy_sum_value(const AlloySum *sum);

typedef struct {
    size_t n;       /* values that are numbers */
    size_t missing; /* NaN */
    double mean, sd /* with n-1; NaN for n < 2 */, sem /* sd/sqrt(n) */, min, max; /* NaN for n = 0 */
} AlloyMoments;
AlloyMoments alloy_moments(const double *values, size_t n);

/* Quantile 0..1 by linear interpolation between order statistics (Hyndman-Fan type 7, NumPy's default), of
 * values sorted ascending with no NaN; NaN for n = 0. */
double alloy_quantile_sorted(const double *sorted, size_t n, double q);
/* Ascending, -0 before 0, NaN last. */
void alloy_sort_doubles(double *values, size_t n);

/* Standard normal: P(Z <= z), and two-sided p of a z score. */
double alloy_normal_cdf(double z);
double alloy_normal_two_sided(double z);

/* p of n tests adjusted for their number, so that of those with adjusted[i] <= q a fraction of about q is
 * expected to be there by chance (false discovery rate): the least n p_j / rank(p_j) among the p_j >= p_i, at
 * most 1. Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57, 289 (1995). NaN is no test. */
void alloy_adjust_p(const double *p, size_t n, double *adjusted);

/* Wilson score interval of k successes among n at z standard errors (1.96 for 95 %): E. B. Wilson, J. Am.
 * Stat. Assoc. 22, 209 (1927). n = 0 gives 0..1. */
void alloy_binomial_interval(uint64_t k, uint64_t n, double z, double *low, double *high);
/* sqrt(p(1-p)/n); NaN for n = 0. */
double alloy_binomial_error(uint64_t k, uint64_t n);

G_END_DECLS
