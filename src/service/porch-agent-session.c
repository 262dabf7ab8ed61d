/* porch-agent-session.c - an agent's token: how long it is good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent-session.h"

#include "porch-clock.h"
#include "porch-tx.h"

#define IDLE_US     (12 * 60 * 60 * G_TIME_SPAN_SECOND)
#define ABSOLUTE_US (14 * 24 * 60 * 60 * G_TIME_SPAN_SECOND)

static gint64
get_end (gint64 created_at, gint64 used_at)
{
  return MIN (created_at + ABSOLUTE_US, used_at + IDLE_US);
}

gboolean
porch_agent_session_is_good (const PorchAgentSession *self)
{
  return porch_clock_now_us () < get_end (self->created_at, self->used_at);
}

static void
clear (gpointer data)
{
  PorchAgentSession *self = data;

  g_clear_pointer (&self->token_hash, g_free);
  g_clear_pointer (&self->agent, g_free);
}

static gboolean
run_put (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchAgentSession *in = input;
  const PorchSession session = {
    .token_hash = in->token_hash,
    .kind = PORCH_ACTOR_AGENT,
    .subject = in->agent,
    .created_at = in->created_at,
    .used_at = in->used_at,
    .expires_at = get_end (in->created_at, in->used_at),
  };

  return porch_tx_put_session (tx, &session, error);
}

const PorchCommand porch_agent_session_put = {
  .name = "agent_session_put",
  .in_size = sizeof (PorchAgentSession),
  .run = run_put,
  .clear_in = clear,
};

static gboolean
run_end (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  return porch_tx_delete_session (tx, ((const PorchAgentSession *) input)->token_hash, error);
}

const PorchCommand porch_agent_session_end = {
  .name = "agent_session_end",
  .in_size = sizeof (PorchAgentSession),
  .run = run_end,
  .clear_in = clear,
};

static gboolean
run_find (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchAgentSession *in = input;
  PorchAgentSession *out = output;
  GError *failure = NULL;
  g_autoptr (PorchSession) session = porch_tx_find_session (tx, in->token_hash, &failure);

  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (session == NULL || session->kind != PORCH_ACTOR_AGENT)
    return TRUE;
  *out = (PorchAgentSession){ g_steal_pointer (&session->token_hash),
                              g_steal_pointer (&session->subject), session->created_at,
                              session->used_at };
  return TRUE;
}

const PorchCommand porch_agent_session_find = {
  .name = "agent_session_find",
  .is_question = TRUE,
  .in_size = sizeof (PorchAgentSession),
  .out_size = sizeof (PorchAgentSession),
  .run = run_find,
  .clear_in = clear,
  .clear_out = clear,
};
