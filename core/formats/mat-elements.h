/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/format.h"

G_BEGIN_DECLS

/* What stands in a MATLAB MAT-file of level 5 (versions 5 to 7; "MAT-File Format", The MathWorks): a header
 * of 128 bytes, then one data element per variable, each either plain or deflated on its own. */

#define ALLOY_MAT_HEADER 128
#define ALLOY_MAT_DIMENSIONS 16 /* more are refused */

typedef enum {
    ALLOY_MAT_NUMBERS, /* real numbers of any class */
    ALLOY_MAT_LOGICAL,
    ALLOY_MAT_TEXT,
    ALLOY_MAT_OTHER, /* complex, sparse, struct, cell, object, function: known by name and size only */
} AlloyMatKind;

typedef struct {
    char *name; /* UTF-8, never empty */
    AlloyMatKind kind;
    const char *class_name; /* "double", "struct", "complex double" */
    unsigned n_dims;        /* 0: the file does not say (objects) */
    size_t dims[ALLOY_MAT_DIMENSIONS];
    size_t n;      /* product of dims */
    size_t offset; /* of the variable in the file, for messages */
    /* private */
    size_t begin, length; /* of the element behind its tag, in the file */
    size_t unpacked;      /* bytes when it is inflated, 0: it is not deflated */
    size_t values;        /* offset of the element that holds the values, in the (inflated) variable */
} AlloyMatVariable;

/* Whether source begins like a MAT-file of any version from 5 on. */
gboolean alloy_mat_is(const AlloySource *source);

/* All named variables of the file, in its order; values are not read yet. NULL with an error where it is
 * damaged, cut short, or of version 7.3. */
GPtrArray *alloy_mat_variables(const AlloySource *source, AlloyProgress *progress, GError **error);

/* The values of a variable that is not ALLOY_MAT_OTHER, columns one after the other: n numbers, for text its
 * characters (Unicode). Integers above 2^53 are rounded. Free with g_free. NULL with error. */
double *alloy_mat_values(const AlloySource *source, const AlloyMatVariable *variable, GError **error);

/* The most memory that alloy_mat_values takes for a variable, bytes. */
size_t alloy_mat_cost(const AlloyMatVariable *variable);

/* "pos 3x5377 double". Free with g_free. */
char *alloy_mat_describe(const AlloyMatVariable *variable);

G_END_DECLS
