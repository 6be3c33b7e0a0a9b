/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of the sky a point sees, from the depths around it (McGuire et al., The Alchemy screen-space ambient
 * obscurance algorithm, HPG 2011, eq. 10). The radius is a length of the model, so zooming and the projection
 * change nothing. */
uniform usampler2D ids;
uniform sampler2D depths;
uniform float reach;  /* angstrom */
uniform int samples;
out float open_sky;

void main()
{
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    uint id = texelFetch(ids, pixel, 0).r;
    if (id == 0u) {
        open_sky = 1.0;
        return;
    }
    vec3 p = point_at(plane_point(gl_FragCoord.xy), z_of(texelFetch(depths, pixel, 0).r));
    vec3 normal = normal_at(p, texelFetch(spheres, int(id - 1u)));
    if (normal == vec3(0.0))
        normal = vec3(0.0, 0.0, 1.0);
    float nearer = range.z > 0.0 ? range.z / (range.z - p.z) : 1.0;
    float disk = clamp(reach * nearer / plane.z, 2.0, 96.0); /* pixels */
    /* interleaved gradient noise (Jimenez, SIGGRAPH 2014) turns the pattern from pixel to pixel */
    float turn = 6.2831853 * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float sum = 0.0;
    for (int k = 0; k < samples; k++) {
        float part = (float(k) + 0.5) / float(samples), angle = float(k) * 2.3999632 + turn;
        ivec2 at = pixel + ivec2(round(disk * sqrt(part) * vec2(cos(angle), sin(angle))));
        if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, ivec2(size.xy))))
            continue;
        float depth = texelFetch(depths, at, 0).r;
        if (depth >= 1.0)
            continue;
        vec3 v = point_at(plane_point(vec2(at) + 0.5), z_of(depth)) - p;
        float rise = dot(v, normal), d2 = dot(v, v);
        float fade = max(0.0, 1.0 - d2 / (4.0 * reach * reach));
        sum += max(0.0, rise - 0.02 * reach) / (d2 + 0.01 * reach * reach) * fade;
    }
    open_sky = max(0.0, 1.0 - 1.3 * reach * sum / float(samples));
}
