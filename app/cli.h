/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/item.h"
#include "core/project/job.h"
#include "core/project/lock.h"
#include "core/project/output.h"
#include "core/project/project.h"

G_BEGIN_DECLS

/* The command line. Nothing here knows an operation by name (but convert, which selects atoms with `select`):
 * options, help, completion and manual come from the descriptors. */

/* Exit statuses: a contract for scripts. */
enum {
    CLI_DONE = 0,
    CLI_FAILED = 1,       /* one line on stderr says why */
    CLI_USAGE = 2,        /* the command line makes no sense; the same */
    CLI_INTERRUPTED = 130 /* Ctrl-C; 143 for SIGTERM */
};

/* Options that hold for every command. */
typedef struct {
    gboolean help, quiet, json;
    uint64_t seed;
    char *format;           /* of input files; NULL: found by content */
    GPtrArray *stages;      /* of an input that is a series, owned; empty: all */
    GPtrArray *fixes;       /* "NAME=VALUE" or "FILE:NAME=VALUE" for imports, owned */
    const GPtrArray *paths; /* of all inputs, borrowed: cli_set_inputs */
    int signal;             /* that ended the work; 0: none */
} Cli;

/* The arguments of a command, taken one by one. */
typedef struct {
    char **argv; /* after the command's name */
    int argc, next;
    gboolean only_words; /* after "--" */
} CliArgs;

typedef enum { CLI_END, CLI_WORD, CLI_OPTION, CLI_BAD } CliTaken;
/* The next argument that is not a global option (those go into cli). CLI_WORD: *word. CLI_OPTION: *name is
 * the option with its dashes, *value what stood behind "=" (NULL: nothing). Both are borrowed or owned by
 * args. */
CliTaken cli_take(Cli *cli, CliArgs *args, const char **word, const char **name, const char **value,
                  GError **error);
/* The value of an option: what stood behind "=", else the next argument, whatever it looks like. */
const char *cli_take_value(CliArgs *args, const char *name, const char *value, GError **error);
/* The parameter of the operation that an option sets (--name, --no-name), with its value. *taken FALSE: the
 * operation has none of that name. */
gboolean cli_take_param(AlloyRun *run, CliArgs *args, const char *name, const char *value, gboolean *taken,
                        GError **error);
/* For a command of one path and no options of its own; *path NULL only with --help. */
gboolean cli_take_one_path(Cli *cli, CliArgs *args, const char *command, const char **path, GError **error);
/* An error for an option that the command does not have; own (nullable, NULL-terminated) are the command's
 * own options with dashes. Always FALSE. */
gboolean cli_unknown_option(const char *command, const char *name, const char *const *own, GError **error);
/* FALSE with an error where --json is given to a command that prints no results. */
gboolean cli_refuse_json(const Cli *cli, const char *command, GError **error);
/* Names, values and one line of help of the global options; value NULL: a switch. Ended by name NULL. */
typedef struct {
    const char *name, *value, *help;
} CliOption;
extern const CliOption cli_global_options[], cli_commands[];
extern const char cli_columns_help[]; /* what the variable COLUMNS does */
/* Options of one command alone, in the same form; empty for one that has none. */
const CliOption *cli_command_options(const char *command);
/* Endings of outputs, exit statuses, and example command lines, in the same form (value NULL). */
extern const CliOption cli_outputs[], cli_statuses[], cli_examples[];

/* The commands. */
int cli_run(Cli *cli, CliArgs *args);
int cli_list(Cli *cli, CliArgs *args);
int cli_help(Cli *cli, CliArgs *args);
int cli_info(Cli *cli, CliArgs *args);
int cli_convert(Cli *cli, CliArgs *args);
int cli_render(Cli *cli, CliArgs *args);
int cli_script(Cli *cli, CliArgs *args);
int cli_man(Cli *cli, CliArgs *args);      /* the manual page, for the build */
int cli_complete(Cli *cli, CliArgs *args); /* for the shell */
void cli_print_help(void);
void cli_print_command_help(const char *command);
void cli_print_operation_help(const AlloyOperation *operation);
/* "--cutoff X", and its help with unit, range and default. Free with g_free. */
char *cli_param_head(const AlloyParam *param);
char *cli_param_help(const AlloyParam *param);

/* Says why on stderr, in one line, and gives the exit status. */
int cli_fail(const Cli *cli, const GError *error);
/* The same for a command line that makes no sense, whatever the error. */
int cli_usage(const GError *error);
void cli_print_warnings(const Cli *cli, const GPtrArray *warnings);

/* Does the work with a progress bar (where stderr is a terminal); Ctrl-C and SIGTERM cancel it, a second one
 * kills. */
gboolean cli_work(Cli *cli, AlloyJobFunc work, gpointer data, GError **error);

/* --- inputs --- */

/* One thing read from a file or taken from a project. */
typedef struct {
    char *path;             /* as given */
    char *name;             /* for a title: the file name without ending, or the item's name */
    const AlloyData *whole; /* what is there */
    const AlloyData *data;  /* what is meant: whole, or the stages that --stage takes of a series */
    AlloyProject *project;  /* that it comes from; NULL: a file */
    uint32_t item;          /* of project */
} CliInput;
void cli_input_free(CliInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliInput, cli_input_free)

/* Says what the inputs of the command are, before any is read. FALSE with an error where an option for inputs
 * is for none of them. paths is borrowed for as long as they are read. */
gboolean cli_set_inputs(Cli *cli, const GPtrArray *paths, GError **error);
/* "NAME=VALUE" of the fixes for one input. Free with g_strfreev. */
char **cli_fixes_for(const Cli *cli, const char *path);
/* What an input may be: those items of a project are meant where none is named. */
typedef gboolean (*CliSuits)(const AlloyData *data, gconstpointer user);
/* Reads PATH, or PROJECT.alloy#ITEM. Warnings are added. */
CliInput *cli_input_read(const Cli *cli, const char *path, CliSuits suits, gconstpointer user,
                         GPtrArray *warnings, AlloyProgress *progress, GError **error);
/* The inputs from place `first` on, of one model each, put together as a series. labels: of the stages; NULL
 * or empty: what the models say, else their names. */
const AlloyData *cli_series_of(const GPtrArray *inputs, unsigned first, const GPtrArray *labels,
                               GError **error);
/* The path as it is called in sentences. */
const char *cli_path_title(const char *path);
/* Whether the folder of the path takes a file: said before the work, not after it. */
gboolean cli_check_output(const char *path, GError **error);
/* FALSE with an error when out is the file that is read, under whatever name. */
gboolean cli_check_overwriting(const char *in, const char *out, GError **error);
/* "PROJECT.alloy#ITEM" or "PROJECT.alloy" in its two parts, *item NULL where none is named. FALSE for other
 * paths. */
gboolean cli_split_project(const char *path, char **project, char **item);

/* Where the inputs were read, with size and SHA-256 of files: a GPtrArray of AlloyRunSource. NULL with an
 * error.
 */
GPtrArray *cli_sources_of(const Cli *cli, const GPtrArray *inputs, AlloyProgress *progress, GError **error);

/* --- projects as outputs --- */

/* Held from opening a project to saving it; where that takes a while, stderr says who has it. */
AlloyProjectLock *cli_lock_project(const Cli *cli, const char *path, AlloyProgress *progress, GError **error);
/* The project of that path, or a new one where there is none. */
AlloyProject *cli_open_project(const char *path, AlloyProgress *progress, GError **error);
/* Puts an input into the project (with name, when it is not NULL, for what is meant): the id of what is
 * meant. */
gboolean cli_record_input(const Cli *cli, AlloyProject *project, const CliInput *input, const char *name,
                          uint32_t *id, AlloyProgress *progress, GError **error);
/* The same for the inputs from place `first` on together as the series that cli_series_of made. */
gboolean cli_record_series(const Cli *cli, AlloyProject *project, const GPtrArray *inputs, unsigned first,
                           const AlloyData *series, const char *name, uint32_t *id, AlloyProgress *progress,
                           GError **error);

/* --- text --- */

/* Columns for what goes to a terminal (a file descriptor): what COLUMNS says, else its own, else 80, so that
 * what goes into a pipe or a file has the same form everywhere. */
int cli_terminal_width(int terminal);
/* The same of stdout for text in sentences: at most 100. */
int cli_width(void);
/* Columns that a text takes on a terminal: UTF-8, where some characters take two and some none. */
int cli_columns(const char *text);
/* Text from a file without what a terminal would obey: control characters as \xNN. Free with g_free. */
char *cli_printable(const char *text);
/* Appends text in lines of width columns, each after indent blanks; the first line goes on where it is
 * (column at). Paragraphs at line breaks. */
void cli_wrap(GString *out, const char *text, int indent, int at, int width);
/* A number for people: 6 digits, '.' in every locale; "-" for NaN. */
char *cli_number(double value);
/* "3.12 angstrom"; no unit for dimensionless. */
char *cli_quantity(double value, const char *unit);
/* A value of a column for people. */
char *cli_value(const AlloyColumn *column, size_t row);
/* Rows of cells, aligned; numbers to the right. cells: row after row; header may have empty units. */
void cli_print_grid(char *const *cells, size_t rows, size_t columns, const gboolean *right, int indent);
/* A table within the width of the terminal: as it is, or on its side, or in blocks below one another. What
 * does not fit is counted, and rest tells how to see it. */
void cli_print_table(const AlloyTable *table, size_t most_rows, const char *rest);
/* What automatic parameters of a run came to. */
void cli_print_settings(const AlloyRun *run);
/* One to a line, but not those called as one of skip (nullable). */
void cli_print_scalars(const AlloyColumns *scalars, GHashTable *skip);
/* What every per-atom column holds that is not in without (nullable): mean, range, missing values. */
void cli_print_atoms_summary(const AlloyAtoms *atoms, const AlloyAtoms *without);

G_END_DECLS
