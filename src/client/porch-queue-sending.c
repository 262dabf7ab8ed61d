/* porch-queue-sending.c - the head of a queue on its way to the server, again until it is answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-queue.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-pace.h"
#include "porch-source.h"

static void
refuse (PorchQueue *queue, PorchQueueEntry *entry, const GError *error)
{
  g_autofree char *device = g_strdup (entry->pending->device);
  const gint64 n = entry->pending->n;

  entry->pending->problem = g_strdup (porch_error_nick (error));
  porch_queue_set_number (entry, entry->pending->device, 0);
  /* Nobody waits for it; it was said once, in another history. */
  if (entry->is_offer)
    porch_queue_drop (queue, entry);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_ID_CONFLICT))
    porch_queue_start_device (queue, device);
  else
    porch_queue_close_ranks (queue, device, n);
  queue->n_failures = 0;
  porch_queue_keep_numbers (queue);
}

void
porch_queue_complete (PorchQueue *queue, PorchQueueEntry *entry, PorchMessage *stored)
{
  g_autoptr (PorchMessage) message = g_object_ref (entry->message);

  queue->n_failures = 0;
  porch_outbox_remember (queue->outbox, entry->pending);
  /* The stream and the pages show it, as they show everybody's. */
  if (entry->is_offer) {
    porch_queue_drop (queue, entry);
    return;
  }
  if (stored->conversation == NULL)
    porch_member_set (&stored->conversation, queue->conversation);
  porch_queue_drop (queue, entry);
  /* It keeps its object: whoever shows it only sees it change. */
  porch_entity_assign (PORCH_ENTITY (message), PORCH_ENTITY (stored));
  porch_outbox_tell (queue->outbox, PORCH_OUTBOX_STORED, message);
}

static gboolean
on_retry (gpointer data)
{
  PorchQueue *queue = data;

  porch_source_clear (&queue->retry);
  porch_queue_pump (queue);
  return G_SOURCE_REMOVE;
}

/* Longer each time until one gets through, and at least as long as the server asked for. */
static void
wait (PorchQueue *queue, guint least_ms)
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

/* GAP: the server counts less than we do, so it is another file; a new device is safe. What passes
 * is tried again under the same number. The rest needs a person. */
static void
on_refused (PorchQueue *queue, PorchQueueEntry *entry, const GError *error, guint retry_ms)
{
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_GAP)) {
    porch_queue_start_device (queue, entry->pending->device);
    porch_queue_keep_numbers (queue);
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
  g_autoptr (PorchQueueWrite) write = data;
  PorchOutbox *self = write->outbox;
  const guint retry_ms = porch_client_call_get_retry_ms (result);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self->client, result, &error);
  g_autoptr (PorchMessage) stored = answer != NULL ? read_stored (answer, &error) : NULL;
  PorchQueue *queue = g_hash_table_lookup (self->queues, write->conversation);
  PorchQueueEntry *entry = queue != NULL ? queue->head : NULL;

  /* The stream may have been faster and the next one be on its way. */
  if (entry == NULL || !g_str_equal (entry->pending->id, write->id))
    return;
  queue->head = NULL;
  if (stored != NULL)
    porch_queue_complete (queue, entry, stored);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    on_refused (queue, entry, error, retry_ms);
  porch_queue_tell_changes (queue);
  porch_queue_pump (queue);
}

static void
post (PorchQueue *queue, PorchQueueEntry *entry)
{
  const PorchPending *pending = entry->pending;
  PorchOutbox *self = queue->outbox;
  g_autofree char *client_id = porch_queue_make_client_id (pending);
  GString *body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "id", client_id);
  porch_writer_string (&writer, "text", pending->text);
  porch_writer_end (&writer);
  queue->head = entry;
  porch_queue_stop (queue);
  queue->sending = g_cancellable_new ();
  porch_client_call_async (self->client,
                           pending->is_note ? PORCH_OP_NOTE_CREATE : PORCH_OP_MESSAGE_CREATE,
                           queue->conversation, NULL, body, queue->sending, on_sent,
                           porch_queue_write_new (queue, pending->id));
}

void
porch_queue_pump (PorchQueue *queue)
{
  PorchOutbox *self = queue->outbox;

  if (queue->head != NULL || queue->retry != NULL || queue->n_writes > 0 ||
      porch_client_get_link (self->client) != PORCH_LINK_LIVE)
    return;
  for (guint i = 0; i < queue->entries->len; i++) {
    PorchQueueEntry *entry = g_ptr_array_index (queue->entries, i);

    if (entry->pending->problem != NULL)
      continue;
    /* Those behind it wait for the disk too, or the order would not hold. */
    if (entry->is_kept)
      post (queue, entry);
    return;
  }
}
