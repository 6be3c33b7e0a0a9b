/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/model.h"

G_BEGIN_DECLS

/* What LAMMPS's dump and data files have in common (docs.lammps.org: dump, read_data, units,
 * Howto_triclinic). */

/* A unit style. Lengths become angstrom when read. */
typedef struct {
    const char *name;
    double angstrom; /* one unit of length; NaN: reduced units, which have none */
    const char *length, *velocity, *force, *charge, *mass; /* units of columns as they stay in the file */
    const char *time;
    double second; /* one unit of time; NaN: none */
} AlloyLammpsUnits;

/* The style called name; NULL for none. */
const AlloyLammpsUnits *alloy_lammps_units(AlloySpan name);
/* What is supposed where a file does not say: "metal" lengths, no units of columns. */
extern const AlloyLammpsUnits alloy_lammps_no_units;

/* The unit of a column that LAMMPS knows by this name. */
const char *alloy_lammps_column_unit(const AlloyLammpsUnits *units, const char *name);

/* Whether a column of a dump holds real numbers by its name, whatever the values of a frame look like; the
 * others go by their values. */
gboolean alloy_lammps_is_real(const char *name);

/* alloy_atoms_builder_set_types with an error that names place. */
gboolean alloy_lammps_set_types(AlloyAtomsBuilder *builder, const int64_t *types, AlloyTypeName name,
                                gpointer data, const char *place, GError **error);

G_END_DECLS
