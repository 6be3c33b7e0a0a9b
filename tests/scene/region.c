/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/region.h"
#include "tests/common.h"
#include "tests/scene/models.h"

#include <string.h>

/* The crossing-number test of a point, written apart from the filling by rows. */
static gboolean point_inside(const double (*points)[2], size_t n, double x, double y)
{
    gboolean inside = FALSE;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        if ((points[i][1] > y) != (points[j][1] > y) &&
            x < (points[j][0] - points[i][0]) * (y - points[i][1]) / (points[j][1] - points[i][1]) +
                    points[i][0])
            inside = !inside;
    return inside;
}

static void test_polygon(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 5, 0);
    for (int round = 0; round < 50; round++) {
        double points[9][2]; /* corners also outside; edges cross */
        for (int k = 0; k < 9; k++)
            for (int d = 0; d < 2; d++)
                points[k][d] = 140 * alloy_random_uniform(&random) - 20;
        g_autoptr(AlloyRegion) region = alloy_region_new(100, 90);
        alloy_region_add_polygon(region, (const double(*)[2])points, 9);
        for (int y = 0; y < 90; y++)
            for (int x = 0; x < 100; x++)
                g_assert_cmpint(region->inside[y * 100 + x], ==,
                                point_inside((const double(*)[2])points, 9, x + 0.5, y + 0.5));
    }
    g_autoptr(AlloyRegion) region = alloy_region_new(10, 10);
    double line[2][2] = {{0, 0}, {9, 9}};
    alloy_region_add_polygon(region, (const double(*)[2])line, 2);
    for (int k = 0; k < 100; k++)
        g_assert_cmpint(region->inside[k], ==, 0);
}

/* A stroke is a rectangle with two half disks: 2 r l + pi r^2. */
static void test_stroke(void)
{
    g_autoptr(AlloyRegion) region = alloy_region_new(400, 300);
    alloy_region_add_stroke(region, (const double[]){100, 100}, (const double[]){250, 180}, 30);
    size_t area = 0;
    for (int k = 0; k < 400 * 300; k++)
        area += region->inside[k];
    double length = hypot(150, 80), rim = 2 * length + 2 * G_PI * 30;
    test_assert_near((double)area, 2 * 30 * length + G_PI * 900, 0.25 * rim);
    alloy_region_clear(region);
    alloy_region_add_stroke(region, (const double[]){-500, 2}, (const double[]){900, 2}, 5);
    g_assert_cmpint(region->inside[0], ==, 1);
    g_assert_cmpint(region->inside[8 * 400], ==, 0);
}

/* Through: by the projection of each middle. Visible: by the ids of the picture. Visible atoms whose middle
 * shows are also meant through. */
static void test_atoms(void)
{
    static const double fovs[] = {0, 0.7};
    for (int f = 0; f < 2; f++) {
        g_autoptr(AlloyScene) scene = model_scene(model_ball(900, 20, 8), 1.4);
        const AlloyAtoms *atoms = alloy_scene_atoms(scene);
        AlloyCamera camera = model_camera(scene, 1.5, fovs[f]);
        const int width = 240, height = 160;
        g_autoptr(AlloyRegion) region = alloy_region_new(width, height);
        static const double lasso[5][2] = {{30, 20}, {200, 50}, {150, 140}, {110, 60}, {40, 120}};
        alloy_region_add_polygon(region, lasso, 5);
        g_autofree uint8_t *mask = g_malloc0(900);
        for (int i = 0; i < 900; i += 5)
            mask[i] = 1;
        g_autoptr(AlloySelection) hidden = (AlloySelection *)alloy_selection_from_mask(mask, 900);
        AlloySlab slab = {{0, 0.6, 0.8}, -HUGE_VAL, 6};
        for (int with = 0; with < 2; with++) {
            alloy_scene_set_hidden(scene, with ? hidden : NULL);
            alloy_scene_set_slab(scene, with ? &slab : NULL);
            g_autoptr(AlloySelection) through =
                (AlloySelection *)alloy_region_through(region, scene, &camera);
            size_t count = 0;
            for (size_t i = 0; i < atoms->n; i++) {
                double at[2], p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
                gboolean there = alloy_camera_project(&camera, p, at);
                double x = at[0] * height + width / 2.0, y = at[1] * height + height / 2.0;
                gboolean meant = there && x >= 0 && y >= 0 && x < width && y < height &&
                                 point_inside(lasso, 5, floor(x) + 0.5, floor(y) + 0.5);
                if (with)
                    meant = meant && !mask[i] && 0.6 * p[1] + 0.8 * p[2] <= 6;
                g_assert_cmpint(alloy_selection_has(through, i), ==, meant);
                count += meant;
            }
            g_assert_cmpuint(count, >, 20);
            g_assert_cmpuint(count, ==, through->count);

            g_autoptr(AlloyFrame) frame = alloy_frame_new();
            AlloyTile tile = alloy_tile_whole(width, height);
            g_assert_true(alloy_frame_see(frame, scene, &camera, &tile, NULL));
            g_autoptr(AlloySelection) visible = (AlloySelection *)alloy_region_visible(region, frame);
            g_autofree uint8_t *seen = g_malloc0(900);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    if (frame->ids[y * width + x] != 0 && point_inside(lasso, 5, x + 0.5, y + 0.5))
                        seen[frame->ids[y * width + x] - 1] = 1;
            for (size_t i = 0; i < 900; i++)
                g_assert_cmpint(alloy_selection_has(visible, i), ==, seen[i]);
            g_assert_cmpuint(visible->count, >, 20);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scene/region/polygon", test_polygon);
    g_test_add_func("/scene/region/stroke", test_stroke);
    g_test_add_func("/scene/region/atoms", test_atoms);
    return g_test_run();
}
