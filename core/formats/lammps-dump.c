/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/linalg.h"
#include "core/formats/lammps-dump-write.h"
#include "core/formats/lammps.h"
#include "core/formats/rows.h"

#include <math.h>

/* LAMMPS text dumps (docs.lammps.org/dump.html). Frames follow each other; each has its own box, number of
 * atoms and columns. A frame that is damaged is left out, said so, and reading goes on at the next one: runs
 * are killed and continued in the same file. */

#define MOST_WARNINGS 10

typedef struct {
    const AlloySource *source;
    AlloyLines lines;
    GPtrArray *warnings;
    AlloyProgress *progress;
    /* Said once in a file, by its first frame. */
    const AlloyLammpsUnits *units;
    gboolean said_flags, said_units, said_species, said_flat, said_unnamed, said_mass;
    double first_time;
    /* Of the frame that is read. */
    gboolean has_step, has_count, has_box;
    int64_t step, n;
    uint64_t count_line;
    double time;
    AlloyCell cell;
} Dump;

/* The box as LAMMPS writes it: low and high bounds, of which those of a tilted cell enclose the whole of it.
 */
static gboolean read_box(Dump *dump, AlloySpan rest, GError **error)
{
    gboolean periodic[3] = {TRUE, TRUE, TRUE}, tilted = FALSE, general = FALSE;
    int flags = 0;
    AlloySpan token;
    while (alloy_span_next(&rest, &token)) {
        if (alloy_span_equals(token, "xy") || alloy_span_equals(token, "xz") ||
            alloy_span_equals(token, "yz"))
            tilted = TRUE;
        else if (alloy_span_equals(token, "abc") || alloy_span_equals(token, "origin"))
            general = TRUE;
        else if (flags < 3)
            periodic[flags++] = *token.begin == 'p';
    }
    if (flags < 3 && !dump->said_flags) {
        alloy_warn(dump->warnings, "cell", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT
                   ": the box does not say where it is periodic; taken as periodic in "
                   "all directions",
                   dump->source->name, dump->lines.line);
        dump->said_flags = TRUE;
    }
    double v[3][4] = {{0}};
    size_t expected = general ? 4 : tilted ? 3 : 2;
    for (int k = 0; k < 3; k++) {
        AlloySpan line, tokens[5];
        if (!alloy_lines_need(&dump->lines, &line, "a line of the box", error))
            return FALSE;
        size_t n = alloy_span_split(line, tokens, 5);
        if (n != expected)
            return alloy_lines_error(&dump->lines, error, "%zu numbers of the box expected, %zu found",
                                     expected, n);
        for (size_t i = 0; i < n; i++)
            if (!alloy_lines_finite(&dump->lines, tokens[i], "box", &v[k][i], error))
                return FALSE;
    }
    AlloyCell *cell = &dump->cell;
    *cell = (AlloyCell){.periodic = {periodic[0], periodic[1], periodic[2]}};
    if (general) {
        for (int k = 0; k < 3; k++) {
            memcpy(cell->vector[k], v[k], sizeof cell->vector[k]);
            cell->origin[k] = v[k][3];
        }
    } else {
        double xy = v[0][2], xz = v[1][2], yz = v[2][2];
        double low[3] = {v[0][0] - MIN(MIN(0, xy), MIN(xz, xy + xz)), v[1][0] - MIN(0, yz), v[2][0]};
        double high[3] = {v[0][1] - MAX(MAX(0, xy), MAX(xz, xy + xz)), v[1][1] - MAX(0, yz), v[2][1]};
        for (int k = 0; k < 3; k++) {
            if (!(low[k] <= high[k]))
                return alloy_lines_error(&dump->lines, error, "the box goes from %.9g down to %.9g along %c",
                                         low[k], high[k], "xyz"[k]);
            cell->origin[k] = low[k];
            cell->vector[k][k] = high[k] - low[k];
        }
        cell->vector[1][0] = xy;
        cell->vector[2][0] = xz;
        cell->vector[2][1] = yz;
    }
    dump->has_box = TRUE;
    return TRUE;
}

typedef struct {
    size_t field[3]; /* index of the columns that hold the positions */
    gboolean scaled;
    size_t type, element; /* SIZE_MAX: none */
} Layout;

static size_t find_field(const GPtrArray *names, const char *name)
{
    for (size_t i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static gboolean find_layout(Dump *dump, const GPtrArray *names, Layout *layout, GError **error)
{
    static const struct {
        const char *name[3];
        gboolean scaled;
    } sets[] = {
        {{"x", "y", "z"}, FALSE},
        {{"xu", "yu", "zu"}, FALSE},
        {{"xs", "ys", "zs"}, TRUE},
        {{"xsu", "ysu", "zsu"}, TRUE},
    };
    layout->type = find_field(names, "type");
    layout->element = find_field(names, "element");
    if (layout->element == SIZE_MAX)
        layout->element = find_field(names, "typelabel");
    for (size_t s = 0; s < G_N_ELEMENTS(sets); s++) {
        gboolean all = TRUE;
        for (int k = 0; k < 3; k++) {
            layout->field[k] = find_field(names, sets[s].name[k]);
            all = all && layout->field[k] != SIZE_MAX;
        }
        layout->scaled = sets[s].scaled;
        if (all)
            return TRUE;
    }
    g_autoptr(GString) list = g_string_new(NULL);
    for (size_t i = 0; i < MIN(names->len, 20); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? " " : "", (const char *)names->pdata[i]);
    return alloy_lines_error(
        &dump->lines, error,
        "no positions among the columns \"%s\": x y z, xu yu zu, xs ys zs or xsu ysu zsu "
        "expected",
        list->str);
}

/* The columns of "ITEM: ATOMS"; those of old files, which do not name them, are those of dump_style atom. */
static GPtrArray *read_names(Dump *dump, AlloySpan rest)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    AlloySpan token, line;
    while (alloy_span_next(&rest, &token))
        g_ptr_array_add(names, alloy_span_dup(token, NULL));
    if (names->len > 0)
        return names;
    static const char *const atom[] = {"id", "type", "xs", "ys", "zs", "ix", "iy", "iz"};
    size_t n = alloy_lines_peek(&dump->lines, &line) ? alloy_span_split(line, NULL, 0) : 0;
    for (size_t i = 0; i < (n == 8 ? 8 : 5); i++)
        g_ptr_array_add(names, g_strdup(atom[i]));
    if (!dump->said_unnamed)
        alloy_warn(dump->warnings, "unit", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT
                   ": the columns are not named; taken as id type xs ys zs (positions relative to the box)",
                   dump->source->name, dump->lines.line);
    dump->said_unnamed = TRUE;
    return names;
}

/* Species from "element", else "type", else none is known. */
static gboolean set_species(Dump *dump, AlloyAtomsBuilder *builder, const Layout *layout, AlloyField *fields,
                            GError **error)
{
    if (layout->element != SIZE_MAX)
        return TRUE; /* filled by the parser */
    const AlloyColumn *types = layout->type != SIZE_MAX ? fields[layout->type].column : NULL;
    if (types == NULL || types->type == ALLOY_REAL) {
        if (types != NULL)
            return alloy_lines_error(&dump->lines, error,
                                     "the column type holds numbers that are no integers");
        int kind = alloy_model_numbered_kind(builder, 1);
        for (size_t i = 0; i < builder->n; i++)
            builder->species[i] = (uint16_t)kind;
        if (!dump->said_species)
            alloy_warn(dump->warnings, "species", ALLOY_FIX_TYPES, ALLOY_FIX_TYPES_TITLE,
                       "%s: no column type or element; all atoms are \"Type 1\"", dump->source->name);
        dump->said_species = TRUE;
        return TRUE;
    }
    gboolean good = TRUE;
    if (types->type == ALLOY_INTEGER) {
        good = alloy_lammps_set_types(builder, types->integer, NULL, NULL, dump->source->name, error);
    } else {
        /* Names where LAMMPS itself writes numbers. */
        g_autofree int *kinds = g_new(int, types->n_labels + 1);
        for (uint32_t k = 0; good && k < types->n_labels; k++) {
            kinds[k] = alloy_atoms_builder_kind(builder, types->labels[k], strlen(types->labels[k]));
            good = kinds[k] >= 0 || alloy_lines_error(&dump->lines, error, "too many different types");
        }
        for (size_t i = 0; good && i < builder->n; i++)
            builder->species[i] = (uint16_t)kinds[types->code[i]];
    }
    /* The species say it all. */
    alloy_clear(&fields[layout->type].column);
    return good;
}

static gboolean place_atoms(Dump *dump, AlloyAtomsBuilder *builder, gboolean scaled, GError **error)
{
    double unit = isnan(dump->units->angstrom) ? 1 : dump->units->angstrom;
    AlloyCell cell = dump->cell;
    if (scaled && !dump->has_box)
        return alloy_lines_error(&dump->lines, error, "positions relative to a box, but no ITEM: BOX BOUNDS");
    for (int k = 0; k < 3; k++) {
        cell.origin[k] = cell.origin[k] * unit + 0.0; /* no minus zero */
        for (int j = 0; j < 3; j++)
            cell.vector[k][j] *= unit;
    }
    if (scaled)
        alloy_model_to_cartesian(builder, &cell);
    else if (unit != 1)
        for (size_t i = 0; i < builder->n; i++) {
            builder->x[i] *= unit;
            builder->y[i] *= unit;
            builder->z[i] *= unit;
        }
    if (!alloy_model_check_finite(builder, dump->source->name, error))
        return FALSE;
    g_autoptr(GError) singular = NULL;
    if (!dump->has_box)
        return TRUE;
    if (alloy_cell_check(&cell, &singular)) {
        alloy_atoms_builder_set_cell(builder, &cell);
        return TRUE;
    }
    gboolean flat = FALSE;
    for (int k = 0; k < 3; k++)
        flat = flat || alloy_norm3(cell.vector[k]) == 0;
    if (!flat)
        return alloy_format_error(error, dump->source->name, dump->count_line, "%s", singular->message);
    if (!dump->said_flat)
        alloy_warn(dump->warnings, "cell", NULL, NULL, "%s: a box of no extent was left out",
                   dump->source->name);
    dump->said_flat = TRUE;
    return TRUE;
}

/* A column of masses tells elements where nothing else does. */
static void look_at_masses(Dump *dump, const AlloyAtomsBuilder *builder, const AlloyField *fields,
                           size_t n_fields)
{
    const AlloyColumn *mass = NULL;
    for (size_t f = 0; f < n_fields; f++)
        if (fields[f].column != NULL && strcmp(fields[f].name, "mass") == 0)
            mass = fields[f].column;
    if (mass == NULL || dump->said_mass)
        return;
    dump->said_mass = TRUE;
    unsigned n_kinds = builder->kinds->len;
    g_autofree double *of_kind = g_new0(double, n_kinds + 1); /* NaN: not the same for all */
    for (size_t i = 0; i < builder->n; i++) {
        double *known = &of_kind[builder->species[i]], value = alloy_column_real_at(mass, i);
        *known = *known == 0 || *known == value ? value : NAN;
    }
    for (unsigned k = 0; k < n_kinds; k++) {
        const AlloySpecies *kind = &g_array_index(builder->kinds, AlloySpecies, k);
        if (kind->z == 0)
            alloy_model_warn_mass(dump->warnings, dump->source, kind->name, of_kind[k]);
    }
}

static void set_info(Dump *dump, AlloyAtomsBuilder *builder)
{
    if (dump->has_step)
        alloy_atoms_builder_set_info(builder, alloy_scalar_integer("timestep", "1", dump->step));
    if (dump->units->name != NULL)
        alloy_atoms_builder_set_info(builder, alloy_scalar_text("units", dump->units->name));
    double second = dump->units->second;
    if (isnan(dump->time))
        return;
    if (isnan(dump->first_time))
        dump->first_time = dump->time;
    double time = dump->time - dump->first_time;
    alloy_atoms_builder_set_info(builder, alloy_scalar_real("time", dump->units->time, dump->time));
    if (isnan(second))
        return;
    if (second < 1) /* dividing by a power of ten is exact where multiplying by its inverse is not */
        alloy_atoms_builder_set_info(
            builder, alloy_scalar_real("stage_time", ALLOY_UNIT_TIME, time / round(1 / second)));
    else
        alloy_atoms_builder_set_info(builder,
                                     alloy_scalar_real("stage_time", ALLOY_UNIT_TIME, time * second));
}

static const AlloyAtoms *read_atoms(Dump *dump, AlloySpan rest, AlloyProgress *progress, GError **error)
{
    if (!dump->has_count) {
        alloy_lines_error(&dump->lines, error, "ITEM: ATOMS before ITEM: NUMBER OF ATOMS");
        return NULL;
    }
    size_t n_names = alloy_span_split(rest, NULL, 0);
    if (n_names > ALLOY_MOST_COLUMNS) {
        alloy_lines_error(&dump->lines, error, "%zu columns, %d at most are read", n_names,
                          ALLOY_MOST_COLUMNS);
        return NULL;
    }
    g_autoptr(GPtrArray) names = read_names(dump, rest);
    Layout layout;
    if (!find_layout(dump, names, &layout, error))
        return NULL;
    if (dump->n < 0 || !alloy_lines_can_hold(&dump->lines, dump->n, 1, "atoms", error)) {
        if (dump->n < 0)
            alloy_format_error(error, dump->source->name, dump->count_line,
                               "the number of atoms is %" G_GINT64_FORMAT, dump->n);
        return NULL;
    }
    AlloyRowStyle style = {0};
    g_autoptr(AlloyRows) rows = alloy_rows_find(&dump->lines, (size_t)dump->n, &style, progress, error);
    if (rows == NULL)
        return NULL;
    if (alloy_rows_count(rows) < (size_t)dump->n) {
        alloy_lines_error(&dump->lines, error, "the file ends after %zu of %" G_GINT64_FORMAT " atoms",
                          alloy_rows_count(rows), dump->n);
        return NULL;
    }
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new((size_t)dump->n);
    g_autofree AlloyField *fields = g_new0(AlloyField, names->len);
    for (size_t f = 0; f < names->len; f++) {
        fields[f] = (AlloyField){
            .name = names->pdata[f],
            .unit = alloy_lammps_column_unit(dump->units, names->pdata[f]),
            .type = alloy_lammps_is_real(names->pdata[f]) ? ALLOY_FIELD_REAL : ALLOY_FIELD_AUTO,
        };
    }
    for (int k = 0; k < 3; k++) {
        fields[layout.field[k]].into = k == 0 ? builder->x : k == 1 ? builder->y : builder->z;
        fields[layout.field[k]].finite = TRUE;
    }
    if (layout.element != SIZE_MAX)
        fields[layout.element].type = ALLOY_FIELD_SPECIES;
    if (!alloy_rows_parse(rows, fields, names->len, builder, progress, error))
        return NULL;
    gboolean good = set_species(dump, builder, &layout, fields, error) &&
                    place_atoms(dump, builder, layout.scaled, error);
    if (good)
        look_at_masses(dump, builder, fields, names->len);
    for (size_t f = 0; f < names->len; f++) {
        if (fields[f].column == NULL)
            continue;
        AlloySpan name = {fields[f].name, fields[f].name + strlen(fields[f].name)};
        g_autofree char *kept = alloy_model_column_name(name);
        alloy_atoms_builder_set_column(builder, strcmp(kept, fields[f].name) == 0
                                                    ? g_steal_pointer(&fields[f].column)
                                                    : alloy_column_renamed(fields[f].column, kept));
        alloy_clear(&fields[f].column);
    }
    if (!good)
        return NULL;
    set_info(dump, builder);
    return alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static gboolean read_units(Dump *dump, GError **error)
{
    AlloySpan line;
    if (!alloy_lines_need(&dump->lines, &line, "the name of the units", error))
        return FALSE;
    line = alloy_span_strip(line);
    const AlloyLammpsUnits *units = alloy_lammps_units(line);
    g_autofree char *name = alloy_span_quote(line);
    if (!dump->said_units && units == NULL)
        alloy_warn(dump->warnings, "unit", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT ": units %s are not known; lengths taken as angstrom",
                   dump->source->name, dump->lines.line, name);
    else if (!dump->said_units && isnan(units->angstrom))
        alloy_warn(dump->warnings, "unit", NULL, NULL,
                   "%s: lengths are in reduced units (lj), not in angstrom; distances are multiples of sigma",
                   dump->source->name);
    else if (!dump->said_units && units->angstrom != 1)
        alloy_warn(dump->warnings, "unit", NULL, NULL, "%s: lengths converted from %s (units %s) to angstrom",
                   dump->source->name, units->length, name);
    dump->said_units = TRUE;
    dump->units = units != NULL ? units : &alloy_lammps_no_units;
    return TRUE;
}

/* FALSE without error: another item. */
static gboolean read_item(Dump *dump, AlloySpan item, GError **error)
{
    AlloySpan line;
    if (alloy_span_has_prefix(item, "TIMESTEP")) {
        dump->has_step = TRUE;
        return alloy_lines_need(&dump->lines, &line, "the time step", error) &&
               alloy_lines_integer(&dump->lines, alloy_span_strip(line), "time step", &dump->step, error);
    }
    if (alloy_span_has_prefix(item, "TIME"))
        return alloy_lines_need(&dump->lines, &line, "the time", error) &&
               alloy_lines_finite(&dump->lines, alloy_span_strip(line), "time", &dump->time, error);
    if (alloy_span_has_prefix(item, "UNITS"))
        return read_units(dump, error);
    if (alloy_span_has_prefix(item, "NUMBER OF ATOMS")) {
        dump->has_count = TRUE;
        if (!alloy_lines_need(&dump->lines, &line, "the number of atoms", error))
            return FALSE;
        dump->count_line = dump->lines.line;
        return alloy_lines_integer(&dump->lines, alloy_span_strip(line), "number of atoms", &dump->n, error);
    }
    if (alloy_span_has_prefix(item, "BOX BOUNDS")) {
        item.begin += strlen("BOX BOUNDS");
        return read_box(dump, item, error);
    }
    if (alloy_span_has_prefix(item, "NUMBER OF ENTRIES") || alloy_span_has_prefix(item, "NUMBER OF GRID"))
        return alloy_lines_error(&dump->lines, error, "this dump holds bonds or a grid, no atoms");
    while (alloy_lines_peek(&dump->lines, &line) && !alloy_span_has_prefix(line, "ITEM:"))
        alloy_lines_next(&dump->lines, &line);
    return TRUE;
}

/* The next frame; NULL without error at the end of the file. */
static const AlloyAtoms *read_frame(Dump *dump, GError **error)
{
    dump->has_step = dump->has_count = dump->has_box = FALSE;
    dump->time = NAN;
    AlloySpan line;
    gboolean begun = FALSE;
    double length = (double)MAX(dump->source->length, 1);
    double from = (double)(dump->lines.at - dump->source->text) / length;
    while (alloy_lines_next_filled(&dump->lines, &line)) {
        if (!alloy_span_has_prefix(line, "ITEM:")) {
            g_autofree char *found = alloy_span_quote(line);
            alloy_lines_error(&dump->lines, error, "a line \"ITEM: ...\" expected, %s found", found);
            return NULL;
        }
        begun = TRUE;
        AlloySpan item = alloy_span_strip((AlloySpan){line.begin + strlen("ITEM:"), line.end});
        if (alloy_span_has_prefix(item, "ATOMS")) {
            item.begin += strlen("ATOMS");
            double share = (double)MAX(dump->n, 0) * 16 / length;
            g_autoptr(AlloyProgress) part = alloy_progress_part(dump->progress, from, MIN(from + share, 1));
            const AlloyAtoms *atoms = read_atoms(dump, item, part, error);
            return atoms;
        }
        if (!read_item(dump, item, error))
            return NULL;
    }
    if (begun)
        alloy_lines_error(&dump->lines, error, "the file ends in the header of a frame");
    return NULL;
}

/* To the next frame that begins after begin, where a frame was damaged; FALSE when there is none. */
static gboolean resume(Dump *dump, const AlloyLines *begin)
{
    static const char *const starts[] = {"ITEM: TIMESTEP", "ITEM: TIME", "ITEM: UNITS"};
    AlloyLines lines = *begin;
    AlloySpan line;
    gboolean in_header = TRUE;
    for (AlloyLines before = lines; alloy_lines_next(&lines, &line); before = lines) {
        if (!alloy_span_has_prefix(line, "ITEM:")) {
            continue;
        }
        gboolean start = FALSE;
        for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
            start = start || alloy_span_has_prefix(line, starts[i]);
        if (start && !in_header) {
            dump->lines = before;
            return TRUE;
        }
        in_header = start;
    }
    return FALSE;
}

static void warn_damaged(Dump *dump, unsigned frame, unsigned damaged, const GError *error)
{
    if (damaged <= MOST_WARNINGS)
        alloy_warn(dump->warnings, "truncated", NULL, NULL, "frame %u was left out: %s", frame,
                   error->message);
    else if (damaged == MOST_WARNINGS + 1)
        alloy_warn(dump->warnings, "truncated", NULL, NULL, "%s: more damaged frames were left out",
                   dump->source->name);
}

static gboolean is_binary(const AlloySource *source)
{
    /* Old: step, number of atoms (64 bit), triclinic flag, six boundary flags 0..3. Newer: minus the length
     * of the name, then "DUMPATOM" or "DUMPCUSTOM". */
    if (source->length < 96)
        return FALSE;
    static const char *const magics[] = {"DUMPATOM", "DUMPCUSTOM"};
    for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
        if (memcmp(source->text + 8, magics[i], strlen(magics[i])) == 0)
            return TRUE;
    int64_t head[2];
    int32_t flags[7];
    memcpy(head, source->text, sizeof head);
    memcpy(flags, source->text + 16, sizeof flags);
    for (int swap = 0; swap < 2; swap++) {
        int64_t n = swap ? GINT64_FROM_BE(head[1]) : GINT64_FROM_LE(head[1]);
        int64_t step = swap ? GINT64_FROM_BE(head[0]) : GINT64_FROM_LE(head[0]);
        gboolean good = step >= 0 && n > 0 && (uint64_t)n <= source->length / 8;
        for (int i = 0; i < 7; i++) {
            int32_t flag = swap ? GINT32_FROM_BE(flags[i]) : GINT32_FROM_LE(flags[i]);
            good = good && flag >= 0 && flag <= (i == 0 ? 2 : 3);
        }
        if (good)
            return TRUE;
    }
    return FALSE;
}

static int detect(const AlloySource *source)
{
    AlloyLines lines;
    AlloySpan line;
    alloy_lines_init(&lines, source);
    if (alloy_lines_next_filled(&lines, &line) && alloy_span_has_prefix(line, "ITEM:"))
        return 100;
    return is_binary(source) ? 60 : 0;
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    if (is_binary(source)) {
        alloy_format_error(error, source->name, 0,
                           "a binary LAMMPS dump, which does not name its columns; convert it with LAMMPS's "
                           "binary2txt, or write it as text");
        return NULL;
    }
    Dump dump = {
        .source = source,
        .warnings = warnings,
        .progress = progress,
        .units = &alloy_lammps_no_units,
        .first_time = NAN,
    };
    alloy_lines_init(&dump.lines, source);
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func((GDestroyNotify)alloy_data_unref);
    unsigned damaged = 0;
    size_t spent = 0; /* bytes of damaged frames */
    g_autoptr(GError) first = NULL;
    while (TRUE) {
        AlloyLines begin = dump.lines;
        g_autoptr(GError) wrong = NULL;
        const AlloyAtoms *atoms = read_frame(&dump, &wrong);
        if (atoms != NULL) {
            g_ptr_array_add(frames, (gpointer)atoms);
            continue;
        }
        if (wrong == NULL)
            break;
        if (alloy_is_cancelled(wrong)) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return NULL;
        }
        damaged++;
        warn_damaged(&dump, frames->len + damaged - 1, damaged, wrong);
        if (first == NULL)
            first = g_steal_pointer(&wrong);
        /* Frames that each claim the whole rest of the file would make reading it quadratic. */
        spent += (size_t)(dump.lines.at - begin.at);
        if (spent > 4 * source->length) {
            alloy_warn(warnings, "truncated", NULL, NULL,
                       "%s: too much is damaged; what follows was left out", source->name);
            break;
        }
        if (!resume(&dump, &begin))
            break;
    }
    if (frames->len > 0)
        return alloy_models_finish(frames, source->base);
    if (first != NULL)
        g_propagate_error(error, g_steal_pointer(&first));
    else
        alloy_format_error(error, source->name, 0, "no frame in this file");
    return NULL;
}

static const char *const extensions[] = {"dump", "lammpstrj", NULL};

const AlloyFormat alloy_format_lammps_dump = {
    .name = "lammps-dump",
    .title = "LAMMPS dump",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
    .writes = alloy_lammps_dump_writes,
    .write = alloy_lammps_dump_write,
    .losses = alloy_lammps_dump_losses,
};
