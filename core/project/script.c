/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/script.h"

#include "core/base/error.h"
#include "core/project/output.h"
#include "core/project/registry.h"

#include <string.h>

/* In single quotes, which keep everything as it is; a single quote itself leaves them for a moment. */
static void put_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '\'');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'')
            g_string_append(out, "'\\''");
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '\'');
}

/* " 'OUTPUT:'"$out"'#NAME'" */
static void put_item(GString *out, const char *output, const AlloyItem *item)
{
    g_string_append_c(out, ' ');
    if (output != NULL) {
        g_autofree char *before = g_strconcat(output, ":", NULL);
        put_quoted(out, before);
    }
    g_autofree char *after = g_strconcat("#", item->name, NULL);
    g_string_append(out, "\"$out\"");
    put_quoted(out, after);
}

static void put_inputs(GString *out, const AlloyProject *project, const AlloyOrigin *origin)
{
    for (unsigned i = 0; i < origin->n_inputs; i++)
        put_item(out, NULL, alloy_project_find(project, origin->inputs[i]));
}

static void put_file(GString *out, const AlloyItem *item)
{
    const AlloyOrigin *origin = item->origin;
    g_string_append_printf(out, "same %s ", origin->sha256);
    put_quoted(out, origin->path);
    g_string_append(out, "\nalloyscope convert --quiet");
    if (*origin->format != '\0') {
        g_string_append(out, " --format ");
        put_quoted(out, origin->format);
    }
    for (char *const *fix = origin->fixes; *fix != NULL; fix++) {
        g_string_append(out, " --fix ");
        put_quoted(out, *fix);
    }
    g_string_append_c(out, ' ');
    put_quoted(out, origin->path);
    put_item(out, NULL, item);
    g_string_append_c(out, '\n');
}

static void put_conversion(GString *out, const AlloyProject *project, const AlloyItem *item)
{
    g_string_append(out, "alloyscope convert --quiet");
    if (item->origin->stage != NULL) {
        g_string_append(out, " --stage ");
        put_quoted(out, item->origin->stage);
    }
    for (char *const *label = item->origin->labels; *label != NULL; label++) {
        g_autofree char *option = g_strconcat("--label=", *label, NULL);
        g_string_append_c(out, ' ');
        put_quoted(out, option);
    }
    put_inputs(out, project, item->origin);
    put_item(out, NULL, item);
    g_string_append_c(out, '\n');
}

/* Given ones, and automatic ones that can be given: those of a series may differ by stage. */
static void put_settings(GString *out, const AlloyOperation *operation, const AlloyOrigin *origin)
{
    g_auto(GStrv) settings = alloy_origin_settings(origin);
    for (char **setting = settings; *setting != NULL; setting++) {
        g_autoptr(AlloyRun) trial = alloy_run_new(operation);
        g_auto(GStrv) parts = g_strsplit(*setting, "=", 2);
        gboolean given = g_strv_contains((const char *const *)origin->params, *setting);
        if (!given && (g_strv_length(parts) != 2 || !alloy_run_set(trial, parts[0], parts[1], NULL)))
            continue;
        g_autofree char *option = g_strconcat("--", *setting, NULL);
        g_string_append_c(out, ' ');
        put_quoted(out, option);
    }
}

static gboolean put_run(GString *out, const AlloyProject *project, const AlloyItem *item, GError **error)
{
    const AlloyOrigin *origin = item->origin;
    const AlloyOperation *operation = alloy_operation_by_name(origin->operation, error);
    if (operation == NULL)
        return FALSE;
    if (operation->version != origin->version)
        g_string_append_printf(out, "# made by version %d of %s; this program has version %d\n",
                               origin->version, operation->name, operation->version);
    g_string_append_printf(out, "alloyscope run %s --quiet --seed %" G_GUINT64_FORMAT, operation->name,
                           (guint64)origin->seed);
    put_settings(out, operation, origin);
    put_inputs(out, project, origin);
    /* All of its outputs that are here, with one run. */
    for (unsigned i = 0; i < alloy_project_size(project); i++) {
        const AlloyItem *other = alloy_project_at(project, i);
        if (!alloy_origin_same_run(other->origin, origin))
            continue;
        g_string_append(out, " \\\n    -o");
        put_item(out, other->origin->output, other);
    }
    g_string_append_c(out, '\n');
    return TRUE;
}

/* TRUE when an item before this place is of the same run, whose command made this one too. */
static gboolean was_made(const AlloyProject *project, unsigned place)
{
    const AlloyItem *item = alloy_project_at(project, place);
    for (unsigned i = 0; i < place; i++)
        if (alloy_origin_same_run(alloy_project_at(project, i)->origin, item->origin))
            return TRUE;
    return FALSE;
}

char *alloy_project_script(const AlloyProject *project, const char *path, GError **error)
{
    g_autoptr(GString) out =
        g_string_new("#!/bin/sh\n# Makes this project again with alloyscope " ALLOY_VERSION
                     ". Usage: sh SCRIPT [PROJECT.alloy]\nset -eu\nout=");
    put_quoted(out, path);
    g_string_append(out, "\n"
                         "if [ $# -gt 0 ]; then\n"
                         "    out=$1\n"
                         "fi\n"
                         "if [ -e \"$out\" ]; then\n"
                         "    echo \"$out is there already\" >&2\n"
                         "    exit 1\n"
                         "fi\n"
                         "case $out in\n"
                         "*.alloy) ;;\n"
                         "*)\n"
                         "    echo \"the project to make must end in .alloy\" >&2\n"
                         "    exit 1\n"
                         "    ;;\n"
                         "esac\n"
                         "# A file must have the bytes that it had.\n"
                         "same() {\n"
                         "    if [ \"$(sha256sum <\"$2\" | cut -d ' ' -f 1)\" != \"$1\" ]; then\n"
                         "        echo \"$2 is not the file that was read\" >&2\n"
                         "        exit 1\n"
                         "    fi\n"
                         "}\n\n");
    for (unsigned i = 0; i < alloy_project_size(project); i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        switch (item->origin->kind) {
        case ALLOY_ORIGIN_FILE:
            put_file(out, item);
            break;
        case ALLOY_ORIGIN_CONVERT:
            put_conversion(out, project, item);
            break;
        case ALLOY_ORIGIN_RUN:
            if (!was_made(project, i) && !put_run(out, project, item, error))
                return NULL;
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
