/* empty-window.c - an AdwApplicationWindow with nothing in it: what ours is compared with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Says the same as the program when its first frame is painted (G_MESSAGES_DEBUG=porch-start), and
 * ends.
 */
#include <adwaita.h>

static void
on_painted (GdkFrameClock *clock, GtkWindow *window)
{
  g_log ("porch-start", G_LOG_LEVEL_DEBUG, "first frame");
  g_signal_handlers_disconnect_by_func (clock, on_painted, window);
  gtk_window_destroy (window);
}

static void
on_activate (GtkApplication *app, gpointer data)
{
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", app,
                                    "default-width", 1280, "default-height", 800, NULL);

  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted),
                    window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app =
    g_object_new (ADW_TYPE_APPLICATION, "flags", G_APPLICATION_NON_UNIQUE, NULL);

  g_signal_connect (app, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (app), argc, argv);
}
