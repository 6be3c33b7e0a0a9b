/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/cif-tokens.h"

void alloy_cif_tokens_init(AlloyCifTokens *tokens, const AlloySource *source)
{
    AlloyLines lines;
    alloy_lines_init(&lines, source); /* past a byte-order mark */
    *tokens =
        (AlloyCifTokens){.source = source, .at = lines.at, .begin = lines.at, .end = lines.end, .line = 1};
}

static gboolean is_space(char c)
{
    return c == '\n' || alloy_is_blank(c);
}

static void skip_space(AlloyCifTokens *tokens)
{
    while (tokens->at < tokens->end) {
        if (*tokens->at == '#') {
            const char *stop = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
            tokens->at = stop != NULL ? stop : tokens->end;
        } else if (is_space(*tokens->at)) {
            tokens->line += *tokens->at == '\n';
            tokens->at++;
        } else {
            return;
        }
    }
}

/* ";" at the beginning of a line, up to a line that begins with ";". */
static void take_text(AlloyCifTokens *tokens, AlloyCifToken *token)
{
    const char *p = tokens->at + 1;
    token->text.begin = p;
    while (p < tokens->end) {
        const char *stop = memchr(p, '\n', (size_t)(tokens->end - p));
        if (stop == NULL)
            break;
        tokens->line++;
        if (stop + 1 < tokens->end && stop[1] == ';') {
            token->text.end = stop;
            tokens->at = stop + 2;
            return;
        }
        p = stop + 1;
    }
    token->text.end = tokens->at = tokens->end;
    tokens->unended = token->line;
}

/* A quote ends a string where a blank follows; one that does not end on its line is an ordinary word. */
static gboolean take_quoted(AlloyCifTokens *tokens, AlloyCifToken *token)
{
    char quote = *tokens->at;
    const char **fruitless = quote == '"' ? &tokens->no_double : &tokens->no_single;
    if (*fruitless != NULL && tokens->at < *fruitless)
        return FALSE;
    const char *p = tokens->at + 1;
    for (; p < tokens->end && *p != '\n'; p++)
        if (*p == quote && (p + 1 == tokens->end || is_space(p[1]))) {
            token->text = (AlloySpan){tokens->at + 1, p};
            tokens->at = p + 1;
            return TRUE;
        }
    *fruitless = p;
    return FALSE;
}

static gboolean begins(AlloySpan text, const char *word)
{
    size_t length = strlen(word);
    return alloy_span_length(text) >= length && g_ascii_strncasecmp(text.begin, word, length) == 0;
}

gboolean alloy_cif_next(AlloyCifTokens *tokens, AlloyCifToken *token)
{
    skip_space(tokens);
    *token = (AlloyCifToken){ALLOY_CIF_END, {tokens->at, tokens->at}, tokens->line};
    if (tokens->at >= tokens->end)
        return FALSE;
    token->kind = ALLOY_CIF_VALUE;
    if (*tokens->at == ';' && (tokens->at == tokens->begin || tokens->at[-1] == '\n')) {
        take_text(tokens, token);
        return TRUE;
    }
    if ((*tokens->at == '\'' || *tokens->at == '"') && take_quoted(tokens, token))
        return TRUE;
    while (tokens->at < tokens->end && !is_space(*tokens->at))
        tokens->at++;
    token->text.end = tokens->at;
    if (*token->text.begin == '_') {
        token->kind = ALLOY_CIF_TAG;
    } else if (begins(token->text, "data_")) {
        token->kind = ALLOY_CIF_DATA;
        token->text.begin += strlen("data_");
    } else if (alloy_span_equals_nocase(token->text, "loop_")) {
        token->kind = ALLOY_CIF_LOOP;
    } else if (begins(token->text, "save_") || alloy_span_equals_nocase(token->text, "global_") ||
               alloy_span_equals_nocase(token->text, "stop_")) {
        token->kind = ALLOY_CIF_OTHER;
    }
    return TRUE;
}
