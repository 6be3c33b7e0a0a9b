/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/scene/models.h"
#include "ui/figure/fit.h"
#include "ui/figure/write.h"

/* Figures for the tests. */

enum { MOST_SCENES = 12 };

/* Owns what the panels point at. */
typedef struct {
    AlloyFigure figure;
    AlloyPanel panels[MOST_SCENES];
    AlloyScene *scenes[MOST_SCENES];
    AlloyFigureColours colours;
    const AlloyColumn *columns[MOST_SCENES];
    unsigned n;
} TestFigure;

static inline void test_figure_clear(TestFigure *test)
{
    for (unsigned i = 0; i < test->n; i++) {
        alloy_scene_free(test->scenes[i]);
        alloy_data_unref(test->columns[i]);
    }
    alloy_figure_colours_clear(&test->colours);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestFigure, test_figure_clear)

/* n atoms at random of so many species. */
static inline const AlloyAtoms *test_kinds(size_t n, unsigned kinds, uint64_t seed)
{
    static const char *const names[] = {"Pd", "Ir", "Pt", "Ni", "Co", "Ru", "Rh", "Ag", "Au"};
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 20 * alloy_random_uniform(&random);
        builder->y[i] = 20 * alloy_random_uniform(&random);
        builder->z[i] = 30 * alloy_random_uniform(&random);
        builder->species[i] =
            (uint16_t)alloy_atoms_builder_kind(builder, names[i % kinds % G_N_ELEMENTS(names)], 2);
    }
    return alloy_atoms_builder_finish(builder);
}

/* n scenes seen alike, by species or by a number. After a change of what the figure is, test_figure_fit. */
static inline void test_figure_init(TestFigure *test, unsigned n, unsigned kinds, gboolean by_number)
{
    memset(test, 0, sizeof *test);
    test->figure = alloy_figure_default();
    test->n = n;
    for (unsigned i = 0; i < n; i++) {
        const AlloyAtoms *atoms = test_kinds(40, kinds, i + 1);
        test->scenes[i] = model_scene(atoms, 1.5);
        test->panels[i] =
            (AlloyPanel){.scene = test->scenes[i], .camera = alloy_camera_default(), .scale_bar = TRUE};
        alloy_camera_look(&test->panels[i].camera, (const double[]){-1, -0.4, -0.3},
                          (const double[]){0, 0, 1});
        double *values = alloy_array_new(double, 40);
        for (int k = 0; k < 40; k++)
            values[k] = k == 7 ? (double)NAN : k * 0.1 - 3;
        test->columns[i] = alloy_column_new_real("order", "1", values, 40);
    }
    const AlloyColourScale scale = {alloy_palette_default(TRUE), -2, 0.5, 0};
    if (by_number)
        alloy_figure_colour_columns(&test->colours, test->scenes, test->columns, n, &scale, "Order of Pd",
                                    NULL);
    else
        alloy_figure_colour_species(&test->colours, test->scenes, n);
    for (unsigned i = 0; i < n; i++) {
        test->panels[i].entries = test->colours.entries;
        test->panels[i].n_entries = test->colours.n_entries;
        test->panels[i].bar = by_number ? &test->colours.bar : NULL;
        test->panels[i].values = by_number ? test->columns[i] : NULL;
    }
    test->figure.panels = test->panels;
    test->figure.n_panels = n;
}

/* FALSE: the page is too small. */
static inline gboolean test_figure_fit(TestFigure *test)
{
    double half[2];
    alloy_figure_aim(test->panels, test->n, half);
    test->figure.aspect = alloy_figure_aspect(half);
    g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(&test->figure, NULL);
    if (layout == NULL)
        return FALSE;
    AlloyRect box = alloy_figure_layout_box(layout, 0);
    alloy_figure_fit(test->panels, test->n, half, box.width / box.height, 1);
    return TRUE;
}
