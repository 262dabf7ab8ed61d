/* porch-window-private.h - what the window's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * porch-window.c arranges the panes; porch-window-actions.c has what the keys and menus do,
 * porch-window-dialogs.c the windows that they open, porch-window-panes.c the way from pane to
 * pane.
 */
#pragma once

#include "porch-conversation-pane.h"
#include "porch-inbox-pane.h"
#include "porch-nav-pane.h"
#include "porch-window.h"

G_BEGIN_DECLS

struct _PorchWindow {
  AdwApplicationWindow parent_instance;

  GtkStack *pages;
  AdwToastOverlay *inbox_toasts;
  AdwToastOverlay *conversation_toasts;
  AdwFlap *nav_flap;
  AdwFlap *details_flap;
  AdwLeaflet *leaflet;
  GtkWidget *inbox_leaf;
  GtkWidget *conversation_leaf;
  PorchNavPane *nav;
  PorchInboxPane *inbox;
  PorchConversationPane *conversation_pane;
  AdwBin *details_bin;

  PorchMirror *mirror;
  PorchClient *client;
  PorchConversation *conversation;
  GSignalGroup *conversation_signals;
  GCancellable *cancellable; /* what was begun for this window ends with it */
  GtkWidget *first_run;      /* while it is shown */
  gboolean is_short;
  gboolean is_wide;
  gboolean was_folded;  /* the details, when they were arranged last */
  gboolean has_details; /* a person wants them beside the conversation */
  guint layout_idle;
};

void porch_window_install_actions (GtkWidgetClass *widget_class);
void porch_window_install_dialogs (GtkWidgetClass *widget_class);
/* Backups, secrets and the website are for admins. */
gboolean porch_window_can_keep (PorchWindow *self);
/* What can be done now, and what cannot. */
void porch_window_update_actions (PorchWindow *self);
void porch_window_toast (PorchWindow *self, const char *words);
void porch_window_take (PorchWindow *self);
void porch_window_open (PorchWindow *self, PorchConversation *conversation, gboolean with_focus);
/* The focus into the pane after the one that has it, or before it: @step is 1 or -1. */
void porch_window_step_pane (PorchWindow *self, int step);
/* Lets go of the conversation in the folded window, where the inbox stands instead of it. */
void porch_window_go_back (PorchWindow *self);

G_END_DECLS
