/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"

#include <stddef.h>

G_BEGIN_DECLS

/* Points sorted into cells: what neighbours, pair distribution and nearest neighbours walk over.
 *
 * Positions are kept in the order of their cells, structure of arrays, so that the three cells above one
 * another along z are one run of memory. Columns are ordered in strips of ALLOY_GRID_STRIP along y and by x
 * within a strip: what lies around a cell is then near in memory too, and stays in the second-level cache for
 * ten million points as for ten thousand. Only occupied cells exist: a lone atom a
 * millimetre away costs nothing. The images of a periodic cell within the reach are made explicit, so no
 * distance needs wrapping. */
typedef struct {
    double reach;      /* the largest distance that may be asked for, angstrom */
    size_t n;          /* points of the model */
    size_t n_sorted;   /* with images */
    double *x, *y, *z; /* in sorted order */
    uint32_t *id;      /* of the sorted points in the model; an image has the id of what it is an image of */
    uint8_t *is_image; /* NULL: there are none */
    size_t n_cells;    /* occupied */
    uint64_t *key;     /* of the occupied cells, ascending: alloy_grid_key */
    uint32_t *start;   /* n_cells + 1: first sorted point of each cell */
    uint64_t side[3];
    size_t most; /* an upper bound of the points around one cell (of the 27 cells) */
} AlloyGrid;

#define ALLOY_GRID_STRIP 8

static inline uint64_t alloy_grid_key(const uint64_t side[3], uint64_t ix, uint64_t iy, uint64_t iz)
{
    uint64_t strip = iy / ALLOY_GRID_STRIP, within = iy % ALLOY_GRID_STRIP;
    return ((strip * side[0] + ix) * ALLOY_GRID_STRIP + within) * side[2] + iz;
}

/* The cell ix, iy, iz of a key. */
static inline void alloy_grid_place(const uint64_t side[3], uint64_t key, uint64_t at[3])
{
    uint64_t column = key / side[2], row = column / ALLOY_GRID_STRIP;
    at[2] = key % side[2];
    at[0] = row % side[0];
    at[1] = row / side[0] * ALLOY_GRID_STRIP + column % ALLOY_GRID_STRIP;
}

/* Beyond this (angstrom) the extent of a model is no number any more. */
#define ALLOY_MOST_COORDINATE 1e307
/* FALSE and an ALLOY_ERROR_INPUT that names the first atom (from 1), coordinate and limit. */
gboolean alloy_check_coordinates(const double *x, const double *y, const double *z, size_t n, GError **error);

/* Of points x, y, z (n of them) in cell (nullable). NULL and an error: a coordinate beyond
 * ALLOY_MOST_COORDINATE, reach not positive and finite, too many points with their images (2^32), cancelled.
 */
AlloyGrid *alloy_grid_new(const double *x, const double *y, const double *z, size_t n, const AlloyCell *cell,
                          double reach, AlloyProgress *progress, GError **error);
void alloy_grid_free(AlloyGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyGrid, alloy_grid_free)

/* Pairs within the reach, at least, from the cells alone: of the atoms in one cell each has this part of the
 * others near it if they are spread evenly, and more if they are not. */
double alloy_grid_expected_pairs(const AlloyGrid *grid);

/* Everything around one cell, side by side: candidates within the reach of any point of the cell. */
typedef struct {
    const AlloyGrid *grid;
    size_t n;   /* candidates */
    size_t own; /* candidates own .. own + (start[cell+1]-start[cell]) - 1 are the cell's points themselves */
    double *x, *y, *z;
    uint32_t *id;
    double *d2;             /* room for the squared distances */
    size_t low[9], high[9]; /* where the runs around the last cell began and ended */
} AlloyGridWalk;
void alloy_grid_walk_init(AlloyGridWalk *walk, const AlloyGrid *grid);
void alloy_grid_walk_clear(AlloyGridWalk *walk);
/* Goes to a cell; going upwards cell by cell is cheap. */
void alloy_grid_walk_to(AlloyGridWalk *walk, size_t cell);
/* Squared distances of all candidates to point k of the cell into walk->d2; the point itself gets infinity.
 */
void alloy_grid_walk_distances(AlloyGridWalk *walk, size_t k);
/* The same for the candidates from begin on only. Candidates stand in sorted order, so from own + k + 1 on
 * every pair of a grid without images is met once. */
void alloy_grid_walk_distances_from(AlloyGridWalk *walk, size_t k, size_t begin);

/* Blocks of cells for a parallel loop: a grain that gives about points sorted points to a block. */
size_t alloy_grid_grain(const AlloyGrid *grid, size_t points);

G_END_DECLS
