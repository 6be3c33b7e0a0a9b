/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/model.h"

G_BEGIN_DECLS

/* What the columns of section Atoms mean: the atom styles of LAMMPS (docs.lammps.org/read_data.html). Three
 * image flags may follow in each line. */

/* Names of the columns: "id", "mol", "type", "x", "y", "z" and those of the style; NULL-terminated, free with
 * g_strfreev. From what stands after "Atoms #" ("full", "hybrid angle sphere"); NULL without an error: that
 * is no style; NULL with an error: a hybrid of a style that is not known. */
char **alloy_lammps_style_columns(const AlloyLines *at, AlloySpan hint, GError **error);

/* By the number and kind of the columns of the lines (of AlloyAtomLine): types go from 1 to n_types (0: not
 * known). bonded: the head announces bonds. *style: what it was taken for. NULL with an error when nothing or
 * more than one layout fits. */
char **alloy_lammps_style_guess(const AlloySource *source, const GArray *lines, int64_t n_types,
                                gboolean bonded, const char **style, GError **error);

/* Whether a column of this name holds integers. */
gboolean alloy_lammps_style_is_integer(const char *column);

G_END_DECLS
