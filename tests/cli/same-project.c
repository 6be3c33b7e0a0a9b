/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same-project A.alloy B.alloy: whether every item of A is in B under its name with the same bits, and comes
 * from the same: the same bytes of a file, or the same run. */
#include "core/project/store.h"
#include "tests/project/values.h"

#include <stdio.h>

/* Ids differ, so inputs are not compared; parameters count as used, whether given or found. */
static void assert_same_origin(const AlloyOrigin *a, const AlloyOrigin *b)
{
    g_assert_cmpint(a->kind, ==, b->kind);
    g_assert_cmpstr(a->sha256, ==, b->sha256);
    g_assert_cmpstrv(a->fixes, b->fixes);
    g_assert_cmpstr(a->operation, ==, b->operation);
    g_assert_cmpint(a->version, ==, b->version);
    g_assert_cmpuint(a->seed, ==, b->seed);
    g_assert_cmpstr(a->output, ==, b->output);
    g_assert_cmpstrv(a->labels, b->labels);
    g_assert_cmpuint(a->n_inputs, ==, b->n_inputs);
    g_auto(GStrv) settings = alloy_origin_settings(a);
    g_auto(GStrv) others = alloy_origin_settings(b);
    g_assert_cmpstrv(settings, others);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 3)
        return 2;
    g_autoptr(AlloyProject) a = alloy_project_load(argv[1], NULL, &error);
    g_assert_no_error(error);
    g_autoptr(AlloyProject) b = alloy_project_load(argv[2], NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(alloy_project_size(a), ==, alloy_project_size(b));
    for (unsigned i = 0; i < alloy_project_size(a); i++) {
        const AlloyItem *item = alloy_project_at(a, i);
        const AlloyItem *other = alloy_project_find_name(b, item->name);
        if (other == NULL)
            g_error("there is no item \"%s\"", item->name);
        values_assert_same(item->data, other->data);
        assert_same_origin(item->origin, other->origin);
    }
    printf("%u items are the same\n", alloy_project_size(a));
    return 0;
}
