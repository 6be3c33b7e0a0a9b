/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/pair-names.h"

#include <string.h>

struct _AlloyPairNames {
    GHashTable *place; /* species -> its place among them */
};

AlloyPairNames *alloy_pair_names_new(const char *const *species, size_t n)
{
    AlloyPairNames *names = g_rc_box_new0(AlloyPairNames);
    names->place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t k = 0; k < n; k++)
        if (!g_hash_table_contains(names->place, species[k]))
            g_hash_table_insert(names->place, g_strdup(species[k]),
                                GUINT_TO_POINTER(g_hash_table_size(names->place)));
    return names;
}

static void clear(gpointer data)
{
    g_hash_table_unref(((AlloyPairNames *)data)->place);
}

AlloyPairNames *alloy_pair_names_ref(AlloyPairNames *names)
{
    return g_rc_box_acquire(names);
}

void alloy_pair_names_unref(AlloyPairNames *names)
{
    if (names != NULL)
        g_rc_box_release_full(names, clear);
}

/* The next pair of species with `bar` between them that text is, from the place *at on; FALSE: no more. */
static gboolean next_pair(const AlloyPairNames *names, const char *text, const char *bar, const char **at,
                          const char **a, const char **b)
{
    for (const char *found; (found = strstr(*at, bar)) != NULL;) {
        *at = found + 1;
        gpointer first, second;
        g_autofree char *head = g_strndup(text, (gsize)(found - text));
        if (!g_hash_table_lookup_extended(names->place, head, &first, NULL) ||
            !g_hash_table_lookup_extended(names->place, found + strlen(bar), &second, NULL))
            continue;
        *a = first;
        *b = second;
        return TRUE;
    }
    return FALSE;
}

static unsigned count_pairs(const AlloyPairNames *names, const char *text)
{
    const char *at = text, *a, *b;
    unsigned count = 0;
    while (next_pair(names, text, "_", &at, &a, &b))
        count++;
    return count;
}

gboolean alloy_pair_name_clashes(const AlloyPairNames *names, const char *a, const char *b)
{
    g_autofree char *plain = g_strconcat(a, "_", b, NULL);
    return count_pairs(names, plain) > 1;
}

/* Pairs that would be written with two bars so. */
static unsigned count_apart(const AlloyPairNames *names, const char *text)
{
    const char *at = text, *a, *b;
    unsigned count = 0;
    while (next_pair(names, text, "__", &at, &a, &b))
        count += alloy_pair_name_clashes(names, a, b);
    return count;
}

static guint place_of(const AlloyPairNames *names, const char *species)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(names->place, species));
}

char *alloy_pair_name(const AlloyPairNames *names, const char *a, const char *b)
{
    if (!alloy_pair_name_clashes(names, a, b))
        return g_strconcat(a, "_", b, NULL);
    g_autofree char *apart = g_strconcat(a, "__", b, NULL);
    if (count_pairs(names, apart) == 0 && count_apart(names, apart) == 1)
        return g_steal_pointer(&apart);
    /* Longer until no pair is called so: the species are finite, and the numbers tell these apart. */
    GString *numbered = g_string_new(NULL);
    g_string_printf(numbered, "%s_%u_%u", apart, place_of(names, a), place_of(names, b));
    while (count_pairs(names, numbered->str) > 0 || count_apart(names, numbered->str) > 0)
        g_string_append_c(numbered, 'x');
    return g_string_free(numbered, FALSE);
}

gboolean alloy_pair_names_find(const AlloyPairNames *names, const char *name, const char **a, const char **b)
{
    for (int bars = 1; bars <= 2; bars++)
        for (const char *at = name; next_pair(names, name, bars == 1 ? "_" : "__", &at, a, b);) {
            g_autofree char *own = alloy_pair_name(names, *a, *b);
            if (strcmp(own, name) == 0)
                return TRUE;
        }
    return FALSE;
}
