/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/formats/text.h"

G_BEGIN_DECLS

/* The comment line of extended XYZ: key=value pairs after the specification of libAtoms/extxyz, with what
 * other programs write besides (blanks around =, 'single quotes', {old arrays}).
 *
 * Our own convention for units, which other programs read as two more strings:
 *     column_units="csrop:1:forces:eV/angstrom"  info_units="stage_time:s:label:text"
 * name:unit pairs in the manner of Properties; what is not named has unit "1". The unit "text" keeps an entry
 * of info that looks like numbers (label="30") a text. */

typedef struct {
    char *name;
    char type; /* R, I, S or L */
    size_t count;
} AlloyXyzProperty;

typedef struct {
    gboolean extended;  /* FALSE: the line is free text, and info holds it as "comment" */
    AlloyColumns *info; /* without what stands below */
    AlloyCell *cell;    /* NULL: none */
    GArray *properties; /* of AlloyXyzProperty; NULL: none given */
    GHashTable *units;  /* of columns: name -> unit */
} AlloyXyzHeader;

/* line is the one that was read last of where. */
AlloyXyzHeader *alloy_xyz_header_parse(AlloySpan line, const AlloyLines *where, GPtrArray *warnings,
                                       GError **error);
void alloy_xyz_header_free(AlloyXyzHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyXyzHeader, alloy_xyz_header_free)

/* Cheap test for detection: does line have Properties= or Lattice= ? */
gboolean alloy_xyz_line_is_extended(AlloySpan line);

/* Whether a value in quotes is read as text, not as one or several numbers or logicals. */
gboolean alloy_xyz_reads_as_text(const char *text);

/* Writes the line, with its end, that parse reads back. properties is the value of Properties, column_units
 * that of column_units (NULL or "": none). */
void alloy_xyz_header_append(GString *out, const AlloyAtoms *atoms, const char *properties,
                             const char *column_units);

G_END_DECLS
