/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/plot-private.h"

#include <math.h>

/* In parts of the size of the text. */
#define SWATCH 2.0
#define AFTER_SWATCH 0.5
#define PADDING 0.4
#define LINE 1.25
/* Pixels a point of the picture in which it is looked up what a legend would cover. */
#define LOOK 0.6

/* The marks with an entry in the order they are listed: stacked bars from the top as they stand. */
static GArray *entries(const AlloyPlot *plot)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(unsigned));
    for (unsigned k = 0; k < plot->marks->len; k++) {
        unsigned i = plot->bars == ALLOY_BARS_STACKED ? plot->marks->len - 1 - k : k;
        const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
        if (mark->is.label != NULL && mark->is.kind < ALLOY_MARK_HEAT)
            g_array_append_val(list, i);
    }
    return list;
}

gboolean alloy_legend_size(const AlloyPlot *plot, double most, double *width, double *height)
{
    g_autoptr(GArray) list = entries(plot);
    double unit = plot->style.text, widest = 0;
    for (unsigned k = 0; k < list->len; k++) {
        const AlloyPlotMark *mark = alloy_plot_mark(plot, g_array_index(list, unsigned, k));
        g_autoptr(PangoLayout) text = alloy_text(&plot->style, mark->is.label, unit, FALSE);
        widest = MAX(widest, alloy_text_width(text));
    }
    double whole = (SWATCH + AFTER_SWATCH + 2 * PADDING) * unit + widest;
    *width = MIN(whole, most);
    *height = (LINE * list->len + 2 * PADDING * 0.7) * unit;
    /* three letters and the ellipsis are the least that says anything */
    return list->len > 0 && (whole <= most || widest - (whole - most) > 2.5 * unit);
}

static void draw_swatch(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotMark *mark, double x,
                        double y)
{
    cairo_t *cr = canvas->cr;
    double unit = plot->style.text, width = SWATCH * unit;
    double opacity = mark->is.opacity > 0 ? mark->is.opacity : 1;
    const uint8_t *rgb = alloy_mark_has_scale(mark) ? plot->style.quiet : alloy_mark_rgb(plot, mark);
    AlloySymbol symbol = alloy_mark_symbol(mark);
    alloy_set_dash(cr, ALLOY_DASH_SOLID, 1);
    switch (mark->is.kind) {
    case ALLOY_MARK_BAND:
    case ALLOY_MARK_BARS:
        cairo_rectangle(cr, x + 0.35 * unit, y - 0.36 * unit, width - 0.7 * unit, 0.72 * unit);
        if (mark->is.kind == ALLOY_MARK_BAND)
            opacity = mark->is.opacity > 0 ? mark->is.opacity : 0.25;
        alloy_set_rgb(cr, rgb, opacity);
        cairo_fill(cr);
        return;
    case ALLOY_MARK_LINE:
    case ALLOY_MARK_STEP: {
        double line = mark->is.width > 0 ? mark->is.width : plot->style.line;
        alloy_set_rgb(cr, rgb, opacity);
        cairo_set_line_width(cr, MIN(line, 0.5 * unit));
        alloy_set_dash(cr, mark->is.dash, line);
        cairo_move_to(cr, x, y);
        cairo_line_to(cr, x + width, y);
        cairo_stroke(cr);
        break;
    }
    default:
        break;
    }
    double size = MIN(mark->is.size > 0 ? mark->is.size : plot->style.symbol, unit);
    /* what is translucent for being many is shown at full strength */
    alloy_set_rgb(cr, rgb, MAX(opacity, 0.8));
    cairo_set_line_width(cr, plot->style.line * 0.8);
    alloy_set_dash(cr, ALLOY_DASH_SOLID, 1);
    if (symbol != ALLOY_SYMBOL_NONE) {
        if (alloy_symbol_path(cr, symbol, x + width / 2, y, size))
            cairo_fill(cr);
        else
            cairo_stroke(cr);
    }
}

void alloy_legend_draw(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyRect *place)
{
    g_autoptr(GArray) list = entries(plot);
    const AlloyPlotStyle *style = &plot->style;
    double unit = style->text, left = place->x + PADDING * unit;
    if (style->background[3] > 0) {
        cairo_rectangle(canvas->cr, place->x, place->y, place->width, place->height);
        alloy_set_rgb(canvas->cr, style->background, 0.8 * style->background[3] / 255);
        cairo_fill(canvas->cr);
    }
    for (unsigned k = 0; k < list->len; k++) {
        const AlloyPlotMark *mark = alloy_plot_mark(plot, g_array_index(list, unsigned, k));
        double y = place->y + (0.7 * PADDING + (k + 0.5) * LINE) * unit;
        double x = left + (SWATCH + AFTER_SWATCH) * unit;
        draw_swatch(canvas, plot, mark, left, y);
        g_autoptr(PangoLayout) text = alloy_text(style, mark->is.label, unit, FALSE);
        alloy_text_fit(text, place->x + place->width - PADDING * unit - x + 0.01, PANGO_ELLIPSIZE_END);
        alloy_text_show(canvas, text, style->ink, x, y - alloy_text_middle(text));
    }
}

/* How much of a rectangle of the picture is painted, 0..1. */
static double painted(cairo_surface_t *picture, double x, double y, double width, double height)
{
    const uint8_t *bytes = cairo_image_surface_get_data(picture);
    int stride = cairo_image_surface_get_stride(picture);
    int x0 = MAX((int)floor(x), 0), x1 = MIN((int)ceil(x + width), cairo_image_surface_get_width(picture));
    int y0 = MAX((int)floor(y), 0), y1 = MIN((int)ceil(y + height), cairo_image_surface_get_height(picture));
    double sum = 0;
    for (int j = y0; j < y1; j++)
        for (int i = x0; i < x1; i++)
            sum += bytes[j * stride + i];
    return x1 > x0 && y1 > y0 ? sum / (255.0 * (x1 - x0) * (y1 - y0)) : 0;
}

AlloyRect alloy_legend_place(const AlloyPlot *plot, const AlloyPlotLayout *layout, double width,
                             double height, double *covered)
{
    const AlloyRect *frame = &layout->frame;
    double inset = 0.3 * plot->style.text;
    /* left and top, as shares of the free room; the first of equals is taken */
    static const double places[][2] = {{1, 0},   {0, 0},   {1, 1},   {0, 1},
                                       {0.5, 0}, {1, 0.5}, {0, 0.5}, {0.5, 1}};
    unsigned from = 0, to = G_N_ELEMENTS(places);
    if (plot->legend >= ALLOY_LEGEND_TOP_RIGHT) {
        from = plot->legend - ALLOY_LEGEND_TOP_RIGHT;
        to = from + 1;
    }
    double scale = MIN(LOOK, 200 / MAX(frame->width, frame->height));
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)ceil(frame->width * scale),
                                                          (int)ceil(frame->height * scale));
    if (to > from + 1) {
        cairo_t *cr = cairo_create(picture);
        cairo_scale(cr, scale, scale);
        cairo_translate(cr, -frame->x, -frame->y);
        AlloyCanvas canvas = alloy_canvas(cr, &plot->style);
        alloy_draw_marks(&canvas, plot, layout);
        cairo_destroy(cr);
        cairo_surface_flush(picture);
    }
    AlloyRect best = {0};
    *covered = INFINITY;
    for (unsigned k = from; k < to; k++) {
        AlloyRect place = {frame->x + inset + places[k][0] * (frame->width - width - 2 * inset),
                           frame->y + inset + places[k][1] * (frame->height - height - 2 * inset), width,
                           height};
        double share = to == from + 1 ? 0
                                      : painted(picture, (place.x - frame->x) * scale,
                                                (place.y - frame->y) * scale, width * scale, height * scale);
        if (share < *covered - 1e-9) {
            *covered = share;
            best = place;
        }
    }
    cairo_surface_destroy(picture);
    return best;
}
