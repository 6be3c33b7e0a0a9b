/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/formats/text.h"

G_BEGIN_DECLS

/* What the readers and writers of atomic models share. */

/* A line that holds one atom. Where such lines differ in their number of fields (trailing words, optional
 * flags) they are gathered first and then read by many threads. */
typedef struct {
    AlloySpan text;
    uint64_t line;
} AlloyAtomLine;

/* Reads line i into the arrays of data. at is good for alloy_lines_error and its like: it stands at that
 * line. */
typedef gboolean (*AlloyAtomLineFunc)(const AlloyLines *at, AlloySpan text, size_t i, gpointer data,
                                      GError **error);

/* All lines; the error is that of the first wrong one. lines: of AlloyAtomLine. */
gboolean alloy_atom_lines_read(const AlloySource *source, const GArray *lines, AlloyAtomLineFunc fn,
                               gpointer data, AlloyProgress *progress, GError **error);

/* Takes the next n lines that are not blank off lines, without what comes after comment (0: nothing does).
 * what: "atoms", for the error that the file ends too early. NULL with the error. n has been checked. */
GArray *alloy_atom_lines_take(AlloyLines *lines, size_t n, char comment, const char *what, GError **error);

/* Fractional to angstrom in place: origin + (x, y, z) rows of vector. */
void alloy_model_to_cartesian(AlloyAtomsBuilder *builder, const AlloyCell *cell);
/* FALSE and an error when a position has become infinite. */
gboolean alloy_model_check_finite(const AlloyAtomsBuilder *builder, const char *place, GError **error);

/* Kind k + 1 of a file that numbers its kinds: "Type 3". */
int alloy_model_numbered_kind(AlloyAtomsBuilder *builder, int64_t number);
/* Says (code "species", with the fix) that the kind called name, which is no element, has the mass of one. */
void alloy_model_warn_mass(GPtrArray *warnings, const AlloySource *source, const char *name, double mass);

/* Sets text of the file as info; blank text is nothing. */
void alloy_model_set_text(AlloyAtomsBuilder *builder, const char *name, AlloySpan text, GPtrArray *warnings,
                          const AlloySource *source);
/* A name for a column: UTF-8, and not one of those that an atomic model keeps for itself ("x" becomes
 * "file_x"). */
char *alloy_model_column_name(AlloySpan name);

/* Cell of three lengths (angstrom) and three angles (degree): a along x, b in the xy plane, periodic. FALSE
 * and an error when there is no such cell. */
gboolean alloy_cell_from_parameters(AlloyCell *cell, const double lengths[3], const double angles[3],
                                    const char *place, uint64_t line, GError **error);

/* One model, or a series of several, which are named by their info (stage_label, else timestep). models: of
 * AlloyAtoms, at least one. */
AlloyData *alloy_models_finish(const GPtrArray *models, const char *title);

/* A label as one word: blanks become '_', nothing becomes "_". */
void alloy_model_append_word(GString *out, const char *text);

G_END_DECLS
