/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/figure/figure.h"

G_BEGIN_DECLS

/* What the files of ui/figure know of one another. */

/* The longest scale bar, of the width of a panel. */
#define ALLOY_BAR_SHARE 0.3

typedef enum {
    ALLOY_FOOT_TRIPOD,
    ALLOY_FOOT_DIRECTION,
    ALLOY_FOOT_SCALE_BAR,
    ALLOY_FOOT_LEGEND,
    ALLOY_FOOT_COLOUR_BAR,
    ALLOY_FOOT_KINDS
} AlloyFootKind;

/* One thing of a foot, in its place. */
typedef struct {
    AlloyFootKind kind;
    unsigned panel; /* whose it is, or the first of those that share it */
    AlloyRect place;
    unsigned columns; /* of a legend */
} AlloyFootItem;

struct _AlloyFigureLayout {
    double width, height; /* of the page, points */
    double pixel;         /* points */
    AlloyPlotStyle style;
    unsigned n, rows, columns;
    AlloyRect *boxes;
    double title_y;
    double header; /* height of letters and titles over each box; 0: none */
    GArray *foot;  /* of AlloyFootItem, those of the panels and of the page */
};

struct _AlloyFigurePictures {
    unsigned n;
    double dpi;
    cairo_surface_t **surfaces; /* of each panel; NULL: no scene */
};

/* Which things panel i has of its own (shared FALSE), or the page once for all (shared TRUE, i any). Flags by
 * 1 << AlloyFootKind. */
unsigned alloy_foot_kinds(const AlloyFigure *figure, unsigned i, gboolean shared);
/* Places those things of a panel into a width from (0, 0): appends to items, returns the height. The boxes
 * are box_width points wide. *tight becomes TRUE where something is wider than width. */
double alloy_foot_place(const AlloyFigure *figure, const AlloyPlotStyle *style, unsigned panel,
                        unsigned kinds, double width, double box_width, GArray *items, gboolean *tight);
void alloy_foot_draw(const AlloyFigure *figure, const AlloyFigureLayout *layout, const AlloyFootItem *item,
                     const AlloyCanvas *canvas);

/* Sizes and drawing of the things. */
double alloy_foot_line_height(const AlloyPlotStyle *style);
/* What the axes and their letters take, relative to where they meet. */
AlloyRect alloy_tripod_extent(const AlloyCamera *camera, const AlloyPlotStyle *style);
void alloy_tripod_draw(const AlloyCamera *camera, const AlloyCanvas *canvas, const AlloyRect *place);
double alloy_direction_width(const char *direction, const AlloyPlotStyle *style);
void alloy_direction_draw(const char *direction, const AlloyCanvas *canvas, const AlloyRect *place);
/* Width of a column of the legend. */
double alloy_legend_column(const AlloyPanel *panel, const AlloyPlotStyle *style);
void alloy_figure_legend_draw(const AlloyPanel *panel, const AlloyCanvas *canvas, const AlloyRect *place,
                              unsigned columns);

G_END_DECLS
