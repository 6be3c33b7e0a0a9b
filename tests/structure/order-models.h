/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Small particles for the tests of chemical order. Header only: each test has its own copy. */

#include "core/base/random.h"
#include "core/data/atoms.h"
#include "core/data/operation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const order_names[] = {"Pd", "Ir", "Ni", "Au", "Cu"};

/* labels may be NULL: all of the first kind. Kinds 0..n_kinds-1 are order_names. */
static inline const AlloyAtoms *order_model(const double (*positions)[3], const uint8_t *labels, size_t n,
                                            unsigned n_kinds, const AlloyCell *cell)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    for (unsigned k = 0; k < n_kinds; k++)
        alloy_atoms_builder_kind(builder, order_names[k], strlen(order_names[k]));
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = positions[i][0];
        builder->y[i] = positions[i][1];
        builder->z[i] = positions[i][2];
        builder->species[i] = labels != NULL ? labels[i] : 0;
    }
    alloy_atoms_builder_set_cell(builder, cell);
    return alloy_atoms_builder_finish(builder);
}

/* The points of an fcc lattice of constant a with |x| + |y| etc. inside a cuboctahedron of n shells, magic
 * number (10 n^3 + 15 n^2 + 11 n + 3) / 3: 13, 55, 147, 309, 561. Returns their number; shell[i], nullable,
 * is 0 at the centre to n at the surface. */
static inline size_t order_cuboctahedron(int n, double a, double (**positions)[3], int **shell)
{
    size_t most = (size_t)(10 * n * n * n + 15 * n * n + 11 * n + 3) / 3, count = 0;
    *positions = g_malloc(most * sizeof **positions);
    if (shell != NULL)
        *shell = g_new(int, most);
    for (int x = -n; x <= n; x++)
        for (int y = -n; y <= n; y++)
            for (int z = -n; z <= n; z++) {
                int sum = abs(x) + abs(y) + abs(z);
                if (sum % 2 != 0 || sum > 2 * n)
                    continue;
                g_assert(count < most);
                if (shell != NULL)
                    (*shell)[count] = MAX(MAX(MAX(abs(x), abs(y)), abs(z)), sum / 2);
                (*positions)[count][0] = a / 2 * x;
                (*positions)[count][1] = a / 2 * y;
                (*positions)[count][2] = a / 2 * z;
                count++;
            }
    g_assert(count == most);
    return count;
}

/* counts[k] atoms of kind k in random order (Fisher-Yates). */
static inline void order_random_labels(uint8_t *labels, const size_t *counts, unsigned n_kinds, uint64_t seed,
                                       uint64_t stream)
{
    size_t n = 0;
    for (unsigned k = 0; k < n_kinds; k++)
        for (size_t c = 0; c < counts[k]; c++)
            labels[n++] = (uint8_t)k;
    AlloyRandom random;
    alloy_random_init(&random, seed, stream);
    for (size_t i = n; i > 1; i--) {
        size_t j = alloy_random_below(&random, (uint32_t)i);
        uint8_t swap = labels[i - 1];
        labels[i - 1] = labels[j];
        labels[j] = swap;
    }
}

/* A disordered particle: points of a ball at least 2.2 apart, so that numbers of neighbours vary. */
static inline size_t order_blob(double radius, double (**positions)[3], uint64_t seed)
{
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    size_t count = 0, room = 4096;
    *positions = g_malloc(room * sizeof **positions);
    for (int attempt = 0; attempt < 20000 && count < room; attempt++) {
        double p[3], r2 = 0;
        for (int k = 0; k < 3; k++) {
            p[k] = radius * (2 * alloy_random_uniform(&random) - 1);
            r2 += p[k] * p[k];
        }
        gboolean good = r2 < radius * radius;
        for (size_t i = 0; good && i < count; i++) {
            double d2 = 0;
            for (int k = 0; k < 3; k++)
                d2 += (p[k] - (*positions)[i][k]) * (p[k] - (*positions)[i][k]);
            good = d2 > 2.2 * 2.2;
        }
        if (good) {
            memcpy((*positions)[count], p, sizeof p);
            count++;
        }
    }
    return count;
}

/* Runs with "name=value" settings, NULL-terminated; fails the test when it fails. */
static inline AlloyRun *order_run(const AlloyOperation *operation, const AlloyAtoms *atoms,
                                  const char *const *settings)
{
    g_autoptr(GError) error = NULL;
    AlloyRun *run = alloy_run_new(operation);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    for (; *settings != NULL; settings++) {
        g_auto(GStrv) pair = g_strsplit(*settings, "=", 2);
        gboolean set = alloy_run_set(run, pair[0], pair[1], &error);
        g_assert_no_error(error);
        g_assert_true(set);
    }
    gboolean good = alloy_run_execute(run, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    return run;
}

static inline const double *order_column(const AlloyRun *run, const char *name)
{
    const AlloyColumn *column = alloy_atoms_column((const AlloyAtoms *)run->atoms, name);
    g_assert_nonnull(column);
    g_assert_cmpint(column->type, ==, ALLOY_REAL);
    return column->real;
}

static inline double order_scalar(const AlloyRun *run, const char *name)
{
    const AlloyColumn *column = alloy_columns_get(run->scalars, name);
    g_assert_nonnull(column);
    return alloy_column_real_at(column, 0);
}

/* Of the first table: the number in `column` of the row whose text columns first and second read a and b (b
 * NULL: any). */
static inline double order_figure(const AlloyRun *run, const char *title, const char *a, const char *b,
                                  const char *column)
{
    for (guint t = 0; t < run->tables->len; t++) {
        const AlloyTable *table = g_ptr_array_index(run->tables, t);
        if (g_strcmp0(table->title, title) != 0)
            continue;
        for (size_t row = 0; row < table->n; row++) {
            const AlloyColumn *first = g_ptr_array_index(table->columns, 0);
            const AlloyColumn *second = g_ptr_array_index(table->columns, 1);
            if (g_strcmp0(alloy_column_text_at(first, row), a) == 0 &&
                (b == NULL || g_strcmp0(alloy_column_text_at(second, row), b) == 0)) {
                const AlloyColumn *found = alloy_table_column(table, column);
                g_assert_nonnull(found);
                return alloy_column_real_at(found, row);
            }
        }
    }
    g_test_message("no row %s %s in table %s", a, b != NULL ? b : "", title);
    g_assert_not_reached();
}

/* Bit for bit. */
static inline void order_assert_same_tables(const AlloyRun *a, const AlloyRun *b)
{
    g_assert_cmpuint(a->tables->len, ==, b->tables->len);
    for (guint t = 0; t < a->tables->len; t++) {
        const AlloyTable *p = g_ptr_array_index(a->tables, t), *q = g_ptr_array_index(b->tables, t);
        for (guint c = 0; c < p->columns->len; c++) {
            const AlloyColumn *u = g_ptr_array_index(p->columns, c), *v = g_ptr_array_index(q->columns, c);
            g_assert_cmpmem(u->values, u->n * alloy_type_size(u->type), v->values,
                            v->n * alloy_type_size(v->type));
        }
    }
}
