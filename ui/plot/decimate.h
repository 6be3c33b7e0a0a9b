/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/plot/axis.h"

#include <stddef.h>

G_BEGIN_DECLS

/* As many points as a target can show, instead of all. */

typedef struct {
    double x, y; /* points; x NaN: a gap */
} AlloyPoint;

/* A map made ready for many values: one product and one sum each (and a logarithm on a log axis). */
typedef struct {
    double offset, slope;
    gboolean log;
} AlloyMapper;
AlloyMapper alloy_mapper(const AlloyAxisMap *map);
double alloy_mapper_point(const AlloyMapper *mapper, double value); /* as alloy_axis_to_point */

/* The n values as a polyline (GArray of AlloyPoint; unref). Of rising x all points in a column `column`
 * points wide become at most four: the first, the lowest, the highest and the last, in their order, so that a
 * line through them covers the same pixels. Otherwise points closer than half a column to the one before are
 * left out. What lies more than a column outside [map start, end] of x counts as one column. column 0: all.
 */
GArray *alloy_decimate(const double *x, const double *y, size_t n, gboolean sorted, const AlloyAxisMap *x_map,
                       const AlloyAxisMap *y_map, double column);

G_END_DECLS
