/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/project.h"

G_BEGIN_DECLS

/* A shell script (POSIX sh) that makes the project again: reads the files it was made from, after holding
 * their SHA-256 against what they were, and runs the operations with the parameters they had, automatic ones
 * as they came out (over a series: found again for each stage). Its first argument is the project to make
 * (default: path); the program is $ALLOYSCOPE, else alloyscope in $PATH. Nothing of the project's texts is
 * ever more than a quoted word or a comment. The same project gives the same bytes. Free with g_free. NULL
 * with an error when an operation is not in this program. */
char *alloy_project_script(const AlloyProject *project, const char *path, GError **error);

G_END_DECLS
