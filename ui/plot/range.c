/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/plot-private.h"

#include <math.h>

/* What an axis shows: from the data, with air where a mark would touch the edge. */

/* Air on each side, of the range. */
#define AIR 0.045
/* Of the slot of a bar at a position (of the least distance between positions), what bars fill. */
#define FILL 0.78

typedef struct {
    double low, high;
} Extent;

static void take(Extent *extent, double value, gboolean log)
{
    if (!isfinite(value) || (log && value <= 0))
        return;
    extent->low = MIN(extent->low, value);
    extent->high = MAX(extent->high, value);
}

AlloyBar alloy_mark_bar(const AlloyPlotMark *mark, size_t i)
{
    double base = mark->base != NULL ? mark->base[i] : 0;
    const double *x = mark->v[V_X];
    AlloyBar bar = {x[i], x[i], base, base + mark->v[V_Y][i]};
    if (mark->edges) {
        bar.right = x[i + 1];
    } else {
        bar.left += mark->slot_low;
        bar.right += mark->slot_high;
    }
    return bar;
}

static double least_distance(const AlloyPlotMark *mark)
{
    double least = INFINITY;
    const double *x = mark->v[V_X];
    for (size_t i = 1; i < mark->n; i++) {
        double distance = fabs(x[i] - x[i - 1]);
        if (isfinite(distance) && distance > 0)
            least = MIN(least, distance);
    }
    return isfinite(least) ? least : 1;
}

/* Puts each bar of a mark upon those of the marks before it that stand at the same x; what is negative hangs
 * below. */
static void stack(AlloyPlot *plot, unsigned which)
{
    AlloyPlotMark *mark = plot->marks->pdata[which];
    double *base = alloy_array_new(double, mark->n);
    for (size_t i = 0; i < mark->n; i++) {
        base[i] = 0;
        gboolean negative = mark->v[V_Y][i] < 0;
        for (unsigned k = 0; k < which; k++) {
            const AlloyPlotMark *other = alloy_plot_mark(plot, k);
            if (other->is.kind != ALLOY_MARK_BARS || other->v[V_Y] == NULL)
                continue;
            size_t j = i;
            if (j >= other->n || other->v[V_X][j] != mark->v[V_X][i])
                for (j = 0; j < other->n && other->v[V_X][j] != mark->v[V_X][i]; j++)
                    ;
            if (j < other->n && isfinite(other->v[V_Y][j]) && (other->v[V_Y][j] < 0) == negative)
                base[i] += other->v[V_Y][j];
        }
    }
    mark->base = base;
}

void alloy_bars_arrange(AlloyPlot *plot)
{
    unsigned n = 0, place = 0;
    double distance = INFINITY;
    for (unsigned i = 0; i < plot->marks->len; i++) {
        const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
        if (mark->is.kind != ALLOY_MARK_BARS || mark->v[V_Y] == NULL)
            continue;
        n += !mark->edges;
        distance =
            MIN(distance, mark->is.x != NULL && mark->is.x->type == ALLOY_TEXT ? 1 : least_distance(mark));
    }
    for (unsigned i = 0; i < plot->marks->len; i++) {
        AlloyPlotMark *mark = plot->marks->pdata[i];
        if (mark->is.kind != ALLOY_MARK_BARS || mark->v[V_Y] == NULL)
            continue;
        if (plot->bars == ALLOY_BARS_STACKED)
            stack(plot, i);
        if (mark->edges)
            continue;
        double all = FILL * distance, one = plot->bars == ALLOY_BARS_GROUPED ? all / n : all;
        mark->slot_low = -all / 2 + (plot->bars == ALLOY_BARS_GROUPED ? place * one : 0);
        mark->slot_high = mark->slot_low + one;
        place++;
    }
}

static double error(const AlloyPlotMark *mark, int below, int above, gboolean up, size_t i)
{
    const double *lengths = mark->v[up && mark->v[above] != NULL ? above : below];
    return lengths != NULL && isfinite(lengths[i]) ? fabs(lengths[i]) : 0;
}

static void extent_x(const AlloyPlotMark *mark, gboolean log, Extent *tight, Extent *airy)
{
    const double *x = mark->v[V_X];
    if (mark->is.kind == ALLOY_MARK_REFERENCE_X)
        take(airy, mark->is.value, log);
    if (x == NULL || mark->is.kind >= ALLOY_MARK_REFERENCE_X)
        return;
    if (mark->is.kind == ALLOY_MARK_HEAT) {
        for (size_t i = 0; mark->n > 0 && i <= mark->nx; i++)
            take(tight, x[i], log);
        return;
    }
    gboolean symbols = alloy_mark_symbol(mark) != ALLOY_SYMBOL_NONE;
    gboolean bars = mark->is.kind == ALLOY_MARK_BARS && mark->v[V_Y] != NULL && !mark->edges;
    for (size_t i = 0; i < mark->n + (mark->edges ? 1 : 0); i++) {
        if (bars) {
            AlloyBar bar = alloy_mark_bar(mark, i);
            take(airy, bar.left, log);
            take(airy, bar.right, log);
            continue;
        }
        take(symbols ? airy : tight, x[i], log);
        if (mark->edges || mark->v[V_X_BELOW] == NULL)
            continue;
        take(airy, x[i] - error(mark, V_X_BELOW, V_X_ABOVE, FALSE, i), log);
        take(airy, x[i] + error(mark, V_X_BELOW, V_X_ABOVE, TRUE, i), log);
    }
}

static void extent_y(const AlloyPlotMark *mark, gboolean log, Extent *tight, Extent *airy)
{
    const double *y = mark->v[V_Y];
    switch (mark->is.kind) {
    case ALLOY_MARK_REFERENCE_Y:
        take(airy, mark->is.value, log);
        return;
    case ALLOY_MARK_REFERENCE_X:
        return;
    case ALLOY_MARK_HEAT:
        for (size_t i = 0; mark->n > 0 && i <= mark->ny; i++)
            take(tight, y[i], log);
        return;
    case ALLOY_MARK_BAND:
        for (size_t i = 0; mark->v[V_LOW] != NULL && mark->v[V_HIGH] != NULL && i < mark->n; i++) {
            take(airy, mark->v[V_LOW][i], log);
            take(airy, mark->v[V_HIGH][i], log);
        }
        return;
    default:
        break;
    }
    gboolean bars = mark->is.kind == ALLOY_MARK_BARS;
    for (size_t i = 0; y != NULL && i < mark->n; i++) {
        AlloyBar bar = bars ? alloy_mark_bar(mark, i) : (AlloyBar){0, 0, y[i], y[i]};
        if (bars && isfinite(bar.to))
            take(tight, bar.from, log);
        /* on a log axis bars stand on the decade below the least: no height but has its foot in view */
        if (bars && log && bar.to > 0)
            take(tight, pow(10, floor(log10(bar.to / 1.5))), log);
        take(airy, bar.to, log);
        take(airy, bar.to - error(mark, V_Y_BELOW, V_Y_ABOVE, FALSE, i), log);
        take(airy, bar.to + error(mark, V_Y_BELOW, V_Y_ABOVE, TRUE, i), log);
    }
}

/* Air on both sides of [low, high]. Where nothing but areas and lines come to it, the axis stays on its side
 * of zero; symbols would sit on it. */
static void with_air(Extent *airy, double low, double high, gboolean symbols, gboolean log)
{
    if (log) {
        double part = pow(high / low, AIR);
        airy->low /= part;
        airy->high *= part;
        return;
    }
    double part = AIR * (high - low);
    if (!isfinite(part))
        return;
    airy->low = airy->low >= 0 && !symbols ? MAX(airy->low - part, 0) : airy->low - part;
    airy->high = airy->high <= 0 && !symbols ? MIN(airy->high + part, 0) : airy->high + part;
}

static void data_range(const AlloyPlot *plot, gboolean y_axis, double *low, double *high)
{
    gboolean log = plot->axis[y_axis ? 1 : 0].log;
    if (!y_axis && plot->categories->len > 0) {
        *low = -0.5;
        *high = plot->categories->len - 0.5;
        return;
    }
    Extent tight = {INFINITY, -INFINITY}, airy = tight;
    gboolean symbols = FALSE;
    for (unsigned i = 0; i < plot->marks->len; i++) {
        symbols = symbols || alloy_mark_symbol(alloy_plot_mark(plot, i)) != ALLOY_SYMBOL_NONE;
        (y_axis ? extent_y : extent_x)(alloy_plot_mark(plot, i), log, &tight, &airy);
    }
    double bottom = MIN(tight.low, airy.low), top = MAX(tight.high, airy.high);
    if (bottom < top && airy.low <= airy.high) {
        /* what touches the end of the tight marks gets no air: they end there on purpose */
        Extent wide = airy;
        with_air(&wide, bottom, top, symbols, log);
        bottom = airy.low < tight.low ? wide.low : bottom;
        top = airy.high > tight.high ? wide.high : top;
    }
    *low = bottom;
    *high = top;
    alloy_range_usable(low, high, log);
}

void alloy_ranges_find(AlloyPlot *plot)
{
    for (int axis = 0; axis < 2; axis++)
        data_range(plot, axis == 1, &plot->data_low[axis], &plot->data_high[axis]);
}

void alloy_plot_data_range(const AlloyPlot *plot, gboolean y_axis, double *low, double *high)
{
    *low = plot->data_low[y_axis ? 1 : 0];
    *high = plot->data_high[y_axis ? 1 : 0];
}

void alloy_plot_range(const AlloyPlot *plot, gboolean y_axis, double *low, double *high)
{
    const AlloyAxis *axis = &plot->axis[y_axis ? 1 : 0];
    alloy_plot_data_range(plot, y_axis, low, high);
    if (axis->fixed_low)
        *low = axis->low;
    if (axis->fixed_high)
        *high = axis->high;
    /* an automatic end beyond the fixed one would turn the axis round */
    if (axis->fixed_low && !axis->fixed_high && *high < *low)
        *high = *low;
    if (axis->fixed_high && !axis->fixed_low && *low > *high)
        *low = *high;
    alloy_range_usable(low, high, axis->log && (y_axis || plot->categories->len == 0));
}
