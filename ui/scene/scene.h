/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/data/selection.h"
#include "core/structure/neighbours.h"

G_BEGIN_DECLS

/* What is drawn: atoms as spheres with a colour each, a slab, a look. Knows nothing of OpenGL. Owned by the
 * thread that draws. A setter only notes what has changed, so that a new colour or selection moves no
 * geometry.
 */
typedef struct _AlloyScene AlloyScene;

typedef enum {
    ALLOY_RADIUS_COVALENT, /* of the element (Cordero 2008); 1.2 angstrom where it has none */
    ALLOY_RADIUS_METALLIC, /* half the nearest distance in the element's solid, else the covalent one */
    ALLOY_RADIUS_UNIFORM,  /* 1 angstrom */
} AlloyRadiusRule;

/* What is kept between two planes: from <= normal . p <= to, p in angstrom of the model. */
typedef struct {
    double normal[3]; /* unit vector; all 0: no slab */
    double from, to;  /* angstrom; may be infinite */
} AlloySlab;

typedef struct {
    float background[4]; /* red, green, blue, alpha 0..1, not premultiplied */
    float highlight[4];  /* the edge of what is selected; alpha 0: none */
    float occlusion;     /* strength of the ambient occlusion, 0..1 */
    float reach;         /* of it, angstrom */
    float outline;       /* strength, 0..1 */
    float cue;           /* share of the background in what is farthest, 0..1 */
    float ghost;         /* share of the background in what is not selected, 0..1 */
    float flat;          /* 1: no lighting */
} AlloyLook;
/* White, occlusion 0.55 within 5 angstrom, outline 0.55, no cue, no ghosts, an orange edge of what is
 * selected. */
AlloyLook alloy_look_default(void);

AlloyScene *alloy_scene_new(void);
void alloy_scene_free(AlloyScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyScene, alloy_scene_free)

/* NULL: nothing. Colours become those of the species, no atom is selected. */
void alloy_scene_set_atoms(AlloyScene *scene, const AlloyAtoms *atoms);
const AlloyAtoms *alloy_scene_atoms(const AlloyScene *scene); /* borrowed; NULL: none */
void alloy_scene_set_radii(AlloyScene *scene, AlloyRadiusRule rule, double scale);
/* rgba: one byte each for red, green, blue and 255, of every atom; copied. */
void alloy_scene_set_colours(AlloyScene *scene, const uint8_t (*rgba)[4]);
/* Of as many atoms as the scene has; NULL: none. */
void alloy_scene_set_selection(AlloyScene *scene, const AlloySelection *selection);
/* The atom under the pointer, drawn brighter; G_MAXUINT32: none. */
void alloy_scene_set_hover(AlloyScene *scene, uint32_t atom);
/* What is not drawn at all; NULL: everything is. */
void alloy_scene_set_hidden(AlloyScene *scene, const AlloySelection *hidden);
const AlloySelection *alloy_scene_hidden(const AlloyScene *scene); /* borrowed; NULL: none */
void alloy_scene_set_slab(AlloyScene *scene, const AlloySlab *slab);
void alloy_scene_set_look(AlloyScene *scene, const AlloyLook *look);
const AlloyLook *alloy_scene_look(const AlloyScene *scene);
const AlloySlab *alloy_scene_slab(const AlloyScene *scene);
/* First neighbours, for finding what is covered (see below); NULL: nothing is taken to be covered. */
void alloy_scene_set_neighbours(AlloyScene *scene, const AlloyNeighbours *neighbours);

/* The sphere around everything that is drawn: angstrom; radius 0 and the origin for nothing. */
void alloy_scene_bounds(const AlloyScene *scene, double centre[3], double *radius);
/* Radius of an atom's sphere, angstrom. */
double alloy_scene_radius(const AlloyScene *scene, uint32_t atom);

/* The atoms that can be seen from somewhere, ascending: not hidden, not wholly outside the slab, and not more
 * than three shells under what is bare (fewer than 12 neighbours drawn, or cut by the slab). Through the gaps
 * between close-packed spheres one sees the second layer and a little of the third, no farther but along a
 * few exact directions. Kept until the geometry changes; borrowed. */
const uint32_t *alloy_scene_drawn(AlloyScene *scene, size_t *n);

/* --- for the renderers --- */
/* Counted up when what they are named after has changed. */
typedef struct {
    unsigned geometry, colours, flags;
} AlloySceneChanges;
AlloySceneChanges alloy_scene_changes(const AlloyScene *scene);
/* x, y, z relative to origin and the radius, of every atom. */
const float (*alloy_scene_spheres(const AlloyScene *scene, double origin[3]))[4];
const uint8_t (*alloy_scene_colours(const AlloyScene *scene))[4];
const uint8_t *alloy_scene_flags(const AlloyScene *scene); /* bit 0 selected, bit 1 hovered */

G_END_DECLS
