/* porch-chat.c - what was said with one visitor, and where one answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-chat.h"

#include "porch-composer.h"
#include "porch-lines.h"
#include "porch-opener.h"
#include "porch-phrase.h"
#include "porch-transcript-view.h"

struct _PorchChat {
  AdwBin parent_instance;

  PorchTranscriptView *transcript;
  PorchComposer *composer;

  PorchMirror *mirror;
  PorchConversation *conversation;
  PorchThread *thread;
  PorchLines *lines;
  GSignalGroup *thread_signals;
  GSignalGroup *conversation_signals;
  gboolean is_watched;
  gboolean is_short;
};

typedef enum {
  PROP_MIRROR = 1,
  PROP_CONVERSATION,
  PROP_IS_WATCHED,
  PROP_IS_SHORT,
} PorchChatProp;

#define N_PROPS (PROP_IS_SHORT + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchChat, porch_chat, ADW_TYPE_BIN)

/* Read is what a person has in front of them: the newest line on the screen, the window in use. */
static void
mark_read (PorchChat *self)
{
  if (self->thread != NULL && self->is_watched &&
      porch_thread_get_load (self->thread) == PORCH_LOAD_READY &&
      porch_transcript_view_get_follows_end (self->transcript))
    porch_thread_mark_read (self->thread);
}

static void
show_load (PorchChat *self)
{
  g_autofree char *nick = NULL;

  switch (porch_thread_get_load (self->thread)) {
  case PORCH_LOAD_LOADING:
    porch_transcript_view_set_state (self->transcript, PORCH_TRANSCRIPT_LOADING);
    break;
  case PORCH_LOAD_READY:
    porch_transcript_view_set_state (self->transcript,
                                     g_list_model_get_n_items (G_LIST_MODEL (self->lines)) > 0
                                       ? PORCH_TRANSCRIPT_READY
                                       : PORCH_TRANSCRIPT_EMPTY);
    break;
  case PORCH_LOAD_FAILED:
    g_object_get (self->thread, "problem", &nick, NULL);
    porch_transcript_view_set_reason (
      self->transcript, porch_phrase_problem (porch_error_code_from_nick (nick ? nick : "")));
    porch_transcript_view_set_state (self->transcript, PORCH_TRANSCRIPT_ERROR);
    break;
  }
}

/* What came in is read at once if its end is what the person looks at. */
static void
on_thread_changed (PorchChat *self)
{
  show_load (self);
  mark_read (self);
}

static void
on_typing_changed (PorchChat *self)
{
  porch_transcript_view_set_typing_who (self->transcript, porch_thread_get_typing (self->thread));
}

static void
show_name (PorchChat *self)
{
  g_autofree char *name = porch_phrase_name (self->conversation);

  porch_transcript_view_set_visitor_name (self->transcript, name);
}

static void
on_older_wanted (PorchChat *self)
{
  if (self->thread != NULL)
    porch_thread_load_older (self->thread);
}

static void
on_reload (PorchChat *self)
{
  if (self->thread != NULL)
    porch_thread_reload (self->thread);
}

static void
on_retry (PorchChat *self, PorchLine *line)
{
  g_autoptr (PorchMessage) message = porch_lines_dup_message (self->lines, line);

  if (message != NULL)
    porch_thread_retry (self->thread, message);
}

/* What was typed is not lost with it: it is below again, or where there is no room for it in the
 * clipboard for whoever wants it. */
static void
on_remove (PorchChat *self, PorchLine *line)
{
  g_autoptr (PorchMessage) message = porch_lines_dup_message (self->lines, line);

  if (message == NULL || porch_thread_get_sending (self->thread, message) != PORCH_SENDING_FAILED)
    return;
  if (!porch_composer_give_back (self->composer, message->text,
                                 message->kind == PORCH_MESSAGE_NOTE))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell-removed", "s", message->text);
  porch_thread_discard (self->thread, message);
  /* No line is left that could have the focus. */
  if (porch_transcript_view_get_state (self->transcript) == PORCH_TRANSCRIPT_EMPTY)
    porch_composer_focus (self->composer);
}

/* By the desktop, so that nothing a stranger wrote is opened in here. */
static void
on_link_activated (PorchChat *self, const char *url)
{
  porch_opener_open (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), url);
}

static void
on_scroll (PorchChat *self, int n_pages)
{
  if (n_pages == G_MAXINT)
    porch_transcript_view_scroll_to_end (self->transcript);
  else
    porch_transcript_view_scroll_pages (self->transcript, n_pages);
}

/* What comes while nobody looks is new until somebody does. */
static void
set_watched (PorchChat *self, gboolean is_watched)
{
  if (self->is_watched == is_watched)
    return;
  self->is_watched = is_watched;
  if (self->lines != NULL && porch_thread_get_load (self->thread) == PORCH_LOAD_READY &&
      !porch_lines_has_mark (self->lines))
    porch_lines_set_read_seq (self->lines,
                              is_watched ? -1 : porch_lines_get_last_seq (self->lines));
  mark_read (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_WATCHED]);
}

/* In this order: the composer must stop telling the old thread that somebody types before the
 * thread goes. */
static void
let_go (PorchChat *self)
{
  porch_transcript_view_set_model (self->transcript, NULL);
  porch_transcript_view_set_typing_who (self->transcript, NULL);
  g_object_set (self->composer, "thread", NULL, NULL);
  g_signal_group_set_target (self->thread_signals, NULL);
  g_signal_group_set_target (self->conversation_signals, NULL);
  g_clear_object (&self->lines);
  g_clear_object (&self->thread);
  g_clear_object (&self->conversation);
}

void
porch_chat_set_conversation (PorchChat *self, PorchConversation *conversation)
{
  g_return_if_fail (PORCH_IS_CHAT (self));

  if (self->conversation == conversation)
    return;
  let_go (self);
  if (conversation != NULL) {
    self->conversation = g_object_ref (conversation);
    self->thread = g_object_ref (porch_mirror_get_thread (self->mirror, conversation));
    self->lines = porch_lines_new (self->thread, self->mirror);
    /* The mark stands where reading stopped, and stays there while the rest is being read. */
    if (conversation->unread > 0)
      porch_lines_set_read_seq (self->lines, conversation->agent_read);
    g_signal_group_set_target (self->thread_signals, self->thread);
    g_signal_group_set_target (self->conversation_signals, conversation);
    show_name (self);
    porch_transcript_view_set_model (self->transcript, G_LIST_MODEL (self->lines));
    g_object_set (self->composer, "thread", self->thread, NULL);
    on_typing_changed (self);
    show_load (self);
    mark_read (self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

static void
porch_chat_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchChat *self = PORCH_CHAT (object);

  switch ((PorchChatProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PROP_IS_WATCHED:
    g_value_set_boolean (value, self->is_watched);
    break;
  case PROP_IS_SHORT:
    g_value_set_boolean (value, self->is_short);
    break;
  }
}

static void
porch_chat_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchChat *self = PORCH_CHAT (object);

  switch ((PorchChatProp) id) {
  case PROP_MIRROR:
    self->mirror = g_value_dup_object (value);
    break;
  case PROP_CONVERSATION:
    porch_chat_set_conversation (self, g_value_get_object (value));
    break;
  case PROP_IS_WATCHED:
    set_watched (self, g_value_get_boolean (value));
    break;
  case PROP_IS_SHORT:
    self->is_short = g_value_get_boolean (value);
    g_object_notify_by_pspec (object, pspec);
    break;
  }
}

static void
porch_chat_dispose (GObject *object)
{
  PorchChat *self = PORCH_CHAT (object);

  if (self->thread != NULL)
    let_go (self);
  g_clear_object (&self->thread_signals);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_chat_parent_class)->dispose (object);
}

static void
porch_chat_class_init (PorchChatClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_chat_get_property;
  object_class->set_property = porch_chat_set_property;
  object_class->dispose = porch_chat_dispose;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  properties[PROP_IS_WATCHED] = g_param_spec_boolean ("is-watched", NULL, NULL, FALSE, flags);
  properties[PROP_IS_SHORT] = g_param_spec_boolean ("is-short", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_COMPOSER);
  g_type_ensure (PORCH_TYPE_TRANSCRIPT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-chat.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchChat, transcript);
  gtk_widget_class_bind_template_child (widget_class, PorchChat, composer);
  gtk_widget_class_bind_template_callback (widget_class, mark_read);
  gtk_widget_class_bind_template_callback (widget_class, on_link_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_older_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_reload);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
  gtk_widget_class_bind_template_callback (widget_class, on_scroll);
}

static void
porch_chat_init (PorchChat *self)
{
  self->thread_signals = g_signal_group_new (PORCH_TYPE_THREAD);
  g_signal_group_connect_swapped (self->thread_signals, "notify::load",
                                  G_CALLBACK (on_thread_changed), self);
  g_signal_group_connect_swapped (self->thread_signals, "items-changed",
                                  G_CALLBACK (on_thread_changed), self);
  g_signal_group_connect_swapped (self->thread_signals, "notify::typing",
                                  G_CALLBACK (on_typing_changed), self);
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::contact-name",
                                  G_CALLBACK (show_name), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_chat_new (PorchMirror *mirror)
{
  return g_object_new (PORCH_TYPE_CHAT, "mirror", mirror, NULL);
}

void
porch_chat_focus_composer (PorchChat *self)
{
  porch_composer_focus (self->composer);
}
