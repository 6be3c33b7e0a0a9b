/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/import.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/structure/rdf.h"
#include "tests/common.h"

#include <math.h>
#include <string.h>

/* --- helpers --- */

static GPtrArray *check(const AlloyAtoms *atoms)
{
    GPtrArray *warnings = alloy_warnings_new();
    g_autoptr(GError) error = NULL;
    alloy_check_atoms(atoms, warnings, NULL, &error);
    g_assert_no_error(error);
    for (guint w = 0; w < warnings->len; w++) {
        const AlloyWarning *warning = warnings->pdata[w];
        g_test_message("[%s] %s (%s)", warning->code, warning->message,
                       warning->fix != NULL ? warning->fix : "no fix");
    }
    return warnings;
}

/* The only warning of that code, NULL: there is none. */
static const AlloyWarning *find(const GPtrArray *warnings, const char *code)
{
    const AlloyWarning *found = NULL;
    for (guint w = 0; w < warnings->len; w++) {
        const AlloyWarning *warning = warnings->pdata[w];
        if (strcmp(warning->code, code) == 0) {
            g_assert_null(found);
            found = warning;
        }
    }
    return found;
}

#define assert_says(warning, words)                                                                          \
    do {                                                                                                     \
        g_assert_nonnull(warning);                                                                           \
        if (strstr((warning)->message, (words)) == NULL) {                                                   \
            g_test_message("%s: \"%s\" expected in: %s", G_STRLOC, (words), (warning)->message);             \
            g_test_fail();                                                                                   \
        }                                                                                                    \
    } while (0)

static const AlloyAtoms *fix(const AlloyAtoms *atoms, const char *text)
{
    g_autoptr(GError) error = NULL;
    AlloyData *fixed = alloy_fix_data(ALLOY_DATA(atoms), text, &error);
    g_assert_no_error(error);
    g_assert_true(ALLOY_IS_ATOMS(fixed));
    return (const AlloyAtoms *)fixed;
}

/* fcc Pd without a cell: nearest neighbours at 3.89/sqrt 2 = 2.75 angstrom. */
static const AlloyAtoms *palladium(double scale, int cells)
{
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(3.89 * scale, cells, cells, cells, "Pd");
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_set_cell(builder, NULL);
    return alloy_atoms_builder_finish(builder);
}

/* The model with more atoms of the first kind behind the others. */
static const AlloyAtoms *with_more(const AlloyAtoms *atoms, const double (*places)[3], size_t more)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(atoms->n + more);
    for (unsigned a = 0; a < atoms->n_kinds; a++)
        alloy_atoms_builder_named_kind(builder, atoms->kinds[a].name, atoms->kinds[a].z);
    for (size_t i = 0; i < atoms->n + more; i++) {
        gboolean old = i < atoms->n;
        builder->x[i] = old ? atoms->x[i] : places[i - atoms->n][0];
        builder->y[i] = old ? atoms->y[i] : places[i - atoms->n][1];
        builder->z[i] = old ? atoms->z[i] : places[i - atoms->n][2];
        builder->species[i] = old ? atoms->species[i] : 0;
    }
    alloy_atoms_builder_set_cell(builder, atoms->cell);
    return alloy_atoms_builder_finish(builder);
}

/* --- unit --- */

static void test_unit(void)
{
    static const struct {
        double scale; /* what stands in the file per angstrom */
        const char *words, *fix;
    } cases[] = {
        {1, NULL, NULL},
        {1.1, NULL, NULL}, /* hot, amorphous, badly calibrated: no matter of units */
        {0.9, NULL, NULL},
        {0.8, "can hardly be", NULL},
        {1 / 0.8, "pixels or voxels of about 0.8", NULL}, /* usual voxels of tomography: 0.6 to 0.9 */
        {1 / 0.7, "pixels or voxels of about 0.7", NULL},
        {1 / 0.6, "pixels or voxels of about 0.", NULL},
        {0.1, "look like nanometres", "scale=10"},
        {100, "look like picometres", "scale=0.01"},
        {1e-10, "look like metres", "scale=10000000000"},
        {1 / 0.529177210903, "look like bohr, or pixels", "scale=0.529177210903"},
        {1 / 0.3434, "pixels or voxels of about 0.34", NULL},
        {1 / 2.75, "reduced units", NULL},
        {1 / 3.89, "would be about 3.8", NULL},
    };
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)palladium(cases[c].scale, 5);
        g_autoptr(GPtrArray) warnings = check(atoms);
        const AlloyWarning *unit = find(warnings, "unit");
        g_assert_cmpint(unit != NULL, ==, cases[c].words != NULL);
        g_assert_cmpuint(warnings->len, ==, cases[c].words != NULL);
        if (unit == NULL)
            continue;
        assert_says(unit, "where this composition has it at about 2.75");
        assert_says(unit, cases[c].words);
        if (cases[c].fix != NULL)
            g_assert_cmpstr(unit->fix, ==, cases[c].fix);
        g_assert_true(g_str_has_prefix(unit->fix, "scale="));
        /* The estimate comes within the binning of the pair distribution (0.02 of 2.75 angstrom). */
        double factor = g_ascii_strtod(unit->fix + 6, NULL);
        test_assert_near(factor * cases[c].scale, 1, 0.01);
        g_autoptr(AlloyAtoms) mended = (AlloyAtoms *)fix(atoms, unit->fix);
        g_autoptr(GPtrArray) none = check(mended);
        g_assert_cmpuint(none->len, ==, 0);
    }
}

static void test_fractional(void)
{
    /* Fractions of a cell that is in angstrom: exactly what a forgotten keyword of a POSCAR leaves. */
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(3.89, 6, 5, 4, "Pd");
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_own_positions(builder);
    for (size_t i = 0; i < lattice->n; i++) {
        builder->x[i] /= 6 * 3.89;
        builder->y[i] /= 5 * 3.89;
        builder->z[i] /= 4 * 3.89;
    }
    g_autoptr(AlloyAtoms) fractions = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) warnings = check(fractions);
    const AlloyWarning *unit = find(warnings, "unit");
    assert_says(unit, "fractions of the cell");
    g_assert_cmpstr(unit->fix, ==, "fractional=true");
    g_autoptr(AlloyAtoms) mended = (AlloyAtoms *)fix(fractions, unit->fix);
    for (size_t i = 0; i < lattice->n; i++) {
        test_assert_near(mended->x[i], lattice->x[i], 1e-13);
        test_assert_near(mended->z[i], lattice->z[i], 1e-13);
    }
    g_autoptr(GPtrArray) none = check(mended);
    g_assert_cmpuint(none->len, ==, 0);
    /* Without the cell nothing can be done but an estimate. */
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)fix(fractions, "cell=none");
    g_autoptr(GPtrArray) estimate = check(bare);
    assert_says(find(estimate, "unit"), "scaled coordinates (0 to 1)");
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_fix_data(ALLOY_DATA(bare), "fractional=true", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
}

static void test_expected(void)
{
    /* fcc Pd 3.8907 and Ir 3.8390 angstrom (core/data/elements.c): neighbours at 2.7511 and 2.7146. */
    static const struct {
        const char *kinds[3];
        size_t counts[3];
        double distance, tolerance;
    } cases[] = {
        {{"Pd"}, {20}, 2.751, 1e-3},
        {{"Pd", "Ir"}, {30, 10}, 0.75 * 2.751 + 0.25 * 2.715, 1e-3},
        {{"H", "O"}, {20, 10}, 0.31 + 0.66, 1e-12}, /* covalent radii: Cordero 2008 */
        {{"H", "C"}, {20, 10}, 0.31 + 0.76, 1e-12},
        {{"Pd", "Type 1"}, {20, 10}, 2.751, 1e-3},
        {{"Type 1"}, {20}, NAN, 0},
    };
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        size_t n = 0, i = 0;
        for (int k = 0; k < 3; k++)
            n += cases[c].counts[k];
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
        for (int k = 0; k < 3 && cases[c].kinds[k] != NULL; k++) {
            int kind = alloy_atoms_builder_kind(builder, cases[c].kinds[k], strlen(cases[c].kinds[k]));
            for (size_t m = 0; m < cases[c].counts[k]; m++, i++) {
                builder->x[i] = 3 * (double)i;
                builder->y[i] = builder->z[i] = 0;
                builder->species[i] = (uint16_t)kind;
            }
        }
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        double distance = alloy_expected_distance(atoms);
        if (isnan(cases[c].distance))
            g_assert_true(isnan(distance));
        else
            test_assert_near(distance, cases[c].distance, cases[c].tolerance);
    }
}

/* --- distances --- */

static void test_short(void)
{
    g_autoptr(AlloyAtoms) good = (AlloyAtoms *)palladium(1, 4);
    /* Beside atoms 1 (at the origin) and 2: 1.2 angstrom off along -x, -y, then -z of the first at 1.5. */
    const double places[3][3] = {{-1.2, 0, 0}, {0, -1.3, 0}, {0, 0, -1.5}};
    g_autoptr(AlloyAtoms) bad = (AlloyAtoms *)with_more(good, places, 3);
    g_autoptr(GPtrArray) warnings = check(bad);
    g_assert_cmpuint(warnings->len, ==, 1);
    const AlloyWarning *close = find(warnings, "short-distance");
    /* With the origin three, and among themselves sqrt(1.2^2 + 1.3^2) = 1.769; sqrt(1.2^2 + 1.5^2) = 1.921
     * < 1.926 = 0.7 * 2.751 counts too, sqrt(1.3^2 + 1.5^2) = 1.985 does not. */
    assert_says(close, "5 pairs of atoms are closer than 1.926 angstrom");
    assert_says(close, "atoms 1 (Pd) and 257 (Pd) counted from 1, are 1.2 angstrom apart");
    g_assert_cmpstr(close->fix, ==, "merge=1.926");
    g_autoptr(AlloyAtoms) mended = (AlloyAtoms *)fix(bad, close->fix);
    g_assert_cmpuint(mended->n, ==, good->n);
    g_assert_cmpmem(mended->x, good->n * sizeof(double), good->x, good->n * sizeof(double));
    g_autoptr(GPtrArray) none = check(mended);
    g_assert_cmpuint(none->len, ==, 0);
}

/* Water beside palladium: the bonds of light atoms are no tracing errors, and no tolerance is offered that
 * would take them. */
static void test_short_light(void)
{
    g_autoptr(AlloyAtoms) metal = (AlloyAtoms *)palladium(1, 3);
    for (int error = 0; error < 2; error++) {
        size_t n = metal->n + 3;
        AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
        int pd = alloy_atoms_builder_kind(builder, "Pd", 2), h = alloy_atoms_builder_kind(builder, "H", 1),
            o = alloy_atoms_builder_kind(builder, "O", 1);
        memcpy(builder->x, metal->x, metal->n * sizeof(double));
        memcpy(builder->y, metal->y, metal->n * sizeof(double));
        memcpy(builder->z, metal->z, metal->n * sizeof(double));
        for (size_t i = 0; i < n; i++)
            builder->species[i] = (uint16_t)(i < metal->n ? pd : i == metal->n ? o : h);
        /* H2O as measured (0.9572 angstrom, 104.5 degrees), above the metal */
        const double water[3][3] = {{0, 0, 15}, {0.9572, 0, 15}, {-0.2399, 0.9266, 15}};
        for (size_t k = 0; k < 3; k++) {
            builder->x[metal->n + k] = water[k][0];
            builder->y[metal->n + k] = water[k][1];
            builder->z[metal->n + k] = water[k][2];
        }
        if (error == 1)
            builder->x[1] = builder->x[0] + 1.5, builder->y[1] = builder->z[1] = 0;
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(GPtrArray) warnings = check(atoms);
        g_assert_cmpuint(warnings->len, ==, error == 0 ? 0 : 1);
        if (error == 1) {
            assert_says(find(warnings, "short-distance"),
                        "atoms 1 (Pd) and 2 (Pd) counted from 1, are 1.5 angstrom");
            g_assert_null(find(warnings, "short-distance")->fix);
        }
    }
}

static void test_duplicates(void)
{
    g_autoptr(AlloyAtoms) good = (AlloyAtoms *)palladium(1, 4);
    double places[3][3] = {
        {0, 0, 0}, {good->x[7], good->y[7], good->z[7]}, {good->x[9] + 5e-4, good->y[9], good->z[9]}};
    g_autoptr(AlloyAtoms) bad = (AlloyAtoms *)with_more(good, (const double(*)[3])places, 3);
    g_autoptr(GPtrArray) warnings = check(bad);
    g_assert_cmpuint(warnings->len, ==, 1);
    const AlloyWarning *same = find(warnings, "duplicates");
    assert_says(same,
                "3 atoms stand where another stands already; the first is atom 257, at the place of atom 1");
    g_assert_cmpstr(same->fix, ==, "merge=0.001");
    g_autoptr(AlloyAtoms) mended = (AlloyAtoms *)fix(bad, same->fix);
    g_assert_cmpuint(mended->n, ==, good->n);
    g_assert_cmpmem(mended->x, good->n * sizeof(double), good->x, good->n * sizeof(double));

    /* Everything twice: the distances are still those of the lattice, not 0. */
    g_autofree double(*again)[3] = g_malloc_n(good->n, sizeof *again);
    for (int noise = 0; noise < 2; noise++) {
        for (size_t i = 0; i < good->n; i++) {
            again[i][0] = good->x[i] + 1e-4 * noise;
            again[i][1] = good->y[i];
            again[i][2] = good->z[i];
        }
        g_autoptr(AlloyAtoms) twice = (AlloyAtoms *)with_more(good, (const double(*)[3])again, good->n);
        g_autoptr(GPtrArray) both = check(twice);
        g_assert_cmpuint(both->len, ==, 1);
        assert_says(find(both, "duplicates"), "256 atoms stand");
    }

    /* The faces of a periodic cell, each atom on them in both copies: 1 more per edge point. */
    g_autoptr(AlloyAtoms) cell = (AlloyAtoms *)test_fcc(3.89, 2, 2, 2, "Pd");
    const double corner[2][3] = {{2 * 3.89, 0, 0}, {2 * 3.89, 2 * 3.89, 0}};
    g_autoptr(AlloyAtoms) faces = (AlloyAtoms *)with_more(cell, corner, 2);
    g_autoptr(GPtrArray) images = check(faces);
    g_assert_cmpuint(images->len, ==, 1);
    g_assert_cmpstr(find(images, "duplicates")->fix, ==, "merge=0.001");
    g_autoptr(AlloyAtoms) merged = (AlloyAtoms *)fix(faces, "merge=0.001");
    g_assert_cmpuint(merged->n, ==, cell->n);

    /* Two species that share a site by their occupancies are meant, which is said. */
    for (int half = 0; half < 2; half++) {
        AlloyAtomsBuilder *builder = alloy_atoms_builder_from(bad);
        double *occupancy = alloy_array_new(double, bad->n);
        for (size_t i = 0; i < bad->n; i++)
            occupancy[i] = half ? 0.5 : 1;
        alloy_atoms_builder_set_column(
            builder, alloy_column_new_real("occupancy", ALLOY_UNIT_NONE, occupancy, bad->n));
        g_autoptr(AlloyAtoms) shared = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(GPtrArray) said = check(shared);
        g_assert_cmpuint(said->len, ==, 1);
        g_assert_nonnull(find(said, half ? "occupancy" : "duplicates"));
    }
}

/* merge against its definition, atom by atom, also across the faces of a cell; and it ends for any model. */
static void test_merge(void)
{
    enum { N = 600 };
    const AlloyCell cell = {{-1, 2, 0}, {{8, 0, 0}, {3, 7, 0}, {-2, 1, 9}}, {TRUE, FALSE, TRUE}};
    for (int periodic = 0; periodic < 2; periodic++)
        for (uint64_t trial = 0; trial < 6; trial++) {
            AlloyRandom random;
            alloy_random_init(&random, 6, trial);
            AlloyAtomsBuilder *builder = alloy_atoms_builder_new(N);
            int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
            for (size_t i = 0; i < N; i++) {
                builder->x[i] = 12 * alloy_random_uniform(&random) - 3;
                builder->y[i] = 12 * alloy_random_uniform(&random) - 3;
                builder->z[i] = 12 * alloy_random_uniform(&random) - 3;
                builder->species[i] = (uint16_t)kind;
            }
            if (periodic)
                alloy_atoms_builder_set_cell(builder, &cell);
            g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
            double tolerance = 0.2 + 0.3 * (double)trial;
            char text[40] = "merge=", number[32];
            g_ascii_dtostr(number, sizeof number, tolerance);
            g_strlcat(text, number, sizeof text);
            g_autoptr(AlloyAtoms) merged = (AlloyAtoms *)fix(atoms, text);

            size_t kept[N], n_kept = 0;
            for (size_t i = 0; i < N; i++) {
                gboolean taken = FALSE;
                for (size_t k = 0; k < n_kept && !taken; k++)
                    for (int a = -4 * periodic; a <= 4 * periodic && !taken; a++)
                        for (int c = -4 * periodic; c <= 4 * periodic && !taken; c++) {
                            double d[3] = {atoms->x[i] - atoms->x[kept[k]], atoms->y[i] - atoms->y[kept[k]],
                                           atoms->z[i] - atoms->z[kept[k]]};
                            for (int l = 0; l < 3; l++)
                                d[l] += a * cell.vector[0][l] + c * cell.vector[2][l];
                            taken = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < tolerance * tolerance;
                        }
                if (!taken)
                    kept[n_kept++] = i;
            }
            g_assert_cmpuint(merged->n, ==, n_kept);
            g_assert_cmpuint(n_kept, <, N);
            for (size_t k = 0; k < n_kept; k++)
                g_assert_true(merged->x[k] == atoms->x[kept[k]] && merged->z[k] == atoms->z[kept[k]]);
        }

    /* Many atoms on two places, and places beyond any integer: linear, and right. */
    size_t n = 200000;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    int kind = alloy_atoms_builder_kind(builder, "Pd", 2);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = builder->y[i] = i % 2 == 0 ? 1e300 : -3;
        builder->z[i] = i % 2 == 0 ? 0.0 : -0.0;
        builder->species[i] = (uint16_t)kind;
    }
    g_autoptr(AlloyAtoms) crowd = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyAtoms) two = (AlloyAtoms *)fix(crowd, "merge=0.01");
    g_assert_cmpuint(two->n, ==, 2);
    g_autoptr(GPtrArray) warnings = check(crowd);
    assert_says(find(warnings, "duplicates"), "199998 atoms stand");
    g_autoptr(AlloyAtoms) one = (AlloyAtoms *)fix(crowd, "merge=1e301");
    g_assert_cmpuint(one->n, ==, 1);
}

/* A crowd that is no set of duplicates is said, not counted pair by pair. */
static void test_crowd(void)
{
    g_autoptr(AlloyAtoms) good = (AlloyAtoms *)palladium(1, 20);
    size_t more = 20000;
    g_autofree double(*places)[3] = g_malloc_n(more, sizeof *places);
    AlloyRandom random;
    alloy_random_init(&random, 7, 0);
    for (size_t i = 0; i < more; i++)
        for (int k = 0; k < 3; k++)
            places[i][k] = -10 + 0.5 * alloy_random_uniform(&random);
    g_autoptr(AlloyAtoms) bad = (AlloyAtoms *)with_more(good, (const double(*)[3])places, more);
    g_autoptr(GPtrArray) warnings = check(bad);
    assert_says(find(warnings, "short-distance"), "thousands of atoms");
}

/* --- species, counts, cell --- */

static const AlloyAtoms *labelled(const char *const *labels, size_t n)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 2.75 * (double)i;
        builder->y[i] = builder->z[i] = 0;
        builder->species[i] = (uint16_t)alloy_atoms_builder_kind(builder, labels[i], strlen(labels[i]));
    }
    return alloy_atoms_builder_finish(builder);
}

static void test_species(void)
{
    static const char *const labels[] = {"Pd", "Type 1", "Pt_shell", "a:b,c\\d", "Type 1", "HEA", "pt2"};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)labelled(labels, G_N_ELEMENTS(labels));
    g_autoptr(GPtrArray) warnings = check(atoms);
    g_assert_cmpuint(warnings->len, ==, 1);
    const AlloyWarning *species = find(warnings, "species");
    assert_says(species, "`Type 1` (2 atoms), `Pt_shell` (1 atom), `a:b,c\\d` (1 atom), `HEA` (1 atom)");
    g_assert_cmpstr(species->fix, ==, "species=Pt_shell:Pt"); /* what the label says, nothing guessed */
    g_autoptr(AlloyAtoms) mended =
        (AlloyAtoms *)fix(atoms, "species=Type 1:Pd,a\\:b\\,c\\\\d:ir,HEA:Co,Pt_shell:Pt");
    g_assert_cmpuint(mended->n_kinds, ==, 5);
    static const struct {
        const char *name;
        int z;
        size_t count;
    } expected[] = {{"Pd", 46, 3}, {"Pt", 78, 1}, {"Ir", 77, 1}, {"Co", 27, 1}, {"pt2", 78, 1}};
    for (size_t k = 0; k < G_N_ELEMENTS(expected); k++) {
        int kind = alloy_atoms_find_kind(mended, expected[k].name);
        g_assert_cmpint(kind, >=, 0);
        g_assert_cmpint(mended->kinds[kind].z, ==, expected[k].z);
        g_assert_cmpuint(mended->kinds[kind].count, ==, expected[k].count);
    }
    g_assert_true(mended->x == atoms->x); /* shared, not copied */
    g_autoptr(GPtrArray) none = check(mended);
    g_assert_cmpuint(none->len, ==, 0);
}

static void test_counts(void)
{
    g_autoptr(AlloyAtoms) plain = (AlloyAtoms *)palladium(1, 4); /* 256 */
    static const struct {
        const char *name, *text;
        double value;
        const char *words; /* NULL: right */
    } cases[] = {
        {"natoms", NULL, 256, NULL},
        {"natoms", NULL, 255, "natoms = 255, but holds 256 atoms"},
        {"N_atoms", NULL, 258, "N_atoms = 258, but holds 256"},
        {"composition", "Pd256", 0, NULL},
        {"composition", "Pd200 Ir56", 0, "`Pd200 Ir56`, but holds 256 Pd (256 atoms in all)"},
        {"formula", "Pd3Ir", 0, NULL}, /* a nominal composition is no count */
        {"formula", "from the melt", 0, NULL},
        {"comment", "Pd200 Ir56", 0, NULL},
    };
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        AlloyAtomsBuilder *builder = alloy_atoms_builder_from(plain);
        alloy_atoms_builder_set_info(builder,
                                     cases[c].text != NULL
                                         ? alloy_scalar_text(cases[c].name, cases[c].text)
                                         : alloy_scalar_real(cases[c].name, ALLOY_UNIT_NONE, cases[c].value));
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
        g_autoptr(GPtrArray) warnings = check(atoms);
        g_assert_cmpuint(warnings->len, ==, cases[c].words != NULL);
        if (cases[c].words != NULL)
            assert_says(find(warnings, "counts"), cases[c].words);
    }
    /* Values for two more atoms than there are: the defect of a published particle (11561 types of 11559
     * atoms). */
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(plain);
    int64_t *types = alloy_array_new(int64_t, 258);
    memset(types, 0, 258 * sizeof *types);
    alloy_atoms_builder_set_info(builder, alloy_column_new_integer("types", ALLOY_UNIT_NONE, types, 258));
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) warnings = check(atoms);
    assert_says(find(warnings, "counts"), "258 values of `types` for 256 atoms");
}

static void test_cell(void)
{
    /* A slab, periodic in x and y, in a cell that it leaves along z by 0.25 of its height. */
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(4, 3, 3, 3, "Au");
    AlloyCell cell = *lattice->cell;
    cell.periodic[2] = FALSE;
    cell.vector[2][2] = 8;
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_set_cell(builder, &cell);
    g_autoptr(AlloyAtoms) slab = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) warnings = check(slab);
    g_assert_cmpuint(warnings->len, ==, 1);
    /* z = 10 lies outside of 0..8, z = 8 does not */
    assert_says(find(warnings, "cell"), "18 atoms lie outside of the cell");
    assert_says(find(warnings, "cell"), "by up to 0.25 of its width");
    g_assert_cmpstr(find(warnings, "cell")->fix, ==, "cell=fit");
    g_autoptr(AlloyAtoms) fitted = (AlloyAtoms *)fix(slab, "cell=fit");
    test_assert_near(fitted->cell->vector[2][2], 10, 1e-12);
    g_assert_cmpmem(fitted->cell->vector[0], 3 * sizeof(double), cell.vector[0], 3 * sizeof(double));
    g_autoptr(GPtrArray) none = check(fitted);
    g_assert_cmpuint(none->len, ==, 0);

    /* A free particle in a box that is not periodic and too small: the box goes. */
    cell.periodic[0] = cell.periodic[1] = FALSE;
    builder = alloy_atoms_builder_from(slab);
    alloy_atoms_builder_set_cell(builder, &cell);
    g_autoptr(AlloyAtoms) particle = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) free_warnings = check(particle);
    g_assert_cmpstr(find(free_warnings, "cell")->fix, ==, "cell=none");
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)fix(particle, "cell=none");
    g_assert_null(bare->cell);

    /* Unwrapped positions: one cell further is far, a little over the face is not. */
    builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_own_positions(builder);
    builder->x[5] += 24;
    builder->y[6] -= 24;
    builder->z[0] -= 0.5;
    g_autoptr(AlloyAtoms) unwrapped = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) far = check(unwrapped);
    g_assert_cmpuint(far->len, ==, 1);
    assert_says(find(far, "cell"), "2 atoms lie far outside of the periodic cell, by up to 2");
    assert_says(find(far, "cell"), "the first is atom 6");
    g_assert_cmpstr(find(far, "cell")->fix, ==, "wrap=true");
    g_autoptr(AlloyAtoms) wrapped = (AlloyAtoms *)fix(unwrapped, "wrap=true");
    for (size_t i = 1; i < lattice->n; i++) {
        test_assert_near(wrapped->x[i], lattice->x[i], 1e-14);
        test_assert_near(wrapped->y[i], lattice->y[i], 1e-14);
    }
    test_assert_near(wrapped->z[0], 11.5, 1e-14);

    /* The bounding box of a particle taken for a periodic cell: opposite faces fall together. 3 x 3 x 3 cells
     * of lattice constant 4 reach from 0 to 10; a cell of 10.5 leaves 0.5 between them. */
    const AlloyCell tight = {{0, 0, 0}, {{10.5, 0, 0}, {0, 10.5, 0}, {0, 0, 10.5}}, {TRUE, TRUE, TRUE}};
    builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_set_cell(builder, &tight);
    g_autoptr(AlloyAtoms) boxed = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) overlap = check(boxed);
    g_assert_cmpuint(overlap->len, ==, 1);
    assert_says(find(overlap, "cell"), "too small for its atoms");
    g_assert_cmpstr(find(overlap, "cell")->fix, ==, "cell=none");

    /* A particle in the middle of a large periodic cell stands alone: nothing to say. */
    const AlloyCell wide = {{-50, -50, -50}, {{110, 0, 0}, {0, 110, 0}, {0, 0, 110}}, {TRUE, TRUE, TRUE}};
    builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_set_cell(builder, &wide);
    g_autoptr(AlloyAtoms) alone = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(GPtrArray) nothing = check(alone);
    g_assert_cmpuint(nothing->len, ==, 0);
}

/* --- fixes --- */

static void test_scale(void)
{
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(4, 2, 2, 2, "Au");
    static const struct {
        const char *name, *unit;
        double times;
    } columns[] = {{"u", ALLOY_UNIT_LENGTH, 0.5},
                   {"area", ALLOY_UNIT_AREA, 0.25},
                   {"v", ALLOY_UNIT_VOLUME, 0.125},
                   {"csrop", ALLOY_UNIT_NONE, 1},
                   {"t", ALLOY_UNIT_TIME, 1}};
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
        double *values = alloy_array_new(double, lattice->n);
        for (size_t i = 0; i < lattice->n; i++)
            values[i] = (double)i;
        alloy_atoms_builder_set_column(
            builder, alloy_column_new_real(columns[c].name, columns[c].unit, values, lattice->n));
    }
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autoptr(AlloyAtoms) half = (AlloyAtoms *)fix(atoms, "scale=0.5");
    for (size_t i = 0; i < atoms->n; i++) {
        g_assert_cmpfloat(half->x[i], ==, 0.5 * atoms->x[i]);
        g_assert_cmpfloat(half->y[i], ==, 0.5 * atoms->y[i]);
        g_assert_cmpfloat(half->z[i], ==, 0.5 * atoms->z[i]);
        for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
            g_assert_cmpfloat(alloy_atoms_column(half, columns[c].name)->real[i], ==,
                              columns[c].times * (double)i);
    }
    g_assert_cmpfloat(half->cell->vector[1][1], ==, 4);
    g_assert_cmpfloat(atoms->cell->vector[1][1], ==, 8);
}

static void test_bad_fixes(void)
{
    static const struct {
        const char *fix, *words;
    } cases[] = {
        {"scale", "NAME=VALUE"},
        {"scale=", "not a number above 0"},
        {"scale=0", "not a number above 0"},
        {"scale=-2", "not a number above 0"},
        {"scale=nan", "not a number above 0"},
        {"scale=2,5", "not a number above 0"},
        {"scale=1e308", "out of the range"},
        {"merge=x", "not a number above 0"},
        {"merge=4", "half the width"},
        {"scales=2", "did you mean `scale`?"},
        {"unit=nm", "There are: scale, fractional, merge, types, species, wrap, cell"},
        {"species=Au", "no list of LABEL:ELEMENT"},
        {"species=", "no list of LABEL:ELEMENT"},
        {"species=Au:", "is no element"},
        {"species=Au:Xx", "`Xx` is no element"},
        {"species=Au:Pd,", "no list of LABEL:ELEMENT"},
        {"species=Type 1:Pd", "there is no species `Type 1`; there are: Au"},
        {"wrap=yes", "the only value is true"},
        {"cell=big", "neither none nor fit"},
        {"fractional=1", "the only value is true"},
    };
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)test_fcc(4, 2, 2, 2, "Au");
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_fix_data(ALLOY_DATA(atoms), cases[c].fix, &error));
        g_assert_nonnull(error);
        g_assert_true(error->domain == ALLOY_ERROR);
        if (strstr(error->message, cases[c].words) == NULL) {
            g_test_message("%s: %s", cases[c].fix, error->message);
            g_test_fail();
        }
    }
    g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)fix(atoms, "cell=none");
    static const char *const need_cell[] = {"wrap=true", "cell=none", "cell=fit", "fractional=true"};
    for (size_t c = 0; c < G_N_ELEMENTS(need_cell); c++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_fix_data(ALLOY_DATA(bare), need_cell[c], &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    }
    g_autoptr(GError) error = NULL;
    const AlloyTable *table = alloy_table_new("t", NULL, NULL);
    g_assert_null(alloy_fix_data(ALLOY_DATA(table), "scale=2", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    alloy_data_unref(table);
}

/* --- series, files, threads --- */

static void test_series(void)
{
    static const char *const first_labels[] = {"A_1", "A_1", "Pd"}, *const second_labels[] = {"Pt_s", "Pd",
                                                                                              "Pd"};
    g_autoptr(AlloyAtoms) good = (AlloyAtoms *)palladium(1, 3);
    g_autoptr(AlloyAtoms) pixels = (AlloyAtoms *)palladium(3, 3);
    g_autoptr(AlloyAtoms) more = (AlloyAtoms *)palladium(3.1, 3);
    g_autoptr(AlloyAtoms) first = (AlloyAtoms *)labelled(first_labels, 3);
    g_autoptr(AlloyAtoms) second = (AlloyAtoms *)labelled(second_labels, 3);
    AlloyStage stages[] = {{pixels, 0, NAN, "a"}, {more, 1, NAN, "b"},  {good, 2, NAN, "c"},
                           {pixels, 3, NAN, "d"}, {first, 4, NAN, "e"}, {second, 5, NAN, "f"}};
    const AlloySeries *series = alloy_series_new("test", stages, G_N_ELEMENTS(stages));
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(GError) error = NULL;
    alloy_check_data(ALLOY_DATA(series), warnings, NULL, &error);
    g_assert_no_error(error);
    for (guint w = 0; w < warnings->len; w++)
        g_test_message("%s: %s", ((AlloyWarning *)warnings->pdata[w])->code,
                       ((AlloyWarning *)warnings->pdata[w])->message);
    g_assert_cmpuint(warnings->len, ==, 3);
    assert_says(find(warnings, "unit"), "stages 0-1, 3: lengths cannot be angstrom");
    assert_says((AlloyWarning *)warnings->pdata[1], "stage 4: this species is no element: `A_1`");
    assert_says((AlloyWarning *)warnings->pdata[2], "stage 5: this species is no element: `Pt_s`");

    /* A fix goes to every stage; a label need not be in all of them. */
    AlloyData *named = alloy_fix_data(ALLOY_DATA(series), "species=A_1:Ir,Pt_s:Pt", &error);
    g_assert_no_error(error);
    const AlloySeries *fixed = (const AlloySeries *)named;
    g_assert_cmpuint(fixed->n, ==, series->n);
    g_assert_cmpstr(fixed->stages[3].label, ==, "d");
    g_assert_cmpfloat(fixed->stages[3].time, ==, 3);
    g_assert_cmpint(alloy_atoms_find_kind(fixed->stages[4].atoms, "Ir"), >=, 0);
    g_assert_cmpint(alloy_atoms_find_kind(fixed->stages[5].atoms, "Pt"), >=, 0);
    alloy_data_unref(named);
    g_assert_null(alloy_fix_data(ALLOY_DATA(series), "species=B:Ir", &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_clear_error(&error);
    g_assert_null(alloy_fix_data(ALLOY_DATA(series), "wrap=true", &error));
    g_assert_true(g_str_has_prefix(error->message, "stage 0: "));
    alloy_data_unref(series);
}

static void test_small(void)
{
    for (size_t n = 0; n < 3; n++) {
        static const char *const labels[] = {"Pd", "Pd"};
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)labelled(labels, n);
        g_autoptr(GPtrArray) warnings = check(atoms);
        g_assert_cmpuint(warnings->len, ==, 0);
        g_autoptr(AlloyAtoms) merged = (AlloyAtoms *)fix(atoms, "merge=1");
        g_assert_cmpuint(merged->n, ==, n);
        g_autoptr(AlloyAtoms) scaled = (AlloyAtoms *)fix(atoms, "scale=2");
        g_assert_cmpuint(scaled->n, ==, n);
    }
    /* Nobody listens. */
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)palladium(3, 3);
    g_assert_true(alloy_check_atoms(atoms, NULL, NULL, NULL));
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_check_atoms(atoms, NULL, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
}

/* The same words for any number of threads and, numbers being the same in every locale, in this one. */
static void test_threads(void)
{
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)palladium(1, 16);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_own_positions(builder);
    AlloyRandom random;
    alloy_random_init(&random, 8, 0);
    for (size_t i = 0; i < lattice->n; i++) {
        builder->x[i] += 0.35 * alloy_random_normal(&random);
        builder->y[i] += 0.35 * alloy_random_normal(&random);
        builder->z[i] += 0.35 * alloy_random_normal(&random);
    }
    g_autoptr(AlloyAtoms) noisy = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    g_autofree char *first = NULL;
    static const unsigned threads[] = {1, 2, 8};
    for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
        alloy_parallel_set_threads(threads[t]);
        g_autoptr(GPtrArray) warnings = check(noisy);
        const AlloyWarning *close = find(warnings, "short-distance");
        g_assert_nonnull(close);
        if (first == NULL)
            first = g_strdup(close->message);
        g_assert_cmpstr(close->message, ==, first);
    }
    alloy_parallel_set_threads(0);
}

static AlloyData *import(const char *relative, char *const *fixes, GPtrArray *warnings)
{
    g_autofree char *path = test_data_path(relative);
    if (path == NULL)
        return NULL;
    g_autoptr(GError) error = NULL;
    AlloyData *data = alloy_import(path, NULL, fixes, warnings, NULL, &error);
    g_assert_no_error(error);
    return data;
}

/* The published particle in voxels of 0.3434 angstrom, and the same converted (README of the data). */
static void test_voxels(void)
{
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    g_autoptr(GPtrArray) converted = alloy_warnings_new();
    g_autoptr(GPtrArray) mended = alloy_warnings_new();
    g_autoptr(AlloyData) voxels = import("aet/pdpt_pku/PB.xyz", NULL, warnings);
    if (voxels == NULL)
        return;
    const AlloyWarning *unit = find(warnings, "unit");
    assert_says(unit, "pixels or voxels of about 0.34");
    g_assert_true(g_str_has_prefix(unit->fix, "scale=0.34"));
    /* The first peak lies at 2.750 angstrom (README), the composition has 2.77: an estimate within 1 %. */
    test_assert_near(g_ascii_strtod(unit->fix + 6, NULL), 0.3434, 0.0035);
    g_assert_null(find(warnings, "short-distance")->fix); /* the unit comes first */

    g_autoptr(AlloyData) angstrom = import("aet/pdpt_pku/PB_angstrom.xyz", NULL, converted);
    g_assert_null(find(converted, "unit"));
    char *fixes[] = {(char *)"scale=0.3434", NULL};
    g_autoptr(AlloyData) scaled = import("aet/pdpt_pku/PB.xyz", fixes, mended);
    g_assert_null(find(mended, "unit"));
    const AlloyAtoms *a = (const AlloyAtoms *)scaled, *b = (const AlloyAtoms *)angstrom;
    g_assert_cmpuint(a->n, ==, b->n);
    for (size_t i = 0; i < a->n; i++)
        test_assert_near(a->x[i], b->x[i], 0.51e-5); /* written with 5 decimals */
    g_assert_cmpstr(find(mended, "short-distance")->message, ==, find(converted, "short-distance")->message);
    /* The shortest distance of the published model: 1.63 angstrom (notes on the data), 15 pairs below 0.7
     * of 2.77. */
    assert_says(find(converted, "short-distance"), "15 pairs of atoms");
    assert_says(find(converted, "short-distance"), "are 1.628 angstrom apart");
    g_autoptr(AlloyAtoms) merged = (AlloyAtoms *)fix(b, find(converted, "short-distance")->fix);
    g_assert_cmpuint(merged->n, <, b->n);
    g_assert_cmpuint(merged->n, >=, b->n - 15);
    g_autoptr(GPtrArray) none = check(merged);
    g_assert_cmpuint(none->len, ==, 0);

    g_autofree char *path = test_data_path("aet/pdpt_pku/PB.xyz");
    char *bad[] = {(char *)"scale=x", NULL};
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_import(path, NULL, bad, NULL, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_assert_nonnull(strstr(error->message, "PB.xyz"));
}

/* Every published model either raises no warning or the right one: with tracing errors those, labels that are
 * no elements as such, reduced units as no angstrom. */
static void test_published(void)
{
    static const struct {
        const char *path, *codes;
    } models[] = {
        {"aet/hea_nucleation/HEA_17.xyz", "short-distance"},
        {"aet/hea_nucleation/HEA_18.xyz", "short-distance"},
        {"aet/hea_nucleation/HEA_4.xyz", "short-distance"},
        {"aet/hea_nucleation/HEA_9.xyz", "short-distance"},
        {"aet/mea_hea/HEA1.xyz", "short-distance"},
        {"aet/mea_hea/HEA2.xyz", "short-distance"},
        {"aet/mea_hea/HEA3.xyz", "short-distance"},
        {"aet/mea_hea/HEA4.xyz", "short-distance"},
        {"aet/mea_hea/MEA1.xyz", "short-distance"},
        {"aet/mea_hea/MEA2.xyz", "short-distance"},
        {"aet/mea_hea/MEA3.xyz", "short-distance"},
        {"aet/mea_hea/MEA4.xyz", "short-distance"},
        {"aet/mea_hea/MEA5.xyz", "short-distance"},
        {"aet/mea_hea/MEA6.xyz", "short-distance"},
        {"aet/metallic_glass/metallic_glass.xyz", "short-distance"},
        {"aet/pd_amorphous/Pd1.xyz", "short-distance"},
        {"aet/pdpt_pku/EPB.xyz", "short-distance"},
        {"aet/pdpt_pku/TO.xyz", "short-distance"},
        {"aet/pt_alloy/S3.xyz", "short-distance"},
        {"aet/pt_alloy/S6.xyz", "short-distance"},
        {"aet/pt_alloy/p1.xyz", "short-distance"}, /* two atoms 0.18 angstrom apart */
        {"aet/pt_alloy/p3.xyz", ""},
        {"aet/pt_alloy/p5.xyz", ""},
        {"atoms/aet_large/HEA_11_94376_atoms.extxyz.gz", "species short-distance"},
        {"atoms/analytic/B2_AB.extxyz", ""},
        {"atoms/analytic/L10_AB.extxyz", ""},
        {"atoms/analytic/L12_A3B.extxyz", ""},
        {"atoms/analytic/cuboctahedron_n1_13.extxyz", ""},
        {"atoms/analytic/cuboctahedron_n8_2057.extxyz", ""},
        {"atoms/analytic/icosahedron_n5_561.extxyz", ""},
        {"atoms/analytic/random_Cu70Au30_fcc4000.extxyz", ""},
        {"atoms/freud_steinhardt/fcc.extxyz", "unit"}, /* lattice with neighbours at 1 */
        {"atoms/freud_steinhardt/steinhardt_rc1.4_reference.extxyz.gz", "unit"},
        {"atoms/ovito_tests/XYZ/pyridine.xyz", ""},
        {"atoms/ovito_tests/XYZ/SiH.extended.xyz", ""},
    };
    for (size_t m = 0; m < G_N_ELEMENTS(models); m++) {
        g_autoptr(GPtrArray) warnings = alloy_warnings_new();
        g_autoptr(AlloyData) data = import(models[m].path, NULL, warnings);
        if (data == NULL)
            return;
        g_autoptr(GString) codes = g_string_new(NULL);
        for (guint w = 0; w < warnings->len; w++)
            g_string_append_printf(codes, "%s%s", w > 0 ? " " : "",
                                   ((AlloyWarning *)warnings->pdata[w])->code);
        if (strcmp(codes->str, models[m].codes) != 0) {
            g_test_message("%s: \"%s\", expected \"%s\"", models[m].path, codes->str, models[m].codes);
            g_test_fail();
        }
        const AlloyWarning *close = find(warnings, "short-distance");
        if (close != NULL) { /* the fix does what it says */
            g_autoptr(AlloyAtoms) merged = (AlloyAtoms *)fix((const AlloyAtoms *)data, close->fix);
            g_autoptr(GPtrArray) left = check(merged);
            g_assert_null(find(left, "short-distance"));
        }
    }
}

/* An extent that is no number is not blamed on a cutoff. */
static void test_far_coordinates(void)
{
    const double places[2][3] = {{0, 0, 1e308}, {0, 0, -1e308}};
    g_autoptr(AlloyAtoms) good = (AlloyAtoms *)test_fcc(3.89, 2, 2, 2, "Pd");
    for (int periodic = 0; periodic < 2; periodic++) {
        g_autoptr(AlloyAtoms) far = (AlloyAtoms *)with_more(good, places, 2);
        g_autoptr(AlloyAtoms) bare = (AlloyAtoms *)fix(far, "cell=none");
        g_autoptr(GError) error = NULL;
        g_assert_false(alloy_check_atoms(periodic ? far : bare, NULL, NULL, &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
        g_assert_cmpstr(
            error->message, ==,
            "atom 33 has z = 1e+308 angstrom; a coordinate beyond 1e+307 is no place of an atom, and "
            "distances to it are no numbers");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import/unit", test_unit);
    g_test_add_func("/import/fractional", test_fractional);
    g_test_add_func("/import/expected", test_expected);
    g_test_add_func("/import/short", test_short);
    g_test_add_func("/import/short-light", test_short_light);
    g_test_add_func("/import/duplicates", test_duplicates);
    g_test_add_func("/import/merge", test_merge);
    g_test_add_func("/import/crowd", test_crowd);
    g_test_add_func("/import/species", test_species);
    g_test_add_func("/import/counts", test_counts);
    g_test_add_func("/import/cell", test_cell);
    g_test_add_func("/import/scale", test_scale);
    g_test_add_func("/import/bad-fixes", test_bad_fixes);
    g_test_add_func("/import/series", test_series);
    g_test_add_func("/import/small", test_small);
    g_test_add_func("/import/threads", test_threads);
    g_test_add_func("/import/voxels", test_voxels);
    g_test_add_func("/import/published", test_published);
    g_test_add_func("/import/far-coordinates", test_far_coordinates);
    return g_test_run();
}
