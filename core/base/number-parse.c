/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/number.h"
#include "core/base/power10.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A double, or the middle between two, has at most 767 significant digits, so that beyond them only "is any
 * other than zero" matters. */
#define DIGITS_THAT_COUNT 800
#define DIGITS_OF_WORD 19 /* as many fit 64 bits */

gboolean alloy_parse_int64(const char *begin, const char *end, int64_t *value)
{
    const char *p = begin;
    gboolean negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p >= end)
        return FALSE;
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t sum = 0;
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - (unsigned)'0';
        if (digit > 9 || sum > (limit - digit) / 10)
            return FALSE;
        sum = sum * 10 + digit;
    }
    *value = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return TRUE;
}

static gboolean span_is(const char *begin, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - begin) == length && g_ascii_strncasecmp(begin, word, length) == 0;
}

static gboolean parse_word(const char *begin, const char *end, double *value)
{
    if (span_is(begin, end, "nan"))
        *value = NAN;
    else if (span_is(begin, end, "inf") || span_is(begin, end, "infinity"))
        *value = INFINITY;
    else
        return FALSE;
    return TRUE;
}

/* The parts of a number's text: the digits before and after the point, and the exponent behind the letter. */
typedef struct {
    const char *whole, *whole_end, *part, *part_end;
    int64_t exponent;
} Spans;

/* Digits of a number, those after the first DIGITS_THAT_COUNT only as "is one of them not zero". */
typedef struct {
    char text[DIGITS_THAT_COUNT + ALLOY_DOUBLE_TEXT];
    size_t n;
    size_t dropped;
    gboolean rest;
} Digits;

static void take_digits(Digits *digits, const char *begin, const char *end)
{
    const char *p = begin;
    if (digits->n == 0)
        while (p < end && *p == '0')
            p++;
    size_t taken = MIN((size_t)(end - p), DIGITS_THAT_COUNT - digits->n);
    memcpy(digits->text + digits->n, p, taken);
    digits->n += taken;
    p += taken;
    digits->dropped += (size_t)(end - p);
    for (; p < end && !digits->rest; p++)
        digits->rest = *p != '0';
}

/* By the library, whose time grows with the square of the digits: it never sees more than count. */
static double parse_exactly(const Spans *spans)
{
    Digits digits;
    digits.n = 0;
    digits.dropped = 0;
    digits.rest = FALSE;
    take_digits(&digits, spans->whole, spans->whole_end);
    take_digits(&digits, spans->part, spans->part_end);
    int64_t exponent = spans->exponent + (int64_t)digits.dropped - (spans->part_end - spans->part);
    if (digits.rest) {
        digits.text[digits.n++] = '1';
        exponent--;
    }
    exponent = CLAMP(exponent, -9999, 9999); /* at most 801 digits stand before it */
    digits.text[digits.n++] = 'e';
    alloy_format_int64(exponent, digits.text + digits.n);
    return g_ascii_strtod(digits.text, NULL);
}

/* The double nearest to w * 10^q for w > 0; FALSE when 128 bits of the product cannot tell. */
static gboolean nearest_double(uint64_t w, int64_t q, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    /* Both exact, so that the one operation rounds once (W. D. Clinger, PLDI 1990). */
    if (FLT_EVAL_METHOD == 0 && w <= (uint64_t)1 << DBL_MANT_DIG && q >= -22 && q <= 22) {
        *value = q < 0 ? (double)w / powers[-q] : (double)w * powers[q];
        return TRUE;
    }
    /* w is below 10^20, the least double 4.9e-324, the largest 1.8e308. */
    if (q < -344 || q > 308) {
        *value = q < 0 ? 0 : HUGE_VAL;
        return TRUE;
    }
    int zeros = __builtin_clzll(w);
    AlloyWide product = alloy_times_power10(w << zeros, (int)q),
              slack = q >= 0 && q < ALLOY_POWER10_STEP ? 0 : 4;
    int e = 64 - zeros + alloy_log2_power10((int)q); /* of the product's first bit */
    if (!(product >> 127)) {
        product <<= 1;
        slack <<= 1;
        e--;
    }
    int bits =
        e >= DBL_MIN_EXP - 1 ? DBL_MANT_DIG : DBL_MANT_DIG + e - (DBL_MIN_EXP - 1); /* fewer for a denormal */
    if (bits < 1)
        return FALSE;
    int shift = 128 - bits;
    AlloyWide fraction = product & (((AlloyWide)1 << shift) - 1), half = (AlloyWide)1 << (shift - 1);
    uint64_t mantissa = (uint64_t)(product >> shift);
    if (fraction > half)
        mantissa++;
    else if (slack == 0)
        mantissa += fraction == half && (mantissa & 1);
    else if (fraction + slack > half)
        return FALSE;
    if (e >= DBL_MAX_EXP) {
        *value = HUGE_VAL;
        return TRUE;
    }
    /* A mantissa that was rounded up to the next power of two carries into the exponent, as it shall. */
    uint64_t pattern = mantissa;
    if (bits == DBL_MANT_DIG)
        pattern += (uint64_t)(e - DBL_MIN_EXP + 1) << (DBL_MANT_DIG - 1);
    memcpy(value, &pattern, sizeof pattern);
    return TRUE;
}

/* Reads digits onto w (modulo 2^64) and returns the first byte that is none; eight at a time where there are
 * (D. Lemire, Softw. Pract. Exper. 51, 1700 (2021), section 8). */
static inline const char *read_digits(const char *p, const char *end, uint64_t *w)
{
    uint64_t sum = *w;
    while (end - p >= 8) {
        uint64_t eight;
        memcpy(&eight, p, sizeof eight);
        eight = GUINT64_FROM_LE(eight);
        if (((eight & 0xf0f0f0f0f0f0f0f0u) | ((eight + 0x0606060606060606u) & 0xf0f0f0f0f0f0f0f0u) >> 4) !=
            0x3333333333333333u)
            break;
        /* Neighbouring digits to numbers of 2, of 4 and of 8. */
        eight -= 0x3030303030303030u;
        eight = (eight * 10) + (eight >> 8);
        eight = ((eight & 0x000000ff000000ffu) * 0x000f424000000064u +
                 ((eight >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >>
                32;
        sum = sum * 100000000 + (uint32_t)eight;
        p += 8;
    }
    unsigned digit;
    while (p < end && (digit = (unsigned char)*p - (unsigned)'0') <= 9) {
        sum = sum * 10 + digit;
        p++;
    }
    *w = sum;
    return p;
}

/* Reads the exponent behind its letter; FALSE if begin..end is none. */
static gboolean read_exponent(const char *begin, const char *end, int64_t *exponent)
{
    const char *p = begin;
    gboolean down = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p >= end)
        return FALSE;
    int64_t sum = 0;
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - (unsigned)'0';
        if (digit > 9)
            return FALSE;
        /* Beyond this no text is long enough to bring the number back. */
        if (sum < INT64_MAX / 100)
            sum = sum * 10 + digit;
    }
    *exponent = down ? -sum : sum;
    return TRUE;
}

/* The number has more digits than 64 bits hold, leading zeros counted. Its first 19 significant ones as w
 * tell that it lies between w * 10^q and (w + 1) * 10^q. */
static double size_of_long(const Spans *spans)
{
    uint64_t w = 0;
    size_t held = 0;
    int64_t q = spans->exponent - (spans->part_end - spans->part);
    int64_t left = (spans->whole_end - spans->whole) + (spans->part_end - spans->part);
    for (const char *p = spans->whole; left > 0 && held < DIGITS_OF_WORD; p++) {
        if (p == spans->whole_end)
            p = spans->part;
        w = w * 10 + (uint64_t)(*p - '0');
        held += w > 0;
        left--;
    }
    double size, above;
    if (w == 0)
        return 0;
    if (nearest_double(w, q + left, &size) &&
        (left == 0 || (nearest_double(w + 1, q + left, &above) && above == size)))
        return size;
    return parse_exactly(spans);
}

gboolean alloy_parse_double(const char *begin, const char *end, double *value)
{
    const char *p = begin;
    gboolean negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    uint64_t w = 0;
    Spans spans = {.whole = p};
    spans.whole_end = spans.part = spans.part_end = p = read_digits(p, end, &w);
    if (p < end && *p == '.') {
        spans.part = p + 1;
        spans.part_end = p = read_digits(p + 1, end, &w);
    }
    size_t digits = (size_t)(spans.whole_end - spans.whole) + (size_t)(spans.part_end - spans.part);
    if (digits == 0) {
        /* With the point, if there was one, so that ".nan" is no number. */
        if (!parse_word(spans.whole, end, value))
            return FALSE;
        if (negative)
            *value = -*value;
        return TRUE;
    }
    if (p < end &&
        ((*p != 'e' && *p != 'E' && *p != 'd' && *p != 'D') || !read_exponent(p + 1, end, &spans.exponent)))
        return FALSE;

    double size = 0;
    if (digits > DIGITS_OF_WORD)
        size = size_of_long(&spans);
    else if (w > 0 && !nearest_double(w, spans.exponent - (spans.part_end - spans.part), &size))
        size = parse_exactly(&spans);
    *value = negative ? -size : size;
    return TRUE;
}
