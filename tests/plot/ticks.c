/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/ticks.h"
#include "ui/plot/axis.h"

#include "tests/common.h"

#include <locale.h>
#include <math.h>
#include <string.h>

/* Ticks, their labels, and places on an axis. */

#define MINUS "\xe2\x88\x92"

static char *labels_of(const AlloyTicks *ticks)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < ticks->n; i++)
        if (ticks->ticks[i].label != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", ticks->ticks[i].label);
    return g_string_free(text, FALSE);
}

static void check(gboolean log, double low, double high, double wanted, const char *labels, int exponent)
{
    g_autoptr(AlloyTicks) ticks =
        log ? alloy_ticks_log(low, high, wanted) : alloy_ticks_linear(low, high, wanted);
    g_autofree char *found = labels_of(ticks);
    g_assert_cmpstr(found, ==, labels);
    g_assert_cmpint(ticks->exponent, ==, exponent);
}

/* By hand: what one would write at such an axis. */
static void test_by_hand(void)
{
    check(FALSE, 0, 10, 6, "0 2 4 6 8 10", 0);
    check(FALSE, 0, 1, 5, "0.00 0.25 0.50 0.75 1.00", 0);
    check(FALSE, 0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0", 0);
    check(FALSE, -1, 1, 5, MINUS "1.0 " MINUS "0.5 0.0 0.5 1.0", 0);
    check(FALSE, 0.3, 0.92, 4, "0.4 0.6 0.8", 0);
    check(FALSE, 100, 0, 3, "0 50 100", 0); /* backwards: the same ticks */
    check(FALSE, 0, 1.2e6, 4, "0.0 0.5 1.0", 6);
    check(FALSE, 0, 4e-7, 5, "0 1 2 3 4", -7);
    check(FALSE, 1000000, 1000004, 5, "1.000000 1.000001 1.000002 1.000003 1.000004", 6);
    check(TRUE, 1, 1000, 4, "1 10 100 1000", 0);
    check(TRUE, 1e-8, 1e8, 5, "10^{" MINUS "6} 10^{" MINUS "3} 10^{0} 10^{3} 10^{6}", 0);
    check(TRUE, 1, 100, 6, "1 2 5 10 20 50 100", 0);
    check(TRUE, 2.1, 4.1, 5, "2.5 3.0 3.5 4.0", 0); /* within a decade: linear steps */
    g_autoptr(AlloyTicks) ticks = alloy_ticks_linear(0, 3e-5, 4);
    g_autofree char *multiplier = alloy_ticks_multiplier(ticks);
    g_assert_cmpstr(multiplier, ==,
                    "\xc3\x97"
                    "10^{" MINUS "5}");
}

/* The value of a label, to compare with its tick. */
static double value_of(const char *label, int exponent)
{
    GString *text = g_string_new(label);
    g_string_replace(text, MINUS, "-", 0);
    g_string_replace(text,
                     "\xc3\x97"
                     "10^{",
                     "e", 0);
    if (g_str_has_prefix(text->str, "10^{"))
        g_string_replace(text, "10^{", "1e", 1);
    g_string_replace(text, "}", "", 0);
    if (exponent != 0)
        g_string_append_printf(text, "e%d", exponent);
    double value = g_ascii_strtod(text->str, NULL);
    g_string_free(text, TRUE);
    return value;
}

static gboolean is_nice(double step)
{
    double mantissa = step / pow(10, floor(log10(step) + 1e-3));
    const double good[] = {1, 2, 2.5, 5};
    for (unsigned k = 0; k < 4; k++)
        if (fabs(mantissa - good[k]) < 5e-3 * good[k])
            return TRUE;
    return FALSE;
}

static void check_properties(gboolean log, double low, double high, double wanted)
{
    g_autoptr(AlloyTicks) ticks =
        log ? alloy_ticks_log(low, high, wanted) : alloy_ticks_linear(low, high, wanted);
    double bottom = low, top = high;
    alloy_range_usable(&bottom, &top, log);
    if (bottom > top) {
        double swap = bottom;
        bottom = top;
        top = swap;
    }
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    double last = -INFINITY, before = NAN, step = NAN;
    unsigned n = 0;
    for (unsigned i = 0; i < ticks->n; i++) {
        const AlloyTick *tick = &ticks->ticks[i];
        g_assert_true(isfinite(tick->value));
        g_assert_cmpfloat(tick->value, >=, bottom);
        g_assert_cmpfloat(tick->value, <=, top);
        g_assert_cmpfloat(tick->value, >=, last);
        last = tick->value;
        if (tick->label == NULL)
            continue;
        n++;
        g_assert_true(g_hash_table_add(seen, tick->label)); /* never the same text twice */
        double value = value_of(tick->label, ticks->exponent);
        g_assert_cmpfloat(fabs(value - tick->value), <=, 1e-9 * MAX(fabs(value), top - bottom));
        if (!log && !isnan(before)) {
            if (isnan(step))
                step = tick->value - before;
            g_assert_true(fabs(tick->value - before - step) <= 1e-3 * step);
        }
        before = tick->value;
    }
    if (!log && top - bottom > 1e-290) {
        g_assert_cmpuint(n, >=, 2);
        g_assert_cmpfloat(n, <=, 2 * wanted + 1);
        g_assert_true(is_nice(step));
        /* nothing of a whole step is left unmarked at either end */
        g_assert_cmpfloat(last, <=, top);
        g_assert_true(top - before < step * 1.001);
    }
}

static void test_properties(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (int i = 0; i < 20000; i++) {
        double centre = (g_rand_double(rand) - 0.5) * pow(10, g_rand_double_range(rand, -12, 12));
        double width = pow(10, g_rand_double_range(rand, -12, 12));
        check_properties(FALSE, centre - width, centre + width, g_rand_double_range(rand, 2, 12));
        double low = pow(10, g_rand_double_range(rand, -300, 300));
        double high = low * pow(10, g_rand_double_range(rand, -6, 6));
        check_properties(TRUE, low, high, g_rand_double_range(rand, 2, 12));
    }
}

static void test_absurd(void)
{
    const double values[] = {0,      -0.0,   1,      -1,    NAN,    INFINITY, -INFINITY,    1e308,
                             -1e308, 1e-308, 5e-324, 1e300, 1e-300, 1e15,     1e15 + 0.125, -1e300};
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        for (unsigned j = 0; j < G_N_ELEMENTS(values); j++)
            for (int log = 0; log < 2; log++) {
                check_properties(log, values[i], values[j], 5);
                double low = values[i], high = values[j];
                alloy_range_usable(&low, &high, log);
                g_assert_true(isfinite(low) && isfinite(high) && low != high && isfinite(high - low));
                g_assert_true(!log || (low > 0 && high > 0));
            }
}

static void test_titles(void)
{
    g_autofree char *a = alloy_axis_title("Distance", "angstrom");
    g_assert_cmpstr(a, ==, "Distance (\xc3\x85)");
    g_autofree char *b = alloy_axis_title("Area", "angstrom^2");
    g_assert_cmpstr(b, ==, "Area (\xc3\x85\xc2\xb2)");
    g_autofree char *c = alloy_axis_title("Count", "1");
    g_assert_cmpstr(c, ==, "Count");
    g_autofree char *d = alloy_axis_title("Density", "angstrom^-3");
    g_assert_cmpstr(d, ==, "Density (\xc3\x85^{" MINUS "3})");
    g_autofree char *e = alloy_axis_title("D", "angstrom^2/s");
    g_assert_cmpstr(e, ==, "D (\xc3\x85\xc2\xb2/s)");
    g_autofree char *f = alloy_axis_title("q", "1/angstrom");
    g_assert_cmpstr(f, ==, "q (1/\xc3\x85)");
    g_autofree char *g = alloy_axis_title(NULL, NULL);
    g_assert_cmpstr(g, ==, "");
    g_autofree char *h = alloy_unit_text("vacuum"); /* "um" inside a word is no micrometre */
    g_assert_cmpstr(h, ==, "vacuum");
}

static void test_round_trip(void)
{
    const AlloyAxisMap maps[] = {
        {0, 10, FALSE, 20, 220},      {-3e5, 8e12, FALSE, 200, 10}, {10, 0, FALSE, 20, 220},
        {1e-9, 1e4, TRUE, 20, 220},   {5, 2, TRUE, 200, 10},        {1e300, 2e300, FALSE, 0, 100},
        {1e-300, 1e300, TRUE, 0, 50},
    };
    for (unsigned k = 0; k < G_N_ELEMENTS(maps); k++) {
        const AlloyAxisMap *map = &maps[k];
        test_assert_near(alloy_axis_to_point(map, map->low), map->start, 1e-9);
        test_assert_near(alloy_axis_to_point(map, map->high), map->end, 1e-9);
        for (double point = -50; point < 300; point += 7.3)
            if (isfinite(alloy_axis_to_value(map, point)) && alloy_axis_to_value(map, point) != 0)
                test_assert_near(alloy_axis_to_point(map, alloy_axis_to_value(map, point)), point, 1e-7);
    }
    g_assert_true(isnan(alloy_axis_to_point(&maps[3], 0)));
    g_assert_true(isnan(alloy_axis_to_point(&maps[0], (double)NAN)));
    g_assert_true(isnan(alloy_axis_to_point(&maps[0], INFINITY)));
    g_assert_cmpfloat(alloy_axis_to_point(&maps[0], 1e308), ==, 1e9);
}

static void test_zoom(void)
{
    double low, high;
    AlloyAxisMap map = {0, 10, FALSE, 100, 200};
    alloy_axis_zoom(&map, 150, 2, &low, &high);
    test_assert_near(low, 2.5, 1e-12);
    test_assert_near(high, 7.5, 1e-12);
    /* what is under the pointer stays there, on a log axis too and backwards */
    AlloyAxisMap log = {1000, 1, TRUE, 200, 10};
    double value = alloy_axis_to_value(&log, 77);
    alloy_axis_zoom(&log, 77, 3.7, &low, &high);
    AlloyAxisMap zoomed = {low, high, TRUE, 200, 10};
    test_assert_near(alloy_axis_to_point(&zoomed, value), 77, 1e-9);
    alloy_axis_pan(&log, 13, &low, &high);
    AlloyAxisMap panned = {low, high, TRUE, 200, 10};
    test_assert_near(alloy_axis_to_point(&panned, value), 90, 1e-9);
    /* far in and far out the range stays one that can be shown */
    for (int i = 0; i < 2000; i++) {
        alloy_axis_zoom(&map, 130, i < 1000 ? 1.5 : 1 / 1.5, &map.low, &map.high);
        g_assert_true(isfinite(map.low) && isfinite(map.high) && map.low < map.high);
    }
    low = -3, high = 4;
    alloy_axis_clamp(0, 10, FALSE, &low, &high);
    test_assert_near(low, 0, 0);
    test_assert_near(high, 7, 1e-12);
    low = 20, high = -1;
    alloy_axis_clamp(0, 10, FALSE, &low, &high);
    test_assert_near(low, 10, 0);
    test_assert_near(high, 0, 0);
    low = 500, high = 5000;
    alloy_axis_clamp(1, 1000, TRUE, &low, &high);
    test_assert_near(low, 100, 1e-9);
    test_assert_near(high, 1000, 1e-9);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed: digits are the same everywhere */
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ticks/by-hand", test_by_hand);
    g_test_add_func("/ticks/properties", test_properties);
    g_test_add_func("/ticks/absurd", test_absurd);
    g_test_add_func("/axis/titles", test_titles);
    g_test_add_func("/axis/round-trip", test_round_trip);
    g_test_add_func("/axis/zoom", test_zoom);
    return g_test_run();
}
