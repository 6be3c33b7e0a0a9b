/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/structure/neighbours.h"
#include "core/structure/rdf.h"

G_BEGIN_DECLS

/* Which neighbours of an atom make a coordination shell. */
typedef struct {
    double cutoff;       /* angstrom; the first shell lies within (distance < cutoff). NaN if the shells are
                            counted and nobody asked for a distance */
    double outer_cutoff; /* angstrom; the second shell lies from cutoff to here. Shell 2 by distance only */
    unsigned shell;      /* 1 or 2 */
    unsigned nearest[2]; /* numbers of neighbours in the first and the second shell when shells are counted
                            (12 and 6: the 12 nearest, then neighbours 13 to 18); 0 0: by distance */
} AlloyShellRule;

/* The neighbours of every atom that belong to one shell, in the order of the model. An atom counts once for
 * every image within reach. At most 65000 per atom. */
typedef struct {
    size_t n;
    const uint64_t *start; /* of atom i: index[start[i]] .. index[start[i] + count[i] - 1] */
    const uint32_t *count;
    const uint32_t *index;
    /* private */
    const AlloyNeighbours *neighbours; /* which owns the three above, or NULL: the shell owns them */
} AlloyShell;

static inline const uint32_t *alloy_shell_row(const AlloyShell *shell, size_t i)
{
    return shell->index + shell->start[i];
}

/* NULL: cancelled, or an atom has more than 65000 neighbours. */
AlloyShell *alloy_shell_new(const AlloyAtoms *atoms, const AlloyShellRule *rule, AlloyProgress *progress,
                            GError **error);
/* The same shell with every atom counted as a neighbour of itself. */
AlloyShell *alloy_shell_with_centre(const AlloyShell *shell);
void alloy_shell_free(AlloyShell *shell);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyShell, alloy_shell_free)

/* Warns (code "no-neighbours"), with the distance of the nearest two atoms, when no atom of the model that
 * the shell is of has any neighbour in it. FALSE: cancelled. */
gboolean alloy_shell_warn_empty(AlloyRun *run, const AlloyShell *shell, const AlloyAtoms *atoms,
                                const AlloyShellRule *rule, GError **error);

/* The second minimum of the pair distribution: the lowest place between the second peak and the third, in
 * angstrom; the middle of the gap in a perfect lattice. FALSE with an error when there is none up to twice
 * the first minimum. */
gboolean alloy_second_minimum(const AlloyAtoms *atoms, double first_minimum, double *second_minimum,
                              AlloyProgress *progress, GError **error);

/* The four parameters of every operation that counts the neighbours of a shell. */
#define ALLOY_SHELL_PARAMS                                                                                   \
    ALLOY_CUTOFF_PARAM("Two atoms are neighbours of the first shell when they are closer than this."),       \
        {.name = "shell",                                                                                    \
         .title = "Shell",                                                                                   \
         .type = ALLOY_PARAM_INTEGER,                                                                        \
         .min = 1,                                                                                           \
         .max = 2,                                                                                           \
         .fallback = "1",                                                                                    \
         .help = "1: neighbours within the cutoff. 2: neighbours from the cutoff to the outer cutoff."},     \
        {.name = "outer-cutoff",                                                                             \
         .title = "Outer cutoff",                                                                            \
         .type = ALLOY_PARAM_REAL,                                                                           \
         .unit = ALLOY_UNIT_LENGTH,                                                                          \
         .min = 0.01,                                                                                        \
         .max = 1000,                                                                                        \
         .ui_min = 3,                                                                                        \
         .ui_max = 12,                                                                                       \
         .automatic = "the second minimum of the pair distribution",                                         \
         .grain = ALLOY_CUTOFF_GRAIN,                                                                        \
         .help = "Where the second shell ends; used for shell 2 only."},                                     \
    {                                                                                                        \
        .name = "nearest", .title = "Nearest neighbours", .type = ALLOY_PARAM_TEXT,                          \
        .automatic = "shells by distance",                                                                   \
        .help = "Shells by number instead of distance: \"12\" takes the 12 nearest neighbours as the first " \
                "shell, \"12,6\" with shell 2 the neighbours 13 to 18. For periodic models of one "          \
                "coordination number."                                                                       \
    }

/* Reads these parameters, and warns of those that have no effect. need_cutoff: the cutoff is found even where
 * the shells are counted. */
gboolean alloy_run_shell_rule(AlloyRun *run, const AlloyAtoms *atoms, gboolean need_cutoff,
                              AlloyShellRule *rule, GError **error);

G_END_DECLS
