/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/format.h"

G_BEGIN_DECLS

/* Where an AlloySource comes from. Files are read, not mapped: a file that is cut while it is read must not
 * end the program by SIGBUS. gzip and bzip2 (also several streams one after the other) are found by their
 * magic bytes. */

/* "-" is the standard input; pipes are read to their end, devices are refused. */
AlloySource *alloy_source_open(const char *path, AlloyProgress *progress, GError **error);
/* bytes are copied. */
AlloySource *alloy_source_from_memory(const char *name, const char *bytes, size_t length,
                                      AlloyProgress *progress, GError **error);
void alloy_source_free(AlloySource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySource, alloy_source_free)

/* No source grows beyond this many bytes (a few compressed kilobytes can hold terabytes of zeros). 0 sets the
 * default again: half of the memory that this process may have, by the machine and by its control group. */
void alloy_source_set_limit(size_t bytes);
size_t alloy_source_limit(void);

/* TRUE when path ends in .gz; length is that of the path without .gz or .bz2. */
gboolean alloy_path_is_gzip(const char *path);
size_t alloy_path_bare_length(const char *path);

G_END_DECLS
