/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/item.h"

G_BEGIN_DECLS

/* What a scientist works on: items in order, each with where it came from. The items never change, the list
 * does; it belongs to one thread. A copy shares the items and may go to another thread (to be saved there).
 */
typedef struct _AlloyProject AlloyProject;

AlloyProject *alloy_project_new(void);
AlloyProject *alloy_project_copy(const AlloyProject *project);
void alloy_project_free(AlloyProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyProject, alloy_project_free)

unsigned alloy_project_size(const AlloyProject *project);
/* Borrowed, until the project changes. */
const AlloyItem *alloy_project_at(const AlloyProject *project, unsigned place);
const AlloyItem *alloy_project_find(const AlloyProject *project, uint32_t id);           /* NULL: none */
const AlloyItem *alloy_project_find_name(const AlloyProject *project, const char *name); /* NULL: none */

/* The end of the list gets a new item (borrowed). name is made to fit: valid UTF-8 on one line, " 2" and so
 * on appended when it is taken. Every input of the origin is an item of the project, else it is a bug of the
 * caller. */
const AlloyItem *alloy_project_add(AlloyProject *project, const char *name, const AlloyData *data,
                                   const AlloyOrigin *origin);
/* The same for a caller who must have this very name (NULL: any, made from fallback). An item of the same
 * origin (and this name) is not repeated: it gets the new data, which are the same unless the program has
 * changed. NULL with an error when the name is taken by something else. */
const AlloyItem *alloy_project_put(AlloyProject *project, const char *name, const char *fallback,
                                   const AlloyData *data, const AlloyOrigin *origin, GError **error);
/* Refused when other items were made from it: they could not be made again. */
gboolean alloy_project_remove(AlloyProject *project, uint32_t id, GError **error);
/* Refused when the name is taken, empty or not one line of UTF-8. */
gboolean alloy_project_rename(AlloyProject *project, uint32_t id, const char *name, GError **error);

/* Puts an item of another project here, after those it was made from. Returns the item here. */
const AlloyItem *alloy_project_adopt(AlloyProject *project, const AlloyProject *from, uint32_t id,
                                     GError **error);

/* For the project file: an item with the id and name it had. FALSE (and nothing added) when one of them is
 * taken or not allowed, or an input of its origin is not there yet. */
gboolean alloy_project_restore(AlloyProject *project, const AlloyItem *item, GError **error);

G_END_DECLS
