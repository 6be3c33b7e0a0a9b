/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/cif-symmetry.h"

#include "core/base/linalg.h"
#include "core/base/number.h"

#include <math.h>

/* No space group has more than 192 operations in its cell; larger cells are listed with more now and then. */
#define MOST_OPERATIONS 1024
#define MOST_IMAGES 10000000
/* Side of the boxes in which coinciding images are looked for, angstrom: a few tolerances, so that most often
 * one box is enough, and less than a bond, so that it holds one atom. */
#define BOX (8 * ALLOY_SITE_TOLERANCE)
/* Looked at around one place; half an angstrom holds a few atoms at most. */
#define MOST_AT_A_PLACE 4096

static void skip_blanks(AlloySpan *rest)
{
    while (rest->begin < rest->end && (alloy_is_blank(*rest->begin) || *rest->begin == '\n'))
        rest->begin++;
}

/* Digits and a point, off the front. */
static gboolean take_number(AlloySpan *rest, double *value)
{
    const char *p = rest->begin;
    while (p < rest->end && (g_ascii_isdigit(*p) || *p == '.'))
        p++;
    if (p == rest->begin || !alloy_parse_double(rest->begin, p, value) || !isfinite(*value))
        return FALSE;
    rest->begin = p;
    skip_blanks(rest);
    return TRUE;
}

/* "/2" behind a number or a letter. */
static gboolean take_divisor(AlloySpan *rest, double *value)
{
    double divisor;
    if (rest->begin == rest->end || *rest->begin != '/')
        return TRUE;
    rest->begin++;
    skip_blanks(rest);
    if (!take_number(rest, &divisor) || divisor == 0)
        return FALSE;
    *value /= divisor;
    return TRUE;
}

/* One component: a sum of terms such as x, -y, 1/2, 2x, 0.25. */
static gboolean parse_component(AlloySpan text, double row[3], double *shift)
{
    memset(row, 0, 3 * sizeof *row);
    *shift = 0;
    skip_blanks(&text);
    if (text.begin == text.end)
        return FALSE;
    for (gboolean first = TRUE; text.begin < text.end; first = FALSE) {
        double sign = 1, factor = 1;
        if (*text.begin == '+' || *text.begin == '-') {
            sign = *text.begin++ == '-' ? -1 : 1;
            skip_blanks(&text);
        } else if (!first) {
            return FALSE;
        }
        gboolean number = take_number(&text, &factor);
        if (number && !take_divisor(&text, &factor))
            return FALSE;
        if (number && text.begin < text.end && *text.begin == '*') {
            text.begin++;
            skip_blanks(&text);
        }
        char letter = text.begin < text.end ? g_ascii_tolower(*text.begin) : '\0';
        if (letter >= 'x' && letter <= 'z') {
            text.begin++;
            skip_blanks(&text);
            if (!take_divisor(&text, &factor))
                return FALSE;
            row[letter - 'x'] += sign * factor;
        } else if (number) {
            *shift += sign * factor;
        } else {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean alloy_symmetry_parse(AlloySpan text, AlloySymmetryOperation *operation)
{
    for (int k = 0; k < 3; k++) {
        const char *comma = memchr(text.begin, ',', alloy_span_length(text));
        if ((comma == NULL) != (k == 2))
            return FALSE;
        AlloySpan component = {text.begin, comma != NULL ? comma : text.end};
        if (!parse_component(component, operation->rotation[k], &operation->shift[k]))
            return FALSE;
        text.begin = comma != NULL ? comma + 1 : text.end;
        /* What lies beyond is no crystal's, and would overflow. */
        for (int j = 0; j < 3; j++)
            if (!(fabs(operation->rotation[k][j]) <= 16))
                return FALSE;
        if (!(fabs(operation->shift[k]) <= 1000))
            return FALSE;
    }
    return fabs(fabs(alloy_det3(operation->rotation)) - 1) < 1e-6;
}

/* Images by where they are: boxes, hashed. */
typedef struct {
    const AlloyCell *cell;
    GArray *images;  /* of AlloySiteImage */
    GArray *chain;   /* of uint32_t: next image of the same slot + 1 */
    uint32_t *slots; /* first image + 1 */
    size_t n_slots;
    int64_t boxes[3];
    double margin[3]; /* the tolerance as a part of a box */
} Places;

static size_t slot_of(const Places *places, const int64_t box[3])
{
    uint64_t key = (uint64_t)box[0];
    key = (key ^ (key >> 29)) * 0x9e3779b97f4a7c15u + (uint64_t)box[1];
    key = (key ^ (key >> 31)) * 0xbf58476d1ce4e5b9u + (uint64_t)box[2];
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return (key ^ (key >> 31)) & (places->n_slots - 1);
}

static void box_of(const Places *places, const double position[3], int64_t box[3])
{
    for (int k = 0; k < 3; k++) {
        double f = position[k] - floor(position[k]);
        box[k] = (int64_t)(f * (double)places->boxes[k]);
        box[k] = MIN(box[k], places->boxes[k] - 1);
    }
}

static void places_grow(Places *places)
{
    g_free(places->slots);
    places->n_slots *= 2;
    places->slots = g_new0(uint32_t, places->n_slots);
    for (uint32_t i = 0; i < places->images->len; i++) {
        int64_t box[3];
        box_of(places, g_array_index(places->images, AlloySiteImage, i).position, box);
        size_t slot = slot_of(places, box);
        g_array_index(places->chain, uint32_t, i) = places->slots[slot];
        places->slots[slot] = i + 1;
    }
}

static void places_add(Places *places, const AlloySiteImage *image)
{
    uint32_t none = 0;
    g_array_append_vals(places->images, image, 1);
    g_array_append_vals(places->chain, &none, 1);
    if (places->images->len * 2 > places->n_slots) {
        places_grow(places);
        return;
    }
    int64_t box[3];
    box_of(places, image->position, box);
    size_t slot = slot_of(places, box);
    g_array_index(places->chain, uint32_t, places->images->len - 1) = places->slots[slot];
    places->slots[slot] = places->images->len;
}

static gboolean coincide(const AlloyCell *cell, const double a[3], const double b[3])
{
    double d[3], r[3];
    for (int k = 0; k < 3; k++) {
        d[k] = a[k] - b[k];
        d[k] -= round(d[k]);
    }
    alloy_row_times3(d, cell->vector, r);
    return alloy_norm3(r) < ALLOY_SITE_TOLERANCE;
}

typedef gboolean (*FoundFunc)(const AlloySiteImage *image, gpointer data);

/* Calls found for the images at a place until it says TRUE. FALSE when there are too many. */
static gboolean places_look(const Places *places, const double position[3], FoundFunc found, gpointer data)
{
    int64_t around[3][3]; /* boxes along each axis that the tolerance reaches */
    int n_around[3];
    unsigned seen = 0;
    for (int k = 0; k < 3; k++) {
        double f = (position[k] - floor(position[k])) * (double)places->boxes[k];
        int64_t middle = MIN((int64_t)f, places->boxes[k] - 1);
        n_around[k] = 0;
        around[k][n_around[k]++] = middle;
        if (places->boxes[k] > 1 && f - (double)middle < places->margin[k])
            around[k][n_around[k]++] = (middle - 1 + places->boxes[k]) % places->boxes[k];
        if (places->boxes[k] > 1 && (double)middle + 1 - f < places->margin[k])
            around[k][n_around[k]++] = (middle + 1) % places->boxes[k];
    }
    for (int n = 0; n < n_around[0] * n_around[1] * n_around[2]; n++) {
        int64_t box[3];
        for (int k = 0, rest = n; k < 3; rest /= n_around[k], k++)
            box[k] = around[k][rest % n_around[k]];
        for (uint32_t i = places->slots[slot_of(places, box)]; i != 0;
             i = g_array_index(places->chain, uint32_t, i - 1)) {
            const AlloySiteImage *image = &g_array_index(places->images, AlloySiteImage, i - 1);
            if (coincide(places->cell, image->position, position) && found(image, data))
                return TRUE;
            if (++seen > MOST_AT_A_PLACE)
                return FALSE;
        }
    }
    return TRUE;
}

typedef struct {
    const GArray *sites;
    uint32_t site;
    gboolean same, again; /* same: an image of this very site */
} Look;

static gboolean look_at(const AlloySiteImage *image, gpointer data)
{
    Look *look = data;
    const AlloySite *here = &g_array_index(look->sites, AlloySite, image->site);
    const AlloySite *mine = &g_array_index(look->sites, AlloySite, look->site);
    if (image->site == look->site)
        look->same = TRUE;
    else if (here->kind == mine->kind && here->occupancy + mine->occupancy > 1.001)
        look->again = TRUE;
    return look->same;
}

static void places_init(Places *places, const AlloyCell *cell)
{
    double inverse[3][3] = {{0}};
    *places = (Places){
        .cell = cell,
        .images = g_array_new(FALSE, FALSE, sizeof(AlloySiteImage)),
        .chain = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .slots = g_new0(uint32_t, 64),
        .n_slots = 64,
    };
    gboolean regular = alloy_invert3(cell->vector, inverse);
    for (int k = 0; k < 3; k++) {
        /* The height of the cell over the plane of the other two vectors. */
        double column[3] = {inverse[0][k], inverse[1][k], inverse[2][k]};
        double height = regular ? 1 / alloy_norm3(column) : 0;
        places->boxes[k] = (int64_t)CLAMP(height / BOX, 1, 1 << 20);
        places->margin[k] = ALLOY_SITE_TOLERANCE / height * (double)places->boxes[k] + 1e-6;
    }
}

static GArray *places_finish(Places *places)
{
    g_array_free(places->chain, TRUE);
    g_free(places->slots);
    return g_steal_pointer(&places->images);
}

static void apply(const AlloySymmetryOperation *operation, const double f[3], gboolean wrap, double out[3])
{
    for (int k = 0; k < 3; k++) {
        out[k] = alloy_dot3(operation->rotation[k], f) + operation->shift[k];
        if (wrap) {
            out[k] -= floor(out[k]);
            if (out[k] >= 1) /* from -1e-17 */
                out[k] = 0;
        }
    }
}

GArray *alloy_symmetry_expand(const GArray *sites, const GArray *operations, const AlloyCell *cell,
                              size_t *merged, AlloyProgress *progress, const char *place, GError **error)
{
    *merged = 0;
    if (operations->len > MOST_OPERATIONS || (uint64_t)operations->len * sites->len > MOST_IMAGES) {
        alloy_format_error(
            error, place, 0,
            "%u symmetry operations on %u sites are more than this program expands (%d operations, %d "
            "images)",
            operations->len, sites->len, MOST_OPERATIONS, MOST_IMAGES);
        return NULL;
    }
    Places places;
    places_init(&places, cell);
    gboolean wrap = operations->len > 1, good = TRUE;
    for (uint32_t s = 0; s < sites->len && good; s++) {
        gboolean again = FALSE;
        for (unsigned o = 0; o < operations->len && good; o++) {
            AlloySiteImage image = {.site = s};
            Look look = {sites, s, FALSE, FALSE};
            apply(&g_array_index(operations, AlloySymmetryOperation, o),
                  g_array_index(sites, AlloySite, s).position, wrap, image.position);
            good = places_look(&places, image.position, look_at, &look) ||
                   alloy_format_error(error, place, 0, "too many sites stand at one place");
            again = again || look.again;
            if (!look.same && !look.again)
                places_add(&places, &image);
        }
        *merged += again;
        if ((s & 0xff) == 0 && good) {
            alloy_progress_set(progress, (double)s / (double)sites->len);
            good = alloy_progress_check(progress, error);
        }
    }
    GArray *images = places_finish(&places);
    if (!good)
        g_clear_pointer(&images, g_array_unref);
    return images;
}
