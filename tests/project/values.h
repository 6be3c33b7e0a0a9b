/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/project.h"

/* Values with everything in them, and how two of them are held against each other: shared by the tests of the
 * project and of its file. */

/* n atoms of three kinds (one without atoms), with a triclinic cell, a column of every type and info; NaN
 * with a payload, infinities and -0 among the values. */
const AlloyAtoms *values_atoms(size_t n, unsigned seed);
const AlloyData *values_series(void);
const AlloyData *values_table(void);
const AlloyData *values_selection(size_t n);
/* An origin of a file whose bytes are told apart by seed. */
const AlloyOrigin *values_file_origin(unsigned seed);
/* A run called operation on the input item. */
const AlloyOrigin *values_run_origin(const char *operation, uint32_t input, const char *output);
/* All of these in one project; the derived atoms share arrays with those they are made from. */
AlloyProject *values_project(size_t n, unsigned seed);

/* Fail the test unless every bit is the same. */
void values_assert_same(const AlloyData *a, const AlloyData *b);
void values_assert_same_project(const AlloyProject *a, const AlloyProject *b);
