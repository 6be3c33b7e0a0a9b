/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/renderer.h"

#include "core/base/error.h"
#include "ui/scene/program.h"

#include <epoxy/gl.h>
#include <string.h>

enum { UNIT_SPHERES, UNIT_COLOURS, UNIT_FLAGS, UNIT_IDS, UNIT_DEPTHS, UNIT_SKY };

typedef struct {
    GLuint buffer, texture;
} Array;

struct _AlloyRenderer {
    GLuint spheres_program, occlusion_program, shade_program;
    GLuint vertices, empty; /* vertex arrays: of the drawn atoms, of nothing */
    GLuint view_buffer, drawn_buffer;
    Array spheres, colours, flags;
    GLuint ids, depths, sky, seen_target, sky_target;
    int width, height; /* of the targets */
    /* what the buffers hold */
    AlloyScene *scene;
    AlloySceneChanges changes;
    gboolean uploaded, seen;
    AlloyCamera camera;
    AlloyTile tile;
    AlloyView view;
    size_t n_drawn;
};

const char *alloy_renderer_driver(void)
{
    return (const char *)glGetString(GL_RENDERER);
}

gboolean alloy_renderer_is_software(void)
{
    const char *driver = alloy_renderer_driver();
    return driver != NULL && (strstr(driver, "llvmpipe") != NULL || strstr(driver, "softpipe") != NULL ||
                              strstr(driver, "SWR") != NULL);
}

static void array_new(Array *array, GLenum format)
{
    glGenBuffers(1, &array->buffer);
    glGenTextures(1, &array->texture);
    glBindBuffer(GL_TEXTURE_BUFFER, array->buffer);
    glBufferData(GL_TEXTURE_BUFFER, 16, NULL, GL_STATIC_DRAW);
    glBindTexture(GL_TEXTURE_BUFFER, array->texture);
    glTexBuffer(GL_TEXTURE_BUFFER, format, array->buffer);
}

static void array_fill(const Array *array, const void *values, size_t bytes)
{
    glBindBuffer(GL_TEXTURE_BUFFER, array->buffer);
    glBufferData(GL_TEXTURE_BUFFER, (GLsizeiptr)MAX(bytes, 16), bytes >= 16 ? values : NULL, GL_DYNAMIC_DRAW);
    if (bytes > 0 && bytes < 16)
        glBufferSubData(GL_TEXTURE_BUFFER, 0, (GLsizeiptr)bytes, values);
}

static void array_bind(const Array *array, int unit)
{
    glActiveTexture(GL_TEXTURE0 + (GLenum)unit);
    glBindTexture(GL_TEXTURE_BUFFER, array->texture);
}

static void array_free(Array *array)
{
    glDeleteTextures(1, &array->texture);
    glDeleteBuffers(1, &array->buffer);
}

static void set_unit(GLuint program, const char *name, int unit)
{
    GLint place = glGetUniformLocation(program, name);
    if (place >= 0)
        glUniform1i(place, unit);
}

static void set_number(GLuint program, const char *name, float value)
{
    glUniform1f(glGetUniformLocation(program, name), value);
}

static GLuint program_with_units(const char *vertex, const char *fragment, GError **error)
{
    GLuint program = alloy_program_new(vertex, fragment, error);
    if (program == 0)
        return 0;
    glUseProgram(program);
    GLuint block = glGetUniformBlockIndex(program, "View");
    if (block != GL_INVALID_INDEX)
        glUniformBlockBinding(program, block, 0);
    set_unit(program, "spheres", UNIT_SPHERES);
    set_unit(program, "colours", UNIT_COLOURS);
    set_unit(program, "flags", UNIT_FLAGS);
    set_unit(program, "ids", UNIT_IDS);
    set_unit(program, "depths", UNIT_DEPTHS);
    set_unit(program, "sky", UNIT_SKY);
    return program;
}

AlloyRenderer *alloy_renderer_new(GError **error)
{
    int version = epoxy_gl_version();
    if (!epoxy_is_desktop_gl() || version < 33) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                    "OpenGL 3.3 is needed to draw models; this is %s %d.%d (%s)",
                    epoxy_is_desktop_gl() ? "OpenGL" : "OpenGL ES", version / 10, version % 10,
                    alloy_renderer_driver());
        return NULL;
    }
    AlloyRenderer *renderer = g_new0(AlloyRenderer, 1);
    renderer->spheres_program = program_with_units("sphere.vert", "sphere.frag", error);
    if (renderer->spheres_program != 0)
        renderer->occlusion_program = program_with_units("screen.vert", "occlusion.frag", error);
    if (renderer->occlusion_program != 0)
        renderer->shade_program = program_with_units("screen.vert", "shade.frag", error);
    if (renderer->shade_program == 0) {
        alloy_renderer_free(renderer);
        return NULL;
    }
    array_new(&renderer->spheres, GL_RGBA32F);
    array_new(&renderer->colours, GL_RGBA8);
    array_new(&renderer->flags, GL_R8UI);
    glGenBuffers(1, &renderer->view_buffer);
    glGenBuffers(1, &renderer->drawn_buffer);
    glGenVertexArrays(1, &renderer->vertices);
    glGenVertexArrays(1, &renderer->empty);
    glBindVertexArray(renderer->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, renderer->drawn_buffer);
    GLint place = glGetAttribLocation(renderer->spheres_program, "atom");
    glEnableVertexAttribArray((GLuint)place);
    glVertexAttribIPointer((GLuint)place, 1, GL_UNSIGNED_INT, 0, NULL);
    glVertexAttribDivisor((GLuint)place, 1);
    glBindVertexArray(0);
    return renderer;
}

static void drop_targets(AlloyRenderer *renderer)
{
    GLuint textures[3] = {renderer->ids, renderer->depths, renderer->sky};
    GLuint framebuffers[2] = {renderer->seen_target, renderer->sky_target};
    glDeleteTextures(3, textures);
    glDeleteFramebuffers(2, framebuffers);
    renderer->width = renderer->height = 0;
}

void alloy_renderer_free(AlloyRenderer *renderer)
{
    if (renderer == NULL)
        return;
    drop_targets(renderer);
    array_free(&renderer->spheres);
    array_free(&renderer->colours);
    array_free(&renderer->flags);
    GLuint buffers[2] = {renderer->view_buffer, renderer->drawn_buffer};
    GLuint arrays[2] = {renderer->vertices, renderer->empty};
    glDeleteBuffers(2, buffers);
    glDeleteVertexArrays(2, arrays);
    glDeleteProgram(renderer->spheres_program);
    glDeleteProgram(renderer->occlusion_program);
    glDeleteProgram(renderer->shade_program);
    g_free(renderer);
}

static GLuint target_texture(GLenum internal, GLenum format, GLenum type, int width, int height)
{
    GLuint texture;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexImage2D(GL_TEXTURE_2D, 0, (GLint)internal, width, height, 0, format, type, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    return texture;
}

static gboolean make_targets(AlloyRenderer *renderer, int width, int height, GError **error)
{
    if (renderer->width == width && renderer->height == height)
        return TRUE;
    GLint most = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
    if (width < 1 || height < 1 || width > most || height > most)
        return alloy_input_error(
            error, "a picture of %d x %d pixels at once: this driver draws 1 to %d in each direction", width,
            height, most);
    drop_targets(renderer);
    glActiveTexture(GL_TEXTURE0 + UNIT_IDS);
    renderer->ids = target_texture(GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, width, height);
    glActiveTexture(GL_TEXTURE0 + UNIT_DEPTHS);
    renderer->depths = target_texture(GL_DEPTH_COMPONENT32F, GL_DEPTH_COMPONENT, GL_FLOAT, width, height);
    glActiveTexture(GL_TEXTURE0 + UNIT_SKY);
    renderer->sky = target_texture(GL_R8, GL_RED, GL_UNSIGNED_BYTE, width, height);
    glGenFramebuffers(1, &renderer->seen_target);
    glBindFramebuffer(GL_FRAMEBUFFER, renderer->seen_target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, renderer->ids, 0);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_TEXTURE_2D, renderer->depths, 0);
    GLenum state = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    glGenFramebuffers(1, &renderer->sky_target);
    glBindFramebuffer(GL_FRAMEBUFFER, renderer->sky_target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, renderer->sky, 0);
    if (state != GL_FRAMEBUFFER_COMPLETE) {
        g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
                    "this driver (%s) cannot draw into a picture of ids with a float depth (state 0x%x)",
                    alloy_renderer_driver(), state);
        return FALSE;
    }
    renderer->width = width;
    renderer->height = height;
    renderer->seen = FALSE;
    return TRUE;
}

static void upload(AlloyRenderer *renderer, AlloyScene *scene)
{
    AlloySceneChanges now = alloy_scene_changes(scene);
    gboolean all = !renderer->uploaded || renderer->scene != scene;
    const AlloyAtoms *atoms = alloy_scene_atoms(scene);
    size_t n = atoms != NULL ? atoms->n : 0;
    if (all || now.geometry != renderer->changes.geometry) {
        double origin[3];
        array_fill(&renderer->spheres, alloy_scene_spheres(scene, origin), n * 4 * sizeof(float));
        const uint32_t *drawn = alloy_scene_drawn(scene, &renderer->n_drawn);
        glBindBuffer(GL_ARRAY_BUFFER, renderer->drawn_buffer);
        glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)(renderer->n_drawn * sizeof *drawn), drawn,
                     GL_DYNAMIC_DRAW);
        renderer->seen = FALSE;
    }
    if (all || now.colours != renderer->changes.colours)
        array_fill(&renderer->colours, alloy_scene_colours(scene), n * 4);
    if (all || now.flags != renderer->changes.flags)
        array_fill(&renderer->flags, alloy_scene_flags(scene), n);
    renderer->changes = now;
    renderer->scene = scene;
    renderer->uploaded = TRUE;
}

/* State that GTK, or the pass before, may have left otherwise. */
static void settle(AlloyRenderer *renderer, GLuint target, int x, int y)
{
    glBindFramebuffer(GL_FRAMEBUFFER, target);
    glViewport(x, y, renderer->tile.width, renderer->tile.height);
    glDisable(GL_BLEND);
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_CULL_FACE);
    glDisable(GL_STENCIL_TEST);
    glDisable(GL_DEPTH_TEST);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glBindBufferBase(GL_UNIFORM_BUFFER, 0, renderer->view_buffer);
    array_bind(&renderer->spheres, UNIT_SPHERES);
    array_bind(&renderer->colours, UNIT_COLOURS);
    array_bind(&renderer->flags, UNIT_FLAGS);
}

gboolean alloy_renderer_see(AlloyRenderer *renderer, AlloyScene *scene, const AlloyCamera *camera,
                            const AlloyTile *tile, GError **error)
{
    upload(renderer, scene);
    if (!make_targets(renderer, tile->width, tile->height, error))
        return FALSE;
    if (renderer->seen && memcmp(&renderer->camera, camera, sizeof *camera) == 0 &&
        memcmp(&renderer->tile, tile, sizeof *tile) == 0)
        return TRUE;
    renderer->camera = *camera;
    renderer->tile = *tile;
    alloy_view_make(&renderer->view, scene, camera, tile);
    glBindBuffer(GL_UNIFORM_BUFFER, renderer->view_buffer);
    glBufferData(GL_UNIFORM_BUFFER, sizeof renderer->view, &renderer->view, GL_DYNAMIC_DRAW);
    settle(renderer, renderer->seen_target, 0, 0);
    glEnable(GL_DEPTH_TEST);
    glDepthFunc(GL_LESS);
    glDepthMask(GL_TRUE);
    const GLuint nothing[4] = {0, 0, 0, 0};
    const GLfloat farthest = 1;
    glClearBufferuiv(GL_COLOR, 0, nothing);
    glClearBufferfv(GL_DEPTH, 0, &farthest);
    if (renderer->n_drawn > 0) {
        glUseProgram(renderer->spheres_program);
        glBindVertexArray(renderer->vertices);
        glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)renderer->n_drawn);
        glBindVertexArray(0);
    }
    renderer->seen = TRUE;
    return TRUE;
}

static void bind_seen(const AlloyRenderer *renderer)
{
    const GLuint textures[3] = {renderer->ids, renderer->depths, renderer->sky};
    for (int k = 0; k < 3; k++) {
        glActiveTexture((GLenum)(GL_TEXTURE0 + UNIT_IDS + k));
        glBindTexture(GL_TEXTURE_2D, textures[k]);
    }
}

void alloy_renderer_shade(AlloyRenderer *renderer, const AlloyQuality *quality, unsigned target, int x, int y)
{
    g_return_if_fail(renderer->seen);
    const AlloyLook *look = alloy_scene_look(renderer->scene);
    gboolean occlusion = look->occlusion > 0 && !quality->plain;
    bind_seen(renderer);
    glBindVertexArray(renderer->empty);
    if (occlusion) {
        settle(renderer, renderer->sky_target, 0, 0);
        glUseProgram(renderer->occlusion_program);
        set_number(renderer->occlusion_program, "reach", look->reach);
        glUniform1i(glGetUniformLocation(renderer->occlusion_program, "samples"), 16);
        glDrawArrays(GL_TRIANGLES, 0, 3);
    }
    settle(renderer, target, x, y);
    GLuint program = renderer->shade_program;
    glUseProgram(program);
    const float *b = look->background;
    glUniform4f(glGetUniformLocation(program, "background"), b[0] * b[3], b[1] * b[3], b[2] * b[3], b[3]);
    glUniform4fv(glGetUniformLocation(program, "highlight"), 1, look->highlight);
    set_number(program, "occlusion", occlusion ? look->occlusion : 0);
    set_number(program, "outline", look->outline);
    set_number(program, "outline_width", quality->pixel_scale > 0 ? (float)quality->pixel_scale : 1);
    set_number(program, "cue", look->cue);
    set_number(program, "ghost", look->ghost);
    set_number(program, "flat_shade", look->flat);
    glDrawArrays(GL_TRIANGLES, 0, 3);
    glBindVertexArray(0);
}

void alloy_renderer_read(AlloyRenderer *renderer, int x, int y, int width, int height, uint32_t *ids,
                         float *view_z)
{
    g_return_if_fail(renderer->seen);
    glBindFramebuffer(GL_FRAMEBUFFER, renderer->seen_target);
    glReadBuffer(GL_COLOR_ATTACHMENT0);
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glReadPixels(x, y, width, height, GL_RED_INTEGER, GL_UNSIGNED_INT, ids);
    if (view_z == NULL)
        return;
    glReadPixels(x, y, width, height, GL_DEPTH_COMPONENT, GL_FLOAT, view_z);
    float near = renderer->view.near_z, far = renderer->view.far_z;
    for (size_t k = 0; k < (size_t)width * (size_t)height; k++)
        view_z[k] = near - view_z[k] * (near - far);
}
