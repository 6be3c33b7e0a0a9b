/* SPDX-License-Identifier: GPL-3.0-or-later */
flat in uint id;
flat in vec4 sphere;
out uint seen;

void main()
{
    Hit hit;
    if (!hit_sphere(sphere.xyz, sphere.w, plane_point(gl_FragCoord.xy), hit))
        discard;
    float z = hit.at.z;
    if (hit.cap) {
        /* Caps lie in one plane: where two spheres overlap, the one whose surface is farther away has it. */
        vec3 d = hit.at - sphere.xyz;
        z -= 1e-4 * (dot(d, d) - sphere.w * sphere.w);
    }
    gl_FragDepth = clamp(depth_of(z), 0.0, 1.0);
    seen = id;
}
