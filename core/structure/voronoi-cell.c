/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/voronoi-cell.h"

#include "core/base/linalg.h"

#include <math.h>
#include <string.h>

#define NONE G_MAXUINT32

void alloy_voronoi_cell_init(AlloyVoronoiCell *cell)
{
    memset(cell, 0, sizeof *cell);
}

void alloy_voronoi_cell_clear(AlloyVoronoiCell *cell)
{
    g_free(cell->corner);
    g_free(cell->site);
    g_free(cell->beyond);
    g_free(cell->after);
    g_free(cell->before);
    memset(cell, 0, sizeof *cell);
}

static void corner_room(AlloyVoronoiCell *cell, size_t room)
{
    if (room <= cell->corner_room)
        return;
    cell->corner_room = MAX(room, MAX(2 * cell->corner_room, 128));
    cell->corner = g_renew(AlloyVoronoiCorner, cell->corner, cell->corner_room);
    cell->beyond = g_renew(double, cell->beyond, cell->corner_room);
}

static void plane_room(AlloyVoronoiCell *cell, size_t room)
{
    if (room <= cell->plane_room)
        return;
    size_t old = cell->plane_room;
    cell->plane_room = MAX(room, MAX(2 * old, 64));
    cell->site = g_realloc_n(cell->site, cell->plane_room, sizeof *cell->site);
    cell->after = g_renew(uint32_t, cell->after, cell->plane_room);
    cell->before = g_renew(uint32_t, cell->before, cell->plane_room);
    for (size_t k = old; k < cell->plane_room; k++)
        cell->after[k] = cell->before[k] = NONE;
}

void alloy_voronoi_cell_start(AlloyVoronoiCell *cell, double half, double tolerance)
{
    corner_room(cell, 8);
    plane_room(cell, ALLOY_VORONOI_CUBE);
    cell->n_corners = 8;
    cell->n_planes = ALLOY_VORONOI_CUBE;
    cell->tolerance = tolerance;
    cell->furthest = 3 * half * half;
    for (uint32_t k = 0; k < ALLOY_VORONOI_CUBE; k++)
        for (uint32_t c = 0; c < 3; c++)
            cell->site[k][c] = k / 2 != c ? 0 : k % 2 ? -1 : 1;
    for (uint32_t i = 0; i < 8; i++) {
        AlloyVoronoiCorner *corner = &cell->corner[i];
        /* Bit c of i: the negative side of axis c. Seen from outside, the axes turn the other way in every
         * second octant. */
        gboolean mirrored = (i ^ i >> 1 ^ i >> 2) & 1;
        corner->square = cell->furthest;
        for (uint32_t k = 0; k < 3; k++) {
            uint32_t axis = mirrored ? 2 - k : k;
            corner->p[k] = i >> k & 1 ? -half : half;
            corner->plane[k] = 2 * axis + (i >> axis & 1);
            corner->next[k] = i ^ 1u << axis;
        }
    }
}

/* How far each corner is beyond the plane; the largest of it. */
static double measure(AlloyVoronoiCell *cell, const double normal[3], double offset)
{
    double most = -INFINITY;
    for (size_t i = 0; i < cell->n_corners; i++) {
        double beyond = alloy_dot3(cell->corner[i].p, normal) - offset;
        cell->beyond[i] = beyond;
        most = beyond > most ? beyond : most;
    }
    return most;
}

/* The corners that the cut makes, appended behind the present ones: one on every edge between a corner that
 * stays and one that goes, at the index `after` of the plane behind it and `before` of the one in front.
 * FALSE when they do not make one closed polygon. */
static gboolean make_rim(AlloyVoronoiCell *cell, uint32_t plane, double tolerance, size_t *n_new)
{
    size_t n = cell->n_corners, made = 0;
    gboolean good = TRUE;
    for (size_t i = 0; i < n; i++) {
        if (!(cell->beyond[i] > tolerance))
            continue;
        for (uint32_t k = 0; k < 3; k++) {
            uint32_t stays = cell->corner[i].next[k];
            if (cell->beyond[stays] > tolerance)
                continue;
            corner_room(cell, n + made + 1);
            const AlloyVoronoiCorner *out = &cell->corner[i], *in = &cell->corner[stays];
            AlloyVoronoiCorner *rim = &cell->corner[n + made];
            double below = -cell->beyond[stays], share = below > 0 ? below / (below + cell->beyond[i]) : 0;
            for (int c = 0; c < 3; c++)
                rim->p[c] = in->p[c] + share * (out->p[c] - in->p[c]);
            rim->square = alloy_dot3(rim->p, rim->p);
            rim->plane[0] = plane;
            rim->plane[1] = out->plane[(k + 1) % 3];
            rim->plane[2] = out->plane[(k + 2) % 3];
            rim->next[0] = stays;
            cell->beyond[n + made] = -INFINITY;
            good = good && cell->after[rim->plane[1]] == NONE && cell->before[rim->plane[2]] == NONE;
            cell->after[rim->plane[1]] = cell->before[rim->plane[2]] = (uint32_t)(n + made);
            made++;
        }
    }
    /* Around the new plane: the next corner on the plane that is last here has it second. */
    size_t walked = 0;
    uint32_t at = (uint32_t)n;
    for (size_t k = n; k < n + made && good; k++) {
        AlloyVoronoiCorner *rim = &cell->corner[k];
        rim->next[1] = cell->after[rim->plane[2]];
        rim->next[2] = cell->before[rim->plane[1]];
        good = rim->next[1] != NONE && rim->next[2] != NONE;
    }
    while (good && walked < made) {
        at = cell->corner[at].next[1];
        walked++;
        if (at == n)
            break;
    }
    good = good && made >= 3 && walked == made && at == n;
    for (size_t k = n; k < n + made; k++)
        cell->after[cell->corner[k].plane[1]] = cell->before[cell->corner[k].plane[2]] = NONE;
    *n_new = made;
    return good;
}

/* Moves corner `from` to the free place `to`. */
static void move(AlloyVoronoiCell *cell, uint32_t from, uint32_t to)
{
    AlloyVoronoiCorner *corner = &cell->corner[to];
    *corner = cell->corner[from];
    for (int k = 0; k < 3; k++) {
        AlloyVoronoiCorner *other = &cell->corner[corner->next[k]];
        for (int m = 0; m < 3; m++)
            if (other->next[m] == from)
                other->next[m] = to;
    }
}

/* Puts the rim in the place of the corners beyond. */
static void replace_corners(AlloyVoronoiCell *cell, double tolerance, size_t n_new)
{
    size_t n = cell->n_corners, last = n + n_new;
    for (size_t k = n; k < last; k++) {
        const AlloyVoronoiCorner *rim = &cell->corner[k];
        AlloyVoronoiCorner *stays = &cell->corner[rim->next[0]];
        for (int m = 0; m < 3; m++)
            if (stays->plane[m] != rim->plane[1] && stays->plane[m] != rim->plane[2])
                stays->next[m] = (uint32_t)k;
    }
    for (size_t hole = 0; hole < n && hole < last; hole++) {
        if (!(cell->beyond[hole] > tolerance))
            continue;
        while (last > hole && cell->beyond[last - 1] > tolerance)
            last--;
        if (last > hole)
            move(cell, (uint32_t)--last, (uint32_t)hole);
    }
    cell->n_corners = last;
    cell->furthest = 0;
    for (size_t i = 0; i < last; i++)
        cell->furthest = MAX(cell->furthest, cell->corner[i].square);
}

gboolean alloy_voronoi_cell_cut(AlloyVoronoiCell *cell, const double site[3])
{
    double length = alloy_norm3(site);
    double normal[3] = {site[0] / length, site[1] / length, site[2] / length};
    double most = measure(cell, normal, length / 2), tolerance = cell->tolerance;
    /* What is beyond a plane is connected, and so is its rim. Where rounding says otherwise, corners within
     * the tolerance are at stake, and a little more of it finds a consistent cut; at the latest where only
     * one corner is left beyond. */
    for (; most > tolerance; tolerance *= 1.7) {
        size_t n_new;
        plane_room(cell, cell->n_planes + 1);
        if (!make_rim(cell, (uint32_t)cell->n_planes, tolerance, &n_new))
            continue;
        memcpy(cell->site[cell->n_planes++], site, sizeof *cell->site);
        replace_corners(cell, tolerance, n_new);
        return TRUE;
    }
    return FALSE;
}
