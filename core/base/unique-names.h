/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names that must differ: the second "a" becomes "a_2", the third "a_3". The time is linear in the number of
 * names, whatever they are, for a file may give as many equal ones as it likes. */
typedef struct _AlloyUniqueNames AlloyUniqueNames;

/* taken: names that nobody gets, NULL-terminated; NULL: none. */
AlloyUniqueNames *alloy_unique_names_new(const char *const *taken);
/* name, or name with the lowest number that is free and not below those it got before. Borrowed: good until
 * the names are freed. */
const char *alloy_unique_names_take(AlloyUniqueNames *names, const char *name);
void alloy_unique_names_free(AlloyUniqueNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyUniqueNames, alloy_unique_names_free)

G_END_DECLS
