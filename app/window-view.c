/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include "ui/scene/picture.h"
#include "ui/style.h"

#include <math.h>
#include <string.h>

/* --- a picture of it --- */

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
        alloy_window_say(window, "The picture could not be made", error->message);
        return;
    }
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)argb, CAIRO_FORMAT_ARGB32,
                                                                   width, height, 4 * width);
    cairo_status_t status = cairo_surface_write_to_png(surface, g_file_peek_path(file));
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        alloy_window_say(window, "The picture could not be saved", cairo_status_to_string(status));
}

void alloy_window_save_picture(GtkWidget *widget, const char *action, GVariant *parameter)
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

GtkWidget *alloy_window_cut_row(AlloyWindow *window)
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

/* --- the pointer --- */

static void on_region(AlloyViewport *viewport, const AlloySelection *meant, int mode, gboolean done,
                      AlloyWindow *window)
{
    alloy_document_select(window->document, meant, (AlloySelectMode)mode, done);
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

GtkWidget *alloy_window_tools(AlloyWindow *window)
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

GtkWidget *alloy_window_depth(AlloyWindow *window)
{
    GtkWidget *depth =
        gtk_drop_down_new_from_strings((const char *const[]){"Visible atoms", "All through", NULL});
    gtk_accessible_update_property(GTK_ACCESSIBLE(depth), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Atoms that a region means", -1);
    g_signal_connect(depth, "notify::selected", G_CALLBACK(on_depth), window);
    return depth;
}

GtkWidget *alloy_window_status(AlloyWindow *window)
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

GtkWidget *alloy_window_view(AlloyWindow *window)
{
    window->viewport = ALLOY_VIEWPORT(alloy_viewport_new());
    gtk_accessible_update_property(GTK_ACCESSIBLE(window->viewport), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Atomic model", -1);
    g_signal_connect(window->viewport, "hovered", G_CALLBACK(on_hovered), window);
    g_signal_connect(window->viewport, "region", G_CALLBACK(on_region), window);
    return GTK_WIDGET(window->viewport);
}
