/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/delimited.h"

#include "core/formats/rows-private.h"

#define COMMENTS "#%"
#define SAMPLE 20

typedef struct {
    AlloySpan rows[SAMPLE];
    size_t n;
} Sample;

static size_t count_fields(AlloySpan row, const AlloyRowStyle *style, gboolean *empty)
{
    AlloySpan field;
    gboolean doubled;
    size_t n = 0;
    for (; alloy_row_next_field(&row, style, &field, &doubled); n++)
        *empty = *empty || field.begin == field.end;
    return n;
}

/* Fields of every row of the sample, 0 if they differ. */
static size_t fields_of(const Sample *sample, AlloyRowStyle style, char separator, gboolean *empty)
{
    *empty = FALSE;
    style.separator = separator;
    size_t n = count_fields(sample->rows[0], &style, empty);
    for (size_t i = 1; i < sample->n; i++)
        if (count_fields(sample->rows[i], &style, empty) != n)
            return 0;
    return n;
}

static void choose_separator(AlloySheet *sheet, const Sample *sample)
{
    static const char separators[] = {'\t', ';', ',', 0};
    gboolean empty, unused;
    size_t words = fields_of(sample, sheet->style, 0, &unused);
    sheet->regular = TRUE;
    for (size_t i = 0; i < G_N_ELEMENTS(separators); i++) {
        size_t n = fields_of(sample, sheet->style, separators[i], &empty);
        /* Tabs that only line up columns are blanks. */
        if (n > 1 && !(separators[i] == '\t' && empty && words > 1)) {
            sheet->style.separator = separators[i];
            sheet->n_columns = n;
            return;
        }
    }
    /* One column, or rows that differ: then what the first one shows, and reading tells which row is wrong.
     */
    sheet->regular = words == 1;
    AlloySpan first = sample->rows[0];
    for (size_t i = 0; !sheet->regular && i < 3; i++)
        if (memchr(first.begin, separators[i], alloy_span_length(first)) != NULL) {
            sheet->style.separator = separators[i];
            break;
        }
    sheet->n_columns = count_fields(first, &sheet->style, &unused);
}

/* Whether any field, or every field, of a row is a number (nothing is neither). */
static void look_for_numbers(AlloySpan row, const AlloyRowStyle *style, gboolean *any, gboolean *some_text)
{
    AlloySpan field;
    gboolean doubled;
    double value;
    *any = *some_text = FALSE;
    while (alloy_row_next_field(&row, style, &field, &doubled)) {
        gboolean number = alloy_span_to_real(field, &value);
        *any = *any || number;
        *some_text = *some_text || (!number && field.begin < field.end);
    }
}

static GPtrArray *split_names(AlloySpan row, const AlloyRowStyle *style)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    AlloySpan field;
    gboolean doubled;
    while (alloy_row_next_field(&row, style, &field, &doubled)) {
        g_autofree char *name = alloy_row_field_dup(field, doubled, NULL);
        g_ptr_array_add(names, g_strdup(g_strstrip(name)));
    }
    return names;
}

/* What stands behind the comment sign, if it has as many parts as there are columns and none is a number. */
static GPtrArray *names_of_comment(AlloySpan line, const AlloySheet *sheet, gboolean numbers_too)
{
    line = alloy_span_strip(line);
    while (line.begin < line.end && strchr(COMMENTS, *line.begin) != NULL && *line.begin != '\0')
        line.begin++;
    gboolean any, some_text;
    look_for_numbers(line, &sheet->style, &any, &some_text);
    g_autoptr(GPtrArray) names = split_names(line, &sheet->style);
    return names->len == sheet->n_columns && (numbers_too || !any) ? g_steal_pointer(&names) : NULL;
}

static const char *plain_unit(const char *unit)
{
    static const char *const angstrom[] = {"A",   "\xc3\x85", "\xe2\x84\xab", "Ang",
                                           "ang", "Angstrom", "angstroms"};
    for (size_t i = 0; i < G_N_ELEMENTS(angstrom); i++)
        if (strcmp(unit, angstrom[i]) == 0)
            return ALLOY_UNIT_LENGTH;
    return unit;
}

/* "x (A)" and "x[A]": name x, unit angstrom. */
static void units_of_names(AlloySheet *sheet)
{
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);
    gboolean found = FALSE;
    for (unsigned i = 0; i < sheet->names->len; i++) {
        char *name = sheet->names->pdata[i];
        size_t length = strlen(name);
        char close = length > 2 ? name[length - 1] : '\0';
        char *open = close == ')' ? strrchr(name, '(') : close == ']' ? strrchr(name, '[') : NULL;
        if (open == NULL || open == name || open + 1 == name + length - 1) {
            g_ptr_array_add(units, g_strdup(""));
            continue;
        }
        name[length - 1] = '\0';
        g_ptr_array_add(units, g_strdup(plain_unit(g_strstrip(open + 1))));
        *open = '\0';
        g_strchomp(name);
        found = TRUE;
    }
    if (found)
        sheet->units = g_steal_pointer(&units);
}

static void find_header(AlloySheet *sheet, const Sample *sample, AlloySpan comment,
                        AlloyRowCursor after_first)
{
    gboolean any, some_text, any_second = FALSE, text_second;
    look_for_numbers(sample->rows[0], &sheet->style, &any, &some_text);
    if (!any && some_text) {
        sheet->names = split_names(sample->rows[0], &sheet->style);
        sheet->rows.at = after_first.at;
        sheet->rows.line = after_first.lines;
        AlloySpan next;
        if (alloy_lines_peek(&sheet->rows, &next) && alloy_span_has_prefix(next, "#"))
            sheet->units = names_of_comment(next, sheet, TRUE);
        if (sample->n > 1)
            look_for_numbers(sample->rows[1], &sheet->style, &any_second, &text_second);
        sheet->numbers = any_second;
    } else {
        sheet->numbers = any;
        if (comment.begin != NULL)
            sheet->names = names_of_comment(comment, sheet, FALSE);
        /* "# r g" before "0.1,0.2" */
        AlloyRowStyle style = sheet->style;
        if (comment.begin != NULL && sheet->names == NULL && style.separator != 0) {
            sheet->style.separator = 0;
            sheet->names = names_of_comment(comment, sheet, FALSE);
            sheet->style = style;
        }
    }
    if (sheet->names != NULL && sheet->units == NULL)
        units_of_names(sheet);
    for (unsigned i = 0; sheet->units != NULL && i < sheet->units->len; i++) {
        char *unit = sheet->units->pdata[i];
        sheet->units->pdata[i] = g_strdup(plain_unit(unit));
        g_free(unit);
    }
}

gboolean alloy_sheet_open(AlloySheet *sheet, const AlloySource *source)
{
    *sheet = (AlloySheet){.style = {.sparse = TRUE, .comment = COMMENTS}};
    sheet->style.quotes = memchr(source->text, '"', source->length) != NULL;
    alloy_lines_init(&sheet->rows, source);
    AlloySpan line, comment = {NULL, NULL};
    for (;;) {
        AlloyLines before = sheet->rows;
        if (!alloy_lines_next(&sheet->rows, &line))
            return FALSE;
        AlloySpan stripped = alloy_span_strip(line);
        if (stripped.begin < stripped.end && strchr(COMMENTS, *stripped.begin) != NULL &&
            *stripped.begin != '\0') {
            comment = line;
        } else if (stripped.begin < stripped.end) {
            sheet->rows = before;
            break;
        }
    }
    Sample sample = {.n = 0};
    AlloyRowCursor cursor = {sheet->rows.at, sheet->rows.line}, after_first = cursor;
    uint64_t number;
    while (sample.n < SAMPLE &&
           alloy_row_next(&sheet->style, &cursor, sheet->rows.end, &sample.rows[sample.n], &number)) {
        if (sample.n == 0)
            after_first = cursor;
        sample.n++;
    }
    choose_separator(sheet, &sample);
    find_header(sheet, &sample, comment, after_first);
    return TRUE;
}

void alloy_sheet_clear(AlloySheet *sheet)
{
    g_clear_pointer(&sheet->names, g_ptr_array_unref);
    g_clear_pointer(&sheet->units, g_ptr_array_unref);
}
