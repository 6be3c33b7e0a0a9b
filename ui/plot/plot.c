/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/plot-private.h"

#include <math.h>
#include <string.h>

/* Building plots, and plots of plots. */

static const size_t column_places[N_VALUES] = {
    [V_X] = G_STRUCT_OFFSET(AlloyMark, x),
    [V_Y] = G_STRUCT_OFFSET(AlloyMark, y),
    [V_LOW] = G_STRUCT_OFFSET(AlloyMark, low),
    [V_HIGH] = G_STRUCT_OFFSET(AlloyMark, high),
    [V_Y_BELOW] = G_STRUCT_OFFSET(AlloyMark, y_below),
    [V_Y_ABOVE] = G_STRUCT_OFFSET(AlloyMark, y_above),
    [V_X_BELOW] = G_STRUCT_OFFSET(AlloyMark, x_below),
    [V_X_ABOVE] = G_STRUCT_OFFSET(AlloyMark, x_above),
    [V_Z] = G_STRUCT_OFFSET(AlloyMark, z),
};

static const AlloyColumn **column_of(AlloyMark *mark, int value)
{
    return (const AlloyColumn **)((char *)mark + column_places[value]);
}

static void mark_clear(gpointer data)
{
    AlloyPlotMark *mark = data;
    g_free((char *)mark->is.label);
    for (int value = 0; value < N_VALUES; value++) {
        alloy_data_unref(*column_of(&mark->is, value));
        alloy_array_unref(mark->v[value]);
    }
    alloy_array_unref(mark->base);
}

static void mark_unref(gpointer mark)
{
    g_atomic_rc_box_release_full(mark, mark_clear);
}

static void plot_finalize(AlloyData *data)
{
    AlloyPlot *plot = (AlloyPlot *)data;
    for (int axis = 0; axis < 2; axis++) {
        g_free((char *)plot->axis[axis].title);
        g_free((char *)plot->axis[axis].unit);
    }
    for (unsigned i = 0; plot->selected != NULL && i < plot->marks->len; i++)
        alloy_array_unref(plot->selected[i]);
    g_free(plot->selected);
    g_ptr_array_unref(plot->marks);
    g_ptr_array_unref(plot->categories);
    g_free(plot->title);
    g_free(plot);
}

static const AlloyDataClass plot_class = {"plot", "Plot", plot_finalize};

AlloyPlotBuilder *alloy_plot_builder_new(const AlloyPlotStyle *style)
{
    AlloyPlot *plot = g_new0(AlloyPlot, 1);
    alloy_data_init(&plot->base, &plot_class);
    plot->style = style != NULL ? *style : alloy_plot_style_light;
    plot->marks = g_ptr_array_new_with_free_func(mark_unref);
    plot->categories = g_ptr_array_new_with_free_func(g_free);
    return plot;
}

void alloy_plot_set_title(AlloyPlotBuilder *builder, const char *title)
{
    g_free(builder->title);
    builder->title = title != NULL && title[0] != '\0' ? g_strdup(title) : NULL;
}

static void set_axis(AlloyAxis *to, const AlloyAxis *axis)
{
    g_free((char *)to->title);
    g_free((char *)to->unit);
    *to = *axis;
    to->title = g_strdup(axis->title);
    to->unit = g_strdup(axis->unit);
}

void alloy_plot_set_x(AlloyPlotBuilder *builder, const AlloyAxis *axis)
{
    set_axis(&builder->axis[0], axis);
}

void alloy_plot_set_y(AlloyPlotBuilder *builder, const AlloyAxis *axis)
{
    set_axis(&builder->axis[1], axis);
}

void alloy_plot_set_bars(AlloyPlotBuilder *builder, AlloyBars how)
{
    builder->bars = how;
}

void alloy_plot_set_legend(AlloyPlotBuilder *builder, AlloyLegend where)
{
    builder->legend = where;
}

const AlloyColumn *alloy_plot_column(const char *name, const char *unit, const double *values, size_t n)
{
    double *copy = alloy_array_new(double, n);
    if (n > 0)
        memcpy(copy, values, n * sizeof *copy);
    return alloy_column_new_real(name, unit, copy, n);
}

/* The place of each label of a text column among the categories of the plot, new ones added. */
static const double *category_places(AlloyPlot *plot, const AlloyColumn *column)
{
    g_autofree double *place = g_new(double, column->n_labels + 1);
    for (uint32_t k = 0; k < column->n_labels; k++) {
        guint at;
        if (!g_ptr_array_find_with_equal_func(plot->categories, column->labels[k], g_str_equal, &at)) {
            at = plot->categories->len;
            g_ptr_array_add(plot->categories, g_strdup(column->labels[k]));
        }
        place[k] = at;
    }
    double *values = alloy_array_new(double, column->n);
    for (size_t i = 0; i < column->n; i++)
        values[i] = place[column->code[i]];
    return values;
}

static const double *as_doubles(const AlloyColumn *column)
{
    if (column->type == ALLOY_REAL)
        return alloy_array_ref(column->real);
    double *values = alloy_array_new(double, column->n);
    for (size_t i = 0; i < column->n; i++)
        values[i] = alloy_column_real_at(column, i);
    return values;
}

/* n + 1 edges halfway between n centres. */
static const double *edges_of(const double *centres, size_t n)
{
    double *edges = alloy_array_new(double, n + 1);
    for (size_t i = 1; i < n; i++)
        edges[i] = centres[i - 1] / 2 + centres[i] / 2;
    if (n == 1) {
        edges[0] = centres[0] - 0.5;
        edges[1] = centres[0] + 0.5;
    } else if (n > 1) {
        edges[0] = centres[0] - (edges[1] - centres[0]);
        edges[n] = centres[n - 1] + (centres[n - 1] - edges[n - 1]);
    } else {
        edges[0] = 0;
    }
    return edges;
}

static void replace_by_edges(AlloyPlotMark *mark, int value, size_t n)
{
    const double *edges = edges_of(mark->v[value], n);
    alloy_array_unref(mark->v[value]);
    mark->v[value] = edges;
}

/* Finds how many cells a heat map has each way, and brings both sides to edges. */
static void arrange_heat(AlloyPlotMark *mark, size_t nx, size_t ny, size_t nz)
{
    if (mark->v[V_X] == NULL || mark->v[V_Y] == NULL || mark->v[V_Z] == NULL || nx == 0 || ny == 0)
        return;
    gboolean x_edges = nx > 1 && ((nx - 1) * (ny - 1) == nz || (nx - 1) * ny == nz);
    gboolean y_edges = ny > 1 && ((x_edges ? nx - 1 : nx) * (ny - 1) == nz);
    mark->nx = x_edges ? nx - 1 : nx;
    mark->ny = MIN(y_edges ? ny - 1 : ny, nz / mark->nx);
    if (!x_edges)
        replace_by_edges(mark, V_X, nx);
    if (!y_edges)
        replace_by_edges(mark, V_Y, ny);
    mark->n = mark->nx * mark->ny;
    mark->edges = TRUE;
}

static void fit_scale(AlloyPlotMark *mark, const AlloyColourScale *scale)
{
    if (scale != NULL && scale->palette != NULL)
        mark->scale = *scale;
    else if (!alloy_colour_scale_fit(&mark->is.z, 1, 0, &mark->scale))
        mark->scale = (AlloyColourScale){alloy_palette_default(FALSE), 0, 1, (double)NAN};
    mark->is.scale = &mark->scale;
}

static void check_sorted(AlloyPlotMark *mark)
{
    const double *x = mark->v[V_X];
    mark->sorted = TRUE;
    for (size_t i = 0; x != NULL && i < mark->n && mark->sorted; i++)
        mark->sorted = isfinite(x[i]) && (i == 0 || x[i] >= x[i - 1]);
}

unsigned alloy_plot_add(AlloyPlotBuilder *builder, const AlloyMark *given)
{
    AlloyPlotMark *mark = g_atomic_rc_box_new0(AlloyPlotMark);
    mark->is = *given;
    mark->is.label = given->label != NULL && given->label[0] != '\0' ? g_strdup(given->label) : NULL;
    if (given->rgb != NULL) {
        memcpy(mark->rgb, given->rgb, 3);
        mark->is.rgb = mark->rgb;
    }
    mark->is.scale = NULL;
    mark->n = SIZE_MAX;
    size_t lengths[N_VALUES] = {0};
    for (int value = 0; value < N_VALUES; value++) {
        const AlloyColumn *column = alloy_ref(*column_of(&mark->is, value));
        if (column == NULL)
            continue;
        gboolean categories = value == V_X && column->type == ALLOY_TEXT;
        mark->v[value] = categories ? category_places(builder, column) : as_doubles(column);
        lengths[value] = column->n;
        if (value != V_X)
            mark->n = MIN(mark->n, column->n);
    }
    if (mark->n == SIZE_MAX)
        mark->n = lengths[V_X];
    if (given->z != NULL)
        fit_scale(mark, given->scale);
    if (given->kind == ALLOY_MARK_HEAT) {
        mark->n = 0;
        arrange_heat(mark, lengths[V_X], lengths[V_Y], lengths[V_Z]);
    } else if (mark->v[V_X] != NULL) {
        mark->edges =
            lengths[V_X] == mark->n + 1 && (given->kind == ALLOY_MARK_STEP || given->kind == ALLOY_MARK_BARS);
        mark->n = MIN(mark->n, lengths[V_X]);
        if (given->kind == ALLOY_MARK_STEP && !mark->edges) {
            replace_by_edges(mark, V_X, mark->n);
            mark->edges = TRUE;
        }
    } else {
        gboolean edges = given->kind == ALLOY_MARK_STEP;
        double *x = alloy_array_new(double, mark->n + 1);
        for (size_t i = 0; i <= mark->n; i++)
            x[i] = (double)i - (edges ? 0.5 : 0);
        mark->v[V_X] = x;
        mark->edges = edges;
    }
    check_sorted(mark);
    g_ptr_array_add(builder->marks, mark);
    return builder->marks->len - 1;
}

static gboolean takes_colour(const AlloyPlotMark *mark)
{
    return mark->is.rgb == NULL && mark->is.kind != ALLOY_MARK_HEAT &&
           mark->is.kind != ALLOY_MARK_REFERENCE_X && mark->is.kind != ALLOY_MARK_REFERENCE_Y;
}

const AlloyPlot *alloy_plot_builder_finish(AlloyPlotBuilder *plot)
{
    unsigned next = 0;
    for (unsigned i = 0; i < plot->marks->len; i++) {
        AlloyPlotMark *mark = plot->marks->pdata[i];
        mark->cycle = next;
        AlloyPlotMark *after = i + 1 < plot->marks->len ? plot->marks->pdata[i + 1] : NULL;
        if (mark->is.kind == ALLOY_MARK_BAND && mark->is.rgb == NULL && mark->is.label == NULL &&
            after != NULL && after->is.kind != ALLOY_MARK_BAND) {
            if (after->is.rgb != NULL) {
                memcpy(mark->rgb, after->is.rgb, 3);
                mark->is.rgb = mark->rgb;
            }
            continue;
        }
        next += takes_colour(mark);
    }
    alloy_bars_arrange(plot);
    alloy_ranges_find(plot);
    plot->selected = g_new0(const uint8_t *, plot->marks->len + 1);
    return plot;
}

static AlloyPlot *copy(const AlloyPlot *plot)
{
    AlloyPlot *made = g_memdup2(plot, sizeof *plot);
    alloy_data_init(&made->base, &plot_class);
    made->title = g_strdup(plot->title);
    for (int axis = 0; axis < 2; axis++) {
        made->axis[axis].title = g_strdup(plot->axis[axis].title);
        made->axis[axis].unit = g_strdup(plot->axis[axis].unit);
    }
    made->marks = g_ptr_array_ref(plot->marks);
    made->categories = g_ptr_array_ref(plot->categories);
    made->selected = g_new0(const uint8_t *, plot->marks->len + 1);
    for (unsigned i = 0; i < plot->marks->len; i++)
        made->selected[i] = plot->selected[i] != NULL ? alloy_array_ref(plot->selected[i]) : NULL;
    return made;
}

const AlloyPlot *alloy_plot_with_range(const AlloyPlot *plot, gboolean y_axis, double low, double high)
{
    AlloyPlot *made = copy(plot);
    AlloyAxis *axis = &made->axis[y_axis ? 1 : 0];
    axis->fixed_low = axis->fixed_high = TRUE;
    axis->low = low;
    axis->high = high;
    return made;
}

const AlloyPlot *alloy_plot_with_style(const AlloyPlot *plot, const AlloyPlotStyle *style)
{
    AlloyPlot *made = copy(plot);
    made->style = *style;
    return made;
}

const AlloyPlot *alloy_plot_with_selected(const AlloyPlot *plot, unsigned i, const uint8_t *selected,
                                          size_t n)
{
    AlloyPlot *made = copy(plot);
    g_return_val_if_fail(i < made->marks->len, made);
    alloy_array_unref(made->selected[i]);
    made->selected[i] = NULL;
    const AlloyPlotMark *mark = alloy_plot_mark(made, i);
    gboolean any = FALSE;
    for (size_t k = 0; selected != NULL && k < n; k++)
        any = any || selected[k];
    if (any) {
        uint8_t *flags = alloy_array_new(uint8_t, mark->n);
        for (size_t k = 0; k < mark->n; k++)
            flags[k] = k < n && selected[k];
        made->selected[i] = flags;
    }
    return made;
}

unsigned alloy_plot_n_marks(const AlloyPlot *plot)
{
    return plot->marks->len;
}

const AlloyPlotStyle *alloy_plot_style(const AlloyPlot *plot)
{
    return &plot->style;
}

const uint8_t *alloy_mark_rgb(const AlloyPlot *plot, const AlloyPlotMark *mark)
{
    if (mark->is.rgb != NULL)
        return mark->is.rgb;
    if (mark->is.kind == ALLOY_MARK_REFERENCE_X || mark->is.kind == ALLOY_MARK_REFERENCE_Y)
        return plot->style.quiet;
    return plot->style.cycle[mark->cycle % G_N_ELEMENTS(plot->style.cycle)];
}

gboolean alloy_mark_has_scale(const AlloyPlotMark *mark)
{
    return mark->v[V_Z] != NULL && (mark->is.kind == ALLOY_MARK_HEAT || mark->is.kind == ALLOY_MARK_SCATTER);
}

AlloySymbol alloy_mark_symbol(const AlloyPlotMark *mark)
{
    if (mark->is.symbol != ALLOY_SYMBOL_AUTOMATIC)
        return mark->is.symbol;
    return mark->is.kind == ALLOY_MARK_SCATTER ? ALLOY_SYMBOL_DISC : ALLOY_SYMBOL_NONE;
}
