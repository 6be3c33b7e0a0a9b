/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/structure/null.h"

G_BEGIN_DECLS

/* The atoms that an analysis of chemical order works with, and what is left out of it at a free surface. */

typedef enum {
    ALLOY_SURFACE_KEEP,         /* nothing is left out */
    ALLOY_SURFACE_DROP_CENTRES, /* surface atoms are neighbours but no centres */
    ALLOY_SURFACE_DROP_ATOMS,   /* surface atoms are not there at all */
} AlloySurfaceRule;

typedef struct {
    const AlloyAtoms *model; /* the atoms that are there, without their columns */
    uint32_t *site;     /* of atom i of the input: its place in model, G_MAXUINT32: dropped. NULL: its own */
    uint8_t *label;     /* model->n: species, 0..n_kinds-1 */
    unsigned n_kinds;   /* species that the input has atoms of, at most ALLOY_MOST_SPECIES */
    uint16_t *kind;     /* n_kinds: their index into kinds of the input, ascending */
    uint32_t *centres;  /* the sites that are centres, ascending; NULL: all */
    uint8_t *is_centre; /* model->n, or NULL: all */
    size_t n_centres;
    uint64_t *whole, *kept; /* n_kinds: atoms of the input, atoms among the centres */
    size_t n_input;
} AlloySites;

/* surface: one byte per atom, not 0 on the surface; may be NULL with ALLOY_SURFACE_KEEP. FALSE: no atoms,
 * nothing left, more than ALLOY_MOST_SPECIES species. */
AlloySites *alloy_sites_new(const AlloyAtoms *atoms, AlloySurfaceRule rule, const uint8_t *surface,
                            GError **error);
void alloy_sites_free(AlloySites *sites);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySites, alloy_sites_free)

/* The label of that kind of the input, -1: it has no atoms. */
int alloy_sites_label(const AlloySites *sites, int kind);
/* Name of the species of that label. */
const char *alloy_sites_name(const AlloySites *sites, const AlloyAtoms *atoms, unsigned label);
/* counts over their sum. */
void alloy_sites_fractions(const uint64_t *counts, unsigned n_kinds, double *fractions);

/* surface[i] = 1 for the atoms of the surface. by_cn: those with fewer than least_cn neighbours within
 * cutoff; else the boundary atoms of the alpha shape of this probe radius. n bytes. */
gboolean alloy_surface_atoms(const AlloyAtoms *atoms, gboolean by_cn, double cutoff, unsigned least_cn,
                             double probe_radius, uint8_t *surface, AlloyProgress *progress, GError **error);

G_END_DECLS
