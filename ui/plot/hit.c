/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/decimate.h"
#include "ui/plot/plot-private.h"

#include <math.h>

/* What is under a point. */

static double beyond(double value, double from, double to)
{
    double low = MIN(from, to), high = MAX(from, to);
    return value < low ? low - value : value > high ? value - high : 0;
}

static gboolean nearest_bar(const AlloyPlotMark *mark, const AlloyPlotFrame *frame, double x, double y,
                            AlloyPlotHit *hit)
{
    for (size_t i = 0; i < mark->n; i++) {
        AlloyBar bar = alloy_mark_bar(mark, i);
        double left = alloy_axis_to_point(&frame->x_map, bar.left);
        double right = alloy_axis_to_point(&frame->x_map, bar.right);
        double from = alloy_axis_to_point(&frame->y_map, bar.from),
               to = alloy_axis_to_point(&frame->y_map, bar.to);
        if (isnan(from))
            from = frame->y_map.start;
        double distance = hypot(beyond(x, left, right), beyond(y, from, to));
        if (!(distance < hit->distance))
            continue;
        *hit = (AlloyPlotHit){.index = i,
                              .x = bar.left / 2 + bar.right / 2,
                              .y = mark->v[V_Y][i],
                              .z = (double)NAN,
                              .point_x = (left + right) / 2,
                              .point_y = to,
                              .distance = distance};
    }
    return isfinite(hit->distance);
}

/* The interval between edges that holds a value; FALSE: none does. */
static gboolean interval(const double *edges, size_t n, double value, size_t *at)
{
    for (size_t i = 0; i < n; i++)
        if (value >= MIN(edges[i], edges[i + 1]) && value <= MAX(edges[i], edges[i + 1])) {
            *at = i;
            return TRUE;
        }
    return FALSE;
}

static gboolean nearest_cell(const AlloyPlotMark *mark, const AlloyPlotFrame *frame, double x, double y,
                             AlloyPlotHit *hit)
{
    size_t i, j;
    if (mark->n == 0 || !interval(mark->v[V_X], mark->nx, alloy_axis_to_value(&frame->x_map, x), &i) ||
        !interval(mark->v[V_Y], mark->ny, alloy_axis_to_value(&frame->y_map, y), &j))
        return FALSE;
    *hit = (AlloyPlotHit){.index = j * mark->nx + i,
                          .x = mark->v[V_X][i] / 2 + mark->v[V_X][i + 1] / 2,
                          .y = mark->v[V_Y][j] / 2 + mark->v[V_Y][j + 1] / 2,
                          .z = mark->v[V_Z][j * mark->nx + i]};
    hit->point_x = alloy_axis_to_point(&frame->x_map, hit->x);
    hit->point_y = alloy_axis_to_point(&frame->y_map, hit->y);
    return TRUE;
}

/* A step: the one over the pointer, as far as the pointer is above or below it. */
static gboolean nearest_step(const AlloyPlotMark *mark, const AlloyPlotFrame *frame, double x, double y,
                             AlloyPlotHit *hit)
{
    size_t i;
    if (!interval(mark->v[V_X], mark->n, alloy_axis_to_value(&frame->x_map, x), &i))
        return FALSE;
    double value = mark->v[V_Y][i], point = alloy_axis_to_point(&frame->y_map, value);
    if (isnan(point))
        return FALSE;
    double middle = mark->v[V_X][i] / 2 + mark->v[V_X][i + 1] / 2;
    *hit = (AlloyPlotHit){.index = i,
                          .x = middle,
                          .y = value,
                          .z = (double)NAN,
                          .point_x = alloy_axis_to_point(&frame->x_map, middle),
                          .point_y = point,
                          .distance = fabs(point - y)};
    return TRUE;
}

static gboolean nearest_point(const AlloyPlotMark *mark, const AlloyPlotFrame *frame, const double *values,
                              double x, double y, AlloyPlotHit *hit)
{
    AlloyMapper to_x = alloy_mapper(&frame->x_map), to_y = alloy_mapper(&frame->y_map);
    double best = INFINITY;
    for (size_t i = 0; i < mark->n; i++) {
        double px = alloy_mapper_point(&to_x, mark->v[V_X][i]), py = alloy_mapper_point(&to_y, values[i]);
        double square = (px - x) * (px - x) + (py - y) * (py - y);
        if (!(square < best) || px < frame->x - 1e-6 || px > frame->x + frame->width + 1e-6 ||
            py < frame->y - 1e-6 || py > frame->y + frame->height + 1e-6)
            continue;
        best = square;
        *hit = (AlloyPlotHit){.index = i,
                              .x = mark->v[V_X][i],
                              .y = values[i],
                              .z = mark->v[V_Z] != NULL ? mark->v[V_Z][i] : (double)NAN,
                              .point_x = px,
                              .point_y = py,
                              .distance = sqrt(square)};
    }
    return isfinite(best);
}

static gboolean nearest_reference(const AlloyPlotMark *mark, const AlloyPlotFrame *frame, double x, double y,
                                  AlloyPlotHit *hit)
{
    gboolean vertical = mark->is.kind == ALLOY_MARK_REFERENCE_X;
    double value = mark->is.value, px = vertical ? alloy_axis_to_point(&frame->x_map, value) : x;
    double py = vertical ? y : alloy_axis_to_point(&frame->y_map, value);
    if (!(px >= frame->x && px <= frame->x + frame->width && py >= frame->y &&
          py <= frame->y + frame->height))
        return FALSE;
    *hit = (AlloyPlotHit){.x = vertical ? value : (double)NAN,
                          .y = vertical ? (double)NAN : value,
                          .z = (double)NAN,
                          .point_x = px,
                          .point_y = py,
                          .distance = hypot(px - x, py - y)};
    return TRUE;
}

gboolean alloy_plot_nearest(const AlloyPlot *plot, const AlloyPlotFrame *frame, unsigned which, double x,
                            double y, AlloyPlotHit *hit)
{
    g_return_val_if_fail(which < plot->marks->len, FALSE);
    const AlloyPlotMark *mark = alloy_plot_mark(plot, which);
    gboolean found = FALSE;
    hit->distance = INFINITY;
    switch (mark->is.kind) {
    case ALLOY_MARK_BARS:
        found = mark->v[V_Y] != NULL && nearest_bar(mark, frame, x, y, hit);
        break;
    case ALLOY_MARK_HEAT:
        found = nearest_cell(mark, frame, x, y, hit);
        break;
    case ALLOY_MARK_STEP:
        found = mark->v[V_Y] != NULL && nearest_step(mark, frame, x, y, hit);
        break;
    case ALLOY_MARK_REFERENCE_X:
    case ALLOY_MARK_REFERENCE_Y:
        found = nearest_reference(mark, frame, x, y, hit);
        break;
    case ALLOY_MARK_BAND: {
        AlloyPlotHit upper = {.distance = INFINITY};
        found = mark->v[V_LOW] != NULL && nearest_point(mark, frame, mark->v[V_LOW], x, y, hit);
        if (mark->v[V_HIGH] != NULL && nearest_point(mark, frame, mark->v[V_HIGH], x, y, &upper) &&
            (!found || upper.distance < hit->distance)) {
            *hit = upper;
            found = TRUE;
        }
        break;
    }
    default:
        found = mark->v[V_Y] != NULL && nearest_point(mark, frame, mark->v[V_Y], x, y, hit);
    }
    hit->mark = which;
    return found;
}

gboolean alloy_plot_hit(const AlloyPlot *plot, const AlloyPlotFrame *frame, double x, double y,
                        double tolerance, AlloyPlotHit *hit)
{
    gboolean found = FALSE;
    if (x < frame->x || x > frame->x + frame->width || y < frame->y || y > frame->y + frame->height)
        return FALSE;
    /* from the uppermost down; one below only where it is clearly nearer. Being inside an area says less than
     * being at a point. */
    for (unsigned i = plot->marks->len; i-- > 0;) {
        AlloyPlotHit one;
        if (!alloy_plot_nearest(plot, frame, i, x, y, &one) || one.distance > tolerance)
            continue;
        AlloyMarkKind kind = alloy_plot_mark(plot, i)->is.kind;
        gboolean area = kind == ALLOY_MARK_BARS || kind == ALLOY_MARK_HEAT;
        if (found && (area || one.distance >= hit->distance))
            continue;
        *hit = one;
        found = TRUE;
        if (area)
            return TRUE;
    }
    return found;
}
