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

char *alloy_stage_list(const GArray *stages)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < stages->len;) {
        guint j = i;
        while (j + 1 < stages->len &&
               g_array_index(stages, guint, j + 1) == g_array_index(stages, guint, j) + 1)
            j++;
        g_string_append_printf(text, i > 0 ? ", %u" : "%u", g_array_index(stages, guint, i));
        if (j > i)
            g_string_append_printf(text, "-%u", g_array_index(stages, guint, j));
        i = j + 1;
    }
    return g_string_free(text, FALSE);
}
