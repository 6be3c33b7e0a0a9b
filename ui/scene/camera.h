/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where one looks from. A value: copy it to keep it.
 *
 * View space has x to the right, y up and z towards the eye, its origin is the target, its unit the angstrom.
 * The plane z = 0 through the target is the view plane: whatever the projection, a point of the picture is a
 * point (u, v) of that plane, and `height` angstrom of it fill the height of the picture. So turning
 * perspective on or off leaves what is looked at as large as it was. */
typedef struct {
    double target[3];   /* angstrom, of the model */
    double rotation[4]; /* unit quaternion w, x, y, z: takes directions of the model to view space */
    double height;      /* angstrom of the view plane from the lower to the upper edge of the picture */
    double fov;         /* perspective: vertical angle of view in radian; 0: orthographic */
} AlloyCamera;

/* Looks along -z (x to the right, y up) at the origin, orthographic. */
AlloyCamera alloy_camera_default(void);

/* Looks along direction (from the eye into the picture, in the model's axes; not zero) with up as near to the
 * picture's vertical as can be. Where up is parallel to direction the axis least parallel to it stands in. */
void alloy_camera_look(AlloyCamera *camera, const double direction[3], const double up[3]);

/* Puts a sphere (centre and radius, angstrom) in the middle and makes it fit a picture of that aspect
 * (width/height) with a margin of 4 %. */
void alloy_camera_frame(AlloyCamera *camera, const double centre[3], double radius, double aspect);

/* Turns the model as a trackball whose diameter is the shorter side of the picture, from one place of the
 * pointer to another. Places are in units of the height, from the middle, y up. */
void alloy_camera_orbit(AlloyCamera *camera, const double from[2], const double to[2], double aspect);
/* Turns the model by angle (radian) about an axis of view space. */
void alloy_camera_turn(AlloyCamera *camera, const double axis[3], double angle);
/* Moves the model by (dx, dy) of the picture, in units of its height, y up. */
void alloy_camera_pan(AlloyCamera *camera, double dx, double dy);
/* Enlarges what is seen factor times about a place of the picture (units of the height, from the middle, y
 * up), which stays where it is. */
void alloy_camera_zoom(AlloyCamera *camera, double factor, const double at[2]);

/* The rotation as rows: view = matrix (p - target). */
void alloy_camera_matrix(const AlloyCamera *camera, double matrix[3][3]);
/* Distance of the eye from the view plane, angstrom; infinite for an orthographic camera. */
double alloy_camera_distance(const AlloyCamera *camera);
/* p (angstrom, of the model) in view space. */
void alloy_camera_to_view(const AlloyCamera *camera, const double p[3], double view[3]);
/* Where p is seen, in units of the height from the middle, y up. FALSE behind the eye. */
gboolean alloy_camera_project(const AlloyCamera *camera, const double p[3], double at[2]);
/* The point of the model that is seen at a place of the picture at height z over the view plane. */
void alloy_camera_unproject(const AlloyCamera *camera, const double at[2], double z, double p[3]);

G_END_DECLS
