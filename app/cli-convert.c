/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope convert: a file in another format, or a part of it; several models become one series. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/data/series.h"
#include "core/formats/format.h"
#include "core/project/record.h"
#include "core/project/store.h"
#include "core/structure/select.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    Cli *cli;
    GPtrArray *paths;  /* borrowed; the last is the output */
    GPtrArray *labels; /* of the stages of a series, borrowed */
    GPtrArray *inputs; /* of CliInput, owned */
    GPtrArray *warnings;
    AlloyRun *selection; /* of the atoms that are wanted; one without parameters: all */
} Conversion;

static void conversion_clear(Conversion *conversion)
{
    g_ptr_array_unref(conversion->paths);
    g_ptr_array_unref(conversion->labels);
    g_ptr_array_unref(conversion->inputs);
    g_ptr_array_unref(conversion->warnings);
    alloy_run_free(conversion->selection);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Conversion, conversion_clear)

static const char *output_of(const Conversion *conversion)
{
    return conversion->paths->pdata[conversion->paths->len - 1];
}

static gboolean is_selecting(const Conversion *conversion)
{
    return g_hash_table_size(conversion->selection->params) > 0;
}

/* An item that the format of the output can hold. */
static gboolean suits_format(const AlloyData *data, gconstpointer user)
{
    const AlloyFormat *format = user;
    return format == NULL || (format->writes != NULL && format->writes(data));
}

static gboolean read_inputs(Conversion *conversion, AlloyProgress *progress, GError **error)
{
    unsigned n = conversion->paths->len - 1;
    const AlloyFormat *format = alloy_format_for_writing(output_of(conversion), NULL, NULL);
    for (unsigned i = 0; i < n; i++) {
        const char *path = conversion->paths->pdata[i];
        g_autofree char *stage = g_strdup_printf("reading %s", path);
        alloy_progress_stage(progress, 0.5 * i / n, 0.5 * (i + 1) / n, stage);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0.5 * i / n, 0.5 * (i + 1) / n);
        CliInput *input =
            cli_input_read(conversion->cli, path, suits_format, format, conversion->warnings, part, error);
        if (input == NULL)
            return FALSE;
        g_ptr_array_add(conversion->inputs, input);
    }
    return TRUE;
}

static size_t atoms_of(const AlloyData *data)
{
    if (ALLOY_IS_ATOMS(data))
        return ((const AlloyAtoms *)data)->n;
    const AlloySeries *series = (const AlloySeries *)data;
    size_t n = 0;
    for (size_t i = 0; i < series->n; i++)
        n += series->stages[i].atoms->n;
    return n;
}

/* The wanted atoms of what was read. A new reference; nothing at all is nothing to write. */
static const AlloyData *select_atoms(const Conversion *conversion, const AlloyData *data,
                                     AlloyProgress *progress, GError **error)
{
    AlloyRun *run = conversion->selection;
    if (!is_selecting(conversion))
        return alloy_ref(data);
    const char *path = conversion->inputs->len == 1 ? conversion->paths->pdata[0] : "the series";
    alloy_run_add_input(run, data);
    if (!alloy_run_set(run, "only", "true", error))
        return NULL;
    if (!alloy_job_execute(run, progress, error)) {
        if (error == NULL || !alloy_is_cancelled(*error))
            g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    for (unsigned i = 0; i < run->warnings->len; i++) {
        const AlloyWarning *warning = run->warnings->pdata[i];
        alloy_warn(conversion->warnings, warning->code, warning->fix, warning->fix_title, "%s: %s", path,
                   warning->message);
    }
    if (atoms_of(run->atoms) > 0)
        return alloy_data_ref(run->atoms);
    g_ptr_array_set_size(conversion->warnings, 0); /* they say the same */
    const char *where = g_hash_table_lookup(run->params, "where");
    alloy_input_error(error, "%s: no atom is left by %s; nothing was written", path,
                      where != NULL ? where : "the selection");
    return NULL;
}

/* How much is left, and by which cutoff where that was not given. */
static void print_selection(const Conversion *conversion)
{
    const AlloyRun *run = conversion->selection;
    printf("%s: %zu of %zu atoms\n", output_of(conversion), atoms_of(run->atoms),
           atoms_of(alloy_run_input(run, 0)));
    cli_print_settings(run);
}

static gboolean add_to_project(const Conversion *conversion, const char *path, const char *item,
                               const AlloyData *series, AlloyProgress *progress, GError **error)
{
    const Cli *cli = conversion->cli;
    g_autoptr(AlloyProjectLock) lock = cli_lock_project(cli, path, progress, error);
    g_autoptr(AlloyProject) project = lock != NULL ? cli_open_project(path, NULL, error) : NULL;
    if (project == NULL)
        return FALSE;
    uint32_t id = 0;
    const char *name = is_selecting(conversion) ? NULL : item;
    gboolean ok = series != NULL
                      ? cli_record_series(cli, project, conversion->inputs, 0, series, name, &id, NULL, error)
                      : cli_record_input(cli, project, conversion->inputs->pdata[0], name, &id, NULL, error);
    if (ok && is_selecting(conversion))
        ok = alloy_record_run(project, item, ALLOY_OUTPUT_ATOMS, conversion->selection, &id, 1, error);
    return ok && alloy_project_save(project, path, progress, error);
}

/* A whole project into another one. */
static gboolean copy_project(const Cli *cli, const char *from, const char *to, AlloyProgress *progress,
                             GError **error)
{
    g_autoptr(AlloyProject) source = alloy_project_load(from, NULL, error);
    g_autoptr(AlloyProjectLock) lock = source != NULL ? cli_lock_project(cli, to, progress, error) : NULL;
    g_autoptr(AlloyProject) project = lock != NULL ? cli_open_project(to, NULL, error) : NULL;
    if (project == NULL)
        return FALSE;
    for (unsigned i = 0; i < alloy_project_size(source); i++)
        if (alloy_project_adopt(project, source, alloy_project_at(source, i)->id, error) == NULL)
            return FALSE;
    return alloy_project_save(project, to, progress, error);
}

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    Conversion *conversion = data;
    const char *out = output_of(conversion);
    g_autofree char *project = NULL, *item = NULL;
    cli_split_project(out, &project, &item);
    if (conversion->paths->len == 2 && project != NULL && item == NULL && conversion->cli->stages->len == 0 &&
        !is_selecting(conversion) && alloy_is_project_path(conversion->paths->pdata[0]))
        return copy_project(conversion->cli, conversion->paths->pdata[0], project, progress, error);
    if (!read_inputs(conversion, progress, error))
        return FALSE;
    g_autoptr(AlloyData) series = NULL;
    if (conversion->inputs->len > 1 || conversion->labels->len > 0) {
        series = (AlloyData *)cli_series_of(conversion->inputs, 0, conversion->labels, error);
        if (series == NULL)
            return FALSE;
    }
    const AlloyData *one = ((const CliInput *)conversion->inputs->pdata[0])->data;
    if (project == NULL && !alloy_output_data_check(out, series != NULL ? series : one, error))
        return FALSE;
    alloy_progress_stage(progress, 0.5, 0.7, "select");
    g_autoptr(AlloyProgress) selecting = alloy_progress_part(progress, 0.5, 0.7);
    g_autoptr(AlloyData) wanted =
        (AlloyData *)select_atoms(conversion, series != NULL ? series : one, selecting, error);
    if (wanted == NULL)
        return FALSE;
    g_autofree char *stage = g_strdup_printf("writing %s", out);
    alloy_progress_stage(progress, 0.7, 1, stage);
    g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0.7, 1);
    if (project != NULL)
        return add_to_project(conversion, project, item, series, part, error);
    return alloy_write_file(out, NULL, wanted, conversion->warnings, part, error);
}

static gboolean unknown_option(const char *name, GError **error)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(own, g_strdup("--label"));
    for (const AlloyParam *param = alloy_op_select.params; param->name != NULL; param++)
        g_ptr_array_add(own, g_strconcat("--", param->name, NULL));
    g_ptr_array_add(own, NULL);
    return cli_unknown_option("convert", name, (const char *const *)own->pdata, error);
}

/* --label, or a parameter of the selection. */
static gboolean take_option(Conversion *conversion, CliArgs *args, const char *name, const char *value,
                            GError **error)
{
    gboolean taken = FALSE;
    if (!cli_take_param(conversion->selection, args, name, value, &taken, error))
        return FALSE;
    if (taken)
        return TRUE;
    if (strcmp(name, "--label") != 0)
        return unknown_option(name, error);
    value = cli_take_value(args, name, value, error);
    if (value == NULL)
        return FALSE;
    if (!g_utf8_validate(value, -1, NULL))
        return alloy_parameter_error(error, "the value of %s is not UTF-8", name);
    g_ptr_array_add(conversion->labels, (gpointer)value);
    return TRUE;
}

static gboolean take_arguments(Conversion *conversion, CliArgs *args, GError **error)
{
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(conversion->cli, args, &word, &name, &value, error)) {
        case CLI_END:
            if (conversion->paths->len < 2 && !conversion->cli->help)
                return alloy_parameter_error(error, "convert needs an input and an output file");
            return TRUE;
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            if (!take_option(conversion, args, name, value, error))
                return FALSE;
            break;
        case CLI_WORD:
            g_ptr_array_add(conversion->paths, (gpointer)word);
        }
    }
}

int cli_convert(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    g_auto(Conversion) conversion = {
        .cli = cli,
        .paths = g_ptr_array_new(),
        .labels = g_ptr_array_new(),
        .inputs = g_ptr_array_new_with_free_func((GDestroyNotify)cli_input_free),
        .warnings = alloy_warnings_new(),
        .selection = alloy_run_new(&alloy_op_select),
    };
    if (!take_arguments(&conversion, args, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_command_help("convert");
        return CLI_DONE;
    }
    const char *out = output_of(&conversion);
    g_autofree char *project = NULL, *item = NULL;
    if (!cli_refuse_json(cli, "convert", &error) ||
        (!cli_split_project(out, &project, &item) && strcmp(out, "-") != 0 &&
         !alloy_output_path_check(out, &error)))
        return cli_usage(error);
    if (!cli_check_output(out, &error))
        return cli_fail(cli, error);
    for (unsigned i = 0; project == NULL && i + 1 < conversion.paths->len; i++)
        if (!cli_check_overwriting(conversion.paths->pdata[i], out, &error))
            return cli_usage(error);
    g_autoptr(GPtrArray) inputs = g_ptr_array_new();
    for (unsigned i = 0; i + 1 < conversion.paths->len; i++)
        g_ptr_array_add(inputs, conversion.paths->pdata[i]);
    if (!cli_set_inputs(cli, inputs, &error))
        return cli_usage(error);
    gboolean ok = cli_work(cli, work, &conversion, &error);
    cli_print_warnings(cli, conversion.warnings);
    if (!ok)
        return cli_fail(cli, error);
    if (is_selecting(&conversion) && !cli->quiet && strcmp(out, "-") != 0)
        print_selection(&conversion);
    return CLI_DONE;
}
