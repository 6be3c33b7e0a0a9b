/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* How a plot looks. All lengths are points (1/72 inch). Copied by value; family is interned or static. */
typedef struct {
    const char *family; /* fonts, comma-separated, the first that is there */
    double text;        /* size of tick labels and legend */
    double axis_title, title;
    double line;           /* width of lines */
    double frame;          /* width of axes, ticks and error bars */
    double tick;           /* length of a tick; minor ones have 0.6 of it */
    double symbol;         /* diameter */
    double margin;         /* free space at the edge of the page */
    gboolean grid, box;    /* grid lines behind; axes on all four sides */
    uint8_t background[4]; /* rgba; alpha 0: none is painted */
    uint8_t ink[3];        /* axes and text */
    uint8_t quiet[3];      /* reference lines, what stands back */
    uint8_t grid_colour[3];
    uint8_t cycle[7][3]; /* colours of marks that have none of their own */
} AlloyPlotStyle;

/* For the screen on light, on dark, in high contrast, and for a journal (7 pt sans, axes 0.5 pt, no grid). */
extern const AlloyPlotStyle alloy_plot_style_light, alloy_plot_style_dark, alloy_plot_style_contrast,
    alloy_plot_style_print;

/* The same with all lengths times `factor`. */
AlloyPlotStyle alloy_plot_style_scaled(const AlloyPlotStyle *style, double factor);

G_END_DECLS
