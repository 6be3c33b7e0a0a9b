/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/import.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/number.h"
#include "core/data/elements.h"
#include "core/data/operation.h"
#include "core/formats/format.h"
#include "core/structure/import-private.h"

#include <math.h>
#include <string.h>

static gboolean parse_number(const char *name, const char *value, double *number, GError **error)
{
    if (alloy_parse_double(value, value + strlen(value), number) && isfinite(*number) && *number > 0)
        return TRUE;
    return alloy_parameter_error(error, "%s = `%s` is not a number above 0", name, value);
}

static gboolean parse_true(const char *name, const char *value, GError **error)
{
    if (strcmp(value, "true") == 0)
        return TRUE;
    return alloy_parameter_error(error, "%s = `%s`: the only value is true", name, value);
}

/* --- scale, fractional --- */

static gboolean check_finite(const double *values, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return alloy_input_error(error, "position %zu would be out of the range of numbers", i + 1);
    return TRUE;
}

/* The columns in angstrom^k with their values times factor^k. */
static void scale_columns(AlloyAtomsBuilder *builder, const AlloyAtoms *atoms, double factor)
{
    static const char *const units[] = {ALLOY_UNIT_LENGTH, ALLOY_UNIT_AREA, ALLOY_UNIT_VOLUME};
    for (guint c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        for (size_t power = 0; power < G_N_ELEMENTS(units) && column->type == ALLOY_REAL; power++)
            if (strcmp(column->unit, units[power]) == 0) {
                double times = pow(factor, (double)power + 1);
                double *values = alloy_array_new(double, column->n);
                for (size_t i = 0; i < column->n; i++)
                    values[i] = times * column->real[i];
                alloy_atoms_builder_set_column(
                    builder, alloy_column_new_real(column->name, column->unit, values, column->n));
            }
    }
}

static const AlloyAtoms *fix_scale(const AlloyAtoms *atoms, const char *value, GError **error)
{
    double factor;
    if (!parse_number("scale", value, &factor, error))
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_positions(builder);
    double *axes[3] = {builder->x, builder->y, builder->z};
    for (int k = 0; k < 3; k++) {
        for (size_t i = 0; i < atoms->n; i++)
            axes[k][i] *= factor;
        if (!check_finite(axes[k], atoms->n, error))
            return NULL;
    }
    if (atoms->cell != NULL) {
        AlloyCell cell = *atoms->cell;
        for (int k = 0; k < 3; k++) {
            cell.origin[k] *= factor;
            for (int l = 0; l < 3; l++)
                cell.vector[k][l] *= factor;
        }
        if (!alloy_cell_check(&cell, error))
            return NULL;
        alloy_atoms_builder_set_cell(builder, &cell);
    }
    scale_columns(builder, atoms, factor);
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static const AlloyAtoms *fix_fractional(const AlloyAtoms *atoms, const char *value, GError **error)
{
    if (!parse_true("fractional", value, error))
        return NULL;
    const AlloyCell *cell = atoms->cell;
    if (cell == NULL) {
        alloy_input_error(error, "the model has no cell that the positions could be fractions of");
        return NULL;
    }
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_positions(builder);
    double *axes[3] = {builder->x, builder->y, builder->z};
    for (size_t i = 0; i < atoms->n; i++) {
        double f[3] = {atoms->x[i], atoms->y[i], atoms->z[i]}, r[3];
        alloy_row_times3(f, cell->vector, r);
        for (int k = 0; k < 3; k++)
            axes[k][i] = cell->origin[k] + r[k];
    }
    for (int k = 0; k < 3; k++)
        if (!check_finite(axes[k], atoms->n, error))
            return NULL;
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

/* --- species --- */

/* Reads up to an unescaped end sign; moves *text behind it. */
static char *read_label(const char **text, const char *ends)
{
    GString *label = g_string_new(NULL);
    const char *p = *text;
    for (; *p != '\0' && strchr(ends, *p) == NULL; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        g_string_append_c(label, *p);
    }
    *text = p;
    return g_string_free(label, FALSE);
}

/* LABEL:ELEMENT,... as a table from label to AlloyElement. */
static GHashTable *parse_species(const char *value, GError **error)
{
    g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *p = value;
    for (;;) {
        g_autofree char *label = read_label(&p, ":,");
        if (*p != ':' || *label == '\0') {
            alloy_parameter_error(
                error, "species = `%s` is no list of LABEL:ELEMENT, as in species=Type 1:Pd,Type 2:Ir",
                value);
            return NULL;
        }
        p++;
        g_autofree char *symbol = read_label(&p, ",");
        const AlloyElement *element = alloy_element_by_symbol(symbol, -1);
        if (element == NULL) {
            alloy_parameter_error(error, "species = `%s`: `%s` is no element", value, symbol);
            return NULL;
        }
        g_hash_table_insert(table, g_steal_pointer(&label), (gpointer)element);
        if (*p == '\0')
            return g_steal_pointer(&table);
        p++;
    }
}

static gboolean has_kind(const AlloyAtoms *atoms, const char *label)
{
    int kind = alloy_atoms_find_kind(atoms, label);
    return kind >= 0 && atoms->kinds[kind].count > 0;
}

AlloyAtomsBuilder *alloy_builder_without_species(const AlloyAtoms *atoms)
{
    /* Not builder_from: the labels that are gone shall not stay as species without atoms. */
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(atoms->n);
    double **axes[3] = {&builder->x, &builder->y, &builder->z};
    const double *from[3] = {atoms->x, atoms->y, atoms->z};
    for (int k = 0; k < 3; k++) {
        alloy_array_unref(*axes[k]);
        *axes[k] = alloy_array_ref(from[k]);
    }
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    for (guint c = 0; c < atoms->columns->len; c++)
        alloy_atoms_builder_set_column(builder, alloy_ref((const AlloyColumn *)atoms->columns->pdata[c]));
    for (guint c = 0; c < atoms->info->len; c++)
        alloy_atoms_builder_set_info(builder, alloy_ref((const AlloyColumn *)atoms->info->pdata[c]));
    return builder;
}

static const AlloyAtoms *rename_species(const AlloyAtoms *atoms, GHashTable *table)
{
    AlloyAtomsBuilder *builder = alloy_builder_without_species(atoms);
    g_autofree uint16_t *kind = g_new(uint16_t, atoms->n_kinds + 1);
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloyElement *element = g_hash_table_lookup(table, atoms->kinds[a].name);
        kind[a] =
            (uint16_t)(element != NULL ? alloy_atoms_builder_named_kind(builder, element->symbol, element->z)
                                       : alloy_atoms_builder_named_kind(builder, atoms->kinds[a].name,
                                                                        atoms->kinds[a].z));
    }
    for (size_t i = 0; i < atoms->n; i++)
        builder->species[i] = kind[atoms->species[i]];
    return alloy_atoms_builder_finish(builder);
}

/* Every label must be a species of one of the models at least. */
static gboolean check_labels(GHashTable *table, const AlloyAtoms *const *models, size_t n, GError **error)
{
    GHashTableIter iter;
    gpointer label;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &label, NULL)) {
        size_t m = 0;
        while (m < n && !has_kind(models[m], label))
            m++;
        if (m < n)
            continue;
        g_autoptr(GString) names = g_string_new(NULL);
        for (unsigned a = 0; n > 0 && a < MIN(models[0]->n_kinds, 20); a++)
            g_string_append_printf(names, "%s%s", a > 0 ? ", " : "", models[0]->kinds[a].name);
        return alloy_parameter_error(error, "there is no species `%s`; there are: %s", (char *)label,
                                     names->str);
    }
    return TRUE;
}

static const AlloyAtoms *fix_species(const AlloyAtoms *atoms, const char *value, GError **error)
{
    g_autoptr(GHashTable) table = parse_species(value, error);
    if (table == NULL || !check_labels(table, &atoms, 1, error))
        return NULL;
    return rename_species(atoms, table);
}

/* --- cell --- */

static const AlloyAtoms *fix_wrap(const AlloyAtoms *atoms, const char *value, GError **error)
{
    double inverse[3][3];
    if (!parse_true("wrap", value, error))
        return NULL;
    const AlloyCell *cell = atoms->cell;
    if (!alloy_cell_is_periodic(cell) || !alloy_invert3(cell->vector, inverse)) {
        alloy_input_error(error, "the model has no periodic cell that its atoms could be brought into");
        return NULL;
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    alloy_atoms_builder_own_positions(builder);
    double *axes[3] = {builder->x, builder->y, builder->z};
    for (size_t i = 0; i < atoms->n; i++) {
        double r[3], f[3];
        for (int k = 0; k < 3; k++)
            r[k] = axes[k][i] - cell->origin[k];
        alloy_row_times3(r, inverse, f);
        for (int k = 0; k < 3; k++)
            if (cell->periodic[k] && floor(f[k]) != 0) /* an atom that is inside keeps its last bit */
                for (int l = 0; l < 3; l++)
                    axes[l][i] -= floor(f[k]) * cell->vector[k][l];
    }
    return alloy_atoms_builder_finish(builder);
}

static const AlloyAtoms *fix_cell(const AlloyAtoms *atoms, const char *value, GError **error)
{
    double inverse[3][3];
    if (strcmp(value, "none") != 0 && strcmp(value, "fit") != 0) {
        alloy_parameter_error(error, "cell = `%s` is neither none nor fit", value);
        return NULL;
    }
    const AlloyCell *cell = atoms->cell;
    if (cell == NULL || !alloy_invert3(cell->vector, inverse)) {
        alloy_input_error(error, "the model has no cell");
        return NULL;
    }
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    AlloyCell fitted = *cell;
    if (strcmp(value, "none") == 0) {
        alloy_atoms_builder_set_cell(builder, NULL);
        return alloy_atoms_builder_finish(builder);
    }
    double low[3] = {0, 0, 0}, high[3] = {1, 1, 1};
    for (size_t i = 0; i < atoms->n; i++) {
        double r[3] = {atoms->x[i] - cell->origin[0], atoms->y[i] - cell->origin[1],
                       atoms->z[i] - cell->origin[2]},
               f[3];
        alloy_row_times3(r, inverse, f);
        for (int k = 0; k < 3; k++) {
            low[k] = fmin(low[k], f[k]);
            high[k] = fmax(high[k], f[k]);
        }
    }
    for (int k = 0; k < 3; k++)
        for (int l = 0; l < 3 && !cell->periodic[k]; l++) {
            fitted.origin[l] += low[k] * cell->vector[k][l];
            fitted.vector[k][l] *= high[k] - low[k];
        }
    alloy_atoms_builder_set_cell(builder, &fitted);
    return alloy_atoms_builder_finish(builder);
}

static const AlloyAtoms *fix_merge(const AlloyAtoms *atoms, const char *value, GError **error)
{
    double tolerance;
    if (!parse_number("merge", value, &tolerance, error))
        return NULL;
    g_autofree uint8_t *keep = alloy_merged_places(atoms, tolerance, error);
    return keep != NULL ? alloy_atoms_subset(atoms, keep) : NULL;
}

/* --- all --- */

const AlloyFix alloy_fixes[] = {
    {"scale", "FACTOR", "multiply all lengths, the cell too"},
    {"fractional", "true", "take the positions as fractions of the cell"},
    {"merge", "TOLERANCE", "remove atoms closer than this (angstrom) to an earlier one"},
    {"types", "FILE", "take the species from another file, one type or label per atom"},
    {"species", "LABEL:ELEMENT,...", "say which element a label is"},
    {"wrap", "true", "bring the atoms into the periodic cell"},
    {"cell", "none|fit", "take the cell away, or make it contain the atoms"},
    {"occupancy", "most|draw[:SEED]", "one whole atom, or none, on every site that is occupied in part"},
    {NULL, NULL, NULL},
};

static gboolean unknown_fix(const char *name, GError **error)
{
    const char *names[G_N_ELEMENTS(alloy_fixes)];
    for (size_t i = 0; i < G_N_ELEMENTS(alloy_fixes); i++)
        names[i] = alloy_fixes[i].name;
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    const char *meant = alloy_suggest(name, names);
    return alloy_parameter_error(error, "there is no fix `%s`%s%s%s There are: %s", name,
                                 meant != NULL ? "; did you mean `" : ".", meant != NULL ? meant : "",
                                 meant != NULL ? "`?" : "", all);
}

const AlloyAtoms *alloy_apply_fix(const AlloyAtoms *atoms, const char *name, const char *value,
                                  GError **error)
{
    static const struct {
        const char *name;
        const AlloyAtoms *(*apply)(const AlloyAtoms *atoms, const char *value, GError **error);
    } fixes[] = {{"scale", fix_scale},       {"fractional", fix_fractional},
                 {"merge", fix_merge},       {"species", fix_species},
                 {"wrap", fix_wrap},         {"cell", fix_cell},
                 {"types", alloy_fix_types}, {"occupancy", alloy_fix_occupancy}};
    for (size_t i = 0; i < G_N_ELEMENTS(fixes); i++)
        if (strcmp(name, fixes[i].name) == 0)
            return fixes[i].apply(atoms, value, error);
    unknown_fix(name, error);
    return NULL;
}

/* A label may be missing in some of the stages, and a reader gives occupancies to those that have any. */
static const AlloyAtoms *fix_stage(const AlloyAtoms *atoms, const char *name, const char *value,
                                   GHashTable *species, gboolean partial, GError **error)
{
    if (partial && alloy_atoms_column(atoms, ALLOY_OCCUPANCY) == NULL)
        return alloy_ref(atoms);
    return species != NULL ? rename_species(atoms, species) : alloy_apply_fix(atoms, name, value, error);
}

static AlloyData *fix_series(const AlloySeries *series, const char *name, const char *value, GError **error)
{
    g_autoptr(GHashTable) species = NULL;
    if (strcmp(name, "species") == 0) {
        g_autofree const AlloyAtoms **models = g_new(const AlloyAtoms *, series->n + 1);
        for (size_t s = 0; s < series->n; s++)
            models[s] = series->stages[s].atoms;
        species = parse_species(value, error);
        if (species == NULL || !check_labels(species, models, series->n, error))
            return NULL;
    }
    gboolean partial = FALSE;
    for (size_t s = 0; s < series->n && strcmp(name, "occupancy") == 0; s++)
        partial = partial || alloy_atoms_column(series->stages[s].atoms, ALLOY_OCCUPANCY) != NULL;
    g_autofree AlloyStage *stages = g_new0(AlloyStage, series->n + 1);
    const AlloySeries *fixed = NULL;
    size_t done = 0;
    for (; done < series->n; done++) {
        stages[done] = series->stages[done];
        stages[done].atoms = fix_stage(series->stages[done].atoms, name, value, species, partial, error);
        if (stages[done].atoms == NULL) {
            g_prefix_error(error, "stage %zu: ", done);
            break;
        }
    }
    if (done == series->n)
        fixed = alloy_series_new(series->title, stages, series->n);
    for (size_t s = 0; s < done; s++)
        alloy_data_unref(stages[s].atoms);
    return (AlloyData *)fixed;
}

AlloyData *alloy_fix_data(const AlloyData *data, const char *fix, GError **error)
{
    const char *equals = strchr(fix, '=');
    if (equals == NULL) {
        alloy_parameter_error(error, "a fix is a NAME=VALUE, not `%s`", fix);
        return NULL;
    }
    g_autofree char *name = g_strndup(fix, (gsize)(equals - fix));
    if (ALLOY_IS_ATOMS(data))
        return (AlloyData *)alloy_apply_fix((const AlloyAtoms *)data, name, equals + 1, error);
    if (ALLOY_IS_SERIES(data))
        return fix_series((const AlloySeries *)data, name, equals + 1, error);
    alloy_input_error(error, "`%s` is for atomic models, this is a %s", fix, data->klass->name);
    return NULL;
}

/* Whether a warning of the reader offered what the user has asked for. */
static gboolean was_mended(const AlloyWarning *warning, char *const *fixes)
{
    if (warning->fix == NULL)
        return FALSE;
    size_t length = strcspn(warning->fix, "=") + 1;
    for (; fixes != NULL && *fixes != NULL; fixes++)
        if (strncmp(*fixes, warning->fix, length) == 0 ||
            (strcmp(warning->fix, ALLOY_FIX_TYPES) == 0 && g_str_has_prefix(*fixes, "species=")))
            return TRUE;
    return FALSE;
}

static AlloyData *fix_all(AlloyData *data, const char *path, char *const *fixes, GError **error)
{
    for (; data != NULL && fixes != NULL && *fixes != NULL; fixes++) {
        AlloyData *fixed = alloy_fix_data(data, *fixes, error);
        if (fixed == NULL)
            g_prefix_error(error, "%s: ", path);
        alloy_data_unref(data);
        data = fixed;
    }
    return data;
}

AlloyData *alloy_import(const char *path, const char *format, char *const *fixes, GPtrArray *warnings,
                        AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyProgress) reading = alloy_progress_part(progress, 0, 0.7);
    g_autoptr(AlloyProgress) checking = alloy_progress_part(progress, 0.7, 1);
    g_autoptr(GPtrArray) said = alloy_warnings_new();
    g_autoptr(AlloyData) data =
        fix_all(alloy_read_file(path, format, said, reading, error), path, fixes, error);
    for (guint i = 0; i < said->len; i++) {
        const AlloyWarning *warning = said->pdata[i];
        if (data == NULL || !was_mended(warning, fixes))
            alloy_warn(warnings, warning->code, warning->fix, warning->fix_title, "%s", warning->message);
    }
    if (data == NULL)
        return NULL;
    alloy_progress_stage(checking, 0, 1, "checks");
    GError *wrong = NULL;
    if (!alloy_check_data(data, warnings, checking, &wrong)) {
        if (!alloy_is_cancelled(wrong))
            g_prefix_error(&wrong, "%s: ", path);
        g_propagate_error(error, wrong);
        return NULL;
    }
    return g_steal_pointer(&data);
}
