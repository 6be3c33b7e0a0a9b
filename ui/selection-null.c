/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/selection-null.h"

#include "core/data/table.h"
#include "core/project/job.h"
#include "core/project/registry.h"
#include "core/structure/select.h"

#include <string.h>

typedef struct {
    const AlloyAtoms *atoms;
    double cutoff;
    GPtrArray *tests;
} Work;

static void test_free(gpointer data)
{
    AlloyMeanTest *test = data;
    g_free(test->quantity);
    g_free(test);
}

static void work_free(gpointer data)
{
    Work *work = data;
    alloy_data_unref(work->atoms);
    g_ptr_array_unref(work->tests);
    g_free(work);
}

static const AlloyColumn *column_of(const AlloyTable *table, const char *name)
{
    return alloy_columns_get(table->columns, name);
}

static void add_test(Work *work, char *quantity, const AlloyTable *table, size_t row)
{
    const AlloyColumn *p = column_of(table, "p"), *null = column_of(table, "null");
    AlloyMeanTest *test = g_new0(AlloyMeanTest, 1);
    test->quantity = quantity;
    test->z = alloy_column_real_at(column_of(table, "z"), row);
    test->p = alloy_column_real_at(p, row);
    test->floor = alloy_column_at_floor(p, row) ? test->p : 0;
    test->shuffled = g_str_has_prefix(alloy_column_text_at(null, row), "species");
    g_ptr_array_add(work->tests, test);
}

/* The rows of the means, and those of the composition. */
static void take_tests(Work *work, const AlloyRun *run)
{
    for (guint t = 0; t < run->tables->len; t++) {
        const AlloyTable *table = run->tables->pdata[t];
        gboolean composition = strcmp(table->title, "composition") == 0;
        if (!composition && strcmp(table->title, "tests") != 0)
            continue;
        const AlloyColumn *name = column_of(table, composition ? "species" : "quantity");
        const AlloyColumn *statistic = column_of(table, "statistic");
        for (size_t row = 0; row < table->n; row++) {
            const char *text = alloy_column_text_at(name, row);
            if (composition)
                add_test(work, g_strconcat("species ", text, NULL), table, row);
            else if (strcmp(alloy_column_text_at(statistic, row), "mean") == 0)
                add_test(work, g_strdup(text), table, row);
        }
    }
}

static gboolean find_null(gpointer data, AlloyProgress *progress, GError **error)
{
    Work *work = data;
    const AlloyOperation *operation = alloy_operation_by_name("statistics", error);
    if (operation == NULL)
        return FALSE;
    unsigned n;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(work->atoms, &n);
    g_autoptr(AlloyRun) run = alloy_run_new(operation);
    char cutoff[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_dtostr(cutoff, sizeof cutoff, work->cutoff);
    alloy_run_add_input(run, ALLOY_DATA(work->atoms));
    if (!alloy_run_set(run, "cutoff", cutoff, error) || !alloy_run_set(run, "selection", "selected", error) ||
        (n > 1 && !alloy_run_set(run, "species", work->atoms->kinds[order[0]].name, error)))
        return FALSE;
    run->progress = alloy_progress_ref(progress);
    if (!alloy_run_execute(run, error))
        return FALSE;
    take_tests(work, run);
    return TRUE;
}

void alloy_selection_null_start(const AlloyDocumentStage *stage, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer data)
{
    g_return_if_fail(stage->neighbours != NULL);
    Work *work = g_new0(Work, 1);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(stage->atoms);
    alloy_atoms_builder_set_column(builder, alloy_selection_column(stage->selection));
    work->atoms = alloy_atoms_builder_finish(builder);
    work->cutoff = stage->neighbours->cutoff;
    work->tests = g_ptr_array_new_with_free_func(test_free);
    alloy_job_start(find_null, work, work_free, cancellable, NULL, NULL, done, data);
}

GPtrArray *alloy_selection_null_finish(GAsyncResult *result, GError **error)
{
    Work *work = alloy_job_data(result);
    return alloy_job_finish(result, error) ? g_ptr_array_ref(work->tests) : NULL;
}
