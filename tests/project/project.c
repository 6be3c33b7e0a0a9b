/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of items, where they came from, and the script that makes them again. */
#include "core/project/project.h"

#include "core/base/error.h"
#include "core/project/output.h"
#include "core/project/record.h"
#include "core/project/registry.h"
#include "core/project/script.h"
#include "tests/project/values.h"

#include <string.h>

static const AlloyItem *add(AlloyProject *project, const char *name, const AlloyOrigin *origin)
{
    const AlloyData *data = values_table();
    const AlloyItem *item = alloy_project_add(project, name, data, origin);
    alloy_data_unref(data);
    alloy_origin_unref(origin);
    return item;
}

static void test_names(void)
{
    g_autoptr(AlloyProject) project = alloy_project_new();
    g_assert_cmpstr(add(project, "gold", values_file_origin(1))->name, ==, "gold");
    g_assert_cmpstr(add(project, "gold", values_file_origin(2))->name, ==, "gold 2");
    g_assert_cmpstr(add(project, "gold", values_file_origin(3))->name, ==, "gold 3");
    g_assert_cmpstr(add(project, " a\nb\t", values_file_origin(4))->name, ==, "a b");
    g_assert_cmpstr(add(project, "", values_file_origin(5))->name, ==, "item");
    g_assert_true(g_utf8_validate(add(project, "\xff\xfe", values_file_origin(6))->name, -1, NULL));
    g_autofree char *longest = g_strnfill(5000, 'x');
    g_assert_cmpuint(strlen(add(project, longest, values_file_origin(7))->name), <=, 1000);

    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_project_rename(project, 1, "best", &error));
    g_assert_cmpstr(alloy_project_find(project, 1)->name, ==, "best");
    g_assert_cmpuint(alloy_project_find_name(project, "best")->id, ==, 1);
    g_assert_null(alloy_project_find_name(project, "gold"));
    g_assert_true(alloy_project_rename(project, 1, "best", &error)); /* its own name */
    const char *const refused[] = {"gold 2", "", "two\nlines", "\xff", longest};
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_assert_false(alloy_project_rename(project, 1, refused[i], &error));
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
        g_clear_error(&error);
    }
    g_assert_false(alloy_project_rename(project, 99, "new", &error));
}

static void test_remove(void)
{
    g_autoptr(AlloyProject) project = values_project(5, 1);
    g_autoptr(AlloyProject) copy = alloy_project_copy(project);
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_project_remove(project, 1, &error)); /* others were made from it */
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "particle"));
    unsigned n = alloy_project_size(project);
    g_assert_true(alloy_project_remove(project, 6, NULL));
    g_assert_null(alloy_project_find(project, 6));
    g_assert_cmpuint(alloy_project_size(project), ==, n - 1);
    g_assert_cmpuint(add(project, "new", values_file_origin(9))->id, ==, 7); /* an id is not given twice */
    g_assert_cmpuint(alloy_project_size(copy), ==, n);                       /* a copy is its own list */
    g_assert_true(alloy_project_find(copy, 1) == alloy_project_find(project, 1)); /* of the same items */
}

static void test_put(void)
{
    g_autoptr(AlloyProject) project = alloy_project_new();
    const AlloyData *data = values_table();
    g_auto(AlloyOriginRef) one = values_file_origin(1);
    g_auto(AlloyOriginRef) two = values_file_origin(2);
    g_autoptr(GError) error = NULL;
    uint32_t id = alloy_project_put(project, NULL, "gold", data, one, &error)->id;
    g_assert_cmpuint(alloy_project_put(project, NULL, "other", data, one, &error)->id, ==, id);
    g_assert_cmpuint(alloy_project_put(project, "gold", "other", data, one, &error)->id, ==, id);
    g_assert_null(alloy_project_put(project, "gold", "other", data, two, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_cmpuint(alloy_project_put(project, "again", "other", data, one, &error)->id, !=, id);
    g_assert_no_error(error);
    alloy_data_unref(data);
}

/* What is taken over brings what it was made from, once; chains of items that are used twice each stay short.
 */
static void test_adopt(void)
{
    g_autoptr(AlloyProject) from = values_project(5, 1);
    const AlloyData *data = values_table();
    uint32_t last = 1;
    for (int i = 0; i < 60; i++) {
        AlloyOrigin draft = {.kind = ALLOY_ORIGIN_CONVERT, .inputs = (uint32_t[]){last, last}, .n_inputs = 2};
        g_auto(AlloyOriginRef) origin = alloy_origin_new(&draft);
        last = alloy_project_add(from, "link", data, origin)->id;
    }
    alloy_data_unref(data);
    g_autoptr(AlloyProject) project = alloy_project_new();
    add(project, "something", values_file_origin(50));
    g_autoptr(GError) error = NULL;
    const AlloyItem *item = alloy_project_adopt(project, from, 2, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(item->name, ==, "csrop of particle");
    g_assert_cmpuint(alloy_project_size(project), ==, 3);
    g_assert_cmpuint(item->origin->inputs[0], ==, alloy_project_find_name(project, "particle")->id);
    uint32_t id = item->id; /* the item itself is borrowed until the project changes */
    g_assert_cmpuint(alloy_project_adopt(project, from, 2, &error)->id, ==, id);
    g_assert_cmpuint(alloy_project_size(project), ==, 3);
    g_assert_nonnull(alloy_project_adopt(project, from, last, &error));
    g_assert_cmpuint(alloy_project_size(project), ==, 63);
    g_assert_null(alloy_project_adopt(project, from, 12345, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_INPUT);
}

static void assert_json_round_trip(const AlloyOrigin *origin)
{
    g_autofree char *json = alloy_origin_to_json(origin);
    g_autoptr(GError) error = NULL;
    g_auto(AlloyOriginRef) again = alloy_origin_from_json(json, strlen(json), &error);
    g_assert_no_error(error);
    g_autofree char *twice = alloy_origin_to_json(again);
    g_assert_cmpstr(json, ==, twice);
    g_assert_true(alloy_origin_same(origin, again));
}

static void test_origins(void)
{
    g_auto(AlloyOriginRef) file = values_file_origin(1);
    g_auto(AlloyOriginRef) other = values_file_origin(2);
    g_auto(AlloyOriginRef) run = values_run_origin("csrop", 1, "atoms");
    g_auto(AlloyOriginRef) scalars = values_run_origin("csrop", 1, "scalars");
    g_auto(AlloyOriginRef) elsewhere = values_run_origin("csrop", 2, "atoms");
    /* A path is bytes, not text. */
    AlloyOrigin latin = *file;
    latin.path = "/data/\xe5ngstr\xf6m %41.xyz";
    g_auto(AlloyOriginRef) odd = alloy_origin_new(&latin);
    g_autofree char *json = alloy_origin_to_json(odd);
    g_auto(AlloyOriginRef) read = alloy_origin_from_json(json, strlen(json), NULL);
    g_assert_cmpstr(read->path, ==, latin.path);
    const AlloyOrigin *all[] = {file, other, run, scalars, elsewhere};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        assert_json_round_trip(all[i]);
        for (size_t k = 0; k < G_N_ELEMENTS(all); k++)
            g_assert_true(alloy_origin_same(all[i], all[k]) == (i == k));
    }
    g_assert_true(alloy_origin_same_run(run, scalars));
    g_assert_false(alloy_origin_same_run(run, elsewhere));
    /* What came out automatically and what was given are the same run. */
    AlloyOrigin explicit = *run;
    explicit.params = (char *[]){(char *)"cutoff=3.4700000000000002",
                                 (char *)"expression=species == \"Pd\" && cn < 12", (char *)"shell=2", NULL};
    explicit.resolved = (char *[]){NULL};
    g_auto(AlloyOriginRef) given = alloy_origin_new(&explicit);
    g_assert_true(alloy_origin_same(run, given));
}

static void test_bad_json(void)
{
    const char *const bad[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"kind\":\"file\"}",
        "{\"kind\":\"magic\",\"program\":\"1\"}",
        "{\"kind\":\"convert\",\"program\":\"1\",\"labels\":[],\"inputs\":[0]}",
        "{\"kind\":\"convert\",\"program\":\"1\",\"labels\":[],\"inputs\":[1.5]}",
        "{\"kind\":\"convert\",\"program\":\"1\",\"labels\":[],\"inputs\":[4294967296]}",
        "{\"kind\":\"convert\",\"program\":\"1\",\"labels\":[1],\"inputs\":[]}",
        "{\"kind\":\"convert\",\"program\":1,\"labels\":[],\"inputs\":[]}",
        "{\"kind\":\"convert\",\"program\":\"\xff\",\"labels\":[],\"inputs\":[]}",
        "{\"kind\":\"file\",\"program\":\"1\",\"path\":\"a\",\"size\":\"-1\",\"sha256\":\"\",\"format\":\"\","
        "\"fixes\":[]}",
        "{\"kind\":\"file\",\"program\":\"1\",\"path\":\"a\",\"size\":\"1\",\"sha256\":\"xyz\",\"format\":"
        "\"\",\"fixes\":[]}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(alloy_origin_from_json(bad[i], strlen(bad[i]), &error));
        g_assert_nonnull(error);
    }
    /* Deep enough to end the stack of a parser that recurses. */
    g_autofree char *deep = g_strnfill(1 << 20, '[');
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_origin_from_json(deep, 1 << 20, &error));
    g_assert_nonnull(error);
}

static AlloyRun *coordination_of(const AlloyAtoms *atoms, GError **error)
{
    AlloyRun *run = alloy_run_new(alloy_operation_by_name("coordination", NULL));
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    g_assert_true(alloy_run_set(run, "cutoff", "3", NULL));
    alloy_run_execute(run, error);
    return run;
}

static void test_record(void)
{
    g_autoptr(AlloyProject) project = alloy_project_new();
    const AlloyAtoms *atoms = values_atoms(50, 1);
    g_auto(AlloyOriginRef) origin = values_file_origin(1);
    uint32_t input = alloy_project_add(project, "it's #1", ALLOY_DATA(atoms), origin)->id;
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyRun) run = coordination_of(atoms, &error);
    g_assert_no_error(error);
    g_assert_true(alloy_record_run(project, NULL, NULL, run, &input, 1, &error));
    g_assert_no_error(error);
    const AlloyItem *result = alloy_project_find_name(project, "coordination of it's #1");
    g_assert_true(result->data == ALLOY_DATA(run->atoms)); /* shared, not copied */
    g_assert_cmpstr(result->origin->output, ==, ALLOY_OUTPUT_ATOMS);
    unsigned n = alloy_project_size(project);
    g_assert_true(alloy_record_run(project, NULL, NULL, run, &input, 1, &error));
    g_assert_cmpuint(alloy_project_size(project), ==, n);
    g_assert_false(alloy_record_run(project, NULL, "no such", run, &input, 1, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER);
    g_clear_error(&error);

    g_autofree char *script = alloy_project_script(project, "/tmp/a'b.alloy", &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(script, "out='/tmp/a'\\''b.alloy'\n"));
    g_assert_nonnull(
        strstr(script,
               "\"$alloyscope\" run coordination --quiet --seed 0 '--cutoff=3' \"$out\"'#it'\\''s #1' \\\n"));
    alloy_data_unref(atoms);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/project/project/names", test_names);
    g_test_add_func("/project/project/remove", test_remove);
    g_test_add_func("/project/project/put", test_put);
    g_test_add_func("/project/project/adopt", test_adopt);
    g_test_add_func("/project/project/origins", test_origins);
    g_test_add_func("/project/project/bad-json", test_bad_json);
    g_test_add_func("/project/project/record", test_record);
    return g_test_run();
}
