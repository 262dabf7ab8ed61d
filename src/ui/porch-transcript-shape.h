/* porch-transcript-shape.h - what a row looks like beside its neighbours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-line.h"

G_BEGIN_DECLS

/* Rows of one shape are interchangeable without a style class changing. */
typedef struct {
  PorchLineKind kind;
  gboolean is_first; /* of the messages one sender wrote in a row */
  gboolean is_last;
  gboolean is_unsent; /* and it is not clear that it will be sent */
  gboolean is_picture;
} PorchTranscriptShape;

#define PORCH_N_TRANSCRIPT_SHAPES (PORCH_N_LINE_KINDS * 16)

/* @previous and @next may be NULL. *@starts_day is TRUE when a day pill belongs above @line. */
PorchTranscriptShape porch_transcript_shape_for (PorchLine *previous,
                                                 PorchLine *line,
                                                 PorchLine *next,
                                                 gboolean *starts_day);
/* Below PORCH_N_TRANSCRIPT_SHAPES. */
guint porch_transcript_shape_index (const PorchTranscriptShape *shape);
gboolean porch_transcript_shape_has_bubble (const PorchTranscriptShape *shape);

G_END_DECLS
