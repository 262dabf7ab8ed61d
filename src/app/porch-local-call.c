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
#include "porch-secret.h"

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

struct _PorchLocal {
  SoupSession *session;
  GMainLoop *loop;
  PorchHost *host; /* NULL: somebody else serves */
};

PorchLocal *
porch_local_open (const char *folder, GError **error)
{
  g_autoptr (PorchLocal) self = g_new0 (PorchLocal, 1);
  g_autofree char *path = porch_paths_dup_socket (folder);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->session =
    soup_session_new_with_options ("remote-connectable", address, "proxy-resolver", NULL, NULL);
  if (porch_local_is_served (folder))
    return g_steal_pointer (&self);
  self->host = porch_host_new (folder, error);
  return self->host != NULL ? g_steal_pointer (&self) : NULL;
}

static void
on_stopped (gpointer data)
{
  g_main_loop_quit (data);
}

void
porch_local_close (PorchLocal *self)
{
  if (self->host != NULL) {
    porch_host_stop (self->host, on_stopped, self->loop);
    g_main_loop_run (self->loop);
    porch_host_free (self->host);
  }
  g_clear_object (&self->session);
  g_main_loop_unref (self->loop);
  g_free (self);
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

static char *
read_answer (SoupMessage *message, Call *call, GError **error)
{
  gsize length = 0;
  const char *text = call->answer != NULL ? g_bytes_get_data (call->answer, &length) : NULL;
  const guint status = soup_message_get_status (message);

  if (call->error != NULL) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_OFFLINE, "asking the server: %s",
                 call->error->message);
    g_clear_error (&call->error);
    return NULL;
  }
  if (status >= 300) {
    g_propagate_error (error, porch_problem_to_error (status, text, length, NULL));
    return NULL;
  }
  return g_strndup (text != NULL ? text : "", length);
}

char *
porch_local_ask (PorchLocal *self, PorchOpId op, GString *body, GError **error)
{
  g_autofree char *op_path = porch_op_build_path (op, NULL, NULL);
  g_autofree char *uri = g_strconcat ("http://localhost", op_path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (porch_op_get (op)->verb, uri);
  g_autoptr (GBytes) bytes = body != NULL ? porch_secret_bytes_take (body) : NULL;
  Call call = { .loop = self->loop };
  char *answer;

  soup_message_set_request_body_from_bytes (message, bytes != NULL ? "application/json" : NULL,
                                            bytes);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_answered,
                                    &call);
  g_main_loop_run (self->loop);
  answer = read_answer (message, &call, error);
  g_clear_pointer (&call.answer, g_bytes_unref);
  return answer;
}

static gboolean
on_waited (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
porch_local_wait (PorchLocal *self, guint ms)
{
  g_timeout_add (ms, on_waited, self->loop);
  g_main_loop_run (self->loop);
}

char *
porch_local_call (const char *folder, PorchOpId op, GString *body, GError **error)
{
  g_autoptr (PorchLocal) local = porch_local_open (folder, error);

  if (local != NULL)
    return porch_local_ask (local, op, body, error);
  g_bytes_unref (porch_secret_bytes_take (body));
  return NULL;
}
