/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/elements.h"
#include "core/structure/grid.h"
#include "core/structure/import-private.h"

#include <math.h>

/* More atoms than this around one place, where a metal has a dozen, are not counted pair by pair. */
#define CROWD 4096
/* Atoms per piece of work. */
#define PIECE 4096
/* Of atoms whose distance nobody knows, angstrom: less than any bond between two of them but X-H. */
#define UNKNOWN_PAIR 1.0

/* What the pairs of one kind of trouble come to. */
typedef struct {
    size_t pairs;
    double shortest, longest;
    uint32_t i, j; /* the shortest, i < j */
} Trouble;

static void note(Trouble *trouble, uint32_t i, uint32_t j, double distance)
{
    if (trouble->pairs == 0 || distance < trouble->shortest ||
        (distance == trouble->shortest && (i < trouble->i || (i == trouble->i && j < trouble->j)))) {
        trouble->shortest = distance;
        trouble->i = i;
        trouble->j = j;
    }
    trouble->longest = fmax(trouble->longest, distance);
    trouble->pairs++;
}

static void add(Trouble *sum, const Trouble *part)
{
    if (part->pairs == 0)
        return;
    size_t pairs = sum->pairs + part->pairs;
    double longest = fmax(sum->longest, part->longest);
    note(sum, part->i, part->j, part->shortest);
    sum->pairs = pairs;
    sum->longest = longest;
}

typedef struct {
    Trouble close, across, same; /* across: too close to a periodic image only */
    double nearest_good;         /* the shortest distance that is possible */
} Findings;

typedef struct {
    const AlloyAtoms *atoms; /* distinct places */
    const uint32_t *ids;     /* their numbers in the model, NULL: the same */
    const AlloyGrid *grid;
    double typical, scale;
    double single; /* limit of all pairs, NaN: there are several */
    double same;
    const AlloyColumn *occupancy;
    size_t grain;
    Findings *findings; /* per block */
} Search;

/* Two of which there is one at a time, by their occupancies, are meant to be there. */
static gboolean exclude_each_other(const AlloyColumn *occupancy, size_t i, size_t j)
{
    return occupancy != NULL && i != j &&
           alloy_column_real_at(occupancy, i) + alloy_column_real_at(occupancy, j) <=
               1 + ALLOY_SHARE_ROUNDING;
}

/* Nearer than this the pair is short. One limit for all where all species are metals, or none is an element
 * (then the model's own typical distance is what is expected); else one for every pair of species, and for
 * two metals in a compound the lesser of what they have in the metal and of the sum of their covalent radii.
 */
static double limit_of(const Search *search, const AlloySpecies *a, const AlloySpecies *b)
{
    if (!isnan(search->single))
        return search->single;
    const AlloyElement *first = alloy_element(a->z), *second = alloy_element(b->z);
    if (first == NULL || second == NULL)
        return ALLOY_SHORT * (isnan(search->typical) ? UNKNOWN_PAIR : search->typical);
    return ALLOY_SHORT * search->scale *
           fmin(alloy_expected_pair(a, b), first->covalent_radius + second->covalent_radius);
}

static double single_limit(const AlloyAtoms *atoms, double typical, double scale)
{
    gboolean metals = TRUE, unknown = TRUE;
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        if (atoms->kinds[a].count == 0)
            continue;
        const AlloyElement *element = alloy_element(atoms->kinds[a].z);
        metals = metals && element != NULL && !isnan(element->metal_distance);
        unknown = unknown && element == NULL;
    }
    double limit = metals    ? ALLOY_SHORT * scale * alloy_expected_distance(atoms)
                   : unknown ? ALLOY_SHORT * (isnan(typical) ? UNKNOWN_PAIR : typical)
                             : (double)NAN;
    char text[ALLOY_NUMBER_TEXT]; /* as it is shown, so that the fix is what was counted */
    return isnan(limit) ? limit : g_ascii_strtod(alloy_number_text(limit, 4, text), NULL);
}

/* The largest limit of any two species. */
static double largest_limit(const Search *search)
{
    const AlloyAtoms *atoms = search->atoms;
    double radius = 0;
    if (!isnan(search->single))
        return search->single;
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloyElement *element = alloy_element(atoms->kinds[a].z);
        if (element != NULL && atoms->kinds[a].count > 0)
            radius = fmax(radius, element->covalent_radius);
    }
    return ALLOY_SHORT *
           fmax(2 * search->scale * radius, isnan(search->typical) ? UNKNOWN_PAIR : search->typical);
}

static void look_at(const Search *search, size_t i, size_t j, double distance, Findings *findings)
{
    const AlloyAtoms *atoms = search->atoms;
    if (exclude_each_other(search->occupancy, i, j))
        return;
    double dx = atoms->x[i] - atoms->x[j], dy = atoms->y[i] - atoms->y[j], dz = atoms->z[i] - atoms->z[j];
    gboolean image = i == j || sqrt(dx * dx + dy * dy + dz * dz) > distance * (1 + 1e-6) + search->same;
    uint32_t a = search->ids != NULL ? search->ids[i] : (uint32_t)i;
    uint32_t b = search->ids != NULL ? search->ids[j] : (uint32_t)j;
    if (distance < search->same && i != j)
        note(&findings->same, a, b, distance);
    else if (distance < limit_of(search, &atoms->kinds[atoms->species[i]], &atoms->kinds[atoms->species[j]]))
        note(image ? &findings->across : &findings->close, a, b, distance);
    else
        findings->nearest_good = fmin(findings->nearest_good, distance);
}

static void search_block(size_t begin, size_t end, void *data)
{
    const Search *search = data;
    const AlloyGrid *grid = search->grid;
    Findings *findings = &search->findings[begin / search->grain];
    const gboolean halved = grid->is_image == NULL;
    const double reach2 = grid->reach * grid->reach;
    AlloyGridWalk walk;
    alloy_grid_walk_init(&walk, grid);
    for (size_t cell = begin; cell < end; cell++) {
        alloy_grid_walk_to(&walk, cell);
        for (size_t k = 0; k < grid->start[cell + 1] - grid->start[cell]; k++) {
            size_t self = grid->start[cell] + k;
            if (!halved && grid->is_image[self])
                continue;
            /* every pair once */
            size_t first = halved ? walk.own + k + 1 : 0, i = grid->id[self];
            alloy_grid_walk_distances_from(&walk, k, first);
            for (size_t c = first; c < walk.n; c++) {
                size_t j = walk.id[c];
                if (walk.d2[c] < reach2 && (halved || j >= i))
                    look_at(search, MIN(i, j), MAX(i, j), sqrt(walk.d2[c]), findings);
            }
        }
    }
    alloy_grid_walk_clear(&walk);
}

/* --- the warnings --- */

static const char *unit_text(double scale)
{
    return scale == 1 ? " angstrom" : "";
}

static char *worst_pair(const AlloyAtoms *atoms, const Trouble *trouble, const char *unit)
{
    char distance[ALLOY_NUMBER_TEXT];
    return g_strdup_printf("the closest, atoms %u (%s) and %u (%s) counted from 1, are %s%s apart%s",
                           trouble->i + 1, atoms->kinds[atoms->species[trouble->i]].name, trouble->j + 1,
                           atoms->kinds[atoms->species[trouble->j]].name,
                           alloy_number_text(trouble->shortest, 4, distance), unit,
                           *unit == '\0' ? " (lengths as they stand in the file)" : "");
}

static void warn_close(const AlloyAtoms *atoms, const Search *search, const Findings *findings,
                       GPtrArray *warnings)
{
    const Trouble *close = &findings->close;
    const char *unit = unit_text(search->scale);
    g_autofree char *worst = worst_pair(atoms, close, unit);
    char text[ALLOY_NUMBER_TEXT];
    g_autofree char *limit =
        isnan(search->single)
            ? g_strdup("is possible (" G_STRINGIFY(ALLOY_SHORT) " of their expected distance)")
            : g_strdup_printf("%s%s (" G_STRINGIFY(ALLOY_SHORT) " of the expected distance)",
                              alloy_number_text(search->single, 4, text), unit);
    g_autofree char *fact =
        g_strdup_printf("%zu pair%s of atoms %s closer than %s; %s", close->pairs,
                        close->pairs == 1 ? "" : "s", close->pairs == 1 ? "is" : "are", limit, worst);
    /* No fix where the unit comes first, or where no tolerance takes these pairs and leaves the bonds of
     * light atoms. */
    if (search->scale != 1 || close->longest >= findings->nearest_good) {
        alloy_warn(warnings, "short-distance", NULL, NULL, "%s", fact);
        return;
    }
    double tolerance = search->single;
    if (isnan(tolerance))
        tolerance = isinf(findings->nearest_good) ? close->longest * 1.0001
                                                  : 0.5 * (close->longest + findings->nearest_good);
    if (!alloy_can_merge(atoms, tolerance)) {
        alloy_warn(warnings, "short-distance", NULL, NULL, "%s", fact);
        return;
    }
    g_autofree char *fix = g_strdup_printf("merge=%s", alloy_number_text(tolerance, 6, text));
    g_autofree char *title = g_strdup_printf("Remove the later of two atoms closer than %s%s", text, unit);
    alloy_warn(warnings, "short-distance", fix, title, "%s", fact);
}

static void warn_across(const AlloyAtoms *atoms, const Trouble *across, const char *unit, GPtrArray *warnings)
{
    g_autofree char *worst = worst_pair(atoms, across, unit);
    alloy_warn(
        warnings, "cell", "cell=none", "Take the cell away: the particle stands alone",
        "the periodic cell is too small for its atoms: %zu of them come%s closer to a periodic image than is "
        "possible; %s",
        across->pairs, across->pairs == 1 ? "s" : "", worst);
}

static void warn_same(size_t later, size_t i, size_t j, double same, GPtrArray *warnings)
{
    char text[ALLOY_NUMBER_TEXT];
    g_autofree char *fix = g_strdup_printf("merge=%s", alloy_number_text(same, 3, text));
    alloy_warn(
        warnings, "duplicates", fix, "Keep only the first atom of every place",
        "%zu atom%s stand%s where another stands already; the first is atom %zu, at the place of atom %zu",
        later, later == 1 ? "" : "s", later == 1 ? "s" : "", j + 1, i + 1);
}

/* --- */

static gboolean search_pairs(const AlloyAtoms *atoms, const uint32_t *ids, double typical, double scale,
                             const AlloyAtoms *whole, Findings *found, double *same, GPtrArray *warnings,
                             AlloyProgress *progress, GError **error)
{
    Search search = {.atoms = atoms, .ids = ids, .typical = typical, .scale = scale};
    search.single = single_limit(whole, typical, scale);
    search.occupancy = alloy_partial_occupancy(atoms);
    search.same = *same = isnan(typical) ? ALLOY_SAME : fmin(ALLOY_SAME, ALLOY_SAME * typical);
    double largest = largest_limit(&search);
    g_autoptr(AlloyGrid) grid = alloy_grid_new(atoms->x, atoms->y, atoms->z, atoms->n, atoms->cell,
                                               fmax(largest, *same), progress, error);
    if (grid == NULL)
        return FALSE;
    if (grid->most > CROWD) {
        char text[ALLOY_NUMBER_TEXT];
        alloy_warn(warnings, "short-distance", NULL, NULL,
                   "thousands of atoms lie within %s%s of one place: closer than is possible",
                   alloy_number_text(2 * grid->reach, 3, text), unit_text(scale));
        return TRUE;
    }
    size_t grain = alloy_grid_grain(grid, PIECE), blocks = alloy_parallel_blocks(grid->n_cells, grain);
    g_autofree Findings *findings = g_new0(Findings, blocks + 1);
    for (size_t b = 0; b < blocks; b++)
        findings[b].nearest_good = INFINITY;
    search.grid = grid;
    search.grain = grain;
    search.findings = findings;
    if (!alloy_parallel_for(grid->n_cells, grain, search_block, &search, progress, error))
        return FALSE;
    for (size_t b = 0; b < blocks; b++) {
        add(&found->same, &findings[b].same);
        add(&found->close, &findings[b].close);
        add(&found->across, &findings[b].across);
        found->nearest_good = fmin(found->nearest_good, findings[b].nearest_good);
    }
    if (found->close.pairs > 0)
        warn_close(whole, &search, found, warnings);
    if (found->across.pairs > 0)
        warn_across(whole, &found->across, unit_text(scale), warnings);
    return TRUE;
}

gboolean alloy_check_pairs(const AlloyAtoms *atoms, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error)
{
    size_t n = atoms->n, later;
    if (n == 0)
        return TRUE;
    if (n >= G_MAXUINT32)
        return alloy_input_error(error, "%zu atoms are too many to be checked", n);
    g_autofree uint32_t *first = alloy_first_of_place(atoms, &later), *ids = NULL;
    g_autoptr(AlloyAtoms) distinct = NULL;
    const AlloyColumn *occupancy = alloy_partial_occupancy(atoms);
    /* One atom stands for its site: distances within it are none between atoms. */
    g_autofree uint32_t *owner = occupancy != NULL ? alloy_site_owners(atoms, occupancy, NULL) : NULL;
    size_t duplicates = 0, example = 0;
    if (later > 0 || owner != NULL) {
        g_autofree uint8_t *keep = g_malloc(n);
        ids = g_new(uint32_t, n);
        for (size_t i = 0, k = 0; i < n; i++) {
            gboolean stands_for_site = owner == NULL || owner[i] == i;
            keep[i] = first[i] == i && stands_for_site;
            if (keep[i])
                ids[k++] = (uint32_t)i;
            else if (stands_for_site && duplicates++ == 0)
                example = i;
        }
        distinct = (AlloyAtoms *)alloy_atoms_subset(atoms, keep);
    }
    const AlloyAtoms *places = distinct != NULL ? distinct : atoms;
    double typical, scale, same;
    Findings found = {.nearest_good = INFINITY};
    if (!alloy_typical_distance(places, &typical, progress, error) ||
        !alloy_check_unit(places, typical, &scale, warnings, progress, error) ||
        !search_pairs(places, ids, typical, scale, atoms, &found, &same, warnings, progress, error))
        return FALSE;
    if (duplicates > 0)
        warn_same(duplicates + found.same.pairs, first[example], example, same, warnings);
    else if (found.same.pairs > 0)
        warn_same(found.same.pairs, found.same.i, found.same.j, same, warnings);
    return TRUE;
}
