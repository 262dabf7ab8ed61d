/* porch-steps.h - what several commands do to a conversation, inside their transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"
#include "porch-tx.h"

G_BEGIN_DECLS

/* The conversation when @agent sees it, the caller's own; NOT_FOUND otherwise, as for one that is
 * not there. *@who (may be NULL) gets the agent. */
PorchConversation *porch_step_get_for_agent (PorchTx *tx,
                                             const char *conversation,
                                             const char *agent,
                                             PorchAgent **who,
                                             GError **error);
/* The same for a visitor and one of their own; @conversation is an id or a "new-…" handle. */
PorchConversation *porch_step_get_for_visitor (PorchTx *tx,
                                               const char *conversation,
                                               const char *visitor,
                                               GError **error);

/* BLOCKED when @visitor may not come in any more. */
gboolean porch_step_check_blocked (PorchVisitor *visitor, GError **error);

/* BLOCKED when the visitor of that id may say nothing any more, wherever it would go. */
gboolean porch_step_check_may_speak (PorchTx *tx, const char *visitor, GError **error);

/* Moves @conversation by @action, with all times that belong to the new state; stores nothing.
 * CONFLICT (CLOSED for words into a closed one) when it is not possible: then it is as it was. */
gboolean porch_step_move (PorchConversation *conversation,
                          PorchAction action,
                          gint64 now_us,
                          GError **error);

/* Appends an event about @conversation and stores the conversation as it is then. */
gboolean porch_step_tell (PorchTx *tx,
                          PorchEventType type,
                          const PorchDoer *doer,
                          PorchConversation *conversation,
                          GError **error);

/* Gives @message a seq, stores it, counts it in the conversation, stores that, and appends the
 * event. The last step of a command: the event shares @conversation, which is not changed any more.
 */
gboolean porch_step_say (PorchTx *tx,
                         const PorchDoer *doer,
                         PorchConversation *conversation,
                         PorchMessage *message,
                         GError **error);

/* A system line. @text may be NULL. Goes on as porch_step_say () does, but @conversation may be
 * changed after it. */
gboolean porch_step_note_line (PorchTx *tx,
                               const PorchDoer *doer,
                               PorchConversation *conversation,
                               PorchLineCode code,
                               PorchVisibility visibility,
                               const char *text,
                               GError **error);

/* @doer gets @agent's hands on the conversation: assignee, state, first line for the visitor,
 * event. */
gboolean porch_step_assign (PorchTx *tx,
                            const PorchDoer *doer,
                            PorchConversation *conversation,
                            PorchAgent *agent,
                            PorchAction action,
                            GError **error);

/* Whether "@device:@n" may be stored now. TRUE with *@known NULL: store it. TRUE with *@known: it
 * was stored before, with the same text. FALSE: ID_CONFLICT, or GAP with *@expected. */
gboolean porch_step_check_id (PorchTx *tx,
                              PorchConversation *conversation,
                              const char *device,
                              gint64 n,
                              const char *text,
                              PorchMessage **known,
                              gint64 *expected,
                              GError **error);

G_END_DECLS
