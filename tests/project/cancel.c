/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every operation, cancelled before it begins and at moments on its way, ends as cancelled with nothing left,
 * or as a whole. How long that takes is measured by ./dev bench --only cancel. */
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/project/job.h"
#include "core/project/registry.h"

static const AlloyAtoms *particle(size_t side)
{
    size_t n = side * side * side;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int kinds[2] = {alloy_atoms_builder_kind(builder, "Pd", 2), alloy_atoms_builder_kind(builder, "Ir", 2)};
    AlloyRandom random;
    alloy_random_init(&random, 1, 0);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 2.75 * (double)(i % side) + 0.1 * alloy_random_normal(&random);
        builder->y[i] = 2.75 * (double)(i / side % side) + 0.1 * alloy_random_normal(&random);
        builder->z[i] = 2.75 * (double)(i / side / side) + 0.1 * alloy_random_normal(&random);
        builder->species[i] = (uint16_t)kinds[alloy_random_uniform(&random) < 0.4];
    }
    return alloy_atoms_builder_finish(builder);
}

static AlloyRun *new_run(const AlloyOperation *operation, const AlloyAtoms *atoms)
{
    AlloyRun *run = alloy_run_new(operation);
    if (operation->inputs[0].name != NULL)
        alloy_run_add_input(run, ALLOY_DATA(atoms));
    if (alloy_operation_param(operation, "where") != NULL)
        g_assert_true(alloy_run_set(run, "where", "cn < 6 && csrop.Pd < 0", NULL));
    return run;
}

static void assert_nothing_left(const AlloyRun *run)
{
    g_assert_null(run->atoms);
    g_assert_cmpuint(run->tables->len, ==, 0);
    g_assert_cmpuint(run->scalars->len, ==, 0);
}

/* Cancelled before it begins, it does nothing. */
static void test_before(gconstpointer data)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(6);
    g_autoptr(AlloyRun) run = new_run(data, atoms);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancellable);
    g_assert_false(alloy_job_wait(alloy_job_execute, run, cancellable, NULL, NULL, &error));
    g_assert_true(alloy_is_cancelled(error));
    assert_nothing_left(run);
}

typedef struct {
    AlloyRun *run;
    AlloyProgress *progress;
    int ended; /* atomic */
    gboolean ok;
    GError *error;
} Work;

static gpointer execute(gpointer data)
{
    Work *work = data;
    work->run->progress = alloy_progress_ref(work->progress);
    work->ok = alloy_run_execute(work->run, &work->error);
    g_atomic_int_set(&work->ended, 1);
    return NULL;
}

/* Once the work has got to each eighth of the whole. */
static void test_midway(gconstpointer data)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)particle(24);
    for (int k = 0; k < 8; k++) {
        g_autoptr(AlloyRun) run = new_run(data, atoms);
        g_autoptr(AlloyProgress) progress = alloy_progress_new();
        Work work = {.run = run, .progress = progress};
        GThread *thread = g_thread_new("work", execute, &work);
        while (!g_atomic_int_get(&work.ended) && alloy_progress_fraction(progress) <= k / 8.0)
            g_thread_yield();
        alloy_progress_cancel(progress);
        g_thread_join(thread);
        if (!work.ok) {
            g_assert_true(alloy_is_cancelled(work.error));
            assert_nothing_left(run);
        } else {
            g_assert_true(run->atoms != NULL || run->tables->len > 0 || run->scalars->len > 0);
        }
        g_clear_error(&work.error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (const AlloyOperation *const *operation = alloy_operations(); *operation != NULL; operation++) {
        g_autofree char *before = g_strdup_printf("/project/cancel/%s/before", (*operation)->name);
        g_autofree char *midway = g_strdup_printf("/project/cancel/%s/midway", (*operation)->name);
        g_test_add_data_func(before, *operation, test_before);
        g_test_add_data_func(midway, *operation, test_midway);
    }
    return g_test_run();
}
