/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writing a file so that its path always holds the old content or the new one, whole: into a file without a
 * name in the same folder (one with a name beginning with a dot where the file system has no such thing),
 * synced, then renamed over the path, and the folder synced. What dies in the middle, fills the disk or is
 * cancelled leaves the old file as it was. The file keeps its mode, and its owner and group where the system
 * lets it; access lists and other attributes are those of a new file. A symbolic link stays and its target is
 * replaced, or made where there is none; another hard link to the old file keeps the old content. What is not
 * a regular file (/dev/stdout, a pipe) is written into directly. */
typedef struct _AlloyReplacement AlloyReplacement;

/* Opens; NULL with error for a folder that is not there or refuses, or a file that may not be written. */
AlloyReplacement *alloy_replace_begin(const char *path, GError **error);
/* Where to write; borrowed, closed by the two functions below. */
GOutputStream *alloy_replace_stream(AlloyReplacement *replacement);
/* Syncs and renames, and frees in any case. FALSE: the old file is still there. */
gboolean alloy_replace_commit(AlloyReplacement *replacement, GError **error);
/* Frees and leaves no trace. NULL is allowed. */
void alloy_replace_discard(AlloyReplacement *replacement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyReplacement, alloy_replace_discard)

/* The path that would be replaced: absolute where its folder is there, links followed. Free with g_free. */
char *alloy_replace_target(const char *path);
/* Removes what programs left beside path that were killed while they wrote it; nothing that is being written.
 * Where that cannot be told (a file system without locks) or is refused, nothing happens. */
void alloy_replace_clean(const char *path);

G_END_DECLS
