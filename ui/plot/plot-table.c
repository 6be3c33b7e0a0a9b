/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/plot-private.h"

#include <math.h>
#include <string.h>

/* The numbers behind a plot. */

/* The column with n rows: shared where it has them, else filled up with missing values. */
static const AlloyColumn *filled(const AlloyColumn *column, const char *name, size_t n)
{
    if (column->n == n)
        return alloy_column_renamed(column, name);
    if (column->type == ALLOY_TEXT) {
        AlloyLabels *labels = alloy_labels_new();
        uint32_t *codes = alloy_array_new(uint32_t, n);
        for (size_t i = 0; i < n; i++) {
            const char *text = i < column->n ? alloy_column_text_at(column, i) : "";
            codes[i] = alloy_labels_add(labels, text, strlen(text));
        }
        return alloy_labels_finish(labels, name, codes, n);
    }
    double *values = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        values[i] = i < column->n ? alloy_column_real_at(column, i) : (double)NAN;
    return alloy_column_new_real(name, column->unit, values, n);
}

static gboolean same(const AlloyColumn *a, const AlloyColumn *b)
{
    if (a == b)
        return TRUE;
    if (a->type != b->type || a->n != b->n || strcmp(a->unit, b->unit) != 0 || strcmp(a->name, b->name) != 0)
        return FALSE;
    if (a->type == ALLOY_TEXT) {
        for (size_t i = 0; i < a->n; i++)
            if (strcmp(alloy_column_text_at(a, i), alloy_column_text_at(b, i)) != 0)
                return FALSE;
        return TRUE;
    }
    return a->values == b->values || a->n == 0 ||
           memcmp(a->values, b->values, a->n * alloy_type_size(a->type)) == 0;
}

/* A name that no column has yet, from the mark's label and the column's own name. */
static char *free_name(const AlloyColumns *columns, const char *label, const char *name)
{
    if (alloy_columns_get(columns, name) == NULL)
        return g_strdup(name);
    g_autofree char *long_name = label != NULL ? g_strdup_printf("%s %s", label, name) : g_strdup(name);
    g_autofree char *candidate = g_strdup(long_name);
    for (int i = 2; alloy_columns_get(columns, candidate) != NULL; i++) {
        g_free(candidate);
        candidate = g_strdup_printf("%s %d", long_name, i);
    }
    return g_steal_pointer(&candidate);
}

const AlloyTable *alloy_plot_table(const AlloyPlot *plot)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    AlloyColumns *columns = alloy_columns_new();
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < plot->marks->len; i++) {
            const AlloyMark *mark = &alloy_plot_mark(plot, i)->is;
            const AlloyColumn *of_mark[] = {mark->x,       mark->y,       mark->low,
                                            mark->high,    mark->y_below, mark->y_above,
                                            mark->x_below, mark->x_above, mark->z};
            for (unsigned k = 0; k < G_N_ELEMENTS(of_mark); k++) {
                const AlloyColumn *column = of_mark[k];
                if (column == NULL)
                    continue;
                n = MAX(n, column->n);
                gboolean known = FALSE;
                for (unsigned j = 0; pass == 1 && j < found->len && !known; j++)
                    known = same(found->pdata[j], column);
                if (pass == 0 || known)
                    continue;
                g_autofree char *name = free_name(columns, mark->label, column->name);
                alloy_columns_set(columns, filled(column, name, n));
                g_ptr_array_add(found, (gpointer)column);
            }
        }
    return alloy_table_new(plot->title, columns, NULL);
}
