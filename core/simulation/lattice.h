/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/simulation/particle.h"

#include "core/base/random.h"

G_BEGIN_DECLS

/* The particle under way: atoms on the sites of an fcc lattice. Private to core/simulation. */

enum { ALLOY_CORE, ALLOY_SHELL }; /* the two species */

/* What happened to an atom since the stage before. */
typedef enum {
    ALLOY_EVENT_STAYED,
    ALLOY_EVENT_EXCHANGED,  /* changed places with a neighbour: diffusion */
    ALLOY_EVENT_SEGREGATED, /* changed places between surface and inside */
    ALLOY_EVENT_HOPPED,     /* left its site of the surface for another */
    ALLOY_EVENT_ARRIVED,    /* was not part of the particle before */
} AlloyEvent;

#define ALLOY_NO_SITE G_MAXUINT32

/* Coordinates of sites are integers in half lattice constants from the middle of the grid, of even sum, each
 * within -reach..reach; the number of a site is ((i + reach) side + j + reach) side + k + reach. The
 * outermost two layers of the grid stay empty, so that every neighbour has a number. */
typedef struct {
    double a; /* angstrom */
    int reach;
    uint32_t side;
    int32_t step[12];  /* to the number of each nearest neighbour */
    int32_t *atom_at;  /* by number of the site; -1: empty */
    double middle[3];  /* of the particle, half lattice constants */
    double s110, s111; /* form, see alloy_lattice_support; s110 = 0: ball */
    double extent;     /* support of the outermost atom of the first stage, half lattice constants */

    size_t n, room;
    uint32_t *site;
    uint8_t *species;
    uint8_t *event; /* AlloyEvent */
    uint32_t *from; /* site at the stage before; ALLOY_NO_SITE: was not there */
    int64_t *id;    /* identity through the stages, from 0 */
    int64_t next_id;
    const AlloyProgress *progress; /* borrowed; NULL: nobody waits */
} AlloyLattice;

/* Sites for up to most atoms, none occupied. */
AlloyLattice *alloy_lattice_new(const AlloyParticleRecipe *recipe, uint64_t seed, size_t most);
void alloy_lattice_free(AlloyLattice *lattice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyLattice, alloy_lattice_free)

/* Of the form: 1 for the sites at its surface when scaled by that, so larger is farther out. Half lattice
 * constants. */
double alloy_lattice_support(const AlloyLattice *lattice, uint32_t site);
/* Below the form of the first stage along the nearest facet's normal, angstrom; negative outside. */
double alloy_lattice_depth(const AlloyLattice *lattice, uint32_t site);
/* From the middle of the particle, angstrom. */
void alloy_lattice_position(const AlloyLattice *lattice, uint32_t site, double out[3]);
/* Occupied nearest neighbours. */
int alloy_lattice_cn(const AlloyLattice *lattice, uint32_t site);
/* FALSE in the margin of the grid, which must stay empty. */
gboolean alloy_lattice_is_usable(const AlloyLattice *lattice, uint32_t site);
/* Atoms with fewer than 12 neighbours: flags (nullable, n bytes) and their number. */
size_t alloy_lattice_surface(const AlloyLattice *lattice, uint8_t *flags);

/* Occupies the n sites of smallest support (perturbed by the roughness); species of all: core. This and
 * alloy_lattice_order end early, with a lattice that is of no use, once lattice->progress is cancelled. */
void alloy_lattice_grow(AlloyLattice *lattice, const AlloyParticleRecipe *recipe, uint64_t seed, size_t n);
/* Gives n_shell of the atoms the other species, as the recipe's order says. */
void alloy_lattice_order(AlloyLattice *lattice, const AlloyParticleRecipe *recipe, uint64_t seed,
                         size_t n_shell);
void alloy_lattice_add(AlloyLattice *lattice, uint32_t site, uint8_t species, int64_t id, uint32_t from,
                       AlloyEvent event);
/* The last atom takes the place of the one removed. */
void alloy_lattice_remove(AlloyLattice *lattice, size_t atom);
void alloy_lattice_exchange(AlloyLattice *lattice, size_t a, size_t b, AlloyEvent event);

/* Random numbers: each purpose, stage and item has a stream of its own. */
typedef enum {
    ALLOY_STREAM_MIDDLE = 1,
    ALLOY_STREAM_SITE,
    ALLOY_STREAM_ORDER,
    ALLOY_STREAM_FLIPS,
    ALLOY_STREAM_DIFFUSION,
    ALLOY_STREAM_LEAVE,
    ALLOY_STREAM_SETTLE,
    ALLOY_STREAM_SEGREGATION,
    ALLOY_STREAM_NOISE,
    ALLOY_STREAM_LOSS,
    ALLOY_STREAM_SHUFFLE,
    ALLOY_STREAM_FRAME,
    ALLOY_STREAM_OUTLINE,
    ALLOY_STREAM_PATCHES,
} AlloyStreamPurpose;
void alloy_simulation_stream(AlloyRandom *random, uint64_t seed, AlloyStreamPurpose purpose, unsigned stage,
                             uint64_t item);

/* A smooth random function of place, of mean 0 and variance 1, with covariance exp(-r^2 / (2 length^2)): a
 * sum of waves whose wave vectors are drawn from its spectrum. */
#define ALLOY_FIELD_WAVES 64
typedef struct {
    double wave[ALLOY_FIELD_WAVES][3], phase[ALLOY_FIELD_WAVES];
} AlloyField;
void alloy_field_init(AlloyField *field, AlloyRandom *random, double length);
double alloy_field_at(const AlloyField *field, const double r[3]);

/* Something with a number to sort by; ties by the second, then by the index. */
typedef struct {
    double key, tie;
    uint32_t index;
} AlloyRanked;
/* progress (nullable): once it is cancelled the items are left in no order. */
void alloy_rank(AlloyRanked *items, size_t n, const AlloyProgress *progress);

/* How many of each species truly were there, so that after misassignment exactly the prescribed counts are
 * seen. */
typedef struct {
    size_t true_core, core_to_shell, shell_to_core;
} AlloyFlips;
AlloyFlips alloy_draw_flips(size_t n_core, size_t n_shell, double rate, uint64_t seed, unsigned stage);

/* The model as a reconstruction would give it, with the truth beside. */
typedef struct {
    unsigned stage;
    const char *title;   /* "synthetic ..." */
    double diffusion;    /* m^2/s */
    double angle, shift; /* of the frame, degree and angstrom */
} AlloyObservation;
const AlloyAtoms *alloy_lattice_observe(const AlloyLattice *lattice, const AlloyParticleRecipe *recipe,
                                        uint64_t seed, const AlloyFlips *flips, const uint8_t *changed,
                                        const AlloyObservation *observation);

G_END_DECLS
