/* test-client.c - the link: how it comes up, breaks, comes back, and what calls say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fixture.h"

#include "porch-codec.h"
#include "porch-site.h"

typedef struct {
  GPtrArray *texts; /* of the messages of the events */
  GArray *seqs;
  guint n_resets;
} Heard;

static void
on_event (PorchClient *client, JsonObject *object, Heard *heard)
{
  gint64 seq = json_object_get_int_member_with_default (object, "seq", 0);

  g_array_append_val (heard->seqs, seq);
}

static void
on_reset (PorchClient *client, Heard *heard)
{
  heard->n_resets++;
}

static void
listen (Fixture *self, Heard *heard)
{
  *heard = (Heard){ .seqs = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  g_signal_connect (self->client, "event", G_CALLBACK (on_event), heard);
  g_signal_connect (self->client, "reset", G_CALLBACK (on_reset), heard);
}

static void
stop_listening (Fixture *self, Heard *heard)
{
  g_signal_handlers_disconnect_by_data (self->client, heard);
  g_array_unref (heard->seqs);
}

static PorchLink
get_link (Fixture *self)
{
  return porch_client_get_link (self->client);
}

static void
test_live (Fixture *self, gconstpointer data)
{
  g_autofree char *snippet = NULL;
  g_autofree char *try_url = NULL;
  g_autofree char *domain = NULL;
  g_autoptr (GDateTime) heard_at = NULL;

  fixture_connect (self);
  snippet = porch_client_dup_snippet (self->client);
  try_url = porch_client_dup_try_url (self->client);
  g_object_get (self->client, "site-domains", &domain, "heard-at", &heard_at, NULL);

  g_assert_cmpstr (porch_client_get_agent (self->client)->name, ==, "Ana");
  g_assert_cmpstr (porch_client_get_business (self->client), ==, "Bluebird Bikes");
  g_assert_cmpstr (porch_client_get_site_key (self->client), ==, "KEY");
  g_assert_cmpstr (domain, ==, "bluebird.example");
  g_assert_cmpstr (snippet, ==,
                   "<script async src=\"http://127.0.0.1:8642/widget.js\" data-site=\"KEY\">"
                   "</script>");
  g_assert_cmpstr (try_url, ==, "http://127.0.0.1:8642/try");
  g_assert_nonnull (heard_at);
  g_assert_null (self->server->last_authorization);
  g_assert_null (self->server->last_query[PORCH_OP_EVENTS]);
}

/* The owner sets the public address while the window is open, and takes it back. */
static void
test_public_address (Fixture *self, gconstpointer data)
{
  g_autofree char *snippet = NULL;
  g_autofree char *try_url = NULL;

  fixture_connect (self);
  g_assert_null (porch_client_get_public_address (self->client));
  self->server->public_address = "https://chat.bluebird.example";
  porch_client_look_again (self->client);
  WAIT_FOR (porch_client_get_public_address (self->client) != NULL);
  snippet = porch_client_dup_snippet (self->client);
  try_url = porch_client_dup_try_url (self->client);
  g_assert_cmpstr (
    snippet, ==,
    "<script async src=\"https://chat.bluebird.example/widget.js\" data-site=\"KEY\">"
    "</script>");
  /* The practice page is for this computer. */
  g_assert_cmpstr (try_url, ==, "http://127.0.0.1:8642/try");
  g_assert_cmpint (get_link (self), ==, PORCH_LINK_LIVE);
  self->server->public_address = NULL;
  porch_client_look_again (self->client);
  WAIT_FOR (porch_client_get_public_address (self->client) == NULL);
}

/* Another window, or a terminal, has changed the website. */
static void
test_site_is_updated (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchSite) site =
    g_object_new (PORCH_TYPE_SITE, "id", "s1", "name", "Lantern & Wick", NULL);
  g_autofree char *domains = NULL, *id = NULL;

  fixture_connect (self);
  self->server->business = "Lantern & Wick";
  self->server->domains = "\"lantern.example\",\"http://localhost:3000\"";
  fake_server_tell (self->server, PORCH_EVENT_SITE_UPDATED, NULL, site, TRUE);
  WAIT_FOR (g_strcmp0 (porch_client_get_business (self->client), "Lantern & Wick") == 0);
  g_object_get (self->client, "site-domains", &domains, "site-id", &id, NULL);
  g_assert_cmpstr (domains, ==, "lantern.example http://localhost:3000");
  g_assert_cmpstr (id, ==, "s1");
}

static void
on_site_updated (GObject *source, GAsyncResult *result, gpointer data)
{
  int *code = data;
  g_autoptr (GError) error = NULL;

  *code =
    porch_client_update_site_finish (PORCH_CLIENT (source), result, &error) ? -1 : error->code;
}

static void
test_update_site (Fixture *self, gconstpointer data)
{
  int code = -2;

  fixture_connect (self);
  self->server->canned[PORCH_OP_SITE_UPDATE] = "{}";
  self->server->business = "Lantern & Wick";
  porch_client_update_site_async (self->client, "Lantern & Wick", NULL, NULL, on_site_updated,
                                  &code);
  WAIT_FOR (code != -2);
  g_assert_cmpint (code, ==, -1);
  WAIT_FOR (g_strcmp0 (porch_client_get_business (self->client), "Lantern & Wick") == 0);

  code = -2;
  self->server->fail_code[PORCH_OP_SITE_UPDATE] = PORCH_ERROR_BAD_MESSAGE;
  self->server->n_fail[PORCH_OP_SITE_UPDATE] = 1;
  porch_client_update_site_async (self->client, NULL, "a.b *", NULL, on_site_updated, &code);
  WAIT_FOR (code != -2);
  g_assert_cmpint (code, ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpstr (self->server->last_body, ==, "{\"site\":\"s1\",\"domains\":\"a.b *\"}");
}

static void
test_token (Fixture *self, gconstpointer data)
{
  self->is_signed = TRUE;
  fixture_connect (self);
  g_assert_cmpstr (self->server->last_authorization, ==, "Bearer at_secret");
}

static void
start (Fixture *self)
{
  self->client = porch_client_new (self->server->path, NULL, NULL);
  porch_client_set_pace (self->client, &self->pace);
  g_assert_cmpint (get_link (self), ==, PORCH_LINK_CONNECTING);
  porch_client_start (self->client);
}

static void
on_set_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_client_set_up_finish (PORCH_CLIENT (source), result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (porch_client_get_link (PORCH_CLIENT (source)), ==, PORCH_LINK_LIVE);
  *(gboolean *) data = TRUE;
}

static void
test_first_run (Fixture *self, gconstpointer data)
{
  gboolean is_done = FALSE;

  self->server->is_set_up = FALSE;
  start (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_SET_UP);
  g_assert_null (porch_client_get_agent (self->client));

  porch_client_set_up_async (self->client, "Bluebird \"Bikes\"", "Ana", "bluebird.example", NULL,
                             on_set_up, &is_done);
  WAIT_FOR (is_done);
  g_assert_cmpstr (porch_client_get_agent (self->client)->name, ==, "Ana");
}

static void
on_not_set_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (porch_client_set_up_finish (PORCH_CLIENT (source), result, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LONG);
  *(gboolean *) data = TRUE;
}

static void
test_first_run_refused (Fixture *self, gconstpointer data)
{
  gboolean is_done = FALSE;

  self->server->is_set_up = FALSE;
  self->server->n_fail[PORCH_OP_SETUP_CREATE] = 1;
  self->server->fail_code[PORCH_OP_SETUP_CREATE] = PORCH_ERROR_TOO_LONG;
  start (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_SET_UP);
  porch_client_set_up_async (self->client, "B", "A", "b.example", NULL, on_not_set_up, &is_done);
  WAIT_FOR (is_done);
  g_assert_cmpint (get_link (self), ==, PORCH_LINK_SET_UP);
}

static void
test_nobody_there (Fixture *self, gconstpointer data)
{
  fake_server_stop (self->server);
  start (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  fake_server_start (self->server);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
}

static void
test_retry_now (Fixture *self, gconstpointer data)
{
  self->pace.retry_first_ms = 1 << 30;
  self->pace.retry_max_ms = G_MAXINT32 - 1;
  fake_server_stop (self->server);
  start (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  fake_server_start (self->server);
  porch_client_retry (self->client);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
}

static void
test_resume (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  g_autofree char *since = NULL;
  gint64 first;
  Heard heard;

  fixture_connect (self);
  listen (self, &heard);
  first = self->server->seq + 1;
  fake_server_say (self->server, conversation, "one");
  WAIT_FOR (heard.seqs->len == 1);

  fake_server_stop (self->server);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  fake_server_say (self->server, conversation, "two");
  self->server->seq++; /* one that is out of our scope */
  fake_server_say (self->server, conversation, "three");
  fake_server_start (self->server);
  WAIT_FOR (heard.seqs->len == 3);
  fake_server_say (self->server, conversation, "four");
  WAIT_FOR (heard.seqs->len == 4);

  since = g_strdup_printf ("since=%" G_GINT64_FORMAT "&epoch=first-epoch", first);
  g_assert_cmpstr (self->server->last_query[PORCH_OP_EVENTS], ==, since);
  for (guint i = 1; i < heard.seqs->len; i++)
    g_assert_cmpint (g_array_index (heard.seqs, gint64, i), >,
                     g_array_index (heard.seqs, gint64, i - 1));
  g_assert_cmpuint (heard.n_resets, ==, 0);
  stop_listening (self, &heard);
}

static void
test_duplicates (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  Heard heard;

  fixture_connect (self);
  listen (self, &heard);
  fake_server_say (self->server, conversation, "one");
  fake_server_send (self->server,
                    g_ptr_array_index (self->server->log, self->server->log->len - 1));
  fake_server_say (self->server, conversation, "two");
  WAIT_FOR (heard.seqs->len >= 2);
  fixture_round_trip (self);
  g_assert_cmpuint (heard.seqs->len, ==, 2);
  stop_listening (self, &heard);
}

static void
test_other_epoch (Fixture *self, gconstpointer data)
{
  PorchConversation *conversation =
    fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  Heard heard;

  fixture_connect (self);
  listen (self, &heard);
  fake_server_stop (self->server);
  fake_server_restore_backup (self->server);
  fake_server_start (self->server);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE && heard.n_resets == 1);
  /* Its seqs begin below the ones we had. */
  fake_server_say (self->server, conversation, "one");
  WAIT_FOR (heard.seqs->len == 1);
  fixture_round_trip (self);
  g_assert_cmpuint (heard.n_resets, ==, 1);
  stop_listening (self, &heard);
}

static void
test_too_long_away (Fixture *self, gconstpointer data)
{
  Heard heard;

  fake_server_add_conversation (self->server, "c1", PORCH_STATE_ACTIVE);
  fixture_connect (self);
  listen (self, &heard);
  self->server->log_start = self->server->seq + 100;
  fake_server_cut (self->server);
  WAIT_FOR (heard.n_resets == 1 && get_link (self) == PORCH_LINK_LIVE);
  stop_listening (self, &heard);
}

/* A frame that cannot be read may have been anything: all is loaded again. */
static void
test_junk_frame (Fixture *self, gconstpointer data)
{
  static const char *const frames[] = { "{\"type\":\"message.created\",\"type\":1}", "[]", "no",
                                        "{\"type\":\"page\"" };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    Heard heard;

    if (self->client == NULL)
      fixture_connect (self);
    listen (self, &heard);
    fake_server_send (self->server, frames[i]);
    WAIT_FOR (heard.n_resets == 1 && get_link (self) == PORCH_LINK_LIVE);
    stop_listening (self, &heard);
  }
}

static void
test_ping (Fixture *self, gconstpointer data)
{
  Heard heard;

  fixture_connect (self);
  listen (self, &heard);
  fake_server_send (self->server, "{\"type\":\"ping\"}");
  WAIT_FOR (self->server->n_pongs == 1);
  g_assert_cmpuint (heard.seqs->len, ==, 0);
  stop_listening (self, &heard);
}

static void
test_silence (Fixture *self, gconstpointer data)
{
  guint n_streams;

  self->pace.silence_ms = 30;
  fixture_connect (self);
  n_streams = self->server->n_calls[PORCH_OP_EVENTS];
  WAIT_FOR (self->server->n_calls[PORCH_OP_EVENTS] > n_streams + 1);

  /* Also when it never says it is ready. */
  self->server->is_mute = TRUE;
  fake_server_cut (self->server);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  n_streams = self->server->n_calls[PORCH_OP_EVENTS];
  WAIT_FOR (self->server->n_calls[PORCH_OP_EVENTS] > n_streams + 1);
  self->server->is_mute = FALSE;
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  static const gushort codes[] = { 4401, 4403 };

  fixture_connect (self);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    fake_server_close (self->server, codes[i]);
    WAIT_FOR (get_link (self) == PORCH_LINK_REFUSED);
    porch_client_retry (self->client);
    WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
  }

  /* Stopping is no refusal. */
  fake_server_close (self->server, 1001);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  WAIT_FOR (get_link (self) == PORCH_LINK_LIVE);
}

static void
test_nobody_known (Fixture *self, gconstpointer data)
{
  self->server->knows_nobody = TRUE;
  start (self);
  WAIT_FOR (get_link (self) == PORCH_LINK_REFUSED);
}

/* ---- calls ---- */

typedef struct {
  JsonNode *answer;
  GError *error;
  gboolean is_back;
} Result;

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  Result *back = data;

  back->answer = porch_client_call_finish (PORCH_CLIENT (source), result, &back->error);
  g_assert_true ((back->answer == NULL) == (back->error != NULL));
  back->is_back = TRUE;
}

static void
clear_result (Result *result)
{
  g_clear_pointer (&result->answer, json_node_unref);
  g_clear_error (&result->error);
  result->is_back = FALSE;
}

static void
call (Fixture *self, PorchOpId op, const char *param, GCancellable *cancellable, Result *result)
{
  clear_result (result);
  porch_client_call_async (self->client, op, param, NULL, NULL, cancellable, on_result, result);
}

static void
test_calls (Fixture *self, gconstpointer data)
{
  Result result = { 0 };

  fixture_connect (self);
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_no_error (result.error);
  g_assert_cmpstr (porch_shape_string (result.answer, "items.0.name"), ==, "Ana");

  /* An empty answer. */
  fake_server_add_conversation (self->server, "c 1", PORCH_STATE_ACTIVE);
  call (self, PORCH_OP_READ_CREATE, "c 1", NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_no_error (result.error);
  g_assert_true (JSON_NODE_HOLDS_NULL (result.answer));

  call (self, PORCH_OP_CONVERSATION_GET, "nowhere", NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  clear_result (&result);
}

static void
test_call_problems (Fixture *self, gconstpointer data)
{
  static const int codes[] = { PORCH_ERROR_CONFLICT, PORCH_ERROR_FORBIDDEN, PORCH_ERROR_STORAGE,
                               PORCH_ERROR_RATE_LIMITED };
  Result result = { 0 };

  fixture_connect (self);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    self->server->n_fail[PORCH_OP_AGENTS_LIST] = 1;
    self->server->fail_code[PORCH_OP_AGENTS_LIST] = codes[i];
    call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
    WAIT_FOR (result.is_back);
    g_assert_error (result.error, PORCH_ERROR, codes[i]);
  }
  g_assert_cmpint (get_link (self), ==, PORCH_LINK_LIVE);

  /* Something that stands between us and the server. */
  self->server->n_junk[PORCH_OP_AGENTS_LIST] = 1;
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_OFFLINE);

  self->server->n_cut[PORCH_OP_AGENTS_LIST] = 3;
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_OFFLINE);
  clear_result (&result);
}

static void
test_call_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Result result = { 0 };

  fixture_connect (self);
  self->server->holds[PORCH_OP_AGENTS_LIST] = TRUE;
  call (self, PORCH_OP_AGENTS_LIST, NULL, cancellable, &result);
  WAIT_FOR (self->server->held->len == 1);
  g_cancellable_cancel (cancellable);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* And by the end of everything. */
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (self->server->held->len == 2);
  porch_client_close (self->client);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_result (&result);
}

static void
test_signed_out (Fixture *self, gconstpointer data)
{
  Result result = { 0 };

  fixture_connect (self);
  self->server->n_fail[PORCH_OP_AGENTS_LIST] = 1;
  self->server->fail_code[PORCH_OP_AGENTS_LIST] = PORCH_ERROR_UNAUTHORIZED;
  call (self, PORCH_OP_AGENTS_LIST, NULL, NULL, &result);
  WAIT_FOR (result.is_back);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED);
  g_assert_cmpint (get_link (self), ==, PORCH_LINK_REFUSED);
  clear_result (&result);
}

static void
test_status (Fixture *self, gconstpointer data)
{
  PorchAgent *agent = NULL;

  fixture_connect (self);
  agent = porch_client_get_agent (self->client);
  porch_client_set_status (self->client, PORCH_STATUS_BUSY);
  g_assert_cmpint (agent->wanted_status, ==, PORCH_STATUS_BUSY);
  WAIT_FOR (agent->status == PORCH_STATUS_BUSY);

  /* Chosen while nobody could hear it. */
  fake_server_stop (self->server);
  WAIT_FOR (get_link (self) == PORCH_LINK_OFFLINE);
  porch_client_set_status (self->client, PORCH_STATUS_AWAY);
  fake_server_start (self->server);
  WAIT_FOR (self->server->agent->status == PORCH_STATUS_AWAY);
  WAIT_FOR (agent->status == PORCH_STATUS_AWAY);
  g_assert_true (agent == porch_client_get_agent (self->client));
}

/* Everything on a context that is not the default one, as on a private thread. */
static void
test_own_context (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  fake_server_stop (self->server);
  g_main_context_push_thread_default (context);
  fake_server_start (self->server);
  fixture_connect (self);
  fixture_round_trip (self);
  fixture_leave (self);
  fake_server_stop (self->server);
  g_main_context_pop_thread_default (context);
}

static void
test_jitter (void)
{
  const PorchPace *pace = &porch_pace_default;

  for (guint attempt = 0; attempt < 100; attempt++) {
    const guint limit = attempt < 6 ? 500u << attempt : 30000;

    g_assert_cmpuint (porch_pace_draw (pace, attempt), <=, limit);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/client/live", test_live);
  fixture_add ("/client/public-address", test_public_address);
  fixture_add ("/client/site-is-updated", test_site_is_updated);
  fixture_add ("/client/update-site", test_update_site);
  fixture_add ("/client/token", test_token);
  fixture_add ("/client/first-run", test_first_run);
  fixture_add ("/client/first-run-refused", test_first_run_refused);
  fixture_add ("/client/nobody-there", test_nobody_there);
  fixture_add ("/client/retry-now", test_retry_now);
  fixture_add ("/client/resume", test_resume);
  fixture_add ("/client/duplicates", test_duplicates);
  fixture_add ("/client/other-epoch", test_other_epoch);
  fixture_add ("/client/too-long-away", test_too_long_away);
  fixture_add ("/client/junk-frame", test_junk_frame);
  fixture_add ("/client/ping", test_ping);
  fixture_add ("/client/silence", test_silence);
  fixture_add ("/client/refused", test_refused);
  fixture_add ("/client/nobody-known", test_nobody_known);
  fixture_add ("/client/calls", test_calls);
  fixture_add ("/client/call-problems", test_call_problems);
  fixture_add ("/client/call-cancelled", test_call_cancelled);
  fixture_add ("/client/signed-out", test_signed_out);
  fixture_add ("/client/status", test_status);
  fixture_add ("/client/own-context", test_own_context);
  g_test_add_func ("/client/jitter", test_jitter);
  return g_test_run ();
}
