/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdint.h>

/* A fuzz target run on the files of the folders given, for a compiler without a fuzzer and for every day:
 * what the fuzzer once found stays found. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static unsigned replay_folder(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) open = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    unsigned files = 0;
    for (const char *name; (name = g_dir_read_name(open)) != NULL; files++) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
        gsize size;
        g_file_get_contents(path, &bytes, &size, &error);
        g_assert_no_error(error);
        g_test_message("%s", path);
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
    }
    return files;
}

static char **folders;

static void test_replay(void)
{
    for (char **folder = folders; *folder != NULL; folder++)
        g_assert_cmpuint(replay_folder(*folder), >, 0);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folders = argv + 1;
    g_test_add_func("/replay", test_replay);
    return g_test_run();
}
