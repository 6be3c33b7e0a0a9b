/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times one thing on a made particle and prints a line of JSON. Driven by bench.py.
 *
 *   bench-core run OPERATION ATOMS THREADS REPEATS [PARAM=VALUE...]
 *   bench-core cancel OPERATION ATOMS THREADS TIMES [PARAM=VALUE...]    worst time from a cancel to the end
 *   bench-core write FILE ATOMS THREADS REPEATS
 *   bench-core read FILE ATOMS THREADS REPEATS
 *   bench-core positions FILE ATOMS           x, y, z and species as raw doubles, for the peers */
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/operation.h"
#include "core/formats/format.h"
#include "core/project/registry.h"
#include "tests/bench/particle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(GError *error)
{
    fprintf(stderr, "bench-core: %s\n", error != NULL ? error->message : "failed");
    exit(1);
}

/* --- cancelling --- */

typedef struct {
    AlloyRun *run;
    AlloyProgress *progress;
    gint64 ended;     /* us */
    clock_t cpu_then; /* of the whole process */
    gboolean cancelled;
} Race;

static gpointer execute(gpointer data)
{
    Race *race = data;
    g_autoptr(GError) error = NULL;
    race->run->progress = alloy_progress_ref(race->progress);
    race->cancelled = !alloy_run_execute(race->run, &error);
    race->ended = g_get_monotonic_time();
    race->cpu_then = clock();
    if (race->cancelled && !alloy_is_cancelled(error))
        fail(error);
    return NULL;
}

/* Cancels after so many us (0: never). Seconds from then to the end; -1 when it had ended by itself. *whole:
 * seconds that the run took; *cpu: of all threads from the cancel to the end, whatever else the machine did.
 */
static double race(const AlloyOperation *operation, const AlloyAtoms *atoms, char **params, gint64 after,
                   double *whole, double *cpu)
{
    GError *error = NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(operation);
    if (operation->inputs[0].name != NULL)
        alloy_run_add_input(run, ALLOY_DATA(atoms));
    for (; *params != NULL; params++) {
        g_auto(GStrv) pair = g_strsplit(*params, "=", 2);
        if (!alloy_run_set(run, pair[0], pair[1], &error))
            fail(error);
    }
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    Race here = {.run = run, .progress = progress};
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new("run", execute, &here);
    gint64 cancelled = 0;
    clock_t cpu_cancelled = 0;
    if (after > 0) {
        g_usleep((gulong)after);
        cancelled = g_get_monotonic_time();
        cpu_cancelled = clock();
        alloy_progress_cancel(progress);
    }
    g_thread_join(thread);
    *whole = (double)(here.ended - start) / 1e6;
    *cpu = (double)(here.cpu_then - cpu_cancelled) / CLOCKS_PER_SEC;
    return after > 0 && here.cancelled ? (double)(here.ended - cancelled) / 1e6 : -1;
}

/* At many moments of the run: the worst wait, when it was, and how long the run takes. */
static void cancel(const AlloyOperation *operation, const AlloyAtoms *atoms, char **params, int times)
{
    double whole = 0, worst = 0, when = 0, ignored = 0, cpu = 0, worst_cpu = 0, when_cpu = 0;
    race(operation, atoms, params, 0, &whole, &cpu);
    for (int k = 0; k < times; k++) {
        double after = whole * (k + 0.5) / times;
        double wait = race(operation, atoms, params, (gint64)(after * 1e6) + 1, &ignored, &cpu);
        if (wait >= 0 && cpu > worst_cpu) {
            worst_cpu = cpu;
            when_cpu = after / whole;
        }
        if (wait > worst) {
            worst = wait;
            when = after;
        }
    }
    printf("{\"seconds\": %.6f, \"worst\": %.6f, \"when\": %.6f, \"worst_cpu\": %.6f, \"when_cpu\": %.3f}\n",
           whole, worst, when, worst_cpu, when_cpu);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Peak resident memory, MB: of this program alone, which getrusage's is not after exec. */
static double peak_memory(void)
{
    g_autofree char *status = NULL;
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *peak = strstr(status, "VmHWM:");
    return peak != NULL ? g_ascii_strtod(peak + strlen("VmHWM:"), NULL) / 1024 : 0;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    const char *what = argv[1], *name = argv[2];
    size_t n = (size_t)strtoull(argv[3], NULL, 10);
    unsigned threads = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
    int repeats = argc > 5 ? MAX(atoi(argv[5]), 1) : 1;
    alloy_parallel_set_threads(threads);
    GError *error = NULL;
    g_autoptr(AlloyAtoms) atoms = strcmp(what, "read") == 0 ? NULL : (AlloyAtoms *)bench_particle(n);
    if (strcmp(what, "cancel") == 0) {
        const AlloyOperation *operation = alloy_operation_by_name(name, &error);
        if (operation == NULL)
            fail(error);
        cancel(operation, atoms, argv + MIN(argc, 6), repeats);
        return 0;
    }
    if (strcmp(what, "positions") == 0) {
        FILE *file = fopen(name, "wb");
        const double *axes[3] = {atoms->x, atoms->y, atoms->z};
        for (int k = 0; k < 3; k++)
            fwrite(axes[k], sizeof(double), n, file);
        for (size_t i = 0; i < n; i++) {
            double species = atoms->species[i];
            fwrite(&species, sizeof species, 1, file);
        }
        return fclose(file) != 0;
    }
    g_autofree double *seconds = g_new(double, repeats);
    for (int r = 0; r < repeats; r++) {
        gint64 start = g_get_monotonic_time();
        if (strcmp(what, "run") == 0) {
            const AlloyOperation *operation = alloy_operation_by_name(name, &error);
            if (operation == NULL)
                fail(error);
            g_autoptr(AlloyRun) run = alloy_run_new(operation);
            alloy_run_add_input(run, ALLOY_DATA(atoms));
            for (int k = 6; k < argc; k++) {
                g_auto(GStrv) pair = g_strsplit(argv[k], "=", 2);
                if (!alloy_run_set(run, pair[0], pair[1], &error))
                    fail(error);
            }
            if (!alloy_run_execute(run, &error))
                fail(error);
        } else if (strcmp(what, "write") == 0) {
            if (!alloy_write_file(name, NULL, ALLOY_DATA(atoms), NULL, NULL, &error))
                fail(error);
        } else {
            AlloyData *data = alloy_read_file(name, NULL, NULL, NULL, &error);
            if (data == NULL)
                fail(error);
            alloy_data_unref(data);
        }
        seconds[r] = (double)(g_get_monotonic_time() - start) / 1e6;
    }
    qsort(seconds, (size_t)repeats, sizeof(double), compare);
    printf("{\"seconds\": %.6f, \"worst\": %.6f, \"peak_mb\": %.1f}\n", seconds[0], seconds[repeats - 1],
           peak_memory());
    return 0;
}
