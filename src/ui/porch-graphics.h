/* porch-graphics.h - OpenGL only where a graphics card draws it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TRUE when below @devices (/dev) there is what Mesa or NVIDIA's driver draws with. Reads one
 * folder. */
gboolean porch_graphics_has_card (const char *devices);

/* Before GTK is initialised, and before there is a second thread: changes the environment. */
void porch_graphics_prepare (void);

/* Takes what porch_graphics_prepare () set out of what @context starts. */
void porch_graphics_clean (GAppLaunchContext *context);

G_END_DECLS
