/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/text.h"

#include "core/base/number.h"

#include <math.h>

void alloy_lines_init(AlloyLines *lines, const AlloySource *source)
{
    lines->source = source;
    lines->at = source->text;
    lines->end = source->text + source->length;
    lines->line = 0;
    if (source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
        lines->at += 3;
}

gboolean alloy_lines_peek(const AlloyLines *lines, AlloySpan *line)
{
    AlloyLines copy = *lines;
    return alloy_lines_next(&copy, line);
}

gboolean alloy_lines_next_filled(AlloyLines *lines, AlloySpan *line)
{
    while (alloy_lines_next(lines, line))
        if (!alloy_span_is_empty(*line))
            return TRUE;
    return FALSE;
}

gboolean alloy_lines_need(AlloyLines *lines, AlloySpan *line, const char *what, GError **error)
{
    if (alloy_lines_next(lines, line))
        return TRUE;
    return alloy_format_error(error, lines->source->name, lines->line + 1,
                              "the file ends where %s is expected", what);
}

gboolean alloy_lines_error(const AlloyLines *lines, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    return alloy_format_error(error, lines->source->name, lines->line, "%s", message);
}

gboolean alloy_lines_can_hold(const AlloyLines *lines, int64_t n, size_t tokens, const char *what,
                              GError **error)
{
    /* A token and what separates it from the next take two bytes; the last line may lack its end. */
    size_t left = (size_t)(lines->end - lines->at);
    size_t most = (left + 1) / (2 * MAX(tokens, 1));
    if (n < 0)
        return alloy_lines_error(lines, error, "the number of %s is %" G_GINT64_FORMAT ", which is negative",
                                 what, n);
    if ((uint64_t)n > most)
        return alloy_lines_error(lines, error,
                                 "%" G_GINT64_FORMAT " %s announced, but the %" G_GSIZE_FORMAT
                                 " bytes that follow hold %" G_GSIZE_FORMAT " at most",
                                 n, what, left, most);
    return TRUE;
}

size_t alloy_span_split(AlloySpan line, AlloySpan *tokens, size_t max)
{
    AlloySpan token;
    size_t n = 0;
    for (; alloy_span_next(&line, &token); n++)
        if (n < max)
            tokens[n] = token;
    return n;
}

AlloySpan alloy_span_strip(AlloySpan span)
{
    while (span.begin < span.end && alloy_is_blank(*span.begin))
        span.begin++;
    while (span.end > span.begin && alloy_is_blank(span.end[-1]))
        span.end--;
    return span;
}

gboolean alloy_span_is_empty(AlloySpan span)
{
    span = alloy_span_strip(span);
    return span.begin == span.end;
}

gboolean alloy_span_equals(AlloySpan span, const char *text)
{
    size_t length = strlen(text);
    return alloy_span_length(span) == length && memcmp(span.begin, text, length) == 0;
}

gboolean alloy_span_equals_nocase(AlloySpan span, const char *text)
{
    size_t length = strlen(text);
    return alloy_span_length(span) == length && g_ascii_strncasecmp(span.begin, text, length) == 0;
}

gboolean alloy_span_has_prefix(AlloySpan span, const char *prefix)
{
    size_t length = strlen(prefix);
    return alloy_span_length(span) >= length && memcmp(span.begin, prefix, length) == 0;
}

char *alloy_span_dup(AlloySpan span, gboolean *converted)
{
    size_t length = alloy_span_length(span);
    GString *text = g_string_sized_new(length);
    if (g_utf8_validate_len(span.begin, length, NULL)) {
        g_string_append_len(text, span.begin, (gssize)length);
    } else {
        for (const char *p = span.begin; p < span.end; p++)
            g_string_append_unichar(text, (guchar)*p);
        if (converted != NULL)
            *converted = TRUE;
    }
    for (size_t i = 0; i < text->len; i++)
        if ((guchar)text->str[i] < 0x20 || text->str[i] == 0x7f)
            text->str[i] = ' ';
    return g_string_free(text, FALSE);
}

char *alloy_span_quote(AlloySpan span)
{
    enum { MOST = 40 };
    if (span.begin == span.end)
        return g_strdup("nothing");
    gboolean cut = alloy_span_length(span) > MOST;
    if (cut) {
        span.end = span.begin + MOST;
        while (span.end > span.begin + 1 && ((guchar)*span.end & 0xc0) == 0x80)
            span.end--;
    }
    g_autofree char *text = alloy_span_dup(span, NULL);
    return g_strdup_printf("\"%s%s\"", text, cut ? "..." : "");
}

char *alloy_text_quote(const char *text)
{
    return alloy_span_quote((AlloySpan){text, text + strlen(text)});
}

gboolean alloy_span_to_integer(AlloySpan span, int64_t *value)
{
    return alloy_parse_int64(span.begin, span.end, value);
}

gboolean alloy_span_to_real(AlloySpan span, double *value)
{
    return alloy_parse_double(span.begin, span.end, value);
}

static gboolean expected(const AlloyLines *lines, AlloySpan token, const char *what, const char *kind,
                         GError **error)
{
    g_autofree char *found = alloy_span_quote(token);
    return alloy_lines_error(lines, error, "%s: %s expected, %s found", what, kind, found);
}

gboolean alloy_lines_integer(const AlloyLines *lines, AlloySpan token, const char *what, int64_t *value,
                             GError **error)
{
    return alloy_span_to_integer(token, value) || expected(lines, token, what, "an integer", error);
}

gboolean alloy_lines_real(const AlloyLines *lines, AlloySpan token, const char *what, double *value,
                          GError **error)
{
    return alloy_span_to_real(token, value) || expected(lines, token, what, "a number", error);
}

gboolean alloy_lines_finite(const AlloyLines *lines, AlloySpan token, const char *what, double *value,
                            GError **error)
{
    if (!alloy_lines_real(lines, token, what, value, error))
        return FALSE;
    return isfinite(*value) || expected(lines, token, what, "a finite number", error);
}
