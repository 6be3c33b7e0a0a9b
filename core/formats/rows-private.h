/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/rows.h"

G_BEGIN_DECLS

/* A place in the text: what was read before it has `lines` lines. */
typedef struct {
    const char *at;
    uint64_t lines;
} AlloyRowCursor;

typedef struct {
    AlloyRowCursor begin; /* its first row begins here */
    size_t first;         /* number of that row */
} AlloyRowBlock;

struct _AlloyRows {
    const AlloySource *source;
    AlloyRowStyle style;
    const char *begin, *end; /* of the rows' bytes */
    size_t n;
    GArray *blocks; /* of AlloyRowBlock, in order */
};

/* The next row and the number of the line that it begins on; FALSE at end. */
gboolean alloy_row_next(const AlloyRowStyle *style, AlloyRowCursor *cursor, const char *end, AlloySpan *row,
                        uint64_t *line);

G_END_DECLS
