/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/import-check.h"

G_BEGIN_DECLS

/* What the checks on import share. */

/* A number in a message or a fix, to so many significant digits, the same in every locale. */
#define ALLOY_NUMBER_TEXT 40
const char *alloy_number_text(double value, int digits, char out[ALLOY_NUMBER_TEXT]);

/* The distance at which two neighbours of these species lie, angstrom: between metals and semiconductors the
 * mean of the elements' distances, else the sum of the covalent radii. NaN when one is no element. */
double alloy_expected_pair(const AlloySpecies *a, const AlloySpecies *b);
/* What alloy_expected_distance is taken to be where it is not known: a metal. */
#define ALLOY_EXPECTED_METAL 2.7

/* Outside of low..high the typical distance to the nearest neighbour is no length in angstrom. Wide: for
 * metals 0.65 to 1.6 of what is expected, which leaves room for expanded, amorphous and noisy models, and for
 * models of one of the species alone; bohr (1.89) and the voxels of tomography (2 to 4) lie outside. */
void alloy_plausible_distances(const AlloyAtoms *atoms, double *low, double *high);

/* The same for the first peak of the pair distances of a metal or an alloy, which is known far better: 0.9
 * (of the smallest common species, which touches itself in Laves phases and the like) to 1.1 of what is
 * expected. That tells voxels below 0.86 angstrom. FALSE: not a model of metals alone, or of one whose
 * distances are no matter of its element. */
gboolean alloy_metal_peaks(const AlloyAtoms *atoms, double *low, double *high);

/* For every atom the first one at exactly the same place, itself most often: n numbers for g_free. later: how
 * many are not the first. n < 2^32 - 1. */
uint32_t *alloy_first_of_place(const AlloyAtoms *atoms, size_t *later);

/* The median distance to the nearest neighbour, from a sample; where most places are taken twice but for
 * rounding, to the second nearest. NaN: there are no two places. FALSE: cancelled. */
gboolean alloy_typical_distance(const AlloyAtoms *atoms, double *distance, AlloyProgress *progress,
                                GError **error);

/* Warns of lengths that cannot be angstrom. typical: of alloy_typical_distance. scale gets the lengths of the
 * file per angstrom, 1 when they are plausible. */
gboolean alloy_check_unit(const AlloyAtoms *atoms, double typical, double *scale, GPtrArray *warnings,
                          AlloyProgress *progress, GError **error);
/* Warns of pairs that are closer than is possible and of atoms at the same place. */
gboolean alloy_check_pairs(const AlloyAtoms *atoms, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error);

/* keep[i] = 0 for every atom that is closer than tolerance to an earlier one that stays, else 1: n bytes for
 * g_free. In a periodic cell the tolerance must be below half its width. */
uint8_t *alloy_merged_places(const AlloyAtoms *atoms, double tolerance, GError **error);
/* The same as numbers of the atoms that took them: the first one that stays, is nearer than tolerance and
 * lets i in (joins, NULL: all do); i for one that stays. An atom with part[i] = 0 (NULL: there is none) stays
 * and takes none. n numbers for g_free. */
typedef gboolean (*AlloyJoins)(size_t owner, size_t i, gpointer data);
uint32_t *alloy_gather_places(const AlloyAtoms *atoms, double tolerance, const uint8_t *part,
                              AlloyJoins joins, gpointer data, GError **error);
/* Whether the cell is wide enough for that. */
gboolean alloy_can_merge(const AlloyAtoms *atoms, double tolerance);

/* Shares of a site (0 to 1) stand in this column; in files they are rounded to two digits. */
#define ALLOY_OCCUPANCY "occupancy"
#define ALLOY_SHARE_ROUNDING 0.02
/* The column, where it says that sites are occupied in part; NULL: there are none, or all shares are 0, which
 * programs write that do not know them. Borrowed. */
const AlloyColumn *alloy_partial_occupancy(const AlloyAtoms *atoms);
gboolean alloy_is_partial(const AlloyColumn *occupancy, size_t i);
/* For every atom the first of its site: itself, but for those of partial occupancy that stand closer to
 * another such one than any bond and whose shares make 1 at most. total (nullable): of the first of a site
 * the sum of its shares; both for g_free. n < 2^32 - 1. */
uint32_t *alloy_site_owners(const AlloyAtoms *atoms, const AlloyColumn *occupancy, double **total);
/* Warns of sites that are occupied in part, and the fix for them. */
void alloy_check_occupancy(const AlloyAtoms *atoms, GPtrArray *warnings);
const AlloyAtoms *alloy_fix_occupancy(const AlloyAtoms *atoms, const char *value, GError **error);

/* A builder that has everything of atoms but kinds and species, which the caller fills. */
AlloyAtomsBuilder *alloy_builder_without_species(const AlloyAtoms *atoms);
/* The fix types=FILE, or types=COLUMN for a column of the model itself. */
const AlloyAtoms *alloy_fix_types(const AlloyAtoms *atoms, const char *value, GError **error);

G_END_DECLS
