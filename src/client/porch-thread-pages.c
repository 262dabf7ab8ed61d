/* porch-thread-pages.c - the pages of a thread, from the newest to what is scrolled for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-thread-parts.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-error.h"

#define PAGE 50

/* The messages of a page, oldest first; NULL with an error. Ours that still wait are told of. */
static GPtrArray *
read_page (PorchThread *self, JsonNode *answer, GError **error)
{
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = porch_shape_array (answer, "items");
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < n_items; i++) {
    PorchMessage *message = porch_codec_read (PORCH_TYPE_MESSAGE, json_array_get_element (items, i),
                                              PORCH_FROM_SERVER, error);

    if (message == NULL)
      return NULL;
    if (message->conversation == NULL)
      porch_member_set (&message->conversation, self->conversation->id);
    g_ptr_array_add (page, message);
  }
  g_ptr_array_sort (page, porch_thread_compare);
  return g_steal_pointer (&page);
}

/* What is shown already stays the same object. */
static void
keep_objects (PorchThread *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++) {
    PorchMessage *message = g_ptr_array_index (page, i);
    const guint index = porch_thread_find_seq (self, message->seq);

    if (porch_thread_has_seq (self, index, message->seq)) {
      PorchMessage *shown = g_ptr_array_index (self->items, index);

      porch_entity_assign (PORCH_ENTITY (shown), PORCH_ENTITY (message));
      g_object_unref (message);
      g_ptr_array_index (page, i) = g_object_ref (shown);
    }
  }
}

/* Puts the newest page in the place of everything that was stored, but for what is newer still. */
static void
show_newest (PorchThread *self, GPtrArray *page)
{
  const guint n_before = self->n_stored;
  const gint64 last =
    page->len > 0 ? ((PorchMessage *) g_ptr_array_index (page, page->len - 1))->seq : 0;
  g_autoptr (GPtrArray) old = self->items;
  guint newer = self->is_foreign ? n_before : porch_thread_find_seq (self, last + 1);

  if (!self->is_foreign)
    keep_objects (self, page);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  porch_thread_append (self->items, page, 0);
  porch_thread_append (self->items, old, newer);
  self->n_stored = page->len + n_before - newer;
  self->is_foreign = FALSE;
  self->is_loaded = TRUE;
  porch_thread_tell (self, 0, n_before, self->n_stored);
}

static void
forget_stored (PorchThread *self)
{
  const guint n_before = self->n_stored;

  self->n_stored = 0;
  self->is_foreign = FALSE;
  self->is_loaded = FALSE;
  if (n_before > 0)
    g_ptr_array_remove_range (self->items, 0, n_before);
  porch_thread_set_has_older (self, FALSE);
  porch_thread_tell (self, 0, n_before, 0);
}

static void
claim (PorchThread *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++)
    porch_outbox_claim (self->outbox, g_ptr_array_index (page, i));
}

/* A failure while something is shown is no failure: it stays, and the link will try again. What
 * arrived for a page that did not come would have a hole before it, and is dropped. */
static void
on_page (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchThread) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  if (page != NULL) {
    claim (self, page);
    porch_thread_set_has_older (self, porch_shape_boolean (answer, "has_more"));
    show_newest (self, page);
  } else if (self->is_foreign) {
    forget_stored (self);
  }
  if (!self->is_loaded)
    g_ptr_array_set_size (self->arrived, 0);
  porch_thread_set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_FAILED, error);
  porch_thread_flush (self, NULL);
}

void
porch_thread_stop_loading (PorchThread *self)
{
  g_cancellable_cancel (self->loading);
  g_cancellable_cancel (self->loading_older);
  g_clear_object (&self->loading);
  g_clear_object (&self->loading_older);
}

void
porch_thread_load_newest (PorchThread *self)
{
  g_autofree char *query = g_strdup_printf ("limit=%d", PAGE);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  porch_thread_stop_loading (self);
  self->loading = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_MESSAGES_LIST, self->conversation->id, query,
                           NULL, self->loading, on_page, self);
  porch_thread_load_who (self);
}

/* What is on both sides of the seam is left out: messages may have come between two pages. */
static void
on_older (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchThread) self = NULL;
  g_autoptr (GPtrArray) page = NULL;
  guint n_new = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  g_clear_object (&self->loading_older);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  /* The next scroll asks again. */
  if (page == NULL)
    return;
  claim (self, page);
  while (n_new < page->len &&
         (self->n_stored == 0 ||
          ((PorchMessage *) g_ptr_array_index (page, n_new))->seq < porch_thread_get_seq (self, 0)))
    n_new++;
  for (guint i = 0; i < n_new; i++)
    porch_thread_insert (self, i, g_ptr_array_index (page, i));
  porch_thread_set_has_older (self, porch_shape_boolean (answer, "has_more"));
  porch_thread_tell (self, 0, 0, n_new);
}

void
porch_thread_load_older (PorchThread *self)
{
  g_autofree char *query = NULL;

  if (!self->has_older || self->loading_older != NULL || self->load != PORCH_LOAD_READY ||
      self->n_stored == 0)
    return;
  query =
    g_strdup_printf ("before=%" G_GINT64_FORMAT "&limit=%d", porch_thread_get_seq (self, 0), PAGE);
  self->loading_older = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_MESSAGES_LIST, self->conversation->id, query,
                           NULL, self->loading_older, on_older, self);
}

void
porch_thread_reload (PorchThread *self)
{
  /* What is shown stays until there is something better. */
  porch_thread_set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_LOADING, NULL);
  porch_thread_load_newest (self);
}

void
porch_thread_start_over (PorchThread *self)
{
  self->is_foreign = self->is_loaded;
  self->read_seq = self->read_told = 0;
  g_ptr_array_set_size (self->arrived, 0);
  porch_thread_reload (self);
}
