/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever happens in the middle of a save, the project that was there before, or the new one, is there
 * whole. */
#include "core/base/error.h"
#include "core/project/store.h"
#include "tests/project/values.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    place->folder = g_dir_make_tmp("crash-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "project.alloy", NULL);
}

/* How many files there are beside the project. */
static unsigned others(const Place *place)
{
    g_autoptr(GDir) dir = g_dir_open(place->folder, 0, NULL);
    unsigned n = 0;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        n += strcmp(name, "project.alloy") != 0;
    return n;
}

static void tear_down(Place *place, gconstpointer data)
{
    g_remove(place->path);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_free(place->folder);
    g_free(place->path);
}

static void save(const AlloyProject *project, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_project_save(project, path, NULL, &error));
    g_assert_no_error(error);
}

static void assert_saved(const char *path, const AlloyProject *project)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyProject) loaded = alloy_project_load(path, NULL, &error);
    g_assert_no_error(error);
    values_assert_same_project(project, loaded);
}

/* The child of test_killed: saves two projects in turn until it is killed. */
G_NORETURN static void save_forever(const char *path)
{
    g_autoptr(AlloyProject) even = values_project(3000, 1);
    g_autoptr(AlloyProject) odd = values_project(3000, 2);
    for (unsigned i = 0;; i++)
        save(i % 2 == 0 ? even : odd, path);
}

static void test_killed(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) even = values_project(3000, 1);
    g_autoptr(AlloyProject) odd = values_project(3000, 2);
    save(even, place->path);
    unsigned changed = 0;
    for (int i = 0; i < 25; i++) {
        const char *const argv[] = {self, "--save-forever", place->path, NULL};
        g_autoptr(GError) error = NULL;
        GPid child;
        struct stat before, now;
        stat(place->path, &before);
        g_assert_true(
            g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, &error));
        g_assert_no_error(error);
        /* Once it saves, at another moment each time. */
        for (int wait = 0; wait < 2000; wait++) {
            g_usleep(5000);
            if (stat(place->path, &now) == 0 && now.st_ino != before.st_ino)
                break;
        }
        g_usleep((gulong)g_test_rand_int_range(0, 40000));
        kill(child, SIGKILL);
        int status = 0;
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

        g_autoptr(AlloyProject) loaded = alloy_project_load(place->path, NULL, &error);
        g_assert_no_error(error);
        const AlloyAtoms *atoms = (const AlloyAtoms *)alloy_project_at(loaded, 0)->data;
        gboolean is_odd = atoms->x[0] == ((const AlloyAtoms *)alloy_project_at(odd, 0)->data)->x[0];
        values_assert_same_project(is_odd ? odd : even, loaded);
        changed += now.st_ino != before.st_ino;
        /* A file without a name goes with the process; one that had its name already goes with the next
         * saving, which tells it from one that is being written. */
        save(is_odd ? odd : even, place->path);
        g_assert_cmpuint(others(place), ==, 0);
    }
    g_assert_cmpuint(changed, >, 0); /* it did save in between */
}

/* A file may grow to 20 KB only, as on a full disk; the project has 300 KB. */
static void test_no_room(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) old = values_project(10, 1);
    g_autoptr(AlloyProject) project = values_project(5000, 2);
    save(old, place->path);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    g_autoptr(GError) error = NULL;
    gboolean saved = alloy_project_save(project, place->path, NULL, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    g_assert_false(saved);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, place->path));
    g_assert_cmpuint(others(place), ==, 0);
    assert_saved(place->path, old);
    save(project, place->path);
    assert_saved(place->path, project);
}

static void test_full_disk(Place *place, gconstpointer data)
{
    g_autofree char *disk = g_build_filename(place->folder, "disk", NULL);
    g_autofree char *path = g_build_filename(disk, "project.alloy", NULL);
    g_assert_cmpint(g_mkdir(disk, 0700), ==, 0);
    if (mount("tmpfs", disk, "tmpfs", 0, "size=128k") != 0) {
        g_rmdir(disk);
        g_test_skip("mounting a small disk is not allowed here");
        return;
    }
    g_autoptr(AlloyProject) old = values_project(10, 1);
    g_autoptr(AlloyProject) project = values_project(5000, 2);
    g_autoptr(GError) error = NULL;
    save(old, path);
    gboolean saved = alloy_project_save(project, path, NULL, &error);
    if (!saved)
        assert_saved(path, old);
    umount(disk);
    g_rmdir(disk);
    g_assert_false(saved);
    g_assert_nonnull(error);
}

/* The child of test_read_only: 0 when saving was refused as it should be. */
static int save_refused(const char *path)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    g_autoptr(AlloyProject) project = values_project(10, 2);
    g_autoptr(GError) error = NULL;
    gboolean saved = alloy_project_save(project, path, NULL, &error);
    return !saved && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ? 0 : 1;
}

static void assert_refused(const Place *place)
{
    const char *const argv[] = {self, "--save-refused", place->path, NULL};
    g_autoptr(GError) error = NULL;
    int status = 0;
    g_assert_true(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        g_test_skip("cannot become another user here");
    else
        g_assert_true(g_spawn_check_wait_status(status, &error));
}

static void test_read_only(Place *place, gconstpointer data)
{
    g_autoptr(AlloyProject) old = values_project(10, 1);
    save(old, place->path);
    g_chmod(place->path, 0444);
    g_chmod(place->folder, 0777);
    assert_refused(place); /* the file is read-only */
    g_chmod(place->path, 0666);
    g_chmod(place->folder, 0555);
    assert_refused(place); /* the folder is */
    g_chmod(place->folder, 0700);
    g_assert_cmpuint(others(place), ==, 0);
    assert_saved(place->path, old);
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc == 3 && strcmp(argv[1], "--save-forever") == 0)
        save_forever(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--save-refused") == 0)
        return save_refused(argv[2]);
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/project/crash/" path, Place, NULL, set_up, test, tear_down)
    ADD("killed", test_killed);
    ADD("no-room", test_no_room);
    ADD("full-disk", test_full_disk);
    ADD("read-only", test_read_only);
    return g_test_run();
}
