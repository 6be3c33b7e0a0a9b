/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"

G_BEGIN_DECLS

/* Who adds to a project loads it, changes it and saves it: without a lock from the loading to the saving, two
 * programs at once would each keep only its own. The lock is on a file beside the project, ".NAME.lock", for
 * the project itself is replaced by every saving. The system lets go of it when its holder ends, however that
 * happens, so nobody waits for the dead; a file that a killed program left is taken over. All names of a
 * project through symbolic links and mounts are one; hard links are not, for saving parts them. It holds
 * between threads, programs and, where NFS has its lock service, machines; a file system that knows no locks
 * gives one that keeps nobody out. Reading needs none: a project is always whole. */
typedef struct _AlloyProjectLock AlloyProjectLock;

/* Called once, on the thread that waits, when it has waited for a second. holder: "process 123 on host", or
 * "another program" where that is not known. */
typedef void (*AlloyLockWaiting)(const char *path, const char *holder, gpointer data);

/* Waits until the lock of the project of that path (which need not be there yet) is free, and takes it. NULL
 * with an error when cancelled, or when the folder cannot be written in, as the project could not be saved
 * there. waiting is nullable. */
AlloyProjectLock *alloy_project_lock(const char *path, AlloyLockWaiting waiting, gpointer data,
                                     AlloyProgress *progress, GError **error);
/* Lets go of it and frees it. NULL is allowed. */
void alloy_project_unlock(AlloyProjectLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyProjectLock, alloy_project_unlock)

G_END_DECLS
