/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pass two on the processor: what shaders/occlusion.frag and shaders/shade.frag do, row by row. */
#include "ui/scene/frame.h"

#include "core/base/clones.h"
#include "core/base/parallel.h"

#include <math.h>
#include <string.h>

#define SAMPLES 16
#define MOST_DISK 96.0f
#define ROWS 8 /* a block */

typedef struct {
    const AlloyFrame *frame;
    const AlloyLook *look;
    const uint8_t (*colours)[4];
    const uint8_t *flags;
    gboolean occlusion;
    int outline_width;
    uint8_t *sky;
    uint32_t *argb;
    size_t stride;
} Shading;

/* The quantities of one row, side by side, so that the arithmetic runs over whole registers. */
typedef struct {
    float *x, *y, *z;     /* the point, relative to the sphere's centre, in its radii */
    float *light, *shine; /* of it */
    float *edge;          /* how dark the outline is */
    float *room;
} Row;

enum { ROW_ARRAYS = 6 };

static void row_init(Row *row, int width)
{
    size_t n = (size_t)width + 16;
    row->room = g_new0(float, n *ROW_ARRAYS);
    float **arrays[ROW_ARRAYS] = {&row->x, &row->y, &row->z, &row->light, &row->shine, &row->edge};
    for (int k = 0; k < ROW_ARRAYS; k++)
        *arrays[k] = row->room + n * (size_t)k;
}

static inline float farther(const AlloyView *view, float z)
{
    return view->distance > 0 ? 1 - z / view->distance : 1;
}

/* The normal at every pixel of a row; 0 for the background. On the cut of a slab, and where the nearest plane
 * cuts, x = y = z = 0 too: there is one light for all of a cut. */
static void find_normals(const AlloyFrame *frame, int y, Row *row)
{
    const AlloyView *view = &frame->view;
    const uint32_t *ids = frame->ids + (size_t)y * (size_t)frame->width;
    const float *z = frame->z + (size_t)y * (size_t)frame->width;
    const float v = view->bottom + ((float)y + 0.5f) * view->pixel[1];
    for (int x = 0; x < frame->width; x++) {
        row->x[x] = row->y[x] = row->z[x] = 0;
        if (ids[x] == 0)
            continue;
        const float *s = frame->spheres[ids[x] - 1];
        float u = view->left + ((float)x + 0.5f) * view->pixel[0], f = farther(view, z[x]);
        float nx = (u * f - s[0]) / s[3], ny = (v * f - s[1]) / s[3], nz = (z[x] - s[2]) / s[3];
        if (nx * nx + ny * ny + nz * nz < 0.996f)
            continue;
        row->x[x] = nx;
        row->y[x] = ny;
        row->z[x] = nz;
    }
}

/* A key light from the upper left before the picture, a weak one from the right, and the sky; the eye is
 * taken to be far away. */
ALLOY_CLONES static void light_row(const float *restrict nx, const float *restrict ny,
                                   const float *restrict nz, int n, float flat, float *restrict light,
                                   float *restrict shine)
{
    const float key[3] = {-0.408f, 0.577f, 0.707f}, fill[3] = {0.76f, -0.20f, 0.62f};
    for (int x = 0; x < n; x++) {
        float k = nx[x] * key[0] + ny[x] * key[1] + nz[x] * key[2];
        float f = nx[x] * fill[0] + ny[x] * fill[1] + nz[x] * fill[2];
        gboolean cut = nx[x] == 0 && ny[x] == 0 && nz[x] == 0;
        float sum = 0.58f + 0.42f * (k > 0 ? k : 0) + 0.14f * (f > 0 ? f : 0);
        sum = sum < 1.08f ? sum : 1.08f;
        sum = cut ? 0.86f : sum;
        float mirror = 2 * k * nz[x] - key[2];
        mirror = mirror > 0 && !cut ? mirror : 0;
        float m2 = mirror * mirror, m4 = m2 * m2, m8 = m4 * m4;
        light[x] = sum + (1 - sum) * flat;
        shine[x] = 0.16f * m8 * m8 * m8 * (1 - flat);
    }
}

static inline float clamp_drop(float drop)
{
    return drop > 0 ? drop < 4 ? drop : 4 : 0;
}

/* How far the surroundings, w pixels away, lie behind each pixel: the sum of four, each 4 angstrom at most.
 */
ALLOY_CLONES static void edge_row(const float *restrict z, const float *restrict up,
                                  const float *restrict down, int n, int w, float *restrict edge)
{
    int end = MAX(n - w, w);
    for (int x = 0; x < n; x++)
        edge[x] = clamp_drop(z[x] - up[x]) + clamp_drop(z[x] - down[x]);
    for (int x = 0; x < MIN(w, n); x++)
        edge[x] += clamp_drop(z[x] - z[0]) + clamp_drop(z[x] - z[MIN(x + w, n - 1)]);
    for (int x = w; x < n - w; x++)
        edge[x] += clamp_drop(z[x] - z[x - w]) + clamp_drop(z[x] - z[x + w]);
    for (int x = end; x < n; x++)
        edge[x] += clamp_drop(z[x] - z[x - w]) + clamp_drop(z[x] - z[n - 1]);
}

static inline float smoothstep(float from, float to, float value)
{
    float t = CLAMP((value - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

static const float *z_row(const AlloyFrame *frame, int y)
{
    return frame->z + (size_t)CLAMP(y, 0, frame->height - 1) * (size_t)frame->width;
}

static gboolean selected_at(const Shading *job, int x, int y)
{
    const AlloyFrame *frame = job->frame;
    x = CLAMP(x, 0, frame->width - 1);
    y = CLAMP(y, 0, frame->height - 1);
    uint32_t id = frame->ids[(size_t)y * (size_t)frame->width + (size_t)x];
    return id != 0 && (job->flags[id - 1] & 1) != 0;
}

static gboolean on_edge_of_selection(const Shading *job, int x, int y)
{
    int w = (3 * job->outline_width + 1) / 2;
    return !selected_at(job, x + w, y) || !selected_at(job, x - w, y) || !selected_at(job, x, y + w) ||
           !selected_at(job, x, y - w);
}

/* --- ambient occlusion: see shaders/occlusion.frag --- */

static void occlude_rows(size_t begin, size_t end, void *data)
{
    const Shading *job = data;
    const AlloyFrame *frame = job->frame;
    const AlloyView *view = &frame->view;
    const int width = frame->width, height = frame->height;
    const float reach = job->look->reach, reach2 = reach * reach;
    for (size_t row = begin; row < end; row++) {
        const int y = (int)row;
        const float *z = z_row(frame, y), v = view->bottom + ((float)y + 0.5f) * view->pixel[1];
        for (int x = 0; x < width; x++) {
            uint32_t id = frame->ids[row * (size_t)width + (size_t)x];
            if (id == 0) {
                job->sky[row * (size_t)width + (size_t)x] = 255;
                continue;
            }
            const float *s = frame->spheres[id - 1];
            float u = view->left + ((float)x + 0.5f) * view->pixel[0], f = farther(view, z[x]);
            float p[3] = {u * f, v * f, z[x]};
            float n[3] = {(p[0] - s[0]) / s[3], (p[1] - s[1]) / s[3], (p[2] - s[2]) / s[3]};
            if (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] < 0.996f) {
                n[0] = n[1] = 0;
                n[2] = 1;
            }
            float disk = CLAMP(reach / f / view->pixel[0], 2.0f, MOST_DISK);
            /* interleaved gradient noise (Jimenez, SIGGRAPH 2014) turns the pattern from pixel to pixel */
            float noise = 0.06711056f * ((float)x + 0.5f) + 0.00583715f * ((float)y + 0.5f);
            noise = 52.9829189f * (noise - floorf(noise));
            float turn = 6.2831853f * (noise - floorf(noise));
            float c = cosf(turn), sn = sinf(turn), sum = 0;
            for (int k = 0; k < SAMPLES; k++) {
                /* the golden angle's cosines and sines, scaled to fill the disk evenly */
                static const float spiral[SAMPLES][2] = {
                    {0.176777f, 0.000000f},   {-0.225772f, 0.206826f},  {0.034558f, -0.393771f},
                    {0.284571f, 0.371173f},   {-0.522223f, -0.092374f}, {0.494695f, -0.314685f},
                    {-0.165466f, 0.615525f},  {-0.315562f, -0.607594f}, {0.684642f, 0.250030f},
                    {-0.712256f, 0.294009f},  {0.343354f, -0.733729f},  {0.253731f, 0.808932f},
                    {-0.764746f, -0.443186f}, {0.897134f, -0.197233f},  {-0.547507f, 0.778772f},
                    {-0.126487f, -0.976090f}};
                int ax = x + (int)lrintf(disk * (spiral[k][0] * c - spiral[k][1] * sn));
                int ay = y + (int)lrintf(disk * (spiral[k][0] * sn + spiral[k][1] * c));
                if (ax < 0 || ay < 0 || ax >= width || ay >= height)
                    continue;
                size_t at = (size_t)ay * (size_t)width + (size_t)ax;
                if (frame->ids[at] == 0)
                    continue;
                float there = frame->z[at], g = farther(view, there);
                float d[3] = {(view->left + ((float)ax + 0.5f) * view->pixel[0]) * g - p[0],
                              (view->bottom + ((float)ay + 0.5f) * view->pixel[1]) * g - p[1], there - p[2]};
                float rise = d[0] * n[0] + d[1] * n[1] + d[2] * n[2] - 0.02f * reach;
                float d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], fade = 1 - d2 / (4 * reach2);
                if (rise > 0 && fade > 0)
                    sum += rise / (d2 + 0.01f * reach2) * fade;
            }
            float sky = 1 - 1.3f * reach * sum / SAMPLES;
            job->sky[row * (size_t)width + (size_t)x] = (uint8_t)(255 * MAX(sky, 0.0f) + 0.5f);
        }
    }
}

/* The mean of 4 x 4 pixels on the same surface takes the grain out of the occlusion. */
static float smooth_sky(const Shading *job, int x, int y, float z)
{
    const AlloyFrame *frame = job->frame;
    int sum = 0, n = 0;
    for (int dy = -2; dy < 2; dy++) {
        size_t row = (size_t)CLAMP(y + dy, 0, frame->height - 1) * (size_t)frame->width;
        for (int dx = -2; dx < 2; dx++) {
            size_t at = row + (size_t)CLAMP(x + dx, 0, frame->width - 1);
            int same = fabsf(frame->z[at] - z) < 1;
            sum += same * job->sky[at];
            n += same;
        }
    }
    return n > 0 ? (float)sum / (255 * (float)n) : 1;
}

/* --- the picture --- */

static inline uint32_t pack(const float rgb[3], float alpha)
{
    uint32_t out = (uint32_t)(255 * alpha + 0.5f) << 24;
    for (int k = 0; k < 3; k++) {
        float value = CLAMP(rgb[k], 0.0f, 1.0f);
        out |= (uint32_t)(255 * value + 0.5f) << (16 - 8 * k);
    }
    return out;
}

static uint32_t shade_pixel(const Shading *job, const Row *row, int x, int y, uint32_t id, float z,
                            const float background[4])
{
    const AlloyLook *look = job->look;
    const AlloyView *view = &job->frame->view;
    const uint8_t *own = job->colours[id - 1], flag = job->flags[id - 1];
    float light = row->light[x], rgb[3];
    if (job->occlusion)
        light *= 1 + look->occlusion * (smooth_sky(job, x, y, z) - 1);
    float keep = 1;
    if (row->edge[x] > 0)
        keep = 1 - look->outline * smoothstep(0.7f, 2.4f, row->edge[x] / job->frame->spheres[id - 1][3]);
    for (int k = 0; k < 3; k++)
        rgb[k] = ((float)own[k] / 255 * light + row->shine[x]) * keep;
    if (look->cue > 0) {
        float part = look->cue * CLAMP((view->near_z - z) / (view->near_z - view->far_z), 0.0f, 1.0f);
        for (int k = 0; k < 3; k++) {
            float far = background[3] > 0 ? background[k] / background[3] : 1;
            rgb[k] += part * (far - rgb[k]);
        }
    }
    float alpha = 1;
    gboolean selected = (flag & 1) != 0;
    if (look->ghost > 0 && !selected) {
        float grey = 0.30f * rgb[0] + 0.59f * rgb[1] + 0.11f * rgb[2];
        for (int k = 0; k < 3; k++)
            rgb[k] = grey + 0.25f * (rgb[k] - grey);
        alpha = 1 - look->ghost;
    }
    if (look->highlight[3] > 0 && selected && on_edge_of_selection(job, x, y))
        for (int k = 0; k < 3; k++)
            rgb[k] += look->highlight[3] * (look->highlight[k] - rgb[k]);
    for (int k = 0; k < 3; k++) {
        if ((flag & 2) != 0)
            rgb[k] += 0.35f * (1 - rgb[k]);
        rgb[k] = CLAMP(rgb[k], 0.0f, 1.0f) * alpha + background[k] * (1 - alpha);
    }
    return pack(rgb, alpha + background[3] * (1 - alpha));
}

static void shade_rows(size_t begin, size_t end, void *data)
{
    const Shading *job = data;
    const AlloyFrame *frame = job->frame;
    const float *b = job->look->background;
    const float background[4] = {b[0] * b[3], b[1] * b[3], b[2] * b[3], b[3]};
    const uint32_t empty = pack(background, b[3]);
    Row row;
    row_init(&row, frame->width);
    for (size_t k = begin; k < end; k++) {
        int y = (int)k, w = job->outline_width;
        const uint32_t *ids = frame->ids + k * (size_t)frame->width;
        const float *z = z_row(frame, y);
        find_normals(frame, y, &row);
        light_row(row.x, row.y, row.z, frame->width, job->look->flat, row.light, row.shine);
        if (job->look->outline > 0)
            edge_row(z, z_row(frame, y + w), z_row(frame, y - w), frame->width, w, row.edge);
        uint32_t *out = job->argb + (size_t)(frame->height - 1 - y) * job->stride;
        for (int x = 0; x < frame->width; x++)
            out[x] = ids[x] != 0 ? shade_pixel(job, &row, x, y, ids[x], z[x], background) : empty;
    }
    g_free(row.room);
}

void alloy_frame_shade(AlloyFrame *frame, const AlloyQuality *quality, uint32_t *argb, size_t stride)
{
    g_return_if_fail(frame->scene != NULL && frame->ids != NULL);
    Shading job = {
        .frame = frame,
        .look = alloy_scene_look(frame->scene),
        .colours = alloy_scene_colours(frame->scene),
        .flags = alloy_scene_flags(frame->scene),
        .outline_width = MAX((int)lround(quality->pixel_scale > 0 ? quality->pixel_scale : 1), 1),
        .argb = argb,
        .stride = stride,
    };
    job.occlusion = job.look->occlusion > 0 && !quality->plain;
    if (job.occlusion) {
        if (frame->sky == NULL)
            frame->sky = g_malloc((size_t)frame->width * (size_t)frame->height);
        job.sky = frame->sky;
        alloy_parallel_for((size_t)frame->height, ROWS, occlude_rows, &job, NULL, NULL);
    }
    alloy_parallel_for((size_t)frame->height, ROWS, shade_rows, &job, NULL, NULL);
}
