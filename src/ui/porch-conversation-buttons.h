/* porch-conversation-buttons.h - what can be done with the open conversation, in its header
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One button for what is next (Take, Resolve or Reopen) and a menu with everything.
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONVERSATION_BUTTONS (porch_conversation_buttons_get_type ())
G_DECLARE_FINAL_TYPE (PorchConversationButtons,
                      porch_conversation_buttons,
                      PORCH,
                      CONVERSATION_BUTTONS,
                      AdwBin)

/* Properties: "conversation" (PorchConversation, or NULL), "is-short": all is in the menu only,
 * "is-narrow": signs instead of words. */
GtkWidget *porch_conversation_buttons_new (PorchMirror *mirror);

G_END_DECLS
