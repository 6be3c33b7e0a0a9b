/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/atoms.h"

#include <glib.h>

/* What the tests share. */

/* Path under the folder of real data (ALLOYSCOPE_DATA, else ../shared/data beside the sources), or NULL when
 * it is not there: then the test has been marked as skipped, saying so, and shall return. Free with g_free.
 */
char *test_data_path(const char *relative);

/* Reads an atomic model from the real data; NULL (and skipped) when it is not there. Fails the test when it
 * does not read. */
const AlloyAtoms *test_data_atoms(const char *relative);

/* Fails unless |a - b| <= tolerance, printing both with 17 digits. */
#define test_assert_near(a, b, tolerance) test_near(G_STRLOC, #a, (a), #b, (b), (tolerance))
void test_near(const char *where, const char *a_text, double a, const char *b_text, double b,
               double tolerance);

/* fcc lattice of lattice constant a with nx x ny x nz cubic cells in a periodic cell, all of species name. */
const AlloyAtoms *test_fcc(double a, int nx, int ny, int nz, const char *name);
