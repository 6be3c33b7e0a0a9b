/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/neighbours.h"

#include "core/base/linalg.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/structure/coordination.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

static const AlloyAtoms *random_model(size_t n, double size, const AlloyCell *cell, uint64_t seed)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = size * (alloy_random_uniform(&random) - 0.3);
        builder->y[i] = size * (alloy_random_uniform(&random) - 0.3);
        builder->z[i] = size * (alloy_random_uniform(&random) - 0.3);
        builder->species[i] = (uint16_t)kind;
    }
    alloy_atoms_builder_set_cell(builder, cell);
    return alloy_atoms_builder_finish(builder);
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The definition itself: every atom against every image of every atom. Sorted ids of the neighbours of i. */
static GArray *brute_force(const AlloyAtoms *atoms, size_t i, double cutoff, int images)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const AlloyCell *cell = atoms->cell;
    int reach[3] = {0, 0, 0};
    for (int k = 0; k < 3 && cell != NULL; k++)
        reach[k] = cell->periodic[k] ? images : 0;
    for (uint32_t j = 0; j < atoms->n; j++)
        for (int a = -reach[0]; a <= reach[0]; a++)
            for (int b = -reach[1]; b <= reach[1]; b++)
                for (int c = -reach[2]; c <= reach[2]; c++) {
                    double d[3] = {atoms->x[j] - atoms->x[i], atoms->y[j] - atoms->y[i],
                                   atoms->z[j] - atoms->z[i]};
                    for (int k = 0; k < 3 && cell != NULL; k++)
                        d[k] += a * cell->vector[0][k] + b * cell->vector[1][k] + c * cell->vector[2][k];
                    if ((j != i || a != 0 || b != 0 || c != 0) && alloy_norm3(d) < cutoff)
                        g_array_append_val(found, j);
                }
    g_array_sort(found, compare_ids);
    return found;
}

static void check_against_brute_force(const AlloyAtoms *atoms, double cutoff, int images)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyNeighbours) list =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, cutoff, TRUE, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->n, ==, atoms->n);
    size_t pairs = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        g_autoptr(GArray) expected = brute_force(atoms, i, cutoff, images);
        g_autofree uint32_t *row =
            g_memdup2(alloy_neighbours_row(list, i), list->count[i] * sizeof(uint32_t));
        g_assert_cmpuint(list->count[i], ==, expected->len);
        if (expected->len > 0) {
            qsort(row, list->count[i], sizeof(uint32_t), compare_ids);
            g_assert_cmpmem(row, list->count[i] * sizeof(uint32_t), expected->data,
                            expected->len * sizeof(uint32_t));
        }
        for (uint32_t k = 0; k < list->count[i]; k++)
            g_assert_cmpfloat(list->distance[list->start[i] + k], <, cutoff);
        pairs += list->count[i];
    }
    g_assert_cmpuint(pairs, ==, list->pairs);
}

static void test_finite(void)
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(300, 20, NULL, seed);
        check_against_brute_force(atoms, 0.8 + 1.7 * (double)seed, 0);
    }
    g_autoptr(AlloyAtoms) all = (AlloyAtoms *)random_model(60, 5, NULL, 9);
    check_against_brute_force(all, 1000, 0); /* everyone is everyone's neighbour */
}

static void test_periodic(void)
{
    static const AlloyCell cells[] = {
        {{0, 0, 0}, {{9, 0, 0}, {0, 11, 0}, {0, 0, 10}}, {TRUE, TRUE, TRUE}},
        {{-3, 2, 1}, {{9, 0, 0}, {4, 10, 0}, {-3, 5, 8}}, {TRUE, TRUE, TRUE}},
        {{0, 0, 0}, {{9, 0, 0}, {0, 0, 10}, {0, 11, 0}}, {TRUE, FALSE, TRUE}}, /* left-handed */
        {{0, 0, 0}, {{9, 1, 0}, {0, 9, 0}, {2, 0, 9}}, {FALSE, TRUE, FALSE}},
    };
    for (size_t c = 0; c < G_N_ELEMENTS(cells); c++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(40, 10, &cells[c], c);
        check_against_brute_force(atoms, 2.5, 4);
        check_against_brute_force(atoms, 7.5, 6);  /* beyond half of the cell */
        check_against_brute_force(atoms, 13.0, 8); /* beyond the cell */
    }
    /* one atom is surrounded by its own images: 12 of them in the primitive fcc cell */
    AlloyCell primitive = {{0, 0, 0}, {{0, 2, 2}, {2, 0, 2}, {2, 2, 0}}, {TRUE, TRUE, TRUE}};
    g_autoptr(AlloyAtoms) one = (AlloyAtoms *)random_model(1, 1, &primitive, 1);
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)alloy_neighbours_new(one, 3.4, FALSE, NULL, NULL);
    g_assert_cmpuint(list->count[0], ==, 12);
    for (int k = 0; k < 12; k++)
        g_assert_cmpuint(list->index[k], ==, 0);
}

static void test_far_outlier(void)
{
    /* occupied cells only: an atom half a metre away costs neither time nor memory */
    g_autoptr(AlloyAtoms) near = (AlloyAtoms *)random_model(200, 12, NULL, 3);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(near);
    alloy_atoms_builder_own_positions(builder);
    builder->x[17] = 5e9;
    builder->y[18] = -1e7;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    check_against_brute_force(atoms, 2.0, 0);
}

/* freud, tests/test_locality_neighbor_query.py: box 10 periodic, points x = 0, 1, 3, 2, r_max 2.01; the
 * numbers there include the point itself. */
static void test_chain(void)
{
    AlloyCell cell = {{-5, -5, -5}, {{10, 0, 0}, {0, 10, 0}, {0, 0, 10}}, {TRUE, TRUE, TRUE}};
    double x[4] = {0, 1, 3, 2};
    static const uint32_t expected[4] = {2, 3, 2, 3}, moved[4] = {0, 2, 2, 2};
    static const uint32_t nearest[4][3] = {{1, 3, 2}, {0, 3, 2}, {3, 1, 0}, {1, 2, 0}};
    for (int round = 0; round < 2; round++) {
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(4);
        int kind = alloy_atoms_builder_kind(builder, "C", 1);
        for (int i = 0; i < 4; i++) {
            builder->x[i] = round == 1 && i == 0 ? 5 : x[i];
            builder->y[i] = builder->z[i] = round == 1 && i == 0 ? 5 : 0;
            builder->species[i] = (uint16_t)kind;
        }
        alloy_atoms_builder_set_cell(builder, &cell);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(AlloyNeighbours) list =
            (AlloyNeighbours *)alloy_neighbours_new(atoms, 2.01, FALSE, NULL, NULL);
        for (int i = 0; i < 4; i++)
            g_assert_cmpuint(list->count[i], ==, round == 0 ? expected[i] : moved[i]);
        if (round == 0) {
            g_assert_cmpuint(list->pairs, ==, 10);
            double *distance = NULL;
            g_autofree uint32_t *ids =
                alloy_nearest(atoms->x, atoms->y, atoms->z, 4, atoms->cell, 3, &distance, NULL, NULL);
            g_assert_cmpmem(ids, sizeof nearest, nearest, sizeof nearest);
            g_assert_cmpfloat(distance[2], ==, 3.0);
            g_free(distance);
        }
    }
}

static void test_nearest(void)
{
    AlloyCell cell = {{0, 0, 0}, {{9, 0, 0}, {4, 10, 0}, {-3, 5, 8}}, {TRUE, TRUE, TRUE}};
    for (int periodic = 0; periodic < 2; periodic++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(80, 10, periodic ? &cell : NULL, 5);
        g_autofree double *distance = NULL;
        g_autofree uint32_t *ids =
            alloy_nearest(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell, 9, &distance, NULL, NULL);
        for (size_t i = 0; i < atoms->n; i++) {
            /* exactly 8 are closer than the ninth, and all that stand there are in the ball */
            g_autoptr(GArray) ball = brute_force(atoms, i, distance[i * 9 + 8] * (1 - 1e-12), 5);
            g_assert_cmpuint(ball->len, ==, 8);
            for (int k = 1; k < 9; k++)
                g_assert_cmpfloat(distance[i * 9 + (size_t)k - 1], <=, distance[i * 9 + (size_t)k]);
            for (guint k = 0; k < ball->len; k++) {
                gboolean found = FALSE;
                for (int r = 0; r < 8; r++)
                    found |= ids[i * 9 + (size_t)r] == g_array_index(ball, uint32_t, k);
                g_assert_true(found);
            }
        }
    }
    /* fewer atoms than asked for */
    g_autoptr(AlloyAtoms) three = (AlloyAtoms *)random_model(3, 10, NULL, 5);
    g_autofree uint32_t *ids = alloy_nearest(three->x, three->y, three->z, 3, NULL, 5, NULL, NULL, NULL);
    g_assert_cmpuint(ids[1], <, 3);
    g_assert_cmpuint(ids[2], ==, G_MAXUINT32);
}

/* Atoms that fill next to nothing of their bounding box: two clusters far apart and one atom much farther. */
static void test_nearest_far(void)
{
    enum { N = 1201, K = 2 };
    g_autoptr(AlloyAtoms) cluster = (AlloyAtoms *)random_model(N, 12, NULL, 9);
    g_autofree double *x = g_memdup2(cluster->x, N * sizeof(double)), *distance = NULL;
    for (size_t i = 0; i < N / 3; i++)
        x[3 * i] += 1e5;
    x[700] = -1e7;
    g_autofree uint32_t *ids = alloy_nearest(x, cluster->y, cluster->z, N, NULL, K, &distance, NULL, NULL);
    for (size_t i = 0; i < N; i++) {
        double best[K] = {HUGE_VAL, HUGE_VAL};
        for (size_t j = 0; j < N; j++) {
            double dx = x[j] - x[i], dy = cluster->y[j] - cluster->y[i], dz = cluster->z[j] - cluster->z[i];
            double d = sqrt(dx * dx + dy * dy + dz * dz);
            if (j != i && d < best[1]) {
                best[1] = MAX(best[0], d);
                best[0] = MIN(best[0], d);
            }
        }
        for (size_t r = 0; r < K; r++) {
            g_assert_cmpuint(ids[i * K + r], <, N);
            g_assert_cmpfloat(distance[i * K + r], ==, best[r]);
        }
    }
}

static void test_threads(void)
{
    AlloyCell cell = {{0, 0, 0}, {{60, 0, 0}, {10, 60, 0}, {0, 0, 60}}, {TRUE, TRUE, FALSE}};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(70000, 70, &cell, 7);
    g_autoptr(AlloyNeighbours) first = NULL;
    static const unsigned threads[] = {1, 2, 8};
    for (int t = 0; t < 3; t++) {
        alloy_parallel_set_threads(threads[t]);
        AlloyNeighbours *list = (AlloyNeighbours *)alloy_neighbours_new(atoms, 2.6, TRUE, NULL, NULL);
        if (t == 0) {
            first = list;
            continue;
        }
        g_assert_cmpuint(list->pairs, ==, first->pairs);
        g_assert_true(memcmp(list->start, first->start, list->n * sizeof *list->start) == 0);
        g_assert_true(memcmp(list->count, first->count, list->n * sizeof *list->count) == 0);
        g_assert_true(memcmp(list->index, first->index, list->pairs * sizeof *list->index) == 0);
        g_assert_true(memcmp(list->distance, first->distance, list->pairs * sizeof *list->distance) == 0);
        alloy_data_unref(list);
    }
    alloy_parallel_set_threads(0);
}

static void test_invariance(void)
{
    /* a rotation, a shift and another order of the atoms leave every atom its number of neighbours */
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(2000, 25, NULL, 11);
    double axis[3] = {1 / sqrt(3), 1 / sqrt(3), 1 / sqrt(3)}, turn[3][3];
    alloy_rotation3(axis, 0.7, turn);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_positions(builder);
    for (size_t i = 0; i < atoms->n; i++) {
        size_t from = (i * 7919) % atoms->n;
        double p[3] = {atoms->x[from], atoms->y[from], atoms->z[from]};
        builder->x[i] = alloy_dot3(turn[0], p) + 12.5;
        builder->y[i] = alloy_dot3(turn[1], p) - 3;
        builder->z[i] = alloy_dot3(turn[2], p) + 0.1;
    }
    g_autoptr(AlloyAtoms) turned = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyNeighbours) a = (AlloyNeighbours *)alloy_neighbours_new(atoms, 2.3, FALSE, NULL, NULL);
    g_autoptr(AlloyNeighbours) b = (AlloyNeighbours *)alloy_neighbours_new(turned, 2.3, FALSE, NULL, NULL);
    for (size_t i = 0; i < atoms->n; i++)
        g_assert_cmpuint(b->count[i], ==, a->count[(i * 7919) % atoms->n]);
}

static void test_refused(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_model(10, 25, NULL, 11);
    static const double bad[] = {0, -1, NAN, INFINITY};
    for (size_t k = 0; k < G_N_ELEMENTS(bad); k++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_neighbours_new(atoms, bad[k], FALSE, NULL, &error));
        g_assert_nonnull(error);
    }
    g_autoptr(GError) error = NULL;
    AlloyCell tiny = {{0, 0, 0}, {{0.01, 0, 0}, {0, 0.01, 0}, {0, 0, 0.01}}, {TRUE, TRUE, TRUE}};
    g_autoptr(AlloyAtoms) dense = (AlloyAtoms *)random_model(10, 0.01, &tiny, 1);
    g_assert_null(alloy_neighbours_new(dense, 100, FALSE, NULL, &error)); /* 1e13 images */
    g_assert_nonnull(error);
    /* a million atoms on one spot would make 1e12 pairs: refused before the memory is gone */
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(1000000);
    int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
    for (size_t i = 0; i < builder->n; i++) {
        builder->x[i] = builder->y[i] = builder->z[i] = 1;
        builder->species[i] = (uint16_t)kind;
    }
    g_autoptr(AlloyAtoms) spot = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_clear_error(&error);
    g_assert_null(alloy_neighbours_new(spot, 3, FALSE, NULL, &error));
    g_assert_nonnull(strstr(error->message, "memory"));
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_clear_error(&error);
    g_assert_null(alloy_neighbours_new(atoms, 3, FALSE, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_autoptr(AlloyAtoms) none = (AlloyAtoms *)random_model(0, 1, NULL, 1);
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)alloy_neighbours_new(none, 3, FALSE, NULL, NULL);
    g_assert_cmpuint(list->pairs, ==, 0);
}

/* Cuboctahedron of n shells, closed form: 12 vertices with 5 neighbours, 24(n-1) edge atoms with 7, 6(n-1)^2
 * of {100} with 8, 4(n-1)(n-2) of {111} with 9, the rest 12; (10n^3 + 15n^2 + 11n + 3)/3 atoms. Site by site:
 * how many of |x|+|y|+|z| = 2n and max = n a site touches decides. */
static void test_cuboctahedra(void)
{
    for (int n = 1; n <= 6; n++) {
        GArray *sites = g_array_new(FALSE, FALSE, 3 * sizeof(int));
        for (int x = -n; x <= n; x++)
            for (int y = -n; y <= n; y++)
                for (int z = -n; z <= n; z++)
                    if ((x + y + z) % 2 == 0 && abs(x) + abs(y) + abs(z) <= 2 * n) {
                        int site[3] = {x, y, z};
                        g_array_append_val(sites, site);
                    }
        g_assert_cmpuint(sites->len, ==, (guint)((10 * n * n * n + 15 * n * n + 11 * n + 3) / 3));
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(sites->len);
        int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
        const int(*site)[3] = (const int(*)[3])(const void *)sites->data;
        for (guint i = 0; i < sites->len; i++) {
            builder->x[i] = 1.9445 * site[i][0];
            builder->y[i] = 1.9445 * site[i][1];
            builder->z[i] = 1.9445 * site[i][2];
            builder->species[i] = (uint16_t)kind;
        }
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(AlloyNeighbours) list =
            (AlloyNeighbours *)alloy_neighbours_new(atoms, 3.3, FALSE, NULL, NULL);
        guint histogram[13] = {0};
        for (guint i = 0; i < sites->len; i++) {
            int ax = abs(site[i][0]), ay = abs(site[i][1]), az = abs(site[i][2]);
            int squares = (ax == n) + (ay == n) + (az == n); /* {100} faces it lies on */
            gboolean triangle = ax + ay + az == 2 * n;       /* on a {111} face */
            guint cn = squares == 2 ? 5 : squares == 1 && triangle ? 7 : squares == 1 ? 8 : triangle ? 9 : 12;
            if (triangle && squares == 0 && (ax == 0 || ay == 0 || az == 0))
                cn = 7;
            g_assert_cmpuint(list->count[i], ==, cn);
            histogram[list->count[i]]++;
        }
        g_assert_cmpuint(histogram[5], ==, 12);
        g_assert_cmpuint(histogram[7], ==, 24 * (guint)(n - 1));
        g_assert_cmpuint(histogram[8], ==, 6 * (guint)((n - 1) * (n - 1)));
        g_assert_cmpuint(histogram[9], ==, n > 1 ? 4 * (guint)((n - 1) * (n - 2)) : 0);
        g_array_free(sites, TRUE);
    }
}

/* Counts that OVITO's own tests assert (create_bonds_modifier.py) and histograms recomputed with NumPy, both
 * in shared data atoms/reference_numbers.json. */
static void test_ovito_counts(void)
{
    g_autoptr(AlloyAtoms) shear = (AlloyAtoms *)test_data_atoms("atoms/ovito_tests/CFG/shear.void.120.cfg");
    if (shear == NULL)
        return;
    g_autoptr(AlloyNeighbours) at31 = (AlloyNeighbours *)alloy_neighbours_new(shear, 3.1, FALSE, NULL, NULL);
    g_assert_cmpuint(at31->pairs, ==, 21894);
    g_autoptr(AlloyNeighbours) at30 = (AlloyNeighbours *)alloy_neighbours_new(shear, 3.0, FALSE, NULL, NULL);
    static const guint expected[18] = {[7] = 4,    [8] = 24,  [9] = 56,   [10] = 16,  [11] = 12, [12] = 1039,
                                       [13] = 181, [14] = 56, [15] = 163, [16] = 137, [17] = 20};
    guint histogram[18] = {0};
    for (size_t i = 0; i < shear->n; i++) {
        g_assert_cmpuint(at30->count[i], <, 18);
        histogram[at30->count[i]]++;
    }
    for (int k = 0; k < 18; k++)
        g_assert_cmpuint(histogram[k], ==, expected[k]);

    /* create_bonds_modifier.py: bonds between the file's types 1 and 2, which its masses order as they come
     */
    size_t between = 0;
    int one = alloy_atoms_find_kind(shear, shear->kinds[0].name), two = 1;
    for (size_t i = 0; i < shear->n; i++)
        for (uint32_t k = 0; k < at30->count[i]; k++)
            between += shear->species[i] == one && shear->species[alloy_neighbours_row(at30, i)[k]] == two;
    g_test_message("kinds %s %zu, %s %zu: %zu bonds", shear->kinds[0].name, shear->kinds[0].count,
                   shear->kinds[1].name, shear->kinds[1].count, between);
    g_assert_cmpuint(between, ==, 396);

    g_autoptr(AlloyAtoms) titanium =
        (AlloyAtoms *)test_data_atoms("atoms/ovito_tests/POSCAR/Ti_n1_PBE.n54_G7_V15.000.poscar.000");
    g_autoptr(AlloyNeighbours) bonds =
        (AlloyNeighbours *)alloy_neighbours_new(titanium, 3.0, FALSE, NULL, NULL);
    int ti = alloy_atoms_find_kind(titanium, "Ti");
    size_t mixed = 0;
    for (size_t i = 0; i < titanium->n; i++)
        for (uint32_t k = 0; titanium->species[i] == ti && k < bonds->count[i]; k++)
            mixed += titanium->species[alloy_neighbours_row(bonds, i)[k]] != ti;
    g_assert_cmpuint(mixed, ==, 8);
    g_assert_cmpuint(bonds->pairs, ==, 2 * 216);

    g_autoptr(AlloyAtoms) glass =
        (AlloyAtoms *)test_data_atoms("atoms/ovito_examples/CuZr_metallic_glass.dump.gz");
    g_autoptr(AlloyNeighbours) shell = (AlloyNeighbours *)alloy_neighbours_new(glass, 3.8, FALSE, NULL, NULL);
    g_assert_cmpuint(shell->pairs, ==, 2 * 725245);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/neighbours/finite", test_finite);
    g_test_add_func("/neighbours/periodic", test_periodic);
    g_test_add_func("/neighbours/far-outlier", test_far_outlier);
    g_test_add_func("/neighbours/freud-chain", test_chain);
    g_test_add_func("/neighbours/nearest", test_nearest);
    g_test_add_func("/neighbours/nearest-far", test_nearest_far);
    g_test_add_func("/neighbours/threads", test_threads);
    g_test_add_func("/neighbours/invariance", test_invariance);
    g_test_add_func("/neighbours/refused", test_refused);
    g_test_add_func("/neighbours/cuboctahedra", test_cuboctahedra);
    g_test_add_func("/neighbours/ovito-counts", test_ovito_counts);
    return g_test_run();
}
