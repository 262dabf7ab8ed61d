/* porch-queue-disk.c - what waits to be sent, on the disk before it is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-queue.h"

PorchQueueWrite *
porch_queue_write_new (PorchQueue *queue, const char *id)
{
  PorchQueueWrite *write = g_new (PorchQueueWrite, 1);

  *write = (PorchQueueWrite){ g_object_ref (queue->outbox), g_strdup (queue->conversation),
                              g_strdup (id) };
  return write;
}

void
porch_queue_write_free (PorchQueueWrite *write)
{
  g_clear_object (&write->outbox);
  g_clear_pointer (&write->conversation, g_free);
  g_clear_pointer (&write->id, g_free);
  g_free (write);
}

void
porch_queue_show (PorchQueue *queue, PorchQueueEntry *entry)
{
  g_autoptr (PorchMessage) message = g_object_ref (entry->message);

  entry->is_kept = TRUE;
  entry->told = porch_queue_get_sending (queue, entry);
  porch_outbox_tell (queue->outbox, PORCH_OUTBOX_SHOWN, message);
  porch_queue_pump (queue);
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchQueueWrite) write = data;
  PorchOutbox *self = write->outbox;
  PorchQueue *queue = g_hash_table_lookup (self->queues, write->conversation);
  PorchQueueEntry *entry = queue != NULL ? porch_queue_find_row (queue, write->id) : NULL;
  g_autoptr (GError) error = NULL;

  /* A full disk does not stop anybody from answering; it is said that it is not kept. */
  porch_cache_write_finish (self->cache, result, &error);
  porch_outbox_set_problem (self, error);
  if (entry != NULL && !entry->is_kept)
    porch_queue_show (queue, entry);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchQueueWrite) write = data;
  PorchQueue *queue = g_hash_table_lookup (write->outbox->queues, write->conversation);
  g_autoptr (GError) error = NULL;

  porch_cache_write_finish (write->outbox->cache, result, &error);
  porch_outbox_set_problem (write->outbox, error);
  if (queue == NULL)
    return;
  queue->n_writes--;
  porch_queue_pump (queue);
}

/* Nobody waits for it: at worst it is sent once more at the next start, under its old number. */
static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchQueueWrite) write = data;
  g_autoptr (GError) error = NULL;

  porch_cache_write_finish (write->outbox->cache, result, &error);
  porch_outbox_set_problem (write->outbox, error);
}

/* Without a file, as in tests, it is shown and sent at once. */
void
porch_queue_keep (PorchQueue *queue, PorchQueueEntry *entry)
{
  PorchCache *cache = queue->outbox->cache;

  if (cache != NULL)
    porch_cache_keep_async (cache, entry->pending, on_kept,
                            porch_queue_write_new (queue, entry->pending->id));
  else
    porch_queue_show (queue, entry);
}

void
porch_queue_keep_again (PorchQueue *queue, PorchQueueEntry *entry)
{
  PorchCache *cache = queue->outbox->cache;

  if (cache == NULL)
    return;
  queue->n_writes++;
  porch_cache_keep_async (cache, entry->pending, on_changed, porch_queue_write_new (queue, NULL));
}

void
porch_queue_keep_numbers (PorchQueue *queue)
{
  PorchCache *cache = queue->outbox->cache;
  g_autoptr (GPtrArray) pendings = NULL;

  if (cache == NULL)
    return;
  pendings = g_ptr_array_new ();
  for (guint i = 0; i < queue->entries->len; i++)
    g_ptr_array_add (pendings,
                     ((PorchQueueEntry *) g_ptr_array_index (queue->entries, i))->pending);
  queue->n_writes++;
  porch_cache_change_async (cache, pendings, on_changed, porch_queue_write_new (queue, NULL));
}

void
porch_queue_drop (PorchQueue *queue, PorchQueueEntry *entry)
{
  PorchCache *cache = queue->outbox->cache;

  if (cache != NULL && !entry->is_offer)
    porch_cache_forget_async (cache, entry->pending->id, on_forgotten,
                              porch_queue_write_new (queue, NULL));
  /* Its request may still be on its way: the answer will find nobody. */
  if (queue->head == entry)
    queue->head = NULL;
  g_ptr_array_remove (queue->entries, entry);
}
