/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/elements.h"

#include "tests/common.h"

#include <math.h>
#include <string.h>

static void test_table(void)
{
    for (int z = 1; z <= ALLOY_ELEMENTS; z++) {
        const AlloyElement *element = alloy_element(z);
        g_assert_nonnull(element);
        g_assert_cmpint(element->z, ==, z);
        g_assert_true(alloy_element_by_symbol(element->symbol, -1) == element);
        g_assert_cmpuint(strlen(element->name), >=, 3);
        /* Nuclei have at least as many neutrons as protons (but hydrogen), and at most 1.7 times as many. */
        g_assert_cmpfloat(element->mass, >=, z == 1 ? 1 : 1.99 * z);
        g_assert_cmpfloat(element->mass, <, 2.7 * z);
        if (!isnan(element->covalent_radius)) {
            g_assert_cmpfloat(element->covalent_radius, >=, 0.28); /* He */
            g_assert_cmpfloat(element->covalent_radius, <=, 2.60); /* Fr */
        }
        g_assert_true(isnan(element->covalent_radius) == (z > 96));
        if (!isnan(element->metal_distance)) {
            g_assert_cmpfloat(element->metal_distance, >=, 1.54); /* diamond */
            g_assert_cmpfloat(element->metal_distance, <, 5.4);   /* Cs */
        }
    }
    g_assert_null(alloy_element(0));
    g_assert_null(alloy_element(-1));
    g_assert_null(alloy_element(119));
}

static void test_by_symbol(void)
{
    g_assert_cmpint(alloy_element_by_symbol("Au", 2)->z, ==, 79);
    g_assert_cmpint(alloy_element_by_symbol("au", -1)->z, ==, 79);
    g_assert_cmpint(alloy_element_by_symbol("AU", -1)->z, ==, 79);
    g_assert_cmpint(alloy_element_by_symbol("Cobalt", 2)->z, ==, 27);
    g_assert_cmpint(alloy_element_by_symbol("Cobalt", 1)->z, ==, 6);
    g_assert_cmpstr(alloy_element_by_symbol("pD", 2)->name, ==, "palladium");
    static const char *const wrong[] = {"",  "X",   "Xx",  "Aux",      "A",   "A1",
                                        "1", " Au", "Au ", "\xc3\xa4", "Gold"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(alloy_element_by_symbol(wrong[i], -1));
    g_assert_null(alloy_element_by_symbol(NULL, -1));
    g_assert_null(alloy_element_by_symbol("Au", 0));
    g_assert_null(alloy_element_by_symbol("H\0", 2));
}

static void test_by_mass(void)
{
    static const struct {
        double mass;
        int z;
    } cases[] = {{196.97, 79}, {195.08, 78}, {106.42, 46},  {63.55, 29},   {58.9, 27},
                 {58.7, 28},   {12, 6},      {1.008, 1},    {97, 43},      {209, 83},
                 {40.08, 20},  {39.95, 18},  {192.217, 77}, {102.906, 45}, {107.8682, 47}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const AlloyElement *found = alloy_element_by_mass(cases[i].mass);
        g_assert_nonnull(found);
        g_assert_cmpint(found->z, ==, cases[i].z);
    }
    static const double wrong[] = {0, -12, 1.1, 5.5, 100, 1e9, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(alloy_element_by_mass(wrong[i]));
}

static void test_values(void)
{
    /* Weights: IUPAC 2021, table 2, five digits. Radii: Cordero 2008, table 2. */
    static const struct {
        const char *symbol;
        double mass, radius;
    } cases[] = {{"H", 1.008, 0.31},   {"C", 12.011, 0.76},  {"Al", 26.982, 1.21}, {"Fe", 55.845, 1.32},
                 {"Co", 58.933, 1.26}, {"Ni", 58.693, 1.24}, {"Cu", 63.546, 1.32}, {"Ru", 101.07, 1.46},
                 {"Rh", 102.91, 1.42}, {"Pd", 106.42, 1.39}, {"Ag", 107.87, 1.45}, {"Ir", 192.22, 1.41},
                 {"Pt", 195.08, 1.36}, {"Au", 196.97, 1.36}, {"Hf", 178.49, 1.75}, {"U", 238.03, 1.96}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const AlloyElement *element = alloy_element_by_symbol(cases[i].symbol, -1);
        test_assert_near(element->mass, cases[i].mass, 0.5001 * (cases[i].mass < 100 ? 1e-3 : 1e-2));
        g_assert_cmpfloat(element->covalent_radius, ==, cases[i].radius);
    }
}

static void test_distances(void)
{
    /* Lattice constants of Kittel, Introduction to Solid State Physics (8th ed.), table 3, in three digits.
     */
    enum { FCC, BCC, DIAMOND, HCP };
    static const struct {
        const char *symbol;
        int structure;
        double a, c;
    } cases[] = {
        {"Al", FCC, 4.05},       {"Ni", FCC, 3.52},       {"Cu", FCC, 3.61},       {"Rh", FCC, 3.80},
        {"Pd", FCC, 3.89},       {"Ag", FCC, 4.09},       {"Ir", FCC, 3.84},       {"Pt", FCC, 3.92},
        {"Au", FCC, 4.08},       {"Pb", FCC, 4.95},       {"Cr", BCC, 2.88},       {"Fe", BCC, 2.87},
        {"Mo", BCC, 3.15},       {"W", BCC, 3.16},        {"Si", DIAMOND, 5.430},  {"Ge", DIAMOND, 5.658},
        {"Ti", HCP, 2.95, 4.68}, {"Co", HCP, 2.51, 4.07}, {"Ru", HCP, 2.71, 4.28}, {"Zn", HCP, 2.66, 4.95}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        double a = cases[i].a, c = cases[i].c, expected = 0;
        switch (cases[i].structure) {
        case FCC:
            expected = a / sqrt(2);
            break;
        case BCC:
            expected = a * sqrt(3) / 2;
            break;
        case DIAMOND:
            expected = a * sqrt(3) / 4;
            break;
        default:
            expected = MIN(a, sqrt(a * a / 3 + c * c / 4));
        }
        /* Half a unit of the last digit of a (and c). */
        test_assert_near(alloy_element_by_symbol(cases[i].symbol, -1)->metal_distance, expected, 0.006);
    }
    g_assert_true(isnan(alloy_element_by_symbol("Ar", -1)->metal_distance));
    g_assert_true(isnan(alloy_element_by_symbol("O", -1)->metal_distance));
    g_assert_true(isnan(alloy_element_by_symbol("Hg", -1)->metal_distance)); /* liquid */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/elements/table", test_table);
    g_test_add_func("/elements/by-symbol", test_by_symbol);
    g_test_add_func("/elements/by-mass", test_by_mass);
    g_test_add_func("/elements/values", test_values);
    g_test_add_func("/elements/distances", test_distances);
    return g_test_run();
}
