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
#include <unistd.h>

static void say_waiting(const char *path, const char *holder, gpointer data)
{
    const Cli *cli = data;
    if (cli->quiet)
        return;
    /* Over the progress bar, which is drawn again below. */
    const char *clear = isatty(STDERR_FILENO) ? "\r\033[K" : "";
    fprintf(stderr, "%salloyscope: waiting for %s, which writes %s\n", clear, holder, path);
    fflush(stderr);
}

AlloyProjectLock *cli_lock_project(const Cli *cli, const char *path, AlloyProgress *progress, GError **error)
{
    return alloy_project_lock(path, say_waiting, (gpointer)cli, progress, error);
}

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

/* The fixes of a file as its origin keeps them. */
static char **recorded_fixes(const Cli *cli, const CliInput *input)
{
    char **fixes = cli_fixes_for(cli, input->path);
    make_absolute(fixes);
    return fixes;
}

/* What a file was when it was read, or what the project says of the item; NULL with an error. */
static const AlloyOrigin *origin_of(const Cli *cli, const CliInput *input, AlloyProgress *progress,
                                    GError **error)
{
    if (input->project != NULL)
        return alloy_origin_ref(alloy_project_find(input->project, input->item)->origin);
    uint64_t size = 0;
    g_autofree char *sha256 = NULL;
    if (!alloy_file_fingerprint(input->path, &size, &sha256, progress, error))
        return NULL;
    g_auto(GStrv) fixes = recorded_fixes(cli, input);
    AlloyOrigin draft = {.kind = ALLOY_ORIGIN_FILE,
                         .path = input->path,
                         .size = size,
                         .sha256 = sha256,
                         .format = cli->format,
                         .fixes = fixes};
    return alloy_origin_new(&draft);
}

/* "30 min, 60 min" of --stage. */
static char *stages_said(const Cli *cli)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < cli->stages->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", (const char *)cli->stages->pdata[i]);
    return g_string_free(text, FALSE);
}

GPtrArray *cli_sources_of(const Cli *cli, const GPtrArray *inputs, AlloyProgress *progress, GError **error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_run_source_free);
    for (unsigned i = 0; i < inputs->len; i++) {
        const CliInput *input = inputs->pdata[i];
        g_auto(AlloyOriginRef) origin = NULL;
        if (strcmp(input->path, "-") != 0 && (origin = origin_of(cli, input, progress, error)) == NULL)
            return NULL;
        g_autofree char *stages = stages_said(cli);
        g_autofree char *project = NULL, *item = NULL;
        cli_split_project(input->path, &project, &item);
        g_ptr_array_add(sources, alloy_run_source_new(project != NULL ? project : input->path,
                                                      input->project != NULL ? input->name : NULL,
                                                      input->data != input->whole ? stages : NULL, origin));
    }
    return g_steal_pointer(&sources);
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
        g_auto(GStrv) fixes = recorded_fixes(cli, input);
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
