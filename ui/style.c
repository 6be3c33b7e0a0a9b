/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/style.h"

#include "ui/plot/axis.h"

#include <adwaita.h>
#include <string.h>

gboolean alloy_ui_is_dark(void)
{
    return adw_style_manager_get_dark(adw_style_manager_get_default());
}

const AlloyPlotStyle *alloy_ui_plot_style(GtkWidget *widget)
{
    static AlloyPlotStyle style;
    gboolean contrast = adw_style_manager_get_high_contrast(adw_style_manager_get_default());
    const AlloyPlotStyle *base = alloy_ui_is_dark() ? &alloy_plot_style_dark
                                 : contrast         ? &alloy_plot_style_contrast
                                                    : &alloy_plot_style_light;
    /* a plot is drawn in points, a widget has pixels of 1/96 inch */
    style = alloy_plot_style_scaled(base, 96.0 / 72);
    style.background[3] = 0;
    return &style;
}

char *alloy_column_heading(const AlloyColumn *column)
{
    g_autofree char *name = NULL;
    if (strcmp(column->name, "cn") == 0) {
        name = g_strdup("CN");
    } else if (strcmp(column->name, "csrop") == 0) {
        name = g_strdup("order indicator");
    } else if (g_str_has_prefix(column->name, "csrop_")) {
        g_auto(GStrv) parts = g_strsplit(column->name + strlen("csrop_"), "_", 2);
        name = parts[1] != NULL ? g_strdup_printf("α %s–%s", parts[0], parts[1]) : g_strdup(column->name);
    } else if (g_str_has_prefix(column->name, "c_")) {
        name = g_strdup_printf("C of %s nearby", column->name + strlen("c_"));
    } else {
        name = g_strdup(column->name);
    }
    return alloy_axis_title(name, column->unit);
}
