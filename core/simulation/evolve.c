/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/evolve.h"

#include "core/base/error.h"

#include <math.h>
#include <string.h>

/* --- diffusion --- */

static gboolean diffuse(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage, uint64_t seed,
                        size_t *exchanges, AlloyProgress *progress, GError **error)
{
    double t = recipe->stages[stage].time - recipe->stages[stage - 1].time;
    double rate = recipe->diffusion * 1e20 / (lattice->a * lattice->a); /* m^2 to angstrom^2 */
    /* Draws of (atom, direction) come as one Poisson process: a pair is met from both sides, hence w/2 each.
     */
    double mean = (double)lattice->n * 12 * rate / 2 * t, time = 0;
    if (!(mean <= 1e10))
        return alloy_parameter_error(
            error,
            "diffusion = %g m^2/s makes %.3g exchanges from stage %u to %u, which is more "
            "than can be simulated; after %.3g m^2/s the particle is mixed anyway",
            recipe->diffusion, mean, stage - 1, stage, recipe->diffusion * 1e10 / mean);
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_DIFFUSION, stage, 0);
    for (size_t k = 0;; k++) {
        if (k % 65536 == 0) {
            if (!alloy_progress_check(progress, error))
                return FALSE;
            alloy_progress_set(progress, mean > 0 ? time / mean : 0);
        }
        time -= log1p(-alloy_random_uniform(&random));
        if (!(time <= mean))
            return TRUE;
        uint32_t draw = alloy_random_below(&random, (uint32_t)lattice->n * 12);
        size_t atom = draw / 12;
        int32_t other = lattice->atom_at[(int64_t)lattice->site[atom] + lattice->step[draw % 12]];
        if (other < 0)
            continue;
        alloy_lattice_exchange(lattice, atom, (size_t)other, ALLOY_EVENT_EXCHANGED);
        (*exchanges)++;
    }
}

/* --- hops --- */

/* An atom that left the surface. */
typedef struct {
    int64_t id;
    uint32_t from;
    uint8_t species;
} Leaver;

/* Weights, in the exponent: per missing neighbour (as a bond of 0.05 eV would at 500 K; twice that where
 * the surface flattens), per half lattice constant too far out where it flattens, and for the species of
 * which the surface shall have less. They are ours and shape the surface; the numbers are prescribed. */
#define PER_BOND 1.2
#define PER_LAYER 4.0
#define PER_SPECIES 1.5

/* The species of which the surface has too much; NEITHER: it is as wanted, or nothing is. */
#define NEITHER 2
static uint8_t unwanted_at_surface(const AlloyLattice *lattice, double wanted)
{
    size_t n = 0, core = 0;
    for (size_t i = 0; i < lattice->n; i++)
        if (alloy_lattice_cn(lattice, lattice->site[i]) < 12) {
            n++;
            core += lattice->species[i] == ALLOY_CORE;
        }
    double excess = (double)core - wanted * (double)n;
    if (isnan(wanted) || fabs(excess) < 0.01 * (double)n)
        return NEITHER;
    return excess > 0 ? ALLOY_CORE : ALLOY_SHELL;
}

static double exponential(AlloyRandom *random)
{
    return -log1p(-alloy_random_uniform(random));
}

/* Takes `total` atoms off the surface, at most `most` of each species. In rounds, so that what is laid bare
 * may follow. */
static gboolean leave(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage, uint64_t seed,
                      size_t total, const size_t most[2], uint8_t unwanted, GArray *leavers, GError **error)
{
    enum { ROUNDS = 4 };
    size_t taken[2] = {0, 0};
    g_autofree AlloyRanked *items = g_new(AlloyRanked, lattice->n + 1);
    g_autofree uint32_t *sites = g_new(uint32_t, total + 1);
    for (unsigned round = 0; taken[0] + taken[1] < total; round++) {
        AlloyRandom random;
        alloy_simulation_stream(&random, seed, ALLOY_STREAM_LEAVE, stage, round);
        size_t n = 0, left = total - taken[0] - taken[1];
        size_t quota = round + 1 < ROUNDS ? left / (ROUNDS - round) : left;
        for (size_t i = 0; i < lattice->n; i++) {
            int cn = alloy_lattice_cn(lattice, lattice->site[i]);
            if (cn == 12)
                continue;
            double out = alloy_lattice_support(lattice, lattice->site[i]) - lattice->extent;
            double weight = PER_BOND * (1 + recipe->flattening) * (12 - cn) +
                            recipe->flattening * PER_LAYER * out +
                            PER_SPECIES * (lattice->species[i] == unwanted);
            /* The smallest of exponentials of rate exp(weight), in logarithms. */
            items[n++] =
                (AlloyRanked){log(exponential(&random)) - weight, alloy_random_uniform(&random), (uint32_t)i};
        }
        alloy_rank(items, n, NULL);
        size_t chosen = 0;
        for (size_t k = 0; k < n && chosen < quota; k++) {
            uint8_t species = lattice->species[items[k].index];
            if (taken[species] == most[species])
                continue;
            taken[species]++;
            sites[chosen++] = lattice->site[items[k].index];
        }
        if (chosen == 0 && quota > 0)
            return alloy_parameter_error(
                error,
                "from stage %u to %u, %zu atoms shall leave the surface (atoms less common "
                "positions), and it has only %zu that may",
                stage - 1, stage, total, taken[0] + taken[1]);
        for (size_t k = 0; k < chosen; k++) {
            size_t atom = (size_t)lattice->atom_at[sites[k]];
            Leaver leaver = {lattice->id[atom], lattice->from[atom], lattice->species[atom]};
            g_array_append_val(leavers, leaver);
            alloy_lattice_remove(lattice, atom);
        }
    }
    return TRUE;
}

/* Chooses `total` sites that are empty and were before, each with 3 neighbours or more by then, and marks
 * them occupied by atoms of no identity yet (id -1), in the order in which they were chosen. */
static gboolean settle(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage, uint64_t seed,
                       size_t total, const uint8_t *before, GError **error)
{
    enum { ROUNDS = 8 };
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(AlloyRanked));
    size_t done = 0;
    for (unsigned round = 0; done < total; round++) {
        g_array_set_size(candidates, 0);
        for (size_t i = 0; i < lattice->n; i++)
            for (int k = 0; k < 12; k++) {
                uint32_t site = (uint32_t)((int64_t)lattice->site[i] + lattice->step[k]);
                if (lattice->atom_at[site] >= 0 || before[site] != 0 ||
                    !alloy_lattice_is_usable(lattice, site))
                    continue;
                AlloyRanked item = {0, 0, site};
                g_array_append_val(candidates, item);
            }
        AlloyRanked *items = (AlloyRanked *)(void *)candidates->data;
        size_t n = 0;
        alloy_rank(items, candidates->len, NULL); /* by site: every site once for each of its neighbours */
        for (size_t k = 0; k < candidates->len;) {
            size_t same = k;
            while (same < candidates->len && items[same].index == items[k].index)
                same++;
            if (same - k >= 3) {
                AlloyRandom random;
                alloy_simulation_stream(&random, seed, ALLOY_STREAM_SETTLE, stage,
                                        (uint64_t)(round & 0xff) << 32 | items[k].index);
                double out = alloy_lattice_support(lattice, items[k].index) - lattice->extent;
                double weight = PER_BOND * (1 + recipe->flattening) * (double)(same - k) -
                                recipe->flattening * PER_LAYER * out;
                items[n++] = (AlloyRanked){log(exponential(&random)) - weight, alloy_random_uniform(&random),
                                           items[k].index};
            }
            k = same;
        }
        alloy_rank(items, n, NULL);
        size_t quota = round + 1 < ROUNDS ? (total - done) / (ROUNDS - round) : total - done;
        quota = MIN(MAX(quota, 1), n);
        if (quota == 0)
            return alloy_parameter_error(
                error,
                "from stage %u to %u, %zu atoms shall settle on the particle, and there "
                "is room for %zu only",
                stage - 1, stage, total, done);
        for (size_t k = 0; k < quota; k++, done++)
            alloy_lattice_add(lattice, items[k].index, ALLOY_CORE, -1, ALLOY_NO_SITE, ALLOY_EVENT_ARRIVED);
    }
    return TRUE;
}

static int compare_leavers(const void *a, const void *b)
{
    const Leaver *one = a, *other = b;
    return (one->id > other->id) - (one->id < other->id);
}

/* Gives the atoms from `first` on, which have just settled, species (core of them the core's) and identities.
 */
static void name_settlers(AlloyLattice *lattice, unsigned stage, uint64_t seed, size_t first, size_t core,
                          uint8_t unwanted, GArray *leavers, AlloyChanges *changes)
{
    size_t total = lattice->n - first;
    g_autofree uint32_t *order = g_new(uint32_t, leavers->len + 1);
    g_autofree AlloyRanked *items = g_new(AlloyRanked, total + 1);
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_SETTLE, stage, UINT64_C(0xff) << 32 | 0xffffffff);
    /* Where the others have grown over, goes what the surface shall have less of. */
    double sign = unwanted == NEITHER ? 0 : unwanted == ALLOY_SHELL ? 1 : -1;
    for (size_t i = 0; i < total; i++)
        items[i] = (AlloyRanked){sign * alloy_lattice_cn(lattice, lattice->site[first + i]),
                                 alloy_random_uniform(&random), (uint32_t)i};
    alloy_rank(items, total, NULL);
    for (size_t i = 0; i < total; i++)
        lattice->species[first + items[i].index] = i < core ? ALLOY_CORE : ALLOY_SHELL;

    g_array_sort(leavers, compare_leavers);
    for (unsigned i = 0; i < leavers->len; i++)
        order[i] = i;
    alloy_random_shuffle32(&random, order, leavers->len);
    unsigned next[2] = {0, 0}; /* in order, the next leaver of each species */
    for (size_t i = first; i < lattice->n; i++) {
        uint8_t species = lattice->species[i];
        while (next[species] < leavers->len &&
               g_array_index(leavers, Leaver, order[next[species]]).species != species)
            next[species]++;
        if (next[species] == leavers->len) {
            lattice->id[i] = lattice->next_id++;
            changes->arrived++;
            continue;
        }
        const Leaver *leaver = &g_array_index(leavers, Leaver, order[next[species]++]);
        lattice->id[i] = leaver->id;
        lattice->from[i] = leaver->from;
        lattice->event[i] = ALLOY_EVENT_HOPPED;
        changes->hopped++;
    }
}

static gboolean hop(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage, uint64_t seed,
                    size_t n, size_t true_core, const uint8_t *before, AlloyChanges *changes, GError **error)
{
    size_t common = recipe->stages[stage].common;
    if (common > lattice->n || common > n)
        return alloy_parameter_error(
            error,
            "common = %zu positions of stage %u are more than the atoms, %zu before and "
            "%zu after",
            common, stage, lattice->n, n);
    int64_t leaving = (int64_t)(lattice->n - common), coming = (int64_t)(n - common), had_core = 0;
    for (size_t i = 0; i < lattice->n; i++)
        had_core += lattice->species[i] == ALLOY_CORE;
    /* Of the leaving x are core's, of the coming x + more: both between 0 and all. */
    int64_t more = (int64_t)true_core - had_core;
    int64_t least = MAX(0, -more), most = MIN(leaving, coming - more);
    if (least > most)
        return alloy_parameter_error(error,
                                     "from stage %u to %u the count of %s changes by %+" G_GINT64_FORMAT
                                     ", which %" G_GINT64_FORMAT " leaving and %" G_GINT64_FORMAT
                                     " new atoms (from the common positions) cannot bring about",
                                     stage - 1, stage, recipe->particle.core, more, leaving, coming);
    uint8_t unwanted = unwanted_at_surface(lattice, recipe->stages[stage].surface_core);
    g_autoptr(GArray) leavers = g_array_new(FALSE, FALSE, sizeof(Leaver));
    const size_t limit[2] = {(size_t)most, (size_t)(leaving - least)};
    if (!leave(lattice, recipe, stage, seed, (size_t)leaving, limit, unwanted, leavers, error))
        return FALSE;
    size_t first = lattice->n;
    if (!settle(lattice, recipe, stage, seed, (size_t)coming, before, error))
        return FALSE;
    int64_t core = more;
    for (unsigned i = 0; i < leavers->len; i++)
        core += g_array_index(leavers, Leaver, i).species == ALLOY_CORE;
    name_settlers(lattice, stage, seed, first, (size_t)core, unwanted, leavers, changes);
    changes->left = leavers->len;
    return TRUE;
}

/* --- segregation --- */

static void segregate(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage, uint64_t seed,
                      AlloyChanges *changes)
{
    size_t n = lattice->n;
    g_autofree uint8_t *surface = g_new(uint8_t, n + 1); /* by site: exchanges do not change it */
    size_t n_surface = alloy_lattice_surface(lattice, surface), core = 0;
    g_autofree uint32_t *at_surface = g_new(uint32_t, n_surface + 1); /* sites */
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (surface[i]) {
            core += lattice->species[i] == ALLOY_CORE;
            at_surface[k++] = lattice->site[i];
        }
    changes->surface = n_surface;
    double fraction = recipe->stages[stage].surface_core;
    size_t wanted = isnan(fraction) ? core : (size_t)llrint(fraction * (double)n_surface);
    uint8_t goes_in = core < wanted ? ALLOY_SHELL : ALLOY_CORE;
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_SEGREGATION, stage, 0);
    alloy_random_shuffle32(&random, at_surface, n_surface);
    for (size_t s = 0; s < n_surface && core != wanted; s++) {
        size_t atom = (size_t)lattice->atom_at[at_surface[s]];
        if (lattice->species[atom] != goes_in)
            continue;
        uint32_t turn = alloy_random_below(&random, 12);
        for (uint32_t d = 0; d < 12; d++) {
            uint32_t site = (uint32_t)((int64_t)at_surface[s] + lattice->step[(turn + d) % 12]);
            int32_t other = lattice->atom_at[site];
            if (other < 0 || lattice->species[other] == goes_in || alloy_lattice_cn(lattice, site) < 12)
                continue;
            alloy_lattice_exchange(lattice, atom, (size_t)other, ALLOY_EVENT_SEGREGATED);
            core += goes_in == ALLOY_SHELL ? 1 : (size_t)-1;
            changes->segregated++;
            break;
        }
    }
    changes->surface_core = core;
}

gboolean alloy_lattice_evolve(AlloyLattice *lattice, const AlloySeriesRecipe *recipe, unsigned stage,
                              uint64_t seed, size_t n, size_t true_core, AlloyChanges *changes,
                              uint8_t **changed, AlloyProgress *progress, GError **error)
{
    *changes = (AlloyChanges){0};
    size_t sites = (size_t)lattice->side * lattice->side * lattice->side;
    g_autofree uint8_t *before = g_new0(uint8_t, sites); /* species + 1 */
    for (size_t i = 0; i < lattice->n; i++) {
        before[lattice->site[i]] = lattice->species[i] + 1;
        lattice->from[i] = lattice->site[i];
        lattice->event[i] = ALLOY_EVENT_STAYED;
    }
    if (!diffuse(lattice, recipe, stage, seed, &changes->exchanges, progress, error) ||
        !hop(lattice, recipe, stage, seed, n, true_core, before, changes, error))
        return FALSE;
    segregate(lattice, recipe, stage, seed, changes);
    *changed = g_new0(uint8_t, lattice->n + 1);
    for (size_t i = 0; i < lattice->n; i++) {
        uint8_t was = before[lattice->site[i]];
        (*changed)[i] = was != 0 && was != lattice->species[i] + 1;
        changes->changed += (*changed)[i];
    }
    return TRUE;
}
