/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/atoms.h"
#include "core/data/warning.h"
#include "core/formats/format.h"
#include "core/formats/source.h"

#include <string.h>
#include <zlib.h>

/* The variables of a MATLAB file, deflated one by one as MATLAB does it, then read: changes of deflated bytes
 * get no further than their checksum, and what is announced in them would never be reached. */

#define HEADER 128

static void append_word(GByteArray *bytes, uint32_t value, gboolean big)
{
    value = big ? GUINT32_TO_BE(value) : GUINT32_TO_LE(value);
    g_byte_array_append(bytes, (const guint8 *)&value, sizeof value);
}

/* As long a piece as the tag says, or what is left. */
static size_t deflate_variable(GByteArray *into, const uint8_t *bytes, size_t size, gboolean big)
{
    uint32_t length;
    memcpy(&length, bytes + 4, sizeof length);
    length = big ? GUINT32_FROM_BE(length) : GUINT32_FROM_LE(length);
    size_t take = MIN(size - 8, (size_t)length) + 8;
    uLongf packed = compressBound(take);
    g_autofree guint8 *room = g_malloc(packed);
    g_assert(compress2(room, &packed, bytes, take, 1) == Z_OK);
    append_word(into, 15, big);
    append_word(into, (uint32_t)packed, big);
    g_byte_array_append(into, room, (guint)packed);
    return take;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    alloy_source_set_limit((size_t)64 << 20);
    g_autoptr(GByteArray) file = g_byte_array_new();
    size_t at = MIN(size, HEADER);
    g_byte_array_append(file, bytes, (guint)at);
    gboolean big = at == HEADER && bytes[HEADER - 2] == 'M';
    while (size - at >= 8)
        at += deflate_variable(file, bytes + at, size - at, big);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyData) data =
        alloy_read_memory("fuzz", (const char *)file->data, file->len, "mat", warnings, NULL, &error);
    g_assert((data == NULL) == (error != NULL));
    g_assert(error == NULL ||
             (g_utf8_validate(error->message, -1, NULL) && strchr(error->message, '\n') == NULL));
    for (unsigned i = 0; i < warnings->len; i++)
        g_assert(g_utf8_validate(((const AlloyWarning *)warnings->pdata[i])->message, -1, NULL));
    return 0;
}
