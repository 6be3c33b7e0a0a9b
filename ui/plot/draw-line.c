/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/decimate.h"
#include "ui/plot/plot-private.h"

#include <math.h>

/* Lines, steps, bands, error bars, reference lines. */

/* A vector target gets all points of a line up to here, and then what 1200 dots an inch can show. */
#define VECTOR_LIMIT 50000
#define VECTOR_COLUMN (72.0 / 1200)
/* On pixels a long line is stroked in pieces: cairo's time rises faster than its length. */
#define PIECE 24
/* Farther outside the frame than this nothing reaches it, and cairo's fixed point could overflow. */
#define OUTSIDE 50
#define FAR 4e5

static double column_width(const AlloyCanvas *canvas, size_t n)
{
    if (canvas->vector)
        return n <= VECTOR_LIMIT ? 0 : VECTOR_COLUMN;
    return 1 / canvas->resolution;
}

void alloy_set_dash(cairo_t *cr, AlloyDash dash, double width)
{
    double dashed[] = {4.5 * width, 2.5 * width}, dotted[] = {0.01, 2.2 * width};
    cairo_set_dash(cr, dash == ALLOY_DASH_DOTTED ? dotted : dashed, dash == ALLOY_DASH_SOLID ? 0 : 2, 0);
    cairo_set_line_cap(cr, dash == ALLOY_DASH_DASHED ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
}

/* Cuts a-b to the rectangle (Liang and Barsky); FALSE: it misses it. */
static gboolean cut(const AlloyRect *rect, AlloyPoint *a, AlloyPoint *b)
{
    double from = 0, to = 1, dx = b->x - a->x, dy = b->y - a->y;
    double p[4] = {-dx, dx, -dy, dy};
    double q[4] = {a->x - rect->x, rect->x + rect->width - a->x, a->y - rect->y,
                   rect->y + rect->height - a->y};
    for (int k = 0; k < 4; k++) {
        if (p[k] == 0) {
            if (q[k] < 0)
                return FALSE;
            continue;
        }
        double t = q[k] / p[k];
        if (p[k] < 0)
            from = MAX(from, t);
        else
            to = MIN(to, t);
    }
    if (from > to)
        return FALSE;
    AlloyPoint start = *a;
    if (to < 1)
        *b = (AlloyPoint){start.x + to * dx, start.y + to * dy};
    if (from > 0)
        *a = (AlloyPoint){start.x + from * dx, start.y + from * dy};
    return TRUE;
}

static void stroke_points(const AlloyCanvas *canvas, const GArray *points, const AlloyRect *frame,
                          gboolean pieces)
{
    AlloyRect wide = {frame->x - OUTSIDE, frame->y - OUTSIDE, frame->width + 2 * OUTSIDE,
                      frame->height + 2 * OUTSIDE};
    cairo_t *cr = canvas->cr;
    gboolean open = FALSE;
    unsigned length = 0;
    for (unsigned i = 0; i + 1 < points->len; i++) {
        AlloyPoint a = g_array_index(points, AlloyPoint, i), b = g_array_index(points, AlloyPoint, i + 1);
        AlloyPoint from = a, to = b;
        if (isnan(a.x) || isnan(b.x) || !cut(&wide, &from, &to)) {
            /* a point alone between two gaps is shown as a dot */
            gboolean alone =
                !isnan(a.x) && isnan(b.x) && (i == 0 || isnan(g_array_index(points, AlloyPoint, i - 1).x));
            if (alone && cut(&wide, &from, &a)) {
                cairo_move_to(cr, a.x, a.y);
                cairo_line_to(cr, a.x, a.y);
            }
            open = FALSE;
            continue;
        }
        if (pieces && ++length % PIECE == 0) {
            cairo_stroke(cr);
            open = FALSE;
        }
        if (!open || from.x != a.x || from.y != a.y)
            cairo_move_to(cr, from.x, from.y);
        cairo_line_to(cr, to.x, to.y);
        open = to.x == b.x && to.y == b.y;
    }
    cairo_stroke(cr);
}

static GArray *step_points(const AlloyPlotMark *mark, const AlloyPlotLayout *at)
{
    AlloyMapper to_x = alloy_mapper(&at->map[0]), to_y = alloy_mapper(&at->map[1]);
    GArray *points = g_array_new(FALSE, FALSE, sizeof(AlloyPoint));
    for (size_t i = 0; i < mark->n; i++) {
        double y = alloy_mapper_point(&to_y, mark->v[V_Y][i]);
        AlloyPoint pair[2] = {{alloy_mapper_point(&to_x, mark->v[V_X][i]), y},
                              {alloy_mapper_point(&to_x, mark->v[V_X][i + 1]), y}};
        if (isnan(y) || isnan(pair[0].x) || isnan(pair[1].x))
            pair[0].x = pair[1].x = (double)NAN;
        g_array_append_vals(points, pair, 2);
    }
    return points;
}

/* Steps are twice as many points; where they are more than columns they are thinned as a line is. */
static GArray *thin_steps(GArray *points, const AlloyPlotLayout *at, double column)
{
    g_autofree double *x = g_new(double, points->len + 1), *y = g_new(double, points->len + 1);
    for (unsigned i = 0; i < points->len; i++) {
        x[i] = g_array_index(points, AlloyPoint, i).x;
        y[i] = g_array_index(points, AlloyPoint, i).y;
    }
    AlloyAxisMap same_x = {at->frame.x, at->frame.x + at->frame.width, FALSE, at->frame.x,
                           at->frame.x + at->frame.width};
    AlloyAxisMap same_y = {0, 1, FALSE, 0, 1};
    GArray *thin = alloy_decimate(x, y, points->len, TRUE, &same_x, &same_y, column);
    g_array_unref(points);
    return thin;
}

void alloy_draw_line(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    if (mark->v[V_Y] == NULL || mark->n == 0)
        return;
    double column = column_width(canvas, mark->n);
    g_autoptr(GArray) points = NULL;
    if (mark->is.kind == ALLOY_MARK_STEP) {
        points = step_points(mark, at);
        if (column > 0 && points->len > 4 * at->frame.width / column)
            points = thin_steps(points, at, column);
    } else {
        points = alloy_decimate(mark->v[V_X], mark->v[V_Y], mark->n, mark->sorted, &at->map[0], &at->map[1],
                                column);
    }
    double width = mark->is.width > 0 ? mark->is.width : plot->style.line;
    double opacity = mark->is.opacity > 0 ? mark->is.opacity : 1;
    alloy_set_rgb(canvas->cr, alloy_mark_rgb(plot, mark), opacity);
    cairo_set_line_width(canvas->cr, width);
    cairo_set_line_join(canvas->cr,
                        mark->is.kind == ALLOY_MARK_STEP ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    alloy_set_dash(canvas->cr, mark->is.dash, width);
    /* in pieces dashes would start again and what is translucent overlap */
    gboolean pieces = !canvas->vector && points->len > 1000;
    if (pieces) {
        /* joins of what is denser than pixels are not seen, and round ones cost most of the time */
        cairo_set_line_join(canvas->cr, CAIRO_LINE_JOIN_BEVEL);
        cairo_set_line_cap(canvas->cr, CAIRO_LINE_CAP_BUTT);
    }
    stroke_points(canvas, points, &at->frame, pieces);
}

static void band_piece(const AlloyCanvas *canvas, GArray *lower, GArray *upper)
{
    for (unsigned i = 0; i < upper->len; i++) {
        const AlloyPoint *p = &g_array_index(upper, AlloyPoint, i);
        cairo_line_to(canvas->cr, CLAMP(p->x, -FAR, FAR), CLAMP(p->y, -FAR, FAR));
    }
    for (unsigned i = lower->len; i-- > 0;) {
        const AlloyPoint *p = &g_array_index(lower, AlloyPoint, i);
        cairo_line_to(canvas->cr, CLAMP(p->x, -FAR, FAR), CLAMP(p->y, -FAR, FAR));
    }
    if (upper->len > 0)
        cairo_close_path(canvas->cr);
    g_array_set_size(lower, 0);
    g_array_set_size(upper, 0);
}

void alloy_draw_band(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i, const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    if (mark->v[V_LOW] == NULL || mark->v[V_HIGH] == NULL)
        return;
    AlloyMapper to_x = alloy_mapper(&at->map[0]), to_y = alloy_mapper(&at->map[1]);
    double column = column_width(canvas, mark->n), bottom = at->map[1].start;
    g_autoptr(GArray) lower = g_array_new(FALSE, FALSE, sizeof(AlloyPoint));
    g_autoptr(GArray) upper = g_array_new(FALSE, FALSE, sizeof(AlloyPoint));
    for (size_t k = 0; k < mark->n; k++) {
        double x = alloy_mapper_point(&to_x, mark->v[V_X][k]),
               high = alloy_mapper_point(&to_y, mark->v[V_HIGH][k]);
        double low = alloy_mapper_point(&to_y, mark->v[V_LOW][k]);
        if (isnan(low) && mark->v[V_LOW][k] <= 0) /* below a log axis */
            low = bottom;
        if (isnan(x) || isnan(low) || isnan(high)) {
            band_piece(canvas, lower, upper);
            continue;
        }
        AlloyPoint down = {x, low}, up = {x, high};
        AlloyPoint *last = lower->len > 0 ? &g_array_index(lower, AlloyPoint, lower->len - 1) : NULL;
        if (last != NULL && column > 0 && mark->sorted && floor(x / column) == floor(last->x / column)) {
            AlloyPoint *top = &g_array_index(upper, AlloyPoint, upper->len - 1);
            /* y points down */
            last->y = MAX(last->y, low);
            top->y = MIN(top->y, high);
            continue;
        }
        g_array_append_val(lower, down);
        g_array_append_val(upper, up);
    }
    band_piece(canvas, lower, upper);
    alloy_set_rgb(canvas->cr, alloy_mark_rgb(plot, mark), mark->is.opacity > 0 ? mark->is.opacity : 0.25);
    cairo_fill(canvas->cr);
}

static void error_bar(cairo_t *cr, double x0, double y0, double x1, double y1, double cap)
{
    double cap_x = x0 == x1 ? cap : 0, cap_y = x0 == x1 ? 0 : cap;
    x0 = CLAMP(x0, -FAR, FAR), x1 = CLAMP(x1, -FAR, FAR), y0 = CLAMP(y0, -FAR, FAR),
    y1 = CLAMP(y1, -FAR, FAR);
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    cairo_move_to(cr, x0 - cap_x, y0 - cap_y);
    cairo_line_to(cr, x0 + cap_x, y0 + cap_y);
    cairo_move_to(cr, x1 - cap_x, y1 - cap_y);
    cairo_line_to(cr, x1 + cap_x, y1 + cap_y);
}

/* One end of an error bar; on a log axis what reaches 0 ends at the edge of the frame. */
static double end_of(const AlloyAxisMap *map, double value)
{
    double point = alloy_axis_to_point(map, value);
    return isnan(point) && map->log && value <= 0 ? map->start + (map->start - map->end) : point;
}

void alloy_draw_errors(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                       const AlloyPlotLayout *at)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    if (mark->v[V_Y] == NULL || (mark->v[V_Y_BELOW] == NULL && mark->v[V_X_BELOW] == NULL))
        return;
    cairo_t *cr = canvas->cr;
    gboolean bars = mark->is.kind == ALLOY_MARK_BARS;
    double size = mark->is.size > 0 ? mark->is.size : plot->style.symbol, cap = 0.45 * size;
    alloy_set_rgb(cr, bars ? plot->style.ink : alloy_mark_rgb(plot, mark), 1);
    cairo_set_line_width(cr, plot->style.frame * 1.3);
    alloy_set_dash(cr, ALLOY_DASH_SOLID, 1);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    for (size_t k = 0; k < mark->n; k++) {
        AlloyBar bar = {mark->v[V_X][k], mark->v[V_X][k], 0, mark->v[V_Y][k]};
        if (bars)
            bar = alloy_mark_bar(mark, k);
        else if (mark->edges)
            bar.right = mark->v[V_X][k + 1];
        double middle = bar.left / 2 + bar.right / 2;
        double x = alloy_axis_to_point(&at->map[0], middle), y = alloy_axis_to_point(&at->map[1], bar.to);
        if (isnan(x) || isnan(y))
            continue;
        for (int axis = 0; axis < 2; axis++) {
            const double *below = mark->v[axis == 0 ? V_X_BELOW : V_Y_BELOW];
            const double *above = mark->v[axis == 0 ? V_X_ABOVE : V_Y_ABOVE];
            if (below == NULL)
                continue;
            double value = axis == 0 ? middle : bar.to;
            double from = end_of(&at->map[axis], value - fabs(below[k]));
            double to = end_of(&at->map[axis], value + fabs(above != NULL ? above[k] : below[k]));
            if (isnan(from) || isnan(to) || from == to)
                continue;
            if (axis == 0)
                error_bar(cr, from, y, to, y, cap);
            else
                error_bar(cr, x, from, x, to, cap);
        }
        if (!canvas->vector && k % PIECE == PIECE - 1)
            cairo_stroke(cr);
    }
    cairo_stroke(cr);
}

/* Where the label of a reference line stands: at its end inside the frame, and moved until no other is in its
 * way. FALSE: there is no room. */
static gboolean place_label(const AlloyPlotLayout *at, gboolean vertical, double point, double gap,
                            GArray *placed, AlloyRect *rect)
{
    const AlloyRect *frame = &at->frame;
    double right = frame->x + frame->width, bottom = frame->y + frame->height;
    if (vertical) {
        rect->x = point + gap + rect->width <= right ? point + gap : point - gap - rect->width;
        rect->y = frame->y + gap;
    } else {
        rect->x = right - rect->width - gap;
        rect->y =
            point - rect->height - gap / 3 >= frame->y ? point - rect->height - gap / 3 : point + gap / 3;
    }
    if (rect->x < frame->x)
        return FALSE;
    for (unsigned k = 0; k < placed->len; k++) {
        const AlloyRect *other = &g_array_index(placed, AlloyRect, k);
        if (!alloy_rect_overlap(rect, other))
            continue;
        if (vertical)
            rect->y = other->y + other->height;
        else
            rect->x = other->x - gap - rect->width;
        if (rect->x < frame->x || rect->y + rect->height > bottom)
            return FALSE;
        k = (unsigned)-1; /* from the start: the new place may be another's */
    }
    return rect->y >= frame->y && rect->y + rect->height <= bottom;
}

void alloy_draw_reference(const AlloyCanvas *canvas, const AlloyPlot *plot, unsigned i,
                          const AlloyPlotLayout *at, GArray *placed)
{
    const AlloyPlotMark *mark = alloy_plot_mark(plot, i);
    gboolean vertical = mark->is.kind == ALLOY_MARK_REFERENCE_X;
    const AlloyRect *frame = &at->frame;
    double point = alloy_axis_to_point(&at->map[vertical ? 0 : 1], mark->is.value);
    double low = vertical ? frame->x : frame->y, high = low + (vertical ? frame->width : frame->height);
    if (isnan(point) || point < low - 1e-6 || point > high + 1e-6)
        return;
    cairo_t *cr = canvas->cr;
    double width = mark->is.width > 0 ? mark->is.width : plot->style.frame * 1.2;
    const uint8_t *rgb = alloy_mark_rgb(plot, mark);
    alloy_set_rgb(cr, rgb, mark->is.opacity > 0 ? mark->is.opacity : 1);
    cairo_set_line_width(cr, width);
    alloy_set_dash(cr, mark->is.dash, width);
    cairo_move_to(cr, vertical ? point : frame->x, vertical ? frame->y : point);
    cairo_line_to(cr, vertical ? point : frame->x + frame->width,
                  vertical ? frame->y + frame->height : point);
    cairo_stroke(cr);
    if (mark->is.label == NULL)
        return;
    g_autoptr(PangoLayout) text = alloy_text(&plot->style, mark->is.label, plot->style.text, FALSE);
    AlloyRect rect = {0, 0, alloy_text_width(text), alloy_text_height(text)};
    if (!place_label(at, vertical, point, 0.35 * plot->style.text, placed, &rect))
        return;
    if (plot->style.background[3] > 0)
        alloy_text_halo(canvas, text, plot->style.background, rect.x, rect.y);
    alloy_text_show(canvas, text, rgb, rect.x, rect.y);
    g_array_append_val(placed, rect);
}
