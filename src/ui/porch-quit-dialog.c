/* porch-quit-dialog.c - asks before the program ends while conversations are open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-quit-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  GtkWindow *window;
  PorchQuitAnswered answered;
  gpointer data;
} Asking;

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Asking *asking = data;
  PorchQuitAnswer answer = PORCH_QUIT_CANCEL;

  if (g_strcmp0 (response, "quit") == 0)
    answer = PORCH_QUIT_NOW;
  else if (g_strcmp0 (response, "background") == 0)
    answer = PORCH_QUIT_BACKGROUND;
  asking->answered (asking->window, answer, asking->data);
}

void
porch_quit_dialog_ask (GtkWindow *window,
                       gint64 n_open,
                       gboolean can_stay,
                       PorchQuitAnswered answered,
                       gpointer data)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource (PORCH_RESOURCE_PATH "/ui/porch-quit-dialog.ui");
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (gtk_builder_get_object (builder, "dialog"));
  Asking *asking = g_new (Asking, 1);

  g_return_if_fail (n_open > 0);

  *asking = (Asking){ window, answered, data };
  adw_message_dialog_format_body (
    dialog,
    ngettext ("%d conversation is open. Nobody can write to you until you start Porchlight again; "
              "the chat says so, and keeps what visitors type.",
              "%d conversations are open. Nobody can write to you until you start Porchlight "
              "again; the chat says so, and keeps what visitors type.",
              (gulong) n_open),
    (int) MIN (n_open, G_MAXINT));
  if (can_stay)
    adw_message_dialog_add_response (dialog, "background", _ ("Close the _Window Only"));
  adw_message_dialog_add_response (dialog, "quit", _ ("_Quit"));
  adw_message_dialog_set_response_appearance (dialog, "quit", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), asking,
                         (GClosureNotify) G_CALLBACK (g_free), 0);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), window);
  gtk_window_present (GTK_WINDOW (dialog));
}
