/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/scene.h"

#include "core/base/linalg.h"
#include "core/base/parallel.h"
#include "core/data/elements.h"
#include "ui/scene/colouring.h"

#include <math.h>
#include <string.h>

#define GRAIN 16384
#define UNKNOWN_RADIUS 1.2
/* Neighbours that cover an atom, and shells below a bare one that may be seen through gaps. */
#define COVERED 12
#define SHELLS 3

struct _AlloyScene {
    const AlloyAtoms *atoms;
    const AlloyNeighbours *neighbours;
    const AlloySelection *hidden;
    AlloyRadiusRule rule;
    double scale;
    AlloySlab slab;
    AlloyLook look;
    double centre[3], radius;
    float *kind_radius;
    float (*spheres)[4];
    uint8_t (*colours)[4];
    uint8_t *flags;
    uint32_t hover;
    uint32_t *drawn;
    size_t n_drawn;
    AlloySceneChanges changes;
};

AlloyLook alloy_look_default(void)
{
    return (AlloyLook){
        .background = {1, 1, 1, 1},
        .highlight = {1.0f, 0.45f, 0.0f, 1},
        .occlusion = 0.55f,
        .reach = 5,
        .outline = 0.55f,
    };
}

AlloyScene *alloy_scene_new(void)
{
    AlloyScene *scene = g_new0(AlloyScene, 1);
    scene->scale = 1;
    scene->hover = G_MAXUINT32;
    scene->look = alloy_look_default();
    return scene;
}

static void drop_atoms(AlloyScene *scene)
{
    alloy_clear(&scene->atoms);
    alloy_clear(&scene->neighbours);
    alloy_clear(&scene->hidden);
    g_clear_pointer(&scene->kind_radius, g_free);
    g_clear_pointer(&scene->spheres, g_free);
    g_clear_pointer(&scene->colours, g_free);
    g_clear_pointer(&scene->flags, g_free);
    g_clear_pointer(&scene->drawn, g_free);
    scene->hover = G_MAXUINT32;
}

void alloy_scene_free(AlloyScene *scene)
{
    if (scene == NULL)
        return;
    drop_atoms(scene);
    g_free(scene);
}

static size_t size_of(const AlloyScene *scene)
{
    return scene->atoms != NULL ? scene->atoms->n : 0;
}

static void geometry_changed(AlloyScene *scene)
{
    g_clear_pointer(&scene->drawn, g_free);
    scene->changes.geometry++;
}

static double radius_of_kind(const AlloySpecies *kind, AlloyRadiusRule rule)
{
    if (rule == ALLOY_RADIUS_UNIFORM)
        return 1;
    const AlloyElement *element = alloy_element(kind->z);
    if (element != NULL && rule == ALLOY_RADIUS_METALLIC && isfinite(element->metal_distance))
        return element->metal_distance / 2;
    return element != NULL && isfinite(element->covalent_radius) ? element->covalent_radius : UNKNOWN_RADIUS;
}

static void place_spheres(size_t begin, size_t end, void *data)
{
    AlloyScene *scene = data;
    const AlloyAtoms *atoms = scene->atoms;
    for (size_t i = begin; i < end; i++) {
        float *sphere = scene->spheres[i];
        sphere[0] = (float)(atoms->x[i] - scene->centre[0]);
        sphere[1] = (float)(atoms->y[i] - scene->centre[1]);
        sphere[2] = (float)(atoms->z[i] - scene->centre[2]);
        sphere[3] = scene->kind_radius[atoms->species[i]];
    }
}

static void make_spheres(AlloyScene *scene)
{
    const AlloyAtoms *atoms = scene->atoms;
    double largest = 0, low[3], high[3];
    scene->radius = 0;
    memset(scene->centre, 0, sizeof scene->centre);
    if (atoms == NULL || !alloy_atoms_bounds(atoms, low, high))
        return;
    for (unsigned k = 0; k < atoms->n_kinds; k++) {
        double radius = scene->scale * radius_of_kind(&atoms->kinds[k], scene->rule);
        scene->kind_radius[k] = (float)radius;
        if (atoms->kinds[k].count > 0)
            largest = MAX(largest, radius);
    }
    for (int k = 0; k < 3; k++)
        scene->centre[k] = (low[k] + high[k]) / 2;
    double most = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        double d[3] = {atoms->x[i] - scene->centre[0], atoms->y[i] - scene->centre[1],
                       atoms->z[i] - scene->centre[2]};
        most = MAX(most, alloy_dot3(d, d));
    }
    scene->radius = sqrt(most) + largest;
    alloy_parallel_for(atoms->n, GRAIN, place_spheres, scene, NULL, NULL);
}

void alloy_scene_set_atoms(AlloyScene *scene, const AlloyAtoms *atoms)
{
    const AlloyAtoms *kept = alloy_ref(atoms);
    drop_atoms(scene);
    scene->atoms = kept;
    size_t n = size_of(scene);
    if (atoms != NULL) {
        scene->kind_radius = g_new0(float, atoms->n_kinds + 1);
        scene->spheres = g_malloc((n + 1) * sizeof *scene->spheres);
        scene->colours = g_malloc((n + 1) * sizeof *scene->colours);
        scene->flags = g_malloc0(n + 1);
        alloy_colour_species(atoms, scene->colours);
    }
    make_spheres(scene);
    geometry_changed(scene);
    scene->changes.colours++;
    scene->changes.flags++;
}

const AlloyAtoms *alloy_scene_atoms(const AlloyScene *scene)
{
    return scene->atoms;
}

void alloy_scene_set_radii(AlloyScene *scene, AlloyRadiusRule rule, double scale)
{
    g_return_if_fail(scale > 0 && isfinite(scale));
    scene->rule = rule;
    scene->scale = scale;
    make_spheres(scene);
    geometry_changed(scene);
}

void alloy_scene_set_colours(AlloyScene *scene, const uint8_t (*rgba)[4])
{
    memcpy(scene->colours, rgba, size_of(scene) * sizeof *rgba);
    scene->changes.colours++;
}

void alloy_scene_set_selection(AlloyScene *scene, const AlloySelection *selection)
{
    g_return_if_fail(selection == NULL || selection->n == size_of(scene));
    for (size_t i = 0; i < size_of(scene); i++) {
        uint8_t bit = selection != NULL && alloy_selection_has(selection, i);
        scene->flags[i] = (uint8_t)((scene->flags[i] & ~1u) | bit);
    }
    scene->changes.flags++;
}

void alloy_scene_set_hover(AlloyScene *scene, uint32_t atom)
{
    if (atom == scene->hover)
        return;
    if (scene->hover < size_of(scene))
        scene->flags[scene->hover] &= (uint8_t)~2u;
    if (atom < size_of(scene))
        scene->flags[atom] |= 2u;
    scene->hover = atom;
    scene->changes.flags++;
}

void alloy_scene_set_hidden(AlloyScene *scene, const AlloySelection *hidden)
{
    g_return_if_fail(hidden == NULL || hidden->n == size_of(scene));
    hidden = alloy_ref(hidden);
    alloy_clear(&scene->hidden);
    scene->hidden = hidden;
    geometry_changed(scene);
}

const AlloySelection *alloy_scene_hidden(const AlloyScene *scene)
{
    return scene->hidden;
}

void alloy_scene_set_slab(AlloyScene *scene, const AlloySlab *slab)
{
    scene->slab = slab != NULL ? *slab : (AlloySlab){{0}, 0, 0};
    geometry_changed(scene);
}

const AlloySlab *alloy_scene_slab(const AlloyScene *scene)
{
    return alloy_norm3(scene->slab.normal) > 0 ? &scene->slab : NULL;
}

void alloy_scene_set_look(AlloyScene *scene, const AlloyLook *look)
{
    scene->look = *look;
}

const AlloyLook *alloy_scene_look(const AlloyScene *scene)
{
    return &scene->look;
}

void alloy_scene_set_neighbours(AlloyScene *scene, const AlloyNeighbours *neighbours)
{
    g_return_if_fail(neighbours == NULL || neighbours->n == size_of(scene));
    neighbours = alloy_ref(neighbours);
    alloy_clear(&scene->neighbours);
    scene->neighbours = neighbours;
    geometry_changed(scene);
}

void alloy_scene_bounds(const AlloyScene *scene, double centre[3], double *radius)
{
    memcpy(centre, scene->centre, sizeof scene->centre);
    *radius = scene->radius;
}

double alloy_scene_radius(const AlloyScene *scene, uint32_t atom)
{
    return atom < size_of(scene) ? (double)scene->spheres[atom][3] : 0;
}

/* --- what is drawn --- */

typedef struct {
    const AlloyScene *scene;
    uint8_t *whole; /* 1: drawn and not touched by the slab's planes; 2: drawn and cut; 0: not drawn */
    const uint8_t *from;
    uint8_t *to;
} Covering;

static void find_whole(size_t begin, size_t end, void *data)
{
    Covering *job = data;
    const AlloyScene *scene = job->scene;
    const AlloyAtoms *atoms = scene->atoms;
    const AlloySlab *slab = alloy_scene_slab(scene);
    for (size_t i = begin; i < end; i++) {
        uint8_t state = 1;
        if (slab != NULL) {
            double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, at = alloy_dot3(slab->normal, p);
            double radius = (double)scene->spheres[i][3] + 0.01;
            if (at + radius < slab->from || at - radius > slab->to)
                state = 0;
            else if (at - radius < slab->from || at + radius > slab->to)
                state = 2;
        }
        if (scene->hidden != NULL && alloy_selection_has(scene->hidden, i))
            state = 0;
        job->whole[i] = state;
    }
}

/* to: shells that lie over atom i, SHELLS at most; 0 for a bare one. */
static void find_bare(size_t begin, size_t end, void *data)
{
    Covering *job = data;
    const AlloyNeighbours *neighbours = job->scene->neighbours;
    for (size_t i = begin; i < end; i++) {
        uint32_t drawn = 0, n = neighbours->count[i];
        const uint32_t *row = alloy_neighbours_row(neighbours, i);
        for (uint32_t k = 0; k < n; k++)
            drawn += job->whole[row[k]] != 0;
        job->to[i] = job->whole[i] == 1 && drawn >= COVERED && drawn == n ? SHELLS : 0;
    }
}

static void spread_bare(size_t begin, size_t end, void *data)
{
    Covering *job = data;
    const AlloyNeighbours *neighbours = job->scene->neighbours;
    for (size_t i = begin; i < end; i++) {
        uint8_t least = job->from[i];
        const uint32_t *row = alloy_neighbours_row(neighbours, i);
        for (uint32_t k = 0; k < neighbours->count[i] && least > 0; k++)
            least = MIN(least, (uint8_t)(job->from[row[k]] + 1));
        job->to[i] = least;
    }
}

const uint32_t *alloy_scene_drawn(AlloyScene *scene, size_t *n)
{
    if (scene->drawn == NULL) {
        size_t all = size_of(scene);
        g_autofree uint8_t *whole = g_malloc(all + 1), *a = g_malloc0(all + 1), *b = g_malloc(all + 1);
        Covering job = {.scene = scene, .whole = whole};
        alloy_parallel_for(all, GRAIN, find_whole, &job, NULL, NULL);
        if (scene->neighbours != NULL) {
            job.to = a;
            alloy_parallel_for(all, GRAIN, find_bare, &job, NULL, NULL);
            for (int shell = 0; shell + 1 < SHELLS; shell++) {
                job.from = job.to;
                job.to = job.to == a ? b : a;
                alloy_parallel_for(all, GRAIN, spread_bare, &job, NULL, NULL);
            }
        }
        const uint8_t *over = scene->neighbours != NULL ? job.to : a;
        scene->drawn = g_new(uint32_t, all + 1);
        scene->n_drawn = 0;
        for (size_t i = 0; i < all; i++) {
            scene->drawn[scene->n_drawn] = (uint32_t)i;
            scene->n_drawn += whole[i] != 0 && over[i] < SHELLS;
        }
    }
    *n = scene->n_drawn;
    return scene->drawn;
}

AlloySceneChanges alloy_scene_changes(const AlloyScene *scene)
{
    return scene->changes;
}

const float (*alloy_scene_spheres(const AlloyScene *scene, double origin[3]))[4]
{
    memcpy(origin, scene->centre, sizeof scene->centre);
    return (const float(*)[4])scene->spheres;
}

const uint8_t (*alloy_scene_colours(const AlloyScene *scene))[4]
{
    return (const uint8_t(*)[4])scene->colours;
}

const uint8_t *alloy_scene_flags(const AlloyScene *scene)
{
    return scene->flags;
}
