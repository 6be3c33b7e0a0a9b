/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/shell.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/parallel.h"
#include "core/structure/rdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_ROW 65000u /* so that sums of 16 bits hold, the atom itself included */
#define GRAIN 4096

static gboolean check_rows(const AlloyShell *shell, GError **error)
{
    for (size_t i = 0; i < shell->n; i++)
        if (shell->count[i] > LONGEST_ROW)
            return alloy_input_error(
                error, "atom %zu has %u neighbours; at most %u can be counted: give a shorter cutoff", i + 1,
                shell->count[i], LONGEST_ROW);
    return TRUE;
}

static AlloyShell *own_shell(size_t n, size_t entries)
{
    AlloyShell *shell = g_new0(AlloyShell, 1);
    shell->n = n;
    shell->start = g_new(uint64_t, n + 1);
    shell->count = g_new(uint32_t, n + 1);
    shell->index = g_new(uint32_t, entries + 1);
    return shell;
}

void alloy_shell_free(AlloyShell *shell)
{
    if (shell == NULL)
        return;
    if (shell->neighbours != NULL) {
        alloy_data_unref(shell->neighbours);
    } else {
        g_free((void *)shell->start);
        g_free((void *)shell->count);
        g_free((void *)shell->index);
    }
    g_free(shell);
}

static AlloyShell *shell_within(const AlloyAtoms *atoms, double cutoff, AlloyProgress *progress,
                                GError **error)
{
    const AlloyNeighbours *neighbours = alloy_neighbours_new(atoms, cutoff, FALSE, progress, error);
    if (neighbours == NULL)
        return NULL;
    AlloyShell *shell = g_new0(AlloyShell, 1);
    *shell = (AlloyShell){neighbours->n, neighbours->start, neighbours->count, neighbours->index, neighbours};
    return shell;
}

typedef struct {
    const AlloyShell *inner, *outer;
    AlloyShell *between;
} Between;

static int compare_ids(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

/* What the outer row has more of than the inner one. Image by image of a periodic cell this is a difference
 * of multisets, and labels do not tell images apart: no distance needs to be looked at again. */
static void subtract_rows(size_t begin, size_t end, void *data)
{
    Between *job = data;
    const AlloyShell *inner = job->inner, *outer = job->outer;
    uint32_t *count = (uint32_t *)job->between->count, *index = (uint32_t *)job->between->index;
    g_autoptr(GArray) buffer = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = begin; i < end; i++) {
        uint32_t *row = index + job->between->start[i];
        memcpy(row, outer->index + outer->start[i], outer->count[i] * sizeof *row);
        qsort(row, outer->count[i], sizeof *row, compare_ids);
        g_array_set_size(buffer, 0);
        g_array_append_vals(buffer, inner->index + inner->start[i], inner->count[i]);
        uint32_t *less = (uint32_t *)(void *)buffer->data;
        if (less != NULL)
            qsort(less, inner->count[i], sizeof *less, compare_ids);
        uint32_t kept = 0, at = 0;
        for (uint32_t k = 0; k < outer->count[i]; k++) {
            while (at < inner->count[i] && less[at] < row[k])
                at++;
            if (at < inner->count[i] && less[at] == row[k])
                at++;
            else
                row[kept++] = row[k];
        }
        count[i] = kept;
    }
}

static AlloyShell *shell_between(const AlloyAtoms *atoms, double inner_cutoff, double outer_cutoff,
                                 AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyShell) inner = shell_within(atoms, inner_cutoff, progress, error);
    if (inner == NULL)
        return NULL;
    g_autoptr(AlloyShell) outer = shell_within(atoms, outer_cutoff, progress, error);
    if (outer == NULL)
        return NULL;
    size_t entries = 0;
    for (size_t i = 0; i < outer->n; i++)
        entries += outer->count[i];
    g_autoptr(AlloyShell) between = own_shell(outer->n, entries);
    uint64_t *start = (uint64_t *)between->start, at = 0;
    for (size_t i = 0; i < outer->n; i++) {
        start[i] = at;
        at += outer->count[i];
    }
    Between job = {inner, outer, between};
    if (!alloy_parallel_for(outer->n, GRAIN, subtract_rows, &job, progress, error))
        return NULL;
    return g_steal_pointer(&between);
}

static AlloyShell *shell_counted(const AlloyAtoms *atoms, const AlloyShellRule *rule, AlloyProgress *progress,
                                 GError **error)
{
    unsigned skip = rule->shell == 2 ? rule->nearest[0] : 0;
    unsigned take = rule->nearest[rule->shell - 1];
    unsigned k = skip + take;
    uint32_t *table =
        alloy_nearest(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell, k, NULL, progress, error);
    if (table == NULL)
        return NULL;
    AlloyShell *shell = g_new0(AlloyShell, 1);
    shell->n = atoms->n;
    shell->index = table;
    uint64_t *start = g_new(uint64_t, atoms->n + 1);
    uint32_t *count = g_new(uint32_t, atoms->n + 1);
    for (size_t i = 0; i < atoms->n; i++) {
        start[i] = (uint64_t)i * k + skip;
        count[i] = 0;
        while (count[i] < take && table[start[i] + count[i]] != G_MAXUINT32)
            count[i]++;
    }
    shell->start = start;
    shell->count = count;
    return shell;
}

AlloyShell *alloy_shell_new(const AlloyAtoms *atoms, const AlloyShellRule *rule, AlloyProgress *progress,
                            GError **error)
{
    g_return_val_if_fail(rule->shell == 1 || rule->shell == 2, NULL);
    g_autoptr(AlloyShell) shell = NULL;
    if (rule->nearest[0] > 0)
        shell = shell_counted(atoms, rule, progress, error);
    else if (rule->shell == 1)
        shell = shell_within(atoms, rule->cutoff, progress, error);
    else
        shell = shell_between(atoms, rule->cutoff, rule->outer_cutoff, progress, error);
    if (shell == NULL || !check_rows(shell, error))
        return NULL;
    return g_steal_pointer(&shell);
}

AlloyShell *alloy_shell_with_centre(const AlloyShell *shell)
{
    size_t entries = shell->n;
    for (size_t i = 0; i < shell->n; i++)
        entries += shell->count[i];
    AlloyShell *with = own_shell(shell->n, entries);
    uint64_t *start = (uint64_t *)with->start, at = 0;
    uint32_t *count = (uint32_t *)with->count, *index = (uint32_t *)with->index;
    for (size_t i = 0; i < shell->n; i++) {
        start[i] = at;
        count[i] = shell->count[i] + 1;
        index[at] = (uint32_t)i;
        memcpy(index + at + 1, shell->index + shell->start[i], shell->count[i] * sizeof *index);
        at += count[i];
    }
    return with;
}

gboolean alloy_shell_warn_empty(AlloyRun *run, const AlloyShell *shell, const AlloyAtoms *atoms,
                                const AlloyShellRule *rule, GError **error)
{
    for (size_t i = 0; i < shell->n; i++)
        if (shell->count[i] > 0)
            return TRUE;
    g_autofree char *where =
        rule->nearest[0] > 0 ? g_strdup("by number")
        : rule->shell == 2   ? g_strdup_printf("from %.4g to %.4g angstrom", rule->cutoff, rule->outer_cutoff)
                             : g_strdup_printf("within %.4g angstrom", rule->cutoff);
    if (shell->n == 1) {
        alloy_warn(run->warnings, "no-neighbours", NULL, NULL,
                   "the only atom has no neighbour %s: there is nothing to count", where);
        return TRUE;
    }
    g_autofree double *distance = NULL;
    GError *failure = NULL;
    g_autofree uint32_t *nearest = alloy_nearest_of_some(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell,
                                                         1, 1, &distance, run->progress, &failure);
    if (nearest == NULL && alloy_is_cancelled(failure)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&failure); /* the distance is only said, and a model may be too odd for it */
    double least = INFINITY;
    for (size_t i = 0; nearest != NULL && i < atoms->n; i++)
        least = fmin(least, distance[i]);
    g_autofree char *apart =
        isfinite(least) ? g_strdup_printf(", the nearest two are %.4g angstrom apart", least) : g_strdup("");
    alloy_warn(run->warnings, "no-neighbours", NULL, NULL,
               "none of the %zu atoms has a neighbour %s%s: there is nothing to count", shell->n, where,
               apart);
    return TRUE;
}

/* --- the second minimum --- */

/* TRUE when density[k] is the greatest (sign 1) or least (sign -1) of its surroundings. */
static gboolean is_extreme(const double *density, size_t bins, size_t k, size_t reach, int sign)
{
    for (size_t m = k > reach ? k - reach : 0; m <= k + reach && m < bins; m++)
        if (sign * (density[m] - density[k]) > 0)
            return FALSE;
    return TRUE;
}

gboolean alloy_second_minimum(const AlloyAtoms *atoms, double first_minimum, double *second_minimum,
                              AlloyProgress *progress, GError **error)
{
    /* Lengths in units of the first minimum, about 1.2 bonds. The shells of fcc, hcp and icosahedra lie
     * at 1.41, 1.73 and 2 bonds: a smoothing of 0.02 and a neighbourhood of 0.07 keep them apart and pass
     * over noise. */
    const size_t per_unit = 400, bins = 2 * per_unit, reach = per_unit * 7 / 100;
    const double sigma = 0.02 * (double)per_unit;
    g_autoptr(AlloyPairCounts) counts =
        alloy_pair_counts(atoms, 2 * first_minimum, first_minimum / (double)per_unit, progress, error);
    if (counts == NULL)
        return FALSE;
    g_autofree double *raw = g_new0(double, bins);
    for (size_t pair = 0; pair < (size_t)counts->n_kinds * counts->n_kinds; pair++)
        for (size_t k = 0; k < bins && k < counts->bins; k++)
            raw[k] += (double)counts->counts[pair * counts->bins + k];
    for (size_t k = 0; k < bins; k++)
        raw[k] /= ((double)k + 0.5) * ((double)k + 0.5);
    g_autofree double *density = g_new0(double, bins);
    const size_t wide = (size_t)(4 * sigma);
    for (size_t k = 0; k < bins; k++)
        for (size_t m = k > wide ? k - wide : 0; m <= k + wide && m < bins; m++) {
            double d = ((double)m - (double)k) / sigma;
            density[k] += raw[m] * exp(-0.5 * d * d);
        }

    size_t last = bins - reach, peak = per_unit;
    while (peak < last && !(density[peak] > 0 && is_extreme(density, bins, peak, reach, 1)))
        peak++;
    size_t next = peak + 1;
    while (next < last && !(density[next] > 0 && is_extreme(density, bins, next, reach, 1) &&
                            !is_extreme(density, bins, next, reach, -1)))
        next++;
    if (peak >= last || next >= last)
        return alloy_input_error(
            error,
            "No second minimum of the pair distribution between %.3g and %.3g angstrom: give an outer cutoff",
            first_minimum, 2 * first_minimum);
    size_t low = peak;
    for (size_t k = peak; k < next; k++)
        if (density[k] < density[low])
            low = k;
    size_t high = low;
    while (high + 1 < next && !(density[high + 1] > density[low]))
        high++;
    *second_minimum = first_minimum * ((double)(low + high) / 2 + 0.5) / (double)per_unit;
    return TRUE;
}

/* --- parameters --- */

/* "12" or "12,6". */
static gboolean parse_nearest(const char *text, unsigned shell, unsigned nearest[2], GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    guint n = g_strv_length(parts);
    gboolean good = n >= 1 && n <= 2;
    for (guint k = 0; good && k < n; k++) {
        int64_t value;
        g_strstrip(parts[k]);
        good =
            alloy_parse_int64(parts[k], parts[k] + strlen(parts[k]), &value) && value >= 1 && value <= 1000;
        if (good)
            nearest[k] = (unsigned)value;
    }
    if (!good)
        return alloy_parameter_error(
            error, "nearest: expected one or two whole numbers of 1 to 1000 like 12 or 12,6, found \"%s\"",
            text);
    if (n < shell)
        return alloy_parameter_error(
            error, "nearest: shell 2 needs the sizes of both shells, like 12,6; found \"%s\"", text);
    return TRUE;
}

gboolean alloy_run_shell_rule(AlloyRun *run, const AlloyAtoms *atoms, gboolean need_cutoff,
                              AlloyShellRule *rule, GError **error)
{
    *rule = (AlloyShellRule){NAN, NAN, (unsigned)alloy_run_integer(run, "shell"), {0, 0}};
    const char *nearest = alloy_run_text(run, "nearest");
    if (nearest != NULL && *nearest != '\0' && !parse_nearest(nearest, rule->shell, rule->nearest, error))
        return FALSE;
    gboolean by_distance = rule->nearest[0] == 0;
    if (!by_distance) {
        alloy_run_warn_no_effect(run, "outer-cutoff", "the shells are taken by number (nearest)");
        if (!need_cutoff)
            alloy_run_warn_no_effect(run, "cutoff", "the shells are taken by number (nearest)");
    } else if (rule->shell == 1) {
        alloy_run_warn_no_effect(run, "outer-cutoff", "it ends the second shell, and shell is 1");
    }
    if (rule->nearest[1] > 0 && rule->shell == 1)
        alloy_warn(run->warnings, "no-effect", NULL, NULL,
                   "the second number of nearest = %s has no effect: it is the size of the second shell, and "
                   "shell is 1",
                   nearest);
    if ((by_distance || need_cutoff) && !alloy_run_cutoff(run, atoms, &rule->cutoff, error))
        return FALSE;
    if (!by_distance || rule->shell == 1)
        return TRUE;
    rule->outer_cutoff = alloy_run_real(run, "outer-cutoff");
    if (isnan(rule->outer_cutoff)) {
        if (!alloy_second_minimum(atoms, rule->cutoff, &rule->outer_cutoff, run->progress, error))
            return FALSE;
        alloy_run_resolve(run, "outer-cutoff", rule->outer_cutoff);
    }
    if (!(rule->outer_cutoff > rule->cutoff))
        return alloy_parameter_error(error, "outer-cutoff: expected more than the cutoff, %.17g; found %.17g",
                                     rule->cutoff, rule->outer_cutoff);
    return TRUE;
}
