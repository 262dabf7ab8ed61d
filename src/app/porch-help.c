/* porch-help.c - opens the help: in the desktop's viewer, or the same pages in the browser
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many desktops have no viewer for help: addresses, and a program that was only built has nothing
 * installed. So the places where the pages may be are tried one after the other.
 */
#include "config.h"

#include "porch-help.h"

#include "porch-opener.h"
#include "porch-paths.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define VIEWER_ADDRESS "help:porchlight"

typedef struct {
  GtkApplication *app;
  GQueue places; /* addresses that were not tried yet */
} Opening;

static void
free_opening (Opening *opening)
{
  g_queue_clear_full (&opening->places, g_free);
  g_clear_object (&opening->app);
  g_free (opening);
}

/* ---- where it may be ---- */

/* The address of the first page below @folder in the person's language, or NULL. */
static char *
find_pages (const char *folder)
{
  const char *const *languages = g_get_language_names ();

  for (guint i = 0; languages[i] != NULL; i++) {
    g_autofree char *path = g_build_filename (folder, languages[i], "index.html", NULL);

    if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return g_filename_to_uri (path, NULL, NULL);
  }
  return NULL;
}

static gboolean
is_in_viewer (void)
{
  const char *const *folders = g_get_system_data_dirs ();

  for (guint i = 0; folders[i] != NULL; i++) {
    g_autofree char *path = g_build_filename (folders[i], "help", "C", "porchlight", NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      return TRUE;
  }
  return FALSE;
}

static void
add_place (Opening *opening, char *address)
{
  if (address != NULL)
    g_queue_push_tail (&opening->places, address);
}

static void
list_places (Opening *opening)
{
  /* The viewer of the desktop outside does not see into a sandbox. */
  const gboolean is_sandboxed = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
  g_autofree char *built = porch_paths_dup_built ("help/html");

  if (built != NULL)
    add_place (opening, find_pages (built));
  if (!is_sandboxed && is_in_viewer ())
    add_place (opening, g_strdup (VIEWER_ADDRESS));
  add_place (opening, find_pages (PORCH_HELP_HTML_DIR));
}

/* ---- opening ---- */

static void open_next (Opening *opening);

static void
on_shown (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  g_autoptr (GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error)) {
    free_opening (opening);
    return;
  }
  g_message ("opening the help: %s", error->message);
  open_next (opening);
}

static void
tell_failure (GtkWindow *window)
{
  GtkWidget *dialog = adw_message_dialog_new (
    window,
    _ ("Help could not be opened"),
       _ ("It needs a help viewer such as Yelp, or a web browser and the pages that are installed "
       "with Porchlight."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
open_next (Opening *opening)
{
  GtkWindow *window = gtk_application_get_active_window (opening->app);
  g_autofree char *address = g_queue_pop_head (&opening->places);

  if (window != NULL && address != NULL) {
    g_autoptr (GAppLaunchContext) context = porch_opener_dup_context (GTK_WIDGET (window));

    g_app_info_launch_default_for_uri_async (address, context, NULL, on_shown, opening);
    return;
  }
  if (window != NULL)
    tell_failure (window);
  free_opening (opening);
}

static void
on_help (GSimpleAction *action, GVariant *parameter, gpointer app)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->app = g_object_ref (app);
  g_queue_init (&opening->places);
  list_places (opening);
  open_next (opening);
}

void
porch_help_add_action (GtkApplication *app)
{
  static const char *const keys[] = { "F1", NULL };
  static const GActionEntry entries[] = { { .name = "help", .activate = on_help } };

  g_action_map_add_action_entries (G_ACTION_MAP (app), entries, G_N_ELEMENTS (entries), app);
  gtk_application_set_accels_for_action (app, "app.help", keys);
}
