/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/linalg.h"
#include "core/data/elements.h"
#include "core/formats/model.h"

#include <math.h>

/* AtomEye's CFG, standard and extended (J. Li, Modelling Simul. Mater. Sci. Eng. 11, 173 (2003);
 * li.mit.edu/Archive/Graphics/A). Positions are s H with rows of H as edges; the cell stays where the file
 * has it. */

#define MOST_COLUMNS 1024

typedef struct {
    const AlloySource *source;
    AlloyLines lines;
    GPtrArray *warnings;
    int64_t n;
    double scale, rate; /* A, in angstrom; R, in 1/ns */
    double h0[3][3], transform[3][3], eta[3][3];
    gboolean extended, velocities, said_unknown;
    int64_t entries;          /* numbers of a row of the extended kind; 0: not said */
    GPtrArray *names, *units; /* of char *, of the auxiliary columns; NULL where not said */
} Cfg;

static void cfg_clear(Cfg *cfg)
{
    g_clear_pointer(&cfg->names, g_ptr_array_unref);
    g_clear_pointer(&cfg->units, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cfg, cfg_clear)

/* The next line that holds more than a comment. */
static gboolean next_line(AlloyLines *lines, AlloySpan *line)
{
    while (alloy_lines_next_filled(lines, line)) {
        const char *comment = memchr(line->begin, '#', alloy_span_length(*line));
        if (comment != NULL)
            line->end = comment;
        *line = alloy_span_strip(*line);
        if (line->begin < line->end)
            return TRUE;
    }
    return FALSE;
}

typedef enum { SETTING, NO_SETTING, WRONG } Found;

static Found set_number(Cfg *cfg, AlloySpan value, const char *what, double *number, GError **error)
{
    return alloy_lines_finite(&cfg->lines, value, what, number, error) ? SETTING : WRONG;
}

/* "H0(1,2)" */
static Found set_matrix(Cfg *cfg, const char *name, AlloySpan key, double matrix[3][3], AlloySpan value,
                        GError **error)
{
    size_t length = strlen(name);
    if (alloy_span_length(key) != length + 5 || !alloy_span_has_prefix(key, name))
        return NO_SETTING;
    const char *p = key.begin + length;
    if (p[0] != '(' || p[2] != ',' || p[4] != ')' || p[1] < '1' || p[1] > '3' || p[3] < '1' || p[3] > '3')
        return NO_SETTING;
    return set_number(cfg, value, name, &matrix[p[1] - '1'][p[3] - '1'], error);
}

/* "auxiliary[2] = kine [reduced unit]" */
static Found set_auxiliary(Cfg *cfg, AlloySpan key, AlloySpan value, GError **error)
{
    int64_t index;
    AlloySpan number = {key.begin + strlen("auxiliary["), key.end - 1};
    if (key.end[-1] != ']' || !alloy_span_to_integer(number, &index) || index < 0 || index >= MOST_COLUMNS) {
        alloy_lines_error(&cfg->lines, error, "the number of an auxiliary column is not one of 0 to %d",
                          MOST_COLUMNS - 1);
        return WRONG;
    }
    if (cfg->names->len <= index) {
        g_ptr_array_set_size(cfg->names, (int)index + 1);
        g_ptr_array_set_size(cfg->units, (int)index + 1);
    }
    const char *bracket = memchr(value.begin, '[', alloy_span_length(value));
    AlloySpan unit = {value.end, value.end};
    if (bracket != NULL && bracket > value.begin) {
        unit = (AlloySpan){bracket + 1, value.end - (value.end[-1] == ']')};
        value.end = bracket;
    }
    g_free(cfg->names->pdata[index]);
    g_free(cfg->units->pdata[index]);
    cfg->names->pdata[index] = alloy_model_column_name(value);
    cfg->units->pdata[index] =
        alloy_span_is_empty(unit) ? g_strdup("1") : alloy_span_dup(alloy_span_strip(unit), NULL);
    return SETTING;
}

static Found read_setting(Cfg *cfg, AlloySpan line, GError **error)
{
    if (alloy_span_equals(line, ".NO_VELOCITY.")) {
        cfg->velocities = FALSE;
        return SETTING;
    }
    const char *equals = memchr(line.begin, '=', alloy_span_length(line));
    if (equals == NULL)
        return NO_SETTING;
    AlloySpan key = alloy_span_strip((AlloySpan){line.begin, equals});
    AlloySpan value = alloy_span_strip((AlloySpan){equals + 1, line.end}), rest = value, first;
    alloy_span_next(&rest, &first);
    if (alloy_span_equals(key, "A"))
        return set_number(cfg, first, "A", &cfg->scale, error);
    if (alloy_span_equals(key, "R"))
        return set_number(cfg, first, "R", &cfg->rate, error);
    if (alloy_span_equals(key, "entry_count")) {
        cfg->extended = TRUE;
        return alloy_lines_integer(&cfg->lines, first, "entry_count", &cfg->entries, error) ? SETTING : WRONG;
    }
    if (alloy_span_has_prefix(key, "auxiliary["))
        return set_auxiliary(cfg, key, value, error);
    Found found = set_matrix(cfg, "H0", key, cfg->h0, first, error);
    if (found == NO_SETTING)
        found = set_matrix(cfg, "Transform", key, cfg->transform, first, error);
    if (found == NO_SETTING)
        found = set_matrix(cfg, "eta", key, cfg->eta, first, error);
    if (found != NO_SETTING)
        return found;
    if (!cfg->said_unknown) {
        g_autofree char *quoted = alloy_span_quote(key);
        alloy_warn(cfg->warnings, "ignored", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT ": the setting %s is not known", cfg->source->name,
                   cfg->lines.line, quoted);
    }
    cfg->said_unknown = TRUE;
    return SETTING;
}

/* The head, up to the first line of the atoms, which stays to be read. */
static gboolean read_head(Cfg *cfg, GError **error)
{
    AlloySpan line, rest;
    static const char start[] = "Number of particles";
    if (!next_line(&cfg->lines, &line) || !alloy_span_has_prefix(line, start))
        return alloy_lines_error(&cfg->lines, error, "\"%s = N\" expected", start);
    rest = alloy_span_strip((AlloySpan){line.begin + strlen(start), line.end});
    if (rest.begin < rest.end && *rest.begin == '=')
        rest.begin++;
    AlloySpan number;
    alloy_span_next(&rest, &number);
    if (!alloy_lines_integer(&cfg->lines, number, start, &cfg->n, error))
        return FALSE;
    for (AlloyLines before = cfg->lines; next_line(&cfg->lines, &line); before = cfg->lines) {
        Found found = read_setting(cfg, line, error);
        if (found == WRONG)
            return FALSE;
        if (found == NO_SETTING) {
            cfg->lines = before;
            break;
        }
    }
    return TRUE;
}

static void multiply(const double a[3][3], const double b[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        alloy_row_times3(a[i], b, out[i]);
}

/* H = A H0 Transform sqrt(1 + 2 eta). */
static gboolean make_cell(Cfg *cfg, AlloyCell *cell, GError **error)
{
    double h[3][3];
    multiply(cfg->h0, cfg->transform, h);
    gboolean strained = FALSE;
    double metric[9], values[3], vectors[9];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double eta = cfg->eta[MIN(i, j)][MAX(i, j)];
            strained = strained || eta != 0;
            metric[3 * i + j] = (i == j) + 2 * eta;
        }
    if (strained) {
        if (!alloy_eigen_symmetric(metric, 3, values, vectors, error))
            return FALSE;
        if (!(values[0] > 0))
            return alloy_format_error(error, cfg->source->name, 0,
                                      "the strain eta turns the cell inside out");
        double root[3][3] = {{0}}, product[3][3];
        for (int k = 0; k < 3; k++)
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    root[i][j] += sqrt(values[k]) * vectors[3 * k + i] * vectors[3 * k + j];
        multiply(h, root, product);
        memcpy(h, product, sizeof h);
    }
    *cell = (AlloyCell){.periodic = {TRUE, TRUE, TRUE}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            cell->vector[i][j] = h[i][j] * cfg->scale;
    g_autoptr(GError) singular = NULL;
    if (!alloy_cell_check(cell, &singular))
        return alloy_format_error(error, cfg->source->name, cfg->lines.line, "H0: %s", singular->message);
    return TRUE;
}

/* The lines of the atoms, with the species that stand in them (standard) or in lines of their own (extended).
 */
static GArray *take_atoms(Cfg *cfg, AlloyAtomsBuilder *builder, GError **error)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(AlloyAtomLine));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    AlloySpan line, tokens[2], symbol;
    double mass = NAN;
    int kind = -1;
    while (lines->len < builder->n && next_line(&cfg->lines, &line)) {
        size_t n = alloy_span_split(line, tokens, 2);
        gboolean named = cfg->extended ? n == 1 : n >= 2;
        if (cfg->extended && n == 1 && alloy_span_to_real(tokens[0], &mass))
            continue;
        if (named) {
            symbol = tokens[cfg->extended ? 0 : 1];
            if (!cfg->extended && !alloy_lines_real(&cfg->lines, tokens[0], "mass", &mass, error))
                return NULL;
            kind = alloy_atoms_builder_kind(builder, symbol.begin, alloy_span_length(symbol));
            if (kind < 0) {
                alloy_lines_error(&cfg->lines, error, "more than 65535 different species");
                return NULL;
            }
            if (g_hash_table_add(seen, GINT_TO_POINTER(kind))) {
                const AlloySpecies *species = &g_array_index(builder->kinds, AlloySpecies, kind);
                if (species->z == 0)
                    alloy_model_warn_mass(cfg->warnings, cfg->source, species->name, mass);
            }
            if (cfg->extended)
                continue;
        }
        if (kind < 0) {
            alloy_lines_error(&cfg->lines, error,
                              cfg->extended ? "lines with mass and symbol expected before the first atom"
                                            : "mass, symbol and s1 s2 s3 expected");
            return NULL;
        }
        AlloyAtomLine atom = {line, cfg->lines.line};
        builder->species[lines->len] = (uint16_t)kind;
        g_array_append_val(lines, atom);
    }
    if (lines->len < builder->n) {
        alloy_lines_error(&cfg->lines, error, "the file ends after %u of %zu atoms", lines->len, builder->n);
        return NULL;
    }
    return g_steal_pointer(&lines);
}

typedef struct {
    size_t skip;     /* tokens before the numbers */
    double **values; /* of each number of a row: positions, velocities, auxiliary */
    size_t n;
    gboolean optional_velocities; /* the last three of n may be missing */
} Row;

static gboolean read_atom(const AlloyLines *at, AlloySpan text, size_t i, gpointer data, GError **error)
{
    const Row *row = data;
    AlloySpan token;
    for (size_t k = 0; k < row->skip; k++)
        alloy_span_next(&text, &token);
    for (size_t k = 0; k < row->n; k++) {
        if (!alloy_span_next(&text, &token)) {
            if (row->optional_velocities && k == 3) {
                for (; k < row->n; k++)
                    row->values[k][i] = 0;
                return TRUE;
            }
            return alloy_lines_error(at, error, "%zu columns expected, %zu found", row->skip + row->n,
                                     row->skip + k);
        }
        if (k < 3 ? !alloy_lines_finite(at, token, "position", &row->values[k][i], error)
                  : !alloy_lines_real(at, token, "value", &row->values[k][i], error))
            return FALSE;
    }
    if (!alloy_span_is_empty(text))
        return alloy_lines_error(at, error, "more than %zu columns", row->skip + row->n);
    return TRUE;
}

/* Rates of s to angstrom/ns. */
static void scale_velocities(const Cfg *cfg, const AlloyCell *cell, double **v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double s[3] = {v[0][i], v[1][i], v[2][i]}, r[3];
        alloy_row_times3(s, cell->vector, r);
        for (int k = 0; k < 3; k++)
            v[k][i] = r[k] * cfg->rate;
    }
}

static const AlloyColumn *make_column(const char *name, const char *unit, double *values, size_t n)
{
    static const char *const integers[] = {"id", "type", "mol", "ix", "iy", "iz"};
    gboolean whole = FALSE;
    for (size_t k = 0; k < G_N_ELEMENTS(integers); k++)
        whole = whole || strcmp(name, integers[k]) == 0;
    for (size_t i = 0; whole && i < n; i++)
        whole = fabs(values[i]) < 0x1p53 && values[i] == floor(values[i]);
    if (!whole)
        return alloy_column_new_real(name, unit, values, n);
    int64_t *numbers = alloy_array_new(int64_t, n);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (int64_t)values[i];
    alloy_array_unref(values);
    return alloy_column_new_integer(name, unit, numbers, n);
}

static gboolean read_rows(Cfg *cfg, AlloyAtomsBuilder *builder, const AlloyCell *cell, const GArray *lines,
                          AlloyProgress *progress, GError **error)
{
    size_t first = cfg->velocities ? 6 : 3;
    size_t n_values = cfg->extended ? (size_t)cfg->entries : first;
    g_autofree double **values = g_new0(double *, n_values);
    values[0] = builder->x;
    values[1] = builder->y;
    values[2] = builder->z;
    for (size_t k = 3; k < n_values; k++)
        values[k] = alloy_array_new(double, builder->n);
    Row row = {.skip = cfg->extended ? 0 : 2,
               .values = values,
               .n = n_values,
               .optional_velocities = !cfg->extended};
    gboolean good = alloy_atom_lines_read(cfg->source, lines, read_atom, &row, progress, error);
    if (good && cfg->velocities)
        scale_velocities(cfg, cell, values + 3, builder->n);
    for (size_t k = 3; k < n_values; k++) {
        g_autofree char *unnamed = g_strdup_printf("auxiliary_%zu", k - first);
        const char *name = unnamed, *unit = "1";
        if (k < first) {
            name = (const char *[]){"vx", "vy", "vz"}[k - 3];
            unit = "angstrom/ns";
        } else if (k - first < cfg->names->len && cfg->names->pdata[k - first] != NULL) {
            name = cfg->names->pdata[k - first];
            unit = cfg->units->pdata[k - first];
        }
        if (good)
            alloy_atoms_builder_set_column(builder, make_column(name, unit, values[k], builder->n));
        else
            alloy_array_unref(values[k]);
    }
    return good;
}

static gboolean check_counts(Cfg *cfg, GError **error)
{
    int64_t first = cfg->velocities ? 6 : 3;
    if (cfg->extended && (cfg->entries < first || cfg->entries > first + MOST_COLUMNS))
        return alloy_lines_error(&cfg->lines, error,
                                 "entry_count is %" G_GINT64_FORMAT ", not one of %" G_GINT64_FORMAT
                                 " to %" G_GINT64_FORMAT,
                                 cfg->entries, first, first + MOST_COLUMNS);
    int64_t auxiliary = cfg->extended ? cfg->entries - first : 0;
    if (cfg->names->len > auxiliary)
        return alloy_lines_error(
            &cfg->lines, error,
            "%u auxiliary columns are named, but entry_count leaves room for %" G_GINT64_FORMAT,
            cfg->names->len, auxiliary);
    return alloy_lines_can_hold(&cfg->lines, cfg->n, cfg->extended ? (size_t)cfg->entries : 5, "atoms",
                                error);
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    g_auto(Cfg) cfg = {
        .source = source,
        .warnings = warnings,
        .scale = 1,
        .rate = 1,
        .transform = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        .velocities = TRUE,
        .names = g_ptr_array_new_with_free_func(g_free),
        .units = g_ptr_array_new_with_free_func(g_free),
    };
    AlloyCell cell;
    alloy_lines_init(&cfg.lines, source);
    if (!read_head(&cfg, error) || !make_cell(&cfg, &cell, error) || !check_counts(&cfg, error))
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new((size_t)cfg.n);
    g_autoptr(GArray) lines = take_atoms(&cfg, builder, error);
    if (lines == NULL || !read_rows(&cfg, builder, &cell, lines, progress, error))
        return NULL;
    alloy_model_to_cartesian(builder, &cell);
    if (!alloy_model_check_finite(builder, source->name, error))
        return NULL;
    alloy_atoms_builder_set_cell(builder, &cell);
    return (AlloyData *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static int detect(const AlloySource *source)
{
    AlloyLines lines;
    AlloySpan line;
    alloy_lines_init(&lines, source);
    return next_line(&lines, &line) && alloy_span_has_prefix(line, "Number of particles") ? 100 : 0;
}

static const char *const extensions[] = {"cfg", NULL};

const AlloyFormat alloy_format_cfg = {
    .name = "cfg",
    .title = "AtomEye CFG",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
};
