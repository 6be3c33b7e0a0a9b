/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/selection.h"
#include "core/structure/null.h"
#include "core/structure/sites.h"

G_BEGIN_DECLS

/* What the files statistics*.c share. */

#define ALLOY_STATISTICS_BINS 20

/* What chance means for a quantity. */
typedef enum {
    ALLOY_BY_LABELS, /* it depends on the species, which are shuffled over the same sites */
    ALLOY_BY_SITES,  /* it stays with its atom: as many atoms are drawn from the whole */
} AlloyChance;

typedef struct {
    char *name;
    const char *unit;
    const double *values; /* of all atoms; NaN: missing; no infinities */
    gpointer owned;       /* array behind values, NULL: borrowed from the model */
    AlloyChance chance;
    double edges[ALLOY_STATISTICS_BINS + 1];
    /* The summaries, then the number of selected atoms in each bin. */
    AlloyNull nulls[ALLOY_N_SUMMARY + ALLOY_STATISTICS_BINS];
} AlloyQuantity;

typedef struct {
    AlloyRun *run;
    const AlloyAtoms *atoms;
    double cutoff;
    unsigned shuffles;
    const AlloySelection *selection;
    uint8_t *mask;
    AlloySites *sites;
    AlloyShell *shell;
    double concentration[ALLOY_MOST_SPECIES];
    int target;         /* label of --species, -1: none */
    gboolean absent;    /* --species is none of this stage */
    GArray *quantities; /* of AlloyQuantity: K*K pairs, K concentrations, the indicator if there is one, the
                           coordination number, then the columns of the model */
} AlloyStatisticsWork;

static inline AlloyQuantity *alloy_quantity_at(const AlloyStatisticsWork *work, guint q)
{
    return &g_array_index(work->quantities, AlloyQuantity, q);
}

/* Fills quantities and their values. FALSE: cancelled. */
gboolean alloy_statistics_quantities(AlloyStatisticsWork *work, GError **error);
/* Fills their nulls. */
gboolean alloy_statistics_nulls(AlloyStatisticsWork *work, GError **error);
void alloy_quantity_clear(gpointer quantity);

/* Adds the tables to the run. FALSE: cancelled. */
gboolean alloy_statistics_tables(const AlloyStatisticsWork *work, GError **error);

G_END_DECLS
