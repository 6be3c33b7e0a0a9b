/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/atoms.h"

#include "core/base/error.h"
#include "core/base/linalg.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void atoms_finalize(AlloyData *data)
{
    AlloyAtoms *atoms = (AlloyAtoms *)data;
    alloy_array_unref(atoms->x);
    alloy_array_unref(atoms->y);
    alloy_array_unref(atoms->z);
    alloy_array_unref(atoms->species);
    for (unsigned i = 0; i < atoms->n_kinds; i++)
        g_free(atoms->kinds[i].name);
    g_free((AlloySpecies *)atoms->kinds);
    g_free((AlloyCell *)atoms->cell);
    g_ptr_array_unref((AlloyColumns *)atoms->columns);
    g_ptr_array_unref((AlloyColumns *)atoms->info);
    g_free(atoms);
}

const AlloyDataClass alloy_atoms_class = {"atoms", "Atomic model", atoms_finalize};

double alloy_cell_volume(const AlloyCell *cell)
{
    return fabs(alloy_det3(cell->vector));
}

gboolean alloy_cell_is_periodic(const AlloyCell *cell)
{
    return cell != NULL && (cell->periodic[0] || cell->periodic[1] || cell->periodic[2]);
}

gboolean alloy_cell_check(const AlloyCell *cell, GError **error)
{
    double unit[3][3];
    for (int i = 0; i < 3; i++) {
        double length = alloy_norm3(cell->vector[i]);
        if (!isfinite(length) || !isfinite(cell->origin[i]))
            return alloy_input_error(error, "the cell has a vector or an origin that is not a finite number");
        if (length < DBL_MIN)
            return alloy_input_error(error, "vector %c of the cell has length 0", "abc"[i]);
        for (int k = 0; k < 3; k++)
            unit[i][k] = cell->vector[i][k] / length;
    }
    double volume = alloy_cell_volume(cell);
    if (!(fabs(alloy_det3((const double(*)[3])unit)) > 1e-12) || !(volume >= DBL_MIN && volume <= DBL_MAX))
        return alloy_input_error(error, "the cell has no volume: its vectors lie in one plane");
    return TRUE;
}

int alloy_atoms_find_kind(const AlloyAtoms *atoms, const char *name)
{
    for (unsigned i = 0; i < atoms->n_kinds; i++)
        if (strcmp(atoms->kinds[i].name, name) == 0)
            return (int)i;
    return -1;
}

const AlloyColumn *alloy_atoms_column(const AlloyAtoms *atoms, const char *name)
{
    return alloy_columns_get(atoms->columns, name);
}

static int compare_kinds(const void *a, const void *b, void *user_data)
{
    const AlloyAtoms *atoms = user_data;
    const AlloySpecies *x = &atoms->kinds[*(const unsigned *)a], *y = &atoms->kinds[*(const unsigned *)b];
    if ((x->z > 0) != (y->z > 0))
        return x->z > 0 ? -1 : 1;
    if (x->z != y->z)
        return x->z < y->z ? -1 : 1;
    return strcmp(x->name, y->name);
}

unsigned *alloy_atoms_kinds_in_order(const AlloyAtoms *atoms, unsigned *n)
{
    unsigned *order = g_new(unsigned, atoms->n_kinds + 1u);
    *n = 0;
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        if (atoms->kinds[k].count > 0)
            order[(*n)++] = k;
    g_qsort_with_data(order, (gint)*n, sizeof *order, compare_kinds, (gpointer)atoms);
    return order;
}

gboolean alloy_atoms_bounds(const AlloyAtoms *atoms, double low[3], double high[3])
{
    if (atoms->n == 0)
        return FALSE;
    const double *axes[3] = {atoms->x, atoms->y, atoms->z};
    for (int k = 0; k < 3; k++) {
        double smallest = axes[k][0], largest = axes[k][0];
        for (size_t i = 1; i < atoms->n; i++) {
            double value = axes[k][i];
            smallest = value < smallest ? value : smallest;
            largest = value > largest ? value : largest;
        }
        low[k] = smallest;
        high[k] = largest;
    }
    return TRUE;
}

static gpointer gather(const void *values, size_t size, const size_t *ids, size_t n)
{
    gpointer out = alloy_array_alloc(n, size);
    switch (size) {
    case 8:
        for (size_t i = 0; i < n; i++)
            ((uint64_t *)out)[i] = ((const uint64_t *)values)[ids[i]];
        break;
    case 4:
        for (size_t i = 0; i < n; i++)
            ((uint32_t *)out)[i] = ((const uint32_t *)values)[ids[i]];
        break;
    case 2:
        for (size_t i = 0; i < n; i++)
            ((uint16_t *)out)[i] = ((const uint16_t *)values)[ids[i]];
        break;
    case 1:
        for (size_t i = 0; i < n; i++)
            ((uint8_t *)out)[i] = ((const uint8_t *)values)[ids[i]];
        break;
    default:
        g_assert_not_reached();
    }
    return out;
}

static const AlloyColumn *gather_column(const AlloyColumn *column, const size_t *ids, size_t n)
{
    gpointer values = gather(column->values, alloy_type_size(column->type), ids, n);
    switch (column->type) {
    case ALLOY_REAL:
        return alloy_column_new_real(column->name, column->unit, values, n);
    case ALLOY_INTEGER:
        return alloy_column_new_integer(column->name, column->unit, values, n);
    case ALLOY_BOOLEAN:
        return alloy_column_new_boolean(column->name, values, n);
    case ALLOY_TEXT:
        return alloy_column_new_text(column->name, values, n, column->labels, column->n_labels);
    }
    g_assert_not_reached();
}

const AlloyAtoms *alloy_atoms_subset(const AlloyAtoms *atoms, const uint8_t *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < atoms->n; i++)
        n += keep[i] != 0;
    g_autofree size_t *ids = g_new(size_t, n);
    n = 0;
    for (size_t i = 0; i < atoms->n; i++)
        if (keep[i])
            ids[n++] = i;

    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    alloy_array_unref(builder->x);
    alloy_array_unref(builder->y);
    alloy_array_unref(builder->z);
    alloy_array_unref(builder->species);
    builder->x = gather(atoms->x, sizeof(double), ids, n);
    builder->y = gather(atoms->y, sizeof(double), ids, n);
    builder->z = gather(atoms->z, sizeof(double), ids, n);
    builder->species = gather(atoms->species, sizeof(uint16_t), ids, n);
    for (unsigned i = 0; i < atoms->n_kinds; i++)
        alloy_atoms_builder_named_kind(builder, atoms->kinds[i].name, atoms->kinds[i].z);
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    for (unsigned i = 0; i < atoms->columns->len; i++)
        alloy_atoms_builder_add_column(builder, gather_column(atoms->columns->pdata[i], ids, n));
    for (unsigned i = 0; i < atoms->info->len; i++)
        alloy_atoms_builder_set_info(builder, alloy_ref((const AlloyColumn *)atoms->info->pdata[i]));
    return alloy_atoms_builder_finish(builder);
}

/* The entries of a list that a part of an array uses, numbered anew in their old order. Scratch of the length
 * of the list, of which only what was used is touched: many parts of a long list cost no more than one. */
typedef struct {
    uint32_t *number; /* per entry: the new one; G_MAXUINT32: not used */
    GArray *used;     /* of uint32_t, ascending once numbered */
} Used;

static void used_init(Used *used, size_t n_entries)
{
    used->number = g_new(uint32_t, n_entries + 1);
    memset(used->number, 0xff, n_entries * sizeof *used->number);
    used->used = g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static void used_add(Used *used, uint32_t entry)
{
    if (used->number[entry] != G_MAXUINT32)
        return;
    used->number[entry] = 0;
    g_array_append_val(used->used, entry);
}

static int compare_uint32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void used_number(Used *used)
{
    qsort(used->used->data, used->used->len, sizeof(uint32_t), compare_uint32);
    for (unsigned k = 0; k < used->used->len; k++)
        used->number[g_array_index(used->used, uint32_t, k)] = k;
}

static void used_forget(Used *used)
{
    for (unsigned k = 0; k < used->used->len; k++)
        used->number[g_array_index(used->used, uint32_t, k)] = G_MAXUINT32;
    g_array_set_size(used->used, 0);
}

static void used_clear(Used *used)
{
    g_free(used->number);
    g_clear_pointer(&used->used, g_array_unref);
}

static const AlloyColumn *slice_column(const AlloyColumn *column, size_t begin, size_t n, Used *labels)
{
    size_t size = alloy_type_size(column->type);
    void *values = alloy_array_alloc(n, size);
    memcpy(values, (const char *)column->values + begin * size, n * size);
    switch (column->type) {
    case ALLOY_REAL:
        return alloy_column_new_real(column->name, column->unit, values, n);
    case ALLOY_INTEGER:
        return alloy_column_new_integer(column->name, column->unit, values, n);
    case ALLOY_BOOLEAN:
        return alloy_column_new_boolean(column->name, values, n);
    case ALLOY_TEXT:
        break;
    }
    uint32_t *codes = values;
    for (size_t i = 0; i < n; i++)
        used_add(labels, codes[i]);
    used_number(labels);
    for (size_t i = 0; i < n; i++)
        codes[i] = labels->number[codes[i]];
    uint32_t n_labels = labels->used->len;
    g_autofree const char **names = g_new(const char *, n_labels + 1u);
    for (uint32_t k = 0; k < n_labels; k++)
        names[k] = column->labels[g_array_index(labels->used, uint32_t, k)];
    used_forget(labels);
    return alloy_column_new_text(column->name, codes, n, names, n_labels);
}

static const AlloyAtoms *slice(const AlloyAtoms *atoms, size_t begin, size_t n, Used *kinds, Used *labels)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    memcpy(builder->x, atoms->x + begin, n * sizeof(double));
    memcpy(builder->y, atoms->y + begin, n * sizeof(double));
    memcpy(builder->z, atoms->z + begin, n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        used_add(kinds, atoms->species[begin + i]);
    used_number(kinds);
    for (size_t i = 0; i < n; i++)
        builder->species[i] = (uint16_t)kinds->number[atoms->species[begin + i]];
    for (unsigned k = 0; k < kinds->used->len; k++) {
        const AlloySpecies *kind = &atoms->kinds[g_array_index(kinds->used, uint32_t, k)];
        alloy_atoms_builder_named_kind(builder, kind->name, kind->z);
    }
    used_forget(kinds);
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    for (unsigned c = 0; c < atoms->columns->len; c++)
        alloy_atoms_builder_add_column(builder, slice_column(atoms->columns->pdata[c], begin, n, &labels[c]));
    for (unsigned c = 0; c < atoms->info->len; c++)
        g_ptr_array_add(builder->info, alloy_data_ref(atoms->info->pdata[c]));
    return alloy_atoms_builder_finish(builder);
}

GPtrArray *alloy_atoms_slices(const AlloyAtoms *atoms, const size_t *begins, size_t n)
{
    Used kinds;
    g_autofree Used *labels = g_new0(Used, atoms->columns->len + 1u);
    used_init(&kinds, atoms->n_kinds);
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        if (column->type == ALLOY_TEXT)
            used_init(&labels[c], column->n_labels);
    }
    GPtrArray *parts = g_ptr_array_new_full((guint)MIN(n, G_MAXUINT), (GDestroyNotify)alloy_data_unref);
    for (size_t k = 0; k < n; k++) {
        g_assert(begins[k] <= begins[k + 1] && begins[k + 1] <= atoms->n);
        g_ptr_array_add(parts, (gpointer)slice(atoms, begins[k], begins[k + 1] - begins[k], &kinds, labels));
    }
    used_clear(&kinds);
    for (unsigned c = 0; c < atoms->columns->len; c++)
        used_clear(&labels[c]);
    return parts;
}
