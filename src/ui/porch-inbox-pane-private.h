/* porch-inbox-pane-private.h - what the files of the inbox pane share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-inbox-pane.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_INBOX_PANE_MIRROR = 1,
  PORCH_INBOX_PANE_FILTER,
  PORCH_INBOX_PANE_IS_FOLDED,
  PORCH_INBOX_PANE_HAS_NAV_BUTTON,
  PORCH_INBOX_PANE_HAS_START_BUTTONS,
  PORCH_INBOX_PANE_HAS_END_BUTTONS,
  PORCH_INBOX_PANE_HAS_BANNER,
} PorchInboxPaneProp;

#define PORCH_INBOX_PANE_N_PROPS (PORCH_INBOX_PANE_HAS_BANNER + 1)

struct _PorchInboxPane {
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;
  AdwStatusPage *error_page; /* made when something fails */
  GtkLabel *empty_title;
  GtkLabel *empty_words;
  GtkButton *practice_button;
  GtkRevealer *held_revealer;
  GtkButton *held_button;
  GtkSingleSelection *selection;

  PorchMirror *mirror;
  char *filter;
  PorchInbox *inbox;
  GSignalGroup *inbox_signals;
  PorchConversation *selected;
  GPtrArray *rows; /* not owned: those that are bound */
  guint tick;
  guint thaw;
  gboolean is_syncing;
  gboolean is_pointed_at;
  gboolean flags[PORCH_INBOX_PANE_N_PROPS]; /* by property */
};

/* A row was chosen. */
void porch_inbox_pane_open (PorchInboxPane *self,
                            PorchConversation *conversation,
                            gboolean is_activated);
guint porch_inbox_pane_count (PorchInboxPane *self);
/* Rows, or why there are none. */
void porch_inbox_pane_show_state (PorchInboxPane *self);
/* The row of the open conversation looks chosen, if it is in the list. */
void porch_inbox_pane_sync_selection (PorchInboxPane *self);
void porch_inbox_pane_freeze_or_thaw (PorchInboxPane *self);
/* How many wait to come in. */
void porch_inbox_pane_show_held (PorchInboxPane *self);
void porch_inbox_pane_hear_items (PorchInboxPane *self);
void porch_inbox_pane_let_in (GtkWidget *widget, const char *action, GVariant *parameter);
void porch_inbox_pane_bind_list (GtkWidgetClass *widget_class);

G_END_DECLS
