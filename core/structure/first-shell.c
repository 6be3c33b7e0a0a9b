/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/first-shell.h"

#include "core/base/error.h"
#include "core/base/statistics.h"
#include "core/structure/rdf.h"

#include <math.h>

/* What reading off the first peak and minimum does, in units that suit lengths in angstrom, pixels or nm
 * alike. */
#define USUAL_BIN 0.02   /* angstrom, for spacings between atoms that are plausible in angstrom */
#define USUAL_SIGMA 0.05 /* angstrom; Gaussian that smooths the histogram over r^2 */
#define PEAK_START 0.6   /* spacings */
#define PEAK_END 1.3     /* spacings: a second shell may be as high as the first (simple cubic, at sqrt 2) */
#define SEARCH_END 2.0   /* spacings: the first minimum lies before the second shell of anything */
#define SIGNIFICANT_RISE 0.05 /* of peak minus minimum: a lesser rise is noise in the valley */
/* A rise must also be so many roots of the counts. Every pair is counted from both ends, so this is 1.4
 * standard errors. With more of them the shells of bcc (15 % apart) merge in a hot cell of some hundred
 * atoms, which larger cells keep apart; with fewer, bumps of chance cut the first shell of hot fcc. */
#define SIGNIFICANT_NOISE 2
/* Spacings: an emptiness no narrower parts two shells, Zn (c/a 1.856) at 0.09 being the closest of the
 * elements; the split shell of a tetragonal alloy (CuAu: 0.04) is one. */
#define GAP 0.06
#define FEWEST_ASIDE 5      /* pairs on each side of a gap from which on it is none of chance */
#define FEWEST_NEIGHBOURS 3 /* within a dip before the minimum that might end the first shell: graphite */
#define SAMPLE 1024         /* atoms, for the scale */
#define LONE_SHELL 1.2071   /* (1 + sqrt 2) / 2: where there is but one shell, the middle of the fcc gap */
#define BCC_BOTH 14     /* neighbours in the first two shells of bcc; the first ends at (1/2 + sqrt 3/4) a, */
#define BCC_END 0.77292 /* both at (1 + sqrt 2)/2 a: the ratio */
#define AS_GOOD 0.05    /* of the peak: another valley no less deep than this much above the chosen one */

/* counts over r^2, smoothed by a Gaussian of sigma bins cut at 4 sigma. */
static double *smoothed_density(const uint64_t *counts, size_t bins, double sigma)
{
    double *g = g_new0(double, bins), *raw = g_new(double, bins);
    for (size_t k = 0; k < bins; k++) {
        double r = (double)k + 0.5;
        raw[k] = (double)counts[k] / (r * r);
    }
    long reach = (long)ceil(4 * sigma);
    g_autofree double *kernel = g_new(double, (size_t)reach + 1);
    for (long k = 0; k <= reach; k++)
        kernel[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
    for (long k = 0; k < (long)bins; k++) {
        double sum = 0, weight = 0;
        for (long j = MAX(k - reach, 0); j <= MIN(k + reach, (long)bins - 1); j++) {
            sum += raw[j] * kernel[labs(j - k)];
            weight += kernel[labs(j - k)];
        }
        g[k] = sum / weight;
    }
    g_free(raw);
    return g;
}

/* What one model's distances are read off. Lengths in bins; bin k has its centre at k + 0.5. */
typedef struct {
    const uint64_t *counts;
    size_t bins;
    double spacing, sigma;
    gboolean crystal; /* periodic: all copies of the cell are as it is, and few counts are no noise */
    size_t peak;
    double *g;
} Reading;

/* Where the density is lowest between the peak and the next rise that is more than noise. */
static double find_minimum(const Reading *reading, size_t peak, double noises)
{
    const double *g = reading->g;
    size_t lowest = peak, bins = reading->bins;
    gboolean risen = FALSE;
    for (size_t k = peak + 1; k < bins && !risen; k++) {
        if (g[k] < g[lowest])
            lowest = k;
        double r = (double)k + 0.5;
        /* one count in the window of the smoothing is worth 1/r^2/(2 sqrt pi sigma) */
        double noise = sqrt(g[k] / (r * r * 2 * sqrt(G_PI) * reading->sigma));
        risen = g[k] - g[lowest] > MAX(SIGNIFICANT_RISE * (g[peak] - g[lowest]), noises * noise);
    }
    if (g[lowest] > 0)
        return risen ? (double)lowest + 0.5 : NAN;
    /* an empty gap, as in a perfect lattice: its middle */
    size_t from = lowest, to = lowest;
    while (from > 0 && reading->counts[from - 1] == 0)
        from--;
    while (to < bins && reading->counts[to] == 0)
        to++;
    return to < bins ? 0.5 * (double)(from + to) : NAN;
}

static void find_peak(Reading *reading)
{
    const double *g = reading->g;
    /* two atoms on one site, or traced twice, are no bond: one pair near r = 0 would outweigh them all */
    size_t peak = (size_t)(PEAK_START * reading->spacing);
    for (size_t k = peak; k < reading->bins && (double)k < PEAK_END * reading->spacing; k++)
        if (g[k] > g[peak])
            peak = k;
    /* a window that ends on a slope has not reached the top: disorder moves the nearest neighbour inwards */
    while (peak + 1 < reading->bins && g[peak + 1] > g[peak])
        peak++;
    reading->peak = peak;
}

static uint64_t pairs_between(const Reading *reading, size_t from, size_t to)
{
    uint64_t sum = 0;
    for (size_t k = from; k < MIN(to, reading->bins); k++)
        sum += reading->counts[k];
    return sum / 2; /* every pair from both ends */
}

/* The middle of the first emptiness after the peak that parts two shells: no distance of the model lies in
 * it, and it is wider than all that it ends. That does not depend on how many copies of a crystal the cell
 * holds, which the smoothing does. NaN: none. */
static double find_gap(const Reading *reading)
{
    const uint64_t *counts = reading->counts;
    size_t begin = (size_t)(PEAK_START * reading->spacing);
    while (begin < reading->peak && counts[begin] == 0)
        begin++;
    for (size_t from = reading->peak + 1; from < reading->bins; from++) {
        if (counts[from] != 0 || counts[from - 1] == 0)
            continue;
        size_t to = from, width;
        while (to < reading->bins && counts[to] == 0)
            to++;
        width = to - from;
        if (to == reading->bins || (double)width < GAP * reading->spacing || width < from - begin)
            continue;
        double highest = 0;
        for (size_t k = to; k < MIN(to + width, reading->bins); k++)
            highest = fmax(highest, reading->g[k]);
        if (highest > SIGNIFICANT_RISE * reading->g[reading->peak] &&
            (reading->crystal ||
             (pairs_between(reading, from > width ? from - width : 0, from) >= FEWEST_ASIDE &&
              pairs_between(reading, to, to + width) >= FEWEST_ASIDE)))
            return 0.5 * (double)(from + to);
    }
    return NAN;
}

static double density_at(const Reading *reading, double position)
{
    return reading->g[MIN((size_t)position, reading->bins - 1)];
}

/* Another end of the first shell that one might choose: a dip before the chosen one that counting cannot tell
 * from chance, or the end of a shell right behind it (bcc: 8 neighbours, and 6 more 15 % farther). NaN: none.
 */
static double find_other(const Reading *reading, double minimum)
{
    const double *g = reading->g;
    size_t last = MIN((size_t)(PEAK_END * ((double)reading->peak + 0.5)), reading->bins - 1);
    double dip = find_minimum(reading, reading->peak, 0);
    if (dip > (double)reading->peak + reading->sigma && dip < minimum - reading->sigma && dip < (double)last)
        return dip;
    size_t second = MIN((size_t)minimum, last);
    for (size_t k = second; k <= last; k++)
        if (g[k] > g[second])
            second = k;
    if ((double)second <= minimum || second == last || g[second] < SIGNIFICANT_RISE * g[reading->peak])
        return NAN;
    double next = find_minimum(reading, second, SIGNIFICANT_NOISE);
    return isfinite(next) &&
                   density_at(reading, next) <= density_at(reading, minimum) + AS_GOOD * g[reading->peak]
               ? next
               : (double)NAN;
}

static void read_off(Reading *reading, double usual_sigma, double *peak, double *minimum, double *other)
{
    reading->sigma = usual_sigma;
    reading->g = smoothed_density(reading->counts, reading->bins, reading->sigma);
    find_peak(reading);
    double gap = find_gap(reading);
    /* few pairs are smoothed more, by the usual fifth root; 2000 fill the bins well enough */
    uint64_t total = 2 * pairs_between(reading, 0, reading->bins);
    double wider = pow(MAX(2000.0 / (double)MAX(total, 1), 1.0), 0.2);
    size_t sharp = reading->peak;
    if (wider > 1) {
        g_free(reading->g);
        reading->sigma *= wider;
        reading->g = smoothed_density(reading->counts, reading->bins, reading->sigma);
        find_peak(reading);
    }
    /* a valley that is not quite empty may come before the gap; a gap may be too narrow for the smoothing */
    *minimum = find_minimum(reading, reading->peak, SIGNIFICANT_NOISE);
    if (isfinite(gap) && !(*minimum < gap - reading->sigma)) {
        *minimum = gap;
        *peak = (double)sharp + 0.5;
    } else {
        *peak = (double)reading->peak + 0.5;
    }
    *other = isfinite(*minimum) ? find_other(reading, *minimum) : NAN;
    g_clear_pointer(&reading->g, g_free);
}

/* The scale of the model: the median distance to the nearest neighbour, from at most SAMPLE atoms. NaN with
 * an error when there is none. */
static double median_nearest(const AlloyAtoms *atoms, AlloyProgress *progress, GError **error)
{
    g_autofree double *distance = NULL;
    size_t every = MAX(atoms->n / SAMPLE, 1), n = 0;
    g_autofree uint32_t *nearest = alloy_nearest_of_some(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell,
                                                         1, every, &distance, progress, error);
    if (nearest == NULL)
        return NAN;
    for (size_t i = 0; i < atoms->n; i += every)
        if (isfinite(distance[i]) && distance[i] > 0)
            distance[n++] = distance[i];
    alloy_sort_doubles(distance, n);
    double median = alloy_quantile_sorted(distance, n, 0.5);
    if (!(median > 0))
        alloy_input_error(
            error,
            "the pair distribution of %zu atoms has no peak: every atom has its nearest neighbour at its own "
            "place",
            atoms->n);
    return median;
}

static double neighbours_within(const AlloyPairCounts *pairs, double end, size_t atoms)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < pairs->bins && (double)k + 0.5 < end; k++)
        sum += pairs->counts[k];
    return (double)sum / (double)MAX(atoms, 1);
}

gboolean alloy_first_shell(const AlloyAtoms *atoms, AlloyFirstShell *shell, AlloyProgress *progress,
                           GError **error)
{
    double spacing = median_nearest(atoms, progress, error);
    if (!(spacing > 0))
        return FALSE;
    double scale = spacing > 1.2 && spacing < 6.0 ? 1.0 : spacing / 2.75;
    double width = USUAL_BIN * scale, peak, minimum, other;
    g_autoptr(AlloyPairCounts) pairs =
        alloy_count_pairs(atoms, SEARCH_END * spacing, width, FALSE, progress, error);
    if (pairs == NULL)
        return FALSE;
    Reading reading = {.counts = pairs->counts,
                       .bins = pairs->bins,
                       .spacing = spacing / width,
                       .crystal = alloy_cell_is_periodic(atoms->cell)};
    read_off(&reading, USUAL_SIGMA * scale / width, &peak, &minimum, &other);
    shell->lone = isnan(minimum);
    if (shell->lone)
        minimum = LONE_SHELL * peak;
    shell->peak = peak * width;
    shell->minimum = minimum * width;
    shell->neighbours = neighbours_within(pairs, minimum, atoms->n);
    shell->other_minimum = other * width;
    shell->other_neighbours = isfinite(other) ? neighbours_within(pairs, other, atoms->n) : NAN;
    if (other < minimum && shell->other_neighbours < FEWEST_NEIGHBOURS) /* odd pairs in front of the peak */
        shell->other_minimum = shell->other_neighbours = NAN;
    return TRUE;
}

gboolean alloy_first_minimum(const AlloyAtoms *atoms, double *first_minimum, double *first_peak,
                             AlloyProgress *progress, GError **error)
{
    AlloyFirstShell shell;
    if (!alloy_first_shell(atoms, &shell, progress, error))
        return FALSE;
    *first_minimum = shell.minimum;
    if (first_peak != NULL)
        *first_peak = shell.peak;
    return TRUE;
}

void alloy_first_shell_warn(const AlloyFirstShell *shell, GPtrArray *warnings)
{
    if (shell->lone)
        alloy_warn(warnings, "cutoff", NULL, NULL,
                   "the pair distribution has no minimum after its first peak at %.4g angstrom: the cutoff "
                   "%.4g is %.4g of the peak, the middle of the gap of a close packing; better give one",
                   shell->peak, shell->minimum, LONE_SHELL);
    else if (isfinite(shell->other_minimum))
        alloy_warn(
            warnings, "cutoff", NULL, NULL,
            "the first shell may end at either of two minima of the pair distribution: %.4g angstrom "
            "(mean coordination number %.4g), which was taken, or %.4g (%.4g); --cutoff %.4g takes the "
            "other",
            shell->minimum, shell->neighbours, shell->other_minimum, shell->other_neighbours,
            shell->other_minimum);
    else if (fabs(shell->neighbours - BCC_BOTH) < 0.5 && shell->minimum > LONE_SHELL * shell->peak)
        alloy_warn(
            warnings, "cutoff", NULL, NULL,
            "the first minimum of the pair distribution, %.4g angstrom, takes in %.4g neighbours an atom, "
            "as many as the first two shells of bcc: if this is bcc, so disordered that nothing parts "
            "them, the first alone (8) ends at about %.4g; --cutoff %.4g takes it",
            shell->minimum, shell->neighbours, BCC_END * shell->minimum, BCC_END * shell->minimum);
}

gboolean alloy_run_cutoff(AlloyRun *run, const AlloyAtoms *atoms, double *cutoff, GError **error)
{
    *cutoff = alloy_run_real(run, "cutoff");
    if (isfinite(*cutoff))
        return TRUE;
    if (atoms->n < 2 && !alloy_cell_is_periodic(atoms->cell))
        return alloy_input_error(
            error, "a cutoff cannot be read off the pair distribution of %zu atom%s: give --cutoff", atoms->n,
            atoms->n == 1 ? "" : "s");
    AlloyFirstShell shell;
    if (!alloy_first_shell(atoms, &shell, run->progress, error))
        return FALSE;
    alloy_first_shell_warn(&shell, run->warnings);
    *cutoff = shell.minimum;
    alloy_run_resolve(run, "cutoff", *cutoff);
    return TRUE;
}
