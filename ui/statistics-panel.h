/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is selected, in numbers, while it is being drawn: how many atoms, their composition and the mean of
 * every quantity against the whole particle, each with z and p; and the histogram of one quantity, whose bars
 * select. Signals: pick (AlloySelection)   the atoms of a bar that was clicked */
#define ALLOY_TYPE_STATISTICS_PANEL (alloy_statistics_panel_get_type())
G_DECLARE_FINAL_TYPE(AlloyStatisticsPanel, alloy_statistics_panel, ALLOY, STATISTICS_PANEL, GtkBox)

GtkWidget *alloy_statistics_panel_new(AlloyDocument *document);
/* The quantity of the histogram (a column of the current stage); NULL: the species. */
void alloy_statistics_panel_set_column(AlloyStatisticsPanel *panel, const char *name);

G_END_DECLS
