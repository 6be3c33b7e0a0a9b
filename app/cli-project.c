/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects as outputs, and alloyscope script. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/data/series.h"
#include "core/project/record.h"
#include "core/project/script.h"
#include "core/project/store.h"

#include <stdio.h>
#include <string.h>

AlloyProject *cli_open_project(const char *path, AlloyProgress *progress, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return alloy_project_new();
    return alloy_project_load(path, progress, error);
}

/* A fix that reads a file finds it from any folder. */
static void make_absolute(char **fixes)
{
    for (; *fixes != NULL; fixes++) {
        const char *file = g_str_has_prefix(*fixes, "types=") ? *fixes + strlen("types=") : NULL;
        if (file == NULL || !g_file_test(file, G_FILE_TEST_EXISTS))
            continue;
        g_autofree char *absolute = g_canonicalize_filename(file, NULL);
        char *fix = g_strconcat("types=", absolute, NULL);
        g_free(*fixes);
        *fixes = fix;
    }
}

/* What --stage took of an item: one stage, or some of them put together as a series. */
static const AlloyItem *record_stages(const Cli *cli, AlloyProject *project, const CliInput *input,
                                      const AlloyItem *whole, const char *name, GError **error)
{
    unsigned n = cli->stages->len;
    const AlloySeries *series = n > 1 ? (const AlloySeries *)input->data : NULL;
    g_autofree uint32_t *ids = g_new0(uint32_t, n);
    const AlloyItem *item = NULL;
    for (unsigned i = 0; i < n; i++) {
        const char *stage = cli->stages->pdata[i];
        const AlloyData *data = series != NULL ? ALLOY_DATA(series->stages[i].atoms) : input->data;
        g_autofree char *fallback = g_strdup_printf("%s %s", whole->name, stage);
        item = alloy_record_conversion(project, series != NULL ? NULL : name, fallback, &whole->id, 1, stage,
                                       data, error);
        if (item == NULL)
            return NULL;
        ids[i] = item->id;
    }
    if (series == NULL)
        return item;
    g_autofree char *fallback = g_strdup_printf("stages of %s", whole->name);
    return alloy_record_conversion(project, name, fallback, ids, n, NULL, input->data, error);
}

gboolean cli_record_input(const Cli *cli, AlloyProject *project, const CliInput *input, const char *name,
                          uint32_t *id, AlloyProgress *progress, GError **error)
{
    gboolean stages = input->data != input->whole;
    const AlloyItem *item = NULL;
    if (input->project != NULL) {
        item = alloy_project_adopt(project, input->project, input->item, error);
    } else if (strcmp(input->path, "-") == 0) {
        return alloy_parameter_error(error,
                                     "a project keeps where its data came from: it cannot hold the standard "
                                     "input; save that to a file first");
    } else {
        g_auto(GStrv) fixes = cli_fixes_for(cli, input->path);
        make_absolute(fixes);
        item = alloy_record_file(project, stages ? NULL : name, input->name, input->path, cli->format, fixes,
                                 input->whole, progress, error);
    }
    if (item != NULL && stages)
        item = record_stages(cli, project, input, item, name, error);
    if (item == NULL)
        return FALSE;
    *id = item->id;
    return TRUE;
}

gboolean cli_record_series(const Cli *cli, AlloyProject *project, const GPtrArray *inputs, unsigned first,
                           const AlloyData *series, const char *name, uint32_t *id, AlloyProgress *progress,
                           GError **error)
{
    unsigned n = inputs->len - first;
    g_autofree uint32_t *ids = g_new0(uint32_t, n);
    for (unsigned i = 0; i < n; i++)
        if (!cli_record_input(cli, project, inputs->pdata[first + i], NULL, &ids[i], progress, error))
            return FALSE;
    const AlloyItem *item = alloy_record_conversion(project, name, "series", ids, n, NULL, series, error);
    if (item == NULL)
        return FALSE;
    *id = item->id;
    return TRUE;
}

typedef struct {
    const char *path;
    char *script;
} Request;

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    Request *request = data;
    g_autoptr(AlloyProject) project = alloy_project_load(request->path, progress, error);
    if (project == NULL)
        return FALSE;
    g_autofree char *absolute = g_canonicalize_filename(request->path, NULL);
    request->script = alloy_project_script(project, absolute, error);
    return request->script != NULL;
}

int cli_script(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    const char *path = NULL;
    if (!cli_take_one_path(cli, args, "script", &path, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_command_help("script");
        return CLI_DONE;
    }
    if (!cli_refuse_json(cli, "script", &error))
        return cli_usage(error);
    Request request = {path, NULL};
    if (!cli_work(cli, work, &request, &error))
        return cli_fail(cli, error);
    fputs(request.script, stdout);
    g_free(request.script);
    return CLI_DONE;
}
