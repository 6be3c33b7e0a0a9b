/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/delimited.h"

#include "core/formats/rows-private.h"

#define COMMENTS "#%"
#define SAMPLE 20

typedef struct {
    AlloySpan rows[SAMPLE];
    size_t n;
    AlloyRowCursor after_first;
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

/* The first rows; where they begin and end may depend on the separator, for it makes a quote one that opens.
 */
static void take_sample(const AlloySheet *sheet, char separator, Sample *sample)
{
    AlloyRowStyle style = sheet->style;
    style.separator = separator;
    AlloyRowCursor cursor = {sheet->rows.at, sheet->rows.line};
    uint64_t line;
    sample->n = 0;
    while (sample->n < SAMPLE &&
           alloy_row_next(&style, &cursor, sheet->rows.end, &sample->rows[sample->n], &line))
        if (sample->n++ == 0)
            sample->after_first = cursor;
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

static void choose_separator(AlloySheet *sheet, Sample *sample)
{
    static const char separators[] = {'\t', ';', ',', 0};
    gboolean empty, unused;
    take_sample(sheet, 0, sample);
    size_t words = fields_of(sample, sheet->style, 0, &unused);
    sheet->regular = TRUE;
    for (size_t i = 0; i < G_N_ELEMENTS(separators); i++) {
        take_sample(sheet, separators[i], sample);
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
    AlloySpan first = sample->rows[0];
    for (size_t i = 0; i < 3; i++)
        if (memchr(first.begin, separators[i], alloy_span_length(first)) != NULL) {
            sheet->style.separator = separators[i];
            sheet->regular = FALSE;
            take_sample(sheet, separators[i], sample);
            break;
        }
    sheet->regular = sheet->regular && words == 1;
    sheet->n_columns = count_fields(sample->rows[0], &sheet->style, &unused);
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

static GPtrArray *split_row(AlloySpan row, const AlloyRowStyle *style)
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

/* The same for a comment, in which remarks in brackets may hold separators: "r(bin, left edge), count". */
static GPtrArray *split_comment(AlloySpan line, char separator)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *p = line.begin;
    while (p < line.end) {
        while (p < line.end && alloy_is_blank(*p))
            p++;
        const char *begin = p;
        for (int depth = 0; p < line.end; p++) {
            if (depth == 0 && (separator != 0 ? *p == separator : alloy_is_blank(*p)))
                break;
            depth += *p == '(' || *p == '[';
            depth -= (*p == ')' || *p == ']') && depth > 0;
        }
        if (p > begin || separator != 0) {
            g_autofree char *name = alloy_span_dup((AlloySpan){begin, p}, NULL);
            g_ptr_array_add(names, g_strdup(g_strstrip(name)));
        }
        p += p < line.end;
    }
    return names;
}

static AlloySpan comment_text(AlloySpan line)
{
    line = alloy_span_strip(line);
    while (line.begin < line.end && strchr(COMMENTS, *line.begin) != NULL && *line.begin != '\0')
        line.begin++;
    return line;
}

/* Names are as many as there are columns, none of them empty, a number or a setting. */
static GPtrArray *names_of_comment(AlloySpan line, char separator, size_t n_columns)
{
    g_autoptr(GPtrArray) names = split_comment(comment_text(line), separator);
    gboolean good = names->len == n_columns && n_columns > 1;
    for (unsigned i = 0; good && i < names->len; i++) {
        const char *name = names->pdata[i];
        double value;
        good = name[0] != '\0' && !alloy_span_to_real((AlloySpan){name, name + strlen(name)}, &value) &&
               memchr(name, '=', strcspn(name, "([")) == NULL;
    }
    return good ? g_steal_pointer(&names) : NULL;
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

static gboolean is_unit(const char *text)
{
    static const char *const units[] = {
        ALLOY_UNIT_LENGTH,
        "A^2",
        "A^3",
        "A^-1",
        "A^-3",
        "1/A",
        "nm",
        "nm^2",
        "nm^3",
        "nm^-1",
        "1/nm",
        "pm",
        "um",
        "mm",
        "m",
        "px",
        "pixel",
        "pixels",
        "voxel",
        "voxels",
        "fs",
        "ps",
        "ns",
        "us",
        "ms",
        "s",
        "min",
        "h",
        "K",
        "C",
        "u",
        "Da",
        "eV",
        "meV",
        "keV",
        "eV/A",
        "eV/angstrom",
        "GPa",
        "deg",
        "degrees",
        "rad",
        "mrad",
        "%",
        "at.%",
        "at%",
        "wt.%",
        "counts",
        "e",
        "Hz",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (strcmp(plain_unit(text), units[i]) == 0)
            return TRUE;
    return FALSE;
}

/* "x (nm)": x in nm. "g(r)" is a name, and "n(counted, both sides)" a name with a remark. */
static void split_unit(char *name, char **unit)
{
    size_t stem = strcspn(name, "([");
    if (stem == 0 || name[stem] == '\0')
        return;
    const char *inside = name + stem + 1;
    g_autofree char *first = g_strndup(inside, strcspn(inside, "()[],;"));
    gboolean known = is_unit(g_strstrip(first)), remark = strpbrk(inside, " \t,;") != NULL;
    size_t length = strlen(name);
    if (!remark && (name[length - 1] != ')' && name[length - 1] != ']'))
        return;
    if (known)
        *unit = g_strdup(first);
    if (known || remark) {
        name[stem] = '\0';
        g_strchomp(name);
    }
}

static void units_of_names(AlloySheet *sheet)
{
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);
    gboolean found = FALSE;
    for (unsigned i = 0; i < sheet->names->len; i++) {
        char *unit = NULL;
        split_unit(sheet->names->pdata[i], &unit);
        found = found || unit != NULL;
        g_ptr_array_add(units, unit != NULL ? unit : g_strdup(""));
    }
    if (found)
        sheet->units = g_steal_pointer(&units);
}

static void find_header(AlloySheet *sheet, const Sample *sample, AlloySpan comment)
{
    gboolean any, some_text, any_second = FALSE, text_second;
    look_for_numbers(sample->rows[0], &sheet->style, &any, &some_text);
    if (!any && some_text) {
        sheet->names = split_row(sample->rows[0], &sheet->style);
        sheet->rows.at = sample->after_first.at;
        sheet->rows.line = sample->after_first.lines;
        AlloySpan next;
        if (alloy_lines_peek(&sheet->rows, &next) && alloy_span_has_prefix(next, "#")) {
            g_autoptr(GPtrArray) units = split_row(comment_text(next), &sheet->style);
            if (units->len == sheet->n_columns)
                sheet->units = g_steal_pointer(&units);
        }
        if (sample->n > 1)
            look_for_numbers(sample->rows[1], &sheet->style, &any_second, &text_second);
        sheet->numbers = any_second;
    } else {
        sheet->numbers = any;
        /* "# r g" may stand before "0.1,0.2", and "#r,g" before "0.1 0.2". */
        const char separators[] = {sheet->style.separator, 0, ','};
        for (size_t i = 0; comment.begin != NULL && sheet->names == NULL && i < sizeof separators; i++)
            sheet->names = names_of_comment(comment, separators[i], sheet->n_columns);
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
    Sample sample;
    choose_separator(sheet, &sample);
    find_header(sheet, &sample, comment);
    return TRUE;
}

void alloy_sheet_clear(AlloySheet *sheet)
{
    g_clear_pointer(&sheet->names, g_ptr_array_unref);
    g_clear_pointer(&sheet->units, g_ptr_array_unref);
}
