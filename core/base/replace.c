/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _AlloyReplacement {
    char *shown; /* the path as it was given, for messages */
    char *path;  /* with links resolved */
    char *folder;
    char *named; /* the new file's name so far; NULL: it has none yet */
    int file;
    gboolean direct; /* not a regular file: written into, nothing to rename */
    GOutputStream *stream;
};

static gboolean system_error(GError **error, const char *what, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s: %s", path, what,
                g_strerror(code));
    return FALSE;
}

/* --- paths --- */

/* What a link at path points to, as seen from here; NULL: it is none. */
static char *link_target(const char *path)
{
    g_autofree char *target = g_file_read_link(path, NULL);
    if (target == NULL || g_path_is_absolute(target))
        return g_steal_pointer(&target);
    g_autofree char *folder = g_path_get_dirname(path);
    return g_build_filename(folder, target, NULL);
}

char *alloy_replace_target(const char *path)
{
    char *real = realpath(path, NULL);
    g_autofree char *target = g_strdup(real != NULL ? real : path);
    free(real);
    if (real != NULL)
        return g_steal_pointer(&target);
    /* A link whose target is not there yet stays too. More of them than the system follows are a circle. */
    for (int links = 0; links < 40; links++) {
        char *next = link_target(target);
        if (next == NULL)
            break;
        g_free(target);
        target = next;
    }
    g_autofree char *folder = g_path_get_dirname(target);
    g_autofree char *base = g_path_get_basename(target);
    real = realpath(folder, NULL);
    char *whole = real != NULL ? g_build_filename(real, base, NULL) : g_steal_pointer(&target);
    free(real);
    return whole;
}

/* --- hidden names: ".NAME.1a2b3c4d" --- */

#define LONGEST_BASE 180 /* of NAME, so that the whole is not too long for a file system */
#define HIDDEN_DIGITS 8

static char *hidden_prefix(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    return g_strdup_printf(".%.*s.", LONGEST_BASE, base);
}

/* A new name in the folder that nobody else uses; made with open or linkat, which refuse one that is there.
 */
static char *hidden_name(const AlloyReplacement *replacement)
{
    g_autofree char *prefix = hidden_prefix(replacement->path);
    return g_strdup_printf("%s/%s%08x", replacement->folder, prefix, g_random_int());
}

/* The new file is locked while it is written, which tells it from what a killed program left behind. FALSE:
 * somebody took it for that and removes it. A file system without locks has none to tell by: then nothing is
 * taken for left behind either. */
static gboolean hold(int file)
{
    struct stat status;
    if (flock(file, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK;
    return fstat(file, &status) == 0 && status.st_nlink > 0;
}

static void remove_if_left(int folder, const char *name)
{
    int file = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && flock(file, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(file);
}

void alloy_replace_clean(const char *path)
{
    g_autofree char *target = alloy_replace_target(path);
    g_autofree char *folder = g_path_get_dirname(target);
    g_autofree char *prefix = hidden_prefix(target);
    size_t length = strlen(prefix);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (strncmp(name, prefix, length) == 0 && strlen(name) == length + HIDDEN_DIGITS &&
            strspn(name + length, "0123456789abcdef") == HIDDEN_DIGITS)
            remove_if_left(dirfd(dir), name);
    }
    closedir(dir);
}

/* --- writing --- */

static gboolean open_new(AlloyReplacement *replacement, GError **error)
{
    /* 0666 and not a fixed mode: the umask has its say. */
    replacement->file = open(replacement->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (replacement->file >= 0 && access("/proc/self/fd", X_OK) == 0) {
        (void)!flock(replacement->file, LOCK_EX | LOCK_NB); /* for when it gets a name */
        return TRUE;
    }
    if (replacement->file >= 0)
        close(replacement->file);
    for (int attempt = 0; attempt < 100; attempt++) {
        char *name = hidden_name(replacement);
        replacement->file = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
        if (replacement->file >= 0 && hold(replacement->file)) {
            replacement->named = name;
            return TRUE;
        }
        int code = replacement->file >= 0 ? EEXIST : errno;
        if (replacement->file >= 0)
            close(replacement->file);
        replacement->file = -1;
        g_free(name);
        errno = code;
        if (code != EEXIST)
            break;
    }
    return system_error(error, "cannot write in its folder", replacement->shown);
}

/* Mode and owner of the old file for the new one. Only root gives files away; a group may be kept by its
 * members. Where it is not, the new group gets no more than everybody has. */
static void keep_access(int file, const struct stat *old)
{
    struct stat now;
    mode_t mode = old->st_mode & 07777;
    if (fstat(file, &now) != 0)
        return;
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
        fchown(file, old->st_uid, old->st_gid) != 0 && now.st_gid != old->st_gid &&
        fchown(file, (uid_t)-1, old->st_gid) != 0)
        mode = (mode & 0707) | (mode & 07) << 3;
    (void)!fchmod(file,
                  mode); /* where this is refused, the umask's is fine; after the owner, who resets it */
}

AlloyReplacement *alloy_replace_begin(const char *path, GError **error)
{
    g_autoptr(AlloyReplacement) replacement = g_new0(AlloyReplacement, 1);
    replacement->file = -1;
    replacement->shown = g_strdup(path);
    replacement->path = alloy_replace_target(path);
    replacement->folder = g_path_get_dirname(replacement->path);
    struct stat old;
    gboolean there = stat(replacement->path, &old) == 0;
    if (there && S_ISDIR(old.st_mode)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "%s: it is a folder", path);
        return NULL;
    }
    if (there && !S_ISREG(old.st_mode)) {
        replacement->direct = TRUE;
        replacement->file = open(replacement->path, O_WRONLY | O_CLOEXEC);
        if (replacement->file < 0) {
            system_error(error, "cannot be written", path);
            return NULL;
        }
    } else {
        /* Renaming over a file asks only the folder, but a file that was made read-only shall stay. */
        if (there && access(replacement->path, W_OK) != 0) {
            system_error(error, "cannot be written", path);
            return NULL;
        }
        if (!open_new(replacement, error))
            return NULL;
        if (there)
            keep_access(replacement->file, &old);
    }
    replacement->stream = g_unix_output_stream_new(replacement->file, FALSE);
    return g_steal_pointer(&replacement);
}

GOutputStream *alloy_replace_stream(AlloyReplacement *replacement)
{
    return replacement->stream;
}

/* Gives a file without a name one: linkat cannot replace what is there, so a hidden one to be renamed. */
static gboolean give_name(AlloyReplacement *replacement)
{
    g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", replacement->file);
    for (int attempt = 0; attempt < 100; attempt++) {
        char *name = hidden_name(replacement);
        if (linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
            replacement->named = name;
            return TRUE;
        }
        g_free(name);
        if (errno != EEXIST)
            break;
    }
    return FALSE;
}

gboolean alloy_replace_commit(AlloyReplacement *pending, GError **error)
{
    g_autoptr(AlloyReplacement) replacement = pending;
    if (!g_output_stream_close(replacement->stream, NULL, error))
        return FALSE;
    if (!replacement->direct) {
        if (fsync(replacement->file) != 0)
            return system_error(error, "cannot be written to the disk", replacement->shown);
        if (replacement->named == NULL && !give_name(replacement))
            return system_error(error, "cannot be written", replacement->shown);
        if (rename(replacement->named, replacement->path) != 0)
            return system_error(error, "cannot be replaced", replacement->shown);
        g_clear_pointer(&replacement->named, g_free);
        /* The new name shall be on the disk too; a file system that cannot sync folders does it by itself. */
        int folder = open(replacement->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            (void)!fsync(folder);
            close(folder);
        }
    }
    int file = replacement->file;
    replacement->file = -1;
    if (close(file) != 0 && errno != EINTR)
        return system_error(error, "cannot be written", replacement->shown);
    return TRUE;
}

void alloy_replace_discard(AlloyReplacement *replacement)
{
    if (replacement == NULL)
        return;
    g_clear_object(&replacement->stream);
    if (replacement->file >= 0)
        close(replacement->file);
    if (replacement->named != NULL)
        unlink(replacement->named);
    g_free(replacement->named);
    g_free(replacement->folder);
    g_free(replacement->path);
    g_free(replacement->shown);
    g_free(replacement);
}
