/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/column.h"
#include "ui/plot/style.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The style of plots that suits the theme of the widget's window, on the theme's own ground. Borrowed: good
 * until the next call. Main thread. */
const AlloyPlotStyle *alloy_ui_plot_style(GtkWidget *widget);
gboolean alloy_ui_is_dark(void);

/* What a quantity is called where people read it: "cn" as "CN", "csrop_Pd_Ir" as "α Pd–Ir", others as they
 * are, with the unit if there is one. Free with g_free. */
char *alloy_column_heading(const AlloyColumn *column);

G_END_DECLS
