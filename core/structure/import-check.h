/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"
#include "core/data/warning.h"

G_BEGIN_DECLS

/* What looks wrong in a model, said with numbers and with the fix (import.h) that would mend it. Nothing is
 * corrected.
 *
 * unit: Lengths that cannot be angstrom: the median distance to the nearest neighbour is far from what the
 * composition has (elements.h). The likely cause (pixels or voxels, nm, pm, bohr, metre, scaled coordinates)
 * is named; fix scale=FACTOR or fractional=true. From 10 atoms on.
 *
 * short-distance: Pairs closer than ALLOY_SHORT of the distance expected for their species: tracing errors.
 * Numbers of atoms count from 1 in the order of the file. Fix merge=TOLERANCE.
 *
 * duplicates: Atoms at the same place (within ALLOY_SAME angstrom). Fix merge=TOLERANCE.
 *
 * occupancy: Sites that are occupied in part by the column `occupancy`, which species share one, and how many
 * are empty in part. Atoms of one site are neither short nor duplicates. Fix occupancy=most or
 * occupancy=draw.
 *
 * counts: What the file says of itself (natoms, a formula of 50 atoms or more, an array as long as the model
 * but for a few) against the atoms that are there.
 *
 * species: Labels that are no element. Fix species=LABEL:ELEMENT where the label suggests one.
 *
 * cell: A cell that does not contain its atoms (outside in a direction that is not periodic, or more than
 * half a cell outside in one that is), or that is too small: atoms overlap with images of others. Fix
 * wrap=true, cell=none, cell=fit.
 *
 * Linear in the number of atoms. FALSE only when cancelled, or when neighbours cannot be found (a coordinate
 * beyond 1e307). warnings is
 * nullable. */
gboolean alloy_check_atoms(const AlloyAtoms *atoms, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error);

/* The same for what a file gave: atoms, or a series, where the same warning of several stages becomes one
 * ("stages 0-3: ..."). Anything else has nothing to be checked. */
gboolean alloy_check_data(const AlloyData *data, GPtrArray *warnings, AlloyProgress *progress,
                          GError **error);

/* Pairs closer than this part of the expected distance are short. Thermal and tracing noise stay above 0.75
 * (the shortest bond of a metal in experiment and simulation), the tracing errors of published particles lie
 * at 0.59 to 0.66 (1.63 to 1.82 of 2.75 angstrom). */
#define ALLOY_SHORT 0.7
#define ALLOY_SAME 1e-3

/* The distance between neighbours that the composition of a model lets expect, angstrom: the mean of the
 * elements' distances in their solids weighted with the concentrations for metals and semiconductors; the
 * shortest sum of two covalent radii where others take part. NaN when most atoms are of no known element. */
double alloy_expected_distance(const AlloyAtoms *atoms);

G_END_DECLS
