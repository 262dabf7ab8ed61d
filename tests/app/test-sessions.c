/* test-sessions.c - who may not come in any more does not stay
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"
#include "porch-stage.h"
#include "porch-tx.h"

static void
test_sign_out (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  g_autofree char *other = porch_stage_sign_in (stage);
  PorchLine *line = porch_stage_listen (stage, token, NULL);
  PorchLine *stays = porch_stage_listen (stage, other, NULL);
  guint status = 0;

  g_free (porch_stage_call (stage, "DELETE", "/api/v1/session", token, NULL, &status));
  g_assert_cmpuint (status, ==, 204);
  porch_stage_wait (line->close_code != 0);
  g_assert_cmpuint (line->close_code, ==, 4401);
  g_free (porch_stage_call (stage, "GET", "/api/v1/session", token, NULL, &status));
  g_assert_cmpuint (status, ==, 401);
  line = porch_stage_connect (stage, "/api/v1/events", token);
  g_assert_null (line->socket);
  g_assert_cmpuint (line->status, ==, 401);
  porch_stage_settle (stage);
  g_assert_cmpuint (stays->close_code, ==, 0);
  porch_stage_free (stage);
}

/* Nothing in the program disables an agent yet, so the test writes the row. */
static gboolean
run_disable (PorchTx *tx, gconstpointer in, gpointer output, GError **error)
{
  PorchAgentResult *out = output;

  out->agent = porch_tx_find_agent_by_email (tx, "mona@staff.example", error);
  if (out->agent == NULL)
    return FALSE;
  out->agent->is_disabled = TRUE;
  return porch_tx_update_agent (tx, out->agent, error);
}

static void
clear_result (gpointer data)
{
  g_clear_object (&((PorchAgentResult *) data)->agent);
}

static const PorchCommand disable = {
  .name = "disable",
  .out_size = sizeof (PorchAgentResult),
  .run = run_disable,
  .clear_out = clear_result,
};

static void
on_disabled (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  porch_service_put_agent (porch_stage_service (data), ((PorchAgentResult *) out)->agent);
}

static void
test_disabled (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_add_agent (stage, "mona", NULL, NULL);
  PorchLine *line = porch_stage_listen (stage, token, NULL);
  guint status = 0;

  porch_service_run (porch_stage_service (stage), &disable, porch_command_new_input (&disable),
                     on_disabled, stage);
  porch_stage_wait (line->close_code != 0);
  g_assert_cmpuint (line->close_code, ==, 4401);
  g_free (porch_stage_call (stage, "GET", "/api/v1/session", token, NULL, &status));
  g_assert_cmpuint (status, ==, 401);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessions/sign-out", test_sign_out);
  g_test_add_func ("/sessions/disabled", test_disabled);
  return porch_stage_run ();
}
