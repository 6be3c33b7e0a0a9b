/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/project/project.h"

#include "core/base/error.h"

#include <string.h>

struct _AlloyProject {
    GPtrArray *items;            /* of const AlloyItem *, owned */
    GHashTable *by_id, *by_name; /* the same, borrowed */
    uint32_t next_id;
};

static void item_free(gpointer item)
{
    alloy_item_unref(item);
}

AlloyProject *alloy_project_new(void)
{
    AlloyProject *project = g_new0(AlloyProject, 1);
    project->items = g_ptr_array_new_with_free_func(item_free);
    project->by_id = g_hash_table_new(NULL, NULL);
    project->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    project->next_id = 1;
    return project;
}

/* Takes the item over, at the end. */
static void put_last(AlloyProject *project, const AlloyItem *item)
{
    g_ptr_array_add(project->items, (gpointer)item);
    g_hash_table_insert(project->by_id, GUINT_TO_POINTER(item->id), (gpointer)item);
    g_hash_table_insert(project->by_name, (gpointer)item->name, (gpointer)item);
}

static void forget(AlloyProject *project, const AlloyItem *item)
{
    g_hash_table_remove(project->by_id, GUINT_TO_POINTER(item->id));
    g_hash_table_remove(project->by_name, item->name);
}

AlloyProject *alloy_project_copy(const AlloyProject *project)
{
    AlloyProject *copy = alloy_project_new();
    for (unsigned i = 0; i < project->items->len; i++)
        put_last(copy, alloy_item_ref(project->items->pdata[i]));
    copy->next_id = project->next_id;
    return copy;
}

void alloy_project_free(AlloyProject *project)
{
    g_hash_table_unref(project->by_id);
    g_hash_table_unref(project->by_name);
    g_ptr_array_unref(project->items);
    g_free(project);
}

unsigned alloy_project_size(const AlloyProject *project)
{
    return project->items->len;
}

const AlloyItem *alloy_project_at(const AlloyProject *project, unsigned place)
{
    g_return_val_if_fail(place < project->items->len, NULL);
    return project->items->pdata[place];
}

static int place_of(const AlloyProject *project, uint32_t id)
{
    for (unsigned i = 0; i < project->items->len; i++)
        if (alloy_project_at(project, i)->id == id)
            return (int)i;
    return -1;
}

const AlloyItem *alloy_project_find(const AlloyProject *project, uint32_t id)
{
    return g_hash_table_lookup(project->by_id, GUINT_TO_POINTER(id));
}

const AlloyItem *alloy_project_find_name(const AlloyProject *project, const char *name)
{
    return g_hash_table_lookup(project->by_name, name);
}

static gboolean name_allowed(const char *name)
{
    if (*name == '\0' || strlen(name) > 1000 || !g_utf8_validate(name, -1, NULL))
        return FALSE;
    for (const char *c = name; *c != '\0'; c = g_utf8_next_char(c))
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return FALSE;
    return TRUE;
}

static char *fitting_name(const AlloyProject *project, const char *wanted)
{
    g_autofree char *name = g_utf8_make_valid(wanted, -1);
    for (char *c = name; *c != '\0'; c = g_utf8_next_char(c))
        if ((guchar)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    g_strstrip(name);
    if (strlen(name) > 900)
        *g_utf8_find_prev_char(name, name + 900) = '\0';
    if (!name_allowed(name)) {
        g_free(name);
        name = g_strdup("item");
    }
    if (alloy_project_find_name(project, name) == NULL)
        return g_steal_pointer(&name);
    for (unsigned k = 2;; k++) {
        g_autofree char *numbered = g_strdup_printf("%s %u", name, k);
        if (alloy_project_find_name(project, numbered) == NULL)
            return g_steal_pointer(&numbered);
    }
}

static gboolean inputs_are_there(const AlloyProject *project, const AlloyOrigin *origin)
{
    for (unsigned i = 0; i < origin->n_inputs; i++)
        if (alloy_project_find(project, origin->inputs[i]) == NULL)
            return FALSE;
    return TRUE;
}

static const AlloyItem *append(AlloyProject *project, const char *name, const AlloyData *data,
                               const AlloyOrigin *origin)
{
    const AlloyItem *item = alloy_item_new(project->next_id++, name, data, origin);
    put_last(project, item);
    return item;
}

const AlloyItem *alloy_project_add(AlloyProject *project, const char *name, const AlloyData *data,
                                   const AlloyOrigin *origin)
{
    g_return_val_if_fail(inputs_are_there(project, origin), NULL);
    g_autofree char *fitting = fitting_name(project, name);
    return append(project, fitting, data, origin);
}

static void replace(AlloyProject *project, unsigned place, const AlloyItem *with)
{
    const AlloyItem *old = project->items->pdata[place];
    forget(project, old);
    project->items->pdata[place] = (gpointer)with;
    g_hash_table_insert(project->by_id, GUINT_TO_POINTER(with->id), (gpointer)with);
    g_hash_table_insert(project->by_name, (gpointer)with->name, (gpointer)with);
    alloy_item_unref(old);
}

const AlloyItem *alloy_project_put(AlloyProject *project, const char *name, const char *fallback,
                                   const AlloyData *data, const AlloyOrigin *origin, GError **error)
{
    g_return_val_if_fail(inputs_are_there(project, origin), NULL);
    if (name != NULL && !name_allowed(name)) {
        alloy_input_error(error, "\"%s\" cannot be the name of an item: one line of UTF-8, up to 1000 bytes",
                          name);
        return NULL;
    }
    for (unsigned i = 0; i < project->items->len; i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        if (alloy_origin_same(item->origin, origin) && (name == NULL || strcmp(item->name, name) == 0)) {
            const AlloyItem *renewed = alloy_item_new(item->id, item->name, data, origin);
            replace(project, i, renewed);
            return renewed;
        }
    }
    if (name == NULL)
        return alloy_project_add(project, fallback, data, origin);
    if (alloy_project_find_name(project, name) != NULL) {
        alloy_input_error(
            error, "the project has an item \"%s\" that was made in another way; choose another name", name);
        return NULL;
    }
    return append(project, name, data, origin);
}

gboolean alloy_project_remove(AlloyProject *project, uint32_t id, GError **error)
{
    int place = place_of(project, id);
    if (place < 0)
        return alloy_input_error(error, "there is no item %u", id);
    for (unsigned i = 0; i < project->items->len; i++) {
        const AlloyItem *item = alloy_project_at(project, i);
        for (unsigned k = 0; k < item->origin->n_inputs; k++)
            if (item->origin->inputs[k] == id)
                return alloy_input_error(error, "\"%s\" was made from \"%s\", which therefore stays",
                                         item->name, alloy_project_at(project, (unsigned)place)->name);
    }
    forget(project, alloy_project_at(project, (unsigned)place));
    g_ptr_array_remove_index(project->items, (unsigned)place);
    return TRUE;
}

gboolean alloy_project_rename(AlloyProject *project, uint32_t id, const char *name, GError **error)
{
    int place = place_of(project, id);
    if (place < 0)
        return alloy_input_error(error, "there is no item %u", id);
    if (!name_allowed(name))
        return alloy_input_error(error, "a name is one line of text, up to 1000 bytes");
    const AlloyItem *other = alloy_project_find_name(project, name);
    if (other != NULL && other->id != id)
        return alloy_input_error(error, "there is an item \"%s\" already", name);
    const AlloyItem *item = alloy_project_at(project, (unsigned)place);
    replace(project, (unsigned)place, alloy_item_new(id, name, item->data, item->origin));
    return TRUE;
}

const AlloyItem *alloy_project_adopt(AlloyProject *project, const AlloyProject *from, uint32_t id,
                                     GError **error)
{
    int last = place_of(from, id);
    if (last < 0) {
        alloy_input_error(error, "there is no item %u", id);
        return NULL;
    }
    /* Inputs come before what is made from them: one walk back finds what is needed, one forward adds it. */
    g_autoptr(GHashTable) here = g_hash_table_new(NULL, NULL); /* id there -> id here, 0 until it is */
    g_hash_table_insert(here, GUINT_TO_POINTER(id), NULL);
    for (int i = last; i >= 0; i--) {
        const AlloyItem *item = alloy_project_at(from, (unsigned)i);
        if (g_hash_table_contains(here, GUINT_TO_POINTER(item->id)))
            for (unsigned k = 0; k < item->origin->n_inputs; k++)
                g_hash_table_insert(here, GUINT_TO_POINTER(item->origin->inputs[k]), NULL);
    }
    const AlloyItem *adopted = NULL;
    for (int i = 0; i <= last; i++) {
        const AlloyItem *item = alloy_project_at(from, (unsigned)i);
        if (!g_hash_table_contains(here, GUINT_TO_POINTER(item->id)))
            continue;
        AlloyOrigin draft = *item->origin;
        g_autofree uint32_t *inputs = g_new0(uint32_t, draft.n_inputs + 1);
        for (unsigned k = 0; k < draft.n_inputs; k++)
            inputs[k] = GPOINTER_TO_UINT(g_hash_table_lookup(here, GUINT_TO_POINTER(draft.inputs[k])));
        draft.inputs = inputs;
        g_auto(AlloyOriginRef) origin = alloy_origin_new(&draft);
        adopted = alloy_project_put(project, NULL, item->name, item->data, origin, error);
        if (adopted == NULL)
            return NULL;
        g_hash_table_insert(here, GUINT_TO_POINTER(item->id), GUINT_TO_POINTER(adopted->id));
    }
    return adopted;
}

gboolean alloy_project_restore(AlloyProject *project, const AlloyItem *item, GError **error)
{
    if (item->id == 0 || item->id > G_MAXINT32 || alloy_project_find(project, item->id) != NULL)
        return alloy_format_error(error, "project", 0, "the item id %u is not allowed or there twice",
                                  item->id);
    if (!name_allowed(item->name) || alloy_project_find_name(project, item->name) != NULL)
        return alloy_format_error(error, "project", 0, "the name of item %u is not allowed or there twice",
                                  item->id);
    if (!inputs_are_there(project, item->origin))
        return alloy_format_error(error, "project", 0,
                                  "item %u is made from one that does not come before it", item->id);
    put_last(project, alloy_item_ref(item));
    project->next_id = MAX(project->next_id, item->id + 1);
    return TRUE;
}
