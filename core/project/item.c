/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/item.h"

#include "core/base/error.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *const no_strings[] = {NULL};

static void origin_clear(gpointer data)
{
    AlloyOrigin *origin = data;
    const char *strings[] = {origin->program,   origin->path,  origin->sha256, origin->format,
                             origin->operation, origin->stage, origin->output};
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free((gpointer)strings[i]);
    char *const *lists[] = {origin->fixes, origin->params, origin->resolved, origin->labels};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_strfreev((char **)lists[i]);
    g_free((gpointer)origin->inputs);
}

static char *string_copy(const char *text)
{
    return g_strdup(text != NULL ? text : "");
}

static char **list_copy(char *const *list)
{
    return g_strdupv((char **)(list != NULL ? list : no_strings));
}

static int compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **list_copy_sorted(char *const *list)
{
    char **copy = list_copy(list);
    qsort(copy, g_strv_length(copy), sizeof *copy, compare_strings);
    return copy;
}

const AlloyOrigin *alloy_origin_new(const AlloyOrigin *draft)
{
    AlloyOrigin *origin = g_atomic_rc_box_new0(AlloyOrigin);
    gboolean file = draft->kind == ALLOY_ORIGIN_FILE, run = draft->kind == ALLOY_ORIGIN_RUN;
    origin->kind = draft->kind;
    origin->program = g_strdup(draft->program != NULL ? draft->program : ALLOY_VERSION);
    origin->path = string_copy(file ? draft->path : NULL);
    origin->size = file ? draft->size : 0;
    origin->sha256 = string_copy(file ? draft->sha256 : NULL);
    origin->format = string_copy(file ? draft->format : NULL);
    origin->fixes = list_copy(file ? draft->fixes : NULL);
    origin->operation = string_copy(run ? draft->operation : NULL);
    origin->version = run ? draft->version : 0;
    origin->seed = run ? draft->seed : 0;
    origin->params = list_copy_sorted(run ? draft->params : NULL);
    origin->resolved = list_copy_sorted(run ? draft->resolved : NULL);
    origin->stage = draft->kind == ALLOY_ORIGIN_CONVERT ? g_strdup(draft->stage) : NULL;
    origin->labels = list_copy(draft->kind == ALLOY_ORIGIN_CONVERT ? draft->labels : NULL);
    origin->output = string_copy(run ? draft->output : NULL);
    if (!file && draft->n_inputs > 0) {
        origin->n_inputs = draft->n_inputs;
        origin->inputs = g_memdup2(draft->inputs, draft->n_inputs * sizeof *draft->inputs);
    }
    return origin;
}

const AlloyOrigin *alloy_origin_ref(const AlloyOrigin *origin)
{
    return g_atomic_rc_box_acquire((gpointer)origin);
}

void alloy_origin_unref(const AlloyOrigin *origin)
{
    g_atomic_rc_box_release_full((gpointer)origin, origin_clear);
}

static gboolean same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

char **alloy_origin_settings(const AlloyOrigin *origin)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (char *const *param = origin->params; *param != NULL; param++)
        g_ptr_array_add(all, g_strdup(*param));
    for (char *const *resolved = origin->resolved; *resolved != NULL; resolved++) {
        gboolean given = FALSE;
        for (char *const *param = origin->params; *param != NULL && !given; param++)
            given = same_name(*param, *resolved);
        if (!given)
            g_ptr_array_add(all, g_strdup(*resolved));
    }
    g_ptr_array_sort(all, compare_strings);
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_steal(all, NULL);
}

static gboolean same_inputs(const AlloyOrigin *a, const AlloyOrigin *b)
{
    return a->n_inputs == b->n_inputs &&
           (a->n_inputs == 0 || memcmp(a->inputs, b->inputs, a->n_inputs * sizeof *a->inputs) == 0);
}

static gboolean same_settings(const AlloyOrigin *a, const AlloyOrigin *b)
{
    g_auto(GStrv) of_a = alloy_origin_settings(a);
    g_auto(GStrv) of_b = alloy_origin_settings(b);
    return g_strv_equal((const char *const *)of_a, (const char *const *)of_b);
}

gboolean alloy_origin_same_run(const AlloyOrigin *a, const AlloyOrigin *b)
{
    return a->kind == ALLOY_ORIGIN_RUN && b->kind == ALLOY_ORIGIN_RUN &&
           strcmp(a->operation, b->operation) == 0 && a->version == b->version && a->seed == b->seed &&
           same_inputs(a, b) && same_settings(a, b);
}

gboolean alloy_origin_same(const AlloyOrigin *a, const AlloyOrigin *b)
{
    if (a->kind != b->kind)
        return FALSE;
    switch (a->kind) {
    case ALLOY_ORIGIN_FILE:
        return a->size == b->size && strcmp(a->sha256, b->sha256) == 0 && strcmp(a->format, b->format) == 0 &&
               g_strv_equal((const char *const *)a->fixes, (const char *const *)b->fixes);
    case ALLOY_ORIGIN_RUN:
        return alloy_origin_same_run(a, b) && strcmp(a->output, b->output) == 0;
    case ALLOY_ORIGIN_CONVERT:
        return same_inputs(a, b) && g_strcmp0(a->stage, b->stage) == 0 &&
               g_strv_equal((const char *const *)a->labels, (const char *const *)b->labels);
    }
    g_assert_not_reached();
}

gboolean alloy_file_fingerprint(const char *path, uint64_t *size, char **sha256, AlloyProgress *progress,
                                GError **error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        int code = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
        return FALSE;
    }
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guchar *buffer = g_malloc(1 << 20);
    uint64_t total = 0;
    gboolean ok = TRUE;
    for (;;) {
        ssize_t n = read(file, buffer, 1 << 20);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int code = errno;
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
            ok = FALSE;
        }
        if (n <= 0)
            break;
        g_checksum_update(checksum, buffer, n);
        total += (uint64_t)n;
        if (!alloy_progress_check(progress, error)) {
            ok = FALSE;
            break;
        }
    }
    close(file);
    if (ok) {
        *size = total;
        *sha256 = g_strdup(g_checksum_get_string(checksum));
    }
    return ok;
}

static void item_clear(gpointer data)
{
    AlloyItem *item = data;
    g_free((gpointer)item->name);
    alloy_data_unref(item->data);
    alloy_origin_unref(item->origin);
}

const AlloyItem *alloy_item_new(uint32_t id, const char *name, const AlloyData *data,
                                const AlloyOrigin *origin)
{
    AlloyItem *item = g_atomic_rc_box_new0(AlloyItem);
    item->id = id;
    item->name = g_strdup(name);
    item->data = alloy_data_ref(data);
    item->origin = alloy_origin_ref(origin);
    return item;
}

const AlloyItem *alloy_item_ref(const AlloyItem *item)
{
    return g_atomic_rc_box_acquire((gpointer)item);
}

void alloy_item_unref(const AlloyItem *item)
{
    g_atomic_rc_box_release_full((gpointer)item, item_clear);
}
