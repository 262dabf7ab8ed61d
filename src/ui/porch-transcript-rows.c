/* porch-transcript-rows.c - the rows of a transcript, used again and again, and the model behind
 * them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-transcript-private.h"

#define N_SPARE    16 /* rows kept per shape */
#define N_ARRIVING 5  /* more lines at once are not one person's word */

PorchTranscriptRow *
porch_transcript_lookup_row (PorchTranscript *self, guint position)
{
  return g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
}

static GPtrArray *
get_spare (PorchTranscript *self, guint shape_index)
{
  if (self->spare[shape_index] == NULL)
    self->spare[shape_index] = g_ptr_array_new ();
  return self->spare[shape_index];
}

static PorchTranscriptShape
get_shape (PorchTranscript *self, guint position, gboolean *starts_day)
{
  g_autoptr (PorchLine) previous =
    position > 0 ? g_list_model_get_item (self->model, position - 1) : NULL;
  g_autoptr (PorchLine) line = g_list_model_get_item (self->model, position);
  g_autoptr (PorchLine) next = g_list_model_get_item (self->model, position + 1);

  return porch_transcript_shape_for (previous, line, next, starts_day);
}

static void on_line_changed (PorchLine *line, PorchTranscript *self);

/* Takes the row out of sight, but leaves it in the widget tree: unparenting queues a resize. */
static void
release_row (PorchTranscript *self, PorchTranscriptRow *row)
{
  GPtrArray *spare = get_spare (self, porch_transcript_row_get_shape_index (row));
  GtkWidget *widget = GTK_WIDGET (row);

  g_signal_handlers_disconnect_by_func (porch_transcript_row_get_line (row), on_line_changed, self);
  if (self->flashing == widget) {
    gtk_widget_remove_css_class (widget, "flash");
    self->flashing = NULL;
  }
  gtk_widget_set_child_visible (widget, FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_insert_before (widget, GTK_WIDGET (self), self->sticky);
  if (gtk_widget_has_focus (widget)) {
    self->restore_focus = TRUE;
    self->parked = widget;
    return;
  }
  self->has_surplus |= spare->len >= N_SPARE;
  g_ptr_array_add (spare, row);
}

/* A new neighbour may end a group or take a day pill away, and so may another state. */
static void
check_row (PorchTranscript *self, guint position)
{
  PorchTranscriptRow *row = porch_transcript_lookup_row (self, position);
  PorchTranscriptShape shape;
  gboolean starts_day;

  if (position >= porch_transcript_get_n_lines (self))
    return;
  porch_heights_forget (self->heights, position);
  if (row == NULL)
    return;
  shape = get_shape (self, position, &starts_day);
  if (porch_transcript_shape_index (&shape) == porch_transcript_row_get_shape_index (row)) {
    porch_transcript_row_bind (row, porch_transcript_row_get_line (row), starts_day);
    return;
  }
  g_hash_table_remove (self->rows, GUINT_TO_POINTER (position));
  release_row (self, row);
}

static void
on_line_changed (PorchLine *line, PorchTranscript *self)
{
  guint position = PORCH_NO_POSITION;
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (position == PORCH_NO_POSITION && g_hash_table_iter_next (&iter, &key, &row)) {
    if (porch_transcript_row_get_line (row) == line)
      position = GPOINTER_TO_UINT (key);
  }
  if (position == PORCH_NO_POSITION)
    return;
  if (position > 0)
    check_row (self, position - 1);
  check_row (self, position);
  check_row (self, position + 1);
  porch_transcript_queue_layout (self);
}

static void
on_row_retry (PorchTranscriptRow *row, PorchTranscript *self)
{
  porch_transcript_tell_retry (self, porch_transcript_row_get_line (row));
}

static void
on_row_remove (PorchTranscriptRow *row, PorchTranscript *self)
{
  porch_transcript_tell_remove (self, porch_transcript_row_get_line (row));
}

static PorchTranscriptRow *
take_row (PorchTranscript *self, const PorchTranscriptShape *shape)
{
  GPtrArray *spare = get_spare (self, porch_transcript_shape_index (shape));
  PorchTranscriptRow *row;

  if (spare->len > 0) {
    row = g_ptr_array_steal_index (spare, spare->len - 1);
    gtk_widget_set_child_visible (GTK_WIDGET (row), TRUE);
    gtk_accessible_reset_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_HIDDEN);
    return row;
  }
  row = PORCH_TRANSCRIPT_ROW (porch_transcript_row_new (shape));
  g_signal_connect_object (row, "retry", G_CALLBACK (on_row_retry), self, 0);
  g_signal_connect_object (row, "remove", G_CALLBACK (on_row_remove), self, 0);
  gtk_widget_insert_before (GTK_WIDGET (row), GTK_WIDGET (self), self->sticky);
  return row;
}

PorchTranscriptRow *
porch_transcript_ensure_row (PorchTranscript *self, guint position)
{
  PorchTranscriptRow *row = porch_transcript_lookup_row (self, position);
  g_autoptr (PorchLine) line = NULL;
  PorchTranscriptShape shape;
  gboolean starts_day;

  if (row != NULL)
    return row;
  line = g_list_model_get_item (self->model, position);
  shape = get_shape (self, position, &starts_day);
  row = take_row (self, &shape);
  porch_transcript_row_bind (row, line, starts_day);
  g_signal_connect_object (line, "changed", G_CALLBACK (on_line_changed), self, 0);
  if (position == self->selected && porch_transcript_row_get_bubble (row) != NULL)
    porch_bubble_set_selection (porch_transcript_row_get_bubble (row), self->selection);
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  return row;
}

void
porch_transcript_release_rows_beyond (PorchTranscript *self, guint first, guint last)
{
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &row)) {
    if (GPOINTER_TO_UINT (key) >= first && GPOINTER_TO_UINT (key) <= last)
      continue;
    g_hash_table_iter_remove (&iter);
    release_row (self, row);
  }
}

void
porch_transcript_release_all_rows (PorchTranscript *self)
{
  porch_transcript_release_rows_beyond (self, PORCH_NO_POSITION, 0);
}

int
porch_transcript_get_height (PorchTranscript *self, guint position)
{
  int height = porch_heights_get (self->heights, position);

  if (height == 0) {
    height = porch_transcript_row_fit (porch_transcript_ensure_row (self, position), self->column);
    height = MAX (1, height);
    porch_heights_set (self->heights, position, height);
  }
  return height;
}

int
porch_transcript_get_tail (PorchTranscript *self, guint position)
{
  PorchTranscriptRow *row = porch_transcript_ensure_row (self, position);

  if (porch_transcript_row_get_tail (row) < 0)
    porch_transcript_row_fit (row, self->column);
  return porch_transcript_row_get_tail (row);
}

/* "Today" is "Yesterday" now. */
void
porch_transcript_refresh_days (PorchTranscript *self)
{
  GHashTableIter iter;
  gpointer row;

  self->today_us = porch_clock_now_us ();
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    porch_transcript_row_update (row);
}

void
porch_transcript_drop_surplus (PorchTranscript *self)
{
  self->has_surplus = FALSE;
  for (guint i = 0; i < PORCH_N_TRANSCRIPT_SHAPES; i++) {
    GPtrArray *spare = self->spare[i];

    while (spare != NULL && spare->len > N_SPARE)
      gtk_widget_unparent (g_ptr_array_steal_index (spare, spare->len - 1));
  }
}

/* ---- model ---- */

/* Where what was at @held is after a change of the list. */
static guint
follow_position (guint held, guint position, guint n_removed, guint n_added)
{
  if (held == PORCH_NO_POSITION || held < position)
    return held;
  if (held >= position + n_removed)
    return held - n_removed + n_added;
  if (n_added > 0)
    return position + MIN (held - position, n_added - 1);
  return position > 0 ? position - 1 : 0;
}

static void
move_rows (PorchTranscript *self, guint position, guint n_removed, guint n_added)
{
  g_autoptr (GHashTable) old_rows = g_steal_pointer (&self->rows);
  GHashTableIter iter;
  gpointer key, row;

  self->rows = g_hash_table_new (NULL, NULL);
  g_hash_table_iter_init (&iter, old_rows);
  while (g_hash_table_iter_next (&iter, &key, &row)) {
    guint at = GPOINTER_TO_UINT (key);

    if (at >= position && at < position + n_removed) {
      release_row (self, row);
      continue;
    }
    at = follow_position (at, position, n_removed, n_added);
    g_hash_table_insert (self->rows, GUINT_TO_POINTER (at), row);
  }
}

static guint
count_messages (PorchTranscript *self, guint position, guint n_lines)
{
  guint n_messages = 0;

  for (guint i = position; i < position + n_lines; i++) {
    g_autoptr (PorchLine) line = g_list_model_get_item (self->model, i);
    PorchLineKind kind = porch_line_get_kind (line);

    n_messages += kind != PORCH_LINE_SYSTEM && kind != PORCH_LINE_NEW;
  }
  return n_messages;
}

/* What came last rises a little, but only where the end is watched. */
static void
let_arrive (PorchTranscript *self, guint position, guint n_added)
{
  if (n_added > N_ARRIVING || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (adw_animation_get_state (self->arrival) != ADW_ANIMATION_PLAYING)
    self->arriving = position;
  adw_animation_reset (self->arrival);
  adw_animation_play (self->arrival);
}

static void
follow_change (PorchTranscript *self, guint position, guint n_removed, guint n_added)
{
  guint *const held[] = { &self->anchor, &self->first, &self->last, &self->target,
                          &self->focus_position };
  gboolean has_lost_focus_line =
    n_added == 0 && self->focus_position >= position && self->focus_position < position + n_removed;

  if (self->anchor >= position && self->anchor < position + n_removed)
    self->anchor_tail = -1;
  if (self->selected >= position && self->selected < position + n_removed)
    self->selected = PORCH_NO_POSITION;
  self->selected = follow_position (self->selected, position, n_removed, n_added);
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    *held[i] = follow_position (*held[i], position, n_removed, n_added);
  /* The focus goes down to what took the place of its line, and only from the last one up. */
  if (has_lost_focus_line)
    self->focus_position = MIN (position, MAX (1, porch_transcript_get_n_lines (self)) - 1);
}

void
porch_transcript_on_items_changed (GListModel *model,
                                   guint position,
                                   guint n_removed,
                                   guint n_added,
                                   PorchTranscript *self)
{
  gboolean is_append =
    n_removed == 0 && position + n_added == porch_transcript_get_n_lines (self) && position > 0;
  double above = porch_heights_above (self->heights, position + n_removed);

  porch_heights_splice (self->heights, position, n_removed, n_added);
  move_rows (self, position, n_removed, n_added);
  if (position <= self->anchor && self->settle_id != 0)
    self->stale_shift += porch_heights_above (self->heights, position + n_added) - above;
  if (is_append && self->follows_end)
    let_arrive (self, position, n_added);
  else if (position > self->last && !self->follows_end)
    porch_transcript_tell_unseen (self, count_messages (self, position, n_added));
  follow_change (self, position, n_removed, n_added);
  if (position > 0)
    check_row (self, position - 1);
  check_row (self, position + n_added);
  porch_transcript_queue_layout (self);
}
