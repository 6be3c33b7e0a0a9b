/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/expression.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/data/operation.h"
#include "core/structure/expression-program.h"

#include <math.h>
#include <string.h>

/* --- messages --- */

/* Bytes of the text shown on each side of what is wrong. */
#define CONTEXT 60

gboolean alloy_expression_error(const char *text, size_t begin, size_t end, GError **error,
                                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);

    size_t length = strlen(text), from = begin > CONTEXT ? begin - CONTEXT : 0,
           to = MIN(end + CONTEXT, length);
    while (from > 0 && ((unsigned char)text[from] & 0xC0) == 0x80)
        from--;
    while (to < length && ((unsigned char)text[to] & 0xC0) == 0x80)
        to++;
    g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER, "expression %s%.*s[%.*s]%.*s%s, character %ld: %s",
                from > 0 ? "..." : "", (int)(begin - from), text + from, (int)(end - begin), text + begin,
                (int)(to - end), text + end, to < length ? "..." : "", g_utf8_strlen(text, (gssize)begin) + 1,
                message);
    return FALSE;
}

char *alloy_expression_hint(const char *name, const char *const *names)
{
    enum { LISTED = 40, LONGEST = 64 };
    size_t n = g_strv_length((char **)names), length = strlen(name);
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < MIN(n, LISTED); i++)
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", names[i]);
    if (n > LISTED)
        g_string_append_printf(all, " and %zu more", n - LISTED);
    /* Any letter is one change away from any other. */
    const char *meant = length > 1 && length <= LONGEST && n < 1000 ? alloy_suggest(name, names) : NULL;
    if (meant != NULL)
        return g_strdup_printf("`%s`; did you mean `%s`? There are: %s", name, meant, all->str);
    size_t shown = MIN(length, (size_t)LONGEST);
    while (shown < length && shown > 0 && ((unsigned char)name[shown] & 0xC0) == 0x80)
        shown--;
    return g_strdup_printf("`%.*s%s`; there are: %s", (int)shown, name, shown < length ? "..." : "",
                           all->str);
}

gboolean alloy_expression_unknown(const char *text, size_t begin, size_t end, const char *what,
                                  const char *name, const char *const *names, GError **error)
{
    g_autofree char *hint = alloy_expression_hint(name, names);
    return alloy_expression_error(text, begin, end, error, "unknown %s %s", what, hint);
}

/* --- tokens --- */

typedef enum { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_QUOTED, TOKEN_BACKQUOTED, TOKEN_SIGN } TokenType;

typedef struct {
    TokenType type;
    size_t begin, end;
    double value;
    char sign[3]; /* TOKEN_SIGN, in its usual spelling; `and`, `or`, `not` are signs too */
} Token;

typedef struct {
    const char *text;
    size_t length;
    Token token; /* the next one */
    GArray *program;
    unsigned depth;
    GError **error;
} Parser;

static gboolean is_name_byte(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

/* In this case only: `in` is a word, In is indium. */
static gboolean spells(const Parser *parser, const Token *token, const char *word)
{
    return token->end - token->begin == strlen(word) &&
           memcmp(parser->text + token->begin, word, strlen(word)) == 0;
}

static gboolean read_number(Parser *parser, Token *token)
{
    const char *text = parser->text;
    size_t p = token->begin;
    while (g_ascii_isdigit(text[p]) || text[p] == '.')
        p++;
    if (text[p] == 'e' || text[p] == 'E') {
        size_t q = p + 1 + (text[p + 1] == '+' || text[p + 1] == '-');
        if (g_ascii_isdigit(text[q])) {
            while (g_ascii_isdigit(text[q]))
                q++;
            p = q;
        }
    }
    while (is_name_byte(text[p])) /* "12abc" is one mistake, not two tokens */
        p++;
    token->end = p;
    token->type = TOKEN_NUMBER;
    if (!alloy_parse_double(text + token->begin, text + p, &token->value))
        return alloy_expression_error(text, token->begin, p, parser->error, "`%.*s` is not a number",
                                      (int)(p - token->begin), text + token->begin);
    return TRUE;
}

/* Moves on to the next token. */
static gboolean advance(Parser *parser)
{
    static const struct {
        const char *spelling, *sign;
    } signs[] = {{"||", "||"}, {"&&", "&&"}, {"==", "=="}, {"!=", "!="}, {"<>", "!="},
                 {"<=", "<="}, {">=", ">="}, {"**", "^"},  {"|", "||"},  {"&", "&&"},
                 {"=", "=="},  {"!", "!"},   {"<", "<"},   {">", ">"},   {"+", "+"},
                 {"-", "-"},   {"*", "*"},   {"/", "/"},   {"%", "%"},   {"^", "^"},
                 {"(", "("},   {")", ")"},   {"{", "{"},   {"}", "}"},   {",", ","}};
    static const struct {
        const char *word, *sign;
    } words[] = {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"in", "in"}};
    const char *text = parser->text;
    Token token = {.type = TOKEN_END, .begin = parser->token.end};
    while (g_ascii_isspace(text[token.begin]))
        token.begin++;
    token.end = token.begin;
    char c = text[token.begin];
    if (c == '\0') {
        parser->token = token;
        return TRUE;
    }
    if (g_ascii_isdigit(c) || (c == '.' && g_ascii_isdigit(text[token.begin + 1]))) {
        if (!read_number(parser, &token))
            return FALSE;
    } else if (c == '"' || c == '\'' || c == '`') {
        size_t p = token.begin + 1;
        while (text[p] != '\0' && text[p] != c)
            p += text[p] == '\\' && text[p + 1] != '\0' ? 2 : 1;
        if (text[p] == '\0')
            return alloy_expression_error(text, token.begin, parser->length, parser->error,
                                          "the quotation mark is never closed");
        token.end = p + 1;
        token.type = c == '`' ? TOKEN_BACKQUOTED : TOKEN_QUOTED;
    } else if (is_name_byte(c)) {
        token.type = TOKEN_NAME;
        while (is_name_byte(text[token.end]))
            token.end++;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
            if (spells(parser, &token, words[i].word)) {
                token.type = TOKEN_SIGN;
                g_strlcpy(token.sign, words[i].sign, sizeof token.sign);
            }
    } else {
        for (size_t i = 0; i < G_N_ELEMENTS(signs) && token.type == TOKEN_END; i++)
            if (strncmp(text + token.begin, signs[i].spelling, strlen(signs[i].spelling)) == 0) {
                token.type = TOKEN_SIGN;
                token.end += strlen(signs[i].spelling);
                g_strlcpy(token.sign, signs[i].sign, sizeof token.sign);
            }
        if (token.type == TOKEN_END)
            return alloy_expression_error(text, token.begin, token.begin + 1, parser->error,
                                          "`%c` means nothing here", c);
    }
    parser->token = token;
    return TRUE;
}

static gboolean is_sign(const Token *token, const char *sign)
{
    return token->type == TOKEN_SIGN && strcmp(token->sign, sign) == 0;
}

/* What was found where something else was expected. */
static gboolean unexpected(Parser *parser, const char *expected)
{
    const Token *token = &parser->token;
    if (token->type == TOKEN_END)
        return alloy_expression_error(parser->text, token->begin, token->begin, parser->error,
                                      "%s is missing at the end", expected);
    return alloy_expression_error(parser->text, token->begin, token->end, parser->error,
                                  "found `%.*s` where %s was expected", (int)(token->end - token->begin),
                                  parser->text + token->begin, expected);
}

/* --- the parser: precedence climbing, writing the program as it goes --- */

enum {
    LEVEL_OR = 1,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_ADD,
    LEVEL_MULTIPLY,
    LEVEL_SIGN,
    LEVEL_POWER
};

static const struct {
    const char *sign;
    int level;
    AlloyOpcode op;
} operators[] = {
    {"||", LEVEL_OR, OP_OR},
    {"&&", LEVEL_AND, OP_AND},
    {"==", LEVEL_COMPARE, OP_EQUAL},
    {"!=", LEVEL_COMPARE, OP_UNEQUAL},
    {"<", LEVEL_COMPARE, OP_LESS},
    {"<=", LEVEL_COMPARE, OP_LESS_EQUAL},
    {">", LEVEL_COMPARE, OP_MORE},
    {">=", LEVEL_COMPARE, OP_MORE_EQUAL},
    {"+", LEVEL_ADD, OP_ADD},
    {"-", LEVEL_ADD, OP_SUBTRACT},
    {"*", LEVEL_MULTIPLY, OP_MULTIPLY},
    {"/", LEVEL_MULTIPLY, OP_DIVIDE},
    {"%", LEVEL_MULTIPLY, OP_MODULO},
    {"^", LEVEL_POWER, OP_POWER},
};

static const struct {
    const char *name;
    AlloyOpcode op;
    gboolean two; /* of two or more values */
} functions[] = {
    {"abs", OP_ABS},     {"sqrt", OP_SQRT},     {"exp", OP_EXP},       {"log", OP_LOG},   {"log10", OP_LOG10},
    {"sin", OP_SIN},     {"cos", OP_COS},       {"floor", OP_FLOOR},   {"ceil", OP_CEIL}, {"round", OP_ROUND},
    {"isnan", OP_ISNAN}, {"min", OP_MIN, TRUE}, {"max", OP_MAX, TRUE},
};

static gboolean parse(Parser *parser, int level);

static AlloyInstruction *emit(Parser *parser, AlloyOpcode op, size_t begin, size_t end)
{
    AlloyInstruction instruction = {.op = op, .begin = (uint32_t)begin, .end = (uint32_t)end};
    g_array_append_val(parser->program, instruction);
    return &g_array_index(parser->program, AlloyInstruction, parser->program->len - 1);
}

static AlloyInstruction *emitted(Parser *parser, guint index)
{
    return &g_array_index(parser->program, AlloyInstruction, index);
}

static gboolean parse_call(Parser *parser, const Token *name)
{
    size_t f = 0;
    while (f < G_N_ELEMENTS(functions) && !spells(parser, name, functions[f].name))
        f++;
    if (f == G_N_ELEMENTS(functions)) {
        const char *names[G_N_ELEMENTS(functions) + 1] = {NULL};
        for (size_t i = 0; i < G_N_ELEMENTS(functions); i++)
            names[i] = functions[i].name;
        g_autofree char *word = g_strndup(parser->text + name->begin, name->end - name->begin);
        return alloy_expression_unknown(parser->text, name->begin, name->end, "function", word, names,
                                        parser->error);
    }
    unsigned count = 0;
    do {
        if (!advance(parser)) /* the bracket or comma */
            return FALSE;
        if (is_sign(&parser->token, ")") && count == 0)
            break;
        if (!parse(parser, LEVEL_OR))
            return FALSE;
        if (++count > 1 && functions[f].two)
            emit(parser, functions[f].op, name->begin, name->end);
    } while (is_sign(&parser->token, ","));
    if (!is_sign(&parser->token, ")"))
        return unexpected(parser, "',' or ')'");
    if (functions[f].two ? count < 2 : count != 1)
        return alloy_expression_error(parser->text, name->begin, parser->token.end, parser->error,
                                      "%s takes %s, here are %u", functions[f].name,
                                      functions[f].two ? "two values or more" : "one value", count);
    if (!functions[f].two)
        emit(parser, functions[f].op, name->begin, name->end);
    return advance(parser);
}

static gboolean parse_name(Parser *parser)
{
    Token token = parser->token;
    const char *text = parser->text;
    if (!advance(parser))
        return FALSE;
    if (token.type == TOKEN_NAME && is_sign(&parser->token, "("))
        return parse_call(parser, &token);
    if (token.type == TOKEN_NAME) {
        static const struct {
            const char *name;
            double value;
            gboolean condition;
        } constants[] = {{"pi", G_PI, FALSE}, {"true", 1, TRUE}, {"false", 0, TRUE}};
        for (size_t i = 0; i < G_N_ELEMENTS(constants); i++)
            if (spells(parser, &token, constants[i].name)) {
                AlloyInstruction *number = emit(parser, OP_NUMBER, token.begin, token.end);
                number->value = constants[i].value;
                number->condition = constants[i].condition;
                return TRUE;
            }
    }
    AlloyInstruction *name = emit(parser, OP_NAME, token.begin, token.end);
    if (token.type == TOKEN_NAME) {
        name->name = g_strndup(text + token.begin, token.end - token.begin);
    } else {
        GString *inside = g_string_new(NULL);
        for (size_t p = token.begin + 1; p + 1 < token.end; p++) {
            if (text[p] == '\\')
                p++;
            g_string_append_c(inside, text[p]);
        }
        name->name = g_string_free(inside, FALSE);
        name->quantity = token.type == TOKEN_BACKQUOTED;
    }
    return TRUE;
}

static gboolean parse_set(Parser *parser, size_t begin, size_t end, gboolean negated)
{
    const char *close = is_sign(&parser->token, "{") ? "}" : ")";
    if (!is_sign(&parser->token, "{") && !is_sign(&parser->token, "("))
        return unexpected(parser, "'{' with the members of the set, as in {Pd, Ir},");
    emit(parser, OP_SET_BEGIN, begin, end);
    do {
        if (!advance(parser) || !parse(parser, LEVEL_ADD))
            return FALSE;
        emit(parser, OP_SET_ITEM, begin, end);
    } while (is_sign(&parser->token, ","));
    if (!is_sign(&parser->token, close))
        return unexpected(parser, close[0] == '}' ? "',' or '}'" : "',' or ')'");
    emit(parser, OP_SET_END, begin, end);
    if (negated)
        emit(parser, OP_NOT, begin, end);
    return advance(parser);
}

static gboolean parse_prefix(Parser *parser, int level)
{
    Token token = parser->token;
    if (token.type == TOKEN_NUMBER) {
        emit(parser, OP_NUMBER, token.begin, token.end)->value = token.value;
        return advance(parser);
    }
    if (token.type == TOKEN_NAME || token.type == TOKEN_QUOTED || token.type == TOKEN_BACKQUOTED)
        return parse_name(parser);
    if (is_sign(&token, "(")) {
        if (!advance(parser) || !parse(parser, LEVEL_OR))
            return FALSE;
        return is_sign(&parser->token, ")") ? advance(parser) : unexpected(parser, "')'");
    }
    if (is_sign(&token, "!")) {
        if (!advance(parser) || !parse(parser, level <= LEVEL_NOT ? LEVEL_NOT : LEVEL_SIGN))
            return FALSE;
        emit(parser, OP_NOT, token.begin, token.end);
        return TRUE;
    }
    if (is_sign(&token, "-") || is_sign(&token, "+")) {
        if (!advance(parser) || !parse(parser, LEVEL_SIGN))
            return FALSE;
        if (is_sign(&token, "-"))
            emit(parser, OP_NEGATE, token.begin, token.end);
        return TRUE;
    }
    return unexpected(parser, "a quantity, a number or a bracket");
}

/* Parses operators that bind at least as tightly as level. */
static gboolean parse(Parser *parser, int level)
{
    if (parser->depth >= ALLOY_EXPRESSION_DEPTH)
        return alloy_expression_error(parser->text, parser->token.begin, parser->token.end, parser->error,
                                      "nested more than %d deep", ALLOY_EXPRESSION_DEPTH);
    parser->depth++;
    if (!parse_prefix(parser, level))
        return FALSE;
    /* The comparison that a further one would chain to, and how many are chained. */
    guint compared = 0, chained = 0;
    for (;;) {
        Token token = parser->token;
        gboolean negated = is_sign(&token, "!");
        if (level <= LEVEL_COMPARE && (negated || is_sign(&token, "in"))) {
            if (!advance(parser))
                return FALSE;
            if (negated && !is_sign(&parser->token, "in"))
                return unexpected(parser, "'in' after 'not'");
            if (negated && !advance(parser))
                return FALSE;
            if (!parse_set(parser, token.begin, token.end, negated))
                return FALSE;
            chained = 0;
            continue;
        }
        size_t k = 0;
        while (k < G_N_ELEMENTS(operators) && !is_sign(&token, operators[k].sign))
            k++;
        if (k == G_N_ELEMENTS(operators) || operators[k].level < level)
            break;
        int bind = operators[k].level;
        if (!advance(parser) || !parse(parser, bind == LEVEL_POWER ? LEVEL_POWER : bind + 1))
            return FALSE;
        AlloyOpcode op = operators[k].op;
        if (bind == LEVEL_COMPARE && chained > 0) {
            /* a < b [keep b] c < [and]; what the last one ended with becomes the middle of the chain. */
            emitted(parser, compared)->keep = TRUE;
            if (chained > 1)
                emitted(parser, compared + 1)->op = OP_AND_UNDER;
        }
        emit(parser, op, token.begin, token.end);
        if (bind == LEVEL_COMPARE) {
            compared = parser->program->len - 1;
            if (++chained > 1)
                emit(parser, OP_AND, token.begin, token.end);
        } else {
            chained = 0;
        }
    }
    parser->depth--;
    return TRUE;
}

static void clear_instruction(void *instruction)
{
    g_free(((AlloyInstruction *)instruction)->name);
}

AlloyExpression *alloy_expression_new(const char *text, GError **error)
{
    g_return_val_if_fail(text != NULL, NULL);
    size_t length = strlen(text);
    if (length > ALLOY_EXPRESSION_LENGTH) {
        alloy_parameter_error(error, "the expression is %zu bytes long; at most %d are read", length,
                              ALLOY_EXPRESSION_LENGTH);
        return NULL;
    }
    const char *bad;
    if (!g_utf8_validate(text, (gssize)length, &bad)) {
        alloy_parameter_error(error, "the expression is not UTF-8 at byte %td", bad - text + 1);
        return NULL;
    }
    AlloyExpression *expression = g_new0(AlloyExpression, 1);
    expression->text = g_strdup(text);
    expression->program = g_array_new(FALSE, FALSE, sizeof(AlloyInstruction));
    g_array_set_clear_func(expression->program, clear_instruction);

    Parser parser = {
        .text = expression->text, .length = length, .program = expression->program, .error = error};
    gboolean good = advance(&parser) && parse(&parser, LEVEL_OR);
    if (good && parser.token.type != TOKEN_END)
        good = unexpected(&parser, "an operator or the end");
    if (!good)
        g_clear_pointer(&expression, alloy_expression_free);
    return expression;
}

void alloy_expression_free(AlloyExpression *expression)
{
    if (expression == NULL)
        return;
    g_free(expression->text);
    g_array_unref(expression->program);
    g_free(expression);
}

const char *alloy_expression_text(const AlloyExpression *expression)
{
    return expression->text;
}
