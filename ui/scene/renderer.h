/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/view.h"

G_BEGIN_DECLS

/* Draws a scene by a visibility buffer on OpenGL 3.3: pass one writes the id and the depth of what is seen in
 * each pixel, pass two colours the picture from those and the atoms' arrays. All functions need the same
 * context current (any that shares with it will not do: framebuffers belong to one). */
typedef struct _AlloyRenderer AlloyRenderer;

/* NULL with an error: no OpenGL 3.3, or a shader that this driver refuses. */
AlloyRenderer *alloy_renderer_new(GError **error);
void alloy_renderer_free(AlloyRenderer *renderer); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyRenderer, alloy_renderer_free)

/* Pass one, when scene (the same or another), camera or tile differ from the last time; then nothing is
 * drawn. FALSE with an error when the picture is larger than the driver allows. */
gboolean alloy_renderer_see(AlloyRenderer *renderer, AlloyScene *scene, const AlloyCamera *camera,
                            const AlloyTile *tile, GError **error);
/* Pass two of what was seen, into the framebuffer target at (x, y). Premultiplied alpha. */
void alloy_renderer_shade(AlloyRenderer *renderer, const AlloyQuality *quality, unsigned target, int x,
                          int y);

/* What is seen in the pixels x .. x+width-1, y .. y+height-1 (rows from below, clipped to the tile by the
 * caller): ids are the place of the atom + 1, 0 for the background; view_z (nullable) is the height over the
 * view plane, angstrom, that of the farthest for the background. */
void alloy_renderer_read(AlloyRenderer *renderer, int x, int y, int width, int height, uint32_t *ids,
                         float *view_z);

const char *alloy_renderer_driver(void); /* GL_RENDERER of the current context */
gboolean alloy_renderer_is_software(void);

G_END_DECLS
