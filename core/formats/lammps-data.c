/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/lammps-data.h"

#include <math.h>

/* LAMMPS data files (docs.lammps.org/read_data.html): a head of counts and box bounds, then sections. Of
 * these Atoms, Masses and Atom Type Labels are read. */

static void mass_free(gpointer data)
{
    AlloyLammpsMass *mass = data;
    g_free(mass->comment);
    g_free(mass->label);
    g_free(mass);
}

static void data_clear(AlloyLammpsData *data)
{
    g_clear_pointer(&data->labels, g_hash_table_unref);
    g_clear_pointer(&data->masses, g_hash_table_unref);
    g_clear_pointer(&data->skipped, g_ptr_array_unref);
    g_clear_pointer(&data->atoms, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlloyLammpsData, data_clear)

static const char *const sections[] = {
    "Atom Type Labels",
    "Atoms",
    "Masses",
    "Velocities",
    "Ellipsoids",
    "Lines",
    "Triangles",
    "Bodies",
    "Bond Type Labels",
    "Bonds",
    "Angle Type Labels",
    "Angles",
    "Dihedral Type Labels",
    "Dihedrals",
    "Improper Type Labels",
    "Impropers",
    "Pair Coeffs",
    "PairIJ Coeffs",
    "Bond Coeffs",
    "Angle Coeffs",
    "Dihedral Coeffs",
    "Improper Coeffs",
    "BondBond Coeffs",
    "BondAngle Coeffs",
    "MiddleBondTorsion Coeffs",
    "EndBondTorsion Coeffs",
    "AngleTorsion Coeffs",
    "AngleAngleTorsion Coeffs",
    "BondBond13 Coeffs",
    "AngleAngle Coeffs",
};

/* Without the comment, which goes to *comment (nullable); NULL where there is none. */
static AlloySpan strip_comment(AlloySpan line, AlloySpan *comment)
{
    const char *hash = memchr(line.begin, '#', alloy_span_length(line));
    if (comment != NULL)
        *comment = hash != NULL ? alloy_span_strip((AlloySpan){hash + 1, line.end})
                                : (AlloySpan){line.end, line.end};
    if (hash != NULL)
        line.end = hash;
    return alloy_span_strip(line);
}

/* The section that a line begins; NULL: none. A word that is no number begins one that is not known. */
static const char *section_of(AlloySpan line)
{
    AlloySpan rest = line, first;
    double value;
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
        if (alloy_span_equals(line, sections[i]))
            return sections[i];
    if (alloy_span_next(&rest, &first) && g_ascii_isupper(*first.begin) && !alloy_span_to_real(first, &value))
        return "";
    return NULL;
}

/* "LAMMPS data file via write_data, version 2 Aug 2023, timestep = 1000, units = metal" */
static void read_title(AlloyLammpsData *data, AlloySpan title)
{
    g_autofree char *text = alloy_span_dup(title, NULL);
    const char *step = strstr(text, "timestep = "), *units = strstr(text, "units = ");
    if (step != NULL) {
        step += strlen("timestep = ");
        data->has_step =
            alloy_span_to_integer((AlloySpan){step, step + strspn(step, "0123456789")}, &data->step);
    }
    if (units != NULL) {
        units += strlen("units = ");
        const AlloyLammpsUnits *found =
            alloy_lammps_units((AlloySpan){units, units + strspn(units, "abcdefghijklmnopqrstuvwxyz")});
        data->units = found != NULL ? found : data->units;
    }
    if (isnan(data->units->angstrom))
        alloy_warn(data->warnings, "unit", NULL, NULL,
                   "%s: lengths are in reduced units (lj), not in angstrom; distances are multiples of sigma",
                   data->source->name);
    else if (data->units->angstrom != 1)
        alloy_warn(data->warnings, "unit", NULL, NULL, "%s: lengths converted from %s (units %s) to angstrom",
                   data->source->name, data->units->length, data->units->name);
}

static gboolean read_reals(AlloyLammpsData *data, const AlloySpan *tokens, double *values, size_t n,
                           size_t stride, GError **error)
{
    for (size_t k = 0; k < n; k++)
        if (!alloy_lines_finite(&data->lines, tokens[k], "box", &values[k * stride], error))
            return FALSE;
    return TRUE;
}

/* A line of the head: numbers, then what they are. */
static gboolean read_head_line(AlloyLammpsData *data, AlloySpan line, GError **error)
{
    AlloySpan t[7];
    size_t n = alloy_span_split(line, t, 7);
    if (n == 2 && alloy_span_equals(t[1], "atoms")) {
        data->has_n = TRUE;
        return alloy_lines_integer(&data->lines, t[0], "number of atoms", &data->n, error);
    }
    if (n == 3 && alloy_span_equals(t[1], "atom") && alloy_span_equals(t[2], "types"))
        return alloy_lines_integer(&data->lines, t[0], "number of atom types", &data->n_types, error);
    if (n == 2 && alloy_span_equals(t[1], "bonds")) {
        int64_t bonds = 0;
        if (!alloy_lines_integer(&data->lines, t[0], "number of bonds", &bonds, error))
            return FALSE;
        data->bonded = bonds > 0;
        return TRUE;
    }
    static const char *const names[3][2] = {{"xlo", "xhi"}, {"ylo", "yhi"}, {"zlo", "zhi"}};
    static const char *const vectors[3] = {"avec", "bvec", "cvec"};
    for (unsigned k = 0; k < 3; k++) {
        if (n == 4 && alloy_span_equals(t[2], names[k][0]) && alloy_span_equals(t[3], names[k][1])) {
            data->bounds |= 1u << k;
            return read_reals(data, t, &data->low[k], 1, 1, error) &&
                   read_reals(data, t + 1, &data->high[k], 1, 1, error);
        }
        if (n == 4 && alloy_span_equals(t[3], vectors[k])) {
            data->vectors |= 1u << k;
            return read_reals(data, t, data->vector[k], 3, 1, error);
        }
    }
    if (n == 6 && alloy_span_equals(t[3], "xy"))
        return read_reals(data, t, data->tilt, 3, 1, error);
    if (n == 5 && alloy_span_equals(t[3], "abc") && alloy_span_equals(t[4], "origin"))
        return read_reals(data, t, data->origin, 3, 1, error);
    /* "extra bond per atom" and the like. */
    return TRUE;
}

static AlloyLammpsMass *mass_of(AlloyLammpsData *data, int64_t type)
{
    AlloyLammpsMass *mass = g_hash_table_lookup(data->masses, &type);
    if (mass == NULL) {
        mass = g_new0(AlloyLammpsMass, 1);
        mass->mass = NAN;
        g_hash_table_insert(data->masses, g_memdup2(&type, sizeof type), mass);
    }
    return mass;
}

/* The lines of a section, up to the next. */
static gboolean next_of_section(AlloyLammpsData *data, AlloySpan *line, AlloySpan *comment)
{
    AlloyLines before = data->lines;
    while (alloy_lines_next(&data->lines, line)) {
        *line = strip_comment(*line, comment);
        if (line->begin < line->end) {
            if (section_of(*line) == NULL)
                return TRUE;
            break;
        }
        before = data->lines;
    }
    data->lines = before;
    return FALSE;
}

static gboolean read_masses(AlloyLammpsData *data, GError **error)
{
    AlloySpan line, comment, tokens[2];
    while (next_of_section(data, &line, &comment)) {
        int64_t type;
        double mass;
        if (alloy_span_split(line, tokens, 2) != 2)
            return alloy_lines_error(&data->lines, error, "an atom type and its mass expected");
        if (!alloy_lammps_data_type(data, &data->lines, tokens[0], &type, error) ||
            !alloy_lines_finite(&data->lines, tokens[1], "mass", &mass, error))
            return FALSE;
        AlloyLammpsMass *entry = mass_of(data, type);
        entry->mass = mass;
        g_free(entry->comment);
        entry->comment = comment.begin < comment.end ? alloy_span_dup(comment, NULL) : NULL;
    }
    return TRUE;
}

static gboolean read_labels(AlloyLammpsData *data, GError **error)
{
    AlloySpan line, comment, tokens[2];
    while (next_of_section(data, &line, &comment)) {
        int64_t type;
        if (alloy_span_split(line, tokens, 2) != 2)
            return alloy_lines_error(&data->lines, error, "an atom type and its label expected");
        if (!alloy_lines_integer(&data->lines, tokens[0], "atom type", &type, error) ||
            !alloy_lammps_data_type(data, &data->lines, tokens[0], &type, error))
            return FALSE;
        AlloyLammpsMass *entry = mass_of(data, type);
        g_free(entry->label);
        entry->label = alloy_span_dup(tokens[1], NULL);
        g_hash_table_insert(data->labels, g_strndup(tokens[1].begin, alloy_span_length(tokens[1])),
                            g_memdup2(&type, sizeof type));
    }
    return TRUE;
}

/* Keeps the lines; they are read when all is known that gives them sense. */
static gboolean take_atoms(AlloyLammpsData *data, AlloySpan style, GError **error)
{
    if (data->atoms != NULL)
        return alloy_lines_error(&data->lines, error, "a second section Atoms");
    data->style = style;
    data->style_at = data->lines;
    if (!alloy_lines_can_hold(&data->lines, data->n, 1, "atoms", error))
        return FALSE;
    data->atoms = g_array_new(FALSE, FALSE, sizeof(AlloyAtomLine));
    AlloySpan line, comment;
    while (next_of_section(data, &line, &comment)) {
        if ((int64_t)data->atoms->len == data->n)
            return alloy_lines_error(
                &data->lines, error,
                "more lines in section Atoms than the %" G_GINT64_FORMAT " atoms announced", data->n);
        AlloyAtomLine atom = {line, data->lines.line};
        g_array_append_val(data->atoms, atom);
    }
    if ((int64_t)data->atoms->len < data->n)
        return alloy_lines_error(&data->lines, error,
                                 "section Atoms has %u lines, but %" G_GINT64_FORMAT " atoms are announced",
                                 data->atoms->len, data->n);
    return TRUE;
}

static gboolean read_sections(AlloyLammpsData *data, AlloySpan line, AlloySpan comment, GError **error)
{
    while (TRUE) {
        const char *section = section_of(line);
        if (section == NULL) {
            g_autofree char *found = alloy_span_quote(line);
            return alloy_lines_error(&data->lines, error, "the name of a section expected, %s found", found);
        }
        gboolean good = TRUE;
        AlloySpan ignored;
        if (strcmp(section, "Atoms") == 0)
            good = take_atoms(data, comment, error);
        else if (strcmp(section, "Masses") == 0)
            good = read_masses(data, error);
        else if (strcmp(section, "Atom Type Labels") == 0)
            good = read_labels(data, error);
        else {
            if (*section != '\0' && !g_ptr_array_find(data->skipped, section, NULL))
                g_ptr_array_add(data->skipped, (gpointer)section);
            while (next_of_section(data, &line, &ignored))
                ;
        }
        if (!good || !alloy_progress_check(data->progress, error))
            return FALSE;
        do
            if (!alloy_lines_next(&data->lines, &line))
                return TRUE;
        while (line = strip_comment(line, &comment), line.begin == line.end);
    }
}

static gboolean read_structure(AlloyLammpsData *data, GError **error)
{
    AlloySpan line, comment;
    if (!alloy_lines_need(&data->lines, &line, "the title", error))
        return FALSE;
    read_title(data, line);
    while (alloy_lines_next(&data->lines, &line)) {
        line = strip_comment(line, &comment);
        if (line.begin == line.end)
            continue;
        if (section_of(line) != NULL)
            return read_sections(data, line, comment, error);
        if (!read_head_line(data, line, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean make_cell(AlloyLammpsData *data, AlloyCell *cell, gboolean *has_cell, GError **error)
{
    double unit = isnan(data->units->angstrom) ? 1 : data->units->angstrom;
    *cell = (AlloyCell){.periodic = {TRUE, TRUE, TRUE}};
    *has_cell = TRUE;
    if (data->vectors == 7) {
        memcpy(cell->vector, data->vector, sizeof cell->vector);
        memcpy(cell->origin, data->origin, sizeof cell->origin);
    } else if (data->bounds == 7) {
        for (int k = 0; k < 3; k++) {
            if (!(data->low[k] < data->high[k]))
                return alloy_format_error(error, data->source->name, 0,
                                          "the box goes from %.9g to %.9g along %c", data->low[k],
                                          data->high[k], "xyz"[k]);
            cell->origin[k] = data->low[k];
            cell->vector[k][k] = data->high[k] - data->low[k];
        }
        cell->vector[1][0] = data->tilt[0];
        cell->vector[2][0] = data->tilt[1];
        cell->vector[2][1] = data->tilt[2];
    } else {
        alloy_warn(data->warnings, "cell", NULL, NULL,
                   "%s: the head has no complete box (xlo xhi, ylo yhi, zlo zhi)", data->source->name);
        *has_cell = FALSE;
        return TRUE;
    }
    for (int k = 0; k < 3; k++) {
        cell->origin[k] = cell->origin[k] * unit + 0.0; /* no minus zero */
        for (int j = 0; j < 3; j++)
            cell->vector[k][j] *= unit;
    }
    g_autoptr(GError) singular = NULL;
    if (!alloy_cell_check(cell, &singular))
        return alloy_format_error(error, data->source->name, 0, "%s", singular->message);
    return TRUE;
}

static void warn_skipped(AlloyLammpsData *data)
{
    if (data->skipped->len == 0)
        return;
    g_ptr_array_add(data->skipped, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)data->skipped->pdata);
    alloy_warn(data->warnings, "ignored", NULL, NULL, "%s: these sections were not read: %s",
               data->source->name, list);
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    g_auto(AlloyLammpsData) data = {
        .source = source,
        .warnings = warnings,
        .progress = progress,
        .units = &alloy_lammps_no_units,
        .labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .masses = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, mass_free),
        .skipped = g_ptr_array_new(),
    };
    AlloyCell cell;
    gboolean has_cell;
    alloy_lines_init(&data.lines, source);
    if (!read_structure(&data, error) || !make_cell(&data, &cell, &has_cell, error))
        return NULL;
    if (!data.has_n || (data.atoms == NULL && data.n != 0)) {
        alloy_format_error(error, source->name, 0,
                           data.has_n ? "no section Atoms" : "no line \"N atoms\" in the head");
        return NULL;
    }
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new((size_t)data.n);
    if (data.n > 0 && !alloy_lammps_data_atoms(&data, builder, error))
        return NULL;
    if (has_cell)
        alloy_atoms_builder_set_cell(builder, &cell);
    if (data.has_step)
        alloy_atoms_builder_set_info(builder, alloy_scalar_integer("timestep", "1", data.step));
    if (data.units->name != NULL)
        alloy_atoms_builder_set_info(builder, alloy_scalar_text("units", data.units->name));
    warn_skipped(&data);
    return (AlloyData *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static int detect(const AlloySource *source)
{
    AlloyLines lines;
    AlloySpan line, tokens[4];
    int64_t n;
    gboolean atoms = FALSE, box = FALSE;
    alloy_lines_init(&lines, source);
    if (!alloy_lines_next(&lines, &line))
        return 0;
    for (int i = 0; i < 200 && alloy_lines_next(&lines, &line); i++) {
        line = strip_comment(line, NULL);
        size_t count = alloy_span_split(line, tokens, 4);
        if (count == 2 && alloy_span_equals(tokens[1], "atoms") && alloy_span_to_integer(tokens[0], &n))
            atoms = TRUE;
        else if (count == 4 && (alloy_span_equals(tokens[2], "xlo") || alloy_span_equals(tokens[3], "avec")))
            box = TRUE;
        else if (count > 0 && section_of(line) != NULL)
            break;
    }
    return atoms && box ? 95 : atoms ? 70 : 0;
}

static const char *const extensions[] = {"data", "lmp", NULL};

const AlloyFormat alloy_format_lammps_data = {
    .name = "lammps-data",
    .title = "LAMMPS data",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
};
