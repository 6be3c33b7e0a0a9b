/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/rows-private.h"

#include "core/base/number.h"
#include "core/base/parallel.h"

#include <math.h>
#include <stdatomic.h>

/* The distinct labels of one field in one block, in the order in which they come. Nothing is copied. */
typedef struct {
    const char *text;
    size_t length;
    uint32_t hash;
    gboolean doubled;
} Label;

typedef struct {
    GArray *labels;  /* of Label */
    uint32_t *slots; /* index + 1; 0: free */
    size_t n_slots;  /* a power of two */
    uint32_t *map;   /* of the block's codes to those of all */
} LabelTable;

typedef struct {
    LabelTable *tables;     /* one per field that has labels */
    AlloyFieldType *needed; /* per field that is AUTO: the type that holds all rows of the block */
    char *message;          /* NULL: no error */
    uint64_t line;
} BlockResult;

typedef struct {
    const AlloyRows *rows;
    AlloyField *fields;
    size_t n_fields;
    AlloyFieldType *types; /* what each field is read as */
    void **values;         /* double, int64_t, uint8_t or uint32_t; uint16_t for SPECIES */
    size_t *table;         /* index of the field's label table */
    size_t n_tables;
    BlockResult *results;
    atomic_size_t failed; /* lowest block with an error */
} Parse;

static void table_init(LabelTable *table)
{
    table->labels = g_array_new(FALSE, FALSE, sizeof(Label));
    table->n_slots = 16;
    table->slots = g_new0(uint32_t, table->n_slots);
}

static void table_clear(LabelTable *table)
{
    if (table->labels != NULL)
        g_array_free(table->labels, TRUE);
    g_free(table->slots);
    g_free(table->map);
}

static void table_grow(LabelTable *table)
{
    g_free(table->slots);
    table->n_slots *= 2;
    table->slots = g_new0(uint32_t, table->n_slots);
    for (uint32_t i = 0; i < table->labels->len; i++) {
        size_t slot = g_array_index(table->labels, Label, i).hash & (table->n_slots - 1);
        while (table->slots[slot] != 0)
            slot = (slot + 1) & (table->n_slots - 1);
        table->slots[slot] = i + 1;
    }
}

static uint32_t table_add(LabelTable *table, AlloySpan span, gboolean doubled)
{
    size_t length = alloy_span_length(span);
    uint64_t hash = 0x9e3779b97f4a7c15u ^ length;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)span.begin[i]) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
    size_t slot = hash & (table->n_slots - 1);
    for (; table->slots[slot] != 0; slot = (slot + 1) & (table->n_slots - 1)) {
        const Label *label = &g_array_index(table->labels, Label, table->slots[slot] - 1);
        if (label->length == length && label->doubled == doubled &&
            memcmp(label->text, span.begin, length) == 0)
            return table->slots[slot] - 1;
    }
    Label label = {span.begin, length, (uint32_t)hash, doubled};
    g_array_append_val(table->labels, label);
    uint32_t code = table->labels->len - 1;
    table->slots[slot] = code + 1;
    if ((size_t)table->labels->len * 2 > table->n_slots)
        table_grow(table);
    return code;
}

G_GNUC_PRINTF(3, 4)
static void block_fail(BlockResult *result, uint64_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    result->message = g_strdup_vprintf(format, args);
    va_end(args);
    result->line = line;
}

static void value_fail(BlockResult *result, uint64_t line, const AlloyField *field, const char *kind,
                       AlloySpan found)
{
    g_autofree char *text = alloy_span_quote(found);
    block_fail(result, line, "%s: %s expected, %s found", field->name, kind, text);
}

static AlloyFieldType narrowest(AlloySpan span)
{
    int64_t integer;
    double real;
    if (alloy_parse_int64(span.begin, span.end, &integer))
        return ALLOY_FIELD_INTEGER;
    if (span.begin == span.end || alloy_parse_double(span.begin, span.end, &real))
        return ALLOY_FIELD_REAL;
    return ALLOY_FIELD_TEXT;
}

/* FALSE: the block has failed. */
static gboolean parse_field(Parse *parse, BlockResult *result, size_t f, size_t i, AlloySpan span,
                            gboolean doubled, uint64_t line)
{
    const AlloyField *field = &parse->fields[f];
    gboolean automatic = field->type == ALLOY_FIELD_AUTO;
    switch (parse->types[f]) {
    case ALLOY_FIELD_REAL: {
        double value = NAN;
        if (span.begin == span.end ? field->finite : !alloy_parse_double(span.begin, span.end, &value)) {
            if (!automatic) {
                value_fail(result, line, field, "a number", span);
                return FALSE;
            }
            result->needed[f] = ALLOY_FIELD_TEXT;
        }
        if (field->finite && !isfinite(value)) {
            value_fail(result, line, field, "a finite number", span);
            return FALSE;
        }
        ((double *)parse->values[f])[i] = value;
        return TRUE;
    }
    case ALLOY_FIELD_INTEGER: {
        int64_t value = 0;
        if (!alloy_parse_int64(span.begin, span.end, &value)) {
            if (!automatic) {
                value_fail(result, line, field, "an integer", span);
                return FALSE;
            }
            result->needed[f] = MAX(result->needed[f], narrowest(span));
        }
        ((int64_t *)parse->values[f])[i] = value;
        return TRUE;
    }
    case ALLOY_FIELD_BOOLEAN: {
        gboolean value;
        if (!alloy_span_to_boolean(span, &value)) {
            value_fail(result, line, field, "T or F", span);
            return FALSE;
        }
        ((uint8_t *)parse->values[f])[i] = (uint8_t)value;
        return TRUE;
    }
    case ALLOY_FIELD_TEXT:
        ((uint32_t *)parse->values[f])[i] = table_add(&result->tables[parse->table[f]], span, doubled);
        return TRUE;
    case ALLOY_FIELD_SPECIES: {
        if (span.begin == span.end) {
            block_fail(result, line, "%s: a species expected, nothing found", field->name);
            return FALSE;
        }
        uint32_t code = table_add(&result->tables[parse->table[f]], span, doubled);
        if (code > G_MAXUINT16) {
            block_fail(result, line, "%s: more than 65535 different species", field->name);
            return FALSE;
        }
        ((uint16_t *)parse->values[f])[i] = (uint16_t)code;
        return TRUE;
    }
    case ALLOY_FIELD_SKIP:
    case ALLOY_FIELD_AUTO:
        break;
    }
    return TRUE;
}

static size_t count_fields(AlloySpan row, const AlloyRowStyle *style)
{
    AlloySpan field;
    gboolean doubled;
    size_t n = 0;
    while (alloy_row_next_field(&row, style, &field, &doubled))
        n++;
    return n;
}

static gboolean parse_row(Parse *parse, BlockResult *result, size_t i, AlloySpan row, uint64_t line)
{
    const AlloyRowStyle *style = &parse->rows->style;
    AlloySpan rest = row, span = {NULL, NULL};
    gboolean doubled = FALSE, good = TRUE;
    size_t f = 0;
    if (style->separator == 0 && !style->quotes) {
        while (f < parse->n_fields && alloy_span_next(&rest, &span) && good)
            good = parse_field(parse, result, f, i, span, FALSE, line), f++;
        if (good && f == parse->n_fields && alloy_span_is_empty(rest))
            return TRUE;
    } else {
        while (f < parse->n_fields && good && alloy_row_next_field(&rest, style, &span, &doubled))
            good = parse_field(parse, result, f, i, span, doubled, line), f++;
        if (good && f == parse->n_fields && !alloy_row_next_field(&rest, style, &span, &doubled))
            return TRUE;
    }
    /* That columns are missing explains a value of the wrong kind better than the value does. */
    size_t n = count_fields(row, style);
    if (n != parse->n_fields) {
        g_clear_pointer(&result->message, g_free);
        block_fail(result, line, "%zu column%s expected, %zu found", parse->n_fields,
                   parse->n_fields == 1 ? "" : "s", n);
    }
    return FALSE;
}

static size_t rows_before(const AlloyRows *rows, size_t block)
{
    return block < rows->blocks->len ? g_array_index(rows->blocks, AlloyRowBlock, block).first : rows->n;
}

static void parse_block(size_t begin, size_t end, void *data)
{
    Parse *parse = data;
    for (size_t b = begin; b < end; b++) {
        /* An earlier error is the one that is told. */
        if (atomic_load(&parse->failed) < b)
            continue;
        BlockResult *result = &parse->results[b];
        result->tables = g_new0(LabelTable, parse->n_tables + 1);
        for (size_t t = 0; t < parse->n_tables; t++)
            table_init(&result->tables[t]);
        result->needed = g_memdup2(parse->types, parse->n_fields * sizeof(AlloyFieldType));
        AlloyRowCursor cursor = g_array_index(parse->rows->blocks, AlloyRowBlock, b).begin;
        AlloySpan row;
        uint64_t line;
        size_t last = rows_before(parse->rows, b + 1);
        for (size_t i = rows_before(parse->rows, b); i < last; i++) {
            gboolean found = alloy_row_next(&parse->rows->style, &cursor, parse->rows->end, &row, &line);
            g_assert(found);
            if (parse_row(parse, result, i, row, line))
                continue;
            size_t lowest = atomic_load(&parse->failed);
            while (b < lowest && !atomic_compare_exchange_weak(&parse->failed, &lowest, b))
                ;
            break;
        }
    }
}

static void remap_block(size_t begin, size_t end, void *data)
{
    Parse *parse = data;
    for (size_t b = begin; b < end; b++)
        for (size_t f = 0; f < parse->n_fields; f++) {
            gboolean species = parse->types[f] == ALLOY_FIELD_SPECIES;
            if (!species && parse->types[f] != ALLOY_FIELD_TEXT)
                continue;
            const LabelTable *table = &parse->results[b].tables[parse->table[f]];
            size_t first = rows_before(parse->rows, b), last = rows_before(parse->rows, b + 1);
            uint16_t *kinds = parse->values[f];
            uint32_t *codes = parse->values[f];
            for (size_t i = first; i < last; i++)
                if (species)
                    kinds[i] = (uint16_t)table->map[kinds[i]];
                else
                    codes[i] = table->map[codes[i]];
        }
}

/* Codes of blocks become codes of all rows: labels in the order in which they come in the file. */
static gboolean merge_labels(Parse *parse, size_t f, AlloyLabels *labels, AlloyAtomsBuilder *builder,
                             GError **error)
{
    for (size_t b = 0; b < parse->rows->blocks->len; b++) {
        LabelTable *table = &parse->results[b].tables[parse->table[f]];
        table->map = g_new(uint32_t, table->labels->len + 1);
        for (uint32_t i = 0; i < table->labels->len; i++) {
            const Label *label = &g_array_index(table->labels, Label, i);
            AlloySpan span = {label->text, label->text + label->length};
            g_autofree char *text = alloy_row_field_dup(span, label->doubled, NULL);
            if (labels != NULL) {
                table->map[i] = alloy_labels_add(labels, text, strlen(text));
                continue;
            }
            int kind = alloy_atoms_builder_kind(builder, text, strlen(text));
            if (kind < 0)
                return alloy_format_error(error, parse->rows->source->name, 0,
                                          "more than 65535 different species");
            table->map[i] = (uint32_t)kind;
        }
    }
    return TRUE;
}

static void parse_clear_results(Parse *parse)
{
    for (size_t b = 0; b < parse->rows->blocks->len; b++) {
        BlockResult *result = &parse->results[b];
        for (size_t t = 0; result->tables != NULL && t < parse->n_tables; t++)
            table_clear(&result->tables[t]);
        g_free(result->tables);
        g_free(result->needed);
        g_free(result->message);
    }
    g_clear_pointer(&parse->results, g_free);
}

static void *array_for(AlloyFieldType type, size_t n)
{
    switch (type) {
    case ALLOY_FIELD_INTEGER:
        return alloy_array_new(int64_t, n);
    case ALLOY_FIELD_REAL:
        return alloy_array_new(double, n);
    case ALLOY_FIELD_BOOLEAN:
        return alloy_array_new(uint8_t, n);
    case ALLOY_FIELD_TEXT:
        return alloy_array_new(uint32_t, n);
    default:
        return NULL;
    }
}

static gboolean owns_values(const Parse *parse, size_t f)
{
    return parse->fields[f].into == NULL && parse->types[f] != ALLOY_FIELD_SPECIES;
}

/* All rows with the types as they are. On success *again tells that an AUTO field was too narrow and has been
 * widened. */
static gboolean parse_pass(Parse *parse, AlloyAtomsBuilder *builder, gboolean *again, AlloyProgress *progress,
                           GError **error)
{
    size_t n_blocks = parse->rows->blocks->len;
    parse->n_tables = 0;
    for (size_t f = 0; f < parse->n_fields; f++) {
        if (parse->types[f] == ALLOY_FIELD_TEXT || parse->types[f] == ALLOY_FIELD_SPECIES)
            parse->table[f] = parse->n_tables++;
        if (parse->types[f] == ALLOY_FIELD_SPECIES)
            parse->values[f] = builder->species;
        else if (parse->fields[f].into != NULL)
            parse->values[f] = parse->fields[f].into;
        else if (parse->values[f] == NULL)
            parse->values[f] = array_for(parse->types[f], parse->rows->n);
    }
    parse->results = g_new0(BlockResult, n_blocks + 1);
    atomic_store(&parse->failed, SIZE_MAX);
    if (!alloy_parallel_for(n_blocks, 1, parse_block, parse, progress, error))
        return FALSE;
    size_t failed = atomic_load(&parse->failed);
    if (failed != SIZE_MAX)
        return alloy_format_error(error, parse->rows->source->name, parse->results[failed].line, "%s",
                                  parse->results[failed].message);
    *again = FALSE;
    for (size_t f = 0; f < parse->n_fields; f++) {
        AlloyFieldType needed = parse->types[f];
        for (size_t b = 0; b < n_blocks; b++)
            needed = MAX(needed, parse->results[b].needed[f]);
        if (needed == parse->types[f])
            continue;
        parse->types[f] = needed;
        g_clear_pointer(&parse->values[f], alloy_array_unref);
        *again = TRUE;
    }
    return TRUE;
}

static const AlloyColumn *column_of(const AlloyField *field, AlloyFieldType type, void *values, size_t n)
{
    switch (type) {
    case ALLOY_FIELD_INTEGER:
        return alloy_column_new_integer(field->name, field->unit, values, n);
    case ALLOY_FIELD_REAL:
        return alloy_column_new_real(field->name, field->unit, values, n);
    case ALLOY_FIELD_BOOLEAN:
        return alloy_column_new_boolean(field->name, values, n);
    default:
        return NULL;
    }
}

static gboolean parse_finish(Parse *parse, AlloyAtomsBuilder *builder, GError **error)
{
    size_t n = parse->rows->n;
    g_autofree AlloyLabels **labels = g_new0(AlloyLabels *, parse->n_fields + 1);
    gboolean good = TRUE;
    for (size_t f = 0; good && f < parse->n_fields; f++) {
        if (parse->types[f] == ALLOY_FIELD_TEXT)
            good = merge_labels(parse, f, labels[f] = alloy_labels_new(), NULL, error);
        else if (parse->types[f] == ALLOY_FIELD_SPECIES)
            good = merge_labels(parse, f, NULL, builder, error);
    }
    if (good && parse->n_tables > 0)
        alloy_parallel_for(parse->rows->blocks->len, 1, remap_block, parse, NULL, NULL);
    for (size_t f = 0; f < parse->n_fields; f++) {
        AlloyField *field = &parse->fields[f];
        if (labels[f] != NULL) {
            /* After an error the codes mean nothing; finish is the way to free labels. */
            uint32_t *codes = good ? g_steal_pointer(&parse->values[f]) : alloy_array_new(uint32_t, 0);
            field->column = alloy_labels_finish(labels[f], field->name, codes, good ? n : 0);
        } else if (owns_values(parse, f) && parse->types[f] != ALLOY_FIELD_SKIP) {
            field->column = column_of(field, parse->types[f], g_steal_pointer(&parse->values[f]), n);
        }
    }
    return good;
}

/* Fields whose bytes cannot be there are not allocated for: some row is too short, which one? */
static gboolean find_short_row(const AlloyRows *rows, size_t n_fields, GError **error)
{
    if (rows->blocks->len == 0)
        return TRUE;
    AlloyRowCursor cursor = g_array_index(rows->blocks, AlloyRowBlock, 0).begin;
    AlloySpan row;
    uint64_t line;
    while (alloy_row_next(&rows->style, &cursor, rows->end, &row, &line)) {
        size_t n = count_fields(row, &rows->style);
        if (n != n_fields)
            return alloy_format_error(error, rows->source->name, line, "%zu columns expected, %zu found",
                                      n_fields, n);
    }
    return TRUE;
}

gboolean alloy_rows_parse(const AlloyRows *rows, AlloyField *fields, size_t n_fields,
                          AlloyAtomsBuilder *builder, AlloyProgress *progress, GError **error)
{
    for (size_t f = 0; f < n_fields; f++)
        fields[f].column = NULL;
    size_t bytes = (size_t)(rows->end - rows->begin) + 1;
    if (rows->n > bytes / ((rows->style.separator != 0 ? 1 : 2) * MAX(n_fields, 1)) &&
        !find_short_row(rows, n_fields, error))
        return FALSE;
    g_autofree AlloyFieldType *types = g_new0(AlloyFieldType, n_fields + 1);
    g_autofree void **values = g_new0(void *, n_fields + 1);
    g_autofree size_t *table = g_new0(size_t, n_fields + 1);
    Parse parse = {.rows = rows,
                   .fields = fields,
                   .n_fields = n_fields,
                   .types = types,
                   .values = values,
                   .table = table};
    for (size_t f = 0; f < n_fields; f++) {
        types[f] = fields[f].type == ALLOY_FIELD_AUTO ? ALLOY_FIELD_INTEGER : fields[f].type;
        g_assert(types[f] != ALLOY_FIELD_SPECIES || (builder != NULL && builder->n == rows->n));
    }
    /* A first guess for AUTO from the first row saves reading everything twice. */
    AlloySpan row, span;
    uint64_t line;
    gboolean doubled;
    if (alloy_rows_first(rows, &row, &line)) {
        for (size_t f = 0; f < n_fields && alloy_row_next_field(&row, &rows->style, &span, &doubled); f++)
            if (fields[f].type == ALLOY_FIELD_AUTO)
                types[f] = narrowest(span);
    }
    gboolean again = TRUE, good = TRUE;
    while (good && again) {
        good = parse_pass(&parse, builder, &again, progress, error);
        if (good && !again)
            good = parse_finish(&parse, builder, error);
        parse_clear_results(&parse);
    }
    for (size_t f = 0; f < n_fields; f++) {
        if (owns_values(&parse, f))
            alloy_array_unref(values[f]);
        if (!good)
            alloy_clear(&fields[f].column);
    }
    return good;
}
