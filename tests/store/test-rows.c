/* test-rows.c - every entity comes back from its row as it went in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-id.h"
#include "store-fixture.h"

/* Some value in every column that is not one of @kept, which hold keys and references. */
static void
fill (gpointer entity, const char *const *kept)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (entity);

  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];

    if (g_strv_contains (kept, field->name) || (field->flags & PORCH_FIELD_NOROW))
      continue;
    switch (field->kind) {
    case PORCH_KIND_STRING:
      g_free (*PORCH_SLOT (entity, field, char *));
      *PORCH_SLOT (entity, field, char *) = porch_id_new ();
      break;
    case PORCH_KIND_INT64:
    case PORCH_KIND_TIME:
      *PORCH_SLOT (entity, field, gint64) =
        g_test_rand_int_range (1, G_MAXINT) * G_GINT64_CONSTANT (1000);
      break;
    case PORCH_KIND_BOOLEAN:
      *PORCH_SLOT (entity, field, gboolean) = !*PORCH_SLOT (entity, field, gboolean);
      break;
    case PORCH_KIND_ENUM:
      *PORCH_SLOT (entity, field, int) =
        (*PORCH_SLOT (entity, field, int) + 1) % klass->enum_classes[i]->n_values;
      break;
    case PORCH_KIND_STRV:
      g_strfreev (*PORCH_SLOT (entity, field, char **));
      *PORCH_SLOT (entity, field, char **) = g_strsplit ("one\ntwo \303\251\nthree", "\n", -1);
      break;
    }
  }
}

static void
assert_same (gpointer a, gpointer b)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (a);

  g_assert_true (G_OBJECT_TYPE (a) == G_OBJECT_TYPE (b));
  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];

    if (field->flags & PORCH_FIELD_NOROW)
      continue;
    switch (field->kind) {
    case PORCH_KIND_STRING:
      g_assert_cmpstr (*PORCH_SLOT (a, field, char *), ==, *PORCH_SLOT (b, field, char *));
      break;
    case PORCH_KIND_INT64:
    case PORCH_KIND_TIME:
      g_assert_cmpint (*PORCH_SLOT (a, field, gint64), ==, *PORCH_SLOT (b, field, gint64));
      break;
    case PORCH_KIND_BOOLEAN:
      g_assert_cmpint (*PORCH_SLOT (a, field, gboolean), ==, *PORCH_SLOT (b, field, gboolean));
      break;
    case PORCH_KIND_ENUM:
      g_assert_cmpint (*PORCH_SLOT (a, field, int), ==, *PORCH_SLOT (b, field, int));
      break;
    case PORCH_KIND_STRV:
      if (*PORCH_SLOT (a, field, char **) == NULL)
        g_assert_null (*PORCH_SLOT (b, field, char **));
      else
        g_assert_cmpstrv (*PORCH_SLOT (a, field, char **), *PORCH_SLOT (b, field, char **));
      break;
    }
  }
}

static const char *const no_names[] = { NULL };
static const char *const visitor_kept[] = { "id", "site", "contact", NULL };
static const char *const conversation_kept[] = { "pk",      "id",      "site",     "department",
                                                 "visitor", "contact", "assignee", NULL };
static const char *const message_kept[] = { "seq", "conversation-pk", NULL };
static const char *const id_kept[] = { "id", NULL };

static gboolean
check_contact (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchContact) contact = g_object_new (PORCH_TYPE_CONTACT, NULL);
  g_autoptr (PorchContact) read = NULL;
  g_autoptr (PorchContact) again = NULL;

  fill (contact, no_names);
  g_assert_true (porch_tx_insert_contact (tx, contact, error));
  read = porch_tx_get_contact (tx, contact->id, error);
  assert_same (contact, read);
  fill (contact, id_kept);
  g_clear_pointer (&contact->phone, g_free);
  g_assert_true (porch_tx_update_contact (tx, contact, error));
  again = porch_tx_get_contact (tx, contact->id, error);
  assert_same (contact, again);
  return TRUE;
}

static gboolean
check_visitor (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchVisitor) visitor =
    g_object_new (PORCH_TYPE_VISITOR, "id", "another", "site", "site", "contact", "contact", NULL);
  g_autoptr (PorchVisitor) read = NULL;
  g_autoptr (PorchVisitor) again = NULL;

  fill (visitor, visitor_kept);
  g_assert_true (porch_tx_insert_visitor (tx, visitor, error));
  read = porch_tx_get_visitor (tx, "another", error);
  assert_same (visitor, read);
  fill (visitor, visitor_kept);
  g_assert_true (porch_tx_update_visitor (tx, visitor, error));
  again = porch_tx_get_visitor (tx, "another", error);
  assert_same (visitor, again);
  return TRUE;
}

static gboolean
check_agent (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, NULL);
  g_autoptr (PorchAgent) by_email = NULL;
  g_autoptr (PorchAgent) again = NULL;
  g_autoptr (GPtrArray) all = NULL;

  fill (agent, no_names);
  porch_member_set (&agent->email, "Grace@Example.com");
  g_assert_true (porch_tx_insert_agent (tx, agent, error));
  by_email = porch_tx_find_agent_by_email (tx, "grace@example.COM", error);
  assert_same (agent, by_email);
  fill (agent, id_kept);
  g_clear_pointer (&agent->departments, g_strfreev);
  g_assert_true (porch_tx_update_agent (tx, agent, error));
  again = porch_tx_get_agent (tx, agent->id, error);
  assert_same (agent, again);
  all = porch_tx_list_agents (tx, error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_null (porch_tx_find_agent_by_email (tx, "nobody@example.com", error));
  return TRUE;
}

static gboolean
check_places (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchSite) site = g_object_new (PORCH_TYPE_SITE, NULL);
  g_autoptr (PorchDepartment) department = g_object_new (PORCH_TYPE_DEPARTMENT, NULL);
  g_autoptr (GPtrArray) sites = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) departments = NULL;

  fill (site, no_names);
  g_assert_true (porch_tx_insert_site (tx, site, error));
  sites = porch_tx_list_sites (tx, error);
  g_assert_cmpuint (sites->len, ==, 2);
  assert_same (site, sites->pdata[1]);
  fill (site, id_kept);
  g_assert_true (porch_tx_update_site (tx, site, error));
  changed = porch_tx_list_sites (tx, error);
  assert_same (site, changed->pdata[1]);

  fill (department, no_names);
  g_assert_true (porch_tx_insert_department (tx, department, error));
  departments = porch_tx_list_departments (tx, error);
  g_assert_cmpuint (departments->len, ==, 2);
  assert_same (department, departments->pdata[1]);
  return TRUE;
}

static gboolean
check_conversation (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("c");
  g_autoptr (PorchConversation) plain = store_fixture_new_conversation ("plain");
  g_autoptr (PorchConversation) read = NULL;
  g_autoptr (PorchConversation) by_handle = NULL;
  g_autoptr (PorchConversation) again = NULL;
  g_autoptr (PorchConversation) read_plain = NULL;

  fill (conversation, conversation_kept);
  g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  g_assert_cmpint (conversation->pk, >, 0);
  read = porch_tx_get_conversation (tx, "c", error);
  assert_same (conversation, read);
  by_handle = porch_tx_find_handle (tx, "visitor", conversation->handle, error);
  assert_same (conversation, by_handle);
  g_assert_null (porch_tx_find_handle (tx, "visitor", "new-nothing", error));

  g_assert_true (porch_tx_insert_conversation (tx, plain, error));
  read_plain = porch_tx_get_conversation_pk (tx, plain->pk, error);
  assert_same (plain, read_plain);

  fill (conversation, conversation_kept);
  porch_member_set (&conversation->assignee, "agent");
  g_assert_true (porch_tx_update_conversation (tx, conversation, error));
  g_assert_true (porch_tx_update_conversation (tx, conversation, error));
  again = porch_tx_get_conversation_pk (tx, conversation->pk, error);
  assert_same (conversation, again);
  return TRUE;
}

/* More different sets of changed columns than there are statements kept for. */
static gboolean
check_many_changes (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("many");

  g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  for (guint i = 0; i < 400; i++) {
    g_autoptr (PorchConversation) read = NULL;

    conversation->number += i & 1;
    conversation->unread += i >> 1 & 1;
    conversation->visitor_unread += i >> 2 & 1;
    conversation->agent_read += i >> 3 & 1;
    conversation->last_at += i >> 4 & 1;
    conversation->rating += i >> 5 & 1;
    conversation->last_seq += i >> 6 & 1;
    conversation->reopened += i >> 7 & 1;
    conversation->n_messages += i >> 8 & 1;
    g_assert_true (porch_tx_update_conversation (tx, conversation, error));
    read = porch_tx_get_conversation_pk (tx, conversation->pk, error);
    assert_same (conversation, read);
  }
  return TRUE;
}

static gboolean
check_message (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("with-message");
  g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  g_autoptr (PorchMessage) read = NULL;
  g_autofree char *client_id = NULL;

  g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  message->seq = porch_tx_take_seq (tx);
  message->conversation_pk = conversation->pk;
  fill (message, message_kept);
  g_assert_true (porch_tx_insert_message (tx, message, error));
  read = porch_tx_find_client_message (tx, conversation->pk, message->device, message->n, error);
  assert_same (message, read);
  client_id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, message->device, message->n);
  g_assert_cmpstr (read->client_id, ==, client_id);
  g_assert_cmpstr (read->conversation, ==, "with-message");
  g_assert_cmpstr (message->conversation, ==, "with-message");
  g_assert_null (
    porch_tx_find_client_message (tx, conversation->pk, message->device, message->n + 1, error));
  return TRUE;
}

static gboolean
check_missing (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("never");
  GError *problem = NULL;

  g_assert_null (porch_tx_get_conversation (tx, "never", &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&problem);
  g_assert_null (porch_tx_get_contact (tx, "never", &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&problem);
  g_assert_null (porch_tx_get_visitor (tx, "never", &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&problem);
  g_assert_null (porch_tx_get_agent (tx, "never", &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&problem);
  conversation->pk = 4711;
  g_assert_false (porch_tx_update_conversation (tx, conversation, &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&problem);
  return TRUE;
}

/* An unique value that is taken, and a reference to nothing. */
static gboolean
check_constraints (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchAgent) twin =
    g_object_new (PORCH_TYPE_AGENT, "id", "twin", "name", "Eve", "email", "ADA@example.com", NULL);
  g_autoptr (PorchConversation) lost = store_fixture_new_conversation ("lost");
  GError *problem = NULL;

  g_assert_false (porch_tx_insert_agent (tx, twin, &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_clear_error (&problem);
  porch_member_set (&lost->department, "nowhere");
  g_assert_false (porch_tx_insert_conversation (tx, lost, &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_INTERNAL);
  g_clear_error (&problem);
  return TRUE;
}

static gboolean
check_settings (PorchTx *tx, gpointer data, GError **error)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_null (porch_tx_find_setting (tx, "name", error));
  g_assert_true (porch_tx_set_setting (tx, "name", "Bakery", error));
  first = porch_tx_find_setting (tx, "name", error);
  g_assert_cmpstr (first, ==, "Bakery");
  g_assert_true (porch_tx_set_setting (tx, "name", "Caf\303\251", error));
  second = porch_tx_find_setting (tx, "name", error);
  g_assert_cmpstr (second, ==, "Caf\303\251");
  return TRUE;
}

static gboolean
check_sessions (PorchTx *tx, gpointer data, GError **error)
{
  const PorchSession sessions[] = {
    { "expired", PORCH_ACTOR_VISITOR, "visitor", "site", 1, 2, 100, 0 },
    { "replaced", PORCH_ACTOR_VISITOR, "visitor", "site", 1, 2, 150, 150 },
    { "good", PORCH_ACTOR_AGENT, "agent", NULL, 1, 2, 300, 0, "expired" },
  };
  g_autoptr (PorchSession) good = NULL;
  g_autoptr (PorchSession) changed = NULL;
  PorchSession other;

  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    g_assert_true (porch_tx_put_session (tx, &sessions[i], error));
  /* In bites, the oldest first. */
  g_assert_cmpint (porch_tx_prune_sessions (tx, 200, 1, error), ==, 1);
  good = porch_tx_find_session (tx, "replaced", error);
  g_assert_nonnull (good);
  g_clear_pointer (&good, porch_session_free);
  g_assert_cmpint (porch_tx_prune_sessions (tx, 200, 10, error), ==, 1);
  g_assert_cmpint (porch_tx_prune_sessions (tx, 200, 10, error), ==, 0);
  g_assert_null (porch_tx_find_session (tx, "expired", error));
  g_assert_null (porch_tx_find_session (tx, "replaced", error));
  good = porch_tx_find_session (tx, "good", error);
  g_assert_cmpstr (good->subject, ==, "agent");
  g_assert_cmpint (good->kind, ==, PORCH_ACTOR_AGENT);
  g_assert_null (good->site);
  g_assert_cmpint (good->created_at, ==, 1);
  g_assert_cmpint (good->used_at, ==, 2);
  g_assert_cmpint (good->expires_at, ==, 300);
  g_assert_cmpstr (good->replaces, ==, "expired");

  other = *good;
  other.dies_at = 250;
  other.replaces = NULL;
  g_assert_true (porch_tx_put_session (tx, &other, error));
  changed = porch_tx_find_session (tx, "good", error);
  g_assert_cmpint (changed->dies_at, ==, 250);
  g_assert_null (changed->replaces);
  g_assert_true (porch_tx_delete_session (tx, "good", error));
  g_assert_null (porch_tx_find_session (tx, "good", error));
  return TRUE;
}

static gboolean
check_answers (PorchTx *tx, gpointer data, GError **error)
{
  const PorchAnswer answer = { .request_hash = "hash", .status = 201, .body = "{}" };
  g_autoptr (PorchAnswer) read = NULL;
  GError *problem = NULL;

  g_assert_null (porch_tx_find_answer (tx, "agent", "key", error));
  g_assert_true (porch_tx_put_answer (tx, "agent", "key", &answer, error));
  read = porch_tx_find_answer (tx, "agent", "key", error);
  g_assert_cmpstr (read->request_hash, ==, "hash");
  g_assert_cmpint (read->status, ==, 201);
  g_assert_cmpstr (read->body, ==, "{}");
  g_assert_null (porch_tx_find_answer (tx, "other", "key", error));
  g_assert_false (porch_tx_put_answer (tx, "agent", "key", &answer, &problem));
  g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_clear_error (&problem);
  g_assert_cmpint (porch_tx_prune_answers (tx, G_MAXINT64, 0, error), ==, 0);
  g_assert_cmpint (porch_tx_prune_answers (tx, 1, 10, error), ==, 0);
  g_assert_cmpint (porch_tx_prune_answers (tx, G_MAXINT64, 10, error), ==, 1);
  g_assert_null (porch_tx_find_answer (tx, "agent", "key", error));
  return TRUE;
}

static void
test_rows (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, store_fixture_add_people, NULL, &error);
  g_assert_no_error (error);
  store_fixture_write (fixture, (StoreFunc) data, NULL, &error);
  g_assert_no_error (error);
}

#define ADD(name, func) \
  g_test_add ("/store/rows/" name, StoreFixture, func, store_fixture_set_up, test_rows, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("contact", check_contact);
  ADD ("visitor", check_visitor);
  ADD ("agent", check_agent);
  ADD ("places", check_places);
  ADD ("conversation", check_conversation);
  ADD ("many-changes", check_many_changes);
  ADD ("message", check_message);
  ADD ("missing", check_missing);
  ADD ("constraints", check_constraints);
  ADD ("settings", check_settings);
  ADD ("sessions", check_sessions);
  ADD ("answers", check_answers);
  return g_test_run ();
}
