/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/table.h"

static void table_finalize(AlloyData *data)
{
    AlloyTable *table = (AlloyTable *)data;
    g_free((char *)table->title);
    g_ptr_array_unref((AlloyColumns *)table->columns);
    g_ptr_array_unref((AlloyColumns *)table->scalars);
    g_free(table);
}

const AlloyDataClass alloy_table_class = {"table", "Table", table_finalize};

const AlloyTable *alloy_table_new(const char *title, AlloyColumns *columns, AlloyColumns *scalars)
{
    AlloyTable *table = g_new0(AlloyTable, 1);
    alloy_data_init(&table->base, &alloy_table_class);
    table->title = g_strdup(title != NULL ? title : "");
    table->columns = columns != NULL ? columns : alloy_columns_new();
    table->scalars = scalars != NULL ? scalars : alloy_columns_new();
    for (unsigned i = 0; i < table->columns->len; i++) {
        const AlloyColumn *column = table->columns->pdata[i];
        g_assert(i == 0 || column->n == table->n);
        table->n = column->n;
    }
    for (unsigned i = 0; i < table->scalars->len; i++)
        g_assert(((const AlloyColumn *)table->scalars->pdata[i])->n == 1);
    return table;
}

const AlloyColumn *alloy_table_column(const AlloyTable *table, const char *name)
{
    return alloy_columns_get(table->columns, name);
}
