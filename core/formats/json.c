/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/json-text.h"
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/formats/format.h"
#include "core/formats/losses.h"
#include "core/formats/write-rows.h"

#include <math.h>

/* Written, not read. 17 digits; null for NaN and what else is not finite.
 *
 * table:  {"title", "n", "scalars": {name: value}, "units": {name: unit}, "columns": {name: [...]}}
 *
 * atoms:  {"n", "cell": {"vectors", "origin", "periodic"} or null, "info": {name: value or [...]},
 *          "units": {name: unit}, "info_units": {name: unit},
 *          "columns": {"species": [...], "x": [...], "y": [...], "z": [...], name: [...]}}
 *
 * series: {"title", "stages": [{"label", "time", "temperature", "atoms": as above}]} */

static void append_string(GString *out, const char *text)
{
    alloy_rows_bytes(out, text, strlen(text));
}

static void append_value(GString *out, const AlloyColumn *column, size_t i)
{
    switch (column->type) {
    case ALLOY_REAL:
        alloy_json_append_real(out, column->real[i]);
        break;
    case ALLOY_INTEGER:
        alloy_rows_int64(out, column->integer[i]);
        break;
    case ALLOY_BOOLEAN:
        append_string(out, column->boolean[i] ? "true" : "false");
        break;
    case ALLOY_TEXT:
        alloy_json_append_string(out, alloy_column_text_at(column, i));
        break;
    }
}

static gboolean flush(GString *out, GOutputStream *sink, GError **error)
{
    gboolean good = alloy_write_text(sink, out, error);
    out->len = 0;
    return good;
}

typedef struct {
    const AlloyColumn *column;
    const AlloyAtoms *atoms; /* with column NULL: their species, or reals */
    const double *real;
} Array;

static void format_array(GString *out, size_t begin, size_t end, void *data)
{
    const Array *array = data;
    for (size_t i = begin; i < end; i++) {
        if (i > 0)
            alloy_rows_char(out, ',');
        if (array->column != NULL)
            append_value(out, array->column, i);
        else if (array->atoms != NULL)
            alloy_json_append_string(out, array->atoms->kinds[array->atoms->species[i]].name);
        else
            alloy_json_append_real(out, array->real[i]);
    }
}

static gboolean write_array(const char *name, Array array, size_t n, gboolean first, GOutputStream *sink,
                            AlloyProgress *progress, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_string(text, first ? "\n  " : ",\n  ");
    alloy_json_append_string(text, name);
    append_string(text, ": [");
    if (!flush(text, sink, error) || !alloy_write_rows(sink, n, format_array, &array, progress, error))
        return FALSE;
    append_string(text, "]");
    return flush(text, sink, error);
}

/* {name: value}; an array where there are several values. */
static void append_values(GString *out, const char *key, const AlloyColumns *columns)
{
    alloy_json_append_string(out, key);
    append_string(out, ": {");
    for (unsigned c = 0; c < columns->len; c++) {
        const AlloyColumn *column = columns->pdata[c];
        append_string(out, c > 0 ? ", " : "");
        alloy_json_append_string(out, column->name);
        append_string(out, column->n == 1 ? ": " : ": [");
        for (size_t i = 0; i < column->n; i++) {
            append_string(out, i > 0 ? ", " : "");
            append_value(out, column, i);
        }
        append_string(out, column->n == 1 ? "" : "]");
    }
    append_string(out, "}");
}

/* except: names that have their unit already; NULL: none. */
static void append_units_of(GString *out, const AlloyColumns *columns, const AlloyColumns *except,
                            gboolean *first)
{
    for (unsigned c = 0; c < columns->len; c++) {
        const AlloyColumn *column = columns->pdata[c];
        if (column->unit[0] == '\0' || alloy_columns_get(except, column->name) != NULL)
            continue;
        append_string(out, *first ? "" : ", ");
        alloy_json_append_string(out, column->name);
        append_string(out, ": ");
        alloy_json_append_string(out, column->unit);
        *first = FALSE;
    }
}

static gboolean write_table(const AlloyTable *table, GOutputStream *sink, AlloyProgress *progress,
                            GError **error)
{
    g_autoptr(GString) text = g_string_new("{\"title\": ");
    alloy_json_append_string(text, table->title);
    append_string(text, ",\n \"n\": ");
    alloy_rows_int64(text, (int64_t)table->n);
    append_string(text, ",\n ");
    append_values(text, "scalars", table->scalars);
    append_string(text, ",\n \"units\": {");
    gboolean first = TRUE;
    append_units_of(text, table->columns, NULL, &first);
    append_units_of(text, table->scalars, table->columns, &first);
    append_string(text, "},\n \"columns\": {");
    if (!flush(text, sink, error))
        return FALSE;
    for (unsigned c = 0; c < table->columns->len; c++) {
        const AlloyColumn *column = table->columns->pdata[c];
        if (!write_array(column->name, (Array){.column = column}, table->n, c == 0, sink, progress, error))
            return FALSE;
    }
    append_string(text, "}}");
    return flush(text, sink, error);
}

static void append_triple(GString *out, const double v[3])
{
    append_string(out, "[");
    for (int i = 0; i < 3; i++) {
        append_string(out, i > 0 ? ", " : "");
        alloy_json_append_real(out, v[i]);
    }
    append_string(out, "]");
}

static void append_cell(GString *out, const AlloyCell *cell)
{
    append_string(out, "\"cell\": ");
    if (cell == NULL) {
        append_string(out, "null");
        return;
    }
    append_string(out, "{\"vectors\": [");
    for (int i = 0; i < 3; i++) {
        append_string(out, i > 0 ? ", " : "");
        append_triple(out, cell->vector[i]);
    }
    append_string(out, "], \"origin\": ");
    append_triple(out, cell->origin);
    append_string(out, ", \"periodic\": [");
    for (int i = 0; i < 3; i++) {
        append_string(out, i > 0 ? ", " : "");
        append_string(out, cell->periodic[i] ? "true" : "false");
    }
    append_string(out, "]}");
}

static gboolean write_atoms(const AlloyAtoms *atoms, GOutputStream *sink, AlloyProgress *progress,
                            GError **error)
{
    g_autoptr(GString) text = g_string_new("{\"n\": ");
    alloy_rows_int64(text, (int64_t)atoms->n);
    append_string(text, ",\n ");
    append_cell(text, atoms->cell);
    append_string(text, ",\n ");
    append_values(text, "info", atoms->info);
    append_string(text, ",\n \"units\": {\"x\": \"angstrom\", \"y\": \"angstrom\", \"z\": \"angstrom\"");
    gboolean first = FALSE;
    append_units_of(text, atoms->columns, NULL, &first);
    append_string(text, "},\n \"info_units\": {");
    first = TRUE;
    append_units_of(text, atoms->info, NULL, &first);
    append_string(text, "},\n \"columns\": {");
    if (!flush(text, sink, error) ||
        !write_array("species", (Array){.atoms = atoms}, atoms->n, TRUE, sink, progress, error) ||
        !write_array("x", (Array){.real = atoms->x}, atoms->n, FALSE, sink, progress, error) ||
        !write_array("y", (Array){.real = atoms->y}, atoms->n, FALSE, sink, progress, error) ||
        !write_array("z", (Array){.real = atoms->z}, atoms->n, FALSE, sink, progress, error))
        return FALSE;
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        if (!write_array(column->name, (Array){.column = column}, atoms->n, FALSE, sink, progress, error))
            return FALSE;
    }
    append_string(text, "}}");
    return flush(text, sink, error);
}

static gboolean write_series(const AlloySeries *series, GOutputStream *sink, AlloyProgress *progress,
                             GError **error)
{
    g_autoptr(GString) text = g_string_new("{\"title\": ");
    alloy_json_append_string(text, series->title);
    append_string(text, ",\n \"stages\": [");
    for (size_t s = 0; s < series->n; s++) {
        const AlloyStage *stage = &series->stages[s];
        append_string(text, s > 0 ? ",\n{\"label\": " : "\n{\"label\": ");
        alloy_json_append_string(text, stage->label);
        append_string(text, ", \"time\": ");
        alloy_json_append_real(text, stage->time);
        append_string(text, ", \"temperature\": ");
        alloy_json_append_real(text, stage->temperature);
        append_string(text, ", \"atoms\":\n");
        if (!flush(text, sink, error) || !write_atoms(stage->atoms, sink, progress, error))
            return FALSE;
        append_string(text, "}");
    }
    append_string(text, "]}");
    return flush(text, sink, error);
}

static gboolean writes_json(const AlloyData *data)
{
    return ALLOY_IS_TABLE(data) || ALLOY_IS_ATOMS(data) || ALLOY_IS_SERIES(data);
}

static void look_for_infinity(const AlloyColumns *columns, AlloyLosses *losses)
{
    for (unsigned c = 0; c < columns->len; c++) {
        const AlloyColumn *column = columns->pdata[c];
        for (size_t i = 0; column->type == ALLOY_REAL && i < column->n; i++)
            if (isinf(column->real[i])) {
                alloy_losses_say(losses, "JSON has no infinity: infinite values of `%s` are written as null",
                                 column->name);
                break;
            }
    }
}

static void losses_of_json(const AlloyData *data, AlloyLosses *losses)
{
    if (ALLOY_IS_TABLE(data)) {
        look_for_infinity(((const AlloyTable *)data)->columns, losses);
        look_for_infinity(((const AlloyTable *)data)->scalars, losses);
        return;
    }
    AlloyStage single;
    size_t n;
    const AlloyStage *stages = alloy_stages_of(data, &single, &n);
    for (size_t s = 0; s < n; s++) {
        look_for_infinity(stages[s].atoms->columns, losses);
        look_for_infinity(stages[s].atoms->info, losses);
    }
}

static gboolean write_json(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress,
                           GError **error)
{
    gboolean good = ALLOY_IS_TABLE(data)   ? write_table((const AlloyTable *)data, sink, progress, error)
                    : ALLOY_IS_ATOMS(data) ? write_atoms((const AlloyAtoms *)data, sink, progress, error)
                                           : write_series((const AlloySeries *)data, sink, progress, error);
    return good && g_output_stream_write_all(sink, "\n", 1, NULL, NULL, error);
}

static const char *const extensions[] = {"json", NULL};

const AlloyFormat alloy_format_json = {
    .name = "json",
    .title = "JSON",
    .extensions = extensions,
    .writes = writes_json,
    .write = write_json,
    .losses = losses_of_json,
};
