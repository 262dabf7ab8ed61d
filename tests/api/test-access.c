/* test-access.c - who may ask what of the agents' API, by which door, and how numbers are read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-ops.h"
#include "porch-stage.h"

#define NOBODYS "AAAAAAAAAAAAAAAAAAAAAA"

/* The status of @op, asked for nothing that is there. */
static guint
ask (PorchStage *stage, const PorchOp *op, const char *token, gboolean is_local)
{
  g_autofree char *path = porch_op_build_path (op->id, NOBODYS, NULL);
  const PorchAsk asked = { .verb = op->verb,
                           .path = path,
                           .token = token,
                           .is_local = is_local,
                           .body = op->body_max > 0 ? "{}" : NULL };
  guint status = 0;

  g_test_message ("%s", op->name);
  g_free (porch_stage_ask (stage, &asked, &status));
  return status;
}

/* Sockets have tests of their own, and whoever signs out asks nothing more. */
static gboolean
is_asked (const PorchOp *op)
{
  return op->id != PORCH_OP_EVENTS && op->id != PORCH_OP_SESSION_DELETE;
}

static void
test_nobody (void)
{
  PorchStage *stage = porch_stage_new ();

  for (guint i = 0; i < PORCH_N_OPS; i++) {
    const PorchOp *op = porch_op_get (i);

    if (op->access == PORCH_ACCESS_LOCAL)
      g_assert_cmpuint (ask (stage, op, NULL, FALSE), ==, 404);
    else if (op->access != PORCH_ACCESS_PUBLIC || op->id == PORCH_OP_SESSION_GET)
      g_assert_cmpuint (ask (stage, op, NULL, FALSE), ==, 401);
    else
      g_assert_cmpuint (ask (stage, op, NULL, FALSE), ==, op->request != NULL ? 400 : 200);
    /* A token that is none is worse than no token. */
    if (op->access != PORCH_ACCESS_LOCAL)
      g_assert_cmpuint (ask (stage, op, "at_nonsense", FALSE), ==, 401);
  }
  porch_stage_free (stage);
}

static void
test_roles (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *agent = porch_stage_add_agent (stage, "mona", NULL, NULL);
  g_autofree char *admin = porch_stage_sign_in (stage);

  for (guint i = 0; i < PORCH_N_OPS; i++) {
    const PorchOp *op = porch_op_get (i);
    guint status;

    if (!is_asked (op))
      continue;
    status = ask (stage, op, agent, FALSE);
    if (op->access == PORCH_ACCESS_LOCAL)
      g_assert_cmpuint (status, ==, 404);
    else if (op->access == PORCH_ACCESS_ADMIN)
      g_assert_cmpuint (status, ==, 403);
    else if (op->scope == PORCH_SCOPE_CONVERSATION && op->request == NULL)
      g_assert_cmpuint (status, ==, 404);
    else
      g_assert_cmpuint (status, ==, op->request != NULL ? 400 : 200);
    if (op->access == PORCH_ACCESS_LOCAL)
      g_assert_cmpuint (ask (stage, op, admin, FALSE), ==, 404);
  }
  porch_stage_free (stage);
}

/* Who comes by the Unix socket is the local agent, and an admin. */
static void
test_window (void)
{
  PorchStage *stage = porch_stage_new ();
  const PorchAsk sign_in = { .verb = "POST",
                             .path = "/api/v1/session",
                             .body = "{}",
                             .is_local = TRUE };
  const PorchAsk sign_out = { .verb = "DELETE", .path = "/api/v1/session", .is_local = TRUE };
  g_autofree char *answer = NULL;
  g_autofree char *token = NULL;
  g_autofree char *who = NULL;
  guint status = 0;

  for (guint i = 0; i < PORCH_N_OPS; i++) {
    const PorchOp *op = porch_op_get (i);

    if (!is_asked (op) || op->id == PORCH_OP_BACKUPS_CREATE)
      continue;
    status = ask (stage, op, NULL, TRUE);
    g_assert_cmpuint (status, !=, 401);
    g_assert_cmpuint (status, !=, 403);
    if (op->scope != PORCH_SCOPE_CONVERSATION && op->id != PORCH_OP_IDENTITY_GET)
      g_assert_cmpuint (status, !=, 404);
  }
  answer = porch_stage_ask (stage, &sign_in, &status);
  g_assert_cmpuint (status, ==, 200);
  token = porch_stage_dup_member (answer, "token");
  who = porch_stage_call (stage, "GET", "/api/v1/session", token, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (who, "\"is_local\":true"));
  /* There is no session to end, and that is no error. */
  g_free (porch_stage_ask (stage, &sign_out, &status));
  g_assert_cmpuint (status, ==, 204);
  porch_stage_free (stage);
}

/* A page in a browser is no agent's program, whatever token it has got hold of. */
static void
test_no_browser (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  const PorchAsk asked = { .verb = "GET",
                           .path = "/api/v1/events",
                           .token = token,
                           .headers = { { "Origin", "https://juniper.example" } } };
  guint status = 0;

  g_free (porch_stage_ask (stage, &asked, &status));
  g_assert_cmpuint (status, ==, 403);
  porch_stage_free (stage);
}

static void
test_numbers (void)
{
  static const struct {
    const char *path;
    guint status;
    const char *named;
  } cases[] = {
    { "/api/v1/conversations", 200, NULL },
    { "/api/v1/conversations?limit=1", 200, NULL },
    { "/api/v1/conversations?limit=200", 200, NULL },
    { "/api/v1/conversations?limit=0", 400, "limit is not a number from 1 to 200" },
    { "/api/v1/conversations?limit=201", 400, "limit is not a number from 1 to 200" },
    { "/api/v1/conversations?limit=", 400, "limit" },
    { "/api/v1/conversations?limit=ten", 400, "limit" },
    { "/api/v1/conversations?limit=99999999999999999999", 400, "limit" },
    { "/api/v1/conversations?filter=mine", 200, NULL },
    { "/api/v1/conversations?filter=Mine", 400, "filter" },
    { "/api/v1/conversations?after=nonsense", 400, "after" },
    { "/api/v1/conversations/" NOBODYS "/messages?before=0", 400, "before" },
    { "/api/v1/conversations/" NOBODYS "/messages?after=-1", 400, "after" },
    { "/api/v1/conversations/" NOBODYS "/messages?limit=x", 400, "limit" },
    { "/api/v1/conversations/" NOBODYS "/messages?limit=5", 404, NULL },
    { "/api/v1/events?since=-1", 400, "since" },
    { "/api/v1/events?since=x", 400, "since" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint status = 0;
    g_autofree char *answer = porch_stage_call (stage, "GET", cases[i].path, token, NULL, &status);

    g_test_message ("%s: %s", cases[i].path, answer);
    g_assert_cmpuint (status, ==, cases[i].status);
    if (cases[i].named != NULL) {
      g_assert_nonnull (strstr (answer, "\"code\":\"bad_message\""));
      g_assert_nonnull (strstr (answer, cases[i].named));
    }
  }
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/access/nobody", test_nobody);
  g_test_add_func ("/access/roles", test_roles);
  g_test_add_func ("/access/window", test_window);
  g_test_add_func ("/access/no-browser", test_no_browser);
  g_test_add_func ("/access/numbers", test_numbers);
  return porch_stage_run ();
}
