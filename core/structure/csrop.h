/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"
#include "core/structure/shell.h"

G_BEGIN_DECLS

/* "csrop": chemical short-range order per atom and per pair of species. The arithmetic is in order.h, what is
 * left out at a surface in sites.h, the neighbours in shell.h, the null in null.h. */
extern const AlloyOperation alloy_op_csrop;

G_END_DECLS
