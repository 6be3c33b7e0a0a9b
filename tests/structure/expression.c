/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/expression.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* Ten items whose values stand here: every expected answer below is read off this table.
 *            item      0     1     2     3     4     5     6     7     8     9 */
static const char *const species[] = {"Pd", "Ir", "Pd", "Ir", "Pd", "Ir", "Pd", "Ir", "Pd", "In"};
static const char *const phase[] = {"Pd", "fcc", "fcc", "Ir", "hcp", "hcp", "fcc", "fcc", "L1_2", "Type 1"};
static const double cn[] = {12, 12, 9, 8, 12, 7, 5, 12, 9, 12};
static const double csrop[] = {0.5, -1.5, NAN, 0, -2, 1, NAN, -0.5, 0.25, 2};
static const gboolean kept[] = {1, 0, 1, 1, 0, 0, 1, 0, 1, 1};
#define N 10

typedef struct {
    GPtrArray *columns;
    unsigned asked; /* for values */
} Table;

static int table_type(const char *name, void *data)
{
    Table *table = data;
    const AlloyColumn *column = alloy_columns_get(table->columns, name);
    return column == NULL ? -1 : (int)column->type;
}

static const AlloyColumn *table_values(const char *name, void *data, GError **error)
{
    Table *table = data;
    table->asked++;
    if (strcmp(name, "broken") == 0) {
        alloy_input_error(error, "it cannot be computed");
        return NULL;
    }
    return alloy_ref(alloy_columns_get(table->columns, name));
}

static char *table_label(const char *name, const char *label, void *data, GError **error)
{
    if (strcmp(name, "species") == 0 && strcmp(label, "Irr") == 0) {
        alloy_input_error(error, "no species '%s'", label);
        return NULL;
    }
    return g_strdup(strcmp(label, "palladium") == 0 ? "Pd" : label);
}

static char **table_list(void *data)
{
    Table *table = data;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (guint k = 0; k < table->columns->len; k++)
        g_strv_builder_add(builder, ((const AlloyColumn *)table->columns->pdata[k])->name);
    return g_strv_builder_end(builder);
}

static void add_text(AlloyColumns *columns, const char *name, const char *const *values)
{
    AlloyLabels *labels = alloy_labels_new();
    uint32_t *codes = alloy_array_new(uint32_t, N);
    for (size_t i = 0; i < N; i++)
        codes[i] = alloy_labels_add(labels, values[i], strlen(values[i]));
    alloy_columns_set(columns, alloy_labels_finish(labels, name, codes, N));
}

static void add_real(AlloyColumns *columns, const char *name, const double *values)
{
    double *copy = alloy_array_new(double, N);
    memcpy(copy, values, N * sizeof *copy);
    alloy_columns_set(columns, alloy_column_new_real(name, ALLOY_UNIT_NONE, copy, N));
}

static AlloyNames table_new(Table *table)
{
    table->columns = alloy_columns_new();
    table->asked = 0;
    add_text(table->columns, "species", species);
    add_text(table->columns, "phase", phase);
    int64_t *integers = alloy_array_new(int64_t, N);
    uint8_t *booleans = alloy_array_new(uint8_t, N);
    double mine[N];
    for (size_t i = 0; i < N; i++) {
        integers[i] = (int64_t)cn[i];
        booleans[i] = (uint8_t)kept[i];
        mine[i] = (double)i;
    }
    alloy_columns_set(table->columns, alloy_column_new_integer("cn", ALLOY_UNIT_NONE, integers, N));
    alloy_columns_set(table->columns, alloy_column_new_boolean("kept", booleans, N));
    add_real(table->columns, "csrop.Pd", csrop);
    add_real(table->columns, "my column", mine);
    add_real(table->columns, "Ir", mine); /* a number that is called like a label */
    add_real(table->columns, "broken", mine);
    return (AlloyNames){N, table_type, table_values, table_label, table_list, table};
}

/* The mask as text, "1" for each item that is selected. */
static char *select_text(const AlloyNames *names, const char *text, GError **error)
{
    g_autoptr(AlloyExpression) expression = alloy_expression_new(text, error);
    if (expression == NULL)
        return NULL;
    g_assert_cmpstr(alloy_expression_text(expression), ==, text);
    g_autofree uint8_t *mask = alloy_expression_condition(expression, names, NULL, error);
    if (mask == NULL)
        return NULL;
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < names->n; i++) {
        g_assert_cmpuint(mask[i], <=, 1);
        g_string_append_c(out, mask[i] ? '1' : '0');
    }
    return g_string_free(out, FALSE);
}

static void test_conditions(void)
{
    static const struct {
        const char *text, *mask;
    } cases[] = {
        {"species == Pd", "1010101010"},
        {"species = Pd", "1010101010"},
        {"Pd == species", "1010101010"},
        {"(species) == ('Pd')", "1010101010"},
        {"species == palladium", "1010101010"},
        {"species != \"Pd\"", "0101010101"},
        {"species == Ir && cn < 12", "0001010000"},
        {"species == Ir and not cn < 12", "0100000100"},
        {"species == Ir & ! (cn < 12)", "0100000100"},
        {"species in {Pd, In}", "1010101011"},
        {"species in (Pd, 'In')", "1010101011"},
        {"species not in {Pd, In}", "0101010100"},
        {"phase == \"Type 1\"", "0000000001"},
        {"phase == L1_2", "0000000010"},
        {"phase == species", "1001000000"},
        {"species == phase", "1001000000"},
        {"species != phase", "0110111111"},
        {"phase == nowhere", "0000000000"},
        {"phase in {species, hcp}", "1001110000"},
        {"cn in {5, 7, 2^3}", "0001011000"},
        {"cn in {-1 + 6}", "0000001000"},
        {"8 <= cn < 12", "0011000010"},
        {"12 > cn >= 8", "0011000010"},
        {"1 < 2 < cn < 9 < 10", "0001011000"},
        {"1 < 2 < cn < 9 < 3", "0000000000"},
        {"kept", "1011001011"},
        {"!kept", "0100110100"},
        {"not not kept", "1011001011"},
        {"kept == (cn == 12)", "1000010001"},
        {"kept == !true", "0100110100"},
        {"kept + (cn == 12) == 2", "1000000001"},
        {"csrop.Pd < 0", "0100100100"},
        {"csrop.Pd >= 0", "1001010011"},
        {"csrop.Pd == csrop.Pd", "1101110111"}, /* missing values compare false */
        {"csrop.Pd != 0", "1100110111"},
        {"!(csrop.Pd == 0)", "1110111111"},
        {"isnan(csrop.Pd)", "0010001000"},
        {"min(cn, 10) == 10 && max(csrop.Pd, -1, 0) == 0", "0100100100"},
        {"`my column` % 3 == 1", "0100100100"},
        {"-`my column` % 3 == 1", "0010010010"}, /* the sign of the divisor: -2 = -1 * 3 + 1 */
        {"`my column` % -3 == -1", "0010010010"},
        {"`Ir` > 7", "0000000011"},
        {"Ir > 7", "0000000011"},
        {"true", "1111111111"},
        {"false || kept", "1011001011"},
        {"true && false || kept", "1011001011"},
        {"kept || true && false", "1011001011"},
        {"\n\tcn\t==12 ", "1100100101"},
    };
    Table table;
    AlloyNames names = table_new(&table);
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *mask = select_text(&names, cases[c].text, &error);
        g_assert_no_error(error);
        if (g_strcmp0(mask, cases[c].mask) != 0) {
            g_test_message("%s: %s, expected %s", cases[c].text, mask, cases[c].mask);
            g_test_fail();
        }
    }
    g_ptr_array_unref(table.columns);
}

static void test_arithmetic(void)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"7 - 4 - 2", 1},
        {"24 / 4 / 3", 2},
        {"2 ^ 3 ^ 2", 512},
        {"2 ** 3", 8},
        {"-2 ^ 2", -4},
        {"2 ^ -1 * 3", 1.5},
        {"- - 3", 3},
        {"+3 - -2", 5},
        {"7 % 4", 3},
        {"-7 % 4", 1},
        {"7 % -4", -1},
        {"-8 % 4", 0},
        {"abs(-3.5)", 3.5},
        {"sqrt(16)", 4},
        {"floor(-1.5)", -2},
        {"ceil(-1.5)", -1},
        {"round(2.5)", 3},
        {"exp(0) + log(1) + log10(1000)", 4},
        {"cos(pi) + sin(0)", -1},
        {"min(3, 1, 2) + 10 * max(3, 1, 2)", 31},
        {"1e3 + .5 + 1.5E-1", 1000.65},
        {"true + true", 2},
        {"3 < 4", 1},
        {"cn", 12},
    };
    Table table;
    AlloyNames names = table_new(&table);
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(AlloyExpression) expression = alloy_expression_new(cases[c].text, &error);
        g_assert_no_error(error);
        g_autofree double *values = alloy_expression_numbers(expression, &names, NULL, &error);
        g_assert_no_error(error);
        /* a few roundings of numbers below 1001 */
        test_assert_near(values[0], cases[c].value, 1e-12);
    }
    /* A missing value stays missing in min and max. */
    g_autoptr(AlloyExpression) missing = alloy_expression_new("min(csrop.Pd, 0) + max(0, csrop.Pd)", NULL);
    g_autofree double *values = alloy_expression_numbers(missing, &names, NULL, NULL);
    for (size_t i = 0; i < N; i++)
        g_assert_cmpint(isnan(values[i]) != 0, ==, isnan(csrop[i]) != 0);
    g_ptr_array_unref(table.columns);
}

/* Every mistake is named with its place: the marked part, and words of the message. */
static void test_messages(void)
{
    static const struct {
        const char *text, *character, *marked, *words;
    } cases[] = {
        {"", "character 1:", "[]", "missing at the end"},
        {"cm < 12", "character 1:", "[cm] < 12",
         "unknown quantity `cm`; did you mean `cn`? There are: species, phase, cn,"},
        {"cn < 12 && csrop.PD < -1", "character 12:", "&& [csrop.PD] <", "did you mean `csrop.Pd`?"},
        {"wavelength > 2", "character 1:", "[wavelength]", "unknown quantity `wavelength`; there are:"},
        {"cn <", "character 5:", "cn <[]", "missing at the end"},
        {"cn < < 3", "character 6:", "cn < [<] 3", "found `<` where"},
        {"cn < 12 cn", "character 9:", "[cn]", "operator or the end"},
        {"(cn < 12", "character 9:", "12[]", "')' is missing"},
        {"cn < 12)", "character 8:", "12[)]", "found `)`"},
        {"cn < 1.2.3", "character 6:", "[1.2.3]", "`1.2.3` is not a number"},
        {"cn < 12abc", "character 6:", "[12abc]", "not a number"},
        {"cn", "character 1:", "[cn]", "a number is no condition"},
        {"cn + 1", "character 1:", "[cn + 1]", "a number is no condition"},
        {"kept && cn", "character 9:", "&& [cn]", "a number is no condition"},
        {"!cn", "character 2:", "![cn]", "a number is no condition"},
        {"species", "character 1:", "[species]", "a text is no condition"},
        {"species < 3", "character 1:", "[species]", "`species` is text"},
        {"species + 1 == 2", "character 1:", "[species]", "`species` is text"},
        {"species == 1 + 1", "character 12:", "[1 + 1]", "with a label"},
        {"species == Irr", "character 12:", "[Irr]", "no species 'Irr'"},
        {"species == `Ir`", "character 12:", "[`Ir`]", "`Ir` is a number"},
        {"species == `Os`", "character 12:", "[`Os`]", "unknown quantity `Os`"},
        {"foo == bar", "character 1:", "[foo]", "unknown quantity `foo`"},
        {"cn == bar", "character 7:", "[bar]", "unknown quantity `bar`"},
        {"bar in {species}", "character 1:", "[bar]", "unknown quantity `bar`"},
        {"cn in {species}", "character 8:", "[species]", "`species` is text"},
        {"cn in 5", "character 7:", "in [5]", "members of the set"},
        {"cn in {}", "character 8:", "{[}]", "found `}`"},
        {"cn in {5, 6", "character 12:", "6[]", "',' or '}' is missing"},
        {"cn in {5, 6)", "character 12:", "6[)]", "found `)`"},
        {"cn not 5", "character 8:", "not [5]", "'in' after 'not'"},
        {"squirt(4) > 1", "character 1:", "[squirt]", "did you mean `sqrt`?"},
        {"sqrt(4, 5) > 1", "character 1:", "[sqrt(4, 5)]", "takes one value, here are 2"},
        {"min(4) > 1", "character 1:", "[min(4)]", "takes two values or more, here are 1"},
        {"min() > 1", "character 1:", "[min()]", "here are 0"},
        {"cn == 12 @ 3", "character 10:", "[@]", "`@` means nothing"},
        {"species == 'Pd", "character 12:", "['Pd]", "never closed"},
        {"\xCE\xB1\xCE\xB2 == 'Pd' @", "character 12:", "[@]", "means nothing"}, /* characters, not bytes */
        {"broken > 1", "it cannot be computed", "", ""},
    };
    Table table;
    AlloyNames names = table_new(&table);
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *mask = select_text(&names, cases[c].text, &error);
        g_assert_null(mask);
        g_assert_nonnull(error);
        g_test_message("%s", error->message);
        g_assert_null(strchr(error->message, '\n'));
        if (strstr(error->message, cases[c].character) == NULL ||
            strstr(error->message, cases[c].marked) == NULL ||
            strstr(error->message, cases[c].words) == NULL) {
            g_test_message("expected %s, %s, %s", cases[c].character, cases[c].marked, cases[c].words);
            g_test_fail();
        }
    }
    /* Nothing is computed for an expression with a mistake, and each quantity once for a good one. */
    table.asked = 0;
    g_autofree char *bad = select_text(&names, "cn < 1 && cn > `my column` && cm < 3", NULL);
    g_assert_null(bad);
    g_assert_cmpuint(table.asked, ==, 0);
    g_autofree char *good = select_text(&names, "cn < 1 && cn > `my column` && cn < 3", NULL);
    g_assert_nonnull(good);
    g_assert_cmpuint(table.asked, ==, 2);
    g_ptr_array_unref(table.columns);
}

static void test_hostile(void)
{
    Table table;
    AlloyNames names = table_new(&table);
    /* Nesting is limited, whatever nests; length alone is not nesting. */
    static const struct {
        const char *open, *middle, *close, *end;
        int levels; /* each takes */
    } nests[] = {{"(", "kept", ")", "", 1},        {"!", "kept", "", "", 1},
                 {"-", "cn", "", " == 1", 1},      {"abs(", "cn", ")", " == 1", 1},
                 {"2^", "cn", "", " == 1", 1},     {"min(1,", "cn", ")", " == 1", 1},
                 {"(1 + ", "cn", ")", " == 1", 2}, {"(kept in {", "kept", "})", "", 2}};
    for (size_t c = 0; c < G_N_ELEMENTS(nests); c++)
        for (int deep = 75; deep <= 2400; deep *= 2) {
            g_autoptr(GString) text = g_string_new(NULL);
            for (int k = 0; k < deep; k++)
                g_string_append(text, nests[c].open);
            g_string_append(text, nests[c].middle);
            for (int k = 0; k < deep; k++)
                g_string_append(text, nests[c].close);
            g_string_append(text, nests[c].end);
            g_autoptr(GError) error = NULL;
            g_autofree char *mask = select_text(&names, text->str, &error);
            if (deep * nests[c].levels < ALLOY_EXPRESSION_DEPTH) {
                g_assert_no_error(error);
                g_assert_nonnull(mask);
            } else {
                g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
                g_assert_nonnull(strstr(error->message, "nested more than"));
                g_assert_cmpuint(strlen(error->message), <, 400);
            }
        }
    static const char *const chains[] = {" && kept", " || kept", " == true", " == 1 + 1", " in {1, true}"};
    for (size_t c = 0; c < G_N_ELEMENTS(chains); c++) {
        g_autoptr(GString) text = g_string_new("kept");
        while (text->len < ALLOY_EXPRESSION_LENGTH - 16)
            g_string_append(text, chains[c]);
        g_autoptr(GError) error = NULL;
        g_autofree char *mask = select_text(&names, text->str, &error);
        g_assert_no_error(error);
        g_assert_nonnull(mask);
    }
    g_autofree char *longest = g_strnfill(ALLOY_EXPRESSION_LENGTH + 1, ' ');
    g_autoptr(GError) error = NULL;
    g_assert_null(select_text(&names, longest, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_clear_error(&error);
    g_assert_null(select_text(&names, "cn == \xFF", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_ptr_array_unref(table.columns);
}

/* --- random expressions against an evaluation item by item that shares nothing with the machine --- */

typedef struct {
    AlloyRandom random;
    GString *text;
} Writer;

/* Appends a random expression and gives its value for every item. Brackets are always written. */
static void random_number(Writer *writer, unsigned depth, double out[N]);

static void random_condition(Writer *writer, unsigned depth, double out[N])
{
    double a[N], b[N];
    GString *text = writer->text;
    switch (depth == 0 ? 5 + alloy_random_below(&writer->random, 3)
                       : alloy_random_below(&writer->random, 8)) {
    case 0:
    case 1: {
        gboolean both = alloy_random_below(&writer->random, 2);
        g_string_append_c(text, '(');
        random_condition(writer, depth - 1, a);
        g_string_append(text, both ? ")&&(" : ") or (");
        random_condition(writer, depth - 1, b);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++)
            out[i] = both ? (a[i] == 1 ? b[i] : 0) : (a[i] == 1 ? 1 : b[i]);
        break;
    }
    case 2:
        g_string_append(text, "!(");
        random_condition(writer, depth - 1, a);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++)
            out[i] = 1 - a[i];
        break;
    case 3:
    case 4: {
        static const char *const signs[] = {"==", "!=", "<", "<=", ">", ">="};
        uint32_t sign = alloy_random_below(&writer->random, 6);
        g_string_append_c(text, '(');
        random_number(writer, depth - 1, a);
        g_string_append_printf(text, ")%s(", signs[sign]);
        random_number(writer, depth - 1, b);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++) {
            int order = isnan(a[i]) || isnan(b[i]) ? 9 : (a[i] > b[i]) - (a[i] < b[i]);
            static const gboolean holds[6][3] = {/* less, equal, more */ {0, 1, 0},
                                                 {1, 0, 1},
                                                 {1, 0, 0},
                                                 {1, 1, 0},
                                                 {0, 0, 1},
                                                 {0, 1, 1}};
            out[i] = order == 9 ? 0 : holds[sign][order + 1];
        }
        break;
    }
    case 5:
        g_string_append(text, "kept");
        for (size_t i = 0; i < N; i++)
            out[i] = kept[i];
        break;
    case 6: {
        const char *label = species[alloy_random_below(&writer->random, N)];
        g_string_append_printf(text, "species == '%s'", label);
        for (size_t i = 0; i < N; i++)
            out[i] = strcmp(species[i], label) == 0;
        break;
    }
    default: {
        uint32_t low = alloy_random_below(&writer->random, 12),
                 high = alloy_random_below(&writer->random, 14);
        g_string_append_printf(text, "%u < cn <= %u", low, high);
        for (size_t i = 0; i < N; i++)
            out[i] = cn[i] > low && cn[i] <= high;
        break;
    }
    }
}

static void random_number(Writer *writer, unsigned depth, double out[N])
{
    double a[N], b[N];
    GString *text = writer->text;
    switch (depth == 0 ? alloy_random_below(&writer->random, 3) : alloy_random_below(&writer->random, 7)) {
    case 0:
        g_string_append(text, "cn");
        memcpy(out, cn, sizeof cn);
        break;
    case 1:
        g_string_append(text, "csrop.Pd");
        memcpy(out, csrop, sizeof csrop);
        break;
    case 2: {
        uint32_t number = alloy_random_below(&writer->random, 10);
        g_string_append_printf(text, "%u", number);
        for (size_t i = 0; i < N; i++)
            out[i] = number;
        break;
    }
    case 3:
        g_string_append(text, "-(");
        random_number(writer, depth - 1, a);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++)
            out[i] = -a[i];
        break;
    case 4:
        g_string_append(text, "abs(");
        random_number(writer, depth - 1, a);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++)
            out[i] = a[i] < 0 ? -a[i] : a[i];
        break;
    default: {
        static const char signs[] = "+-*/";
        uint32_t sign = alloy_random_below(&writer->random, 4);
        g_string_append_c(text, '(');
        random_number(writer, depth - 1, a);
        g_string_append_printf(text, ")%c(", signs[sign]);
        random_number(writer, depth - 1, b);
        g_string_append_c(text, ')');
        for (size_t i = 0; i < N; i++)
            out[i] = sign == 0   ? a[i] + b[i]
                     : sign == 1 ? a[i] - b[i]
                     : sign == 2 ? a[i] * b[i]
                                 : a[i] / b[i];
        break;
    }
    }
}

static void test_random(void)
{
    Table table;
    AlloyNames names = table_new(&table);
    for (uint64_t trial = 0; trial < 2000; trial++) {
        Writer writer = {.text = g_string_new(NULL)};
        alloy_random_init(&writer.random, 1, trial);
        double expected[N];
        random_condition(&writer, 5, expected);
        g_autoptr(GError) error = NULL;
        g_autofree char *mask = select_text(&names, writer.text->str, &error);
        g_assert_no_error(error);
        for (size_t i = 0; i < N; i++)
            if ((mask[i] == '1') != (expected[i] == 1)) {
                g_test_message("%s: item %zu is %c", writer.text->str, i, mask[i]);
                g_test_fail();
            }
        g_string_free(writer.text, TRUE);
    }
    g_ptr_array_unref(table.columns);
}

/* !(a && b) == !a || !b, and the same with the two exchanged. */
static void test_de_morgan(void)
{
    Table table;
    AlloyNames names = table_new(&table);
    for (uint64_t trial = 0; trial < 200; trial++) {
        Writer writer = {.text = g_string_new(NULL)};
        double ignored[N];
        alloy_random_init(&writer.random, 2, trial);
        random_condition(&writer, 3, ignored);
        g_autofree char *a = g_string_free(g_steal_pointer(&writer.text), FALSE);
        writer.text = g_string_new(NULL);
        random_condition(&writer, 3, ignored);
        g_autofree char *b = g_string_free(g_steal_pointer(&writer.text), FALSE);
        for (int both = 0; both < 2; both++) {
            g_autofree char *left = g_strdup_printf("!((%s) %s (%s))", a, both ? "&&" : "||", b);
            g_autofree char *right = g_strdup_printf("!(%s) %s !(%s)", a, both ? "||" : "&&", b);
            g_autofree char *left_mask = select_text(&names, left, NULL);
            g_autofree char *right_mask = select_text(&names, right, NULL);
            g_assert_nonnull(left_mask);
            g_assert_cmpstr(left_mask, ==, right_mask);
        }
    }
    g_ptr_array_unref(table.columns);
}

/* --- many items --- */

typedef struct {
    const AlloyColumn *u;
} Many;

static int many_type(const char *name, void *data)
{
    return strcmp(name, "u") == 0 ? ALLOY_REAL : -1;
}

static const AlloyColumn *many_values(const char *name, void *data, GError **error)
{
    return alloy_ref(((Many *)data)->u);
}

static char **many_list(void *data)
{
    return g_strsplit("u", ",", -1);
}

static void test_threads(void)
{
    /* No multiple of a block, several pieces of work. */
    size_t n = 100003;
    double *values = alloy_array_new(double, n);
    AlloyRandom random;
    alloy_random_init(&random, 3, 0);
    for (size_t i = 0; i < n; i++)
        values[i] = alloy_random_uniform(&random);
    Many many = {alloy_column_new_real("u", ALLOY_UNIT_NONE, values, n)};
    AlloyNames names = {n, many_type, many_values, NULL, many_list, &many};
    g_autoptr(AlloyExpression) condition = alloy_expression_new("sin(100 * u)^2 < 0.3 && u in {u, 2}", NULL);
    g_autoptr(AlloyExpression) number = alloy_expression_new("exp(u) - sqrt(u) * cos(u) + log(u)", NULL);
    g_autofree uint8_t *first_mask = NULL;
    g_autofree double *first_numbers = NULL;
    static const unsigned threads[] = {1, 2, 8};
    for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
        alloy_parallel_set_threads(threads[t]);
        uint8_t *mask = alloy_expression_condition(condition, &names, NULL, NULL);
        double *numbers = alloy_expression_numbers(number, &names, NULL, NULL);
        if (t == 0) {
            for (size_t i = 0; i < n; i++) {
                g_assert_cmpint(mask[i], ==, sin(100 * values[i]) * sin(100 * values[i]) < 0.3);
                test_assert_near(numbers[i],
                                 exp(values[i]) - sqrt(values[i]) * cos(values[i]) + log(values[i]), 0);
            }
            first_mask = mask;
            first_numbers = numbers;
        } else {
            g_assert_cmpmem(mask, n, first_mask, n);
            g_assert_cmpmem(numbers, n * sizeof *numbers, first_numbers, n * sizeof *numbers);
            g_free(mask);
            g_free(numbers);
        }
    }
    alloy_parallel_set_threads(0);

    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_expression_condition(condition, &names, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
    names.n = 0;
    alloy_data_unref(many.u);
    many.u = alloy_column_new_real("u", ALLOY_UNIT_NONE, alloy_array_new(double, 0), 0);
    g_autofree uint8_t *none = alloy_expression_condition(condition, &names, NULL, NULL);
    g_assert_nonnull(none);
    alloy_data_unref(many.u);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/conditions", test_conditions);
    g_test_add_func("/expression/arithmetic", test_arithmetic);
    g_test_add_func("/expression/messages", test_messages);
    g_test_add_func("/expression/hostile", test_hostile);
    g_test_add_func("/expression/random", test_random);
    g_test_add_func("/expression/de-morgan", test_de_morgan);
    g_test_add_func("/expression/threads", test_threads);
    return g_test_run();
}
