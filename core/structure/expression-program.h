/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/structure/expression.h"

G_BEGIN_DECLS

/* Between the parser (expression.c) and the machine (expression-run.c): a program for a stack of vectors. */

typedef enum {
    OP_NUMBER, /* value; condition = TRUE for true and false */
    OP_NAME,   /* a quantity, or beside a text a label */
    OP_NEGATE,
    OP_NOT,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MODULO,
    OP_POWER,
    OP_MIN,
    OP_MAX,
    OP_ABS,
    OP_SQRT,
    OP_EXP,
    OP_LOG,
    OP_LOG10,
    OP_SIN,
    OP_COS,
    OP_FLOOR,
    OP_CEIL,
    OP_ROUND,
    OP_ISNAN,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_MORE,
    OP_MORE_EQUAL,
    OP_AND,
    OP_OR,
    OP_AND_UNDER, /* a b c -> (a and b) c: within a chain of comparisons */
    OP_SET_BEGIN, /* a -> a false */
    OP_SET_ITEM,  /* a found b -> a (found or a == b) */
    OP_SET_END,   /* a found -> found */
} AlloyOpcode;

typedef struct {
    AlloyOpcode op;
    gboolean keep;       /* comparisons: a b -> (a < b) b, so that a chain evaluates b once */
    gboolean condition;  /* OP_NUMBER: true, false */
    gboolean quantity;   /* OP_NAME in backquotes: never a label */
    double value;        /* OP_NUMBER */
    char *name;          /* OP_NAME, owned */
    uint32_t begin, end; /* bytes of the text that it comes from */
} AlloyInstruction;

struct _AlloyExpression {
    char *text;
    GArray *program; /* of AlloyInstruction */
};

/* Sets "expression ... [marked] ..., character K: MESSAGE". Always FALSE. */
gboolean alloy_expression_error(const char *text, size_t begin, size_t end, GError **error,
                                const char *format, ...) G_GNUC_PRINTF(5, 6);

/* "`NAME`; did you mean `NEAR`? There are: ..." for a name that is none of the NULL-terminated names. For
 * g_free. */
char *alloy_expression_hint(const char *name, const char *const *names);

/* alloy_expression_error with "unknown WHAT" and the hint. */
gboolean alloy_expression_unknown(const char *text, size_t begin, size_t end, const char *what,
                                  const char *name, const char *const *names, GError **error);

G_END_DECLS
