/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/camera.h"
#include "ui/scene/scene.h"

G_BEGIN_DECLS

/* A part of a picture: width x height pixels whose lower left corner lies at (x, y) of a picture of
 * whole_width x whole_height. The camera is that of the whole. */
typedef struct {
    int x, y, width, height, whole_width, whole_height;
} AlloyTile;
static inline AlloyTile alloy_tile_whole(int width, int height)
{
    return (AlloyTile){0, 0, width, height, width, height};
}

typedef struct {
    gboolean plain;     /* while the mouse moves: no occlusion */
    double pixel_scale; /* pixels of this picture for one of the screen or of the finished figure: outlines
                           are that wide; 1 where 0 */
} AlloyQuality;

/* Scene, camera and tile in the numbers that are drawn with, in view space: the uniform block View of
 * shaders/view.glsl, std140. */
typedef struct {
    float to_view[16];       /* column-major; of positions relative to the scene's origin */
    float left, bottom;      /* the view-plane point of the tile's lower left corner, angstrom */
    float pixel[2];          /* angstrom of the view plane a pixel, twice the same */
    float near_z, far_z;     /* nearest and farthest z that is drawn */
    float distance, padding; /* of the eye; 0: orthographic */
    float size[4];           /* width and height of the tile in pixels, their inverses */
    float slab[4];           /* unit normal; then 1 where there is a slab */
    float slab_ends[4];      /* from, to along the normal, of points relative to the target */
} AlloyView;

void alloy_view_make(AlloyView *view, const AlloyScene *scene, const AlloyCamera *camera,
                     const AlloyTile *tile);

G_END_DECLS
