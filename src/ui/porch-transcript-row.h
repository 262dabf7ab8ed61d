/* porch-transcript-row.h - one row of the transcript: day, sender, avatar, bubble, time and state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-bubble.h"
#include "porch-transcript-shape.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_ROW_TARGET_NONE,
  PORCH_ROW_TARGET_TEXT,
  PORCH_ROW_TARGET_LINK,
  PORCH_ROW_TARGET_RETRY,
  PORCH_ROW_TARGET_REMOVE,
  PORCH_ROW_TARGET_META, /* time and state: they have a tooltip */
} PorchRowTarget;

#define PORCH_TYPE_TRANSCRIPT_ROW (porch_transcript_row_get_type ())
G_DECLARE_FINAL_TYPE (PorchTranscriptRow, porch_transcript_row, PORCH, TRANSCRIPT_ROW, GtkWidget)

/* Signals "retry" and "remove": a person asks to send a failed line again, or to be rid of it, by a
 * screen reader. */
GtkWidget *porch_transcript_row_new (const PorchTranscriptShape *shape);
guint porch_transcript_row_get_shape_index (PorchTranscriptRow *self);
void porch_transcript_row_bind (PorchTranscriptRow *self, PorchLine *line, gboolean starts_day);
/* The line changed in place. */
void porch_transcript_row_update (PorchTranscriptRow *self);
/* NULL before the first bind. */
PorchLine *porch_transcript_row_get_line (PorchTranscriptRow *self);
/* NULL for system and new lines. */
PorchBubble *porch_transcript_row_get_bubble (PorchTranscriptRow *self);
/* The height of the bound line in a column of @width. */
int porch_transcript_row_fit (PorchTranscriptRow *self, int width);
/* Allocates it, and its parts even when only they changed (see porch_bubble_place ()). */
void porch_transcript_row_place (PorchTranscriptRow *self, const GtkAllocation *at);
/* How much of that height is below the bubble; -1 when the row was not fitted since it changed. */
int porch_transcript_row_get_tail (PorchTranscriptRow *self);
/* The transcript shows the day of this row itself. */
void porch_transcript_row_set_pill_covered (PorchTranscriptRow *self, gboolean is_covered);
/* What is at a point of the row. @link is set for LINK. */
PorchRowTarget porch_transcript_row_pick (PorchTranscriptRow *self, double x, double y, int *link);

G_END_DECLS
