/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/unique-names.h"
#include "core/data/table.h"
#include "core/data/units.h"
#include "core/formats/delimited.h"
#include "core/formats/losses.h"
#include "core/formats/write-rows.h"

#include <math.h>

/* A field in quotes where it could be misread: separators, quotes, line ends, blanks at its ends, what looks
 * like the beginning of a comment. */
static void append_text(GString *out, const char *text)
{
    size_t length = strlen(text);
    if (strpbrk(text, ",;\t\"\r\n") == NULL &&
        (length == 0 || (text[0] != '#' && text[0] != '%' && !alloy_is_blank(text[0]) &&
                         !alloy_is_blank(text[length - 1])))) {
        alloy_rows_bytes(out, text, length);
        return;
    }
    alloy_rows_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            alloy_rows_char(out, '"');
        alloy_rows_char(out, *text);
    }
    alloy_rows_char(out, '"');
}

/* column NULL: a quantity that this stage does not have. alone: the row has no other field. */
static void append_value(GString *out, const AlloyColumn *column, size_t i, gboolean alone)
{
    size_t before = out->len;
    if (column != NULL) {
        switch (column->type) {
        case ALLOY_REAL:
            if (!isnan(column->real[i]))
                alloy_rows_double(out, column->real[i]);
            break;
        case ALLOY_INTEGER:
            alloy_rows_int64(out, column->integer[i]);
            break;
        case ALLOY_BOOLEAN:
            alloy_rows_char(out, column->boolean[i] ? '1' : '0');
            break;
        case ALLOY_TEXT:
            append_text(out, alloy_column_text_at(column, i));
            break;
        }
    }
    /* A row of nothing would be no row. */
    if (alone && out->len == before)
        alloy_rows_bytes(out, "\"\"", 2);
}

typedef struct {
    const AlloyStage *stage; /* NULL: none */
    size_t number;           /* of the stage */
    const AlloyAtoms *atoms; /* NULL: a table */
    GPtrArray *columns;      /* of const AlloyColumn; NULL where there is none */
} Rows;

static void format_rows(GString *out, size_t begin, size_t end, void *data)
{
    const Rows *rows = data;
    const AlloyAtoms *atoms = rows->atoms;
    gboolean alone = atoms == NULL && rows->columns->len == 1;
    for (size_t i = begin; i < end; i++) {
        if (rows->stage != NULL) {
            alloy_rows_int64(out, (int64_t)rows->number);
            alloy_rows_char(out, ',');
            append_text(out, rows->stage->label);
            alloy_rows_char(out, ',');
        }
        if (atoms != NULL) {
            append_text(out, atoms->kinds[atoms->species[i]].name);
            const double position[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
            for (int k = 0; k < 3; k++) {
                alloy_rows_char(out, ',');
                alloy_rows_double(out, position[k]);
            }
        }
        for (unsigned c = 0; c < rows->columns->len; c++) {
            if (c > 0 || atoms != NULL)
                alloy_rows_char(out, ',');
            append_value(out, rows->columns->pdata[c], i, alone);
        }
        alloy_rows_char(out, '\n');
    }
}

/* The row of names and the row of units. before: names and units of what stands before the columns. */
static gboolean write_header(const char *const (*before)[2], size_t n_before, const GPtrArray *columns,
                             GOutputStream *sink, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL), units = g_string_new("# ");
    g_autoptr(AlloyUniqueNames) unique = alloy_unique_names_new(NULL);
    for (size_t i = 0; i < n_before + columns->len; i++) {
        const AlloyColumn *column = i < n_before ? NULL : columns->pdata[i - n_before];
        if (i > 0) {
            alloy_rows_char(names, ',');
            alloy_rows_char(units, ',');
        }
        /* A quantity called stage is not the stage. */
        append_text(names, alloy_unique_names_take(unique, column != NULL ? column->name : before[i][0]));
        append_text(units, column != NULL ? column->unit : before[i][1]);
    }
    alloy_rows_char(names, '\n');
    alloy_rows_char(units, '\n');
    return alloy_write_text(sink, names, error) && alloy_write_text(sink, units, error);
}

enum { OF_SERIES = 6, OF_ATOMS = 4 };
static const char *const leading[OF_SERIES][2] = {
    {"stage", ALLOY_UNIT_NONE}, {"stage_label", ALLOY_UNIT_TEXT}, {"species", ALLOY_UNIT_TEXT},
    {"x", ALLOY_UNIT_LENGTH},   {"y", ALLOY_UNIT_LENGTH},         {"z", ALLOY_UNIT_LENGTH},
};
static const char *const (*const of_atoms)[2] = leading + OF_SERIES - OF_ATOMS;

/* Stages may have different quantities: all of them, in the order in which they come. Where one is text in
 * some stage the column is. */
static GPtrArray *columns_of_series(const AlloySeries *series)
{
    GPtrArray *all = alloy_columns_new();
    for (size_t s = 0; s < series->n; s++)
        for (unsigned c = 0; c < series->stages[s].atoms->columns->len; c++) {
            const AlloyColumn *column = series->stages[s].atoms->columns->pdata[c];
            const AlloyColumn *first = alloy_columns_get(all, column->name);
            if (first == NULL)
                g_ptr_array_add(all, alloy_data_ref(column));
            else if (column->type == ALLOY_TEXT && first->type != ALLOY_TEXT)
                alloy_columns_set(all, alloy_ref(column));
        }
    return all;
}

static gboolean write_series(const AlloySeries *given, GOutputStream *sink, AlloyProgress *progress,
                             GError **error)
{
    /* One unit stands above a column. */
    g_autoptr(AlloySeries) series = (AlloySeries *)alloy_series_in_one_unit(given, NULL);
    g_autoptr(GPtrArray) all = columns_of_series(series);
    if (!write_header(leading, OF_SERIES, all, sink, error))
        return FALSE;
    for (size_t s = 0; s < series->n; s++) {
        const AlloyStage *stage = &series->stages[s];
        g_autoptr(GPtrArray) columns = g_ptr_array_new();
        for (unsigned c = 0; c < all->len; c++)
            g_ptr_array_add(columns, (gpointer)alloy_columns_get(stage->atoms->columns,
                                                                 ((const AlloyColumn *)all->pdata[c])->name));
        Rows rows = {stage, s, stage->atoms, columns};
        alloy_progress_stage(progress, (double)s / (double)series->n, (double)(s + 1) / (double)series->n,
                             "writing");
        if (!alloy_write_rows(sink, stage->atoms->n, format_rows, &rows, progress, error))
            return FALSE;
    }
    return TRUE;
}

gboolean alloy_csv_writes(const AlloyData *data)
{
    return ALLOY_IS_TABLE(data) || ALLOY_IS_ATOMS(data) || ALLOY_IS_SERIES(data);
}

void alloy_csv_losses(const AlloyData *data, AlloyLosses *losses)
{
    if (ALLOY_IS_TABLE(data)) {
        const AlloyTable *table = (const AlloyTable *)data;
        for (unsigned i = 0; i < table->scalars->len; i++)
            alloy_losses_info(losses, ((const AlloyColumn *)table->scalars->pdata[i])->name);
        return;
    }
    AlloyStage single;
    size_t n;
    const AlloyStage *stages = alloy_stages_of(data, &single, &n);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    if (ALLOY_IS_SERIES(data))
        alloy_data_unref(alloy_series_in_one_unit((const AlloySeries *)data, notes));
    for (guint i = 0; i < notes->len; i++)
        alloy_losses_say(losses, "%s", (const char *)notes->pdata[i]);
    static const char *const of_stage[] = {"stage_time", "stage_temperature", "stage_label", NULL};
    for (size_t s = 0; s < n; s++) {
        if (stages[s].atoms->cell != NULL)
            alloy_losses_info(losses, "the cell");
        alloy_losses_stage(losses, &stages[s], TRUE, !ALLOY_IS_SERIES(data));
        alloy_losses_info_but(losses, stages[s].atoms, of_stage);
    }
}

gboolean alloy_csv_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress, GError **error)
{
    if (ALLOY_IS_SERIES(data))
        return write_series((const AlloySeries *)data, sink, progress, error);
    if (ALLOY_IS_ATOMS(data)) {
        const AlloyAtoms *atoms = (const AlloyAtoms *)data;
        Rows rows = {NULL, 0, atoms, (GPtrArray *)atoms->columns};
        return write_header(of_atoms, OF_ATOMS, atoms->columns, sink, error) &&
               alloy_write_rows(sink, atoms->n, format_rows, &rows, progress, error);
    }
    const AlloyTable *table = (const AlloyTable *)data;
    Rows rows = {NULL, 0, NULL, (GPtrArray *)table->columns};
    /* Nothing but scalars: no rows. */
    if (table->columns->len == 0)
        return TRUE;
    return write_header(NULL, 0, table->columns, sink, error) &&
           alloy_write_rows(sink, table->n, format_rows, &rows, progress, error);
}
