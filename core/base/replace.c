/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A new name in the folder that nobody else uses; made with open or linkat, which refuse one that is there.
 */
static char *hidden_name(const AlloyReplacement *replacement)
{
    g_autofree char *base = g_path_get_basename(replacement->path);
    return g_strdup_printf("%s/.%.180s.%08x", replacement->folder, base, g_random_int());
}

static gboolean open_new(AlloyReplacement *replacement, GError **error)
{
    /* 0666 and not a fixed mode: the umask has its say. */
    replacement->file = open(replacement->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (replacement->file >= 0 && access("/proc/self/fd", X_OK) == 0)
        return TRUE;
    if (replacement->file >= 0)
        close(replacement->file);
    for (int attempt = 0; attempt < 100; attempt++) {
        char *name = hidden_name(replacement);
        replacement->file = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
        if (replacement->file >= 0) {
            replacement->named = name;
            return TRUE;
        }
        g_free(name);
        if (errno != EEXIST)
            break;
    }
    return system_error(error, "cannot write in its folder", replacement->shown);
}

AlloyReplacement *alloy_replace_begin(const char *path, GError **error)
{
    g_autoptr(AlloyReplacement) replacement = g_new0(AlloyReplacement, 1);
    replacement->file = -1;
    replacement->shown = g_strdup(path);
    char *real = realpath(path, NULL);
    replacement->path = g_strdup(real != NULL ? real : path);
    free(real);
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
            (void)!fchmod(replacement->file,
                          old.st_mode & 07777); /* where this is refused, the umask's is fine */
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
