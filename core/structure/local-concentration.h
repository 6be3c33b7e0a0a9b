/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/structure/shell.h"

G_BEGIN_DECLS

/* columns[j][i] is the fraction of species j among the neighbours of atom i, NaN for an atom without
 * neighbours. label: 0..n_kinds-1 of each of shell->n atoms. */
gboolean alloy_local_concentrations(const AlloyShell *shell, const uint8_t *label, unsigned n_kinds,
                                    double *const *columns, AlloyProgress *progress, GError **error);

extern const AlloyOperation alloy_op_local_concentration;

G_END_DECLS
