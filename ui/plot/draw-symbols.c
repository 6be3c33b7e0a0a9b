/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/decimate.h"
#include "ui/plot/plot-private.h"

#include <math.h>
#include <string.h>

/* Symbols at points: as paths while they are few, stamped into an image when they are many. */

#define PATHS_ON_VECTORS 20000
#define PATHS_ON_PIXELS 4000
#define IMAGE_RESOLUTION (600 / 72.0) /* pixels a point of the image within a vector file */

gboolean alloy_symbol_path(cairo_t *cr, AlloySymbol symbol, double x, double y, double size)
{
    double r = size / 2;
    switch (symbol) {
    case ALLOY_SYMBOL_SQUARE: /* all have about the area of the disc */
        r *= 0.886;
        cairo_rectangle(cr, x - r, y - r, 2 * r, 2 * r);
        return TRUE;
    case ALLOY_SYMBOL_DIAMOND:
        r *= 1.25;
        cairo_move_to(cr, x, y - r);
        cairo_line_to(cr, x + r, y);
        cairo_line_to(cr, x, y + r);
        cairo_line_to(cr, x - r, y);
        cairo_close_path(cr);
        return TRUE;
    case ALLOY_SYMBOL_TRIANGLE:
        r *= 1.3;
        cairo_move_to(cr, x, y - r);
        cairo_line_to(cr, x + 0.866 * r, y + r / 2);
        cairo_line_to(cr, x - 0.866 * r, y + r / 2);
        cairo_close_path(cr);
        return TRUE;
    case ALLOY_SYMBOL_NONE:
        return TRUE;
    case ALLOY_SYMBOL_RING:
        r *= 0.88;
        G_GNUC_FALLTHROUGH;
    default:
        cairo_new_sub_path(cr);
        cairo_arc(cr, x, y, r, 0, 2 * G_PI);
        cairo_close_path(cr);
        return symbol != ALLOY_SYMBOL_RING;
    }
}

typedef struct {
    const AlloyCanvas *canvas;
    const AlloyPlot *plot;
    const AlloyPlotMark *mark;
    const AlloyPlotLayout *at;
    const uint8_t *selected;
    AlloySymbol symbol;
    double size, opacity;
} Symbols;

static double opacity_at(const Symbols *symbols, size_t i)
{
    return symbols->selected != NULL && !symbols->selected[i] ? 0.25 * symbols->opacity : symbols->opacity;
}

static void colour_at(const Symbols *symbols, size_t i, uint8_t rgb[3])
{
    if (symbols->mark->v[V_Z] != NULL)
        alloy_colour_value(&symbols->mark->scale, symbols->mark->v[V_Z][i], rgb);
    else
        memcpy(rgb, alloy_mark_rgb(symbols->plot, symbols->mark), 3);
}

/* The place of point i; FALSE: it is not in the frame. Half a symbol may stick out of the frame. */
static gboolean place(const Symbols *symbols, const AlloyMapper *to_x, const AlloyMapper *to_y, size_t i,
                      AlloyPoint *point)
{
    const AlloyRect *frame = &symbols->at->frame;
    *point = (AlloyPoint){alloy_mapper_point(to_x, symbols->mark->v[V_X][i]),
                          alloy_mapper_point(to_y, symbols->mark->v[V_Y][i])};
    return point->x >= frame->x - 1e-6 && point->x <= frame->x + frame->width + 1e-6 &&
           point->y >= frame->y - 1e-6 && point->y <= frame->y + frame->height + 1e-6;
}

static void draw_paths(const Symbols *symbols)
{
    cairo_t *cr = symbols->canvas->cr;
    AlloyMapper to_x = alloy_mapper(&symbols->at->map[0]), to_y = alloy_mapper(&symbols->at->map[1]);
    cairo_set_line_width(cr, MAX(symbols->plot->style.line * 0.8, 0.24 * symbols->size * 0.5));
    alloy_set_dash(cr, ALLOY_DASH_SOLID, 1);
    for (size_t i = 0; i < symbols->mark->n; i++) {
        AlloyPoint point;
        uint8_t rgb[3];
        if (!place(symbols, &to_x, &to_y, i, &point))
            continue;
        colour_at(symbols, i, rgb);
        alloy_set_rgb(cr, rgb, opacity_at(symbols, i));
        gboolean filled = alloy_symbol_path(cr, symbols->symbol, point.x, point.y, symbols->size);
        if (filled && symbols->mark->v[V_Z] != NULL) {
            /* the middle of a diverging palette is the paper: an edge keeps it in sight */
            cairo_fill_preserve(cr);
            cairo_set_line_width(cr, 0.5 * symbols->plot->style.frame);
            alloy_set_rgb(cr, symbols->plot->style.ink, 0.6 * opacity_at(symbols, i));
            cairo_stroke(cr);
        } else if (filled)
            cairo_fill(cr);
        else
            cairo_stroke(cr);
    }
}

/* The symbol as coverage of side x side pixels about the middle one. */
static uint8_t *make_stamp(const Symbols *symbols, double resolution, int *side)
{
    int half = (int)ceil(0.7 * symbols->size * resolution) + 1;
    *side = 2 * half + 1;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, *side, *side);
    cairo_t *cr = cairo_create(image);
    cairo_scale(cr, resolution, resolution);
    double middle = (half + 0.5) / resolution;
    cairo_set_line_width(cr, MAX(symbols->plot->style.line * 0.8, 0.12 * symbols->size));
    if (alloy_symbol_path(cr, symbols->symbol, middle, middle, symbols->size))
        cairo_fill(cr);
    else
        cairo_stroke(cr);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    uint8_t *stamp = g_new0(uint8_t, (size_t)*side * (size_t)*side);
    for (int y = 0; y < *side; y++)
        memcpy(stamp + y * *side,
               cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image),
               (size_t)*side);
    cairo_surface_destroy(image);
    return stamp;
}

/* Lays rgb with this opacity over a premultiplied ARGB pixel. */
static void over(uint32_t *pixel, const uint8_t rgb[3], double alpha)
{
    unsigned a = (unsigned)(alpha * 255 + 0.5), rest = 255 - a;
    uint32_t old = *pixel, made = 0;
    unsigned above[4] = {rgb[2] * a, rgb[1] * a, rgb[0] * a, 255 * a};
    for (int k = 0; k < 4; k++)
        made |= (uint32_t)((above[k] + ((old >> (8 * k)) & 255) * rest + 127) / 255) << (8 * k);
    *pixel = made;
}

/* How many points fall on each pixel (what is selected counts, the rest where nothing selected is), and the
 * last of them. */
typedef struct {
    uint32_t count, last;
} Pixel;

/* One stamp for each pixel that a point falls on: a million points cost no more than the pixels. Equal ones
 * on top of one another only add to their opacity. */
static void draw_stamps(const Symbols *symbols)
{
    const AlloyRect *frame = &symbols->at->frame;
    double resolution = symbols->canvas->vector ? IMAGE_RESOLUTION : symbols->canvas->resolution;
    resolution = MIN(resolution, 8000 / MAX(frame->width, frame->height));
    int side;
    g_autofree uint8_t *stamp = make_stamp(symbols, resolution, &side);
    int half = side / 2, width = (int)ceil(frame->width * resolution) + side;
    int height = (int)ceil(frame->height * resolution) + side;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    g_autofree Pixel *pixels = g_try_new0(Pixel, (size_t)width * (size_t)height);
    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS || pixels == NULL) {
        cairo_surface_destroy(image);
        return;
    }
    AlloyMapper to_x = alloy_mapper(&symbols->at->map[0]), to_y = alloy_mapper(&symbols->at->map[1]);
    for (size_t i = 0; i < symbols->mark->n; i++) {
        AlloyPoint point;
        if (!place(symbols, &to_x, &to_y, i, &point))
            continue;
        int x = CLAMP((int)((point.x - frame->x) * resolution) + half, half, width - 1 - half);
        int y = CLAMP((int)((point.y - frame->y) * resolution) + half, half, height - 1 - half);
        Pixel *pixel = &pixels[(size_t)y * (size_t)width + (size_t)x];
        if (symbols->selected != NULL && pixel->count > 0) {
            gboolean was = symbols->selected[pixel->last], is = symbols->selected[i];
            if (was && !is)
                continue;
            if (is && !was)
                pixel->count = 0;
        }
        pixel->count++;
        pixel->last = (uint32_t)i;
    }
    uint8_t *bytes = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image);
    for (int pass = symbols->selected != NULL ? 0 : 1; pass < 2; pass++)
        for (int y = half; y < height - half; y++)
            for (int x = half; x < width - half; x++) {
                const Pixel *pixel = &pixels[(size_t)y * (size_t)width + (size_t)x];
                if (pixel->count == 0 ||
                    (symbols->selected != NULL && symbols->selected[pixel->last] != pass))
                    continue;
                uint8_t rgb[3];
                colour_at(symbols, pixel->last, rgb);
                double one = opacity_at(symbols, pixel->last);
                double alpha = one >= 1 ? 1 : 1 - pow(1 - one, pixel->count);
                for (int dy = 0; dy < side; dy++) {
                    uint32_t *row =
                        (uint32_t *)(gpointer)(bytes + (size_t)(y + dy - half) * stride) + x - half;
                    for (int dx = 0; dx < side; dx++) {
                        unsigned cover = stamp[dy * side + dx];
                        if (cover == 255 && alpha == 1)
                            row[dx] = 0xff000000u | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
                        else if (cover > 0)
                            over(&row[dx], rgb, alpha * cover / 255);
                    }
                }
            }
    cairo_surface_mark_dirty(image);
    cairo_t *cr = symbols->canvas->cr;
    cairo_save(cr);
    cairo_translate(cr, frame->x - half / resolution, frame->y - half / resolution);
    cairo_scale(cr, 1 / resolution, 1 / resolution);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(image);
}

void alloy_draw_symbols(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                        const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    Symbols symbols = {
        .canvas = canvas,
        .plot = plot,
        .mark = mark,
        .at = at,
        .selected = plot->selected[i],
        .symbol = alloy_mark_symbol(mark),
        .size = mark->is.size > 0 ? mark->is.size : plot->style.symbol,
        .opacity = mark->is.opacity > 0 ? MIN(mark->is.opacity, 1) : 1,
    };
    if (symbols.symbol == ALLOY_SYMBOL_NONE || mark->v[V_Y] == NULL || mark->n == 0 || at->frame.width <= 0 ||
        at->frame.height <= 0)
        return;
    if (mark->n > (canvas->vector ? PATHS_ON_VECTORS : PATHS_ON_PIXELS) && mark->n < G_MAXUINT32)
        draw_stamps(&symbols);
    else
        draw_paths(&symbols);
}
