/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/voronoi-cell.h"

#include "tests/common.h"
#include "tests/structure/surface-models.h"

#include <stdlib.h>
#include <string.h>

/* The cell of the origin among the other points, nearest first or in random order. */
static void make(AlloyVoronoiCell *cell, const Points *points, double half, AlloyRandom *shuffle)
{
    g_autofree uint32_t *order = g_new(uint32_t, points->n);
    for (uint32_t i = 0; i < points->n; i++)
        order[i] = i;
    if (shuffle)
        alloy_random_shuffle32(shuffle, order, points->n);
    alloy_voronoi_cell_start(cell, half, 1e-10);
    for (size_t k = 0; k < points->n; k++) {
        double site[3] = {points->x[order[k]], points->y[order[k]], points->z[order[k]]};
        if (alloy_norm3(site) > 1e-6)
            alloy_voronoi_cell_cut(cell, site);
    }
}

/* The corners form a polyhedron of simple corners: V - E + F = 2 with 2 E = 3 V, edges lead back, corners lie
 * on their planes. Returns its volume and counts planes and different corners. */
static double measure(const AlloyVoronoiCell *cell, size_t *planes, size_t *places)
{
    g_autofree uint8_t *used = g_new0(uint8_t, cell->n_planes);
    size_t n = cell->n_corners, faces = 0;
    double volume = 0, furthest = 0;
    *places = 0;
    for (size_t i = 0; i < n; i++) {
        const AlloyVoronoiCorner *corner = &cell->corner[i];
        furthest = fmax(furthest, corner->square);
        gboolean repeated = FALSE;
        for (size_t j = 0; j < i; j++) {
            double d[3];
            for (int c = 0; c < 3; c++)
                d[c] = corner->p[c] - cell->corner[j].p[c];
            repeated = repeated || alloy_norm3(d) < 1e-8;
        }
        *places += !repeated;
        for (int k = 0; k < 3; k++) {
            const AlloyVoronoiCorner *other = &cell->corner[corner->next[k]];
            gboolean back = FALSE;
            for (int m = 0; m < 3; m++)
                back = back || other->next[m] == i;
            g_assert_true(back);
            used[corner->plane[k]] = 1;
            const double *site = cell->site[corner->plane[k]];
            if (corner->plane[k] >= ALLOY_VORONOI_CUBE)
                test_assert_near(alloy_dot3(corner->p, site), alloy_dot3(site, site) / 2, 2e-8);
            /* The part of the edge that leaves plane k: two right-angled tetrahedra from the middle of the
             * atom over the feet on the two planes and on their common line, to the corner. */
            const double *a = cell->site[corner->plane[(k + 1) % 3]],
                         *b = cell->site[corner->plane[(k + 2) % 3]];
            double normal[3], foot[3], difference[3], cross[3];
            alloy_cross3(a, b, normal);
            double height = alloy_dot3(corner->p, normal) / alloy_dot3(normal, normal);
            for (int c = 0; c < 3; c++) {
                foot[c] = corner->p[c] - height * normal[c];
                difference[c] = (a[c] - b[c]) / 2;
            }
            alloy_cross3(difference, foot, cross);
            volume += alloy_dot3(cross, corner->p) / 6;
        }
    }
    for (size_t k = 0; k < cell->n_planes; k++)
        faces += used[k];
    g_assert_cmpuint(2 * faces, ==, n + 4);
    test_assert_near(cell->furthest, furthest, 0);
    *planes = faces;
    return volume;
}

/* The cells of the cubic lattices: cube; rhombic dodecahedron (12 faces, 14 corners, a^3 / 4); truncated
 * octahedron (14 faces, 24 corners, a^3 / 2, all corners at sqrt 5 / 4 a). In any order of the neighbours,
 * turned, or with noise. */
static void test_lattices(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 3, 0);
    g_auto(AlloyVoronoiCell) cell;
    alloy_voronoi_cell_init(&cell);
    for (int trial = 0; trial < 40; trial++) {
        g_auto(Points) cubic = {0}, fcc = {0}, bcc = {0};
        size_t planes, places;
        points_cubic(&cubic, 4, 4, 4);
        points_map(&cubic, 1, (double[3]){-2, -2, -2});
        points_cuboctahedron(&fcc, 3, sqrt(0.5));
        for (int i = -4; i <= 4; i++)
            for (int j = -4; j <= 4; j++)
                for (int k = -4; k <= 4; k++)
                    if ((i & 1) == (j & 1) && (j & 1) == (k & 1))
                        points_add(&bcc, i / 2., j / 2., k / 2.);
        if (trial > 0) {
            points_rotate(&cubic, &random);
            points_rotate(&fcc, &random);
            points_rotate(&bcc, &random);
        }
        AlloyRandom *shuffle = trial < 2 ? NULL : &random;
        make(&cell, &cubic, 2.1, shuffle);
        test_assert_near(measure(&cell, &planes, &places), 1, 1e-12);
        g_assert_cmpuint(places, ==, 8);
        test_assert_near(cell.furthest, 0.75, 1e-12);
        make(&cell, &fcc, 2.1, shuffle);
        test_assert_near(measure(&cell, &planes, &places), 0.25, 1e-12);
        g_assert_cmpuint(places, ==, 14);
        test_assert_near(cell.furthest, 0.25, 1e-12);
        make(&cell, &bcc, 2.1, shuffle);
        test_assert_near(measure(&cell, &planes, &places), 0.5, 1e-12);
        g_assert_cmpuint(planes, ==, 14);
        g_assert_cmpuint(places, ==, 24);
        test_assert_near(cell.furthest, 5 / 16., 1e-12);
        points_noise(&fcc, pow(10, -2 - trial / 3.), &random);
        make(&cell, &fcc, 2.1, shuffle);
        measure(&cell, &planes, &places);
    }
}

/* Every corner is as near to its atom as to the three others, and nearer to none. */
static void test_random(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 4, 0);
    g_auto(AlloyVoronoiCell) cell;
    alloy_voronoi_cell_init(&cell);
    for (int trial = 0; trial < 200; trial++) {
        g_auto(Points) points = {0};
        size_t planes, places;
        points_random(&points, (size_t)trial, 2, &random);
        points_map(&points, 1, (double[3]){-1, -1, -1});
        make(&cell, &points, 1.5, NULL);
        double volume = measure(&cell, &planes, &places);
        for (size_t i = 0; i < cell.n_corners; i++)
            for (size_t j = 0; j < points.n; j++) {
                double d[3] = {cell.corner[i].p[0] - points.x[j], cell.corner[i].p[1] - points.y[j],
                               cell.corner[i].p[2] - points.z[j]};
                g_assert_cmpfloat(alloy_dot3(d, d), >, cell.corner[i].square - 1e-9);
            }
        make(&cell, &points, 1.5, &random);
        /* The volume is made of sites, the cube has none. */
        gboolean bounded = cell.furthest < 1.5 * 1.5;
        if (bounded)
            test_assert_near(measure(&cell, &planes, &places), volume, 1e-9);
    }
}

/* 300 neighbours on one sphere, and planes that nearly touch the corners. */
static void test_crowded(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 5, 0);
    g_auto(AlloyVoronoiCell) cell;
    alloy_voronoi_cell_init(&cell);
    g_auto(Points) points = {0};
    size_t planes, places;
    for (int i = 0; i < 300; i++) {
        double p[3] = {alloy_random_normal(&random), alloy_random_normal(&random),
                       alloy_random_normal(&random)};
        double r = alloy_norm3(p) / 2;
        points_add(&points, p[0] / r, p[1] / r, p[2] / r);
    }
    make(&cell, &points, 2, NULL);
    /* Outside of the ball of radius 1 that all planes touch. */
    double volume = measure(&cell, &planes, &places);
    g_assert_cmpuint(planes, ==, 300);
    g_assert_cmpfloat(volume, >, 4 * G_PI / 3);
    g_assert_cmpfloat(volume, <, 1.05 * 4 * G_PI / 3);
    g_auto(Points) fcc = {0};
    for (int copy = 0; copy < 100; copy++)
        points_cuboctahedron(&fcc, 2, 1);
    for (size_t i = 0; i < fcc.n; i++) {
        double size = pow(10, -8 - 6 * alloy_random_uniform(&random));
        fcc.x[i] += size * alloy_random_normal(&random);
        fcc.y[i] += size * alloy_random_normal(&random);
        fcc.z[i] += size * alloy_random_normal(&random);
    }
    make(&cell, &fcc, 2, &random);
    test_assert_near(measure(&cell, &planes, &places), sqrt(0.5), 1e-6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/voronoi-cell/lattices", test_lattices);
    g_test_add_func("/voronoi-cell/random", test_random);
    g_test_add_func("/voronoi-cell/crowded", test_crowded);
    return g_test_run();
}
