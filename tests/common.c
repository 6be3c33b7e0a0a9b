/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/common.h"

#include "core/formats/format.h"

#include <string.h>

char *test_data_path(const char *relative)
{
    const char *set = g_getenv("ALLOYSCOPE_DATA");
    g_autofree char *folder = NULL;
    if (set != NULL)
        folder = g_strdup(set);
    else
        folder = g_build_filename(g_getenv("ALLOYSCOPE_SOURCE") ? g_getenv("ALLOYSCOPE_SOURCE") : ".", "..",
                                  "shared", "data", NULL);
    g_autofree char *path = g_build_filename(folder, relative, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *message = g_strdup_printf("%s is not here", relative);
        g_test_skip(message);
        return NULL;
    }
    return g_steal_pointer(&path);
}

const AlloyAtoms *test_data_atoms(const char *relative)
{
    g_autofree char *path = test_data_path(relative);
    if (path == NULL)
        return NULL;
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_read_file(path, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ALLOY_IS_ATOMS(data));
    return (const AlloyAtoms *)data;
}

const AlloyAtoms *test_fcc(double a, int nx, int ny, int nz, const char *name)
{
    static const double basis[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new((size_t)nx * (size_t)ny * (size_t)nz * 4);
    int kind = alloy_atoms_builder_kind(builder, name, strlen(name));
    size_t n = 0;
    for (int i = 0; i < nx; i++)
        for (int j = 0; j < ny; j++)
            for (int k = 0; k < nz; k++)
                for (int b = 0; b < 4; b++, n++) {
                    builder->x[n] = a * (i + basis[b][0]);
                    builder->y[n] = a * (j + basis[b][1]);
                    builder->z[n] = a * (k + basis[b][2]);
                    builder->species[n] = (uint16_t)kind;
                }
    AlloyCell cell = {{0, 0, 0}, {{a * nx, 0, 0}, {0, a * ny, 0}, {0, 0, a * nz}}, {TRUE, TRUE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    return alloy_atoms_builder_finish(builder);
}
