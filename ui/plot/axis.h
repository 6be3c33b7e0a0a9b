/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An axis: what it shows and how values become places on it. No drawing here. */

typedef struct {
    const char *title; /* NULL: the name of the first mark's column; text.h says what may stand in it */
    const char *unit;  /* as the core writes it ("angstrom"); NULL: the unit of that column */
    gboolean log;
    gboolean fixed_low, fixed_high; /* this end is `low` or `high` below; otherwise it follows the data */
    double low, high;               /* low > high: the axis runs backwards (both fixed) */
} AlloyAxis;

/* The one convention of the program for a title with its unit: "Distance (Å)", as the journals have it; what
 * has no unit is only its title. Free with g_free. */
char *alloy_axis_title(const char *title, const char *unit);
/* A unit of the core as it is printed: angstrom is Å, angstrom^2 Å², 1 and the empty one nothing, ^-1 a
 * superscript. Free with g_free. */
char *alloy_unit_text(const char *unit);

/* Values low..high lie at start..end (points, either way round). */
typedef struct {
    double low, high;
    gboolean log;
    double start, end;
} AlloyAxisMap;

/* The place of a value, at most 1e9 points away; NaN for what has none (not finite; not positive on a log
 * axis). */
double alloy_axis_to_point(const AlloyAxisMap *map, double value);
double alloy_axis_to_value(const AlloyAxisMap *map, double point);

/* New range [low, high] after the view is made `factor` times as large (> 1: closer) about a place in points,
 * or moved by so many points (what was under the pointer stays under it). Ranges stay usable. */
void alloy_axis_zoom(const AlloyAxisMap *map, double about, double factor, double *low, double *high);
void alloy_axis_pan(const AlloyAxisMap *map, double by, double *low, double *high);
/* Moves [low, high] into [from, to] keeping its width (on a log axis: its ratio); a wider one becomes
 * [from, to]. */
void alloy_axis_clamp(double from, double to, gboolean log, double *low, double *high);

G_END_DECLS
