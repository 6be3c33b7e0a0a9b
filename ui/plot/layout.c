/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/colour-bar.h"
#include "ui/plot/plot-private.h"

#include <math.h>

/* Where everything goes, from the sizes of the texts. `unit` is the size of the text everywhere. */

#define LABEL_GAP 0.35 /* between tick and label */
#define TITLE_GAP 0.35 /* between labels and axis title */
#define SIDE_GAP 1.3   /* between frame and colour bar or legend */
#define X_SPACING 5.5  /* a label so often, of the text's size */
#define Y_SPACING 4.4
#define COVERED_TOO_MUCH 0.04 /* of a legend by data: then it goes beside the plot */
#define COVERED_AT_MOST                                                                                      \
    0.12 /* where there is no room beside, a legend that hides more than this is left out */

/* What gives way when the page is small: nothing, the title, axis titles, the colour bar, tick labels. */
enum { ALL, NO_TITLE, NO_AXIS_TITLES, NO_BAR, NO_LABELS };

/* The frame is at least so large (in parts of the text) before something gives way. */
#define LEAST_WIDTH 5
#define LEAST_HEIGHT 4

static double text_height(const AlloyPlotStyle *style, double size)
{
    g_autoptr(PangoLayout) text = alloy_text(style, "0", size, FALSE);
    return alloy_text_height(text);
}

char *alloy_plot_axis_title(const AlloyPlot *plot, int axis)
{
    const char *title = plot->axis[axis].title, *unit = plot->axis[axis].unit;
    for (unsigned i = 0; i < plot->marks->len && (title == NULL || unit == NULL); i++) {
        const AlloyMark *mark = &alloy_plot_mark(plot, i)->is;
        const AlloyColumn *column = axis == 0 ? mark->x : mark->y != NULL ? mark->y : mark->low;
        if (column == NULL)
            continue;
        title = title != NULL ? title : column->name;
        unit = unit != NULL ? unit : column->unit;
    }
    return alloy_axis_title(title, unit);
}

PangoLayout *alloy_plot_category(const AlloyPlot *plot, const AlloyPlotLayout *layout, unsigned i)
{
    PangoLayout *text = alloy_text(&plot->style, plot->categories->pdata[i], plot->style.text, FALSE);
    alloy_text_fit(text, layout->category_room + 0.01, PANGO_ELLIPSIZE_END);
    return text;
}

static AlloyTicks *ticks_of(const AlloyAxisMap *map, double wanted)
{
    return map->log ? alloy_ticks_log(map->low, map->high, wanted)
                    : alloy_ticks_linear(map->low, map->high, wanted);
}

/* Widths of the labels; *crowded: two are nearer than `gap`, along the axis. *over: how far labels reach past
 * the ends of the axis. */
static double measure_labels(const AlloyPlot *plot, const AlloyAxisMap *map, const AlloyTicks *ticks,
                             gboolean along_x, double gap, gboolean *crowded, double over[2])
{
    double widest = 0, last_point = 0, last_size = 0;
    gboolean first = TRUE;
    *crowded = FALSE;
    over[0] = over[1] = 0;
    for (unsigned i = 0; i < ticks->n; i++) {
        if (ticks->ticks[i].label == NULL)
            continue;
        g_autoptr(PangoLayout) text =
            alloy_text(&plot->style, ticks->ticks[i].label, plot->style.text, FALSE);
        double point = alloy_axis_to_point(map, ticks->ticks[i].value), width = alloy_text_width(text);
        double size = along_x ? width : alloy_text_height(text);
        if (!first && fabs(point - last_point) < (size + last_size) / 2 + gap)
            *crowded = TRUE;
        first = FALSE;
        widest = MAX(widest, width);
        over[0] = MAX(over[0], MIN(map->start, map->end) - (point - size / 2));
        over[1] = MAX(over[1], point + size / 2 - MAX(map->start, map->end));
        last_point = point;
        last_size = size;
    }
    return widest;
}

/* As many ticks as fit on the axis without touching. */
static AlloyTicks *fit_ticks(const AlloyPlot *plot, const AlloyAxisMap *map, gboolean along_x, double *widest,
                             double over[2])
{
    double unit = plot->style.text, length = fabs(map->end - map->start);
    double wanted = CLAMP(length / ((along_x ? X_SPACING : Y_SPACING) * unit), 2, along_x ? 9 : 7);
    for (;; wanted = MAX(wanted - 1, 2)) {
        AlloyTicks *ticks = ticks_of(map, wanted);
        gboolean crowded;
        *widest =
            measure_labels(plot, map, ticks, along_x, along_x ? 0.7 * unit : 0.05 * unit, &crowded, over);
        if (!crowded)
            return ticks;
        if (wanted <= 2) {
            /* two labels that do not fit: the last one stands alone */
            gboolean kept = FALSE;
            for (unsigned i = ticks->n; i-- > 0;) {
                if (kept)
                    g_clear_pointer(&ticks->ticks[i].label, g_free);
                kept = kept || ticks->ticks[i].label != NULL;
            }
            *widest = measure_labels(plot, map, ticks, along_x, 0, &crowded, over);
            return ticks;
        }
        alloy_ticks_free(ticks);
    }
}

/* Categories: level where they fit side by side, else upwards, and then only every so many. Returns the
 * height they take. */
static double fit_categories(const AlloyPlot *plot, AlloyPlotLayout *layout, double th)
{
    const AlloyAxisMap *map = &layout->map[0];
    double unit = plot->style.text, slot = fabs((map->end - map->start) / (map->high - map->low)), widest = 0;
    for (unsigned i = 0; i < plot->categories->len; i++) {
        g_autoptr(PangoLayout) text = alloy_text(&plot->style, plot->categories->pdata[i], unit, FALSE);
        widest = MAX(widest, alloy_text_width(text));
    }
    layout->turned = widest > slot - 0.5 * unit;
    layout->every = layout->turned ? (unsigned)MIN(ceil(1.05 * th / MAX(slot, 1e-3)), 1e6) : 1;
    layout->category_room = layout->turned ? MIN(widest, 0.33 * layout->height) : widest;
    return layout->turned ? layout->category_room : th;
}

static void set_maps(const AlloyPlot *plot, AlloyPlotLayout *layout)
{
    for (int axis = 0; axis < 2; axis++) {
        double low, high;
        alloy_plot_range(plot, axis == 1, &low, &high);
        layout->map[axis] = (AlloyAxisMap){
            .low = low,
            .high = high,
            .log = plot->axis[axis].log && (axis == 1 || plot->categories->len == 0),
        };
    }
}

static void set_frame(AlloyPlotLayout *layout, double left, double top, double right, double bottom)
{
    layout->frame = (AlloyRect){left, top, MAX(right - left, 1), MAX(bottom - top, 1)};
    layout->map[0].start = left;
    layout->map[0].end = left + layout->frame.width;
    layout->map[1].start = top + layout->frame.height;
    layout->map[1].end = top;
}

static gboolean find_bar(const AlloyPlot *plot, unsigned *which)
{
    for (unsigned i = 0; i < plot->marks->len; i++)
        if (alloy_mark_has_scale(alloy_plot_mark(plot, i))) {
            *which = i;
            return TRUE;
        }
    return FALSE;
}

static double bar_breadth(const AlloyPlot *plot, const AlloyPlotLayout *layout, double length)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, layout->bar_mark);
    AlloyColourBar bar = {.scale = &mark->scale, .title = mark->is.z->name, .unit = mark->is.z->unit};
    alloy_colour_bar_look_at(&bar, mark->v[V_Z], mark->is.z->n);
    return alloy_colour_bar_breadth(&bar, &plot->style, length);
}

/* Everything for one level of what gives way; `beside`: width kept free at the right for a legend. */
static void arrange(const AlloyPlot *plot, AlloyPlotLayout *layout, int level, double beside)
{
    const AlloyPlotStyle *style = &plot->style;
    double unit = style->text, margin = style->margin, th = text_height(style, unit);
    double title = text_height(style, style->title), axis_title = text_height(style, style->axis_title);
    double width = layout->width, height = layout->height;
    layout->has_title = plot->title != NULL && level < NO_TITLE;
    for (int axis = 0; axis < 2; axis++) {
        g_autofree char *text = alloy_plot_axis_title(plot, axis);
        layout->has_axis_title[axis] = text[0] != '\0' && level < NO_AXIS_TITLES;
        layout->labels[axis] = level < NO_LABELS;
    }
    layout->title_y = margin;
    layout->x_title_y = height - margin - axis_title;
    layout->y_title_x = margin;
    layout->has_bar = level < NO_BAR && find_bar(plot, &layout->bar_mark);

    double top = margin + (layout->has_title ? title + 0.5 * unit : layout->labels[1] ? th / 2 : 0);
    double right = width - margin - beside, left = margin, bottom = height - margin, widest = 0;
    double extra_right = 0, extra_left = 0, y_multiplier = 0;
    /* labels depend on the frame and the frame on the labels: four rounds settle it */
    for (int round = 0; round < 4; round++) {
        double x_labels = layout->labels[0] ? style->tick + LABEL_GAP * unit + th : style->tick;
        if (layout->labels[0] && plot->categories->len > 0 && round > 0)
            x_labels = LABEL_GAP * unit + fit_categories(plot, layout, th);
        gboolean x_multiplier =
            round > 0 && layout->labels[0] && layout->ticks[0] != NULL && layout->ticks[0]->exponent != 0;
        double x_title = layout->has_axis_title[0] || x_multiplier ? axis_title + TITLE_GAP * 0.6 * unit : 0;
        bottom = height - margin - x_labels - x_title;
        double y_labels = layout->labels[1] ? style->tick + LABEL_GAP * unit + widest : style->tick;
        double y_title = layout->has_axis_title[1] ? axis_title + TITLE_GAP * unit : 0;
        left = MAX(margin + y_title + y_labels, margin + extra_left);
        double bar = layout->has_bar ? bar_breadth(plot, layout, bottom - top + th) + SIDE_GAP * unit : 0;
        set_frame(layout, left, top + y_multiplier, right - MAX(bar, extra_right - beside), bottom);
        for (int axis = 0; axis < 2; axis++) {
            g_clear_pointer(&layout->ticks[axis], alloy_ticks_free);
            if (axis == 0 && plot->categories->len > 0)
                continue;
            double size, over[2];
            layout->ticks[axis] = fit_ticks(plot, &layout->map[axis], axis == 0, &size, over);
            if (axis == 0 && layout->labels[0]) {
                extra_left = MAX(over[0], extra_left);
                extra_right = MAX(over[1], extra_right);
            } else if (axis == 1) {
                widest = size;
            }
        }
        y_multiplier = layout->labels[1] && layout->ticks[1]->exponent != 0 ? th + 0.15 * unit : 0;
    }
    if (plot->categories->len > 0)
        fit_categories(plot, layout, th);
    layout->multiplier_y = layout->frame.y - th - 0.15 * unit;
    if (layout->has_bar) {
        double breadth = bar_breadth(plot, layout, layout->frame.height + th);
        layout->bar =
            (AlloyRect){right - breadth, layout->frame.y - th / 2, breadth, layout->frame.height + th};
    }
}

/* The legend inside where it covers little, else beside the plot where the page is wide enough. */
static void arrange_legend(const AlloyPlot *plot, AlloyPlotLayout *layout, int level)
{
    double unit = plot->style.text, width, height, covered;
    layout->has_legend = FALSE;
    if (plot->legend == ALLOY_LEGEND_NONE || level >= NO_LABELS ||
        !alloy_legend_size(plot, 0.9 * layout->frame.width, &width, &height))
        return;
    gboolean fits = height < 0.8 * layout->frame.height;
    if (fits && plot->legend != ALLOY_LEGEND_OUTSIDE) {
        layout->legend = alloy_legend_place(plot, layout, width, height, &covered);
        layout->has_legend = covered <= COVERED_AT_MOST;
        if (covered <= COVERED_TOO_MUCH)
            return;
    }
    double beside, tall;
    if (!alloy_legend_size(plot, 0.35 * layout->width, &beside, &tall) || tall > layout->height ||
        layout->frame.width - beside - unit < MAX(12 * unit, 0.45 * layout->width))
        return;
    arrange(plot, layout, level, beside + 0.6 * unit);
    layout->legend = (AlloyRect){layout->width - plot->style.margin - beside, layout->frame.y, beside, tall};
    layout->has_legend = layout->frame.y + tall <= layout->height;
}

void alloy_plot_layout(const AlloyPlot *plot, double width, double height, AlloyPlotLayout *layout)
{
    *layout = (AlloyPlotLayout){.width = MAX(width, 1), .height = MAX(height, 1), .every = 1};
    set_maps(plot, layout);
    double unit = plot->style.text;
    int level = ALL;
    for (; level <= NO_LABELS; level++) {
        arrange(plot, layout, level, 0);
        if (level == NO_LABELS ||
            (layout->frame.width >= LEAST_WIDTH * unit && layout->frame.height >= LEAST_HEIGHT * unit))
            break;
    }
    arrange_legend(plot, layout, level);
}

void alloy_plot_layout_clear(AlloyPlotLayout *layout)
{
    g_clear_pointer(&layout->ticks[0], alloy_ticks_free);
    g_clear_pointer(&layout->ticks[1], alloy_ticks_free);
}

void alloy_plot_frame(const AlloyPlot *plot, double width, double height, AlloyPlotFrame *frame)
{
    AlloyPlotLayout layout;
    alloy_plot_layout(plot, width, height, &layout);
    *frame = (AlloyPlotFrame){layout.frame.x,      layout.frame.y, layout.frame.width,
                              layout.frame.height, layout.map[0],  layout.map[1]};
    alloy_plot_layout_clear(&layout);
}
