/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The comment line of extended XYZ as it is written: what xyz-header.c reads back. */
#include "core/base/number.h"
#include "core/formats/xyz-header.h"

#include <string.h>

static gboolean is_special(const char *key)
{
    static const char *const special[] = {"Lattice", "Properties",   "pbc",
                                          "Origin",  "column_units", "info_units"};
    for (size_t i = 0; i < G_N_ELEMENTS(special); i++)
        if (g_ascii_strcasecmp(key, special[i]) == 0)
            return TRUE;
    return FALSE;
}

static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        if (*text == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void append_key(GString *out, const char *key)
{
    if (key[0] == '\0' || strpbrk(key, " \t\r\n\v\f=\",[]{}\\'") != NULL)
        append_quoted(out, key);
    else
        g_string_append(out, key);
    /* A name that would be read as something else. */
    if (is_special(key))
        g_string_append_c(out, '_');
}

static void append_real(GString *out, double value)
{
    char text[ALLOY_DOUBLE_TEXT];
    alloy_format_double(value, text);
    g_string_append(out, text);
    /* So that it stays a real. */
    if (strpbrk(text, ".enif") == NULL)
        g_string_append(out, ".0");
}

static void append_value(GString *out, const AlloyColumn *column)
{
    char text[ALLOY_DOUBLE_TEXT];
    if (column->type == ALLOY_TEXT) {
        if (column->n > 1)
            g_string_append_c(out, '[');
        for (size_t i = 0; i < column->n; i++) {
            if (i > 0)
                g_string_append(out, ", ");
            append_quoted(out, alloy_column_text_at(column, i));
        }
        if (column->n > 1)
            g_string_append_c(out, ']');
        return;
    }
    if (column->n > 1)
        g_string_append_c(out, '"');
    for (size_t i = 0; i < column->n; i++) {
        if (i > 0)
            g_string_append_c(out, ' ');
        if (column->type == ALLOY_REAL) {
            append_real(out, column->real[i]);
        } else if (column->type == ALLOY_BOOLEAN) {
            g_string_append_c(out, column->boolean[i] ? 'T' : 'F');
        } else {
            alloy_format_int64(column->integer[i], text);
            g_string_append(out, text);
        }
    }
    if (column->n > 1)
        g_string_append_c(out, '"');
}

/* The unit to be written: "text" for a text that would be read as numbers; NULL: none. */
static const char *unit_to_write(const AlloyColumn *column)
{
    if (strchr(column->name, ':') != NULL)
        return NULL;
    if (column->type != ALLOY_TEXT)
        return strcmp(column->unit, ALLOY_UNIT_NONE) == 0 || column->unit[0] == '\0' ||
                       strchr(column->unit, ':') != NULL
                   ? NULL
                   : column->unit;
    if (column->n != 1)
        return NULL;
    return alloy_xyz_reads_as_text(alloy_column_text_at(column, 0)) ? NULL : "text";
}

void alloy_xyz_header_append(GString *out, const AlloyAtoms *atoms, const char *properties,
                             const char *column_units)
{
    const AlloyCell *cell = atoms->cell;
    if (cell != NULL) {
        g_string_append(out, "Lattice=\"");
        for (int i = 0; i < 9; i++) {
            if (i > 0)
                g_string_append_c(out, ' ');
            append_real(out, cell->vector[i / 3][i % 3]);
        }
        g_string_append(out, "\" ");
        if (cell->origin[0] != 0 || cell->origin[1] != 0 || cell->origin[2] != 0) {
            g_string_append(out, "Origin=\"");
            for (int i = 0; i < 3; i++) {
                if (i > 0)
                    g_string_append_c(out, ' ');
                append_real(out, cell->origin[i]);
            }
            g_string_append(out, "\" ");
        }
        g_string_append_printf(out, "pbc=\"%c %c %c\" ", cell->periodic[0] ? 'T' : 'F',
                               cell->periodic[1] ? 'T' : 'F', cell->periodic[2] ? 'T' : 'F');
    }
    g_string_append_printf(out, "Properties=%s", properties);
    if (column_units != NULL && column_units[0] != '\0') {
        g_string_append(out, " column_units=");
        append_quoted(out, column_units);
    }
    g_autoptr(GString) info_units = g_string_new(NULL);
    g_autoptr(GString) entries = g_string_new(NULL);
    for (unsigned i = 0; i < atoms->info->len; i++) {
        const AlloyColumn *column = atoms->info->pdata[i];
        if (column->n == 0)
            continue;
        g_string_append_c(entries, ' ');
        append_key(entries, column->name);
        g_string_append_c(entries, '=');
        append_value(entries, column);
        const char *unit = unit_to_write(column);
        if (unit != NULL)
            g_string_append_printf(info_units, "%s%s:%s", info_units->len > 0 ? ":" : "", column->name, unit);
    }
    if (info_units->len > 0) {
        g_string_append(out, " info_units=");
        append_quoted(out, info_units->str);
    }
    g_string_append_len(out, entries->str, (gssize)entries->len);
    g_string_append_c(out, '\n');
}
