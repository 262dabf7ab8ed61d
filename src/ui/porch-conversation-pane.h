/* porch-conversation-pane.h - the pane of the open conversation: whom it is with, what can be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONVERSATION_PANE (porch_conversation_pane_get_type ())
G_DECLARE_FINAL_TYPE (PorchConversationPane,
                      porch_conversation_pane,
                      PORCH,
                      CONVERSATION_PANE,
                      AdwBin)

/* Properties: "mirror" (PorchMirror), "conversation" (PorchConversation, or NULL), "is-watched",
 * "is-short", "is-narrow", "has-back-button", "has-details-button", "has-start-buttons",
 * "has-end-buttons", "has-banner". */
void porch_conversation_pane_set_conversation (PorchConversationPane *self,
                                               PorchConversation *conversation);
void porch_conversation_pane_focus_composer (PorchConversationPane *self);

G_END_DECLS
