/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times drawing and the live statistics of a lasso on a made particle, and prints a line of JSON. Driven by
 * bench.py.
 *
 *   bench-scene ATOMS THREADS WIDTH HEIGHT */
#include "core/base/parallel.h"
#include "core/project/registry.h"
#include "core/structure/summary.h"
#include "tests/bench/particle.h"
#include "ui/scene/offscreen.h"
#include "ui/scene/region.h"

#include <string.h>

#define CUTOFF 3.3
#define FRAMES 12

static double now(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

/* The particle with its coordination and chemical order, as the window has it. */
static const AlloyAtoms *with_order(const AlloyAtoms *atoms)
{
    g_autoptr(AlloyRun) run = alloy_run_new(alloy_operation_by_name("csrop", NULL));
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    alloy_run_set(run, "cutoff", "3.3", NULL);
    alloy_run_set(run, "shuffles", "0", NULL);
    if (!alloy_run_execute(run, NULL))
        exit(1);
    return alloy_ref((const AlloyAtoms *)run->atoms);
}

/* A lasso around the middle half of the picture: the atoms behind it, or seen in it, and what is told of
 * them. */
static double time_lasso(const AlloyScene *scene, const AlloyCamera *camera, const AlloyFrame *frame,
                         const AlloySummaries *summaries, gboolean visible, size_t *count)
{
    double best = HUGE_VAL, corners[40][2];
    for (int k = 0; k < 40; k++) {
        corners[k][0] = frame->width * (0.5 + 0.25 * cos(k * G_PI / 20));
        corners[k][1] = frame->height * (0.5 + 0.4 * sin(k * G_PI / 20));
    }
    for (int repeat = 0; repeat < FRAMES; repeat++) {
        double start = now();
        g_autoptr(AlloyRegion) region = alloy_region_new(frame->width, frame->height);
        alloy_region_add_polygon(region, (const double(*)[2])corners, 40);
        g_autoptr(AlloySelection) atoms =
            (AlloySelection *)(visible ? alloy_region_visible(region, frame)
                                       : alloy_region_through(region, scene, camera));
        g_autoptr(AlloySummary) summary = alloy_summaries_of(summaries, atoms);
        *count = summary->selected;
        best = MIN(best, now() - start);
    }
    return best;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    size_t n = strtoull(argv[1], NULL, 10);
    alloy_parallel_set_threads((unsigned)atoi(argv[2]));
    AlloyTile tile = alloy_tile_whole(atoi(argv[3]), atoi(argv[4]));
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)bench_particle(n);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)with_order(bare);
    g_autoptr(AlloyNeighbours) near =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, CUTOFF, FALSE, NULL, NULL);
    g_autoptr(AlloyScene) scene = alloy_scene_new();
    alloy_scene_set_atoms(scene, atoms);
    alloy_scene_set_neighbours(scene, near);
    AlloyCamera camera = alloy_camera_default();
    double centre[3], radius;
    alloy_scene_bounds(scene, centre, &radius);
    alloy_camera_frame(&camera, centre, radius, (double)tile.width / tile.height);

    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    g_autofree uint32_t *argb = g_new(uint32_t, (size_t)tile.width * (size_t)tile.height);
    const AlloyQuality plain = {TRUE, 1}, full = {FALSE, 1};
    double moving = HUGE_VAL, still = HUGE_VAL, recolour = HUGE_VAL, gl = HUGE_VAL;
    for (int k = 0; k < FRAMES; k++) {
        alloy_camera_orbit(&camera, (const double[]){0, 0}, (const double[]){0.03, 0.02}, 1.6);
        double start = now();
        if (!alloy_frame_see(frame, scene, &camera, &tile, NULL))
            return 1;
        double seen = now();
        alloy_frame_shade(frame, &plain, argb, (size_t)tile.width);
        double end = now();
        moving = MIN(moving, end - start);
        recolour = MIN(recolour, end - seen);
        alloy_frame_shade(frame, &full, argb, (size_t)tile.width);
        still = MIN(still, now() - end + seen - start);
    }
    size_t through, visible;
    g_autoptr(AlloySummaries) summaries = alloy_summaries_new(atoms);
    double lasso_through = time_lasso(scene, &camera, frame, summaries, FALSE, &through);
    double lasso_visible = time_lasso(scene, &camera, frame, summaries, TRUE, &visible);

    g_autoptr(AlloyOffscreen) offscreen = alloy_offscreen_new(NULL);
    for (int k = 0; offscreen != NULL && k < 4; k++) {
        alloy_camera_orbit(&camera, (const double[]){0, 0}, (const double[]){0.03, 0.02}, 1.6);
        double start = now();
        if (!alloy_offscreen_picture(offscreen, scene, &camera, &tile, &plain, argb, NULL))
            break;
        gl = MIN(gl, now() - start);
    }
    printf(
        "{\"moving\": %.6f, \"still\": %.6f, \"recolour\": %.6f, \"through\": %.6f, \"through_atoms\": %zu, "
        "\"visible\": %.6f, \"gl\": %.6f, \"driver\": \"%s\"}\n",
        moving, still, recolour, lasso_through, through, lasso_visible, offscreen != NULL ? gl : 0,
        offscreen != NULL ? alloy_offscreen_driver(offscreen) : "none");
    return 0;
}
