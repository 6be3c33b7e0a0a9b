/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/data/selection.h"

G_BEGIN_DECLS

/* What a selection is, at once: for the panel that answers while a lasso is drawn. Everything that concerns
 * the whole model is computed when it is made, so an answer reads the selected atoms only. Against chance
 * each number is held in closed form: as many atoms drawn from the model without replacement. (Chemical order
 * has a better null, shuffled labels: the operation `statistics`, which takes its time.) */
typedef struct _AlloySummaries AlloySummaries;

/* Keeps a reference to atoms. NaN counts as missing; text columns and indices are passed over. */
AlloySummaries *alloy_summaries_new(const AlloyAtoms *atoms);
void alloy_summaries_free(AlloySummaries *summaries); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySummaries, alloy_summaries_free)

typedef struct {
    unsigned kind; /* of the model */
    size_t count;  /* selected */
    double share;  /* of the selected; NaN: nothing is selected */
    double error;  /* of the share: sqrt(p(1-p)/n), binomial */
    double whole;  /* share in the model */
    double z, p;   /* of the count against a hypergeometric one (Gaussian, two-sided); NaN: it cannot vary */
} AlloyKindSummary;

typedef struct {
    const AlloyColumn *column; /* borrowed from the model */
    size_t n;                  /* selected atoms that have a value */
    double mean, sem;          /* of them; sem with n-1 */
    double whole;              /* mean of the model */
    double z, p; /* of the mean: sd sqrt((1 - n/N)/n) of a mean of n of N values; NaN: it cannot vary */
} AlloyColumnSummary;

typedef struct {
    size_t selected, n;
    unsigned n_kinds, n_columns;
    AlloyKindSummary *kinds; /* those there are, elements by Z, then labels by name */
    AlloyColumnSummary *columns;
} AlloySummary;

/* Of a selection of as many atoms. Free with alloy_summary_free. Bit-identical for any number of threads. */
AlloySummary *alloy_summaries_of(const AlloySummaries *summaries, const AlloySelection *selection);
void alloy_summary_free(AlloySummary *summary); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySummary, alloy_summary_free)

G_END_DECLS
