/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/output.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/replace.h"
#include "core/formats/format.h"

#include <string.h>

gboolean alloy_is_project_path(const char *path)
{
    return g_str_has_suffix(path, ".alloy");
}

static gboolean is_json_path(const char *path)
{
    return g_str_has_suffix(path, ".json");
}

GPtrArray *alloy_run_output_names(const AlloyRun *run)
{
    GPtrArray *names = g_ptr_array_new();
    if (run->atoms != NULL)
        g_ptr_array_add(names, (gpointer)ALLOY_OUTPUT_ATOMS);
    for (unsigned i = 0; i < run->tables->len; i++)
        g_ptr_array_add(names, (gpointer)((const AlloyTable *)run->tables->pdata[i])->title);
    if (run->scalars->len > 0)
        g_ptr_array_add(names, (gpointer)ALLOY_OUTPUT_SCALARS);
    return names;
}

const AlloyData *alloy_run_output(const AlloyRun *run, const char *name, GError **error)
{
    if (run->atoms != NULL && (name == NULL || strcmp(name, ALLOY_OUTPUT_ATOMS) == 0))
        return alloy_ref(run->atoms);
    for (unsigned i = 0; i < run->tables->len; i++) {
        const AlloyTable *table = run->tables->pdata[i];
        if (name == NULL || strcmp(name, table->title) == 0)
            return ALLOY_DATA(alloy_ref(table));
    }
    if (run->scalars->len > 0 && (name == NULL || strcmp(name, ALLOY_OUTPUT_SCALARS) == 0))
        return ALLOY_DATA(alloy_table_new(ALLOY_OUTPUT_SCALARS, alloy_columns_copy(run->scalars), NULL));
    g_autoptr(GPtrArray) names = alloy_run_output_names(run);
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    alloy_parameter_error(error, "%s gave no output \"%s\"; it gave: %s", run->operation->name,
                          name != NULL ? name : ALLOY_OUTPUT_ATOMS, *list != '\0' ? list : "nothing");
    return NULL;
}

static gboolean gives(const AlloyOperation *operation, AlloyOutputKind kind)
{
    for (const AlloyOutput *output = operation->outputs; output->name != NULL; output++)
        if (output->kind == kind)
            return TRUE;
    return FALSE;
}

gboolean alloy_output_name_check(const AlloyOperation *operation, const char *name, GError **error)
{
    if (operation->tables == NULL)
        return TRUE;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    if (gives(operation, ALLOY_OUT_ATOM_COLUMN) || gives(operation, ALLOY_OUT_DATA))
        g_ptr_array_add(names, (gpointer)ALLOY_OUTPUT_ATOMS);
    for (const char *const *table = operation->tables; *table != NULL; table++)
        g_ptr_array_add(names, (gpointer)*table);
    if (gives(operation, ALLOY_OUT_SCALAR))
        g_ptr_array_add(names, (gpointer)ALLOY_OUTPUT_SCALARS);
    g_ptr_array_add(names, NULL);
    if (g_strv_contains((const char *const *)names->pdata, name))
        return TRUE;
    const char *meant = alloy_suggest(name, (const char *const *)names->pdata);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    return alloy_parameter_error(error, "%s gives no output \"%s\"%s%s%s; it gives: %s", operation->name,
                                 name, meant != NULL ? " (did you mean \"" : "", meant != NULL ? meant : "",
                                 meant != NULL ? "\"?)" : "", list);
}

gboolean alloy_output_path_check(const char *path, GError **error)
{
    if (alloy_is_project_path(path) || is_json_path(path) ||
        alloy_format_for_writing(path, NULL, NULL) != NULL)
        return TRUE;
    GError *failure = NULL;
    alloy_format_for_writing(path, NULL, &failure);
    /* A project is no format of a file, but what a user may have wanted. */
    g_set_error(error, failure->domain, failure->code, "%s, .alloy", failure->message);
    g_error_free(failure);
    return FALSE;
}

gboolean alloy_output_data_check(const char *path, const AlloyData *data, GError **error)
{
    if (alloy_is_project_path(path) || is_json_path(path) || strcmp(path, "-") == 0)
        return TRUE;
    const AlloyFormat *format = alloy_format_for_writing(path, data, error);
    if (format == NULL || format->check == NULL || format->check(data, error))
        return format != NULL;
    g_prefix_error(error, "%s: ", path);
    return FALSE;
}

AlloyRunSource *alloy_run_source_new(const char *path, const char *item, const char *stage,
                                     const AlloyOrigin *origin)
{
    AlloyRunSource *source = g_new0(AlloyRunSource, 1);
    source->path = g_strdup(path);
    source->item = g_strdup(item);
    source->stage = g_strdup(stage);
    source->origin = origin != NULL ? alloy_origin_ref(origin) : NULL;
    return source;
}

void alloy_run_source_free(AlloyRunSource *source)
{
    g_free(source->path);
    g_free(source->item);
    g_free(source->stage);
    if (source->origin != NULL)
        alloy_origin_unref(source->origin);
    g_free(source);
}

gboolean alloy_run_write(const AlloyRun *run, const GPtrArray *sources, const char *name, const char *path,
                         GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    if (is_json_path(path)) {
        g_autoptr(AlloyReplacement) replacement = alloy_replace_begin(path, error);
        if (replacement == NULL)
            return FALSE;
        if (!alloy_run_write_json(run, sources, name, alloy_replace_stream(replacement), progress, error)) {
            g_prefix_error(error, "%s: ", path);
            return FALSE;
        }
        return alloy_replace_commit(g_steal_pointer(&replacement), error);
    }
    g_autoptr(AlloyData) data = (AlloyData *)alloy_run_output(run, name, error);
    if (data == NULL)
        return FALSE;
    if (alloy_format_for_writing(path, data, NULL) != &alloy_format_text || warnings == NULL)
        return alloy_write_file(path, NULL, data, warnings, progress, error);
    /* A table was asked for: that it is no whole model need not be said, what was changed in it must be. */
    g_autoptr(GPtrArray) said = alloy_warnings_new();
    if (!alloy_write_file(path, NULL, data, said, progress, error))
        return FALSE;
    for (guint i = 0; i < said->len; i++) {
        const AlloyWarning *warning = said->pdata[i];
        if (strcmp(warning->code, "changed") == 0)
            alloy_warn(warnings, warning->code, NULL, NULL, "%s", warning->message);
    }
    return TRUE;
}

const AlloySeries *alloy_series_of_models(const AlloyAtoms *const *models, const char *const *names,
                                          const char *const *labels, size_t n)
{
    g_autofree AlloyStage *stages = g_new0(AlloyStage, n + 1);
    for (size_t i = 0; i < n; i++) {
        stages[i] = alloy_stage_from_info(models[i]);
        if (labels != NULL)
            stages[i].label = labels[i];
        else if (stages[i].label == NULL)
            stages[i].label = names[i];
    }
    return alloy_series_new("", stages, n);
}

int alloy_series_find_stage(const AlloySeries *series, const char *name, GError **error)
{
    for (size_t i = 0; i < series->n; i++)
        if (strcmp(series->stages[i].label, name) == 0)
            return (int)i;
    int64_t number = 0;
    if (alloy_parse_int64(name, name + strlen(name), &number) && number >= 0 && (uint64_t)number < series->n)
        return (int)number;
    g_autoptr(GString) labels = g_string_new(NULL);
    for (size_t i = 0; i < MIN(series->n, 12); i++)
        g_string_append_printf(labels, ", %zu (%s)", i, series->stages[i].label);
    alloy_parameter_error(error, "there is no stage \"%s\"; there are: %s%s", name,
                          labels->len > 2 ? labels->str + 2 : "none", series->n > 12 ? ", ..." : "");
    return -1;
}
