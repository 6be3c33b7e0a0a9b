/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/import.h"
#include "tests/common.h"

#include <string.h>

static gboolean has_unit_warning(const AlloyAtoms *atoms)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(GError) error = NULL;
    alloy_check_atoms(atoms, warnings, NULL, &error);
    g_assert_no_error(error);
    for (guint w = 0; w < warnings->len; w++)
        if (strcmp(((AlloyWarning *)warnings->pdata[w])->code, "unit") == 0)
            return TRUE;
    return FALSE;
}

/* Known structures of metals whose nearest distance is not the mean of their elements': none is a matter of
 * units. Lattice constants: Villars and Calvert, Pearson's Handbook (1991); the first peak lies at the closed
 * form of each. */
static void test_metals(void)
{
    static const struct {
        const char *text;
        double scale; /* 1: as it is */
        gboolean said;
    } cases[] = {
        {"MgCu2", 1, FALSE},      {"MgCu2", 1 / 0.7, TRUE}, {"CsCl-AlNi", 1, FALSE},
        {"CsCl-AlNi", 1.3, TRUE}, {"NaCl", 1, FALSE},       {"NaCl", 1.3, FALSE}, /* no metal: nobody knows */
        {"Si", 1.3, FALSE}, /* nor where bonds are covalent: amorphous, under pressure, two of three atoms */
    };
    static const double diamond[8][3] = {{0, 0, 0},          {0.5, 0.5, 0},      {0.5, 0, 0.5},
                                         {0, 0.5, 0.5},      {0.25, 0.25, 0.25}, {0.75, 0.75, 0.25},
                                         {0.75, 0.25, 0.75}, {0.25, 0.75, 0.75}};
    /* C15: Mg on the diamond lattice, Cu on the tetrahedra of 16d; nearest Cu-Cu at a sqrt(2)/4 = 2.491 */
    static const double tetrahedron[4][3] = {
        {0.625, 0.625, 0.625}, {0.625, 0.875, 0.875}, {0.875, 0.625, 0.875}, {0.875, 0.875, 0.625}};
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        const char *text = cases[c].text;
        gboolean laves = strcmp(text, "MgCu2") == 0, b2 = strcmp(text, "CsCl-AlNi") == 0,
                 salt = strcmp(text, "NaCl") == 0;
        int per_cell = laves ? 24 : b2 ? 2 : 8;
        double a = cases[c].scale * (laves ? 7.047 : b2 ? 2.887 : salt ? 5.640 : 5.431);
        enum { CELLS = 3 };
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new((size_t)(CELLS * CELLS * CELLS * per_cell));
        const char *names[2] = {laves  ? "Mg"
                                : b2   ? "Al"
                                : salt ? "Na"
                                       : "Si",
                                laves  ? "Cu"
                                : b2   ? "Ni"
                                : salt ? "Cl"
                                       : "Si"};
        size_t n = 0;
        for (int i = 0; i < CELLS * CELLS * CELLS; i++)
            for (int k = 0; k < per_cell; k++, n++) {
                double f[3];
                int second = laves ? k >= 8 : b2 ? k == 1 : k >= 4;
                for (int l = 0; l < 3; l++)
                    if (laves && second)
                        f[l] = tetrahedron[k % 4][l] + diamond[(k - 8) / 4][l];
                    else if (b2)
                        f[l] = 0.5 * k;
                    else if (salt)
                        f[l] = diamond[k % 4][l] + 0.5 * second;
                    else
                        f[l] = diamond[k][l];
                builder->x[n] = a * (f[0] + i % CELLS);
                builder->y[n] = a * (f[1] + (double)(i / CELLS % CELLS));
                builder->z[n] = a * (f[2] + (double)(i / CELLS / CELLS));
                builder->species[n] = (uint16_t)alloy_atoms_builder_kind(builder, names[second], 2);
            }
        AlloyCell cell = {
            {0, 0, 0}, {{a * CELLS, 0, 0}, {0, a * CELLS, 0}, {0, 0, a * CELLS}}, {TRUE, TRUE, TRUE}};
        alloy_atoms_builder_set_cell(builder, &cell);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_test_message("%s times %g", text, cases[c].scale);
        g_assert_cmpint(has_unit_warning(atoms), ==, cases[c].said);
    }
}

/* The published Pd@Pt particle, as if its lengths were in voxels: told down to where calibrations of
 * published models differ. */
static void test_voxels(void)
{
    static const struct {
        double voxel;
        gboolean said;
    } cases[] = {{0.6, TRUE}, {0.65, TRUE}, {0.7, TRUE}, {0.8, TRUE}, {0.85, TRUE}, {1, FALSE}, {1.2, TRUE}};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_data_atoms("aet/pdpt_pku/TO.xyz");
    if (atoms == NULL)
        return;
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_autofree char *fix =
            g_strconcat("scale=", g_ascii_dtostr(text, sizeof text, 1 / cases[c].voxel), NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyData) scaled = alloy_fix_data(ALLOY_DATA(atoms), fix, &error);
        g_assert_no_error(error);
        g_assert_cmpint(has_unit_warning((const AlloyAtoms *)scaled), ==, cases[c].said);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import-metals/structures", test_metals);
    g_test_add_func("/import-metals/voxels", test_voxels);
    return g_test_run();
}
