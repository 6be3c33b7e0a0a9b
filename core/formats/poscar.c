/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/linalg.h"
#include "core/data/elements.h"
#include "core/formats/model.h"
#include "core/formats/poscar-write.h"

#include <math.h>

/* VASP's POSCAR and CONTCAR, the atoms of CHGCAR and its like, and XDATCAR (vasp.at/wiki: POSCAR, XDATCAR).
 */

typedef struct {
    const AlloySource *source;
    AlloyLines lines;
    GPtrArray *warnings;
    AlloyProgress *progress;
} Poscar;

/* What stands before the atoms. */
typedef struct {
    AlloySpan title;
    double scale[3];
    AlloyCell cell;     /* scaled */
    GPtrArray *symbols; /* of char *; empty: VASP 4 */
    GArray *counts;     /* of int64_t */
    int64_t n;
} Head;

static void head_clear(Head *head)
{
    g_clear_pointer(&head->symbols, g_ptr_array_unref);
    g_clear_pointer(&head->counts, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Head, head_clear)

static gboolean need_filled(Poscar *poscar, AlloySpan *line, const char *what, GError **error)
{
    if (alloy_lines_next_filled(&poscar->lines, line))
        return TRUE;
    return alloy_format_error(error, poscar->source->name, poscar->lines.line + 1,
                              "the file ends where %s is expected", what);
}

/* How many numbers a line begins with; up to three are stored. */
static size_t leading_numbers(AlloySpan line, double values[3])
{
    AlloySpan token;
    double value;
    size_t n = 0;
    for (; alloy_span_next(&line, &token) && alloy_span_to_real(token, &value); n++)
        if (n < 3)
            values[n] = value;
    return n;
}

/* One factor; or minus the volume of the cell; or (three numbers, no more) a factor for each of x, y, z. */
static gboolean read_cell(Poscar *poscar, Head *head, GError **error)
{
    AlloySpan line;
    double scale[3];
    if (!need_filled(poscar, &line, "the scale", error))
        return FALSE;
    size_t n = leading_numbers(line, scale);
    if (n == 0) {
        g_autofree char *found = alloy_span_quote(alloy_span_strip(line));
        return alloy_lines_error(&poscar->lines, error, "scale: a number expected, %s found", found);
    }
    uint64_t scale_line = poscar->lines.line;
    if (n != 3)
        scale[1] = scale[2] = scale[0];
    for (int k = 0; k < 3; k++)
        if (!isfinite(scale[k]) || scale[k] == 0 || (n == 3 && scale[k] < 0))
            return alloy_lines_error(&poscar->lines, error,
                                     "scale: one number other than 0, or three above 0 expected, %g found",
                                     scale[k]);
    head->cell = (AlloyCell){.periodic = {TRUE, TRUE, TRUE}};
    for (int row = 0; row < 3; row++) {
        if (!need_filled(poscar, &line, "a lattice vector", error))
            return FALSE;
        for (int k = 0; k < 3; k++) {
            AlloySpan token;
            alloy_span_next(&line, &token);
            if (!alloy_lines_finite(&poscar->lines, token, "lattice vector", &head->cell.vector[row][k],
                                    error))
                return FALSE;
        }
    }
    if (scale[0] < 0) {
        double volume = fabs(alloy_det3(head->cell.vector));
        scale[0] = scale[1] = scale[2] = cbrt(-scale[0] / volume);
    }
    for (int row = 0; row < 3; row++)
        for (int k = 0; k < 3; k++)
            head->cell.vector[row][k] *= scale[k];
    memcpy(head->scale, scale, sizeof head->scale);
    g_autoptr(GError) singular = NULL;
    if (!alloy_cell_check(&head->cell, &singular))
        return alloy_format_error(error, poscar->source->name, scale_line, "%s", singular->message);
    return TRUE;
}

static gboolean is_element(AlloySpan token)
{
    return g_ascii_isupper(*token.begin) &&
           alloy_element_by_symbol(token.begin, (gssize)alloy_span_length(token)) != NULL;
}

/* "Pd_pv/4a1c": the POTCAR's name and hash come after the symbol. */
static AlloySpan without_suffix(AlloySpan token)
{
    AlloySpan head = token;
    for (const char *p = token.begin; p < token.end; p++)
        if (*p == '_' || *p == '/') {
            head.end = p;
            break;
        }
    return head.end > head.begin && is_element(head) ? head : token;
}

static gboolean read_counts(Poscar *poscar, Head *head, AlloySpan line, GError **error)
{
    AlloySpan token;
    int64_t count;
    while (alloy_span_next(&line, &token) && alloy_span_to_integer(token, &count)) {
        if (count < 0 || count > INT32_MAX || head->n > INT64_MAX / 2)
            return alloy_lines_error(&poscar->lines, error, "a number of atoms is %" G_GINT64_FORMAT, count);
        g_array_append_val(head->counts, count);
        head->n += count;
    }
    if (head->counts->len == 0) {
        g_autofree char *found = alloy_span_quote(token);
        return alloy_lines_error(&poscar->lines, error, "numbers of atoms expected, %s found", found);
    }
    if (head->counts->len > 65535)
        return alloy_lines_error(&poscar->lines, error, "%u groups of atoms", head->counts->len);
    if (head->symbols->len > 0 && head->symbols->len != head->counts->len)
        return alloy_lines_error(&poscar->lines, error,
                                 "%u species are named, but %u numbers of atoms follow", head->symbols->len,
                                 head->counts->len);
    return TRUE;
}

/* All but the title. */
static gboolean read_head(Poscar *poscar, AlloySpan title, Head *head, GError **error)
{
    head_clear(head);
    *head = (Head){
        .title = title,
        .symbols = g_ptr_array_new_with_free_func(g_free),
        .counts = g_array_new(FALSE, FALSE, sizeof(int64_t)),
    };
    AlloySpan line, token;
    int64_t number;
    if (!read_cell(poscar, head, error) || !need_filled(poscar, &line, "species or numbers of atoms", error))
        return FALSE;
    AlloySpan rest = line;
    alloy_span_next(&rest, &token);
    if (alloy_span_to_integer(token, &number))
        return read_counts(poscar, head, line, error);
    while (alloy_span_next(&line, &token) && *token.begin != '!' && *token.begin != '#') {
        token = without_suffix(token);
        g_ptr_array_add(head->symbols, g_strndup(token.begin, alloy_span_length(token)));
    }
    return need_filled(poscar, &line, "the numbers of atoms", error) &&
           read_counts(poscar, head, line, error);
}

typedef struct {
    AlloyAtomsBuilder *builder;
    const double *scale;
    gboolean cartesian;
    uint8_t *selective[3]; /* NULL: none */
} Atoms;

static gboolean read_atom(const AlloyLines *at, AlloySpan text, size_t i, gpointer data, GError **error)
{
    const Atoms *atoms = data;
    double *into[3] = {&atoms->builder->x[i], &atoms->builder->y[i], &atoms->builder->z[i]};
    AlloySpan token;
    for (int k = 0; k < 3; k++) {
        alloy_span_next(&text, &token);
        if (!alloy_lines_finite(at, token, "position", into[k], error))
            return FALSE;
        if (atoms->cartesian)
            *into[k] *= atoms->scale[k];
    }
    for (int k = 0; k < 3 && atoms->selective[k] != NULL; k++) {
        alloy_span_next(&text, &token);
        const char *p = token.begin + (token.begin < token.end && *token.begin == '.');
        char letter = p < token.end ? g_ascii_toupper(*p) : '\0';
        if (letter != 'T' && letter != 'F') {
            g_autofree char *found = alloy_span_quote(token);
            return alloy_lines_error(at, error, "T or F expected, %s found", found);
        }
        atoms->selective[k][i] = letter == 'T';
    }
    return TRUE;
}

/* VASP 4 has no names: the title gives them when its words are just as many elements as there are groups,
 * else the words that follow the positions do. */
static void name_groups(Poscar *poscar, Head *head, const GArray *lines, gboolean selective)
{
    AlloySpan title = head->title, token;
    unsigned named = 0;
    while (alloy_span_next(&title, &token) && is_element(without_suffix(token)))
        named++;
    const char *by = "its title";
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (named == head->counts->len) {
        title = head->title;
        while (names->len < named && alloy_span_next(&title, &token)) {
            token = without_suffix(token);
            g_ptr_array_add(names, g_strndup(token.begin, alloy_span_length(token)));
        }
    } else {
        by = "the words after the positions";
        size_t first = 0;
        for (unsigned g = 0; g < head->counts->len; g++) {
            int64_t count = g_array_index(head->counts, int64_t, g);
            if (count == 0)
                break;
            AlloySpan rest = g_array_index(lines, AlloyAtomLine, first).text;
            for (int k = 0; k < (selective ? 7 : 4); k++)
                alloy_span_next(&rest, &token);
            if (token.begin == token.end || !is_element(token))
                break;
            g_ptr_array_add(names, g_strndup(token.begin, alloy_span_length(token)));
            first += (size_t)count;
        }
    }
    if (names->len != head->counts->len) {
        alloy_warn(poscar->warnings, "species", NULL, NULL,
                   "%s: the species are not named; they are \"Type 1\" to \"Type %u\"", poscar->source->name,
                   head->counts->len);
        for (unsigned g = 0; g < head->counts->len; g++)
            g_ptr_array_add(head->symbols, g_strdup_printf("Type %u", g + 1));
        return;
    }
    g_autoptr(GString) list = g_string_new(NULL);
    for (unsigned g = 0; g < names->len; g++) {
        g_ptr_array_add(head->symbols, g_strdup(names->pdata[g]));
        if (g < 10)
            g_string_append_printf(list, " %s", (const char *)names->pdata[g]);
    }
    alloy_warn(poscar->warnings, "species", NULL, NULL, "%s: the species are named by %s:%s%s",
               poscar->source->name, by, list->str, names->len > 10 ? " ..." : "");
}

static void set_species(AlloyAtomsBuilder *builder, const Head *head)
{
    size_t i = 0;
    for (unsigned g = 0; g < head->counts->len; g++) {
        const char *symbol = head->symbols->pdata[g];
        int kind = alloy_atoms_builder_kind(builder, symbol, strlen(symbol));
        g_assert(kind >= 0); /* there are at most 65535 groups */
        for (int64_t k = 0; k < g_array_index(head->counts, int64_t, g); k++)
            builder->species[i++] = (uint16_t)kind;
    }
}

static AlloyAtomsBuilder *read_atoms(Poscar *poscar, Head *head, gboolean cartesian, gboolean selective,
                                     AlloyProgress *progress, GError **error)
{
    if (!alloy_lines_can_hold(&poscar->lines, head->n, 1, "atoms", error))
        return NULL;
    size_t n = (size_t)head->n;
    g_autoptr(GArray) lines = alloy_atom_lines_take(&poscar->lines, n, '\0', "atoms", error);
    if (lines == NULL)
        return NULL;
    if (head->symbols->len == 0)
        name_groups(poscar, head, lines, selective);
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(n);
    Atoms atoms = {.builder = builder, .scale = head->scale, .cartesian = cartesian};
    for (int k = 0; k < 3 && selective; k++)
        atoms.selective[k] = alloy_array_new(uint8_t, n);
    gboolean good = alloy_atom_lines_read(poscar->source, lines, read_atom, &atoms, progress, error);
    for (int k = 0; k < 3 && selective; k++) {
        static const char *const names[] = {"selective_x", "selective_y", "selective_z"};
        if (good)
            alloy_atoms_builder_set_column(builder,
                                           alloy_column_new_boolean(names[k], atoms.selective[k], n));
        else
            alloy_array_unref(atoms.selective[k]);
    }
    if (!good)
        return NULL;
    if (!cartesian)
        alloy_model_to_cartesian(builder, &head->cell);
    if (!alloy_model_check_finite(builder, poscar->source->name, error))
        return NULL;
    set_species(builder, head);
    alloy_atoms_builder_set_cell(builder, &head->cell);
    alloy_model_set_text(builder, "title", head->title, poscar->warnings, poscar->source);
    return g_steal_pointer(&builder);
}

static gboolean read_velocity(const AlloyLines *at, AlloySpan text, size_t i, gpointer data, GError **error)
{
    double *const *into = data;
    for (int k = 0; k < 3; k++) {
        AlloySpan token;
        alloy_span_next(&text, &token);
        if (!alloy_lines_finite(at, token, "velocity", &into[k][i], error))
            return FALSE;
    }
    return TRUE;
}

/* CHGCAR and its like: three integers, then lines of more than three numbers. */
static gboolean is_grid(AlloyLines lines, int64_t size[3])
{
    AlloySpan line, tokens[4];
    if (!alloy_lines_next_filled(&lines, &line) || alloy_span_split(line, tokens, 4) != 3)
        return FALSE;
    for (int k = 0; k < 3; k++)
        if (!alloy_span_to_integer(tokens[k], &size[k]) || size[k] < 1)
            return FALSE;
    return alloy_lines_next_filled(&lines, &line) && alloy_span_split(line, NULL, 0) > 3;
}

/* What follows the atoms: lattice velocities (skipped), velocities in angstrom/fs, or the grid of a CHGCAR.
 */
static gboolean read_rest(Poscar *poscar, AlloyAtomsBuilder *builder, AlloyProgress *progress, GError **error)
{
    AlloyLines *lines = &poscar->lines;
    AlloySpan line;
    AlloyLines before = *lines;
    if (!alloy_lines_next(lines, &line))
        return TRUE;
    if (g_ascii_toupper(*alloy_span_strip(line).begin) == 'L') {
        for (int k = 0; k < 7 && alloy_lines_next(lines, &line);)
            k += !alloy_span_is_empty(line);
        before = *lines;
        if (!alloy_lines_next(lines, &line))
            return TRUE;
    }
    /* A blank line and "Cartesian" say the same; some programs leave both out. */
    char mode = alloy_span_is_empty(line) ? 'C' : g_ascii_toupper(*alloy_span_strip(line).begin);
    if (mode != 'C' && mode != 'K' && mode != 'D')
        *lines = before;
    before = *lines;
    int64_t size[3];
    if (is_grid(*lines, size)) {
        alloy_warn(poscar->warnings, "ignored", NULL, NULL,
                   "%s: the volume of %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                   " points was not read",
                   poscar->source->name, size[0], size[1], size[2]);
        return TRUE;
    }
    if (!alloy_lines_next_filled(lines, &line))
        return TRUE;
    *lines = before;
    g_autoptr(GError) wrong = NULL;
    g_autoptr(GArray) taken = alloy_atom_lines_take(lines, builder->n, '\0', "velocities", &wrong);
    double *into[3] = {NULL};
    for (int k = 0; k < 3; k++)
        into[k] = alloy_array_new(double, taken != NULL ? builder->n : 0);
    gboolean good =
        taken != NULL && alloy_atom_lines_read(poscar->source, taken, read_velocity, into, progress, &wrong);
    gboolean cancelled = alloy_is_cancelled(wrong);
    if (cancelled) {
        g_propagate_error(error, g_steal_pointer(&wrong));
    } else if (!good || mode == 'D') {
        alloy_warn(poscar->warnings, "ignored", NULL, NULL, "%s: what follows the atoms was not read%s%s",
                   poscar->source->name,
                   wrong != NULL ? ": " : " (velocities in lattice vectors per time step)",
                   wrong != NULL ? wrong->message : "");
        good = FALSE;
    }
    for (int k = 0; k < 3; k++) {
        if (good)
            alloy_atoms_builder_set_column(builder,
                                           alloy_column_new_real((const char *[]){"vx", "vy", "vz"}[k],
                                                                 "angstrom/fs", into[k], builder->n));
        else
            alloy_array_unref(into[k]);
    }
    return !cancelled;
}

static gboolean is_configuration(AlloySpan line, gboolean *cartesian)
{
    line = alloy_span_strip(line);
    AlloySpan word;
    alloy_span_next(&line, &word);
    *cartesian = alloy_span_equals_nocase(word, "cartesian");
    return (*cartesian || alloy_span_equals_nocase(word, "direct")) &&
           alloy_span_has_prefix(alloy_span_strip(line), "configuration");
}

/* XDATCAR: heads (one, or one for each frame when the cell changes) and frames "Direct configuration= N". */
static AlloyData *read_trajectory(Poscar *poscar, AlloySpan title, GError **error)
{
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    g_auto(Head) head = {0};
    g_autoptr(GError) wrong = NULL;
    AlloySpan line = title;
    gboolean more = TRUE, cartesian, good = TRUE;
    for (; more && good; more = alloy_lines_next_filled(&poscar->lines, &line)) {
        if (!is_configuration(line, &cartesian)) {
            good = read_head(poscar, line, &head, &wrong);
            continue;
        }
        if (head.counts == NULL) {
            good = alloy_lines_error(&poscar->lines, &wrong, "a frame before the first cell");
            break;
        }
        double done = (double)(poscar->lines.at - poscar->source->text) / (double)poscar->source->length;
        alloy_progress_set(poscar->progress, done);
        g_autoptr(AlloyProgress) part = alloy_progress_part(poscar->progress, done, done);
        const char *equals = memchr(line.begin, '=', alloy_span_length(line));
        AlloyAtomsBuilder *builder = read_atoms(poscar, &head, cartesian, FALSE, part, &wrong);
        good = builder != NULL;
        if (!good)
            break;
        int64_t number;
        if (equals != NULL &&
            alloy_span_to_integer(alloy_span_strip((AlloySpan){equals + 1, line.end}), &number))
            alloy_atoms_builder_set_info(builder, alloy_scalar_integer("timestep", "1", number));
        g_ptr_array_add(frames, (gpointer)alloy_atoms_builder_finish(builder));
    }
    if (!good && (frames->len == 0 || alloy_is_cancelled(wrong))) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return NULL;
    }
    if (frames->len == 0) {
        alloy_format_error(error, poscar->source->name, 0, "no frame in this file");
        return NULL;
    }
    if (!good)
        alloy_warn(poscar->warnings, "truncated", NULL, NULL, "frame %u and all after it were left out: %s",
                   frames->len, wrong->message);
    return alloy_models_finish(frames, poscar->source->base);
}

static gboolean is_trajectory(const AlloySource *source)
{
    static const char word[] = "irect configuration";
    const char *found = memmem(source->text, source->length, word, strlen(word));
    if (found == NULL || found - source->text < 2)
        return FALSE;
    found -= 2; /* before the D */
    while (found > source->text && alloy_is_blank(*found))
        found--;
    return *found == '\n';
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    Poscar poscar = {.source = source, .warnings = warnings, .progress = progress};
    AlloySpan title, line;
    alloy_lines_init(&poscar.lines, source);
    if (!alloy_lines_need(&poscar.lines, &title, "the title", error))
        return NULL;
    if (is_trajectory(source))
        return read_trajectory(&poscar, title, error);
    g_auto(Head) head = {0};
    if (!read_head(&poscar, title, &head, error) ||
        !need_filled(&poscar, &line, "Direct or Cartesian", error))
        return NULL;
    char mode = g_ascii_toupper(*alloy_span_strip(line).begin);
    gboolean selective = mode == 'S';
    if (selective) {
        if (!need_filled(&poscar, &line, "Direct or Cartesian", error))
            return NULL;
        mode = g_ascii_toupper(*alloy_span_strip(line).begin);
    }
    if (!g_ascii_isalpha(mode)) {
        g_autofree char *found = alloy_span_quote(alloy_span_strip(line));
        alloy_lines_error(&poscar.lines, error, "Direct or Cartesian expected, %s found", found);
        return NULL;
    }
    g_autoptr(AlloyAtomsBuilder) builder =
        read_atoms(&poscar, &head, mode == 'C' || mode == 'K', selective, progress, error);
    if (builder == NULL || !read_rest(&poscar, builder, progress, error))
        return NULL;
    return (AlloyData *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static int detect(const AlloySource *source)
{
    AlloyLines lines;
    AlloySpan line, token;
    double v[3];
    int64_t count;
    alloy_lines_init(&lines, source);
    if (!alloy_lines_next(&lines, &line) || !alloy_lines_next_filled(&lines, &line) ||
        leading_numbers(line, v) == 0)
        return 0;
    for (int row = 0; row < 3; row++)
        if (!alloy_lines_next_filled(&lines, &line) || leading_numbers(line, v) < 3)
            return 0;
    if (!alloy_lines_next_filled(&lines, &line))
        return 0;
    AlloySpan rest = line;
    alloy_span_next(&rest, &token);
    if (!alloy_span_to_integer(token, &count)) {
        if (!g_ascii_isalpha(*token.begin) || !alloy_lines_next_filled(&lines, &line))
            return 0;
        rest = line;
        alloy_span_next(&rest, &token);
        if (!alloy_span_to_integer(token, &count))
            return 0;
    }
    if (!alloy_lines_next_filled(&lines, &line) || !g_ascii_isalpha(*alloy_span_strip(line).begin))
        return 0;
    return 85;
}

static const char *const extensions[] = {"vasp", "poscar", "contcar", NULL};

const AlloyFormat alloy_format_poscar = {
    .name = "poscar",
    .title = "VASP POSCAR",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
    .writes = alloy_poscar_writes,
    .check = alloy_poscar_check,
    .write = alloy_poscar_write,
    .losses = alloy_poscar_losses,
};
