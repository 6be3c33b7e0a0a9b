/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope info: what a file holds, and what looks wrong with it. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/base/json-text.h"
#include "core/base/statistics.h"
#include "core/data/series.h"
#include "core/data/warning.h"
#include "core/project/store.h"
#include "core/structure/import-check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    Cli *cli;
    const char *path;
    CliInput *input;
    AlloyProject *project; /* the whole of it was asked for; NULL: one thing */
    GPtrArray *warnings;
} Question;

static void question_clear(Question *question)
{
    cli_input_free(question->input);
    g_clear_pointer(&question->project, alloy_project_free);
    g_ptr_array_unref(question->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    Question *question = data;
    alloy_progress_stage(progress, 0, 1, question->path);
    g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0, 1);
    g_autofree char *project = NULL, *item = NULL;
    if (cli_split_project(question->path, &project, &item) && item == NULL) {
        question->project = alloy_project_load(project, part, error);
        return question->project != NULL;
    }
    question->input =
        cli_input_read(question->cli, question->path, NULL, NULL, question->warnings, part, error);
    if (question->input == NULL)
        return FALSE;
    /* Files are checked when they are read, items of projects only here. */
    return question->input->project == NULL ||
           alloy_check_data(question->input->data, question->warnings, part, error);
}

/* Range of a column of numbers. */
static AlloyMoments moments_of(const AlloyColumn *column)
{
    if (column->type == ALLOY_REAL)
        return alloy_moments(column->real, column->n);
    g_autofree double *values = g_new(double, column->n + 1);
    for (size_t i = 0; i < column->n; i++)
        values[i] = alloy_column_real_at(column, i);
    return alloy_moments(values, column->n);
}

/* --- for people --- */

static void print_species(const AlloyAtoms *atoms)
{
    g_autoptr(GString) list = g_string_new(atoms->n_kinds == 0 ? "none" : NULL);
    g_autoptr(GString) out = g_string_new("  species: ");
    for (unsigned i = 0; i < atoms->n_kinds; i++) {
        const AlloySpecies *kind = &atoms->kinds[i];
        g_autofree char *name = cli_printable(kind->name);
        g_autofree char *percent =
            cli_number(atoms->n > 0 ? 100.0 * (double)kind->count / (double)atoms->n : NAN);
        const char *quote = strchr(name, ' ') != NULL ? "\"" : "";
        g_autofree char *one =
            g_strdup_printf("%s%s%s %zu (%s %%)", quote, name, quote, kind->count, percent);
        /* a species is not torn apart between two lines */
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", g_strdelimit(one, " ", '\x1f'));
    }
    cli_wrap(out, list->str, 4, 11, cli_width());
    fputs(g_strdelimit(out->str, "\x1f", ' '), stdout);
}

static void print_cell(const AlloyCell *cell)
{
    if (cell == NULL) {
        printf("  cell: none\n");
        return;
    }
    printf("  cell: periodic along");
    const char *const names[] = {" a", " b", " c"};
    for (int k = 0; k < 3; k++)
        fputs(cell->periodic[k] ? names[k] : "", stdout);
    if (!alloy_cell_is_periodic(cell))
        printf(" none");
    g_autofree char *volume = cli_quantity(alloy_cell_volume(cell), ALLOY_UNIT_VOLUME);
    printf("; volume %s\n", volume);
    for (int k = 0; k < 3; k++) {
        g_autofree char *x = cli_number(cell->vector[k][0]), *y = cli_number(cell->vector[k][1]),
                        *z = cli_number(cell->vector[k][2]);
        printf("    %s: %s, %s, %s %s\n", names[k] + 1, x, y, z, ALLOY_UNIT_LENGTH);
    }
}

static void print_bounds(const AlloyAtoms *atoms)
{
    double low[3], high[3];
    if (!alloy_atoms_bounds(atoms, low, high))
        return;
    g_autofree char *x = cli_number(high[0] - low[0]), *y = cli_number(high[1] - low[1]),
                    *z = cli_number(high[2] - low[2]);
    printf("  size: %s x %s x %s %s\n", x, y, z, ALLOY_UNIT_LENGTH);
}

static void print_info_columns(const AlloyColumns *info)
{
    for (unsigned i = 0; i < info->len; i++) {
        const AlloyColumn *column = info->pdata[i];
        g_autofree char *name = cli_printable(column->name);
        printf("  %s:", name);
        for (size_t k = 0; k < MIN(column->n, 9); k++) {
            g_autofree char *raw = cli_value(column, k), *value = cli_printable(raw);
            printf(" %s", value);
        }
        gboolean unit = *column->unit != '\0' && strcmp(column->unit, ALLOY_UNIT_NONE) != 0;
        printf("%s%s%s\n", column->n > 9 ? " ..." : "", unit ? " " : "", unit ? column->unit : "");
    }
}

static void print_atoms(const AlloyAtoms *atoms)
{
    printf("  atoms: %zu\n", atoms->n);
    print_species(atoms);
    print_bounds(atoms);
    print_cell(atoms->cell);
    print_info_columns(atoms->info);
    if (atoms->columns->len > 0)
        cli_print_atoms_summary(atoms, NULL);
}

static void print_series(const AlloySeries *series)
{
    enum { MOST_STAGES = 12 };
    printf("  stages: %zu\n", series->n);
    for (size_t i = 0; i < MIN(series->n, MOST_STAGES); i++) {
        const AlloyStage *stage = &series->stages[i];
        g_autofree char *label = cli_printable(stage->label);
        printf("\n  %zu: %s", i, label);
        if (!isnan(stage->time)) {
            g_autofree char *time = cli_quantity(stage->time, ALLOY_UNIT_TIME);
            printf(", %s", time);
        }
        if (!isnan(stage->temperature)) {
            g_autofree char *temperature = cli_quantity(stage->temperature, ALLOY_UNIT_TEMPERATURE);
            printf(", %s", temperature);
        }
        putchar('\n');
        print_atoms(stage->atoms);
    }
    if (series->n > MOST_STAGES)
        printf("\n  ... %zu more stages: --stage %d shows the next, --json all\n", series->n - MOST_STAGES,
               MOST_STAGES);
}

static void print_table(const AlloyTable *table)
{
    printf("  rows: %zu\n", table->n);
    cli_print_scalars(table->scalars, NULL);
    cli_print_table(table, 40, "\"alloyscope convert\" it to a .csv file");
}

static void print_data(const AlloyData *data)
{
    if (ALLOY_IS_ATOMS(data))
        print_atoms((const AlloyAtoms *)data);
    else if (ALLOY_IS_SERIES(data))
        print_series((const AlloySeries *)data);
    else if (ALLOY_IS_TABLE(data))
        print_table((const AlloyTable *)data);
}

/* --- for programs --- */

/* "read from /data/gold.xyz", "csrop (species=Pd) of particle: atoms" */
static char *describe_origin(const AlloyProject *project, const AlloyOrigin *origin)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (origin->kind == ALLOY_ORIGIN_FILE) {
        g_string_append_printf(text, "read from %s", origin->path);
        for (char *const *fix = origin->fixes; *fix != NULL; fix++)
            g_string_append_printf(text, ", %s", *fix);
        return g_string_free(g_steal_pointer(&text), FALSE);
    }
    gboolean run = origin->kind == ALLOY_ORIGIN_RUN;
    g_autofree char *params = g_strjoinv(" ", (char **)origin->params);
    g_string_append(text, run ? origin->operation : origin->n_inputs > 1 ? "stages" : "one stage");
    if (*params != '\0')
        g_string_append_printf(text, " (%s)", params);
    for (unsigned i = 0; i < origin->n_inputs; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : " of ",
                               alloy_project_find(project, origin->inputs[i])->name);
    if (run)
        g_string_append_printf(text, ": %s", origin->output);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void print_project(const AlloyProject *project, const char *path)
{
    printf("%s: project of %u items\n", path, alloy_project_size(project));
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < alloy_project_size(project); i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        g_ptr_array_add(cells, cli_printable(item->name));
        g_ptr_array_add(cells, g_strdup(item->data->klass->name));
        g_ptr_array_add(cells, describe_origin(project, item->origin));
    }
    const gboolean right[] = {FALSE, FALSE, FALSE};
    cli_print_grid((char *const *)cells->pdata, alloy_project_size(project), 3, right, 2);
}

static void put_name(GString *out, const char *name)
{
    char last = out->str[out->len - 1];
    if (last != '{' && last != '[')
        g_string_append_c(out, ',');
    alloy_json_append_string(out, name);
    g_string_append_c(out, ':');
}

static void put_three(GString *out, const char *name, const double values[3])
{
    put_name(out, name);
    for (int k = 0; k < 3; k++) {
        g_string_append_c(out, k == 0 ? '[' : ',');
        alloy_json_append_real(out, values[k]);
    }
    g_string_append_c(out, ']');
}

static void put_columns(GString *out, const AlloyColumns *columns)
{
    static const char *const names[] = {"mean", "min", "max"};
    put_name(out, "columns");
    g_string_append_c(out, '{');
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        put_name(out, column->name);
        g_string_append_c(out, '{');
        put_name(out, "type");
        alloy_json_append_string(out, alloy_type_name(column->type));
        put_name(out, "unit");
        alloy_json_append_string(out, column->unit);
        if (column->type != ALLOY_TEXT) {
            AlloyMoments moments = moments_of(column);
            const double values[] = {moments.mean, moments.min, moments.max};
            for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
                put_name(out, names[k]);
                alloy_json_append_real(out, values[k]);
            }
            put_name(out, "missing");
            g_string_append_printf(out, "%zu", moments.missing);
        }
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, '}');
}

static void put_value(GString *out, const AlloyColumn *column, size_t i)
{
    char buffer[32];
    if (column->type == ALLOY_REAL)
        alloy_json_append_real(out, column->real[i]);
    else if (column->type == ALLOY_TEXT)
        alloy_json_append_string(out, alloy_column_text_at(column, i));
    else
        g_string_append(out, alloy_column_format_at(column, i, buffer));
}

static void put_info(GString *out, const AlloyColumns *info)
{
    put_name(out, "info");
    g_string_append_c(out, '{');
    for (unsigned i = 0; i < info->len; i++) {
        const AlloyColumn *column = info->pdata[i];
        put_name(out, column->name);
        if (column->n != 1)
            g_string_append_c(out, '[');
        for (size_t k = 0; k < column->n; k++) {
            if (k > 0)
                g_string_append_c(out, ',');
            put_value(out, column, k);
        }
        if (column->n != 1)
            g_string_append_c(out, ']');
    }
    g_string_append_c(out, '}');
}

static void put_atoms(GString *out, const AlloyAtoms *atoms)
{
    put_name(out, "atoms");
    g_string_append_printf(out, "%zu", atoms->n);
    put_name(out, "species");
    g_string_append_c(out, '{');
    for (unsigned i = 0; i < atoms->n_kinds; i++) {
        put_name(out, atoms->kinds[i].name);
        g_string_append_printf(out, "%zu", atoms->kinds[i].count);
    }
    g_string_append_c(out, '}');
    double low[3], high[3];
    if (alloy_atoms_bounds(atoms, low, high)) {
        put_three(out, "low", low);
        put_three(out, "high", high);
    }
    if (atoms->cell != NULL) {
        put_name(out, "cell");
        g_string_append_c(out, '{');
        put_three(out, "origin", atoms->cell->origin);
        put_three(out, "a", atoms->cell->vector[0]);
        put_three(out, "b", atoms->cell->vector[1]);
        put_three(out, "c", atoms->cell->vector[2]);
        put_name(out, "periodic");
        for (int k = 0; k < 3; k++)
            g_string_append_printf(out, "%s%s", k == 0 ? "[" : ",",
                                   atoms->cell->periodic[k] ? "true" : "false");
        g_string_append(out, "]}");
    }
    put_columns(out, atoms->columns);
    put_info(out, atoms->info);
}

static void put_stages(GString *out, const AlloySeries *series)
{
    put_name(out, "stages");
    g_string_append_c(out, '[');
    for (size_t i = 0; i < series->n; i++) {
        const AlloyStage *stage = &series->stages[i];
        g_string_append(out, i > 0 ? ",{" : "{");
        put_name(out, "label");
        alloy_json_append_string(out, stage->label);
        put_name(out, "time");
        alloy_json_append_real(out, stage->time);
        put_name(out, "temperature");
        alloy_json_append_real(out, stage->temperature);
        put_atoms(out, stage->atoms);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_warnings(GString *out, const GPtrArray *warnings)
{
    put_name(out, "warnings");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < warnings->len; i++) {
        const AlloyWarning *warning = warnings->pdata[i];
        g_string_append(out, i > 0 ? ",{" : "{");
        put_name(out, "code");
        alloy_json_append_string(out, warning->code);
        put_name(out, "message");
        alloy_json_append_string(out, warning->message);
        if (warning->fix != NULL) {
            put_name(out, "fix");
            alloy_json_append_string(out, warning->fix);
        }
        if (warning->fix_title != NULL) {
            put_name(out, "fix_title");
            alloy_json_append_string(out, warning->fix_title);
        }
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_project(GString *out, const AlloyProject *project)
{
    put_name(out, "kind");
    alloy_json_append_string(out, "project");
    put_name(out, "items");
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < alloy_project_size(project); i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        g_autofree char *origin = alloy_origin_to_json(item->origin);
        g_string_append(out, i > 0 ? ",\n{" : "\n{");
        put_name(out, "id");
        g_string_append_printf(out, "%u", item->id);
        put_name(out, "name");
        alloy_json_append_string(out, item->name);
        put_name(out, "kind");
        alloy_json_append_string(out, item->data->klass->name);
        put_name(out, "origin");
        g_string_append(out, origin);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_data(GString *out, const AlloyData *data)
{
    put_name(out, "kind");
    alloy_json_append_string(out, data->klass->name);
    if (ALLOY_IS_ATOMS(data))
        put_atoms(out, (const AlloyAtoms *)data);
    else if (ALLOY_IS_SERIES(data))
        put_stages(out, (const AlloySeries *)data);
    else if (ALLOY_IS_TABLE(data)) {
        put_name(out, "rows");
        g_string_append_printf(out, "%zu", ((const AlloyTable *)data)->n);
        put_columns(out, ((const AlloyTable *)data)->columns);
        put_info(out, ((const AlloyTable *)data)->scalars);
    }
}

static void put_answer(GString *out, const Question *question)
{
    g_string_append_c(out, '{');
    put_name(out, "path");
    alloy_json_append_string(out, question->path);
    if (question->project != NULL) {
        put_project(out, question->project);
    } else {
        put_data(out, question->input->data);
        put_warnings(out, question->warnings);
    }
    g_string_append_c(out, '}');
}

/* --- the command --- */

static gboolean take_paths(Cli *cli, CliArgs *args, GPtrArray *paths, GError **error)
{
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(cli, args, &word, &name, &value, error)) {
        case CLI_END:
            return paths->len > 0 || cli->help || alloy_parameter_error(error, "info needs a file");
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            return cli_unknown_option("info", name, NULL, error);
        case CLI_WORD:
            g_ptr_array_add(paths, (gpointer)word);
        }
    }
}

/* One file; json: where its answer goes, NULL: to the terminal. */
static int answer(Cli *cli, const char *path, GString *json)
{
    g_autoptr(GError) error = NULL;
    g_auto(Question) question = {cli, path, NULL, NULL, alloy_warnings_new()};
    if (!cli_work(cli, work, &question, &error)) {
        cli_print_warnings(cli, question.warnings);
        return cli_fail(cli, error);
    }
    if (json != NULL) {
        put_answer(json, &question);
        return CLI_DONE;
    }
    if (cli->quiet)
        return CLI_DONE;
    if (question.project != NULL) {
        print_project(question.project, path);
    } else {
        printf("%s: %s\n", cli_path_title(path), question.input->data->klass->title);
        print_data(question.input->data);
    }
    fflush(stdout);
    cli_print_warnings(cli, question.warnings);
    return CLI_DONE;
}

int cli_info(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    if (!take_paths(cli, args, paths, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_command_help("info");
        return CLI_DONE;
    }
    if (!cli_set_inputs(cli, paths, &error))
        return cli_usage(error);
    /* Several files are a list; one that cannot be read does not keep the others from being told. */
    int status = CLI_DONE;
    g_autoptr(GString) json = g_string_new(NULL);
    for (unsigned i = 0; i < paths->len && cli->signal == 0; i++) {
        if (i > 0 && !cli->json && !cli->quiet)
            putchar('\n');
        gsize before = json->len;
        if (before > 0)
            g_string_append(json, ",\n");
        int one = answer(cli, paths->pdata[i], cli->json ? json : NULL);
        if (one != CLI_DONE)
            g_string_truncate(json, before);
        status = MAX(status, one);
    }
    if (cli->json && paths->len > 1)
        printf("[%s]\n", json->str);
    else if (cli->json && status == CLI_DONE)
        printf("%s\n", json->str);
    return status;
}
