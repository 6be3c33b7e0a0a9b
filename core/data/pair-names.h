/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The names of the pairs of some species, "A_B", as they stand in csrop_A_B, g_A_B, z_A_B. Where the species
 * A, A_B and B_A are all there, "A_B_A" would be two pairs: each of these is written with two bars, "A__B_A"
 * and "A_B__A", and where that is not enough with the numbers of the species behind. Nothing is kept for a
 * pair: there may be many thousands of species. */
typedef struct _AlloyPairNames AlloyPairNames;

/* The same species may come more than once; copied. */
AlloyPairNames *alloy_pair_names_new(const char *const *species, size_t n);
AlloyPairNames *alloy_pair_names_ref(AlloyPairNames *names);
void alloy_pair_names_unref(AlloyPairNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyPairNames, alloy_pair_names_unref)

/* Of two of the species; free with g_free. */
char *alloy_pair_name(const AlloyPairNames *names, const char *a, const char *b);
/* Whether "A_B" would have been another pair as well. */
gboolean alloy_pair_name_clashes(const AlloyPairNames *names, const char *a, const char *b);
/* The pair of that name, its species borrowed; FALSE: there is none, or it is one of those with numbers. */
gboolean alloy_pair_names_find(const AlloyPairNames *names, const char *name, const char **a, const char **b);

G_END_DECLS
