/* porch-chat.h - what was said with one visitor, and where one answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CHAT (porch_chat_get_type ())
G_DECLARE_FINAL_TYPE (PorchChat, porch_chat, PORCH, CHAT, AdwBin)

/* Properties: "mirror" (PorchMirror), "conversation" (PorchConversation, or NULL), "is-watched": a
 * person sees it now, so that what comes is read; "is-short": there is little height. */
GtkWidget *porch_chat_new (PorchMirror *mirror);
void porch_chat_set_conversation (PorchChat *self, PorchConversation *conversation);
void porch_chat_focus_composer (PorchChat *self);

G_END_DECLS
