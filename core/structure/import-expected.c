/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/statistics.h"
#include "core/data/elements.h"
#include "core/structure/import-private.h"
#include "core/structure/neighbours.h"

#include <math.h>
#include <string.h>

/* Atoms whose nearest neighbours give the typical distance. */
#define SAMPLE 4000
/* Share of the atoms from which on a species counts for what is plausible. */
#define SHARE 0.05
/* Plausible distances of species that are no elements, angstrom: from H2 (0.74) to a rare gas or a salt. */
#define UNKNOWN_LOW 0.7
#define UNKNOWN_HIGH 4.5
/* Where the first peak of a metal lies, of the expected distance. Heat, disorder and the contraction of small
 * clusters make less than 6 % of it; published models of tomography come to 1.11 by their calibration (HEA1
 * of Moniri et al. 2023), metallic glasses to 0.93. The second shell of bcc, 15 % farther, may melt into the
 * first. */
#define METAL_LOW 0.87
#define METAL_HIGH 1.15
#define BCC_HIGH 1.2

const char *alloy_number_text(double value, int digits, char out[ALLOY_NUMBER_TEXT])
{
    char format[8];
    g_snprintf(format, sizeof format, "%%.%dg", digits);
    return g_ascii_formatd(out, ALLOY_NUMBER_TEXT, format, value);
}

static double metal_distance(const AlloySpecies *kind)
{
    const AlloyElement *element = alloy_element(kind->z);
    return element != NULL ? element->metal_distance : (double)NAN;
}

double alloy_expected_pair(const AlloySpecies *a, const AlloySpecies *b)
{
    double metal = 0.5 * (metal_distance(a) + metal_distance(b));
    const AlloyElement *first = alloy_element(a->z), *second = alloy_element(b->z);
    if (!isnan(metal) || first == NULL || second == NULL)
        return metal;
    return first->covalent_radius + second->covalent_radius;
}

static gboolean is_common(const AlloyAtoms *atoms, unsigned kind)
{
    size_t count = atoms->kinds[kind].count;
    return count > 0 && (double)count >= SHARE * (double)atoms->n;
}

double alloy_expected_distance(const AlloyAtoms *atoms)
{
    size_t known = 0, metals = 0;
    double sum = 0, shortest = NAN;
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloySpecies *kind = &atoms->kinds[a];
        double metal = metal_distance(kind);
        known += alloy_element(kind->z) != NULL ? kind->count : 0;
        if (!isnan(metal)) {
            metals += kind->count;
            sum += metal * (double)kind->count;
        }
    }
    if (known == 0 || 2 * known < atoms->n)
        return NAN;
    if (metals == known)
        return sum / (double)metals;
    /* A compound: unlike atoms touch, if there are any. */
    for (int unlike = 1; unlike >= 0 && isnan(shortest); unlike--)
        for (unsigned a = 0; a < atoms->n_kinds; a++)
            for (unsigned b = a; b < atoms->n_kinds && is_common(atoms, a); b++)
                if (is_common(atoms, b) && (a != b) == unlike)
                    shortest = fmin(shortest, alloy_expected_pair(&atoms->kinds[a], &atoms->kinds[b]));
    return shortest;
}

void alloy_plausible_distances(const AlloyAtoms *atoms, double *low, double *high)
{
    gboolean metals = TRUE;
    *low = INFINITY;
    *high = 0;
    for (unsigned a = 0; a < atoms->n_kinds; a++)
        for (unsigned b = a; b < atoms->n_kinds && is_common(atoms, a); b++) {
            if (!is_common(atoms, b))
                continue;
            double distance = alloy_expected_pair(&atoms->kinds[a], &atoms->kinds[b]);
            gboolean metal = !isnan(metal_distance(&atoms->kinds[a]) + metal_distance(&atoms->kinds[b]));
            metals = metals && metal;
            if (isnan(distance)) {
                *low = fmin(*low, UNKNOWN_LOW);
                continue;
            }
            *low = fmin(*low, (metal ? 0.65 : 0.5) * distance);
            *high = fmax(*high, 1.6 * distance);
        }
    if (!metals || *high == 0) /* molecules, salts and rare gases touch at more than covalent distances */
        *high = fmax(*high, UNKNOWN_HIGH);
    if (isinf(*low))
        *low = UNKNOWN_LOW;
}

/* Metals whose nearest distance is not that of their alloys, clusters or melts: covalent pairs and layers (C,
 * Si, Ga, Ge, As, Se, Sn, Sb, Te, Hg, Bi, Po), several allotropes far apart (Mn, Pa to Pu). */
static gboolean is_ill_defined(int z)
{
    static const uint8_t numbers[] = {6, 14, 25, 31, 32, 33, 34, 50, 51, 52, 80, 83, 84, 91, 92, 93, 94};
    return memchr(numbers, z, sizeof numbers) != NULL;
}

static gboolean is_bcc(int z)
{
    static const uint8_t numbers[] = {3, 11, 19, 23, 24, 26, 37, 41, 42, 55, 56, 63, 73, 74, 87, 88};
    return memchr(numbers, z, sizeof numbers) != NULL;
}

gboolean alloy_metal_peaks(const AlloyAtoms *atoms, double *low, double *high)
{
    double least = INFINITY;
    size_t bcc = 0;
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloySpecies *kind = &atoms->kinds[a];
        if (kind->count == 0)
            continue;
        if (isnan(metal_distance(kind)) || is_ill_defined(kind->z))
            return FALSE;
        bcc += is_bcc(kind->z) ? kind->count : 0;
        if (is_common(atoms, a))
            least = fmin(least, metal_distance(kind));
    }
    double mean = alloy_expected_distance(atoms);
    if (isnan(mean))
        return FALSE;
    *low = METAL_LOW * fmin(least, mean);
    *high = (2 * bcc >= atoms->n ? BCC_HIGH : METAL_HIGH) * mean;
    return TRUE;
}

/* --- places and distances --- */

/* -0 and 0 are the same place. */
static uint64_t place_hash(const AlloyAtoms *atoms, size_t i)
{
    double position[3] = {atoms->x[i] + 0.0, atoms->y[i] + 0.0, atoms->z[i] + 0.0};
    uint64_t bits[3], hash = 0;
    memcpy(bits, position, sizeof bits);
    for (int k = 0; k < 3; k++) {
        hash = (hash ^ bits[k]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return hash;
}

uint32_t *alloy_first_of_place(const AlloyAtoms *atoms, size_t *later)
{
    size_t n = atoms->n, slots = 16;
    g_assert(n < G_MAXUINT32);
    while (slots < 2 * n)
        slots *= 2;
    g_autofree uint32_t *table = g_new(uint32_t, slots);
    memset(table, 0xff, slots * sizeof *table);
    uint32_t *first = g_new(uint32_t, n + 1);
    *later = 0;
    for (size_t i = 0; i < n; i++) {
        size_t slot = place_hash(atoms, i) & (slots - 1);
        for (; table[slot] != G_MAXUINT32; slot = (slot + 1) & (slots - 1)) {
            size_t j = table[slot];
            if (atoms->x[i] == atoms->x[j] && atoms->y[i] == atoms->y[j] && atoms->z[i] == atoms->z[j])
                break;
        }
        if (table[slot] == G_MAXUINT32)
            table[slot] = (uint32_t)i;
        first[i] = table[slot];
        *later += first[i] != i;
    }
    return first;
}

gboolean alloy_typical_distance(const AlloyAtoms *atoms, double *distance, AlloyProgress *progress,
                                GError **error)
{
    *distance = NAN;
    size_t every = MAX(atoms->n / SAMPLE, 1), n = 0;
    g_autofree double *nearest = NULL;
    g_autofree uint32_t *ids = alloy_nearest_of_some(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell, 2,
                                                     every, &nearest, progress, error);
    if (ids == NULL)
        return FALSE;
    g_autofree double *first = g_new(double, atoms->n / every + 2),
                      *second = g_new(double, atoms->n / every + 2);
    for (size_t i = 0; i < atoms->n; i += every)
        if (isfinite(nearest[2 * i])) {
            first[n] = nearest[2 * i];
            second[n++] = isfinite(nearest[2 * i + 1]) ? nearest[2 * i + 1] : nearest[2 * i];
        }
    alloy_sort_doubles(first, n);
    alloy_sort_doubles(second, n);
    double near = alloy_quantile_sorted(first, n, 0.5), next = alloy_quantile_sorted(second, n, 0.5);
    /* The second neighbour of a regular structure is hardly farther than the first, and even in a molecule
     * less than four times as far. */
    *distance = near >= 0.05 * next ? near : next;
    if (*distance == 0)
        *distance = NAN;
    return TRUE;
}
