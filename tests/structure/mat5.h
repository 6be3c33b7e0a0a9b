/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The arrays of a MATLAB file of any number of dimensions, which is how published numbers come. For tests:
 * what is wrong fails the test. */

#include "core/formats/mat-elements.h"
#include "core/formats/source.h"

#include <string.h>

typedef struct {
    char *name;
    size_t n;       /* elements */
    double *values; /* first dimension fastest */
} Mat5Array;

static inline void mat5_free(gpointer data)
{
    Mat5Array *array = data;
    g_free(array->name);
    g_free(array->values);
    g_free(array);
}

/* All arrays of a file, of Mat5Array. */
static inline GPtrArray *mat5_read(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloySource) source = alloy_source_open(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) variables = alloy_mat_variables(source, NULL, &error);
    g_assert_no_error(error);
    GPtrArray *arrays = g_ptr_array_new_with_free_func(mat5_free);
    for (guint k = 0; k < variables->len; k++) {
        const AlloyMatVariable *variable = variables->pdata[k];
        Mat5Array *array = g_new0(Mat5Array, 1);
        array->name = g_strdup(variable->name);
        array->n = variable->n;
        array->values = alloy_mat_values(source, variable, &error);
        g_assert_no_error(error);
        g_ptr_array_add(arrays, array);
    }
    return arrays;
}

/* The array called name; name NULL: the first. */
static inline const Mat5Array *mat5_find(const GPtrArray *arrays, const char *name)
{
    for (guint k = 0; k < arrays->len; k++) {
        const Mat5Array *array = g_ptr_array_index(arrays, k);
        if (name == NULL || strcmp(array->name, name) == 0)
            return array;
    }
    g_error("no array %s", name != NULL ? name : "");
}
