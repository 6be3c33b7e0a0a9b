/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/common.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/series.h"
#include "core/formats/format.h"

#include <math.h>
#include <string.h>

/* What the tests of the readers share. */

static inline AlloyData *reading_bytes(const char *format, const char *text, size_t length,
                                       GPtrArray *warnings)
{
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_read_memory("sample", text, length, format, warnings, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(data);
    return data;
}

/* The one model that text holds. */
static inline const AlloyAtoms *reading_atoms(const char *format, const char *text, GPtrArray *warnings)
{
    AlloyData *data = reading_bytes(format, text, strlen(text), warnings);
    g_assert_true(ALLOY_IS_ATOMS(data));
    return (const AlloyAtoms *)data;
}

static inline const AlloySeries *reading_series(const char *format, const char *text, GPtrArray *warnings)
{
    AlloyData *data = reading_bytes(format, text, strlen(text), warnings);
    g_assert_true(ALLOY_IS_SERIES(data));
    return (const AlloySeries *)data;
}

/* Text that must be refused with a message that contains says (the line and what is wrong). */
static inline void reading_fails(const char *format, const char *text, const char *says)
{
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_read_memory("sample", text, strlen(text), format, NULL, NULL, &error);
    g_assert_null(data);
    g_assert_nonnull(error);
    g_assert_cmpint((int)error->domain, ==, (int)ALLOY_ERROR);
    if (strstr(error->message, says) == NULL) {
        g_test_message("\"%s\" does not contain \"%s\"", error->message, says);
        g_test_fail();
    }
}

/* The first warning of this code; NULL for none. */
static inline const char *reading_warning(const GPtrArray *warnings, const char *code)
{
    for (unsigned i = 0; i < warnings->len; i++) {
        const AlloyWarning *warning = warnings->pdata[i];
        if (strcmp(warning->code, code) == 0)
            return warning->message;
    }
    return NULL;
}

static inline AlloyData *reading_file(const char *relative, GPtrArray *warnings)
{
    g_autofree char *path = test_data_path(relative);
    if (path == NULL)
        return NULL;
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_read_file(path, NULL, warnings, NULL, &error);
    g_assert_no_error(error);
    return data;
}

static inline GBytes *reading_written(const char *format, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable();
    const AlloyFormat *writer = alloy_format_by_name(format);
    g_assert_true(writer->writes(data));
    g_assert_true(writer->write(data, sink, NULL, &error));
    g_assert_no_error(error);
    g_output_stream_close(sink, NULL, NULL);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(sink));
}

/* data written in a format and read again. */
static inline AlloyData *reading_again(const char *format, gconstpointer data, GPtrArray *warnings)
{
    g_autoptr(GBytes) bytes = reading_written(format, data);
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    return reading_bytes(format, text, length, warnings);
}

static inline void reading_same_positions(const AlloyAtoms *a, const AlloyAtoms *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    g_assert_cmpmem(a->x, a->n * sizeof(double), b->x, b->n * sizeof(double));
    g_assert_cmpmem(a->y, a->n * sizeof(double), b->y, b->n * sizeof(double));
    g_assert_cmpmem(a->z, a->n * sizeof(double), b->z, b->n * sizeof(double));
}

static inline void reading_same_species(const AlloyAtoms *a, const AlloyAtoms *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    for (size_t i = 0; i < a->n; i++)
        g_assert_cmpstr(a->kinds[a->species[i]].name, ==, b->kinds[b->species[i]].name);
}

static inline void reading_position(const AlloyAtoms *atoms, size_t i, double x, double y, double z,
                                    double tolerance)
{
    g_assert_cmpuint(i, <, atoms->n);
    test_assert_near(atoms->x[i], x, tolerance);
    test_assert_near(atoms->y[i], y, tolerance);
    test_assert_near(atoms->z[i], z, tolerance);
}

static inline void reading_cell(const AlloyCell *cell, const double rows[3][3], double tolerance)
{
    g_assert_nonnull(cell);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            test_assert_near(cell->vector[i][k], rows[i][k], tolerance);
}

static inline size_t reading_count(const AlloyAtoms *atoms, const char *kind)
{
    int k = alloy_atoms_find_kind(atoms, kind);
    return k >= 0 ? atoms->kinds[k].count : 0;
}

static inline double reading_number(const AlloyAtoms *atoms, const char *column, size_t i)
{
    const AlloyColumn *found = alloy_atoms_column(atoms, column);
    g_assert_nonnull(found);
    g_assert_cmpuint(i, <, found->n);
    return alloy_column_real_at(found, i);
}
