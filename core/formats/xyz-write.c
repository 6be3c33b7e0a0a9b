/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/series.h"
#include "core/formats/losses.h"
#include "core/formats/write-rows.h"
#include "core/formats/xyz-header.h"
#include "core/formats/xyz.h"

/* A token of an atom line: no blanks, not empty. */
static char *token_of(const char *label)
{
    char *token = g_strdup(label[0] != '\0' ? label : "_");
    for (char *p = token; *p != '\0'; p++)
        if (alloy_is_blank(*p) || *p == '\n')
            *p = '_';
    return token;
}

/* A name in Properties: blanks end it, a colon separates, quotes and the like would have to be quoted. */
static char *property_of(const char *name)
{
    char *token = token_of(name);
    for (char *p = token; *p != '\0'; p++)
        if (strchr(":=\"',[]{}\\", *p) != NULL)
            *p = '_';
    return token;
}

typedef struct {
    const AlloyAtoms *atoms;
    char **kinds;   /* as tokens */
    char ***labels; /* per column: its labels as tokens; NULL for columns that are no text */
} Writer;

static void append_column(GString *out, const AlloyColumn *column, char *const *labels, size_t i)
{
    alloy_rows_char(out, ' ');
    switch (column->type) {
    case ALLOY_REAL:
        alloy_rows_double(out, column->real[i]);
        break;
    case ALLOY_INTEGER:
        alloy_rows_int64(out, column->integer[i]);
        break;
    case ALLOY_BOOLEAN:
        alloy_rows_char(out, column->boolean[i] ? 'T' : 'F');
        break;
    case ALLOY_TEXT:
        alloy_rows_bytes(out, labels[column->code[i]], strlen(labels[column->code[i]]));
        break;
    }
}

static void format_atoms(GString *out, size_t begin, size_t end, void *data)
{
    const Writer *writer = data;
    const AlloyAtoms *atoms = writer->atoms;
    for (size_t i = begin; i < end; i++) {
        const char *kind = writer->kinds[atoms->species[i]];
        alloy_rows_bytes(out, kind, strlen(kind));
        const double position[3] = {atoms->x[i], atoms->y[i], atoms->z[i]};
        for (int k = 0; k < 3; k++) {
            alloy_rows_char(out, ' ');
            alloy_rows_double(out, position[k]);
        }
        for (unsigned c = 0; c < atoms->columns->len; c++)
            append_column(out, atoms->columns->pdata[c], writer->labels[c], i);
        alloy_rows_char(out, '\n');
    }
}

/* TRUE when the columns c, c+1, c+2 are N_x, N_y, N_z: a vector N. */
static gboolean is_vector(const AlloyColumns *columns, unsigned c, char **name)
{
    if (c + 3 > columns->len)
        return FALSE;
    const AlloyColumn *first = columns->pdata[c];
    size_t length = strlen(first->name);
    if (length < 3 || !g_str_has_suffix(first->name, "_x"))
        return FALSE;
    g_autofree char *stem = g_strndup(first->name, length - 2);
    for (unsigned k = 1; k < 3; k++) {
        const AlloyColumn *column = columns->pdata[c + k];
        if (column->type != first->type || strcmp(column->unit, first->unit) != 0 ||
            strlen(column->name) != length || strncmp(column->name, stem, length - 2) != 0 ||
            column->name[length - 2] != '_' || column->name[length - 1] != "xyz"[k])
            return FALSE;
    }
    *name = g_steal_pointer(&stem);
    return TRUE;
}

static void describe_columns(const AlloyColumns *columns, GString *properties, GString *units)
{
    static const char letters[] = {
        [ALLOY_REAL] = 'R', [ALLOY_INTEGER] = 'I', [ALLOY_BOOLEAN] = 'L', [ALLOY_TEXT] = 'S'};
    g_string_assign(properties, "species:S:1:pos:R:3");
    for (unsigned c = 0; c < columns->len;) {
        const AlloyColumn *column = columns->pdata[c];
        g_autofree char *vector = NULL;
        unsigned count = is_vector(columns, c, &vector) ? 3 : 1;
        g_autofree char *name = property_of(vector != NULL ? vector : column->name);
        g_string_append_printf(properties, ":%s:%c:%u", name, letters[column->type], count);
        if (column->type != ALLOY_TEXT && strcmp(column->unit, ALLOY_UNIT_NONE) != 0 &&
            column->unit[0] != '\0' && strchr(column->unit, ':') == NULL)
            g_string_append_printf(units, "%s%s:%s", units->len > 0 ? ":" : "", name, column->unit);
        c += count;
    }
}

static gboolean write_frame(const AlloyAtoms *atoms, GOutputStream *sink, AlloyProgress *progress,
                            GError **error)
{
    g_autoptr(GString) properties = g_string_new(NULL), units = g_string_new(NULL), head = g_string_new(NULL);
    describe_columns(atoms->columns, properties, units);
    g_string_append_printf(head, "%" G_GSIZE_FORMAT "\n", atoms->n);
    alloy_xyz_header_append(head, atoms, properties->str, units->str);
    if (!alloy_write_text(sink, head, error))
        return FALSE;
    Writer writer = {atoms, g_new0(char *, atoms->n_kinds + 1), g_new0(char **, atoms->columns->len + 1)};
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        writer.kinds[k] = token_of(atoms->kinds[k].name);
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        if (column->type != ALLOY_TEXT)
            continue;
        writer.labels[c] = g_new0(char *, column->n_labels + 1);
        for (uint32_t k = 0; k < column->n_labels; k++)
            writer.labels[c][k] = token_of(column->labels[k]);
    }
    gboolean good = alloy_write_rows(sink, atoms->n, format_atoms, &writer, progress, error);
    g_strfreev(writer.kinds);
    for (unsigned c = 0; c < atoms->columns->len; c++)
        g_strfreev(writer.labels[c]);
    g_free(writer.labels);
    return good;
}

gboolean alloy_xyz_writes(const AlloyData *data)
{
    return ALLOY_IS_ATOMS(data) || ALLOY_IS_SERIES(data);
}

void alloy_xyz_losses(const AlloyData *data, AlloyLosses *losses)
{
    AlloyStage single;
    size_t n;
    const AlloyStage *stages = alloy_stages_of(data, &single, &n);
    for (size_t s = 0; s < n; s++) {
        const AlloyAtoms *atoms = stages[s].atoms;
        const char *word = alloy_first_changed_word(atoms);
        if (word != NULL) {
            g_autofree char *token = token_of(word);
            alloy_losses_say(losses, "XYZ knows no blanks in a word: `%s` is written as %s", word, token);
        }
        for (unsigned c = 0; c < atoms->columns->len; c++) {
            const AlloyColumn *column = atoms->columns->pdata[c];
            g_autofree char *name = property_of(column->name);
            if (strcmp(name, column->name) != 0)
                alloy_losses_say(losses, "the column `%s` is written as %s", column->name, name);
            if (strchr(column->unit, ':') != NULL)
                alloy_losses_say(losses, "the unit %s of the column `%s` is not written", column->unit,
                                 column->name);
        }
        for (unsigned i = 0; i < atoms->info->len; i++)
            if (((const AlloyColumn *)atoms->info->pdata[i])->n == 0)
                alloy_losses_info(losses, ((const AlloyColumn *)atoms->info->pdata[i])->name);
    }
}

gboolean alloy_xyz_write(const AlloyData *data, GOutputStream *sink, AlloyProgress *progress, GError **error)
{
    if (ALLOY_IS_ATOMS(data))
        return write_frame((const AlloyAtoms *)data, sink, progress, error);
    const AlloySeries *series = (const AlloySeries *)data;
    for (size_t i = 0; i < series->n; i++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_stage_to_info(&series->stages[i]);
        alloy_progress_stage(progress, (double)i / (double)series->n, (double)(i + 1) / (double)series->n,
                             "writing");
        if (!write_frame(atoms, sink, progress, error))
            return FALSE;
    }
    return TRUE;
}
