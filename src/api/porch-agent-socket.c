/* porch-agent-socket.c - agents' event sockets: what was missed, then what happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One that is behind reads pages of the log; what happens meanwhile is held for it, and follows
 * without what the log had told already. So it gets each once and in order.
 */
#include "config.h"

#include "porch-agent-socket.h"

#include "porch-agent-commands.h"
#include "porch-agent-frame.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-receipts.h"
#include "porch-source.h"

#include <string.h>

#define MISSED_PAGE 200
#define PING_MS     25000
#define HELD_MAX    1000
/* So much waits for a line at most while it catches up; a page of long messages is far more. */
#define BEHIND_MAX  (256 * 1024)
#define CLOSE_TOKEN 4401
#define CLOSE_SLOW  4408

struct _PorchAgentHub {
  PorchService *service;
  GPtrArray *listeners;
  GHashTable *audiences; /* department and assignee -> listeners who see such conversations */
  guint audiences_version;
  PorchReceipts *receipts;
  GSource *ping;
  char *keeping; /* a code, "" while all is well */
};

typedef struct {
  gatomicrefcount ref_count;
  PorchAgentHub *hub;
  PorchSocket *socket; /* NULL when it is closed */
  char *agent, *token_hash;
  PorchAgent *who; /* the agent as the service has them now, borrowed */
  guint who_version;
  gint64 seq; /* of the newest event that it was told, or that was not for it */
  gboolean is_live;
  GPtrArray *held; /* events that came while it catches up */
} Listener;

static void
release_listener (Listener *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->agent, g_free);
  g_clear_pointer (&self->token_hash, g_free);
  g_ptr_array_unref (self->held);
  g_free (self);
}

/* NULL when there is no such agent any more. Looked up anew only when agents changed: this is asked
 * for every listener at every event. */
static PorchAgent *
get_agent (Listener *self)
{
  const guint version = porch_service_get_agents_version (self->hub->service);

  if (self->who_version != version) {
    self->who = porch_service_find_agent (self->hub->service, self->agent);
    self->who_version = version;
  }
  return self->who;
}

/* ---- catching up ---- */

/* Each is made once for all who get it. */
typedef struct {
  GBytes *of[PORCH_AGENT_N_VIEWS];
} Frames;

static void
clear_frames (Frames *frames)
{
  for (guint i = 0; i < PORCH_AGENT_N_VIEWS; i++)
    g_clear_pointer (&frames->of[i], g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Frames, clear_frames)

static void catch_up (Listener *self);

/* Tells @event if it is new to the listener and for its eyes. */
static void
tell (Listener *self, PorchAgent *agent, PorchEvent *event, Frames *frames)
{
  PorchAgentView view;

  if (event->seq != 0) {
    if (event->seq <= self->seq)
      return;
    self->seq = event->seq;
  }
  view = porch_agent_frame_get_view (agent, event);
  if (view == PORCH_AGENT_VIEW_NONE)
    return;
  if (frames->of[view] == NULL)
    frames->of[view] = porch_agent_frame_new (event, view);
  porch_socket_send (self->socket, frames->of[view]);
}

/* Tells @events from the first on until the line has enough to do. Returns how many. */
static guint
tell_some (Listener *self, PorchAgent *agent, GPtrArray *events)
{
  guint n = 0;

  while (n < events->len && self->socket != NULL &&
         porch_socket_get_queued (self->socket) <= BEHIND_MAX) {
    g_auto (Frames) frames = { 0 };

    tell (self, agent, events->pdata[n++], &frames);
  }
  return n;
}

static void
on_page_sent (PorchSocket *socket, gpointer data)
{
  catch_up (data);
}

/* What is too much for the line now is read from the log when there is room again; what is not in
 * the log stays. */
static void
release_held (Listener *self, PorchAgent *agent)
{
  g_ptr_array_remove_range (self->held, 0, tell_some (self, agent, self->held));
  self->is_live = self->held->len == 0;
  if (self->is_live || self->socket == NULL)
    return;
  for (guint i = self->held->len; i-- > 0;)
    if (((PorchEvent *) self->held->pdata[i])->seq != 0)
      g_ptr_array_remove_index (self->held, i);
  porch_socket_when_sent (self->socket, on_page_sent);
}

static void
hold (Listener *self, PorchEvent *event)
{
  if (self->held->len < HELD_MAX)
    g_ptr_array_add (self->held, porch_event_ref (event));
  else
    porch_socket_close (self->socket, CLOSE_SLOW, "too slow");
}

static void
send_reset (Listener *self, PorchAgent *agent, const char *reason)
{
  PorchService *service = self->hub->service;
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  self->seq = porch_service_get_seq (service);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "reset");
  porch_writer_string (&writer, "reason", reason);
  porch_writer_string (&writer, "epoch", porch_service_get_epoch (service));
  porch_writer_int (&writer, "seq", self->seq);
  porch_writer_end (&writer);
  porch_socket_send_take (self->socket, text);
  release_held (self, agent);
}

static void
on_missed (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Listener *self = data;
  const PorchLogResult *result = out;
  PorchAgent *agent = self->socket != NULL ? get_agent (self) : NULL;

  if (agent == NULL) {
    release_listener (self);
    return;
  }
  if (error != NULL) {
    send_reset (self, agent, porch_error_nick (error));
    release_listener (self);
    return;
  }
  if (tell_some (self, agent, result->events) == result->events->len && !result->has_more)
    release_held (self, agent);
  else if (self->socket != NULL)
    porch_socket_when_sent (self->socket, on_page_sent);
  release_listener (self);
}

static void
catch_up (Listener *self)
{
  PorchLogInput *in = porch_command_new_input (&porch_agent_log);

  in->since = self->seq;
  in->limit = MISSED_PAGE;
  g_atomic_ref_count_inc (&self->ref_count);
  porch_service_run (self->hub->service, &porch_agent_log, in, on_missed, self);
}

/* ---- live ---- */

/* Those whom a message can concern: asked with each, and the answer changes with the agents and
 * their sockets only. What each of them gets is still decided one by one. */
static GPtrArray *
get_audience (PorchAgentHub *self, PorchConversation *conversation)
{
  const guint version = porch_service_get_agents_version (self->service);
  g_autofree char *key = g_strjoin ("\n", conversation->department, conversation->assignee, NULL);
  GPtrArray *audience = NULL;

  if (self->audiences_version != version)
    g_hash_table_remove_all (self->audiences);
  self->audiences_version = version;
  audience = g_hash_table_lookup (self->audiences, key);
  if (audience != NULL)
    return audience;
  audience = g_ptr_array_new ();
  for (guint i = 0; i < self->listeners->len; i++) {
    PorchAgent *agent = get_agent (self->listeners->pdata[i]);

    if (agent != NULL && porch_rules_agent_sees (agent, conversation))
      g_ptr_array_add (audience, self->listeners->pdata[i]);
  }
  g_hash_table_insert (self->audiences, g_steal_pointer (&key), audience);
  return audience;
}

/* Whoever may not come in any more does not stay either. */
static void
put_out (PorchAgentHub *self, PorchAgent *agent)
{
  for (guint i = self->listeners->len; i-- > 0;) {
    Listener *listener = self->listeners->pdata[i];

    if (strcmp (listener->agent, agent->id) == 0)
      porch_socket_close (listener->socket, CLOSE_TOKEN, "the agent is disabled");
  }
}

static void
on_event (PorchEvent *event, gpointer data)
{
  PorchAgentHub *self = data;
  GPtrArray *listeners = self->listeners;
  g_auto (Frames) frames = { 0 };

  if (!porch_agent_frame_is_for_agents (event))
    return;
  if (event->type == PORCH_EVENT_MESSAGE_CREATED && event->conversation != NULL)
    listeners = get_audience (self, event->conversation);
  if (event->type == PORCH_EVENT_AGENT_STATUS_CHANGED && event->agent->is_disabled)
    put_out (self, event->agent);
  /* Backwards: a socket that dies of what it is sent leaves the list. */
  for (guint i = listeners->len; i-- > 0;) {
    Listener *listener = listeners->pdata[i];
    PorchAgent *agent = get_agent (listener);

    if (agent == NULL)
      continue;
    if (listener->is_live)
      tell (listener, agent, event, &frames);
    else if (porch_agent_frame_get_view (agent, event) != PORCH_AGENT_VIEW_NONE)
      hold (listener, event);
  }
  /* A visitor's message is received when a window that shows it has it. */
  porch_receipts_note (self->receipts, event, frames.of[PORCH_AGENT_VIEW_WHOLE] != NULL);
}

static gboolean
on_ping (gpointer data)
{
  PorchAgentHub *self = data;
  g_autoptr (GBytes) frame = porch_socket_frame_take (g_string_new ("{\"type\":\"ping\"}"));

  for (guint i = self->listeners->len; i-- > 0;) {
    Listener *listener = self->listeners->pdata[i];

    if (listener->token_hash == NULL ||
        porch_service_use_session (self->service, listener->token_hash))
      porch_socket_send (listener->socket, frame);
    else
      porch_socket_close (listener->socket, CLOSE_TOKEN, "the session is over");
  }
  return G_SOURCE_CONTINUE;
}

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  /* A pong, or anything else: the carrier has noted that somebody is there. */
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  Listener *self = data;
  PorchAgentHub *hub = self->hub;

  self->socket = NULL;
  g_ptr_array_remove_fast (hub->listeners, self);
  g_hash_table_remove_all (hub->audiences);
  porch_service_agent_disconnected (hub->service, self->agent);
  release_listener (self);
}

/* A frame of a type and one word. */
static GString *
make_word (const char *type, const char *member, const char *word)
{
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", type);
  porch_writer_string (&writer, member, word);
  porch_writer_end (&writer);
  return text;
}

static GString *
make_trouble (PorchAgentHub *self)
{
  return make_word ("trouble", "trouble", porch_service_get_trouble (self->service));
}

static void
tell_all (PorchAgentHub *self, GString *text)
{
  g_autoptr (GBytes) frame = porch_socket_frame_take (text);

  for (guint i = self->listeners->len; i-- > 0;)
    porch_socket_send (((Listener *) self->listeners->pdata[i])->socket, frame);
}

/* Whether messages can be kept, or why not, is another word now. */
static void
on_trouble (gpointer data)
{
  PorchAgentHub *self = data;

  tell_all (self, make_trouble (self));
}

static GString *
make_keeping (PorchAgentHub *self)
{
  return make_word ("keeping", "trouble", self->keeping);
}

/* Backups and secrets are for admins. */
static gboolean
is_keeper (const PorchAgent *agent)
{
  return agent != NULL && agent->role >= PORCH_ROLE_ADMIN;
}

void
porch_agent_hub_set_keeping (PorchAgentHub *self, const char *code)
{
  g_autoptr (GBytes) frame = NULL;

  if (strcmp (self->keeping, code) == 0)
    return;
  g_clear_pointer (&self->keeping, g_free);
  self->keeping = g_strdup (code);
  frame = porch_socket_frame_take (make_keeping (self));
  for (guint i = self->listeners->len; i-- > 0;) {
    Listener *listener = self->listeners->pdata[i];

    if (is_keeper (get_agent (listener)))
      porch_socket_send (listener->socket, frame);
  }
}

static void
send_ready (Listener *self, PorchAgent *agent)
{
  PorchService *service = self->hub->service;
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "ready");
  porch_writer_string (&writer, "epoch", porch_service_get_epoch (service));
  porch_writer_int (&writer, "seq", porch_service_get_seq (service));
  porch_codec_write (&writer, "agent", agent, PORCH_AUDIENCE_STAFF);
  porch_writer_end (&writer);
  porch_socket_send_take (self->socket, text);
  if (self->socket != NULL && porch_service_get_trouble (service) != NULL)
    porch_socket_send_take (self->socket, make_trouble (self->hub));
  if (self->socket != NULL && *self->hub->keeping != '\0' && is_keeper (agent))
    porch_socket_send_take (self->socket, make_keeping (self->hub));
}

void
porch_agent_hub_open (PorchAgentHub *self,
                      PorchCall *call,
                      PorchAgent *agent,
                      gint64 since,
                      const char *epoch)
{
  const gint64 now = porch_service_get_seq (self->service);
  const char *token = porch_call_get_bearer (call);
  Listener *listener = g_new0 (Listener, 1);

  g_atomic_ref_count_init (&listener->ref_count);
  listener->hub = self;
  listener->agent = g_strdup (agent->id);
  listener->token_hash = token != NULL ? porch_token_hash (token) : NULL;
  listener->seq = since >= 0 ? since : now;
  listener->held = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_event_unref);
  listener->socket = porch_call_upgrade (call, on_text, on_closed, listener);
  if (listener->socket == NULL) {
    release_listener (listener);
    return;
  }
  g_ptr_array_add (self->listeners, listener);
  g_hash_table_remove_all (self->audiences);
  porch_service_agent_connected (self->service, agent->id);
  /* The status may have changed with that. */
  send_ready (listener, get_agent (listener));
  if (listener->socket == NULL)
    return;
  if (since >= 0 && g_strcmp0 (epoch, porch_service_get_epoch (self->service)) != 0)
    send_reset (listener, agent, "epoch");
  else if (since > now)
    send_reset (listener, agent, "seq");
  else if (listener->seq < now)
    catch_up (listener);
  else
    release_held (listener, agent);
}

void
porch_agent_hub_warn (PorchAgentHub *self, const char *warning)
{
  tell_all (self, make_word ("warning", "warning", warning));
}

void
porch_agent_hub_sign_out (PorchAgentHub *self, const char *token_hash)
{
  for (guint i = self->listeners->len; i-- > 0;) {
    Listener *listener = self->listeners->pdata[i];

    if (g_strcmp0 (listener->token_hash, token_hash) == 0)
      porch_socket_close (listener->socket, CLOSE_TOKEN, "signed out");
  }
}

PorchAgentHub *
porch_agent_hub_new (PorchService *service)
{
  PorchAgentHub *self = g_new0 (PorchAgentHub, 1);

  self->service = service;
  self->keeping = g_strdup ("");
  self->listeners = g_ptr_array_new ();
  self->audiences =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->receipts = porch_receipts_new (porch_service_get_bus (service));
  self->ping = porch_source_timeout (PING_MS, on_ping, self);
  porch_bus_subscribe (porch_service_get_bus (service), on_event, self);
  porch_service_on_trouble (service, on_trouble, self);
  return self;
}

void
porch_agent_hub_free (PorchAgentHub *self)
{
  porch_bus_unsubscribe (porch_service_get_bus (self->service), self);
  porch_service_on_trouble (self->service, NULL, NULL);
  porch_source_clear (&self->ping);
  porch_receipts_free (self->receipts);
  g_ptr_array_unref (self->listeners);
  g_hash_table_unref (self->audiences);
  g_clear_pointer (&self->keeping, g_free);
  g_free (self);
}
