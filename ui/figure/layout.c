/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/figure-private.h"

#include "core/base/error.h"

#include <math.h>

#define POINTS_PER_MM (72 / 25.4)
#define LEAST_PANEL 18.0 /* mm: no more panels side by side than have this each */
#define LEAST_BOX 2.0    /* mm */
#define MOST_SIDE 2000.0 /* mm */

/* Boxes lie on whole pixels, so that the pixels of a scene are those of the file. */
static double pixels_below(const AlloyFigureLayout *layout, double length)
{
    return floor(length / layout->pixel + 1e-6) * layout->pixel;
}

static double pixels_above(const AlloyFigureLayout *layout, double length)
{
    return ceil(length / layout->pixel - 1e-6) * layout->pixel;
}

static gboolean check(const AlloyFigure *figure, GError **error)
{
    if (!(figure->width >= 1 && figure->width <= MOST_SIDE) ||
        !(figure->height == 0 || (figure->height >= 1 && figure->height <= MOST_SIDE)))
        return alloy_parameter_error(error, "a page of %g x %g mm: 1 to %g mm can be made", figure->width,
                                     figure->height, MOST_SIDE);
    if (!(figure->dpi >= 10 && figure->dpi <= 4800))
        return alloy_parameter_error(error, "%g dpi: 10 to 4800 can be made", figure->dpi);
    if (!(figure->text >= 0.5 && figure->text <= 200))
        return alloy_parameter_error(error, "text of %g pt: 0.5 to 200 can be made", figure->text);
    return TRUE;
}

static unsigned columns_of(const AlloyFigure *figure, double across)
{
    unsigned n = MAX(figure->n_panels, 1);
    if (figure->columns > 0)
        return MIN(figure->columns, n);
    unsigned most = (unsigned)CLAMP(across / (LEAST_PANEL * POINTS_PER_MM), 1, n);
    unsigned rows = (n + most - 1) / most;
    return (n + rows - 1) / rows; /* as even as can be */
}

static gboolean needs_header(const AlloyFigure *figure)
{
    for (unsigned i = 0; i < figure->n_panels; i++)
        if (figure->panels[i].title != NULL && *figure->panels[i].title != '\0')
            return TRUE;
    return figure->letters && figure->n_panels > 0;
}

static void shift(AlloyFigureLayout *layout, unsigned from, double x, double y)
{
    for (unsigned k = from; k < layout->foot->len; k++) {
        AlloyRect *place = &g_array_index(layout->foot, AlloyFootItem, k).place;
        place->x += x;
        place->y += y;
    }
}

/* The height that the feet of the panels need, all the same. */
static double panel_foot(const AlloyFigure *figure, const AlloyFigureLayout *layout, double box_width,
                         gboolean *tight)
{
    double most = 0;
    for (unsigned i = 0; i < figure->n_panels; i++) {
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(AlloyFootItem));
        most = MAX(most, alloy_foot_place(figure, &layout->style, i, alloy_foot_kinds(figure, i, FALSE),
                                          box_width, box_width, items, tight));
    }
    return most;
}

/* The first panel with a scene: what all share is read off it. */
static unsigned first_scene(const AlloyFigure *figure)
{
    unsigned i = 0;
    while (i + 1 < figure->n_panels && (figure->panels[i].plot != NULL || figure->panels[i].scene == NULL))
        i++;
    return i;
}

AlloyFigureLayout *alloy_figure_layout_new(const AlloyFigure *figure, GError **error)
{
    if (!check(figure, error))
        return NULL;
    g_autoptr(AlloyFigureLayout) layout = g_new0(AlloyFigureLayout, 1);
    layout->style = alloy_figure_style(figure);
    layout->foot = g_array_new(FALSE, FALSE, sizeof(AlloyFootItem));
    layout->pixel = 72 / figure->dpi;
    layout->width = figure->width * POINTS_PER_MM;
    layout->n = figure->n_panels;
    const AlloyPlotStyle *style = &layout->style;
    double text = style->text, line = alloy_foot_line_height(style);
    double margin = pixels_above(layout, 0.35 * text), between = pixels_above(layout, 0.9 * text);
    double across = layout->width - 2 * margin;
    layout->columns = columns_of(figure, across);
    layout->rows = (MAX(layout->n, 1) + layout->columns - 1) / layout->columns;
    unsigned columns = layout->columns, rows = layout->rows;

    gboolean tight = FALSE;
    double box_width = pixels_below(layout, (across - (columns - 1) * between) / columns);
    double top = margin;
    if (figure->title != NULL && *figure->title != '\0') {
        layout->title_y = top;
        top = pixels_above(layout, top + line + 0.5 * text);
    }
    layout->header = needs_header(figure) ? pixels_above(layout, line + 0.3 * text) : 0;
    double inner_foot = panel_foot(figure, layout, box_width, &tight);
    if (inner_foot > 0)
        inner_foot = pixels_above(layout, inner_foot + 0.6 * text);
    double grid_width = columns * box_width + (columns - 1) * between;
    double foot_height = 0;
    if (layout->n > 0)
        foot_height = alloy_foot_place(figure, style, first_scene(figure), alloy_foot_kinds(figure, 0, TRUE),
                                       grid_width, box_width, layout->foot, &tight);
    unsigned own_feet = layout->foot->len;
    if (foot_height > 0)
        foot_height = pixels_above(layout, foot_height + 0.8 * text);

    double row_gap = pixels_above(layout, 0.9 * text);
    double around = top + rows * (layout->header + inner_foot) + (rows - 1) * row_gap + foot_height + margin;
    double box_height;
    if (figure->height > 0) {
        layout->height = figure->height * POINTS_PER_MM;
        box_height = pixels_below(layout, (layout->height - around) / rows);
    } else {
        double aspect = figure->aspect > 0 ? figure->aspect : 1;
        box_height = pixels_above(layout, box_width / aspect);
        layout->height = pixels_above(layout, around + rows * box_height);
    }
    double least = LEAST_BOX * POINTS_PER_MM;
    if (layout->n > 0 && (tight || box_width < least || box_height < least)) {
        alloy_parameter_error(
            error,
            "a page of %.4g x %.4g mm has no room for %u x %u panels with text of %g pt: make "
            "it larger, the text smaller, or the panels fewer",
            figure->width, layout->height / POINTS_PER_MM, rows, columns, figure->text);
        return NULL;
    }

    /* the grid in the middle of the page, on whole pixels */
    double left = margin + pixels_below(layout, (across - grid_width) / 2);
    double row_height = layout->header + box_height + inner_foot + row_gap;
    layout->boxes = g_new0(AlloyRect, layout->n + 1);
    for (unsigned i = 0; i < layout->n; i++) {
        AlloyRect *box = &layout->boxes[i];
        *box = (AlloyRect){left + i % columns * (box_width + between),
                           top + i / columns * row_height + layout->header, box_width, box_height};
        unsigned from = layout->foot->len;
        alloy_foot_place(figure, style, i, alloy_foot_kinds(figure, i, FALSE), box_width, box_width,
                         layout->foot, &tight);
        shift(layout, from, box->x, box->y + box_height + 0.6 * text);
    }
    double foot_y = top + rows * row_height - row_gap + 0.8 * text;
    for (unsigned k = 0; k < own_feet; k++) {
        AlloyRect *place = &g_array_index(layout->foot, AlloyFootItem, k).place;
        place->x += left;
        place->y += foot_y;
    }
    return g_steal_pointer(&layout);
}

void alloy_figure_layout_free(AlloyFigureLayout *layout)
{
    if (layout == NULL)
        return;
    g_array_unref(layout->foot);
    g_free(layout->boxes);
    g_free(layout);
}

void alloy_figure_layout_size(const AlloyFigureLayout *layout, double *width, double *height)
{
    *width = layout->width;
    *height = layout->height;
}

AlloyRect alloy_figure_layout_box(const AlloyFigureLayout *layout, unsigned i)
{
    g_return_val_if_fail(i < layout->n, ((AlloyRect){0, 0, 0, 0}));
    return layout->boxes[i];
}
