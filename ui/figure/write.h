/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/table.h"
#include "ui/figure/figure.h"

G_BEGIN_DECLS

/* Files of figures: .png, .tif and .tiff of pixels; .pdf and .svg where only the atoms are pixels. */

/* FALSE with an error of ALLOY_ERROR_PARAMETER that lists the endings there are. */
gboolean alloy_figure_path_check(const char *path, GError **error);
/* Pixels that a page of so many points has at dpi. */
int alloy_figure_pixels(double points, double dpi);
/* The whole file, by the ending of path, which is not touched. NULL with an error: cancelled, too large. */
GBytes *alloy_figure_bytes(const AlloyFigure *figure, const char *path, AlloyProgress *progress,
                           GError **error);
/* "FIGURE-a.csv" beside FIGURE.png: where the numbers of panel i go. Free with g_free. */
char *alloy_figure_table_path(const char *path, unsigned i);
/* The numbers of panel i: a table of a plot's; of a scene the atoms that are shown, with the column that is
 * coloured and, where some are hidden, their place in the model from 0 (original_index). NULL: it has none.
 * Unref. */
const AlloyData *alloy_figure_numbers(const AlloyFigure *figure, unsigned i);
/* Writes the figure, and with tables the numbers of every panel. Each file is replaced whole; nothing is
 * written before all is drawn, so that what is cancelled leaves no file. warnings (nullable) gets what was
 * left out: code "figure". */
gboolean alloy_figure_write(const AlloyFigure *figure, const char *path, gboolean tables, GPtrArray *warnings,
                            AlloyProgress *progress, GError **error);

G_END_DECLS
