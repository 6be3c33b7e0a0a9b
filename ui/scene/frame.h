/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/view.h"

G_BEGIN_DECLS

/* The visibility buffer in plain memory, drawn by the processor: what pictures without a display are made
 * with, and those of a window where OpenGL is only software (which takes ten times as long). It sees and
 * shades as AlloyRenderer does; the tests hold the two together. Bit-identical for any number of threads. */
typedef struct {
    int width, height;
    uint32_t *ids; /* place of the atom + 1, 0: background; rows from below */
    float *z;      /* height over the view plane, angstrom; far_z of the view: background */
    AlloyView view;
    /* private */
    AlloyScene *scene;
    float (*spheres)[4]; /* in view space, of every drawn atom by its place */
    size_t n_spheres, n_drawn;
    uint32_t *entries; /* the atoms of each square of the picture, square by square */
    size_t n_entries;
    uint32_t *first;
    uint8_t *sky;
} AlloyFrame;

AlloyFrame *alloy_frame_new(void);
void alloy_frame_free(AlloyFrame *frame); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyFrame, alloy_frame_free)

/* Pass one: fills ids and z. FALSE with an error for a tile that is empty or too large for the memory. */
gboolean alloy_frame_see(AlloyFrame *frame, AlloyScene *scene, const AlloyCamera *camera,
                         const AlloyTile *tile, GError **error);
/* Pass two of what was seen: width*height pixels, 0xAARRGGBB premultiplied as cairo's ARGB32, rows from the
 * top, stride in pixels. The colours, the selection and the look are those that the scene has now. */
void alloy_frame_shade(AlloyFrame *frame, const AlloyQuality *quality, uint32_t *argb, size_t stride);

G_END_DECLS
