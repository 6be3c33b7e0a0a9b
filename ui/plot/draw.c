/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/colour-bar.h"
#include "ui/plot/plot-private.h"

#include <math.h>

/* A whole plot onto its page. */

#define MINOR 0.6         /* length of a minor tick, of a major one */
#define MINOR_SPACING 2.5 /* they are left out where they stand closer, points */

void alloy_draw_marks(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    g_autoptr(GArray) labels = g_array_new(FALSE, FALSE, sizeof(AlloyRect));
    if (at->has_legend)
        g_array_append_val(labels, at->legend);
    const AlloyRect *frame = &at->frame;
    /* what runs along the edge of the frame is not cut in half */
    double over = plot->style.line / 2;
    for (unsigned i = 0; i < plot->marks->len; i++) {
        AlloyMarkKind kind = alloy_plot_mark(plot, i)->is.kind;
        if (kind == ALLOY_MARK_REFERENCE_X || kind == ALLOY_MARK_REFERENCE_Y) {
            alloy_draw_reference(canvas, plot, i, at, labels);
            continue;
        }
        cairo_save(canvas->cr);
        if (kind == ALLOY_MARK_HEAT)
            over = 0;
        cairo_rectangle(canvas->cr, frame->x - over, frame->y - over, frame->width + 2 * over,
                        frame->height + 2 * over);
        cairo_clip(canvas->cr);
        if (kind == ALLOY_MARK_LINE || kind == ALLOY_MARK_STEP)
            alloy_draw_line(canvas, plot, i, at);
        else if (kind == ALLOY_MARK_BAND)
            alloy_draw_band(canvas, plot, i, at);
        else if (kind == ALLOY_MARK_BARS)
            alloy_draw_bars(canvas, plot, i, at);
        else if (kind == ALLOY_MARK_HEAT)
            alloy_draw_heat(canvas, plot, i, at);
        if (kind != ALLOY_MARK_BAND && kind != ALLOY_MARK_HEAT)
            alloy_draw_errors(canvas, plot, i, at);
        cairo_restore(canvas->cr);
        if (kind == ALLOY_MARK_LINE || kind == ALLOY_MARK_SCATTER)
            alloy_draw_symbols(canvas, plot, i, at);
    }
}

static void hair(cairo_t *cr, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
}

static void draw_grid(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    const AlloyRect *frame = &at->frame;
    cairo_t *cr = canvas->cr;
    for (int axis = 0; axis < 2; axis++)
        for (unsigned i = 0; at->ticks[axis] != NULL && i < at->ticks[axis]->n; i++) {
            const AlloyTick *tick = &at->ticks[axis]->ticks[i];
            if (tick->label == NULL)
                continue;
            double point = alloy_axis_to_point(&at->map[axis], tick->value);
            if (axis == 0)
                hair(cr, point, frame->y, point, frame->y + frame->height);
            else
                hair(cr, frame->x, point, frame->x + frame->width, point);
        }
    alloy_set_rgb(cr, plot->style.grid_colour, 1);
    cairo_set_line_width(cr, plot->style.frame);
    cairo_stroke(cr);
}

/* The least distance between neighbouring ticks, points. */
static double spacing(const AlloyTicks *ticks, const AlloyAxisMap *map)
{
    double least = INFINITY;
    for (unsigned i = 1; i < ticks->n; i++)
        least = MIN(least, fabs(alloy_axis_to_point(map, ticks->ticks[i].value) -
                                alloy_axis_to_point(map, ticks->ticks[i - 1].value)));
    return least;
}

static void draw_ticks(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at, int axis)
{
    const AlloyPlotStyle *style = &plot->style;
    const AlloyTicks *ticks = at->ticks[axis];
    cairo_t *cr = canvas->cr;
    gboolean minor = spacing(ticks, &at->map[axis]) >= MINOR_SPACING;
    double bottom = at->frame.y + at->frame.height, left = at->frame.x;
    for (unsigned i = 0; i < ticks->n; i++) {
        const AlloyTick *tick = &ticks->ticks[i];
        if (tick->label == NULL && !minor)
            continue;
        double point = alloy_axis_to_point(&at->map[axis], tick->value);
        double length = style->tick * (tick->label != NULL ? 1 : MINOR);
        if (axis == 0)
            hair(cr, point, bottom, point, bottom + length);
        else
            hair(cr, left, point, left - length, point);
    }
    cairo_stroke(cr);
    for (unsigned i = 0; at->labels[axis] && i < ticks->n; i++) {
        const AlloyTick *tick = &ticks->ticks[i];
        if (tick->label == NULL)
            continue;
        double point = alloy_axis_to_point(&at->map[axis], tick->value);
        g_autoptr(PangoLayout) text = alloy_text(style, tick->label, style->text, FALSE);
        double width = alloy_text_width(text), gap = style->tick + 0.35 * style->text;
        if (axis == 0)
            alloy_text_show(canvas, text, style->ink, CLAMP(point - width / 2, 0, MAX(at->width - width, 0)),
                            bottom + style->tick + 0.25 * style->text);
        else
            alloy_text_show(canvas, text, style->ink, left - gap - width, point - alloy_text_middle(text));
    }
}

static void draw_categories(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    double y = at->frame.y + at->frame.height + 0.35 * plot->style.text;
    if (!at->labels[0])
        return;
    for (unsigned i = 0; i < plot->categories->len; i += at->every) {
        double x = alloy_axis_to_point(&at->map[0], i);
        if (!(x >= at->frame.x && x <= at->frame.x + at->frame.width))
            continue;
        g_autoptr(PangoLayout) text = alloy_plot_category(plot, at, i);
        if (at->turned) {
            alloy_text_show_up(canvas, text, plot->style.ink, x - alloy_text_middle(text), y);
            continue;
        }
        double width = alloy_text_width(text);
        x = CLAMP(x - width / 2, 0, MAX(at->width - width, 0));
        alloy_text_show(canvas, text, plot->style.ink, x, y);
    }
}

static void draw_axes(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    const AlloyRect *frame = &at->frame;
    cairo_t *cr = canvas->cr;
    alloy_set_rgb(cr, plot->style.ink, 1);
    cairo_set_line_width(cr, plot->style.frame);
    alloy_set_dash(cr, ALLOY_DASH_SOLID, 1);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
    gboolean box = plot->style.box;
    for (unsigned i = 0; i < plot->marks->len; i++)
        box = box || alloy_plot_mark(plot, i)->is.kind == ALLOY_MARK_HEAT;
    double right = frame->x + frame->width, bottom = frame->y + frame->height;
    if (box) {
        cairo_rectangle(cr, frame->x, frame->y, frame->width, frame->height);
    } else {
        cairo_move_to(cr, frame->x, frame->y);
        cairo_line_to(cr, frame->x, bottom);
        cairo_line_to(cr, right, bottom);
    }
    double zero = alloy_axis_to_point(&at->map[1], 0);
    for (unsigned i = 0; i < plot->marks->len; i++)
        /* what bars hang from, where that is not the axis */
        if (alloy_plot_mark(plot, i)->is.kind == ALLOY_MARK_BARS && zero > frame->y && zero < bottom)
            hair(cr, frame->x, zero, right, zero);
    cairo_stroke(cr);
    for (int axis = 0; axis < 2; axis++)
        if (at->ticks[axis] != NULL)
            draw_ticks(canvas, plot, at, axis);
        else
            draw_categories(canvas, plot, at);
}

/* Shows a title centred on the frame, moved where the page ends, shortened where the page is too small. */
static void draw_x_title(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    const AlloyPlotStyle *style = &plot->style;
    double right = at->width - style->margin, centre = at->frame.x + at->frame.width / 2;
    g_autofree char *multiplier = at->ticks[0] != NULL ? alloy_ticks_multiplier(at->ticks[0]) : NULL;
    if (multiplier != NULL && at->labels[0]) {
        g_autoptr(PangoLayout) text = alloy_text(style, multiplier, style->text, FALSE);
        double end = MIN(at->frame.x + at->frame.width, right);
        /* its middle on the middle of the title beside it */
        g_autoptr(PangoLayout) beside = alloy_text(style, "0", style->axis_title, FALSE);
        double y = at->x_title_y + alloy_text_middle(beside) - alloy_text_middle(text);
        y = MIN(y, at->height - alloy_text_height(text));
        alloy_text_show(canvas, text, style->ink, end - alloy_text_width(text), y);
        right = end - alloy_text_width(text) - style->text;
    }
    if (!at->has_axis_title[0])
        return;
    g_autofree char *title = alloy_plot_axis_title(plot, 0);
    g_autoptr(PangoLayout) text = alloy_text(style, title, style->axis_title, FALSE);
    alloy_text_fit(text, right - style->margin, PANGO_ELLIPSIZE_MIDDLE);
    double width = alloy_text_width(text),
           x = CLAMP(centre - width / 2, style->margin, MAX(right - width, style->margin));
    alloy_text_show(canvas, text, style->ink, x, at->x_title_y);
}

static void draw_titles(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    const AlloyPlotStyle *style = &plot->style;
    double margin = style->margin, left = at->frame.x, top = margin;
    draw_x_title(canvas, plot, at);
    if (at->has_title) {
        g_autoptr(PangoLayout) text = alloy_text(style, plot->title, style->title, TRUE);
        alloy_text_fit(text, at->width - 2 * margin, PANGO_ELLIPSIZE_END);
        double width = alloy_text_width(text);
        alloy_text_show(canvas, text, style->ink, MAX(MIN(left, at->width - margin - width), margin),
                        at->title_y);
        top = at->title_y + alloy_text_height(text);
    }
    g_autofree char *multiplier = at->ticks[1] != NULL ? alloy_ticks_multiplier(at->ticks[1]) : NULL;
    if (multiplier != NULL && at->labels[1]) {
        g_autoptr(PangoLayout) text = alloy_text(style, multiplier, style->text, FALSE);
        alloy_text_show(canvas, text, style->ink, left, MAX(at->multiplier_y, 0));
    }
    if (!at->has_axis_title[1])
        return;
    g_autofree char *title = alloy_plot_axis_title(plot, 1);
    g_autoptr(PangoLayout) text = alloy_text(style, title, style->axis_title, FALSE);
    double bottom = at->has_axis_title[0] || multiplier != NULL ? MIN(at->x_title_y, at->height - margin)
                                                                : at->height - margin;
    alloy_text_fit(text, bottom - top, PANGO_ELLIPSIZE_MIDDLE);
    double length = alloy_text_width(text), middle = at->frame.y + at->frame.height / 2;
    alloy_text_show_up(canvas, text, style->ink, at->y_title_x,
                       CLAMP(middle - length / 2, top, MAX(bottom - length, top)));
}

static void draw_bar(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, at->bar_mark);
    AlloyColourBar bar = {.scale = &mark->scale, .title = mark->is.z->name, .unit = mark->is.z->unit};
    alloy_colour_bar_look_at(&bar, mark->v[V_Z], mark->is.z->n);
    alloy_colour_bar_draw(&bar, canvas, &at->bar);
}

void alloy_plot_draw_traced(const AlloyPlot *plot, cairo_t *cr, double width, double height, GArray *placed)
{
    if (!(width > 0) || !(height > 0) || !isfinite(width) || !isfinite(height))
        return;
    AlloyPlotLayout at;
    alloy_plot_layout(plot, width, height, &at);
    cairo_save(cr);
    cairo_new_path(cr);
    AlloyCanvas canvas = alloy_canvas(cr, &plot->style);
    canvas.placed = placed;
    const uint8_t *background = plot->style.background;
    if (background[3] > 0) {
        alloy_set_rgb(cr, background, background[3] / 255.0);
        cairo_rectangle(cr, 0, 0, width, height);
        cairo_fill(cr);
    }
    if (plot->style.grid)
        draw_grid(&canvas, plot, &at);
    alloy_draw_marks(&canvas, plot, &at);
    draw_axes(&canvas, plot, &at);
    draw_titles(&canvas, plot, &at);
    if (at.has_bar)
        draw_bar(&canvas, plot, &at);
    if (at.has_legend)
        alloy_legend_draw(&canvas, plot, &at.legend);
    cairo_restore(cr);
    alloy_plot_layout_clear(&at);
}

void alloy_plot_draw(const AlloyPlot *plot, cairo_t *cr, double width, double height)
{
    alloy_plot_draw_traced(plot, cr, width, height, NULL);
}
