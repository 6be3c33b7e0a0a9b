/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/write.h"

#include "core/base/error.h"
#include "core/base/replace.h"
#include "core/data/warning.h"
#include "core/formats/format.h"
#include "ui/figure/fit.h"
#include "ui/figure/raster-file.h"
#include "ui/plot/export.h"

#include <math.h>
#include <string.h>

#define SUPERSAMPLE 3
#define MOST_SIDE 32767 /* pixels that cairo takes */

typedef enum { PNG, TIFF_LZW, PDF, SVG, NO_KIND } Kind;

static Kind kind_of(const char *path)
{
    static const struct {
        const char *ending;
        Kind kind;
    } kinds[] = {{".png", PNG}, {".tif", TIFF_LZW}, {".tiff", TIFF_LZW}, {".pdf", PDF}, {".svg", SVG}};
    g_autofree char *lower = g_ascii_strdown(path, -1);
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
        if (g_str_has_suffix(lower, kinds[k].ending) && strlen(lower) > strlen(kinds[k].ending))
            return kinds[k].kind;
    return NO_KIND;
}

gboolean alloy_figure_path_check(const char *path, GError **error)
{
    return kind_of(path) != NO_KIND ||
           alloy_parameter_error(error, "%s: a figure is written as .png, .tif, .pdf or .svg", path);
}

int alloy_figure_pixels(double points, double dpi)
{
    return MAX(1, (int)lround(MIN(points * dpi / 72, 1e6)));
}

/* --- drawing into the kinds of files --- */

typedef struct {
    const AlloyFigure *figure;
    const AlloyFigureLayout *layout;
    const AlloyFigurePictures *pictures;
} Page;

static void draw_page(cairo_t *cr, double width, double height, gpointer data)
{
    const Page *page = data;
    alloy_figure_draw(page->figure, page->layout, page->pictures, cr, NULL);
}

static GBytes *pixel_bytes(const Page *page, Kind kind, double width, double height, GError **error)
{
    const AlloyFigure *figure = page->figure;
    int columns = alloy_figure_pixels(width, figure->dpi), rows = alloy_figure_pixels(height, figure->dpi);
    gboolean opaque = figure->background != ALLOY_FIGURE_TRANSPARENT;
    cairo_surface_t *surface =
        cairo_image_surface_create(opaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, columns, rows);
    cairo_t *cr = cairo_create(surface);
    if (opaque) {
        /* the last pixel of a row may be wider than the page */
        AlloyPlotStyle style = alloy_figure_style(figure);
        alloy_set_rgb(cr, style.background, 1);
        cairo_paint(cr);
    }
    cairo_scale(cr, figure->dpi / 72, figure->dpi / 72);
    alloy_figure_draw(figure, page->layout, page->pictures, cr, NULL);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    GBytes *bytes = NULL;
    if (status != CAIRO_STATUS_SUCCESS)
        alloy_input_error(error, "a figure of %d x %d pixels: %s", columns, rows,
                          cairo_status_to_string(status));
    else
        bytes = kind == PNG ? alloy_png_bytes(surface, figure->dpi, error)
                            : alloy_tiff_bytes(surface, figure->dpi, error);
    cairo_surface_destroy(surface);
    return bytes;
}

GBytes *alloy_figure_bytes(const AlloyFigure *figure, const char *path, AlloyProgress *progress,
                           GError **error)
{
    Kind kind = kind_of(path);
    if (!alloy_figure_path_check(path, error))
        return NULL;
    g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(figure, error);
    if (layout == NULL)
        return NULL;
    double width, height;
    alloy_figure_layout_size(layout, &width, &height);
    int columns = alloy_figure_pixels(width, figure->dpi), rows = alloy_figure_pixels(height, figure->dpi);
    if (columns > MOST_SIDE || rows > MOST_SIDE) {
        alloy_parameter_error(error, "a figure of %d x %d pixels: at most %d in each direction can be made",
                              columns, rows, MOST_SIDE);
        return NULL;
    }
    alloy_progress_stage(progress, 0, 0.9, "drawing atoms");
    g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0, 0.9);
    g_autoptr(AlloyFigurePictures) pictures =
        alloy_figure_pictures_new(figure, layout, figure->dpi, SUPERSAMPLE, part, error);
    if (pictures == NULL)
        return NULL;
    alloy_progress_stage(progress, 0.9, 1, "making the file");
    Page page = {figure, layout, pictures};
    GBytes *bytes = NULL;
    if (kind == PNG || kind == TIFF_LZW)
        bytes = pixel_bytes(&page, kind, width, height, error);
    else
        bytes = alloy_vector_bytes(kind == PDF ? ALLOY_VECTOR_PDF : ALLOY_VECTOR_SVG, width, height,
                                   figure->title, draw_page, &page, error);
    if (bytes != NULL && !alloy_progress_check(progress, error))
        g_clear_pointer(&bytes, g_bytes_unref);
    return bytes;
}

/* --- numbers --- */

char *alloy_figure_table_path(const char *path, unsigned i)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t length = dot != NULL && (slash == NULL || dot > slash + 1) ? (size_t)(dot - path) : strlen(path);
    g_autofree char *letter = alloy_figure_letter(i);
    return g_strdup_printf("%.*s-%s.csv", (int)length, path, letter);
}

static const AlloyColumn *kept_values(const AlloyColumn *column, const uint32_t *rows, size_t n)
{
    size_t size = alloy_type_size(column->type);
    char *values = alloy_array_alloc(n, size);
    const char *from = column->values;
    for (size_t k = 0; k < n; k++)
        memcpy(values + k * size, from + rows[k] * size, size);
    switch (column->type) {
    case ALLOY_REAL:
        return alloy_column_new_real(column->name, column->unit, (double *)(gpointer)values, n);
    case ALLOY_INTEGER:
        return alloy_column_new_integer(column->name, column->unit, (int64_t *)(gpointer)values, n);
    case ALLOY_BOOLEAN:
        return alloy_column_new_boolean(column->name, (uint8_t *)values, n);
    default:
        return alloy_column_new_text(column->name, (uint32_t *)(gpointer)values, n, column->labels,
                                     column->n_labels);
    }
}

static gboolean is_name_of_its_own(const char *name)
{
    static const char *const taken[] = {"species", "x", "y", "z", NULL};
    return !g_strv_contains(taken, name);
}

static const AlloyData *numbers_of_scene(const AlloyPanel *panel)
{
    const AlloyAtoms *atoms = alloy_scene_atoms(panel->scene);
    size_t n = 0;
    g_autofree uint32_t *shown = alloy_scene_shown(panel->scene, &n);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    g_autofree int *kinds = g_new(int, atoms->n_kinds + 1);
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        kinds[k] = alloy_atoms_builder_named_kind(builder, atoms->kinds[k].name, atoms->kinds[k].z);
    int64_t *places = alloy_array_new(int64_t, n);
    for (size_t k = 0; k < n; k++) {
        uint32_t i = shown[k];
        builder->x[k] = atoms->x[i];
        builder->y[k] = atoms->y[i];
        builder->z[k] = atoms->z[i];
        builder->species[k] = (uint16_t)kinds[atoms->species[i]];
        places[k] = i;
    }
    if (panel->values != NULL && panel->values->n == atoms->n && is_name_of_its_own(panel->values->name))
        alloy_atoms_builder_set_column(builder, kept_values(panel->values, shown, n));
    const AlloyColumn *index = alloy_column_new_integer("original_index", ALLOY_UNIT_NONE, places, n);
    if (n < atoms->n)
        alloy_atoms_builder_set_column(builder, index);
    else
        alloy_data_unref(index);
    return ALLOY_DATA(alloy_atoms_builder_finish(builder));
}

const AlloyData *alloy_figure_numbers(const AlloyFigure *figure, unsigned i)
{
    const AlloyPanel *panel = &figure->panels[i];
    if (panel->plot != NULL)
        return ALLOY_DATA(alloy_plot_table(panel->plot));
    return panel->scene != NULL && alloy_scene_atoms(panel->scene) != NULL ? numbers_of_scene(panel) : NULL;
}

/* --- writing --- */

static gboolean write_bytes(const char *path, GBytes *bytes, GError **error)
{
    g_autoptr(AlloyReplacement) file = alloy_replace_begin(path, error);
    if (file == NULL)
        return FALSE;
    GError *failed = NULL;
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    if (!g_output_stream_write_all(alloy_replace_stream(file), data, n, NULL, NULL, &failed)) {
        g_prefix_error(&failed, "%s: ", path);
        g_propagate_error(error, failed);
        return FALSE;
    }
    return alloy_replace_commit(g_steal_pointer(&file), error);
}

/* What is asked for and cannot be. */
static void warn(const AlloyFigure *figure, GPtrArray *warnings)
{
    for (unsigned i = 0; i < figure->n_panels; i++) {
        const AlloyPanel *panel = &figure->panels[i];
        if (panel->plot == NULL && panel->scene != NULL && panel->scale_bar && panel->camera.fov > 0) {
            alloy_warn(warnings, "figure", NULL, NULL,
                       "a scale bar is true without perspective only: it was left out");
            return;
        }
    }
}

gboolean alloy_figure_write(const AlloyFigure *figure, const char *path, gboolean tables, GPtrArray *warnings,
                            AlloyProgress *progress, GError **error)
{
    g_autoptr(GBytes) bytes = alloy_figure_bytes(figure, path, progress, error);
    if (bytes == NULL)
        return FALSE;
    warn(figure, warnings);
    /* The tables first: a figure that is there has its numbers. No way back from here, so no cancelling. */
    for (unsigned i = 0; tables && i < figure->n_panels; i++) {
        g_autoptr(AlloyData) numbers = (AlloyData *)alloy_figure_numbers(figure, i);
        g_autofree char *table = alloy_figure_table_path(path, i);
        if (numbers != NULL && !alloy_write_file(table, NULL, numbers, warnings, NULL, error))
            return FALSE;
    }
    return write_bytes(path, bytes, error);
}
