/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/format.h"
#include "core/structure/import.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

#define CIF                                                                                                  \
    "data_x\n_cell_length_a 20\n_cell_length_b 20\n_cell_length_c 20\nloop_\n_atom_site_type_symbol\n"       \
    "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n"

static AlloyData *read_text(const char *format, const char *text)
{
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_read_memory("sample", text, strlen(text), format, NULL, NULL, &error);
    g_assert_no_error(error);
    return data;
}

static GPtrArray *check(const AlloyData *data)
{
    GPtrArray *warnings = alloy_warnings_new();
    g_autoptr(GError) error = NULL;
    alloy_check_data(data, warnings, NULL, &error);
    g_assert_no_error(error);
    return warnings;
}

static const AlloyWarning *find(const GPtrArray *warnings, const char *code)
{
    for (guint w = 0; w < warnings->len; w++)
        if (strcmp(((const AlloyWarning *)warnings->pdata[w])->code, code) == 0)
            return warnings->pdata[w];
    return NULL;
}

static const AlloyAtoms *fix(const AlloyData *data, const char *text)
{
    g_autoptr(GError) error = NULL;
    AlloyData *fixed = alloy_fix_data(data, text, &error);
    g_assert_no_error(error);
    return (const AlloyAtoms *)fixed;
}

static size_t count(const AlloyAtoms *atoms, const char *kind)
{
    int k = alloy_atoms_find_kind(atoms, kind);
    return k >= 0 ? atoms->kinds[k].count : 0;
}

/* Two species on one place, two near places of one species across the face of the cell, three that make 0.99
 * by rounding, a vacant one, a whole one. */
static const char mixed[] = CIF "Pd 0 .5 .5 0.3\nIr 0 .5 .5 0.7\n"
                                "Pd .2 .2 .001 0.4\nPd .2 .2 .999 0.4\n"
                                "Au .7 .7 .7 0.33\nAg .7 .7 .7 0.33\nCu .7 .7 .7 0.33\n"
                                "Pt .3 .8 .3 0.4\nPt .5 .5 .5 1\n";

static void test_warning(void)
{
    g_autoptr(AlloyData) data = read_text("cif", mixed);
    g_autoptr(GPtrArray) warnings = check(data);
    /* Not also short distances, duplicates or a wrong unit. */
    g_assert_cmpuint(warnings->len, ==, 1);
    const AlloyWarning *warning = find(warnings, "occupancy");
    g_assert_nonnull(warning);
    g_assert_nonnull(strstr(warning->message, "8 of 9 atoms are parts of 4 sites"));
    g_assert_nonnull(strstr(warning->message,
                            "on one site stand Pd and Ir (1 site), Pd more than once (1 site), "
                            "Cu, Ag and Au (1 site); 2 sites are empty in part"));
    g_assert_cmpstr(warning->fix, ==, "occupancy=most");
    g_assert_nonnull(strstr(warning->fix_title, "occupancy=draw"));
}

static void test_most(void)
{
    g_autoptr(AlloyData) data = read_text("cif", mixed);
    g_autoptr(AlloyAtoms) whole = (AlloyAtoms *)fix(data, "occupancy=most");
    /* Ir; one Pd; Au, the first of three that are alike; no Pt where 0.4 is below one half; the whole Pt. */
    g_assert_cmpuint(whole->n, ==, 4);
    g_assert_cmpuint(whole->n_kinds, ==, 4);
    g_assert_cmpuint(count(whole, "Ir"), ==, 1);
    g_assert_cmpuint(count(whole, "Pd"), ==, 1);
    g_assert_cmpuint(count(whole, "Au"), ==, 1);
    g_assert_cmpuint(count(whole, "Pt"), ==, 1);
    g_assert_null(alloy_atoms_column(whole, "occupancy"));
    g_assert_cmpfloat(alloy_atoms_column(whole, "site_occupancy")->real[0], ==, 0.7);
    g_autoptr(GPtrArray) warnings = check(ALLOY_DATA(whole));
    g_assert_cmpuint(warnings->len, ==, 0);
}

/* The shares of a species add up over the positions it has on a site. */
static void test_species_of_site(void)
{
    g_autoptr(AlloyData) data =
        read_text("cif", CIF "Ir .5 .5 .5 0.4\nPd .5 .5 .51 0.25\nPd .5 .5 .49 0.35\n");
    g_autoptr(AlloyAtoms) whole = (AlloyAtoms *)fix(data, "occupancy=most");
    g_assert_cmpuint(whole->n, ==, 1);
    g_assert_cmpuint(count(whole, "Pd"), ==, 1);
    test_assert_near(whole->z[0], 9.8, 1e-12);
}

/* 4000 sites of 0.5 Pd, 0.3 Ir and 0.2 of nothing: the numbers drawn are binomial, within 5 sigma. */
static void test_draw(void)
{
    enum { N = 4000 };
    g_autoptr(GString) text = g_string_new("8000\nProperties=species:S:1:pos:R:3:occupancy:R:1\n");
    for (int i = 0; i < N; i++)
        g_string_append_printf(text, "Pd %d 0 0 0.5\nIr %d 0 0 0.3\n", 3 * i, 3 * i);
    g_autoptr(AlloyData) data = read_text("xyz", text->str);
    g_autoptr(AlloyAtoms) drawn = (AlloyAtoms *)fix(data, "occupancy=draw:5");
    test_assert_near((double)count(drawn, "Pd"), 0.5 * N, 5 * sqrt(0.25 * N));
    test_assert_near((double)count(drawn, "Ir"), 0.3 * N, 5 * sqrt(0.21 * N));
    for (size_t i = 1; i < drawn->n; i++)
        g_assert_cmpfloat(drawn->x[i], >, drawn->x[i - 1]); /* one at most, in the order of the file */
    g_autoptr(AlloyAtoms) again = (AlloyAtoms *)fix(data, "occupancy=draw:5");
    g_assert_cmpmem(drawn->species, drawn->n * sizeof(uint16_t), again->species, again->n * sizeof(uint16_t));
    g_autoptr(AlloyAtoms) zero = (AlloyAtoms *)fix(data, "occupancy=draw");
    g_autoptr(AlloyAtoms) other = (AlloyAtoms *)fix(data, "occupancy=draw:0");
    g_assert_cmpmem(zero->x, zero->n * sizeof(double), other->x, other->n * sizeof(double));
    g_assert_false(zero->n == drawn->n && memcmp(zero->x, drawn->x, zero->n * sizeof(double)) == 0);
}

/* More than one whole atom at a place is a mistake, whatever the shares are called. */
static void test_too_full(void)
{
    g_autoptr(AlloyData) data = read_text("cif", CIF "Pd .5 .5 .5 0.9\nPd .5 .5 .5 0.1\nIr .5 .5 .5 0.9\n"
                                                     "Pd .2 .5 .5 1\nPd .2 .5 .51 0.5\n");
    g_autoptr(GPtrArray) warnings = check(data);
    g_assert_nonnull(strstr(find(warnings, "duplicates")->message, "1 atom stands"));
    g_assert_nonnull(strstr(find(warnings, "short-distance")->message, "atoms 4 (Pd) and 5 (Pd)"));
}

/* In other formats: CFG's auxiliary column, PDB's columns 55-60; zeros everywhere say nothing. */
static void test_formats(void)
{
    g_autoptr(AlloyData) cfg = read_text(
        "cfg",
        "Number of particles = 2\nA = 1\nH0(1,1) = 9\nH0(1,2) = 0\nH0(1,3) = 0\nH0(2,1) = 0\nH0(2,2) = 9\n"
        "H0(2,3) = 0\nH0(3,1) = 0\nH0(3,2) = 0\nH0(3,3) = 9\n.NO_VELOCITY.\nentry_count = 4\n"
        "auxiliary[0] = occupancy\n106.4\nPd\n0 0 0 0.6\n192.2\nIr\n0 0 0 0.4\n");
    g_autoptr(GPtrArray) of_cfg = check(cfg);
    g_assert_nonnull(strstr(find(of_cfg, "occupancy")->message, "Pd and Ir (1 site)"));
    static const char line[] =
        "ATOM      1 PD   X   A   1       0.000   0.000   0.000  %s  0.00          PD\n"
        "ATOM      2 PD   X   A   2       0.000   0.000   1.000  %s  0.00          PD\n";
    for (int zero = 0; zero < 2; zero++) {
        const char *share = zero ? "0.00" : "0.50";
        g_autoptr(GString) text = g_string_new(NULL);
        g_string_append_printf(text, line, share, share);
        g_autoptr(AlloyData) pdb = read_text("pdb", text->str);
        g_autoptr(GPtrArray) of_pdb = check(pdb);
        g_assert_true((find(of_pdb, "occupancy") != NULL) == !zero);
        g_assert_true((find(of_pdb, "short-distance") != NULL) == (zero != 0));
    }
}

static void test_refused(void)
{
    static const char *const bad[] = {"occupancy=", "occupancy=all", "occupancy=draw:", "occupancy=draw:-1",
                                      "occupancy=drawn"};
    g_autoptr(AlloyData) data = read_text("cif", mixed);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_fix_data(data, bad[i], &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    }
    g_autoptr(AlloyData) whole = read_text("xyz", "1\n\nPd 0 0 0\n");
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_fix_data(whole, "occupancy=most", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_clear_error(&error);
    g_autoptr(AlloyData) empty = read_text("cif", CIF "Pd 0 0 0 0.2\n");
    g_assert_null(alloy_fix_data(empty, "occupancy=most", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
}

/* A hundred thousand atoms of 0.9 at one place refuse one another: the time stays linear. */
static void test_crowd(void)
{
    enum { N = 100000 };
    g_autoptr(GString) text = g_string_new("100000\nProperties=species:S:1:pos:R:3:occupancy:R:1\n");
    for (int i = 0; i < N; i++)
        g_string_append(text, "Pd 0 0 0 0.9\n");
    g_autoptr(AlloyData) data = read_text("xyz", text->str);
    g_autoptr(AlloyAtoms) fixed = (AlloyAtoms *)fix(data, "occupancy=most");
    g_assert_cmpuint(fixed->n, ==, N);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import-occupancy/warning", test_warning);
    g_test_add_func("/import-occupancy/most", test_most);
    g_test_add_func("/import-occupancy/species-of-site", test_species_of_site);
    g_test_add_func("/import-occupancy/draw", test_draw);
    g_test_add_func("/import-occupancy/too-full", test_too_full);
    g_test_add_func("/import-occupancy/formats", test_formats);
    g_test_add_func("/import-occupancy/refused", test_refused);
    g_test_add_func("/import-occupancy/crowd", test_crowd);
    return g_test_run();
}
