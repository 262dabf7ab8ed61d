/* test-end.c - lines that end, and a server that ends, in the middle of everything
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-stage.h"

#define DEVICE  "AAAAAAAAAAAAAAAAAAAAAA"
#define N_LINES 20

static void
say (PorchLine *line, guint n)
{
  porch_line_say (line,
                  "{\"type\":\"message\",\"id\":\"" DEVICE ":%u\",\"conversation\":"
                  "\"new-BBBBBBBBBBBBBBBBBBBBBB\",\"message\":\"message %u\"}",
                  n, n);
}

static void
cut (PorchLine *line)
{
  GIOStream *stream = soup_websocket_connection_get_io_stream (line->socket);

  g_io_stream_close (stream, NULL, NULL);
}

static PorchLine *
greet (PorchStage *stage)
{
  PorchLine *line = porch_stage_arrive (stage, "any", NULL);

  porch_line_say (line, "{\"type\":\"hello\"}");
  return line;
}

/* At every turn of the loop after the last frame went out. */
static void
test_cut_lines (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);

  porch_stage_listen (stage, token, NULL);
  for (guint turns = 0; turns < 2 * N_LINES; turns++) {
    PorchLine *line = turns % 2 == 0 ? greet (stage) : porch_stage_visit (stage, NULL);

    for (guint n = 1; n <= 3; n++)
      say (line, n);
    for (guint i = 0; i < turns; i++)
      g_main_context_iteration (NULL, FALSE);
    cut (line);
  }
  porch_stage_settle (stage);
  porch_stage_free (stage);
}

/* Agents' lines that catch up when they end. */
static void
test_cut_agents (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *visitor = porch_stage_visit (stage, NULL);
  g_autofree char *epoch = porch_stage_dup_member (visitor->frames->pdata[0], "epoch");
  g_autofree char *path = g_strdup_printf ("/api/v1/events?since=0&epoch=%s", epoch);

  for (guint n = 1; n <= 5; n++)
    say (visitor, n);
  for (guint turns = 0; turns < N_LINES; turns++) {
    PorchLine *line = porch_stage_connect (stage, path, token);

    for (guint i = 0; i < turns; i++)
      g_main_context_iteration (NULL, FALSE);
    cut (line);
  }
  porch_stage_settle (stage);
  porch_stage_free (stage);
}

static void
on_called (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GBytes) body =
    soup_session_send_and_read_finish (SOUP_SESSION (session), result, NULL);

  ++*(guint *) data;
}

/* Requests whose client leaves while a command runs for them, and one that hashes a password. */
static void
test_cut_calls (void)
{
  static const char *const paths[] = { "/widget/session", "/api/v1/session" };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *session = g_strdup_printf ("{\"site\":\"%s\"}", porch_stage_site_key (stage));
  const char *bodies[] = { session,
                           "{\"email\":\"nobody@x.example\",\"password\":\"wrong password\"}" };
  guint n_done = 0, n_asked = 0;

  for (guint turns = 0; turns < N_LINES; turns++)
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
      g_autofree char *uri = g_strconcat (porch_host_get_address (stage->host), paths[i], NULL);
      g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
      g_autoptr (GBytes) body = g_bytes_new_static (bodies[i], strlen (bodies[i]));
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      soup_message_set_request_body_from_bytes (message, "application/json", body);
      soup_session_send_and_read_async (stage->session, message, G_PRIORITY_DEFAULT, cancellable,
                                        on_called, &n_done);
      n_asked++;
      for (guint k = 0; k < turns; k++)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
    }
  porch_stage_wait (n_done == n_asked);
  porch_stage_settle (stage);
  porch_stage_free (stage);
}

static guint
count_acks (GPtrArray *lines)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++) {
    PorchLine *line = lines->pdata[i];

    for (guint k = 0; k < line->frames->len; k++)
      n += g_str_has_prefix (line->frames->pdata[k], "{\"type\":\"ack\"");
  }
  return n;
}

/* Everybody writes when the server stops: what was acknowledged is there afterwards, and all of it
 * once. */
static void
test_stop (void)
{
  guint n_all_acks = 0;

  for (guint turns = 0; turns < 60; turns += 12) {
    PorchStage *stage = porch_stage_new ();
    g_autofree char *before = porch_stage_sign_in (stage);
    g_autofree char *list = NULL;
    guint n_acks, n_kept = 0;

    porch_stage_listen (stage, before, NULL);
    for (guint i = 0; i < N_LINES; i++)
      porch_stage_visit (stage, NULL);
    for (guint i = 1; i < stage->lines->len; i++)
      for (guint n = 1; n <= 3; n++)
        say (stage->lines->pdata[i], n);
    for (guint k = 0; k < turns; k++)
      g_main_context_iteration (NULL, FALSE);
    porch_stage_close (stage);
    for (guint k = 0; k < 100; k++)
      g_main_context_iteration (NULL, FALSE);
    n_acks = count_acks (stage->lines);
    porch_stage_open (stage);
    list = porch_stage_call (stage, "GET", "/api/v1/conversations?filter=all&limit=200", before,
                             NULL, NULL);
    for (const char *at = list; (at = strstr (at, "\"n_messages\":")) != NULL; at++)
      n_kept += g_ascii_strtoull (at + strlen ("\"n_messages\":"), NULL, 10);
    g_test_message ("after %u turns: %u acknowledged, %u kept", turns, n_acks, n_kept);
    n_all_acks += n_acks;
    g_assert_cmpuint (n_acks, <=, n_kept);
    g_assert_cmpuint (n_kept, <=, 3 * N_LINES);
    porch_stage_free (stage);
  }
  /* And who was nearly done is told so before the line ends. */
  g_assert_cmpuint (n_all_acks, >, 0);
}

/* As a program does that cannot listen: nobody was told anything. */
static void
test_no_stop (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_strdup (porch_host_get_address (stage->host));
  const guint port = g_ascii_strtoull (strrchr (address, ':') + 1, NULL, 10);
  PorchLine *line = porch_stage_visit (stage, NULL);

  g_assert_false (porch_host_listen (stage->host, "127.0.0.1", port, FALSE, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_false (porch_host_listen (stage->host, "0.0.0.0", 0, FALSE, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_UNSUPPORTED);
  for (guint n = 1; n <= 3; n++)
    say (line, n);
  for (guint k = 0; k < 30; k++)
    g_main_context_iteration (NULL, FALSE);
  g_clear_pointer (&stage->host, porch_host_free);
  porch_stage_wait (line->close_code != 0);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/end/cut-lines", test_cut_lines);
  g_test_add_func ("/end/cut-agents", test_cut_agents);
  g_test_add_func ("/end/cut-calls", test_cut_calls);
  g_test_add_func ("/end/stop", test_stop);
  g_test_add_func ("/end/no-stop", test_no_stop);
  return porch_stage_run ();
}
