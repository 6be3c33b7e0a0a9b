/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/neighbours.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/structure/grid.h"
#include "core/structure/rdf.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_POINTS 4096
/* Nearest neighbours: points of a cell per neighbour wanted, from which on the cells are made smaller, and
 * how often at most. */
#define CROWDED 8
#define MOST_NARROWED 12

/* Pairs of a list that is worth beginning: while it is joined a pair takes twice its final room, and half of
 * the machine's memory is enough for one list. A model with many atoms on one spot would ask for any amount.
 */
static size_t most_pairs(gboolean with_distance)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES), page = (double)sysconf(_SC_PAGE_SIZE);
    double room = pages > 0 && page > 0 ? pages * page / 2 : 4e9;
    return (size_t)(room / 2 / (double)(sizeof(uint32_t) + (with_distance ? sizeof(double) : 0)));
}

static void neighbours_finalize(AlloyData *data)
{
    AlloyNeighbours *neighbours = (AlloyNeighbours *)data;
    g_free((gpointer)neighbours->start);
    g_free((gpointer)neighbours->count);
    g_free((gpointer)neighbours->index);
    g_free((gpointer)neighbours->distance);
    g_free(neighbours);
}

static const AlloyDataClass neighbours_class = {"neighbours", "Neighbour list", neighbours_finalize};

/* The rows of one block of cells, side by side; joined into one array when all blocks are done. */
typedef struct {
    uint32_t *index;
    double *distance;
    size_t n, room;
    size_t offset; /* of the block in the joined array */
} Rows;

typedef struct {
    const AlloyGrid *grid;
    double cutoff2;
    gboolean with_distance;
    size_t grain, most_pairs;
    atomic_size_t *pairs; /* found so far, of all blocks */
    Rows *rows;           /* per block */
    uint64_t *start;
    uint32_t *count;
    uint32_t *index; /* joined */
    double *distance;
} Search;

static void make_room(Rows *rows, size_t more, gboolean with_distance)
{
    if (rows->n + more <= rows->room)
        return;
    rows->room = MAX(rows->n + more, rows->room + rows->room / 2);
    rows->index = g_renew(uint32_t, rows->index, rows->room);
    if (with_distance)
        rows->distance = g_renew(double, rows->distance, rows->room);
}

static void search_block(size_t begin, size_t end, void *data)
{
    Search *job = data;
    const AlloyGrid *grid = job->grid;
    Rows *rows = &job->rows[begin / job->grain];
    make_room(rows, (size_t)(grid->start[end] - grid->start[begin]) * 14, job->with_distance);
    AlloyGridWalk walk;
    alloy_grid_walk_init(&walk, grid);
    const double cutoff2 = job->cutoff2;
    size_t pending = 0; /* pairs not yet told to the others */
    for (size_t cell = begin; cell < end; cell++) {
        alloy_grid_walk_to(&walk, cell);
        size_t own = grid->start[cell + 1] - grid->start[cell];
        for (size_t k = 0; k < own; k++) {
            size_t self = grid->start[cell] + k;
            if (grid->is_image != NULL && grid->is_image[self])
                continue;
            alloy_grid_walk_distances(&walk, k);
            make_room(rows, walk.n, job->with_distance);
            uint32_t *out = rows->index + rows->n;
            const double *d2 = walk.d2;
            size_t found = 0;
            if (job->with_distance) {
                double *distance = rows->distance + rows->n;
                for (size_t j = 0; j < walk.n; j++) {
                    out[found] = walk.id[j];
                    distance[found] = sqrt(d2[j]);
                    found += d2[j] < cutoff2;
                }
            } else {
                for (size_t j = 0; j < walk.n; j++) {
                    out[found] = walk.id[j];
                    found += d2[j] < cutoff2;
                }
            }
            uint32_t id = grid->id[self];
            job->count[id] = (uint32_t)found;
            rows->n += found;
            pending += found;
            if (pending > 65536) {
                /* the caller says what is wrong; nothing of this is used */
                if (atomic_fetch_add(job->pairs, pending) > job->most_pairs)
                    goto too_many;
                pending = 0;
            }
        }
    }
    atomic_fetch_add(job->pairs, pending);
too_many:
    alloy_grid_walk_clear(&walk);
    /* give back what was too much: all blocks live side by side until they are joined */
    rows->index = g_renew(uint32_t, rows->index, MAX(rows->n, 1));
    if (job->with_distance)
        rows->distance = g_renew(double, rows->distance, MAX(rows->n, 1));
}

/* The rows stay in the order of the cells, so that they are copied as a whole; start says where each is. */
static void join_block(size_t begin, size_t end, void *data)
{
    Search *job = data;
    const AlloyGrid *grid = job->grid;
    Rows *rows = &job->rows[begin / job->grain];
    memcpy(job->index + rows->offset, rows->index, rows->n * sizeof *rows->index);
    if (job->with_distance)
        memcpy(job->distance + rows->offset, rows->distance, rows->n * sizeof *rows->distance);
    uint64_t at = rows->offset;
    for (uint32_t s = grid->start[begin]; s < grid->start[end]; s++) {
        if (grid->is_image != NULL && grid->is_image[s])
            continue;
        uint32_t id = grid->id[s];
        job->start[id] = at;
        at += job->count[id];
    }
    g_clear_pointer(&rows->index, g_free);
    g_clear_pointer(&rows->distance, g_free);
}

static gboolean too_many_pairs(GError **error, double cutoff, size_t n, size_t most)
{
    return alloy_input_error(
        error,
        "a cutoff of %g angstrom gives these %zu atoms more than %zu pairs, which do not fit half "
        "of the memory: are lengths in angstrom, and atoms not on one spot?",
        cutoff, n, most);
}

static const AlloyNeighbours *neighbours_of_grid(const AlloyGrid *grid, double cutoff, gboolean with_distance,
                                                 AlloyProgress *progress, GError **error)
{
    Search job = {.grid = grid, .cutoff2 = cutoff * cutoff, .with_distance = with_distance};
    atomic_size_t found = 0;
    job.pairs = &found;
    job.most_pairs = most_pairs(with_distance);
    if (alloy_grid_expected_pairs(grid) > (double)job.most_pairs) {
        too_many_pairs(error, cutoff, grid->n, job.most_pairs);
        return NULL;
    }
    job.grain = alloy_grid_grain(grid, BLOCK_POINTS);
    size_t blocks = alloy_parallel_blocks(grid->n_cells, job.grain);
    job.rows = g_new0(Rows, blocks + 1);
    job.start = g_new(uint64_t, grid->n + 1);
    job.count = g_new0(uint32_t, grid->n + 1);
    gboolean ok = alloy_parallel_for(grid->n_cells, job.grain, search_block, &job, progress, error);
    size_t pairs = 0;
    for (size_t b = 0; b < blocks; b++) {
        job.rows[b].offset = pairs;
        pairs += job.rows[b].n;
    }
    if (ok && found > job.most_pairs)
        ok = too_many_pairs(error, cutoff, grid->n, job.most_pairs);
    if (ok) {
        job.index = g_new(uint32_t, pairs + 1);
        if (with_distance)
            job.distance = g_new(double, pairs + 1);
        /* Cancelled with the whole, but the fraction is at its end already. */
        double at = alloy_progress_fraction(progress);
        g_autoptr(AlloyProgress) joining = alloy_progress_part(progress, at, at);
        ok = alloy_parallel_for(grid->n_cells, job.grain, join_block, &job, joining, error);
    }
    for (size_t b = 0; b < blocks; b++) {
        g_free(job.rows[b].index);
        g_free(job.rows[b].distance);
    }
    g_free(job.rows);
    if (!ok) {
        g_free(job.start);
        g_free(job.count);
        g_free(job.index);
        g_free(job.distance);
        return NULL;
    }
    AlloyNeighbours *neighbours = g_new0(AlloyNeighbours, 1);
    alloy_data_init(&neighbours->base, &neighbours_class);
    neighbours->n = grid->n;
    neighbours->cutoff = cutoff;
    neighbours->pairs = pairs;
    neighbours->start = job.start;
    neighbours->count = job.count;
    neighbours->index = job.index;
    neighbours->distance = job.distance;
    return neighbours;
}

const AlloyNeighbours *alloy_neighbours_new(const AlloyAtoms *atoms, double cutoff, gboolean with_distance,
                                            AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyGrid) grid =
        alloy_grid_new(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell, cutoff, progress, error);
    return grid != NULL ? neighbours_of_grid(grid, cutoff, with_distance, progress, error) : NULL;
}

const AlloyNeighbours *alloy_neighbours_of_points(const double *x, const double *y, const double *z, size_t n,
                                                  double cutoff, AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyGrid) grid = alloy_grid_new(x, y, z, n, NULL, cutoff, progress, error);
    return grid != NULL ? neighbours_of_grid(grid, cutoff, FALSE, progress, error) : NULL;
}

/* --- k nearest
 * ---------------------------------------------------------------------------------------------- */

typedef struct {
    const AlloyGrid *grid;
    unsigned k;
    uint32_t *out;
    double *distance; /* NULL: not wanted */
    uint8_t *missing; /* centres whose k nearest are not known yet */
} NearestSearch;

/* Keeps the k smallest (d2, id), ascending, by insertion. */
static unsigned keep_nearest(double *best, uint32_t *ids, unsigned held, unsigned k, double d2, uint32_t id)
{
    if (held == k && (d2 > best[k - 1] || (d2 == best[k - 1] && id >= ids[k - 1])))
        return held;
    unsigned at = held < k ? held : k - 1;
    while (at > 0 && (best[at - 1] > d2 || (best[at - 1] == d2 && ids[at - 1] > id))) {
        best[at] = best[at - 1];
        ids[at] = ids[at - 1];
        at--;
    }
    best[at] = d2;
    ids[at] = id;
    return held < k ? held + 1 : k;
}

static void nearest_block(size_t begin, size_t end, void *data)
{
    NearestSearch *job = data;
    const AlloyGrid *grid = job->grid;
    AlloyGridWalk walk;
    alloy_grid_walk_init(&walk, grid);
    g_autofree double *best = g_new(double, job->k);
    g_autofree uint32_t *ids = g_new(uint32_t, job->k);
    const double reach2 = grid->reach * grid->reach;
    for (size_t cell = begin; cell < end; cell++) {
        gboolean there = FALSE;
        for (size_t k = 0; k < grid->start[cell + 1] - grid->start[cell]; k++) {
            size_t self = grid->start[cell] + k, id = grid->id[self];
            if ((grid->is_image != NULL && grid->is_image[self]) || !job->missing[id])
                continue;
            if (!there)
                alloy_grid_walk_to(&walk, cell);
            there = TRUE;
            alloy_grid_walk_distances(&walk, k);
            unsigned held = 0;
            for (size_t j = 0; j < walk.n; j++)
                if (walk.d2[j] < reach2)
                    held = keep_nearest(best, ids, held, job->k, walk.d2[j], walk.id[j]);
            for (unsigned r = 0; r < job->k; r++) {
                job->out[id * job->k + r] = r < held ? ids[r] : G_MAXUINT32;
                if (job->distance != NULL)
                    job->distance[id * job->k + r] = r < held ? sqrt(best[r]) : HUGE_VAL;
            }
            job->missing[id] = held < job->k;
        }
    }
    alloy_grid_walk_clear(&walk);
}

/* A ball of this radius should hold twice as many as are asked for. */
static double first_reach(const double low[3], const double high[3], size_t n, const AlloyCell *cell,
                          unsigned k, double extent)
{
    double volume = 1;
    for (int d = 0; d < 3; d++)
        volume *= MAX(high[d] - low[d], 0.01 * extent);
    if (alloy_cell_is_periodic(cell))
        volume = alloy_cell_volume(cell);
    double reach = cbrt(2.0 * (k + 1) * volume / (double)n * 3.0 / (4.0 * G_PI));
    return reach > 0 && isfinite(reach) ? reach : 1.0;
}

uint32_t *alloy_nearest(const double *x, const double *y, const double *z, size_t n, const AlloyCell *cell,
                        unsigned k, double **distance, AlloyProgress *progress, GError **error)
{
    return alloy_nearest_of_some(x, y, z, n, cell, k, 1, distance, progress, error);
}

uint32_t *alloy_nearest_of_some(const double *x, const double *y, const double *z, size_t n,
                                const AlloyCell *cell, unsigned k, size_t every, double **distance,
                                AlloyProgress *progress, GError **error)
{
    if (!alloy_check_coordinates(x, y, z, n, error))
        return NULL;
    g_autofree uint32_t *out = g_new(uint32_t, n * k + 1);
    g_autofree double *lengths = distance != NULL ? g_new(double, n *k + 1) : NULL;
    gboolean periodic = alloy_cell_is_periodic(cell), done = n == 0 || k == 0 || (n < 2 && !periodic);
    for (size_t i = 0; i < n * k; i++) {
        out[i] = G_MAXUINT32;
        if (lengths != NULL)
            lengths[i] = HUGE_VAL;
    }
    double low[3] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, high[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}, extent = 0;
    for (size_t i = 0; i < n; i++) {
        double p[3] = {x[i], y[i], z[i]};
        for (int d = 0; d < 3; d++) {
            low[d] = MIN(low[d], p[d]);
            high[d] = MAX(high[d], p[d]);
        }
    }
    for (int d = 0; d < 3 && n > 0; d++)
        extent = MAX(extent, 1.7321 * (high[d] - low[d])); /* the diagonal at least */
    g_autofree uint8_t *missing = g_malloc0(n + 1);
    for (size_t i = 0; i < n; i += every)
        missing[i] = 1;
    double reach = done ? 0 : first_reach(low, high, n, cell, k, extent);
    double growth = 2;
    for (int narrowed = 0; !done;) {
        g_autoptr(AlloyGrid) grid = alloy_grid_new(x, y, z, n, cell, reach, progress, error);
        if (grid == NULL)
            return NULL;
        /* Atoms that do not fill their bounding box (one far away, two particles) are closer than that. */
        double crowd = (double)grid->n_sorted / (double)grid->n_cells / (k + 1);
        if (crowd > CROWDED && narrowed < MOST_NARROWED) {
            reach /= cbrt(2 * crowd);
            narrowed++;
            continue;
        }
        narrowed = MOST_NARROWED;
        NearestSearch job = {grid, k, out, lengths, missing};
        if (!alloy_parallel_for(grid->n_cells, alloy_grid_grain(grid, 512), nearest_block, &job, progress,
                                error))
            return NULL;
        size_t left = 0;
        for (size_t i = 0; i < n; i += every)
            left += missing[i];
        done = (!periodic && reach > extent) || left == 0;
        /* The last few may be anywhere; but images are as many as the reach cubed. */
        growth = !periodic && left < n / every / 100 + 8 ? growth * growth : 2;
        reach = periodic ? reach * growth : MIN(reach * growth, reach + 2 * extent);
    }
    if (distance != NULL)
        *distance = g_steal_pointer(&lengths);
    return g_steal_pointer(&out);
}

/* --- operation
 * ---------------------------------------------------------------------------------------------- */

static gboolean run_neighbours(AlloyRun *run, GError **error)
{
    const AlloyAtoms *atoms = alloy_run_atoms(run, 0);
    double cutoff;
    alloy_progress_stage(run->progress, 0.0, 0.3, "pair distribution");
    if (!alloy_run_cutoff(run, atoms, &cutoff, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.3, 0.8, "neighbours");
    g_autoptr(AlloyNeighbours) list =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, cutoff, TRUE, run->progress, error);
    if (list == NULL)
        return FALSE;
    int64_t *from = alloy_array_new(int64_t, list->pairs), *to = alloy_array_new(int64_t, list->pairs);
    double *distance = alloy_array_new(double, list->pairs);
    size_t at = 0;
    for (size_t i = 0; i < list->n; i++)
        for (uint32_t k = 0; k < list->count[i]; k++, at++) {
            from[at] = (int64_t)i;
            to[at] = list->index[list->start[i] + k];
            distance[at] = list->distance[list->start[i] + k];
        }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_integer("i", ALLOY_UNIT_NONE, from, at));
    alloy_columns_set(columns, alloy_column_new_integer("j", ALLOY_UNIT_NONE, to, at));
    alloy_columns_set(columns, alloy_column_new_real("distance", ALLOY_UNIT_LENGTH, distance, at));
    alloy_run_add_table(run, alloy_table_new("pairs", columns, NULL));
    alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, cutoff));
    alloy_run_add_scalar(run, alloy_scalar_integer("pairs", ALLOY_UNIT_NONE, (int64_t)list->pairs));
    alloy_run_add_scalar(run, alloy_scalar_real("mean_neighbours", ALLOY_UNIT_NONE,
                                                list->n > 0 ? (double)list->pairs / (double)list->n : NAN));
    return TRUE;
}

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const AlloyParam params[] = {
    ALLOY_CUTOFF_PARAM(ALLOY_CUTOFF_HELP),
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_TABLE_COLUMN, "i", ALLOY_UNIT_NONE, "place of the atom in the file, from 0"},
    {ALLOY_OUT_TABLE_COLUMN, "j", ALLOY_UNIT_NONE, "place of its neighbour in the file, from 0"},
    {ALLOY_OUT_TABLE_COLUMN, "distance", ALLOY_UNIT_LENGTH, "distance"},
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "the cutoff used"},
    {ALLOY_OUT_SCALAR, "pairs", ALLOY_UNIT_NONE, "ordered pairs"},
    {ALLOY_OUT_SCALAR, "mean_neighbours", ALLOY_UNIT_NONE, "mean number of neighbours"},
    {0},
};

const AlloyOperation alloy_op_neighbours = {
    .name = "neighbours",
    .version = 1,
    .title = "Neighbours",
    .category = "Structure",
    .summary = "Lists every ordered pair of atoms closer than the cutoff.",
    .details =
        "Each bond stands twice, once from either end. In a periodic cell a pair stands once for every image "
        "within the cutoff.",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"pairs", NULL},
    .run = run_neighbours,
};
