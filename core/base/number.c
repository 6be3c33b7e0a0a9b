/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/number.h"

#include <math.h>
#include <string.h>

/* A double halfway between two others has at most 768 significant digits (of which 767 are needed), so that
 * beyond them only "is anything other than zero" matters for rounding. */
#define DIGITS_THAT_COUNT 800

size_t alloy_format_double(double value, char out[ALLOY_DOUBLE_TEXT])
{
    if (isnan(value))
        return (size_t)(g_stpcpy(out, "nan") - out); /* the sign of NaN says nothing */
    g_ascii_formatd(out, ALLOY_DOUBLE_TEXT, "%.17g", value);
    return strlen(out);
}

size_t alloy_format_int64(int64_t value, char out[ALLOY_DOUBLE_TEXT])
{
    char digits[20];
    size_t n = 0, length = 0;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[n++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        out[length++] = '-';
    while (n > 0)
        out[length++] = digits[--n];
    out[length] = '\0';
    return length;
}

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
        if (!g_ascii_isdigit(*p))
            return FALSE;
        uint64_t digit = (uint64_t)(*p - '0');
        if (sum > (limit - digit) / 10)
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

/* Appends the digits of a span, leading zeros left out. Returns how many of its digits are significant; all
 * of them when some are before. */
typedef struct {
    char text[DIGITS_THAT_COUNT + 64];
    size_t n;         /* in text */
    uint64_t dropped; /* digits that text has no room for */
    gboolean sticky;  /* one of those is not zero */
} Digits;

static void take_digits(Digits *digits, const char *begin, const char *end)
{
    const char *p = begin;
    if (digits->n == 0)
        while (p < end && *p == '0')
            p++;
    for (; p < end; p++) {
        if (digits->n < DIGITS_THAT_COUNT)
            digits->text[digits->n++] = *p;
        else {
            digits->dropped++;
            digits->sticky = digits->sticky || *p != '0';
        }
    }
}

gboolean alloy_parse_double(const char *begin, const char *end, double *value)
{
    const char *p = begin;
    gboolean negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p >= end)
        return FALSE;
    if (*p != '.' && !g_ascii_isdigit(*p)) {
        if (!parse_word(p, end, value))
            return FALSE;
        if (negative)
            *value = -*value;
        return TRUE;
    }
    const char *whole = p;
    while (p < end && g_ascii_isdigit(*p))
        p++;
    const char *whole_end = p, *part = p, *part_end = p;
    if (p < end && *p == '.') {
        part = ++p;
        while (p < end && g_ascii_isdigit(*p))
            p++;
        part_end = p;
    }
    if (whole == whole_end && part == part_end)
        return FALSE;
    int64_t exponent = 0;
    if (p < end) {
        if (*p != 'e' && *p != 'E' && *p != 'd' && *p != 'D')
            return FALSE;
        p++;
        gboolean down = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+'))
            p++;
        if (p >= end)
            return FALSE;
        for (; p < end; p++) {
            if (!g_ascii_isdigit(*p))
                return FALSE;
            /* Far beyond what any length of digits can bring back. */
            if (exponent < INT64_MAX / 100)
                exponent = exponent * 10 + (*p - '0');
        }
        if (down)
            exponent = -exponent;
    }

    Digits digits;
    digits.n = 0;
    digits.dropped = 0;
    digits.sticky = FALSE;
    take_digits(&digits, whole, whole_end);
    take_digits(&digits, part, part_end);
    double magnitude = 0;
    if (digits.n > 0) {
        exponent += (int64_t)digits.dropped - (part_end - part);
        if (digits.sticky) {
            digits.text[digits.n++] = '1';
            exponent--;
        }
        exponent = CLAMP(exponent, -9999, 9999); /* at most 801 digits stand before it */
        digits.text[digits.n++] = 'e';
        digits.n += alloy_format_int64(exponent, digits.text + digits.n);
        magnitude = g_ascii_strtod(digits.text, NULL);
    }
    *value = negative ? -magnitude : magnitude;
    return TRUE;
}
