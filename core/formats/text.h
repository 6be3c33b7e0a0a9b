/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/error.h"
#include "core/formats/format.h"

#include <string.h>

G_BEGIN_DECLS

/* What readers of line-oriented text share: lines with their numbers, tokens, numbers with an error that
 * names file and line. Nothing is copied: a span points into the source and lives as long as it.
 *
 * Lines end with LF or CR LF (a file that has CR and no LF has been mapped to LF when the source was made),
 * the last one may lack its end. Blanks are space, tab, CR, VT and FF. A byte-order mark is skipped. Bytes
 * are never interpreted: a NUL is an ordinary byte of a token. */

typedef struct {
    const char *begin, *end;
} AlloySpan;

typedef struct {
    const AlloySource *source;
    const char *at, *end; /* what is not yet read */
    uint64_t line;        /* number of the line that was read last, from 1; 0 before the first */
} AlloyLines;

static inline gboolean alloy_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n');
}

void alloy_lines_init(AlloyLines *lines, const AlloySource *source);

/* The next line without its line end; FALSE at the end of the file. */
static inline gboolean alloy_lines_next(AlloyLines *lines, AlloySpan *line)
{
    if (lines->at >= lines->end)
        return FALSE;
    const char *stop = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    line->begin = lines->at;
    line->end = stop != NULL ? stop : lines->end;
    lines->at = stop != NULL ? stop + 1 : lines->end;
    lines->line++;
    while (line->end > line->begin && line->end[-1] == '\r')
        line->end--;
    return TRUE;
}

/* The next line, which stays to be read. */
gboolean alloy_lines_peek(const AlloyLines *lines, AlloySpan *line);
/* The next line that is not blank. */
gboolean alloy_lines_next_filled(AlloyLines *lines, AlloySpan *line);
/* The next line, or an error "the file ends where WHAT is expected". */
gboolean alloy_lines_need(AlloyLines *lines, AlloySpan *line, const char *what, GError **error);
/* "FILE, line LINE: MESSAGE" for the line read last. Always FALSE. */
gboolean alloy_lines_error(const AlloyLines *lines, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Before rows are believed and arrays allocated: FALSE and an error unless what is not yet read can hold n
 * more lines of at least tokens tokens each. what: "atoms". */
gboolean alloy_lines_can_hold(const AlloyLines *lines, int64_t n, size_t tokens, const char *what,
                              GError **error);

static inline size_t alloy_span_length(AlloySpan span)
{
    return (size_t)(span.end - span.begin);
}

/* Takes the next token (a run of bytes that are not blanks) off the front of rest; FALSE when there is none.
 */
static inline gboolean alloy_span_next(AlloySpan *rest, AlloySpan *token)
{
    const char *p = rest->begin;
    while (p < rest->end && alloy_is_blank(*p))
        p++;
    token->begin = p;
    while (p < rest->end && !alloy_is_blank(*p))
        p++;
    token->end = p;
    rest->begin = p;
    return token->end > token->begin;
}

/* Splits at blanks: stores the first max tokens and returns how many there are (may be above max). */
size_t alloy_span_split(AlloySpan line, AlloySpan *tokens, size_t max);
/* Without blanks at both ends. */
AlloySpan alloy_span_strip(AlloySpan span);
gboolean alloy_span_is_empty(AlloySpan span); /* nothing but blanks */
gboolean alloy_span_equals(AlloySpan span, const char *text);
gboolean alloy_span_equals_nocase(AlloySpan span, const char *text); /* ASCII */
gboolean alloy_span_has_prefix(AlloySpan span, const char *prefix);

/* As UTF-8 text that may be shown: what is not UTF-8 is taken as Latin-1 (*converted set to TRUE, never to
 * FALSE; nullable), control characters become blanks. Free with g_free. */
char *alloy_span_dup(AlloySpan span, gboolean *converted);
/* For messages: at most 40 characters of it, quoted, "nothing" for an empty span. Free with g_free. */
char *alloy_span_quote(AlloySpan span);
char *alloy_text_quote(const char *text); /* the same of a string */

/* Plain tests, no message. */
gboolean alloy_span_to_integer(AlloySpan span, int64_t *value);
gboolean alloy_span_to_real(AlloySpan span, double *value); /* nan and inf are numbers here */

/* The same with an error for the line read last: "FILE, line 4: WHAT: a number expected, "1.0x" found". */
gboolean alloy_lines_integer(const AlloyLines *lines, AlloySpan token, const char *what, int64_t *value,
                             GError **error);
gboolean alloy_lines_real(const AlloyLines *lines, AlloySpan token, const char *what, double *value,
                          GError **error);
/* nan and inf are errors. */
gboolean alloy_lines_finite(const AlloyLines *lines, AlloySpan token, const char *what, double *value,
                            GError **error);

G_END_DECLS
