/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/lammps-styles.h"

typedef struct {
    const char *name, *columns;
    gboolean common; /* one that is thought of where a file does not name its style */
} Style;

/* In the order in which they are preferred where several with the same layout fit. */
static const Style styles[] = {
    {"atomic", "id type x y z", TRUE},
    {"molecular", "id mol type x y z", TRUE},
    {"charge", "id type q x y z", TRUE},
    {"full", "id mol type q x y z", TRUE},
    {"sphere", "id type diameter density x y z", TRUE},
    {"bond", "id mol type x y z", FALSE},
    {"angle", "id mol type x y z", FALSE},
    {"body", "id type bodyflag mass x y z", FALSE},
    {"bpm/sphere", "id mol type diameter density x y z", FALSE},
    {"dielectric", "id type q x y z mux muy muz area ed em epsilon curvature", FALSE},
    {"dipole", "id type q x y z mux muy muz", FALSE},
    {"dpd", "id type theta x y z", FALSE},
    {"edpd", "id type edpd_temp edpd_cv x y z", FALSE},
    {"electron", "id type q spin eradius x y z", FALSE},
    {"ellipsoid", "id type ellipsoidflag density x y z", FALSE},
    {"line", "id mol type lineflag density x y z", FALSE},
    {"mdpd", "id type rho x y z", FALSE},
    {"peri", "id type volume density x y z", FALSE},
    {"rheo", "id type status rho x y z", FALSE},
    {"rheo/thermal", "id type status rho energy x y z", FALSE},
    {"smd", "id type mol volume mass kernel_radius contact_radius x0 y0 z0 x y z", FALSE},
    {"sph", "id type rho esph cv x y z", FALSE},
    {"spin", "id type x y z spx spy spz sp", FALSE},
    {"template", "id type mol template_index template_atom x y z", FALSE},
    {"tri", "id mol type triangleflag density x y z", FALSE},
    {"wavepacket", "id type q spin eradius etag cs_re cs_im x y z", FALSE},
};

gboolean alloy_lammps_style_is_integer(const char *column)
{
    static const char *const integers[] = {
        "id",   "mol",          "type",          "bodyflag", "ellipsoidflag", "lineflag",
        "spin", "triangleflag", "template_atom", "etag",     "status",        "ix",
        "iy",   "iz",           "template_index"};
    for (size_t i = 0; i < G_N_ELEMENTS(integers); i++)
        if (strcmp(column, integers[i]) == 0)
            return TRUE;
    return FALSE;
}

/* Also with the suffix of an accelerated variant. */
static const Style *style_called(AlloySpan name)
{
    static const char *const suffixes[] = {"", "/kk", "/gpu", "/intel", "/omp", "/opt"};
    for (size_t i = 0; i < G_N_ELEMENTS(styles); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(suffixes); k++) {
            g_autofree char *text = g_strconcat(styles[i].name, suffixes[k], NULL);
            if (alloy_span_equals(name, text))
                return &styles[i];
        }
    return NULL;
}

/* A hybrid has id, type and position first, then what each style adds, nothing twice. */
static char **hybrid_columns(const AlloyLines *at, AlloySpan rest, GError **error)
{
    g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(g_free);
    static const char *const first[] = {"id", "type", "x", "y", "z"};
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        g_ptr_array_add(columns, g_strdup(first[i]));
    AlloySpan token;
    while (alloy_span_next(&rest, &token)) {
        const Style *style = style_called(token);
        if (style == NULL) {
            g_autofree char *found = alloy_span_quote(token);
            alloy_lines_error(at, error, "the atom style %s is not known", found);
            return NULL;
        }
        g_auto(GStrv) own = g_strsplit(style->columns, " ", -1);
        for (char **column = own; *column != NULL; column++)
            if (!g_ptr_array_find_with_equal_func(columns, *column, g_str_equal, NULL))
                g_ptr_array_add(columns, g_strdup(*column));
    }
    g_ptr_array_add(columns, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&columns), FALSE);
}

char **alloy_lammps_style_columns(const AlloyLines *at, AlloySpan hint, GError **error)
{
    AlloySpan token;
    if (!alloy_span_next(&hint, &token))
        return NULL;
    if (alloy_span_equals(token, "hybrid"))
        return hybrid_columns(at, hint, error);
    const Style *style = style_called(token);
    return style != NULL ? g_strsplit(style->columns, " ", -1) : NULL;
}

enum { MOST_COLUMNS = 10, ROWS_TRIED = 10000 };

typedef struct {
    size_t least, most;             /* columns of a line */
    gboolean integer[MOST_COLUMNS]; /* in all lines */
    gboolean type[MOST_COLUMNS];    /* an integer of 1..n_types in all lines */
    const GArray *lines;
    size_t tried;
} Look;

static gboolean look_at(Look *look, const AlloySource *source, const GArray *lines, int64_t n_types,
                        GError **error)
{
    *look = (Look){.least = SIZE_MAX, .lines = lines, .tried = MIN(lines->len, ROWS_TRIED)};
    for (size_t k = 0; k < MOST_COLUMNS; k++)
        look->integer[k] = look->type[k] = TRUE;
    for (size_t i = 0; i < look->tried; i++) {
        const AlloyAtomLine *line = &g_array_index(lines, AlloyAtomLine, i);
        AlloySpan tokens[MOST_COLUMNS];
        size_t n = alloy_span_split(line->text, tokens, MOST_COLUMNS);
        if (n < 5 || n > MOST_COLUMNS)
            return alloy_format_error(error, source->name, line->line,
                                      "%zu columns do not tell the atom style; name it: \"Atoms # charge\"",
                                      n);
        look->least = MIN(look->least, n);
        look->most = MAX(look->most, n);
        for (size_t k = 0; k < n; k++) {
            int64_t value;
            look->integer[k] = look->integer[k] && alloy_span_to_integer(tokens[k], &value);
            look->type[k] =
                look->type[k] && look->integer[k] && value >= 1 && (n_types == 0 || value <= n_types);
        }
    }
    return TRUE;
}

static size_t index_of(const char *columns, const char *name)
{
    g_auto(GStrv) list = g_strsplit(columns, " ", -1);
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static gboolean fits(const Look *look, const Style *style)
{
    g_auto(GStrv) columns = g_strsplit(style->columns, " ", -1);
    size_t n = g_strv_length(columns);
    gboolean flags = look->least == n + 3 && look->most == n + 3;
    if (!flags && (look->least != n || (look->most != n && look->most != n + 3)))
        return FALSE;
    for (size_t k = 0; k < n; k++) {
        if (alloy_lammps_style_is_integer(columns[k]) && !look->integer[k])
            return FALSE;
        if (strcmp(columns[k], "type") == 0 && !look->type[k])
            return FALSE;
    }
    for (size_t k = n; flags && k < n + 3; k++)
        if (!look->integer[k])
            return FALSE;
    /* Positions that are integers, all of them, are image flags. */
    size_t x = index_of(style->columns, "x");
    return look->lines->len < 3 || !(look->integer[x] && look->integer[x + 1] && look->integer[x + 2]) ||
           flags;
}

/* Whether the atoms come out with the same positions and types. */
static gboolean same_layout(const Look *look, const Style *a, const Style *b)
{
    if (index_of(a->columns, "x") != index_of(b->columns, "x"))
        return FALSE;
    size_t p = index_of(a->columns, "type"), q = index_of(b->columns, "type");
    if (p == q)
        return TRUE;
    for (size_t i = 0; i < look->lines->len; i++) {
        AlloySpan tokens[MOST_COLUMNS];
        int64_t v = 0, w = 0;
        size_t n = alloy_span_split(g_array_index(look->lines, AlloyAtomLine, i).text, tokens, MOST_COLUMNS);
        if (n <= MAX(p, q) || !alloy_span_to_integer(tokens[p], &v) ||
            !alloy_span_to_integer(tokens[q], &w) || v != w)
            return FALSE;
    }
    return TRUE;
}

char **alloy_lammps_style_guess(const AlloySource *source, const GArray *lines, int64_t n_types,
                                gboolean bonded, const char **style, GError **error)
{
    Look look;
    if (lines->len == 0) {
        *style = styles[0].name;
        return g_strsplit(styles[0].columns, " ", -1);
    }
    if (!look_at(&look, source, lines, n_types, error))
        return NULL;
    uint64_t line = g_array_index(lines, AlloyAtomLine, 0).line;
    const Style *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(styles); i++) {
        const Style *candidate = &styles[i];
        gboolean molecules = index_of(candidate->columns, "mol") != SIZE_MAX;
        if (!candidate->common || (bonded && !molecules) || !fits(&look, candidate))
            continue;
        if (found == NULL) {
            found = candidate;
        } else if (!same_layout(&look, found, candidate)) {
            alloy_format_error(error, source->name, line,
                               "%zu columns may be of atom style %s or %s; name it: \"Atoms # %s\"",
                               look.least, found->name, candidate->name, found->name);
            return NULL;
        }
    }
    if (found == NULL) {
        alloy_format_error(error, source->name, line,
                           "%zu columns do not tell the atom style; name it: \"Atoms # charge\"", look.least);
        return NULL;
    }
    *style = found->name;
    return g_strsplit(found->columns, " ", -1);
}
