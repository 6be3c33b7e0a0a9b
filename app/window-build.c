/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include "ui/statistics-panel.h"

static void on_pick(AlloyStatisticsPanel *panel, const AlloySelection *meant, AlloyWindow *window)
{
    alloy_document_select(window->document, meant, ALLOY_SELECT_REPLACE, TRUE);
}

static GtkWidget *action_button(const char *icon, const char *name, const char *action)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return button;
}

static GtkWidget *header(AlloyWindow *window)
{
    GtkWidget *bar = adw_header_bar_new();
    window->title = adw_window_title_new("Alloyscope", NULL);
    adw_header_bar_set_title_widget(ADW_HEADER_BAR(bar), window->title);
    GtkWidget *open = gtk_button_new_with_label("Open");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(open), "win.open");
    adw_header_bar_pack_start(ADW_HEADER_BAR(bar), open);
    adw_header_bar_pack_start(ADW_HEADER_BAR(bar), action_button("edit-undo-symbolic", "Undo", "win.undo"));
    adw_header_bar_pack_start(ADW_HEADER_BAR(bar), action_button("edit-redo-symbolic", "Redo", "win.redo"));
    adw_header_bar_pack_end(
        ADW_HEADER_BAR(bar),
        action_button("camera-photo-symbolic", "Save the view as a picture", "win.save-picture"));
    adw_header_bar_pack_end(ADW_HEADER_BAR(bar), alloy_window_depth(window));
    adw_header_bar_pack_end(ADW_HEADER_BAR(bar), alloy_window_tools(window));
    return bar;
}

static GtkWidget *side(AlloyWindow *window)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
    gtk_widget_set_margin_start(box, 12);
    gtk_widget_set_margin_end(box, 12);
    gtk_widget_set_margin_top(box, 12);
    gtk_widget_set_margin_bottom(box, 12);
    window->statistics = alloy_statistics_panel_new(window->document);
    g_signal_connect(window->statistics, "pick", G_CALLBACK(on_pick), window);
    gtk_box_append(GTK_BOX(box), alloy_window_colour_row(window));
    gtk_box_append(GTK_BOX(box), alloy_window_legend(window));
    gtk_box_append(GTK_BOX(box), alloy_window_cut_row(window));
    gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(box), window->statistics);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), box);
    gtk_widget_set_size_request(scrolled, 420, -1);
    return scrolled;
}

static GtkWidget *stage_row(AlloyWindow *window)
{
    window->stage_bar = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(window->stage_bar), GTK_POLICY_AUTOMATIC,
                                   GTK_POLICY_NEVER);
    window->stages = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(window->stages, "linked");
    gtk_widget_set_halign(window->stages, GTK_ALIGN_CENTER);
    gtk_widget_set_margin_top(window->stages, 6);
    gtk_widget_set_margin_bottom(window->stages, 6);
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->stages), GTK_ACCESSIBLE_PROPERTY_LABEL, "Stages",
                                   -1);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(window->stage_bar), window->stages);
    return window->stage_bar;
}

static GtkWidget *busy_row(AlloyWindow *window)
{
    window->progress_row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    window->progress = gtk_progress_bar_new();
    gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(window->progress), TRUE);
    gtk_widget_set_hexpand(window->progress, TRUE);
    gtk_widget_set_valign(window->progress, GTK_ALIGN_CENTER);
    gtk_widget_set_margin_start(window->progress_row, 12);
    gtk_widget_set_margin_end(window->progress_row, 12);
    GtkWidget *cancel = gtk_button_new_with_label("Cancel");
    g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(alloy_window_cancel), window);
    gtk_box_append(GTK_BOX(window->progress_row), window->progress);
    gtk_box_append(GTK_BOX(window->progress_row), cancel);
    gtk_widget_set_visible(window->progress_row, FALSE);
    return window->progress_row;
}

static GtkWidget *empty_page(void)
{
    GtkWidget *page = adw_status_page_new();
    adw_status_page_set_title(ADW_STATUS_PAGE(page), "How mixed is this particle?");
    adw_status_page_set_description(
        ADW_STATUS_PAGE(page),
        "Open an atomic model, or several as the stages of a series; or drop files here.");
    GtkWidget *button = gtk_button_new_with_label("Open models");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.open");
    gtk_widget_add_css_class(button, "suggested-action");
    gtk_widget_add_css_class(button, "pill");
    gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
    adw_status_page_set_child(ADW_STATUS_PAGE(page), button);
    return page;
}

static GtkWidget *model_page(AlloyWindow *window)
{
    GtkWidget *left = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(left), alloy_window_view(window));
    gtk_box_append(GTK_BOX(left), stage_row(window));
    gtk_box_append(GTK_BOX(left), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(left), alloy_window_status(window));
    GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    gtk_paned_set_start_child(GTK_PANED(paned), left);
    gtk_paned_set_end_child(GTK_PANED(paned), side(window));
    gtk_paned_set_resize_end_child(GTK_PANED(paned), FALSE);
    gtk_paned_set_shrink_end_child(GTK_PANED(paned), FALSE);
    gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
    return paned;
}

GtkWidget *alloy_window_content(AlloyWindow *window)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(box), header(window));
    window->warnings = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(box), window->warnings);
    window->stack = gtk_stack_new();
    gtk_widget_set_vexpand(window->stack, TRUE);
    gtk_stack_add_named(GTK_STACK(window->stack), empty_page(), "empty");
    gtk_stack_add_named(GTK_STACK(window->stack), model_page(window), "model");
    gtk_box_append(GTK_BOX(box), window->stack);
    gtk_box_append(GTK_BOX(box), busy_row(window));
    return box;
}
