/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/operation.h"

#include <stddef.h>

G_BEGIN_DECLS

/* Who is near whom: for every atom, in the order of the model, its neighbours at distance < cutoff (angstrom,
 * compared in double precision). Everything structural reads it: coordination, chemical order, grow and
 * shrink. In a periodic cell an atom counts once for every image within the cutoff, so indices may repeat and
 * an atom may be its own neighbour. Rows, and what stands in each, are in an order that depends on the model
 * and the cutoff alone, not on threads. */
typedef struct {
    AlloyData base;
    size_t n;
    double cutoff;
    size_t pairs; /* ordered pairs: the sum of count */
    const uint64_t
        *start; /* of atom i: index[start[i]] .. index[start[i] + count[i] - 1]; rows in any order */
    const uint32_t *count;
    const uint32_t *index;
    const double *distance; /* angstrom, parallel to index; NULL unless asked for */
} AlloyNeighbours;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyNeighbours, alloy_data_unref)

static inline const uint32_t *alloy_neighbours_row(const AlloyNeighbours *neighbours, size_t i)
{
    return neighbours->index + neighbours->start[i];
}

/* Cell list over a spatially sorted copy (cells of edge cutoff, images of a periodic cell made explicit),
 * linear in the number of atoms; any cutoff > 0, also beyond half the cell; any cell, also triclinic,
 * periodic in any of its directions. NULL: cancelled, cutoff not a positive finite number, or more pairs than
 * half of the machine's memory holds. */
const AlloyNeighbours *alloy_neighbours_new(const AlloyAtoms *atoms, double cutoff, gboolean with_distance,
                                            AlloyProgress *progress, GError **error);

/* The same between bare points and no cell: what a picture shows, where images cover nothing. */
const AlloyNeighbours *alloy_neighbours_of_points(const double *x, const double *y, const double *z, size_t n,
                                                  double cutoff, AlloyProgress *progress, GError **error);

/* For each point its k nearest others, nearest first (ties by index): index[i*k + r]; G_MAXUINT32 where there
 * are fewer than k. cell (nullable) as in alloy_neighbours_new. distance, nullable, gets an array of the same
 * shape (angstrom; infinite where there is none). Both freed with g_free. */
uint32_t *alloy_nearest(const double *x, const double *y, const double *z, size_t n, const AlloyCell *cell,
                        unsigned k, double **distance, AlloyProgress *progress, GError **error);
/* The same for the points 0, every, 2 every, ... only: the rows of the others are as for no neighbours. */
uint32_t *alloy_nearest_of_some(const double *x, const double *y, const double *z, size_t n,
                                const AlloyCell *cell, unsigned k, size_t every, double **distance,
                                AlloyProgress *progress, GError **error);

extern const AlloyOperation alloy_op_neighbours;

G_END_DECLS
