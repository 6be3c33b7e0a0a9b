/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/write.h"

#include "tests/common.h"
#include "tests/figure/figures.h"
#include "ui/scene/picture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <tiffio.h>

/* The files of figures: their pixels, sizes and bytes. */

static GBytes *bytes_of(const TestFigure *test, const char *path)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = alloy_figure_bytes(&test->figure, path, NULL, &error);
    g_assert_no_error(error);
    return bytes;
}

static gboolean holds(GBytes *bytes, const char *text)
{
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    return memmem(data, n, text, strlen(text)) != NULL;
}

static unsigned count(GBytes *bytes, const char *text)
{
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n), *end = data + n;
    unsigned found = 0;
    while ((data = memmem(data, (size_t)(end - data), text, strlen(text))) != NULL) {
        found++;
        data += strlen(text);
    }
    return found;
}

typedef struct {
    GBytes *bytes;
    size_t at;
} Reading;

static cairo_status_t read_png(void *closure, unsigned char *to, unsigned n)
{
    Reading *reading = closure;
    gsize size;
    const char *data = g_bytes_get_data(reading->bytes, &size);
    if (reading->at + n > size)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, data + reading->at, n);
    reading->at += n;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *decode(GBytes *png)
{
    Reading reading = {png, 0};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_png, &reading);
    g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
    return surface;
}

static uint32_t pixel(cairo_surface_t *surface, int x, int y)
{
    const unsigned char *row =
        cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
    return ((const uint32_t *)(gconstpointer)row)[x];
}

/* The atoms in the file are the pixels of alloy_picture_new, all of them. */
static void test_pixels(void)
{
    static const AlloyFigureBackground backgrounds[] = {ALLOY_FIGURE_WHITE, ALLOY_FIGURE_TRANSPARENT,
                                                        ALLOY_FIGURE_DARK};
    static const double dpis[] = {72, 150, 300, 437};
    for (unsigned k = 0; k < 12; k++) {
        g_auto(TestFigure) test;
        test_figure_init(&test, 2, 3, FALSE);
        test.figure.width = 50;
        test.figure.dpi = dpis[k % 4];
        test.figure.background = backgrounds[k / 4];
        test.figure.letters = TRUE;
        g_assert_true(test_figure_fit(&test));
        g_autoptr(GBytes) png = bytes_of(&test, "a.png");
        cairo_surface_t *page = decode(png);
        g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(&test.figure, NULL);
        gboolean alpha = test.figure.background == ALLOY_FIGURE_TRANSPARENT;
        uint32_t mask = alpha ? 0xffffffff : 0xffffff;
        for (unsigned i = 0; i < 2; i++) {
            AlloyRect box = alloy_figure_layout_box(layout, i);
            double scale = test.figure.dpi / 72;
            int x = (int)lround(box.x * scale), y = (int)lround(box.y * scale),
                width = (int)lround(box.width * scale), height = (int)lround(box.height * scale);
            AlloyLook look = alloy_look_default();
            AlloyPlotStyle style = alloy_figure_style(&test.figure);
            for (int c = 0; c < 4; c++)
                look.background[c] = (float)style.background[c] / 255;
            alloy_scene_set_look(test.scenes[i], &look);
            g_autofree uint32_t *picture =
                alloy_picture_new(test.scenes[i], &test.panels[i].camera, width, height, 3, NULL, NULL);
            unsigned differ = 0, seen = 0;
            for (int r = 0; r < height; r++)
                for (int c = 0; c < width; c++) {
                    uint32_t found = pixel(page, x + c, y + r), wanted = picture[r * width + c];
                    /* PNG has no premultiplied colours: what is half covered may be one off */
                    if (alpha && wanted >> 24 != 255 && wanted >> 24 == found >> 24)
                        continue;
                    differ += ((found ^ wanted) & mask) != 0;
                    seen += wanted != picture[0];
                }
            g_assert_cmpuint(differ, ==, 0);
            g_assert_cmpuint(seen, >, (unsigned)(width * height) / 10);
        }
        g_assert_cmphex(pixel(page, 0, 0) & mask, ==, alpha ? 0 : k / 4 == 2 ? 0x1e1e20 : 0xffffff);
        cairo_surface_destroy(page);
    }
}

/* The scale bar in the pixels, against where the camera sees two points of that distance. */
static void test_scale_bar(void)
{
    for (unsigned n = 1; n <= 3; n++) {
        g_auto(TestFigure) test;
        test_figure_init(&test, n, 1, FALSE);
        test.figure.dpi = 600;
        for (unsigned i = 0; i < n; i++)
            test.panels[i].n_entries = 0; /* nothing else in the foot */
        g_assert_true(test_figure_fit(&test));
        g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(&test.figure, NULL);
        AlloyRect box = alloy_figure_layout_box(layout, 0);
        const AlloyCamera *camera = &test.panels[0].camera;
        double across = camera->height * box.width / box.height, from[2], to[2], p[3], m[3][3];
        double length = alloy_figure_bar_length(across, NULL);
        alloy_camera_matrix(camera, m);
        for (int k = 0; k < 3; k++)
            p[k] = camera->target[k] + length * m[0][k];
        alloy_camera_project(camera, camera->target, from);
        alloy_camera_project(camera, p, to);
        double expected = (to[0] - from[0]) * box.height * test.figure.dpi / 72;
        g_autoptr(GBytes) png = bytes_of(&test, "a.png");
        cairo_surface_t *page = decode(png);
        int below = (int)ceil((box.y + box.height) * test.figure.dpi / 72), longest = 0;
        for (int y = below; y < cairo_image_surface_get_height(page); y++)
            for (int x = 0, run = 0; x < cairo_image_surface_get_width(page); x++) {
                run = (pixel(page, x, y) & 0xff) < 128 ? run + 1 : 0;
                longest = MAX(longest, run);
            }
        test_assert_near(longest, expected, 1);
        g_assert_cmpfloat(expected, >, 50);
        cairo_surface_destroy(page);
    }
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static void test_sizes(void)
{
    static const double widths[] = {40, 89, 183};
    for (unsigned k = 0; k < 3; k++) {
        g_auto(TestFigure) test;
        test_figure_init(&test, 2, 2, TRUE);
        test.figure.width = widths[k];
        test.figure.height = 60;
        test.figure.title = "Pd@Ir";
        g_assert_true(test_figure_fit(&test));
        double width = widths[k] * 72 / 25.4, height = 60 * 72 / 25.4;
        g_autoptr(GBytes) png = bytes_of(&test, "a.PNG"), svg = bytes_of(&test, "a.svg"),
                          pdf = bytes_of(&test, "a.pdf");
        const uint8_t *data = g_bytes_get_data(png, NULL);
        g_assert_cmpuint(get32(data + 16), ==, (uint32_t)lround(width * 300 / 72));
        g_assert_cmpuint(get32(data + 20), ==, (uint32_t)lround(height * 300 / 72));
        const uint8_t *physical = memmem(data, 200, "pHYs", 4);
        g_assert_nonnull(physical);
        g_assert_cmpuint(get32(physical + 4), ==, 11811);
        g_assert_cmpuint(get32(physical + 8), ==, 11811);
        g_assert_cmpuint(physical[12], ==, 1);
        cairo_surface_destroy(decode(png)); /* the checksums are right */
        g_autofree char *w = g_strdup_printf("width=\"%.3f", floor(width * 1000) / 1000);
        g_autofree char *box = g_strdup_printf("/MediaBox [ 0 0 %.2f", floor(width * 100) / 100);
        g_assert_true(holds(svg, w));
        g_assert_true(holds(pdf, box));
        /* one image a scene; texts are fonts, and nothing tells the day */
        g_assert_cmpuint(count(svg, "<image"), ==, 2);
        g_assert_true(holds(svg, "glyph"));
        g_assert_cmpuint(count(pdf, "/Subtype /Image"), ==, 2);
        g_assert_true(holds(pdf, "/ToUnicode"));
        g_assert_false(holds(pdf, "CreationDate"));
    }
}

typedef struct {
    const char *path;
    GBytes *bytes;
} Threaded;

static void *in_a_thread(void *data)
{
    Threaded *job = data;
    g_auto(TestFigure) test;
    test_figure_init(&test, 2, 3, TRUE);
    g_assert_true(test_figure_fit(&test));
    job->bytes = bytes_of(&test, job->path);
    return NULL;
}

/* The same bytes again, in another thread, after other things were drawn. */
static void test_same(void)
{
    static const char *const paths[] = {"a.png", "a.tif", "a.pdf", "a.svg"};
    for (unsigned k = 0; k < G_N_ELEMENTS(paths); k++)
        for (int background = 0; background < 2; background++) {
            g_auto(TestFigure) test;
            test_figure_init(&test, 2, 3, TRUE);
            test.figure.background = background == 0 ? ALLOY_FIGURE_WHITE : ALLOY_FIGURE_TRANSPARENT;
            g_assert_true(test_figure_fit(&test));
            g_autoptr(GBytes) one = bytes_of(&test, paths[k]), two = bytes_of(&test, paths[k]);
            g_assert_true(g_bytes_equal(one, two));
            Threaded job = {paths[k], NULL};
            g_thread_join(g_thread_new("figure", in_a_thread, &job));
            g_assert_true(g_bytes_equal(one, job.bytes) == (background == 0));
            g_bytes_unref(job.bytes);
        }
}

/* Pixels of a TIFF are those of the PNG. */
static void test_tiff(const char *folder)
{
    for (int background = 0; background < 3; background++) {
        g_auto(TestFigure) test;
        test_figure_init(&test, 1, 2, FALSE);
        test.figure.background = (AlloyFigureBackground)background;
        test.figure.width = 30;
        g_assert_true(test_figure_fit(&test));
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(folder, "a.tiff", NULL);
        g_assert_true(alloy_figure_write(&test.figure, path, FALSE, NULL, NULL, &error));
        g_autoptr(GBytes) png = bytes_of(&test, "a.png");
        cairo_surface_t *page = decode(png);
        TIFF *tiff = TIFFOpen(path, "r");
        g_assert_nonnull(tiff);
        uint32_t width = 0, height = 0;
        uint16_t unit = 0, compression = 0, samples = 0, n_extra = 0, *extra = NULL;
        float x = 0, y = 0;
        char *date = NULL;
        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
        TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
        TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
        TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
        TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x);
        TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
        g_assert_cmpint((int)width, ==, cairo_image_surface_get_width(page));
        g_assert_cmpint((int)height, ==, cairo_image_surface_get_height(page));
        g_assert_cmpuint(unit, ==, RESUNIT_INCH);
        g_assert_cmpuint(compression, ==, COMPRESSION_LZW);
        g_assert_cmpfloat(x, ==, 300);
        g_assert_cmpfloat(y, ==, 300);
        g_assert_cmpuint(samples, ==, background == ALLOY_FIGURE_TRANSPARENT ? 4 : 3);
        g_assert_false(TIFFGetField(tiff, TIFFTAG_DATETIME, &date));
        if (samples == 4) {
            g_assert_true(TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &n_extra, &extra));
            g_assert_cmpuint(extra[0], ==, EXTRASAMPLE_UNASSALPHA);
        }
        g_autofree uint8_t *row = g_malloc(width * 4);
        for (uint32_t r = 0; r < height; r++) {
            g_assert_cmpint(TIFFReadScanline(tiff, row, r, 0), ==, 1);
            for (uint32_t c = 0; c < width; c++) {
                uint32_t wanted = pixel(page, (int)c, (int)r);
                const uint8_t *found = row + c * samples;
                if (samples == 4)
                    g_assert_cmpuint(found[3], ==, wanted >> 24);
                if (samples == 3 || wanted >> 24 == 255)
                    g_assert_cmphex((uint32_t)found[0] << 16 | (uint32_t)found[1] << 8 | found[2], ==,
                                    wanted & 0xffffff);
            }
        }
        TIFFClose(tiff);
        cairo_surface_destroy(page);
        g_unlink(path);
    }
}

/* Between the atoms and the texts a transparent figure is nothing at all, and behind the atoms' edges it is a
 * part. */
static void test_transparent(void)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 1, 2, FALSE);
    test.figure.background = ALLOY_FIGURE_TRANSPARENT;
    g_assert_true(test_figure_fit(&test));
    g_autoptr(GBytes) png = bytes_of(&test, "a.png");
    cairo_surface_t *page = decode(png);
    g_assert_cmpint(cairo_image_surface_get_format(page), ==, CAIRO_FORMAT_ARGB32);
    unsigned empty = 0, part = 0, full = 0;
    for (int y = 0; y < cairo_image_surface_get_height(page); y++)
        for (int x = 0; x < cairo_image_surface_get_width(page); x++) {
            uint32_t alpha = pixel(page, x, y) >> 24;
            empty += alpha == 0;
            full += alpha == 255;
            part += alpha > 0 && alpha < 255;
        }
    g_assert_cmpuint(empty, >, 10000);
    g_assert_cmpuint(full, >, 10000);
    g_assert_cmpuint(part, >, 500);
    g_assert_cmpuint(part, <, full / 4);
    cairo_surface_destroy(page);
}

static unsigned files_in(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    unsigned n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void test_failing(const char *folder)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 2, 2, TRUE);
    g_assert_true(test_figure_fit(&test));
    static const char *const names[] = {"a.png", "a.tif", "a.pdf", "a.svg"};
    for (unsigned k = 0; k < G_N_ELEMENTS(names); k++) {
        g_autofree char *path = g_build_filename(folder, names[k], NULL);
        g_autoptr(AlloyProgress) progress = alloy_progress_new();
        alloy_progress_cancel(progress);
        g_autoptr(GError) cancelled = NULL;
        g_assert_false(alloy_figure_write(&test.figure, path, TRUE, NULL, progress, &cancelled));
        g_assert_error(cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_autofree char *nowhere = g_build_filename(folder, "none", names[k], NULL);
        g_autoptr(GError) error = NULL;
        g_assert_false(alloy_figure_write(&test.figure, nowhere, FALSE, NULL, NULL, &error));
        g_assert_nonnull(error);
    }
    g_assert_cmpuint(files_in(folder), ==, 0);
    g_autoptr(GError) ending = NULL;
    g_assert_false(alloy_figure_path_check("a.jpg", &ending));
    g_assert_nonnull(strstr(ending->message, ".pdf"));
    g_assert_false(alloy_figure_path_check(".png", NULL));
}

/* The numbers of a scene: what is shown, in the order of the model, with its place there. */
static void test_numbers(void)
{
    g_auto(TestFigure) test;
    test_figure_init(&test, 1, 2, TRUE);
    const AlloyAtoms *all = alloy_scene_atoms(test.scenes[0]);
    AlloySlab slab = {{0, 0, 1}, -HUGE_VAL, 15};
    alloy_scene_set_slab(test.scenes[0], &slab);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_figure_numbers(&test.figure, 0);
    const AlloyColumn *values = alloy_atoms_column(atoms, "order"),
                      *places = alloy_atoms_column(atoms, "original_index");
    size_t at = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->z[i] - 1.5 >= 15)
            continue;
        g_assert_cmpint(places->integer[at], ==, (int64_t)i);
        g_assert_cmpfloat(atoms->x[at], ==, all->x[i]);
        g_assert_cmpstr(atoms->kinds[atoms->species[at]].name, ==, all->kinds[all->species[i]].name);
        if (i != 7)
            g_assert_cmpfloat(values->real[at], ==, test.columns[0]->real[i]);
        at++;
    }
    g_assert_cmpuint(atoms->n, ==, at);
    g_assert_cmpuint(at, <, all->n);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_dir_make_tmp("figure-XXXXXX", NULL);
    g_test_add_func("/figure/files/pixels", test_pixels);
    g_test_add_func("/figure/files/scale-bar", test_scale_bar);
    g_test_add_func("/figure/files/sizes", test_sizes);
    g_test_add_func("/figure/files/same", test_same);
    g_test_add_data_func("/figure/files/tiff", folder, (GTestDataFunc)test_tiff);
    g_test_add_func("/figure/files/transparent", test_transparent);
    g_test_add_data_func("/figure/files/failing", folder, (GTestDataFunc)test_failing);
    g_test_add_func("/figure/files/numbers", test_numbers);
    int status = g_test_run();
    g_rmdir(folder);
    return status;
}
