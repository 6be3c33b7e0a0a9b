/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/view.h"

#include "core/base/linalg.h"

#include <math.h>
#include <string.h>

#define FAR_AWAY 1e6 /* angstrom: an end of the slab that is not there */

void alloy_view_make(AlloyView *view, const AlloyScene *scene, const AlloyCamera *camera,
                     const AlloyTile *tile)
{
    memset(view, 0, sizeof *view);
    double m[3][3], centre[3], radius, origin[3], shift[3];
    alloy_camera_matrix(camera, m);
    alloy_scene_spheres(scene, origin);
    alloy_camera_to_view(camera, origin, shift);
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++)
            view->to_view[4 * column + row] = (float)m[row][column];
        view->to_view[12 + row] = (float)shift[row];
    }
    view->to_view[15] = 1;

    double pixel = camera->height / tile->whole_height;
    view->left = (float)(pixel * (tile->x - 0.5 * tile->whole_width));
    view->bottom = (float)(pixel * (tile->y - 0.5 * tile->whole_height));
    view->pixel[0] = view->pixel[1] = (float)pixel;
    view->size[0] = (float)tile->width;
    view->size[1] = (float)tile->height;
    view->size[2] = 1 / view->size[0];
    view->size[3] = 1 / view->size[1];

    double at[3], distance = alloy_camera_distance(camera);
    alloy_scene_bounds(scene, centre, &radius);
    alloy_camera_to_view(camera, centre, at);
    double near = at[2] + radius + 0.01, far = at[2] - radius - 0.01;
    if (camera->fov > 0) {
        near = MIN(near, 0.99 * distance);
        far = MIN(far, near - 1);
    }
    view->near_z = (float)near;
    view->far_z = (float)far;
    view->distance = camera->fov > 0 ? (float)distance : 0;

    const AlloySlab *slab = alloy_scene_slab(scene);
    if (slab != NULL) {
        double from = alloy_dot3(slab->normal, camera->target);
        for (int k = 0; k < 3; k++)
            view->slab[k] = (float)alloy_dot3(m[k], slab->normal);
        view->slab[3] = 1;
        view->slab_ends[0] = (float)CLAMP(slab->from - from, -FAR_AWAY, FAR_AWAY);
        view->slab_ends[1] = (float)CLAMP(slab->to - from, -FAR_AWAY, FAR_AWAY);
    }
}
