/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/format.h"

G_BEGIN_DECLS

/* Models and series as LAMMPS text dumps: id, type, element (unless the kinds are only numbered), x y z and
 * all further columns. Positions come back bit by bit. A box that LAMMPS cannot have (a not along x, or
 * left-handed) is written as a general one ("abc origin"); a model without a cell gets the box that encloses
 * it, not periodic. */
gboolean alloy_lammps_dump_writes(const AlloyData *data);
void alloy_lammps_dump_losses(const AlloyData *data, AlloyLosses *losses);
gboolean alloy_lammps_dump_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                                 GError **error);

G_END_DECLS
