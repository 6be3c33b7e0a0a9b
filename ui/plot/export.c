/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

static cairo_status_t append(void *data, const unsigned char *bytes, unsigned length)
{
    g_byte_array_append(data, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

/* The names that cairo gives to pieces of an SVG by a counter of the whole process: "surface17", "image5". */
static const char *const counted[] = {"surface", "image"};

/* Which of them begins at text and goes on with a number; -1: none. */
static int counted_name(const char *text, const char *end)
{
    for (int k = 0; k < (int)G_N_ELEMENTS(counted); k++) {
        size_t length = strlen(counted[k]);
        if ((size_t)(end - text) > length && memcmp(text, counted[k], length) == 0 &&
            g_ascii_isdigit(text[length]))
            return k;
    }
    return -1;
}

/* Here they are numbered by their order in the file. */
static GByteArray *renumber(GByteArray *svg)
{
    GByteArray *out = g_byte_array_sized_new(svg->len);
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *at = (const char *)svg->data, *end = at + svg->len;
    for (const char *c = at; c < end;) {
        if ((*c != '"' && *c != '#') || counted_name(c + 1, end) < 0) {
            c++;
            continue;
        }
        const char *word = counted[counted_name(c + 1, end)], *digit = c + 1 + strlen(word);
        while (digit < end && g_ascii_isdigit(*digit))
            digit++;
        char *old = g_strndup(c + 1, (gsize)(digit - c - 1));
        gpointer known = g_hash_table_lookup(numbers, old);
        if (known == NULL) {
            known = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
            g_hash_table_insert(numbers, g_steal_pointer(&old), known);
        }
        g_free(old);
        char name[32];
        int written = g_snprintf(name, sizeof name, "%s%u", word, GPOINTER_TO_UINT(known));
        g_byte_array_append(out, (const guint8 *)at, (guint)(c + 1 - at));
        g_byte_array_append(out, (const guint8 *)name, (guint)written);
        at = c = digit;
    }
    g_byte_array_append(out, (const guint8 *)at, (guint)(end - at));
    g_byte_array_unref(svg);
    return out;
}

GBytes *alloy_vector_bytes(AlloyVectorFormat format, double width, double height, const char *title,
                           AlloyDrawFunc draw, gpointer data, GError **error)
{
    if (!(width > 0) || !(height > 0) || !isfinite(width) || !isfinite(height)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a page of %g x %g points is none", width,
                    height);
        return NULL;
    }
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface;
    if (format == ALLOY_VECTOR_PDF) {
        surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
        /* the empty text takes the date out */
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Alloyscope");
        if (title != NULL)
            cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    } else {
        surface = cairo_svg_surface_create_for_stream(append, bytes, width, height);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
    }
    cairo_t *cr = cairo_create(surface);
    draw(cr, width, height, data);
    cairo_show_page(cr);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "drawing the page: %s",
                    cairo_status_to_string(status));
        g_byte_array_unref(bytes);
        return NULL;
    }
    if (format == ALLOY_VECTOR_SVG)
        bytes = renumber(bytes);
    return g_byte_array_free_to_bytes(bytes);
}
