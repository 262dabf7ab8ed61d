/* porch-inbox-pane-list.c - the rows of the inbox: which is chosen, and when they may move
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing moves under the pointer: while it is over the list, or the list is scrolled, the model is
 * frozen and a pill counts what waits to come in.
 */
#include "config.h"

#include "porch-inbox-pane-private.h"

#include "porch-inbox-row.h"

#include <glib/gi18n.h>

/* GtkSingleSelection keeps a position and not an object, so it is put right by hand; and what is
 * put right must not look like a person's choice, hence is_syncing. */
void
porch_inbox_pane_sync_selection (PorchInboxPane *self)
{
  guint position = GTK_INVALID_LIST_POSITION;
  const guint n_items = porch_inbox_pane_count (self);

  for (guint i = 0; self->selected != NULL && i < n_items; i++) {
    g_autoptr (PorchConversation) item = g_list_model_get_item (G_LIST_MODEL (self->inbox), i);

    if (item == self->selected) {
      position = i;
      break;
    }
  }
  self->is_syncing = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->is_syncing = FALSE;
}

void
porch_inbox_pane_freeze_or_thaw (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->inbox != NULL)
    porch_inbox_set_frozen (self->inbox,
                            self->is_pointed_at || gtk_adjustment_get_value (adjustment) > 1);
}

void
porch_inbox_pane_show_held (PorchInboxPane *self)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *words = NULL;
  int n_held;

  g_value_init (&value, G_TYPE_INT);
  g_object_get_property (G_OBJECT (self->inbox), "n-held", &value);
  n_held = g_value_get_int (&value);
  if (n_held > 0) {
    /* Translators: conversations that came while the list was not to move */
    words = g_strdup_printf (ngettext ("%d new", "%d new", n_held), n_held);
    gtk_button_set_label (self->held_button, words);
  }
  gtk_revealer_set_reveal_child (self->held_revealer, n_held > 0);
}

/* Two pages ahead, so that nobody sees the seam. */
static void
load_more_near_end (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  const double page = gtk_adjustment_get_page_size (adjustment);
  const double left =
    gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment) - page;

  if (self->inbox != NULL && left < 2 * page && porch_inbox_has_more (self->inbox))
    porch_inbox_load_more (self->inbox);
}

static void
on_scrolled (PorchInboxPane *self)
{
  porch_inbox_pane_freeze_or_thaw (self);
  load_more_near_end (self);
}

/* The list holds on to the row that was its first and moves along with it. That would be a scrolled
 * list, which is frozen, without anybody having scrolled. */
static void
stay_at_top (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (porch_inbox_pane_count (self) > 0 && gtk_adjustment_get_value (adjustment) <= 1)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

void
porch_inbox_pane_hear_items (PorchInboxPane *self)
{
  stay_at_top (self);
  porch_inbox_pane_show_state (self);
  /* The selection forgets what leaves the list and does not find it again when it comes back. */
  porch_inbox_pane_sync_selection (self);
}

static void
on_pointer_entered (PorchInboxPane *self)
{
  self->is_pointed_at = TRUE;
  porch_inbox_pane_freeze_or_thaw (self);
}

static gboolean
on_thaw (gpointer user_data)
{
  PorchInboxPane *self = user_data;

  self->thaw = 0;
  porch_inbox_pane_freeze_or_thaw (self);
  return G_SOURCE_REMOVE;
}

/* The pointer also leaves when the list is being taken off the screen, and then its rows may not
 * change under GTK's hands. */
static void
on_pointer_left (PorchInboxPane *self)
{
  self->is_pointed_at = FALSE;
  if (self->thaw == 0)
    self->thaw = g_idle_add (on_thaw, self);
}

/* Arrows open what they pass, as in a mail program, but only beside the list: folded, the list
 * would be gone under the hand. */
static void
on_selected_changed (PorchInboxPane *self)
{
  PorchConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (self->is_syncing || self->flags[PORCH_INBOX_PANE_IS_FOLDED] || conversation == NULL)
    return;
  porch_inbox_pane_open (self, conversation, FALSE);
}

static void
on_row_activated (PorchInboxPane *self, guint position)
{
  g_autoptr (PorchConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (self->inbox), position);

  if (conversation != NULL)
    porch_inbox_pane_open (self, conversation, TRUE);
}

static void
on_row_setup (PorchInboxPane *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, porch_inbox_row_new (self->mirror));
}

/* Bound rows are kept at hand, since minutes, drafts and ticks change without the model saying so.
 */
static void
on_row_bind (PorchInboxPane *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  porch_inbox_row_set_conversation (PORCH_INBOX_ROW (row), gtk_list_item_get_item (item));
  g_ptr_array_add (self->rows, row);
}

static void
on_row_unbind (PorchInboxPane *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  g_ptr_array_remove_fast (self->rows, row);
  porch_inbox_row_set_conversation (PORCH_INBOX_ROW (row), NULL);
}

void
porch_inbox_pane_let_in (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (widget);

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  porch_inbox_set_frozen (self->inbox, FALSE);
  porch_inbox_pane_freeze_or_thaw (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

PorchConversation *
porch_inbox_pane_get_neighbour (PorchInboxPane *self, int step)
{
  const guint n_items = porch_inbox_pane_count (self);
  const guint selected = gtk_single_selection_get_selected (self->selection);
  g_autoptr (PorchConversation) neighbour = NULL;
  gint64 wanted = 0;

  if (n_items == 0)
    return NULL;
  if (selected != GTK_INVALID_LIST_POSITION)
    wanted = CLAMP ((gint64) selected + step, 0, (gint64) n_items - 1);
  neighbour = g_list_model_get_item (G_LIST_MODEL (self->inbox), (guint) wanted);
  /* The model keeps it. */
  return neighbour;
}

/* On the row of what is open: the list itself only knows the one that had the focus last. */
void
porch_inbox_pane_focus_list (PorchInboxPane *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = self->rows->pdata[i];

    if (self->selected != NULL &&
        porch_inbox_row_get_conversation (PORCH_INBOX_ROW (row)) == self->selected &&
        gtk_widget_grab_focus (gtk_widget_get_parent (row)))
      return;
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
porch_inbox_pane_bind_list (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_left);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_scrolled);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_changed);
}
