/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/random.h"
#include "core/structure/neighbours.h"
#include "ui/scene/frame.h"

#include <math.h>

/* Scenes for the tests of drawing. */

/* n atoms of two kinds at random places of a ball of that radius, angstrom. */
static inline const AlloyAtoms *model_ball(size_t n, double radius, uint64_t seed)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int pd = alloy_atoms_builder_kind(builder, "Pd", 2), ir = alloy_atoms_builder_kind(builder, "Ir", 2);
    AlloyRandom random;
    alloy_random_init(&random, seed, 0);
    for (size_t i = 0; i < n; i++) {
        double p[3];
        do {
            for (int k = 0; k < 3; k++)
                p[k] = radius * (2 * alloy_random_uniform(&random) - 1);
        } while (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] > radius * radius);
        builder->x[i] = p[0] + 3;
        builder->y[i] = p[1] - 7;
        builder->z[i] = p[2] + 11;
        builder->species[i] = (uint16_t)(alloy_random_uniform(&random) < 0.5 ? pd : ir);
    }
    return alloy_atoms_builder_finish(builder);
}

/* One atom at p. */
static inline const AlloyAtoms *model_atom(double x, double y, double z)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(1);
    builder->x[0] = x;
    builder->y[0] = y;
    builder->z[0] = z;
    builder->species[0] = (uint16_t)alloy_atoms_builder_kind(builder, "Pd", 2);
    return alloy_atoms_builder_finish(builder);
}

/* A scene of atoms (whose reference passes on) with spheres of that radius. */
static inline AlloyScene *model_scene(const AlloyAtoms *atoms, double radius)
{
    AlloyScene *scene = alloy_scene_new();
    alloy_scene_set_atoms(scene, atoms);
    alloy_scene_set_radii(scene, ALLOY_RADIUS_UNIFORM, radius);
    alloy_data_unref(atoms);
    return scene;
}

/* From somewhere askew, with everything in the picture. */
static inline AlloyCamera model_camera(const AlloyScene *scene, double aspect, double fov)
{
    double centre[3], radius;
    AlloyCamera camera = alloy_camera_default();
    camera.fov = fov;
    alloy_camera_look(&camera, (const double[]){-1, -0.6, -0.4}, (const double[]){0, 0, 1});
    alloy_scene_bounds(scene, centre, &radius);
    alloy_camera_frame(&camera, centre, radius, aspect);
    return camera;
}

/* What a ray of double precision meets first at pixel (x, y) from below: the id (0: nothing) and z. second:
 * how much farther the next sphere's surface is, so that a test can tell a tie from a mistake; edge: how near
 * to a silhouette of any sphere the ray passes (angstrom). Slow and plain on purpose: what drawing is held
 * against. */
static inline uint32_t model_ray(AlloyScene *scene, const AlloyCamera *camera, const AlloyTile *tile, int x,
                                 int y, double *z, double *second, double *edge)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(scene);
    const AlloySlab *slab = alloy_scene_slab(scene);
    double pixel = camera->height / tile->whole_height;
    double u = (tile->x + x + 0.5) * pixel - 0.5 * tile->whole_width * pixel;
    double v = (tile->y + y + 0.5) * pixel - 0.5 * camera->height;
    double d = alloy_camera_distance(camera);
    gboolean perspective = camera->fov > 0;
    double from[3] = {perspective ? 0 : u, perspective ? 0 : v, perspective ? d : 1e4};
    double along[3] = {perspective ? u : 0, perspective ? v : 0, perspective ? -d : -1};
    double length = sqrt(along[0] * along[0] + along[1] * along[1] + along[2] * along[2]);
    double m[3][3], normal[3] = {0}, offset = 0;
    alloy_camera_matrix(camera, m);
    if (slab != NULL)
        for (int k = 0; k < 3; k++) {
            normal[k] = m[k][0] * slab->normal[0] + m[k][1] * slab->normal[1] + m[k][2] * slab->normal[2];
            offset += slab->normal[k] * camera->target[k];
        }
    uint32_t id = 0;
    double best = HUGE_VAL, next = HUGE_VAL;
    *edge = HUGE_VAL;
    for (size_t i = 0; i < atoms->n; i++) {
        double c[3], r = alloy_scene_radius(scene, (uint32_t)i), o[3], middle = 0, aside2 = 0;
        alloy_camera_to_view(camera, (const double[]){atoms->x[i], atoms->y[i], atoms->z[i]}, c);
        for (int k = 0; k < 3; k++) {
            o[k] = from[k] - c[k];
            middle -= o[k] * along[k] / length;
        }
        for (int k = 0; k < 3; k++) {
            double a = o[k] + middle * along[k] / length;
            aside2 += a * a;
        }
        *edge = fmin(*edge, fabs(sqrt(aside2) - r));
        if (aside2 > r * r)
            continue;
        double half = sqrt(r * r - aside2), enter = middle - half, leave = middle + half;
        if (slab != NULL) {
            double rise = 0, start = -0.0;
            for (int k = 0; k < 3; k++) {
                rise += normal[k] * along[k] / length;
                start += normal[k] * from[k];
            }
            double a = (slab->from - offset - start) / rise, b = (slab->to - offset - start) / rise;
            *edge = fmin(
                *edge, fmin(fabs(a - leave), fmin(fabs(b - leave), fmin(fabs(a - enter), fabs(b - enter)))));
            enter = fmax(enter, fmin(a, b));
            leave = fmin(leave, fmax(a, b));
        }
        if (enter > leave || enter < 0)
            continue;
        if (enter < best) {
            next = best;
            best = enter;
            id = (uint32_t)i + 1;
        } else {
            next = fmin(next, enter);
        }
    }
    *z = from[2] + best * along[2] / length;
    *second = next - best;
    return id;
}
