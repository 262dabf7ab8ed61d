/* porch-desktop-settings.c - what this desktop remembers of the window and of a person's taste
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-desktop-settings.h"

GSettings *
porch_desktop_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  /* g_settings_new () would end the program. */
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, PORCH_APPLICATION_ID, TRUE);
  if (schema == NULL) {
    g_debug ("the schema %s is not installed: nothing is remembered", PORCH_APPLICATION_ID);
    return NULL;
  }
  return g_settings_new_full (schema, NULL, NULL);
}

void
porch_desktop_settings_keep_window (GtkWindow *window)
{
  g_autoptr (GSettings) settings = porch_desktop_settings_new ();

  if (settings == NULL)
    return;
  /* Written once, when the window goes: in a sandbox each write is a file, and a person who drags
   * an edge makes hundreds. */
  g_settings_delay (settings);
  g_settings_bind (settings, "window-width", window, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", window, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", window, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (window, "unrealize", G_CALLBACK (g_settings_apply), settings,
                           G_CONNECT_SWAPPED);
}
