/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/null-outputs.h"

#include "core/base/hypergeometric.h"
#include "core/base/statistics.h"

#include <math.h>

unsigned alloy_run_shuffles(const AlloyRun *run)
{
    return (unsigned)alloy_run_integer(run, "shuffles");
}

void alloy_run_add_shuffles(AlloyRun *run, unsigned shuffles)
{
    alloy_run_add_scalar(run, alloy_scalar_integer("shuffles", ALLOY_UNIT_NONE, shuffles));
}

double alloy_null_floor(unsigned shuffles)
{
    return shuffles > 0 ? 1.0 / (1.0 + shuffles) : (double)NAN;
}

const AlloyColumn *alloy_scalar_p(const char *name, double p, unsigned shuffles)
{
    return alloy_column_with_floor(alloy_scalar_real(name, ALLOY_UNIT_NONE, p), alloy_null_floor(shuffles));
}

double alloy_adjusted_floor(const double *p, const double *adjusted, size_t n, double floor)
{
    for (size_t i = 0; i < n; i++)
        if (fabs(p[i] - floor) <= 1e-12 * floor)
            return adjusted[i];
    return NAN;
}

AlloyNullColumns alloy_null_columns(size_t n, unsigned shuffles)
{
    return (AlloyNullColumns){.n = n,
                              .shuffles = shuffles,
                              .unit = ALLOY_UNIT_NONE,
                              .mean = alloy_array_new(double, n),
                              .sd = alloy_array_new(double, n),
                              .z = alloy_array_new(double, n),
                              .p = alloy_array_new(double, n)};
}

void alloy_null_columns_set(const AlloyNullColumns *columns, size_t row, const AlloyNull *null)
{
    columns->mean[row] = null->mean;
    columns->sd[row] = null->sd;
    columns->z[row] = null->z;
    columns->p[row] = null->p;
}

static void add(AlloyColumns *table, const char *prefix, const char *name, const char *unit, double *values,
                size_t n, double floor)
{
    g_autofree char *full = g_strconcat(prefix, name, NULL);
    alloy_columns_set(table, alloy_column_with_floor(alloy_column_new_real(full, unit, values, n), floor));
}

void alloy_null_columns_finish(AlloyNullColumns *columns, AlloyColumns *table, const char *prefix,
                               gboolean adjusted)
{
    const size_t n = columns->n;
    double floor = alloy_null_floor(columns->shuffles), adjusted_floor = NAN;
    if (isnan(floor) && columns->exact)
        floor = ALLOY_LEAST_P;
    double *adjusted_p = adjusted ? alloy_array_new(double, n) : NULL;
    if (adjusted) {
        /* Where chance gives one value only and it is the observed one, nothing was tested. */
        g_autofree double *tested = g_new(double, n + 1);
        for (size_t i = 0; i < n; i++)
            tested[i] = columns->sd[i] > 0 || columns->p[i] < 1 ? columns->p[i] : (double)NAN;
        alloy_adjust_p(tested, n, adjusted_p);
        adjusted_floor = alloy_adjusted_floor(tested, adjusted_p, n, floor);
    }
    add(table, prefix, "null_mean", columns->unit, columns->mean, n, NAN);
    add(table, prefix, "null_sd", columns->unit, columns->sd, n, NAN);
    add(table, prefix, "z", ALLOY_UNIT_NONE, columns->z, n, NAN);
    add(table, prefix, "p", ALLOY_UNIT_NONE, columns->p, n, floor);
    if (adjusted)
        add(table, prefix, "p_adjusted", ALLOY_UNIT_NONE, adjusted_p, n, adjusted_floor);
    *columns = (AlloyNullColumns){0};
}
