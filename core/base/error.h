/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Errors that the world outside can cause. A bug is g_assert or g_return_if_fail, never one of these.
 * Cancelling is G_IO_ERROR_CANCELLED; what the system refuses (a missing file, a full disk) stays a
 * G_FILE_ERROR or G_IO_ERROR. Every message says what, where (file, line or offset), what was expected and
 * what was found. */
#define ALLOY_ERROR (alloy_error_quark())
GQuark alloy_error_quark(void);

typedef enum {
    ALLOY_ERROR_FORMAT,         /* the content of a file is wrong or cut short */
    ALLOY_ERROR_UNKNOWN_FORMAT, /* no reader or writer knows this file */
    ALLOY_ERROR_INPUT,          /* an analysis cannot answer for this data */
    ALLOY_ERROR_PARAMETER,      /* a parameter is missing, misspelt or out of its range */
    ALLOY_ERROR_VERSION,        /* written by a newer program */
    ALLOY_ERROR_LIBRARY,        /* a library (LAPACK, qhull, HDF5, zlib) refused */
} AlloyErrorCode;

/* Sets "PLACE, line LINE: MESSAGE" (line 0: no line known) with code ALLOY_ERROR_FORMAT. Always FALSE, so
 * that a reader can `return alloy_format_error(...)`. */
gboolean alloy_format_error(GError **error, const char *place, uint64_t line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The same for ALLOY_ERROR_INPUT and ALLOY_ERROR_PARAMETER: the message alone. Always FALSE. */
gboolean alloy_input_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
gboolean alloy_parameter_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* TRUE when *error says that the user cancelled. */
gboolean alloy_is_cancelled(const GError *error);

G_END_DECLS
