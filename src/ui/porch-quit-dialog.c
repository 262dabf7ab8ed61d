/* porch-quit-dialog.c - asks before the program ends while conversations are open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-quit-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What the dialog carries until it is answered. */
#define ASKING "porch-asking"

typedef struct {
  GtkWindow *window;
  PorchQuitAnswer answer;
  PorchQuitAnswered answered;
  gpointer data;
} Asking;

static void
asking_free (gpointer data)
{
  g_object_unref (((Asking *) data)->window);
  g_free (data);
}

static gboolean
tell_answer (gpointer data)
{
  Asking *asking = data;

  asking->answered (asking->window, asking->answer, asking->data);
  return G_SOURCE_REMOVE;
}

/* The dialog must be gone before its window may go. */
static void
on_response (AdwMessageDialog *dialog, const char *response)
{
  Asking *asking = g_object_steal_data (G_OBJECT (dialog), ASKING);

  if (asking == NULL)
    return;
  if (g_strcmp0 (response, "quit") == 0)
    asking->answer = PORCH_QUIT_NOW;
  else if (g_strcmp0 (response, "background") == 0)
    asking->answer = PORCH_QUIT_BACKGROUND;
  else
    asking->answer = PORCH_QUIT_CANCEL;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_answer, asking, asking_free);
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

  *asking = (Asking){ g_object_ref (window), PORCH_QUIT_CANCEL, answered, data };
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
  g_object_set_data_full (G_OBJECT (dialog), ASKING, asking, asking_free);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), NULL);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), window);
  gtk_window_present (GTK_WINDOW (dialog));
}
