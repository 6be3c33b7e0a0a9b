/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where an axis is marked and what stands there. All text is the same in every locale: '.' as decimal sign,
 * U+2212 as minus, superscripts as ^{...} (see text.h). */
typedef struct {
    double value;
    char *label; /* NULL: a minor tick */
} AlloyTick;

typedef struct {
    AlloyTick *ticks; /* by rising value */
    unsigned n;
    int exponent; /* a label times 10^exponent is the value: shown once, at the end of the axis; 0: nothing */
} AlloyTicks;

/* Ticks inside [low, high] (either way round; degenerate ranges as alloy_range_usable makes them) at steps of
 * 1, 2, 2.5 or 5 times a power of ten, about `wanted` labels (at least two where wanted >= 2). */
AlloyTicks *alloy_ticks_linear(double low, double high, double wanted);
/* On a logarithmic axis: decades, with their 2 and 5 where there are few, every so many where there are many;
 * in less than a decade linear steps. */
AlloyTicks *alloy_ticks_log(double low, double high, double wanted);
void alloy_ticks_free(AlloyTicks *ticks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyTicks, alloy_ticks_free)

/* Makes a range that an axis can show of any two numbers, keeping its direction: not finite, equal, too close
 * for doubles to tell ticks apart, too far apart to subtract, not positive on a log axis. */
void alloy_range_usable(double *low, double *high, gboolean log);

/* "×10^{n}" for an exponent other than 0; NULL otherwise. Free with g_free. */
char *alloy_ticks_multiplier(const AlloyTicks *ticks);

G_END_DECLS
