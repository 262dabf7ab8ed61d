/* porch-transcript-layout.c - which rows of a transcript are in view, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are bound, measured and placed in one pass in size_allocate (), never queueing a resize.
 * Nothing here may emit, notify, unparent or move the focus: GTK is in the middle of a layout.
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-format.h"
#include "porch-tag.h"
#include "porch-transcript-private.h"

#include <math.h>

#define COLUMN_MAX 860 /* px; longer lines are hard to follow, however wide the window */
#define FLASH_MS   1200

/* Another width or another font: all heights are void, the first line being read stays. */
static void
rewrap (PorchTranscript *self, int width, guint serial)
{
  int old_height = self->width > 0 ? porch_heights_get (self->heights, self->anchor) : 0;
  double top = self->anchor_y - old_height;
  int height;

  self->width = width;
  self->column = MIN (width, COLUMN_MAX);
  self->serial = serial;
  porch_heights_clear (self->heights);
  if (old_height == 0 || self->follows_end)
    return;
  height = porch_transcript_get_height (self, self->anchor);
  /* Of a row that began above the view, the same part stays above. */
  if (top < 0)
    top *= (double) height / old_height;
  self->anchor_y = top + height;
  self->anchor_tail = porch_transcript_get_tail (self, self->anchor);
}

/* Time and state below the anchor came or went with a neighbour: its bubble stays. */
static void
hold_bubble (PorchTranscript *self)
{
  int tail;

  if (self->follows_end || self->anchor_tail < 0)
    return;
  tail = porch_transcript_get_tail (self, self->anchor);
  self->anchor_y += tail - self->anchor_tail;
  self->anchor_tail = tail;
}

static void
scroll_to_target (PorchTranscript *self, gboolean is_jump)
{
  int height = porch_transcript_get_height (self, self->target);
  double bottom;

  if (!is_jump && self->target >= self->first && self->target <= self->last) {
    /* Rows in between are known: keep still if the row is all in view. */
    bottom = self->anchor_y + porch_heights_above (self->heights, self->target + 1) -
             porch_heights_above (self->heights, self->anchor + 1);
    if (bottom - height < 0)
      bottom = height;
    else if (bottom > self->view_height)
      bottom = MAX (self->view_height, height);
  } else if (is_jump) {
    bottom = height + MAX (0, (self->view_height - height) / 3);
  } else {
    bottom = self->target < self->first ? height : MAX (self->view_height, height);
  }
  self->anchor = self->target;
  self->anchor_y = bottom;
  self->follows_end = FALSE;
}

static void
scroll_to_place (PorchTranscript *self)
{
  double end = porch_heights_total (self->heights) - self->view_height;
  double fraction;

  porch_transcript_release_all_rows (self);
  self->follows_end = self->scroll_to >= end - 1;
  self->anchor = porch_heights_find (self->heights, MAX (0, self->scroll_to), &fraction);
  self->anchor_y = (1 - fraction) * porch_transcript_get_height (self, self->anchor);
}

static void
apply_scroll (PorchTranscript *self)
{
  switch (self->scroll) {
  case PORCH_SCROLL_NONE:
    break;
  case PORCH_SCROLL_BY:
    self->anchor_y -= self->scroll_by;
    self->follows_end = FALSE;
    break;
  case PORCH_SCROLL_TO:
    scroll_to_place (self);
    break;
  case PORCH_SCROLL_REVEAL:
  case PORCH_SCROLL_JUMP:
    if (self->target + 1 < self->first || self->target > self->last + 1)
      porch_transcript_release_all_rows (self);
    scroll_to_target (self, self->scroll == PORCH_SCROLL_JUMP);
    break;
  }
}

/* Walks from the anchor to both edges of the view; sets the y of the first row's top and of the
 * last row's bottom. */
static void
walk (PorchTranscript *self, int *top, int *bottom)
{
  guint n_lines = porch_transcript_get_n_lines (self);

  if (self->follows_end) {
    self->anchor = n_lines - 1;
    self->anchor_y = self->view_height;
  }
  *bottom = (int) floor (self->anchor_y + 0.5);
  *top = *bottom - porch_transcript_get_height (self, self->anchor);
  self->last = self->anchor;
  while (*bottom < self->view_height && self->last + 1 < n_lines)
    *bottom += porch_transcript_get_height (self, ++self->last);
  self->first = self->anchor;
  while (*top > 0 && self->first > 0)
    *top -= porch_transcript_get_height (self, --self->first);
}

/* Rows that the walk went through, but that are out of view. */
static void
trim (PorchTranscript *self, int *top, int *bottom)
{
  int height;

  while (self->last > self->first) {
    height = porch_transcript_get_height (self, self->last);
    if (*bottom - height < self->view_height)
      break;
    *bottom -= height;
    self->last--;
  }
  while (self->first < self->last) {
    height = porch_transcript_get_height (self, self->first);
    if (*top + height > 0)
      break;
    *top += height;
    self->first++;
  }
}

/* Finds the rows in view; returns the y of the first one's top. */
static int
find_shown (PorchTranscript *self)
{
  int top, bottom;

  walk (self, &top, &bottom);
  if (bottom >= self->view_height && top > 0 && !self->follows_end) {
    /* Past the top. */
    self->anchor = 0;
    self->anchor_y = porch_transcript_get_height (self, 0);
    walk (self, &top, &bottom);
  }
  if (bottom < self->view_height) {
    /* Past the end, or everything fits: the last line sits at the bottom. */
    self->follows_end = TRUE;
    walk (self, &top, &bottom);
  }
  trim (self, &top, &bottom);
  if (self->last == porch_transcript_get_n_lines (self) - 1 && bottom <= self->view_height)
    self->follows_end = TRUE;
  return top;
}

/* The anchor for the next time: the first row that is wholly in view, or else the one that fills
 * it. */
static void
choose_anchor (PorchTranscript *self)
{
  double remainder = self->follows_end ? 0 : self->anchor_y - floor (self->anchor_y + 0.5);
  guint position = self->first;
  int height = porch_transcript_get_height (self, position);
  int top = self->top;

  if (top < 0 && position < self->last &&
      top + height + porch_transcript_get_height (self, position + 1) <= self->view_height) {
    top += height;
    height = porch_transcript_get_height (self, ++position);
  }
  self->anchor = position;
  self->anchor_y = top + height + remainder;
  self->anchor_tail = porch_transcript_get_tail (self, position);
}

/* The order of the widgets is the order for the screen reader. */
static void
order_rows (PorchTranscript *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *previous = NULL;

  porch_transcript_release_rows_beyond (self, self->first, self->last);
  for (guint position = self->first; position <= self->last; position++) {
    GtkWidget *row = GTK_WIDGET (porch_transcript_ensure_row (self, position));
    GtkWidget *at = previous != NULL ? gtk_widget_get_next_sibling (previous)
                                     : gtk_widget_get_first_child (widget);

    porch_transcript_get_height (self, position);
    if (at != row)
      gtk_widget_insert_after (row, widget, previous);
    previous = row;
  }
}

static void
place_rows (PorchTranscript *self)
{
  GtkAllocation at = { (self->width - self->column) / 2, self->top, self->column, 0 };

  for (guint position = self->first; position <= self->last; position++) {
    PorchTranscriptRow *row = porch_transcript_lookup_row (self, position);

    at.height = porch_transcript_get_height (self, position);
    gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
    porch_transcript_row_place (row, &at);
    at.y += at.height;
  }
}

/* The y of the next day's pill, or far below. */
static int
find_next_day (PorchTranscript *self)
{
  int top = self->top;
  gint64 day_us = 0;

  for (guint position = self->first; position <= self->last; position++) {
    PorchTranscriptRow *row = porch_transcript_lookup_row (self, position);
    gint64 at_us = porch_line_get_sent_at_us (porch_transcript_row_get_line (row));

    if (position > self->first && !porch_format_is_same_day (day_us, at_us))
      return top;
    day_us = at_us;
    top += porch_transcript_get_height (self, position);
  }
  return G_MAXINT;
}

/* The day of the first row, under the header; the next day pushes it out. */
static void
place_sticky (PorchTranscript *self)
{
  PorchTranscriptRow *row = porch_transcript_lookup_row (self, self->first);
  gint64 at_us = porch_line_get_sent_at_us (porch_transcript_row_get_line (row));
  g_autofree char *day = NULL;
  int w, h, y;

  /* A row whose own pill is in view needs no other. */
  porch_transcript_row_set_pill_covered (row, self->is_sticky_shown && self->top < 0);
  gtk_widget_set_child_visible (self->sticky, self->top < 0);
  if (self->top >= 0)
    return;
  day = porch_format_day (at_us, self->today_us);
  porch_tag_set_text (PORCH_TAG (self->sticky), day);
  porch_tag_fit (PORCH_TAG (self->sticky), self->column, &w, &h);
  y = self->is_sticky_shown ? MIN (0, find_next_day (self) - h) : 0;
  gtk_widget_size_allocate (self->sticky, &(GtkAllocation){ (self->width - w) / 2, y, w, h }, -1);
}

static gboolean
on_flash_over (gpointer user_data)
{
  PorchTranscript *self = user_data;

  self->flash_id = 0;
  if (self->flashing != NULL)
    gtk_widget_remove_css_class (self->flashing, "flash");
  self->flashing = NULL;
  return G_SOURCE_REMOVE;
}

static void
flash_target (PorchTranscript *self)
{
  g_clear_handle_id (&self->flash_id, g_source_remove);
  on_flash_over (self);
  self->flashing = GTK_WIDGET (porch_transcript_lookup_row (self, self->target));
  gtk_widget_add_css_class (self->flashing, "flash");
  self->flash_id = g_timeout_add (FLASH_MS, on_flash_over, self);
}

static void
lay_out_rows (PorchTranscript *self)
{
  if (!porch_format_is_same_day (self->today_us, porch_clock_now_us ()))
    porch_transcript_refresh_days (self);
  hold_bubble (self);
  apply_scroll (self);
  self->top = find_shown (self);
  choose_anchor (self);
  order_rows (self);
  if (self->scroll == PORCH_SCROLL_JUMP)
    flash_target (self);
}

static void
lay_out (PorchTranscript *self)
{
  if (porch_transcript_get_n_lines (self) > 0)
    lay_out_rows (self);
  else
    porch_transcript_release_all_rows (self);
  porch_transcript_configure_adjustment (self);
  self->is_dirty = FALSE;
  self->scroll = PORCH_SCROLL_NONE;
  self->scroll_by = 0;
  porch_transcript_tell_laid_out (self);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);

  self->tick_id = 0;
  if (self->is_dirty && self->width > 0)
    lay_out (self);
  return G_SOURCE_REMOVE;
}

void
porch_transcript_queue_layout (PorchTranscript *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->is_dirty = TRUE;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (widget, on_tick, NULL, NULL);
  gtk_widget_queue_allocate (widget);
}

void
porch_transcript_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  guint serial = pango_context_get_serial (gtk_widget_get_pango_context (widget));

  if (self->vadjustment == NULL)
    return;
  self->is_dirty |= self->view_height != height;
  self->view_height = height;
  if (self->width != width || self->serial != serial) {
    rewrap (self, width, serial);
    self->is_dirty = TRUE;
  }
  if (self->is_dirty) {
    self->has_late_rows = TRUE;
    lay_out (self);
  }
  if (porch_transcript_get_n_lines (self) == 0) {
    gtk_widget_set_child_visible (self->sticky, FALSE);
    return;
  }
  place_rows (self);
  place_sticky (self);
}

PorchTranscriptRow *
porch_transcript_get_row_at (PorchTranscript *self, double y, guint *position)
{
  double bottom = self->anchor_y;
  int height;

  if (porch_transcript_get_n_lines (self) == 0)
    return NULL;
  *position = self->anchor;
  height = porch_transcript_get_height (self, *position);
  while (*position > self->first && y < bottom - height) {
    bottom -= height;
    height = porch_transcript_get_height (self, --(*position));
  }
  while (*position < self->last && y >= bottom) {
    height = porch_transcript_get_height (self, ++(*position));
    bottom += height;
  }
  if (y >= bottom || y < bottom - height)
    return NULL;
  return porch_transcript_lookup_row (self, *position);
}
