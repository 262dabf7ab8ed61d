/* fixture.c - a server, a client of it and a mirror, and ways to wait for what they do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

#include "folder.h"

#define STEP_MS 20

static gboolean
on_step (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void
fixture_step (gint64 end, const char *what)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) source = g_timeout_source_new (STEP_MS);

  if (g_get_monotonic_time () > end)
    g_error ("waited in vain for: %s", what);
  g_source_set_callback (source, on_step, NULL, NULL);
  g_source_attach (source, context);
  g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *socket = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("porch-client-XXXXXX", &error);
  g_assert_no_error (error);
  socket = g_build_filename (self->folder, "socket", NULL);
  self->server = fake_server_new (socket);
  self->pace = porch_pace_default;
  self->pace.retry_first_ms = 5;
  self->pace.retry_max_ms = 20;
  self->pace.draft_ms = 5;
  self->pace.counts_ms = 5;
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  fixture_leave (self);
  fake_server_free (self->server);
  folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->cache_path);
}

static void
make_client (Fixture *self)
{
  self->client = porch_client_new (self->server->path, NULL, self->is_signed ? "at_secret" : NULL);
  porch_client_set_pace (self->client, &self->pace);
}

void
fixture_connect (Fixture *self)
{
  make_client (self);
  porch_client_start (self->client);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_LIVE);
}

void
fixture_mirror (Fixture *self)
{
  make_client (self);
  self->mirror = porch_mirror_new (self->client, self->cache_path);
  porch_client_start (self->client);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_LIVE);
}

static void
on_conversation (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(PorchConversation **) data =
    porch_mirror_load_conversation_finish (PORCH_MIRROR (source), result, &error);
  g_assert_no_error (error);
}

PorchConversation *
fixture_load_conversation (Fixture *self, const char *id)
{
  PorchConversation *conversation = NULL;

  if (self->mirror == NULL)
    fixture_mirror (self);
  porch_mirror_load_conversation_async (self->mirror, id, NULL, on_conversation, &conversation);
  WAIT_FOR (conversation != NULL);
  return conversation;
}

void
fixture_leave (Fixture *self)
{
  gpointer mirror = self->mirror, client = self->client;

  if (mirror != NULL) {
    g_object_add_weak_pointer (mirror, &mirror);
    porch_mirror_close (self->mirror);
    g_clear_object (&self->mirror);
  }
  if (client != NULL) {
    g_object_add_weak_pointer (client, &client);
    porch_client_close (self->client);
    g_clear_object (&self->client);
  }
  WAIT_FOR (mirror == NULL && client == NULL);
}

static void
on_round_trip (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);

  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

void
fixture_round_trip (Fixture *self)
{
  gboolean is_back = FALSE;

  porch_client_call_async (self->client, PORCH_OP_SESSION_GET, NULL, NULL, NULL, NULL,
                           on_round_trip, &is_back);
  WAIT_FOR (is_back);
}

static void
on_items_changed (GListModel *model, guint position, guint n_removed, guint n_added, gpointer data)
{
  Changes *changes = data;

  changes->n_signals++;
  changes->position = position;
  changes->n_removed = n_removed;
  changes->n_added = n_added;
}

void
fixture_watch (GListModel *model, Changes *changes)
{
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), changes);
}

char *
fixture_list (GListModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);
    const char *word =
      PORCH_IS_MESSAGE (item) ? PORCH_MESSAGE (item)->text : PORCH_CONVERSATION (item)->id;

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
  }
  return g_string_free (text, FALSE);
}
