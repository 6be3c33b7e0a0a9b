/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "ui/plot/colour-bar.h"
#include "ui/plot/plot.h"
#include "ui/scene/camera.h"
#include "ui/scene/scene.h"

G_BEGIN_DECLS

/* A figure for print: a page of so many millimetres with a grid of panels, each a scene or a plot. Only the
 * atoms are pixels; every text, bar, legend and plot over them is a vector. What stands on the page is
 * measured before anything is placed, so nothing is cut off and nothing lies over another.
 *
 * Under the panels stands the foot: axes, scale bar, legend, colour bar. What is the same for all scenes of
 * the figure stands there once for all; what differs stands under its own panel. */

/* One line of a legend: a ball of that colour and its name. */
typedef struct {
    const char *name; /* text.h says what may stand in it */
    uint8_t rgb[3];
} AlloyFigureEntry;

/* One panel: a plot, or a scene where plot is NULL; with neither it stays empty. All pointers are borrowed
 * and must live as long as the figure. */
typedef struct {
    const char *title; /* over the panel; NULL: none */
    const AlloyPlot *plot;
    AlloyScene *scene;     /* its background is replaced by the figure's while it is drawn */
    AlloyCamera camera;    /* its height is that of the panel's box, whatever size that has */
    gboolean scale_bar;    /* orthographic only: in perspective no length is true, and none is drawn */
    gboolean tripod;       /* the model's axes x, y, z as they lie */
    const char *direction; /* what points at the reader, "[1-10]": a minus before a digit is drawn over it;
                              NULL: nothing */
    const AlloyFigureEntry *entries; /* legend; panels with the same pointer share one */
    unsigned n_entries;
    const AlloyColourBar *bar; /* NULL: none; panels with the same pointer share one */
    const AlloyColumn *values; /* what is coloured, one value an atom, for the table of the panel's numbers;
                                  NULL: nothing but the species */
} AlloyPanel;

typedef enum {
    ALLOY_FIGURE_WHITE,
    ALLOY_FIGURE_TRANSPARENT, /* nothing is painted behind; texts as on white */
    ALLOY_FIGURE_DARK,
} AlloyFigureBackground;

/* A value: copy it as one likes. */
typedef struct {
    double width, height; /* of the page, mm; height 0: what the panels need at `aspect` */
    double aspect;        /* width / height of a panel's box where the page's height is free; 0: 1 */
    double dpi;           /* of the pixels */
    AlloyFigureBackground background;
    const char *family; /* fonts, comma-separated, the first that is there; NULL: the plots' for print */
    double text;        /* size of the text, pt */
    const char *title;  /* over the page; NULL: none */
    gboolean letters;   /* a, b, c... before the panels */
    unsigned columns;   /* of the grid; 0: as many side by side as stay 18 mm wide */
    const AlloyPanel *panels; /* row by row, borrowed */
    unsigned n_panels;
} AlloyFigure;

/* 89 mm (a column of most journals), 300 dpi, white, 7 pt, no panels. */
AlloyFigure alloy_figure_default(void);
/* "a" ... "z", "aa", "ab"...: of panel i. Free with g_free. */
char *alloy_figure_letter(unsigned i);
/* How texts and plots look in this figure. */
AlloyPlotStyle alloy_figure_style(const AlloyFigure *figure);

/* Where everything is. Depends on texts, sizes and which things are shared, not on the cameras' heights: so
 * one may lay out first and then choose the heights by the boxes. */
typedef struct _AlloyFigureLayout AlloyFigureLayout;
/* NULL with an error of ALLOY_ERROR_PARAMETER where the page is too small for its texts, or no page. */
AlloyFigureLayout *alloy_figure_layout_new(const AlloyFigure *figure, GError **error);
void alloy_figure_layout_free(AlloyFigureLayout *layout); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyFigureLayout, alloy_figure_layout_free)
/* The page, points. */
void alloy_figure_layout_size(const AlloyFigureLayout *layout, double *width, double *height);
/* Where the scene or plot of panel i lies, points; on whole pixels of the figure. The same size for all. */
AlloyRect alloy_figure_layout_box(const AlloyFigureLayout *layout, unsigned i);

/* The pixels of the scenes. */
typedef struct _AlloyFigurePictures AlloyFigurePictures;
/* Draws every scene at dpi (that of the figure, or less for a preview) with supersample x supersample samples
 * a pixel. Uses the scenes, so on the thread that owns them. NULL with an error: cancelled, too large. */
AlloyFigurePictures *alloy_figure_pictures_new(const AlloyFigure *figure, const AlloyFigureLayout *layout,
                                               double dpi, int supersample, AlloyProgress *progress,
                                               GError **error);
void alloy_figure_pictures_free(AlloyFigurePictures *pictures); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyFigurePictures, alloy_figure_pictures_free)

/* Draws the whole figure from (0, 0) in points of cr's user space: into a file, or scaled into a preview.
 * pictures NULL: the scenes stay empty. placed (nullable; of AlloyRect) gets the place of every text. */
void alloy_figure_draw(const AlloyFigure *figure, const AlloyFigureLayout *layout,
                       const AlloyFigurePictures *pictures, cairo_t *cr, GArray *placed);

/* The length of a scale bar for a panel that shows so many angstrom from left to right: 1, 2 or 5 times a
 * power of ten, at most 0.3 of that. label (nullable) gets it as text in nm or Å; free with g_free. */
double alloy_figure_bar_length(double across, char **label);

G_END_DECLS
