/* porch-stay.h - goes on without a window, and asks before it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chat server that ends with its window is none. So closing the last window leaves the program
 * running, which it says once; starting the program again brings a window back. Quitting, which
 * visitors notice, asks first while conversations are open. While there are any the computer is
 * kept from falling asleep by itself, unless the owner does not want that.
 *
 * Adds the actions "app.quit" and "app.keep-awake".
 */
#pragma once

#include "porch-notifier.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _PorchStay PorchStay;

/* @app is borrowed and outlives it. @is_kept: whether there is something to go on for without a
 * window. @settings may be NULL. @ended is called once, when the last window has gone for good. */
PorchStay *porch_stay_new (GtkApplication *app,
                           PorchMirror *mirror,
                           PorchNotifier *notifier,
                           GSettings *settings,
                           gboolean is_kept,
                           void (*ended) (gpointer data),
                           gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void porch_stay_free (PorchStay *self);

/* For every window: what closing it means is decided here. */
void porch_stay_watch (PorchStay *self, GtkWindow *window);
/* Ends without asking: somebody outside said so. */
void porch_stay_end (PorchStay *self);

G_END_DECLS
