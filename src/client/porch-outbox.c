/* porch-outbox.c - what was written here and no server has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A queue for each conversation: porch-queue.c numbers what is in it, porch-queue-disk.c keeps it,
 * porch-queue-sending.c sends it.
 *
 * What was acknowledged is remembered for a while. When the server's history is another one it is
 * offered again, under its old ids: what the server has it acknowledges, what it lost it stores.
 */
#include "config.h"

#include "porch-outbox.h"

#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-queue.h"
#include "porch-source.h"

/* Acknowledged ones, of all conversations, that are offered again. */
#define GIVEN_MAX 100

typedef enum {
  PROP_PROBLEM = 1,
} PorchOutboxProp;

static GParamSpec *pspecs[PROP_PROBLEM + 1];

static guint signals[PORCH_OUTBOX_N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchOutbox, porch_outbox, G_TYPE_OBJECT)

void
porch_outbox_tell (PorchOutbox *self, PorchOutboxSignal what, PorchMessage *message)
{
  g_signal_emit (self, signals[what], 0, message);
}

static PorchQueue *
get_queue (PorchOutbox *self, const char *conversation)
{
  PorchQueue *queue = g_hash_table_lookup (self->queues, conversation);

  if (queue == NULL) {
    queue = porch_queue_new (self, conversation);
    g_hash_table_insert (self->queues, queue->conversation, queue);
  }
  return queue;
}

static PorchQueueEntry *
find_message (PorchOutbox *self, PorchMessage *message, PorchQueue **queue)
{
  *queue = message->conversation != NULL ? g_hash_table_lookup (self->queues, message->conversation)
                                         : NULL;

  for (guint i = 0; *queue != NULL && i < (*queue)->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index ((*queue)->entries, i);

    if (entry->message == message)
      return entry;
  }
  return NULL;
}

void
porch_outbox_set_problem (PorchOutbox *self, const GError *error)
{
  const char *problem = error != NULL ? porch_error_nick (error) : NULL;

  if (error != NULL)
    g_debug ("keeping what is sent: %s", error->message);
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_clear_pointer (&self->problem, g_free);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_PROBLEM]);
}

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchOutbox *self)
{
  g_autoptr (GList) queues = g_hash_table_get_values (self->queues);

  for (GList *link = queues; link != NULL; link = link->next) {
    PorchQueue *queue = link->data;

    if (porch_client_get_link (client) == PORCH_LINK_LIVE) {
      queue->n_failures = 0;
      porch_source_clear (&queue->retry);
      porch_queue_pump (queue);
    } else {
      /* An answer over a dead line would only come at its deadline. The same id can be sent again.
       */
      porch_queue_stop (queue);
    }
    porch_queue_tell_changes (queue);
  }
}

static void
on_agent_changed (PorchClient *client, GParamSpec *pspec, PorchOutbox *self)
{
  GHashTableIter iter;
  gpointer queue;

  g_hash_table_iter_init (&iter, self->queues);
  while (g_hash_table_iter_next (&iter, NULL, &queue))
    porch_queue_sign (queue);
}

/* ---- another history ---- */

void
porch_outbox_remember (PorchOutbox *self, const PorchPending *pending)
{
  g_queue_push_tail (&self->given, porch_pending_copy (pending));
  if (g_queue_get_length (&self->given) > GIVEN_MAX)
    porch_pending_free (g_queue_pop_head (&self->given));
}

/* Before what was not acknowledged yet, in the order in which it was said. */
static void
offer (PorchOutbox *self, PorchPending *pending)
{
  PorchQueue *queue = get_queue (self, pending->conversation);
  int index = 0;
  PorchQueueEntry *entry;

  while (index < (int) queue->entries->len &&
         ((PorchQueueEntry *) g_ptr_array_index (queue->entries, index))->is_offer)
    index++;
  entry = porch_queue_add (queue, index, pending);
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
    porch_queue_pump (link->data);
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
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->problem, g_free);

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

  signals[PORCH_OUTBOX_SHOWN] = new_signal ("shown");
  signals[PORCH_OUTBOX_CHANGED] = new_signal ("changed");
  signals[PORCH_OUTBOX_STORED] = new_signal ("stored");
  signals[PORCH_OUTBOX_GONE] = new_signal ("gone");
}

static void
porch_outbox_init (PorchOutbox *self)
{
  self->device = porch_id_new ();
  self->queues = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, porch_queue_free);
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

void
porch_outbox_restore (PorchOutbox *self, GPtrArray *pendings)
{
  for (guint i = 0; i < pendings->len; i++) {
    const PorchPending *pending = g_ptr_array_index (pendings, i);
    PorchQueue *queue = get_queue (self, pending->conversation);

    porch_queue_show (
      queue, porch_queue_add (queue, porch_queue_count_kept (queue), porch_pending_copy (pending)));
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
  PorchQueue *queue = get_queue (self, conversation);
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
  porch_queue_keep (queue, porch_queue_add (queue, -1, pending));
}

GPtrArray *
porch_outbox_list (PorchOutbox *self, const char *conversation)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  PorchQueue *queue = g_hash_table_lookup (self->queues, conversation);

  for (guint i = 0; queue != NULL && i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (entry->is_kept && !entry->is_offer)
      g_ptr_array_add (messages, g_object_ref (entry->message));
  }
  return messages;
}

const char *
porch_outbox_peek (PorchOutbox *self, const char *conversation, PorchSending *sending)
{
  PorchQueue *queue = g_hash_table_lookup (self->queues, conversation);
  const char *text = NULL;

  /* Of all that wait the newest stands for them, but one that needs a person comes first. */
  for (guint i = 0; queue != NULL && i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (!entry->is_kept || entry->is_offer || (text != NULL && *sending == PORCH_SENDING_FAILED))
      continue;
    text = entry->pending->text;
    *sending = porch_queue_get_sending (queue, entry);
  }
  return text;
}

PorchSending
porch_outbox_get_sending (PorchOutbox *self, PorchMessage *message)
{
  PorchQueue *queue = NULL;
  PorchQueueEntry *entry = find_message (self, message, &queue);

  return entry != NULL ? porch_queue_get_sending (queue, entry) : PORCH_SENDING_NO;
}

void
porch_outbox_retry (PorchOutbox *self, PorchMessage *message)
{
  PorchQueue *queue = NULL;
  PorchQueueEntry *entry = find_message (self, message, &queue);
  guint index = 0;

  if (entry == NULL || entry->pending->problem == NULL)
    return;
  /* It is said now: behind what was said meanwhile, under a number of now. */
  g_ptr_array_find (queue->entries, entry, &index);
  g_ptr_array_add (queue->entries, g_ptr_array_steal_index (queue->entries, index));
  g_clear_pointer (&entry->pending->problem, g_free);
  porch_queue_set_number (entry, queue->device, ++queue->n);
  porch_queue_keep_again (queue, entry);
  porch_queue_tell_changes (queue);
  porch_queue_pump (queue);
}

void
porch_outbox_discard (PorchOutbox *self, PorchMessage *message)
{
  g_autoptr (PorchMessage) alive = g_object_ref (message);
  PorchQueue *queue = NULL;
  PorchQueueEntry *entry = find_message (self, message, &queue);

  /* One that is on its way may be stored already. */
  if (entry == NULL || entry->pending->problem == NULL)
    return;
  porch_queue_drop (queue, entry);
  porch_outbox_tell (self, PORCH_OUTBOX_GONE, alive);
}

gboolean
porch_outbox_claim (PorchOutbox *self, PorchMessage *stored)
{
  PorchQueue *queue = stored->client_id != NULL && stored->conversation != NULL
                        ? g_hash_table_lookup (self->queues, stored->conversation)
                        : NULL;

  for (guint i = 0; queue != NULL && i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (g_strcmp0 (entry->message->client_id, stored->client_id) == 0) {
      const gboolean is_shown = !entry->is_offer;

      porch_queue_complete (queue, entry, stored);
      porch_queue_tell_changes (queue);
      porch_queue_pump (queue);
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
