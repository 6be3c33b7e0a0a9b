/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every pass knows: the view, and how a ray meets a sphere. Put before each shader (ui/scene/program.c).
 *
 * View space is that of ui/scene/camera.h in angstrom, about the target. Depth is linear in view z: 0 at
 * range.x, the nearest that is drawn, 1 at range.y. */
layout(std140) uniform View {
    mat4 to_view;   /* of positions relative to the scene's origin */
    vec4 plane;     /* the view-plane point of the tile's lower left corner; angstrom a pixel, twice */
    vec4 range;     /* nearest z, farthest z, distance of the eye (0: orthographic) */
    vec4 size;      /* width and height of the picture in pixels, their inverses */
    vec4 slab;      /* unit normal of the slab in view space; w: 1 where there is a slab */
    vec4 slab_ends; /* from, to along the normal */
};
uniform samplerBuffer spheres; /* x, y, z relative to the origin, radius */

/* The normal of the surface at p of a sphere: 0 where a slab or the nearest plane cuts it. */
vec3 normal_at(vec3 p, vec4 sphere)
{
    vec3 n = (p - (to_view * vec4(sphere.xyz, 1.0)).xyz) / sphere.w;
    return dot(n, n) < 0.996 ? vec3(0.0) : n;
}

struct Hit {
    vec3 at;
    bool cap; /* where the slab, or the nearest plane, cuts the sphere */
};

vec2 plane_point(vec2 pixel)
{
    return plane.xy + pixel * plane.zw;
}

float depth_of(float z)
{
    return (range.x - z) / (range.x - range.y);
}

float z_of(float depth)
{
    return range.x - depth * (range.x - range.y);
}

/* The point at z that is seen at u of the view plane. */
vec3 point_at(vec2 u, float z)
{
    float farther = range.z > 0.0 ? 1.0 - z / range.z : 1.0;
    return vec3(u * farther, z);
}

bool hit_sphere(vec3 centre, float radius, vec2 u, out Hit hit)
{
    vec3 from = range.z > 0.0 ? vec3(0.0, 0.0, range.z) : vec3(u, range.x);
    vec3 along = range.z > 0.0 ? normalize(vec3(u, -range.z)) : vec3(0.0, 0.0, -1.0);
    vec3 offset = from - centre;
    float to_middle = -dot(offset, along);
    vec3 aside = offset + to_middle * along;
    float half_chord2 = radius * radius - dot(aside, aside);
    if (half_chord2 < 0.0)
        return false;
    float half_chord = sqrt(half_chord2);
    float enter = to_middle - half_chord, leave = to_middle + half_chord;
    float begin = range.z > 0.0 ? (range.z - range.x) / max(-along.z, 1e-6) : -1e30, end = 1e30;
    if (slab.w > 0.0) {
        float rise = dot(slab.xyz, along), start = dot(slab.xyz, from);
        if (abs(rise) < 1e-7) {
            if (start < slab_ends.x || start > slab_ends.y)
                return false;
        } else {
            float a = (slab_ends.x - start) / rise, b = (slab_ends.y - start) / rise;
            begin = max(begin, min(a, b));
            end = max(a, b);
        }
    }
    hit.cap = begin > enter;
    float t = max(enter, begin);
    if (t > min(leave, end))
        return false;
    hit.at = from + t * along;
    return true;
}
