/* porch-transcript-private.h - what the parts of PorchTranscript share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * porch-transcript.c is the class and its doors, -rows.c the rows and the model behind them,
 * -layout.c what is in view and where, -scroll.c the adjustment, -input.c keyboard and pointer.
 */
#pragma once

#include "porch-heights.h"
#include "porch-transcript-row.h"
#include "porch-transcript.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_NO_POSITION GTK_INVALID_LIST_POSITION

typedef enum {
  PORCH_SCROLL_NONE,
  PORCH_SCROLL_BY,     /* wheel, touchpad, keys: a distance, exact to the pixel */
  PORCH_SCROLL_TO,     /* scrollbar: a place in the whole, by estimated heights */
  PORCH_SCROLL_REVEAL, /* as little as needed to show `target` */
  PORCH_SCROLL_JUMP,   /* `target` a third down the view */
} PorchScroll;

struct _PorchTranscript {
  GtkWidget parent_instance;

  GListModel *model;
  GtkAdjustment *hadjustment;
  GtkAdjustment *vadjustment;

  /* rows */
  PorchHeights *heights;
  GHashTable *rows;                            /* position -> row */
  GPtrArray *spare[PORCH_N_TRANSCRIPT_SHAPES]; /* NULL until there is one */
  gboolean has_surplus;
  guint first;
  guint last;

  /* The one truth about the position: the bottom of row `anchor` is `anchor_y` below the view's
   * top. What is held is the bottom of its bubble, `anchor_tail` above that; -1 when not known. */
  guint anchor;
  double anchor_y;
  int anchor_tail;
  gboolean follows_end;

  /* The next layout applies these. */
  PorchScroll scroll;
  double scroll_by;
  double scroll_to;
  guint target;

  /* What the adjustment says, and by how much that differs from what the heights say. */
  double reported;
  double bias;
  double stale_shift;
  gboolean is_configuring;
  guint settle_id;

  /* What the layout found; rows are placed from `top` on when GTK allocates. */
  gboolean is_dirty;
  gboolean has_late_rows;
  guint tick_id;
  int top;
  int width;
  int column;
  int view_height;
  guint serial;
  gint64 today_us; /* some time of the day for which the pills were written */
  guint midnight_id;
  guint n_unseen;
  guint wanted_at;
  guint laid_out_id;
  gboolean told_follows_end;

  GtkWidget *sticky; /* the day, under the header, while scrolling */
  gboolean is_sticky_shown;
  guint sticky_id;

  AdwAnimation *arrival; /* of the lines from `arriving` on */
  guint arriving;
  double arrived;

  guint focus_position;
  gboolean restore_focus;
  GtkWidget *parked; /* has the focus, but is out of view */
  GtkWidget *flashing;
  guint flash_id;
  guint selected; /* PORCH_NO_POSITION: no text is selected */
  PorchSpan selection;
};

/* porch-transcript.c */
guint porch_transcript_get_n_lines (PorchTranscript *self);
void porch_transcript_reveal (PorchTranscript *self, guint position);
/* Signals and notifications, once the layout is over. */
void porch_transcript_tell_laid_out (PorchTranscript *self);
void porch_transcript_tell_unseen (PorchTranscript *self, guint n_more);
void porch_transcript_tell_link (PorchTranscript *self, const char *url);
void porch_transcript_tell_retry (PorchTranscript *self, PorchLine *line);
void porch_transcript_tell_remove (PorchTranscript *self, PorchLine *line);

/* porch-transcript-rows.c */
PorchTranscriptRow *porch_transcript_lookup_row (PorchTranscript *self, guint position);
PorchTranscriptRow *porch_transcript_ensure_row (PorchTranscript *self, guint position);
void porch_transcript_release_all_rows (PorchTranscript *self);
/* Out of view: rows below @first and above @last. */
void porch_transcript_release_rows_beyond (PorchTranscript *self, guint first, guint last);
int porch_transcript_get_height (PorchTranscript *self, guint position);
int porch_transcript_get_tail (PorchTranscript *self, guint position);
void porch_transcript_refresh_days (PorchTranscript *self);
void porch_transcript_drop_surplus (PorchTranscript *self);
void porch_transcript_on_items_changed (GListModel *model,
                                        guint position,
                                        guint n_removed,
                                        guint n_added,
                                        PorchTranscript *self);

/* porch-transcript-layout.c */
void porch_transcript_queue_layout (PorchTranscript *self);
void porch_transcript_size_allocate (GtkWidget *widget, int width, int height, int baseline);
/* The row at @y, or NULL. */
PorchTranscriptRow *porch_transcript_get_row_at (PorchTranscript *self, double y, guint *position);

/* porch-transcript-scroll.c */
void porch_transcript_set_adjustment (PorchTranscript *self,
                                      GtkAdjustment **slot,
                                      GtkAdjustment *adjustment);
void porch_transcript_configure_adjustment (PorchTranscript *self);
void porch_transcript_stop_scrolling (PorchTranscript *self);

/* porch-transcript-input.c */
void porch_transcript_class_add_input (GtkWidgetClass *widget_class);
void porch_transcript_add_input (PorchTranscript *self);

G_END_DECLS
