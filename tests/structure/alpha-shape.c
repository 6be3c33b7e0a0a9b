/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "tests/common.h"
#include "tests/structure/surface-models.h"

#include <string.h>

typedef struct {
    size_t n, count;
    uint8_t *flag;
    double area, volume;
} Shape;

static void shape_clear(Shape *shape)
{
    g_clear_pointer(&shape->flag, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shape, shape_clear)

static void shape_of(Shape *shape, const Points *points, const AlloyCell *cell, double probe)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)points_atoms(points, cell);
    shape_clear(shape);
    *shape = (Shape){.n = points->n, .flag = g_malloc(points->n)};
    memset(shape->flag, 7, points->n);
    alloy_alpha_boundary(atoms, probe, shape->flag, &shape->area, &shape->volume, NULL, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < points->n; i++) {
        g_assert_cmpuint(shape->flag[i], <=, 1);
        shape->count += shape->flag[i];
    }
}

/* Closed forms of the smallest bodies, on either side of the radius of their sphere. */
static void test_smallest(void)
{
    static const double tetrahedron[][3] = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
    static const double octahedron[][3] = {{1, 0, 0},  {-1, 0, 0}, {0, 1, 0},
                                           {0, -1, 0}, {0, 0, 1},  {0, 0, -1}};
    AlloyRandom random;
    alloy_random_init(&random, 20, 0);
    for (int turn = 0; turn < 20; turn++) {
        g_auto(Points) t = {0}, o = {0}, c = {0};
        g_auto(Shape) shape = {0};
        for (int i = 0; i < 4; i++)
            points_add(&t, tetrahedron[i][0], tetrahedron[i][1], tetrahedron[i][2]);
        for (int i = 0; i < 6; i++)
            points_add(&o, octahedron[i][0], octahedron[i][1], octahedron[i][2]);
        points_cubic(&c, 1, 1, 1);
        if (turn) {
            points_rotate(&t, &random);
            points_rotate(&o, &random);
            points_rotate(&c, &random);
        }
        /* edge 2 sqrt 2, radius sqrt 3 */
        shape_of(&shape, &t, NULL, sqrt(3) * (1 - 1e-6));
        g_assert_cmpuint(shape.count, ==, 0);
        test_assert_near(shape.area, 0, 0);
        test_assert_near(shape.volume, 0, 0);
        shape_of(&shape, &t, NULL, sqrt(3));
        g_assert_cmpuint(shape.count, ==, 4);
        test_assert_near(shape.area, 8 * sqrt(3), 1e-12);
        test_assert_near(shape.volume, 8. / 3, 1e-12);
        /* edge sqrt 2, radius 1 */
        shape_of(&shape, &o, NULL, 0.999);
        g_assert_cmpuint(shape.count, ==, 0);
        shape_of(&shape, &o, NULL, 1);
        g_assert_cmpuint(shape.count, ==, 6);
        test_assert_near(shape.area, 4 * sqrt(3), 1e-12);
        test_assert_near(shape.volume, 4. / 3, 1e-12);
        shape_of(&shape, &c, NULL, sqrt(0.75));
        g_assert_cmpuint(shape.count, ==, 8);
        test_assert_near(shape.area, 6, 1e-12);
        test_assert_near(shape.volume, 1, 1e-12);
        shape_of(&shape, &c, NULL, 1e6);
        g_assert_cmpuint(shape.count, ==, 8);
        test_assert_near(shape.area, 6, 1e-9);
        test_assert_near(shape.volume, 1, 1e-9);
    }
}

/* Magic-number cuboctahedra: 10 n^2 + 2 surface atoms, area 2 (3 + sqrt 3) e^2, volume 5/3 sqrt 2 e^3 with
 * edge e = n spacings; every octahedron of the lattice is co-spherical, every square co-circular. */
static void test_cuboctahedra(void)
{
    for (int n = 1; n <= 12; n += n < 4 ? 1 : n < 8 ? 2 : 4) {
        AlloyRandom random;
        alloy_random_init(&random, 21, (uint64_t)n);
        for (int turn = 0; turn < 3; turn++) {
            g_auto(Points) points = {0};
            g_auto(Shape) shape = {0};
            double spacing = 2.75, edge = n * spacing;
            points_cuboctahedron(&points, n, spacing);
            g_assert_cmpuint(points.n, ==, (size_t)(10 * n * n * n + 15 * n * n + 11 * n + 3) / 3);
            g_autofree uint8_t *expected = g_malloc(points.n);
            for (size_t i = 0; i < points.n; i++)
                expected[i] = (uint8_t)on_cuboctahedron(&points, i, n, spacing);
            if (turn > 0)
                points_rotate(&points, &random);
            if (turn > 1)
                points_noise(&points, 1e-12, &random);
            /* From just above the octahedral hole (spacing / sqrt 2) to several spacings. */
            static const double probe[] = {0.7072, 1, 2.5};
            for (size_t k = 0; k < G_N_ELEMENTS(probe); k++) {
                if (n > 8 && k != 1)
                    continue;
                shape_of(&shape, &points, NULL, probe[k] * spacing);
                g_assert_cmpuint(shape.count, ==, (size_t)(10 * n * n + 2));
                g_assert_cmpmem(shape.flag, points.n, expected, points.n);
                test_assert_near(shape.area / (2 * (3 + sqrt(3)) * edge * edge), 1, 1e-11);
                test_assert_near(shape.volume / (5 * sqrt(2) / 3 * edge * edge * edge), 1, 1e-11);
            }
        }
    }
}

/* Mackay icosahedra: 20 faces of edge e = 1.05146 n r: area 5 sqrt 3 e^2, volume 5 (3 + sqrt 5) / 12 e^3. */
static void test_icosahedra(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 22, 0);
    for (int n = 1; n <= 8; n += n < 3 ? 1 : n < 5 ? 2 : 3) {
        g_auto(Points) points = {0};
        g_auto(Shape) shape = {0};
        double edge = n * 2.75 / sin(2 * G_PI / 5);
        points_icosahedron(&points, n, 2.75);
        g_assert_cmpuint(points.n, ==, (size_t)(10 * n * n * n + 15 * n * n + 11 * n + 3) / 3);
        points_rotate(&points, &random);
        shape_of(&shape, &points, NULL, 2.75);
        g_assert_cmpuint(shape.count, ==, (size_t)(10 * n * n + 2));
        test_assert_near(shape.area / (5 * sqrt(3) * edge * edge), 1, 1e-11);
        test_assert_near(shape.volume / (5 * (3 + sqrt(5)) / 12 * edge * edge * edge), 1, 1e-11);
    }
}

/* The definition, on the tessellation of qhull. */
static void shape_by_tetrahedra(Shape *shape, const Points *points, double probe)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyDelaunay) delaunay =
        alloy_delaunay(points->x, points->y, points->z, points->n, NULL, &error);
    g_assert_no_error(error);
    *shape = (Shape){.n = points->n, .flag = g_malloc0(points->n)};
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        if (!(delaunay->circumradius[t] <= probe))
            continue;
        double p[4][3], edge[3][3];
        for (int k = 0; k < 4; k++) {
            uint32_t i = delaunay->vertex[t][k];
            memcpy(p[k], (double[3]){points->x[i], points->y[i], points->z[i]}, sizeof p[k]);
        }
        for (int k = 0; k < 3; k++)
            for (int c = 0; c < 3; c++)
                edge[k][c] = p[k + 1][c] - p[0][c];
        shape->volume += alloy_det3(edge) / 6;
        for (int k = 0; k < 4; k++) {
            int64_t other = delaunay->neighbour[t][k];
            if (other >= 0 && delaunay->circumradius[other] <= probe)
                continue;
            double u[3], v[3], cross[3];
            const double *a = p[(k + 1) % 4], *b = p[(k + 2) % 4], *d = p[(k + 3) % 4];
            for (int c = 0; c < 3; c++) {
                u[c] = b[c] - a[c];
                v[c] = d[c] - a[c];
            }
            alloy_cross3(u, v, cross);
            shape->area += alloy_norm3(cross) / 2;
            for (int m = 1; m < 4; m++)
                shape->flag[delaunay->vertex[t][(k + m) % 4]] = 1;
        }
    }
}

/* Two ways to the same: random points, gases with holes, noisy particles, for probes from "almost nothing" to
 * "convex hull". */
static void test_two_ways(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 23, 0);
    for (int trial = 0; trial < 60; trial++) {
        g_auto(Points) points = {0};
        g_auto(Shape) cells = {0}, tetrahedra = {0};
        if (trial % 3 == 0) {
            points_cuboctahedron(&points, 4, 1);
            points_noise(&points, 0.01 + 0.1 * alloy_random_uniform(&random), &random);
        } else {
            points_random(&points, 10 + (size_t)trial * 5, trial % 3 == 1 ? 4 : 8, &random);
        }
        double probe = 0.3 * pow(10, 2 * alloy_random_uniform(&random));
        shape_of(&cells, &points, NULL, probe);
        shape_by_tetrahedra(&tetrahedra, &points, probe);
        g_assert_cmpmem(cells.flag, cells.n, tetrahedra.flag, tetrahedra.n);
        test_assert_near(cells.area, tetrahedra.area, 1e-9 * (1 + cells.area));
        test_assert_near(cells.volume, tetrahedra.volume, 1e-9 * (1 + cells.volume));
    }
}

/* Turned, moved, in another order, in another unit: the same atoms. */
static void test_invariance(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 24, 0);
    g_auto(Points) points = {0};
    g_auto(Shape) plain = {0}, other = {0};
    points_cuboctahedron(&points, 5, 2.75);
    points_noise(&points, 0.15, &random);
    shape_of(&plain, &points, NULL, 2.9);
    for (int trial = 0; trial < 6; trial++) {
        points_rotate(&points, &random);
        if (trial > 2)
            points_map(&points, 1, (double[3]){1e3, -2e3, 5e3});
        shape_of(&other, &points, NULL, 2.9);
        g_assert_cmpmem(plain.flag, plain.n, other.flag, other.n);
        test_assert_near(other.area / plain.area, 1, 1e-9);
        test_assert_near(other.volume / plain.volume, 1, 1e-9);
    }
    g_autofree uint32_t *order = g_new(uint32_t, points.n);
    for (uint32_t i = 0; i < points.n; i++)
        order[i] = i;
    alloy_random_shuffle32(&random, order, points.n);
    g_auto(Points) shuffled = {0};
    for (size_t i = 0; i < points.n; i++)
        points_add(&shuffled, points.x[order[i]], points.y[order[i]], points.z[order[i]]);
    shape_of(&other, &shuffled, NULL, 2.9);
    for (size_t i = 0; i < points.n; i++)
        g_assert_cmpuint(other.flag[i], ==, plain.flag[order[i]]);
    static const double scale[] = {1e-8, 1e8, 0x1p-80, 0x1p80};
    for (size_t k = 0; k < G_N_ELEMENTS(scale); k++) {
        g_auto(Points) scaled = {0};
        for (size_t i = 0; i < points.n; i++)
            points_add(&scaled, points.x[i], points.y[i], points.z[i]);
        points_map(&scaled, scale[k], (double[3]){0, 0, 0});
        shape_of(&other, &scaled, NULL, 2.9 * scale[k]);
        g_assert_cmpmem(plain.flag, plain.n, other.flag, other.n);
        test_assert_near(other.volume / (scale[k] * scale[k] * scale[k]) / plain.volume, 1, 1e-9);
    }
    /* Steps of a double at 1e8 are 1.5e-8. */
    points_map(&points, 1, (double[3]){1e8, 1e8, -1e8});
    shape_of(&other, &points, NULL, 2.9);
    g_assert_cmpmem(plain.flag, plain.n, other.flag, other.n);
    test_assert_near(other.volume / plain.volume, 1, 1e-6);
}

/* A probe that sees all atoms at once: the way for large probes gives the convex hull. */
static void test_large_probe(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 25, 0);
    g_auto(Points) points = {0};
    g_auto(Shape) shape = {0};
    int n = 14;
    points_cuboctahedron(&points, n, 1);
    g_autofree uint8_t *expected = g_malloc(points.n);
    for (size_t i = 0; i < points.n; i++)
        expected[i] = (uint8_t)on_cuboctahedron(&points, i, n, 1);
    points_rotate(&points, &random);
    /* Larger than the particle; smaller, but with thousands of atoms in reach. */
    for (double probe = 1000; probe > 10; probe /= 80) {
        shape_of(&shape, &points, NULL, probe);
        g_assert_cmpmem(shape.flag, points.n, expected, points.n);
        test_assert_near(shape.area / (2 * (3 + sqrt(3)) * n * n), 1, 1e-9);
        test_assert_near(shape.volume / (5 * sqrt(2) / 3 * n * n * n), 1, 1e-9);
    }
}

/* Two particles touch in nothing, one hides in a hole of another, one atom is far away. */
static void test_parts(void)
{
    g_auto(Points) points = {0};
    g_auto(Shape) shape = {0};
    points_cubic(&points, 3, 3, 3);
    size_t first = points.n;
    points_cubic(&points, 2, 2, 2);
    for (size_t i = first; i < points.n; i++)
        points.x[i] += 50;
    points_add(&points, -30, 0, 0);
    shape_of(&shape, &points, NULL, 1);
    g_assert_cmpuint(shape.count, ==, 64 - 8 + 27 - 1);
    g_assert_cmpuint(shape.flag[points.n - 1], ==, 0);
    test_assert_near(shape.area, 54 + 24, 1e-11);
    test_assert_near(shape.volume, 27 + 8, 1e-11);
    /* A hollow cube of 7^3 without the inner 5^3 cells: the inner wall counts, the lone atom in the middle
     * does not. The probe (0.9 > sqrt 3 / 2) does not get into the inner edges: 12 x 3 cells become prisms, 8
     * lose a corner. */
    g_auto(Points) hollow = {0};
    for (int i = 0; i <= 7; i++)
        for (int j = 0; j <= 7; j++)
            for (int k = 0; k <= 7; k++)
                if (MIN(MIN(i, j), MIN(k, MIN(7 - i, MIN(7 - j, 7 - k)))) <= 1)
                    points_add(&hollow, i, j, k);
    points_add(&hollow, 3.5, 3.5, 3.5);
    shape_of(&shape, &hollow, NULL, 0.9);
    g_assert_cmpuint(shape.flag[hollow.n - 1], ==, 0);
    g_assert_cmpuint(shape.count, ==, hollow.n - 1 - 8 - 12 * 4);
    test_assert_near(shape.area, 6 * 49 + 6 * 25 + 36 * (sqrt(2) - 2) + 8 * (sqrt(0.75) - 3), 1e-10);
    test_assert_near(shape.volume, 343 - 125 + 36 * 0.5 + 8 * 5. / 6, 1e-10);
}

/* Copies of an atom share its answer and are no second body. */
static void test_copies(void)
{
    g_auto(Points) points = {0};
    g_auto(Shape) shape = {0};
    for (int copy = 0; copy < 3; copy++)
        points_cubic(&points, 4, 4, 4);
    shape_of(&shape, &points, NULL, 1);
    g_assert_cmpuint(shape.count, ==, 3 * (125 - 27));
    for (size_t i = 0; i < 125; i++) {
        g_assert_cmpuint(shape.flag[i], ==, shape.flag[i + 125]);
        g_assert_cmpuint(shape.flag[i], ==, shape.flag[i + 250]);
    }
    test_assert_near(shape.area, 96, 1e-11);
    test_assert_near(shape.volume, 64, 1e-11);
    /* Nearly copies, seen by the other way too. */
    for (size_t i = 125; i < 250; i++)
        points.x[i] += 1e-11;
    shape_of(&shape, &points, NULL, 1);
    test_assert_near(shape.area, 96, 1e-8);
    test_assert_near(shape.volume, 64, 1e-8);
    shape_of(&shape, &points, NULL, 1e3);
    test_assert_near(shape.area, 96, 1e-8);
    test_assert_near(shape.volume, 64, 1e-8);
}

static AlloyCell box(double a, double b, double c, gboolean x, gboolean y, gboolean z)
{
    return (AlloyCell){{0.3, -0.2, 0.1}, {{a, 0, 0}, {0, b, 0}, {0, 0, c}}, {x, y, z}};
}

static void fcc_cells(Points *points, double a, int nx, int ny, int nz)
{
    static const double basis[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    for (int i = 0; i < nx; i++)
        for (int j = 0; j < ny; j++)
            for (int k = 0; k < nz; k++)
                for (int b = 0; b < 4; b++)
                    points_add(points, a * (i + basis[b][0]), a * (j + basis[b][1]), a * (k + basis[b][2]));
}

/* An endless crystal has no boundary and fills its cell; a slab has two; a vacancy has its 12 neighbours; and
 * all of it for any choice of the cell. */
static void test_periodic(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 26, 0);
    double a = 3.9;
    for (int noisy = 0; noisy < 3; noisy++) {
        double sigma = noisy == 2 ? 0.05 : noisy * 1e-12, near = noisy == 2 ? 0.1 : 1e-10;
        g_auto(Points) bulk = {0};
        g_auto(Shape) shape = {0};
        fcc_cells(&bulk, a, 3, 4, 2);
        points_noise(&bulk, sigma, &random);
        AlloyCell cell = box(3 * a, 4 * a, 2 * a, TRUE, TRUE, TRUE);
        shape_of(&shape, &bulk, &cell, 2.75);
        g_assert_cmpuint(shape.count, ==, 0);
        test_assert_near(shape.area, 0, 0);
        test_assert_near(shape.volume, 24 * a * a * a, 1e-9);

        cell.periodic[2] = FALSE;
        cell.vector[2][2] = 20;
        shape_of(&shape, &bulk, &cell, 2.75);
        g_assert_cmpuint(shape.count, ==, 2 * 3 * 4 * 2);
        test_assert_near(shape.area, 2 * 12 * a * a, near * 100);
        test_assert_near(shape.volume, 12 * a * a * 1.5 * a, near * 500);

        cell.periodic[0] = FALSE;
        shape_of(&shape, &bulk, &cell, 2.75);
        test_assert_near(shape.area, 2 * 4 * a * (2.5 * a + 1.5 * a), near * 100);
        test_assert_near(shape.volume, 4 * a * 2.5 * a * 1.5 * a, near * 500);
    }
    /* A vacancy: the hole is a cuboctahedron of edge a / sqrt 2, its sphere is as large as the edge. */
    g_auto(Points) holed = {0};
    g_auto(Shape) shape = {0};
    fcc_cells(&holed, a, 4, 4, 4);
    holed.x[0] = holed.x[holed.n - 1];
    holed.y[0] = holed.y[holed.n - 1];
    holed.z[0] = holed.z[--holed.n];
    double edge = a / sqrt(2);
    AlloyCell cell = box(4 * a, 4 * a, 4 * a, TRUE, TRUE, TRUE);
    shape_of(&shape, &holed, &cell, 0.95 * edge);
    g_assert_cmpuint(shape.count, ==, 12);
    test_assert_near(shape.area, 2 * (3 + sqrt(3)) * edge * edge, 1e-10);
    test_assert_near(shape.volume, 64 * a * a * a - 5 * sqrt(2) / 3 * edge * edge * edge, 1e-9);
    shape_of(&shape, &holed, &cell, 1.001 * edge);
    g_assert_cmpuint(shape.count, ==, 0);
}

/* Any cell, periodic in any of its directions: the same as the middle of a large piece of it. */
static void test_random_cells(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 29, 0);
    for (int trial = 0; trial < 16; trial++) {
        g_auto(Points) points = {0}, piece = {0};
        g_auto(Shape) shape = {0}, whole = {0};
        AlloyCell cell = {.origin = {1, 2, 3}};
        int copies[3];
        size_t n = 30;
        for (int k = 0; k < 3; k++) {
            cell.periodic[k] = trial >> k & 1;
            copies[k] = cell.periodic[k] ? 2 : 0;
            for (int c = 0; c < 3; c++)
                cell.vector[k][c] = (k == c ? 3 : 0) + 0.8 * alloy_random_normal(&random);
        }
        if (alloy_cell_volume(&cell) < 9)
            continue;
        double probe = 0.7 + 0.4 * alloy_random_uniform(&random);
        g_autofree double *fraction = g_new(double, 3 * n);
        for (size_t i = 0; i < 3 * n; i++)
            fraction[i] = alloy_random_uniform(&random);
        for (int a = -copies[0]; a <= copies[0]; a++)
            for (int b = -copies[1]; b <= copies[1]; b++)
                for (int c = -copies[2]; c <= copies[2]; c++)
                    for (size_t i = 0; i < n; i++) {
                        const double *f = fraction + 3 * i;
                        double p[3];
                        alloy_row_times3((double[3]){f[0] + a, f[1] + b, f[2] + c}, cell.vector, p);
                        points_add(&piece, p[0], p[1], p[2]);
                        if (!a && !b && !c)
                            points_add(&points, p[0], p[1], p[2]);
                    }
        shape_of(&shape, &points, &cell, probe);
        shape_by_tetrahedra(&whole, &piece, probe);
        size_t middle = n * (size_t)(piece.n / n / 2);
        g_assert_cmpmem(shape.flag, n, whole.flag + middle, n);
        if (trial % 8 == 7) {
            shape_of(&shape, &points, &cell, 4);
            g_assert_cmpuint(shape.count, ==, 0);
            test_assert_near(shape.volume, alloy_cell_volume(&cell), 1e-9);
        }
    }
}

/* The primitive cell with its one atom, and a left-handed oblique one. */
static void test_smallest_cells(void)
{
    double h = 3.9 / 2;
    AlloyCell primitive = {{0, 0, 0}, {{0, h, h}, {h, 0, h}, {h, h, 0}}, {TRUE, TRUE, TRUE}};
    AlloyCell oblique = {{1, 2, 3}, {{h, h, 2 * h}, {h, 0, h}, {-h, h, 0}}, {TRUE, TRUE, TRUE}};
    g_auto(Points) one = {0};
    g_auto(Shape) shape = {0};
    points_add(&one, 17, -4, 0.2);
    shape_of(&shape, &one, &primitive, 2.75);
    g_assert_cmpuint(shape.count, ==, 0);
    test_assert_near(shape.volume, 2 * h * h * h, 1e-10);
    shape_of(&shape, &one, &primitive, 8);
    test_assert_near(shape.volume, 2 * h * h * h, 1e-10);
    if (fabs(alloy_det3(oblique.vector)) > 1e-6) {
        shape_of(&shape, &one, &oblique, 5);
        g_assert_cmpuint(shape.count, ==, 0);
        test_assert_near(shape.volume, alloy_cell_volume(&oblique), 1e-10);
    }
    /* A sheet of {100}, stacked with nothing: one layer is no solid. */
    AlloyCell sheet = {{0, 0, 0}, {{h, h, 0}, {h, -h, 0}, {0, 0, 30}}, {TRUE, TRUE, FALSE}};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)points_atoms(&one, &sheet);
    g_autoptr(GError) error = NULL;
    uint8_t flag;
    g_assert_false(alloy_alpha_boundary(atoms, 3, &flag, NULL, NULL, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "The one atom and its periodic images are in one plane"));
}

/* A particle in a periodic box is what it is without, wherever the box cuts it. */
static void test_particle_in_box(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 27, 0);
    g_auto(Points) points = {0};
    g_auto(Shape) alone = {0}, boxed = {0};
    points_cuboctahedron(&points, 4, 2.75);
    points_noise(&points, 0.1, &random);
    shape_of(&alone, &points, NULL, 2.9);
    AlloyCell cell = box(50, 45, 40, TRUE, TRUE, TRUE);
    for (int trial = 0; trial < 5; trial++) {
        for (size_t i = 0; i < points.n; i++) {
            points.x[i] += trial % 2 && points.x[i] > 0 ? -50 : 0;
            points.z[i] += trial * 4.1;
        }
        shape_of(&boxed, &points, &cell, 2.9);
        g_assert_cmpmem(alone.flag, alone.n, boxed.flag, boxed.n);
        test_assert_near(boxed.area, alone.area, 1e-8);
        test_assert_near(boxed.volume, alone.volume, 1e-8);
    }
}

static void refuse(const Points *points, const AlloyCell *cell, double probe, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)points_atoms(points, cell);
    g_autofree uint8_t *flag = g_malloc(points->n + 1);
    g_assert_false(alloy_alpha_boundary(atoms, probe, flag, NULL, NULL, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, code);
    if (!strstr(error->message, why))
        g_error("\"%s\" does not say \"%s\"", error->message, why);
}

static void test_refusals(void)
{
    g_auto(Points) points = {0}, none = {0}, line = {0};
    points_cubic(&points, 2, 2, 2);
    static const double probe[] = {0, -1, NAN, INFINITY, 1e300, 1e-300};
    for (size_t k = 0; k < G_N_ELEMENTS(probe); k++)
        refuse(&points, NULL, probe[k], ALLOY_ERROR_PARAMETER, "probe radius");
    AlloyCell cell = box(3, 3, 3, TRUE, TRUE, TRUE);
    refuse(&points, &cell, 1e4, ALLOY_ERROR_PARAMETER, "take a smaller one");
    refuse(&none, &cell, 2, ALLOY_ERROR_INPUT, "there are none");
    refuse(&none, NULL, 2, ALLOY_ERROR_INPUT, "at least 4 atoms");
    for (int n = 1; n < 4; n++) {
        points_add(&line, n, 2 * n, 3 * n);
        refuse(&line, NULL, 2, ALLOY_ERROR_INPUT, "at least 4 atoms");
    }
    points_add(&line, 10, 20, 30);
    refuse(&line, NULL, 2, ALLOY_ERROR_INPUT, "on one line");
    points_add(&line, 10, 21, 30);
    refuse(&line, NULL, 2, ALLOY_ERROR_INPUT, "All 5 atoms are in one plane");
    g_auto(Shape) shape = {0};
    points_add(&line, 11, 21, 34);
    shape_of(&shape, &line, NULL, 1e4);
    g_assert_cmpfloat(shape.volume, >, 0);
}

/* One thread, two or eight: the same bits. Cancelled: says so. */
static void test_threads(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 28, 0);
    g_auto(Points) points = {0};
    g_auto(Shape) one = {0}, more = {0};
    points_cuboctahedron(&points, 9, 2.75);
    points_noise(&points, 0.1, &random);
    alloy_parallel_set_threads(1);
    shape_of(&one, &points, NULL, 2.9);
    for (unsigned threads = 2; threads <= 8; threads *= 4) {
        alloy_parallel_set_threads(threads);
        shape_of(&more, &points, NULL, 2.9);
        g_assert_cmpmem(one.flag, one.n, more.flag, more.n);
        g_assert_cmpmem(&one.area, sizeof one.area, &more.area, sizeof more.area);
        g_assert_cmpmem(&one.volume, sizeof one.volume, &more.volume, sizeof more.volume);
    }
    alloy_parallel_set_threads(0);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)points_atoms(&points, NULL);
    alloy_progress_cancel(progress);
    g_assert_false(alloy_alpha_boundary(atoms, 2.9, one.flag, NULL, NULL, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alpha-shape/smallest", test_smallest);
    g_test_add_func("/alpha-shape/cuboctahedra", test_cuboctahedra);
    g_test_add_func("/alpha-shape/icosahedra", test_icosahedra);
    g_test_add_func("/alpha-shape/two-ways", test_two_ways);
    g_test_add_func("/alpha-shape/invariance", test_invariance);
    g_test_add_func("/alpha-shape/large-probe", test_large_probe);
    g_test_add_func("/alpha-shape/parts", test_parts);
    g_test_add_func("/alpha-shape/copies", test_copies);
    g_test_add_func("/alpha-shape/periodic", test_periodic);
    g_test_add_func("/alpha-shape/random-cells", test_random_cells);
    g_test_add_func("/alpha-shape/smallest-cells", test_smallest_cells);
    g_test_add_func("/alpha-shape/particle-in-box", test_particle_in_box);
    g_test_add_func("/alpha-shape/refusals", test_refusals);
    g_test_add_func("/alpha-shape/threads", test_threads);
    return g_test_run();
}
