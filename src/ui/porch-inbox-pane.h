/* porch-inbox-pane.h - the list of conversations, by what they need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_INBOX_PANE (porch_inbox_pane_get_type ())
G_DECLARE_FINAL_TYPE (PorchInboxPane, porch_inbox_pane, PORCH, INBOX_PANE, AdwBin)

/* Properties: "mirror", "filter" ("mine", "waiting", "open" or "resolved"), "is-folded" (it is the
 * only pane: a click opens, nothing looks selected), "has-nav-button", "has-start-buttons",
 * "has-end-buttons", "has-banner".
 *
 * Signal: open (PorchConversation *, gboolean is_activated)  @is_activated: by Enter or a click
 * that means it, so the focus should follow */

/* What is open, so that its row looks selected; NULL for nothing. */
void porch_inbox_pane_set_selected (PorchInboxPane *self, PorchConversation *conversation);
/* The one after (1) or before (-1) what is open, or the first. Borrowed, may be NULL. */
PorchConversation *porch_inbox_pane_get_neighbour (PorchInboxPane *self, int step);
void porch_inbox_pane_focus_list (PorchInboxPane *self);
/* Drafts changed. */
void porch_inbox_pane_refresh (PorchInboxPane *self);

G_END_DECLS
