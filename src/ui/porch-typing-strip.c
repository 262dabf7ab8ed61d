/* porch-typing-strip.c - three dots and "Jonas is typing", in a place that is always kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-typing-strip.h"

#include "porch-compat.h"
#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-tag.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define HEIGHT       32 /* px */
#define SIDE         18 /* as the transcript's rows */
#define SIDE_NARROW  12
#define NARROW_BELOW 440
#define COLUMN_MAX   860
#define PILL_WIDTH   50
#define PILL_HEIGHT  24
#define GAP          8
#define DOT_SIZE     6
#define DOT_STEP     10
#define ROUND_MS     1200
#define N_ROUNDS     8 /* then the dots are still: about 10 s */

struct _PorchTypingStrip {
  GtkWidget parent_instance;

  char *who;
  GtkWidget *words;
  AdwAnimation *animation;
  double phase;
};

typedef enum {
  PROP_WHO = 1,
} PorchTypingStripProp;

static GParamSpec *properties[PROP_WHO + 1];

G_DEFINE_FINAL_TYPE (PorchTypingStrip, porch_typing_strip, GTK_TYPE_WIDGET)

static void
on_phase (double value, gpointer user_data)
{
  PorchTypingStrip *self = user_data;

  self->phase = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where the dots begin, for text that runs left to right. */
static int
get_start (int width)
{
  int column = MIN (width, COLUMN_MAX);

  return (width - column) / 2 + (column < NARROW_BELOW ? SIDE_NARROW : SIDE);
}

static void
porch_typing_strip_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 0;
}

static void
porch_typing_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchTypingStrip *self = PORCH_TYPING_STRIP (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int start = get_start (width) + PILL_WIDTH + GAP;
  int w, h;

  porch_tag_fit (PORCH_TAG (self->words), MAX (1, width - start - SIDE_NARROW), &w, &h);
  gtk_widget_size_allocate (
    self->words, &(GtkAllocation){ is_rtl ? width - start - w : start, (height - h) / 2, w, h },
    -1);
}

/* The dot that leads is full, the others follow: also the picture when nothing moves. */
static double
get_strength (double phase, int dot)
{
  double behind = dot / 3.0 - phase;

  if (behind < 0)
    behind += 1;
  if (behind < 2 / 3.0)
    return 1 - 0.65 * behind * 1.5;
  return 0.35 + 0.65 * (behind - 2 / 3.0) * 3;
}

static void
snapshot_disc (GtkSnapshot *snapshot, graphene_rect_t bounds, const GdkRGBA *color)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, bounds.size.height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
porch_typing_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchTypingStrip *self = PORCH_TYPING_STRIP (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (widget);
  float x = is_rtl ? width - get_start (width) - PILL_WIDTH : get_start (width);
  float y = (gtk_widget_get_height (widget) - PILL_HEIGHT) / 2;
  GdkRGBA background = { 0, 0, 0, 0.06f };
  GdkRGBA color;

  if (self->who == NULL)
    return;
  porch_compat_lookup_color (widget, "porch_visitor_bg", &background);
  porch_compat_get_color (widget, &color);
  snapshot_disc (snapshot, GRAPHENE_RECT_INIT (x, y, PILL_WIDTH, PILL_HEIGHT), &background);
  x += (PILL_WIDTH - 2 * DOT_STEP - DOT_SIZE) / 2;
  y += (PILL_HEIGHT - DOT_SIZE) / 2;
  for (int i = 0; i < 3; i++) {
    GdkRGBA dot = color;

    dot.alpha *= (float) get_strength (self->phase, is_rtl ? 2 - i : i);
    snapshot_disc (snapshot, GRAPHENE_RECT_INIT (x + i * DOT_STEP, y, DOT_SIZE, DOT_SIZE), &dot);
  }
  gtk_widget_snapshot_child (widget, self->words, snapshot);
}

static void
porch_typing_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((PorchTypingStripProp) id) {
  case PROP_WHO:
    g_value_set_string (value, PORCH_TYPING_STRIP (object)->who);
    break;
  }
}

static void
porch_typing_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((PorchTypingStripProp) id) {
  case PROP_WHO:
    porch_typing_strip_set_who (PORCH_TYPING_STRIP (object), g_value_get_string (value));
    break;
  }
}

static void
porch_typing_strip_dispose (GObject *object)
{
  PorchTypingStrip *self = PORCH_TYPING_STRIP (object);

  g_clear_object (&self->animation);
  g_clear_pointer (&self->words, gtk_widget_unparent);

  G_OBJECT_CLASS (porch_typing_strip_parent_class)->dispose (object);
}

static void
porch_typing_strip_finalize (GObject *object)
{
  g_free (PORCH_TYPING_STRIP (object)->who);

  G_OBJECT_CLASS (porch_typing_strip_parent_class)->finalize (object);
}

static void
porch_typing_strip_class_init (PorchTypingStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_typing_strip_get_property;
  object_class->set_property = porch_typing_strip_set_property;
  object_class->dispose = porch_typing_strip_dispose;
  object_class->finalize = porch_typing_strip_finalize;
  widget_class->measure = porch_typing_strip_measure;
  widget_class->size_allocate = porch_typing_strip_size_allocate;
  widget_class->snapshot = porch_typing_strip_snapshot;

  properties[PROP_WHO] = g_param_spec_string (
    "who", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "typing");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
porch_typing_strip_init (PorchTypingStrip *self)
{
  AdwTimedAnimation *animation;

  self->words = porch_tag_new ("words");
  /* In newer GTK (4.18) a status has no name of its own: what is in it is read. */
  g_object_set (self->words, "accessible-role", GTK_ACCESSIBLE_ROLE_LABEL, NULL);
  gtk_widget_set_parent (self->words, GTK_WIDGET (self));
  self->animation = adw_timed_animation_new (
    GTK_WIDGET (self), 0, 1, ROUND_MS, adw_callback_animation_target_new (on_phase, self, NULL));
  animation = ADW_TIMED_ANIMATION (self->animation);
  adw_timed_animation_set_easing (animation, ADW_LINEAR);
  adw_timed_animation_set_repeat_count (animation, N_ROUNDS);
}

const char *
porch_typing_strip_get_who (PorchTypingStrip *self)
{
  return self->who;
}

void
porch_typing_strip_set_who (PorchTypingStrip *self, const char *who)
{
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;
  g_autofree char *plain = NULL;

  g_return_if_fail (PORCH_IS_TYPING_STRIP (self));

  if (g_strcmp0 (self->who, who) == 0)
    return;
  g_clear_pointer (&self->who, g_free);
  self->who = g_strdup (who);
  adw_animation_reset (self->animation);
  if (who != NULL) {
    name = porch_format_isolate (who);
    /* Translators: somebody's name */
    words = g_strdup_printf (C_ ("typing", "%s is typing"), name);
    adw_animation_play (self->animation);
  }
  porch_tag_set_text (PORCH_TAG (self->words), words != NULL ? words : "");
  plain = porch_phrase_plain (words != NULL ? words : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->words), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  plain, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WHO]);
}
