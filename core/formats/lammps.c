/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/lammps.h"

#include <math.h>

/* docs.lammps.org/units.html; the bohr and atomic units of time and charge as there. */
static const AlloyLammpsUnits styles[] = {
    {"metal", 1, "angstrom", "angstrom/ps", "eV/angstrom", "e", "u", 1e-12},
    {"real", 1, "angstrom", "angstrom/fs", "kcal/mol/angstrom", "e", "u", 1e-15},
    {"nano", 10, "nm", "nm/ns", "ag nm/ns^2", "e", "ag", 1e-9},
    {"micro", 1e4, "um", "um/us", "pg um/us^2", "pC", "pg", 1e-6},
    {"si", 1e10, "m", "m/s", "N", "C", "kg", 1},
    {"cgs", 1e8, "cm", "cm/s", "dyn", "statC", "g", 1},
    {"electron", 0.52917721067, "bohr", "bohr/atu", "hartree/bohr", "e", "u", 1e-15},
    {"lj", NAN, "sigma", "sigma/tau", "epsilon/sigma", "q*", "m*", NAN},
};

const AlloyLammpsUnits alloy_lammps_no_units = {NULL, 1, "angstrom", "1", "1", "1", "1", NAN};

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

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return (p > q) - (p < q);
}

gboolean alloy_lammps_set_types(AlloyAtomsBuilder *builder, const int64_t *types, AlloyLammpsTypeName name,
                                gpointer data, const char *place, GError **error)
{
    enum { SMALL = 256, MOST = 65535 };
    int small[SMALL];
    for (int t = 0; t < SMALL; t++)
        small[t] = -1;
    g_autoptr(GHashTable) others = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GArray) distinct = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (size_t i = 0; i < builder->n; i++) {
        if (types[i] >= 0 && types[i] < SMALL) {
            if (small[types[i]] == 0)
                continue;
            small[types[i]] = 0;
        } else if (!g_hash_table_add(others, (gpointer)&types[i])) {
            continue;
        }
        g_array_append_val(distinct, types[i]);
        if (distinct->len > MOST)
            return alloy_format_error(error, place, 0, "more than %d different atom types", MOST);
    }
    g_array_sort(distinct, compare_numbers);
    g_hash_table_remove_all(others);
    for (unsigned k = 0; k < distinct->len; k++) {
        int64_t *type = &g_array_index(distinct, int64_t, k);
        int z = 0;
        const char *label = name != NULL ? name(*type, &z, data) : NULL;
        int kind = label != NULL ? alloy_atoms_builder_named_kind(builder, label, z)
                                 : alloy_model_numbered_kind(builder, *type);
        g_assert(kind >= 0); /* there are at most MOST */
        if (*type >= 0 && *type < SMALL)
            small[*type] = kind;
        else
            g_hash_table_insert(others, type, GINT_TO_POINTER(kind));
    }
    for (size_t i = 0; i < builder->n; i++)
        builder->species[i] = (uint16_t)(types[i] >= 0 && types[i] < SMALL
                                             ? small[types[i]]
                                             : GPOINTER_TO_INT(g_hash_table_lookup(others, &types[i])));
    return TRUE;
}
