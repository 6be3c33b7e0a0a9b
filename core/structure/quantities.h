/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/data/pair-names.h"
#include "core/structure/expression.h"
#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* What the names of an expression mean for an atomic model:
 *
 *   any column of the model by its name, then what is computed when it is asked for:
 *   species        label of the atom           element      symbol of its element, "" for none
 *   index          place in the file, from 0   x y z        angstrom
 *   r              distance from the centre of mass of the positions, angstrom
 *   cn             coordination number
 *   csrop.A        segregation indicator of species A     csrop_A_B    chemical short-range order of a pair
 *   c.A, c_A       local concentration of A in the first shell: these three as the operations csrop and
 *                  local-concentration have them by default
 *
 * A column of the model that has one of these names (cn of an earlier run, say) is taken as it is. */
typedef struct _AlloyQuantities AlloyQuantities;

/* cutoff of the first shell, angstrom; NaN: the first minimum of the pair distribution, found when it is
 * needed. Keeps references to atoms and progress (nullable). */
AlloyQuantities *alloy_quantities_new(const AlloyAtoms *atoms, double cutoff, AlloyProgress *progress);
/* Those of a series, of which atoms are a stage; NULL: of the atoms alone. */
void alloy_quantities_set_pair_names(AlloyQuantities *quantities, AlloyPairNames *names);
void alloy_quantities_free(AlloyQuantities *quantities);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyQuantities, alloy_quantities_free)

/* For the expression engine; valid as long as quantities. */
AlloyNames alloy_quantities_names(AlloyQuantities *quantities);
/* The neighbours of the first shell, made when first asked for; borrowed. NULL with an error. */
const AlloyNeighbours *alloy_quantities_neighbours(AlloyQuantities *quantities, GError **error);
/* The cutoff as given or as it was found; NaN as long as nothing needed it. */
double alloy_quantities_cutoff(const AlloyQuantities *quantities);
/* Warns where a cutoff that was found may as well be another. */
void alloy_quantities_warn(const AlloyQuantities *quantities, GPtrArray *warnings);

G_END_DECLS
