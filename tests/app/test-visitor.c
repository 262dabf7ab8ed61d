/* test-visitor.c - what a visitor's lines and requests may do, and how often
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"
#include "porch-stage-talk.h"

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"
#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"

static char *
begin_conversation (PorchLine *line)
{
  return porch_line_send (line, DEVICE, 1, HANDLE, "Hello");
}

static guint
write_under (PorchStage *stage, const char *token, const char *conversation)
{
  g_autofree char *path = g_strdup_printf ("/widget/conversations/%s/messages", conversation);
  guint status = 0;

  g_free (porch_stage_call (stage, "POST", path, token,
                            "{\"id\":\"" DEVICE ":1\",\"message\":\"Hello\"}", &status));
  return status;
}

/* Over REST a conversation has the names that it has over the socket. */
static void
test_handles (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (line->frames->pdata[0], "token");

  g_assert_cmpuint (write_under (stage, token, "new-short"), ==, 400);
  g_assert_cmpuint (write_under (stage, token, "new-BBBBBBBBBBBBBBBBBBBBBBB"), ==, 400);
  g_assert_cmpuint (write_under (stage, token, "new-%3Cb%3EBBBBBBBBBBBBBBBBBBB"), ==, 400);
  g_assert_cmpuint (write_under (stage, token, "CCCCCCCCCCCCCCCCCCCCCC"), ==, 404);
  g_assert_cmpuint (write_under (stage, token, HANDLE), ==, 200);
  porch_stage_free (stage);
}

static guint
list_from (PorchStage *stage, const char *token, const char *origin)
{
  guint status = 0;

  g_free (porch_stage_call_from (stage, "GET", "/widget/conversations", token, origin, &status));
  return status;
}

static void
on_blocked (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
block_visitor (PorchStage *stage, PorchLine *line)
{
  char **in = porch_command_new_input (&porch_fixture_block);
  gboolean is_done = FALSE;

  *in = porch_stage_dup_member (line->frames->pdata[0], "visitor_id");
  porch_service_run (porch_stage_service (stage), &porch_fixture_block, in, on_blocked, &is_done);
  porch_stage_wait (is_done);
}

/* A good token alone is not enough: the page must be one of the site's, the site on, and the
 * visitor welcome. */
static void
test_who (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (line->frames->pdata[0], "token");
  PorchSite *site = porch_service_get_sites (porch_stage_service (stage))->pdata[0];

  g_assert_cmpuint (list_from (stage, token, NULL), ==, 200);
  g_assert_cmpuint (list_from (stage, token, "https://www.juniper.example"), ==, 200);
  g_assert_cmpuint (list_from (stage, token, "https://evil.example"), ==, 403);
  g_assert_cmpuint (list_from (stage, token, "null"), ==, 403);
  site->is_off = TRUE;
  g_assert_cmpuint (list_from (stage, token, NULL), ==, 404);
  site->is_off = FALSE;
  block_visitor (stage, line);
  g_assert_cmpuint (list_from (stage, token, NULL), ==, 403);
  porch_stage_free (stage);
}

/* Who is blocked in the middle of a conversation is told with their next words, which go nowhere,
 * and their line is closed for good. */
static void
test_blocked (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (line->frames->pdata[0], "token");
  g_autofree char *id = begin_conversation (line);
  const char *refused;
  PorchLine *again;

  block_visitor (stage, line);
  porch_line_write (line, DEVICE, 2, id, "B");
  refused = porch_line_next (line, "error");
  g_assert_nonnull (strstr (refused, "\"code\":\"blocked\""));
  g_assert_nonnull (strstr (refused, "\"re\":\"" DEVICE ":2\""));
  g_assert_nonnull (strstr (refused, "\"retry\":false"));
  porch_stage_wait (line->close_code != 0);
  g_assert_cmpuint (line->close_code, ==, 4403);
  again = porch_stage_arrive (stage, "any", NULL);
  porch_line_say (again, "{\"type\":\"hello\",\"token\":\"%s\"}", token);
  porch_stage_wait (again->close_code != 0);
  g_assert_cmpuint (again->close_code, ==, 4403);
  g_assert_cmpint (porch_line_find (again, "welcome"), ==, -1);
  porch_stage_free (stage);
}

static guint
count_frames (PorchLine *line, const char *type)
{
  g_autofree char *member = g_strdup_printf ("\"type\":\"%s\"", type);
  guint n = 0;

  for (guint i = 0; i < line->frames->len; i++)
    n += strstr (line->frames->pdata[i], member) != NULL;
  return n;
}

/* What one page sends without end does not become work for everybody. */
static void
test_flood (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *agent = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *id = begin_conversation (line);

  for (guint i = 0; i < 500; i++)
    porch_line_say (line, "{\"type\":\"typing\",\"conversation\":\"%s\",\"is_typing\":true}", id);
  for (guint i = 0; i < 100; i++)
    porch_line_say (line, "{\"type\":\"read\",\"conversation\":\"%s\",\"seq\":%u}", id, i);
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "pong");
  porch_line_wait (agent, "\"type\":\"typing\"", 1);
  porch_stage_settle (stage);
  g_assert_cmpuint (count_frames (agent, "typing"), <, 100);
  g_assert_cmpint (porch_line_find (line, "\"code\":\"rate_limited\""), >=, 0);
  g_assert_cmpint (porch_line_find (line, "\"re\":\"read\""), >=, 0);
  g_assert_cmpuint (line->close_code, ==, 0);
  porch_stage_free (stage);
}

/* A line that was cut and comes back is the same visit. */
static void
test_visits (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *id = begin_conversation (line);
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations/%s", id);
  g_autofree char *visitor = porch_stage_dup_member (line->frames->pdata[0], "token");
  g_autofree char *epoch = porch_stage_dup_member (line->frames->pdata[0], "epoch");
  g_autofree char *again =
    g_strdup_printf ("\"token\":\"%s\",\"epoch\":\"%s\",\"since\":1", visitor, epoch);
  g_autofree char *anew = g_strdup_printf ("\"token\":\"%s\"", visitor);
  g_autofree char *once = NULL;
  g_autofree char *twice = NULL;

  porch_stage_visit (stage, again);
  once = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_assert_nonnull (strstr (once, "\"n_visits\":1,"));
  porch_stage_visit (stage, anew);
  twice = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_assert_nonnull (strstr (twice, "\"n_visits\":2,"));
  porch_stage_free (stage);
}

static char *
dup_last_seen (PorchStage *stage, const char *path, const char *token)
{
  g_autofree char *answer = porch_stage_call (stage, "GET", path, token, NULL, NULL);

  return porch_stage_dup_member (strstr (answer, "\"visitor\":{"), "last_seen_at");
}

/* Where the visitor is now, also for a window that was not there when they went on. */
static void
test_page (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *line =
    porch_stage_visit (stage, "\"page\":{\"url\":\"https://shop.example/a\",\"title\":\"A\"}");
  g_autofree char *id = begin_conversation (line);
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations/%s", id);
  g_autofree char *first = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *later = NULL;
  PorchLine *window = porch_stage_listen (stage, token, NULL);

  /* Nobody has been answered yet, so nobody can say how long it takes. */
  porch_line_wait (line, "\"wait_s\":null", 1);
  g_assert_nonnull (strstr (first, "\"page_url\":\"https://shop.example/a\""));
  g_assert_nonnull (strstr (first, "\"is_online\":true"));
  porch_line_say (line, "{\"type\":\"page\",\"url\":\"https://shop.example/b\",\"title\":\"B\"}");
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "pong");
  second = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_assert_nonnull (strstr (second, "\"page_url\":\"https://shop.example/b\""));
  g_assert_nonnull (strstr (second, "\"page_title\":\"B\""));
  /* A page that says nothing of itself. */
  porch_line_say (line, "{\"type\":\"page\"}");
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "pong");
  third = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_assert_nonnull (strstr (third, "\"page_url\":null"));
  porch_line_say (line, "{\"type\":\"page\",\"url\":\"https://shop.example/c\",\"title\":\"C\"}");
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "pong");
  seen = dup_last_seen (stage, path, token);
  /* Times on the wire are of milliseconds. */
  for (const gint64 now_us = g_get_real_time (); g_get_real_time () < now_us + 1000;)
    g_thread_yield ();
  porch_line_close (line);
  /* Whoever hears that they went finds the page that they went from, not the one they came by. */
  porch_line_wait (window, "\"is_online\":false", 1);
  gone = porch_stage_call (stage, "GET", path, token, NULL, NULL);
  g_assert_nonnull (strstr (gone, "\"is_online\":false"));
  g_assert_nonnull (strstr (gone, "\"page_url\":\"https://shop.example/c\""));
  g_assert_nonnull (strstr (gone, "\"page_title\":\"C\""));
  later = dup_last_seen (stage, path, token);
  g_assert_cmpstr (later, >, seen);
  g_assert_nonnull (
    strstr (window->frames->pdata[porch_line_find (window, "\"is_online\":false")], later));
  porch_stage_free (stage);
}

/* The launcher knows from the file that draws it. */
static void
test_lit_loader (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  g_autofree char *before = porch_stage_call (stage, "GET", "/widget.js", NULL, NULL, NULL);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  g_autofree char *lit = porch_stage_call (stage, "GET", "/widget.js", NULL, NULL, NULL);
  g_autofree char *after = NULL;

  g_assert_nonnull (strstr (before, "light: false"));
  g_assert_nonnull (strstr (lit, "light: true"));
  porch_line_close (window);
  porch_stage_settle (stage);
  after = porch_stage_call (stage, "GET", "/widget.js", NULL, NULL, NULL);
  g_assert_cmpstr (after, ==, before);
  porch_stage_free (stage);
}

/* A client of the older kind whose conversation was closed begins a new one by writing on, and
 * nothing that it says meanwhile is lost or begins a third. */
static void
test_older_client (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *agent = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_arrive (stage, "any", NULL);
  g_autofree char *id = NULL;
  g_autofree char *close = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  guint status = 0;

  porch_line_say (line, "{\"type\":\"message\",\"message\":\"one\"}");
  id = porch_stage_dup_member (porch_line_next (agent, "message.created"), "conversation");
  close = g_strdup_printf ("/api/v1/conversations/%s/close", id);
  g_free (porch_stage_call (stage, "POST", close, token, "", &status));
  g_assert_cmpuint (status, ==, 200);
  /* Its own line about being closed. */
  porch_line_next (agent, "message.created");
  porch_line_say (line, "{\"type\":\"message\",\"message\":\"two\"}");
  porch_line_say (line, "{\"type\":\"message\",\"message\":\"three\"}");
  second = porch_stage_dup_member (porch_line_next (agent, "message.created"), "conversation");
  third = porch_stage_dup_member (porch_line_next (agent, "message.created"), "conversation");
  g_assert_cmpstr (second, !=, id);
  g_assert_cmpstr (third, ==, second);
  porch_stage_wait (porch_line_find (line, "\"message\":\"three\"") >= 0);
  g_assert_cmpint (porch_line_find (line, "\"error\""), ==, -1);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/visitor/handles", test_handles);
  g_test_add_func ("/visitor/who", test_who);
  g_test_add_func ("/visitor/blocked", test_blocked);
  g_test_add_func ("/visitor/flood", test_flood);
  g_test_add_func ("/visitor/page", test_page);
  g_test_add_func ("/visitor/lit-loader", test_lit_loader);
  g_test_add_func ("/visitor/visits", test_visits);
  g_test_add_func ("/visitor/older-client", test_older_client);
  return porch_stage_run ();
}
