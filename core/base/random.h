/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC11, doi 10.1145/2063384.2063405). The n-th number of a stream is a pure function of (seed,
 * stream, n): give each shuffle, atom or pixel its own stream and the result does not depend on who computes
 * it, or when. */
typedef struct {
    uint64_t seed, stream, counter; /* counter: blocks of 128 bits already drawn */
    uint32_t block[4];
    unsigned left; /* unused 32-bit words of block */
    double spare;  /* second normal of a pair */
    gboolean has_spare;
} AlloyRandom;

void alloy_random_init(AlloyRandom *random, uint64_t seed, uint64_t stream);
/* The bare function: ten rounds on counter[4] with key[2]. */
void alloy_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

uint32_t alloy_random_u32(AlloyRandom *random);
uint64_t alloy_random_u64(AlloyRandom *random);
/* Uniform on [0, 1), 53 bits. */
double alloy_random_uniform(AlloyRandom *random);
/* Uniform on 0..n-1 without bias (Lemire 2019, doi 10.1145/3230636); n > 0. */
uint32_t alloy_random_below(AlloyRandom *random, uint32_t n);
/* Mean 0, standard deviation 1 (Box-Muller). */
double alloy_random_normal(AlloyRandom *random);
/* Fisher-Yates on items of 2 and 4 bytes; n < 2^32. */
void alloy_random_shuffle16(AlloyRandom *random, uint16_t *items, size_t n);
void alloy_random_shuffle32(AlloyRandom *random, uint32_t *items, size_t n);

G_END_DECLS
