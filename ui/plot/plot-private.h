/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/plot/plot.h"
#include "ui/plot/text.h"
#include "ui/plot/ticks.h"

G_BEGIN_DECLS

/* What the files of ui/plot know of one another. */

enum { V_X, V_Y, V_LOW, V_HIGH, V_Y_BELOW, V_Y_ABOVE, V_X_BELOW, V_X_ABOVE, V_Z, N_VALUES };

/* A mark with its numbers as doubles. Lives in an atomic reference-counted box, shared by plots. */
typedef struct {
    AlloyMark is; /* label and columns are its own; rgb and scale point below or are NULL */
    uint8_t rgb[3];
    AlloyColourScale scale;
    const double *v[N_VALUES];  /* shared arrays; NULL: none */
    const double *base;         /* where bars stand (stacked); NULL: at 0 */
    size_t n;                   /* points, bars, cells */
    size_t nx, ny;              /* of a heat map */
    gboolean edges;             /* x has one value more than there are data (heat maps: y too) */
    gboolean sorted;            /* x never falls and has no gap */
    unsigned cycle;             /* which colour of the cycle, where it has none of its own */
    double slot_low, slot_high; /* bars at positions: what they take around x */
} AlloyPlotMark;

struct _AlloyPlot {
    AlloyData base;
    AlloyPlotStyle style;
    char *title;       /* NULL: none */
    AlloyAxis axis[2]; /* x, y; the strings are its own */
    AlloyBars bars;
    AlloyLegend legend;
    GPtrArray *marks;                 /* of AlloyPlotMark */
    GPtrArray *categories;            /* names on the x axis; none: it is numeric */
    double data_low[2], data_high[2]; /* what the axes show by themselves */
    const uint8_t **selected;         /* for each mark, a shared array of n flags, or NULL */
};

static inline const AlloyPlotMark *alloy_plot_mark(const AlloyPlot *plot, unsigned i)
{
    return plot->marks->pdata[i];
}

/* The colour of a mark in this plot's style. */
const uint8_t *alloy_mark_rgb(const AlloyPlot *plot, const AlloyPlotMark *mark);
/* Whether a mark has a colour scale that a colour bar explains. */
gboolean alloy_mark_has_scale(const AlloyPlotMark *mark);
AlloySymbol alloy_mark_symbol(const AlloyPlotMark *mark);
/* From what to what bar i goes, in values; NaN where it has none. */
typedef struct {
    double left, right, from, to;
} AlloyBar;
AlloyBar alloy_mark_bar(const AlloyPlotMark *mark, size_t i);
/* Bars: where each stands, from the whole plot (at the end of building). */
void alloy_bars_arrange(AlloyPlot *plot);
/* What the axes show by themselves; after the bars are arranged. */
void alloy_ranges_find(AlloyPlot *plot);

/* Where everything is on a page. */
typedef struct {
    double width, height;
    AlloyRect frame;
    AlloyAxisMap map[2];
    AlloyTicks *ticks[2]; /* NULL: categories */
    gboolean labels[2];   /* there is room for tick labels */
    gboolean turned;      /* categories read upwards */
    unsigned every;       /* one category of so many is labelled */
    double category_room; /* how long a label of a category may be */
    gboolean has_title, has_axis_title[2];
    double title_y, x_title_y, y_title_x, multiplier_y;
    gboolean has_legend, has_bar;
    AlloyRect legend;
    AlloyRect bar;     /* of the colour bar, all of it */
    unsigned bar_mark; /* whose */
} AlloyPlotLayout;

/* Clear with alloy_plot_layout_clear. */
void alloy_plot_layout(const AlloyPlot *plot, double width, double height, AlloyPlotLayout *layout);
void alloy_plot_layout_clear(AlloyPlotLayout *layout);
char *alloy_plot_axis_title(const AlloyPlot *plot, int axis); /* with unit; free; may be empty */
/* Categories i's name; fitted into the room. */
PangoLayout *alloy_plot_category(const AlloyPlot *plot, const AlloyPlotLayout *layout, unsigned i);

/* Drawing one mark into the frame (cr is clipped to it where the mark is to be). */
void alloy_draw_line(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at);
void alloy_draw_band(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at);
void alloy_draw_errors(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                       const AlloyPlotLayout *at);
void alloy_draw_bars(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at);
void alloy_draw_symbols(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                        const AlloyPlotLayout *at);
void alloy_draw_heat(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at);
/* placed_labels: AlloyRect of the labels of reference lines so far, so that none covers another. */
void alloy_draw_reference(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                          const AlloyPlotLayout *at, GArray *placed_labels);
/* All marks in their order. */
void alloy_draw_marks(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyPlotLayout *at);
/* Path of a symbol of this diameter about a place. TRUE: it is to be filled, else stroked. */
gboolean alloy_symbol_path(cairo_t *cr, AlloySymbol symbol, double x, double y, double size);
void alloy_set_dash(cairo_t *cr, AlloyDash dash, double width);

/* The legend: how large it is when no wider than `most` (entries are shortened), and drawn at a place. FALSE:
 * no mark has a label. */
gboolean alloy_legend_size(const AlloyPlot *plot, double most, double *width, double *height);
void alloy_legend_draw(const AlloyCanvas *canvas, const AlloyPlot *plot, const AlloyRect *place);
/* The place in the frame where a legend of this size covers least; *covered: how much of it data fill. */
AlloyRect alloy_legend_place(const AlloyPlot *plot, const AlloyPlotLayout *layout, double width,
                             double height, double *covered);

/* As alloy_plot_draw; `placed` as in AlloyCanvas. */
void alloy_plot_draw_traced(const AlloyPlot *plot, cairo_t *cr, double width, double height, GArray *placed);

G_END_DECLS
