/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/figure/figure.h"

G_BEGIN_DECLS

/* Several scenes made alike: the stages of a series side by side, with one scale, and colours that mean the
 * same in each. */

/* The atoms that a scene shows: neither hidden nor wholly outside its slab. Ascending; *n of them, free with
 * g_free. (alloy_scene_drawn leaves covered ones out, this does not.) */
uint32_t *alloy_scene_shown(const AlloyScene *scene, size_t *n);

/* Points the cameras of n panels, which have a rotation and an angle of view, at the middle of what each
 * shows. *half gets half the width and height (angstrom) that the largest of them takes up as it is seen. */
void alloy_figure_aim(AlloyPanel *panels, unsigned n, double half[2]);
/* The aspect of a box that suits what was aimed at: 0.5 to 2. */
double alloy_figure_aspect(const double half[2]);
/* Gives all of them the height with which that fits a box of the aspect, with a margin of 3 %, enlarged zoom
 * times. */
void alloy_figure_fit(AlloyPanel *panels, unsigned n, const double half[2], double aspect, double zoom);

/* Colours of n scenes, and what explains them; owns both. */
typedef struct {
    AlloyFigureEntry *entries; /* of the species (or labels) that any scene shows */
    unsigned n_entries;
    AlloyColourScale scale;
    AlloyColourBar bar; /* of the scale; scale NULL: there is none */
    char *title, *unit;
    GStringChunk *names;
} AlloyFigureColours;
void alloy_figure_colours_clear(AlloyFigureColours *colours);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlloyFigureColours, alloy_figure_colours_clear)

/* By species: one colour for a species in all scenes. */
void alloy_figure_colour_species(AlloyFigureColours *colours, AlloyScene *const *scenes, unsigned n);
/* By columns[k] of scene k: a number on the scale (as given, copied), a text as species are. title NULL: the
 * name of the first; unit NULL: its unit. */
void alloy_figure_colour_columns(AlloyFigureColours *colours, AlloyScene *const *scenes,
                                 const AlloyColumn *const *columns, unsigned n, const AlloyColourScale *scale,
                                 const char *title, const char *unit);

G_END_DECLS
