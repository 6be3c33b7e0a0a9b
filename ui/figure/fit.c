/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/fit.h"

#include "core/base/linalg.h"

#include <math.h>
#include <string.h>

#define MARGIN 1.03

uint32_t *alloy_scene_shown(const AlloyScene *scene, size_t *n)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(scene);
    const AlloySelection *hidden = alloy_scene_hidden(scene);
    const AlloySlab *slab = alloy_scene_slab(scene);
    size_t all = atoms != NULL ? atoms->n : 0;
    uint32_t *shown = g_new(uint32_t, all + 1);
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        if (hidden != NULL && alloy_selection_has(hidden, i))
            continue;
        if (slab != NULL) {
            double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, at = alloy_dot3(slab->normal, p);
            double radius = alloy_scene_radius(scene, (uint32_t)i);
            if (at + radius <= slab->from || at - radius >= slab->to)
                continue;
        }
        shown[(*n)++] = (uint32_t)i;
    }
    return shown;
}

/* What one scene takes up as its camera sees it: the middle becomes the target. */
static void aim_one(AlloyPanel *panel, double half[2])
{
    const AlloyAtoms *atoms = alloy_scene_atoms(panel->scene);
    size_t n = 0;
    g_autofree uint32_t *shown = alloy_scene_shown(panel->scene, &n);
    AlloyCamera *camera = &panel->camera;
    memset(camera->target, 0, sizeof camera->target);
    double low[3] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, high[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}, m[3][3];
    alloy_camera_matrix(camera, m);
    for (size_t k = 0; k < n; k++) {
        uint32_t i = shown[k];
        double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, radius = alloy_scene_radius(panel->scene, i);
        for (int c = 0; c < 3; c++) {
            double at = alloy_dot3(m[c], p);
            low[c] = MIN(low[c], at - radius);
            high[c] = MAX(high[c], at + radius);
        }
    }
    half[0] = half[1] = 1;
    if (n == 0)
        return;
    double size[3];
    for (int c = 0; c < 3; c++) {
        size[c] = (high[c] - low[c]) / 2;
        for (int k = 0; k < 3; k++)
            camera->target[k] += m[c][k] * (low[c] + high[c]) / 2;
    }
    half[0] = size[0];
    half[1] = size[1];
}

/* Half the height with which a camera in perspective sees all: what lies z before the view plane is seen
 * d / (d - z) times as large, and the distance d of the eye follows from the height. */
static double half_in_perspective(const AlloyPanel *panel, double aspect)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(panel->scene);
    size_t n = 0;
    g_autofree uint32_t *shown = alloy_scene_shown(panel->scene, &n);
    double most = 0, tangent = tan(panel->camera.fov / 2);
    for (size_t k = 0; k < n; k++) {
        uint32_t i = shown[k];
        double p[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, radius = alloy_scene_radius(panel->scene, i),
               v[3];
        alloy_camera_to_view(&panel->camera, p, v);
        double aside = MAX(fabs(v[1]) + radius, (fabs(v[0]) + radius) / aspect);
        most = MAX(most, aside + (v[2] + radius) * tangent);
    }
    return most;
}

void alloy_figure_aim(AlloyPanel *panels, unsigned n, double half[2])
{
    half[0] = half[1] = 0;
    for (unsigned i = 0; i < n; i++) {
        double own[2];
        aim_one(&panels[i], own);
        for (int c = 0; c < 2; c++)
            half[c] = MAX(half[c], own[c]);
    }
}

double alloy_figure_aspect(const double half[2])
{
    return CLAMP(half[0] / half[1], 0.5, 2);
}

void alloy_figure_fit(AlloyPanel *panels, unsigned n, const double half[2], double aspect, double zoom)
{
    double most = MAX(half[1], half[0] / aspect);
    for (unsigned i = 0; i < n; i++)
        if (panels[i].camera.fov > 0)
            most = MAX(most, half_in_perspective(&panels[i], aspect));
    for (unsigned i = 0; i < n; i++)
        panels[i].camera.height = 2 * MARGIN * most / zoom;
}

/* --- colours --- */

void alloy_figure_colours_clear(AlloyFigureColours *colours)
{
    g_free(colours->entries);
    g_free(colours->title);
    g_free(colours->unit);
    g_clear_pointer(&colours->names, g_string_chunk_free);
    memset(colours, 0, sizeof *colours);
}

static void colours_begin(AlloyFigureColours *colours)
{
    memset(colours, 0, sizeof *colours);
    colours->names = g_string_chunk_new(256);
}

/* A model with one atom of every species that any of the scenes shows: its kinds have the colours. */
static const AlloyAtoms *all_species(AlloyScene *const *scenes, unsigned n)
{
    g_autoptr(GPtrArray) kinds = g_ptr_array_new();
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned s = 0; s < n; s++) {
        const AlloyAtoms *atoms = alloy_scene_atoms(scenes[s]);
        for (unsigned k = 0; k < atoms->n_kinds; k++)
            if (atoms->kinds[k].count > 0 && g_hash_table_add(known, atoms->kinds[k].name))
                g_ptr_array_add(kinds, (gpointer)&atoms->kinds[k]);
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(kinds->len);
    for (unsigned k = 0; k < kinds->len; k++) {
        const AlloySpecies *kind = kinds->pdata[k];
        builder->x[k] = builder->y[k] = builder->z[k] = k;
        builder->species[k] = (uint16_t)alloy_atoms_builder_named_kind(builder, kind->name, kind->z);
    }
    return alloy_atoms_builder_finish(builder);
}

static void add_entry(AlloyFigureColours *colours, const char *name, const uint8_t rgb[3])
{
    AlloyFigureEntry *entry = &colours->entries[colours->n_entries++];
    entry->name = g_string_chunk_insert_const(colours->names, name);
    memcpy(entry->rgb, rgb, 3);
}

void alloy_figure_colour_species(AlloyFigureColours *colours, AlloyScene *const *scenes, unsigned n)
{
    colours_begin(colours);
    g_autoptr(AlloyAtoms) all = (AlloyAtoms *)all_species(scenes, n);
    g_autofree uint8_t(*rgb)[4] = g_malloc((all->n_kinds + 1) * sizeof *rgb);
    g_autofree gboolean *shown = g_new0(gboolean, all->n_kinds + 1);
    for (unsigned k = 0; k < all->n_kinds; k++) {
        alloy_colour_of_kind(all, k, rgb[k]);
        rgb[k][3] = 255;
    }
    for (unsigned s = 0; s < n; s++) {
        const AlloyAtoms *atoms = alloy_scene_atoms(scenes[s]);
        g_autofree uint8_t(*rgba)[4] = g_malloc((atoms->n + 1) * sizeof *rgba);
        g_autofree int *place = g_new(int, atoms->n_kinds + 1);
        for (unsigned k = 0; k < atoms->n_kinds; k++)
            place[k] = MAX(alloy_atoms_find_kind(all, atoms->kinds[k].name), 0);
        for (size_t i = 0; i < atoms->n; i++)
            memcpy(rgba[i], rgb[place[atoms->species[i]]], 4);
        alloy_scene_set_colours(scenes[s], (const uint8_t(*)[4])rgba);
        size_t n_shown = 0;
        g_autofree uint32_t *ids = alloy_scene_shown(scenes[s], &n_shown);
        for (size_t i = 0; i < n_shown; i++)
            shown[place[atoms->species[ids[i]]]] = TRUE;
    }
    unsigned n_order;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(all, &n_order);
    colours->entries = g_new0(AlloyFigureEntry, n_order + 1);
    for (unsigned k = 0; k < n_order; k++)
        if (shown[order[k]])
            add_entry(colours, all->kinds[order[k]].name, rgb[order[k]]);
}

/* Labels have colours by their place among the labels of all scenes, in the order of the alphabet. */
static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void colour_labels(AlloyFigureColours *colours, AlloyScene *const *scenes,
                          const AlloyColumn *const *columns, unsigned n)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned s = 0; s < n; s++)
        for (uint32_t k = 0; k < columns[s]->n_labels; k++)
            if (g_hash_table_add(known, (gpointer)columns[s]->labels[k]))
                g_ptr_array_add(labels, (gpointer)columns[s]->labels[k]);
    g_ptr_array_sort(labels, by_text);
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned k = 0; k < labels->len; k++)
        g_hash_table_insert(places, labels->pdata[k], GUINT_TO_POINTER(k));
    g_autofree gboolean *shown = g_new0(gboolean, labels->len + 1);
    for (unsigned s = 0; s < n; s++) {
        const AlloyColumn *column = columns[s];
        g_autofree uint8_t(*rgba)[4] = g_malloc((column->n + 1) * sizeof *rgba);
        for (size_t i = 0; i < column->n; i++) {
            const char *label = column->labels[column->code[i]];
            alloy_colour_of_place(GPOINTER_TO_UINT(g_hash_table_lookup(places, label)), rgba[i]);
            rgba[i][3] = 255;
        }
        alloy_scene_set_colours(scenes[s], (const uint8_t(*)[4])rgba);
        size_t n_shown = 0;
        g_autofree uint32_t *ids = alloy_scene_shown(scenes[s], &n_shown);
        for (size_t i = 0; i < n_shown; i++)
            shown[GPOINTER_TO_UINT(g_hash_table_lookup(places, column->labels[column->code[ids[i]]]))] = TRUE;
    }
    colours->entries = g_new0(AlloyFigureEntry, labels->len + 1);
    for (unsigned k = 0; k < labels->len; k++) {
        uint8_t rgb[3];
        alloy_colour_of_place(k, rgb);
        if (shown[k])
            add_entry(colours, labels->pdata[k], rgb);
    }
}

void alloy_figure_colour_columns(AlloyFigureColours *colours, AlloyScene *const *scenes,
                                 const AlloyColumn *const *columns, unsigned n, const AlloyColourScale *scale,
                                 const char *title, const char *unit)
{
    colours_begin(colours);
    if (n == 0)
        return;
    if (columns[0]->type == ALLOY_TEXT) {
        colour_labels(colours, scenes, columns, n);
        return;
    }
    colours->scale = *scale;
    colours->title = g_strdup(title != NULL ? title : columns[0]->name);
    colours->unit = g_strdup(unit != NULL ? unit : columns[0]->unit);
    colours->bar = (AlloyColourBar){
        .scale = &colours->scale, .title = colours->title, .unit = colours->unit, .horizontal = TRUE};
    gboolean below = FALSE, above = FALSE, missing = FALSE;
    for (unsigned s = 0; s < n; s++) {
        const AlloyColumn *column = columns[s];
        g_autofree uint8_t(*rgba)[4] = g_malloc((column->n + 1) * sizeof *rgba);
        alloy_colour_column(column, &colours->scale, rgba);
        alloy_scene_set_colours(scenes[s], (const uint8_t(*)[4])rgba);
        size_t n_shown = 0;
        g_autofree uint32_t *ids = alloy_scene_shown(scenes[s], &n_shown);
        for (size_t i = 0; i < n_shown; i++) {
            double value = alloy_column_real_at(column, ids[i]);
            below = below || value < scale->low;
            above = above || value > scale->high;
            missing = missing || isnan(value);
        }
    }
    colours->bar.below = below;
    colours->bar.above = above;
    colours->bar.missing = missing;
}
