/* test-events.c - an agent's event socket: where it goes on, and when it must begin anew
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-cases.h"
#include "porch-stage-talk.h"

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"
#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"

/* Another file has another history: what a window saw of the old one says nothing of the new one,
 * and nothing in a future that this file has not had. */
static void
test_reset (void)
{
  static const struct {
    const char *since, *epoch; /* NULL: as it is */
    const char *reason;        /* NULL: it goes on */
  } cases[] = {
    { "0", "another", "epoch" }, { "0", "", "epoch" }, { "999999", NULL, "seq" },
    { "0", NULL, NULL },         { NULL, NULL, NULL },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *visitor = porch_stage_visit (stage, NULL);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  g_autofree char *epoch = porch_stage_dup_member (window->frames->pdata[0], "epoch");
  g_autofree char *id = porch_line_send (visitor, DEVICE, 1, HANDLE, "Hello");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *query = g_strdup_printf ("since=%s&epoch=%s", cases[i].since,
                                              cases[i].epoch != NULL ? cases[i].epoch : epoch);
    PorchLine *line = porch_stage_listen (stage, token, cases[i].since != NULL ? query : NULL);
    const gint64 now = porch_stage_get_number (line->frames->pdata[0], "seq");

    g_test_message ("%s", query);
    if (cases[i].reason != NULL) {
      const char *reset = porch_line_next (line, "reset");
      g_autofree char *reason = porch_stage_dup_member (reset, "reason");
      g_autofree char *told = porch_stage_dup_member (reset, "epoch");

      g_assert_cmpstr (reason, ==, cases[i].reason);
      g_assert_cmpstr (told, ==, epoch);
      g_assert_cmpint (porch_stage_get_number (reset, "seq"), ==, now);
      g_assert_cmpint (porch_line_find (line, "message.created"), ==, -1);
    } else if (cases[i].since != NULL) {
      porch_line_wait (line, "message.created", 1);
      g_assert_cmpint (porch_line_find (line, "\"reset\""), ==, -1);
    }
    porch_line_close (line);
  }
  porch_stage_free (stage);
}

#define N_MISSED 450

/* More than two pages of what was missed come in order, each once, with what happens meanwhile
 * behind it, though the line is slower than the log. */
static void
test_pages (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *visitor, *line;
  g_autofree char *id = NULL;
  g_autofree char *query = NULL;
  gint64 last = 0;
  guint n = 0;

  porch_stage_set (stage, "message_rate_ms", "0");
  visitor = porch_stage_visit (stage, NULL);
  id = porch_line_fill (visitor, DEVICE, HANDLE, N_MISSED);
  query =
    g_strdup_printf ("since=0&epoch=%s", porch_service_get_epoch (porch_stage_service (stage)));
  line = porch_stage_listen (stage, token, query);
  porch_line_write (visitor, DEVICE, N_MISSED + 1, id, "meanwhile");
  porch_line_wait (line, "message.created", N_MISSED + 1);
  for (guint i = 0; i < line->frames->len; i++) {
    const char *frame = line->frames->pdata[i];

    if (strstr (frame, "message.created") == NULL)
      continue;
    g_assert_cmpint (porch_stage_get_number (frame, "seq"), >, last);
    last = porch_stage_get_number (frame, "seq");
    n++;
    g_assert_cmpint (strstr (frame, "\"text\":\"meanwhile\"") != NULL, ==, n == N_MISSED + 1);
  }
  g_assert_cmpuint (n, ==, N_MISSED + 1);
  porch_stage_free (stage);
}

/* Whatever a window says here changes nothing, and it stays. */
static void
test_deaf (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *line = porch_stage_listen (stage, token, NULL);
  const guint n_frames = line->frames->len;

  porch_line_say (line, "{\"type\":\"pong\"}");
  porch_line_say (line, "not even JSON");
  porch_stage_settle (stage);
  g_assert_cmpuint (line->close_code, ==, 0);
  g_assert_cmpuint (line->frames->len, ==, n_frames);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/reset", test_reset);
  g_test_add_func ("/events/pages", test_pages);
  g_test_add_func ("/events/deaf", test_deaf);
  return porch_stage_run ();
}
