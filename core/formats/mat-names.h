/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the name of a variable says. A MAT-file has no other description, and every group has its own names:
 * pos, model, model_refined, final_atom_coord_inAngstrom, TotPosArr; type, atoms, atom_type, local_atomtype.
 */

/* Positions: the surer, the higher; 0 when it says nothing, -1 when it names something else (angles,
 * deviations, velocities). */
int alloy_mat_name_of_positions(const char *name);
/* Types or species of atoms: the surer, the higher; 0 no. */
int alloy_mat_name_of_species(const char *name);
/* These are atomic numbers. */
gboolean alloy_mat_name_of_numbers(const char *name);

G_END_DECLS
