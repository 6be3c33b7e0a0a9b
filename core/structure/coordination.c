/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/coordination.h"

#include "core/structure/shell.h"

#include <math.h>
#include <string.h>

#define MOST_COLUMNS 32 /* species that the histogram is split by; labels may be as many as atoms */
#define BULK 12 /* of a close packing: fewer neighbours make a surface atom (Pd@Ir study, methods 6.1) */

const AlloyColumn *alloy_coordination_column(const AlloyNeighbours *neighbours)
{
    int64_t *cn = alloy_array_new(int64_t, neighbours->n);
    for (size_t i = 0; i < neighbours->n; i++)
        cn[i] = neighbours->count[i];
    return alloy_column_new_integer("cn", ALLOY_UNIT_NONE, cn, neighbours->n);
}

double alloy_mean_coordination(const AlloyAtoms *atoms, double cutoff, AlloyProgress *progress,
                               GError **error)
{
    g_autoptr(AlloyNeighbours) list =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, cutoff, FALSE, progress, error);
    return list != NULL && list->n > 0 ? (double)list->pairs / (double)list->n : NAN;
}

/* How many atoms of each species have how many neighbours. */
static const AlloyTable *histogram(const AlloyAtoms *atoms, const AlloyNeighbours *list)
{
    uint32_t most = 0;
    for (size_t i = 0; i < list->n; i++)
        most = MAX(most, list->count[i]);
    size_t rows = (size_t)most + 1;
    int64_t *cn = alloy_array_new(int64_t, rows), *count = alloy_array_new(int64_t, rows);
    double *fraction = alloy_array_new(double, rows);
    for (size_t k = 0; k < rows; k++) {
        cn[k] = (int64_t)k;
        count[k] = 0;
    }
    for (size_t i = 0; i < list->n; i++)
        count[list->count[i]]++;
    for (size_t k = 0; k < rows; k++)
        fraction[k] = list->n > 0 ? (double)count[k] / (double)list->n : NAN;
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_integer("cn", ALLOY_UNIT_NONE, cn, rows));
    alloy_columns_set(columns, alloy_column_new_integer("atoms", ALLOY_UNIT_NONE, count, rows));
    alloy_columns_set(columns, alloy_column_new_real("fraction", ALLOY_UNIT_NONE, fraction, rows));
    unsigned kinds;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(atoms, &kinds);
    if (kinds > MOST_COLUMNS)
        return alloy_table_new("histogram", columns, NULL);
    g_autofree int64_t **of = g_new0(int64_t *, atoms->n_kinds + 1u);
    for (unsigned k = 0; k < kinds; k++) {
        of[order[k]] = alloy_array_new(int64_t, rows);
        memset(of[order[k]], 0, rows * sizeof(int64_t));
    }
    for (size_t i = 0; i < list->n; i++)
        of[atoms->species[i]][list->count[i]]++;
    for (unsigned k = 0; k < kinds; k++) {
        g_autofree char *name = g_strdup_printf("atoms_%s", atoms->kinds[order[k]].name);
        alloy_columns_set(columns, alloy_column_new_integer(name, ALLOY_UNIT_NONE, of[order[k]], rows));
    }
    return alloy_table_new("histogram", columns, NULL);
}

static gboolean run_coordination(AlloyRun *run, GError **error)
{
    const AlloyAtoms *atoms = alloy_run_atoms(run, 0);
    double cutoff, change = alloy_run_real(run, "sensitivity");
    alloy_progress_stage(run->progress, 0, 0.3, "pair distribution");
    if (!alloy_run_cutoff(run, atoms, &cutoff, error))
        return FALSE;
    double lower = NAN, higher = NAN;
    if (change > 0 && change < cutoff) {
        alloy_progress_stage(run->progress, 0.3, 0.7, "sensitivity");
        lower = alloy_mean_coordination(atoms, cutoff - change, run->progress, error);
        if (atoms->n > 0 && !isfinite(lower))
            return FALSE;
        higher = alloy_mean_coordination(atoms, cutoff + change, run->progress, error);
        if (atoms->n > 0 && !isfinite(higher))
            return FALSE;
    }
    alloy_progress_stage(run->progress, 0.7, 1, "neighbours");
    g_autoptr(AlloyNeighbours) list =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, cutoff, FALSE, run->progress, error);
    if (list == NULL)
        return FALSE;
    const AlloyShell shell = {list->n, list->start, list->count, list->index, list};
    const AlloyShellRule rule = {cutoff, NAN, 1, {0, 0}};
    if (list->n > 0 && !alloy_shell_warn_empty(run, &shell, atoms, &rule, error))
        return FALSE;
    int64_t below = 0, at = 0;
    for (size_t i = 0; i < list->n; i++) {
        below += list->count[i] < BULK;
        at += list->count[i] == BULK;
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_set_column(builder, alloy_coordination_column(list));
    alloy_run_set_atoms(run, alloy_atoms_builder_finish(builder));
    alloy_run_add_table(run, histogram(atoms, list));
    alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, cutoff));
    double mean = list->n > 0 ? (double)list->pairs / (double)list->n : NAN;
    alloy_run_add_scalar(run, alloy_scalar_real("mean_cn", ALLOY_UNIT_NONE, mean));
    if (isfinite(lower) && isfinite(higher)) {
        alloy_run_add_scalar(run, alloy_scalar_real("mean_cn_shorter", ALLOY_UNIT_NONE, lower));
        alloy_run_add_scalar(run, alloy_scalar_real("mean_cn_longer", ALLOY_UNIT_NONE, higher));
    }
    alloy_run_add_scalar(run, alloy_scalar_integer("below_12", ALLOY_UNIT_NONE, below));
    alloy_run_add_scalar(run, alloy_scalar_integer("exactly_12", ALLOY_UNIT_NONE, at));
    alloy_run_add_scalar(run,
                         alloy_scalar_integer("above_12", ALLOY_UNIT_NONE, (int64_t)list->n - below - at));
    return TRUE;
}

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const AlloyParam params[] = {
    ALLOY_CUTOFF_PARAM(ALLOY_CUTOFF_HELP),
    {.name = "sensitivity",
     .title = "Sensitivity",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0,
     .max = 10,
     .ui_min = 0,
     .ui_max = 0.3,
     .fallback = "0.05",
     .help = "The mean coordination number is also given for a cutoff shorter and longer by this; 0: not."},
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_ATOM_COLUMN, "cn", ALLOY_UNIT_NONE, "coordination number"},
    {ALLOY_OUT_TABLE_COLUMN, "cn", ALLOY_UNIT_NONE, "coordination number"},
    {ALLOY_OUT_TABLE_COLUMN, "atoms", ALLOY_UNIT_NONE, "atoms that have it"},
    {ALLOY_OUT_TABLE_COLUMN, "fraction", ALLOY_UNIT_NONE, "of all atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "atoms_{A}", ALLOY_UNIT_NONE,
     "atoms of the species that have it; where there are at most 32 species"},
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "the cutoff used"},
    {ALLOY_OUT_SCALAR, "mean_cn", ALLOY_UNIT_NONE, "mean coordination number"},
    {ALLOY_OUT_SCALAR, "mean_cn_shorter", ALLOY_UNIT_NONE, "the same at the cutoff less the sensitivity"},
    {ALLOY_OUT_SCALAR, "mean_cn_longer", ALLOY_UNIT_NONE, "the same at the cutoff plus the sensitivity"},
    {ALLOY_OUT_SCALAR, "below_12", ALLOY_UNIT_NONE, "atoms with fewer than 12 neighbours: the surface"},
    {ALLOY_OUT_SCALAR, "exactly_12", ALLOY_UNIT_NONE,
     "atoms with 12 neighbours: the bulk of a close packing"},
    {ALLOY_OUT_SCALAR, "above_12", ALLOY_UNIT_NONE, "atoms with more than 12 neighbours"},
    {0},
};

const AlloyOperation alloy_op_coordination = {
    .name = "coordination",
    .version = 1,
    .title = "Coordination number",
    .category = "Structure",
    .summary = "Counts the neighbours of every atom within the cutoff.",
    .details = "Atoms with fewer than 12 neighbours make the surface of a close-packed particle, those with "
               "12 its bulk. "
               "Experimental models also hold atoms with more than 12; they are counted apart, not dropped.",
    .source = "Pd@Ir study (arXiv:2606.12150), methods 6.1",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"histogram", NULL},
    .run = run_coordination,
};
