/* porch-transcript-input.c - keyboard and pointer in a transcript: focus, selection, links
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-transcript-private.h"
#include "porch-transcript-words.h"

#include <string.h>

static const PorchSpan NOTHING = { 0, 0 };

static PorchTranscriptRow *
get_row (PorchTranscript *self, guint position)
{
  return position != PORCH_NO_POSITION ? porch_transcript_lookup_row (self, position) : NULL;
}

/* NULL when the line is out of view, or has none. */
static PorchBubble *
get_bubble (PorchTranscript *self, guint position)
{
  PorchTranscriptRow *row = get_row (self, position);

  return row != NULL ? porch_transcript_row_get_bubble (row) : NULL;
}

/* ---- selection ---- */

static void
set_selection (PorchTranscript *self, guint position, PorchSpan selection)
{
  PorchBubble *bubble = self->selected != position ? get_bubble (self, self->selected) : NULL;

  if (bubble != NULL)
    porch_bubble_set_selection (bubble, NOTHING);
  self->selected = position;
  self->selection = selection;
  bubble = get_bubble (self, position);
  if (bubble != NULL)
    porch_bubble_set_selection (bubble, selection);
}

char *
porch_transcript_dup_selection (PorchTranscript *self)
{
  int start = MIN (self->selection.start, self->selection.end);
  int end = MAX (self->selection.start, self->selection.end);
  g_autoptr (PorchLine) line = NULL;

  if (self->selected == PORCH_NO_POSITION || start == end)
    return NULL;
  line = g_list_model_get_item (self->model, self->selected);
  /* The text may have been edited since. */
  if (end > (int) strlen (porch_line_get_text (line)))
    return NULL;
  return g_strndup (porch_line_get_text (line) + start, end - start);
}

static PorchLine *
get_focus_line (PorchTranscript *self)
{
  return self->model != NULL ? g_list_model_get_item (self->model, self->focus_position) : NULL;
}

/* Selected text if there is some, else the whole focused message. */
static gboolean
on_copy (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  g_autofree char *text = porch_transcript_dup_selection (self);
  g_autoptr (PorchLine) line = get_focus_line (self);

  if (text == NULL && line != NULL)
    text = g_strdup (porch_line_get_text (line));
  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return GDK_EVENT_STOP;
}

static gboolean
on_select_all (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  g_autoptr (PorchLine) line = get_focus_line (self);

  if (line != NULL)
    set_selection (self, self->focus_position,
                   (PorchSpan){ 0, strlen (porch_line_get_text (line)) });
  return GDK_EVENT_STOP;
}

/* ---- keyboard ---- */

static gboolean
focus_line (PorchTranscript *self, gint64 position)
{
  gint64 n_lines = porch_transcript_get_n_lines (self);
  PorchTranscriptRow *row;

  if (n_lines == 0)
    return GDK_EVENT_PROPAGATE;
  self->focus_position = (guint) CLAMP (position, 0, n_lines - 1);
  row = get_row (self, self->focus_position);
  if (row != NULL) {
    gtk_widget_grab_focus (GTK_WIDGET (row));
  } else {
    /* The row comes with the next layout, and gets the focus there. */
    self->restore_focus = TRUE;
    gtk_widget_grab_focus (GTK_WIDGET (self));
  }
  porch_transcript_reveal (self, self->focus_position);
  return GDK_EVENT_STOP;
}

static gboolean
on_move (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);

  return focus_line (self, (gint64) self->focus_position + g_variant_get_int32 (args));
}

static gboolean
on_move_to_edge (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  gboolean is_end = g_variant_get_boolean (args);

  focus_line (self, is_end ? G_MAXUINT : 0);
  if (is_end)
    porch_transcript_scroll_to_end (self);
  return GDK_EVENT_STOP;
}

/* By the adjustment, as the wheel does; the focus stays with its message. */
static gboolean
on_page (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  GtkAdjustment *adjustment = PORCH_TRANSCRIPT (widget)->vadjustment;
  double page = gtk_adjustment_get_page_increment (adjustment) * g_variant_get_int32 (args);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + page);
  return GDK_EVENT_STOP;
}

/* To the next link of the focused message; it is the one that Enter opens. */
static gboolean
on_move_link (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  PorchBubble *bubble = get_bubble (self, self->focus_position);
  int n_links = bubble != NULL ? (int) porch_bubble_get_n_links (bubble) : 0;
  int link;

  if (n_links == 0)
    return GDK_EVENT_PROPAGATE;
  link = porch_bubble_get_active_link (bubble) + g_variant_get_int32 (args);
  porch_bubble_set_active_link (bubble, CLAMP (link, 0, n_links - 1));
  return GDK_EVENT_STOP;
}

static void
open_link (PorchTranscript *self, PorchBubble *bubble, int link)
{
  g_autofree char *url = porch_bubble_dup_link (bubble, link);

  porch_transcript_tell_link (self, url);
}

/* What failed is sent again; else the link is opened. */
static gboolean
on_activate (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  PorchBubble *bubble = get_bubble (self, self->focus_position);
  g_autoptr (PorchLine) line = get_focus_line (self);

  if (line != NULL && porch_line_get_delivery (line) == PORCH_DELIVERY_FAILED) {
    porch_transcript_tell_retry (self, line);
    return GDK_EVENT_STOP;
  }
  if (bubble == NULL || porch_bubble_get_n_links (bubble) == 0)
    return GDK_EVENT_PROPAGATE;
  open_link (self, bubble, MAX (0, porch_bubble_get_active_link (bubble)));
  return GDK_EVENT_STOP;
}

/* Only what failed: anything else may be with the visitor already. */
static gboolean
on_remove (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  g_autoptr (PorchLine) line = get_focus_line (self);

  if (line == NULL || porch_line_get_delivery (line) != PORCH_DELIVERY_FAILED)
    return GDK_EVENT_PROPAGATE;
  porch_transcript_tell_remove (self, line);
  return GDK_EVENT_STOP;
}

void
porch_transcript_class_add_input (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, on_move, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, on_move, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, on_move_link, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, on_move_link, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, on_move_to_edge, "b", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, on_move_to_edge, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Up, 0, on_page, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Down, 0, on_page, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, on_activate, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, on_activate, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, on_remove, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Delete, 0, on_remove, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, on_select_all, NULL);
}

/* ---- pointer ---- */

static PorchRowTarget
pick (PorchTranscript *self, double x, double y, guint *position, int *link)
{
  PorchTranscriptRow *row = porch_transcript_get_row_at (self, y, position);
  graphene_point_t at;

  if (row == NULL || !gtk_widget_compute_point (GTK_WIDGET (self), GTK_WIDGET (row),
                                                &GRAPHENE_POINT_INIT (x, y), &at))
    return PORCH_ROW_TARGET_NONE;
  return porch_transcript_row_pick (row, at.x, at.y, link);
}

/* The byte of the text of @position nearest to a point. */
static int
get_index_at (PorchTranscript *self, guint position, double x, double y)
{
  PorchBubble *bubble = get_bubble (self, position);
  graphene_point_t at;
  int index = 0;

  if (bubble != NULL && gtk_widget_compute_point (GTK_WIDGET (self), GTK_WIDGET (bubble),
                                                  &GRAPHENE_POINT_INIT (x, y), &at))
    porch_bubble_get_index_at (bubble, at.x, at.y, &index);
  return index;
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, PorchTranscript *self)
{
  guint position;
  PorchTranscriptRow *row = porch_transcript_get_row_at (self, y, &position);
  int index;

  if (row == NULL || porch_transcript_row_get_bubble (row) == NULL) {
    set_selection (self, PORCH_NO_POSITION, NOTHING);
    return;
  }
  self->focus_position = position;
  gtk_widget_grab_focus (GTK_WIDGET (row));
  index = get_index_at (self, position, x, y);
  if (n_press == 1)
    set_selection (self, position, (PorchSpan){ index, index });
  else if (n_press == 2)
    set_selection (self, position,
                   porch_bubble_get_word_at (porch_transcript_row_get_bubble (row), index));
  else
    on_select_all (GTK_WIDGET (self), NULL, NULL);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, PorchTranscript *self)
{
  double x, y;
  int index;

  if (get_bubble (self, self->selected) == NULL ||
      !gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;
  index = get_index_at (self, self->selected, x + dx, y + dy);
  set_selection (self, self->selected, (PorchSpan){ self->selection.start, index });
}

static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, PorchTranscript *self)
{
  g_autofree char *text = porch_transcript_dup_selection (self);
  guint position;
  int link;
  PorchRowTarget target = pick (self, x, y, &position, &link);
  g_autoptr (PorchLine) line = NULL;

  if (text != NULL || n_press != 1)
    return;
  if (target == PORCH_ROW_TARGET_LINK)
    open_link (self, get_bubble (self, position), link);
  if (target != PORCH_ROW_TARGET_RETRY && target != PORCH_ROW_TARGET_REMOVE)
    return;
  line = g_list_model_get_item (self->model, position);
  if (target == PORCH_ROW_TARGET_RETRY)
    porch_transcript_tell_retry (self, line);
  else
    porch_transcript_tell_remove (self, line);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, PorchTranscript *self)
{
  g_autofree char *text = porch_transcript_dup_selection (self);

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_primary_clipboard (GTK_WIDGET (self)), text);
}

/* A finger scrolls, a mouse selects. */
static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, PorchTranscript *self)
{
  GdkDevice *device =
    gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));

  if (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, PorchTranscript *self)
{
  guint position;
  int link;
  const char *cursor = NULL;

  switch (pick (self, x, y, &position, &link)) {
  case PORCH_ROW_TARGET_LINK:
  case PORCH_ROW_TARGET_RETRY:
  case PORCH_ROW_TARGET_REMOVE:
    cursor = "pointer";
    break;
  case PORCH_ROW_TARGET_TEXT:
    cursor = "text";
    break;
  case PORCH_ROW_TARGET_NONE:
  case PORCH_ROW_TARGET_META:
    break;
  }
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursor);
}

/* Where a link really leads; when, and how far a message got. */
static gboolean
on_query_tooltip (PorchTranscript *self,
                  int x,
                  int y,
                  gboolean is_keyboard,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  guint position = 0;
  int link = 0;
  PorchRowTarget target = is_keyboard ? PORCH_ROW_TARGET_NONE : pick (self, x, y, &position, &link);
  g_autofree char *url = NULL;
  g_autofree char *text = NULL;

  if (target == PORCH_ROW_TARGET_LINK) {
    url = porch_bubble_dup_link (get_bubble (self, position), link);
    text = porch_line_links_dup_target (url);
  } else if (target == PORCH_ROW_TARGET_META || target == PORCH_ROW_TARGET_RETRY ||
             target == PORCH_ROW_TARGET_REMOVE) {
    g_autoptr (PorchLine) line = g_list_model_get_item (self->model, position);

    text = porch_transcript_words_meta_tooltip (line);
  }
  if (text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
porch_transcript_add_input (PorchTranscript *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, 0);
  g_signal_connect_object (click, "released", G_CALLBACK (on_released), self, 0);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (on_drag_begin), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag_update), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (on_drag_end), self, 0);
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, 0);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, motion);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_widget_set_has_tooltip (widget, TRUE);
}
