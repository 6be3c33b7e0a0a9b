/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot/ticks.h"

#include "core/base/number.h"

#include <math.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define TIMES "\xc3\x97"

/* Beyond these an axis has no room for arithmetic. */
#define LARGEST 4e307
#define SMALLEST 1e-300
#define SMALLEST_LOG 1e-290 /* within a decade there are linear steps */
/* Narrowest range relative to its values: ticks stay distinct doubles. */
#define NARROWEST 1e-11

void alloy_ticks_free(AlloyTicks *ticks)
{
    if (ticks == NULL)
        return;
    for (unsigned i = 0; i < ticks->n; i++)
        g_free(ticks->ticks[i].label);
    g_free(ticks->ticks);
    g_free(ticks);
}

static void usable_log(double *low, double *high)
{
    gboolean low_good = isfinite(*low) && *low > 0, high_good = isfinite(*high) && *high > 0;
    if (!low_good && !high_good) {
        *low = 0.1;
        *high = 10;
    } else if (!low_good) {
        *low = *high / 1000;
    } else if (!high_good) {
        *high = *low * 1000;
    }
    *low = CLAMP(*low, SMALLEST_LOG, LARGEST);
    *high = CLAMP(*high, SMALLEST_LOG, LARGEST);
    if (fabs(log(*high / *low)) < 1e-9) {
        double middle = CLAMP(*low, SMALLEST_LOG * 10, LARGEST / 10);
        *low = middle / 2;
        *high = middle * 2;
    }
}

void alloy_range_usable(double *low, double *high, gboolean log)
{
    if (log) {
        usable_log(low, high);
        return;
    }
    if (!isfinite(*low) && !isfinite(*high)) {
        *low = 0;
        *high = 1;
    } else if (!isfinite(*low)) {
        *low = *high;
    } else if (!isfinite(*high)) {
        *high = *low;
    }
    *low = CLAMP(*low, -LARGEST, LARGEST);
    *high = CLAMP(*high, -LARGEST, LARGEST);
    double size = MAX(fabs(*low), fabs(*high)), least = MAX(NARROWEST * size, SMALLEST);
    if (fabs(*high - *low) >= least)
        return;
    /* one value: as much around it as its own size suggests */
    double half = *low == *high ? (size > 0 ? 0.1 * size : 0.5) : least;
    double middle = *low / 2 + *high / 2, sign = *low > *high ? -1 : 1;
    half = MAX(half, SMALLEST);
    *low = middle - sign * half;
    *high = middle + sign * half;
}

/* The double nearest to n x 10^power, right to the last bit, so that a tick at 0.3 is 0.3. */
static double decimal(int64_t n, int power)
{
    char text[64];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT "e%d", n, power);
    double value = 0;
    alloy_parse_double(text, text + strlen(text), &value);
    return value;
}

/* n x 10^power as text with `decimals` digits behind the point (decimals >= -power). */
static char *plain(int64_t n, int power, int decimals)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%" G_GUINT64_FORMAT, n < 0 ? -(uint64_t)n : (uint64_t)n);
    for (int i = 0; i < power + decimals && n != 0; i++)
        g_string_append_c(text, '0');
    while ((int)text->len <= decimals)
        g_string_prepend_c(text, '0');
    if (decimals > 0)
        g_string_insert_c(text, (gssize)text->len - decimals, '.');
    if (n < 0)
        g_string_prepend(text, MINUS);
    return g_string_free(text, FALSE);
}

/* A step: mantissa x 10^power, and into how many parts minor ticks cut it. */
typedef struct {
    int mantissa, power, minor;
} Step;

/* The steps in the order of their simplicity, after Talbot, Lin and Hanrahan, "An extension of Wilkinson's
 * algorithm for positioning tick labels on axes" (2010). Labels stay inside the axis here, so where the first
 * stands is no choice; the room that texts need decides how many there are, so density weighs more. */
static Step best_step(double low, double high, double wanted)
{
    static const Step kinds[] = {{1, 0, 5}, {5, 0, 5}, {2, 0, 4}, {25, -1, 5}};
    double span = high - low, best_score = -INFINITY;
    int around = (int)floor(log10(span / wanted));
    Step best = {1, around, 5};
    for (int power = around - 1; power <= around + 1; power++)
        for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++) {
            Step step = {kinds[k].mantissa, kinds[k].power + power, kinds[k].minor};
            double size = decimal(step.mantissa, step.power);
            if (!(size > 0) || !isfinite(size))
                continue;
            double first = ceil(low / size - 1e-9), last = floor(high / size + 1e-9), n = last - first + 1;
            if (n < 1)
                continue;
            double simplicity = 1 - k / 3.0;
            double left = (first * size - low) / (0.1 * span), right = (high - last * size) / (0.1 * span);
            double coverage = MAX(1 - 0.5 * (left * left + right * right), 0);
            double density = 2 - MAX(n / wanted, wanted / n);
            double score = 0.25 * simplicity + 0.1 * coverage + 0.8 * density - (n < 2 ? 1 : 0);
            if (score > best_score) {
                best_score = score;
                best = step;
            }
        }
    return best;
}

/* How the labels of a linear axis are written: with what exponent taken out, and how many decimals. */
static void choose_form(int64_t first, int64_t last, Step step, int *exponent, int *decimals)
{
    double largest = MAX(fabs((double)first), fabs((double)last)) * step.mantissa;
    int power = step.power, size = largest > 0 ? (int)floor(log10(largest) + 1e-9) + power : 0;
    int needed = -power;
    *exponent = size >= 5 || size <= -4 || (needed > 4 && size <= -2) ? size : 0;
    *decimals = MAX(needed + *exponent, 0);
}

AlloyTicks *alloy_ticks_linear(double low, double high, double wanted)
{
    alloy_range_usable(&low, &high, FALSE);
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    Step step = best_step(low, high, CLAMP(wanted, 1, 200));
    double size = decimal(step.mantissa, step.power);
    int64_t first = (int64_t)ceil(low / size - 1e-9), last = (int64_t)floor(high / size + 1e-9);
    AlloyTicks *ticks = g_new0(AlloyTicks, 1);
    int decimals;
    choose_form(first, last, step, &ticks->exponent, &decimals);
    ticks->ticks = g_new0(AlloyTick, (size_t)(last - first + 3) * (size_t)step.minor);
    for (int64_t i = first - 1; i <= last; i++) {
        double at = decimal(i * step.mantissa, step.power);
        if (i >= first)
            ticks->ticks[ticks->n++] = (AlloyTick){
                CLAMP(at, low, high), plain(i * step.mantissa, step.power - ticks->exponent, decimals)};
        for (int part = 1; part < step.minor; part++) {
            double minor = ((double)i + (double)part / step.minor) * size;
            if (minor > low && minor < high)
                ticks->ticks[ticks->n++].value = minor;
        }
    }
    return ticks;
}

static char *log_label(int digit, int decade, gboolean powers)
{
    if (!powers)
        return plain(digit, decade, MAX(-decade, 0));
    char *label = digit == 1
                      ? g_strdup_printf("10^{%s%d}", decade < 0 ? MINUS : "", abs(decade))
                      : g_strdup_printf("%d" TIMES "10^{%s%d}", digit, decade < 0 ? MINUS : "", abs(decade));
    return label;
}

/* How many of the 1-2-5 series lie in the range. */
static unsigned count_125(double low, double high, int from, int to)
{
    unsigned n = 0;
    for (int decade = from; decade <= to; decade++)
        for (int k = 0; k < 3; k++) {
            double at = decimal((const int[]){1, 2, 5}[k], decade);
            n += at >= low && at <= high;
        }
    return n;
}

AlloyTicks *alloy_ticks_log(double low, double high, double wanted)
{
    alloy_range_usable(&low, &high, TRUE);
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    wanted = CLAMP(wanted, 1, 200);
    double eps = 1e-12, bottom = low * (1 - eps), top = high * (1 + eps);
    int from = (int)floor(log10(low)) - 1, to = (int)ceil(log10(high)) + 1, decades = 0;
    for (int decade = from; decade <= to; decade++) {
        double at = decimal(1, decade);
        decades += at >= bottom && at <= top;
    }
    unsigned series = count_125(bottom, top, from, to);
    if (high / low < 10 && (series < 2 || series < 0.5 * wanted)) {
        AlloyTicks *ticks = alloy_ticks_linear(low, high, wanted);
        return ticks;
    }
    int stride = 1;
    static const int strides[] = {1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500};
    for (unsigned k = 0; k < G_N_ELEMENTS(strides) && decades / (double)stride > 1.3 * wanted; k++)
        stride = strides[k];
    gboolean fine = stride == 1 && (decades < 2 || series <= 1.5 * wanted);
    gboolean powers = from + 1 < -4 || to - 1 > 4;
    AlloyTicks *ticks = g_new0(AlloyTicks, 1);
    ticks->ticks = g_new0(AlloyTick, (size_t)(to - from + 1) * 9);
    for (int decade = from; decade <= to; decade++)
        for (int digit = 1; digit <= 9; digit++) {
            double at = decimal(digit, decade);
            /* between decades that are not labelled nothing is marked */
            if (at < bottom || at > top || (digit > 1 && stride > 1))
                continue;
            gboolean labelled =
                digit == 1 ? ((decade % stride) + stride) % stride == 0 : fine && (digit == 2 || digit == 5);
            ticks->ticks[ticks->n++] =
                (AlloyTick){CLAMP(at, low, high), labelled ? log_label(digit, decade, powers) : NULL};
        }
    return ticks;
}

char *alloy_ticks_multiplier(const AlloyTicks *ticks)
{
    if (ticks->exponent == 0)
        return NULL;
    return g_strdup_printf(TIMES "10^{%s%d}", ticks->exponent < 0 ? MINUS : "", abs(ticks->exponent));
}
