/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope list and help: what there is, from the descriptors. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/base/json-text.h"
#include "core/formats/format.h"
#include "core/project/registry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const type_names[] = {"boolean", "integer", "real",      "choice",
                                         "text",    "species", "expression"};
static const char *const value_names[] = {"", "N", "X", "NAME", "TEXT", "SPECIES", "EXPRESSION"};

static gboolean has_unit(const char *unit)
{
    return unit != NULL && *unit != '\0' && strcmp(unit, ALLOY_UNIT_NONE) != 0;
}

/* 5000000 is no 5e+06 to who has to type it. */
static char *whole_or_short(double value)
{
    if (fabs(value) < 1e12 && floor(value) == value)
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value);
    return cli_number(value);
}

/* "0.5 to 20 angstrom"; NULL: any. */
static char *range_of(const AlloyParam *param)
{
    if ((param->type != ALLOY_PARAM_REAL && param->type != ALLOY_PARAM_INTEGER) ||
        (param->min == 0 && param->max == 0))
        return NULL;
    g_autofree char *low = whole_or_short(param->min), *high = whole_or_short(param->max);
    const char *gap = has_unit(param->unit) ? " " : "", *unit = has_unit(param->unit) ? param->unit : "";
    if (isinf(param->min) && isinf(param->max))
        return NULL;
    if (isinf(param->max))
        return g_strdup_printf("at least %s%s%s", low, gap, unit);
    if (isinf(param->min))
        return g_strdup_printf("at most %s%s%s", high, gap, unit);
    return g_strdup_printf("%s to %s%s%s", low, high, gap, unit);
}

/* Help with what the descriptor knows of the values. */
char *cli_param_help(const AlloyParam *param)
{
    g_autoptr(GString) text = g_string_new(param->help);
    if (param->choices != NULL) {
        g_autofree char *list = g_strjoinv(", ", (char **)param->choices);
        g_string_append_printf(text, " One of: %s.", list);
    }
    g_autofree char *range = range_of(param);
    if (range != NULL)
        g_string_append_printf(text, " Range: %s.", range);
    else if (has_unit(param->unit))
        g_string_append_printf(text, " In %s.", param->unit);
    gboolean number = param->type == ALLOY_PARAM_REAL || param->type == ALLOY_PARAM_INTEGER;
    if (param->fallback != NULL && number && has_unit(param->unit))
        g_string_append_printf(text, " Default: %s %s.", param->fallback, param->unit);
    else if (param->fallback != NULL)
        g_string_append_printf(text, " Default: %s.", param->fallback);
    else if (param->automatic != NULL)
        g_string_append_printf(text, " Default: %s.", param->automatic);
    else
        g_string_append(text, " Required.");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void put_entry(GString *out, const char *head, const char *help, int indent, int width)
{
    int at = cli_columns(head) + 2;
    if (width < 60)
        indent = MIN(indent, 8); /* words need room */
    g_string_append_printf(out, "  %s", head);
    if (at + 2 > indent) {
        g_string_append_c(out, '\n');
        at = 0;
    }
    cli_wrap(out, help, indent, at, width);
}

char *cli_param_head(const AlloyParam *param)
{
    if (param->type == ALLOY_PARAM_BOOLEAN)
        return g_strdup_printf("--%s, --no-%s", param->name, param->name);
    return g_strdup_printf("--%s %s", param->name, value_names[param->type]);
}

static char *input_word(const AlloyInput *input)
{
    g_autofree char *name = g_ascii_strup(input->name, -1);
    const char *open = input->optional ? "[" : "", *close = input->optional ? "]" : "";
    return g_strdup_printf("%s%s%s%s", open, name, input->repeated ? "..." : "", close);
}

static void put_outputs(GString *out, const AlloyOperation *operation, int width)
{
    static const char *const heads[] = {"per atom", "columns of tables", "scalars", "also"};
    for (size_t kind = 0; kind < G_N_ELEMENTS(heads); kind++) {
        gboolean any = FALSE;
        for (const AlloyOutput *output = operation->outputs; output->name != NULL; output++) {
            if ((size_t)output->kind != kind)
                continue;
            if (!any)
                g_string_append_printf(out, "\nGives, %s:\n", heads[kind]);
            any = TRUE;
            g_autofree char *help = has_unit(output->unit)
                                        ? g_strdup_printf("%s (%s)", output->help, output->unit)
                                        : g_strdup(output->help);
            put_entry(out, output->name, help, 26, width);
        }
    }
}

void cli_print_operation_help(const AlloyOperation *operation)
{
    int width = cli_width();
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "%s - %s\n\n", operation->name, operation->title);
    cli_wrap(out, operation->summary, 0, 0, width);
    g_string_append_printf(out, "\nUsage: alloyscope run %s", operation->name);
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        g_autofree char *word = input_word(input);
        g_string_append_printf(out, " %s", word);
    }
    g_string_append(out, " [--PARAM VALUE]... [-o OUT]...\n");
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        if (input == operation->inputs)
            g_string_append(out, "\nTakes:\n");
        g_autofree char *word = input_word(input);
        gboolean maps = input->klass == &alloy_atoms_class && alloy_operation_maps_series(operation);
        const char *what = input->help != NULL ? input->help : input->klass->title;
        g_autofree char *help =
            g_strdup_printf("%s%s%s", what, g_str_has_suffix(what, ".") ? "" : ".",
                            maps ? " A series, or several files, are answered stage by stage." : "");
        put_entry(out, word, help, 26, width);
    }
    for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
        if (param == operation->params)
            g_string_append(out, "\nParameters:\n");
        g_autofree char *head = cli_param_head(param), *help = cli_param_help(param);
        put_entry(out, head, help, 26, width);
    }
    put_outputs(out, operation, width);
    if (operation->details != NULL) {
        g_string_append_c(out, '\n');
        cli_wrap(out, operation->details, 0, 0, width);
    }
    if (operation->source != NULL) {
        g_string_append(out, "\nSource: ");
        cli_wrap(out, operation->source, 8, 8, width);
    }
    g_string_append_c(out, '\n');
    cli_wrap(
        out,
        "Further options, of every command (--fix, --stage, --json, ...), and what OUT may be: \"alloyscope "
        "run --help\".",
        0, 0, width);
    fputs(out->str, stdout);
}

static void put_options(GString *out, const char *title, const CliOption *options, int width)
{
    if (options->name != NULL)
        g_string_append_printf(out, "\n%s:\n", title);
    for (; options->name != NULL; options++) {
        g_autofree char *head = options->value != NULL
                                    ? g_strdup_printf("%s %s", options->name, options->value)
                                    : g_strdup(options->name);
        put_entry(out, head, options->help, 22, width);
    }
}

void cli_print_help(void)
{
    int width = cli_width();
    g_autoptr(GString) out = g_string_new(
        "Alloyscope: how mixed is this nanoparticle, where, and is it more than "
        "chance?\n\nUsage:\n"
        "  alloyscope [FILE...]\n        a window on the models; several are the stages of one particle\n");
    for (const CliOption *command = cli_commands; command->name != NULL; command++) {
        g_autofree char *head = g_strdup_printf("alloyscope %s %s", command->name, command->value);
        put_entry(out, head, command->help, 8, width);
    }
    put_options(out, "Options of every command", cli_global_options, width);
    put_entry(out, "--version", "the version of the program", 22, width);
    put_options(out, "OUT of run, by its ending", cli_outputs, width);
    put_options(out, "Exit status", cli_statuses, width);
    g_string_append(out, "\n\"alloyscope COMMAND --help\" tells the options of a command, \"alloyscope help "
                         "OPERATION\"\nthe parameters of an operation.\n");
    fputs(out->str, stdout);
}

void cli_print_command_help(const char *name)
{
    int width = cli_width();
    const CliOption *command = cli_commands;
    while (strcmp(command->name, name) != 0)
        command++;
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "alloyscope %s - ", name);
    cli_wrap(out, command->help, 2, 14 + (int)strlen(name), width);
    g_string_append_printf(out, "\nUsage: alloyscope %s %s\n", name, command->value);
    put_options(out, "Options", cli_command_options(name), width);
    put_options(out, "Options of every command", cli_global_options, width);
    if (strcmp(name, "run") == 0)
        put_options(out, "OUT, by its ending", cli_outputs, width);
    put_options(out, "Exit status", cli_statuses, width);
    if (strcmp(name, "run") == 0)
        g_string_append(out, "\n\"alloyscope list\" shows the operations, \"alloyscope help OPERATION\" the "
                             "parameters of one.\n");
    fputs(out->str, stdout);
}

int cli_help(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    const char *word = NULL, *name = NULL, *value = NULL;
    switch (cli_take(cli, args, &word, &name, &value, &error)) {
    case CLI_END:
        if (cli->help)
            cli_print_command_help("help");
        else
            cli_print_help();
        return CLI_DONE;
    case CLI_OPTION:
        cli_unknown_option("help", name, NULL, &error);
        return cli_usage(error);
    case CLI_BAD:
        return cli_usage(error);
    case CLI_WORD:
        break;
    }
    const char *more = NULL;
    CliTaken taken = cli_take(cli, args, &more, &name, &value, &error);
    if (taken == CLI_WORD)
        alloy_parameter_error(&error, "help takes one name; what is \"%s\"?", more);
    else if (taken == CLI_OPTION)
        cli_unknown_option("help", name, NULL, &error);
    if (error != NULL)
        return cli_usage(error);
    for (const CliOption *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, word) == 0) {
            cli_print_command_help(word);
            return CLI_DONE;
        }
    const AlloyOperation *operation = alloy_operation_by_name(word, &error);
    if (operation == NULL)
        return cli_usage(error);
    cli_print_operation_help(operation);
    return CLI_DONE;
}

/* --- list --- */

static void put_member(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "\"%s\":", name);
    if (value != NULL)
        alloy_json_append_string(out, value);
    else
        g_string_append(out, "null");
}

static void put_param_json(GString *out, const AlloyParam *param)
{
    g_string_append_c(out, '{');
    put_member(out, "name", param->name);
    g_string_append_c(out, ',');
    put_member(out, "title", param->title);
    g_string_append_c(out, ',');
    put_member(out, "type", type_names[param->type]);
    g_string_append_c(out, ',');
    put_member(out, "unit", param->unit);
    if (param->min != 0 || param->max != 0) {
        g_string_append(out, ",\"min\":");
        alloy_json_append_real(out, param->min);
        g_string_append(out, ",\"max\":");
        alloy_json_append_real(out, param->max);
    }
    g_string_append_c(out, ',');
    put_member(out, "default", param->fallback);
    g_string_append_c(out, ',');
    put_member(out, "automatic", param->automatic);
    for (size_t i = 0; param->choices != NULL && param->choices[i] != NULL; i++) {
        g_string_append(out, i == 0 ? ",\"choices\":[" : ",");
        alloy_json_append_string(out, param->choices[i]);
        if (param->choices[i + 1] == NULL)
            g_string_append_c(out, ']');
    }
    g_string_append_c(out, ',');
    put_member(out, "help", param->help);
    g_string_append_c(out, '}');
}

static void put_operation_json(GString *out, const AlloyOperation *operation)
{
    static const char *const kinds[] = {"atom column", "table column", "scalar", "data"};
    const char *const texts[][2] = {{"name", operation->name},         {"title", operation->title},
                                    {"category", operation->category}, {"summary", operation->summary},
                                    {"details", operation->details},   {"source", operation->source}};
    g_string_append_c(out, '{');
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        put_member(out, texts[i][0], texts[i][1]);
        g_string_append_c(out, ',');
    }
    g_string_append_printf(out, "\"version\":%d,\"inputs\":[", operation->version);
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        g_string_append(out, input == operation->inputs ? "{" : ",{");
        put_member(out, "name", input->name);
        g_string_append_c(out, ',');
        put_member(out, "kind", input->klass->name);
        g_string_append_printf(out, ",\"optional\":%s,\"repeated\":%s,", input->optional ? "true" : "false",
                               input->repeated ? "true" : "false");
        put_member(out, "help", input->help);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "],\"parameters\":[");
    for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
        if (param != operation->params)
            g_string_append_c(out, ',');
        put_param_json(out, param);
    }
    g_string_append(out, "],\"outputs\":[");
    for (const AlloyOutput *output = operation->outputs; output->name != NULL; output++) {
        g_string_append(out, output == operation->outputs ? "{" : ",{");
        put_member(out, "name", output->name);
        g_string_append_c(out, ',');
        put_member(out, "kind", kinds[output->kind]);
        g_string_append_c(out, ',');
        put_member(out, "unit", output->unit);
        g_string_append_c(out, ',');
        put_member(out, "help", output->help);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "]}");
}

static void list_json(GString *out)
{
    g_string_append(out, "{\"version\":\"" ALLOY_VERSION "\",\"operations\":[");
    const AlloyOperation *const *operations = alloy_operations();
    for (size_t i = 0; operations[i] != NULL; i++) {
        g_string_append(out, i > 0 ? ",\n" : "\n");
        put_operation_json(out, operations[i]);
    }
    g_string_append(out, "],\"formats\":[");
    const AlloyFormat *const *formats = alloy_formats();
    for (size_t i = 0; formats[i] != NULL; i++) {
        g_string_append(out, i > 0 ? ",\n{" : "\n{");
        put_member(out, "name", formats[i]->name);
        g_string_append_c(out, ',');
        put_member(out, "title", formats[i]->title);
        g_string_append_printf(out, ",\"reads\":%s,\"writes\":%s,\"extensions\":[",
                               formats[i]->read != NULL ? "true" : "false",
                               formats[i]->write != NULL ? "true" : "false");
        for (size_t k = 0; formats[i]->extensions[k] != NULL; k++) {
            if (k > 0)
                g_string_append_c(out, ',');
            alloy_json_append_string(out, formats[i]->extensions[k]);
        }
        g_string_append(out, "]}");
    }
    g_string_append(out, "]}\n");
}

static void list_text(GString *out)
{
    int width = cli_width();
    const AlloyOperation *const *operations = alloy_operations();
    const char *category = NULL;
    for (size_t i = 0; operations[i] != NULL; i++) {
        if (g_strcmp0(category, operations[i]->category) != 0) {
            category = operations[i]->category;
            g_string_append_printf(out, "%s%s:\n", i > 0 ? "\n" : "", category);
        }
        put_entry(out, operations[i]->name, operations[i]->summary, 24, width);
    }
    g_string_append(out, "\nFile formats (r: read, w: written):\n");
    const AlloyFormat *const *formats = alloy_formats();
    for (size_t i = 0; formats[i] != NULL; i++) {
        g_autofree char *endings = g_strjoinv(" .", (char **)formats[i]->extensions);
        g_autofree char *help =
            g_strdup_printf("%s%s  %s (.%s)", formats[i]->read != NULL ? "r" : "-",
                            formats[i]->write != NULL ? "w" : "-", formats[i]->title, endings);
        put_entry(out, formats[i]->name, help, 24, width);
    }
    put_entry(out, "alloy", "rw  Project (.alloy)", 24, width);
    g_string_append(out, "\n\"alloyscope help OPERATION\" tells the parameters.\n");
}

int cli_list(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    const char *word = NULL, *name = NULL, *value = NULL;
    CliTaken taken = cli_take(cli, args, &word, &name, &value, &error);
    if (taken == CLI_OPTION)
        cli_unknown_option("list", name, NULL, &error);
    else if (taken == CLI_WORD)
        alloy_parameter_error(&error, "list takes no \"%s\"", word);
    if (error != NULL)
        return cli_usage(error);
    if (cli->help) {
        cli_print_command_help("list");
        return CLI_DONE;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    if (cli->json)
        list_json(out);
    else
        list_text(out);
    fputs(out->str, stdout);
    return CLI_DONE;
}
