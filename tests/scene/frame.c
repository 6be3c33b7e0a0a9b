/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing by the processor, held against closed forms and a ray cast that shares nothing with it. */
#include "core/base/parallel.h"
#include "tests/common.h"
#include "tests/scene/models.h"

#include <string.h>

/* float of 24 bits, lengths up to 100 angstrom: 100 * 2^-24 = 6e-6, times a few operations; a root near a
 * silhouette magnifies it, so pixels that near to one are passed over. */
#define NEAR_EDGE 2e-3
#define Z_TOLERANCE 5e-4

static void test_centre_of_an_atom(void)
{
    static const double fovs[] = {0, 0.5};
    for (int k = 0; k < 2; k++)
        for (double height = 3; height < 4000; height *= 3.7) {
            g_autoptr(AlloyScene) scene = model_scene(model_ball(50, 30, 4), 1.4);
            AlloyCamera camera = model_camera(scene, 1.5, fovs[k]);
            const AlloyAtoms *atoms = alloy_scene_atoms(scene);
            g_autoptr(AlloyFrame) frame = alloy_frame_new();
            AlloyTile tile = alloy_tile_whole(300, 200);
            for (uint32_t i = 0; i < atoms->n; i += 7) {
                double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, at[2], view[3];
                memcpy(camera.target, p, sizeof p);
                camera.height = height;
                GError *error = NULL;
                g_autofree uint8_t *mask = g_malloc(atoms->n);
                memset(mask, 1, atoms->n);
                mask[i] = 0;
                g_autoptr(AlloySelection) others =
                    (AlloySelection *)alloy_selection_from_mask(mask, atoms->n);
                alloy_scene_set_hidden(scene, others);
                g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, &error));
                g_assert_no_error(error);
                g_assert_true(alloy_camera_project(&camera, p, at));
                alloy_camera_to_view(&camera, p, view);
                /* pixel (150, 100) has its lower left corner in the middle of the picture */
                double pixel = camera.height / 200, aside = hypot(0.5, 0.5) * pixel;
                uint32_t id = frame->ids[100 * 300 + 150];
                if (aside > 1.4) {
                    g_assert_true(id == 0 || id == i + 1); /* an atom smaller than a pixel */
                    continue;
                }
                if (fovs[k] > 0 && camera.height / 2 / tan(fovs[k] / 2) < 2.5)
                    continue; /* the eye is in or at the atom */
                g_assert_cmpuint(id, ==, i + 1);
                if (fovs[k] == 0)
                    test_assert_near(frame->z[100 * 300 + 150], sqrt(1.4 * 1.4 - aside * aside), Z_TOLERANCE);
            }
        }
}

/* The silhouette of a sphere: pi r^2 orthographic; in perspective an ellipse on the view plane, for a sphere
 * on the axis a disk of radius D r / sqrt(d^2 - r^2). Counting pixels is right within the number of those on
 * the rim. */
static void test_silhouette(void)
{
    static const double fovs[] = {0, 0.3, 1.0};
    for (int k = 0; k < 3; k++) {
        g_autoptr(AlloyScene) scene = model_scene(model_atom(1, 2, 3), 2.5);
        AlloyCamera camera = alloy_camera_default();
        camera.fov = fovs[k];
        camera.height = 10;
        camera.target[0] = 1;
        camera.target[1] = 2;
        camera.target[2] = 3 - 1.5; /* nearer to the eye than the view plane */
        AlloyTile tile = alloy_tile_whole(700, 500);
        g_autoptr(AlloyFrame) frame = alloy_frame_new();
        g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, NULL));
        double radius = 2.5, d = alloy_camera_distance(&camera);
        if (fovs[k] > 0)
            radius = d * 2.5 / sqrt((d - 1.5) * (d - 1.5) - 2.5 * 2.5);
        double pixels = radius / (10.0 / 500);
        size_t seen = 0;
        for (size_t at = 0; at < 700 * 500; at++)
            seen += frame->ids[at] == 1;
        /* the count of lattice points in a circle of radius R is pi R^2 with an error far below its rim, 2 pi
         * R */
        test_assert_near((double)seen, G_PI * pixels * pixels, 0.25 * 2 * G_PI * pixels);
    }
}

static void against_rays(AlloyScene *scene, const AlloyCamera *camera, const AlloyTile *tile,
                         const char *what)
{
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    g_assert_true(alloy_frame_see(frame, scene, camera, tile, NULL));
    size_t compared = 0, hits = 0;
    for (int y = 0; y < tile->height; y++)
        for (int x = 0; x < tile->width; x++) {
            double z, second, edge;
            uint32_t id = model_ray(scene, camera, tile, x, y, &z, &second, &edge);
            if (edge < NEAR_EDGE || second < 2 * Z_TOLERANCE)
                continue;
            size_t at = (size_t)y * (size_t)tile->width + (size_t)x;
            if (frame->ids[at] != id)
                g_error("%s: pixel (%d, %d) shows %u, a ray meets %u", what, x, y, frame->ids[at], id);
            if (id != 0)
                test_assert_near(frame->z[at], z, Z_TOLERANCE);
            compared++;
            hits += id != 0;
        }
    /* it is a test only if most pixels were compared and many show atoms */
    g_assert_cmpuint(compared, >, (size_t)(tile->width * tile->height) * 6 / 10);
    g_assert_cmpuint(hits, >, compared / 20);
}

/* "Visible only" is the set of ids in the picture: it equals what rays meet, for 1000 atoms. */
static void test_visible_equals_rays(void)
{
    static const double fovs[] = {0, 0.6};
    AlloyTile tile = alloy_tile_whole(180, 120);
    for (int k = 0; k < 2; k++) {
        g_autoptr(AlloyScene) scene = model_scene(model_ball(1000, 20, 9), 1.4);
        AlloyCamera camera = model_camera(scene, 1.5, fovs[k]);
        against_rays(scene, &camera, &tile, k == 0 ? "orthographic" : "perspective");
        camera.height /= 6; /* atoms over the border */
        against_rays(scene, &camera, &tile, "enlarged");
        AlloySlab slab = {{0.6, 0, 0.8}, -HUGE_VAL, 0.6 * 3 + 0.8 * 11 + 1};
        camera.height *= 5;
        alloy_scene_set_slab(scene, &slab);
        against_rays(scene, &camera, &tile, "cut");
        slab.from = slab.to - 4;
        alloy_scene_set_slab(scene, &slab);
        against_rays(scene, &camera, &tile, "slab");
        AlloyTile part = {50, 37, 61, 45, 180, 120};
        against_rays(scene, &camera, &part, "a tile");
    }
}

/* The cut of one sphere by a plane h off its middle is a disk of radius sqrt(r^2 - h^2) at that height. */
static void test_cap(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_atom(0, 0, 0), 2);
    alloy_scene_set_slab(scene, &(AlloySlab){{0, 0, 1}, -HUGE_VAL, 1.2});
    AlloyCamera camera = alloy_camera_default();
    camera.height = 5;
    AlloyTile tile = alloy_tile_whole(500, 500);
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, NULL));
    size_t flat = 0;
    for (size_t at = 0; at < 500 * 500; at++)
        flat += frame->ids[at] == 1 &&
                fabs((double)frame->z[at] - 1.2) < 4.1e-4; /* the bias of caps is 1e-4 r^2 */
    double pixels = 1.6 / 0.01;
    test_assert_near((double)flat, G_PI * pixels * pixels, 0.3 * 2 * G_PI * pixels);
}

/* A crystal: what is culled as covered must not show. From many directions, with all drawn and with the
 * covered left out, the pictures are the same. */
static void test_covered_atoms_do_not_show(void)
{
    const double a = 3.89;
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(a, 9, 9, 9, "Pd");
    g_autofree uint8_t *keep = g_malloc0(lattice->n);
    double middle = a * 9 / 2;
    for (size_t i = 0; i < lattice->n; i++)
        keep[i] =
            hypot(hypot(lattice->x[i] - middle, lattice->y[i] - middle), lattice->z[i] - middle) < 4.2 * a;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_set_cell(builder, NULL);
    g_autoptr(AlloyAtoms) free_lattice = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyAtoms) ball = (AlloyAtoms *)alloy_atoms_subset(free_lattice, keep);
    g_autoptr(AlloyNeighbours) near =
        (AlloyNeighbours *)alloy_neighbours_new(ball, 0.85 * a, FALSE, NULL, NULL);
    g_autoptr(AlloyScene) all = model_scene(alloy_ref(ball), a / sqrt(8));
    g_autoptr(AlloyScene) bare = model_scene(alloy_ref(ball), a / sqrt(8));
    alloy_scene_set_neighbours(bare, near);
    size_t n_all, n_bare;
    alloy_scene_drawn(all, &n_all);
    alloy_scene_drawn(bare, &n_bare);
    g_assert_cmpuint(n_all, ==, ball->n);
    g_assert_cmpuint(n_bare, <, n_all * 9 / 10);
    AlloyTile tile = alloy_tile_whole(400, 400);
    g_autoptr(AlloyFrame) one = alloy_frame_new(), two = alloy_frame_new();
    AlloyRandom random;
    alloy_random_init(&random, 3, 0);
    for (int k = 0; k < 24; k++) {
        AlloyCamera camera = model_camera(all, 1, k % 2 == 0 ? 0 : 0.6);
        double axis[3];
        for (int d = 0; d < 3; d++)
            axis[d] = alloy_random_normal(&random);
        alloy_camera_turn(&camera, axis, 6 * alloy_random_uniform(&random));
        if (k % 3 == 0) {
            AlloySlab slab = {{0, 0.6, 0.8}, 1.4 * middle - a * (k - 8) / 8, HUGE_VAL};
            alloy_scene_set_slab(all, &slab);
            alloy_scene_set_slab(bare, &slab);
        }
        g_assert_true(alloy_frame_see(one, all, &camera, &tile, NULL));
        g_assert_true(alloy_frame_see(two, bare, &camera, &tile, NULL));
        size_t differ = 0;
        for (size_t at = 0; at < 400 * 400; at++)
            differ += one->ids[at] != two->ids[at];
        g_assert_cmpuint(differ, <=, 16); /* of 160000: exact channels of touching spheres */
    }
}

static void test_same_for_any_threads(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_ball(3000, 30, 2), 1.4);
    AlloyCamera camera = model_camera(scene, 1.3, 0.5);
    AlloyTile tile = alloy_tile_whole(391, 301);
    AlloyQuality quality = {FALSE, 1};
    const size_t pixels = 391 * 301;
    g_autofree uint32_t *first = g_new(uint32_t, pixels), *again = g_new(uint32_t, pixels);
    g_autoptr(AlloyFrame) one = alloy_frame_new(), other = alloy_frame_new();
    alloy_parallel_set_threads(1);
    g_assert_true(alloy_frame_see(one, scene, &camera, &tile, NULL));
    alloy_frame_shade(one, &quality, first, 391);
    static const unsigned threads[] = {2, 8};
    for (int k = 0; k < 2; k++) {
        alloy_parallel_set_threads(threads[k]);
        g_assert_true(alloy_frame_see(other, scene, &camera, &tile, NULL));
        alloy_frame_shade(other, &quality, again, 391);
        g_assert_true(memcmp(one->ids, other->ids, pixels * sizeof *one->ids) == 0);
        g_assert_true(memcmp(one->z, other->z, pixels * sizeof *one->z) == 0);
        g_assert_true(memcmp(first, again, pixels * sizeof *first) == 0);
    }
    alloy_parallel_set_threads(0);
}

/* Colours and selections are read when the picture is shaded: pass one need not run again. */
static void test_new_colours_move_nothing(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_atom(0, 0, 0), 2);
    AlloyLook look = alloy_look_default();
    look.flat = 1;
    look.occlusion = look.outline = 0;
    alloy_scene_set_look(scene, &look);
    AlloyCamera camera = alloy_camera_default();
    camera.height = 5;
    AlloyTile tile = alloy_tile_whole(51, 51);
    AlloyQuality quality = {TRUE, 1};
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    g_autofree uint32_t *argb = g_new(uint32_t, 51 * 51);
    g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, NULL));
    unsigned geometry = alloy_scene_changes(scene).geometry;
    static const uint8_t colours[2][1][4] = {{{200, 40, 90, 255}}, {{1, 2, 3, 255}}};
    for (int k = 0; k < 2; k++) {
        alloy_scene_set_colours(scene, colours[k]);
        alloy_frame_shade(frame, &quality, argb, 51);
        const uint8_t *c = colours[k][0];
        g_assert_cmphex(argb[25 * 51 + 25], ==,
                        0xff000000u | (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2]);
        g_assert_cmphex(argb[0], ==, 0xffffffffu);
    }
    g_autoptr(AlloySelection) selected = (AlloySelection *)alloy_selection_all(1);
    alloy_scene_set_selection(scene, selected);
    alloy_frame_shade(frame, &quality, argb, 51);
    size_t edge = 0;
    for (size_t at = 0; at < 51 * 51; at++)
        edge += argb[at] == 0xffff7300u; /* 0.45 of 255 is 115 */
    g_assert_cmpuint(edge, >, 30);
    g_assert_cmpuint(alloy_scene_changes(scene).geometry, ==, geometry);
}

static void test_nothing_and_absurd(void)
{
    g_autoptr(AlloyScene) scene = alloy_scene_new();
    AlloyCamera camera = alloy_camera_default();
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    AlloyTile tile = alloy_tile_whole(10, 10), none = alloy_tile_whole(0, 10);
    g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, NULL));
    g_assert_cmpuint(frame->ids[55], ==, 0);
    GError *error = NULL;
    g_assert_false(alloy_frame_see(frame, scene, &camera, &none, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    /* an atom far away, the eye inside of one, a view of a hundredth of an atom */
    g_autoptr(AlloyScene) far = model_scene(model_atom(1e7, -1e7, 1e7), 1);
    static const double heights[] = {1e-1, 1, 1e9};
    for (int k = 0; k < 6; k++) {
        camera = model_camera(far, 1, k % 2 == 0 ? 0 : 1.5);
        camera.height = heights[k / 2];
        g_assert_true(alloy_frame_see(frame, far, &camera, &tile, &error));
        g_assert_no_error(error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scene/frame/centre-of-an-atom", test_centre_of_an_atom);
    g_test_add_func("/scene/frame/silhouette", test_silhouette);
    g_test_add_func("/scene/frame/visible-equals-rays", test_visible_equals_rays);
    g_test_add_func("/scene/frame/cap", test_cap);
    g_test_add_func("/scene/frame/covered-atoms", test_covered_atoms_do_not_show);
    g_test_add_func("/scene/frame/threads", test_same_for_any_threads);
    g_test_add_func("/scene/frame/new-colours", test_new_colours_move_nothing);
    g_test_add_func("/scene/frame/absurd", test_nothing_and_absurd);
    return g_test_run();
}
