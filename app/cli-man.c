/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope man and complete, which no one types: the manual page, made when the program is built, and what
 * the shell offers after TAB. Both come from the descriptors. */
#include "app/cli.h"

#include "core/formats/format.h"
#include "core/project/registry.h"
#include "core/project/store.h"
#include "core/structure/select.h"
#include "ui/scene/palette.h"

#include <stdio.h>
#include <string.h>

/* --- manual --- */

/* Text in roff: backslashes, and dots and quotes at the start of a line, have a meaning there; a bare hyphen
 * is typeset as one, where options need a minus. */
static void put_roff(GString *out, const char *text)
{
    gboolean start = TRUE;
    for (const char *c = text; *c != '\0'; c++) {
        if (start && (*c == '.' || *c == '\''))
            g_string_append(out, "\\&");
        if (*c == '\\')
            g_string_append(out, "\\e");
        else if (*c == '-')
            g_string_append(out, "\\-");
        else if (*c == '\n')
            g_string_append(out, "\n.br\n");
        else
            g_string_append_c(out, *c);
        start = *c == '\n';
    }
    g_string_append_c(out, '\n');
}

static void put_item(GString *out, const char *head, const char *value, const char *text)
{
    g_string_append(out, ".TP\n.B ");
    put_roff(out, head);
    if (value != NULL && *value != '\0') {
        g_string_truncate(out, out->len - 1);
        g_string_append(out, " \\fI");
        put_roff(out, value);
        g_string_truncate(out, out->len - 1);
        g_string_append(out, "\\fR\n");
    }
    put_roff(out, text);
}

static void put_operation(GString *out, const AlloyOperation *operation)
{
    g_string_append(out, ".SS ");
    put_roff(out, operation->name);
    put_roff(out, operation->summary);
    for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
        g_autofree char *head = cli_param_head(param), *help = cli_param_help(param);
        put_item(out, head, NULL, help);
    }
    if (operation->source != NULL) {
        g_string_append(out, ".PP\n");
        g_autofree char *source = g_strdup_printf("Source: %s", operation->source);
        put_roff(out, source);
    }
}

int cli_man(Cli *cli, CliArgs *args)
{
    g_autoptr(GString) out =
        g_string_new(".TH ALLOYSCOPE 1 2026-11-28 \"alloyscope " ALLOY_VERSION "\" \"User commands\"\n"
                     ".SH NAME\nalloyscope \\- how mixed is this nanoparticle, where, and is it "
                     "more than chance?\n.SH SYNOPSIS\n.B alloyscope\n.I [FILE...]\n");
    for (const CliOption *command = cli_commands; command->name != NULL; command++) {
        g_string_append_printf(out, ".br\n.B alloyscope %s\n.I ", command->name);
        put_roff(out, command->value);
    }
    g_string_append(out, ".SH DESCRIPTION\n");
    put_roff(
        out,
        "Alloyscope reads a reconstructed particle or any other atomic model, computes its coordination and "
        "chemical order atom by atom, and answers with the uncertainty, the null (what a random alloy on "
        "the same sites would show) and, for simulated particles, the truth. Without a command it opens a "
        "window on "
        "the files.");
    g_string_append(out, ".SH COMMANDS\n");
    for (const CliOption *command = cli_commands; command->name != NULL; command++) {
        put_item(out, command->name, command->value, command->help);
        const CliOption *own = cli_command_options(command->name);
        if (own->name != NULL)
            g_string_append(out, ".RS\n");
        for (const CliOption *option = own; option->name != NULL; option++)
            put_item(out, option->name, option->value, option->help);
        if (own->name != NULL)
            g_string_append(out, ".RE\n");
    }
    g_string_append(out, ".SH OPTIONS\n");
    for (const CliOption *option = cli_global_options; option->name != NULL; option++)
        put_item(out, option->name, option->value, option->help);
    put_item(out, "--version", NULL, "the version of the program");
    g_string_append(out, ".SH OUTPUT\n");
    for (const CliOption *ending = cli_outputs; ending->name != NULL; ending++)
        put_item(out, ending->name, NULL, ending->help);
    g_string_append(out, ".SH OPERATIONS\n");
    const AlloyOperation *const *operations = alloy_operations();
    for (size_t i = 0; operations[i] != NULL; i++)
        put_operation(out, operations[i]);
    g_string_append(out, ".SH EXIT STATUS\n");
    for (const CliOption *status = cli_statuses; status->name != NULL; status++)
        put_item(out, status->name, NULL, status->help);
    g_string_append(out, ".SH ENVIRONMENT\n");
    put_item(out, "COLUMNS", NULL, cli_columns_help);
    g_string_append(out, ".SH EXAMPLES\n");
    for (const CliOption *example = cli_examples; example->name != NULL; example++) {
        if (example != cli_examples)
            g_string_append(out, ".PP\n");
        put_roff(out, example->help);
        g_string_append(out, ".PP\n.RS\n");
        put_roff(out, example->name);
        g_string_append(out, ".RE\n");
    }
    fputs(out->str, stdout);
    return CLI_DONE;
}

/* --- completion --- */

typedef struct {
    const char *typed; /* what is there of the word */
    GString *out;
    gboolean any;
} Offer;

/* after: a blank for a word that is complete, nothing where more follows. */
static void offer(Offer *offer_to, const char *word, const char *after)
{
    if (!g_str_has_prefix(word, offer_to->typed))
        return;
    g_string_append_printf(offer_to->out, "%s%s\n", word, after);
    offer_to->any = TRUE;
}

static void offer_list(Offer *to, const CliOption *options)
{
    for (; options->name != NULL; options++)
        offer(to, options->name, " ");
}

static void offer_operations(Offer *to)
{
    const AlloyOperation *const *operations = alloy_operations();
    for (size_t i = 0; operations[i] != NULL; i++)
        offer(to, operations[i]->name, " ");
}

static void offer_params(Offer *to, const AlloyOperation *operation)
{
    for (const AlloyParam *param = operation->params; param->name != NULL; param++) {
        g_autofree char *option = g_strconcat("--", param->name, NULL);
        g_autofree char *negated = g_strconcat("--no-", param->name, NULL);
        offer(to, option, " ");
        if (param->type == ALLOY_PARAM_BOOLEAN)
            offer(to, negated, " ");
    }
}

/* The items of the project that begins the word. */
static void offer_items(Offer *to)
{
    g_autofree char *path = NULL, *item = NULL;
    if (!cli_split_project(to->typed, &path, &item) || item == NULL)
        return;
    g_autoptr(AlloyProject) project = alloy_project_load(path, NULL, NULL);
    for (unsigned i = 0; project != NULL && i < alloy_project_size(project); i++) {
        g_autofree char *word = g_strdup_printf("%s#%s", path, alloy_project_at(project, i)->name);
        offer(to, word, " ");
    }
}

/* The species of the first input file that can be read, for parameters that name one. */
static void offer_species(Offer *to, char *const *words, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (words[i][0] == '-' || !g_file_test(words[i], G_FILE_TEST_IS_REGULAR))
            continue;
        g_autoptr(AlloyData) data = alloy_read_file(words[i], NULL, NULL, NULL, NULL);
        const AlloyAtoms *atoms = data == NULL           ? NULL
                                  : ALLOY_IS_ATOMS(data) ? (const AlloyAtoms *)data
                                  : ALLOY_IS_SERIES(data) && ((AlloySeries *)data)->n
                                      ? ((AlloySeries *)data)->stages[0].atoms
                                      : NULL;
        for (unsigned k = 0; atoms != NULL && k < atoms->n_kinds; k++)
            offer(to, atoms->kinds[k].name, " ");
        return;
    }
}

/* The words of "covalent|metallic|uniform"; palettes and quantities by name. */
static void offer_render_value(Offer *to, const CliOption *option)
{
    if (strchr(option->value, '|') != NULL) {
        g_auto(GStrv) words = g_strsplit(option->value, "|", -1);
        for (char **word = words; *word != NULL; word++)
            offer(to, *word, " ");
    } else if (strcmp(option->name, "--palette") == 0) {
        for (const AlloyPalette *palette = alloy_palettes; palette->name != NULL; palette++)
            offer(to, palette->name, " ");
    } else if (strcmp(option->name, "--view") == 0 || strcmp(option->name, "--colour-by") == 0) {
        static const char *const views[] = {"x", "y", "z", "-x", "-y", "-z", "100", "110", "111", NULL},
                                 *const quantities[] = {"species", "cn", "csrop.", "c.", "r", NULL};
        gboolean view = strcmp(option->name, "--view") == 0;
        for (const char *const *word = view ? views : quantities; *word != NULL; word++)
            offer(to, *word, g_str_has_suffix(*word, ".") ? "" : " ");
    }
}

/* What may follow an option. TRUE when the option takes a value, so that nothing else fits. */
static gboolean offer_value(Offer *to, const AlloyOperation *operation, const char *option,
                            char *const *words, unsigned n)
{
    for (const CliOption *global = cli_global_options; global->name != NULL; global++)
        if (strcmp(global->name, option) == 0 && global->value != NULL) {
            if (strcmp(option, "--format") == 0)
                for (const AlloyFormat *const *format = alloy_formats(); *format != NULL; format++)
                    offer(to, (*format)->name, " ");
            return TRUE;
        }
    if (strcmp(option, "-o") == 0 || strcmp(option, "--output") == 0)
        return FALSE; /* a file */
    if (strcmp(option, "--label") == 0)
        return TRUE;
    for (const CliOption *own = cli_command_options(words[0]); own->name != NULL; own++)
        if (strcmp(words[0], "render") == 0 && strcmp(own->name, option) == 0) {
            if (own->value != NULL)
                offer_render_value(to, own);
            return own->value != NULL;
        }
    const AlloyParam *param = operation != NULL && g_str_has_prefix(option, "--")
                                  ? alloy_operation_param(operation, option + 2)
                                  : NULL;
    if (param == NULL || param->type == ALLOY_PARAM_BOOLEAN)
        return FALSE;
    for (size_t i = 0; param->choices != NULL && param->choices[i] != NULL; i++)
        offer(to, param->choices[i], " ");
    if (param->type == ALLOY_PARAM_SPECIES)
        offer_species(to, words, n);
    return TRUE;
}

/* alloyscope complete WORD...: the words after the program's name, the last one as far as it is typed. Each
 * line is one that fits; nothing, with exit status 1, means that a file name does. */
int cli_complete(Cli *cli, CliArgs *args)
{
    char *const *words = args->argv + args->next;
    unsigned n = (unsigned)(args->argc - args->next);
    Offer to = {n > 0 ? words[n - 1] : "", g_string_new(NULL), FALSE};
    const char *command = n > 1 ? words[0] : NULL;
    const char *before = n > 1 ? words[n - 2] : "";
    /* bash takes --average=shell apart into three words */
    if (n > 1 && strcmp(to.typed, "=") == 0)
        to.typed = "";
    else if (n > 2 && strcmp(before, "=") == 0)
        before = words[n - 3];
    gboolean run = g_strcmp0(command, "run") == 0;
    gboolean convert = g_strcmp0(command, "convert") == 0;
    const AlloyOperation *operation = run && n > 2 ? alloy_operation_by_name(words[1], NULL)
                                      : convert    ? &alloy_op_select
                                                   : NULL;
    gboolean value = n > 1 && offer_value(&to, operation, before, words, n - 1);
    if (value) {
        /* only its values */
    } else if (command == NULL) {
        offer_list(&to, cli_commands);
        offer(&to, "--version", " ");
        offer_list(&to, cli_global_options);
    } else if (to.typed[0] == '-' && strcmp(before, "-o") != 0) {
        if (operation != NULL) {
            offer_params(&to, operation);
            offer(&to, run ? "--output" : "--label", " ");
        }
        if (strcmp(command, "render") == 0) {
            offer(&to, "--output", " ");
            offer_list(&to, cli_command_options(command) + 1); /* after -o, --output */
        }
        offer_list(&to, cli_global_options);
    } else if ((run || strcmp(command, "help") == 0) && n == 2) {
        offer_operations(&to);
        if (!run)
            offer_list(&to, cli_commands);
    } else {
        offer_items(&to);
    }
    fputs(to.out->str, stdout);
    g_string_free(to.out, TRUE);
    return to.any || value ? CLI_DONE : CLI_FAILED;
}
