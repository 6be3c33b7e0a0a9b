/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/parallel.h"
#include "core/data/series.h"
#include "core/data/table.h"
#include "core/data/warning.h"
#include "core/formats/format.h"
#include "core/formats/source.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* Any bytes as a file of one format (FORMAT, from the build; "any": found by content, so also what is
 * compressed). What can be read is then written in every format that takes it, and those that can be read
 * must give the same atoms back. */

#define LIMIT ((size_t)64 << 20)

static void check_atoms(const AlloyAtoms *atoms)
{
    size_t counted = 0;
    for (unsigned k = 0; k < atoms->n_kinds; k++) {
        g_assert(g_utf8_validate(atoms->kinds[k].name, -1, NULL));
        counted += atoms->kinds[k].count;
    }
    g_assert(counted == atoms->n);
    for (size_t i = 0; i < atoms->n; i++)
        g_assert(isfinite(atoms->x[i]) && isfinite(atoms->y[i]) && isfinite(atoms->z[i]));
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        g_assert(column->n == atoms->n && g_utf8_validate(column->name, -1, NULL));
        g_assert(alloy_atoms_column(atoms, column->name) == column); /* no name twice */
    }
    g_assert(atoms->cell == NULL || alloy_cell_check(atoms->cell, NULL));
}

static GBytes *written(const AlloyFormat *format, const AlloyData *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable();
    if (!format->write(data, sink, NULL, &error)) {
        g_assert(error != NULL);
        return NULL;
    }
    g_output_stream_close(sink, NULL, NULL);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(sink));
}

static void check_same(const AlloyAtoms *a, const AlloyAtoms *b)
{
    g_assert(a->n == b->n && a->columns->len == b->columns->len);
    g_assert(memcmp(a->x, b->x, a->n * sizeof(double)) == 0);
    g_assert(memcmp(a->y, b->y, a->n * sizeof(double)) == 0);
    g_assert(memcmp(a->z, b->z, a->n * sizeof(double)) == 0);
    g_assert((a->cell == NULL) == (b->cell == NULL));
    for (int i = 0; a->cell != NULL && i < 3; i++) {
        g_assert(a->cell->origin[i] == b->cell->origin[i] && a->cell->periodic[i] == b->cell->periodic[i]);
        for (int k = 0; k < 3; k++)
            g_assert(a->cell->vector[i][k] == b->cell->vector[i][k]);
    }
}

/* A dump keeps the positions, a POSCAR the cell and the number of atoms. */
static void check_again(const AlloyFormat *format, const AlloyAtoms *a, const AlloyAtoms *b)
{
    if (format == &alloy_format_xyz) {
        check_same(a, b);
        return;
    }
    g_assert(a->n == b->n);
    if (format == &alloy_format_poscar) {
        g_assert(memcmp(a->cell->vector, b->cell->vector, sizeof a->cell->vector) == 0);
        return;
    }
    g_assert(memcmp(a->x, b->x, a->n * sizeof(double)) == 0);
    g_assert(memcmp(a->y, b->y, a->n * sizeof(double)) == 0);
    g_assert(memcmp(a->z, b->z, a->n * sizeof(double)) == 0);
}

static void check_writers(const AlloyData *data)
{
    for (const AlloyFormat *const *format = alloy_formats(); *format != NULL; format++) {
        if ((*format)->writes == NULL || !(*format)->writes(data))
            continue;
        g_autoptr(GBytes) bytes = written(*format, data);
        gboolean poscar = *format == &alloy_format_poscar;
        if (*format != &alloy_format_xyz && *format != &alloy_format_lammps_dump &&
            !(poscar && bytes != NULL))
            continue;
        g_assert(bytes != NULL);
        g_autoptr(GError) error = NULL;
        gsize length;
        const char *text = g_bytes_get_data(bytes, &length);
        g_autoptr(AlloyData) again =
            alloy_read_memory("again", text, length, (*format)->name, NULL, NULL, &error);
        g_assert_no_error(error);
        if (ALLOY_IS_ATOMS(data))
            check_again(*format, (const AlloyAtoms *)data, (const AlloyAtoms *)again);
        else if (((const AlloySeries *)data)->n > 1)
            for (size_t i = 0; i < ((const AlloySeries *)data)->n; i++)
                check_again(*format, ((const AlloySeries *)data)->stages[i].atoms,
                            ((const AlloySeries *)again)->stages[i].atoms);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static gboolean ready;
    if (!ready) {
        alloy_parallel_set_threads(1); /* results do not depend on it, the fuzzer's speed does */
        alloy_source_set_limit(LIMIT);
        ready = TRUE;
    }
    const char *format = strcmp(FORMAT, "any") == 0 ? NULL : FORMAT;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(AlloyData) data =
        alloy_read_memory("fuzz", (const char *)bytes, size, format, warnings, NULL, &error);
    g_assert((data == NULL) == (error != NULL));
    for (unsigned i = 0; i < warnings->len; i++)
        g_assert(g_utf8_validate(((const AlloyWarning *)warnings->pdata[i])->message, -1, NULL));
    if (data == NULL) {
        g_assert(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    if (ALLOY_IS_ATOMS(data))
        check_atoms((const AlloyAtoms *)data);
    if (ALLOY_IS_SERIES(data))
        for (size_t i = 0; i < ((const AlloySeries *)data)->n; i++)
            check_atoms(((const AlloySeries *)data)->stages[i].atoms);
    check_writers(data);
    return 0;
}
