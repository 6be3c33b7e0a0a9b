/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Superblock and object headers: sections II.A and IV.A of the HDF5 File Format Specification 3.0. */
#include "core/base/error.h"
#include "core/project/hdf5-reader.h"

#include <stdarg.h>
#include <string.h>

typedef struct {
    const char *name; /* with its NUL, in the file or owned by names */
    size_t length;
    uint64_t address;
} Link;

typedef struct {
    const char *name;
    AlloyHdfAttribute value;
} Attribute;

gboolean alloy_hdf_wrong(const AlloyHdfFile *file, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    return alloy_format_error(error, file->name, 0, "damaged project: %s", message);
}

size_t alloy_hdf_size(AlloyHdfType type)
{
    static const size_t sizes[] = {8, 8, 8, 4, 4, 2, 1, 0};
    return sizes[type];
}

/* --- spans --- */

uint64_t alloy_hdf_take(AlloyHdfSpan *span, size_t width)
{
    uint64_t value = 0;
    const uint8_t *bytes = alloy_hdf_take_bytes(span, width);
    for (size_t i = 0; bytes != NULL && i < width; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

const uint8_t *alloy_hdf_take_bytes(AlloyHdfSpan *span, size_t n)
{
    if (span->failed || n > span->left) {
        span->failed = TRUE;
        return NULL;
    }
    const uint8_t *bytes = span->at;
    span->at += n;
    span->left -= n;
    return bytes;
}

AlloyHdfSpan alloy_hdf_span(const AlloyHdfFile *file, uint64_t address, uint64_t length)
{
    uint64_t there = file->size - file->base;
    if (address > there || length > there - address)
        return (AlloyHdfSpan){file->bytes, 0, TRUE};
    return (AlloyHdfSpan){file->bytes + file->base + address, (size_t)length, FALSE};
}

static gboolean begins_with(AlloyHdfSpan *span, const char *signature)
{
    const uint8_t *bytes = alloy_hdf_take_bytes(span, 4);
    return bytes != NULL && memcmp(bytes, signature, 4) == 0;
}

gboolean alloy_hdf_file_init(AlloyHdfFile *file, const char *name, const void *bytes, size_t size,
                             uint64_t base, GError **error)
{
    *file = (AlloyHdfFile){.name = name, .bytes = bytes, .size = size, .base = MIN(base, size)};
    AlloyHdfSpan span = alloy_hdf_span(file, 0, 48);
    const uint8_t *signature = alloy_hdf_take_bytes(&span, 8);
    if (signature == NULL || memcmp(signature, "\x89HDF\r\n\x1a\n", 8) != 0)
        return alloy_hdf_wrong(file, error, "there is no HDF5 in it");
    uint64_t version = alloy_hdf_take(&span, 1), offsets = alloy_hdf_take(&span, 1),
             lengths = alloy_hdf_take(&span, 1);
    alloy_hdf_take(&span, 1); /* flags */
    uint64_t stored_base = alloy_hdf_take(&span, 8);
    alloy_hdf_take_bytes(&span,
                         16); /* the extension, which is not used, and the end of the file, which is known */
    file->root = alloy_hdf_take(&span, 8);
    if (version != 2)
        return alloy_hdf_wrong(file, error,
                               "its superblock is of version %" G_GUINT64_FORMAT
                               ", this program writes and reads version 2 (HDF5 1.8)",
                               version);
    if (span.failed || offsets != 8 || lengths != 8 || stored_base != base)
        return alloy_hdf_wrong(file, error, "its superblock is not one that this program writes");
    return TRUE;
}

/* --- messages of an object header; each gives what is wrong, or NULL --- */

/* Rank 0 or 1. */
static const char *take_space(AlloyHdfSpan *span, uint64_t *n)
{
    uint64_t version = alloy_hdf_take(span, 1), rank = alloy_hdf_take(span, 1),
             flags = alloy_hdf_take(span, 1);
    uint64_t kind = alloy_hdf_take(span, 1); /* 0: scalar, 1: simple */
    if (version != 2)
        return "a dataspace is not of version 2, as HDF5 1.8 writes it";
    if (rank > 1 || kind != rank)
        return "a dataspace is not of rank 0 or 1";
    *n = rank == 1 ? alloy_hdf_take(span, 8) : 1;
    if (rank == 1 && (flags & 1) != 0 && alloy_hdf_take(span, 8) != *n)
        return "an array may grow";
    return span->failed || *n > (uint64_t)1 << 48 ? "a dataspace is cut short or too large" : NULL;
}

static gboolean is_double(AlloyHdfSpan *span, const uint8_t *bits, uint64_t size)
{
    /* Little endian, mantissa with a hidden 1, sign at 63; offset 0, 64 bits, exponent 11 bits at 52,
     * mantissa 52 bits at 0, bias 1023. */
    static const uint8_t ieee[12] = {0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0};
    const uint8_t *properties = alloy_hdf_take_bytes(span, sizeof ieee);
    return size == 8 && bits[0] == 0x20 && bits[1] == 63 && bits[2] == 0 && properties != NULL &&
           memcmp(properties, ieee, sizeof ieee) == 0;
}

static gboolean is_integer(AlloyHdfSpan *span, const uint8_t *bits, uint64_t size, AlloyHdfType *type)
{
    uint64_t offset = alloy_hdf_take(span, 2), precision = alloy_hdf_take(span, 2);
    gboolean is_signed = (bits[0] & 8) != 0;
    if (span->failed || offset != 0 || precision != 8 * size || (bits[0] & ~8) != 0 || bits[1] != 0 ||
        bits[2] != 0)
        return FALSE;
    static const AlloyHdfType integers[] = {ALLOY_HDF_I64, ALLOY_HDF_U64, ALLOY_HDF_U32,
                                            ALLOY_HDF_I32, ALLOY_HDF_U16, ALLOY_HDF_U8};
    for (size_t i = 0; i < G_N_ELEMENTS(integers); i++)
        if (alloy_hdf_size(integers[i]) == size &&
            is_signed == (integers[i] == ALLOY_HDF_I64 || integers[i] == ALLOY_HDF_I32)) {
            *type = integers[i];
            return TRUE;
        }
    return FALSE;
}

static const char *take_type(AlloyHdfSpan *span, AlloyHdfType *type, size_t *text_size)
{
    uint64_t head = alloy_hdf_take(span, 1);
    const uint8_t *bits = alloy_hdf_take_bytes(span, 3);
    uint64_t size = alloy_hdf_take(span, 4), version = head >> 4, class = head & 15;
    if (span->failed)
        return "a datatype is cut short";
    if (version < 1 || version > 3)
        return "a datatype is not of version 1 to 3, as HDF5 1.8 writes it";
    *text_size = 0;
    if (class == 0 && is_integer(span, bits, size, type))
        return NULL;
    if (class == 1 && is_double(span, bits, size)) {
        *type = ALLOY_HDF_F64;
        return NULL;
    }
    if (class == 3 && size > 0) {
        *type = ALLOY_HDF_TEXT;
        *text_size = size;
        return NULL;
    }
    return "a value is of a type that this program does not write";
}

static const char *take_attribute(AlloyHdfSpan *span, AlloyHdfObject *object)
{
    uint64_t version = alloy_hdf_take(span, 1), flags = alloy_hdf_take(span, 1);
    uint64_t name_size = alloy_hdf_take(span, 2), type_size = alloy_hdf_take(span, 2),
             space_size = alloy_hdf_take(span, 2);
    alloy_hdf_take(span, 1); /* character set of the name */
    const uint8_t *name = alloy_hdf_take_bytes(span, name_size);
    AlloyHdfSpan type = {alloy_hdf_take_bytes(span, type_size), type_size, FALSE};
    AlloyHdfSpan space = {alloy_hdf_take_bytes(span, space_size), space_size, FALSE};
    if (version != 3)
        return "an attribute is not of version 3, as HDF5 1.8 writes it";
    if (flags != 0)
        return "an attribute is of a type that is kept elsewhere";
    if (span->failed || name_size == 0 || name[name_size - 1] != '\0')
        return "an attribute is cut short or has no name";
    Attribute attribute = {.name = (const char *)name};
    size_t text_size = 0;
    uint64_t n = 0;
    const char *problem = take_type(&type, &attribute.value.type, &text_size);
    if (problem == NULL)
        problem = take_space(&space, &n);
    if (problem != NULL)
        return problem;
    gboolean text = attribute.value.type == ALLOY_HDF_TEXT;
    uint64_t size = text ? text_size : n * alloy_hdf_size(attribute.value.type);
    if (text && n != 1)
        return "an attribute holds several texts";
    attribute.value.n = n;
    attribute.value.size = size;
    attribute.value.data = alloy_hdf_take_bytes(span, size);
    if (span->failed)
        return "an attribute claims more than it holds";
    g_array_append_val(object->attributes, attribute);
    return NULL;
}

static const char *take_link(AlloyHdfSpan *span, AlloyHdfObject *object)
{
    uint64_t version = alloy_hdf_take(span, 1), flags = alloy_hdf_take(span, 1);
    uint64_t kind = flags & 8 ? alloy_hdf_take(span, 1) : 0;
    if (flags & 4)
        alloy_hdf_take(span, 8); /* order of creation */
    if (flags & 16)
        alloy_hdf_take(span, 1); /* character set */
    Link link = {.length = alloy_hdf_take(span, (size_t)1 << (flags & 3))};
    link.name = (const char *)alloy_hdf_take_bytes(span, link.length);
    link.address = alloy_hdf_take(span, 8);
    if (span->failed || version != 1 || kind != 0)
        return "a link is not a hard one";
    g_array_append_val(object->links, link);
    return NULL;
}

/* The links and attributes lie in the header itself: there is no heap of them. */
static const char *take_heap(AlloyHdfSpan *span, uint64_t indexed, size_t index_width)
{
    alloy_hdf_take(span, 1); /* version */
    uint64_t flags = alloy_hdf_take(span, 1);
    if (flags & indexed)
        alloy_hdf_take(span, index_width); /* highest index of creation */
    return alloy_hdf_take(span, 8) == ALLOY_HDF_NOWHERE && !span->failed
               ? NULL
               : "links or attributes lie in a heap";
}

static const char *take_layout(AlloyHdfSpan *span, AlloyHdfObject *object)
{
    uint64_t version = alloy_hdf_take(span, 1), class = alloy_hdf_take(span, 1);
    if (version != 3)
        return "the layout of an array is not of version 3, as HDF5 1.8 writes it";
    if (object->layout != ALLOY_HDF_NO_LAYOUT)
        return "two layouts";
    uint64_t rank = 0, element = 0;
    switch (class) {
    case 0:
        object->layout = ALLOY_HDF_COMPACT;
        object->length = alloy_hdf_take(span, 2);
        object->compact = alloy_hdf_take_bytes(span, object->length);
        break;
    case 1:
        object->layout = ALLOY_HDF_CONTIGUOUS;
        object->where = alloy_hdf_take(span, 8);
        object->length = alloy_hdf_take(span, 8);
        break;
    case 2:
        object->layout = ALLOY_HDF_CHUNKED;
        rank = alloy_hdf_take(span, 1);
        object->where = alloy_hdf_take(span, 8);
        object->chunk = alloy_hdf_take(span, 4);
        element = alloy_hdf_take(span, 4);
        object->length = element; /* checked when the type is known */
        if (rank != 2 || object->chunk == 0 || object->chunk > 65536)
            return "the chunks of an array are not of 1 to 65536 values in a row";
        break;
    default:
        return "the layout of an array is neither compact, contiguous nor chunked";
    }
    return span->failed ? "a layout is cut short" : NULL;
}

static const char *take_filters(AlloyHdfSpan *span, AlloyHdfObject *object)
{
    uint64_t version = alloy_hdf_take(span, 1), n = alloy_hdf_take(span, 1);
    static const char other[] = "an array is packed by other filters than shuffle, then deflate";
    if (object->shuffled || object->deflated)
        return "two lists of filters";
    if (version != 2)
        return "a list of filters is not of version 2, as HDF5 1.8 writes it";
    if (n > 2)
        return other;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t id = alloy_hdf_take(span, 2);
        alloy_hdf_take(span, 2); /* flags */
        uint64_t values = alloy_hdf_take(span, 2);
        alloy_hdf_take_bytes(span, 4 * values);
        /* Shuffled first, then deflated. */
        if (id == 2 && i == 0 && !object->shuffled)
            object->shuffled = TRUE;
        else if (id == 1 && i + 1 == n && !object->deflated)
            object->deflated = TRUE;
        else
            return other;
    }
    return span->failed ? "filters are cut short" : NULL;
}

static const char *take_message(uint64_t type, AlloyHdfSpan span, AlloyHdfObject *object)
{
    const char *problem = NULL;
    switch (type) {
    case 0x00: /* nothing */
    case 0x05: /* fill value: every value is written */
    case 0x0a: /* group info */
    case 0x16: /* number of links to the object */
        return NULL;
    case 0x01:
        problem = object->has_space ? "two dataspaces" : take_space(&span, &object->n);
        object->has_space = TRUE;
        return problem;
    case 0x02:
        return take_heap(&span, 1, 8);
    case 0x03:
        problem = object->has_type ? "two datatypes" : take_type(&span, &object->type, &object->text_size);
        object->has_type = TRUE;
        return problem;
    case 0x06:
        return take_link(&span, object);
    case 0x08:
        return take_layout(&span, object);
    case 0x0b:
        return take_filters(&span, object);
    case 0x0c:
        return take_attribute(&span, object);
    case 0x15:
        return take_heap(&span, 1, 2);
    case 0x07:
        return "a header message says that values lie in another file";
    case 0x11:
        return "a header message is of a group in the form from before HDF5 1.8";
    default:
        return "a header message is not one that this program writes";
    }
}

/* A part of a header that is still to be read. */
typedef struct {
    uint64_t address, length;
} Part;

/* The messages of one part; continuations go to the end of parts. */
static const char *take_messages(AlloyHdfSpan span, uint64_t flags, AlloyHdfObject *object, GArray *parts)
{
    size_t head = 4 + (flags & 4 ? 2 : 0);
    while (span.left >= head) { /* less than a head is a gap */
        uint64_t type = alloy_hdf_take(&span, 1), size = alloy_hdf_take(&span, 2);
        uint64_t message_flags = alloy_hdf_take(&span, 1);
        if (flags & 4)
            alloy_hdf_take(&span, 2);
        AlloyHdfSpan message = {alloy_hdf_take_bytes(&span, size), size, FALSE};
        if (span.failed)
            return "a header message is cut short";
        if (message_flags & 2)
            return "a header message is shared";
        if (type == 0x10) {
            Part part = {alloy_hdf_take(&message, 8), alloy_hdf_take(&message, 8)};
            g_array_append_val(parts, part);
            continue;
        }
        const char *problem = take_message(type, message, object);
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

static const char *take_header(AlloyHdfFile *file, AlloyHdfObject *object)
{
    /* The longest that comes before the size is known, or what is left of the file. */
    uint64_t there = file->size - file->base;
    AlloyHdfSpan span = alloy_hdf_span(file, object->address, MIN(34, there - MIN(there, object->address)));
    if (!begins_with(&span, "OHDR") || alloy_hdf_take(&span, 1) != 2)
        return "an object header is not where it should be";
    uint64_t flags = alloy_hdf_take(&span, 1);
    size_t before = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0), width = (size_t)1 << (flags & 3);
    alloy_hdf_take_bytes(&span, before - 6); /* times, limits of compact storage */
    uint64_t length = alloy_hdf_take(&span, width);
    if (span.failed)
        return "an object header is cut short";
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(Part));
    Part first = {object->address + before + width, length};
    g_array_append_val(parts, first);
    uint64_t whole = 0;
    for (unsigned i = 0; i < parts->len; i++) {
        Part part = g_array_index(parts, Part, i);
        span = alloy_hdf_span(file, part.address, part.length);
        if (span.failed)
            return "an object header claims more than there is";
        /* The parts of one header lie beside one another: those that lead in circles, and would fill the
         * memory with the same links again and again, end here; small files that ask for hours, there. */
        whole += part.length + 16;
        file->work += part.length + 16;
        if (whole > there + 16 || file->work / 256 > file->size + (1 << 16))
            return "an object header claims more than there is";
        if (i > 0) {
            if (part.length < 8 || !begins_with(&span, "OCHK"))
                return "an object header is not continued where it should be";
            span.left -= 4; /* the checksum at the end: the whole file has one of its own */
        }
        const char *problem = take_messages(span, flags, object, parts);
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

AlloyHdfObject *alloy_hdf_open(AlloyHdfFile *file, uint64_t address, GError **error)
{
    g_autoptr(AlloyHdfObject) object = g_new0(AlloyHdfObject, 1);
    object->address = address;
    object->links = g_array_new(FALSE, FALSE, sizeof(Link));
    object->attributes = g_array_new(FALSE, FALSE, sizeof(Attribute));
    const char *problem = take_header(file, object);
    if (problem != NULL) {
        alloy_hdf_wrong(file, error, "%s (at byte %" G_GUINT64_FORMAT ")", problem, address + file->base);
        return NULL;
    }
    return g_steal_pointer(&object);
}

void alloy_hdf_close(AlloyHdfObject *object)
{
    if (object == NULL)
        return;
    g_array_unref(object->links);
    g_array_unref(object->attributes);
    g_free(object);
}

static const Link *find_link(const AlloyHdfObject *group, const char *name)
{
    size_t length = strlen(name);
    for (unsigned i = 0; i < group->links->len; i++) {
        const Link *link = &g_array_index(group->links, Link, i);
        if (link->length == length && memcmp(link->name, name, length) == 0)
            return link;
    }
    return NULL;
}

AlloyHdfObject *alloy_hdf_child(AlloyHdfFile *file, const AlloyHdfObject *group, const char *name,
                                GError **error)
{
    const Link *link = find_link(group, name);
    if (link == NULL) {
        alloy_hdf_wrong(file, error, "\"%s\" is missing", name);
        return NULL;
    }
    return alloy_hdf_open(file, link->address, error);
}

uint64_t alloy_hdf_address(const AlloyHdfObject *object)
{
    return object->address;
}

gboolean alloy_hdf_has_child(const AlloyHdfObject *group, const char *name)
{
    return find_link(group, name) != NULL;
}

gboolean alloy_hdf_attribute(const AlloyHdfObject *object, const char *name, AlloyHdfAttribute *attribute)
{
    for (unsigned i = 0; i < object->attributes->len; i++) {
        const Attribute *one = &g_array_index(object->attributes, Attribute, i);
        if (strcmp(one->name, name) == 0) {
            *attribute = one->value;
            return TRUE;
        }
    }
    return FALSE;
}
