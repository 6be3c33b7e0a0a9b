/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chemical order against the numbers that others published for the same atoms. */

#include "core/structure/csrop.h"

#include "core/data/series.h"
#include "core/formats/format.h"
#include "core/structure/order.h"
#include "core/structure/sites.h"
#include "tests/common.h"
#include "tests/structure/mat5.h"
#include "tests/structure/order-models.h"

#include <math.h>

static GPtrArray *published(const char *kind, int k, const char *rest)
{
    g_autofree char *name = g_strdup_printf("%s_MEA%d%s.mat", kind, k, rest),
                    *relative = g_build_filename("aet/mea_hea", name, NULL);
    g_autofree char *path = test_data_path(relative);
    return path != NULL ? mat5_read(path) : NULL;
}

/* The model with the positions as published, in single precision, which the text conversion rounds. */
static const AlloyAtoms *published_model(int k)
{
    g_autoptr(GPtrArray) model = published("model", k, ""), type = published("atoms", k, "");
    if (model == NULL || type == NULL)
        return NULL;
    const Mat5Array *x = mat5_find(model, NULL), *t = mat5_find(type, NULL);
    g_assert_cmpuint(x->n, ==, 3 * t->n);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(t->n);
    static const char *const kinds[] = {"Ni", "Pd", "Pt"};
    for (int i = 0; i < 3; i++)
        alloy_atoms_builder_kind(builder, kinds[i], 2);
    for (size_t i = 0; i < t->n; i++) {
        builder->x[i] = x->values[3 * i];
        builder->y[i] = x->values[3 * i + 1];
        builder->z[i] = x->values[3 * i + 2];
        builder->species[i] = (uint16_t)(t->values[i] - 1);
    }
    return alloy_atoms_builder_finish(builder);
}

/* Moniri et al., Nature 624, 564 (2023), Supplementary-Data-Codes: alpha of every inner atom of six Ni-Pd-Pt
 * particles, 3 x 3 x atoms. With the published surface atoms: the arithmetic alone. */
static void check_moniri(int k, gboolean own_surface)
{
    g_autoptr(GPtrArray) reference = published("Chemsro", k, "_excl_surf");
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)published_model(k);
    g_autofree char *bonds_path = test_data_path("aet/mea_hea/MEA_bondlength.mat");
    if (reference == NULL || atoms == NULL || bonds_path == NULL)
        return;
    g_autoptr(GPtrArray) bonds = mat5_read(bonds_path);
    const double cutoff = mat5_find(bonds, NULL)->values[k - 1];
    const Mat5Array *alpha = mat5_find(reference, "Chemsro_alpha"), *boundary = mat5_find(reference, "bf"),
                    *concentration = mat5_find(reference, "concentration");
    g_autofree uint8_t *surface = g_new0(uint8_t, atoms->n);
    for (size_t i = 0; i < boundary->n; i++)
        surface[(size_t)boundary->values[i] - 1] = 1;
    g_assert_cmpuint(alpha->n, ==, 9 * (atoms->n - boundary->n));

    double *columns[9];
    if (own_surface) {
        g_autofree char *set_cutoff = g_strdup_printf("cutoff=%.17g", cutoff);
        const char *settings[] = {set_cutoff,        "average=shell",      "surface=drop-atoms",
                                  "surface-by=mesh", "concentration=kept", "undefined=zero",
                                  "symmetrise=true", "shuffles=0",         NULL};
        g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
        for (int pair = 0; pair < 9; pair++) {
            static const char *const kinds[] = {"Ni", "Pd", "Pt"};
            g_autofree char *name = g_strdup_printf("csrop_%s_%s", kinds[pair / 3], kinds[pair % 3]);
            columns[pair] = g_memdup2(order_column(run, name), atoms->n * sizeof(double));
        }
    } else {
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloySites) sites = alloy_sites_new(atoms, ALLOY_SURFACE_DROP_ATOMS, surface, &error);
        g_assert_no_error(error);
        AlloyShellRule rule = {cutoff, NAN, 1, {0, 0}};
        g_autoptr(AlloyShell) shell = alloy_shell_new(sites->model, &rule, NULL, &error);
        g_assert_no_error(error);
        double C[3];
        alloy_sites_fractions(sites->kept, 3, C);
        for (int i = 0; i < 3; i++)
            test_assert_near(C[i], concentration->values[i], 1e-15);
        AlloyOrder order = {.shell = shell,
                            .ball = shell,
                            .label = sites->label,
                            .n_kinds = 3,
                            .concentration = C,
                            .symmetrise = TRUE,
                            .undefined_zero = TRUE};
        for (int pair = 0; pair < 9; pair++)
            columns[pair] = g_new(double, atoms->n);
        g_autoptr(AlloyOrderTotals) totals = alloy_order_totals_new(3);
        g_assert_true(
            alloy_order_columns(&order, sites->site, atoms->n, columns, -1, NULL, totals, NULL, &error));
    }
    double worst = 0;
    for (size_t i = 0, inner = 0; i < atoms->n; i++) {
        for (int pair = 0; pair < 9; pair++) {
            if (surface[i]) {
                g_assert_true(isnan(columns[pair][i]));
                continue;
            }
            /* MATLAB's first dimension, the centre, runs fastest; the matrices are symmetric. */
            double theirs = alpha->values[9 * inner + (size_t)(pair % 3 * 3 + pair / 3)];
            worst = fmax(worst, fabs(theirs - columns[pair][i]));
            if (isnan(columns[pair][i]))
                worst = INFINITY;
        }
        inner += !surface[i];
    }
    for (int pair = 0; pair < 9; pair++)
        g_free(columns[pair]);
    g_test_message("MEA%d: %zu atoms, %zu on the surface, greatest difference %g", k, atoms->n, boundary->n,
                   worst);
    g_assert_cmpfloat(worst, <=, 1e-12);
}

static void test_moniri_arithmetic(void)
{
    for (int k = 1; k <= 6; k++)
        check_moniri(k, FALSE);
}

static void test_moniri(void)
{
    for (int k = 1; k <= 6; k++)
        check_moniri(k, TRUE);
}

/* killiansheriff/WarrenCowleyParameters, tests/test_modifier.py: 1 - p/c of 4000 atoms, 12 nearest, then 6;
 * printed to 8 digits. */
static void test_warren_cowley(void)
{
    static const double theirs[2][9] = {
        {0.33578938, -0.24112737, -0.09491391, -0.24112737, 0.06615814, 0.17515013, -0.09491391, 0.17515013,
         -0.08016501},
        {-0.40634331, 0.21044729, 0.19620085, 0.21044729, -0.11655821, -0.09404696, 0.19620085, -0.09404696,
         -0.10230108},
    };
    g_autofree char *path = test_data_path("atoms/warren_cowley/fcc.dump");
    if (path == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = alloy_read_file(path, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ALLOY_IS_SERIES(data));
    const AlloyAtoms *atoms = ((const AlloySeries *)(const void *)data)->stages[0].atoms;
    g_assert_cmpuint(atoms->n_kinds, ==, 3);
    for (int shell = 1; shell <= 2; shell++) {
        const char *cowley[] = {shell == 1 ? "shell=1" : "shell=2", "nearest=12,6", "form=warren-cowley",
                                "shuffles=0", NULL};
        const char *pairwise[] = {shell == 1 ? "shell=1" : "shell=2", "nearest=12,6", "shuffles=0", NULL};
        g_autoptr(AlloyRun) one = order_run(&alloy_op_csrop, atoms, cowley);
        g_autoptr(AlloyRun) two = order_run(&alloy_op_csrop, atoms, pairwise);
        for (int pair = 0; pair < 9; pair++) {
            const char *a = atoms->kinds[pair / 3].name, *b = atoms->kinds[pair % 3].name;
            double value = order_figure(one, "csrop", a, b, "pooled");
            test_assert_near(value, theirs[shell - 1][pair], 0.5e-8 + 1e-15);
            /* 12 (or 6) neighbours each: the mean over centres is the pooled value. */
            test_assert_near(order_figure(one, "csrop", a, b, "mean"), value, 1e-13);
            /* The other form: (p - C)/(delta - C) = -(1 - p/C) C/(1 - C) for a pair of like atoms, equal
             * else. */
            double C = (double)atoms->kinds[pair % 3].count / (double)atoms->n;
            test_assert_near(order_figure(two, "csrop", a, b, "pooled"),
                             pair / 3 == pair % 3 ? -value * C / (1 - C) : value, 1e-13);
        }
    }
}

/* Recomputed with NumPy from the definition of arXiv:2606.12150 (alpha over the first shell, concentrations
 * of the whole particle) on the Pd@Pt particles of Li et al., Nat. Commun. 14, 2934 (2023). */
static void test_core_shell_particles(void)
{
    static const struct {
        const char *file, *cutoff;
        double pd_pd, pt_pd, pd_pd_pooled, pt_pd_pooled, lowest;
    } particles[] = {
        {"EPB.xyz", "cutoff=3.33", 0.7094606831775295, 0.7045390116970058, 0.709769370834344,
         0.6765851801054095, -0.34257178526841453},
        {"TO.xyz", "cutoff=3.41", 0.7315148334047625, 0.7239492494383645, 0.7321032101937162,
         0.6964795403309834, -0.7722896609460026},
        {"PB_angstrom.xyz", "cutoff=3.33", 0.7833149794857516, 0.7825100359877205, 0.7829098381514658,
         0.7662420312352287, -0.20572916666666669},
    };
    for (unsigned k = 0; k < G_N_ELEMENTS(particles); k++) {
        g_autofree char *relative = g_build_filename("aet/pdpt_pku", particles[k].file, NULL);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(relative);
        if (atoms == NULL)
            return;
        const char *settings[] = {particles[k].cutoff, "species=Pd", "shuffles=99", NULL};
        g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
        /* PB_angstrom.xyz is rounded to a few digits: a pair may change sides of the cutoff. */
        double tolerance = k == 2 ? 2e-5 : 1e-12;
        test_assert_near(order_figure(run, "csrop", "Pd", "Pd", "mean"), particles[k].pd_pd, tolerance);
        test_assert_near(order_figure(run, "csrop", "Pt", "Pd", "mean"), particles[k].pt_pd, tolerance);
        test_assert_near(order_figure(run, "csrop", "Pd", "Pd", "pooled"), particles[k].pd_pd_pooled,
                         tolerance);
        test_assert_near(order_figure(run, "csrop", "Pt", "Pd", "pooled"), particles[k].pt_pd_pooled,
                         tolerance);
        test_assert_near(order_figure(run, "csrop", "Pd", "Pd", "lowest"), particles[k].lowest, 1e-12);
        g_assert_cmpfloat(order_scalar(run, "z_Pd_Pd"), >, 50);
        test_assert_near(order_scalar(run, "p_Pd_Pd"), 0.01, 1e-15);
    }
}

/* Recomputed with NumPy: Cu-Zr glass of OVITO's examples, 108 000 atoms, periodic. */
static void test_metallic_glass(void)
{
    g_autoptr(AlloyAtoms) atoms =
        (AlloyAtoms *)test_data_atoms("atoms/ovito_examples/CuZr_metallic_glass.dump.gz");
    if (atoms == NULL)
        return;
    static const double pairwise[4] = {-0.31752432342138126, -0.3175243234213814, -0.0733851603973431,
                                       -0.07338516039734318};
    static const double cowley[4] = {0.178607431924527, -0.31752432342138137, -0.073385160397343,
                                     0.13046250737305454};
    for (int form = 0; form < 2; form++) {
        const char *settings[] = {"cutoff=3.8", form ? "form=warren-cowley" : "form=pairwise", "shuffles=0",
                                  NULL};
        g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
        for (int pair = 0; pair < 4; pair++)
            test_assert_near(order_figure(run, "csrop", atoms->kinds[pair / 2].name,
                                          atoms->kinds[pair % 2].name, "pooled"),
                             form ? cowley[pair] : pairwise[pair], 1e-12);
    }
}

/* Closed formulae and NumPy (expected.json beside the files). */
static void test_analytic_files(void)
{
    static const struct {
        const char *file, *cutoff, *a, *b;
        double a_a, b_a;
        gboolean pooled;
    } files[] = {
        {"cuboctahedron_n1_13", "cutoff=3.3", "Pd", "Ir", -0.08333333333333333, -1.6000000000000003, FALSE},
        {"cuboctahedron_n3_147", "cutoff=3.3", "Pd", "Ir", 0.4480237154150197, 0.10577075098814238, FALSE},
        {"cuboctahedron_n5_561", "cutoff=3.3", "Pd", "Ir", 0.560525504700262, 0.3240120643726747, FALSE},
        {"cuboctahedron_n8_2057", "cutoff=3.3", "Pd", "Ir", 0.6173254956353268, 0.42621467807095764, FALSE},
        {"L12_A3B", "cutoff=3.2", "Cu", "Au", -1.0 / 3, -1.0 / 3, TRUE},
        {"L10_AB", "cutoff=3.2", NULL, NULL, -1.0 / 3, -1.0 / 3, TRUE},
        {"B2_AB", "cutoff=2.7", NULL, NULL, -1, -1, TRUE},
        {"random_Cu70Au30_fcc4000", "cutoff=3.0", "Au", "Cu", -0.00942808165809569, -0.009428081658095683,
         TRUE},
    };
    for (unsigned k = 0; k < G_N_ELEMENTS(files); k++) {
        g_autofree char *relative = g_strdup_printf("atoms/analytic/%s.extxyz", files[k].file);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(relative);
        if (atoms == NULL)
            return;
        const char *settings[] = {files[k].cutoff, "shuffles=999", NULL};
        g_autoptr(AlloyRun) run = order_run(&alloy_op_csrop, atoms, settings);
        const char *a = files[k].a != NULL ? files[k].a : atoms->kinds[0].name;
        const char *b = files[k].b != NULL ? files[k].b : atoms->kinds[1].name;
        const char *what = files[k].pooled ? "pooled" : "mean";
        test_assert_near(order_figure(run, "csrop", a, a, what), files[k].a_a, 1e-13);
        test_assert_near(order_figure(run, "csrop", b, a, what), files[k].b_a, 1e-13);
        /* One coordination number, periodic, two species: all four parameters are one. */
        if (files[k].pooled)
            test_assert_near(order_figure(run, "csrop", b, b, what), files[k].a_a, 1e-13);
        /* The random one is random: its z of 4000 x 12 pairs lies within 4. */
        if (g_str_has_prefix(files[k].file, "random"))
            g_assert_cmpfloat(fabs(order_figure(run, "csrop", a, a, "z")), <, 4);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/csrop-published/moniri-arithmetic", test_moniri_arithmetic);
    g_test_add_func("/structure/csrop-published/moniri", test_moniri);
    g_test_add_func("/structure/csrop-published/warren-cowley", test_warren_cowley);
    g_test_add_func("/structure/csrop-published/core-shell-particles", test_core_shell_particles);
    g_test_add_func("/structure/csrop-published/metallic-glass", test_metallic_glass);
    g_test_add_func("/structure/csrop-published/analytic-files", test_analytic_files);
    return g_test_run();
}
