/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/plot-private.h"

#include <math.h>

/* Bars and heat maps: what is made of rectangles. */

/* A heat map of more cells than this is drawn as an image where its cells are all alike. */
#define CELLS_AS_PATHS 20000
/* How far a cell reaches under the next, points (at most half of it): where edges are smoothed, paper would
 * shine through the seam otherwise. */
#define LAP 0.75

/* One bar on the page, cut to the frame; FALSE: nothing of it is there. */
static gboolean bar_rect(const AlloyPlotMark *mark, size_t i, const AlloyPlotLayout *at, AlloyRect *rect)
{
    AlloyBar bar = alloy_mark_bar(mark, i);
    const AlloyAxisMap *x = &at->map[0], *y = &at->map[1];
    double left = alloy_axis_to_point(x, bar.left), right = alloy_axis_to_point(x, bar.right);
    double from = alloy_axis_to_point(y, bar.from), to = alloy_axis_to_point(y, bar.to);
    if (y->log && isnan(from))
        from = y->low <= y->high ? y->start : y->end; /* zero is below every log axis */
    if (isnan(left) || isnan(right) || isnan(from) || isnan(to))
        return FALSE;
    const AlloyRect *frame = &at->frame;
    double x0 = CLAMP(MIN(left, right), frame->x, frame->x + frame->width);
    double x1 = CLAMP(MAX(left, right), frame->x, frame->x + frame->width);
    double y0 = CLAMP(MIN(from, to), frame->y, frame->y + frame->height);
    double y1 = CLAMP(MAX(from, to), frame->y, frame->y + frame->height);
    /* bars of a histogram that are wide enough stand apart by a hair */
    double apart = mark->edges ? CLAMP(0.06 * (x1 - x0), 0, 0.5) / 2 : 0;
    if (x1 - x0 < 4)
        apart = 0;
    *rect = (AlloyRect){x0 + apart, y0, x1 - x0 - 2 * apart, y1 - y0};
    return rect->width > 0 && rect->height > 0;
}

static void fill_bars(const AlloyCanvas *canvas, const AlloyPlotMark *mark, const AlloyPlotLayout *at,
                      const uint8_t *selected, gboolean which)
{
    for (size_t i = 0; i < mark->n; i++) {
        AlloyRect rect;
        if ((selected != NULL && (selected[i] != 0) != which) || !bar_rect(mark, i, at, &rect))
            continue;
        cairo_rectangle(canvas->cr, rect.x, rect.y, rect.width, rect.height);
    }
}

void alloy_draw_bars(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    const uint8_t *selected = plot->selected[i], *rgb = alloy_mark_rgb(plot, mark);
    if (mark->v[V_Y] == NULL)
        return;
    cairo_t *cr = canvas->cr;
    double opacity = mark->is.opacity > 0 ? mark->is.opacity : 1;
    if (selected == NULL) {
        fill_bars(canvas, mark, at, NULL, FALSE);
        alloy_set_rgb(cr, rgb, opacity);
        cairo_fill(cr);
        return;
    }
    fill_bars(canvas, mark, at, selected, FALSE);
    alloy_set_rgb(cr, rgb, 0.3 * opacity);
    cairo_fill(cr);
    fill_bars(canvas, mark, at, selected, TRUE);
    alloy_set_rgb(cr, rgb, opacity);
    cairo_fill(cr);
}

/* Whether the n + 1 edges are even on a linear axis: then an image can stand for the cells. */
static gboolean even(const double *edges, size_t n, const AlloyAxisMap *map)
{
    double step = (edges[n] - edges[0]) / (double)n;
    for (size_t i = 0; i <= n; i++)
        if (!(fabs(edges[0] + (double)i * step - edges[i]) <= 1e-6 * fabs(step)))
            return FALSE;
    return !map->log && step != 0;
}

static void heat_image(const AlloyCanvas *canvas, const AlloyPlotMark *mark, const AlloyPlotLayout *at)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)mark->nx, (int)mark->ny);
    if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS) {
        uint8_t *bytes = cairo_image_surface_get_data(image);
        size_t stride = (size_t)cairo_image_surface_get_stride(image);
        for (size_t j = 0; j < mark->ny; j++)
            for (size_t i = 0; i < mark->nx; i++) {
                uint8_t rgb[3];
                alloy_colour_value(&mark->scale, mark->v[V_Z][j * mark->nx + i], rgb);
                *(uint32_t *)(gpointer)(bytes + j * stride + 4 * i) =
                    0xff000000u | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
            }
        cairo_surface_mark_dirty(image);
        double x0 = alloy_axis_to_point(&at->map[0], mark->v[V_X][0]);
        double x1 = alloy_axis_to_point(&at->map[0], mark->v[V_X][mark->nx]);
        double y0 = alloy_axis_to_point(&at->map[1], mark->v[V_Y][0]);
        double y1 = alloy_axis_to_point(&at->map[1], mark->v[V_Y][mark->ny]);
        cairo_t *cr = canvas->cr;
        cairo_save(cr);
        cairo_translate(cr, x0, y0);
        cairo_scale(cr, (x1 - x0) / (double)mark->nx, (y1 - y0) / (double)mark->ny);
        cairo_set_source_surface(cr, image, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
        cairo_paint(cr);
        cairo_restore(cr);
    }
    cairo_surface_destroy(image);
}

void alloy_draw_heat(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned which,
                     const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, which);
    if (mark->n == 0)
        return;
    if (mark->n > CELLS_AS_PATHS && mark->nx <= 32000 && mark->ny <= 32000 &&
        even(mark->v[V_X], mark->nx, &at->map[0]) && even(mark->v[V_Y], mark->ny, &at->map[1])) {
        heat_image(canvas, mark, at);
        return;
    }
    cairo_t *cr = canvas->cr;
    cairo_save(cr);
    /* pixels belong to one cell or the other; the lap is for vectors, where this is only a hint */
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    double lap = canvas->vector ? LAP : 0;
    const AlloyRect *frame = &at->frame;
    for (size_t j = 0; j < mark->ny; j++)
        for (size_t i = 0; i < mark->nx; i++) {
            double x0 = alloy_axis_to_point(&at->map[0], mark->v[V_X][i]);
            double x1 = alloy_axis_to_point(&at->map[0], mark->v[V_X][i + 1]);
            double y0 = alloy_axis_to_point(&at->map[1], mark->v[V_Y][j]);
            double y1 = alloy_axis_to_point(&at->map[1], mark->v[V_Y][j + 1]);
            if (isnan(x0) || isnan(x1) || isnan(y0) || isnan(y1))
                continue;
            double left = MAX(MIN(x0, x1), frame->x - 1),
                   right = MIN(MAX(x0, x1), frame->x + frame->width + 1);
            double top = MAX(MIN(y0, y1), frame->y - 1),
                   bottom = MIN(MAX(y0, y1), frame->y + frame->height + 1);
            if (right <= left || bottom <= top)
                continue;
            uint8_t rgb[3];
            alloy_colour_value(&mark->scale, mark->v[V_Z][j * mark->nx + i], rgb);
            alloy_set_rgb(cr, rgb, 1);
            /* towards the cells that come later, which are painted over it */
            double over_x = MIN(lap, (right - left) / 2), over_y = MIN(lap, (bottom - top) / 2);
            cairo_rectangle(cr, x1 > x0 ? left : left - over_x, y1 < y0 ? top - over_y : top,
                            right - left + over_x, bottom - top + over_y);
            cairo_fill(cr);
        }
    cairo_restore(cr);
}
