/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sites that are occupied in part: an average over many cells or images, where a model has whole atoms. A
 * file lists each species that is found there with its share; the shares of a site and of what is missing
 * make 1. */
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/random.h"
#include "core/structure/import-private.h"

#include <math.h>
#include <string.h>

/* Nearer than any bond, angstrom (0.74 in hydrogen): of two such positions one is taken at a time. */
#define SITE 0.5
/* Species of one site, and combinations of them, that a message names. */
#define NAMED_SPECIES 6
#define NAMED_COMBINATIONS 6

gboolean alloy_is_partial(const AlloyColumn *occupancy, size_t i)
{
    double share = alloy_column_real_at(occupancy, i);
    return share >= 0 && share < 1 - ALLOY_SHARE_ROUNDING;
}

const AlloyColumn *alloy_partial_occupancy(const AlloyAtoms *atoms)
{
    const AlloyColumn *column = alloy_atoms_column(atoms, ALLOY_OCCUPANCY);
    if (column == NULL || (column->type != ALLOY_REAL && column->type != ALLOY_INTEGER))
        return NULL;
    gboolean partial = FALSE, any = FALSE;
    for (size_t i = 0; i < atoms->n; i++) {
        partial = partial || alloy_is_partial(column, i);
        any = any || alloy_column_real_at(column, i) > 0;
    }
    /* Programs that do not know occupancies fill the field with zeros. */
    return partial && any ? column : NULL;
}

typedef struct {
    const AlloyColumn *occupancy;
    double *total; /* of the site that an atom is the first of */
} Filling;

static gboolean fits_in(size_t owner, size_t i, gpointer data)
{
    Filling *filling = data;
    double sum = filling->total[owner] + alloy_column_real_at(filling->occupancy, i);
    if (sum > 1 + ALLOY_SHARE_ROUNDING)
        return FALSE;
    filling->total[owner] = sum;
    return TRUE;
}

uint32_t *alloy_site_owners(const AlloyAtoms *atoms, const AlloyColumn *occupancy, double **total)
{
    size_t n = atoms->n;
    g_autofree uint8_t *part = g_malloc(n + 1);
    g_autofree double *sums = g_new(double, n + 1);
    for (size_t i = 0; i < n; i++) {
        part[i] = alloy_is_partial(occupancy, i);
        sums[i] = part[i] ? alloy_column_real_at(occupancy, i) : 1;
    }
    Filling filling = {occupancy, sums};
    uint32_t *owner = alloy_gather_places(atoms, SITE, part, fits_in, &filling, NULL);
    if (owner == NULL) { /* a cell smaller than a site: nothing is known of it */
        owner = g_new(uint32_t, n + 1);
        for (size_t i = 0; i < n; i++)
            owner[i] = (uint32_t)i;
    }
    if (total != NULL)
        *total = g_steal_pointer(&sums);
    return owner;
}

/* The members of all sites, site by site in the order of the model. */
typedef struct {
    uint32_t *owner, *start, *member; /* of site i: member[start[i]] to member[start[i + 1] - 1] */
    double *total;
} Sites;

static void sites_init(Sites *sites, const AlloyAtoms *atoms, const AlloyColumn *occupancy)
{
    size_t n = atoms->n;
    sites->owner = alloy_site_owners(atoms, occupancy, &sites->total);
    sites->start = g_new0(uint32_t, n + 2);
    sites->member = g_new(uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        sites->start[sites->owner[i] + 2]++;
    for (size_t i = 2; i <= n; i++)
        sites->start[i] += sites->start[i - 1];
    for (size_t i = 0; i < n; i++)
        sites->member[sites->start[sites->owner[i] + 1]++] = (uint32_t)i;
}

static void sites_clear(Sites *sites)
{
    g_free(sites->owner);
    g_free(sites->start);
    g_free(sites->member);
    g_free(sites->total);
}

/* --- the warning --- */

/* "Ir and Pd", in the order of tables; "Pd more than once" for two positions of one species. rank: of the
 * kinds. */
static char *species_of_site(const AlloyAtoms *atoms, const Sites *sites, size_t site, const unsigned *rank)
{
    unsigned kinds[NAMED_SPECIES], n = 0;
    gboolean more = FALSE;
    for (uint32_t m = sites->start[site]; m < sites->start[site + 1] && !more; m++) {
        unsigned kind = atoms->species[sites->member[m]], at = 0;
        while (at < n && rank[kinds[at]] < rank[kind])
            at++;
        if (at < n && kinds[at] == kind)
            continue;
        more = n == NAMED_SPECIES;
        if (more)
            break;
        memmove(kinds + at + 1, kinds + at, (n - at) * sizeof *kinds);
        kinds[at] = kind;
        n++;
    }
    if (n == 1)
        return g_strdup_printf("%s more than once", atoms->kinds[kinds[0]].name);
    GString *text = g_string_new(NULL);
    for (unsigned k = 0; k < n; k++)
        g_string_append_printf(text, "%s%s",
                               k == 0                ? ""
                               : k + 1 == n && !more ? " and "
                                                     : ", ",
                               atoms->kinds[kinds[k]].name);
    if (more)
        g_string_append(text, " and more");
    return g_string_free(text, FALSE);
}

/* "on one site stand Pd and Ir (4 sites), Pd and Au (1 site)": in the order in which they come. */
static char *describe_shared(const AlloyAtoms *atoms, const Sites *sites)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    unsigned n_kinds;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(atoms, &n_kinds);
    g_autofree unsigned *rank = g_new0(unsigned, atoms->n_kinds + 1u);
    for (unsigned k = 0; k < n_kinds; k++)
        rank[order[k]] = k;
    for (size_t i = 0; i < atoms->n; i++) {
        if (sites->start[i + 1] - sites->start[i] < 2)
            continue;
        g_autofree char *name = species_of_site(atoms, sites, i, rank);
        gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, name));
        if (count == 0) {
            g_ptr_array_add(names, g_steal_pointer(&name));
            g_hash_table_insert(counts, names->pdata[names->len - 1], GSIZE_TO_POINTER(1));
        } else {
            g_hash_table_insert(counts, name, GSIZE_TO_POINTER(count + 1)); /* the key that is there stays */
        }
    }
    GString *text = g_string_new(NULL);
    for (unsigned k = 0; k < MIN(names->len, NAMED_COMBINATIONS); k++) {
        gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, names->pdata[k]));
        g_string_append_printf(text, "%s%s (%zu site%s)", k == 0 ? "; on one site stand " : ", ",
                               (const char *)names->pdata[k], count, count == 1 ? "" : "s");
    }
    if (names->len > NAMED_COMBINATIONS)
        g_string_append_printf(text, " and %u other combinations", names->len - NAMED_COMBINATIONS);
    return g_string_free(text, FALSE);
}

void alloy_check_occupancy(const AlloyAtoms *atoms, GPtrArray *warnings)
{
    const AlloyColumn *occupancy = alloy_partial_occupancy(atoms);
    if (occupancy == NULL || atoms->n >= G_MAXUINT32)
        return;
    Sites sites;
    sites_init(&sites, atoms, occupancy);
    size_t partial = 0, vacant = 0, n_sites = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        gboolean here = alloy_is_partial(occupancy, i), first = here && sites.owner[i] == i;
        partial += here;
        n_sites += first;
        vacant += first && sites.total[i] < 1 - ALLOY_SHARE_ROUNDING;
    }
    g_autofree char *shared = describe_shared(atoms, &sites);
    g_autofree char *empty =
        vacant > 0 ? g_strdup_printf("; %zu site%s empty in part", vacant, vacant == 1 ? " is" : "s are")
                   : g_strdup("");
    sites_clear(&sites);
    alloy_warn(
        warnings, "occupancy", "occupancy=most",
        "Keep the species that most of a site holds, and nothing where less than half of it is "
        "occupied; occupancy=draw keeps one by chance, with the odds of the file",
        "%zu of %zu atoms are parts of %zu site%s by their column `occupancy`, and count as whole atoms "
        "all the same%s%s",
        partial, atoms->n, n_sites, n_sites == 1 ? "" : "s", shared, empty);
}

/* --- the fix --- */

/* The member that stays; -1: none. sums: of the kinds, all 0, which they are again after. */
static int64_t most_of_site(const AlloyAtoms *atoms, const AlloyColumn *occupancy, const Sites *sites,
                            size_t site, double *sums)
{
    uint32_t begin = sites->start[site], end = sites->start[site + 1];
    unsigned best = atoms->species[sites->member[begin]];
    for (uint32_t m = begin; m < end; m++)
        sums[atoms->species[sites->member[m]]] += alloy_column_real_at(occupancy, sites->member[m]);
    for (uint32_t m = begin; m < end; m++)
        if (sums[atoms->species[sites->member[m]]] > sums[best])
            best = atoms->species[sites->member[m]];
    for (uint32_t m = begin; m < end; m++)
        sums[atoms->species[sites->member[m]]] = 0;
    /* Several positions of one species: the likeliest. */
    int64_t chosen = -1;
    for (uint32_t m = begin; m < end; m++) {
        uint32_t i = sites->member[m];
        if (atoms->species[i] == best && (chosen < 0 || alloy_column_real_at(occupancy, i) >
                                                            alloy_column_real_at(occupancy, (size_t)chosen)))
            chosen = i;
    }
    return sites->total[site] < 0.5 ? -1 : chosen;
}

static int64_t drawn_of_site(const AlloyColumn *occupancy, const Sites *sites, size_t site, uint64_t seed)
{
    AlloyRandom random;
    alloy_random_init(&random, seed, site);
    double left = alloy_random_uniform(&random) * fmax(sites->total[site], 1);
    for (uint32_t m = sites->start[site]; m < sites->start[site + 1]; m++) {
        left -= alloy_column_real_at(occupancy, sites->member[m]);
        if (left < 0)
            return sites->member[m];
    }
    return -1;
}

static gboolean parse_way(const char *value, gboolean *draw, uint64_t *seed, GError **error)
{
    static const char prefix[] = "draw:";
    int64_t number = 0;
    *draw = g_str_has_prefix(value, "draw");
    const char *digits = g_str_has_prefix(value, prefix) ? value + strlen(prefix) : "0";
    gboolean good =
        strcmp(value, "most") == 0 || strcmp(value, "draw") == 0 || g_str_has_prefix(value, prefix);
    if (!good || !alloy_parse_int64(digits, digits + strlen(digits), &number) || number < 0)
        return alloy_parameter_error(error, "occupancy = `%s` is none of most, draw and draw:SEED", value);
    *seed = (uint64_t)number;
    return TRUE;
}

const AlloyAtoms *alloy_fix_occupancy(const AlloyAtoms *atoms, const char *value, GError **error)
{
    gboolean draw = FALSE;
    uint64_t seed = 0;
    if (!parse_way(value, &draw, &seed, error))
        return NULL;
    if (alloy_atoms_column(atoms, ALLOY_OCCUPANCY) == NULL) {
        alloy_input_error(error, "the model has no column `" ALLOY_OCCUPANCY "`");
        return NULL;
    }
    const AlloyColumn *occupancy = alloy_partial_occupancy(atoms);
    if (occupancy == NULL)
        return alloy_ref(atoms);
    if (atoms->n >= G_MAXUINT32) {
        alloy_input_error(error, "%zu atoms are too many for this", atoms->n);
        return NULL;
    }
    Sites sites;
    sites_init(&sites, atoms, occupancy);
    g_autofree uint8_t *keep = g_malloc(atoms->n);
    g_autofree double *sums = g_new0(double, atoms->n_kinds + 1u);
    for (size_t i = 0; i < atoms->n; i++)
        keep[i] = !alloy_is_partial(occupancy, i);
    for (size_t i = 0; i < atoms->n; i++) {
        if (keep[i] || sites.start[i] == sites.start[i + 1])
            continue;
        int64_t chosen = draw ? drawn_of_site(occupancy, &sites, i, seed)
                              : most_of_site(atoms, occupancy, &sites, i, sums);
        if (chosen >= 0)
            keep[chosen] = 2; /* not a whole atom, which has a site of its own */
    }
    sites_clear(&sites);
    g_autoptr(AlloyAtoms) whole = (AlloyAtoms *)alloy_atoms_subset(atoms, keep);
    if (whole->n == 0) {
        alloy_input_error(error, "no site is occupied by half or more: no atom is left");
        return NULL;
    }
    /* What is left is whole; the share it had stays to be seen, under a name that nobody takes for one. */
    const size_t ends[] = {0, whole->n};
    g_autoptr(GPtrArray) parts = alloy_atoms_slices(whole, ends, 1); /* without the species that are gone */
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(parts->pdata[0]);
    const AlloyColumn *share =
        alloy_column_renamed(alloy_atoms_column(whole, ALLOY_OCCUPANCY), "site_" ALLOY_OCCUPANCY);
    for (guint c = builder->columns->len; c-- > 0;)
        if (strcmp(((const AlloyColumn *)builder->columns->pdata[c])->name, ALLOY_OCCUPANCY) == 0)
            g_ptr_array_remove_index(builder->columns, c);
    alloy_atoms_builder_set_column(builder, share);
    return alloy_atoms_builder_finish(builder);
}
