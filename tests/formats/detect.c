/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/formats/source.h"

/* Every file is found as what it is, by its content alone: the name given is always the same. */

typedef struct {
    const char *pattern; /* of the path, as in a shell */
    const char *format;  /* NULL: no format, it must be refused */
} Rule;

/* The first that fits. */
static const Rule rules[] = {
    {"*handmade/README*", NULL},
    {"*/README.md", NULL},
    {"*handmade/empty.xyz", NULL},
    {"*handmade/expected.json", NULL},
    {"*handmade/negative_count.xyz", NULL},
    {"*handmade/truncated_gzip*", NULL},
    {"*.xyz", "xyz"},
    {"*.extxyz", "xyz"},
    {"*.extxyz.*", "xyz"},
    {"*.lammpstrj*", "lammps-dump"},
    {"*dump*.bin", "lammps-dump"},
    {"*.dump", "lammps-dump"},
    {"*.dump.gz", "lammps-dump"},
    {"*dump.ellipsoid.gz", "lammps-dump"},
    {"*.data", "lammps-data"},
    {"*.data.gz", "lammps-data"},
    {"*.cfg", "cfg"},
    {"*.cif", "cif"},
    {"*.pdb", "pdb"},
    {"*.vasp", "poscar"},
    {"*/POSCAR/*", "poscar"},
};

static char *format_of(const char *bytes, size_t length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloySource) source = alloy_source_from_memory("file", bytes, length, NULL, &error);
    const AlloyFormat *found =
        source != NULL && source->length > 0 ? alloy_format_detect(source, NULL) : NULL;
    return g_strdup(found != NULL ? found->name : NULL);
}

static void check(const char *folder)
{
    g_autofree char *path = test_data_path(folder);
    if (path == NULL)
        return;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *bytes = NULL;
        gsize length;
        if (!g_file_get_contents(file, &bytes, &length, NULL))
            continue;
        for (size_t r = 0; r < G_N_ELEMENTS(rules); r++) {
            if (!g_pattern_match_simple(rules[r].pattern, file))
                continue;
            g_autofree char *found = format_of(bytes, length);
            gboolean wrong = rules[r].format != NULL && g_strcmp0(found, rules[r].format) != 0;
            /* What is no model may be read as a table, but never as a model. */
            wrong = wrong || (rules[r].format == NULL && found != NULL && strcmp(found, "text") != 0 &&
                              strcmp(found, "json") != 0 && strcmp(found, "xyz") != 0);
            if (wrong) {
                g_test_message("%s is taken for %s, not %s", file, found != NULL ? found : "nothing",
                               rules[r].format);
                g_test_fail();
            }
            break;
        }
    }
}

static void test_files(void)
{
    static const char *const folders[] = {
        "atoms/handmade",           "atoms/ovito_tests/CFG", "atoms/ovito_tests/CIF",
        "atoms/ovito_tests/LAMMPS", "atoms/ovito_tests/PDB", "atoms/ovito_tests/POSCAR",
        "atoms/ovito_tests/XYZ",    "atoms/ovito_examples",  "atoms/warren_cowley",
        "atoms/analytic",           "aet/pdpt_pku",          "atoms/freud_steinhardt"};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        check(folders[i]);
}

/* Texts that look a bit like several formats. */
static void test_texts(void)
{
    static const struct {
        const char *text, *format;
    } cases[] = {
        {"2\n1.0\n3 0 0\n0 3 0\n0 0 3\nPd\n1\nDirect\n0 0 0\n", "poscar"}, /* a title that is a number */
        {"3\n1 0 0\nPd 1 0 0\nPd 0 1 0\nPd 0 0 1\n", "xyz"},               /* a comment that is a vector */
        {"ITEM: TIMESTEP\n0\n", "lammps-dump"},
        {"\n\nITEM: UNITS\nmetal\nITEM: TIMESTEP\n0\n", "lammps-dump"},
        {"\xef\xbb\xbfITEM: TIMESTEP\r\n0\r\n", "lammps-dump"},
        {"# written by hand\n\n 2 atoms\n 1 atom types\n0 1 xlo xhi\n", "lammps-data"},
        {"# a remark\n\nNumber of particles = 4\n", "cfg"},
        {"# a remark\n\ndata_x\n_cell_length_a 4\n", "cif"},
        {"REMARK made by hand\nATOM      1  C   UNK     1       1.000   2.000   3.000\n", "pdb"},
        {"x,y,z\n1,2,3\n4,5,6\n", "text"},
        {"data_x data_y\n1 2\n3 4\n", "text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = format_of(cases[i].text, strlen(cases[i].text));
        if (g_strcmp0(found, cases[i].format) != 0) {
            g_test_message("\"%s\" is taken for %s, not %s", cases[i].text, found, cases[i].format);
            g_test_fail();
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/detect/files", test_files);
    g_test_add_func("/detect/texts", test_texts);
    return g_test_run();
}
