/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/json-text.h"

#include "core/base/number.h"

#include <math.h>

static gboolean needs_escape(guchar c)
{
    return c == '"' || c == '\\' || c < 0x20 || c == 0x7f;
}

void alloy_json_append_string(GString *out, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    g_string_append_c(out, '"');
    while (*text != '\0') {
        const char *plain = text;
        while (*text != '\0' && !needs_escape((guchar)*text))
            text++;
        g_string_append_len(out, plain, text - plain);
        if (*text == '\0')
            break;
        guchar c = (guchar)*text++;
        if (c == '"' || c == '\\') {
            const char escaped[] = {'\\', (char)c};
            g_string_append_len(out, escaped, 2);
        } else if (c == '\n') {
            g_string_append_len(out, "\\n", 2);
        } else {
            const char escaped[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            g_string_append_len(out, escaped, 6);
        }
    }
    g_string_append_c(out, '"');
}

void alloy_json_append_real(GString *out, double value)
{
    char text[ALLOY_DOUBLE_TEXT];
    if (isfinite(value))
        g_string_append_len(out, text, (gssize)alloy_format_double(value, text));
    else
        g_string_append_len(out, "null", 4);
}
