/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/losses.h"

#include "core/formats/text.h"

#include <math.h>

/* Names in one message. */
#define NAMED 8

void alloy_losses_init(AlloyLosses *losses)
{
    losses->columns = g_ptr_array_new_with_free_func(g_free);
    losses->info = g_ptr_array_new_with_free_func(g_free);
    losses->others = g_ptr_array_new_with_free_func(g_free);
}

void alloy_losses_clear(AlloyLosses *losses)
{
    g_clear_pointer(&losses->columns, g_ptr_array_unref);
    g_clear_pointer(&losses->info, g_ptr_array_unref);
    g_clear_pointer(&losses->others, g_ptr_array_unref);
}

/* Beyond what a message names only the number counts: the search stays short, and a name that comes again in
 * another stage is counted again there. */
static void add(GPtrArray *list, const char *name)
{
    for (guint i = 0; i < MIN(list->len, 64); i++)
        if (strcmp(list->pdata[i], name) == 0)
            return;
    if (list->len < 64)
        g_ptr_array_add(list, g_strdup(name));
}

void alloy_losses_column(AlloyLosses *losses, const char *name)
{
    add(losses->columns, name);
}

void alloy_losses_info(AlloyLosses *losses, const char *name)
{
    add(losses->info, name);
}

void alloy_losses_info_but(AlloyLosses *losses, const AlloyAtoms *atoms, const char *const *written)
{
    for (guint i = 0; i < atoms->info->len; i++) {
        const AlloyColumn *info = atoms->info->pdata[i];
        if (written == NULL || !g_strv_contains(written, info->name))
            add(losses->info, info->name);
    }
}

void alloy_losses_stage(AlloyLosses *losses, const AlloyStage *stage, gboolean time, gboolean label)
{
    if (time && !isnan(stage->time))
        add(losses->info, "stage_time");
    if (!isnan(stage->temperature))
        add(losses->info, "stage_temperature");
    if (label && stage->label != NULL)
        add(losses->info, "stage_label");
}

void alloy_losses_say(AlloyLosses *losses, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    add(losses->others, text);
}

static void append_names(GString *out, const char *one, const char *many, const GPtrArray *names)
{
    if (names->len == 0)
        return;
    g_string_append_printf(out, "%s%s ", out->len > 0 ? "; " : "", names->len == 1 ? one : many);
    for (guint i = 0; i < MIN(names->len, NAMED); i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ", ", (const char *)names->pdata[i]);
    if (names->len > NAMED)
        g_string_append(out, " and more");
}

void alloy_losses_warn(const AlloyLosses *losses, const char *place, const char *format, GPtrArray *warnings)
{
    g_autoptr(GString) list = g_string_new(NULL);
    append_names(list, "the column", "the columns", losses->columns);
    append_names(list, "about the whole:", "about the whole:", losses->info);
    if (list->len > 0)
        alloy_warn(warnings, "not-written", NULL, NULL,
                   "%s: %s cannot hold everything; not written: %s; JSON and .alloy keep it all", place,
                   format, list->str);
    for (guint i = 0; i < losses->others->len; i++)
        alloy_warn(warnings, "changed", NULL, NULL, "%s: %s", place, (const char *)losses->others->pdata[i]);
}

const AlloyStage *alloy_stages_of(const AlloyData *data, AlloyStage *single, size_t *n)
{
    if (ALLOY_IS_SERIES(data)) {
        *n = ((const AlloySeries *)data)->n;
        return ((const AlloySeries *)data)->stages;
    }
    *single = alloy_stage_from_info((const AlloyAtoms *)data);
    *n = 1;
    return single;
}

static gboolean is_changed(const char *word)
{
    if (*word == '\0')
        return TRUE;
    for (; *word != '\0'; word++)
        if (alloy_is_blank(*word) || *word == '\n')
            return TRUE;
    return FALSE;
}

const char *alloy_first_changed_word(const AlloyAtoms *atoms)
{
    for (unsigned k = 0; k < atoms->n_kinds; k++)
        if (atoms->kinds[k].count > 0 && is_changed(atoms->kinds[k].name))
            return atoms->kinds[k].name;
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        for (uint32_t k = 0; column->type == ALLOY_TEXT && k < column->n_labels; k++)
            if (is_changed(column->labels[k]))
                return column->labels[k];
    }
    return NULL;
}
