/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/elements.h"
#include "core/formats/cif-symmetry.h"
#include "core/formats/cif-tokens.h"
#include "core/formats/model.h"

#include <math.h>

/* Crystallographic Information Files (S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A47, 655 (1991); core
 * dictionary 2.4 and 3, whose names have a point instead of the first low line). The first block with atoms
 * is read, its symmetry operations applied. */

typedef enum {
    FIELD_NONE,
    /* Of the block. */
    FIELD_A,
    FIELD_B,
    FIELD_C,
    FIELD_ALPHA,
    FIELD_BETA,
    FIELD_GAMMA,
    FIELD_GROUP,
    FIELD_GROUP_NUMBER,
    FIELD_FORMULA,
    /* Of a list, or once. */
    FIELD_OPERATION,
    /* Of a site. */
    FIELD_X,
    FIELD_Y,
    FIELD_Z,
    FIELD_CARTESIAN_X,
    FIELD_CARTESIAN_Y,
    FIELD_CARTESIAN_Z,
    FIELD_LABEL,
    FIELD_SYMBOL,
    FIELD_OCCUPANCY,
    FIELD_CALCULATED,
    FIELD_MODEL,
    FIELDS,
} Field;

#define SITE_FIELDS (FIELDS - FIELD_X)

static const struct {
    const char *tag;
    Field field;
} tags[] = {
    {"_cell_length_a", FIELD_A},
    {"_cell_length_b", FIELD_B},
    {"_cell_length_c", FIELD_C},
    {"_cell_angle_alpha", FIELD_ALPHA},
    {"_cell_angle_beta", FIELD_BETA},
    {"_cell_angle_gamma", FIELD_GAMMA},
    {"_symmetry_space_group_name_H-M", FIELD_GROUP},
    {"_space_group_name_H-M_alt", FIELD_GROUP},
    {"_space_group_name_H-M", FIELD_GROUP},
    {"_symmetry_Int_Tables_number", FIELD_GROUP_NUMBER},
    {"_space_group_IT_number", FIELD_GROUP_NUMBER},
    {"_chemical_formula_sum", FIELD_FORMULA},
    {"_symmetry_equiv_pos_as_xyz", FIELD_OPERATION},
    {"_symmetry_equiv_as_xyz", FIELD_OPERATION},
    {"_space_group_symop_operation_xyz", FIELD_OPERATION},
    {"_atom_site_fract_x", FIELD_X},
    {"_atom_site_fract_y", FIELD_Y},
    {"_atom_site_fract_z", FIELD_Z},
    {"_atom_site_Cartn_x", FIELD_CARTESIAN_X},
    {"_atom_site_Cartn_y", FIELD_CARTESIAN_Y},
    {"_atom_site_Cartn_z", FIELD_CARTESIAN_Z},
    {"_atom_site_label", FIELD_LABEL},
    {"_atom_site_label_atom_id", FIELD_LABEL},
    {"_atom_site_type_symbol", FIELD_SYMBOL},
    {"_atom_site_occupancy", FIELD_OCCUPANCY},
    {"_atom_site_calc_flag", FIELD_CALCULATED},
    {"_atom_site_pdbx_PDB_model_num", FIELD_MODEL},
};

typedef struct {
    AlloySpan text[SITE_FIELDS]; /* begin NULL: not given */
    uint64_t line;
} RawSite;

typedef struct {
    AlloySpan text;
    uint64_t line;
} RawText;

typedef struct {
    AlloySpan name;
    RawText values[FIELD_OPERATION]; /* of the block */
    GArray *operations;              /* of RawText */
    GArray *sites;                   /* of RawSite */
    RawSite single;                  /* a site that is in no list */
} Block;

static void block_init(Block *block, AlloySpan name)
{
    *block = (Block){
        .name = name,
        .operations = g_array_new(FALSE, FALSE, sizeof(RawText)),
        .sites = g_array_new(FALSE, FALSE, sizeof(RawSite)),
    };
}

static void block_clear(Block *block)
{
    g_clear_pointer(&block->operations, g_array_unref);
    g_clear_pointer(&block->sites, g_array_unref);
}

static Field field_of(AlloySpan tag)
{
    size_t length = alloy_span_length(tag);
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        if (strlen(tags[i].tag) != length)
            continue;
        size_t k = 0;
        while (k < length && (g_ascii_tolower(tag.begin[k]) == g_ascii_tolower(tags[i].tag[k]) ||
                              (tag.begin[k] == '.' && tags[i].tag[k] == '_')))
            k++;
        if (k == length)
            return tags[i].field;
    }
    return FIELD_NONE;
}

static gboolean is_unknown(AlloySpan text)
{
    return text.begin == NULL || alloy_span_equals(text, "?") || alloy_span_equals(text, ".");
}

/* "0.123(4)", "1/3"; FALSE when it is no number. */
static gboolean to_number(AlloySpan text, double *value)
{
    const char *bracket = memchr(text.begin, '(', alloy_span_length(text));
    if (bracket != NULL)
        text.end = bracket;
    const char *slash = memchr(text.begin, '/', alloy_span_length(text));
    double divisor = 1;
    if (slash != NULL) {
        if (!alloy_span_to_real((AlloySpan){slash + 1, text.end}, &divisor))
            return FALSE;
        text.end = slash;
    }
    if (!alloy_span_to_real(text, value))
        return FALSE;
    *value /= divisor;
    return isfinite(*value);
}

static gboolean need_number(const AlloySource *source, RawText text, const char *what, double *value,
                            GError **error)
{
    if (!is_unknown(text.text) && to_number(text.text, value))
        return TRUE;
    g_autofree char *found = text.text.begin != NULL ? alloy_span_quote(text.text) : g_strdup("nothing");
    return alloy_format_error(error, source->name, text.line, "%s: a number expected, %s found", what, found);
}

static void take_value(Block *block, RawSite *site, Field field, AlloyCifToken token)
{
    RawText text = {token.text, token.line};
    if (field == FIELD_NONE)
        return;
    if (field < FIELD_OPERATION) {
        if (block->values[field].text.begin == NULL)
            block->values[field] = text;
    } else if (field == FIELD_OPERATION) {
        g_array_append_val(block->operations, text);
    } else {
        site->text[field - FIELD_X] = token.text;
        site->line = token.line;
    }
}

static gboolean has_position(const RawSite *site)
{
    return site->text[0].begin != NULL || site->text[FIELD_CARTESIAN_X - FIELD_X].begin != NULL;
}

/* After "loop_": its tags, then its values; *token is what follows. */
static gboolean read_loop(AlloyCifTokens *tokens, Block *block, AlloyCifToken *token, GError **error)
{
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(Field));
    uint64_t line = token->line;
    gboolean any = FALSE;
    while (alloy_cif_next(tokens, token) && token->kind == ALLOY_CIF_TAG) {
        Field field = field_of(token->text);
        any = any || field != FIELD_NONE;
        g_array_append_val(fields, field);
    }
    if (fields->len == 0)
        return alloy_format_error(error, tokens->source->name, line, "loop_ without names");
    RawSite site = {0};
    unsigned column = 0;
    for (; token->kind == ALLOY_CIF_VALUE; alloy_cif_next(tokens, token)) {
        if (any)
            take_value(block, &site, g_array_index(fields, Field, column), *token);
        if (++column < fields->len)
            continue;
        column = 0;
        if (has_position(&site))
            g_array_append_val(block->sites, site);
        site = (RawSite){0};
    }
    if (column != 0 && any)
        return alloy_format_error(error, tokens->source->name, token->line,
                                  "the list that begins in line %" G_GUINT64_FORMAT
                                  " has rows of %u values, but the "
                                  "last has %u",
                                  line, fields->len, column);
    return TRUE;
}

/* Up to the next block; *token is "data_" or the end. */
static gboolean read_block(AlloyCifTokens *tokens, Block *block, AlloyCifToken *token, GError **error)
{
    gboolean more = alloy_cif_next(tokens, token);
    while (more && token->kind != ALLOY_CIF_DATA) {
        if (token->kind == ALLOY_CIF_LOOP) {
            if (!read_loop(tokens, block, token, error))
                return FALSE;
            more = token->kind != ALLOY_CIF_END;
            continue;
        }
        Field field = token->kind == ALLOY_CIF_TAG ? field_of(token->text) : FIELD_NONE;
        gboolean tag = token->kind == ALLOY_CIF_TAG;
        more = alloy_cif_next(tokens, token);
        if (tag && more && token->kind == ALLOY_CIF_VALUE) {
            take_value(block, &block->single, field, *token);
            more = alloy_cif_next(tokens, token);
        }
    }
    if (tokens->unended != 0)
        return alloy_format_error(error, tokens->source->name, tokens->unended,
                                  "the text that begins here with \";\" does not end");
    if (has_position(&block->single))
        g_array_append_val(block->sites, block->single);
    return TRUE;
}

/* The letters in front: "Fe3+" is Fe; D is hydrogen by another name. */
static int symbol_kind(AlloyAtomsBuilder *builder, AlloySpan symbol)
{
    const char *p = symbol.begin;
    while (p < symbol.end && g_ascii_isalpha(*p))
        p++;
    if (p == symbol.begin + 1 && g_ascii_toupper(*symbol.begin) == 'D')
        return alloy_atoms_builder_named_kind(builder, "D", 1);
    if (p > symbol.begin && alloy_element_by_symbol(symbol.begin, p - symbol.begin) != NULL)
        symbol.end = p;
    return alloy_atoms_builder_kind(builder, symbol.begin, alloy_span_length(symbol));
}

/* "Au1" is Au, "O2W" and "OW1" are O; "Wat" is no element. */
static int label_kind(AlloyAtomsBuilder *builder, AlloySpan label)
{
    const char *p = label.begin;
    while (p < label.end && g_ascii_isalpha(*p))
        p++;
    size_t letters = (size_t)(p - label.begin);
    size_t length = letters;
    if (letters > 2 || (letters > 0 && alloy_element_by_symbol(label.begin, (gssize)letters) == NULL)) {
        gboolean two = letters >= 2 && g_ascii_islower(label.begin[1]);
        length = two ? 2 : 1;
    }
    if (length == 0 || alloy_element_by_symbol(label.begin, (gssize)length) == NULL)
        return symbol_kind(builder, label);
    return alloy_atoms_builder_kind(builder, label.begin, length);
}

typedef struct {
    const AlloySource *source;
    GPtrArray *warnings;
    AlloyProgress *progress;
    const Block *block;
    AlloyCell cell;
    gboolean has_cell, cartesian;
    GArray *sites;      /* of AlloySite */
    GArray *raw;        /* of size_t: index in block->sites */
    GArray *operations; /* of AlloySymmetryOperation */
} Crystal;

static void crystal_clear(Crystal *crystal)
{
    g_clear_pointer(&crystal->sites, g_array_unref);
    g_clear_pointer(&crystal->raw, g_array_unref);
    g_clear_pointer(&crystal->operations, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Crystal, crystal_clear)

static gboolean read_cell(Crystal *crystal, GError **error)
{
    static const char *const names[] = {"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                                        "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
    double v[6] = {0, 0, 0, 90, 90, 90};
    const RawText *values = crystal->block->values;
    crystal->has_cell = FALSE;
    for (int k = 0; k < 3; k++)
        crystal->has_cell = crystal->has_cell || !is_unknown(values[FIELD_A + k].text);
    if (!crystal->has_cell)
        return TRUE;
    for (int k = 0; k < 6; k++) {
        if (k >= 3 && is_unknown(values[FIELD_A + k].text))
            continue; /* the dictionary's default is 90 */
        if (!need_number(crystal->source, values[FIELD_A + k], names[k], &v[k], error))
            return FALSE;
    }
    return alloy_cell_from_parameters(&crystal->cell, v, v + 3, crystal->source->name, values[FIELD_A].line,
                                      error);
}

static gboolean read_operations(Crystal *crystal, GError **error)
{
    crystal->operations = g_array_new(FALSE, FALSE, sizeof(AlloySymmetryOperation));
    const Block *block = crystal->block;
    for (unsigned i = 0; i < block->operations->len; i++) {
        RawText text = g_array_index(block->operations, RawText, i);
        AlloySymmetryOperation operation;
        if (is_unknown(text.text))
            continue;
        if (!alloy_symmetry_parse(text.text, &operation)) {
            g_autofree char *found = alloy_span_quote(text.text);
            return alloy_format_error(error, crystal->source->name, text.line,
                                      "a symmetry operation such as \"x,-y+1/2,z\" expected, %s found",
                                      found);
        }
        g_array_append_val(crystal->operations, operation);
    }
    if (crystal->operations->len > 0)
        return TRUE;
    AlloySymmetryOperation identity = {.rotation = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    g_array_append_val(crystal->operations, identity);
    AlloySpan group = block->values[FIELD_GROUP].text, number = block->values[FIELD_GROUP_NUMBER].text;
    gboolean named = !is_unknown(group);
    gboolean plain = named ? alloy_span_equals_nocase(group, "P 1") || alloy_span_equals_nocase(group, "P1")
                           : is_unknown(number) || alloy_span_equals(number, "1");
    if (!plain) {
        g_autofree char *name = alloy_span_quote(named ? group : number);
        alloy_warn(crystal->warnings, "ignored", NULL, NULL,
                   "%s: space group %s, but no symmetry operations are listed; only the %u sites that the "
                   "file lists "
                   "were read",
                   crystal->source->name, name, block->sites->len);
    }
    return TRUE;
}

static gboolean read_sites(Crystal *crystal, AlloyAtomsBuilder *kinds, GError **error)
{
    const Block *block = crystal->block;
    crystal->sites = g_array_new(FALSE, FALSE, sizeof(AlloySite));
    crystal->raw = g_array_new(FALSE, FALSE, sizeof(size_t));
    const RawSite *all = (const RawSite *)(void *)block->sites->data;
    crystal->cartesian = all[0].text[0].begin == NULL;
    size_t base = crystal->cartesian ? FIELD_CARTESIAN_X - FIELD_X : 0, without = 0, dummies = 0, models = 0;
    for (size_t i = 0; i < block->sites->len; i++) {
        const RawSite *raw = &all[i];
        AlloySpan symbol = raw->text[FIELD_SYMBOL - FIELD_X], label = raw->text[FIELD_LABEL - FIELD_X];
        AlloySpan occupancy = raw->text[FIELD_OCCUPANCY - FIELD_X],
                  calc = raw->text[FIELD_CALCULATED - FIELD_X];
        AlloySpan model = raw->text[FIELD_MODEL - FIELD_X], first = all[0].text[FIELD_MODEL - FIELD_X];
        AlloySite site = {.occupancy = 1};
        if (is_unknown(raw->text[base]) || is_unknown(raw->text[base + 1]) ||
            is_unknown(raw->text[base + 2])) {
            without++;
            continue;
        }
        if (calc.begin != NULL && alloy_span_equals_nocase(calc, "dum")) {
            dummies++;
            continue;
        }
        if (model.begin != NULL && first.begin != NULL &&
            (alloy_span_length(model) != alloy_span_length(first) ||
             memcmp(model.begin, first.begin, alloy_span_length(first)) != 0)) {
            models++;
            continue;
        }
        for (size_t k = 0; k < 3; k++)
            if (!need_number(crystal->source, (RawText){raw->text[base + k], raw->line}, "position",
                             &site.position[k], error))
                return FALSE;
        for (int k = 0; k < 3 && !crystal->cartesian; k++)
            if (fabs(site.position[k]) > 1e6)
                return alloy_format_error(error, crystal->source->name, raw->line,
                                          "the fractional position %g is far outside of the cell",
                                          site.position[k]);
        if (!is_unknown(occupancy) && !need_number(crystal->source, (RawText){occupancy, raw->line},
                                                   "occupancy", &site.occupancy, error))
            return FALSE;
        site.kind = !is_unknown(symbol)  ? symbol_kind(kinds, symbol)
                    : !is_unknown(label) ? label_kind(kinds, label)
                                         : alloy_atoms_builder_named_kind(kinds, "unknown", 0);
        if (site.kind < 0)
            return alloy_format_error(error, crystal->source->name, raw->line,
                                      "more than 65535 different species");
        g_array_append_val(crystal->sites, site);
        g_array_append_val(crystal->raw, i);
    }
    if (without > 0 || dummies > 0 || models > 0)
        alloy_warn(crystal->warnings, "ignored", NULL, NULL,
                   "%s: left out: %zu sites without a position, %zu dummy sites, %zu sites of further models",
                   crystal->source->name, without, dummies, models);
    if (crystal->sites->len == 0)
        return alloy_format_error(error, crystal->source->name, all[0].line, "no site has a position");
    if (!crystal->cartesian && !crystal->has_cell)
        return alloy_format_error(error, crystal->source->name, all[0].line,
                                  "fractional positions, but no cell lengths");
    return TRUE;
}

/* Images of all sites; Cartesian positions are those of the whole structure already. */
static GArray *expand(Crystal *crystal, GError **error)
{
    size_t merged = 0;
    g_autoptr(GArray) images = NULL;
    if (crystal->cartesian) {
        images = g_array_new(FALSE, FALSE, sizeof(AlloySiteImage));
        for (uint32_t s = 0; s < crystal->sites->len; s++) {
            AlloySiteImage image = {.site = s};
            memcpy(image.position, g_array_index(crystal->sites, AlloySite, s).position,
                   sizeof image.position);
            g_array_append_val(images, image);
        }
        if (crystal->operations->len > 1)
            alloy_warn(crystal->warnings, "ignored", NULL, NULL,
                       "%s: the symmetry operations were not applied to Cartesian positions",
                       crystal->source->name);
    } else {
        images = alloy_symmetry_expand(crystal->sites, crystal->operations, &crystal->cell, &merged,
                                       crystal->progress, crystal->source->name, error);
    }
    if (images == NULL)
        return NULL;
    if (merged > 0)
        alloy_warn(crystal->warnings, "duplicates", NULL, NULL,
                   "%s: %zu sites are images of sites that are listed already; merged", crystal->source->name,
                   merged);
    return g_steal_pointer(&images);
}

static void set_columns(const Crystal *crystal, AlloyAtomsBuilder *builder, const GArray *images)
{
    size_t n = images->len;
    double *occupancy = alloy_array_new(double, n);
    uint32_t *codes = alloy_array_new(uint32_t, n);
    AlloyLabels *labels = alloy_labels_new();
    gboolean partial = FALSE, labelled = FALSE;
    for (size_t i = 0; i < n; i++) {
        uint32_t s = g_array_index(images, AlloySiteImage, i).site;
        const RawSite *raw =
            &g_array_index(crystal->block->sites, RawSite, g_array_index(crystal->raw, size_t, s));
        AlloySpan label = raw->text[FIELD_LABEL - FIELD_X];
        occupancy[i] = g_array_index(crystal->sites, AlloySite, s).occupancy;
        partial = partial || occupancy[i] != 1;
        labelled = labelled || label.begin != NULL;
        codes[i] = alloy_labels_add(labels, label.begin != NULL ? label.begin : "", alloy_span_length(label));
    }
    const AlloyColumn *label = alloy_labels_finish(labels, "label", codes, n);
    const AlloyColumn *column = alloy_column_new_real("occupancy", "1", occupancy, n);
    if (labelled)
        alloy_atoms_builder_set_column(builder, g_steal_pointer(&label));
    if (partial)
        alloy_atoms_builder_set_column(builder, g_steal_pointer(&column));
    alloy_data_unref(label);
    alloy_data_unref(column);
}

static AlloyData *build(const AlloySource *source, const Block *block, GPtrArray *warnings,
                        AlloyProgress *progress, GError **error)
{
    g_auto(Crystal) crystal = {.source = source, .warnings = warnings, .progress = progress, .block = block};
    /* The kinds come before the number of atoms is known. */
    g_autoptr(AlloyAtomsBuilder) kinds = alloy_atoms_builder_new(0);
    if (!read_cell(&crystal, error) || !read_operations(&crystal, error) ||
        !read_sites(&crystal, kinds, error))
        return NULL;
    g_autoptr(GArray) images = expand(&crystal, error);
    if (images == NULL)
        return NULL;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(images->len);
    for (unsigned k = 0; k < kinds->kinds->len; k++) {
        const AlloySpecies *species = &g_array_index(kinds->kinds, AlloySpecies, k);
        alloy_atoms_builder_named_kind(builder, species->name, species->z);
    }
    for (size_t i = 0; i < images->len; i++) {
        const AlloySiteImage *image = &g_array_index(images, AlloySiteImage, i);
        builder->x[i] = image->position[0];
        builder->y[i] = image->position[1];
        builder->z[i] = image->position[2];
        builder->species[i] = (uint16_t)g_array_index(crystal.sites, AlloySite, image->site).kind;
    }
    if (!crystal.cartesian)
        alloy_model_to_cartesian(builder, &crystal.cell);
    if (!alloy_model_check_finite(builder, source->name, error))
        return NULL;
    if (crystal.has_cell)
        alloy_atoms_builder_set_cell(builder, &crystal.cell);
    set_columns(&crystal, builder, images);
    alloy_model_set_text(builder, "title", block->name, warnings, source);
    if (!is_unknown(block->values[FIELD_GROUP].text))
        alloy_model_set_text(builder, "space_group", block->values[FIELD_GROUP].text, warnings, source);
    if (!is_unknown(block->values[FIELD_FORMULA].text))
        alloy_model_set_text(builder, "formula_sum", block->values[FIELD_FORMULA].text, warnings, source);
    return (AlloyData *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static AlloyData *read_file(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                            GError **error)
{
    AlloyCifTokens tokens;
    AlloyCifToken token = {0};
    AlloyData *found = NULL;
    size_t blocks = 0, others = 0;
    gboolean good = TRUE;
    alloy_cif_tokens_init(&tokens, source);
    alloy_cif_next(&tokens, &token);
    while (good && token.kind != ALLOY_CIF_END) {
        if (token.kind != ALLOY_CIF_DATA) {
            alloy_cif_next(&tokens, &token);
            continue;
        }
        Block block;
        block_init(&block, token.text);
        blocks++;
        good = read_block(&tokens, &block, &token, error);
        if (good && block.sites->len > 0 && found == NULL) {
            found = build(source, &block, warnings, progress, error);
            good = found != NULL;
        } else if (good && block.sites->len > 0) {
            others++;
        }
        block_clear(&block);
    }
    if (!good) {
        alloy_clear(&found);
    } else if (found == NULL) {
        alloy_format_error(error, source->name, 0, "no atom sites in the %zu data blocks of this file",
                           blocks);
    } else if (others > 0) {
        alloy_warn(warnings, "ignored", NULL, NULL, "%s: %zu further blocks with atoms were not read",
                   source->name, others);
    }
    return found;
}

static int detect(const AlloySource *source)
{
    AlloyCifTokens tokens;
    AlloyCifToken token;
    alloy_cif_tokens_init(&tokens, source);
    if (!alloy_cif_next(&tokens, &token) || token.kind != ALLOY_CIF_DATA)
        return 0;
    for (int n = 0; n < 100 && alloy_cif_next(&tokens, &token); n++)
        if (token.kind == ALLOY_CIF_TAG || token.kind == ALLOY_CIF_LOOP)
            return 95;
    return 10;
}

static const char *const extensions[] = {"cif", "mmcif", NULL};

const AlloyFormat alloy_format_cif = {
    .name = "cif",
    .title = "CIF",
    .extensions = extensions,
    .detect = detect,
    .read = read_file,
};
