/* test-opener.c - what nothing opens is said, with the address to take along
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "porch-opener.h"

#include <adwaita.h>

#define ADDRESS  "porchlight-nobody-opens-this:door"
#define LIMIT_MS 20000

/* ---- fixture ---- */

static GtkWindow *
open_window (void)
{
  GtkWindow *window = GTK_WINDOW (adw_window_new ());

  gtk_window_present (window);
  return window;
}

static AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GObject) window = g_list_model_get_item (windows, i);

    if (ADW_IS_MESSAGE_DIALOG (window))
      return ADW_MESSAGE_DIALOG (window);
  }
  return NULL;
}

static gboolean
on_late (gpointer data)
{
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

/* ---- tests ---- */

static void
on_text_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  char **text = data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_told (void)
{
  const guint late = g_timeout_add (LIMIT_MS, on_late, NULL);
  GtkWindow *window = open_window ();
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
  AdwMessageDialog *dialog = NULL;
  g_autofree char *text = NULL;

  porch_opener_open (window, ADDRESS);
  while ((dialog = find_dialog ()) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == window);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), ADDRESS));
  adw_message_dialog_response (dialog, "copy");
  gtk_window_destroy (GTK_WINDOW (dialog));
  gdk_clipboard_read_text_async (clipboard, NULL, on_text_ready, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (text, ==, ADDRESS);
  gtk_window_destroy (window);
  g_source_remove (late);
}

static gboolean
on_enough (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* A window that went meanwhile is told nothing. */
static void
test_gone (void)
{
  GtkWindow *window = open_window ();
  gboolean is_enough = FALSE;

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  porch_opener_open (window, ADDRESS);
  gtk_window_destroy (window);
  g_timeout_add (300, on_enough, &is_enough);
  while (!is_enough)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (find_dialog ());
  g_assert_null (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/opener/told", test_told);
  g_test_add_func ("/opener/gone", test_gone);
  return g_test_run ();
}
