/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/operation-private.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/data/series.h"

#include <math.h>
#include <string.h>

AlloyRun *alloy_run_new(const AlloyOperation *operation)
{
    AlloyRun *run = g_new0(AlloyRun, 1);
    run->operation = operation;
    run->inputs = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    run->params = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    run->resolved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    run->warnings = alloy_warnings_new();
    run->tables = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    run->scalars = alloy_columns_new();
    return run;
}

void alloy_run_free(AlloyRun *run)
{
    if (run == NULL)
        return;
    g_ptr_array_unref(run->inputs);
    g_hash_table_unref(run->params);
    g_hash_table_unref(run->resolved);
    alloy_progress_unref(run->progress);
    g_ptr_array_unref(run->warnings);
    alloy_data_unref(run->atoms);
    g_ptr_array_unref(run->tables);
    g_ptr_array_unref(run->scalars);
    alloy_pair_names_unref(run->pair_names);
    g_free(run);
}

void alloy_run_add_input(AlloyRun *run, const AlloyData *data)
{
    g_ptr_array_add(run->inputs, alloy_data_ref(data));
}

const AlloyData *alloy_run_input(const AlloyRun *run, unsigned index)
{
    return index < run->inputs->len ? run->inputs->pdata[index] : NULL;
}

const AlloyAtoms *alloy_run_atoms(const AlloyRun *run, unsigned index)
{
    const AlloyData *data = alloy_run_input(run, index);
    g_assert(data == NULL || ALLOY_IS_ATOMS(data));
    return (const AlloyAtoms *)data;
}

/* --- inputs --- */

static const AlloyInput *input_at(const AlloyOperation *operation, unsigned index)
{
    unsigned k = 0;
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++, k++)
        if (k == index || (input->repeated && index > k))
            return input;
    return NULL;
}

gboolean alloy_operation_maps_series(const AlloyOperation *operation)
{
    unsigned models = 0;
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++) {
        if (input->klass == &alloy_series_class || (input->klass == &alloy_atoms_class && input->repeated))
            return FALSE;
        models += input->klass == &alloy_atoms_class;
    }
    return models == 1;
}

static gboolean check_inputs(const AlloyRun *run, GError **error)
{
    const AlloyOperation *operation = run->operation;
    for (unsigned i = 0; i < run->inputs->len; i++) {
        const AlloyInput *input = input_at(operation, i);
        if (input == NULL)
            return alloy_input_error(error, "%s takes %u input%s, %u were given", operation->name, i,
                                     i == 1 ? "" : "s", run->inputs->len);
        const AlloyData *data = run->inputs->pdata[i];
        if (data == NULL || data->klass == input->klass)
            continue;
        if (input->klass == &alloy_atoms_class && ALLOY_IS_SERIES(data) &&
            alloy_operation_maps_series(operation)) {
            if (((const AlloySeries *)data)->n == 0)
                return alloy_input_error(error, "the series given to %s as `%s` has no stages",
                                         operation->name, input->name);
            continue;
        }
        g_autofree char *expected = g_ascii_strdown(input->klass->title, -1);
        g_autofree char *found = g_ascii_strdown(data->klass->title, -1);
        return alloy_input_error(error, "input %u of %s (`%s`): %s expected, %s found%s", i + 1,
                                 operation->name, input->name, expected, found,
                                 input->klass == &alloy_atoms_class && ALLOY_IS_TABLE(data)
                                     ? "; if these are the types of atoms whose positions are in another "
                                       "file, give that one with --fix types=FILE"
                                     : "");
    }
    unsigned k = 0;
    for (const AlloyInput *input = operation->inputs; input->name != NULL; input++, k++) {
        if (input->optional || alloy_run_input(run, k) != NULL)
            continue;
        g_autofree char *expected = g_ascii_strdown(input->klass->title, -1);
        return alloy_input_error(error, "%s needs input %u (`%s`, %s%s%s), which is missing", operation->name,
                                 k + 1, input->name, expected, input->help != NULL ? ": " : "",
                                 input->help != NULL ? input->help : "");
    }
    return TRUE;
}

AlloyPairNames *alloy_pair_names_of_models(const AlloyAtoms *const *models, size_t n)
{
    g_autoptr(GPtrArray) species = g_ptr_array_new();
    for (size_t k = 0; k < n; k++)
        for (unsigned i = 0; i < models[k]->n_kinds; i++)
            g_ptr_array_add(species, models[k]->kinds[i].name);
    return alloy_pair_names_new((const char *const *)species->pdata, species->len);
}

char *alloy_run_pair_name(AlloyRun *run, const AlloyAtoms *atoms, const char *a, const char *b)
{
    if (run->pair_names == NULL)
        run->pair_names = alloy_pair_names_of_models(&atoms, 1);
    char *name = alloy_pair_name(run->pair_names, a, b);
    gboolean warned = !alloy_pair_name_clashes(run->pair_names, a, b);
    for (guint i = 0; !warned && i < run->warnings->len; i++)
        warned = strcmp(((const AlloyWarning *)run->warnings->pdata[i])->code, "pair-names") == 0;
    if (!warned)
        alloy_warn(
            run->warnings, "pair-names", NULL, NULL,
            "%s_%s could be two pairs of species: where a name could, two bars stand between them, as in %s",
            a, b, name);
    return name;
}

/* --- outputs --- */

void alloy_run_set_atoms(AlloyRun *run, const AlloyAtoms *atoms)
{
    alloy_data_unref(run->atoms);
    run->atoms = ALLOY_DATA(atoms);
}

void alloy_run_set_series(AlloyRun *run, const void *series)
{
    g_assert(ALLOY_IS_SERIES(series));
    alloy_data_unref(run->atoms);
    run->atoms = series;
}

void alloy_run_add_table(AlloyRun *run, const AlloyTable *table)
{
    g_ptr_array_add(run->tables, (gpointer)table);
}

void alloy_run_add_scalar(AlloyRun *run, const AlloyColumn *scalar)
{
    g_assert(scalar->n == 1);
    alloy_columns_set(run->scalars, scalar);
}

static void drop_outputs(AlloyRun *run)
{
    alloy_clear(&run->atoms);
    g_ptr_array_set_size(run->tables, 0);
    g_ptr_array_set_size(run->scalars, 0);
}

/* {A} stands for one character or more. */
static gboolean name_matches(const char *pattern, const char *name)
{
    if (*pattern == '{') {
        const char *rest = strchr(pattern, '}');
        g_assert(rest != NULL);
        for (const char *end = name; *end != '\0'; end++)
            if (name_matches(rest + 1, end + 1))
                return TRUE;
        return FALSE;
    }
    if (*pattern != *name)
        return FALSE;
    return *pattern == '\0' || name_matches(pattern + 1, name + 1);
}

static gboolean is_declared(const AlloyRun *run, AlloyOutputKind kind, const AlloyColumn *column,
                            GError **error)
{
    static const char *const where[] = {"per-atom column", "table column", "scalar"};
    const char *unit = NULL;
    for (const AlloyOutput *output = run->operation->outputs; output->name != NULL; output++) {
        if (output->kind != kind || !name_matches(output->name, column->name))
            continue;
        /* Text has no unit, whatever is declared. */
        if (output->unit == NULL || column->type == ALLOY_TEXT || strcmp(output->unit, column->unit) == 0)
            return TRUE;
        unit = output->unit;
    }
    if (unit != NULL)
        return alloy_input_error(error, "%s gives the %s %s in %s, declared is %s", run->operation->name,
                                 where[kind], column->name, column->unit, unit);
    return alloy_input_error(error, "%s gives the %s %s, which it does not declare", run->operation->name,
                             where[kind], column->name);
}

/* Whether a column is the input's own: the very same, or what is left of it where atoms may be left out. */
static gboolean is_inherited(const AlloyRun *run, const AlloyColumn *column, const AlloyAtoms *input)
{
    const AlloyColumn *own = input != NULL ? alloy_atoms_column(input, column->name) : NULL;
    return own != NULL && (own == column || (run->operation->subset && own->type == column->type &&
                                             strcmp(own->unit, column->unit) == 0));
}

static gboolean check_atoms(const AlloyRun *run, const AlloyAtoms *atoms, const AlloyAtoms *input,
                            GError **error)
{
    if (input != NULL && (run->operation->subset ? atoms->n > input->n : atoms->n != input->n))
        return alloy_input_error(error, "%s gives %zu atoms for an input of %zu", run->operation->name,
                                 atoms->n, input->n);
    for (unsigned i = 0; i < atoms->columns->len; i++) {
        const AlloyColumn *column = atoms->columns->pdata[i];
        if (is_inherited(run, column, input))
            continue;
        if (!is_declared(run, ALLOY_OUT_ATOM_COLUMN, column, error))
            return FALSE;
    }
    return TRUE;
}

gboolean alloy_run_check_outputs(const AlloyRun *run, GError **error)
{
    const AlloyData *input = alloy_run_input(run, 0);
    if (input != NULL && ALLOY_IS_SERIES(input) && alloy_operation_maps_series(run->operation))
        return TRUE; /* each stage was checked in its own run */
    if (run->atoms != NULL && ALLOY_IS_ATOMS(run->atoms)) {
        const AlloyAtoms *from = input != NULL && ALLOY_IS_ATOMS(input) ? (const AlloyAtoms *)input : NULL;
        if (!check_atoms(run, (const AlloyAtoms *)run->atoms, from, error))
            return FALSE;
    } else if (run->atoms != NULL) {
        const AlloySeries *series = (const AlloySeries *)run->atoms;
        const AlloySeries *from = input != NULL && ALLOY_IS_SERIES(input) ? (const AlloySeries *)input : NULL;
        if (from != NULL && from->n != series->n)
            return alloy_input_error(error, "%s gives %zu stages for a series of %zu", run->operation->name,
                                     series->n, from->n);
        for (size_t i = 0; i < series->n; i++)
            if (!check_atoms(run, series->stages[i].atoms, from != NULL ? from->stages[i].atoms : NULL,
                             error))
                return FALSE;
    }
    for (unsigned t = 0; t < run->tables->len; t++) {
        const AlloyTable *table = run->tables->pdata[t];
        if (run->operation->tables != NULL && !g_strv_contains(run->operation->tables, table->title))
            return alloy_input_error(error, "%s gives the table %s, which it does not declare",
                                     run->operation->name, table->title);
        for (unsigned i = 0; i < table->columns->len; i++)
            if (!is_declared(run, ALLOY_OUT_TABLE_COLUMN, table->columns->pdata[i], error))
                return FALSE;
        for (unsigned i = 0; i < table->scalars->len; i++)
            if (!is_declared(run, ALLOY_OUT_SCALAR, table->scalars->pdata[i], error))
                return FALSE;
    }
    for (unsigned i = 0; i < run->scalars->len; i++)
        if (!is_declared(run, ALLOY_OUT_SCALAR, run->scalars->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* --- running --- */

gboolean alloy_run_execute(AlloyRun *run, GError **error)
{
    drop_outputs(run);
    g_hash_table_remove_all(run->resolved);
    g_ptr_array_set_size(run->warnings, 0);
    run->nothing = NULL;
    if (!check_inputs(run, error) || !alloy_run_check_required(run, error) ||
        !alloy_progress_check(run->progress, error))
        return FALSE;

    GError *failure = NULL;
    const AlloyData *series = NULL;
    for (unsigned i = 0; i < run->inputs->len; i++)
        if (run->inputs->pdata[i] != NULL && ALLOY_IS_SERIES(run->inputs->pdata[i]))
            series = run->inputs->pdata[i];
    gboolean done = series != NULL && alloy_operation_maps_series(run->operation)
                        ? alloy_run_map_series(run, &failure)
                        : run->operation->run(run, &failure);
    g_assert(done == (failure == NULL)); /* a run fails with an error, or does neither */
    if (!done) {
        drop_outputs(run);
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (!alloy_run_check_outputs(run, &failure)) {
        g_critical("%s", failure->message);
        g_error_free(failure);
    }
    return TRUE;
}
