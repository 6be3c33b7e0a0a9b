/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/replace.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
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

/* A link to a file that is not there yet: the file comes to be, the link stays. Links to links too. */
static void test_dangling_link(Place *place, gconstpointer data)
{
    g_autofree char *inner = g_build_filename(place->folder, "inner", NULL);
    g_autofree char *outer = g_build_filename(place->folder, "outer", NULL);
    g_assert_cmpint(symlink("file", inner), ==, 0);
    g_assert_cmpint(symlink(inner, outer), ==, 0);
    g_assert_true(alloy_replace_commit(begin(outer, "new"), NULL));
    g_assert_true(g_file_test(outer, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(g_file_test(inner, G_FILE_TEST_IS_SYMLINK));
    assert_holds(place->path, "new");
    g_remove(outer);
    g_remove(inner);
    /* A circle of links leads nowhere, and that is said. */
    g_assert_cmpint(symlink("outer", inner), ==, 0);
    g_assert_cmpint(symlink("inner", outer), ==, 0);
    AlloyReplacement *circle = alloy_replace_begin(outer, NULL);
    g_clear_pointer(&circle, alloy_replace_discard);
    g_remove(outer);
    g_remove(inner);
}

/* Root that writes a user's file leaves it to the user. */
static void test_owner_stays(Place *place, gconstpointer data)
{
    g_assert_true(alloy_replace_commit(begin(place->path, "old"), NULL));
    if (chown(place->path, 65534, 65533) != 0) {
        g_test_skip("only root gives files away");
        return;
    }
    g_chmod(place->path, 0640);
    g_assert_true(alloy_replace_commit(begin(place->path, "new"), NULL));
    struct stat status;
    g_assert_cmpint(stat(place->path, &status), ==, 0);
    g_assert_cmpint(status.st_uid, ==, 65534);
    g_assert_cmpint(status.st_gid, ==, 65533);
    g_assert_cmphex(status.st_mode & 07777, ==, 0640);
}

/* What a killed program left goes; what is being written, and what only looks alike, stays. */
static void test_cleaning(Place *place, gconstpointer data)
{
    g_autofree char *left = g_build_filename(place->folder, ".file.0123abcd", NULL);
    g_autofree char *alike = g_build_filename(place->folder, ".file.0123abcd.txt", NULL);
    g_autofree char *written = g_build_filename(place->folder, ".file.89abcdef", NULL);
    const char *const names[] = {left, alike, written};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_true(g_file_set_contents(names[i], "half", 4, NULL));
    int file = open(written, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(flock(file, LOCK_EX | LOCK_NB), ==, 0);
    g_autoptr(AlloyReplacement) other = begin(place->path, "new");
    alloy_replace_clean(place->path);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(alike, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(written, G_FILE_TEST_EXISTS));
    g_assert_true(alloy_replace_commit(g_steal_pointer(&other), NULL));
    assert_holds(place->path, "new");
    close(file);
    alloy_replace_clean(place->path);
    g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
    g_remove(alike);
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
    ADD("dangling-link", test_dangling_link);
    ADD("owner", test_owner_stays);
    ADD("cleaning", test_cleaning);
    ADD("device", test_device_is_written_into);
    ADD("refusals", test_refusals);
    return g_test_run();
}
