/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/document.h"

G_BEGIN_DECLS

/* Chance for a selection, found in the background by the operation `statistics`: species shuffled over the
 * same sites for what depends on them, sites drawn for the rest. */
typedef struct {
    char *quantity; /* name of the column; of a species "species NAME" */
    double z, p;
    double floor;      /* the least p that so many shuffles can tell; 0: p is exact */
    gboolean shuffled; /* FALSE: sites were drawn */
} AlloyMeanTest;

/* Starts it for what is selected in a stage whose first shell is known. done is called once, on the main
 * thread. */
void alloy_selection_null_start(const AlloyDocumentStage *stage, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer data);
/* The means that were tested: an array (owned) of AlloyMeanTest. NULL with an error. */
GPtrArray *alloy_selection_null_finish(GAsyncResult *result, GError **error);
G_END_DECLS
