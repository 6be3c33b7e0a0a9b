/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/common.h"

#include <math.h>

void test_near(const char *where, const char *a_text, double a, const char *b_text, double b,
               double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        g_test_message("%s: %s = %.17g, %s = %.17g, apart by %.3g > %.3g", where, a_text, a, b_text, b,
                       fabs(a - b), tolerance);
        g_test_fail();
    }
}
