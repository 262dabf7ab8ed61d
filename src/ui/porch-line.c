/* porch-line.c - one line of a conversation as the window shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-line.h"

#include "porch-text.h"

#include <glib/gi18n.h>

struct _PorchLine {
  GObject parent_instance;

  PorchLineKind kind;
  PorchDelivery delivery;
  gint64 seq;
  gint64 sent_at_us;
  char *author;
  char *author_id;
  char *text;
  char *icon_name;
  char *problem;
  GdkPaintable *picture;
  int picture_width;
  int picture_height;
};

typedef enum {
  PROP_KIND = 1,
  PROP_SEQ,
  PROP_AUTHOR,
  PROP_AUTHOR_ID,
  PROP_TEXT,
  PROP_ICON_NAME,
  PROP_SENT_AT_US,
  PROP_DELIVERY,
  PROP_PROBLEM,
  PROP_PICTURE,
  PROP_PICTURE_WIDTH,
  PROP_PICTURE_HEIGHT,
} PorchLineProp;

#define N_PROPS (PROP_PICTURE_HEIGHT + 1)

enum {
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchLineKind, porch_line_kind,
  G_DEFINE_ENUM_VALUE (PORCH_LINE_VISITOR, "visitor"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_AGENT, "agent"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_OWN, "own"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_ASSISTANT, "assistant"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_NOTE, "note"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_SYSTEM, "system"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_NEW, "new"))

G_DEFINE_ENUM_TYPE (PorchDelivery, porch_delivery,
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_NONE, "none"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_SENDING, "sending"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_WAITING, "waiting"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_SENT, "sent"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_RECEIVED, "received"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_READ, "read"),
  G_DEFINE_ENUM_VALUE (PORCH_DELIVERY_FAILED, "failed"))
/* clang-format on */

G_DEFINE_FINAL_TYPE (PorchLine, porch_line, G_TYPE_OBJECT)

static void
tell_changed (PorchLine *self, PorchLineProp property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The server refuses longer ones; whatever comes from elsewhere must not hold up a frame. */
static char *
dup_clean_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (valid, -1) <= PORCH_NOTE_CHARACTERS)
    return g_steal_pointer (&valid);
  start = g_utf8_substring (valid, 0, PORCH_NOTE_CHARACTERS);
  return g_strconcat (start, "…", NULL);
}

static char *
dup_clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  char *line = porch_text_dup_line (valid, PORCH_NAME_CHARACTERS);

  return line != NULL ? line : g_strdup ("");
}

/* TRUE and takes @value when it differs from what is in *@slot. */
static gboolean
replace_string (char **slot, char *value)
{
  if (g_strcmp0 (*slot, value) == 0) {
    g_free (value);
    return FALSE;
  }
  g_free (*slot);
  *slot = value;
  return TRUE;
}

static void
porch_line_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchLine *self = PORCH_LINE (object);

  switch ((PorchLineProp) id) {
  case PROP_KIND:
    g_value_set_enum (value, self->kind);
    break;
  case PROP_SEQ:
    g_value_set_int64 (value, self->seq);
    break;
  case PROP_AUTHOR:
    g_value_set_string (value, self->author);
    break;
  case PROP_AUTHOR_ID:
    g_value_set_string (value, self->author_id);
    break;
  case PROP_TEXT:
    g_value_set_string (value, self->text);
    break;
  case PROP_ICON_NAME:
    g_value_set_string (value, self->icon_name);
    break;
  case PROP_SENT_AT_US:
    g_value_set_int64 (value, self->sent_at_us);
    break;
  case PROP_DELIVERY:
    g_value_set_enum (value, self->delivery);
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PROP_PICTURE:
    g_value_set_object (value, self->picture);
    break;
  case PROP_PICTURE_WIDTH:
    g_value_set_int (value, self->picture_width);
    break;
  case PROP_PICTURE_HEIGHT:
    g_value_set_int (value, self->picture_height);
    break;
  }
}

static void
porch_line_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchLine *self = PORCH_LINE (object);

  switch ((PorchLineProp) id) {
  case PROP_KIND:
    self->kind = g_value_get_enum (value);
    break;
  case PROP_SEQ:
    porch_line_set_seq (self, g_value_get_int64 (value));
    break;
  case PROP_AUTHOR:
    porch_line_set_author (self, g_value_get_string (value));
    break;
  case PROP_AUTHOR_ID:
    self->author_id = g_value_dup_string (value);
    break;
  case PROP_TEXT:
    porch_line_set_text (self, g_value_get_string (value));
    break;
  case PROP_ICON_NAME:
    self->icon_name = g_value_dup_string (value);
    break;
  case PROP_SENT_AT_US:
    porch_line_set_sent_at_us (self, g_value_get_int64 (value));
    break;
  case PROP_DELIVERY:
    porch_line_set_delivery (self, g_value_get_enum (value));
    break;
  case PROP_PROBLEM:
    porch_line_set_problem (self, g_value_get_string (value));
    break;
  case PROP_PICTURE:
    porch_line_set_picture (self, g_value_get_object (value));
    break;
  case PROP_PICTURE_WIDTH:
    self->picture_width = g_value_get_int (value);
    break;
  case PROP_PICTURE_HEIGHT:
    self->picture_height = g_value_get_int (value);
    break;
  }
}

static void
porch_line_finalize (GObject *object)
{
  PorchLine *self = PORCH_LINE (object);

  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->author_id, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->icon_name, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_object (&self->picture);

  G_OBJECT_CLASS (porch_line_parent_class)->finalize (object);
}

static void
porch_line_class_init (PorchLineClass *klass)
{
  const GParamFlags changes = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags stays = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_line_get_property;
  object_class->set_property = porch_line_set_property;
  object_class->finalize = porch_line_finalize;

  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, PORCH_TYPE_LINE_KIND, PORCH_LINE_VISITOR, stays);
  properties[PROP_SEQ] = g_param_spec_int64 ("seq", NULL, NULL, 0, G_MAXINT64, 0, changes);
  properties[PROP_AUTHOR] =
    g_param_spec_string ("author", NULL, NULL, NULL, changes | G_PARAM_CONSTRUCT);
  properties[PROP_AUTHOR_ID] = g_param_spec_string ("author-id", NULL, NULL, NULL, stays);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, changes | G_PARAM_CONSTRUCT);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, stays);
  properties[PROP_SENT_AT_US] =
    g_param_spec_int64 ("sent-at-us", NULL, NULL, 0, G_MAXINT64, 0, changes);
  properties[PROP_DELIVERY] =
    g_param_spec_enum ("delivery", NULL, NULL, PORCH_TYPE_DELIVERY, PORCH_DELIVERY_NONE, changes);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, changes);
  properties[PROP_PICTURE] =
    g_param_spec_object ("picture", NULL, NULL, GDK_TYPE_PAINTABLE, changes);
  properties[PROP_PICTURE_WIDTH] =
    g_param_spec_int ("picture-width", NULL, NULL, 0, G_MAXINT16, 0, stays);
  properties[PROP_PICTURE_HEIGHT] =
    g_param_spec_int ("picture-height", NULL, NULL, 0, G_MAXINT16, 0, stays);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", PORCH_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
porch_line_init (PorchLine *self)
{
}

PorchLine *
porch_line_new (PorchLineKind kind, const char *author, const char *text, gint64 sent_at_us)
{
  return g_object_new (PORCH_TYPE_LINE, "kind", kind, "author", author, "text", text, "sent-at-us",
                       sent_at_us, NULL);
}

PorchLine *
porch_line_new_mark (guint n_messages, gint64 at_us)
{
  g_autofree char *text =
    /* Translators: the line above the messages that a person has not seen yet */
    g_strdup_printf (ngettext ("%u new message", "%u new messages", n_messages), n_messages);

  return porch_line_new (PORCH_LINE_NEW, NULL, text, at_us);
}

PorchLineKind
porch_line_get_kind (PorchLine *self)
{
  return self->kind;
}

gint64
porch_line_get_seq (PorchLine *self)
{
  return self->seq;
}

void
porch_line_set_seq (PorchLine *self, gint64 seq)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (self->seq == seq)
    return;
  self->seq = seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEQ]);
}

const char *
porch_line_get_author (PorchLine *self)
{
  return self->author;
}

void
porch_line_set_author (PorchLine *self, const char *author)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (replace_string (&self->author, dup_clean_name (author)))
    tell_changed (self, PROP_AUTHOR);
}

const char *
porch_line_get_author_id (PorchLine *self)
{
  return self->author_id;
}

const char *
porch_line_get_text (PorchLine *self)
{
  return self->text;
}

void
porch_line_set_text (PorchLine *self, const char *text)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (replace_string (&self->text, dup_clean_text (text)))
    tell_changed (self, PROP_TEXT);
}

const char *
porch_line_get_icon_name (PorchLine *self)
{
  return self->icon_name;
}

gint64
porch_line_get_sent_at_us (PorchLine *self)
{
  return self->sent_at_us;
}

void
porch_line_set_sent_at_us (PorchLine *self, gint64 sent_at_us)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (self->sent_at_us == sent_at_us)
    return;
  self->sent_at_us = sent_at_us;
  tell_changed (self, PROP_SENT_AT_US);
}

PorchDelivery
porch_line_get_delivery (PorchLine *self)
{
  return self->delivery;
}

void
porch_line_set_delivery (PorchLine *self, PorchDelivery delivery)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (self->delivery == delivery)
    return;
  self->delivery = delivery;
  tell_changed (self, PROP_DELIVERY);
}

const char *
porch_line_get_problem (PorchLine *self)
{
  return self->problem;
}

void
porch_line_set_problem (PorchLine *self, const char *problem)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (replace_string (&self->problem, problem != NULL ? dup_clean_text (problem) : NULL))
    tell_changed (self, PROP_PROBLEM);
}

const char *
porch_line_get_delivery_words (PorchLine *self)
{
  switch (self->delivery) {
  case PORCH_DELIVERY_NONE:
    return NULL;
  case PORCH_DELIVERY_SENDING:
    return C_ ("message state", "Sending");
  case PORCH_DELIVERY_WAITING:
    return C_ ("message state", "Waiting for a connection");
  case PORCH_DELIVERY_SENT:
    return C_ ("message state", "Sent");
  case PORCH_DELIVERY_RECEIVED:
    return C_ ("message state", "Received");
  case PORCH_DELIVERY_READ:
    return C_ ("message state", "Read");
  case PORCH_DELIVERY_FAILED:
    return C_ ("message state", "Not sent");
  }
  return NULL;
}

GdkPaintable *
porch_line_get_picture (PorchLine *self)
{
  return self->picture;
}

void
porch_line_set_picture (PorchLine *self, GdkPaintable *picture)
{
  g_return_if_fail (PORCH_IS_LINE (self));

  if (g_set_object (&self->picture, picture))
    tell_changed (self, PROP_PICTURE);
}

gboolean
porch_line_get_picture_size (PorchLine *self, int *width, int *height)
{
  *width = self->picture_width;
  *height = self->picture_height;
  if (*width == 0 && self->picture != NULL) {
    *width = gdk_paintable_get_intrinsic_width (self->picture);
    *height = gdk_paintable_get_intrinsic_height (self->picture);
  }
  return *width > 0 && *height > 0;
}
