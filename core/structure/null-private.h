/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/null.h"

G_BEGIN_DECLS

/* What the files null*.c share. */

/* A number per lane: as many neighbours as a row of a shell may have, which a byte does not hold. */
typedef uint16_t AlloyWide __attribute__((vector_size(2 * ALLOY_NULL_LANES)));

/* Neighbours of one kind in a row, in all lanes; bytes are added up as long as none can overflow. ones: there
 * are two kinds and the second is asked for, so that a label is its own count. */
static inline void alloy_lanes_count(const AlloyLanes *lanes, const uint32_t *row, uint32_t count,
                                     uint8_t kind, gboolean ones, AlloyWide *near)
{
    *near = (AlloyWide){0};
    for (uint32_t begin = 0; begin < count; begin += 255) {
        const uint32_t end = MIN(count, begin + 255);
        AlloyLanes sum = {0};
        if (ones)
            for (uint32_t j = begin; j < end; j++)
                sum += lanes[row[j]];
        else
            for (uint32_t j = begin; j < end; j++)
                sum -= (AlloyLanes)(lanes[row[j]] == kind);
        *near += __builtin_convertvector(sum, AlloyWide);
    }
}

/* Zeros for n_statistics numbers of the observation and of every shuffle, to be freed with g_free. NULL: more
 * than half of the machine's memory. */
double *alloy_null_values_new(unsigned shuffles, size_t n_statistics, GError **error);

/* alloy_null_summarise of each of n_statistics: values[arrangement * n_statistics + s]. FALSE: cancelled.
 * The fraction of the progress stays as it is. */
gboolean alloy_null_summarise_all(const double *values, unsigned shuffles, unsigned n_statistics,
                                  AlloyNull *results, const AlloyProgress *progress, GError **error);

/* How alloy_shuffles_counted gets at a distribution, with the same numbers to the last bit. */
typedef enum {
    ALLOY_COUNTED_AUTO,    /* whichever is less work */
    ALLOY_COUNTED_BY_CELL, /* a counter for every own label, number of neighbours c and k of them */
    ALLOY_COUNTED_BY_SITE, /* the value of every centre, sorted */
} AlloyCountedWay;
gboolean alloy_shuffles_counted_as(AlloyCountedWay way, const AlloyShuffles *shuffles,
                                   const AlloyShell *shell, const uint32_t *centres, size_t n_centres,
                                   const AlloyCounted *quantities, unsigned n_quantities, unsigned n_bins,
                                   AlloyNull *results, AlloyProgress *progress, GError **error);

G_END_DECLS
