/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/json-text.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* RFC 8259, section 7: quotation mark, backslash and the control characters U+0000 to U+001F are escaped. */
static void test_strings(void)
{
    g_autoptr(GString) out = g_string_new("x: ");
    alloy_json_append_string(out, "a\"b\\c\n\t\x01\x7f\xc3\xa5");
    g_assert_cmpstr(out->str, ==, "x: \"a\\\"b\\\\c\\n\\u0009\\u0001\\u007f\xc3\xa5\"");
    g_string_truncate(out, 0);
    alloy_json_append_string(out, "");
    g_assert_cmpstr(out->str, ==, "\"\"");
}

/* Every byte that can stand in text, read back by another program's reader. */
static void test_read_back(void)
{
    char text[128];
    for (int i = 1; i < 128; i++)
        text[i - 1] = (char)i;
    text[127] = '\0';
    g_autoptr(GString) out = g_string_new("[");
    alloy_json_append_string(out, text);
    g_string_append_c(out, ']');
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_data(parser, out->str, (gssize)out->len, &error);
    g_assert_no_error(error);
    JsonArray *array = json_node_get_array(json_parser_get_root(parser));
    g_assert_cmpstr(json_array_get_string_element(array, 0), ==, text);
}

static void test_reals(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    alloy_json_append_real(out, 0.1);
    g_string_append_c(out, ' ');
    alloy_json_append_real(out, NAN);
    g_string_append_c(out, ' ');
    alloy_json_append_real(out, -INFINITY);
    g_assert_cmpstr(out->str, ==, "0.10000000000000001 null null");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-text/strings", test_strings);
    g_test_add_func("/json-text/read-back", test_read_back);
    g_test_add_func("/json-text/reals", test_reals);
    return g_test_run();
}
