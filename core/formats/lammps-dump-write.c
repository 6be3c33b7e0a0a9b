/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/lammps-dump-write.h"

#include "core/base/unique-names.h"
#include "core/data/atoms.h"
#include "core/data/series.h"
#include "core/formats/lammps.h"
#include "core/formats/losses.h"
#include "core/formats/write-rows.h"

#include <math.h>

/* Picoseconds, the time of units metal, whose length is the angstrom. */
#define PER_SECOND 1e12

typedef struct {
    const AlloyAtoms *atoms;
    int64_t *numbers; /* of the kinds */
    gboolean named;   /* not only "Type N" */
    const AlloyColumn *id, *type;
    GPtrArray *others; /* borrowed columns */
    GPtrArray *titles; /* what the file calls them; owned */
} Frame;

static const AlloyColumn *integers(const AlloyAtoms *atoms, const char *name)
{
    const AlloyColumn *column = alloy_atoms_column(atoms, name);
    return column != NULL && column->type == ALLOY_INTEGER ? column : NULL;
}

/* Species, types and positions are written from the model itself. */
static const char *const written[] = {"id", "type", "element", "typelabel", "x", "y", "z", NULL};

/* The name of a column as one word: no other column's, and none that stands for numbers before words, for
 * those could not be read. The prefix goes by the word that is written: "v x" becomes v_x, a variable. */
static char *title_of(const AlloyColumn *column, AlloyUniqueNames *names)
{
    g_autoptr(GString) word = g_string_new(NULL);
    alloy_model_append_word(word, column->name);
    g_autofree char *name = g_strndup(word->str, word->len);
    if (column->type == ALLOY_TEXT && alloy_lammps_is_real(name)) {
        g_autofree char *text = g_strconcat("text_", name, NULL);
        return g_strdup(alloy_unique_names_take(names, text));
    }
    return g_strdup(alloy_unique_names_take(names, name));
}

static void frame_init(Frame *frame, const AlloyAtoms *atoms)
{
    *frame = (Frame){
        .atoms = atoms,
        .numbers = g_new(int64_t, atoms->n_kinds + 1),
        .id = integers(atoms, "id"),
        .type = integers(atoms, "type"),
        .others = g_ptr_array_new(),
        .titles = g_ptr_array_new_with_free_func(g_free),
    };
    g_autoptr(AlloyUniqueNames) names = alloy_unique_names_new(written);
    for (unsigned k = 0; k < atoms->n_kinds && !frame->named; k++) {
        const char *name = atoms->kinds[k].name;
        frame->named = !g_str_has_prefix(name, "Type ") ||
                       !alloy_span_to_integer((AlloySpan){name + 5, name + strlen(name)}, &frame->numbers[k]);
    }
    for (unsigned k = 0; k < atoms->n_kinds && frame->named; k++)
        frame->numbers[k] = k + 1;
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        if (g_strv_contains(written, column->name))
            continue;
        g_ptr_array_add(frame->others, (gpointer)column);
        g_ptr_array_add(frame->titles, title_of(column, names));
    }
}

static void frame_clear(Frame *frame)
{
    g_free(frame->numbers);
    g_ptr_array_free(frame->others, TRUE);
    g_ptr_array_free(frame->titles, TRUE);
}

static void write_numbers(GString *out, const double *values, int n)
{
    for (int i = 0; i < n; i++) {
        if (i > 0)
            alloy_rows_char(out, ' ');
        alloy_rows_double(out, values[i]);
    }
    alloy_rows_char(out, '\n');
}

/* The number from which taking away offset gives value again, if one is near. */
static double bound(double value, double offset)
{
    double sum = value + offset, up = sum, down = sum;
    for (int k = 0; k < 4; k++) {
        if (up - offset == value)
            return up;
        if (down - offset == value)
            return down;
        up = nextafter(up, INFINITY);
        down = nextafter(down, -INFINITY);
    }
    return sum;
}

static void write_box(GString *out, const AlloyAtoms *atoms)
{
    if (atoms->cell == NULL) {
        double low[3] = {0}, high[3] = {0};
        alloy_atoms_bounds(atoms, low, high);
        g_string_append(out, "ITEM: BOX BOUNDS ss ss ss\n");
        for (int k = 0; k < 3; k++) {
            /* The box says nothing here, but it has to be one: with a volume that is a number, and not flat.
             */
            low[k] = CLAMP(low[k], -1e100, 1e100);
            high[k] = CLAMP(high[k], -1e100, 1e100);
            double margin = fmax(0.5, 1e-9 * fmax(fabs(low[k]), fabs(high[k])));
            if (!(high[k] - low[k] > 2e-3 * margin)) {
                low[k] -= margin;
                high[k] += margin;
            }
            write_numbers(out, (double[]){low[k], high[k]}, 2);
        }
        return;
    }
    const AlloyCell *cell = atoms->cell;
    const double(*v)[3] = cell->vector;
    char flags[16];
    g_snprintf(flags, sizeof flags, "%s %s %s", cell->periodic[0] ? "pp" : "ff",
               cell->periodic[1] ? "pp" : "ff", cell->periodic[2] ? "pp" : "ff");
    gboolean restricted =
        v[0][1] == 0 && v[0][2] == 0 && v[1][2] == 0 && v[0][0] > 0 && v[1][1] > 0 && v[2][2] > 0;
    double xy = v[1][0], xz = v[2][0], yz = v[2][1];
    gboolean tilted = xy != 0 || xz != 0 || yz != 0;
    if (!restricted) {
        g_string_append_printf(out, "ITEM: BOX BOUNDS abc origin %s\n", flags);
        for (int k = 0; k < 3; k++)
            write_numbers(out, (double[]){v[k][0], v[k][1], v[k][2], cell->origin[k]}, 4);
        return;
    }
    g_string_append_printf(out, "ITEM: BOX BOUNDS %s%s\n", tilted ? "xy xz yz " : "", flags);
    double least[3] = {MIN(MIN(0, xy), MIN(xz, xy + xz)), MIN(0, yz), 0};
    double most[3] = {MAX(MAX(0, xy), MAX(xz, xy + xz)), MAX(0, yz), 0};
    double tilt[3] = {xy, xz, yz};
    for (int k = 0; k < 3; k++) {
        double high = bound(v[k][k], cell->origin[k]);
        double numbers[3] = {bound(cell->origin[k], least[k]), bound(high, most[k]), tilt[k]};
        write_numbers(out, numbers, tilted ? 3 : 2);
    }
}

static gboolean is_whole(const char *p, const char *end)
{
    while (p < end && (*p == '-' || g_ascii_isdigit(*p)))
        p++;
    return p == end;
}

static void write_value(GString *out, const AlloyColumn *column, size_t i)
{
    gsize before = out->len;
    switch (column->type) {
    case ALLOY_REAL:
        alloy_rows_double(out, column->real[i]);
        /* So that a column of reals is one when it is read again. */
        if (is_whole(out->str + before, out->str + out->len))
            alloy_rows_bytes(out, ".0", 2);
        break;
    case ALLOY_INTEGER:
        alloy_rows_int64(out, column->integer[i]);
        break;
    case ALLOY_BOOLEAN:
        alloy_rows_char(out, column->boolean[i] ? '1' : '0');
        break;
    case ALLOY_TEXT:
        alloy_model_append_word(out, alloy_column_text_at(column, i));
        break;
    }
}

static void write_head(GString *out, const Frame *frame, int64_t step, double time)
{
    if (!isnan(time)) {
        g_string_append(out, "ITEM: TIME\n");
        alloy_rows_double(out, time * PER_SECOND);
        alloy_rows_char(out, '\n');
    }
    g_string_append(out, "ITEM: TIMESTEP\n");
    alloy_rows_int64(out, step);
    g_string_append(out, "\nITEM: NUMBER OF ATOMS\n");
    alloy_rows_int64(out, (int64_t)frame->atoms->n);
    alloy_rows_char(out, '\n');
    write_box(out, frame->atoms);
    g_string_append_printf(out, "ITEM: ATOMS id type%s x y z", frame->named ? " element" : "");
    for (unsigned c = 0; c < frame->titles->len; c++) {
        alloy_rows_char(out, ' ');
        g_string_append(out, frame->titles->pdata[c]);
    }
    alloy_rows_char(out, '\n');
}

static void write_atoms(GString *out, size_t begin, size_t end, void *data)
{
    const Frame *frame = data;
    const AlloyAtoms *atoms = frame->atoms;
    for (size_t i = begin; i < end; i++) {
        unsigned kind = atoms->species[i];
        alloy_rows_int64(out, frame->id != NULL ? frame->id->integer[i] : (int64_t)i + 1);
        alloy_rows_char(out, ' ');
        alloy_rows_int64(out, frame->type != NULL ? frame->type->integer[i] : frame->numbers[kind]);
        if (frame->named) {
            alloy_rows_char(out, ' ');
            alloy_model_append_word(out, atoms->kinds[kind].name);
        }
        const double position[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
        for (int k = 0; k < 3; k++) {
            alloy_rows_char(out, ' ');
            alloy_rows_double(out, position[k]);
        }
        for (unsigned c = 0; c < frame->others->len; c++) {
            alloy_rows_char(out, ' ');
            write_value(out, frame->others->pdata[c], i);
        }
        alloy_rows_char(out, '\n');
    }
}

gboolean alloy_lammps_dump_writes(const AlloyData *data)
{
    return ALLOY_IS_ATOMS(data) || ALLOY_IS_SERIES(data);
}

/* Whether reading the file again makes this label of a stage from its step. */
static gboolean tells_no_more(const AlloyStage *stage)
{
    return stage->label == NULL || g_str_has_prefix(stage->label, "step ") ||
           g_str_has_prefix(stage->label, "stage ");
}

void alloy_lammps_dump_losses(const AlloyData *data, AlloyLosses *losses)
{
    static const char *const told[] = {"timestep",          "time",        "units", "stage_time",
                                       "stage_temperature", "stage_label", NULL};
    AlloyStage single;
    size_t n;
    const AlloyStage *stages = alloy_stages_of(data, &single, &n);
    for (size_t s = 0; s < n; s++) {
        const AlloyAtoms *atoms = stages[s].atoms;
        Frame frame;
        frame_init(&frame, atoms);
        for (unsigned c = 0; c < atoms->columns->len; c++) {
            const AlloyColumn *column = atoms->columns->pdata[c];
            if (g_strv_contains(written, column->name) && column != frame.id && column != frame.type)
                alloy_losses_column(losses, column->name);
        }
        for (unsigned c = 0; c < frame.others->len; c++) {
            const AlloyColumn *column = frame.others->pdata[c];
            const char *unit = alloy_lammps_column_unit(&alloy_lammps_no_units, column->name);
            if (strcmp(frame.titles->pdata[c], column->name) != 0)
                alloy_losses_say(losses, "the column `%s` is written as %s", column->name,
                                 (const char *)frame.titles->pdata[c]);
            if (column->unit[0] != '\0' && strcmp(column->unit, unit) != 0)
                alloy_losses_say(losses, "a LAMMPS dump has no units: that of `%s`, %s, is not written",
                                 column->name, column->unit);
        }
        frame_clear(&frame);
        const char *word = alloy_first_changed_word(atoms);
        if (word != NULL && !g_str_has_prefix(word, "Type "))
            alloy_losses_say(losses, "a LAMMPS dump knows no blanks in a word: those of `%s` become _", word);
        if (atoms->cell == NULL)
            alloy_losses_say(losses, "the model has no cell, and a LAMMPS dump has to have one: a box around "
                                     "the atoms is written, not periodic");
        alloy_losses_info_but(losses, atoms, told);
        alloy_losses_stage(losses, &stages[s], FALSE, !tells_no_more(&stages[s]));
    }
}

gboolean alloy_lammps_dump_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                                 GError **error)
{
    AlloyStage single;
    size_t n;
    const AlloyStage *stages = alloy_stages_of(data, &single, &n);
    gboolean timed = FALSE, good = TRUE;
    for (size_t s = 0; s < n; s++)
        timed = timed || !isnan(stages[s].time);
    for (size_t s = 0; s < n && good; s++) {
        const AlloyColumn *step = alloy_columns_get(stages[s].atoms->info, "timestep");
        gboolean given = step != NULL && step->type == ALLOY_INTEGER && step->n == 1;
        g_autoptr(AlloyProgress) part =
            alloy_progress_part(progress, (double)s / (double)n, (double)(s + 1) / (double)n);
        g_autoptr(GString) head = g_string_new(timed && s == 0 ? "ITEM: UNITS\nmetal\n" : NULL);
        Frame frame;
        frame_init(&frame, stages[s].atoms);
        write_head(head, &frame, given ? step->integer[0] : (int64_t)s, stages[s].time);
        good = alloy_write_text(sink, head, error) &&
               alloy_write_rows(sink, stages[s].atoms->n, write_atoms, &frame, part, error);
        frame_clear(&frame);
    }
    return good;
}
