/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene/frame.h"

G_BEGIN_DECLS

/* A part of the picture that was drawn by hand, and the atoms that are meant by it. */
typedef struct {
    int width, height;
    uint8_t *inside; /* 1 in the region; rows from below, as those of a frame */
} AlloyRegion;

/* Empty. */
AlloyRegion *alloy_region_new(int width, int height);
void alloy_region_free(AlloyRegion *region); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyRegion, alloy_region_free)
void alloy_region_clear(AlloyRegion *region);
/* Adds the inside of a closed polygon: n points x, y in pixels, y from below; even-odd, a pixel belongs to it
 * when its middle does. */
void alloy_region_add_polygon(AlloyRegion *region, const double (*points)[2], size_t n);
/* Adds everything within radius pixels of the segment from a to b: one stroke of a brush. */
void alloy_region_add_stroke(AlloyRegion *region, const double a[2], const double b[2], double radius);

/* The drawn (not hidden, and within the slab where there is one) atoms whose middles are seen in the region,
 * whatever is before them. The slab counts by the middle of the atom. */
const AlloySelection *alloy_region_through(const AlloyRegion *region, const AlloyScene *scene,
                                           const AlloyCamera *camera);
/* The atoms of which a pixel is seen in the region; frame has the region's size. */
const AlloySelection *alloy_region_visible(const AlloyRegion *region, const AlloyFrame *frame);

G_END_DECLS
