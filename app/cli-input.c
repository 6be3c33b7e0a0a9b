/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read: files, and items of projects. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/data/series.h"
#include "core/data/warning.h"
#include "core/project/store.h"
#include "core/structure/import.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void cli_input_free(CliInput *input)
{
    if (input == NULL)
        return;
    g_free(input->path);
    g_free(input->name);
    alloy_data_unref(input->whole);
    alloy_data_unref(input->data);
    if (input->project != NULL)
        alloy_project_free(input->project);
    g_free(input);
}

/* "gold" of "folder/gold.xyz.gz". */
static char *title_of(const char *path)
{
    char *base = g_path_get_basename(path);
    const char *const packed[] = {".gz", ".bz2"};
    for (size_t i = 0; i < G_N_ELEMENTS(packed); i++)
        if (g_str_has_suffix(base, packed[i]))
            base[strlen(base) - strlen(packed[i])] = '\0';
    char *dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    return base;
}

gboolean cli_split_project(const char *path, char **project, char **item)
{
    const char *hash = strstr(path, ".alloy#");
    *project = *item = NULL;
    if (hash != NULL) {
        hash += strlen(".alloy");
        *project = g_strndup(path, (gsize)(hash - path));
        *item = g_strdup(hash + 1);
        return TRUE;
    }
    if (!alloy_is_project_path(path))
        return FALSE;
    *project = g_strdup(path);
    return TRUE;
}

/* "particle", "csrop of particle" */
static char *names_of(const GPtrArray *items)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (unsigned i = 0; i < MIN(items->len, 12); i++)
        g_string_append_printf(names, "%s\"%s\"", i > 0 ? ", " : "",
                               ((const AlloyItem *)items->pdata[i])->name);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

/* The item of that name, or the only one that suits. Borrowed. */
static const AlloyItem *choose_item(const AlloyProject *project, const char *path, const char *name,
                                    CliSuits suits, gconstpointer user, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new(), suitable = g_ptr_array_new();
    for (unsigned i = 0; i < alloy_project_size(project); i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        if (name != NULL && strcmp(item->name, name) == 0)
            return item;
        g_ptr_array_add(all, (gpointer)item);
        if (suits == NULL || suits(item->data, user))
            g_ptr_array_add(suitable, (gpointer)item);
    }
    if (name == NULL && suitable->len == 1)
        return suitable->pdata[0];
    g_autofree char *names = names_of(name != NULL || suitable->len == 0 ? all : suitable);
    if (name != NULL)
        alloy_parameter_error(error, "%s: there is no item \"%s\"; there are: %s", path, name, names);
    else if (suitable->len == 0)
        alloy_input_error(error, "%s: no item of it can be used here; there are: %s", path,
                          *names != '\0' ? names : "none");
    else
        alloy_parameter_error(error, "%s: which item? Write %s#NAME with one of: %s", path, path, names);
    return NULL;
}

static gboolean read_item(CliInput *input, const char *path, const char *name, CliSuits suits,
                          gconstpointer user, AlloyProgress *progress, GError **error)
{
    input->project = alloy_project_load(path, progress, error);
    if (input->project == NULL)
        return FALSE;
    const AlloyItem *item = choose_item(input->project, path, name, suits, user, error);
    if (item == NULL)
        return FALSE;
    input->item = item->id;
    g_free(input->name);
    input->name = g_strdup(item->name);
    input->whole = alloy_ref(item->data);
    return TRUE;
}

/* The model of a stage, which goes on knowing its label, time and temperature. */
static const AlloyAtoms *stage_named(const AlloySeries *series, const char *name, GError **error)
{
    int place = alloy_series_find_stage(series, name, error);
    return place >= 0 ? alloy_stage_to_info(&series->stages[place]) : NULL;
}

static gboolean take_stages(const Cli *cli, CliInput *input, GError **error)
{
    unsigned n = cli->stages->len;
    if (n > 0 && !ALLOY_IS_SERIES(input->whole) && cli->paths->len == 1)
        return alloy_parameter_error(error, "%s: it is no series, and has no stages: leave --stage out",
                                     input->path);
    if (n == 0 || !ALLOY_IS_SERIES(input->whole)) {
        input->data = alloy_ref(input->whole);
        return TRUE;
    }
    g_autoptr(GPtrArray) models = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    for (unsigned i = 0; i < n; i++) {
        const AlloyAtoms *model =
            stage_named((const AlloySeries *)input->whole, cli->stages->pdata[i], error);
        if (model == NULL) {
            g_prefix_error(error, "%s: ", input->path);
            return FALSE;
        }
        g_ptr_array_add(models, (gpointer)model);
    }
    const AlloyAtoms *const *each = (const AlloyAtoms *const *)models->pdata;
    input->data =
        n == 1 ? ALLOY_DATA(alloy_ref(each[0]))
               : ALLOY_DATA(alloy_series_of_models(each, (const char *const *)cli->stages->pdata, NULL, n));
    return TRUE;
}

/* --- fixes --- */

/* What stands behind "FILE:" where the fix is for this input alone; NULL: it is not. */
static const char *fix_for_path(const char *fix, const char *path)
{
    size_t length = strlen(path);
    return strncmp(fix, path, length) == 0 && fix[length] == ':' ? fix + length + 1 : NULL;
}

/* TRUE for "FILE:NAME=VALUE", whatever the file. */
static gboolean names_file(const Cli *cli, const char *fix)
{
    for (unsigned i = 0; i < cli->paths->len; i++)
        if (fix_for_path(fix, cli->paths->pdata[i]) != NULL)
            return TRUE;
    return strcspn(fix, ":") < strcspn(fix, "=");
}

char **cli_fixes_for(const Cli *cli, const char *path)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    for (unsigned i = 0; i < cli->fixes->len; i++) {
        const char *fix = cli->fixes->pdata[i], *rest = fix_for_path(fix, path);
        if (rest != NULL || !names_file(cli, fix))
            g_ptr_array_add(own, g_strdup(rest != NULL ? rest : fix));
    }
    g_ptr_array_add(own, NULL);
    return (char **)g_ptr_array_steal(own, NULL);
}

static gboolean no_such_input(const Cli *cli, const char *fix, GError **error)
{
    g_autofree char *file = g_strndup(fix, strcspn(fix, ":"));
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (unsigned i = 0; i < cli->paths->len; i++)
        g_ptr_array_add(paths, cli->paths->pdata[i]);
    g_ptr_array_add(paths, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)paths->pdata);
    return alloy_parameter_error(error, "--fix %s: \"%s\" is none of the input files; they are: %s", fix,
                                 file, all);
}

static gboolean check_fix(const Cli *cli, const char *fix, GError **error)
{
    const char *last = NULL;
    gboolean any_file = FALSE, named = names_file(cli, fix), found = FALSE;
    for (unsigned i = 0; i < cli->paths->len; i++) {
        const char *rest = fix_for_path(fix, cli->paths->pdata[i]);
        g_autofree char *project = NULL, *item = NULL;
        if (named && rest == NULL)
            continue;
        found = TRUE;
        last = cli->paths->pdata[i];
        any_file |= !cli_split_project(last, &project, &item);
        if (rest != NULL && strchr(rest, '=') == NULL)
            return alloy_parameter_error(error, "--fix takes %s:NAME=VALUE, not \"%s\"", last, fix);
    }
    if (named && !found)
        return no_such_input(cli, fix, error);
    return any_file || alloy_parameter_error(error,
                                             "--fix %s: %s is an item of a project, which stays as it was "
                                             "imported; import the file again with the fix",
                                             fix, last);
}

gboolean cli_set_inputs(Cli *cli, const GPtrArray *paths, GError **error)
{
    cli->paths = paths;
    const char *useless = cli->fixes->len > 0    ? "--fix"
                          : cli->stages->len > 0 ? "--stage"
                          : cli->format != NULL  ? "--format"
                                                 : NULL;
    unsigned streams = 0;
    for (unsigned i = 0; i < paths->len; i++)
        streams += strcmp(paths->pdata[i], "-") == 0;
    if (streams > 1)
        return alloy_parameter_error(error, "- is the standard input, which can be read once only");
    if (paths->len == 0 && useless != NULL)
        return alloy_parameter_error(error, "%s is for input files, and there is none", useless);
    for (unsigned i = 0; i < cli->fixes->len; i++)
        if (!check_fix(cli, cli->fixes->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* A warning of the import of path, in words that can be typed as they are where there are several inputs. */
static void add_warning(const Cli *cli, const char *path, const AlloyWarning *warning, GPtrArray *warnings)
{
    const char *title = cli_path_title(path);
    gboolean named = strstr(warning->message, title) != NULL;
    g_autofree char *fix = warning->fix == NULL || cli->paths->len < 2
                               ? g_strdup(warning->fix)
                               : g_strdup_printf("%s:%s", path, warning->fix);
    alloy_warn(warnings, warning->code, fix, warning->fix_title, "%s%s%s", named ? "" : title,
               named ? "" : ": ", warning->message);
}

CliInput *cli_input_read(const Cli *cli, const char *path, CliSuits suits, gconstpointer user,
                         GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    g_autoptr(CliInput) input = g_new0(CliInput, 1);
    input->path = g_strdup(path);
    input->name = title_of(path);
    g_autofree char *project = NULL, *item = NULL;
    if (cli_split_project(path, &project, &item)) {
        if (!read_item(input, project, item, suits, user, progress, error))
            return NULL;
    } else {
        g_auto(GStrv) fixes = cli_fixes_for(cli, path);
        g_autoptr(GPtrArray) own = alloy_warnings_new();
        input->whole = alloy_import(path, cli->format, fixes, own, progress, error);
        for (unsigned i = 0; i < own->len; i++)
            add_warning(cli, path, own->pdata[i], warnings);
        if (input->whole == NULL)
            return NULL;
    }
    return take_stages(cli, input, error) ? g_steal_pointer(&input) : NULL;
}

const AlloyData *cli_series_of(const GPtrArray *inputs, unsigned first, const GPtrArray *labels,
                               GError **error)
{
    unsigned n = inputs->len - first;
    g_autofree const AlloyAtoms **models = g_new0(const AlloyAtoms *, n);
    g_autofree const char **names = g_new0(const char *, n);
    for (unsigned i = 0; i < n; i++) {
        const CliInput *input = inputs->pdata[first + i];
        if (!ALLOY_IS_ATOMS(input->data)) {
            alloy_input_error(error,
                              "%s: it is a %s; several files make a series when each holds one model "
                              "(--stage takes one)",
                              input->path, input->data->klass->name);
            return NULL;
        }
        models[i] = (const AlloyAtoms *)input->data;
        names[i] = input->name;
    }
    if (labels != NULL && labels->len > 0 && labels->len != n) {
        alloy_parameter_error(error, "%u labels for %u models", labels->len, n);
        return NULL;
    }
    gboolean given = labels != NULL && labels->len > 0;
    return ALLOY_DATA(
        alloy_series_of_models(models, names, given ? (const char *const *)labels->pdata : NULL, n));
}

const char *cli_path_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

gboolean cli_check_output(const char *path, GError **error)
{
    g_autofree char *project = NULL, *item = NULL;
    if (strcmp(path, "-") == 0)
        return TRUE;
    cli_split_project(path, &project, &item);
    const char *file = project != NULL ? project : path;
    g_autofree char *folder = g_path_get_dirname(file);
    const char *problem = NULL;
    if (g_file_test(file, G_FILE_TEST_IS_DIR))
        problem = "it is a folder, the name of a file is expected";
    else if (!g_file_test(folder, G_FILE_TEST_EXISTS))
        problem = "there is no such folder to write to";
    else if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        problem = "what should be its folder is a file";
    else if (g_access(folder, W_OK) != 0 && !g_file_test(file, G_FILE_TEST_EXISTS))
        problem = "its folder does not let new files in";
    if (problem == NULL)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", file, problem);
    return FALSE;
}

gboolean cli_check_overwriting(const char *in, const char *out, GError **error)
{
    GStatBuf read, written;
    if (strcmp(in, "-") == 0 || strcmp(out, "-") == 0 || g_stat(in, &read) != 0 ||
        g_stat(out, &written) != 0 || !S_ISREG(written.st_mode) || read.st_dev != written.st_dev ||
        read.st_ino != written.st_ino)
        return TRUE;
    return alloy_parameter_error(error, "%s is what is read: give another file to write to", out);
}
