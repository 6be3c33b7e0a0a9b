/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static gboolean parse(const char *text, double *value)
{
    return alloy_parse_double(text, text + strlen(text), value);
}

static uint64_t bits(double value)
{
    uint64_t out;
    memcpy(&out, &value, sizeof out);
    return out;
}

/* splitmix64 (Steele, Lea, Flood 2014), enough for test data. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The text is printf's (the tests run in the C locale), and reading gives the same bits back. */
static void check_double(double value)
{
    char expected[64], found[ALLOY_DOUBLE_TEXT];
    snprintf(expected, sizeof expected, "%.17g", value);
    size_t length = alloy_format_double(value, found);
    if (isnan(value)) {
        g_assert_cmpstr(found, ==, "nan");
        return;
    }
    if (strcmp(expected, found) != 0 || length != strlen(found))
        g_assert_cmpstr(found, ==, expected);
    double back = 0;
    if (!alloy_parse_double(found, found + length, &back) || bits(back) != bits(value)) {
        g_test_message("%s reads as %.17g", found, back);
        g_test_fail();
    }
}

static void test_format_special(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.0, "0"},
                 {-0.0, "-0"},
                 {1, "1"},
                 {-1, "-1"},
                 {10, "10"},
                 {0.5, "0.5"},
                 {0.1, "0.10000000000000001"},
                 {100000, "100000"},
                 {1e16, "10000000000000000"},
                 {99999999999999984.0, "99999999999999984"},
                 {1e17, "1e+17"},
                 {1.5e17, "1.5e+17"},
                 {1e22, "1e+22"},
                 {1e23, "9.9999999999999992e+22"},
                 {1e-4, "0.0001"},
                 {1e-5, "1.0000000000000001e-05"},
                 {0.0009765625, "0.0009765625"},
                 {DBL_MAX, "1.7976931348623157e+308"},
                 {-DBL_MIN, "-2.2250738585072014e-308"},
                 {0x1p-1074, "4.9406564584124654e-324"},
                 {-13.3731, "-13.373100000000001"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char out[ALLOY_DOUBLE_TEXT];
        size_t length = alloy_format_double(cases[i].value, out);
        g_assert_cmpstr(out, ==, cases[i].text);
        g_assert_cmpuint(length, ==, strlen(cases[i].text));
        check_double(cases[i].value);
    }
    char out[ALLOY_DOUBLE_TEXT];
    g_assert_cmpuint(alloy_format_double((double)INFINITY, out), ==, 3);
    g_assert_cmpstr(out, ==, "inf");
    alloy_format_double(-(double)INFINITY, out);
    g_assert_cmpstr(out, ==, "-inf");
    alloy_format_double((double)NAN, out);
    g_assert_cmpstr(out, ==, "nan");
    alloy_format_double(-(double)NAN, out);
    g_assert_cmpstr(out, ==, "nan");
}

static void test_format_random_bits(void)
{
    uint64_t state = 1;
    for (int i = 0; i < 1000000; i++) {
        uint64_t pattern = draw(&state);
        double value;
        memcpy(&value, &pattern, sizeof value);
        check_double(value);
    }
    /* Denormals: exponent field 0. */
    for (int i = 0; i < 100000; i++) {
        uint64_t pattern = draw(&state) >> (12 + draw(&state) % 52);
        double value;
        memcpy(&value, &pattern, sizeof value);
        check_double(value);
    }
}

/* What files hold: decimals of few digits, integers, short binary fractions (their expansion ends in exact
 * halves). */
static void test_format_decimals(void)
{
    uint64_t state = 2;
    for (int i = 0; i < 300000; i++) {
        int digits = (int)(draw(&state) % 10);
        double value = (double)((int64_t)(draw(&state) % 2000000000) - 1000000000) / pow(10, digits);
        check_double(value);
        check_double((double)(int64_t)draw(&state));
        check_double((double)(int32_t)draw(&state));
        check_double(ldexp((double)(draw(&state) >> 40), (int)(draw(&state) % 140) - 100));
    }
    for (int e = -1074; e <= 1023; e++) {
        check_double(ldexp(1, e));
        check_double(nextafter(ldexp(1, e), 0));
        check_double(nextafter(ldexp(1, e), (double)INFINITY));
    }
    for (int e = -323; e <= 308; e++) {
        g_autofree char *text = g_strdup_printf("1e%d", e);
        double value = g_ascii_strtod(text, NULL);
        check_double(value);
        check_double(nextafter(value, 0));
        check_double(nextafter(value, (double)INFINITY));
        check_double(9.9999999999999994 * value);
    }
}

static void check_parse(const char *text)
{
    double found = 0, expected = g_ascii_strtod(text, NULL);
    if (!parse(text, &found) || bits(found) != bits(expected)) {
        g_test_message("%.60s reads as %.17g, strtod says %.17g", text, found, expected);
        g_test_fail();
    }
}

static void test_parse_accepts(void)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"0", 0},
                 {"-0", -0.0},
                 {"+1", 1},
                 {"1.", 1},
                 {".5", 0.5},
                 {"-.5e1", -5},
                 {"1d3", 1000},
                 {"1.5D-3", 0.0015},
                 {"1E+05", 1e5},
                 {"00012.500", 12.5},
                 {"1e400", HUGE_VAL},
                 {"-1e400", -HUGE_VAL},
                 {"1e-400", 0},
                 {"0e999999999999999999999999", 0},
                 {"1e-999999999999999999999999", 0},
                 {"1e999999999999999999999999", HUGE_VAL},
                 {"Inf", HUGE_VAL},
                 {"-iNFINITY", -HUGE_VAL},
                 {"9007199254740993", 9007199254740992.0},
                 {"9007199254740993.0000000000000000000000000001", 9007199254740994.0},
                 {"1.7976931348623158e308", DBL_MAX},
                 {"1.7976931348623159e308", HUGE_VAL},
                 {"4.9406564584124654e-324", 0x1p-1074},
                 {"2.4703282292062327e-324", 0},
                 {"2.4703282292062328e-324", 0x1p-1074}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        double value = 77;
        g_assert_true(parse(cases[i].text, &value));
        if (bits(value) != bits(cases[i].value))
            g_test_message("%s", cases[i].text);
        g_assert_cmphex(bits(value), ==, bits(cases[i].value));
    }
    double value = 0;
    g_assert_true(parse("NaN", &value));
    g_assert_true(isnan(value));
    /* 19 digits and more: those beyond decide only here, at 2^63 + 2^10, the middle of two doubles. */
    g_assert_true(parse("9223372036854776832", &value));
    g_assert_cmpfloat(value, ==, 9223372036854775808.0);
    g_assert_true(parse("0009223372036854776832.000", &value));
    g_assert_cmpfloat(value, ==, 9223372036854775808.0);
    g_assert_true(parse("92233720368547768320.1e-1", &value));
    g_assert_cmpfloat(value, ==, 9223372036854777856.0);
    g_assert_true(parse("0.00000000000000000000000000000000000000012", &value));
    g_assert_cmpfloat(value, ==, 1.2e-40);
    g_assert_true(parse("00000000000000000000000000000000.0", &value));
    g_assert_cmphex(bits(value), ==, 0);
    g_assert_true(parse("-nan", &value));
    g_assert_true(isnan(value));
}

static void test_parse_refuses(void)
{
    static const char *const cases[] = {
        "",         "+",    "-",     ".",         "-.",   "e5",    "1e",       "1e+",
        "1d",       "0x10", "1.2.3", "1,5",       " 1",   "1 ",    "1e5.0",    "--1",
        "+-1",      "nanx", "in",    "infi",      "1f",   "1_000", "1e5e",     "NaN(1)",
        "\t1",      "1\n",  "e",     "1e-",       ".nan", "0inf",  "1234567:", "12345678/",
        "1234567a", "..",   "1-",    "infinityy", "0b1",  "1e 5",  "d5",       "\xd9\xa1"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        double value = 77;
        if (parse(cases[i], &value)) {
            g_test_message("\"%s\" was read as %g", cases[i], value);
            g_test_fail();
        }
        g_assert_cmpfloat(value, ==, 77);
    }
    static const char nul[] = "1\0";
    /* A NUL inside the span is no digit. */
    double value = 77;
    g_assert_false(alloy_parse_double(nul, nul + 2, &value));
    /* The span ends before the text does. */
    const char *text = "12.5e3";
    g_assert_true(alloy_parse_double(text, text + 4, &value));
    g_assert_cmpfloat(value, ==, 12.5);
    g_assert_true(alloy_parse_double(text, text + 2, &value));
    g_assert_cmpfloat(value, ==, 12);
}

/* glibc's strtod is correctly rounded (all modes, since 2.17). */
static void test_parse_random(void)
{
    uint64_t state = 3;
    for (int i = 0; i < 300000; i++) {
        char text[80];
        int digits = 1 + (int)(draw(&state) % 25), n = 0,
            point = (int)(draw(&state) % (uint64_t)(digits + 1));
        for (int k = 0; k < digits; k++) {
            if (k == point)
                text[n++] = '.';
            text[n++] = (char)('0' + draw(&state) % 10);
        }
        int range = i % 3 == 0 ? 700 : 44;
        snprintf(text + n, sizeof text - (size_t)n, "e%d", (int)(draw(&state) % (uint64_t)range) - range / 2);
        check_parse(text);
        text[n] = '\0';
        check_parse(text);
    }
}

/* The numbers halfway between two doubles, exactly, and a digit more or less at the end. */
static void test_parse_halfway(void)
{
    uint64_t state = 4;
    for (int i = 0; i < 2000; i++) {
        /* m + 1/2 with m of 53 bits, times 2^e: printf writes it exactly as a long double of 64 bits. */
        uint64_t m = (draw(&state) >> 12) | (uint64_t)1 << 52;
        int e = (int)(draw(&state) % 400) - 200;
        long double half = ldexpl((long double)(2 * m + 1), e - 1);
        g_autofree char *text = g_strdup_printf("%.400Le", half);
        char *exponent = strchr(text, 'e');
        check_parse(text);
        g_autofree char *above =
            g_strdup_printf("%.*s0000000000001%s", (int)(exponent - text), text, exponent);
        check_parse(above);
        double value = 0;
        g_assert_true(parse(text, &value));
        g_assert_cmphex(bits(value), ==, bits(ldexp((double)(m + (m & 1)), e)));
        g_assert_true(parse(above, &value));
        g_assert_cmphex(bits(value), ==, bits(ldexp((double)(m + 1), e)));
    }
}

static void test_parse_long(void)
{
    /* A million digits, before the point, behind it, and zeros that an exponent takes back. */
    size_t n = 1000000;
    g_autoptr(GString) text = g_string_new("0.");
    for (size_t i = 0; i < n; i++)
        g_string_append_c(text, '3');
    double value = 0;
    g_assert_true(parse(text->str, &value));
    g_assert_cmpfloat(value, ==, 1.0 / 3.0);

    g_string_assign(text, "0.");
    for (size_t i = 0; i < n; i++)
        g_string_append_c(text, '0');
    g_string_append(text, "125e1000000");
    g_assert_true(parse(text->str, &value));
    g_assert_cmpfloat(value, ==, 0.125);

    g_string_assign(text, "7");
    for (size_t i = 0; i < n; i++)
        g_string_append_c(text, '0');
    g_string_append(text, ".0e-1000000");
    g_assert_true(parse(text->str, &value));
    g_assert_cmpfloat(value, ==, 7);

    /* 2^53 + 1 lies halfway; only the very last digit lifts it. */
    g_string_assign(text, "9007199254740993.");
    for (size_t i = 0; i < n; i++)
        g_string_append_c(text, '0');
    g_assert_true(parse(text->str, &value));
    g_assert_cmpfloat(value, ==, 9007199254740992.0);
    g_string_append_c(text, '1');
    g_assert_true(parse(text->str, &value));
    g_assert_cmpfloat(value, ==, 9007199254740994.0);
}

static void test_int64(void)
{
    static const int64_t values[] = {0, 1, -1, 9, 10, 99, 100, -12345678901, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        char out[ALLOY_DOUBLE_TEXT], expected[32];
        size_t length = alloy_format_int64(values[i], out);
        snprintf(expected, sizeof expected, "%" G_GINT64_FORMAT, (gint64)values[i]);
        g_assert_cmpstr(out, ==, expected);
        int64_t back = 0;
        g_assert_true(alloy_parse_int64(out, out + length, &back));
        g_assert_cmpint(back, ==, values[i]);
    }
    static const char *const wrong[] = {"",
                                        "-",
                                        "+",
                                        "1.0",
                                        "1e3",
                                        "0x1",
                                        " 1",
                                        "1 ",
                                        "9223372036854775808",
                                        "a",
                                        "--1",
                                        "-9223372036854775809",
                                        "99999999999999999999999999"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        int64_t value = 5;
        g_assert_false(alloy_parse_int64(wrong[i], wrong[i] + strlen(wrong[i]), &value));
        g_assert_cmpint(value, ==, 5);
    }
    int64_t value = 0;
    const char *text = "+007";
    g_assert_true(alloy_parse_int64(text, text + 4, &value));
    g_assert_cmpint(value, ==, 7);
}

/* In a locale with a decimal comma nothing changes. */
static void test_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8", "nl_NL.UTF-8",
                                        "es_ES.UTF-8", "it_IT.UTF-8", "pl_PL.UTF-8", "ru_RU.UTF-8",
                                        "de_DE",       "fr_FR"};
    gboolean found = FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && !found; i++)
        found = setlocale(LC_ALL, names[i]) != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
    if (!found) {
        setlocale(LC_ALL, "C");
        g_test_skip("no locale with a decimal comma is installed");
        return;
    }
    char out[ALLOY_DOUBLE_TEXT];
    alloy_format_double(0.1, out);
    g_assert_cmpstr(out, ==, "0.10000000000000001");
    alloy_format_double(0x1p-60, out);
    g_assert_cmpstr(out, ==, "8.6736173798840355e-19");
    double value = 0;
    g_assert_true(parse("1.5", &value));
    g_assert_cmpfloat(value, ==, 1.5);
    g_assert_true(parse("9007199254740993.00000000000000000001e-3", &value));
    g_assert_cmpfloat(value, ==, 9007199254740.993);
    g_assert_false(parse("1,5", &value));
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/number/format/special", test_format_special);
    g_test_add_func("/number/format/random-bits", test_format_random_bits);
    g_test_add_func("/number/format/decimals", test_format_decimals);
    g_test_add_func("/number/parse/accepts", test_parse_accepts);
    g_test_add_func("/number/parse/refuses", test_parse_refuses);
    g_test_add_func("/number/parse/random", test_parse_random);
    g_test_add_func("/number/parse/halfway", test_parse_halfway);
    g_test_add_func("/number/parse/long", test_parse_long);
    g_test_add_func("/number/int64", test_int64);
    g_test_add_func("/number/comma-locale", test_comma_locale);
    return g_test_run();
}
