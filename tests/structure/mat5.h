/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reads the numeric arrays of a MATLAB 5 file, which is how published models come: "MAT-File Format", The
 * MathWorks, chapter 1. Little-endian, compressed elements or not, real arrays. For tests: what is wrong
 * fails the test. */

#include <glib.h>
#include <string.h>
#include <zlib.h>

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

static inline uint32_t mat5_u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return GUINT32_FROM_LE(value);
}

/* One data element: its type, its bytes, and where the next begins. Small ones share eight bytes with their
 * tag. */
static inline size_t mat5_element(const uint8_t *bytes, size_t length, size_t at, uint32_t *type,
                                  const uint8_t **data, size_t *size)
{
    g_assert_cmpuint(at + 8, <=, length);
    uint32_t tag = mat5_u32(bytes + at);
    if (tag >> 16) {
        *type = tag & 0xffff;
        *size = tag >> 16;
        *data = bytes + at + 4;
        g_assert_cmpuint(*size, <=, 4);
        return at + 8;
    }
    *type = tag;
    *size = mat5_u32(bytes + at + 4);
    *data = bytes + at + 8;
    g_assert_cmpuint(*size, <=, length - at - 8);
    /* Compressed elements are not padded. */
    return at + 8 + (tag == 15 ? *size : (*size + 7) / 8 * 8);
}

static inline double mat5_number(uint32_t type, const uint8_t *data, size_t i)
{
    switch (type) {
    case 1:
        return (int8_t)data[i];
    case 2:
        return data[i];
    case 3:
        return ((const int16_t *)(const void *)data)[i];
    case 4:
        return ((const uint16_t *)(const void *)data)[i];
    case 5:
        return ((const int32_t *)(const void *)data)[i];
    case 6:
        return ((const uint32_t *)(const void *)data)[i];
    case 7:
        return (double)((const float *)(const void *)data)[i];
    case 9:
        return ((const double *)(const void *)data)[i];
    default:
        g_error("MATLAB data type %u", type);
    }
}

static inline void mat5_matrix(GPtrArray *arrays, const uint8_t *bytes, size_t length)
{
    static const size_t sizes[] = {[1] = 1, 1, 2, 2, 4, 4, 4, [9] = 8};
    uint32_t type;
    const uint8_t *data;
    size_t size, at = 0;
    at = mat5_element(bytes, length, at, &type, &data, &size); /* flags */
    at = mat5_element(bytes, length, at, &type, &data, &size); /* dimensions */
    Mat5Array *array = g_new0(Mat5Array, 1);
    array->n = 1;
    for (size_t k = 0; k < size / 4; k++)
        array->n *= mat5_u32(data + 4 * k);
    at = mat5_element(bytes, length, at, &type, &data, &size);
    array->name = g_strndup((const char *)data, size);
    mat5_element(bytes, length, at, &type, &data, &size);
    g_assert_true(type < G_N_ELEMENTS(sizes) && sizes[type] > 0);
    g_assert_cmpuint(array->n, ==, size / sizes[type]);
    array->values = g_new(double, array->n);
    g_autofree uint8_t *aligned = g_memdup2(data, size);
    for (size_t i = 0; i < array->n; i++)
        array->values[i] = mat5_number(type, aligned, i);
    g_ptr_array_add(arrays, array);
}

/* All arrays of a file, of Mat5Array. */
static inline GPtrArray *mat5_read(const char *path)
{
    g_autofree char *contents = NULL;
    gsize length;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &contents, &length, &error);
    g_assert_no_error(error);
    const uint8_t *bytes = (const uint8_t *)contents;
    GPtrArray *arrays = g_ptr_array_new_with_free_func(mat5_free);
    for (size_t at = 128; at + 8 <= length;) {
        uint32_t type;
        const uint8_t *data;
        size_t size;
        at = mat5_element(bytes, length, at, &type, &data, &size);
        g_autofree uint8_t *inflated = NULL;
        if (type == 15) {
            /* Numbers shrink by less than a thousand. */
            uLongf room = size * 1000 + 4096;
            inflated = g_malloc(room);
            g_assert_cmpint(uncompress(inflated, &room, data, size), ==, Z_OK);
            mat5_element(inflated, room, 0, &type, &data, &size);
        }
        if (type == 14)
            mat5_matrix(arrays, data, size);
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
