/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/statistics.h"

#include "core/base/error.h"
#include "core/structure/null-outputs.h"
#include "core/structure/rdf.h"
#include "core/structure/select.h"
#include "core/structure/statistics-private.h"

/* The quantities and their nulls are in statistics-quantities.c, the tables in statistics-tables.c. */

static void clear_work(AlloyStatisticsWork *work)
{
    alloy_data_unref(work->selection);
    g_free(work->mask);
    alloy_sites_free(work->sites);
    alloy_shell_free(work->shell);
    g_clear_pointer(&work->quantities, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlloyStatisticsWork, clear_work)

/* A selection by chemistry has been chosen for what is then tested: among shuffled labels the same sites are
 * nothing special, so z is large and p small in a random alloy too. */
static void warn_of_circularity(AlloyRun *run, const char *where)
{
    if (g_regex_match_simple("\\b(species|element|csrop|c[._][A-Za-z])", where, 0, 0))
        alloy_warn(run->warnings, "circular", NULL, NULL,
                   "the selection `%s` is made by species or chemical order: composition and order of "
                   "these atoms differ from the null because they were chosen so; their z and p are no test",
                   where);
}

/* --where, else the column that --selection names, else the column `selected`, else everything. */
static gboolean find_selection(AlloyStatisticsWork *work, GError **error)
{
    const AlloyAtoms *atoms = work->atoms;
    const char *where = alloy_run_text(work->run, "where"), *name = alloy_run_text(work->run, "selection");
    if (where != NULL && name != NULL)
        return alloy_parameter_error(error, "where and selection: give one of them");
    if (where != NULL) {
        warn_of_circularity(work->run, where);
        work->selection =
            alloy_select(atoms, work->run->pair_names, where, work->cutoff, work->run->progress, error);
    } else {
        const AlloyColumn *column = alloy_atoms_column(atoms, name != NULL ? name : "selected");
        if (column == NULL && name != NULL)
            return alloy_parameter_error(error, "selection: the model has no column \"%s\"", name);
        work->selection =
            column != NULL ? alloy_selection_from_column(column, error) : alloy_selection_all(atoms->n);
    }
    if (work->selection == NULL)
        return FALSE;
    if (work->selection->count == 0 && !alloy_run_nothing(work->run, "no atom is selected", error))
        return FALSE;
    work->mask = g_malloc(atoms->n + 1);
    alloy_selection_to_mask(work->selection, work->mask);
    return TRUE;
}

static gboolean run_statistics(AlloyRun *run, GError **error)
{
    g_auto(AlloyStatisticsWork) work = {.run = run, .atoms = alloy_run_atoms(run, 0), .target = -1};
    const AlloyAtoms *atoms = work.atoms;
    work.shuffles = alloy_run_shuffles(run);
    work.quantities = g_array_new(FALSE, FALSE, sizeof(AlloyQuantity));
    g_array_set_clear_func(work.quantities, alloy_quantity_clear);
    work.sites = alloy_sites_new(atoms, ALLOY_SURFACE_KEEP, NULL, error);
    if (work.sites == NULL)
        return FALSE;
    int kind = alloy_run_kind(run, "species", atoms, error);
    if (kind == -1)
        return FALSE;
    work.absent = kind == ALLOY_KIND_ABSENT;
    work.target = kind < 0 ? -1 : alloy_sites_label(work.sites, kind);
    alloy_sites_fractions(work.sites->whole, work.sites->n_kinds, work.concentration);
    alloy_progress_stage(run->progress, 0, 0.1, "pair distribution");
    if (!alloy_run_cutoff(run, atoms, &work.cutoff, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.1, 0.2, "selection");
    if (!find_selection(&work, error))
        return FALSE;
    alloy_progress_stage(run->progress, 0.2, 0.4, "neighbours");
    AlloyShellRule rule = {work.cutoff, NAN, 1, {0, 0}};
    work.shell = alloy_shell_new(atoms, &rule, run->progress, error);
    if (work.shell == NULL || !alloy_shell_warn_empty(run, work.shell, atoms, &rule, error) ||
        !alloy_statistics_quantities(&work, error) || !alloy_statistics_nulls(&work, error) ||
        !alloy_statistics_tables(&work, error))
        return FALSE;
    alloy_run_add_scalar(run, alloy_scalar_integer("atoms", ALLOY_UNIT_NONE, (int64_t)atoms->n));
    alloy_run_add_scalar(run,
                         alloy_scalar_integer("selected", ALLOY_UNIT_NONE, (int64_t)work.selection->count));
    alloy_run_add_scalar(run, alloy_scalar_real("cutoff", ALLOY_UNIT_LENGTH, work.cutoff));
    alloy_run_add_shuffles(run, work.shuffles);
    return TRUE;
}

/* --- descriptor --- */

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const AlloyParam params[] = {
    {.name = "where",
     .title = "Where",
     .type = ALLOY_PARAM_EXPRESSION,
     .automatic = "the column that selection names",
     .help = "The atoms for which this holds are the selection: species == Ir && cn < 12."},
    {.name = "selection",
     .title = "Selection",
     .type = ALLOY_PARAM_TEXT,
     .automatic = "the column selected, or all atoms where there is none",
     .help = "Name of a column of the model: its atoms that are true, or not 0, are the selection."},
    {.name = "species",
     .title = "Species of the indicator",
     .type = ALLOY_PARAM_SPECIES,
     .automatic = "no indicator",
     .help = "Adds the segregation indicator csrop of this species: alpha_AA on atoms of A, -alpha_BA on the "
             "others."},
    ALLOY_CUTOFF_PARAM(ALLOY_CUTOFF_HELP),
    ALLOY_SHUFFLES_PARAM("Random exchanges that every statistic is held against; 0: none."),
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_TABLE_COLUMN, "quantity", ALLOY_UNIT_TEXT, "name of the quantity per atom"},
    {ALLOY_OUT_TABLE_COLUMN, "unit", ALLOY_UNIT_TEXT, "its unit, also that of the figures of its row"},
    {ALLOY_OUT_TABLE_COLUMN, "n", ALLOY_UNIT_NONE, "selected atoms with a value"},
    {ALLOY_OUT_TABLE_COLUMN, "missing", ALLOY_UNIT_NONE, "selected atoms without"},
    {ALLOY_OUT_TABLE_COLUMN, "null", ALLOY_UNIT_TEXT,
     "what chance means in this row: species shuffled over the same sites, or as many sites drawn at random "
     "from the whole; (exact): from the hypergeometric distribution, not by trial"},
    {ALLOY_OUT_TABLE_COLUMN, "mean", ALLOY_UNIT_OF_ROW, "mean over the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "sd", ALLOY_UNIT_OF_ROW, "standard deviation in the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "sem", ALLOY_UNIT_OF_ROW, "sd/sqrt(n), as if the atoms were independent"},
    {ALLOY_OUT_TABLE_COLUMN, "min", ALLOY_UNIT_OF_ROW, "least"},
    {ALLOY_OUT_TABLE_COLUMN, "q25", ALLOY_UNIT_OF_ROW, "lower quartile"},
    {ALLOY_OUT_TABLE_COLUMN, "median", ALLOY_UNIT_OF_ROW, "median"},
    {ALLOY_OUT_TABLE_COLUMN, "q75", ALLOY_UNIT_OF_ROW, "upper quartile"},
    {ALLOY_OUT_TABLE_COLUMN, "max", ALLOY_UNIT_OF_ROW, "greatest"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_mean", ALLOY_UNIT_OF_ROW, "mean over the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "difference", ALLOY_UNIT_OF_ROW, "mean - whole_mean"},
    ALLOY_NULL_OUTPUTS_IN(NULL, "", "the mean, the statistic or the count of the row"),
    ALLOY_ADJUSTED_OUTPUT,
    {ALLOY_OUT_TABLE_COLUMN, "statistic", ALLOY_UNIT_TEXT, "mean, sd, min, q25, median, q75 or max"},
    {ALLOY_OUT_TABLE_COLUMN, "value", ALLOY_UNIT_OF_ROW, "the statistic of the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "whole", ALLOY_UNIT_OF_ROW, "the same of the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "species", ALLOY_UNIT_TEXT, "species"},
    {ALLOY_OUT_TABLE_COLUMN, "count", ALLOY_UNIT_NONE, "selected atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_count", ALLOY_UNIT_NONE, "atoms of the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "fraction", ALLOY_UNIT_NONE, "fraction of the selection"},
    {ALLOY_OUT_TABLE_COLUMN, "error", ALLOY_UNIT_NONE, "binomial standard error of the fraction"},
    {ALLOY_OUT_TABLE_COLUMN, "low", ALLOY_UNIT_NONE, "lower end of the 95 % interval (Wilson)"},
    {ALLOY_OUT_TABLE_COLUMN, "high", ALLOY_UNIT_NONE, "upper end of the 95 % interval (Wilson)"},
    {ALLOY_OUT_TABLE_COLUMN, "low", ALLOY_UNIT_OF_ROW, "lower end of the bin"},
    {ALLOY_OUT_TABLE_COLUMN, "high", ALLOY_UNIT_OF_ROW, "upper end of the bin"},
    {ALLOY_OUT_TABLE_COLUMN, "whole_fraction", ALLOY_UNIT_NONE, "fraction of the whole model"},
    {ALLOY_OUT_TABLE_COLUMN, "expected", ALLOY_UNIT_NONE,
     "atoms of the species in a random selection of this size"},
    {ALLOY_OUT_SCALAR, "atoms", ALLOY_UNIT_NONE, "atoms of the model"},
    {ALLOY_OUT_SCALAR, "selected", ALLOY_UNIT_NONE, "atoms of the selection"},
    {ALLOY_OUT_SCALAR, "cutoff", ALLOY_UNIT_LENGTH, "end of the first shell"},
    ALLOY_SHUFFLES_OUTPUT,
    {0},
};

const AlloyOperation alloy_op_statistics = {
    .name = "statistics",
    .version = 3,
    .title = "Statistics of a selection",
    .category = "Structure",
    .summary = "Composition, and mean and distribution of every quantity per atom, of the selected atoms "
               "against the whole particle and against chance.",
    .details =
        "Table statistics: one row per quantity. Computed here are the order parameters csrop_A_B of every "
        "pair (each atom by its own neighbours in the first shell, concentrations of the whole), the "
        "indicator csrop with species, the local concentrations c_A and the coordination number cn; "
        "whatever else the model holds as numbers per atom follows. The means are over the selected atoms; "
        "their neighbours may be any. A stage of a series in which none is selected has empty values.\n"
        "One name is one quantity. A column of the model that is called like something computed here and "
        "holds the same numbers is that; one that holds others keeps its name, as in conditions, and what "
        "is computed is called `csrop_A_B (recomputed)`; a warning says so.\n"
        "Every z and p belongs to the null that its row names. species shuffled, for what depends on the "
        "species (csrop, c, composition): the species are shuffled over all sites of the particle and the "
        "same sites stay selected, so that the surface and the sites' numbers of neighbours are those of "
        "the particle. sites drawn, for what does not depend on the species (cn, and every column of the "
        "model that is no index, which stays with its atom): as many atoms are drawn at random from the "
        "whole. There a "
        "connected region differs more easily than single atoms would, because neighbours are alike: read "
        "it as how unusual the region is, not as proof of a cause. A selection that was made by species "
        "(species == Ir) is compared with the same sites under other species.\n"
        "Table tests: mean, sd, least, quartiles, median and greatest of every quantity, each beside its "
        "null. Table distribution: every quantity in 20 bins, over the values that are possible (csrop, c) "
        "or that the model has (the rest), with the number of selected atoms in each beside its null. "
        "Table composition: counts and fractions with their binomial error and the 95 % interval of "
        "Wilson.\n"
        "z and p as in csrop: p = (1 + number of exchanges as far from the middle or farther)/(1 + "
        "shuffles), never less than 1/(1 + shuffles). (exact): how many atoms of a species, or of a bin of "
        "a quantity that stays with its atom, a random selection holds is hypergeometric; then mean and sd "
        "are exact, and p is the probability of a deviation as large to either side, down to 1e-300, which "
        "stands for that or less. Statistics that take few values (a median, a bin) have a p that errs on "
        "the side of chance.\n"
        "Each table is many tests at once: of 100 rows about 5 have p < 0.05 with nothing behind. "
        "p_adjusted is for that: of the rows of a table (in a series: of a stage) with p_adjusted <= 0.05 "
        "about one in twenty is there by chance. It cannot be less than (rows)/(1 + shuffles)/(rows at the "
        "least p); more shuffles lower it.",
    .source = "E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927); E. J. G. Pitman, J. R. Stat. Soc. Suppl. "
              "4, 119 (1937); B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9, 39 (2010); Y. "
              "Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57, 289 (1995)",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"statistics", "composition", "tests", "distribution", NULL},
    .run = run_statistics,
};
