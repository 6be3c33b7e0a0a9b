/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/selection.h"
#include "core/data/series.h"
#include "core/structure/neighbours.h"
#include "core/structure/summary.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a window shows: the stages of one particle, what was computed of each as soon as it was read, and what
 * is selected. Lives on the main thread; reading and computing are jobs. Signals: changed () other stages, or
 * more is known of them stage-changed () selection-changed ()   also while a region is drawn busy (gboolean,
 * gchar *stage, double fraction) */
#define ALLOY_TYPE_DOCUMENT (alloy_document_get_type())
G_DECLARE_FINAL_TYPE(AlloyDocument, alloy_document, ALLOY, DOCUMENT, GObject)

/* One stage with what is known of it. */
typedef struct {
    char *label;
    const AlloyAtoms *atoms;           /* with the columns cn and csrop_A_B, csrop once they are computed */
    const AlloyNeighbours *neighbours; /* of the first shell; NULL: not known (yet) */
    const AlloyNeighbours
        *around; /* the same without the images of a periodic cell: what is drawn around it */
    AlloySummaries *summaries;
    const AlloySelection *selection; /* never NULL */
} AlloyDocumentStage;

AlloyDocument *alloy_document_new(void);

/* Reads paths, several as the stages of a series, with fixes ("NAME=VALUE", nullable) for all; then finds the
 * first shell and the chemical order of every stage. done is called when the models can be shown (before the
 * analyses); finish gives FALSE with the error of reading. What was shown before stays when reading fails. */
void alloy_document_open(AlloyDocument *document, const char *const *paths, const char *const *fixes,
                         GAsyncReadyCallback done, gpointer data);
gboolean alloy_document_open_finish(AlloyDocument *document, GAsyncResult *result, GError **error);
/* Stops what is being read or computed. */
void alloy_document_cancel(AlloyDocument *document);

const char *alloy_document_title(AlloyDocument *document); /* file names; "" when empty */
const GPtrArray *
alloy_document_warnings(AlloyDocument *document);      /* of AlloyWarning, of the import and the analyses */
unsigned alloy_document_size(AlloyDocument *document); /* stages; 0: nothing is open */
const AlloyDocumentStage *alloy_document_at(AlloyDocument *document, unsigned stage);
const AlloyDocumentStage *alloy_document_stage(AlloyDocument *document); /* the current one; NULL: none */
unsigned alloy_document_current(AlloyDocument *document);
void alloy_document_set_current(AlloyDocument *document, unsigned stage);

/* Combines what is meant with what was selected before the last step (so that a region may grow while it is
 * drawn: done FALSE). With done TRUE it becomes a step that can be undone. meant NULL: back to what was
 * selected. */
void alloy_document_select(AlloyDocument *document, const AlloySelection *meant, AlloySelectMode mode,
                           gboolean done);
gboolean alloy_document_can_undo(AlloyDocument *document);
gboolean alloy_document_can_redo(AlloyDocument *document);
void alloy_document_undo(AlloyDocument *document);
void alloy_document_redo(AlloyDocument *document);

G_END_DECLS
