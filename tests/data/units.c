/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/units.h"

#include <math.h>
#include <string.h>

static const AlloyColumn *column_of(const char *name, const char *unit, double value)
{
    return alloy_scalar_real(name, unit, value);
}

static void converts(const char *from, const char *to, double value, double expected)
{
    g_autoptr(AlloyColumn) column = (AlloyColumn *)column_of("a", from, value);
    g_autoptr(AlloyColumn) converted = (AlloyColumn *)alloy_column_in_unit(column, to);
    g_assert_nonnull(converted);
    g_assert_cmpstr(converted->unit, ==, to);
    g_assert_cmpstr(converted->name, ==, "a");
    g_assert_cmpfloat(converted->real[0], ==, expected);
}

static void keeps(const char *from, const char *to)
{
    g_autoptr(AlloyColumn) column = (AlloyColumn *)column_of("a", from, 1);
    g_assert_null(alloy_column_in_unit(column, to));
}

static void test_units(void)
{
    converts("nm", "angstrom", 0.25, 2.5);
    converts("angstrom", "nm", 3, 0.3);
    converts("A", "pm", 2, 200);
    converts("angstrom^2", "nm^2", 7, 0.07);
    converts("nm^-3", "angstrom^-3", 7, 0.007);
    converts("fs", "ps", 3, 0.003);
    converts("K", "K", 3, 3);
    keeps("nm", "s");
    keeps("nm", "nm^2");
    keeps("nm", "1");
    keeps("K", "eV");
    keeps("nm^-", "m^-");
    keeps("nm^12", "m^12");
    int64_t *count = alloy_array_new(int64_t, 1);
    count[0] = 3;
    g_autoptr(AlloyColumn) whole = (AlloyColumn *)alloy_column_new_integer("a", "nm", count, 1);
    g_autoptr(AlloyColumn) converted = (AlloyColumn *)alloy_column_in_unit(whole, "angstrom");
    g_assert_cmpfloat(converted->real[0], ==, 30);
    g_autoptr(AlloyColumn) p = (AlloyColumn *)alloy_column_with_floor(column_of("a", "nm", 2), 0.5);
    g_autoptr(AlloyColumn) floor = (AlloyColumn *)alloy_column_in_unit(p, "angstrom");
    g_assert_cmpfloat(floor->floor, ==, 5);
    g_autoptr(AlloyColumn) text = (AlloyColumn *)alloy_scalar_text("a", "x");
    g_assert_null(alloy_column_in_unit(text, "nm"));
}

static const AlloyColumn *get(const GPtrArray *lists, unsigned k, const char *name)
{
    const AlloyColumn *column = alloy_columns_get(lists->pdata[k], name);
    g_assert_nonnull(column);
    return column;
}

static void test_lists(void)
{
    AlloyColumns *lists[4] = {alloy_columns_new(), alloy_columns_new(), NULL, alloy_columns_new()};
    alloy_columns_set(lists[0], column_of("dist", "nm", 1));
    alloy_columns_set(lists[0], column_of("same", "K", 1));
    alloy_columns_set(lists[0], column_of("note", "1", 1));
    alloy_columns_set(lists[0], column_of("dist_in_eV", "1", 1)); /* a name that is taken */
    alloy_columns_set(lists[1], column_of("dist", "angstrom", 20));
    alloy_columns_set(lists[1], column_of("same", "K", 2));
    alloy_columns_set(lists[1], alloy_scalar_text("note", "x"));
    alloy_columns_set(lists[3], column_of("dist", "eV", 3));
    alloy_columns_set(lists[3], column_of("same", "1", 3));
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) alike = alloy_columns_in_one_unit((const AlloyColumns *const *)lists, 4, notes);
    g_assert_true(get(alike, 0, "dist") == lists[0]->pdata[0]); /* shared */
    g_assert_cmpfloat(get(alike, 1, "dist")->real[0], ==, 2);
    g_assert_cmpstr(get(alike, 1, "dist")->unit, ==, "nm");
    g_assert_cmpint(get(alike, 1, "note")->type, ==, ALLOY_TEXT);
    g_assert_cmpuint(((AlloyColumns *)alike->pdata[2])->len, ==, 0);
    g_assert_cmpstr(get(alike, 3, "dist_in_eV_2")->unit, ==, "eV");
    g_assert_cmpstr(get(alike, 3, "same_without_unit")->unit, ==, "1");
    g_assert_cmpuint(notes->len, ==, 3);
    g_assert_cmpstr(notes->pdata[0], ==, "`dist` is in nm and in angstrom: all of it is given in nm");
    g_assert_cmpstr(notes->pdata[2], ==,
                    "`same` is in K and has no unit: the second stands apart, as `same_without_unit`");
    for (int k = 0; k < 4; k++)
        g_clear_pointer(&lists[k], g_ptr_array_unref);
}

static const AlloyAtoms *atoms_with(const char *unit, double value)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(1);
    builder->x[0] = builder->y[0] = builder->z[0] = 0;
    builder->species[0] = (uint16_t)alloy_atoms_builder_kind(builder, "Pd", 2);
    alloy_atoms_builder_set_column(builder, column_of("dist", unit, value));
    return alloy_atoms_builder_finish(builder);
}

static void test_series(void)
{
    g_autoptr(AlloyAtoms) a = (AlloyAtoms *)atoms_with("nm", 1), b = (AlloyAtoms *)atoms_with("pm", 2000);
    AlloyStage stages[] = {{a, NAN, NAN, "a"}, {b, 60, NAN, "b"}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("t", stages, 2);
    g_autoptr(AlloySeries) alike = (AlloySeries *)alloy_series_in_one_unit(series, NULL);
    g_assert_true(alike->stages[0].atoms == a);
    g_assert_cmpfloat(alloy_atoms_column(alike->stages[1].atoms, "dist")->real[0], ==, 2);
    g_assert_cmpstr(alike->stages[1].label, ==, "b");
    g_assert_cmpfloat(alike->stages[1].time, ==, 60);
    stages[1].atoms = a;
    g_autoptr(AlloySeries) one = (AlloySeries *)alloy_series_new("t", stages, 2);
    g_autoptr(AlloySeries) itself = (AlloySeries *)alloy_series_in_one_unit(one, NULL);
    g_assert_true(itself == one);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/units/units", test_units);
    g_test_add_func("/units/lists", test_lists);
    g_test_add_func("/units/series", test_series);
    return g_test_run();
}
