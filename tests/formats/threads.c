/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/base/random.h"

/* Whatever the number of threads: the same values, the same first error; and a cancelled reader stops. */

enum { N = 15000 }; /* several blocks of lines */

static void append_position(GString *text, AlloyRandom *random, gboolean columns)
{
    for (int k = 0; k < 3; k++) {
        char number[16];
        g_ascii_formatd(number, sizeof number, columns ? "%8.3f" : "%.6f", alloy_random_uniform(random));
        g_string_append_printf(text, "%s%s", columns ? "" : " ", number);
    }
}

/* A file of N atoms; in lines bad and after there is no number where one should be. */
static char *make_file(const char *format, int bad)
{
    AlloyRandom random;
    alloy_random_init(&random, 5, 6);
    GString *text = g_string_new(NULL);
    gboolean columns = strcmp(format, "pdb") == 0;
    if (strcmp(format, "lammps-dump") == 0)
        g_string_printf(
            text,
            "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
            "ITEM: ATOMS type xs ys zs q\n",
            N);
    else if (strcmp(format, "lammps-data") == 0)
        g_string_printf(
            text, "t\n%d atoms\n7 atom types\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms # atomic\n\n",
            N);
    else if (strcmp(format, "poscar") == 0)
        g_string_printf(text, "t\n9.7\n1 0 0\n0 1 0\n.1 0 1\nPd Ir\n%d 1\nDirect\n", N - 1);
    else if (strcmp(format, "cfg") == 0)
        g_string_printf(text, "Number of particles = %d\nH0(1,1) = 3\nH0(2,2) = 4\nH0(3,3) = 5\n", N);
    else if (strcmp(format, "cif") == 0)
        g_string_printf(
            text,
            "data_x\n_cell_length_a 900\n_cell_length_b 900\n_cell_length_c 900\nloop_\n_atom_site_label\n"
            "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n");
    for (int i = 0; i < N; i++) {
        if (strcmp(format, "lammps-dump") == 0)
            g_string_append_printf(text, "%d", i % 7 + 1);
        else if (strcmp(format, "lammps-data") == 0)
            g_string_append_printf(text, "%d %d", i + 1, i % 7 + 1);
        else if (strcmp(format, "cfg") == 0)
            g_string_append_printf(text, "1.0 %s", i % 2 ? "Pd" : "Ir");
        else if (strcmp(format, "cif") == 0)
            g_string_append_printf(text, "Pd%d", i);
        else if (columns)
            g_string_append_printf(text, "ATOM  %5d %s   MOL A   1    ", i, i % 2 ? "PD" : "IR");
        append_position(text, &random, columns);
        if (strcmp(format, "lammps-dump") == 0)
            g_string_append_printf(text, " %d", i);
        if (i >= bad)
            text->str[text->len - 2] = 'x';
        g_string_append(text, strcmp(format, "cfg") == 0 ? " 0 0 0\n" : "\n");
    }
    return g_string_free(text, FALSE);
}

static void test_format(gconstpointer data)
{
    const char *format = data;
    g_autofree char *good = make_file(format, N);
    g_autofree char *bad = make_file(format, N / 3);
    g_autoptr(AlloyAtoms) first = NULL;
    g_autofree char *message = NULL;
    for (unsigned threads = 1; threads <= 8; threads *= threads == 1 ? 2 : 4) {
        alloy_parallel_set_threads(threads);
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(format, good, NULL);
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_read_memory("sample", bad, strlen(bad), format, NULL, NULL, &error));
        g_assert_cmpuint(atoms->n, ==, N);
        if (first == NULL) {
            first = g_steal_pointer(&atoms);
            message = g_strdup(error->message);
            continue;
        }
        reading_same_positions(first, atoms);
        g_assert_cmpmem(first->species, N * sizeof *first->species, atoms->species,
                        N * sizeof *atoms->species);
        g_assert_cmpuint(first->columns->len, ==, atoms->columns->len);
        for (unsigned c = 0; c < first->columns->len; c++) {
            const AlloyColumn *p = first->columns->pdata[c], *q = atoms->columns->pdata[c];
            g_assert_cmpmem(p->values, N * alloy_type_size(p->type), q->values, N * alloy_type_size(q->type));
        }
        g_assert_cmpstr(error->message, ==, message);
    }
    alloy_parallel_set_threads(0);
    /* The first wrong line is the one that is told: N / 3 lines of atoms are right, and the head has no more
     * than 10. */
    const char *line = strstr(message, ", line ");
    g_assert_nonnull(line);
    guint64 number = g_ascii_strtoull(line + strlen(", line "), NULL, 10);
    g_assert_cmpuint(number, >, N / 3);
    g_assert_cmpuint(number, <=, N / 3 + 11);

    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_read_memory("sample", good, strlen(good), format, NULL, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const char *const formats[] = {"lammps-dump", "lammps-data", "poscar", "cif", "cfg", "pdb"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *path = g_strconcat("/threads/", formats[i], NULL);
        g_test_add_data_func(path, formats[i], test_format);
    }
    return g_test_run();
}
