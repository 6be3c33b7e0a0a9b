/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/viewport.h"

#include <math.h>
#include <string.h>

#define BRUSH 18.0     /* radius, logical pixels */
#define FULL_AFTER 150 /* ms of rest until a picture of full quality is drawn */
#define HOVER_AFTER 60 /* ms of rest until the atom under the pointer is told */
#define PICK_RING 3    /* logical pixels: so near to an atom counts as on it */
#define ZOOM_STEP 1.18
#define SCALE_BAR_SHARE 0.22 /* of the width, at most */

typedef enum { DRAG_NONE, DRAG_TURN, DRAG_MOVE, DRAG_REGION } Drag;

struct _AlloyViewport {
    GtkWidget parent;
    AlloyScene *scene;
    AlloyCamera camera, camera_before; /* before the drag */
    AlloyFrame *frame;
    GdkTexture *picture;
    gboolean seen, plain; /* frame holds what camera and scene show; the picture is one of a moving view */
    guint full_id, hover_id;
    AlloyTool tool;
    AlloyDepth depth;
    Drag drag;
    double start[2], pointer[2]; /* logical pixels */
    GArray *path;                /* of double[2], logical pixels: what is drawn by hand */
    AlloyRegion *region;
    uint32_t hovered;
    AlloySelectMode mode;
};

G_DEFINE_FINAL_TYPE(AlloyViewport, alloy_viewport, GTK_TYPE_WIDGET)

enum { HOVERED, REGION, CAMERA_MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- drawing --- */

static void device_size(AlloyViewport *viewport, int size[2])
{
    int scale = gtk_widget_get_scale_factor(GTK_WIDGET(viewport));
    size[0] = MAX(gtk_widget_get_width(GTK_WIDGET(viewport)) * scale, 1);
    size[1] = MAX(gtk_widget_get_height(GTK_WIDGET(viewport)) * scale, 1);
}

static void see(AlloyViewport *viewport)
{
    int size[2];
    device_size(viewport, size);
    if (viewport->seen && viewport->frame->width == size[0] && viewport->frame->height == size[1])
        return;
    AlloyTile tile = alloy_tile_whole(size[0], size[1]);
    g_autoptr(GError) error = NULL;
    viewport->seen = alloy_frame_see(viewport->frame, viewport->scene, &viewport->camera, &tile, &error);
    if (!viewport->seen)
        g_warning("a view cannot be drawn: %s", error->message);
}

static void draw_picture(AlloyViewport *viewport)
{
    see(viewport);
    if (!viewport->seen)
        return;
    const AlloyFrame *frame = viewport->frame;
    AlloyQuality quality = {viewport->plain, gtk_widget_get_scale_factor(GTK_WIDGET(viewport))};
    gsize stride = (gsize)frame->width * 4;
    uint32_t *argb = g_malloc(stride * (gsize)frame->height);
    alloy_frame_shade(viewport->frame, &quality, argb, (size_t)frame->width);
    g_autoptr(GBytes) bytes = g_bytes_new_take(argb, stride * (gsize)frame->height);
    g_clear_object(&viewport->picture);
    viewport->picture =
        gdk_memory_texture_new(frame->width, frame->height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static gboolean draw_full(gpointer data)
{
    AlloyViewport *viewport = data;
    viewport->full_id = 0;
    viewport->plain = FALSE;
    g_clear_object(&viewport->picture);
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
    return G_SOURCE_REMOVE;
}

/* The view moves: the next pictures are quick ones, and one of full quality follows when it rests. */
static void move(AlloyViewport *viewport)
{
    viewport->seen = FALSE;
    viewport->plain = TRUE;
    g_clear_object(&viewport->picture);
    g_clear_handle_id(&viewport->full_id, g_source_remove);
    viewport->full_id = g_timeout_add(FULL_AFTER, draw_full, viewport);
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
    g_signal_emit(viewport, signals[CAMERA_MOVED], 0);
}

void alloy_viewport_redraw(AlloyViewport *viewport)
{
    viewport->seen = FALSE;
    g_clear_object(&viewport->picture);
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
}

void alloy_viewport_reshade(AlloyViewport *viewport)
{
    g_clear_object(&viewport->picture);
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
}

/* A round length of at most SCALE_BAR_SHARE of the width. */
static double scale_bar_length(double most)
{
    double decade = pow(10, floor(log10(most)));
    return most >= 5 * decade ? 5 * decade : most >= 2 * decade ? 2 * decade : decade;
}

static void draw_scale_bar(AlloyViewport *viewport, GtkSnapshot *snapshot, int width, int height)
{
    if (viewport->camera.fov > 0 || alloy_scene_atoms(viewport->scene) == NULL)
        return; /* a length is the same everywhere in an orthographic view only */
    double pixel = viewport->camera.height / height,
           length = scale_bar_length(SCALE_BAR_SHARE * width * pixel);
    const float *b = alloy_scene_look(viewport->scene)->background;
    GdkRGBA ink = 0.3f * b[0] + 0.59f * b[1] + 0.11f * b[2] > 0.5f ? (GdkRGBA){0.1f, 0.1f, 0.1f, 1}
                                                                   : (GdkRGBA){0.95f, 0.95f, 0.95f, 1};
    float x = 16, y = (float)height - 20, w = (float)(length / pixel);
    gtk_snapshot_append_color(snapshot, &ink, &GRAPHENE_RECT_INIT(x, y, w, 4));
    char text[64];
    if (length >= 10)
        g_snprintf(text, sizeof text, "%g nm", length / 10);
    else
        g_snprintf(text, sizeof text, "%g Å", length);
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(viewport), text);
    int text_width, text_height;
    pango_layout_get_pixel_size(layout, &text_width, &text_height);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot,
                           &GRAPHENE_POINT_INIT(x + (w - (float)text_width) / 2, y - (float)text_height - 2));
    gtk_snapshot_append_layout(snapshot, layout, &ink);
    gtk_snapshot_restore(snapshot);
}

static void draw_path(AlloyViewport *viewport, GtkSnapshot *snapshot, int width, int height)
{
    if (viewport->drag != DRAG_REGION || viewport->path->len < 1)
        return;
    const double(*points)[2] = (const double(*)[2])(gpointer)viewport->path->data;
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    for (guint k = 0; k < viewport->path->len; k++)
        cairo_line_to(cr, points[k][0], points[k][1]);
    if (viewport->tool == ALLOY_TOOL_BRUSH) {
        cairo_set_line_width(cr, 2 * BRUSH);
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_source_rgba(cr, 1, 0.45, 0, 0.25);
        cairo_stroke(cr);
    } else {
        cairo_close_path(cr);
        cairo_set_source_rgba(cr, 1, 0.45, 0, 0.12);
        cairo_fill_preserve(cr);
        cairo_set_line_width(cr, 1.5);
        cairo_set_source_rgba(cr, 1, 0.45, 0, 0.95);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
}

static void alloy_viewport_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    AlloyViewport *viewport = ALLOY_VIEWPORT(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    if (width < 1 || height < 1)
        return;
    if (viewport->picture == NULL)
        draw_picture(viewport);
    if (viewport->picture != NULL)
        gtk_snapshot_append_texture(snapshot, viewport->picture,
                                    &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    draw_scale_bar(viewport, snapshot, width, height);
    draw_path(viewport, snapshot, width, height);
}

static void alloy_viewport_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    AlloyViewport *viewport = ALLOY_VIEWPORT(widget);
    viewport->seen = FALSE;
    g_clear_object(&viewport->picture);
}

/* --- the pointer --- */

/* A place of the widget in units of its height, from the middle, y up: what the camera takes. */
static void place(AlloyViewport *viewport, double x, double y, double at[2])
{
    double width = gtk_widget_get_width(GTK_WIDGET(viewport)),
           height = gtk_widget_get_height(GTK_WIDGET(viewport));
    at[0] = (x - width / 2) / height;
    at[1] = (height / 2 - y) / height;
}

static double aspect(AlloyViewport *viewport)
{
    return (double)gtk_widget_get_width(GTK_WIDGET(viewport)) / gtk_widget_get_height(GTK_WIDGET(viewport));
}

/* The atom at a place, or the nearest within PICK_RING; G_MAXUINT32: none. */
static uint32_t atom_at(AlloyViewport *viewport, double x, double y)
{
    see(viewport);
    if (!viewport->seen)
        return G_MAXUINT32;
    const AlloyFrame *frame = viewport->frame;
    int scale = gtk_widget_get_scale_factor(GTK_WIDGET(viewport)), ring = PICK_RING * scale;
    int px = (int)floor(x * scale), py = frame->height - 1 - (int)floor(y * scale), nearest = G_MAXINT;
    uint32_t atom = G_MAXUINT32;
    for (int dy = -ring; dy <= ring; dy++)
        for (int dx = -ring; dx <= ring; dx++) {
            int ax = px + dx, ay = py + dy, d2 = dx * dx + dy * dy;
            if (ax < 0 || ay < 0 || ax >= frame->width || ay >= frame->height || d2 >= nearest)
                continue;
            uint32_t id = frame->ids[(size_t)ay * (size_t)frame->width + (size_t)ax];
            if (id != 0) {
                nearest = d2;
                atom = id - 1;
            }
        }
    return atom;
}

static void set_hovered(AlloyViewport *viewport, uint32_t atom)
{
    if (viewport->hovered == atom)
        return;
    viewport->hovered = atom;
    alloy_scene_set_hover(viewport->scene, atom);
    alloy_viewport_reshade(viewport);
    g_signal_emit(viewport, signals[HOVERED], 0, (guint)atom);
}

static gboolean tell_hovered(gpointer data)
{
    AlloyViewport *viewport = data;
    viewport->hover_id = 0;
    if (viewport->drag == DRAG_NONE)
        set_hovered(viewport, atom_at(viewport, viewport->pointer[0], viewport->pointer[1]));
    return G_SOURCE_REMOVE;
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, AlloyViewport *viewport)
{
    viewport->pointer[0] = x;
    viewport->pointer[1] = y;
    g_clear_handle_id(&viewport->hover_id, g_source_remove);
    viewport->hover_id = g_timeout_add(HOVER_AFTER, tell_hovered, viewport);
}

static void on_leave(GtkEventControllerMotion *motion, AlloyViewport *viewport)
{
    g_clear_handle_id(&viewport->hover_id, g_source_remove);
    set_hovered(viewport, G_MAXUINT32);
}

static gboolean on_scroll(GtkEventControllerScroll *scroll, double dx, double dy, AlloyViewport *viewport)
{
    double at[2], step = dy;
    if (gtk_event_controller_scroll_get_unit(scroll) == GDK_SCROLL_UNIT_SURFACE)
        step /= 64;
    place(viewport, viewport->pointer[0], viewport->pointer[1], at);
    alloy_camera_zoom(&viewport->camera, pow(ZOOM_STEP, -step), at);
    move(viewport);
    return TRUE;
}

/* Device pixels from below, as a region has them. */
static void region_point(AlloyViewport *viewport, const double point[2], double out[2])
{
    int scale = gtk_widget_get_scale_factor(GTK_WIDGET(viewport));
    out[0] = point[0] * scale;
    out[1] = viewport->region->height - point[1] * scale;
}

static void tell_region(AlloyViewport *viewport, gboolean done)
{
    const AlloySelection *atoms = NULL;
    if (viewport->depth == ALLOY_DEPTH_THROUGH) {
        atoms = alloy_region_through(viewport->region, viewport->scene, &viewport->camera);
    } else {
        see(viewport);
        if (viewport->seen && viewport->frame->width == viewport->region->width &&
            viewport->frame->height == viewport->region->height)
            atoms = alloy_region_visible(viewport->region, viewport->frame);
    }
    if (atoms != NULL)
        g_signal_emit(viewport, signals[REGION], 0, atoms, viewport->mode, done);
    alloy_data_unref(atoms);
}

/* The view may have got another size since the region was begun. */
static void fit_region(AlloyViewport *viewport)
{
    int size[2];
    device_size(viewport, size);
    if (viewport->region != NULL && viewport->region->width == size[0] && viewport->region->height == size[1])
        return;
    alloy_region_free(viewport->region);
    viewport->region = alloy_region_new(size[0], size[1]);
}

static void extend_region(AlloyViewport *viewport, double x, double y, gboolean done)
{
    fit_region(viewport);
    GArray *path = viewport->path;
    double point[2] = {x, y}, a[2], b[2];
    const double(*points)[2] = (const double(*)[2])(gpointer)path->data;
    if (viewport->tool == ALLOY_TOOL_BRUSH) {
        region_point(viewport, path->len > 0 ? points[path->len - 1] : point, a);
        region_point(viewport, point, b);
        alloy_region_add_stroke(viewport->region, a, b,
                                BRUSH * gtk_widget_get_scale_factor(GTK_WIDGET(viewport)));
        g_array_append_val(path, point);
    } else {
        if (viewport->tool == ALLOY_TOOL_RECTANGLE) {
            double corners[4][2] = {{viewport->start[0], viewport->start[1]},
                                    {x, viewport->start[1]},
                                    {x, y},
                                    {viewport->start[0], y}};
            g_array_set_size(path, 0);
            g_array_append_vals(path, corners, 4);
        } else {
            g_array_append_val(path, point);
        }
        points = (const double(*)[2])(gpointer)path->data;
        g_autofree double(*corners)[2] = g_malloc_n(path->len + 1, sizeof *corners);
        for (guint k = 0; k < path->len; k++)
            region_point(viewport, points[k], corners[k]);
        alloy_region_clear(viewport->region);
        alloy_region_add_polygon(viewport->region, (const double(*)[2])corners, path->len);
    }
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
    tell_region(viewport, done);
}

static void begin_region(AlloyViewport *viewport, GdkModifierType state)
{
    g_clear_pointer(&viewport->region, alloy_region_free);
    g_array_set_size(viewport->path, 0);
    viewport->mode = state & GDK_CONTROL_MASK && state & GDK_ALT_MASK ? ALLOY_SELECT_INTERSECT
                     : state & GDK_CONTROL_MASK                       ? ALLOY_SELECT_ADD
                     : state & GDK_ALT_MASK                           ? ALLOY_SELECT_REMOVE
                                                                      : ALLOY_SELECT_REPLACE;
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, AlloyViewport *viewport)
{
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));
    GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
    gtk_widget_grab_focus(GTK_WIDGET(viewport));
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    viewport->camera_before = viewport->camera;
    viewport->start[0] = x;
    viewport->start[1] = y;
    if (button == GDK_BUTTON_MIDDLE || (state & GDK_SHIFT_MASK && button == GDK_BUTTON_PRIMARY))
        viewport->drag = DRAG_MOVE;
    else if (button == GDK_BUTTON_SECONDARY || viewport->tool == ALLOY_TOOL_TURN)
        viewport->drag = DRAG_TURN;
    else
        viewport->drag = DRAG_REGION;
    set_hovered(viewport, G_MAXUINT32);
    if (viewport->drag == DRAG_REGION) {
        begin_region(viewport, state);
        extend_region(viewport, x, y, FALSE);
    }
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, AlloyViewport *viewport)
{
    const double x = viewport->start[0] + dx, y = viewport->start[1] + dy;
    double from[2], to[2];
    place(viewport, viewport->start[0], viewport->start[1], from);
    place(viewport, x, y, to);
    if (viewport->drag == DRAG_REGION) {
        extend_region(viewport, x, y, FALSE);
        return;
    }
    if (viewport->drag == DRAG_NONE)
        return;
    viewport->camera = viewport->camera_before;
    if (viewport->drag == DRAG_MOVE)
        alloy_camera_pan(&viewport->camera, to[0] - from[0], to[1] - from[1]);
    else
        alloy_camera_orbit(&viewport->camera, from, to, aspect(viewport));
    move(viewport);
}

static void end_drag(AlloyViewport *viewport)
{
    viewport->drag = DRAG_NONE;
    g_array_set_size(viewport->path, 0);
    g_clear_pointer(&viewport->region, alloy_region_free);
    gtk_widget_queue_draw(GTK_WIDGET(viewport));
}

/* A click without a drag means the atom under the pointer, with any tool. */
static void click(AlloyViewport *viewport, double x, double y, GdkModifierType state)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(viewport->scene);
    if (atoms == NULL)
        return;
    uint32_t atom = atom_at(viewport, x, y);
    const AlloySelection *meant = alloy_selection_from_ids(&atom, atom != G_MAXUINT32, atoms->n);
    AlloySelectMode mode = state & GDK_CONTROL_MASK ? ALLOY_SELECT_TOGGLE : ALLOY_SELECT_REPLACE;
    g_signal_emit(viewport, signals[REGION], 0, meant, mode, TRUE);
    alloy_data_unref(meant);
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, AlloyViewport *viewport)
{
    GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));
    gboolean still = hypot(dx, dy) < 4;
    Drag drag = viewport->drag;
    if (drag == DRAG_NONE)
        return;
    if (still && button == GDK_BUTTON_PRIMARY && !(state & GDK_SHIFT_MASK))
        click(viewport, viewport->start[0], viewport->start[1], state);
    else if (drag == DRAG_REGION)
        extend_region(viewport, viewport->start[0] + dx, viewport->start[1] + dy, TRUE);
    end_drag(viewport);
}

static void give_up(AlloyViewport *viewport)
{
    if (viewport->drag == DRAG_REGION)
        g_signal_emit(viewport, signals[REGION], 0, NULL, viewport->mode, TRUE);
    else if (viewport->drag != DRAG_NONE) {
        viewport->camera = viewport->camera_before;
        move(viewport);
    }
    end_drag(viewport);
}

static void on_cancel(GtkGesture *gesture, GdkEventSequence *sequence, AlloyViewport *viewport)
{
    if (viewport->drag != DRAG_NONE)
        give_up(viewport);
}

static void on_double_click(GtkGestureClick *gesture, int n, double x, double y, AlloyViewport *viewport)
{
    if (n != 2 || viewport->tool != ALLOY_TOOL_TURN)
        return;
    uint32_t atom = atom_at(viewport, x, y);
    const AlloyAtoms *atoms = alloy_scene_atoms(viewport->scene);
    if (atom == G_MAXUINT32 || atoms == NULL) {
        alloy_viewport_frame(viewport);
        return;
    }
    viewport->camera.target[0] = atoms->x[atom];
    viewport->camera.target[1] = atoms->y[atom];
    viewport->camera.target[2] = atoms->z[atom];
    move(viewport);
}

/* --- keys --- */

static void turn_by(AlloyViewport *viewport, double x, double y, double z, double degrees)
{
    alloy_camera_turn(&viewport->camera, (const double[]){x, y, z}, degrees * G_PI / 180);
    move(viewport);
}

static void look_along(AlloyViewport *viewport, const double direction[3], const double up[3])
{
    alloy_camera_look(&viewport->camera, direction, up);
    move(viewport);
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       AlloyViewport *viewport)
{
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return FALSE;
    const double step = state & GDK_SHIFT_MASK ? 90 : 7.5;
    const double middle[2] = {0, 0};
    switch (key) {
    case GDK_KEY_Escape:
        if (viewport->drag == DRAG_NONE)
            return FALSE;
        give_up(viewport);
        return TRUE;
    case GDK_KEY_Left:
        turn_by(viewport, 0, 1, 0, -step);
        return TRUE;
    case GDK_KEY_Right:
        turn_by(viewport, 0, 1, 0, step);
        return TRUE;
    case GDK_KEY_Up:
        turn_by(viewport, 1, 0, 0, -step);
        return TRUE;
    case GDK_KEY_Down:
        turn_by(viewport, 1, 0, 0, step);
        return TRUE;
    case GDK_KEY_Page_Up:
        turn_by(viewport, 0, 0, 1, step);
        return TRUE;
    case GDK_KEY_Page_Down:
        turn_by(viewport, 0, 0, 1, -step);
        return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
        alloy_camera_zoom(&viewport->camera,
                          key == GDK_KEY_plus || key == GDK_KEY_KP_Add ? ZOOM_STEP : 1 / ZOOM_STEP, middle);
        move(viewport);
        return TRUE;
    case GDK_KEY_f:
        alloy_viewport_frame(viewport);
        return TRUE;
    case GDK_KEY_x:
        look_along(viewport, (const double[]){-1, 0, 0}, (const double[]){0, 0, 1});
        return TRUE;
    case GDK_KEY_y:
        look_along(viewport, (const double[]){0, -1, 0}, (const double[]){0, 0, 1});
        return TRUE;
    case GDK_KEY_z:
        look_along(viewport, (const double[]){0, 0, -1}, (const double[]){0, 1, 0});
        return TRUE;
    case GDK_KEY_p:
        viewport->camera.fov = viewport->camera.fov > 0 ? 0 : 30 * G_PI / 180;
        move(viewport);
        return TRUE;
    default:
        return FALSE;
    }
}

/* --- the object --- */

AlloyScene *alloy_viewport_scene(AlloyViewport *viewport)
{
    return viewport->scene;
}

const AlloyCamera *alloy_viewport_camera(AlloyViewport *viewport)
{
    return &viewport->camera;
}

void alloy_viewport_set_camera(AlloyViewport *viewport, const AlloyCamera *camera)
{
    if (memcmp(&viewport->camera, camera, sizeof *camera) == 0)
        return;
    viewport->camera = *camera;
    move(viewport);
}

void alloy_viewport_frame(AlloyViewport *viewport)
{
    double centre[3], radius;
    alloy_scene_bounds(viewport->scene, centre, &radius);
    int height = gtk_widget_get_height(GTK_WIDGET(viewport));
    if (radius > 0)
        alloy_camera_frame(&viewport->camera, centre, radius, height > 0 ? aspect(viewport) : 1);
    move(viewport);
}

void alloy_viewport_set_tool(AlloyViewport *viewport, AlloyTool tool)
{
    viewport->tool = tool;
    gtk_widget_set_cursor_from_name(GTK_WIDGET(viewport), tool == ALLOY_TOOL_TURN ? NULL : "crosshair");
}

AlloyTool alloy_viewport_tool(AlloyViewport *viewport)
{
    return viewport->tool;
}

void alloy_viewport_set_depth(AlloyViewport *viewport, AlloyDepth depth)
{
    viewport->depth = depth;
}

static void alloy_viewport_dispose(GObject *object)
{
    AlloyViewport *viewport = ALLOY_VIEWPORT(object);
    g_clear_handle_id(&viewport->full_id, g_source_remove);
    g_clear_handle_id(&viewport->hover_id, g_source_remove);
    g_clear_object(&viewport->picture);
    G_OBJECT_CLASS(alloy_viewport_parent_class)->dispose(object);
}

static void alloy_viewport_finalize(GObject *object)
{
    AlloyViewport *viewport = ALLOY_VIEWPORT(object);
    alloy_frame_free(viewport->frame);
    alloy_scene_free(viewport->scene);
    alloy_region_free(viewport->region);
    g_array_unref(viewport->path);
    G_OBJECT_CLASS(alloy_viewport_parent_class)->finalize(object);
}

static void alloy_viewport_class_init(AlloyViewportClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    object_class->dispose = alloy_viewport_dispose;
    object_class->finalize = alloy_viewport_finalize;
    widget_class->snapshot = alloy_viewport_snapshot;
    widget_class->size_allocate = alloy_viewport_size_allocate;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    gtk_widget_class_set_css_name(widget_class, "viewport3d");
    signals[HOVERED] = g_signal_new("hovered", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[REGION] = g_signal_new("region", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 3, G_TYPE_POINTER, G_TYPE_INT, G_TYPE_BOOLEAN);
    signals[CAMERA_MOVED] = g_signal_new("camera-moved", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void add_controllers(AlloyViewport *viewport)
{
    GtkWidget *widget = GTK_WIDGET(viewport);
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), 0);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), viewport);
    g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), viewport);
    g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), viewport);
    g_signal_connect(drag, "cancel", G_CALLBACK(on_cancel), viewport);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
    GtkGesture *twice = gtk_gesture_click_new();
    g_signal_connect(twice, "pressed", G_CALLBACK(on_double_click), viewport);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(twice));
    gtk_gesture_group(drag, twice);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(on_motion), viewport);
    g_signal_connect(motion, "leave", G_CALLBACK(on_leave), viewport);
    gtk_widget_add_controller(widget, motion);
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), viewport);
    gtk_widget_add_controller(widget, scroll);
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), viewport);
    gtk_widget_add_controller(widget, keys);
}

static void alloy_viewport_init(AlloyViewport *viewport)
{
    viewport->scene = alloy_scene_new();
    viewport->frame = alloy_frame_new();
    viewport->camera = alloy_camera_default();
    /* a little from above and aside: planes and edges of a crystal show */
    alloy_camera_look(&viewport->camera, (const double[]){-1, -0.45, -0.35}, (const double[]){0, 0, 1});
    viewport->path = g_array_new(FALSE, FALSE, 2 * sizeof(double));
    viewport->hovered = G_MAXUINT32;
    gtk_widget_set_focusable(GTK_WIDGET(viewport), TRUE);
    gtk_widget_set_hexpand(GTK_WIDGET(viewport), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(viewport), TRUE);
    gtk_widget_set_size_request(GTK_WIDGET(viewport), 160, 120);
    add_controllers(viewport);
}

GtkWidget *alloy_viewport_new(void)
{
    return g_object_new(ALLOY_TYPE_VIEWPORT, NULL);
}
