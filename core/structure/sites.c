/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/sites.h"

#include "core/base/error.h"
#include "core/structure/surface.h"

/* The kept atoms as a model of their own, with the kinds in the same order. Columns stay behind: they would
 * be copied for nothing. */
static const AlloyAtoms *without_surface(const AlloyAtoms *atoms, const uint8_t *surface, uint32_t *site)
{
    size_t n = 0;
    for (size_t i = 0; i < atoms->n; i++)
        site[i] = surface[i] ? G_MAXUINT32 : (uint32_t)n++;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        alloy_atoms_builder_named_kind(builder, atoms->kinds[k].name, atoms->kinds[k].z);
    for (size_t i = 0; i < atoms->n; i++) {
        if (surface[i])
            continue;
        builder->x[site[i]] = atoms->x[i];
        builder->y[site[i]] = atoms->y[i];
        builder->z[site[i]] = atoms->z[i];
        builder->species[site[i]] = atoms->species[i];
    }
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    return alloy_atoms_builder_finish(builder);
}

static gboolean list_kinds(AlloySites *sites, const AlloyAtoms *atoms, GError **error)
{
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(atoms, &sites->n_kinds);
    if (sites->n_kinds > ALLOY_MOST_SPECIES)
        return alloy_input_error(
            error,
            "The model has %u species; every pair of them has an order parameter, and at most %u "
            "species can be taken; --fix species=A:B takes the label A for the element B, so that labels of "
            "one "
            "element become one species",
            sites->n_kinds, ALLOY_MOST_SPECIES);
    sites->kind = g_new(uint16_t, sites->n_kinds + 1u);
    sites->whole = g_new0(uint64_t, sites->n_kinds + 1u);
    sites->kept = g_new0(uint64_t, sites->n_kinds + 1u);
    for (unsigned label = 0; label < sites->n_kinds; label++) {
        sites->whole[label] = atoms->kinds[order[label]].count;
        sites->kind[label] = (uint16_t)order[label];
    }
    return TRUE;
}

AlloySites *alloy_sites_new(const AlloyAtoms *atoms, AlloySurfaceRule rule, const uint8_t *surface,
                            GError **error)
{
    if (atoms->n == 0) {
        alloy_input_error(error, "The model has no atoms");
        return NULL;
    }
    g_autoptr(AlloySites) sites = g_new0(AlloySites, 1);
    sites->n_input = atoms->n;
    if (!list_kinds(sites, atoms, error))
        return NULL;
    if (rule == ALLOY_SURFACE_DROP_ATOMS) {
        sites->site = g_new(uint32_t, atoms->n);
        sites->model = without_surface(atoms, surface, sites->site);
    } else {
        sites->model = alloy_ref(atoms);
    }
    const AlloyAtoms *model = sites->model;

    g_autofree uint8_t *label_of = g_new0(uint8_t, atoms->n_kinds + 1u);
    for (unsigned label = 0; label < sites->n_kinds; label++)
        label_of[sites->kind[label]] = (uint8_t)label;
    sites->label = g_malloc(model->n + 1);
    for (size_t i = 0; i < model->n; i++)
        sites->label[i] = label_of[model->species[i]];

    sites->n_centres = model->n;
    if (rule == ALLOY_SURFACE_DROP_CENTRES) {
        sites->centres = g_new(uint32_t, model->n);
        sites->is_centre = g_malloc(model->n);
        sites->n_centres = 0;
        for (size_t i = 0; i < model->n; i++) {
            sites->is_centre[i] = !surface[i];
            if (!surface[i])
                sites->centres[sites->n_centres++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < model->n; i++)
        if (sites->is_centre == NULL || sites->is_centre[i])
            sites->kept[sites->label[i]]++;
    if (sites->n_centres == 0) {
        alloy_input_error(error, "All %zu atoms lie on the surface: nothing is left when it is dropped",
                          atoms->n);
        return NULL;
    }
    return g_steal_pointer(&sites);
}

void alloy_sites_free(AlloySites *sites)
{
    if (sites == NULL)
        return;
    alloy_data_unref(sites->model);
    g_free(sites->site);
    g_free(sites->label);
    g_free(sites->kind);
    g_free(sites->centres);
    g_free(sites->is_centre);
    g_free(sites->whole);
    g_free(sites->kept);
    g_free(sites);
}

int alloy_sites_label(const AlloySites *sites, int kind)
{
    for (unsigned label = 0; label < sites->n_kinds; label++)
        if (sites->kind[label] == kind)
            return (int)label;
    return -1;
}

const char *alloy_sites_name(const AlloySites *sites, const AlloyAtoms *atoms, unsigned label)
{
    return atoms->kinds[sites->kind[label]].name;
}

void alloy_sites_fractions(const uint64_t *counts, unsigned n_kinds, double *fractions)
{
    uint64_t all = 0;
    for (unsigned k = 0; k < n_kinds; k++)
        all += counts[k];
    for (unsigned k = 0; k < n_kinds; k++)
        fractions[k] = (double)counts[k] / (double)all;
}

gboolean alloy_surface_atoms(const AlloyAtoms *atoms, gboolean by_cn, double cutoff, unsigned least_cn,
                             double probe_radius, uint8_t *surface, AlloyProgress *progress, GError **error)
{
    if (!by_cn)
        return alloy_alpha_boundary(atoms, probe_radius, surface, NULL, NULL, progress, error);
    g_autoptr(AlloyNeighbours) neighbours =
        (AlloyNeighbours *)alloy_neighbours_new(atoms, cutoff, FALSE, progress, error);
    if (neighbours == NULL)
        return FALSE;
    for (size_t i = 0; i < atoms->n; i++)
        surface[i] = neighbours->count[i] < least_cn;
    return TRUE;
}
