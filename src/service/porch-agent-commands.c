/* porch-agent-commands.c - what an agent does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent-commands.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-steps.h"
#include "porch-text.h"

#include <string.h>

/* ---- acting on a conversation ---- */

static void
clear_act_input (gpointer data)
{
  PorchActInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->conversation, g_free);
  g_clear_pointer (&in->target, g_free);
}

static void
clear_act_result (gpointer data)
{
  PorchActResult *out = data;

  g_clear_object (&out->conversation);
  g_clear_object (&out->contact);
  g_clear_object (&out->visitor);
}

static void
render_conversation (gconstpointer output, PorchWriter *writer)
{
  const PorchActResult *out = output;

  porch_codec_write (writer, NULL, out->conversation, PORCH_AUDIENCE_STAFF);
}

static PorchDoer
doer_of (PorchAgent *agent)
{
  return (PorchDoer){ PORCH_ACTOR_AGENT, agent->id, agent->name };
}

static gboolean
run_take (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchActInput *in = input;
  PorchActResult *out = output;
  g_autoptr (PorchAgent) agent = NULL;
  PorchDoer doer;

  out->conversation = porch_step_get_for_agent (tx, in->conversation, in->agent, &agent, error);
  if (out->conversation == NULL)
    return FALSE;
  if (g_strcmp0 (out->conversation->assignee, agent->id) == 0 &&
      out->conversation->state == PORCH_STATE_ACTIVE)
    return TRUE;
  /* Two who click at once: the second is told, and may still take it over with assign. */
  if (out->conversation->assignee != NULL && out->conversation->state == PORCH_STATE_ACTIVE &&
      strcmp (out->conversation->assignee, agent->id) != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "somebody else has it");
    return FALSE;
  }
  doer = doer_of (agent);
  return porch_step_assign (tx, &doer, out->conversation, agent, PORCH_ACTION_TAKE, error);
}

static gboolean
run_assign (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchActInput *in = input;
  PorchActResult *out = output;
  g_autoptr (PorchAgent) agent = NULL;
  g_autoptr (PorchAgent) target = NULL;
  PorchDoer doer;

  out->conversation = porch_step_get_for_agent (tx, in->conversation, in->agent, &agent, error);
  target = out->conversation != NULL ? porch_tx_get_agent (tx, in->target, error) : NULL;
  if (target == NULL)
    return FALSE;
  if (target->is_disabled) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "agent %s is disabled", target->id);
    return FALSE;
  }
  if (g_strcmp0 (out->conversation->assignee, target->id) == 0 &&
      out->conversation->state == PORCH_STATE_ACTIVE)
    return TRUE;
  doer = doer_of (agent);
  return porch_step_assign (tx, &doer, out->conversation, target, PORCH_ACTION_ASSIGN, error);
}

static gboolean
move (PorchTx *tx,
      const PorchActInput *in,
      PorchActResult *out,
      PorchAction action,
      PorchEventType event,
      PorchLineCode code,
      GError **error)
{
  g_autoptr (PorchAgent) agent = NULL;
  PorchDoer doer;

  out->conversation = porch_step_get_for_agent (tx, in->conversation, in->agent, &agent, error);
  if (out->conversation == NULL ||
      !porch_step_move (out->conversation, action, porch_clock_now_us (), error))
    return FALSE;
  doer = doer_of (agent);
  return porch_step_tell (tx, event, &doer, out->conversation, error) &&
         porch_step_note_line (tx, &doer, out->conversation, code, PORCH_VISIBILITY_PUBLIC, NULL,
                               error);
}

static gboolean
run_resolve (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  return move (tx, in, out, PORCH_ACTION_RESOLVE, PORCH_EVENT_CONVERSATION_RESOLVED,
               PORCH_LINE_CODE_RESOLVED, error);
}

static gboolean
run_close (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  return move (tx, in, out, PORCH_ACTION_CLOSE, PORCH_EVENT_CONVERSATION_CLOSED,
               PORCH_LINE_CODE_CLOSED, error);
}

static gboolean
run_reopen (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  return move (tx, in, out, PORCH_ACTION_REOPEN, PORCH_EVENT_CONVERSATION_REOPENED,
               PORCH_LINE_CODE_REOPENED, error);
}

static gboolean
run_look (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchActInput *in = input;
  PorchActResult *out = output;

  out->conversation = porch_step_get_for_agent (tx, in->conversation, in->agent, NULL, error);
  if (out->conversation == NULL)
    return FALSE;
  out->contact = porch_tx_get_contact (tx, out->conversation->contact, error);
  if (out->contact == NULL)
    return FALSE;
  if (out->conversation->visitor != NULL)
    out->visitor = porch_tx_get_visitor (tx, out->conversation->visitor, error);
  return out->visitor != NULL || out->conversation->visitor == NULL;
}

static void
render_look (gconstpointer output, PorchWriter *writer)
{
  const PorchActResult *out = output;

  porch_writer_begin (writer, NULL);
  porch_codec_write (writer, "conversation", out->conversation, PORCH_AUDIENCE_STAFF);
  porch_codec_write (writer, "contact", out->contact, PORCH_AUDIENCE_STAFF);
  if (out->visitor != NULL)
    porch_codec_write (writer, "visitor", out->visitor, PORCH_AUDIENCE_STAFF);
  porch_writer_end (writer);
}

#define ACT(name_, run_) \
  { \
    .name = name_, .in_size = sizeof (PorchActInput), .out_size = sizeof (PorchActResult), \
    .run = run_, .clear_in = clear_act_input, .clear_out = clear_act_result, \
    .render = render_conversation \
  }

const PorchCommand porch_agent_take = ACT ("agent_take", run_take);
const PorchCommand porch_agent_assign = ACT ("agent_assign", run_assign);
const PorchCommand porch_agent_resolve = ACT ("agent_resolve", run_resolve);
const PorchCommand porch_agent_close = ACT ("agent_close", run_close);
const PorchCommand porch_agent_reopen = ACT ("agent_reopen", run_reopen);
const PorchCommand porch_agent_look = {
  .name = "agent_look",
  .is_question = TRUE,
  .in_size = sizeof (PorchActInput),
  .out_size = sizeof (PorchActResult),
  .run = run_look,
  .clear_in = clear_act_input,
  .clear_out = clear_act_result,
  .render = render_look,
};

/* ---- answering ---- */

static void
clear_answer_input (gpointer data)
{
  PorchAnswerInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->conversation, g_free);
  g_clear_pointer (&in->device, g_free);
  g_clear_pointer (&in->text, g_free);
}

static void
clear_answer_result (gpointer data)
{
  g_clear_object (&((PorchAnswerResult *) data)->message);
}

static void
render_answer (gconstpointer output, PorchWriter *writer)
{
  porch_codec_write (writer, NULL, ((const PorchAnswerResult *) output)->message,
                     PORCH_AUDIENCE_STAFF);
}

/* Whoever answers has it: what nobody has is taken, what a colleague has is refused. */
static gboolean
take_to_answer (PorchTx *tx,
                const PorchDoer *doer,
                PorchConversation *conversation,
                PorchAgent *agent,
                GError **error)
{
  const gboolean is_mine = g_strcmp0 (conversation->assignee, agent->id) == 0;

  if (conversation->assignee != NULL && !is_mine && conversation->state == PORCH_STATE_ACTIVE) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "somebody else has it");
    return FALSE;
  }
  if (is_mine && conversation->state == PORCH_STATE_ACTIVE)
    return TRUE;
  return porch_step_assign (tx, doer, conversation, agent, PORCH_ACTION_AGENT_WRITES, error);
}

/* The same words for the team and for the visitor are two things: who is told that one of them was
 * stored must not take it for the other. */
static gboolean
check_same (const PorchAnswerInput *in, PorchMessage *known, GError **error)
{
  const PorchMessageKind kind = in->is_note ? PORCH_MESSAGE_NOTE : PORCH_MESSAGE_TEXT;

  if ((PorchMessageKind) known->kind == kind && known->sender_kind == PORCH_ACTOR_AGENT)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_ID_CONFLICT,
               "%s:%" G_GINT64_FORMAT " was another message", in->device, in->n);
  return FALSE;
}

static gboolean
run_answer (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchAnswerInput *in = input;
  PorchAnswerResult *out = output;
  const glong limit = in->is_note ? PORCH_NOTE_CHARACTERS : PORCH_MESSAGE_CHARACTERS;
  g_autoptr (PorchAgent) agent = NULL;
  g_autoptr (PorchConversation) self = NULL;
  gint64 expected;
  PorchDoer doer;

  if (!porch_text_check (in->text, limit, "the message", error))
    return FALSE;
  self = porch_step_get_for_agent (tx, in->conversation, in->agent, &agent, error);
  if (self == NULL ||
      !porch_step_check_id (tx, self, in->device, in->n, in->text, &out->message, &expected, error))
    return FALSE;
  if (out->message != NULL)
    return check_same (in, out->message, error);

  doer = doer_of (agent);
  if (!in->is_note && !take_to_answer (tx, &doer, self, agent, error))
    return FALSE;
  out->message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  out->message->kind = in->is_note ? PORCH_MESSAGE_NOTE : PORCH_MESSAGE_TEXT;
  out->message->visibility = in->is_note ? PORCH_VISIBILITY_STAFF : PORCH_VISIBILITY_PUBLIC;
  out->message->text = g_strdup (in->text);
  out->message->device = g_strdup (in->device);
  out->message->n = in->n;
  out->message->client_id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, in->device, in->n);
  if (!in->is_note) {
    /* Who answers has read what was there. */
    self->unread = 0;
    self->agent_received = self->agent_read = MAX (self->agent_read, self->last_message);
    if (self->first_response_at == 0)
      self->first_response_at = porch_clock_now_us ();
  }
  return porch_step_say (tx, &doer, self, out->message, error);
}

const PorchCommand porch_agent_answer = {
  .name = "agent_answer",
  .in_size = sizeof (PorchAnswerInput),
  .out_size = sizeof (PorchAnswerResult),
  .run = run_answer,
  .clear_in = clear_answer_input,
  .clear_out = clear_answer_result,
  .render = render_answer,
};

static void
clear_read_input (gpointer data)
{
  PorchAgentReadInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

/* Only the agent who has it counts, or anybody while nobody has: a colleague who looks in has not
 * answered for it. */
static gboolean
run_read (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchAgentReadInput *in = input;
  g_autoptr (PorchAgent) agent = NULL;
  g_autoptr (PorchConversation) self =
    porch_step_get_for_agent (tx, in->conversation, in->agent, &agent, error);
  gint64 read;
  PorchDoer doer;

  if (self == NULL)
    return FALSE;
  read = MIN (in->read, self->last_seq);
  if (read <= self->agent_read ||
      (self->assignee != NULL && strcmp (self->assignee, agent->id) != 0))
    return TRUE;
  self->agent_read = read;
  self->agent_received = MAX (self->agent_received, read);
  self->unread = porch_tx_count_messages_after (tx, self->pk, TRUE, read, error);
  doer = doer_of (agent);
  return self->unread >= 0 &&
         porch_step_tell (tx, PORCH_EVENT_CONVERSATION_UPDATED, &doer, self, error);
}

const PorchCommand porch_agent_read = {
  .name = "agent_read",
  .in_size = sizeof (PorchAgentReadInput),
  .run = run_read,
  .clear_in = clear_read_input,
};
