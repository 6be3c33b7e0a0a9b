/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"

G_BEGIN_DECLS

/* One particle through its stages (annealing steps, frames of a trajectory). */
typedef struct {
    const AlloyAtoms *atoms;
    double time;        /* s since the first stage; NaN: not known */
    double temperature; /* K; NaN: not known */
    const char *label;  /* "30 min"; never NULL */
} AlloyStage;

typedef struct {
    AlloyData base;
    size_t n;
    const AlloyStage *stages;
    const char *title; /* never NULL */
} AlloySeries;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloySeries, alloy_data_unref)
extern const AlloyDataClass alloy_series_class;
#define ALLOY_IS_SERIES(value) (((const AlloyData *)(value))->klass == &alloy_series_class)

/* Copies the stages (references taken, labels copied; a NULL label becomes "stage K", counted from 0). */
const AlloySeries *alloy_series_new(const char *title, const AlloyStage *stages, size_t n);

/* What the info of a model says of its stage, under the names that every writer uses: stage_time (s),
 * stage_temperature (K), stage_label. */
AlloyStage alloy_stage_from_info(const AlloyAtoms *atoms);
/* The model with these in its info, so that a file of several frames carries them. */
const AlloyAtoms *alloy_stage_to_info(const AlloyStage *stage);

G_END_DECLS
