/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/renderer.h"

G_BEGIN_DECLS

/* AlloyRenderer with no window and no display: a context of its own by EGL. Every call makes it current on
 * the calling thread, where it stays; use it from one thread. */
typedef struct _AlloyOffscreen AlloyOffscreen;

/* NULL with an error that says what EGL refused. */
AlloyOffscreen *alloy_offscreen_new(GError **error);
void alloy_offscreen_free(AlloyOffscreen *offscreen); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyOffscreen, alloy_offscreen_free)

/* Both passes into tile->width*height pixels as alloy_frame_shade gives them: 0xAARRGGBB premultiplied, rows
 * from the top. */
gboolean alloy_offscreen_picture(AlloyOffscreen *offscreen, AlloyScene *scene, const AlloyCamera *camera,
                                 const AlloyTile *tile, const AlloyQuality *quality, uint32_t *argb,
                                 GError **error);
/* Pass one: what alloy_renderer_read gives of the whole tile. */
gboolean alloy_offscreen_read(AlloyOffscreen *offscreen, AlloyScene *scene, const AlloyCamera *camera,
                              const AlloyTile *tile, uint32_t *ids, float *view_z, GError **error);
const char *alloy_offscreen_driver(const AlloyOffscreen *offscreen);

G_END_DECLS
