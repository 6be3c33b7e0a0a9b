/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/surface.h"

/* alloy_delaunay, which says besides for each point the first point at its place: itself, but for copies of
 * one atom, of which only the first is in the tessellation. */
AlloyDelaunay *alloy_delaunay_places(const double *x, const double *y, const double *z, size_t n,
                                     uint32_t *same, AlloyProgress *progress, GError **error);
