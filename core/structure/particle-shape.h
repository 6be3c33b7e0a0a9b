/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/atoms.h"

#include <stddef.h>

G_BEGIN_DECLS

/* The body of a finite particle as far as the pair distribution needs it: its volume, and how much of it
 * overlaps with itself when shifted. */
typedef struct {
    double volume;   /* angstrom^3 */
    size_t nodes;    /* of the tabulated overlap; node 0 is r = 0, overlap 1 */
    double *r;       /* angstrom, ascending */
    double *overlap; /* the characteristic function gamma(r) of small-angle scattering: volume common to the
                        body and the body shifted by r, averaged over directions, over the volume (Guinier and
                        Fournet, "Small-Angle Scattering of X-rays", 1955, chapter 2) */
} AlloyParticleShape;
void alloy_particle_shape_free(AlloyParticleShape *shape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyParticleShape, alloy_particle_shape_free)

/* The body of a particle: everything within 0.75 spacings of an atom (which closes the holes between them),
 * drawn back by 0.35 spacings, so that the boundary lies 0.4 spacings outside the outermost centres, half a
 * layer of a close-packed metal. Rasterised at a fifth of the spacing, coarser for large bodies. spacing: the
 * first peak of the pair distances, angstrom. The overlap is tabulated up to maximum. */
AlloyParticleShape *alloy_particle_shape(const AlloyAtoms *atoms, double spacing, double maximum,
                                         AlloyProgress *progress, GError **error);
/* Overlap at r by linear interpolation, 0..1; the last node's value beyond it. */
double alloy_particle_overlap(const AlloyParticleShape *shape, double r);

G_END_DECLS
