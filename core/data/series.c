/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/series.h"

#include <math.h>

static void series_finalize(AlloyData *data)
{
    AlloySeries *series = (AlloySeries *)data;
    for (size_t i = 0; i < series->n; i++) {
        alloy_data_unref(series->stages[i].atoms);
        g_free((char *)series->stages[i].label);
    }
    g_free((AlloyStage *)series->stages);
    g_free((char *)series->title);
    g_free(series);
}

const AlloyDataClass alloy_series_class = {"series", "Series of atomic models", series_finalize};

const AlloySeries *alloy_series_new(const char *title, const AlloyStage *stages, size_t n)
{
    AlloySeries *series = g_new0(AlloySeries, 1);
    alloy_data_init(&series->base, &alloy_series_class);
    AlloyStage *copy = g_new0(AlloyStage, n);
    for (size_t i = 0; i < n; i++) {
        g_assert(stages[i].atoms != NULL);
        copy[i] = stages[i];
        copy[i].atoms = alloy_ref(stages[i].atoms);
        copy[i].label = stages[i].label != NULL ? g_strdup(stages[i].label) : g_strdup_printf("stage %zu", i);
    }
    series->n = n;
    series->stages = copy;
    series->title = g_strdup(title != NULL ? title : "");
    return series;
}

static double info_number(const AlloyAtoms *atoms, const char *name)
{
    const AlloyColumn *column = alloy_columns_get(atoms->info, name);
    return column != NULL && column->n == 1 ? alloy_column_real_at(column, 0) : (double)NAN;
}

AlloyStage alloy_stage_from_info(const AlloyAtoms *atoms)
{
    const AlloyColumn *label = alloy_columns_get(atoms->info, "stage_label");
    return (AlloyStage){
        .atoms = atoms,
        .time = info_number(atoms, "stage_time"),
        .temperature = info_number(atoms, "stage_temperature"),
        .label = label != NULL && label->n == 1 ? alloy_column_text_at(label, 0) : NULL,
    };
}

const AlloyAtoms *alloy_stage_to_info(const AlloyStage *stage)
{
    AlloyAtomsBuilder *builder = alloy_atoms_builder_from(stage->atoms);
    if (!isnan(stage->time))
        alloy_atoms_builder_set_info(builder, alloy_scalar_real("stage_time", ALLOY_UNIT_TIME, stage->time));
    if (!isnan(stage->temperature))
        alloy_atoms_builder_set_info(
            builder, alloy_scalar_real("stage_temperature", ALLOY_UNIT_TEMPERATURE, stage->temperature));
    if (stage->label != NULL)
        alloy_atoms_builder_set_info(builder, alloy_scalar_text("stage_label", stage->label));
    return alloy_atoms_builder_finish(builder);
}
