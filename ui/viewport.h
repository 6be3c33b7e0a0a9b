/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/frame.h"
#include "ui/scene/region.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the pointer does in a view. Turning, moving and zooming are at hand in every tool: middle button or
 * Shift to move, right button to turn, wheel to zoom. */
typedef enum {
    ALLOY_TOOL_TURN,      /* left button turns the model */
    ALLOY_TOOL_LASSO,     /* left button draws around what is meant */
    ALLOY_TOOL_RECTANGLE, /* left button spans it */
    ALLOY_TOOL_BRUSH,     /* left button paints over it */
} AlloyTool;

/* Which atoms a region means. */
typedef enum {
    ALLOY_DEPTH_VISIBLE, /* those that are seen in it */
    ALLOY_DEPTH_THROUGH, /* all behind one another (within the slab where there is one) */
} AlloyDepth;

/* A view of one scene. Signals:
 *   hovered (guint atom)               the pointer rests on another atom; G_MAXUINT: on none
 *   region (AlloySelection, mode, gboolean done)
 *                                      the atoms of the region that is being drawn, several times a second,
 * and at last with done TRUE; NULL and done TRUE: given up (Esc) camera-moved ()                    by the
 * user */
#define ALLOY_TYPE_VIEWPORT (alloy_viewport_get_type())
G_DECLARE_FINAL_TYPE(AlloyViewport, alloy_viewport, ALLOY, VIEWPORT, GtkWidget)

GtkWidget *alloy_viewport_new(void);
/* Its scene, borrowed. After it was changed: alloy_viewport_reshade where only colours, selection or look are
 * others, else alloy_viewport_redraw. */
AlloyScene *alloy_viewport_scene(AlloyViewport *viewport);
void alloy_viewport_redraw(AlloyViewport *viewport);
void alloy_viewport_reshade(AlloyViewport *viewport);
const AlloyCamera *alloy_viewport_camera(AlloyViewport *viewport);
void alloy_viewport_set_camera(AlloyViewport *viewport, const AlloyCamera *camera);
/* Everything in the middle of the view, as large as fits; the direction stays. */
void alloy_viewport_frame(AlloyViewport *viewport);
void alloy_viewport_set_tool(AlloyViewport *viewport, AlloyTool tool);
AlloyTool alloy_viewport_tool(AlloyViewport *viewport);
void alloy_viewport_set_depth(AlloyViewport *viewport, AlloyDepth depth);

G_END_DECLS
