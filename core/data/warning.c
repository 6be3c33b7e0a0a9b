/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/warning.h"

static void warning_free(gpointer data)
{
    AlloyWarning *warning = data;
    g_free(warning->message);
    g_free(warning->fix);
    g_free(warning->fix_title);
    g_free(warning);
}

GPtrArray *alloy_warnings_new(void)
{
    return g_ptr_array_new_with_free_func(warning_free);
}

void alloy_warn(GPtrArray *warnings, const char *code, const char *fix, const char *fix_title,
                const char *format, ...)
{
    if (warnings == NULL)
        return;
    AlloyWarning *warning = g_new0(AlloyWarning, 1);
    warning->code = code;
    warning->fix = g_strdup(fix);
    warning->fix_title = g_strdup(fix_title);
    va_list args;
    va_start(args, format);
    warning->message = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(warnings, warning);
}
