/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/structure/shell.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What chance gives: a statistic of a particle against the same statistic after a random exchange. */

typedef struct {
    double observed;
    double mean, sd; /* of the null; sd with n-1. NaN without shuffles */
    double z;        /* (observed - mean) / sd; NaN when the null does not vary */
    double p; /* two-sided, see alloy_null_summarise; NaN without shuffles or without an observed value */
    uint64_t undefined; /* shuffles without a value */
} AlloyNull;

/* No shuffles, nothing known. */
#define ALLOY_NULL_NONE ((AlloyNull){NAN, NAN, NAN, NAN, NAN, 0})

/* values[0] is the observation T, values[1..shuffles] the T* of the shuffles; NaN: no value. With m the mean
 * of all values, the observation included,
 *
 *     p = (1 + #{ |T* - m| >= |T - m| }) / (1 + shuffles),
 *
 * a permutation test that is exact for any number of shuffles because T and the T* enter m alike (E. J. G.
 * Pitman, J. R. Stat. Soc. Suppl. 4, 119 (1937); B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9, 39
 * (2010)). A shuffle without a value counts as no less extreme, and so does one that differs by rounding
 * only. */
AlloyNull alloy_null_summarise(const double *values, unsigned shuffles);

/* --- species labels shuffled over the same sites --- */

/* Labels of one site in 16 arrangements at once: the unit in which the loops over neighbours add. */
#define ALLOY_NULL_LANES 16
typedef uint8_t AlloyLanes __attribute__((vector_size(ALLOY_NULL_LANES)));

/* Arrangements of the same labels over the same sites. Arrangement 0 is the observed one; arrangement k is a
 * pure function of labels, seed and k (its Philox stream), uniform among all arrangements. */
typedef struct _AlloyShuffles AlloyShuffles;

/* labels: n of them, below n_kinds <= 256; copied. n < 2^32. */
AlloyShuffles *alloy_shuffles_new(const uint8_t *labels, size_t n, unsigned n_kinds, unsigned shuffles,
                                  uint64_t seed);
void alloy_shuffles_free(AlloyShuffles *shuffles);
unsigned alloy_shuffles_kinds(const AlloyShuffles *shuffles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyShuffles, alloy_shuffles_free)

/* Computes statistics of up to 16 arrangements: lanes[site] holds their labels, statistics[lane *
 * n_statistics + s] is to be filled for lane < used. Called on any thread. */
typedef void (*AlloyNullKernel)(const AlloyLanes *lanes, unsigned used, double *statistics, void *data);

/* Runs the kernel over all arrangements and summarises each of the n_statistics statistics. The numbers do
 * not depend on the number of threads. FALSE: cancelled (the kernel of a long loop asks for itself), or the
 * numbers of all arrangements do not fit half of the machine's memory. */
gboolean alloy_shuffles_run(const AlloyShuffles *shuffles, unsigned n_statistics, AlloyNullKernel kernel,
                            void *data, AlloyNull *results, AlloyProgress *progress, GError **error);

/* --- the kernel of everything that counts pairs --- */

/* More species than any alloy has; every pair of them has a statistic. */
#define ALLOY_MOST_SPECIES 32

/* What one arrangement has around the centres, K = n_kinds. Exact counts, so that nothing depends on an
 * order. */
typedef struct {
    unsigned n_kinds;
    const uint64_t *pairs; /* [a*K + b]: neighbours of kind b of centres of kind a */
    const double *share; /* [a*K + b]: sum over centres of kind a of the fraction of b among the neighbours */
    const uint64_t *with;    /* [a]: centres of kind a with neighbours */
    const uint64_t *without; /* [a]: centres of kind a without */
    const double *square; /* [b]: sum over all centres of the squared fraction of b; NULL unless asked for */
} AlloyTally;

typedef void (*AlloyTallyFunc)(const AlloyTally *tally, double *statistics, void *data);

/* Tallies every arrangement and hands it to the function, which makes the statistics. centres: the sites that
 * are centres, NULL for all; their neighbours may be any site. shell->n must be the number of sites. */
gboolean alloy_shuffles_tally(const AlloyShuffles *shuffles, const AlloyShell *shell, const uint32_t *centres,
                              size_t n_centres, gboolean with_squares, unsigned n_statistics,
                              AlloyTallyFunc function, void *data, AlloyNull *results,
                              AlloyProgress *progress, GError **error);

/* --- the distribution of what the sites have --- */

/* What is said of a set of numbers: mean, standard deviation (with n-1), least, quartiles (linear between
 * order statistics), greatest; all NaN for none, sd for fewer than two. */
typedef enum {
    ALLOY_SUMMARY_MEAN,
    ALLOY_SUMMARY_SD,
    ALLOY_SUMMARY_MIN,
    ALLOY_SUMMARY_Q25,
    ALLOY_SUMMARY_MEDIAN,
    ALLOY_SUMMARY_Q75,
    ALLOY_SUMMARY_MAX,
    ALLOY_N_SUMMARY
} AlloySummary;
extern const char *const alloy_summary_names[ALLOY_N_SUMMARY]; /* "mean", "sd", "min", "q25", ... */
/* Of count[k] numbers value[k], values ascending and finite; returns how many numbers. */
uint64_t alloy_summarise(const double *value, const uint32_t *count, size_t n,
                         double summary[ALLOY_N_SUMMARY]);

/* The bin of a value: the last whose lower edge is not above it; a value that is below the edge by rounding
 * only stands on it (6 of 12 neighbours are half, whatever form that takes). edges: n_bins + 1, ascending;
 * what lies outside goes to the bin at that end. */
unsigned alloy_bin_of(const double *edges, unsigned n_bins, double value);

/* A quantity that a site has by its own label, its number of neighbours c > 0 and the number k of those of
 * one kind: order parameters, local concentrations. */
typedef struct {
    unsigned kind; /* that is counted among the neighbours */
    /* NaN: sites of that label have no value */
    double (*value)(unsigned own, uint32_t k, uint32_t c, const void *data);
    const void *data;
    const double *edges; /* of bins, the same for all arrangements; n_bins + 1 */
} AlloyCounted;

/* The whole distribution of each quantity over the centres, in every arrangement: results[q *
 * (ALLOY_N_SUMMARY + n_bins) + s] is the null of its summary s, then of the number of centres in each bin.
 * Sites without neighbours have no value. centres as in alloy_shuffles_tally. Memory and time are at most
 * proportional to the number of centres and of their neighbours, for any cutoff. */
gboolean alloy_shuffles_counted(const AlloyShuffles *shuffles, const AlloyShell *shell,
                                const uint32_t *centres, size_t n_centres, const AlloyCounted *quantities,
                                unsigned n_quantities, unsigned n_bins, AlloyNull *results,
                                AlloyProgress *progress, GError **error);

/* --- sites drawn at random --- */

/* For quantities that do not depend on the labels: the summary of `size` sites against that of as many sites
 * drawn without replacement from all n; results[q * ALLOY_N_SUMMARY + s]. NaN is a missing value and does not
 * count, and neither do infinities. selected: n bytes, `size` of them not 0. */
gboolean alloy_null_selections(const double *const *quantities, unsigned n_quantities,
                               const uint8_t *selected, size_t n, unsigned shuffles, uint64_t seed,
                               AlloyNull *results, AlloyProgress *progress, GError **error);

G_END_DECLS
