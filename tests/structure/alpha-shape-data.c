/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/formats/mat-elements.h"
#include "core/formats/source.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

typedef struct {
    size_t count;
    uint8_t *flag;
    double area, volume;
} Shape;

static void shape_clear(Shape *shape)
{
    g_clear_pointer(&shape->flag, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shape, shape_clear)

static void shape_of(Shape *shape, const AlloyAtoms *atoms, double probe)
{
    g_autoptr(GError) error = NULL;
    shape_clear(shape);
    *shape = (Shape){.flag = g_malloc(atoms->n)};
    alloy_alpha_boundary(atoms, probe, shape->flag, &shape->area, &shape->volume, NULL, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < atoms->n; i++)
        shape->count += shape->flag[i];
}

/* The n values of a variable of a MAT-file. */
static double *mat_values(const char *path, const char *name, size_t *n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloySource) source = alloy_source_open(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) variables = alloy_mat_variables(source, NULL, &error);
    g_assert_no_error(error);
    for (guint k = 0; k < variables->len; k++) {
        const AlloyMatVariable *variable = variables->pdata[k];
        if (strcmp(variable->name, name) != 0)
            continue;
        *n = variable->n;
        double *values = alloy_mat_values(source, variable, &error);
        g_assert_no_error(error);
        return values;
    }
    g_error("%s has no %s", path, name);
}

static const AlloyAtoms *without_cell(const AlloyAtoms *atoms)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_set_cell(builder, NULL);
    return alloy_atoms_builder_finish(builder);
}

/* The six particles of Moniri et al., Nature 624, 564 (2023): the boundary set `bf` that the authors' MATLAB
 * alphaShape found with the bond cutoff as radius, atom by atom, from the single precision of the published
 * model and from the same rounded to 1e-5 angstrom. Area and volume: recomputed from the published model with
 * SciPy's Delaunay. */
static void test_published(void)
{
    static const struct {
        double probe, area, volume;
        size_t n, count;
    } expected[] = {
        {3.49, 5932.623537887652, 35349.62730978045, 2436, 633},
        {3.44, 13771.840728998839, 120715.65586428414, 8349, 1499},
        {3.47, 14046.36408566585, 125625.49649119076, 8141, 1450},
        {3.47, 4652.336874906936, 24591.293769554173, 1794, 538},
        {3.52, 11521.068763054327, 74060.29443016976, 5099, 1231},
        {3.49, 10317.79771236382, 82604.40487924096, 5323, 1092},
    };
    for (int k = 0; k < 6; k++) {
        g_autofree char *rounded_name = g_strdup_printf("aet/mea_hea/MEA%d.xyz", k + 1);
        g_autofree char *model_name = g_strdup_printf("aet/mea_hea/model_MEA%d.mat", k + 1);
        g_autofree char *set_name = g_strdup_printf("aet/mea_hea/Chemsro_MEA%d_excl_surf.mat", k + 1);
        g_autofree char *model = test_data_path(model_name), *set = model ? test_data_path(set_name) : NULL;
        g_autoptr(AlloyAtoms) rounded = set ? (AlloyAtoms *)test_data_atoms(rounded_name) : NULL;
        if (!rounded)
            return;
        size_t n_set, n_positions;
        g_autofree double *boundary = mat_values(set, "bf", &n_set);
        g_autofree double *positions = mat_values(model, "model_refined", &n_positions);
        g_assert_cmpuint(rounded->n, ==, expected[k].n);
        g_assert_cmpuint(n_positions, ==, 3 * expected[k].n);
        g_assert_cmpuint(n_set, ==, expected[k].count);
        g_autofree uint8_t *flag = g_new0(uint8_t, rounded->n);
        for (size_t i = 0; i < n_set; i++)
            flag[(size_t)boundary[i] - 1] = 1;

        AlloyAtomsBuilder *builder = alloy_atoms_builder_from(rounded);
        alloy_atoms_builder_own_positions(builder);
        for (size_t i = 0; i < rounded->n; i++) {
            builder->x[i] = positions[3 * i];
            builder->y[i] = positions[3 * i + 1];
            builder->z[i] = positions[3 * i + 2];
        }
        g_autoptr(AlloyAtoms) exact = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_auto(Shape) shape = {0};
        shape_of(&shape, exact, expected[k].probe);
        g_assert_cmpmem(shape.flag, exact->n, flag, exact->n);
        test_assert_near(shape.area / expected[k].area, 1, 1e-12);
        test_assert_near(shape.volume / expected[k].volume, 1, 1e-12);
        shape_of(&shape, rounded, expected[k].probe);
        g_assert_cmpmem(shape.flag, rounded->n, flag, rounded->n);
        test_assert_near(shape.area / expected[k].area, 1, 1e-6);
        test_assert_near(shape.volume / expected[k].volume, 1, 1e-6);
    }
}

/* Pd@Pt particles of Li et al., Nat. Commun. 14, 2934 (2023), probe 2.75: numbers of SciPy's Delaunay. Those
 * of PB were taken before its positions were rounded. */
static void test_core_shell(void)
{
    static const struct {
        const char *file;
        size_t count;
        double area, volume, tolerance;
    } expected[] = {
        {"aet/pdpt_pku/EPB.xyz", 1315, 9413.326495089048, 69776.23645417942, 1e-12},
        {"aet/pdpt_pku/TO.xyz", 1840, 13321.76232958482, 113391.93875446888, 1e-12},
        {"aet/pdpt_pku/PB_angstrom.xyz", 2344, 16877.278306190598, 160732.94648617727, 1e-7},
    };
    for (size_t k = 0; k < G_N_ELEMENTS(expected); k++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(expected[k].file);
        if (!atoms)
            return;
        g_auto(Shape) shape = {0};
        shape_of(&shape, atoms, 2.75);
        g_assert_cmpuint(shape.count, ==, expected[k].count);
        test_assert_near(shape.area / expected[k].area, 1, expected[k].tolerance);
        test_assert_near(shape.volume / expected[k].volume, 1, expected[k].tolerance);
    }
}

/* A porous particle in a box periodic in all directions, from OVITO's tests: with the box and without the
 * same, and as OVITO asserts, (82.9433, -43.5068, 26.4005) is on the surface of probe 3.8. */
static void test_porous(void)
{
    g_autoptr(AlloyAtoms) boxed =
        (AlloyAtoms *)test_data_atoms("atoms/ovito_tests/CFG/lammps_dumpi-42-1100-510000.cfg");
    if (!boxed)
        return;
    g_assert_cmpuint(boxed->n, ==, 7071);
    g_assert_true(alloy_cell_is_periodic(boxed->cell));
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)without_cell(boxed);
    g_auto(Shape) in_box = {0}, alone = {0};
    shape_of(&in_box, boxed, 3.8);
    shape_of(&alone, bare, 3.8);
    g_assert_cmpuint(alone.count, ==, 1585);
    g_assert_cmpmem(in_box.flag, boxed->n, alone.flag, bare->n);
    test_assert_near(alone.area / 11270.971496368427, 1, 1e-12);
    test_assert_near(alone.volume / 71389.69345908704, 1, 1e-12);
    test_assert_near(in_box.area / 11270.971496368427, 1, 1e-11);
    test_assert_near(in_box.volume / 71389.69345908704, 1, 1e-11);
    size_t near = 0;
    double nearest = INFINITY;
    for (size_t i = 0; i < boxed->n; i++) {
        /* OVITO puts the middle of the box at the origin. */
        double d[3] = {boxed->x[i] - 82.9433, boxed->y[i] + 43.5068, boxed->z[i] - 26.4005}, square = 0;
        for (int k = 0; k < 3; k++) {
            double edge = boxed->cell->vector[k][k];
            d[k] -= edge / 2;
            d[k] -= edge * round(d[k] / edge);
            square += d[k] * d[k];
        }
        if (square < nearest) {
            nearest = square;
            near = i;
        }
    }
    g_assert_cmpfloat(sqrt(nearest), <, 1e-3);
    g_assert_cmpuint(alone.flag[near], ==, 1);
}

/* Perfect particles written with 10 decimals; the surface layer is Ir. Closed forms as in the file beside
 * them. */
static void test_analytic(void)
{
    static const int shells[] = {1, 3, 5, 8};
    for (int k = 0; k < 4; k++) {
        int n = shells[k], count = (10 * n * n * n + 15 * n * n + 11 * n + 3) / 3;
        double edge = 2.75 * n;
        g_autofree char *name = g_strdup_printf("atoms/analytic/cuboctahedron_n%d_%d.extxyz", n, count);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms(name);
        if (!atoms)
            return;
        g_auto(Shape) shape = {0};
        shape_of(&shape, atoms, 2.75);
        g_assert_cmpuint(shape.count, ==, (size_t)(10 * n * n + 2));
        int ir = alloy_atoms_find_kind(atoms, "Ir");
        for (size_t i = 0; i < atoms->n; i++)
            g_assert_cmpuint(shape.flag[i], ==, atoms->species[i] == ir);
        test_assert_near(shape.area / (2 * (3 + sqrt(3)) * edge * edge), 1, 1e-9);
        test_assert_near(shape.volume / (5 * sqrt(2) / 3 * edge * edge * edge), 1, 1e-9);
        if (n == 8)
            continue;
        g_autofree char *other = g_strdup_printf("atoms/analytic/icosahedron_n%d_%d.extxyz", n, count);
        g_autoptr(AlloyAtoms) icosahedron = (AlloyAtoms *)test_data_atoms(other);
        if (!icosahedron)
            return;
        shape_of(&shape, icosahedron, 2.75);
        edge = 2.75 * n / sin(2 * G_PI / 5);
        g_assert_cmpuint(shape.count, ==, (size_t)(10 * n * n + 2));
        test_assert_near(shape.area / (5 * sqrt(3) * edge * edge), 1, 1e-9);
        test_assert_near(shape.volume / (5 * (3 + sqrt(5)) / 12 * edge * edge * edge), 1, 1e-9);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alpha-shape-data/published", test_published);
    g_test_add_func("/alpha-shape-data/core-shell", test_core_shell);
    g_test_add_func("/alpha-shape-data/porous", test_porous);
    g_test_add_func("/alpha-shape-data/analytic", test_analytic);
    return g_test_run();
}
