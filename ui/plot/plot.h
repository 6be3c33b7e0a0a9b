/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/table.h"
#include "ui/plot/axis.h"
#include "ui/plot/style.h"
#include "ui/scene/colouring.h"

#include <cairo.h>

G_BEGIN_DECLS

/* A plot: axes, marks and style. Filled once by its builder, never changed after, shared by reference count
 * (alloy_ref, alloy_clear); a plot of another range, style or selection is a new one that shares the marks.
 * Any thread may draw it. Lengths and places are points (1/72 inch), y downwards from the top left corner. */
typedef struct _AlloyPlot AlloyPlot;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyPlot, alloy_data_unref)

typedef enum {
    ALLOY_MARK_LINE,        /* x, y joined; a NaN or infinite value is a gap */
    ALLOY_MARK_STEP,        /* y over x as steps halfway between the x; or y of n over n + 1 edges x */
    ALLOY_MARK_BARS,        /* y at x (numbers or text: categories), or over n + 1 edges x */
    ALLOY_MARK_SCATTER,     /* symbols at x, y */
    ALLOY_MARK_BAND,        /* filled between low and high over x */
    ALLOY_MARK_HEAT,        /* y edges (or centres) by x edges (or centres), z row by row of y */
    ALLOY_MARK_REFERENCE_X, /* a vertical line at `value` with its label */
    ALLOY_MARK_REFERENCE_Y, /* a horizontal one */
} AlloyMarkKind;

typedef enum {
    ALLOY_SYMBOL_AUTOMATIC, /* a disc on scatter, none on lines */
    ALLOY_SYMBOL_NONE,
    ALLOY_SYMBOL_DISC,
    ALLOY_SYMBOL_SQUARE,
    ALLOY_SYMBOL_DIAMOND,
    ALLOY_SYMBOL_TRIANGLE,
    ALLOY_SYMBOL_RING, /* open disc */
} AlloySymbol;

typedef enum { ALLOY_DASH_SOLID, ALLOY_DASH_DASHED, ALLOY_DASH_DOTTED } AlloyDash;

/* One mark. Columns are borrowed by alloy_plot_add, which takes references of its own. */
typedef struct {
    AlloyMarkKind kind;
    const char *label;                    /* in the legend, or at the reference line; NULL: none */
    const AlloyColumn *x, *y;             /* x NULL: 0, 1, 2... */
    const AlloyColumn *low, *high;        /* of a band */
    const AlloyColumn *y_below, *y_above; /* lengths of error bars, >= 0; y_above NULL: as y_below */
    const AlloyColumn *x_below, *x_above;
    const AlloyColumn *z;          /* of a heat map; colours of the symbols of a scatter */
    const AlloyColourScale *scale; /* of z, copied; NULL: fitted */
    double value;                  /* of a reference line */
    const uint8_t *rgb; /* three bytes, copied; NULL: the next of the style's cycle. A band without colour and
                         * label takes those of the mark that follows it. */
    double opacity;     /* 0: 1, and for bands 0.25 */
    double width, size; /* of lines, of symbols; 0: the style's */
    AlloyDash dash;
    AlloySymbol symbol;
} AlloyMark;

typedef enum { ALLOY_BARS_GROUPED, ALLOY_BARS_STACKED, ALLOY_BARS_OVERLAID } AlloyBars;
typedef enum {
    ALLOY_LEGEND_AUTOMATIC, /* inside where it covers least, outside right where that is too much */
    ALLOY_LEGEND_NONE,
    ALLOY_LEGEND_OUTSIDE,
    ALLOY_LEGEND_TOP_RIGHT,
    ALLOY_LEGEND_TOP_LEFT,
    ALLOY_LEGEND_BOTTOM_RIGHT,
    ALLOY_LEGEND_BOTTOM_LEFT,
} AlloyLegend;

/* Building. Strings are copied. */
typedef struct _AlloyPlot AlloyPlotBuilder;
AlloyPlotBuilder *alloy_plot_builder_new(const AlloyPlotStyle *style); /* copied; NULL: light */
void alloy_plot_set_title(AlloyPlotBuilder *builder, const char *title);
void alloy_plot_set_x(AlloyPlotBuilder *builder, const AlloyAxis *axis);
void alloy_plot_set_y(AlloyPlotBuilder *builder, const AlloyAxis *axis);
void alloy_plot_set_bars(AlloyPlotBuilder *builder, AlloyBars how);
void alloy_plot_set_legend(AlloyPlotBuilder *builder, AlloyLegend where);
/* Adds a mark, drawn over those before; returns its index. Columns that do not fit one another in length are
 * cut to the shortest. */
unsigned alloy_plot_add(AlloyPlotBuilder *builder, const AlloyMark *mark);
const AlloyPlot *alloy_plot_builder_finish(AlloyPlotBuilder *builder); /* frees the builder */

/* A column of numbers for a mark: copies n values. Unref with alloy_data_unref. */
const AlloyColumn *alloy_plot_column(const char *name, const char *unit, const double *values, size_t n);

/* The same plot with something else: new references that share the marks. */
const AlloyPlot *alloy_plot_with_range(const AlloyPlot *plot, gboolean y_axis, double low, double high);
const AlloyPlot *alloy_plot_with_style(const AlloyPlot *plot, const AlloyPlotStyle *style);
/* selected: n flags for the bars (or points) of one mark, copied; NULL: nothing selected. While any is
 * selected the others of that mark stand back. */
const AlloyPlot *alloy_plot_with_selected(const AlloyPlot *plot, unsigned mark, const uint8_t *selected,
                                          size_t n);

/* The range an axis shows, and that of all the data as an automatic axis shows it (what a view resets to). */
void alloy_plot_range(const AlloyPlot *plot, gboolean y_axis, double *low, double *high);
void alloy_plot_data_range(const AlloyPlot *plot, gboolean y_axis, double *low, double *high);
unsigned alloy_plot_n_marks(const AlloyPlot *plot);
const AlloyPlotStyle *alloy_plot_style(const AlloyPlot *plot);

/* Draws it from (0, 0) to (width, height) points in cr's user space. A target of pixels gets what its pixels
 * can show, at most; PDF and SVG get the data. */
void alloy_plot_draw(const AlloyPlot *plot, cairo_t *cr, double width, double height);

/* Where the data lie in a plot of this size: for zooming, panning and crosshairs. */
typedef struct {
    double x, y, width, height;
    AlloyAxisMap x_map, y_map;
} AlloyPlotFrame;
void alloy_plot_frame(const AlloyPlot *plot, double width, double height, AlloyPlotFrame *frame);

/* What is under a point. */
typedef struct {
    unsigned mark;
    size_t index;            /* of the datum, bar or cell (row by row) */
    double x, y;             /* its values */
    double z;                /* of a heat map or coloured scatter; else NaN */
    double point_x, point_y; /* where it is drawn */
    double distance;         /* from the point, points; 0: inside a bar or cell */
} AlloyPlotHit;
/* The datum of one mark nearest to a point of a plot whose frame this is; FALSE where it has none in view. */
gboolean alloy_plot_nearest(const AlloyPlot *plot, const AlloyPlotFrame *frame, unsigned mark, double x,
                            double y, AlloyPlotHit *hit);
/* The uppermost of all marks within `tolerance` points. */
gboolean alloy_plot_hit(const AlloyPlot *plot, const AlloyPlotFrame *frame, double x, double y,
                        double tolerance, AlloyPlotHit *hit);

/* The numbers behind it: every column of every mark, once, under the mark's label; shorter ones filled up
 * with missing values. */
const AlloyTable *alloy_plot_table(const AlloyPlot *plot);

G_END_DECLS
