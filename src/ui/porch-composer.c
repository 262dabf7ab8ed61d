/* porch-composer.c - where one writes: an answer to the visitor or a note for the team
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is typed is a draft at once: it is handed to the mirror at every change and taken from there
 * when the conversation is opened again.
 */
#include "config.h"

#include "porch-composer.h"

#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* The counter shows up when so many are left. */
#define COUNT_FROM_LEFT 500

struct _PorchComposer {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkTextView *text_view;
  GtkLabel *placeholder;
  GtkLabel *counter;
  GtkLabel *hint;
  GtkButton *send_button;
  GtkStack *send_stack;
  GtkToggleButton *reply_toggle;
  GtkLabel *away_words;
  GtkButton *take_button;
  GtkButton *note_button;

  PorchMirror *mirror;
  PorchThread *thread;
  PorchConversation *conversation;
  GSignalGroup *conversation_signals;
  GSignalGroup *thread_signals;
  gboolean is_note;
  gboolean is_short;
  gboolean is_loading;   /* a draft is being put in: not a change of the person's */
  gboolean is_composing; /* an input method has not finished a word */
};

typedef enum {
  PROP_MIRROR = 1,
  PROP_THREAD,
  PROP_IS_NOTE,
  PROP_IS_SHORT,
} PorchComposerProp;

#define N_PROPS (PROP_IS_SHORT + 1)

enum {
  SCROLL,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchComposer, porch_composer, ADW_TYPE_BIN)

static char *
dup_text (PorchComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
put_text (PorchComposer *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);

  self->is_loading = TRUE;
  /* Undo must not bring the words of one conversation into another. */
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  self->is_loading = FALSE;
}

static PorchAgent *
get_me (PorchComposer *self)
{
  return porch_client_get_agent (porch_mirror_get_client (self->mirror));
}

/* Two people must not answer at once; who is done with it does not have it any more. */
static gboolean
is_with_another (PorchComposer *self)
{
  PorchAgent *me = get_me (self);

  return self->conversation->assignee != NULL && me != NULL &&
         self->conversation->state < PORCH_STATE_RESOLVED &&
         g_strcmp0 (self->conversation->assignee, me->id) != 0;
}

static gboolean
can_write (PorchComposer *self, gboolean is_note)
{
  return self->conversation != NULL && !porch_thread_has_left (self->thread) &&
         self->conversation->state != PORCH_STATE_CLOSED && (is_note || !is_with_another (self));
}

static int
get_limit (PorchComposer *self)
{
  return self->is_note ? PORCH_NOTE_CHARACTERS : PORCH_MESSAGE_CHARACTERS;
}

static void
show_count (PorchComposer *self, int n_characters)
{
  const int limit = get_limit (self);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->counter), n_characters > limit - COUNT_FROM_LEFT);
  if (n_characters <= limit - COUNT_FROM_LEFT)
    return;
  /* Translators: characters written and how many there may be */
  words = g_strdup_printf (_ ("%'d of %'d"), n_characters, limit);
  gtk_label_set_label (self->counter, words);
  if (n_characters > limit)
    gtk_widget_add_css_class (GTK_WIDGET (self->counter), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->counter), "error");
}

static void
show_text_state (PorchComposer *self)
{
  g_autofree char *text = dup_text (self);
  const int n_characters = (int) g_utf8_strlen (text, -1);
  const gboolean can_send = !porch_text_is_blank (text) && n_characters <= get_limit (self);

  gtk_widget_set_visible (GTK_WIDGET (self->placeholder), *text == '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.send", can_send);
  /* One suggested button in the pane: while nobody has it, that is Take in the header. */
  if (can_send && !self->is_note && self->conversation != NULL &&
      self->conversation->assignee != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->send_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->send_button), "suggested-action");
  show_count (self, n_characters);
}

static char *
dup_invitation (PorchComposer *self)
{
  g_autofree char *name = NULL;
  g_autofree char *isolated = NULL;

  if (self->is_note)
    return g_strdup (_ ("Write a note for the team"));
  if (!porch_phrase_has_name (self->conversation))
    return g_strdup (_ ("Write a message"));
  name = porch_phrase_name (self->conversation);
  isolated = porch_format_isolate (name);
  /* Translators: a visitor's name */
  return g_strdup_printf (_ ("Write to %s"), isolated);
}

static void
show_mode (PorchComposer *self)
{
  g_autofree char *invitation = NULL;
  g_autofree char *plain = NULL;

  if (self->is_note)
    gtk_widget_add_css_class (GTK_WIDGET (self), "note");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "note");
  gtk_stack_set_visible_child_name (self->send_stack, self->is_note ? "note" : "reply");
  gtk_label_set_label (self->hint,
                       self->is_note ? _ ("Only your team sees notes") : _ ("Enter sends"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->send_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->is_note ? _ ("Add note") : _ ("Send"), -1);
  if (self->conversation == NULL)
    return;
  invitation = dup_invitation (self);
  gtk_label_set_label (self->placeholder, invitation);
  plain = porch_phrase_plain (invitation);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  plain, -1);
}

static char *
dup_away_words (PorchComposer *self)
{
  PorchAgent *agent = porch_mirror_find_agent (self->mirror, self->conversation->assignee);
  g_autofree char *name = NULL;

  if (agent == NULL || agent->name == NULL)
    return g_strdup (_ ("A colleague is on this. Take it over to answer."));
  name = porch_format_isolate (agent->name);
  /* Translators: the name of a colleague who has the conversation */
  return g_strdup_printf (_ ("%s is on this. Take it over to answer."), name);
}

/* What was begun is out of sight with the conversation, and not lost. */
static const char *
find_left_words (PorchComposer *self)
{
  const char *draft = porch_mirror_get_draft (self->mirror, self->conversation->id, NULL);

  if (draft == NULL || porch_text_is_blank (draft))
    return _ ("This was handed to another team. Only they can see and answer it.");
  return _ ("This was handed to another team. Only they can see and answer it. What you have begun "
            "to write is kept, and here again when it comes back.");
}

/* A note is always possible while the conversation is ours to see and not closed. */
static void
show_whose (PorchComposer *self)
{
  g_autofree char *words = NULL;

  if (self->conversation == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->reply_toggle), !is_with_another (self));
  if (porch_thread_has_left (self->thread)) {
    gtk_label_set_label (self->away_words, find_left_words (self));
    gtk_widget_set_visible (GTK_WIDGET (self->take_button), FALSE);
    gtk_stack_set_visible_child_name (self->stack, "away");
  } else if (self->conversation->state == PORCH_STATE_CLOSED) {
    gtk_label_set_label (self->away_words, _ ("This conversation is closed."));
    gtk_widget_set_visible (GTK_WIDGET (self->take_button), FALSE);
    gtk_stack_set_visible_child_name (self->stack, "away");
  } else if (is_with_another (self) && !self->is_note) {
    words = dup_away_words (self);
    gtk_label_set_label (self->away_words, words);
    gtk_widget_set_visible (GTK_WIDGET (self->take_button), TRUE);
    gtk_stack_set_visible_child_name (self->stack, "away");
  } else {
    gtk_stack_set_visible_child_name (self->stack, "write");
  }
}

static void
on_conversation_changed (PorchComposer *self)
{
  show_mode (self);
  show_whose (self);
  show_text_state (self);
}

/* At every key: the mirror gathers them before they go to the disk. */
static void
keep_draft (PorchComposer *self)
{
  g_autofree char *text = dup_text (self);

  porch_mirror_set_draft (self->mirror, self->conversation->id,
                          porch_text_is_blank (text) ? NULL : text, self->is_note);
}

static void
on_text_changed (PorchComposer *self)
{
  g_autofree char *text = NULL;

  show_text_state (self);
  if (self->is_loading || self->conversation == NULL)
    return;
  keep_draft (self);
  text = dup_text (self);
  if (!self->is_note)
    porch_thread_set_typing (self->thread, !porch_text_is_blank (text));
}

static void
set_note (PorchComposer *self, gboolean is_note)
{
  if (self->is_note == is_note)
    return;
  self->is_note = is_note;
  /* Whoever writes a note writes nothing to the visitor. */
  if (is_note && self->thread != NULL)
    porch_thread_set_typing (self->thread, FALSE);
  if (!self->is_loading && self->conversation != NULL)
    keep_draft (self);
  on_conversation_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_NOTE]);
}

static void
load_draft (PorchComposer *self)
{
  gboolean is_note = FALSE;
  const char *draft = porch_mirror_get_draft (self->mirror, self->conversation->id, &is_note);

  self->is_loading = TRUE;
  set_note (self, draft != NULL && is_note);
  self->is_loading = FALSE;
  put_text (self, draft != NULL ? draft : "");
}

/* Those of an earlier run come a moment after the start. What is typed already wins. */
static void
on_drafts_loaded (PorchComposer *self)
{
  g_autofree char *text = dup_text (self);

  if (self->conversation != NULL && *text == '\0')
    load_draft (self);
}

static void
set_thread (PorchComposer *self, PorchThread *thread)
{
  if (self->thread == thread)
    return;
  if (self->thread != NULL)
    porch_thread_set_typing (self->thread, FALSE);
  g_set_object (&self->thread, thread);
  g_set_object (&self->conversation,
                (thread != NULL ? porch_thread_get_conversation (thread) : NULL));
  g_signal_group_set_target (self->conversation_signals, self->conversation);
  g_signal_group_set_target (self->thread_signals, thread);
  if (thread == NULL)
    return;
  load_draft (self);
  on_conversation_changed (self);
}

static void
on_send (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchComposer *self = PORCH_COMPOSER (widget);
  g_autofree char *text = dup_text (self);

  if (self->thread == NULL || porch_thread_has_left (self->thread) || porch_text_is_blank (text) ||
      g_utf8_strlen (text, -1) > get_limit (self))
    return;
  g_strstrip (text);
  porch_thread_send (self->thread, text, self->is_note);
  porch_mirror_set_draft (self->mirror, self->conversation->id, NULL, FALSE);
  put_text (self, "");
  /* A note is the exception; the next thing one writes is an answer again. */
  self->is_loading = TRUE;
  set_note (self, FALSE);
  self->is_loading = FALSE;
  porch_composer_focus (self);
}

static void
on_toggle_note (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchComposer *self = PORCH_COMPOSER (widget);

  if (!can_write (self, TRUE))
    return;
  set_note (self, !self->is_note);
  porch_composer_focus (self);
}

static void
on_emoji (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchComposer *self = PORCH_COMPOSER (widget);

  /* The text makes its chooser when it is first asked for it, and puts what is chosen in. */
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
  g_signal_emit_by_name (self->text_view, "insert-emoji");
}

static gboolean
on_key_pressed (PorchComposer *self, guint key, guint code, GdkModifierType state)
{
  const GdkModifierType held = state & gtk_accelerator_get_default_mod_mask ();

  if (self->is_composing)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_ISO_Enter:
    /* The text would take it for a line break before the window sees it. */
    if (held == GDK_ALT_MASK)
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.show-details", NULL);
    if (held != 0 && held != GDK_CONTROL_MASK)
      return GDK_EVENT_PROPAGATE;
    gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Up:
  case GDK_KEY_KP_Page_Up:
  case GDK_KEY_Page_Down:
  case GDK_KEY_KP_Page_Down:
    if (held != 0)
      return GDK_EVENT_PROPAGATE;
    g_signal_emit (self, signals[SCROLL], 0,
                   key == GDK_KEY_Page_Up || key == GDK_KEY_KP_Page_Up ? -1 : 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
    if (held != GDK_CONTROL_MASK)
      return GDK_EVENT_PROPAGATE;
    g_signal_emit (self, signals[SCROLL], 0, G_MAXINT);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* Enter chooses a word of the input method as long as one is being composed, and the hint must not
 * shine through it. */
static void
on_preedit_changed (PorchComposer *self, const char *preedit)
{
  self->is_composing = *preedit != '\0';
  gtk_widget_set_opacity (GTK_WIDGET (self->placeholder), self->is_composing ? 0 : 1);
}

static int
choose_height (PorchComposer *self, gboolean is_short)
{
  /* Lines of 20 pixels: 3, or 8. */
  return is_short ? 60 : 160;
}

static void
porch_composer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchComposer *self = PORCH_COMPOSER (object);

  switch ((PorchComposerProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_THREAD:
    g_value_set_object (value, self->thread);
    break;
  case PROP_IS_NOTE:
    g_value_set_boolean (value, self->is_note);
    break;
  case PROP_IS_SHORT:
    g_value_set_boolean (value, self->is_short);
    break;
  }
}

static void
porch_composer_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchComposer *self = PORCH_COMPOSER (object);

  switch ((PorchComposerProp) id) {
  case PROP_MIRROR:
    if (g_set_object (&self->mirror, g_value_get_object (value)) && self->mirror != NULL)
      g_signal_connect_object (self->mirror, "drafts-loaded", G_CALLBACK (on_drafts_loaded), self,
                               G_CONNECT_SWAPPED);
    break;
  case PROP_THREAD:
    set_thread (self, g_value_get_object (value));
    break;
  case PROP_IS_NOTE:
    set_note (self, g_value_get_boolean (value));
    break;
  case PROP_IS_SHORT:
    if (self->is_short == g_value_get_boolean (value))
      return;
    self->is_short = g_value_get_boolean (value);
    g_object_notify_by_pspec (object, pspec);
    break;
  }
}

static void
porch_composer_dispose (GObject *object)
{
  PorchComposer *self = PORCH_COMPOSER (object);

  self->is_loading = TRUE;
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->thread_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->thread);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_composer_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_MIRROR] = g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR, flags);
  properties[PROP_THREAD] = g_param_spec_object ("thread", NULL, NULL, PORCH_TYPE_THREAD, flags);
  properties[PROP_IS_NOTE] = g_param_spec_boolean ("is-note", NULL, NULL, FALSE, flags);
  properties[PROP_IS_SHORT] = g_param_spec_boolean ("is-short", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, counter);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, hint);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, send_button);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, send_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, reply_toggle);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, away_words);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, take_button);
  gtk_widget_class_bind_template_child (widget_class, PorchComposer, note_button);
  gtk_widget_class_bind_template_callback (widget_class, choose_height);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_preedit_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
}

static void
porch_composer_class_init (PorchComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_composer_get_property;
  object_class->set_property = porch_composer_set_property;
  object_class->dispose = porch_composer_dispose;

  install_properties (object_class);
  signals[SCROLL] = g_signal_new ("scroll", PORCH_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_install_action (widget_class, "composer.send", NULL, on_send);
  gtk_widget_class_install_action (widget_class, "composer.emoji", NULL, on_emoji);
  gtk_widget_class_install_action (widget_class, "composer.toggle-note", NULL, on_toggle_note);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK,
                                       "composer.toggle-note", NULL);
  bind_template (widget_class);
}

static void
porch_composer_init (PorchComposer *self)
{
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::state",
                                  G_CALLBACK (on_conversation_changed), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::assignee",
                                  G_CALLBACK (on_conversation_changed), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::contact-name",
                                  G_CALLBACK (on_conversation_changed), self);
  self->thread_signals = g_signal_group_new (PORCH_TYPE_THREAD);
  g_signal_group_connect_swapped (self->thread_signals, "notify::has-left",
                                  G_CALLBACK (on_conversation_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_mode (self);
  show_text_state (self);
}

void
porch_composer_focus (PorchComposer *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  g_return_if_fail (PORCH_IS_COMPOSER (self));

  if (g_strcmp0 (page, "write") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
  else if (gtk_widget_get_visible (GTK_WIDGET (self->take_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->take_button));
}

gboolean
porch_composer_give_back (PorchComposer *self, const char *text, gboolean is_note)
{
  g_autofree char *written = NULL;

  g_return_val_if_fail (PORCH_IS_COMPOSER (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  written = dup_text (self);
  if (!can_write (self, is_note) || self->is_composing || !porch_text_is_blank (written))
    return FALSE;
  /* Never in the other mode: a note must not become an answer. */
  set_note (self, is_note);
  put_text (self, text);
  keep_draft (self);
  return TRUE;
}
