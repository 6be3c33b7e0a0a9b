/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/camera.h"
#include "core/base/linalg.h"
#include "tests/common.h"

#include <string.h>

static void direction_of(const AlloyCamera *camera, const double d[3], double out[3])
{
    double m[3][3];
    alloy_camera_matrix(camera, m);
    for (int k = 0; k < 3; k++)
        out[k] = alloy_dot3(m[k], d);
}

/* Looking along a direction it points into the picture and up is up, whatever the quaternion's branch. */
static void test_look(void)
{
    static const double directions[][3] = {{0, 0, -1}, {0, 0, 1}, {1, 0, 0},   {-1, 0, 0},      {0, 1, 0},
                                           {0, -1, 0}, {1, 1, 1}, {-1, 2, -3}, {1e-3, 1e-3, 1}, {5, 0, 5}};
    static const double ups[][3] = {{0, 0, 1}, {0, 1, 0}, {1, 0, 0}, {1, 2, 3}};
    for (size_t k = 0; k < G_N_ELEMENTS(directions); k++)
        for (size_t u = 0; u < G_N_ELEMENTS(ups); u++) {
            AlloyCamera camera = alloy_camera_default();
            alloy_camera_look(&camera, directions[k], ups[u]);
            double seen[3], up[3], cross[3], length = alloy_norm3(directions[k]);
            direction_of(&camera, directions[k], seen);
            test_assert_near(seen[0], 0, 1e-12 * length);
            test_assert_near(seen[1], 0, 1e-12 * length);
            test_assert_near(seen[2], -length, 1e-12 * length);
            direction_of(&camera, ups[u], up);
            alloy_cross3(directions[k], ups[u], cross);
            if (alloy_norm3(cross) > 1e-6) {
                test_assert_near(up[0], 0, 1e-12 * alloy_norm3(ups[u]) * 1e3);
                g_assert_cmpfloat(up[1], >, 0);
            }
            double m[3][3];
            alloy_camera_matrix(&camera, m);
            test_assert_near(alloy_det3((const double(*)[3])m), 1, 1e-12);
        }
}

static void test_project_and_back(void)
{
    static const double fovs[] = {0, 0.7};
    for (int k = 0; k < 2; k++) {
        AlloyCamera camera = alloy_camera_default();
        camera.fov = fovs[k];
        alloy_camera_look(&camera, (const double[]){1, -2, 0.5}, (const double[]){0, 0, 1});
        memcpy(camera.target, (const double[]){5, 6, 7}, sizeof camera.target);
        camera.height = 80;
        double p[3] = {11, -3, 9}, view[3], at[2], back[3];
        alloy_camera_to_view(&camera, p, view);
        g_assert_true(alloy_camera_project(&camera, p, at));
        alloy_camera_unproject(&camera, at, view[2], back);
        for (int d = 0; d < 3; d++)
            test_assert_near(back[d], p[d], 1e-12 * 100);
        /* the plane through the target has the same scale in both projections */
        g_assert_true(alloy_camera_project(&camera, camera.target, at));
        test_assert_near(at[0], 0, 1e-15);
        double m[3][3], q[3];
        alloy_camera_matrix(&camera, m);
        for (int d = 0; d < 3; d++)
            q[d] = camera.target[d] + 20 * m[0][d];
        g_assert_true(alloy_camera_project(&camera, q, at));
        test_assert_near(at[0], 20.0 / 80, 1e-14);
    }
    AlloyCamera camera = alloy_camera_default();
    camera.fov = 0.7;
    double at[2], behind[3] = {0, 0, 1e4};
    g_assert_false(alloy_camera_project(&camera, behind, at));
}

/* What is under the pointer stays there. */
static void test_zoom_and_pan(void)
{
    AlloyCamera camera = alloy_camera_default();
    alloy_camera_look(&camera, (const double[]){1, -2, 0.5}, (const double[]){0, 0, 1});
    double at[2] = {0.31, -0.2}, p[3], again[2];
    alloy_camera_unproject(&camera, at, 0, p);
    alloy_camera_zoom(&camera, 2.5, at);
    test_assert_near(camera.height, 40, 1e-12);
    g_assert_true(alloy_camera_project(&camera, p, again));
    test_assert_near(again[0], at[0], 1e-12);
    test_assert_near(again[1], at[1], 1e-12);
    alloy_camera_pan(&camera, 0.1, 0.05);
    g_assert_true(alloy_camera_project(&camera, p, again));
    test_assert_near(again[0], at[0] + 0.1, 1e-12);
    test_assert_near(again[1], at[1] + 0.05, 1e-12);
    for (int k = 0; k < 2000; k++)
        alloy_camera_zoom(&camera, 1.5, at);
    g_assert_true(camera.height > 0 && isfinite(camera.target[0]));
    for (int k = 0; k < 2000; k++)
        alloy_camera_zoom(&camera, 1 / 1.5, at);
    g_assert_true(isfinite(camera.height) && isfinite(camera.target[0]));
}

/* A point of the ball under the pointer follows it; there and back again is where it was. */
static void test_orbit(void)
{
    AlloyCamera camera = alloy_camera_default(), before = camera;
    double from[2] = {0.1, 0.05}, to[2] = {-0.2, 0.17};
    double p[3] = {from[0] / 0.5, from[1] / 0.5, 0}, q[3];
    p[2] = sqrt(1 - p[0] * p[0] - p[1] * p[1]);
    alloy_camera_orbit(&camera, from, to, 1.6);
    direction_of(&camera, p, q);
    test_assert_near(q[0], to[0] / 0.5, 1e-12);
    test_assert_near(q[1], to[1] / 0.5, 1e-12);
    alloy_camera_orbit(&camera, to, from, 1.6);
    for (int k = 0; k < 4; k++)
        test_assert_near(camera.rotation[k], before.rotation[k], 1e-12);
    alloy_camera_orbit(&camera, from, from, 1.6);
    g_assert_true(isfinite(camera.rotation[0]));
    /* rounding does not grow: a quaternion stays a unit one */
    for (int k = 0; k < 100000; k++)
        alloy_camera_turn(&camera, (const double[]){1, 2, 3}, 0.01);
    double length = 0;
    for (int k = 0; k < 4; k++)
        length += camera.rotation[k] * camera.rotation[k];
    test_assert_near(length, 1, 1e-12);
}

/* The whole sphere is in the picture and nearly touches an edge. */
static void test_frame(void)
{
    static const double aspects[] = {0.5, 1, 1.6}, fovs[] = {0, 0.3, 1.2};
    for (int a = 0; a < 3; a++)
        for (int f = 0; f < 3; f++) {
            AlloyCamera camera = alloy_camera_default();
            camera.fov = fovs[f];
            double centre[3] = {10, 20, 30};
            alloy_camera_frame(&camera, centre, 25, aspects[a]);
            double most = 0;
            for (int k = 0; k < 2000; k++) {
                /* points of the sphere in rings, the one that is seen farthest out among them */
                double t = G_PI * (k % 500) / 499, phi = k / 500 * G_PI / 2, at[2];
                double p[3] = {centre[0] + 25 * sin(t) * cos(phi), centre[1] + 25 * sin(t) * sin(phi),
                               centre[2] + 25 * cos(t)};
                g_assert_true(alloy_camera_project(&camera, p, at));
                most = fmax(most, fmax(fabs(at[0]) / (0.5 * aspects[a]), fabs(at[1]) / 0.5));
            }
            g_assert_cmpfloat(most, <, 1);
            g_assert_cmpfloat(most, >, 0.93);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scene/camera/look", test_look);
    g_test_add_func("/scene/camera/project-and-back", test_project_and_back);
    g_test_add_func("/scene/camera/zoom-and-pan", test_zoom_and_pan);
    g_test_add_func("/scene/camera/orbit", test_orbit);
    g_test_add_func("/scene/camera/frame", test_frame);
    return g_test_run();
}
