/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Something that looks wrong in data and was not corrected. Every front end shows the message and offers the
 * fix. */
typedef struct {
    const char *code; /* static, for programs: "unit", "duplicates", "short-distance", "counts", "species",
                         "cell", "truncated", "encoding", "occupancy", "columns" (what they mean was guessed),
                         "ignored"; of analyses: "no-effect", "no-neighbours", "one-species",
                         "absent-species", "empty", "concentration", "circular", "name-clash", "cutoff"; on
                         writing "not-written" and "changed"; of figures "figure" */
    char *message;    /* one sentence with the place and the numbers */
    char *fix;        /* "scale=0.3434": an import option NAME=VALUE that mends it, or NULL */
    char *fix_title;  /* "Multiply all lengths by 0.3434", or NULL */
} AlloyWarning;

/* What a reader offers where a file does not tell the species of its atoms: FILE is for the user to fill in.
 */
#define ALLOY_FIX_TYPES "types=FILE"
#define ALLOY_FIX_TYPES_TITLE                                                                                \
    "Take the species from another file, one type or label per atom; species=LABEL:ELEMENT where all are "   \
    "one element"

/* An array that owns its warnings. */
GPtrArray *alloy_warnings_new(void);
/* warnings may be NULL (nobody listens). code is a static string; fix and fix_title may be NULL. */
void alloy_warn(GPtrArray *warnings, const char *code, const char *fix, const char *fix_title,
                const char *format, ...) G_GNUC_PRINTF(5, 6);

/* "0-3, 7" of ascending numbers of stages (guint). Free with g_free. */
char *alloy_stage_list(const GArray *stages);

G_END_DECLS
