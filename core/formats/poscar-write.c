/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/poscar-write.h"

#include "core/data/atoms.h"
#include "core/formats/model.h"
#include "core/formats/write-rows.h"

static const AlloyColumn *column_of(const AlloyAtoms *atoms, const char *name, AlloyType type)
{
    const AlloyColumn *column = alloy_atoms_column(atoms, name);
    return column != NULL && column->type == type ? column : NULL;
}

static void write_vector(GString *out, const double v[3])
{
    for (int k = 0; k < 3; k++) {
        alloy_rows_char(out, ' ');
        alloy_rows_double(out, v[k]);
    }
}

static void write_head(GString *out, const AlloyAtoms *atoms, gboolean selective)
{
    const AlloyColumn *title = alloy_columns_get(atoms->info, "title");
    const char *text = title != NULL && title->n == 1 ? alloy_column_text_at(title, 0) : NULL;
    g_autofree char *line = g_strdelimit(g_strdup(text != NULL ? text : "Alloyscope"), "\r\n", ' ');
    g_string_append(out, line);
    g_string_append(out, "\n1.0\n");
    for (int k = 0; k < 3; k++) {
        write_vector(out, atoms->cell->vector[k]);
        alloy_rows_char(out, '\n');
    }
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        if (atoms->kinds[k].count > 0) {
            /* What begins like a number would be taken for the line of counts, the others begin a comment. */
            const char *name = atoms->kinds[k].name;
            g_string_append(out, strchr("+-.0123456789!#", *name) != NULL ? " Type_" : " ");
            alloy_model_append_word(out, name);
        }
    alloy_rows_char(out, '\n');
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        if (atoms->kinds[k].count > 0) {
            alloy_rows_char(out, ' ');
            alloy_rows_int64(out, (int64_t)atoms->kinds[k].count);
        }
    g_string_append(out, selective ? "\nSelective dynamics\nCartesian\n" : "\nCartesian\n");
}

/* Indices of the atoms by species, each species in the order of the model. */
static size_t *gather(const AlloyAtoms *atoms)
{
    size_t *order = g_new(size_t, atoms->n + 1);
    g_autofree size_t *next = g_new0(size_t, atoms->n_kinds + 1);
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        next[k + 1] = next[k] + atoms->kinds[k].count;
    for (size_t i = 0; i < atoms->n; i++)
        order[next[atoms->species[i]]++] = i;
    return order;
}

typedef struct {
    const AlloyAtoms *atoms;
    const size_t *order;
    const AlloyColumn *fixed[3], *speed[3];
    gboolean selective, moving;
} Writer;

static void write_positions(GString *out, size_t begin, size_t end, void *data)
{
    const Writer *writer = data;
    const AlloyAtoms *atoms = writer->atoms;
    const double *o = atoms->cell->origin;
    for (size_t j = begin; j < end; j++) {
        size_t i = writer->order[j];
        write_vector(out, (double[]){atoms->x[i] - o[0], atoms->y[i] - o[1], atoms->z[i] - o[2]});
        for (int k = 0; k < 3 && writer->selective; k++)
            alloy_rows_bytes(out, writer->fixed[k]->boolean[i] ? " T" : " F", 2);
        alloy_rows_char(out, '\n');
    }
}

static void write_velocities(GString *out, size_t begin, size_t end, void *data)
{
    const Writer *writer = data;
    for (size_t j = begin; j < end; j++) {
        size_t i = writer->order[j];
        write_vector(
            out, (double[]){writer->speed[0]->real[i], writer->speed[1]->real[i], writer->speed[2]->real[i]});
        alloy_rows_char(out, '\n');
    }
}

gboolean alloy_poscar_writes(const AlloyData *data)
{
    return ALLOY_IS_ATOMS(data);
}

gboolean alloy_poscar_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                            GError **error)
{
    const AlloyAtoms *atoms = (const AlloyAtoms *)data;
    if (atoms->cell == NULL)
        return alloy_input_error(error,
                                 "POSCAR needs a cell and this model has none; write XYZ or a LAMMPS dump");
    if (atoms->n == 0)
        return alloy_input_error(error, "POSCAR needs at least one atom");
    g_autofree size_t *order = gather(atoms);
    Writer writer = {.atoms = atoms, .order = order, .selective = TRUE, .moving = TRUE};
    for (int k = 0; k < 3; k++) {
        static const char *const fixed[] = {"selective_x", "selective_y", "selective_z"}, *const speed[] = {
                                                                                              "vx", "vy",
                                                                                              "vz"};
        writer.fixed[k] = column_of(atoms, fixed[k], ALLOY_BOOLEAN);
        writer.speed[k] = column_of(atoms, speed[k], ALLOY_REAL);
        writer.selective = writer.selective && writer.fixed[k] != NULL;
        writer.moving =
            writer.moving && writer.speed[k] != NULL && strcmp(writer.speed[k]->unit, "angstrom/fs") == 0;
    }
    g_autoptr(GString) head = g_string_new(NULL), blank = g_string_new("\n");
    write_head(head, atoms, writer.selective);
    if (!alloy_write_text(sink, head, error) ||
        !alloy_write_rows(sink, atoms->n, write_positions, &writer, progress, error))
        return FALSE;
    return !writer.moving || (alloy_write_text(sink, blank, error) &&
                              alloy_write_rows(sink, atoms->n, write_velocities, &writer, progress, error));
}
