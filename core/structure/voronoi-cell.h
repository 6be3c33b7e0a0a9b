/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* One cell of a Voronoi tessellation: what is nearer to the atom at the origin than to its neighbours, made
 * by cutting a cube with one bisecting plane after the other. It depends continuously on the positions, so
 * that, unlike the cut into tetrahedra, it does not care for perfect lattices; where more than three planes
 * meet, a corner is there several times, joined by edges of no length. Every corner belongs to one Delaunay
 * tetrahedron (the atom and the neighbours of its three planes) whose sphere is centred there; every edge to
 * a Delaunay triangle, every plane to a Delaunay edge. */

/* Planes 0..5 are those of the cube. */
#define ALLOY_VORONOI_CUBE 6

typedef struct {
    double p[3];
    double square;     /* distance from the atom, squared */
    uint32_t plane[3]; /* anticlockwise, seen from outside */
    uint32_t
        next[3]; /* the corner at the other end of the edge that leaves plane k, the other two share it */
} AlloyVoronoiCorner;

typedef struct {
    size_t n_corners, n_planes;
    AlloyVoronoiCorner *corner;
    double (*site)[3]; /* of each plane: its neighbour, seen from the atom; of the cube: its normal */
    double furthest;   /* largest square of the corners */
    double tolerance;  /* a corner beyond a plane by no more than this is left where it is */
    /* private */
    size_t corner_room, plane_room;
    double *beyond;
    uint32_t *after, *before;
} AlloyVoronoiCell;

void alloy_voronoi_cell_init(AlloyVoronoiCell *cell);
void alloy_voronoi_cell_clear(AlloyVoronoiCell *cell);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlloyVoronoiCell, alloy_voronoi_cell_clear)

/* The cube of half the edge `half` around the atom; tolerance should be some 1e-10 of the length that
 * matters. */
void alloy_voronoi_cell_start(AlloyVoronoiCell *cell, double half, double tolerance);

/* Cuts with the plane halfway to a neighbour at `site`, which must be further than 2 tolerance away. TRUE
 * when something was cut off. */
gboolean alloy_voronoi_cell_cut(AlloyVoronoiCell *cell, const double site[3]);

G_END_DECLS
