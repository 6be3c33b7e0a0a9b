/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/project.h"

G_BEGIN_DECLS

/* Values into a project with where they came from. Each gives an item that is there already when it has the
 * same origin; name (nullable) is the name that it must have, fallback what a new one is called otherwise.
 * Items are borrowed. */

/* What was read from a file: its size and SHA-256 are taken now. format, fixes: as they were asked for. */
const AlloyItem *alloy_record_file(AlloyProject *project, const char *name, const char *fallback,
                                   const char *path, const char *format, char *const *fixes,
                                   const AlloyData *data, AlloyProgress *progress, GError **error);

/* What convert makes: one stage of an item, or several items as a series. */
const AlloyItem *alloy_record_conversion(AlloyProject *project, const char *name, const char *fallback,
                                         const uint32_t *inputs, unsigned n_inputs, const char *stage,
                                         const AlloyData *data, GError **error);

/* One output of a finished run on these items (output NULL: all of them; then name is that of the main one
 * and begins those of the others). */
gboolean alloy_record_run(AlloyProject *project, const char *name, const char *output, const AlloyRun *run,
                          const uint32_t *inputs, unsigned n_inputs, GError **error);

G_END_DECLS
