/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#define ID "org.alloyscope.Alloyscope"

static void on_activate(GtkApplication *application, gpointer data)
{
    const char *const *paths = data;
    AlloyWindow *window = alloy_window_new(application);
    gtk_window_present(GTK_WINDOW(window));
    if (paths != NULL && paths[0] != NULL)
        alloy_window_open(window, paths);
}

static void on_new_window(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    gtk_window_present(GTK_WINDOW(alloy_window_new(data)));
}

static void on_quit(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GList *windows;
    while ((windows = gtk_application_get_windows(data)) != NULL)
        gtk_window_destroy(windows->data);
}

static void on_startup(GtkApplication *application, gpointer data)
{
    static const GActionEntry actions[] = {{"new-window", on_new_window}, {"quit", on_quit}};
    static const struct {
        const char *action, *keys[3];
    } keys[] = {
        {"app.new-window", {"<Control>n"}},  {"app.quit", {"<Control>q"}},
        {"win.open", {"<Control>o"}},        {"win.undo", {"<Control>z"}},
        {"win.redo", {"<Control><Shift>z"}}, {"win.save-picture", {"<Control>e"}},
        {"win.close", {"<Control>w"}},
    };
    gtk_icon_theme_add_resource_path(gtk_icon_theme_get_for_display(gdk_display_get_default()),
                                     "/org/alloyscope/icons");
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions), application);
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
        gtk_application_set_accels_for_action(application, keys[k].action, (const char *const *)keys[k].keys);
}

int alloy_application_run(const char *const *paths)
{
    g_autoptr(AdwApplication) application = adw_application_new(ID, G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "startup", G_CALLBACK(on_startup), NULL);
    g_signal_connect(application, "activate", G_CALLBACK(on_activate), (gpointer)paths);
    return g_application_run(G_APPLICATION(application), 0, NULL);
}
