/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include "core/data/warning.h"
#include "ui/style.h"

#include <string.h>

G_DEFINE_FINAL_TYPE(AlloyWindow, alloy_window, ADW_TYPE_APPLICATION_WINDOW)

static void show_stage(AlloyWindow *window)
{
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    AlloyScene *scene = alloy_viewport_scene(window->viewport);
    gtk_stack_set_visible_child_name(GTK_STACK(window->stack), stage != NULL ? "model" : "empty");
    if (stage == NULL)
        return;
    gboolean first = alloy_scene_atoms(scene) == NULL;
    if (stage->atoms != window->shown) {
        alloy_scene_set_atoms(scene, stage->atoms);
        alloy_scene_set_neighbours(scene, stage->around);
        window->shown = stage->atoms;
    }
    alloy_window_fill_colours(window);
    alloy_window_apply_colours(window);
    alloy_scene_set_selection(scene, stage->selection->count > 0 ? stage->selection : NULL);
    alloy_viewport_redraw(window->viewport);
    if (first)
        alloy_viewport_frame(window->viewport);
}

static void on_stage_toggled(GtkToggleButton *button, AlloyWindow *window)
{
    if (!window->filling && gtk_toggle_button_get_active(button))
        alloy_document_set_current(window->document,
                                   GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "stage")));
}

static void fill_stages(AlloyWindow *window)
{
    unsigned n = alloy_document_size(window->document);
    GtkWidget *child;
    window->filling = TRUE;
    while ((child = gtk_widget_get_first_child(window->stages)) != NULL)
        gtk_box_remove(GTK_BOX(window->stages), child);
    GtkToggleButton *group = NULL;
    for (unsigned s = 0; s < n; s++) {
        GtkWidget *button = gtk_toggle_button_new_with_label(alloy_document_at(window->document, s)->label);
        gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), group);
        group = GTK_TOGGLE_BUTTON(button);
        gtk_toggle_button_set_active(group, s == alloy_document_current(window->document));
        g_object_set_data(G_OBJECT(button), "stage", GUINT_TO_POINTER(s));
        g_signal_connect(button, "toggled", G_CALLBACK(on_stage_toggled), window);
        gtk_box_append(GTK_BOX(window->stages), button);
    }
    gtk_widget_set_visible(window->stage_bar, n > 1);
    window->filling = FALSE;
}

static void open_with(AlloyWindow *window, const char *const *fixes);

static void on_fix(GtkButton *button, AlloyWindow *window)
{
    g_autofree char *fix = g_strdup(g_object_get_data(G_OBJECT(button), "fix"));
    open_with(window, (const char *const[]){fix, NULL});
}

static void fill_warnings(AlloyWindow *window)
{
    const GPtrArray *warnings = alloy_document_warnings(window->document);
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(window->warnings)) != NULL)
        gtk_box_remove(GTK_BOX(window->warnings), child);
    for (guint k = 0; k < warnings->len && k < 3; k++) {
        const AlloyWarning *warning = warnings->pdata[k];
        GtkWidget *bar = gtk_info_bar_new();
        gtk_info_bar_set_message_type(GTK_INFO_BAR(bar), GTK_MESSAGE_WARNING);
        GtkWidget *label = gtk_label_new(warning->message);
        gtk_label_set_wrap(GTK_LABEL(label), TRUE);
        gtk_label_set_xalign(GTK_LABEL(label), 0);
        gtk_widget_set_hexpand(label, TRUE);
        gtk_info_bar_add_child(GTK_INFO_BAR(bar), label);
        if (warning->fix != NULL && strstr(warning->fix, "FILE") == NULL &&
            strstr(warning->fix, "LABEL") == NULL) {
            GtkWidget *button = gtk_button_new_with_label("Fix");
            gtk_widget_set_tooltip_text(button, warning->fix_title);
            g_object_set_data_full(G_OBJECT(button), "fix", g_strdup(warning->fix), g_free);
            g_signal_connect(button, "clicked", G_CALLBACK(on_fix), window);
            gtk_info_bar_add_action_widget(GTK_INFO_BAR(bar), button, 1);
        }
        gtk_box_append(GTK_BOX(window->warnings), bar);
    }
}

static void update_actions(AlloyWindow *window)
{
    gtk_widget_action_set_enabled(GTK_WIDGET(window), "win.undo", alloy_document_can_undo(window->document));
    gtk_widget_action_set_enabled(GTK_WIDGET(window), "win.redo", alloy_document_can_redo(window->document));
    gtk_widget_action_set_enabled(GTK_WIDGET(window), "win.save-picture",
                                  alloy_document_size(window->document) > 0);
}

/* How large it is, and what the file calls it: of a synthetic particle that it is synthetic. */
static char *subtitle_of(const AlloyDocumentStage *stage)
{
    if (stage == NULL)
        return g_strdup("");
    const AlloyColumn *title = alloy_columns_get(stage->atoms->info, "title");
    const char *text = title != NULL ? alloy_column_text_at(title, 0) : NULL;
    return text != NULL ? g_strdup_printf("%zu atoms · %s", stage->atoms->n, text)
                        : g_strdup_printf("%zu atoms", stage->atoms->n);
}

static void on_changed(AlloyWindow *window)
{
    const char *title = alloy_document_title(window->document);
    adw_window_title_set_title(ADW_WINDOW_TITLE(window->title), *title != '\0' ? title : "Alloyscope");
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    g_autofree char *size = subtitle_of(stage);
    adw_window_title_set_subtitle(ADW_WINDOW_TITLE(window->title), size);
    fill_stages(window);
    fill_warnings(window);
    show_stage(window);
    update_actions(window);
}

static void on_selection_changed(AlloyWindow *window)
{
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    if (stage != NULL && stage->atoms == window->shown) {
        alloy_scene_set_selection(alloy_viewport_scene(window->viewport),
                                  stage->selection->count > 0 ? stage->selection : NULL);
        alloy_viewport_reshade(window->viewport);
    }
    update_actions(window);
}

static void on_busy(AlloyDocument *document, gboolean busy, const char *stage, double fraction,
                    AlloyWindow *window)
{
    gtk_widget_set_visible(window->progress_row, busy);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(window->progress), fraction);
    gtk_progress_bar_set_text(GTK_PROGRESS_BAR(window->progress), stage);
}

void alloy_window_say(AlloyWindow *window, const char *heading, const char *text)
{
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), heading, text);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", "Close");
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_opened(GObject *document, GAsyncResult *result, gpointer data)
{
    g_autoptr(AlloyWindow) window = data;
    g_autoptr(GError) error = NULL;
    if (!alloy_document_open_finish(ALLOY_DOCUMENT(document), result, &error) &&
        !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        alloy_window_say(window, "This could not be opened", error->message);
}

static void open_with(AlloyWindow *window, const char *const *fixes)
{
    alloy_document_open(window->document, (const char *const *)window->paths, fixes, on_opened,
                        g_object_ref(window));
}

void alloy_window_open(AlloyWindow *window, const char *const *paths)
{
    char **copy = g_strdupv((char **)paths);
    g_strfreev(window->paths);
    window->paths = copy;
    open_with(window, NULL);
}

static void on_chosen(GtkNativeDialog *dialog, int response, AlloyWindow *window)
{
    g_autoptr(GtkFileChooserNative) chooser = GTK_FILE_CHOOSER_NATIVE(dialog);
    if (response != GTK_RESPONSE_ACCEPT)
        return;
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(chooser));
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (guint k = 0; k < g_list_model_get_n_items(files); k++) {
        g_autoptr(GFile) file = g_list_model_get_item(files, k);
        if (g_file_peek_path(file) != NULL)
            g_ptr_array_add(paths, g_strdup(g_file_peek_path(file)));
    }
    g_ptr_array_add(paths, NULL);
    if (paths->len > 1)
        alloy_window_open(window, (const char *const *)paths->pdata);
}

static void choose_files(GtkWidget *widget, const char *action, GVariant *parameter)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        "Open models", GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_OPEN, "Open", "Cancel");
    gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(chooser), TRUE);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    g_signal_connect(chooser, "response", G_CALLBACK(on_chosen), widget);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static gboolean on_drop(GtkDropTarget *target, const GValue *value, double x, double y, AlloyWindow *window)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (GSList *file = g_value_get_boxed(value); file != NULL; file = file->next)
        if (g_file_peek_path(file->data) != NULL)
            g_ptr_array_add(paths, (gpointer)g_file_peek_path(file->data));
    g_ptr_array_add(paths, NULL);
    if (paths->len > 1)
        alloy_window_open(window, (const char *const *)paths->pdata);
    return paths->len > 1;
}

void alloy_window_cancel(AlloyWindow *window)
{
    alloy_document_cancel(window->document);
}

static void on_dark(AlloyWindow *window)
{
    AlloyScene *scene = alloy_viewport_scene(window->viewport);
    AlloyLook look = *alloy_scene_look(scene);
    float ground = alloy_ui_is_dark() ? 0.11f : 1;
    look.background[0] = look.background[1] = look.background[2] = ground;
    alloy_scene_set_look(scene, &look);
    alloy_viewport_redraw(window->viewport);
    gtk_widget_queue_draw(window->legend);
}

static void undo(GtkWidget *widget, const char *action, GVariant *parameter)
{
    alloy_document_undo(ALLOY_WINDOW(widget)->document);
}

static void redo(GtkWidget *widget, const char *action, GVariant *parameter)
{
    alloy_document_redo(ALLOY_WINDOW(widget)->document);
}

static void close_window(GtkWidget *widget, const char *action, GVariant *parameter)
{
    gtk_window_close(GTK_WINDOW(widget));
}

static void alloy_window_dispose(GObject *object)
{
    AlloyWindow *window = ALLOY_WINDOW(object);
    if (window->document != NULL)
        alloy_document_cancel(window->document);
    g_clear_object(&window->document);
    G_OBJECT_CLASS(alloy_window_parent_class)->dispose(object);
}

static void alloy_window_finalize(GObject *object)
{
    AlloyWindow *window = ALLOY_WINDOW(object);
    g_ptr_array_unref(window->colour_names);
    g_strfreev(window->paths);
    G_OBJECT_CLASS(alloy_window_parent_class)->finalize(object);
}

static void alloy_window_class_init(AlloyWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = alloy_window_dispose;
    G_OBJECT_CLASS(klass)->finalize = alloy_window_finalize;
    gtk_widget_class_install_action(widget_class, "win.open", NULL, choose_files);
    gtk_widget_class_install_action(widget_class, "win.undo", NULL, undo);
    gtk_widget_class_install_action(widget_class, "win.redo", NULL, redo);
    gtk_widget_class_install_action(widget_class, "win.save-picture", NULL, alloy_window_save_picture);
    gtk_widget_class_install_action(widget_class, "win.close", NULL, close_window);
}

static void alloy_window_init(AlloyWindow *window)
{
    window->document = alloy_document_new();
    window->colour_names = g_ptr_array_new_with_free_func(g_free);
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(window), alloy_window_content(window));
    gtk_window_set_default_size(GTK_WINDOW(window), 1280, 760);
    GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect(target, "drop", G_CALLBACK(on_drop), window);
    gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(target));
    g_signal_connect_object(window->document, "changed", G_CALLBACK(on_changed), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(window->document, "stage-changed", G_CALLBACK(on_changed), window,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(window->document, "selection-changed", G_CALLBACK(on_selection_changed), window,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(window->document, "busy", G_CALLBACK(on_busy), window, 0);
    g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(on_dark), window,
                            G_CONNECT_SWAPPED);
    on_dark(window);
    on_changed(window);
}

AlloyWindow *alloy_window_new(GtkApplication *application)
{
    return g_object_new(ALLOY_TYPE_WINDOW, "application", application, NULL);
}
