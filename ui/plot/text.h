/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/plot/style.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Text of a plot. In every text ^{...} stands raised and _{...} lowered ("α_{PdPd}", "10^{−3}"); a brace that
 * does not close is just text.
 *
 * Sizes are measured with hinting off and one point to the unit, so that a layout is the same on the screen,
 * in a PDF and in an SVG. */

typedef struct {
    double x, y, width, height;
} AlloyRect;

/* Where one draws. */
typedef struct {
    cairo_t *cr;
    const AlloyPlotStyle *style;
    gboolean vector;   /* the target keeps vectors (PDF, SVG): full data, no pixels */
    double resolution; /* pixels a point on a target of pixels */
    GArray *placed; /* of AlloyRect, filled with the place of every text that is shown; NULL: nobody asks */
} AlloyCanvas;

/* For a target: what it is and its resolution. */
AlloyCanvas alloy_canvas(cairo_t *cr, const AlloyPlotStyle *style);

/* A text of `size` points, on one line. Unref with g_object_unref. */
PangoLayout *alloy_text(const AlloyPlotStyle *style, const char *text, double size, gboolean bold);
/* Shortens it to `width` points with an ellipsis where it is longer. */
void alloy_text_fit(PangoLayout *text, double width, PangoEllipsizeMode where);
double alloy_text_width(PangoLayout *text);
double alloy_text_height(PangoLayout *text);
/* From its top to the middle of its digits and capitals: what is set level with a tick. */
double alloy_text_middle(PangoLayout *text);

/* Draws it in `rgb` with its top left corner there. */
void alloy_text_show(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x, double y);
/* What makes a text readable over data: its outline, to be drawn before it. */
void alloy_text_halo(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x, double y);
/* Turned to read upwards; (x, y) is the top left corner of the place it takes, height by width. */
void alloy_text_show_up(const AlloyCanvas *canvas, PangoLayout *text, const uint8_t rgb[3], double x,
                        double y);

void alloy_set_rgb(cairo_t *cr, const uint8_t rgb[3], double alpha);
gboolean alloy_rect_overlap(const AlloyRect *a, const AlloyRect *b);

G_END_DECLS
