/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The species of a model from another file: positions and types are often published apart. */
#include "core/structure/import-private.h"

#include "core/base/error.h"
#include "core/data/table.h"
#include "core/formats/source.h"
#include "core/formats/text.h"

#include <string.h>

/* Names of columns that hold species, the surest first. */
static const char *const known[] = {"species",  "element",   "elements", "symbol", "type",  "types",
                                    "atomtype", "atom_type", "atoms",    "atom",   "label", "labels"};

static gboolean can_be_species(const AlloyColumn *column)
{
    return column->type == ALLOY_INTEGER || column->type == ALLOY_TEXT || column->type == ALLOY_BOOLEAN;
}

static gboolean is_known(const char *name)
{
    for (size_t k = 0; k < G_N_ELEMENTS(known); k++)
        if (g_ascii_strcasecmp(name, known[k]) == 0)
            return TRUE;
    return FALSE;
}

/* A list of words, one a line, with or without the name of a column above them: what a reader of tables would
 * take for a name may be the first label. NULL: no such list, or none that is longer than its name. */
static const AlloyColumn *read_list(const char *path)
{
    g_autoptr(AlloySource) source = alloy_source_open(path, NULL, NULL);
    if (source == NULL || memchr(source->text, '\0', source->length) != NULL)
        return NULL;
    AlloyLines lines;
    AlloySpan line, words[1];
    int64_t number;
    alloy_lines_init(&lines, source);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(AlloySpan));
    size_t numbers = 0;
    while (alloy_lines_next_filled(&lines, &line)) {
        if (*alloy_span_strip(line).begin == '#')
            continue;
        if (alloy_span_split(line, words, 1) != 1 ||
            strcspn(words[0].begin, ",;\"\t\n") < alloy_span_length(words[0]))
            return NULL;
        numbers += alloy_span_to_integer(words[0], &number);
        g_array_append_val(found, words[0]);
    }
    const AlloySpan *word = (const AlloySpan *)(const void *)found->data;
    size_t n = found->len, first = 0;
    if (n > 1 && !alloy_span_to_integer(word[0], &number)) {
        g_autofree char *name = alloy_span_dup(word[0], NULL);
        first = is_known(name) || numbers == n - 1;
    }
    if (n == first || (numbers != 0 && numbers != n - first))
        return NULL;
    n -= first;
    if (numbers > 0) {
        int64_t *values = alloy_array_new(int64_t, n);
        for (size_t i = 0; i < n; i++)
            alloy_span_to_integer(word[first + i], &values[i]);
        return alloy_column_new_integer("types", ALLOY_UNIT_NONE, values, n);
    }
    uint32_t *codes = alloy_array_new(uint32_t, n);
    AlloyLabels *labels = alloy_labels_new();
    for (size_t i = 0; i < n; i++) {
        g_autofree char *label = alloy_span_dup(word[first + i], NULL);
        codes[i] = alloy_labels_add(labels, label, strlen(label));
    }
    return alloy_labels_finish(labels, "labels", codes, n);
}

/* The column of a table that holds them: the only one that can, else one of known name. */
static const AlloyColumn *find_column(const AlloyTable *table, const char *place, GError **error)
{
    const AlloyColumn *sole = NULL;
    unsigned able = 0;
    for (unsigned i = 0; i < table->columns->len; i++)
        if (can_be_species(table->columns->pdata[i])) {
            sole = table->columns->pdata[i];
            able++;
        }
    if (able == 1)
        return sole;
    for (size_t k = 0; k < G_N_ELEMENTS(known) && able > 1; k++)
        for (unsigned i = 0; i < table->columns->len; i++) {
            const AlloyColumn *column = table->columns->pdata[i];
            if (g_ascii_strcasecmp(column->name, known[k]) == 0 && can_be_species(column))
                return column;
        }
    g_autoptr(GString) names = g_string_new(NULL);
    for (unsigned i = 0; i < MIN(table->columns->len, 12); i++)
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                               ((const AlloyColumn *)table->columns->pdata[i])->name);
    g_autofree char *count = able > 0 ? g_strdup_printf("%u", able) : g_strdup("none");
    alloy_input_error(error, "%s: one column of types (whole numbers) or labels expected, %s found among %s",
                      place, count, names->len > 0 ? names->str : "no columns");
    return NULL;
}

static gboolean check_count(size_t found, const char *what, const char *place, const AlloyAtoms *atoms,
                            GError **error)
{
    return found == atoms->n ||
           alloy_input_error(error, "%s holds %zu %s for the %zu atoms", place, found, what, atoms->n);
}

static gboolean species_of_labels(AlloyAtomsBuilder *builder, const AlloyColumn *column)
{
    g_autofree int *kind = g_new(int, column->n_labels + 1);
    for (uint32_t k = 0; k < column->n_labels; k++)
        kind[k] = -1;
    for (size_t i = 0; i < column->n; i++) {
        const char *label = alloy_column_text_at(column, i);
        if (kind[column->code[i]] < 0)
            kind[column->code[i]] =
                alloy_atoms_builder_kind(builder, *label != '\0' ? label : "X", MAX(strlen(label), 1));
        if (kind[column->code[i]] < 0)
            return FALSE;
        builder->species[i] = (uint16_t)kind[column->code[i]];
    }
    return TRUE;
}

static const AlloyAtoms *with_column(const AlloyAtoms *atoms, const AlloyColumn *column, const char *place,
                                     GError **error)
{
    if (!check_count(column->n, column->type == ALLOY_TEXT ? "labels" : "types", place, atoms, error))
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_builder_without_species(atoms);
    gboolean good;
    if (column->type == ALLOY_TEXT) {
        good = species_of_labels(builder, column);
    } else {
        g_autofree int64_t *types = g_new(int64_t, atoms->n + 1);
        for (size_t i = 0; i < atoms->n; i++)
            types[i] = column->type == ALLOY_INTEGER ? column->integer[i] : column->boolean[i];
        good = alloy_atoms_builder_set_types(builder, types, NULL, NULL);
    }
    if (!good) {
        alloy_input_error(error, "%s: more than 65535 different species", place);
        return NULL;
    }
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static const AlloyAtoms *with_model(const AlloyAtoms *atoms, const AlloyAtoms *other, const char *place,
                                    GError **error)
{
    if (!check_count(other->n, "atoms", place, atoms, error))
        return NULL;
    AlloyAtomsBuilder *builder = alloy_builder_without_species(atoms);
    for (unsigned k = 0; k < other->n_kinds; k++)
        alloy_atoms_builder_named_kind(builder, other->kinds[k].name, other->kinds[k].z);
    memcpy(builder->species, other->species, atoms->n * sizeof *builder->species);
    return alloy_atoms_builder_finish(builder);
}

const AlloyAtoms *alloy_fix_types(const AlloyAtoms *atoms, const char *value, GError **error)
{
    /* What a reader kept, not knowing what it is. */
    const AlloyColumn *own = alloy_atoms_column(atoms, value);
    if (own != NULL && can_be_species(own))
        return with_column(atoms, own, value, error);
    g_autoptr(AlloyColumn) list = (AlloyColumn *)read_list(value);
    if (list != NULL)
        return with_column(atoms, list, value, error);
    g_autoptr(AlloyData) data = alloy_read_file(value, NULL, NULL, NULL, error);
    if (data == NULL)
        return NULL;
    if (ALLOY_IS_ATOMS(data))
        return with_model(atoms, (const AlloyAtoms *)data, value, error);
    if (!ALLOY_IS_TABLE(data)) {
        alloy_input_error(error, "%s: a %s; a table or one model expected, which tells the species", value,
                          data->klass->name);
        return NULL;
    }
    const AlloyColumn *column = find_column((const AlloyTable *)data, value, error);
    return column != NULL ? with_column(atoms, column, value, error) : NULL;
}
