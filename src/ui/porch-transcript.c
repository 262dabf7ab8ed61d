/* porch-transcript.c - a scrollable list of messages in which the text being read never moves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The position is an anchor: one visible row and the y of its bottom. The adjustment is only a
 * picture of that (porch-transcript-scroll.c). GtkListView was tried and moves the text under a
 * fling.
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-format.h"
#include "porch-tag.h"
#include "porch-transcript-private.h"
#include "porch-transcript-words.h"

#define FIRST_GUESS      60 /* px, height of a row before any was measured */
#define OLDER_AT         30 /* rows above the view when older ones are asked for */
#define ARRIVAL_MS       120
#define ARRIVAL_DISTANCE 6 /* px */

typedef enum {
  PROP_MODEL = 1,
  PROP_FOLLOWS_END,
  PROP_N_UNSEEN,
  N_PROPS,
  PROP_HADJUSTMENT = N_PROPS,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
} PorchTranscriptProp;

enum {
  OLDER_WANTED,
  LINK_ACTIVATED,
  RETRY,
  REMOVE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchTranscript,
                               porch_transcript,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

guint
porch_transcript_get_n_lines (PorchTranscript *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

/* ---- what is told after a layout ---- */

/* The focus goes with the message: off the row that left the view, to the row that shows it again.
 */
static void
restore_focus (PorchTranscript *self)
{
  PorchTranscriptRow *row = porch_transcript_lookup_row (self, self->focus_position);
  GtkWidget *parked = g_steal_pointer (&self->parked);
  guint shape;

  if (gtk_widget_has_focus (GTK_WIDGET (self)) || (parked != NULL && gtk_widget_has_focus (parked)))
    gtk_widget_grab_focus (row != NULL ? GTK_WIDGET (row) : GTK_WIDGET (self));
  if (parked != NULL) {
    shape = porch_transcript_row_get_shape_index (PORCH_TRANSCRIPT_ROW (parked));
    g_ptr_array_add (self->spare[shape], parked);
  }
  self->restore_focus = row == NULL;
}

/* A row that comes in the middle of an allocation marks the parents as in need of one; those that
 * are just done keep no mark, those below them do, and from then on no wish gets past them. */
static void
mend_parents (PorchTranscript *self)
{
  self->has_late_rows = FALSE;
  for (GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self)); parent != NULL;
       parent = gtk_widget_get_parent (parent))
    gtk_widget_queue_allocate (parent);
}

static gboolean
wants_older (PorchTranscript *self)
{
  return self->first < OLDER_AT && self->wanted_at != porch_transcript_get_n_lines (self);
}

/* Handlers may change the model or the visibility of widgets at once: neither is allowed in a
 * layout. */
static gboolean
on_laid_out (gpointer user_data)
{
  PorchTranscript *self = user_data;

  self->laid_out_id = 0;
  if (self->restore_focus)
    restore_focus (self);
  if (self->has_surplus)
    porch_transcript_drop_surplus (self);
  if (self->has_late_rows)
    mend_parents (self);
  if (self->told_follows_end != self->follows_end) {
    self->told_follows_end = self->follows_end;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS_END]);
  }
  if (self->follows_end && self->n_unseen > 0) {
    self->n_unseen = 0;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSEEN]);
  }
  if (wants_older (self)) {
    self->wanted_at = porch_transcript_get_n_lines (self);
    g_signal_emit (self, signals[OLDER_WANTED], 0);
  }
  return G_SOURCE_REMOVE;
}

void
porch_transcript_tell_laid_out (PorchTranscript *self)
{
  gboolean has_news = self->told_follows_end != self->follows_end ||
                      (self->follows_end && self->n_unseen > 0) || self->has_surplus ||
                      self->has_late_rows || self->parked != NULL || wants_older (self);

  has_news |=
    self->restore_focus && porch_transcript_lookup_row (self, self->focus_position) != NULL;
  if (self->laid_out_id == 0 && has_news)
    self->laid_out_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_laid_out, self, NULL);
}

void
porch_transcript_tell_unseen (PorchTranscript *self, guint n_more)
{
  if (n_more == 0)
    return;
  self->n_unseen += n_more;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSEEN]);
}

void
porch_transcript_tell_link (PorchTranscript *self, const char *url)
{
  if (porch_line_links_is_safe (url))
    g_signal_emit (self, signals[LINK_ACTIVATED], 0, url);
}

void
porch_transcript_tell_retry (PorchTranscript *self, PorchLine *line)
{
  g_signal_emit (self, signals[RETRY], 0, line);
}

void
porch_transcript_tell_remove (PorchTranscript *self, PorchLine *line)
{
  g_signal_emit (self, signals[REMOVE], 0, line);
}

/* ---- midnight ---- */

static gboolean
on_midnight (gpointer user_data)
{
  PorchTranscript *self = user_data;
  gint64 wait_us = porch_format_until_midnight (porch_clock_now_us ());

  /* The layout sees that the day is another one. */
  porch_transcript_queue_layout (self);
  self->midnight_id =
    g_timeout_add_seconds ((guint) (wait_us / G_USEC_PER_SEC) + 1, on_midnight, self);
  return G_SOURCE_REMOVE;
}

static void
porch_transcript_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_transcript_parent_class)->map (widget);
  on_midnight (widget);
}

static void
porch_transcript_unmap (GtkWidget *widget)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);

  g_clear_handle_id (&self->midnight_id, g_source_remove);
  GTK_WIDGET_CLASS (porch_transcript_parent_class)->unmap (widget);
}

/* ---- drawing ---- */

static void
on_arrival (double value, gpointer user_data)
{
  PorchTranscript *self = user_data;

  self->arrived = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
porch_transcript_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);

  if (self->arrived >= 1 || porch_transcript_get_n_lines (self) == 0) {
    GTK_WIDGET_CLASS (porch_transcript_parent_class)->snapshot (widget, snapshot);
    return;
  }
  for (guint position = self->first; position <= self->last; position++) {
    PorchTranscriptRow *row = porch_transcript_lookup_row (self, position);
    gboolean is_arriving = position >= self->arriving;
    double below = (1 - self->arrived) * ARRIVAL_DISTANCE;

    if (row == NULL)
      continue;
    gtk_snapshot_save (snapshot);
    if (is_arriving) {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, below));
      gtk_snapshot_push_opacity (snapshot, self->arrived);
    }
    gtk_widget_snapshot_child (widget, GTK_WIDGET (row), snapshot);
    if (is_arriving)
      gtk_snapshot_pop (snapshot);
    gtk_snapshot_restore (snapshot);
  }
  gtk_widget_snapshot_child (widget, self->sticky, snapshot);
}

/* ---- class ---- */

static void
porch_transcript_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = *natural = 0;
}

static void
porch_transcript_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (object);

  switch ((PorchTranscriptProp) id) {
  case PROP_MODEL:
    g_value_set_object (value, self->model);
    break;
  case PROP_FOLLOWS_END:
    g_value_set_boolean (value, self->follows_end);
    break;
  case PROP_N_UNSEEN:
    g_value_set_uint (value, self->n_unseen);
    break;
  case PROP_HADJUSTMENT:
    g_value_set_object (value, self->hadjustment);
    break;
  case PROP_VADJUSTMENT:
    g_value_set_object (value, self->vadjustment);
    break;
  case PROP_HSCROLL_POLICY:
  case PROP_VSCROLL_POLICY:
    g_value_set_enum (value, GTK_SCROLL_MINIMUM);
    break;
  }
}

static void
porch_transcript_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (object);

  switch ((PorchTranscriptProp) id) {
  case PROP_MODEL:
    porch_transcript_set_model (self, g_value_get_object (value));
    break;
  case PROP_HADJUSTMENT:
    porch_transcript_set_adjustment (self, &self->hadjustment, g_value_get_object (value));
    break;
  case PROP_VADJUSTMENT:
    porch_transcript_set_adjustment (self, &self->vadjustment, g_value_get_object (value));
    break;
  case PROP_HSCROLL_POLICY:
  case PROP_VSCROLL_POLICY:
    /* There is one way to scroll. */
    break;
  case PROP_FOLLOWS_END:
  case PROP_N_UNSEEN:
    g_assert_not_reached ();
  }
}

static void
porch_transcript_dispose (GObject *object)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (object);
  GtkWidget *child;

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_clear_handle_id (&self->sticky_id, g_source_remove);
  g_clear_handle_id (&self->midnight_id, g_source_remove);
  g_clear_handle_id (&self->laid_out_id, g_source_remove);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  porch_transcript_set_model (self, NULL);
  g_clear_object (&self->arrival);
  self->flashing = NULL;
  self->parked = NULL;
  self->sticky = NULL;
  g_hash_table_remove_all (self->rows);
  for (guint i = 0; i < PORCH_N_TRANSCRIPT_SHAPES; i++)
    g_clear_pointer (&self->spare[i], g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->hadjustment);
  g_clear_object (&self->vadjustment);

  G_OBJECT_CLASS (porch_transcript_parent_class)->dispose (object);
}

static void
porch_transcript_finalize (GObject *object)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (object);

  g_hash_table_unref (self->rows);
  porch_heights_free (self->heights);

  G_OBJECT_CLASS (porch_transcript_parent_class)->finalize (object);
}

/* The transcript is one stop for Tab: the row that had the focus last, or the newest in view. */
static gboolean
porch_transcript_focus (GtkWidget *widget, GtkDirectionType direction)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  PorchTranscriptRow *row;

  if (gtk_widget_has_focus (widget) || gtk_widget_get_focus_child (widget) != NULL ||
      porch_transcript_get_n_lines (self) == 0)
    return FALSE;
  if (self->focus_position < self->first || self->focus_position > self->last)
    self->focus_position = self->last;
  row = porch_transcript_lookup_row (self, self->focus_position);
  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* A screen reader gives the focus to any row, and the keys are for the one that has it. */
static void
porch_transcript_set_focus_child (GtkWidget *widget, GtkWidget *child)
{
  PorchTranscript *self = PORCH_TRANSCRIPT (widget);
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (child != NULL && g_hash_table_iter_next (&iter, &key, &row))
    if (row == child)
      self->focus_position = GPOINTER_TO_UINT (key);

  GTK_WIDGET_CLASS (porch_transcript_parent_class)->set_focus_child (widget, child);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_MODEL] =
    g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWS_END] = g_param_spec_boolean ("follows-end", NULL, NULL, TRUE,
                                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_UNSEEN] = g_param_spec_uint ("n-unseen", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
porch_transcript_class_init (PorchTranscriptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_transcript_get_property;
  object_class->set_property = porch_transcript_set_property;
  object_class->dispose = porch_transcript_dispose;
  object_class->finalize = porch_transcript_finalize;
  widget_class->measure = porch_transcript_measure;
  widget_class->size_allocate = porch_transcript_size_allocate;
  widget_class->snapshot = porch_transcript_snapshot;
  widget_class->focus = porch_transcript_focus;
  widget_class->set_focus_child = porch_transcript_set_focus_child;
  widget_class->map = porch_transcript_map;
  widget_class->unmap = porch_transcript_unmap;
  install_properties (object_class);

  signals[OLDER_WANTED] = g_signal_new ("older-wanted", PORCH_TYPE_TRANSCRIPT, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINK_ACTIVATED] =
    g_signal_new ("link-activated", PORCH_TYPE_TRANSCRIPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RETRY] = g_signal_new ("retry", PORCH_TYPE_TRANSCRIPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, PORCH_TYPE_LINE);
  signals[REMOVE] = g_signal_new ("remove", PORCH_TYPE_TRANSCRIPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, PORCH_TYPE_LINE);

  gtk_widget_class_set_css_name (widget_class, "transcript");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LOG);
  porch_transcript_class_add_input (widget_class);
}

static void
porch_transcript_init (PorchTranscript *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->rows = g_hash_table_new (NULL, NULL);
  self->heights = porch_heights_new (FIRST_GUESS);
  self->follows_end = self->told_follows_end = TRUE;
  self->anchor_tail = -1;
  self->selected = PORCH_NO_POSITION;
  self->today_us = porch_clock_now_us ();
  self->arrived = 1;
  self->arrival = adw_timed_animation_new (
    widget, 0, 1, ARRIVAL_MS, adw_callback_animation_target_new (on_arrival, self, NULL));
  self->sticky = porch_tag_new ("pill");
  gtk_widget_add_css_class (self->sticky, "sticky");
  gtk_widget_set_parent (self->sticky, widget);
  gtk_widget_set_child_visible (self->sticky, FALSE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (widget, TRUE);
  porch_transcript_add_input (self);
}

GtkWidget *
porch_transcript_new (void)
{
  return g_object_new (PORCH_TYPE_TRANSCRIPT, NULL);
}

void
porch_transcript_set_model (PorchTranscript *self, GListModel *model)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT (self));

  if (self->model == model)
    return;
  porch_transcript_release_all_rows (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, porch_transcript_on_items_changed, self);
  porch_heights_splice (self->heights, 0, porch_transcript_get_n_lines (self), 0);
  g_set_object (&self->model, model);
  porch_heights_splice (self->heights, 0, 0, porch_transcript_get_n_lines (self));
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", G_CALLBACK (porch_transcript_on_items_changed),
                             self, 0);
  self->first = self->last = self->anchor = self->focus_position = 0;
  self->anchor_tail = -1;
  self->selected = PORCH_NO_POSITION;
  self->wanted_at = 0;
  adw_animation_skip (self->arrival);
  if (self->n_unseen > 0) {
    self->n_unseen = 0;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSEEN]);
  }
  porch_transcript_scroll_to_end (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

GListModel *
porch_transcript_get_model (PorchTranscript *self)
{
  return self->model;
}

static void
scroll_to (PorchTranscript *self, guint position, PorchScroll how)
{
  if (position >= porch_transcript_get_n_lines (self))
    return;
  porch_transcript_stop_scrolling (self);
  self->scroll = how;
  self->target = position;
  porch_transcript_queue_layout (self);
}

void
porch_transcript_scroll_to (PorchTranscript *self, guint position)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT (self));

  scroll_to (self, position, PORCH_SCROLL_JUMP);
}

/* Scrolls only as far as needed. */
void
porch_transcript_reveal (PorchTranscript *self, guint position)
{
  scroll_to (self, position, PORCH_SCROLL_REVEAL);
}

void
porch_transcript_scroll_to_end (PorchTranscript *self)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT (self));

  porch_transcript_stop_scrolling (self);
  self->scroll = PORCH_SCROLL_NONE;
  self->scroll_by = 0;
  self->follows_end = TRUE;
  porch_transcript_queue_layout (self);
}

gboolean
porch_transcript_get_follows_end (PorchTranscript *self)
{
  return self->follows_end;
}

guint
porch_transcript_get_n_unseen (PorchTranscript *self)
{
  return self->n_unseen;
}

GtkWidget *
porch_transcript_get_row (PorchTranscript *self, guint position)
{
  return (GtkWidget *) porch_transcript_lookup_row (self, position);
}

void
porch_transcript_get_shown (PorchTranscript *self, guint *first, guint *last)
{
  *first = self->first;
  *last = self->last;
}
