/* porch-serve.c - the server without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"
#include "porch-host.h"
#include "porch-paths.h"
#include "porch-source.h"

#include <gio/gio.h>
#include <glib-unix.h>
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
    return porch_command_fail (error);
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
