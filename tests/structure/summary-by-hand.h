/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/null.h"

#include <math.h>
#include <stdlib.h>

static inline int compare_numbers(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* As a textbook has it, from all numbers; quartiles linear between order statistics. */
static inline void summary_by_hand(double *values, size_t n, double summary[ALLOY_N_SUMMARY])
{
    for (int s = 0; s < ALLOY_N_SUMMARY; s++)
        summary[s] = NAN;
    if (n == 0)
        return;
    qsort(values, n, sizeof *values, compare_numbers);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - sum / (double)n) * (values[i] - sum / (double)n);
    summary[ALLOY_SUMMARY_MEAN] = sum / (double)n;
    if (n > 1)
        summary[ALLOY_SUMMARY_SD] = sqrt(squares / (double)(n - 1));
    summary[ALLOY_SUMMARY_MIN] = values[0];
    summary[ALLOY_SUMMARY_MAX] = values[n - 1];
    for (int q = 1; q <= 3; q++) {
        size_t below = (n - 1) * (size_t)q / 4, quarters = (n - 1) * (size_t)q % 4;
        double next = values[MIN(below + 1, n - 1)];
        summary[ALLOY_SUMMARY_Q25 + q - 1] = values[below] + (double)quarters / 4 * (next - values[below]);
    }
}
