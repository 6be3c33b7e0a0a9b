/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The chemical elements. */
typedef struct {
    int z;
    const char *symbol, *name;
    double mass;            /* standard atomic weight, u */
    double covalent_radius; /* angstrom; Cordero et al., Dalton Trans. 2832 (2008); NaN: not given */
    double metal_distance; /* nearest-neighbour distance in the element's solid at room temperature, angstrom;
                              NaN where there is no metallic or covalent solid to speak of */
} AlloyElement;

#define ALLOY_ELEMENTS 118
/* z 1..118; NULL otherwise. */
const AlloyElement *alloy_element(int z);
/* By symbol, any case, length bytes; NULL if it is none. */
const AlloyElement *alloy_element_by_symbol(const char *symbol, gssize length);
/* By mass: the element whose atomic weight is nearest, and within 0.5 % and 0.5 u of mass; one that occurs in
 * nature before one that does not (209 is Bi, not Po). NULL if none. */
const AlloyElement *alloy_element_by_mass(double mass);

G_END_DECLS
