/* test-outbox.c - what is sent arrives once, in order, whatever happens to the line or the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* A window that is new, with one conversation of the server's open in it. */
static PorchThread *
open_thread (Fixture *self)
{
  g_autoptr (PorchConversation) conversation = NULL;
  PorchThread *thread = NULL;

  if (self->server->conversations->len == 0)
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  conversation = fixture_load_conversation (self, "c1");
  thread = porch_mirror_get_thread (self->mirror, conversation);
  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_READY);
  return thread;
}

static void
use_disk (Fixture *self)
{
  self->cache_path = g_build_filename (self->folder, "cache.db", NULL);
}

static PorchMessage *
get (PorchThread *thread, guint index)
{
  g_autoptr (PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (thread), index);

  g_assert_nonnull (message);
  /* The list keeps it. */
  return message;
}

static PorchSending
get_sending (PorchThread *thread, guint index)
{
  return porch_thread_get_sending (thread, get (thread, index));
}

static gboolean
has_list (PorchThread *thread, const char *expected)
{
  g_autofree char *list = fixture_list (G_LIST_MODEL (thread));

  return g_str_equal (list, expected);
}

/* What the server has, in its order. */
static char *
list_stored (Fixture *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->server->messages->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            PORCH_MESSAGE (self->server->messages->pdata[i])->text);
  return g_string_free (text, FALSE);
}

static gboolean
has_stored (Fixture *self, const char *expected)
{
  g_autofree char *stored = list_stored (self);

  return g_str_equal (stored, expected);
}

static const char *
get_stored_id (Fixture *self, guint index)
{
  return PORCH_MESSAGE (self->server->messages->pdata[index])->client_id;
}

static void
count (PorchThread *thread, PorchMessage *message, guint *n)
{
  ++*n;
}

static void
test_send (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);
  g_autoptr (PorchMessage) message = NULL;
  Changes changes = { 0 };
  guint n_changes = 0;

  fixture_watch (G_LIST_MODEL (thread), &changes);
  g_signal_connect (thread, "sending-changed", G_CALLBACK (count), &n_changes);
  porch_thread_send (thread, "one", FALSE);
  /* Without a disk it is shown at once. */
  message = g_object_ref (get (thread, 0));
  g_assert_cmpint (message->seq, ==, 0);
  g_assert_cmpint (message->sender_kind, ==, PORCH_ACTOR_AGENT);
  g_assert_cmpstr (message->sender, ==, "agent-ana");
  g_assert_cmpstr (message->sender_name, ==, "Ana");
  g_assert_cmpint (message->created_at, >, 0);
  g_assert_cmpint (get_sending (thread, 0), ==, PORCH_SENDING_NOW);

  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO);
  fixture_round_trip (self);
  /* The same object at the same place, told once as a change of the list. */
  g_assert_true (message == get (thread, 0));
  g_assert_cmpint (message->seq, >, 0);
  g_assert_true (g_str_has_suffix (message->client_id, ":1"));
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_true (has_stored (self, "one"));
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, 1);
}

static void
test_note (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  porch_thread_send (thread, "between us", TRUE);
  g_assert_cmpint (get (thread, 0)->kind, ==, PORCH_MESSAGE_NOTE);
  g_assert_cmpint (get (thread, 0)->visibility, ==, PORCH_VISIBILITY_STAFF);
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO);
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_NOTE_CREATE], ==, 1);
  g_assert_cmpuint (self->server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, 0);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->holds[PORCH_OP_MESSAGE_CREATE] = TRUE;
  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", TRUE);
  porch_thread_send (thread, "three", FALSE);
  WAIT_FOR (self->server->held->len == 1);
  fixture_round_trip (self);
  g_assert_true (has_list (thread, "one two three"));
  fake_server_release (self->server);
  WAIT_FOR (has_stored (self, "one two three"));
  for (guint i = 0; i < 3; i++) {
    g_autofree char *suffix = g_strdup_printf (":%u", i + 1);

    g_assert_true (g_str_has_suffix (get_stored_id (self, i), suffix));
  }
}

/* The stream is faster than the answer: the next one need not wait for it. */
static void
test_stream_first (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->holds[PORCH_OP_MESSAGE_CREATE] = TRUE;
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (self->server->held->len == 1);
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO);
  porch_thread_send (thread, "two", FALSE);
  WAIT_FOR (has_stored (self, "one two"));
  fake_server_release (self->server);
  fixture_round_trip (self);
  g_assert_true (has_list (thread, "one two"));
}

static void
test_offline (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", FALSE);
  g_assert_cmpint (get_sending (thread, 0), ==, PORCH_SENDING_WAITING);
  fake_server_start (self->server);
  WAIT_FOR (has_stored (self, "one two"));
  WAIT_FOR (get_sending (thread, 1) == PORCH_SENDING_NO);
  fixture_round_trip (self);
  g_assert_true (has_list (thread, "one two"));
  g_assert_true (has_stored (self, "one two"));
}

/* Stored, but the line breaks before the answer. */
static void
assert_unsent (Fixture *self, const char *text, PorchSending expected)
{
  PorchSending sending = PORCH_SENDING_NO;

  g_assert_cmpstr (porch_mirror_get_unsent (self->mirror, "c1", &sending), ==, text);
  g_assert_cmpint (sending, ==, expected);
}

static void
on_unsent_changed (PorchMirror *mirror, const char *conversation, guint *n)
{
  g_assert_cmpstr (conversation, ==, "c1");
  ++*n;
}

/* What a list says of a conversation: the newest of what waits, but first what cannot be sent. */
static void
test_unsent (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);
  guint n = 0;

  g_signal_connect (self->mirror, "unsent-changed", G_CALLBACK (on_unsent_changed), &n);
  assert_unsent (self, NULL, PORCH_SENDING_NO);
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", FALSE);
  assert_unsent (self, "two", PORCH_SENDING_WAITING);
  g_assert_cmpuint (n, ==, 2);

  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_TOO_LONG;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  fake_server_start (self->server);
  WAIT_FOR (has_stored (self, "two"));
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO ||
            get_sending (thread, 1) == PORCH_SENDING_NO);
  assert_unsent (self, "one", PORCH_SENDING_FAILED);
  n = 0;
  porch_thread_discard (thread, get (thread, 1));
  assert_unsent (self, NULL, PORCH_SENDING_NO);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_cut (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  for (guint round = 0; round < 5; round++) {
    /* The stream must not say it either. */
    fake_server_cut (self->server);
    self->server->n_cut[PORCH_OP_MESSAGE_CREATE] = 2;
    porch_thread_send (thread, "word", FALSE);
    WAIT_FOR (self->server->n_cut[PORCH_OP_MESSAGE_CREATE] == 0 ||
              get_sending (thread, round) == PORCH_SENDING_NO);
    WAIT_FOR (get_sending (thread, round) == PORCH_SENDING_NO);
  }
  fixture_round_trip (self);
  g_assert_true (has_stored (self, "word word word word word"));
  g_assert_true (has_list (thread, "word word word word word"));
}

/* An answer of something that stands between. */
static void
test_junk_answer (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->is_mute = TRUE;
  self->server->n_junk[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO);
  fixture_round_trip (self);
  g_assert_true (has_stored (self, "one"));
}

static void
test_retryable (Fixture *self, gconstpointer data)
{
  static const int codes[] = { PORCH_ERROR_RATE_LIMITED, PORCH_ERROR_STORAGE, PORCH_ERROR_BUSY,
                               PORCH_ERROR_SHUTTING_DOWN };
  PorchThread *thread = open_thread (self);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    const guint n_calls = self->server->n_calls[PORCH_OP_MESSAGE_CREATE];

    self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = codes[i];
    self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 3;
    self->server->retry_ms = i == 0 ? 10 : 0;
    porch_thread_send (thread, "word", FALSE);
    porch_thread_send (thread, "next", FALSE);
    WAIT_FOR (get_sending (thread, 2 * i) == PORCH_SENDING_WAITING);
    WAIT_FOR (get_sending (thread, 2 * i + 1) == PORCH_SENDING_NO);
    g_assert_cmpuint (self->server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, n_calls + 5);
  }
  g_assert_true (has_stored (self, "word next word next word next word next"));
}

static void
test_permanent (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  self->server->holds[PORCH_OP_MESSAGE_CREATE] = TRUE;
  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_TOO_LONG;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "much", FALSE);
  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", FALSE);
  WAIT_FOR (has_list (thread, "much one two") && self->server->held->len == 1);
  fake_server_release (self->server);
  WAIT_FOR (has_stored (self, "one two"));
  WAIT_FOR (has_list (thread, "one two much"));

  /* Its number was not used up. */
  g_assert_true (g_str_has_suffix (get_stored_id (self, 0), ":1"));
  g_assert_cmpint (get_sending (thread, 2), ==, PORCH_SENDING_FAILED);
  g_assert_null (get (thread, 2)->client_id);

  porch_thread_retry (thread, get (thread, 2));
  WAIT_FOR (has_stored (self, "one two much"));
  WAIT_FOR (get_sending (thread, 2) == PORCH_SENDING_NO);
  g_assert_true (g_str_has_suffix (get_stored_id (self, 2), ":3"));
}

static void
test_discard (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_CLOSED;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "one", FALSE);
  /* One that may be stored already cannot be taken back. */
  porch_thread_discard (thread, get (thread, 0));
  g_assert_true (has_list (thread, "one"));
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_FAILED);
  porch_thread_discard (thread, get (thread, 0));
  g_assert_true (has_list (thread, ""));
  porch_thread_send (thread, "two", FALSE);
  WAIT_FOR (has_stored (self, "two"));
  g_assert_true (g_str_has_suffix (get_stored_id (self, 0), ":1"));
}

/* A backup was restored: the server knows nothing of the numbers we have used. What it had
 * acknowledged is offered again, before what it had not. */
static void
test_gap (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", FALSE);
  WAIT_FOR (has_stored (self, "one two") && get_sending (thread, 1) == PORCH_SENDING_NO);
  fake_server_stop (self->server);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
  porch_thread_send (thread, "three", FALSE);
  porch_thread_send (thread, "four", FALSE);
  fake_server_restore_backup (self->server);
  fake_server_start (self->server);
  WAIT_FOR (has_stored (self, "one two three four"));
  WAIT_FOR (has_list (thread, "one two three four"));
  WAIT_FOR (get_sending (thread, 3) == PORCH_SENDING_NO);
}

/* A backup that has some of it: that stays under its name, the rest comes under its own, in order,
 * and nobody sees it wait. Twice, since what was offered is still what we hold. */
static void
test_offer (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", TRUE);
  porch_thread_send (thread, "three", FALSE);
  WAIT_FOR (has_stored (self, "one two three") && get_sending (thread, 2) == PORCH_SENDING_NO);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *id = g_strdup (get_stored_id (self, 2));

    fake_server_stop (self->server);
    WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_OFFLINE);
    g_free (self->server->epoch);
    self->server->epoch = g_strdup_printf ("epoch-%u", i);
    g_ptr_array_set_size (self->server->messages, 1);
    fake_server_start (self->server);
    WAIT_FOR (has_stored (self, "one two three"));
    WAIT_FOR (has_list (thread, "one two three"));
    g_assert_cmpstr (get_stored_id (self, 2), ==, id);
    WAIT_FOR (get_sending (thread, 2) == PORCH_SENDING_NO);
    g_assert_cmpint (get (thread, 1)->kind, ==, PORCH_MESSAGE_NOTE);
  }
  porch_thread_send (thread, "four", FALSE);
  WAIT_FOR (has_stored (self, "one two three four"));
}

/* The same number with another text: the message fails, those behind it do not. */
static void
test_conflict (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_ID_CONFLICT;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "one", FALSE);
  porch_thread_send (thread, "two", FALSE);
  WAIT_FOR (has_stored (self, "two"));
  WAIT_FOR (has_list (thread, "two one"));
  porch_thread_retry (thread, get (thread, 1));
  WAIT_FOR (has_stored (self, "two one"));
}

/* Signed out is for a person to mend; nothing is given up. */
static void
test_signed_out (Fixture *self, gconstpointer data)
{
  PorchThread *thread = open_thread (self);

  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_UNAUTHORIZED;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_REFUSED);
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_WAITING);
  porch_client_retry (self->client);
  WAIT_FOR (has_stored (self, "one"));
}

static void
test_disk_first (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  porch_thread_send (thread, "one", FALSE);
  /* Not shown before it is kept. */
  g_assert_true (has_list (thread, ""));
  WAIT_FOR (has_list (thread, "one"));
  WAIT_FOR (has_stored (self, "one"));
}

/* Sent while offline, then the program ends; twice. */
static void
test_restart (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (has_stored (self, "one") && get_sending (thread, 0) == PORCH_SENDING_NO);
  fake_server_cut (self->server);
  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_STORAGE;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = G_MAXUINT;
  porch_thread_send (thread, "two", FALSE);
  porch_thread_send (thread, "three", TRUE);
  WAIT_FOR (has_list (thread, "one two three"));
  fixture_leave (self);

  thread = open_thread (self);
  WAIT_FOR (has_list (thread, "one two three"));
  g_assert_cmpstr (get (thread, 1)->sender_name, ==, "Ana");
  g_assert_cmpint (get (thread, 2)->kind, ==, PORCH_MESSAGE_NOTE);
  porch_thread_send (thread, "four", FALSE);
  WAIT_FOR (has_list (thread, "one two three four"));
  fixture_leave (self);

  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 0;
  thread = open_thread (self);
  WAIT_FOR (has_stored (self, "one two three four"));
  WAIT_FOR (has_list (thread, "one two three four"));
  WAIT_FOR (get_sending (thread, 3) == PORCH_SENDING_NO);
  /* The first three under the ids they had, the last as the first of the second run. */
  g_assert_true (g_str_has_suffix (get_stored_id (self, 2), ":3"));
  g_assert_true (g_str_has_suffix (get_stored_id (self, 3), ":1"));
  fixture_leave (self);

  /* And nothing is left of it. */
  thread = open_thread (self);
  fixture_round_trip (self);
  g_assert_true (has_list (thread, "one two three four"));
  g_assert_cmpuint (self->server->messages->len, ==, 4);
}

/* Stored, the answer lost, and the program ended before it could ask again. */
static void
test_restart_after_store (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  self->server->is_mute = TRUE;
  fake_server_cut (self->server);
  self->server->is_mute = FALSE;
  WAIT_FOR (porch_client_get_link (self->client) == PORCH_LINK_LIVE);
  self->server->holds[PORCH_OP_MESSAGE_CREATE] = TRUE;
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (self->server->held->len == 1);
  fixture_leave (self);
  fake_server_release (self->server);

  thread = open_thread (self);
  WAIT_FOR (has_list (thread, "one"));
  WAIT_FOR (get_sending (thread, 0) == PORCH_SENDING_NO);
  fixture_round_trip (self);
  g_assert_true (has_stored (self, "one"));
}

static void
send_too_much (Fixture *self, PorchThread *thread)
{
  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_TOO_LONG;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = 1;
  porch_thread_send (thread, "much", FALSE);
  WAIT_FOR (has_list (thread, "much") && get_sending (thread, 0) == PORCH_SENDING_FAILED);
}

static void
test_failed_restart (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  send_too_much (self, thread);
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (has_stored (self, "one"));
  fixture_leave (self);

  thread = open_thread (self);
  WAIT_FOR (has_list (thread, "one much"));
  g_assert_cmpint (get_sending (thread, 1), ==, PORCH_SENDING_FAILED);
  porch_thread_retry (thread, get (thread, 1));
  WAIT_FOR (has_stored (self, "one much"));
}

static void
test_discard_restart (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  PorchSending sending = PORCH_SENDING_NO;

  use_disk (self);
  thread = open_thread (self);
  send_too_much (self, thread);
  g_assert_cmpstr (porch_mirror_get_unsent (self->mirror, "c1", &sending), ==, "much");
  porch_thread_discard (thread, get (thread, 0));
  g_assert_null (porch_mirror_get_unsent (self->mirror, "c1", &sending));
  fixture_leave (self);

  thread = open_thread (self);
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (has_stored (self, "one"));
  WAIT_FOR (has_list (thread, "one") && get_sending (thread, 0) == PORCH_SENDING_NO);
  g_assert_null (porch_mirror_get_unsent (self->mirror, "c1", &sending));
}

/* A thread that is opened later shows what waits. */
static void
test_thread_later (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  self->server->fail_code[PORCH_OP_MESSAGE_CREATE] = PORCH_ERROR_BUSY;
  self->server->n_fail[PORCH_OP_MESSAGE_CREATE] = G_MAXUINT;
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (has_list (thread, "one"));
  fixture_leave (self);

  fixture_mirror (self);
  fixture_round_trip (self);
  thread = open_thread (self);
  WAIT_FOR (has_list (thread, "one"));
  g_assert_cmpint (get_sending (thread, 0), !=, PORCH_SENDING_NO);
}

/* A disk that keeps nothing stops nobody from answering, but it is said. */
static void
test_no_disk (Fixture *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  g_autofree char *problem = NULL;

  /* No file can be made below a file. */
  self->cache_path = g_build_filename (self->server->path, "cache.db", NULL);
  thread = open_thread (self);
  porch_thread_send (thread, "one", FALSE);
  WAIT_FOR (has_stored (self, "one"));
  g_object_get (self->mirror, "problem", &problem, NULL);
  g_assert_cmpstr (problem, ==, "storage");
}

/* 20 cuts at every point of the way, with the program ended now and then. */
static void
test_many_cuts (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  PorchThread *thread = NULL;

  use_disk (self);
  thread = open_thread (self);
  for (guint i = 0; i < 20; i++) {
    g_autofree char *word = g_strdup_printf ("w%u", i);
    const guint n_before = g_list_model_get_n_items (G_LIST_MODEL (thread));

    g_string_append_printf (expected, "%s%s", i > 0 ? " " : "", word);
    self->server->n_cut[PORCH_OP_MESSAGE_CREATE] = i % 3;
    porch_thread_send (thread, word, FALSE);
    /* Shown is kept. */
    WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (thread)) > n_before);
    switch (i % 5) {
    case 0:
      fake_server_cut (self->server);
      break;
    case 1:
      fake_server_stop (self->server);
      fake_server_start (self->server);
      break;
    case 2:
      fixture_leave (self);
      thread = open_thread (self);
      WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (thread)) == i + 1);
      break;
    default:
      break;
    }
  }
  WAIT_FOR (has_stored (self, expected->str));
  WAIT_FOR (has_list (thread, expected->str));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/outbox/send", test_send);
  fixture_add ("/outbox/note", test_note);
  fixture_add ("/outbox/order", test_order);
  fixture_add ("/outbox/stream-first", test_stream_first);
  fixture_add ("/outbox/offline", test_offline);
  fixture_add ("/outbox/unsent", test_unsent);
  fixture_add ("/outbox/cut", test_cut);
  fixture_add ("/outbox/junk-answer", test_junk_answer);
  fixture_add ("/outbox/retryable", test_retryable);
  fixture_add ("/outbox/permanent", test_permanent);
  fixture_add ("/outbox/discard", test_discard);
  fixture_add ("/outbox/gap", test_gap);
  fixture_add ("/outbox/offer", test_offer);
  fixture_add ("/outbox/conflict", test_conflict);
  fixture_add ("/outbox/signed-out", test_signed_out);
  fixture_add ("/outbox/disk-first", test_disk_first);
  fixture_add ("/outbox/restart", test_restart);
  fixture_add ("/outbox/restart-after-store", test_restart_after_store);
  fixture_add ("/outbox/failed-restart", test_failed_restart);
  fixture_add ("/outbox/discard-restart", test_discard_restart);
  fixture_add ("/outbox/thread-later", test_thread_later);
  fixture_add ("/outbox/no-disk", test_no_disk);
  fixture_add ("/outbox/many-cuts", test_many_cuts);
  return g_test_run ();
}
