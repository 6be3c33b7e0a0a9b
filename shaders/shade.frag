/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pass two: the picture from the ids, the depths and the atoms' arrays. Premultiplied alpha. */
uniform usampler2D ids;
uniform sampler2D depths;
uniform sampler2D sky;            /* of occlusion.frag */
uniform samplerBuffer colours;    /* red, green, blue, 1 */
uniform usamplerBuffer flags;     /* bit 0: selected; bit 1: under the pointer */
uniform vec4 background;          /* premultiplied */
uniform vec4 highlight;           /* what is selected is edged with this */
uniform float occlusion;          /* 0 none .. 1 */
uniform float outline;            /* 0 none .. 1 */
uniform float outline_width;      /* pixels */
uniform float cue;                /* how much of the background the farthest gets */
uniform float ghost;              /* how much of the background what is not selected gets; 0: there is no ghosting */
uniform float flat_shade;         /* 1: no lighting, the colour as it is in the palette */
out vec4 colour;

/* The depth around a pixel in angstrom behind z, at most what an outline needs. */
float behind(ivec2 at, float z)
{
    ivec2 place = clamp(at, ivec2(0), ivec2(size.xy) - 1);
    return clamp(z - z_of(texelFetch(depths, place, 0).r), 0.0, 4.0);
}

bool selected_at(ivec2 at)
{
    uint id = texelFetch(ids, clamp(at, ivec2(0), ivec2(size.xy) - 1), 0).r;
    return id != 0u && (texelFetch(flags, int(id - 1u)).r & 1u) != 0u;
}

/* The mean of 4 x 4 pixels on the same surface takes the grain out of the occlusion. */
float smooth_sky(ivec2 pixel, float z)
{
    float sum = 0.0, weight = 0.0;
    for (int y = -2; y < 2; y++)
        for (int x = -2; x < 2; x++) {
            ivec2 at = clamp(pixel + ivec2(x, y), ivec2(0), ivec2(size.xy) - 1);
            float w = abs(z_of(texelFetch(depths, at, 0).r) - z) < 1.0 ? 1.0 : 0.0;
            sum += w * texelFetch(sky, at, 0).r;
            weight += w;
        }
    return weight > 0.0 ? sum / weight : 1.0;
}

void main()
{
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    uint id = texelFetch(ids, pixel, 0).r;
    if (id == 0u) {
        colour = background;
        return;
    }
    vec4 s = texelFetch(spheres, int(id - 1u));
    float z = z_of(texelFetch(depths, pixel, 0).r);
    vec3 normal = normal_at(point_at(plane_point(gl_FragCoord.xy), z), s);
    uint flag = texelFetch(flags, int(id - 1u)).r;
    vec3 own = texelFetch(colours, int(id - 1u)).rgb;

    /* a key light from the upper left before the picture, a weak one from the right, and the sky; the eye is taken to
     * be far away */
    const vec3 key = vec3(-0.408, 0.577, 0.707), fill = vec3(0.76, -0.20, 0.62);
    float light = min(0.58 + 0.42 * max(dot(normal, key), 0.0) + 0.14 * max(dot(normal, fill), 0.0), 1.08);
    float shine = 0.16 * pow(max(2.0 * dot(normal, key) * normal.z - key.z, 0.0), 24.0);
    if (normal == vec3(0.0)) {
        light = 0.86;
        shine = 0.0;
    }
    light = mix(light, 1.0, flat_shade);
    shine *= 1.0 - flat_shade;
    if (occlusion > 0.0)
        light *= mix(1.0, smooth_sky(pixel, z), occlusion);
    vec3 lit = own * light + shine;

    if (outline > 0.0) {
        int w = int(max(1.0, round(outline_width)));
        float step = behind(pixel + ivec2(w, 0), z) + behind(pixel - ivec2(w, 0), z) +
                     behind(pixel + ivec2(0, w), z) + behind(pixel - ivec2(0, w), z);
        lit *= 1.0 - outline * smoothstep(0.7, 2.4, step / s.w);
    }
    if (cue > 0.0)
        lit = mix(lit, background.a > 0.0 ? background.rgb / background.a : vec3(1.0), cue * depth_of(z));
    float alpha = 1.0;
    bool selected = (flag & 1u) != 0u;
    if (ghost > 0.0 && !selected) {
        float grey = dot(lit, vec3(0.30, 0.59, 0.11));
        lit = mix(vec3(grey), lit, 0.25);
        alpha = 1.0 - ghost;
    }
    if (highlight.a > 0.0 && selected) {
        int w = int(max(1.0, round(1.5 * outline_width)));
        bool edge = !selected_at(pixel + ivec2(w, 0)) || !selected_at(pixel - ivec2(w, 0)) ||
                    !selected_at(pixel + ivec2(0, w)) || !selected_at(pixel - ivec2(0, w));
        lit = mix(lit, highlight.rgb, edge ? highlight.a : 0.0);
    }
    if ((flag & 2u) != 0u)
        lit = mix(lit, vec3(1.0), 0.35);
    colour = vec4(clamp(lit, 0.0, 1.0) * alpha, alpha) + background * (1.0 - alpha);
}
