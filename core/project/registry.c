/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/registry.h"

#include "core/base/error.h"
#include "core/simulation/particle.h"
#include "core/simulation/series.h"
#include "core/structure/coordination.h"
#include "core/structure/csrop.h"
#include "core/structure/local-concentration.h"
#include "core/structure/neighbours.h"
#include "core/structure/rdf.h"
#include "core/structure/select.h"
#include "core/structure/statistics.h"

#include <string.h>

static const AlloyOperation *const operations[] = {
    &alloy_op_neighbours,          &alloy_op_rdf,
    &alloy_op_coordination,        &alloy_op_csrop,
    &alloy_op_local_concentration, &alloy_op_select,
    &alloy_op_statistics,          &alloy_op_simulate_particle,
    &alloy_op_simulate_series,     NULL,
};

const AlloyOperation *const *alloy_operations(void)
{
    return operations;
}

const AlloyOperation *alloy_operation_by_name(const char *name, GError **error)
{
    g_autofree const char **names = g_new0(const char *, G_N_ELEMENTS(operations));
    for (size_t i = 0; operations[i] != NULL; i++) {
        if (strcmp(operations[i]->name, name) == 0)
            return operations[i];
        names[i] = operations[i]->name;
    }
    const char *near = alloy_suggest(name, names);
    if (near != NULL)
        alloy_parameter_error(error, "there is no operation \"%s\"; did you mean \"%s\"?", name, near);
    else
        alloy_parameter_error(
            error, "there is no operation \"%s\"; \"alloyscope list\" shows those there are", name);
    return NULL;
}
