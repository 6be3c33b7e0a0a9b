/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/surface.h"

/* FALSE and an error for fewer than 4. */
gboolean alloy_check_count(size_t n, GError **error);

/* TRUE when some four of the points (at least one) are not in a plane (and all are finite); else FALSE and an
 * error that begins with `who` ("All 12 atoms"). */
gboolean alloy_check_spread(const double *x, const double *y, const double *z, size_t n, const char *who,
                            GError **error);

/* alloy_delaunay, which says besides for each point the first point at its place: itself, but for copies of
 * one atom, of which only the first is in the tessellation. */
AlloyDelaunay *alloy_delaunay_places(const double *x, const double *y, const double *z, size_t n,
                                     uint32_t *same, AlloyProgress *progress, GError **error);
