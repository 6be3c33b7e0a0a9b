/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/data/warning.h"

#include <math.h>
#include <string.h>

/* Columns, labels, lists of columns, tables, warnings. */

static void test_types(void)
{
    double *real = alloy_array_new(double, 3);
    real[0] = 0.1, real[1] = (double)NAN, real[2] = -INFINITY;
    g_autoptr(AlloyColumn) a = (AlloyColumn *)alloy_column_new_real("a", ALLOY_UNIT_LENGTH, real, 3);
    int64_t *integer = alloy_array_new(int64_t, 2);
    integer[0] = INT64_MIN, integer[1] = 42;
    g_autoptr(AlloyColumn) b = (AlloyColumn *)alloy_column_new_integer("b", ALLOY_UNIT_NONE, integer, 2);
    uint8_t *boolean = alloy_array_new(uint8_t, 2);
    boolean[0] = 1, boolean[1] = 0;
    g_autoptr(AlloyColumn) c = (AlloyColumn *)alloy_column_new_boolean("c", boolean, 2);

    char buffer[32];
    /* 17 digits of the double nearest to 0.1 */
    g_assert_cmpstr(alloy_column_format_at(a, 0, buffer), ==, "0.10000000000000001");
    g_assert_cmpstr(alloy_column_format_at(a, 1, buffer), ==, "");
    g_assert_cmpstr(alloy_column_format_at(a, 2, buffer), ==, "-inf");
    g_assert_cmpstr(alloy_column_format_at(b, 0, buffer), ==, "-9223372036854775808");
    g_assert_cmpstr(alloy_column_format_at(c, 0, buffer), ==, "true");
    g_assert_cmpstr(alloy_column_format_at(c, 1, buffer), ==, "false");
    g_assert_cmpfloat(alloy_column_real_at(b, 1), ==, 42);
    g_assert_cmpfloat(alloy_column_real_at(c, 0), ==, 1);
    g_assert_null(alloy_column_text_at(a, 0));
    g_assert_cmpstr(a->unit, ==, "angstrom");
    g_assert_cmpuint(alloy_type_size(ALLOY_REAL), ==, 8);
    g_assert_cmpuint(alloy_type_size(ALLOY_INTEGER), ==, 8);
    g_assert_cmpuint(alloy_type_size(ALLOY_BOOLEAN), ==, 1);
    g_assert_cmpuint(alloy_type_size(ALLOY_TEXT), ==, 4);

    g_autoptr(AlloyColumn) renamed = (AlloyColumn *)alloy_column_renamed(a, "other");
    g_assert_true(renamed->real == a->real);
    g_assert_cmpstr(renamed->name, ==, "other");
    g_assert_cmpstr(a->name, ==, "a");
}

/* 1/1000 as it is computed, as it is read back from text, and what lies beside it. */
static void test_floor(void)
{
    double *p = alloy_array_new(double, 7);
    p[0] = 1.0 / (1 + 999), p[1] = 0.001, p[2] = 0.002, p[3] = 1e-40, p[4] = NAN;
    p[5] = 1e-300, p[6] = 1e-294; /* exact, at its own floor; adjusted for a million tests */
    const AlloyColumn *plain = alloy_column_new_real("p", ALLOY_UNIT_NONE, p, 7);
    for (size_t i = 0; i < 7; i++)
        g_assert_false(alloy_column_at_floor(plain, i));
    g_autoptr(AlloyColumn) column = (AlloyColumn *)alloy_column_with_floor(plain, (1 + 0.0) / (1 + 999.0));
    g_autoptr(AlloyColumn) renamed = (AlloyColumn *)alloy_column_renamed(column, "q");
    const gboolean expected[] = {TRUE, TRUE, FALSE, FALSE, FALSE, TRUE, TRUE};
    for (size_t i = 0; i < 7; i++) {
        g_assert_cmpint(alloy_column_at_floor(column, i), ==, expected[i]);
        g_assert_cmpint(alloy_column_at_floor(renamed, i), ==, expected[i]);
    }
    /* For programs it is a number. */
    char buffer[32];
    g_assert_cmpstr(alloy_column_format_at(column, 1, buffer), ==, "0.001");
}

static void test_text(void)
{
    uint32_t *codes = alloy_array_new(uint32_t, 4);
    memcpy(codes, (const uint32_t[]){1, 0, 1, 2}, 16);
    /* the second label is "é" in Latin-1, the third the same in UTF-8: one label */
    const char *labels[] = {"Pd", "\xe9", "\xc3\xa9"};
    g_autoptr(AlloyColumn) text = (AlloyColumn *)alloy_column_new_text("t", codes, 4, labels, 3);
    g_assert_cmpuint(text->n_labels, ==, 2);
    g_assert_null(text->labels[2]);
    g_assert_cmpstr(alloy_column_text_at(text, 0), ==, "\xc3\xa9");
    g_assert_cmpstr(alloy_column_text_at(text, 1), ==, "Pd");
    g_assert_cmpuint(text->code[0], ==, text->code[3]);
    g_assert_true(isnan(alloy_column_real_at(text, 0)));
    g_autoptr(AlloyColumn) renamed = (AlloyColumn *)alloy_column_renamed(text, "u");
    g_assert_true(renamed->labels == text->labels);

    g_autoptr(AlloyColumn) scalar = (AlloyColumn *)alloy_scalar_text("s", "");
    g_assert_cmpstr(alloy_column_text_at(scalar, 0), ==, "");
}

static void test_labels(void)
{
    /* Many labels (the table grows), each asked for twice, some in a row. */
    enum { N = 5000 };
    AlloyLabels *labels = alloy_labels_new();
    uint32_t *codes = alloy_array_new(uint32_t, (size_t)2 * N);
    for (int i = 0; i < 2 * N; i++) {
        char text[16];
        g_snprintf(text, sizeof text, "label%d", i / 2 % (N / 2));
        codes[i] = alloy_labels_add(labels, text, strlen(text));
    }
    g_assert_cmpuint(alloy_labels_add(labels, "label7 and more", 6), ==, 7);
    g_autoptr(AlloyColumn) column = (AlloyColumn *)alloy_labels_finish(labels, "l", codes, (size_t)2 * N);
    g_assert_cmpuint(column->n_labels, ==, N / 2);
    for (int i = 0; i < 2 * N; i++) {
        char text[16];
        g_snprintf(text, sizeof text, "label%d", i / 2 % (N / 2));
        g_assert_cmpstr(alloy_column_text_at(column, (size_t)i), ==, text);
    }
    labels = alloy_labels_new();
    g_autoptr(AlloyColumn) empty =
        (AlloyColumn *)alloy_labels_finish(labels, "empty", alloy_array_new(uint32_t, 0), 0);
    g_assert_cmpuint(empty->n_labels, ==, 0);
}

static void test_columns(void)
{
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_scalar_real("a", "1", 1));
    alloy_columns_set(columns, alloy_scalar_real("b", "1", 2));
    g_autoptr(GPtrArray) copy = alloy_columns_copy(columns);
    alloy_columns_set(columns, alloy_scalar_real("a", "1", 3)); /* in its place */
    g_assert_cmpuint(columns->len, ==, 2);
    g_assert_cmpfloat(((const AlloyColumn *)columns->pdata[0])->real[0], ==, 3);
    g_assert_cmpfloat(alloy_columns_get(copy, "a")->real[0], ==, 1);
    g_assert_true(alloy_columns_get(copy, "b") == alloy_columns_get(columns, "b"));
    g_assert_null(alloy_columns_get(columns, "c"));
    g_assert_null(alloy_columns_get(NULL, "a"));

    AlloyColumns *scalars = alloy_columns_new();
    alloy_columns_set(scalars, alloy_scalar_integer("count", "1", 5));
    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_table_new("T", columns, scalars);
    g_assert_cmpuint(table->n, ==, 1);
    g_assert_true(ALLOY_IS_TABLE(table));
    g_assert_cmpfloat(alloy_table_column(table, "b")->real[0], ==, 2);
    g_assert_null(alloy_table_column(table, "count"));
    g_autoptr(AlloyTable) empty = (AlloyTable *)alloy_table_new(NULL, NULL, NULL);
    g_assert_cmpuint(empty->n, ==, 0);
    g_assert_cmpstr(empty->title, ==, "");
}

static void test_series(void)
{
    const AlloyAtoms *atoms = alloy_atoms_builder_finish(alloy_atoms_builder_new(0));
    AlloyStage stages[2] = {{atoms, 0, 673.15, "0 min"}, {atoms, (double)NAN, (double)NAN, NULL}};
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_new("P", stages, 2);
    alloy_data_unref(atoms);
    g_assert_cmpstr(series->stages[0].label, ==, "0 min");
    g_assert_cmpstr(series->stages[1].label, ==, "stage 1");
    g_assert_true(series->stages[1].atoms == atoms);

    g_autoptr(AlloyAtoms) told = (AlloyAtoms *)alloy_stage_to_info(&series->stages[0]);
    AlloyStage back = alloy_stage_from_info(told);
    g_assert_cmpfloat(back.time, ==, 0);
    g_assert_cmpfloat(back.temperature, ==, 673.15);
    g_assert_cmpstr(back.label, ==, "0 min");
    g_assert_cmpstr(alloy_columns_get(told->info, "stage_temperature")->unit, ==, "K");
    AlloyStage none = alloy_stage_from_info(atoms);
    g_assert_true(isnan(none.time) && isnan(none.temperature));
    g_assert_null(none.label);
}

static void test_warnings(void)
{
    alloy_warn(NULL, "unit", NULL, NULL, "nobody listens");
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    alloy_warn(warnings, "unit", "scale=0.3434", "Multiply all lengths by 0.3434", "first peak at %d", 8);
    const AlloyWarning *warning = warnings->pdata[0];
    g_assert_cmpstr(warning->message, ==, "first peak at 8");
    g_assert_cmpstr(warning->fix, ==, "scale=0.3434");
}

static void test_index(void)
{
    static const struct {
        int64_t values[4];
        size_t n;
        gboolean is_index;
    } cases[] = {{{7, 3, 9, 1}, 4, TRUE},
                 {{7, 3, 7, 1}, 4, FALSE},
                 {{5}, 1, FALSE},
                 {{0}, 0, FALSE},
                 {{-1, 1}, 2, TRUE}};
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        int64_t *values = alloy_array_new(int64_t, cases[k].n);
        memcpy(values, cases[k].values, cases[k].n * sizeof *values);
        g_autoptr(AlloyColumn) column =
            (AlloyColumn *)alloy_column_new_integer("id", ALLOY_UNIT_NONE, values, cases[k].n);
        g_assert_cmpint(alloy_column_is_index(column), ==, cases[k].is_index);
    }
    g_autoptr(AlloyColumn) real = (AlloyColumn *)alloy_scalar_real("x", ALLOY_UNIT_NONE, 1);
    g_assert_false(alloy_column_is_index(real));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/column/types", test_types);
    g_test_add_func("/column/floor", test_floor);
    g_test_add_func("/column/text", test_text);
    g_test_add_func("/column/labels", test_labels);
    g_test_add_func("/column/columns-and-tables", test_columns);
    g_test_add_func("/series", test_series);
    g_test_add_func("/warnings", test_warnings);
    g_test_add_func("/column/index", test_index);
    return g_test_run();
}
