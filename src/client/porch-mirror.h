/* porch-mirror.h - what the server has, as models: one object per id, kept true by the events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-client.h"
#include "porch-conversation.h"
#include "porch-inbox.h"
#include "porch-thread.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MIRROR (porch_mirror_get_type ())
G_DECLARE_FINAL_TYPE (PorchMirror, porch_mirror, PORCH, MIRROR, GObject)

/* Properties:
 *   "counts-mine", "counts-waiting", "counts-open"  int64
 *   "is-somebody-in"  boolean: the light
 *   "problem"         string: a PORCH_ERROR nick when what is written here cannot be kept on the
 *                     disk (it is sent all the same), or NULL
 * Signals:
 *   "arrived" (PorchConversation *, PorchMessage *)  a visitor's message came live (not on resume
 *             or paging)
 *   "taken" (PorchConversation *)    somebody else took it or it is done: withdraw its notification
 *   "scope-changed" (PorchConversation *)  it was given to somebody else and is no longer ours to
 *             see (porch_mirror_has_left), or it is again
 *   "unsent-changed" (const char *conversation)  what porch_mirror_get_unsent () says of it
 *   "visitor-changed" (const char *conversation)  page, presence
 *   "drafts-loaded" ()  those of an earlier run are there now, a moment after the start
 */

/* @cache_path: file for drafts and the outbox; NULL keeps them in memory (tests). */
PorchMirror *
porch_mirror_new (PorchClient *client, const char *cache_path) G_GNUC_WARN_UNUSED_RESULT;

PorchClient *porch_mirror_get_client (PorchMirror *self);
/* The list of one filter: made when first asked for, kept up to date. Borrowed. */
PorchInbox *porch_mirror_get_inbox (PorchMirror *self, const char *filter);
/* The conversation's messages: made when first asked for; the most recent 20 are kept. Borrowed:
 * whoever shows one longer holds it. */
PorchThread *porch_mirror_get_thread (PorchMirror *self, PorchConversation *conversation);
/* NULL when it is not known here. Borrowed. */
PorchConversation *porch_mirror_find_conversation (PorchMirror *self, const char *id);
gboolean porch_mirror_has_left (PorchMirror *self, PorchConversation *conversation);
/* Loads it when it is not known. NOT_FOUND also for one that we may not see. The result is the
 * caller's reference. */
void porch_mirror_load_conversation_async (PorchMirror *self,
                                           const char *id,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
PorchConversation *
porch_mirror_load_conversation_finish (PorchMirror *self, GAsyncResult *result, GError **error);
/* Of PorchAgent. Borrowed. */
GListModel *porch_mirror_get_agents (PorchMirror *self);
/* Borrowed; NULL when there is none, or they are not loaded yet. */
PorchAgent *porch_mirror_find_agent (PorchMirror *self, const char *id);

/* take, resolve, close, reopen: one of PORCH_OP_CONVERSATION_*; ASSIGN with the @agent's id. The
 * models follow before it ends. CONFLICT when the state does not allow it or a colleague was
 * faster. */
void porch_mirror_act_async (PorchMirror *self,
                             PorchConversation *conversation,
                             PorchOpId op,
                             const char *agent,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean porch_mirror_act_finish (PorchMirror *self, GAsyncResult *result, GError **error);

/* Drafts: kept on disk a moment after they change. "" or NULL removes it. The bool says note mode.
 */
void porch_mirror_set_draft (PorchMirror *self,
                             const char *conversation,
                             const char *text,
                             gboolean is_note);
/* NULL when there is none. Borrowed. */
const char *porch_mirror_get_draft (PorchMirror *self, const char *conversation, gboolean *is_note);

/* What was written to @conversation last and is not sent, or of it what cannot be; NULL when there
 * is nothing. @sending says why, unless NULL is returned. Borrowed. */
const char *
porch_mirror_get_unsent (PorchMirror *self, const char *conversation, PorchSending *sending);

/* Flushes drafts and outbox to disk; blocking for at most 200 ms, for the end of the program.
 * Before the client goes. */
void porch_mirror_close (PorchMirror *self);

G_END_DECLS
