/* porch-thread.h - the messages of one conversation, and what we are sending to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GListModel of PorchMessage, oldest first: what was loaded, then what is in the outbox (seq 0).
 * Opens at the newest page; older ones page in. A message that is acknowledged keeps its object.
 */
#pragma once

#include <gio/gio.h>

#include "porch-inbox.h"
#include "porch-message.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_THREAD (porch_thread_get_type ())
G_DECLARE_FINAL_TYPE (PorchThread, porch_thread, PORCH, THREAD, GObject)

/* Properties: "load", "problem", "conversation", "contact" (PorchContact), "visitor"
 * (PorchVisitor), "typing" (string: name of the visitor who types, NULL for nobody; goes out by
 * itself after 6 s), "has-older", "has-left" (boolean: it was given to somebody else and is no
 * longer ours to see; what is shown stays, nothing comes and nothing can be sent). */

PorchConversation *porch_thread_get_conversation (PorchThread *self);
PorchLoad porch_thread_get_load (PorchThread *self);
PorchVisitor *porch_thread_get_visitor (PorchThread *self);
const char *porch_thread_get_typing (PorchThread *self);
gboolean porch_thread_has_left (PorchThread *self);
/* One page; nothing when there is none or one is on its way. A failure is not told: the next call
 * asks again. */
void porch_thread_load_older (PorchThread *self);
void porch_thread_reload (PorchThread *self);

/* Keeps it on disk, shows it, sends it, and sends it again until the server has answered. */
void porch_thread_send (PorchThread *self, const char *text, gboolean is_note);

typedef enum {
  PORCH_SENDING_NO, /* the server has it (or it is not ours) */
  PORCH_SENDING_NOW,
  PORCH_SENDING_WAITING, /* for a connection */
  PORCH_SENDING_FAILED,  /* for good; porch_thread_retry () or _discard () */
} PorchSending;
/* NO also for what is no message of this thread. */
PorchSending porch_thread_get_sending (PorchThread *self, PorchMessage *message);
/* Emitted when that answer changed: signal "sending-changed" (PorchMessage *). */
void porch_thread_retry (PorchThread *self, PorchMessage *message);
void porch_thread_discard (PorchThread *self, PorchMessage *message);

/* The newest message is on screen and the window has the focus: tells the server, once per seq. */
void porch_thread_mark_read (PorchThread *self);
/* At each key: tells the server at most every 3 s; and when @is_typing turns false. */
void porch_thread_set_typing (PorchThread *self, gboolean is_typing);

G_END_DECLS
