/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/item.h"

#include <string.h>

/* Any bytes as the JSON that says where an item came from; what is taken is written and read again. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_memdup2(bytes, size + (size == 0));
    g_autoptr(GError) error = NULL;
    g_auto(AlloyOriginRef) origin = alloy_origin_from_json(text != NULL ? text : "", size, &error);
    g_assert((origin == NULL) == (error != NULL));
    if (origin == NULL)
        return 0;
    g_autofree char *json = alloy_origin_to_json(origin);
    g_autoptr(GError) refused = NULL;
    g_auto(AlloyOriginRef) again = alloy_origin_from_json(json, strlen(json), &refused);
    g_assert_no_error(refused);
    g_assert(alloy_origin_same(origin, again));
    return 0;
}
