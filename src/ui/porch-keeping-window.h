/* porch-keeping-window.h - what is kept: backups, and secrets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-client.h"

G_BEGIN_DECLS

#define PORCH_TYPE_KEEPING_WINDOW (porch_keeping_window_get_type ())
G_DECLARE_FINAL_TYPE (PorchKeepingWindow,
                      porch_keeping_window,
                      PORCH,
                      KEEPING_WINDOW,
                      AdwPreferencesWindow)

/* Over @parent; @page is "backups" or "secrets". */
GtkWidget *porch_keeping_window_new (GtkWindow *parent, PorchClient *client, const char *page);

G_END_DECLS
