/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/atoms.h"

#include "core/base/parallel.h"
#include "core/data/elements.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MAX_KINDS 65535

/* Labels of up to 8 bytes, which all ordinary ones are, are found again without a copy or a hash table. */
#define CACHE_SIZE 64
struct _AlloyKindCache {
    GHashTable *by_label; /* label as given -> kind + 1 */
    GHashTable *by_name;  /* name of the kind -> kind + 1 */
    struct {
        uint64_t key;
        unsigned length; /* 0: free */
        int kind;
    } recent[CACHE_SIZE];
};

static void kind_clear(gpointer data)
{
    g_free(((AlloySpecies *)data)->name);
}

static AlloyAtomsBuilder *builder_bare(size_t n)
{
    AlloyAtomsBuilder *builder = g_new0(AlloyAtomsBuilder, 1);
    builder->n = n;
    builder->kinds = g_array_new(FALSE, TRUE, sizeof(AlloySpecies));
    g_array_set_clear_func(builder->kinds, kind_clear);
    builder->cache = g_new0(AlloyKindCache, 1);
    builder->cache->by_label = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    builder->cache->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return builder;
}

AlloyAtomsBuilder *alloy_atoms_builder_new(size_t n)
{
    AlloyAtomsBuilder *builder = builder_bare(n);
    builder->x = alloy_array_new(double, n);
    builder->y = alloy_array_new(double, n);
    builder->z = alloy_array_new(double, n);
    builder->species = alloy_array_new(uint16_t, n);
    builder->columns = alloy_columns_new();
    builder->info = alloy_columns_new();
    return builder;
}

AlloyAtomsBuilder *alloy_atoms_builder_from(const AlloyAtoms *atoms)
{
    AlloyAtomsBuilder *builder = builder_bare(atoms->n);
    for (unsigned i = 0; i < atoms->n_kinds; i++)
        alloy_atoms_builder_named_kind(builder, atoms->kinds[i].name, atoms->kinds[i].z);
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    builder->columns = alloy_columns_copy(atoms->columns);
    builder->info = alloy_columns_copy(atoms->info);
    builder->from = alloy_ref(atoms);
    return builder;
}

void alloy_atoms_builder_own_positions(AlloyAtomsBuilder *builder)
{
    if (builder->x != NULL)
        return;
    size_t n = builder->n;
    builder->x = memcpy(alloy_array_new(double, n), builder->from->x, n * sizeof(double));
    builder->y = memcpy(alloy_array_new(double, n), builder->from->y, n * sizeof(double));
    builder->z = memcpy(alloy_array_new(double, n), builder->from->z, n * sizeof(double));
}

void alloy_atoms_builder_own_species(AlloyAtomsBuilder *builder)
{
    if (builder->species != NULL)
        return;
    size_t n = builder->n;
    builder->species = memcpy(alloy_array_new(uint16_t, n), builder->from->species, n * sizeof(uint16_t));
}

int alloy_atoms_builder_named_kind(AlloyAtomsBuilder *builder, const char *name, int z)
{
    AlloyKindCache *cache = builder->cache;
    int kind = GPOINTER_TO_INT(g_hash_table_lookup(cache->by_name, name)) - 1;
    if (kind >= 0)
        return kind;
    if (builder->kinds->len >= MAX_KINDS)
        return -1;
    kind = (int)builder->kinds->len;
    AlloySpecies species = {g_strdup(name), z, 0};
    g_array_append_val(builder->kinds, species);
    g_hash_table_insert(cache->by_name, g_strdup(name), GINT_TO_POINTER(kind + 1));
    return kind;
}

/* "Pt1", "Fe3+", "O2-": a symbol, then digits and signs only. 0: no such thing. */
static int leading_z(const char *label)
{
    size_t letters = 0;
    while (g_ascii_isalpha(label[letters]))
        letters++;
    if (letters == 0 || label[letters + strspn(label + letters, "0123456789+-")] != '\0')
        return 0;
    const AlloyElement *element = alloy_element_by_symbol(label, (gssize)letters);
    return element != NULL ? element->z : 0;
}

static int kind_of_label(AlloyAtomsBuilder *builder, const char *label)
{
    size_t length = strlen(label);
    const AlloyElement *element = alloy_element_by_symbol(label, (gssize)length);
    if (element == NULL && length > 0 && length <= 3 && strspn(label, "0123456789") == length)
        element = alloy_element(atoi(label));
    if (element != NULL)
        return alloy_atoms_builder_named_kind(builder, element->symbol, element->z);
    if (g_utf8_validate(label, -1, NULL))
        return alloy_atoms_builder_named_kind(builder, label, leading_z(label));
    g_autofree char *name = g_convert(label, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
    return alloy_atoms_builder_named_kind(builder, name, 0);
}

int alloy_atoms_builder_kind(AlloyAtomsBuilder *builder, const char *label, size_t length)
{
    AlloyKindCache *cache = builder->cache;
    uint64_t key = 0;
    unsigned slot = CACHE_SIZE;
    if (length >= 1 && length <= 8) {
        memcpy(&key, label, length);
        slot = (unsigned)((key * 0x9e3779b97f4a7c15u) >> 58);
        if (cache->recent[slot].key == key && cache->recent[slot].length == length)
            return cache->recent[slot].kind;
    }
    g_autofree char *text = g_strndup(label, length);
    int kind = GPOINTER_TO_INT(g_hash_table_lookup(cache->by_label, text)) - 1;
    if (kind < 0) {
        kind = kind_of_label(builder, text);
        if (kind < 0)
            return -1;
        g_hash_table_insert(cache->by_label, g_steal_pointer(&text), GINT_TO_POINTER(kind + 1));
    }
    if (slot < CACHE_SIZE) {
        cache->recent[slot].key = key;
        cache->recent[slot].length = (unsigned)length;
        cache->recent[slot].kind = kind;
    }
    return kind;
}

void alloy_atoms_builder_set_cell(AlloyAtomsBuilder *builder, const AlloyCell *cell)
{
    g_clear_pointer(&builder->cell, g_free);
    if (cell != NULL)
        builder->cell = g_memdup2(cell, sizeof *cell);
}

static gboolean is_reserved(const char *name)
{
    return strcmp(name, "species") == 0 || strcmp(name, "x") == 0 || strcmp(name, "y") == 0 ||
           strcmp(name, "z") == 0;
}

void alloy_atoms_builder_set_column(AlloyAtomsBuilder *builder, const AlloyColumn *column)
{
    if (is_reserved(column->name)) {
        g_critical("a column of atoms cannot be called %s", column->name);
        alloy_data_unref(column);
        return;
    }
    g_assert(column->n == builder->n);
    alloy_columns_set(builder->columns, column);
}

void alloy_atoms_builder_add_column(AlloyAtomsBuilder *builder, const AlloyColumn *column)
{
    g_assert(column->n == builder->n && !is_reserved(column->name));
    g_ptr_array_add(builder->columns, (gpointer)column);
}

void alloy_atoms_builder_set_info(AlloyAtomsBuilder *builder, const AlloyColumn *info)
{
    alloy_columns_set(builder->info, info);
}

typedef struct {
    const AlloyAtoms *atoms;
    size_t grain;
    size_t *counts; /* blocks x n_kinds */
} Count;

static void count_block(size_t begin, size_t end, void *data)
{
    const Count *count = data;
    const AlloyAtoms *atoms = count->atoms;
    size_t *counts = count->counts + begin / count->grain * atoms->n_kinds;
    gboolean good = TRUE;
    for (size_t i = begin; i < end; i++) {
        g_assert(atoms->species[i] < atoms->n_kinds);
        counts[atoms->species[i]]++;
        good &= fabs(atoms->x[i]) <= DBL_MAX && fabs(atoms->y[i]) <= DBL_MAX && fabs(atoms->z[i]) <= DBL_MAX;
    }
    g_assert(good); /* every position is finite */
}

static void count_kinds(const AlloyAtoms *atoms, AlloySpecies *kinds)
{
    /* At most 64 blocks, so that many kinds do not make large tables. */
    size_t grain = MAX(65536, atoms->n / 64 + 1);
    size_t blocks = alloy_parallel_blocks(atoms->n, grain);
    if (blocks == 0)
        return;
    g_autofree size_t *counts = g_new0(size_t, blocks * atoms->n_kinds + 1);
    Count count = {atoms, grain, counts};
    alloy_parallel_for(atoms->n, grain, count_block, &count, NULL, NULL);
    for (size_t b = 0; b < blocks; b++)
        for (unsigned k = 0; k < atoms->n_kinds; k++)
            kinds[k].count += counts[b * atoms->n_kinds + k];
}

static void builder_free(AlloyAtomsBuilder *builder)
{
    g_hash_table_unref(builder->cache->by_label);
    g_hash_table_unref(builder->cache->by_name);
    g_free(builder->cache);
    alloy_data_unref(builder->from);
    g_free(builder);
}

const AlloyAtoms *alloy_atoms_builder_finish(AlloyAtomsBuilder *builder)
{
    const AlloyAtoms *from = builder->from;
    AlloyAtoms *atoms = g_new0(AlloyAtoms, 1);
    alloy_data_init(&atoms->base, &alloy_atoms_class);
    atoms->n = builder->n;
    atoms->x = builder->x != NULL ? builder->x : alloy_array_ref(from->x);
    atoms->y = builder->y != NULL ? builder->y : alloy_array_ref(from->y);
    atoms->z = builder->z != NULL ? builder->z : alloy_array_ref(from->z);
    atoms->species = builder->species != NULL ? builder->species : alloy_array_ref(from->species);
    atoms->n_kinds = builder->kinds->len;
    AlloySpecies *kinds = (AlloySpecies *)(void *)g_array_free(builder->kinds, FALSE);
    atoms->kinds = kinds;
    atoms->cell = builder->cell;
    atoms->columns = builder->columns;
    atoms->info = builder->info;
    for (unsigned i = 0; i < atoms->columns->len; i++)
        g_assert(((const AlloyColumn *)atoms->columns->pdata[i])->n == atoms->n);
    count_kinds(atoms, kinds);
    builder_free(builder);
    return atoms;
}

void alloy_atoms_builder_discard(AlloyAtomsBuilder *builder)
{
    if (builder == NULL)
        return;
    alloy_array_unref(builder->x);
    alloy_array_unref(builder->y);
    alloy_array_unref(builder->z);
    alloy_array_unref(builder->species);
    g_array_free(builder->kinds, TRUE);
    g_free(builder->cell);
    g_ptr_array_unref(builder->columns);
    g_ptr_array_unref(builder->info);
    builder_free(builder);
}
