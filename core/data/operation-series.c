/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/operation-private.h"

#include "core/base/error.h"
#include "core/data/units.h"

#include <math.h>
#include <string.h>

/* One operation on the stages of a series, one after the other, and their outputs put together. */

/* Column name of the given tables (NULL: one that lacks it), below one another. Numbers of different types
 * become real; where a table lacks the column it is missing (NaN, an empty label). */
static const AlloyColumn *concatenate(const char *name, const AlloyColumn *const *parts, const size_t *rows,
                                      size_t n_parts)
{
    size_t n = 0;
    const AlloyColumn *first = NULL;
    gboolean mixed = FALSE, missing = FALSE, text = FALSE;
    for (size_t p = 0; p < n_parts; p++) {
        n += rows[p];
        missing |= parts[p] == NULL && rows[p] > 0;
        if (parts[p] == NULL)
            continue;
        first = first != NULL ? first : parts[p];
        mixed |= parts[p]->type != first->type;
        text |= parts[p]->type == ALLOY_TEXT;
    }
    size_t k = 0;
    if (text) {
        AlloyLabels *labels = alloy_labels_new();
        uint32_t *codes = alloy_array_new(uint32_t, n);
        char buffer[32];
        for (size_t p = 0; p < n_parts; p++)
            for (size_t i = 0; i < rows[p]; i++) {
                const char *label = parts[p] != NULL ? alloy_column_format_at(parts[p], i, buffer) : "";
                codes[k++] = alloy_labels_add(labels, label, strlen(label));
            }
        return alloy_labels_finish(labels, name, codes, n);
    }
    if (mixed || missing || first->type == ALLOY_REAL) {
        double *values = alloy_array_new(double, n), floor = NAN;
        for (size_t p = 0; p < n_parts; p++) {
            for (size_t i = 0; i < rows[p]; i++)
                values[k++] = parts[p] != NULL ? alloy_column_real_at(parts[p], i) : (double)NAN;
            if (parts[p] != NULL)
                floor = fmax(floor, parts[p]->floor);
        }
        return alloy_column_with_floor(alloy_column_new_real(name, first->unit, values, n), floor);
    }
    size_t size = alloy_type_size(first->type);
    char *values = alloy_array_alloc(n, size);
    for (size_t p = 0; p < n_parts; p++)
        if (rows[p] > 0) {
            memcpy(values + k * size, parts[p]->values, rows[p] * size);
            k += rows[p];
        }
    if (first->type == ALLOY_INTEGER)
        return alloy_column_new_integer(name, first->unit, (int64_t *)(void *)values, n);
    return alloy_column_new_boolean(name, (uint8_t *)values, n);
}

/* The columns of all parts (NULL: no such list) below one another, each in one unit, in the order in which
 * their names first come. */
static AlloyColumns *stack(AlloyRun *run, const AlloyColumns *const *given, const size_t *rows,
                           size_t n_parts)
{
    AlloyColumns *columns = alloy_columns_new();
    g_autofree const AlloyColumn **parts = g_new0(const AlloyColumn *, n_parts + 1);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) alike = alloy_columns_in_one_unit(given, n_parts, notes);
    const AlloyColumns *const *lists = (const AlloyColumns *const *)alike->pdata;
    for (guint i = 0; i < notes->len; i++)
        alloy_warn(run->warnings, "unit", NULL, NULL, "%s", (const char *)notes->pdata[i]);
    for (size_t p = 0; p < n_parts; p++)
        for (unsigned c = 0; c < lists[p]->len; c++) {
            const char *name = ((const AlloyColumn *)lists[p]->pdata[c])->name;
            if (alloy_columns_get(columns, name) != NULL)
                continue;
            for (size_t q = 0; q < n_parts; q++)
                parts[q] = alloy_columns_get(lists[q], name);
            alloy_columns_set(columns, concatenate(name, parts, rows, n_parts));
        }
    return columns;
}

/* In front of the columns: which stage each row belongs to. */
static void prepend_stage(AlloyColumns *columns, const size_t *rows, size_t n_stages)
{
    size_t n = 0, k = 0;
    for (size_t s = 0; s < n_stages; s++)
        n += rows[s];
    int64_t *stage = alloy_array_new(int64_t, n);
    for (size_t s = 0; s < n_stages; s++)
        for (size_t i = 0; i < rows[s]; i++)
            stage[k++] = (int64_t)s;
    g_ptr_array_insert(columns, 0, (gpointer)alloy_column_new_integer("stage", ALLOY_UNIT_NONE, stage, n));
}

/* The table of that title, the occurrence-th of them. */
static const AlloyTable *find_table(const AlloyRun *run, const char *title, unsigned occurrence)
{
    for (unsigned t = 0; t < run->tables->len; t++) {
        const AlloyTable *table = run->tables->pdata[t];
        if (strcmp(table->title, title) == 0 && occurrence-- == 0)
            return table;
    }
    return NULL;
}

static unsigned tables_of_title(const GPtrArray *tables, unsigned end, const char *title)
{
    unsigned count = 0;
    for (unsigned t = 0; t < end; t++)
        count += strcmp(((const AlloyTable *)tables->pdata[t])->title, title) == 0;
    return count;
}

static void gather_tables(AlloyRun *run, AlloyRun *const *runs, size_t n)
{
    g_autofree const AlloyColumns **lists = g_new0(const AlloyColumns *, n);
    g_autofree size_t *rows = g_new0(size_t, n);
    for (size_t s = 0; s < n; s++)
        for (unsigned t = 0; t < runs[s]->tables->len; t++) {
            const char *title = ((const AlloyTable *)runs[s]->tables->pdata[t])->title;
            unsigned occurrence = tables_of_title(runs[s]->tables, t, title);
            if (tables_of_title(run->tables, run->tables->len, title) > occurrence)
                continue; /* an earlier stage had it */
            for (size_t q = 0; q < n; q++) {
                const AlloyTable *table = find_table(runs[q], title, occurrence);
                lists[q] = table != NULL ? table->columns : NULL;
                rows[q] = table != NULL ? table->n : 0;
            }
            AlloyColumns *columns = stack(run, lists, rows, n);
            prepend_stage(columns, rows, n);
            alloy_run_add_table(run, alloy_table_new(title, columns, NULL));
        }
}

/* One row per stage: what it is, and the scalars of its run and of its run's tables. */
static void gather_scalars(AlloyRun *run, AlloyRun *const *runs, const AlloySeries *series)
{
    size_t n = series->n;
    g_autofree const AlloyColumns **lists = g_new0(const AlloyColumns *, n);
    g_autofree size_t *rows = g_new0(size_t, n);
    gboolean any = FALSE;
    for (size_t s = 0; s < n; s++) {
        const AlloyStage *stage = &series->stages[s];
        AlloyColumns *row = alloy_columns_new();
        alloy_columns_set(row, alloy_scalar_text("stage_label", stage->label));
        if (!isnan(stage->time))
            alloy_columns_set(row, alloy_scalar_real("stage_time", ALLOY_UNIT_TIME, stage->time));
        if (!isnan(stage->temperature))
            alloy_columns_set(
                row, alloy_scalar_real("stage_temperature", ALLOY_UNIT_TEMPERATURE, stage->temperature));
        unsigned own = row->len;
        for (unsigned i = 0; i < runs[s]->scalars->len; i++)
            alloy_columns_set(row, alloy_ref((const AlloyColumn *)runs[s]->scalars->pdata[i]));
        for (unsigned t = 0; t < runs[s]->tables->len; t++) {
            const AlloyColumns *scalars = ((const AlloyTable *)runs[s]->tables->pdata[t])->scalars;
            for (unsigned i = 0; i < scalars->len; i++) {
                const AlloyColumn *scalar = scalars->pdata[i];
                if (alloy_columns_get(row, scalar->name) == NULL)
                    alloy_columns_set(row, alloy_ref(scalar));
            }
        }
        any |= row->len > own;
        lists[s] = row;
        rows[s] = 1;
    }
    if (any) {
        AlloyColumns *columns = stack(run, lists, rows, n);
        prepend_stage(columns, rows, n);
        alloy_run_add_table(run, alloy_table_new("scalars", columns, NULL));
    }
    for (size_t s = 0; s < n; s++)
        g_ptr_array_unref((AlloyColumns *)lists[s]);
}

static void gather_resolved(AlloyRun *run, AlloyRun *const *runs, size_t n)
{
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        g_autoptr(GPtrArray) values = g_ptr_array_new();
        gboolean any = FALSE, differ = FALSE;
        for (size_t s = 0; s < n; s++) {
            const char *value = g_hash_table_lookup(runs[s]->resolved, param->name);
            any |= value != NULL;
            g_ptr_array_add(values, (gpointer)(value != NULL ? value : "none"));
            differ |= strcmp(values->pdata[s], values->pdata[0]) != 0;
        }
        g_ptr_array_add(values, NULL);
        if (any)
            g_hash_table_insert(run->resolved, g_strdup(param->name),
                                differ ? g_strjoinv(", ", (char **)values->pdata)
                                       : g_strdup(values->pdata[0]));
    }
}

/* Stages are there to be compared: where each has been counted with a number of its own, a difference between
 * them may be that of the numbers. */
static void warn_of_spread(AlloyRun *run, AlloyRun *const *runs, const AlloySeries *series)
{
    enum { LISTED = 6 };
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        double low = INFINITY, high = -INFINITY, sum = 0, atoms = 0;
        g_autoptr(GString) list = g_string_new(NULL);
        for (size_t s = 0; param->grain > 0 && s < series->n; s++) {
            const char *text = g_hash_table_lookup(runs[s]->resolved, param->name);
            if (text == NULL)
                continue;
            double value = g_ascii_strtod(text, NULL), weight = (double)series->stages[s].atoms->n;
            low = fmin(low, value);
            high = fmax(high, value);
            sum += weight * value;
            atoms += weight;
            if (series->n <= LISTED)
                g_string_append_printf(list, "%s%.4g", list->len > 0 ? ", " : "", value);
        }
        if (!(high - low > param->grain))
            continue;
        if (list->len == 0)
            g_string_printf(list, "%.4g to %.4g", low, high);
        alloy_warn(
            run->warnings, param->name, NULL, NULL,
            "every stage has a %s of its own (%s%s%s): a difference between stages may be one of these "
            "numbers; --%s %.4g, their mean weighted by atoms, takes one for all",
            param->name, list->str, param->unit != NULL ? " " : "", param->unit != NULL ? param->unit : "",
            param->name, sum / atoms);
    }
}

/* Whether each species that the parameters name is in some stage: then the others may do without. */
static gboolean species_are_somewhere(const AlloyRun *run, const AlloySeries *series)
{
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        const char *value = g_hash_table_lookup(run->params, param->name);
        if (param->type != ALLOY_PARAM_SPECIES || value == NULL)
            continue;
        size_t s = 0;
        while (s < series->n && alloy_find_species(series->stages[s].atoms, value) < 0)
            s++;
        if (s == series->n)
            return FALSE;
    }
    return TRUE;
}

/* A run of stage s alone, ready to go. */
static AlloyRun *stage_run(const AlloyRun *run, const AlloySeries *series, size_t s)
{
    AlloyRun *one = alloy_run_new(run->operation);
    for (unsigned i = 0; i < run->inputs->len; i++) {
        const AlloyData *input = run->inputs->pdata[i];
        alloy_run_add_input(one, input == ALLOY_DATA(series) ? ALLOY_DATA(series->stages[s].atoms) : input);
    }
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, run->params);
    while (g_hash_table_iter_next(&iter, &name, &value))
        g_hash_table_insert(one->params, g_strdup(name), g_strdup(value));
    one->seed = run->seed;
    one->pair_names = alloy_pair_names_ref(run->pair_names);
    one->may_lack_species = species_are_somewhere(run, series);
    one->may_be_empty = TRUE;
    one->progress = alloy_progress_part(run->progress, (double)s / (double)series->n,
                                        (double)(s + 1) / (double)series->n);
    return one;
}

static gboolean says_the_same(const AlloyWarning *a, const AlloyWarning *b)
{
    return strcmp(a->code, b->code) == 0 && strcmp(a->message, b->message) == 0 &&
           g_strcmp0(a->fix, b->fix) == 0;
}

/* What several stages say in the same words is said once. */
static void gather_warnings(AlloyRun *run, const GPtrArray *runs, const AlloySeries *series)
{
    g_autoptr(GPtrArray) first = g_ptr_array_new();
    g_autoptr(GPtrArray) stages = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint s = 0; s < runs->len; s++) {
        const GPtrArray *warnings = ((const AlloyRun *)runs->pdata[s])->warnings;
        for (guint i = 0; i < warnings->len; i++) {
            guint g = 0;
            while (g < first->len && !says_the_same(first->pdata[g], warnings->pdata[i]))
                g++;
            if (g == first->len) {
                g_ptr_array_add(first, warnings->pdata[i]);
                g_ptr_array_add(stages, g_array_new(FALSE, FALSE, sizeof(guint)));
            }
            g_array_append_val(stages->pdata[g], s);
        }
    }
    for (guint g = 0; g < first->len; g++) {
        const AlloyWarning *warning = first->pdata[g];
        const GArray *numbers = stages->pdata[g];
        g_autofree char *list = alloy_stage_list(numbers);
        if (numbers->len == 1)
            alloy_warn(run->warnings, warning->code, warning->fix, warning->fix_title, "stage %s (%s): %s",
                       list, series->stages[g_array_index(numbers, guint, 0)].label, warning->message);
        else
            alloy_warn(run->warnings, warning->code, warning->fix, warning->fix_title, "stages %s: %s", list,
                       warning->message);
    }
}

gboolean alloy_run_map_series(AlloyRun *run, GError **error)
{
    const AlloySeries *series = NULL;
    for (unsigned i = 0; i < run->inputs->len; i++)
        if (run->inputs->pdata[i] != NULL && ALLOY_IS_SERIES(run->inputs->pdata[i]))
            series = run->inputs->pdata[i];
    g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_run_free);
    g_autofree const AlloyAtoms **models = g_new(const AlloyAtoms *, series->n + 1);
    for (size_t s = 0; s < series->n; s++)
        models[s] = series->stages[s].atoms;
    alloy_pair_names_unref(run->pair_names);
    run->pair_names = alloy_pair_names_of_models(models, series->n);
    const char *nothing = NULL;
    gboolean good = TRUE, with_atoms = TRUE, all_empty = TRUE;
    for (size_t s = 0; good && s < series->n; s++) {
        AlloyRun *one = stage_run(run, series, s);
        g_ptr_array_add(runs, one);
        GError *failure = NULL;
        good = alloy_run_execute(one, &failure);
        if (!good && !alloy_is_cancelled(failure))
            g_prefix_error(&failure, "stage %zu (%s): ", s, series->stages[s].label);
        if (!good)
            g_propagate_error(error, failure);
        with_atoms &= one->atoms != NULL && ALLOY_IS_ATOMS(one->atoms);
        all_empty &= one->nothing != NULL;
        nothing = one->nothing;
    }
    gather_warnings(run, runs, series);
    if (!good)
        return FALSE;
    if (all_empty && series->n > 0)
        return alloy_input_error(error, "%s in any of the %zu stages", nothing, series->n);
    alloy_progress_set(run->progress, 1);

    AlloyRun *const *each = (AlloyRun *const *)runs->pdata;
    if (with_atoms) {
        g_autofree AlloyStage *stages = g_memdup2(series->stages, series->n * sizeof *stages);
        for (size_t s = 0; s < series->n; s++)
            stages[s].atoms = (const AlloyAtoms *)each[s]->atoms;
        alloy_run_set_series(run, alloy_series_new(series->title, stages, series->n));
    }
    gather_tables(run, each, series->n);
    gather_scalars(run, each, series);
    gather_resolved(run, each, series->n);
    warn_of_spread(run, each, series);
    return TRUE;
}
