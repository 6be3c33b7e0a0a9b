/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/elements.h"
#include "core/formats/model.h"

#include <math.h>

/* Protein Data Bank files, format 3.3 (wwpdb.org/documentation/file-format): fields at fixed columns, which
 * may touch. Several models make a series. */

typedef struct {
    const AlloySource *source;
    AlloyLines lines;
    GPtrArray *warnings;
    AlloyProgress *progress;
    AlloyCell cell;
    gboolean has_cell, said_group;
    AlloySpan title;
} Pdb;

/* Columns first to last of a line, counted from 1, without blanks around. */
static AlloySpan field(AlloySpan line, size_t first, size_t last)
{
    size_t length = alloy_span_length(line);
    AlloySpan span = {line.begin + MIN(first - 1, length), line.begin + MIN(last, length)};
    return alloy_span_strip(span);
}

static gboolean is_record(AlloySpan line, const char *name)
{
    return alloy_span_equals(field(line, 1, 6), name);
}

static gboolean is_atom(AlloySpan line)
{
    return is_record(line, "ATOM") || is_record(line, "HETATM");
}

static gboolean read_crystal(Pdb *pdb, AlloySpan line, GError **error)
{
    static const size_t columns[6][2] = {{7, 15}, {16, 24}, {25, 33}, {34, 40}, {41, 47}, {48, 54}};
    double v[6];
    for (int k = 0; k < 6; k++)
        if (!alloy_lines_finite(&pdb->lines, field(line, columns[k][0], columns[k][1]), "CRYST1", &v[k],
                                error))
            return FALSE;
    /* What programs write that have no cell to tell. */
    gboolean none = (v[0] == 1 && v[1] == 1 && v[2] == 1) || (v[0] == 0 && v[1] == 0 && v[2] == 0);
    pdb->has_cell = !none;
    if (none)
        return TRUE;
    AlloySpan group = field(line, 56, 66);
    if (!pdb->said_group && group.begin < group.end && !alloy_span_equals(group, "P 1") &&
        !alloy_span_equals(group, "P1") && !alloy_span_equals(group, "1")) {
        g_autofree char *name = alloy_span_quote(group);
        alloy_warn(pdb->warnings, "ignored", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT
                   ": the symmetry of space group %s was not applied; only the atoms "
                   "that the file lists were read",
                   pdb->source->name, pdb->lines.line, name);
        pdb->said_group = TRUE;
    }
    return alloy_cell_from_parameters(&pdb->cell, v, v + 3, pdb->source->name, pdb->lines.line, error);
}

/* The element: columns 77-78, else columns 13-14, where the symbol stands right-justified (" CA " is carbon
 * alpha, "CA  " is calcium); names of four letters that begin with H are hydrogens. */
static AlloySpan symbol_of(AlloySpan line)
{
    AlloySpan symbol = field(line, 77, 78);
    if (symbol.begin < symbol.end &&
        alloy_element_by_symbol(symbol.begin, (gssize)alloy_span_length(symbol)) != NULL)
        return symbol;
    /* In files whose serial numbers have grown beyond their columns the name begins early. */
    AlloySpan name = field(line, 12, 16);
    size_t length = alloy_span_length(name);
    const char *from = line.begin + 12; /* column 13; the line is long enough to hold positions */
    if (name.begin < from)
        from = name.begin;
    while (name.begin < name.end && g_ascii_isdigit(*name.begin))
        name.begin++;
    AlloySpan two = {name.begin, MIN(name.begin + 2, name.end)},
              one = {name.begin, MIN(name.begin + 1, name.end)};
    gboolean left = name.begin == from && alloy_span_length(two) == 2 && g_ascii_isalpha(two.begin[1]);
    if (left && !(length == 4 && *name.begin == 'H') && alloy_element_by_symbol(two.begin, 2) != NULL)
        return two;
    if (one.begin < one.end && alloy_element_by_symbol(one.begin, 1) != NULL)
        return one;
    return name;
}

typedef struct {
    double *x, *y, *z, *occupancy, *b;
    int64_t *serial, *residue;
    uint8_t *numbered; /* serial and residue numbers are numbers */
} Arrays;

static gboolean read_atom(const AlloyLines *at, AlloySpan line, size_t i, gpointer data, GError **error)
{
    const Arrays *a = data;
    if (!alloy_lines_finite(at, field(line, 31, 38), "x (columns 31 to 38)", &a->x[i], error) ||
        !alloy_lines_finite(at, field(line, 39, 46), "y (columns 39 to 46)", &a->y[i], error) ||
        !alloy_lines_finite(at, field(line, 47, 54), "z (columns 47 to 54)", &a->z[i], error))
        return FALSE;
    AlloySpan occupancy = field(line, 55, 60), b = field(line, 61, 66);
    a->occupancy[i] = 1;
    a->b[i] = 0;
    if (occupancy.begin < occupancy.end && !alloy_span_to_real(occupancy, &a->occupancy[i]))
        a->occupancy[i] = 1;
    if (b.begin < b.end && !alloy_span_to_real(b, &a->b[i]))
        a->b[i] = 0;
    a->serial[i] = a->residue[i] = 0;
    a->numbered[i] = (uint8_t)(alloy_span_to_integer(field(line, 7, 11), &a->serial[i]) |
                               alloy_span_to_integer(field(line, 23, 26), &a->residue[i]) << 1);
    return TRUE;
}

/* A column of the words at first..last; NULL when there are none. */
static const AlloyColumn *words(const GArray *lines, const char *name, size_t first, size_t last)
{
    uint32_t *codes = alloy_array_new(uint32_t, lines->len);
    AlloyLabels *labels = alloy_labels_new();
    gboolean any = FALSE;
    for (unsigned i = 0; i < lines->len; i++) {
        AlloySpan word = field(g_array_index(lines, AlloyAtomLine, i).text, first, last);
        any = any || word.begin < word.end;
        codes[i] = alloy_labels_add(labels, word.begin, alloy_span_length(word));
    }
    const AlloyColumn *column = alloy_labels_finish(labels, name, codes, lines->len);
    if (!any)
        alloy_clear(&column);
    return column;
}

static gboolean differs(const double *values, size_t n, double usual)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] != usual)
            return TRUE;
    return FALSE;
}

static void take_column(AlloyAtomsBuilder *builder, const AlloyColumn *column, gboolean wanted)
{
    if (wanted && column != NULL)
        alloy_atoms_builder_set_column(builder, column);
    else
        alloy_data_unref(column);
}

static void set_columns(AlloyAtomsBuilder *builder, const GArray *lines, Arrays *a)
{
    size_t n = builder->n;
    uint8_t numbered = 3;
    for (size_t i = 0; i < n; i++)
        numbered &= a->numbered[i];
    gboolean partial = differs(a->occupancy, n, 1);
    gboolean b = differs(a->b, n, 0);
    take_column(builder, alloy_column_new_integer("id", "1", a->serial, n), n > 0 && (numbered & 1));
    take_column(builder, words(lines, "residue_name", 18, 20), TRUE);
    take_column(builder, words(lines, "chain", 22, 22), TRUE);
    take_column(builder, alloy_column_new_integer("residue", "1", a->residue, n), n > 0 && (numbered & 2));
    take_column(builder, alloy_column_new_real("occupancy", "1", a->occupancy, n), partial);
    take_column(builder, alloy_column_new_real("b_factor", ALLOY_UNIT_AREA, a->b, n), b);
}

static gboolean set_species(Pdb *pdb, AlloyAtomsBuilder *builder, const GArray *lines, GError **error)
{
    for (unsigned i = 0; i < lines->len; i++) {
        const AlloyAtomLine *line = &g_array_index(lines, AlloyAtomLine, i);
        AlloySpan symbol = symbol_of(line->text);
        int kind = symbol.begin < symbol.end
                       ? alloy_atoms_builder_kind(builder, symbol.begin, alloy_span_length(symbol))
                       : alloy_atoms_builder_named_kind(builder, "unknown", 0);
        if (kind < 0)
            return alloy_format_error(error, pdb->source->name, line->line,
                                      "more than 65535 different species");
        builder->species[i] = (uint16_t)kind;
    }
    return TRUE;
}

static const AlloyAtoms *finish_model(Pdb *pdb, const GArray *lines, GError **error)
{
    size_t n = lines->len;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(n);
    Arrays a = {
        .x = builder->x,
        .y = builder->y,
        .z = builder->z,
        .occupancy = alloy_array_new(double, n),
        .b = alloy_array_new(double, n),
        .serial = alloy_array_new(int64_t, n),
        .residue = alloy_array_new(int64_t, n),
        .numbered = alloy_array_new(uint8_t, n),
    };
    gboolean good = alloy_atom_lines_read(pdb->source, lines, read_atom, &a, NULL, error) &&
                    alloy_progress_check(pdb->progress, error) && set_species(pdb, builder, lines, error);
    if (good) {
        set_columns(builder, lines, &a);
    } else {
        alloy_array_unref(a.occupancy);
        alloy_array_unref(a.b);
        alloy_array_unref(a.serial);
        alloy_array_unref(a.residue);
    }
    alloy_array_unref(a.numbered);
    if (!good)
        return NULL;
    if (pdb->has_cell)
        alloy_atoms_builder_set_cell(builder, &pdb->cell);
    alloy_model_set_text(builder, "title", pdb->title, pdb->warnings, pdb->source);
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

/* Takes the model's atom lines; FALSE with an error. */
static gboolean end_model(Pdb *pdb, GArray *lines, GPtrArray *models, GError **error)
{
    if (lines->len == 0)
        return TRUE;
    const AlloyAtoms *atoms = finish_model(pdb, lines, error);
    if (atoms == NULL)
        return FALSE;
    g_ptr_array_add(models, (gpointer)atoms);
    g_array_set_size(lines, 0);
    alloy_progress_set(pdb->progress,
                       (double)(pdb->lines.at - pdb->source->text) / (double)pdb->source->length);
    return TRUE;
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    Pdb pdb = {.source = source, .warnings = warnings, .progress = progress};
    alloy_lines_init(&pdb.lines, source);
    g_autoptr(GPtrArray) models = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(AlloyAtomLine));
    AlloySpan line;
    while (alloy_lines_next(&pdb.lines, &line)) {
        if (is_atom(line)) {
            AlloyAtomLine atom = {line, pdb.lines.line};
            g_array_append_val(lines, atom);
        } else if (is_record(line, "CRYST1")) {
            /* Of this model when it stands before its atoms, else of the next. */
            if (!read_crystal(&pdb, line, error))
                return NULL;
        } else if (is_record(line, "TITLE") && pdb.title.begin == NULL) {
            pdb.title = field(line, 11, 80);
        } else if (is_record(line, "MODEL") || is_record(line, "ENDMDL") || is_record(line, "END")) {
            if (!end_model(&pdb, lines, models, error))
                return NULL;
        }
    }
    if (!end_model(&pdb, lines, models, error))
        return NULL;
    if (models->len == 0) {
        alloy_format_error(error, source->name, 0, "no ATOM or HETATM record in this file");
        return NULL;
    }
    return alloy_models_finish(models, source->base);
}

static int detect(const AlloySource *source)
{
    static const char *const records[] = {"HEADER", "TITLE",  "CRYST1", "REMARK", "COMPND", "MODEL",
                                          "AUTHOR", "EXPDTA", "ORIGX1", "SCALE1", "SEQRES", "CONECT"};
    AlloyLines lines;
    AlloySpan line;
    double value;
    alloy_lines_init(&lines, source);
    gboolean known = FALSE;
    for (int n = 0; n < 2000 && alloy_lines_next_filled(&lines, &line); n++) {
        if (is_atom(line))
            return alloy_span_to_real(field(line, 31, 38), &value) &&
                           alloy_span_to_real(field(line, 39, 46), &value) &&
                           alloy_span_to_real(field(line, 47, 54), &value)
                       ? 95
                   : known ? 60
                           : 20;
        for (size_t r = 0; r < G_N_ELEMENTS(records) && !known; r++)
            known = is_record(line, records[r]);
        if (!known)
            return 0;
    }
    return known ? 30 : 0;
}

static const char *const extensions[] = {"pdb", "ent", NULL};

const AlloyFormat alloy_format_pdb = {
    .name = "pdb",
    .title = "Protein Data Bank",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
};
