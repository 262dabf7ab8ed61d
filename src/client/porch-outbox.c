/* porch-outbox.c - what was written here and no server has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers: n counts per device and conversation and is used up only by storing. So when a message
 * is refused for good, those behind it move up by one, on the disk first. When the server's count
 * and ours disagree (GAP, ID_CONFLICT: a restored backup) the queue begins a new device at 1, which
 * is safe because nothing of it can be stored under a name that did not exist.
 *
 * What was acknowledged is remembered for a while. When the server's history is another one it is
 * offered again, under its old ids: what the server has it acknowledges, what it lost it stores.
 */
#include "config.h"

#include "porch-outbox.h"

#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-pace.h"
#include "porch-source.h"

/* Acknowledged ones, of all conversations, that are offered again. */
#define GIVEN_MAX 100

typedef struct {
  PorchPending *pending;
  PorchMessage *message;
  PorchSending told; /* what was last said of it */
  gboolean is_kept;  /* on the disk, and shown */
  gboolean is_offer; /* was acknowledged before: nobody is told of it */
} Entry;

typedef struct {
  PorchOutbox *outbox; /* borrowed */
  char *conversation;
  char *device; /* of the next message */
  gint64 n;     /* of the last message */
  GPtrArray *entries;
  Entry *head; /* on its way, or NULL */
  GCancellable *sending;
  GSource *retry;
  guint n_failures;
  guint n_writes; /* of numbers, that must be on the disk before anything is sent */
} Queue;

struct _PorchOutbox {
  GObject parent_instance;

  PorchClient *client;
  PorchCache *cache;
  char *device;       /* of this run */
  GHashTable *queues; /* conversation -> Queue */
  GQueue given;       /* of PorchPending, the oldest first */
  char *problem;
};

typedef enum {
  PROP_PROBLEM = 1,
} PorchOutboxProp;

static GParamSpec *pspecs[PROP_PROBLEM + 1];

enum {
  SHOWN,
  CHANGED,
  STORED,
  GONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchOutbox, porch_outbox, G_TYPE_OBJECT)

static void pump (Queue *queue);

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  porch_pending_free (entry->pending);
  g_object_unref (entry->message);
  g_free (entry);
}

static void
stop_sending (Queue *queue)
{
  if (queue->sending != NULL)
    g_cancellable_cancel (queue->sending);
  g_clear_object (&queue->sending);
}

static void
free_queue (gpointer data)
{
  Queue *queue = data;

  stop_sending (queue);
  porch_source_clear (&queue->retry);
  g_ptr_array_unref (queue->entries);
  g_free (queue->conversation);
  g_free (queue->device);
  g_free (queue);
}

static Queue *
get_queue (PorchOutbox *self, const char *conversation)
{
  Queue *queue = g_hash_table_lookup (self->queues, conversation);

  if (queue == NULL) {
    queue = g_new0 (Queue, 1);
    queue->outbox = self;
    queue->conversation = g_strdup (conversation);
    queue->device = g_strdup (self->device);
    queue->entries = g_ptr_array_new_with_free_func (free_entry);
    g_hash_table_insert (self->queues, queue->conversation, queue);
  }
  return queue;
}

static Entry *
find_message (PorchOutbox *self, PorchMessage *message, Queue **queue)
{
  *queue = message->conversation != NULL ? g_hash_table_lookup (self->queues, message->conversation)
                                         : NULL;

  for (guint i = 0; *queue != NULL && i < (*queue)->entries->len; i++) {
    Entry *entry = g_ptr_array_index ((*queue)->entries, i);

    if (entry->message == message)
      return entry;
  }
  return NULL;
}

static Entry *
find_row (Queue *queue, const char *id)
{
  for (guint i = 0; i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (g_str_equal (entry->pending->id, id))
      return entry;
  }
  return NULL;
}

static char *
make_client_id (const PorchPending *pending)
{
  return g_strdup_printf ("%s:%" G_GINT64_FORMAT, pending->device, pending->n);
}

static PorchSending
get_sending (Queue *queue, const Entry *entry)
{
  if (entry->pending->problem != NULL)
    return PORCH_SENDING_FAILED;
  if (queue->n_failures > 0 || porch_client_get_link (queue->outbox->client) != PORCH_LINK_LIVE)
    return PORCH_SENDING_WAITING;
  return PORCH_SENDING_NOW;
}

static void
tell_changes (Queue *queue)
{
  /* The window may do anything in answer: what is walked must stay. */
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);
    const PorchSending sending = get_sending (queue, entry);

    if (entry->told != sending && entry->is_kept && !entry->is_offer)
      g_ptr_array_add (changed, g_object_ref (entry->message));
    entry->told = sending;
  }
  for (guint i = 0; i < changed->len; i++)
    g_signal_emit (queue->outbox, signals[CHANGED], 0, g_ptr_array_index (changed, i));
}

static void
set_problem (PorchOutbox *self, const GError *error)
{
  const char *problem = error != NULL ? porch_error_nick (error) : NULL;

  if (error != NULL)
    g_debug ("keeping what is sent: %s", error->message);
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_PROBLEM]);
}

/* ---- the disk ---- */

/* What a write that ends needs to find its place again; the queue is found by name, since the
 * outbox may have been closed meanwhile. */
typedef struct {
  PorchOutbox *outbox;
  char *conversation;
  char *id; /* of the row that was kept */
} Write;

static Write *
write_new (Queue *queue, const char *id)
{
  Write *write = g_new (Write, 1);

  *write = (Write){ g_object_ref (queue->outbox), g_strdup (queue->conversation), g_strdup (id) };
  return write;
}

static void
write_free (Write *write)
{
  g_object_unref (write->outbox);
  g_free (write->conversation);
  g_free (write->id);
  g_free (write);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

static void
show (Queue *queue, Entry *entry)
{
  g_autoptr (PorchMessage) message = g_object_ref (entry->message);

  entry->is_kept = TRUE;
  entry->told = get_sending (queue, entry);
  g_signal_emit (queue->outbox, signals[SHOWN], 0, message);
  pump (queue);
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Write) write = data;
  PorchOutbox *self = write->outbox;
  Queue *queue = g_hash_table_lookup (self->queues, write->conversation);
  Entry *entry = queue != NULL ? find_row (queue, write->id) : NULL;
  g_autoptr (GError) error = NULL;

  /* A full disk does not stop anybody from answering; it is said that it is not kept. */
  porch_cache_write_finish (self->cache, result, &error);
  set_problem (self, error);
  if (entry != NULL && !entry->is_kept)
    show (queue, entry);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Write) write = data;
  Queue *queue = g_hash_table_lookup (write->outbox->queues, write->conversation);
  g_autoptr (GError) error = NULL;

  porch_cache_write_finish (write->outbox->cache, result, &error);
  set_problem (write->outbox, error);
  if (queue == NULL)
    return;
  queue->n_writes--;
  pump (queue);
}

static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Write) write = data;
  g_autoptr (GError) error = NULL;

  porch_cache_write_finish (write->outbox->cache, result, &error);
  set_problem (write->outbox, error);
}

static void
keep (Queue *queue, Entry *entry)
{
  PorchCache *cache = queue->outbox->cache;

  if (cache != NULL)
    porch_cache_keep_async (cache, entry->pending, on_kept, write_new (queue, entry->pending->id));
  else
    show (queue, entry);
}

/* Writes the numbers and problems that the queue has now. */
static void
keep_numbers (Queue *queue)
{
  PorchCache *cache = queue->outbox->cache;
  g_autoptr (GPtrArray) pendings = NULL;

  if (cache == NULL)
    return;
  pendings = g_ptr_array_new ();
  for (guint i = 0; i < queue->entries->len; i++)
    g_ptr_array_add (pendings, ((Entry *) g_ptr_array_index (queue->entries, i))->pending);
  queue->n_writes++;
  porch_cache_change_async (cache, pendings, on_changed, write_new (queue, NULL));
}

static void
drop (Queue *queue, Entry *entry)
{
  PorchCache *cache = queue->outbox->cache;

  if (cache != NULL && !entry->is_offer)
    porch_cache_forget_async (cache, entry->pending->id, on_forgotten, write_new (queue, NULL));
  /* Its request may still be on its way: the answer will find nobody. */
  if (queue->head == entry)
    queue->head = NULL;
  g_ptr_array_remove (queue->entries, entry);
}

/* ---- numbers ---- */

static void
set_number (Entry *entry, const char *device, gint64 n)
{
  g_autofree char *client_id = NULL;

  if (device != entry->pending->device) {
    g_free (entry->pending->device);
    entry->pending->device = g_strdup (device);
  }
  entry->pending->n = n;
  client_id = n > 0 ? make_client_id (entry->pending) : NULL;
  g_object_set (entry->message, "client-id", client_id, NULL);
}

static gboolean
has_number (const Entry *entry, const char *device)
{
  return entry->pending->problem == NULL && g_str_equal (entry->pending->device, device);
}

/* The number @n of @device is free again: those behind it move up. */
static void
close_ranks (Queue *queue, const char *device, gint64 n)
{
  for (guint i = 0; i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (has_number (entry, device) && entry->pending->n > n)
      set_number (entry, entry->pending->device, entry->pending->n - 1);
  }
  if (g_str_equal (queue->device, device))
    queue->n--;
}

/* What has a number of @device gets one of a device that nobody knows. */
static void
start_device (Queue *queue, const char *device)
{
  g_autofree char *old = g_strdup (device);
  g_autofree char *fresh = porch_id_new ();
  gint64 n = 0;

  for (guint i = 0; i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (has_number (entry, old))
      set_number (entry, fresh, ++n);
  }
  if (g_str_equal (queue->device, old)) {
    g_free (queue->device);
    queue->device = g_steal_pointer (&fresh);
    queue->n = n;
  }
}

static void
refuse (Queue *queue, Entry *entry, const GError *error)
{
  g_autofree char *device = g_strdup (entry->pending->device);
  const gint64 n = entry->pending->n;

  entry->pending->problem = g_strdup (porch_error_nick (error));
  set_number (entry, entry->pending->device, 0);
  /* Nobody waits for it; it was said once, in another history. */
  if (entry->is_offer)
    drop (queue, entry);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_ID_CONFLICT))
    start_device (queue, device);
  else
    close_ranks (queue, device, n);
  queue->n_failures = 0;
  keep_numbers (queue);
}

/* ---- sending ---- */

static void
remember (PorchOutbox *self, const PorchPending *pending)
{
  g_queue_push_tail (&self->given, porch_pending_copy (pending));
  if (g_queue_get_length (&self->given) > GIVEN_MAX)
    porch_pending_free (g_queue_pop_head (&self->given));
}

static void
complete (Queue *queue, Entry *entry, PorchMessage *stored)
{
  g_autoptr (PorchMessage) message = g_object_ref (entry->message);

  queue->n_failures = 0;
  remember (queue->outbox, entry->pending);
  /* The stream and the pages show it, as they show everybody's. */
  if (entry->is_offer) {
    drop (queue, entry);
    return;
  }
  if (stored->conversation == NULL)
    porch_member_set (&stored->conversation, queue->conversation);
  drop (queue, entry);
  /* It keeps its object: whoever shows it only sees it change. */
  porch_entity_assign (PORCH_ENTITY (message), PORCH_ENTITY (stored));
  g_signal_emit (queue->outbox, signals[STORED], 0, message);
}

static gboolean
on_retry (gpointer data)
{
  Queue *queue = data;

  porch_source_clear (&queue->retry);
  pump (queue);
  return G_SOURCE_REMOVE;
}

static void
wait (Queue *queue, guint least_ms)
{
  const PorchPace *pace = porch_client_get_pace (queue->outbox->client);
  const guint delay_ms = MAX (least_ms, porch_pace_draw (pace, queue->n_failures));

  queue->n_failures++;
  porch_source_clear (&queue->retry);
  queue->retry = porch_source_timeout (delay_ms, on_retry, queue);
}

static PorchMessage *
read_stored (JsonNode *answer, GError **error)
{
  g_autoptr (GError) reason = NULL;
  PorchMessage *stored = porch_codec_read (PORCH_TYPE_MESSAGE, answer, PORCH_FROM_SERVER, &reason);

  /* It may well be stored; only the next answer can say. */
  if (stored == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_OFFLINE, "reading a stored message: %s",
                 reason->message);
  return stored;
}

static void
on_refused (Queue *queue, Entry *entry, const GError *error, guint retry_ms)
{
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_GAP)) {
    start_device (queue, entry->pending->device);
    keep_numbers (queue);
    wait (queue, retry_ms);
  } else if (porch_client_error_passes (error)) {
    wait (queue, retry_ms);
  } else {
    refuse (queue, entry, error);
  }
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Write) write = data;
  PorchOutbox *self = write->outbox;
  const guint retry_ms = porch_client_call_get_retry_ms (result);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self->client, result, &error);
  g_autoptr (PorchMessage) stored = answer != NULL ? read_stored (answer, &error) : NULL;
  Queue *queue = g_hash_table_lookup (self->queues, write->conversation);
  Entry *entry = queue != NULL ? queue->head : NULL;

  /* The stream may have been faster and the next one be on its way. */
  if (entry == NULL || !g_str_equal (entry->pending->id, write->id))
    return;
  queue->head = NULL;
  if (stored != NULL)
    complete (queue, entry, stored);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    on_refused (queue, entry, error, retry_ms);
  tell_changes (queue);
  pump (queue);
}

static void
post (Queue *queue, Entry *entry)
{
  const PorchPending *pending = entry->pending;
  PorchOutbox *self = queue->outbox;
  g_autofree char *client_id = make_client_id (pending);
  GString *body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "id", client_id);
  porch_writer_string (&writer, "text", pending->text);
  porch_writer_end (&writer);
  queue->head = entry;
  stop_sending (queue);
  queue->sending = g_cancellable_new ();
  porch_client_call_async (
    self->client, pending->is_note ? PORCH_OP_NOTE_CREATE : PORCH_OP_MESSAGE_CREATE,
    queue->conversation, NULL, body, queue->sending, on_sent, write_new (queue, pending->id));
}

/* Sends the first that can be sent, unless one is on its way or must be waited for. */
static void
pump (Queue *queue)
{
  PorchOutbox *self = queue->outbox;

  if (queue->head != NULL || queue->retry != NULL || queue->n_writes > 0 ||
      porch_client_get_link (self->client) != PORCH_LINK_LIVE)
    return;
  for (guint i = 0; i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (entry->pending->problem != NULL)
      continue;
    /* Those behind it wait for the disk too, or the order would not hold. */
    if (entry->is_kept)
      post (queue, entry);
    return;
  }
}

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchOutbox *self)
{
  g_autoptr (GList) queues = g_hash_table_get_values (self->queues);

  for (GList *link = queues; link != NULL; link = link->next) {
    Queue *queue = link->data;

    if (porch_client_get_link (client) == PORCH_LINK_LIVE) {
      queue->n_failures = 0;
      porch_source_clear (&queue->retry);
      pump (queue);
    } else {
      /* An answer over a dead line would only come at its deadline. The same id can be sent again.
       */
      stop_sending (queue);
    }
    tell_changes (queue);
  }
}

static void
sign (Entry *entry, PorchAgent *agent)
{
  if (agent != NULL)
    g_object_set (entry->message, "sender", agent->id, "sender-name", agent->name, NULL);
}

static void
on_agent_changed (PorchClient *client, GParamSpec *pspec, PorchOutbox *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Queue *queue = value;

    for (guint i = 0; i < queue->entries->len; i++)
      sign (g_ptr_array_index (queue->entries, i), porch_client_get_agent (client));
  }
}

/* ---- another history ---- */

static Entry *add_entry (Queue *queue, int index, PorchPending *pending);

/* Before what was not acknowledged yet, in the order in which it was said. */
static void
offer (PorchOutbox *self, PorchPending *pending)
{
  Queue *queue = get_queue (self, pending->conversation);
  int index = 0;
  Entry *entry;

  while (index < (int) queue->entries->len &&
         ((Entry *) g_ptr_array_index (queue->entries, index))->is_offer)
    index++;
  entry = add_entry (queue, index, pending);
  entry->is_kept = entry->is_offer = TRUE;
}

static void
on_reset (PorchClient *client, PorchOutbox *self)
{
  g_autoptr (GList) queues = NULL;

  while (!g_queue_is_empty (&self->given))
    offer (self, g_queue_pop_head (&self->given));
  queues = g_hash_table_get_values (self->queues);
  for (GList *link = queues; link != NULL; link = link->next)
    pump (link->data);
}

/* ---- the object ---- */

static void
porch_outbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((PorchOutboxProp) id) {
  case PROP_PROBLEM:
    g_value_set_string (value, PORCH_OUTBOX (object)->problem);
    break;
  }
}

static void
porch_outbox_dispose (GObject *object)
{
  PorchOutbox *self = PORCH_OUTBOX (object);

  porch_outbox_close (self);
  g_clear_object (&self->client);
  g_clear_object (&self->cache);

  G_OBJECT_CLASS (porch_outbox_parent_class)->dispose (object);
}

static void
porch_outbox_finalize (GObject *object)
{
  PorchOutbox *self = PORCH_OUTBOX (object);

  g_hash_table_unref (self->queues);
  g_queue_clear_full (&self->given, (GDestroyNotify) porch_pending_free);
  g_free (self->device);
  g_free (self->problem);

  G_OBJECT_CLASS (porch_outbox_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, PORCH_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       1, PORCH_TYPE_MESSAGE);
}

static void
porch_outbox_class_init (PorchOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_outbox_get_property;
  object_class->dispose = porch_outbox_dispose;
  object_class->finalize = porch_outbox_finalize;

  pspecs[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[SHOWN] = new_signal ("shown");
  signals[CHANGED] = new_signal ("changed");
  signals[STORED] = new_signal ("stored");
  signals[GONE] = new_signal ("gone");
}

static void
porch_outbox_init (PorchOutbox *self)
{
  self->device = porch_id_new ();
  self->queues = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_queue);
}

PorchOutbox *
porch_outbox_new (PorchClient *client, PorchCache *cache)
{
  PorchOutbox *self = g_object_new (PORCH_TYPE_OUTBOX, NULL);

  self->client = g_object_ref (client);
  g_set_object (&self->cache, cache);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  g_signal_connect_object (client, "notify::agent", G_CALLBACK (on_agent_changed), self, 0);
  g_signal_connect_object (client, "reset", G_CALLBACK (on_reset), self, 0);
  return self;
}

/* Takes @pending. @index is -1 for the end. */
static Entry *
add_entry (Queue *queue, int index, PorchPending *pending)
{
  Entry *entry = g_new0 (Entry, 1);
  g_autofree char *client_id = pending->n > 0 ? make_client_id (pending) : NULL;
  PorchMessage *message = g_object_new (PORCH_TYPE_MESSAGE, NULL);

  porch_member_set (&message->conversation, pending->conversation);
  porch_member_set (&message->text, pending->text);
  porch_member_set (&message->client_id, client_id);
  message->kind = pending->is_note ? PORCH_MESSAGE_NOTE : PORCH_MESSAGE_TEXT;
  message->visibility = pending->is_note ? PORCH_VISIBILITY_STAFF : PORCH_VISIBILITY_PUBLIC;
  message->sender_kind = PORCH_ACTOR_AGENT;
  message->created_at = pending->created_at;

  entry->pending = pending;
  entry->message = message;
  sign (entry, porch_client_get_agent (queue->outbox->client));
  g_ptr_array_insert (queue->entries, index, entry);
  return entry;
}

/* What was written since the start waits for the disk, behind the reading of what was there. */
static int
count_kept (Queue *queue)
{
  int n = 0;

  while (n < (int) queue->entries->len &&
         ((Entry *) g_ptr_array_index (queue->entries, n))->is_kept)
    n++;
  return n;
}

void
porch_outbox_restore (PorchOutbox *self, GPtrArray *pendings)
{
  for (guint i = 0; i < pendings->len; i++) {
    const PorchPending *pending = g_ptr_array_index (pendings, i);
    Queue *queue = get_queue (self, pending->conversation);

    show (queue, add_entry (queue, count_kept (queue), porch_pending_copy (pending)));
  }
}

void
porch_outbox_close (PorchOutbox *self)
{
  /* What is still being written is written; nobody is told any more. */
  g_hash_table_remove_all (self->queues);
}

void
porch_outbox_send (PorchOutbox *self, const char *conversation, const char *text, gboolean is_note)
{
  Queue *queue = get_queue (self, conversation);
  PorchPending *pending = g_new (PorchPending, 1);

  *pending = (PorchPending){
    .id = porch_id_new (),
    .conversation = g_strdup (conversation),
    .device = g_strdup (queue->device),
    .n = ++queue->n,
    .is_note = is_note,
    .text = g_strdup (text),
    .created_at = porch_clock_now_us (),
  };
  keep (queue, add_entry (queue, -1, pending));
}

GPtrArray *
porch_outbox_list (PorchOutbox *self, const char *conversation)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  Queue *queue = g_hash_table_lookup (self->queues, conversation);

  for (guint i = 0; queue != NULL && i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (entry->is_kept && !entry->is_offer)
      g_ptr_array_add (messages, g_object_ref (entry->message));
  }
  return messages;
}

PorchSending
porch_outbox_get_sending (PorchOutbox *self, PorchMessage *message)
{
  Queue *queue = NULL;
  Entry *entry = find_message (self, message, &queue);

  return entry != NULL ? get_sending (queue, entry) : PORCH_SENDING_NO;
}

void
porch_outbox_retry (PorchOutbox *self, PorchMessage *message)
{
  Queue *queue = NULL;
  Entry *entry = find_message (self, message, &queue);
  guint index = 0;

  if (entry == NULL || entry->pending->problem == NULL)
    return;
  /* It is said now: behind what was said meanwhile, under a number of now. */
  g_ptr_array_find (queue->entries, entry, &index);
  g_ptr_array_add (queue->entries, g_ptr_array_steal_index (queue->entries, index));
  g_clear_pointer (&entry->pending->problem, g_free);
  set_number (entry, queue->device, ++queue->n);
  if (self->cache != NULL) {
    queue->n_writes++;
    porch_cache_keep_async (self->cache, entry->pending, on_changed, write_new (queue, NULL));
  }
  tell_changes (queue);
  pump (queue);
}

void
porch_outbox_discard (PorchOutbox *self, PorchMessage *message)
{
  g_autoptr (PorchMessage) alive = g_object_ref (message);
  Queue *queue = NULL;
  Entry *entry = find_message (self, message, &queue);

  /* One that is on its way may be stored already. */
  if (entry == NULL || entry->pending->problem == NULL)
    return;
  drop (queue, entry);
  g_signal_emit (self, signals[GONE], 0, alive);
}

gboolean
porch_outbox_claim (PorchOutbox *self, PorchMessage *stored)
{
  Queue *queue = stored->client_id != NULL && stored->conversation != NULL
                   ? g_hash_table_lookup (self->queues, stored->conversation)
                   : NULL;

  for (guint i = 0; queue != NULL && i < queue->entries->len; i++) {
    Entry *entry = g_ptr_array_index (queue->entries, i);

    if (g_strcmp0 (entry->message->client_id, stored->client_id) == 0) {
      const gboolean is_shown = !entry->is_offer;

      complete (queue, entry, stored);
      tell_changes (queue);
      pump (queue);
      return is_shown;
    }
  }
  return FALSE;
}

const char *
porch_outbox_get_problem (PorchOutbox *self)
{
  return self->problem;
}
