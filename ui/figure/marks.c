/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The axes, the direction of view and the legend of a figure. */
#include "ui/figure/figure-private.h"

#include <math.h>
#include <string.h>

/* All in parts of the size of the text. */
#define AXIS 1.7      /* length of an axis that lies in the picture */
#define LETTER 0.55   /* from its tip to the middle of the letter */
#define HEAD 0.38     /* of an arrow */
#define SHORT 0.12    /* of its length: shorter ones are drawn as a point */
#define BALL 1.1      /* diameter of a legend's ball */
#define ENTRY_GAP 1.2 /* between two columns of a legend */

/* --- axes --- */

typedef struct {
    char letter[2];
    double tip[2], at[2]; /* of the arrow and of the middle of the letter, from where they meet, y down */
    double z;             /* towards the reader, of the unit vector */
    gboolean point;
} Arm;

static void find_arms(const AlloyCamera *camera, double text, Arm arms[3])
{
    double m[3][3];
    alloy_camera_matrix(camera, m);
    for (int k = 0; k < 3; k++) {
        Arm *arm = &arms[k];
        double u = m[0][k], v = -m[1][k], length = hypot(u, v);
        *arm = (Arm){.letter = {(char)('x' + k), '\0'}, .z = m[2][k], .point = length < SHORT};
        if (arm->point)
            continue;
        arm->tip[0] = u * AXIS * text;
        arm->tip[1] = v * AXIS * text;
        /* a foreshortened axis keeps its letter outside the point of the one that looks out of the page */
        double far = MAX(AXIS * length, 0.75) + LETTER;
        arm->at[0] = u / length * far * text;
        arm->at[1] = v / length * far * text;
    }
    /* the letter of an axis that is a point stands where the two others leave most room */
    for (int k = 0; k < 3; k++) {
        if (!arms[k].point)
            continue;
        double sum[2] = {0, 0};
        for (int other = 0; other < 3; other++)
            for (int c = 0; c < 2; c++)
                sum[c] -= arms[other].tip[c];
        double length = hypot(sum[0], sum[1]);
        double far = (LETTER + 0.35) * text;
        arms[k].at[0] = length > 0.1 * text ? sum[0] / length * far : -far * 0.7;
        arms[k].at[1] = length > 0.1 * text ? sum[1] / length * far : far * 0.7;
    }
}

AlloyRect alloy_tripod_extent(const AlloyCamera *camera, const AlloyPlotStyle *style)
{
    Arm arms[3];
    double text = style->text, low[2] = {-0.3 * text, -0.3 * text}, high[2] = {0.3 * text, 0.3 * text};
    find_arms(camera, text, arms);
    for (int k = 0; k < 3; k++)
        for (int c = 0; c < 2; c++) {
            low[c] = MIN(low[c], arms[k].at[c] - 0.5 * text);
            high[c] = MAX(high[c], arms[k].at[c] + 0.5 * text);
        }
    return (AlloyRect){low[0], low[1], high[0] - low[0], high[1] - low[1]};
}

static void draw_arm(const Arm *arm, const AlloyCanvas *canvas, double x, double y)
{
    cairo_t *cr = canvas->cr;
    double text = canvas->style->text, length = hypot(arm->tip[0], arm->tip[1]);
    cairo_set_line_width(cr, 0.11 * text);
    if (arm->point) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, x, y, 0.26 * text, 0, 2 * G_PI);
        cairo_stroke(cr);
        if (arm->z > 0) {
            cairo_arc(cr, x, y, 0.09 * text, 0, 2 * G_PI);
            cairo_fill(cr);
        } else {
            double d = 0.26 * text * G_SQRT2 / 2;
            cairo_move_to(cr, x - d, y - d);
            cairo_line_to(cr, x + d, y + d);
            cairo_move_to(cr, x - d, y + d);
            cairo_line_to(cr, x + d, y - d);
            cairo_stroke(cr);
        }
        return;
    }
    double u = arm->tip[0] / length, v = arm->tip[1] / length, head = MIN(HEAD * text, length);
    double tip[2] = {x + arm->tip[0], y + arm->tip[1]};
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, tip[0] - 0.8 * head * u, tip[1] - 0.8 * head * v);
    cairo_stroke(cr);
    cairo_move_to(cr, tip[0], tip[1]);
    cairo_line_to(cr, tip[0] - head * u + 0.42 * head * v, tip[1] - head * v - 0.42 * head * u);
    cairo_line_to(cr, tip[0] - head * u - 0.42 * head * v, tip[1] - head * v + 0.42 * head * u);
    cairo_close_path(cr);
    cairo_fill(cr);
}

void alloy_tripod_draw(const AlloyCamera *camera, const AlloyCanvas *canvas, const AlloyRect *place)
{
    const AlloyPlotStyle *style = canvas->style;
    Arm arms[3];
    find_arms(camera, style->text, arms);
    AlloyRect extent = alloy_tripod_extent(camera, style);
    double x = place->x - extent.x, y = place->y - extent.y;
    cairo_save(canvas->cr);
    cairo_set_line_cap(canvas->cr, CAIRO_LINE_CAP_ROUND);
    alloy_set_rgb(canvas->cr, style->ink, 1);
    /* the farthest first */
    gboolean done[3] = {FALSE, FALSE, FALSE};
    for (int n = 0; n < 3; n++) {
        int next = -1;
        for (int k = 0; k < 3; k++)
            if (!done[k] && (next < 0 || arms[k].z < arms[next].z))
                next = k;
        done[next] = TRUE;
        draw_arm(&arms[next], canvas, x, y);
    }
    for (int k = 0; k < 3; k++) {
        g_autoptr(PangoLayout) letter = alloy_text(style, arms[k].letter, style->text, FALSE);
        /* x and z have no ascender: their middle lies under that of capitals */
        alloy_text_show(canvas, letter, style->ink, x + arms[k].at[0] - alloy_text_width(letter) / 2,
                        y + arms[k].at[1] - alloy_text_middle(letter) - 0.1 * style->text);
        alloy_set_rgb(canvas->cr, style->ink, 1);
    }
    cairo_restore(canvas->cr);
}

/* --- direction: a point in a circle, for what comes out of the page, and the indices --- */

/* The text without the minus signs that stand before digits; bars: 1 for each byte that one goes over. */
static char *read_indices(const char *direction, GByteArray *bars)
{
    GString *out = g_string_new(NULL);
    guint8 bar = 0;
    for (const char *c = direction; *c != '\0'; c++) {
        if (*c == '-' && g_ascii_isdigit(c[1])) {
            bar = 1;
            continue;
        }
        g_string_append_c(out, *c);
        g_byte_array_append(bars, &bar, 1);
        bar = 0;
    }
    return g_string_free(out, FALSE);
}

double alloy_direction_width(const char *direction, const AlloyPlotStyle *style)
{
    g_autoptr(GByteArray) bars = g_byte_array_new();
    g_autofree char *bare = read_indices(direction, bars);
    g_autoptr(PangoLayout) text = alloy_text(style, bare, style->text, FALSE);
    return alloy_text_width(text) + 1.15 * style->text;
}

void alloy_direction_draw(const char *direction, const AlloyCanvas *canvas, const AlloyRect *place)
{
    const AlloyPlotStyle *style = canvas->style;
    cairo_t *cr = canvas->cr;
    double size = style->text, r = 0.3 * size;
    g_autoptr(GByteArray) bars = g_byte_array_new();
    g_autofree char *bare = read_indices(direction, bars);
    g_autoptr(PangoLayout) text = alloy_text(style, bare, size, FALSE);
    double middle = place->y + alloy_text_middle(text), x = place->x + 1.15 * size;
    alloy_set_rgb(cr, style->ink, 1);
    cairo_set_line_width(cr, 0.1 * size);
    cairo_new_sub_path(cr);
    cairo_arc(cr, place->x + r + 0.05 * size, middle, r, 0, 2 * G_PI);
    cairo_stroke(cr);
    cairo_arc(cr, place->x + r + 0.05 * size, middle, 0.1 * size, 0, 2 * G_PI);
    cairo_fill(cr);
    alloy_text_show(canvas, text, style->ink, x, place->y);
    double top = middle - 0.48 * size;
    cairo_set_line_width(cr, 0.075 * size);
    for (unsigned i = 0; i < bars->len && bars->len == strlen(pango_layout_get_text(text)); i++) {
        if (bars->data[i] == 0)
            continue;
        PangoRectangle digit;
        pango_layout_index_to_pos(text, (int)i, &digit);
        double left = x + (double)digit.x / PANGO_SCALE, width = (double)digit.width / PANGO_SCALE;
        cairo_move_to(cr, left + 0.12 * width, top);
        cairo_line_to(cr, left + 0.88 * width, top);
        cairo_stroke(cr);
    }
}

/* --- legend --- */

double alloy_legend_column(const AlloyPanel *panel, const AlloyPlotStyle *style)
{
    double widest = 0;
    for (unsigned i = 0; i < panel->n_entries; i++) {
        g_autoptr(PangoLayout) name = alloy_text(style, panel->entries[i].name, style->text, FALSE);
        widest = MAX(widest, alloy_text_width(name));
    }
    return widest + (BALL + 0.4 + ENTRY_GAP) * style->text;
}

static void add_shade(cairo_pattern_t *pattern, double at, const uint8_t rgb[3], double light, double shine)
{
    double c[3];
    for (int k = 0; k < 3; k++)
        c[k] = CLAMP(rgb[k] / 255.0 * light + shine, 0, 1);
    cairo_pattern_add_color_stop_rgb(pattern, at, c[0], c[1], c[2]);
}

/* A ball in the light of the renderer, from the upper left. */
static void draw_ball(cairo_t *cr, const uint8_t rgb[3], double x, double y, double r)
{
    cairo_pattern_t *shade =
        cairo_pattern_create_radial(x - 0.38 * r, y - 0.42 * r, 0, x - 0.1 * r, y - 0.12 * r, 1.2 * r);
    add_shade(shade, 0, rgb, 1.04, 0.16);
    add_shade(shade, 0.28, rgb, 1.03, 0.03);
    add_shade(shade, 0.7, rgb, 0.9, 0);
    add_shade(shade, 1, rgb, 0.62, 0);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    cairo_set_source(cr, shade);
    cairo_fill_preserve(cr);
    cairo_pattern_destroy(shade);
    cairo_set_source_rgb(cr, 0.45 * rgb[0] / 255.0, 0.45 * rgb[1] / 255.0, 0.45 * rgb[2] / 255.0);
    cairo_set_line_width(cr, 0.08 * r);
    cairo_stroke(cr);
}

void alloy_figure_legend_draw(const AlloyPanel *panel, const AlloyCanvas *canvas, const AlloyRect *place,
                              unsigned columns)
{
    const AlloyPlotStyle *style = canvas->style;
    double size = style->text, column = alloy_legend_column(panel, style), r = BALL * size / 2;
    double line = alloy_foot_line_height(style) + 0.2 * size;
    for (unsigned i = 0; i < panel->n_entries; i++) {
        double x = place->x + i % columns * column, y = place->y + i / columns * line;
        g_autoptr(PangoLayout) name = alloy_text(style, panel->entries[i].name, size, FALSE);
        double text_x = x + 2 * r + 0.4 * size;
        /* a rounding of the sum of widths shortens nothing */
        alloy_text_fit(name, place->x + place->width - text_x + 0.1 * size, PANGO_ELLIPSIZE_END);
        draw_ball(canvas->cr, panel->entries[i].rgb, x + r, y + alloy_text_middle(name), r);
        alloy_text_show(canvas, name, style->ink, text_x, y);
    }
}
