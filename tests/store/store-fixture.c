/* store-fixture.c - a store in a folder of its own, and ways to wait for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#include "folder.h"

#define PATIENCE_S 60

void
store_fixture_open (StoreFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->store = porch_store_open (self->folder, &error);
  g_assert_no_error (error);
}

void
store_fixture_close (StoreFixture *self)
{
  porch_store_close (self->store);
  g_assert_finalize_object (g_steal_pointer (&self->store));
}

void
store_fixture_set_up (StoreFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("porch-store-XXXXXX", &error);
  g_assert_no_error (error);
  store_fixture_open (self);
}

void
store_fixture_tear_down (StoreFixture *self, gconstpointer data)
{
  if (self->store != NULL)
    store_fixture_close (self);
  folder_remove (self->folder);
  g_free (self->folder);
}

char *
store_fixture_get_path (StoreFixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
store_fixture_wait (const gboolean *flag)
{
  const gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  while (!*flag) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_main_context_iteration (NULL, TRUE);
  }
}

typedef struct {
  union {
    PorchJob job;
    PorchQuery query;
  };
  StoreFunc func;
  gpointer data;
  GError *error;
  gboolean is_done;
} Run;

static gboolean
run_job (PorchJob *job, PorchTx *tx, GError **error)
{
  Run *run = (Run *) job;

  return run->func (tx, run->data, error);
}

static void
on_job_done (PorchJob *job, const GError *error)
{
  Run *run = (Run *) job;

  run->error = error != NULL ? g_error_copy (error) : NULL;
  run->is_done = TRUE;
}

static gboolean
run_query (PorchQuery *query, PorchTx *tx, GError **error)
{
  Run *run = (Run *) query;

  return run->func (tx, run->data, error);
}

static void
on_query_done (PorchQuery *query, const GError *error)
{
  Run *run = (Run *) query;

  run->error = error != NULL ? g_error_copy (error) : NULL;
  run->is_done = TRUE;
}

static gboolean
finish (Run *run, GError **error)
{
  store_fixture_wait (&run->is_done);
  if (run->error == NULL)
    return TRUE;
  g_propagate_error (error, run->error);
  return FALSE;
}

gboolean
store_fixture_write (StoreFixture *self, StoreFunc func, gpointer data, GError **error)
{
  Run run = { .job = { .run = run_job, .done = on_job_done }, .func = func, .data = data };

  porch_store_submit (self->store, &run.job);
  return finish (&run, error);
}

gboolean
store_fixture_read (StoreFixture *self, StoreFunc func, gpointer data, GError **error)
{
  Run run = { .query = { .run = run_query, .done = on_query_done }, .func = func, .data = data };

  porch_store_query (self->store, &run.query);
  return finish (&run, error);
}

gboolean
store_fixture_add_people (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchSite) site =
    g_object_new (PORCH_TYPE_SITE, "id", "site", "key", "key", "name", "Bakery", NULL);
  g_autoptr (PorchDepartment) general =
    g_object_new (PORCH_TYPE_DEPARTMENT, "slug", "general", "name", "General", NULL);
  g_autoptr (PorchContact) contact = g_object_new (PORCH_TYPE_CONTACT, "id", "contact", NULL);
  g_autoptr (PorchVisitor) visitor =
    g_object_new (PORCH_TYPE_VISITOR, "id", "visitor", "site", "site", "contact", "contact", NULL);
  g_autoptr (PorchAgent) agent =
    g_object_new (PORCH_TYPE_AGENT, "id", "agent", "name", "Ada", "email", "ada@example.com", NULL);

  return porch_tx_insert_site (tx, site, error) &&
         porch_tx_insert_department (tx, general, error) &&
         porch_tx_insert_contact (tx, contact, error) &&
         porch_tx_insert_visitor (tx, visitor, error) && porch_tx_insert_agent (tx, agent, error);
}

PorchConversation *
store_fixture_new_conversation (const char *id)
{
  return g_object_new (PORCH_TYPE_CONVERSATION, "id", id, "site", "site", "department", "general",
                       "visitor", "visitor", "contact", "contact", "state", PORCH_STATE_WAITING,
                       NULL);
}

PorchMessage *
store_fixture_say (PorchTx *tx,
                   PorchConversation *conversation,
                   const char *device,
                   const char *text,
                   GError **error)
{
  const PorchActor actor = { .kind = PORCH_ACTOR_VISITOR, .id = conversation->visitor };
  g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_MESSAGE_CREATED, &actor);
  const gint64 last_n = porch_tx_get_last_n (tx, conversation->pk, device, error);

  if (last_n < 0)
    return NULL;
  event->seq = message->seq = porch_tx_take_seq (tx);
  message->conversation_pk = conversation->pk;
  message->text = g_strdup (text);
  message->device = g_strdup (device);
  message->n = last_n + 1;
  message->created_at = event->at_us;
  if (!porch_tx_insert_message (tx, message, error))
    return NULL;
  conversation->last_seq = conversation->last_message = message->seq;
  conversation->last_at = message->created_at;
  conversation->n_messages++;
  conversation->unread++;
  porch_member_set (&conversation->last_text, text);
  event->conversation = porch_entity_copy (conversation);
  event->message = g_object_ref (message);
  if (!porch_tx_update_conversation (tx, conversation, error) ||
      !porch_tx_append_event (tx, event, error))
    return NULL;
  return g_steal_pointer (&message);
}

static void
collect (GPtrArray *texts, PorchMessage *message)
{
  g_ptr_array_add (texts, g_strdup (message->text));
  g_assert_cmpint (message->n, ==, texts->len);
}

static gboolean
add_conversation (PorchTx *tx, gpointer n_messages, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("c");

  if (!store_fixture_add_people (tx, NULL, error) ||
      !porch_tx_insert_conversation (tx, conversation, error))
    return FALSE;
  for (guint i = 0; i < GPOINTER_TO_UINT (n_messages); i++) {
    g_autoptr (PorchMessage) message = store_fixture_say (tx, conversation, "phone", "hi", error);

    if (message == NULL)
      return FALSE;
  }
  return TRUE;
}

void
store_fixture_fill (StoreFixture *self, guint n_messages)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (self, add_conversation, GUINT_TO_POINTER (n_messages), &error);
  g_assert_no_error (error);
}

gboolean
store_fixture_read_texts (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "c", error);
  PorchMessagePage page = { .limit = 200, .after = -1 };
  GPtrArray *texts = data;
  gboolean has_more = TRUE;

  if (conversation == NULL)
    return FALSE;
  page.conversation_pk = conversation->pk;
  while (has_more) {
    g_autoptr (GPtrArray) messages = porch_tx_list_messages (tx, &page, &has_more, error);

    if (messages == NULL)
      return FALSE;
    for (guint i = 0; i < messages->len; i++) {
      if (texts != NULL)
        collect (texts, messages->pdata[i]);
      page.after = ((PorchMessage *) messages->pdata[i])->seq;
    }
  }
  if (texts != NULL)
    g_assert_cmpint (conversation->n_messages, ==, texts->len);
  return TRUE;
}

GBytes *
store_fixture_read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, length);
}

void
store_fixture_write_file (const char *path, const void *data, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}
