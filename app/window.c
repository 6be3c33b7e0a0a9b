/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include "core/data/warning.h"
#include "ui/document.h"
#include "ui/plot/colour-bar.h"
#include "ui/scene/colouring.h"
#include "ui/scene/picture.h"
#include "ui/statistics-panel.h"
#include "ui/style.h"
#include "ui/viewport.h"

#include <math.h>
#include <string.h>

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

G_DEFINE_FINAL_TYPE(AlloyWindow, alloy_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- colours --- */

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

static void apply_colours(AlloyWindow *window)
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

/* What the current stage can be coloured by. Keeps the choice where it is still there. */
static void fill_colours(AlloyWindow *window)
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
        apply_colours(window);
}

/* --- the document --- */

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
        alloy_scene_set_neighbours(scene, stage->neighbours);
        window->shown = stage->atoms;
    }
    fill_colours(window);
    apply_colours(window);
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

static void say(AlloyWindow *window, const char *heading, const char *text)
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
        say(window, "This could not be opened", error->message);
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

/* --- the picture --- */

static void on_picture_named(GtkNativeDialog *dialog, int response, AlloyWindow *window)
{
    g_autoptr(GtkFileChooserNative) chooser = GTK_FILE_CHOOSER_NATIVE(dialog);
    if (response != GTK_RESPONSE_ACCEPT)
        return;
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    const int width = 2400, height = MAX(width * gtk_widget_get_height(GTK_WIDGET(window->viewport)) /
                                             MAX(gtk_widget_get_width(GTK_WIDGET(window->viewport)), 1),
                                         1);
    g_autoptr(GError) error = NULL;
    g_autofree uint32_t *argb =
        alloy_picture_new(alloy_viewport_scene(window->viewport), alloy_viewport_camera(window->viewport),
                          width, height, 2, NULL, &error);
    if (argb == NULL) {
        say(window, "The picture could not be made", error->message);
        return;
    }
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)argb, CAIRO_FORMAT_ARGB32,
                                                                   width, height, 4 * width);
    cairo_status_t status = cairo_surface_write_to_png(surface, g_file_peek_path(file));
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        say(window, "The picture could not be saved", cairo_status_to_string(status));
}

static void save_picture(GtkWidget *widget, const char *action, GVariant *parameter)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        "Save the view as a picture", GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_SAVE, "Save", "Cancel");
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "view.png");
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    g_signal_connect(chooser, "response", G_CALLBACK(on_picture_named), widget);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* --- cutting open --- */

/* The plane looks at the eye as the view is now. */
static void aim_cut(AlloyWindow *window)
{
    double m[3][3];
    alloy_camera_matrix(alloy_viewport_camera(window->viewport), m);
    memcpy(window->cut_normal, m[2], sizeof m[2]);
}

/* What lies beyond the plane, as far down as the slider says, is cut away; then the plane stays with the
 * model. */
static void apply_cut(AlloyWindow *window)
{
    AlloyScene *scene = alloy_viewport_scene(window->viewport);
    double share = gtk_range_get_value(GTK_RANGE(window->cut)) / 100, centre[3], radius;
    gboolean was = alloy_scene_slab(scene) != NULL;
    if (share <= 0) {
        if (was)
            alloy_scene_set_slab(scene, NULL);
    } else {
        if (!was)
            aim_cut(window);
        alloy_scene_bounds(scene, centre, &radius);
        const double *n = window->cut_normal;
        double middle = n[0] * centre[0] + n[1] * centre[1] + n[2] * centre[2];
        AlloySlab slab = {{n[0], n[1], n[2]}, -HUGE_VAL, middle + radius * (1 - 2 * share)};
        alloy_scene_set_slab(scene, &slab);
    }
    if (was || share > 0)
        alloy_viewport_redraw(window->viewport);
}

static void on_aim(GtkButton *button, AlloyWindow *window)
{
    aim_cut(window);
    if (gtk_range_get_value(GTK_RANGE(window->cut)) <= 0)
        gtk_range_set_value(GTK_RANGE(window->cut), 50);
    apply_cut(window);
}

static GtkWidget *cut_row(AlloyWindow *window)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    window->cut = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 100, 1);
    gtk_widget_set_hexpand(window->cut, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->cut), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Cut open, per cent of the depth", -1);
    g_signal_connect_swapped(window->cut, "value-changed", G_CALLBACK(apply_cut), window);
    GtkWidget *aim = gtk_button_new_with_label("From here");
    gtk_widget_set_tooltip_text(aim, "Cut along the present view");
    g_signal_connect(aim, "clicked", G_CALLBACK(on_aim), window);
    gtk_box_append(GTK_BOX(row), gtk_label_new("Cut open"));
    gtk_box_append(GTK_BOX(row), window->cut);
    gtk_box_append(GTK_BOX(row), aim);
    return row;
}

/* --- the view --- */

static void on_region(AlloyViewport *viewport, const AlloySelection *meant, int mode, gboolean done,
                      AlloyWindow *window)
{
    alloy_document_select(window->document, meant, (AlloySelectMode)mode, done);
}

static void on_pick(AlloyStatisticsPanel *panel, const AlloySelection *meant, AlloyWindow *window)
{
    alloy_document_select(window->document, meant, ALLOY_SELECT_REPLACE, TRUE);
}

/* id, element, position and every quantity of the atom under the pointer. */
static void on_hovered(AlloyViewport *viewport, guint atom, AlloyWindow *window)
{
    const AlloyDocumentStage *stage = alloy_document_stage(window->document);
    g_autoptr(GString) text = g_string_new(NULL);
    if (stage != NULL && atom < stage->atoms->n) {
        const AlloyAtoms *atoms = stage->atoms;
        g_string_printf(text, "<b>%s</b>  atom %u  (%.2f, %.2f, %.2f) Å",
                        atoms->kinds[atoms->species[atom]].name, atom + 1, atoms->x[atom], atoms->y[atom],
                        atoms->z[atom]);
        for (unsigned c = 0; c < atoms->columns->len && c < 12; c++) {
            const AlloyColumn *column = atoms->columns->pdata[c];
            g_autofree char *heading = alloy_column_heading(column);
            g_autofree char *escaped = g_markup_escape_text(heading, -1);
            if (column->type == ALLOY_TEXT) {
                g_autofree char *label = g_markup_escape_text(alloy_column_text_at(column, atom), -1);
                g_string_append_printf(text, "   %s %s", escaped, label);
            } else if (!isnan(alloy_column_real_at(column, atom))) {
                g_string_append_printf(text, "   %s %.4g", escaped, alloy_column_real_at(column, atom));
            }
        }
    }
    gtk_label_set_markup(GTK_LABEL(window->hover), text->str);
}

static const struct {
    AlloyTool tool;
    const char *icon, *name, *hint;
} tools[] = {
    {ALLOY_TOOL_TURN, "alloy-turn-symbolic", "Turn",
     "Drag to turn · middle button or Shift to move · wheel to zoom · F frames · X Y Z look along an axis · "
     "P perspective"},
    {ALLOY_TOOL_LASSO, "alloy-lasso-symbolic", "Lasso",
     "Draw around atoms · Ctrl adds · Alt removes · both intersect · Esc gives up · right button turns"},
    {ALLOY_TOOL_RECTANGLE, "alloy-rectangle-symbolic", "Rectangle",
     "Span a rectangle · Ctrl adds · Alt removes · both intersect · Esc gives up · right button turns"},
    {ALLOY_TOOL_BRUSH, "alloy-brush-symbolic", "Brush",
     "Paint over atoms · Ctrl adds · Alt removes · both intersect · Esc gives up · right button turns"},
};

static void set_tool(GtkToggleButton *button, AlloyWindow *window)
{
    if (!gtk_toggle_button_get_active(button))
        return;
    guint at = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "tool"));
    alloy_viewport_set_tool(window->viewport, tools[at].tool);
    gtk_label_set_text(GTK_LABEL(window->hint), tools[at].hint);
}

static void on_depth(GtkDropDown *down, GParamSpec *property, AlloyWindow *window)
{
    alloy_viewport_set_depth(window->viewport, (AlloyDepth)gtk_drop_down_get_selected(down));
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

/* --- building --- */

static GtkWidget *tool_buttons(AlloyWindow *window)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(box, "linked");
    GtkToggleButton *group = NULL;
    for (guint k = 0; k < G_N_ELEMENTS(tools); k++) {
        GtkWidget *button = gtk_toggle_button_new();
        gtk_button_set_icon_name(GTK_BUTTON(button), tools[k].icon);
        gtk_widget_set_tooltip_text(button, tools[k].name);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tools[k].name,
                                       -1);
        gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), group);
        group = GTK_TOGGLE_BUTTON(button);
        gtk_toggle_button_set_active(group, k == 0);
        g_object_set_data(G_OBJECT(button), "tool", GUINT_TO_POINTER(k));
        g_signal_connect(button, "toggled", G_CALLBACK(set_tool), window);
        gtk_box_append(GTK_BOX(box), button);
    }
    return box;
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
    GtkWidget *depth =
        gtk_drop_down_new_from_strings((const char *const[]){"Visible atoms", "All through", NULL});
    gtk_accessible_update_property(GTK_ACCESSIBLE(depth), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Atoms that a region means", -1);
    g_signal_connect(depth, "notify::selected", G_CALLBACK(on_depth), window);
    adw_header_bar_pack_end(
        ADW_HEADER_BAR(bar),
        action_button("camera-photo-symbolic", "Save the view as a picture", "win.save-picture"));
    adw_header_bar_pack_end(ADW_HEADER_BAR(bar), depth);
    adw_header_bar_pack_end(ADW_HEADER_BAR(bar), tool_buttons(window));
    return bar;
}

static GtkWidget *side(AlloyWindow *window)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
    gtk_widget_set_margin_start(box, 12);
    gtk_widget_set_margin_end(box, 12);
    gtk_widget_set_margin_top(box, 12);
    gtk_widget_set_margin_bottom(box, 12);
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
    window->legend = gtk_drawing_area_new();
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(window->legend), 58);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(window->legend), draw_legend, window, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->legend), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Legend of the colours", -1);
    window->statistics = alloy_statistics_panel_new(window->document);
    g_signal_connect(window->statistics, "pick", G_CALLBACK(on_pick), window);
    gtk_box_append(GTK_BOX(box), row);
    gtk_box_append(GTK_BOX(box), window->legend);
    gtk_box_append(GTK_BOX(box), cut_row(window));
    gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(box), window->statistics);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), box);
    gtk_widget_set_size_request(scrolled, 420, -1);
    return scrolled;
}

static GtkWidget *status_row(AlloyWindow *window)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_set_margin_start(box, 12);
    gtk_widget_set_margin_end(box, 12);
    gtk_widget_set_margin_top(box, 4);
    gtk_widget_set_margin_bottom(box, 4);
    window->hover = gtk_label_new("");
    window->hint = gtk_label_new(tools[0].hint);
    gtk_widget_add_css_class(window->hint, "dim-label");
    gtk_widget_add_css_class(window->hint, "caption");
    GtkWidget *const labels[2] = {window->hover, window->hint};
    for (int k = 0; k < 2; k++) {
        gtk_label_set_xalign(GTK_LABEL(labels[k]), 0);
        gtk_label_set_ellipsize(GTK_LABEL(labels[k]), PANGO_ELLIPSIZE_END);
        gtk_box_append(GTK_BOX(box), labels[k]);
    }
    return box;
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

static void on_cancel(GtkButton *button, AlloyWindow *window)
{
    alloy_document_cancel(window->document);
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
    g_signal_connect(cancel, "clicked", G_CALLBACK(on_cancel), window);
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
    window->viewport = ALLOY_VIEWPORT(alloy_viewport_new());
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->viewport), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Atomic model", -1);
    g_signal_connect(window->viewport, "hovered", G_CALLBACK(on_hovered), window);
    g_signal_connect(window->viewport, "region", G_CALLBACK(on_region), window);
    gtk_box_append(GTK_BOX(left), GTK_WIDGET(window->viewport));
    gtk_box_append(GTK_BOX(left), stage_row(window));
    gtk_box_append(GTK_BOX(left), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(left), status_row(window));
    GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    gtk_paned_set_start_child(GTK_PANED(paned), left);
    gtk_paned_set_end_child(GTK_PANED(paned), side(window));
    gtk_paned_set_resize_end_child(GTK_PANED(paned), FALSE);
    gtk_paned_set_shrink_end_child(GTK_PANED(paned), FALSE);
    gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
    return paned;
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
    gtk_widget_class_install_action(widget_class, "win.save-picture", NULL, save_picture);
    gtk_widget_class_install_action(widget_class, "win.close", NULL, close_window);
}

static void alloy_window_init(AlloyWindow *window)
{
    window->document = alloy_document_new();
    window->colour_names = g_ptr_array_new_with_free_func(g_free);
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
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(window), box);
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
