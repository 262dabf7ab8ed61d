/* porch-transcript-view.c - the conversation pane: messages, who is typing, the way back to the
 * newest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-transcript-view.h"

#include "porch-line.h"
#include "porch-transcript.h"
#include "porch-typing-strip.h"

#include <glib/gi18n.h>

#define SKELETON_AFTER_MS 150 /* most conversations are there before anybody sees a skeleton */

struct _PorchTranscriptView {
  GtkWidget parent_instance;

  GtkStack *stack;
  PorchTranscript *transcript;
  GtkRevealer *newest_revealer;
  GtkWidget *newest;
  PorchTypingStrip *strip;

  PorchTranscriptState state;
  char *visitor_name;
  char *reason;
  char *typing_who;
  guint skeleton_id;
};

typedef enum {
  PROP_MODEL = 1,
  PROP_VISITOR_NAME,
  PROP_STATE,
  PROP_REASON,
  PROP_TYPING_WHO,
  PROP_FOLLOWS_END,
  PROP_N_UNSEEN,
} PorchTranscriptViewProp;

#define N_PROPS (PROP_N_UNSEEN + 1)

enum {
  OLDER_WANTED,
  LINK_ACTIVATED,
  RETRY,
  REMOVE,
  RELOAD,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchTranscriptState, porch_transcript_state,
  G_DEFINE_ENUM_VALUE (PORCH_TRANSCRIPT_READY, "ready"),
  G_DEFINE_ENUM_VALUE (PORCH_TRANSCRIPT_LOADING, "loading"),
  G_DEFINE_ENUM_VALUE (PORCH_TRANSCRIPT_EMPTY, "empty"),
  G_DEFINE_ENUM_VALUE (PORCH_TRANSCRIPT_ERROR, "error"))
/* clang-format on */

G_DEFINE_FINAL_TYPE (PorchTranscriptView, porch_transcript_view, GTK_TYPE_WIDGET)

/* ---- closures of the template ---- */

/* AdwStatusPage takes markup; a sentence is none. */
static char *
dup_escaped (gpointer object, const char *text)
{
  return text != NULL ? g_markup_escape_text (text, -1) : NULL;
}

static gboolean
is_some (gpointer object, guint n)
{
  return n > 0;
}

static char *
dup_count (gpointer object, guint n)
{
  /* Translators: more new messages than can be counted in a glance */
  return n > 99 ? g_strdup (C_ ("count", "99+")) : g_strdup_printf ("%u", n);
}

/* ---- handlers ---- */

static void
on_older_wanted (PorchTranscriptView *self)
{
  g_signal_emit (self, signals[OLDER_WANTED], 0);
}

static void
on_link_activated (PorchTranscriptView *self, const char *url)
{
  g_signal_emit (self, signals[LINK_ACTIVATED], 0, url);
}

static void
on_retry (PorchTranscriptView *self, PorchLine *line)
{
  g_signal_emit (self, signals[RETRY], 0, line);
}

static void
on_remove (PorchTranscriptView *self, PorchLine *line)
{
  g_signal_emit (self, signals[REMOVE], 0, line);
}

static void
on_reload_clicked (PorchTranscriptView *self)
{
  g_signal_emit (self, signals[RELOAD], 0);
}

static void
on_newest_clicked (PorchTranscriptView *self)
{
  porch_transcript_scroll_to_end (self->transcript);
  /* The button goes, and the focus must not go with it. */
  gtk_widget_child_focus (GTK_WIDGET (self->transcript), GTK_DIR_TAB_FORWARD);
}

static void
update_newest (PorchTranscriptView *self)
{
  gtk_revealer_set_reveal_child (self->newest_revealer,
                                 self->state == PORCH_TRANSCRIPT_READY &&
                                   !porch_transcript_get_follows_end (self->transcript));
}

static void
on_follows_end_changed (PorchTranscriptView *self)
{
  update_newest (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS_END]);
}

static void
update_newest_name (PorchTranscriptView *self)
{
  guint n_unseen = porch_transcript_get_n_unseen (self->transcript);
  g_autofree char *name = NULL;

  if (n_unseen == 0)
    name = g_strdup (_ ("Newest messages"));
  else
    name = g_strdup_printf (
      ngettext ("Newest messages, %u not seen yet", "Newest messages, %u not seen yet", n_unseen),
      n_unseen);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->newest), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
on_n_unseen_changed (PorchTranscriptView *self)
{
  update_newest_name (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSEEN]);
}

static gboolean
on_skeleton_due (gpointer user_data)
{
  PorchTranscriptView *self = user_data;

  self->skeleton_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  return G_SOURCE_REMOVE;
}

/* ---- class ---- */

static void
porch_transcript_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchTranscriptView *self = PORCH_TRANSCRIPT_VIEW (object);

  switch ((PorchTranscriptViewProp) id) {
  case PROP_MODEL:
    g_value_set_object (value, porch_transcript_get_model (self->transcript));
    break;
  case PROP_VISITOR_NAME:
    g_value_set_string (value, self->visitor_name);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_REASON:
    g_value_set_string (value, self->reason);
    break;
  case PROP_TYPING_WHO:
    g_value_set_string (value, self->typing_who);
    break;
  case PROP_FOLLOWS_END:
    g_value_set_boolean (value, porch_transcript_get_follows_end (self->transcript));
    break;
  case PROP_N_UNSEEN:
    g_value_set_uint (value, porch_transcript_get_n_unseen (self->transcript));
    break;
  }
}

static void
porch_transcript_view_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  PorchTranscriptView *self = PORCH_TRANSCRIPT_VIEW (object);

  switch ((PorchTranscriptViewProp) id) {
  case PROP_MODEL:
    porch_transcript_view_set_model (self, g_value_get_object (value));
    break;
  case PROP_VISITOR_NAME:
    porch_transcript_view_set_visitor_name (self, g_value_get_string (value));
    break;
  case PROP_STATE:
    porch_transcript_view_set_state (self, g_value_get_enum (value));
    break;
  case PROP_REASON:
    porch_transcript_view_set_reason (self, g_value_get_string (value));
    break;
  case PROP_TYPING_WHO:
    porch_transcript_view_set_typing_who (self, g_value_get_string (value));
    break;
  case PROP_FOLLOWS_END:
  case PROP_N_UNSEEN:
    g_assert_not_reached ();
  }
}

static void
porch_transcript_view_dispose (GObject *object)
{
  PorchTranscriptView *self = PORCH_TRANSCRIPT_VIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (porch_transcript_view_parent_class)->dispose (object);
}

static void
porch_transcript_view_finalize (GObject *object)
{
  PorchTranscriptView *self = PORCH_TRANSCRIPT_VIEW (object);

  g_clear_pointer (&self->visitor_name, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->typing_who, g_free);

  G_OBJECT_CLASS (porch_transcript_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags changes = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags tells = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL, changes);
  properties[PROP_VISITOR_NAME] = g_param_spec_string ("visitor-name", NULL, NULL, NULL, changes);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_TRANSCRIPT_STATE,
                                              PORCH_TRANSCRIPT_READY, changes);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, changes);
  properties[PROP_TYPING_WHO] = g_param_spec_string ("typing-who", NULL, NULL, NULL, changes);
  properties[PROP_FOLLOWS_END] = g_param_spec_boolean ("follows-end", NULL, NULL, TRUE, tells);
  properties[PROP_N_UNSEEN] = g_param_spec_uint ("n-unseen", NULL, NULL, 0, G_MAXUINT, 0, tells);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PORCH_TYPE_TRANSCRIPT);
  g_type_ensure (PORCH_TYPE_TYPING_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-transcript-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchTranscriptView, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchTranscriptView, transcript);
  gtk_widget_class_bind_template_child (widget_class, PorchTranscriptView, newest_revealer);
  gtk_widget_class_bind_template_child (widget_class, PorchTranscriptView, newest);
  gtk_widget_class_bind_template_child (widget_class, PorchTranscriptView, strip);
  gtk_widget_class_bind_template_callback (widget_class, dup_escaped);
  gtk_widget_class_bind_template_callback (widget_class, is_some);
  gtk_widget_class_bind_template_callback (widget_class, dup_count);
  gtk_widget_class_bind_template_callback (widget_class, on_older_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_link_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
  gtk_widget_class_bind_template_callback (widget_class, on_reload_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_newest_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_follows_end_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_n_unseen_changed);
}

static void
porch_transcript_view_class_init (PorchTranscriptViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = PORCH_TYPE_TRANSCRIPT_VIEW;

  object_class->get_property = porch_transcript_view_get_property;
  object_class->set_property = porch_transcript_view_set_property;
  object_class->dispose = porch_transcript_view_dispose;
  object_class->finalize = porch_transcript_view_finalize;
  install_properties (object_class);

  signals[OLDER_WANTED] =
    g_signal_new ("older-wanted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINK_ACTIVATED] = g_signal_new ("link-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RETRY] = g_signal_new ("retry", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, PORCH_TYPE_LINE);
  signals[REMOVE] = g_signal_new ("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, PORCH_TYPE_LINE);
  signals[RELOAD] =
    g_signal_new ("reload", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);
  gtk_widget_class_set_css_name (widget_class, "transcript-view");
}

static void
porch_transcript_view_init (PorchTranscriptView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_newest_name (self);
}

GtkWidget *
porch_transcript_view_new (void)
{
  return g_object_new (PORCH_TYPE_TRANSCRIPT_VIEW, NULL);
}

GListModel *
porch_transcript_view_get_model (PorchTranscriptView *self)
{
  return porch_transcript_get_model (self->transcript);
}

void
porch_transcript_view_set_model (PorchTranscriptView *self, GListModel *model)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT_VIEW (self));

  if (porch_transcript_get_model (self->transcript) == model)
    return;
  porch_transcript_set_model (self->transcript, model);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

void
porch_transcript_view_set_visitor_name (PorchTranscriptView *self, const char *name)
{
  g_autofree char *label = NULL;

  g_return_if_fail (PORCH_IS_TRANSCRIPT_VIEW (self));

  if (g_strcmp0 (self->visitor_name, name) == 0)
    return;
  g_clear_pointer (&self->visitor_name, g_free);
  self->visitor_name = g_strdup (name);
  /* Translators: spoken: the name of the list of messages */
  label = name != NULL ? g_strdup_printf (_ ("Conversation with %s"), name)
                       : g_strdup (_ ("Conversation"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->transcript), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VISITOR_NAME]);
}

PorchTranscriptState
porch_transcript_view_get_state (PorchTranscriptView *self)
{
  return self->state;
}

void
porch_transcript_view_set_state (PorchTranscriptView *self, PorchTranscriptState state)
{
  static const char *const pages[] = {
    [PORCH_TRANSCRIPT_READY] = "messages",
    [PORCH_TRANSCRIPT_LOADING] = "blank",
    [PORCH_TRANSCRIPT_EMPTY] = "empty",
    [PORCH_TRANSCRIPT_ERROR] = "error",
  };

  g_return_if_fail (PORCH_IS_TRANSCRIPT_VIEW (self));
  g_return_if_fail (state < G_N_ELEMENTS (pages));

  if (self->state == state)
    return;
  self->state = state;
  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  if (state == PORCH_TRANSCRIPT_LOADING)
    self->skeleton_id = g_timeout_add (SKELETON_AFTER_MS, on_skeleton_due, self);
  gtk_stack_set_visible_child_name (self->stack, pages[state]);
  update_newest (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
porch_transcript_view_set_reason (PorchTranscriptView *self, const char *reason)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT_VIEW (self));

  if (g_strcmp0 (self->reason, reason) == 0)
    return;
  g_clear_pointer (&self->reason, g_free);
  self->reason = g_strdup (reason);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
}

void
porch_transcript_view_set_typing_who (PorchTranscriptView *self, const char *who)
{
  g_return_if_fail (PORCH_IS_TRANSCRIPT_VIEW (self));

  if (g_strcmp0 (self->typing_who, who) == 0)
    return;
  g_clear_pointer (&self->typing_who, g_free);
  self->typing_who = g_strdup (who);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING_WHO]);
}

guint
porch_transcript_view_get_n_unseen (PorchTranscriptView *self)
{
  return porch_transcript_get_n_unseen (self->transcript);
}

gboolean
porch_transcript_view_get_follows_end (PorchTranscriptView *self)
{
  return porch_transcript_get_follows_end (self->transcript);
}

void
porch_transcript_view_scroll_to_end (PorchTranscriptView *self)
{
  porch_transcript_scroll_to_end (self->transcript);
}

void
porch_transcript_view_scroll_pages (PorchTranscriptView *self, int n_pages)
{
  g_autoptr (GtkAdjustment) adjustment = NULL;
  double page;

  g_object_get (self->transcript, "vadjustment", &adjustment, NULL);
  page = gtk_adjustment_get_page_increment (adjustment) * n_pages;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + page);
}
