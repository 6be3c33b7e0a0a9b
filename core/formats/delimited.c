/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/delimited.h"

#include "core/base/number.h"
#include "core/base/unique-names.h"
#include "core/data/series.h"
#include "core/data/table.h"

#include <math.h>

/* Text in columns, with a header or without. It is a model when there are columns for x, y, z, else a table.
 *
 * Without a header these are models, and a warning says what was taken for what:
 *
 * - 3 columns of numbers: x y z;
 *
 * - 4 columns, the first or the last of them names or small whole numbers: species x y z, x y z species;
 *
 * - more columns, the first of names or of atomic numbers, then three of numbers: species x y z column_5 ...
 *
 * Whole numbers for species are atomic numbers, unless they are 0, 1, 2, ... or 1, 2, ... up to at most eight
 * of them: those are types, "Type 1". A column that is called type always holds types. */

#define MAX_TYPES 8
/* Species repeat themselves; a counter of rows does not. */
#define MAX_ATOMIC_NUMBERS 12

typedef enum { ROLE_COLUMN, ROLE_X, ROLE_Y, ROLE_Z, ROLE_SPECIES, ROLE_TYPE, ROLE_STAGE, ROLE_LABEL } Role;

typedef struct {
    const AlloySource *source;
    AlloySheet sheet;
    size_t n, n_columns;
    AlloyField *fields;
    Role *roles;
    AlloyUniqueNames *names; /* of columns, unique */
    int at[ROLE_LABEL + 1];  /* column of each role; -1: none */
} Reading;

static Role role_of_name(const char *name)
{
    static const struct {
        Role role;
        const char *names[10];
    } known[] = {
        {ROLE_X, {"x", "pos_x", "posx", "position_x", "position.x", "x_a", "x_ang", "x_angstrom", "rx"}},
        {ROLE_Y, {"y", "pos_y", "posy", "position_y", "position.y", "y_a", "y_ang", "y_angstrom", "ry"}},
        {ROLE_Z, {"z", "pos_z", "posz", "position_z", "position.z", "z_a", "z_ang", "z_angstrom", "rz"}},
        {ROLE_SPECIES, {"species", "element", "symbol", "atom", "atomic_number", "atomic number"}},
        {ROLE_TYPE, {"type", "types", "atom_type", "particle type", "particle_type"}},
        {ROLE_STAGE, {"stage"}},
        {ROLE_LABEL, {"stage_label"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        for (size_t k = 0; k < 10 && known[i].names[k] != NULL; k++)
            if (g_ascii_strcasecmp(name, known[i].names[k]) == 0)
                return known[i].role;
    return ROLE_COLUMN;
}

static gboolean is_model(const Reading *reading)
{
    return reading->at[ROLE_X] >= 0 && reading->at[ROLE_Y] >= 0 && reading->at[ROLE_Z] >= 0;
}

static void set_role(Reading *reading, size_t column, Role role)
{
    if (role == ROLE_COLUMN || reading->at[role] >= 0)
        return;
    reading->roles[column] = role;
    reading->at[role] = (int)column;
}

static void roles_of_names(Reading *reading)
{
    for (size_t c = 0; c < reading->n_columns; c++)
        set_role(reading, c, role_of_name(reading->sheet.names->pdata[c]));
    /* Where species are named, a type is a column like others. */
    if (reading->at[ROLE_SPECIES] >= 0 && reading->at[ROLE_TYPE] >= 0) {
        reading->roles[reading->at[ROLE_TYPE]] = ROLE_COLUMN;
        reading->at[ROLE_TYPE] = -1;
    }
    /* A stage that does not lead the rows is not that of our own files. */
    if (reading->at[ROLE_STAGE] > 0) {
        reading->roles[reading->at[ROLE_STAGE]] = ROLE_COLUMN;
        reading->at[ROLE_STAGE] = -1;
    }
    if (reading->at[ROLE_LABEL] >= 0 && (reading->at[ROLE_STAGE] != 0 || reading->at[ROLE_LABEL] != 1)) {
        reading->roles[reading->at[ROLE_LABEL]] = ROLE_COLUMN;
        reading->at[ROLE_LABEL] = -1;
    }
}

static gboolean are_types(const int64_t *distinct, size_t n)
{
    /* Sorted: 0, 1, ... or 1, 2, ... without a gap. */
    if (n > MAX_TYPES || distinct[0] < 0 || distinct[0] > 1)
        return FALSE;
    return distinct[n - 1] - distinct[0] == (int64_t)n - 1;
}

static int compare_int64(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The distinct values of an integer column, sorted, if there are at most `most` of them; 0: more. */
static size_t distinct_values(const AlloyColumn *column, int64_t *values, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < column->n; i++) {
        size_t k = 0;
        while (k < n && values[k] != column->integer[i])
            k++;
        if (k < n)
            continue;
        if (n == most)
            return 0;
        values[n++] = column->integer[i];
    }
    qsort(values, n, sizeof *values, compare_int64);
    return n;
}

/* What an integer column without a name can be: species as types or atomic numbers, or neither. */
static Role role_of_integers(const AlloyColumn *column, gboolean types_too)
{
    int64_t values[MAX_ATOMIC_NUMBERS];
    size_t n = distinct_values(column, values, MAX_ATOMIC_NUMBERS);
    if (n == 0 || (n == column->n && n > 3))
        return ROLE_COLUMN;
    if (are_types(values, n))
        return types_too ? ROLE_TYPE : ROLE_COLUMN;
    return values[0] >= 1 && values[n - 1] <= 118 ? ROLE_SPECIES : ROLE_COLUMN;
}

static gboolean is_number(const AlloyColumn *column)
{
    return column->type == ALLOY_REAL || column->type == ALLOY_INTEGER;
}

/* Roles of the columns of a file without a header, by what they hold. */
static void roles_of_values(Reading *reading)
{
    size_t n = reading->n_columns, first = 0, last = n - 1;
    int species = -1;
    Role role = ROLE_SPECIES;
    if (reading->n == 0)
        return;
    const AlloyColumn *head = reading->fields[0].column, *tail = reading->fields[last].column;
    if (n == 3) {
        first = 0;
    } else if (n >= 4 && head->type == ALLOY_TEXT) {
        species = 0;
        first = 1;
    } else if (n == 4 && tail->type == ALLOY_TEXT) {
        species = 3;
    } else if (n >= 4 && head->type == ALLOY_INTEGER) {
        role = role_of_integers(head, n == 4);
        species = role != ROLE_COLUMN ? 0 : -1;
        first = 1;
    } else if (n == 4 && tail->type == ALLOY_INTEGER) {
        role = role_of_integers(tail, TRUE);
        species = role != ROLE_COLUMN ? 3 : -1;
    }
    if (n < 3 || (n > 3 && species < 0))
        return;
    for (size_t k = 0; k < 3; k++)
        if (!is_number(reading->fields[first + k].column))
            return;
    if (species >= 0)
        set_role(reading, (size_t)species, role);
    for (size_t k = 0; k < 3; k++)
        set_role(reading, first + k, (Role)(ROLE_X + k));
}

static void describe_guess(const Reading *reading, GPtrArray *warnings)
{
    static const char *const names[] = {
        [ROLE_X] = "x", [ROLE_Y] = "y", [ROLE_Z] = "z", [ROLE_SPECIES] = "species", [ROLE_TYPE] = "type"};
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t c = 0; c < reading->n_columns && c < 6; c++) {
        Role role = reading->roles[c];
        g_string_append(text, c > 0 ? ", " : "");
        if (role != ROLE_COLUMN)
            g_string_append(text, names[role]);
        else
            g_string_append_printf(text, "column_%" G_GSIZE_FORMAT, c + 1);
    }
    alloy_warn(warnings, "columns", NULL, NULL, "%s: no header names the column%s: taken for %s%s",
               reading->source->name, reading->n_columns == 1 ? "" : "s", text->str,
               reading->n_columns > 6 ? ", ..." : "");
}

/* Unique names of what stays a column; of atoms, those of positions are taken. */
static void name_columns(Reading *reading)
{
    static const char *const reserved[] = {"species", "x", "y", "z", NULL};
    reading->names = alloy_unique_names_new(is_model(reading) ? reserved : NULL);
    for (size_t c = 0; c < reading->n_columns; c++) {
        const char *given = reading->sheet.names != NULL ? reading->sheet.names->pdata[c] : "";
        g_autofree char *numbered = g_strdup_printf("column_%" G_GSIZE_FORMAT, c + 1);
        const char *name = given[0] != '\0' ? given : numbered;
        gboolean position =
            is_model(reading) && reading->roles[c] >= ROLE_X && reading->roles[c] <= ROLE_SPECIES;
        /* What is no column keeps its name for messages, which the sheet owns: a role comes by a name. */
        reading->fields[c].name = position ? given : alloy_unique_names_take(reading->names, name);
        const char *unit = reading->sheet.units != NULL ? reading->sheet.units->pdata[c] : "";
        reading->fields[c].unit = unit[0] != '\0' ? unit : NULL;
    }
}

static gboolean species_of_text(const AlloyColumn *column, AlloyAtomsBuilder *builder, const char *place,
                                GError **error)
{
    g_autofree uint16_t *map = g_new0(uint16_t, column->n_labels + 1);
    for (uint32_t k = 0; k < column->n_labels; k++) {
        const char *label = column->labels[k];
        int kind = alloy_atoms_builder_kind(builder, label[0] != '\0' ? label : "X", MAX(strlen(label), 1));
        if (kind < 0)
            return alloy_format_error(error, place, 0, "more than 65535 different species");
        map[k] = (uint16_t)kind;
    }
    for (size_t i = 0; i < column->n; i++)
        builder->species[i] = map[column->code[i]];
    return TRUE;
}

static gboolean set_species(const Reading *reading, AlloyAtomsBuilder *builder, GPtrArray *warnings,
                            GError **error)
{
    const char *place = reading->source->name;
    Role role = reading->at[ROLE_SPECIES] >= 0 ? ROLE_SPECIES : ROLE_TYPE;
    int at = reading->at[role];
    if (reading->n == 0)
        return TRUE;
    if (at < 0) {
        alloy_atoms_builder_named_kind(builder, "X", 0);
        memset(builder->species, 0, reading->n * sizeof *builder->species);
        alloy_warn(warnings, "species", ALLOY_FIX_TYPES, ALLOY_FIX_TYPES_TITLE,
                   "%s: no column tells the species: all atoms are X", place);
        return TRUE;
    }
    const AlloyColumn *column = reading->fields[at].column;
    if (column->type == ALLOY_REAL)
        return alloy_format_error(error, place, 0, "%s: species are names or whole numbers, %.17g found",
                                  column->name, column->real[0]);
    if (column->type == ALLOY_TEXT)
        return species_of_text(column, builder, place, error);
    return alloy_atoms_builder_set_types(builder, column->integer,
                                         role == ROLE_SPECIES ? alloy_name_of_atomic_number : NULL, NULL) ||
           alloy_format_error(error, place, 0, "more than 65535 different species");
}

/* Angstrom from the unit of a column; 0: the unit is no length that is known. */
static double scale_of(const char *unit)
{
    static const struct {
        const char *unit;
        double scale;
    } known[] = {{ALLOY_UNIT_LENGTH, 1}, {"nm", 10}, {"pm", 0.01}, {"m", 1e10}, {ALLOY_UNIT_NONE, 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (unit == NULL || strcmp(unit, known[i].unit) == 0)
            return unit == NULL ? 1 : known[i].scale;
    return 0;
}

static void scale_positions(const Reading *reading, AlloyAtomsBuilder *builder, GPtrArray *warnings)
{
    double *const arrays[3] = {builder->x, builder->y, builder->z};
    for (int k = 0; k < 3; k++) {
        const AlloyField *field = &reading->fields[reading->at[ROLE_X + k]];
        double scale = scale_of(field->unit);
        if (scale == 0)
            alloy_warn(warnings, "unit", NULL, NULL, "%s: %s has the unit \"%s\", taken for angstrom",
                       reading->source->name, field->name, field->unit);
        if (scale == 0 || scale == 1)
            continue;
        for (size_t i = 0; i < reading->n; i++)
            arrays[k][i] *= scale;
        if (k == 0)
            alloy_warn(warnings, "unit", NULL, NULL,
                       "%s: positions in %s as the header says, turned into angstrom", reading->source->name,
                       field->unit);
    }
}

static void fields_clear(AlloyField *fields, size_t n)
{
    for (size_t c = 0; c < n; c++)
        alloy_clear(&fields[c].column);
}

/* Positions go where they stay. Without a header the columns had to be read before it was known which these
 * are. */
static gboolean read_positions(const Reading *reading, AlloyRows *rows, AlloyAtomsBuilder *builder,
                               AlloyProgress *progress, GError **error)
{
    g_autofree AlloyField *fields = g_new0(AlloyField, reading->n_columns);
    double *const arrays[3] = {builder->x, builder->y, builder->z};
    for (size_t c = 0; c < reading->n_columns; c++)
        fields[c] = (AlloyField){.name = reading->fields[c].name, .type = ALLOY_FIELD_SKIP};
    for (int k = 0; k < 3; k++) {
        AlloyField *field = &fields[reading->at[ROLE_X + k]];
        field->type = ALLOY_FIELD_REAL;
        field->into = arrays[k];
        field->finite = TRUE;
    }
    return alloy_rows_parse(rows, fields, reading->n_columns, NULL, progress, error);
}

static gboolean same_stage(const AlloyColumn *stage, size_t a, size_t b)
{
    char first[ALLOY_DOUBLE_TEXT], second[ALLOY_DOUBLE_TEXT];
    return stage->type == ALLOY_TEXT ? stage->code[a] == stage->code[b]
                                     : strcmp(alloy_column_format_at(stage, a, first),
                                              alloy_column_format_at(stage, b, second)) == 0;
}

/* Our own files of a series: runs of rows with the same stage. Without stage_label (files of versions before
 * it) the stage is its label. */
static AlloyData *split_stages(const Reading *reading, const AlloyAtoms *atoms)
{
    const AlloyColumn *stage = reading->fields[0].column;
    const AlloyColumn *label_of =
        reading->at[ROLE_LABEL] >= 0 ? reading->fields[reading->at[ROLE_LABEL]].column : stage;
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t i = 0; i < atoms->n; i++)
        if (i == 0 || !same_stage(stage, i - 1, i) || !same_stage(label_of, i - 1, i))
            g_array_append_val(begins, i);
    g_array_append_val(begins, atoms->n);
    size_t n = begins->len - 1;
    g_autoptr(GPtrArray) parts = alloy_atoms_slices(atoms, (const size_t *)(const void *)begins->data, n);
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree AlloyStage *stages = g_new(AlloyStage, n);
    for (size_t s = 0; s < n; s++) {
        char buffer[ALLOY_DOUBLE_TEXT];
        char *label = g_strdup(alloy_column_format_at(label_of, g_array_index(begins, size_t, s), buffer));
        g_ptr_array_add(labels, label);
        stages[s] = (AlloyStage){parts->pdata[s], NAN, NAN, label};
    }
    return (AlloyData *)alloy_series_new(reading->source->base, stages, n);
}

static AlloyData *finish_model(Reading *reading, AlloyAtomsBuilder *given, GPtrArray *warnings,
                               GError **error)
{
    g_autoptr(AlloyAtomsBuilder) builder = given;
    scale_positions(reading, builder, warnings);
    if (!set_species(reading, builder, warnings, error))
        return NULL;
    for (size_t c = 0; c < reading->n_columns; c++) {
        AlloyField *field = &reading->fields[c];
        /* Types are kept as numbers beside the species that are made of them. */
        if (field->column == NULL)
            continue;
        if (reading->roles[c] == ROLE_COLUMN)
            alloy_atoms_builder_set_column(builder, g_steal_pointer(&field->column));
        else if (reading->roles[c] == ROLE_TYPE && field->column->type == ALLOY_INTEGER)
            alloy_atoms_builder_set_column(builder, alloy_column_renamed(field->column, "type"));
    }
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
    if (reading->at[ROLE_STAGE] >= 0 && atoms->n > 0)
        return split_stages(reading, atoms);
    return (AlloyData *)g_steal_pointer(&atoms);
}

static AlloyData *make_table(Reading *reading)
{
    AlloyColumns *columns = alloy_columns_new();
    for (size_t c = 0; c < reading->n_columns; c++)
        g_ptr_array_add(columns, (gpointer)g_steal_pointer(&reading->fields[c].column));
    return (AlloyData *)alloy_table_new(reading->source->base, columns, NULL);
}

static AlloyData *read_rows(Reading *reading, AlloyRows *rows, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    size_t n_columns = reading->n_columns;
    gboolean header = reading->sheet.names != NULL;
    if (header)
        roles_of_names(reading);
    g_autoptr(AlloyAtomsBuilder) builder = NULL;
    for (size_t c = 0; c < n_columns; c++)
        reading->fields[c].type = ALLOY_FIELD_AUTO;
    if (header && is_model(reading)) {
        builder = alloy_atoms_builder_new(reading->n);
        double *const arrays[3] = {builder->x, builder->y, builder->z};
        for (int k = 0; k < 3; k++) {
            AlloyField *field = &reading->fields[reading->at[ROLE_X + k]];
            field->type = ALLOY_FIELD_REAL;
            field->into = arrays[k];
            field->finite = TRUE;
        }
    }
    name_columns(reading);
    if (!alloy_rows_parse(rows, reading->fields, n_columns, NULL, progress, error))
        return NULL;
    if (header)
        return builder != NULL ? finish_model(reading, g_steal_pointer(&builder), warnings, error)
                               : make_table(reading);
    roles_of_values(reading);
    describe_guess(reading, warnings);
    if (!is_model(reading))
        return make_table(reading);
    for (int k = 0; k < 3; k++)
        alloy_clear(&reading->fields[reading->at[ROLE_X + k]].column);
    builder = alloy_atoms_builder_new(reading->n);
    if (!read_positions(reading, rows, builder, progress, error))
        return NULL;
    return finish_model(reading, g_steal_pointer(&builder), warnings, error);
}

static AlloyData *read_text(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    Reading reading = {.source = source};
    if (!alloy_sheet_open(&reading.sheet, source)) {
        alloy_format_error(error, source->name, 0,
                           "rows of columns expected, nothing but comments and blanks found");
        return NULL;
    }
    AlloyData *data = NULL;
    reading.n_columns = reading.sheet.n_columns;
    g_autoptr(AlloyRows) rows =
        alloy_rows_find(&reading.sheet.rows, SIZE_MAX, &reading.sheet.style, progress, error);
    if (rows != NULL && reading.n_columns > ALLOY_MOST_COLUMNS) {
        alloy_format_error(error, source->name, 0, "%" G_GSIZE_FORMAT " columns, %d at most are read",
                           reading.n_columns, ALLOY_MOST_COLUMNS);
    } else if (rows != NULL) {
        reading.n = alloy_rows_count(rows);
        reading.fields = g_new0(AlloyField, reading.n_columns);
        reading.roles = g_new0(Role, reading.n_columns);
        for (int r = 0; r <= ROLE_LABEL; r++)
            reading.at[r] = -1;
        data = read_rows(&reading, rows, warnings, progress, error);
        fields_clear(reading.fields, reading.n_columns);
        alloy_unique_names_free(reading.names);
        g_free(reading.fields);
        g_free(reading.roles);
    }
    alloy_sheet_clear(&reading.sheet);
    return data;
}

static gboolean has_ending(const AlloySource *source, const char *const *endings)
{
    for (size_t i = 0; endings[i] != NULL; i++) {
        size_t length = strlen(source->base), ending = strlen(endings[i]);
        if (length > ending && g_ascii_strcasecmp(source->base + length - ending, endings[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static int detect_text(const AlloySource *source)
{
    size_t head = MIN(source->length, 4096);
    for (size_t i = 0; i < head; i++)
        if ((guchar)source->text[i] < 0x20 &&
            strchr("\t\n\v\f\r", source->text[i] != '\0' ? source->text[i] : 'x') == NULL)
            return 0;
    AlloySheet sheet;
    if (!alloy_sheet_open(&sheet, source))
        return 0;
    static const char *const tables[] = {".csv", ".tsv", NULL}, *const texts[] = {".txt", ".dat", ".tab",
                                                                                  NULL};
    gboolean regular = sheet.regular && sheet.numbers;
    /* What calls itself a table is one, if only to say which row is wrong. */
    int score = has_ending(source, tables)                                ? 40
                : has_ending(source, texts) && (regular || sheet.numbers) ? 30
                : regular && sheet.n_columns > 1                          ? 15
                                                                          : 0;
    alloy_sheet_clear(&sheet);
    return score;
}

static const char *const extensions[] = {"csv", NULL};

const AlloyFormat alloy_format_text = {
    .name = "text",
    .title = "delimited text (CSV)",
    .extensions = extensions,
    .detect = detect_text,
    .read = read_text,
    .writes = alloy_csv_writes,
    .write = alloy_csv_write,
    .losses = alloy_csv_losses,
};
