/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/grid.h"

#include "core/base/clones.h"
#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/number.h"
#include "core/base/parallel.h"

#include <math.h>
#include <string.h>

/* Chunks of a counting pass, each with its own counters; one for few points. */
#define SORT_CHUNKS 8
#define IMAGE_GRAIN 16384
/* Atoms and images at most, so that a tiny cell asks for gigabytes in vain; a large model has few images of
 * its own. */
#define MOST_IMAGES (2e7 + 8.0 * (double)n)
/* What arrays of sorted points have beyond their end. */
#define RUN_PADDING 8
/* A cell index must fit 21 bits in each direction. */
#define MOST_SIDE ((double)(1 << 21))

typedef struct {
    double *x, *y, *z;
    uint32_t *id;
    size_t n;
} Points;

static void points_free(Points *points)
{
    g_free(points->x);
    g_free(points->y);
    g_free(points->z);
    g_free(points->id);
}

/* --- images
 * ------------------------------------------------------------------------------------------------- */

typedef struct {
    const double *x, *y, *z;
    size_t n;
    const AlloyCell *cell;
    double inverse[3][3];
    double margin[3]; /* reach in units of the cell's height, per direction */
    Points *out;
    size_t *offset; /* images before each block */
    gboolean counting;
} Imaging;

/* Fractional coordinates with the periodic ones in [0, 1), and how many cells each had to be moved for it. */
static void wrapped_fraction(const Imaging *job, size_t i, double f[3], double moved[3])
{
    double r[3] = {job->x[i] - job->cell->origin[0], job->y[i] - job->cell->origin[1],
                   job->z[i] - job->cell->origin[2]};
    alloy_row_times3(r, job->inverse, f);
    for (int k = 0; k < 3; k++)
        if (job->cell->periodic[k]) {
            moved[k] = -floor(f[k]);
            f[k] += moved[k];
        } else
            moved[k] = 0;
}

/* Every image whose distance to the cell is at most the reach; the atom itself comes with shift 0. */
static void image_block(size_t begin, size_t end, void *data)
{
    Imaging *job = data;
    size_t block = begin / IMAGE_GRAIN;
    size_t at = job->counting ? 0 : job->n + job->offset[block];
    for (size_t i = begin; i < end; i++) {
        double f[3], moved[3];
        int from[3], to[3];
        wrapped_fraction(job, i, f, moved);
        for (int k = 0; k < 3; k++) {
            from[k] = job->cell->periodic[k] ? (int)ceil(-job->margin[k] - f[k]) : 0;
            to[k] = job->cell->periodic[k] ? (int)floor(1.0 + job->margin[k] - f[k]) : 0;
        }
        if (job->counting) {
            at += (size_t)(to[0] - from[0] + 1) * (size_t)(to[1] - from[1] + 1) *
                      (size_t)(to[2] - from[2] + 1) -
                  1;
            continue;
        }
        for (int a = from[0]; a <= to[0]; a++)
            for (int b = from[1]; b <= to[1]; b++)
                for (int c = from[2]; c <= to[2]; c++) {
                    /* whole vectors added to the position itself: an atom inside the cell keeps its last bit
                     */
                    double shift[3] = {moved[0] + a, moved[1] + b, moved[2] + c}, r[3];
                    alloy_row_times3(shift, job->cell->vector, r);
                    size_t where = (a == 0 && b == 0 && c == 0) ? i : at++;
                    job->out->x[where] = job->x[i] + r[0];
                    job->out->y[where] = job->y[i] + r[1];
                    job->out->z[where] = job->z[i] + r[2];
                    job->out->id[where] = (uint32_t)i;
                }
    }
    if (job->counting)
        job->offset[block] = at;
}

static gboolean make_images(const double *x, const double *y, const double *z, size_t n,
                            const AlloyCell *cell, double reach, Points *points, GError **error)
{
    Imaging job = {.x = x, .y = y, .z = z, .n = n, .cell = cell, .out = points, .counting = TRUE};
    if (!alloy_invert3(cell->vector, job.inverse))
        return alloy_input_error(error, "the cell is singular");
    double per_atom = 1.0;
    for (int k = 0; k < 3; k++) {
        /* the height of the cell along k is 1 / |column k of the inverse| */
        double column[3] = {job.inverse[0][k], job.inverse[1][k], job.inverse[2][k]};
        job.margin[k] = reach * alloy_norm3(column);
        if (cell->periodic[k])
            per_atom *= 2.0 * job.margin[k] + 2.0;
    }
    if (per_atom * (double)n > MOST_IMAGES)
        return alloy_input_error(
            error,
            "a cutoff of %g angstrom in this periodic cell needs about %.2g images of its %zu atoms: "
            "is the cell in angstrom?",
            reach, per_atom * (double)n, n);
    size_t blocks = alloy_parallel_blocks(n, IMAGE_GRAIN);
    g_autofree size_t *offset = g_new0(size_t, blocks + 1);
    job.offset = offset;
    alloy_parallel_for(n, IMAGE_GRAIN, image_block, &job, NULL, NULL);
    size_t images = 0;
    for (size_t b = 0; b < blocks; b++) {
        size_t here = offset[b];
        offset[b] = images;
        images += here;
    }
    if (n + images > G_MAXUINT32 - 1)
        return alloy_input_error(error, "a cutoff of %g angstrom in this periodic cell needs %zu images",
                                 reach, images);
    points->n = n + images;
    points->x = g_new(double, points->n);
    points->y = g_new(double, points->n);
    points->z = g_new(double, points->n);
    points->id = g_new(uint32_t, points->n);
    job.counting = FALSE;
    alloy_parallel_for(n, IMAGE_GRAIN, image_block, &job, NULL, NULL);
    return TRUE;
}

/* --- sorting
 * ------------------------------------------------------------------------------------------------ */

typedef struct {
    const double *x, *y, *z;
    double low[3], per_edge;
    const uint64_t *side;
    uint64_t *key;
} Keying;

ALLOY_CLONES static void key_block(size_t begin, size_t end, void *data)
{
    const Keying *job = data;
    for (size_t i = begin; i < end; i++) {
        uint64_t ix = (uint64_t)(int64_t)((job->x[i] - job->low[0]) * job->per_edge);
        uint64_t iy = (uint64_t)(int64_t)((job->y[i] - job->low[1]) * job->per_edge);
        uint64_t iz = (uint64_t)(int64_t)((job->z[i] - job->low[2]) * job->per_edge);
        job->key[i] = alloy_grid_key(job->side, ix, iy, iz);
    }
}

/* One stable counting pass by (key >> shift) & mask, over fixed chunks: the order is the same for any number
 * of threads because a stable sort has only one result. */
typedef struct {
    const uint64_t *key_in;
    const uint32_t *order_in; /* NULL: 0, 1, 2, ... */
    uint64_t *key_out;
    uint32_t *order_out;
    size_t n, chunk, chunks, buckets;
    unsigned shift;
    uint64_t mask;
    uint32_t *count; /* [chunk][bucket] */
} SortPass;

static void sort_count(size_t begin, size_t end, void *data)
{
    const SortPass *pass = data;
    for (size_t c = begin; c < end; c++) {
        uint32_t *count = pass->count + c * pass->buckets;
        size_t last = MIN((c + 1) * pass->chunk, pass->n);
        for (size_t i = c * pass->chunk; i < last; i++)
            count[(pass->key_in[i] >> pass->shift) & pass->mask]++;
    }
}

static void sort_place(size_t begin, size_t end, void *data)
{
    const SortPass *pass = data;
    for (size_t c = begin; c < end; c++) {
        uint32_t *at = pass->count + c * pass->buckets;
        size_t last = MIN((c + 1) * pass->chunk, pass->n);
        for (size_t i = c * pass->chunk; i < last; i++) {
            uint32_t where = at[(pass->key_in[i] >> pass->shift) & pass->mask]++;
            pass->key_out[where] = pass->key_in[i];
            pass->order_out[where] = pass->order_in != NULL ? pass->order_in[i] : (uint32_t)i;
        }
    }
}

static void sort_run(SortPass *pass)
{
    pass->chunks = pass->n < 65536 ? 1 : SORT_CHUNKS;
    pass->chunk = (pass->n + pass->chunks - 1) / pass->chunks;
    pass->count = g_new0(uint32_t, pass->buckets * pass->chunks);
    alloy_parallel_for(pass->chunks, 1, sort_count, pass, NULL, NULL);
    uint32_t sum = 0;
    for (size_t b = 0; b < pass->buckets; b++)
        for (size_t c = 0; c < pass->chunks; c++) {
            uint32_t *count = &pass->count[c * pass->buckets + b], here = *count;
            *count = sum;
            sum += here;
        }
    alloy_parallel_for(pass->chunks, 1, sort_place, pass, NULL, NULL);
    g_free(pass->count);
}

/* Sorts *key ascending, stable, and gives the order. One pass when the cells are not many more than the
 * points, else 16 bits at a time. */
static void sort_keys(uint64_t **key, uint32_t **order, size_t n, uint64_t most)
{
    uint64_t *other = g_new(uint64_t, n);
    *order = g_new0(uint32_t, n + RUN_PADDING);
    SortPass pass = {.n = n};
    if (most <= n + 65536) {
        pass.key_in = *key;
        pass.key_out = other;
        pass.order_out = *order;
        pass.buckets = (size_t)most;
        pass.mask = G_MAXUINT64;
        sort_run(&pass);
        g_free(*key);
        *key = other;
        return;
    }
    uint32_t *order_other = g_new0(uint32_t, n + RUN_PADDING);
    pass.buckets = 65536;
    pass.mask = 65535;
    for (unsigned shift = 0; shift < 64 && (most >> shift) != 0; shift += 16) {
        pass.key_in = *key;
        pass.order_in = shift == 0 ? NULL : *order;
        pass.key_out = other;
        pass.order_out = order_other;
        pass.shift = shift;
        sort_run(&pass);
        uint64_t *k = *key;
        *key = other;
        other = k;
        uint32_t *o = *order;
        *order = order_other;
        order_other = o;
    }
    g_free(other);
    g_free(order_other);
}

typedef struct {
    const double *from;
    double *to;
    const uint32_t *order;
} Gathering;

static void gather_block(size_t begin, size_t end, void *data)
{
    const Gathering *job = data;
    for (size_t i = begin; i < end; i++)
        job->to[i] = job->from[job->order[i]];
}

static double *gathered(const double *from, const uint32_t *order, size_t n)
{
    Gathering job = {from, g_new0(double, n + RUN_PADDING), order};
    alloy_parallel_for(n, 65536, gather_block, &job, NULL, NULL);
    return job.to;
}

static void find_cells(AlloyGrid *grid, uint64_t *sorted_key)
{
    size_t cells = 0;
    for (size_t i = 0; i < grid->n_sorted; i++)
        cells += i == 0 || sorted_key[i] != sorted_key[i - 1];
    grid->n_cells = cells;
    grid->key = g_new(uint64_t, cells + 1);
    grid->start = g_new(uint32_t, cells + 1);
    size_t c = 0, fullest = 0;
    for (size_t i = 0; i < grid->n_sorted; i++)
        if (i == 0 || sorted_key[i] != sorted_key[i - 1]) {
            grid->key[c] = sorted_key[i];
            grid->start[c] = (uint32_t)i;
            if (c > 0)
                fullest = MAX(fullest, grid->start[c] - grid->start[c - 1]);
            c++;
        }
    grid->start[cells] = (uint32_t)grid->n_sorted;
    if (cells > 0)
        fullest = MAX(fullest, grid->start[cells] - grid->start[cells - 1]);
    grid->most = MIN(27 * fullest, grid->n_sorted);
}

static void bounds_of(const double *v, size_t n, double *low, double *high)
{
    *low = v[0];
    *high = v[0];
    for (size_t i = 1; i < n; i++) {
        *low = v[i] < *low ? v[i] : *low;
        *high = v[i] > *high ? v[i] : *high;
    }
}

gboolean alloy_check_coordinates(const double *x, const double *y, const double *z, size_t n, GError **error)
{
    const double *axes[3] = {x, y, z};
    for (int k = 0; k < 3 && n > 0; k++) {
        double low, high;
        bounds_of(axes[k], n, &low, &high);
        if (low >= -ALLOY_MOST_COORDINATE && high <= ALLOY_MOST_COORDINATE)
            continue;
        size_t i = 0;
        while (fabs(axes[k][i]) <= ALLOY_MOST_COORDINATE)
            i++;
        char value[ALLOY_DOUBLE_TEXT];
        alloy_format_double(axes[k][i], value);
        return alloy_input_error(
            error,
            "atom %zu has %c = %s angstrom; a coordinate beyond 1e+307 is no place of an "
            "atom, and distances to it are no numbers",
            i + 1, "xyz"[k], value);
    }
    return TRUE;
}

AlloyGrid *alloy_grid_new(const double *x, const double *y, const double *z, size_t n, const AlloyCell *cell,
                          double reach, AlloyProgress *progress, GError **error)
{
    if (!(reach > 0) || !isfinite(reach)) {
        alloy_input_error(error, "a cutoff is a positive length, not %g angstrom", reach);
        return NULL;
    }
    if (n > G_MAXUINT32 - 1) {
        alloy_input_error(error, "%zu atoms are more than the 4294967294 that can be indexed", n);
        return NULL;
    }
    if (!alloy_check_coordinates(x, y, z, n, error))
        return NULL;
    AlloyGrid *grid = g_new0(AlloyGrid, 1);
    grid->reach = reach;
    grid->n = n;
    Points points = {0};
    const double *px = x, *py = y, *pz = z;
    grid->n_sorted = n;
    if (n > 0 && alloy_cell_is_periodic(cell)) {
        if (!make_images(x, y, z, n, cell, reach, &points, error)) {
            alloy_grid_free(grid);
            return NULL;
        }
        px = points.x;
        py = points.y;
        pz = points.z;
        grid->n_sorted = points.n;
    }
    if (n == 0 || !alloy_progress_check(progress, error)) {
        points_free(&points);
        if (n > 0) {
            alloy_grid_free(grid);
            return NULL;
        }
        grid->key = g_new0(uint64_t, 1);
        grid->start = g_new0(uint32_t, 1);
        grid->side[0] = grid->side[1] = grid->side[2] = 1;
        return grid;
    }

    Keying keying = {px, py, pz, .side = grid->side};
    double span[3], widest = 0;
    const double *axis[3] = {px, py, pz};
    for (int k = 0; k < 3; k++) {
        double high;
        bounds_of(axis[k], grid->n_sorted, &keying.low[k], &high);
        span[k] = high - keying.low[k];
        widest = MAX(widest, span[k]);
    }
    /* a little over the reach, so that rounding of an index never hides a neighbour two cells away */
    double edge = MAX(reach * (1 + 1e-9), widest / (MOST_SIDE - 2));
    keying.per_edge = 1.0 / edge;
    for (int k = 0; k < 3; k++)
        grid->side[k] = (uint64_t)(span[k] * keying.per_edge) + 1;
    keying.key = g_new(uint64_t, grid->n_sorted);
    alloy_parallel_for(grid->n_sorted, 65536, key_block, &keying, NULL, NULL);
    sort_keys(&keying.key, &grid->id, grid->n_sorted,
              alloy_grid_key(grid->side, grid->side[0] - 1, grid->side[1] - 1, grid->side[2] - 1) + 1);
    /* Between steps of some 20 ms for a million atoms: no one waits longer for a cancel. */
    gboolean goes_on = alloy_progress_check(progress, error);
    if (goes_on)
        find_cells(grid, keying.key);
    g_free(keying.key);
    uint32_t *order = grid->id;
    struct {
        double **to;
        const double *from;
    } axes[] = {{&grid->x, px}, {&grid->y, py}, {&grid->z, pz}};
    for (size_t k = 0; goes_on && k < G_N_ELEMENTS(axes); k++) {
        *axes[k].to = gathered(axes[k].from, order, grid->n_sorted);
        goes_on = alloy_progress_check(progress, error);
    }
    if (!goes_on) {
        points_free(&points);
        alloy_grid_free(grid);
        return NULL;
    }
    if (points.n > n) {
        grid->is_image = g_new(uint8_t, grid->n_sorted);
        for (size_t i = 0; i < grid->n_sorted; i++) {
            grid->is_image[i] = order[i] >= n;
            order[i] = points.id[order[i]];
        }
    }
    points_free(&points);
    return grid;
}

void alloy_grid_free(AlloyGrid *grid)
{
    if (grid == NULL)
        return;
    g_free(grid->x);
    g_free(grid->y);
    g_free(grid->z);
    g_free(grid->id);
    g_free(grid->is_image);
    g_free(grid->key);
    g_free(grid->start);
    g_free(grid);
}

size_t alloy_grid_grain(const AlloyGrid *grid, size_t points)
{
    if (grid->n_sorted == 0)
        return 1;
    double per_cell = (double)grid->n_sorted / (double)grid->n_cells;
    return MAX((size_t)((double)points / per_cell), 1);
}

double alloy_grid_expected_pairs(const AlloyGrid *grid)
{
    double pairs = 0;
    for (size_t c = 0; c < grid->n_cells; c++) {
        double own = grid->start[c + 1] - grid->start[c];
        pairs += own * (own - 1);
    }
    return pairs * (4.0 / 3.0 * G_PI / 27.0);
}

/* --- walking
 * ------------------------------------------------------------------------------------------------ */

void alloy_grid_walk_init(AlloyGridWalk *walk, const AlloyGrid *grid)
{
    memset(walk, 0, sizeof *walk);
    walk->grid = grid;
    size_t room = grid->most + RUN_PADDING;
    walk->x = g_new(double, room);
    walk->y = g_new(double, room);
    walk->z = g_new(double, room);
    walk->d2 = g_new(double, room);
    walk->id = g_new(uint32_t, room);
}

void alloy_grid_walk_clear(AlloyGridWalk *walk)
{
    g_free(walk->x);
    g_free(walk->y);
    g_free(walk->z);
    g_free(walk->d2);
    g_free(walk->id);
}

/* First occupied cell whose key is >= key, stepping up from a guess: where the last search of the kind ended,
 * which is at most a few cells below unless the walk has come to another column. */
static size_t cell_at_or_after(const AlloyGrid *grid, size_t guess, uint64_t key)
{
    size_t low = 0, high = grid->n_cells;
    if (guess > 0 && grid->key[guess - 1] >= key) {
        high = guess;
    } else {
        low = guess;
        for (int step = 0; step < 16; step++, low++)
            if (low >= grid->n_cells || grid->key[low] >= key)
                return low;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (grid->key[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Runs are short: eight at a time with a few too many is faster than a call that counts them. Both sides have
 * RUN_PADDING to spare. */
static void copy_run(AlloyGridWalk *walk, size_t begin, size_t count)
{
    const AlloyGrid *grid = walk->grid;
    for (size_t k = 0; k < count; k += RUN_PADDING) {
        memcpy(walk->x + walk->n + k, grid->x + begin + k, RUN_PADDING * sizeof(double));
        memcpy(walk->y + walk->n + k, grid->y + begin + k, RUN_PADDING * sizeof(double));
        memcpy(walk->z + walk->n + k, grid->z + begin + k, RUN_PADDING * sizeof(double));
        memcpy(walk->id + walk->n + k, grid->id + begin + k, RUN_PADDING * sizeof(uint32_t));
    }
}

void alloy_grid_walk_to(AlloyGridWalk *walk, size_t cell)
{
    const AlloyGrid *grid = walk->grid;
    uint64_t at[3];
    alloy_grid_place(grid->side, grid->key[cell], at);
    walk->n = 0;
    for (int k = 0; k < 9; k++) {
        int64_t jx = (int64_t)at[0] + k / 3 - 1, jy = (int64_t)at[1] + k % 3 - 1;
        if (jx < 0 || jy < 0 || jx >= (int64_t)grid->side[0] || jy >= (int64_t)grid->side[1])
            continue;
        uint64_t base = alloy_grid_key(grid->side, (uint64_t)jx, (uint64_t)jy, 0);
        uint64_t first = base + (at[2] > 0 ? at[2] - 1 : 0), last = base + MIN(at[2] + 1, grid->side[2] - 1);
        walk->low[k] = cell_at_or_after(grid, walk->low[k], first);
        walk->high[k] = cell_at_or_after(grid, walk->high[k], last + 1);
        size_t begin = grid->start[walk->low[k]], count = grid->start[walk->high[k]] - begin;
        if (k == 4)
            walk->own = walk->n + (grid->start[cell] - begin);
        copy_run(walk, begin, count);
        walk->n += count;
    }
}

ALLOY_CLONES static void squared_distances(const double *restrict x, const double *restrict y,
                                           const double *restrict z, double px, double py, double pz,
                                           double *restrict d2, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double dx = x[j] - px, dy = y[j] - py, dz = z[j] - pz;
        d2[j] = dx * dx + dy * dy + dz * dz;
    }
}

void alloy_grid_walk_distances_from(AlloyGridWalk *walk, size_t k, size_t begin)
{
    size_t self = walk->own + k;
    squared_distances(walk->x + begin, walk->y + begin, walk->z + begin, walk->x[self], walk->y[self],
                      walk->z[self], walk->d2 + begin, walk->n - begin);
    if (self >= begin)
        walk->d2[self] = HUGE_VAL;
}

void alloy_grid_walk_distances(AlloyGridWalk *walk, size_t k)
{
    alloy_grid_walk_distances_from(walk, k, 0);
}
