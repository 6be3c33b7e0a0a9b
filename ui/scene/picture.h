/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "ui/scene/frame.h"

G_BEGIN_DECLS

/* A picture of any size, for print: rows from the top, 0xAARRGGBB premultiplied as cairo's ARGB32; free with
 * g_free. Every pixel is the mean of supersample x supersample (1 to 8). It is drawn in tiles, so the memory
 * is that of the picture and little more; 50000 pixels a side at most. NULL with an error: too large,
 * cancelled. */
uint32_t *alloy_picture_new(AlloyScene *scene, const AlloyCamera *camera, int width, int height,
                            int supersample, AlloyProgress *progress, GError **error);

G_END_DECLS
