/* porch-steps.c - what several commands do to a conversation, inside their transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-steps.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-text.h"

#include <string.h>

static gboolean
fail_not_found (const char *conversation, GError **error)
{
  /* To the letter what the store says of one that is not there: nobody may tell them apart. */
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no conversation %s",
               conversation);
  return FALSE;
}

PorchConversation *
porch_step_get_for_agent (PorchTx *tx,
                          const char *conversation,
                          const char *agent,
                          PorchAgent **who,
                          GError **error)
{
  g_autoptr (PorchAgent) reader = porch_tx_get_agent (tx, agent, error);
  g_autoptr (PorchConversation) found = NULL;

  if (reader == NULL)
    return NULL;
  found = porch_tx_get_conversation (tx, conversation, error);
  if (found == NULL)
    return NULL;
  if (!porch_rules_agent_sees (reader, found)) {
    fail_not_found (conversation, error);
    return NULL;
  }
  if (who != NULL)
    *who = g_steal_pointer (&reader);
  return g_steal_pointer (&found);
}

PorchConversation *
porch_step_get_for_visitor (PorchTx *tx,
                            const char *conversation,
                            const char *visitor,
                            GError **error)
{
  g_autoptr (PorchConversation) found = NULL;

  if (porch_id_is_handle (conversation)) {
    GError *failure = NULL;

    found = porch_tx_find_handle (tx, visitor, conversation, &failure);
    if (failure != NULL)
      g_propagate_error (error, failure);
    else if (found == NULL)
      fail_not_found (conversation, error);
    return g_steal_pointer (&found);
  }
  found = porch_tx_get_conversation (tx, conversation, error);
  if (found != NULL && g_strcmp0 (found->visitor, visitor) != 0) {
    fail_not_found (conversation, error);
    return NULL;
  }
  return g_steal_pointer (&found);
}

static void
set_times (PorchConversation *conversation, PorchState before, gint64 now_us)
{
  const gboolean was_done = before >= PORCH_STATE_RESOLVED;

  switch ((PorchState) conversation->state) {
  case PORCH_STATE_WAITING:
    if (conversation->waiting_since == 0)
      conversation->waiting_since = now_us;
    break;
  case PORCH_STATE_MISSED:
    conversation->missed_at = now_us;
    break;
  case PORCH_STATE_ACTIVE:
    conversation->waiting_since = 0;
    break;
  case PORCH_STATE_RESOLVED:
    conversation->resolved_at = now_us;
    conversation->waiting_since = 0;
    break;
  case PORCH_STATE_CLOSED:
    conversation->closed_at = now_us;
    conversation->waiting_since = 0;
    break;
  case PORCH_STATE_PENDING:
    break;
  }
  if (was_done && conversation->state < PORCH_STATE_RESOLVED) {
    conversation->resolved_at = 0;
    conversation->closed_at = 0;
    conversation->reopened++;
  }
}

static gboolean
refuse_blocked (gboolean is_blocked, GError **error)
{
  if (is_blocked)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BLOCKED, "this visitor is blocked");
  return !is_blocked;
}

gboolean
porch_step_check_blocked (PorchVisitor *visitor, GError **error)
{
  return refuse_blocked (visitor->is_blocked, error);
}

gboolean
porch_step_check_may_speak (PorchTx *tx, const char *visitor, GError **error)
{
  gboolean is_blocked = TRUE;

  return porch_tx_read_blocked (tx, visitor, &is_blocked, error) &&
         refuse_blocked (is_blocked, error);
}

gboolean
porch_step_move (PorchConversation *conversation, PorchAction action, gint64 now_us, GError **error)
{
  const PorchState before = conversation->state;
  const gboolean is_writing =
    action == PORCH_ACTION_VISITOR_WRITES || action == PORCH_ACTION_AGENT_WRITES;
  PorchState next;

  if (!porch_rules_next_state (before, action, conversation->assignee != NULL, &next)) {
    g_set_error (error, PORCH_ERROR, is_writing ? PORCH_ERROR_CLOSED : PORCH_ERROR_CONFLICT,
                 "conversation %s is %s", conversation->id,
                 porch_word_nick (porch_state_get_type (), before));
    return FALSE;
  }
  conversation->state = next;
  if (next != before)
    set_times (conversation, before, now_us);
  return TRUE;
}

static PorchEvent *
new_event (PorchTx *tx, PorchEventType type, const PorchDoer *doer)
{
  const PorchActor actor = { doer->kind, doer->id, doer->name };
  PorchEvent *event = porch_event_new (type, &actor);

  event->seq = porch_tx_take_seq (tx);
  return event;
}

/* Stores the conversation as it is after @event, which is then in the log. */
static gboolean
append (PorchTx *tx, PorchEvent *event, PorchConversation *conversation, GError **error)
{
  conversation->last_seq = event->seq;
  if (!porch_tx_update_conversation (tx, conversation, error))
    return FALSE;
  /* A copy: the command may go on changing its own. */
  event->conversation = porch_entity_copy (conversation);
  return porch_tx_append_event (tx, event, error);
}

gboolean
porch_step_tell (PorchTx *tx,
                 PorchEventType type,
                 const PorchDoer *doer,
                 PorchConversation *conversation,
                 GError **error)
{
  g_autoptr (PorchEvent) event = new_event (tx, type, doer);

  return append (tx, event, conversation, error);
}

static void
count_message (PorchConversation *conversation, PorchMessage *message)
{
  conversation->last_seq = message->seq;
  if (message->kind != PORCH_MESSAGE_TEXT)
    return;
  g_clear_pointer (&conversation->last_text, g_free);
  conversation->last_text = porch_text_dup_line (message->text, PORCH_PREVIEW_CHARACTERS);
  conversation->last_at = message->created_at;
  conversation->last_sender = message->sender_kind;
  conversation->last_message = message->seq;
  conversation->n_messages++;
  if (message->sender_kind == PORCH_ACTOR_VISITOR) {
    conversation->unread++;
    /* Who writes has seen what was there. */
    conversation->visitor_unread = 0;
  } else {
    conversation->visitor_unread++;
  }
}

static gboolean
say (PorchTx *tx,
     const PorchDoer *doer,
     PorchConversation *conversation,
     PorchMessage *message,
     gboolean is_last,
     GError **error)
{
  g_autoptr (PorchEvent) event = new_event (tx, PORCH_EVENT_MESSAGE_CREATED, doer);

  message->seq = event->seq;
  message->conversation_pk = conversation->pk;
  message->channel = conversation->channel;
  message->sender_kind = doer->kind;
  porch_member_set (&message->conversation, conversation->id);
  if (doer->kind == PORCH_ACTOR_AGENT)
    porch_member_set (&message->sender, doer->id);
  porch_member_set (&message->sender_name, doer->name);
  message->created_at = MAX (event->at_us, conversation->last_at + 1);
  count_message (conversation, message);
  if (!porch_tx_insert_message (tx, message, error) ||
      !porch_tx_update_conversation (tx, conversation, error))
    return FALSE;
  event->conversation = is_last ? g_object_ref (conversation) : porch_entity_copy (conversation);
  event->message = g_object_ref (message);
  return porch_tx_append_event (tx, event, error);
}

gboolean
porch_step_say (PorchTx *tx,
                const PorchDoer *doer,
                PorchConversation *conversation,
                PorchMessage *message,
                GError **error)
{
  return say (tx, doer, conversation, message, TRUE, error);
}

gboolean
porch_step_note_line (PorchTx *tx,
                      const PorchDoer *doer,
                      PorchConversation *conversation,
                      PorchLineCode code,
                      PorchVisibility visibility,
                      const char *text,
                      GError **error)
{
  g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);

  message->kind = PORCH_MESSAGE_SYSTEM;
  message->code = code;
  message->visibility = visibility;
  message->text = g_strdup (text != NULL ? text : "");
  return say (tx, doer, conversation, message, FALSE, error);
}

gboolean
porch_step_assign (PorchTx *tx,
                   const PorchDoer *doer,
                   PorchConversation *conversation,
                   PorchAgent *agent,
                   PorchAction action,
                   GError **error)
{
  const gboolean is_transfer =
    conversation->assignee != NULL && strcmp (conversation->assignee, agent->id) != 0;
  g_autoptr (PorchAgent) before =
    is_transfer ? porch_tx_get_agent (tx, conversation->assignee, NULL) : NULL;
  g_autoptr (PorchEvent) event = NULL;
  const gboolean is_self = g_strcmp0 (doer->id, agent->id) == 0;
  const PorchDoer joined = { PORCH_ACTOR_AGENT, agent->id, agent->name };

  porch_member_set (&conversation->assignee, agent->id);
  if (!porch_step_move (conversation, action, porch_clock_now_us (), error))
    return FALSE;
  event = new_event (
    tx, is_transfer ? PORCH_EVENT_CONVERSATION_TRANSFERRED : PORCH_EVENT_CONVERSATION_ASSIGNED,
    doer);
  g_set_object (&event->agent, before);
  if (!append (tx, event, conversation, error))
    return FALSE;
  /* Who gave it to whom is for the team; that there is somebody new is for everybody. */
  if (!is_self && !porch_step_note_line (tx, doer, conversation, PORCH_LINE_CODE_ASSIGNED,
                                         PORCH_VISIBILITY_STAFF, agent->name, error))
    return FALSE;
  return porch_step_note_line (tx, &joined, conversation, PORCH_LINE_CODE_JOINED,
                               PORCH_VISIBILITY_PUBLIC, NULL, error);
}

gboolean
porch_step_check_id (PorchTx *tx,
                     PorchConversation *conversation,
                     const char *device,
                     gint64 n,
                     const char *text,
                     PorchMessage **known,
                     gint64 *expected,
                     GError **error)
{
  gint64 last_n = porch_tx_get_last_n (tx, conversation->pk, device, error);
  GError *failure = NULL;

  *known = NULL;
  *expected = last_n + 1;
  if (last_n < 0)
    return FALSE;
  if (n > last_n + 1) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_GAP, "%s:%" G_GINT64_FORMAT " leaves one out",
                 device, n);
    return FALSE;
  }
  if (n == last_n + 1)
    return TRUE;

  *known = porch_tx_find_client_message (tx, conversation->pk, device, n, &failure);
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (*known != NULL && strcmp ((*known)->text, text) == 0)
    return TRUE;
  g_clear_object (known);
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_ID_CONFLICT,
               "%s:%" G_GINT64_FORMAT " was another message", device, n);
  return FALSE;
}
