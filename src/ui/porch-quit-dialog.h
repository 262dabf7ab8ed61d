/* porch-quit-dialog.h - asks before the program ends while conversations are open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_QUIT_CANCEL,
  PORCH_QUIT_BACKGROUND, /* close the window, go on serving */
  PORCH_QUIT_NOW,
} PorchQuitAnswer;

typedef void (*PorchQuitAnswered) (GtkWindow *window, PorchQuitAnswer answer, gpointer data);

/* @n_open is at least 1. Going on in the background is offered when @can_stay. @data must live as
 * long as @window. */
void porch_quit_dialog_ask (GtkWindow *window,
                            gint64 n_open,
                            gboolean can_stay,
                            PorchQuitAnswered answered,
                            gpointer data);

G_END_DECLS
