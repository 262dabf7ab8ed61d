/* test-feed.c - what visitors and agents are told: once, in order, and only what is for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-talk.h"

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"
#define SECOND "CCCCCCCCCCCCCCCCCCCCCC"
#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"

/* Begins a conversation; its id. */
static char *
begin_conversation (PorchLine *line)
{
  return porch_line_send (line, DEVICE, 1, HANDLE, "Do you have the belt drive?");
}

/* A page resumes by the highest seq that it saw. So no frame may run ahead of one that comes later,
 * also where a status is told as it is now. */
static void
test_catch_up_order (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *first = porch_stage_visit (stage, NULL);
  g_autofree char *visitor = porch_stage_dup_member (first->frames->pdata[0], "token");
  g_autofree char *epoch = porch_stage_dup_member (first->frames->pdata[0], "epoch");
  g_autofree char *id = begin_conversation (first);
  const gint64 seen = porch_stage_get_number (porch_line_next (first, "message"), "seq");
  g_autofree char *hello = g_strdup_printf (
    "\"token\":\"%s\",\"epoch\":\"%s\",\"since\":%" G_GINT64_FORMAT, visitor, epoch, seen);
  gint64 last = seen;
  guint n_messages = 0;
  PorchLine *second;

  porch_line_close (first);
  g_free (porch_stage_act (stage, token, id, "take", ""));
  porch_stage_answer (stage, token, id, 1, "one");
  porch_stage_answer (stage, token, id, 2, "two");
  g_free (porch_stage_act (stage, token, id, "resolve", ""));
  g_free (porch_stage_act (stage, token, id, "reopen", ""));
  second = porch_stage_visit (stage, hello);
  /* joined, one, two, resolved, reopened */
  porch_line_wait (second, "{\"type\":\"message\"", 5);
  porch_stage_settle (stage);
  for (guint i = second->n_read; i < second->frames->len; i++) {
    const char *frame = second->frames->pdata[i];

    if (!g_str_has_prefix (frame, "{\"type\":\"message\"") &&
        !g_str_has_prefix (frame, "{\"type\":\"status\""))
      continue;
    g_test_message ("%s", frame);
    g_assert_cmpint (porch_stage_get_number (frame, "seq"), >, last);
    last = porch_stage_get_number (frame, "seq");
    n_messages += g_str_has_prefix (frame, "{\"type\":\"message\"");
  }
  g_assert_cmpuint (n_messages, ==, 5);
  porch_stage_free (stage);
}

/* A message comes before the tick that says that somebody has it. */
static void
test_receipt_order (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *agent = porch_stage_listen (stage, token, NULL);
  PorchLine *visitor = porch_stage_visit (stage, NULL);
  g_autofree char *id = begin_conversation (visitor);
  int ack, message, receipt;

  porch_line_next (agent, "message.created");
  porch_line_next (visitor, "receipt");
  ack = porch_line_find (visitor, "\"type\":\"ack\"");
  message = porch_line_find (visitor, "\"type\":\"message\"");
  receipt = porch_line_find (visitor, "\"type\":\"receipt\"");
  g_assert_cmpint (ack, <, message);
  g_assert_cmpint (message, <, receipt);
  porch_stage_free (stage);
}

/* Two tabs that begin under the same handle at once begin one conversation, and both hear both. */
static void
test_two_tabs (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchLine *one = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (one->frames->pdata[0], "token");
  g_autofree char *hello = g_strdup_printf ("\"token\":\"%s\"", token);
  PorchLine *two = porch_stage_visit (stage, hello);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  porch_line_write (one, DEVICE, 1, HANDLE, "from the first");
  porch_line_write (two, SECOND, 1, HANDLE, "from the second");
  first = porch_stage_dup_member (porch_line_next (one, "ack"), "conversation");
  second = porch_stage_dup_member (porch_line_next (two, "ack"), "conversation");
  g_assert_cmpstr (first, ==, second);
  porch_line_wait (one, "from the second", 1);
  porch_line_wait (two, "from the first", 1);
  porch_stage_free (stage);
}

static void
give_profile (PorchStage *stage, const char *token)
{
  g_autofree char *body =
    g_strdup_printf ("{\"site\":\"%s\",\"token\":\"%s\",\"profile\":{\"name\":\"Jonas\","
                     "\"email\":\"jonas@home.example\"}}",
                     porch_stage_site_key (stage), token);
  guint status = 0;
  g_autofree char *answered =
    porch_stage_call (stage, "POST", "/widget/session", NULL, body, &status);

  g_assert_cmpuint (status, ==, 200);
}

/* Who a visitor is, is for those who may see a conversation of theirs. */
static void
test_contact_scope (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *admin = porch_stage_sign_in (stage);
  g_autofree char *mona = porch_stage_add_agent (stage, "mona", "general", NULL);
  g_autofree char *sven = porch_stage_add_agent (stage, "sven", "sales", NULL);
  PorchLine *for_admin = porch_stage_listen (stage, admin, NULL);
  PorchLine *for_mona = porch_stage_listen (stage, mona, NULL);
  PorchLine *for_sven = porch_stage_listen (stage, sven, NULL);
  PorchLine *visitor = porch_stage_visit (stage, NULL);
  g_autofree char *token = porch_stage_dup_member (visitor->frames->pdata[0], "token");
  g_autofree char *epoch = porch_stage_dup_member (visitor->frames->pdata[0], "epoch");
  g_autofree char *query = g_strdup_printf ("since=0&epoch=%s", epoch);
  g_autofree char *id = begin_conversation (visitor);
  PorchLine *again;

  give_profile (stage, token);
  porch_line_next (for_admin, "contact.updated");
  porch_line_next (for_mona, "contact.updated");
  porch_stage_settle (stage);
  g_assert_cmpint (porch_line_find (for_sven, "jonas@home.example"), ==, -1);
  /* Nor from the log. */
  again = porch_stage_listen (stage, sven, query);
  porch_stage_settle (stage);
  g_assert_cmpint (porch_line_find (again, "jonas@home.example"), ==, -1);
  g_assert_cmpint (porch_line_find (again, id), ==, -1);
  porch_stage_free (stage);
}

/* A conversation that is given away leaves the scope of whoever saw it only because they had it:
 * they are told so, and nothing more, also when they were away meanwhile. */
static void
test_given_away (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *admin = porch_stage_sign_in (stage);
  g_autofree char *sven_id = NULL;
  g_autofree char *mona_id = NULL;
  g_autofree char *sven = porch_stage_add_agent (stage, "sven", "sales", &sven_id);
  g_autofree char *mona = porch_stage_add_agent (stage, "mona", "general", &mona_id);
  PorchLine *for_sven = porch_stage_listen (stage, sven, NULL);
  PorchLine *visitor = porch_stage_visit (stage, NULL);
  g_autofree char *epoch = porch_stage_dup_member (visitor->frames->pdata[0], "epoch");
  g_autofree char *id = begin_conversation (visitor);
  g_autofree char *to_sven = g_strdup_printf ("{\"agent\":\"%s\"}", sven_id);
  g_autofree char *to_mona = g_strdup_printf ("{\"agent\":\"%s\"}", mona_id);
  g_autofree char *query = NULL;
  const char *left;
  PorchLine *again;

  g_free (porch_stage_act (stage, admin, id, "assign", to_sven));
  query = g_strdup_printf (
    "since=%" G_GINT64_FORMAT "&epoch=%s",
    porch_stage_get_number (porch_line_next (for_sven, "conversation.assigned"), "seq"), epoch);
  g_free (porch_stage_act (stage, admin, id, "assign", to_mona));
  left = porch_line_next (for_sven, "conversation.transferred");
  g_assert_nonnull (strstr (left, id));
  g_assert_nonnull (strstr (left, "\"data\":null"));
  porch_line_write (visitor, DEVICE, 2, id, "not for sven");
  porch_line_next (visitor, "ack");
  again = porch_stage_listen (stage, sven, query);
  left = porch_line_next (again, "conversation.transferred");
  g_assert_nonnull (strstr (left, "\"data\":null"));
  porch_stage_settle (stage);
  g_assert_cmpint (porch_line_find (for_sven, "not for sven"), ==, -1);
  g_assert_cmpint (porch_line_find (again, "not for sven"), ==, -1);
  porch_stage_free (stage);
}

/* Addresses to sign in with are for those who manage: an agent sees their own and no colleague's.
 */
static void
test_colleagues (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *admin = porch_stage_sign_in (stage);
  g_autofree char *mona = porch_stage_add_agent (stage, "mona", NULL, NULL);
  PorchLine *for_mona = porch_stage_listen (stage, mona, NULL);
  PorchLine *for_admin = porch_stage_listen (stage, admin, NULL);
  PorchLine *other = porch_stage_listen (stage, mona, NULL);
  g_autofree char *list = porch_stage_call (stage, "GET", "/api/v1/agents", mona, NULL, NULL);
  g_autofree char *whole = porch_stage_call (stage, "GET", "/api/v1/agents", admin, NULL, NULL);

  porch_line_wait (for_mona, "Ines Castro", 1);
  porch_stage_settle (stage);
  g_assert_cmpint (porch_line_find (for_mona, "ines@staff.example"), ==, -1);
  g_assert_nonnull (strstr (other->frames->pdata[0], "mona@staff.example"));
  g_assert_null (strstr (list, "ines@staff.example"));
  g_assert_nonnull (strstr (list, "mona@staff.example"));
  g_assert_nonnull (strstr (whole, "mona@staff.example"));
  porch_line_close (for_mona);
  porch_line_close (other);
  porch_line_wait (for_admin, "mona@staff.example", 1);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed/catch-up-order", test_catch_up_order);
  g_test_add_func ("/feed/receipt-order", test_receipt_order);
  g_test_add_func ("/feed/two-tabs", test_two_tabs);
  g_test_add_func ("/feed/contact-scope", test_contact_scope);
  g_test_add_func ("/feed/given-away", test_given_away);
  g_test_add_func ("/feed/colleagues", test_colleagues);
  return porch_stage_run ();
}
