/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"
#include "core/data/pair-names.h"
#include "core/data/table.h"
#include "core/data/warning.h"

G_BEGIN_DECLS

/* An analysis, declared. The descriptor stands at the end of the analysis's own .c file; the registry
 * (core/project/registry.c) lists it. From it are made the subcommand with its help, the parameter panel, the
 * record in the project file, the reference page, and the test that runs every operation on absurd input. */

typedef enum {
    ALLOY_PARAM_BOOLEAN,
    ALLOY_PARAM_INTEGER,
    ALLOY_PARAM_REAL,
    ALLOY_PARAM_CHOICE,     /* one of choices */
    ALLOY_PARAM_TEXT,       /* free text */
    ALLOY_PARAM_SPECIES,    /* name of a species of the input */
    ALLOY_PARAM_EXPRESSION, /* a selection expression */
} AlloyParamType;

typedef struct {
    const char *name;  /* on the command line --NAME; never changes */
    const char *title; /* in the window */
    AlloyParamType type;
    const char *unit;      /* of numbers; NULL: dimensionless */
    double min, max;       /* hard range of numbers, ends included; both 0: none */
    double ui_min, ui_max; /* useful range for a slider; both 0: as the hard one */
    const char *fallback;  /* the default as text; NULL: automatic or required */
    const char *automatic; /* without fallback: what happens when it is not given ("the first minimum of the
                              pair distribution", "every pair of species"). With fallback NULL and automatic
                              NULL the parameter is required, whatever its type */
    const char *const *choices; /* CHOICE: NULL-terminated names */
    const char *help;           /* a sentence or two */
    double grain; /* of automatic numbers: stages of a series whose values lie further apart are told; 0: no
                     matter */
} AlloyParam;

typedef struct {
    const char *name; /* "atoms" */
    const AlloyDataClass *klass;
    gboolean optional, repeated; /* repeated: one or more of them, the last input only */
    const char *help;
} AlloyInput;

/* What a run gives, for documentation and for the test that holds runs to it. A name may hold {A} and {B} for
 * species: "csrop_{A}_{B}". */
typedef enum {
    ALLOY_OUT_ATOM_COLUMN,
    ALLOY_OUT_TABLE_COLUMN,
    ALLOY_OUT_SCALAR,
    ALLOY_OUT_DATA
} AlloyOutputKind;
typedef struct {
    AlloyOutputKind kind;
    const char *name;
    const char *unit; /* NULL: depends on the input */
    const char *help;
} AlloyOutput;

typedef struct _AlloyRun AlloyRun;

typedef struct {
    const char *name;           /* "csrop"; a contract for scripts */
    int version;                /* raised when the numbers change */
    const char *title;          /* "Chemical short-range order" */
    const char *category;       /* "Structure", "Simulation" */
    const char *summary;        /* one sentence */
    const char *details;        /* paragraphs: definitions, formulas, choices; NULL: none */
    const char *source;         /* paper and equation */
    const AlloyInput *inputs;   /* ended by one with name NULL */
    const AlloyParam *params;   /* ended by one with name NULL */
    const AlloyOutput *outputs; /* ended by one with name NULL */
    const char *const *tables;  /* titles of all tables that it may give, NULL-terminated; NULL: any */
    gboolean subset; /* the per-atom result may be some of the atoms only, in the order of the input,
                        with the columns that they had there */
    /* Reads inputs and parameters from run, adds outputs to it. Called on a worker thread. FALSE with error
     * set: no outputs count. */
    gboolean (*run)(AlloyRun *run, GError **error);
} AlloyOperation;

/* One run: inputs, parameters, where progress goes, and the outputs as they come. Made and freed by
 * core/project; not shared between threads while it runs.
 *
 * An operation with exactly one AlloyAtoms input (not repeated) also answers for a series: it is run for
 * every stage with the same seed and parameters, as if each were given alone. Then atoms is the series of the
 * per-atom results; the tables of one title become one table with a leading integer column `stage` (from 0);
 * and the scalars become the columns of a last table `scalars` with one row per stage. */
struct _AlloyRun {
    const AlloyOperation *operation;
    GPtrArray *inputs;  /* of AlloyData, owned, in the order of the descriptor; NULL for optional ones */
    GHashTable *params; /* name -> text, as given (choices and booleans in their own spelling) */
    GHashTable
        *resolved; /* name -> text, what automatic parameters came to; when the stages of a series differ,
                      their values joined by ", ", which says what was used but cannot be given back */
    AlloyProgress *progress; /* may be NULL */
    uint64_t seed;
    AlloyPairNames *pair_names; /* of the species there are, of all stages; NULL: not asked for yet */
    gboolean may_lack_species;  /* of a stage: those that its parameters name are in other stages */
    gboolean may_be_empty;      /* a stage of a series: see alloy_run_nothing */
    const char *nothing;        /* set by it: why there is nothing here, static */
    GPtrArray *warnings;        /* of AlloyWarning */
    /* outputs */
    const AlloyData
        *atoms; /* the per-atom result: an AlloyAtoms or AlloySeries in the order of the input; NULL: none */
    GPtrArray *tables; /* of const AlloyTable, owned; titles are their names, the first is the main one */
    AlloyColumns *scalars;
};

/* --- for the one who calls --- */
AlloyRun *alloy_run_new(const AlloyOperation *operation);
void alloy_run_free(AlloyRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyRun, alloy_run_free)
void alloy_run_add_input(AlloyRun *run,
                         const AlloyData *data); /* takes a reference; NULL: an optional one left out */
/* Checks the name (with a suggestion when misspelt), the type, the range. */
gboolean alloy_run_set(AlloyRun *run, const char *name, const char *value, GError **error);
/* Checks inputs and required parameters, then runs. Any analysis is run through this. What an earlier
 * execution left is dropped first; after FALSE there are no outputs. */
gboolean alloy_run_execute(AlloyRun *run, GError **error);
/* Holds what came out against what the operation declares: names, units, a per-atom result with the atoms of
 * the input. alloy_run_execute does it after every run and says g_critical where it fails, for that is a bug
 * of the operation. */
gboolean alloy_run_check_outputs(const AlloyRun *run, GError **error);
/* The parameter of that name; NULL: none. */
const AlloyParam *alloy_operation_param(const AlloyOperation *operation, const char *name);
/* Whether a series may stand for its one AlloyAtoms input. */
gboolean alloy_operation_maps_series(const AlloyOperation *operation);
/* What name may have been meant to be among the NULL-terminated candidates, by edit distance; NULL: nothing
 * near. */
const char *alloy_suggest(const char *name, const char *const *candidates);

/* --- for the analyses --- */
/* Input of that place, any kind. NULL when left out, or beyond the last. */
const AlloyData *alloy_run_input(const AlloyRun *run, unsigned index);
/* The same where the operation declares an AlloyAtoms. */
const AlloyAtoms *alloy_run_atoms(const AlloyRun *run, unsigned index);
/* Parameter values, already checked: the given one, else what it was resolved to in this run, else the
 * fallback. A name that the operation does not have is a bug. */
gboolean alloy_run_is_set(const AlloyRun *run, const char *name);   /* given, or has a fallback */
gboolean alloy_run_is_given(const AlloyRun *run, const char *name); /* given, be it the default */
double alloy_run_real(const AlloyRun *run, const char *name);       /* NaN: automatic; also for integers */
int64_t alloy_run_integer(const AlloyRun *run, const char *name);   /* INT64_MIN: automatic */
gboolean alloy_run_boolean(const AlloyRun *run, const char *name);
int alloy_run_choice(const AlloyRun *run, const char *name);       /* index into choices; -1: not given */
const char *alloy_run_text(const AlloyRun *run, const char *name); /* NULL: not given */
/* Warns (code "no-effect") if that parameter was given: it changes nothing, because of `why`. */
void alloy_run_warn_no_effect(AlloyRun *run, const char *name, const char *why);
/* Index of the kind that a species parameter names; -1 with an error (which lists the species there are) if
 * the atoms have none of it; -2 when not given. ALLOY_KIND_ABSENT with a warning (code "absent-species") if
 * this is a stage of a series that has none of it while another stage has: what was asked of the species is
 * then missing. */
#define ALLOY_KIND_ABSENT (-3)
int alloy_run_kind(AlloyRun *run, const char *name, const AlloyAtoms *atoms, GError **error);
/* There is nothing here to analyse, and why ("no atom is selected", static): an error, FALSE. Of a stage of a
 * series a warning (code "empty"), TRUE: the stage goes on with empty values, and only when that is so of all
 * of them the series fails. */
gboolean alloy_run_nothing(AlloyRun *run, const char *why, GError **error);
/* Of the species of all these models. */
AlloyPairNames *alloy_pair_names_of_models(const AlloyAtoms *const *models, size_t n);
/* "A_B", the name of a pair of the species of the input (the stages of a series, of all of them:
 * one name is one pair throughout). Warns (code "pair-names") where that would not tell two pairs apart, and
 * gives another. Free with g_free. */
char *alloy_run_pair_name(AlloyRun *run, const AlloyAtoms *atoms, const char *a, const char *b);
/* Records what an automatic parameter came to: it stands in the provenance, and reruns use it. */
void alloy_run_resolve(AlloyRun *run, const char *name, double value);
/* Outputs. All take the reference over. */
void alloy_run_set_atoms(AlloyRun *run, const AlloyAtoms *atoms);
void alloy_run_set_series(AlloyRun *run, const void *series); /* a const AlloySeries */
void alloy_run_add_table(AlloyRun *run, const AlloyTable *table);
void alloy_run_add_scalar(AlloyRun *run, const AlloyColumn *scalar);

G_END_DECLS
