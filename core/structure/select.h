/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/data/selection.h"
#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* Sets of atoms: by a condition (expression.h, quantities.h), and from one to the next shell of neighbours.
 * Boolean operations stand in core/data/selection.h. */

/* The atoms for which expression holds. pair_names: of the series that atoms are a stage of; NULL: of the
 * atoms alone. cutoff of the first shell, angstrom; NaN: the first minimum of the pair distribution, if the
 * expression needs one. NULL: no such expression, or cancelled. */
const AlloySelection *alloy_select(const AlloyAtoms *atoms, AlloyPairNames *pair_names,
                                   const char *expression, double cutoff, AlloyProgress *progress,
                                   GError **error);

/* Adds the neighbours of what is selected, shells times: after n shells every atom is selected that n steps
 * from neighbour to neighbour or fewer lead to. */
const AlloySelection *alloy_selection_grow(const AlloySelection *selection, const AlloyNeighbours *neighbours,
                                           unsigned shells, AlloyProgress *progress, GError **error);
/* Takes away what has a neighbour that is not selected, shells times: the complement grows. The surface of
 * the particle is no edge of a selection, for there is nothing beyond it that could be selected. */
const AlloySelection *alloy_selection_shrink(const AlloySelection *selection,
                                             const AlloyNeighbours *neighbours, unsigned shells,
                                             AlloyProgress *progress, GError **error);

/* The per-atom boolean column `selected`. */
const AlloyColumn *alloy_selection_column(const AlloySelection *selection);
/* The atoms where a boolean column is true or a numeric one is neither 0 nor missing. NULL and an error for
 * text. */
const AlloySelection *alloy_selection_from_column(const AlloyColumn *column, GError **error);

extern const AlloyOperation alloy_op_select;

G_END_DECLS
