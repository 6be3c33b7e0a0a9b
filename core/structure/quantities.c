/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/quantities.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/statistics.h"
#include "core/data/elements.h"
#include "core/data/operation.h"
#include "core/structure/coordination.h"
#include "core/structure/csrop.h"
#include "core/structure/expression-program.h"
#include "core/structure/local-concentration.h"
#include "core/structure/rdf.h"

#include <math.h>
#include <string.h>

/* Pairs of species are listed in messages for this many species at most. */
#define LISTED_KINDS 4

struct _AlloyQuantities {
    const AlloyAtoms *atoms;
    AlloyProgress *progress;
    double cutoff;
    AlloyFirstShell first; /* where the cutoff was found */
    gboolean found;
    const AlloyNeighbours *neighbours;
    AlloyPairNames *pair_names;
    AlloyColumns *computed; /* what operations gave so far */
};

AlloyQuantities *alloy_quantities_new(const AlloyAtoms *atoms, double cutoff, AlloyProgress *progress)
{
    AlloyQuantities *quantities = g_new0(AlloyQuantities, 1);
    quantities->atoms = alloy_ref(atoms);
    quantities->cutoff = cutoff;
    quantities->progress = progress != NULL ? alloy_progress_ref(progress) : NULL;
    quantities->computed = alloy_columns_new();
    quantities->pair_names = alloy_pair_names_of_models(&atoms, 1);
    return quantities;
}

void alloy_quantities_set_pair_names(AlloyQuantities *quantities, AlloyPairNames *names)
{
    if (names == NULL)
        return;
    alloy_pair_names_unref(quantities->pair_names);
    quantities->pair_names = alloy_pair_names_ref(names);
}

void alloy_quantities_free(AlloyQuantities *quantities)
{
    if (quantities == NULL)
        return;
    alloy_data_unref(quantities->atoms);
    alloy_data_unref(quantities->neighbours);
    g_clear_pointer(&quantities->progress, alloy_progress_unref);
    g_ptr_array_unref(quantities->computed);
    alloy_pair_names_unref(quantities->pair_names);
    g_free(quantities);
}

double alloy_quantities_cutoff(const AlloyQuantities *quantities)
{
    return quantities->cutoff;
}

void alloy_quantities_warn(const AlloyQuantities *quantities, GPtrArray *warnings)
{
    if (quantities->found)
        alloy_first_shell_warn(&quantities->first, warnings);
}

static gboolean find_cutoff(AlloyQuantities *quantities, GError **error)
{
    if (!isnan(quantities->cutoff))
        return TRUE;
    if (!alloy_first_shell(quantities->atoms, &quantities->first, quantities->progress, error))
        return FALSE;
    quantities->found = TRUE;
    quantities->cutoff = quantities->first.minimum;
    return TRUE;
}

const AlloyNeighbours *alloy_quantities_neighbours(AlloyQuantities *quantities, GError **error)
{
    if (quantities->neighbours == NULL && find_cutoff(quantities, error))
        quantities->neighbours =
            alloy_neighbours_new(quantities->atoms, quantities->cutoff, FALSE, quantities->progress, error);
    return quantities->neighbours;
}

/* --- names --- */

typedef enum {
    NOTHING,
    COLUMN,
    SPECIES,
    ELEMENT,
    INDEX,
    POSITION,
    RADIUS,
    CN,
    CSROP,
    INDICATOR,
    CONCENTRATION
} What;

typedef struct {
    What what;
    const AlloyColumn *column; /* COLUMN */
    int a, b;                  /* kinds; POSITION: the axis */
} Meaning;

/* "A_B" with any names of two kinds. */
static gboolean pair_of_kinds(const AlloyQuantities *quantities, const char *text, int *a, int *b)
{
    const char *first, *second;
    if (!alloy_pair_names_find(quantities->pair_names, text, &first, &second))
        return FALSE;
    *a = alloy_atoms_find_kind(quantities->atoms, first);
    *b = alloy_atoms_find_kind(quantities->atoms, second);
    return *a >= 0 && *b >= 0;
}

static Meaning meaning(const AlloyQuantities *quantities, const char *name)
{
    const AlloyAtoms *atoms = quantities->atoms;
    static const struct {
        const char *name;
        Meaning meaning;
    } plain[] = {{"species", {SPECIES, NULL, 0, 0}}, {"element", {ELEMENT, NULL, 0, 0}},
                 {"index", {INDEX, NULL, 0, 0}},     {"x", {POSITION, NULL, 0, 0}},
                 {"y", {POSITION, NULL, 1, 0}},      {"z", {POSITION, NULL, 2, 0}},
                 {"r", {RADIUS, NULL, 0, 0}},        {"cn", {CN, NULL, 0, 0}}};
    Meaning found = {.what = NOTHING};
    found.column = alloy_atoms_column(atoms, name);
    if (found.column != NULL) {
        found.what = COLUMN;
        return found;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        if (strcmp(name, plain[i].name) == 0)
            return plain[i].meaning;
    if (g_str_has_prefix(name, "csrop.") && (found.a = alloy_atoms_find_kind(atoms, name + 6)) >= 0)
        found.what = INDICATOR;
    else if (g_str_has_prefix(name, "csrop_") && pair_of_kinds(quantities, name + 6, &found.a, &found.b))
        found.what = CSROP;
    else if ((g_str_has_prefix(name, "c.") || g_str_has_prefix(name, "c_")) &&
             (found.a = alloy_atoms_find_kind(atoms, name + 2)) >= 0)
        found.what = CONCENTRATION;
    return found;
}

static int type_of(const char *name, void *data)
{
    Meaning found = meaning(data, name);
    switch (found.what) {
    case NOTHING:
        return -1;
    case COLUMN:
        return (int)found.column->type;
    case SPECIES:
    case ELEMENT:
        return ALLOY_TEXT;
    case INDEX:
    case CN:
        return ALLOY_INTEGER;
    default:
        return ALLOY_REAL;
    }
}

static void add_name(GStrvBuilder *builder, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_name(GStrvBuilder *builder, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *name = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strv_builder_add(builder, name);
}

static char **list_of(void *data)
{
    const AlloyQuantities *quantities = data;
    const AlloyAtoms *atoms = quantities->atoms;
    static const char *const first[] = {"species", "element", "index", "x", "y", "z", "r", "cn"};
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        g_strv_builder_add(builder, first[i]);
    for (guint i = 0; i < atoms->columns->len; i++) {
        const AlloyColumn *column = atoms->columns->pdata[i];
        if (strcmp(column->name, "cn") != 0)
            g_strv_builder_add(builder, column->name);
    }
    for (unsigned a = 0; a < MIN(atoms->n_kinds, LISTED_KINDS); a++)
        add_name(builder, "csrop.%s", atoms->kinds[a].name);
    for (unsigned a = 0; a < atoms->n_kinds && atoms->n_kinds <= LISTED_KINDS; a++)
        for (unsigned b = 0; b < atoms->n_kinds; b++) {
            g_autofree char *pair =
                alloy_pair_name(quantities->pair_names, atoms->kinds[a].name, atoms->kinds[b].name);
            add_name(builder, "csrop_%s", pair);
        }
    for (unsigned a = 0; a < MIN(atoms->n_kinds, LISTED_KINDS); a++)
        add_name(builder, "c.%s", atoms->kinds[a].name);
    return g_strv_builder_end(builder);
}

/* Species are found by their name, their element in any case, or its number; those that this model has none
 * of are no mistake if they are elements, for the next stage may have some. */
static char *label_of(const char *name, const char *label, void *data, GError **error)
{
    const AlloyAtoms *atoms = ((AlloyQuantities *)data)->atoms;
    if ((strcmp(name, "species") != 0 && strcmp(name, "element") != 0) ||
        alloy_atoms_column(atoms, name) != NULL)
        return g_strdup(label);
    if (strcmp(name, "species") == 0 ? alloy_atoms_find_kind(atoms, label) >= 0 : *label == '\0')
        return g_strdup(label);
    const AlloyElement *element = alloy_element_by_symbol(label, -1);
    size_t length = strlen(label);
    if (element == NULL && length > 0 && length <= 3 && strspn(label, "0123456789") == length)
        element = alloy_element(atoi(label));
    if (element != NULL)
        return g_strdup(element->symbol);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned a = 0; a < atoms->n_kinds; a++)
        g_ptr_array_add(names, atoms->kinds[a].name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = alloy_expression_hint(label, (const char *const *)names->pdata);
    alloy_parameter_error(error, "there is no species %s", hint);
    return NULL;
}

/* --- values --- */

static const AlloyColumn *labels_of_atoms(const AlloyAtoms *atoms, const char *name, gboolean elements)
{
    AlloyLabels *labels = alloy_labels_new();
    g_autofree uint32_t *code_of_kind = g_new(uint32_t, atoms->n_kinds + 1);
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloyElement *element = elements ? alloy_element(atoms->kinds[a].z) : NULL;
        const char *label = !elements ? atoms->kinds[a].name : element != NULL ? element->symbol : "";
        code_of_kind[a] = alloy_labels_add(labels, label, strlen(label));
    }
    uint32_t *codes = alloy_array_new(uint32_t, atoms->n);
    for (size_t i = 0; i < atoms->n; i++)
        codes[i] = code_of_kind[atoms->species[i]];
    return alloy_labels_finish(labels, name, codes, atoms->n);
}

static double mean_of(const double *values, size_t n)
{
    AlloySum sum = {0};
    for (size_t i = 0; i < n; i++)
        alloy_sum_add(&sum, values[i]);
    return alloy_sum_value(&sum) / (double)n;
}

static const AlloyColumn *radius_of_atoms(const AlloyAtoms *atoms)
{
    double *r = alloy_array_new(double, atoms->n);
    double x = mean_of(atoms->x, atoms->n), y = mean_of(atoms->y, atoms->n), z = mean_of(atoms->z, atoms->n);
    for (size_t i = 0; i < atoms->n; i++) {
        double dx = atoms->x[i] - x, dy = atoms->y[i] - y, dz = atoms->z[i] - z;
        r[i] = sqrt(dx * dx + dy * dy + dz * dz);
    }
    return alloy_column_new_real("r", ALLOY_UNIT_LENGTH, r, atoms->n);
}

/* The per-atom columns that an operation adds go to `computed`, so that a quantity of an expression has the
 * numbers of the operation of that name. species (nullable): the parameter. */
static gboolean compute(AlloyQuantities *quantities, const AlloyOperation *operation, const char *species,
                        GError **error)
{
    if (!find_cutoff(quantities, error))
        return FALSE;
    g_autoptr(AlloyRun) run = alloy_run_new(operation);
    char cutoff[ALLOY_DOUBLE_TEXT];
    alloy_format_double(quantities->cutoff, cutoff);
    alloy_run_add_input(run, ALLOY_DATA(quantities->atoms));
    run->progress = alloy_progress_part(quantities->progress, 0, 1);
    run->pair_names = alloy_pair_names_ref(quantities->pair_names);
    if (!alloy_run_set(run, "cutoff", cutoff, error) || !alloy_run_set(run, "shuffles", "0", error) ||
        (species != NULL && !alloy_run_set(run, "species", species, error)) || !alloy_run_execute(run, error))
        return FALSE;
    const AlloyColumns *columns = ((const AlloyAtoms *)run->atoms)->columns;
    for (guint c = 0; c < columns->len; c++) {
        const AlloyColumn *column = columns->pdata[c];
        if (alloy_atoms_column(quantities->atoms, column->name) != column)
            alloy_columns_set(quantities->computed, alloy_ref(column));
    }
    return TRUE;
}

/* Of a species that has no atoms there is no order and no concentration. */
static const AlloyColumn *constant(const char *name, double value, size_t n)
{
    double *values = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        values[i] = value;
    return alloy_column_new_real(name, ALLOY_UNIT_NONE, values, n);
}

static const AlloyColumn *order_of(AlloyQuantities *quantities, const char *name, const Meaning *found,
                                   GError **error)
{
    const AlloyAtoms *atoms = quantities->atoms;
    const AlloySpecies *a = &atoms->kinds[found->a];
    gboolean concentration = found->what == CONCENTRATION, indicator = found->what == INDICATOR;
    if (a->count == 0 || (found->what == CSROP && atoms->kinds[found->b].count == 0))
        return constant(name, concentration ? 0 : (double)NAN, atoms->n);
    g_autofree char *column_name = indicator       ? g_strdup("csrop")
                                   : concentration ? g_strdup_printf("c_%s", a->name)
                                                   : g_strdup(name);
    const AlloyColumn *column = indicator ? NULL : alloy_columns_get(quantities->computed, column_name);
    if (column == NULL) {
        const AlloyOperation *operation = concentration ? &alloy_op_local_concentration : &alloy_op_csrop;
        if (!compute(quantities, operation, indicator ? a->name : NULL, error))
            return NULL;
        column = alloy_columns_get(quantities->computed, column_name);
        if (column == NULL) {
            alloy_input_error(error, "`%s` cannot be computed for this model", name);
            return NULL;
        }
    }
    return alloy_ref(column);
}

static const AlloyColumn *values_of(const char *name, void *data, GError **error)
{
    AlloyQuantities *quantities = data;
    const AlloyAtoms *atoms = quantities->atoms;
    Meaning found = meaning(quantities, name);
    switch (found.what) {
    case COLUMN:
        return alloy_ref(found.column);
    case SPECIES:
    case ELEMENT:
        return labels_of_atoms(atoms, name, found.what == ELEMENT);
    case INDEX: {
        int64_t *index = alloy_array_new(int64_t, atoms->n);
        for (size_t i = 0; i < atoms->n; i++)
            index[i] = (int64_t)i;
        return alloy_column_new_integer(name, ALLOY_UNIT_NONE, index, atoms->n);
    }
    case POSITION: {
        const double *axis = found.a == 0 ? atoms->x : found.a == 1 ? atoms->y : atoms->z;
        return alloy_column_new_real(name, ALLOY_UNIT_LENGTH, alloy_array_ref(axis), atoms->n);
    }
    case RADIUS:
        return radius_of_atoms(atoms);
    case CN: {
        const AlloyNeighbours *neighbours = alloy_quantities_neighbours(quantities, error);
        return neighbours != NULL ? alloy_coordination_column(neighbours) : NULL;
    }
    default:
        return order_of(quantities, name, &found, error);
    }
}

AlloyNames alloy_quantities_names(AlloyQuantities *quantities)
{
    return (AlloyNames){quantities->atoms->n, type_of, values_of, label_of, list_of, quantities};
}
