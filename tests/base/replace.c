/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/replace.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *path;
} Place;

static void place_set_up(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    place->folder = g_dir_make_tmp("replace-XXXXXX", &error);
    g_assert_no_error(error);
    place->path = g_build_filename(place->folder, "file", NULL);
}

static unsigned entries(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    unsigned n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void place_tear_down(Place *place, gconstpointer data)
{
    g_chmod(place->folder, 0700);
    g_remove(place->path);
    g_assert_cmpuint(entries(place->folder), ==, 0);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_free(place->folder);
    g_free(place->path);
}

static AlloyReplacement *begin(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    AlloyReplacement *replacement = alloy_replace_begin(path, &error);
    g_assert_no_error(error);
    g_output_stream_write_all(alloy_replace_stream(replacement), text, strlen(text), NULL, NULL, &error);
    g_assert_no_error(error);
    return replacement;
}

static void assert_holds(const char *path, const char *text)
{
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, text);
}

static void test_replaces(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    AlloyReplacement *first = begin(place->path, "old");
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    g_assert_true(alloy_replace_commit(first, &error));
    assert_holds(place->path, "old");
    g_chmod(place->path, 0640);

    AlloyReplacement *second = begin(place->path, "new and longer");
    assert_holds(place->path, "old");
    g_assert_true(alloy_replace_commit(second, &error));
    assert_holds(place->path, "new and longer");
    struct stat status;
    g_assert_cmpint(stat(place->path, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 07777, ==, 0640);
    g_assert_cmpuint(entries(place->folder), ==, 1);
}

static void test_discard_leaves_the_old(Place *place, gconstpointer data)
{
    g_assert_true(alloy_replace_commit(begin(place->path, "old"), NULL));
    alloy_replace_discard(begin(place->path, "half of the n"));
    assert_holds(place->path, "old");
    g_assert_cmpuint(entries(place->folder), ==, 1);
}

static void test_link_stays(Place *place, gconstpointer data)
{
    g_autofree char *link_path = g_build_filename(place->folder, "link", NULL);
    g_assert_true(alloy_replace_commit(begin(place->path, "old"), NULL));
    g_assert_cmpint(symlink("file", link_path), ==, 0);
    g_assert_true(alloy_replace_commit(begin(link_path, "new"), NULL));
    g_assert_true(g_file_test(link_path, G_FILE_TEST_IS_SYMLINK));
    assert_holds(place->path, "new");
    g_remove(link_path);
}

static void test_device_is_written_into(Place *place, gconstpointer data)
{
    g_assert_true(alloy_replace_commit(begin("/dev/null", "gone"), NULL));
    g_assert_false(g_file_test("/dev/null", G_FILE_TEST_IS_REGULAR));
}

static void test_refusals(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *nowhere = g_build_filename(place->folder, "no", "such", "folder", NULL);
    g_assert_null(alloy_replace_begin(nowhere, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_nonnull(strstr(error->message, nowhere));
    g_clear_error(&error);
    g_assert_null(alloy_replace_begin(place->folder, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
    g_clear_error(&error);
    if (geteuid() == 0) {
        g_test_message("root writes everywhere: permissions are not tested");
        return;
    }
    g_chmod(place->folder, 0500);
    g_assert_null(alloy_replace_begin(place->path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/base/replace/" path, Place, NULL, place_set_up, test, place_tear_down)
    ADD("replaces", test_replaces);
    ADD("discard", test_discard_leaves_the_old);
    ADD("link", test_link_stays);
    ADD("device", test_device_is_written_into);
    ADD("refusals", test_refusals);
    return g_test_run();
}
