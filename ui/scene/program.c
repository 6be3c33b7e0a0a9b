/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/program.h"

#include "core/base/error.h"

#include <gio/gio.h>

#define FOLDER "/org/alloyscope/shaders/"

static GBytes *source_of(const char *name, GError **error)
{
    g_autofree char *path = g_strconcat(FOLDER, name, NULL);
    return g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

static GLuint compile(GLenum kind, const char *name, GError **error)
{
    g_autoptr(GBytes) view = source_of("view.glsl", error);
    g_autoptr(GBytes) own = view != NULL ? source_of(name, error) : NULL;
    if (own == NULL)
        return 0;
    const char *sources[3] = {"#version 330 core\n", g_bytes_get_data(view, NULL),
                              g_bytes_get_data(own, NULL)};
    GLuint shader = glCreateShader(kind);
    glShaderSource(shader, 3, sources, NULL);
    glCompileShader(shader);
    GLint good = GL_FALSE;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (!good) {
        char log[2048] = "";
        glGetShaderInfoLog(shader, sizeof log, NULL, log);
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "OpenGL does not compile the shader %s: %s",
                    name, log);
        glDeleteShader(shader);
        return 0;
    }
    return shader;
}

GLuint alloy_program_new(const char *vertex, const char *fragment, GError **error)
{
    GLuint v = compile(GL_VERTEX_SHADER, vertex, error);
    GLuint f = v != 0 ? compile(GL_FRAGMENT_SHADER, fragment, error) : 0;
    if (f == 0) {
        if (v != 0)
            glDeleteShader(v);
        return 0;
    }
    GLuint program = glCreateProgram();
    glAttachShader(program, v);
    glAttachShader(program, f);
    glLinkProgram(program);
    glDeleteShader(v);
    glDeleteShader(f);
    GLint good = GL_FALSE;
    glGetProgramiv(program, GL_LINK_STATUS, &good);
    if (!good) {
        char log[2048] = "";
        glGetProgramInfoLog(program, sizeof log, NULL, log);
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "OpenGL does not link %s and %s: %s", vertex,
                    fragment, log);
        glDeleteProgram(program);
        return 0;
    }
    return program;
}
