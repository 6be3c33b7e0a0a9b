/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/decimate.h"

#include <math.h>

AlloyMapper alloy_mapper(const AlloyAxisMap *map)
{
    double low = map->log ? log10(map->low) : map->low, high = map->log ? log10(map->high) : map->high;
    double slope = (map->end - map->start) / (high - low);
    return (AlloyMapper){map->start - low * slope, slope, map->log};
}

double alloy_mapper_point(const AlloyMapper *mapper, double value)
{
    if (!isfinite(value))
        return (double)NAN;
    if (mapper->log) {
        if (value <= 0)
            return (double)NAN;
        value = log10(value);
    }
    double point = mapper->offset + mapper->slope * value;
    return isnan(point) ? point : CLAMP(point, -1e9, 1e9);
}

typedef struct {
    GArray *out;
    double column; /* which one is open */
    unsigned n;    /* points in it so far */
    AlloyPoint first, lowest, highest, last;
    gboolean low_before_high;
} Columns;

static void emit(GArray *out, AlloyPoint point)
{
    if (out->len > 0) {
        const AlloyPoint *last = &g_array_index(out, AlloyPoint, out->len - 1);
        if (last->x == point.x && last->y == point.y)
            return;
    }
    g_array_append_val(out, point);
}

static void flush(Columns *columns)
{
    if (columns->n == 0)
        return;
    emit(columns->out, columns->first);
    emit(columns->out, columns->low_before_high ? columns->lowest : columns->highest);
    emit(columns->out, columns->low_before_high ? columns->highest : columns->lowest);
    emit(columns->out, columns->last);
    columns->n = 0;
}

static void gap(GArray *out)
{
    if (out->len == 0 || isnan(g_array_index(out, AlloyPoint, out->len - 1).x))
        return;
    AlloyPoint none = {(double)NAN, (double)NAN};
    g_array_append_val(out, none);
}

static void into_column(Columns *columns, double column, AlloyPoint point)
{
    if (columns->n > 0 && column != columns->column)
        flush(columns);
    if (columns->n++ == 0) {
        columns->column = column;
        columns->first = columns->lowest = columns->highest = columns->last = point;
        return;
    }
    columns->last = point;
    if (point.y < columns->lowest.y) {
        columns->lowest = point;
        columns->low_before_high = FALSE;
    } else if (point.y > columns->highest.y) {
        columns->highest = point;
        columns->low_before_high = TRUE;
    }
}

GArray *alloy_decimate(const double *x, const double *y, size_t n, gboolean sorted, const AlloyAxisMap *x_map,
                       const AlloyAxisMap *y_map, double column)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(AlloyPoint));
    AlloyMapper to_x = alloy_mapper(x_map), to_y = alloy_mapper(y_map);
    double left = MIN(x_map->start, x_map->end), right = MAX(x_map->start, x_map->end);
    Columns columns = {.out = out};
    AlloyPoint last = {(double)NAN, (double)NAN};
    for (size_t i = 0; i < n; i++) {
        AlloyPoint point = {alloy_mapper_point(&to_x, x[i]), alloy_mapper_point(&to_y, y[i])};
        if (isnan(point.x) || isnan(point.y)) {
            flush(&columns);
            gap(out);
            last.x = (double)NAN;
        } else if (column <= 0) {
            g_array_append_val(out, point);
        } else if (sorted) {
            into_column(&columns, floor((CLAMP(point.x, left - column, right + column) - left) / column),
                        point);
        } else if (!(fabs(point.x - last.x) < column / 2 && fabs(point.y - last.y) < column / 2)) {
            g_array_append_val(out, point);
            last = point;
        }
    }
    flush(&columns);
    return out;
}
