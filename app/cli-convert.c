/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope convert: a file in another format; several models become one series. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/formats/format.h"

typedef struct {
    Cli *cli;
    GPtrArray *paths; /* borrowed; the last is the output */
    GPtrArray *warnings;
} Conversion;

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    Conversion *conversion = data;
    unsigned n = conversion->paths->len - 1;
    const char *out = conversion->paths->pdata[n];
    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify)cli_input_free);
    for (unsigned i = 0; i < n; i++) {
        const char *path = conversion->paths->pdata[i];
        g_autofree char *stage = g_strdup_printf("reading %s", path);
        alloy_progress_stage(progress, 0.5 * i / n, 0.5 * (i + 1) / n, stage);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0.5 * i / n, 0.5 * (i + 1) / n);
        CliInput *input =
            cli_input_read(conversion->cli, path, NULL, NULL, FALSE, conversion->warnings, part, error);
        if (input == NULL)
            return FALSE;
        g_ptr_array_add(inputs, input);
    }
    g_autoptr(AlloyData) data_out = NULL;
    if (n == 1) {
        data_out = alloy_data_ref(((CliInput *)inputs->pdata[0])->data);
    } else {
        data_out = (AlloyData *)cli_series_of(inputs, 0, error);
        if (data_out == NULL)
            return FALSE;
    }
    g_autofree char *stage = g_strdup_printf("writing %s", out);
    alloy_progress_stage(progress, 0.5, 1, stage);
    g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0.5, 1);
    return alloy_write_file(out, NULL, data_out, part, error);
}

static gboolean take_arguments(Cli *cli, CliArgs *args, GPtrArray *paths, GError **error)
{
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(cli, args, &word, &name, &value, error)) {
        case CLI_END:
            if (paths->len < 2 && !cli->help)
                return alloy_parameter_error(error, "convert needs an input and an output file");
            return TRUE;
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            return cli_unknown_option("convert", name, NULL, error);
        case CLI_WORD:
            g_ptr_array_add(paths, (gpointer)word);
        }
    }
}

int cli_convert(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    if (!take_arguments(cli, args, paths, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_help();
        return CLI_DONE;
    }
    if (!alloy_output_path_check(paths->pdata[paths->len - 1], &error))
        return cli_usage(error);
    Conversion conversion = {cli, paths, warnings};
    gboolean ok = cli_work(cli, work, &conversion, &error);
    cli_print_warnings(cli, warnings);
    return ok ? CLI_DONE : cli_fail(cli, error);
}
