/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/colour-bar.h"

#include "ui/plot/axis.h"
#include "ui/plot/ticks.h"

#include <math.h>

/* All in parts of the size of the text. */
#define THICK 1.25 /* of the bar */
#define POINTED 0.9
#define GAP 0.45
#define STOPS 32

typedef struct {
    AlloyRect bar; /* the straight part */
    AlloyTicks *ticks;
    AlloyAxisMap map;
    double tick, gap, head, grey; /* lengths: tick, gap, pointed end, NaN's square (0: none) */
    double widest;                /* of the labels */
    PangoLayout *title, *multiplier, *missing;
    gboolean labels;
} Parts;

void alloy_colour_bar_look_at(AlloyColourBar *bar, const double *values, size_t n)
{
    bar->below = bar->above = bar->missing = FALSE;
    for (size_t i = 0; i < n; i++) {
        bar->below = bar->below || values[i] < bar->scale->low;
        bar->above = bar->above || values[i] > bar->scale->high;
        bar->missing = bar->missing || isnan(values[i]);
    }
}

static void parts_clear(Parts *parts)
{
    alloy_ticks_free(parts->ticks);
    g_clear_object(&parts->title);
    g_clear_object(&parts->multiplier);
    g_clear_object(&parts->missing);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

static double label_width(const AlloyPlotStyle *style, const char *label)
{
    g_autoptr(PangoLayout) text = alloy_text(style, label, style->text, FALSE);
    return alloy_text_width(text);
}

/* The ticks of a bar: as many as fit beside it. */
static void find_ticks(const AlloyColourBar *bar, const AlloyPlotStyle *style, double length, Parts *parts)
{
    double low = bar->scale->low, high = bar->scale->high, unit = style->text;
    alloy_range_usable(&low, &high, FALSE);
    double wanted = CLAMP(length / ((bar->horizontal ? 4.6 : 3.6) * unit), 2, 8);
    for (;; wanted = MAX(wanted - 1, 2)) {
        parts->ticks = alloy_ticks_linear(low, high, wanted);
        parts->widest = 0;
        unsigned n = 0;
        for (unsigned i = 0; i < parts->ticks->n; i++)
            if (parts->ticks->ticks[i].label != NULL) {
                parts->widest = MAX(parts->widest, label_width(style, parts->ticks->ticks[i].label));
                n++;
            }
        double room = length / MAX(n, 1);
        gboolean fits = room > (bar->horizontal ? parts->widest + 0.8 * unit : 1.3 * unit);
        if (!fits && wanted <= 2) {
            /* no room for two: one stands for all */
            for (unsigned i = 0, kept = 0; i < parts->ticks->n; i++)
                if (parts->ticks->ticks[i].label != NULL && kept++ > 0)
                    g_clear_pointer(&parts->ticks->ticks[i].label, g_free);
            break;
        }
        if (fits)
            break;
        alloy_ticks_free(parts->ticks);
    }
    parts->map = (AlloyAxisMap){.low = low, .high = high};
}

static void find_parts(const AlloyColourBar *bar, const AlloyPlotStyle *style, double length, Parts *parts)
{
    double unit = style->text;
    *parts = (Parts){.tick = 0.7 * style->tick, .gap = GAP * unit, .head = POINTED * unit};
    if (bar->missing && length > 14 * unit) {
        parts->grey = THICK * unit;
        parts->missing = alloy_text(style, "NaN", style->text, FALSE);
    }
    find_ticks(bar, style, length, parts);
    g_autofree char *multiplier = alloy_ticks_multiplier(parts->ticks);
    if (multiplier != NULL)
        parts->multiplier = alloy_text(style, multiplier, style->text, FALSE);
    g_autofree char *title = alloy_axis_title(bar->title, bar->unit);
    if (title[0] != '\0') {
        parts->title = alloy_text(style, title, style->axis_title, FALSE);
        alloy_text_fit(parts->title, length, PANGO_ELLIPSIZE_MIDDLE);
    }
    if (parts->missing != NULL && !bar->horizontal)
        parts->widest = MAX(parts->widest, alloy_text_width(parts->missing));
    if (parts->multiplier != NULL && !bar->horizontal)
        parts->widest = MAX(parts->widest, alloy_text_width(parts->multiplier) - THICK * unit - parts->tick);
}

static double breadth_of(const AlloyColourBar *bar, const AlloyPlotStyle *style, const Parts *parts)
{
    double unit = style->text;
    double breadth = THICK * unit + parts->tick + 0.3 * unit;
    g_autoptr(PangoLayout) any = alloy_text(style, "0", style->text, FALSE);
    breadth += bar->horizontal ? alloy_text_height(any) : parts->widest;
    if (parts->title != NULL)
        breadth += 0.35 * unit + alloy_text_height(parts->title);
    return breadth;
}

double alloy_colour_bar_breadth(const AlloyColourBar *bar, const AlloyPlotStyle *style, double length)
{
    g_auto(Parts) parts;
    find_parts(bar, style, length, &parts);
    return breadth_of(bar, style, &parts);
}

/* Along the bar everything is the same for both ways it can lie: s from the low end, b across. */
static void to(const AlloyColourBar *bar, const Parts *parts, double s, double b, double *x, double *y)
{
    *x = bar->horizontal ? parts->bar.x + s : parts->bar.x + b;
    *y = bar->horizontal ? parts->bar.y + b : parts->bar.y + parts->bar.height - s;
}

static void line_to(const AlloyColourBar *bar, const Parts *parts, cairo_t *cr, double s, double b)
{
    double x, y;
    to(bar, parts, s, b, &x, &y);
    cairo_line_to(cr, x, y);
}

static void outline(const AlloyColourBar *bar, const Parts *parts, cairo_t *cr, double length, double thick)
{
    line_to(bar, parts, cr, 0, 0);
    if (bar->below)
        line_to(bar, parts, cr, -parts->head, thick / 2);
    line_to(bar, parts, cr, 0, thick);
    line_to(bar, parts, cr, length, thick);
    if (bar->above)
        line_to(bar, parts, cr, length + parts->head, thick / 2);
    line_to(bar, parts, cr, length, 0);
    cairo_close_path(cr);
}

static void add_stop(cairo_pattern_t *gradient, const AlloyColourScale *scale, double low, double high,
                     double t)
{
    uint8_t rgb[3];
    alloy_colour_value(scale, low + t * (high - low), rgb);
    cairo_pattern_add_color_stop_rgb(gradient, t, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
}

/* One gradient with the neutral value as a stop of its own: white exactly there. A vector in vector files. */
static void fill(const AlloyColourBar *bar, const Parts *parts, cairo_t *cr, double length, double thick)
{
    double x0, y0, x1, y1, low = parts->map.low, high = parts->map.high;
    to(bar, parts, 0, 0, &x0, &y0);
    to(bar, parts, length, 0, &x1, &y1);
    cairo_pattern_t *gradient = cairo_pattern_create_linear(x0, y0, x1, y1);
    double neutral = (bar->scale->neutral - low) / (high - low), last = 0;
    for (int k = 0; k <= STOPS; k++) {
        double t = (double)k / STOPS;
        if (neutral > last && neutral < t)
            add_stop(gradient, bar->scale, low, high, neutral);
        add_stop(gradient, bar->scale, low, high, t);
        last = t;
    }
    outline(bar, parts, cr, length, thick);
    cairo_set_source(cr, gradient);
    cairo_fill(cr);
    cairo_pattern_destroy(gradient);
}

static void draw_tick(const AlloyColourBar *bar, const Parts *parts, const AlloyCanvas *canvas,
                      const AlloyTick *tick, double length, double thick)
{
    double s = (tick->value - parts->map.low) / (parts->map.high - parts->map.low) * length;
    const AlloyPlotStyle *style = canvas->style;
    if (tick->label == NULL)
        return;
    line_to(bar, parts, canvas->cr, s, thick);
    line_to(bar, parts, canvas->cr, s, thick + parts->tick);
    cairo_stroke(canvas->cr);
    double x, y;
    to(bar, parts, s, thick + parts->tick + 0.3 * style->text, &x, &y);
    g_autoptr(PangoLayout) text = alloy_text(style, tick->label, style->text, FALSE);
    if (bar->horizontal)
        alloy_text_show(canvas, text, style->ink, x - alloy_text_width(text) / 2, y - 0.2 * style->text);
    else
        alloy_text_show(canvas, text, style->ink, x, y - alloy_text_middle(text));
}

static void draw_missing(const AlloyColourBar *bar, const Parts *parts, const AlloyCanvas *canvas,
                         const AlloyRect *place, double thick)
{
    const AlloyPlotStyle *style = canvas->style;
    double x = place->x, y = bar->horizontal ? parts->bar.y : place->y + place->height - parts->grey;
    if (bar->horizontal)
        x += MAX(0, alloy_text_width(parts->missing) - parts->grey) / 2;
    cairo_rectangle(canvas->cr, x, y, bar->horizontal ? parts->grey : thick,
                    bar->horizontal ? thick : parts->grey);
    alloy_set_rgb(canvas->cr, alloy_colour_missing, 1);
    cairo_fill_preserve(canvas->cr);
    alloy_set_rgb(canvas->cr, style->ink, 1);
    cairo_stroke(canvas->cr);
    if (bar->horizontal)
        alloy_text_show(canvas, parts->missing, style->ink,
                        x + (parts->grey - alloy_text_width(parts->missing)) / 2,
                        y + thick + parts->tick + 0.1 * style->text);
    else
        alloy_text_show(canvas, parts->missing, style->ink, x + thick + parts->tick + 0.3 * style->text,
                        y + parts->grey / 2 - alloy_text_middle(parts->missing));
}

static void draw_texts(const AlloyColourBar *bar, const Parts *parts, const AlloyCanvas *canvas,
                       const AlloyRect *place)
{
    const AlloyPlotStyle *style = canvas->style;
    double unit = style->text;
    if (parts->multiplier != NULL && !bar->horizontal)
        alloy_text_show(canvas, parts->multiplier, style->ink, place->x, place->y);
    if (parts->multiplier != NULL && bar->horizontal)
        alloy_text_show(canvas, parts->multiplier, style->ink,
                        place->x + place->width - alloy_text_width(parts->multiplier),
                        place->y + place->height - alloy_text_height(parts->multiplier));
    if (parts->title == NULL)
        return;
    double size = alloy_text_width(parts->title), height = alloy_text_height(parts->title);
    if (bar->horizontal) {
        double middle = parts->bar.x + parts->bar.width / 2 - size / 2;
        double most = place->x + place->width - size;
        if (parts->multiplier != NULL)
            most -= alloy_text_width(parts->multiplier) + unit;
        alloy_text_show(canvas, parts->title, style->ink, MAX(MIN(middle, most), place->x),
                        place->y + place->height - height);
    } else {
        double middle = parts->bar.y + parts->bar.height / 2 - size / 2;
        double most = place->y + place->height - size;
        alloy_text_show_up(canvas, parts->title, style->ink, place->x + place->width - height,
                           CLAMP(middle, place->y, MAX(most, place->y)));
    }
}

void alloy_colour_bar_draw(const AlloyColourBar *bar, const AlloyCanvas *canvas, const AlloyRect *place)
{
    const AlloyPlotStyle *style = canvas->style;
    double along = bar->horizontal ? place->width : place->height, unit = style->text;
    g_auto(Parts) parts;
    find_parts(bar, style, along, &parts);
    /* room at both ends: for half a label, for the points, for the grey and for the multiplier */
    g_autoptr(PangoLayout) any = alloy_text(style, "0", style->text, FALSE);
    double half = bar->horizontal ? parts.widest / 2 : alloy_text_height(any) / 2;
    double start = MAX(half, bar->below ? parts.head + style->frame : 0),
           end = MAX(half, bar->above ? parts.head + style->frame : 0);
    if (parts.missing != NULL)
        start += MAX(parts.grey, bar->horizontal ? alloy_text_width(parts.missing) : 0) + 0.7 * unit;
    if (parts.multiplier != NULL && !bar->horizontal)
        end += alloy_text_height(parts.multiplier) + 0.1 * unit;
    double length = MAX(along - start - end, 1), thick = THICK * unit;
    parts.bar = bar->horizontal ? (AlloyRect){place->x + start, place->y, length, thick}
                                : (AlloyRect){place->x, place->y + end, thick, length};
    cairo_t *cr = canvas->cr;
    cairo_save(cr);
    cairo_new_path(cr);
    fill(bar, &parts, cr, length, thick);
    outline(bar, &parts, cr, length, thick);
    alloy_set_rgb(cr, style->ink, 1);
    cairo_set_line_width(cr, style->frame);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
    cairo_stroke(cr);
    for (unsigned i = 0; i < parts.ticks->n; i++)
        draw_tick(bar, &parts, canvas, &parts.ticks->ticks[i], length, thick);
    alloy_set_rgb(cr, style->ink, 1);
    double neutral = (bar->scale->neutral - parts.map.low) / (parts.map.high - parts.map.low);
    if (bar->scale->palette->diverging && neutral > 0 && neutral < 1) {
        /* the value that is neither: a line through the bar, dark on its white in every style */
        alloy_set_rgb(cr, (const uint8_t[]){40, 40, 44}, 1);
        line_to(bar, &parts, cr, neutral * length, 0);
        line_to(bar, &parts, cr, neutral * length, thick);
        cairo_stroke(cr);
    }
    if (parts.missing != NULL)
        draw_missing(bar, &parts, canvas, place, thick);
    draw_texts(bar, &parts, canvas, place);
    cairo_restore(cr);
}
