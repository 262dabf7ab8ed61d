/* porch-call.c - one HTTP request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-call-private.h"

#include "porch-error.h"
#include "porch-head.h"
#include "porch-problem.h"
#include "porch-refusal.h"
#include "porch-socket-private.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (PorchCall, porch_call, G_TYPE_OBJECT)

static void
on_over (SoupServerMessage *message, gpointer data)
{
  g_autoptr (PorchCall) self = g_object_ref (data);

  self->door = NULL;
  self->stream->expire = NULL;
  g_clear_signal_handler (&self->handover, message);
  /* The line was cut before our 101 was out. */
  if (self->socket != NULL)
    porch_socket_cut (g_steal_pointer (&self->socket), 1006);
}

/* The handler takes longer than anybody waits. */
static void
expire (gpointer data)
{
  g_autoptr (PorchCall) self = g_object_ref (data);

  self->is_expired = TRUE;
  porch_call_fail_code (self, PORCH_ERROR_BUSY, "the answer took too long");
}

/* May run long after the message is over, and after the server: then there is nobody to answer. */
static void
porch_call_dispose (GObject *object)
{
  PorchCall *self = PORCH_CALL (object);

  if (self->message != NULL && !self->is_answered) {
    if (self->door != NULL)
      g_warning ("%s %s was never answered", porch_call_get_verb (self),
                 porch_call_get_path (self));
    porch_call_fail_code (self, PORCH_ERROR_INTERNAL, "no answer");
  }
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->stream != NULL && self->stream->expire_data == self)
    self->stream->expire = NULL;
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  G_OBJECT_CLASS (porch_call_parent_class)->dispose (object);
}

static void
porch_call_class_init (PorchCallClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_call_dispose;
}

static void
porch_call_init (PorchCall *self)
{
}

/* A name that comes twice counts as absent: two readers could take different ones. */
static gboolean
take_pair (GHashTable *query, const char *pair)
{
  const char *equals = strchr (pair, '=');
  gsize n = equals != NULL ? (gsize) (equals - pair) : strlen (pair);
  g_autofree char *name = porch_head_decode (pair, n, TRUE);
  g_autofree char *value =
    equals != NULL ? porch_head_decode (equals + 1, strlen (equals + 1), TRUE) : g_strdup ("");

  if (name == NULL || value == NULL)
    return FALSE;
  if (g_hash_table_contains (query, name))
    g_clear_pointer (&value, g_free);
  g_hash_table_replace (query, g_steal_pointer (&name), g_steal_pointer (&value));
  return TRUE;
}

static gboolean
read_query (PorchCall *self)
{
  g_auto (GStrv) pairs = NULL;

  if (self->stream->request.query[0] == '\0')
    return TRUE;
  self->query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  pairs = g_strsplit (self->stream->request.query, "&", -1);
  for (char **pair = pairs; *pair != NULL; pair++)
    if (**pair != '\0' && !take_pair (self->query, *pair))
      return FALSE;
  return TRUE;
}

PorchCall *
porch_call_new (SoupServerMessage *message, PorchStream *stream)
{
  PorchCall *self = g_object_new (PORCH_TYPE_CALL, NULL);

  self->message = g_object_ref (message);
  self->stream = g_object_ref (stream);
  self->door = stream->door;
  g_signal_connect (message, "finished", G_CALLBACK (on_over), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_over), self);
  stream->expire = expire;
  stream->expire_data = self;
  if (!read_query (self))
    porch_call_refuse (self, 400);
  return self;
}

void
porch_call_settle (PorchCall *self)
{
  if (self->is_answered || self->door == NULL)
    return;
  self->is_paused = TRUE;
  soup_server_message_pause (self->message);
}

/* ---- what was asked ---- */

const char *
porch_call_get_verb (PorchCall *self)
{
  return self->stream->request.verb;
}

const char *
porch_call_get_path (PorchCall *self)
{
  return self->stream->request.path;
}

const char *
porch_call_get_param (PorchCall *self, const char *name)
{
  return porch_match_get_param (&self->stream->request.match, name);
}

const char *
porch_call_get_query (PorchCall *self, const char *name)
{
  return self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
}

const char *
porch_call_get_header (PorchCall *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

/* RFC 6750: one scheme, one token, no list. */
const char *
porch_call_get_bearer (PorchCall *self)
{
  const char *header = porch_call_get_header (self, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  header += 7;
  return header[0] != '\0' && strpbrk (header, " ,\t") == NULL ? header : NULL;
}

GBytes *
porch_call_get_body (PorchCall *self)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);

  if (self->body == NULL)
    self->body = soup_message_body_flatten (body);
  return self->body;
}

gboolean
porch_call_is_local (PorchCall *self)
{
  return self->stream->peer->is_local;
}

gboolean
porch_call_is_loopback (PorchCall *self)
{
  return self->stream->peer->is_loopback;
}

gboolean
porch_call_is_at_home (PorchCall *self)
{
  return self->stream->request.is_at_home;
}

const char *
porch_call_get_peer (PorchCall *self)
{
  return self->stream->peer->name;
}

/* ---- what is answered ---- */

void
porch_call_guard (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
}

/* Vary is a list that a handler and the sending of a file both add to; of the others the last word
 * counts. */
void
porch_call_set_header (PorchCall *self, const char *name, const char *value)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  g_return_if_fail (strpbrk (value, "\r\n") == NULL);
  if (g_ascii_strcasecmp (name, "Vary") == 0)
    soup_message_headers_append (headers, name, value);
  else
    soup_message_headers_replace (headers, name, value);
}

gboolean
porch_call_begin_answer (PorchCall *self)
{
  if (self->is_answered) {
    /* An answer that comes after we gave up on it is nobody's fault. */
    if (!self->is_expired)
      g_critical ("%s %s was answered twice", porch_call_get_verb (self),
                  porch_call_get_path (self));
    return FALSE;
  }
  self->is_answered = TRUE;
  return self->door != NULL && self->stream->door != NULL;
}

void
porch_call_end_answer (PorchCall *self, guint status, const char *content_type, GBytes *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  /* From here on the deadline is that of the writing. */
  self->stream->expire = NULL;
  porch_stream_enter (self->stream, PORCH_STREAM_REPLY, self->door->limits.reply_ticks);
  soup_server_message_set_status (self->message, status, porch_refusal_get_title (status));
  if (status != SOUP_STATUS_SWITCHING_PROTOCOLS)
    soup_message_headers_replace (headers, "Connection", "close");
  if (content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  if (body != NULL)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
  if (self->is_paused)
    soup_server_message_unpause (self->message);
  self->is_paused = FALSE;
}

void
porch_call_reply (PorchCall *self, guint status, const char *content_type, GBytes *body)
{
  if (porch_call_begin_answer (self))
    porch_call_end_answer (self, status, content_type, body);
}

void
porch_call_reply_json (PorchCall *self, guint status, GString *json)
{
  g_autoptr (GBytes) body = g_string_free_to_bytes (json);

  porch_call_reply (self, status, "application/json", body);
}

void
porch_call_reply_empty (PorchCall *self)
{
  porch_call_reply (self, SOUP_STATUS_NO_CONTENT, NULL, NULL);
}

/* Takes @json. */
static void
reply_problem (PorchCall *self, guint status, char *json, guint retry_after_ms)
{
  g_autoptr (GBytes) body = g_bytes_new_take (json, strlen (json));
  char seconds[16];

  g_snprintf (seconds, sizeof seconds, "%u", porch_refusal_round_up (retry_after_ms));
  if (retry_after_ms > 0)
    porch_call_set_header (self, "Retry-After", seconds);
  porch_call_reply (self, status, "application/problem+json", body);
}

void
porch_call_fail_later (PorchCall *self, int code, const char *message, guint retry_after_ms)
{
  reply_problem (self, porch_problem_status (code),
                 porch_problem_to_json (code, message, retry_after_ms), retry_after_ms);
}

void
porch_call_fail_code (PorchCall *self, int code, const char *message)
{
  porch_call_fail_later (self, code, message, 0);
}

void
porch_call_fail (PorchCall *self, const GError *error)
{
  gboolean is_ours = error->domain == PORCH_ERROR;

  porch_call_fail_code (self, is_ours ? error->code : PORCH_ERROR_INTERNAL, error->message);
}

void
porch_call_refuse (PorchCall *self, guint status)
{
  if (status == 405 && self->stream->request.match.allow != NULL)
    porch_call_set_header (self, "Allow", self->stream->request.match.allow);
  reply_problem (self, status, porch_refusal_to_json (status, 0), 0);
}
