/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/xyz-header.h"

#include "core/base/number.h"
#include "core/formats/rows.h"

#include <math.h>

/* No honest comment line is longer; what it holds takes many times its length. */
#define MAX_LINE ((size_t)16 << 20)
#define MAX_PAIRS 10000u

typedef struct {
    char *text;
    gboolean quoted;
} Item;

typedef struct {
    char *key;
    char *text;       /* the value as text */
    GArray *items;    /* of Item: the value as array (one item: a scalar) */
    gboolean bracket; /* it stood in [] or {} */
} Pair;

typedef struct {
    const char *at, *end;
    const AlloyLines *where;
    gboolean converted; /* something was no UTF-8 */
    GPtrArray *pairs;
    GPtrArray *words; /* keys without value */
} Parser;

static void item_clear(gpointer data)
{
    g_free(((Item *)data)->text);
}

static void pair_free(gpointer data)
{
    Pair *pair = data;
    g_free(pair->key);
    g_free(pair->text);
    g_array_unref(pair->items);
    g_free(pair);
}

static void skip_blanks(Parser *parser)
{
    while (parser->at < parser->end && alloy_is_blank(*parser->at))
        parser->at++;
}

/* After the opening quote: the text up to the closing one, escapes undone. NULL with error. */
static char *parse_quoted(Parser *parser, GError **error)
{
    const char *begin = parser->at;
    char quote = *parser->at++;
    g_autoptr(GString) text = g_string_new(NULL);
    for (; parser->at < parser->end; parser->at++) {
        char c = *parser->at;
        if (c == quote) {
            parser->at++;
            g_autofree char *found = NULL;
            if (!g_utf8_validate_len(text->str, text->len, NULL)) {
                AlloySpan span = {text->str, text->str + text->len};
                found = alloy_span_dup(span, &parser->converted);
                return g_steal_pointer(&found);
            }
            return g_strdup(text->str);
        }
        if (c == '\\' && parser->at + 1 < parser->end) {
            parser->at++;
            c = *parser->at == 'n' ? '\n' : *parser->at;
        }
        if (c != '\0')
            g_string_append_c(text, c);
    }
    g_autofree char *found = alloy_span_quote((AlloySpan){begin, parser->end});
    alloy_lines_error(parser->where, error, "the closing quote %c is missing after %s", quote, found);
    return NULL;
}

static void add_item(GArray *items, char *text, gboolean quoted)
{
    Item item = {text, quoted};
    g_array_append_val(items, item);
}

static void add_words(Parser *parser, GArray *items, AlloySpan span)
{
    AlloySpan word;
    while (alloy_span_next(&span, &word))
        add_item(items, alloy_span_dup(word, &parser->converted), FALSE);
}

/* [1, 2, 3], [[1, 2], [3, 4]] (row after row) and {1 2 3}. */
static gboolean parse_array(Parser *parser, GArray *items, GError **error)
{
    const char *begin = parser->at;
    gboolean old = *parser->at == '{';
    int depth = 0;
    while (parser->at < parser->end) {
        char c = *parser->at;
        if (c == (old ? '{' : '[')) {
            depth++;
            parser->at++;
        } else if (c == (old ? '}' : ']')) {
            parser->at++;
            if (--depth == 0)
                return TRUE;
        } else if (c == ',' || alloy_is_blank(c)) {
            parser->at++;
        } else if (c == '"' || c == '\'') {
            char *text = parse_quoted(parser, error);
            if (text == NULL)
                return FALSE;
            add_item(items, text, TRUE);
        } else {
            AlloySpan word = {parser->at, parser->at};
            while (word.end < parser->end && !alloy_is_blank(*word.end) && strchr("[]{},", *word.end) == NULL)
                word.end++;
            /* The wrong kind of bracket would stop here for ever. */
            if (word.end == word.begin)
                word.end++;
            add_item(items, alloy_span_dup(word, &parser->converted), FALSE);
            parser->at = word.end;
        }
    }
    g_autofree char *found = alloy_span_quote((AlloySpan){begin, parser->end});
    return alloy_lines_error(parser->where, error, "the closing %s is missing after %s", old ? "}" : "]",
                             found);
}

static gboolean parse_value(Parser *parser, Pair *pair, GError **error)
{
    char c = parser->at < parser->end ? *parser->at : '\0';
    const char *begin = parser->at;
    if (c == '"' ||
        (c == '\'' && memchr(parser->at + 1, '\'', (size_t)(parser->end - parser->at) - 1) != NULL)) {
        pair->text = parse_quoted(parser, error);
        if (pair->text == NULL)
            return FALSE;
        /* Old arrays stand in quotes too. */
        add_words(parser, pair->items, (AlloySpan){pair->text, pair->text + strlen(pair->text)});
        return TRUE;
    }
    if (c == '[' || c == '{') {
        if (!parse_array(parser, pair->items, error))
            return FALSE;
        pair->text = alloy_span_dup((AlloySpan){begin, parser->at}, &parser->converted);
        pair->bracket = TRUE;
        return TRUE;
    }
    while (parser->at < parser->end && !alloy_is_blank(*parser->at))
        parser->at++;
    pair->text = alloy_span_dup((AlloySpan){begin, parser->at}, &parser->converted);
    add_item(pair->items, g_strdup(pair->text), FALSE);
    return TRUE;
}

static gboolean parse_pairs(Parser *parser, GError **error)
{
    for (skip_blanks(parser); parser->at < parser->end; skip_blanks(parser)) {
        g_autofree char *key = NULL;
        if (*parser->at == '"') {
            key = parse_quoted(parser, error);
            if (key == NULL)
                return FALSE;
        } else {
            AlloySpan word = {parser->at, parser->at};
            while (word.end < parser->end && !alloy_is_blank(*word.end) && *word.end != '=')
                word.end++;
            key = alloy_span_dup(word, &parser->converted);
            parser->at = word.end;
        }
        skip_blanks(parser);
        if (parser->at == parser->end || *parser->at != '=') {
            g_ptr_array_add(parser->words, g_steal_pointer(&key));
            continue;
        }
        parser->at++;
        skip_blanks(parser);
        if (key[0] == '\0')
            return alloy_lines_error(parser->where, error, "a name is expected before =");
        if (parser->pairs->len == MAX_PAIRS)
            return alloy_lines_error(parser->where, error, "more than %u entries in the comment line",
                                     MAX_PAIRS);
        Pair *pair = g_new0(Pair, 1);
        pair->key = g_steal_pointer(&key);
        pair->items = g_array_new(FALSE, FALSE, sizeof(Item));
        g_array_set_clear_func(pair->items, item_clear);
        g_ptr_array_add(parser->pairs, pair);
        if (!parse_value(parser, pair, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean item_integer(const Item *item, int64_t *value)
{
    return !item->quoted && alloy_parse_int64(item->text, item->text + strlen(item->text), value);
}

static gboolean item_real(const Item *item, double *value)
{
    return !item->quoted && alloy_parse_double(item->text, item->text + strlen(item->text), value);
}

static gboolean item_boolean(const Item *item, gboolean *value)
{
    static const char *const words[] = {"F", "false", "False", "FALSE", "T", "true", "True", "TRUE"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (!item->quoted && strcmp(item->text, words[i]) == 0) {
            *value = i >= 4;
            return TRUE;
        }
    return FALSE;
}

/* What a value is read as: all items integers, else all reals, else all logicals, else text. */
static AlloyType items_type(const Item *items, size_t n)
{
    gboolean integer = TRUE, real = TRUE, boolean = TRUE, b;
    int64_t k;
    double x;
    for (size_t i = 0; i < n; i++) {
        integer = integer && item_integer(&items[i], &k);
        real = real && item_real(&items[i], &x);
        boolean = boolean && item_boolean(&items[i], &b);
    }
    return n == 0    ? ALLOY_TEXT
           : integer ? ALLOY_INTEGER
           : real    ? ALLOY_REAL
           : boolean ? ALLOY_BOOLEAN
                     : ALLOY_TEXT;
}

/* A quoted value that is no array is one text. NULL for an empty array. */
static const AlloyColumn *pair_column(const Pair *pair, const char *unit)
{
    size_t n = pair->items->len;
    const Item *items = (const Item *)(const void *)pair->items->data;
    if (g_strcmp0(unit, "text") == 0)
        return alloy_scalar_text(pair->key, pair->text);
    if (n == 0)
        return pair->bracket ? NULL : alloy_scalar_text(pair->key, pair->text);
    AlloyType type = items_type(items, n);
    if (type == ALLOY_INTEGER) {
        int64_t *values = alloy_array_new(int64_t, n);
        for (size_t i = 0; i < n; i++)
            item_integer(&items[i], &values[i]);
        return alloy_column_new_integer(pair->key, unit, values, n);
    }
    if (type == ALLOY_REAL) {
        double *values = alloy_array_new(double, n);
        for (size_t i = 0; i < n; i++)
            item_real(&items[i], &values[i]);
        return alloy_column_new_real(pair->key, unit, values, n);
    }
    if (type == ALLOY_BOOLEAN) {
        uint8_t *values = alloy_array_new(uint8_t, n);
        for (size_t i = 0; i < n; i++) {
            gboolean b = FALSE;
            item_boolean(&items[i], &b);
            values[i] = (uint8_t)b;
        }
        return alloy_column_new_boolean(pair->key, values, n);
    }
    /* Words in "quotes" are one text, in brackets several. */
    if (!pair->bracket)
        return alloy_scalar_text(pair->key, pair->text);
    AlloyLabels *labels = alloy_labels_new();
    uint32_t *codes = alloy_array_new(uint32_t, n);
    for (size_t i = 0; i < n; i++)
        codes[i] = alloy_labels_add(labels, items[i].text, strlen(items[i].text));
    return alloy_labels_finish(labels, pair->key, codes, n);
}

static gboolean pair_reals(const Pair *pair, double *values, size_t n)
{
    if (pair->items->len != n)
        return FALSE;
    for (size_t i = 0; i < n; i++)
        if (!item_real(&g_array_index(pair->items, Item, i), &values[i]) || !isfinite(values[i]))
            return FALSE;
    return TRUE;
}

static gboolean pair_is(const Pair *pair, const char *key)
{
    return g_ascii_strcasecmp(pair->key, key) == 0;
}

static const Pair *find_pair(const Parser *parser, const char *key)
{
    const Pair *found = NULL; /* the last one counts */
    for (unsigned i = 0; i < parser->pairs->len; i++)
        if (pair_is(parser->pairs->pdata[i], key))
            found = parser->pairs->pdata[i];
    return found;
}

/* name:unit:name:unit */
static GHashTable *parse_units(const Pair *pair)
{
    GHashTable *units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (pair == NULL)
        return units;
    g_auto(GStrv) parts = g_strsplit(pair->text, ":", -1);
    for (size_t i = 0; parts[i] != NULL && parts[i + 1] != NULL; i += 2)
        g_hash_table_replace(units, g_strdup(parts[i]), g_strdup(parts[i + 1]));
    return units;
}

static void property_clear(gpointer data)
{
    g_free(((AlloyXyzProperty *)data)->name);
}

static GArray *parse_properties(const Pair *pair, const AlloyLines *where, GError **error)
{
    g_autoptr(GArray) properties = g_array_new(FALSE, TRUE, sizeof(AlloyXyzProperty));
    g_array_set_clear_func(properties, property_clear);
    g_auto(GStrv) parts = g_strsplit(pair->text, ":", -1);
    size_t n = g_strv_length(parts), columns = 0;
    if (n == 0 || n % 3 != 0) {
        g_autofree char *found = alloy_text_quote(pair->text);
        alloy_lines_error(where, error,
                          "Properties: triplets name:type:count expected, %zu parts found in %s", n, found);
        return NULL;
    }
    for (size_t i = 0; i < n; i += 3) {
        int64_t count;
        const char *type = parts[i + 1], *number = parts[i + 2];
        if (parts[i][0] == '\0' || strlen(type) != 1 || strchr("RISL", type[0]) == NULL) {
            g_autofree char *found = alloy_text_quote(parts[i]), *kind = alloy_text_quote(type);
            alloy_lines_error(where, error,
                              "Properties: a name and a type R, I, S or L expected, %s and %s found", found,
                              kind);
            return NULL;
        }
        if (!alloy_parse_int64(number, number + strlen(number), &count) || count < 1 ||
            count > ALLOY_MOST_COLUMNS || (columns += (size_t)count) > ALLOY_MOST_COLUMNS) {
            g_autofree char *name = alloy_text_quote(parts[i]), *found = alloy_text_quote(number);
            alloy_lines_error(where, error,
                              "Properties: a count of columns expected for %s (1 to %d in all), %s found",
                              name, ALLOY_MOST_COLUMNS, found);
            return NULL;
        }
        AlloyXyzProperty property = {g_strdup(parts[i]), type[0], (size_t)count};
        g_array_append_val(properties, property);
    }
    return g_steal_pointer(&properties);
}

static gboolean pair_periodic(const Pair *pair, gboolean periodic[3])
{
    size_t n = pair->items->len;
    if (n != 3 && n != 1)
        return FALSE;
    for (size_t i = 0; i < 3; i++) {
        const Item *item = &g_array_index(pair->items, Item, n == 3 ? i : 0);
        int64_t k;
        if (item_integer(item, &k) && (k == 0 || k == 1))
            periodic[i] = k == 1;
        else if (!item_boolean(item, &periodic[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean parse_cell(const Parser *parser, AlloyXyzHeader *header, GPtrArray *warnings, GError **error)
{
    const AlloyLines *where = parser->where;
    const Pair *lattice = find_pair(parser, "Lattice"), *pbc = find_pair(parser, "pbc");
    const Pair *origin = find_pair(parser, "Origin");
    AlloyCell cell = {{0, 0, 0}, {{0}}, {TRUE, TRUE, TRUE}};
    if (pbc != NULL && !pair_periodic(pbc, cell.periodic)) {
        g_autofree char *found = alloy_text_quote(pbc->text);
        return alloy_lines_error(where, error, "pbc: three of T or F expected, %s found", found);
    }
    gboolean any = pbc != NULL && (cell.periodic[0] || cell.periodic[1] || cell.periodic[2]);
    double v[9];
    gboolean empty = lattice == NULL;
    if (lattice != NULL) {
        if (pair_reals(lattice, v, 3)) {
            for (int i = 0; i < 3; i++)
                cell.vector[i][i] = v[i];
        } else if (pair_reals(lattice, v, 9)) {
            memcpy(cell.vector, v, sizeof cell.vector);
        } else {
            g_autofree char *found = alloy_text_quote(lattice->text);
            return alloy_lines_error(where, error, "Lattice: 9 finite numbers expected, %s found", found);
        }
        empty = TRUE;
        for (int i = 0; i < 9; i++)
            empty = empty && cell.vector[i / 3][i % 3] == 0;
    }
    if (empty) {
        /* Some programs write a Lattice of zeros for "no cell". */
        if (any)
            alloy_warn(warnings, "cell", NULL, NULL,
                       "%s, line %" G_GUINT64_FORMAT ": pbc says periodic, but there is no cell",
                       where->source->name, where->line);
        return TRUE;
    }
    if (origin != NULL)
        pair_reals(origin, cell.origin, 3);
    g_autoptr(GError) failed = NULL;
    if (!alloy_cell_check(&cell, &failed))
        return alloy_lines_error(where, error, "Lattice: %s", failed->message);
    header->cell = g_memdup2(&cell, sizeof cell);
    return TRUE;
}

static void fill_info(const Parser *parser, AlloyXyzHeader *header, GPtrArray *warnings)
{
    g_autoptr(GHashTable) units = parse_units(find_pair(parser, "info_units"));
    for (unsigned i = 0; i < parser->pairs->len; i++) {
        const Pair *pair = parser->pairs->pdata[i];
        double origin[3];
        if (pair_is(pair, "Lattice") || pair_is(pair, "Properties") || pair_is(pair, "pbc") ||
            pair_is(pair, "column_units") || pair_is(pair, "info_units") ||
            (pair_is(pair, "Origin") && header->cell != NULL && pair_reals(pair, origin, 3)))
            continue;
        const AlloyColumn *column = pair_column(pair, g_hash_table_lookup(units, pair->key));
        if (column != NULL)
            alloy_columns_set(header->info, column);
    }
    if (parser->words->len == 0)
        return;
    g_autoptr(GString) list = g_string_new(NULL);
    for (unsigned i = 0; i < parser->words->len && list->len < 60; i++) {
        g_autofree char *word = alloy_text_quote(parser->words->pdata[i]);
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", word);
    }
    alloy_warn(warnings, "ignored", NULL, NULL,
               "%s, line %" G_GUINT64_FORMAT ": %u word%s without a value ignored in the comment line: %s",
               parser->where->source->name, parser->where->line, parser->words->len,
               parser->words->len == 1 ? "" : "s", list->str);
}

gboolean alloy_xyz_line_is_extended(AlloySpan line)
{
    /* The name, and what its value may begin with: prose may well say "no Lattice => no cell". */
    static const char *const keys[][2] = {{"Properties", "\"'abcdefghijklmnopqrstuvwxyz_"},
                                          {"Lattice", "\"'[{+-.0123456789"}};
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
        size_t length = strlen(keys[k][0]);
        for (const char *p = line.begin; (size_t)(line.end - p) > length; p++) {
            if (g_ascii_strncasecmp(p, keys[k][0], length) != 0 || (p > line.begin && !alloy_is_blank(p[-1])))
                continue;
            AlloySpan rest = alloy_span_strip((AlloySpan){p + length, line.end});
            if (rest.begin == rest.end || *rest.begin != '=')
                continue;
            rest.begin++;
            rest = alloy_span_strip(rest);
            char first = rest.begin < rest.end ? g_ascii_tolower(*rest.begin) : '\0';
            if (first != '\0' && strchr(keys[k][1], first) != NULL)
                return TRUE;
        }
    }
    return FALSE;
}

/* A comment line that is no header may still be nothing but key=value pairs; else it is kept as it stands. */
static void plain_comment(AlloySpan line, Parser *parser, AlloyXyzHeader *header)
{
    gboolean pairs = parse_pairs(parser, NULL) && parser->words->len == 0 && parser->pairs->len > 0;
    for (unsigned i = 0; pairs && i < parser->pairs->len; i++) {
        const Pair *pair = parser->pairs->pdata[i];
        size_t length = strlen(pair->text);
        pairs = length > 0 && pair->text[length - 1] != ',' && pair->text[0] != '>';
    }
    if (pairs) {
        fill_info(parser, header, NULL);
        return;
    }
    line = alloy_span_strip(line);
    if (line.begin < line.end) {
        g_autofree char *text = alloy_span_dup(line, &parser->converted);
        alloy_columns_set(header->info, alloy_scalar_text("comment", text));
    }
}

static gboolean parse_extended(Parser *parser, AlloyXyzHeader *header, GPtrArray *warnings, GError **error)
{
    if (!parse_pairs(parser, error) || !parse_cell(parser, header, warnings, error))
        return FALSE;
    const Pair *properties = find_pair(parser, "Properties");
    if (properties != NULL) {
        header->properties = parse_properties(properties, parser->where, error);
        if (header->properties == NULL)
            return FALSE;
    }
    g_hash_table_unref(header->units);
    header->units = parse_units(find_pair(parser, "column_units"));
    fill_info(parser, header, warnings);
    return TRUE;
}

AlloyXyzHeader *alloy_xyz_header_parse(AlloySpan line, const AlloyLines *where, GPtrArray *warnings,
                                       GError **error)
{
    if (alloy_span_length(line) > MAX_LINE) {
        alloy_lines_error(where, error, "the comment line is longer than 16 MiB");
        return NULL;
    }
    g_autoptr(AlloyXyzHeader) header = g_new0(AlloyXyzHeader, 1);
    header->info = alloy_columns_new();
    header->units = parse_units(NULL);
    header->extended = alloy_xyz_line_is_extended(line);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(pair_free);
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    Parser parser = {line.begin, line.end, where, FALSE, pairs, words};
    gboolean good = TRUE;
    if (header->extended)
        good = parse_extended(&parser, header, warnings, error);
    else
        plain_comment(line, &parser, header);
    if (parser.converted && good)
        alloy_warn(warnings, "encoding", NULL, NULL,
                   "%s, line %" G_GUINT64_FORMAT ": the comment is not UTF-8 and was read as Latin-1",
                   where->source->name, where->line);
    return good ? g_steal_pointer(&header) : NULL;
}

void alloy_xyz_header_free(AlloyXyzHeader *header)
{
    if (header == NULL)
        return;
    g_ptr_array_unref(header->info);
    g_free(header->cell);
    g_clear_pointer(&header->properties, g_array_unref);
    g_hash_table_unref(header->units);
    g_free(header);
}

gboolean alloy_xyz_reads_as_text(const char *text)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
    g_array_set_clear_func(items, item_clear);
    Parser parser = {0};
    add_words(&parser, items, (AlloySpan){text, text + strlen(text)});
    return items_type((const Item *)(const void *)items->data, items->len) == ALLOY_TEXT;
}
