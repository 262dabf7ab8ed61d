/* porch-queue.c - what waits to be sent to one conversation, and under which numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers: n counts per device and conversation and is used up only by storing. So when a message
 * is refused for good, those behind it move up by one, on the disk first. When the server's count
 * and ours disagree (GAP, ID_CONFLICT: a restored backup) the queue begins a new device at 1, which
 * is safe because nothing of it can be stored under a name that did not exist.
 */
#include "config.h"

#include "porch-queue.h"

#include "porch-client-private.h"
#include "porch-id.h"
#include "porch-source.h"

static void
free_entry (gpointer data)
{
  PorchQueueEntry *entry = data;

  porch_pending_free (entry->pending);
  g_clear_object (&entry->message);
  g_free (entry);
}

PorchQueue *
porch_queue_new (PorchOutbox *outbox, const char *conversation)
{
  PorchQueue *queue = g_new0 (PorchQueue, 1);

  queue->outbox = outbox;
  queue->conversation = g_strdup (conversation);
  queue->device = g_strdup (outbox->device);
  queue->entries = g_ptr_array_new_with_free_func (free_entry);
  return queue;
}

void
porch_queue_free (gpointer data)
{
  PorchQueue *queue = data;

  porch_queue_stop (queue);
  porch_source_clear (&queue->retry);
  g_ptr_array_unref (queue->entries);
  g_clear_pointer (&queue->conversation, g_free);
  g_clear_pointer (&queue->device, g_free);
  g_free (queue);
}

void
porch_queue_stop (PorchQueue *queue)
{
  if (queue->sending != NULL)
    g_cancellable_cancel (queue->sending);
  g_clear_object (&queue->sending);
}

PorchQueueEntry *
porch_queue_find_row (PorchQueue *queue, const char *id)
{
  for (guint i = 0; i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (g_str_equal (entry->pending->id, id))
      return entry;
  }
  return NULL;
}

PorchSending
porch_queue_get_sending (PorchQueue *queue, const PorchQueueEntry *entry)
{
  if (entry->pending->problem != NULL)
    return PORCH_SENDING_FAILED;
  if (queue->n_failures > 0 || porch_client_get_link (queue->outbox->client) != PORCH_LINK_LIVE)
    return PORCH_SENDING_WAITING;
  return PORCH_SENDING_NOW;
}

void
porch_queue_tell_changes (PorchQueue *queue)
{
  /* The window may do anything in answer: what is walked must stay. */
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);
    const PorchSending sending = porch_queue_get_sending (queue, entry);

    if (entry->told != sending && entry->is_kept && !entry->is_offer)
      g_ptr_array_add (changed, g_object_ref (entry->message));
    entry->told = sending;
  }
  for (guint i = 0; i < changed->len; i++)
    porch_outbox_tell (queue->outbox, PORCH_OUTBOX_CHANGED, g_ptr_array_index (changed, i));
}

/* ---- numbers ---- */

char *
porch_queue_make_client_id (const PorchPending *pending)
{
  return g_strdup_printf ("%s:%" G_GINT64_FORMAT, pending->device, pending->n);
}

void
porch_queue_set_number (PorchQueueEntry *entry, const char *device, gint64 n)
{
  g_autofree char *client_id = NULL;

  if (device != entry->pending->device) {
    g_clear_pointer (&entry->pending->device, g_free);
    entry->pending->device = g_strdup (device);
  }
  entry->pending->n = n;
  client_id = n > 0 ? porch_queue_make_client_id (entry->pending) : NULL;
  g_object_set (entry->message, "client-id", client_id, NULL);
}

static gboolean
has_number (const PorchQueueEntry *entry, const char *device)
{
  return entry->pending->problem == NULL && g_str_equal (entry->pending->device, device);
}

/* The number @n of @device is free again: those behind it move up. */
void
porch_queue_close_ranks (PorchQueue *queue, const char *device, gint64 n)
{
  for (guint i = 0; i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (has_number (entry, device) && entry->pending->n > n)
      porch_queue_set_number (entry, entry->pending->device, entry->pending->n - 1);
  }
  if (g_str_equal (queue->device, device))
    queue->n--;
}

/* What has a number of @device gets one of a device that nobody knows. */
void
porch_queue_start_device (PorchQueue *queue, const char *device)
{
  g_autofree char *old = g_strdup (device);
  g_autofree char *fresh = porch_id_new ();
  gint64 n = 0;

  for (guint i = 0; i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (has_number (entry, old))
      porch_queue_set_number (entry, fresh, ++n);
  }
  if (g_str_equal (queue->device, old)) {
    g_clear_pointer (&queue->device, g_free);
    queue->device = g_steal_pointer (&fresh);
    queue->n = n;
  }
}

/* ---- entries ---- */

static void
sign (PorchQueueEntry *entry, PorchAgent *agent)
{
  if (agent != NULL)
    g_object_set (entry->message, "sender", agent->id, "sender-name", agent->name, NULL);
}

void
porch_queue_sign (PorchQueue *queue)
{
  PorchAgent *agent = porch_client_get_agent (queue->outbox->client);

  for (guint i = 0; i < queue->entries->len; i++)
    sign (g_ptr_array_index (queue->entries, i), agent);
}

PorchQueueEntry *
porch_queue_add (PorchQueue *queue, int index, PorchPending *pending)
{
  PorchQueueEntry *entry = g_new0 (PorchQueueEntry, 1);
  g_autofree char *client_id = pending->n > 0 ? porch_queue_make_client_id (pending) : NULL;
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
int
porch_queue_count_kept (PorchQueue *queue)
{
  int n = 0;

  while (n < (int) queue->entries->len &&
         ((PorchQueueEntry *) g_ptr_array_index (queue->entries, n))->is_kept)
    n++;
  return n;
}
