/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/structure/surface.h"

#include "core/base/error.h"
#include "core/base/linalg.h"
#include "core/base/random.h"
#include "core/structure/delaunay-private.h"

#include <float.h>
#include <libqhull_r/qhull_ra.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* qhull numbers facets and allocates in int; a tessellation makes some 20 facets a point on its way. */
#define MOST_POINTS ((size_t)50 * 1000 * 1000)

/* Points that stand for the same place are merged before qhull sees them: closer than this share of the
 * extent, the lifted coordinate |p|^2 no longer tells them apart in double precision. */
#define SAME_PLACE 1e-7

/* Every point is moved by less than this share of the extent. qhull answers co-spherical points (any perfect
 * lattice) with one facet of many corners; cutting that up may give tetrahedra that overlap, and costs three
 * times the time. Points that are moved have no such facets, and the move is far below what positions are
 * known to. */
#define JOGGLE 1e-9

/* Flatter than this share of the extent, a model has no inside. */
#define FLAT_MODEL 1e-10

/* Points in the frame in which qhull works: centred and scaled by a power of two (exact), so that neither a
 * particle far from the origin nor its unit costs digits of |p|^2. */
typedef struct {
    double *points; /* 3 a point, within -1..1 */
    double extent;  /* half of the longest edge of the bounding box */
} Frame;

static void frame_clear(Frame *frame)
{
    g_free(frame->points);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Frame, frame_clear)

static gboolean frame_init(Frame *frame, const double *x, const double *y, const double *z, size_t n,
                           const char *who, GError **error)
{
    const double *const axis[3] = {x, y, z};
    double centre[3];
    for (int k = 0; k < 3; k++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            double value = axis[k][i];
            if (!isfinite(value))
                return alloy_input_error(error, "Atom %zu has no finite position", i + 1);
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        centre[k] = low / 2 + high / 2;
        frame->extent = fmax(frame->extent, high / 2 - low / 2);
    }
    if (frame->extent < DBL_MIN)
        return alloy_input_error(error, "%s are at one place; a tessellation needs 4 that are not in a plane",
                                 who);
    int exponent;
    frexp(frame->extent, &exponent);
    double scale = ldexp(1, -MAX(exponent, -1000));
    frame->points = g_new(double, 3 * n);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            frame->points[3 * i + k] = (axis[k][i] - centre[k]) * scale;
    return TRUE;
}

/* Hash grid of the points kept so far, to find one at the same place. Cells are a few times as wide as "the
 * same place", so a cell never holds more than a handful that are not. */
typedef struct {
    const double *points; /* 3 a point */
    double tolerance, cell;
    uint32_t *bucket, *next; /* index + 1 */
    size_t mask;
} Places;

static size_t place_hash(const Places *places, const int64_t cell[3])
{
    uint64_t h = (uint64_t)cell[0] * 0x9e3779b97f4a7c15u;
    h = (h ^ (h >> 29) ^ (uint64_t)cell[1]) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 32) ^ (uint64_t)cell[2]) * 0x94d049bb133111ebu;
    return (size_t)(h ^ (h >> 31)) & places->mask;
}

/* The kept point at the same place as points[i], or i itself. */
static uint32_t place_find(const Places *places, size_t i)
{
    const double *p = places->points + 3 * i;
    int64_t low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = (int64_t)floor((p[k] - places->tolerance) / places->cell);
        high[k] = (int64_t)floor((p[k] + places->tolerance) / places->cell);
    }
    uint32_t found = (uint32_t)i;
    for (int64_t a = low[0]; a <= high[0]; a++)
        for (int64_t b = low[1]; b <= high[1]; b++)
            for (int64_t c = low[2]; c <= high[2]; c++) {
                size_t slot = place_hash(places, (int64_t[3]){a, b, c});
                for (uint32_t j = places->bucket[slot]; j; j = places->next[j - 1]) {
                    const double *q = places->points + 3 * (size_t)(j - 1);
                    double d[3] = {p[0] - q[0], p[1] - q[1], p[2] - q[2]};
                    if (j - 1 < found && alloy_dot3(d, d) <= places->tolerance * places->tolerance)
                        found = j - 1;
                }
            }
    return found;
}

/* same[i]: the first point at the place of point i. Returns the number of places; kept[k] is the point that
 * stands for place k. */
static size_t find_places(const double *points, size_t n, double tolerance, uint32_t *same, uint32_t *kept)
{
    Places places = {points, tolerance, 4 * tolerance, NULL, NULL, 0};
    size_t buckets = 16;
    while (buckets < 2 * n)
        buckets *= 2;
    places.mask = buckets - 1;
    places.bucket = g_new0(uint32_t, buckets);
    places.next = g_new(uint32_t, n);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        same[i] = place_find(&places, i);
        if (same[i] != i)
            continue;
        int64_t cell[3];
        for (int k = 0; k < 3; k++)
            cell[k] = (int64_t)floor(points[3 * i + k] / places.cell);
        size_t slot = place_hash(&places, cell);
        places.next[i] = places.bucket[slot];
        places.bucket[slot] = (uint32_t)i + 1;
        kept[count++] = (uint32_t)i;
    }
    g_free(places.bucket);
    g_free(places.next);
    return count;
}

/* The point furthest from the line through a along u, or from a itself for u = NULL; how far, and the vector
 * across. */
static double furthest(const double *points, size_t n, const double a[3], const double *u, double across[3])
{
    double most = -1;
    for (size_t i = 0; i < n; i++) {
        double d[3] = {points[3 * i] - a[0], points[3 * i + 1] - a[1], points[3 * i + 2] - a[2]}, cross[3];
        if (u)
            alloy_cross3(u, d, cross);
        else
            memcpy(cross, d, sizeof cross);
        double square = alloy_dot3(cross, cross);
        if (square > most) {
            most = square;
            memcpy(across, cross, sizeof cross);
        }
    }
    return sqrt(most);
}

static gboolean check_spread(const double *points, size_t n, const char *who, GError **error)
{
    double along[3], normal[3], height = 0;
    double length = furthest(points, n, points, NULL, along);
    for (int k = 0; k < 3; k++)
        along[k] /= length;
    double width = furthest(points, n, points, along, normal);
    if (width < FLAT_MODEL)
        return alloy_input_error(error, "%s are on one line; a tessellation needs 4 that are not in a plane",
                                 who);
    for (size_t i = 0; i < n; i++) {
        double d[3] = {points[3 * i] - points[0], points[3 * i + 1] - points[1],
                       points[3 * i + 2] - points[2]};
        height = fmax(height, fabs(alloy_dot3(normal, d)) / width);
    }
    if (height < FLAT_MODEL)
        return alloy_input_error(error, "%s are in one plane; a tessellation needs 4 that are not", who);
    return TRUE;
}

gboolean alloy_check_count(size_t n, GError **error)
{
    if (n >= 4)
        return TRUE;
    return alloy_input_error(error, "A tessellation needs at least 4 atoms, there %s %zu",
                             n == 1 ? "is" : "are", n);
}

gboolean alloy_check_spread(const double *x, const double *y, const double *z, size_t n, const char *who,
                            GError **error)
{
    g_auto(Frame) frame = {0};
    return frame_init(&frame, x, y, z, n, who, error) && check_spread(frame.points, n, who, error);
}

/* The first line of what qhull said that speaks of an error; else the first line. */
static char *first_complaint(const char *text)
{
    const char *start = text ? strstr(text, "QH") : NULL;
    if (!start)
        return g_strdup("no message");
    for (const char *line = start; line; line = strstr(line + 2, "QH")) {
        size_t length = strcspn(line, "\n");
        if (g_strstr_len(line, (gssize)length, " error"))
            return g_strndup(line, length);
    }
    return g_strndup(start, strcspn(start, "\n"));
}

/* Reads the tetrahedra off a finished hull; calls nothing of qhull, so nothing here can jump away. Facets are
 * numbered in visitid. */
static AlloyDelaunay *read_hull(qhT *qh, const uint32_t *kept, size_t n_kept, GError **error)
{
    facetT *facet;
    size_t count = 0;
    FORALLfacets
    {
        facet->visitid = 0;
        if (!facet->upperdelaunay && facet->simplicial && count < UINT32_MAX)
            facet->visitid = (unsigned)++count;
    }
    AlloyDelaunay *delaunay = g_new0(AlloyDelaunay, 1);
    delaunay->n_tetrahedra = count;
    delaunay->vertex = g_malloc_n(count, sizeof *delaunay->vertex);
    delaunay->neighbour = g_malloc_n(count, sizeof *delaunay->neighbour);
    delaunay->circumradius = g_new(double, count);
    delaunay->flat = g_new0(uint8_t, count);
    gboolean good = TRUE;
    size_t t = 0;
    FORALLfacets
    {
        if (!facet->visitid) {
            good = good && facet->upperdelaunay;
            continue;
        }
        vertexT *vertex, **vertexp;
        facetT *neighbor, **neighborp;
        int k = 0, m = 0;
        FOREACHvertex_(facet->vertices)
        {
            size_t id = (size_t)(vertex->point - qh->first_point) / (size_t)qh->hull_dim;
            if (k < 4 && id < n_kept)
                delaunay->vertex[t][k++] = kept[id];
            else
                good = FALSE;
        }
        FOREACHneighbor_(facet)
        {
            if (m < 4)
                delaunay->neighbour[t][m++] = (int64_t)neighbor->visitid - 1;
            else
                good = FALSE;
        }
        good = good && k == 4 && m == 4;
        if (good && (facet->toporient == qh_ORIENTclock)) {
            uint32_t v = delaunay->vertex[t][0];
            int64_t other = delaunay->neighbour[t][0];
            delaunay->vertex[t][0] = delaunay->vertex[t][1];
            delaunay->neighbour[t][0] = delaunay->neighbour[t][1];
            delaunay->vertex[t][1] = v;
            delaunay->neighbour[t][1] = other;
        }
        t++;
    }
    if (good)
        return delaunay;
    alloy_delaunay_free(delaunay);
    g_set_error_literal(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                        "The tessellation of qhull is not made of tetrahedra of the atoms");
    return NULL;
}

/* points: 3 a point. qhull leaves an error by a jump that ends inside qh_new_qhull, which returns its code:
 * nothing of this program lies between. */
static AlloyDelaunay *run_qhull(double *points, const uint32_t *kept, size_t n_kept, GError **error)
{
    /* d: Delaunay; Qbb: lifted coordinate scaled like the others; Qc, Q12: keep going where merged facets are
     * wide; Qz: a point at infinity, so that a model whose atoms are all on one sphere can be lifted; Qt:
     * merged facets of co-spherical points cut into tetrahedra; Pp: no remarks on precision. */
    char command[] = "qhull d Qbb Qc Qz Q12 Qt Pp";
    char *said = NULL;
    size_t length = 0;
    FILE *log = open_memstream(&said, &length);
    if (!log) {
        g_set_error_literal(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "No memory for the messages of qhull");
        return NULL;
    }
    qhT *qh = g_new0(qhT, 1);
    qh_zero(qh, log);
    int code = qh_new_qhull(qh, 3, (int)n_kept, points, False, command, NULL, log);
    AlloyDelaunay *delaunay = NULL;
    if (code == qh_ERRnone) {
        delaunay = read_hull(qh, kept, n_kept, error);
    } else {
        fflush(log);
        char *complaint = first_complaint(said);
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                    "qhull could not tessellate %zu atoms (code %d): %s", n_kept, code, complaint);
        g_free(complaint);
    }
    int left, pieces;
    qh_freeqhull(qh, !qh_ALL);
    qh_memfreeshort(qh, &left, &pieces);
    g_free(qh);
    fclose(log);
    free(said);
    return delaunay;
}

/* Radius of the sphere through four points, measured from the first, so that the place of the particle costs
 * no digits; infinite when they are flat: so low that what the tessellation does not see (the joggle, the
 * rounding of the lifted coordinate) moves the centre along the normal by a noticeable share of the edge. */
static double circumradius(const double p[4][3], double extent, gboolean *inverted)
{
    double e[3][3], square[3], unit = 0, longest = 0;
    for (int k = 0; k < 3; k++)
        for (int c = 0; c < 3; c++) {
            e[k][c] = p[k + 1][c] - p[0][c];
            unit = fmax(unit, fabs(e[k][c]));
        }
    if (!(unit > 0))
        return INFINITY;
    for (int k = 0; k < 3; k++) {
        for (int c = 0; c < 3; c++)
            e[k][c] /= unit;
        square[k] = alloy_dot3(e[k], e[k]);
        longest = fmax(longest, square[k]);
    }
    double cross[3][3], sum[3];
    alloy_cross3(e[1], e[2], cross[0]);
    alloy_cross3(e[2], e[0], cross[1]);
    alloy_cross3(e[0], e[1], cross[2]);
    double det = alloy_dot3(e[0], cross[0]), edge = sqrt(longest), size = extent / unit;
    double unseen = 64 * DBL_EPSILON * size * size + 2 * JOGGLE * size * edge;
    *inverted = det < 0;
    if (!(fabs(det) > longest * fmax(1e-9 * edge, 500 * unseen / edge)))
        return INFINITY;
    for (int c = 0; c < 3; c++)
        sum[c] = square[0] * cross[0][c] + square[1] * cross[1][c] + square[2] * cross[2][c];
    return unit * (alloy_norm3(sum) / (2 * fabs(det)));
}

/* A flat tetrahedron has no sphere of its own. qhull leaves some where atoms are co-spherical (the square in
 * the middle of an fcc octahedron) and on flat outer faces. It takes the largest radius among the tetrahedra
 * around it, across further flat ones, and stays infinite at the outside: so it is inside an alpha shape
 * exactly when what it separates is, and neither opens a hole nor covers an atom. */
static void resolve_flat(AlloyDelaunay *delaunay)
{
    const uint8_t *flat = delaunay->flat;
    g_autofree uint8_t *seen = g_new0(uint8_t, delaunay->n_tetrahedra);
    g_autoptr(GArray) cluster = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        if (!flat[t] || seen[t])
            continue;
        double radius = 0;
        g_array_set_size(cluster, 0);
        g_array_append_val(cluster, t);
        seen[t] = 1;
        for (guint next = 0; next < cluster->len; next++) {
            size_t member = g_array_index(cluster, size_t, next);
            for (int k = 0; k < 4; k++) {
                int64_t other = delaunay->neighbour[member][k];
                if (other < 0) {
                    radius = INFINITY;
                } else if (!flat[other]) {
                    radius = fmax(radius, delaunay->circumradius[other]);
                } else if (!seen[other]) {
                    size_t found = (size_t)other;
                    seen[other] = 1;
                    g_array_append_val(cluster, found);
                }
            }
        }
        for (guint k = 0; k < cluster->len; k++)
            delaunay->circumradius[g_array_index(cluster, size_t, k)] = radius;
    }
}

/* Radii, and what must hold: neighbours are mutual, and what is not flat is positively oriented. */
static gboolean complete(AlloyDelaunay *delaunay, const double *x, const double *y, const double *z,
                         double extent, GError **error)
{
    uint8_t *flat = delaunay->flat;
    size_t lopsided = 0, inverted = 0;
    for (size_t t = 0; t < delaunay->n_tetrahedra; t++) {
        double p[4][3];
        gboolean inside_out = FALSE;
        for (int k = 0; k < 4; k++) {
            uint32_t i = delaunay->vertex[t][k];
            p[k][0] = x[i];
            p[k][1] = y[i];
            p[k][2] = z[i];
        }
        delaunay->circumradius[t] = circumradius(p, extent, &inside_out);
        flat[t] = !isfinite(delaunay->circumradius[t]);
        inverted += !flat[t] && inside_out;
        for (int k = 0; k < 4; k++) {
            int64_t other = delaunay->neighbour[t][k];
            if (other < 0)
                continue;
            const int64_t *back = delaunay->neighbour[other];
            lopsided += back[0] != (int64_t)t && back[1] != (int64_t)t && back[2] != (int64_t)t &&
                        back[3] != (int64_t)t;
        }
    }
    if (lopsided || inverted) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                    "The tessellation of qhull contradicts itself: %zu neighbours are not mutual, %zu of %zu "
                    "tetrahedra are turned inside out",
                    lopsided, inverted, delaunay->n_tetrahedra);
        return FALSE;
    }
    resolve_flat(delaunay);
    return TRUE;
}

AlloyDelaunay *alloy_delaunay_places(const double *x, const double *y, const double *z, size_t n,
                                     uint32_t *same, AlloyProgress *progress, GError **error)
{
    g_auto(Frame) frame = {0};
    g_autofree char *all = g_strdup_printf("All %zu atoms", n);
    if (!alloy_check_count(n, error))
        return NULL;
    if (n > MOST_POINTS) {
        alloy_input_error(error, "A tessellation takes at most %zu atoms, there are %zu", MOST_POINTS, n);
        return NULL;
    }
    if (!alloy_progress_check(progress, error) || !frame_init(&frame, x, y, z, n, all, error) ||
        !check_spread(frame.points, n, all, error))
        return NULL;

    g_autofree uint32_t *kept = g_new(uint32_t, n);
    double *points = frame.points;
    size_t places = find_places(points, n, SAME_PLACE, same, kept);
    AlloyRandom random;
    alloy_random_init(&random, 0, 0);
    for (size_t k = 0; k < places; k++)
        for (int c = 0; c < 3; c++)
            points[3 * k + c] =
                points[3 * (size_t)kept[k] + c] + JOGGLE * (2 * alloy_random_uniform(&random) - 1);

    g_autoptr(AlloyDelaunay) delaunay = run_qhull(points, kept, places, error);
    if (!delaunay || !alloy_progress_check(progress, error) ||
        !complete(delaunay, x, y, z, frame.extent, error))
        return NULL;
    return g_steal_pointer(&delaunay);
}

AlloyDelaunay *alloy_delaunay(const double *x, const double *y, const double *z, size_t n,
                              AlloyProgress *progress, GError **error)
{
    g_autofree uint32_t *same = g_new(uint32_t, MAX(n, 1));
    return alloy_delaunay_places(x, y, z, n, same, progress, error);
}

void alloy_delaunay_free(AlloyDelaunay *delaunay)
{
    if (!delaunay)
        return;
    g_free(delaunay->vertex);
    g_free(delaunay->neighbour);
    g_free(delaunay->circumradius);
    g_free(delaunay->flat);
    g_free(delaunay);
}
