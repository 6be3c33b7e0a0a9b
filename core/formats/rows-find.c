/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/rows-private.h"

#include "core/base/parallel.h"

/* Bytes of a block: some thousand lines, so that the work on a block is far above the cost of handing it out.
 */
#define BLOCK ((size_t)128 << 10)

static const char *line_end(const char *p, const char *end)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    return stop != NULL ? stop : end;
}

static gboolean is_row(const AlloyRowStyle *style, AlloySpan line)
{
    if (!style->sparse)
        return TRUE;
    line = alloy_span_strip(line);
    if (line.begin == line.end)
        return FALSE;
    return style->comment == NULL || *line.begin == '\0' || strchr(style->comment, *line.begin) == NULL;
}

/* The end of a row in which line ends between quotes do not count; *within: how many those are. *open: of
 * them those before a quote that the end of the text leaves open; G_MAXUINT64: there is none. */
static const char *quoted_row_end(const AlloyRowStyle *style, const char *p, const char *end,
                                  uint64_t *within, uint64_t *open)
{
    gboolean begins = TRUE, quoted = FALSE; /* at the beginning of a field; in quotes */
    *open = G_MAXUINT64;
    for (; p < end; p++) {
        if (quoted) {
            if (*p == '\n')
                ++*within;
            else if (*p == '"')
                quoted = FALSE; /* a doubled quote ends the field and begins it again */
            begins = *p == '"';
        } else if (*p == '\n') {
            *open = G_MAXUINT64;
            return p;
        } else if (*p == '"' && begins) {
            quoted = TRUE;
            *open = *within;
        } else if (style->separator == 0) {
            begins = alloy_is_blank(*p);
        } else {
            begins = *p == style->separator || (begins && alloy_is_blank(*p));
        }
    }
    if (!quoted)
        *open = G_MAXUINT64;
    return end;
}

/* *open: the line of the quote that does not close; 0: all do. */
static gboolean next_row(const AlloyRowStyle *style, AlloyRowCursor *cursor, const char *end, AlloySpan *row,
                         uint64_t *line, uint64_t *open)
{
    while (cursor->at < end) {
        uint64_t within = 0, unclosed = G_MAXUINT64;
        *row = (AlloySpan){cursor->at, line_end(cursor->at, end)};
        gboolean found = is_row(style, *row);
        if (found && style->quotes)
            row->end = quoted_row_end(style, cursor->at, end, &within, &unclosed);
        *line = cursor->lines + 1;
        *open = unclosed != G_MAXUINT64 ? *line + unclosed : 0;
        cursor->lines += 1 + within;
        cursor->at = row->end < end ? row->end + 1 : end;
        while (row->end > row->begin && row->end[-1] == '\r')
            row->end--;
        if (found)
            return TRUE;
    }
    return FALSE;
}

gboolean alloy_row_next(const AlloyRowStyle *style, AlloyRowCursor *cursor, const char *end, AlloySpan *row,
                        uint64_t *line)
{
    uint64_t open;
    return next_row(style, cursor, end, row, line, &open);
}

typedef struct {
    const AlloyRowStyle *style;
    const char *begin,
        *end; /* begins at a line's beginning, ends behind a line's end or at the end of the file */
    AlloyRowBlock
        *blocks; /* lines: of the block itself, later summed; first: rows of the block, later summed */
} Count;

static size_t count_line_ends(const char *p, const char *end)
{
    size_t n = 0;
    for (; end - p >= 8; p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= 0x0a0a0a0a0a0a0a0au;
        /* The top bit of each byte: set unless the byte is 0. */
        word = ((word & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | word;
        n += 8 - (size_t)__builtin_popcountll(word & 0x8080808080808080u);
    }
    for (; p < end; p++)
        n += *p == '\n';
    return n;
}

static void count_block(size_t index, size_t end_index, void *data)
{
    const Count *count = data;
    for (; index < end_index; index++) {
        AlloyRowBlock *block = &count->blocks[index];
        const char *begin = count->begin + index * BLOCK;
        const char *end = (size_t)(count->end - begin) > BLOCK ? begin + BLOCK : count->end;
        /* A line belongs to the block in which its first byte lies. */
        const char *first = begin;
        if (index > 0) {
            const char *before = memchr(begin - 1, '\n', (size_t)(end - begin));
            first = before != NULL ? before + 1 : end;
        }
        block->begin = (AlloyRowCursor){first, 0};
        block->first = 0;
        if (first == end)
            continue;
        if (!count->style->sparse) {
            block->begin.lines = block->first = 1 + count_line_ends(first, end - 1);
            continue;
        }
        for (const char *p = first; p < end; p++) {
            AlloySpan line = {p, line_end(p, count->end)};
            block->begin.lines++;
            block->first += is_row(count->style, line);
            p = line.end;
        }
    }
}

/* Cuts a window into blocks and appends them. */
static void add_window(AlloyRows *rows, AlloyRowCursor *cursor, const char *end)
{
    size_t n = ((size_t)(end - cursor->at) + BLOCK - 1) / BLOCK;
    unsigned old = rows->blocks->len;
    g_array_set_size(rows->blocks, old + (unsigned)n);
    AlloyRowBlock *blocks = &g_array_index(rows->blocks, AlloyRowBlock, old);
    Count count = {&rows->style, cursor->at, end, blocks};
    if (n == 1)
        count_block(0, 1, &count);
    else
        alloy_parallel_for(n, 1, count_block, &count, NULL, NULL);
    unsigned kept = old;
    for (size_t i = 0; i < n; i++) {
        AlloyRowBlock block = {{blocks[i].begin.at, cursor->lines}, rows->n};
        cursor->lines += blocks[i].begin.lines;
        rows->n += blocks[i].first;
        if (rows->n > block.first)
            g_array_index(rows->blocks, AlloyRowBlock, kept++) = block;
    }
    g_array_set_size(rows->blocks, kept);
    cursor->at = end;
}

/* With quotes a line end tells nothing without all that stands before it: one thread. */
static gboolean find_quoted(AlloyRows *rows, size_t most, AlloyRowCursor *cursor, const char *end,
                            GError **error)
{
    while (rows->n < most) {
        AlloyRowCursor before = *cursor;
        AlloySpan row;
        uint64_t line, open;
        if (!next_row(&rows->style, cursor, end, &row, &line, &open))
            return TRUE;
        if (open != 0)
            return alloy_format_error(error, rows->source->name, open,
                                      "the quote that opens here is never closed");
        const AlloyRowBlock *last =
            rows->blocks->len > 0 ? &g_array_index(rows->blocks, AlloyRowBlock, rows->blocks->len - 1) : NULL;
        if (last == NULL || (size_t)(before.at - last->begin.at) >= BLOCK) {
            AlloyRowBlock block = {before, rows->n};
            g_array_append_val(rows->blocks, block);
        }
        rows->n++;
    }
    return TRUE;
}

/* The last block may hold rows beyond most: they stay to be read. */
static void give_back(AlloyRows *rows, size_t most, AlloyRowCursor *cursor)
{
    while (rows->blocks->len > 0 &&
           g_array_index(rows->blocks, AlloyRowBlock, rows->blocks->len - 1).first >= most) {
        *cursor = g_array_index(rows->blocks, AlloyRowBlock, rows->blocks->len - 1).begin;
        g_array_set_size(rows->blocks, rows->blocks->len - 1);
    }
    if (rows->n <= most)
        return;
    rows->n = most;
    if (rows->blocks->len == 0)
        return;
    const AlloyRowBlock *block = &g_array_index(rows->blocks, AlloyRowBlock, rows->blocks->len - 1);
    const char *end = cursor->at;
    *cursor = block->begin;
    AlloySpan row;
    uint64_t line;
    for (size_t i = block->first; i < most; i++)
        alloy_row_next(&rows->style, cursor, end, &row, &line);
}

AlloyRows *alloy_rows_find(AlloyLines *lines, size_t most, const AlloyRowStyle *style,
                           AlloyProgress *progress, GError **error)
{
    g_autoptr(AlloyRows) rows = g_new0(AlloyRows, 1);
    rows->source = lines->source;
    rows->style = *style;
    rows->begin = lines->at;
    rows->blocks = g_array_new(FALSE, FALSE, sizeof(AlloyRowBlock));
    AlloyRowCursor cursor = {lines->at, lines->line};
    if (style->quotes) {
        if (!find_quoted(rows, most, &cursor, lines->end, error))
            return NULL;
    } else {
        while (rows->n < most && cursor.at < lines->end) {
            /* A window about as long as the rows will be, so that a file of many frames is not counted to its
             * end for each of them. */
            size_t left = (size_t)(lines->end - cursor.at);
            size_t row = (size_t)(line_end(cursor.at, lines->end) - cursor.at) + 8;
            size_t window = most - rows->n < left / row ? (most - rows->n) * row : left;
            const char *end = cursor.at + MIN(MAX(window, (size_t)64), left);
            if (end < lines->end)
                end = line_end(end - 1, lines->end);
            end += end < lines->end;
            add_window(rows, &cursor, end);
            if (!alloy_progress_check(progress, error))
                return NULL;
        }
        give_back(rows, most, &cursor);
    }
    rows->end = cursor.at;
    lines->at = cursor.at;
    lines->line = cursor.lines;
    return g_steal_pointer(&rows);
}

void alloy_rows_free(AlloyRows *rows)
{
    if (rows == NULL)
        return;
    g_array_free(rows->blocks, TRUE);
    g_free(rows);
}

size_t alloy_rows_count(const AlloyRows *rows)
{
    return rows->n;
}

gboolean alloy_rows_first(const AlloyRows *rows, AlloySpan *row, uint64_t *line)
{
    if (rows->blocks->len == 0)
        return FALSE;
    AlloyRowCursor cursor = g_array_index(rows->blocks, AlloyRowBlock, 0).begin;
    return alloy_row_next(&rows->style, &cursor, rows->end, row, line);
}

gboolean alloy_row_next_field(AlloySpan *rest, const AlloyRowStyle *style, AlloySpan *field,
                              gboolean *doubled)
{
    *doubled = FALSE;
    if (rest->begin == NULL)
        return FALSE;
    const char *p = rest->begin;
    while (p < rest->end && alloy_is_blank(*p) && *p != style->separator)
        p++;
    if (style->separator == 0 && p == rest->end) {
        rest->begin = NULL;
        return FALSE;
    }
    if (style->quotes && p < rest->end && *p == '"') {
        const char *quote = p;
        field->begin = ++p;
        for (; p < rest->end; p++) {
            if (*p != '"')
                continue;
            if (p + 1 == rest->end || p[1] != '"')
                break;
            *doubled = TRUE;
            p++;
        }
        field->end = p;
        p += p < rest->end;
        const char *closed = p;
        while (p < rest->end && (style->separator != 0 ? *p != style->separator : !alloy_is_blank(*p)))
            p++;
        if (!alloy_span_is_empty((AlloySpan){closed, p})) {
            /* "a"b: no quoted field after all; nothing of it is lost. */
            *field = alloy_span_strip((AlloySpan){quote, p});
            *doubled = FALSE;
        }
    } else {
        field->begin = p;
        if (style->separator != 0) {
            const char *stop = memchr(p, style->separator, (size_t)(rest->end - p));
            p = stop != NULL ? stop : rest->end;
            *field = alloy_span_strip((AlloySpan){field->begin, p});
        } else {
            while (p < rest->end && !alloy_is_blank(*p))
                p++;
            field->end = p;
        }
    }
    rest->begin = p < rest->end ? p + 1 : NULL;
    return TRUE;
}

char *alloy_row_field_dup(AlloySpan field, gboolean doubled, gboolean *converted)
{
    if (!doubled)
        return alloy_span_dup(field, converted);
    g_autoptr(GString) text = g_string_sized_new(alloy_span_length(field));
    for (const char *p = field.begin; p < field.end; p++) {
        g_string_append_c(text, *p);
        if (*p == '"')
            p++;
    }
    return alloy_span_dup((AlloySpan){text->str, text->str + text->len}, converted);
}

gboolean alloy_span_to_boolean(AlloySpan span, gboolean *value)
{
    static const struct {
        const char *text;
        gboolean value;
    } words[] = {{"T", TRUE}, {"F", FALSE}, {"true", TRUE}, {"false", FALSE}, {"1", TRUE}, {"0", FALSE}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (alloy_span_equals_nocase(span, words[i].text)) {
            *value = words[i].value;
            return TRUE;
        }
    return FALSE;
}
