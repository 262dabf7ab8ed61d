/* porch-serve.c - the server without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"
#include "porch-error.h"
#include "porch-host.h"
#include "porch-paths.h"
#include "porch-phrase.h"
#include "porch-source.h"
#include "porch-terminal.h"
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

gboolean
porch_command_read_listen (const char *listen, char **address, guint16 *port)
{
  g_autoptr (GError) error = NULL;

  if (porch_paths_parse_listen (listen != NULL ? listen : PORCH_DEFAULT_LISTEN, address, port,
                                &error))
    return TRUE;
  porch_terminal_explain (error, _ ("%s needs an address and a port, such as 127.0.0.1:8642."),
                                    "--listen");
  return FALSE;
}

int
porch_command_fail_to_open (const char *folder, const GError *error)
{
  PorchTroubleWords words;

  porch_trouble_describe (folder, error, &words);
  porch_terminal_refuse ("%s", words.title);
  porch_terminal_say ("%s", words.text);
  if (words.is_damaged)
    /* Translators: of a terminal; the commands stay as they are */
    porch_terminal_say (
      "%s", _ ("In a terminal: porchlight check --repair, or porchlight restore FILE."));
  porch_terminal_say ("  %s", error->message);
  return 1;
}

static int
fail_to_listen (const GError *error)
{
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_UNSUPPORTED))
    return porch_terminal_explain (
      error, "%s",
      _ ("Only an address of this computer is possible so far, such as 127.0.0.1:8642."));
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORBIDDEN))
    return porch_terminal_explain (error, "%s", _ ("This address may not be used."));
  return porch_terminal_explain (error, "%s", porch_phrase_error (error));
}

int
porch_command_serve (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *listen = NULL, *folder = NULL, *address = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
      N_("Where visitors reach it"), N_("ADDR:PORT") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Serving serving = { .loop = loop };
  guint16 port = 0;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv) ||
      !porch_command_read_listen (listen, &address, &port))
    return 1;
  serving.host = porch_host_new (folder, &error);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_IN_USE))
    return porch_terminal_fail (error);
  if (serving.host == NULL)
    return porch_command_fail_to_open (folder, error);
  if (!porch_host_listen (serving.host, address, port, FALSE, &error)) {
    porch_host_free (serving.host);
    return fail_to_listen (error);
  }
  g_unix_signal_add (SIGTERM, on_signal, &serving);
  g_unix_signal_add (SIGINT, on_signal, &serving);
  printf ("{\"listening\":\"%s\"}\n", porch_host_get_address (serving.host));
  fflush (stdout);
  /* Translators: an address, and two keys that are pressed together */
  porch_terminal_tell (_ ("Visitors reach it at %s. Ctrl+C ends it."),
                          porch_host_get_address (serving.host));
  g_main_loop_run (loop);
  porch_host_free (serving.host);
  return 0;
}
