/* porch-conversation-buttons.c - what can be done with the open conversation, in its header
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-conversation-buttons.h"

typedef enum {
  PROP_CONVERSATION = 1,
  PROP_IS_SHORT,
  PROP_IS_NARROW,
} PorchConversationButtonsProp;

#define N_PROPS (PROP_IS_NARROW + 1)

struct _PorchConversationButtons {
  AdwBin parent_instance;

  GtkStack *buttons;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
  GMenu *assign_menu;

  PorchMirror *mirror;
  PorchConversation *conversation;
  GSignalGroup *conversation_signals;
  gboolean flags[N_PROPS]; /* by property */
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchConversationButtons, porch_conversation_buttons, ADW_TYPE_BIN)

/* One at a time: the next thing that makes sense. In a low window the menu has them all. */
static void
show_button (PorchConversationButtons *self)
{
  const char *name = "none";

  if (self->conversation != NULL && !self->flags[PROP_IS_SHORT] &&
      !porch_mirror_has_left (self->mirror, self->conversation)) {
    if (self->conversation->state >= PORCH_STATE_RESOLVED)
      name = "reopen";
    else
      name = self->conversation->assignee == NULL ? "take" : "resolve";
  }
  gtk_stack_set_visible_child_name (self->buttons, name);
}

/* The items are made here, as a menu model has no list behind it. */
static void
fill_assign_menu (PorchConversationButtons *self)
{
  GListModel *agents = porch_mirror_get_agents (self->mirror);
  const guint n_agents = g_list_model_get_n_items (agents);

  g_menu_remove_all (self->assign_menu);
  for (guint i = 0; i < n_agents; i++) {
    g_autoptr (PorchAgent) agent = g_list_model_get_item (agents, i);
    g_autoptr (GMenuItem) item = NULL;

    if (agent->is_disabled || agent->name == NULL)
      continue;
    item = g_menu_item_new (agent->name, NULL);
    g_menu_item_set_action_and_target (item, "win.assign", "s", agent->id);
    g_menu_append_item (self->assign_menu, item);
  }
}

/* A popover of a menu is many widgets, and most conversations are answered without it. */
static void
create_menu (GtkMenuButton *button, gpointer user_data)
{
  PorchConversationButtons *self = user_data;

  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (self->menu));
}

static void
porch_conversation_buttons_get_property (GObject *object,
                                         guint id,
                                         GValue *value,
                                         GParamSpec *pspec)
{
  PorchConversationButtons *self = PORCH_CONVERSATION_BUTTONS (object);

  switch ((PorchConversationButtonsProp) id) {
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PROP_IS_SHORT:
  case PROP_IS_NARROW:
    g_value_set_boolean (value, self->flags[id]);
    break;
  }
}

static void
porch_conversation_buttons_set_property (GObject *object,
                                         guint id,
                                         const GValue *value,
                                         GParamSpec *pspec)
{
  PorchConversationButtons *self = PORCH_CONVERSATION_BUTTONS (object);

  switch ((PorchConversationButtonsProp) id) {
  case PROP_CONVERSATION:
    if (!g_set_object (&self->conversation, g_value_get_object (value)))
      return;
    g_signal_group_set_target (self->conversation_signals, self->conversation);
    break;
  case PROP_IS_SHORT:
  case PROP_IS_NARROW:
    if (self->flags[id] == g_value_get_boolean (value))
      return;
    self->flags[id] = g_value_get_boolean (value);
    break;
  }
  show_button (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
porch_conversation_buttons_dispose (GObject *object)
{
  PorchConversationButtons *self = PORCH_CONVERSATION_BUTTONS (object);

  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_conversation_buttons_parent_class)->dispose (object);
}

static void
porch_conversation_buttons_class_init (PorchConversationButtonsClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_conversation_buttons_get_property;
  object_class->set_property = porch_conversation_buttons_set_property;
  object_class->dispose = porch_conversation_buttons_dispose;

  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  properties[PROP_IS_SHORT] = g_param_spec_boolean ("is-short", NULL, NULL, FALSE, flags);
  properties[PROP_IS_NARROW] = g_param_spec_boolean ("is-narrow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH
                                               "/ui/porch-conversation-buttons.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchConversationButtons, assign_menu);
  gtk_widget_class_bind_template_child (widget_class, PorchConversationButtons, buttons);
  gtk_widget_class_bind_template_child (widget_class, PorchConversationButtons, menu);
  gtk_widget_class_bind_template_child (widget_class, PorchConversationButtons, menu_button);
}

static void
porch_conversation_buttons_init (PorchConversationButtons *self)
{
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::state",
                                  G_CALLBACK (show_button), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::assignee",
                                  G_CALLBACK (show_button), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu, self, NULL);
}

GtkWidget *
porch_conversation_buttons_new (PorchMirror *mirror)
{
  PorchConversationButtons *self = g_object_new (PORCH_TYPE_CONVERSATION_BUTTONS, NULL);

  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (porch_mirror_get_agents (mirror), "items-changed",
                           G_CALLBACK (fill_assign_menu), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "scope-changed", G_CALLBACK (show_button), self,
                           G_CONNECT_SWAPPED);
  fill_assign_menu (self);
  return GTK_WIDGET (self);
}
