/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/data.h"
#include "core/data/warning.h"

#include <stddef.h>

G_BEGIN_DECLS

/* A file's bytes, decompressed, whole in memory, followed by a NUL that does not count. A reader believes
 * nothing in them: a count is checked against what the bytes can hold before anything is allocated. */
typedef struct {
    const char *name; /* for messages: the path as the user gave it */
    const char *text;
    size_t length;
    const char *base; /* file name without folders and without .gz, .bz2 */
    gboolean compressed;
} AlloySource;

typedef struct _AlloyLosses AlloyLosses;

/* One kind of file. Found by content: detect looks at the first bytes (and, where formats have no signature,
 * at what the lines look like and last at the name) and gives 0 (cannot be) to 100 (surely). */
typedef struct {
    const char *name;              /* "xyz": --format xyz */
    const char *title;             /* "XYZ and extended XYZ" */
    const char *const *extensions; /* without dot, NULL-terminated; the first is what a writer is chosen by */
    int (*detect)(const AlloySource *source);
    /* An AlloyAtoms, an AlloySeries (several frames) or an AlloyTable. NULL with error set. */
    AlloyData *(*read)(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                       GError **error);
    /* What can be written, NULL: nothing. data is of a kind that writes() accepts. */
    gboolean (*writes)(const AlloyData *data);
    /* Whether data of such a kind has all that the format needs; NULL: nothing is needed. */
    gboolean (*check)(const AlloyData *data, GError **error);
    /* Appends to sink; the caller opens, syncs and renames. */
    gboolean (*write)(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress, GError **error);
    /* What of data the file would not hold, or would change (losses.h). NULL with write: nothing ever. */
    void (*losses)(const AlloyData *data, AlloyLosses *losses);
} AlloyFormat;

extern const AlloyFormat alloy_format_xyz, alloy_format_lammps_dump, alloy_format_lammps_data,
    alloy_format_poscar, alloy_format_cif, alloy_format_cfg, alloy_format_pdb, alloy_format_mat,
    alloy_format_text, alloy_format_json;

/* All of them, NULL-terminated. */
const AlloyFormat *const *alloy_formats(void);
const AlloyFormat *alloy_format_by_name(const char *name);
/* The writer for a path, by its extension (.gz and .bz2 taken off first); NULL with an error that lists what
 * there is. */
const AlloyFormat *alloy_format_for_writing(const char *path, const AlloyData *data, GError **error);
/* The best by content; NULL with an error that says what the beginning looks like. */
const AlloyFormat *alloy_format_detect(const AlloySource *source, GError **error);

/* Reads a file: decompress (gzip, bzip2 by their magic bytes), detect or use format (nullable name), read.
 * warnings is nullable. "-" is the standard input. */
AlloyData *alloy_read_file(const char *path, const char *format, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error);
/* The same from memory (fuzzing, pasted text). */
AlloyData *alloy_read_memory(const char *name, const char *bytes, size_t length, const char *format,
                             GPtrArray *warnings, AlloyProgress *progress, GError **error);
/* Writes to a new file in the same folder, syncs it and renames it over path, so that path holds the old or
 * the new whole, never a part. gzip when path ends in .gz. "-" is the standard output. format is a nullable
 * name; without it the extension decides (for "-": CSV for a table, XYZ for atoms). warnings (nullable) gets
 * what the format cannot hold: code "not-written", and "changed" for what it holds otherwise. */
gboolean alloy_write_file(const char *path, const char *format, const AlloyData *data, GPtrArray *warnings,
                          AlloyProgress *progress, GError **error);

G_END_DECLS
