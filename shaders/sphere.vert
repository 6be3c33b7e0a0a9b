/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rectangle that bounds the picture of a sphere exactly: four corners an instance. */
in uint atom;
flat out uint id;
flat out vec4 sphere;

/* Ends, on the view plane, of what a sphere at c (along the axis) and ahead of the eye covers: the tangents from
 * the eye. */
vec2 tangents(float c, float ahead, float r)
{
    float far2 = c * c + ahead * ahead - r * r;
    if (far2 <= 0.0)
        return vec2(-1e9, 1e9);
    float t = sqrt(far2);
    vec2 low = vec2(c * t - ahead * r, ahead * t + c * r), high = vec2(c * t + ahead * r, ahead * t - c * r);
    return vec2(low.y > 0.0 ? range.z * low.x / low.y : -1e9, high.y > 0.0 ? range.z * high.x / high.y : 1e9);
}

void main()
{
    vec4 s = texelFetch(spheres, int(atom));
    vec3 centre = (to_view * vec4(s.xyz, 1.0)).xyz;
    id = atom + 1u;
    sphere = vec4(centre, s.w);
    vec2 x = centre.x + vec2(-s.w, s.w), y = centre.y + vec2(-s.w, s.w);
    bool behind = false;
    if (range.z > 0.0) {
        float ahead = range.z - centre.z;
        behind = ahead + s.w <= 0.0;
        x = tangents(centre.x, ahead, s.w);
        y = tangents(centre.y, ahead, s.w);
    }
    if (slab.w > 0.0) {
        float place = dot(slab.xyz, centre);
        behind = behind || place + s.w < slab_ends.x || place - s.w > slab_ends.y;
    }
    vec2 corner = vec2((gl_VertexID & 1) == 0 ? x.x : x.y, (gl_VertexID & 2) == 0 ? y.x : y.y);
    vec2 pixel = (corner - plane.xy) / plane.zw;
    /* outside: all four corners in one place */
    gl_Position = behind ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(clamp(2.0 * pixel / size.xy - 1.0, -4.0, 4.0), 0.0, 1.0);
}
