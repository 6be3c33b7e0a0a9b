/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/palette.h"

#include <math.h>
#include <string.h>

/* Colours are set by a few stops in Oklab, as lightness, chroma and hue (degrees), and joined straight in
 * lightness and in the two hue axes. */
typedef struct {
    double at, lightness, chroma, hue;
} Stop;

typedef struct {
    Stop stops[5];
    unsigned n;
} Map;

/* The hues of "blue-red" and "purple-green" differ for the common kinds of colour blindness too: in each pair
 * one side is bluish, the other is not. "green-yellow" is the scale of the Pd@Ir study: green below, white at
 * the value of a random alloy, yellow above. */
const AlloyPalette alloy_palettes[] = {
    {"even", "Even, dark blue to yellow", FALSE},
    {"heat", "Heat, black to white", FALSE},
    {"grey", "Grey", FALSE},
    {"blue-red", "Blue, white, red", TRUE},
    {"purple-green", "Purple, white, green", TRUE},
    {"green-yellow", "Green, white, yellow", TRUE},
    {0},
};

/* In the order of the list above. */
static const Map maps[] = {
    {{{0, 0.26, 0.11, 290},
      {0.25, 0.4225, 0.12, 262},
      {0.5, 0.585, 0.115, 205},
      {0.75, 0.7475, 0.15, 150},
      {1, 0.91, 0.17, 103}},
     5},
    {{{0, 0.12, 0.02, 20},
      {0.35, 0.428, 0.16, 25},
      {0.65, 0.692, 0.16, 55},
      {0.85, 0.868, 0.13, 95},
      {1, 1, 0, 95}},
     5},
    {{{0, 0.15, 0, 0}, {1, 0.97, 0, 0}}, 2},
    {{{0, 0.40, 0.15, 262},
      {0.25, 0.72, 0.10, 250},
      {0.5, 1, 0, 0},
      {0.75, 0.74, 0.12, 40},
      {1, 0.46, 0.18, 27}},
     5},
    {{{0, 0.40, 0.17, 310},
      {0.25, 0.72, 0.10, 312},
      {0.5, 1, 0, 0},
      {0.75, 0.76, 0.12, 150},
      {1, 0.47, 0.13, 150}},
     5},
    {{{0, 0.50, 0.15, 150},
      {0.25, 0.78, 0.10, 152},
      {0.5, 1, 0, 0},
      {0.75, 0.92, 0.12, 100},
      {1, 0.80, 0.165, 90}},
     5},
};

const AlloyPalette *alloy_palette_by_name(const char *name)
{
    for (const AlloyPalette *palette = alloy_palettes; palette->name != NULL; palette++)
        if (strcmp(palette->name, name) == 0)
            return palette;
    return NULL;
}

const AlloyPalette *alloy_palette_default(gboolean diverging)
{
    return alloy_palette_by_name(diverging ? "blue-red" : "even");
}

static double gamma_of(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static double linear_of(double value)
{
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* Oklab to linear sRGB (Ottosson, "A perceptual color space for image processing", 2020). */
static void linear_of_oklab(const double lab[3], double rgb[3])
{
    double l = lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2];
    double m = lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2];
    double s = lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2];
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

void alloy_oklab(const uint8_t rgb[3], double lab[3])
{
    double r = linear_of(rgb[0] / 255.0), g = linear_of(rgb[1] / 255.0), b = linear_of(rgb[2] / 255.0);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

/* Where a colour is outside sRGB its chroma gives way, never its lightness: that carries the value. */
static void fit(double lab[3], double rgb[3])
{
    double low = 0, high = 1, a = lab[1], b = lab[2];
    linear_of_oklab(lab, rgb);
    for (int step = 0; step < 20; step++) {
        gboolean inside = TRUE;
        for (int k = 0; k < 3; k++)
            inside = inside && rgb[k] >= -1e-9 && rgb[k] <= 1 + 1e-9;
        if (inside && step == 0)
            return;
        double share = (low + high) / 2;
        if (step > 0) {
            if (inside)
                low = share;
            else
                high = share;
            share = (low + high) / 2;
        }
        lab[1] = share * a;
        lab[2] = share * b;
        linear_of_oklab(lab, rgb);
    }
    lab[1] = low * a;
    lab[2] = low * b;
    linear_of_oklab(lab, rgb);
}

void alloy_palette_colour(const AlloyPalette *palette, double t, uint8_t rgb[3])
{
    const Map *map = &maps[palette - alloy_palettes];
    t = t > 0 ? MIN(t, 1) : 0;
    unsigned k = 0;
    while (k + 2 < map->n && t > map->stops[k + 1].at)
        k++;
    const Stop *a = &map->stops[k], *b = &map->stops[k + 1];
    double part = (t - a->at) / (b->at - a->at), degree = G_PI / 180;
    double lab[3] = {
        a->lightness + part * (b->lightness - a->lightness),
        (1 - part) * a->chroma * cos(a->hue * degree) + part * b->chroma * cos(b->hue * degree),
        (1 - part) * a->chroma * sin(a->hue * degree) + part * b->chroma * sin(b->hue * degree),
    };
    double linear[3];
    fit(lab, linear);
    for (int k2 = 0; k2 < 3; k2++)
        rgb[k2] = (uint8_t)lround(255 * CLAMP(gamma_of(MAX(linear[k2], 0)), 0, 1));
}
