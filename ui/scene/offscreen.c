/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/offscreen.h"

#include "core/base/error.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>

struct _AlloyOffscreen {
    EGLDisplay display;
    EGLContext context;
    AlloyRenderer *renderer;
    char *driver;
    GLuint target, colour;
    int width, height;
};

static gboolean egl_error(GError **error, const char *what)
{
    g_set_error(
        error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY,
        "drawing without a window: EGL %s (error 0x%x); the packages libegl1 and libgl1-mesa-dri bring a "
        "software renderer",
        what, (unsigned)eglGetError());
    return FALSE;
}

static EGLDisplay open_display(void)
{
    EGLDisplay display = EGL_NO_DISPLAY;
    if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless"))
        display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
    if (display == EGL_NO_DISPLAY && epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_device"))
        display = eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, EGL_DEFAULT_DISPLAY, NULL);
    return display != EGL_NO_DISPLAY ? display : eglGetDisplay(EGL_DEFAULT_DISPLAY);
}

static gboolean open_context(AlloyOffscreen *offscreen, GError **error)
{
    static const EGLint config_wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
    static const EGLint wanted[] = {EGL_CONTEXT_MAJOR_VERSION,
                                    3,
                                    EGL_CONTEXT_MINOR_VERSION,
                                    3,
                                    EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                    EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                    EGL_NONE};
    if (!epoxy_has_egl())
        return egl_error(error, "is not there");
    offscreen->display = open_display();
    EGLint major, minor, n = 0;
    if (offscreen->display == EGL_NO_DISPLAY || !eglInitialize(offscreen->display, &major, &minor)) {
        offscreen->display = EGL_NO_DISPLAY;
        return egl_error(error, "does not start");
    }
    if (!eglBindAPI(EGL_OPENGL_API))
        return egl_error(error, "has no OpenGL");
    EGLConfig config = EGL_NO_CONFIG_KHR;
    if (!epoxy_has_egl_extension(offscreen->display, "EGL_KHR_no_config_context") &&
        (!eglChooseConfig(offscreen->display, config_wanted, &config, 1, &n) || n < 1))
        return egl_error(error, "has no configuration for OpenGL");
    offscreen->context = eglCreateContext(offscreen->display, config, EGL_NO_CONTEXT, wanted);
    if (offscreen->context == EGL_NO_CONTEXT)
        return egl_error(error, "has no context of OpenGL 3.3");
    if (!eglMakeCurrent(offscreen->display, EGL_NO_SURFACE, EGL_NO_SURFACE, offscreen->context))
        return egl_error(error, "does not make a context current without a surface");
    return TRUE;
}

AlloyOffscreen *alloy_offscreen_new(GError **error)
{
    g_autoptr(AlloyOffscreen) offscreen = g_new0(AlloyOffscreen, 1);
    offscreen->context = EGL_NO_CONTEXT;
    offscreen->display = EGL_NO_DISPLAY;
    if (!open_context(offscreen, error))
        return NULL;
    offscreen->renderer = alloy_renderer_new(error);
    if (offscreen->renderer == NULL)
        return NULL;
    offscreen->driver = g_strdup(alloy_renderer_driver());
    return g_steal_pointer(&offscreen);
}

static gboolean enter(AlloyOffscreen *offscreen, GError **error)
{
    return eglMakeCurrent(offscreen->display, EGL_NO_SURFACE, EGL_NO_SURFACE, offscreen->context) ||
           egl_error(error, "does not make its context current again");
}

void alloy_offscreen_free(AlloyOffscreen *offscreen)
{
    if (offscreen == NULL)
        return;
    if (offscreen->context != EGL_NO_CONTEXT && enter(offscreen, NULL)) {
        if (offscreen->renderer != NULL)
            alloy_renderer_free(offscreen->renderer);
        glDeleteFramebuffers(1, &offscreen->target);
        glDeleteTextures(1, &offscreen->colour);
        eglMakeCurrent(offscreen->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(offscreen->display, offscreen->context);
    }
    g_free(offscreen->driver);
    g_free(offscreen);
}

const char *alloy_offscreen_driver(const AlloyOffscreen *offscreen)
{
    return offscreen->driver;
}

static void make_target(AlloyOffscreen *offscreen, int width, int height)
{
    if (offscreen->width == width && offscreen->height == height)
        return;
    if (offscreen->target == 0) {
        glGenFramebuffers(1, &offscreen->target);
        glGenTextures(1, &offscreen->colour);
    }
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, offscreen->colour);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glBindFramebuffer(GL_FRAMEBUFFER, offscreen->target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, offscreen->colour, 0);
    offscreen->width = width;
    offscreen->height = height;
}

gboolean alloy_offscreen_picture(AlloyOffscreen *offscreen, AlloyScene *scene, const AlloyCamera *camera,
                                 const AlloyTile *tile, const AlloyQuality *quality, uint32_t *argb,
                                 GError **error)
{
    if (!enter(offscreen, error) || !alloy_renderer_see(offscreen->renderer, scene, camera, tile, error))
        return FALSE;
    make_target(offscreen, tile->width, tile->height);
    alloy_renderer_shade(offscreen->renderer, quality, offscreen->target, 0, 0);
    glBindFramebuffer(GL_FRAMEBUFFER, offscreen->target);
    glReadBuffer(GL_COLOR_ATTACHMENT0);
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    for (int y = 0; y < tile->height; y++)
        glReadPixels(0, y, tile->width, 1, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV,
                     argb + (size_t)(tile->height - 1 - y) * (size_t)tile->width);
    return TRUE;
}

gboolean alloy_offscreen_read(AlloyOffscreen *offscreen, AlloyScene *scene, const AlloyCamera *camera,
                              const AlloyTile *tile, uint32_t *ids, float *view_z, GError **error)
{
    if (!enter(offscreen, error) || !alloy_renderer_see(offscreen->renderer, scene, camera, tile, error))
        return FALSE;
    alloy_renderer_read(offscreen->renderer, 0, 0, tile->width, tile->height, ids, view_z);
    return TRUE;
}
