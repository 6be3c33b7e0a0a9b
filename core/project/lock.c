/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/lock.h"

#include "core/base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLL_US 20000 /* asked again and again rather than waited for: so a cancel is seen at once */
#define TELL_US 1000000

struct _AlloyProjectLock {
    char *path; /* of the lock file */
    int file;
};

static gboolean refused(GError **error, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: cannot write in its folder: %s",
                path, g_strerror(code));
    return FALSE;
}

static char *lock_path(const char *path)
{
    g_autofree char *target = alloy_replace_target(path);
    g_autofree char *folder = g_path_get_dirname(target);
    g_autofree char *base = g_path_get_basename(target);
    return g_strdup_printf("%s/.%.240s.lock", folder, base);
}

/* The lock file, made where there is none; -1 with errno. Never through a link that somebody laid there.
 * What another user made can often be opened for reading only, and locked all the same (not on NFS). */
static int open_lock(const char *path)
{
    int file = -1;
    for (int attempt = 0; file < 0 && attempt < 100; attempt++) {
        file = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0 && errno == EACCES)
            file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0 && errno == ENOENT)
            file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file < 0 && errno != EEXIST && errno != ENOENT)
            break;
    }
    return file;
}

/* Whether the path still leads to the file: the one who had the lock has removed it when he was done. */
static gboolean is_current(const char *path, int file)
{
    struct stat ours, there;
    return fstat(file, &ours) == 0 && lstat(path, &there) == 0 && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

/* What the holder wrote into the lock file: only what it looks like, for anybody may write there. */
static char *holder_of(int file)
{
    char text[128] = "";
    ssize_t n = pread(file, text, sizeof text - 1, 0);
    if (n <= 0)
        return g_strdup("another program");
    text[strcspn(text, "\n")] = '\0';
    g_autofree char *shown = g_utf8_make_valid(text, -1);
    for (char *c = shown; *c != '\0'; c++)
        if ((guchar)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return g_strdup(*g_strstrip(shown) != '\0' ? shown : "another program");
}

static void write_holder(int file)
{
    g_autofree char *text = g_strdup_printf("process %ld on %s\n", (long)getpid(), g_get_host_name());
    /* A courtesy: where it cannot be written, others wait for "another program". */
    if (ftruncate(file, 0) == 0)
        (void)!pwrite(file, text, strlen(text), 0);
}

typedef enum { TAKEN, BUSY, REPLACED, UNKNOWN } Outcome;

static Outcome try_lock(const char *path, int file)
{
    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return BUSY;
        if (errno != EINTR)
            return UNKNOWN; /* the file system knows no locks */
    }
    return is_current(path, file) ? TAKEN : REPLACED;
}

AlloyProjectLock *alloy_project_lock(const char *path, AlloyLockWaiting waiting, gpointer data,
                                     AlloyProgress *progress, GError **error)
{
    g_autofree char *place = lock_path(path);
    gint64 begin = g_get_monotonic_time();
    int file = -1;
    for (;;) {
        if (file < 0) {
            file = open_lock(place);
            if (file < 0) {
                refused(error, path, errno);
                return NULL;
            }
        }
        switch (try_lock(place, file)) {
        case TAKEN:
        case UNKNOWN: {
            AlloyProjectLock *lock = g_new0(AlloyProjectLock, 1);
            lock->path = g_steal_pointer(&place);
            lock->file = file;
            write_holder(file);
            return lock;
        }
        case REPLACED:
            close(file);
            file = -1;
            continue;
        case BUSY:
            break;
        }
        if (waiting != NULL && g_get_monotonic_time() - begin > TELL_US) {
            g_autofree char *holder = holder_of(file);
            waiting(path, holder, data);
            waiting = NULL;
        }
        g_usleep(POLL_US);
        gboolean goes_on = alloy_progress_check(progress, error);
        /* Where the holder has removed the file, its lock is nobody's: the next turn opens the new one. */
        if (!goes_on || !is_current(place, file)) {
            close(file);
            file = -1;
        }
        if (!goes_on)
            return NULL;
    }
}

void alloy_project_unlock(AlloyProjectLock *lock)
{
    if (lock == NULL)
        return;
    /* Removed while it is held: who takes a lock looks whether its file is still there. */
    if (is_current(lock->path, lock->file))
        unlink(lock->path);
    close(lock->file);
    g_free(lock->path);
    g_free(lock);
}
