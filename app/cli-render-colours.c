/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours of alloyscope render: one meaning for all panels. */
#include "app/cli-render.h"

#include "core/base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The quantity of that name; what is misspelt is met with the names there are. */
static const AlloyColumn *column_of(AlloyQuantities *quantities, const char *name, GError **error)
{
    AlloyNames names = alloy_quantities_names(quantities);
    if (names.type(name, names.data) >= 0) {
        g_autoptr(AlloyColumn) column = (AlloyColumn *)names.values(name, names.data, error);
        if (column == NULL && error != NULL && !alloy_is_cancelled(*error))
            g_prefix_error(error, "--colour-by %s: ", name);
        /* what is computed comes under the name that its operation gives it */
        return column != NULL ? alloy_column_renamed(column, name) : NULL;
    }
    g_auto(GStrv) list = names.list(names.data);
    const char *meant = alloy_suggest(name, (const char *const *)list);
    g_autofree char *all = g_strjoinv(", ", list);
    if (meant != NULL)
        alloy_parameter_error(error, "--colour-by: there is no \"%s\"; did you mean \"%s\"? There are: %s",
                              name, meant, all);
    else
        alloy_parameter_error(error, "--colour-by: there is no \"%s\"; there are: %s", name, all);
    return NULL;
}

/* How a computed quantity is called in print; a column of the file keeps its name. Free with g_free. */
static char *title_of(const AlloyAtoms *atoms, const char *name)
{
    if (alloy_atoms_column(atoms, name) != NULL)
        return g_strdup(name);
    if (strcmp(name, "cn") == 0)
        return g_strdup("Coordination number");
    if (strcmp(name, "r") == 0)
        return g_strdup("Distance from the centre");
    if (g_str_has_prefix(name, "csrop."))
        return g_strdup_printf("Order of %s (CSROP)", name + strlen("csrop."));
    if (g_str_has_prefix(name, "csrop_")) {
        g_auto(GStrv) kinds = g_strsplit(name + strlen("csrop_"), "_", 2);
        return g_strdup_printf("\u03b1_{%s%s}", kinds[0], kinds[1]);
    }
    if (g_str_has_prefix(name, "c.") || g_str_has_prefix(name, "c_"))
        return g_strdup_printf("Local concentration of %s", name + 2);
    return g_strdup(name);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The percentiles of all stages together. */
static void percentiles(const CliRendering *rendering, double range[2])
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    for (unsigned s = 0; s < rendering->n; s++)
        for (size_t i = 0; i < rendering->columns[s]->n; i++) {
            double value = alloy_column_real_at(rendering->columns[s], i);
            if (isfinite(value))
                g_array_append_val(values, value);
        }
    qsort(values->data, values->len, sizeof(double), compare);
    for (int k = 0; k < 2; k++) {
        double at = range[k] / 100 * (values->len - 1);
        unsigned below = (unsigned)at, above = MIN(below + 1, values->len - 1);
        double a = g_array_index(values, double, below), b = g_array_index(values, double, above);
        range[k] = a + (at - below) * (b - a);
    }
}

static gboolean find_scale(CliRendering *rendering, AlloyColourScale *scale, GError **error)
{
    const CliRenderOptions *options = &rendering->options;
    gboolean whole = rendering->columns[0]->type != ALLOY_REAL;
    if (!alloy_colour_scale_fit(rendering->columns, rendering->n, whole ? 0 : 0.01, scale))
        return alloy_input_error(error, "--colour-by %s: no atom has a value", options->colour_by);
    if (options->range_kind != CLI_RANGE_AUTO) {
        double range[2] = {options->range[0], options->range[1]};
        if (options->range_kind == CLI_RANGE_PERCENTILES)
            percentiles(rendering, range);
        scale->low = range[0];
        scale->high = range[1];
    }
    if (options->palette != NULL) {
        scale->palette = options->palette;
        if (!options->palette->diverging)
            scale->neutral = NAN;
    }
    if (!isnan(options->neutral)) {
        scale->neutral = options->neutral;
        if (!scale->palette->diverging)
            scale->palette = alloy_palette_default(TRUE);
    }
    return TRUE;
}

gboolean cli_render_colours(CliRendering *rendering, GError **error)
{
    const CliRenderOptions *options = &rendering->options;
    const char *name = options->colour_by;
    if (name == NULL || strcmp(name, "species") == 0) {
        alloy_figure_colour_species(&rendering->colours, rendering->scenes, rendering->n);
        return TRUE;
    }
    for (unsigned i = 0; i < rendering->n; i++) {
        rendering->columns[i] = column_of(rendering->quantities[i], name, error);
        if (rendering->columns[i] == NULL)
            return FALSE;
        if ((rendering->columns[i]->type == ALLOY_TEXT) != (rendering->columns[0]->type == ALLOY_TEXT))
            return alloy_input_error(error, "--colour-by %s: it is text in some stages, numbers in others",
                                     name);
    }
    AlloyColourScale scale = {0};
    gboolean text = rendering->columns[0]->type == ALLOY_TEXT;
    if (text &&
        (options->palette != NULL || options->range_kind != CLI_RANGE_AUTO || !isnan(options->neutral)))
        return alloy_parameter_error(
            error, "--colour-by %s is text, which has no range, neutral value or palette", name);
    if (!text && !find_scale(rendering, &scale, error))
        return FALSE;
    g_autofree char *title = options->colour_title != NULL ? g_strdup(options->colour_title)
                                                           : title_of(rendering->models[0], name);
    alloy_figure_colour_columns(&rendering->colours, rendering->scenes, rendering->columns, rendering->n,
                                &scale, title, NULL);
    return TRUE;
}
