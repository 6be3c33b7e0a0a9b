/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/series.h"
#include "core/structure/import-check.h"

G_BEGIN_DECLS

/* Reading a file with its checks (import-check.h) and with the fixes that the user asked for. A fix is a
 * NAME=VALUE; a warning offers it in the same words. */

typedef struct {
    const char *name, *value; /* "scale", "FACTOR" */
    const char *help;
} AlloyFix;
/* All there are, ended by one with name NULL:
 *
 *   scale=FACTOR        multiplies positions, cell, and columns in angstrom, angstrom^2, angstrom^3
 *   fractional=true     takes the positions as fractions of the cell
 *   merge=TOLERANCE     removes every atom that is closer than this (angstrom) to an earlier one that stays
 *   types=FILE          takes the species from another file: a table with one type or label per atom, or a
 *                       model of as many atoms; types=COLUMN: from a column of the model itself
 *   species=LABEL:ELEMENT[,LABEL:ELEMENT...]
 *                       says which element a label is; a backslash before , : and \ in a label
 *   wrap=true           brings the atoms into the cell, in its periodic directions
 *   cell=none           takes the cell away
 *   cell=fit            makes the cell contain the atoms in the directions that are not periodic
 *   occupancy=most      keeps of every site that is occupied in part the atom of the species that most of it
 *                       holds, none where less than half of it is occupied; the share becomes the column
 *                       site_occupancy
 *   occupancy=draw      the same, but one drawn by the shares, or none: with seed 0, or draw:SEED */
extern const AlloyFix alloy_fixes[];

/* The model with the fix. NULL: ALLOY_ERROR_PARAMETER for a name or value that is none, ALLOY_ERROR_INPUT
 * where it cannot be done to this model. */
const AlloyAtoms *alloy_apply_fix(const AlloyAtoms *atoms, const char *name, const char *value,
                                  GError **error);

/* Atoms or a series with a fix "NAME=VALUE": every stage gets it. A new reference. */
AlloyData *alloy_fix_data(const AlloyData *data, const char *fix, GError **error);

/* Reads path (format nullable: found by its content), applies fixes (NULL-terminated, nullable) one after the
 * other, and checks what comes out. warnings (nullable): those of the reader that no fix has mended, then
 * those of the checks. */
AlloyData *alloy_import(const char *path, const char *format, char *const *fixes, GPtrArray *warnings,
                        AlloyProgress *progress, GError **error);

G_END_DECLS
