/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON as text (RFC 8259), for everything that writes it. */

/* Appends text, which is UTF-8, between quotes: quotes, backslashes and control characters escaped. Keeps out
 * a string with its NUL at the end. */
void alloy_json_append_string(GString *out, const char *text);
/* 17 digits in any locale; null for what JSON has no number for: NaN and the infinities. */
void alloy_json_append_real(GString *out, double value);

G_END_DECLS
