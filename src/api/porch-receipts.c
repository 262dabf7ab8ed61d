/* porch-receipts.c - tells visitors which of their messages an agent's window has got
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-receipts.h"

#include "porch-source.h"

#define TELL_MS 100

struct _PorchReceipts {
  PorchBus *bus;
  GHashTable *pending; /* id of the conversation, which the event holds -> PorchEvent */
  GSource *timer;
};

static gboolean
on_timer (gpointer data)
{
  PorchReceipts *self = data;
  g_autoptr (GHashTable) pending = g_steal_pointer (&self->pending);
  GHashTableIter iter;
  gpointer receipt;

  g_clear_pointer (&self->timer, g_source_unref);
  self->pending =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_event_unref);
  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, NULL, &receipt))
    porch_bus_publish (self->bus, receipt);
  return G_SOURCE_REMOVE;
}

PorchReceipts *
porch_receipts_new (PorchBus *bus)
{
  PorchReceipts *self = g_new0 (PorchReceipts, 1);

  self->bus = bus;
  self->pending =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_event_unref);
  return self;
}

void
porch_receipts_free (PorchReceipts *self)
{
  porch_source_clear (&self->timer);
  g_hash_table_unref (self->pending);
  g_free (self);
}

void
porch_receipts_note (PorchReceipts *self, PorchEvent *event, gboolean is_received)
{
  static const PorchActor actor = { PORCH_ACTOR_AGENT, NULL, NULL };
  const gboolean is_new = is_received && event->type == PORCH_EVENT_MESSAGE_CREATED &&
                          event->message->sender_kind == PORCH_ACTOR_VISITOR;
  PorchEvent *before, *receipt;

  if (event->conversation == NULL || event->seq == 0)
    return;
  before = g_hash_table_lookup (self->pending, event->conversation->id);
  if (before == NULL && !is_new)
    return;
  /* Also when something else happened: a receipt must not take back what was read meanwhile. */
  receipt = porch_event_new (PORCH_EVENT_RECEIPT, &actor);
  receipt->conversation = g_object_ref (event->conversation);
  receipt->message = g_object_ref (is_new ? event->message : before->message);
  g_hash_table_replace (self->pending, receipt->conversation->id, receipt);
  if (self->timer == NULL)
    self->timer = porch_source_timeout (TELL_MS, on_timer, self);
}
