/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/random.h"
#include "core/data/atoms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A ball of fcc with thermal noise and a Pd core in an Ir shell, its atoms in no order: what tracing gives.
 * With BENCH_ORDER=lattice in the environment they stand plane by plane, as simulations write them. */
static inline const AlloyAtoms *bench_particle(size_t n)
{
    const double a = 3.89, radius = cbrt((double)n / 4 * a * a * a * 3 / (4 * G_PI));
    int reach = (int)ceil(radius / a) + 2;
    static const double basis[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int pd = alloy_atoms_builder_kind(builder, "Pd", 2), ir = alloy_atoms_builder_kind(builder, "Ir", 2);
    double within = radius * 1.02;
    size_t at = 0;
    AlloyRandom random;
    alloy_random_init(&random, 1, 0);
    g_autofree uint32_t *place = g_new(uint32_t, n);
    for (size_t i = 0; i < n; i++)
        place[i] = (uint32_t)i;
    if (g_strcmp0(g_getenv("BENCH_ORDER"), "lattice") != 0)
        alloy_random_shuffle32(&random, place, n);
    for (int i = -reach; i <= reach; i++)
        for (int j = -reach; j <= reach; j++)
            for (int k = -reach; k <= reach; k++)
                for (int b = 0; b < 4; b++) {
                    double p[3] = {a * (i + basis[b][0]), a * (j + basis[b][1]), a * (k + basis[b][2])};
                    double r = sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
                    if (r > within || at == n)
                        continue;
                    uint32_t where = place[at++];
                    builder->x[where] = p[0] + 0.1 * alloy_random_normal(&random);
                    builder->y[where] = p[1] + 0.1 * alloy_random_normal(&random);
                    builder->z[where] = p[2] + 0.1 * alloy_random_normal(&random);
                    builder->species[where] =
                        (uint16_t)(r > radius - 6 && alloy_random_uniform(&random) < 0.6 ? ir : pd);
                }
    if (at < n) {
        fprintf(stderr, "made %zu of %zu atoms\n", at, n);
        exit(1);
    }
    return alloy_atoms_builder_finish(builder);
}
