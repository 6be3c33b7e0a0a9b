/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people. Never the locale's printf of a number: a table that a script reads from the terminal shall
 * not depend on the language of who runs it. */
#include "app/cli.h"

#include "core/base/json-text.h"
#include "core/base/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cli_width(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return MIN(size.ws_col, 100);
    return 80;
}

static int columns_of(const char *text)
{
    return (int)g_utf8_strlen(text, -1);
}

void cli_wrap(GString *out, const char *text, int indent, int at, int width)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n", -1);
    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++) {
        if (paragraph != paragraphs) {
            g_string_append_c(out, '\n');
            at = 0;
        }
        g_auto(GStrv) words = g_strsplit(*paragraph, " ", -1);
        gboolean first = TRUE;
        for (char **word = words; *word != NULL; word++) {
            if (**word == '\0')
                continue;
            int columns = columns_of(*word);
            if (!first && at + 1 + columns > width) {
                g_string_append_c(out, '\n');
                at = 0;
                first = TRUE;
            }
            if (first) {
                for (; at < indent; at++)
                    g_string_append_c(out, ' ');
            } else {
                g_string_append_c(out, ' ');
                at++;
            }
            g_string_append(out, *word);
            at += columns;
            first = FALSE;
        }
    }
    g_string_append_c(out, '\n');
}

char *cli_number(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (isnan(value))
        return g_strdup("-");
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.6g", value));
}

char *cli_quantity(double value, const char *unit)
{
    g_autofree char *number = cli_number(value);
    if (unit == NULL || *unit == '\0' || strcmp(unit, ALLOY_UNIT_NONE) == 0)
        return g_steal_pointer(&number);
    return g_strdup_printf("%s %s", number, unit);
}

char *cli_value(const AlloyColumn *column, size_t row)
{
    char buffer[32];
    if (column->type == ALLOY_REAL) {
        g_autofree char *number = cli_number(column->real[row]);
        return alloy_column_at_floor(column, row) ? g_strconcat("<= ", number, NULL)
                                                  : g_steal_pointer(&number);
    }
    return g_strdup(alloy_column_format_at(column, row, buffer));
}

void cli_print_grid(char *const *cells, size_t rows, size_t columns, const gboolean *right, int indent)
{
    g_autofree int *width = g_new0(int, columns + 1);
    for (size_t row = 0; row < rows; row++)
        for (size_t k = 0; k < columns; k++)
            width[k] = MAX(width[k], columns_of(cells[row * columns + k]));
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t row = 0; row < rows; row++) {
        g_string_printf(line, "%*s", indent, "");
        for (size_t k = 0; k < columns; k++) {
            const char *cell = cells[row * columns + k];
            int blanks = width[k] - columns_of(cell);
            g_string_append_printf(line, "%s%*s%s%*s", k > 0 ? "  " : "", right[k] ? blanks : 0, "", cell,
                                   right[k] ? 0 : blanks, "");
        }
        while (line->len > 0 && line->str[line->len - 1] == ' ')
            g_string_truncate(line, line->len - 1);
        puts(line->str);
    }
}

static const char *shown_unit(const char *unit)
{
    return strcmp(unit, ALLOY_UNIT_NONE) == 0 ? "" : unit;
}

void cli_print_table(const AlloyTable *table, size_t most_rows)
{
    size_t columns = table->columns->len, rows = MIN(table->n, most_rows);
    if (columns == 0)
        return;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    g_autofree gboolean *right = g_new0(gboolean, columns);
    gboolean units = FALSE;
    for (size_t k = 0; k < columns; k++) {
        const AlloyColumn *column = table->columns->pdata[k];
        g_ptr_array_add(cells, g_strdup(column->name));
        right[k] = column->type == ALLOY_REAL || column->type == ALLOY_INTEGER;
        units = units || *shown_unit(column->unit) != '\0';
    }
    for (size_t k = 0; units && k < columns; k++)
        g_ptr_array_add(cells, g_strdup(shown_unit(((const AlloyColumn *)table->columns->pdata[k])->unit)));
    for (size_t row = 0; row < rows; row++)
        for (size_t k = 0; k < columns; k++)
            g_ptr_array_add(cells, cli_value(table->columns->pdata[k], row));
    printf("%s\n", table->title);
    cli_print_grid((char *const *)cells->pdata, rows + 1 + (units ? 1 : 0), columns, right, 2);
    if (rows < table->n)
        printf("  ... %zu more rows: -o FILE.csv has them all\n", table->n - rows);
}

void cli_print_scalars(const AlloyColumns *scalars)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < scalars->len; i++) {
        const AlloyColumn *scalar = scalars->pdata[i];
        g_ptr_array_add(cells, g_strdup(scalar->name));
        g_ptr_array_add(cells, cli_value(scalar, 0));
        g_ptr_array_add(cells, g_strdup(shown_unit(scalar->unit)));
    }
    const gboolean right[] = {FALSE, TRUE, FALSE};
    cli_print_grid((char *const *)cells->pdata, scalars->len, 3, right, 0);
}

static char *label_summary(const AlloyColumn *column)
{
    return g_strdup_printf("%u different", column->n_labels);
}

void cli_print_atoms_summary(const AlloyAtoms *atoms)
{
    size_t columns = 6;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    const char *const header[] = {"per atom", "unit", "mean", "min", "max", "missing"};
    for (size_t k = 0; k < columns; k++)
        g_ptr_array_add(cells, g_strdup(header[k]));
    for (unsigned i = 0; i < atoms->columns->len; i++) {
        const AlloyColumn *column = atoms->columns->pdata[i];
        g_ptr_array_add(cells, g_strdup(column->name));
        g_ptr_array_add(cells, g_strdup(shown_unit(column->unit)));
        if (column->type == ALLOY_TEXT) {
            g_ptr_array_add(cells, label_summary(column));
            for (int k = 0; k < 3; k++)
                g_ptr_array_add(cells, g_strdup(""));
            continue;
        }
        g_autofree double *copy = column->type == ALLOY_REAL ? NULL : g_new(double, column->n + 1);
        for (size_t k = 0; copy != NULL && k < column->n; k++)
            copy[k] = alloy_column_real_at(column, k);
        AlloyMoments moments = alloy_moments(copy != NULL ? copy : column->real, column->n);
        g_ptr_array_add(cells, cli_number(moments.mean));
        g_ptr_array_add(cells, cli_number(moments.min));
        g_ptr_array_add(cells, cli_number(moments.max));
        g_ptr_array_add(cells, g_strdup_printf("%zu", moments.missing));
    }
    const gboolean right[] = {FALSE, FALSE, TRUE, TRUE, TRUE, TRUE};
    cli_print_grid((char *const *)cells->pdata, cells->len / columns, columns, right, 2);
}

void cli_json_string(GString *out, const char *text)
{
    alloy_json_append_string(out, text);
}

void cli_json_number(GString *out, double value)
{
    alloy_json_append_real(out, value);
}
