/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/rdf.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/data/series.h"
#include "core/structure/coordination.h"
#include "core/structure/particle-shape.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* A lattice of cubic cells with a basis, periodic. */
static const AlloyAtoms *lattice(const double basis[][3], int n_basis, double a, int cells)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new((size_t)(cells * cells * cells * n_basis));
    int kind = alloy_atoms_builder_kind(builder, "Fe", 2);
    size_t n = 0;
    for (int i = 0; i < cells * cells * cells; i++)
        for (int b = 0; b < n_basis; b++, n++) {
            builder->x[n] = a * (i % cells + basis[b][0]);
            builder->y[n] = a * (i / cells % cells + basis[b][1]);
            builder->z[n] = a * (i / cells / cells + basis[b][2]);
            builder->species[n] = (uint16_t)kind;
        }
    AlloyCell cell = {
        {0, 0, 0}, {{a * cells, 0, 0}, {0, a * cells, 0}, {0, 0, a * cells}}, {TRUE, TRUE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    return alloy_atoms_builder_finish(builder);
}

/* Atoms of a lattice within radius of its middle, moved by Gaussian noise; no cell. */
static const AlloyAtoms *ball(double a, double radius, double noise, uint64_t seed)
{
    int cells = (int)ceil(2 * radius / a) + 1;
    g_autoptr(AlloyAtoms) bulk = (AlloyAtoms *)test_fcc(a, cells, cells, cells, "Pd");
    g_autofree uint8_t *keep = g_malloc0(bulk->n);
    double centre = 0.5 * a * cells;
    for (size_t i = 0; i < bulk->n; i++) {
        double dx = bulk->x[i] - centre, dy = bulk->y[i] - centre, dz = bulk->z[i] - centre;
        keep[i] = dx * dx + dy * dy + dz * dz < radius * radius;
    }
    g_autoptr(AlloyAtoms) part = (AlloyAtoms *)alloy_atoms_subset(bulk, keep);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(part);
    alloy_atoms_builder_own_positions(builder);
    alloy_atoms_builder_set_cell(builder, NULL);
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    for (size_t i = 0; i < part->n; i++) {
        builder->x[i] += noise * alloy_random_normal(&random);
        builder->y[i] += noise * alloy_random_normal(&random);
        builder->z[i] += noise * alloy_random_normal(&random);
    }
    return alloy_atoms_builder_finish(builder);
}

static void check_first(const AlloyAtoms *atoms, double peak, double minimum, double tolerance)
{
    double p, m;
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_first_minimum(atoms, &m, &p, NULL, &error));
    g_assert_no_error(error);
    test_assert_near(p, peak, tolerance);
    test_assert_near(m, minimum, tolerance);
}

/* Perfect lattices: the peak is the bond, the minimum the middle of the empty gap after it (to a bin of
 * 0.02). */
static void test_lattices(void)
{
    static const double fcc[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
    static const double sc[1][3] = {{0, 0, 0}};
    g_autoptr(AlloyAtoms) f = (AlloyAtoms *)lattice(fcc, 4, 3.89, 4);
    check_first(f, 3.89 / sqrt(2), 3.89 * (1 / sqrt(2) + 1) / 2, 0.03);
    g_autoptr(AlloyAtoms) b = (AlloyAtoms *)lattice(bcc, 2, 2.87, 5);
    check_first(b, 2.87 * sqrt(3) / 2, 2.87 * (sqrt(3) / 2 + 1) / 2, 0.03);
    g_autoptr(AlloyAtoms) s = (AlloyAtoms *)lattice(sc, 1, 3.0, 5);
    check_first(s, 3.0, 3.0 * (1 + sqrt(2)) / 2, 0.03);
    /* the same lattice in pixels and in nanometres: the scale is found, not assumed */
    g_autoptr(AlloyAtoms) pixels = (AlloyAtoms *)lattice(fcc, 4, 11.33, 4);
    check_first(pixels, 11.33 / sqrt(2), 11.33 * (1 / sqrt(2) + 1) / 2, 0.09);
    g_autoptr(AlloyAtoms) nm = (AlloyAtoms *)lattice(fcc, 4, 0.389, 4);
    check_first(nm, 0.389 / sqrt(2), 0.389 * (1 / sqrt(2) + 1) / 2, 0.003);
}

/* A handful of atoms: the 13-atom cuboctahedron has shells at 1, sqrt 2, sqrt 3, 2; a dimer only one. */
static void test_handful(void)
{
    g_autoptr(AlloyAtoms) thirteen = (AlloyAtoms *)ball(3.89, 2.8, 0, 0);
    double p, m;
    g_assert_true(alloy_first_minimum(thirteen, &m, &p, NULL, NULL));
    g_assert_cmpfloat(m, >, 1.1 * 3.89 / sqrt(2));
    g_assert_cmpfloat(m, <, 0.98 * 3.89);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(2);
    int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
    for (int i = 0; i < 2; i++) {
        builder->x[i] = 2.5 * i;
        builder->y[i] = builder->z[i] = 0;
        builder->species[i] = (uint16_t)kind;
    }
    g_autoptr(AlloyAtoms) dimer = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_true(alloy_first_minimum(dimer, &m, &p, NULL, NULL));
    test_assert_near(p, 2.5, 0.03);
    g_assert_cmpfloat(m, >, 2.5);
    g_assert_cmpfloat(m, <, 3.6);
    /* all at one place, or alone: refused with a reason */
    uint8_t keep[2] = {1, 0};
    g_autoptr(AlloyAtoms) one = (AlloyAtoms *)alloy_atoms_subset(dimer, keep);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_first_minimum(one, &m, NULL, NULL, &error));
    g_assert_nonnull(error);
}

/* The characteristic function of a ball: 1 - 3r/4R + r^3/16R^3 (Guinier and Fournet, chapter 2), R from the
 * volume itself, and the volume that of N fcc cells within the half layer of surface that is a convention. */
static void test_overlap(void)
{
    double a = 3.89, radius = 25;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)ball(a, radius, 0, 0);
    g_autoptr(AlloyParticleShape) shape = alloy_particle_shape(atoms, a / sqrt(2), 20, NULL, NULL);
    double bulk = (double)atoms->n * a * a * a / 4;
    g_assert_cmpfloat(fabs(shape->volume / bulk - 1), <,
                      0.06); /* area * 0.1 spacing of play over the volume */
    double R = cbrt(3 * shape->volume / (4 * G_PI));
    for (double r = 0.5; r < 20; r += 0.5) {
        double exact = 1 - 0.75 * r / R + r * r * r / (16 * R * R * R);
        test_assert_near(alloy_particle_overlap(shape, r), exact,
                         0.02); /* a lattice ball is not quite round */
    }
}

/* In a cell of independent points g is 1 within counting error; in an ideal gas the two partials too, and
 * always sum c_A c_B g_AB = g. */
static const AlloyAtoms *gas(size_t n, double size, uint64_t seed)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    alloy_atoms_builder_kind(builder, "Cu", 2);
    alloy_atoms_builder_kind(builder, "Au", 2);
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = size * alloy_random_uniform(&random);
        builder->y[i] = size * alloy_random_uniform(&random);
        builder->z[i] = size * alloy_random_uniform(&random);
        builder->species[i] = alloy_random_uniform(&random) < 0.3;
    }
    AlloyCell cell = {{0, 0, 0}, {{size, 0, 0}, {0, size, 0}, {0, 0, size}}, {TRUE, TRUE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    return alloy_atoms_builder_finish(builder);
}

static AlloyRun *run_rdf(const AlloyAtoms *atoms, const char *maximum, const char *width)
{
    g_autoptr(GError) error = NULL;
    AlloyRun *run = alloy_run_new(&alloy_op_rdf);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    g_assert_true(alloy_run_set(run, "maximum", maximum, &error));
    g_assert_true(alloy_run_set(run, "bin-width", width, &error));
    alloy_run_execute(run, &error);
    g_assert_no_error(error);
    return run;
}

static void check_partials(const AlloyAtoms *atoms, const AlloyTable *table, double tolerance)
{
    const AlloyColumn *g = alloy_table_column(table, "g");
    for (size_t k = 0; k < table->n; k++) {
        double sum = 0;
        for (unsigned a = 0; a < atoms->n_kinds; a++)
            for (unsigned b = 0; b < atoms->n_kinds; b++) {
                g_autofree char *name =
                    g_strdup_printf("g_%s_%s", atoms->kinds[a].name, atoms->kinds[b].name);
                double ca = (double)atoms->kinds[a].count / (double)atoms->n;
                double cb = (double)atoms->kinds[b].count / (double)atoms->n;
                sum += ca * cb * alloy_table_column(table, name)->real[k];
            }
        test_assert_near(sum, g->real[k], tolerance * MAX(g->real[k], 1));
    }
}

static void test_gas(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)gas(20000, 60, 1);
    g_autoptr(AlloyRun) run = run_rdf(atoms, "12", "0.5");
    const AlloyTable *table = run->tables->pdata[0];
    const AlloyColumn *g = alloy_table_column(table, "g"), *pairs = alloy_table_column(table, "pairs");
    for (size_t k = 0; k < table->n; k++)
        /* each unordered pair counts twice: sd of g is sqrt(2/pairs); 5 of them over 24 bins */
        test_assert_near(g->real[k], 1, 5 * sqrt(2.0 / (double)MAX(pairs->integer[k], 1)));
    check_partials(atoms, table, 1e-12);
    /* the pairs are those that the neighbour list finds */
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)alloy_neighbours_new(atoms, 12, FALSE, NULL, NULL);
    int64_t sum = 0;
    for (size_t k = 0; k < table->n; k++)
        sum += pairs->integer[k];
    g_assert_cmpint(sum, ==, (int64_t)list->pairs);
}

/* A finite particle, normalised by its body, has the g of the infinite crystal: the coordination shells come
 * out. */
static void test_particle_normalisation(void)
{
    double a = 3.89;
    g_autoptr(AlloyAtoms) particle = (AlloyAtoms *)ball(a, 30, 0.15, 3);
    g_autoptr(AlloyRun) run = run_rdf(particle, "12", "0.05");
    const AlloyTable *table = run->tables->pdata[0];
    const double *r = alloy_table_column(table, "r")->real, *g = alloy_table_column(table, "g")->real;
    double first = 0, mean = 0;
    size_t far = 0;
    for (size_t k = 0; k < table->n; k++) {
        if (r[k] < 3.3)
            first += g[k] * 4 * G_PI * r[k] * r[k] * 0.05 * 4 / (a * a * a);
        if (r[k] > 6) {
            mean += g[k] * r[k] * r[k];
            far += 1;
        }
    }
    double weight = 0;
    for (size_t k = 0; k < table->n; k++)
        weight += r[k] > 6 ? r[k] * r[k] : 0;
    test_assert_near(first, 12, 0.6); /* 5 %: the half layer of surface that is a convention */
    test_assert_near(mean / weight, 1, 0.05);
    g_assert_cmpuint(far, >, 100);
}

/* A particle in a large periodic box, as simulations keep it, has the same g as without the box; where the
 * faces of the box cut it, that is said and nothing is guessed. A cell that is full has nothing to say. */
static void test_particle_in_box(void)
{
    g_autoptr(AlloyAtoms) particle = (AlloyAtoms *)ball(3.89, 14, 0.1, 5);
    g_autoptr(AlloyRun) alone = run_rdf(particle, "12", "0.05");
    AlloyCell box = {{-20, -20, -20}, {{80, 0, 0}, {0, 80, 0}, {0, 0, 80}}, {TRUE, TRUE, TRUE}};
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(particle);
    alloy_atoms_builder_set_cell(builder, &box);
    g_autoptr(AlloyAtoms) boxed = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyRun) run = run_rdf(boxed, "12", "0.05");
    const AlloyTable *a = alone->tables->pdata[0], *b = run->tables->pdata[0];
    for (size_t k = 0; k < a->n; k++)
        test_assert_near(alloy_table_column(a, "g")->real[k], alloy_table_column(b, "g")->real[k], 0);
    g_assert_cmpuint(run->warnings->len, ==, 1);
    g_assert_nonnull(strstr(((AlloyWarning *)run->warnings->pdata[0])->message, "stands alone"));

    builder = alloy_atoms_builder_from(boxed);
    alloy_atoms_builder_own_positions(builder);
    for (size_t i = 0; i < particle->n; i++) /* half of it beyond the face, on the other side of the box */
        builder->x[i] += builder->x[i] > 14 ? -80.0 : 0.0;
    g_autoptr(AlloyAtoms) cut = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyRun) told = run_rdf(cut, "12", "0.05");
    g_assert_cmpuint(told->warnings->len, ==, 1);
    g_assert_nonnull(strstr(((AlloyWarning *)told->warnings->pdata[0])->message, "--normalisation particle"));
    test_assert_near(alloy_columns_get(told->scalars, "volume")->real[0], 80.0 * 80 * 80, 1e-6);

    g_autoptr(AlloyAtoms) bulk = (AlloyAtoms *)test_fcc(3.89, 6, 6, 6, "Pd");
    g_autoptr(AlloyRun) full = run_rdf(bulk, "8", "0.05");
    g_assert_cmpuint(full->warnings->len, ==, 0);
}

/* Stages that were counted with cutoffs of their own are told, with one for all; stages that hardly differ,
 * or were given one, are not. */
static void test_series_cutoffs(void)
{
    g_autoptr(AlloyAtoms) one = (AlloyAtoms *)test_fcc(3.8, 3, 3, 3, "Pd");
    g_autoptr(AlloyAtoms) same = (AlloyAtoms *)test_fcc(3.81, 3, 3, 3, "Pd");
    g_autoptr(AlloyAtoms) wide = (AlloyAtoms *)test_fcc(4.0, 3, 3, 3, "Pd");
    for (int k = 0; k < 3; k++) {
        AlloyStage stages[] = {{one, 0, NAN, "a"}, {k == 1 ? same : wide, 1, NAN, "b"}};
        g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("test", stages, 2);
        g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_coordination);
        g_autoptr(GError) error = NULL;
        alloy_run_add_input(run, ALLOY_DATA(series));
        if (k == 2)
            alloy_run_set(run, "cutoff", "3.3", NULL);
        g_assert_true(alloy_run_execute(run, &error));
        g_assert_cmpuint(run->warnings->len, ==, k == 0);
        if (k > 0)
            continue;
        /* the middles of the gaps: 3.8 and 4.0 times (1 + 1/sqrt 2)/2, to a bin */
        const AlloyWarning *warning = run->warnings->pdata[0];
        const char *offer = strstr(warning->message, "--cutoff ");
        g_assert_cmpstr(warning->code, ==, "cutoff");
        g_assert_nonnull(offer);
        test_assert_near(g_ascii_strtod(offer + 9, NULL), 3.9 * (1 + 1 / sqrt(2)) / 2, 0.03);
    }
}

/* Nothing within the cutoff is said, as by csrop. */
static void test_no_neighbours(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)ball(3.89, 6, 0, 0);
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_coordination);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    alloy_run_set(run, "cutoff", "2", NULL);
    g_assert_true(alloy_run_execute(run, NULL));
    g_assert_cmpuint(run->warnings->len, ==, 1);
    const AlloyWarning *warning = run->warnings->pdata[0];
    g_assert_cmpstr(warning->code, ==, "no-neighbours");
    g_assert_nonnull(strstr(warning->message, "within 2 angstrom, the nearest two are 2.751 angstrom apart"));
}

/* Pd@Pt particles, Nat. Commun. 14, 2934 (2023): reference_numbers.json, bins 0.02, Gaussian 0.05; to one
 * bin. The valley of TO is flat between 3.41 and 3.45 (the notes quote both), so it gets three bins. */
static void test_experiment(void)
{
    static const struct {
        const char *file;
        double peak, minimum, tolerance;
    } cases[] = {{"aet/pdpt_pku/EPB.xyz", 2.75, 3.33, 0.021},
                 {"aet/pdpt_pku/TO.xyz", 2.75, 3.41, 0.061},
                 {"aet/pdpt_pku/PB_angstrom.xyz", 2.75, 3.33, 0.021}};
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(cases[k].file);
        if (atoms == NULL)
            return;
        double p, m;
        g_assert_true(alloy_first_minimum(atoms, &m, &p, NULL, NULL));
        test_assert_near(p, cases[k].peak, 0.021);
        test_assert_near(m, cases[k].minimum, cases[k].tolerance);
    }
    /* reference_numbers.json, large_periodic: 200 bins to 6 angstrom */
    g_autoptr(AlloyAtoms) glass =
        (AlloyAtoms *)test_data_atoms("atoms/ovito_examples/CuZr_metallic_glass.dump.gz");
    g_autoptr(AlloyRun) run = run_rdf(glass, "6", "0.03");
    const AlloyTable *table = run->tables->pdata[0];
    const double *r = alloy_table_column(table, "r")->real, *g = alloy_table_column(table, "g")->real;
    size_t peak = 0;
    for (size_t k = 0; k < table->n; k++)
        if (g[k] > g[peak])
            peak = k;
    test_assert_near(r[peak], 2.685, 1e-9);
    test_assert_near(g[peak], 3.0490477903101407,
                     2e-4); /* the reference divides by 4 pi r^2 dr, we by the shell */
    check_partials(glass, table, 1e-12);
}

static void test_threads(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)gas(30000, 60, 4);
    g_autoptr(AlloyPairCounts) first = NULL;
    static const unsigned threads[] = {1, 2, 8};
    for (int t = 0; t < 3; t++) {
        alloy_parallel_set_threads(threads[t]);
        AlloyPairCounts *counts = alloy_pair_counts(atoms, 8, 0.02, NULL, NULL);
        if (t == 0) {
            first = counts;
            continue;
        }
        g_assert_true(memcmp(counts->counts, first->counts, 4 * counts->bins * sizeof(uint64_t)) == 0);
        g_assert_true(memcmp(&counts->first.minimum, &first->first.minimum, sizeof(double)) == 0);
        alloy_pair_counts_free(counts);
    }
    alloy_parallel_set_threads(0);
}

/* Pd@Pt, reference_numbers.json: mean coordination at the given cutoff. */
static void test_coordination(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms("aet/pdpt_pku/TO.xyz");
    if (atoms == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_coordination);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    alloy_run_set(run, "cutoff", "3.41", NULL);
    g_assert_true(alloy_run_execute(run, &error));
    test_assert_near(alloy_columns_get(run->scalars, "mean_cn")->real[0], 11.183042040623524, 1e-12);
    g_assert_cmpint(alloy_columns_get(run->scalars, "exactly_12")->integer[0], ==, 6400);
    g_assert_cmpint(alloy_columns_get(run->scalars, "below_12")->integer[0], ==, 2063);
    g_assert_cmpint(alloy_columns_get(run->scalars, "above_12")->integer[0], ==, 5);
    const AlloyAtoms *result = (const AlloyAtoms *)run->atoms;
    g_assert_cmpuint(alloy_atoms_column(result, "cn")->n, ==, atoms->n);
    g_assert_true(result->x == atoms->x); /* positions shared, order kept */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdf/lattices", test_lattices);
    g_test_add_func("/rdf/handful", test_handful);
    g_test_add_func("/rdf/overlap", test_overlap);
    g_test_add_func("/rdf/gas", test_gas);
    g_test_add_func("/rdf/particle-normalisation", test_particle_normalisation);
    g_test_add_func("/rdf/particle-in-box", test_particle_in_box);
    g_test_add_func("/rdf/series-cutoffs", test_series_cutoffs);
    g_test_add_func("/rdf/no-neighbours", test_no_neighbours);
    g_test_add_func("/rdf/experiment", test_experiment);
    g_test_add_func("/rdf/threads", test_threads);
    g_test_add_func("/rdf/coordination", test_coordination);
    return g_test_run();
}
