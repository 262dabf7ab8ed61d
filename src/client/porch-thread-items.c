/* porch-thread-items.c - the array of a thread: what is stored, what arrives, what waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-thread-parts.h"

#include "porch-stall.h"

void
porch_thread_append (GPtrArray *items, GPtrArray *more, guint first)
{
  for (guint i = first; i < more->len; i++)
    g_ptr_array_add (items, g_object_ref (g_ptr_array_index (more, i)));
}

void
porch_thread_tell (PorchThread *self, guint position, guint n_removed, guint n_added)
{
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

gint64
porch_thread_get_seq (PorchThread *self, guint index)
{
  return ((PorchMessage *) g_ptr_array_index (self->items, index))->seq;
}

/* Where @seq is, or would be, among the stored ones. */
guint
porch_thread_find_seq (PorchThread *self, gint64 seq)
{
  guint low = 0, high = self->n_stored;

  while (low < high) {
    const guint middle = low + (high - low) / 2;

    if (porch_thread_get_seq (self, middle) < seq)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
porch_thread_has_seq (PorchThread *self, guint index, gint64 seq)
{
  return index < self->n_stored && porch_thread_get_seq (self, index) == seq;
}

void
porch_thread_insert (PorchThread *self, guint index, PorchMessage *message)
{
  g_ptr_array_insert (self->items, (int) index, g_object_ref (message));
  self->n_stored++;
}

int
porch_thread_compare (gconstpointer a, gconstpointer b)
{
  const PorchMessage *left = *(PorchMessage *const *) a, *right = *(PorchMessage *const *) b;

  return left->seq < right->seq ? -1 : left->seq > right->seq;
}

/* ---- what arrives ---- */

/* FALSE when it belongs behind everything that is stored. */
static gboolean
put_among (PorchThread *self, PorchMessage *message)
{
  const guint index = porch_thread_find_seq (self, message->seq);

  if (porch_thread_has_seq (self, index, message->seq)) {
    porch_entity_assign (g_ptr_array_index (self->items, index), PORCH_ENTITY (message));
    return TRUE;
  }
  if (index == self->n_stored)
    return FALSE;
  /* Of a page that was not loaded: it comes with it. */
  if (index == 0 && self->has_older)
    return TRUE;
  porch_thread_insert (self, index, message);
  porch_thread_tell (self, index, 0, 1);
  return TRUE;
}

void
porch_thread_flush (gpointer data, gpointer unused)
{
  PorchThread *self = data;
  g_autoptr (PorchThread) alive = g_object_ref (self);
  g_autoptr (GPtrArray) arrived = NULL;
  gint64 begin;
  guint i = 0, first;

  porch_batch_cancel (&self->batch);
  if (self->arrived->len == 0 || !self->is_loaded || self->is_foreign)
    return;
  arrived = g_steal_pointer (&self->arrived);
  self->arrived = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_sort (arrived, porch_thread_compare);
  while (i < arrived->len && put_among (self, g_ptr_array_index (arrived, i)))
    i++;

  /* From here on everything is new and goes to the end: told at once. */
  begin = porch_stall_begin ();
  first = self->n_stored;
  for (; i < arrived->len; i++) {
    PorchMessage *message = g_ptr_array_index (arrived, i);

    if (!porch_thread_has_seq (self, self->n_stored - 1, message->seq))
      porch_thread_insert (self, self->n_stored, message);
  }
  porch_stall_end (begin, "adding messages to a thread");
  porch_thread_tell (self, first, 0, self->n_stored - first);
}

void
porch_thread_put (PorchThread *self, PorchMessage *stored)
{
  /* A page that failed is loaded anew, with everything that came since. */
  if (self->load == PORCH_LOAD_FAILED)
    return;
  g_ptr_array_add (self->arrived, g_object_ref (stored));
  porch_batch_schedule (&self->batch, porch_thread_flush, self);
  if (stored->sender_kind == PORCH_ACTOR_VISITOR)
    porch_thread_hear_typing (self, NULL);
}

/* ---- our own ---- */

static gboolean
is_mine (PorchThread *self, PorchMessage *message)
{
  return g_strcmp0 (message->conversation, self->conversation->id) == 0;
}

static void
on_shown (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  if (!is_mine (self, message))
    return;
  g_ptr_array_add (self->items, g_object_ref (message));
  porch_thread_tell (self, self->items->len - 1, 0, 1);
}

static void
on_changed (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  if (is_mine (self, message))
    porch_thread_tell_sending (self, message);
}

/* From where it waited to its place among the stored ones, which nearly always is the same. */
static void
move_stored (PorchThread *self, guint from, PorchMessage *message)
{
  const guint to = porch_thread_find_seq (self, message->seq);

  if (porch_thread_has_seq (self, to, message->seq)) {
    g_ptr_array_remove_index (self->items, from);
    porch_thread_tell (self, from, 1, 0);
    return;
  }
  self->n_stored++;
  if (from == to)
    return;
  g_ptr_array_insert (self->items, (int) to, g_ptr_array_steal_index (self->items, from));
  porch_thread_tell (self, to, from - to + 1, from - to + 1);
}

static void
on_stored (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  g_autoptr (PorchThread) alive = g_object_ref (self);
  guint from = 0;

  if (!is_mine (self, message))
    return;
  /* What the stream brought before it belongs before it. */
  porch_thread_flush (self, NULL);
  if (!g_ptr_array_find (self->items, message, &from) || from < self->n_stored)
    return;
  move_stored (self, from, message);
  porch_thread_tell_sending (self, message);
}

static void
on_gone (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  guint index = 0;

  if (!is_mine (self, message) || !g_ptr_array_find (self->items, message, &index))
    return;
  g_ptr_array_remove_index (self->items, index);
  porch_thread_tell (self, index, 1, 0);
}

void
porch_thread_follow_outbox (PorchThread *self)
{
  g_signal_connect_object (self->outbox, "shown", G_CALLBACK (on_shown), self, 0);
  g_signal_connect_object (self->outbox, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (self->outbox, "stored", G_CALLBACK (on_stored), self, 0);
  g_signal_connect_object (self->outbox, "gone", G_CALLBACK (on_gone), self, 0);
}
