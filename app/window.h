/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A window on one document: the view in the middle, what is coloured and selected at its side. */
#define ALLOY_TYPE_WINDOW (alloy_window_get_type())
G_DECLARE_FINAL_TYPE(AlloyWindow, alloy_window, ALLOY, WINDOW, AdwApplicationWindow)

AlloyWindow *alloy_window_new(GtkApplication *application);
/* Opens files, several as the stages of a series. */
void alloy_window_open(AlloyWindow *window, const char *const *paths);

/* Runs the program with windows: one for paths (NULL-terminated; may be empty). The exit status. */
int alloy_application_run(const char *const *paths);

G_END_DECLS
