/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Vector files whose bytes depend on nothing but what is drawn: no date, no counters of the process. */

typedef enum { ALLOY_VECTOR_PDF, ALLOY_VECTOR_SVG } AlloyVectorFormat;

/* Draws onto a page of width x height points. */
typedef void (*AlloyDrawFunc)(cairo_t *cr, double width, double height, gpointer data);

/* The whole file; title (may be NULL) stands in a PDF's metadata. NULL with error (G_IO_ERROR) where cairo
 * fails (a size that is no size, no memory). */
GBytes *alloy_vector_bytes(AlloyVectorFormat format, double width, double height, const char *title,
                           AlloyDrawFunc draw, gpointer data, GError **error);

G_END_DECLS
