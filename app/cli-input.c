/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/data/series.h"
#include "core/formats/format.h"

#include <string.h>

void cli_input_free(CliInput *input)
{
    if (input == NULL)
        return;
    g_free(input->path);
    g_free(input->name);
    alloy_data_unref(input->data);
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

CliInput *cli_input_read(const Cli *cli, const char *path,
                         gboolean (*suits)(const AlloyData *data, gpointer user), gpointer user,
                         gboolean with_origin, GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    g_autoptr(CliInput) input = g_new0(CliInput, 1);
    input->path = g_strdup(path);
    input->name = title_of(path);
    input->data = alloy_read_file(path, cli->format, warnings, progress, error);
    if (input->data == NULL)
        return NULL;
    if (cli->stage != NULL && ALLOY_IS_SERIES(input->data)) {
        const AlloySeries *series = (const AlloySeries *)input->data;
        int place = alloy_series_find_stage(series, cli->stage, error);
        if (place < 0) {
            g_prefix_error(error, "%s: ", path);
            return NULL;
        }
        const AlloyData *stage = ALLOY_DATA(alloy_ref(series->stages[place].atoms));
        alloy_data_unref(input->data);
        input->data = stage;
    }
    return g_steal_pointer(&input);
}

const AlloyData *cli_series_of(const GPtrArray *inputs, unsigned first, GError **error)
{
    unsigned n = inputs->len - first;
    g_autofree const AlloyAtoms **models = g_new0(const AlloyAtoms *, n);
    g_autofree const char **names = g_new0(const char *, n);
    for (unsigned i = 0; i < n; i++) {
        const CliInput *input = inputs->pdata[first + i];
        if (!ALLOY_IS_ATOMS(input->data)) {
            alloy_input_error(error,
                              "%s: it holds a %s; several files make a series when each holds one model",
                              input->path, input->data->klass->name);
            return NULL;
        }
        models[i] = (const AlloyAtoms *)input->data;
        names[i] = input->name;
    }
    const CliInput *head = inputs->pdata[first];
    return ALLOY_DATA(alloy_series_of_models(head->name, models, names, n));
}
