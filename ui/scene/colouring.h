/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "ui/scene/palette.h"

G_BEGIN_DECLS

/* From quantities to colours. */

/* How a numeric column is coloured. Out of [low, high] the end's colour stands. */
typedef struct {
    const AlloyPalette *palette;
    double low, high;
    double neutral; /* what the middle of a diverging palette stands for; NaN: halfway between low and high */
} AlloyColourScale;

/* What atoms without a value (NaN) get. */
extern const uint8_t alloy_colour_missing[3];

/* The colour of a kind of atoms. In a model every kind has one of its own: from a set of eight that the
 * common kinds of colour blindness tell apart (Okabe and Ito 2008), given by Z in the order of the model's
 * elements; metals that are known by their colour (Cu, Ag, Au) keep it. More than eight kinds start again,
 * darker. */
void alloy_colour_of_kind(const AlloyAtoms *atoms, unsigned kind, uint8_t rgb[3]);

/* The colour at a place of that set, 0, 1, 2...: for labels that are no elements. */
void alloy_colour_of_place(unsigned place, uint8_t rgb[3]);

/* rgba (n x 4, alpha 255) of every atom, by species. */
void alloy_colour_species(const AlloyAtoms *atoms, uint8_t (*rgba)[4]);
/* By a column (of n values; text columns by their labels, as kinds are). */
void alloy_colour_column(const AlloyColumn *column, const AlloyColourScale *scale, uint8_t (*rgba)[4]);
/* Colour of one value. */
void alloy_colour_value(const AlloyColourScale *scale, double value, uint8_t rgb[3]);

/* A scale for what a column holds: from its `share` to its 1-share quantile (0: all of it), widened to round
 * numbers only where it is shown. When signed values lie on both sides of zero it is diverging about 0, each
 * side with its own end. Of several columns (the stages of a series) one scale for all: n of them, NULL ones
 * are passed over. FALSE where there is no finite number. */
gboolean alloy_colour_scale_fit(const AlloyColumn *const *columns, size_t n, double share,
                                AlloyColourScale *scale);

G_END_DECLS
