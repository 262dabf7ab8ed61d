/* porch-window-panes.c - from pane to pane by keyboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tab walks through everything, the facts of the details one by one. F6 is the way past them, as in
 * other programs with panes: list, conversation, details, nav and around again.
 */
#include "config.h"

#include "porch-window-private.h"

enum {
  PANE_INBOX,
  PANE_CONVERSATION,
  PANE_DETAILS,
  PANE_NAV,
  N_PANES
};

static GtkWidget *
get_pane (PorchWindow *self, int pane)
{
  switch (pane) {
  case PANE_INBOX:
    return GTK_WIDGET (self->inbox);
  case PANE_CONVERSATION:
    return GTK_WIDGET (self->conversation_pane);
  case PANE_DETAILS:
    return GTK_WIDGET (self->details_bin);
  default:
    return GTK_WIDGET (self->nav);
  }
}

static gboolean
has_focus (PorchWindow *self, GtkWidget *pane)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, pane);
}

/* A pane that slid away is still mapped, but stands outside of the window. */
static gboolean
can_be_seen (PorchWindow *self, int pane)
{
  if (pane == PANE_DETAILS && !adw_flap_get_reveal_flap (self->details_flap))
    return FALSE;
  if (pane == PANE_NAV && !adw_flap_get_reveal_flap (self->nav_flap))
    return FALSE;
  return gtk_widget_get_mapped (get_pane (self, pane));
}

/* To where one works in it, and else to the first thing that takes the focus. */
static void
enter (PorchWindow *self, int pane)
{
  GtkWidget *widget = get_pane (self, pane);

  if (pane == PANE_INBOX)
    porch_inbox_pane_focus_list (self->inbox);
  else if (pane == PANE_CONVERSATION)
    porch_conversation_pane_focus_composer (self->conversation_pane);
  if (!has_focus (self, widget))
    gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

void
porch_window_step_pane (PorchWindow *self, int step)
{
  int from = step > 0 ? N_PANES - 1 : 0;

  for (int pane = 0; pane < N_PANES; pane++)
    if (has_focus (self, get_pane (self, pane)))
      from = pane;
  for (int i = 1; i < N_PANES; i++) {
    const int pane = (from + i * step + N_PANES * N_PANES) % N_PANES;

    if (!can_be_seen (self, pane))
      continue;
    enter (self, pane);
    if (has_focus (self, get_pane (self, pane)))
      return;
  }
}
