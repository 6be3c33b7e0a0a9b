/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/structure/import-private.h"
#include "core/structure/import.h"
#include "core/structure/rdf.h"

#include <math.h>

/* Atoms below which a typical distance says nothing of the unit. */
#define FEWEST 10
/* Atoms from which on a typical distance within these, of the expected one, spares the pair distribution of a
 * metal: that of disordered models lies up to a tenth below their first peak. */
#define MANY 200000
#define LIKELY_LOW 0.92
#define LIKELY_HIGH 1.03

/* What a length may be given in, and how near to it the estimate must come: as near as the expected distance
 * is known. */
static const struct {
    const char *name;
    double angstrom, tolerance;
} units[] = {
    {"nanometres", 10, 0.25},   {"picometres", 0.01, 0.25}, {"micrometres", 1e4, 0.25},
    {"millimetres", 1e7, 0.25}, {"metres", 1e10, 0.25},     {"bohr", 0.529177210903 /* CODATA 2018 */, 0.1},
};
#define BOHR (&units[5])

static gboolean within_unit_box(const AlloyAtoms *atoms)
{
    double low[3], high[3];
    if (!alloy_atoms_bounds(atoms, low, high))
        return FALSE;
    for (int k = 0; k < 3; k++)
        if (low[k] < -1.01 || high[k] > 1.01 || high[k] - low[k] > 1.01)
            return FALSE;
    return TRUE;
}

/* Whether the positions, taken as fractions of the cell, give distances that are plausible. */
static gboolean are_fractions(const AlloyAtoms *atoms, double low, double high)
{
    if (atoms->cell == NULL || !within_unit_box(atoms))
        return FALSE;
    g_autoptr(AlloyAtoms) placed = (AlloyAtoms *)alloy_apply_fix(atoms, "fractional", "true", NULL);
    double distance;
    return placed != NULL && alloy_typical_distance(placed, &distance, NULL, NULL) && distance >= low &&
           distance <= high;
}

/* peak: where the pair distances have their first peak. expected: where it should be, angstrom. possible:
 * some substance may have it there, but hardly this one. */
static void warn_unit(const AlloyAtoms *atoms, double peak, double expected, double low, double high,
                      gboolean possible, GPtrArray *warnings)
{
    double factor = expected / peak;
    char peak_text[ALLOY_NUMBER_TEXT], expected_text[ALLOY_NUMBER_TEXT], factor_text[ALLOY_NUMBER_TEXT],
        unit_text[ALLOY_NUMBER_TEXT];
    alloy_number_text(peak, 4, peak_text);
    alloy_number_text(expected, 3, expected_text);
    alloy_number_text(factor, 4, factor_text);
    g_autofree char *facts =
        g_strdup_printf("lengths %s angstrom: the first peak of the pair distances is at %s, where %s %s",
                        possible ? "can hardly be" : "cannot be", peak_text,
                        isnan(alloy_expected_distance(atoms)) ? "a metal would have it at about"
                                                              : "this composition has it at about",
                        expected_text);
    if (are_fractions(atoms, low, high)) {
        alloy_warn(warnings, "unit", "fractional=true", "Take the positions as fractions of the cell",
                   "%s; they look like fractions of the cell (scaled coordinates)", facts);
        return;
    }
    for (size_t u = 0; u < G_N_ELEMENTS(units); u++) {
        if (fabs(factor / units[u].angstrom - 1) > units[u].tolerance)
            continue;
        g_autofree char *fix =
            g_strdup_printf("scale=%s", alloy_number_text(units[u].angstrom, 12, unit_text));
        g_autofree char *title =
            g_strdup_printf("Multiply all lengths by %s: they are %s", unit_text, units[u].name);
        g_autofree char *voxels =
            &units[u] != BOHR ? g_strdup("")
                              : g_strdup_printf(", or pixels or voxels of about %s angstrom", factor_text);
        alloy_warn(warnings, "unit", fix, title, "%s; they look like %s%s", facts, units[u].name, voxels);
        return;
    }
    g_autofree char *fix = g_strdup_printf("scale=%s", factor_text);
    gboolean pixels = factor > 0.05 && factor < 1;
    g_autofree char *title =
        g_strdup_printf("Multiply all lengths by %s, an estimate from the pair distances%s", factor_text,
                        pixels ? "; better give the true size of a pixel" : "");
    if (pixels)
        alloy_warn(warnings, "unit", fix, title, "%s; they look like pixels or voxels of about %s angstrom",
                   facts, factor_text);
    else if (within_unit_box(atoms))
        alloy_warn(warnings, "unit", fix, title,
                   "%s; they look like scaled coordinates (0 to 1) without the cell they belong to", facts);
    else if (fabs(peak - 1) < 0.02)
        alloy_warn(warnings, "unit", fix, title,
                   "%s; they look like reduced units, the distance of neighbours being 1", facts);
    else
        alloy_warn(warnings, "unit", fix, title, "%s; their unit would be about %s angstrom", facts,
                   factor_text);
}

/* FALSE: cancelled. What is too odd for a pair distribution has the typical distance for a peak. */
static gboolean find_peak(const AlloyAtoms *atoms, double *peak, AlloyProgress *progress, GError **error)
{
    double minimum;
    g_autoptr(GError) none = NULL;
    if (alloy_first_minimum(atoms, &minimum, peak, progress, &none))
        return TRUE;
    if (!alloy_is_cancelled(none))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&none));
    return FALSE;
}

gboolean alloy_check_unit(const AlloyAtoms *atoms, double typical, double *scale, GPtrArray *warnings,
                          AlloyProgress *progress, GError **error)
{
    double low, high, least, most, peak = typical, expected = alloy_expected_distance(atoms);
    alloy_plausible_distances(atoms, &low, &high);
    *scale = 1;
    if (atoms->n < FEWEST || isnan(typical))
        return TRUE;
    gboolean possible = typical >= low && typical <= high;
    if (possible &&
        (!alloy_metal_peaks(atoms, &least, &most) ||
         (atoms->n > MANY && typical >= LIKELY_LOW * expected && typical <= LIKELY_HIGH * expected)))
        return TRUE;
    /* The peak of all pairs is closer to the expected distance than the nearest of several neighbours is. */
    if (!find_peak(atoms, &peak, progress, error))
        return FALSE;
    /* where everything is there twice, the peak is not that of neighbours */
    if (possible && ((peak >= least && peak <= most) || peak < 0.5 * typical))
        return TRUE;
    if (possible && alloy_cell_is_periodic(atoms->cell)) {
        /* a cell that is too small for its atoms puts images between them, and is said for itself */
        AlloyAtoms bare = *atoms;
        double alone = peak;
        bare.cell = NULL;
        if (!find_peak(&bare, &alone, progress, error))
            return FALSE;
        if (alone >= least && alone <= most)
            return TRUE;
    }
    if (isnan(expected))
        expected = ALLOY_EXPECTED_METAL;
    *scale = peak / expected;
    warn_unit(atoms, peak, expected, low, high, possible, warnings);
    return TRUE;
}
