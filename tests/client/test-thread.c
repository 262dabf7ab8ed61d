/* test-thread.c - the messages of a conversation: pages, what arrives, who types, who has read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "porch-clock.h"

static PorchConversation *
add (Fixture *self, const char *id, guint n_messages)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, id, PORCH_STATE_ACTIVE);

  for (guint i = 0; i < n_messages; i++) {
    g_autofree char *text = g_strdup_printf ("%u", i);

    fake_server_add_message (self->server, conversation,
                             i % 2 == 0 ? PORCH_ACTOR_VISITOR : PORCH_ACTOR_AGENT, text);
  }
  return conversation;
}

/* The thread of a conversation of the server's, without waiting for its messages. */
static PorchThread *
get_thread (Fixture *self, const char *id)
{
  g_autoptr (PorchConversation) conversation = fixture_load_conversation (self, id);

  return porch_mirror_get_thread (self->mirror, conversation);
}

static PorchThread *
open_thread (Fixture *self, const char *id)
{
  PorchThread *thread = get_thread (self, id);

  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_READY);
  return thread;
}

static guint
count (PorchThread *thread)
{
  return g_list_model_get_n_items (G_LIST_MODEL (thread));
}

static gboolean
has_list (PorchThread *thread, const char *expected)
{
  g_autofree char *list = fixture_list (G_LIST_MODEL (thread));

  return g_str_equal (list, expected);
}

static void
assert_list (PorchThread *thread, const char *expected)
{
  g_autofree char *list = fixture_list (G_LIST_MODEL (thread));

  g_assert_cmpstr (list, ==, expected);
}

static void
test_open (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchContact) contact = NULL;
  PorchThread *thread = NULL;

  add (self, "c1", 3);
  thread = get_thread (self, "c1");
  g_assert_cmpint (porch_thread_get_load (thread), ==, PORCH_LOAD_LOADING);
  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_READY);
  assert_list (thread, "0 1 2");
  WAIT_FOR (porch_thread_get_visitor (thread) != NULL);
  g_assert_cmpstr (porch_thread_get_visitor (thread)->id, ==, "visitor-jonas");
  g_object_get (thread, "contact", &contact, NULL);
  g_assert_cmpstr (contact->name, ==, "Jonas");
  g_assert_true (thread ==
                 porch_mirror_get_thread (self->mirror, porch_thread_get_conversation (thread)));
}

static void
on_contact_known (PorchThread *thread, GParamSpec *pspec, Fixture *self)
{
  porch_mirror_close (self->mirror);
}

static void
on_thread_gone (gpointer is_gone, GObject *thread)
{
  *(gboolean *) is_gone = TRUE;
}

/* Whoever hears of the contact may be the end of everything: the rest of the answer finds the
 * thread as it was until it has been read. */
static void
test_let_go (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  gboolean is_gone = FALSE;

  add (self, "c1", 1);
  thread = get_thread (self, "c1");
  g_object_weak_ref (G_OBJECT (thread), on_thread_gone, &is_gone);
  g_signal_connect (thread, "notify::contact", G_CALLBACK (on_contact_known), self);
  WAIT_FOR (is_gone);
}

static void
test_older (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  Changes changes = { 0 };
  gboolean has_older = FALSE;

  add (self, "c1", 120);
  thread = open_thread (self, "c1");
  fixture_watch (G_LIST_MODEL (thread), &changes);
  g_assert_cmpuint (count (thread), ==, 50);
  g_object_get (thread, "has-older", &has_older, NULL);
  g_assert_true (has_older);

  porch_thread_load_older (thread);
  porch_thread_load_older (thread);
  WAIT_FOR (count (thread) == 100);
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_assert_cmpuint (changes.position, ==, 0);
  g_assert_cmpuint (changes.n_added, ==, 50);
  porch_thread_load_older (thread);
  WAIT_FOR (count (thread) == 120);
  g_object_get (thread, "has-older", &has_older, NULL);
  g_assert_false (has_older);
  for (guint i = 0; i < 120; i++) {
    g_autoptr (PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (thread), i);
    g_autofree char *text = g_strdup_printf ("%u", i);

    g_assert_cmpstr (message->text, ==, text);
  }
}

static void
test_arrive (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 1);
  PorchThread *thread = open_thread (self, "c1");
  Changes changes = { 0 };

  fixture_watch (G_LIST_MODEL (thread), &changes);
  fake_server_say (self->server, conversation, "one");
  fake_server_say (self->server, conversation, "two");
  fake_server_say (self->server, conversation, "three");
  WAIT_FOR (has_list (thread, "0 one two three"));
  g_test_message ("3 events were told by %u changes", changes.n_signals);
  g_assert_cmpuint (changes.position + changes.n_added, ==, 4);
  /* The row of the list says the same. */
  g_assert_cmpstr (porch_thread_get_conversation (thread)->last_text, ==, "three");
}

/* Those that come while a page is on its way, whether the page has them already or not. */
static void
test_page_and_stream (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 1);
  PorchThread *thread = NULL;

  fixture_mirror (self);
  self->server->holds[PORCH_OP_MESSAGES_LIST] = TRUE;
  thread = get_thread (self, "c1");
  WAIT_FOR (self->server->held->len == 1);
  fake_server_say (self->server, conversation, "late");
  fixture_round_trip (self);
  g_assert_cmpuint (count (thread), ==, 0);
  fake_server_release (self->server);
  WAIT_FOR (has_list (thread, "0 late"));

  porch_thread_reload (thread);
  fake_server_say (self->server, conversation, "both");
  WAIT_FOR (has_list (thread, "0 late both"));
  fixture_round_trip (self);
  assert_list (thread, "0 late both");
}

static void
test_update (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchMessage) shown = NULL;
  PorchMessage *message = NULL;
  PorchThread *thread = NULL;
  Changes changes = { 0 };

  add (self, "c1", 60);
  thread = open_thread (self, "c1");
  fixture_watch (G_LIST_MODEL (thread), &changes);
  shown = g_list_model_get_item (G_LIST_MODEL (thread), 49);
  message = g_ptr_array_index (self->server->messages, 59);
  porch_member_set (&message->text, "better");
  fake_server_update_message (self->server, message);
  WAIT_FOR (g_str_equal (shown->text, "better"));

  /* One of a page that was not loaded. */
  fake_server_update_message (self->server, g_ptr_array_index (self->server->messages, 0));
  fixture_round_trip (self);
  g_assert_cmpuint (count (thread), ==, 50);
  g_assert_cmpuint (changes.n_signals, ==, 0);
}

static void
test_resume (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 1);
  PorchThread *thread = open_thread (self, "c1");
  Changes changes = { 0 };

  fixture_watch (G_LIST_MODEL (thread), &changes);
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  for (guint i = 0; i < 40; i++)
    fake_server_say (self->server, conversation, "missed");
  fake_server_start (self->server);
  WAIT_FOR (count (thread) == 41);
  g_test_message ("40 messages were told by %u changes", changes.n_signals);
  g_assert_cmpuint (changes.n_signals, <=, 4);
}

static void
test_reset (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 5);
  PorchThread *thread = open_thread (self, "c1");

  fake_server_stop (self->server);
  fake_server_restore_backup (self->server);
  /* The same seqs as before, of other messages. */
  fake_server_add_message (self->server, conversation, PORCH_ACTOR_VISITOR, "as");
  fake_server_add_message (self->server, conversation, PORCH_ACTOR_VISITOR, "it");
  fake_server_start (self->server);
  WAIT_FOR (has_list (thread, "as it"));
  fake_server_say (self->server, conversation, "was");
  WAIT_FOR (has_list (thread, "as it was"));
}

/* What is of another file is no part of this one: when it cannot be read, nothing is shown rather
 * than what the new one never had, and it is there as soon as it can be. */
static void
test_reset_fails (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 5);
  PorchThread *thread = open_thread (self, "c1");

  fake_server_stop (self->server);
  fake_server_restore_backup (self->server);
  fake_server_add_message (self->server, conversation, PORCH_ACTOR_VISITOR, "as");
  self->server->n_fail[PORCH_OP_MESSAGES_LIST] = 1;
  self->server->fail_code[PORCH_OP_MESSAGES_LIST] = PORCH_ERROR_NOT_FOUND;
  fake_server_start (self->server);
  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_FAILED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (thread)), ==, 0);
  porch_thread_reload (thread);
  WAIT_FOR (has_list (thread, "as"));
  g_assert_cmpint (porch_thread_get_load (thread), ==, PORCH_LOAD_READY);
}

static void
test_failed (Fixture *self, gconstpointer data)
{
  g_autofree char *problem = NULL;
  PorchThread *thread = NULL;

  add (self, "c1", 2);
  fixture_mirror (self);
  self->server->n_fail[PORCH_OP_MESSAGES_LIST] = 1;
  self->server->fail_code[PORCH_OP_MESSAGES_LIST] = PORCH_ERROR_NOT_FOUND;
  thread = get_thread (self, "c1");
  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_FAILED);
  g_object_get (thread, "problem", &problem, NULL);
  g_assert_cmpstr (problem, ==, "not_found");
  porch_thread_reload (thread);
  WAIT_FOR (has_list (thread, "0 1"));

  /* Not reached: it comes by itself. */
  add (self, "c2", 1);
  self->server->n_fail[PORCH_OP_MESSAGES_LIST] = 1;
  self->server->fail_code[PORCH_OP_MESSAGES_LIST] = PORCH_ERROR_BUSY;
  thread = get_thread (self, "c2");
  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_FAILED);
  fake_server_cut (self->server);
  WAIT_FOR (has_list (thread, "0"));
}

static void
say_typing (Fixture *self, const char *conversation, const char *data)
{
  g_autofree char *frame = g_strdup_printf (
    "{\"type\":\"typing\",\"conversation\":\"%s\",\"data\":%s}", conversation, data);

  fake_server_send (self->server, frame);
}

static void
test_typing (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 1);
  PorchThread *thread = NULL;

  thread = open_thread (self, "c1");
  say_typing (self, "c1", "{\"is_typing\":true,\"name\":\"Jonas\",\"kind\":\"visitor\"}");
  WAIT_FOR (porch_thread_get_typing (thread) != NULL);
  g_assert_cmpstr (porch_thread_get_typing (thread), ==, "Jonas");
  say_typing (self, "c1", "{\"is_typing\":false,\"name\":\"Jonas\",\"kind\":\"visitor\"}");
  WAIT_FOR (porch_thread_get_typing (thread) == NULL);

  /* One whose name we were never told; then what they typed is there. */
  say_typing (self, "c1", "{\"is_typing\":true,\"name\":null,\"kind\":\"visitor\"}");
  WAIT_FOR (porch_thread_get_typing (thread) != NULL);
  g_assert_cmpstr (porch_thread_get_typing (thread), ==, "");
  fake_server_say (self->server, conversation, "hello");
  WAIT_FOR (porch_thread_get_typing (thread) == NULL);

  /* A colleague is no visitor. */
  say_typing (self, "c1", "{\"is_typing\":true,\"name\":\"Ben\",\"kind\":\"agent\"}");
  fixture_round_trip (self);
  g_assert_null (porch_thread_get_typing (thread));
}

static void
test_typing_ends (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  self->pace.typing_ms = 20;
  add (self, "c1", 1);
  thread = open_thread (self, "c1");
  say_typing (self, "c1", "{\"is_typing\":true,\"name\":\"Jonas\",\"kind\":\"visitor\"}");
  WAIT_FOR (porch_thread_get_typing (thread) != NULL);
  WAIT_FOR (porch_thread_get_typing (thread) == NULL);
}

static void
test_we_type (Fixture *self, gconstpointer data)
{
  const guint *n_calls = &self->server->n_calls[PORCH_OP_TYPING_CREATE];
  PorchThread *thread = NULL;

  add (self, "c1", 1);
  thread = open_thread (self, "c1");
  porch_clock_fake (porch_clock_now_us ());
  for (guint i = 0; i < 10; i++)
    porch_thread_set_typing (thread, TRUE);
  WAIT_FOR (*n_calls == 1);
  g_assert_cmpstr (self->server->last_body, ==, "{\"is_typing\":true}");
  porch_clock_advance (3 * G_TIME_SPAN_SECOND);
  porch_thread_set_typing (thread, TRUE);
  WAIT_FOR (*n_calls == 2);
  porch_thread_set_typing (thread, FALSE);
  porch_thread_set_typing (thread, FALSE);
  WAIT_FOR (*n_calls == 3);
  g_assert_cmpstr (self->server->last_body, ==, "{\"is_typing\":false}");
  fixture_round_trip (self);
  g_assert_cmpuint (*n_calls, ==, 3);
  porch_clock_unfake ();
}

static void
test_left (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 2);
  PorchThread *thread = open_thread (self, "c1");

  g_assert_false (porch_thread_has_left (thread));
  fake_server_take_away (self->server, conversation);
  WAIT_FOR (porch_thread_has_left (thread));
  /* What was seen stays, but reading it is nobody's news. */
  assert_list (thread, "0 1");
  porch_thread_mark_read (thread);
  fixture_round_trip (self);
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_READ_CREATE], ==, 0);

  /* Given back: what others were told meanwhile is there too. */
  fake_server_add_message (self->server, conversation, PORCH_ACTOR_VISITOR, "meanwhile");
  fake_server_change (self->server, conversation, PORCH_EVENT_CONVERSATION_TRANSFERRED);
  WAIT_FOR (!porch_thread_has_left (thread));
  WAIT_FOR (has_list (thread, "0 1 meanwhile"));
}

static void
test_read (Fixture *self, gconstpointer data)
{
  const guint *n_calls = &self->server->n_calls[PORCH_OP_READ_CREATE];
  PorchConversation *conversation = add (self, "c1", 2);
  PorchThread *thread = open_thread (self, "c1");
  g_autofree char *body =
    g_strdup_printf ("{\"seq\":%" G_GINT64_FORMAT "}", conversation->last_message);

  porch_thread_mark_read (thread);
  porch_thread_mark_read (thread);
  WAIT_FOR (*n_calls == 1);
  g_assert_cmpstr (self->server->last_body, ==, body);
  fixture_round_trip (self);
  porch_thread_mark_read (thread);
  fixture_round_trip (self);
  g_assert_cmpuint (*n_calls, ==, 1);

  /* What could not be told is told when the link is back. */
  fake_server_say (self->server, conversation, "more");
  WAIT_FOR (count (thread) == 3);
  self->server->n_fail[PORCH_OP_READ_CREATE] = 1;
  self->server->fail_code[PORCH_OP_READ_CREATE] = PORCH_ERROR_STORAGE;
  porch_thread_mark_read (thread);
  WAIT_FOR (*n_calls == 2);
  fixture_round_trip (self);
  fake_server_cut (self->server);
  WAIT_FOR (*n_calls == 3);
}

static void
test_receipts (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation = add (self, "c1", 2);
  PorchConversation *ours = porch_thread_get_conversation (open_thread (self, "c1"));

  conversation->visitor_received = conversation->visitor_read = conversation->last_message;
  fake_server_change (self->server, conversation, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (ours->visitor_read == conversation->last_message);

  /* An answer that was overtaken does not take a tick back. */
  conversation->visitor_read = 0;
  fixture_round_trip (self);
  porch_thread_reload (porch_mirror_get_thread (self->mirror, ours));
  WAIT_FOR (self->server->n_calls[PORCH_OP_CONVERSATION_GET] >= 3);
  fixture_round_trip (self);
  g_assert_cmpint (ours->visitor_read, ==, conversation->last_message);
}

static void
test_presence (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  PorchVisitor *visitor = NULL;

  add (self, "c1", 1);
  thread = open_thread (self, "c1");
  WAIT_FOR (porch_thread_get_visitor (thread) != NULL);
  visitor = porch_thread_get_visitor (thread);
  g_assert_false (visitor->is_online);
  self->server->visitor->is_online = TRUE;
  fake_server_tell (self->server, PORCH_EVENT_PRESENCE, "c1", self->server->visitor, FALSE);
  WAIT_FOR (visitor->is_online);
  porch_member_set (&self->server->visitor->page_title, "Bells");
  fake_server_tell (self->server, PORCH_EVENT_PAGE, NULL, self->server->visitor, FALSE);
  WAIT_FOR (g_strcmp0 (visitor->page_title, "Bells") == 0);
  g_assert_true (visitor == porch_thread_get_visitor (thread));

  /* It is not in the log: what was missed of it is asked for. */
  self->server->visitor->is_online = FALSE;
  fake_server_cut (self->server);
  WAIT_FOR (!visitor->is_online);
}

static void
test_bounded (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchThread) held = NULL;
  gpointer first = NULL;

  for (guint i = 0; i < 22; i++) {
    g_autofree char *id = g_strdup_printf ("c%u", i);
    PorchThread *thread = NULL;

    add (self, id, 1);
    thread = open_thread (self, id);
    if (i == 0) {
      first = thread;
      g_object_add_weak_pointer (first, &first);
    }
    if (i == 1)
      held = g_object_ref (thread);
  }
  g_assert_null (first);
  /* One that is shown somewhere stays what it is, and hears what happens. */
  g_assert_true (held ==
                 porch_mirror_get_thread (self->mirror, porch_thread_get_conversation (held)));
  fake_server_say (self->server, g_ptr_array_index (self->server->conversations, 1), "hello");
  WAIT_FOR (has_list (held, "0 hello"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/thread/open", test_open);
  fixture_add ("/thread/let-go", test_let_go);
  fixture_add ("/thread/older", test_older);
  fixture_add ("/thread/arrive", test_arrive);
  fixture_add ("/thread/page-and-stream", test_page_and_stream);
  fixture_add ("/thread/update", test_update);
  fixture_add ("/thread/resume", test_resume);
  fixture_add ("/thread/reset", test_reset);
  fixture_add ("/thread/reset-fails", test_reset_fails);
  fixture_add ("/thread/failed", test_failed);
  fixture_add ("/thread/typing", test_typing);
  fixture_add ("/thread/typing-ends", test_typing_ends);
  fixture_add ("/thread/we-type", test_we_type);
  fixture_add ("/thread/left", test_left);
  fixture_add ("/thread/read", test_read);
  fixture_add ("/thread/receipts", test_receipts);
  fixture_add ("/thread/presence", test_presence);
  fixture_add ("/thread/bounded", test_bounded);
  return g_test_run ();
}
