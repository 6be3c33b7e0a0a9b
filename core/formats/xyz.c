/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/xyz.h"

#include "core/base/parallel.h"
#include "core/base/unique-names.h"
#include "core/data/series.h"
#include "core/formats/rows.h"
#include "core/formats/xyz-header.h"

#include <stdatomic.h>

/* Plain and extended XYZ, one frame after the other:
 *
 *     number of atoms
 *     comment, or key=value pairs (xyz-header.h)
 *     one line per atom
 *
 * Without Properties a line is "species x y z" and what follows is kept as column_5, column_6, ... (a warning
 * says so); "x y z" alone, "x y z species" and "number species x y z" are understood too. Components of a
 * property of three become NAME_x, NAME_y, NAME_z, of any other count NAME_1, NAME_2, ... */

/* Frames of fewer atoms are read side by side, larger ones each by all threads. */
#define LARGE_FRAME 50000
/* A frame takes more memory than the few bytes in which a file can announce one, above all one without atoms,
 * of which no program writes many. */
#define MAX_FRAMES 1000000
#define MAX_EMPTY_FRAMES 100000
/* A trajectory repeats itself, its warnings too. */
#define MAX_WARNINGS 20

typedef struct {
    AlloySpan comment;
    uint64_t count_line, comment_line;
    size_t n;
    AlloyRows *rows; /* NULL where there are no atoms */
} Frame;

static void frame_clear(gpointer data)
{
    g_clear_pointer(&((Frame *)data)->rows, alloy_rows_free);
}

static gboolean read_count(AlloyLines *lines, AlloySpan line, const Frame *before, size_t *n, GError **error)
{
    AlloySpan tokens[1];
    int64_t count;
    if (alloy_span_split(line, tokens, 1) != 1 || !alloy_span_to_integer(tokens[0], &count)) {
        g_autofree char *found = alloy_span_quote(alloy_span_strip(line));
        if (before == NULL)
            return alloy_lines_error(lines, error, "the number of atoms expected, %s found", found);
        return alloy_lines_error(
            lines, error,
            "the end of the file or the number of atoms of a further frame expected after the "
            "%" G_GSIZE_FORMAT " atoms that line %" G_GUINT64_FORMAT " announces, %s found",
            before->n, before->count_line, found);
    }
    if (count < 0)
        return alloy_lines_error(lines, error,
                                 "the number of atoms is %" G_GINT64_FORMAT ", which is negative", count);
    *n = (size_t)count;
    return TRUE;
}

static const AlloyRowStyle row_style = {0};

typedef enum { SCAN_FRAME, SCAN_END, SCAN_CUT, SCAN_ERROR } Scan;

/* Finds where a frame is, so that no array is made for atoms that are not there. SCAN_CUT: the file ends
 * within it (error is set). */
static Scan scan_frame(AlloyLines *lines, const Frame *before, Frame *frame, AlloyProgress *progress,
                       GError **error)
{
    AlloySpan line;
    if (!alloy_lines_next_filled(lines, &line))
        return SCAN_END;
    frame->count_line = lines->line;
    if (!read_count(lines, line, before, &frame->n, error))
        return SCAN_ERROR;
    if (!alloy_lines_next(lines, &frame->comment)) {
        frame->comment = (AlloySpan){lines->end, lines->end};
        if (frame->n > 0) {
            alloy_format_error(error, lines->source->name, lines->line + 1,
                               "the file ends where the comment line is expected");
            return SCAN_CUT;
        }
    }
    frame->comment_line = lines->line;
    if (frame->n == 0)
        return SCAN_FRAME;
    frame->rows = alloy_rows_find(lines, frame->n, &row_style, progress, error);
    if (frame->rows == NULL)
        return SCAN_ERROR;
    size_t found = alloy_rows_count(frame->rows);
    if (found == frame->n)
        return SCAN_FRAME;
    alloy_format_error(error, lines->source->name, lines->line,
                       "the file ends after %" G_GSIZE_FORMAT " of the %" G_GSIZE_FORMAT
                       " atoms that line %" G_GUINT64_FORMAT " announces",
                       found, frame->n, frame->count_line);
    return SCAN_CUT;
}

/* The columns of a frame, as fields of its rows. */
typedef struct {
    GArray *fields; /* of AlloyField */
    AlloyUniqueNames *names;
    gboolean species;  /* one of the fields gives it */
    const char *types; /* name of the integer column that does instead */
} Layout;

static void layout_init(Layout *layout)
{
    layout->fields = g_array_new(FALSE, TRUE, sizeof(AlloyField));
    static const char *const reserved[] = {"species", "x", "y", "z", NULL};
    layout->names = alloy_unique_names_new(reserved);
}

static void layout_clear(Layout *layout)
{
    for (unsigned i = 0; i < layout->fields->len; i++)
        alloy_data_unref(g_array_index(layout->fields, AlloyField, i).column);
    g_array_free(layout->fields, TRUE);
    alloy_unique_names_free(layout->names);
}

static void layout_add(Layout *layout, AlloyFieldType type, const char *name, const char *unit)
{
    AlloyField field = {.name = alloy_unique_names_take(layout->names, name), .unit = unit, .type = type};
    g_array_append_val(layout->fields, field);
}

static void layout_species(Layout *layout)
{
    AlloyField field = {.name = "species", .type = ALLOY_FIELD_SPECIES};
    g_array_append_val(layout->fields, field);
    layout->species = TRUE;
}

static void layout_positions(Layout *layout, AlloyAtomsBuilder *builder)
{
    double *const into[3] = {builder->x, builder->y, builder->z};
    static const char *const names[3] = {"x", "y", "z"};
    for (int i = 0; i < 3; i++) {
        AlloyField field = {.name = names[i], .type = ALLOY_FIELD_REAL, .into = into[i], .finite = TRUE};
        g_array_append_val(layout->fields, field);
    }
}

static gboolean is_one_of(const char *name, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (g_ascii_strcasecmp(name, list[i]) == 0)
            return TRUE;
    return FALSE;
}

/* The property that tells species, by rank of its name; -1: none. */
static int find_species(const GArray *properties)
{
    static const char *const ranks[] = {"species", "symbol",         "symbols", "element", "elements",
                                        "Z",       "atomic_numbers", "numbers", "type",    "types"};
    for (size_t r = 0; r < G_N_ELEMENTS(ranks); r++)
        for (unsigned i = 0; i < properties->len; i++) {
            const AlloyXyzProperty *property = &g_array_index(properties, AlloyXyzProperty, i);
            if (g_ascii_strcasecmp(property->name, ranks[r]) == 0 && property->count == 1 &&
                (property->type == 'S' || property->type == 'I'))
                return (int)i;
        }
    return -1;
}

static int find_positions(const GArray *properties)
{
    static const char *const names[] = {"pos", "position", "positions", NULL};
    for (unsigned i = 0; i < properties->len; i++) {
        const AlloyXyzProperty *property = &g_array_index(properties, AlloyXyzProperty, i);
        if (is_one_of(property->name, names) && property->count == 3 &&
            (property->type == 'R' || property->type == 'I'))
            return (int)i;
    }
    return -1;
}

static void layout_property(Layout *layout, const AlloyXyzProperty *property, GHashTable *units)
{
    AlloyFieldType type = property->type == 'R'   ? ALLOY_FIELD_REAL
                          : property->type == 'I' ? ALLOY_FIELD_INTEGER
                          : property->type == 'L' ? ALLOY_FIELD_BOOLEAN
                                                  : ALLOY_FIELD_TEXT;
    for (size_t k = 0; k < property->count; k++) {
        g_autofree char *name = NULL;
        if (property->count == 1)
            name = g_strdup(property->name);
        else if (property->count == 3)
            name = g_strdup_printf("%s_%c", property->name, "xyz"[k]);
        else
            name = g_strdup_printf("%s_%" G_GSIZE_FORMAT, property->name, k + 1);
        const char *unit = g_hash_table_lookup(units, name);
        if (unit == NULL)
            unit = g_hash_table_lookup(units, property->name);
        layout_add(layout, type, name, unit);
    }
}

static gboolean layout_by_properties(Layout *layout, const AlloyXyzHeader *header, AlloyAtomsBuilder *builder,
                                     const AlloyLines *where, GError **error)
{
    int species = find_species(header->properties), positions = find_positions(header->properties);
    if (positions < 0)
        return alloy_lines_error(where, error, "Properties: a column pos:R:3 is expected, there is none");
    for (unsigned i = 0; i < header->properties->len; i++) {
        const AlloyXyzProperty *property = &g_array_index(header->properties, AlloyXyzProperty, i);
        if ((int)i == positions) {
            layout_positions(layout, builder);
        } else if ((int)i == species &&
                   (property->type == 'S' || g_ascii_strncasecmp(property->name, "type", 4) != 0)) {
            layout_species(layout);
        } else {
            layout_property(layout, property, header->units);
            /* Types are numbers of the program that wrote them, not atomic numbers. */
            if ((int)i == species)
                layout->types = g_array_index(layout->fields, AlloyField, layout->fields->len - 1).name;
        }
    }
    return TRUE;
}

static void layout_by_first_row(Layout *layout, AlloySpan row, uint64_t line, AlloyAtomsBuilder *builder,
                                const AlloySource *source, GPtrArray *warnings)
{
    AlloySpan tokens[5];
    size_t n = alloy_span_split(row, tokens, 5), known = 4;
    gboolean number[5], integer[5];
    for (size_t i = 0; i < 5; i++) {
        double real;
        int64_t k;
        number[i] = i < n && alloy_span_to_real(tokens[i], &real);
        integer[i] = i < n && alloy_span_to_integer(tokens[i], &k);
    }
    if (n >= 5 && integer[0] && !number[1] && number[2] && number[3] && number[4]) {
        layout_add(layout, ALLOY_FIELD_INTEGER, "id", NULL);
        layout_species(layout);
        layout_positions(layout, builder);
        known = 5;
    } else if (number[0] && number[1] && number[2] && (n == 3 || (n > 3 && !integer[0]))) {
        layout_positions(layout, builder);
        known = 3;
        if (n > 3 && !number[3]) {
            layout_species(layout);
            known = 4;
        }
    } else {
        layout_species(layout);
        layout_positions(layout, builder);
    }
    /* As the specification says for what has no Properties, but nothing is thrown away. */
    for (size_t i = known; i < n; i++) {
        g_autofree char *name = g_strdup_printf("column_%" G_GSIZE_FORMAT, i + 1);
        layout_add(layout, ALLOY_FIELD_AUTO, name, NULL);
    }
    if (n > known)
        alloy_warn(warnings, "columns", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT ": %" G_GSIZE_FORMAT
                   " columns, but no Properties names them: kept as column_%" G_GSIZE_FORMAT "%s",
                   source->name, line, n, known + 1, n > known + 1 ? " and so on" : "");
}

static gboolean fill_species(const Layout *layout, AlloyAtomsBuilder *builder, const AlloyLines *where,
                             GPtrArray *warnings, GError **error)
{
    if (layout->species || builder->n == 0)
        return TRUE;
    if (layout->types != NULL) {
        const AlloyColumn *types = alloy_columns_get(builder->columns, layout->types);
        return alloy_atoms_builder_set_types(builder, types->integer, NULL, NULL) ||
               alloy_lines_error(where, error, "more than 65535 different types");
    }
    alloy_atoms_builder_named_kind(builder, "X", 0);
    memset(builder->species, 0, builder->n * sizeof *builder->species);
    alloy_warn(warnings, "species", ALLOY_FIX_TYPES, ALLOY_FIX_TYPES_TITLE,
               "%s, line %" G_GUINT64_FORMAT ": no column tells the species: all atoms are X",
               where->source->name, where->line);
    return TRUE;
}

/* Takes the rows of the frame, which are not needed again. nothing: what all frames without atoms and comment
 * are. */
static const AlloyAtoms *read_frame(const AlloySource *source, Frame *frame, const AlloyAtoms *nothing,
                                    GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    if (frame->n == 0 && alloy_span_is_empty(frame->comment))
        return alloy_ref(nothing);
    AlloyLines where = {source, frame->comment.end, source->text + source->length, frame->comment_line};
    g_autoptr(AlloyRows) rows = g_steal_pointer(&frame->rows);
    if (rows == NULL) {
        AlloyLines none = where;
        rows = alloy_rows_find(&none, 0, &row_style, progress, error);
        if (rows == NULL)
            return NULL;
    }
    g_autoptr(AlloyXyzHeader) header = alloy_xyz_header_parse(frame->comment, &where, warnings, error);
    if (header == NULL)
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(frame->n);
    alloy_atoms_builder_set_cell(builder, header->cell);
    for (unsigned i = 0; i < header->info->len; i++)
        alloy_atoms_builder_set_info(builder, alloy_data_ref(header->info->pdata[i]));
    Layout layout = {0};
    layout_init(&layout);
    gboolean good = TRUE;
    if (header->properties != NULL) {
        good = layout_by_properties(&layout, header, builder, &where, error);
    } else if (frame->n > 0) {
        AlloySpan row;
        uint64_t line;
        alloy_rows_first(rows, &row, &line);
        size_t tokens = alloy_span_split(row, NULL, 0);
        good =
            tokens <= ALLOY_MOST_COLUMNS ||
            alloy_format_error(error, source->name, line, "%" G_GSIZE_FORMAT " columns, %d at most are read",
                               tokens, ALLOY_MOST_COLUMNS);
        if (good)
            layout_by_first_row(&layout, row, line, builder, source, warnings);
    }
    if (good)
        good = alloy_rows_parse(rows, (AlloyField *)(void *)layout.fields->data, layout.fields->len, builder,
                                progress, error);
    for (unsigned i = 0; good && i < layout.fields->len; i++) {
        AlloyField *field = &g_array_index(layout.fields, AlloyField, i);
        if (field->column != NULL)
            alloy_atoms_builder_add_column(builder, g_steal_pointer(&field->column));
    }
    good = good && fill_species(&layout, builder, &where, warnings, error);
    layout_clear(&layout);
    return good ? alloy_atoms_builder_finish(g_steal_pointer(&builder)) : NULL;
}

typedef struct {
    const AlloySource *source;
    Frame *frames;
    const AlloyAtoms *nothing;
    const AlloyAtoms **atoms;
    GPtrArray **warnings;
    GError **errors;
    AlloyProgress *progress; /* within a frame */
    atomic_size_t failed;    /* lowest frame with an error */
} Frames;

static void read_frames(size_t begin, size_t end, void *data)
{
    Frames *frames = data;
    for (size_t i = begin; i < end; i++) {
        /* An earlier error is the one that is told. */
        if (atomic_load(&frames->failed) < i)
            continue;
        frames->warnings[i] = alloy_warnings_new();
        frames->atoms[i] = read_frame(frames->source, &frames->frames[i], frames->nothing,
                                      frames->warnings[i], frames->progress, &frames->errors[i]);
        if (frames->warnings[i]->len == 0)
            g_clear_pointer(&frames->warnings[i], g_ptr_array_unref);
        size_t lowest = atomic_load(&frames->failed);
        while (frames->atoms[i] == NULL && i < lowest &&
               !atomic_compare_exchange_weak(&frames->failed, &lowest, i))
            ;
    }
}

static void merge_warnings(GPtrArray *warnings, GPtrArray *const *of_frames, size_t n,
                           const AlloySource *source)
{
    unsigned left_out = 0, kept = 0;
    for (size_t i = 0; warnings != NULL && i < n; i++)
        for (unsigned k = 0; of_frames[i] != NULL && k < of_frames[i]->len; k++) {
            const AlloyWarning *warning = of_frames[i]->pdata[k];
            if (kept++ < MAX_WARNINGS)
                alloy_warn(warnings, warning->code, warning->fix, warning->fix_title, "%s", warning->message);
            else
                left_out++;
        }
    if (left_out > 0)
        alloy_warn(warnings, "ignored", NULL, NULL, "%s: %u further warnings like these", source->name,
                   left_out);
}

/* How many of the frames could be read, up to the first error. */
static size_t read_all(const AlloySource *source, GArray *found, const AlloyAtoms **atoms,
                       GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    Frame *frames = (Frame *)(void *)found->data;
    g_autoptr(AlloyAtoms) nothing = (AlloyAtoms *)alloy_atoms_builder_finish(alloy_atoms_builder_new(0));
    size_t n = found->len, largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = MAX(largest, frames[i].n);
    if (n == 1) {
        atoms[0] = read_frame(source, &frames[0], nothing, warnings, progress, error);
        return atoms[0] != NULL ? 1 : 0;
    }
    g_autofree GPtrArray **of_frames = g_new0(GPtrArray *, n);
    g_autofree GError **errors = g_new0(GError *, n);
    Frames work = {source, frames, nothing, atoms, of_frames, errors, NULL, SIZE_MAX};
    gboolean good = TRUE;
    if (largest < LARGE_FRAME) {
        good = alloy_parallel_for(n, 1, read_frames, &work, progress, error);
    } else {
        work.progress = progress;
        for (size_t i = 0; i < n && work.failed == SIZE_MAX; i++) {
            alloy_progress_stage(progress, (double)i / (double)n, (double)(i + 1) / (double)n, "reading");
            read_frames(i, i + 1, &work);
        }
    }
    size_t n_read = !good ? 0 : MIN(n, work.failed);
    if (good && n_read < n)
        g_propagate_error(error, g_steal_pointer(&errors[n_read]));
    merge_warnings(warnings, of_frames, n_read, source);
    for (size_t i = 0; i < n; i++) {
        g_clear_pointer(&of_frames[i], g_ptr_array_unref);
        g_clear_error(&errors[i]);
    }
    return n_read;
}

static AlloyData *make_data(const AlloySource *source, const AlloyAtoms *const *atoms, size_t n)
{
    if (n == 1)
        return alloy_data_ref(atoms[0]);
    g_autofree AlloyStage *stages = g_new(AlloyStage, n);
    for (size_t i = 0; i < n; i++)
        stages[i] = alloy_stage_from_info(atoms[i]);
    return (AlloyData *)alloy_series_new(source->base, stages, n);
}

static AlloyData *read_xyz(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error)
{
    AlloyLines lines;
    alloy_lines_init(&lines, source);
    g_autoptr(GArray) frames = g_array_new(FALSE, TRUE, sizeof(Frame));
    g_array_set_clear_func(frames, frame_clear);
    g_autoptr(GError) failed = NULL;
    Scan scan;
    size_t empty = 0;
    for (;;) {
        Frame frame = {0};
        const Frame *before = frames->len > 0 ? &g_array_index(frames, Frame, frames->len - 1) : NULL;
        scan = scan_frame(&lines, before, &frame, progress, &failed);
        if (scan == SCAN_FRAME && frames->len == MAX_FRAMES) {
            alloy_lines_error(&lines, &failed, "more than %d frames", MAX_FRAMES);
            scan = SCAN_ERROR;
        }
        empty += scan == SCAN_FRAME && frame.n == 0;
        if (empty > MAX_EMPTY_FRAMES) {
            alloy_format_error(&failed, source->name, frame.count_line, "more than %d frames without atoms",
                               MAX_EMPTY_FRAMES);
            scan = SCAN_ERROR;
        }
        if (scan != SCAN_FRAME) {
            frame_clear(&frame);
            break;
        }
        g_array_append_val(frames, frame);
    }
    if (frames->len == 0 || alloy_is_cancelled(failed)) {
        if (failed == NULL)
            alloy_format_error(&failed, source->name, 0,
                               "the number of atoms expected, nothing but blanks found");
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    size_t n = frames->len;
    g_autofree const AlloyAtoms **atoms = g_new0(const AlloyAtoms *, n);
    AlloyData *data = NULL;
    g_autoptr(GError) wrong = NULL;
    size_t n_read = read_all(source, frames, atoms, warnings, progress, &wrong);
    /* The program that writes it may still run: the end of the file may be in the middle of a frame, or of a
     * line. */
    if (n_read + 1 == n && n > 1 && source->text[source->length - 1] != '\n' &&
        wrong->domain == ALLOY_ERROR) {
        g_clear_error(&failed);
        failed = g_steal_pointer(&wrong);
        scan = SCAN_CUT;
    }
    if (wrong != NULL) {
        g_propagate_error(error, g_steal_pointer(&wrong));
    } else if (scan == SCAN_ERROR) {
        g_propagate_error(error, g_steal_pointer(&failed));
    } else {
        if (scan == SCAN_CUT)
            alloy_warn(warnings, "truncated", NULL, NULL,
                       "%s; the %" G_GSIZE_FORMAT " frame%s before %s read", failed->message, n_read,
                       n_read == 1 ? "" : "s", n_read == 1 ? "is" : "are");
        data = make_data(source, atoms, n_read);
    }
    for (size_t i = 0; i < n; i++)
        alloy_data_unref(atoms[i]);
    return data;
}

static int detect_xyz(const AlloySource *source)
{
    AlloyLines lines;
    AlloySpan line, tokens[5];
    alloy_lines_init(&lines, source);
    if (!alloy_lines_next_filled(&lines, &line) || alloy_span_split(line, tokens, 5) != 1)
        return 0;
    AlloySpan count = tokens[0];
    if (*count.begin == '-' || *count.begin == '+')
        count.begin++;
    for (const char *p = count.begin; p < count.end; p++)
        if (!g_ascii_isdigit(*p))
            return 0;
    if (count.begin == count.end)
        return 0;
    if (!alloy_lines_next(&lines, &line))
        return 30;
    if (alloy_xyz_line_is_extended(line))
        return 100;
    /* POSCAR may have a number for a title too, but then a scale and vectors follow. */
    if (!alloy_lines_next(&lines, &line))
        return 50;
    size_t n = alloy_span_split(line, tokens, 5);
    double real;
    if (n >= 4 && !alloy_span_to_real(tokens[0], &real))
        return 90;
    return n >= 4 ? 60 : 20;
}

static const char *const extensions[] = {"xyz", "extxyz", "exyz", NULL};

const AlloyFormat alloy_format_xyz = {
    .name = "xyz",
    .title = "XYZ and extended XYZ",
    .extensions = extensions,
    .detect = detect_xyz,
    .read = read_xyz,
    .writes = alloy_xyz_writes,
    .write = alloy_xyz_write,
    .losses = alloy_xyz_losses,
};
