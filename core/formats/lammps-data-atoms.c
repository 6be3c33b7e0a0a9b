/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/elements.h"
#include "core/formats/lammps-data.h"
#include "core/formats/lammps-styles.h"

#include <math.h>

gboolean alloy_lammps_data_type(const AlloyLammpsData *data, const AlloyLines *at, AlloySpan token,
                                int64_t *type, GError **error)
{
    if (!alloy_span_to_integer(token, type)) {
        g_autofree char *label = g_strndup(token.begin, alloy_span_length(token));
        int64_t *found = g_hash_table_lookup(data->labels, label);
        if (found == NULL) {
            g_autofree char *quoted = alloy_span_quote(token);
            return alloy_lines_error(at, error, "%s is neither the number nor the label of an atom type",
                                     quoted);
        }
        *type = *found;
    }
    if (*type < 1 || (data->n_types > 0 && *type > data->n_types))
        return alloy_lines_error(at, error,
                                 "the atom type %" G_GINT64_FORMAT " is not one of the %" G_GINT64_FORMAT
                                 " of this file",
                                 *type, data->n_types);
    return TRUE;
}

typedef struct {
    const AlloyLammpsData *data;
    size_t n_columns;
    char **names;
    gboolean *integer;
    void **values;  /* int64_t or double */
    size_t type, x; /* indices */
    int64_t *image[3];
    uint8_t *imaged;
    double unit;
} Atoms;

static gboolean read_column(const Atoms *atoms, const AlloyLines *at, AlloySpan token, size_t k, size_t i,
                            GError **error)
{
    int64_t *integers = atoms->values[k];
    double *reals = atoms->values[k];
    if (k == atoms->type)
        return alloy_lammps_data_type(atoms->data, at, token, &integers[i], error);
    if (atoms->integer[k])
        return alloy_lines_integer(at, token, atoms->names[k], &integers[i], error);
    if (k - atoms->x >= 3)
        return alloy_lines_real(at, token, atoms->names[k], &reals[i], error);
    if (!alloy_lines_finite(at, token, "position", &reals[i], error))
        return FALSE;
    reals[i] *= atoms->unit;
    return TRUE;
}

static gboolean read_atom(const AlloyLines *at, AlloySpan text, size_t i, gpointer job, GError **error)
{
    const Atoms *atoms = job;
    AlloySpan rest = text, token;
    g_autoptr(GError) wrong = NULL;
    size_t k = 0;
    while (k < atoms->n_columns && wrong == NULL && alloy_span_next(&rest, &token)) {
        read_column(atoms, at, token, k, i, &wrong);
        k++;
    }
    atoms->imaged[i] = !alloy_span_is_empty(rest);
    for (int d = 0; d < 3; d++) {
        atoms->image[d][i] = 0;
        if (wrong == NULL && atoms->imaged[i]) {
            alloy_span_next(&rest, &token);
            alloy_lines_integer(at, token, "image flag", &atoms->image[d][i], &wrong);
        }
    }
    if (wrong == NULL && k == atoms->n_columns && alloy_span_is_empty(rest))
        return TRUE;
    /* That columns are missing explains a value of the wrong kind better than the value does. */
    size_t n = alloy_span_split(text, NULL, 0);
    if (n == atoms->n_columns || n == atoms->n_columns + 3) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    return alloy_lines_error(at, error, "%zu columns (%zu with image flags) expected, %zu found",
                             atoms->n_columns, atoms->n_columns + 3, n);
}

static const char *type_name(int64_t type, int *z, gpointer user)
{
    AlloyLammpsData *data = user;
    const AlloyLammpsMass *mass = g_hash_table_lookup(data->masses, &type);
    if (mass == NULL)
        return NULL;
    const AlloyElement *by_mass = alloy_element_by_mass(mass->mass), *element = NULL;
    const char *name = mass->label != NULL ? mass->label : mass->comment;
    if (name != NULL) {
        size_t word = strcspn(name, " ,;:");
        element = alloy_element_by_symbol(name, (gssize)word);
        /* "CA" may be calcium or a carbon atom; then the mass decides. */
        gboolean spelt = element != NULL && strncmp(element->symbol, name, word) == 0;
        if (element != NULL && !spelt && element != by_mass)
            element = NULL;
        /* "Pd atoms" is Pd, "C tail of lipid" is no carbon. */
        if (element != NULL && name[word] != '\0' && element != by_mass)
            element = NULL;
        if (element == NULL)
            return name;
    } else if (by_mass != NULL) {
        element = by_mass;
        alloy_warn(data->warnings, "species", NULL, NULL,
                   "%s: atom type %" G_GINT64_FORMAT " has no name; taken for %s by its mass %.6g",
                   data->source->name, type, element->symbol, mass->mass);
    }
    if (element == NULL)
        return NULL;
    *z = element->z;
    return element->symbol;
}

/* Of every style: the columns for the builder, which takes them over. */
static gboolean set_atoms(AlloyLammpsData *data, AlloyAtomsBuilder *builder, char **columns, GError **error)
{
    size_t n = builder->n, n_columns = g_strv_length(columns);
    g_autofree gboolean *integer = g_new0(gboolean, n_columns);
    g_autofree void **values = g_new0(void *, n_columns);
    Atoms atoms = {
        .data = data,
        .n_columns = n_columns,
        .names = columns,
        .integer = integer,
        .values = values,
        .imaged = alloy_array_new(uint8_t, n),
        .unit = isnan(data->units->angstrom) ? 1 : data->units->angstrom,
    };
    double *position[3] = {builder->x, builder->y, builder->z};
    for (size_t k = 0; k < n_columns; k++) {
        integer[k] = alloy_lammps_style_is_integer(columns[k]);
        if (strcmp(columns[k], "type") == 0)
            atoms.type = k;
        if (strcmp(columns[k], "x") == 0)
            atoms.x = k;
    }
    for (size_t k = 0; k < n_columns; k++)
        values[k] = k - atoms.x < 3 ? position[k - atoms.x]
                    : integer[k]    ? (void *)alloy_array_new(int64_t, n)
                                    : (void *)alloy_array_new(double, n);
    for (int d = 0; d < 3; d++)
        atoms.image[d] = alloy_array_new(int64_t, n);
    gboolean good =
        alloy_atom_lines_read(data->source, data->atoms, read_atom, &atoms, data->progress, error) &&
        alloy_model_check_finite(builder, data->source->name, error) &&
        alloy_lammps_set_types(builder, values[atoms.type], type_name, data, data->source->name, error);
    gboolean imaged = FALSE;
    for (size_t i = 0; good && i < n && !imaged; i++)
        imaged = atoms.imaged[i];
    for (size_t k = 0; k < n_columns; k++) {
        if (k - atoms.x < 3)
            continue;
        if (!good)
            alloy_array_unref(values[k]);
        else if (integer[k])
            alloy_atoms_builder_set_column(builder, alloy_column_new_integer(columns[k], "1", values[k], n));
        else
            alloy_atoms_builder_set_column(
                builder, alloy_column_new_real(columns[k], alloy_lammps_column_unit(data->units, columns[k]),
                                               values[k], n));
    }
    for (int d = 0; d < 3; d++) {
        if (imaged)
            alloy_atoms_builder_set_column(
                builder,
                alloy_column_new_integer((const char *[]){"ix", "iy", "iz"}[d], "1", atoms.image[d], n));
        else
            alloy_array_unref(atoms.image[d]);
    }
    alloy_array_unref(atoms.imaged);
    return good;
}

/* What the columns are: by the comment of "Atoms", else by a look at the lines. */
static char **find_columns(AlloyLammpsData *data, GError **error)
{
    g_autoptr(GError) unknown = NULL;
    char **columns = alloy_lammps_style_columns(&data->style_at, data->style, &unknown);
    if (unknown != NULL) {
        g_propagate_error(error, g_steal_pointer(&unknown));
        return NULL;
    }
    if (columns != NULL)
        return columns;
    const char *style = NULL;
    columns = alloy_lammps_style_guess(data->source, data->atoms, data->n_types, data->bonded, &style, error);
    if (columns != NULL && strcmp(style, "atomic") != 0)
        alloy_warn(data->warnings, "ignored", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT ": the atom style is not named; taken as %s by its columns",
                   data->source->name, data->style_at.line, style);
    return columns;
}

gboolean alloy_lammps_data_atoms(AlloyLammpsData *data, AlloyAtomsBuilder *builder, GError **error)
{
    g_auto(GStrv) columns = find_columns(data, error);
    return columns != NULL && set_atoms(data, builder, columns, error);
}
