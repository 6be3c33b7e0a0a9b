/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/number.h"
#include "core/base/power10.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* 17 digits of m * 2^e are the integer nearest to m * 2^e * 10^p, p = 16 - floor(log10(m * 2^e)). The product
 * is known to some 124 bits of which 58 stand before the point: where the bits behind it cannot tell which
 * neighbour is nearer, printf decides. */

#define DIGITS 17
#define DIGITS_END 100000000000000000u /* 10^17 */

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

/* Writes the eight digits of value < 10^8. */
static inline void write_8(char *out, uint32_t value)
{
    uint32_t high = value / 10000, low = value % 10000;
    memcpy(out, pairs + 2 * (high / 100), 2);
    memcpy(out + 2, pairs + 2 * (high % 100), 2);
    memcpy(out + 4, pairs + 2 * (low / 100), 2);
    memcpy(out + 6, pairs + 2 * (low % 100), 2);
}

/* Writes value without leading zeros and returns the end. */
static char *write_integer(char *out, uint64_t value)
{
    char digits[20];
    size_t first = sizeof digits;
    while (value >= 100) {
        first -= 2;
        memcpy(digits + first, pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        memcpy(digits + first, pairs + 2 * value, 2);
    } else
        digits[--first] = (char)('0' + value);
    memcpy(out, digits + first, sizeof digits - first);
    return out + (sizeof digits - first);
}

size_t alloy_format_int64(int64_t value, char out[ALLOY_DOUBLE_TEXT])
{
    char *p = out;
    if (value < 0)
        *p++ = '-';
    p = write_integer(p, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    *p = '\0';
    return (size_t)(p - out);
}

/* The 17 digits of m * 2^e, m with its first bit set, and the exponent of the first; FALSE when 128 bits
 * cannot tell. */
static inline gboolean find_digits(uint64_t m, int e, uint64_t *digits, int *exponent)
{
    int k = alloy_log10_power2(e + 63); /* the first digit's exponent, or one less */
    int p = DIGITS - 1 - k;
    AlloyWide slack = p >= 0 && p < ALLOY_POWER10_STEP ? 0 : 4;
    AlloyWide product = alloy_times_power10(m, p);
    int shift = -(e + 64 + alloy_log2_power10(p) - 127); /* about 72: 54..58 bits stand before the point */
    AlloyWide one = (AlloyWide)1 << shift, half = one >> 1;
    AlloyWide fraction = product & (one - 1);
    uint64_t whole = (uint64_t)(product >> shift);
    if (whole >= DIGITS_END) {
        /* An 18th digit: it goes to the fraction, ten times as large. */
        k++;
        fraction += (whole % 10) * one;
        whole /= 10;
        half *= 10;
    }
    gboolean up;
    if (fraction > half)
        up = TRUE;
    else if (slack == 0)
        up = fraction == half && (whole & 1); /* an exact half goes to the even neighbour */
    else if (fraction + slack <= half)
        up = FALSE;
    else
        return FALSE;
    whole += up;
    if (whole == DIGITS_END) {
        whole /= 10;
        k++;
    }
    *digits = whole;
    *exponent = k;
    return TRUE;
}

/* The same for size in [1e-4, 1e17) = m * 2^e: all exact in 128 bits, and without branches that random
 * numbers would take at random. */
static inline void find_digits_exactly(double size, uint64_t m, int e, uint64_t *digits, int *exponent)
{
    static const double powers[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                    1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    int k = alloy_log10_power2(e + DBL_MANT_DIG - 1);
    k += size >= powers[k + 5];
    AlloyWide product, fraction, half;
    uint64_t whole;
    for (;; k--) {
        int p = DIGITS - 1 - k, shift = -(e + p);
        product = (AlloyWide)m * alloy_powers_of_5[p];
        if (shift <= 0) {
            *digits = (uint64_t)product << -shift;
            *exponent = k;
            return;
        }
        whole = (uint64_t)(product >> shift);
        half = (AlloyWide)1 << (shift - 1);
        fraction = product & (2 * half - 1);
        /* The double 1e-3 may be smaller than 10^-3: then k was too large. */
        if (G_LIKELY(whole >= DIGITS_END / 10))
            break;
    }
    whole +=
        (fraction > half) | ((fraction == half) & (whole & 1)); /* an exact half goes to the even neighbour */
    int carried = whole == DIGITS_END;
    *digits = carried ? DIGITS_END / 10 : whole;
    *exponent = k + carried;
}

/* As %g lays out: digits of exponent -4..16 with a point, others with an exponent; no zeros at the end. */
static char *lay_out(char *p, uint64_t value, int exponent)
{
    char digits[DIGITS + 16]; /* beyond the 17 whatever, for copies of fixed size */
    uint32_t high = (uint32_t)(value / 100000000), low = (uint32_t)(value % 100000000);
    digits[0] = (char)('0' + high / 100000000);
    write_8(digits + 1, high % 100000000);
    write_8(digits + 9, low);
    size_t n = DIGITS;
    uint64_t last; /* eight digits, without a loop that ends here or there */
    memcpy(&last, digits + DIGITS - 8, sizeof last);
    last = GUINT64_FROM_LE(last) ^ 0x3030303030303030u;
    if (last != 0)
        n -= (size_t)__builtin_clzll(last) / 8;
    else
        for (n -= 8; n > 1 && digits[n - 1] == '0';)
            n--;

    if (exponent >= 0 && exponent < DIGITS) {
        size_t whole = (size_t)exponent + 1;
        if (n > whole && whole <= 14) {
            /* With a sign and the point this ends at byte 32 at most. */
            memcpy(p, digits, 16);
            p[whole] = '.';
            memcpy(p + whole + 1, digits + whole, 16);
            return p + n + 1;
        }
        memcpy(p, digits, whole);
        p += whole;
        if (n > whole) {
            *p++ = '.';
            memcpy(p, digits + whole, n - whole);
            p += n - whole;
        }
        return p;
    }
    if (exponent < 0 && exponent >= -4) {
        memcpy(p, "0.000", 5);
        p += 1 - exponent;
        memcpy(p, digits, n);
        return p + n;
    }
    *p++ = digits[0];
    if (n > 1) {
        *p++ = '.';
        memcpy(p, digits + 1, n - 1);
        p += n - 1;
    }
    *p++ = 'e';
    *p++ = exponent < 0 ? '-' : '+';
    unsigned size = (unsigned)ABS(exponent);
    if (size >= 100)
        *p++ = (char)('0' + size / 100);
    memcpy(p, pairs + 2 * (size % 100), 2);
    return p + 2;
}

size_t alloy_format_double(double value, char out[ALLOY_DOUBLE_TEXT])
{
    if (isnan(value)) /* its sign says nothing, and differs between processors */
        return (size_t)(g_stpcpy(out, "nan") - out);
    char *p = out;
    *p = '-';
    p += signbit(value) != 0;
    double size = fabs(value);
    if (isinf(value))
        return (size_t)(g_stpcpy(p, "inf") - out);
    if (size < 1e15 && size == (double)(uint64_t)size)
        p = write_integer(p, (uint64_t)size);
    else {
        uint64_t bits;
        memcpy(&bits, &size, sizeof bits);
        int e = (int)(bits >> 52);
        uint64_t m = bits & (((uint64_t)1 << 52) - 1);
        if (e > 0)
            m |= (uint64_t)1 << 52;
        else
            e = 1;
        int zeros = __builtin_clzll(m);
        uint64_t digits;
        int exponent;
        if (size >= 1e-4 && size < 1e17)
            find_digits_exactly(size, m, e - 1075, &digits, &exponent);
        else if (!find_digits(m << zeros, e - 1075 - zeros, &digits, &exponent)) {
            g_ascii_formatd(out, ALLOY_DOUBLE_TEXT, "%.17g", value);
            return strlen(out);
        }
        p = lay_out(p, digits, exponent);
    }
    *p = '\0';
    return (size_t)(p - out);
}
