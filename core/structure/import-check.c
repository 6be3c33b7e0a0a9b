/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/import-check.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/data/elements.h"
#include "core/data/series.h"
#include "core/structure/import-private.h"

#include <math.h>
#include <string.h>

/* Labels named in one message. */
#define LISTED 6
/* How far out of the cell an atom may be, in cells, before it is said: in a periodic direction any distance
 * is right, but a particle that lies elsewhere than its cell is shown and cut elsewhere. */
#define FAR 0.5
/* Rounding in files: of the width of the cell, and angstrom. */
#define ROUNDING 1e-6
/* Atoms from which on a formula is a count and not a nominal composition. */
#define FORMULA_COUNT 50

/* --- species --- */

/* The element that a label begins with ("Pt_surf", "Pd2a", "FE#1"), NULL: none. The first letter must be
 * upper case, so that words are not taken for elements, and no lower-case letter may follow. */
static const AlloyElement *suggested_element(const char *label)
{
    for (gssize length = 2; length > 0; length--) {
        if (!g_ascii_isupper(label[0]) || (length == 2 && !g_ascii_isalpha(label[1])))
            continue;
        const AlloyElement *element = alloy_element_by_symbol(label, length);
        if (element != NULL && !g_ascii_isalpha(label[length]))
            return element;
    }
    return NULL;
}

static void append_escaped(GString *out, const char *label)
{
    for (; *label != '\0'; label++) {
        if (strchr("\\:,", *label) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, *label);
    }
}

/* Whether the reader has spoken of this kind: that the file does not tell species at all, or which element a
 * label seems to be. */
static gboolean was_said(const AlloyAtoms *atoms, const AlloySpecies *kind, const GPtrArray *said)
{
    g_autoptr(GString) fix = g_string_new("species=");
    append_escaped(fix, kind->name);
    g_string_append_c(fix, ':');
    for (guint i = 0; said != NULL && i < said->len; i++) {
        const AlloyWarning *warning = said->pdata[i];
        if (warning->fix != NULL &&
            (strcmp(warning->fix, ALLOY_FIX_TYPES) == 0 ? kind->count == atoms->n
                                                        : g_str_has_prefix(warning->fix, fix->str)))
            return TRUE;
    }
    return FALSE;
}

/* said: the warnings of the reader. */
static void check_species(const AlloyAtoms *atoms, const GPtrArray *said, GPtrArray *warnings)
{
    g_autoptr(GString) names = g_string_new(NULL), fix = g_string_new(NULL), title = g_string_new(NULL);
    size_t unknown = 0;
    for (unsigned a = 0; a < atoms->n_kinds; a++) {
        const AlloySpecies *kind = &atoms->kinds[a];
        if (kind->count == 0 || alloy_element(kind->z) != NULL || was_said(atoms, kind, said))
            continue;
        if (++unknown > LISTED)
            continue;
        g_string_append_printf(names, "%s`%s` (%zu atom%s)", unknown > 1 ? ", " : "", kind->name, kind->count,
                               kind->count == 1 ? "" : "s");
        const AlloyElement *element = suggested_element(kind->name);
        if (element != NULL) {
            g_string_append(fix, fix->len > 0 ? "," : "species=");
            append_escaped(fix, kind->name);
            g_string_append_printf(fix, ":%s", element->symbol);
            g_string_append_printf(title, "%s`%s` as %s", title->len > 0 ? ", " : "Take ", kind->name,
                                   element->symbol);
        }
    }
    if (unknown > LISTED)
        g_string_append_printf(names, " and %zu more", unknown - LISTED);
    if (unknown == 0)
        return;
    alloy_warn(warnings, "species", fix->len > 0 ? fix->str : NULL, fix->len > 0 ? title->str : NULL,
               "%s no element: %s; say which with species=LABEL:ELEMENT",
               unknown == 1 ? "this species is" : "these species are", names->str);
}

/* --- counts --- */

static gboolean is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (g_ascii_strcasecmp(name, *names) == 0)
            return TRUE;
    return FALSE;
}

/* "Pd200Ir100", "Pd200 Ir100", "Pd 200 Ir 100": atoms per element (index Z). FALSE if it is nothing like
 * that. */
static gboolean parse_formula(const char *text, uint64_t counts[ALLOY_ELEMENTS + 1], uint64_t *total)
{
    memset(counts, 0, (ALLOY_ELEMENTS + 1) * sizeof *counts);
    *total = 0;
    for (const char *p = text + strspn(text, " "); *p != '\0'; p += strspn(p, " ")) {
        gssize length = g_ascii_islower(p[0] ? p[1] : 0) ? 2 : 1;
        const AlloyElement *element = g_ascii_isupper(*p) ? alloy_element_by_symbol(p, length) : NULL;
        if (element == NULL)
            return FALSE;
        p += length;
        p += strspn(p, " _");
        uint64_t count = g_ascii_isdigit(*p) ? 0 : 1;
        for (; g_ascii_isdigit(*p); p++) {
            count = 10 * count + (uint64_t)(*p - '0');
            if (count > G_MAXUINT32)
                return FALSE;
        }
        counts[element->z] += count;
        *total += count;
    }
    return *total > 0;
}

static void check_formula(const AlloyAtoms *atoms, const char *name, const char *text, GPtrArray *warnings)
{
    uint64_t claimed[ALLOY_ELEMENTS + 1], total, found[ALLOY_ELEMENTS + 1] = {0};
    if (!parse_formula(text, claimed, &total) || total < FORMULA_COUNT)
        return;
    for (unsigned a = 0; a < atoms->n_kinds; a++)
        if (alloy_element(atoms->kinds[a].z) != NULL)
            found[atoms->kinds[a].z] += atoms->kinds[a].count;
    for (int z = 1; z <= ALLOY_ELEMENTS; z++)
        if (claimed[z] != found[z]) {
            alloy_warn(warnings, "counts", NULL, NULL,
                       "the file says %s = `%s`, but holds %" G_GUINT64_FORMAT " %s (%zu atoms in all)", name,
                       text, found[z], alloy_element(z)->symbol, atoms->n);
            return;
        }
}

static void check_counts(const AlloyAtoms *atoms, GPtrArray *warnings)
{
    static const char *const totals[] = {"natoms", "n_atoms", "num_atoms", "number_of_atoms", NULL};
    static const char *const formulas[] = {"formula", "composition", "chemical_formula", NULL};
    for (guint i = 0; i < atoms->info->len; i++) {
        const AlloyColumn *info = atoms->info->pdata[i];
        double value = info->n == 1 ? alloy_column_real_at(info, 0) : (double)NAN;
        if (is_one_of(info->name, totals) && !isnan(value) && value != (double)atoms->n) {
            char text[ALLOY_NUMBER_TEXT];
            alloy_warn(warnings, "counts", NULL, NULL, "the file says %s = %s, but holds %zu atoms",
                       info->name, alloy_number_text(value, 15, text), atoms->n);
        } else if (is_one_of(info->name, formulas) && info->n == 1 && info->type == ALLOY_TEXT) {
            check_formula(atoms, info->name, alloy_column_text_at(info, 0), warnings);
        } else if (info->n > 100 && info->n != atoms->n &&
                   fabs((double)info->n / (double)atoms->n - 1) < 0.01) {
            alloy_warn(warnings, "counts", NULL, NULL,
                       "the file holds %zu values of `%s` for %zu atoms: they cannot be told apart", info->n,
                       info->name, atoms->n);
        }
    }
}

/* --- cell --- */

static void check_cell(const AlloyAtoms *atoms, GPtrArray *warnings)
{
    const AlloyCell *cell = atoms->cell;
    double inverse[3][3], rounding[3], worst[2] = {0, 0};
    if (cell == NULL || !alloy_invert3(cell->vector, inverse))
        return;
    for (int k = 0; k < 3; k++) {
        /* the width of the cell along k is 1 / |column k of the inverse| */
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        rounding[k] = fmax(ROUNDING, ROUNDING * alloy_norm3(column));
    }
    size_t outside = 0, far = 0, first_outside = 0, first_far = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        double r[3] = {atoms->x[i] - cell->origin[0], atoms->y[i] - cell->origin[1],
                       atoms->z[i] - cell->origin[2]};
        double f[3], beyond[2] = {0, 0};
        alloy_row_times3(r, inverse, f);
        for (int k = 0; k < 3; k++) {
            double out = fmax(-f[k], f[k] - 1);
            if (out > (cell->periodic[k] ? FAR : rounding[k]))
                beyond[cell->periodic[k] ? 1 : 0] = fmax(beyond[cell->periodic[k] ? 1 : 0], out);
        }
        if (beyond[0] > 0 && outside++ == 0)
            first_outside = i;
        if (beyond[1] > 0 && far++ == 0)
            first_far = i;
        worst[0] = fmax(worst[0], beyond[0]);
        worst[1] = fmax(worst[1], beyond[1]);
    }
    char text[ALLOY_NUMBER_TEXT];
    if (outside > 0) {
        gboolean periodic = alloy_cell_is_periodic(cell);
        alloy_warn(warnings, "cell", periodic ? "cell=fit" : "cell=none",
                   periodic ? "Make the cell contain the atoms" : "Take the cell away",
                   "%zu atom%s lie%s outside of the cell in a direction that is not periodic, by up to %s "
                   "of its width; the first is atom %zu",
                   outside, outside == 1 ? "" : "s", outside == 1 ? "s" : "",
                   alloy_number_text(worst[0], 3, text), first_outside + 1);
    }
    if (far > 0)
        alloy_warn(warnings, "cell", "wrap=true", "Bring all atoms into the periodic cell",
                   "%zu atom%s lie%s far outside of the periodic cell, by up to %s of its width (unwrapped "
                   "positions?); the first is atom %zu",
                   far, far == 1 ? "" : "s", far == 1 ? "s" : "", alloy_number_text(worst[1], 3, text),
                   first_far + 1);
}

/* --- all --- */

static gboolean check_model(const AlloyAtoms *atoms, const GPtrArray *said, GPtrArray *warnings,
                            AlloyProgress *progress, GError **error)
{
    check_species(atoms, said, warnings);
    check_counts(atoms, warnings);
    check_cell(atoms, warnings);
    alloy_check_occupancy(atoms, warnings);
    return alloy_check_pairs(atoms, warnings, progress, error);
}

gboolean alloy_check_atoms(const AlloyAtoms *atoms, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error)
{
    return check_model(atoms, warnings, warnings, progress, error);
}

/* --- series --- */

/* Whether two messages begin alike but for their numbers. */
static gboolean begin_alike(const char *a, const char *b)
{
    for (int letters = 0; letters < 24; letters++) {
        a += strspn(a, "0123456789.");
        b += strspn(b, "0123456789.");
        if (*a != *b)
            return FALSE;
        if (*a == '\0')
            return TRUE;
        a++;
        b++;
    }
    return TRUE;
}

/* What is one trouble in several stages: the code, the name of the fix, and the words. */
static gboolean is_alike(const AlloyWarning *a, const AlloyWarning *b)
{
    const char *first = a->fix != NULL ? a->fix : "", *second = b->fix != NULL ? b->fix : "";
    size_t length = strcspn(first, "=");
    return strcmp(a->code, b->code) == 0 && strcspn(second, "=") == length &&
           strncmp(first, second, length) == 0 && begin_alike(a->message, b->message);
}

/* One fix for all stages from those that each would need. */
static char *common_fix(const GPtrArray *group)
{
    const AlloyWarning *first = group->pdata[0];
    if (first->fix == NULL)
        return NULL;
    const AlloyWarning *chosen = first;
    double largest = -INFINITY;
    for (guint i = 0; i < group->len; i++) {
        const AlloyWarning *warning = group->pdata[i];
        /* every tolerance must be reached; of all others the first is as good as the next */
        if (g_str_has_prefix(warning->fix, "merge=")) {
            double tolerance = g_ascii_strtod(warning->fix + strlen("merge="), NULL);
            if (tolerance > largest) {
                largest = tolerance;
                chosen = warning;
            }
        }
    }
    if (!g_str_has_prefix(first->fix, "species=") || strchr(first->fix, '\\') != NULL)
        return g_strdup(chosen->fix);
    /* labels may differ from stage to stage */
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < group->len; i++) {
        g_auto(GStrv) mappings =
            g_strsplit(((AlloyWarning *)group->pdata[i])->fix + strlen("species="), ",", -1);
        for (char **mapping = mappings; *mapping != NULL; mapping++)
            if (!g_ptr_array_find_with_equal_func(parts, *mapping, g_str_equal, NULL))
                g_ptr_array_add(parts, g_strdup(*mapping));
    }
    g_ptr_array_add(parts, NULL);
    g_autofree char *list = g_strjoinv(",", (char **)parts->pdata);
    return g_strconcat("species=", list, NULL);
}

static void warn_group(const GPtrArray *group, const GArray *stages, GPtrArray *warnings)
{
    const AlloyWarning *first = group->pdata[0];
    g_autofree char *fix = common_fix(group), *list = alloy_stage_list(stages);
    gboolean same = TRUE;
    for (guint i = 1; i < group->len; i++)
        same = same && strcmp(first->message, ((AlloyWarning *)group->pdata[i])->message) == 0;
    const char *title = g_strcmp0(fix, first->fix) == 0 ? first->fix_title : NULL;
    for (guint i = 1; i < group->len && title == NULL && fix != NULL; i++)
        if (strcmp(fix, ((AlloyWarning *)group->pdata[i])->fix) == 0)
            title = ((AlloyWarning *)group->pdata[i])->fix_title;
    if (group->len == 1)
        alloy_warn(warnings, first->code, fix, title, "stage %s: %s", list, first->message);
    else
        alloy_warn(warnings, first->code, fix,
                   title != NULL || fix == NULL ? title : "Do the same to all stages", "stages %s: %s%s",
                   list, first->message, same ? "" : " (in the first of them)");
}

static gboolean check_series(const AlloySeries *series, GPtrArray *warnings, AlloyProgress *progress,
                             GError **error)
{
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) stages = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (size_t s = 0; s < series->n; s++) {
        g_autoptr(AlloyProgress) part =
            alloy_progress_part(progress, (double)s / (double)series->n, (double)(s + 1) / (double)series->n);
        GPtrArray *here = alloy_warnings_new();
        g_ptr_array_add(all, here);
        if (!check_model(series->stages[s].atoms, warnings, here, part, error))
            return FALSE;
        for (guint w = 0; w < here->len; w++) {
            guint g = 0;
            while (g < groups->len && !is_alike(((GPtrArray *)groups->pdata[g])->pdata[0], here->pdata[w]))
                g++;
            if (g == groups->len) {
                g_ptr_array_add(groups, g_ptr_array_new());
                g_ptr_array_add(stages, g_array_new(FALSE, FALSE, sizeof(guint)));
            }
            GArray *numbers = stages->pdata[g];
            guint number = (guint)s; /* as --stage and the column stage count them */
            if (numbers->len == 0 || g_array_index(numbers, guint, numbers->len - 1) != number)
                g_array_append_val(numbers, number);
            g_ptr_array_add(groups->pdata[g], here->pdata[w]);
        }
    }
    for (guint g = 0; g < groups->len; g++)
        warn_group(groups->pdata[g], stages->pdata[g], warnings);
    return TRUE;
}

gboolean alloy_check_data(const AlloyData *data, GPtrArray *warnings, AlloyProgress *progress, GError **error)
{
    if (ALLOY_IS_ATOMS(data))
        return alloy_check_atoms((const AlloyAtoms *)data, warnings, progress, error);
    if (ALLOY_IS_SERIES(data))
        return check_series((const AlloySeries *)data, warnings, progress, error);
    return TRUE;
}
