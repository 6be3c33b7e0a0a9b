/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people: within the width of the terminal, with as many digits as the errors allow. */
#include "app/cli.h"

#include "core/base/number.h"
#include "core/base/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GAP 2    /* blanks between columns */
#define INDENT 2 /* before the rows of a table */
#define MOST_BLOCKS 6
#define MOST_LINES 120 /* of all blocks of one table together */
#define FEW_ROWS 6     /* that may stand side by side */

static const char *shown_unit(const char *unit)
{
    return strcmp(unit, ALLOY_UNIT_NONE) == 0 ? "" : unit;
}

static gboolean is_number(const AlloyColumn *column)
{
    return column->type == ALLOY_REAL || column->type == ALLOY_INTEGER;
}

/* --- digits --- */

/* name with its ending replaced; NULL: it ends otherwise. An ending is a whole word. */
static char *with_ending(const char *name, const char *ending, const char *other)
{
    size_t length = strlen(name), n = strlen(ending);
    if (length < n || strcmp(name + length - n, ending) != 0 || (length > n && name[length - n - 1] != '_'))
        return NULL;
    return g_strdup_printf("%.*s%s", (int)(length - n), name, other);
}

/* The column beside this one that tells how well its values are known; the column itself where it is an
 * error. NULL: nothing tells. */
static const AlloyColumn *error_of(const AlloyColumns *columns, const AlloyColumn *column)
{
    static const char *const pairs[][2] = {
        {"mean", "sem"},       {"mean", "sd"}, {"fraction", "error"},
        {"difference", "sem"}, {"sem", "sem"}, {"error", "error"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *name = with_ending(column->name, pairs[i][0], pairs[i][1]);
        const AlloyColumn *found = name != NULL ? alloy_columns_get(columns, name) : NULL;
        if (found != NULL && found->type == ALLOY_REAL)
            return found;
    }
    g_autofree char *of_null = with_ending(column->name, "null_sd", "null_sd");
    return of_null != NULL ? column : NULL;
}

/* The value to the second digit of its error; as always where that says nothing. */
static char *value_with_error(const AlloyColumn *column, const AlloyColumn *error, size_t row)
{
    double value = column->real[row], size = error->real[row];
    if (!isfinite(value) || !isfinite(size) || size <= 0 || fabs(value) >= 1e12)
        return cli_value(column, row);
    double decimals = 1 - floor(log10(size));
    if (decimals > 9)
        return cli_value(column, row);
    char format[16], text[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(format, sizeof format, "%%.%df", MAX((int)decimals, 0));
    g_ascii_formatd(text, sizeof text, format, value);
    gboolean zero = strspn(text, "-0.") == strlen(text);
    return g_strdup(zero && text[0] == '-' ? text + 1 : text);
}

/* Four digits: more than the scatter of a sample, or a z over a finite number of shuffles, can have. */
static char *rough_value(const AlloyColumn *column, size_t row)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(column->real[row]) || fabs(column->real[row]) >= 1e4)
        return cli_value(column, row);
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.4g", column->real[row]));
}

static gboolean is_rough(const char *name)
{
    g_autofree char *of_sd = with_ending(name, "sd", ""), *of_z = with_ending(name, "z", "");
    return of_sd != NULL || of_z != NULL || g_str_has_prefix(name, "z_");
}

static char *cell_of(const AlloyColumns *columns, const AlloyColumn *column, size_t row)
{
    if (column->type == ALLOY_TEXT) {
        g_autofree char *text = cli_value(column, row);
        return cli_printable(text);
    }
    const AlloyColumn *error = column->type == ALLOY_REAL ? error_of(columns, column) : NULL;
    if (error != NULL)
        return value_with_error(column, error, row);
    /* a bare z without statistics beside it may be a coordinate */
    gboolean rough =
        column->type == ALLOY_REAL && is_rough(column->name) && alloy_columns_get(columns, "x") == NULL;
    return rough ? rough_value(column, row) : cli_value(column, row);
}

/* --- grids --- */

static void put_cell(GString *line, const char *cell, int width, gboolean right)
{
    int blanks = width - cli_columns(cell);
    g_string_append_printf(line, "%*s%s%*s", right ? blanks : 0, "", cell, right ? 0 : blanks, "");
}

static void put_line(GString *line)
{
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    puts(line->str);
}

void cli_print_grid(char *const *cells, size_t rows, size_t columns, const gboolean *right, int indent)
{
    g_autofree int *width = g_new0(int, columns + 1);
    for (size_t row = 0; row < rows; row++)
        for (size_t k = 0; k < columns; k++)
            width[k] = MAX(width[k], cli_columns(cells[row * columns + k]));
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t row = 0; row < rows; row++) {
        g_string_printf(line, "%*s", indent, "");
        for (size_t k = 0; k < columns; k++) {
            if (k > 0)
                g_string_append_printf(line, "%*s", GAP, "");
            put_cell(line, cells[row * columns + k], width[k], right[k]);
        }
        put_line(line);
    }
}

/* --- sheets --- */

/* A table as text: heads lines of names (and units), then its rows. */
typedef struct {
    GPtrArray *cells; /* row after row, owned */
    size_t columns, heads, rows;
    gboolean *right;
    int *width;
    size_t keys; /* columns in front that tell which row it is: they stand before every block */
} Sheet;

static const char *cell_at(const Sheet *sheet, size_t row, size_t column)
{
    return sheet->cells->pdata[row * sheet->columns + column];
}

static void sheet_init(Sheet *sheet, size_t columns)
{
    sheet->cells = g_ptr_array_new_with_free_func(g_free);
    sheet->columns = columns;
    sheet->heads = sheet->keys = 1;
    sheet->right = g_new0(gboolean, columns + 1);
    sheet->width = g_new0(int, columns + 1);
}

static void sheet_clear(Sheet *sheet)
{
    g_ptr_array_unref(sheet->cells);
    g_free(sheet->right);
    g_free(sheet->width);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

/* Once the cells are there. */
static void sheet_measure(Sheet *sheet)
{
    size_t lines = sheet->cells->len / sheet->columns;
    sheet->rows = lines - sheet->heads;
    for (size_t row = 0; row < lines; row++)
        for (size_t k = 0; k < sheet->columns; k++)
            sheet->width[k] = MAX(sheet->width[k], cli_columns(cell_at(sheet, row, k)));
}

static int width_of(const Sheet *sheet, size_t begin, size_t end)
{
    int width = 0;
    for (size_t k = begin; k < end; k++)
        width += GAP + sheet->width[k];
    return width;
}

/* On its side: a line for each column, with its name, its values, and its unit. FALSE: too wide for that. */
static gboolean print_sideways(const Sheet *sheet, int width)
{
    size_t columns = sheet->rows + 2;
    g_autoptr(GPtrArray) cells = g_ptr_array_new();
    g_autofree gboolean *right = g_new0(gboolean, columns);
    g_autofree int *widths = g_new0(int, columns);
    int total = INDENT - GAP;
    for (size_t k = 0; k < sheet->columns; k++) {
        g_ptr_array_add(cells, (gpointer)cell_at(sheet, 0, k));
        for (size_t row = 0; row < sheet->rows; row++)
            g_ptr_array_add(cells, (gpointer)cell_at(sheet, sheet->heads + row, k));
        g_ptr_array_add(cells, (gpointer)(sheet->heads > 1 ? cell_at(sheet, 1, k) : ""));
        for (size_t i = 0; i < columns; i++)
            widths[i] = MAX(widths[i], cli_columns(cells->pdata[k * columns + i]));
    }
    for (size_t i = 0; i < columns; i++) {
        total += GAP + widths[i];
        right[i] = i > 0 && i + 1 < columns;
    }
    if (total > width)
        return FALSE;
    cli_print_grid((char *const *)cells->pdata, sheet->columns, columns, right, INDENT);
    return TRUE;
}

static void print_block(const Sheet *sheet, size_t begin, size_t end, size_t rows)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t row = 0; row < sheet->heads + rows; row++) {
        g_string_assign(line, "");
        for (size_t k = 0; k < end; k++) {
            if (k >= sheet->keys && k < begin)
                continue;
            g_string_append_printf(line, "%*s", k == 0 ? INDENT : GAP, "");
            put_cell(line, cell_at(sheet, row, k), sheet->width[k], sheet->right[k]);
        }
        put_line(line);
    }
}

/* Where each block begins, and the end of the last one. */
static GArray *find_blocks(const Sheet *sheet, int width)
{
    GArray *begins = g_array_new(FALSE, FALSE, sizeof(size_t));
    int keys = width_of(sheet, 0, sheet->keys);
    size_t begin = sheet->keys;
    g_array_append_val(begins, begin);
    for (size_t k = sheet->keys; k < sheet->columns; k++)
        if (k > begin && keys + width_of(sheet, begin, k + 1) > width) {
            begin = k;
            g_array_append_val(begins, begin);
        }
    g_array_append_val(begins, sheet->columns);
    return begins;
}

/* In blocks below one another. What was printed is less than all where there are too many: *rows, *columns.
 */
static void print_blocks(const Sheet *sheet, int width, size_t *rows, size_t *columns)
{
    g_autoptr(GArray) blocks = find_blocks(sheet, width);
    const size_t *begin = (const size_t *)(void *)blocks->data;
    size_t n = MIN(blocks->len - 1, MOST_BLOCKS);
    *rows = MIN(sheet->rows, MAX(MOST_LINES / n, FEW_ROWS));
    *columns = begin[n];
    for (size_t b = 0; b < n; b++) {
        if (b > 0)
            putchar('\n');
        print_block(sheet, begin[b], begin[b + 1], *rows);
    }
}

/* --- tables --- */

/* Labels in front, and the number of a stage; else the first column. */
static size_t count_keys(const Sheet *sheet, const AlloyColumns *columns, int width)
{
    size_t keys = 0;
    while (keys < columns->len) {
        const AlloyColumn *column = columns->pdata[keys];
        if (column->type != ALLOY_TEXT && strcmp(column->name, "stage") != 0)
            break;
        keys++;
    }
    while (keys > 1 && width_of(sheet, 0, keys) > width / 2)
        keys--;
    return MAX(keys, 1);
}

/* Every step-th row of the table. */
static void fill_sheet(Sheet *sheet, const AlloyTable *table, size_t most_rows, size_t step)
{
    const AlloyColumns *columns = table->columns;
    gboolean units = FALSE;
    for (unsigned k = 0; k < columns->len; k++) {
        const AlloyColumn *column = columns->pdata[k];
        g_ptr_array_add(sheet->cells, cli_printable(column->name));
        sheet->right[k] = is_number(column);
        units = units || *shown_unit(column->unit) != '\0';
    }
    for (unsigned k = 0; units && k < columns->len; k++)
        g_ptr_array_add(sheet->cells,
                        cli_printable(shown_unit(((const AlloyColumn *)columns->pdata[k])->unit)));
    sheet->heads = units ? 2 : 1;
    for (size_t row = step / 2, n = 0; row < table->n && n < most_rows; row += step, n++)
        for (unsigned k = 0; k < columns->len; k++)
            g_ptr_array_add(sheet->cells, cell_of(columns, columns->pdata[k], row));
    sheet_measure(sheet);
}

/* The first column of a curve is a number that rises; of a curve a part of all points shows more than its
 * beginning. */
static gboolean is_curve(const AlloyTable *table)
{
    const AlloyColumn *first = table->columns->pdata[0];
    for (size_t i = 1; first->type == ALLOY_REAL && i < table->n; i++)
        if (!(first->real[i] > first->real[i - 1]))
            return FALSE;
    return first->type == ALLOY_REAL;
}

static void print_rest(size_t rows, size_t columns, size_t step, const char *rest)
{
    if (rows == 0 && columns == 0)
        return;
    printf("  ...");
    if (step > 1)
        printf(" 1 row of %zu is shown;", step);
    if (columns > 0)
        printf(" %zu more column%s", columns, columns == 1 ? "" : "s");
    if (rows > 0)
        printf("%s %zu more row%s", columns > 0 ? " and" : "", rows, rows == 1 ? "" : "s");
    printf(": %s\n", rest);
}

void cli_print_table(const AlloyTable *table, size_t most_rows, const char *rest)
{
    int width = cli_terminal_width(STDOUT_FILENO);
    if (table->columns->len == 0)
        return;
    g_auto(Sheet) sheet = {0};
    sheet_init(&sheet, table->columns->len);
    size_t step = table->n > most_rows && is_curve(table) ? (table->n + most_rows - 1) / most_rows : 1;
    fill_sheet(&sheet, table, most_rows, step);
    g_autofree char *title = cli_printable(table->title);
    printf("%s\n", title);
    sheet.keys = count_keys(&sheet, table->columns, width);
    gboolean wide = width_of(&sheet, 0, sheet.columns) > width;
    if (wide && sheet.rows == table->n && sheet.rows <= FEW_ROWS && print_sideways(&sheet, width))
        return;
    size_t rows = 0, columns = 0;
    print_blocks(&sheet, width, &rows, &columns);
    print_rest(table->n - rows, sheet.columns - columns, step, rest);
}

/* --- lists --- */

/* "3.41 angstrom"; of a series "3.41, 3.39 angstrom". */
static char *setting_text(const char *value, const char *unit)
{
    g_auto(GStrv) each = g_strsplit(value, ", ", -1);
    for (char **one = each; *one != NULL; one++) {
        double number = 0;
        if (!alloy_parse_double(*one, *one + strlen(*one), &number))
            return g_strdup(value);
        g_free(*one);
        *one = cli_number(number);
    }
    g_autofree char *numbers = g_strjoinv(", ", each);
    const char *shown = unit != NULL ? shown_unit(unit) : "";
    return g_strdup_printf("%s%s%s", numbers, *shown != '\0' ? " " : "", shown);
}

void cli_print_settings(const AlloyRun *run)
{
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        const char *value = g_hash_table_lookup(run->resolved, param->name);
        if (value == NULL || g_hash_table_contains(run->params, param->name))
            continue;
        g_autofree char *shown = setting_text(value, param->unit);
        printf("%s: %s (%s)\n", param->name, shown,
               param->automatic != NULL ? param->automatic : "automatic");
    }
}

void cli_print_scalars(const AlloyColumns *scalars, GHashTable *skip)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    size_t columns = 3;
    for (unsigned i = 0; i < scalars->len; i++) {
        const AlloyColumn *scalar = scalars->pdata[i];
        if (skip != NULL && g_hash_table_contains(skip, scalar->name))
            continue;
        g_ptr_array_add(cells, cli_printable(scalar->name));
        g_ptr_array_add(cells, cell_of(scalars, scalar, 0));
        g_ptr_array_add(cells, cli_printable(shown_unit(scalar->unit)));
    }
    const gboolean right[] = {FALSE, TRUE, FALSE};
    cli_print_grid((char *const *)cells->pdata, cells->len / columns, columns, right, 0);
}

static void add_summary(GPtrArray *cells, const AlloyColumn *column)
{
    g_ptr_array_add(cells, cli_printable(column->name));
    g_ptr_array_add(cells, cli_printable(shown_unit(column->unit)));
    if (column->type == ALLOY_TEXT) {
        g_ptr_array_add(cells, g_strdup_printf("%u different", column->n_labels));
        for (int k = 0; k < 3; k++)
            g_ptr_array_add(cells, g_strdup(""));
        return;
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

void cli_print_atoms_summary(const AlloyAtoms *atoms, const AlloyAtoms *without)
{
    static const char *const header[] = {"per atom", "unit", "mean", "min", "max", "missing"};
    g_auto(Sheet) sheet = {0};
    sheet_init(&sheet, G_N_ELEMENTS(header));
    for (size_t k = 0; k < sheet.columns; k++) {
        g_ptr_array_add(sheet.cells, g_strdup(header[k]));
        sheet.right[k] = k > 1;
    }
    for (unsigned i = 0; i < atoms->columns->len; i++) {
        const AlloyColumn *column = atoms->columns->pdata[i];
        if (without == NULL || alloy_atoms_column(without, column->name) == NULL)
            add_summary(sheet.cells, column);
    }
    sheet_measure(&sheet);
    size_t rows = 0, columns = 0;
    if (sheet.rows > 0)
        print_blocks(&sheet, cli_terminal_width(STDOUT_FILENO), &rows, &columns);
    if (rows < sheet.rows)
        printf("  ... %zu more\n", sheet.rows - rows);
}
