/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/figure/figure-private.h"

#include <math.h>
#include <string.h>

AlloyFigure alloy_figure_default(void)
{
    return (AlloyFigure){.width = 89, .dpi = 300, .text = 7};
}

char *alloy_figure_letter(unsigned i)
{
    char text[8];
    unsigned at = sizeof text - 1;
    text[at] = '\0';
    for (unsigned rest = i + 1; rest > 0 && at > 0; rest = (rest - 1) / 26)
        text[--at] = (char)('a' + (rest - 1) % 26);
    return g_strdup(text + at);
}

AlloyPlotStyle alloy_figure_style(const AlloyFigure *figure)
{
    AlloyPlotStyle style =
        alloy_plot_style_scaled(&alloy_plot_style_print, figure->text / alloy_plot_style_print.title);
    /* one size for all text: a figure is small, and two sizes half a point apart look like a mistake */
    style.text = style.axis_title = style.title = figure->text;
    if (figure->family != NULL)
        style.family = g_intern_string(figure->family);
    const AlloyPlotStyle *colours =
        figure->background == ALLOY_FIGURE_DARK ? &alloy_plot_style_dark : &alloy_plot_style_print;
    memcpy(style.background, colours->background, sizeof style.background);
    memcpy(style.ink, colours->ink, sizeof style.ink);
    memcpy(style.quiet, colours->quiet, sizeof style.quiet);
    memcpy(style.grid_colour, colours->grid_colour, sizeof style.grid_colour);
    memcpy(style.cycle, colours->cycle, sizeof style.cycle);
    if (figure->background == ALLOY_FIGURE_TRANSPARENT)
        style.background[3] = 0;
    return style;
}

double alloy_figure_bar_length(double across, char **label)
{
    double most = ALLOY_BAR_SHARE * across, power = pow(10, floor(log10(most))), length = power;
    if (label != NULL)
        *label = NULL;
    if (!(most > 0) || !isfinite(most) || !(power > 0))
        return 0;
    /* a length that would be the next round one but for the last bit is that one */
    for (int k = 0; k < 4; k++) {
        static const double steps[] = {1, 2, 5, 10};
        if (steps[k] * power <= most * (1 + 1e-9))
            length = steps[k] * power;
    }
    if (label != NULL) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        gboolean nanometre = length > 9.99;
        g_ascii_formatd(number, sizeof number, "%.6g", nanometre ? length / 10 : length);
        *label = g_strdup_printf("%s\u00a0%s", number, nanometre ? "nm" : "\u00c5");
    }
    return length;
}
