/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Numbers as text, the same in every locale. */

/* Longest text that alloy_format_double writes, with its NUL. */
#define ALLOY_DOUBLE_TEXT 32

/* Writes value as C's "%.17g" does ('.' as decimal sign; nan, inf, -inf) and returns the length. Exact: the
 * digits are those of printf, an order of magnitude faster. All 32 bytes of out may be written. */
size_t alloy_format_double(double value, char out[ALLOY_DOUBLE_TEXT]);
size_t alloy_format_int64(int64_t value, char out[ALLOY_DOUBLE_TEXT]);

/* Reads a number from begin..end (no blanks, the whole span must be the number): decimal, with optional sign,
 * exponent letter e, E, d or D (Fortran), "nan", "inf", "infinity" in any case. Correctly rounded. FALSE if
 * it is not one. */
gboolean alloy_parse_double(const char *begin, const char *end, double *value);
/* Decimal integer in the range of int64; FALSE for anything else, overflow included. */
gboolean alloy_parse_int64(const char *begin, const char *end, int64_t *value);

G_END_DECLS
