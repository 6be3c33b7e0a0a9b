/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/rdf.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/parallel.h"
#include "core/structure/grid.h"
#include "core/structure/particle-shape.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define BLOCK_POINTS 1024
#define MOST_PAIRS 2e11 /* minutes of counting */
#define VACUUM 3        /* spacings between a body and its images */
#define MOST_COUNTERS ((size_t)1 << 24)

void alloy_pair_counts_free(AlloyPairCounts *counts)
{
    if (counts == NULL)
        return;
    g_free(counts->counts);
    g_free(counts);
}

/* --- counting
 * ----------------------------------------------------------------------------------------------- */

typedef struct {
    const AlloyGrid *grid;
    const uint16_t *species;
    double maximum2, per_bin;
    size_t bins, counters;
    unsigned n_kinds;
    _Atomic uint64_t *total;
} Counting;

static void count_block(size_t begin, size_t end, void *data)
{
    Counting *job = data;
    const AlloyGrid *grid = job->grid;
    const gboolean halved = grid->is_image == NULL;
    AlloyGridWalk walk;
    alloy_grid_walk_init(&walk, grid);
    g_autofree uint64_t *mine = g_new0(uint64_t, job->counters);
    g_autofree uint32_t *near = g_new(uint32_t, grid->most + 16);
    for (size_t cell = begin; cell < end; cell++) {
        alloy_grid_walk_to(&walk, cell);
        for (size_t k = 0; k < grid->start[cell + 1] - grid->start[cell]; k++) {
            size_t self = grid->start[cell] + k;
            if (grid->is_image != NULL && grid->is_image[self])
                continue;
            /* without images every pair is met once and counted from both ends */
            size_t first = halved ? walk.own + k + 1 : 0, found = 0;
            alloy_grid_walk_distances_from(&walk, k, first);
            for (size_t j = first; j < walk.n; j++) {
                near[found] = (uint32_t)j;
                found += walk.d2[j] < job->maximum2;
            }
            size_t kind = job->species[grid->id[self]];
            uint64_t *row = mine + kind * job->n_kinds * job->bins;
            for (size_t f = 0; f < found; f++) {
                size_t bin = (size_t)(sqrt(walk.d2[near[f]]) * job->per_bin);
                bin = MIN(bin, job->bins - 1);
                row[(size_t)job->species[walk.id[near[f]]] * job->bins + bin]++;
            }
        }
    }
    alloy_grid_walk_clear(&walk);
    /* whole numbers: the sum does not depend on the order */
    for (size_t a = 0; a < job->n_kinds; a++)
        for (size_t b = 0; b < job->n_kinds; b++)
            for (size_t k = 0; k < job->bins; k++) {
                size_t ab = (a * job->n_kinds + b) * job->bins + k,
                       ba = (b * job->n_kinds + a) * job->bins + k;
                uint64_t count = halved ? mine[ab] + mine[ba] : mine[ab];
                if (count != 0)
                    atomic_fetch_add_explicit(&job->total[ab], count, memory_order_relaxed);
            }
}

AlloyPairCounts *alloy_count_pairs(const AlloyAtoms *atoms, double maximum, double bin_width,
                                   gboolean by_kind, AlloyProgress *progress, GError **error)
{
    if (!(bin_width > 0) || !(maximum > 0) || maximum / bin_width > 1e6) {
        alloy_parameter_error(error, "cannot count distances up to %g angstrom in bins of %g angstrom",
                              maximum, bin_width);
        return NULL;
    }
    AlloyPairCounts *counts = g_new0(AlloyPairCounts, 1);
    counts->bins = (size_t)ceil(maximum / bin_width - 1e-9);
    counts->bin_width = bin_width;
    counts->n_kinds = by_kind ? MAX(atoms->n_kinds, 1) : 1;
    double counters = (double)counts->bins * counts->n_kinds * counts->n_kinds;
    g_autoptr(AlloyGrid) grid = NULL;
    if (counters > (double)MOST_COUNTERS)
        alloy_input_error(error, "%u species and %zu bins make %.0f counters; use wider bins",
                          counts->n_kinds, counts->bins, counters);
    else
        grid = alloy_grid_new(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell,
                              (double)counts->bins * bin_width, progress, error);
    if (grid == NULL) {
        alloy_pair_counts_free(counts);
        return NULL;
    }
    if (alloy_grid_expected_pairs(grid) > MOST_PAIRS) {
        alloy_input_error(
            error,
            "within %g angstrom these %zu atoms have more than %g pairs: are lengths in angstrom, and atoms "
            "not on one spot?",
            grid->reach, atoms->n, MOST_PAIRS);
        alloy_pair_counts_free(counts);
        return NULL;
    }
    g_autofree uint16_t *one_kind = by_kind ? NULL : g_new0(uint16_t, atoms->n + 1);
    Counting job = {.grid = grid,
                    .species = by_kind ? atoms->species : one_kind,
                    .maximum2 = grid->reach * grid->reach,
                    .per_bin = 1.0 / bin_width,
                    .bins = counts->bins,
                    .counters = (size_t)counters,
                    .n_kinds = counts->n_kinds};
    counts->counts = g_new0(uint64_t, job.counters);
    job.total = (_Atomic uint64_t *)counts->counts;
    /* a block's own counters must be worth their clearing */
    size_t grain = alloy_grid_grain(grid, MAX(BLOCK_POINTS, job.counters / 64));
    if (!alloy_parallel_for(grid->n_cells, grain, count_block, &job, progress, error))
        g_clear_pointer(&counts, alloy_pair_counts_free);
    return counts;
}

AlloyPairCounts *alloy_pair_counts(const AlloyAtoms *atoms, double maximum, double bin_width,
                                   AlloyProgress *progress, GError **error)
{
    AlloyFirstShell first;
    if (!alloy_first_shell(atoms, &first, progress, error))
        return NULL;
    AlloyPairCounts *counts = alloy_count_pairs(atoms, maximum, bin_width, TRUE, progress, error);
    if (counts != NULL)
        counts->first = first;
    return counts;
}

/* --- operation
 * ---------------------------------------------------------------------------------------------- */

enum { NORMALISE_AUTOMATIC, NORMALISE_CELL, NORMALISE_PARTICLE, NORMALISE_NONE };

/* What turns counts into g: g = counts / (ideal[k] * weight of the pair). */
typedef struct {
    double density; /* atoms per angstrom^3 that g is relative to */
    double volume;  /* NaN: none */
    double *ideal;  /* per bin: ordered pairs of a gas of that density in the same body */
} Ideal;

static gboolean ideal_gas(const AlloyAtoms *atoms, int normalisation, const AlloyPairCounts *pairs,
                          Ideal *ideal, AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyParticleShape) shape = NULL;
    double maximum = (double)pairs->bins * pairs->bin_width;
    ideal->volume = NAN;
    ideal->density = 1;
    if (normalisation == NORMALISE_CELL) {
        ideal->volume = alloy_cell_volume(atoms->cell);
    } else if (normalisation == NORMALISE_PARTICLE) {
        shape = alloy_particle_shape(atoms, pairs->first.peak, maximum, progress, error);
        if (shape == NULL)
            return FALSE;
        ideal->volume = shape->volume;
    }
    if (isfinite(ideal->volume))
        ideal->density = (double)atoms->n / ideal->volume;
    ideal->ideal = g_new(double, pairs->bins);
    for (size_t k = 0; k < pairs->bins; k++) {
        double r0 = (double)k * pairs->bin_width, r1 = r0 + pairs->bin_width;
        double shell = 4.0 / 3.0 * G_PI * (r1 * r1 * r1 - r0 * r0 * r0);
        double overlap = shape != NULL ? alloy_particle_overlap(shape, 0.5 * (r0 + r1)) : 1;
        ideal->ideal[k] = (double)atoms->n * ideal->density * shell * overlap;
    }
    return TRUE;
}

/* weight: product of the concentrations. */
static const AlloyColumn *g_column(const char *name, const char *unit, const uint64_t *counts,
                                   const Ideal *ideal, double weight, size_t bins)
{
    double *g = alloy_array_new(double, bins);
    for (size_t k = 0; k < bins; k++)
        g[k] = ideal->ideal[k] > 0 ? (double)counts[k] / (ideal->ideal[k] * weight) : NAN;
    return alloy_column_new_real(name, unit, g, bins);
}

static gboolean choose_normalisation(AlloyRun *run, const AlloyAtoms *atoms, int *normalisation,
                                     GError **error)
{
    const AlloyCell *cell = atoms->cell;
    gboolean whole = cell != NULL && cell->periodic[0] && cell->periodic[1] && cell->periodic[2];
    *normalisation = alloy_run_choice(run, "normalisation");
    if (*normalisation == NORMALISE_CELL && !whole)
        return alloy_parameter_error(error,
                                     "--normalisation cell needs a cell that is periodic in all directions");
    if (*normalisation != NORMALISE_AUTOMATIC)
        return TRUE;
    *normalisation = whole                          ? NORMALISE_CELL
                     : alloy_cell_is_periodic(cell) ? NORMALISE_NONE
                                                    : NORMALISE_PARTICLE;
    if (*normalisation == NORMALISE_NONE)
        alloy_warn(run->warnings, "normalisation", NULL, NULL,
                   "the cell is periodic in some directions only: g is the number density around an atom, "
                   "not relative to a mean");
    return TRUE;
}

/* A body alone in a periodic cell, as simulations keep it: less than half of the cell has atoms, and in every
 * direction emptiness parts it from its images. spacing: the first peak. filled: the part of the cell that
 * has atoms, as far as boxes of twice the spacing tell. */
static gboolean stands_alone(const AlloyAtoms *atoms, double spacing, double *filled)
{
    double inverse[3][3], low[3] = {INFINITY, INFINITY, INFINITY},
                          high[3] = {-INFINITY, -INFINITY, -INFINITY};
    size_t boxes[3], total = 1, occupied = 0;
    *filled = 1;
    if (!alloy_invert3(atoms->cell->vector, inverse))
        return FALSE;
    gboolean parted = TRUE;
    double width[3];
    for (int k = 0; k < 3; k++) {
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        width[k] = 1 / alloy_norm3(column);
        boxes[k] = (size_t)fmin(fmax(floor(width[k] / (2 * spacing)), 1), 256);
        total *= boxes[k];
    }
    g_autofree uint8_t *has_atoms = g_malloc0(total);
    for (size_t i = 0; i < atoms->n; i++) {
        double r[3] = {atoms->x[i] - atoms->cell->origin[0], atoms->y[i] - atoms->cell->origin[1],
                       atoms->z[i] - atoms->cell->origin[2]};
        double f[3];
        size_t box = 0;
        alloy_row_times3(r, inverse, f);
        for (int k = 0; k < 3; k++) {
            low[k] = fmin(low[k], f[k]);
            high[k] = fmax(high[k], f[k]);
            double within = f[k] - floor(f[k]);
            box = box * boxes[k] + MIN((size_t)(within * (double)boxes[k]), boxes[k] - 1);
        }
        occupied += !has_atoms[box];
        has_atoms[box] = 1;
    }
    for (int k = 0; k < 3; k++)
        parted = parted && (1 - (high[k] - low[k])) * width[k] > VACUUM * spacing;
    *filled = (double)occupied / (double)total;
    return parted && *filled < 0.5;
}

/* A gas in the whole cell is not what a particle in a large one is held against. */
static gboolean is_particle(AlloyRun *run, const AlloyAtoms *atoms, double spacing)
{
    double filled;
    const AlloyCell *cell = atoms->cell;
    if (alloy_run_choice(run, "normalisation") != NORMALISE_AUTOMATIC || cell == NULL || !cell->periodic[0] ||
        !cell->periodic[1] || !cell->periodic[2])
        return FALSE;
    gboolean alone = stands_alone(atoms, spacing, &filled);
    if (alone)
        alloy_warn(
            run->warnings, "normalisation", NULL, NULL,
            "the atoms are a body that stands alone in the periodic cell and has less than half of it: g "
            "is relative to a gas in the body, without the cell, as --normalisation particle says; "
            "--normalisation cell divides by the whole cell");
    else if (filled < 0.5)
        alloy_warn(
            run->warnings, "normalisation", NULL, NULL,
            "about %.2g %% of the periodic cell has atoms, and g is relative to the mean over all of it: "
            "for a particle that the faces of the cell do not cut take --normalisation particle, for a "
            "slab or a wire --normalisation none",
            100 * filled);
    return alone;
}

static gboolean run_rdf(AlloyRun *run, GError **error)
{
    const AlloyAtoms *given = alloy_run_atoms(run, 0);
    int normalisation;
    if (given->n < 2 && !alloy_cell_is_periodic(given->cell))
        return alloy_input_error(error, "a pair distribution needs at least 2 atoms, there %s %zu",
                                 given->n == 1 ? "is" : "are", given->n);
    if (!choose_normalisation(run, given, &normalisation, error))
        return FALSE;
    AlloyAtoms model = *given; /* borrowed: only the cell may differ */
    if (normalisation == NORMALISE_PARTICLE)
        model.cell = NULL;
    alloy_progress_stage(run->progress, 0, 0.8, "counting pairs");
    double maximum = alloy_run_real(run, "maximum"), width = alloy_run_real(run, "bin-width");
    g_autoptr(AlloyPairCounts) pairs = alloy_pair_counts(&model, maximum, width, run->progress, error);
    if (pairs == NULL)
        return FALSE;
    if (is_particle(run, &model, pairs->first.peak)) {
        normalisation = NORMALISE_PARTICLE;
        model.cell = NULL;
        g_clear_pointer(&pairs, alloy_pair_counts_free);
        pairs = alloy_pair_counts(&model, maximum, width, run->progress, error);
        if (pairs == NULL)
            return FALSE;
    }
    alloy_first_shell_warn(&pairs->first, run->warnings);
    alloy_progress_stage(run->progress, 0.8, 1, "normalising");
    Ideal ideal;
    if (!ideal_gas(&model, normalisation, pairs, &ideal, run->progress, error))
        return FALSE;

    const char *unit = normalisation == NORMALISE_NONE ? "angstrom^-3" : ALLOY_UNIT_NONE;
    size_t bins = pairs->bins, kinds = pairs->n_kinds;
    g_autofree uint64_t *all = g_new0(uint64_t, bins);
    for (size_t ab = 0; ab < kinds * kinds; ab++)
        for (size_t k = 0; k < bins; k++)
            all[k] += pairs->counts[ab * bins + k];
    double *r = alloy_array_new(double, bins);
    int64_t *count = alloy_array_new(int64_t, bins);
    for (size_t k = 0; k < bins; k++) {
        r[k] = ((double)k + 0.5) * pairs->bin_width;
        count[k] = (int64_t)all[k];
    }
    AlloyColumns *columns = alloy_columns_new();
    alloy_columns_set(columns, alloy_column_new_real("r", ALLOY_UNIT_LENGTH, r, bins));
    alloy_columns_set(columns, g_column("g", unit, all, &ideal, 1, bins));
    unsigned present;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(&model, &present);
    for (unsigned i = 0; i < present; i++)
        for (unsigned j = 0; j < present; j++) {
            size_t a = order[i], b = order[j];
            double weight = (double)model.kinds[a].count / (double)model.n * (double)model.kinds[b].count /
                            (double)model.n;
            g_autofree char *pair =
                alloy_run_pair_name(run, &model, model.kinds[a].name, model.kinds[b].name);
            g_autofree char *name = g_strconcat("g_", pair, NULL);
            alloy_columns_set(
                columns, g_column(name, unit, pairs->counts + (a * kinds + b) * bins, &ideal, weight, bins));
        }
    alloy_columns_set(columns, alloy_column_new_integer("pairs", ALLOY_UNIT_NONE, count, bins));
    g_free(ideal.ideal);
    alloy_run_add_table(run, alloy_table_new("rdf", columns, NULL));
    alloy_run_add_scalar(run, alloy_scalar_real("first_peak", ALLOY_UNIT_LENGTH, pairs->first.peak));
    alloy_run_add_scalar(run, alloy_scalar_real("first_minimum", ALLOY_UNIT_LENGTH, pairs->first.minimum));
    if (isfinite(ideal.volume)) {
        alloy_run_add_scalar(run, alloy_scalar_real("volume", ALLOY_UNIT_VOLUME, ideal.volume));
        alloy_run_add_scalar(run, alloy_scalar_real("density", "angstrom^-3", ideal.density));
    }
    return TRUE;
}

static const AlloyInput inputs[] = {{"atoms", &alloy_atoms_class, FALSE, FALSE, "atomic model"}, {0}};

static const char *const normalisations[] = {"automatic", "cell", "particle", "none", NULL};

static const AlloyParam params[] = {
    {.name = "maximum",
     .title = "Largest distance",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 0.1,
     .max = 1000,
     .ui_min = 4,
     .ui_max = 30,
     .fallback = "12",
     .help = "Pairs up to this distance are counted."},
    {.name = "bin-width",
     .title = "Bin width",
     .type = ALLOY_PARAM_REAL,
     .unit = ALLOY_UNIT_LENGTH,
     .min = 1e-4,
     .max = 10,
     .ui_min = 0.005,
     .ui_max = 0.2,
     .fallback = "0.02",
     .help = "Width of a bin. First peak and minimum do not depend on it."},
    {.name = "normalisation",
     .title = "Normalisation",
     .type = ALLOY_PARAM_CHOICE,
     .fallback = "automatic",
     .choices = normalisations,
     .help = "cell: a gas filling the periodic cell; particle: a gas filling the body of the finite "
             "particle, so that g tends to 1 within it; none: the number density around an atom. automatic "
             "takes cell for a cell periodic in all directions, particle without a cell, and particle also "
             "where a body stands alone in a larger periodic cell, which is said."},
    {0},
};

static const AlloyOutput outputs[] = {
    {ALLOY_OUT_TABLE_COLUMN, "r", ALLOY_UNIT_LENGTH, "middle of the bin"},
    {ALLOY_OUT_TABLE_COLUMN, "g", NULL, "pair distribution of all atoms"},
    {ALLOY_OUT_TABLE_COLUMN, "g_{A}_{B}", NULL, "partial: B around A"},
    {ALLOY_OUT_TABLE_COLUMN, "pairs", ALLOY_UNIT_NONE, "ordered pairs in the bin"},
    {ALLOY_OUT_SCALAR, "first_peak", ALLOY_UNIT_LENGTH, "where the smoothed pair density is highest"},
    {ALLOY_OUT_SCALAR, "first_minimum", ALLOY_UNIT_LENGTH, "where it is lowest before the next peak"},
    {ALLOY_OUT_SCALAR, "volume", ALLOY_UNIT_VOLUME, "of the cell or of the body of the particle"},
    {ALLOY_OUT_SCALAR, "density", "angstrom^-3", "atoms per volume that g is relative to"},
    {0},
};

const AlloyOperation alloy_op_rdf = {
    .name = "rdf",
    .version = 1,
    .title = "Pair distribution",
    .category = "Structure",
    .summary = "Total and partial pair distribution functions, their first peak and first minimum.",
    .details =
        "g(r) is the number of ordered pairs in a bin over what a gas of the same density in the same "
        "body would "
        "give: N rho V_shell(r) gamma(r), where gamma is 1 in a periodic cell and, for a finite "
        "particle, the part of the "
        "body that overlaps with itself when shifted by r. Partials are divided by both "
        "concentrations, so the sum of "
        "c_A c_B g_A_B over all pairs is g.\n\n"
        "First peak and minimum are read off the histogram (bins of 0.02 angstrom) over r^2, smoothed "
        "by a Gaussian of 0.05 angstrom (scaled with the spacing where that is far from 2.75). The first "
        "gap after the peak that no distance lies in, that is wider than the shell which it ends and "
        "at least 0.06 spacings, gives the minimum by its middle, as in a perfect lattice of however "
        "many cells. Without one the minimum is the lowest value before the next rise that exceeds 5 % "
        "of the depth of the valley and 1.4 standard errors of counting, few pairs being smoothed "
        "more. Where another minimum is nearly as good (bcc: 8 neighbours, or 14 with the second "
        "shell) a warning names it. The valley of an experimental particle is shallow: look at "
        "it, and at how the coordination number changes with the cutoff (coordination).",
    .source = "Normalisation: A. Guinier, G. Fournet, Small-Angle Scattering of X-rays (1955), chapter 2, "
              "for gamma(r)",
    .inputs = inputs,
    .params = params,
    .outputs = outputs,
    .tables = (const char *const[]){"rdf", NULL},
    .run = run_rdf,
};
