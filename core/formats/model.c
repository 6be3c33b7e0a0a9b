/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/model.h"

#include "core/base/linalg.h"
#include "core/base/number.h"
#include "core/base/parallel.h"
#include "core/data/elements.h"
#include "core/data/series.h"
#include "core/formats/write-rows.h"

#include <math.h>
#include <stdatomic.h>

#define GRAIN 4096

typedef struct {
    const AlloySource *source;
    const GArray *lines;
    AlloyAtomLineFunc fn;
    gpointer data;
    GError **errors;      /* of each block */
    atomic_size_t failed; /* lowest block with an error */
} Read;

static void read_block(size_t begin, size_t end, void *data)
{
    Read *read = data;
    size_t block = begin / GRAIN;
    if (atomic_load(&read->failed) < block)
        return;
    AlloyLines at = {.source = read->source};
    for (size_t i = begin; i < end; i++) {
        const AlloyAtomLine *line = &g_array_index(read->lines, AlloyAtomLine, i);
        at.line = line->line;
        if (read->fn(&at, line->text, i, read->data, &read->errors[block]))
            continue;
        size_t lowest = atomic_load(&read->failed);
        while (block < lowest && !atomic_compare_exchange_weak(&read->failed, &lowest, block))
            ;
        return;
    }
}

gboolean alloy_atom_lines_read(const AlloySource *source, const GArray *lines, AlloyAtomLineFunc fn,
                               gpointer data, AlloyProgress *progress, GError **error)
{
    size_t blocks = alloy_parallel_blocks(lines->len, GRAIN);
    g_autofree GError **errors = g_new0(GError *, blocks + 1);
    Read read = {source, lines, fn, data, errors, SIZE_MAX};
    gboolean good = alloy_parallel_for(lines->len, GRAIN, read_block, &read, progress, error);
    size_t failed = atomic_load(&read.failed);
    if (good && failed != SIZE_MAX) {
        g_propagate_error(error, g_steal_pointer(&errors[failed]));
        good = FALSE;
    }
    for (size_t b = 0; b < blocks; b++)
        g_clear_error(&errors[b]);
    return good;
}

GArray *alloy_atom_lines_take(AlloyLines *lines, size_t n, char comment, const char *what, GError **error)
{
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(AlloyAtomLine));
    AlloySpan text;
    while (taken->len < n && alloy_lines_next(lines, &text)) {
        const char *stop = comment != '\0' ? memchr(text.begin, comment, alloy_span_length(text)) : NULL;
        if (stop != NULL)
            text.end = stop;
        if (alloy_span_is_empty(text))
            continue;
        AlloyAtomLine line = {text, lines->line};
        g_array_append_val(taken, line);
    }
    if (taken->len < n) {
        alloy_lines_error(lines, error, "the file ends after %u of %zu %s", taken->len, n, what);
        return NULL;
    }
    return g_steal_pointer(&taken);
}

typedef struct {
    double *x, *y, *z;
    const AlloyCell *cell;
} Cartesian;

static void cartesian_block(size_t begin, size_t end, void *data)
{
    const Cartesian *job = data;
    for (size_t i = begin; i < end; i++) {
        double f[3] = {job->x[i], job->y[i], job->z[i]}, r[3];
        alloy_row_times3(f, job->cell->vector, r);
        job->x[i] = job->cell->origin[0] + r[0];
        job->y[i] = job->cell->origin[1] + r[1];
        job->z[i] = job->cell->origin[2] + r[2];
    }
}

void alloy_model_to_cartesian(AlloyAtomsBuilder *builder, const AlloyCell *cell)
{
    Cartesian job = {builder->x, builder->y, builder->z, cell};
    alloy_parallel_for(builder->n, GRAIN, cartesian_block, &job, NULL, NULL);
}

gboolean alloy_model_check_finite(const AlloyAtomsBuilder *builder, const char *place, GError **error)
{
    const double *axes[3] = {builder->x, builder->y, builder->z};
    for (size_t i = 0; i < builder->n; i++)
        for (int k = 0; k < 3; k++)
            if (!isfinite(axes[k][i]))
                return alloy_format_error(error, place, 0,
                                          "%c of atom %zu is beyond all numbers (1.8e+308) once it is in "
                                          "angstrom",
                                          "xyz"[k], i + 1);
    return TRUE;
}

int alloy_model_numbered_kind(AlloyAtomsBuilder *builder, int64_t number)
{
    char name[ALLOY_DOUBLE_TEXT + 8] = "Type ";
    alloy_format_int64(number, name + strlen(name));
    return alloy_atoms_builder_named_kind(builder, name, 0);
}

void alloy_model_warn_mass(GPtrArray *warnings, const AlloySource *source, const char *name, double mass)
{
    const AlloyElement *element = alloy_element_by_mass(mass);
    if (element == NULL)
        return;
    g_autoptr(GString) fix = g_string_new("species=");
    for (const char *p = name; *p != '\0'; p++) {
        if (strchr(",:\\", *p) != NULL)
            g_string_append_c(fix, '\\');
        g_string_append_c(fix, *p);
    }
    g_string_append_printf(fix, ":%s", element->symbol);
    g_autofree char *title = g_strdup_printf("Take \"%s\" for %s", name, element->symbol);
    alloy_warn(warnings, "species", fix->str, title,
               "%s: the species \"%s\" is no element, but has the mass of %s (%.5g)", source->name, name,
               element->symbol, mass);
}

void alloy_model_set_text(AlloyAtomsBuilder *builder, const char *name, AlloySpan text, GPtrArray *warnings,
                          const AlloySource *source)
{
    text = alloy_span_strip(text);
    if (text.begin == text.end)
        return;
    gboolean converted = FALSE;
    g_autofree char *value = alloy_span_dup(text, &converted);
    alloy_atoms_builder_set_info(builder, alloy_scalar_text(name, value));
    if (converted)
        alloy_warn(warnings, "encoding", NULL, NULL, "%s: the %s is not UTF-8 and was taken as Latin-1",
                   source->name, name);
}

char *alloy_model_column_name(AlloySpan name)
{
    static const char *const reserved[] = {"species", "x", "y", "z"};
    g_autofree char *text = alloy_span_dup(alloy_span_strip(name), NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++)
        if (strcmp(text, reserved[i]) == 0)
            return g_strconcat("file_", text, NULL);
    if (*text == '\0')
        return g_strdup("unnamed");
    return g_steal_pointer(&text);
}

/* The angles of most crystals give exact cosines, so that a hexagonal cell has no noise in its last digits.
 */
static double cosine(double degree)
{
    if (degree == 90)
        return 0;
    if (degree == 60)
        return 0.5;
    if (degree == 120)
        return -0.5;
    return cos(degree * (G_PI / 180));
}

static double sine(double degree)
{
    if (degree == 90)
        return 1;
    if (degree == 60 || degree == 120)
        return sqrt(0.75);
    return sin(degree * (G_PI / 180));
}

gboolean alloy_cell_from_parameters(AlloyCell *cell, const double lengths[3], const double angles[3],
                                    const char *place, uint64_t line, GError **error)
{
    for (int k = 0; k < 3; k++) {
        if (!(lengths[k] > 0) || !isfinite(lengths[k]))
            return alloy_format_error(error, place, line, "the cell length %c is %g, not above 0", "abc"[k],
                                      lengths[k]);
        if (!(angles[k] > 0 && angles[k] < 180))
            return alloy_format_error(error, place, line,
                                      "the cell angle %s is %g, not between 0 and 180 degrees",
                                      (const char *[]){"alpha", "beta", "gamma"}[k], angles[k]);
    }
    double ca = cosine(angles[0]), cb = cosine(angles[1]), cg = cosine(angles[2]), sg = sine(angles[2]);
    double t = (ca - cb * cg) / sg;
    double w2 = 1 - cb * cb - t * t;
    if (!(w2 > 1e-12))
        return alloy_format_error(error, place, line, "no cell has the angles %g, %g and %g degrees",
                                  angles[0], angles[1], angles[2]);
    *cell = (AlloyCell){
        .vector = {{lengths[0], 0, 0},
                   {lengths[1] * cg, lengths[1] * sg, 0},
                   {lengths[2] * cb, lengths[2] * t, lengths[2] * sqrt(w2)}},
        .periodic = {TRUE, TRUE, TRUE},
    };
    g_autoptr(GError) singular = NULL;
    if (!alloy_cell_check(cell, &singular))
        return alloy_format_error(error, place, line, "%s", singular->message);
    return TRUE;
}

AlloyData *alloy_models_finish(const GPtrArray *models, const char *title)
{
    if (models->len == 1)
        return alloy_data_ref(models->pdata[0]);
    g_autofree AlloyStage *stages = g_new0(AlloyStage, models->len);
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < models->len; i++) {
        const AlloyAtoms *atoms = models->pdata[i];
        stages[i] = alloy_stage_from_info(atoms);
        const AlloyColumn *step = alloy_columns_get(atoms->info, "timestep");
        if (stages[i].label == NULL && step != NULL && step->type == ALLOY_INTEGER && step->n == 1) {
            char text[ALLOY_DOUBLE_TEXT];
            alloy_format_int64(step->integer[0], text);
            stages[i].label = g_strconcat("step ", text, NULL);
            g_ptr_array_add(labels, (char *)stages[i].label);
        }
    }
    return (AlloyData *)alloy_series_new(title, stages, models->len);
}

void alloy_model_append_word(GString *out, const char *text)
{
    if (*text == '\0')
        alloy_rows_char(out, '_');
    for (; *text != '\0'; text++)
        alloy_rows_char(out, alloy_is_blank(*text) || *text == '\n' ? '_' : *text);
}
