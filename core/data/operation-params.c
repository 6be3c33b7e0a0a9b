/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/operation-private.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/data/elements.h"

#include <math.h>
#include <string.h>

const AlloyParam *alloy_operation_param(const AlloyOperation *operation, const char *name)
{
    for (const AlloyParam *param = operation->params; param->name != NULL; param++)
        if (strcmp(param->name, name) == 0)
            return param;
    return NULL;
}

/* --- suggestions --- */

#define LONGEST_NAME 64

static char fold(char c)
{
    return c == '_' ? '-' : g_ascii_tolower(c);
}

/* Edits (insert, delete, replace, swap two neighbours) from a to b; F. J. Damerau, Commun. ACM 7, 171 (1964).
 */
static unsigned edit_distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    if (m > LONGEST_NAME || n > LONGEST_NAME)
        return G_MAXUINT;
    unsigned rows[3][LONGEST_NAME + 1];
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= n; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= m; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned change = last[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            now[j] = MIN(change, MIN(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]))
                now[j] = MIN(now[j], before[j - 2] + 1);
        }
        unsigned *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[n];
}

const char *alloy_suggest(const char *name, const char *const *candidates)
{
    const char *best = NULL;
    size_t length = strlen(name);
    unsigned nearest = (unsigned)MAX(length / 3, 1) + 1; /* a third of the letters may be wrong */
    for (const char *const *candidate = candidates; *candidate != NULL; candidate++) {
        unsigned distance = edit_distance(name, *candidate);
        if (distance < nearest) {
            nearest = distance;
            best = *candidate;
        }
    }
    for (const char *const *candidate = candidates; best == NULL && length >= 2 && *candidate != NULL;
         candidate++)
        if (g_ascii_strncasecmp(*candidate, name, length) == 0)
            best = *candidate;
    return best;
}

static gboolean unknown_name(const AlloyOperation *operation, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const AlloyParam *param = operation->params; param->name != NULL; param++)
        g_ptr_array_add(names, (gpointer)param->name);
    g_ptr_array_add(names, NULL);
    if (names->len == 1)
        return alloy_parameter_error(error, "%s has no parameter `%s`: it has none at all", operation->name,
                                     name);
    const char *meant = alloy_suggest(name, (const char *const *)names->pdata);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    if (meant != NULL)
        return alloy_parameter_error(error, "%s has no parameter `%s`; did you mean `%s`? It has: %s",
                                     operation->name, name, meant, list);
    return alloy_parameter_error(error, "%s has no parameter `%s`; it has: %s", operation->name, name, list);
}

/* --- checking values --- */

/* "0.5 to 20 angstrom", "at least 0"; NULL: any number. */
static char *range_text(const AlloyParam *param)
{
    const char *unit = param->unit != NULL && strcmp(param->unit, ALLOY_UNIT_NONE) != 0 ? param->unit : "";
    const char *gap = *unit != '\0' ? " " : "";
    char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
    if (param->min == 0 && param->max == 0)
        return NULL;
    g_ascii_formatd(low, sizeof low, "%.10g", param->min);
    g_ascii_formatd(high, sizeof high, "%.10g", param->max);
    if (isinf(param->max))
        return g_strdup_printf("at least %s%s%s", low, gap, unit);
    if (isinf(param->min))
        return g_strdup_printf("at most %s%s%s", high, gap, unit);
    return g_strdup_printf("%s to %s%s%s", low, high, gap, unit);
}

static gboolean bad_number(const AlloyParam *param, const char *value, const char *problem, GError **error)
{
    g_autofree char *range = range_text(param);
    const char *kind = param->type == ALLOY_PARAM_INTEGER ? "a whole number" : "a number";
    const char *unit = param->unit != NULL && strcmp(param->unit, ALLOY_UNIT_NONE) != 0 ? param->unit : NULL;
    g_autofree char *expected = range != NULL  ? g_strdup_printf("%s, %s", kind, range)
                                : unit != NULL ? g_strdup_printf("%s in %s", kind, unit)
                                               : g_strdup(kind);
    const char *hint = strchr(value, ',') != NULL ? " (the decimal sign is a point)" : "";
    return alloy_parameter_error(error, "%s = `%s` %s; expected is %s%s", param->name, value, problem,
                                 expected, hint);
}

static gboolean check_number(const AlloyParam *param, const char *value, GError **error)
{
    double number = 0;
    const char *end = value + strlen(value);
    if (param->type == ALLOY_PARAM_INTEGER) {
        int64_t integer = 0;
        if (!alloy_parse_int64(value, end, &integer))
            return bad_number(param, value, "is not a whole number that can be read", error);
        number = (double)integer;
    } else if (!alloy_parse_double(value, end, &number) || !isfinite(number)) {
        return bad_number(param, value, "is not a number that can be read", error);
    }
    if ((param->min != 0 || param->max != 0) && (number < param->min || number > param->max))
        return bad_number(param, value, "is out of range", error);
    return TRUE;
}

static const char *boolean_text(const char *value)
{
    static const char *const yes[] = {"true", "yes", "on", "1"}, *const no[] = {"false", "no", "off", "0"};
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++) {
        if (g_ascii_strcasecmp(value, yes[i]) == 0)
            return "true";
        if (g_ascii_strcasecmp(value, no[i]) == 0)
            return "false";
    }
    return NULL;
}

/* The value as it is kept, or NULL. */
static const char *check_value(const AlloyParam *param, const char *value, GError **error)
{
    switch (param->type) {
    case ALLOY_PARAM_INTEGER:
    case ALLOY_PARAM_REAL:
        return check_number(param, value, error) ? value : NULL;
    case ALLOY_PARAM_BOOLEAN: {
        const char *text = boolean_text(value);
        if (text == NULL)
            alloy_parameter_error(
                error,
                "%s = `%s` is neither yes nor no; expected is true, yes, on or 1, or false, "
                "no, off or 0",
                param->name, value);
        return text;
    }
    case ALLOY_PARAM_CHOICE: {
        for (const char *const *choice = param->choices; *choice != NULL; choice++)
            if (g_ascii_strcasecmp(*choice, value) == 0)
                return *choice;
        g_autofree char *list = g_strjoinv(", ", (char **)param->choices);
        const char *meant = alloy_suggest(value, param->choices);
        if (meant != NULL)
            alloy_parameter_error(error, "%s = `%s` is no choice; did you mean `%s`? There are: %s",
                                  param->name, value, meant, list);
        else
            alloy_parameter_error(error, "%s = `%s` is no choice; there are: %s", param->name, value, list);
        return NULL;
    }
    case ALLOY_PARAM_SPECIES:
    case ALLOY_PARAM_EXPRESSION:
        if (*value == '\0') {
            alloy_parameter_error(error, "%s is empty; expected is %s", param->name,
                                  param->type == ALLOY_PARAM_SPECIES ? "the name of a species"
                                                                     : "an expression");
            return NULL;
        }
        return value;
    case ALLOY_PARAM_TEXT:
        return value;
    }
    g_assert_not_reached();
}

gboolean alloy_run_set(AlloyRun *run, const char *name, const char *value, GError **error)
{
    const AlloyParam *param = alloy_operation_param(run->operation, name);
    if (param == NULL)
        return unknown_name(run->operation, name, error);
    if (!g_utf8_validate(value, -1, NULL))
        return alloy_parameter_error(error, "the value of %s is not UTF-8 text", name);
    g_autofree char *trimmed = g_strstrip(g_strdup(value));
    const char *kept = check_value(param, trimmed, error);
    if (kept == NULL)
        return FALSE;
    g_hash_table_insert(run->params, g_strdup(name), g_strdup(kept));
    return TRUE;
}

gboolean alloy_run_check_required(const AlloyRun *run, GError **error)
{
    for (const AlloyParam *param = run->operation->params; param->name != NULL; param++) {
        if (param->fallback != NULL || param->automatic != NULL ||
            g_hash_table_contains(run->params, param->name))
            continue;
        return alloy_parameter_error(error, "%s needs the parameter `%s`%s%s", run->operation->name,
                                     param->name, param->help != NULL ? ": " : "",
                                     param->help != NULL ? param->help : "");
    }
    return TRUE;
}

/* --- values for the analyses --- */

static const AlloyParam *param_of(const AlloyRun *run, const char *name)
{
    const AlloyParam *param = alloy_operation_param(run->operation, name);
    if (param == NULL)
        g_error("%s asks for a parameter %s that it does not declare", run->operation->name, name);
    return param;
}

static const char *value_of(const AlloyRun *run, const char *name)
{
    const AlloyParam *param = param_of(run, name);
    const char *value = g_hash_table_lookup(run->params, name);
    if (value == NULL)
        value = g_hash_table_lookup(run->resolved, name);
    return value != NULL ? value : param->fallback;
}

gboolean alloy_run_is_set(const AlloyRun *run, const char *name)
{
    return param_of(run, name)->fallback != NULL || g_hash_table_contains(run->params, name);
}

gboolean alloy_run_is_given(const AlloyRun *run, const char *name)
{
    param_of(run, name);
    return g_hash_table_contains(run->params, name);
}

double alloy_run_real(const AlloyRun *run, const char *name)
{
    const char *value = value_of(run, name);
    double number = (double)NAN;
    if (value != NULL && !alloy_parse_double(value, value + strlen(value), &number))
        g_error("%s: the default %s of %s is no number", run->operation->name, value, name);
    return number;
}

int64_t alloy_run_integer(const AlloyRun *run, const char *name)
{
    const char *value = value_of(run, name);
    int64_t number = INT64_MIN;
    if (value != NULL && !alloy_parse_int64(value, value + strlen(value), &number))
        g_error("%s: the default %s of %s is no whole number", run->operation->name, value, name);
    return number;
}

gboolean alloy_run_boolean(const AlloyRun *run, const char *name)
{
    const char *value = value_of(run, name);
    return value != NULL && g_strcmp0(boolean_text(value), "true") == 0;
}

int alloy_run_choice(const AlloyRun *run, const char *name)
{
    const char *value = value_of(run, name);
    if (value == NULL)
        return -1;
    const char *const *choices = param_of(run, name)->choices;
    for (int i = 0; choices[i] != NULL; i++)
        if (strcmp(choices[i], value) == 0)
            return i;
    g_error("%s: the default %s of %s is no choice", run->operation->name, value, name);
}

const char *alloy_run_text(const AlloyRun *run, const char *name)
{
    return value_of(run, name);
}

void alloy_run_warn_no_effect(AlloyRun *run, const char *name, const char *why)
{
    if (alloy_run_is_given(run, name))
        alloy_warn(run->warnings, "no-effect", NULL, NULL, "%s = %s has no effect: %s", name,
                   value_of(run, name), why);
}

int alloy_find_species(const AlloyAtoms *atoms, const char *value)
{
    int kind = alloy_atoms_find_kind(atoms, value);
    if (kind < 0) {
        const AlloyElement *element = alloy_element_by_symbol(value, -1);
        if (element != NULL)
            kind = alloy_atoms_find_kind(atoms, element->symbol);
    }
    return kind >= 0 && atoms->kinds[kind].count > 0 ? kind : -1;
}

int alloy_run_kind(AlloyRun *run, const char *name, const AlloyAtoms *atoms, GError **error)
{
    const char *value = value_of(run, name);
    if (value == NULL)
        return -2;
    int kind = alloy_find_species(atoms, value);
    if (kind >= 0)
        return kind;
    if (run->may_lack_species && atoms->n > 0) {
        alloy_warn(run->warnings, "absent-species", NULL, NULL,
                   "no atoms of %s here: what is asked of this species has no values", value);
        return ALLOY_KIND_ABSENT;
    }
    g_autoptr(GString) list = g_string_new(NULL);
    for (unsigned i = 0, shown = 0; i < atoms->n_kinds; i++) {
        if (atoms->kinds[i].count == 0)
            continue;
        if (shown++ == 20) {
            g_string_append(list, ", ...");
            break;
        }
        g_string_append_printf(list, "%s%s (%zu)", list->len > 0 ? ", " : "", atoms->kinds[i].name,
                               atoms->kinds[i].count);
    }
    alloy_parameter_error(error, "%s = `%s`: the model has no such atoms; its species are %s", name, value,
                          list->len > 0 ? list->str : "none, for it has no atoms");
    return -1;
}

gboolean alloy_run_nothing(AlloyRun *run, const char *why, GError **error)
{
    if (!run->may_be_empty)
        return alloy_input_error(error, "%s", why);
    run->nothing = why;
    alloy_warn(run->warnings, "empty", NULL, NULL, "%s: no values here", why);
    return TRUE;
}

void alloy_run_resolve(AlloyRun *run, const char *name, double value)
{
    param_of(run, name);
    char text[ALLOY_DOUBLE_TEXT];
    alloy_format_double(value, text);
    g_hash_table_insert(run->resolved, g_strdup(name), g_strdup(text));
}
