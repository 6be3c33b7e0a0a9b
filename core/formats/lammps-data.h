/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/lammps.h"

G_BEGIN_DECLS

/* The two halves of the reader of LAMMPS data files: lammps-data.c takes the file apart, lammps-data-atoms.c
 * makes atoms of the lines of section Atoms. */

typedef struct {
    const AlloySource *source;
    AlloyLines lines;
    GPtrArray *warnings;
    AlloyProgress *progress;
    const AlloyLammpsUnits *units;
    int64_t n, n_types, step;
    gboolean has_n, has_step, bonded;
    double low[3], high[3], tilt[3];
    double vector[3][3], origin[3];
    unsigned bounds, vectors; /* one bit for each direction that was given */
    GHashTable *labels;       /* type label (char *) -> type (int64_t *) */
    GHashTable *masses;       /* type (int64_t *) -> AlloyLammpsMass * */
    GPtrArray *skipped;       /* names of sections, borrowed from the table */
    GArray *atoms;            /* of AlloyAtomLine; NULL: no such section yet */
    AlloySpan style;          /* the comment of "Atoms" */
    AlloyLines style_at;
} AlloyLammpsData;

typedef struct {
    double mass;
    char *comment, *label; /* NULL: none */
} AlloyLammpsMass;

/* A type as its number or as one of the labels of the file. */
gboolean alloy_lammps_data_type(const AlloyLammpsData *data, const AlloyLines *at, AlloySpan token,
                                int64_t *type, GError **error);

/* Positions, species and columns of all atoms; builder is as long as data->atoms, at least 1. */
gboolean alloy_lammps_data_atoms(AlloyLammpsData *data, AlloyAtomsBuilder *builder, GError **error);

G_END_DECLS
