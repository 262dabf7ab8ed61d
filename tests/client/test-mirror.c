/* test-mirror.c - what happens, as the window hears of it: counts, agents, arrivals, drafts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

typedef struct {
  char *arrived; /* texts, one after the other */
  char *taken;   /* ids */
  char *visitor; /* ids */
} Heard;

static void
add_word (char **words, const char *word)
{
  char *more = *words != NULL ? g_strconcat (*words, " ", word, NULL) : g_strdup (word);

  g_free (*words);
  *words = more;
}

static void
on_arrived (PorchMirror *mirror,
            PorchConversation *conversation,
            PorchMessage *message,
            Heard *heard)
{
  g_assert_cmpstr (conversation->last_text, ==, message->text);
  add_word (&heard->arrived, message->text);
}

static void
on_taken (PorchMirror *mirror, PorchConversation *conversation, Heard *heard)
{
  add_word (&heard->taken, conversation->id);
}

static void
on_visitor_changed (PorchMirror *mirror, const char *conversation, Heard *heard)
{
  add_word (&heard->visitor, conversation);
}

static void
listen (Fixture *self, Heard *heard)
{
  g_signal_connect (self->mirror, "arrived", G_CALLBACK (on_arrived), heard);
  g_signal_connect (self->mirror, "taken", G_CALLBACK (on_taken), heard);
  g_signal_connect (self->mirror, "visitor-changed", G_CALLBACK (on_visitor_changed), heard);
}

static void
clear (Heard *heard)
{
  g_free (heard->arrived);
  g_free (heard->taken);
  g_free (heard->visitor);
}

static void
test_arrived (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_WAITING);
  Heard heard = { 0 };

  fixture_mirror (self);
  listen (self, &heard);
  fake_server_say (self->server, conversation, "one");
  WAIT_FOR (g_strcmp0 (heard.arrived, "one") == 0);

  /* Missed is not live: it is shown, and nobody is called for it. */
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  fake_server_say (self->server, conversation, "two");
  fake_server_start (self->server);
  WAIT_FOR (g_strcmp0 (porch_mirror_find_conversation (self->mirror, "c1")->last_text, "two") == 0);
  fake_server_say (self->server, conversation, "three");
  WAIT_FOR (g_strcmp0 (heard.arrived, "one three") == 0);
  clear (&heard);
}

static void
test_taken (Fixture *self, gconstpointer data)
{
  PorchConversation *one = fake_server_add_conversation (self->server, "c1", PORCH_STATE_WAITING);
  PorchConversation *two = fake_server_add_conversation (self->server, "c2", PORCH_STATE_WAITING);
  Heard heard = { 0 };

  fixture_mirror (self);
  listen (self, &heard);
  porch_member_set (&one->assignee, "agent-ana");
  fake_server_change (self->server, one, PORCH_EVENT_CONVERSATION_ASSIGNED);
  porch_member_set (&two->assignee, "agent-ben");
  fake_server_change (self->server, two, PORCH_EVENT_CONVERSATION_ASSIGNED);
  WAIT_FOR (g_strcmp0 (heard.taken, "c2") == 0);
  one->state = PORCH_STATE_RESOLVED;
  fake_server_change (self->server, one, PORCH_EVENT_CONVERSATION_RESOLVED);
  WAIT_FOR (g_strcmp0 (heard.taken, "c2 c1") == 0);
  fake_server_change (self->server, one, PORCH_EVENT_CONVERSATION_RATED);
  fixture_round_trip (self);
  g_assert_cmpstr (heard.taken, ==, "c2 c1");
  clear (&heard);
}

static void
test_visitor (Fixture *self, gconstpointer data)
{
  Heard heard = { 0 };

  fixture_mirror (self);
  listen (self, &heard);
  fake_server_tell (self->server, PORCH_EVENT_PAGE, "c9", self->server->visitor, FALSE);
  WAIT_FOR (g_strcmp0 (heard.visitor, "c9") == 0);
  clear (&heard);
}

static gint64
get_count (Fixture *self, const char *name)
{
  gint64 count = 0;

  g_object_get (self->mirror, name, &count, NULL);
  return count;
}

static void
test_counts (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  guint n_calls;

  self->server->n_waiting = 7;
  fixture_mirror (self);
  WAIT_FOR (get_count (self, "counts-waiting") == 7);
  g_assert_cmpint (get_count (self, "counts-mine"), ==, 1);
  g_assert_cmpint (get_count (self, "counts-open"), ==, 3);

  fake_server_change (self->server, conversation, PORCH_EVENT_CONVERSATION_UPDATED);
  self->server->n_waiting = 8;
  conversation->state = PORCH_STATE_WAITING;
  fake_server_change (self->server, conversation, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (get_count (self, "counts-waiting") == 8);

  /* Words in a conversation that stays where it is change no count. */
  fixture_round_trip (self);
  n_calls = self->server->n_calls[PORCH_OP_CONVERSATIONS_LIST];
  for (guint i = 0; i < 20; i++)
    fake_server_say (self->server, conversation, "word");
  for (guint i = 0; i < 5; i++)
    fixture_round_trip (self);
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_CONVERSATIONS_LIST], ==, n_calls);
}

static gboolean
is_somebody_in (Fixture *self)
{
  gboolean is_somebody_in = FALSE;

  g_object_get (self->mirror, "is-somebody-in", &is_somebody_in, NULL);
  return is_somebody_in;
}

static void
test_agents (Fixture *self, gconstpointer data)
{
  PorchAgent *ben = g_object_new (PORCH_TYPE_AGENT, "id", "agent-ben", "name", "Ben", NULL);
  PorchAgent *known = NULL;
  g_autoptr (PorchAgent) eve = NULL;
  GListModel *agents = NULL;

  g_ptr_array_add (self->server->agents, ben);
  fixture_mirror (self);
  agents = porch_mirror_get_agents (self->mirror);
  WAIT_FOR (g_list_model_get_n_items (agents) == 2);
  g_assert_true (is_somebody_in (self));
  /* We are one object, however we are asked for. */
  g_assert_true (porch_mirror_find_agent (self->mirror, "agent-ana") ==
                 porch_client_get_agent (self->client));
  known = porch_mirror_find_agent (self->mirror, "agent-ben");
  g_assert_null (porch_mirror_find_agent (self->mirror, "agent-eve"));

  self->server->agent->status = PORCH_STATUS_AWAY;
  fake_server_tell (self->server, PORCH_EVENT_AGENT_STATUS_CHANGED, NULL, self->server->agent,
                    FALSE);
  WAIT_FOR (!is_somebody_in (self));
  ben->status = PORCH_STATUS_ONLINE;
  fake_server_tell (self->server, PORCH_EVENT_AGENT_STATUS_CHANGED, NULL, ben, FALSE);
  WAIT_FOR (is_somebody_in (self));
  g_assert_true (known == porch_mirror_find_agent (self->mirror, "agent-ben"));

  /* One who is new, and then what was missed: neither is in the log. */
  eve = g_object_new (PORCH_TYPE_AGENT, "id", "agent-eve", "name", "Eve", NULL);
  fake_server_tell (self->server, PORCH_EVENT_AGENT_STATUS_CHANGED, NULL, eve, FALSE);
  WAIT_FOR (g_list_model_get_n_items (agents) == 3);
  ben->status = PORCH_STATUS_OFFLINE;
  fake_server_cut (self->server);
  WAIT_FOR (!is_somebody_in (self));
  g_assert_cmpuint (g_list_model_get_n_items (agents), ==, 2);
}

typedef struct {
  gboolean is_back;
  GError *error;
} Acted;

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  Acted *acted = data;

  porch_mirror_act_finish (PORCH_MIRROR (source), result, &acted->error);
  acted->is_back = TRUE;
}

static void
on_conversation (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(PorchConversation **) data =
    porch_mirror_load_conversation_finish (PORCH_MIRROR (source), result, &error);
}

static void
test_act (Fixture *self, gconstpointer data)
{
  PorchConversation *theirs =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_WAITING);
  g_autoptr (PorchConversation) conversation = NULL;
  Acted acted = { 0 };

  fixture_mirror (self);
  porch_mirror_load_conversation_async (self->mirror, "c1", NULL, on_conversation, &conversation);
  WAIT_FOR (conversation != NULL);
  porch_mirror_act_async (self->mirror, conversation, PORCH_OP_CONVERSATION_TAKE, NULL, NULL,
                          on_acted, &acted);
  WAIT_FOR (acted.is_back);
  g_assert_no_error (acted.error);
  g_assert_cmpint (conversation->state, ==, PORCH_STATE_ACTIVE);
  g_assert_cmpstr (conversation->assignee, ==, "agent-ana");

  acted.is_back = FALSE;
  porch_mirror_act_async (self->mirror, conversation, PORCH_OP_CONVERSATION_ASSIGN, "agent-ben",
                          NULL, on_acted, &acted);
  WAIT_FOR (acted.is_back);
  g_assert_cmpstr (theirs->assignee, ==, "agent-ben");
  g_assert_cmpstr (conversation->assignee, ==, "agent-ben");

  acted.is_back = FALSE;
  self->server->n_fail[PORCH_OP_CONVERSATION_TAKE] = 1;
  self->server->fail_code[PORCH_OP_CONVERSATION_TAKE] = PORCH_ERROR_CONFLICT;
  porch_mirror_act_async (self->mirror, conversation, PORCH_OP_CONVERSATION_TAKE, NULL, NULL,
                          on_acted, &acted);
  WAIT_FOR (acted.is_back);
  g_assert_error (acted.error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_clear_error (&acted.error);
}

static void
on_scope_changed (PorchMirror *mirror, PorchConversation *conversation, char **left)
{
  add_word (left, porch_mirror_has_left (mirror, conversation) ? conversation->id : "back");
}

/* The last that we hear of one that went out of our sight is that it did. */
static void
test_left (Fixture *self, gconstpointer data)
{
  PorchConversation *theirs = fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  g_autoptr (PorchConversation) ours = NULL;
  g_autofree char *left = NULL;
  Acted acted = { 0 };
  Heard heard = { 0 };

  fixture_mirror (self);
  listen (self, &heard);
  g_signal_connect (self->mirror, "scope-changed", G_CALLBACK (on_scope_changed), &left);
  porch_mirror_load_conversation_async (self->mirror, "c1", NULL, on_conversation, &ours);
  WAIT_FOR (ours != NULL);
  fake_server_take_away (self->server, theirs);
  WAIT_FOR (g_strcmp0 (left, "c1") == 0);
  g_assert_cmpstr (heard.taken, ==, "c1");

  /* The answer to the call that gave it away comes after the event. */
  porch_mirror_act_async (self->mirror, ours, PORCH_OP_CONVERSATION_ASSIGN, "agent-ben", NULL,
                          on_acted, &acted);
  self->server->holds[PORCH_OP_CONVERSATION_ASSIGN] = TRUE;
  WAIT_FOR (self->server->held->len == 1);
  WAIT_FOR (!porch_mirror_has_left (self->mirror, ours));
  fake_server_take_away (self->server, theirs);
  WAIT_FOR (porch_mirror_has_left (self->mirror, ours));
  fake_server_release (self->server);
  WAIT_FOR (acted.is_back);
  g_assert_true (porch_mirror_has_left (self->mirror, ours));
  g_assert_cmpstr (left, ==, "c1 back c1");
  clear (&heard);
}

static void
on_missing (GObject *source, GAsyncResult *result, gpointer data)
{
  Acted *acted = data;

  g_assert_null (
    porch_mirror_load_conversation_finish (PORCH_MIRROR (source), result, &acted->error));
  acted->is_back = TRUE;
}

static void
test_load_conversation (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchConversation) first = NULL;
  g_autoptr (PorchConversation) second = NULL;
  Acted acted = { 0 };

  fake_server_add_conversation (self->server, "c1", PORCH_STATE_WAITING);
  fixture_mirror (self);
  porch_mirror_load_conversation_async (self->mirror, "c1", NULL, on_conversation, &first);
  WAIT_FOR (first != NULL);
  porch_mirror_load_conversation_async (self->mirror, "c1", NULL, on_conversation, &second);
  WAIT_FOR (second != NULL);
  g_assert_true (first == second);
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_CONVERSATION_GET], ==, 1);
  porch_mirror_load_conversation_async (self->mirror, "c2", NULL, on_missing, &acted);
  WAIT_FOR (acted.is_back);
  g_assert_error (acted.error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&acted.error);
}

static void
test_contact (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchConversation) conversation = NULL;

  fake_server_add_conversation (self->server, "c1", PORCH_STATE_WAITING);
  fixture_mirror (self);
  porch_mirror_load_conversation_async (self->mirror, "c1", NULL, on_conversation, &conversation);
  WAIT_FOR (conversation != NULL);
  g_assert_null (conversation->contact_name);
  fake_server_tell (self->server, PORCH_EVENT_CONTACT_UPDATED, NULL, self->server->contact, TRUE);
  WAIT_FOR (g_strcmp0 (conversation->contact_name, "Jonas") == 0);
}

/* A newer server says more than we know. */
static void
test_unknown_events (Fixture *self, gconstpointer data)
{
  static const char *const frames[] = {
    "{\"type\":\"somebody.sneezed\",\"data\":{}}",
    "{\"seq\":1000,\"type\":\"message.created\",\"conversation\":\"c1\",\"data\":{}}",
    "{\"seq\":1001,\"type\":\"message.created\",\"conversation\":\"c1\"}",
    "{\"seq\":1002,\"type\":\"conversation.created\",\"data\":[1,2]}",
    "{\"seq\":1003,\"type\":\"conversation.created\",\"data\":{\"id\":7}}",
    "{\"seq\":1004,\"type\":\"contact.updated\",\"data\":null}",
    "{\"type\":\"agent.status_changed\",\"data\":\"x\"}",
    "{\"type\":\"typing\",\"conversation\":5,\"data\":{\"is_typing\":1}}",
    "{\"type\":\"page\"}",
    "{\"type\":7}",
    "{}",
  };
  Heard heard = { 0 };

  fixture_mirror (self);
  listen (self, &heard);
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    fake_server_send (self->server, frames[i]);
  fake_server_tell (self->server, PORCH_EVENT_PAGE, "c9", self->server->visitor, FALSE);
  WAIT_FOR (g_strcmp0 (heard.visitor, "c9") == 0);
  g_assert_null (heard.arrived);
  g_assert_cmpint (porch_client_get_link (self->client), ==, PORCH_LINK_LIVE);
  clear (&heard);
}

/* ---- drafts ---- */

static void
count (PorchMirror *mirror, guint *n)
{
  ++*n;
}

static void
open_drafts (Fixture *self)
{
  guint n_loaded = 0;

  self->client = porch_client_new (self->server->path, NULL, NULL);
  porch_client_set_pace (self->client, &self->pace);
  self->mirror = porch_mirror_new (self->client, self->cache_path);
  g_signal_connect (self->mirror, "drafts-loaded", G_CALLBACK (count), &n_loaded);
  WAIT_FOR (n_loaded == 1);
  g_signal_handlers_disconnect_by_data (self->mirror, &n_loaded);
}

static void
assert_draft (Fixture *self, const char *conversation, const char *text, gboolean is_note)
{
  gboolean note = !is_note;

  g_assert_cmpstr (porch_mirror_get_draft (self->mirror, conversation, &note), ==, text);
  g_assert_cmpint (note, ==, is_note);
}

static void
test_drafts (Fixture *self, gconstpointer data)
{
  self->cache_path = g_build_filename (self->folder, "cache.db", NULL);
  /* Written by the end of the program, not by the clock. */
  self->pace.draft_ms = 1000000;
  open_drafts (self);
  assert_draft (self, "c1", NULL, FALSE);
  porch_mirror_set_draft (self->mirror, "c1", "Dear J", FALSE);
  porch_mirror_set_draft (self->mirror, "c1", "Dear Jonas", FALSE);
  porch_mirror_set_draft (self->mirror, "c2", "he asks again", TRUE);
  porch_mirror_set_draft (self->mirror, "c3", "no", FALSE);
  porch_mirror_set_draft (self->mirror, "c3", NULL, FALSE);
  assert_draft (self, "c1", "Dear Jonas", FALSE);
  fixture_leave (self);

  self->pace.draft_ms = 1;
  open_drafts (self);
  assert_draft (self, "c1", "Dear Jonas", FALSE);
  assert_draft (self, "c2", "he asks again", TRUE);
  assert_draft (self, "c3", NULL, FALSE);
  porch_mirror_set_draft (self->mirror, "c1", "", FALSE);
  fixture_leave (self);

  open_drafts (self);
  assert_draft (self, "c1", NULL, FALSE);
  assert_draft (self, "c2", "he asks again", TRUE);
}

/* What is typed before the file was read is newer than what the file says. */
static void
test_draft_before_load (Fixture *self, gconstpointer data)
{
  self->cache_path = g_build_filename (self->folder, "cache.db", NULL);
  open_drafts (self);
  porch_mirror_set_draft (self->mirror, "c1", "old", FALSE);
  fixture_leave (self);

  self->client = porch_client_new (self->server->path, NULL, NULL);
  porch_client_set_pace (self->client, &self->pace);
  self->mirror = porch_mirror_new (self->client, self->cache_path);
  porch_mirror_set_draft (self->mirror, "c1", "new", TRUE);
  fixture_leave (self);
  open_drafts (self);
  assert_draft (self, "c1", "new", TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/mirror/arrived", test_arrived);
  fixture_add ("/mirror/taken", test_taken);
  fixture_add ("/mirror/left", test_left);
  fixture_add ("/mirror/visitor", test_visitor);
  fixture_add ("/mirror/counts", test_counts);
  fixture_add ("/mirror/agents", test_agents);
  fixture_add ("/mirror/act", test_act);
  fixture_add ("/mirror/load-conversation", test_load_conversation);
  fixture_add ("/mirror/contact", test_contact);
  fixture_add ("/mirror/unknown-events", test_unknown_events);
  fixture_add ("/mirror/drafts", test_drafts);
  fixture_add ("/mirror/draft-before-load", test_draft_before_load);
  return g_test_run ();
}
