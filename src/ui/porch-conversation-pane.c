/* porch-conversation-pane.c - the pane of the open conversation: whom it is with, what can be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Transcript and composer are made when the first conversation is opened.
 */
#include "config.h"

#include "porch-conversation-pane.h"

#include "porch-banner.h"
#include "porch-chat.h"
#include "porch-conversation-buttons.h"
#include "porch-format.h"
#include "porch-idle-page.h"
#include "porch-pane.h"
#include "porch-phrase.h"

#include <glib/gi18n.h>

typedef enum {
  PROP_MIRROR = 1,
  PROP_CONVERSATION,
  PROP_IS_WATCHED,
  PROP_IS_SHORT,
  PROP_IS_NARROW,
  PROP_HAS_BACK_BUTTON,
  PROP_HAS_DETAILS_BUTTON,
  PROP_HAS_START_BUTTONS,
  PROP_HAS_END_BUTTONS,
  PROP_HAS_BANNER,
} PorchConversationPaneProp;

#define N_PROPS (PROP_HAS_BANNER + 1)

struct _PorchConversationPane {
  AdwBin parent_instance;

  AdwWindowTitle *title;
  AdwHeaderBar *header;
  GtkStack *stack;
  PorchChat *chat; /* made with the first conversation */

  PorchMirror *mirror;
  PorchConversation *conversation;
  GSignalGroup *conversation_signals;
  gboolean flags[N_PROPS]; /* by property */
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchConversationPane, porch_conversation_pane, ADW_TYPE_BIN)

static char *
dup_subtitle (PorchConversationPane *self)
{
  PorchClient *client = porch_mirror_get_client (self->mirror);
  g_autofree char *department = porch_phrase_department (self->conversation->department);
  g_autofree char *holder = NULL;
  PorchAgent *assignee = NULL;

  /* Who has it now is not ours to see either. */
  if (porch_mirror_has_left (self->mirror, self->conversation))
    return g_strdup (C_ ("conversation", "with another team"));
  if (self->conversation->assignee != NULL)
    assignee = porch_mirror_find_agent (self->mirror, self->conversation->assignee);
  holder = porch_phrase_holder (self->conversation, porch_client_get_agent (client), assignee);
  if (department == NULL)
    return g_steal_pointer (&holder);
  /* Translators: a department and who has the conversation, as in "Sales · with you" */
  return g_strdup_printf (C_ ("conversation", "%s · %s"), department, holder);
}

static void
show_title (PorchConversationPane *self)
{
  g_autofree char *name = NULL;
  g_autofree char *subtitle = NULL;

  if (self->conversation != NULL) {
    name = porch_phrase_name (self->conversation);
    subtitle = dup_subtitle (self);
  }
  adw_window_title_set_title (self->title, name != NULL ? name : "");
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

/* Neither page need have been made yet; until then the pane is blank. */
static void
show_page (PorchConversationPane *self)
{
  const char *page = self->conversation != NULL ? "chat" : "idle";

  if (gtk_stack_get_child_by_name (self->stack, page) != NULL)
    gtk_stack_set_visible_child_name (self->stack, page);
}

static gboolean
has_details (PorchConversationPane *self, PorchConversation *conversation, gboolean has_button)
{
  return conversation != NULL && has_button;
}

static void
make_chat (PorchConversationPane *self)
{
  GtkWidget *buttons;

  if (self->chat != NULL)
    return;
  self->chat = PORCH_CHAT (porch_chat_new (self->mirror));
  g_object_bind_property (self, "is-short", self->chat, "is-short", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "is-watched", self->chat, "is-watched", G_BINDING_SYNC_CREATE);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->chat), "chat");

  buttons = porch_conversation_buttons_new (self->mirror);
  g_object_bind_property (self, "conversation", buttons, "conversation", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "is-short", buttons, "is-short", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "is-narrow", buttons, "is-narrow", G_BINDING_SYNC_CREATE);
  adw_header_bar_pack_end (self->header, buttons);
}

/* Before the server has answered there is nothing that an idle page could say. */
static void
make_idle_page (PorchConversationPane *self)
{
  PorchInbox *open = porch_mirror_get_inbox (self->mirror, "open");
  GtkWidget *page;

  if (gtk_stack_get_child_by_name (self->stack, "idle") != NULL ||
      porch_inbox_get_load (open) == PORCH_LOAD_LOADING)
    return;
  page = g_object_new (PORCH_TYPE_IDLE_PAGE, "mirror", self->mirror, NULL);
  gtk_stack_add_named (self->stack, page, "idle");
  show_page (self);
}

/* The open list is what tells whether anybody waits, and that is what the idle page is about. */
static void
set_mirror (PorchConversationPane *self, PorchMirror *mirror)
{
  if (!g_set_object (&self->mirror, mirror) || mirror == NULL)
    return;
  g_signal_connect_object (porch_mirror_get_client (mirror), "notify::agent",
                           G_CALLBACK (show_title), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "scope-changed", G_CALLBACK (show_title), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (porch_mirror_get_inbox (mirror, "open"), "notify::load",
                           G_CALLBACK (make_idle_page), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MIRROR]);
}

static void
porch_conversation_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchConversationPane *self = PORCH_CONVERSATION_PANE (object);

  switch ((PorchConversationPaneProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PROP_IS_WATCHED:
  case PROP_IS_SHORT:
  case PROP_IS_NARROW:
  case PROP_HAS_BACK_BUTTON:
  case PROP_HAS_DETAILS_BUTTON:
  case PROP_HAS_START_BUTTONS:
  case PROP_HAS_END_BUTTONS:
  case PROP_HAS_BANNER:
    g_value_set_boolean (value, self->flags[id]);
    break;
  }
}

static void
porch_conversation_pane_set_property (GObject *object,
                                      guint id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  PorchConversationPane *self = PORCH_CONVERSATION_PANE (object);

  switch ((PorchConversationPaneProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  case PROP_CONVERSATION:
    porch_conversation_pane_set_conversation (self, g_value_get_object (value));
    break;
  case PROP_IS_WATCHED:
  case PROP_IS_SHORT:
  case PROP_IS_NARROW:
  case PROP_HAS_BACK_BUTTON:
  case PROP_HAS_DETAILS_BUTTON:
  case PROP_HAS_START_BUTTONS:
  case PROP_HAS_END_BUTTONS:
  case PROP_HAS_BANNER:
    if (self->flags[id] == g_value_get_boolean (value))
      return;
    self->flags[id] = g_value_get_boolean (value);
    g_object_notify_by_pspec (object, pspec);
    break;
  }
}

static void
porch_conversation_pane_dispose (GObject *object)
{
  PorchConversationPane *self = PORCH_CONVERSATION_PANE (object);

  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_conversation_pane_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const names[N_PROPS] = {
    [PROP_IS_WATCHED] = "is-watched",
    [PROP_IS_SHORT] = "is-short",
    [PROP_IS_NARROW] = "is-narrow",
    [PROP_HAS_BACK_BUTTON] = "has-back-button",
    [PROP_HAS_DETAILS_BUTTON] = "has-details-button",
    [PROP_HAS_START_BUTTONS] = "has-start-buttons",
    [PROP_HAS_END_BUTTONS] = "has-end-buttons",
    [PROP_HAS_BANNER] = "has-banner",
  };
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_MIRROR] = g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR, flags);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  for (guint i = PROP_IS_WATCHED; i < N_PROPS; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_conversation_pane_class_init (PorchConversationPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_conversation_pane_get_property;
  object_class->set_property = porch_conversation_pane_set_property;
  object_class->dispose = porch_conversation_pane_dispose;
  install_properties (object_class);

  g_type_ensure (PORCH_TYPE_BANNER);
  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH
                                               "/ui/porch-conversation-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchConversationPane, header);
  gtk_widget_class_bind_template_child (widget_class, PorchConversationPane, title);
  gtk_widget_class_bind_template_child (widget_class, PorchConversationPane, stack);
  gtk_widget_class_bind_template_callback (widget_class, has_details);
  gtk_widget_class_bind_template_callback (widget_class, porch_pane_choose_layout);
}

static void
porch_conversation_pane_init (PorchConversationPane *self)
{
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify", G_CALLBACK (show_title),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_conversation_pane_set_conversation (PorchConversationPane *self,
                                          PorchConversation *conversation)
{
  g_return_if_fail (PORCH_IS_CONVERSATION_PANE (self));

  if (!g_set_object (&self->conversation, conversation))
    return;
  g_signal_group_set_target (self->conversation_signals, conversation);
  show_title (self);
  if (conversation != NULL)
    make_chat (self);
  if (self->chat != NULL)
    porch_chat_set_conversation (self->chat, conversation);
  show_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

void
porch_conversation_pane_focus_composer (PorchConversationPane *self)
{
  if (self->chat != NULL && self->conversation != NULL)
    porch_chat_focus_composer (self->chat);
}
