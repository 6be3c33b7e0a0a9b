/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* Coordination numbers as a per-atom column "cn" (number of neighbours closer than the list's cutoff). */
const AlloyColumn *alloy_coordination_column(const AlloyNeighbours *neighbours);

/* Mean coordination number at a cutoff (angstrom), without keeping the list. NaN and an error when it fails.
 */
double alloy_mean_coordination(const AlloyAtoms *atoms, double cutoff, AlloyProgress *progress,
                               GError **error);

extern const AlloyOperation alloy_op_coordination;

G_END_DECLS
