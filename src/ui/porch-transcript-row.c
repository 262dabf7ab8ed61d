/* porch-transcript-row.c - one row of the transcript: day, sender, avatar, bubble, time and state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the top: [day pill] [sender] bubble [time and state]. What comes and goes with a neighbour
 * is either above the bubble or the tail below it; the transcript holds the bottom of a bubble, so
 * the text that is being read stays where it is, whatever a neighbour does to the row.
 */
#include "config.h"

#include "porch-transcript-row.h"

#include "porch-compat.h"
#include "porch-tag.h"
#include "porch-transcript-row-private.h"
#include "porch-transcript-words.h"

#include <math.h>

#define SIDE            18 /* px, from the column's edge to a bubble */
#define SIDE_NARROW     12
#define NARROW_BELOW    440 /* px of column */
#define SHARE           0.82
#define SHARE_NARROW    0.88
#define BUBBLE_MAX      560
#define AVATAR_SIZE     28
#define AVATAR_ROOM     36 /* avatar and the gap beside it */
#define RULE_GAP        10 /* between the new line's words and its rules */
#define N_AVATAR_COLORS 14 /* as AdwAvatar */

enum {
  RETRY,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchTranscriptRow, porch_transcript_row, GTK_TYPE_WIDGET)

/* ---- geometry ---- */

static gboolean
is_at_end (PorchTranscriptRow *self)
{
  return self->shape.kind != PORCH_LINE_VISITOR;
}

/* Room that is kept beside the bubble for the avatar of its group. */
static int
get_avatar_room (PorchTranscriptRow *self)
{
  return self->shape.kind == PORCH_LINE_VISITOR || self->shape.kind == PORCH_LINE_AGENT
           ? AVATAR_ROOM
           : 0;
}

static int
get_side (int width)
{
  return width < NARROW_BELOW ? SIDE_NARROW : SIDE;
}

static int
get_bubble_width (PorchTranscriptRow *self, int width)
{
  int content = width - 2 * get_side (width);
  double share = width < NARROW_BELOW ? SHARE_NARROW : SHARE;

  return MAX (1, MIN (BUBBLE_MAX, (int) (content * share) - get_avatar_room (self)));
}

static void
allocate_at (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

/* @inset from the column's start or end, whichever the line is on; mirrored when the text of the
 * window runs right to left. */
static GtkAllocation
get_place (PorchTranscriptRow *self, int inset, int y, int w, int h)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  return (GtkAllocation){ is_at_end (self) != is_rtl ? width - inset - w : inset, y, w, h };
}

static void
allocate_at_side (PorchTranscriptRow *self, GtkWidget *child, int inset, int y, int w, int h)
{
  GtkAllocation at = get_place (self, inset, y, w, h);

  gtk_widget_size_allocate (child, &at, -1);
}

static void
allocate_bubble (PorchTranscriptRow *self, int width, int height, int y)
{
  int inset = get_side (width) + get_avatar_room (self);
  int bubble_width = get_bubble_width (self, width);
  GtkAllocation at;
  int w, h;

  if (self->sender != NULL) {
    porch_tag_fit (PORCH_TAG (self->sender), bubble_width, &w, &h);
    allocate_at_side (self, self->sender, inset, y, w, h);
    y += h;
  }
  porch_bubble_fit (PORCH_BUBBLE (self->bubble), bubble_width, &w, &h);
  at = get_place (self, inset, y, w, h);
  porch_bubble_place (PORCH_BUBBLE (self->bubble), &at);
  y += h;
  if (self->meta != NULL) {
    porch_tag_fit (PORCH_TAG (self->meta), width - inset - get_side (width), &w, &h);
    allocate_at_side (self, self->meta, inset, y, w, h);
  }
  if (self->avatar != NULL) {
    porch_tag_fit (PORCH_TAG (self->avatar), width, &w, &h);
    allocate_at_side (self, self->avatar, get_side (width), height - AVATAR_SIZE, AVATAR_SIZE,
                      AVATAR_SIZE);
  }
}

/* Children were fitted to this width by porch_transcript_row_fit () just before. */
static void
porch_transcript_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchTranscriptRow *self = PORCH_TRANSCRIPT_ROW (widget);
  int w, h, y = 0;

  self->is_stale = FALSE;
  if (self->line == NULL)
    return;
  if (self->starts_day) {
    porch_tag_fit (PORCH_TAG (self->pill), width, &w, &h);
    allocate_at (self->pill, (width - w) / 2, y, w, h);
    y += h;
  }
  if (self->caption != NULL) {
    porch_tag_fit (PORCH_TAG (self->caption), width - 2 * get_side (width), &w, &h);
    allocate_at (self->caption, (width - w) / 2, y, w, h);
  } else {
    allocate_bubble (self, width, height, y);
  }
}

void
porch_transcript_row_place (PorchTranscriptRow *self, const GtkAllocation *at)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_size_allocate (widget, at, -1);
  if (self->is_stale)
    porch_transcript_row_size_allocate (widget, at->width, at->height, -1);
}

int
porch_transcript_row_fit (PorchTranscriptRow *self, int width)
{
  int inset = get_side (width) + get_avatar_room (self);
  int w, h, height = 0;

  self->tail = 0;
  if (self->starts_day) {
    porch_tag_fit (PORCH_TAG (self->pill), width, &w, &h);
    height += h;
  }
  if (self->caption != NULL) {
    porch_tag_fit (PORCH_TAG (self->caption), width - 2 * get_side (width), &w, &h);
    return height + h;
  }
  if (self->sender != NULL) {
    porch_tag_fit (PORCH_TAG (self->sender), get_bubble_width (self, width), &w, &h);
    height += h;
  }
  porch_bubble_fit (PORCH_BUBBLE (self->bubble), get_bubble_width (self, width), &w, &h);
  height += h;
  if (self->meta != NULL)
    porch_tag_fit (PORCH_TAG (self->meta), width - inset - get_side (width), &w, &self->tail);
  return height + self->tail;
}

int
porch_transcript_row_get_tail (PorchTranscriptRow *self)
{
  return self->tail;
}

static void
porch_transcript_row_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = *natural = 0;
}

/* ---- drawing ---- */

/* The accent line goes through its words to both edges of the column. */
static void
snapshot_rules (PorchTranscriptRow *self, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  int side = get_side (width);
  graphene_rect_t words;
  GdkRGBA color;
  float y;

  if (!gtk_widget_compute_bounds (self->caption, widget, &words))
    return;
  porch_compat_get_color (self->caption, &color);
  color.alpha *= 0.45f;
  y = floorf (words.origin.y + words.size.height / 2);
  words.origin.x -= RULE_GAP;
  words.size.width += 2 * RULE_GAP;
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (side, y, words.origin.x - side, 1));
  gtk_snapshot_append_color (
    snapshot, &color,
    &GRAPHENE_RECT_INIT (words.origin.x + words.size.width, y, words.origin.x - side, 1));
}

/* The colour goes with the name as AdwAvatar's does, so that a person has the same one in the list.
 * It is no style class, as those must not change when a row is used again. */
static void
snapshot_avatar (PorchTranscriptRow *self, GtkSnapshot *snapshot)
{
  const char *author = porch_line_get_author (self->line);
  g_autofree char *name =
    g_strdup_printf ("porch_avatar_%u", g_str_hash (author) % N_AVATAR_COLORS + 1);
  GdkRGBA color = { 0.3, 0.3, 0.3, 1 };
  GskRoundedRect circle;
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (self->avatar, GTK_WIDGET (self), &bounds))
    return;
  porch_compat_lookup_color (self->avatar, name, &color);
  gsk_rounded_rect_init_from_rect (&circle, &bounds, bounds.size.height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, &color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
porch_transcript_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchTranscriptRow *self = PORCH_TRANSCRIPT_ROW (widget);

  if (self->line == NULL)
    return;
  if (self->shape.kind == PORCH_LINE_NEW)
    snapshot_rules (self, snapshot);
  if (self->avatar != NULL)
    snapshot_avatar (self, snapshot);
  GTK_WIDGET_CLASS (porch_transcript_row_parent_class)->snapshot (widget, snapshot);
}

/* ---- class ---- */

static void
emit_if_failed (PorchTranscriptRow *self, guint signal)
{
  if (self->line != NULL && porch_line_get_delivery (self->line) == PORCH_DELIVERY_FAILED)
    g_signal_emit (self, signals[signal], 0);
}

static void
on_retry_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  emit_if_failed (PORCH_TRANSCRIPT_ROW (widget), RETRY);
}

static void
on_remove_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  emit_if_failed (PORCH_TRANSCRIPT_ROW (widget), REMOVE);
}

static void
porch_transcript_row_dispose (GObject *object)
{
  PorchTranscriptRow *self = PORCH_TRANSCRIPT_ROW (object);

  g_clear_pointer (&self->pill, gtk_widget_unparent);
  g_clear_pointer (&self->sender, gtk_widget_unparent);
  g_clear_pointer (&self->avatar, gtk_widget_unparent);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  g_clear_pointer (&self->caption, gtk_widget_unparent);
  g_clear_pointer (&self->meta, gtk_widget_unparent);
  g_clear_object (&self->line);

  G_OBJECT_CLASS (porch_transcript_row_parent_class)->dispose (object);
}

static void
porch_transcript_row_class_init (PorchTranscriptRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_transcript_row_dispose;
  widget_class->size_allocate = porch_transcript_row_size_allocate;
  widget_class->measure = porch_transcript_row_measure;
  widget_class->snapshot = porch_transcript_row_snapshot;

  signals[RETRY] = g_signal_new ("retry", PORCH_TYPE_TRANSCRIPT_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", PORCH_TYPE_TRANSCRIPT_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "line.retry", NULL, on_retry_activated);
  gtk_widget_class_install_action (widget_class, "line.remove", NULL, on_remove_activated);
  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
porch_transcript_row_init (PorchTranscriptRow *self)
{
}

static GtkWidget *
add_tag (PorchTranscriptRow *self, const char *css_name)
{
  GtkWidget *tag = porch_tag_new (css_name);

  gtk_widget_set_parent (tag, GTK_WIDGET (self));
  return tag;
}

static GtkWidget *
add_end_tag (PorchTranscriptRow *self, const char *css_name)
{
  GtkWidget *tag = add_tag (self, css_name);

  porch_tag_set_alignment (PORCH_TAG (tag), PANGO_ALIGN_RIGHT);
  return tag;
}

static void
add_bubble (PorchTranscriptRow *self)
{
  const PorchTranscriptShape *shape = &self->shape;

  if (shape->is_first && (shape->kind == PORCH_LINE_AGENT || shape->kind == PORCH_LINE_ASSISTANT))
    self->sender = add_end_tag (self, "sender");
  if (shape->is_last && get_avatar_room (self) > 0)
    self->avatar = add_tag (self, "avatar");
  self->bubble = porch_bubble_new (shape->kind == PORCH_LINE_NOTE);
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
  /* A note says its time in its head, and below only that the team does not have it yet. */
  if (shape->is_last && (shape->kind != PORCH_LINE_NOTE || shape->is_unsent))
    self->meta = is_at_end (self) ? add_end_tag (self, "meta") : add_tag (self, "meta");
}

GtkWidget *
porch_transcript_row_new (const PorchTranscriptShape *shape)
{
  static const char *const kinds[] = { "visitor", "agent",  "own", "assistant",
                                       "note",    "system", "new" };
  PorchTranscriptRow *self = g_object_new (PORCH_TYPE_TRANSCRIPT_ROW, "focusable", TRUE, NULL);
  GtkWidget *widget = GTK_WIDGET (self);

  G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == PORCH_N_LINE_KINDS);
  self->shape = *shape;
  gtk_widget_add_css_class (widget, kinds[shape->kind]);
  if (shape->is_first)
    gtk_widget_add_css_class (widget, "first");
  if (shape->is_last)
    gtk_widget_add_css_class (widget, "last");
  if (shape->is_unsent)
    gtk_widget_add_css_class (widget, "unsent");
  if (shape->is_picture)
    gtk_widget_add_css_class (widget, "picture");

  self->pill = add_tag (self, "pill");
  if (porch_transcript_shape_has_bubble (shape)) {
    add_bubble (self);
  } else {
    self->caption = add_tag (self, "caption");
    porch_tag_set_alignment (PORCH_TAG (self->caption), PANGO_ALIGN_CENTER);
  }
  return widget;
}

guint
porch_transcript_row_get_shape_index (PorchTranscriptRow *self)
{
  return porch_transcript_shape_index (&self->shape);
}

PorchLine *
porch_transcript_row_get_line (PorchTranscriptRow *self)
{
  return self->line;
}

PorchBubble *
porch_transcript_row_get_bubble (PorchTranscriptRow *self)
{
  return self->bubble != NULL ? PORCH_BUBBLE (self->bubble) : NULL;
}

/* ---- what it shows ---- */

void
porch_transcript_row_bind (PorchTranscriptRow *self, PorchLine *line, gboolean starts_day)
{
  g_set_object (&self->line, line);
  self->starts_day = starts_day;
  gtk_widget_set_child_visible (self->pill, starts_day);
  porch_transcript_row_update (self);
}

void
porch_transcript_row_set_pill_covered (PorchTranscriptRow *self, gboolean is_covered)
{
  gtk_widget_set_child_visible (self->pill, self->starts_day && !is_covered);
}

/* ---- the pointer ---- */

static gboolean
contains (PorchTranscriptRow *self, GtkWidget *child, double x, double y, graphene_point_t *at)
{
  return child != NULL &&
         gtk_widget_compute_point (GTK_WIDGET (self), child, &GRAPHENE_POINT_INIT (x, y), at) &&
         gtk_widget_contains (child, at->x, at->y);
}

static PorchRowTarget
pick_meta (PorchTranscriptRow *self, const graphene_point_t *at)
{
  static const PorchRowTarget targets[] = {
    [PORCH_LINE_ACTION_RETRY] = PORCH_ROW_TARGET_RETRY,
    [PORCH_LINE_ACTION_REMOVE] = PORCH_ROW_TARGET_REMOVE,
  };
  int action = porch_tag_get_action_at (PORCH_TAG (self->meta), at->x, at->y);

  return action >= 0 ? targets[action] : PORCH_ROW_TARGET_META;
}

PorchRowTarget
porch_transcript_row_pick (PorchTranscriptRow *self, double x, double y, int *link)
{
  graphene_point_t at;
  int index;

  if (contains (self, self->meta, x, y, &at))
    return pick_meta (self, &at);
  if (!contains (self, self->bubble, x, y, &at))
    return PORCH_ROW_TARGET_NONE;
  *link = porch_bubble_get_link_at (PORCH_BUBBLE (self->bubble), at.x, at.y);
  if (*link >= 0)
    return PORCH_ROW_TARGET_LINK;
  return porch_bubble_get_index_at (PORCH_BUBBLE (self->bubble), at.x, at.y, &index)
           ? PORCH_ROW_TARGET_TEXT
           : PORCH_ROW_TARGET_NONE;
}
