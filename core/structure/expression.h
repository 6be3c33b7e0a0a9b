/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/progress.h"
#include "core/data/column.h"

G_BEGIN_DECLS

/* Conditions and numbers per item, written by hand: `species == Ir && cn < 12 && csrop.Pd < -1`.
 *
 *   conditions   || or |   && and &   ! not
 *   comparisons  == = != < <= > >=, also chained: 5 <= cn < 9
 *   sets         species in {Pd, Ir}, cn not in (8, 9)
 *   arithmetic   + - * / % ^ (also **), parentheses; % has the sign of its divisor
 *   functions    abs sqrt exp log log10 sin cos floor ceil round isnan, min max of two or more values
 *   constants    pi true false
 *   names        letters, digits, _ and . ; any other name stands in backquotes `my column`
 *   labels       a name on the other side of a text: species == Pd, species == "Type 1", phase != 'L1_2'
 *
 * From loosest to tightest: ||, &&, !, comparisons, + -, * / %, sign, ^. A missing value (NaN) makes every
 * comparison false, != too. Conditions count as 0 and 1 in arithmetic; a number is no condition until it is
 * compared. The engine knows no analysis: what a name means is asked of an AlloyNames. */
typedef struct _AlloyExpression AlloyExpression;

/* Longest text that is taken, in bytes, and deepest nesting of brackets, signs and powers. */
#define ALLOY_EXPRESSION_LENGTH 65536
#define ALLOY_EXPRESSION_DEPTH 200

/* Reads text. NULL and ALLOY_ERROR_PARAMETER if it is not an expression: the message gives the character and
 * marks it in [brackets]. */
AlloyExpression *alloy_expression_new(const char *text, GError **error);
void alloy_expression_free(AlloyExpression *expression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyExpression, alloy_expression_free)
/* The text as it was given. */
const char *alloy_expression_text(const AlloyExpression *expression);

/* What the names of an expression mean. Nothing is computed for an expression that turns out to be wrong:
 * first every name is asked for its type, then each that is used, once, for its values. */
typedef struct {
    size_t n; /* items */
    /* An AlloyType, -1 when there is no such quantity. */
    int (*type)(const char *name, void *data);
    /* The quantity: a new reference to a column of length n and of the type that was said. NULL with an
     * error. */
    const AlloyColumn *(*values)(const char *name, void *data, GError **error);
    /* The label that is meant where `label` stands beside the text quantity `name` (another spelling of a
     * species, say): NULL with an error when it cannot be one. Freed with g_free. The hook may be NULL: as it
     * stands. */
    char *(*label)(const char *name, const char *label, void *data, GError **error);
    /* Names to offer when one is unknown, NULL-terminated, freed with g_strfreev. */
    char **(*list)(void *data);
    void *data;
} AlloyNames;

/* mask[i] = 1 where the condition holds, else 0: n bytes, freed with g_free. A number that is not compared
 * with anything is refused. Items are worked on in blocks by all threads. */
uint8_t *alloy_expression_condition(const AlloyExpression *expression, const AlloyNames *names,
                                    AlloyProgress *progress, GError **error);
/* The number per item (0 and 1 for a condition): n doubles, freed with g_free. */
double *alloy_expression_numbers(const AlloyExpression *expression, const AlloyNames *names,
                                 AlloyProgress *progress, GError **error);

G_END_DECLS
