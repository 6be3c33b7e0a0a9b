/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/picture.h"
#include "tests/common.h"
#include "tests/scene/models.h"

/* A picture of many tiles shows no seams: without occlusion every pixel is the one of a single tile; with it,
 * the grain of its pattern moves with the tiles, so colours agree on average and nowhere jump. */
static void test_tiles(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_ball(800, 25, 7), 1.5);
    AlloyLook look = alloy_look_default();
    look.occlusion = 0;
    alloy_scene_set_look(scene, &look);
    AlloyCamera camera = model_camera(scene, 2200.0 / 2100, 0.4);
    const int width = 2200, height = 2100;
    g_autoptr(GError) error = NULL;
    g_autofree uint32_t *tiled = alloy_picture_new(scene, &camera, width, height, 1, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    AlloyTile whole = alloy_tile_whole(width, height);
    AlloyQuality quality = {FALSE, 1};
    g_autofree uint32_t *once = g_new(uint32_t, (size_t)width * (size_t)height);
    g_assert_true(alloy_frame_see(frame, scene, &camera, &whole, NULL));
    alloy_frame_shade(frame, &quality, once, (size_t)width);
    size_t differ = 0;
    for (size_t k = 0; k < (size_t)width * (size_t)height; k++)
        differ += tiled[k] != once[k];
    /* the corner of a tile is rounded to float once per tile */
    g_assert_cmpuint(differ, <=, (size_t)width * (size_t)height / 2000);
}

/* Supersampling gives the area: the mean cover of a sphere's picture is its disk's. */
static void test_supersample(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_atom(0, 0, 0), 2);
    AlloyLook look = alloy_look_default();
    look.background[3] = 0;
    alloy_scene_set_look(scene, &look);
    AlloyCamera camera = alloy_camera_default();
    camera.height = 5;
    g_autofree uint32_t *argb = alloy_picture_new(scene, &camera, 60, 50, 4, NULL, NULL);
    double cover = 0;
    for (int k = 0; k < 60 * 50; k++)
        cover += (double)(argb[k] >> 24) / 255;
    double pixels = 2 / 0.1;
    test_assert_near(cover, G_PI * pixels * pixels, 0.25 * 2 * G_PI * pixels / 4);
}

static void test_refused(void)
{
    g_autoptr(AlloyScene) scene = model_scene(model_atom(0, 0, 0), 2);
    AlloyCamera camera = alloy_camera_default();
    static const int sizes[][2] = {{0, 5}, {5, -1}, {50001, 5}};
    for (int k = 0; k < 3; k++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_picture_new(scene, &camera, sizes[k][0], sizes[k][1], 2, NULL, &error));
        g_assert_nonnull(error);
    }
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_picture_new(scene, &camera, 100, 100, 2, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scene/picture/tiles", test_tiles);
    g_test_add_func("/scene/picture/supersample", test_supersample);
    g_test_add_func("/scene/picture/refused", test_refused);
    return g_test_run();
}
