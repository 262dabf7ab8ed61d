/* test-lines.c - the lines of a transcript over a thread that changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"
#include "porch-lines.h"
#include "shop.h"

#include <locale.h>

typedef struct {
  Fixture fixture;
  PorchConversation *conversation;
  PorchThread *thread;
  PorchLines *lines;
} Talk;

static void
set_up (Talk *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
  shop_fill (self->fixture.server);
  fixture_mirror (&self->fixture);
  WAIT_FOR (g_list_model_get_n_items (
              G_LIST_MODEL (porch_mirror_get_inbox (self->fixture.mirror, "open"))) == 9);
  self->conversation = porch_mirror_find_conversation (self->fixture.mirror, SHOP_LONG_TALK);
  self->thread = g_object_ref (porch_mirror_get_thread (self->fixture.mirror, self->conversation));
  self->lines = porch_lines_new (self->thread, self->fixture.mirror);
  WAIT_FOR (porch_thread_get_load (self->thread) == PORCH_LOAD_READY);
}

static void
tear_down (Talk *self, gconstpointer data)
{
  g_assert_finalize_object (self->lines);
  g_clear_object (&self->thread);
  fixture_tear_down (&self->fixture, data);
}

/* "vvsoonvv": the kinds of the lines, "|" for the mark. */
static char *
describe (Talk *self)
{
  static const char letters[] = "vaoxns|";
  GString *kinds = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++) {
    g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

    g_string_append_c (kinds, letters[porch_line_get_kind (line)]);
  }
  return g_string_free (kinds, FALSE);
}

#define ASSERT_LINES(expected) \
  G_STMT_START \
  { \
    g_autofree char *kinds_ = describe (self); \
    g_assert_cmpstr (kinds_, ==, expected); \
  } \
  G_STMT_END

static PorchLine *
get_line (Talk *self, guint position)
{
  g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  /* The model keeps it. */
  return line;
}

static void
test_kinds_and_authors (Talk *self, gconstpointer data)
{
  ASSERT_LINES ("vvsoonvv");
  g_assert_cmpstr (porch_line_get_author (get_line (self, 0)), ==, "Jonas Weidenfeld");
  g_assert_cmpstr (porch_line_get_text (get_line (self, 2)), ==, "You took the conversation");
  g_assert_cmpstr (porch_line_get_author (get_line (self, 5)), ==, "Mona Lindqvist");
}

static void
test_ticks_claim_what_the_server_said (Talk *self, gconstpointer data)
{
  PorchConversation *there = fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK);

  g_assert_cmpint (porch_line_get_delivery (get_line (self, 0)), ==, PORCH_DELIVERY_NONE);
  g_assert_cmpint (porch_line_get_delivery (get_line (self, 4)), ==, PORCH_DELIVERY_READ);
  g_assert_cmpint (porch_line_get_delivery (get_line (self, 5)), ==, PORCH_DELIVERY_NONE);

  porch_thread_send (self->thread, "Of course", FALSE);
  ASSERT_LINES ("vvsoonvvo");
  g_assert_cmpint (porch_line_get_delivery (get_line (self, 8)), ==, PORCH_DELIVERY_SENDING);
  WAIT_FOR (porch_line_get_delivery (get_line (self, 8)) == PORCH_DELIVERY_SENT);
  g_assert_cmpint (porch_line_get_seq (get_line (self, 8)), >, 0);

  there->visitor_received = porch_line_get_seq (get_line (self, 8));
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (porch_line_get_delivery (get_line (self, 8)) == PORCH_DELIVERY_RECEIVED);
  there->visitor_read = there->visitor_received;
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (porch_line_get_delivery (get_line (self, 8)) == PORCH_DELIVERY_READ);
}

static void
test_without_a_connection_it_waits (Talk *self, gconstpointer data)
{
  fake_server_stop (self->fixture.server);
  WAIT_FOR (porch_client_get_link (self->fixture.client) == PORCH_LINK_OFFLINE);
  porch_thread_send (self->thread, "Noon is fine", FALSE);
  WAIT_FOR (porch_line_get_delivery (get_line (self, 8)) == PORCH_DELIVERY_WAITING);
  fake_server_start (self->fixture.server);
  WAIT_FOR (porch_line_get_delivery (get_line (self, 8)) == PORCH_DELIVERY_SENT);
}

static void
test_mark_stands_before_what_is_new (Talk *self, gconstpointer data)
{
  Changes changes = { 0 };

  fixture_watch (G_LIST_MODEL (self->lines), &changes);
  porch_lines_set_read_seq (self->lines, self->conversation->agent_read);
  ASSERT_LINES ("vvsoon|vv");
  g_assert_cmpuint (changes.position, ==, 6);
  g_assert_cmpuint (changes.n_added, ==, 1);
  g_assert_cmpstr (porch_line_get_text (get_line (self, 6)), ==, "2 new messages");

  fake_server_say (self->fixture.server,
                   fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK), "Hello?");
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (self->lines)) == 10);
  ASSERT_LINES ("vvsoon|vvv");
  g_assert_cmpstr (porch_line_get_text (get_line (self, 6)), ==, "3 new messages");

  /* Who answers has read it. */
  porch_thread_send (self->thread, "Here I am", FALSE);
  ASSERT_LINES ("vvsoonvvvo");
  g_assert_false (porch_lines_has_mark (self->lines));
}

static void
test_what_comes_while_nobody_looks_is_marked (Talk *self, gconstpointer data)
{
  porch_lines_set_read_seq (self->lines, porch_lines_get_last_seq (self->lines));
  ASSERT_LINES ("vvsoonvv");
  fake_server_say (self->fixture.server,
                   fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK), "Hello?");
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (self->lines)) == 10);
  ASSERT_LINES ("vvsoonvv|v");
  porch_lines_set_read_seq (self->lines, -1);
  ASSERT_LINES ("vvsoonvvv");
}

static void
test_a_name_told_later_is_everywhere (Talk *self, gconstpointer data)
{
  g_object_set (self->conversation, "contact-name", "Jonas W.", NULL);
  g_assert_cmpstr (porch_line_get_author (get_line (self, 0)), ==, "Jonas W.");
  g_assert_cmpstr (porch_line_get_author (get_line (self, 7)), ==, "Jonas W.");
  g_assert_cmpstr (porch_line_get_author (get_line (self, 5)), ==, "Mona Lindqvist");
}

static void
test_message_of_a_line (Talk *self, gconstpointer data)
{
  g_autoptr (PorchMessage) message = NULL;
  g_autoptr (PorchMessage) none = NULL;

  porch_lines_set_read_seq (self->lines, self->conversation->agent_read);
  message = porch_lines_dup_message (self->lines, get_line (self, 7));
  none = porch_lines_dup_message (self->lines, get_line (self, 6));
  g_assert_cmpstr (message->text, ==, "Perfect, that is exactly the one");
  g_assert_null (none);
}

#define add(name, test) g_test_add (name, Talk, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  add ("/lines/kinds-and-authors", test_kinds_and_authors);
  add ("/lines/ticks-claim-what-the-server-said", test_ticks_claim_what_the_server_said);
  add ("/lines/without-a-connection-it-waits", test_without_a_connection_it_waits);
  add ("/lines/mark-stands-before-what-is-new", test_mark_stands_before_what_is_new);
  add ("/lines/what-comes-while-nobody-looks-is-marked",
       test_what_comes_while_nobody_looks_is_marked);
  add ("/lines/a-name-told-later-is-everywhere", test_a_name_told_later_is_everywhere);
  add ("/lines/message-of-a-line", test_message_of_a_line);
  return g_test_run ();
}
