/* porch-fetch.c - one HTTP request, its whole answer, and no more of it than was agreed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fetch.h"

#include <gio/gunixsocketaddress.h>

#include "porch-error.h"

#define CHUNK_BYTES (64 * 1024)
/* A window opens several lists and sends to several conversations at once. */
#define CONNECTIONS 16

typedef struct {
  GInputStream *stream;
  GByteArray *body;
  gsize max_bytes;
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_clear_object (&reading->stream);
  g_clear_pointer (&reading->body, g_byte_array_unref);
  g_free (reading);
}

SoupSession *
porch_fetch_session_new (const char *unix_path, guint timeout_s)
{
  g_autoptr (GSocketAddress) address =
    unix_path != NULL ? g_unix_socket_address_new (unix_path) : NULL;
  SoupSession *session =
    g_object_new (SOUP_TYPE_SESSION, "remote-connectable", address, "timeout", timeout_s,
                  "max-conns", CONNECTIONS, "max-conns-per-host", CONNECTIONS, NULL);

  /* On its own way to its own server no proxy has a place. */
  if (unix_path != NULL)
    soup_session_set_proxy_resolver (session, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  return session;
}

GError *
porch_fetch_wrap_error (const GError *error)
{
  if (error->domain == PORCH_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  return g_error_new (PORCH_ERROR, PORCH_ERROR_OFFLINE, "reaching the server: %s", error->message);
}

static void
return_wrapped (GTask *task, const GError *error)
{
  g_task_return_error (task, porch_fetch_wrap_error (error));
}

static void read_more (GTask *task);

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize size = 0;
  gconstpointer at = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (bytes == NULL) {
    return_wrapped (task, error);
    return;
  }
  if (size == 0) {
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&reading->body)),
                           (GDestroyNotify) g_bytes_unref);
    return;
  }
  if (reading->body->len + size > reading->max_bytes) {
    g_task_return_new_error (task, PORCH_ERROR, PORCH_ERROR_TOO_LARGE,
                             "reading an answer: it has more than %" G_GSIZE_FORMAT " bytes",
                             reading->max_bytes);
    return;
  }
  g_byte_array_append (reading->body, at, (guint) size);
  read_more (g_steal_pointer (&task));
}

/* Takes @task. */
static void
read_more (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (reading->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_read, task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  reading->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (reading->stream == NULL) {
    return_wrapped (task, error);
    return;
  }
  read_more (g_steal_pointer (&task));
}

void
porch_fetch_send_async (SoupSession *session,
                        SoupMessage *message,
                        gsize max_bytes,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  /* No source object: whoever asked must be able to go while this is on its way. */
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, porch_fetch_send_async);
  reading->body = g_byte_array_new ();
  reading->max_bytes = max_bytes;
  g_task_set_task_data (task, reading, free_reading);

  /* A redirect would carry the token to whoever it names. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, on_sent, task);
}

GBytes *
porch_fetch_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
