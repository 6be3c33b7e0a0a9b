/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenGL and the processor draw the same picture. */
#include "tests/common.h"
#include "tests/scene/models.h"
#include "ui/scene/offscreen.h"

static AlloyOffscreen *offscreen; /* one for all: a driver is not made to be started often */

static gboolean there(void)
{
    if (offscreen == NULL)
        g_test_skip("no OpenGL 3.3 without a display here");
    return offscreen != NULL;
}

/* Where two drivers may differ: the last bit of a float decides whether a pixel's middle is in or out of a
 * silhouette, or which of two crossing spheres is in front. Those pixels lie on lines, so they are few. */
static void same_picture(AlloyScene *scene, const AlloyCamera *camera, const AlloyTile *tile,
                         const AlloyQuality *quality, const char *what)
{
    const size_t pixels = (size_t)tile->width * (size_t)tile->height;
    g_autofree uint32_t *ids = g_new(uint32_t, pixels), *gl = g_new(uint32_t, pixels),
                        *own = g_new(uint32_t, pixels);
    g_autofree float *z = g_new(float, pixels);
    GError *error = NULL;
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    g_assert_true(alloy_frame_see(frame, scene, camera, tile, &error));
    g_assert_no_error(error);
    alloy_frame_shade(frame, quality, own, (size_t)tile->width);
    g_assert_true(alloy_offscreen_read(offscreen, scene, camera, tile, ids, z, &error));
    g_assert_no_error(error);
    g_assert_true(alloy_offscreen_picture(offscreen, scene, camera, tile, quality, gl, &error));
    g_assert_no_error(error);
    size_t other_id = 0, other_z = 0, other_colour = 0, drawn = 0;
    for (size_t k = 0; k < pixels; k++) {
        drawn += ids[k] != 0;
        other_id += ids[k] != frame->ids[k];
        other_z += ids[k] != 0 && ids[k] == frame->ids[k] && fabsf(z[k] - frame->z[k]) > 2e-3f;
        int most = 0;
        for (int bit = 0; bit < 32; bit += 8)
            most = MAX(most, ABS((int)(gl[k] >> bit & 255) - (int)(own[k] >> bit & 255)));
        other_colour += most > 6;
    }
    g_test_message(
        "%s: of %zu pixels, %zu drawn, %zu have another id, %zu another height, %zu another colour", what,
        pixels, drawn, other_id, other_z, other_colour);
    g_assert_cmpuint(drawn, >, pixels / 20);
    g_assert_cmpuint(other_id, <=, pixels / 2000);
    g_assert_cmpuint(other_z, <=, pixels / 2000);
    g_assert_cmpuint(other_colour, <=, pixels / 500);
}

static void test_same_picture(void)
{
    if (!there())
        return;
    AlloyTile tile = alloy_tile_whole(320, 240), part = {40, 60, 100, 90, 320, 240};
    AlloyQuality full = {FALSE, 1}, plain = {TRUE, 2};
    static const double fovs[] = {0, 0.6};
    for (int k = 0; k < 2; k++) {
        g_autoptr(AlloyScene) scene = model_scene(model_ball(2000, 25, 7), 1.5);
        AlloyCamera camera = model_camera(scene, 4.0 / 3, fovs[k]);
        same_picture(scene, &camera, &tile, &full, "full");
        same_picture(scene, &camera, &tile, &plain, "plain");
        same_picture(scene, &camera, &part, &full, "tile");
        g_autofree uint8_t *mask = g_malloc0(2000);
        for (int i = 0; i < 2000; i += 3)
            mask[i] = 1;
        g_autoptr(AlloySelection) third = (AlloySelection *)alloy_selection_from_mask(mask, 2000);
        alloy_scene_set_selection(scene, third);
        alloy_scene_set_hover(scene, 7);
        AlloyLook look = alloy_look_default();
        look.ghost = 0.8f;
        look.cue = 0.5f;
        look.background[0] = 0.1f;
        look.background[3] = 0.5f;
        alloy_scene_set_look(scene, &look);
        same_picture(scene, &camera, &tile, &full, "selected, ghosts, depth cue, translucent ground");
        alloy_scene_set_slab(scene, &(AlloySlab){{0.6, 0, 0.8}, 5, 12});
        same_picture(scene, &camera, &tile, &full, "slab");
        alloy_scene_set_hidden(scene, third);
        alloy_scene_set_slab(scene, NULL);
        camera.height /= 5;
        same_picture(scene, &camera, &tile, &full, "a third hidden, enlarged");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    offscreen = alloy_offscreen_new(&error);
    if (offscreen != NULL)
        g_test_message("driver: %s", alloy_offscreen_driver(offscreen));
    else
        g_test_message("%s", error->message);
    g_test_add_func("/scene/gl/same-picture", test_same_picture);
    int status = g_test_run();
    alloy_offscreen_free(offscreen);
    return status;
}
