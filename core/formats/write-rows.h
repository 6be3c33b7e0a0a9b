/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/number.h"
#include "core/base/progress.h"
#include "core/data/column.h"

#include <gio/gio.h>
#include <string.h>

G_BEGIN_DECLS

/* Many lines, made as text by all threads and written in order: the same bytes for any number of threads. */

/* Appends the lines begin <= i < end to out. */
typedef void (*AlloyRowsFunc)(GString *out, size_t begin, size_t end, void *data);

gboolean alloy_write_rows(GOutputStream *sink, size_t n, AlloyRowsFunc fn, void *data,
                          AlloyProgress *progress, GError **error);
gboolean alloy_write_text(GOutputStream *sink, const GString *text, GError **error);

/* Room for `room` more bytes at the end of out: where they go. The caller adds what it wrote to out->len, and
 * need not end it with a NUL. */
static inline char *alloy_rows_room(GString *out, size_t room)
{
    if (out->allocated_len - out->len <= room) {
        size_t length = out->len;
        g_string_set_size(out, length + MAX(room, length));
        out->len = length;
    }
    return out->str + out->len;
}

static inline void alloy_rows_double(GString *out, double value)
{
    out->len += alloy_format_double(value, alloy_rows_room(out, ALLOY_DOUBLE_TEXT));
}

static inline void alloy_rows_int64(GString *out, int64_t value)
{
    out->len += alloy_format_int64(value, alloy_rows_room(out, ALLOY_DOUBLE_TEXT));
}

static inline void alloy_rows_bytes(GString *out, const char *bytes, size_t length)
{
    memcpy(alloy_rows_room(out, length), bytes, length);
    out->len += length;
}

static inline void alloy_rows_char(GString *out, char c)
{
    *alloy_rows_room(out, 1) = c;
    out->len++;
}

G_END_DECLS
