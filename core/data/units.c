/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/units.h"

#include "core/base/unique-names.h"

#include <math.h>
#include <string.h>

/* Powers of ten of one unit of each dimension. Minutes, electron volts in joule and the like are not here: a
 * conversion that rounds twice, or that needs a constant of nature, is left to who knows what it is for. */
static const struct {
    const char *name;
    char dimension;
    int exponent;
} known[] = {
    {"m", 'L', 0},          {"mm", 'L', -3},        {"um", 'L', -6},  {"nm", 'L', -9},
    {"angstrom", 'L', -10}, {"Angstrom", 'L', -10}, {"A", 'L', -10},  {"\303\205", 'L', -10},
    {"pm", 'L', -12},       {"s", 'T', 0},          {"ms", 'T', -3},  {"us", 'T', -6},
    {"ns", 'T', -9},        {"ps", 'T', -12},       {"fs", 'T', -15}, {"eV", 'E', 0},
    {"meV", 'E', -3},       {"keV", 'E', 3},
};

/* "nm^2", "nm^-3". */
static gboolean parse_unit(const char *unit, char *dimension, int *power, int *exponent)
{
    const char *hat = strchr(unit, '^');
    size_t length = hat != NULL ? (size_t)(hat - unit) : strlen(unit);
    *power = 1;
    if (hat != NULL) {
        const char *digit = hat[1] == '-' ? hat + 2 : hat + 1;
        if (*digit < '1' || *digit > '4' || digit[1] != '\0')
            return FALSE;
        *power = hat[1] == '-' ? '0' - *digit : *digit - '0';
    }
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strlen(known[i].name) == length && memcmp(known[i].name, unit, length) == 0) {
            *dimension = known[i].dimension;
            *exponent = *power * known[i].exponent;
            return TRUE;
        }
    return FALSE;
}

const AlloyColumn *alloy_column_in_unit(const AlloyColumn *column, const char *unit)
{
    enum { EXACT = 22 }; /* the largest power of ten that is a double */
    if (strcmp(column->unit, unit) == 0)
        return alloy_ref(column);
    char from_dimension, to_dimension;
    int from_power, to_power, from, to;
    if ((column->type != ALLOY_REAL && column->type != ALLOY_INTEGER) ||
        !parse_unit(column->unit, &from_dimension, &from_power, &from) ||
        !parse_unit(unit, &to_dimension, &to_power, &to) || from_dimension != to_dimension ||
        from_power != to_power || abs(from - to) > EXACT)
        return NULL;
    double scale = 1;
    for (int k = 0; k < abs(from - to); k++)
        scale *= 10;
    double *values = alloy_array_new(double, column->n);
    for (size_t i = 0; i < column->n; i++) {
        double value = alloy_column_real_at(column, i);
        values[i] = from >= to ? value * scale : value / scale;
    }
    double floor = from >= to ? column->floor * scale : column->floor / scale;
    return alloy_column_with_floor(alloy_column_new_real(column->name, unit, values, column->n), floor);
}

/* What stands below one another under one name. */
typedef struct {
    const char *name;
    const char *unit; /* borrowed from the first column of it */
    const char *shown;
} Slot;

/* Text has no unit, and reads the same beside numbers without one. */
static gboolean same_unit(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (strcmp(a, ALLOY_UNIT_NONE) == 0 && *b == '\0') ||
           (*a == '\0' && strcmp(b, ALLOY_UNIT_NONE) == 0);
}

static const char *spoken(const char *unit)
{
    return same_unit(unit, ALLOY_UNIT_NONE) ? "no unit" : unit;
}

static void note(GPtrArray *notes, char *text)
{
    for (guint i = 0; notes != NULL && i < notes->len; i++)
        if (strcmp(notes->pdata[i], text) == 0) {
            g_free(text);
            return;
        }
    if (notes != NULL)
        g_ptr_array_add(notes, text);
    else
        g_free(text);
}

typedef struct {
    GArray *slots;
    AlloyUniqueNames *names;
    GPtrArray *notes;
} Agreement;

/* The column under the name and in the unit that it shares with the others. */
static const AlloyColumn *agreed(Agreement *agreement, const AlloyColumn *column)
{
    const Slot *first = NULL;
    for (guint i = 0; i < agreement->slots->len; i++) {
        const Slot *slot = &g_array_index(agreement->slots, Slot, i);
        if (strcmp(slot->name, column->name) != 0)
            continue;
        first = first != NULL ? first : slot;
        if (same_unit(slot->unit, column->unit))
            return strcmp(slot->shown, slot->name) == 0 ? alloy_ref(column)
                                                        : alloy_column_renamed(column, slot->shown);
        const AlloyColumn *converted = alloy_column_in_unit(column, slot->unit);
        if (converted == NULL)
            continue;
        note(agreement->notes, g_strdup_printf("`%s` is in %s and in %s: all of it is given in %s",
                                               column->name, slot->unit, column->unit, slot->unit));
        if (strcmp(slot->shown, slot->name) == 0)
            return converted;
        const AlloyColumn *renamed = alloy_column_renamed(converted, slot->shown);
        alloy_data_unref(converted);
        return renamed;
    }
    Slot slot = {column->name, column->unit, column->name};
    if (first == NULL) {
        g_array_append_val(agreement->slots, slot);
        return alloy_ref(column);
    }
    g_autofree char *other = same_unit(column->unit, ALLOY_UNIT_NONE)
                                 ? g_strdup_printf("%s_without_unit", column->name)
                                 : g_strdup_printf("%s_in_%s", column->name, column->unit);
    slot.shown = alloy_unique_names_take(agreement->names, other);
    note(agreement->notes,
         g_strdup_printf("`%s` is in %s and has %s%s: the second stands apart, as `%s`", column->name,
                         spoken(first->unit), same_unit(column->unit, ALLOY_UNIT_NONE) ? "" : "the unit ",
                         spoken(column->unit), slot.shown));
    g_array_append_val(agreement->slots, slot);
    return alloy_column_renamed(column, slot.shown);
}

static AlloyUniqueNames *names_of(const AlloyColumns *const *lists, size_t n)
{
    g_autoptr(GPtrArray) taken = g_ptr_array_new();
    for (size_t k = 0; k < n; k++)
        for (guint c = 0; lists[k] != NULL && c < lists[k]->len; c++)
            g_ptr_array_add(taken, (gpointer)((const AlloyColumn *)lists[k]->pdata[c])->name);
    g_ptr_array_add(taken, NULL);
    return alloy_unique_names_new((const char *const *)taken->pdata);
}

GPtrArray *alloy_columns_in_one_unit(const AlloyColumns *const *lists, size_t n, GPtrArray *notes)
{
    g_autoptr(AlloyUniqueNames) names = names_of(lists, n);
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    Agreement agreement = {slots, names, notes};
    GPtrArray *result = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (size_t k = 0; k < n; k++) {
        AlloyColumns *columns = alloy_columns_new();
        for (guint c = 0; lists[k] != NULL && c < lists[k]->len; c++)
            g_ptr_array_add(columns, (gpointer)agreed(&agreement, lists[k]->pdata[c]));
        g_ptr_array_add(result, columns);
    }
    return result;
}

static const AlloyAtoms *with_columns(const AlloyAtoms *atoms, const AlloyColumns *columns)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    g_ptr_array_set_size(builder->columns, 0);
    for (guint c = 0; c < columns->len; c++)
        alloy_atoms_builder_set_column(builder, alloy_ref((const AlloyColumn *)columns->pdata[c]));
    return alloy_atoms_builder_finish(builder);
}

static gboolean are_the_same(const AlloyColumns *a, const AlloyColumns *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->pdata, b->pdata, a->len * sizeof *a->pdata) == 0);
}

const AlloySeries *alloy_series_in_one_unit(const AlloySeries *series, GPtrArray *notes)
{
    g_autofree const AlloyColumns **lists = g_new(const AlloyColumns *, series->n + 1);
    for (size_t s = 0; s < series->n; s++)
        lists[s] = series->stages[s].atoms->columns;
    g_autoptr(GPtrArray) columns = alloy_columns_in_one_unit(lists, series->n, notes);
    g_autofree AlloyStage *stages = g_new(AlloyStage, series->n + 1);
    g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    for (size_t s = 0; s < series->n; s++) {
        stages[s] = series->stages[s];
        if (are_the_same(lists[s], columns->pdata[s]))
            continue;
        stages[s].atoms = with_columns(series->stages[s].atoms, columns->pdata[s]);
        g_ptr_array_add(changed, (gpointer)stages[s].atoms);
    }
    return changed->len == 0 ? alloy_ref(series) : alloy_series_new(series->title, stages, series->n);
}
