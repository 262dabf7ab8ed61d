/* porch-outbox.h - what was written here and no server has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only. Each conversation is a queue of its own with one message on its way. A
 * message is on the disk before it is shown, keeps its id ("device:n") over retries and restarts,
 * and goes when the server has answered or when the stream brings it back, whichever is first. The
 * last hundred that the server acknowledged are offered to it again when it has another history.
 */
#pragma once

#include "porch-cache.h"
#include "porch-client.h"
#include "porch-message.h"
#include "porch-thread.h"

G_BEGIN_DECLS

#define PORCH_TYPE_OUTBOX (porch_outbox_get_type ())
G_DECLARE_FINAL_TYPE (PorchOutbox, porch_outbox, PORCH, OUTBOX, GObject)

/* Signals, all with a PorchMessage whose `conversation` says where it belongs:
 *   "shown"    it is on the disk: show it at the end
 *   "changed"  porch_outbox_get_sending () says something else than before
 *   "stored"   the server has it: it got its seq and is no longer the outbox's
 *   "gone"     it was discarded
 */

/* @cache may be NULL: everything is in memory then. */
PorchOutbox *porch_outbox_new (PorchClient *client, PorchCache *cache) G_GNUC_WARN_UNUSED_RESULT;
/* What an earlier run left, once, before anything is sent. */
void porch_outbox_restore (PorchOutbox *self, GPtrArray *pendings);
void porch_outbox_close (PorchOutbox *self);

void
/* Numbers it and has it kept; "shown" comes when it is on the disk, or when that failed
 * ("problem"). */
porch_outbox_send (PorchOutbox *self, const char *conversation, const char *text, gboolean is_note);
/* Of PorchMessage, as they are to be shown. */
GPtrArray *
porch_outbox_list (PorchOutbox *self, const char *conversation) G_GNUC_WARN_UNUSED_RESULT;
/* What stands for all that was written to @conversation and is not sent; NULL when all is. @sending
 * is set unless NULL is returned. Borrowed. */
const char *porch_outbox_peek (PorchOutbox *self, const char *conversation, PorchSending *sending);
PorchSending porch_outbox_get_sending (PorchOutbox *self, PorchMessage *message);
/* Only for one that failed for good: it goes to the end, under a new number. */
void porch_outbox_retry (PorchOutbox *self, PorchMessage *message);
/* Only for one that failed for good: any other may be stored already. */
void porch_outbox_discard (PorchOutbox *self, PorchMessage *message);

/* TRUE when @stored (from the stream or a page) is a message of ours that waited here: it is told
 * by "stored" then. */
gboolean porch_outbox_claim (PorchOutbox *self, PorchMessage *stored);

/* NULL, or why what is written is in memory only. Property "problem". */
const char *porch_outbox_get_problem (PorchOutbox *self);

G_END_DECLS
