/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"

G_BEGIN_DECLS

/* Tetrahedra of the Delaunay tessellation of points, by qhull (C. B. Barber, D. P. Dobkin, H. Huhdanpaa, ACM
 * Trans. Math. Softw. 22, 469 (1996)), robust on perfect lattices, where any cut of co-spherical points is as
 * good as another: the points are moved by some 1e-9 of the extent before they are tessellated. */
typedef struct {
    size_t n_tetrahedra;
    uint32_t (*vertex)[4];   /* positively oriented: (v1 - v0) x (v2 - v0) . (v3 - v0) > 0 unless flat */
    int64_t (*neighbour)[4]; /* across the face opposite of vertex k; -1: the outside. Mutual */
    double *circumradius; /* angstrom. A flat one has no sphere of its own: it has the largest radius of the
                             tetrahedra around it, and infinity where it touches the outside */
    uint8_t *flat;        /* 1: without volume within the rounding of the tessellation */
} AlloyDelaunay;

/* Needs 4 points that are not in a plane, else ALLOY_ERROR_INPUT; what qhull refuses is ALLOY_ERROR_LIBRARY.
 * Points at one place (nearer than some 1e-7 of the extent) are one point: only the first is a vertex.
 * Cancelling is seen before and after the work of qhull, which knows no interruption. Free with
 * alloy_delaunay_free. */
AlloyDelaunay *alloy_delaunay(const double *x, const double *y, const double *z, size_t n,
                              AlloyProgress *progress, GError **error);
void alloy_delaunay_free(AlloyDelaunay *delaunay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyDelaunay, alloy_delaunay_free)

/* The boundary atoms of the alpha shape: boundary[i] = 1 for vertices of a face that belongs to one
 * tetrahedron of circumradius <= probe_radius (equal within 1e-9) and not to a second, and for atoms at the
 * place of one. n bytes. An atom without such a tetrahedron (an isolated one) is no boundary; a probe that
 * fits between all neighbours finds none at all. area (angstrom^2), volume (angstrom^3) nullable. In a cell
 * that is periodic in some directions it is the boundary of the endless solid, and area and volume are those
 * of one cell. By Voronoi cells, linear in the number of atoms, for probes of a few spacings; by
 * alloy_delaunay for larger ones. Errors as alloy_delaunay; a probe that needs too many images of the cell:
 * ALLOY_ERROR_PARAMETER. H. Edelsbrunner, E. P. Muecke, ACM Trans. Graph. 13, 43 (1994). */
gboolean alloy_alpha_boundary(const AlloyAtoms *atoms, double probe_radius, uint8_t *boundary, double *area,
                              double *volume, AlloyProgress *progress, GError **error);

G_END_DECLS
