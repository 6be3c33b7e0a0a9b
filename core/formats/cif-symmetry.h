/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/model.h"

G_BEGIN_DECLS

/* A symmetry operation on fractional coordinates (columns): x' = rotation x + shift. */
typedef struct {
    double rotation[3][3], shift[3];
} AlloySymmetryOperation;

/* "x,-y+1/2,z", "1/2+X, y, -z": FALSE when it is none (its determinant must be 1 or -1). */
gboolean alloy_symmetry_parse(AlloySpan text, AlloySymmetryOperation *operation);

typedef struct {
    double position[3]; /* fractional */
    double occupancy;
    int kind;
} AlloySite;

typedef struct {
    double position[3];
    uint32_t site;
} AlloySiteImage;

/* All images of all sites by all operations, site by site in the order of the operations, those that coincide
 * (within ALLOY_SITE_TOLERANCE) once; also a site of the same kind that is listed again where the first is
 * full already (*merged counts those). With more than one operation positions are taken into the cell,
 * 0 <= x < 1. GArray of AlloySiteImage; NULL with an error when there are too many or the user cancels. */
#define ALLOY_SITE_TOLERANCE                                                                                 \
    0.05 /* angstrom: far below any bond, above the rounding of coordinates like 0.333 */
GArray *alloy_symmetry_expand(const GArray *sites, const GArray *operations, const AlloyCell *cell,
                              size_t *merged, AlloyProgress *progress, const char *place, GError **error);

G_END_DECLS
