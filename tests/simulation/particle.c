/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/particle.h"
#include "core/simulation/lattice.h"

#include "core/base/error.h"
#include "core/structure/neighbours.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Synthetic particles: counts, lattice, magic numbers, composition of the surface, rates of errors. */

static AlloyParticleRecipe perfect(size_t n_core, size_t n_shell)
{
    AlloyParticleRecipe recipe = alloy_particle_recipe_default();
    recipe.n_core = n_core;
    recipe.n_shell = n_shell;
    recipe.noise = recipe.misassigned = recipe.roughness = 0;
    return recipe;
}

static AlloyAtoms *make(const AlloyParticleRecipe *recipe, uint64_t seed)
{
    g_autoptr(GError) error = NULL;
    const AlloyAtoms *atoms = alloy_simulate_particle(recipe, seed, &error);
    g_assert_no_error(error);
    return (AlloyAtoms *)atoms;
}

static const AlloyNeighbours *first_shell(const AlloyAtoms *atoms, double lattice)
{
    /* between the first and the second shell of fcc, 0.707 a and a */
    const AlloyNeighbours *list = alloy_neighbours_new(atoms, 0.85 * lattice, FALSE, NULL, NULL);
    g_assert_nonnull(list);
    return list;
}

static void test_counts(void)
{
    for (AlloyParticleForm form = 0; alloy_particle_forms[form] != NULL; form++)
        for (AlloyParticleOrder order = 0; alloy_particle_orders[order] != NULL; order++) {
            AlloyParticleRecipe recipe = alloy_particle_recipe_default();
            recipe.n_core = 700 + 10 * (size_t)form;
            recipe.n_shell = 300 + (size_t)order;
            recipe.form = form;
            recipe.order = order;
            recipe.misassigned = 0.1;
            g_autoptr(AlloyAtoms) atoms = make(&recipe, 3);
            g_assert_cmpuint(atoms->n, ==, recipe.n_core + recipe.n_shell);
            g_assert_cmpstr(atoms->kinds[0].name, ==, "Pd");
            g_assert_cmpuint(atoms->kinds[0].count, ==, recipe.n_core);
            g_assert_cmpstr(atoms->kinds[1].name, ==, "Ir");
            g_assert_cmpuint(atoms->kinds[1].count, ==, recipe.n_shell);
            g_assert_true(alloy_columns_get(atoms->info, "synthetic")->boolean[0]);
            const char *title = alloy_column_text_at(alloy_columns_get(atoms->info, "title"), 0);
            g_assert_true(g_str_has_prefix(title, "synthetic "));
            /* what shows another species than the true one is marked, and nothing else */
            const AlloyColumn *species = alloy_atoms_column(atoms, "true_species");
            const AlloyColumn *wrong = alloy_atoms_column(atoms, "true_misassigned");
            for (size_t i = 0; i < atoms->n; i++)
                g_assert_cmpint(
                    strcmp(atoms->kinds[atoms->species[i]].name, alloy_column_text_at(species, i)) != 0, ==,
                    wrong->boolean[i]);
        }
    /* one species, one atom */
    AlloyParticleRecipe recipe = perfect(1, 0);
    g_autoptr(AlloyAtoms) one = make(&recipe, 1);
    g_assert_cmpuint(one->n, ==, 1);
    recipe = perfect(0, 50);
    g_autoptr(AlloyAtoms) shell = make(&recipe, 1);
    g_assert_cmpuint(shell->kinds[1].count, ==, 50);
}

/* All sites of one fcc lattice: differences are half lattice constants of even sum, none twice. */
static void test_lattice(void)
{
    AlloyParticleRecipe recipe = perfect(1500, 500);
    recipe.lattice = 4.05;
    g_autoptr(AlloyAtoms) atoms = make(&recipe, 11);
    for (size_t i = 1; i < atoms->n; i++) {
        double d[3] = {atoms->x[i] - atoms->x[0], atoms->y[i] - atoms->y[0], atoms->z[i] - atoms->z[0]};
        int sum = 0;
        for (int k = 0; k < 3; k++) {
            double half = d[k] / (recipe.lattice / 2);
            test_assert_near(half, rint(half), 1e-12);
            sum += (int)rint(half);
        }
        g_assert_cmpint(sum % 2, ==, 0);
    }
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)first_shell(atoms, recipe.lattice);
    double low[3], high[3];
    alloy_atoms_bounds(atoms, low, high);
    size_t inside = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        g_assert_cmpuint(list->count[i], <=, 12);
        g_assert_cmpuint(list->count[i], >=, 3);
        double r = sqrt(atoms->x[i] * atoms->x[i] + atoms->y[i] * atoms->y[i] + atoms->z[i] * atoms->z[i]);
        /* the ball inside the faces, less two layers */
        if (r < high[0] - 2 * recipe.lattice) {
            g_assert_cmpuint(list->count[i], ==, 12);
            inside++;
        }
    }
    g_assert_cmpuint(inside, >, 100);
}

static void check_cn(const AlloyParticleRecipe *recipe, const size_t expected[13])
{
    g_autoptr(AlloyAtoms) atoms = make(recipe, 5);
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)first_shell(atoms, recipe->lattice);
    size_t found[13] = {0};
    for (size_t i = 0; i < atoms->n; i++)
        found[list->count[i]]++;
    for (int cn = 0; cn <= 12; cn++)
        g_assert_cmpuint(found[cn], ==, expected[cn]);
}

/* Closed shells: an exact count leaves the ranking of the sites no choice. */
static void test_magic_numbers(void)
{
    /* Cuboctahedron of m shells: 12 vertices (CN 5), 24 (m-1) on edges (7), 6 (m-1)^2 on {100} (8), 4
     * (m-1)(m-2) on {111} (9), the rest inside; N = (10 m^3 + 15 m^2 + 11 m + 3)/3: m = 5 gives 561. */
    AlloyParticleRecipe recipe = perfect(500, 61);
    recipe.form = ALLOY_FORM_CUBOCTAHEDRON;
    recipe.centre = ALLOY_CENTRE_ATOM;
    check_cn(&recipe, (const size_t[13]){[5] = 12, [7] = 96, [8] = 96, [9] = 48, [12] = 309});
    /* Truncated octahedron of 38: 24 vertices (CN 6), 8 in the hexagons (9), 6 inside. */
    recipe = perfect(30, 8);
    recipe.form = ALLOY_FORM_TRUNCATED_OCTAHEDRON;
    recipe.centre = ALLOY_CENTRE_HOLE;
    check_cn(&recipe, (const size_t[13]){[6] = 24, [9] = 8, [12] = 6});
    /* Octahedron of 19 = 6 vertices (CN 4), 12 on edges (7), 1 inside. */
    recipe = perfect(19, 0);
    recipe.form = ALLOY_FORM_OCTAHEDRON;
    recipe.centre = ALLOY_CENTRE_ATOM;
    check_cn(&recipe, (const size_t[13]){[4] = 6, [7] = 12, [12] = 1});
    /* Cube of 63 (2 x 2 x 2 cells): 8 vertices (CN 3); 12 edge middles (5); faces: 24 + 6 of CN 8; inside 13.
     */
    recipe = perfect(63, 0);
    recipe.form = ALLOY_FORM_CUBE;
    recipe.centre = ALLOY_CENTRE_ATOM;
    check_cn(&recipe, (const size_t[13]){[3] = 8, [5] = 12, [8] = 30, [12] = 13});
}

/* Fraction of Ir among the atoms with fewer than 12 neighbours, by the truth. */
static double surface_shell(const AlloyAtoms *atoms, double lattice, size_t *n_surface, size_t *deep_shell)
{
    g_autoptr(AlloyNeighbours) list = (AlloyNeighbours *)first_shell(atoms, lattice);
    const AlloyColumn *species = alloy_atoms_column(atoms, "true_species");
    size_t shell = 0;
    *n_surface = *deep_shell = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        gboolean ir = strcmp(alloy_column_text_at(species, i), "Ir") == 0;
        double r = sqrt(atoms->x[i] * atoms->x[i] + atoms->y[i] * atoms->y[i] + atoms->z[i] * atoms->z[i]);
        *n_surface += list->count[i] < 12;
        shell += list->count[i] < 12 && ir;
        *deep_shell += r < 15 && ir;
    }
    return (double)shell / (double)*n_surface;
}

static void test_order(void)
{
    AlloyParticleRecipe recipe = perfect(10639, 2852);
    recipe.roughness = 0.5;
    size_t n_surface, deep;
    double all = 2852.0 / 13491;
    for (int patches = 0; patches <= 8; patches += 8) {
        recipe.patches = patches;
        for (double core = 0.4; core < 0.65; core += 0.1) {
            recipe.surface_core = core;
            g_autoptr(AlloyAtoms) atoms = make(&recipe, 7);
            double shell = surface_shell(atoms, recipe.lattice, &n_surface, &deep);
            test_assert_near(shell, 1 - core, 0.5 / (double)n_surface + 1e-12); /* to one atom */
            g_assert_cmpuint(deep, ==, 0);
        }
    }
    /* the null: the surface is like the whole, within 4 standard errors of a draw without return */
    recipe.order = ALLOY_ORDER_RANDOM;
    g_autoptr(AlloyAtoms) random = make(&recipe, 7);
    double shell = surface_shell(random, recipe.lattice, &n_surface, &deep);
    double error = sqrt(all * (1 - all) / (double)n_surface * (1 - (double)n_surface / 13491));
    test_assert_near(shell, all, 4 * error);
    recipe.order = ALLOY_ORDER_INVERTED;
    g_autoptr(AlloyAtoms) inverted = make(&recipe, 7);
    g_assert_cmpfloat(surface_shell(inverted, recipe.lattice, &n_surface, &deep), ==, 0);
    g_assert_cmpuint(deep, >, 500);
    /* two halves: the centre of the one species is far from that of the other */
    recipe.order = ALLOY_ORDER_JANUS;
    g_autoptr(AlloyAtoms) janus = make(&recipe, 7);
    double centre[2][3] = {{0}};
    for (size_t i = 0; i < janus->n; i++) {
        centre[janus->species[i]][0] += janus->x[i] / (double)janus->kinds[janus->species[i]].count;
        centre[janus->species[i]][1] += janus->y[i] / (double)janus->kinds[janus->species[i]].count;
        centre[janus->species[i]][2] += janus->z[i] / (double)janus->kinds[janus->species[i]].count;
    }
    g_assert_cmpfloat(
        hypot(hypot(centre[0][0] - centre[1][0], centre[0][1] - centre[1][1]), centre[0][2] - centre[1][2]),
        >, 15);
}

static void test_errors_of_observation(void)
{
    AlloyParticleRecipe recipe = alloy_particle_recipe_default();
    recipe.noise = 0.2;
    recipe.misassigned = 0.05;
    g_autoptr(AlloyAtoms) atoms = make(&recipe, 42);
    const double *truth[3] = {alloy_atoms_column(atoms, "true_x")->real,
                              alloy_atoms_column(atoms, "true_y")->real,
                              alloy_atoms_column(atoms, "true_z")->real};
    const double *seen[3] = {atoms->x, atoms->y, atoms->z};
    const AlloyColumn *wrong = alloy_atoms_column(atoms, "true_misassigned");
    const AlloyColumn *species = alloy_atoms_column(atoms, "true_species");
    double n = (double)atoms->n;
    for (int k = 0; k < 3; k++) {
        double sum = 0, square = 0;
        for (size_t i = 0; i < atoms->n; i++) {
            double d = seen[k][i] - truth[k][i];
            sum += d;
            square += d * d;
        }
        test_assert_near(sum / n, 0, 4 * 0.2 / sqrt(n));
        test_assert_near(square / n, 0.04,
                         4 * 0.04 * sqrt(2 / n)); /* variance of a normal's square: 2 sigma^4 */
    }
    /* each species at the same rate, within 4 binomial errors */
    double total[2] = {0}, flipped[2] = {0};
    for (size_t i = 0; i < atoms->n; i++) {
        total[species->code[i]]++;
        flipped[species->code[i]] += wrong->boolean[i];
    }
    for (int s = 0; s < 2; s++)
        test_assert_near(flipped[s] / total[s], 0.05, 4 * sqrt(0.05 * 0.95 / total[s]));

    recipe.missing = 0.1;
    g_autoptr(AlloyAtoms) part = make(&recipe, 42);
    test_assert_near((double)part->n / n, 0.9, 4 * sqrt(0.09 / n));
    /* The order is random: as many rises as falls of the site's number, 4 errors of n/3 turning points'
     * worth. */
    const int64_t *site = alloy_atoms_column(atoms, "true_site")->integer;
    double rises = 0;
    for (size_t i = 1; i < atoms->n; i++)
        rises += site[i] > site[i - 1];
    test_assert_near(rises / n, 0.5, 4 * sqrt(1 / (12 * n))); /* variance (n+1)/12: runs up and down */
}

static gboolean identical(const AlloyAtoms *a, const AlloyAtoms *b)
{
    gboolean same = a->n == b->n && memcmp(a->x, b->x, a->n * 8) == 0 && memcmp(a->z, b->z, a->n * 8) == 0 &&
                    memcmp(a->species, b->species, a->n * 2) == 0;
    for (unsigned c = 0; same && c < a->columns->len; c++) {
        const AlloyColumn *one = a->columns->pdata[c], *other = b->columns->pdata[c];
        same = memcmp(one->values, other->values, one->n * alloy_type_size(one->type)) == 0;
    }
    return same;
}

static void test_seed(void)
{
    AlloyParticleRecipe recipe = alloy_particle_recipe_default();
    recipe.n_core = 2000;
    recipe.n_shell = 600;
    g_autoptr(AlloyAtoms) first = make(&recipe, 1);
    g_autoptr(AlloyAtoms) again = make(&recipe, 1);
    g_assert_true(identical(first, again));
    g_autoptr(AlloyAtoms) other = make(&recipe, 2);
    g_assert_false(identical(first, other));
}

static void test_operation(void)
{
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_simulate_particle);
    g_autoptr(GError) error = NULL;
    run->seed = 9;
    const char *const given[][2] = {{"core", "pt"},         {"shell", "NI"},     {"core-atoms", "600"},
                                    {"shell-atoms", "200"}, {"order", "random"}, {"shape", "ball"},
                                    {"centre", "hole"}};
    for (size_t i = 0; i < G_N_ELEMENTS(given); i++)
        g_assert_true(alloy_run_set(run, given[i][0], given[i][1], &error));
    g_assert_true(alloy_run_execute(run, &error));
    g_assert_no_error(error);
    const AlloyAtoms *atoms = (const AlloyAtoms *)run->atoms;
    g_assert_cmpstr(atoms->kinds[0].name, ==, "Pt");
    g_assert_cmpuint(atoms->kinds[1].count, ==, 200);
    g_assert_cmpint(alloy_columns_get(atoms->info, "seed")->integer[0], ==, 9);
    g_assert_nonnull(alloy_columns_get(run->scalars, "true_surface_core"));

    const struct {
        const char *name, *value, *pattern;
    } bad[] = {{"shell", "Pt", "*both Pt*"}, {"shell", "Xx", "*`Xx` is not the symbol*"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_true(alloy_run_set(run, bad[i].name, bad[i].value, &error));
        g_assert_false(alloy_run_execute(run, &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
        g_assert_true(g_pattern_match_simple(bad[i].pattern, error->message));
        g_clear_error(&error);
    }
    AlloyParticleRecipe recipe = perfect(0, 0);
    g_assert_null(alloy_simulate_particle(&recipe, 1, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_clear_error(&error);
    recipe = perfect(G_MAXSIZE, 2);
    g_assert_null(alloy_simulate_particle(&recipe, 1, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
}

/* More than are sorted at once: ascending, nothing lost, and given up when cancelled. */
static void test_rank(void)
{
    const size_t n = 300001;
    g_autofree AlloyRanked *items = g_new(AlloyRanked, n);
    AlloyRandom random;
    alloy_random_init(&random, 4, 0);
    for (size_t i = 0; i < n; i++)
        items[i] =
            (AlloyRanked){alloy_random_below(&random, 1000), alloy_random_below(&random, 10), (uint32_t)i};
    alloy_rank(items, n, NULL);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += items[i].index;
        if (i == 0)
            continue;
        const AlloyRanked *a = &items[i - 1], *b = &items[i];
        g_assert_true(a->key < b->key ||
                      (a->key == b->key && (a->tie < b->tie || (a->tie == b->tie && a->index < b->index))));
    }
    g_assert_cmpuint(sum, ==, (uint64_t)n * (n - 1) / 2);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    AlloyRanked two[2] = {{2, 0, 0}, {1, 0, 1}};
    alloy_rank(two, 2, progress);
    g_assert_cmpfloat(two[0].key, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/particle/counts", test_counts);
    g_test_add_func("/particle/lattice", test_lattice);
    g_test_add_func("/particle/magic-numbers", test_magic_numbers);
    g_test_add_func("/particle/order", test_order);
    g_test_add_func("/particle/errors", test_errors_of_observation);
    g_test_add_func("/particle/seed", test_seed);
    g_test_add_func("/particle/operation", test_operation);
    g_test_add_func("/simulation/particle/rank", test_rank);
    return g_test_run();
}
