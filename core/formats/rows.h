/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/formats/text.h"

G_BEGIN_DECLS

/* Many lines of the same fields, read by many threads: the atom lines of a frame, the rows of a table. The
 * text is cut into blocks of bytes at line ends, so results are the same for any number of threads. Two
 * steps: find cuts (and counts, so that nothing is allocated for rows that are not there), parse fills
 * arrays. */

typedef struct {
    char separator;  /* between fields; 0: blanks, any number of them */
    gboolean quotes; /* RFC 4180: fields in "...", with separators, line ends and doubled quotes inside */
    gboolean sparse; /* blank lines, and lines that begin (after blanks) with one of comment, are no rows */
    const char *comment; /* with sparse: bytes; NULL: none */
} AlloyRowStyle;

/* More columns than any program writes; without an end a line of names alone would ask for gigabytes. */
#define ALLOY_MOST_COLUMNS 4096

typedef struct _AlloyRows AlloyRows;

/* Takes the next rows (most at most) off lines, which then stands behind them. Errors: cancelled, or with
 * quotes one that the end of the text leaves open. */
AlloyRows *alloy_rows_find(AlloyLines *lines, size_t most, const AlloyRowStyle *style,
                           AlloyProgress *progress, GError **error);
void alloy_rows_free(AlloyRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyRows, alloy_rows_free)
size_t alloy_rows_count(const AlloyRows *rows);
/* The first row and its line number; FALSE when there is none. */
gboolean alloy_rows_first(const AlloyRows *rows, AlloySpan *row, uint64_t *line);

typedef enum {
    ALLOY_FIELD_SKIP,
    ALLOY_FIELD_INTEGER,
    ALLOY_FIELD_REAL,    /* an empty field (between separators) is NaN */
    ALLOY_FIELD_BOOLEAN, /* T F true false 1 0, any case */
    ALLOY_FIELD_TEXT,
    ALLOY_FIELD_AUTO,    /* integer if all rows are, else real if all are, else text */
    ALLOY_FIELD_SPECIES, /* kinds and species of the builder */
} AlloyFieldType;

typedef struct {
    const char *name; /* of the column made, and in messages */
    const char *unit; /* of integers and reals; NULL: "1" */
    AlloyFieldType type;
    double *into;    /* REAL only: fill this array of the caller and make no column */
    gboolean finite; /* REAL only: nan, inf and nothing are errors */
    const AlloyColumn
        *column; /* set by parse: a new column, owned by the caller; NULL for SKIP, SPECIES, into */
} AlloyField;

/* Reads every row, which must have exactly n_fields fields. builder: for SPECIES, of alloy_rows_count atoms;
 * else NULL. The error names the first wrong line. On failure no field keeps a column. */
gboolean alloy_rows_parse(const AlloyRows *rows, AlloyField *fields, size_t n_fields,
                          AlloyAtomsBuilder *builder, AlloyProgress *progress, GError **error);

/* Takes the next field off the front of a row (rest->begin is NULL after the last one); FALSE when there is
 * none. With quotes the span excludes them and *doubled tells that "" within stands for ". */
gboolean alloy_row_next_field(AlloySpan *rest, const AlloyRowStyle *style, AlloySpan *field,
                              gboolean *doubled);
/* The text of a field, UTF-8, doubled quotes undone. */
char *alloy_row_field_dup(AlloySpan field, gboolean doubled, gboolean *converted);
/* T F true false 1 0. */
gboolean alloy_span_to_boolean(AlloySpan span, gboolean *value);

G_END_DECLS
