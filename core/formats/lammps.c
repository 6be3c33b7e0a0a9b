/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/lammps.h"

#include <math.h>

/* docs.lammps.org/units.html; the bohr and atomic units of time and charge as there. */
static const AlloyLammpsUnits styles[] = {
    {"metal", 1, "angstrom", "angstrom/ps", "eV/angstrom", "e", "u", "ps", 1e-12},
    {"real", 1, "angstrom", "angstrom/fs", "kcal/mol/angstrom", "e", "u", "fs", 1e-15},
    {"nano", 10, "nm", "nm/ns", "ag nm/ns^2", "e", "ag", "ns", 1e-9},
    {"micro", 1e4, "um", "um/us", "pg um/us^2", "pC", "pg", "us", 1e-6},
    {"si", 1e10, "m", "m/s", "N", "C", "kg", "s", 1},
    {"cgs", 1e8, "cm", "cm/s", "dyn", "statC", "g", "s", 1},
    {"electron", 0.52917721067, "bohr", "bohr/atu", "hartree/bohr", "e", "u", "fs", 1e-15},
    {"lj", NAN, "sigma", "sigma/tau", "epsilon/sigma", "q*", "m*", "tau", NAN},
};

const AlloyLammpsUnits alloy_lammps_no_units = {NULL, 1, "angstrom", "1", "1", "1", "1", "1", NAN};

const AlloyLammpsUnits *alloy_lammps_units(AlloySpan name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(styles); i++)
        if (alloy_span_equals(name, styles[i].name))
            return &styles[i];
    return NULL;
}

const char *alloy_lammps_column_unit(const AlloyLammpsUnits *units, const char *name)
{
    static const struct {
        const char *names; /* each followed by a blank */
        size_t unit;
    } known[] = {
        {"x y z xu yu zu xsu ysu zsu radius diameter ", G_STRUCT_OFFSET(AlloyLammpsUnits, length)},
        {"vx vy vz ", G_STRUCT_OFFSET(AlloyLammpsUnits, velocity)},
        {"fx fy fz ", G_STRUCT_OFFSET(AlloyLammpsUnits, force)},
        {"q ", G_STRUCT_OFFSET(AlloyLammpsUnits, charge)},
        {"mass ", G_STRUCT_OFFSET(AlloyLammpsUnits, mass)},
    };
    g_autofree char *word = g_strconcat(name, " ", NULL);
    if (strchr(name, ' ') != NULL)
        return "1";
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const char *at = strstr(known[i].names, word);
        if (at != NULL && (at == known[i].names || at[-1] == ' '))
            return G_STRUCT_MEMBER(const char *, units, known[i].unit);
    }
    return "1";
}

gboolean alloy_lammps_set_types(AlloyAtomsBuilder *builder, const int64_t *types, AlloyTypeName name,
                                gpointer data, const char *place, GError **error)
{
    return alloy_atoms_builder_set_types(builder, types, name, data) ||
           alloy_format_error(error, place, 0, "more than 65535 different atom types");
}

gboolean alloy_lammps_is_real(const char *name)
{
    static const char *const names[] = {"x",  "y",   "z",   "xu",   "yu",     "zu", "xs", "ys",
                                        "zs", "xsu", "ysu", "zsu",  "vx",     "vy", "vz", "fx",
                                        "fy", "fz",  "q",   "mass", "radius", NULL};
    /* Computes, fixes and variables are doubles. */
    return g_strv_contains(names, name) || g_str_has_prefix(name, "c_") || g_str_has_prefix(name, "f_") ||
           g_str_has_prefix(name, "v_") || g_str_has_prefix(name, "d_");
}
