/* test-inbox.c - lists: pages, order, changes told once, and what waits behind the pointer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

#include "porch-clock.h"

static PorchInbox *
open_inbox (Fixture *self, const char *filter)
{
  PorchInbox *inbox = NULL;

  if (self->mirror == NULL)
    fixture_mirror (self);
  inbox = porch_mirror_get_inbox (self->mirror, filter);
  WAIT_FOR (porch_inbox_get_load (inbox) == PORCH_LOAD_READY);
  return inbox;
}

static void
assert_list (PorchInbox *inbox, const char *expected)
{
  g_autofree char *list = fixture_list (G_LIST_MODEL (inbox));

  g_assert_cmpstr (list, ==, expected);
}

static gboolean
has_list (PorchInbox *inbox, const char *expected)
{
  g_autofree char *list = fixture_list (G_LIST_MODEL (inbox));

  return g_str_equal (list, expected);
}

/* As long ago as it says, so that the order is known. */
static PorchConversation *
add (Fixture *self, const char *id, PorchState state, guint seconds_ago)
{
  PorchConversation *conversation = fake_server_add_conversation (self->server, id, state);
  const gint64 at = porch_clock_now_us () - seconds_ago * G_TIME_SPAN_SECOND;

  conversation->last_at = at;
  conversation->last_sender = PORCH_ACTOR_AGENT;
  if (conversation->waiting_since != 0)
    conversation->waiting_since = at;
  return conversation;
}

static void
test_order (Fixture *self, gconstpointer data)
{
  PorchInbox *inbox = NULL;

  add (self, "quiet", PORCH_STATE_ACTIVE, 10);
  add (self, "new", PORCH_STATE_WAITING, 20);
  add (self, "old", PORCH_STATE_WAITING, 300);
  add (self, "done", PORCH_STATE_RESOLVED, 5);
  inbox = open_inbox (self, "open");
  assert_list (inbox, "old new quiet");
  assert_list (open_inbox (self, "waiting"), "old new");
  assert_list (open_inbox (self, "resolved"), "done");
  assert_list (open_inbox (self, "all"), "old new quiet done");
  assert_list (open_inbox (self, "mine"), "");
  g_assert_true (inbox == porch_mirror_get_inbox (self->mirror, "open"));
}

static void
test_one_object (Fixture *self, gconstpointer data)
{
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) second = NULL;

  add (self, "c1", PORCH_STATE_WAITING, 1);
  first = g_list_model_get_item (G_LIST_MODEL (open_inbox (self, "open")), 0);
  second = g_list_model_get_item (G_LIST_MODEL (open_inbox (self, "waiting")), 0);
  g_assert_true (first == second);
  g_assert_true (first == (gpointer) porch_mirror_find_conversation (self->mirror, "c1"));
  g_assert_null (porch_mirror_find_conversation (self->mirror, "c2"));
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  PorchConversation *second = NULL;
  PorchInbox *open = NULL, *waiting = NULL;
  Changes changes = { 0 };

  add (self, "a", PORCH_STATE_ACTIVE, 10);
  add (self, "b", PORCH_STATE_ACTIVE, 20);
  second = add (self, "c", PORCH_STATE_ACTIVE, 30);
  open = open_inbox (self, "open");
  waiting = open_inbox (self, "waiting");
  assert_list (open, "a b c");
  fixture_watch (G_LIST_MODEL (open), &changes);

  /* A visitor's word moves it up; that is one change of the range that differs. */
  fake_server_say (self->server, second, "hello");
  WAIT_FOR (has_list (open, "c a b"));
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_assert_cmpuint (changes.position, ==, 0);
  g_assert_cmpuint (changes.n_removed, ==, 3);
  g_assert_cmpuint (changes.n_added, ==, 3);

  /* What changes without moving is not told as a change of the list. */
  fake_server_say (self->server, second, "anybody there?");
  fixture_round_trip (self);
  g_assert_cmpuint (changes.n_signals, ==, 1);

  second->state = PORCH_STATE_WAITING;
  second->waiting_since = porch_clock_now_us ();
  fake_server_change (self->server, second, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (has_list (waiting, "c"));

  second->state = PORCH_STATE_RESOLVED;
  fake_server_change (self->server, second, PORCH_EVENT_CONVERSATION_RESOLVED);
  WAIT_FOR (has_list (waiting, "") && has_list (open, "a b"));
}

static gboolean
is_first (PorchInbox *inbox, const char *id)
{
  g_autoptr (PorchConversation) first = g_list_model_get_item (G_LIST_MODEL (inbox), 0);

  return first != NULL && g_str_equal (first->id, id);
}

static void
test_together (Fixture *self, gconstpointer data)
{
  PorchInbox *open = NULL;
  Changes changes = { 0 };

  for (guint i = 0; i < 30; i++) {
    g_autofree char *id = g_strdup_printf ("c%u", i);

    add (self, id, PORCH_STATE_ACTIVE, 100 + i);
  }
  open = open_inbox (self, "open");
  fixture_watch (G_LIST_MODEL (open), &changes);
  /* Missed together: they arrive together. */
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  for (guint i = 0; i < 30; i++)
    fake_server_say (self->server, g_ptr_array_index (self->server->conversations, i), "hi");
  fake_server_start (self->server);
  WAIT_FOR (is_first (open, "c29"));
  g_test_message ("30 events were told by %u changes", changes.n_signals);
  g_assert_cmpuint (changes.n_signals, <=, 4);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (open)), ==, 30);
}

static void
test_new_one (Fixture *self, gconstpointer data)
{
  PorchInbox *open = open_inbox (self, "open");
  PorchConversation *conversation = NULL;

  assert_list (open, "");
  conversation = add (self, "c1", PORCH_STATE_WAITING, 0);
  fake_server_change (self->server, conversation, PORCH_EVENT_CONVERSATION_CREATED);
  WAIT_FOR (has_list (open, "c1"));
}

static void
test_frozen (Fixture *self, gconstpointer data)
{
  PorchConversation *b = NULL, *late = NULL;
  PorchInbox *open = NULL;
  Changes changes = { 0 };
  guint n_held = 0;

  add (self, "a", PORCH_STATE_ACTIVE, 10);
  b = add (self, "b", PORCH_STATE_ACTIVE, 20);
  open = open_inbox (self, "open");
  fixture_watch (G_LIST_MODEL (open), &changes);
  porch_inbox_set_frozen (open, TRUE);

  fake_server_say (self->server, b, "hello");
  late = add (self, "late", PORCH_STATE_WAITING, 0);
  fake_server_change (self->server, late, PORCH_EVENT_CONVERSATION_CREATED);
  add (self, "later", PORCH_STATE_WAITING, 0);
  fake_server_say (self->server, late, "is somebody there?");
  WAIT_FOR ((g_object_get (open, "n-held", &n_held, NULL), n_held == 1));
  fixture_round_trip (self);
  assert_list (open, "a b");
  g_assert_cmpuint (changes.n_signals, ==, 0);
  /* Its row tells what it says all the same. */
  g_assert_cmpstr (porch_mirror_find_conversation (self->mirror, "b")->last_text, ==, "hello");

  porch_inbox_set_frozen (open, FALSE);
  assert_list (open, "late b a");
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_object_get (open, "n-held", &n_held, NULL);
  g_assert_cmpuint (n_held, ==, 0);
}

static void
test_pages_come_in_also_when_frozen (Fixture *self, gconstpointer data)
{
  PorchInbox *done = NULL;
  guint n_held = 1;

  for (guint i = 0; i < 120; i++) {
    g_autofree char *id = g_strdup_printf ("c%03u", i);

    add (self, id, PORCH_STATE_RESOLVED, 1000 - i);
  }
  done = open_inbox (self, "resolved");
  porch_inbox_set_frozen (done, TRUE);
  porch_inbox_load_more (done);
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (done)) == 100);
  fixture_round_trip (self);
  g_object_get (done, "n-held", &n_held, NULL);
  g_assert_cmpuint (n_held, ==, 0);
}

static void
test_pages (Fixture *self, gconstpointer data)
{
  PorchInbox *done = NULL;

  for (guint i = 0; i < 120; i++) {
    g_autofree char *id = g_strdup_printf ("c%03u", i);

    add (self, id, PORCH_STATE_RESOLVED, 1000 - i);
  }
  done = open_inbox (self, "resolved");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (done)), ==, 50);
  g_assert_true (porch_inbox_has_more (done));

  porch_inbox_load_more (done);
  porch_inbox_load_more (done); /* is one: the first is on its way */
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (done)) == 100);
  porch_inbox_load_more (done);
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (done)) == 120);
  g_assert_false (porch_inbox_has_more (done));
  porch_inbox_load_more (done);
  fixture_round_trip (self);
  for (guint i = 0; i < 120; i++) {
    g_autoptr (PorchConversation) item = g_list_model_get_item (G_LIST_MODEL (done), i);
    g_autofree char *id = g_strdup_printf ("c%03u", 119 - i);

    g_assert_cmpstr (item->id, ==, id);
  }
}

/* Whoever has waited for longest has the oldest event, so would be on the last page. */
static void
test_waiting_beyond_page (Fixture *self, gconstpointer data)
{
  PorchInbox *open = NULL;

  add (self, "forgotten", PORCH_STATE_MISSED, 3000);
  for (guint i = 0; i < 80; i++) {
    g_autofree char *id = g_strdup_printf ("c%03u", i);

    add (self, id, PORCH_STATE_ACTIVE, 1000 - i);
  }
  open = open_inbox (self, "open");
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (open)) == 51);
  g_assert_true (is_first (open, "forgotten"));
}

static void
test_failed (Fixture *self, gconstpointer data)
{
  PorchInbox *open = NULL;
  g_autofree char *problem = NULL;

  add (self, "a", PORCH_STATE_ACTIVE, 10);
  fixture_mirror (self);
  self->server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 1000;
  self->server->fail_code[PORCH_OP_CONVERSATIONS_LIST] = PORCH_ERROR_FORBIDDEN;
  open = porch_mirror_get_inbox (self->mirror, "open");
  g_assert_cmpint (porch_inbox_get_load (open), ==, PORCH_LOAD_LOADING);
  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_FAILED);
  g_object_get (open, "problem", &problem, NULL);
  g_assert_cmpstr (problem, ==, "forbidden");

  self->server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 0;
  porch_inbox_reload (open);
  g_assert_cmpint (porch_inbox_get_load (open), ==, PORCH_LOAD_LOADING);
  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_READY);
  assert_list (open, "a");
}

static void
test_offline (Fixture *self, gconstpointer data)
{
  PorchInbox *open = NULL;

  add (self, "a", PORCH_STATE_ACTIVE, 10);
  fixture_mirror (self);
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  open = porch_mirror_get_inbox (self->mirror, "open");
  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_FAILED);
  /* By itself, since nobody has to decide anything. */
  fake_server_start (self->server);
  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_READY);
  assert_list (open, "a");
}

/* What happens while the first page is on its way is not lost with it. */
static void
test_overtaken (Fixture *self, gconstpointer data)
{
  PorchConversation *b = NULL;
  PorchInbox *open = NULL;

  add (self, "a", PORCH_STATE_ACTIVE, 10);
  fixture_mirror (self);
  WAIT_FOR (self->server->n_calls[PORCH_OP_CONVERSATIONS_LIST] > 0);
  self->server->holds[PORCH_OP_CONVERSATIONS_LIST] = TRUE;
  open = porch_mirror_get_inbox (self->mirror, "open");
  WAIT_FOR (self->server->held->len > 0);
  b = add (self, "b", PORCH_STATE_WAITING, 0);
  fake_server_change (self->server, b, PORCH_EVENT_CONVERSATION_CREATED);
  WAIT_FOR (porch_mirror_find_conversation (self->mirror, "b") != NULL);
  fake_server_release (self->server);
  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_READY);
  assert_list (open, "b a");
}

/* What was given away does not come back with an answer that knows nothing of it. */
static void
test_left (Fixture *self, gconstpointer data)
{
  PorchConversation *given = add (self, "given", PORCH_STATE_ACTIVE, 10);
  PorchInbox *open = NULL;

  add (self, "kept", PORCH_STATE_ACTIVE, 20);
  porch_member_set (&given->assignee, "agent-ana");
  open = open_inbox (self, "open");
  assert_list (open, "given kept");
  assert_list (open_inbox (self, "mine"), "given");
  fake_server_take_away (self->server, given);
  WAIT_FOR (has_list (open, "kept"));
  WAIT_FOR (has_list (open_inbox (self, "mine"), ""));
  porch_inbox_reload (open);
  fixture_round_trip (self);
  fixture_round_trip (self);
  assert_list (open, "kept");

  fake_server_change (self->server, given, PORCH_EVENT_CONVERSATION_TRANSFERRED);
  WAIT_FOR (has_list (open, "given kept"));
}

static void
test_reset (Fixture *self, gconstpointer data)
{
  PorchConversation *a = NULL;
  PorchInbox *open = NULL;
  g_autoptr (PorchConversation) shown = NULL;

  a = add (self, "a", PORCH_STATE_ACTIVE, 10);
  add (self, "b", PORCH_STATE_ACTIVE, 20);
  open = open_inbox (self, "open");
  assert_list (open, "a b");
  shown = g_list_model_get_item (G_LIST_MODEL (open), 0);

  /* The backup is older: a was not named yet and b did not exist. */
  fake_server_stop (self->server);
  g_ptr_array_remove_index (self->server->conversations, 1);
  fake_server_restore_backup (self->server);
  porch_member_set (&a->last_text, "as it was");
  fake_server_start (self->server);
  WAIT_FOR (has_list (open, "a"));
  g_assert_cmpstr (shown->last_text, ==, "as it was");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/inbox/order", test_order);
  fixture_add ("/inbox/one-object", test_one_object);
  fixture_add ("/inbox/changes", test_changes);
  fixture_add ("/inbox/together", test_together);
  fixture_add ("/inbox/new-one", test_new_one);
  fixture_add ("/inbox/frozen", test_frozen);
  fixture_add ("/inbox/pages-come-in-also-when-frozen", test_pages_come_in_also_when_frozen);
  fixture_add ("/inbox/pages", test_pages);
  fixture_add ("/inbox/waiting-beyond-page", test_waiting_beyond_page);
  fixture_add ("/inbox/failed", test_failed);
  fixture_add ("/inbox/offline", test_offline);
  fixture_add ("/inbox/overtaken", test_overtaken);
  fixture_add ("/inbox/left", test_left);
  fixture_add ("/inbox/reset", test_reset);
  return g_test_run ();
}
