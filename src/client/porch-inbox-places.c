/* porch-inbox-places.c - which conversations are in a list, where, and how that changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row remembers the place it was given, so that it is found again after its conversation changed.
 * Changes are gathered and told once.
 */
#include "config.h"

#include "porch-inbox-parts.h"

#include "porch-clock.h"
#include "porch-stall.h"

void
porch_inbox_item_free (gpointer data)
{
  PorchInboxItem *row = data;

  g_clear_object (&row->conversation);
  g_free (row);
}

static guint
find_place (PorchInbox *self, const PorchPlace *place)
{
  guint low = 0, high = self->rows->len;

  while (low < high) {
    const guint middle = low + (high - low) / 2;
    const PorchInboxItem *row = g_ptr_array_index (self->rows, middle);

    if (porch_place_compare (&row->place, place) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
porch_inbox_has (PorchInbox *self, PorchConversation *conversation)
{
  PorchAgent *agent = porch_client_get_agent (self->client);

  return !porch_shelf_has_left (self->shelf, conversation->id) &&
         porch_list_has (self->list, conversation, agent != NULL ? agent->id : NULL);
}

/* Found by the place it was given and not by the one it would have now. */
static void
remove_row (PorchInbox *self, PorchInboxItem *row)
{
  g_hash_table_remove (self->by_id, row->conversation->id);
  g_ptr_array_remove_index (self->rows, find_place (self, &row->place));
}

static void
insert_row (PorchInbox *self, PorchConversation *conversation, gint64 now_us)
{
  PorchInboxItem *row = g_new (PorchInboxItem, 1);

  row->conversation = g_object_ref (conversation);
  porch_place_init (&row->place, self->list, conversation, now_us);
  g_ptr_array_insert (self->rows, (int) find_place (self, &row->place), row);
  g_hash_table_insert (self->by_id, conversation->id, row);
}

void
porch_inbox_place (PorchInbox *self, PorchConversation *conversation, gint64 now_us)
{
  PorchInboxItem *row = g_hash_table_lookup (self->by_id, conversation->id);
  PorchPlace wanted;

  if (!porch_inbox_has (self, conversation)) {
    if (row != NULL)
      remove_row (self, row);
    return;
  }
  porch_place_init (&wanted, self->list, conversation, now_us);
  if (row != NULL && porch_place_compare (&row->place, &wanted) == 0)
    return;
  if (row != NULL)
    remove_row (self, row);
  insert_row (self, conversation, now_us);
}

/* The conversations in order, to be compared with what comes after. */
GPtrArray *
porch_inbox_list_objects (PorchInbox *self)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (
      objects, g_object_ref (((PorchInboxItem *) g_ptr_array_index (self->rows, i))->conversation));
  return objects;
}

/* One items-changed, of the smallest range that differs. */
void
porch_inbox_tell_difference (PorchInbox *self, GPtrArray *before)
{
  g_autoptr (GPtrArray) now = porch_inbox_list_objects (self);
  const guint shorter = MIN (before->len, now->len);
  guint head = 0, tail = 0;

  while (head < shorter && before->pdata[head] == now->pdata[head])
    head++;
  while (tail < shorter - head &&
         before->pdata[before->len - 1 - tail] == now->pdata[now->len - 1 - tail])
    tail++;
  if (before->len != now->len || head < now->len)
    g_list_model_items_changed (G_LIST_MODEL (self), head, before->len - head - tail,
                                now->len - head - tail);
}

void
porch_inbox_set_held (PorchInbox *self, guint n_held)
{
  if (self->n_held == n_held)
    return;
  self->n_held = n_held;
  porch_inbox_notify (self, PORCH_INBOX_PROP_N_HELD);
}

/* How many wait behind the pointer. What has changed stays noted until it may move. */
static guint
count_held (PorchInbox *self)
{
  GHashTableIter iter;
  gpointer conversation;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    n += porch_inbox_has (self, conversation) &&
         !g_hash_table_contains (self->by_id, PORCH_CONVERSATION (conversation)->id);
  return n;
}

void
porch_inbox_place_changed (PorchInbox *self)
{
  const gint64 now_us = porch_clock_now_us ();
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    porch_inbox_place (self, conversation, now_us);
  g_hash_table_remove_all (self->changed);
}

void
porch_inbox_flush (gpointer data, gpointer unused)
{
  PorchInbox *self = data;
  g_autoptr (PorchInbox) alive = g_object_ref (self);
  g_autoptr (GPtrArray) before = NULL;
  gint64 begin;

  porch_batch_cancel (&self->batch);
  if (self->loading != NULL || !self->is_loaded)
    return;
  if (self->is_frozen) {
    porch_inbox_set_held (self, count_held (self));
    return;
  }
  begin = porch_stall_begin ();
  before = porch_inbox_list_objects (self);
  porch_inbox_place_changed (self);
  porch_stall_end (begin, "ordering a list");
  porch_inbox_set_held (self, 0);
  porch_inbox_tell_difference (self, before);
}

void
porch_inbox_note (PorchInbox *self, PorchConversation *conversation)
{
  if (!g_hash_table_contains (self->changed, conversation))
    g_hash_table_add (self->changed, g_object_ref (conversation));
}

void
porch_inbox_hear_conversation (PorchShelf *shelf, PorchConversation *conversation, PorchInbox *self)
{
  /* Most of what happens concerns neither this list nor a row of it. */
  if (!g_hash_table_contains (self->by_id, conversation->id) &&
      !porch_inbox_has (self, conversation))
    return;
  porch_inbox_note (self, conversation);
  porch_batch_schedule (&self->batch, porch_inbox_flush, self);
}

void
porch_inbox_set_frozen (PorchInbox *self, gboolean is_frozen)
{
  if (self->is_frozen == is_frozen)
    return;
  self->is_frozen = is_frozen;
  porch_inbox_notify (self, PORCH_INBOX_PROP_IS_FROZEN);
  if (!is_frozen)
    porch_inbox_flush (self, NULL);
}
