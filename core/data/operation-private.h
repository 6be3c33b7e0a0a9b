/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* What the files operation*.c share. */

/* FALSE and an error that names the first required parameter that was not given. */
gboolean alloy_run_check_required(const AlloyRun *run, GError **error);
/* Index of the kind that a species parameter of this value means, by name or element; -1: no such atoms. */
int alloy_find_species(const AlloyAtoms *atoms, const char *value);
/* Runs the operation for every stage of the series among the inputs and gathers the outputs. */
gboolean alloy_run_map_series(AlloyRun *run, GError **error);

G_END_DECLS
