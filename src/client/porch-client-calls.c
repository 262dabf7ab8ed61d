/* porch-client-calls.c - one request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-client-parts.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-fetch.h"
#include "porch-problem.h"
#include "porch-secret.h"
#include "porch-stall.h"

/* A page of 200 messages of 4,000 characters is the largest answer. */
#define ANSWER_BYTES (8 * 1024 * 1024)

SoupMessage *
porch_client_make_message (PorchClient *self, PorchOpId op, const char *param, const char *query)
{
  g_autofree char *path = porch_op_build_path (op, param, query);
  g_autofree char *url = g_strconcat (self->base_url, path, NULL);
  SoupMessage *message = soup_message_new (porch_op_get (op)->verb, url);

  if (message != NULL && self->token != NULL) {
    g_autoptr (PorchSecretText) bearer = g_strconcat ("Bearer ", self->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  return message;
}

/* Not our own domain is the network's. UNAUTHORIZED passes too: what is written while one is signed
 * out is sent after signing in. */
gboolean
porch_client_error_passes (const GError *error)
{
  if (error->domain != PORCH_ERROR)
    return TRUE;
  return porch_error_is_retryable (error->code) || error->code == PORCH_ERROR_UNAUTHORIZED;
}

typedef struct {
  SoupMessage *message;
  guint retry_ms;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->message);
  g_free (call);
}

/* The tree of a good answer. One that cannot be read comes from something between us and the
 * server, so the server was not reached. */
static JsonNode *
read_answer (GBytes *body, GError **error)
{
  const gint64 begin = porch_stall_begin ();
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (GError) reason = NULL;
  JsonNode *answer = NULL;

  if (length == 0)
    return json_node_new (JSON_NODE_NULL);
  answer = porch_json_parse (text, length, ANSWER_BYTES, &reason);
  porch_stall_end (begin, "reading an answer");
  if (answer == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_OFFLINE, "reading an answer: %s", reason->message);
  return answer;
}

/* A refusal is the server's word and goes to whoever called. What was no answer at all is OFFLINE,
 * which passes, and is tried again by those who must. */
static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchClient *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  const guint status = soup_message_get_status (call->message);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = porch_fetch_send_finish (result, &error);
  JsonNode *answer = NULL;
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (body != NULL && SOUP_STATUS_IS_SUCCESSFUL (status))
    answer = read_answer (body, &error);
  else if (body != NULL)
    error = porch_problem_to_error (status, text, length, &call->retry_ms);

  if (answer != NULL) {
    g_task_return_pointer (task, answer, (GDestroyNotify) json_node_unref);
    return;
  }
  /* Signed out: the stream would only find out later. */
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED) &&
      self->link == PORCH_LINK_LIVE)
    porch_client_lose (self, error);
  g_task_return_error (task, g_steal_pointer (&error));
}

void
porch_client_call_async (PorchClient *self,
                         PorchOpId op,
                         const char *param,
                         const char *query,
                         GString *body,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GBytes) bytes = body != NULL ? porch_secret_bytes_take (body) : NULL;
  Call *call = NULL;

  g_task_set_source_tag (task, porch_client_call_async);
  if (g_cancellable_is_cancelled (self->cancellable) || self->session == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the client was closed");
    return;
  }
  call = g_new0 (Call, 1);
  g_task_set_task_data (task, call, free_call);
  call->message = porch_client_make_message (self, op, param, query);
  if (call->message == NULL) {
    g_task_return_new_error (task, PORCH_ERROR, PORCH_ERROR_OFFLINE, "%s is no address",
                             self->base_url);
    return;
  }
  if (bytes != NULL)
    soup_message_set_request_body_from_bytes (call->message, "application/json", bytes);
  porch_fetch_send_async (self->session, call->message, ANSWER_BYTES, cancellable, on_answer,
                          g_steal_pointer (&task));
}

guint
porch_client_call_get_retry_ms (GAsyncResult *result)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  return call != NULL ? call->retry_ms : 0;
}

JsonNode *
porch_client_call_finish (PorchClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_heard (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  g_autoptr (GTask) task = data;
  PorchClientHeard heard = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  if (answer != NULL)
    heard (self, task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
porch_client_ask (PorchClient *self,
                  PorchOpId op,
                  GString *body,
                  GTask *task,
                  PorchClientHeard heard)
{
  g_task_set_task_data (task, heard, NULL);
  porch_client_call_async (self, op, NULL, NULL, body, g_task_get_cancellable (task), on_heard,
                           task);
}
