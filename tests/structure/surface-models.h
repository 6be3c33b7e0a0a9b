/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/linalg.h"
#include "core/base/random.h"
#include "core/data/atoms.h"

#include <math.h>

/* Points that the tests of the surface share: lattices, particles, noise. */

typedef struct {
    size_t n, room;
    double *x, *y, *z;
} Points;

static inline void points_clear(Points *points)
{
    g_free(points->x);
    g_free(points->y);
    g_free(points->z);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Points, points_clear)

static inline void points_add(Points *points, double x, double y, double z)
{
    if (points->n == points->room) {
        points->room = MAX(64, 2 * points->room);
        points->x = g_renew(double, points->x, points->room);
        points->y = g_renew(double, points->y, points->room);
        points->z = g_renew(double, points->z, points->room);
    }
    points->x[points->n] = x;
    points->y[points->n] = y;
    points->z[points->n++] = z;
}

static inline const AlloyAtoms *points_atoms(const Points *points, const AlloyCell *cell)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(points->n);
    int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
    for (size_t i = 0; i < points->n; i++) {
        builder->x[i] = points->x[i];
        builder->y[i] = points->y[i];
        builder->z[i] = points->z[i];
        builder->species[i] = (uint16_t)kind;
    }
    alloy_atoms_builder_set_cell(builder, cell);
    return alloy_atoms_builder_finish(builder);
}

/* Corners 0..n of a simple cubic lattice of edge 1. */
static inline void points_cubic(Points *points, int nx, int ny, int nz)
{
    for (int i = 0; i <= nx; i++)
        for (int j = 0; j <= ny; j++)
            for (int k = 0; k <= nz; k++)
                points_add(points, i, j, k);
}

/* fcc cuboctahedron of n shells and nearest neighbours `spacing` apart: the points (x, y, z) spacing / sqrt 2
 * with x + y + z even, |x|, |y|, |z| <= n and |x| + |y| + |z| <= 2n. */
static inline void points_cuboctahedron(Points *points, int n, double spacing)
{
    double unit = spacing / sqrt(2);
    for (int i = -n; i <= n; i++)
        for (int j = -n; j <= n; j++)
            for (int k = -n; k <= n; k++)
                if ((i + j + k) % 2 == 0 && abs(i) + abs(j) + abs(k) <= 2 * n)
                    points_add(points, i * unit, j * unit, k * unit);
}

/* On the surface of that cuboctahedron. */
static inline gboolean on_cuboctahedron(const Points *points, size_t i, int n, double spacing)
{
    double unit = spacing / sqrt(2), a = fabs(points->x[i]), b = fabs(points->y[i]), c = fabs(points->z[i]);
    return MAX(a, MAX(b, c)) > (n - 0.25) * unit || a + b + c > (2 * n - 0.25) * unit;
}

/* Mackay icosahedron of n shells: 12 vertices at distance k of shell k, its edges and faces divided evenly.
 */
static inline void points_icosahedron(Points *points, int n, double radial)
{
    double vertex[12][3], g = (1 + sqrt(5)) / 2, scale = radial / sqrt(1 + g * g);
    for (int k = 0; k < 12; k++) {
        int axis = k / 4;
        vertex[k][axis] = 0;
        vertex[k][(axis + 1) % 3] = (k & 1 ? -1 : 1) * scale;
        vertex[k][(axis + 2) % 3] = (k & 2 ? -g : g) * scale;
    }
    double edge = 2 * scale * 1.001;
    points_add(points, 0, 0, 0);
    for (int shell = 1; shell <= n; shell++)
        for (int a = 0; a < 12; a++) {
            points_add(points, shell * vertex[a][0], shell * vertex[a][1], shell * vertex[a][2]);
            for (int b = a + 1; b < 12; b++) {
                double ab[3] = {vertex[b][0] - vertex[a][0], vertex[b][1] - vertex[a][1],
                                vertex[b][2] - vertex[a][2]};
                if (alloy_norm3(ab) > edge)
                    continue;
                for (int s = 1; s < shell; s++)
                    points_add(points, shell * vertex[a][0] + s * ab[0], shell * vertex[a][1] + s * ab[1],
                               shell * vertex[a][2] + s * ab[2]);
                for (int c = b + 1; c < 12; c++) {
                    double ac[3] = {vertex[c][0] - vertex[a][0], vertex[c][1] - vertex[a][1],
                                    vertex[c][2] - vertex[a][2]};
                    double bc[3] = {ac[0] - ab[0], ac[1] - ab[1], ac[2] - ab[2]};
                    if (alloy_norm3(ac) > edge || alloy_norm3(bc) > edge)
                        continue;
                    for (int s = 1; s < shell; s++)
                        for (int t = 1; s + t < shell; t++)
                            points_add(points, shell * vertex[a][0] + s * ab[0] + t * ac[0],
                                       shell * vertex[a][1] + s * ab[1] + t * ac[1],
                                       shell * vertex[a][2] + s * ab[2] + t * ac[2]);
                }
            }
        }
}

/* Uniform in a cube. */
static inline void points_random(Points *points, size_t n, double edge, AlloyRandom *random)
{
    for (size_t i = 0; i < n; i++) {
        double x = edge * alloy_random_uniform(random), y = edge * alloy_random_uniform(random);
        points_add(points, x, y, edge * alloy_random_uniform(random));
    }
}

static inline void points_noise(Points *points, double sigma, AlloyRandom *random)
{
    for (size_t i = 0; i < points->n; i++) {
        points->x[i] += sigma * alloy_random_normal(random);
        points->y[i] += sigma * alloy_random_normal(random);
        points->z[i] += sigma * alloy_random_normal(random);
    }
}

static inline void points_rotate(Points *points, AlloyRandom *random)
{
    double axis[3], rotation[3][3];
    for (int k = 0; k < 3; k++)
        axis[k] = alloy_random_normal(random);
    double length = alloy_norm3(axis);
    for (int k = 0; k < 3; k++)
        axis[k] /= length;
    alloy_rotation3(axis, 2 * G_PI * alloy_random_uniform(random), rotation);
    for (size_t i = 0; i < points->n; i++) {
        double p[3] = {points->x[i], points->y[i], points->z[i]};
        points->x[i] = alloy_dot3(rotation[0], p);
        points->y[i] = alloy_dot3(rotation[1], p);
        points->z[i] = alloy_dot3(rotation[2], p);
    }
}

/* x -> x * scale + shift. */
static inline void points_map(Points *points, double scale, const double shift[3])
{
    for (size_t i = 0; i < points->n; i++) {
        points->x[i] = points->x[i] * scale + shift[0];
        points->y[i] = points->y[i] * scale + shift[1];
        points->z[i] = points->z[i] * scale + shift[2];
    }
}
