/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/format.h"

#include "core/base/error.h"
#include "core/base/replace.h"
#include "core/formats/losses.h"
#include "core/formats/source.h"

#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

/* Runs the writer with buffers, and gzip if asked, before base. */
static gboolean write_through(GOutputStream *base, const AlloyFormat *format, const AlloyData *data,
                              gboolean gzip, AlloyProgress *progress, GError **error)
{
    g_autoptr(GOutputStream) packed = NULL;
    if (gzip) {
        g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
        packed = g_converter_output_stream_new(base, G_CONVERTER(compressor));
    }
    g_autoptr(GOutputStream) sink =
        g_buffered_output_stream_new_sized(packed != NULL ? packed : base, 1 << 18);
    if (format->write(data, sink, progress, error))
        return g_output_stream_close(sink, NULL, error);
    /* What is still in the buffers shall not be written when they go. */
    g_autoptr(GCancellable) no_more = g_cancellable_new();
    g_cancellable_cancel(no_more);
    g_output_stream_close(sink, no_more, NULL);
    return FALSE;
}

static gboolean write_standard_output(const AlloyFormat *format, const AlloyData *data,
                                      AlloyProgress *progress, GError **error)
{
    g_autoptr(GOutputStream) base = g_unix_output_stream_new(STDOUT_FILENO, FALSE);
    return write_through(base, format, data, FALSE, progress, error);
}

static gboolean write_to_path(const char *path, const AlloyFormat *format, const AlloyData *data,
                              AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyReplacement) file = alloy_replace_begin(path, error);
    return file != NULL &&
           write_through(alloy_replace_stream(file), format, data, alloy_path_is_gzip(path), progress,
                         error) &&
           alloy_progress_check(progress, error) && alloy_replace_commit(g_steal_pointer(&file), error);
}

/* By name, else by path; "-" has no extension: what fits the data best. */
static const AlloyFormat *choose_format(const char *path, const char *name, const AlloyData *data,
                                        GError **error)
{
    if (name == NULL && strcmp(path, "-") == 0)
        name = strcmp(data->klass->name, "table") == 0 ? "text" : "xyz";
    if (name == NULL)
        return alloy_format_for_writing(path, data, error);
    const AlloyFormat *format = alloy_format_by_name(name);
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

static void warn_of_losses(const char *path, const AlloyFormat *format, const AlloyData *data,
                           GPtrArray *warnings)
{
    if (warnings == NULL || format->losses == NULL)
        return;
    g_auto(AlloyLosses) losses;
    alloy_losses_init(&losses);
    format->losses(data, &losses);
    alloy_losses_warn(&losses, strcmp(path, "-") == 0 ? "standard output" : path, format->title, warnings);
}

gboolean alloy_write_file(const char *path, const char *name, const AlloyData *data, GPtrArray *warnings,
                          AlloyProgress *progress, GError **error)
{
    const AlloyFormat *format = choose_format(path, name, data, error);
    if (format == NULL)
        return FALSE;
    if (!alloy_path_is_gzip(path) && alloy_path_bare_length(path) != strlen(path)) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "%s: bzip2 is read only; write .gz",
                    path);
        return FALSE;
    }
    GError *failed = NULL;
    if (strcmp(path, "-") == 0 ? write_standard_output(format, data, progress, &failed)
                               : write_to_path(path, format, data, progress, &failed)) {
        warn_of_losses(path, format, data, warnings);
        return TRUE;
    }
    if (!alloy_is_cancelled(failed) && !g_str_has_prefix(failed->message, path))
        g_prefix_error(&failed, "%s: ", path);
    g_propagate_error(error, failed);
    return FALSE;
}
