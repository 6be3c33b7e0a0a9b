/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/common.h"

#include "core/base/error.h"
#include "core/data/series.h"
#include "core/formats/format.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Small good and bad files in every format. What a right reader gives was written down beside them, from the
 * format specifications, in expected.json. Numbers are compared to 1e-12: the texts have few digits, and at
 * most a product with a cell stands between. */
#define TOLERANCE 1e-12

typedef struct {
    char *path;
    JsonObject *expected;
} Case;

static const AlloyAtoms *frame_of(const AlloyData *data, size_t i)
{
    if (ALLOY_IS_ATOMS(data)) {
        g_assert_cmpuint(i, ==, 0);
        return (const AlloyAtoms *)data;
    }
    g_assert_true(ALLOY_IS_SERIES(data));
    g_assert_cmpuint(i, <, ((const AlloySeries *)data)->n);
    return ((const AlloySeries *)data)->stages[i].atoms;
}

static size_t frames_of(const AlloyData *data)
{
    return ALLOY_IS_SERIES(data) ? ((const AlloySeries *)data)->n : 1;
}

static void assert_values(const AlloyColumn *column, JsonNode *node)
{
    g_assert_nonnull(column);
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    size_t n = array != NULL ? json_array_get_length(array) : 1;
    g_assert_cmpuint(column->n, ==, n);
    for (size_t i = 0; i < n; i++) {
        JsonNode *value = array != NULL ? json_array_get_element(array, (guint)i) : node;
        if (json_node_get_value_type(value) == G_TYPE_STRING)
            g_assert_cmpstr(alloy_column_text_at(column, i), ==, json_node_get_string(value));
        else if (json_node_get_value_type(value) == G_TYPE_BOOLEAN)
            g_assert_true(column->type == ALLOY_BOOLEAN &&
                          column->boolean[i] == json_node_get_boolean(value));
        else
            test_assert_near(alloy_column_real_at(column, i), json_node_get_double(value), TOLERANCE);
    }
}

static void assert_position(const AlloyAtoms *atoms, size_t i, JsonArray *position)
{
    g_assert_cmpuint(i, <, atoms->n);
    test_assert_near(atoms->x[i], json_array_get_double_element(position, 0), TOLERANCE);
    test_assert_near(atoms->y[i], json_array_get_double_element(position, 1), TOLERANCE);
    test_assert_near(atoms->z[i], json_array_get_double_element(position, 2), TOLERANCE);
}

static void assert_position_of_id(const AlloyAtoms *atoms, int64_t id, JsonArray *position)
{
    const AlloyColumn *ids = alloy_atoms_column(atoms, "id");
    g_assert_nonnull(ids);
    for (size_t i = 0; i < atoms->n; i++)
        if (ids->integer[i] == id) {
            assert_position(atoms, i, position);
            return;
        }
    g_assert_not_reached();
}

/* By element where the name is one ("Pt1" counts as Pt), else by name. */
static void assert_species(const AlloyAtoms *atoms, JsonObject *counts)
{
    g_autoptr(GList) names = json_object_get_members(counts);
    for (GList *link = names; link != NULL; link = link->next) {
        const char *name = link->data;
        size_t found = 0;
        for (unsigned k = 0; k < atoms->n_kinds; k++)
            if (g_str_has_prefix(atoms->kinds[k].name, name) &&
                !g_ascii_isalpha(atoms->kinds[k].name[strlen(name)])) {
                g_assert_cmpint(atoms->kinds[k].z, >, 0);
                found += atoms->kinds[k].count;
            }
        g_assert_cmpuint(found, ==, (guint64)json_object_get_int_member(counts, name));
    }
}

static void assert_cell(const AlloyAtoms *atoms, JsonObject *expected)
{
    const AlloyCell *cell = atoms->cell;
    if (json_object_has_member(expected, "cell")) {
        if (json_object_get_null_member(expected, "cell")) {
            g_assert_null(cell);
            return;
        }
        g_assert_nonnull(cell);
        JsonArray *rows = json_object_get_array_member(expected, "cell");
        for (guint i = 0; i < 3; i++)
            for (guint k = 0; k < 3; k++)
                test_assert_near(cell->vector[i][k],
                                 json_array_get_double_element(json_array_get_array_element(rows, i), k),
                                 TOLERANCE);
    }
    if (json_object_has_member(expected, "pbc")) {
        g_assert_nonnull(cell);
        for (guint k = 0; k < 3; k++)
            g_assert_cmpint(cell->periodic[k], ==,
                            json_array_get_boolean_element(json_object_get_array_member(expected, "pbc"), k));
    }
    if (json_object_has_member(expected, "origin")) {
        g_assert_nonnull(cell);
        for (guint k = 0; k < 3; k++)
            test_assert_near(
                cell->origin[k],
                json_array_get_double_element(json_object_get_array_member(expected, "origin"), k),
                TOLERANCE);
    }
    if (json_object_has_member(expected, "cell_volume")) {
        g_assert_nonnull(cell);
        test_assert_near(alloy_cell_volume(cell), json_object_get_double_member(expected, "cell_volume"),
                         TOLERANCE);
    }
    if (json_object_has_member(expected, "cell_a")) {
        g_assert_nonnull(cell);
        for (int k = 0; k < 3; k++)
            test_assert_near(cell->vector[k][k], json_object_get_double_member(expected, "cell_a"),
                             TOLERANCE);
    }
}

static void assert_expected(const AlloyData *data, JsonObject *expected)
{
    const AlloyAtoms *atoms = frame_of(data, 0);
    if (json_object_has_member(expected, "frames"))
        g_assert_cmpuint(frames_of(data), ==, (guint64)json_object_get_int_member(expected, "frames"));
    if (json_object_has_member(expected, "natoms")) {
        JsonArray *counts = json_object_get_array_member(expected, "natoms");
        g_assert_cmpuint(frames_of(data), ==, json_array_get_length(counts));
        for (guint i = 0; i < json_array_get_length(counts); i++)
            g_assert_cmpuint(frame_of(data, i)->n, ==, (guint64)json_array_get_int_element(counts, i));
    }
    if (json_object_has_member(expected, "species"))
        assert_species(atoms, json_object_get_object_member(expected, "species"));
    assert_cell(atoms, expected);
    if (json_object_has_member(expected, "pos")) {
        JsonArray *positions = json_object_get_array_member(expected, "pos");
        for (guint i = 0; i < json_array_get_length(positions); i++)
            assert_position(atoms, i, json_array_get_array_element(positions, i));
    }
    g_autoptr(GList) names = json_object_get_members(expected);
    for (GList *link = names; link != NULL; link = link->next) {
        guint frame = 0;
        long long id;
        const char *name = link->data;
        if (sscanf(name, "frame%u_pos_of_id%lld", &frame, &id) == 2 || sscanf(name, "pos_id%lld", &id) == 1)
            assert_position_of_id(frame_of(data, frame), id, json_object_get_array_member(expected, name));
    }
    if (json_object_has_member(expected, "timesteps")) {
        JsonArray *steps = json_object_get_array_member(expected, "timesteps");
        for (guint i = 0; i < json_array_get_length(steps); i++)
            assert_values(alloy_columns_get(frame_of(data, i)->info, "timestep"),
                          json_array_get_element(steps, i));
    }
    static const char *const groups[] = {"props", "info"};
    for (int g = 0; g < 2; g++) {
        if (!json_object_has_member(expected, groups[g]))
            continue;
        JsonObject *object = json_object_get_object_member(expected, groups[g]);
        g_autoptr(GList) members = json_object_get_members(object);
        for (GList *link = members; link != NULL; link = link->next)
            assert_values(alloy_columns_get(g == 0 ? atoms->columns : atoms->info, link->data),
                          json_object_get_member(object, link->data));
    }
}

static void assert_refused(const char *path, JsonObject *expected, const GError *error)
{
    g_test_message("%s", error->message);
    g_assert_true(error->domain == ALLOY_ERROR);
    g_autofree char *base = g_path_get_basename(path);
    g_assert_nonnull(strstr(error->message, base));
    const char *reason = json_object_get_string_member(expected, "error");
    /* What is empty or no gzip has no lines. */
    if (strstr(reason, "empty") != NULL || strstr(reason, "gzip") != NULL)
        return;
    g_assert_nonnull(strstr(error->message, "line "));
    unsigned line;
    if (sscanf(reason, "line %u", &line) == 1) {
        g_autofree char *place = g_strdup_printf("line %u:", line);
        g_assert_nonnull(strstr(error->message, place));
    }
}

static gboolean is_ok(JsonObject *expected, gboolean *partial)
{
    *partial = FALSE;
    if (!json_object_has_member(expected, "ok"))
        return TRUE;
    JsonNode *ok = json_object_get_member(expected, "ok");
    if (json_node_get_value_type(ok) == G_TYPE_BOOLEAN)
        return json_node_get_boolean(ok);
    *partial = strcmp(json_node_get_string(ok), "partial") == 0;
    return TRUE;
}

static void test_case(gconstpointer data)
{
    const Case *example = data;
    gboolean partial, ok = is_ok(example->expected, &partial);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) warnings = alloy_warnings_new();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    g_autoptr(AlloyData) read = alloy_read_file(example->path, NULL, warnings, NULL, &error);
    getrusage(RUSAGE_SELF, &after);
    /* Kilobytes of file never take megabytes of memory, whatever they announce. (ru_maxrss is in KiB; a
     * sanitizer keeps freed memory and shadows it.) */
    g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 32 << 10);
    for (unsigned i = 0; i < warnings->len; i++)
        g_test_message("%s", ((const AlloyWarning *)warnings->pdata[i])->message);
    if (!ok) {
        g_assert_null(read);
        g_assert_nonnull(error);
        assert_refused(example->path, example->expected, error);
        return;
    }
    g_assert_no_error(error);
    g_assert_nonnull(read);
    if (partial) {
        g_assert_cmpuint(frames_of(read), ==,
                         (guint64)json_object_get_int_member(example->expected, "frames_usable"));
        gboolean told = FALSE;
        for (unsigned i = 0; i < warnings->len; i++)
            told = told || strcmp(((const AlloyWarning *)warnings->pdata[i])->code, "truncated") == 0;
        g_assert_true(told);
    }
    assert_expected(read, example->expected);
}

static void test_absent(void)
{
    g_autofree char *path = test_data_path("atoms/handmade/expected.json");
    g_assert_null(path); /* and the test is skipped */
}

static void case_free(gpointer data)
{
    Case *example = data;
    g_free(example->path);
    json_object_unref(example->expected);
    g_free(example);
}

static void add_cases(JsonObject *all, const char *folder)
{
    g_autoptr(GList) names = json_object_get_members(all);
    for (GList *link = names; link != NULL; link = link->next) {
        JsonObject *expected = json_object_get_object_member(all, link->data);
        while (json_object_has_member(expected, "same_as"))
            expected = json_object_get_object_member(all, json_object_get_string_member(expected, "same_as"));
        Case *example = g_new0(Case, 1);
        example->path = g_build_filename(folder, link->data, NULL);
        example->expected = json_object_ref(expected);
        g_autofree char *name = g_strdup_printf("/formats/handmade/%s", (const char *)link->data);
        g_test_add_data_func_full(name, example, test_case, case_free);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    const char *set = g_getenv("ALLOYSCOPE_DATA"), *source = g_getenv("ALLOYSCOPE_SOURCE");
    g_autofree char *folder = set != NULL ? g_build_filename(set, "atoms", "handmade", NULL)
                                          : g_build_filename(source != NULL ? source : ".", "..", "shared",
                                                             "data", "atoms", "handmade", NULL);
    g_autofree char *path = g_build_filename(folder, "expected.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_test_add_func("/formats/handmade", test_absent);
    } else {
        g_autoptr(GError) error = NULL;
        json_parser_load_from_file(parser, path, &error);
        g_assert_no_error(error);
        add_cases(json_node_get_object(json_parser_get_root(parser)), folder);
    }
    return g_test_run();
}
