/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people. Never the locale's printf of a number: a table that a script reads from the terminal shall
 * not depend on the language of who runs it. */
#include "app/cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cli_terminal_width(int terminal)
{
    guint64 columns = 0;
    const char *wanted = g_getenv("COLUMNS");
    if (wanted != NULL && g_ascii_string_to_unsigned(wanted, 10, 20, 10000, &columns, NULL))
        return (int)columns;
    struct winsize size;
    if (isatty(terminal) && ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

int cli_width(void)
{
    return MIN(cli_terminal_width(STDOUT_FILENO), 100);
}

int cli_columns(const char *text)
{
    int columns = 0;
    while (*text != '\0') {
        gunichar c = g_utf8_get_char_validated(text, -1);
        gboolean valid = c != (gunichar)-1 && c != (gunichar)-2;
        if (!valid)
            columns++;
        else if (!g_unichar_iszerowidth(c))
            columns += g_unichar_iswide(c) ? 2 : 1;
        text = valid ? g_utf8_next_char(text) : text + 1;
    }
    return columns;
}

char *cli_printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (character < 0x20 || (character >= 0x7f && character < 0xa0))
            g_string_append_printf(out, "\\x%02x", character);
        else
            g_string_append_unichar(out, character);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
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
            int columns = cli_columns(*word);
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
