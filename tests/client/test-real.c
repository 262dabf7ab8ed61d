/* test-real.c - the client with the program itself on the other side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: test-real PROGRAM. The program serves a folder of its own; visitors come by its REST door.
 */
#include "config.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "fixture.h"

#include "folder.h"
#include "porch-codec.h"
#include "porch-id.h"

static const char *program;

typedef struct {
  char *folder;
  char *socket;
  char *cache;
  GSubprocess *server;
  char *address;
  PorchClient *client;
  PorchMirror *mirror;
  guint n_arrived;

  SoupSession *web;
  char *token;  /* of the visitor */
  char *handle; /* of their conversation */
  guint n;
} Real;

/* ---- the program ---- */

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  Real *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  g_autoptr (JsonNode) said = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (line);
  said = porch_json_parse (line, strlen (line), 1000, &error);
  g_assert_no_error (error);
  self->address = g_strdup (porch_shape_string (said, "listening"));
}

static void
serve (Real *self)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->server);
  g_clear_pointer (&self->address, g_free);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", self->folder, TRUE);
  self->server = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--data",
                                              self->folder, "--listen", "127.0.0.1:0", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, self);
  WAIT_FOR (self->address != NULL);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  *(gboolean *) data = TRUE;
}

static void
end (Real *self, int signal)
{
  gboolean is_over = FALSE;

  g_subprocess_send_signal (self->server, signal);
  g_subprocess_wait_async (self->server, NULL, on_ended, &is_over);
  WAIT_FOR (is_over);
}

/* ---- the window ---- */

static void
on_arrived (PorchMirror *mirror, PorchConversation *conversation, PorchMessage *message, Real *self)
{
  self->n_arrived++;
}

static void
open_window (Real *self)
{
  PorchPace pace = porch_pace_default;

  pace.retry_first_ms = 20;
  pace.retry_max_ms = 100;
  self->client = porch_client_new (self->socket, NULL, NULL);
  porch_client_set_pace (self->client, &pace);
  self->mirror = porch_mirror_new (self->client, self->cache);
  g_signal_connect (self->mirror, "arrived", G_CALLBACK (on_arrived), self);
  porch_client_start (self->client);
}

static void
close_window (Real *self)
{
  gpointer mirror = self->mirror, client = self->client;

  g_object_add_weak_pointer (mirror, &mirror);
  g_object_add_weak_pointer (client, &client);
  porch_mirror_close (self->mirror);
  porch_client_close (self->client);
  g_clear_object (&self->mirror);
  g_clear_object (&self->client);
  WAIT_FOR (mirror == NULL && client == NULL);
}

static void
on_set_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  porch_client_set_up_finish (PORCH_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static PorchLink
get_link (Real *self)
{
  return porch_client_get_link (self->client);
}

static void
set_up (Real *self, gconstpointer data)
{
  g_autofree char *sum = NULL;
  g_autofree char *place = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("porch-real-XXXXXX", &error);
  g_assert_no_error (error);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->folder, -1);
  name = g_strdup_printf ("%.16s.sock", sum);
  place = g_build_filename (self->folder, "porchlight", NULL);
  self->socket = g_build_filename (place, name, NULL);
  self->cache = g_build_filename (self->folder, "window.db", NULL);
  self->web = soup_session_new ();
  serve (self);
  open_window (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_SET_UP);
  porch_client_set_up_async (self->client, "Bluebird", "Ana", "localhost", NULL, on_set_up, NULL);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
}

static void
tear_down (Real *self, gconstpointer data)
{
  close_window (self);
  end (self, SIGTERM);
  g_object_unref (self->server);
  g_object_unref (self->web);
  folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->socket);
  g_free (self->cache);
  g_free (self->address);
  g_free (self->token);
  g_free (self->handle);
}

/* ---- a visitor ---- */

typedef struct {
  GBytes *body;
  gboolean is_back;
} Answer;

static void
on_posted (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  g_autoptr (GError) error = NULL;

  answer->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
  answer->is_back = TRUE;
}

static JsonNode *
post (Real *self, const char *path, const char *body)
{
  g_autofree char *url = g_strconcat (self->address, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  Answer answer = { 0 };
  JsonNode *node = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Origin",
                                "http://localhost");
  if (self->token != NULL) {
    g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  soup_session_send_and_read_async (self->web, message, G_PRIORITY_DEFAULT, NULL, on_posted,
                                    &answer);
  WAIT_FOR (answer.is_back);
  g_test_message ("%s: %u %.*s", path, soup_message_get_status (message),
                  (int) g_bytes_get_size (answer.body),
                  (const char *) g_bytes_get_data (answer.body, NULL));
  g_assert_true (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)));
  node = porch_json_parse (g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body),
                           100000, &error);
  g_assert_no_error (error);
  g_bytes_unref (answer.body);
  return node;
}

static void
visit (Real *self)
{
  g_autofree char *body = g_strdup_printf ("{\"site\":\"%s\",\"profile\":{\"name\":\"Jonas\"}}",
                                           porch_client_get_site_key (self->client));
  g_autoptr (JsonNode) answer = post (self, "/widget/session", body);
  g_autofree char *random = porch_id_new ();

  self->token = g_strdup (porch_shape_string (answer, "token"));
  g_assert_nonnull (self->token);
  self->handle = g_strconcat ("new-", random, NULL);
}

static void
say (Real *self, const char *text)
{
  static const char device[] = "AAAAAAAAAAAAAAAAAAAAAA";
  g_autofree char *path = g_strdup_printf ("/widget/conversations/%s/messages", self->handle);
  g_autofree char *body =
    g_strdup_printf ("{\"id\":\"%s:%u\",\"message\":\"%s\"}", device, ++self->n, text);
  g_autoptr (JsonNode) answer = post (self, path, body);

  g_assert_nonnull (answer);
}

/* ---- what both see ---- */

static PorchConversation *
wait_for_first (Real *self)
{
  PorchInbox *open = porch_mirror_get_inbox (self->mirror, "open");
  g_autoptr (PorchConversation) first = NULL;

  WAIT_FOR (porch_inbox_get_load (open) == PORCH_LOAD_READY);
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (open)) > 0);
  first = g_list_model_get_item (G_LIST_MODEL (open), 0);
  return first;
}

static PorchThread *
open_thread (Real *self)
{
  PorchThread *thread = porch_mirror_get_thread (self->mirror, wait_for_first (self));

  WAIT_FOR (porch_thread_get_load (thread) == PORCH_LOAD_READY);
  return thread;
}

/* The texts people wrote, oldest first. */
static gboolean
has_texts (PorchThread *thread, const char *expected)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (thread)); i++) {
    g_autoptr (PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (thread), i);

    if (message->kind != PORCH_MESSAGE_SYSTEM)
      g_string_append_printf (texts, "%s%s", texts->len > 0 ? " " : "", message->text);
  }
  return g_str_equal (texts->str, expected);
}

static gboolean
is_all_sent (PorchThread *thread)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (thread)); i++) {
    g_autoptr (PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (thread), i);

    if (porch_thread_get_sending (thread, message) != PORCH_SENDING_NO)
      return FALSE;
  }
  return TRUE;
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  porch_mirror_act_finish (PORCH_MIRROR (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
act (Real *self, PorchConversation *conversation, PorchOpId op)
{
  gboolean is_done = FALSE;

  porch_mirror_act_async (self->mirror, conversation, op, NULL, NULL, on_acted, &is_done);
  WAIT_FOR (is_done);
}

static gint64
get_count (Real *self, const char *name)
{
  gint64 count = 0;

  g_object_get (self->mirror, name, &count, NULL);
  return count;
}

static void
test_conversation (Real *self, gconstpointer data)
{
  PorchConversation *conversation = NULL;
  PorchThread *thread = NULL;
  gboolean is_somebody_in = FALSE;

  g_assert_cmpstr (porch_client_get_address (self->client), ==, self->address);
  WAIT_FOR ((g_object_get (self->mirror, "is-somebody-in", &is_somebody_in, NULL), is_somebody_in));
  visit (self);
  say (self, "hello");
  WAIT_FOR (self->n_arrived == 1);
  conversation = wait_for_first (self);
  g_assert_cmpint (conversation->state, ==, PORCH_STATE_WAITING);
  g_assert_cmpstr (conversation->contact_name, ==, "Jonas");
  WAIT_FOR (get_count (self, "counts-waiting") == 1);

  thread = open_thread (self);
  g_assert_true (has_texts (thread, "hello"));
  porch_thread_mark_read (thread);
  WAIT_FOR (conversation->unread == 0);
  act (self, conversation, PORCH_OP_CONVERSATION_TAKE);
  g_assert_cmpint (conversation->state, ==, PORCH_STATE_ACTIVE);
  WAIT_FOR (get_count (self, "counts-mine") == 1 && get_count (self, "counts-waiting") == 0);

  porch_thread_set_typing (thread, TRUE);
  porch_thread_send (thread, "welcome", FALSE);
  porch_thread_send (thread, "careful", TRUE);
  WAIT_FOR (has_texts (thread, "hello welcome careful") && is_all_sent (thread));
  say (self, "thanks");
  WAIT_FOR (has_texts (thread, "hello welcome careful thanks"));

  act (self, conversation, PORCH_OP_CONVERSATION_RESOLVE);
  WAIT_FOR (
    g_list_model_get_n_items (G_LIST_MODEL (porch_mirror_get_inbox (self->mirror, "open"))) == 0);
  act (self, conversation, PORCH_OP_CONVERSATION_REOPEN);
  act (self, conversation, PORCH_OP_CONVERSATION_CLOSE);
  g_assert_cmpint (conversation->state, ==, PORCH_STATE_CLOSED);

  porch_client_set_status (self->client, PORCH_STATUS_AWAY);
  WAIT_FOR (
    (g_object_get (self->mirror, "is-somebody-in", &is_somebody_in, NULL), !is_somebody_in));
}

/* Killed while it is being sent to, again and again. */
static void
test_killed (Real *self, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new ("hello");
  PorchThread *thread = NULL;

  visit (self);
  say (self, "hello");
  thread = open_thread (self);
  for (guint i = 0; i < 6; i++) {
    for (guint k = 0; k < 5; k++) {
      g_autofree char *word = g_strdup_printf ("w%u", i * 5 + k);

      g_string_append_printf (expected, " %s", word);
      porch_thread_send (thread, word, FALSE);
    }
    /* Each time a little later: before, in and behind the sending. */
    for (guint k = 0; k < i * 3; k++)
      fixture_step (g_get_monotonic_time () + G_USEC_PER_SEC, "a moment");
    end (self, SIGKILL);
    serve (self);
    if (i % 2 == 1) {
      close_window (self);
      open_window (self);
      WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
      thread = open_thread (self);
    }
  }
  WAIT_FOR (has_texts (thread, expected->str) && is_all_sent (thread));
  close_window (self);
  open_window (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
  thread = open_thread (self);
  WAIT_FOR (has_texts (thread, expected->str));
}

/* Stopped in order: what was missed meanwhile comes, and nothing is loaded anew. */
static void
test_stopped (Real *self, gconstpointer data)
{
  PorchThread *thread = NULL;
  guint n_arrived;

  visit (self);
  say (self, "one");
  thread = open_thread (self);
  WAIT_FOR (self->n_arrived == 1);
  end (self, SIGTERM);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  porch_thread_send (thread, "two", FALSE);
  n_arrived = self->n_arrived;
  serve (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
  WAIT_FOR (has_texts (thread, "one two") && is_all_sent (thread));
  say (self, "three");
  WAIT_FOR (has_texts (thread, "one two three"));
  g_assert_cmpuint (self->n_arrived, ==, n_arrived + 1);
}

#define add(name, test) g_test_add (name, Real, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
  add ("/real/conversation", test_conversation);
  add ("/real/killed", test_killed);
  add ("/real/stopped", test_stopped);
  return g_test_run ();
}
