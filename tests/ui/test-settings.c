/* test-settings.c - what is remembered of the window, and what happens where nothing is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs twice: with the schema of the build folder, and ("without") where there is none.
 */
#include "config.h"

#include "porch-desktop-settings.h"

#include <adwaita.h>

static GtkWindow *
make_window (void)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, 700, 500);
  porch_desktop_settings_keep_window (window);
  gtk_window_present (window);
  while (!gtk_widget_get_mapped (GTK_WIDGET (window)))
    g_main_context_iteration (NULL, TRUE);
  return window;
}

static void
assert_size (GtkWindow *window, int width, int height)
{
  int got_width, got_height;

  gtk_window_get_default_size (window, &got_width, &got_height);
  g_assert_cmpint (got_width, ==, width);
  g_assert_cmpint (got_height, ==, height);
}

static void
test_window (void)
{
  g_autoptr (GSettings) settings = porch_desktop_settings_new ();
  GtkWindow *window;

  g_assert_nonnull (settings);
  window = make_window ();
  assert_size (window, 1280, 800);
  gtk_window_set_default_size (window, 901, 602);
  /* Not at every pixel of a drag. */
  g_assert_cmpint (g_settings_get_int (settings, "window-width"), ==, 1280);
  gtk_window_destroy (window);
  g_assert_cmpint (g_settings_get_int (settings, "window-width"), ==, 901);
  g_assert_cmpint (g_settings_get_int (settings, "window-height"), ==, 602);

  window = make_window ();
  assert_size (window, 901, 602);
  gtk_window_destroy (window);
}

static void
test_maximized (void)
{
  g_autoptr (GSettings) settings = porch_desktop_settings_new ();
  GtkWindow *window;

  g_settings_set_boolean (settings, "window-maximized", TRUE);
  g_settings_set_int (settings, "window-width", 901);
  window = GTK_WINDOW (gtk_window_new ());
  porch_desktop_settings_keep_window (window);
  /* Nothing manages windows here: what it asks for counts. */
  g_assert_true (gtk_window_is_maximized (window));
  g_assert_cmpint (g_settings_get_int (settings, "window-width"), ==, 901);
  gtk_window_destroy (window);
}

static void
test_without (void)
{
  GtkWindow *window;

  g_assert_null (porch_desktop_settings_new ());
  window = make_window ();
  assert_size (window, 700, 500);
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  if (g_getenv ("GSETTINGS_SCHEMA_DIR") != NULL) {
    g_test_add_func ("/settings/window", test_window);
    g_test_add_func ("/settings/maximized", test_maximized);
  } else {
    g_test_add_func ("/settings/without", test_without);
  }
  return g_test_run ();
}
