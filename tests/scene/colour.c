/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/common.h"
#include "ui/scene/colouring.h"

#include <math.h>
#include <string.h>

/* Sequential palettes rise evenly in Oklab lightness: rounding to 8 bits moves it by less than 0.005. */
static void test_even(void)
{
    for (const AlloyPalette *palette = alloy_palettes; palette->name != NULL; palette++) {
        if (palette->diverging)
            continue;
        uint8_t rgb[3];
        double first[3], last[3], lab[3];
        alloy_palette_colour(palette, 0, rgb);
        alloy_oklab(rgb, first);
        alloy_palette_colour(palette, 1, rgb);
        alloy_oklab(rgb, last);
        g_assert_cmpfloat(last[0] - first[0], >, 0.5);
        for (int k = 0; k <= 100; k++) {
            alloy_palette_colour(palette, k / 100.0, rgb);
            alloy_oklab(rgb, lab);
            test_assert_near(lab[0], first[0] + k / 100.0 * (last[0] - first[0]), 0.006);
        }
    }
}

static void test_white_in_the_middle(void)
{
    for (const AlloyPalette *palette = alloy_palettes; palette->name != NULL; palette++) {
        if (!palette->diverging)
            continue;
        /* an uneven scale: -3.73 .. 1, as alpha of Pd in particle 1 of the Pd@Ir study */
        AlloyColourScale scale = {palette, -3.73, 1, 0};
        uint8_t rgb[3], low[3], high[3];
        alloy_colour_value(&scale, 0, rgb);
        g_assert_true(rgb[0] == 255 && rgb[1] == 255 && rgb[2] == 255);
        alloy_colour_value(&scale, -3.73, rgb);
        alloy_palette_colour(palette, 0, low);
        g_assert_true(memcmp(rgb, low, 3) == 0);
        alloy_colour_value(&scale, 1, rgb);
        alloy_palette_colour(palette, 1, high);
        g_assert_true(memcmp(rgb, high, 3) == 0);
        alloy_colour_value(&scale, 99, rgb);
        g_assert_true(memcmp(rgb, high, 3) == 0);
        alloy_colour_value(&scale, NAN, rgb);
        g_assert_true(memcmp(rgb, alloy_colour_missing, 3) == 0);
    }
}

static const AlloyColumn *column_of(const double *values, size_t n)
{
    double *copy = alloy_array_new(double, n);
    memcpy(copy, values, n * sizeof *values);
    return alloy_column_new_real("v", "1", copy, n);
}

static void test_fit(void)
{
    static const double a[] = {1, 2, NAN, 3, INFINITY}, b[] = {-2, 5}, none[] = {NAN};
    g_autoptr(AlloyColumn) one = (AlloyColumn *)column_of(a, 5), two = (AlloyColumn *)column_of(b, 2),
                           empty = (AlloyColumn *)column_of(none, 1);
    AlloyColourScale scale;
    g_assert_true(alloy_colour_scale_fit((const AlloyColumn *const[]){one}, 1, 0, &scale));
    g_assert_cmpfloat(scale.low, ==, 1);
    g_assert_cmpfloat(scale.high, ==, 3);
    g_assert_false(scale.palette->diverging);
    /* stages share a scale */
    g_assert_true(alloy_colour_scale_fit((const AlloyColumn *const[]){one, NULL, two}, 3, 0, &scale));
    g_assert_cmpfloat(scale.low, ==, -2);
    g_assert_cmpfloat(scale.high, ==, 5);
    g_assert_true(scale.palette->diverging && scale.neutral == 0);
    g_assert_false(alloy_colour_scale_fit((const AlloyColumn *const[]){empty}, 1, 0, &scale));
    g_assert_false(alloy_colour_scale_fit(NULL, 0, 0, &scale));
}

/* Every atom's colour is the palette's, and kinds differ from one another to the eye. */
static void test_atoms(void)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(10);
    static const char *const names[] = {"Pd", "Ir", "Au", "Ag", "Cu", "Ni", "Pt", "W", "Co", "Rh"};
    for (size_t i = 0; i < 10; i++) {
        builder->x[i] = builder->y[i] = builder->z[i] = (double)i;
        builder->species[i] = (uint16_t)alloy_atoms_builder_kind(builder, names[i], strlen(names[i]));
    }
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    uint8_t rgba[10][4];
    alloy_colour_species(atoms, rgba);
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < i; j++) {
            double a[3], b[3];
            alloy_oklab(rgba[i], a);
            alloy_oklab(rgba[j], b);
            g_assert_cmpfloat(hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]), >, 0.04);
        }
    static const double values[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1, NAN};
    g_autoptr(AlloyColumn) column = (AlloyColumn *)column_of(values, 10);
    AlloyColourScale scale = {alloy_palette_by_name("even"), 0, 1, NAN};
    alloy_colour_column(column, &scale, rgba);
    for (int i = 0; i < 10; i++) {
        uint8_t rgb[3];
        alloy_colour_value(&scale, values[i], rgb);
        for (int k = 0; k < 3; k++)
            g_assert_cmpint(ABS(rgba[i][k] - rgb[k]), <=, 1); /* 1024 steps */
        g_assert_cmpint(rgba[i][3], ==, 255);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scene/colour/even", test_even);
    g_test_add_func("/scene/colour/white-in-the-middle", test_white_in_the_middle);
    g_test_add_func("/scene/colour/fit", test_fit);
    g_test_add_func("/scene/colour/atoms", test_atoms);
    return g_test_run();
}
