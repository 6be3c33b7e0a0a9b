/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* Where a value came from: enough to make it again. */
typedef enum {
    ALLOY_ORIGIN_FILE,    /* read from a file */
    ALLOY_ORIGIN_RUN,     /* one output of an operation */
    ALLOY_ORIGIN_CONVERT, /* other items, several put together as the stages of a series, or one stage of one
                           */
} AlloyOriginKind;

/* Never changes; shared by count. Strings are never NULL unless it says so, lists of strings are
 * NULL-terminated and never NULL. */
typedef struct {
    AlloyOriginKind kind;
    const char *program; /* version that made the value */
    /* FILE */
    const char *path;   /* absolute */
    uint64_t size;      /* bytes as they lie on the disk */
    const char *sha256; /* of these bytes: 64 hexadecimal digits */
    const char *format; /* name of the reader */
    char *const *fixes; /* "NAME=VALUE" as import took them, in order */
    /* RUN */
    const char *operation;
    int version; /* of the operation */
    uint64_t seed;
    char *const *params;   /* "NAME=VALUE" as given, sorted by name */
    char *const *resolved; /* "NAME=VALUE": what automatic ones came to, sorted */
    const char *output;    /* "atoms", "scalars", or the title of a table */
    /* CONVERT */
    const char *stage;   /* that was taken of every input that is a series; NULL: all */
    char *const *labels; /* of the stages, when several inputs became a series */
    /* RUN and CONVERT: ids of the items it was made from, in order */
    const uint32_t *inputs;
    unsigned n_inputs;
} AlloyOrigin;

/* Copies everything. Reads nothing beyond what the kind uses; program NULL: this program. */
const AlloyOrigin *alloy_origin_new(const AlloyOrigin *draft);
const AlloyOrigin *alloy_origin_ref(const AlloyOrigin *origin);
void alloy_origin_unref(const AlloyOrigin *origin);
typedef const AlloyOrigin *AlloyOriginRef;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(AlloyOriginRef, alloy_origin_unref, NULL)

/* The same bytes read the same way, or the same output of the same run: then the values are the same. A
 * parameter that was given counts as one that came to the same value by itself. Paths and program versions do
 * not count. */
gboolean alloy_origin_same(const AlloyOrigin *a, const AlloyOrigin *b);
/* TRUE for outputs of one run. */
gboolean alloy_origin_same_run(const AlloyOrigin *a, const AlloyOrigin *b);
/* Its parameters, given and resolved, as "NAME=VALUE", sorted. Free with g_strfreev. */
char **alloy_origin_settings(const AlloyOrigin *origin);

/* One line of JSON for the project file, and back; a text that lies is refused, never believed. */
char *alloy_origin_to_json(const AlloyOrigin *origin);
const AlloyOrigin *alloy_origin_from_json(const char *text, gsize length, GError **error);

/* Size and SHA-256 of a file. */
gboolean alloy_file_fingerprint(const char *path, uint64_t *size, char **sha256, AlloyProgress *progress,
                                GError **error);

/* One thing of a project. Never changes: renaming makes a new one with the same id. Shared by count. */
typedef struct {
    uint32_t id;      /* of its project, from 1, never given twice */
    const char *name; /* of its project, unique */
    const AlloyData *data;
    const AlloyOrigin *origin;
} AlloyItem;
const AlloyItem *alloy_item_new(uint32_t id, const char *name, const AlloyData *data,
                                const AlloyOrigin *origin);
const AlloyItem *alloy_item_ref(const AlloyItem *item);
void alloy_item_unref(const AlloyItem *item);

G_END_DECLS
