/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/record.h"

#include "core/base/error.h"
#include "core/project/output.h"

#include <string.h>

const AlloyItem *alloy_record_file(AlloyProject *project, const char *name, const char *fallback,
                                   const char *path, const char *format, char *const *fixes,
                                   const AlloyData *data, AlloyProgress *progress, GError **error)
{
    uint64_t size = 0;
    g_autofree char *sha256 = NULL;
    if (!alloy_file_fingerprint(path, &size, &sha256, progress, error))
        return NULL;
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    AlloyOrigin draft = {.kind = ALLOY_ORIGIN_FILE,
                         .path = absolute,
                         .size = size,
                         .sha256 = sha256,
                         .format = format,
                         .fixes = fixes};
    g_auto(AlloyOriginRef) origin = alloy_origin_new(&draft);
    return alloy_project_put(project, name, fallback, data, origin, error);
}

const AlloyItem *alloy_record_conversion(AlloyProject *project, const char *name, const char *fallback,
                                         const uint32_t *inputs, unsigned n_inputs, const char *stage,
                                         const AlloyData *data, GError **error)
{
    AlloyOrigin draft = {
        .kind = ALLOY_ORIGIN_CONVERT, .inputs = inputs, .n_inputs = n_inputs, .stage = stage};
    g_autofree const char **labels = NULL;
    if (ALLOY_IS_SERIES(data) && n_inputs > 1) {
        const AlloySeries *series = (const AlloySeries *)data;
        labels = g_new0(const char *, series->n + 1);
        for (size_t i = 0; i < series->n; i++)
            labels[i] = series->stages[i].label;
        draft.labels = (char *const *)labels;
    }
    g_auto(AlloyOriginRef) origin = alloy_origin_new(&draft);
    return alloy_project_put(project, name, fallback, data, origin, error);
}

/* "NAME=VALUE" of each. */
static char **settings_of(GHashTable *values)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, &name, &value))
        g_ptr_array_add(list, g_strdup_printf("%s=%s", (const char *)name, (const char *)value));
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_steal(list, NULL);
}

/* "csrop of gold"; "simulate-series" for what has no input. */
static char *title_of(const AlloyProject *project, const AlloyRun *run, const uint32_t *inputs,
                      unsigned n_inputs)
{
    const AlloyItem *first = n_inputs > 0 ? alloy_project_find(project, inputs[0]) : NULL;
    if (first == NULL)
        return g_strdup(run->operation->name);
    return g_strdup_printf("%s of %s", run->operation->name, first->name);
}

gboolean alloy_record_run(AlloyProject *project, const char *name, const char *output, const AlloyRun *run,
                          const uint32_t *inputs, unsigned n_inputs, GError **error)
{
    g_auto(GStrv) params = settings_of(run->params);
    g_auto(GStrv) resolved = settings_of(run->resolved);
    g_autofree char *title = title_of(project, run, inputs, n_inputs);
    g_autoptr(GPtrArray) names = alloy_run_output_names(run);
    if (output != NULL) {
        g_ptr_array_set_size(names, 0);
        g_ptr_array_add(names, (gpointer)output);
    }
    for (unsigned i = 0; i < names->len; i++) {
        const char *one = names->pdata[i];
        g_autoptr(AlloyData) data = (AlloyData *)alloy_run_output(run, one, error);
        if (data == NULL)
            return FALSE;
        AlloyOrigin draft = {.kind = ALLOY_ORIGIN_RUN,
                             .operation = run->operation->name,
                             .version = run->operation->version,
                             .seed = run->seed,
                             .params = params,
                             .resolved = resolved,
                             .output = one,
                             .inputs = inputs,
                             .n_inputs = n_inputs};
        g_auto(AlloyOriginRef) origin = alloy_origin_new(&draft);
        gboolean main = i == 0;
        g_autofree char *own = name == NULL || main ? g_strdup(name) : g_strdup_printf("%s: %s", name, one);
        g_autofree char *fallback = main ? g_strdup(title) : g_strdup_printf("%s: %s", title, one);
        if (alloy_project_put(project, own, fallback, data, origin, error) == NULL)
            return FALSE;
    }
    return TRUE;
}
