/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/selection.h"
#include "core/base/random.h"

#include <string.h>

/* The algebra of sets, on random sets of sizes around the word boundaries. */

static const size_t sizes[] = {0, 1, 63, 64, 65, 127, 128, 1000};

static const AlloySelection *random_set(size_t n, uint64_t stream, uint8_t *mask)
{
    AlloyRandom random;
    alloy_random_init(&random, 7, stream);
    for (size_t i = 0; i < n; i++)
        mask[i] = (uint8_t)(alloy_random_below(&random, 3) * 5 / 4); /* 0, 1, 2 */
    return alloy_selection_from_mask(mask, n);
}

static gboolean same(const AlloySelection *a, const AlloySelection *b)
{
    return a->n == b->n && a->count == b->count && memcmp(a->words, b->words, (a->n + 63) / 64 * 8) == 0;
}

static void test_masks_and_ids(void)
{
    for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
        size_t n = sizes[k], count = 0;
        uint8_t mask[1000], back[1000];
        g_autoptr(AlloySelection) set = (AlloySelection *)random_set(n, k, mask);
        alloy_selection_to_mask(set, back);
        for (size_t i = 0; i < n; i++) {
            g_assert_cmpint(back[i], ==, mask[i] != 0);
            g_assert_cmpint(alloy_selection_has(set, i) != 0, ==, mask[i] != 0);
            count += mask[i] != 0;
        }
        g_assert_cmpuint(set->count, ==, count);
        g_autofree uint32_t *ids = alloy_selection_ids(set);
        for (size_t i = 0; i < count; i++)
            g_assert_true(mask[ids[i]] != 0 && (i == 0 || ids[i] > ids[i - 1]));
        g_autoptr(AlloySelection) again = (AlloySelection *)alloy_selection_from_ids(ids, count, n);
        g_assert_true(same(set, again));
        g_autoptr(AlloySelection) all = (AlloySelection *)alloy_selection_all(n);
        g_autoptr(AlloySelection) none = (AlloySelection *)alloy_selection_none(n);
        g_autoptr(AlloySelection) inverted = (AlloySelection *)alloy_selection_invert(none);
        g_assert_cmpuint(all->count, ==, n);
        g_assert_cmpuint(none->count, ==, 0);
        g_assert_true(same(all, inverted));
    }
    const uint32_t twice[] = {3, 1, 3};
    g_autoptr(AlloySelection) set = (AlloySelection *)alloy_selection_from_ids(twice, 3, 4);
    g_assert_cmpuint(set->count, ==, 2);
}

#define COMBINE(a, b, mode) ((AlloySelection *)alloy_selection_combine((a), (b), ALLOY_SELECT_##mode))
#define INVERT(a) ((AlloySelection *)alloy_selection_invert(a))

static void test_identities(void)
{
    for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
        uint8_t mask[1000];
        g_autoptr(AlloySelection) a = (AlloySelection *)random_set(sizes[k], 100 + k, mask);
        g_autoptr(AlloySelection) b = (AlloySelection *)random_set(sizes[k], 200 + k, mask);
        g_autoptr(AlloySelection) not_a = INVERT(a), not_b = INVERT(b);
        g_autoptr(AlloySelection) either = COMBINE(a, b, ADD), both = COMBINE(a, b, INTERSECT);
        g_autoptr(AlloySelection) less = COMBINE(a, b, REMOVE), toggled = COMBINE(a, b, TOGGLE);
        g_autoptr(AlloySelection) replaced = COMBINE(a, b, REPLACE);
        g_assert_true(same(replaced, b));
        /* de Morgan: not (a or b) = not a and not b; not (a and b) = not a or not b */
        g_autoptr(AlloySelection) left = INVERT(either), right = COMBINE(not_a, not_b, INTERSECT);
        g_assert_true(same(left, right));
        g_autoptr(AlloySelection) left2 = INVERT(both), right2 = COMBINE(not_a, not_b, ADD);
        g_assert_true(same(left2, right2));
        /* a - b = a and not b; a xor b = (a or b) - (a and b); toggling twice changes nothing */
        g_autoptr(AlloySelection) and_not = COMBINE(a, not_b, INTERSECT);
        g_assert_true(same(less, and_not));
        g_autoptr(AlloySelection) apart = COMBINE(either, both, REMOVE);
        g_assert_true(same(toggled, apart));
        g_autoptr(AlloySelection) back = COMBINE(toggled, b, TOGGLE);
        g_assert_true(same(back, a));
        g_autoptr(AlloySelection) twice = INVERT(not_a);
        g_assert_true(same(twice, a));
        /* |a or b| + |a and b| = |a| + |b| */
        g_assert_cmpuint(either->count + both->count, ==, a->count + b->count);
        g_assert_cmpuint(a->count + not_a->count, ==, a->n);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/selection/masks-and-ids", test_masks_and_ids);
    g_test_add_func("/selection/identities", test_identities);
    return g_test_run();
}
