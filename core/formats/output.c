/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/format.h"

#include "core/base/error.h"
#include "core/formats/source.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean set_errno(GError **error, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
    return FALSE;
}

/* Runs the writer on fd, which stays open. */
static gboolean write_to_fd(int fd, const AlloyFormat *format, const AlloyData *data, gboolean gzip,
                            AlloyProgress *progress, GError **error)
{
    g_autoptr(GOutputStream) file = g_unix_output_stream_new(fd, FALSE);
    g_autoptr(GOutputStream) packed = NULL;
    if (gzip) {
        g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
        packed = g_converter_output_stream_new(file, G_CONVERTER(compressor));
    }
    g_autoptr(GOutputStream) sink =
        g_buffered_output_stream_new_sized(packed != NULL ? packed : file, 1 << 18);
    if (!format->write(data, sink, progress, error)) {
        /* What is still in the buffers shall not be written by the finalizers. */
        g_autoptr(GCancellable) no_more = g_cancellable_new();
        g_cancellable_cancel(no_more);
        g_output_stream_close(sink, no_more, NULL);
        return FALSE;
    }
    return g_output_stream_close(sink, NULL, error);
}

/* A new file beside target, for the same folder can be renamed within. NULL with error. */
static char *open_beside(const char *folder, mode_t mode, int *fd, GError **error)
{
    for (int attempt = 0; attempt < 100; attempt++) {
        g_autofree char *name =
            g_strdup_printf(".alloyscope-%08x%08x.tmp", g_random_int(), (unsigned)getpid());
        g_autofree char *path = g_build_filename(folder, name, NULL);
        *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (*fd >= 0)
            return g_steal_pointer(&path);
        if (errno != EEXIST) {
            int code = errno;
            g_autofree char *message = g_strdup_printf("%s: no file can be made in this folder", folder);
            set_errno(error, message, code);
            return NULL;
        }
    }
    set_errno(error, folder, EEXIST);
    return NULL;
}

static gboolean sync_fd(int fd, const char *path, GError **error)
{
    /* Some file systems cannot: then there is nothing to wait for. */
    while (fsync(fd) != 0) {
        if (errno == EINVAL || errno == ENOTSUP || errno == ENOSYS || errno == EROFS)
            return TRUE;
        if (errno != EINTR)
            return set_errno(error, path, errno);
    }
    return TRUE;
}

static gboolean replace_file(const char *target, const struct stat *old, const AlloyFormat *format,
                             const AlloyData *data, gboolean gzip, AlloyProgress *progress, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(target);
    int fd = -1;
    g_autofree char *temporary = open_beside(folder, 0666, &fd, error);
    if (temporary == NULL)
        return FALSE;
    gboolean good = write_to_fd(fd, format, data, gzip, progress, error);
    if (good && old != NULL) {
        /* The owner first, for it clears bits of the mode. Only root may give files away. */
        if ((old->st_uid != geteuid() || old->st_gid != getegid()) &&
            fchown(fd, old->st_uid, old->st_gid) != 0)
            g_debug("%s: keeps its new owner", target);
        if (fchmod(fd, old->st_mode & 07777) != 0)
            good = set_errno(error, target, errno);
    }
    good = good && sync_fd(fd, target, error);
    if (close(fd) != 0 && good)
        good = set_errno(error, target, errno);
    if (good && !alloy_progress_check(progress, error))
        good = FALSE;
    if (good && rename(temporary, target) != 0)
        good = set_errno(error, target, errno);
    if (!good) {
        unlink(temporary);
        return FALSE;
    }
    /* The rename itself is in the folder. The new file is whole either way, so a folder that cannot be opened
     * or synced is no error. */
    int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd >= 0) {
        sync_fd(folder_fd, folder, NULL);
        close(folder_fd);
    }
    return TRUE;
}

static gboolean write_standard_output(const AlloyFormat *format, const AlloyData *data,
                                      AlloyProgress *progress, GError **error)
{
    return write_to_fd(STDOUT_FILENO, format, data, FALSE, progress, error);
}

/* By name, else by path; "-" has no extension: what fits the data best. */
static const AlloyFormat *choose_format(const char *path, const char *name, const AlloyData *data,
                                        GError **error)
{
    const AlloyFormat *format = NULL;
    if (name == NULL && strcmp(path, "-") == 0)
        name = strcmp(data->klass->name, "table") == 0 ? "text" : "xyz";
    if (name == NULL)
        return alloy_format_for_writing(path, data, error);
    format = alloy_format_by_name(name);
    if (format == NULL || format->write == NULL) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "%s: there is no format \"%s\" to write",
                    path, name);
        return NULL;
    }
    if (!format->writes(data)) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "%s: %s cannot be written as %s", path,
                    data->klass->title, format->title);
        return NULL;
    }
    return format;
}

gboolean alloy_write_file(const char *path, const char *name, const AlloyData *data, AlloyProgress *progress,
                          GError **error)
{
    const AlloyFormat *format = choose_format(path, name, data, error);
    if (format == NULL || !alloy_progress_check(progress, error))
        return FALSE;
    gboolean gzip = alloy_path_is_gzip(path);
    if (!gzip && alloy_path_bare_length(path) != strlen(path)) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "%s: bzip2 is read only; write .gz",
                    path);
        return FALSE;
    }
    g_autoptr(GError) failed = NULL;
    gboolean good;
    struct stat old;
    /* A link stays a link: what it points to is replaced. */
    char *real = realpath(path, NULL);
    g_autofree char *target = g_strdup(real != NULL ? real : path);
    free(real);
    gboolean exists = stat(target, &old) == 0;
    if (strcmp(path, "-") == 0) {
        good = write_standard_output(format, data, progress, &failed);
    } else if (exists && S_ISDIR(old.st_mode)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "%s: is a folder, a file name is expected",
                    path);
        return FALSE;
    } else if (exists && !S_ISREG(old.st_mode)) {
        /* A device or a pipe cannot be replaced. */
        int fd = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            return set_errno(error, path, errno);
        good = write_to_fd(fd, format, data, gzip, progress, &failed);
        close(fd);
    } else if (exists && access(target, W_OK) != 0) {
        /* The folder would allow it, but the file says no. */
        return set_errno(error, path, errno);
    } else {
        good = replace_file(target, exists ? &old : NULL, format, data, gzip, progress, &failed);
    }
    if (good)
        return TRUE;
    if (!alloy_is_cancelled(failed) && !g_str_has_prefix(failed->message, path))
        g_prefix_error(&failed, "%s: ", path);
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}
