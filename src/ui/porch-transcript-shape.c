/* porch-transcript-shape.c - what a row looks like beside its neighbours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-transcript-shape.h"

#include "porch-format.h"

#define GROUP_GAP_US (5 * G_TIME_SPAN_MINUTE)

static gboolean
has_bubble (PorchLineKind kind)
{
  return kind != PORCH_LINE_SYSTEM && kind != PORCH_LINE_NEW;
}

gboolean
porch_transcript_shape_has_bubble (const PorchTranscriptShape *shape)
{
  return has_bubble (shape->kind);
}

static gboolean
can_group (PorchLineKind kind)
{
  return has_bubble (kind) && kind != PORCH_LINE_NOTE;
}

static gboolean
is_same_author (PorchLine *a, PorchLine *b)
{
  const char *a_id = porch_line_get_author_id (a);
  const char *b_id = porch_line_get_author_id (b);

  if (a_id != NULL && b_id != NULL)
    return g_str_equal (a_id, b_id);
  return g_str_equal (porch_line_get_author (a), porch_line_get_author (b));
}

/* One state is written under a group, so what waits or failed is never in one group with what did
 * not; and each failed line has its own "Try again". */
static gboolean
is_same_trouble (PorchLine *a, PorchLine *b)
{
  PorchDelivery x = porch_line_get_delivery (a);
  PorchDelivery y = porch_line_get_delivery (b);

  if (x == PORCH_DELIVERY_FAILED || y == PORCH_DELIVERY_FAILED)
    return FALSE;
  return (x == PORCH_DELIVERY_WAITING) == (y == PORCH_DELIVERY_WAITING);
}

static gboolean
is_same_group (PorchLine *a, PorchLine *b)
{
  gint64 a_us, b_us;

  if (a == NULL || b == NULL || porch_line_get_kind (a) != porch_line_get_kind (b) ||
      !can_group (porch_line_get_kind (a)) || !is_same_author (a, b) || !is_same_trouble (a, b))
    return FALSE;
  a_us = porch_line_get_sent_at_us (a);
  b_us = porch_line_get_sent_at_us (b);
  return ABS (b_us - a_us) < GROUP_GAP_US && porch_format_is_same_day (a_us, b_us);
}

guint
porch_transcript_shape_index (const PorchTranscriptShape *shape)
{
  return shape->kind * 16 + (shape->is_first ? 8 : 0) + (shape->is_last ? 4 : 0) +
         (shape->is_unsent ? 2 : 0) + (shape->is_picture ? 1 : 0);
}

PorchTranscriptShape
porch_transcript_shape_for (PorchLine *previous,
                            PorchLine *line,
                            PorchLine *next,
                            gboolean *starts_day)
{
  PorchDelivery delivery = porch_line_get_delivery (line);
  PorchLineKind kind = porch_line_get_kind (line);
  int width, height;
  PorchTranscriptShape shape = {
    .kind = kind,
    .is_first = !is_same_group (previous, line),
    .is_last = !is_same_group (line, next),
    .is_unsent = delivery == PORCH_DELIVERY_WAITING || delivery == PORCH_DELIVERY_FAILED,
    .is_picture = has_bubble (kind) && *porch_line_get_text (line) == '\0' &&
                  porch_line_get_picture_size (line, &width, &height),
  };

  *starts_day = previous == NULL || !porch_format_is_same_day (porch_line_get_sent_at_us (previous),
                                                               porch_line_get_sent_at_us (line));
  return shape;
}
