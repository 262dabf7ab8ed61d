/* test-events.c - the log: what a client that was away gets, and what is pruned
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-tx-private.h"
#include "store-fixture.h"

static PorchEvent *
append (PorchTx *tx, PorchEventType type, PorchConversation *conversation, gint64 at_us)
{
  const PorchActor actor = { .kind = PORCH_ACTOR_AGENT, .id = "agent" };
  PorchEvent *event = porch_event_new (type, &actor);

  event->seq = porch_tx_take_seq (tx);
  event->at_us = at_us;
  event->cause = event->seq - 1;
  g_set_object (&event->conversation, conversation);
  return event;
}

static void
finish (PorchTx *tx, PorchEvent *event)
{
  g_autoptr (GError) error = NULL;

  porch_tx_append_event (tx, event, &error);
  g_assert_no_error (error);
  porch_event_unref (event);
}

typedef struct {
  gint64 first_pk, second_pk;
} Pks;

/* 1: message in first; 2: in second; 3: first resolved; 4: contact; 5: agent; 6: message 1 edited.
 */
static gboolean
add_events (PorchTx *tx, gpointer data, GError **error)
{
  Pks *pks = data;
  g_autoptr (PorchConversation) first = store_fixture_new_conversation ("first");
  g_autoptr (PorchConversation) second = store_fixture_new_conversation ("second");
  g_autoptr (PorchMessage) message = NULL;
  g_autoptr (PorchMessage) other = NULL;
  PorchEvent *event;

  g_assert_true (store_fixture_add_people (tx, NULL, error));
  g_assert_true (porch_tx_insert_conversation (tx, first, error));
  g_assert_true (porch_tx_insert_conversation (tx, second, error));
  pks->first_pk = first->pk;
  pks->second_pk = second->pk;
  message = store_fixture_say (tx, first, "phone", "hello", error);
  other = store_fixture_say (tx, second, "laptop", "good day", error);
  first->state = PORCH_STATE_RESOLVED;
  g_assert_true (porch_tx_update_conversation (tx, first, error));
  finish (tx, append (tx, PORCH_EVENT_CONVERSATION_RESOLVED, first, 30));
  event = append (tx, PORCH_EVENT_CONTACT_UPDATED, NULL, 40);
  event->contact = porch_tx_get_contact (tx, "contact", error);
  finish (tx, event);
  event = append (tx, PORCH_EVENT_AGENT_STATUS_CHANGED, NULL, 50);
  event->agent = porch_tx_get_agent (tx, "agent", error);
  finish (tx, event);
  event = append (tx, PORCH_EVENT_MESSAGE_UPDATED, first, 60);
  event->message = g_object_ref (message);
  finish (tx, event);
  return TRUE;
}

static gboolean
check_joined (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) events = porch_tx_list_events (tx, 0, NULL, 100, error);
  g_autoptr (GPtrArray) rest = porch_tx_list_events (tx, 4, NULL, 1, error);
  PorchEvent *event;

  g_assert_cmpuint (events->len, ==, 6);
  event = events->pdata[0];
  g_assert_cmpint (event->seq, ==, 1);
  g_assert_cmpint (event->type, ==, PORCH_EVENT_MESSAGE_CREATED);
  g_assert_cmpint (event->actor_kind, ==, PORCH_ACTOR_VISITOR);
  g_assert_cmpstr (event->actor, ==, "visitor");
  g_assert_cmpstr (event->message->text, ==, "hello");
  g_assert_cmpstr (event->message->client_id, ==, "phone:1");
  g_assert_cmpstr (event->message->conversation, ==, "first");
  /* As it is now, not as it was then. */
  g_assert_cmpstr (event->conversation->id, ==, "first");
  g_assert_cmpint (event->conversation->state, ==, PORCH_STATE_RESOLVED);

  event = events->pdata[1];
  g_assert_cmpstr (event->conversation->id, ==, "second");
  event = events->pdata[2];
  g_assert_cmpint (event->at_us, ==, 30);
  g_assert_cmpint (event->cause, ==, 2);
  g_assert_cmpstr (event->conversation->id, ==, "first");
  g_assert_null (event->message);
  event = events->pdata[3];
  g_assert_cmpstr (event->contact->id, ==, "contact");
  g_assert_null (event->conversation);
  event = events->pdata[4];
  g_assert_cmpstr (event->agent->name, ==, "Ada");
  event = events->pdata[5];
  g_assert_cmpint (event->message->seq, ==, 1);

  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_cmpint (((PorchEvent *) rest->pdata[0])->seq, ==, 5);
  return TRUE;
}

static gboolean
check_filtered (PorchTx *tx, gpointer data, GError **error)
{
  Pks *pks = data;
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) both = NULL;
  g_autoptr (GPtrArray) nothing = NULL;

  g_array_append_val (one, pks->first_pk);
  first = porch_tx_list_events (tx, 0, one, 100, error);
  g_assert_cmpuint (first->len, ==, 3);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (((PorchEvent *) first->pdata[i])->conversation->id, ==, "first");
  g_array_append_val (one, pks->second_pk);
  both = porch_tx_list_events (tx, 1, one, 100, error);
  g_assert_cmpuint (both->len, ==, 3);
  /* Across both, in order, and cut where the page ends. */
  for (guint limit = 1; limit <= both->len; limit++) {
    g_autoptr (GPtrArray) page = porch_tx_list_events (tx, 1, one, limit, error);

    g_assert_cmpuint (page->len, ==, limit);
    for (guint i = 0; i < limit; i++)
      g_assert_cmpint (((PorchEvent *) page->pdata[i])->seq, ==,
                       ((PorchEvent *) both->pdata[i])->seq);
  }
  for (guint i = 1; i < both->len; i++)
    g_assert_cmpint (((PorchEvent *) both->pdata[i])->seq, >,
                     ((PorchEvent *) both->pdata[i - 1])->seq);
  nothing = porch_tx_list_events (tx, 0, none, 100, error);
  g_assert_cmpuint (nothing->len, ==, 0);
  return TRUE;
}

static void
test_list (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Pks pks;

  store_fixture_write (fixture, add_events, &pks, &error);
  g_assert_no_error (error);
  store_fixture_read (fixture, check_joined, NULL, &error);
  g_assert_no_error (error);
  store_fixture_read (fixture, check_filtered, &pks, &error);
  g_assert_no_error (error);
}

/* 100,100 events, of which the first 300 are old. */
static gboolean
add_many (PorchTx *tx, gpointer data, GError **error)
{
  for (guint i = 0; i < 100100; i++)
    finish (tx, append (tx, PORCH_EVENT_CONVERSATION_UPDATED, NULL, i < 300 ? 10 : 1000));
  /* Nothing is to be published: that would take the loop a while for nothing. */
  g_clear_pointer (&tx->job->events, g_ptr_array_unref);
  return TRUE;
}

static int
prune (PorchTx *tx, gint64 before_us, guint limit, GError **error)
{
  const gint64 until = porch_tx_find_prunable (tx, G_MAXINT64, error);

  g_assert_cmpint (until, >=, 0);
  return porch_tx_prune_events (tx, until, before_us, limit, error);
}

static gboolean
check_pruning (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchStatement) cursor = NULL;

  g_assert_cmpint (porch_tx_get_log_start (tx, error), ==, 0);
  /* None is old enough; then 30 at once; then a subscriber holds the rest. */
  g_assert_cmpint (prune (tx, 10, 1000, error), ==, 0);
  g_assert_cmpint (prune (tx, 500, 30, error), ==, 30);
  g_assert_cmpint (porch_tx_get_log_start (tx, error), ==, 30);
  cursor = porch_statement_take (tx->connection, "INSERT INTO cursor VALUES ('slow', 50)", error);
  g_assert_true (porch_statement_run (cursor, error));
  g_assert_cmpint (porch_tx_find_prunable (tx, G_MAXINT64, error), ==, 50);
  /* All of them are young. */
  g_assert_cmpint (porch_tx_find_prunable (tx, 1, error), ==, 0);
  g_assert_cmpint (prune (tx, 500, 1000, error), ==, 20);
  g_assert_cmpint (prune (tx, 500, 1000, error), ==, 0);
  g_assert_true (porch_connection_execute (tx->connection, "UPDATE cursor SET seq = 5000", error));
  /* 100,000 stay, whatever their age. */
  g_assert_cmpint (prune (tx, 5000, 1000, error), ==, 50);
  g_assert_cmpint (prune (tx, 5000, 1000, error), ==, 0);
  g_assert_cmpint (porch_tx_get_log_start (tx, error), ==, 100);
  return TRUE;
}

static void
test_prune (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, add_many, NULL, &error);
  g_assert_no_error (error);
  store_fixture_write (fixture, check_pruning, NULL, &error);
  g_assert_no_error (error);
}

#define ADD(name, func) \
  g_test_add ("/store/events/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list", test_list);
  ADD ("prune", test_prune);
  return g_test_run ();
}
