/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/operation.h"

G_BEGIN_DECLS

/* Every analysis and simulation there is. Adding one is one line in registry.c. */

/* NULL-terminated, in the order in which lists show them. */
const AlloyOperation *const *alloy_operations(void);
/* NULL with an error of ALLOY_ERROR_PARAMETER that suggests the nearest name. */
const AlloyOperation *alloy_operation_by_name(const char *name, GError **error);

G_END_DECLS
