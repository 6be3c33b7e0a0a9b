/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/unique-names.h"

struct _AlloyUniqueNames {
    GHashTable *next; /* every name that is taken -> the number that its next namesake tries first */
};

static char *take(AlloyUniqueNames *names, char *name)
{
    g_hash_table_insert(names->next, name, GUINT_TO_POINTER(2));
    return name;
}

AlloyUniqueNames *alloy_unique_names_new(const char *const *taken)
{
    AlloyUniqueNames *names = g_new0(AlloyUniqueNames, 1);
    names->next = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (; taken != NULL && *taken != NULL; taken++)
        if (!g_hash_table_contains(names->next, *taken))
            take(names, g_strdup(*taken));
    return names;
}

const char *alloy_unique_names_take(AlloyUniqueNames *names, const char *name)
{
    gpointer own, value;
    if (!g_hash_table_lookup_extended(names->next, name, &own, &value))
        return take(names, g_strdup(name));
    for (unsigned k = GPOINTER_TO_UINT(value);; k++) {
        char *numbered = g_strdup_printf("%s_%u", name, k);
        if (!g_hash_table_contains(names->next, numbered)) {
            /* not replace: the key that is there is what others hold */
            g_hash_table_insert(names->next, g_strdup(name), GUINT_TO_POINTER(k + 1));
            return take(names, numbered);
        }
        g_free(numbered);
    }
}

void alloy_unique_names_free(AlloyUniqueNames *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->next);
    g_free(names);
}
