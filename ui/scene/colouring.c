/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/colouring.h"

#include "core/base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAIN 32768
#define STEPS 1024

const uint8_t alloy_colour_missing[3] = {150, 150, 150};

/* M. Okabe, K. Ito, "Color universal design" (2008), with the yellow last: it is faint on white. */
static const uint8_t distinct[8][3] = {
    {0, 114, 178},  {230, 159, 0}, {0, 158, 115},   {204, 121, 167},
    {86, 180, 233}, {213, 94, 0},  {120, 120, 120}, {240, 228, 66},
};

static const struct {
    int z;
    uint8_t rgb[3];
} known[] = {{29, {184, 115, 51}}, {47, {192, 196, 204}}, {79, {240, 190, 40}}};

static const uint8_t *known_colour(int z)
{
    for (size_t k = 0; k < G_N_ELEMENTS(known); k++)
        if (known[k].z == z)
            return known[k].rgb;
    return NULL;
}

void alloy_colour_of_place(unsigned place, uint8_t rgb[3])
{
    const uint8_t *from = distinct[place % 8];
    double darker = 1.0 / (1 + place / 8);
    for (int k = 0; k < 3; k++)
        rgb[k] = (uint8_t)(from[k] * darker);
}

void alloy_colour_of_kind(const AlloyAtoms *atoms, unsigned kind, uint8_t rgb[3])
{
    const uint8_t *of_its_own = known_colour(atoms->kinds[kind].z);
    if (of_its_own != NULL) {
        memcpy(rgb, of_its_own, 3);
        return;
    }
    unsigned n, place = 0;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(atoms, &n);
    for (unsigned k = 0; k < n && order[k] != kind; k++)
        place += known_colour(atoms->kinds[order[k]].z) == NULL;
    alloy_colour_of_place(place, rgb);
}

typedef struct {
    const AlloyAtoms *atoms;
    const AlloyColumn *column;
    const AlloyColourScale *scale;
    const uint8_t (*table)[4];
    uint8_t (*rgba)[4];
} Colouring;

static void by_species(size_t begin, size_t end, void *data)
{
    const Colouring *job = data;
    for (size_t i = begin; i < end; i++)
        memcpy(job->rgba[i], job->table[job->atoms->species[i]], 4);
}

void alloy_colour_species(const AlloyAtoms *atoms, uint8_t (*rgba)[4])
{
    g_autofree uint8_t(*table)[4] = g_malloc((atoms->n_kinds + 1) * sizeof *table);
    for (unsigned k = 0; k < atoms->n_kinds; k++) {
        alloy_colour_of_kind(atoms, k, table[k]);
        table[k][3] = 255;
    }
    Colouring job = {.atoms = atoms, .table = (const uint8_t(*)[4])table, .rgba = rgba};
    alloy_parallel_for(atoms->n, GRAIN, by_species, &job, NULL, NULL);
}

/* Place 0..1 in the palette; NaN stays. */
static double place_of(const AlloyColourScale *scale, double value)
{
    double low = scale->low, high = scale->high, middle = scale->neutral;
    if (!scale->palette->diverging || isnan(middle))
        return high > low ? (value - low) / (high - low) : isnan(value) ? NAN : 0.5;
    if (value == middle)
        return 0.5;
    double end = value < middle ? middle - low : high - middle;
    return end > 0 ? 0.5 + 0.5 * (value - middle) / end : value < middle ? 0 : value > middle ? 1 : NAN;
}

void alloy_colour_value(const AlloyColourScale *scale, double value, uint8_t rgb[3])
{
    double t = place_of(scale, value);
    if (isnan(t))
        memcpy(rgb, alloy_colour_missing, 3);
    else
        alloy_palette_colour(scale->palette, t, rgb);
}

static void by_number(size_t begin, size_t end, void *data)
{
    const Colouring *job = data;
    for (size_t i = begin; i < end; i++) {
        double t = place_of(job->scale, alloy_column_real_at(job->column, i));
        size_t step = isnan(t) ? STEPS + 1 : (size_t)(CLAMP(t, 0, 1) * STEPS + 0.5);
        memcpy(job->rgba[i], job->table[step], 4);
    }
}

static void by_label(size_t begin, size_t end, void *data)
{
    const Colouring *job = data;
    for (size_t i = begin; i < end; i++)
        memcpy(job->rgba[i], job->table[job->column->code[i]], 4);
}

void alloy_colour_column(const AlloyColumn *column, const AlloyColourScale *scale, uint8_t (*rgba)[4])
{
    size_t n = column->type == ALLOY_TEXT ? column->n_labels : STEPS + 2;
    g_autofree uint8_t(*table)[4] = g_malloc((n + 1) * sizeof *table);
    for (size_t k = 0; k < n; k++) {
        if (column->type == ALLOY_TEXT)
            alloy_colour_of_place((unsigned)k, table[k]);
        else if (k > STEPS)
            memcpy(table[k], alloy_colour_missing, 3);
        else
            alloy_palette_colour(scale->palette, (double)k / STEPS, table[k]);
        table[k][3] = 255;
    }
    Colouring job = {.column = column, .scale = scale, .table = (const uint8_t(*)[4])table, .rgba = rgba};
    alloy_parallel_for(column->n, GRAIN, column->type == ALLOY_TEXT ? by_label : by_number, &job, NULL, NULL);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

gboolean alloy_colour_scale_fit(const AlloyColumn *const *columns, size_t n, double share,
                                AlloyColourScale *scale)
{
    size_t room = 0, found = 0;
    for (size_t c = 0; c < n; c++)
        room += columns[c] != NULL && columns[c]->type != ALLOY_TEXT ? columns[c]->n : 0;
    g_autofree double *values = g_new(double, room + 1);
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; columns[c] != NULL && columns[c]->type != ALLOY_TEXT && i < columns[c]->n; i++) {
            double value = alloy_column_real_at(columns[c], i);
            if (isfinite(value))
                values[found++] = value;
        }
    if (found == 0)
        return FALSE;
    qsort(values, found, sizeof *values, compare);
    size_t cut = (size_t)(CLAMP(share, 0, 0.49) * (double)(found - 1));
    scale->low = values[cut];
    scale->high = values[found - 1 - cut];
    gboolean both = values[0] < 0 && values[found - 1] > 0;
    scale->palette = alloy_palette_default(both);
    scale->neutral = both ? 0 : NAN;
    if (both) {
        scale->low = MIN(scale->low, 0);
        scale->high = MAX(scale->high, 0);
    }
    return TRUE;
}
