/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "tests/common.h"
#include "tests/structure/surface-models.h"

#include <string.h>

static void corner(const Points *points, uint32_t i, double p[3])
{
    p[0] = points->x[i];
    p[1] = points->y[i];
    p[2] = points->z[i];
}

/* 6 times the volume of abcd. */
static double volume6(const double a[3], const double b[3], const double c[3], const double d[3])
{
    double m[3][3];
    for (int k = 0; k < 3; k++) {
        m[0][k] = b[k] - a[k];
        m[1][k] = c[k] - a[k];
        m[2][k] = d[k] - a[k];
    }
    return alloy_det3(m);
}

static AlloyDelaunay *tessellate(const Points *points)
{
    g_autoptr(GError) error = NULL;
    AlloyDelaunay *delaunay = alloy_delaunay(points->x, points->y, points->z, points->n, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(delaunay);
    return delaunay;
}

/* What holds of any tessellation: neighbours are mutual and share three corners, what is not flat is
 * positive, and the tetrahedra fill the convex hull without overlap: their volumes (all counted as positive)
 * add up to the volume within the outer faces, which have no atom beyond them. Returns that volume. */
static double check_whole(const Points *points, const AlloyDelaunay *delaunay, double extent)
{
    static const int face[4][3] = {{1, 2, 3}, {0, 3, 2}, {0, 1, 3}, {0, 2, 1}};
    g_autofree uint8_t *used = g_new0(uint8_t, points->n);
    double sum = 0, hull = 0, origin[3], beyond = 0;
    corner(points, 0, origin);
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        double p[4][3];
        for (int k = 0; k < 4; k++) {
            corner(points, delaunay->vertex[t][k], p[k]);
            used[delaunay->vertex[t][k]] = 1;
        }
        double volume = volume6(p[0], p[1], p[2], p[3]);
        if (!delaunay->flat[t])
            g_assert_cmpfloat(volume, >, 0);
        sum += fabs(volume);
        for (int k = 0; k < 4; k++) {
            int64_t other = delaunay->neighbour[t][k];
            const int *f = face[k];
            if (other < 0) {
                hull += volume6(origin, p[f[0]], p[f[1]], p[f[2]]);
                double u[3], v[3], normal[3];
                for (int c = 0; c < 3; c++) {
                    u[c] = p[f[1]][c] - p[f[0]][c];
                    v[c] = p[f[2]][c] - p[f[0]][c];
                }
                alloy_cross3(u, v, normal);
                double area = alloy_norm3(normal);
                /* The plane of a needle says nothing. */
                for (size_t i = 0; i < points->n && area > 1e-3 * extent * extent; i += 1 + points->n / 500) {
                    double q[3];
                    corner(points, (uint32_t)i, q);
                    beyond = fmax(beyond, volume6(p[f[0]], p[f[1]], p[f[2]], q) / area);
                }
                continue;
            }
            int back = -1;
            for (int m = 0; m < 4; m++)
                if (delaunay->neighbour[other][m] == (int64_t)t)
                    back = m;
            g_assert_cmpint(back, >=, 0);
            for (int c = 0; c < 3; c++) {
                uint32_t vertex = delaunay->vertex[t][f[c]];
                gboolean shared = FALSE;
                for (int m = 0; m < 4; m++)
                    shared = shared || (m != back && delaunay->vertex[other][m] == vertex);
                g_assert_true(shared);
            }
        }
    }
    for (size_t i = 0; i < points->n; i++)
        g_assert_true(used[i]);
    /* The points are moved by 1e-9 of the extent before they are tessellated. */
    test_assert_near(sum / 6, hull / 6, 2e-8 * extent * extent * extent);
    g_assert_cmpfloat(beyond, <, 1e-7 * extent);
    return sum / 6;
}

/* Boris Delaunay's definition: no point inside the sphere of any tetrahedron. Brute force. */
static void test_empty_spheres(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 7, 0);
    for (int trial = 0; trial < 60; trial++) {
        g_auto(Points) points = {0};
        points_random(&points, 4 + (size_t)trial * 3, 10, &random);
        g_autoptr(AlloyDelaunay) delaunay = tessellate(&points);
        check_whole(&points, delaunay, 10);
        for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
            double m[3][3], inverse[3][3], right[3], centre[3], first[3];
            corner(&points, delaunay->vertex[t][0], first);
            for (int k = 0; k < 3; k++) {
                double p[3];
                corner(&points, delaunay->vertex[t][k + 1], p);
                for (int c = 0; c < 3; c++)
                    m[k][c] = p[c] - first[c];
                right[k] = alloy_dot3(m[k], m[k]) / 2;
            }
            if (!alloy_invert3(m, inverse))
                continue;
            for (int c = 0; c < 3; c++)
                centre[c] = alloy_dot3(inverse[c], right);
            double radius = alloy_norm3(centre);
            test_assert_near(delaunay->circumradius[t] / radius, 1, 1e-6);
            for (size_t i = 0; i < points.n; i++) {
                double q[3], d[3];
                corner(&points, (uint32_t)i, q);
                for (int c = 0; c < 3; c++)
                    d[c] = q[c] - first[c] - centre[c];
                g_assert_cmpfloat(alloy_norm3(d), >, radius * (1 - 1e-6));
            }
        }
    }
}

/* Perfect lattices, where every point is on a sphere with others: the volume is known, and every tetrahedron
 * that is not flat has the radius of its hole. */
static void test_lattices(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 8, 0);
    for (int turned = 0; turned < 4; turned++) {
        g_auto(Points) cubic = {0}, fcc = {0}, bcc = {0};
        points_cubic(&cubic, 7, 6, 5);
        points_cuboctahedron(&fcc, 5, 1);
        points_cubic(&bcc, 5, 5, 5);
        for (int i = 0; i < 125; i++)
            points_add(&bcc, i % 5 + 0.5, i / 5 % 5 + 0.5, i / 25 + 0.5);
        if (turned) {
            points_rotate(&cubic, &random);
            points_rotate(&fcc, &random);
            points_rotate(&bcc, &random);
            points_noise(&cubic, 1e-13, &random);
            points_noise(&fcc, turned == 3 ? 1e-7 : 1e-12, &random);
        }
        g_autoptr(AlloyDelaunay) c = tessellate(&cubic), f = tessellate(&fcc), b = tessellate(&bcc);
        test_assert_near(check_whole(&cubic, c, 7), 7 * 6 * 5, 1e-6);
        test_assert_near(check_whole(&fcc, f, 10), 5 * sqrt(2) / 3 * 125, 1e-4);
        test_assert_near(check_whole(&bcc, b, 5), 125, 1e-6);
        for (size_t t = 0; t < c->n_tetrahedra; t++)
            if (isfinite(c->circumradius[t]))
                test_assert_near(c->circumradius[t], sqrt(3) / 2, 1e-6);
        /* fcc: octahedral hole 1/sqrt 2, tetrahedral hole sqrt 6 / 4 of the spacing. */
        for (size_t t = 0; t < f->n_tetrahedra; t++) {
            double r = f->circumradius[t];
            if (!f->flat[t] && turned < 3 && r < 1)
                g_assert_true(fabs(r - sqrt(0.5)) < 1e-5 || fabs(r - sqrt(6) / 4) < 1e-5);
        }
    }
}

/* All points on one sphere, one cylinder, three planes: qhull alone gives tetrahedra that overlap here. */
static void test_cospherical(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 9, 0);
    for (int trial = 0; trial < 20; trial++) {
        g_auto(Points) sphere = {0}, cylinder = {0}, planes = {0};
        for (int i = 0; i < 200; i++) {
            double p[3] = {alloy_random_normal(&random), alloy_random_normal(&random),
                           alloy_random_normal(&random)};
            double r = alloy_norm3(p);
            points_add(&sphere, p[0] / r, p[1] / r, p[2] / r);
        }
        for (int i = 0; i < 240; i++)
            points_add(&cylinder, cos(i % 12 * G_PI / 6), sin(i % 12 * G_PI / 6), i / 12 * 0.3);
        for (int i = 0; i < 150; i++)
            points_add(&planes, alloy_random_uniform(&random), alloy_random_uniform(&random), i % 3);
        points_rotate(&cylinder, &random);
        points_rotate(&planes, &random);
        g_autoptr(AlloyDelaunay) s = tessellate(&sphere), c = tessellate(&cylinder), p = tessellate(&planes);
        check_whole(&sphere, s, 1);
        /* A prism over a regular dodecagon of radius 1: area 3. */
        test_assert_near(check_whole(&cylinder, c, 3), 3 * 19 * 0.3, 1e-6);
        check_whole(&planes, p, 1);
        for (size_t t = 0; t < s->n_tetrahedra; t++)
            if (!s->flat[t])
                test_assert_near(s->circumradius[t], 1, 1e-4);
    }
}

/* The same for any unit and any place; for a power of two the same bits. */
static void test_scale(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 10, 0);
    g_auto(Points) points = {0};
    points_random(&points, 300, 30, &random);
    g_autoptr(AlloyDelaunay) plain = tessellate(&points);
    double volume = check_whole(&points, plain, 30);
    static const double scale[] = {0x1p-40, 0x1p+60, 1e-8, 1e8, 1e-150, 1e150};
    for (size_t k = 0; k < G_N_ELEMENTS(scale); k++) {
        g_auto(Points) scaled = {0};
        alloy_random_init(&random, 10, 0);
        points_random(&scaled, 300, 30, &random);
        points_map(&scaled, scale[k], (double[3]){0, 0, 0});
        g_autoptr(AlloyDelaunay) other = tessellate(&scaled);
        g_assert_cmpuint(other->n_tetrahedra, ==, plain->n_tetrahedra);
        g_assert_cmpmem(other->vertex, other->n_tetrahedra * sizeof *other->vertex, plain->vertex,
                        plain->n_tetrahedra * sizeof *plain->vertex);
        for (size_t t = 0; t < other->n_tetrahedra; t++)
            test_assert_near(other->circumradius[t] / scale[k] / plain->circumradius[t], 1, 1e-6);
    }
    /* At 1e8 a double has steps of 1.5e-8. */
    points_map(&points, 1, (double[3]){1e8, -1e8, 1e8});
    g_autoptr(AlloyDelaunay) away = tessellate(&points);
    test_assert_near(check_whole(&points, away, 30), volume, 1e-3);
}

static void test_copies(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 11, 0);
    g_auto(Points) points = {0}, twice = {0};
    points_random(&points, 50, 5, &random);
    for (size_t i = 0; i < 50; i++)
        points_add(&twice, points.x[i], points.y[i], points.z[i]);
    for (size_t i = 0; i < 50; i++)
        points_add(&twice, points.x[i] + (i % 2 ? 1e-8 : 0), points.y[i], points.z[i]);
    g_autoptr(AlloyDelaunay) one = tessellate(&points), both = tessellate(&twice);
    g_assert_cmpuint(one->n_tetrahedra, ==, both->n_tetrahedra);
    for (size_t t = 0; t < both->n_tetrahedra; t++)
        for (int k = 0; k < 4; k++)
            g_assert_cmpuint(both->vertex[t][k], <, 50);
}

static void refuse(const Points *points, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_delaunay(points->x, points->y, points->z, points->n, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    if (!strstr(error->message, why))
        g_error("\"%s\" does not say \"%s\"", error->message, why);
}

static void test_refusals(void)
{
    for (int n = 0; n < 4; n++) {
        g_auto(Points) few = {0};
        for (int i = 0; i < n; i++)
            points_add(&few, i == 0, i == 1, i == 2);
        refuse(&few, "at least 4 atoms");
    }
    g_auto(Points) place = {0}, line = {0}, plane = {0}, pairs = {0}, hole = {0};
    for (int i = 0; i < 20; i++) {
        points_add(&place, 1, 2, 3);
        points_add(&line, 1 + i, 2 - i, 3 + 0.5 * i);
        points_add(&plane, i % 5, i / 5, i % 5 * 0.3 - i / 5 * 0.7);
        points_add(&pairs, i % 3 == 0, i % 3 == 1, i % 3 == 2);
        points_add(&hole, i % 3, i % 5, i == 13 ? NAN : i % 7);
    }
    refuse(&place, "All 20 atoms are at one place");
    refuse(&line, "All 20 atoms are on one line");
    refuse(&plane, "All 20 atoms are in one plane");
    refuse(&pairs, "All 20 atoms are in one plane");
    refuse(&hole, "Atom 14 has no finite position");
}

static void test_cancel(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 12, 0);
    g_auto(Points) points = {0};
    points_random(&points, 20, 5, &random);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    alloy_progress_cancel(progress);
    g_assert_null(alloy_delaunay(points.x, points.y, points.z, points.n, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

static void tessellate_many(size_t begin, size_t end, void *data)
{
    AlloyDelaunay **out = data;
    for (size_t i = begin; i < end; i++) {
        AlloyRandom random;
        alloy_random_init(&random, 13, i % 4);
        g_auto(Points) points = {0};
        points_random(&points, 200, 5, &random);
        out[i] = alloy_delaunay(points.x, points.y, points.z, points.n, NULL, NULL);
    }
}

/* Several at a time do not disturb one another. */
static void test_threads(void)
{
    AlloyDelaunay *out[16] = {0};
    alloy_parallel_set_threads(8);
    g_assert_true(alloy_parallel_for(16, 1, tessellate_many, out, NULL, NULL));
    alloy_parallel_set_threads(0);
    for (int i = 0; i < 16; i++) {
        g_assert_nonnull(out[i]);
        g_assert_cmpmem(out[i]->vertex, out[i]->n_tetrahedra * 16, out[i % 4]->vertex,
                        out[i % 4]->n_tetrahedra * 16);
    }
    for (int i = 0; i < 16; i++)
        alloy_delaunay_free(out[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delaunay/empty-spheres", test_empty_spheres);
    g_test_add_func("/delaunay/lattices", test_lattices);
    g_test_add_func("/delaunay/cospherical", test_cospherical);
    g_test_add_func("/delaunay/scale", test_scale);
    g_test_add_func("/delaunay/copies", test_copies);
    g_test_add_func("/delaunay/refusals", test_refusals);
    g_test_add_func("/delaunay/cancel", test_cancel);
    g_test_add_func("/delaunay/threads", test_threads);
    return g_test_run();
}
