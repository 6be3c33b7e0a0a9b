/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/project/store.h"

#include <math.h>
#include <string.h>

/* Any bytes as the HDF5 part of a project file: the block before it, with length and checksum, is made here,
 * as a hostile hand would. What loads must hold together. */

#define BLOCK 512

static void check_columns(const AlloyColumns *columns)
{
    for (unsigned i = 0; i < columns->len; i++) {
        const AlloyColumn *column = columns->pdata[i];
        g_assert(g_utf8_validate(column->name, -1, NULL) && g_utf8_validate(column->unit, -1, NULL));
        for (size_t k = 0; k < column->n; k++) {
            char buffer[32];
            g_assert(alloy_column_format_at(column, k, buffer) != NULL);
        }
    }
}

static void check_atoms(const AlloyAtoms *atoms)
{
    size_t counted = 0;
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        counted += atoms->kinds[k].count;
    g_assert(counted == atoms->n);
    for (size_t i = 0; i < atoms->n; i++)
        g_assert(isfinite(atoms->x[i]) && isfinite(atoms->y[i]) && isfinite(atoms->z[i]));
    check_columns(atoms->columns);
    check_columns(atoms->info);
}

static void check_data(const AlloyData *data)
{
    if (ALLOY_IS_ATOMS(data)) {
        check_atoms((const AlloyAtoms *)data);
    } else if (ALLOY_IS_SERIES(data)) {
        const AlloySeries *series = (const AlloySeries *)data;
        for (size_t i = 0; i < series->n; i++)
            check_atoms(series->stages[i].atoms);
    } else if (ALLOY_IS_TABLE(data)) {
        check_columns(((const AlloyTable *)data)->columns);
        check_columns(((const AlloyTable *)data)->scalars);
    } else {
        const AlloySelection *selection = (const AlloySelection *)data;
        g_autofree uint32_t *ids = alloy_selection_ids(selection);
        for (size_t i = 0; i < selection->count; i++)
            g_assert(ids[i] < selection->n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *file = g_malloc0(BLOCK + size);
    if (size > 0)
        memcpy(file + BLOCK, bytes, size);
    alloy_project_seal(file, BLOCK + size);
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyProject) project = alloy_project_load_memory("fuzz", file, BLOCK + size, NULL, &error);
    g_assert((project == NULL) == (error != NULL));
    for (unsigned i = 0; project != NULL && i < alloy_project_size(project); i++)
        check_data(alloy_project_at(project, i)->data);
    return 0;
}
