/* porch-transcript-scroll.c - a transcript and its adjustment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The adjustment is only a picture of the anchor, made from known heights and a mean for the rest.
 * It may be wrong by a page without any text moving.
 */
#include "config.h"

#include "porch-transcript-private.h"

#include <math.h>

#define SETTLE_MS 250  /* no scrolling for so long: the scrollbar may be put right */
#define STICKY_MS 1500 /* the day stays so long after the last movement */

static gboolean
on_settled (gpointer user_data)
{
  PorchTranscript *self = user_data;

  self->settle_id = 0;
  self->stale_shift = 0;
  if (self->bias != 0)
    porch_transcript_queue_layout (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_sticky_over (gpointer user_data)
{
  PorchTranscript *self = user_data;

  self->sticky_id = 0;
  self->is_sticky_shown = FALSE;
  gtk_widget_remove_css_class (self->sticky, "shown");
  porch_transcript_queue_layout (self);
  return G_SOURCE_REMOVE;
}

static void
show_sticky (PorchTranscript *self)
{
  g_clear_handle_id (&self->sticky_id, g_source_remove);
  self->sticky_id = g_timeout_add (STICKY_MS, on_sticky_over, self);
  self->is_sticky_shown = TRUE;
  gtk_widget_add_css_class (self->sticky, "shown");
}

/* Where in the whole the scrollbar points to. Its ends are the ends, whatever was carried over. */
static double
get_place (PorchTranscript *self, double value)
{
  double last = gtk_adjustment_get_upper (self->vadjustment) - self->view_height;

  if (value <= 0)
    return 0;
  return value >= last - 1 ? G_MAXDOUBLE : value - self->bias;
}

static void
on_value_changed (GtkAdjustment *adjustment, PorchTranscript *self)
{
  double value = gtk_adjustment_get_value (adjustment);
  double distance = value - self->reported;

  if (self->is_configuring || self->view_height == 0)
    return;
  /* A fling or a drag that began before rows were put above still counts from the old top. */
  if (self->stale_shift > self->view_height &&
      fabs (distance + self->stale_shift) < fabs (distance)) {
    value += self->stale_shift;
    distance += self->stale_shift;
  }
  self->reported = value;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
  show_sticky (self);

  if (fabs (distance) <= 2 * self->view_height && self->scroll != PORCH_SCROLL_TO) {
    self->scroll = PORCH_SCROLL_BY;
    self->scroll_by += distance;
  } else {
    self->scroll = PORCH_SCROLL_TO;
    self->scroll_to = get_place (self, value);
  }
  porch_transcript_queue_layout (self);
}

void
porch_transcript_set_adjustment (PorchTranscript *self,
                                 GtkAdjustment **slot,
                                 GtkAdjustment *adjustment)
{
  if (*slot != NULL)
    g_signal_handlers_disconnect_by_data (*slot, self);
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  g_object_ref_sink (adjustment);
  g_clear_object (slot);
  *slot = adjustment;
  if (slot == &self->vadjustment)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_value_changed), self, 0);
  porch_transcript_queue_layout (self);
}

/* Ends a fling; the next movement is somebody's new wish. */
static void
stop_kinetic_scrolling (PorchTranscript *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkScrolledWindow *window = GTK_IS_SCROLLED_WINDOW (parent) ? GTK_SCROLLED_WINDOW (parent) : NULL;

  if (window == NULL || !gtk_scrolled_window_get_kinetic_scrolling (window))
    return;
  gtk_scrolled_window_set_kinetic_scrolling (window, FALSE);
  gtk_scrolled_window_set_kinetic_scrolling (window, TRUE);
}

void
porch_transcript_stop_scrolling (PorchTranscript *self)
{
  stop_kinetic_scrolling (self);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->stale_shift = 0;
}

/* While someone scrolls, the value they set is left as it is (a kinetic scroll goes on from its own
 * idea of the value) and the difference to the truth is carried as the bias. */
void
porch_transcript_configure_adjustment (PorchTranscript *self)
{
  double page = self->view_height;
  double total = 0, value = 0;

  if (porch_transcript_get_n_lines (self) > 0) {
    total = porch_heights_total (self->heights);
    value = MAX (0, porch_heights_above (self->heights, self->anchor + 1) - self->anchor_y);
  }
  if (self->settle_id == 0)
    self->bias = 0;
  else if (self->scroll == PORCH_SCROLL_BY || self->scroll == PORCH_SCROLL_TO)
    self->bias = self->reported - value;
  if (self->bias < 0 && value > 0.5 && value + self->bias <= 0.5) {
    /* The scrollbar is at the top, the text is not. */
    stop_kinetic_scrolling (self);
    self->bias = 0;
  }

  self->reported = MAX (0, value + self->bias);
  self->is_configuring = TRUE;
  gtk_adjustment_configure (self->vadjustment, self->reported, 0,
                            MAX (total + self->bias, self->reported + page), page * 0.1, page * 0.9,
                            page);
  self->is_configuring = FALSE;
}
