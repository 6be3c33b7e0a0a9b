/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"

#include <stddef.h>

G_BEGIN_DECLS

/* One pool of threads for the whole program (pthreads and C11 atomics, so that ThreadSanitizer can read it).
 */

/* Threads that a loop may use, the calling one included. 0: as many as the machine has (the default). May be
 * set at any time; a running loop keeps what it started with. */
void alloy_parallel_set_threads(unsigned threads);
unsigned alloy_parallel_threads(void);

/* Works on items begin <= i < end. begin is a multiple of the grain, so begin/grain is the number of the
 * block. */
typedef void (*AlloyRangeFunc)(size_t begin, size_t end, void *data);

/* Calls fn for the blocks [k*grain, min((k+1)*grain, n)) in any order on any thread, and returns when all are
 * done. The blocks depend on n and grain only, never on the number of threads: results that are written by
 * item, or by block and then combined in the order of the blocks, are bit-identical for any number of
 * threads. A loop started inside fn runs on its own thread, in order. Several threads may start loops at a
 * time. progress (nullable): set from 0 to 1 as blocks end; cancelling is seen between blocks. Returns FALSE
 * with G_IO_ERROR_CANCELLED when cancelled, were it in the last block: then some blocks may not have run. */
gboolean alloy_parallel_for(size_t n, size_t grain, AlloyRangeFunc fn, void *data, AlloyProgress *progress,
                            GError **error);

/* Number of blocks of a loop over n items: ceil(n/grain). */
size_t alloy_parallel_blocks(size_t n, size_t grain);

G_END_DECLS
