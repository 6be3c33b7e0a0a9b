/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/summary.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/statistics.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

static const AlloyAtoms *model(size_t n, uint64_t seed)
{
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int kinds[3] = {alloy_atoms_builder_kind(builder, "Pt", 2), alloy_atoms_builder_kind(builder, "Ni", 2),
                    alloy_atoms_builder_kind(builder, "Rh", 2)};
    double *real = alloy_array_new(double, n);
    int64_t *integer = alloy_array_new(int64_t, n);
    uint8_t *flag = alloy_array_new(uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = builder->y[i] = builder->z[i] = (double)i;
        builder->species[i] =
            (uint16_t)kinds[(int)(2 * alloy_random_uniform(&random) * alloy_random_uniform(&random))];
        real[i] = alloy_random_uniform(&random) < 0.1 ? NAN : 1e6 + alloy_random_normal(&random);
        integer[i] = (int64_t)(12 * alloy_random_uniform(&random));
        flag[i] = alloy_random_uniform(&random) < 0.3;
    }
    alloy_atoms_builder_set_column(builder, alloy_column_new_real("order", "1", real, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("cn", "1", integer, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("flag", flag, n));
    return alloy_atoms_builder_finish(builder);
}

/* Against all choices: of 8 atoms every 3 are chosen once. Their means scatter by exactly the sd that z is
 * told in, and so do the counts of a species. */
static void test_all_choices(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)model(8, 3);
    g_autoptr(AlloySummaries) summaries = alloy_summaries_new(atoms);
    double mean_z2[2] = {0}, mean_z[2] = {0};
    size_t choices = 0;
    for (unsigned bits = 0; bits < 256; bits++) {
        if (__builtin_popcount(bits) != 3)
            continue;
        uint8_t mask[8];
        for (int i = 0; i < 8; i++)
            mask[i] = bits >> i & 1;
        g_autoptr(AlloySelection) selection = (AlloySelection *)alloy_selection_from_mask(mask, 8);
        g_autoptr(AlloySummary) summary = alloy_summaries_of(summaries, selection);
        double z[2] = {summary->columns[1].z, summary->kinds[0].z};
        for (int k = 0; k < 2; k++) {
            mean_z[k] += z[k];
            mean_z2[k] += z[k] * z[k];
        }
        choices++;
    }
    g_assert_cmpuint(choices, ==, 56);
    for (int k = 0; k < 2; k++) {
        test_assert_near(mean_z[k] / 56, 0, 1e-12);
        test_assert_near(mean_z2[k] / 56, 1, 1e-12);
    }
}

static void test_against_plain_sums(void)
{
    const size_t n = 100003;
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)model(n, 5);
    g_autoptr(AlloySummaries) summaries = alloy_summaries_new(atoms);
    g_autofree uint8_t *mask = g_malloc0(n);
    g_autofree double *chosen = g_new(double, n);
    AlloyRandom random;
    alloy_random_init(&random, 9, 0);
    size_t selected = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        mask[i] = alloy_random_uniform(&random) < 0.2;
        selected += mask[i];
        if (mask[i] && !isnan(alloy_column_real_at(alloy_atoms_column(atoms, "order"), i)))
            chosen[found++] = alloy_column_real_at(alloy_atoms_column(atoms, "order"), i);
    }
    g_autoptr(AlloySelection) selection = (AlloySelection *)alloy_selection_from_mask(mask, n);
    alloy_parallel_set_threads(1);
    g_autoptr(AlloySummary) summary = alloy_summaries_of(summaries, selection);
    alloy_parallel_set_threads(8);
    g_autoptr(AlloySummary) again = alloy_summaries_of(summaries, selection);
    alloy_parallel_set_threads(0);
    g_assert_cmpuint(summary->selected, ==, selected);
    g_assert_cmpuint(summary->columns[0].n, ==, found);
    AlloyMoments moments = alloy_moments(chosen, found);
    test_assert_near(summary->columns[0].mean, moments.mean, 1e-9);
    test_assert_near(summary->columns[0].sem, moments.sem, 1e-9 * moments.sem);
    for (unsigned k = 0; k < summary->n_kinds; k++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += mask[i] && atoms->species[i] == summary->kinds[k].kind;
        g_assert_cmpuint(summary->kinds[k].count, ==, count);
        double share = (double)count / (double)selected;
        test_assert_near(summary->kinds[k].error, sqrt(share * (1 - share) / (double)selected), 1e-15);
    }
    g_assert_cmpint(atoms->kinds[summary->kinds[0].kind].z, ==, 28); /* Ni before Pt */
    for (unsigned c = 0; c < summary->n_columns; c++)
        g_assert_true(memcmp(&summary->columns[c].mean, &again->columns[c].mean, sizeof(double)) == 0);
}

static void test_nothing_and_all(void)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)model(50, 2);
    g_autoptr(AlloySummaries) summaries = alloy_summaries_new(atoms);
    g_autoptr(AlloySelection) none = (AlloySelection *)alloy_selection_none(50);
    g_autoptr(AlloySelection) all = (AlloySelection *)alloy_selection_all(50);
    g_autoptr(AlloySummary) nothing = alloy_summaries_of(summaries, none);
    g_autoptr(AlloySummary) everything = alloy_summaries_of(summaries, all);
    g_assert_true(isnan(nothing->kinds[0].share) && isnan(nothing->columns[0].mean) &&
                  isnan(nothing->columns[0].z));
    test_assert_near(everything->columns[1].mean, everything->columns[1].whole, 1e-12);
    g_assert_true(isnan(everything->columns[1].z) && isnan(everything->kinds[0].z));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/structure/summary/all-choices", test_all_choices);
    g_test_add_func("/structure/summary/plain-sums", test_against_plain_sums);
    g_test_add_func("/structure/summary/nothing-and-all", test_nothing_and_all);
    return g_test_run();
}
