/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli.h"
#include "core/structure/quantities.h"
#include "ui/figure/fit.h"

G_BEGIN_DECLS

/* What the files of `alloyscope render` share. */

/* A direction as it is typed: "x", "-y", "111", "1,-1,0", "cell:1,1,0", "30,20". */
typedef struct {
    double index[3];  /* towards the reader: of the cell's vectors or the model's axes; angles are turned into
                         this */
    gboolean indices; /* it was typed as indices, so the cell's vectors are meant where there is a cell */
    gboolean model, cell; /* said which */
} CliDirection;

typedef struct {
    CliDirection normal;
    double ends[2];      /* angstrom, may be infinite */
    gboolean centred[2]; /* from the middle of what is there */
} CliSlab;

typedef enum { CLI_RANGE_AUTO, CLI_RANGE_VALUES, CLI_RANGE_PERCENTILES } CliRangeKind;

typedef struct {
    AlloyFigure figure;
    const char *out;       /* borrowed, like all texts here */
    const char *colour_by; /* NULL: species */
    const char *colour_title, *where, *ghost, *select, *direction;
    const AlloyPalette *palette; /* NULL: the one that suits */
    CliRangeKind range_kind;
    double range[2], neutral; /* neutral NaN: the one that suits */
    CliDirection view;
    gboolean has_view, has_slab;
    CliSlab slab;
    double zoom, fov, radius_scale, cutoff; /* fov in radian; cutoff NaN: the first minimum */
    AlloyRadiusRule radii;
    gboolean axes, no_scale_bar, no_legend, no_outline, no_occlusion, tables;
} CliRenderOptions;

void cli_render_defaults(CliRenderOptions *options);
/* One option of the command, with its value taken. */
gboolean cli_render_option(CliRenderOptions *options, CliArgs *args, const char *name, const char *value,
                           GError **error);
/* What does not go together is said before anything is read. */
gboolean cli_render_check(const CliRenderOptions *options, GError **error);
/* The direction as a unit vector of the model's axes. *by_cell (nullable): its vectors were used. */
gboolean cli_direction_vector(const CliDirection *direction, const AlloyAtoms *atoms, double out[3],
                              gboolean *by_cell, GError **error);

/* What is made of them. */
typedef struct {
    Cli *cli;
    CliRenderOptions options;
    GPtrArray *paths;  /* borrowed */
    GPtrArray *inputs; /* of CliInput, owned */
    GPtrArray *warnings;
    unsigned n; /* panels */
    AlloyPanel *panels;
    const AlloyAtoms **models; /* owned */
    AlloyQuantities **quantities;
    const AlloyColumn **columns; /* what is coloured; NULL: species */
    AlloyScene **scenes;
    char **labels;
    AlloyFigureColours colours;
    gboolean by_cell;     /* the view is one of the cell's vectors */
    double width, height; /* mm, as it came out */
} CliRendering;

/* Colours all scenes, which show what they are to show. */
gboolean cli_render_colours(CliRendering *rendering, GError **error);

G_END_DECLS
