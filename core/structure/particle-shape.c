/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/particle-shape.h"

#include "core/base/clones.h"
#include "core/base/error.h"
#include "core/base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REACH_OUT 0.75  /* spacings: above 1/sqrt 2, the octahedral hole of a close packing */
#define DRAW_BACK 0.35  /* spacings */
#define RASTER 5.0      /* voxels per spacing */
#define MOST_VOXELS 6e6 /* a larger body has less surface to blur: coarser voxels will do */
#define DIRECTIONS 96
#define SHELLS 48

typedef struct {
    size_t nx, ny, nz;
    uint8_t *inside;
    double edge;
} Raster;

/* Offsets of the voxels whose centres are within radius voxels. */
static GArray *ball(double radius)
{
    GArray *offsets = g_array_new(FALSE, FALSE, 3 * sizeof(int));
    int reach = (int)ceil(radius);
    for (int a = -reach; a <= reach; a++)
        for (int b = -reach; b <= reach; b++)
            for (int c = -reach; c <= reach; c++)
                if (a * a + b * b + c * c <= radius * radius) {
                    int offset[3] = {a, b, c};
                    g_array_append_val(offsets, offset);
                }
    return offsets;
}

static gboolean paint(Raster *raster, const AlloyAtoms *atoms, const double low[3], double radius,
                      const AlloyProgress *progress, GError **error)
{
    int reach = (int)ceil(radius);
    for (size_t i = 0; i < atoms->n; i++) {
        if (i % 4096 == 0 && !alloy_progress_check(progress, error))
            return FALSE;
        double p[3] = {(atoms->x[i] - low[0]) / raster->edge, (atoms->y[i] - low[1]) / raster->edge,
                       (atoms->z[i] - low[2]) / raster->edge};
        long q[3] = {lround(p[0]), lround(p[1]), lround(p[2])};
        for (long a = q[0] - reach; a <= q[0] + reach; a++)
            for (long b = q[1] - reach; b <= q[1] + reach; b++) {
                double rest = radius * radius - ((double)a - p[0]) * ((double)a - p[0]) -
                              ((double)b - p[1]) * ((double)b - p[1]);
                if (rest < 0)
                    continue;
                double half = sqrt(rest);
                long from = (long)ceil(p[2] - half), to = (long)floor(p[2] + half);
                uint8_t *row = raster->inside + ((size_t)a * raster->ny + (size_t)b) * raster->nz;
                if (to >= from)
                    memset(row + from, 1, (size_t)(to - from + 1));
            }
    }
    return TRUE;
}

typedef struct {
    const Raster *from;
    uint8_t *to;
    const GArray *offsets;
} Erosion;

static void erode_block(size_t begin, size_t end, void *data)
{
    const Erosion *job = data;
    const Raster *r = job->from;
    const int(*offset)[3] = (const int(*)[3])(const void *)job->offsets->data;
    for (size_t a = begin; a < end; a++)
        for (size_t b = 0; b < r->ny; b++)
            for (size_t c = 0; c < r->nz; c++) {
                size_t at = (a * r->ny + b) * r->nz + c;
                uint8_t keep = r->inside[at];
                for (guint k = 0; keep && k < job->offsets->len; k++) {
                    size_t x = a + (size_t)offset[k][0], y = b + (size_t)offset[k][1],
                           z = c + (size_t)offset[k][2];
                    keep = x < r->nx && y < r->ny && z < r->nz && r->inside[(x * r->ny + y) * r->nz + z];
                }
                job->to[at] = keep;
            }
}

/* Rows along z as bits, a spare word or two after each row so that a shifted read never leaves them. */
typedef struct {
    size_t nx, ny, words;
    uint64_t *bits;
    double edge, step;
    uint64_t volume;
    double *r, *overlap;
} Shifting;

/* Voxels inside both the body and the body shifted by (dx, dy, dz); dx >= 0. A row at b is held against the
 * row at b + dy; whichever lies lower along z is read shifted, so the bits only ever move down. */
ALLOY_CLONES_POPCOUNT static uint64_t common_voxels(const Shifting *s, long dx, long dy, long dz)
{
    uint64_t sum = 0;
    size_t whole = (size_t)(labs(dz) / 64);
    unsigned part = (unsigned)(labs(dz) % 64);
    for (size_t a = 0; a + (size_t)dx < s->nx; a++)
        for (long b = MAX(-dy, 0); b < (long)s->ny && b + dy < (long)s->ny; b++) {
            const uint64_t *fixed = s->bits + (a * s->ny + (size_t)b) * s->words;
            const uint64_t *moved = s->bits + ((a + (size_t)dx) * s->ny + (size_t)(b + dy)) * s->words;
            if (dz < 0) {
                const uint64_t *other = fixed;
                fixed = moved;
                moved = other;
            }
            for (size_t w = 0; w + whole + 1 < s->words; w++) {
                uint64_t shifted = moved[w + whole] >> part;
                if (part != 0)
                    shifted |= moved[w + whole + 1] << (64 - part);
                sum += (uint64_t)__builtin_popcountll(fixed[w] & shifted);
            }
        }
    return sum;
}

/* Directions on a golden spiral over the half sphere dx >= 0: the overlap is even in the shift. */
static void shift_block(size_t begin, size_t end, void *data)
{
    Shifting *s = data;
    for (size_t shell = begin; shell < end; shell++) {
        double length = 0, overlap = 0, r = s->step * (double)(shell + 1) / s->edge;
        for (int k = 0; k < DIRECTIONS; k++) {
            double u = (k + 0.5) / DIRECTIONS, across = sqrt(1 - u * u), phi = k * G_PI * (3.0 - sqrt(5.0));
            long dx = lround(r * u), dy = lround(r * across * cos(phi)), dz = lround(r * across * sin(phi));
            length += s->edge * sqrt((double)(dx * dx + dy * dy + dz * dz));
            overlap += (double)common_voxels(s, dx, dy, dz) / (double)s->volume;
        }
        s->r[shell + 1] = length / DIRECTIONS;
        s->overlap[shell + 1] = overlap / DIRECTIONS;
    }
}

static uint64_t *pack_bits(const Raster *raster, const uint8_t *inside, size_t words, uint64_t *volume)
{
    uint64_t *bits = g_new0(uint64_t, raster->nx * raster->ny * words);
    *volume = 0;
    for (size_t row = 0; row < raster->nx * raster->ny; row++)
        for (size_t c = 0; c < raster->nz; c++)
            if (inside[row * raster->nz + c]) {
                bits[row * words + c / 64] |= (uint64_t)1 << (c % 64);
                *volume += 1;
            }
    return bits;
}

AlloyParticleShape *alloy_particle_shape(const AlloyAtoms *atoms, double spacing, double maximum,
                                         AlloyProgress *progress, GError **error)
{
    double low[3], high[3], size[3];
    if (!alloy_atoms_bounds(atoms, low, high) || !(spacing > 0)) {
        alloy_input_error(error, "a particle of no atoms has no body");
        return NULL;
    }
    double margin = (REACH_OUT + 0.5) * spacing, edge = spacing / RASTER, voxels;
    for (;; edge *= 1.25) {
        voxels = 1;
        for (int k = 0; k < 3; k++)
            voxels *= size[k] = ceil((high[k] - low[k] + 2 * margin) / edge) + 1;
        if (voxels <= MOST_VOXELS)
            break;
        if (edge > spacing) {
            alloy_input_error(
                error,
                "the model spans %.0f x %.0f x %.0f angstrom for %zu atoms: too dilute for the body of a "
                "particle; use another normalisation",
                high[0] - low[0], high[1] - low[1], high[2] - low[2], atoms->n);
            return NULL;
        }
    }
    for (int k = 0; k < 3; k++)
        low[k] -= margin;
    Raster raster = {(size_t)size[0], (size_t)size[1], (size_t)size[2], NULL, edge};
    g_autofree uint8_t *filled = g_malloc0((size_t)voxels), *inside = g_malloc((size_t)voxels);
    raster.inside = filled;
    if (!paint(&raster, atoms, low, REACH_OUT * spacing / edge, progress, error))
        return NULL;
    Erosion erosion = {&raster, inside, ball(DRAW_BACK * spacing / edge)};
    /* Seen by a cancel, but the fraction is that of the shifts, which take longest. */
    double at = alloy_progress_fraction(progress);
    g_autoptr(AlloyProgress) eroding = alloy_progress_part(progress, at, at);
    gboolean ok = alloy_parallel_for(raster.nx, 1, erode_block, &erosion, eroding, error);
    g_array_free((GArray *)erosion.offsets, TRUE);
    if (!ok)
        return NULL;

    AlloyParticleShape *shape = g_new0(AlloyParticleShape, 1);
    shape->nodes = SHELLS + 1;
    shape->r = g_new0(double, shape->nodes);
    shape->overlap = g_new0(double, shape->nodes);
    shape->overlap[0] = 1;
    Shifting shifting = {.nx = raster.nx,
                         .ny = raster.ny,
                         .words = raster.nz / 64 + 2,
                         .edge = edge,
                         .step = maximum / SHELLS,
                         .r = shape->r,
                         .overlap = shape->overlap};
    shifting.bits = pack_bits(&raster, inside, shifting.words, &shifting.volume);
    shape->volume = (double)shifting.volume * edge * edge * edge;
    if (!alloy_parallel_for(SHELLS, 1, shift_block, &shifting, progress, error))
        g_clear_pointer(&shape, alloy_particle_shape_free);
    g_free(shifting.bits);
    return shape;
}

void alloy_particle_shape_free(AlloyParticleShape *shape)
{
    if (shape == NULL)
        return;
    g_free(shape->r);
    g_free(shape->overlap);
    g_free(shape);
}

double alloy_particle_overlap(const AlloyParticleShape *shape, double r)
{
    size_t k = 1;
    while (k + 1 < shape->nodes && shape->r[k] < r)
        k++;
    double width = shape->r[k] - shape->r[k - 1];
    double t = width > 0 ? CLAMP((r - shape->r[k - 1]) / width, 0, 1) : 1;
    return shape->overlap[k - 1] + t * (shape->overlap[k] - shape->overlap[k - 1]);
}
