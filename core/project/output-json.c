/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as JSON. Streamed: the per-atom result of ten million atoms passes through a small buffer. */
#include "core/base/json-text.h"
#include "core/base/number.h"
#include "core/data/units.h"
#include "core/project/output.h"

#include <math.h>
#include <string.h>

#define FLUSH_AT (1 << 16)

typedef struct {
    GOutputStream *stream;
    GString *text;
    gboolean comma; /* before the next member */
    AlloyProgress *progress;
    GError **error;
} Writer;

static gboolean flush(Writer *writer, gsize beyond)
{
    if (writer->text->len <= beyond)
        return TRUE;
    gboolean ok = alloy_progress_check(writer->progress, writer->error) &&
                  g_output_stream_write_all(writer->stream, writer->text->str, writer->text->len, NULL, NULL,
                                            writer->error);
    g_string_truncate(writer->text, 0);
    return ok;
}

static void put_name(Writer *writer, const char *name)
{
    if (writer->comma)
        g_string_append_c(writer->text, ',');
    alloy_json_append_string(writer->text, name);
    g_string_append_c(writer->text, ':');
    writer->comma = TRUE;
}

static void open_object(Writer *writer, const char *name)
{
    put_name(writer, name);
    g_string_append_c(writer->text, '{');
    writer->comma = FALSE;
}

static void close_object(Writer *writer)
{
    g_string_append_c(writer->text, '}');
    writer->comma = TRUE;
}

static void put_value(GString *text, const AlloyColumn *column, size_t i)
{
    char digits[ALLOY_DOUBLE_TEXT];
    switch (column->type) {
    case ALLOY_REAL:
        alloy_json_append_real(text, column->real[i]);
        break;
    case ALLOY_INTEGER:
        g_string_append_len(text, digits, (gssize)alloy_format_int64(column->integer[i], digits));
        break;
    case ALLOY_BOOLEAN:
        g_string_append(text, column->boolean[i] ? "true" : "false");
        break;
    case ALLOY_TEXT:
        alloy_json_append_string(text, alloy_column_text_at(column, i));
        break;
    }
}

static gboolean put_column(Writer *writer, const char *name, const AlloyColumn *column)
{
    put_name(writer, name);
    g_string_append_c(writer->text, '[');
    for (size_t i = 0; i < column->n; i++) {
        if (i > 0)
            g_string_append_c(writer->text, ',');
        put_value(writer->text, column, i);
        if (!flush(writer, FLUSH_AT))
            return FALSE;
    }
    g_string_append(writer->text, "]");
    return TRUE;
}

static gboolean put_columns(Writer *writer, const AlloyColumns *columns)
{
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        if (!put_column(writer, column->name, column))
            return FALSE;
    }
    return TRUE;
}

static void put_scalars(Writer *writer, const AlloyColumns *scalars)
{
    for (unsigned i = 0; i < scalars->len; i++) {
        const AlloyColumn *scalar = scalars->pdata[i];
        put_name(writer, scalar->name);
        put_value(writer->text, scalar, 0);
    }
}

static gboolean put_axis(Writer *writer, const char *name, const double *values, size_t n)
{
    put_name(writer, name);
    g_string_append_c(writer->text, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(writer->text, ',');
        alloy_json_append_real(writer->text, values[i]);
        if (!flush(writer, FLUSH_AT))
            return FALSE;
    }
    g_string_append_c(writer->text, ']');
    return TRUE;
}

/* The members of one model: species, x, y, z, then its columns. */
static gboolean put_atoms(Writer *writer, const AlloyAtoms *atoms)
{
    put_name(writer, "species");
    g_string_append_c(writer->text, '[');
    for (size_t i = 0; i < atoms->n; i++) {
        if (i > 0)
            g_string_append_c(writer->text, ',');
        alloy_json_append_string(writer->text, atoms->kinds[atoms->species[i]].name);
        if (!flush(writer, FLUSH_AT))
            return FALSE;
    }
    g_string_append_c(writer->text, ']');
    return put_axis(writer, "x", atoms->x, atoms->n) && put_axis(writer, "y", atoms->y, atoms->n) &&
           put_axis(writer, "z", atoms->z, atoms->n) && put_columns(writer, atoms->columns);
}

static gboolean put_models(Writer *writer, const AlloyData *data)
{
    if (ALLOY_IS_ATOMS(data)) {
        open_object(writer, ALLOY_OUTPUT_ATOMS);
        gboolean ok = put_atoms(writer, (const AlloyAtoms *)data);
        close_object(writer);
        return ok;
    }
    const AlloySeries *series = (const AlloySeries *)data;
    put_name(writer, "stages");
    g_string_append_c(writer->text, '[');
    for (size_t i = 0; i < series->n; i++) {
        const AlloyStage *stage = &series->stages[i];
        g_string_append(writer->text, i > 0 ? ",{" : "{");
        writer->comma = FALSE;
        put_name(writer, "label");
        alloy_json_append_string(writer->text, stage->label);
        put_name(writer, "time");
        alloy_json_append_real(writer->text, stage->time);
        put_name(writer, "temperature");
        alloy_json_append_real(writer->text, stage->temperature);
        open_object(writer, ALLOY_OUTPUT_ATOMS);
        if (!put_atoms(writer, stage->atoms))
            return FALSE;
        close_object(writer);
        close_object(writer);
    }
    g_string_append_c(writer->text, ']');
    return TRUE;
}

static void put_units(Writer *writer, const char *name, const AlloyColumns *columns)
{
    open_object(writer, name);
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        put_name(writer, column->name);
        alloy_json_append_string(writer->text, column->unit);
    }
    close_object(writer);
}

static void put_units_of_models(Writer *writer, const AlloyData *data)
{
    AlloyStage single = {.atoms = ALLOY_IS_ATOMS(data) ? (const AlloyAtoms *)data : NULL};
    const AlloySeries *series = (const AlloySeries *)data;
    const AlloyStage *stages = single.atoms != NULL ? &single : series->stages;
    size_t n = single.atoms != NULL ? 1 : series->n;
    open_object(writer, ALLOY_OUTPUT_ATOMS);
    for (const char *axis = "xyz"; n > 0 && *axis != '\0'; axis++) {
        put_name(writer, (char[]){*axis, '\0'});
        alloy_json_append_string(writer->text, ALLOY_UNIT_LENGTH);
    }
    /* Of one unit in all stages, but not every stage has them all. */
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t s = 0; s < n; s++)
        for (unsigned i = 0; i < stages[s].atoms->columns->len; i++) {
            const AlloyColumn *column = stages[s].atoms->columns->pdata[i];
            if (!g_hash_table_add(seen, (gpointer)column->name))
                continue;
            put_name(writer, column->name);
            alloy_json_append_string(writer->text, column->unit);
        }
    close_object(writer);
}

/* A parameter as the type it is declared with. */
static void put_setting(Writer *writer, const char *name, const AlloyParam *param, const char *value)
{
    double number = 0;
    put_name(writer, name);
    if ((param->type == ALLOY_PARAM_REAL || param->type == ALLOY_PARAM_INTEGER) &&
        alloy_parse_double(value, value + strlen(value), &number) && isfinite(number))
        alloy_json_append_real(writer->text, number);
    else if (param->type == ALLOY_PARAM_BOOLEAN)
        g_string_append(writer->text, strcmp(value, "true") == 0 ? "true" : "false");
    else
        alloy_json_append_string(writer->text, value);
}

static void put_settings(Writer *writer, const AlloyRun *run)
{
    open_object(writer, "parameters");
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        const char *value = g_hash_table_lookup(run->params, param->name);
        if (value == NULL)
            value = g_hash_table_lookup(run->resolved, param->name);
        if (value == NULL)
            value = param->fallback;
        if (value != NULL)
            put_setting(writer, param->name, param, value);
    }
    close_object(writer);
}

/* --- provenance --- */

/* What the stages of a series came to, joined by ", ": as a list. */
static void put_list(Writer *writer, const char *values)
{
    g_auto(GStrv) each = g_strsplit(values, ", ", -1);
    put_name(writer, "value");
    g_string_append_c(writer->text, '[');
    for (char **value = each; *value != NULL; value++) {
        double number = (double)NAN;
        g_string_append(writer->text, value != each ? "," : "");
        if (!alloy_parse_double(*value, *value + strlen(*value), &number))
            number = (double)NAN;
        alloy_json_append_real(writer->text, number);
    }
    g_string_append_c(writer->text, ']');
}

static void put_used(Writer *writer, const AlloyRun *run)
{
    open_object(writer, "parameters");
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        const char *given = g_hash_table_lookup(run->params, param->name);
        const char *found = g_hash_table_lookup(run->resolved, param->name);
        const char *value = given != NULL ? given : found != NULL ? found : param->fallback;
        if (value == NULL)
            continue;
        open_object(writer, param->name);
        if (given == NULL && found != NULL && strstr(found, ", ") != NULL)
            put_list(writer, found);
        else
            put_setting(writer, "value", param, value);
        put_name(writer, "unit");
        alloy_json_append_string(writer->text, param->unit != NULL ? param->unit : ALLOY_UNIT_NONE);
        put_name(writer, "from");
        alloy_json_append_string(writer->text, given != NULL   ? "given"
                                               : found != NULL ? "automatic"
                                                               : "default");
        close_object(writer);
    }
    close_object(writer);
}

static void put_file(Writer *writer, const AlloyOrigin *origin)
{
    put_name(writer, "size");
    g_string_append_printf(writer->text, "%" G_GUINT64_FORMAT, (guint64)origin->size);
    put_name(writer, "sha256");
    alloy_json_append_string(writer->text, origin->sha256);
    put_name(writer, "format");
    alloy_json_append_string(writer->text, origin->format);
    put_name(writer, "fixes");
    g_string_append_c(writer->text, '[');
    for (char *const *fix = origin->fixes; *fix != NULL; fix++) {
        g_string_append(writer->text, fix != origin->fixes ? "," : "");
        alloy_json_append_string(writer->text, *fix);
    }
    g_string_append_c(writer->text, ']');
}

static void put_source(Writer *writer, const AlloyRunSource *source)
{
    g_string_append_c(writer->text, '{');
    writer->comma = FALSE;
    /* A path is bytes; JSON is UTF-8. */
    gboolean utf8 = g_utf8_validate(source->path, -1, NULL);
    g_autofree char *path = utf8
                                ? g_strdup(source->path)
                                : g_uri_escape_bytes((const guint8 *)source->path, strlen(source->path), "/");
    put_name(writer, utf8 ? "path" : "path_escaped");
    alloy_json_append_string(writer->text, path);
    if (source->item != NULL) {
        put_name(writer, "item");
        alloy_json_append_string(writer->text, source->item);
    }
    if (source->stage != NULL) {
        put_name(writer, "stage");
        alloy_json_append_string(writer->text, source->stage);
    }
    if (source->origin != NULL && source->item == NULL) {
        put_file(writer, source->origin);
    } else if (source->origin != NULL) {
        g_autofree char *origin = alloy_origin_to_json(source->origin);
        put_name(writer, "origin");
        g_string_append(writer->text, origin);
    }
    close_object(writer);
}

static void put_what_ran(Writer *writer, const AlloyRun *run)
{
    put_name(writer, "operation");
    alloy_json_append_string(writer->text, run->operation->name);
    put_name(writer, "version");
    g_string_append_printf(writer->text, "%d", run->operation->version);
    put_name(writer, "program");
    alloy_json_append_string(writer->text, "alloyscope " ALLOY_VERSION);
    put_name(writer, "seed");
    g_string_append_printf(writer->text, "%" G_GUINT64_FORMAT, (guint64)run->seed);
}

static void put_provenance(Writer *writer, const AlloyRun *run, const GPtrArray *sources)
{
    open_object(writer, "provenance");
    put_name(writer, "inputs");
    g_string_append_c(writer->text, '[');
    for (unsigned i = 0; sources != NULL && i < sources->len; i++) {
        g_string_append(writer->text, i > 0 ? "," : "");
        put_source(writer, sources->pdata[i]);
    }
    g_string_append_c(writer->text, ']');
    put_what_ran(writer, run);
    put_used(writer, run);
    close_object(writer);
}

static void put_warnings(Writer *writer, const AlloyRun *run)
{
    put_name(writer, "warnings");
    g_string_append_c(writer->text, '[');
    for (unsigned i = 0; i < run->warnings->len; i++) {
        const AlloyWarning *warning = run->warnings->pdata[i];
        g_string_append(writer->text, i > 0 ? ",{" : "{");
        writer->comma = FALSE;
        put_name(writer, "code");
        alloy_json_append_string(writer->text, warning->code);
        put_name(writer, "message");
        alloy_json_append_string(writer->text, warning->message);
        if (warning->fix != NULL) {
            put_name(writer, "fix");
            alloy_json_append_string(writer->text, warning->fix);
        }
        close_object(writer);
    }
    g_string_append_c(writer->text, ']');
}

static gboolean wanted(const char *name, const char *output)
{
    return name == NULL || strcmp(name, output) == 0;
}

static gboolean put_run(Writer *writer, const AlloyRun *run, const GPtrArray *sources, const char *name)
{
    /* One list of units stands for all stages. */
    g_autoptr(AlloyData) models = NULL;
    if (run->atoms != NULL)
        models = ALLOY_IS_SERIES(run->atoms)
                     ? (AlloyData *)alloy_series_in_one_unit((const AlloySeries *)run->atoms, NULL)
                     : alloy_data_ref(run->atoms);
    gboolean scalars = wanted(name, ALLOY_OUTPUT_SCALARS);
    gboolean atoms = run->atoms != NULL && wanted(name, ALLOY_OUTPUT_ATOMS);
    g_string_append_c(writer->text, '{');
    put_what_ran(writer, run);
    put_settings(writer, run);
    put_warnings(writer, run);
    put_provenance(writer, run, sources);
    open_object(writer, "scalars");
    if (scalars)
        put_scalars(writer, run->scalars);
    for (unsigned i = 0; scalars && i < run->tables->len; i++) {
        const AlloyColumns *of_table = ((const AlloyTable *)run->tables->pdata[i])->scalars;
        for (unsigned k = 0; k < of_table->len; k++)
            if (alloy_columns_get(run->scalars, ((const AlloyColumn *)of_table->pdata[k])->name) == NULL) {
                put_name(writer, ((const AlloyColumn *)of_table->pdata[k])->name);
                put_value(writer->text, of_table->pdata[k], 0);
            }
    }
    close_object(writer);
    open_object(writer, "tables");
    for (unsigned i = 0; i < run->tables->len; i++) {
        const AlloyTable *table = run->tables->pdata[i];
        if (!wanted(name, table->title))
            continue;
        open_object(writer, table->title);
        if (!put_columns(writer, table->columns))
            return FALSE;
        close_object(writer);
    }
    close_object(writer);
    if (atoms && !put_models(writer, models))
        return FALSE;
    open_object(writer, "units");
    if (scalars)
        put_units(writer, "scalars", run->scalars);
    open_object(writer, "tables");
    for (unsigned i = 0; i < run->tables->len; i++) {
        const AlloyTable *table = run->tables->pdata[i];
        if (wanted(name, table->title))
            put_units(writer, table->title, table->columns);
    }
    close_object(writer);
    if (atoms)
        put_units_of_models(writer, models);
    close_object(writer);
    g_string_append(writer->text, "}\n");
    return flush(writer, 0);
}

gboolean alloy_run_write_json(const AlloyRun *run, const GPtrArray *sources, const char *name,
                              GOutputStream *stream, AlloyProgress *progress, GError **error)
{
    if (name != NULL) {
        g_autoptr(AlloyData) there = (AlloyData *)alloy_run_output(run, name, error);
        if (there == NULL)
            return FALSE;
    }
    Writer writer = {
        .stream = stream, .text = g_string_sized_new(FLUSH_AT + 4096), .progress = progress, .error = error};
    gboolean ok = put_run(&writer, run, sources, name);
    g_string_free(writer.text, TRUE);
    return ok;
}
