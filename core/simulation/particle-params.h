/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/simulation/particle.h"

G_BEGIN_DECLS

/* The parameters that simulate-particle and simulate-series share, as items of an array of AlloyParam, and
 * their outputs. Private to core/simulation. */

/* clang-format off */
#define ALLOY_PARTICLE_PARAMS                                                                                          \
    {.name = "core", .title = "Core", .type = ALLOY_PARAM_TEXT, .fallback = "Pd",                                      \
     .help = "Element of the core."},                                                                                  \
    {.name = "shell", .title = "Shell", .type = ALLOY_PARAM_TEXT, .fallback = "Ir",                                    \
     .help = "Element of the shell."},                                                                                 \
    {.name = "lattice", .title = "Lattice constant", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH,              \
     .min = 1, .max = 20, .ui_min = 3.5, .ui_max = 4.2, .fallback = "3.89",                                            \
     .help = "Of the face-centred cubic lattice on which all atoms sit. Pd: 3.89 angstrom."},                          \
    {.name = "shape", .title = "Shape", .type = ALLOY_PARAM_CHOICE, .choices = alloy_particle_forms,                   \
     .fallback = "truncated-cuboctahedron",                                                                            \
     .help = "Outline of the particle; its faces are {100}, {111} and for the truncated cuboctahedron {110}."},        \
    {.name = "centre", .title = "Centre", .type = ALLOY_PARAM_CHOICE, .choices = alloy_particle_centres,               \
     .fallback = "random",                                                                                             \
     .help = "Where the middle of the outline lies in the lattice: on an atom, in an octahedral hole, or drawn from "  \
             "the seed, which makes facets of unlike size."},                                                          \
    {.name = "order", .title = "Order", .type = ALLOY_PARAM_CHOICE, .choices = alloy_particle_orders,                  \
     .fallback = "core-shell",                                                                                         \
     .help = "core-shell; random: the null, the same sites with species drawn without regard to place; inverted: the " \
             "shell's element inside; janus: two halves."},                                                            \
    {.name = "shell-thickness", .title = "Thickness of the shell", .type = ALLOY_PARAM_REAL,                           \
     .unit = ALLOY_UNIT_LENGTH, .min = 0, .max = 1000, .ui_max = 20, .fallback = "4",                                  \
     .help = "The shell's atoms that are not at the surface are spread evenly down to this depth; when they do not "   \
             "fit they go deeper."},                                                                                   \
    {.name = "interface", .title = "Width of the interface", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH,      \
     .min = 0, .max = 100, .ui_max = 5, .fallback = "1",                                                               \
     .help = "Standard deviation of the edge between shell and core."},                                                \
    {.name = "patches", .title = "Size of patches", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH, .min = 0,     \
     .max = 1000, .ui_max = 30, .fallback = "8",                                                                       \
     .help = "Along the shell regions of this size are rich and poor in its element, and the shell is thicker where "  \
             "it is rich; 0: even."},                                                                                  \
    {.name = "noise", .title = "Noise of positions", .type = ALLOY_PARAM_REAL, .unit = ALLOY_UNIT_LENGTH,              \
     .min = 0, .max = 5, .ui_max = 0.5, .fallback = "0.1",                                                             \
     .help = "Standard deviation of each coordinate."},                                                                \
    {.name = "missing", .title = "Missing atoms", .type = ALLOY_PARAM_REAL, .min = 0, .max = 1, .ui_max = 0.1,         \
     .fallback = "0",                                                                                                  \
     .help = "Probability that an atom is not found. The counts are those before this loss."}

#define ALLOY_PARTICLE_TRUTH                                                                                           \
    {ALLOY_OUT_ATOM_COLUMN, "true_species", ALLOY_UNIT_TEXT, "what the atom is"},                                      \
    {ALLOY_OUT_ATOM_COLUMN, "true_id", ALLOY_UNIT_NONE, "identity of the atom through the stages"},                    \
    {ALLOY_OUT_ATOM_COLUMN, "true_site", ALLOY_UNIT_NONE, "number of its lattice site, the same in all stages"},       \
    {ALLOY_OUT_ATOM_COLUMN, "true_x", ALLOY_UNIT_LENGTH, "without noise, in the frame of the first stage"},            \
    {ALLOY_OUT_ATOM_COLUMN, "true_y", ALLOY_UNIT_LENGTH, "without noise, in the frame of the first stage"},            \
    {ALLOY_OUT_ATOM_COLUMN, "true_z", ALLOY_UNIT_LENGTH, "without noise, in the frame of the first stage"},            \
    {ALLOY_OUT_ATOM_COLUMN, "true_moved", ALLOY_UNIT_NONE, "was not at this site at the stage before"},                \
    {ALLOY_OUT_ATOM_COLUMN, "true_changed", ALLOY_UNIT_NONE,                                                           \
     "its site held the other species at the stage before"},                                                           \
    {ALLOY_OUT_ATOM_COLUMN, "true_event", ALLOY_UNIT_TEXT,                                                             \
     "what moved it: stayed, exchanged (diffusion), segregated, hopped (over the surface), arrived"},                  \
    {ALLOY_OUT_ATOM_COLUMN, "true_misassigned", ALLOY_UNIT_NONE, "shows the wrong species"}
/* clang-format on */

G_END_DECLS
