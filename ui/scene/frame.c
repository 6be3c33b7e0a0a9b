/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pass one on the processor: spheres into squares of the picture, square by square. */
#include "ui/scene/frame.h"

#include "core/base/clones.h"
#include "core/base/error.h"
#include "core/base/parallel.h"

#include <math.h>
#include <string.h>

#define SQUARE 64 /* pixels: its ids and heights stay in the first-level cache */
#define CHUNKS 16 /* of the atoms while they are sorted into squares; fixed, so that the order is */
#define CAP_BIAS 1e-4f

AlloyFrame *alloy_frame_new(void)
{
    return g_new0(AlloyFrame, 1);
}

void alloy_frame_free(AlloyFrame *frame)
{
    if (frame == NULL)
        return;
    g_free(frame->ids);
    g_free(frame->z);
    g_free(frame->spheres);
    g_free(frame->entries);
    g_free(frame->first);
    g_free(frame->sky);
    g_free(frame);
}

/* --- which squares a sphere may touch --- */

typedef struct {
    int low[2], high[2]; /* pixels, ends included; empty where low > high */
} Extent;

/* The ends on the view plane of what a sphere at c and ahead of the eye covers: the tangents from the eye. */
static void tangents(const AlloyView *view, float c, float ahead, float r, float ends[2])
{
    float far2 = c * c + ahead * ahead - r * r;
    ends[0] = -1e9f;
    ends[1] = 1e9f;
    if (far2 <= 0)
        return;
    float t = sqrtf(far2);
    if (ahead * t + c * r > 0)
        ends[0] = view->distance * (c * t - ahead * r) / (ahead * t + c * r);
    if (ahead * t - c * r > 0)
        ends[1] = view->distance * (c * t + ahead * r) / (ahead * t - c * r);
}

static Extent extent_of(const AlloyView *view, const float sphere[4])
{
    Extent extent = {{0, 0}, {-1, -1}};
    const float corner[2] = {view->left, view->bottom};
    if (view->slab[3] > 0) {
        float place = view->slab[0] * sphere[0] + view->slab[1] * sphere[1] + view->slab[2] * sphere[2];
        if (place + sphere[3] < view->slab_ends[0] || place - sphere[3] > view->slab_ends[1])
            return extent;
    }
    if (view->distance > 0 && sphere[2] - sphere[3] >= view->near_z)
        return extent;
    for (int k = 0; k < 2; k++) {
        float ends[2] = {sphere[k] - sphere[3], sphere[k] + sphere[3]};
        if (view->distance > 0)
            tangents(view, sphere[k], view->distance - sphere[2], sphere[3], ends);
        float low = (ends[0] - corner[k]) / view->pixel[k] - 0.5f;
        float high = (ends[1] - corner[k]) / view->pixel[k] - 0.5f;
        /* a pixel more on both sides: the rows decide */
        extent.low[k] = low > 0 ? low < 1e6f ? (int)low : 1000000 : 0;
        extent.high[k] = high >= -1 ? (int)MIN(high + 1, view->size[k] - 1) : -1;
    }
    return extent;
}

typedef struct {
    AlloyFrame *frame;
    const float (*spheres)[4]; /* of the scene */
    const uint32_t *drawn;
    size_t n, chunk;
    int across, down;
    uint32_t *count; /* [chunk][square], then where each chunk's entries go */
} Sorting;

static void to_view_and_count(size_t begin, size_t end, void *data)
{
    Sorting *job = data;
    const AlloyView *view = &job->frame->view;
    const float *m = view->to_view;
    for (size_t c = begin; c < end; c++) {
        uint32_t *count = job->count + c * (size_t)(job->across * job->down);
        for (size_t k = c * job->chunk; k < MIN((c + 1) * job->chunk, job->n); k++) {
            const float *s = job->spheres[job->drawn[k]];
            float *to = job->frame->spheres[job->drawn[k]];
            for (int row = 0; row < 3; row++)
                to[row] = m[row] * s[0] + m[4 + row] * s[1] + m[8 + row] * s[2] + m[12 + row];
            to[3] = s[3];
            Extent extent = extent_of(view, to);
            if (extent.low[0] > extent.high[0] || extent.low[1] > extent.high[1])
                continue;
            for (int y = extent.low[1] / SQUARE; y <= extent.high[1] / SQUARE; y++)
                for (int x = extent.low[0] / SQUARE; x <= extent.high[0] / SQUARE; x++)
                    count[y * job->across + x]++;
        }
    }
}

static void put_into_squares(size_t begin, size_t end, void *data)
{
    Sorting *job = data;
    for (size_t c = begin; c < end; c++) {
        uint32_t *at = job->count + c * (size_t)(job->across * job->down);
        for (size_t k = c * job->chunk; k < MIN((c + 1) * job->chunk, job->n); k++) {
            Extent extent = extent_of(&job->frame->view, job->frame->spheres[job->drawn[k]]);
            if (extent.low[0] > extent.high[0] || extent.low[1] > extent.high[1])
                continue;
            for (int y = extent.low[1] / SQUARE; y <= extent.high[1] / SQUARE; y++)
                for (int x = extent.low[0] / SQUARE; x <= extent.high[0] / SQUARE; x++)
                    job->frame->entries[at[y * job->across + x]++] = job->drawn[k];
        }
    }
}

static void sort_into_squares(Sorting *job)
{
    AlloyFrame *frame = job->frame;
    size_t squares = (size_t)(job->across * job->down);
    job->chunk = (job->n + CHUNKS - 1) / CHUNKS;
    g_autofree uint32_t *count = g_new0(uint32_t, squares * CHUNKS);
    job->count = count;
    alloy_parallel_for(CHUNKS, 1, to_view_and_count, job, NULL, NULL);
    frame->first = g_renew(uint32_t, frame->first, squares + 1);
    uint32_t sum = 0;
    for (size_t s = 0; s < squares; s++) {
        frame->first[s] = sum;
        for (size_t c = 0; c < CHUNKS; c++) {
            uint32_t here = count[c * squares + s];
            count[c * squares + s] = sum;
            sum += here;
        }
    }
    frame->first[squares] = sum;
    if (sum > frame->n_entries) {
        frame->n_entries = sum + sum / 4;
        g_free(frame->entries);
        frame->entries = g_new(uint32_t, frame->n_entries);
    }
    alloy_parallel_for(CHUNKS, 1, put_into_squares, job, NULL, NULL);
}

/* --- drawing --- */

/* One row of an orthographic sphere without a slab: x pixels from u on, (u, du) along the row; h2 is the
 * squared half width of the sphere in this row. */
ALLOY_CLONES static void row_of_ball(float *restrict z, uint32_t *restrict ids, int n, float u, float du,
                                     float cx, float cz, float h2, uint32_t id)
{
    for (int x = 0; x < n; x++) {
        float dx = u + (float)x * du - cx, q = h2 - dx * dx;
        float at = cz + sqrtf(q > 0 ? q : 0);
        gboolean nearer = (q >= 0) & (at > z[x]);
        z[x] = nearer ? at : z[x];
        ids[x] = nearer ? id : ids[x];
    }
}

/* The same with a perspective, a slab or both. */
__attribute__((always_inline)) static inline void cut_row(const AlloyView *restrict view, float *restrict z,
                                                          uint32_t *restrict ids, int n, float u, float v,
                                                          const float *restrict sphere, uint32_t id,
                                                          const gboolean perspective, const gboolean slab)
{
    const float distance = view->distance, near_z = view->near_z, du = view->pixel[0];
    const float cx = sphere[0], cy = sphere[1], cz = sphere[2], r2 = sphere[3] * sphere[3];
    const float sx = view->slab[0], sy = view->slab[1], sz = view->slab[2];
    const float low = view->slab_ends[0], high = view->slab_ends[1];
    for (int x = 0; x < n; x++) {
        float px = u + (float)x * du;
        /* the ray: from + t along, along of any length; t is 0 at the eye or at the nearest z */
        float fx = perspective ? 0 : px, fy = perspective ? 0 : v, fz = perspective ? distance : near_z;
        float ax = perspective ? px : 0, ay = perspective ? v : 0, az = perspective ? -distance : -1;
        float ox = fx - cx, oy = fy - cy, oz = fz - cz;
        float a2 = perspective ? ax * ax + ay * ay + az * az : 1;
        float middle = -(ox * ax + oy * ay + oz * az) / a2;
        float qx = ox + middle * ax, qy = oy + middle * ay, qz = oz + middle * az;
        float q = r2 - (qx * qx + qy * qy + qz * qz);
        float half = sqrtf((q > 0 ? q : 0) / a2), enter = middle - half, leave = middle + half;
        float begin = perspective ? (fz - near_z) / -az : 0;
        if (slab) {
            float rise = sx * ax + sy * ay + sz * az, start = sx * fx + sy * fy + sz * fz;
            float along = rise > 1e-7f || rise < -1e-7f ? rise : 1e-7f;
            float ta = (low - start) / along, tb = (high - start) / along;
            float first = ta < tb ? ta : tb, last = ta < tb ? tb : ta;
            begin = begin > first ? begin : first;
            leave = leave < last ? leave : last;
        }
        float t = enter > begin ? enter : begin;
        float hx = fx + t * ax - cx, hy = fy + t * ay - cy, hz = fz + t * az - cz;
        /* caps lie in one plane: where two spheres overlap, the one whose surface is farther away has it */
        float cap = CAP_BIAS * (hx * hx + hy * hy + hz * hz - r2);
        float at = fz + t * az - (begin > enter ? cap : 0);
        gboolean nearer = (q >= 0) & (t <= leave) & (at > z[x]);
        z[x] = nearer ? at : z[x];
        ids[x] = nearer ? id : ids[x];
    }
}

#define CUT_ROW(name, perspective, slab)                                                                     \
    ALLOY_CLONES static void name(const AlloyView *view, float *z, uint32_t *ids, int n, float u, float v,   \
                                  const float *sphere, uint32_t id)                                          \
    {                                                                                                        \
        cut_row(view, z, ids, n, u, v, sphere, id, perspective, slab);                                       \
    }
CUT_ROW(row_with_slab, FALSE, TRUE)
CUT_ROW(row_in_perspective, TRUE, FALSE)
CUT_ROW(row_in_perspective_with_slab, TRUE, TRUE)

/* From where to where, on the view plane, a row of a sphere goes; FALSE: it is not met. With o the eye seen
 * from the centre, a = (u, v, -distance) a ray, it is where (o.a)^2 >= |a|^2 (|o|^2 - r^2), a quadratic in u.
 */
static gboolean ends_of_row(const AlloyView *view, const float sphere[4], float v, float ends[2])
{
    double r2 = (double)sphere[3] * (double)sphere[3];
    if (!(view->distance > 0)) {
        double dy = (double)v - (double)sphere[1], h2 = r2 - dy * dy;
        double half = h2 > 0 ? sqrt(h2) : 0;
        ends[0] = (float)((double)sphere[0] - half);
        ends[1] = (float)((double)sphere[0] + half);
        return h2 >= 0;
    }
    double d = (double)view->distance, o[3] = {-(double)sphere[0], -(double)sphere[1], d - (double)sphere[2]};
    double k = o[0] * o[0] + o[1] * o[1] + o[2] * o[2] - r2, g = o[1] * (double)v - o[2] * d;
    double a = o[0] * o[0] - k, b = o[0] * g, c = g * g - k * ((double)v * (double)v + d * d);
    ends[0] = -1e9f;
    ends[1] = 1e9f;
    if (!(a < 0))
        return TRUE; /* it reaches the plane of the eye: the pixels decide */
    double root2 = b * b - a * c;
    if (root2 < 0)
        return FALSE;
    double root = sqrt(root2);
    ends[0] = (float)((-b + root) / a);
    ends[1] = (float)((-b - root) / a);
    return TRUE;
}

static void draw_sphere(AlloyFrame *frame, uint32_t atom, const int low[2], const int high[2])
{
    const AlloyView *view = &frame->view;
    const float *s = frame->spheres[atom];
    Extent extent = extent_of(view, s);
    const int x0 = MAX(extent.low[0], low[0]), x1 = MIN(extent.high[0], high[0]);
    const int y0 = MAX(extent.low[1], low[1]), y1 = MIN(extent.high[1], high[1]);
    const gboolean perspective = view->distance > 0, slab = view->slab[3] > 0;
    for (int y = y0; y <= y1; y++) {
        float v = view->bottom + ((float)y + 0.5f) * view->pixel[1], ends[2];
        if (!ends_of_row(view, s, v, ends))
            continue;
        float first = (ends[0] - view->left) / view->pixel[0] - 0.5f,
              last = (ends[1] - view->left) / view->pixel[0] - 0.5f;
        int from = first > (float)x0 ? (int)first : x0, to = last < (float)x1 ? (int)(last + 1) : x1;
        if (from > to || last < (float)x0 - 1)
            continue;
        const size_t at = (size_t)y * (size_t)frame->width + (size_t)from;
        const float u = view->left + ((float)from + 0.5f) * view->pixel[0];
        float *z = frame->z + at;
        uint32_t *ids = frame->ids + at;
        if (perspective && slab)
            row_in_perspective_with_slab(view, z, ids, to - from + 1, u, v, s, atom + 1);
        else if (perspective)
            row_in_perspective(view, z, ids, to - from + 1, u, v, s, atom + 1);
        else if (slab)
            row_with_slab(view, z, ids, to - from + 1, u, v, s, atom + 1);
        else
            row_of_ball(z, ids, to - from + 1, u, view->pixel[0], s[0], s[2],
                        s[3] * s[3] - (v - s[1]) * (v - s[1]), atom + 1);
    }
}

static void draw_squares(size_t begin, size_t end, void *data)
{
    const Sorting *job = data;
    AlloyFrame *frame = job->frame;
    for (size_t s = begin; s < end; s++) {
        int low[2] = {(int)(s % (size_t)job->across) * SQUARE, (int)(s / (size_t)job->across) * SQUARE};
        int high[2] = {MIN(low[0] + SQUARE, frame->width) - 1, MIN(low[1] + SQUARE, frame->height) - 1};
        for (int y = low[1]; y <= high[1]; y++) {
            size_t at = (size_t)y * (size_t)frame->width + (size_t)low[0];
            memset(frame->ids + at, 0, (size_t)(high[0] - low[0] + 1) * sizeof *frame->ids);
            for (int x = 0; x <= high[0] - low[0]; x++)
                frame->z[at + (size_t)x] = frame->view.far_z;
        }
        for (uint32_t e = frame->first[s]; e < frame->first[s + 1]; e++)
            draw_sphere(frame, frame->entries[e], low, high);
    }
}

static gboolean make_room(AlloyFrame *frame, const AlloyTile *tile, size_t n, GError **error)
{
    if (tile->width < 1 || tile->height < 1)
        return alloy_input_error(error, "a picture of %d x %d pixels", tile->width, tile->height);
    if (frame->width != tile->width || frame->height != tile->height) {
        size_t pixels = (size_t)tile->width * (size_t)tile->height;
        g_clear_pointer(&frame->ids, g_free);
        g_clear_pointer(&frame->z, g_free);
        g_clear_pointer(&frame->sky, g_free);
        frame->width = frame->height = 0;
        frame->ids = g_try_new(uint32_t, pixels);
        frame->z = g_try_new(float, pixels);
        if (frame->ids == NULL || frame->z == NULL)
            return alloy_input_error(error, "a picture of %d x %d pixels does not fit the memory",
                                     tile->width, tile->height);
        frame->width = tile->width;
        frame->height = tile->height;
    }
    if (n > frame->n_spheres) {
        g_free(frame->spheres);
        frame->spheres = g_malloc_n(n, sizeof *frame->spheres);
        frame->n_spheres = n;
    }
    return TRUE;
}

gboolean alloy_frame_see(AlloyFrame *frame, AlloyScene *scene, const AlloyCamera *camera,
                         const AlloyTile *tile, GError **error)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(scene);
    if (!make_room(frame, tile, atoms != NULL ? atoms->n : 0, error))
        return FALSE;
    frame->scene = scene;
    alloy_view_make(&frame->view, scene, camera, tile);
    double origin[3];
    Sorting job = {.frame = frame,
                   .spheres = alloy_scene_spheres(scene, origin),
                   .across = (tile->width + SQUARE - 1) / SQUARE,
                   .down = (tile->height + SQUARE - 1) / SQUARE};
    job.drawn = alloy_scene_drawn(scene, &job.n);
    sort_into_squares(&job);
    alloy_parallel_for((size_t)(job.across * job.down), 1, draw_squares, &job, NULL, NULL);
    return TRUE;
}
