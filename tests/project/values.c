/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/project/values.h"

#include "core/base/random.h"
#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/data/table.h"

#include <math.h>
#include <string.h>

static double odd_number(size_t i)
{
    static const uint64_t bits[] = {0x7ff8000000000000, 0x7ff8dead0000beef, 0x7ff0000000000000,
                                    0xfff0000000000000, 0x8000000000000000, 1,
                                    0x7fefffffffffffff};
    double value;
    memcpy(&value, &bits[i % G_N_ELEMENTS(bits)], sizeof value);
    return value;
}

static const AlloyColumn *real_column(const char *name, size_t n, AlloyRandom *random)
{
    double *values = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        values[i] = i % 5 == 0 ? odd_number(i / 5) : alloy_random_normal(random);
    return alloy_column_new_real(name, "eV/angstrom", values, n);
}

static const AlloyColumn *integer_column(const char *name, size_t n, AlloyRandom *random)
{
    int64_t *values = alloy_array_new(int64_t, n);
    for (size_t i = 0; i < n; i++)
        values[i] = (int64_t)alloy_random_u64(random);
    return alloy_column_new_integer(name, ALLOY_UNIT_NONE, values, n);
}

static const AlloyColumn *boolean_column(const char *name, size_t n, AlloyRandom *random)
{
    uint8_t *values = alloy_array_new(uint8_t, n);
    for (size_t i = 0; i < n; i++)
        values[i] = alloy_random_u32(random) & 1;
    return alloy_column_new_boolean(name, values, n);
}

static const AlloyColumn *text_column(const char *name, size_t n, AlloyRandom *random)
{
    static const char *const labels[] = {"", "surface", "a \"quoted\" label", "\xc3\xa5ngstr\xc3\xb6m",
                                         "unused"};
    uint32_t *codes = alloy_array_new(uint32_t, n);
    for (size_t i = 0; i < n; i++)
        codes[i] = alloy_random_below(random, 4);
    return alloy_column_new_text(name, codes, n, labels, G_N_ELEMENTS(labels));
}

const AlloyAtoms *values_atoms(size_t n, unsigned seed)
{
    AlloyRandom random;
    alloy_random_init(&random, seed, 1);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(n);
    alloy_atoms_builder_kind(builder, "Pd", 2);
    alloy_atoms_builder_named_kind(builder, "HEA type \xce\xb1", 0);
    alloy_atoms_builder_kind(builder, "Ir", 2);
    for (size_t i = 0; i < n; i++) {
        builder->x[i] = 30 * alloy_random_normal(&random);
        builder->y[i] = 30 * alloy_random_normal(&random);
        builder->z[i] = i % 7 == 0 ? -0.0 : 30 * alloy_random_normal(&random);
        builder->species[i] = (uint16_t)alloy_random_below(&random, 2);
    }
    AlloyCell cell = {{-1, 0.1, 1e-300}, {{10, 0, 0}, {1, 12, 0}, {-2, 3, 14}}, {TRUE, FALSE, TRUE}};
    alloy_atoms_builder_set_cell(builder, &cell);
    alloy_atoms_builder_set_column(builder, real_column("force", n, &random));
    alloy_atoms_builder_set_column(builder, integer_column("grain/1", n, &random));
    alloy_atoms_builder_set_column(builder, boolean_column("selected", n, &random));
    alloy_atoms_builder_set_column(builder, text_column("site", n, &random));
    alloy_atoms_builder_set_info(builder, alloy_scalar_text("note", "first line\nsecond"));
    alloy_atoms_builder_set_info(builder, alloy_scalar_real("energy", "eV", -1.5));
    alloy_atoms_builder_set_info(builder, integer_column("shape", 3, &random));
    return alloy_atoms_builder_finish(builder);
}

const AlloyData *values_series(void)
{
    const AlloyAtoms *few = values_atoms(12, 7), *none = values_atoms(0, 8);
    const AlloyStage stages[] = {
        {few, 0, 473.15, "0 min"}, {few, 1800, NAN, "same"}, {none, NAN, NAN, "same"}};
    const AlloySeries *series = alloy_series_new("three stages", stages, G_N_ELEMENTS(stages));
    alloy_data_unref(few);
    alloy_data_unref(none);
    return ALLOY_DATA(series);
}

const AlloyData *values_table(void)
{
    AlloyRandom random;
    alloy_random_init(&random, 5, 2);
    AlloyColumns *columns = alloy_columns_new(), *scalars = alloy_columns_new();
    alloy_columns_set(columns, real_column("g", 100, &random));
    alloy_columns_set(columns, text_column("label", 100, &random));
    alloy_columns_set(columns, alloy_column_with_floor(real_column("p", 100, &random), 1.0 / 1000));
    alloy_columns_set(scalars, alloy_scalar_real("first_peak", ALLOY_UNIT_LENGTH, 2.75));
    alloy_columns_set(scalars, alloy_scalar_boolean("found", TRUE));
    return ALLOY_DATA(alloy_table_new("rdf", columns, scalars));
}

const AlloyData *values_selection(size_t n)
{
    g_autofree uint8_t *mask = g_malloc0(n + 1);
    for (size_t i = 0; i < n; i += 3)
        mask[i] = 1;
    return ALLOY_DATA(alloy_selection_from_mask(mask, n));
}

const AlloyOrigin *values_file_origin(unsigned seed)
{
    g_autofree char *text = g_strdup_printf("%u", seed);
    g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    AlloyOrigin draft = {.kind = ALLOY_ORIGIN_FILE,
                         .path = "/data/it's a particle.xyz",
                         .size = 123456789012345,
                         .sha256 = sha256,
                         .format = "xyz",
                         .fixes = (char *[]){(char *)"scale=0.3434", (char *)"wrap=yes", NULL}};
    return alloy_origin_new(&draft);
}

const AlloyOrigin *values_run_origin(const char *operation, uint32_t input, const char *output)
{
    AlloyOrigin draft = {
        .kind = ALLOY_ORIGIN_RUN,
        .operation = operation,
        .version = 3,
        .seed = G_MAXUINT64,
        .params = (char *[]){(char *)"shell=2", (char *)"expression=species == \"Pd\" && cn < 12", NULL},
        .resolved = (char *[]){(char *)"cutoff=3.4700000000000002", NULL},
        .output = output,
        .inputs = &input,
        .n_inputs = 1};
    return alloy_origin_new(&draft);
}

static void add(AlloyProject *project, const char *name, const AlloyData *data, const AlloyOrigin *origin)
{
    alloy_project_add(project, name, data, origin);
    alloy_data_unref(data);
    alloy_origin_unref(origin);
}

AlloyProject *values_project(size_t n, unsigned seed)
{
    AlloyProject *project = alloy_project_new();
    const AlloyAtoms *atoms = values_atoms(n, seed);
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(atoms);
    AlloyRandom random;
    alloy_random_init(&random, seed, 3);
    alloy_atoms_builder_set_column(builder, real_column("csrop_Pd_Ir", n, &random));
    add(project, "particle", ALLOY_DATA(atoms), values_file_origin(seed));
    add(project, "csrop of particle", ALLOY_DATA(alloy_atoms_builder_finish(builder)),
        values_run_origin("csrop", 1, "atoms"));
    add(project, "rdf", values_table(), values_run_origin("rdf", 1, "rdf"));
    add(project, "chosen", values_selection(n), values_run_origin("select", 2, "selection"));
    add(project, "stages \xe2\x80\x94 all", values_series(), values_file_origin(seed + 1));
    AlloyOrigin together = {.kind = ALLOY_ORIGIN_CONVERT,
                            .stage = "30 min",
                            .labels = (char *[]){(char *)"a=b", (char *)"", NULL},
                            .inputs = (uint32_t[]){1, 2, 1},
                            .n_inputs = 3};
    add(project, "together", values_series(), alloy_origin_new(&together));
    return project;
}

static void assert_same_bytes(const void *a, const void *b, size_t n)
{
    g_assert_true(n == 0 || memcmp(a, b, n) == 0);
}

static void assert_same_columns(const AlloyColumns *a, const AlloyColumns *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (unsigned i = 0; i < a->len; i++) {
        const AlloyColumn *left = a->pdata[i], *right = b->pdata[i];
        g_assert_cmpstr(left->name, ==, right->name);
        g_assert_cmpstr(left->unit, ==, right->unit);
        g_assert_cmpint(left->type, ==, right->type);
        g_assert_cmpuint(left->n, ==, right->n);
        assert_same_bytes(left->values, right->values, left->n * alloy_type_size(left->type));
        assert_same_bytes(&left->floor, &right->floor, sizeof(double));
        g_assert_cmpuint(left->n_labels, ==, right->n_labels);
        for (uint32_t k = 0; k < left->n_labels; k++)
            g_assert_cmpstr(left->labels[k], ==, right->labels[k]);
    }
}

static void assert_same_atoms(const AlloyAtoms *a, const AlloyAtoms *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    assert_same_bytes(a->x, b->x, a->n * sizeof *a->x);
    assert_same_bytes(a->y, b->y, a->n * sizeof *a->y);
    assert_same_bytes(a->z, b->z, a->n * sizeof *a->z);
    assert_same_bytes(a->species, b->species, a->n * sizeof *a->species);
    g_assert_cmpuint(a->n_kinds, ==, b->n_kinds);
    for (unsigned i = 0; i < a->n_kinds; i++) {
        g_assert_cmpstr(a->kinds[i].name, ==, b->kinds[i].name);
        g_assert_cmpint(a->kinds[i].z, ==, b->kinds[i].z);
        g_assert_cmpuint(a->kinds[i].count, ==, b->kinds[i].count);
    }
    g_assert_true((a->cell == NULL) == (b->cell == NULL));
    if (a->cell != NULL) {
        assert_same_bytes(a->cell->origin, b->cell->origin, sizeof a->cell->origin);
        assert_same_bytes(a->cell->vector, b->cell->vector, sizeof a->cell->vector);
        assert_same_bytes(a->cell->periodic, b->cell->periodic, sizeof a->cell->periodic);
    }
    assert_same_columns(a->columns, b->columns);
    assert_same_columns(a->info, b->info);
}

void values_assert_same(const AlloyData *a, const AlloyData *b)
{
    g_assert_cmpstr(a->klass->name, ==, b->klass->name);
    if (ALLOY_IS_ATOMS(a)) {
        assert_same_atoms((const AlloyAtoms *)a, (const AlloyAtoms *)b);
    } else if (ALLOY_IS_TABLE(a)) {
        const AlloyTable *left = (const AlloyTable *)a, *right = (const AlloyTable *)b;
        g_assert_cmpstr(left->title, ==, right->title);
        assert_same_columns(left->columns, right->columns);
        assert_same_columns(left->scalars, right->scalars);
    } else if (ALLOY_IS_SELECTION(a)) {
        const AlloySelection *left = (const AlloySelection *)a, *right = (const AlloySelection *)b;
        g_assert_cmpuint(left->n, ==, right->n);
        g_assert_cmpuint(left->count, ==, right->count);
        assert_same_bytes(left->words, right->words, (left->n + 63) / 64 * 8);
    } else {
        const AlloySeries *left = (const AlloySeries *)a, *right = (const AlloySeries *)b;
        g_assert_cmpstr(left->title, ==, right->title);
        g_assert_cmpuint(left->n, ==, right->n);
        for (size_t i = 0; i < left->n; i++) {
            g_assert_cmpstr(left->stages[i].label, ==, right->stages[i].label);
            assert_same_bytes(&left->stages[i].time, &right->stages[i].time, sizeof(double));
            assert_same_bytes(&left->stages[i].temperature, &right->stages[i].temperature, sizeof(double));
            assert_same_atoms(left->stages[i].atoms, right->stages[i].atoms);
        }
    }
}

void values_assert_same_project(const AlloyProject *a, const AlloyProject *b)
{
    g_assert_cmpuint(alloy_project_size(a), ==, alloy_project_size(b));
    for (unsigned i = 0; i < alloy_project_size(a); i++) {
        const AlloyItem *left = alloy_project_at(a, i), *right = alloy_project_at(b, i);
        g_assert_cmpuint(left->id, ==, right->id);
        g_assert_cmpstr(left->name, ==, right->name);
        g_autofree char *of_left = alloy_origin_to_json(left->origin),
                        *of_right = alloy_origin_to_json(right->origin);
        g_assert_cmpstr(of_left, ==, of_right);
        values_assert_same(left->data, right->data);
    }
}
