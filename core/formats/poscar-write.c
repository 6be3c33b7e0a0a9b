/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/poscar-write.h"

#include "core/data/atoms.h"
#include "core/formats/losses.h"
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

/* What begins like a number would be taken for the line of counts, the others begin a comment. */
static void append_kind(GString *out, const char *name)
{
    if (strchr("+-.0123456789!#", *name) != NULL)
        alloy_rows_bytes(out, "Type_", strlen("Type_"));
    alloy_model_append_word(out, name);
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
            alloy_rows_char(out, ' ');
            append_kind(out, atoms->kinds[k].name);
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

static const char *const fixed_names[] = {"selective_x", "selective_y", "selective_z"};
static const char *const speed_names[] = {"vx", "vy", "vz"};

static void writer_init(Writer *writer, const AlloyAtoms *atoms, const size_t *order)
{
    *writer = (Writer){.atoms = atoms, .order = order, .selective = TRUE, .moving = TRUE};
    for (int k = 0; k < 3; k++) {
        writer->fixed[k] = column_of(atoms, fixed_names[k], ALLOY_BOOLEAN);
        writer->speed[k] = column_of(atoms, speed_names[k], ALLOY_REAL);
        writer->selective = writer->selective && writer->fixed[k] != NULL;
        writer->moving =
            writer->moving && writer->speed[k] != NULL && strcmp(writer->speed[k]->unit, "angstrom/fs") == 0;
    }
}

static gboolean is_written(const Writer *writer, const AlloyColumn *column)
{
    for (int k = 0; k < 3; k++)
        if ((writer->selective && column == writer->fixed[k]) ||
            (writer->moving && column == writer->speed[k]))
            return TRUE;
    return FALSE;
}

void alloy_poscar_losses(const AlloyData *data, AlloyLosses *losses)
{
    static const char *const told[] = {"title", NULL};
    const AlloyAtoms *atoms = (const AlloyAtoms *)data;
    g_autofree size_t *order = gather(atoms);
    Writer writer;
    writer_init(&writer, atoms, order);
    for (unsigned c = 0; c < atoms->columns->len; c++)
        if (!is_written(&writer, atoms->columns->pdata[c]))
            alloy_losses_column(losses, ((const AlloyColumn *)atoms->columns->pdata[c])->name);
    alloy_losses_info_but(losses, atoms, told);
    size_t moved = 0;
    while (moved < atoms->n && order[moved] == moved)
        moved++;
    if (moved < atoms->n)
        alloy_losses_say(
            losses,
            "POSCAR groups the atoms by species, so their order changes: number %zu of the file is "
            "atom %zu of the model",
            moved + 1, order[moved] + 1);
    for (unsigned k = 0; k < atoms->n_kinds; k++) {
        g_autoptr(GString) word = g_string_new(NULL);
        append_kind(word, atoms->kinds[k].name);
        g_autofree char *name = g_strndup(word->str, word->len);
        if (atoms->kinds[k].count > 0 && strcmp(name, atoms->kinds[k].name) != 0)
            alloy_losses_say(losses, "the species `%s` is written as %s", atoms->kinds[k].name, name);
    }
    const AlloyCell *cell = atoms->cell;
    if (!cell->periodic[0] || !cell->periodic[1] || !cell->periodic[2])
        alloy_losses_say(losses,
                         "the cell of a POSCAR is periodic in all directions, that of the model is not");
    if (cell->origin[0] != 0 || cell->origin[1] != 0 || cell->origin[2] != 0)
        alloy_losses_say(losses,
                         "the cell of a POSCAR begins at 0 0 0: all positions are moved by the origin");
}

gboolean alloy_poscar_writes(const AlloyData *data)
{
    return ALLOY_IS_ATOMS(data);
}

gboolean alloy_poscar_check(const AlloyData *data, GError **error)
{
    const AlloyAtoms *atoms = (const AlloyAtoms *)data;
    if (atoms->cell == NULL)
        return alloy_input_error(error,
                                 "POSCAR needs a cell and this model has none; write XYZ or a LAMMPS dump");
    return atoms->n > 0 || alloy_input_error(error, "POSCAR needs at least one atom");
}

gboolean alloy_poscar_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                            GError **error)
{
    const AlloyAtoms *atoms = (const AlloyAtoms *)data;
    if (!alloy_poscar_check(data, error))
        return FALSE;
    g_autofree size_t *order = gather(atoms);
    Writer writer;
    writer_init(&writer, atoms, order);
    g_autoptr(GString) head = g_string_new(NULL), blank = g_string_new("\n");
    write_head(head, atoms, writer.selective);
    if (!alloy_write_text(sink, head, error) ||
        !alloy_write_rows(sink, atoms->n, write_positions, &writer, progress, error))
        return FALSE;
    return !writer.moving || (alloy_write_text(sink, blank, error) &&
                              alloy_write_rows(sink, atoms->n, write_velocities, &writer, progress, error));
}
