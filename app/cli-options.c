/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/parallel.h"

#include <string.h>

const CliOption cli_commands[] = {
    {"run", "OPERATION INPUT... [--PARAM VALUE]... [-o OUT]...", "one analysis or simulation"},
    {"list", "[--json]", "the operations and file formats there are"},
    {"help", "[OPERATION]", "what an operation does, takes and gives"},
    {"info", "FILE... [--json]", "what a file holds, and what looks wrong with it"},
    {"convert", "IN... OUT [--where EXPRESSION]",
     "a file in another format, all of it or some of its atoms or stages; several models become one series"},
    {"script", "PROJECT.alloy", "the commands that make the project again"},
    {"render", "FILE... -o OUT [OPTION]...",
     "a figure for print, in mm, of a model or of the stages of a series side by side: .png, .tif, .pdf, "
     ".svg"},
    {NULL},
};

const CliOption cli_global_options[] = {
    {"--threads", "N", "use N threads (default: all; results do not depend on it)"},
    {"--seed", "N", "seed of random numbers (default 0)"},
    {"--fix", "[FILE:]NAME=VALUE",
     "apply a fix on import, as a warning offers it: to every file, or to the one whose name stands before "
     "it; "
     "may be repeated"},
    {"--format", "NAME", "format of the input files (default: found by content)"},
    {"--stage", "NAME",
     "of an input that is a series, take this stage: its label, or its number from 0; repeated: these "
     "stages"},
    {"--json", NULL, "results as JSON on the standard output"},
    {"--quiet", NULL, "no results, warnings or progress on the terminal, only errors"},
    {"--help", NULL, "help, also of an operation"},
    {NULL},
};

const CliOption cli_outputs[] = {
    {".csv", NULL,
     "the result per atom if there is one, else the main table; NAME:OUT.csv chooses an output by name "
     "(atoms, scalars, "
     "or the title of a table). One row of names, then a line \"# unit,unit,...\""},
    {".json", NULL,
     "everything: scalars, and tables as arrays by column name; under provenance the files read (path, size, "
     "SHA-256), operation, version, seed, and every parameter as it was used, with its unit"},
    {".xyz .dump .vasp", NULL, "the atoms, with the result per atom where the format can hold it"},
    {".alloy", NULL,
     "added to the project, with where everything came from; PROJECT.alloy#NAME names the item. As an input, "
     "PROJECT.alloy#NAME is an item of it"},
    {"-", NULL, "the standard output, as a table or XYZ"},
    {NULL},
};

const CliOption cli_statuses[] = {
    {"0", NULL, "done"},
    {"1", NULL, "failed: one line on stderr says why"},
    {"2", NULL, "the command line makes no sense, or a parameter does not fit"},
    {"130", NULL, "interrupted by Ctrl-C (143: by SIGTERM); nothing is left half-made"},
    {NULL},
};

const char cli_columns_help[] = "width of what is printed, in columns; without it that of the terminal, and "
                                "80 where there is none. Tables "
                                "that are wider stand in several blocks or on their side";

const CliOption cli_examples[] = {
    {"alloyscope info particle.xyz", NULL, "What does the file hold, and does anything look wrong?"},
    {"alloyscope run csrop particle.xyz --species Pd -o order.csv", NULL,
     "Chemical order around every atom, as a table in the order of the file:"},
    {"alloyscope run statistics particle.xyz --where 'cn < 12'", NULL,
     "Is the surface different, and is it more than chance?"},
    {"alloyscope render particle.xyz -o particle.pdf --slab z:-inf,centre", NULL,
     "A figure of the particle cut open, 89 mm wide, with scale bar and legend:"},
    {"alloyscope run simulate-series -o study.alloy#demo\nalloyscope run csrop study.alloy#demo -o "
     "study.alloy\n"
     "alloyscope script study.alloy",
     NULL,
     "A synthetic particle through its stages, analysed, kept with where it came from, and the commands that "
     "make it again:"},
    {NULL},
};

static const CliOption run_options[] = {
    {"-o, --output", "[NAME:]OUT", "write a result, by the ending of OUT; may be repeated"},
    {NULL},
};

static const CliOption convert_options[] = {
    {"--where", "EXPRESSION",
     "only the atoms for which this holds, as in 'species == Pd && cn < 12'; the column original_index tells "
     "their place in IN. The other parameters of the operation select (--grow, --shrink, --cutoff, ...) can "
     "be given too: \"alloyscope help select\""},
    {"--label", "TEXT", "of a stage, once for each of several IN, in their order"},
    {NULL},
};

static const CliOption render_options[] = {
    {"-o, --output", "OUT",
     "the figure, by its ending: .png and .tif are pixels; in .pdf and .svg only the atoms are, all else is "
     "vectors"},
    {"--width", "MM", "width of the page (default 89, a column of most journals)"},
    {"--height", "MM", "height of the page (default: what the picture needs)"},
    {"--dpi", "N", "pixels an inch (default 300)"},
    {"--colour-by", "NAME",
     "species (the default), a column of the file, or what is computed: cn, csrop.Pd, csrop_Pd_Pd, c.Pd, r, "
     "x, "
     "y, z"},
    {"--colour-title", "TEXT", "what stands at the colour bar; _{...} is lowered, ^{...} raised"},
    {"--palette", "NAME",
     "even, heat, grey; diverging: blue-red, purple-green, green-yellow (default: blue-red where there are "
     "values of both signs, else even)"},
    {"--range", "LOW,HIGH",
     "of the colours, the same for all stages; p1,p99 takes percentiles of all their atoms; auto (the "
     "default) "
     "is p1,p99, and everything for whole numbers. What lies beyond has the end's colour, and the bar a "
     "point"},
    {"--neutral", "X", "the value that is white in a diverging palette (default 0)"},
    {"--view", "DIRECTION",
     "what points at the reader: x, y, z, -x, -y, -z; 111, 1-10 or 1,-1,0, of the cell's vectors where there "
     "is a cell, else of the model's axes (cell:111 and model:111 say which); or AZIMUTH,ELEVATION in "
     "degrees, "
     "from x towards y and up to z. Default: z, and onto the cut of a slab"},
    {"--zoom", "F", "enlarge the middle F times (default 1: everything is in)"},
    {"--perspective", "DEGREES", "vertical angle of view (default 0: none). There is no scale bar then"},
    {"--slab", "NORMAL:FROM,TO",
     "only what lies between two planes, which cut atoms open: angstrom along the normal (a direction as for "
     "--view) from the origin, or from the middle: z:-inf,0, 111:0,5, x:-inf,centre, y:centre-3,centre+3"},
    {"--where", "EXPRESSION", "show only the atoms for which this holds"},
    {"--ghost", "EXPRESSION", "these atoms fade into the background"},
    {"--select", "EXPRESSION", "these atoms get an edge in orange"},
    {"--cutoff", "X", "of the first shell for what is computed, angstrom (default: the first minimum)"},
    {"--radii", "covalent|metallic|uniform", "of the spheres (default covalent; uniform: 1 angstrom)"},
    {"--radius-scale", "F", "all radii times F (default 1)"},
    {"--background", "white|transparent|dark", "of the figure (default white)"},
    {"--font", "FAMILY", "of all text (default Arial, else what is like it)"},
    {"--font-size", "PT", "of all text (default 7)"},
    {"--title", "TEXT", "over the figure"},
    {"--letters", NULL, "a, b, c... before the panels"},
    {"--columns", "N", "panels side by side (default: as many as stay 18 mm wide)"},
    {"--axes", NULL, "the model's axes x, y, z as they lie"},
    {"--direction", "TEXT", "name of the direction that points at the reader, as in '[1-10]'"},
    {"--no-scale-bar", NULL, "no scale bar"},
    {"--no-legend", NULL, "neither legend nor colour bar"},
    {"--no-outline", NULL, "no dark edges of the spheres"},
    {"--no-occlusion", NULL, "no shade between the spheres"},
    {"--csv", NULL, "beside OUT.png the numbers of each panel, OUT-a.csv, OUT-b.csv..."},
    {NULL},
};

const CliOption *cli_command_options(const char *command)
{
    static const CliOption none[] = {{NULL}};
    return strcmp(command, "run") == 0       ? run_options
           : strcmp(command, "render") == 0  ? render_options
           : strcmp(command, "convert") == 0 ? convert_options
                                             : none;
}

static gboolean take_unsigned(const char *name, const char *value, uint64_t most, uint64_t *number,
                              GError **error)
{
    guint64 parsed = 0;
    if (!g_ascii_string_to_unsigned(value, 10, 0, most, &parsed, NULL))
        return alloy_parameter_error(error,
                                     "%s takes a whole number from 0 to %" G_GUINT64_FORMAT ", not \"%s\"",
                                     name, (guint64)most, value);
    *number = parsed;
    return TRUE;
}

const char *cli_take_value(CliArgs *args, const char *name, const char *value, GError **error)
{
    if (value != NULL)
        return value;
    if (args->next < args->argc)
        return args->argv[args->next++];
    alloy_parameter_error(error, "%s needs a value", name);
    return NULL;
}

/* TRUE when name was a global option, and used up (with *error set where its value is wrong). */
static gboolean take_global(Cli *cli, CliArgs *args, const char *name, const char *value, GError **error)
{
    const CliOption *option = cli_global_options;
    while (option->name != NULL && strcmp(option->name, name) != 0)
        option++;
    if (option->name == NULL) {
        if (strcmp(name, "-h") != 0)
            return FALSE;
        name = "--help";
    } else if (option->value == NULL && value != NULL) {
        alloy_parameter_error(error, "%s takes no value", name);
        return TRUE;
    }
    if (strcmp(name, "--help") == 0) {
        cli->help = TRUE;
    } else if (strcmp(name, "--json") == 0) {
        cli->json = TRUE;
    } else if (strcmp(name, "--quiet") == 0) {
        cli->quiet = TRUE;
    } else if ((value = cli_take_value(args, name, value, error)) == NULL) {
        return TRUE;
    } else if (strcmp(name, "--threads") == 0) {
        uint64_t threads = 0;
        if (take_unsigned(name, value, 1024, &threads, error))
            alloy_parallel_set_threads((unsigned)threads);
    } else if (strcmp(name, "--seed") == 0) {
        take_unsigned(name, value, G_MAXUINT64, &cli->seed, error);
    } else if (strcmp(name, "--format") == 0) {
        g_free(cli->format);
        cli->format = g_strdup(value);
    } else if (strcmp(name, "--stage") == 0) {
        g_ptr_array_add(cli->stages, g_strdup(value));
    } else {
        if (strchr(value, '=') == NULL)
            alloy_parameter_error(error, "--fix takes NAME=VALUE, not \"%s\"", value);
        else
            g_ptr_array_add(cli->fixes, g_strdup(value));
    }
    return TRUE;
}

CliTaken cli_take(Cli *cli, CliArgs *args, const char **word, const char **name, const char **value,
                  GError **error)
{
    while (args->next < args->argc) {
        char *argument = args->argv[args->next++];
        if (!args->only_words && strcmp(argument, "--") == 0) {
            args->only_words = TRUE;
            continue;
        }
        if (args->only_words || argument[0] != '-' || argument[1] == '\0') {
            *word = argument;
            return CLI_WORD;
        }
        *value = NULL;
        char *equal = strchr(argument, '=');
        if (g_str_has_prefix(argument, "--") && equal != NULL) {
            *equal = '\0'; /* argv is ours */
            *value = equal + 1;
        }
        *name = argument;
        GError *wrong = NULL;
        if (!take_global(cli, args, *name, *value, &wrong))
            return CLI_OPTION;
        if (wrong != NULL) {
            g_propagate_error(error, wrong);
            return CLI_BAD;
        }
    }
    return CLI_END;
}

/* --name, --no-name; NULL: the operation has none of that name. */
static const AlloyParam *param_of_option(const AlloyOperation *operation, const char *option,
                                         gboolean *negated)
{
    *negated = FALSE;
    if (!g_str_has_prefix(option, "--"))
        return NULL;
    const AlloyParam *param = alloy_operation_param(operation, option + 2);
    if (param != NULL || !g_str_has_prefix(option, "--no-"))
        return param;
    param = alloy_operation_param(operation, option + 5);
    *negated = TRUE;
    return param != NULL && param->type == ALLOY_PARAM_BOOLEAN ? param : NULL;
}

gboolean cli_take_param(AlloyRun *run, CliArgs *args, const char *name, const char *value, gboolean *taken,
                        GError **error)
{
    gboolean negated = FALSE;
    const AlloyParam *param = param_of_option(run->operation, name, &negated);
    *taken = param != NULL;
    if (param == NULL)
        return TRUE;
    if (param->type == ALLOY_PARAM_BOOLEAN) {
        if (negated && value != NULL)
            return alloy_parameter_error(error, "%s takes no value", name);
        value = negated ? "false" : value != NULL ? value : "true";
    } else {
        value = cli_take_value(args, name, value, error);
    }
    if (value == NULL)
        return FALSE;
    if (!g_utf8_validate(value, -1, NULL))
        return alloy_parameter_error(error, "the value of %s is not UTF-8", name);
    return alloy_run_set(run, param->name, value, error);
}

/* What stands before the name on a command line: that of a command, an operation, or the program. */
static const char *command_prefix(const char *name)
{
    for (const CliOption *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return "alloyscope ";
    return strcmp(name, "alloyscope") == 0 ? "" : "alloyscope run ";
}

gboolean cli_unknown_option(const char *command, const char *name, const char *const *own, GError **error)
{
    /* without the dashes, which all have: they would make names look alike */
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (; own != NULL && *own != NULL; own++)
        g_ptr_array_add(names, (gpointer)(*own + strspn(*own, "-")));
    for (const CliOption *option = cli_global_options; option->name != NULL; option++)
        g_ptr_array_add(names, (gpointer)(option->name + 2));
    g_ptr_array_add(names, NULL);
    const char *meant = alloy_suggest(name + strspn(name, "-"), (const char *const *)names->pdata);
    if (meant != NULL)
        return alloy_parameter_error(error, "%s has no option %s; did you mean --%s?", command, name, meant);
    return alloy_parameter_error(error, "%s has no option %s; \"%s%s --help\" shows those there are", command,
                                 name, command_prefix(command), command);
}

gboolean cli_refuse_json(const Cli *cli, const char *command, GError **error)
{
    return !cli->json || alloy_parameter_error(error, "%s prints no results: --json has no effect", command);
}

gboolean cli_take_one_path(Cli *cli, CliArgs *args, const char *command, const char **path, GError **error)
{
    *path = NULL;
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(cli, args, &word, &name, &value, error)) {
        case CLI_END:
            if (*path == NULL && !cli->help)
                return alloy_parameter_error(error, "%s needs a file", command);
            return TRUE;
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            return cli_unknown_option(command, name, NULL, error);
        case CLI_WORD:
            if (*path != NULL)
                return alloy_parameter_error(error, "%s takes one file; what is \"%s\"?", command, word);
            *path = word;
        }
    }
}
