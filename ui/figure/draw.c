/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/figure-private.h"
#include "ui/plot/plot-private.h"
#include "ui/scene/picture.h"

#include "core/base/error.h"

#include <math.h>
#include <string.h>

#define MOST_SIDE 32767 /* pixels that cairo takes */

/* --- the pixels of the scenes --- */

void alloy_figure_pictures_free(AlloyFigurePictures *pictures)
{
    if (pictures == NULL)
        return;
    for (unsigned i = 0; i < pictures->n; i++)
        if (pictures->surfaces[i] != NULL)
            cairo_surface_destroy(pictures->surfaces[i]);
    g_free(pictures->surfaces);
    g_free(pictures);
}

static void background_of(const AlloyFigure *figure, float rgba[4])
{
    AlloyPlotStyle style = alloy_figure_style(figure);
    for (int k = 0; k < 4; k++)
        rgba[k] = (float)style.background[k] / 255;
}

static cairo_surface_t *picture_of(const AlloyFigure *figure, const AlloyPanel *panel, int width, int height,
                                   int supersample, AlloyProgress *progress, GError **error)
{
    if (width > MOST_SIDE || height > MOST_SIDE) {
        alloy_parameter_error(error, "a panel of %d x %d pixels: at most %d in each direction can be drawn",
                              width, height, MOST_SIDE);
        return NULL;
    }
    const AlloyLook kept = *alloy_scene_look(panel->scene);
    AlloyLook look = kept;
    background_of(figure, look.background);
    alloy_scene_set_look(panel->scene, &look);
    g_autofree uint32_t *argb =
        alloy_picture_new(panel->scene, &panel->camera, width, height, supersample, progress, error);
    alloy_scene_set_look(panel->scene, &kept);
    if (argb == NULL)
        return NULL;
    gboolean opaque = figure->background != ALLOY_FIGURE_TRANSPARENT;
    cairo_surface_t *surface =
        cairo_image_surface_create(opaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(surface);
        alloy_input_error(error, "a panel of %d x %d pixels does not fit the memory", width, height);
        return NULL;
    }
    int stride = cairo_image_surface_get_stride(surface);
    unsigned char *rows = cairo_image_surface_get_data(surface);
    for (int y = 0; y < height; y++)
        memcpy(rows + (size_t)y * (size_t)stride, argb + (size_t)y * (size_t)width, (size_t)width * 4);
    cairo_surface_mark_dirty(surface);
    return surface;
}

AlloyFigurePictures *alloy_figure_pictures_new(const AlloyFigure *figure, const AlloyFigureLayout *layout,
                                               double dpi, int supersample, AlloyProgress *progress,
                                               GError **error)
{
    g_autoptr(AlloyFigurePictures) pictures = g_new0(AlloyFigurePictures, 1);
    pictures->n = figure->n_panels;
    pictures->dpi = dpi;
    pictures->surfaces = g_new0(cairo_surface_t *, pictures->n + 1);
    for (unsigned i = 0; i < pictures->n; i++) {
        const AlloyPanel *panel = &figure->panels[i];
        if (panel->plot != NULL || panel->scene == NULL)
            continue;
        const AlloyRect *box = &layout->boxes[i];
        int width = MAX(1, (int)lround(box->width * dpi / 72)),
            height = MAX(1, (int)lround(box->height * dpi / 72));
        g_autoptr(AlloyProgress) part =
            alloy_progress_part(progress, (double)i / pictures->n, (double)(i + 1) / pictures->n);
        pictures->surfaces[i] = picture_of(figure, panel, width, height, supersample, part, error);
        if (pictures->surfaces[i] == NULL)
            return NULL;
    }
    return g_steal_pointer(&pictures);
}

/* --- the page --- */

static void draw_picture(const AlloyFigurePictures *pictures, unsigned i, const AlloyRect *box,
                         const AlloyCanvas *canvas)
{
    cairo_surface_t *surface = pictures->surfaces[i];
    if (surface == NULL)
        return;
    cairo_t *cr = canvas->cr;
    double width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    /* where a pixel of the picture is one of the target it is taken as it is */
    gboolean exact = !canvas->vector && fabs(canvas->resolution * box->width - width) < 1e-3 * width &&
                     fabs(canvas->resolution * 72 - pictures->dpi) < 1e-6 * pictures->dpi;
    cairo_save(cr);
    cairo_translate(cr, box->x, box->y);
    cairo_scale(cr, box->width / width, box->height / height);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), exact            ? CAIRO_FILTER_NEAREST
                                                   : canvas->vector ? CAIRO_FILTER_GOOD
                                                                    : CAIRO_FILTER_BEST);
    /* painted, not filled into a rectangle: that would be a pattern in an SVG, which drawing programs dislike
     */
    cairo_paint(cr);
    cairo_restore(cr);
}

/* Its own axes and texts in the figure's font, nothing behind it. */
static void draw_plot(const AlloyPlot *plot, const AlloyRect *box, const AlloyCanvas *canvas)
{
    AlloyPlotStyle style = *canvas->style;
    style.background[3] = 0;
    style.margin = 0;
    g_autoptr(AlloyPlot) own = (AlloyPlot *)alloy_plot_with_style(plot, &style);
    g_autoptr(GArray) placed = g_array_new(FALSE, FALSE, sizeof(AlloyRect));
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, box->x, box->y);
    alloy_plot_draw_traced(own, canvas->cr, box->width, box->height, placed);
    cairo_restore(canvas->cr);
    for (unsigned k = 0; canvas->placed != NULL && k < placed->len; k++) {
        AlloyRect rect = g_array_index(placed, AlloyRect, k);
        rect.x += box->x;
        rect.y += box->y;
        g_array_append_val(canvas->placed, rect);
    }
}

/* The letter at the left edge, the title in the middle where it does not meet the letter. */
static void draw_header(const AlloyFigure *figure, const AlloyFigureLayout *layout, unsigned i,
                        const AlloyCanvas *canvas)
{
    const AlloyPlotStyle *style = &layout->style;
    const AlloyRect *box = &layout->boxes[i];
    double y = box->y - layout->header, left = box->x;
    if (figure->letters) {
        g_autofree char *name = alloy_figure_letter(i);
        g_autoptr(PangoLayout) letter = alloy_text(style, name, style->text, TRUE);
        alloy_text_show(canvas, letter, style->ink, left, y);
        left += alloy_text_width(letter) + 0.5 * style->text;
    }
    const char *title = figure->panels[i].title;
    if (title == NULL || *title == '\0')
        return;
    g_autoptr(PangoLayout) text = alloy_text(style, title, style->text, FALSE);
    alloy_text_fit(text, box->x + box->width - left, PANGO_ELLIPSIZE_END);
    double width = alloy_text_width(text);
    alloy_text_show(canvas, text, style->ink, MAX(left, box->x + (box->width - width) / 2), y);
}

void alloy_figure_draw(const AlloyFigure *figure, const AlloyFigureLayout *layout,
                       const AlloyFigurePictures *pictures, cairo_t *cr, GArray *placed)
{
    AlloyCanvas canvas = alloy_canvas(cr, &layout->style);
    canvas.placed = placed;
    cairo_save(cr);
    if (figure->background != ALLOY_FIGURE_TRANSPARENT) {
        alloy_set_rgb(cr, layout->style.background, 1);
        cairo_rectangle(cr, 0, 0, layout->width, layout->height);
        cairo_fill(cr);
    }
    for (unsigned i = 0; i < layout->n; i++) {
        const AlloyPanel *panel = &figure->panels[i];
        if (panel->plot != NULL)
            draw_plot(panel->plot, &layout->boxes[i], &canvas);
        else if (pictures != NULL)
            draw_picture(pictures, i, &layout->boxes[i], &canvas);
        if (layout->header > 0)
            draw_header(figure, layout, i, &canvas);
    }
    for (unsigned k = 0; k < layout->foot->len; k++)
        alloy_foot_draw(figure, layout, &g_array_index(layout->foot, AlloyFootItem, k), &canvas);
    if (figure->title != NULL && *figure->title != '\0') {
        g_autoptr(PangoLayout) title = alloy_text(&layout->style, figure->title, layout->style.text, TRUE);
        double room = layout->width - layout->style.text;
        alloy_text_fit(title, room, PANGO_ELLIPSIZE_END);
        alloy_text_show(&canvas, title, layout->style.ink, (layout->width - alloy_text_width(title)) / 2,
                        layout->title_y);
    }
    cairo_restore(cr);
}
