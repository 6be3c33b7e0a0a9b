/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/rows.h"

G_BEGIN_DECLS

/* What the beginning of a delimited text says of it. */
typedef struct {
    AlloyRowStyle style;
    size_t n_columns;
    GPtrArray *names; /* of char *, n_columns of them; NULL: no header */
    GPtrArray *units; /* of char *, n_columns of them; NULL: none given */
    AlloyLines rows;  /* stands before the first row of values */
    gboolean regular; /* the first rows all have n_columns fields */
    gboolean numbers; /* and there is a number among them */
} AlloySheet;

/* The separator is the one of tab, semicolon, comma and blanks that gives the first rows the same number of
 * fields. A header is a first row without any number, or a comment line before the first row with as many
 * words as there are columns and no number; our own files have "# unit,unit,..." below it. "x (nm)" and "x
 * [nm]" give name and unit. FALSE: there is no row at all. */
gboolean alloy_sheet_open(AlloySheet *sheet, const AlloySource *source);
void alloy_sheet_clear(AlloySheet *sheet);

/* CSV: RFC 4180 with LF, one row of names, a second row "# unit,unit,..."; 17 digits; nothing for NaN; 1 and
 * 0 for logicals. Atoms: species,x,y,z and their columns. A series: before that stage, its number
 * from 0, and stage_label. A column that has a name twice gets a number. */
gboolean alloy_csv_writes(const AlloyData *data);
void alloy_csv_losses(const AlloyData *data, AlloyLosses *losses);
gboolean alloy_csv_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress, GError **error);

G_END_DECLS
