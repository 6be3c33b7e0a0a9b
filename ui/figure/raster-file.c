/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/raster-file.h"

#include "core/base/error.h"

#include <gio/gio.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>
#include <zlib.h>

/* --- PNG --- */

static cairo_status_t append(void *data, const unsigned char *bytes, unsigned length)
{
    g_byte_array_append(data, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

static void put32(uint8_t *to, uint32_t value)
{
    for (int k = 0; k < 4; k++)
        to[k] = (uint8_t)(value >> (24 - 8 * k));
}

GBytes *alloy_png_bytes(cairo_surface_t *surface, double dpi, GError **error)
{
    enum { HEAD = 8 + 25 }; /* the signature and IHDR, which cairo writes first */
    g_autoptr(GByteArray) png = g_byte_array_new();
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, png);
    if (status != CAIRO_STATUS_SUCCESS || png->len <= HEAD) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "making the PNG: %s",
                    cairo_status_to_string(status));
        return NULL;
    }
    uint8_t chunk[4 + 4 + 9 + 4] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
    put32(chunk + 8, (uint32_t)lround(dpi / 0.0254));
    put32(chunk + 12, (uint32_t)lround(dpi / 0.0254));
    chunk[16] = 1; /* a metre */
    put32(chunk + 17, (uint32_t)crc32(0, chunk + 4, 13));
    GByteArray *out = g_byte_array_sized_new(png->len + sizeof chunk);
    g_byte_array_append(out, png->data, HEAD);
    g_byte_array_append(out, chunk, sizeof chunk);
    g_byte_array_append(out, png->data + HEAD, png->len - HEAD);
    return g_byte_array_free_to_bytes(out);
}

/* --- TIFF, written into memory --- */

typedef struct {
    GByteArray *bytes;
    size_t at;
    char *message;
} Memory;

static tmsize_t memory_read(thandle_t handle, void *to, tmsize_t n)
{
    Memory *memory = handle;
    size_t left = memory->at < memory->bytes->len ? memory->bytes->len - memory->at : 0;
    size_t taken = MIN((size_t)n, left);
    memcpy(to, memory->bytes->data + memory->at, taken);
    memory->at += taken;
    return (tmsize_t)taken;
}

static tmsize_t memory_write(thandle_t handle, void *from, tmsize_t n)
{
    Memory *memory = handle;
    if (memory->at + (size_t)n > G_MAXUINT32)
        return 0; /* no TIFF is larger */
    if (memory->at + (size_t)n > memory->bytes->len) {
        size_t old = memory->bytes->len;
        g_byte_array_set_size(memory->bytes, (guint)(memory->at + (size_t)n));
        if (memory->at > old)
            memset(memory->bytes->data + old, 0, memory->at - old);
    }
    memcpy(memory->bytes->data + memory->at, from, (size_t)n);
    memory->at += (size_t)n;
    return n;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence)
{
    Memory *memory = handle;
    memory->at = (size_t)offset + (whence == SEEK_CUR   ? memory->at
                                   : whence == SEEK_END ? memory->bytes->len
                                                        : 0);
    return memory->at;
}

static int memory_close(thandle_t handle)
{
    return 0;
}

static toff_t memory_size(thandle_t handle)
{
    return ((Memory *)handle)->bytes->len;
}

static int note_error(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
    Memory *memory = data;
    if (memory->message == NULL)
        memory->message = g_strdup_vprintf(format, arguments);
    return 1; /* not to stderr too */
}

/* A row of cairo's pixels as red, green, blue and, where the image has one, alpha. */
static void unpack_row(const uint32_t *argb, int width, int samples, uint8_t *to)
{
    for (int x = 0; x < width; x++, to += samples) {
        uint32_t alpha = samples == 4 ? argb[x] >> 24 : 255;
        for (int k = 0; k < 3; k++) {
            uint32_t value = argb[x] >> (16 - 8 * k) & 255;
            to[k] = (uint8_t)(alpha == 0 ? 0 : MIN((value * 255 + alpha / 2) / alpha, 255));
        }
        if (samples == 4)
            to[3] = (uint8_t)alpha;
    }
}

static gboolean write_rows(TIFF *tiff, cairo_surface_t *surface, double dpi)
{
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int samples = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32 ? 4 : 3;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, dpi);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, dpi);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
    if (samples == 4) {
        const uint16_t kind = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
    g_autofree uint8_t *row = g_malloc((size_t)width * 4);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        unpack_row((const uint32_t *)(gconstpointer)(from + (size_t)y * stride), width, samples, row);
        if (TIFFWriteScanline(tiff, row, (uint32_t)y, 0) < 0)
            return FALSE;
    }
    return TIFFFlush(tiff) == 1;
}

GBytes *alloy_tiff_bytes(cairo_surface_t *surface, double dpi, GError **error)
{
    cairo_surface_flush(surface);
    Memory memory = {.bytes = g_byte_array_new()};
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, &memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options, note_error, &memory);
    /* the byte order of a file shall not be that of the machine */
    TIFF *tiff = TIFFClientOpenExt("figure", "wl", &memory, memory_read, memory_write, memory_seek,
                                   memory_close, memory_size, NULL, NULL, options);
    gboolean ok = tiff != NULL && write_rows(tiff, surface, dpi);
    if (tiff != NULL)
        TIFFClose(tiff);
    TIFFOpenOptionsFree(options);
    if (!ok) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "making the TIFF: %s",
                    memory.message != NULL ? memory.message : "too large");
        g_clear_pointer(&memory.bytes, g_byte_array_unref);
    }
    g_free(memory.message);
    return ok ? g_byte_array_free_to_bytes(memory.bytes) : NULL;
}
