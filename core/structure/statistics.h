/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* "statistics": what the selected atoms are, against the whole and against chance. */
extern const AlloyOperation alloy_op_statistics;

G_END_DECLS
