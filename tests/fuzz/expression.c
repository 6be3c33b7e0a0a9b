/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/expression.h"
#include "core/data/column.h"

#include <math.h>
#include <string.h>

/* Any text as an expression: read, and run on three items. */

#define N 3

static int type_of(const char *name, void *data)
{
    return strcmp(name, "cn") == 0        ? ALLOY_INTEGER
           : strcmp(name, "x") == 0       ? ALLOY_REAL
           : strcmp(name, "kept") == 0    ? ALLOY_BOOLEAN
           : strcmp(name, "species") == 0 ? ALLOY_TEXT
           : strcmp(name, "phase") == 0   ? ALLOY_TEXT
                                          : -1;
}

static const AlloyColumn *values_of(const char *name, void *data, GError **error)
{
    static const char *const labels[] = {"Pd", "Ir", "Type 1"};
    uint32_t *codes = alloy_array_new(uint32_t, N);
    int64_t *integers = alloy_array_new(int64_t, N);
    double *reals = alloy_array_new(double, N);
    uint8_t *booleans = alloy_array_new(uint8_t, N);
    for (size_t i = 0; i < N; i++) {
        codes[i] = (uint32_t)i % 2 + (name[0] == 'p');
        integers[i] = (int64_t)i + 11;
        reals[i] = i == 1 ? (double)NAN : 0.5 * (double)i;
        booleans[i] = i > 0;
    }
    const AlloyColumn *text = alloy_column_new_text(name, codes, N, labels, G_N_ELEMENTS(labels));
    const AlloyColumn *columns[] = {alloy_column_new_real(name, ALLOY_UNIT_NONE, reals, N),
                                    alloy_column_new_integer(name, ALLOY_UNIT_NONE, integers, N),
                                    alloy_column_new_boolean(name, booleans, N), text};
    const AlloyColumn *asked = NULL;
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
        if ((int)columns[c]->type == type_of(name, NULL))
            asked = columns[c];
        else
            alloy_data_unref(columns[c]);
    return asked;
}

static char **list_of(void *data)
{
    return g_strsplit("species,phase,cn,x,kept", ",", -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_strndup((const char *)bytes, size);
    const AlloyNames names = {N, type_of, values_of, NULL, list_of, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyExpression) expression = alloy_expression_new(text, &error);
    g_assert((expression == NULL) == (error != NULL));
    if (expression == NULL)
        return 0;
    g_autoptr(GError) no_condition = NULL, no_number = NULL;
    g_autofree uint8_t *mask = alloy_expression_condition(expression, &names, NULL, &no_condition);
    g_autofree double *numbers = alloy_expression_numbers(expression, &names, NULL, &no_number);
    g_assert((mask == NULL) == (no_condition != NULL) && (numbers == NULL) == (no_number != NULL));
    /* A condition counts as the numbers 0 and 1. */
    for (size_t i = 0; i < N && mask != NULL; i++)
        g_assert(numbers != NULL && numbers[i] == mask[i]);
    return 0;
}
