/* porch-visitor-commands.c - a visitor reads, ends and rates a conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-visitor-commands.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-steps.h"
#include "porch-text.h"

#define RATING_COMMENT_CHARACTERS 1000

static void
clear_receipt_input (gpointer data)
{
  PorchReceiptInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

static gboolean
run_receipt (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchReceiptInput *in = input;
  const PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };
  g_autoptr (PorchConversation) self =
    porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  gint64 read, received;

  if (self == NULL)
    return FALSE;
  /* Nobody has read what was not written yet. */
  read = MIN (in->read, self->last_seq);
  received = MIN (MAX (in->received, read), self->last_seq);
  if (read <= self->visitor_read && received <= self->visitor_received)
    return TRUE;
  self->visitor_received = MAX (self->visitor_received, received);
  if (read > self->visitor_read) {
    self->visitor_read = read;
    self->visitor_unread = porch_tx_count_messages_after (tx, self->pk, FALSE, read, error);
    if (self->visitor_unread < 0)
      return FALSE;
  }
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_UPDATED, &doer, self, error);
}

const PorchCommand porch_visitor_receipt = {
  .name = "visitor_receipt",
  .in_size = sizeof (PorchReceiptInput),
  .run = run_receipt,
  .clear_in = clear_receipt_input,
};

static void
clear_end_input (gpointer data)
{
  PorchEndInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

/* The visitor is done: resolved, not closed, since they may come back within a day. */
static gboolean
run_end (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchEndInput *in = input;
  g_autoptr (PorchConversation) self =
    porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };

  if (self == NULL)
    return FALSE;
  if (self->state >= PORCH_STATE_RESOLVED)
    return TRUE;
  doer.name = self->contact_name;
  return porch_step_move (self, PORCH_ACTION_RESOLVE, porch_clock_now_us (), error) &&
         porch_step_tell (tx, PORCH_EVENT_CONVERSATION_RESOLVED, &doer, self, error) &&
         porch_step_note_line (tx, &doer, self, PORCH_LINE_CODE_ENDED, PORCH_VISIBILITY_PUBLIC,
                               NULL, error);
}

const PorchCommand porch_visitor_end = {
  .name = "visitor_end",
  .in_size = sizeof (PorchEndInput),
  .run = run_end,
  .clear_in = clear_end_input,
};

static void
clear_rate_input (gpointer data)
{
  PorchRateInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->conversation, g_free);
  g_clear_pointer (&in->comment, g_free);
}

static gboolean
run_rate (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchRateInput *in = input;
  g_autoptr (PorchConversation) self = NULL;
  PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };
  g_autofree char *score = g_strdup_printf ("%d", (int) in->score);

  if (in->score < 1 || in->score > 5) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "score is not 1 to 5");
    return FALSE;
  }
  if (in->comment != NULL && !porch_text_is_blank (in->comment) &&
      !porch_text_check (in->comment, RATING_COMMENT_CHARACTERS, "the comment", error))
    return FALSE;
  self = porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  if (self == NULL || !porch_step_check_may_speak (tx, in->visitor, error) ||
      !porch_step_move (self, PORCH_ACTION_RATE, porch_clock_now_us (), error))
    return FALSE;
  if (self->rating != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "it is rated already");
    return FALSE;
  }
  self->rating = in->score;
  self->rated_at = porch_clock_now_us ();
  if (in->comment != NULL && !porch_text_is_blank (in->comment))
    porch_member_set (&self->rating_comment, in->comment);
  doer.name = self->contact_name;
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_RATED, &doer, self, error) &&
         porch_step_note_line (tx, &doer, self, PORCH_LINE_CODE_RATED, PORCH_VISIBILITY_STAFF,
                               score, error);
}

const PorchCommand porch_visitor_rate = {
  .name = "visitor_rate",
  .in_size = sizeof (PorchRateInput),
  .run = run_rate,
  .clear_in = clear_rate_input,
};
