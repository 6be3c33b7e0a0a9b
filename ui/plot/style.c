/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/style.h"

/* The first that a journal asks for; the others have its widths or come with every desktop. */
#define SANS "Arial,Helvetica,Liberation Sans,Nimbus Sans,Cantarell,DejaVu Sans,sans-serif"

/* M. Okabe, K. Ito, "Color universal design" (2008): told apart by the common kinds of colour blindness. In
 * an order where the first ones differ in lightness too; its yellow is too faint for a line on white. */
#define CYCLE_ON_LIGHT                                                                                       \
    {                                                                                                        \
        {0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233},          \
        {                                                                                                    \
            90, 90, 90                                                                                       \
        }                                                                                                    \
    }
#define CYCLE_ON_DARK                                                                                        \
    {                                                                                                        \
        {86, 180, 233}, {240, 130, 50}, {30, 190, 145}, {226, 150, 192}, {240, 228, 66}, {120, 150, 255},    \
        {                                                                                                    \
            190, 190, 190                                                                                    \
        }                                                                                                    \
    }

const AlloyPlotStyle alloy_plot_style_light = {
    .family = SANS,
    .text = 8,
    .axis_title = 8.5,
    .title = 9.5,
    .line = 1.2,
    .frame = 0.6,
    .tick = 3,
    .symbol = 4,
    .margin = 4,
    .grid = TRUE,
    .background = {255, 255, 255, 255},
    .ink = {40, 40, 44},
    .quiet = {110, 110, 116},
    .grid_colour = {232, 232, 236},
    .cycle = CYCLE_ON_LIGHT,
};

const AlloyPlotStyle alloy_plot_style_dark = {
    .family = SANS,
    .text = 8,
    .axis_title = 8.5,
    .title = 9.5,
    .line = 1.2,
    .frame = 0.6,
    .tick = 3,
    .symbol = 4,
    .margin = 4,
    .grid = TRUE,
    .background = {30, 30, 32, 255},
    .ink = {222, 222, 226},
    .quiet = {150, 150, 156},
    .grid_colour = {54, 54, 58},
    .cycle = CYCLE_ON_DARK,
};

const AlloyPlotStyle alloy_plot_style_contrast = {
    .family = SANS,
    .text = 9,
    .axis_title = 9.5,
    .title = 10.5,
    .line = 1.8,
    .frame = 1.1,
    .tick = 4,
    .symbol = 5,
    .margin = 4,
    .background = {255, 255, 255, 255},
    .ink = {0, 0, 0},
    .quiet = {60, 60, 60},
    .grid_colour = {200, 200, 200},
    .cycle =
        {{0, 70, 140}, {180, 60, 0}, {0, 100, 70}, {130, 40, 110}, {0, 0, 0}, {0, 110, 160}, {90, 90, 90}},
};

const AlloyPlotStyle alloy_plot_style_print = {
    .family = SANS,
    .text = 6.5,
    .axis_title = 7,
    .title = 7,
    .line = 0.9,
    .frame = 0.5,
    .tick = 2.5,
    .symbol = 3,
    .margin = 2,
    .background = {255, 255, 255, 255},
    .ink = {0, 0, 0},
    .quiet = {95, 95, 95},
    .grid_colour = {230, 230, 230},
    .cycle = CYCLE_ON_LIGHT,
};

AlloyPlotStyle alloy_plot_style_scaled(const AlloyPlotStyle *style, double factor)
{
    AlloyPlotStyle scaled = *style;
    double *lengths[] = {&scaled.text,  &scaled.axis_title, &scaled.title,  &scaled.line,
                         &scaled.frame, &scaled.tick,       &scaled.symbol, &scaled.margin};
    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++)
        *lengths[i] *= factor;
    return scaled;
}
