/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloyscope render: a figure for print of a model or the stages of a series, with no window. */
#include "app/cli-render.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/data/series.h"
#include "core/data/warning.h"
#include "core/structure/quantities.h"
#include "ui/figure/fit.h"
#include "ui/figure/write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_PANELS 100

static void rendering_clear(CliRendering *rendering)
{
    for (unsigned i = 0; i < rendering->n; i++) {
        alloy_data_unref(rendering->models[i]);
        alloy_quantities_free(rendering->quantities[i]);
        alloy_data_unref(rendering->columns[i]);
        alloy_scene_free(rendering->scenes[i]);
        g_free(rendering->labels[i]);
    }
    g_free(rendering->panels);
    g_free(rendering->models);
    g_free(rendering->quantities);
    g_free(rendering->columns);
    g_free(rendering->scenes);
    g_free(rendering->labels);
    alloy_figure_colours_clear(&rendering->colours);
    g_ptr_array_unref(rendering->paths);
    g_ptr_array_unref(rendering->inputs);
    g_ptr_array_unref(rendering->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliRendering, rendering_clear)

/* --- the models --- */

static gboolean suits(const AlloyData *data, gconstpointer user)
{
    return ALLOY_IS_ATOMS(data) || ALLOY_IS_SERIES(data);
}

static gboolean set_models(CliRendering *rendering, const AlloyData *data, GError **error)
{
    gboolean series = ALLOY_IS_SERIES(data);
    size_t n = series ? ((const AlloySeries *)data)->n : 1;
    if (n == 0 || n > MOST_PANELS)
        return alloy_parameter_error(error, "%zu stages: a figure shows 1 to %d; --stage takes one or some",
                                     n, MOST_PANELS);
    rendering->panels = g_new0(AlloyPanel, n);
    rendering->models = g_new0(const AlloyAtoms *, n);
    rendering->quantities = g_new0(AlloyQuantities *, n);
    rendering->columns = g_new0(const AlloyColumn *, n);
    rendering->scenes = g_new0(AlloyScene *, n);
    rendering->labels = g_new0(char *, n);
    rendering->n = (unsigned)n;
    for (size_t i = 0; i < n; i++) {
        const AlloyStage *stage = series ? &((const AlloySeries *)data)->stages[i] : NULL;
        rendering->models[i] = alloy_ref(series ? stage->atoms : (const AlloyAtoms *)data);
        rendering->labels[i] = series ? cli_printable(stage->label) : NULL;
        if (rendering->models[i]->n == 0)
            return alloy_input_error(error, "%s%s%s: there is no atom to show",
                                     (const char *)rendering->paths->pdata[0], series ? ", stage " : "",
                                     series ? stage->label : "");
    }
    return TRUE;
}

static gboolean read_models(CliRendering *rendering, AlloyProgress *progress, GError **error)
{
    unsigned n = rendering->paths->len;
    for (unsigned i = 0; i < n; i++) {
        const char *path = rendering->paths->pdata[i];
        g_autofree char *stage = g_strdup_printf("reading %s", path);
        alloy_progress_stage(progress, 0.2 * i / n, 0.2 * (i + 1) / n, stage);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, 0.2 * i / n, 0.2 * (i + 1) / n);
        CliInput *input = cli_input_read(rendering->cli, path, suits, NULL, rendering->warnings, part, error);
        if (input == NULL)
            return FALSE;
        g_ptr_array_add(rendering->inputs, input);
        if (!suits(input->data, NULL))
            return alloy_input_error(error, "%s: it is a %s; a figure shows atomic models", path,
                                     input->data->klass->title);
    }
    if (n == 1)
        return set_models(rendering, ((const CliInput *)rendering->inputs->pdata[0])->data, error);
    g_autoptr(AlloyData) series = (AlloyData *)cli_series_of(rendering->inputs, 0, NULL, error);
    return series != NULL && set_models(rendering, series, error);
}

/* --- what is shown --- */

static const AlloySelection *choose(CliRendering *rendering, unsigned i, const char *option, const char *text,
                                    AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyExpression) expression = alloy_expression_new(text, error);
    AlloyNames names = alloy_quantities_names(rendering->quantities[i]);
    g_autofree uint8_t *mask =
        expression != NULL ? alloy_expression_condition(expression, &names, progress, error) : NULL;
    if (mask == NULL && error != NULL && !alloy_is_cancelled(*error))
        g_prefix_error(error, "%s: ", option);
    return mask != NULL ? alloy_selection_from_mask(mask, names.n) : NULL;
}

/* --where, --select, --ghost. */
static gboolean select_atoms(CliRendering *rendering, unsigned i, AlloyProgress *progress, GError **error)
{
    const CliRenderOptions *options = &rendering->options;
    AlloyScene *scene = rendering->scenes[i];
    AlloyLook look = *alloy_scene_look(scene);
    if (options->where != NULL) {
        g_autoptr(AlloySelection) shown =
            (AlloySelection *)choose(rendering, i, "--where", options->where, progress, error);
        if (shown == NULL)
            return FALSE;
        g_autoptr(AlloySelection) hidden = (AlloySelection *)alloy_selection_invert(shown);
        alloy_scene_set_hidden(scene, hidden);
    }
    const char *marked = options->select != NULL ? options->select : options->ghost;
    if (marked != NULL) {
        g_autoptr(AlloySelection) chosen = (AlloySelection *)choose(
            rendering, i, options->select != NULL ? "--select" : "--ghost", marked, progress, error);
        if (chosen == NULL)
            return FALSE;
        if (options->ghost != NULL) {
            g_autoptr(AlloySelection) others = (AlloySelection *)alloy_selection_invert(chosen);
            alloy_scene_set_selection(scene, others);
            look.ghost = 0.75f;
            look.highlight[3] = 0;
        } else {
            alloy_scene_set_selection(scene, chosen);
        }
    }
    if (options->no_outline)
        look.outline = 0;
    if (options->no_occlusion)
        look.occlusion = 0;
    else if (options->colour_by != NULL && strcmp(options->colour_by, "species") != 0)
        look.occlusion *= 0.5f; /* a dark colour shall not be taken for another value */
    alloy_scene_set_look(scene, &look);
    return TRUE;
}

static gboolean set_slab(const CliRendering *rendering, unsigned i, GError **error)
{
    const CliSlab *wanted = &rendering->options.slab;
    if (!rendering->options.has_slab)
        return TRUE;
    AlloySlab slab = {{0}, wanted->ends[0], wanted->ends[1]};
    const AlloyAtoms *atoms = rendering->models[i];
    if (!cli_direction_vector(&wanted->normal, atoms, slab.normal, NULL, error))
        return FALSE;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t k = 0; k < atoms->n; k++) {
        double at = alloy_dot3(slab.normal, (const double[]){atoms->x[k], atoms->y[k], atoms->z[k]});
        low = MIN(low, at);
        high = MAX(high, at);
    }
    slab.from += wanted->centred[0] ? (low + high) / 2 : 0;
    slab.to += wanted->centred[1] ? (low + high) / 2 : 0;
    if (!(slab.from < slab.to))
        return alloy_parameter_error(error, "--slab: its end, %g, is not beyond its beginning, %g", slab.to,
                                     slab.from);
    alloy_scene_set_slab(rendering->scenes[i], &slab);
    return TRUE;
}

/* All atoms are drawn, also those that others cover: the scene's rule for these is meant for a moving view,
 * and along a crystal direction one would see through where there are atoms. */
static gboolean make_scene(CliRendering *rendering, unsigned i, AlloyProgress *progress, GError **error)
{
    const CliRenderOptions *options = &rendering->options;
    AlloyScene *scene = rendering->scenes[i] = alloy_scene_new();
    rendering->quantities[i] = alloy_quantities_new(rendering->models[i], options->cutoff, progress);
    alloy_scene_set_atoms(scene, rendering->models[i]);
    alloy_scene_set_radii(scene, options->radii, options->radius_scale);
    return select_atoms(rendering, i, progress, error) && set_slab(rendering, i, error);
}

/* --- where one looks from --- */

static gboolean aim(CliRendering *rendering, GError **error)
{
    const CliRenderOptions *options = &rendering->options;
    for (unsigned i = 0; i < rendering->n; i++) {
        double towards[3];
        CliDirection view = options->view;
        /* onto the cut, where nothing else is said: that is what a slab is for */
        gboolean cut = !options->has_view && options->has_slab;
        if (cut)
            view = options->slab.normal;
        if (!cli_direction_vector(&view, rendering->models[i], towards, &rendering->by_cell, error))
            return FALSE;
        const AlloySlab *slab = alloy_scene_slab(rendering->scenes[i]);
        double side = cut && isinf(slab->to) ? -1 : 1;
        double direction[3] = {-side * towards[0], -side * towards[1], -side * towards[2]};
        AlloyCamera *camera = &rendering->panels[i].camera;
        *camera = alloy_camera_default();
        camera->fov = options->fov;
        gboolean along_z = fabs(towards[2]) > 1 - 1e-9;
        alloy_camera_look(camera, direction, (const double[]){0, along_z, !along_z});
        double faces = slab != NULL ? -alloy_dot3(slab->normal, direction) : 0;
        if (i == 0 && slab != NULL &&
            !((isfinite(slab->to) && faces > 0.05) || (isfinite(slab->from) && faces < -0.05)))
            alloy_warn(rendering->warnings, "figure", NULL, NULL,
                       "the cut of --slab is not seen from this side: it faces away from the view");
    }
    return TRUE;
}

static void fill_panels(CliRendering *rendering)
{
    const CliRenderOptions *options = &rendering->options;
    for (unsigned i = 0; i < rendering->n; i++) {
        AlloyPanel *panel = &rendering->panels[i];
        panel->title = rendering->labels[i];
        panel->scene = rendering->scenes[i];
        panel->scale_bar = !options->no_scale_bar;
        panel->tripod = options->axes;
        panel->direction = options->direction;
        panel->values = rendering->columns[i];
        if (options->no_legend)
            continue;
        panel->entries = rendering->colours.entries;
        panel->n_entries = rendering->colours.n_entries;
        if (rendering->colours.bar.scale != NULL)
            panel->bar = &rendering->colours.bar;
    }
}

/* What was simulated is labelled so wherever it appears, unless the user gives another title. */
static gboolean is_synthetic(const CliRendering *rendering)
{
    for (unsigned i = 0; i < rendering->n; i++) {
        const AlloyColumn *said = alloy_columns_get(rendering->models[i]->info, "synthetic");
        if (said != NULL && alloy_column_real_at(said, 0) == 1)
            return TRUE;
    }
    return FALSE;
}

static gboolean check_shown(const CliRendering *rendering, GError **error)
{
    for (unsigned i = 0; i < rendering->n; i++) {
        size_t n = 0;
        g_free(alloy_scene_shown(rendering->scenes[i], &n));
        if (n > 0)
            return TRUE;
    }
    const CliRenderOptions *options = &rendering->options;
    return alloy_input_error(error, "%s: no atom is left by %s; nothing was written",
                             (const char *)rendering->paths->pdata[0],
                             options->where != NULL && options->has_slab ? "--where and --slab"
                             : options->has_slab                         ? "--slab"
                                                                         : "--where");
}

/* --- the work --- */

static gboolean render(CliRendering *rendering, AlloyProgress *progress, GError **error)
{
    CliRenderOptions *options = &rendering->options;
    if (!read_models(rendering, progress, error))
        return FALSE;
    alloy_progress_stage(progress, 0.2, 0.4, "finding what is seen");
    for (unsigned i = 0; i < rendering->n; i++) {
        double from = 0.2 + 0.2 * i / rendering->n;
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, from, from + 0.2 / rendering->n);
        if (!make_scene(rendering, i, part, error))
            return FALSE;
    }
    if (!check_shown(rendering, error) || !cli_render_colours(rendering, error) || !aim(rendering, error))
        return FALSE;
    fill_panels(rendering);
    AlloyFigure *figure = &options->figure;
    if (figure->title == NULL && is_synthetic(rendering))
        figure->title = "synthetic";
    figure->panels = rendering->panels;
    figure->n_panels = rendering->n;
    double half[2], width, height;
    alloy_figure_aim(rendering->panels, rendering->n, half);
    figure->aspect = alloy_figure_aspect(half);
    g_autoptr(AlloyFigureLayout) layout = alloy_figure_layout_new(figure, error);
    if (layout == NULL)
        return FALSE;
    AlloyRect box = alloy_figure_layout_box(layout, 0);
    alloy_figure_fit(rendering->panels, rendering->n, half, box.width / box.height, options->zoom);
    alloy_figure_layout_size(layout, &width, &height);
    rendering->width = width / 72 * 25.4;
    rendering->height = height / 72 * 25.4;
    alloy_progress_stage(progress, 0.4, 1, "drawing");
    g_autoptr(AlloyProgress) drawing = alloy_progress_part(progress, 0.4, 1);
    return alloy_figure_write(figure, options->out, options->tables, rendering->warnings, drawing, error);
}

static gboolean work(gpointer data, AlloyProgress *progress, GError **error)
{
    CliRendering *rendering = data;
    const char *path = rendering->paths->pdata[0];
    GError *failed = NULL;
    if (render(rendering, progress, &failed))
        return TRUE;
    /* an analysis does not know where its model comes from */
    if (g_error_matches(failed, ALLOY_ERROR, ALLOY_ERROR_INPUT) && rendering->paths->len == 1 &&
        !g_str_has_prefix(failed->message, path))
        g_prefix_error(&failed, "%s: ", path);
    g_propagate_error(error, failed);
    return FALSE;
}

static void print_done(const CliRendering *rendering)
{
    const CliRenderOptions *options = &rendering->options;
    g_autofree char *out = cli_printable(options->out);
    g_autofree char *width = cli_number(round(rendering->width * 100) / 100),
                    *height = cli_number(round(rendering->height * 100) / 100),
                    *dpi = cli_number(options->figure.dpi);
    printf("%s: %s x %s mm, %s dpi\n", out, width, height, dpi);
    if (options->has_view && options->view.indices)
        printf("view: from a direction of the %s\n", rendering->by_cell ? "cell's vectors" : "model's axes");
    if (rendering->colours.bar.scale != NULL) {
        const AlloyColourScale *scale = &rendering->colours.scale;
        g_autofree char *low = cli_number(scale->low), *high = cli_number(scale->high);
        printf("colours: %s from %s to %s\n", options->colour_by, low, high);
    }
    for (unsigned i = 0; i < rendering->n; i++) {
        double cutoff = alloy_quantities_cutoff(rendering->quantities[i]);
        if (isnan(cutoff) || !isnan(options->cutoff))
            continue;
        g_autofree char *text = cli_quantity(cutoff, ALLOY_UNIT_LENGTH);
        printf("cutoff%s%s: %s\n", rendering->labels[i] != NULL ? " of " : "",
               rendering->labels[i] != NULL ? rendering->labels[i] : "", text);
    }
    for (unsigned i = 0; options->tables && i < rendering->n; i++) {
        g_autofree char *path = alloy_figure_table_path(options->out, i), *shown = cli_printable(path);
        printf("%s\n", shown);
    }
}

static gboolean take_arguments(CliRendering *rendering, CliArgs *args, GError **error)
{
    for (;;) {
        const char *word = NULL, *name = NULL, *value = NULL;
        switch (cli_take(rendering->cli, args, &word, &name, &value, error)) {
        case CLI_END:
            if (rendering->cli->help)
                return TRUE;
            if (rendering->paths->len == 0)
                return alloy_parameter_error(error, "render needs a file");
            return cli_render_check(&rendering->options, error);
        case CLI_BAD:
            return FALSE;
        case CLI_OPTION:
            if (!cli_render_option(&rendering->options, args, name, value, error))
                return FALSE;
            break;
        case CLI_WORD:
            g_ptr_array_add(rendering->paths, (gpointer)word);
        }
    }
}

int cli_render(Cli *cli, CliArgs *args)
{
    g_autoptr(GError) error = NULL;
    g_auto(CliRendering) rendering = {
        .cli = cli,
        .paths = g_ptr_array_new(),
        .inputs = g_ptr_array_new_with_free_func((GDestroyNotify)cli_input_free),
        .warnings = alloy_warnings_new(),
    };
    cli_render_defaults(&rendering.options);
    if (!take_arguments(&rendering, args, &error))
        return cli_usage(error);
    if (cli->help) {
        cli_print_command_help("render");
        return CLI_DONE;
    }
    const char *out = rendering.options.out;
    if (!cli_refuse_json(cli, "render", &error) || !cli_set_inputs(cli, rendering.paths, &error))
        return cli_usage(error);
    if (!cli_check_output(out, &error))
        return cli_fail(cli, error);
    for (unsigned i = 0; i < rendering.paths->len; i++)
        if (!cli_check_overwriting(rendering.paths->pdata[i], out, &error))
            return cli_usage(error);
    gboolean ok = cli_work(cli, work, &rendering, &error);
    cli_print_warnings(cli, rendering.warnings);
    if (!ok)
        return cli_fail(cli, error);
    if (!cli->quiet)
        print_done(&rendering);
    return CLI_DONE;
}
