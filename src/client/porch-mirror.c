/* porch-mirror.c - what the server has, as models: one object per id, kept true by the events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-mirror.h"

#include "porch-cache.h"
#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-drafts.h"
#include "porch-error.h"
#include "porch-inbox-private.h"
#include "porch-outbox.h"
#include "porch-pace.h"
#include "porch-shelf.h"
#include "porch-source.h"
#include "porch-thread-private.h"

/* Threads that nobody shows and that would be wanted again soon. */
#define THREADS_MAX 20
/* How long the end of the program may wait for the disk. */
#define CLOSE_MS 200

struct _PorchMirror {
  GObject parent_instance;

  PorchClient *client;
  PorchCache *cache;
  PorchShelf *shelf;
  PorchOutbox *outbox;
  PorchDrafts *drafts;
  GCancellable *cancellable;

  GHashTable *inboxes; /* filter -> PorchInbox */
  GHashTable *threads; /* conversation -> PorchThread, all that somebody holds */
  GQueue recent;       /* of PorchThread, newest first */
  GListStore *agents;

  GSource *count;
  gint64 n_mine, n_waiting, n_open;
  gboolean is_somebody_in;
};

typedef enum {
  PROP_COUNTS_MINE = 1,
  PROP_COUNTS_WAITING,
  PROP_COUNTS_OPEN,
  PROP_IS_SOMEBODY_IN,
  PROP_PROBLEM,
} PorchMirrorProp;

static GParamSpec *pspecs[PROP_PROBLEM + 1];

enum {
  ARRIVED,
  TAKEN,
  SCOPE_CHANGED,
  UNSENT_CHANGED,
  VISITOR_CHANGED,
  DRAFTS_LOADED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchMirror, porch_mirror, G_TYPE_OBJECT)

static void
notify (PorchMirror *self, PorchMirrorProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

/* ---- counts ---- */

static void
set_count (PorchMirror *self,
           gint64 *count,
           JsonNode *answer,
           const char *path,
           PorchMirrorProp prop)
{
  gint64 value = *count;

  if (!porch_shape_int (answer, path, &value) || value == *count)
    return;
  *count = value;
  notify (self, prop);
}

static void
take_counts (PorchMirror *self, JsonNode *counts)
{
  set_count (self, &self->n_mine, counts, "mine", PROP_COUNTS_MINE);
  set_count (self, &self->n_waiting, counts, "waiting", PROP_COUNTS_WAITING);
  set_count (self, &self->n_open, counts, "open", PROP_COUNTS_OPEN);
}

static void
on_counted (PorchInbox *inbox, JsonObject *object, PorchMirror *self)
{
  g_autoptr (JsonNode) counts = json_node_init_object (json_node_alloc (), object);

  take_counts (self, counts);
}

static void
on_counts (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  JsonNode *counts = answer != NULL ? porch_shape_node (answer, "counts") : NULL;

  if (counts != NULL && JSON_NODE_HOLDS_OBJECT (counts))
    take_counts (data, counts);
}

static gboolean
on_count (gpointer data)
{
  PorchMirror *self = data;

  porch_source_clear (&self->count);
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, "filter=mine&limit=1",
                           NULL, self->cancellable, on_counts, self);
  return G_SOURCE_REMOVE;
}

/* The server counts: what we have seen is only a part. */
static void
count_soon (PorchMirror *self)
{
  if (self->count == NULL)
    self->count =
      porch_source_timeout (porch_client_get_pace (self->client)->counts_ms, on_count, self);
}

/* ---- agents ---- */

static void
look_for_somebody (PorchMirror *self)
{
  const guint n_agents = g_list_model_get_n_items (G_LIST_MODEL (self->agents));
  gboolean is_somebody_in = FALSE;

  for (guint i = 0; i < n_agents && !is_somebody_in; i++) {
    g_autoptr (PorchAgent) agent = g_list_model_get_item (G_LIST_MODEL (self->agents), i);

    is_somebody_in = agent->status == PORCH_STATUS_ONLINE;
  }
  if (self->is_somebody_in == is_somebody_in)
    return;
  self->is_somebody_in = is_somebody_in;
  notify (self, PROP_IS_SOMEBODY_IN);
}

/* The agent's one object, brought up to date: the client's own for ourselves. */
static PorchAgent *
put_agent (PorchMirror *self, PorchAgent *told)
{
  PorchAgent *ours = porch_client_get_agent (self->client);
  PorchAgent *known = porch_mirror_find_agent (self, told->id);

  if (known == NULL && ours != NULL && g_strcmp0 (ours->id, told->id) == 0)
    known = ours;
  if (known == NULL)
    return g_object_ref (told);
  porch_entity_assign (PORCH_ENTITY (known), PORCH_ENTITY (told));
  return g_object_ref (known);
}

static void
hear_agent (PorchMirror *self, JsonNode *data)
{
  g_autoptr (PorchAgent) told = porch_codec_read (PORCH_TYPE_AGENT, data, PORCH_FROM_SERVER, NULL);
  g_autoptr (PorchAgent) agent = told != NULL ? put_agent (self, told) : NULL;

  if (agent != NULL && !g_list_store_find (self->agents, agent, NULL))
    g_list_store_append (self->agents, agent);
  look_for_somebody (self);
}

static void
on_agents (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (GPtrArray) agents = NULL;
  JsonArray *items = answer != NULL ? porch_shape_array (answer, "items") : NULL;
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;
  PorchMirror *self = data;

  /* The next time the link comes up it is asked again. */
  if (items == NULL)
    return;
  agents = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_items; i++) {
    g_autoptr (PorchAgent) told = porch_codec_read (
      PORCH_TYPE_AGENT, json_array_get_element (items, i), PORCH_FROM_SERVER, NULL);

    if (told != NULL)
      g_ptr_array_add (agents, put_agent (self, told));
  }
  g_list_store_splice (self->agents, 0, g_list_model_get_n_items (G_LIST_MODEL (self->agents)),
                       agents->pdata, agents->len);
  look_for_somebody (self);
}

/* ---- threads ---- */

static void
on_thread_gone (gpointer data, GObject *gone)
{
  PorchMirror *self = data;
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    if (thread == gone)
      g_hash_table_iter_remove (&iter);
}

static void
remember (PorchMirror *self, PorchThread *thread)
{
  GList *link = g_queue_find (&self->recent, thread);

  if (link != NULL) {
    g_queue_unlink (&self->recent, link);
    g_queue_push_head_link (&self->recent, link);
    return;
  }
  g_queue_push_head (&self->recent, g_object_ref (thread));
  if (self->recent.length > THREADS_MAX)
    g_object_unref (g_queue_pop_tail (&self->recent));
}

static PorchThread *
find_thread (PorchMirror *self, const char *conversation)
{
  return conversation != NULL ? g_hash_table_lookup (self->threads, conversation) : NULL;
}

/* ---- what happens ---- */

/* The conversation of @node as it is now. */
static PorchConversation *
put_conversation (PorchMirror *self, JsonNode *node)
{
  const char *id = node != NULL ? porch_shape_string (node, "id") : NULL;
  PorchConversation *known = id != NULL ? porch_shelf_find_conversation (self->shelf, id) : NULL;
  const int state = known != NULL ? known->state : -1;
  g_autofree char *assignee = known != NULL ? g_strdup (known->assignee) : NULL;
  g_autoptr (GError) error = NULL;
  PorchConversation *conversation = porch_shelf_put_conversation (self->shelf, node, &error);

  if (conversation == NULL) {
    g_debug ("reading a conversation: %s", error->message);
    return NULL;
  }
  if (conversation->state != state || g_strcmp0 (conversation->assignee, assignee) != 0)
    count_soon (self);
  return conversation;
}

/* The same as the stream tells it, which speaks only of what is ours to see. */
static PorchConversation *
hear_conversation (PorchMirror *self, JsonNode *node)
{
  const char *id = node != NULL ? porch_shape_string (node, "id") : NULL;
  const gboolean is_back = id != NULL && porch_shelf_return (self->shelf, id);
  PorchConversation *conversation = put_conversation (self, node);

  if (is_back && conversation != NULL)
    g_signal_emit (self, signals[SCOPE_CHANGED], 0, conversation);
  return conversation;
}

static void
hear_message (PorchMirror *self, JsonNode *frame, PorchEventType type)
{
  JsonNode *data = porch_shape_node (frame, "data");
  const char *id = porch_shape_string (frame, "conversation");
  JsonNode *state = porch_shape_node (frame, "data.conversation_state");
  g_autoptr (PorchConversation) conversation = hear_conversation (self, state);
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchMessage) message =
    porch_codec_read (PORCH_TYPE_MESSAGE, data, PORCH_FROM_SERVER, &error);
  PorchThread *thread = NULL;

  if (message == NULL) {
    g_debug ("reading a message: %s", error->message);
    return;
  }
  if (message->conversation == NULL)
    porch_member_set (&message->conversation, id);
  porch_outbox_claim (self->outbox, message);
  thread = find_thread (self, message->conversation);
  if (thread != NULL)
    porch_thread_put (thread, message);
  if (type == PORCH_EVENT_MESSAGE_CREATED && message->sender_kind == PORCH_ACTOR_VISITOR &&
      message->seq > porch_client_get_ready_seq (self->client) && conversation != NULL)
    g_signal_emit (self, signals[ARRIVED], 0, conversation, message);
}

/* The last that we hear of a conversation: that it is none of our business any more. */
static void
hear_leaving (PorchMirror *self, const char *id)
{
  PorchConversation *known = porch_shelf_find_conversation (self->shelf, id);
  g_autoptr (PorchConversation) conversation = known != NULL ? g_object_ref (known) : NULL;

  porch_shelf_leave (self->shelf, id);
  count_soon (self);
  if (conversation == NULL)
    return;
  g_signal_emit (self, signals[TAKEN], 0, conversation);
  g_signal_emit (self, signals[SCOPE_CHANGED], 0, conversation);
}

static void
hear_change (PorchMirror *self, JsonNode *frame, PorchEventType type)
{
  JsonNode *data = porch_shape_node (frame, "data");
  const char *id = porch_shape_string (frame, "conversation");
  g_autoptr (PorchConversation) conversation = NULL;
  PorchAgent *ours = porch_client_get_agent (self->client);
  const gboolean is_taking =
    type == PORCH_EVENT_CONVERSATION_ASSIGNED || type == PORCH_EVENT_CONVERSATION_TRANSFERRED;

  if (id != NULL && data != NULL && JSON_NODE_HOLDS_NULL (data)) {
    hear_leaving (self, id);
    return;
  }
  conversation = hear_conversation (self, data);
  if (conversation == NULL)
    return;
  if (type == PORCH_EVENT_CONVERSATION_RESOLVED || type == PORCH_EVENT_CONVERSATION_CLOSED ||
      (is_taking && ours != NULL && g_strcmp0 (conversation->assignee, ours->id) != 0))
    g_signal_emit (self, signals[TAKEN], 0, conversation);
}

static void
hear_typing (PorchMirror *self, JsonNode *frame)
{
  PorchThread *thread = find_thread (self, porch_shape_string (frame, "conversation"));
  const char *name = porch_shape_string (frame, "data.name");

  if (thread == NULL || g_strcmp0 (porch_shape_string (frame, "data.kind"), "visitor") != 0)
    return;
  if (porch_shape_boolean (frame, "data.is_typing"))
    porch_thread_hear_typing (thread, name != NULL ? name : "");
  else
    porch_thread_hear_typing (thread, NULL);
}

static void
hear_visitor (PorchMirror *self, JsonNode *frame)
{
  const char *id = porch_shape_string (frame, "conversation");
  g_autoptr (PorchVisitor) visitor =
    porch_shelf_put_visitor (self->shelf, porch_shape_node (frame, "data"), NULL);
  g_autoptr (GList) threads = g_hash_table_get_values (self->threads);

  if (visitor == NULL)
    return;
  for (GList *link = threads; link != NULL; link = link->next) {
    PorchThread *thread = link->data;
    PorchConversation *conversation = porch_thread_get_conversation (thread);

    if (g_strcmp0 (conversation->visitor, visitor->id) != 0)
      continue;
    porch_thread_set_visitor (thread, visitor);
    if (id == NULL)
      g_signal_emit (self, signals[VISITOR_CHANGED], 0, conversation->id);
  }
  if (id != NULL)
    g_signal_emit (self, signals[VISITOR_CHANGED], 0, id);
}

static void
on_event (PorchClient *client, JsonObject *object, PorchMirror *self)
{
  g_autoptr (JsonNode) frame = json_node_init_object (json_node_alloc (), object);
  const char *word = porch_shape_string (frame, "type");
  const int type = word != NULL ? porch_word_find (porch_event_type_get_type (), word) : -1;
  g_autoptr (PorchContact) contact = NULL;

  /* A newer server may say more than we know. */
  if (type < 0)
    return;
  switch ((PorchEventType) type) {
  case PORCH_EVENT_MESSAGE_CREATED:
  case PORCH_EVENT_MESSAGE_UPDATED:
    hear_message (self, frame, (PorchEventType) type);
    break;
  case PORCH_EVENT_CONVERSATION_CREATED:
  case PORCH_EVENT_CONVERSATION_ASSIGNED:
  case PORCH_EVENT_CONVERSATION_TRANSFERRED:
  case PORCH_EVENT_CONVERSATION_RESOLVED:
  case PORCH_EVENT_CONVERSATION_CLOSED:
  case PORCH_EVENT_CONVERSATION_REOPENED:
  case PORCH_EVENT_CONVERSATION_MISSED:
  case PORCH_EVENT_CONVERSATION_RATED:
  case PORCH_EVENT_CONVERSATION_UPDATED:
    hear_change (self, frame, (PorchEventType) type);
    break;
  case PORCH_EVENT_CONTACT_UPDATED:
    contact = porch_shelf_put_contact (self->shelf, porch_shape_node (frame, "data"), NULL);
    break;
  case PORCH_EVENT_AGENT_STATUS_CHANGED:
    hear_agent (self, porch_shape_node (frame, "data"));
    break;
  case PORCH_EVENT_TYPING:
    hear_typing (self, frame);
    break;
  case PORCH_EVENT_PRESENCE:
  case PORCH_EVENT_PAGE:
    hear_visitor (self, frame);
    break;
  case PORCH_EVENT_NONE:
  case PORCH_EVENT_RECEIPT:
    break;
  }
}

static void
on_reset (PorchClient *client, PorchMirror *self)
{
  g_autoptr (GList) inboxes = g_hash_table_get_values (self->inboxes);
  g_autoptr (GList) threads = g_hash_table_get_values (self->threads);

  porch_shelf_start_over (self->shelf);
  for (GList *link = inboxes; link != NULL; link = link->next)
    porch_inbox_start_over (link->data);
  for (GList *link = threads; link != NULL; link = link->next)
    porch_thread_start_over (link->data);
}

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchMirror *self)
{
  if (porch_client_get_link (client) != PORCH_LINK_LIVE)
    return;
  /* Who is there is not in the log. */
  porch_client_call_async (client, PORCH_OP_AGENTS_LIST, NULL, NULL, NULL, self->cancellable,
                           on_agents, self);
  count_soon (self);
}

static void
on_problem (PorchOutbox *outbox, GParamSpec *pspec, PorchMirror *self)
{
  notify (self, PROP_PROBLEM);
}

static void
on_unsent_changed (PorchOutbox *outbox, PorchMessage *message, PorchMirror *self)
{
  g_signal_emit (self, signals[UNSENT_CHANGED], 0, message->conversation);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchMirror) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchCacheContents) contents = porch_cache_load_finish (self->cache, result, &error);

  if (contents == NULL) {
    g_message ("reading what an earlier run left: %s", error->message);
    return;
  }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  porch_outbox_restore (self->outbox, contents->pendings);
  porch_drafts_restore (self->drafts, contents->drafts);
  g_signal_emit (self, signals[DRAFTS_LOADED], 0);
}

/* ---- the object ---- */

static void
porch_mirror_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchMirror *self = PORCH_MIRROR (object);

  switch ((PorchMirrorProp) id) {
  case PROP_COUNTS_MINE:
    g_value_set_int64 (value, self->n_mine);
    break;
  case PROP_COUNTS_WAITING:
    g_value_set_int64 (value, self->n_waiting);
    break;
  case PROP_COUNTS_OPEN:
    g_value_set_int64 (value, self->n_open);
    break;
  case PROP_IS_SOMEBODY_IN:
    g_value_set_boolean (value, self->is_somebody_in);
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, porch_outbox_get_problem (self->outbox));
    break;
  }
}

static void
forget_threads (PorchMirror *self)
{
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &thread)) {
    porch_thread_close (thread);
    g_object_weak_unref (thread, on_thread_gone, self);
    g_hash_table_iter_remove (&iter);
  }
  g_queue_clear_full (&self->recent, g_object_unref);
}

static void
porch_mirror_dispose (GObject *object)
{
  PorchMirror *self = PORCH_MIRROR (object);

  porch_mirror_close (self);
  g_hash_table_remove_all (self->inboxes);
  g_clear_pointer (&self->drafts, porch_drafts_free);
  g_clear_object (&self->outbox);
  g_clear_object (&self->shelf);
  g_clear_object (&self->agents);
  g_clear_object (&self->cache);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_mirror_parent_class)->dispose (object);
}

static void
porch_mirror_finalize (GObject *object)
{
  PorchMirror *self = PORCH_MIRROR (object);

  g_hash_table_unref (self->inboxes);
  g_hash_table_unref (self->threads);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (porch_mirror_parent_class)->finalize (object);
}

static GParamSpec *
new_count_pspec (const char *name)
{
  return g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
porch_mirror_class_init (PorchMirrorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_mirror_get_property;
  object_class->dispose = porch_mirror_dispose;
  object_class->finalize = porch_mirror_finalize;

  pspecs[PROP_COUNTS_MINE] = new_count_pspec ("counts-mine");
  pspecs[PROP_COUNTS_WAITING] = new_count_pspec ("counts-waiting");
  pspecs[PROP_COUNTS_OPEN] = new_count_pspec ("counts-open");
  pspecs[PROP_IS_SOMEBODY_IN] = g_param_spec_boolean ("is-somebody-in", NULL, NULL, FALSE, flags);
  pspecs[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[ARRIVED] =
    g_signal_new ("arrived", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  2, PORCH_TYPE_CONVERSATION, PORCH_TYPE_MESSAGE);
  signals[TAKEN] = g_signal_new ("taken", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, PORCH_TYPE_CONVERSATION);
  signals[SCOPE_CHANGED] = g_signal_new ("scope-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, PORCH_TYPE_CONVERSATION);
  signals[UNSENT_CHANGED] = g_signal_new ("unsent-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[VISITOR_CHANGED] = g_signal_new ("visitor-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DRAFTS_LOADED] = g_signal_new ("drafts-loaded", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_mirror_init (PorchMirror *self)
{
  self->cancellable = g_cancellable_new ();
  self->inboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->agents = g_list_store_new (PORCH_TYPE_AGENT);
  g_queue_init (&self->recent);
}

PorchMirror *
porch_mirror_new (PorchClient *client, const char *cache_path)
{
  static const char *const outbox_signals[] = { "shown", "changed", "stored", "gone" };
  PorchMirror *self = g_object_new (PORCH_TYPE_MIRROR, NULL);

  self->client = g_object_ref (client);
  self->shelf = porch_shelf_new ();
  self->cache = cache_path != NULL ? porch_cache_new (cache_path) : NULL;
  self->drafts = porch_drafts_new (self->cache, porch_client_get_pace (client)->draft_ms);
  self->outbox = porch_outbox_new (client, self->cache);
  for (guint i = 0; i < G_N_ELEMENTS (outbox_signals); i++)
    g_signal_connect_object (self->outbox, outbox_signals[i], G_CALLBACK (on_unsent_changed), self,
                             0);
  g_signal_connect_object (self->outbox, "notify::problem", G_CALLBACK (on_problem), self, 0);
  g_signal_connect_object (client, "event", G_CALLBACK (on_event), self, 0);
  g_signal_connect_object (client, "reset", G_CALLBACK (on_reset), self, 0);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  if (self->cache != NULL)
    porch_cache_load_async (self->cache, on_loaded, g_object_ref (self));
  on_link_changed (client, NULL, self);
  return self;
}

PorchClient *
porch_mirror_get_client (PorchMirror *self)
{
  return self->client;
}

PorchInbox *
porch_mirror_get_inbox (PorchMirror *self, const char *filter)
{
  PorchInbox *inbox = g_hash_table_lookup (self->inboxes, filter);

  if (inbox == NULL) {
    inbox = porch_inbox_new (self->client, self->shelf, filter);
    g_signal_connect_object (inbox, "counted", G_CALLBACK (on_counted), self, 0);
    g_hash_table_insert (self->inboxes, g_strdup (filter), inbox);
  }
  return inbox;
}

PorchThread *
porch_mirror_get_thread (PorchMirror *self, PorchConversation *conversation)
{
  g_autoptr (PorchThread) made = NULL;
  PorchThread *thread = find_thread (self, conversation->id);

  if (thread == NULL) {
    made = porch_thread_new (self->client, self->shelf, self->outbox, conversation);
    thread = made;
    g_object_weak_ref (G_OBJECT (thread), on_thread_gone, self);
    g_hash_table_insert (self->threads, g_strdup (conversation->id), thread);
  }
  remember (self, thread);
  return thread;
}

PorchConversation *
porch_mirror_find_conversation (PorchMirror *self, const char *id)
{
  return porch_shelf_find_conversation (self->shelf, id);
}

gboolean
porch_mirror_has_left (PorchMirror *self, PorchConversation *conversation)
{
  return porch_shelf_has_left (self->shelf, conversation->id);
}

static void
on_conversation (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchMirror *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  JsonNode *node = answer != NULL ? porch_shape_node (answer, "conversation") : NULL;
  PorchConversation *conversation = NULL;

  if (answer != NULL)
    conversation = porch_shelf_put_conversation (self->shelf, node, &error);
  if (conversation != NULL)
    g_task_return_pointer (task, conversation, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
porch_mirror_load_conversation_async (PorchMirror *self,
                                      const char *id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PorchConversation *known = porch_shelf_find_conversation (self->shelf, id);

  g_task_set_source_tag (task, porch_mirror_load_conversation_async);
  if (known != NULL) {
    g_task_return_pointer (task, g_object_ref (known), g_object_unref);
    return;
  }
  porch_client_call_async (self->client, PORCH_OP_CONVERSATION_GET, id, NULL, NULL, cancellable,
                           on_conversation, g_steal_pointer (&task));
}

PorchConversation *
porch_mirror_load_conversation_finish (PorchMirror *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

GListModel *
porch_mirror_get_agents (PorchMirror *self)
{
  return G_LIST_MODEL (self->agents);
}

PorchAgent *
porch_mirror_find_agent (PorchMirror *self, const char *id)
{
  const guint n_agents = g_list_model_get_n_items (G_LIST_MODEL (self->agents));

  for (guint i = 0; i < n_agents; i++) {
    g_autoptr (PorchAgent) agent = g_list_model_get_item (G_LIST_MODEL (self->agents), i);

    /* The list keeps it. */
    if (g_strcmp0 (agent->id, id) == 0)
      return agent;
  }
  return NULL;
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchMirror *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchConversation) conversation = NULL;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  conversation = put_conversation (self, answer);
  g_task_return_boolean (task, TRUE);
}

void
porch_mirror_act_async (PorchMirror *self,
                        PorchConversation *conversation,
                        PorchOpId op,
                        const char *agent,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = NULL;

  g_task_set_source_tag (task, porch_mirror_act_async);
  if (op == PORCH_OP_CONVERSATION_ASSIGN) {
    body = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (body);

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "agent", agent);
    porch_writer_end (&writer);
  }
  porch_client_call_async (self->client, op, conversation->id, NULL, body, cancellable, on_acted,
                           task);
}

gboolean
porch_mirror_act_finish (PorchMirror *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
porch_mirror_set_draft (PorchMirror *self,
                        const char *conversation,
                        const char *text,
                        gboolean is_note)
{
  porch_drafts_set (self->drafts, conversation, text, is_note);
}

const char *
porch_mirror_get_draft (PorchMirror *self, const char *conversation, gboolean *is_note)
{
  return porch_drafts_get (self->drafts, conversation, is_note);
}

const char *
porch_mirror_get_unsent (PorchMirror *self, const char *conversation, PorchSending *sending)
{
  return porch_outbox_peek (self->outbox, conversation, sending);
}

static void
close_inbox (gpointer filter, gpointer inbox, gpointer data)
{
  porch_inbox_close (inbox);
}

void
porch_mirror_close (PorchMirror *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->client, self);
  porch_source_clear (&self->count);
  forget_threads (self);
  g_hash_table_foreach (self->inboxes, close_inbox, NULL);
  porch_outbox_close (self->outbox);
  porch_drafts_flush (self->drafts);
  if (self->cache != NULL && !porch_cache_close (self->cache, CLOSE_MS))
    g_message ("the disk took longer than %d ms to keep drafts and messages", CLOSE_MS);
}
