/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void alloy_simulation_stream(AlloyRandom *random, uint64_t seed, AlloyStreamPurpose purpose, unsigned stage,
                             uint64_t item)
{
    alloy_random_init(random, seed, (uint64_t)purpose << 56 | (uint64_t)stage << 40 | item);
}

static int compare_ranked(const void *a, const void *b)
{
    const AlloyRanked *one = a, *other = b;
    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    if (one->tie != other->tie)
        return one->tie < other->tie ? -1 : 1;
    return (one->index > other->index) - (one->index < other->index);
}

#define RANKED_AT_ONCE ((size_t)65536) /* some 15 ms: a cancel is seen between */

/* Two sorted runs into one. */
static void merge_ranked(const AlloyRanked *a, size_t n_a, const AlloyRanked *b, size_t n_b, AlloyRanked *to)
{
    while (n_a > 0 && n_b > 0) {
        gboolean first = compare_ranked(a, b) <= 0;
        *to++ = first ? *a : *b;
        a += first;
        n_a -= first;
        b += !first;
        n_b -= !first;
    }
    memcpy(to, a, n_a * sizeof *a);
    memcpy(to + n_a, b, n_b * sizeof *b);
}

void alloy_rank(AlloyRanked *items, size_t n, const AlloyProgress *progress)
{
    for (size_t at = 0; at < n && !alloy_progress_is_cancelled(progress); at += RANKED_AT_ONCE)
        qsort(items + at, MIN(RANKED_AT_ONCE, n - at), sizeof *items, compare_ranked);
    if (n <= RANKED_AT_ONCE)
        return;
    g_autofree AlloyRanked *room = g_new(AlloyRanked, n);
    for (size_t run = RANKED_AT_ONCE; run < n; run *= 2) {
        for (size_t at = 0; at < n && !alloy_progress_is_cancelled(progress); at += 2 * run) {
            size_t n_a = MIN(run, n - at), n_b = MIN(run, n - at - n_a);
            merge_ranked(items + at, n_a, items + at + n_a, n_b, room + at);
        }
        if (alloy_progress_is_cancelled(progress))
            return;
        memcpy(items, room, n * sizeof *items);
    }
}

void alloy_field_init(AlloyField *field, AlloyRandom *random, double length)
{
    for (int w = 0; w < ALLOY_FIELD_WAVES; w++) {
        for (int k = 0; k < 3; k++)
            field->wave[w][k] = alloy_random_normal(random) / length;
        field->phase[w] = 2 * G_PI * alloy_random_uniform(random);
    }
}

double alloy_field_at(const AlloyField *field, const double r[3])
{
    double sum = 0;
    for (int w = 0; w < ALLOY_FIELD_WAVES; w++) {
        const double *wave = field->wave[w];
        sum += cos(wave[0] * r[0] + wave[1] * r[1] + wave[2] * r[2] + field->phase[w]);
    }
    return sum * sqrt(2.0 / ALLOY_FIELD_WAVES);
}

/* --- the form --- */

/* Where {110} and {111} lie when {100} lies at 1: the sum of the two, of all three largest |coordinates|.
 * Where a plane does not cut it touches. Volume of the body {support <= 1}. */
static void form_of(AlloyParticleForm form, double *s110, double *s111, double *volume)
{
    switch (form) {
    case ALLOY_FORM_TRUNCATED_CUBOCTAHEDRON: {
        /* vertices: permutations of (1, 1 + sqrt 2, 1 + 2 sqrt 2), edge 2, volume 2 (11 + 7 sqrt 2) edge^3 */
        double most = 1 + 2 * G_SQRT2;
        *s110 = (2 + 3 * G_SQRT2) / most;
        *s111 = (3 + 3 * G_SQRT2) / most;
        *volume = 2 * (11 + 7 * G_SQRT2) * pow(2 / most, 3);
        return;
    }
    case ALLOY_FORM_CUBOCTAHEDRON:
        *s110 = *s111 = 2;
        *volume = 20.0 / 3;
        return;
    case ALLOY_FORM_TRUNCATED_OCTAHEDRON:
        *s110 = *s111 = 1.5;
        *volume = 4;
        return;
    case ALLOY_FORM_OCTAHEDRON:
        *s110 = *s111 = 1;
        *volume = 4.0 / 3;
        return;
    case ALLOY_FORM_CUBE:
        *s110 = 2;
        *s111 = 3;
        *volume = 8;
        return;
    case ALLOY_FORM_BALL:
        *s110 = *s111 = 0;
        *volume = 4 * G_PI / 3;
        return;
    }
    g_assert_not_reached();
}

static void coordinates(const AlloyLattice *lattice, uint32_t site, double out[3])
{
    uint32_t side = lattice->side;
    out[0] = (double)((int)(site / side / side) - lattice->reach) - lattice->middle[0];
    out[1] = (double)((int)(site / side % side) - lattice->reach) - lattice->middle[1];
    out[2] = (double)((int)(site % side) - lattice->reach) - lattice->middle[2];
}

/* |coordinates|, descending. */
static void descending(const AlloyLattice *lattice, uint32_t site, double out[3])
{
    double r[3];
    coordinates(lattice, site, r);
    double x = fabs(r[0]), y = fabs(r[1]), z = fabs(r[2]);
    out[0] = MAX(x, MAX(y, z));
    out[2] = MIN(x, MIN(y, z));
    out[1] = x + y + z - out[0] - out[2];
}

double alloy_lattice_support(const AlloyLattice *lattice, uint32_t site)
{
    double r[3];
    descending(lattice, site, r);
    if (lattice->s110 == 0)
        return sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    double two = (r[0] + r[1]) / lattice->s110, three = (r[0] + r[1] + r[2]) / lattice->s111;
    return MAX(r[0], MAX(two, three));
}

double alloy_lattice_depth(const AlloyLattice *lattice, uint32_t site)
{
    double r[3], extent = lattice->extent, half = lattice->a / 2;
    descending(lattice, site, r);
    if (lattice->s110 == 0)
        return (extent - alloy_lattice_support(lattice, site)) * half;
    double d100 = extent - r[0];
    double d110 = (extent * lattice->s110 - r[0] - r[1]) / sqrt(2);
    double d111 = (extent * lattice->s111 - r[0] - r[1] - r[2]) / sqrt(3);
    return MIN(d100, MIN(d110, d111)) * half;
}

void alloy_lattice_position(const AlloyLattice *lattice, uint32_t site, double out[3])
{
    coordinates(lattice, site, out);
    for (int k = 0; k < 3; k++)
        out[k] *= lattice->a / 2;
}

int alloy_lattice_cn(const AlloyLattice *lattice, uint32_t site)
{
    int cn = 0;
    for (int k = 0; k < 12; k++)
        cn += lattice->atom_at[(int64_t)site + lattice->step[k]] >= 0;
    return cn;
}

gboolean alloy_lattice_is_usable(const AlloyLattice *lattice, uint32_t site)
{
    uint32_t side = lattice->side;
    uint32_t i[3] = {site / side / side, site / side % side, site % side};
    for (int k = 0; k < 3; k++)
        if (i[k] < 2 || i[k] + 2 >= side)
            return FALSE;
    return TRUE;
}

size_t alloy_lattice_surface(const AlloyLattice *lattice, uint8_t *flags)
{
    size_t n = 0;
    for (size_t i = 0; i < lattice->n; i++) {
        gboolean surface = alloy_lattice_cn(lattice, lattice->site[i]) < 12;
        n += surface != FALSE;
        if (flags != NULL)
            flags[i] = surface != FALSE;
    }
    return n;
}

/* --- the lattice --- */

AlloyLattice *alloy_lattice_new(const AlloyParticleRecipe *recipe, uint64_t seed, size_t most)
{
    AlloyLattice *lattice = g_new0(AlloyLattice, 1);
    lattice->a = recipe->lattice;
    double volume;
    form_of(recipe->form, &lattice->s110, &lattice->s111, &volume);
    /* A site takes the volume 2 in half lattice constants. Room for the roughness, and for layers to grow. */
    double extent = cbrt(2 * (double)most / volume);
    lattice->reach = (int)ceil(extent * 1.05 + 6 * recipe->roughness / (recipe->lattice / 2)) + 8;
    lattice->side = 2 * (uint32_t)lattice->reach + 1;
    size_t sites = (size_t)lattice->side * lattice->side * lattice->side;
    g_assert(sites < G_MAXINT32);
    lattice->atom_at = g_new(int32_t, sites);
    memset(lattice->atom_at, 0xff, sites * sizeof *lattice->atom_at);

    int k = 0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            for (int l = -1; l <= 1; l++)
                if (abs(i) + abs(j) + abs(l) == 2)
                    lattice->step[k++] = (i * (int)lattice->side + j) * (int)lattice->side + l;

    if (recipe->centre == ALLOY_CENTRE_HOLE) {
        lattice->middle[0] = 1; /* half a lattice constant along an edge: the octahedral hole */
    } else if (recipe->centre == ALLOY_CENTRE_RANDOM) {
        AlloyRandom random;
        alloy_simulation_stream(&random, seed, ALLOY_STREAM_MIDDLE, 0, 0);
        for (int m = 0; m < 3; m++)
            lattice->middle[m] = 2 * alloy_random_uniform(&random) - 1;
    }
    return lattice;
}

void alloy_lattice_free(AlloyLattice *lattice)
{
    if (lattice == NULL)
        return;
    g_free(lattice->atom_at);
    g_free(lattice->site);
    g_free(lattice->species);
    g_free(lattice->event);
    g_free(lattice->from);
    g_free(lattice->id);
    g_free(lattice);
}

void alloy_lattice_add(AlloyLattice *lattice, uint32_t site, uint8_t species, int64_t id, uint32_t from,
                       AlloyEvent event)
{
    if (lattice->n == lattice->room) {
        lattice->room = MAX(1024, 2 * lattice->room);
        lattice->site = g_renew(uint32_t, lattice->site, lattice->room);
        lattice->species = g_renew(uint8_t, lattice->species, lattice->room);
        lattice->event = g_renew(uint8_t, lattice->event, lattice->room);
        lattice->from = g_renew(uint32_t, lattice->from, lattice->room);
        lattice->id = g_renew(int64_t, lattice->id, lattice->room);
    }
    size_t i = lattice->n++;
    g_assert(lattice->atom_at[site] < 0);
    lattice->atom_at[site] = (int32_t)i;
    lattice->site[i] = site;
    lattice->species[i] = species;
    lattice->id[i] = id;
    lattice->from[i] = from;
    lattice->event[i] = (uint8_t)event;
}

void alloy_lattice_remove(AlloyLattice *lattice, size_t atom)
{
    size_t last = --lattice->n;
    lattice->atom_at[lattice->site[atom]] = -1;
    if (atom == last)
        return;
    lattice->site[atom] = lattice->site[last];
    lattice->species[atom] = lattice->species[last];
    lattice->id[atom] = lattice->id[last];
    lattice->from[atom] = lattice->from[last];
    lattice->event[atom] = lattice->event[last];
    lattice->atom_at[lattice->site[atom]] = (int32_t)atom;
}

void alloy_lattice_exchange(AlloyLattice *lattice, size_t a, size_t b, AlloyEvent event)
{
    uint32_t site = lattice->site[a];
    lattice->site[a] = lattice->site[b];
    lattice->site[b] = site;
    lattice->atom_at[lattice->site[a]] = (int32_t)a;
    lattice->atom_at[lattice->site[b]] = (int32_t)b;
    /* Who came anew or over the surface stays that. */
    if (lattice->event[a] < event)
        lattice->event[a] = (uint8_t)event;
    if (lattice->event[b] < event)
        lattice->event[b] = (uint8_t)event;
}

/* Width of the bumps of a rough outline, angstrom. */
#define BUMPS 8.0

void alloy_lattice_grow(AlloyLattice *lattice, const AlloyParticleRecipe *recipe, uint64_t seed, size_t n)
{
    int inner = lattice->reach - 2;
    g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(AlloyRanked));
    double half = lattice->a / 2, sigma = recipe->roughness / half;
    AlloyRandom random;
    AlloyField outline;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_OUTLINE, 0, 0);
    alloy_field_init(&outline, &random, BUMPS);
    double ignored, volume;
    form_of(recipe->form, &ignored, &ignored, &volume);
    double expected = cbrt(2 * (double)n / volume);
    for (int i = -inner; i <= inner && !alloy_progress_is_cancelled(lattice->progress); i++)
        for (int j = -inner; j <= inner; j++)
            for (int k = -inner; k <= inner; k++) {
                if ((i + j + k) % 2 != 0)
                    continue;
                uint32_t side = lattice->side, reach = (uint32_t)lattice->reach;
                uint32_t site = ((uint32_t)(i + (int)reach) * side + (uint32_t)(j + (int)reach)) * side +
                                (uint32_t)(k + (int)reach);
                double r[3], support = alloy_lattice_support(lattice, site);
                if (support > 1.02 * expected + 6 * sigma + 4)
                    continue; /* too far out, whatever the roughness */
                alloy_simulation_stream(&random, seed, ALLOY_STREAM_SITE, 0, site);
                coordinates(lattice, site, r);
                /* Rounded, so that the sites of one plane are equal to the last bit. Of these the ones
                 * nearest to the middle come first: a layer begins as an island. */
                double square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
                /* Far from the outline the roughness decides nothing. */
                if (sigma > 0 && fabs(support - expected) < 6 * sigma + 2) {
                    const double place[3] = {r[0] * half, r[1] * half, r[2] * half};
                    support += sigma * alloy_field_at(&outline, place);
                }
                AlloyRanked item = {rint(support * 1e9) * 1e-9,
                                    rint(square * 1e9) * 1e-9 + 1e-10 * alloy_random_uniform(&random), site};
                g_array_append_val(ranked, item);
            }
    AlloyRanked *items = (AlloyRanked *)(void *)ranked->data;
    alloy_rank(items, ranked->len, lattice->progress);
    if (alloy_progress_is_cancelled(lattice->progress))
        return;
    g_assert(n <= ranked->len);
    for (size_t m = 0; m < n && !alloy_progress_is_cancelled(lattice->progress); m++) {
        alloy_lattice_add(lattice, items[m].index, ALLOY_CORE, lattice->next_id++, items[m].index,
                          ALLOY_EVENT_STAYED);
        lattice->extent = MAX(lattice->extent, alloy_lattice_support(lattice, items[m].index));
    }
}

/* --- who is where --- */

/* The first of the ranked atoms become shell. */
static void take(AlloyLattice *lattice, AlloyRanked *items, size_t n_items, size_t n)
{
    alloy_rank(items, n_items, lattice->progress);
    for (size_t i = 0; i < n; i++)
        lattice->species[items[i].index] = ALLOY_SHELL;
}

static void order_core_shell(AlloyLattice *lattice, const AlloyParticleRecipe *recipe, AlloyRandom *random,
                             size_t n_shell)
{
    size_t n = lattice->n;
    g_autofree uint8_t *surface = g_new(uint8_t, n + 1);
    g_autofree AlloyRanked *outer = g_new(AlloyRanked, n + 1), *inner = g_new(AlloyRanked, n + 1);
    size_t n_outer = 0, n_inner = 0, n_surface = alloy_lattice_surface(lattice, surface);
    AlloyField patches;
    if (recipe->patches > 0)
        alloy_field_init(&patches, random, recipe->patches);
    for (size_t i = 0; i < n; i++) {
        double tie = alloy_random_uniform(random), edge = recipe->interface * alloy_random_normal(random);
        double r[3], rich = 0;
        alloy_lattice_position(lattice, lattice->site[i], r);
        if (recipe->patches > 0)
            rich = alloy_field_at(&patches, r);
        double below = alloy_lattice_depth(lattice, lattice->site[i]) - recipe->thickness * (1 + rich) + edge;
        /* Where it is rich the surface is so too, but for some atoms. */
        if (surface[i])
            outer[n_outer++] = (AlloyRanked){recipe->patches > 0 ? tie - rich : 0, tie, (uint32_t)i};
        else
            inner[n_inner++] = (AlloyRanked){MAX(below, 0), tie, (uint32_t)i};
    }
    size_t at_surface = (size_t)llrint((1 - recipe->surface_core) * (double)n_surface);
    at_surface = MIN(at_surface, n_shell);
    at_surface = MAX(at_surface, n_shell - MIN(n_shell, n_inner)); /* what does not go inside */
    take(lattice, outer, n_outer, at_surface);
    take(lattice, inner, n_inner, n_shell - at_surface);
}

void alloy_lattice_order(AlloyLattice *lattice, const AlloyParticleRecipe *recipe, uint64_t seed,
                         size_t n_shell)
{
    if (alloy_progress_is_cancelled(lattice->progress))
        return; /* there may be fewer atoms than are to be ordered */
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_ORDER, 0, 0);
    if (recipe->order == ALLOY_ORDER_CORE_SHELL) {
        order_core_shell(lattice, recipe, &random, n_shell);
        return;
    }
    double direction[3];
    for (int k = 0; k < 3; k++)
        direction[k] = alloy_random_normal(&random);
    double length =
        sqrt(direction[0] * direction[0] + direction[1] * direction[1] + direction[2] * direction[2]);
    g_autofree AlloyRanked *items = g_new(AlloyRanked, lattice->n + 1);
    for (size_t i = 0; i < lattice->n; i++) {
        double r[3], edge = recipe->interface * alloy_random_normal(&random), key = 0;
        alloy_lattice_position(lattice, lattice->site[i], r);
        if (recipe->order == ALLOY_ORDER_INVERTED)
            key = edge - alloy_lattice_depth(lattice, lattice->site[i]);
        else if (recipe->order == ALLOY_ORDER_JANUS)
            key = edge + (r[0] * direction[0] + r[1] * direction[1] + r[2] * direction[2]) / length;
        items[i] = (AlloyRanked){key, alloy_random_uniform(&random), (uint32_t)i};
    }
    take(lattice, items, lattice->n, n_shell);
}
