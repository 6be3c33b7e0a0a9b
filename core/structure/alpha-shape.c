/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/structure/delaunay-private.h"

#include <math.h>
#include <string.h>

/* Spheres that are equal in the lattice differ by rounding: one that exceeds the probe by no more than this
 * share counts as equal to it. */
#define TIE 1e-9

/* With more images than this the probe is out of all proportion to the cell. */
#define MOST_IMAGES 2e7

/* The points that are tessellated: the atoms, then images of them around a periodic cell. */
typedef struct {
    size_t n, real;
    double *x, *y, *z;
    uint32_t *atom; /* of which each is an image; the first `real` are the atoms themselves */
} Cloud;

static void cloud_clear(Cloud *cloud)
{
    g_free(cloud->x);
    g_free(cloud->y);
    g_free(cloud->z);
    g_free(cloud->atom);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cloud, cloud_clear)

static void cloud_allocate(Cloud *cloud, size_t n)
{
    cloud->x = g_new(double, n);
    cloud->y = g_new(double, n);
    cloud->z = g_new(double, n);
    cloud->atom = g_new(uint32_t, n);
}

static void cloud_add(Cloud *cloud, const double p[3], size_t atom)
{
    cloud->x[cloud->n] = p[0];
    cloud->y[cloud->n] = p[1];
    cloud->z[cloud->n] = p[2];
    cloud->atom[cloud->n++] = (uint32_t)atom;
}

/* Fractional coordinates wrapped into the cell along its periodic directions. */
static void wrapped(const AlloyAtoms *atoms, const double inverse[3][3], size_t i, double fraction[3])
{
    const AlloyCell *cell = atoms->cell;
    double d[3] = {atoms->x[i] - cell->origin[0], atoms->y[i] - cell->origin[1],
                   atoms->z[i] - cell->origin[2]};
    alloy_row_times3(d, inverse, fraction);
    for (int k = 0; k < 3; k++)
        if (cell->periodic[k])
            fraction[k] -= floor(fraction[k]);
}

static void cell_position(const AlloyCell *cell, const double fraction[3], double p[3])
{
    alloy_row_times3(fraction, cell->vector, p);
    for (int k = 0; k < 3; k++)
        p[k] += cell->origin[k];
}

/* Atoms and their images within `reach` of the cell. A sphere of the probe through an atom stays within twice
 * the probe of it: with that reach every tetrahedron that counts and has an atom of the cell is the one of
 * the endless crystal. */
static gboolean cloud_periodic(Cloud *cloud, const AlloyAtoms *atoms, double reach, AlloyProgress *progress,
                               GError **error)
{
    const AlloyCell *cell = atoms->cell;
    double inverse[3][3], margin[3], images = (double)atoms->n;
    if (!alloy_cell_check(cell, error))
        return FALSE;
    alloy_invert3(cell->vector, inverse);
    for (int k = 0; k < 3; k++) {
        /* 1 / (distance between the planes of the cell) is the length of column k of the inverse. */
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        margin[k] = cell->periodic[k] ? reach * alloy_norm3(column) : 0;
        images *= 1 + 2 * margin[k];
    }
    if (!(images < MOST_IMAGES))
        return alloy_parameter_error(
            error,
            "A probe radius of %g angstrom needs %.3g images of the %zu atoms of this "
            "periodic cell; take a smaller one",
            reach / 2, images, atoms->n);
    g_autofree double *fraction = g_new(double, 3 * MAX(atoms->n, 1));
    size_t total = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        double *f = fraction + 3 * i;
        size_t copies = 1;
        wrapped(atoms, inverse, i, f);
        for (int k = 0; k < 3; k++)
            copies *= (size_t)(1 + floor(1 + margin[k] - f[k]) + floor(margin[k] + f[k]));
        total += copies;
    }
    if (!alloy_progress_check(progress, error))
        return FALSE;
    cloud_allocate(cloud, total);
    for (size_t i = 0; i < atoms->n; i++) {
        double p[3];
        cell_position(cell, fraction + 3 * i, p);
        cloud_add(cloud, p, i);
    }
    cloud->real = cloud->n;
    for (size_t i = 0; i < atoms->n; i++) {
        const double *f = fraction + 3 * i;
        int low[3], high[3];
        for (int k = 0; k < 3; k++) {
            low[k] = cell->periodic[k] ? -(int)floor(margin[k] + f[k]) : 0;
            high[k] = cell->periodic[k] ? (int)floor(1 + margin[k] - f[k]) : 0;
        }
        for (int a = low[0]; a <= high[0]; a++)
            for (int b = low[1]; b <= high[1]; b++)
                for (int c = low[2]; c <= high[2]; c++) {
                    if (!a && !b && !c)
                        continue;
                    double p[3];
                    cell_position(cell, (double[3]){f[0] + a, f[1] + b, f[2] + c}, p);
                    cloud_add(cloud, p, i);
                }
    }
    return TRUE;
}

static void point(const Cloud *cloud, uint32_t i, double p[3])
{
    p[0] = cloud->x[i];
    p[1] = cloud->y[i];
    p[2] = cloud->z[i];
}

static void minus(const double a[3], const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = a[k] - b[k];
}

/* Area of triangle abc, and the part of it nearer to a than to b or c, signed: what the circumcentre and the
 * middles of the edges cut off. However a co-circular polygon is cut into triangles, a corner gets the same.
 */
static double corner_area(const double a[3], const double b[3], const double c[3], double *whole)
{
    double ab[3], ac[3], bc[3], cross[3];
    minus(b, a, ab);
    minus(c, a, ac);
    minus(c, b, bc);
    alloy_cross3(ab, ac, cross);
    double twice = alloy_norm3(cross);
    *whole = twice / 2;
    if (!(twice > 0))
        return 0;
    double cot_b = -alloy_dot3(ab, bc) / twice, cot_c = alloy_dot3(ac, bc) / twice;
    return (alloy_dot3(ab, ab) * cot_c + alloy_dot3(ac, ac) * cot_b) / 8;
}

/* Volume of tetrahedron 0123 (positive), and the part of it nearer to corner `own` than to the others,
 * signed, in the same sense: over each face at the corner, its part of the area times a third of the height
 * of the circumcentre. */
static double corner_volume(const double p[4][3], int own, double *whole)
{
    double e[3][3], cross[3][3], square[3], centre[3];
    const double *others[3];
    for (int k = 0, m = 0; k < 4; k++)
        if (k != own)
            others[m++] = p[k];
    for (int k = 0; k < 3; k++) {
        minus(others[k], p[own], e[k]);
        square[k] = alloy_dot3(e[k], e[k]);
    }
    for (int k = 0; k < 3; k++)
        alloy_cross3(e[(k + 1) % 3], e[(k + 2) % 3], cross[k]);
    double det = alloy_dot3(e[0], cross[0]);
    *whole = fabs(det) / 6;
    for (int c = 0; c < 3; c++)
        centre[c] = (square[0] * cross[0][c] + square[1] * cross[1][c] + square[2] * cross[2][c]) / (2 * det);
    double volume = 0;
    for (int k = 0; k < 3; k++) {
        /* The face of the corner and the two others than k: cross[k] is normal to it, towards k when det > 0.
         */
        double area, length = alloy_norm3(cross[k]);
        double height = copysign(1, det) * alloy_dot3(centre, cross[k]) / length;
        volume += corner_area(p[own], others[(k + 1) % 3], others[(k + 2) % 3], &area) * height / 3;
    }
    return volume;
}

typedef struct {
    const Cloud *cloud;
    uint8_t *boundary;
    double area, volume;
} Shape;

/* A tetrahedron of the shape: all of it where its corners are atoms, else the parts of its corners that are.
 * A flat one has no volume, nor has any corner of it. */
static void add_tetrahedron(Shape *shape, const uint32_t vertex[4], gboolean flat)
{
    double p[4][3], whole = 0, parts = 0;
    unsigned real = 0;
    if (flat)
        return;
    for (int k = 0; k < 4; k++)
        point(shape->cloud, vertex[k], p[k]);
    for (int k = 0; k < 4; k++) {
        if (vertex[k] >= shape->cloud->real)
            continue;
        parts += corner_volume(p, k, &whole);
        real++;
    }
    shape->volume += real == 4 ? whole : parts;
}

/* A face of the boundary, likewise. */
static void add_face(Shape *shape, const uint32_t vertex[3])
{
    double p[3][3], whole = 0, parts = 0;
    unsigned real = 0;
    for (int k = 0; k < 3; k++)
        point(shape->cloud, vertex[k], p[k]);
    for (int k = 0; k < 3; k++) {
        if (vertex[k] >= shape->cloud->real)
            continue;
        shape->boundary[vertex[k]] = 1;
        parts += corner_area(p[k], p[(k + 1) % 3], p[(k + 2) % 3], &whole);
        real++;
    }
    shape->area += real == 3 ? whole : parts;
}

static void add_shape(Shape *shape, const AlloyDelaunay *delaunay, double probe_radius)
{
    double most = probe_radius * (1 + TIE);
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        const uint32_t *v = delaunay->vertex[t];
        if (!(delaunay->circumradius[t] <= most))
            continue;
        add_tetrahedron(shape, v, delaunay->flat[t]);
        for (int k = 0; k < 4; k++) {
            int64_t other = delaunay->neighbour[t][k];
            if (other < 0 || !(delaunay->circumradius[other] <= most))
                add_face(shape, (uint32_t[3]){v[(k + 1) % 4], v[(k + 2) % 4], v[(k + 3) % 4]});
        }
    }
}

gboolean alloy_alpha_boundary(const AlloyAtoms *atoms, double probe_radius, uint8_t *boundary, double *area,
                              double *volume, AlloyProgress *progress, GError **error)
{
    if (!(probe_radius > 0) || !isfinite(probe_radius))
        return alloy_parameter_error(error, "The probe radius must be a positive length in angstrom, not %g",
                                     probe_radius);
    g_auto(Cloud) cloud = {0};
    gboolean periodic = alloy_cell_is_periodic(atoms->cell);
    if (periodic) {
        if (!cloud_periodic(&cloud, atoms, 2 * probe_radius * (1 + TIE), progress, error))
            return FALSE;
    } else {
        cloud_allocate(&cloud, MAX(atoms->n, 1));
        for (size_t i = 0; i < atoms->n; i++)
            cloud_add(&cloud, (double[3]){atoms->x[i], atoms->y[i], atoms->z[i]}, i);
        cloud.real = cloud.n;
    }
    g_autofree uint32_t *same = g_new(uint32_t, MAX(cloud.n, 1));
    g_autoptr(AlloyDelaunay) delaunay =
        alloy_delaunay_places(cloud.x, cloud.y, cloud.z, cloud.n, same, progress, error);
    if (!delaunay)
        return FALSE;
    memset(boundary, 0, atoms->n);
    Shape shape = {&cloud, boundary, 0, 0};
    add_shape(&shape, delaunay, probe_radius);
    for (size_t i = 0; i < atoms->n; i++)
        boundary[i] = boundary[cloud.atom[same[i]]];
    if (area)
        *area = shape.area;
    if (volume)
        *volume = shape.volume;
    return alloy_progress_check(progress, error);
}
