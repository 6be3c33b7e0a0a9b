/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/region.h"

#include "core/base/linalg.h"
#include "core/base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAIN 32768 /* a multiple of 8: no two blocks share a byte of a mask */

AlloyRegion *alloy_region_new(int width, int height)
{
    AlloyRegion *region = g_new(AlloyRegion, 1);
    region->width = MAX(width, 1);
    region->height = MAX(height, 1);
    region->inside = g_malloc0((size_t)region->width * (size_t)region->height);
    return region;
}

void alloy_region_free(AlloyRegion *region)
{
    if (region == NULL)
        return;
    g_free(region->inside);
    g_free(region);
}

void alloy_region_clear(AlloyRegion *region)
{
    memset(region->inside, 0, (size_t)region->width * (size_t)region->height);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void alloy_region_add_polygon(AlloyRegion *region, const double (*points)[2], size_t n)
{
    if (n < 3)
        return;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        low = fmin(low, points[k][1]);
        high = fmax(high, points[k][1]);
    }
    g_autofree double *crossings = g_new(double, n);
    int first = (int)fmax(ceil(low - 0.5), 0), last = (int)fmin(floor(high - 0.5), region->height - 1);
    for (int y = first; y <= last; y++) {
        const double middle = y + 0.5;
        size_t found = 0;
        for (size_t k = 0; k < n; k++) {
            const double *a = points[k], *b = points[(k + 1) % n];
            /* half open, so that a corner on the line counts once */
            if ((a[1] <= middle) != (b[1] <= middle))
                crossings[found++] = a[0] + (middle - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
        }
        qsort(crossings, found, sizeof *crossings, compare);
        uint8_t *row = region->inside + (size_t)y * (size_t)region->width;
        for (size_t k = 0; k + 1 < found; k += 2) {
            int from = (int)fmax(ceil(crossings[k] - 0.5), 0);
            int to = (int)fmin(ceil(crossings[k + 1] - 0.5) - 1, region->width - 1);
            if (from <= to)
                memset(row + from, 1, (size_t)(to - from + 1));
        }
    }
}

void alloy_region_add_stroke(AlloyRegion *region, const double a[2], const double b[2], double radius)
{
    const double d[2] = {b[0] - a[0], b[1] - a[1]}, length2 = d[0] * d[0] + d[1] * d[1];
    int x0 = (int)fmax(floor(fmin(a[0], b[0]) - radius), 0);
    int x1 = (int)fmin(ceil(fmax(a[0], b[0]) + radius), region->width - 1);
    int y0 = (int)fmax(floor(fmin(a[1], b[1]) - radius), 0);
    int y1 = (int)fmin(ceil(fmax(a[1], b[1]) + radius), region->height - 1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            double p[2] = {x + 0.5 - a[0], y + 0.5 - a[1]};
            double t = length2 > 0 ? CLAMP((p[0] * d[0] + p[1] * d[1]) / length2, 0, 1) : 0;
            double q[2] = {p[0] - t * d[0], p[1] - t * d[1]};
            if (q[0] * q[0] + q[1] * q[1] <= radius * radius)
                region->inside[(size_t)y * (size_t)region->width + (size_t)x] = 1;
        }
}

typedef struct {
    const AlloyRegion *region;
    const AlloyScene *scene;
    const AlloySelection *hidden;
    const AlloySlab *slab;
    double rows[3][3], shift[3], distance, per_angstrom;
    uint8_t *mask;
} Through;

static void mark_through(size_t begin, size_t end, void *data)
{
    const Through *job = data;
    const AlloyAtoms *atoms = alloy_scene_atoms(job->scene);
    const AlloyRegion *region = job->region;
    for (size_t i = begin; i < end; i++) {
        const double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
        double u = alloy_dot3(job->rows[0], p) + job->shift[0],
               v = alloy_dot3(job->rows[1], p) + job->shift[1];
        job->mask[i] = 0;
        if (isfinite(job->distance)) {
            double z = alloy_dot3(job->rows[2], p) + job->shift[2];
            if (z >= job->distance)
                continue;
            double nearer = job->distance / (job->distance - z);
            u *= nearer;
            v *= nearer;
        }
        const double x = u * job->per_angstrom + 0.5 * region->width;
        const double y = v * job->per_angstrom + 0.5 * region->height;
        if (!(x >= 0 && y >= 0 && x < region->width && y < region->height) ||
            !region->inside[(size_t)y * (size_t)region->width + (size_t)x])
            continue;
        if (job->slab != NULL) {
            double at = alloy_dot3(job->slab->normal, p);
            if (at < job->slab->from || at > job->slab->to)
                continue;
        }
        job->mask[i] = job->hidden == NULL || !alloy_selection_has(job->hidden, i);
    }
}

const AlloySelection *alloy_region_through(const AlloyRegion *region, const AlloyScene *scene,
                                           const AlloyCamera *camera)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(scene);
    if (atoms == NULL)
        return alloy_selection_none(0);
    g_autofree uint8_t *mask = g_malloc(atoms->n + 1);
    Through job = {.region = region,
                   .scene = scene,
                   .hidden = alloy_scene_hidden(scene),
                   .slab = alloy_scene_slab(scene),
                   .distance = alloy_camera_distance(camera),
                   .per_angstrom = region->height / camera->height,
                   .mask = mask};
    alloy_camera_matrix(camera, job.rows);
    for (int k = 0; k < 3; k++)
        job.shift[k] = -alloy_dot3(job.rows[k], camera->target);
    alloy_parallel_for(atoms->n, GRAIN, mark_through, &job, NULL, NULL);
    return alloy_selection_from_mask(mask, atoms->n);
}

const AlloySelection *alloy_region_visible(const AlloyRegion *region, const AlloyFrame *frame)
{
    g_return_val_if_fail(region->width == frame->width && region->height == frame->height, NULL);
    const AlloyAtoms *atoms = frame->scene != NULL ? alloy_scene_atoms(frame->scene) : NULL;
    size_t n = atoms != NULL ? atoms->n : 0;
    g_autofree uint8_t *mask = g_malloc0(n + 1);
    for (size_t k = 0; k < (size_t)region->width * (size_t)region->height; k++)
        if (region->inside[k] && frame->ids[k] != 0)
            mask[frame->ids[k] - 1] = 1;
    return alloy_selection_from_mask(mask, n);
}
