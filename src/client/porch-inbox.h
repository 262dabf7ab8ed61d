/* porch-inbox.h - the conversations of one filter, in the order in which they need somebody
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GListModel of PorchConversation. Pages in from the server; missed and waiting come first
 * (longest wait first), then those where the visitor's word is the last, then the rest by time;
 * RESOLVED by time. Changes that arrive together are told once (one items-changed per dispatch).
 */
#pragma once

#include <gio/gio.h>

#include "porch-conversation.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_LOAD_LOADING, /* nothing to show yet */
  PORCH_LOAD_READY,
  PORCH_LOAD_FAILED, /* nothing to show, "problem" says why; porch_*_reload () */
} PorchLoad;
GType porch_load_get_type (void);

#define PORCH_TYPE_INBOX (porch_inbox_get_type ())
G_DECLARE_FINAL_TYPE (PorchInbox, porch_inbox, PORCH, INBOX, GObject)

/* Properties: "load" (PorchLoad), "problem" (string: a PORCH_ERROR nick or NULL), "has-more",
 * "is-frozen". While "is-frozen" is set (pointer over the list), conversations keep their places
 * and new ones wait: "n-held" says how many. */
PorchLoad porch_inbox_get_load (PorchInbox *self);
gboolean porch_inbox_has_more (PorchInbox *self);
/* The next page; nothing when there is none or one is on its way. A failure is not told: the next
 * call asks again. */
void porch_inbox_load_more (PorchInbox *self);
/* From the first page. What is shown stays until that comes. */
void porch_inbox_reload (PorchInbox *self);
void porch_inbox_set_frozen (PorchInbox *self, gboolean is_frozen);

G_END_DECLS
