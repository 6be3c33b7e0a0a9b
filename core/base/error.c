/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"

#include <gio/gio.h>
#include <stdarg.h>

G_DEFINE_QUARK(alloy - error - quark, alloy_error)

gboolean alloy_format_error(GError **error, const char *place, uint64_t line, const char *format, ...)
{
    if (error == NULL)
        return FALSE;
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    const char *where = place != NULL ? place : "input";
    if (line > 0)
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT, "%s, line %" G_GUINT64_FORMAT ": %s", where,
                    (guint64)line, message);
    else
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT, "%s: %s", where, message);
    return FALSE;
}

gboolean alloy_input_error(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_propagate_error(error, g_error_new_valist(ALLOY_ERROR, ALLOY_ERROR_INPUT, format, args));
    va_end(args);
    return FALSE;
}

gboolean alloy_parameter_error(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_propagate_error(error, g_error_new_valist(ALLOY_ERROR, ALLOY_ERROR_PARAMETER, format, args));
    va_end(args);
    return FALSE;
}

gboolean alloy_is_cancelled(const GError *error)
{
    return error != NULL && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
