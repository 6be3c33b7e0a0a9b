/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Drawing n of N of which K are marked and finding k marked: the deviation from the mean n K/N in standard
 * deviations, and the probability of one as large or larger to either side (exact sums of the hypergeometric
 * distribution), never less than ALLOY_LEAST_P: how much smaller it is, doubles cannot tell much further. */
#define ALLOY_LEAST_P 1e-300
typedef struct {
    double expected, sd, z, p; /* z is NaN where nothing can vary */
} AlloyHypergeometric;
AlloyHypergeometric alloy_hypergeometric(uint64_t k, uint64_t n, uint64_t K, uint64_t N);

G_END_DECLS
