/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/text.h"

#include <math.h>
#include <string.h>

/* Of the size of the text around: the small letters, and how far they are raised and lowered. */
#define SMALL 0.72
#define RAISED 0.38
#define LOWERED 0.18
/* Height of digits and capitals of the fonts in use, of their size. */
#define CAPITAL 0.72

AlloyCanvas alloy_canvas(cairo_t *cr, const AlloyPlotStyle *style)
{
    AlloyCanvas canvas = {.cr = cr, .style = style};
    cairo_surface_t *target = cairo_get_group_target(cr);
    switch (cairo_surface_get_type(target)) {
    case CAIRO_SURFACE_TYPE_PDF:
    case CAIRO_SURFACE_TYPE_SVG:
    case CAIRO_SURFACE_TYPE_PS:
    case CAIRO_SURFACE_TYPE_SCRIPT:
        canvas.vector = TRUE;
        break;
    default: /* a recording is what GTK replays on the screen */
        break;
    }
    double x = 1, y = 0, sx = 1, sy = 1;
    cairo_user_to_device_distance(cr, &x, &y);
    cairo_surface_get_device_scale(target, &sx, &sy);
    canvas.resolution = CLAMP(hypot(x * sx, y * sy), 0.01, 100);
    if (cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_RECORDING)
        canvas.resolution = MAX(canvas.resolution, 2);
    return canvas;
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

/* Copies text without its ^{} and _{}, which become attributes. */
static char *read_scripts(const char *text, double size, PangoAttrList *list)
{
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c != '\0';) {
        const char *close = (c[0] == '^' || c[0] == '_') && c[1] == '{' ? strchr(c, '}') : NULL;
        if (close == NULL) {
            g_string_append_c(out, *c++);
            continue;
        }
        size_t from = out->len;
        g_string_append_len(out, c + 2, close - c - 2);
        double rise = c[0] == '^' ? RAISED : -LOWERED;
        add_attribute(list, pango_attr_size_new((int)(size * SMALL * PANGO_SCALE)), from, out->len);
        add_attribute(list, pango_attr_rise_new((int)(size * rise * PANGO_SCALE)), from, out->len);
        c = close + 1;
    }
    return g_string_free(out, FALSE);
}

PangoLayout *alloy_text(const AlloyPlotStyle *style, const char *text, double size, gboolean bold)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context, pango_language_from_string("en"));

    PangoLayout *layout = pango_layout_new(context);
    g_object_unref(context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, style->family);
    pango_font_description_set_size(font, (int)lround(size * PANGO_SCALE));
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    PangoAttrList *list = pango_attr_list_new();
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    g_autofree char *bare = read_scripts(valid, size, list);
    pango_layout_set_text(layout, bare, -1);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    return layout;
}

void alloy_text_fit(PangoLayout *text, double width, PangoEllipsizeMode where)
{
    if (alloy_text_width(text) <= width)
        return;
    pango_layout_set_width(text, (int)(MAX(width, 0) * PANGO_SCALE));
    pango_layout_set_ellipsize(text, where);
}

double alloy_text_width(PangoLayout *text)
{
    PangoRectangle logical;
    pango_layout_get_extents(text, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

double alloy_text_height(PangoLayout *text)
{
    PangoRectangle logical;
    pango_layout_get_extents(text, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

double alloy_text_middle(PangoLayout *text)
{
    const PangoFontDescription *font = pango_layout_get_font_description(text);
    double size = (double)pango_font_description_get_size(font) / PANGO_SCALE;
    return (double)pango_layout_get_baseline(text) / PANGO_SCALE - CAPITAL / 2 * size;
}

static void note(const AlloyCanvas *canvas, double x, double y, double width, double height)
{
    AlloyRect rect = {x, y, width, height};
    if (canvas->placed != NULL && width > 0)
        g_array_append_val(canvas->placed, rect);
}

void alloy_text_show(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x, double y)
{
    alloy_set_rgb(canvas->cr, rgb, 1);
    /* an ellipsized or limited layout may start off its origin */
    PangoRectangle logical;
    pango_layout_get_extents(text, NULL, &logical);
    cairo_move_to(canvas->cr, x - (double)logical.x / PANGO_SCALE, y);
    pango_cairo_show_layout(canvas->cr, text);
    cairo_new_path(canvas->cr);
    note(canvas, x, y, alloy_text_width(text), alloy_text_height(text));
}

void alloy_text_halo(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x, double y)
{
    cairo_t *cr = canvas->cr;
    cairo_save(cr);
    cairo_new_path(cr);
    cairo_move_to(cr, x, y);
    pango_cairo_layout_path(cr, text);
    alloy_set_rgb(cr, rgb, 0.8);
    cairo_set_line_width(cr, 0.3 * canvas->style->text);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cr, NULL, 0, 0);
    cairo_stroke(cr);
    cairo_restore(cr);
}

void alloy_text_show_up(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x,
                        double y)
{
    double width = alloy_text_width(text), height = alloy_text_height(text);
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, x, y + width);
    cairo_rotate(canvas->cr, -G_PI / 2);
    AlloyCanvas turned = *canvas;
    turned.placed = NULL;
    alloy_text_show(&turned, text, rgb, 0, 0);
    cairo_restore(canvas->cr);
    note(canvas, x, y, height, width);
}

void alloy_set_rgb(cairo_t *cr, const uint8_t rgb[3], double alpha)
{
    cairo_set_source_rgba(cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0, alpha);
}

gboolean alloy_rect_overlap(const AlloyRect *a, const AlloyRect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}
