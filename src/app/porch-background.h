/* porch-background.h - asks the desktop to let the program run without a window, and to start it at
 * login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In a sandbox both are the Background portal's to grant. Elsewhere nobody need be asked to run,
 * and starting is an entry in the autostart folder of the XDG Autostart specification.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PorchBackground PorchBackground;

/* Adds the action "app.start-at-login", whose state is what is in force. @app is borrowed and
 * outlives it. @settings may be NULL; it is where a sandbox remembers what the portal granted. */
PorchBackground *
porch_background_new (GApplication *app, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void porch_background_free (PorchBackground *self);

/* When the last window closes. A refusal is logged: the portal tells the owner what it does. */
void porch_background_request (PorchBackground *self);

G_END_DECLS
