/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same-project A.alloy B.alloy: whether every item of A is in B under its name with the same bits. */
#include "core/project/store.h"
#include "tests/project/values.h"

#include <stdio.h>

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
    }
    printf("%u items are the same\n", alloy_project_size(a));
    return 0;
}
