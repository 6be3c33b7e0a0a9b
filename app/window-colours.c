/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include "ui/plot/colour-bar.h"
#include "ui/statistics-panel.h"
#include "ui/style.h"

static const char *coloured_by(AlloyWindow *window)
{
    guint at = gtk_drop_down_get_selected(GTK_DROP_DOWN(window->colour_by));
    return at < window->colour_names->len ? window->colour_names->pdata[at] : NULL;
}

/* One scale for all stages, so that their colours can be compared. */
static gboolean fit_scale(AlloyWindow *window, const char *name)
{
    unsigned n = alloy_document_size(window->document);
    g_autofree const AlloyColumn **columns = g_new0(const AlloyColumn *, n + 1);
    for (unsigned s = 0; s < n; s++)
        columns[s] = alloy_atoms_column(alloy_document_at(window->document, s)->atoms, name);
    return alloy_colour_scale_fit(columns, n, 0, &window->scale);
}

void alloy_window_apply_colours(AlloyWindow *window)
{
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    if (stage == NULL)
        return;
    const char *name = coloured_by(window);
    const AlloyColumn *column = name != NULL ? alloy_atoms_column(stage->atoms, name) : NULL;
    g_autofree uint8_t(*rgba)[4] = g_malloc((stage->atoms->n + 1) * sizeof *rgba);
    if (column != NULL && (column->type == ALLOY_TEXT || fit_scale(window, name)))
        alloy_colour_column(column, &window->scale, rgba);
    else
        alloy_colour_species(stage->atoms, rgba);
    alloy_scene_set_colours(alloy_viewport_scene(window->viewport), (const uint8_t(*)[4])rgba);
    alloy_viewport_redraw(window->viewport);
    alloy_statistics_panel_set_column(ALLOY_STATISTICS_PANEL(window->statistics), name);
    gtk_widget_queue_draw(window->legend);
}

static void draw_legend(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    AlloyWindow *window = data;
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    if (stage == NULL)
        return;
    const AlloyPlotStyle *style = alloy_ui_plot_style(GTK_WIDGET(area));
    AlloyCanvas canvas = alloy_canvas(cr, style);
    const char *name = coloured_by(window);
    const AlloyColumn *column = name != NULL ? alloy_atoms_column(stage->atoms, name) : NULL;
    if (column != NULL && column->type != ALLOY_TEXT) {
        g_autofree char *title = alloy_column_heading(column);
        AlloyColourBar bar = {.scale = &window->scale, .title = title, .horizontal = TRUE};
        g_autofree double *values = g_new(double, column->n + 1);
        for (size_t i = 0; i < column->n; i++)
            values[i] = alloy_column_real_at(column, i);
        alloy_colour_bar_look_at(&bar, values, column->n);
        AlloyRect place = {0, 0, width, MIN(alloy_colour_bar_breadth(&bar, style, width), height)};
        alloy_colour_bar_draw(&bar, &canvas, &place);
        return;
    }
    if (column != NULL)
        return;
    unsigned n;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(stage->atoms, &n);
    double x = 2;
    for (unsigned k = 0; k < n && x < width; k++) {
        uint8_t rgb[3];
        alloy_colour_of_kind(stage->atoms, order[k], rgb);
        alloy_set_rgb(cr, rgb, 1);
        cairo_arc(cr, x + 7, 12, 7, 0, 2 * G_PI);
        cairo_fill(cr);
        g_autoptr(PangoLayout) text =
            alloy_text(style, stage->atoms->kinds[order[k]].name, style->axis_title, FALSE);
        alloy_text_show(&canvas, text, style->ink, x + 19, 12 - alloy_text_middle(text));
        x += 34 + alloy_text_width(text);
    }
}

void alloy_window_fill_colours(AlloyWindow *window)
{
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    g_autofree char *chosen = g_strdup(coloured_by(window));
    window->filling = TRUE;
    g_ptr_array_set_size(window->colour_names, 0);
    g_ptr_array_add(window->colour_names, NULL);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(window->colours)), at = 0;
    gtk_string_list_splice(window->colours, 0, n, (const char *const[]){"Species", NULL});
    for (unsigned c = 0; stage != NULL && c < stage->atoms->columns->len; c++) {
        const AlloyColumn *column = stage->atoms->columns->pdata[c];
        g_autofree char *heading = alloy_column_heading(column);
        gtk_string_list_append(window->colours, heading);
        if (g_strcmp0(chosen, column->name) == 0)
            at = window->colour_names->len;
        g_ptr_array_add(window->colour_names, g_strdup(column->name));
    }
    gtk_drop_down_set_selected(GTK_DROP_DOWN(window->colour_by), at);
    window->filling = FALSE;
}

static void on_colour_by(AlloyWindow *window)
{
    if (!window->filling)
        alloy_window_apply_colours(window);
}

GtkWidget *alloy_window_colour_row(AlloyWindow *window)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *label = gtk_label_new("Colour by");
    window->colours = gtk_string_list_new(NULL);
    window->colour_by = gtk_drop_down_new(G_LIST_MODEL(window->colours), NULL);
    gtk_widget_set_hexpand(window->colour_by, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->colour_by), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Colour by", -1);
    g_signal_connect_swapped(window->colour_by, "notify::selected", G_CALLBACK(on_colour_by), window);
    gtk_box_append(GTK_BOX(row), label);
    gtk_box_append(GTK_BOX(row), window->colour_by);
    return row;
}

GtkWidget *alloy_window_legend(AlloyWindow *window)
{
    window->legend = gtk_drawing_area_new();
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(window->legend), 58);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(window->legend), draw_legend, window, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->legend), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Legend of the colours", -1);
    return window->legend;
}
