/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/series.h"

#include "core/base/error.h"
#include "core/structure/neighbours.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Synthetic series: the study's counts, the truth beside the data, and the diffusion coefficient out as it
 * was put in. */

/* arXiv:2606.12150, tables S1, S2, S3: Pd, Ir, and the common positions with the stage before. */
static const size_t study[3][4][3] = {
    {{10639, 2852, 0}, {10597, 2904, 13093}, {10641, 2856, 13160}, {10578, 2924, 13148}},
    {{9130, 2321, 0}, {9003, 2456, 10527}, {9071, 2391, 11078}, {9046, 2466, 11018}},
    {{12035, 2797, 0}, {11906, 3283, 14286}, {12532, 3415, 14286}, {12819, 3733, 15416}},
};

static AlloySeries *make(const AlloySeriesRecipe *recipe, uint64_t seed, const AlloyTable **truth)
{
    g_autoptr(GError) error = NULL;
    const AlloySeries *series = alloy_simulate_series(recipe, seed, truth, NULL, NULL, &error);
    g_assert_no_error(error);
    return (AlloySeries *)series;
}

static const int64_t *integers(const AlloyAtoms *atoms, const char *name)
{
    return alloy_atoms_column(atoms, name)->integer;
}

/* Index of the atom by one of its numbers; a number that comes twice fails. */
static GHashTable *index_by(const AlloyAtoms *atoms, const char *name)
{
    GHashTable *table = g_hash_table_new(g_int64_hash, g_int64_equal);
    const int64_t *values = integers(atoms, name);
    for (size_t i = 0; i < atoms->n; i++)
        g_assert_true(g_hash_table_insert(table, (gpointer)&values[i], GSIZE_TO_POINTER(i + 1)));
    return table;
}

static gboolean find(GHashTable *table, int64_t value, size_t *index)
{
    size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(table, &value));
    *index = found - 1;
    return found != 0;
}

static void test_study(void)
{
    for (int p = 0; p < 3; p++) {
        AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(p + 1);
        const AlloyTable *table = NULL;
        g_autoptr(AlloySeries) series = make(&recipe, (uint64_t)p, &table);
        g_autoptr(AlloyTable) truth = (AlloyTable *)table;
        g_assert_cmpuint(series->n, ==, 4);
        g_assert_true(g_str_has_prefix(series->title, "synthetic Pd@Ir"));
        static const double minutes[] = {0, 30, 60, 120};
        for (int s = 0; s < 4; s++) {
            const AlloyAtoms *atoms = series->stages[s].atoms;
            g_assert_cmpfloat(series->stages[s].time, ==, 60 * minutes[s]);
            test_assert_near(series->stages[s].temperature, 473.15 + 100 * p, 1e-9);
            g_assert_cmpuint(atoms->kinds[0].count, ==, study[p][s][0]);
            g_assert_cmpuint(atoms->kinds[1].count, ==, study[p][s][1]);
            g_assert_true(alloy_columns_get(atoms->info, "synthetic")->boolean[0]);
            if (s == 0)
                continue;
            g_autoptr(GHashTable) before = index_by(series->stages[s - 1].atoms, "true_site");
            size_t common = 0, i;
            for (size_t k = 0; k < atoms->n; k++)
                common += find(before, integers(atoms, "true_site")[k], &i);
            g_assert_cmpuint(common, ==, study[p][s][2]);
        }
        /* Surface Pd: 50, 63 and 78 % at the end (text to fig. 2E; 50 + 13), to one atom. */
        static const double final[] = {0.50, 0.63, 0.78};
        test_assert_near(alloy_table_column(truth, "true_surface_core")->real[3], final[p],
                         1.0 / (double)alloy_table_column(truth, "surface_atoms")->integer[3]);
    }
}

/* Every column of the truth, told again from the stage before. */
static void test_truth(void)
{
    AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(3);
    const AlloyTable *table = NULL;
    g_autoptr(AlloySeries) series = make(&recipe, 5, &table);
    g_autoptr(AlloyTable) truth = (AlloyTable *)table;
    for (int s = 1; s < 4; s++) {
        const AlloyAtoms *a = series->stages[s - 1].atoms, *b = series->stages[s].atoms;
        g_autoptr(GHashTable) by_site = index_by(a, "true_site"), by_id = index_by(a, "true_id");
        g_autoptr(GHashTable) unique = index_by(b, "true_site"), unique_id = index_by(b, "true_id");
        const AlloyColumn *species = alloy_atoms_column(b, "true_species"),
                          *event = alloy_atoms_column(b, "true_event");
        const AlloyColumn *was = alloy_atoms_column(a, "true_species");
        const uint8_t *moved = alloy_atoms_column(b, "true_moved")->boolean;
        const uint8_t *changed = alloy_atoms_column(b, "true_changed")->boolean;
        int64_t arrived = 0, hopped = 0, n_changed = 0, stayed_ids = 0, wrong = 0;
        for (size_t i = 0; i < b->n; i++) {
            size_t old, there;
            gboolean known = find(by_id, integers(b, "true_id")[i], &old);
            gboolean occupied = find(by_site, integers(b, "true_site")[i], &there);
            const char *what = alloy_column_text_at(event, i);
            g_assert_cmpint(strcmp(what, "arrived") == 0, ==, !known);
            arrived += !known;
            hopped += strcmp(what, "hopped") == 0;
            stayed_ids += known;
            wrong += alloy_atoms_column(b, "true_misassigned")->boolean[i];
            if (known) {
                /* an atom keeps its species, and has moved when its site is another */
                g_assert_cmpstr(alloy_column_text_at(species, i), ==, alloy_column_text_at(was, old));
                g_assert_cmpint(moved[i], ==, integers(a, "true_site")[old] != integers(b, "true_site")[i]);
                g_assert_cmpint(moved[i], ==, strcmp(what, "stayed") != 0);
            } else {
                g_assert_true(moved[i]);
            }
            if (occupied) {
                g_assert_cmpint(changed[i], ==,
                                strcmp(alloy_column_text_at(species, i), alloy_column_text_at(was, there)) !=
                                    0);
                /* the same site is the same place */
                g_assert_cmpfloat(alloy_atoms_column(a, "true_x")->real[there], ==,
                                  alloy_atoms_column(b, "true_x")->real[i]);
            } else {
                g_assert_false(changed[i]);
            }
            n_changed += changed[i];
        }
        g_assert_cmpint(arrived, ==, alloy_table_column(truth, "arrived")->integer[s]);
        g_assert_cmpint(hopped, <=, alloy_table_column(truth, "hopped")->integer[s]);
        g_assert_cmpint(n_changed, ==, alloy_table_column(truth, "changed")->integer[s]);
        g_assert_cmpint(wrong, ==, alloy_table_column(truth, "misassigned")->integer[s]);
        int64_t left = alloy_table_column(truth, "left")->integer[s];
        g_assert_cmpint(left, ==, (int64_t)a->n - (int64_t)study[2][s][2]);
        g_assert_cmpint(stayed_ids, ==,
                        (int64_t)a->n - left + alloy_table_column(truth, "hopped")->integer[s]);
    }
}

/* <dx^2> = 2 D t along each axis for atoms far from the surface, within 4 standard errors of the sample. */
static void check_diffusion(double diffusion, uint64_t seed)
{
    AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(3);
    recipe.diffusion = diffusion;
    g_autoptr(AlloySeries) series = make(&recipe, seed, NULL);
    const AlloyAtoms *first = series->stages[0].atoms;
    static const char *const axes[] = {"true_x", "true_y", "true_z"};
    for (size_t s = 1; s < series->n; s++) {
        const AlloyAtoms *last = series->stages[s].atoms;
        g_autoptr(GHashTable) by_id = index_by(last, "true_id");
        double expected = 2 * diffusion * 1e20 * series->stages[s].time; /* angstrom^2 */
        for (int k = 0; k < 3; k++) {
            double n = 0, sum = 0, square = 0;
            for (size_t i = 0; i < first->n; i++) {
                double r2 = 0;
                size_t now;
                for (int m = 0; m < 3; m++)
                    r2 += pow(alloy_atoms_column(first, axes[m])->real[i], 2);
                if (r2 > 15 * 15 || !find(by_id, integers(first, "true_id")[i], &now))
                    continue;
                double d = alloy_atoms_column(last, axes[k])->real[now] -
                           alloy_atoms_column(first, axes[k])->real[i];
                n++;
                sum += d * d;
                square += pow(d, 4);
            }
            double mean = sum / n, error = sqrt((square / n - mean * mean) / n);
            g_assert_cmpfloat(n, >, 500);
            test_assert_near(mean, expected, 4 * error);
            /* and that is no empty statement */
            g_assert_true(diffusion == 0 || error < 0.15 * expected);
        }
    }
}

static void test_diffusion(void)
{
    check_diffusion(8.0e-24, 1);
    check_diffusion(2.0e-24, 2);
    check_diffusion(0, 3);
}

/* Mixing: at high D the shell's species ends up evenly through the particle. */
static void test_mixed_at_last(void)
{
    AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(1);
    recipe.diffusion = 2e-21; /* sqrt(2 D t) = 54 angstrom after an hour, more than the radius */
    recipe.particle.misassigned = 0;
    for (int s = 0; s < 4; s++)
        recipe.stages[s].surface_core = (double)NAN;
    recipe.n = 3;
    g_autoptr(AlloySeries) series = make(&recipe, 1, NULL);
    const AlloyAtoms *atoms = series->stages[2].atoms;
    double n = 0, shell = 0;
    for (size_t i = 0; i < atoms->n; i++)
        if (hypot(hypot(atoms->x[i], atoms->y[i]), atoms->z[i]) < 22) {
            n++;
            shell += atoms->species[i] == 1;
        }
    double all = (double)atoms->kinds[1].count / (double)atoms->n;
    test_assert_near(shell / n, all, 4 * sqrt(all * (1 - all) / n));
}

/* Share of atoms with fewer than 7 neighbours (corners of islands, atoms on facets) among the surface atoms.
 */
static double low_coordinated(const AlloyAtoms *atoms)
{
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)alloy_neighbours_new(atoms, 3.3, FALSE, NULL, NULL);
    double n = 0, low = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        n += list->count[i] < 12;
        low += list->count[i] < 7;
    }
    return low / n;
}

static void test_flattening(void)
{
    /* Fewer when the surface flattens than when
     * atoms hop (means over three seeds). */
    double share[2] = {0, 0};
    for (int flattening = 0; flattening < 2; flattening++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(2);
            recipe.flattening = flattening;
            recipe.n = 2;
            recipe.particle.noise = 0;
            g_autoptr(AlloySeries) series = make(&recipe, seed, NULL);
            share[flattening] += low_coordinated(series->stages[1].atoms) / 3;
        }
    g_test_message("low-coordinated share: hopping %.3f, flattening %.3f", share[0], share[1]);
    g_assert_cmpfloat(share[1], <, 0.9 * share[0]);
}

static void test_frame(void)
{
    AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(1);
    recipe.particle.noise = 0;
    recipe.rotation = 3;
    recipe.shift = 2;
    recipe.n = 2;
    g_autoptr(AlloySeries) series = make(&recipe, 4, NULL);
    for (int s = 0; s < 2; s++) {
        const AlloyAtoms *atoms = series->stages[s].atoms;
        const double *truth[3] = {alloy_atoms_column(atoms, "true_x")->real,
                                  alloy_atoms_column(atoms, "true_y")->real,
                                  alloy_atoms_column(atoms, "true_z")->real};
        const double *seen[3] = {atoms->x, atoms->y, atoms->z};
        double shift[3] = {0}, centre[3] = {0}, turned = 0;
        for (size_t i = 1; i < atoms->n; i++) {
            double d = 0, e = 0, dot = 0;
            for (int k = 0; k < 3; k++) {
                double u = truth[k][i] - truth[k][0], v = seen[k][i] - seen[k][0];
                d += u * u;
                e += v * v;
                dot += u * v;
            }
            test_assert_near(sqrt(d), sqrt(e), 1e-11); /* rigid */
            turned = MAX(turned, acos(MIN(dot / sqrt(d * e), 1)));
        }
        /* the largest angle between a vector and its image: of those across the axis, the rotation itself */
        test_assert_near(turned * 180 / G_PI, s == 0 ? 0 : 3, 0.01);
        for (int k = 0; k < 3; k++)
            for (size_t i = 0; i < atoms->n; i++) {
                centre[k] += truth[k][i] / (double)atoms->n;
                shift[k] += seen[k][i] / (double)atoms->n;
            }
        double length = hypot(hypot(shift[0] - centre[0], shift[1] - centre[1]), shift[2] - centre[2]);
        /* the middle is near the origin, which is where the rotation leaves it */
        test_assert_near(length, s == 0 ? 0 : 2, 0.1);
    }
}

static gboolean identical(const AlloyAtoms *a, const AlloyAtoms *b)
{
    return a->n == b->n && memcmp(a->x, b->x, a->n * 8) == 0 &&
           memcmp(a->species, b->species, a->n * 2) == 0 &&
           memcmp(integers(a, "true_id"), integers(b, "true_id"), a->n * 8) == 0;
}

static void test_seed(void)
{
    AlloySeriesRecipe recipe = alloy_series_recipe_pd_ir(3);
    recipe.n = 2;
    g_autoptr(AlloySeries) first = make(&recipe, 1, NULL), other = make(&recipe, 2, NULL);
    g_autoptr(AlloySeries) again = make(&recipe, 1, NULL);
    for (int s = 0; s < 2; s++)
        g_assert_true(identical(first->stages[s].atoms, again->stages[s].atoms));
    g_assert_false(identical(first->stages[1].atoms, other->stages[1].atoms));
}

static void fails(const char *const (*given)[2], const char *pattern)
{
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_simulate_series);
    g_autoptr(GError) error = NULL;
    for (; (*given)[0] != NULL; given++)
        g_assert_true(alloy_run_set(run, (*given)[0], (*given)[1], NULL));
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_test_message("%s", error->message);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("\"%s\" is not like %s", error->message, pattern);
}
#define FAILS(pattern, ...) fails((const char *const[][2]){__VA_ARGS__, {NULL, NULL}}, (pattern))

static void test_operation(void)
{
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_simulate_series);
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_run_set(run, "particle", "2", &error));
    g_assert_true(alloy_run_execute(run, &error));
    g_assert_no_error(error);
    const AlloySeries *series = (const AlloySeries *)run->atoms;
    g_assert_true(ALLOY_IS_SERIES(series));
    g_assert_cmpuint(series->stages[3].atoms->kinds[0].count, ==, 9046);
    g_assert_cmpstr(g_hash_table_lookup(run->resolved, "diffusion"), ==, "0");
    g_assert_cmpuint(run->tables->len, ==, 1);
    g_assert_cmpuint(run->warnings->len, ==, 0);

    /* another series altogether: two stages, and a lonely third */
    const char *const own[][2] = {{"core", "Au"},
                                  {"shell", "Pd"},
                                  {"times", "0, 10"},
                                  {"core-atoms", "800 810"},
                                  {"shell-atoms", "200,215"},
                                  {"common", "950"},
                                  {"surface-core", "0.2,0.3"}};
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        g_assert_true(alloy_run_set(run, own[i][0], own[i][1], &error));
    g_assert_true(alloy_run_execute(run, &error));
    g_assert_no_error(error);
    series = (const AlloySeries *)run->atoms;
    g_assert_cmpuint(series->n, ==, 2);
    g_assert_cmpstr(series->title, ==, "synthetic Au@Pd");
    g_assert_cmpuint(series->stages[1].atoms->kinds[1].count, ==, 215);

    FAILS("times: `x`*", {"times", "0,x"});
    FAILS("core-atoms: `1.5`*count*", {"core-atoms", "1.5,2,3,4"});
    FAILS("*time of stage 2*", {"times", "0,30,30,60"});
    FAILS("core-atoms has 3 numbers, and the series 4 stages*", {"times", "0,1,2,3"},
          {"core-atoms", "1,2,3"});
    FAILS("*must be given too", {"times", "0,1,2,3,4"});
    FAILS("common = 20000 positions of stage 1 are more than the atoms*", {"common", "20000,1,1"});
    FAILS("*changes by*cannot bring about", {"core-atoms", "10639,5000,5000,5000"},
          {"shell-atoms", "2852,8501,8497,8502"});
    FAILS("times has 0 numbers*", {"times", " , "});

    run->progress = alloy_progress_new();
    alloy_progress_cancel(run->progress);
    g_assert_false(alloy_run_execute(run, &error));
    g_assert_true(alloy_is_cancelled(error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/series/study", test_study);
    g_test_add_func("/series/truth", test_truth);
    g_test_add_func("/series/diffusion", test_diffusion);
    g_test_add_func("/series/mixed-at-last", test_mixed_at_last);
    g_test_add_func("/series/flattening", test_flattening);
    g_test_add_func("/series/frame", test_frame);
    g_test_add_func("/series/seed", test_seed);
    g_test_add_func("/series/operation", test_operation);
    return g_test_run();
}
