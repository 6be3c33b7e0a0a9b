/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several writers of one project, as threads and as programs that are killed: nothing is lost, nobody waits
 * for the dead. */
#include "core/project/lock.h"

#include "core/base/error.h"
#include "core/project/store.h"
#include "tests/project/values.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    place->folder = g_dir_make_tmp("lock-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "project.alloy", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    g_remove(place->path);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0); /* no lock was left there */
    g_free(place->folder);
    g_free(place->path);
}

static AlloyProjectLock *lock(const char *path)
{
    g_autoptr(GError) error = NULL;
    AlloyProjectLock *taken = alloy_project_lock(path, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return taken;
}

/* One more atom model in the project. */
static void add_one(const char *path, const char *name, uint64_t seed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyProjectLock) held = lock(path);
    g_autoptr(AlloyProject) project =
        g_file_test(path, G_FILE_TEST_EXISTS) ? alloy_project_load(path, NULL, &error) : alloy_project_new();
    g_assert_no_error(error);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)values_atoms(50, seed);
    const AlloyOrigin *origin = values_file_origin(seed);
    alloy_project_add(project, name, ALLOY_DATA(atoms), origin);
    alloy_origin_unref(origin);
    g_assert_true(alloy_project_save(project, path, NULL, &error));
    g_assert_no_error(error);
}

#define THREADS 8
#define EACH 4

static const char *thread_path;

static gpointer add_some(gpointer number)
{
    for (unsigned i = 0; i < EACH; i++) {
        unsigned k = GPOINTER_TO_UINT(number) * EACH + i;
        g_autofree char *name = g_strdup_printf("item %u", k);
        add_one(thread_path, name, k + 1);
    }
    return NULL;
}

static void test_threads(Place *place, gconstpointer data)
{
    GThread *threads[THREADS];
    thread_path = place->path;
    for (unsigned k = 0; k < THREADS; k++)
        threads[k] = g_thread_new("writer", add_some, GUINT_TO_POINTER(k));
    for (unsigned k = 0; k < THREADS; k++)
        g_thread_join(threads[k]);
    g_autoptr(AlloyProject) project = alloy_project_load(place->path, NULL, NULL);
    g_assert_cmpuint(alloy_project_size(project), ==, THREADS * EACH);
}

/* The child of test_killed: takes the lock, says so, and never lets go. */
G_NORETURN static void hold_forever(const char *path)
{
    lock(path);
    (void)!write(STDOUT_FILENO, "x", 1);
    for (;;)
        pause();
}

typedef struct {
    int calls;
    char *holder;
    AlloyProgress *progress; /* to cancel then; NULL: none */
    GPid kill;               /* to kill then; 0: none */
} Wait;

static void waiting(const char *path, const char *holder, gpointer data)
{
    Wait *wait = data;
    wait->calls++;
    wait->holder = g_strdup(holder);
    alloy_progress_cancel(wait->progress);
    if (wait->kill != 0)
        kill(wait->kill, SIGKILL);
}

static GPid start_holder(const char *path)
{
    const char *const argv[] = {self, "--hold", path, NULL};
    GPid child;
    int out = -1;
    char ready = 0;
    g_assert_true(g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                           &child, NULL, &out, NULL, NULL));
    g_assert_cmpint(read(out, &ready, 1), ==, 1);
    close(out);
    return child;
}

static void test_cancelled(Place *place, gconstpointer data)
{
    GPid child = start_holder(place->path);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    g_autoptr(GError) error = NULL;
    Wait wait = {.progress = progress};
    g_assert_null(alloy_project_lock(place->path, waiting, &wait, progress, &error));
    g_assert_true(alloy_is_cancelled(error));
    g_assert_cmpint(wait.calls, ==, 1);
    g_autofree char *expected = g_strdup_printf("process %d on ", (int)child);
    g_assert_true(g_str_has_prefix(wait.holder, expected));
    g_free(wait.holder);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    alloy_project_unlock(lock(place->path));
}

/* The one who waits gets the lock once its holder is killed. */
static void test_killed(Place *place, gconstpointer data)
{
    GPid child = start_holder(place->path);
    g_autoptr(GError) error = NULL;
    Wait wait = {.kill = child};
    AlloyProjectLock *taken = alloy_project_lock(place->path, waiting, &wait, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(taken);
    g_assert_cmpint(wait.calls, ==, 1);
    g_free(wait.holder);
    waitpid(child, NULL, 0);
    alloy_project_unlock(taken);
}

/* By a link from elsewhere, also before the project is there, it is the same lock. */
static void test_links(Place *place, gconstpointer data)
{
    g_autofree char *inside = g_build_filename(place->folder, "inside", NULL);
    g_autofree char *link_path = g_build_filename(inside, "link.alloy", NULL);
    g_assert_cmpint(g_mkdir(inside, 0700), ==, 0);
    g_assert_cmpint(symlink("../project.alloy", link_path), ==, 0);
    AlloyProjectLock *held = lock(place->path);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_assert_null(alloy_project_lock(link_path, NULL, NULL, progress, NULL));
    alloy_project_unlock(held);
    add_one(link_path, "item", 1);
    g_assert_true(g_file_test(link_path, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(g_file_test(place->path, G_FILE_TEST_IS_REGULAR));
    g_remove(link_path);
    g_rmdir(inside);
}

/* A link where the lock would be is not followed: nobody's file is made or emptied through it. */
static void test_planted_link(Place *place, gconstpointer data)
{
    g_autofree char *planted = g_build_filename(place->folder, ".project.alloy.lock", NULL);
    g_autofree char *victim = g_build_filename(place->folder, "victim", NULL);
    g_assert_true(g_file_set_contents(victim, "kept", 4, NULL));
    g_assert_cmpint(symlink("victim", planted), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_project_lock(place->path, NULL, NULL, NULL, &error));
    g_assert_nonnull(strstr(error->message, place->path));
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(victim, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "kept");
    g_remove(planted);
    g_remove(victim);
}

static void test_nowhere(Place *place, gconstpointer data)
{
    g_autofree char *nowhere = g_build_filename(place->folder, "no", "folder", "p.alloy", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_project_lock(nowhere, NULL, NULL, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_nonnull(strstr(error->message, nowhere));
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc == 3 && strcmp(argv[1], "--hold") == 0)
        hold_forever(argv[2]);
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/project/lock/" path, Place, NULL, set_up, test, tear_down)
    ADD("threads", test_threads);
    ADD("cancelled", test_cancelled);
    ADD("killed", test_killed);
    ADD("links", test_links);
    ADD("planted-link", test_planted_link);
    ADD("nowhere", test_nowhere);
    return g_test_run();
}
