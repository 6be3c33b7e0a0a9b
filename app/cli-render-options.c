/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of alloyscope render. */
#include "app/cli-render.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/number.h"
#include "ui/figure/write.h"

#include <math.h>
#include <string.h>

void cli_render_defaults(CliRenderOptions *options)
{
    memset(options, 0, sizeof *options);
    options->figure = alloy_figure_default();
    options->neutral = options->cutoff = NAN;
    options->zoom = options->radius_scale = 1;
    options->view.index[2] = 1;
}

/* --- numbers --- */

static gboolean read_number(const char *name, const char *text, double low, double high, const char *unit,
                            double *value, GError **error)
{
    if (alloy_parse_double(text, text + strlen(text), value) && *value >= low && *value <= high)
        return TRUE;
    g_autofree char *from = cli_quantity(low, NULL), *to = cli_quantity(high, unit);
    return alloy_parameter_error(error, "%s takes a number from %s to %s, not \"%s\"", name, from, to, text);
}

/* "LOW,HIGH", "p1,p99" or "auto". */
static gboolean read_range(CliRenderOptions *options, const char *text, GError **error)
{
    if (strcmp(text, "auto") == 0) {
        options->range_kind = CLI_RANGE_AUTO;
        return TRUE;
    }
    const char *comma = strchr(text, ',');
    gboolean percent = text[0] == 'p' && comma != NULL && comma[1] == 'p';
    int skip = percent ? 1 : 0;
    double *range = options->range;
    gboolean ok = comma != NULL && alloy_parse_double(text + skip, comma, &range[0]) &&
                  alloy_parse_double(comma + 1 + skip, text + strlen(text), &range[1]) &&
                  isfinite(range[0]) && isfinite(range[1]) && range[0] < range[1] &&
                  (!percent || (range[0] >= 0 && range[1] <= 100));
    if (!ok)
        return alloy_parameter_error(
            error,
            "--range takes LOW,HIGH with LOW below HIGH as in -1,1, percentiles as in "
            "p1,p99, or auto, not \"%s\"",
            text);
    options->range_kind = percent ? CLI_RANGE_PERCENTILES : CLI_RANGE_VALUES;
    return TRUE;
}

/* --- directions --- */

static gboolean is_axis(const char *text, double out[3])
{
    int sign = *text == '-' ? -1 : 1;
    text += *text == '-' || *text == '+';
    if (strlen(text) != 1 || *text < 'x' || *text > 'z')
        return FALSE;
    out[0] = out[1] = out[2] = 0;
    out[*text - 'x'] = sign;
    return TRUE;
}

/* "111", "1-10": three digits, each with or without a minus. */
static gboolean is_digits(const char *text, double out[3])
{
    for (int k = 0; k < 3; k++) {
        int sign = *text == '-' ? -1 : 1;
        text += *text == '-';
        if (!g_ascii_isdigit(*text))
            return FALSE;
        out[k] = sign * (*text++ - '0');
    }
    return *text == '\0';
}

static unsigned read_list(const char *text, double out[3])
{
    unsigned n = 0;
    for (const char *end; n < 3; text = end + 1) {
        end = text + strcspn(text, ",");
        if (!alloy_parse_double(text, end, &out[n]) || !isfinite(out[n]))
            return 0;
        n++;
        if (*end == '\0')
            return n;
    }
    return 0;
}

static gboolean read_direction(const char *name, const char *text, CliDirection *direction, GError **error)
{
    *direction = (CliDirection){.indices = TRUE};
    const char *rest = text;
    if (g_str_has_prefix(text, "model:"))
        direction->model = TRUE;
    if (g_str_has_prefix(text, "cell:"))
        direction->cell = TRUE;
    if (direction->model || direction->cell)
        rest = strchr(text, ':') + 1;
    double *v = direction->index;
    unsigned n = 0;
    if (is_axis(rest, v)) {
        direction->indices = direction->cell;
    } else if (!is_digits(rest, v) && (n = read_list(rest, v)) != 3) {
        if (n != 2 || rest != text)
            return alloy_parameter_error(
                error,
                "%s takes x, y, z, -x, -y, -z, a direction as in 111, 1-10 or 1,-1,0 "
                "(before it cell: or model: to say of what), or "
                "AZIMUTH,ELEVATION in degrees, not \"%s\"",
                name, text);
        double azimuth = v[0] * G_PI / 180, elevation = v[1] * G_PI / 180;
        v[0] = cos(elevation) * cos(azimuth);
        v[1] = cos(elevation) * sin(azimuth);
        v[2] = sin(elevation);
        direction->indices = FALSE;
    }
    return alloy_norm3(v) > 0 || alloy_parameter_error(error, "%s %s: it has no length", name, text);
}

gboolean cli_direction_vector(const CliDirection *direction, const AlloyAtoms *atoms, double out[3],
                              gboolean *by_cell, GError **error)
{
    gboolean cell = direction->indices && !direction->model && atoms->cell != NULL;
    if (direction->cell && atoms->cell == NULL)
        return alloy_parameter_error(error, "a direction of the cell is asked for, and the model has none");
    if (cell)
        alloy_row_times3(direction->index, atoms->cell->vector, out);
    else
        memcpy(out, direction->index, 3 * sizeof *out);
    double length = alloy_norm3(out);
    for (int k = 0; k < 3; k++)
        out[k] /= length;
    if (by_cell != NULL)
        *by_cell = cell;
    return TRUE;
}

/* "5", "-inf", "centre", "centre-2.5" */
static gboolean read_end(const char *begin, const char *end, double *value, gboolean *centred)
{
    static const char word[] = "centre";
    *centred = (size_t)(end - begin) >= sizeof word - 1 && strncmp(begin, word, sizeof word - 1) == 0;
    begin += *centred ? sizeof word - 1 : 0;
    *value = 0;
    return (*centred && begin == end) || (alloy_parse_double(begin, end, value) && !isnan(*value));
}

static gboolean read_slab(CliRenderOptions *options, const char *text, GError **error)
{
    CliSlab *slab = &options->slab;
    const char *colon = strrchr(text, ':'), *comma = colon != NULL ? strchr(colon, ',') : NULL;
    g_autofree char *normal = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : NULL;
    if (comma == NULL || !read_end(colon + 1, comma, &slab->ends[0], &slab->centred[0]) ||
        !read_end(comma + 1, text + strlen(text), &slab->ends[1], &slab->centred[1]))
        return alloy_parameter_error(error,
                                     "--slab takes NORMAL:FROM,TO in angstrom as in z:-inf,0, 111:0,5 or "
                                     "x:-inf,centre, not \"%s\"",
                                     text);
    if (slab->centred[0] == slab->centred[1] && !(slab->ends[0] < slab->ends[1]))
        return alloy_parameter_error(error, "--slab %s: its end is not beyond its beginning", text);
    options->has_slab = TRUE;
    return read_direction("--slab", normal, &slab->normal, error);
}

/* --- words --- */

/* The place of text in words. */
static gboolean read_word(const char *name, const char *text, const char *const *words, unsigned *place,
                          GError **error)
{
    for (*place = 0; words[*place] != NULL; ++*place)
        if (strcmp(words[*place], text) == 0)
            return TRUE;
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    const char *meant = alloy_suggest(text, words);
    if (meant != NULL)
        return alloy_parameter_error(error, "%s: there is no \"%s\"; did you mean \"%s\"? There are: %s",
                                     name, text, meant, all);
    return alloy_parameter_error(error, "%s: there is no \"%s\"; there are: %s", name, text, all);
}

static gboolean read_palette(CliRenderOptions *options, const char *text, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const AlloyPalette *palette = alloy_palettes; palette->name != NULL; palette++)
        g_ptr_array_add(names, (gpointer)palette->name);
    g_ptr_array_add(names, NULL);
    unsigned place;
    if (!read_word("--palette", text, (const char *const *)names->pdata, &place, error))
        return FALSE;
    options->palette = &alloy_palettes[place];
    return TRUE;
}

/* --- all of them --- */

typedef gboolean (*ReadFunc)(CliRenderOptions *options, const char *text, GError **error);

static gboolean read_background(CliRenderOptions *options, const char *text, GError **error)
{
    static const char *const words[] = {"white", "transparent", "dark", NULL};
    unsigned place = 0;
    gboolean ok = read_word("--background", text, words, &place, error);
    options->figure.background = (AlloyFigureBackground)place;
    return ok;
}

static gboolean read_radii(CliRenderOptions *options, const char *text, GError **error)
{
    static const char *const words[] = {"covalent", "metallic", "uniform", NULL};
    unsigned place = 0;
    gboolean ok = read_word("--radii", text, words, &place, error);
    options->radii = (AlloyRadiusRule)place;
    return ok;
}

static gboolean read_view(CliRenderOptions *options, const char *text, GError **error)
{
    options->has_view = TRUE;
    return read_direction("--view", text, &options->view, error);
}

static gboolean read_perspective(CliRenderOptions *options, const char *text, GError **error)
{
    double degrees;
    if (!read_number("--perspective", text, 0, 120, "degrees", &degrees, error))
        return FALSE;
    options->fov = degrees * G_PI / 180;
    return TRUE;
}

static gboolean read_columns(CliRenderOptions *options, const char *text, GError **error)
{
    double columns;
    if (!read_number("--columns", text, 1, 100, NULL, &columns, error))
        return FALSE;
    options->figure.columns = (unsigned)columns;
    return columns == floor(columns) ||
           alloy_parameter_error(error, "--columns takes a whole number, not %s", text);
}

#define AT(member) offsetof(CliRenderOptions, member)

/* Options with a value that is a text, a number, or read by a function; and switches. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {{"-o", AT(out)},
             {"--output", AT(out)},
             {"--colour-by", AT(colour_by)},
             {"--colour-title", AT(colour_title)},
             {"--where", AT(where)},
             {"--ghost", AT(ghost)},
             {"--select", AT(select)},
             {"--direction", AT(direction)},
             {"--font", AT(figure.family)},
             {"--title", AT(figure.title)}};

static const struct {
    const char *name;
    size_t at;
    double low, high;
    const char *unit;
} numbers[] = {{"--width", AT(figure.width), 1, 2000, "mm"},
               {"--height", AT(figure.height), 1, 2000, "mm"},
               {"--dpi", AT(figure.dpi), 10, 4800, NULL},
               {"--font-size", AT(figure.text), 0.5, 200, "pt"},
               {"--neutral", AT(neutral), -1e300, 1e300, NULL},
               {"--zoom", AT(zoom), 0.01, 1000, NULL},
               {"--radius-scale", AT(radius_scale), 0.01, 100, NULL},
               {"--cutoff", AT(cutoff), 0.01, 1000, "angstrom"}};

static const struct {
    const char *name;
    ReadFunc read;
} readers[] = {{"--range", read_range}, {"--palette", read_palette}, {"--background", read_background},
               {"--radii", read_radii}, {"--view", read_view},       {"--perspective", read_perspective},
               {"--slab", read_slab},   {"--columns", read_columns}};

static const struct {
    const char *name;
    size_t at;
} switches[] = {{"--letters", AT(figure.letters)},
                {"--axes", AT(axes)},
                {"--no-scale-bar", AT(no_scale_bar)},
                {"--no-legend", AT(no_legend)},
                {"--no-outline", AT(no_outline)},
                {"--no-occlusion", AT(no_occlusion)},
                {"--csv", AT(tables)}};

static gboolean unknown(const char *name, GError **error)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    for (const CliOption *option = cli_command_options("render"); option->name != NULL; option++)
        g_ptr_array_add(own, (gpointer)option->name);
    g_ptr_array_add(own, (gpointer) "--output");
    g_ptr_array_add(own, NULL);
    return cli_unknown_option("render", name, (const char *const *)own->pdata, error);
}

gboolean cli_render_option(CliRenderOptions *options, CliArgs *args, const char *name, const char *value,
                           GError **error)
{
    char *base = (char *)options;
    if (strcmp(name, "--color-by") == 0)
        name = "--colour-by";
    if (g_str_has_prefix(name, "-o") && name[2] != '\0') {
        value = name + 2;
        name = "-o";
    }
    for (size_t k = 0; k < G_N_ELEMENTS(switches); k++)
        if (strcmp(switches[k].name, name) == 0) {
            *(gboolean *)(gpointer)(base + switches[k].at) = TRUE;
            return value == NULL || alloy_parameter_error(error, "%s takes no value", name);
        }
    for (size_t k = 0; k < G_N_ELEMENTS(texts); k++)
        if (strcmp(texts[k].name, name) == 0) {
            value = cli_take_value(args, name, value, error);
            if (value == NULL)
                return FALSE;
            if (texts[k].at != AT(out) && !g_utf8_validate(value, -1, NULL))
                return alloy_parameter_error(error, "the value of %s is not UTF-8", name);
            if (texts[k].at == AT(out) && options->out != NULL)
                return alloy_parameter_error(error, "render writes one figure: -o is given twice");
            *(const char **)(gpointer)(base + texts[k].at) = value;
            return TRUE;
        }
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++)
        if (strcmp(numbers[k].name, name) == 0) {
            value = cli_take_value(args, name, value, error);
            return value != NULL && read_number(name, value, numbers[k].low, numbers[k].high, numbers[k].unit,
                                                (double *)(gpointer)(base + numbers[k].at), error);
        }
    for (size_t k = 0; k < G_N_ELEMENTS(readers); k++)
        if (strcmp(readers[k].name, name) == 0) {
            value = cli_take_value(args, name, value, error);
            return value != NULL && readers[k].read(options, value, error);
        }
    return unknown(name, error);
}

gboolean cli_render_check(const CliRenderOptions *options, GError **error)
{
    if (options->out == NULL)
        return alloy_parameter_error(error,
                                     "render needs -o OUT, a file that ends in .png, .tif, .pdf or .svg");
    if (strcmp(options->out, "-") == 0)
        return alloy_parameter_error(error, "a figure goes into a file, not to the standard output");
    if (options->ghost != NULL && options->select != NULL)
        return alloy_parameter_error(error, "--ghost and --select do not go together: give one of them");
    if (!isnan(options->neutral) && options->palette != NULL && !options->palette->diverging)
        return alloy_parameter_error(
            error,
            "--neutral is for a palette that diverges, and %s does not; take blue-red, "
            "purple-green or green-yellow",
            options->palette->name);
    gboolean plain = options->colour_by == NULL || strcmp(options->colour_by, "species") == 0;
    if (plain &&
        (options->palette != NULL || options->range_kind != CLI_RANGE_AUTO || !isnan(options->neutral)))
        return alloy_parameter_error(
            error, "--palette, --range and --neutral are for --colour-by a quantity: species "
                   "have colours of their own");
    return alloy_figure_path_check(options->out, error);
}
