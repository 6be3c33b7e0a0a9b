/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Files of pixels that know their resolution. surface is an image of RGB24 (opaque) or ARGB32. The bytes
 * depend on the pixels and dpi alone: no date, no program version. NULL with an error. */

/* PNG with a pHYs chunk, which counts whole pixels a metre: 300 dpi is written as 299.9994. */
GBytes *alloy_png_bytes(cairo_surface_t *surface, double dpi, GError **error);
/* TIFF with LZW, resolution tags, and alpha that is not premultiplied. */
GBytes *alloy_tiff_bytes(cairo_surface_t *surface, double dpi, GError **error);

G_END_DECLS
