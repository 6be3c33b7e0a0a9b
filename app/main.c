/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli.h"

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

/* The window comes with a later version; saying so beats doing nothing. */
static int no_window(const char *what)
{
    fprintf(stderr, "alloyscope: %s not in this version; \"alloyscope --help\" shows what is\n", what);
    return CLI_USAGE;
}

static int unknown_command(const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const CliOption *command = cli_commands; command->name != NULL; command++)
        g_ptr_array_add(names, (gpointer)command->name);
    g_ptr_array_add(names, NULL);
    if (g_file_test(word, G_FILE_TEST_EXISTS))
        return no_window("the window that would show a file is");
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
            return no_window("the window is");
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
    return unknown_command(word);
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
