/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/structure/null.h"

G_BEGIN_DECLS

/* What every operation with a null takes and gives: one parameter, one scalar, four columns. */

/* Most shuffles of a null, and how many where nothing else is said. */
#define ALLOY_MOST_SHUFFLES 99999
#define ALLOY_SHUFFLES "999"

#define ALLOY_SHUFFLES_PARAM(help_text)                                                                      \
    {                                                                                                        \
        .name = "shuffles", .title = "Shuffles", .type = ALLOY_PARAM_INTEGER, .min = 0,                      \
        .max = ALLOY_MOST_SHUFFLES, .ui_min = 99, .ui_max = 9999, .fallback = ALLOY_SHUFFLES,                \
        .help = help_text                                                                                    \
    }

/* Descriptors of the four columns: prefix is "" or "sd_"; of is what is tested, "the mean"; unit is its unit,
 * NULL where that depends on the table. */
#define ALLOY_NULL_OUTPUTS_IN(unit, prefix, of)                                                              \
    {ALLOY_OUT_TABLE_COLUMN, prefix "null_mean", unit, of " by chance: mean over the null"},                 \
        {ALLOY_OUT_TABLE_COLUMN, prefix "null_sd", unit, of ": standard deviation in the null"},             \
        {ALLOY_OUT_TABLE_COLUMN, prefix "z", ALLOY_UNIT_NONE, of ": (observed - null_mean)/null_sd"},        \
    {                                                                                                        \
        ALLOY_OUT_TABLE_COLUMN, prefix "p", ALLOY_UNIT_NONE,                                                 \
            of ": two-sided probability by chance; its least value is 1/(1 + shuffles)"                      \
    }
#define ALLOY_NULL_OUTPUTS(prefix, of) ALLOY_NULL_OUTPUTS_IN(ALLOY_UNIT_NONE, prefix, of)
#define ALLOY_SHUFFLES_OUTPUT                                                                                \
    {                                                                                                        \
        ALLOY_OUT_SCALAR, "shuffles", ALLOY_UNIT_NONE,                                                       \
            "random exchanges of the null: a p of 1/(1 + shuffles) is that or less"                          \
    }

/* The parameter; and it as the scalar. */
unsigned alloy_run_shuffles(const AlloyRun *run);
void alloy_run_add_shuffles(AlloyRun *run, unsigned shuffles);
/* The floor of p_adjusted where that of p is `floor`: what alloy_adjust_p made of the rows that stand there;
 * NaN where none does. */
double alloy_adjusted_floor(const double *p, const double *adjusted, size_t n, double floor);
/* The least p that so many shuffles can give, 1/(1 + shuffles); NaN without any. */
double alloy_null_floor(unsigned shuffles);
/* A scalar p with that floor. */
const AlloyColumn *alloy_scalar_p(const char *name, double p, unsigned shuffles);

/* The four columns while they are filled, row by row. */
typedef struct {
    size_t n;
    unsigned shuffles;
    gboolean exact;   /* some p are: without shuffles the least of them, ALLOY_LEAST_P, is the floor */
    const char *unit; /* of mean and sd */
    double *mean, *sd, *z, *p;
} AlloyNullColumns;
AlloyNullColumns alloy_null_columns(size_t n, unsigned shuffles);
void alloy_null_columns_set(const AlloyNullColumns *columns, size_t row, const AlloyNull *null);
/* Hands them over to a table. adjusted: with a fifth, p_adjusted (alloy_adjust_p over the n rows; those whose
 * null does not vary are no tests and have none). */
void alloy_null_columns_finish(AlloyNullColumns *columns, AlloyColumns *table, const char *prefix,
                               gboolean adjusted);
#define ALLOY_ADJUSTED_OUTPUT                                                                                \
    {                                                                                                        \
        ALLOY_OUT_TABLE_COLUMN, "p_adjusted", ALLOY_UNIT_NONE,                                               \
            "p adjusted for the number of rows of the table (false discovery rate, Benjamini-Hochberg); "    \
            "none where the null does not vary"                                                              \
    }

G_END_DECLS
