/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope run: one analysis or simulation, made from its descriptor. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/project/record.h"
#include "core/project/registry.h"
#include "core/project/store.h"

#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One -o. */
typedef struct {
    char *output; /* its name; NULL: the one that suits */
    char *path;
    char *project, *item; /* the two parts of PROJECT.alloy#ITEM; NULL: not given, or no project */
} Target;

static void target_free(gpointer data)
{
    Target *target = data;
    g_free(target->output);
    g_free(target->path);
    g_free(target->project);
    g_free(target->item);
    g_free(target);
}

/* What a command line asks for, and what comes of it. */
typedef struct {
    Cli *cli;
    AlloyRun *run;
    GPtrArray *paths;        /* of inputs, borrowed */
    GPtrArray *inputs;       /* of CliInput, owned */
    GPtrArray *sources;      /* of AlloyRunSource, where a result is JSON; NULL: none is */
    const AlloyData *series; /* that the inputs from place series_from on were put together to; NULL: none */
    unsigned series_from;
    GPtrArray *targets;  /* of Target, owned */
    GPtrArray *warnings; /* of the imports */
} Order;

static void order_clear(Order *order)
{
    g_clear_pointer(&order->run, alloy_run_free);
    g_ptr_array_unref(order->paths);
    g_ptr_array_unref(order->inputs);
    g_clear_pointer(&order->sources, g_ptr_array_unref);
    alloy_data_unref(order->series);
    g_ptr_array_unref(order->targets);
    g_ptr_array_unref(order->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Order, order_clear)

/* "TABLE:OUT.csv"; a path with a colon in its first part is written ./so. */
static Target *target_new(const char *text)
{
    Target *target = g_new0(Target, 1);
    const char *colon = strchr(text, ':');
    const char *slash = strchr(text, '/');
    if (colon != NULL && colon != text && colon[1] != '\0' && (slash == NULL || colon < slash)) {
        target->output = g_strndup(text, (gsize)(colon - text));
        target->path = g_strdup(colon + 1);
    } else {
        target->path = g_strdup(text);
    }
    return target;
}

static gboolean add_target(Order *order, const char *text, GError **error)
{
    Target *target = target_new(text);
    g_ptr_array_add(order->targets, target);
    if (target->output != NULL && !alloy_output_name_check(order->run->operation, target->output, error))
        return FALSE;
    return cli_split_project(target->path, &target->project, &target->item) ||
           strcmp(target->path, "-") == 0 || alloy_output_path_check(target->path, error);
}

static gboolean unknown_option(const AlloyOperation *operation, const char *name, GError **error)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    for (const AlloyParam *param = operation->params; param->name != NULL; param++)
        g_ptr_array_add(own, g_strconcat("--", param->name, NULL));
    g_ptr_array_add(own, NULL);
    return cli_unknown_option(operation->name, name, (const char *const *)own->pdata, error);
}

static gboolean take_option(Order *order, CliArgs *args, const char *name, const char *value, GError **error)
{
    if (g_str_has_prefix(name, "-o") && name[2] != '\0')
        return add_target(order, name + 2, error);
    if (strcmp(name, "-o") == 0 || strcmp(name, "--output") == 0) {
        value = cli_take_value(args, name, value, error);
        return value != NULL && add_target(order, value, error);
    }
    gboolean taken = FALSE;
    if (!cli_take_param(order->run, args, name, value, &taken, error))
        return FALSE;
    return taken || unknown_option(order->run->operation, name, error);
}

static gboolean take_arguments(Order *order, CliArgs *args, GError **error)
{
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(order->cli, args, &word, &name, &value, error)) {
        case CLI_END:
            return TRUE;
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            if (!take_option(order, args, name, value, error))
                return FALSE;
            break;
        case CLI_WORD:
            g_ptr_array_add(order->paths, (gpointer)word);
        }
    }
}

/* Too few or too many files are found before anything is read. */
static gboolean check_count(const Order *order, GError **error)
{
    const AlloyOperation *operation = order->run->operation;
    unsigned least = 0, most = 0, n = order->paths->len;
    gboolean any = FALSE;
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        least += input->optional ? 0 : 1;
        most++;
        /* Several files of single models make a series. */
        any = any || input->repeated || input->klass == &alloy_series_class;
    }
    any = any || alloy_operation_maps_series(operation);
    if (n < least)
        return alloy_parameter_error(error, "%s needs %u input file%s, %u given; see \"alloyscope help %s\"",
                                     operation->name, least, least == 1 ? "" : "s", n, operation->name);
    if (n > most && !any && most == 0)
        return alloy_parameter_error(error, "%s takes no input file; what is \"%s\"?", operation->name,
                                     (const char *)order->paths->pdata[0]);
    if (n > most && !any)
        return alloy_parameter_error(error, "%s takes %u input file%s, %u given", operation->name, most,
                                     most == 1 ? "" : "s", n);
    return TRUE;
}

/* Files in the order of the descriptor; more single models than there are places make a series. */
static gboolean give_inputs(Order *order, GError **error)
{
    const AlloyOperation *operation = order->run->operation;
    unsigned places = 0;
    const AlloyInput *last = NULL;
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        places++;
        last = input;
    }
    for (unsigned i = 0; i < order->inputs->len; i++) {
        const CliInput *input = order->inputs->pdata[i];
        gboolean at_last = i + 1 >= places && last != NULL && !last->repeated;
        gboolean too_many = at_last && order->inputs->len > places;
        gboolean one_for_series =
            at_last && last->klass == &alloy_series_class && ALLOY_IS_ATOMS(input->data);
        if (too_many || one_for_series) {
            order->series = cli_series_of(order->inputs, i, NULL, error);
            order->series_from = i;
            if (order->series != NULL)
                alloy_run_add_input(order->run, order->series);
            return order->series != NULL;
        }
        alloy_run_add_input(order->run, input->data);
    }
    return TRUE;
}

/* --- projects --- */

/* Every -o into one project, with one loading and saving. */
static gboolean add_to_project(const Order *order, const char *path, AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyProjectLock) lock = cli_lock_project(order->cli, path, progress, error);
    if (lock == NULL)
        return FALSE;
    g_autoptr(AlloyProgress) loading = alloy_progress_part(progress, 0, 0.3);
    g_autoptr(AlloyProject) project = cli_open_project(path, loading, error);
    if (project == NULL)
        return FALSE;
    g_autoptr(GArray) ids = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    unsigned single = order->series != NULL ? order->series_from : order->inputs->len;
    for (unsigned i = 0; i < single; i++) {
        uint32_t id = 0;
        if (!cli_record_input(order->cli, project, order->inputs->pdata[i], NULL, &id, NULL, error))
            return FALSE;
        g_array_append_val(ids, id);
    }
    if (order->series != NULL) {
        uint32_t id = 0;
        if (!cli_record_series(order->cli, project, order->inputs, single, order->series, NULL, &id, NULL,
                               error))
            return FALSE;
        g_array_append_val(ids, id);
    }
    for (unsigned i = 0; i < order->targets->len; i++) {
        const Target *target = order->targets->pdata[i];
        if (g_strcmp0(target->project, path) == 0 &&
            !alloy_record_run(project, target->item, target->output, order->run,
                              (const uint32_t *)(void *)ids->data, ids->len, error))
            return FALSE;
    }
    g_autoptr(AlloyProgress) saving = alloy_progress_part(progress, 0.3, 1);
    return alloy_project_save(project, path, saving, error);
}

/* TRUE when an earlier -o names the same project. */
static gboolean was_saved(const Order *order, unsigned place)
{
    const char *path = ((const Target *)order->targets->pdata[place])->project;
    for (unsigned i = 0; i < place; i++)
        if (g_strcmp0(((const Target *)order->targets->pdata[i])->project, path) == 0)
            return TRUE;
    return FALSE;
}

static gboolean write_targets(const Order *order, double from, AlloyProgress *progress, GError **error)
{
    unsigned outs = order->targets->len;
    for (unsigned i = 0; i < outs; i++) {
        const Target *target = order->targets->pdata[i];
        double begin = from + (1 - from) * i / outs, end = from + (1 - from) * (i + 1) / outs;
        g_autofree char *stage = g_strdup_printf("writing %s", target->path);
        alloy_progress_stage(progress, begin, end, stage);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, begin, end);
        gboolean ok = TRUE;
        if (target->project == NULL)
            ok = alloy_run_write(order->run, order->sources, target->output, target->path, order->warnings,
                                 part, error);
        else if (!was_saved(order, i))
            ok = add_to_project(order, target->project, part, error);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

/* --- the work --- */

/* Whether data may be the input of that place. */
typedef struct {
    const AlloyOperation *operation;
    unsigned place;
} Fit;

static gboolean suits_input(const AlloyData *data, gconstpointer user)
{
    const Fit *fit = user;
    unsigned place = 0;
    for (const AlloyInput *input = fit->operation->inputs; input->name != NULL; input++, place++)
        if (place == fit->place || (input + 1)->name == NULL)
            return data->klass == input->klass ||
                   (input->klass == &alloy_atoms_class && ALLOY_IS_SERIES(data) &&
                    alloy_operation_maps_series(fit->operation)) ||
                   (input->klass == &alloy_series_class && ALLOY_IS_ATOMS(data));
    return FALSE;
}

static gboolean read_inputs(Order *order, double until, AlloyProgress *progress, GError **error)
{
    unsigned n = order->paths->len;
    for (unsigned i = 0; i < n; i++) {
        const char *path = order->paths->pdata[i];
        g_autofree char *stage = g_strdup_printf("reading %s", path);
        alloy_progress_stage(progress, until * i / n, until * (i + 1) / n, stage);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, until * i / n, until * (i + 1) / n);
        Fit fit = {order->run->operation, i};
        CliInput *input = cli_input_read(order->cli, path, suits_input, &fit, order->warnings, part, error);
        if (input == NULL)
            return FALSE;
        g_ptr_array_add(order->inputs, input);
    }
    return TRUE;
}

/* Files are read once more for their SHA-256, so only for a result that tells it. */
static gboolean find_sources(Order *order, AlloyProgress *progress, GError **error)
{
    gboolean json = order->cli->json;
    for (unsigned i = 0; i < order->targets->len; i++)
        json = json || g_str_has_suffix(((const Target *)order->targets->pdata[i])->path, ".json");
    if (json)
        order->sources = cli_sources_of(order->cli, order->inputs, progress, error);
    return !json || order->sources != NULL;
}

/* A per-atom result has the cell and the stages of its input: what a format cannot hold is found before the
 * work. */
static gboolean check_models(const Order *order, GError **error)
{
    const AlloyOutput *first = order->run->operation->outputs;
    const AlloyData *input = alloy_run_input(order->run, 0);
    if (first->kind != ALLOY_OUT_ATOM_COLUMN || input == NULL ||
        (!ALLOY_IS_ATOMS(input) && !ALLOY_IS_SERIES(input)))
        return TRUE;
    for (unsigned i = 0; i < order->targets->len; i++) {
        const Target *target = order->targets->pdata[i];
        if (target->project == NULL &&
            (target->output == NULL || strcmp(target->output, ALLOY_OUTPUT_ATOMS) == 0) &&
            !alloy_output_data_check(target->path, input, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    Order *order = data;
    double read_end = order->paths->len > 0 ? 0.3 : 0, run_end = order->targets->len > 0 ? 0.85 : 1;
    if (!read_inputs(order, read_end, progress, error) || !find_sources(order, progress, error) ||
        !give_inputs(order, error) || !check_models(order, error))
        return FALSE;
    order->run->seed = order->cli->seed;
    alloy_progress_stage(progress, read_end, run_end, order->run->operation->name);
    g_autoptr(AlloyProgress) running = alloy_progress_part(progress, read_end, run_end);
    if (!alloy_job_execute(order->run, running, error)) {
        /* An analysis does not know where its model comes from. */
        if (error != NULL && g_error_matches(*error, ALLOY_ERROR, ALLOY_ERROR_INPUT) &&
            order->paths->len == 1)
            g_prefix_error(error, "%s: ", (const char *)order->paths->pdata[0]);
        return FALSE;
    }
    /* What was said of the inputs belongs to the result, so that files carry it too; before what the run
     * said. */
    for (int at = 0; order->warnings->len > 0; at++)
        g_ptr_array_insert(order->run->warnings, at, g_ptr_array_steal_index(order->warnings, 0));
    return write_targets(order, run_end, progress, error);
}

/* What the run has added to the atoms; input: the model or series it was given, NULL: none. */
static void print_models(const AlloyData *data, const AlloyData *input)
{
    enum { MOST_STAGES = 12 };
    if (ALLOY_IS_ATOMS(data)) {
        const AlloyAtoms *atoms = (const AlloyAtoms *)data;
        gboolean known = input != NULL && ALLOY_IS_ATOMS(input);
        printf("%zu atoms; the values of each: -o FILE.csv, .xyz or .json\n", atoms->n);
        cli_print_atoms_summary(atoms, known ? (const AlloyAtoms *)input : NULL);
        return;
    }
    const AlloySeries *series = (const AlloySeries *)data;
    const AlloySeries *from = input != NULL && ALLOY_IS_SERIES(input) ? (const AlloySeries *)input : NULL;
    printf("%zu stages; the values of each atom: -o FILE.csv, .xyz or .json\n", series->n);
    for (size_t i = 0; i < MIN(series->n, MOST_STAGES); i++) {
        g_autofree char *label = cli_printable(series->stages[i].label);
        printf("%s: %zu atoms\n", label, series->stages[i].atoms->n);
        cli_print_atoms_summary(series->stages[i].atoms,
                                from != NULL && i < from->n ? from->stages[i].atoms : NULL);
    }
    if (series->n > MOST_STAGES)
        printf("... %zu more stages\n", series->n - MOST_STAGES);
}

/* Whether a table has these scalars as a column: z_{A}_{B} is z, a row for each pair. */
static gboolean stands_in_table(const AlloyRun *run, const char *pattern)
{
    const char *brace = strstr(pattern, "_{");
    g_autofree char *name = brace != NULL ? g_strndup(pattern, (gsize)(brace - pattern)) : NULL;
    for (unsigned i = 0; name != NULL && i < run->tables->len; i++)
        if (alloy_table_column(run->tables->pdata[i], name) != NULL)
            return TRUE;
    return FALSE;
}

static void add_matching(GHashTable *names, const char *pattern, const AlloyColumns *scalars)
{
    size_t length = (size_t)(strstr(pattern, "_{") + 1 - pattern);
    for (unsigned i = 0; i < scalars->len; i++) {
        const char *name = ((const AlloyColumn *)scalars->pdata[i])->name;
        if (strncmp(name, pattern, length) == 0)
            g_hash_table_add(names, g_strdup(name));
    }
}

/* Scalars that are printed once already: automatic parameters, and what has its row in a table. */
static GHashTable *said_elsewhere(const AlloyRun *run)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, run->resolved);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_hash_table_add(names, g_strdup(name));
    for (const AlloyOutput *output = run->operation->outputs; output->name != NULL; output++) {
        if (output->kind != ALLOY_OUT_SCALAR || !stands_in_table(run, output->name))
            continue;
        add_matching(names, output->name, run->scalars);
        for (unsigned i = 0; i < run->tables->len; i++) {
            const AlloyTable *table = run->tables->pdata[i];
            if (strcmp(table->title, ALLOY_OUTPUT_SCALARS) == 0)
                add_matching(names, output->name, table->columns);
        }
    }
    return names;
}

/* Of a series the scalars are a table. */
static const AlloyTable *without(const AlloyTable *table, GHashTable *names, GHashTable *resolved)
{
    if (strcmp(table->title, ALLOY_OUTPUT_SCALARS) != 0)
        return alloy_ref(table);
    AlloyColumns *columns = alloy_columns_new();
    for (unsigned i = 0; i < table->columns->len; i++) {
        const AlloyColumn *column = table->columns->pdata[i];
        /* What was resolved differs from stage to stage: it belongs here. */
        if (!g_hash_table_contains(names, column->name) || g_hash_table_contains(resolved, column->name))
            alloy_columns_set(columns, alloy_ref(column));
    }
    return alloy_table_new(table->title, columns, NULL);
}

static void print_run(const AlloyRun *run)
{
    cli_print_settings(run);
    g_autoptr(GHashTable) skip = said_elsewhere(run);
    cli_print_scalars(run->scalars, skip);
    for (unsigned i = 0; i < run->tables->len; i++) {
        const AlloyTable *table = run->tables->pdata[i];
        g_autofree char *target = g_strdup_printf("%s:FILE.csv", table->title);
        g_autofree char *quoted = strpbrk(target, " ()'") != NULL ? g_shell_quote(target) : g_strdup(target);
        g_autofree char *rest = g_strdup_printf("-o %s has them all", quoted);
        cli_print_scalars(table->scalars, skip);
        g_autoptr(AlloyTable) shown = (AlloyTable *)without(table, skip, run->resolved);
        cli_print_table(shown, i == 0 ? 40 : 24, rest);
    }
    if (run->atoms != NULL)
        print_models(run->atoms, alloy_run_input(run, 0));
}

static int print_json(const Order *order)
{
    fflush(stdout);
    g_autoptr(GOutputStream) stream = g_unix_output_stream_new(STDOUT_FILENO, FALSE);
    g_autoptr(GError) error = NULL;
    if (!alloy_run_write_json(order->run, order->sources, NULL, stream, NULL, &error))
        return cli_fail(order->cli, error);
    return CLI_DONE;
}

/* Two results for one place: the first would be lost. */
static gboolean check_twice(const Order *order, unsigned place, GError **error)
{
    const Target *target = order->targets->pdata[place];
    for (unsigned i = 0; i < place && target->project == NULL; i++)
        if (strcmp(((const Target *)order->targets->pdata[i])->path, target->path) == 0)
            return alloy_parameter_error(error, "-o %s is there twice: give each result a file of its own",
                                         target->path);
    if (order->cli->json && strcmp(target->path, "-") == 0)
        return alloy_parameter_error(error,
                                     "-o - and --json both write to the standard output: leave one out");
    return TRUE;
}

/* An input is often the only copy there is. A project may be both: it is added to. */
static gboolean check_overwriting(const Order *order, GError **error)
{
    for (unsigned i = 0; i < order->targets->len; i++) {
        const Target *target = order->targets->pdata[i];
        if (!check_twice(order, i, error))
            return FALSE;
        for (unsigned k = 0; k < order->paths->len && target->project == NULL; k++)
            if (!cli_check_overwriting(order->paths->pdata[k], target->path, error))
                return FALSE;
        if (!cli_check_output(target->path, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean writes_to_stdout(const Order *order)
{
    for (unsigned i = 0; i < order->targets->len; i++)
        if (strcmp(((const Target *)order->targets->pdata[i])->path, "-") == 0)
            return TRUE;
    return FALSE;
}

int cli_run(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    const char *word = NULL, *name = NULL, *value = NULL;
    /* The operation comes first, among global options at most: its descriptor tells how to read the rest. */
    CliTaken taken = cli_take(cli, args, &word, &name, &value, &error);
    if (taken == CLI_END && cli->help) {
        cli_print_command_help("run");
        return CLI_DONE;
    }
    if (taken == CLI_END)
        alloy_parameter_error(&error, "run needs an operation; \"alloyscope list\" shows those there are");
    else if (taken == CLI_OPTION)
        alloy_parameter_error(&error, "run needs the operation before %s", name);
    const AlloyOperation *operation = taken == CLI_WORD ? alloy_operation_by_name(word, &error) : NULL;
    if (operation == NULL)
        return cli_usage(error);

    g_auto(Order) order = {
        .cli = cli,
        .run = alloy_run_new(operation),
        .paths = g_ptr_array_new(),
        .inputs = g_ptr_array_new_with_free_func((GDestroyNotify)cli_input_free),
        .targets = g_ptr_array_new_with_free_func(target_free),
        .warnings = alloy_warnings_new(),
    };
    if (!take_arguments(&order, args, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_operation_help(operation);
        return CLI_DONE;
    }
    if (!check_count(&order, &error) || !cli_set_inputs(cli, order.paths, &error))
        return cli_usage(error);
    if (!check_overwriting(&order, &error))
        return cli_fail(cli, error);
    gboolean ok = cli_work(cli, work, &order, &error);
    cli_print_warnings(cli, order.warnings);
    cli_print_warnings(cli, order.run->warnings);
    if (!ok)
        return cli_fail(cli, error);
    if (cli->json)
        return print_json(&order);
    if (order.targets->len == 0 && !cli->quiet)
        print_run(order.run);
    else if (!cli->quiet && !writes_to_stdout(&order))
        cli_print_settings(order.run); /* what was chosen for the user is said even so */
    return CLI_DONE;
}
