/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/summary.h"

#include "core/base/parallel.h"
#include "core/base/statistics.h"

#include <math.h>
#include <string.h>

#define WORDS 512 /* of a selection, a block: 32768 atoms */

typedef struct {
    const AlloyColumn *column;
    size_t n;
    double mean, sd;
} Whole;

struct _AlloySummaries {
    const AlloyAtoms *atoms;
    unsigned *order, n_kinds;
    Whole *columns;
    unsigned n_columns;
};

/* Sums about the model's mean, so that nothing is lost to large values. */
typedef struct {
    size_t n;
    double sum, square;
} Sums;

typedef struct {
    const AlloySummaries *summaries;
    const AlloySelection *selection;
    size_t *counts; /* [block][kind] */
    Sums *sums;     /* [block][column] */
} Job;

static inline void add(Sums *sums, double value, double about)
{
    if (isnan(value))
        return;
    double d = value - about;
    sums->n++;
    sums->sum += d;
    sums->square += d * d;
}

/* The selected atoms of one block, in order. */
static size_t list_selected(const AlloySelection *selection, size_t begin, size_t end, uint32_t *ids)
{
    size_t n = 0;
    for (size_t w = begin; w < end; w++)
        for (uint64_t word = selection->words[w]; word != 0; word &= word - 1)
            ids[n++] = (uint32_t)(64 * w + (unsigned)__builtin_ctzll(word));
    return n;
}

static void sum_block(size_t begin, size_t end, void *data)
{
    const Job *job = data;
    const AlloySummaries *summaries = job->summaries;
    const AlloyAtoms *atoms = summaries->atoms;
    g_autofree uint32_t *ids = g_new(uint32_t, 64 * WORDS);
    size_t n = list_selected(job->selection, begin, end, ids), block = begin / WORDS;
    size_t *counts = job->counts + block * atoms->n_kinds;
    for (size_t k = 0; k < n; k++)
        counts[atoms->species[ids[k]]]++;
    for (unsigned c = 0; c < summaries->n_columns; c++) {
        const Whole *whole = &summaries->columns[c];
        const AlloyColumn *column = whole->column;
        Sums sums = {0};
        switch (column->type) {
        case ALLOY_REAL:
            for (size_t k = 0; k < n; k++)
                add(&sums, column->real[ids[k]], whole->mean);
            break;
        case ALLOY_INTEGER:
            for (size_t k = 0; k < n; k++)
                add(&sums, (double)column->integer[ids[k]], whole->mean);
            break;
        case ALLOY_BOOLEAN:
            for (size_t k = 0; k < n; k++)
                add(&sums, column->boolean[ids[k]], whole->mean);
            break;
        case ALLOY_TEXT:
            break;
        }
        job->sums[block * summaries->n_columns + c] = sums;
    }
}

static Whole whole_of(const AlloyColumn *column)
{
    g_autofree double *values = g_new(double, column->n + 1);
    for (size_t i = 0; i < column->n; i++)
        values[i] = alloy_column_real_at(column, i);
    AlloyMoments moments = alloy_moments(values, column->n);
    return (Whole){column, moments.n, moments.n > 0 ? moments.mean : 0, moments.sd};
}

AlloySummaries *alloy_summaries_new(const AlloyAtoms *atoms)
{
    AlloySummaries *summaries = g_new0(AlloySummaries, 1);
    summaries->atoms = alloy_ref(atoms);
    summaries->order = alloy_atoms_kinds_in_order(atoms, &summaries->n_kinds);
    summaries->columns = g_new0(Whole, atoms->columns->len + 1);
    for (unsigned c = 0; c < atoms->columns->len; c++) {
        const AlloyColumn *column = atoms->columns->pdata[c];
        if (column->type != ALLOY_TEXT && !alloy_column_is_index(column))
            summaries->columns[summaries->n_columns++] = whole_of(column);
    }
    return summaries;
}

void alloy_summaries_free(AlloySummaries *summaries)
{
    if (summaries == NULL)
        return;
    alloy_data_unref(summaries->atoms);
    g_free(summaries->order);
    g_free(summaries->columns);
    g_free(summaries);
}

static void set_chance(double difference, double sd, double *z, double *p)
{
    *z = sd > 0 ? difference / sd : NAN;
    *p = sd > 0 ? alloy_normal_two_sided(*z) : NAN;
}

static AlloyKindSummary kind_summary(const AlloySummary *summary, const AlloyAtoms *atoms, unsigned kind,
                                     size_t count)
{
    double n = (double)summary->selected, N = (double)summary->n;
    AlloyKindSummary out = {.kind = kind, .count = count, .share = n > 0 ? (double)count / n : NAN};
    out.error = alloy_binomial_error(count, summary->selected);
    out.whole = (double)atoms->kinds[kind].count / N;
    double variance = N > 1 ? n * out.whole * (1 - out.whole) * (N - n) / (N - 1) : 0;
    set_chance((double)count - n * out.whole, sqrt(variance), &out.z, &out.p);
    return out;
}

static AlloyColumnSummary column_summary(const Whole *whole, const Sums *sums)
{
    double n = (double)sums->n, N = (double)whole->n;
    AlloyColumnSummary out = {
        .column = whole->column, .n = sums->n, .mean = NAN, .sem = NAN, .z = NAN, .p = NAN};
    out.whole = whole->n > 0 ? whole->mean : NAN;
    if (sums->n == 0)
        return out;
    out.mean = whole->mean + sums->sum / n;
    double variance = (sums->square - sums->sum * sums->sum / n) / (n - 1);
    out.sem = sums->n > 1 ? sqrt(fmax(variance, 0) / n) : NAN;
    if (whole->n > 1)
        set_chance(sums->sum / n, whole->sd * sqrt(fmax(1 - n / N, 0) / n), &out.z, &out.p);
    return out;
}

AlloySummary *alloy_summaries_of(const AlloySummaries *summaries, const AlloySelection *selection)
{
    const AlloyAtoms *atoms = summaries->atoms;
    g_return_val_if_fail(selection->n == atoms->n, NULL);
    const size_t words = (atoms->n + 63) / 64, blocks = alloy_parallel_blocks(words, WORDS);
    g_autofree size_t *counts = g_new0(size_t, (blocks + 1) * atoms->n_kinds + 1);
    g_autofree Sums *sums = g_new0(Sums, (blocks + 1) * summaries->n_columns + 1);
    Job job = {summaries, selection, counts, sums};
    alloy_parallel_for(words, WORDS, sum_block, &job, NULL, NULL);
    /* the blocks in their order, into the one after the last */
    size_t *count = counts + blocks * atoms->n_kinds;
    Sums *sum = sums + blocks * summaries->n_columns;
    for (size_t b = 0; b < blocks; b++) {
        for (unsigned k = 0; k < atoms->n_kinds; k++)
            count[k] += counts[b * atoms->n_kinds + k];
        for (unsigned c = 0; c < summaries->n_columns; c++) {
            const Sums *from = &sums[b * summaries->n_columns + c];
            sum[c].n += from->n;
            sum[c].sum += from->sum;
            sum[c].square += from->square;
        }
    }
    AlloySummary *summary = g_new0(AlloySummary, 1);
    summary->selected = selection->count;
    summary->n = atoms->n;
    summary->n_kinds = summaries->n_kinds;
    summary->n_columns = summaries->n_columns;
    summary->kinds = g_new0(AlloyKindSummary, summaries->n_kinds + 1);
    summary->columns = g_new0(AlloyColumnSummary, summaries->n_columns + 1);
    for (unsigned k = 0; k < summaries->n_kinds; k++)
        summary->kinds[k] = kind_summary(summary, atoms, summaries->order[k], count[summaries->order[k]]);
    for (unsigned c = 0; c < summaries->n_columns; c++)
        summary->columns[c] = column_summary(&summaries->columns[c], &sum[c]);
    return summary;
}

void alloy_summary_free(AlloySummary *summary)
{
    if (summary == NULL)
        return;
    g_free(summary->kinds);
    g_free(summary->columns);
    g_free(summary);
}
