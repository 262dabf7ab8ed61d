/* porch-serve.c - the server without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"
#include "porch-error.h"
#include "porch-host.h"
#include "porch-paths.h"
#include "porch-source.h"
#include "porch-trouble.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

typedef struct {
  GMainLoop *loop;
  PorchHost *host;
  gboolean is_stopping;
} Serving;

static void
on_stopped (gpointer data)
{
  g_main_loop_quit (((Serving *) data)->loop);
}

static gboolean
on_signal (gpointer data)
{
  Serving *serving = data;

  if (!serving->is_stopping) {
    serving->is_stopping = TRUE;
    porch_host_stop (serving->host, on_stopped, serving);
  }
  return G_SOURCE_CONTINUE;
}

/* What a window would say, to whoever reads the log. */
static int
fail (const char *folder, const GError *error)
{
  PorchTroubleWords words;

  porch_command_fail (error);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_IN_USE))
    return 1;
  porch_trouble_describe (folder, error, &words);
  fprintf (stderr, "%s. %s\n", words.title, words.text);
  if (words.is_damaged)
    /* Translators: of a terminal; the commands stay as they are */
    fprintf (stderr, "%s\n",
             _ ("In a terminal: porchlight check --repair, or porchlight restore FILE."));
  return 1;
}

int
porch_command_serve (int argc, char **argv)
{
  g_autofree char *data = NULL, *listen = NULL, *folder = NULL, *address = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "Where visitors reach it", "ADDR:PORT" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- serve without a window");
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Serving serving = { .loop = loop };
  guint16 port = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      !porch_paths_parse_listen (listen ? listen : PORCH_DEFAULT_LISTEN, &address, &port, &error))
    return porch_command_fail (error);
  folder = porch_paths_dup_folder (data);
  serving.host = porch_host_new (folder, &error);
  if (serving.host == NULL)
    return fail (folder, error);
  if (!porch_host_listen (serving.host, address, port, FALSE, &error)) {
    porch_host_free (serving.host);
    return porch_command_fail (error);
  }
  g_unix_signal_add (SIGTERM, on_signal, &serving);
  g_unix_signal_add (SIGINT, on_signal, &serving);
  printf ("{\"listening\":\"%s\"}\n", porch_host_get_address (serving.host));
  fflush (stdout);
  g_main_loop_run (loop);
  porch_host_free (serving.host);
  return 0;
}
