/* porch-local-call.c - one operation on a folder, whoever serves it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-local-call.h"

#include "porch-error.h"
#include "porch-host.h"
#include "porch-paths.h"
#include "porch-problem.h"

#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>

gboolean
porch_local_is_served (const char *folder)
{
  g_autofree char *path = porch_paths_dup_socket (folder);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

typedef struct {
  GMainLoop *loop;
  GBytes *answer;
  GError *error;
} Call;

static void
on_answered (GObject *session, GAsyncResult *result, gpointer data)
{
  Call *call = data;

  call->answer = soup_session_send_and_read_finish (SOUP_SESSION (session), result, &call->error);
  g_main_loop_quit (call->loop);
}

static void
on_stopped (gpointer data)
{
  g_main_loop_quit (data);
}

static char *
read_answer (SoupMessage *message, Call *call, GError **error)
{
  gsize length = 0;
  const char *text = call->answer != NULL ? g_bytes_get_data (call->answer, &length) : NULL;
  const guint status = soup_message_get_status (message);

  if (call->error != NULL) {
    g_propagate_prefixed_error (error, g_steal_pointer (&call->error), "asking the server: ");
    return NULL;
  }
  if (status >= 300) {
    g_propagate_error (error, porch_problem_to_error (status, text, length, NULL));
    return NULL;
  }
  return g_strndup (text != NULL ? text : "", length);
}

char *
porch_local_call (const char *folder, PorchOpId op, GString *body, GError **error)
{
  g_autofree char *path = porch_paths_dup_socket (folder);
  g_autofree char *op_path = porch_op_build_path (op, NULL, NULL);
  g_autofree char *uri = g_strconcat ("http://localhost", op_path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("remote-connectable", address, "proxy-resolver", NULL, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (porch_op_get (op)->verb, uri);
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (body);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  PorchHost *host = NULL;
  Call call = { .loop = loop };
  char *answer;

  if (!porch_local_is_served (folder)) {
    host = porch_host_new (folder, error);
    if (host == NULL)
      return NULL;
  }
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, on_answered, &call);
  g_main_loop_run (loop);
  answer = read_answer (message, &call, error);
  g_clear_pointer (&call.answer, g_bytes_unref);
  if (host != NULL) {
    porch_host_stop (host, on_stopped, loop);
    g_main_loop_run (loop);
    porch_host_free (host);
  }
  return answer;
}
