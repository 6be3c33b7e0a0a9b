/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <epoxy/gl.h>
#include <glib.h>

G_BEGIN_DECLS

/* A program of two shaders of the resources (shaders/NAME), with shaders/view.glsl before each. Needs the
 * context current. 0 with an error that holds the compiler's log. */
GLuint alloy_program_new(const char *vertex, const char *fragment, GError **error);

G_END_DECLS
