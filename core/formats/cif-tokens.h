/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/text.h"

G_BEGIN_DECLS

/* The words of a CIF (iucr.org/resources/cif/spec/version1.1/cifsyntax). */

typedef enum {
    ALLOY_CIF_END,
    ALLOY_CIF_DATA,  /* data_NAME: text is the name */
    ALLOY_CIF_LOOP,  /* loop_ */
    ALLOY_CIF_TAG,   /* _name */
    ALLOY_CIF_VALUE, /* text without quotes or semicolons */
    ALLOY_CIF_OTHER, /* save_, global_, stop_ */
} AlloyCifKind;

typedef struct {
    AlloyCifKind kind;
    AlloySpan text;
    uint64_t line;
} AlloyCifToken;

typedef struct {
    const AlloySource *source;
    const char *at, *begin, *end;
    uint64_t line;
    uint64_t unended;                  /* line of a text field that does not end; 0: none */
    const char *no_single, *no_double; /* before these no quote ends: a line is searched once */
} AlloyCifTokens;

void alloy_cif_tokens_init(AlloyCifTokens *tokens, const AlloySource *source);
/* FALSE (and kind END) at the end. */
gboolean alloy_cif_next(AlloyCifTokens *tokens, AlloyCifToken *token);

G_END_DECLS
