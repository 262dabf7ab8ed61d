/* porch-opener.c - opens an address or a file with the desktop's program for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Not by gtk_show_uri (): that exports the window's handle first, which fails an assertion of
 * GTK 4.8 where a Wayland compositor has no xdg_foreign (Weston), and newer GTK deprecates it. The
 * handle would only place a portal's question above our window.
 */
#include "config.h"

#include "porch-opener.h"

#include "porch-graphics.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  GWeakRef window;
  char *uri;
} Opening;

static void
free_opening (Opening *opening)
{
  g_weak_ref_clear (&opening->window);
  g_clear_pointer (&opening->uri, g_free);
  g_free (opening);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, const char *uri)
{
  if (g_strcmp0 (response, "copy") == 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), uri);
}

static void
tell_failure (GtkWindow *window, const char *uri)
{
  GtkWidget *dialog = adw_message_dialog_new (window, _ ("Nothing here opens this address"), NULL);

  adw_message_dialog_format_body (
    ADW_MESSAGE_DIALOG (dialog),
    /* Translators: %s is an address or a file */
    _ ("%s\n\nCopy it, and open it in a web browser or a file manager."), uri);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close",
                                    _ ("_Close"), "copy", _ ("Copy _Address"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), g_strdup (uri),
                         (GClosureNotify) (GCallback) g_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_launch_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  g_autoptr (GtkWindow) window = g_weak_ref_get (&opening->window);
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error) && window != NULL &&
      gtk_widget_get_realized (GTK_WIDGET (window))) {
    g_message ("opening %s: %s", opening->uri, error->message);
    tell_failure (window, opening->uri);
  }
  free_opening (opening);
}

GAppLaunchContext *
porch_opener_dup_context (GtkWidget *widget)
{
  GdkDisplay *display = gtk_widget_get_display (widget);
  GAppLaunchContext *context = G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (display));

  porch_graphics_clean (context);
  return context;
}

void
porch_opener_open (GtkWindow *window, const char *uri)
{
  g_autoptr (GAppLaunchContext) context = porch_opener_dup_context (GTK_WIDGET (window));
  Opening *opening = g_new0 (Opening, 1);

  g_weak_ref_init (&opening->window, window);
  opening->uri = g_strdup (uri);
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL,
                                           on_launch_ready, opening);
}
