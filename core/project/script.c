/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/script.h"

#include "core/base/error.h"
#include "core/project/output.h"
#include "core/project/registry.h"

#include <string.h>

/* In the script: the program, wherever it is. */
#define PROGRAM "\"$alloyscope\""

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
    g_string_append(out, "\n" PROGRAM " convert --quiet");
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
    g_string_append(out, PROGRAM " convert --quiet");
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

/* Whether the run was one over the stages of a series. */
static gboolean is_mapped(const AlloyProject *project, const AlloyOperation *operation,
                          const AlloyOrigin *origin)
{
    for (unsigned i = 0; i < origin->n_inputs; i++)
        if (ALLOY_IS_SERIES(alloy_project_find(project, origin->inputs[i])->data))
            return alloy_operation_maps_series(operation);
    return FALSE;
}

/* "# cutoff: 3.35 (automatic)". A stored text may hold anything, but a comment is one line. */
static void put_comment(GString *out, const char *setting)
{
    g_autofree char *line = g_strdup(setting);
    for (char *c = line; *c != '\0'; c++)
        if ((guchar)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    char *equal = strchr(line, '=');
    if (equal == NULL)
        return;
    *equal = '\0';
    g_string_append_printf(out, "# %s: %s (automatic)\n", line, equal + 1);
}

/* What automatic parameters came to is given, so that the commands do not depend on how this or a later
 * program finds it; except over a series, whose stages each found their own: there it is only said. */
static void split_settings(const AlloyProject *project, const AlloyOperation *operation,
                           const AlloyOrigin *origin, GString *comments, GString *options)
{
    g_auto(GStrv) settings = alloy_origin_settings(origin);
    gboolean mapped = is_mapped(project, operation, origin);
    for (char **setting = settings; *setting != NULL; setting++) {
        gboolean given = g_strv_contains((const char *const *)origin->params, *setting);
        g_autoptr(AlloyRun) trial = alloy_run_new(operation);
        g_auto(GStrv) parts = g_strsplit(*setting, "=", 2);
        gboolean can = g_strv_length(parts) == 2 && alloy_run_set(trial, parts[0], parts[1], NULL);
        if (!given && (mapped || !can)) {
            put_comment(comments, *setting);
            continue;
        }
        g_autofree char *option = g_strconcat("--", *setting, NULL);
        g_string_append_c(options, ' ');
        put_quoted(options, option);
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
    g_autoptr(GString) options = g_string_new(NULL);
    split_settings(project, operation, origin, out, options);
    g_string_append_printf(out, PROGRAM " run %s --quiet --seed %" G_GUINT64_FORMAT "%s", operation->name,
                           (guint64)origin->seed, options->str);
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

static const char head[] =
    "#!/bin/sh\n"
    "# Makes a project again, value by value: written by alloyscope " ALLOY_VERSION ".\n"
    "#\n"
    "#   sh SCRIPT [PROJECT.alloy]     the project to make; it must not be there yet\n"
    "#\n"
    "# The program is found as $ALLOYSCOPE, else as alloyscope in $PATH. Files are read from where they were "
    "read;\n"
    "# their bytes must be the same.\n"
    "set -eu\n"
    "alloyscope=${ALLOYSCOPE:-alloyscope}\n"
    "out=";

static const char checks[] = "\n"
                             "if [ $# -gt 0 ]; then\n"
                             "    out=$1\n"
                             "fi\n"
                             "case $out in\n"
                             "-*) out=./$out ;;\n"
                             "esac\n"
                             "case $out in\n"
                             "*.alloy) ;;\n"
                             "*)\n"
                             "    echo \"the project to make must end in .alloy\" >&2\n"
                             "    exit 1\n"
                             "    ;;\n"
                             "esac\n"
                             "if [ -e \"$out\" ]; then\n"
                             "    echo \"$out is there already; give the name of another to make\" >&2\n"
                             "    exit 1\n"
                             "fi\n"
                             "if ! command -v \"$alloyscope\" >/dev/null; then\n"
                             "    echo \"$alloyscope is not there; set ALLOYSCOPE to where it is\" >&2\n"
                             "    exit 1\n"
                             "fi\n"
                             "# A file must have the bytes that it had.\n"
                             "same() {\n"
                             "    if [ \"$(sha256sum <\"$2\" | cut -d ' ' -f 1)\" != \"$1\" ]; then\n"
                             "        echo \"$2 is not the file that was read\" >&2\n"
                             "        exit 1\n"
                             "    fi\n"
                             "}\n\n";

char *alloy_project_script(const AlloyProject *project, const char *path, GError **error)
{
    g_autoptr(GString) out = g_string_new(head);
    put_quoted(out, path);
    g_string_append(out, checks);
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
