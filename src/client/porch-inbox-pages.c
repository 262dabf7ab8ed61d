/* porch-inbox-pages.c - the pages of a list, as the server gives them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing is moved while the first page is on its way, since what the page does not know yet would
 * be lost with it.
 */
#include "config.h"

#include "porch-inbox-parts.h"

#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"

#define PAGE 50

void
porch_inbox_set_load (PorchInbox *self, PorchLoad load, const GError *error)
{
  g_clear_pointer (&self->problem, g_free);
  self->problem = error != NULL ? g_strdup (porch_error_nick (error)) : NULL;
  self->may_reload = error != NULL && porch_client_error_passes (error);
  if (self->load != load) {
    self->load = load;
    porch_inbox_notify (self, PORCH_INBOX_PROP_LOAD);
  }
  porch_inbox_notify (self, PORCH_INBOX_PROP_PROBLEM);
}

static void
set_next (PorchInbox *self, const char *next)
{
  const gboolean had_more = self->next != NULL;

  g_clear_pointer (&self->next, g_free);
  self->next = g_strdup (next);
  if (had_more != (next != NULL))
    porch_inbox_notify (self, PORCH_INBOX_PROP_HAS_MORE);
}

/* The conversations of a page; NULL with an error. */
static GPtrArray *
read_page (PorchInbox *self, JsonNode *answer, GError **error)
{
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = porch_shape_array (answer, "items");
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < n_items; i++) {
    PorchConversation *conversation =
      porch_shelf_put_conversation (self->shelf, json_array_get_element (items, i), error);

    if (conversation == NULL)
      return NULL;
    g_ptr_array_add (page, conversation);
  }
  return g_steal_pointer (&page);
}

static void
tell_counts (PorchInbox *self, JsonNode *answer)
{
  JsonNode *counts = porch_shape_node (answer, "counts");

  if (counts != NULL && JSON_NODE_HOLDS_OBJECT (counts))
    porch_inbox_tell_counted (self, json_node_get_object (counts));
}

static void
note_page (PorchInbox *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++)
    porch_inbox_note (self, g_ptr_array_index (page, i));
}

/* What a person scrolled for comes in also while nothing may move: it is no news, and it stands
 * below what is seen. */
static void
show_more (PorchInbox *self, GPtrArray *page)
{
  g_autoptr (GPtrArray) before = porch_inbox_list_objects (self);
  const gint64 now_us = porch_clock_now_us ();

  for (guint i = 0; i < page->len; i++) {
    PorchConversation *conversation = g_ptr_array_index (page, i);

    if (g_hash_table_contains (self->by_id, conversation->id))
      continue;
    porch_inbox_place (self, conversation, now_us);
    g_hash_table_remove (self->changed, conversation);
  }
  porch_inbox_tell_difference (self, before);
}

static void
on_waiting (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchInbox) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (answer == NULL)
    return;
  self = g_object_ref (data);
  /* The shelf tells the list what came. */
  page = read_page (self, answer, NULL);
}

/* Pages come newest first: whoever has waited for long would be on the last one. */
static void
load_waiting (PorchInbox *self)
{
  g_autofree char *query = g_strdup_printf ("filter=waiting&limit=%d", PAGE);

  if (self->list == PORCH_LIST_OPEN || self->list == PORCH_LIST_ALL)
    porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                             self->cancellable, on_waiting, self);
}

/* Takes the place of all that was shown. What changed while the page was on its way is noted, and
 * newer than the page. */
static void
show_first (PorchInbox *self, GPtrArray *page)
{
  g_autoptr (GPtrArray) before = porch_inbox_list_objects (self);

  g_hash_table_remove_all (self->by_id);
  g_ptr_array_set_size (self->rows, 0);
  note_page (self, page);
  porch_inbox_place_changed (self);
  self->is_loaded = TRUE;
  porch_inbox_set_held (self, 0);
  porch_inbox_tell_difference (self, before);
}

static void
on_first (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchInbox) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  g_clear_object (&self->loading);
  if (page != NULL) {
    set_next (self, porch_shape_string (answer, "next"));
    show_first (self, page);
    if (self->next != NULL)
      load_waiting (self);
  }
  porch_inbox_set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_FAILED, error);
  porch_inbox_flush (self, NULL);
  if (page != NULL)
    tell_counts (self, answer);
}

void
porch_inbox_load_first (PorchInbox *self)
{
  g_autofree char *query = g_strdup_printf ("filter=%s&limit=%d", self->filter, PAGE);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                           self->loading, on_first, self);
}

static void
on_more (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchInbox) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  self->is_loading_more = FALSE;
  if (answer != NULL)
    page = read_page (self, answer, &error);
  /* The next scroll asks again. */
  if (page == NULL)
    return;
  set_next (self, porch_shape_string (answer, "next"));
  show_more (self, page);
  porch_inbox_flush (self, NULL);
  tell_counts (self, answer);
}

/* While one is connecting there is nobody to ask; before a set-up there is nothing to ask for. */
void
porch_inbox_hear_link (PorchClient *client, GParamSpec *pspec, PorchInbox *self)
{
  const PorchLink link = porch_client_get_link (client);

  if (link == PORCH_LINK_CONNECTING || link == PORCH_LINK_SET_UP || self->loading != NULL)
    return;
  if (!self->is_loaded || (self->may_reload && link == PORCH_LINK_LIVE))
    porch_inbox_load_first (self);
}

void
porch_inbox_load_more (PorchInbox *self)
{
  g_autofree char *after = NULL;
  g_autofree char *query = NULL;

  if (self->next == NULL || self->is_loading_more || self->loading != NULL)
    return;
  after = g_uri_escape_string (self->next, NULL, FALSE);
  query = g_strdup_printf ("filter=%s&limit=%d&after=%s", self->filter, PAGE, after);
  self->is_loading_more = TRUE;
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                           self->cancellable, on_more, self);
}

void
porch_inbox_reload (PorchInbox *self)
{
  /* What is shown stays until there is something better. */
  porch_inbox_set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_LOADING, NULL);
  porch_inbox_load_first (self);
}

void
porch_inbox_start_over (PorchInbox *self)
{
  g_hash_table_remove_all (self->changed);
  porch_inbox_reload (self);
}
