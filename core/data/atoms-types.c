/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/atoms.h"

#include "core/base/number.h"
#include "core/data/elements.h"

#include <string.h>

const char *alloy_name_of_atomic_number(int64_t z, int *element, gpointer unused)
{
    if (z < 1 || z > ALLOY_ELEMENTS)
        return NULL;
    *element = (int)z;
    return alloy_element((int)z)->symbol;
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return (p > q) - (p < q);
}

gboolean alloy_atoms_builder_set_types(AlloyAtomsBuilder *builder, const int64_t *types, AlloyTypeName name,
                                       gpointer data)
{
    enum { SMALL = 256, MOST = 65535 };
    int small[SMALL];
    for (int t = 0; t < SMALL; t++)
        small[t] = -1;
    g_autoptr(GHashTable) others = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GArray) distinct = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (size_t i = 0; i < builder->n; i++) {
        if (types[i] >= 0 && types[i] < SMALL) {
            if (small[types[i]] == 0)
                continue;
            small[types[i]] = 0;
        } else if (!g_hash_table_add(others, (gpointer)&types[i])) {
            continue;
        }
        g_array_append_val(distinct, types[i]);
        if (distinct->len > MOST)
            return FALSE;
    }
    g_array_sort(distinct, compare_numbers);
    g_hash_table_remove_all(others);
    for (unsigned k = 0; k < distinct->len; k++) {
        int64_t *type = &g_array_index(distinct, int64_t, k);
        int z = 0;
        const char *label = name != NULL ? name(*type, &z, data) : NULL;
        char numbered[ALLOY_DOUBLE_TEXT + 8] = "Type ";
        if (label == NULL)
            alloy_format_int64(*type, numbered + strlen(numbered));
        int kind = alloy_atoms_builder_named_kind(builder, label != NULL ? label : numbered, z);
        g_assert(kind >= 0); /* there are at most MOST */
        if (*type >= 0 && *type < SMALL)
            small[*type] = kind;
        else
            g_hash_table_insert(others, type, GINT_TO_POINTER(kind));
    }
    for (size_t i = 0; i < builder->n; i++)
        builder->species[i] = (uint16_t)(types[i] >= 0 && types[i] < SMALL
                                             ? small[types[i]]
                                             : GPOINTER_TO_INT(g_hash_table_lookup(others, &types[i])));
    return TRUE;
}
