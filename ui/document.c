/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/document.h"

#include "core/base/error.h"
#include "core/data/warning.h"
#include "core/project/job.h"
#include "core/project/registry.h"
#include "core/structure/import.h"
#include "core/structure/rdf.h"

#include <math.h>
#include <string.h>

struct _AlloyDocument {
    GObject parent;
    GPtrArray *stages; /* of AlloyDocumentStage */
    char *title;
    GPtrArray *warnings;
    unsigned current;
    GCancellable *cancellable;
    unsigned generation;          /* of what is open: results for another one are dropped */
    GPtrArray *undo, *redo;       /* of Step */
    const AlloySelection *before; /* of the step that is being made; NULL: none is */
};

G_DEFINE_FINAL_TYPE(AlloyDocument, alloy_document, G_TYPE_OBJECT)

enum { CHANGED, STAGE_CHANGED, SELECTION_CHANGED, BUSY, N_SIGNALS };
static guint signals[N_SIGNALS];

/* One selection of one stage, as it was. */
typedef struct {
    unsigned stage;
    const AlloySelection *selection;
} Step;

static void step_free(gpointer data)
{
    Step *step = data;
    alloy_data_unref(step->selection);
    g_free(step);
}

static Step *step_new(unsigned stage, const AlloySelection *selection)
{
    Step *step = g_new(Step, 1);
    *step = (Step){stage, alloy_ref(selection)};
    return step;
}

static void stage_free(gpointer data)
{
    AlloyDocumentStage *stage = data;
    g_free(stage->label);
    alloy_data_unref(stage->atoms);
    alloy_data_unref(stage->neighbours);
    alloy_data_unref(stage->around);
    alloy_summaries_free(stage->summaries);
    alloy_data_unref(stage->selection);
    g_free(stage);
}

static AlloyDocumentStage *stage_new(const char *label, const AlloyAtoms *atoms)
{
    AlloyDocumentStage *stage = g_new0(AlloyDocumentStage, 1);
    stage->label = g_strdup(label);
    stage->atoms = alloy_ref(atoms);
    stage->summaries = alloy_summaries_new(atoms);
    stage->selection = alloy_selection_none(atoms->n);
    return stage;
}

/* --- jobs --- */

/* Reading, then analysing, on a thread of its own; shares nothing with the document but by reference. */
typedef struct {
    AlloyDocument *document;
    unsigned generation;
    char **paths, **fixes;
    GPtrArray *stages;
    GPtrArray *warnings;
    GTask *task; /* of the caller of alloy_document_open */
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;
    g_object_unref(opening->document);
    g_strfreev(opening->paths);
    g_strfreev(opening->fixes);
    g_ptr_array_unref(opening->stages);
    g_ptr_array_unref(opening->warnings);
    g_clear_object(&opening->task);
    g_free(opening);
}

static char *name_of(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    return g_filename_display_name(base);
}

static gboolean read_files(gpointer data, AlloyProgress *progress, GError **error)
{
    Opening *opening = data;
    const guint n = g_strv_length(opening->paths);
    for (guint k = 0; k < n; k++) {
        g_autofree char *name = name_of(opening->paths[k]);
        g_autofree char *what = g_strdup_printf("Reading %s", name);
        alloy_progress_stage(progress, (double)k / n, (double)(k + 1) / n, what);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, (double)k / n, (double)(k + 1) / n);
        g_autoptr(AlloyData) read =
            alloy_import(opening->paths[k], NULL, opening->fixes, opening->warnings, part, error);
        if (read == NULL)
            return FALSE;
        if (ALLOY_IS_SERIES(read)) {
            const AlloySeries *series = (const AlloySeries *)read;
            for (size_t s = 0; s < series->n; s++)
                g_ptr_array_add(opening->stages, stage_new(series->stages[s].label, series->stages[s].atoms));
        } else if (ALLOY_IS_ATOMS(read)) {
            AlloyStage stage = alloy_stage_from_info((const AlloyAtoms *)read);
            g_ptr_array_add(opening->stages,
                            stage_new(stage.label != NULL ? stage.label : name, (const AlloyAtoms *)read));
        } else {
            return alloy_input_error(error, "%s holds a %s, not an atomic model: it cannot be shown yet",
                                     opening->paths[k], read->klass->title);
        }
    }
    return TRUE;
}

/* An operation with its defaults but a few; its atoms, NULL with an error. */
static const AlloyAtoms *run_on(const AlloyAtoms *atoms, const char *name, const char *const *params,
                                GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    const AlloyOperation *operation = alloy_operation_by_name(name, error);
    if (operation == NULL)
        return NULL;
    g_autoptr(AlloyRun) run = alloy_run_new(operation);
    alloy_run_add_input(run, ALLOY_DATA(atoms));
    for (; *params != NULL; params += 2)
        if (!alloy_run_set(run, params[0], params[1], error))
            return NULL;
    run->progress = alloy_progress_ref(progress);
    if (!alloy_run_execute(run, error))
        return NULL;
    for (guint k = 0; k < run->warnings->len; k++) {
        const AlloyWarning *warning = run->warnings->pdata[k];
        alloy_warn(warnings, warning->code, warning->fix, warning->fix_title, "%s", warning->message);
    }
    return alloy_ref((const AlloyAtoms *)run->atoms);
}

static AlloyDocumentStage *analyse_stage(const AlloyDocumentStage *stage, GPtrArray *warnings,
                                         AlloyProgress *progress, GError **error)
{
    double cutoff;
    if (!alloy_first_minimum(stage->atoms, &cutoff, NULL, progress, error))
        return NULL;
    g_autofree char *text = g_strdup_printf("%.17g", cutoff);
    g_strdelimit(text, ",", '.');
    unsigned n_kinds;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(stage->atoms, &n_kinds);
    g_autoptr(AlloyAtoms) counted = (AlloyAtoms *)run_on(
        stage->atoms, "coordination", (const char *const[]){"cutoff", text, "sensitivity", "0", NULL},
        warnings, progress, error);
    if (counted == NULL)
        return NULL;
    g_autoptr(AlloyAtoms) ordered = alloy_ref(counted);
    if (n_kinds > 1) {
        const AlloyAtoms *with = run_on(counted, "csrop",
                                        (const char *const[]){"cutoff", text, "shuffles", "0", "species",
                                                              stage->atoms->kinds[order[0]].name, NULL},
                                        warnings, progress, error);
        if (with == NULL)
            return NULL;
        alloy_data_unref(ordered);
        ordered = (AlloyAtoms *)with;
    }
    const AlloyNeighbours *neighbours = alloy_neighbours_new(ordered, cutoff, FALSE, progress, error);
    if (neighbours == NULL)
        return NULL;
    AlloyDocumentStage *known = stage_new(stage->label, ordered);
    known->neighbours = neighbours;
    known->around = alloy_cell_is_periodic(ordered->cell)
                        ? alloy_neighbours_of_points(ordered->x, ordered->y, ordered->z, ordered->n, cutoff,
                                                     progress, error)
                        : alloy_ref(neighbours);
    if (known->around == NULL) {
        stage_free(known);
        return NULL;
    }
    return known;
}

static gboolean analyse(gpointer data, AlloyProgress *progress, GError **error)
{
    Opening *opening = data;
    for (guint k = 0; k < opening->stages->len; k++) {
        double from = (double)k / opening->stages->len, to = (double)(k + 1) / opening->stages->len;
        const AlloyDocumentStage *stage = opening->stages->pdata[k];
        g_autofree char *what = g_strdup_printf("Local order of %s", stage->label);
        alloy_progress_stage(progress, from, to, what);
        g_autoptr(AlloyProgress) part = alloy_progress_part(progress, from, to);
        AlloyDocumentStage *known = analyse_stage(stage, opening->warnings, part, error);
        if (known == NULL)
            return FALSE;
        stage_free(opening->stages->pdata[k]);
        opening->stages->pdata[k] = known;
    }
    return TRUE;
}

static gboolean is_current(const Opening *opening)
{
    return opening->generation == opening->document->generation;
}

static void tell_busy(const AlloyJobStatus *status, gpointer data)
{
    const Opening *opening = data;
    if (is_current(opening))
        g_signal_emit(opening->document, signals[BUSY], 0, TRUE, status->stage, status->fraction);
}

static Opening *opening_new(AlloyDocument *document)
{
    Opening *opening = g_new0(Opening, 1);
    opening->document = g_object_ref(document);
    opening->generation = document->generation;
    opening->stages = g_ptr_array_new_with_free_func(stage_free);
    opening->warnings = alloy_warnings_new();
    return opening;
}

static void take_warnings(AlloyDocument *document, const GPtrArray *from)
{
    for (guint k = 0; k < from->len; k++) {
        const AlloyWarning *w = from->pdata[k];
        alloy_warn(document->warnings, w->code, w->fix, w->fix_title, "%s", w->message);
    }
}

static void on_analysed(GObject *source, GAsyncResult *result, gpointer data)
{
    Opening *opening = alloy_job_data(result);
    AlloyDocument *document = opening->document;
    g_autoptr(GError) error = NULL;
    gboolean ok = alloy_job_finish(result, &error);
    if (!is_current(opening))
        return;
    if (ok) {
        for (guint k = 0; k < opening->stages->len; k++) {
            AlloyDocumentStage *known = opening->stages->pdata[k], *shown = document->stages->pdata[k];
            /* what the user selected meanwhile stays */
            alloy_data_unref(known->selection);
            known->selection = alloy_ref(shown->selection);
            opening->stages->pdata[k] = shown;
            document->stages->pdata[k] = known;
        }
    } else if (!alloy_is_cancelled(error)) {
        alloy_warn(document->warnings, "analysis", NULL, NULL, "Local order could not be computed: %s",
                   error->message);
    }
    take_warnings(document, opening->warnings);
    g_signal_emit(document, signals[BUSY], 0, FALSE, "", 1.0);
    g_signal_emit(document, signals[CHANGED], 0);
    g_signal_emit(document, signals[SELECTION_CHANGED], 0);
}

static void start_analysis(AlloyDocument *document)
{
    Opening *opening = opening_new(document);
    for (guint k = 0; k < document->stages->len; k++) {
        const AlloyDocumentStage *stage = document->stages->pdata[k];
        g_ptr_array_add(opening->stages, stage_new(stage->label, stage->atoms));
    }
    alloy_job_start(analyse, opening, opening_free, document->cancellable, tell_busy, opening, on_analysed,
                    NULL);
}

static char *title_of(char *const *paths)
{
    g_autofree char *first = name_of(paths[0]);
    guint n = g_strv_length((char **)paths);
    return n == 1 ? g_steal_pointer(&first) : g_strdup_printf("%s and %u more", first, n - 1);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    Opening *opening = alloy_job_data(result);
    AlloyDocument *document = opening->document;
    g_autoptr(GTask) task = g_steal_pointer(&opening->task);
    g_autoptr(GError) error = NULL;
    gboolean ok = alloy_job_finish(result, &error);
    if (!is_current(opening)) {
        g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "another file was opened meanwhile");
        return;
    }
    g_signal_emit(document, signals[BUSY], 0, FALSE, "", 1.0);
    if (!ok) {
        g_task_return_error(task, g_steal_pointer(&error));
        return;
    }
    g_ptr_array_unref(document->stages);
    document->stages = g_ptr_array_ref(opening->stages);
    g_ptr_array_set_size(document->warnings, 0);
    take_warnings(document, opening->warnings);
    g_ptr_array_set_size(document->undo, 0);
    g_ptr_array_set_size(document->redo, 0);
    alloy_clear(&document->before);
    document->current = 0;
    g_free(document->title);
    document->title = title_of(opening->paths);
    g_signal_emit(document, signals[CHANGED], 0);
    g_signal_emit(document, signals[STAGE_CHANGED], 0);
    g_signal_emit(document, signals[SELECTION_CHANGED], 0);
    start_analysis(document);
    g_task_return_boolean(task, TRUE);
}

void alloy_document_open(AlloyDocument *document, const char *const *paths, const char *const *fixes,
                         GAsyncReadyCallback done, gpointer data)
{
    g_return_if_fail(paths != NULL && paths[0] != NULL);
    alloy_document_cancel(document);
    document->cancellable = g_cancellable_new();
    document->generation++;
    Opening *opening = opening_new(document);
    opening->paths = g_strdupv((char **)paths);
    opening->fixes = g_strdupv((char **)fixes);
    opening->task = g_task_new(document, NULL, done, data);
    alloy_job_start(read_files, opening, opening_free, document->cancellable, tell_busy, opening, on_read,
                    NULL);
}

gboolean alloy_document_open_finish(AlloyDocument *document, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

void alloy_document_cancel(AlloyDocument *document)
{
    if (document->cancellable != NULL)
        g_cancellable_cancel(document->cancellable);
    g_clear_object(&document->cancellable);
}

/* --- what is there --- */

const char *alloy_document_title(AlloyDocument *document)
{
    return document->title;
}

const GPtrArray *alloy_document_warnings(AlloyDocument *document)
{
    return document->warnings;
}

unsigned alloy_document_size(AlloyDocument *document)
{
    return document->stages->len;
}

const AlloyDocumentStage *alloy_document_at(AlloyDocument *document, unsigned stage)
{
    g_return_val_if_fail(stage < document->stages->len, NULL);
    return document->stages->pdata[stage];
}

static AlloyDocumentStage *current(AlloyDocument *document)
{
    return document->stages->len > 0 ? document->stages->pdata[document->current] : NULL;
}

const AlloyDocumentStage *alloy_document_stage(AlloyDocument *document)
{
    return current(document);
}

unsigned alloy_document_current(AlloyDocument *document)
{
    return document->current;
}

void alloy_document_set_current(AlloyDocument *document, unsigned stage)
{
    g_return_if_fail(stage < document->stages->len);
    if (stage == document->current)
        return;
    alloy_document_select(document, NULL, ALLOY_SELECT_REPLACE, TRUE);
    document->current = stage;
    g_signal_emit(document, signals[STAGE_CHANGED], 0);
    g_signal_emit(document, signals[SELECTION_CHANGED], 0);
}

/* --- selection --- */

static void set_selection(AlloyDocument *document, const AlloySelection *selection)
{
    AlloyDocumentStage *stage = current(document);
    const AlloySelection *old = stage->selection;
    stage->selection = alloy_ref(selection);
    alloy_data_unref(old);
    g_signal_emit(document, signals[SELECTION_CHANGED], 0);
}

static gboolean same(const AlloySelection *a, const AlloySelection *b)
{
    return a->count == b->count && memcmp(a->words, b->words, (a->n + 63) / 64 * sizeof *a->words) == 0;
}

void alloy_document_select(AlloyDocument *document, const AlloySelection *meant, AlloySelectMode mode,
                           gboolean done)
{
    AlloyDocumentStage *stage = current(document);
    if (stage == NULL)
        return;
    if (meant == NULL) {
        if (document->before != NULL)
            set_selection(document, document->before);
        alloy_clear(&document->before);
        return;
    }
    if (document->before == NULL)
        document->before = alloy_ref(stage->selection);
    g_autoptr(AlloySelection) now = (AlloySelection *)alloy_selection_combine(document->before, meant, mode);
    set_selection(document, now);
    if (!done)
        return;
    if (!same(now, document->before)) {
        g_ptr_array_add(document->undo, step_new(document->current, document->before));
        g_ptr_array_set_size(document->redo, 0);
    }
    alloy_clear(&document->before);
    g_signal_emit(document, signals[SELECTION_CHANGED], 0);
}

gboolean alloy_document_can_undo(AlloyDocument *document)
{
    return document->undo->len > 0;
}

gboolean alloy_document_can_redo(AlloyDocument *document)
{
    return document->redo->len > 0;
}

/* The last of from becomes the selection of its stage, and what was there goes to to. */
static void step_back(AlloyDocument *document, GPtrArray *from, GPtrArray *to)
{
    if (from->len == 0)
        return;
    Step *step = g_ptr_array_steal_index(from, from->len - 1);
    alloy_document_set_current(document, step->stage);
    g_ptr_array_add(to, step_new(step->stage, current(document)->selection));
    set_selection(document, step->selection);
    step_free(step);
}

void alloy_document_undo(AlloyDocument *document)
{
    step_back(document, document->undo, document->redo);
}

void alloy_document_redo(AlloyDocument *document)
{
    step_back(document, document->redo, document->undo);
}

/* --- the object --- */

static void alloy_document_dispose(GObject *object)
{
    AlloyDocument *document = ALLOY_DOCUMENT(object);
    alloy_document_cancel(document);
    document->generation++;
    G_OBJECT_CLASS(alloy_document_parent_class)->dispose(object);
}

static void alloy_document_finalize(GObject *object)
{
    AlloyDocument *document = ALLOY_DOCUMENT(object);
    g_ptr_array_unref(document->stages);
    g_ptr_array_unref(document->warnings);
    g_ptr_array_unref(document->undo);
    g_ptr_array_unref(document->redo);
    alloy_data_unref(document->before);
    g_free(document->title);
    G_OBJECT_CLASS(alloy_document_parent_class)->finalize(object);
}

static void alloy_document_class_init(AlloyDocumentClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->dispose = alloy_document_dispose;
    object_class->finalize = alloy_document_finalize;
    GType type = G_TYPE_FROM_CLASS(klass);
    signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[STAGE_CHANGED] =
        g_signal_new("stage-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SELECTION_CHANGED] =
        g_signal_new("selection-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[BUSY] = g_signal_new("busy", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                 G_TYPE_BOOLEAN, G_TYPE_STRING, G_TYPE_DOUBLE);
}

static void alloy_document_init(AlloyDocument *document)
{
    document->stages = g_ptr_array_new_with_free_func(stage_free);
    document->warnings = alloy_warnings_new();
    document->undo = g_ptr_array_new_with_free_func(step_free);
    document->redo = g_ptr_array_new_with_free_func(step_free);
    document->title = g_strdup("");
}

AlloyDocument *alloy_document_new(void)
{
    return g_object_new(ALLOY_TYPE_DOCUMENT, NULL);
}
