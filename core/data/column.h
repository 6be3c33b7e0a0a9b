/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/data.h"

#include <stddef.h>

G_BEGIN_DECLS

/* One named quantity with its unit: a column of a table, a quantity per atom, or (length 1) a scalar. */

typedef enum {
    ALLOY_REAL,    /* double; NaN is a missing value and is written as an empty field */
    ALLOY_INTEGER, /* int64_t */
    ALLOY_BOOLEAN, /* uint8_t, 0 or 1 */
    ALLOY_TEXT,    /* uint32_t codes into a list of distinct labels (UTF-8) */
} AlloyType;

/* Units as they stand in files, plain ASCII. Use these constants where one fits. */
#define ALLOY_UNIT_NONE "1"
#define ALLOY_UNIT_LENGTH "angstrom"
#define ALLOY_UNIT_AREA "angstrom^2"
#define ALLOY_UNIT_VOLUME "angstrom^3"
#define ALLOY_UNIT_TIME "s"
#define ALLOY_UNIT_TEMPERATURE "K"
#define ALLOY_UNIT_TEXT ""   /* text, labels */
#define ALLOY_UNIT_OF_ROW "" /* numbers whose unit differs by row; it stands in the column `unit` beside */

typedef struct {
    AlloyData base;
    const char *name;
    const char *unit; /* never NULL */
    AlloyType type;
    size_t n;
    union {
        const double *real;
        const int64_t *integer;
        const uint8_t *boolean;
        const uint32_t *code; /* of text */
        const void *values;   /* whichever: an array of alloy_array_new */
    };
    const char *const *labels; /* text only: n_labels distinct strings, NULL-terminated */
    uint32_t n_labels;
    double floor; /* real only: the least value that could be seen, so that a value equal to it may be less in
                     truth (1/1000 for the p of 999 shuffles); NaN: none. In a column that has one, what is
                     not above ALLOY_NEXT_TO_NOTHING may be less in truth as well */
} AlloyColumn;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyColumn, alloy_data_unref)

/* New columns; values is an array of alloy_array_new whose reference passes to the column. */
const AlloyColumn *alloy_column_new_real(const char *name, const char *unit, double *values, size_t n);
const AlloyColumn *alloy_column_new_integer(const char *name, const char *unit, int64_t *values, size_t n);
const AlloyColumn *alloy_column_new_boolean(const char *name, uint8_t *values, size_t n);
/* labels: copied, n_labels strings; a string that is not UTF-8 is converted from Latin-1. */
const AlloyColumn *alloy_column_new_text(const char *name, uint32_t *codes, size_t n,
                                         const char *const *labels, uint32_t n_labels);
/* An exact p beside those of shuffles has a floor of its own, ALLOY_LEAST_P of core/base/hypergeometric.h,
 * where a double ends. Such a p lies below this, also when it was then adjusted for a number of tests. */
#define ALLOY_NEXT_TO_NOTHING 1e-290
/* The same column, not yet shared, with a floor. */
const AlloyColumn *alloy_column_with_floor(const AlloyColumn *column, double floor);
/* Columns of length 1 (scalars). */
const AlloyColumn *alloy_scalar_real(const char *name, const char *unit, double value);
const AlloyColumn *alloy_scalar_integer(const char *name, const char *unit, int64_t value);
const AlloyColumn *alloy_scalar_boolean(const char *name, gboolean value);
const AlloyColumn *alloy_scalar_text(const char *name, const char *value);
/* The same values under another name (values shared). */
const AlloyColumn *alloy_column_renamed(const AlloyColumn *column, const char *name);

/* Value i as double: integers and booleans converted, text NaN. */
double alloy_column_real_at(const AlloyColumn *column, size_t i);
/* Label of row i of a text column; NULL for other types. */
const char *alloy_column_text_at(const AlloyColumn *column, size_t i);
/* Whether value i stands at the floor of its column: text for people has "<= " before it, text for programs
 * the number alone. */
gboolean alloy_column_at_floor(const AlloyColumn *column, size_t i);
/* TRUE for whole numbers of which no two are equal (of 2 and more): an identity, an index, which nobody takes
 * the mean of. */
gboolean alloy_column_is_index(const AlloyColumn *column);
/* Bytes per value of a type: 8, 8, 1, 4. */
size_t alloy_type_size(AlloyType type);
const char *alloy_type_name(AlloyType type); /* "real", "integer", "boolean", "text" */
/* Row i as text: 17 digits, empty for NaN, "true"/"false" (CSV has 1/0, XYZ T/F), the label. Returns a
 * pointer into buffer (32 bytes) or the label itself. */
const char *alloy_column_format_at(const AlloyColumn *column, size_t i, char buffer[32]);

/* Collects the distinct labels of a text column while it is filled. */
typedef struct _AlloyLabels AlloyLabels;
AlloyLabels *alloy_labels_new(void);
uint32_t alloy_labels_add(AlloyLabels *labels, const char *text, size_t length); /* code, found or new */
/* Frees labels; takes over codes. */
const AlloyColumn *alloy_labels_finish(AlloyLabels *labels, const char *name, uint32_t *codes, size_t n);

/* An ordered set of scalars, and any other small named columns: what a file says about itself, the scalars of
 * a result. Small; looked up by name. Owned by one value. */
typedef GPtrArray AlloyColumns; /* of const AlloyColumn *, owned */
AlloyColumns *alloy_columns_new(void);
/* Takes the reference over; replaces one of the same name in its place. */
void alloy_columns_set(AlloyColumns *columns, const AlloyColumn *column);
const AlloyColumn *alloy_columns_get(const AlloyColumns *columns,
                                     const char *name);        /* NULL: none; borrowed */
AlloyColumns *alloy_columns_copy(const AlloyColumns *columns); /* shares the columns */

G_END_DECLS
