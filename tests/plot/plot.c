/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/colour-bar.h"
#include "ui/plot/export.h"
#include "ui/plot/plot-private.h"

#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Whole plots: what is where, files, what is under a point, absurd input. */

#define MM (72 / 25.4)

static const AlloyColumn *column(const char *name, const char *unit, const double *values, size_t n)
{
    return alloy_plot_column(name, unit, values, n);
}

static const AlloyColumn *texts(const char *name, const char *const *labels, unsigned n)
{
    uint32_t *codes = alloy_array_new(uint32_t, n);
    for (unsigned i = 0; i < n; i++)
        codes[i] = i;
    return alloy_column_new_text(name, codes, n, labels, n);
}

/* Adds a mark and drops the columns given for it: the builder has its own references. */
static unsigned add(AlloyPlotBuilder *builder, AlloyMark mark)
{
    unsigned index = alloy_plot_add(builder, &mark);
    const AlloyColumn *columns[] = {mark.x,       mark.y,       mark.low,     mark.high, mark.y_below,
                                    mark.y_above, mark.x_below, mark.x_above, mark.z};
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        alloy_data_unref(columns[i]);
    return index;
}

static const AlloyPlot *lines(void)
{
    double x[200], y[200], low[200], high[200];
    for (int i = 0; i < 200; i++) {
        x[i] = i * 0.04;
        y[i] = i % 50 == 7 ? (double)NAN : 1 + sin(x[i]) * exp(-x[i] / 5);
        low[i] = 0.8 + sin(x[i]);
        high[i] = low[i] + 0.4;
    }
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    alloy_plot_set_title(builder, "A title that is much too long for the smallest of all pages");
    alloy_plot_set_x(builder, &(AlloyAxis){.title = "Distance", .unit = "angstrom"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_BAND,
                             .x = column("r", "angstrom", x, 200),
                             .low = column("low", "1", low, 200),
                             .high = column("high", "1", high, 200)});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_LINE,
                             .x = column("r", "angstrom", x, 200),
                             .y = column("g_{PdPd}", "1", y, 200),
                             .label = "Pd\xe2\x80\x93Pd"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_STEP,
                             .x = column("r", "angstrom", x, 200),
                             .y = column("other", "1", high, 200),
                             .label = "another of a long name"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_REFERENCE_X, .value = 3.4, .label = "cutoff"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_REFERENCE_X, .value = 3.5, .label = "another cutoff"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_REFERENCE_Y, .value = 1, .label = "ideal"});
    return alloy_plot_builder_finish(builder);
}

static const AlloyPlot *bars(AlloyBars how)
{
    static const char *const names[] = {"core", "second shell", "surface", "corner"};
    const double a[] = {72000, 31000, -9000, 1200}, b[] = {18000, 26000, -24000, 3100},
                 e[] = {2000, 1500, 900, 100};
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    alloy_plot_set_bars(builder, how);
    alloy_plot_set_y(builder, &(AlloyAxis){.title = "Difference of the number of atoms"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_BARS,
                             .x = texts("Region", names, 4),
                             .y = column("Pd", "1", a, 4),
                             .y_below = column("e", "1", e, 4),
                             .label = "Pd"});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_BARS,
                             .x = texts("Region", names, 4),
                             .y = column("Ir", "1", b, 4),
                             .label = "Ir"});
    return alloy_plot_builder_finish(builder);
}

static const AlloyPlot *heat(void)
{
    double x[13], y[9], z[96];
    for (int i = 0; i < 13; i++)
        x[i] = i * 1e5;
    for (int j = 0; j < 9; j++)
        y[j] = j * 25;
    for (int i = 0; i < 96; i++)
        z[i] = i == 95 ? (double)NAN : sin(i * 0.1) * 1e-6;
    AlloyColourScale scale = {alloy_palette_default(TRUE), -5e-7, 8e-7, 0};
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    add(builder, (AlloyMark){.kind = ALLOY_MARK_HEAT,
                             .x = column("Time", "s", x, 13),
                             .y = column("Temperature", "K", y, 9),
                             .z = column("Mean \xce\xb1", "1", z, 96),
                             .scale = &scale});
    return alloy_plot_builder_finish(builder);
}

static const AlloyPlot *logs(void)
{
    double x[40], y[40], e[40];
    for (int i = 0; i < 40; i++) {
        x[i] = pow(10, -2 + i * 0.1);
        y[i] = 1e-14 * x[i] * x[i];
        e[i] = y[i] * (i % 5) / 3;
    }
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    alloy_plot_set_x(builder, &(AlloyAxis){.log = TRUE});
    alloy_plot_set_y(builder,
                     &(AlloyAxis){.title = "Diffusion coefficient", .unit = "angstrom^2/s", .log = TRUE});
    add(builder, (AlloyMark){.kind = ALLOY_MARK_SCATTER,
                             .x = column("Time", "s", x, 40),
                             .y = column("D", "1", y, 40),
                             .y_below = column("e", "1", e, 40),
                             .label = "measured",
                             .symbol = ALLOY_SYMBOL_RING});
    return alloy_plot_builder_finish(builder);
}

enum { N_PLOTS = 6 };

static void make_all(const AlloyPlot *plots[N_PLOTS])
{
    plots[0] = lines();
    plots[1] = bars(ALLOY_BARS_GROUPED);
    plots[2] = bars(ALLOY_BARS_STACKED);
    plots[3] = heat();
    plots[4] = logs();
    plots[5] = alloy_plot_builder_finish(alloy_plot_builder_new(NULL));
}

static void drop_all(const AlloyPlot *plots[N_PLOTS])
{
    for (int i = 0; i < N_PLOTS; i++)
        alloy_data_unref(plots[i]);
}

/* Text boxes have air above and below the letters. */
static AlloyRect letters(const AlloyRect *box, double unit)
{
    double air = 0.12 * unit;
    return (AlloyRect){box->x + air / 4, box->y + air, box->width - air / 2, box->height - 2 * air};
}

static void check_page(const AlloyPlot *plot, double width, double height)
{
    cairo_surface_t *page = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(page);
    g_autoptr(GArray) placed = g_array_new(FALSE, FALSE, sizeof(AlloyRect));
    alloy_plot_draw_traced(plot, cr, width, height, placed);
    g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
    double x, y, w, h;
    cairo_recording_surface_ink_extents(page, &x, &y, &w, &h);
    /* the extents are whole numbers */
    g_assert_cmpfloat(x, >=, -1);
    g_assert_cmpfloat(y, >=, -1);
    g_assert_cmpfloat(x + w, <=, width + 1);
    g_assert_cmpfloat(y + h, <=, height + 1);
    double unit = alloy_plot_style(plot)->text;
    for (unsigned i = 0; i < placed->len; i++) {
        AlloyRect a = letters(&g_array_index(placed, AlloyRect, i), unit);
        if (a.x < -0.1 || a.y < -0.1 || a.x + a.width > width + 0.1 || a.y + a.height > height + 0.1)
            g_error("text %u leaves the page %g x %g: %g %g %g %g", i, width, height, a.x, a.y, a.width,
                    a.height);
        for (unsigned k = 0; k < i; k++) {
            AlloyRect b = letters(&g_array_index(placed, AlloyRect, k), unit);
            /* fonts differ in the room they keep above and below the letters */
            b.y += 0.05 * b.height;
            b.height *= 0.9;
            if (alloy_rect_overlap(&a, &b))
                g_error("texts %u and %u overlap on %g x %g: %g %g %g %g, %g %g %g %g", i, k, width, height,
                        a.x, a.y, a.width, a.height, b.x, b.y, b.width, b.height);
        }
    }
    cairo_destroy(cr);
    cairo_surface_destroy(page);
}

/* No text outside its page or over another, from the smallest figure to a poster, and below. */
static void test_layout(void)
{
    const AlloyPlot *plots[N_PLOTS];
    make_all(plots);
    const AlloyPlotStyle *styles[] = {&alloy_plot_style_light, &alloy_plot_style_dark,
                                      &alloy_plot_style_contrast, &alloy_plot_style_print};
    const double sizes[][2] = {{40, 30},   {60, 30},   {40, 60}, {89, 60}, {120, 40},
                               {183, 120}, {400, 300}, {20, 15}, {5, 5}};
    for (unsigned s = 0; s < G_N_ELEMENTS(styles); s++)
        for (int k = 0; k < N_PLOTS; k++) {
            AlloyPlotStyle style = *styles[s];
            style.background[3] = 0; /* only what is drawn */
            g_autoptr(AlloyPlot) plot = (AlloyPlot *)alloy_plot_with_style(plots[k], &style);
            for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++)
                check_page(plot, sizes[i][0] * MM, sizes[i][1] * MM);
        }
    drop_all(plots);
}

static void draw(cairo_t *cr, double width, double height, gpointer data)
{
    alloy_plot_draw(data, cr, width, height);
}

static gboolean holds(GBytes *bytes, const char *text)
{
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    return memmem(data, n, text, strlen(text)) != NULL;
}

static gpointer draw_svg(gpointer plot)
{
    return alloy_vector_bytes(ALLOY_VECTOR_SVG, 89 * MM, 60 * MM, NULL, draw, plot, NULL);
}

static void test_files(void)
{
    const AlloyPlot *plots[N_PLOTS];
    make_all(plots);
    for (int k = 0; k < N_PLOTS; k++)
        for (int format = 0; format < 2; format++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(GBytes) one =
                alloy_vector_bytes(format, 89 * MM, 60 * MM, "T", draw, (gpointer)plots[k], &error);
            g_assert_no_error(error);
            g_autoptr(GBytes) two =
                alloy_vector_bytes(format, 89 * MM, 60 * MM, "T", draw, (gpointer)plots[k], &error);
            g_assert_true(g_bytes_equal(one, two));
            g_assert_false(holds(one, "<image"));
            g_assert_false(holds(one, "/Subtype /Image"));
            if (format == ALLOY_VECTOR_SVG) {
                g_assert_true(holds(one, "glyph"));
                g_assert_true(holds(one, "width=\"252.28"));
                g_autoptr(GBytes) thread = g_thread_join(g_thread_new("svg", draw_svg, (gpointer)plots[k]));
                g_assert_true(g_bytes_equal(one, thread));
            } else {
                g_assert_true(holds(one, "/MediaBox [ 0 0 252.28"));
                g_assert_true(holds(one, "/ToUnicode")); /* text, not outlines */
                g_assert_false(holds(one, "CreationDate"));
            }
        }
    drop_all(plots);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_vector_bytes(ALLOY_VECTOR_PDF, -1, 60, NULL, draw, NULL, &error));
    g_assert_nonnull(error);
}

static const AlloyPlot *many(size_t n, AlloyMarkKind kind)
{
    double *x = alloy_array_new(double, n), *y = alloy_array_new(double, n);
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)i;
        y[i] = g_rand_double(rand);
    }
    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
    add(builder, (AlloyMark){.kind = kind,
                             .x = alloy_column_new_real("x", "1", x, n),
                             .y = alloy_column_new_real("y", "1", y, n),
                             .label = "noise"});
    return alloy_plot_builder_finish(builder);
}

/* Many points: a vector file of a size that opens, lines still vectors, scatter an image. */
static void test_many(void)
{
    for (int k = 0; k < 2; k++) {
        g_autoptr(AlloyPlot) plot = (AlloyPlot *)many(300000, k == 0 ? ALLOY_MARK_LINE : ALLOY_MARK_SCATTER);
        g_autoptr(GBytes) svg = alloy_vector_bytes(ALLOY_VECTOR_SVG, 252, 170, NULL, draw, plot, NULL);
        g_assert_cmpuint(g_bytes_get_size(svg), <, 4000000);
        g_assert_true(holds(svg, "<image") == (k == 1));
    }
}

/* The colour of a pixel of a plot drawn at one pixel a point. */
static uint32_t pixel(const AlloyPlot *plot, double width, double height, double x, double y)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *cr = cairo_create(image);
    alloy_plot_draw(plot, cr, width, height);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    const uint8_t *row = cairo_image_surface_get_data(image) + (int)y * cairo_image_surface_get_stride(image);
    uint32_t value = ((const uint32_t *)(gconstpointer)row)[(int)x] & 0xffffff;
    cairo_surface_destroy(image);
    return value;
}

static uint32_t packed(const uint8_t rgb[3])
{
    return (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
}

static void test_hit_bars(void)
{
    g_autoptr(AlloyPlot) plot = (AlloyPlot *)bars(ALLOY_BARS_GROUPED);
    AlloyPlotFrame frame;
    alloy_plot_frame(plot, 400, 300, &frame);
    /* of two bars in a slot 0.78 wide the second is centred on 0.195 right of the category */
    double x = alloy_axis_to_point(&frame.x_map, 1.195), y = alloy_axis_to_point(&frame.y_map, 13000);
    AlloyPlotHit hit;
    g_assert_true(alloy_plot_hit(plot, &frame, x, y, 5, &hit));
    g_assert_cmpuint(hit.mark, ==, 1);
    g_assert_cmpuint(hit.index, ==, 1);
    g_assert_cmpfloat(hit.y, ==, 26000);
    g_assert_cmpfloat(hit.distance, ==, 0);
    g_assert_cmphex(pixel(plot, 400, 300, x, y), ==, packed(alloy_mark_rgb(plot, alloy_plot_mark(plot, 1))));
    g_assert_false(alloy_plot_hit(plot, &frame, 1, 1, 5, &hit)); /* outside the frame */

    /* selected bars keep their colour, the others stand back */
    const uint8_t selected[] = {1, 0, 0, 0};
    g_autoptr(AlloyPlot) marked = (AlloyPlot *)alloy_plot_with_selected(plot, 1, selected, 4);
    g_assert_cmphex(pixel(marked, 400, 300, x, y), !=, pixel(plot, 400, 300, x, y));
    double first = alloy_axis_to_point(&frame.x_map, 0.195);
    g_assert_cmphex(pixel(marked, 400, 300, first, y), ==, pixel(plot, 400, 300, first, y));
    g_autoptr(AlloyPlot) none = (AlloyPlot *)alloy_plot_with_selected(marked, 1, NULL, 0);
    g_assert_cmphex(pixel(none, 400, 300, x, y), ==, pixel(plot, 400, 300, x, y));

    /* stacked: the second stands on the first, what is negative hangs */
    g_autoptr(AlloyPlot) stacked = (AlloyPlot *)bars(ALLOY_BARS_STACKED);
    alloy_plot_frame(stacked, 400, 300, &frame);
    g_assert_true(alloy_plot_hit(stacked, &frame, alloy_axis_to_point(&frame.x_map, 0),
                                 alloy_axis_to_point(&frame.y_map, 80000), 0, &hit));
    g_assert_cmpuint(hit.mark, ==, 1);
    g_assert_true(alloy_plot_hit(stacked, &frame, alloy_axis_to_point(&frame.x_map, 2),
                                 alloy_axis_to_point(&frame.y_map, -20000), 0, &hit));
    g_assert_cmpuint(hit.mark, ==, 1);
}

static void test_hit_others(void)
{
    g_autoptr(AlloyPlot) map = (AlloyPlot *)heat();
    AlloyPlotFrame frame;
    AlloyPlotHit hit;
    alloy_plot_frame(map, 300, 200, &frame);
    double x = alloy_axis_to_point(&frame.x_map, 3.5e5), y = alloy_axis_to_point(&frame.y_map, 60);
    g_assert_true(alloy_plot_hit(map, &frame, x, y, 0, &hit));
    g_assert_cmpuint(hit.index, ==, 2 * 12 + 3);
    test_assert_near(hit.z, sin(2.7) * 1e-6, 1e-18);
    uint8_t rgb[3];
    alloy_colour_value(&alloy_plot_mark(map, 0)->scale, hit.z, rgb);
    g_assert_cmphex(pixel(map, 300, 200, x, y), ==, packed(rgb));
    /* what has no value is grey */
    x = alloy_axis_to_point(&frame.x_map, 11.5e5), y = alloy_axis_to_point(&frame.y_map, 187);
    g_assert_cmphex(pixel(map, 300, 200, x, y), ==, packed(alloy_colour_missing));

    g_autoptr(AlloyPlot) points = (AlloyPlot *)logs();
    alloy_plot_frame(points, 300, 200, &frame);
    x = alloy_axis_to_point(&frame.x_map, pow(10, -2 + 17 * 0.1)) + 1;
    y = alloy_axis_to_point(&frame.y_map, 1e-14 * pow(10, -4 + 34 * 0.1)) - 1;
    g_assert_true(alloy_plot_nearest(points, &frame, 0, x, y, &hit));
    g_assert_cmpuint(hit.index, ==, 17);
    test_assert_near(hit.distance, sqrt(2), 1e-6);
    g_assert_false(alloy_plot_hit(points, &frame, x, y, 1, &hit));

    /* zoomed in, the data are where the map says */
    g_autoptr(AlloyPlot) zoomed = (AlloyPlot *)alloy_plot_with_range(points, FALSE, 1, 10);
    double low, high;
    alloy_plot_range(zoomed, FALSE, &low, &high);
    g_assert_true(low == 1 && high == 10);
    alloy_plot_data_range(zoomed, FALSE, &low, &high);
    g_assert_true(low < 0.0101 && high > 70);
}

static void test_table(void)
{
    g_autoptr(AlloyPlot) plot = (AlloyPlot *)lines();
    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_plot_table(plot);
    /* r once, though three marks have it; the step's column is the band's high and stands under both names */
    g_assert_cmpuint(table->n, ==, 200);
    g_assert_cmpuint(table->columns->len, ==, 5);
    g_assert_cmpstr(alloy_table_column(table, "r")->unit, ==, "angstrom");
    g_assert_nonnull(alloy_table_column(table, "g_{PdPd}"));
    g_autoptr(AlloyPlot) map = (AlloyPlot *)heat();
    g_autoptr(AlloyTable) cells = (AlloyTable *)alloy_plot_table(map);
    g_assert_cmpuint(cells->n, ==, 96);
    g_assert_true(isnan(alloy_table_column(cells, "Time")->real[13]));
    g_assert_cmpfloat(alloy_table_column(cells, "Time")->real[12], ==, 12e5);
}

/* Every kind of mark with values that no one plots. */
static void test_absurd(void)
{
    const double sets[][4] = {{NAN, NAN, NAN, NAN},
                              {INFINITY, -INFINITY, NAN, 0},
                              {1e308, -1e308, 1e300, -1e-300},
                              {5e-324, 0, -0.0, 1e-308},
                              {3, 3, 3, 3},
                              {1, 0, 2, -1}};
    const AlloyBars ways[] = {ALLOY_BARS_GROUPED, ALLOY_BARS_STACKED, ALLOY_BARS_OVERLAID};
    for (unsigned a = 0; a < G_N_ELEMENTS(sets); a++)
        for (unsigned b = 0; b < G_N_ELEMENTS(sets); b++)
            for (size_t n = 0; n <= 4; n += n == 1 ? 3 : 1)
                for (int way = 0; way < 6; way++) {
                    AlloyPlotBuilder *builder = alloy_plot_builder_new(NULL);
                    alloy_plot_set_x(builder, &(AlloyAxis){.log = way & 1});
                    alloy_plot_set_y(builder, &(AlloyAxis){.log = way >> 1 & 1});
                    alloy_plot_set_bars(builder, ways[way % 3]);
                    for (int kind = ALLOY_MARK_LINE; kind <= ALLOY_MARK_REFERENCE_Y; kind++)
                        add(builder, (AlloyMark){.kind = kind,
                                                 .x = column("x", "1", sets[a], n),
                                                 .y = column("y", "1", sets[b], n),
                                                 .low = column("l", "1", sets[a], n),
                                                 .high = column("h", "1", sets[b], n),
                                                 .y_below = column("e", "1", sets[b], n),
                                                 .x_below = column("f", "1", sets[a], n),
                                                 .z = column("z", "1", sets[b], n),
                                                 .value = sets[a][0],
                                                 .label = way == 0 ? "\xff broken ^{ _{" : "label"});
                    g_autoptr(AlloyPlot) plot = (AlloyPlot *)alloy_plot_builder_finish(builder);
                    check_page(plot, 200, 120);
                    AlloyPlotFrame frame;
                    alloy_plot_frame(plot, 200, 120, &frame);
                    AlloyPlotHit hit;
                    alloy_plot_hit(plot, &frame, 100, 60, 1000, &hit);
                    g_autoptr(AlloyTable) table = (AlloyTable *)alloy_plot_table(plot);
                }
    /* marks with nothing, and a page that is none */
    AlloyPlotBuilder *builder = alloy_plot_builder_new(&alloy_plot_style_dark);
    for (int kind = ALLOY_MARK_LINE; kind <= ALLOY_MARK_REFERENCE_Y; kind++)
        add(builder, (AlloyMark){.kind = kind, .value = NAN});
    g_autoptr(AlloyPlot) plot = (AlloyPlot *)alloy_plot_builder_finish(builder);
    check_page(plot, 200, 120);
    cairo_surface_t *page = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(page);
    alloy_plot_draw(plot, cr, 0, -5);
    alloy_plot_draw(plot, cr, (double)NAN, INFINITY);
    cairo_destroy(cr);
    cairo_surface_destroy(page);
}

static void test_colour_bar(void)
{
    AlloyColourScale scale = {alloy_palette_by_name("green-yellow"), -1.3, 0.6, 0};
    for (int way = 0; way < 2; way++)
        for (double length = 30; length < 400; length *= 1.7) {
            AlloyColourBar bar = {
                .scale = &scale, .title = "\xce\xb1_{PdPd}", .unit = "1", .horizontal = way == 1};
            const double values[] = {-2, 0, NAN, 5};
            alloy_colour_bar_look_at(&bar, values, 4);
            g_assert_true(bar.below && bar.above && bar.missing);
            double breadth = alloy_colour_bar_breadth(&bar, &alloy_plot_style_print, length);
            double width = way == 1 ? length : breadth, height = way == 1 ? breadth : length;
            cairo_surface_t *page = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
            cairo_t *cr = cairo_create(page);
            AlloyCanvas canvas = alloy_canvas(cr, &alloy_plot_style_print);
            alloy_colour_bar_draw(&bar, &canvas, &(AlloyRect){0, 0, width, height});
            double x, y, w, h;
            cairo_recording_surface_ink_extents(page, &x, &y, &w, &h);
            /* whole numbers, and of a pointed line the most that its corners could take */
            if (!(x >= -2 && y >= -2 && x + w <= width + 2 && y + h <= height + 2))
                g_error("colour bar %d leaves %g x %g: %g %g %g %g", way, width, height, x, y, w, h);
            cairo_destroy(cr);
            cairo_surface_destroy(page);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plot/layout", test_layout);
    g_test_add_func("/plot/files", test_files);
    g_test_add_func("/plot/many", test_many);
    g_test_add_func("/plot/hit-bars", test_hit_bars);
    g_test_add_func("/plot/hit-others", test_hit_others);
    g_test_add_func("/plot/table", test_table);
    g_test_add_func("/plot/absurd", test_absurd);
    g_test_add_func("/plot/colour-bar", test_colour_bar);
    return g_test_run();
}
