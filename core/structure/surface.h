/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"

G_BEGIN_DECLS

/* Tetrahedra of the Delaunay tessellation of points, by qhull, robust on perfect lattices. */
typedef struct {
    size_t n_tetrahedra;
    uint32_t (*vertex)[4];   /* positively oriented */
    int64_t (*neighbour)[4]; /* across the face opposite of vertex k; -1: the outside */
    double *circumradius;    /* angstrom; infinite for a flat one */
} AlloyDelaunay;
AlloyDelaunay *alloy_delaunay(const double *x, const double *y, const double *z, size_t n,
                              AlloyProgress *progress, GError **error);
void alloy_delaunay_free(AlloyDelaunay *delaunay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyDelaunay, alloy_delaunay_free)

/* The boundary atoms of the alpha shape: boundary[i] = 1 for vertices of a face that belongs to one
 * tetrahedron of circumradius <= probe_radius and not to a second. n bytes. area (angstrom^2), volume
 * (angstrom^3) nullable. H. Edelsbrunner, E. P. Muecke, ACM Trans. Graph. 13, 43 (1994). */
gboolean alloy_alpha_boundary(const AlloyAtoms *atoms, double probe_radius, uint8_t *boundary, double *area,
                              double *volume, AlloyProgress *progress, GError **error);

G_END_DECLS
