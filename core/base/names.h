/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names that must differ: the second "a" becomes "a_2", the third "a_3". The time is linear in the number of
 * names, whatever they are, for a file may give as many equal ones as it likes. */
typedef struct _AlloyNames AlloyNames;

/* taken: names that nobody gets, NULL-terminated; NULL: none. */
AlloyNames *alloy_names_new(const char *const *taken);
/* name, or name with the lowest number that is free and not below those it got before. Borrowed: good until
 * the names are freed. */
const char *alloy_names_take(AlloyNames *names, const char *name);
void alloy_names_free(AlloyNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyNames, alloy_names_free)

G_END_DECLS
