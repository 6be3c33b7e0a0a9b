/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether p is what it says, through the operations themselves: on random alloys it is uniform. */
#include "core/structure/csrop.h"
#include "core/structure/local-concentration.h"
#include "core/structure/statistics.h"
#include "tests/common.h"
#include "tests/structure/order-models.h"

#include <math.h>

enum { ALLOYS = 1000, SHUFFLES = 99 };

/* How often p came out as r/100 or less, and the moments of z. */
typedef struct {
    const char *table, *first, *second, *p, *z;
    /* FALSE: the statistic takes few values, so that many shuffles equal the observation. They count as no
     * less extreme, and p can only be too large. */
    gboolean uniform;
    int at_most[SHUFFLES + 2];
    double sum, squares, n;
} Row;

static void note(Row *row, const AlloyRun *run)
{
    double p = order_figure(run, row->table, row->first, row->second, row->p);
    double z = order_figure(run, row->table, row->first, row->second, row->z);
    int rank = (int)lrint(p * (SHUFFLES + 1));
    g_assert_cmpint(rank, >=, 1);
    test_assert_near(p * (SHUFFLES + 1), rank, 1e-9);
    for (int r = rank; r <= SHUFFLES + 1; r++)
        row->at_most[r]++;
    if (isnan(z))
        return;
    row->sum += z;
    row->squares += z * z;
    row->n++;
}

/* With no ties P(p <= r/100) = r/100, exactly, whatever is shuffled: at these 100 places the distribution of
 * p is that of a uniform number, and the greatest distance of 1000 of them exceeds b with a probability below
 * 2 exp(-2000 b^2) (Kolmogorov-Smirnov in the form of P. Massart, Ann. Probab. 18, 1269 (1990)). 1e-5 for
 * each of at most 20 rows: one false alarm in 5000 choices of the seed. */
static void check(Row *rows, size_t n)
{
    const double bound = sqrt(log(2 / 1e-5) / (2.0 * ALLOYS));
    for (size_t k = 0; k < n; k++) {
        Row *row = &rows[k];
        double above = 0, below = 0;
        for (int r = 1; r <= SHUFFLES + 1; r++) {
            double excess = (double)row->at_most[r] / ALLOYS - (double)r / (SHUFFLES + 1);
            above = fmax(above, excess);
            below = fmax(below, -excess);
        }
        double mean = row->sum / row->n, sd = sqrt(row->squares / row->n - mean * mean);
        g_test_message("%s %s %s: above uniform %.4f, below %.4f (bound %.4f); z %.3f +- %.3f", row->table,
                       row->first, row->second != NULL ? row->second : "", above, below, bound, mean, sd);
        g_assert_cmpfloat(above, <, bound);
        if (!row->uniform)
            continue;
        g_assert_cmpfloat(below, <, bound);
        /* Mean and sd of z are those of 99 shuffles: of a normal statistic z^2 is on average (98/96)(100/99).
         * 4.5 standard errors: 1e-5 each. */
        const double expected = sqrt(98.0 / 96 * (SHUFFLES + 1) / SHUFFLES);
        test_assert_near(mean, 0, 4.5 * expected / sqrt((double)ALLOYS));
        test_assert_near(sd / expected, 1, 4.5 / sqrt(2.0 * ALLOYS));
    }
}

/* Cuboctahedra of 147 atoms, 30 % of Ir, and a number of each atom that has nothing to do with anything. Half
 * of the sites are selected at random where random is to be tested. */
static const AlloyAtoms *random_alloy(uint64_t k)
{
    g_autofree double(*positions)[3] = NULL;
    size_t n = order_cuboctahedron(3, 3.9, &positions, NULL);
    const size_t counts[2] = {n - 44, 44}, halves[2] = {n - 60, 60};
    g_autofree uint8_t *labels = g_malloc(n), *chosen = g_malloc(n);
    order_random_labels(labels, counts, 2, 601, k);
    order_random_labels(chosen, halves, 2, 602, k);
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)order_model(positions, labels, n, 2, NULL);
    double *number = alloy_array_new(double, n);
    uint8_t *selected = alloy_array_new(uint8_t, n);
    AlloyRandom random;
    alloy_random_init(&random, 603, k);
    for (size_t i = 0; i < n; i++) {
        number[i] = alloy_random_normal(&random);
        selected[i] = chosen[i];
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(bare);
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("number", ALLOY_UNIT_NONE, number, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("chosen", selected, n));
    return alloy_atoms_builder_finish(builder);
}

static void run_all(const AlloyOperation *operation, const char *const *settings, Row *rows, size_t n)
{
    for (uint64_t k = 0; k < ALLOYS; k++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)random_alloy(k);
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyRun) run = alloy_run_new(operation);
        alloy_run_add_input(run, ALLOY_DATA(atoms));
        run->seed = 90000 + k;
        for (const char *const *setting = settings; *setting != NULL; setting++) {
            g_auto(GStrv) pair = g_strsplit(*setting, "=", 2);
            g_assert_true(alloy_run_set(run, pair[0], pair[1], NULL));
        }
        alloy_run_execute(run, &error);
        g_assert_no_error(error);
        for (size_t r = 0; r < n; r++)
            note(&rows[r], run);
    }
    check(rows, n);
}

static void test_csrop(void)
{
    Row rows[] = {{"csrop", "Pd", "Pd", "p", "z", TRUE},
                  {"csrop", "Pd", "Ir", "p", "z", TRUE},
                  {"csrop", "Ir", "Pd", "p", "z", TRUE},
                  {"csrop", "Ir", "Ir", "p", "z", TRUE},
                  {"csrop", "Ir", "Ir", "pooled_p", "pooled_z", FALSE}};
    const char *settings[] = {"cutoff=3.3", "shuffles=99", NULL};
    run_all(&alloy_op_csrop, settings, rows, G_N_ELEMENTS(rows));
}

/* The concentrations of what is kept change with every shuffle here. */
static void test_csrop_without_surface(void)
{
    Row rows[] = {{"csrop", "Pd", "Pd", "p", "z", FALSE}, {"csrop", "Ir", "Pd", "p", "z", FALSE}};
    const char *settings[] = {
        "cutoff=3.3",         "shuffles=99", "surface=drop-centres", "surface-by=cn", "surface-cn=12",
        "concentration=kept", NULL};
    run_all(&alloy_op_csrop, settings, rows, G_N_ELEMENTS(rows));
}

static void test_local_concentration(void)
{
    Row rows[] = {{"local-concentration", "Ir", NULL, "p", "z", TRUE},
                  {"local-concentration", "Ir", NULL, "sd_p", "sd_z", TRUE}};
    const char *settings[] = {"cutoff=3.3", "shuffles=99", NULL};
    run_all(&alloy_op_local_concentration, settings, rows, G_N_ELEMENTS(rows));
}

/* A region by its place: what depends on species is as in any random alloy. Random atoms: so is all else. */
static void test_statistics(void)
{
    Row region[] = {
        {"tests", "csrop_Ir_Ir", "mean", "p", "z", TRUE}, {"tests", "csrop_Ir_Ir", "sd", "p", "z", TRUE},
        {"tests", "c_Ir", "sd", "p", "z", TRUE},          {"tests", "csrop_Ir_Pd", "q25", "p", "z", FALSE},
        {"tests", "c_Pd", "median", "p", "z", FALSE},     {"tests", "csrop", "max", "p", "z", FALSE}};
    const char *where[] = {"cutoff=3.3", "shuffles=99", "species=Ir", "where=x > 1", NULL};
    run_all(&alloy_op_statistics, where, region, G_N_ELEMENTS(region));
    Row drawn[] = {{"tests", "number", "mean", "p", "z", TRUE},
                   {"tests", "number", "sd", "p", "z", TRUE},
                   {"tests", "number", "median", "p", "z", TRUE},
                   {"tests", "cn", "mean", "p", "z", FALSE}};
    const char *chosen[] = {"cutoff=3.3", "shuffles=99", "selection=chosen", NULL};
    run_all(&alloy_op_statistics, chosen, drawn, G_N_ELEMENTS(drawn));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/null-operations/csrop", test_csrop);
    g_test_add_func("/structure/null-operations/csrop-without-surface", test_csrop_without_surface);
    g_test_add_func("/structure/null-operations/local-concentration", test_local_concentration);
    g_test_add_func("/structure/null-operations/statistics", test_statistics);
    return g_test_run();
}
