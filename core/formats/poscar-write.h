/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/format.h"

G_BEGIN_DECLS

/* One model as POSCAR of VASP 5, in Cartesian coordinates, which come back bit by bit (but for the origin of
 * the cell, which POSCAR does not know: positions are written relative to it). VASP wants the atoms of a
 * species together, so they are gathered by species, in the order of the kinds, each in the order of the
 * model. */
gboolean alloy_poscar_writes(const AlloyData *data);
gboolean alloy_poscar_check(const AlloyData *data, GError **error);
void alloy_poscar_losses(const AlloyData *data, AlloyLosses *losses);
gboolean alloy_poscar_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                            GError **error);

G_END_DECLS
