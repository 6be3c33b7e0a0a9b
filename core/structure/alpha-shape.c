/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/parallel.h"
#include "core/base/statistics.h"
#include "core/structure/delaunay-private.h"
#include "core/structure/grid.h"
#include "core/structure/voronoi-cell.h"

#include <math.h>
#include <string.h>

/* Spheres that are equal in the lattice differ by rounding: one that exceeds the probe by no more than this
 * share counts as equal to it. */
#define TIE 1e-9

/* Of the probe radius: corners of a Voronoi cell so near to a plane are on it; atoms so near to each other
 * are one. */
#define CORNER_TOLERANCE 1e-10

/* Where so many atoms are within twice the probe of one, the tessellation of the whole is faster than the
 * cells one by one. */
#define CROWD 2048

/* More images, or more pairs to look at, and the probe is out of all proportion to the periodic cell. */
#define MOST_IMAGES 5e8
#define MOST_PAIRS 1e12

#define BLOCK_POINTS 512
#define SHELLS 64

/* The boundary by Voronoi cells, one atom at a time, so that time grows with the number of atoms, any number
 * of threads helps and perfect lattices are nothing special. A corner of the cell of an atom is the centre of
 * the sphere of a Delaunay tetrahedron at that atom, and the distance of the corner is its radius. The
 * tetrahedra around the atom make a closed surface of faces; so the atom is in the boundary exactly when one
 * corner is within the probe radius and one is not. Only neighbours within twice the probe can cut within the
 * probe radius.
 *
 * Area and volume of the shape are shared out to the atoms by the same cells: of each face and each
 * tetrahedron, an atom gets what is nearer to it than to the other corners (signed: as the circumcentre cuts
 * it). The shares of tetrahedra with one sphere add up to the same however the polyhedron of co-spherical
 * atoms is cut up. */
typedef struct {
    const AlloyGrid *grid;
    double probe, reach_square, within_square, copy_square;
    size_t grain;
    uint8_t *boundary;
    double *area, *volume; /* per block; NULL: not wanted */
} CellJob;

typedef struct {
    AlloyGridWalk walk;
    AlloyVoronoiCell cell;
    uint32_t *near; /* candidates within reach, from the inner shell to the outer */
    uint32_t start[SHELLS + 1];
} Scratch;

static void minus(const double a[3], const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = a[k] - b[k];
}

/* Sorts the candidates within reach into shells of equal growth of the squared distance. */
static void sort_near(const CellJob *job, Scratch *scratch)
{
    const AlloyGridWalk *walk = &scratch->walk;
    double per_square = SHELLS / (job->reach_square * (1 + 1e-12));
    memset(scratch->start, 0, sizeof scratch->start);
    for (size_t j = 0; j < walk->n; j++)
        if (walk->d2[j] <= job->reach_square)
            scratch->start[(size_t)(walk->d2[j] * per_square) + 1]++;
    for (size_t s = 0; s < SHELLS; s++)
        scratch->start[s + 1] += scratch->start[s];
    uint32_t at[SHELLS];
    memcpy(at, scratch->start, sizeof at);
    for (size_t j = 0; j < walk->n; j++)
        if (walk->d2[j] <= job->reach_square)
            scratch->near[at[(size_t)(walk->d2[j] * per_square)]++] = (uint32_t)j;
}

/* The cell of the atom at `place`; FALSE when another with a smaller index is at its place. */
static gboolean make_cell(const CellJob *job, Scratch *scratch, const double place[3], uint32_t id)
{
    const AlloyGridWalk *walk = &scratch->walk;
    AlloyVoronoiCell *cell = &scratch->cell;
    gboolean first = TRUE;
    alloy_voronoi_cell_start(cell, 1.01 * job->probe, CORNER_TOLERANCE * job->probe);
    for (size_t s = 0; s < SHELLS; s++) {
        if (job->reach_square * (double)s / SHELLS > 4 * cell->furthest)
            break;
        for (uint32_t k = scratch->start[s]; k < scratch->start[s + 1]; k++) {
            uint32_t j = scratch->near[k];
            if (walk->d2[j] >= 4 * cell->furthest)
                continue;
            /* All within: no further cut makes the atom one of the boundary. */
            if (!job->area && cell->furthest <= job->within_square)
                return first;
            if (walk->d2[j] <= job->copy_square) {
                first = first && walk->id[j] >= id;
                continue;
            }
            double site[3] = {walk->x[j] - place[0], walk->y[j] - place[1], walk->z[j] - place[2]};
            alloy_voronoi_cell_cut(cell, site);
        }
    }
    return first;
}

/* (a - b) x f, where f is the centre of the triangle of the atom, a and b: the corner of its cell seen along
 * their normal. */
static void triangle_share(const double a[3], const double b[3], const double corner[3], double normal[3],
                           double share[3])
{
    double ab[3], centre[3];
    alloy_cross3(a, b, normal);
    double height = alloy_dot3(corner, normal) / alloy_dot3(normal, normal);
    for (int k = 0; k < 3; k++)
        centre[k] = corner[k] - height * normal[k];
    minus(a, b, ab);
    alloy_cross3(ab, centre, share);
}

/* Adds what the atom has of the shape. */
static void add_shares(const CellJob *job, const AlloyVoronoiCell *cell, double *area, double *volume)
{
    for (size_t i = 0; i < cell->n_corners; i++) {
        const AlloyVoronoiCorner *corner = &cell->corner[i];
        if (corner->square > job->within_square)
            continue;
        for (int k = 0; k < 3; k++) {
            const double *a = cell->site[corner->plane[(k + 1) % 3]],
                         *b = cell->site[corner->plane[(k + 2) % 3]];
            double normal[3], share[3];
            triangle_share(a, b, corner->p, normal, share);
            *volume += alloy_dot3(share, corner->p) / 12;
            if (cell->corner[corner->next[k]].square > job->within_square)
                *area += alloy_dot3(share, normal) / (4 * alloy_norm3(normal));
        }
    }
}

static void cell_block(size_t begin, size_t end, void *data)
{
    const CellJob *job = data;
    const AlloyGrid *grid = job->grid;
    Scratch scratch;
    double area = 0, volume = 0;
    alloy_grid_walk_init(&scratch.walk, grid);
    alloy_voronoi_cell_init(&scratch.cell);
    scratch.near = g_new(uint32_t, grid->most + 1);
    for (size_t c = begin; c < end; c++) {
        gboolean there = FALSE;
        for (uint32_t i = grid->start[c]; i < grid->start[c + 1]; i++) {
            if (grid->is_image && grid->is_image[i])
                continue;
            if (!there)
                alloy_grid_walk_to(&scratch.walk, c);
            there = TRUE;
            alloy_grid_walk_distances(&scratch.walk, i - grid->start[c]);
            sort_near(job, &scratch);
            gboolean first =
                make_cell(job, &scratch, (double[3]){grid->x[i], grid->y[i], grid->z[i]}, grid->id[i]);
            gboolean in = FALSE, out = FALSE;
            for (size_t k = 0; k < scratch.cell.n_corners; k++) {
                gboolean within = scratch.cell.corner[k].square <= job->within_square;
                in = in || within;
                out = out || !within;
            }
            job->boundary[grid->id[i]] = in && out;
            if (job->area && first && in)
                add_shares(job, &scratch.cell, &area, &volume);
        }
    }
    if (job->area) {
        job->area[begin / job->grain] = area;
        job->volume[begin / job->grain] = volume;
    }
    g_free(scratch.near);
    alloy_voronoi_cell_clear(&scratch.cell);
    alloy_grid_walk_clear(&scratch.walk);
}

static gboolean boundary_by_cells(const AlloyGrid *grid, double probe, uint8_t *boundary, double *area,
                                  double *volume, AlloyProgress *progress, GError **error)
{
    CellJob job = {
        .grid = grid, .probe = probe, .grain = alloy_grid_grain(grid, BLOCK_POINTS), .boundary = boundary};
    job.reach_square = grid->reach * grid->reach;
    job.within_square = probe * probe * (1 + 2 * TIE);
    job.copy_square = 16 * CORNER_TOLERANCE * CORNER_TOLERANCE * probe * probe;
    size_t blocks = alloy_parallel_blocks(grid->n_cells, job.grain);
    g_autofree double *shares = area || volume ? g_new0(double, 2 * blocks) : NULL;
    if (shares) {
        job.area = shares;
        job.volume = shares + blocks;
    }
    if (!alloy_parallel_for(grid->n_cells, job.grain, cell_block, &job, progress, error))
        return FALSE;
    AlloySum area_sum = {0}, volume_sum = {0};
    for (size_t b = 0; b < blocks && shares; b++) {
        alloy_sum_add(&area_sum, job.area[b]);
        alloy_sum_add(&volume_sum, job.volume[b]);
    }
    if (area)
        *area = alloy_sum_value(&area_sum);
    if (volume)
        *volume = alloy_sum_value(&volume_sum);
    return TRUE;
}

/* The boundary by the tessellation of all atoms, for a probe so large that it sees much of them. */
static gboolean boundary_by_tetrahedra(const AlloyAtoms *atoms, double probe, uint8_t *boundary, double *area,
                                       double *volume, AlloyProgress *progress, GError **error)
{
    static const int face[4][3] = {{1, 2, 3}, {0, 3, 2}, {0, 1, 3}, {0, 2, 1}};
    g_autofree uint32_t *same = g_new(uint32_t, MAX(atoms->n, 1));
    g_autoptr(AlloyDelaunay) delaunay =
        alloy_delaunay_places(atoms->x, atoms->y, atoms->z, atoms->n, same, progress, error);
    if (!delaunay)
        return FALSE;
    double within = probe * (1 + TIE);
    AlloySum area_sum = {0}, volume_sum = {0};
    memset(boundary, 0, atoms->n);
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        if (!(delaunay->circumradius[t] <= within))
            continue;
        double p[4][3], edge[3][3];
        for (int k = 0; k < 4; k++) {
            uint32_t i = delaunay->vertex[t][k];
            memcpy(p[k], (double[3]){atoms->x[i], atoms->y[i], atoms->z[i]}, sizeof p[k]);
        }
        for (int k = 0; k < 3; k++)
            minus(p[k + 1], p[0], edge[k]);
        alloy_sum_add(&volume_sum, alloy_det3(edge) / 6);
        for (int k = 0; k < 4; k++) {
            int64_t other = delaunay->neighbour[t][k];
            if (other >= 0 && delaunay->circumradius[other] <= within)
                continue;
            double u[3], v[3], cross[3];
            minus(p[face[k][1]], p[face[k][0]], u);
            minus(p[face[k][2]], p[face[k][0]], v);
            alloy_cross3(u, v, cross);
            alloy_sum_add(&area_sum, alloy_norm3(cross) / 2);
            for (int m = 0; m < 3; m++)
                boundary[delaunay->vertex[t][face[k][m]]] = 1;
        }
    }
    for (size_t i = 0; i < atoms->n; i++)
        boundary[i] = boundary[same[i]];
    if (area)
        *area = alloy_sum_value(&area_sum);
    if (volume)
        *volume = alloy_sum_value(&volume_sum);
    return alloy_progress_check(progress, error);
}

/* Whether atoms, and their images along the periodic directions, have an inside. */
static gboolean check_atoms(const AlloyAtoms *atoms, GError **error)
{
    const AlloyCell *cell = atoms->cell;
    if (!alloy_cell_is_periodic(cell)) {
        g_autofree char *all = g_strdup_printf("All %zu atoms", atoms->n);
        return alloy_check_count(atoms->n, error) &&
               alloy_check_spread(atoms->x, atoms->y, atoms->z, atoms->n, all, error);
    }
    if (atoms->n == 0)
        return alloy_input_error(error, "A surface needs atoms, there are none");
    size_t n = atoms->n;
    g_autofree double *p = g_new(double, 3 * (atoms->n + 3));
    double *x = p, *y = x + atoms->n + 3, *z = y + atoms->n + 3;
    memcpy(x, atoms->x, n * sizeof *x);
    memcpy(y, atoms->y, n * sizeof *y);
    memcpy(z, atoms->z, n * sizeof *z);
    for (int k = 0; k < 3; k++) {
        if (!cell->periodic[k])
            continue;
        x[n] = x[0] + cell->vector[k][0];
        y[n] = y[0] + cell->vector[k][1];
        z[n++] = z[0] + cell->vector[k][2];
    }
    g_autofree char *all = atoms->n == 1
                               ? g_strdup("The one atom and its periodic images")
                               : g_strdup_printf("All %zu atoms and their periodic images", atoms->n);
    return alloy_check_spread(x, y, z, n, all, error);
}

static gboolean check_images(const AlloyAtoms *atoms, double reach, GError **error)
{
    double inverse[3][3], images = (double)atoms->n;
    if (!alloy_cell_is_periodic(atoms->cell))
        return TRUE;
    if (!alloy_cell_check(atoms->cell, error))
        return FALSE;
    alloy_invert3(atoms->cell->vector, inverse);
    for (int k = 0; k < 3; k++) {
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        if (atoms->cell->periodic[k])
            images *= 1 + 2 * reach * alloy_norm3(column);
    }
    if (images < MOST_IMAGES)
        return TRUE;
    return alloy_parameter_error(
        error,
        "A probe radius of %g angstrom needs %.3g images of the %zu atoms of this periodic "
        "cell; take a smaller one",
        reach / 2, images, atoms->n);
}

/* About how many atoms are within reach of one where they are densest: a ball of radius reach among the 27
 * cells. */
static double crowd(const AlloyGrid *grid)
{
    uint32_t fullest = 0;
    for (size_t c = 0; c < grid->n_cells; c++)
        fullest = MAX(fullest, grid->start[c + 1] - grid->start[c]);
    return MIN(4 * G_PI / 3 * fullest, (double)grid->n_sorted);
}

/* A probe larger than the whole sees everything, and its length would set the scale of what counts as equal.
 */
static gboolean probe_exceeds(const AlloyAtoms *atoms, double probe)
{
    double low[3], high[3], extent = 0;
    alloy_atoms_bounds(atoms, low, high);
    for (int k = 0; k < 3; k++)
        extent = MAX(extent, high[k] - low[k]);
    return probe > extent;
}

gboolean alloy_alpha_boundary(const AlloyAtoms *atoms, double probe_radius, uint8_t *boundary, double *area,
                              double *volume, AlloyProgress *progress, GError **error)
{
    double reach = 2 * probe_radius * (1 + 2 * TIE);
    if (!(probe_radius > 0) || !isfinite(reach * reach) || !(probe_radius * probe_radius > 0))
        return alloy_parameter_error(error, "The probe radius must be a positive length in angstrom, not %g",
                                     probe_radius);
    if (!check_atoms(atoms, error) || !check_images(atoms, reach, error))
        return FALSE;
    gboolean periodic = alloy_cell_is_periodic(atoms->cell);
    if (!periodic && probe_exceeds(atoms, probe_radius))
        return boundary_by_tetrahedra(atoms, probe_radius, boundary, area, volume, progress, error);
    g_autoptr(AlloyGrid) grid =
        alloy_grid_new(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell, reach, progress, error);
    if (!grid)
        return FALSE;
    if (periodic && (double)grid->most * (double)atoms->n > MOST_PAIRS)
        return alloy_parameter_error(
            error,
            "A probe radius of %g angstrom sees up to %zu atoms at once in this periodic "
            "cell; take a smaller one",
            probe_radius, grid->most);
    if (!periodic && crowd(grid) > CROWD)
        return boundary_by_tetrahedra(atoms, probe_radius, boundary, area, volume, progress, error);
    return boundary_by_cells(grid, probe_radius, boundary, area, volume, progress, error);
}
