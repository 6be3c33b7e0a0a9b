/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/structure/import-private.h"

#include <math.h>
#include <string.h>

/* The atoms that stay, hashed by cubes of twice the tolerance. They keep their distance from one another, so
 * a cube holds few, however many atoms are on one place: the work is linear whatever the model. */
typedef struct {
    double edge, tolerance;
    size_t slots;       /* a power of 2 */
    uint32_t *head;     /* per slot: an atom of a cube, G_MAXUINT32: free */
    uint32_t *next;     /* per atom: another one in the same cube */
    double (*place)[3]; /* per atom, wrapped into the periodic cell */
    AlloyJoins joins;   /* NULL: who is near enough joins */
    gpointer data;
} Places;

/* Atoms of one cube that may refuse another: any number of them can stand at one place. */
#define MOST_REFUSALS 64

/* The slot of a cube: where it is, or where it would be. */
static size_t slot_of(const Places *places, const double cube[3])
{
    double plain[3] = {cube[0] + 0.0, cube[1] + 0.0, cube[2] + 0.0}; /* no -0 */
    uint64_t bits[3], hash = 0;
    memcpy(bits, plain, sizeof bits);
    for (int k = 0; k < 3; k++) {
        hash = (hash ^ bits[k]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    for (size_t slot = hash & (places->slots - 1);; slot = (slot + 1) & (places->slots - 1)) {
        if (places->head[slot] == G_MAXUINT32)
            return slot;
        const double *there = places->place[places->head[slot]];
        if (floor(there[0] / places->edge) == cube[0] && floor(there[1] / places->edge) == cube[1] &&
            floor(there[2] / places->edge) == cube[2])
            return slot;
    }
}

/* The one that takes atom i at p; G_MAXUINT32: none does. */
static uint32_t owner_in_cube(const Places *places, const double cube[3], const double p[3], size_t i)
{
    unsigned refusals = 0;
    for (uint32_t j = places->head[slot_of(places, cube)]; j != G_MAXUINT32; j = places->next[j]) {
        const double *q = places->place[j];
        double d[3]; /* in tolerances: squares of lengths may be beyond all numbers */
        for (int k = 0; k < 3; k++)
            d[k] = (p[k] - q[k]) / places->tolerance;
        if (!(alloy_dot3(d, d) < 1))
            continue;
        if (places->joins == NULL || places->joins(j, i, places->data))
            return j;
        if (++refusals == MOST_REFUSALS)
            break;
    }
    return G_MAXUINT32;
}

/* The one that stays, is nearer to p than the tolerance and takes atom i. */
static uint32_t owner_near(const Places *places, const double p[3], size_t i)
{
    double low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = floor((p[k] - places->tolerance) / places->edge);
        high[k] = floor((p[k] + places->tolerance) / places->edge);
    }
    /* Two cubes in each direction, three if rounding wants it; at 1e20 angstrom a step of one is none. */
    for (int a = 0; a < 27; a++) {
        int step[3] = {a / 9, a / 3 % 3, a % 3};
        double cube[3];
        gboolean real = TRUE;
        for (int k = 0; k < 3; k++) {
            cube[k] = low[k] + step[k];
            real = real && cube[k] <= high[k] && (step[k] == 0 || cube[k] != low[k] + step[k] - 1);
        }
        uint32_t owner = real ? owner_in_cube(places, cube, p, i) : G_MAXUINT32;
        if (owner != G_MAXUINT32)
            return owner;
    }
    return G_MAXUINT32;
}

static void insert(Places *places, uint32_t i)
{
    double cube[3];
    for (int k = 0; k < 3; k++)
        cube[k] = floor(places->place[i][k] / places->edge);
    size_t slot = slot_of(places, cube);
    places->next[i] = places->head[slot];
    places->head[slot] = i;
}

/* For the periodic directions of a cell: the fraction of its width that the tolerance is. */
static gboolean find_margins(const AlloyCell *cell, double tolerance, double inverse[3][3], double margin[3],
                             GError **error)
{
    margin[0] = margin[1] = margin[2] = 0;
    if (!alloy_cell_is_periodic(cell))
        return TRUE;
    if (!alloy_invert3(cell->vector, inverse))
        return alloy_input_error(error, "the cell is singular");
    for (int k = 0; k < 3; k++) {
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        margin[k] = cell->periodic[k] ? tolerance * alloy_norm3(column) : 0;
        if (margin[k] >= 0.5)
            return alloy_parameter_error(
                error, "merge: the tolerance is not below half the width of the periodic cell");
    }
    return TRUE;
}

gboolean alloy_can_merge(const AlloyAtoms *atoms, double tolerance)
{
    double inverse[3][3], margin[3];
    return find_margins(atoms->cell, tolerance, inverse, margin, NULL);
}

uint32_t *alloy_gather_places(const AlloyAtoms *atoms, double tolerance, const uint8_t *part,
                              AlloyJoins joins, gpointer data, GError **error)
{
    const AlloyCell *cell = atoms->cell;
    size_t n = atoms->n;
    double inverse[3][3] = {{0}}, margin[3];
    if (n >= G_MAXUINT32) {
        alloy_input_error(error, "%zu atoms are too many to be merged", n);
        return NULL;
    }
    if (!find_margins(cell, tolerance, inverse, margin, error))
        return NULL;
    Places places = {
        .edge = 2 * tolerance, .tolerance = tolerance, .slots = 16, .joins = joins, .data = data};
    while (places.slots < 2 * n)
        places.slots *= 2;
    g_autofree uint32_t *head = g_new(uint32_t, places.slots), *next = g_new(uint32_t, n + 1);
    memset(head, 0xff, places.slots * sizeof *head);
    g_autofree double(*place)[3] = g_malloc_n(n + 1, sizeof *place);
    places.head = head;
    places.next = next;
    places.place = place;
    uint32_t *owners = g_new(uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        owners[i] = (uint32_t)i;
        if (part != NULL && !part[i])
            continue;
        double f[3] = {0.5, 0.5, 0.5};
        place[i][0] = atoms->x[i];
        place[i][1] = atoms->y[i];
        place[i][2] = atoms->z[i];
        if (alloy_cell_is_periodic(cell)) {
            double r[3] = {place[i][0] - cell->origin[0], place[i][1] - cell->origin[1],
                           place[i][2] - cell->origin[2]};
            alloy_row_times3(r, inverse, f);
            for (int k = 0; k < 3; k++)
                for (int l = 0; l < 3 && cell->periodic[k]; l++)
                    place[i][l] -= floor(f[k]) * cell->vector[k][l];
            for (int k = 0; k < 3; k++)
                f[k] -= floor(f[k]);
        }
        /* Itself and those of its images that may be near an atom in the cell. */
        uint32_t owner = G_MAXUINT32;
        for (int image = 0; image < 27 && owner == G_MAXUINT32; image++) {
            int shift[3] = {image / 9 - 1, image / 3 % 3 - 1, image % 3 - 1};
            double p[3] = {place[i][0], place[i][1], place[i][2]};
            gboolean near = TRUE;
            for (int k = 0; k < 3; k++) {
                near = near && (shift[k] == 0 || (shift[k] > 0 ? f[k] <= margin[k] : f[k] >= 1 - margin[k]));
                near = near && (shift[k] == 0 || cell->periodic[k]);
            }
            for (int k = 0; k < 3 && near; k++)
                for (int l = 0; l < 3 && shift[k] != 0; l++)
                    p[l] += shift[k] * cell->vector[k][l];
            if (near)
                owner = owner_near(&places, p, i);
        }
        if (owner == G_MAXUINT32)
            insert(&places, (uint32_t)i);
        else
            owners[i] = owner;
    }
    return owners;
}

uint8_t *alloy_merged_places(const AlloyAtoms *atoms, double tolerance, GError **error)
{
    g_autofree uint32_t *owners = alloy_gather_places(atoms, tolerance, NULL, NULL, NULL, error);
    if (owners == NULL)
        return NULL;
    uint8_t *keep = g_malloc(atoms->n + 1);
    for (size_t i = 0; i < atoms->n; i++)
        keep[i] = owners[i] == i;
    return keep;
}
