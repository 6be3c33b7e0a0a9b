/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/format.h"

#include "core/base/error.h"
#include "core/formats/source.h"
#include "core/formats/text.h"

/* Where two formats are equally sure, the first wins. */
static const AlloyFormat *const formats[] = {
    &alloy_format_lammps_dump,
    &alloy_format_lammps_data,
    &alloy_format_cfg,
    &alloy_format_cif,
    &alloy_format_pdb,
    &alloy_format_poscar,
    &alloy_format_mat,
    &alloy_format_xyz,
    &alloy_format_text,
    &alloy_format_json,
    NULL,
};

const AlloyFormat *const *alloy_formats(void)
{
    return formats;
}

const AlloyFormat *alloy_format_by_name(const char *name)
{
    for (size_t i = 0; formats[i] != NULL; i++)
        if (g_ascii_strcasecmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

static gboolean can_write(const AlloyFormat *format, const AlloyData *data)
{
    return format->writes != NULL && format->write != NULL && (data == NULL || format->writes(data));
}

/* "csv, json, xyz": the extensions that data (NULL: anything) can be written to. */
static char *writable_extensions(const AlloyData *data)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (size_t i = 0; formats[i] != NULL; i++)
        for (size_t k = 0; can_write(formats[i], data) && formats[i]->extensions[k] != NULL; k++)
            g_string_append_printf(list, "%s.%s", list->len > 0 ? ", " : "", formats[i]->extensions[k]);
    return g_strdup(list->len > 0 ? list->str : "nothing");
}

const AlloyFormat *alloy_format_for_writing(const char *path, const AlloyData *data, GError **error)
{
    g_autofree char *file = g_path_get_basename(path);
    file[alloy_path_bare_length(file)] = '\0';
    const char *dot = strrchr(file, '.');
    const AlloyFormat *unable = NULL;
    for (size_t i = 0; formats[i] != NULL; i++)
        for (size_t k = 0; formats[i]->extensions[k] != NULL; k++) {
            const char *extension = formats[i]->extensions[k];
            /* POSCAR and its like are names without extension. */
            if ((dot == NULL || g_ascii_strcasecmp(dot + 1, extension) != 0) &&
                g_ascii_strcasecmp(file, extension) != 0)
                continue;
            if (can_write(formats[i], data))
                return formats[i];
            unable = formats[i];
        }
    g_autofree char *list = writable_extensions(data);
    if (unable != NULL && unable->write == NULL)
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT,
                    "%s: %s can be read, not written; what can be written: %s", path, unable->title, list);
    else if (unable != NULL)
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT,
                    "%s: %s cannot be written as %s; what can: %s", path,
                    data != NULL ? data->klass->title : "this", unable->title, list);
    else
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT,
                    "%s: the file name does not tell the format; what can be written: %s", path, list);
    return NULL;
}

/* Things that people do open by accident. */
static const struct {
    const char *magic;
    size_t length;
    const char *what;
} known[] = {
    {"\x89HDF\r\n\x1a\n", 8, "an HDF5 file"},
    {"CDF", 3, "a NetCDF file"},
    {"\x89PNG", 4, "a PNG image"},
    {"II*\0", 4, "a TIFF image"},
    {"MM\0*", 4, "a TIFF image"},
    {"%PDF", 4, "a PDF document"},
    {"PK\x03\x04", 4, "a zip archive"},
    {"\xfd"
     "7zXZ",
     5, "compressed by xz, which is not read: decompress it first"},
    {"\x28\xb5\x2f\xfd", 4, "compressed by zstd, which is not read: decompress it first"},
    {"\xff\xfe", 2, "text in UTF-16: save it as UTF-8"},
    {"\xfe\xff", 2, "text in UTF-16: save it as UTF-8"},
};

static char *describe_beginning(const AlloySource *source)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (source->length >= known[i].length && memcmp(source->text, known[i].magic, known[i].length) == 0)
            return g_strdup_printf("it is %s", known[i].what);
    size_t head = MIN(source->length, 512);
    for (size_t i = 0; i < head; i++)
        if ((guchar)source->text[i] < 0x20 && strchr("\t\n\v\f\r\x1b", source->text[i]) == NULL)
            return g_strdup_printf("it is binary (byte 0x%02x at offset %zu)", (guchar)source->text[i], i);
    AlloyLines lines;
    AlloySpan line;
    alloy_lines_init(&lines, source);
    if (!alloy_lines_next_filled(&lines, &line))
        return g_strdup("it holds nothing but blanks");
    g_autofree char *quote = alloy_span_quote(line);
    return g_strdup_printf("its first line is %s", quote);
}

const AlloyFormat *alloy_format_detect(const AlloySource *source, GError **error)
{
    const AlloyFormat *best = NULL;
    int best_score = 0;
    for (size_t i = 0; formats[i] != NULL; i++) {
        if (formats[i]->read == NULL || formats[i]->detect == NULL)
            continue;
        int score = formats[i]->detect(source);
        if (score > best_score) {
            best = formats[i];
            best_score = score;
        }
    }
    if (best != NULL)
        return best;
    g_autofree char *found = describe_beginning(source);
    g_autoptr(GString) list = g_string_new(NULL);
    for (size_t i = 0; formats[i] != NULL; i++)
        if (formats[i]->read != NULL)
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", formats[i]->title);
    g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "%s: no known format: %s; what is read: %s",
                source->name, found, list->str);
    return NULL;
}

static AlloyData *read_source(const AlloySource *source, const char *name, GPtrArray *warnings,
                              AlloyProgress *progress, GError **error)
{
    const AlloyFormat *format = NULL;
    if (name != NULL) {
        format = alloy_format_by_name(name);
        if (format == NULL || format->read == NULL) {
            g_autoptr(GString) list = g_string_new(NULL);
            for (size_t i = 0; formats[i] != NULL; i++)
                if (formats[i]->read != NULL)
                    g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", formats[i]->name);
            g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT,
                        "there is no format \"%s\" to read; formats: %s", name, list->str);
            return NULL;
        }
    }
    if (source->length == 0) {
        alloy_format_error(error, source->name, 0, "the file is empty");
        return NULL;
    }
    if (format == NULL)
        format = alloy_format_detect(source, error);
    return format != NULL ? format->read(source, warnings, progress, error) : NULL;
}

AlloyData *alloy_read_file(const char *path, const char *format, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error)
{
    g_autoptr(AlloySource) source = alloy_source_open(path, progress, error);
    return source != NULL ? read_source(source, format, warnings, progress, error) : NULL;
}

AlloyData *alloy_read_memory(const char *name, const char *bytes, size_t length, const char *format,
                             GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloySource) source = alloy_source_from_memory(name, bytes, length, progress, error);
    return source != NULL ? read_source(source, format, warnings, progress, error) : NULL;
}
