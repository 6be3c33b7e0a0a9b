/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Colour maps for numbers. A sequential one is even to the eye by construction: its lightness in the Oklab
 * space (Ottosson 2020) rises linearly with the value. A diverging one has white exactly in its middle. */
typedef struct {
    const char *name;  /* "even" */
    const char *title; /* "Even (dark blue to yellow)" */
    gboolean diverging;
} AlloyPalette;

/* All palettes, ended by one with name NULL; the first sequential and the first diverging are the defaults.
 */
extern const AlloyPalette alloy_palettes[];
const AlloyPalette *alloy_palette_by_name(const char *name); /* NULL: there is none */
const AlloyPalette *alloy_palette_default(gboolean diverging);
/* The colour at place t, 0..1 (what lies outside gets the end's). */
void alloy_palette_colour(const AlloyPalette *palette, double t, uint8_t rgb[3]);

/* Lightness 0..1 of Oklab and its two hue axes, of an sRGB colour. */
void alloy_oklab(const uint8_t rgb[3], double lab[3]);

G_END_DECLS
