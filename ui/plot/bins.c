/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/bins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BINS 1000

void alloy_bins_free(AlloyBins *bins)
{
    if (bins == NULL)
        return;
    g_free(bins->edges);
    g_free(bins->counts);
    g_free(bins);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Quantile as NumPy's and R's default has it: linear between order statistics (Hyndman and Fan's type 7). */
static double quantile(const double *sorted, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

static double bin_width(const double *sorted, size_t n)
{
    double root = cbrt((double)n), spread = quantile(sorted, n, 0.75) - quantile(sorted, n, 0.25);
    if (spread > 0 && isfinite(spread))
        return 2 * spread / root;
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += (sorted[i] - mean) / (double)(i + 1);
    for (size_t i = 0; i < n; i++)
        square += (sorted[i] - mean) * (sorted[i] - mean);
    return 3.49 * sqrt(square / (double)n) / root;
}

static AlloyBins *new_bins(size_t n)
{
    AlloyBins *bins = g_new0(AlloyBins, 1);
    bins->n = n;
    bins->edges = g_new0(double, n + 1);
    bins->counts = g_new0(double, n);
    return bins;
}

static AlloyBins *equal_bins(double low, double high, size_t n)
{
    AlloyBins *bins = new_bins(n);
    /* weights, not steps: both ends exact, and no overflow */
    for (size_t i = 0; i <= n; i++) {
        double t = (double)i / (double)n;
        bins->edges[i] = (1 - t) * low + t * high;
    }
    return bins;
}

size_t alloy_bins_bin(const AlloyBins *bins, double value)
{
    const double *edges = bins->edges;
    size_t n = bins->n;
    if (!(value >= edges[0] && value <= edges[n]))
        return SIZE_MAX;
    /* even bins are found at once; the loops put right what rounding moved, and uneven bins are halved */
    size_t low = 0, high = n;
    double guess = (value - edges[0]) / (edges[n] - edges[0]) * (double)n;
    size_t at = guess >= 0 && guess < (double)n ? (size_t)guess : n - 1;
    if (value >= edges[at] && value < edges[at + 1])
        return at;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (value >= edges[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void count(AlloyBins *bins, const AlloyColumn *column)
{
    for (size_t i = 0; i < column->n; i++) {
        double value = alloy_column_real_at(column, i);
        size_t bin = isfinite(value) ? alloy_bins_bin(bins, value) : SIZE_MAX;
        if (!isfinite(value))
            bins->missing++;
        else if (bin == SIZE_MAX)
            bins->outside++;
        else
            bins->counts[bin]++;
    }
}

static AlloyBins *integer_bins(double low, double high, double width)
{
    double whole = MAX(round(width), 1);
    /* few different values: each has a bar of its own, whatever their number suggests */
    if (high - low < 30)
        whole = 1;
    double n = floor((high - low) / whole) + 1;
    if (n > MOST_BINS) {
        whole = ceil((high - low + 1) / MOST_BINS);
        n = floor((high - low) / whole) + 1;
    }
    AlloyBins *bins = new_bins((size_t)n);
    for (size_t i = 0; i <= bins->n; i++)
        bins->edges[i] = low - 0.5 + (double)i * whole;
    bins->integer = TRUE;
    return bins;
}

AlloyBins *alloy_bins_fit(const AlloyColumn *column)
{
    g_autofree double *values = g_new(double, column->n + 1);
    size_t n = 0;
    for (size_t i = 0; column->type != ALLOY_TEXT && i < column->n; i++) {
        double value = alloy_column_real_at(column, i);
        if (isfinite(value))
            values[n++] = value;
    }
    if (n == 0)
        return NULL;
    qsort(values, n, sizeof *values, compare);
    double low = values[0], high = values[n - 1], width = bin_width(values, n);
    AlloyBins *bins;
    if ((column->type == ALLOY_INTEGER || column->type == ALLOY_BOOLEAN) && fabs(low) < 1e15 &&
        fabs(high) < 1e15) {
        bins = integer_bins(low, high, width);
    } else {
        double n_bins = high > low && width > 0 ? ceil((high - low) / width) : 1;
        if (!(high > low)) {
            double half = low != 0 ? fabs(low) * 0.05 : 0.5;
            low -= half;
            high += half;
        }
        bins = equal_bins(low, high, (size_t)CLAMP(n_bins, 1, MOST_BINS));
    }
    count(bins, column);
    return bins;
}

AlloyBins *alloy_bins_equal(const AlloyColumn *column, double low, double high, size_t n)
{
    AlloyBins *bins = equal_bins(low, high, MAX(n, 1));
    count(bins, column);
    return bins;
}

AlloyBins *alloy_bins_edges(const AlloyColumn *column, const double *edges, size_t n_edges)
{
    g_return_val_if_fail(n_edges >= 2, NULL);
    AlloyBins *bins = new_bins(n_edges - 1);
    memcpy(bins->edges, edges, n_edges * sizeof *edges);
    count(bins, column);
    return bins;
}

AlloyBins *alloy_bins_like(const AlloyBins *like, const AlloyColumn *column)
{
    AlloyBins *bins = alloy_bins_edges(column, like->edges, like->n + 1);
    bins->integer = like->integer;
    return bins;
}

void alloy_bins_columns(const AlloyBins *bins, const char *name, const char *unit, const AlloyColumn **edges,
                        const AlloyColumn **counts)
{
    double *e = alloy_array_new(double, bins->n + 1), *c = alloy_array_new(double, bins->n);
    memcpy(e, bins->edges, (bins->n + 1) * sizeof *e);
    memcpy(c, bins->counts, bins->n * sizeof *c);
    *edges = alloy_column_new_real(name, unit, e, bins->n + 1);
    *counts = alloy_column_new_real("count", ALLOY_UNIT_NONE, c, bins->n);
}
