/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/null.h"

G_BEGIN_DECLS

/* Chemical short-range order parameters of pairs of species, per atom: the arithmetic. */

typedef enum {
    /* (p - C_j) / (delta_ij - C_j): positive is like with like for i = j, and mixing for i != j. D. de
     * Fontaine, J. Appl. Cryst. 4, 15 (1971); Li, Sheng, Ma, Nat. Commun. 10, 3563 (2019); arXiv:2606.12150,
     * methods 6.3. */
    ALLOY_ORDER_PAIRWISE,
    /* 1 - p / C_j: positive is less of j than at random, for i = j too. J. M. Cowley, Phys. Rev. 77, 669
     * (1950). The same off the diagonal. */
    ALLOY_ORDER_WARREN_COWLEY,
} AlloyOrderForm;

/* Of p, the fraction of species j among the neighbours of species i, and C_j. NaN where the form divides by
 * 0. */
double alloy_order_parameter(AlloyOrderForm form, double p, double concentration, gboolean same);
/* Its values at p = 0 and p = 1, the lower first. */
void alloy_order_range(AlloyOrderForm form, double concentration, gboolean same, double *lowest,
                       double *highest);
/* The sum of the parameters of n centres whose p sum to share. */
double alloy_order_sum(AlloyOrderForm form, double share, double n, double concentration, gboolean same);
/* +1 or -1: what makes the parameter of centres of this kind towards the chosen species positive where there
 * is more of the species than at random. */
double alloy_order_sign(AlloyOrderForm form, gboolean same);

typedef struct {
    const AlloyShell *shell; /* whose neighbours are counted */
    const AlloyShell *ball;  /* NULL: every atom by itself. Else the neighbours of all centres of kind i among
                                an atom  and its row of ball are pooled */
    const uint8_t *label;    /* of each site: species 0..n_kinds-1, at most ALLOY_MOST_SPECIES */
    unsigned n_kinds;
    const uint8_t *is_centre;    /* one byte per site; NULL: all are */
    const double *concentration; /* n_kinds */
    AlloyOrderForm form;
    gboolean symmetrise;     /* (a_ij + a_ji) / 2; with ball only */
    gboolean undefined_zero; /* 0 instead of NaN for a centre without neighbours */
} AlloyOrder;

/* Sums over the sites; K = n_kinds. */
typedef struct {
    uint64_t *pairs;      /* [i*K + j]: neighbours j of centres i, each centre by itself */
    uint64_t *neighbours; /* [i]: neighbours of centres i */
    uint64_t *evaluated;  /* [i*K + j]: sites where a value was to be had */
    uint64_t *undefined;  /* [i*K + j]: of those, without neighbours to speak of, or 0/0 */
} AlloyOrderTotals;
AlloyOrderTotals *alloy_order_totals_new(unsigned n_kinds);
void alloy_order_totals_free(AlloyOrderTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyOrderTotals, alloy_order_totals_free)

/* columns[i*K + j][row] is the parameter of the pair at the site of that row: NaN where the site is no
 * centre, and without ball where it is not of kind i. site: of each of n rows, G_MAXUINT32 for none; NULL:
 * row = site. target >= 0: indicator[row] is the parameter of the atom's own kind towards target, with its
 * alloy_order_sign. totals is added to. */
gboolean alloy_order_columns(const AlloyOrder *order, const uint32_t *site, size_t n, double *const *columns,
                             int target, double *indicator, AlloyOrderTotals *totals, AlloyProgress *progress,
                             GError **error);

/* Statistics of one arrangement for the null of `order`: the mean of every pair at [i*K + j], the pooled
 * value at [K*K + i*K + j], and with target >= 0 the mean of the indicator at [2*K*K]. */
unsigned alloy_order_statistics(unsigned n_kinds, int target);
/* Their null: labels shuffled over all sites. fixed_concentration: order->concentration stays as it is; else
 * the concentrations are those of the centres in every arrangement. results: alloy_order_statistics of them.
 */
gboolean alloy_order_null(const AlloyOrder *order, const AlloyShuffles *shuffles,
                          gboolean fixed_concentration, int target, AlloyNull *results,
                          AlloyProgress *progress, GError **error);

G_END_DECLS
