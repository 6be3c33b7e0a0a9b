/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small reader of our own rather than libmatio: only what atomic models need is understood, every size is
 * checked against the bytes that are there before it is believed, and all of it is fuzzed. */
#include "core/formats/mat-elements.h"

#include "core/base/error.h"
#include "core/formats/text.h"

#include <zlib.h>

/* Types of data elements. */
enum {
    MI_INT8 = 1,
    MI_UINT8 = 2,
    MI_INT16 = 3,
    MI_UINT16 = 4,
    MI_INT32 = 5,
    MI_UINT32 = 6,
    MI_SINGLE = 7,
    MI_DOUBLE = 9,
    MI_INT64 = 12,
    MI_UINT64 = 13,
    MI_MATRIX = 14,
    MI_COMPRESSED = 15,
    MI_UTF8 = 16,
    MI_UTF16 = 17,
    MI_UTF32 = 18,
};

/* Classes of arrays. */
enum { MX_CHAR = 4, MX_SPARSE = 5, MX_DOUBLE = 6, MX_UINT64 = 15, MX_OPAQUE = 17, MX_LAST = 17 };
static const char *const class_names[MX_LAST + 1] = {
    NULL,    "cell",  "struct", "object", "char",   "sparse", "double", "single",   "int8",
    "uint8", "int16", "uint16", "int32",  "uint32", "int64",  "uint64", "function", "object",
};

#define FLAG_LOGICAL 0x0200u
#define FLAG_COMPLEX 0x0800u

/* What stands before the values (flags, sizes, name) is looked for in so many bytes; names have 63 at most.
 */
#define HEAD 4096
/* deflate makes at most 1032 bytes of one. */
#define DEFLATE_MOST 1032
/* Some programs fill up with zeros what they deflate; more than so many bytes of them are no padding. */
#define MOST_PADDING 4096
/* More than any file holds; what looks for a name looks through all of them. */
#define MOST_VARIABLES 10000

typedef struct {
    const guchar *at, *end;
    gboolean swap;
} Cursor;

typedef struct {
    uint32_t type;
    const guchar *data;
    size_t length;
} Element;

gboolean alloy_mat_is(const AlloySource *source)
{
    static const char *const beginnings[] = {"MATLAB 5.0 MAT-file", "MATLAB 7.3 MAT-file"};
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++)
        if (source->length >= strlen(beginnings[i]) &&
            memcmp(source->text, beginnings[i], strlen(beginnings[i])) == 0)
            return TRUE;
    /* The text is free: version and byte order tell too. */
    return source->length >= ALLOY_MAT_HEADER &&
           (memcmp(source->text + 124, "\0\1IM", 4) == 0 || memcmp(source->text + 124, "\1\0MI", 4) == 0);
}

static uint32_t word(const guchar *at, gboolean swap)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return swap ? GUINT32_SWAP_LE_BE(value) : value;
}

/* Takes an element off the front. A short one (up to 4 bytes) stands in its own tag. */
static gboolean next_element(Cursor *cursor, Element *element)
{
    size_t left = (size_t)(cursor->end - cursor->at);
    if (left < 8)
        return FALSE;
    uint32_t tag = word(cursor->at, cursor->swap);
    if (tag >> 16 != 0) {
        *element = (Element){tag & 0xffff, cursor->at + 4, tag >> 16};
        cursor->at += 8;
        return element->length <= 4;
    }
    size_t length = word(cursor->at + 4, cursor->swap);
    *element = (Element){tag, cursor->at + 8, length};
    left -= 8;
    if (length > left)
        return FALSE;
    size_t padded = (length + 7) & ~(size_t)7;
    cursor->at += 8 + MIN(padded, left);
    return TRUE;
}

static gboolean damaged(const AlloySource *source, size_t offset, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static gboolean damaged(const AlloySource *source, size_t offset, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    return alloy_format_error(error, source->name, 0, "at byte %" G_GSIZE_FORMAT ": %s", offset, message);
}

static gboolean are_zeros(const void *bytes, size_t n)
{
    const guchar *p = bytes;
    while (n > 0 && *p == 0) {
        p++;
        n--;
    }
    return n == 0;
}

/* The first `want` bytes of what a deflated element holds, *got of them. whole: these shall be all that it
 * holds, with a good checksum, but for zeros that fill it up (within the deflated data and behind them); else
 * it may hold more or less. */
static gboolean inflate_to(const AlloySource *source, const AlloyMatVariable *variable, guchar *out,
                           size_t want, gboolean whole, size_t *got, GError **error)
{
    z_stream z = {0};
    if (inflateInit(&z) != Z_OK) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "%s: the decompressor does not start",
                    source->name);
        return FALSE;
    }
    const char *next = source->text + variable->begin;
    size_t left = variable->length, padding = 0;
    int code = Z_OK;
    for (*got = 0; code == Z_OK && (*got < want || whole);) {
        /* Behind the last byte wanted stand the end mark and the checksum, and padding at most. */
        guchar beyond[256];
        size_t room = MIN(want - *got, (size_t)1 << 30);
        uInt in = (uInt)MIN(left, (size_t)1 << 30);
        z.next_in = (Bytef *)next;
        z.avail_in = in;
        z.next_out = room > 0 ? out + *got : beyond;
        z.avail_out = room > 0 ? (uInt)room : (uInt)sizeof beyond;
        code = inflate(&z, Z_NO_FLUSH);
        next += in - z.avail_in;
        left -= in - z.avail_in;
        if (room > 0) {
            *got += room - z.avail_out;
            continue;
        }
        size_t more = sizeof beyond - z.avail_out;
        padding += more;
        if (!are_zeros(beyond, more) || padding > MOST_PADDING) {
            inflateEnd(&z);
            return damaged(source, variable->offset, error,
                           "the compressed data hold more than the %" G_GSIZE_FORMAT " bytes they announce",
                           want);
        }
    }
    inflateEnd(&z);
    if (whole && code == Z_STREAM_END && !are_zeros(next, left))
        return damaged(source, variable->offset, error,
                       "%" G_GSIZE_FORMAT " bytes that are no zeros behind the end of the compressed data",
                       left);
    if (whole ? code == Z_STREAM_END && *got == want : code == Z_OK || code == Z_STREAM_END)
        return TRUE;
    if (code == Z_STREAM_END || code == Z_BUF_ERROR)
        return damaged(source, variable->offset, error,
                       "the compressed data end after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", *got,
                       want);
    return damaged(source, variable->offset, error, "the compressed data are damaged");
}

static gboolean read_dims(const AlloySource *source, const Element *element, gboolean swap,
                          AlloyMatVariable *variable, GError **error)
{
    size_t n = element->length / 4;
    if (element->type != MI_INT32 || element->length % 4 != 0 || n < 2)
        return damaged(source, variable->offset, error,
                       "the sizes of a variable expected, data of type %u found", element->type);
    if (n > ALLOY_MAT_DIMENSIONS)
        return damaged(source, variable->offset, error,
                       "a variable of %" G_GSIZE_FORMAT " dimensions, at most %d are read", n,
                       ALLOY_MAT_DIMENSIONS);
    variable->n_dims = (unsigned)n;
    variable->n = 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t size = word(element->data + 4 * i, swap);
        if (size > G_MAXINT32)
            return damaged(source, variable->offset, error, "the size of a variable is negative");
        variable->dims[i] = size;
        if (size != 0 && variable->n > G_MAXSSIZE / size)
            return damaged(source, variable->offset, error,
                           "a variable of more numbers than memory can hold");
        variable->n *= size;
    }
    return TRUE;
}

/* Flags, sizes and name of a variable; at: its bytes, or as many as were inflated. */
static gboolean read_head(const AlloySource *source, Cursor cursor, AlloyMatVariable *variable,
                          GError **error)
{
    const guchar *begin = cursor.at;
    Element flags, dims, name;
    if (!next_element(&cursor, &flags) || flags.type != MI_UINT32 || flags.length != 8)
        return damaged(source, variable->offset, error, "the flags of a variable expected");
    uint32_t bits = word(flags.data, cursor.swap), class = bits & 0xff;
    if (class < 1 || class > MX_LAST)
        return damaged(source, variable->offset, error, "a variable of unknown class %u", class);
    variable->class_name = class_names[class];
    variable->kind = ALLOY_MAT_OTHER;
    if (class != MX_OPAQUE) {
        if (!next_element(&cursor, &dims))
            return damaged(source, variable->offset, error, "the sizes of a variable expected");
        if (!read_dims(source, &dims, cursor.swap, variable, error))
            return FALSE;
    }
    if (!next_element(&cursor, &name) || name.type != MI_INT8)
        return damaged(source, variable->offset, error, "the name of a variable expected");
    AlloySpan span = {(const char *)name.data, (const char *)name.data + name.length};
    variable->name = alloy_span_dup(span, NULL);
    variable->values = (size_t)(cursor.at - begin);
    if (class == MX_CHAR) {
        variable->kind = ALLOY_MAT_TEXT;
    } else if (class >= MX_DOUBLE && class <= MX_UINT64) {
        if (bits & FLAG_COMPLEX)
            variable->class_name = class == MX_DOUBLE ? "complex double" : "complex";
        else
            variable->kind = bits & FLAG_LOGICAL ? ALLOY_MAT_LOGICAL : ALLOY_MAT_NUMBERS;
        if (variable->kind == ALLOY_MAT_LOGICAL)
            variable->class_name = "logical";
    }
    return TRUE;
}

static gboolean host_swaps(const AlloySource *source)
{
    return (source->text[126] == 'I') != (G_BYTE_ORDER == G_LITTLE_ENDIAN);
}

/* Finds what a deflated element holds. */
static gboolean read_deflated_head(const AlloySource *source, AlloyMatVariable *variable, gboolean swap,
                                   GError **error)
{
    guchar head[8 + HEAD];
    size_t got = 0;
    if (!inflate_to(source, variable, head, sizeof head, FALSE, &got, error))
        return FALSE;
    if (got < 8)
        return damaged(source, variable->offset, error, "a compressed variable of %" G_GSIZE_FORMAT " bytes",
                       got);
    uint32_t type = word(head, swap);
    size_t length = word(head + 4, swap);
    if (type != MI_MATRIX)
        return damaged(source, variable->offset, error,
                       "a variable (data of type 14) expected, type %u found", type);
    if (length + 8 < got && !are_zeros(head + length + 8, got - length - 8))
        return damaged(source, variable->offset, error,
                       "the compressed data hold more than the %" G_GSIZE_FORMAT " bytes they announce",
                       length + 8);
    if (length / DEFLATE_MOST > variable->length)
        return damaged(source, variable->offset, error,
                       "%" G_GSIZE_FORMAT " bytes announced, which cannot be in %" G_GSIZE_FORMAT
                       " compressed ones",
                       length, variable->length);
    variable->unpacked = length + 8;
    return read_head(source, (Cursor){head + 8, head + MIN(got, length + 8), swap}, variable, error);
}

static void variable_free(gpointer data)
{
    AlloyMatVariable *variable = data;
    g_free(variable->name);
    g_free(variable);
}

static gboolean check_header(const AlloySource *source, GError **error)
{
    if (source->length >= 10 && memcmp(source->text, "MATLAB 7.3", 10) == 0)
        return alloy_format_error(error, source->name, 0,
                                  "a MATLAB file of version 7.3 (HDF5), which is not read: save it with "
                                  "save(..., '-v7')");
    if (source->length < ALLOY_MAT_HEADER)
        return alloy_format_error(error, source->name, 0,
                                  "a MATLAB file begins with a header of %d bytes, the file ends after "
                                  "%" G_GSIZE_FORMAT,
                                  ALLOY_MAT_HEADER, source->length);
    const char *order = source->text + 126;
    gboolean little = memcmp(order, "IM", 2) == 0;
    if (!little && memcmp(order, "MI", 2) != 0)
        return damaged(source, 126, error, "the byte order of a MATLAB file (IM or MI) expected");
    unsigned high = (guchar)source->text[little ? 125 : 124], low = (guchar)source->text[little ? 124 : 125];
    if (high != 1 || low != 0)
        return damaged(source, 124, error, "version 0x0100 of a MATLAB file expected, 0x%02x%02x found", high,
                       low);
    return TRUE;
}

GPtrArray *alloy_mat_variables(const AlloySource *source, AlloyProgress *progress, GError **error)
{
    if (!check_header(source, error))
        return NULL;
    gboolean swap = host_swaps(source);
    g_autoptr(GPtrArray) variables = g_ptr_array_new_with_free_func(variable_free);
    const guchar *bytes = (const guchar *)source->text;
    for (size_t at = ALLOY_MAT_HEADER; at < source->length;) {
        if (!alloy_progress_check(progress, error))
            return NULL;
        size_t left = source->length - at;
        uint32_t type = left >= 8 ? word(bytes + at, swap) : 0;
        size_t length = left >= 8 ? word(bytes + at + 4, swap) : 0;
        if (type == 0 && are_zeros(bytes + at, left))
            break; /* padding at the end of the file */
        if (variables->len == MOST_VARIABLES) {
            damaged(source, at, error, "more than %d variables", MOST_VARIABLES);
            return NULL;
        }
        if (left < 8 || length > left - 8) {
            damaged(source, at, error,
                    "the file is cut short: %" G_GSIZE_FORMAT
                    " bytes of a variable expected, %" G_GSIZE_FORMAT " left",
                    length + 8, left);
            return NULL;
        }
        if (type != MI_MATRIX && type != MI_COMPRESSED) {
            damaged(source, at, error, "a variable (data of type 14 or 15) expected, type %u found", type);
            return NULL;
        }
        AlloyMatVariable *variable = g_new0(AlloyMatVariable, 1);
        g_ptr_array_add(variables, variable);
        variable->offset = at;
        variable->begin = at + 8;
        variable->length = length;
        gboolean good =
            type == MI_COMPRESSED
                ? read_deflated_head(source, variable, swap, error)
                : read_head(source, (Cursor){bytes + at + 8, bytes + at + 8 + length, swap}, variable, error);
        if (!good)
            return NULL;
        /* What MATLAB keeps for objects has no name. */
        if (*variable->name == '\0')
            g_ptr_array_remove_index(variables, variables->len - 1);
        at += 8 + length;
    }
    return g_steal_pointer(&variables);
}

static size_t stored_size(uint32_t type)
{
    switch (type) {
    case MI_INT8:
    case MI_UINT8:
        return 1;
    case MI_INT16:
    case MI_UINT16:
    case MI_UTF16:
        return 2;
    case MI_INT32:
    case MI_UINT32:
    case MI_SINGLE:
    case MI_UTF32:
        return 4;
    case MI_DOUBLE:
    case MI_INT64:
    case MI_UINT64:
        return 8;
    default:
        return 0;
    }
}

static double value_at(const guchar *at, uint32_t type, gboolean swap)
{
    union {
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        float single;
        double real;
    } value;
    switch (stored_size(type)) {
    case 1:
        return type == MI_INT8 ? (double)(int8_t)*at : (double)*at;
    case 2:
        memcpy(&value.u16, at, 2);
        value.u16 = swap ? GUINT16_SWAP_LE_BE(value.u16) : value.u16;
        return type == MI_INT16 ? (double)(int16_t)value.u16 : (double)value.u16;
    case 4:
        memcpy(&value.u32, at, 4);
        value.u32 = swap ? GUINT32_SWAP_LE_BE(value.u32) : value.u32;
        return type == MI_SINGLE  ? (double)value.single
               : type == MI_INT32 ? (double)(int32_t)value.u32
                                  : (double)value.u32;
    default:
        memcpy(&value.u64, at, 8);
        value.u64 = swap ? GUINT64_SWAP_LE_BE(value.u64) : value.u64;
        return type == MI_DOUBLE  ? value.real
               : type == MI_INT64 ? (double)(int64_t)value.u64
                                  : (double)value.u64;
    }
}

/* Text in UTF-8: as many characters as the variable has, or as many bytes. */
static double *utf8_values(const Element *element, size_t n)
{
    const char *text = (const char *)element->data;
    double *values = NULL;
    if (element->length == n) {
        values = g_new(double, n + 1);
        for (size_t i = 0; i < n; i++)
            values[i] = (guchar)text[i];
    } else if (g_utf8_validate_len(text, element->length, NULL) &&
               (size_t)g_utf8_strlen(text, (gssize)element->length) == n) {
        values = g_new(double, n + 1);
        for (size_t i = 0; i < n; i++, text = g_utf8_next_char(text))
            values[i] = g_utf8_get_char(text);
    }
    return values;
}

static double *element_values(const AlloySource *source, const AlloyMatVariable *variable, Cursor cursor,
                              GError **error)
{
    Element element;
    if (!next_element(&cursor, &element)) {
        damaged(source, variable->offset, error, "variable \"%s\" ends before its values", variable->name);
        return NULL;
    }
    size_t size = stored_size(element.type);
    double *values = NULL;
    if (element.type == MI_UTF8 && variable->kind == ALLOY_MAT_TEXT)
        values = utf8_values(&element, variable->n);
    else if (size == 0) {
        damaged(source, variable->offset, error,
                "variable \"%s\": its values are data of type %u, not numbers", variable->name, element.type);
        return NULL;
    } else if (element.length % size == 0 && element.length / size == variable->n) {
        values = g_try_new(double, variable->n + 1);
        if (values == NULL) {
            damaged(source, variable->offset, error,
                    "variable \"%s\": there is no memory for %" G_GSIZE_FORMAT " numbers", variable->name,
                    variable->n);
            return NULL;
        }
        for (size_t i = 0; i < variable->n; i++)
            values[i] = value_at(element.data + i * size, element.type, cursor.swap);
    }
    if (values == NULL) {
        g_autofree char *what = alloy_mat_describe(variable);
        damaged(source, variable->offset, error,
                "variable %s: %" G_GSIZE_FORMAT " values expected, %" G_GSIZE_FORMAT
                " bytes of type %u found",
                what, variable->n, element.length, element.type);
    }
    return values;
}

double *alloy_mat_values(const AlloySource *source, const AlloyMatVariable *variable, GError **error)
{
    gboolean swap = host_swaps(source);
    const guchar *bytes = (const guchar *)source->text + variable->begin;
    if (variable->unpacked == 0)
        return element_values(source, variable,
                              (Cursor){bytes + variable->values, bytes + variable->length, swap}, error);
    guchar *unpacked = g_try_malloc(variable->unpacked);
    if (unpacked == NULL) {
        g_autofree char *size = g_format_size_full(variable->unpacked, G_FORMAT_SIZE_IEC_UNITS);
        damaged(source, variable->offset, error, "there is no memory for variable \"%s\" of %s",
                variable->name, size);
        return NULL;
    }
    size_t got = 0;
    double *values = NULL;
    if (inflate_to(source, variable, unpacked, variable->unpacked, TRUE, &got, error))
        values = element_values(
            source, variable, (Cursor){unpacked + 8 + variable->values, unpacked + variable->unpacked, swap},
            error);
    g_free(unpacked);
    return values;
}

size_t alloy_mat_cost(const AlloyMatVariable *variable)
{
    /* A number takes 8 bytes here and at least one there. */
    size_t stored = MAX(variable->unpacked, variable->length);
    return variable->unpacked + sizeof(double) * MIN(variable->n, stored);
}

char *alloy_mat_describe(const AlloyMatVariable *variable)
{
    GString *text = g_string_new(variable->name);
    for (unsigned i = 0; i < variable->n_dims; i++)
        g_string_append_printf(text, "%c%" G_GSIZE_FORMAT, i == 0 ? ' ' : 'x', variable->dims[i]);
    g_string_append_printf(text, " %s", variable->class_name);
    return g_string_free(text, FALSE);
}
