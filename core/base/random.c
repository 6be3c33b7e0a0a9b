/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/random.h"

#include <math.h>
#include <string.h>

/* Multipliers and Weyl constants of Philox4x32 (Salmon et al. 2011, table 2). */
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u
#define ROUNDS 10

#define BATCH_BLOCKS 16 /* of 4 words, for the shuffles */

void alloy_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0, p1 = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* The block of number n: the counter in the low 64 bits, the stream in the high ones, the seed as the key. */
static inline void make_block(const AlloyRandom *random, uint64_t n, uint32_t out[4])
{
    const uint32_t counter[4] = {(uint32_t)n, (uint32_t)(n >> 32), (uint32_t)random->stream,
                                 (uint32_t)(random->stream >> 32)};
    const uint32_t key[2] = {(uint32_t)random->seed, (uint32_t)(random->seed >> 32)};
    alloy_philox4x32(counter, key, out);
}

void alloy_random_init(AlloyRandom *random, uint64_t seed, uint64_t stream)
{
    memset(random, 0, sizeof *random);
    random->seed = seed;
    random->stream = stream;
}

uint32_t alloy_random_u32(AlloyRandom *random)
{
    if (random->left == 0) {
        make_block(random, random->counter++, random->block);
        random->left = 4;
    }
    return random->block[4 - random->left--];
}

uint64_t alloy_random_u64(AlloyRandom *random)
{
    uint64_t low = alloy_random_u32(random);
    return low | (uint64_t)alloy_random_u32(random) << 32;
}

double alloy_random_uniform(AlloyRandom *random)
{
    return (double)(alloy_random_u64(random) >> 11) * 0x1p-53;
}

uint32_t alloy_random_below(AlloyRandom *random, uint32_t n)
{
    g_return_val_if_fail(n > 0, 0);
    uint64_t product = (uint64_t)alloy_random_u32(random) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = (0u - n) % n; /* 2^32 mod n */
        while ((uint32_t)product < threshold)
            product = (uint64_t)alloy_random_u32(random) * n;
    }
    return (uint32_t)(product >> 32);
}

double alloy_random_normal(AlloyRandom *random)
{
    if (random->has_spare) {
        random->has_spare = FALSE;
        return random->spare;
    }
    double radius = sqrt(-2 * log(1 - alloy_random_uniform(random))); /* 1 - u is never 0 */
    double angle = 2 * G_PI * alloy_random_uniform(random);
    random->spare = radius * sin(angle);
    random->has_spare = TRUE;
    return radius * cos(angle);
}

/* Words drawn ahead of their use: blocks that do not wait for each other keep the processor's multipliers
 * busy. The words are those that alloy_random_u32 would give, in the same order. */
typedef struct {
    uint32_t words[4 * BATCH_BLOCKS];
    unsigned next, end;
} Batch;

static void batch_open(Batch *batch, const AlloyRandom *random)
{
    batch->next = 0;
    batch->end = random->left;
    memcpy(batch->words, random->block + 4 - random->left, random->left * sizeof *batch->words);
}

static void batch_fill(Batch *batch, AlloyRandom *random)
{
    for (unsigned i = 0; i < BATCH_BLOCKS; i++)
        make_block(random, random->counter + i, batch->words + 4 * i);
    random->counter += BATCH_BLOCKS;
    batch->next = 0;
    batch->end = 4 * BATCH_BLOCKS;
}

/* Gives back what was not used. */
static void batch_close(Batch *batch, AlloyRandom *random)
{
    unsigned unused = batch->end - batch->next;
    random->counter -= unused / 4;
    random->left = unused % 4;
    if (random->left > 0)
        make_block(random, random->counter - 1, random->block);
}

static inline uint32_t batch_u32(Batch *batch, AlloyRandom *random)
{
    if (batch->next == batch->end)
        batch_fill(batch, random);
    return batch->words[batch->next++];
}

static inline uint32_t batch_below(Batch *batch, AlloyRandom *random, uint32_t n)
{
    uint64_t product = (uint64_t)batch_u32(batch, random) * n;
    if (G_UNLIKELY((uint32_t)product < n)) {
        uint32_t threshold = (0u - n) % n;
        while ((uint32_t)product < threshold)
            product = (uint64_t)batch_u32(batch, random) * n;
    }
    return (uint32_t)(product >> 32);
}

void alloy_random_shuffle16(AlloyRandom *random, uint16_t *items, size_t n)
{
    g_return_if_fail(n <= UINT32_MAX);
    Batch batch;
    batch_open(&batch, random);
    for (size_t i = n; i > 1; i--) {
        uint32_t j = batch_below(&batch, random, (uint32_t)i);
        uint16_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
    batch_close(&batch, random);
}

void alloy_random_shuffle32(AlloyRandom *random, uint32_t *items, size_t n)
{
    g_return_if_fail(n <= UINT32_MAX);
    Batch batch;
    batch_open(&batch, random);
    for (size_t i = n; i > 1; i--) {
        uint32_t j = batch_below(&batch, random, (uint32_t)i);
        uint32_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
    batch_close(&batch, random);
}
