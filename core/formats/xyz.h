/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/format.h"

G_BEGIN_DECLS

/* Writes atoms, or a series as frames with stage_time, stage_temperature and stage_label in their comment
 * lines.
 *
 * A property is a column, but three columns N_x, N_y, N_z in this order, of one type and unit, become N of
 * three. A name or label of an atom cannot hold blanks in this format, a name no colon: they become
 * underscores ("Type 2" is written as Type_2), an empty label becomes one. */
gboolean alloy_xyz_writes(const AlloyData *data);
void alloy_xyz_losses(const AlloyData *data, AlloyLosses *losses);
gboolean alloy_xyz_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress, GError **error);

G_END_DECLS
