/* porch-help.h - opens the help
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the action "app.help" and its key, F1. */
void porch_help_add_action (GtkApplication *app);

G_END_DECLS
