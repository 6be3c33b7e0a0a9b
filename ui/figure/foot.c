/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands under the panels: which things are shared, and where each is. */
#include "ui/figure/figure-private.h"

#include <math.h>
#include <string.h>

static gboolean has(const AlloyPanel *panel, AlloyFootKind kind)
{
    if (panel->plot != NULL || panel->scene == NULL)
        return FALSE;
    switch (kind) {
    case ALLOY_FOOT_TRIPOD:
        return panel->tripod;
    case ALLOY_FOOT_DIRECTION:
        return panel->direction != NULL && *panel->direction != '\0';
    case ALLOY_FOOT_SCALE_BAR:
        return panel->scale_bar && !(panel->camera.fov > 0);
    case ALLOY_FOOT_LEGEND:
        return panel->n_entries > 0;
    case ALLOY_FOOT_COLOUR_BAR:
        return panel->bar != NULL;
    default:
        return FALSE;
    }
}

static gboolean same(const AlloyPanel *a, const AlloyPanel *b, AlloyFootKind kind)
{
    switch (kind) {
    case ALLOY_FOOT_TRIPOD:
        return memcmp(a->camera.rotation, b->camera.rotation, sizeof a->camera.rotation) == 0;
    case ALLOY_FOOT_DIRECTION:
        return strcmp(a->direction, b->direction) == 0;
    case ALLOY_FOOT_SCALE_BAR:
        return fabs(a->camera.height - b->camera.height) <= 1e-9 * a->camera.height;
    case ALLOY_FOOT_LEGEND:
        return a->entries == b->entries && a->n_entries == b->n_entries;
    case ALLOY_FOOT_COLOUR_BAR:
        return a->bar == b->bar;
    default:
        return FALSE;
    }
}

/* One thing stands for all: every scene has it, and it is the same. */
static gboolean is_shared(const AlloyFigure *figure, AlloyFootKind kind)
{
    const AlloyPanel *first = NULL;
    for (unsigned i = 0; i < figure->n_panels; i++) {
        const AlloyPanel *panel = &figure->panels[i];
        if (panel->plot != NULL || panel->scene == NULL)
            continue;
        if (!has(panel, kind) || (first != NULL && !same(first, panel, kind)))
            return FALSE;
        first = first != NULL ? first : panel;
    }
    return first != NULL;
}

unsigned alloy_foot_kinds(const AlloyFigure *figure, unsigned i, gboolean shared)
{
    unsigned kinds = 0;
    for (unsigned kind = 0; kind < ALLOY_FOOT_KINDS; kind++)
        if (shared ? is_shared(figure, kind) : has(&figure->panels[i], kind) && !is_shared(figure, kind))
            kinds |= 1u << kind;
    return kinds;
}

double alloy_foot_line_height(const AlloyPlotStyle *style)
{
    g_autoptr(PangoLayout) any = alloy_text(style, "0", style->text, FALSE);
    return alloy_text_height(any);
}

/* --- placing: lines from left to right, a new one where the next thing does not fit --- */

typedef struct {
    const AlloyFigure *figure;
    const AlloyPlotStyle *style;
    const AlloyPanel *panel;
    double width, box_width;
    double at, y, line; /* in the line, its top, its height so far */
    unsigned from;      /* first item of the line */
    gboolean tight;     /* something is wider than all there is */
    GArray *items;
} Flow;

static double gap_of(const Flow *flow)
{
    return 2 * flow->style->text;
}

/* The things of a line are spread over the width; one alone stands in the middle, a scale bar at the left. */
static void end_line(Flow *flow)
{
    unsigned n = flow->items->len - flow->from;
    if (n == 0)
        return;
    AlloyFootItem *items = &g_array_index(flow->items, AlloyFootItem, flow->from);
    double rest = flow->width - flow->at;
    for (unsigned k = 0; k < n; k++) {
        gboolean right = n == 1 && items[k].kind >= ALLOY_FOOT_LEGEND;
        items[k].place.x += n > 1   ? (k == n - 1 && items[k].kind >= ALLOY_FOOT_LEGEND ? rest : 0)
                            : right ? rest / 2
                                    : 0;
        /* a low thing beside the axes stands on their ground line */
        if (items[k].kind != ALLOY_FOOT_COLOUR_BAR && items[0].kind == ALLOY_FOOT_TRIPOD && k > 0)
            items[k].place.y += MAX(0, items[0].place.height - items[k].place.height);
    }
    flow->y += flow->line + 0.7 * flow->style->text;
    flow->at = flow->line = 0;
    flow->from = flow->items->len;
}

static void put(Flow *flow, AlloyFootKind kind, double width, double height, unsigned columns)
{
    gboolean begins = flow->items->len == flow->from;
    flow->tight = flow->tight || width > flow->width + 0.1;
    if (!begins && flow->at + gap_of(flow) + width > flow->width) {
        end_line(flow);
        begins = TRUE;
    }
    flow->at += begins ? 0 : gap_of(flow);
    AlloyFootItem item = {kind,
                          (unsigned)(flow->panel - flow->figure->panels),
                          {flow->at, flow->y, MIN(width, flow->width), height},
                          columns};
    g_array_append_val(flow->items, item);
    flow->at += item.place.width;
    flow->line = MAX(flow->line, height);
}

static double room_left(const Flow *flow)
{
    return flow->width - flow->at - (flow->items->len > flow->from ? gap_of(flow) : 0);
}

static void put_legend(Flow *flow)
{
    double column = alloy_legend_column(flow->panel, flow->style);
    double line = alloy_foot_line_height(flow->style) + 0.2 * flow->style->text;
    unsigned n = flow->panel->n_entries;
    double room = room_left(flow) >= MIN(n * column, 0.6 * flow->width) ? room_left(flow) : flow->width;
    unsigned columns = (unsigned)CLAMP(room / column, 1, n), rows = (n + columns - 1) / columns;
    columns = (n + rows - 1) / rows;
    /* a long name may be shortened, but not to nothing */
    flow->tight = flow->tight || flow->width < MIN(column, 5 * flow->style->text);
    put(flow, ALLOY_FOOT_LEGEND, MIN(columns * column - 1.2 * flow->style->text, flow->width),
        rows * line - 0.2 * flow->style->text, columns);
}

static void put_colour_bar(Flow *flow)
{
    double text = flow->style->text, wanted = MIN(MAX(0.55 * flow->width, 12 * text), 26 * text);
    double length = MIN(wanted, flow->width), room = room_left(flow);
    flow->tight = flow->tight || length < 6 * text;
    if (room < length && room >= MAX(0.62 * length, 11 * text))
        length = room;
    put(flow, ALLOY_FOOT_COLOUR_BAR, length, alloy_colour_bar_breadth(flow->panel->bar, flow->style, length),
        0);
}

double alloy_foot_place(const AlloyFigure *figure, const AlloyPlotStyle *style, unsigned panel,
                        unsigned kinds, double width, double box_width, GArray *items, gboolean *tight)
{
    Flow flow = {figure, style, &figure->panels[panel], width, box_width, 0, 0, 0, items->len, FALSE, items};
    double line = alloy_foot_line_height(style);
    if (kinds & 1u << ALLOY_FOOT_TRIPOD) {
        AlloyRect extent = alloy_tripod_extent(&flow.panel->camera, style);
        put(&flow, ALLOY_FOOT_TRIPOD, extent.width, extent.height, 0);
    }
    if (kinds & 1u << ALLOY_FOOT_SCALE_BAR) {
        /* the longest that it can be: the camera's height may still change */
        g_autoptr(PangoLayout) label = alloy_text(style, "50\u00a0nm", style->text, FALSE);
        put(&flow, ALLOY_FOOT_SCALE_BAR,
            ALLOY_BAR_SHARE * box_width + 0.5 * style->text + alloy_text_width(label), line, 0);
    }
    if (kinds & 1u << ALLOY_FOOT_DIRECTION)
        put(&flow, ALLOY_FOOT_DIRECTION, alloy_direction_width(flow.panel->direction, style), line, 0);
    if (kinds & 1u << ALLOY_FOOT_LEGEND)
        put_legend(&flow);
    if (kinds & 1u << ALLOY_FOOT_COLOUR_BAR)
        put_colour_bar(&flow);
    end_line(&flow);
    *tight = *tight || flow.tight;
    return flow.y > 0 ? flow.y - 0.7 * style->text : 0;
}

/* --- drawing --- */

static void draw_scale_bar(const AlloyPanel *panel, const AlloyRect *box, const AlloyCanvas *canvas,
                           const AlloyRect *place)
{
    const AlloyPlotStyle *style = canvas->style;
    g_autofree char *label = NULL;
    double across = panel->camera.height * box->width / box->height;
    double length = alloy_figure_bar_length(across, &label) / across * box->width;
    if (label == NULL)
        return;
    g_autoptr(PangoLayout) text = alloy_text(style, label, style->text, FALSE);
    double thick = 0.24 * style->text, middle = place->y + alloy_text_middle(text);
    alloy_set_rgb(canvas->cr, style->ink, 1);
    cairo_rectangle(canvas->cr, place->x, middle - thick / 2, length, thick);
    cairo_fill(canvas->cr);
    alloy_text_show(canvas, text, style->ink, place->x + length + 0.5 * style->text, place->y);
}

void alloy_foot_draw(const AlloyFigure *figure, const AlloyFigureLayout *layout, const AlloyFootItem *item,
                     const AlloyCanvas *canvas)
{
    const AlloyPanel *panel = &figure->panels[item->panel];
    switch (item->kind) {
    case ALLOY_FOOT_TRIPOD:
        alloy_tripod_draw(&panel->camera, canvas, &item->place);
        break;
    case ALLOY_FOOT_DIRECTION:
        alloy_direction_draw(panel->direction, canvas, &item->place);
        break;
    case ALLOY_FOOT_SCALE_BAR:
        draw_scale_bar(panel, &layout->boxes[item->panel], canvas, &item->place);
        break;
    case ALLOY_FOOT_LEGEND:
        alloy_figure_legend_draw(panel, canvas, &item->place, item->columns);
        break;
    case ALLOY_FOOT_COLOUR_BAR: {
        AlloyColourBar bar = *panel->bar;
        bar.horizontal = TRUE;
        alloy_colour_bar_draw(&bar, canvas, &item->place);
        break;
    }
    default:
        break;
    }
}
