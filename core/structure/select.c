/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/select.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/structure/quantities.h"
#include "core/structure/rdf.h"

#include <math.h>
#include <string.h>

/* The column that leads from a selected atom back to its place in the input. */
#define ORIGINAL "original_index"
/* Atoms per piece of work of a shell. */
#define GRAIN 16384

const AlloySelection *alloy_select(const AlloyAtoms *atoms, AlloyPairNames *pair_names,
                                   const char *expression, double cutoff, AlloyProgress *progress,
                                   GError **error)
{
    g_autoptr(AlloyExpression) parsed = alloy_expression_new(expression, error);
    if (parsed == NULL)
        return NULL;
    g_autoptr(AlloyQuantities) quantities = alloy_quantities_new(atoms, cutoff, progress);
    alloy_quantities_set_pair_names(quantities, pair_names);
    AlloyNames names = alloy_quantities_names(quantities);
    g_autofree uint8_t *mask = alloy_expression_condition(parsed, &names, progress, error);
    return mask != NULL ? alloy_selection_from_mask(mask, atoms->n) : NULL;
}

/* --- shells --- */

typedef struct {
    const AlloyNeighbours *neighbours;
    const uint8_t *old;
    uint8_t *new;
    size_t *changed; /* per block */
    uint8_t spread;  /* what a neighbour passes on: 1 to grow, 0 to shrink */
} Shell;

static void spread_block(size_t begin, size_t end, void *data)
{
    const Shell *shell = data;
    size_t changed = 0;
    for (size_t i = begin; i < end; i++) {
        uint8_t value = shell->old[i];
        const uint32_t *row = alloy_neighbours_row(shell->neighbours, i);
        uint32_t count = shell->neighbours->count[i];
        for (uint32_t k = 0; value != shell->spread && k < count; k++)
            value = shell->old[row[k]];
        shell->new[i] = value;
        changed += value != shell->old[i];
    }
    shell->changed[begin / GRAIN] = changed;
}

static const AlloySelection *spread(const AlloySelection *selection, const AlloyNeighbours *neighbours,
                                    unsigned shells, uint8_t value, AlloyProgress *progress, GError **error)
{
    size_t n = selection->n, blocks = alloy_parallel_blocks(n, GRAIN);
    g_return_val_if_fail(neighbours->n == n, NULL);
    g_autofree uint8_t *old = g_malloc(n + 1), *new = g_malloc(n + 1);
    g_autofree size_t *changed = g_new(size_t, blocks + 1);
    alloy_selection_to_mask(selection, old);
    for (unsigned s = 0; s < shells; s++) {
        Shell shell = {neighbours, old, new, changed, value};
        if (!alloy_parallel_for(n, GRAIN, spread_block, &shell, progress, error))
            return NULL;
        uint8_t *swap = old;
        old = new;
        new = swap;
        size_t total = 0;
        for (size_t b = 0; b < blocks; b++)
            total += changed[b];
        if (total == 0)
            break;
    }
    return alloy_selection_from_mask(old, n);
}

const AlloySelection *alloy_selection_grow(const AlloySelection *selection, const AlloyNeighbours *neighbours,
                                           unsigned shells, AlloyProgress *progress, GError **error)
{
    return spread(selection, neighbours, shells, 1, progress, error);
}

const AlloySelection *alloy_selection_shrink(const AlloySelection *selection,
                                             const AlloyNeighbours *neighbours, unsigned shells,
                                             AlloyProgress *progress, GError **error)
{
    return spread(selection, neighbours, shells, 0, progress, error);
}

/* --- columns --- */

const AlloyColumn *alloy_selection_column(const AlloySelection *selection)
{
    uint8_t *mask = alloy_array_new(uint8_t, selection->n);
    alloy_selection_to_mask(selection, mask);
    return alloy_column_new_boolean("selected", mask, selection->n);
}

const AlloySelection *alloy_selection_from_column(const AlloyColumn *column, GError **error)
{
    if (column->type == ALLOY_TEXT) {
        alloy_input_error(error, "column `%s` is text: a selection is a column of true and false",
                          column->name);
        return NULL;
    }
    g_autofree uint8_t *mask = g_malloc(column->n + 1);
    for (size_t i = 0; i < column->n; i++) {
        double value = alloy_column_real_at(column, i);
        mask[i] = value != 0 && !isnan(value);
    }
    return alloy_selection_from_mask(mask, column->n);
}

/* --- the operation --- */

/* The selection to start from: as said by `from`, else the column `selected` where the mode needs one. */
static gboolean starting_selection(const AlloyRun *run, const AlloyAtoms *atoms, gboolean needed,
                                   const AlloySelection **start, GError **error)
{
    const char *name = alloy_run_text(run, "from");
    *start = NULL;
    if (name == NULL && !needed)
        return TRUE;
    const AlloyColumn *column = alloy_atoms_column(atoms, name != NULL ? name : "selected");
    if (column == NULL) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        for (guint i = 0; i < atoms->columns->len; i++)
            g_ptr_array_add(names, (gpointer)((const AlloyColumn *)atoms->columns->pdata[i])->name);
        g_ptr_array_add(names, NULL);
        g_autofree char *all = names->len > 1 ? g_strjoinv(", ", (char **)names->pdata) : g_strdup("none");
        return name != NULL
                   ? alloy_parameter_error(error, "the model has no column `%s`; its columns: %s", name, all)
                   : alloy_parameter_error(
                         error, "nothing to select from: give a condition (where), or a column of an "
                                "earlier selection (from); there is no column `selected`");
    }
    *start = alloy_selection_from_column(column, error);
    return *start != NULL;
}

/* By `where` and `mode` from what was selected before. */
static const AlloySelection *combined(AlloyRun *run, const AlloyAtoms *atoms, AlloyQuantities *quantities,
                                      GError **error)
{
    const char *where = alloy_run_text(run, "where");
    AlloySelectMode mode = (AlloySelectMode)alloy_run_choice(run, "mode");
    g_autoptr(AlloySelection) start = NULL;
    gboolean needed = where == NULL || mode != ALLOY_SELECT_REPLACE;
    if (!starting_selection(run, atoms, needed, (const AlloySelection **)&start, error))
        return NULL;
    if (where == NULL)
        return g_steal_pointer(&start);
    g_autoptr(AlloyExpression) expression = alloy_expression_new(where, error);
    if (expression == NULL)
        return NULL;
    AlloyNames names = alloy_quantities_names(quantities);
    g_autofree uint8_t *mask = alloy_expression_condition(expression, &names, run->progress, error);
    if (mask == NULL)
        return NULL;
    const AlloySelection *chosen = alloy_selection_from_mask(mask, atoms->n);
    if (mode == ALLOY_SELECT_REPLACE)
        return chosen;
    const AlloySelection *both = alloy_selection_combine(start, chosen, mode);
    alloy_data_unref(chosen);
    return both;
}

/* The selected atoms alone. Which they were is told by `original_index`; where an earlier selection has left
 * that column already, it leads back further and stays as it is. */
static const AlloyAtoms *only_selected(const AlloyAtoms *atoms, const AlloySelection *selection)
{
    g_autofree uint8_t *keep = g_malloc(atoms->n + 1);
    alloy_selection_to_mask(selection, keep);
    const AlloyAtoms *part = alloy_atoms_subset(atoms, keep);
    if (alloy_atoms_column(atoms, ORIGINAL) != NULL)
        return part;
    int64_t *places = alloy_array_new(int64_t, part->n);
    for (size_t i = 0, k = 0; i < atoms->n; i++)
        if (keep[i])
            places[k++] = (int64_t)i;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(part);
    alloy_atoms_builder_set_column(builder,
                                   alloy_column_new_integer(ORIGINAL, ALLOY_UNIT_NONE, places, part->n));
    alloy_data_unref(part);
    return alloy_atoms_builder_finish(builder);
}

static const AlloyAtoms *with_selected(const AlloyAtoms *atoms, const AlloySelection *selection)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_set_column(builder, alloy_selection_column(selection));
    return alloy_atoms_builder_finish(builder);
}

static gboolean run_select(AlloyRun *run, GError **error)
{
    const AlloyAtoms *atoms = alloy_run_atoms(run, 0);
    double cutoff = alloy_run_real(run, "cutoff");
    g_autoptr(AlloyQuantities) quantities = alloy_quantities_new(atoms, cutoff, run->progress);
    alloy_quantities_set_pair_names(quantities, run->pair_names);
    alloy_progress_stage(run->progress, 0, 0.7, "condition");
    const AlloySelection *selection = combined(run, atoms, quantities, error);
    if (selection != NULL && alloy_run_boolean(run, "invert")) {
        const AlloySelection *inverted = alloy_selection_invert(selection);
        alloy_data_unref(selection);
        selection = inverted;
    }
    alloy_progress_stage(run->progress, 0.7, 1, "shells");
    unsigned shells[2] = {(unsigned)alloy_run_integer(run, "grow"),
                          (unsigned)alloy_run_integer(run, "shrink")};
    for (int k = 0; selection != NULL && k < 2; k++) {
        if (shells[k] == 0)
            continue;
        const AlloyNeighbours *neighbours = alloy_quantities_neighbours(quantities, error);
        const AlloySelection *next =
            neighbours == NULL ? NULL
                               : spread(selection, neighbours, shells[k], k == 0, run->progress, error);
        alloy_data_unref(selection);
        selection = next;
    }
    if (selection == NULL)
        return FALSE;
    alloy_quantities_warn(quantities, run->warnings);
    if (isnan(cutoff) && !isnan(alloy_quantities_cutoff(quantities)))
        alloy_run_resolve(run, "cutoff", alloy_quantities_cutoff(quantities));

    gboolean only = alloy_run_boolean(run, "only");
    if (only && selection->count == 0)
        alloy_warn(run->warnings, "selection", NULL, NULL,
                   "no atom is selected: the result is a model without atoms");
    alloy_run_set_atoms(run, only ? only_selected(atoms, selection) : with_selected(atoms, selection));
    alloy_run_add_scalar(run, alloy_scalar_integer("n_selected", ALLOY_UNIT_NONE, (int64_t)selection->count));
    double fraction = atoms->n > 0 ? (double)selection->count / (double)atoms->n : (double)NAN;
    alloy_run_add_scalar(run, alloy_scalar_real("fraction", ALLOY_UNIT_NONE, fraction));
    alloy_data_unref(selection);
    return TRUE;
}

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const char *const modes[] = {"replace", "add", "remove", "intersect", "toggle", NULL};

static const AlloyParam params[] = {
    {.name = "where",
     .title = "Condition",
     .type = ALLOY_PARAM_EXPRESSION,
     .automatic = "what was selected before",
     .help = "Which atoms, as in `species == Ir && cn < 12`."},
    {.name = "from",
     .title = "Selected before",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "the column `selected`, if there is one",
     .help = "Column of an earlier selection (true and false) that the mode refers to."},
    {.name = "mode",
     .title = "Mode",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "replace",
     .choices = modes,
     .help = "What the atoms of the condition do to those selected before: replace them, be added to them, "
             "be removed from them, be intersected with them, or be toggled."},
    {.name = "invert",
     .title = "Invert",
     .type = ALLOY_PARAM_BOOLEAN,
     .fallback = "false",
     .help = "Then the others are selected instead."},
    {.name = "grow",
     .title = "Grow",
     .type = ALLOY_PARAM_INTEGER,
     .min = 0,
     .max = 1000,
     .ui_min = 0,
     .ui_max = 5,
     .fallback = "0",
     .help = "Then the neighbours of what is selected are added, this many times."},
    {.name = "shrink",
     .title = "Shrink",
     .type = ALLOY_PARAM_INTEGER,
     .min = 0,
     .max = 1000,
     .ui_min = 0,
     .ui_max = 5,
     .fallback = "0",
     .help = "Then atoms with a neighbour that is not selected are taken away, this many times."},
    {.name = "only",
     .title = "Selected atoms only",
     .type = ALLOY_PARAM_BOOLEAN,
     .fallback = "false",
     .help = "The result is the selected atoms alone, with all their columns and their place in the input; "
             "otherwise it is all atoms, with the column `selected`."},
    ALLOY_CUTOFF_PARAM(
        "Two atoms are neighbours when they are closer than this: for cn, csrop and c in the condition, "
        "and for growing and shrinking."),
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_ATOM_COLUMN, "selected", ALLOY_UNIT_NONE, "whether the atom is selected"},
    {ALLOY_OUT_ATOM_COLUMN, ORIGINAL, ALLOY_UNIT_NONE,
     "with only, instead of `selected`: the place in the input, from 0 (where the input has this column, "
     "that stays)"},
    {ALLOY_OUT_SCALAR, "n_selected", ALLOY_UNIT_NONE, "atoms selected"},
    {ALLOY_OUT_SCALAR, "fraction", ALLOY_UNIT_NONE, "of all atoms"},
    {0},
};

const AlloyOperation alloy_op_select = {
    .name = "select",
    .version = 1,
    .title = "Select atoms",
    .category = "Structure",
    .summary =
        "Selects atoms by a condition on their quantities, and grows or shrinks the selection by shells.",
    .details =
        "A condition compares quantities (<, <=, ==, !=, >=, >, also chained as in 5 <= cn < 9, and `in "
        "{...}`) and "
        "joins comparisons with && (and), || (or) and ! (not). Quantities are the columns of the model and "
        "species, "
        "element, index (place in the file, from 0), x, y, z, r (distance from the centre of mass of the "
        "positions), "
        "cn (coordination number), csrop.A (segregation indicator of species A), csrop_A_B, and c.A (local "
        "concentration of A); a column of the model that is called so is taken as it is. There is arithmetic "
        "(+ - * / "
        "% ^), and abs, sqrt, exp, log, log10, sin, cos, floor, ceil, round, isnan, min, max. Names that are "
        "more "
        "than letters, digits, _ and . stand in `backquotes`, labels in \"quotation marks\". A missing value "
        "makes "
        "every comparison false.\n\n"
        "Ranges, C being the concentration of A: csrop.A is alpha_AA on atoms of A, -C/(1-C) to 1, and "
        "-alpha_BA on the others, -1 to 1/C-1; so csrop.Pd < -1 holds for atoms of Pd alone, and only where "
        "C "
        "> 1/2. The least value on the others, -1, means no A around, and csrop.A > 0 more A around than in "
        "a "
        "random alloy. csrop_A_B is alpha_AB: for A and B different 1-1/C_B to 1. c.A is 0 to 1.\n\n"
        "The order is: condition, mode, invert, grow, shrink, only.",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){NULL},
    .subset = TRUE,
    .run = run_select,
};
