/* test-frames.c - a visitor's socket: what each frame does, and what is wrong with each that does
 * nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-cases.h"
#include "porch-stage-talk.h"

#include <glib/gstdio.h>

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"
#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"
#define OTHER  "new-DDDDDDDDDDDDDDDDDDDDDD"
#define NOBODY "EEEEEEEEEEEEEEEEEEEEEE"

static void
check_error (PorchLine *line, const char *said, const char *code, const char *re)
{
  const char *error = porch_line_next (line, "error");
  g_autofree char *its_code = porch_stage_dup_member (error, "code");
  g_autofree char *its_re = porch_stage_dup_member (error, "re");

  g_test_message ("%s: %s", said, error);
  g_assert_cmpstr (its_code, ==, code);
  g_assert_cmpstr (its_re, ==, re);
}

typedef struct {
  const char *said, *code, *re;
} Case;

/* ---- what is wrong ---- */

/* Who has not said who they are is told to, and may do nothing but show that they live. */
static void
test_before_hello (void)
{
  static const Case cases[] = {
    { "nothing", "bad_message", NULL },
    { "[]", "bad_message", NULL },
    { "{}", "bad_message", NULL },
    { "{\"type\":7}", "bad_message", NULL },
    { "{\"type\":\"dance\"}", "unauthorized", NULL },
    { "{\"type\":\"typing\",\"conversation\":\"" HANDLE "\",\"is_typing\":true}", "unauthorized",
      NULL },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":1\",\"conversation\":\"" HANDLE
      "\",\"message\":\"A\"}",
      "unauthorized", NULL },
    /* Without an id it is an older client's. */
    { "{\"type\":\"message\",\"message\":\" \"}", "empty", "message" },
    { "{\"type\":\"message\",\"message\":7}", "bad_message", "message" },
  };
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_arrive (stage, "any", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    porch_line_say (line, "%s", cases[i].said);
    check_error (line, cases[i].said, cases[i].code, cases[i].re);
  }
  porch_line_say (line, "{\"type\":\"pong\"}");
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "pong");
  /* It was no older client, after all of that. */
  porch_line_say (line, "{\"type\":\"hello\"}");
  porch_line_next (line, "welcome");
  g_assert_cmpint (porch_line_find (line, "live support"), ==, -1);
  porch_stage_free (stage);
}

static void
test_refused (void)
{
#define IN(id) "\"conversation\":\"" id "\""
  static const Case cases[] = {
    { "{\"type\":\"dance\"}", "unsupported", NULL },
    { "{\"type\":\"hello\"}", "conflict", "hello" },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":1\"," IN (HANDLE) "}", "bad_message",
      DEVICE ":1" },
    { "{\"type\":\"message\",\"id\":\"" DEVICE "\"," IN (HANDLE) ",\"message\":\"A\"}",
      "bad_message", DEVICE },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":0\"," IN (HANDLE) ",\"message\":\"A\"}",
      "bad_message", DEVICE ":0" },
    { "{\"type\":\"message\",\"id\":7," IN (HANDLE) ",\"message\":\"A\"}", "bad_message",
      "message" },
    /* What comes back is no longer than an id can be. */
    { "{\"type\":\"message\",\"id\":\"" DEVICE DEVICE DEVICE ":1\"," IN (HANDLE) "}", "bad_message",
      "message" },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":1\"," IN ("new-short") ",\"message\":\"A\"}",
      "bad_message", DEVICE ":1" },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":1\"," IN (HANDLE) ",\"message\":\"\"}", "empty",
      DEVICE ":1" },
    { "{\"type\":\"message\",\"id\":\"" DEVICE ":1\"," IN (NOBODY) ",\"message\":\"A\"}",
      "not_found", DEVICE ":1" },
    { "{\"type\":\"typing\"," IN (HANDLE) "}", "bad_message", "typing" },
    { "{\"type\":\"typing\",\"is_typing\":true}", "bad_message", "typing" },
    { "{\"type\":\"read\"," IN (HANDLE) "}", "bad_message", "read" },
    { "{\"type\":\"read\"," IN ("x") ",\"seq\":1}", "bad_message", "read" },
    { "{\"type\":\"read\"," IN (NOBODY) ",\"seq\":1}", "not_found", "read" },
    { "{\"type\":\"received\"," IN (NOBODY) ",\"seq\":1}", "not_found", "received" },
    { "{\"type\":\"received\"," IN (HANDLE) ",\"seq\":1.5}", "bad_message", "received" },
    { "{\"type\":\"end\"}", "bad_message", "end" },
    { "{\"type\":\"end\"," IN (NOBODY) "}", "not_found", "end" },
    { "{\"type\":\"rating\"," IN (HANDLE) "}", "bad_message", "rating" },
    { "{\"type\":\"rating\"," IN (HANDLE) ",\"score\":\"5\"}", "bad_message", "rating" },
    { "{\"type\":\"rating\"," IN (HANDLE) ",\"score\":5,\"comment\":5}", "bad_message", "rating" },
    { "{\"type\":\"rating\"," IN (HANDLE) ",\"score\":0}", "bad_message", "rating" },
    { "{\"type\":\"rating\"," IN (HANDLE) ",\"score\":6}", "bad_message", "rating" },
    { "{\"type\":\"rating\"," IN (NOBODY) ",\"score\":5}", "not_found", "rating" },
  };
#undef IN
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_visit (stage, NULL);
  const char *gap;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    porch_line_say (line, "%s", cases[i].said);
    check_error (line, cases[i].said, cases[i].code, cases[i].re);
  }
  /* The second before the first, and the third before the second: which one is next. */
  porch_line_write (line, DEVICE, 2, HANDLE, "B");
  gap = porch_line_next (line, "gap");
  g_assert_cmpstr (gap, ==,
                   "{\"type\":\"gap\",\"conversation\":\"" HANDLE "\",\"device\":\"" DEVICE
                   "\",\"expected\":1}");
  g_free (porch_line_send (line, DEVICE, 1, HANDLE, "A"));
  porch_line_write (line, DEVICE, 3, HANDLE, "C");
  g_assert_nonnull (strstr (porch_line_next (line, "gap"), "\"expected\":2"));
  g_assert_cmpuint (line->close_code, ==, 0);
  porch_stage_free (stage);
}

/* What comes before the welcome is not lost, but not kept without end either. */
static void
test_impatient (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchLine *line = porch_stage_arrive (stage, "any", NULL);

  porch_line_say (line, "{\"type\":\"hello\"}");
  porch_line_write (line, DEVICE, 1, HANDLE, "A");
  porch_line_say (line, "{\"type\":\"ping\"}");
  porch_line_next (line, "welcome");
  porch_line_wait (line, "\"type\":\"ack\"", 1);
  porch_line_wait (line, "\"type\":\"pong\"", 1);
  porch_stage_free (stage);
}

/* ---- a conversation ---- */

/* Ended by the visitor, rated once, and each of that is told to the other side. */
static void
test_end (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *id = porch_line_send (line, DEVICE, 1, HANDLE, "Do you have the belt drive?");
  const char *status, *rated;

  porch_line_say (line, "{\"type\":\"rating\",\"conversation\":\"%s\",\"score\":4}", id);
  check_error (line, "before the end", "conflict", "rating");
  porch_line_say (line, "{\"type\":\"end\",\"conversation\":\"%s\"}", id);
  porch_line_next (window, "conversation.resolved");
  porch_stage_wait (
    (status = porch_line_next (line, "status"), strstr (status, "\"state\":\"resolved\"") != NULL));
  /* Twice is once. */
  porch_line_say (line, "{\"type\":\"end\",\"conversation\":\"%s\"}", id);
  porch_line_say (line,
                  "{\"type\":\"rating\",\"conversation\":\"%s\",\"score\":4,"
                  "\"comment\":\"Quick\"}",
                  id);
  rated = porch_line_next (window, "conversation.rated");
  g_assert_nonnull (strstr (rated, "\"rating\":4,\"rating_comment\":\"Quick\""));
  porch_line_say (line, "{\"type\":\"rating\",\"conversation\":\"%s\",\"score\":1}", id);
  check_error (line, "a second one", "conflict", "rating");
  /* Writing on opens it again. */
  g_free (porch_line_send (line, DEVICE, 2, id, "One more thing"));
  porch_line_next (window, "conversation.reopened");
  porch_stage_free (stage);
}

/* Ticks and typing, both ways. */
static void
test_receipts (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *id = porch_line_send (line, DEVICE, 1, HANDLE, "Hello");
  g_autofree char *read = NULL;
  g_autofree char *asked = NULL;
  g_autofree char *seq = NULL;
  g_autofree char *expected = NULL;
  const char *typing;

  asked = porch_stage_dup_member (porch_line_next (line, "message"), "seq");
  read = g_strdup_printf ("{\"seq\":%s}", asked);
  g_free (porch_stage_act (stage, token, id, "read", read));
  expected = g_strdup_printf ("\"read\":%s", asked);
  porch_line_wait (line, expected, 1);
  g_free (porch_stage_act (stage, token, id, "typing", "{\"is_typing\":true}"));
  typing = porch_line_next (line, "typing");
  g_assert_nonnull (strstr (typing, "\"is_typing\":true,\"name\":\"Ines Castro\""));
  porch_stage_answer (stage, token, id, 1, "Good morning");
  seq = porch_stage_dup_member ((porch_line_wait (line, "Good morning", 1),
                                 line->frames->pdata[porch_line_find (line, "Good morning")]),
                                "seq");
  porch_line_say (line, "{\"type\":\"received\",\"conversation\":\"%s\",\"seq\":%s}", id, seq);
  g_clear_pointer (&expected, g_free);
  expected = g_strdup_printf ("\"visitor_received\":%s,\"visitor_read\":0", seq);
  porch_line_wait (window, expected, 1);
  porch_line_say (line, "{\"type\":\"read\",\"conversation\":\"%s\",\"seq\":%s}", id, seq);
  g_clear_pointer (&expected, g_free);
  expected = g_strdup_printf ("\"visitor_received\":%s,\"visitor_read\":%s", seq, seq);
  porch_line_wait (window, expected, 1);
  porch_line_say (line, "{\"type\":\"typing\",\"conversation\":\"%s\",\"is_typing\":true}", id);
  porch_line_next (window, "typing");
  porch_stage_free (stage);
}

/* Who waits knows how many are before them, and it is less when one of those is answered. */
static void
test_queue (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *one = porch_stage_visit (stage, NULL);
  g_autofree char *first = porch_line_send (one, DEVICE, 1, HANDLE, "First");
  PorchLine *two = porch_stage_visit (stage, NULL);

  porch_line_wait (one, "\"queue_position\":1", 1);
  g_free (porch_line_send (two, DEVICE, 1, OTHER, "Second"));
  porch_line_wait (two, "\"queue_position\":2", 1);
  g_assert_cmpint (porch_line_find (two, "\"queue_position\":1"), ==, -1);
  g_free (porch_stage_act (stage, token, first, "take", ""));
  porch_line_wait (two, "\"queue_position\":1", 1);
  porch_stage_free (stage);
}

/* ---- coming back ---- */

static void
test_reset (void)
{
  static const struct {
    const char *epoch; /* NULL: as it is */
    const char *since, *reason;
  } cases[] = {
    { "another", "1", "epoch" },
    { NULL, "999999", "seq" },
    { NULL, "1", NULL },
  };
  PorchStage *stage = porch_stage_new ();
  const char *epoch = porch_service_get_epoch (porch_stage_service (stage));
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (line->frames->pdata[0], "token");

  g_free (porch_line_send (line, DEVICE, 1, HANDLE, "Hello"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *hello =
      g_strdup_printf ("\"token\":\"%s\",\"epoch\":\"%s\",\"since\":%s", token,
                       cases[i].epoch != NULL ? cases[i].epoch : epoch, cases[i].since);
    PorchLine *back = porch_stage_visit (stage, hello);

    if (cases[i].reason != NULL) {
      g_autofree char *reason = porch_stage_dup_member (porch_line_next (back, "reset"), "reason");

      g_assert_cmpstr (reason, ==, cases[i].reason);
    } else {
      porch_line_wait (back, "{\"type\":\"message\"", 1);
      g_assert_cmpint (porch_line_find (back, "\"reset\""), ==, -1);
    }
  }
  porch_stage_free (stage);
}

#define N_MISSED 250

/* More than a page of what was missed comes in order, each once, and then what is new. */
static void
test_pages (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *visitor = NULL;
  g_autofree char *hello = NULL;
  g_autofree char *id = NULL;
  gint64 last = 0;
  guint n = 0;
  PorchLine *line, *back;

  porch_stage_set (stage, "message_rate_ms", "0");
  line = porch_stage_visit (stage, NULL);
  visitor = porch_stage_dup_member (line->frames->pdata[0], "token");
  id = porch_line_fill (line, DEVICE, HANDLE, N_MISSED);
  hello = g_strdup_printf ("\"token\":\"%s\",\"epoch\":\"%s\",\"since\":0", visitor,
                           porch_service_get_epoch (porch_stage_service (stage)));
  back = porch_stage_visit (stage, hello);
  g_free (porch_line_send (line, DEVICE, N_MISSED + 1, id, "new"));
  porch_line_wait (back, "{\"type\":\"message\"", N_MISSED + 1);
  for (guint i = 0; i < back->frames->len; i++) {
    const char *frame = back->frames->pdata[i];

    if (!g_str_has_prefix (frame, "{\"type\":\"message\""))
      continue;
    g_assert_cmpint (porch_stage_get_number (frame, "seq"), >, last);
    last = porch_stage_get_number (frame, "seq");
    n++;
  }
  g_assert_cmpuint (n, ==, N_MISSED + 1);
  porch_stage_free (stage);
}

/* ---- older clients ---- */

static void
test_older (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_arrive (stage, "sales", NULL);
  g_autofree char *id = NULL;
  g_autofree char *department = NULL;
  const char *created;

  porch_line_say (line, "{\"type\":\"message\",\"message\":\"Hi\",\"visitor_name\":\"Ola\"}");
  created = porch_line_next (window, "message.created");
  id = porch_stage_dup_member (created, "conversation");
  g_assert_nonnull (strstr (created, "\"sender_name\":\"Ola\""));
  /* By the address that it connected to. */
  department = porch_stage_act (stage, token, id, "take", "");
  g_assert_nonnull (strstr (department, "\"department\":\"sales\""));
  g_free (porch_stage_act (stage, token, id, "typing", "{\"is_typing\":true}"));
  g_assert_cmpstr (porch_line_next (line, "typing"), ==,
                   "{\"type\":\"typing\",\"sender\":\"Ines Castro\",\"is_typing\":true}");
  porch_stage_answer (stage, token, id, 1, "Hello Ola");
  porch_line_wait (line, "Hello Ola", 1);
  porch_stage_free (stage);
}

/* ---- trouble ---- */

/* A website that moves is left by its old pages at once, for good; a frame of ours stays. */
static void
test_moved (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchSite *site = porch_service_get_sites (porch_stage_service (stage))->pdata[0];
  g_autofree char *body =
    g_strdup_printf ("{\"site\":\"%s\",\"domains\":\"cedar.example\"}", site->id);
  PorchLine *foreign = porch_stage_arrive (stage, "any", "https://evil.example");
  PorchLine *old = porch_stage_arrive (stage, "any", "https://juniper.example");
  PorchLine *ours = porch_stage_visit (stage, NULL);
  PorchLine *new;
  guint status = 0;

  g_assert_null (foreign->socket);
  g_assert_cmpuint (foreign->status, ==, 403);
  g_free (porch_stage_call (stage, "PUT", "/api/v1/sites", token, body, &status));
  g_assert_cmpuint (status, ==, 200);
  porch_stage_wait (old->close_code != 0);
  g_assert_cmpuint (old->close_code, ==, 4404);
  g_assert_null (porch_stage_arrive (stage, "any", "https://juniper.example")->socket);
  new = porch_stage_arrive (stage, "any", "https://www.cedar.example");
  g_assert_nonnull (new->socket);
  porch_stage_settle (stage);
  g_assert_cmpuint (ours->close_code, ==, 0);
  porch_stage_free (stage);
}

/* The folder goes while it runs: what cannot be kept is refused and said again later, windows and
 * whoever asks are told, and with the folder all is well again. */
static void
test_folder_goes (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  PorchLine *line = porch_stage_visit (stage, NULL);
  g_autofree char *id = porch_line_send (line, DEVICE, 1, HANDLE, "One");
  g_autofree char *away = g_strconcat (stage->folder, "-away", NULL);
  const char *refused;
  PorchLine *later;
  guint status = 0;

  g_assert_cmpint (g_rename (stage->folder, away), ==, 0);
  porch_line_write (line, DEVICE, 2, id, "Two");
  refused = porch_line_next (line, "error");
  g_assert_nonnull (strstr (refused, "\"code\":\"storage\""));
  g_assert_nonnull (strstr (refused, "\"re\":\"" DEVICE ":2\""));
  g_assert_nonnull (strstr (refused, "\"retry\":true"));
  g_assert_null (strstr (refused, stage->folder));
  porch_line_wait (window, "{\"type\":\"trouble\",\"trouble\":\"gone\"}", 1);
  g_free (porch_stage_call (stage, "GET", "/healthz", NULL, NULL, &status));
  g_assert_cmpuint (status, ==, 503);
  later = porch_stage_listen (stage, token, NULL);
  porch_line_wait (later, "{\"type\":\"trouble\",\"trouble\":\"gone\"}", 1);
  g_assert_cmpint (g_rename (away, stage->folder), ==, 0);
  porch_stage_wait (
    (g_free (porch_stage_call (stage, "GET", "/healthz", NULL, NULL, &status)), status == 200));
  porch_line_wait (window, "{\"type\":\"trouble\",\"trouble\":null}", 1);
  g_free (porch_line_send (line, DEVICE, 2, id, "Two"));
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frames/before-hello", test_before_hello);
  g_test_add_func ("/frames/refused", test_refused);
  g_test_add_func ("/frames/impatient", test_impatient);
  g_test_add_func ("/frames/end", test_end);
  g_test_add_func ("/frames/receipts", test_receipts);
  g_test_add_func ("/frames/queue", test_queue);
  g_test_add_func ("/frames/reset", test_reset);
  g_test_add_func ("/frames/pages", test_pages);
  g_test_add_func ("/frames/older", test_older);
  g_test_add_func ("/frames/moved", test_moved);
  g_test_add_func ("/frames/folder-goes", test_folder_goes);
  return porch_stage_run ();
}
