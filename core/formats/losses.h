/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"
#include "core/data/series.h"
#include "core/data/warning.h"

G_BEGIN_DECLS

/* What a writer leaves out or changes is said: each writer gathers it here, over all models that go into the
 * file, and what is not there costs nothing. */
typedef struct _AlloyLosses {
    GPtrArray *columns; /* of char *: per-atom columns that are not written */
    GPtrArray *info;    /* of char *: what is said of the model as a whole and not written */
    GPtrArray *others;  /* of char *: sentences of their own */
} AlloyLosses;

void alloy_losses_init(AlloyLosses *losses);
void alloy_losses_clear(AlloyLosses *losses);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlloyLosses, alloy_losses_clear)

/* A name that is there already counts once. */
void alloy_losses_column(AlloyLosses *losses, const char *name);
void alloy_losses_info(AlloyLosses *losses, const char *name);
/* All entries of info but those that are written: names, NULL-terminated (nullable). */
void alloy_losses_info_but(AlloyLosses *losses, const AlloyAtoms *atoms, const char *const *written);
/* The time, temperature and label of a stage, as far as there are any. */
void alloy_losses_stage(AlloyLosses *losses, const AlloyStage *stage, gboolean time, gboolean label);
/* A sentence without its full stop, said once. */
void alloy_losses_say(AlloyLosses *losses, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* One warning (code "not-written") for what is left out, one (code "changed") for every sentence. place: the
 * path; format: "POSCAR". */
void alloy_losses_warn(const AlloyLosses *losses, const char *place, const char *format, GPtrArray *warnings);

/* The models of data, which is atoms or a series: as a series's stages. single: room for one. */
const AlloyStage *alloy_stages_of(const AlloyData *data, AlloyStage *single, size_t *n);

/* For writers that turn blanks in words to '_': the first species or label of a text column that changes so,
 * NULL: none does. */
const char *alloy_first_changed_word(const AlloyAtoms *atoms);

G_END_DECLS
