/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/plot/text.h"
#include "ui/scene/colouring.h"

G_BEGIN_DECLS

/* What the colours mean: a bar of its own, beside a plot, a 3D view or alone in a figure. */
typedef struct {
    const AlloyColourScale *scale;
    const char *title, *unit; /* either may be NULL */
    gboolean horizontal;
    gboolean below, above; /* there are values beyond the ends: they are drawn pointed */
    gboolean missing;      /* there are atoms or cells without a value: their grey is shown */
} AlloyColourBar;

/* How much room it takes across its length, which is `length` points: width of a vertical, height of a
 * horizontal one. */
double alloy_colour_bar_breadth(const AlloyColourBar *bar, const AlloyPlotStyle *style, double length);
/* Draws it into a rectangle of that breadth and length (points; texts stay inside). */
void alloy_colour_bar_draw(const AlloyColourBar *bar, const AlloyCanvas *canvas, const AlloyRect *place);
/* below, above and missing from the values of a column; scale and the rest stay. */
void alloy_colour_bar_look_at(AlloyColourBar *bar, const double *values, size_t n);

G_END_DECLS
