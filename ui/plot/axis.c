/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/axis.h"

#include "ui/plot/ticks.h"

#include <math.h>
#include <string.h>

char *alloy_unit_text(const char *unit)
{
    static const struct {
        const char *from, *to;
    } words[] = {
        {"angstrom", "\xc3\x85"}, {"degrees", "\xc2\xb0"}, {"degree", "\xc2\xb0"}, {"percent", "%"},
        {"^2", "\xc2\xb2"},       {"^3", "\xc2\xb3"},      {"um", "\xc2\xb5m"},
    };
    GString *text = g_string_new(NULL);
    if (unit == NULL || strcmp(unit, "1") == 0)
        return g_string_free(text, FALSE);
    for (const char *c = unit; *c != '\0';) {
        size_t k = 0;
        while (k < G_N_ELEMENTS(words) && !g_str_has_prefix(c, words[k].from))
            k++;
        gboolean whole = c == unit || !g_ascii_isalpha(c[-1]);
        if (k < G_N_ELEMENTS(words)) {
            const char *after = c + strlen(words[k].from);
            gboolean is_word =
                !g_ascii_isalpha(c[0]) ? !g_ascii_isdigit(*after) : whole && !g_ascii_isalpha(*after);
            if (is_word) {
                g_string_append(text, words[k].to);
                c = after;
                continue;
            }
        }
        if (c[0] == '^' && (c[1] == '-' || g_ascii_isdigit(c[1]))) {
            g_string_append(text, c[1] == '-' ? "^{\xe2\x88\x92" : "^{");
            for (c += c[1] == '-' ? 2 : 1; g_ascii_isdigit(*c); c++)
                g_string_append_c(text, *c);
            g_string_append_c(text, '}');
            continue;
        }
        g_string_append_c(text, *c++);
    }
    return g_string_free(text, FALSE);
}

char *alloy_axis_title(const char *title, const char *unit)
{
    g_autofree char *short_unit = alloy_unit_text(unit);
    if (title == NULL || title[0] == '\0')
        return g_steal_pointer(&short_unit);
    return short_unit[0] == '\0' ? g_strdup(title) : g_strdup_printf("%s (%s)", title, short_unit);
}

/* On a log axis everything happens with logarithms. */
static double through(const AlloyAxisMap *map, double value)
{
    return map->log ? log10(value) : value;
}

static double back(const AlloyAxisMap *map, double value)
{
    return map->log ? pow(10, value) : value;
}

double alloy_axis_to_point(const AlloyAxisMap *map, double value)
{
    if (!isfinite(value) || (map->log && value <= 0))
        return (double)NAN;
    double low = through(map, map->low), high = through(map, map->high), at = through(map, value);
    double point = map->start + (at - low) / (high - low) * (map->end - map->start);
    return isnan(point) ? point : CLAMP(point, -1e9, 1e9);
}

double alloy_axis_to_value(const AlloyAxisMap *map, double point)
{
    double low = through(map, map->low), high = through(map, map->high);
    double share = (point - map->start) / (map->end - map->start);
    /* both ends exactly, whichever is nearer */
    return back(map, share < 0.5 ? low + share * (high - low) : high - (1 - share) * (high - low));
}

static void set(const AlloyAxisMap *map, double from, double to, double *low, double *high)
{
    *low = back(map, from);
    *high = back(map, to);
    alloy_range_usable(low, high, map->log);
}

void alloy_axis_zoom(const AlloyAxisMap *map, double about, double factor, double *low, double *high)
{
    double from = through(map, map->low), to = through(map, map->high);
    double centre = from + (about - map->start) / (map->end - map->start) * (to - from);
    factor = isfinite(factor) && factor > 0 ? factor : 1;
    set(map, centre + (from - centre) / factor, centre + (to - centre) / factor, low, high);
}

void alloy_axis_pan(const AlloyAxisMap *map, double by, double *low, double *high)
{
    double from = through(map, map->low), to = through(map, map->high);
    double shift = by / (map->end - map->start) * (to - from);
    set(map, from - shift, to - shift, low, high);
}

void alloy_axis_clamp(double from, double to, gboolean log, double *low, double *high)
{
    AlloyAxisMap map = {.log = log};
    double first = through(&map, from), last = through(&map, to);
    double a = through(&map, MIN(*low, *high)), b = through(&map, MAX(*low, *high));
    double width = b - a, limit = last - first;
    gboolean reversed = *low > *high;
    double bottom = from, top = to;
    if (!(width >= limit)) {
        double shift = a < first ? first - a : b > last ? last - b : 0;
        bottom = shift == 0 ? MIN(*low, *high) : back(&map, a + shift);
        top = shift == 0 ? MAX(*low, *high) : back(&map, b + shift);
    }
    *low = reversed ? top : bottom;
    *high = reversed ? bottom : top;
}
