/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A function marked so is compiled once for each vector unit and chosen when the program starts. Nothing is
 * contracted or reassociated (-ffp-contract=off), so each lane is the IEEE operation of the plain loop and
 * all clones give the same bits. The sanitizers do not know how to choose, and clang 14 has no such attribute
 * in C. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                \
    !defined(__clang__)
#define ALLOY_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#define ALLOY_CLONES_POPCOUNT __attribute__((target_clones("popcnt", "default")))
#else
#define ALLOY_CLONES
#define ALLOY_CLONES_POPCOUNT
#endif
