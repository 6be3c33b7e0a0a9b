/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/camera.h"

#include "core/base/linalg.h"

#include <math.h>
#include <string.h>

#define MARGIN 1.04
/* Nearer than this nothing more is to be seen of atoms, further away nothing at all. Angstrom. */
#define LEAST_HEIGHT 0.1
#define MOST_HEIGHT 1e9

static void normalise4(double q[4])
{
    double length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int k = 0; k < 4; k++)
        q[k] /= length;
}

/* a after b. */
static void multiply4(const double a[4], const double b[4], double out[4])
{
    double q[4] = {
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    };
    normalise4(q);
    memcpy(out, q, sizeof q);
}

/* The quaternion of a rotation given by rows (Shepperd, J. Guid. Control 1, 223 (1978): the largest of the
 * four components is found first, so that nothing is lost). */
static void from_rows(const double m[3][3], double q[4])
{
    double trace = m[0][0] + m[1][1] + m[2][2];
    double square[4] = {1 + trace, 1 + m[0][0] - m[1][1] - m[2][2], 1 - m[0][0] + m[1][1] - m[2][2],
                        1 - m[0][0] - m[1][1] + m[2][2]};
    int largest = 0;
    for (int k = 1; k < 4; k++)
        if (square[k] > square[largest])
            largest = k;
    double s = 2 * sqrt(square[largest]);
    q[largest] = s / 4;
    if (largest == 0) {
        q[1] = (m[2][1] - m[1][2]) / s;
        q[2] = (m[0][2] - m[2][0]) / s;
        q[3] = (m[1][0] - m[0][1]) / s;
    } else {
        int i = largest - 1, j = (i + 1) % 3, k = (i + 2) % 3;
        q[0] = (m[k][j] - m[j][k]) / s;
        q[1 + j] = (m[j][i] + m[i][j]) / s;
        q[1 + k] = (m[k][i] + m[i][k]) / s;
    }
    normalise4(q);
}

AlloyCamera alloy_camera_default(void)
{
    return (AlloyCamera){.rotation = {1, 0, 0, 0}, .height = 100};
}

void alloy_camera_look(AlloyCamera *camera, const double direction[3], const double up[3])
{
    double rows[3][3], length = alloy_norm3(direction);
    g_return_if_fail(length > 0 && isfinite(length));
    for (int k = 0; k < 3; k++)
        rows[2][k] = -direction[k] / length;
    alloy_cross3(up, rows[2], rows[0]);
    length = alloy_norm3(rows[0]);
    if (!(length > 1e-9 * alloy_norm3(up)) || !isfinite(length)) {
        int least = 0;
        for (int k = 1; k < 3; k++)
            if (fabs(rows[2][k]) < fabs(rows[2][least]))
                least = k;
        double axis[3] = {least == 0, least == 1, least == 2};
        alloy_cross3(axis, rows[2], rows[0]);
        length = alloy_norm3(rows[0]);
    }
    for (int k = 0; k < 3; k++)
        rows[0][k] /= length;
    alloy_cross3(rows[2], rows[0], rows[1]);
    from_rows((const double(*)[3])rows, camera->rotation);
}

void alloy_camera_frame(AlloyCamera *camera, const double centre[3], double radius, double aspect)
{
    memcpy(camera->target, centre, sizeof camera->target);
    double half = MAX(radius, LEAST_HEIGHT);
    if (camera->fov > 0) {
        /* the cone of the narrower side touches the sphere; what the view plane shows is D tan(fov/2) */
        double tangent = tan(camera->fov / 2) * MIN(aspect, 1), sine = tangent / hypot(1, tangent);
        half = half / sine * tan(camera->fov / 2);
    } else {
        half /= MIN(aspect, 1);
    }
    camera->height = 2 * half * MARGIN;
}

void alloy_camera_turn(AlloyCamera *camera, const double axis[3], double angle)
{
    double length = alloy_norm3(axis);
    if (!(length > 0) || !isfinite(angle))
        return;
    double s = sin(angle / 2) / length;
    double turn[4] = {cos(angle / 2), axis[0] * s, axis[1] * s, axis[2] * s};
    multiply4(turn, camera->rotation, camera->rotation);
}

/* A place on the ball in the middle of the picture, of radius 1; outside the ball on the hyperbola that goes
 * on from it (Bell), so that the turn has no jump at the rim. */
static void on_ball(const double at[2], double aspect, double out[3])
{
    double half = 0.5 * MIN(aspect, 1);
    out[0] = at[0] / half;
    out[1] = at[1] / half;
    double d2 = out[0] * out[0] + out[1] * out[1];
    out[2] = d2 < 0.5 ? sqrt(1 - d2) : 0.5 / sqrt(d2);
    double length = alloy_norm3(out);
    for (int k = 0; k < 3; k++)
        out[k] /= length;
}

void alloy_camera_orbit(AlloyCamera *camera, const double from[2], const double to[2], double aspect)
{
    double a[3], b[3], axis[3];
    on_ball(from, aspect, a);
    on_ball(to, aspect, b);
    alloy_cross3(a, b, axis);
    alloy_camera_turn(camera, axis, atan2(alloy_norm3(axis), alloy_dot3(a, b)));
}

void alloy_camera_matrix(const AlloyCamera *camera, double matrix[3][3])
{
    const double *q = camera->rotation, w = q[0], x = q[1], y = q[2], z = q[3];
    double rows[3][3] = {
        {1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
        {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
        {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)},
    };
    memcpy(matrix, rows, sizeof rows);
}

/* target += the view vector v, in the model's axes. */
static void move_target(AlloyCamera *camera, const double v[3])
{
    double m[3][3];
    alloy_camera_matrix(camera, m);
    for (int k = 0; k < 3; k++)
        camera->target[k] += m[0][k] * v[0] + m[1][k] * v[1] + m[2][k] * v[2];
}

void alloy_camera_pan(AlloyCamera *camera, double dx, double dy)
{
    move_target(camera, (const double[3]){-dx * camera->height, -dy * camera->height, 0});
}

void alloy_camera_zoom(AlloyCamera *camera, double factor, const double at[2])
{
    if (!(factor > 0) || !isfinite(factor))
        return;
    double height = CLAMP(camera->height / factor, LEAST_HEIGHT, MOST_HEIGHT);
    double kept = camera->height - height;
    move_target(camera, (const double[3]){at[0] * kept, at[1] * kept, 0});
    camera->height = height;
}

double alloy_camera_distance(const AlloyCamera *camera)
{
    return camera->fov > 0 ? camera->height / 2 / tan(camera->fov / 2) : HUGE_VAL;
}

void alloy_camera_to_view(const AlloyCamera *camera, const double p[3], double view[3])
{
    double m[3][3], d[3] = {p[0] - camera->target[0], p[1] - camera->target[1], p[2] - camera->target[2]};
    alloy_camera_matrix(camera, m);
    for (int k = 0; k < 3; k++)
        view[k] = alloy_dot3(m[k], d);
}

gboolean alloy_camera_project(const AlloyCamera *camera, const double p[3], double at[2])
{
    double view[3], nearer = 1;
    alloy_camera_to_view(camera, p, view);
    if (camera->fov > 0) {
        double distance = alloy_camera_distance(camera);
        if (view[2] >= distance)
            return FALSE;
        nearer = distance / (distance - view[2]);
    }
    at[0] = view[0] * nearer / camera->height;
    at[1] = view[1] * nearer / camera->height;
    return TRUE;
}

void alloy_camera_unproject(const AlloyCamera *camera, const double at[2], double z, double p[3])
{
    double m[3][3], farther = camera->fov > 0 ? 1 - z / alloy_camera_distance(camera) : 1;
    double view[3] = {at[0] * camera->height * farther, at[1] * camera->height * farther, z};
    alloy_camera_matrix(camera, m);
    for (int k = 0; k < 3; k++)
        p[k] = camera->target[k] + m[0][k] * view[0] + m[1][k] * view[1] + m[2][k] * view[2];
}
