/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window.h"
#include "ui/document.h"
#include "ui/scene/colouring.h"
#include "ui/viewport.h"

G_BEGIN_DECLS

/* What the files window*.c share: window.c has the document and the actions, window-colours.c what the model
 * is coloured by, window-view.c what is done to the view, window-build.c how the widgets are put together. */

struct _AlloyWindow {
    AdwApplicationWindow parent;
    AlloyDocument *document;
    AlloyViewport *viewport;
    GtkWidget *stack, *title, *progress, *progress_row, *warnings, *hover, *hint;
    GtkWidget *colour_by, *stages, *stage_bar, *statistics;
    GtkStringList *colours;  /* what one may colour by: titles */
    GPtrArray *colour_names; /* of columns, in the same order; NULL: species */
    GtkWidget *legend, *cut;
    double cut_normal[3]; /* of the plane that cuts the model open, towards the eye when it was set */
    AlloyColourScale scale;
    const AlloyAtoms *shown;
    gboolean filling; /* the widgets are being set by the program */
    char **paths;
};

/* A dialog that tells what went wrong. */
void alloy_window_say(AlloyWindow *window, const char *heading, const char *text);
void alloy_window_cancel(AlloyWindow *window);

/* What the current stage can be coloured by; keeps the choice where it is still there. */
void alloy_window_fill_colours(AlloyWindow *window);
void alloy_window_apply_colours(AlloyWindow *window);
/* A row of the choice, and the legend below it. */
GtkWidget *alloy_window_colour_row(AlloyWindow *window);
GtkWidget *alloy_window_legend(AlloyWindow *window);

/* The tools, what a region means, the cut, the view itself, its two lines of status. */
GtkWidget *alloy_window_tools(AlloyWindow *window);
GtkWidget *alloy_window_depth(AlloyWindow *window);
GtkWidget *alloy_window_cut_row(AlloyWindow *window);
GtkWidget *alloy_window_view(AlloyWindow *window);
GtkWidget *alloy_window_status(AlloyWindow *window);
void alloy_window_save_picture(GtkWidget *widget, const char *action, GVariant *parameter);

/* Everything within the window. */
GtkWidget *alloy_window_content(AlloyWindow *window);

G_END_DECLS
