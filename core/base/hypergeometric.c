/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/hypergeometric.h"

#include <math.h>

static double log_choose(uint64_t n, uint64_t k)
{
    int sign;
    return lgamma_r((double)n + 1, &sign) - lgamma_r((double)k + 1, &sign) -
           lgamma_r((double)(n - k) + 1, &sign);
}

static double hypergeometric_at(uint64_t j, uint64_t n, uint64_t K, uint64_t N)
{
    return exp(log_choose(K, j) + log_choose(N - K, n - j) - log_choose(N, n));
}

AlloyHypergeometric alloy_hypergeometric(uint64_t k, uint64_t n, uint64_t K, uint64_t N)
{
    g_return_val_if_fail(n <= N && K <= N && k <= n && k <= K && n - k <= N - K,
                         ((AlloyHypergeometric){NAN, NAN, NAN, NAN}));
    AlloyHypergeometric h = {NAN, 0, NAN, 1};
    if (N == 0)
        return h;
    double fraction = (double)K / (double)N;
    h.expected = (double)n * fraction;
    if (N > 1)
        h.sd = sqrt((double)n * fraction * (1 - fraction) * (double)(N - n) / (double)(N - 1));
    if (!(h.sd > 0))
        return h;
    double distance = fabs((double)k - h.expected);
    h.z = ((double)k - h.expected) / h.sd;
    /* The tails fall off from their inner ends; counts at the very same distance belong to them. */
    uint64_t least = n + K > N ? n + K - N : 0, most = MIN(n, K);
    double slack = 1e-9 * (1 + h.expected), tails = 0;
    double low = floor(h.expected - distance + slack), high = ceil(h.expected + distance - slack);
    if (low >= high)
        return h;
    if (low >= (double)least) {
        uint64_t j = (uint64_t)low;
        for (double term = hypergeometric_at(j, n, K, N);; j--) {
            tails += term;
            if (j == least || term <= 1e-17 * tails)
                break;
            term *= (double)j * (double)(N - K - n + j) / ((double)(K - j + 1) * (double)(n - j + 1));
        }
    }
    if (high <= (double)most) {
        uint64_t j = (uint64_t)high;
        for (double term = hypergeometric_at(j, n, K, N);; j++) {
            tails += term;
            if (j == most || term <= 1e-17 * tails)
                break;
            term *= (double)(K - j) * (double)(n - j) / ((double)(j + 1) * (double)(N - K - n + j + 1));
        }
    }
    h.p = CLAMP(tails, ALLOY_LEAST_P, 1.0);
    return h;
}
