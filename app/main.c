/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli.h"
#include "app/window.h"

#include "core/base/error.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(Cli *cli, CliArgs *args);
} commands[] = {
    {"run", cli_run},   {"list", cli_list},         {"help", cli_help},
    {"info", cli_info}, {"convert", cli_convert},   {"script", cli_script},
    {"man", cli_man},   {"complete", cli_complete}, {"render", cli_render},
};

/* A window on the files that are named by the rest of the command line; none: an empty one. */
static int open_window(Cli *cli, CliArgs *args, const char *first)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    const char *word = first, *name = NULL, *value = NULL;
    CliTaken taken = first != NULL ? CLI_WORD : CLI_END;
    for (; taken == CLI_WORD; taken = cli_take(cli, args, &word, &name, &value, &error)) {
        if (!g_file_test(word, G_FILE_TEST_EXISTS)) {
            alloy_parameter_error(&error, "%s: there is no such file", word);
            return cli_usage(error);
        }
        g_ptr_array_add(paths, (gpointer)word);
    }
    if (taken == CLI_OPTION)
        cli_unknown_option("alloyscope", name, NULL, &error);
    if (taken != CLI_END)
        return cli_usage(error);
    g_ptr_array_add(paths, NULL);
    if (!gtk_init_check()) {
        fprintf(stderr,
                "alloyscope: there is no display for a window; \"alloyscope --help\" shows the commands that "
                "need none\n");
        return CLI_FAILED;
    }
    return alloy_application_run((const char *const *)paths->pdata);
}

static int unknown_command(Cli *cli, CliArgs *args, const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const CliOption *command = cli_commands; command->name != NULL; command++)
        g_ptr_array_add(names, (gpointer)command->name);
    g_ptr_array_add(names, NULL);
    if (g_file_test(word, G_FILE_TEST_EXISTS))
        return open_window(cli, args, word);
    const char *meant = alloy_suggest(word, (const char *const *)names->pdata);
    if (meant != NULL)
        fprintf(stderr, "alloyscope: there is no command \"%s\"; did you mean \"%s\"?\n", word, meant);
    else
        fprintf(stderr,
                "alloyscope: there is no command \"%s\"; \"alloyscope --help\" shows those there are\n",
                word);
    return CLI_USAGE;
}

static int dispatch(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    const char *word = NULL, *name = NULL, *value = NULL;
    switch (cli_take(cli, args, &word, &name, &value, &error)) {
    case CLI_BAD:
        return cli_usage(error);
    case CLI_END:
        if (!cli->help)
            return open_window(cli, args, NULL);
        cli_print_help();
        return CLI_DONE;
    case CLI_OPTION:
        if (strcmp(name, "--version") == 0) {
            puts("alloyscope " ALLOY_VERSION);
            return CLI_DONE;
        }
        cli_unknown_option("alloyscope", name, (const char *const[]){"--version", NULL}, &error);
        return cli_usage(error);
    case CLI_WORD:
        break;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i].name, word) == 0)
            return commands[i].run(cli, args);
    return unknown_command(cli, args, word);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    Cli cli = {.fixes = g_ptr_array_new_with_free_func(g_free),
               .stages = g_ptr_array_new_with_free_func(g_free)};
    CliArgs args = {.argv = argv + 1, .argc = argc - 1};
    int status = dispatch(&cli, &args);
    /* A full disk behind the standard output is found at the latest here. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == CLI_DONE) {
        fprintf(stderr, "alloyscope: standard output: %s\n", g_strerror(errno));
        status = CLI_FAILED;
    }
    g_ptr_array_unref(cli.fixes);
    g_free(cli.format);
    g_ptr_array_unref(cli.stages);
    return status;
}
