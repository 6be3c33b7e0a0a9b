/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/column.h"

#include "core/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void column_finalize(AlloyData *data)
{
    AlloyColumn *column = (AlloyColumn *)data;
    g_free((char *)column->name);
    g_free((char *)column->unit);
    alloy_array_unref(column->values);
    alloy_array_unref(column->labels);
    g_free(column);
}

static const AlloyDataClass column_class = {"column", "Column", column_finalize};

static AlloyColumn *column_new(const char *name, const char *unit, AlloyType type, const void *values,
                               size_t n)
{
    g_assert(name != NULL && values != NULL);
    AlloyColumn *column = g_new0(AlloyColumn, 1);
    alloy_data_init(&column->base, &column_class);
    column->name = g_strdup(name);
    column->unit = g_strdup(unit != NULL ? unit : ALLOY_UNIT_NONE);
    column->type = type;
    column->n = n;
    column->values = values;
    column->floor = NAN;
    return column;
}

const AlloyColumn *alloy_column_new_real(const char *name, const char *unit, double *values, size_t n)
{
    return column_new(name, unit, ALLOY_REAL, values, n);
}

const AlloyColumn *alloy_column_with_floor(const AlloyColumn *column, double floor)
{
    g_return_val_if_fail(column->type == ALLOY_REAL, column);
    ((AlloyColumn *)column)->floor = floor;
    return column;
}

gboolean alloy_column_at_floor(const AlloyColumn *column, size_t i)
{
    /* Equal but for rounding: exact values below the floor stand in the same column as those above, down to
     * their own floor. */
    return column->type == ALLOY_REAL && !isnan(column->floor) &&
           (fabs(column->real[i] - column->floor) <= 1e-12 * column->floor ||
            column->real[i] <= ALLOY_NEXT_TO_NOTHING);
}

const AlloyColumn *alloy_column_new_integer(const char *name, const char *unit, int64_t *values, size_t n)
{
    return column_new(name, unit, ALLOY_INTEGER, values, n);
}

const AlloyColumn *alloy_column_new_boolean(const char *name, uint8_t *values, size_t n)
{
    return column_new(name, ALLOY_UNIT_NONE, ALLOY_BOOLEAN, values, n);
}

/* Pointers and characters in one box, so that a million labels are one allocation and are shared as one. */
static const char *const *labels_pack(const char *const *labels, uint32_t n)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < n; i++)
        bytes += strlen(labels[i]) + 1;
    char **packed = alloy_array_alloc(((size_t)n + 1) * sizeof(char *) + bytes, 1);
    char *text = (char *)(packed + n + 1);
    for (uint32_t i = 0; i < n; i++) {
        size_t length = strlen(labels[i]) + 1;
        packed[i] = memcpy(text, labels[i], length);
        text += length;
    }
    packed[n] = NULL;
    return (const char *const *)packed;
}

const AlloyColumn *alloy_column_new_text(const char *name, uint32_t *codes, size_t n,
                                         const char *const *labels, uint32_t n_labels)
{
    uint32_t largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = MAX(largest, codes[i]);
    g_assert(n == 0 || largest < n_labels);
    for (uint32_t i = 0; i < n_labels; i++) {
        if (g_utf8_validate(labels[i], -1, NULL))
            continue;
        /* A conversion may make two labels the same. */
        AlloyLabels *all = alloy_labels_new();
        g_autofree uint32_t *map = g_new(uint32_t, n_labels);
        for (uint32_t k = 0; k < n_labels; k++)
            map[k] = alloy_labels_add(all, labels[k], strlen(labels[k]));
        uint32_t *mapped = alloy_array_new(uint32_t, n);
        for (size_t k = 0; k < n; k++)
            mapped[k] = map[codes[k]];
        alloy_array_unref(codes);
        return alloy_labels_finish(all, name, mapped, n);
    }
    AlloyColumn *column = column_new(name, ALLOY_UNIT_TEXT, ALLOY_TEXT, codes, n);
    column->labels = labels_pack(labels, n_labels);
    column->n_labels = n_labels;
    return column;
}

const AlloyColumn *alloy_scalar_real(const char *name, const char *unit, double value)
{
    double *values = alloy_array_new(double, 1);
    values[0] = value;
    return alloy_column_new_real(name, unit, values, 1);
}

const AlloyColumn *alloy_scalar_integer(const char *name, const char *unit, int64_t value)
{
    int64_t *values = alloy_array_new(int64_t, 1);
    values[0] = value;
    return alloy_column_new_integer(name, unit, values, 1);
}

const AlloyColumn *alloy_scalar_boolean(const char *name, gboolean value)
{
    uint8_t *values = alloy_array_new(uint8_t, 1);
    values[0] = value != FALSE;
    return alloy_column_new_boolean(name, values, 1);
}

const AlloyColumn *alloy_scalar_text(const char *name, const char *value)
{
    uint32_t *codes = alloy_array_new(uint32_t, 1);
    codes[0] = 0;
    return alloy_column_new_text(name, codes, 1, &value, 1);
}

const AlloyColumn *alloy_column_renamed(const AlloyColumn *column, const char *name)
{
    AlloyColumn *renamed =
        column_new(name, column->unit, column->type, alloy_array_ref(column->values), column->n);
    renamed->labels = alloy_array_ref(column->labels);
    renamed->n_labels = column->n_labels;
    renamed->floor = column->floor;
    return renamed;
}

double alloy_column_real_at(const AlloyColumn *column, size_t i)
{
    switch (column->type) {
    case ALLOY_REAL:
        return column->real[i];
    case ALLOY_INTEGER:
        return (double)column->integer[i];
    case ALLOY_BOOLEAN:
        return column->boolean[i];
    case ALLOY_TEXT:
        break;
    }
    return NAN;
}

const char *alloy_column_text_at(const AlloyColumn *column, size_t i)
{
    return column->type == ALLOY_TEXT ? column->labels[column->code[i]] : NULL;
}

static int compare_integers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

gboolean alloy_column_is_index(const AlloyColumn *column)
{
    if (column->type != ALLOY_INTEGER || column->n < 2)
        return FALSE;
    g_autofree int64_t *sorted = g_memdup2(column->integer, column->n * sizeof *column->integer);
    qsort(sorted, column->n, sizeof *sorted, compare_integers);
    for (size_t i = 1; i < column->n; i++)
        if (sorted[i] == sorted[i - 1])
            return FALSE;
    return TRUE;
}

size_t alloy_type_size(AlloyType type)
{
    switch (type) {
    case ALLOY_REAL:
    case ALLOY_INTEGER:
        return 8;
    case ALLOY_BOOLEAN:
        return 1;
    case ALLOY_TEXT:
        return 4;
    }
    g_assert_not_reached();
}

const char *alloy_type_name(AlloyType type)
{
    switch (type) {
    case ALLOY_REAL:
        return "real";
    case ALLOY_INTEGER:
        return "integer";
    case ALLOY_BOOLEAN:
        return "boolean";
    case ALLOY_TEXT:
        return "text";
    }
    g_assert_not_reached();
}

const char *alloy_column_format_at(const AlloyColumn *column, size_t i, char buffer[32])
{
    switch (column->type) {
    case ALLOY_REAL:
        if (isnan(column->real[i]))
            return "";
        alloy_format_double(column->real[i], buffer);
        return buffer;
    case ALLOY_INTEGER:
        alloy_format_int64(column->integer[i], buffer);
        return buffer;
    case ALLOY_BOOLEAN:
        return column->boolean[i] ? "true" : "false";
    case ALLOY_TEXT:
        return column->labels[column->code[i]];
    }
    g_assert_not_reached();
}

/* Open addressing on the characters of all labels, which stand one after the other in text. */
struct _AlloyLabels {
    GString *text;   /* labels, each with its NUL */
    GArray *start;   /* of size_t: where label k begins in text */
    uint32_t *slots; /* code + 1; 0: free */
    size_t n_slots;  /* a power of two */
    uint32_t last;   /* the label asked for last: columns repeat themselves */
};

AlloyLabels *alloy_labels_new(void)
{
    AlloyLabels *labels = g_new0(AlloyLabels, 1);
    labels->text = g_string_new(NULL);
    labels->start = g_array_new(FALSE, FALSE, sizeof(size_t));
    labels->n_slots = 64;
    labels->slots = g_new0(uint32_t, labels->n_slots);
    return labels;
}

static uint64_t label_hash(const char *text, size_t length)
{
    uint64_t hash = 0x9e3779b97f4a7c15u ^ length;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (uint8_t)text[i]) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return hash;
}

static gboolean label_is(const AlloyLabels *labels, uint32_t code, const char *text, size_t length)
{
    size_t start = g_array_index(labels->start, size_t, code);
    size_t end =
        code + 1 < labels->start->len ? g_array_index(labels->start, size_t, code + 1) : labels->text->len;
    return end - start == length + 1 && memcmp(labels->text->str + start, text, length) == 0;
}

static void labels_grow(AlloyLabels *labels)
{
    g_free(labels->slots);
    labels->n_slots *= 2;
    labels->slots = g_new0(uint32_t, labels->n_slots);
    for (uint32_t code = 0; code < labels->start->len; code++) {
        const char *text = labels->text->str + g_array_index(labels->start, size_t, code);
        size_t slot = label_hash(text, strlen(text)) & (labels->n_slots - 1);
        while (labels->slots[slot] != 0)
            slot = (slot + 1) & (labels->n_slots - 1);
        labels->slots[slot] = code + 1;
    }
}

uint32_t alloy_labels_add(AlloyLabels *labels, const char *text, size_t length)
{
    if (labels->start->len > 0 && label_is(labels, labels->last, text, length))
        return labels->last;
    length = strnlen(text, length);
    g_autofree char *converted = NULL;
    if (!g_utf8_validate_len(text, length, NULL)) {
        converted = g_convert(text, (gssize)length, "UTF-8", "ISO-8859-1", NULL, &length, NULL);
        g_assert(converted != NULL); /* every byte is a Latin-1 character */
        text = converted;
    }
    size_t slot = label_hash(text, length) & (labels->n_slots - 1);
    for (; labels->slots[slot] != 0; slot = (slot + 1) & (labels->n_slots - 1))
        if (label_is(labels, labels->slots[slot] - 1, text, length))
            return labels->last = labels->slots[slot] - 1;
    uint32_t code = labels->start->len;
    g_assert(code < G_MAXUINT32 - 1);
    size_t start = labels->text->len;
    g_array_append_val(labels->start, start);
    g_string_append_len(labels->text, text, (gssize)length);
    g_string_append_c(labels->text, '\0');
    labels->slots[slot] = code + 1;
    if ((size_t)labels->start->len * 2 > labels->n_slots)
        labels_grow(labels);
    return labels->last = code;
}

const AlloyColumn *alloy_labels_finish(AlloyLabels *labels, const char *name, uint32_t *codes, size_t n)
{
    uint32_t n_labels = labels->start->len;
    g_autofree const char **list = g_new(const char *, n_labels + 1);
    for (uint32_t i = 0; i < n_labels; i++)
        list[i] = labels->text->str + g_array_index(labels->start, size_t, i);
    list[n_labels] = NULL;
    const AlloyColumn *column = alloy_column_new_text(name, codes, n, list, n_labels);
    g_string_free(labels->text, TRUE);
    g_array_free(labels->start, TRUE);
    g_free(labels->slots);
    g_free(labels);
    return column;
}

AlloyColumns *alloy_columns_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
}

void alloy_columns_set(AlloyColumns *columns, const AlloyColumn *column)
{
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *old = columns->pdata[i];
        if (strcmp(old->name, column->name) == 0) {
            columns->pdata[i] = (gpointer)column;
            alloy_data_unref(old);
            return;
        }
    }
    g_ptr_array_add(columns, (gpointer)column);
}

const AlloyColumn *alloy_columns_get(const AlloyColumns *columns, const char *name)
{
    for (unsigned i = 0; columns != NULL && i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        if (strcmp(column->name, name) == 0)
            return column;
    }
    return NULL;
}

AlloyColumns *alloy_columns_copy(const AlloyColumns *columns)
{
    AlloyColumns *copy = alloy_columns_new();
    for (unsigned i = 0; columns != NULL && i < columns->len; i++)
        g_ptr_array_add(copy, alloy_data_ref(columns->pdata[i]));
    return copy;
}
