/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/picture.h"

#include "core/base/error.h"
#include "core/base/parallel.h"

#define MOST_SIDE 50000
#define TILE 2048 /* pixels drawn at once in each direction, the border included */

/* The mean of each square of drawn pixels, as one pixel of the picture. Rows from the top. */
typedef struct {
    const uint32_t *drawn;
    size_t drawn_width;
    int border, supersample;
    int left, top, width; /* of the tile in the picture */
    uint32_t *picture;
    size_t picture_width;
} Mean;

static void mean_rows(size_t begin, size_t end, void *data)
{
    const Mean *job = data;
    const uint32_t s = (uint32_t)job->supersample, all = s * s;
    for (size_t row = begin; row < end; row++) {
        uint32_t *to = job->picture + ((size_t)job->top + row) * job->picture_width + job->left;
        for (int column = 0; column < job->width; column++) {
            uint32_t sum[4] = {all / 2, all / 2, all / 2, all / 2};
            for (uint32_t dy = 0; dy < s; dy++) {
                const uint32_t *from = job->drawn + ((size_t)job->border + row * s + dy) * job->drawn_width +
                                       job->border + (size_t)column * s;
                for (uint32_t dx = 0; dx < s; dx++)
                    for (int k = 0; k < 4; k++)
                        sum[k] += from[dx] >> (8 * k) & 255;
            }
            to[column] = sum[3] / all << 24 | sum[2] / all << 16 | sum[1] / all << 8 | sum[0] / all;
        }
    }
}

/* What a pixel takes from its surroundings: the occlusion's disk (96 pixels at most), outlines. */
static int border_of(const AlloyScene *scene, int supersample)
{
    return (alloy_scene_look(scene)->occlusion > 0 ? 100 : 0) + 4 * supersample;
}

uint32_t *alloy_picture_new(AlloyScene *scene, const AlloyCamera *camera, int width, int height,
                            int supersample, AlloyProgress *progress, GError **error)
{
    g_return_val_if_fail(supersample >= 1 && supersample <= 8, NULL);
    if (width < 1 || height < 1 || width > MOST_SIDE || height > MOST_SIDE) {
        alloy_input_error(error, "a picture of %d x %d pixels: 1 to %d in each direction can be drawn", width,
                          height, MOST_SIDE);
        return NULL;
    }
    g_autofree uint32_t *picture = g_try_new(uint32_t, (size_t)width * (size_t)height);
    g_autofree uint32_t *drawn = g_try_new(uint32_t, (size_t)TILE * TILE);
    if (picture == NULL || drawn == NULL) {
        alloy_input_error(error, "a picture of %d x %d pixels does not fit the memory", width, height);
        return NULL;
    }
    const int border = border_of(scene, supersample), inner = (TILE - 2 * border) / supersample;
    const int across = (width + inner - 1) / inner, down = (height + inner - 1) / inner;
    const AlloyQuality quality = {FALSE, supersample};
    g_autoptr(AlloyFrame) frame = alloy_frame_new();
    for (int t = 0; t < across * down; t++) {
        Mean job = {drawn, 0,       border,       supersample, t % across * inner, t / across * inner,
                    0,     picture, (size_t)width};
        int height_of = MIN(inner, height - job.top);
        job.width = MIN(inner, width - job.left);
        AlloyTile tile = {job.left * supersample - border,
                          (height - job.top - height_of) * supersample - border,
                          job.width * supersample + 2 * border,
                          height_of * supersample + 2 * border,
                          width * supersample,
                          height * supersample};
        job.drawn_width = (size_t)tile.width;
        if (!alloy_progress_check(progress, error) || !alloy_frame_see(frame, scene, camera, &tile, error))
            return NULL;
        alloy_frame_shade(frame, &quality, drawn, job.drawn_width);
        alloy_parallel_for((size_t)height_of, 16, mean_rows, &job, NULL, NULL);
        alloy_progress_set(progress, (double)(t + 1) / (across * down));
    }
    return g_steal_pointer(&picture);
}
