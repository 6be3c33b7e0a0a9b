/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/write-rows.h"

#include "core/base/parallel.h"

#define ROWS_PER_BLOCK ((size_t)4096)
#define BLOCKS_AT_A_TIME ((size_t)32)

typedef struct {
    AlloyRowsFunc fn;
    void *data;
    size_t first, n; /* of this batch */
    GString *texts[BLOCKS_AT_A_TIME];
} Batch;

static void make_texts(size_t begin, size_t end, void *data)
{
    Batch *batch = data;
    GString *text = batch->texts[begin / ROWS_PER_BLOCK];
    text->len = 0;
    batch->fn(text, batch->first + begin, batch->first + end, batch->data);
}

gboolean alloy_write_text(GOutputStream *sink, const GString *text, GError **error)
{
    return g_output_stream_write_all(sink, text->str, text->len, NULL, NULL, error);
}

gboolean alloy_write_rows(GOutputStream *sink, size_t n, AlloyRowsFunc fn, void *data,
                          AlloyProgress *progress, GError **error)
{
    Batch batch = {.fn = fn, .data = data};
    for (size_t k = 0; k < BLOCKS_AT_A_TIME; k++)
        batch.texts[k] = g_string_new(NULL);
    gboolean good = TRUE;
    while (good && batch.first < n) {
        batch.n = MIN(n - batch.first, ROWS_PER_BLOCK * BLOCKS_AT_A_TIME);
        good = alloy_progress_check(progress, error);
        if (!good)
            break;
        alloy_parallel_for(batch.n, ROWS_PER_BLOCK, make_texts, &batch, NULL, NULL);
        for (size_t k = 0; good && k < alloy_parallel_blocks(batch.n, ROWS_PER_BLOCK); k++)
            good = alloy_write_text(sink, batch.texts[k], error);
        batch.first += batch.n;
        alloy_progress_set(progress, (double)batch.first / (double)n);
    }
    for (size_t k = 0; k < BLOCKS_AT_A_TIME; k++)
        g_string_free(batch.texts[k], TRUE);
    return good;
}
