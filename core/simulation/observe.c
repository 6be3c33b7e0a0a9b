/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/simulation/lattice.h"

#include "core/base/linalg.h"

#include <math.h>
#include <string.h>

/* From the true particle to the model that a reconstruction would give. */

static size_t draw_binomial(AlloyRandom *random, size_t n, double p)
{
    size_t k = 0;
    for (size_t i = 0; p > 0 && i < n; i++)
        k += alloy_random_uniform(random) < p;
    return k;
}

AlloyFlips alloy_draw_flips(size_t n_core, size_t n_shell, double rate, uint64_t seed, unsigned stage)
{
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_FLIPS, stage, 0);
    size_t n = n_core + n_shell;
    /* n_core = T (1 - e) + (n - T) e on average */
    double expected = ((double)n_core - rate * (double)n) / (1 - 2 * rate);
    size_t near = (size_t)llrint(CLAMP(expected, 0, (double)n));
    size_t to_shell = draw_binomial(&random, near, rate), to_core = draw_binomial(&random, n - near, rate);
    /* Never more wrong ones than the model has of the species they show. */
    to_shell = MIN(to_shell, n_shell);
    to_core = MIN(to_core, n_core);
    return (AlloyFlips){n_core + to_shell - to_core, to_shell, to_core};
}

/* wrong[i] = 1 for atoms drawn without regard to place. */
static void choose_wrong(const AlloyLattice *lattice, const AlloyFlips *flips, uint64_t seed, unsigned stage,
                         uint8_t *wrong)
{
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_FLIPS, stage, 1);
    const size_t wanted[2] = {flips->core_to_shell, flips->shell_to_core};
    g_autofree AlloyRanked *items = g_new(AlloyRanked, lattice->n + 1);
    for (uint8_t species = 0; species < 2; species++) {
        size_t n = 0;
        for (size_t i = 0; i < lattice->n; i++)
            if (lattice->species[i] == species)
                items[n++] = (AlloyRanked){alloy_random_uniform(&random), 0, (uint32_t)i};
        alloy_rank(items, n, NULL);
        g_assert(wanted[species] <= n);
        for (size_t k = 0; k < wanted[species]; k++)
            wrong[items[k].index] = 1;
    }
}

static void choose_frame(const AlloyObservation *observation, uint64_t seed, double rotation[3][3],
                         double shift[3])
{
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_FRAME, observation->stage, 0);
    double axis[3], direction[3];
    for (int k = 0; k < 3; k++) {
        axis[k] = alloy_random_normal(&random);
        direction[k] = alloy_random_normal(&random);
    }
    double length = alloy_norm3(axis), far = alloy_norm3(direction);
    for (int k = 0; k < 3; k++) {
        axis[k] /= length;
        shift[k] = direction[k] / far * observation->shift;
    }
    alloy_rotation3(axis, observation->angle * (G_PI / 180), rotation);
}

static const char *const event_names[] = {"stayed", "exchanged", "segregated", "hopped", "arrived"};

/* The columns of the truth; atom order[i] of the lattice is atom i of the model. */
static void add_truth(AlloyAtomsBuilder *builder, const AlloyLattice *lattice,
                      const AlloyParticleRecipe *recipe, const uint32_t *order, const uint8_t *wrong,
                      const uint8_t *changed)
{
    size_t n = builder->n;
    uint32_t *species = alloy_array_new(uint32_t, n), *event = alloy_array_new(uint32_t, n);
    int64_t *id = alloy_array_new(int64_t, n), *site = alloy_array_new(int64_t, n);
    uint8_t *moved = alloy_array_new(uint8_t, n), *turned = alloy_array_new(uint8_t, n);
    uint8_t *misassigned = alloy_array_new(uint8_t, n);
    double *position[3];
    for (int k = 0; k < 3; k++)
        position[k] = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t atom = order[i];
        double r[3];
        alloy_lattice_position(lattice, lattice->site[atom], r);
        for (int k = 0; k < 3; k++)
            position[k][i] = r[k];
        species[i] = lattice->species[atom];
        id[i] = lattice->id[atom];
        site[i] = lattice->site[atom];
        moved[i] = lattice->from[atom] != lattice->site[atom];
        /* Two exchanges may lead back. */
        event[i] = moved[i] ? lattice->event[atom] : ALLOY_EVENT_STAYED;
        turned[i] = changed != NULL && changed[atom];
        misassigned[i] = wrong[atom];
    }
    const char *names[2] = {recipe->core, recipe->shell};
    alloy_atoms_builder_set_column(builder, alloy_column_new_text("true_species", species, n, names, 2));
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("true_id", ALLOY_UNIT_NONE, id, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_integer("true_site", ALLOY_UNIT_NONE, site, n));
    static const char *const axes[] = {"true_x", "true_y", "true_z"};
    for (int k = 0; k < 3; k++)
        alloy_atoms_builder_set_column(builder,
                                       alloy_column_new_real(axes[k], ALLOY_UNIT_LENGTH, position[k], n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("true_moved", moved, n));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("true_changed", turned, n));
    alloy_atoms_builder_set_column(
        builder, alloy_column_new_text("true_event", event, n, event_names, G_N_ELEMENTS(event_names)));
    alloy_atoms_builder_set_column(builder, alloy_column_new_boolean("true_misassigned", misassigned, n));
}

const AlloyAtoms *alloy_lattice_observe(const AlloyLattice *lattice, const AlloyParticleRecipe *recipe,
                                        uint64_t seed, const AlloyFlips *flips, const uint8_t *changed,
                                        const AlloyObservation *observation)
{
    unsigned stage = observation->stage;
    g_autofree uint8_t *wrong = g_new0(uint8_t, lattice->n + 1);
    choose_wrong(lattice, flips, seed, stage, wrong);

    g_autofree uint32_t *order = g_new(uint32_t, lattice->n + 1);
    size_t n = 0;
    AlloyRandom random;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_LOSS, stage, 0);
    for (size_t i = 0; i < lattice->n; i++)
        if (!(alloy_random_uniform(&random) < recipe->missing))
            order[n++] = (uint32_t)i;
    alloy_simulation_stream(&random, seed, ALLOY_STREAM_SHUFFLE, stage, 0);
    alloy_random_shuffle32(&random, order, n);

    double rotation[3][3], shift[3];
    choose_frame(observation, seed, rotation, shift);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    uint16_t kinds[2] = {(uint16_t)alloy_atoms_builder_kind(builder, recipe->core, strlen(recipe->core)),
                         (uint16_t)alloy_atoms_builder_kind(builder, recipe->shell, strlen(recipe->shell))};
    for (size_t i = 0; i < n; i++) {
        uint32_t atom = order[i];
        double r[3], turned[3];
        alloy_lattice_position(lattice, lattice->site[atom], r);
        for (int k = 0; k < 3; k++)
            turned[k] = alloy_dot3(rotation[k], r) + shift[k];
        alloy_simulation_stream(&random, seed, ALLOY_STREAM_NOISE, stage, (uint64_t)lattice->id[atom]);
        builder->x[i] = turned[0] + recipe->noise * alloy_random_normal(&random);
        builder->y[i] = turned[1] + recipe->noise * alloy_random_normal(&random);
        builder->z[i] = turned[2] + recipe->noise * alloy_random_normal(&random);
        builder->species[i] = kinds[lattice->species[atom] ^ wrong[atom]];
    }
    add_truth(builder, lattice, recipe, order, wrong, changed);
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("title", observation->title));
    alloy_atoms_builder_set_info(builder, alloy_scalar_boolean("synthetic", TRUE));
    alloy_atoms_builder_set_info(builder, alloy_scalar_integer("seed", ALLOY_UNIT_NONE, (int64_t)seed));
    alloy_atoms_builder_set_info(builder,
                                 alloy_scalar_real("true_diffusion", "m^2/s", observation->diffusion));
    return alloy_atoms_builder_finish(builder);
}
