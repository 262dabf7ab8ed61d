/* porch-desktop-settings.h - what this desktop remembers of the window and of a person's taste
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GSettings, by the schema that is installed with the program. Where the schema is not found
 * everything works with the defaults, and nothing is remembered.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_SETTING_NOTIFICATION_SOUND "notification-sound"

/* NULL: the schema is not installed. */
GSettings *porch_desktop_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Gives @window the size it had last, and remembers the one it has when it goes. */
void porch_desktop_settings_keep_window (GtkWindow *window);

G_END_DECLS
