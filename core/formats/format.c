/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/format.h"

/* Where two formats are equally sure, the first wins. */
static const AlloyFormat *const formats[] = {
    NULL,
};

const AlloyFormat *const *alloy_formats(void)
{
    return formats;
}
