/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/unique-names.h"

#include <glib.h>

static void test_numbers(void)
{
    static const char *const taken[] = {"x", "x", NULL};
    g_autoptr(AlloyUniqueNames) names = alloy_unique_names_new(taken);
    const char *first = alloy_unique_names_take(names, "a");
    g_assert_cmpstr(first, ==, "a");
    g_assert_cmpstr(alloy_unique_names_take(names, "a_2"), ==, "a_2");
    g_assert_cmpstr(alloy_unique_names_take(names, "a"), ==, "a_3");
    g_assert_cmpstr(alloy_unique_names_take(names, "a_2"), ==, "a_2_2");
    g_assert_cmpstr(alloy_unique_names_take(names, "x"), ==, "x_2");
    g_assert_cmpstr(alloy_unique_names_take(names, ""), ==, "");
    g_assert_cmpstr(alloy_unique_names_take(names, ""), ==, "_2");
    g_assert_cmpstr(first, ==, "a");
}

/* A hundred thousand equal names: quadratic would be minutes. */
static void test_many(void)
{
    enum { N = 100000 };
    g_autoptr(AlloyUniqueNames) names = alloy_unique_names_new(NULL);
    const char *last = NULL;
    for (int i = 0; i < N; i++)
        last = alloy_unique_names_take(names, "a");
    g_assert_cmpstr(last, ==, "a_100000");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/numbers", test_numbers);
    g_test_add_func("/names/many", test_many);
    return g_test_run();
}
