/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Powers of ten to 128 bits, for the numbers in texts. Internal to core/base. */

typedef unsigned __int128 AlloyWide;

#define ALLOY_POWER10_MIN (-364)
#define ALLOY_POWER10_MAX 363
#define ALLOY_POWER10_STEP 28

extern const uint64_t alloy_powers_of_5[ALLOY_POWER10_STEP]; /* 5^0 .. 5^27, the largest below 2^64 */
/* floor(10^(28k) * 2^j), j such that the first of its 128 bits is set, for k = -13 .. 12. */
extern const uint64_t alloy_coarse_powers_of_10[26][2];

/* floor(log2(10^n)) for |n| <= 400. */
static inline int alloy_log2_power10(int n)
{
    return (n * 1741647) >> 19;
}

/* floor(log10(2^n)) for |n| <= 1100. */
static inline int alloy_log10_power2(int n)
{
    return (n * 315653) >> 20;
}

/* Leading 128 bits of m * 10^n for m with its first bit (2^63) set and ALLOY_POWER10_MIN <= n <=
 * ALLOY_POWER10_MAX: the real product is p * 2^(64 + alloy_log2_power10(n) - 127) with product <= p < product
 * + 4; p = product, exactly, for 0 <= n < 28. */
static inline AlloyWide alloy_times_power10(uint64_t m, int n)
{
    int coarse = (n - ALLOY_POWER10_MIN) / ALLOY_POWER10_STEP;
    int rest = n - ALLOY_POWER10_MIN - coarse * ALLOY_POWER10_STEP;
    uint64_t five = alloy_powers_of_5[rest];
    five <<= __builtin_clzll(five);
    if (coarse == -ALLOY_POWER10_MIN / ALLOY_POWER10_STEP)
        return (AlloyWide)m * five;
    /* c is cut, the real one is below c + 1; the product with five < 2^64 loses up to 2 units of the last of
     * 128 bits (its own cut included), 3 when it is moved by a bit. */
    uint64_t high = alloy_coarse_powers_of_10[coarse][0], low = alloy_coarse_powers_of_10[coarse][1];
    AlloyWide under = (AlloyWide)low * five;
    AlloyWide power = (AlloyWide)high * five + (uint64_t)(under >> 64);
    if (!(power >> 127))
        power = power << 1 | ((uint64_t)under >> 63);
    /* Times m < 2^64: 3 units become less than 3 of ours, the cut below makes them less than 4. */
    AlloyWide lower = (AlloyWide)m * (uint64_t)power;
    return (AlloyWide)m * (uint64_t)(power >> 64) + (uint64_t)(lower >> 64);
}
