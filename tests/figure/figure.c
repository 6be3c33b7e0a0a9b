/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/figure.h"

#include "tests/common.h"
#include "tests/figure/figures.h"

#include <math.h>
#include <string.h>

/* Where things stand on the page, what is shared, and what the parts show. */

/* Text boxes have air above and below the letters. */
static AlloyRect letters(const AlloyRect *box, double size)
{
    double air = 0.12 * size;
    return (AlloyRect){box->x + air / 4, box->y + air, box->width - air / 2, box->height - 2 * air};
}

static gboolean inside(const AlloyRect *a, double width, double height)
{
    return a->x >= -0.1 && a->y >= -0.1 && a->x + a->width <= width + 0.1 && a->y + a->height <= height + 0.1;
}

/* FALSE: there is no room, and the error says so. */
static gboolean check_page(const AlloyFigure *figure, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(figure, &error);
    if (layout == NULL) {
        g_assert_nonnull(strstr(error->message, "no room"));
        return FALSE;
    }
    double width, height;
    alloy_figure_layout_size(layout, &width, &height);
    cairo_surface_t *page = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(page);
    g_autoptr(GArray) placed = g_array_new(FALSE, FALSE, sizeof(AlloyRect));
    alloy_figure_draw(figure, layout, NULL, cr, placed);
    double x, y, w, h;
    cairo_recording_surface_ink_extents(page, &x, &y, &w, &h);
    if (x < -1 || y < -1 || x + w > width + 1 || y + h > height + 1)
        g_error("%s: ink at %g %g, %g x %g of a page %g x %g", what, x, y, w, h, width, height);
    cairo_destroy(cr);
    cairo_surface_destroy(page);
    for (unsigned i = 0; i < placed->len; i++) {
        AlloyRect a = letters(&g_array_index(placed, AlloyRect, i), figure->text);
        if (!inside(&a, width, height))
            g_error("%s: text %u leaves the page: %g %g %g %g of %g %g", what, i, a.x, a.y, a.width, a.height,
                    width, height);
        for (unsigned k = 0; k < i; k++) {
            AlloyRect b = letters(&g_array_index(placed, AlloyRect, k), figure->text);
            if (alloy_rect_overlap(&a, &b))
                g_error("%s: texts %u and %u overlap: %g %g %g %g, %g %g %g %g", what, i, k, a.x, a.y,
                        a.width, a.height, b.x, b.y, b.width, b.height);
        }
        for (unsigned k = 0; k < figure->n_panels; k++) {
            AlloyRect box = alloy_figure_layout_box(layout, k);
            if (figure->panels[k].plot == NULL && alloy_rect_overlap(&a, &box))
                g_error("%s: text %u lies over panel %u", what, i, k);
        }
    }
    AlloyRect first = figure->n_panels > 0 ? alloy_figure_layout_box(layout, 0) : (AlloyRect){0, 0, 0, 0};
    for (unsigned k = 0; k < figure->n_panels; k++) {
        AlloyRect box = alloy_figure_layout_box(layout, k);
        g_assert_true(inside(&box, width, height));
        g_assert_cmpfloat(box.width, ==, first.width);
        g_assert_cmpfloat(box.height, ==, first.height);
        double pixel = box.x * figure->dpi / 72;
        test_assert_near(pixel, round(pixel), 1e-6);
        for (unsigned i = 0; i < k; i++) {
            AlloyRect other = alloy_figure_layout_box(layout, i);
            g_assert_false(alloy_rect_overlap(&box, &other));
        }
    }
    return TRUE;
}

/* Every number of panels, of species, with and without everything, from 20 mm to a poster. */
static void test_layout(void)
{
    static const double widths[] = {20, 40, 89, 120, 183, 500}, texts[] = {5, 7, 12};
    unsigned fitted = 0;
    for (unsigned n = 1; n <= 5; n++)
        for (unsigned all = 0; all < 8; all++) {
            g_auto(TestFigure) test;
            test_figure_init(&test, n, n == 3 ? 9 : 2, (all & 1) != 0);
            test.figure.letters = (all & 2) != 0;
            test.figure.title =
                (all & 2) != 0 ? "A title that is longer than the smallest of all these pages is wide" : NULL;
            for (unsigned i = 0; i < n; i++) {
                test.panels[i].title = i % 2 == 0 && (all & 2) ? "after 120 min at 400 \u00b0C" : NULL;
                test.panels[i].tripod = (all & 4) != 0;
                test.panels[i].direction = (all & 4) != 0 ? "[1-10]" : NULL;
            }
            for (unsigned w = 0; w < G_N_ELEMENTS(widths); w++)
                for (unsigned t = 0; t < G_N_ELEMENTS(texts); t++)
                    for (int free = 0; free < 2; free++) {
                        test.figure.width = widths[w];
                        test.figure.text = texts[t];
                        test.figure.height = free ? 0 : 0.7 * widths[w];
                        if (!test_figure_fit(&test))
                            continue;
                        g_autofree char *what = g_strdup_printf("%u panels, %u, %g mm, %g pt, %s", n, all,
                                                                widths[w], texts[t], free ? "free" : "given");
                        fitted += check_page(&test.figure, what) && widths[w] >= 89;
                    }
        }
    g_assert_cmpuint(fitted, >, 5 * 8 * 4 * 3); /* what is common has room */
}

static const AlloyPlot *a_plot(void)
{
    double x[20], y[20];
    for (int i = 0; i < 20; i++) {
        x[i] = i;
        y[i] = sqrt(i);
    }
    g_autoptr(AlloyColumn) xs = (AlloyColumn *)alloy_plot_column("r", "angstrom", x, 20);
    g_autoptr(AlloyColumn) ys = (AlloyColumn *)alloy_plot_column("g", "1", y, 20);
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    alloy_plot_add(builder, &(AlloyMark){.kind = ALLOY_MARK_LINE, .x = xs, .y = ys, .label = "all"});
    return alloy_plot_builder_finish(builder);
}

/* Plots beside scenes; a figure of plots alone; none at all. */
static void test_plots(void)
{
    g_autoptr(AlloyPlot) plot = (AlloyPlot *)a_plot();
    g_auto(TestFigure) test;
    test_figure_init(&test, 4, 2, TRUE);
    test.panels[1].plot = test.panels[2].plot = plot;
    test.figure.width = 183;
    test.figure.letters = TRUE;
    g_assert_true(test_figure_fit(&test));
    g_assert_true(check_page(&test.figure, "mixed"));
    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_figure_numbers(&test.figure, 1);
    g_assert_true(ALLOY_IS_TABLE(table));
    g_assert_cmpuint(table->n, ==, 20);
    for (int i = 0; i < 4; i++)
        test.panels[i].plot = plot;
    g_assert_true(check_page(&test.figure, "plots"));
    test.figure.n_panels = 0;
    g_assert_true(check_page(&test.figure, "nothing"));
}

static unsigned texts_of(const AlloyFigure *figure)
{
    g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(figure, NULL);
    cairo_surface_t *page = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(page);
    g_autoptr(GArray) placed = g_array_new(FALSE, FALSE, sizeof(AlloyRect));
    alloy_figure_draw(figure, layout, NULL, cr, placed);
    cairo_destroy(cr);
    cairo_surface_destroy(page);
    return placed->len;
}

/* What is the same stands once; what differs under its own panel; no scale bar in perspective. */
static void test_shared(void)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 3, 2, FALSE);
    test.figure.width = 183;
    g_assert_true(test_figure_fit(&test));
    g_assert_cmpuint(texts_of(&test.figure), ==, 1 + 2); /* the length, two species */
    test.panels[1].camera.height *= 2;
    g_assert_cmpuint(texts_of(&test.figure), ==, 3 + 2);
    test.panels[1].camera.height /= 2;
    AlloyFigureEntry own = {"X", {1, 2, 3}};
    test.panels[2].entries = &own;
    test.panels[2].n_entries = 1;
    g_assert_cmpuint(texts_of(&test.figure), ==, 1 + 2 + 2 + 1);
    g_assert_true(check_page(&test.figure, "own legends"));
    for (int i = 0; i < 3; i++)
        test.panels[i].camera.fov = 0.5;
    g_assert_cmpuint(texts_of(&test.figure), ==, 2 + 2 + 1);
}

static void test_bar_length(void)
{
    static const struct {
        double across, length;
        const char *label;
    } expected[] = {{100, 20, "2\u00a0nm"},         {50, 10, "1\u00a0nm"},
                    {200 / 0.3, 200, "20\u00a0nm"}, {30, 5, "5\u00a0\u00c5"},
                    {2.7, 0.5, "0.5\u00a0\u00c5"},  {1000 / 0.3, 1000, "100\u00a0nm"}};
    for (unsigned k = 0; k < G_N_ELEMENTS(expected); k++) {
        g_autofree char *label = NULL;
        test_assert_near(alloy_figure_bar_length(expected[k].across, &label), expected[k].length,
                         1e-9 * expected[k].length);
        g_assert_cmpstr(label, ==, expected[k].label);
    }
    g_autofree char *none = NULL;
    g_assert_cmpfloat(alloy_figure_bar_length(NAN, &none), ==, 0);
    g_assert_null(none);
}

static void test_letters(void)
{
    static const struct {
        unsigned i;
        const char *letter;
    } expected[] = {{0, "a"}, {25, "z"}, {26, "aa"}, {51, "az"}, {52, "ba"}, {701, "zz"}, {702, "aaa"}};
    for (unsigned k = 0; k < G_N_ELEMENTS(expected); k++) {
        g_autofree char *letter = alloy_figure_letter(expected[k].i);
        g_assert_cmpstr(letter, ==, expected[k].letter);
    }
    g_autofree char *path = alloy_figure_table_path("a.b/fig.1.png", 1);
    g_assert_cmpstr(path, ==, "a.b/fig.1-b.csv");
}

static const AlloyAtoms *pair(const char *a, const char *b)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(2);
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? a : b;
        builder->x[i] = 3 * i;
        builder->y[i] = builder->z[i] = 0;
        builder->species[i] = (uint16_t)alloy_atoms_builder_kind(builder, name, (gssize)strlen(name));
    }
    return alloy_atoms_builder_finish(builder);
}

/* A species has one colour in all scenes, also where another one comes before it in one of them only; the
 * legend has what is shown. */
static void test_species(void)
{
    AlloyScene *scenes[] = {model_scene(pair("Pt", "Pd"), 1), model_scene(pair("Ni", "Pt"), 1)};
    g_auto(AlloyFigureColours) colours;
    alloy_figure_colour_species(&colours, scenes, 2);
    g_assert_cmpuint(colours.n_entries, ==, 3);
    static const char *const names[] = {"Ni", "Pd", "Pt"};
    for (int k = 0; k < 3; k++)
        g_assert_cmpstr(colours.entries[k].name, ==, names[k]);
    g_assert_cmpmem(alloy_scene_colours(scenes[0])[0], 3, alloy_scene_colours(scenes[1])[1], 3);
    g_assert_cmpmem(alloy_scene_colours(scenes[0])[0], 3, colours.entries[2].rgb, 3);
    g_assert_cmpint(memcmp(colours.entries[0].rgb, colours.entries[1].rgb, 3), !=, 0);

    static const uint8_t mask[] = {0, 1};
    g_autoptr(AlloySelection) hidden = (AlloySelection *)alloy_selection_from_mask(mask, 2);
    alloy_scene_set_hidden(scenes[0], hidden);
    g_auto(AlloyFigureColours) less;
    alloy_figure_colour_species(&less, scenes, 2);
    g_assert_cmpuint(less.n_entries, ==, 2);
    g_assert_cmpmem(less.entries[1].rgb, 3, colours.entries[2].rgb, 3); /* as before */
    alloy_scene_free(scenes[0]);
    alloy_scene_free(scenes[1]);
}

/* One scale for all, and the bar tells what lies beyond it among what is shown. */
static void test_numbers(void)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 2, 2, TRUE);
    const AlloyColourBar *bar = &test.colours.bar;
    g_assert_true(bar->below && bar->above && bar->missing); /* -3..0.9 and a NaN on -2..0.5 */
    g_assert_cmpfloat(bar->scale->low, ==, -2);
    g_assert_cmpfloat(bar->scale->high, ==, 0.5);
    g_assert_cmpstr(bar->title, ==, "Order of Pd");
    const uint8_t(*rgba)[4] = alloy_scene_colours(test.scenes[1]);
    uint8_t white[3] = {255, 255, 255};
    g_assert_cmpmem(rgba[30], 3, white, 3); /* 0 is neutral */
    g_assert_cmpmem(rgba[7], 3, alloy_colour_missing, 3);
    uint8_t mask[40] = {0};
    for (int i = 0; i < 40; i++)
        mask[i] = i < 12 || i > 33;
    g_autoptr(AlloySelection) hidden = (AlloySelection *)alloy_selection_from_mask(mask, 40);
    for (int s = 0; s < 2; s++)
        alloy_scene_set_hidden(test.scenes[s], hidden);
    const AlloyColourScale scale = test.colours.scale;
    g_auto(AlloyFigureColours) less;
    alloy_figure_colour_columns(&less, test.scenes, test.columns, 2, &scale, NULL, NULL);
    g_assert_false(less.bar.below || less.bar.above || less.bar.missing);
    g_assert_cmpstr(less.bar.title, ==, "order");
}

/* Everything that is shown is in the picture, and little more. */
static void test_fit(void)
{
    for (int perspective = 0; perspective < 2; perspective++) {
        g_auto(TestFigure) test;
        test_figure_init(&test, 3, 2, FALSE);
        for (int i = 0; i < 3; i++)
            test.panels[i].camera.fov = perspective ? 0.9 : 0;
        test.figure.height = 40;
        g_assert_true(test_figure_fit(&test));
        g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(&test.figure, NULL);
        AlloyRect box = alloy_figure_layout_box(layout, 0);
        double most = 0;
        for (int i = 0; i < 3; i++) {
            const AlloyAtoms *atoms = alloy_scene_atoms(test.scenes[i]);
            g_assert_cmpfloat(test.panels[i].camera.height, ==, test.panels[0].camera.height);
            for (size_t k = 0; k < atoms->n; k++) {
                double at[2], p[3] = {atoms->x[k], atoms->y[k], atoms->z[k]};
                g_assert_true(alloy_camera_project(&test.panels[i].camera, p, at));
                double r = 1.5 / test.panels[i].camera.height;
                most = MAX(most, MAX(fabs(at[1]) + r, (fabs(at[0]) + r) * box.height / box.width));
            }
        }
        g_assert_cmpfloat(most, <=, 0.5);
        g_assert_cmpfloat(most, >=, perspective ? 0.4 : 0.48);
    }
}

static void test_refused(void)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 1, 2, FALSE);
    static const struct {
        double width, height, dpi, text;
    } wrong[] = {{0, 0, 300, 7},  {-4, 0, 300, 7}, {NAN, 0, 300, 7}, {89, -1, 300, 7}, {89, 0, 0, 7},
                 {89, 0, 1e9, 7}, {89, 0, 300, 0}, {3, 0, 300, 7},   {89, 5, 300, 7}};
    for (unsigned k = 0; k < G_N_ELEMENTS(wrong); k++) {
        g_autoptr(GError) error = NULL;
        test.figure.width = wrong[k].width;
        test.figure.height = wrong[k].height;
        test.figure.dpi = wrong[k].dpi;
        test.figure.text = wrong[k].text;
        g_assert_null(alloy_figure_layout_new(&test.figure, &error));
        g_assert_nonnull(error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/figure/layout", test_layout);
    g_test_add_func("/figure/plots", test_plots);
    g_test_add_func("/figure/shared", test_shared);
    g_test_add_func("/figure/bar-length", test_bar_length);
    g_test_add_func("/figure/letters", test_letters);
    g_test_add_func("/figure/species", test_species);
    g_test_add_func("/figure/numbers", test_numbers);
    g_test_add_func("/figure/fit", test_fit);
    g_test_add_func("/figure/refused", test_refused);
    return g_test_run();
}
