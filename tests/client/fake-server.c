/* fake-server.c - the far side of the wire, small enough to be told what to do wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-server.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-problem.h"

#define DEFAULT_LIMIT 50

/* ---- the log ---- */

static void
broadcast (FakeServer *self, const char *frame)
{
  for (guint i = 0; i < self->sockets->len; i++) {
    SoupWebsocketConnection *socket = g_ptr_array_index (self->sockets, i);

    if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_send_text (socket, frame);
  }
}

void
fake_server_send (FakeServer *self, const char *frame)
{
  broadcast (self, frame);
}

static char *
write_entity (gpointer entity)
{
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_codec_write (&writer, NULL, entity, PORCH_AUDIENCE_STAFF);
  return g_string_free (text, FALSE);
}

/* @data is a whole object. @seq is 0 for an ephemeral one. */
static char *
make_frame (PorchEventType type, gint64 seq, const char *conversation, const char *data)
{
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  if (seq != 0)
    porch_writer_int (&writer, "seq", seq);
  porch_writer_string (&writer, "type", porch_word_nick (porch_event_type_get_type (), (int) type));
  porch_writer_time (&writer, "at", porch_clock_now_us ());
  if (conversation != NULL)
    porch_writer_string (&writer, "conversation", conversation);
  porch_writer_raw (&writer, "data", data);
  porch_writer_end (&writer);
  return g_string_free (text, FALSE);
}

static void
append_event (FakeServer *self, PorchEventType type, const char *conversation, const char *data)
{
  char *frame = make_frame (type, self->seq, conversation, data);

  /* Seqs have holes for what is out of scope: the log keeps an empty place for them. */
  while ((gint64) self->log->len < self->seq - 1)
    g_ptr_array_add (self->log, NULL);
  g_ptr_array_add (self->log, frame);
  broadcast (self, frame);
}

static PorchConversation *
find_conversation (FakeServer *self, const char *id)
{
  for (guint i = 0; i < self->conversations->len; i++) {
    PorchConversation *conversation = g_ptr_array_index (self->conversations, i);

    if (g_strcmp0 (conversation->id, id) == 0)
      return conversation;
  }
  return NULL;
}

static char *
write_message_event (PorchMessage *message, PorchConversation *conversation)
{
  g_autofree char *entity = write_entity (message);
  g_autofree char *state = write_entity (conversation);

  entity[strlen (entity) - 1] = '\0';
  return g_strdup_printf ("%s,\"conversation_state\":%s}", entity, state);
}

static PorchMessage *
store_message (FakeServer *self,
               PorchConversation *conversation,
               PorchActorKind sender,
               PorchMessageKind kind,
               const char *client_id,
               const char *text)
{
  PorchMessage *message = g_object_new (PORCH_TYPE_MESSAGE, NULL);

  message->seq = ++self->seq;
  porch_member_set (&message->conversation, conversation->id);
  porch_member_set (&message->text, text);
  porch_member_set (&message->client_id, client_id);
  message->kind = kind;
  message->sender_kind = sender;
  message->created_at = porch_clock_now_us ();
  if (sender == PORCH_ACTOR_AGENT) {
    porch_member_set (&message->sender, self->agent->id);
    porch_member_set (&message->sender_name, self->agent->name);
  }
  g_ptr_array_add (self->messages, message);

  conversation->last_seq = message->seq;
  conversation->last_message = message->seq;
  conversation->last_at = message->created_at;
  conversation->last_sender = sender;
  porch_member_set (&conversation->last_text, text);
  conversation->n_messages++;
  return message;
}

PorchMessage *
fake_server_add_message (FakeServer *self,
                         PorchConversation *conversation,
                         PorchActorKind sender,
                         const char *text)
{
  return store_message (self, conversation, sender, PORCH_MESSAGE_TEXT, NULL, text);
}

static void
tell_message (FakeServer *self, PorchMessage *message, PorchEventType type)
{
  PorchConversation *conversation = find_conversation (self, message->conversation);
  g_autofree char *data = write_message_event (message, conversation);

  append_event (self, type, conversation->id, data);
}

PorchMessage *
fake_server_say (FakeServer *self, PorchConversation *conversation, const char *text)
{
  PorchMessage *message = fake_server_add_message (self, conversation, PORCH_ACTOR_VISITOR, text);

  tell_message (self, message, PORCH_EVENT_MESSAGE_CREATED);
  return message;
}

void
fake_server_update_message (FakeServer *self, PorchMessage *message)
{
  find_conversation (self, message->conversation)->last_seq = ++self->seq;
  tell_message (self, message, PORCH_EVENT_MESSAGE_UPDATED);
}

void
fake_server_change (FakeServer *self, PorchConversation *conversation, PorchEventType type)
{
  g_autofree char *data = NULL;

  conversation->last_seq = ++self->seq;
  data = write_entity (conversation);
  append_event (self, type, conversation->id, data);
}

void
fake_server_take_away (FakeServer *self, PorchConversation *conversation)
{
  conversation->last_seq = ++self->seq;
  append_event (self, PORCH_EVENT_CONVERSATION_TRANSFERRED, conversation->id, "null");
}

void
fake_server_tell (FakeServer *self,
                  PorchEventType type,
                  const char *conversation,
                  gpointer entity,
                  gboolean is_durable)
{
  g_autofree char *data = write_entity (entity);

  if (is_durable) {
    self->seq++;
    append_event (self, type, conversation, data);
  } else {
    g_autofree char *frame = make_frame (type, 0, conversation, data);

    broadcast (self, frame);
  }
}

PorchConversation *
fake_server_get_conversation (FakeServer *self, const char *id)
{
  PorchConversation *conversation = find_conversation (self, id);

  g_assert_nonnull (conversation);
  return conversation;
}

PorchConversation *
fake_server_add_conversation (FakeServer *self, const char *id, PorchState state)
{
  PorchConversation *conversation = g_object_new (PORCH_TYPE_CONVERSATION, NULL);

  porch_member_set (&conversation->id, id);
  porch_member_set (&conversation->contact, self->contact->id);
  porch_member_set (&conversation->visitor, self->visitor->id);
  porch_member_set (&conversation->department, "general");
  conversation->state = state;
  conversation->last_seq = ++self->seq;
  conversation->created_at = conversation->last_at = porch_clock_now_us ();
  if (state == PORCH_STATE_WAITING || state == PORCH_STATE_MISSED)
    conversation->waiting_since = conversation->created_at;
  g_ptr_array_add (self->conversations, conversation);
  return conversation;
}

/* ---- the stream ---- */

static void
send_ready (FakeServer *self, SoupWebsocketConnection *socket)
{
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "ready");
  porch_writer_string (&writer, "epoch", self->epoch);
  porch_writer_int (&writer, "seq", self->seq);
  porch_codec_write (&writer, "agent", self->agent, PORCH_AUDIENCE_STAFF);
  porch_writer_end (&writer);
  soup_websocket_connection_send_text (socket, text->str);
  g_string_free (text, TRUE);
}

static void
send_reset (FakeServer *self, SoupWebsocketConnection *socket)
{
  g_autofree char *frame = g_strdup_printf (
    "{\"type\":\"reset\",\"reason\":\"epoch\",\"epoch\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}",
    self->epoch, self->seq);

  soup_websocket_connection_send_text (socket, frame);
}

static void
send_missed (FakeServer *self, SoupWebsocketConnection *socket, gint64 since)
{
  for (guint i = (guint) since; i < self->log->len; i++)
    if (g_ptr_array_index (self->log, i) != NULL)
      soup_websocket_connection_send_text (socket, g_ptr_array_index (self->log, i));
}

static void
on_frame (SoupWebsocketConnection *socket, int type, GBytes *frame, FakeServer *self)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (frame, &length);

  if (g_strstr_len (text, (gssize) length, "\"pong\"") != NULL)
    self->n_pongs++;
}

static void
on_stream (SoupServer *soup,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer data)
{
  FakeServer *self = data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) params = soup_form_decode (query != NULL ? query : "");
  const char *since = g_hash_table_lookup (params, "since");
  const char *epoch = g_hash_table_lookup (params, "epoch");

  self->n_calls[PORCH_OP_EVENTS]++;
  g_free (self->last_query[PORCH_OP_EVENTS]);
  self->last_query[PORCH_OP_EVENTS] = g_strdup (query);
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  g_signal_connect (socket, "message", G_CALLBACK (on_frame), self);
  if (self->is_mute)
    return;
  send_ready (self, socket);
  if (since == NULL)
    return;
  if (g_strcmp0 (epoch, self->epoch) != 0 || g_ascii_strtoll (since, NULL, 10) < self->log_start)
    send_reset (self, socket);
  else
    send_missed (self, socket, g_ascii_strtoll (since, NULL, 10));
}

/* ---- answers ---- */

typedef struct {
  FakeServer *server;
  PorchOpId op;
  PorchConversation *conversation;
  GHashTable *query;
  PorchFrame body;
  GString *answer;
  int code; /* PORCH_ERROR, or -1 */
} Request;

static const char *
get_member (Request *request, const char *path)
{
  const PorchMember *member = porch_frame_find (&request->body, path);

  return member != NULL ? member->string : "";
}

static void
answer_entity (Request *request, gpointer entity)
{
  g_autofree char *text = write_entity (entity);

  g_string_assign (request->answer, text);
}

static void
answer_session (Request *request)
{
  FakeServer *self = request->server;
  g_autofree char *sites = g_strdup_printf ("[{\"id\":\"s1\",\"key\":\"KEY\",\"name\":\"Bluebird\","
                                            "\"domains\":[%s],\"is_off\":false}]",
                                            self->domains);
  PorchWriter writer = PORCH_WRITER_INIT (request->answer);

  porch_writer_begin (&writer, NULL);
  porch_writer_boolean (&writer, "is_set_up", self->is_set_up);
  if (self->is_set_up && !self->knows_nobody)
    porch_codec_write (&writer, "agent", self->agent, PORCH_AUDIENCE_STAFF);
  else
    porch_writer_string (&writer, "agent", NULL);
  porch_writer_string (&writer, "business", self->is_set_up ? self->business : NULL);
  porch_writer_raw (&writer, "sites", self->is_set_up ? sites : "[]");
  porch_writer_raw (&writer, "departments", "[]");
  porch_writer_string (&writer, "listening", "http://127.0.0.1:8642");
  porch_writer_string (&writer, "public_address", self->public_address);
  porch_writer_string (&writer, "warning", self->warning);
  porch_writer_end (&writer);
}

static int
compare_last (gconstpointer a, gconstpointer b)
{
  const PorchConversation *left = *(PorchConversation *const *) a;
  const PorchConversation *right = *(PorchConversation *const *) b;

  return left->last_seq > right->last_seq ? -1 : left->last_seq < right->last_seq;
}

static gboolean
is_in (FakeServer *self, PorchConversation *conversation, const char *filter)
{
  const gboolean is_open = conversation->state < PORCH_STATE_RESOLVED;

  if (g_str_equal (filter, "mine"))
    return is_open && g_strcmp0 (conversation->assignee, self->agent->id) == 0;
  if (g_str_equal (filter, "waiting"))
    return conversation->state == PORCH_STATE_WAITING || conversation->state == PORCH_STATE_MISSED;
  if (g_str_equal (filter, "open"))
    return is_open;
  return g_str_equal (filter, "all") || !is_open;
}

static gint64
get_number (Request *request, const char *name, gint64 otherwise)
{
  const char *text = g_hash_table_lookup (request->query, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static void
answer_conversations (Request *request)
{
  FakeServer *self = request->server;
  const char *filter = g_hash_table_lookup (request->query, "filter");
  const gint64 limit = get_number (request, "limit", DEFAULT_LIMIT);
  const gint64 after = get_number (request, "after", G_MAXINT64);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (self->conversations, NULL, NULL);
  PorchWriter writer = PORCH_WRITER_INIT (request->answer);
  g_autofree char *next = NULL;
  gint64 n = 0, last = 0;

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_last);
  porch_writer_begin (&writer, NULL);
  porch_writer_begin_array (&writer, "items");
  for (guint i = 0; i < sorted->len; i++) {
    PorchConversation *conversation = g_ptr_array_index (sorted, i);

    if (!is_in (self, conversation, filter) || conversation->last_seq >= after)
      continue;
    if (n++ == limit) {
      next = g_strdup_printf ("%" G_GINT64_FORMAT, last);
      break;
    }
    last = conversation->last_seq;
    porch_codec_write (&writer, NULL, conversation, PORCH_AUDIENCE_STAFF);
  }
  porch_writer_end_array (&writer);
  porch_writer_string (&writer, "next", next);
  porch_writer_begin (&writer, "counts");
  porch_writer_int (&writer, "mine", 1);
  porch_writer_int (&writer, "waiting", self->n_waiting);
  porch_writer_int (&writer, "open", 3);
  porch_writer_end (&writer);
  porch_writer_end (&writer);
}

static void
answer_conversation (Request *request)
{
  PorchWriter writer = PORCH_WRITER_INIT (request->answer);

  porch_writer_begin (&writer, NULL);
  porch_codec_write (&writer, "conversation", request->conversation, PORCH_AUDIENCE_STAFF);
  porch_codec_write (&writer, "contact", request->server->contact, PORCH_AUDIENCE_STAFF);
  porch_codec_write (&writer, "visitor", request->server->visitor, PORCH_AUDIENCE_STAFF);
  porch_writer_end (&writer);
}

static void
answer_messages (Request *request)
{
  FakeServer *self = request->server;
  const gint64 before = get_number (request, "before", G_MAXINT64);
  const guint limit = (guint) get_number (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  PorchWriter writer = PORCH_WRITER_INIT (request->answer);
  guint first;

  for (guint i = 0; i < self->messages->len; i++) {
    PorchMessage *message = g_ptr_array_index (self->messages, i);

    if (g_str_equal (message->conversation, request->conversation->id) && message->seq < before)
      g_ptr_array_add (found, message);
  }
  first = found->len > limit ? found->len - limit : 0;
  porch_writer_begin (&writer, NULL);
  porch_writer_begin_array (&writer, "items");
  for (guint i = first; i < found->len; i++)
    porch_codec_write (&writer, NULL, g_ptr_array_index (found, i), PORCH_AUDIENCE_STAFF);
  porch_writer_end_array (&writer);
  porch_writer_boolean (&writer, "has_more", first > 0);
  porch_writer_end (&writer);
}

static void
answer_agents (Request *request)
{
  PorchWriter writer = PORCH_WRITER_INIT (request->answer);

  porch_writer_begin (&writer, NULL);
  porch_writer_begin_array (&writer, "items");
  for (guint i = 0; i < request->server->agents->len; i++)
    porch_codec_write (&writer, NULL, g_ptr_array_index (request->server->agents, i),
                       PORCH_AUDIENCE_STAFF);
  porch_writer_end_array (&writer);
  porch_writer_end (&writer);
}

/* The rule of the wire: n <= last is answered again, n = last + 1 is stored, more is a gap. */
static void
take_message (Request *request, PorchMessageKind kind)
{
  FakeServer *self = request->server;
  const char *id = get_member (request, "id"), *text = get_member (request, "text");
  const char *colon = strchr (id, ':');
  const gint64 n = colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 0;
  gint64 last_n = 0;
  PorchMessage *stored = NULL;

  g_assert_cmpint (n, >, 0);
  for (guint i = 0; i < self->messages->len; i++) {
    PorchMessage *message = g_ptr_array_index (self->messages, i);

    if (message->client_id == NULL ||
        !g_str_equal (message->conversation, request->conversation->id) ||
        strncmp (message->client_id, id, (gsize) (colon - id) + 1) != 0)
      continue;
    last_n++;
    if (g_str_equal (message->client_id, id))
      stored = message;
  }
  if (stored != NULL && !g_str_equal (stored->text, text)) {
    request->code = PORCH_ERROR_ID_CONFLICT;
  } else if (stored == NULL && n != last_n + 1) {
    request->code = PORCH_ERROR_GAP;
  } else if (stored == NULL) {
    stored = store_message (self, request->conversation, PORCH_ACTOR_AGENT, kind, id, text);
    tell_message (self, stored, PORCH_EVENT_MESSAGE_CREATED);
  }
  if (stored != NULL)
    answer_entity (request, stored);
}

static void
change_state (Request *request, PorchState state, PorchEventType type)
{
  request->conversation->state = state;
  if (state == PORCH_STATE_ACTIVE)
    porch_member_set (&request->conversation->assignee, request->server->agent->id);
  fake_server_change (request->server, request->conversation, type);
  answer_entity (request, request->conversation);
}

static void
assign (Request *request)
{
  porch_member_set (&request->conversation->assignee, get_member (request, "agent"));
  request->conversation->state = PORCH_STATE_ACTIVE;
  fake_server_change (request->server, request->conversation, PORCH_EVENT_CONVERSATION_ASSIGNED);
  answer_entity (request, request->conversation);
}

static void
set_up (Request *request)
{
  request->server->is_set_up = TRUE;
  g_string_assign (request->answer, "{\"site_key\":\"KEY\"}");
}

static void
set_status (Request *request)
{
  FakeServer *self = request->server;

  self->agent->status = self->agent->wanted_status =
    porch_word_find (porch_status_get_type (), get_member (request, "status"));
  answer_entity (request, self->agent);
}

static void
answer (Request *request)
{
  switch (request->op) {
  case PORCH_OP_SESSION_GET:
    return answer_session (request);
  case PORCH_OP_SETUP_CREATE:
    return set_up (request);
  case PORCH_OP_CONVERSATIONS_LIST:
    return answer_conversations (request);
  case PORCH_OP_CONVERSATION_GET:
    return answer_conversation (request);
  case PORCH_OP_CONVERSATION_TAKE:
    return change_state (request, PORCH_STATE_ACTIVE, PORCH_EVENT_CONVERSATION_ASSIGNED);
  case PORCH_OP_CONVERSATION_RESOLVE:
    return change_state (request, PORCH_STATE_RESOLVED, PORCH_EVENT_CONVERSATION_RESOLVED);
  case PORCH_OP_CONVERSATION_ASSIGN:
    return assign (request);
  case PORCH_OP_MESSAGES_LIST:
    return answer_messages (request);
  case PORCH_OP_MESSAGE_CREATE:
    return take_message (request, PORCH_MESSAGE_TEXT);
  case PORCH_OP_NOTE_CREATE:
    return take_message (request, PORCH_MESSAGE_NOTE);
  case PORCH_OP_AGENTS_LIST:
    return answer_agents (request);
  case PORCH_OP_STATUS_SET:
    return set_status (request);
  default:
    if (request->server->canned[request->op] != NULL)
      g_string_assign (request->answer, request->server->canned[request->op]);
    /* Reading, typing: an empty answer. */
    return;
  }
}

/* ---- requests ---- */

static gboolean
match_path (const char *template, const char *path, char **param)
{
  const char *open = strchr (template, '{');
  const gsize head = open != NULL ? (gsize) (open - template) : strlen (template);
  const char *tail = open != NULL ? strchr (open, '}') + 1 : "";
  const char *end = NULL;

  if (open == NULL)
    return g_str_equal (template, path);
  if (strncmp (template, path, head) != 0)
    return FALSE;
  end = path + head + strcspn (path + head, "/");
  if (!g_str_equal (end, tail))
    return FALSE;
  *param = g_strndup (path + head, (gsize) (end - path) - head);
  return TRUE;
}

static PorchOpId
find_op (const char *verb, const char *path, char **param)
{
  for (int i = 0; i < PORCH_N_OPS; i++) {
    const PorchOp *op = porch_op_get ((PorchOpId) i);

    if (g_str_equal (op->verb, verb) && match_path (op->path, path, param))
      return (PorchOpId) i;
  }
  g_error ("%s %s is no operation", verb, path);
}

static void
break_line (SoupServerMessage *message)
{
  g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
}

static void
respond (FakeServer *self, SoupServerMessage *message, Request *request)
{
  const PorchOpId op = request->op;

  if (request->code >= 0) {
    g_autofree char *problem =
      porch_problem_to_json (request->code, "as the test asked", self->retry_ms);

    soup_server_message_set_status (message, porch_problem_status (request->code), NULL);
    soup_server_message_set_response (message, "application/problem+json", SOUP_MEMORY_COPY,
                                      problem, strlen (problem));
    return;
  }
  soup_server_message_set_status (message, request->answer->len > 0 ? 200 : 204, NULL);
  if (self->n_junk[op] > 0) {
    self->n_junk[op]--;
    g_string_assign (request->answer, "<html>Please sign in to the network</html>");
  }
  if (request->answer->len > 0)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                      request->answer->str, request->answer->len);
}

static void
run (FakeServer *self, SoupServerMessage *message, Request *request)
{
  const PorchOpId op = request->op;

  if (self->n_fail[op] > 0) {
    self->n_fail[op]--;
    request->code = self->fail_code[op];
  } else {
    answer (request);
  }
  respond (self, message, request);
  if (self->n_cut[op] > 0) {
    self->n_cut[op]--;
    break_line (message);
  }
  if (self->holds[op]) {
    soup_server_message_pause (message);
    g_ptr_array_add (self->held, g_object_ref (message));
  }
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  FakeServer *self = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *param = NULL;
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  Request request = { .server = self, .query = query != NULL ? query : none, .code = -1 };
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);

  request.op = find_op (soup_server_message_get_method (message), path, &param);
  request.conversation = param != NULL ? find_conversation (self, param) : NULL;
  request.answer = g_string_new (NULL);
  self->n_calls[request.op]++;
  g_free (self->last_body);
  self->last_body = g_strndup (text, length);
  g_free (self->last_authorization);
  self->last_authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  g_free (self->last_query[request.op]);
  self->last_query[request.op] = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));

  if (length > 0 && !porch_frame_scan (&request.body, text, length, NULL))
    request.code = PORCH_ERROR_BAD_MESSAGE;
  if (param != NULL && request.conversation == NULL)
    request.code = PORCH_ERROR_NOT_FOUND;
  if (request.code >= 0)
    respond (self, message, &request);
  else
    run (self, message, &request);
  porch_frame_clear (&request.body);
  g_string_free (request.answer, TRUE);
}

void
fake_server_release (FakeServer *self)
{
  memset (self->holds, 0, sizeof self->holds);
  for (guint i = 0; i < self->held->len; i++)
    soup_server_message_unpause (g_ptr_array_index (self->held, i));
  g_ptr_array_set_size (self->held, 0);
}

/* ---- up and down ---- */

void
fake_server_start (FakeServer *self)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  g_autoptr (GError) error = NULL;

  g_unlink (self->path);
  self->soup = soup_server_new (NULL, NULL);
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  soup_server_add_websocket_handler (self->soup, porch_op_get (PORCH_OP_EVENTS)->path, NULL, NULL,
                                     on_stream, self, NULL);
  soup_server_listen (self->soup, address, 0, &error);
  g_assert_no_error (error);
}

void
fake_server_cut (FakeServer *self)
{
  for (guint i = 0; i < self->sockets->len; i++) {
    SoupWebsocketConnection *socket = g_ptr_array_index (self->sockets, i);
    GIOStream *stream = soup_websocket_connection_get_io_stream (socket);

    g_signal_handlers_disconnect_by_data (socket, self);
    if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
      g_io_stream_close (stream, NULL, NULL);
  }
  g_ptr_array_set_size (self->sockets, 0);
}

void
fake_server_close (FakeServer *self, gushort code)
{
  for (guint i = 0; i < self->sockets->len; i++)
    soup_websocket_connection_close (g_ptr_array_index (self->sockets, i), code, "as told");
  g_ptr_array_set_size (self->sockets, 0);
}

void
fake_server_stop (FakeServer *self)
{
  fake_server_cut (self);
  g_ptr_array_set_size (self->held, 0);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_unlink (self->path);
}

void
fake_server_restore_backup (FakeServer *self)
{
  g_free (self->epoch);
  self->epoch = g_strdup ("other-epoch");
  self->seq = 0;
  g_ptr_array_set_size (self->log, 0);
  g_ptr_array_set_size (self->messages, 0);
  for (guint i = 0; i < self->conversations->len; i++)
    ((PorchConversation *) g_ptr_array_index (self->conversations, i))->last_seq = ++self->seq;
}

FakeServer *
fake_server_new (const char *path)
{
  FakeServer *self = g_new0 (FakeServer, 1);

  self->path = g_strdup (path);
  self->is_set_up = TRUE;
  self->epoch = g_strdup ("first-epoch");
  self->business = "Bluebird Bikes";
  self->domains = "\"bluebird.example\"";
  self->warning = "";
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->conversations = g_ptr_array_new_with_free_func (g_object_unref);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->agents = g_ptr_array_new_with_free_func (g_object_unref);
  self->agent = g_object_new (PORCH_TYPE_AGENT, "id", "agent-ana", "name", "Ana", "status",
                              PORCH_STATUS_ONLINE, NULL);
  g_ptr_array_add (self->agents, g_object_ref (self->agent));
  self->contact = g_object_new (PORCH_TYPE_CONTACT, "id", "contact-jonas", "name", "Jonas", NULL);
  self->visitor = g_object_new (PORCH_TYPE_VISITOR, "id", "visitor-jonas", "site", "s1", "contact",
                                "contact-jonas", NULL);
  fake_server_start (self);
  return self;
}

void
fake_server_free (FakeServer *self)
{
  fake_server_stop (self);
  g_ptr_array_unref (self->sockets);
  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->conversations);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->agents);
  g_object_unref (self->agent);
  g_object_unref (self->contact);
  g_object_unref (self->visitor);
  for (guint i = 0; i < PORCH_N_OPS; i++)
    g_free (self->last_query[i]);
  g_free (self->last_body);
  g_free (self->last_authorization);
  g_free (self->epoch);
  g_free (self->path);
  g_free (self);
}
