/* porch-window.h - the window: the panes, what stands above them, and the keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client of the agent API only. It shows the assistant of the first run while the client's link
 * is SET_UP, and otherwise the inbox, the conversation and its details.
 *
 * The application must have PORCH_RESOURCE_PATH as its resource base path: style sheets and icons
 * are found there.
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_WINDOW (porch_window_get_type ())
G_DECLARE_FINAL_TYPE (PorchWindow, porch_window, PORCH, WINDOW, AdwApplicationWindow)

/* Properties: "mirror" (PorchMirror, construct only), "conversation" (PorchConversation that is
 * open, or NULL). */
GtkWidget *porch_window_new (AdwApplication *app, PorchMirror *mirror);

/* Opens conversation @id, loading it when it is not known, and brings the window to the front;
 * takes it for us with @take. */
void porch_window_present_conversation (PorchWindow *self, const char *id, gboolean take);
/* Opens @conversation; NULL closes the one that is open. */
void porch_window_set_conversation (PorchWindow *self, PorchConversation *conversation);
PorchConversation *porch_window_get_conversation (PorchWindow *self);
/* TRUE while a person can see @conversation: it is open, in front, and the window has the focus. */
gboolean porch_window_is_looking_at (PorchWindow *self, PorchConversation *conversation);

G_END_DECLS
