/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/series.h"
#include "core/project/item.h"

G_BEGIN_DECLS

/* What a finished run gives, by name: "atoms" (the per-atom result), each table under its title, and
 * "scalars" (a table of one row; after a run over the stages of a series, of one row a stage). */
#define ALLOY_OUTPUT_ATOMS "atoms"
#define ALLOY_OUTPUT_SCALARS "scalars"

/* The names there are, in that order: borrowed strings, without the NULL at the end. Free the array. */
GPtrArray *alloy_run_output_names(const AlloyRun *run);
/* A new reference. NULL with an error that lists the names. name NULL: the one that a table file gets, which
 * is the per-atom result, else the first table, else the scalars. */
const AlloyData *alloy_run_output(const AlloyRun *run, const char *name, GError **error);

/* Before the work: FALSE with an error that lists the names where no run of the operation gives that output.
 */
gboolean alloy_output_name_check(const AlloyOperation *operation, const char *name, GError **error);

/* Whether anything can be written to that path, by its ending; else an error that lists the endings. */
gboolean alloy_output_path_check(const char *path, GError **error);
/* Whether this can be written there: a model to a POSCAR if it has a cell. */
gboolean alloy_output_data_check(const char *path, const AlloyData *data, GError **error);

/* Where an input of a run was read, for the provenance in JSON. */
typedef struct {
    char *path;                /* as it was given */
    char *item;                /* name, of an item of a project; NULL: a file */
    char *stage;               /* that was taken of a series; NULL: all */
    const AlloyOrigin *origin; /* of the file or the item; NULL: not known (the standard input) */
} AlloyRunSource;
/* Copies the strings and takes a reference; item, stage and origin are nullable. */
AlloyRunSource *alloy_run_source_new(const char *path, const char *item, const char *stage,
                                     const AlloyOrigin *origin);
void alloy_run_source_free(AlloyRunSource *source);

/* Writes one output (NULL: the one that suits) by the ending of path; .json: the whole run (or that output),
 * with its sources (of AlloyRunSource, in the order of the inputs; NULL: not told). warnings (nullable): what
 * the format cannot hold of it. */
gboolean alloy_run_write(const AlloyRun *run, const GPtrArray *sources, const char *name, const char *path,
                         GPtrArray *warnings, AlloyProgress *progress, GError **error);
/* A run as JSON into a stream: operation, version, seed, parameters, warnings, scalars, tables and the
 * per-atom result, each table as arrays by column name, and the units beside them under the same names. NaN
 * becomes null. name as above, NULL: everything.
 *
 * `provenance` holds all that is needed to get the same again, in one place (a contract for scripts):
 *
 *   inputs       of each: path as given, stage if one was taken; of a file size (bytes), sha256, format (""
 *                for found by content), fixes; of an item of a project its name as item, and its origin
 *   operation, version, program, seed
 *   parameters   every one as it was used: value, unit ("1": none), and from: "given", "automatic" (found
 * from the input) or "default". Where the stages of a series found different values, value is a list, null
 * for a stage that had none
 */
gboolean alloy_run_write_json(const AlloyRun *run, const GPtrArray *sources, const char *name,
                              GOutputStream *stream, AlloyProgress *progress, GError **error);

/* TRUE for a path that ends in .alloy. */
gboolean alloy_is_project_path(const char *path);

/* Models put together as a series: in order, each with what its info says of its stage; names (n of them)
 * label those that say nothing. labels (n of them, nullable) hold for all. */
const AlloySeries *alloy_series_of_models(const AlloyAtoms *const *models, const char *const *names,
                                          const char *const *labels, size_t n);
/* The stage called name, else the one of that number (from 0); -1 with an error that lists them. */
int alloy_series_find_stage(const AlloySeries *series, const char *name, GError **error);

G_END_DECLS
