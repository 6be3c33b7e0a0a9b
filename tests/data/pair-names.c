/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/pair-names.h"

#include <string.h>

static void is_called(const AlloyPairNames *names, const char *a, const char *b, const char *expected)
{
    g_autofree char *name = alloy_pair_name(names, a, b);
    g_assert_cmpstr(name, ==, expected);
}

static void test_plain(void)
{
    g_autoptr(AlloyPairNames) names = alloy_pair_names_new((const char *const[]){"Pd", "Ir", "Pd"}, 3);
    is_called(names, "Pd", "Ir", "Pd_Ir");
    is_called(names, "Ir", "Ir", "Ir_Ir");
    g_assert_false(alloy_pair_name_clashes(names, "Pd", "Ir"));
    const char *a, *b;
    g_assert_true(alloy_pair_names_find(names, "Ir_Pd", &a, &b));
    g_assert_cmpstr(a, ==, "Ir");
    g_assert_cmpstr(b, ==, "Pd");
    g_assert_false(alloy_pair_names_find(names, "Ir_Pt", &a, &b));
    g_assert_false(alloy_pair_names_find(names, "Ir__Pd", &a, &b));
}

/* Every pair has a name of its own, however the species are called; what is found by it is that pair. */
static void all_differ(const char *const *species, size_t n)
{
    g_autoptr(AlloyPairNames) names = alloy_pair_names_new(species, n);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            char *name = alloy_pair_name(names, species[i], species[j]);
            const char *a, *b;
            gboolean found = alloy_pair_names_find(names, name, &a, &b);
            g_assert_true(!found || (strcmp(a, species[i]) == 0 && strcmp(b, species[j]) == 0));
            g_assert_true(g_hash_table_add(seen, name));
        }
}

static void test_clashes(void)
{
    static const char *const species[] = {"A", "A_B", "B_A"};
    g_autoptr(AlloyPairNames) names = alloy_pair_names_new(species, 3);
    g_assert_true(alloy_pair_name_clashes(names, "A", "B_A"));
    is_called(names, "A", "B_A", "A__B_A");
    is_called(names, "A_B", "A", "A_B__A");
    is_called(names, "A", "A_B", "A_A_B"); /* the others keep theirs */
    const char *a, *b;
    g_assert_false(alloy_pair_names_find(names, "A_B_A", &a, &b)); /* which of the two? */
    all_differ(species, 3);
    all_differ((const char *const[]){"A", "A_", "_A", "__A"}, 4);
    all_differ((const char *const[]){"", "_", "__", "___"}, 4);
    all_differ((const char *const[]){"A", "B", "A_", "_B", "A___B_0_1", "", "x"}, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pair-names/plain", test_plain);
    g_test_add_func("/pair-names/clashes", test_clashes);
    return g_test_run();
}
