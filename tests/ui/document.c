/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/document.h"
#include "core/base/random.h"
#include "core/formats/format.h"
#include "tests/common.h"

#include <glib/gstdio.h>
#include <string.h>

/* A particle of two kinds on fcc in a file of its own. */
static char *write_particle(const char *folder, const char *name)
{
    g_autoptr(AlloyAtoms) lattice = (AlloyAtoms *)test_fcc(3.9, 4, 4, 4, "Pd");
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(lattice);
    alloy_atoms_builder_own_species(builder);
    int ir = alloy_atoms_builder_kind(builder, "Ir", 2);
    for (size_t i = 0; i < lattice->n; i += 3)
        builder->species[i] = (uint16_t)ir;
    alloy_atoms_builder_set_cell(builder, NULL);
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)alloy_atoms_builder_finish(builder);
    char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(alloy_write_file(path, NULL, ALLOY_DATA(atoms), NULL, NULL, &error));
    return path;
}

typedef struct {
    AlloyDocument *document;
    gboolean opened, ok, idle;
    unsigned changes, selections;
    GError *error;
} Watch;

static void on_opened(GObject *source, GAsyncResult *result, gpointer data)
{
    Watch *watch = data;
    watch->opened = TRUE;
    watch->ok = alloy_document_open_finish(ALLOY_DOCUMENT(source), result, &watch->error);
}

static void on_busy(AlloyDocument *document, gboolean busy, const char *stage, double fraction, Watch *watch)
{
    watch->idle = !busy;
    g_assert_true(fraction >= 0 && fraction <= 1);
}

static void count_change(AlloyDocument *document, Watch *watch)
{
    watch->changes++;
}

static void count_selection(AlloyDocument *document, Watch *watch)
{
    watch->selections++;
}

static void open_and_wait(Watch *watch, const char *const *paths)
{
    watch->opened = watch->idle = FALSE;
    alloy_document_open(watch->document, paths, NULL, on_opened, watch);
    while (!watch->opened)
        g_main_context_iteration(NULL, TRUE);
    while (watch->ok && (alloy_document_stage(watch->document)->neighbours == NULL))
        g_main_context_iteration(NULL, TRUE);
}

static Watch watch_new(void)
{
    return (Watch){.document = alloy_document_new()};
}

static void watch_connect(Watch *watch)
{
    g_signal_connect(watch->document, "busy", G_CALLBACK(on_busy), watch);
    g_signal_connect(watch->document, "changed", G_CALLBACK(count_change), watch);
    g_signal_connect(watch->document, "selection-changed", G_CALLBACK(count_selection), watch);
}

static void test_open(void)
{
    g_autofree char *folder = g_dir_make_tmp("document-XXXXXX", NULL);
    g_autofree char *a = write_particle(folder, "a.xyz"), *b = write_particle(folder, "b.xyz");
    Watch watch = watch_new();
    watch_connect(&watch);
    g_assert_null(alloy_document_stage(watch.document));
    open_and_wait(&watch, (const char *const[]){a, b, NULL});
    g_assert_true(watch.ok);
    g_assert_cmpuint(alloy_document_size(watch.document), ==, 2);
    g_assert_cmpstr(alloy_document_title(watch.document), ==, "a.xyz and 1 more");
    for (unsigned s = 0; s < 2; s++) {
        const AlloyDocumentStage *stage = alloy_document_at(watch.document, s);
        const AlloyColumn *cn = alloy_atoms_column(stage->atoms, "cn");
        g_assert_nonnull(cn);
        g_assert_nonnull(alloy_atoms_column(stage->atoms, "csrop_Pd_Ir"));
        g_assert_nonnull(alloy_atoms_column(stage->atoms, "csrop"));
        for (size_t i = 0; i < stage->atoms->n; i++)
            g_assert_cmpint(cn->integer[i], ==, stage->neighbours->count[i]);
    }
    /* what cannot be read leaves what is there */
    g_autofree char *no_file = g_build_filename(folder, "none.xyz", NULL);
    open_and_wait(&watch, (const char *const[]){no_file, NULL});
    g_assert_false(watch.ok);
    g_assert_nonnull(strstr(watch.error->message, "none.xyz"));
    g_clear_error(&watch.error);
    g_assert_cmpuint(alloy_document_size(watch.document), ==, 2);
    g_object_unref(watch.document);
    g_unlink(a);
    g_unlink(b);
    g_rmdir(folder);
}

static const AlloySelection *some(size_t n, size_t from, size_t to)
{
    g_autofree uint8_t *mask = g_malloc0(n);
    for (size_t i = from; i < to; i++)
        mask[i] = 1;
    return alloy_selection_from_mask(mask, n);
}

static size_t selected(const Watch *watch)
{
    return alloy_document_stage(watch->document)->selection->count;
}

static void test_selecting(void)
{
    g_autofree char *folder = g_dir_make_tmp("document-XXXXXX", NULL);
    g_autofree char *a = write_particle(folder, "a.xyz"), *b = write_particle(folder, "b.xyz");
    Watch watch = watch_new();
    watch_connect(&watch);
    open_and_wait(&watch, (const char *const[]){a, b, NULL});
    size_t n = alloy_document_stage(watch.document)->atoms->n;
    g_autoptr(AlloySelection) ten = (AlloySelection *)some(n, 0, 10), five = (AlloySelection *)some(n, 8, 13);
    AlloyDocument *document = watch.document;
    alloy_document_select(document, ten, ALLOY_SELECT_REPLACE, TRUE);
    g_assert_cmpuint(selected(&watch), ==, 10);
    /* a region that grows while it is drawn is combined with what was before it, not with itself */
    alloy_document_select(document, five, ALLOY_SELECT_ADD, FALSE);
    g_assert_cmpuint(selected(&watch), ==, 13);
    g_autoptr(AlloySelection) fewer = (AlloySelection *)some(n, 8, 11);
    alloy_document_select(document, fewer, ALLOY_SELECT_ADD, FALSE);
    g_assert_cmpuint(selected(&watch), ==, 11);
    alloy_document_select(document, NULL, ALLOY_SELECT_ADD, TRUE); /* given up */
    g_assert_cmpuint(selected(&watch), ==, 10);
    alloy_document_select(document, five, ALLOY_SELECT_REMOVE, TRUE);
    g_assert_cmpuint(selected(&watch), ==, 8);
    alloy_document_undo(document);
    g_assert_cmpuint(selected(&watch), ==, 10);
    alloy_document_undo(document);
    g_assert_cmpuint(selected(&watch), ==, 0);
    g_assert_false(alloy_document_can_undo(document));
    alloy_document_redo(document);
    alloy_document_redo(document);
    g_assert_cmpuint(selected(&watch), ==, 8);
    g_assert_false(alloy_document_can_redo(document));
    /* each stage has its own; undo goes to the stage where it happened */
    alloy_document_set_current(document, 1);
    g_assert_cmpuint(selected(&watch), ==, 0);
    alloy_document_undo(document);
    g_assert_cmpuint(alloy_document_current(document), ==, 0);
    g_assert_cmpuint(selected(&watch), ==, 10);
    /* the same again is no step */
    gboolean could = alloy_document_can_redo(document);
    alloy_document_select(document, ten, ALLOY_SELECT_REPLACE, TRUE);
    g_assert_true(alloy_document_can_redo(document) == could);
    g_object_unref(document);
    g_unlink(a);
    g_unlink(b);
    g_rmdir(folder);
}

/* Another file while one is being read: the first is dropped, nothing of it shows. */
static void test_overtaken(void)
{
    g_autofree char *folder = g_dir_make_tmp("document-XXXXXX", NULL);
    g_autofree char *a = write_particle(folder, "a.xyz"), *b = write_particle(folder, "b.xyz");
    Watch first = watch_new(), second = first;
    watch_connect(&first);
    alloy_document_open(first.document, (const char *const[]){a, NULL}, NULL, on_opened, &first);
    alloy_document_open(first.document, (const char *const[]){b, NULL}, NULL, on_opened, &second);
    while (!first.opened || !second.opened)
        g_main_context_iteration(NULL, TRUE);
    g_assert_false(first.ok);
    g_assert_error(first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&first.error);
    g_assert_true(second.ok);
    g_assert_cmpstr(alloy_document_title(first.document), ==, "b.xyz");
    /* and a document may go while something is computed */
    alloy_document_cancel(first.document);
    g_object_unref(first.document);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_usleep(100000);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_unlink(a);
    g_unlink(b);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/document/open", test_open);
    g_test_add_func("/ui/document/selecting", test_selecting);
    g_test_add_func("/ui/document/overtaken", test_overtaken);
    return g_test_run();
}
