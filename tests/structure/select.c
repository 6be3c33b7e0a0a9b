/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/select.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/structure/csrop.h"
#include "core/structure/quantities.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Points of a cubic lattice of spacing 1 with (2h+1)^3 sites, or every second of them (fcc with nearest
 * neighbours at sqrt 2); the middle is the origin. No cell. Species by parity of x. */
static const AlloyAtoms *lattice(int h, gboolean fcc)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, 3 * sizeof(int));
    for (int i = -h; i <= h; i++)
        for (int j = -h; j <= h; j++)
            for (int k = -h; k <= h; k++) {
                int point[3] = {i, j, k};
                if (!fcc || (i + j + k) % 2 == 0)
                    g_array_append_val(points, point);
            }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(points->len);
    int pd = alloy_atoms_builder_kind(builder, "Pd", 2), ir = alloy_atoms_builder_kind(builder, "Ir", 2);
    for (guint p = 0; p < points->len; p++) {
        const int *point = (const int *)(void *)points->data + 3 * p;
        builder->x[p] = point[0];
        builder->y[p] = point[1];
        builder->z[p] = point[2];
        builder->species[p] = (uint16_t)(point[0] % 2 == 0 ? pd : ir);
    }
    return alloy_atoms_builder_finish(builder);
}

static size_t count(const AlloyAtoms *atoms, const char *expression, double cutoff)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloySelection) selection =
        (AlloySelection *)alloy_select(atoms, NULL, expression, cutoff, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(selection->n, ==, atoms->n);
    return selection->count;
}

static void test_quantities(void)
{
    /* 7 x 7 x 7 points: all numbers below are counts of lattice points. */
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(3, FALSE);
    g_assert_cmpuint(count(atoms, "true", NAN), ==, 343);
    g_assert_cmpuint(count(atoms, "index < 10", NAN), ==, 10);
    g_assert_cmpuint(count(atoms, "index == 171 && r == 0", NAN), ==, 1); /* the middle one */
    g_assert_cmpuint(count(atoms, "species == Pd", NAN), ==, 3 * 49);
    g_assert_cmpuint(count(atoms, "species == pd", NAN), ==, 3 * 49);
    g_assert_cmpuint(count(atoms, "species == 46", NAN), ==, 3 * 49);
    g_assert_cmpuint(count(atoms, "element == Ir", NAN), ==, 4 * 49);
    g_assert_cmpuint(count(atoms, "species == Au", NAN), ==, 0); /* an element, but none is here */
    g_assert_cmpuint(count(atoms, "species in {Pd, Ir}", NAN), ==, 343);
    g_assert_cmpuint(count(atoms, "x == 3", NAN), ==, 49);
    g_assert_cmpuint(count(atoms, "abs(y) <= 1 && z > 0", NAN), ==, 7 * 3 * 3);
    g_assert_cmpuint(count(atoms, "r < 1.1", NAN), ==, 7);
    g_assert_cmpuint(count(atoms, "r < 1.5", NAN), ==, 19);
    /* Neighbours at distance 1: 3 at a corner, 4 on an edge, 5 on a face, 6 inside. */
    g_assert_cmpuint(count(atoms, "cn == 3", 1.2), ==, 8);
    g_assert_cmpuint(count(atoms, "cn == 4", 1.2), ==, 12 * 5);
    g_assert_cmpuint(count(atoms, "cn == 5", 1.2), ==, 6 * 25);
    g_assert_cmpuint(count(atoms, "cn == 6", NAN), ==, 125); /* the cutoff found by itself */
    g_assert_cmpuint(count(atoms, "cn == 18", 1.5), ==, 125);

    /* A column of the model is taken as it is; odd names and labels are quoted. */
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    double *values = alloy_array_new(double, atoms->n);
    for (size_t i = 0; i < atoms->n; i++)
        values[i] = i % 2 == 0 ? (double)NAN : (double)i;
    const AlloyColumn *column = alloy_column_new_real("my column", ALLOY_UNIT_NONE, values, atoms->n);
    alloy_atoms_builder_set_column(builder, column);
    alloy_atoms_builder_set_column(builder, alloy_column_renamed(column, "cn"));
    alloy_atoms_builder_own_species(builder);
    int odd = alloy_atoms_builder_kind(builder, "Type 1", 6),
        site = alloy_atoms_builder_kind(builder, "Pt1", 3);
    builder->species[0] = (uint16_t)odd;
    builder->species[1] = (uint16_t)site;
    g_autoptr(AlloyAtoms) dressed = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_cmpuint(count(dressed, "`my column` >= 0", NAN), ==, 171);
    g_assert_cmpuint(count(dressed, "cn == 341", NAN), ==, 1);
    g_assert_cmpuint(count(dressed, "isnan(cn)", NAN), ==, 172);
    g_assert_cmpuint(count(dressed, "species == \"Type 1\"", NAN), ==, 1);
    g_assert_cmpuint(count(dressed, "species == Pt1", NAN), ==, 1);
    g_assert_cmpuint(count(dressed, "element == Pt", NAN), ==, 1);
    g_assert_cmpuint(count(dressed, "element == ''", NAN), ==, 0 + 1);

    static const struct {
        const char *text, *words;
    } mistakes[] = {
        {"species == Irr", "there is no species `Irr`; did you mean `Ir`? There are: Pd, Ir"},
        {"csrop.Au > 0", "unknown quantity `csrop.Au`"},
        {"sepcies == Pd", "did you mean `species`?"},
        {"r", "no condition"},
    };
    for (size_t m = 0; m < G_N_ELEMENTS(mistakes); m++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_select(atoms, NULL, mistakes[m].text, NAN, NULL, &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
        if (strstr(error->message, mistakes[m].words) == NULL) {
            g_test_message("%s", error->message);
            g_test_fail();
        }
    }
}

/* Order and concentration as quantities have the numbers of the operations of that name. */
static void test_order(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(3, FALSE);
    /* Species by planes of x: on the cubic lattice an inner Pd (x = 0, +-2) has 4 Pd around it in its plane
     * and 2 Ir. */
    g_assert_cmpuint(count(atoms, "cn == 6 && species == Pd && c.Pd == 4 / 6", 1.2), ==, 3 * 25);
    g_assert_cmpuint(count(atoms, "cn == 6 && species == Ir && c_Pd == 2 / 6", 1.2), ==, 2 * 25);
    g_assert_cmpuint(count(atoms, "abs(c.Pd + c.Ir - 1) < 1e-15", 1.2), ==, 343);
    g_autoptr(AlloyRun) run = alloy_run_new(&alloy_op_csrop);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    alloy_run_set(run, "species", "Ir", NULL);
    alloy_run_set(run, "cutoff", "1.2", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_run_execute(run, &error));
    static const char *const pairs[][2] = {
        {"csrop.Ir", "csrop"}, {"csrop_Pd_Ir", "csrop_Pd_Ir"}, {"csrop_Ir_Ir", "csrop_Ir_Ir"}};
    for (size_t p = 0; p < G_N_ELEMENTS(pairs); p++) {
        const AlloyColumn *column = alloy_atoms_column((const AlloyAtoms *)run->atoms, pairs[p][1]);
        g_autoptr(AlloyExpression) expression = alloy_expression_new(pairs[p][0], NULL);
        g_autoptr(AlloyQuantities) quantities = alloy_quantities_new(atoms, 1.2, NULL);
        AlloyNames names = alloy_quantities_names(quantities);
        g_autofree double *values = alloy_expression_numbers(expression, &names, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpmem(values, atoms->n * sizeof *values, column->real, atoms->n * sizeof *values);
    }
    /* Several at once, and a species without atoms: nothing to compare. */
    g_assert_cmpuint(count(atoms, "csrop.Ir == csrop.Ir && !(csrop_Pd_Ir > 100) && c.Pd >= 0", 1.2), ==, 343);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_named_kind(builder, "Pt", 78);
    g_autoptr(AlloyAtoms) more = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_assert_cmpuint(count(more, "isnan(csrop.Pt) && isnan(csrop_Pd_Pt) && c.Pt == 0", 1.2), ==, 343);
}

/* A model of no atom and of one are answered; a cutoff that cannot be found is said. */
static void test_small(void)
{
    for (size_t n = 0; n < 2; n++) {
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
        for (size_t i = 0; i < n; i++) {
            builder->x[i] = builder->y[i] = builder->z[i] = 5;
            builder->species[i] = (uint16_t)alloy_atoms_builder_kind(builder, "Pd", 2);
        }
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_assert_cmpuint(count(atoms, "r == 0 && species == Pd && x == 5", NAN), ==, n);
        g_assert_cmpuint(count(atoms, "cn == 0", 3), ==, n);
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_select(atoms, NULL, "cn == 0", NAN, NULL, &error));
        g_assert_nonnull(error);
    }
}

/* From one atom in the middle n shells reach a ball of the graph: on the cubic lattice the centred octahedral
 * number (2n+1)(2n^2+2n+3)/3 (OEIS A001845), on fcc the centred cuboctahedral number (10n^3+15n^2+11n+3)/3
 * (OEIS A005902), as long as it does not touch the surface. Shrinking takes the outermost shell away again.
 */
static void test_balls(void)
{
    for (int fcc = 0; fcc < 2; fcc++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(6, fcc != 0);
        g_autoptr(AlloyNeighbours) neighbours =
            (AlloyNeighbours *)alloy_neighbours_new(atoms, fcc ? 1.6 : 1.2, FALSE, NULL, NULL);
        g_autoptr(AlloySelection) middle =
            (AlloySelection *)alloy_select(atoms, NULL, "r < 0.5", NAN, NULL, NULL);
        g_assert_cmpuint(middle->count, ==, 1);
        for (unsigned n = 0; n <= 6; n++) {
            g_autoptr(AlloySelection) ball =
                (AlloySelection *)alloy_selection_grow(middle, neighbours, n, NULL, NULL);
            size_t expected = fcc ? (10 * n * n * n + 15 * n * n + 11 * n + 3) / 3
                                  : (2 * n + 1) * (2 * n * n + 2 * n + 3) / 3;
            g_assert_cmpuint(ball->count, ==, expected);
            if (n == 6) /* it touches the surface */
                continue;
            g_autoptr(AlloySelection) less =
                (AlloySelection *)alloy_selection_shrink(ball, neighbours, 1, NULL, NULL);
            if (n == 0) {
                g_assert_cmpuint(less->count, ==, 0);
                continue;
            }
            g_autoptr(AlloySelection) before =
                (AlloySelection *)alloy_selection_grow(middle, neighbours, n - 1, NULL, NULL);
            g_assert_cmpmem(less->words, (less->n + 63) / 64 * 8, before->words, (before->n + 63) / 64 * 8);
        }
        /* Everything in the end, and everything stays everything. */
        g_autoptr(AlloySelection) all =
            (AlloySelection *)alloy_selection_grow(middle, neighbours, 1000, NULL, NULL);
        g_assert_cmpuint(all->count, ==, atoms->n);
        g_autoptr(AlloySelection) still =
            (AlloySelection *)alloy_selection_shrink(all, neighbours, 1000, NULL, NULL);
        g_assert_cmpuint(still->count, ==, atoms->n);
        g_autoptr(AlloySelection) none = (AlloySelection *)alloy_selection_none(atoms->n);
        g_autoptr(AlloySelection) nothing =
            (AlloySelection *)alloy_selection_grow(none, neighbours, 3, NULL, NULL);
        g_assert_cmpuint(nothing->count, ==, 0);
    }
}

/* Random selections of a random gas: growing n shells selects what a breadth-first search finds within n
 * steps, and shrinking is growing the complement. */
static void test_random(void)
{
    enum { N = 400 };
    for (uint64_t trial = 0; trial < 20; trial++) {
        AlloyRandom random;
        alloy_random_init(&random, 4, trial);
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(N);
        int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
        uint8_t mask[N];
        for (size_t i = 0; i < N; i++) {
            builder->x[i] = 10 * alloy_random_uniform(&random);
            builder->y[i] = 10 * alloy_random_uniform(&random);
            builder->z[i] = 10 * alloy_random_uniform(&random);
            builder->species[i] = (uint16_t)kind;
            mask[i] = alloy_random_below(&random, 20) == 0;
        }
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(AlloyNeighbours) neighbours =
            (AlloyNeighbours *)alloy_neighbours_new(atoms, 1.5, FALSE, NULL, NULL);
        g_autoptr(AlloySelection) start = (AlloySelection *)alloy_selection_from_mask(mask, N);

        unsigned steps[N];
        size_t queue[N], head = 0, tail = 0;
        for (size_t i = 0; i < N; i++) {
            steps[i] = mask[i] ? 0 : G_MAXUINT;
            if (mask[i])
                queue[tail++] = i;
        }
        while (head < tail) {
            size_t i = queue[head++];
            for (size_t j = 0; j < N; j++) {
                double dx = atoms->x[i] - atoms->x[j], dy = atoms->y[i] - atoms->y[j],
                       dz = atoms->z[i] - atoms->z[j];
                if (steps[j] == G_MAXUINT && dx * dx + dy * dy + dz * dz < 1.5 * 1.5) {
                    steps[j] = steps[i] + 1;
                    queue[tail++] = j;
                }
            }
        }
        for (unsigned n = 0; n < 5; n++) {
            g_autoptr(AlloySelection) grown =
                (AlloySelection *)alloy_selection_grow(start, neighbours, n, NULL, NULL);
            for (size_t i = 0; i < N; i++)
                g_assert_cmpint(alloy_selection_has(grown, i), ==, steps[i] <= n);
            g_autoptr(AlloySelection) others = (AlloySelection *)alloy_selection_invert(start);
            g_autoptr(AlloySelection) shrunk =
                (AlloySelection *)alloy_selection_shrink(others, neighbours, n, NULL, NULL);
            for (size_t i = 0; i < N; i++)
                g_assert_cmpint(alloy_selection_has(shrunk, i), ==, steps[i] > n);
        }
    }
}

/* --- the operation --- */

/* Runs select with NAME, VALUE, ..., NULL. */
static AlloyRun *run_select(const AlloyAtoms *atoms, GError **error, ...)
{
    AlloyRun *run = alloy_run_new(&alloy_op_select);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    va_list arguments;
    va_start(arguments, error);
    for (const char *name; (name = va_arg(arguments, const char *)) != NULL;) {
        g_autoptr(GError) wrong = NULL;
        alloy_run_set(run, name, va_arg(arguments, const char *), &wrong);
        g_assert_no_error(wrong);
    }
    va_end(arguments);
    if (!alloy_run_execute(run, error))
        g_clear_pointer(&run, alloy_run_free);
    return run;
}

static size_t selected_of(const AlloyRun *run)
{
    const AlloyColumn *column = alloy_atoms_column((const AlloyAtoms *)run->atoms, "selected");
    g_assert_nonnull(column);
    g_assert_cmpint(column->type, ==, ALLOY_BOOLEAN);
    size_t selected = 0;
    for (size_t i = 0; i < column->n; i++)
        selected += column->boolean[i];
    g_assert_cmpint(alloy_columns_get(run->scalars, "n_selected")->integer[0], ==, (int64_t)selected);
    test_assert_near(alloy_columns_get(run->scalars, "fraction")->real[0],
                     (double)selected / (double)column->n, 0);
    return selected;
}

static void test_operation(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(3, FALSE);
    g_autoptr(AlloyRun) first = run_select(atoms, &error, "where", "x >= 0", NULL);
    g_assert_no_error(error);
    g_assert_cmpuint(selected_of(first), ==, 4 * 49);
    g_assert_null(g_hash_table_lookup(first->resolved, "cutoff")); /* nothing needed one */
    const AlloyAtoms *with = (const AlloyAtoms *)first->atoms;

    /* z > 0 selects 3 * 49; 4 * 3 * 7 are in both. */
    static const struct {
        const char *mode;
        size_t selected;
    } modes[] = {{"replace", 147},
                 {"add", 196 + 147 - 84},
                 {"remove", 196 - 84},
                 {"intersect", 84},
                 {"toggle", 196 + 147 - 2 * 84}};
    for (size_t m = 0; m < G_N_ELEMENTS(modes); m++) {
        g_autoptr(AlloyRun) run = run_select(with, &error, "where", "z > 0", "mode", modes[m].mode, NULL);
        g_assert_no_error(error);
        g_assert_cmpuint(selected_of(run), ==, modes[m].selected);
    }
    /* The condition may name the column itself, and the column may have another name. */
    g_autoptr(AlloyRun) named = run_select(with, &error, "where", "!selected && z > 0", NULL);
    g_assert_cmpuint(selected_of(named), ==, 63);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(with);
    alloy_atoms_builder_set_column(builder,
                                   alloy_column_renamed(alloy_atoms_column(with, "selected"), "shell"));
    g_autoptr(AlloyAtoms) other = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyRun) from = run_select(other, &error, "from", "shell", "invert", "true", NULL);
    g_assert_cmpuint(selected_of(from), ==, 147);

    /* One shell around the plane x = 3 (49 atoms) is the plane x = 2; shrinking by one takes it away again.
     */
    g_autoptr(AlloyRun) grown =
        run_select(atoms, &error, "where", "x == 3", "grow", "2", "cutoff", "1.2", NULL);
    g_assert_cmpuint(selected_of(grown), ==, 147);
    g_autoptr(AlloyRun) closed =
        run_select(atoms, &error, "where", "x == 3", "grow", "2", "shrink", "1", NULL);
    g_assert_cmpuint(selected_of(closed), ==, 98);
    const char *resolved = g_hash_table_lookup(closed->resolved, "cutoff");
    g_assert_nonnull(resolved);
    double cutoff = g_ascii_strtod(resolved, NULL);
    g_assert_true(cutoff > 1 && cutoff < sqrt(2)); /* between the first two shells of the lattice */

    g_assert_null(run_select(atoms, &error, NULL));
    g_assert_nonnull(strstr(error->message, "where"));
    g_clear_error(&error);
    g_assert_null(run_select(atoms, &error, "where", "x > 0", "mode", "add", NULL));
    g_assert_nonnull(strstr(error->message, "selected"));
    g_clear_error(&error);
    g_assert_null(run_select(other, &error, "from", "shelf", NULL));
    g_assert_nonnull(strstr(error->message, "selected, shell"));
    g_clear_error(&error);
    g_assert_null(run_select(other, &error, "where", "cn <", NULL));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
}

static void test_threads(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)lattice(20, FALSE);
    g_autoptr(AlloySelection) first = NULL;
    static const unsigned threads[] = {1, 2, 8};
    for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
        alloy_parallel_set_threads(threads[t]);
        g_autoptr(AlloySelection) chosen =
            (AlloySelection *)alloy_select(atoms, NULL, "sin(r) > 0.9 && cn == 6", 1.2, NULL, NULL);
        g_autoptr(AlloyNeighbours) neighbours =
            (AlloyNeighbours *)alloy_neighbours_new(atoms, 1.2, FALSE, NULL, NULL);
        g_autoptr(AlloySelection) grown =
            (AlloySelection *)alloy_selection_grow(chosen, neighbours, 2, NULL, NULL);
        g_assert_cmpuint(grown->count, >, chosen->count);
        g_assert_cmpuint(grown->count, <, grown->n);
        if (first == NULL)
            first = alloy_ref(grown);
        g_assert_cmpmem(grown->words, (grown->n + 63) / 64 * 8, first->words, (first->n + 63) / 64 * 8);
    }
    alloy_parallel_set_threads(0);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_select(atoms, NULL, "cn < 6", 1.2, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/select/quantities", test_quantities);
    g_test_add_func("/select/order", test_order);
    g_test_add_func("/select/small", test_small);
    g_test_add_func("/select/balls", test_balls);
    g_test_add_func("/select/random", test_random);
    g_test_add_func("/select/operation", test_operation);
    g_test_add_func("/select/threads", test_threads);
    return g_test_run();
}
